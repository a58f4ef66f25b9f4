import { expect, it } from 'vitest';
import { firstAfter } from './minutes.ts';

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
