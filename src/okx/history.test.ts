/** What is done with pages of the market's past. Asking for them is tested where it is used: cli/data/data-download.test.ts, paper/relay.test.ts. */
import { describe, expect, it } from 'vitest';
import { type Candles, emptyCandles } from '../core/candle.ts';
import { joinedMinutes, missingRanges } from './history.ts';

/** Candles of these minutes, every column another number. */
function page(...minutes: number[]): Candles {
  const candles = emptyCandles('BTC-USDT-SWAP', minutes.length);
  for (const [at, minute] of minutes.entries()) {
    candles.openMinute[at] = minute;
    candles.openTicks[at] = minute + 1;
    candles.highTicks[at] = minute + 2;
    candles.lowTicks[at] = minute + 3;
    candles.closeTicks[at] = minute + 4;
    candles.volumeLots[at] = minute + 5;
  }
  return candles;
}

describe('pages of minutes', () => {
  it.each([
    ['none', [], page()],
    ['one', [page(7, 8)], page(7, 8)],
    ['several, of different lengths', [page(1, 2, 3), page(4), page(9, 10)], page(1, 2, 3, 4, 9, 10)],
    ['an empty one between others', [page(1), page(), page(2)], page(1, 2)],
  ])('%s are joined, every column in its order', (_, pages, whole) => {
    expect(joinedMinutes('BTC-USDT-SWAP', pages)).toEqual(whole);
  });

  it('that are joined share no memory with them', () => {
    const first = page(1, 2);
    const whole = joinedMinutes('BTC-USDT-SWAP', [first]);
    first.closeTicks[0] = 99;
    expect(whole.closeTicks[0]).toBe(5);
  });
});

describe('what is missing of a range', () => {
  it.each([
    ['nothing is stored', undefined, [{ from: 10, until: 20 }]],
    ['all of it is stored', page(10, 11, 12, 13, 14, 15, 16, 17, 18, 19), []],
    ['its beginning and its end are stored', page(9, 10, 11, 18, 19, 20), [{ from: 12, until: 18 }]],
    [
      'there are holes',
      page(11, 12, 15),
      [
        { from: 10, until: 11 },
        { from: 13, until: 15 },
        { from: 16, until: 20 },
      ],
    ],
    ['only others are stored', page(1, 2, 30), [{ from: 10, until: 20 }]],
  ])('where %s', (_, stored, missing) => {
    expect(missingRanges(stored, { from: 10, until: 20 })).toEqual(missing);
  });
});
