import type { CoreEvent } from '../core/event.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { emptyCandles } from '../core/market/candle.ts';
import { decimal } from '../core/numbers/decimal.ts';
import { describeExchange, type ExchangeUnderTest } from './exchange.contract.ts';
import { OFFLINE_INSTRUMENTS } from './market/instruments.ts';
import { DEFAULT_FILL_MODEL } from './matching/fill-model.ts';
import { SimVenue } from './venue/venue.ts';

const START = 500_000;

describeExchange('sim', async (): Promise<ExchangeUnderTest> => {
  const instrument = OFFLINE_INSTRUMENTS[0] as Instrument;
  const events: CoreEvent[] = [];
  const venue = new SimVenue(
    {
      instruments: [instrument],
      account: {
        id: 'contract',
        startBalance: 2_000_000_000_000n,
        feeRates: { maker: decimal('0.0002'), taker: decimal('0.0005') },
        leverage: 10,
      },
      model: DEFAULT_FILL_MODEL,
      funding: { intervalMs: 28_800_000, rateE8: () => 0 },
    },
    {
      hear: (event) => events.push(event),
      settle: () => undefined,
      watches: [
        { watchBelowTicks: 0, watchAboveTicks: Number.POSITIVE_INFINITY, deadlineMs: Number.POSITIVE_INFINITY },
      ],
    },
  );
  let minute = 1_000_000;
  let standsAt = START;
  /** One candle from here to there. */
  const move = async (toTicks: number, volumeLots: number) => {
    const candles = emptyCandles(instrument.instId, 1);
    candles.openMinute[0] = minute;
    candles.openTicks[0] = standsAt;
    candles.highTicks[0] = Math.max(standsAt, toTicks);
    candles.lowTicks[0] = Math.min(standsAt, toTicks);
    candles.closeTicks[0] = toTicks;
    candles.volumeLots[0] = volumeLots;
    venue.runCandle(0, candles, 0);
    minute += 1;
    standsAt = toTicks;
  };
  await move(START, 1_000_000);
  return {
    instrument,
    exchange: venue,
    events,
    lastTicks: START,
    move,
    settled: async () => undefined,
    dispose: async () => undefined,
  };
});
