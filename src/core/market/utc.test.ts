import fc from 'fast-check';
import { expect, it } from 'vitest';
import { utcText } from './utc.ts';

it('a moment is told as its minute of the calendar, as the platform tells it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) }), (ms) => {
      expect(utcText(ms)).toBe(`${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`);
    }),
    { numRuns: 2_000 },
  );
});
