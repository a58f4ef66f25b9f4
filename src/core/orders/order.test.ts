/** Client ids: a pure function of what an order is for, and back. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { type ClientIdParts, clientIdOf, type OrderRole, partsOfClientId } from './order.ts';

const ROLES: readonly OrderRole[] = ['entry', 'rung', 'stop', 'target', 'partial', 'close'];

const anyParts: fc.Arbitrary<ClientIdParts> = fc.record({
  run: fc.stringMatching(/^[a-z0-9]{4}$/),
  position: fc.integer({ min: 0, max: 36 ** 6 - 1 }),
  role: fc.constantFrom(...ROLES),
  step: fc.integer({ min: 0, max: 36 ** 2 - 1 }),
  attempt: fc.integer({ min: 0, max: 36 ** 2 - 1 }),
  part: fc.integer({ min: 0, max: 35 }),
});

const KEYS = ['run', 'position', 'role', 'step', 'attempt', 'part'] as const satisfies readonly (keyof ClientIdParts)[];

describe('a client id', () => {
  it('says again what it was made of, in 18 letters and digits', LAW, () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        const clientId = clientIdOf(parts);
        expect(clientId).toMatch(/^[a-z0-9]{18}$/);
        expect(partsOfClientId(clientId)).toEqual(parts);
      }),
      { numRuns: long(1000, 50_000) },
    );
  });

  it('is one order’s alone: two that differ in anything have different ids', LAW, () => {
    let alone = 0;
    fc.assert(
      fc.property(anyParts, anyParts, fc.subarray([...KEYS]), (a, other, differing) => {
        const b = { ...a, ...Object.fromEntries(differing.map((key) => [key, other[key]])) };
        const isSame = KEYS.every((key) => a[key] === b[key]);
        if (!isSame && differing.length === 1) alone += 1;
        expect(clientIdOf(a) === clientIdOf(b)).toBe(isSame);
      }),
      { numRuns: long(10_000, 50_000) },
    );
    expect(alone, 'in one thing alone').toBeGreaterThan(1000);
  });

  it.each([
    '',
    'abc',
    'rwtest',
    'rwTEST000001e00010',
    'rwtest000001x00010',
    'rwtest000001e000101',
    'b1wtest00001e00010',
  ])('of somebody else ("%s") says nothing', (clientId) => {
    expect(partsOfClientId(clientId)).toBeUndefined();
  });

  it.each([
    ['a run of five', { run: 'abcde' }],
    ['a run in capitals', { run: 'ABCD' }],
    ['a position that does not fit', { position: 36 ** 6 }],
    ['a part of an attempt', { attempt: 1.5 }],
    ['a negative step', { step: -1 }],
    ['no number', { position: Number.NaN }],
  ])('is not made of %s', (_fact, bend) => {
    const parts = { run: 'test', position: 1, role: 'entry', step: 0, attempt: 1, part: 0, ...bend } as const;
    expect(() => clientIdOf(parts as ClientIdParts)).toThrow(RangeError);
  });
});
