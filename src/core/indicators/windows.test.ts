import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriceRange } from './price-range.ts';
import { Reversals } from './reversals.ts';
import { RollingSum } from './rolling-sum.ts';

const prices = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 120 });

describe('windows', () => {
  it('a rolling sum is the sum of its last values', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 25 }), (values, period) => {
        const rolling = new RollingSum(period);
        values.forEach((value, at) => {
          rolling.add(value);
          const window = values.slice(Math.max(0, at + 1 - period), at + 1);
          const sum = window.reduce((total, each) => total + each, 0);
          expect([rolling.sum, rolling.mean, rolling.ready]).toEqual([sum, sum / window.length, at + 1 >= period]);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it('has no mean before the first value', () => {
    expect(new RollingSum(3).mean).toBeUndefined();
  });

  it('a price range spans the last candles', () => {
    fc.assert(
      fc.property(prices, fc.integer({ min: 1, max: 25 }), (lows, period) => {
        const range = new PriceRange(period);
        const highs = lows.map((low, at) => low + (at % 7));
        lows.forEach((low, at) => {
          range.add(highs[at] ?? 0, low);
          const from = Math.max(0, at + 1 - period);
          expect([range.highestTicks, range.lowestTicks, range.ready]).toEqual([
            Math.max(...highs.slice(from, at + 1)),
            Math.min(...lows.slice(from, at + 1)),
            at + 1 >= period,
          ]);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    ['a trend', [1, 2, 3, 4, 5, 6], 0],
    ['a saw', [1, 2, 1, 2, 1, 2], 4],
    ['the first move turns nothing round', [5, 4, 3, 2, 1], 0],
    ['a rest between does not hide the turn', [1, 2, 2, 2, 1, 1], 1],
    ['a rest is no turn', [1, 2, 2, 2, 3, 3], 0],
    ['turns older than the window are forgotten', [1, 2, 1, 1, 1, 1, 1, 1, 1], 0],
  ])('counts reversals: %s', (_name, closes, turns) => {
    const reversals = new Reversals(5);
    for (const close of closes) reversals.add(close);
    expect(reversals.count).toBe(turns);
  });
});
