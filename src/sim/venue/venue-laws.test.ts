import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { other, plain } from '../../../test/recording.ts';
import { candlesOf, type MutableWatch, orderOf, Scripted, venueOf } from '../../../test/scripted.ts';
import type { CoreEvent } from '../../core/event.ts';
import { type Candles, MINUTE_MS } from '../../core/market/candle.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import type { Side, Ticks } from '../../core/numbers/units.ts';
import type { OrderTerms } from '../../core/orders/order.ts';
import { foldFill, type Holding } from '../../core/position/position.ts';
import { eachMinute } from './minutes.ts';
import { LEG_MS } from './path.ts';
import type { SimVenue } from './venue.ts';

const market: OrderTerms = { type: 'market' };
const limit = (price: number): OrderTerms => ({ type: 'limit', priceTicks: price as Ticks, postOnly: false });
const stop = (trigger: number): OrderTerms => ({ type: 'stop', triggerTicks: trigger as Ticks, by: 'mark' });

/**
 * A trader whose every whim is a function of what he heard: places, moves, cancels, watches, sets deadlines. Like the core he acts for all symbols
 * whose deadline has come when he hears the time, and what happens to one symbol may make him ask something of another.
 */
class Moody extends Scripted {
  #mood: number;
  #orders = 0;
  readonly #known = [10_000, 10_000];
  venue: SimVenue | undefined;

  constructor(seed: number) {
    super();
    this.#mood = seed;
    this.onEvent = (event) => this.#act(event);
  }

  #whim(below: number): number {
    this.#mood = (Math.imul(this.#mood, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#mood / 2 ** 32) * below);
  }

  close(index: number, priceTicks: number, at: number): void {
    this.#known[index] = priceTicks;
    if (this.#whim(4) === 0) this.#ask(index, priceTicks);
    const watch = this.watches[index] as MutableWatch;
    if (this.#whim(8) === 0) watch.watchBelowTicks = priceTicks - 5 - this.#whim(60);
    if (this.#whim(8) === 0) watch.watchAboveTicks = priceTicks + 5 + this.#whim(60);
    if (this.#whim(12) === 0)
      watch.deadlineMs = at + (this.#whim(2) === 0 ? this.#whim(6) * MINUTE_MS : this.#whim(400_000));
    this.settle();
  }

  #act(event: CoreEvent): void {
    if (event.kind === 'price') {
      const watch = this.watches[event.instId === plain.instId ? 0 : 1] as MutableWatch;
      this.#known[event.instId === plain.instId ? 0 : 1] = event.markTicks;
      if (event.markTicks <= watch.watchBelowTicks) watch.watchBelowTicks = 0;
      if (event.markTicks >= watch.watchAboveTicks) watch.watchAboveTicks = Number.POSITIVE_INFINITY;
      if (this.#whim(2) === 0) this.#ask(event.instId === plain.instId ? 0 : 1, event.markTicks);
    }
    if (event.kind === 'time')
      for (const [index, watch] of this.watches.entries())
        if (watch.deadlineMs <= event.at) {
          watch.deadlineMs = Number.POSITIVE_INFINITY;
          if (this.#whim(2) === 0) this.#ask(index, this.#known[index] as number);
        }
    if (event.kind === 'filled' && event.clientId !== undefined) {
      const index = event.instId === plain.instId ? 0 : 1;
      this.#known[index] = event.priceTicks;
      if (this.#whim(2) === 0) this.#ask(index, event.priceTicks);
      if (this.#whim(4) === 0) this.#ask(1 - index, this.#known[1 - index] as number);
    }
  }

  #ask(index: number, priceTicks: number): void {
    const { venue } = this;
    if (venue === undefined) return;
    const position = venue.account.positionAt(index);
    const instId = index === 0 ? plain.instId : other.instId;
    const living = venue.account.ordersAt(index)[this.#whim(3)];
    const whim = this.#whim(8);
    const distance = 3 + this.#whim(60);
    const name = () => `m${(this.#orders += 1)}`;
    if (whim <= 1)
      venue.place(orderOf(name(), this.#whim(2) === 0 ? 1 : -1, 2 + this.#whim(300), market, false, instId));
    if (whim === 2) venue.place(orderOf(name(), 1, 2 + this.#whim(300), limit(priceTicks - distance), false, instId));
    if (whim === 3) venue.place(orderOf(name(), -1, 2 + this.#whim(300), limit(priceTicks + distance), false, instId));
    if (whim === 4 && position.lots > 0)
      venue.place(
        orderOf(
          name(),
          position.side === 1 ? -1 : 1,
          position.lots,
          stop(priceTicks - position.side * distance),
          true,
          instId,
        ),
      );
    if (whim === 5 && position.lots > 0)
      venue.place(
        orderOf(
          name(),
          position.side === 1 ? -1 : 1,
          position.lots,
          limit(priceTicks + position.side * distance),
          true,
          instId,
        ),
      );
    if (whim === 6 && living !== undefined)
      venue.amend({
        instId,
        clientId: living.clientId,
        ...(living.triggerTicks > 0
          ? { triggerTicks: living.triggerTicks + position.side }
          : { priceTicks: living.priceTicks + 1 }),
      });
    if (whim === 7 && living !== undefined) venue.cancel(instId, living.clientId);
  }
}

function wander(instId: string, seed: number, minutes: number): Candles {
  let state = seed >>> 0;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  let price = 10_000;
  return candlesOf(
    instId,
    Array.from({ length: minutes }, () => {
      if (random(20) === 0) return [];
      const open = price + (random(10) === 0 ? random(81) - 40 : 0) + (random(25) === 0 ? random(1_201) - 600 : 0);
      const close = Math.max(100, open + random(41) - 20);
      price = close;
      return [
        open,
        Math.max(open, close) + random(15),
        Math.min(open, close) - random(15),
        close,
        random(5) === 0 ? random(50) : random(20_000),
      ];
    }),
  );
}

function live(
  seed: number,
  outlook: 'pessimistic' | 'optimistic',
  checksFirst: boolean,
): { events: CoreEvent[]; venue: SimVenue; columns: Candles[] } {
  const trader = new Moody(seed);
  const account = {
    id: 'a',
    startBalance: 400_000_000_000n,
    feeRates: { maker: decimal('0.0002'), taker: decimal('0.0005') },
    leverage: 20,
  };
  const venue = venueOf(
    trader,
    { outlook, spreadTicks: 2, slippageBps: 1, depthUsdtMin: 2_000 },
    { checksFirst, account, funding: { intervalMs: 30 * MINUTE_MS, rateE8: () => 30_000 } },
  );
  trader.venue = venue;
  const columns = [wander(plain.instId, seed, 24), wander(other.instId, seed + 7, 24)];
  eachMinute(columns, (minute, due, candleOf) => {
    venue.runMinute(due, columns, candleOf, (minute + 1) * MINUTE_MS);
    trader.settle();
    for (const index of due) {
      const closeTicks = (columns[index] as Candles).closeTicks[candleOf[index] as number] as number;
      trader.close(index, closeTicks, (minute + 1) * MINUTE_MS);
    }
  });
  return { events: trader.events, venue, columns };
}

describe('laws', () => {
  it('the same events with the quick check and without it', () => {
    let fills = 0;
    let liquidations = 0;
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.constantFrom('pessimistic' as const, 'optimistic' as const),
        (seed, outlook) => {
          const quick = live(seed, outlook, true);
          const slow = live(seed, outlook, false);
          expect(quick.events.length).toBe(slow.events.length);
          for (let n = 0; n < quick.events.length; n += 1)
            if (!same(quick.events[n], slow.events[n]))
              expect(quick.events[n], `event ${n} of seed ${seed}`).toEqual(slow.events[n]);
          expect(backwards(quick.events), 'no event is older than one before it').toEqual([]);
          const { account } = quick.venue;
          expect(account.balance).toBe(
            account.startBalance + account.totals.gross - account.totals.fees + account.totals.funding,
          );
          expect(balanceFrom(account.startBalance, quick.events), 'the events alone say the balance').toBe(
            account.balance,
          );
          for (const event of quick.events) {
            if (event.kind === 'filled') fills += 1;
            if (event.kind === 'filled' && event.cause === 'liquidation') liquidations += 1;
          }
        },
      ),
      { numRuns: 1_000 },
    );
    expect(fills, 'the runs trade').toBeGreaterThan(10_000);
    expect(liquidations, 'and some die').toBeGreaterThan(20);
  });

  it('a taker gets the price at which his symbol stands at that moment, whoever of several symbols made him ask', () => {
    let takers = 0;
    fc.assert(
      fc.property(
        fc.nat(1_000_000),
        fc.constantFrom('pessimistic' as const, 'optimistic' as const),
        (seed, outlook) => {
          const { events, columns } = live(seed, outlook, true);
          for (const event of events) {
            if (event.kind !== 'filled' || event.liquidity === 'maker' || event.cause !== 'order') continue;
            takers += 1;
            const lasts = lastsAt(columns[event.instId === plain.instId ? 0 : 1] as Candles, event.at);
            // Half the spread is a tick, the slippage at most two; a limit may stop him short of them.
            const isThere = lasts.some((last) => {
              const lost = event.side * (event.priceTicks - last);
              return lost >= 1 && lost <= 3;
            });
            if (!isThere)
              expect.fail(`${event.instId} ${event.priceTicks} at ${event.at}: it stood at ${lasts.join(', ')}`);
          }
        },
      ),
      { numRuns: 300 },
    );
    expect(takers, 'the runs take').toBeGreaterThan(2_000);
  });
});

/** Where the last price may stand within the millisecond that ends at a moment, whichever extreme comes first; a candle's both ends are of it. */
function lastsAt(candles: Candles, at: number): number[] {
  const { openMinute, openTicks, highTicks, lowTicks, closeTicks } = candles;
  const lasts = new Set<number>();
  for (let i = 0; i < candles.length; i += 1) {
    const offset = at - (openMinute[i] as number) * MINUTE_MS;
    if (offset < 0 || offset > MINUTE_MS) continue;
    const [open, high, low, close] = [openTicks, highTicks, lowTicks, closeTicks].map((column) => column[i] as number);
    for (const [first, second] of [
      [high, low],
      [low, high],
    ]) {
      const way = [open, first, second, close] as number[];
      for (const ms of [offset - 1, offset]) {
        const leg = Math.min(2, Math.max(0, Math.floor(ms / LEG_MS)));
        const [from, to] = [way[leg] as number, way[leg + 1] as number];
        lasts.add(from + Math.trunc(((to - from) * Math.max(0, ms - leg * LEG_MS)) / LEG_MS));
      }
    }
  }
  return [...lasts];
}

/** Events that are told later than a younger one. */
function backwards(events: readonly CoreEvent[]): readonly CoreEvent[] {
  let now = 0;
  return events.filter(({ at }) => {
    const isBack = at < now;
    now = Math.max(now, at);
    return isBack;
  });
}

/** What the core makes of the events: its own fold of fills, fees and funding. */
function balanceFrom(start: bigint, events: readonly CoreEvent[]): bigint {
  const holdings = new Map([plain, other].map((each) => [each.instId, { lots: 0, side: 1 as Side, costUnits: 0 }]));
  let balance = start;
  for (const event of events) {
    if (event.kind === 'funding-settled') balance += event.amount;
    if (event.kind !== 'filled') continue;
    const holding = holdings.get(event.instId) as Holding;
    const instrument = event.instId === plain.instId ? plain : other;
    balance += BigInt(foldFill(holding, instrument, event.side, event.sizeLots, event.priceTicks)) - event.fee;
  }
  return balance;
}

/** Flat events, compared field by field. */
function same(a: CoreEvent | undefined, b: CoreEvent | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const left = a as unknown as Record<string, unknown>;
  const right = b as unknown as Record<string, unknown>;
  for (const key in left) if (left[key] !== right[key]) return false;
  return Object.keys(left).length === Object.keys(right).length;
}
