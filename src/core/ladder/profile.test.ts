/** Profile by balance: rising at the threshold, falling 5 % below it (ladder.md §2). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { effectivePolicy } from '../../config/index.ts';
import { Doubles, fractions } from '../numbers/arithmetic.ts';
import { decimal } from '../numbers/decimal.ts';
import { PROFILES, type Profile } from '../policy.ts';
import { profileOf } from './profile.ts';

const POLICY = effectivePolicy();

function profile(balance: string, current?: Profile): Profile {
  return profileOf(fractions, POLICY, fractions.of(decimal(balance)), current);
}

describe('the profile', () => {
  // biome-ignore format: a table
  it.each([
    // balance        before     then
    ['0',             undefined, 'small'],
    ['1499.99999999', undefined, 'small'],
    ['1500',          undefined, 'medium'],
    ['3499.99999999', undefined, 'medium'],
    ['3500',          undefined, 'large'],
    ['1499.99999999', 'small',   'small'],
    ['1500',          'small',   'medium'],
    ['1499.99999999', 'medium',  'medium'],
    ['1425',          'medium',  'medium'],
    ['1424.99999999', 'medium',  'small'],
    ['3499.99999999', 'large',   'large'],
    ['3325',          'large',   'large'],
    ['3324.99999999', 'large',   'medium'],
    ['1425',          'large',   'medium'],
    ['1424.99999999', 'large',   'small'],
    ['3500',          'small',   'large'],
  ] as const)('of %s USDT after %s is %s', (balance, before, then) => {
    expect(profile(balance, before)).toBe(then);
  });

  it('settles: asked again with the same balance it stays', LAW, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500_000 }), fc.constantFrom(...PROFILES), (cents, before) => {
        const once = profileOf(new Doubles(), POLICY, cents / 100, before);
        expect(profileOf(new Doubles(), POLICY, cents / 100, once)).toBe(once);
      }),
      { numRuns: long(1000, 20_000) },
    );
  });
});
