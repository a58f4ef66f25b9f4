/** Sentences in a terminal: broken between words, never within one. */
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { widthOf, wrapped } from './width.ts';

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
