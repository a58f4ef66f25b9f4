import { describe, expect, it } from 'vitest';
import { other, PLAIN, plain } from '../../../test/recording.ts';
import { candlesOf, type MutableWatch, orderOf, Scripted, START, venueOf } from '../../../test/scripted.ts';
import { MINUTE_MS } from '../../core/market/candle.ts';
import type { Ticks } from '../../core/numbers/units.ts';
import type { OrderTerms } from '../../core/orders/order.ts';
import { eachMinute } from './minutes.ts';
import { legVolumes } from './path.ts';
import type { SimVenue } from './venue.ts';

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

  it('a large order finds a third of the volume at the opening, and all of it again on the way', () => {
    const trader = new Scripted();
    const venue = venueOf(trader, { depthUsdtMin: 0, slippageBps: 1 });
    const rows = [[100, 110, 90, 105].map((price) => price * 100), [10_500, 10_800, 10_200, 10_500, 9_000]];
    run(trader, venue, rows, (candle) => {
      if (candle === 0) venue.place(orderOf('a', 1, 4_000, market));
    });
    const taken = trader.events.flatMap((event) => (event.kind === 'filled' ? [event.sizeLots as number] : []));
    expect(taken[0], '30 % of a third').toBe(900);
    expect(
      taken.reduce((sum, each) => sum + each, 0),
      'more than 30 % of all',
    ).toBeGreaterThan(2_700);
    const all = taken.reduce((sum, each) => sum + each, 0);
    expect(venue.account.totals.slippage, 'two ticks at every price between 10,000 and 20,000').toBe(
      BigInt(all * 2 * plain.moneyPerTickLot),
    );
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

  it.each([
    ['pessimistic', 1, 0, []],
    ['pessimistic', -1, 0, []],
    ['pessimistic', 1, 1, ['a +10@9900 at 60 s']],
    ['pessimistic', -1, 1, ['a -10@9900 at 60 s']],
    ['optimistic', 1, 0, ['a +10@9900 at 60 s']],
    ['optimistic', -1, 0, ['a -10@9900 at 60 s']],
  ] as const)(
    '%s: a limit of side %i that the opening comes to, %i ticks beyond it',
    (outlook, side, beyond, fills) => {
      const trader = new Scripted();
      const venue = venueOf(trader, { outlook });
      const open = 9_900 - side * beyond;
      const away = open + side * 50;
      const before = 9_900 + side * 100;
      const rows = [
        [before, before, before, before],
        [open, Math.max(open, away), Math.min(open, away), away, 1_000_000],
      ];
      run(trader, venue, rows, (candle) => {
        if (candle === 0) venue.place(orderOf('a', side, 10, limit(9_900)));
      });
      expect(trader.fills()).toEqual(fills);
    },
  );

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

  it('a watch price at which a fill finds the price already is told at once, and again only when it is met', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    const [watch] = trader.watches as [MutableWatch];
    const told: number[] = [];
    trader.onEvent = (event) => {
      if (event.kind === 'filled') watch.watchAboveTicks = 10_051;
      if (event.kind !== 'price') return;
      told.push(event.markTicks);
      watch.watchAboveTicks = event.markTicks + 20;
    };
    const rows = [
      [10_000, 10_000, 10_000, 10_000],
      [10_000, 10_100, 10_000, 10_000],
    ];
    run(trader, venue, rows, (candle) => {
      if (candle === 0) venue.place(orderOf('part', -1, 10, limit(10_050)));
    });
    expect(trader.fills().map((fill) => fill.split(' at ')[0])).toEqual(['part -10@10050']);
    expect(told).toEqual([10_051, 10_071, 10_091]);
  });

  it('who gives up resting and takes has the rest of the way away from his order before him', () => {
    const trader = new Scripted();
    const venue = venueOf(trader);
    const [watch] = trader.watches as [MutableWatch];
    watch.deadlineMs = (START + 1) * MINUTE_MS + 10_000;
    trader.onEvent = (event) => {
      if (event.kind === 'time') {
        watch.deadlineMs = Number.POSITIVE_INFINITY;
        venue.cancel(PLAIN.instId, 'rests');
        venue.place(orderOf('takes', 1, 10, market));
      }
      if (event.kind !== 'filled' || event.clientId !== 'takes') return;
      venue.place(orderOf('stop', -1, 10, stop(9_500), true));
      venue.place(orderOf('target', -1, 10, limit(10_900), true));
    };
    const rows = [
      [10_000, 10_000, 10_000, 10_000],
      [10_000, 11_000, 9_000, 10_000],
    ];
    run(trader, venue, rows, (candle) => {
      if (candle === 0) venue.place(orderOf('rests', 1, 10, limit(9_900)));
    });
    // Away from the order first: from 10,000 to 11,000 in 20 s.
    expect(trader.fills().map((fill) => fill.split(' at ')[0])).toEqual(['takes +10@10500', 'target -10@10900']);
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
    for (const event of trader.events)
      if (event.kind === 'funding-forecast')
        expect(event.rateE8, 'what is forecast is what will be settled').toBe((event.settlesAt / MINUTE_MS) % 1_000);
    const { totals, balance, startBalance } = venue.account;
    expect(balance).toBe(startBalance + totals.gross - totals.fees + totals.funding);
    expect(totals.funding < 0n).toBe(true);
  });

  it('a symbol that settles less often than others is told of its own settlements alone', () => {
    const trader = new Scripted();
    const rateE8 = (_instId: string, at: number) => ((at / MINUTE_MS - START) % 3 === 0 ? 10_000 : undefined);
    const venue = venueOf(trader, {}, { funding: { intervalMs: MINUTE_MS, rateE8 } });
    const rows = Array.from({ length: 8 }, () => [10_000, 10_000, 10_000, 10_000]);
    run(trader, venue, rows, (candle) => {
      if (candle === 0) venue.place(orderOf('in', 1, 10, market));
    });
    const minutesOf = (times: readonly number[]) => times.map((at) => at / MINUTE_MS - START);
    const { events } = trader;
    expect(minutesOf(events.flatMap((event) => (event.kind === 'funding-settled' ? [event.at] : [])))).toEqual([3, 6]);
    const forecasts = events.filter((event) => event.kind === 'funding-forecast');
    expect(minutesOf(forecasts.map(({ settlesAt }) => settlesAt))).toEqual([3, 6, 9]);
    expect(minutesOf(forecasts.map(({ nextSettlesAt = 0 }) => nextSettlesAt))).toEqual([6, 9, 12]);
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
        orders: [{ clientId: 's', instId: plain.instId, reduceOnly: true, stands: { ticks: 10_500, sizeLots: 10 } }],
      },
    ]);
  });
});

describe('several symbols', () => {
  it('go minute by minute, in the order given within a minute', () => {
    const a = candlesOf('A', [[1, 1, 1, 1], [], [1, 1, 1, 1], [1, 1, 1, 1]]);
    const b = candlesOf('B', [[], [1, 1, 1, 1], [1, 1, 1, 1]]);
    const seen: string[] = [];
    eachMinute([a, b], (minute, due, candleOf) =>
      seen.push(`${minute - START}: ${due.map((index) => `${'ab'[index]}${candleOf[index]}`).join(' ')}`),
    );
    expect(seen).toEqual(['0: a0', '1: b0', '2: a1 b1', '3: a2']);
  });

  it('leave out the candles that a visitor passes by', () => {
    const a = candlesOf('A', [[1, 1, 1, 1], [1, 1, 1, 1], [], [1, 1, 1, 1], [1, 1, 1, 1]]);
    const b = candlesOf('B', [[], [1, 1, 1, 1]]);
    const seen: string[] = [];
    eachMinute([a, b], (minute, due, candleOf) => {
      seen.push(`${minute - START}: ${due.map((index) => `${'ab'[index]}${candleOf[index]}`).join(' ')}`);
      if (seen.length === 1) candleOf[0] = 2;
    });
    expect(seen).toEqual(['0: a0', '1: b0', '4: a3']);
  });

  it('end before a minute and go on with it, whether anybody has a candle there or not', () => {
    const candles = candlesOf('A', [[1, 1, 1, 1], [1, 1, 1, 1], [], [], [1, 1, 1, 1]]);
    const next = new Uint32Array(1);
    const upTo = (minutes: number) => {
      const seen: number[] = [];
      const isLeft = eachMinute([candles], (minute) => seen.push(minute - START), next, START + minutes);
      return [isLeft, ...seen];
    };
    expect([1, 3, 4, 5].map(upTo)).toEqual([[true, 0], [true, 1], [true], [false, 4]]);
  });

  it('one that is asked of at the opening of another opens once', () => {
    const still = [10_000, 10_000, 10_000, 10_000];
    const columns = [candlesOf(plain.instId, [still, still]), candlesOf(other.instId, [still, [...still, 9_000]])];
    const trader = new Scripted();
    const venue = venueOf(trader, { depthUsdtMin: 0, slippageBps: 1 });
    trader.onEvent = (event) => {
      if (event.kind !== 'filled' || event.clientId !== 'a') return;
      venue.place(orderOf('b', 1, 4_000, market, false, other.instId));
    };
    eachMinute(columns, (minute, due, candleOf) => {
      venue.runMinute(due, columns, candleOf, (minute + 1) * MINUTE_MS);
      if (minute === START) venue.place(orderOf('a', 1, 10, market));
      trader.settle();
    });
    const lots = trader.events.map((event) =>
      event.kind === 'filled' && event.clientId === 'b' ? Number(event.sizeLots) : 0,
    );
    expect(
      lots.reduce((sum, each) => sum + each, 0),
      '30 % of its volume, each of its parts rounded up',
    ).toBe(2_704);
  });

  it('who waits for a moment has the price of then, and what is asked of him fills at it, whoever of several is told the time first', () => {
    const rising = [10_000, 10_600, 10_000, 10_600];
    const columns = [candlesOf(plain.instId, [rising]), candlesOf(other.instId, [rising])];
    const trader = new Scripted();
    const venue = venueOf(trader);
    for (const watch of trader.watches) watch.deadlineMs = START * MINUTE_MS + 30_000;
    const before: string[] = [];
    trader.onEvent = (event) => {
      if (event.kind === 'price') before.push(`${event.instId} ${event.markTicks}`);
      if (event.kind !== 'time') return;
      for (const watch of trader.watches) watch.deadlineMs = Number.POSITIVE_INFINITY;
      venue.place(orderOf('b', 1, 10, market, false, other.instId));
    };
    eachMinute(columns, (minute, due, candleOf) => {
      venue.runMinute(due, columns, candleOf, (minute + 1) * MINUTE_MS);
    });
    trader.settle();
    expect(before).toEqual([`${plain.instId} 10300`, `${other.instId} 10300`]);
    expect(trader.fills()).toEqual(['b +10@10300 at 30 s']);
  });

  it('one that lacks the minute hears in it what comes due, at its last price; what it asks waits for its next opening', () => {
    const still = [10_000, 10_000, 10_000, 10_000];
    const moved = [11_000, 11_000, 11_000, 11_000];
    const columns = [candlesOf(plain.instId, [still, still, still]), candlesOf(other.instId, [still, [], moved])];
    const trader = new Scripted();
    const venue = venueOf(trader);
    const waiting = trader.watches[1] as MutableWatch;
    waiting.deadlineMs = (START + 1) * MINUTE_MS + 30_000;
    const heard: string[] = [];
    trader.onEvent = (event) => {
      const seconds = (event.at - START * MINUTE_MS) / 1_000;
      if (event.kind === 'price') heard.push(`${event.instId} ${event.markTicks} at ${seconds} s`);
      if (event.kind !== 'time') return;
      heard.push(`time at ${seconds} s`);
      waiting.deadlineMs = Number.POSITIVE_INFINITY;
      venue.place(orderOf('b', 1, 10, market, false, other.instId));
    };
    eachMinute(columns, (minute, due, candleOf) => {
      venue.runMinute(due, columns, candleOf, (minute + 1) * MINUTE_MS);
      trader.settle();
    });
    expect(heard).toEqual([`${other.instId} 10000 at 90 s`, 'time at 90 s']);
    expect(trader.fills()).toEqual(['b +10@11000 at 120 s']);
  });

  it('one that lacks the minute has its last price told with a time that another is told for both', () => {
    const still = [10_000, 10_000, 10_000, 10_000];
    const columns = [candlesOf(plain.instId, [still, still]), candlesOf(other.instId, [still])];
    const trader = new Scripted();
    const venue = venueOf(trader);
    for (const watch of trader.watches) watch.deadlineMs = (START + 1) * MINUTE_MS + 30_000;
    const heard: string[] = [];
    trader.onEvent = (event) => {
      if (event.kind === 'price') heard.push(event.instId);
      if (event.kind !== 'time') return;
      heard.push('time');
      for (const watch of trader.watches) watch.deadlineMs = Number.POSITIVE_INFINITY;
    };
    eachMinute(columns, (minute, due, candleOf) => {
      venue.runMinute(due, columns, candleOf, (minute + 1) * MINUTE_MS);
      trader.settle();
    });
    expect(heard).toEqual([plain.instId, other.instId, 'time']);
  });
});
