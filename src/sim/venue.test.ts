import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { other, PLAIN, plain } from '../../test/recording.ts';
import { type Candles, emptyCandles, MINUTE_MS } from '../core/candle.ts';
import { decimal } from '../core/decimal.ts';
import type { CoreEvent } from '../core/event.ts';
import type { Approved, Order, OrderTerms } from '../core/order.ts';
import { foldFill, type Holding } from '../core/position.ts';
import type { Lots, Side, Ticks } from '../core/units.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from './fill-model.ts';
import { eachMinute } from './minutes.ts';
import { legVolumes } from './path.ts';
import { SimVenue, type Trader, type VenueSettings, type Watch } from './venue.ts';

const START = 1_000_000 - (1_000_000 % 480) + 1;

/** Rows of [open, high, low, close, volume]; a row of nothing is a minute without a candle. */
function candlesOf(instId: string, rows: readonly (readonly number[])[]): Candles {
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

interface MutableWatch extends Watch {
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
class Scripted implements Trader {
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

function venueOf(trader: Trader, model: Partial<FillModel> = {}, more: Partial<VenueSettings> = {}): SimVenue {
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
function orderOf(
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
    side,
    sizeLots: sizeLots as Lots,
    reduceOnly,
    terms,
  };
  return order as Approved;
}

const market: OrderTerms = { type: 'market' };
const limit = (price: number): OrderTerms => ({ type: 'limit', priceTicks: price as Ticks, postOnly: false });
const stop = (trigger: number): OrderTerms => ({ type: 'stop', triggerTicks: trigger as Ticks, by: 'mark' });

/** Runs the rows of PLAIN; `atClose` is asked after each candle, before its events are settled. */
function run(
  trader: Scripted,
  venue: SimVenue,
  rows: readonly (readonly number[])[],
  atClose: (candle: number) => void = () => undefined,
): void {
  const candles = candlesOf(PLAIN.instId, rows);
  for (let i = 0; i < candles.length; i += 1) {
    venue.runCandle(0, candles, i);
    trader.settle();
    atClose(i);
    trader.settle();
  }
}

describe('what is asked at a close', () => {
  it('is accepted there and fills from the next open on', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    run(
      trader,
      venue,
      [
        [100, 110, 90, 105],
        [107, 120, 101, 110],
      ].map(times100),
      (candle) => {
        if (candle === 0) venue.place(orderOf('a', 1, 10, market));
      },
    );
    const [accepted] = trader.events.filter((event) => event.kind === 'order-accepted');
    expect(accepted?.at).toBe((START + 1) * MINUTE_MS);
    expect(trader.fills()).toEqual(['a +10@10700 at 60 s']);
  });

  it('a stop jumped over by the next open fills at the open', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    run(
      trader,
      venue,
      [
        [100, 110, 90, 105],
        [105, 106, 104, 105],
        [99, 104, 98, 104],
      ].map(times100),
      (candle) => {
        if (candle === 0) venue.place(orderOf('in', 1, 10, market));
        if (candle === 1) venue.place(orderOf('s', -1, 10, stop(10_000), true));
      },
    );
    expect(trader.fills()).toEqual(['in +10@10500 at 60 s', 's -10@9900 at 120 s']);
  });

  it('a limit that the opening jumped over fills at its own price, if anything is traded', () => {
    const fillsWith = (volume: number) => {
      const trader = new Scripted();
      const venue = venueOf(trader);
      const rows = [
        [10_000, 10_000, 10_000, 10_000],
        [9_500, 9_600, 9_400, 9_550, volume],
      ];
      run(trader, venue, rows, (candle) => {
        if (candle === 0) venue.place(orderOf('a', 1, 10, limit(9_900)));
      });
      return trader.fills();
    };
    expect(fillsWith(1_000_000)).toEqual(['a +10@9900 at 60 s']);
    expect(fillsWith(0)).toEqual([]);
  });

  it('a marketable limit that the open runs away from rests', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    run(
      trader,
      venue,
      [
        [100, 110, 90, 105],
        [107, 120, 106, 110],
      ].map(times100),
      (candle) => {
        if (candle === 0) venue.place(orderOf('a', 1, 10, limit(10_500)));
      },
    );
    expect(trader.fills()).toEqual([]);
    expect(venue.account.order('a')?.state).toBe('live');
  });
});

function times100(row: readonly number[]): number[] {
  return row.map((value) => value * 100);
}

describe('the path inside a candle', () => {
  const both = [
    // outlook, side of the position: the stop at 9,500 and the target at 10,500 lie in the same candle
    ['pessimistic', 1, 'stop'],
    ['pessimistic', -1, 'stop'],
    ['optimistic', 1, 'target'],
    ['optimistic', -1, 'target'],
  ] as const;
  it.each(both)('%s, position of side %i: the %s comes first', (outlook, side, first) => {
    const trader = new Scripted();
    const venue = venueOf(trader, { outlook });
    run(
      trader,
      venue,
      [
        [10_000, 10_100, 9_900, 10_000],
        [10_000, 10_010, 9_990, 10_000],
        [10_000, 11_000, 9_000, 10_000],
      ],
      (candle) => {
        if (candle === 0) venue.place(orderOf('in', side, 10, market));
        if (candle === 1) {
          venue.place(orderOf('stop', side === 1 ? -1 : 1, 10, stop(10_000 - side * 500), true));
          venue.place(orderOf('target', side === 1 ? -1 : 1, 10, limit(10_000 + side * 500), true));
        }
      },
    );
    expect(trader.fills()[1]?.split(' ')[0]).toBe(first);
  });

  it.each([
    ['pessimistic', 1, 9_800],
    ['pessimistic', -1, 10_200],
    ['optimistic', 1, 9_800],
    ['optimistic', -1, 10_200],
  ] as const)(
    '%s, a resting entry of side %i: the extreme away from it comes first, or second',
    (outlook, side, price) => {
      const trader = new Scripted();
      const venue = venueOf(trader, { outlook });
      run(
        trader,
        venue,
        [
          [10_000, 10_010, 9_990, 10_000],
          [10_000, 11_000, 9_000, 10_000],
        ],
        (candle) => {
          if (candle === 0) venue.place(orderOf('a', side, 10, limit(price)));
        },
      );
      const seconds = Number(/at (\S+) s/.exec(trader.fills()[0] ?? '')?.[1]) - 60;
      expect(seconds > 20, 'pessimistic: filled on the second leg').toBe(outlook === 'pessimistic');
    },
  );

  it('legs take a third of the minute each, and the volume in proportion to their ways', () => {
    const into = new Float64Array(3);
    legVolumes(1_000, 10, 30, 20, into);
    expect([...into]).toEqual([166, 500, 334]);
    legVolumes(7, 0, 0, 0, into);
    expect([...into]).toEqual([7, 0, 0]);
  });

  it('a deadline inside a leg comes at its time and at the price between', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    const [watch] = trader.watches as [MutableWatch];
    watch.deadlineMs = START * MINUTE_MS + 70_000;
    trader.onEvent = (event) => {
      if (event.kind === 'time') {
        watch.deadlineMs = Number.POSITIVE_INFINITY;
        venue.place(orderOf('a', 1, 10, market));
      }
    };
    run(trader, venue, [
      [10_000, 10_000, 10_000, 10_000],
      [10_000, 10_100, 9_800, 10_100],
    ]);
    // Rising: the low first. Ten seconds into the leg from 10,000 to 9,800 the price is 9,900.
    expect(trader.events.filter((event) => event.kind === 'price' || event.kind === 'time')).toMatchObject([
      { kind: 'price', at: START * MINUTE_MS + 70_000, markTicks: 9_900 },
      { kind: 'time', at: START * MINUTE_MS + 70_000 },
    ]);
    expect(trader.fills()).toEqual(['a +10@9900 at 70 s']);
  });

  it('a watch price is told when it is met, once, and what is asked then acts there', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    const [watch] = trader.watches as [MutableWatch];
    watch.watchAboveTicks = 10_050;
    trader.onEvent = (event) => {
      if (event.kind === 'price') {
        watch.watchAboveTicks = Number.POSITIVE_INFINITY;
        venue.place(orderOf('a', 1, 10, market));
      }
    };
    run(trader, venue, [[10_000, 10_100, 9_900, 10_000]]);
    expect(trader.fills()).toEqual(['a +10@10050 at 35 s']);
  });

  it('what a fill makes the trader ask acts on the rest of the way', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    trader.onEvent = (event) => {
      if (event.kind === 'filled' && event.clientId === 'in') venue.place(orderOf('s', -1, 10, stop(9_700), true));
    };
    run(
      trader,
      venue,
      [
        [10_000, 10_000, 10_000, 10_000],
        [10_000, 10_100, 9_600, 9_900],
      ],
      (candle) => {
        if (candle === 0) venue.place(orderOf('in', 1, 10, limit(9_800)));
      },
    );
    expect(trader.fills().map((fill) => fill.split(' at ')[0])).toEqual(['in +10@9800', 's -10@9700']);
  });
});

describe('time without candles, funding and the end', () => {
  it('a deadline in a gap is told at its time, at the price before', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    const [watch] = trader.watches as [MutableWatch];
    watch.deadlineMs = (START + 3) * MINUTE_MS;
    run(trader, venue, [[10_000, 10_000, 10_000, 10_000], [], [], [], [], [11_000, 11_000, 11_000, 11_000]]);
    expect(trader.events.filter((event) => event.kind === 'time' || event.kind === 'price')).toMatchObject([
      { kind: 'price', at: (START + 3) * MINUTE_MS, markTicks: 10_000 },
      { kind: 'time', at: (START + 3) * MINUTE_MS },
    ]);
  });

  it('funding settles on the multiples of its interval, on the price before the opening, and the next one is forecast', () => {
    const trader = new Scripted();
    const venue = venueOf(
      trader,
      {},
      { funding: { intervalMs: 2 * MINUTE_MS, rateE8: (_instId, at) => (at / MINUTE_MS) % 1_000 } },
    );
    const rows = [10_000, 10_000, 10_100, 10_200, 10_300, 10_400].map((price) => [price, price, price, price]);
    run(trader, venue, rows, (candle) => {
      if (candle === 0) venue.place(orderOf('in', 1, 10, market));
    });
    const settled = trader.events
      .filter((event) => event.kind === 'funding-settled')
      .map(({ at }) => at / MINUTE_MS - START);
    expect(START % 2, 'the first minute is odd').toBe(1);
    expect(settled, 'settled before the open of their minute, once a position is there').toEqual([3, 5]);
    expect(
      trader.events
        .filter((event) => event.kind === 'funding-forecast')
        .map(({ settlesAt }) => settlesAt / MINUTE_MS - START),
    ).toEqual([1, 3, 5, 7]);
    const { totals, balance, startBalance } = venue.account;
    expect(balance).toBe(startBalance + totals.gross - totals.fees + totals.funding);
    expect(totals.funding < 0n).toBe(true);
  });

  it('at the end of the data what is open closes at the last close, whatever its size', () => {
    const trader = new Scripted();
    const venue = venueOf(trader, { depthUsdtMin: 100_000 });
    run(
      trader,
      venue,
      [
        [10_000, 10_000, 10_000, 10_000],
        [10_000, 10_000, 10_000, 10_000, 4_000],
        [10_000, 10_000, 10_000, 10_050, 1],
      ],
      (candle) => {
        if (candle === 0) venue.place(orderOf('in', 1, 900, market));
      },
    );
    venue.openAtLast((START + 3) * MINUTE_MS);
    venue.place(orderOf('out', -1, 900, market, true));
    trader.settle();
    expect(trader.fills().at(-1)).toBe('out -900@10050 at 180 s');
    expect(venue.account.positionAt(0).lots).toBe(0);
  });

  it('announces leverages, positions, orders and balance', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    run(
      trader,
      venue,
      [
        [10_000, 10_000, 10_000, 10_000],
        [10_000, 10_000, 10_000, 10_000],
      ],
      (candle) => {
        if (candle === 0) venue.place(orderOf('in', -1, 10, market));
      },
    );
    venue.place(orderOf('s', 1, 10, stop(10_500), true));
    venue.announce((START + 2) * MINUTE_MS);
    trader.settle();
    expect(trader.events.slice(-3)).toEqual([
      { kind: 'leverage', at: (START + 2) * MINUTE_MS, instId: plain.instId, leverage: 10 },
      { kind: 'leverage', at: (START + 2) * MINUTE_MS, instId: other.instId, leverage: 10 },
      {
        kind: 'exchange-read',
        at: (START + 2) * MINUTE_MS,
        balance: venue.account.balance,
        available: venue.account.balance - 10_000_000_000n,
        positions: [{ instId: plain.instId, signedLots: -10, costUnits: 100_000_000_000, leverage: 10 }],
        orders: [{ clientId: 's', instId: plain.instId, reduceOnly: true }],
      },
    ]);
  });
});

describe('several symbols', () => {
  it('go minute by minute, in the order given within a minute', () => {
    const a = candlesOf('A', [[1, 1, 1, 1], [], [1, 1, 1, 1], [1, 1, 1, 1]]);
    const b = candlesOf('B', [[], [1, 1, 1, 1], [1, 1, 1, 1]]);
    const seen: string[] = [];
    eachMinute(
      [a, b],
      (index, candle) => seen.push(`${'ab'[index]}${candle}`),
      (minute) => seen.push(String(minute - START)),
    );
    expect(seen).toEqual(['a0', '0', 'b0', '1', 'a1', 'b1', '2', 'a2', '3']);
  });
});

/** A trader whose every whim is a function of what he heard: places, moves, cancels, watches, sets deadlines. */
class Moody extends Scripted {
  #mood: number;
  #orders = 0;
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
      if (event.markTicks <= watch.watchBelowTicks) watch.watchBelowTicks = 0;
      if (event.markTicks >= watch.watchAboveTicks) watch.watchAboveTicks = Number.POSITIVE_INFINITY;
      if (this.#whim(2) === 0) this.#ask(event.instId === plain.instId ? 0 : 1, event.markTicks);
    }
    if (event.kind === 'time')
      for (const watch of this.watches) if (watch.deadlineMs <= event.at) watch.deadlineMs = Number.POSITIVE_INFINITY;
    if (event.kind === 'filled' && event.clientId !== undefined && this.#whim(2) === 0)
      this.#ask(event.instId === plain.instId ? 0 : 1, event.priceTicks);
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
): { events: CoreEvent[]; venue: SimVenue } {
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
  eachMinute(columns, (index, candle) => {
    const candles = columns[index] as Candles;
    venue.runCandle(index, candles, candle);
    trader.settle();
    trader.close(index, candles.closeTicks[candle] as number, ((candles.openMinute[candle] as number) + 1) * MINUTE_MS);
  });
  return { events: trader.events, venue };
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
  }, 30_000);
});

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
