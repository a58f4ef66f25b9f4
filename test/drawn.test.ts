import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

function casesOf(numRuns: number): number[] {
  const cases: number[] = [];
  fc.assert(
    fc.property(fc.integer(), (drawn) => {
      cases.push(drawn);
    }),
    { numRuns },
  );
  return cases;
}

describe('what laws are shown', () => {
  it.skipIf(process.env['RUNGWISE_LONG'] === '1')('is the same again', () => {
    const cases = casesOf(50);
    expect(new Set(cases).size, 'they differ among themselves').toBeGreaterThan(25);
    expect(casesOf(50)).toEqual(cases);
  });

  it.runIf(process.env['RUNGWISE_LONG'] === '1')('is something else each time, where there is time', () => {
    expect(casesOf(50)).not.toEqual(casesOf(50));
  });
});
