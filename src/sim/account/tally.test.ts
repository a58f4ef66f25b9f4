import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tally } from './tally.ts';

it('adds whole numbers of any size exactly', () => {
  const amounts = fc.array(fc.integer({ min: -(2 ** 51), max: 2 ** 51 }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), amounts, (start, all) => {
      const tally = new Tally(start);
      for (const units of all) tally.add(units);
      const sum = all.reduce((total, units) => total + BigInt(units), start);
      expect(tally.number).toBeCloseTo(Number(sum), -6);
      expect(tally.exact).toBe(sum);
    }),
    { numRuns: 1_000 },
  );
});
