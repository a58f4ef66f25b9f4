import { describe, expect, it } from 'vitest';
import { type Candles, emptyCandles } from '../../core/market/candle.ts';
import { firstAfter, haveSameMinutes } from './minutes.ts';

it('the first candle after a minute is found by halving as by looking at each, with gaps and at both ends', () => {
  const openMinute = Uint32Array.from([10, 11, 12, 20, 21, 30]);
  for (let from = 0; from <= openMinute.length; from++)
    for (let to = from; to <= openMinute.length; to++)
      for (let minute = 8; minute <= 32; minute++) {
        const found = openMinute.findIndex((each, i) => i >= from && i < to && each > minute);
        expect(firstAfter(openMinute, minute, from, to), `after ${minute} of ${from} … ${to}`).toBe(
          found === -1 ? to : found,
        );
      }
});

describe('the same minutes', () => {
  const column = (...minutes: number[]): Candles => {
    const candles = emptyCandles('A-USDT-SWAP', minutes.length);
    candles.openMinute.set(minutes);
    return candles;
  };

  it.each([
    ['no column', [], true],
    ['columns of nothing', [column(), column()], true],
    ['equal columns without a gap', [column(5, 6, 7), column(5, 6, 7)], true],
    ['the same gap in both: it is a gap all the same', [column(5, 7), column(5, 7)], false],
    ['a gap in one', [column(5, 6, 7), column(5, 7)], false],
    ['a gap of one and another gap of the other', [column(5, 6, 8), column(5, 7, 8)], false],
    ['a later beginning', [column(5, 6, 7), column(6, 7)], false],
    ['an earlier end', [column(5, 6, 7), column(5, 6)], false],
    ['as many minutes, but others', [column(5, 6), column(6, 7)], false],
    ['one that has none', [column(5), column()], false],
  ] as const)('%s', (_, columns, expected) => {
    expect(haveSameMinutes(columns)).toBe(expected);
  });
});
