/** A trader who does what a test tells him, on a venue whose candles the test writes. */

import type { CoreEvent } from '../src/core/event.ts';
import { type Candles, emptyCandles, MINUTE_MS } from '../src/core/market/candle.ts';
import { decimal } from '../src/core/numbers/decimal.ts';
import type { Lots, Side } from '../src/core/numbers/units.ts';
import type { Approved, Order, OrderTerms } from '../src/core/orders/order.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from '../src/sim/matching/fill-model.ts';
import type { Trader, Watch } from '../src/sim/venue/trader.ts';
import { SimVenue, type VenueSettings } from '../src/sim/venue/venue.ts';
import { other, PLAIN, plain } from './recording.ts';

export const START = 1_000_000 - (1_000_000 % 480) + 1;

/** Rows of [open, high, low, close, volume]; a row of nothing is a minute without a candle. */
export function candlesOf(instId: string, rows: readonly (readonly number[])[]): Candles {
  const present = rows.map((row, minute) => ({ row, minute })).filter(({ row }) => row.length > 0);
  const candles = emptyCandles(instId, present.length);
  present.forEach(({ row, minute }, i) => {
    const [open = 0, high = 0, low = 0, close = 0, volume = 1_000_000] = row;
    candles.openMinute[i] = START + minute;
    candles.openTicks[i] = open;
    candles.highTicks[i] = high;
    candles.lowTicks[i] = low;
    candles.closeTicks[i] = close;
    candles.volumeLots[i] = volume;
  });
  return candles;
}

export interface MutableWatch extends Watch {
  watchBelowTicks: number;
  watchAboveTicks: number;
  deadlineMs: number;
}

const quiet = (): MutableWatch => ({
  watchBelowTicks: 0,
  watchAboveTicks: Number.POSITIVE_INFINITY,
  deadlineMs: Number.POSITIVE_INFINITY,
});

/** A trader who does what the test tells him at each event. */
export class Scripted implements Trader {
  readonly watches = [quiet(), quiet()];
  readonly events: CoreEvent[] = [];
  readonly queue: CoreEvent[] = [];
  onEvent: (event: CoreEvent) => void = () => undefined;

  hear(event: CoreEvent): void {
    this.queue.push(event);
  }

  settle(): void {
    for (let event = this.queue.shift(); event !== undefined; event = this.queue.shift()) {
      this.events.push(event);
      this.onEvent(event);
    }
  }

  /** The fills, as `+lots@price at seconds into the run`. */
  fills(): string[] {
    return this.events.flatMap((event) =>
      event.kind === 'filled'
        ? [
            `${event.clientId ?? event.cause} ${event.side === 1 ? '+' : '-'}${event.sizeLots}@${event.priceTicks} at ${(event.at - START * MINUTE_MS) / 1000} s`,
          ]
        : [],
    );
  }
}

export function venueOf(trader: Trader, model: Partial<FillModel> = {}, more: Partial<VenueSettings> = {}): SimVenue {
  return new SimVenue(
    {
      instruments: [plain, other],
      account: {
        id: 'a',
        startBalance: 10_000_000_000_000n,
        feeRates: { maker: decimal('0.0002'), taker: decimal('0.0005') },
        leverage: 10,
      },
      model: { ...DEFAULT_FILL_MODEL, spreadTicks: 0, slippageBps: 0, priceLimitBps: 5_000, ...model },
      funding: { intervalMs: 8 * 3_600_000, rateE8: () => 10_000 },
      ...more,
    },
    trader,
  );
}

let named = 0;
export function orderOf(
  clientId: string,
  side: Side,
  sizeLots: number,
  terms: OrderTerms,
  reduceOnly = false,
  instId = PLAIN.instId,
): Approved {
  named += 1;
  const order: Order = {
    clientId,
    instId,
    role: reduceOnly ? 'stop' : 'entry',
    position: named,
    step: 0,
    attempt: 1,
    part: 0,
    takenByMs: Number.MAX_SAFE_INTEGER,
    side,
    sizeLots: sizeLots as Lots,
    reduceOnly,
    terms,
  };
  return order as Approved;
}
