/** Curves: where the axis has its values, and more values than there are dots. */
import { describe, expect, it } from 'vitest';
import { lineChart } from './chart.ts';

describe('a value of the axis', () => {
  it.each([3, 4, 5, 7, 8])('stands where the curve has it, of %i rows', (height) => {
    const values = [0, ...Array.from({ length: 60 }, () => 50), 100];
    const lines = lineChart(values, { width: 60, height }, String);
    const rowWith = (label: string) => lines.findIndex((line) => line.trimStart().startsWith(`${label} ┤`));
    const isDrawn = (line = '', column: number) => line.split('┤')[1]?.at(column) !== String.fromCharCode(0x2800);
    expect(isDrawn(lines[rowWith('50')], 25), '50, all the way through the middle').toBe(true);
    expect(isDrawn(lines[rowWith('0')], 0), '0, at the beginning').toBe(true);
    expect(isDrawn(lines[rowWith('100')], -1), '100, at the end').toBe(true);
  });
});

describe('a curve of more values than dots', () => {
  const dotsIn = (line = '') => Array.from(line.slice(line.indexOf('┤') + 1), (cell) => cell.charCodeAt(0) - 0x2800);
  const chart = (dipAt: number, dip: number) =>
    lineChart(
      Array.from({ length: 2_000 }, (_, i) => (i === dipAt ? dip : 1_000)),
      { width: 40, height: 4 },
      String,
    );

  it.each([3, 777, 1_001, 1_998])('shows the deepest fall wherever it was: value %i', (at) => {
    const lines = chart(at, 900);
    expect(
      dotsIn(lines.at(-1)).some((dots) => dots !== 0),
      'down to its label',
    ).toBe(true);
    expect(
      dotsIn(lines[0]).every((dots) => dots !== 0),
      'and the rest along the top',
    ).toBe(true);
  });
});
