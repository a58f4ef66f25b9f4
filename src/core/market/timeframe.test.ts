import { describe, expect, it } from 'vitest';
import { CandleBuilder } from './timeframe.ts';

/** Minute, then the price of that minute: open and close are it, high is 1 above, low 1 below, volume 10. */
function build(minutes: number, rows: readonly (readonly [number, number])[]): string[] {
  const builder = new CandleBuilder(minutes);
  const closed: string[] = [];
  const note = (): void => {
    const { endMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots } = builder;
    closed.push([endMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots].join(' '));
  };
  for (const [minute, price] of rows) {
    if (builder.isOverdue(minute)) {
      builder.closeOverdue();
      note();
    }
    if (builder.add(minute, price, price + 1, price - 1, price, 10)) note();
  }
  return closed;
}

describe('higher candles', () => {
  it.each([
    [
      'close with the candle of their last minute',
      [
        [0, 5],
        [1, 9],
        [2, 3],
        [3, 4],
        [4, 7],
      ],
      ['5 5 10 2 7 50'],
    ],
    [
      'follow one another',
      [
        [0, 5],
        [1, 5],
        [2, 5],
        [3, 5],
        [4, 5],
        [5, 6],
        [6, 6],
        [7, 6],
        [8, 6],
        [9, 6],
      ],
      ['5 5 6 4 5 50', '10 6 7 5 6 50'],
    ],
    [
      'are made of the minutes there are',
      [
        [0, 5],
        [2, 8],
        [4, 7],
      ],
      ['5 5 9 4 7 30'],
    ],
    [
      'close late where the next minute there is opens at their end',
      [
        [0, 5],
        [3, 6],
        [5, 9],
        [9, 9],
      ],
      ['5 5 7 4 6 20', '10 9 10 8 9 20'],
    ],
    [
      'close late where the last minute is missing',
      [
        [0, 5],
        [1, 6],
        [6, 9],
      ],
      ['5 5 7 4 6 20'],
    ],
    [
      'do not exist for a span without a minute',
      [
        [0, 5],
        [4, 5],
        [12, 9],
        [14, 8],
      ],
      ['5 5 6 4 5 20', '15 9 10 7 8 20'],
    ],
    [
      'leave out a first span that was entered in its middle',
      [
        [2, 5],
        [3, 5],
        [4, 5],
        [5, 6],
        [9, 7],
      ],
      ['10 6 8 5 7 20'],
    ],
    [
      'leave it out once: a later span may lack its first minute',
      [
        [0, 5],
        [4, 5],
        [6, 6],
        [9, 7],
      ],
      ['5 5 6 4 5 20', '10 6 8 5 7 20'],
    ],
    [
      'close both: one late, one with its last minute',
      [
        [0, 5],
        [9, 7],
      ],
      ['5 5 6 4 5 10', '10 7 8 6 7 10'],
    ],
  ] as const)('%s', (_name, rows, candles) => {
    expect(build(5, rows)).toEqual(candles);
  });

  it('of one minute are the minutes themselves', () => {
    expect(
      build(1, [
        [0, 5],
        [1, 6],
        [3, 7],
      ]),
    ).toEqual(['1 5 6 4 5 10', '2 6 7 5 6 10', '4 7 8 6 7 10']);
  });
});
