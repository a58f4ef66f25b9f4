import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { TradesSeen } from './trades-seen.ts';

/** Mostly the next number, now and then an old one again, one that came late, or no number at all. */
const anyIds = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.constant('next') },
    fc.nat(40).map((back) => `back ${back}`),
    fc.constantFrom('funding 1700000000000', '', '007', '7', 'x', '900719925474099312', '900719925474099313'),
  ),
  { maxLength: 60 },
);

describe('trade ids that were seen', () => {
  it('are known again, whatever order they come in', LAW, () => {
    fc.assert(
      fc.property(anyIds, (kinds) => {
        const seen = new TradesSeen();
        const known = new Set<string>();
        let last = 100;
        for (const kind of kinds) {
          const back = /^back (\d+)$/.exec(kind);
          const id = kind === 'next' ? String((last += 3)) : back === null ? kind : String(last - Number(back[1]));
          expect(seen.add(id), `"${id}" after ${[...known].join(' ')}`).toBe(!known.has(id));
          known.add(id);
        }
        expect(seen.oldestFirst()).toEqual([...known]);
      }),
      { numRuns: long(1000, 20_000) },
    );
  });

  it('are forgotten when 4,096 others have come since, and not before', () => {
    const seen = new TradesSeen();
    for (let id = 1; id <= 5_000; id++) seen.add(String(id));
    expect(seen.oldestFirst()).toEqual(Array.from({ length: 4_096 }, (_, at) => String(905 + at)));
    expect([seen.add('905'), seen.add('904'), seen.add('905')]).toEqual([false, true, true]);
  });

  it('are forgotten so where they have no number, too', () => {
    const seen = new TradesSeen();
    seen.add('funding 1');
    for (let id = 1; id <= 4_095; id++) seen.add(String(id));
    expect(seen.add('funding 1'), '4,095 others').toBe(false);
    seen.add('4096');
    expect([seen.add('funding 1'), seen.add('funding 1')], '4,096 others').toEqual([true, false]);
  });

  it('go on after they were saved and loaded', () => {
    const before = new TradesSeen();
    for (const id of ['5', '9', '7', 'funding 1']) before.add(id);
    const after = new TradesSeen();
    for (const id of before.oldestFirst()) after.add(id);
    expect(['7', '8', '9', 'funding 1', '10'].map((id) => after.add(id))).toEqual([false, true, false, false, true]);
  });
});
