/** Sentences in a terminal, broken between words, never within one; and a curve of more values than there are dots. */
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { lineChart, widthOf, wrapped } from './draw.ts';

describe('a sentence', () => {
  it.each([
    ['fits', 'three short words', 20, ['three short words']],
    ['fits exactly', 'three short words', 17, ['three short words']],
    ['is one column too long', 'three short words', 16, ['three short', 'words']],
    ['stands in', '  three short words', 13, ['  three short', '  words']],
    [
      'has a word that is wider than the screen',
      'see state/main/journal.db there',
      10,
      ['see', 'state/main/journal.db', 'there'],
    ],
    ['is empty', '', 10, ['']],
    ['is a row of a table that fits', 'a     b   c', 11, ['a     b   c']],
    ['is Russian', 'уже работает другой бот', 12, ['уже работает', 'другой бот']],
  ])('that %s', (_, text, width, lines) => {
    expect(wrapped(text, width)).toEqual(lines);
  });

  it('keeps its colour, which takes no room', () => {
    const { red } = pc.createColors(true);
    const lines = wrapped(red('three short words'), 11);
    expect(lines.map(widthOf)).toEqual([11, 5]);
    expect(lines.join(' ')).toBe(red('three short words'));
    expect(wrapped(red('  three short'), 8).map(widthOf), 'its beginning stands in all the same').toEqual([7, 7]);
  });
});

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
