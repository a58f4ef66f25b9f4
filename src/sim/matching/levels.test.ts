import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Levels } from './levels.ts';

it.each([
  ['below', -1],
  ['above', 1],
] as const)('what waits %s the price is met nearest first, the older one first at one level', (side, away) => {
  const items = fc.uniqueArray(fc.record({ levelTicks: fc.integer({ min: 1, max: 6 }), sequence: fc.nat(50) }), {
    selector: ({ sequence }) => sequence,
  });
  fc.assert(
    fc.property(items, fc.nat(), (all, gone) => {
      const levels = new Levels(side);
      for (const each of all) levels.add(each);
      const left = all.filter((_, i) => i !== gone % all.length);
      for (const each of all) if (!left.includes(each)) levels.remove(each);
      const met: unknown[] = [];
      for (let next = levels.nearest; next !== undefined; next = levels.nearest) {
        expect(levels.nearestTicks(0)).toBe(next.levelTicks);
        met.push(next);
        levels.remove(next);
      }
      expect(met).toEqual(left.toSorted((a, b) => away * (a.levelTicks - b.levelTicks) || a.sequence - b.sequence));
      expect([levels.size, levels.nearestTicks(7)]).toEqual([0, 7]);
    }),
  );
});
