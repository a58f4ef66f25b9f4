import { describe, expect, it } from 'vitest';
import { wholeOf } from './input.ts';

describe('a whole number that a client sends', () => {
  it.each([
    ['5', 5],
    [5, 5],
    ['', 100],
    ['100000', 500],
  ])('%j is %d', (limit, read) => {
    expect(wholeOf({ limit }, 'limit', 1, 500, 100)).toBe(read);
  });

  it.each(['0', '-1', '1.5', '1e2', '0x10', ' 5', 'all'])('%j is refused with 51000', (limit) => {
    expect(() => wholeOf({ limit }, 'limit', 1, 500, 100)).toThrow(expect.objectContaining({ code: '51000' }));
  });
});
