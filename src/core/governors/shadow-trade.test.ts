/** What a shadow trade brings: entry, stop, target and time, at, just below and just above, long and short; and that it never looks ahead. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Side } from '../numbers/units.ts';
import type { PlannedExits } from '../registry.ts';
import {
  beginShadow,
  boundBy,
  isWithin,
  openBounds,
  type ShadowTrade,
  type WalkedCandle,
  walkShadow,
} from './shadow-trade.ts';

const MINUTE = 60_000;
const COST = 0.001;
/** Stop 100 ticks behind, target 200 ahead and a round trip of 0.1 % more. */
const EXITS: PlannedExits = {
  regime: 'ranging',
  stopDistanceTicks: 100,
  targetDistanceTicks: 200,
  atrTicks: 100,
  roundTripShare: COST,
  exitShare: 0.0007,
  factor: 1,
};
const ENTRY = 10_000;
/** 0.1 % of 10,000 ticks is 10. */
const TARGET = 210;

interface Closed extends WalkedCandle {
  readonly at: number;
}

/** A candle in the position's favour: away from 10,000 by so many ticks. */
function candle(side: Side, minute: number, open: number, worst: number, best: number, close: number): Closed {
  const price = (favour: number) => ENTRY + side * favour;
  return {
    at: minute * MINUTE,
    openTicks: price(open),
    highTicks: price(side === 1 ? best : worst),
    lowTicks: price(side === 1 ? worst : best),
    closeTicks: price(close),
  };
}

const timeOf = (closedAt: number) => ({ openedAt: closedAt - MINUTE, closedAt });
const walk = (trade: ShadowTrade, candle: Closed) => walkShadow(trade, timeOf(candle.at), candle);
const begun = (side: Side): ShadowTrade => beginShadow(side, 10 * MINUTE, EXITS, 5 * MINUTE);
const net = (favour: number) => favour / ENTRY - COST;

describe('a shadow trade', () => {
  it.each([
    ['goes on one tick before its stop', 0, -99, 50, 0, undefined],
    ['leaves at its stop', 0, -100, 50, 0, -100],
    ['leaves no worse than its stop within a candle', 0, -500, 50, 0, -100],
    ['goes on one tick before its target', 0, -50, TARGET - 1, 0, undefined],
    ['leaves at its target', 0, -50, TARGET, 0, TARGET],
    ['takes the stop where a candle meets both', 0, -100, TARGET, 0, -100],
  ] as const)('%s', (_, open, worst, best, close, left) => {
    for (const side of [1, -1] as const) {
      const result = walk(begun(side), candle(side, 11, open, worst, best, close));
      if (left === undefined) expect(result).toBeUndefined();
      else expect(result).toBeCloseTo(net(left), 12);
    }
  });

  it('enters at the open of the first candle after its signal, not at the price of the signal', () => {
    for (const side of [1, -1] as const) {
      const trade = begun(side);
      expect(walk(trade, candle(side, 10, 0, -500, 500, 0)), 'the candle of the signal itself').toBeUndefined();
      expect(trade.entryTicks).toBe(0);
      walk(trade, candle(side, 11, 30, 0, 60, 10));
      expect(trade.entryTicks).toBe(ENTRY + side * 30);
    }
  });

  it.each([
    ['fills its stop at the open where the market opens beyond it', -300, -300],
    ['fills its target at its own price where the market opens beyond it', 400, TARGET],
  ])('%s', (_, jump, left) => {
    for (const side of [1, -1] as const) {
      const trade = begun(side);
      walk(trade, candle(side, 11, 0, -10, 10, 0));
      expect(walk(trade, candle(side, 12, jump, jump, jump, jump))).toBeCloseTo(net(left), 12);
    }
  });

  it('leaves at the close of the candle in which its time is over', () => {
    for (const side of [1, -1] as const) {
      const trade = begun(side);
      for (const minute of [11, 12, 13, 14]) expect(walk(trade, candle(side, minute, 0, -10, 20, 15))).toBeUndefined();
      expect(walk(trade, candle(side, 15, 0, -10, 20, 15))).toBeCloseTo(net(15), 12);
    }
  });

  it('is decided by the candles up to its end alone', () => {
    const move = fc.integer({ min: -80, max: 80 });
    fc.assert(
      fc.property(fc.constantFrom<Side>(1, -1), fc.array(move, { minLength: 12, maxLength: 40 }), (side, moves) => {
        const candles: Closed[] = [];
        let price = ENTRY;
        moves.forEach((each, i) => {
          const open = price;
          price += each;
          const [low, high] = [Math.min(open, price) - 3, Math.max(open, price) + 3];
          candles.push({ at: (11 + i) * MINUTE, openTicks: open, highTicks: high, lowTicks: low, closeTicks: price });
        });
        const through = (until: number) => {
          const again = begun(side);
          for (const each of candles.slice(0, until)) {
            const result = walk(again, each);
            if (result !== undefined) return { result, at: each.at };
          }
          return undefined;
        };
        const whole = through(candles.length);
        for (let until = 1; until <= candles.length; until++) {
          const end = candles[until - 1]?.at ?? 0;
          expect(through(until)).toEqual(whole !== undefined && whole.at <= end ? whole : undefined);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the bounds of a shadow trade', () => {
  const boundsOf = (trade: ShadowTrade) => {
    const bounds = { belowTicks: 0, aboveTicks: 0, at: 0 };
    openBounds(bounds);
    boundBy(bounds, trade);
    return bounds;
  };

  it('are where it ends, to the tick and to the minute', () => {
    const distance = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(fc.constantFrom<Side>(1, -1), distance, distance, distance, (side, stop, target, open) => {
        const exits = { ...EXITS, stopDistanceTicks: stop, targetDistanceTicks: target };
        const entered = () => {
          const trade = beginShadow(side, 10 * MINUTE, exits, 5 * MINUTE);
          walk(trade, candle(side, 11, open, open, open, open));
          return trade;
        };
        const bounds = boundsOf(entered());
        const { belowTicks, aboveTicks, at } = bounds;
        const ends = (lowTicks: number, highTicks: number, closedAt: number) => {
          const { entryTicks } = entered();
          const each = { openTicks: entryTicks, highTicks, lowTicks, closeTicks: entryTicks };
          const isOver = walkShadow(entered(), timeOf(closedAt), each) !== undefined;
          expect(isWithin(bounds, closedAt, each)).toBe(!isOver);
          return isOver;
        };
        expect(at).toBe(15 * MINUTE);
        expect([
          ends(belowTicks + 1, aboveTicks - 1, at - MINUTE),
          ends(belowTicks, aboveTicks - 1, at - MINUTE),
          ends(belowTicks + 1, aboveTicks, at - MINUTE),
          ends(belowTicks + 1, aboveTicks - 1, at),
        ]).toEqual([false, true, true, true]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('let no candle by before it has entered', () => {
    expect(boundsOf(begun(1)).at).toBeLessThan(11 * MINUTE);
  });
});
