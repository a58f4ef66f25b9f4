/** The guard of partial take-profits (ladder.md §5): each guard just inside, at and past its limit, long and short. */
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { effectivePolicy } from '../../config/index.ts';
import { type Arithmetic, fractions, roundedUnits } from '../numbers/arithmetic.ts';
import { decimal, formatUnits } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import type { Policy, Profile, Regime } from '../policy.ts';
import { PROFILES, REGIMES } from '../policy.ts';
import { PARTIAL_GUARDS } from '../refusal.ts';
import { explainPartial, judgePartial, type PartialSituation, readPartial } from './partial.ts';

interface PartialText {
  readonly side: Side;
  readonly sizeLots: number;
  readonly entryLots: number;
  readonly average: string;
  readonly price: string;
  readonly lotsMin: number;
  readonly profile: Profile;
  readonly regime: Regime;
  readonly planned: string;
  readonly entryFeeRate: string;
  readonly exitFeeRate: string;
}

/** 1000 lots worth 0.1 USDT each, 10 % in profit; half of them are to be closed. */
function good(side: Side): PartialText {
  return {
    side,
    sizeLots: 1000,
    entryLots: 1000,
    average: side === 1 ? '90' : '110',
    price: '100',
    lotsMin: 1,
    profile: 'small',
    regime: 'ranging',
    planned: '0.5',
    entryFeeRate: '0.0002',
    exitFeeRate: '0.0005',
  };
}

function situation(text: PartialText): <N>(m: Arithmetic<N>) => PartialSituation<N> {
  return (m) => ({
    ...text,
    average: m.of(decimal(text.average)),
    price: m.of(decimal(text.price)),
    coinsPerLot: m.of(decimal('0.001')),
    planned: decimal(text.planned),
    entryFeeRate: m.of(decimal(text.entryFeeRate)),
    exitFeeRate: m.of(decimal(text.exitFeeRate)),
  });
}

/** In fractions; fails where doubles with a doubt say otherwise. */
function judged(policy: Policy, text: PartialText) {
  const exact = explainPartial(policy, situation(text)(fractions));
  const { code, partLots } = judgePartial(policy, situation(text));
  if (code !== exact.code || partLots !== exact.partLots)
    throw new Error(`in fractions ${exact.code} ${exact.partLots}, in doubles ${code} ${partLots}`);
  const gates = readPartial(policy, situation(text)(fractions));
  expect(gates.find(({ ok }) => ok === false)?.code ?? null, 'read as it is judged').toBe(code);
  return exact;
}

const DEFAULT = effectivePolicy();

describe.each([
  ['long', 1],
  ['short', -1],
] as const)('a partial of a %s', (_name, side) => {
  /** Average at which a part of 500 lots earns exactly its fees: no fees on the exit, none on the entry. */
  const free = { entryFeeRate: '0', exitFeeRate: '0' };
  // biome-ignore format: a table
  const rows: readonly (readonly [code: string, what: string, inside: Partial<PartialText>, at: Partial<PartialText>, past: Partial<PartialText>])[] = [
    // guard                     weighed              closes                                    closes at the limit                        held
    ['position-below-min-value', 'USDT, choppy',      { sizeLots: 31, entryLots: 31, regime: 'choppy', planned: '1' }, { sizeLots: 30, entryLots: 30, regime: 'choppy', planned: '1' }, { sizeLots: 29, entryLots: 29, regime: 'choppy', planned: '1' }],
    ['partial-below-min-size',   'lots',              { lotsMin: 499 },                         { lotsMin: 500 },                          { lotsMin: 501 }],
    ['partial-below-min-value',  'USDT, small',       { planned: '0.031' },                     { planned: '0.03' },                       { planned: '0.02999999' }],
    ['partial-below-min-value',  'USDT, trending',    { planned: '0.061', regime: 'trending' }, { planned: '0.06', regime: 'trending' },   { planned: '0.05999999', regime: 'trending' }],
    ['partial-below-min-value',  'USDT, never above 10', { planned: '0.11', profile: 'large', regime: 'trending' }, { planned: '0.1', profile: 'large', regime: 'trending' }, { planned: '0.09999999', profile: 'large', regime: 'trending' }],
    ['remainder-below-min-size', 'lots left',         { planned: '0.699', lotsMin: 300 },       { planned: '0.7', lotsMin: 300 },          { planned: '0.701', lotsMin: 300 }],
    ['partial-unprofitable',     'USDT',              { ...free, average: String(100 - side) }, { ...free, average: String(100 - side * 0.00000001) }, { ...free, average: '100' }],
    ['partial-unprofitable',     'after fees',        { average: new Big(100).minus(side * 0.0701).toFixed() }, { average: new Big(100).minus(side * 0.0701).toFixed() }, { average: new Big(100).minus(side * 0.0699).toFixed() }],
  ];

  it('with room for everything closes half', () => {
    expect(judged(DEFAULT, good(side))).toMatchObject({ code: null, partLots: 500 });
  });

  it.each(rows)('%s: %s', (code, _what, inside, at, past) => {
    expect(judged(DEFAULT, { ...good(side), ...inside }).code, 'closes').toBeNull();
    expect(judged(DEFAULT, { ...good(side), ...at }).code, 'closes at the limit').toBeNull();
    expect(judged(DEFAULT, { ...good(side), ...past }).code, 'held').toBe(code);
  });

  it('is held by the first guard that holds, and every guard has a row', () => {
    expect(new Set(rows.map(([code]) => code))).toEqual(new Set(PARTIAL_GUARDS));
    const tiny = { ...good(side), sizeLots: 10, entryLots: 10, lotsMin: 9, average: '100', planned: '0.5' };
    expect(judged(DEFAULT, tiny).code).toBe('position-below-min-value');
    expect(judged(DEFAULT, { ...tiny, sizeLots: 40, entryLots: 40, lotsMin: 21 }).code).toBe('partial-below-min-size');
    expect(judged(DEFAULT, { ...tiny, sizeLots: 40, entryLots: 40, lotsMin: 15, planned: '0.7' }).code).toBe(
      'partial-below-min-value',
    );
    expect(judged(DEFAULT, { ...tiny, sizeLots: 100, entryLots: 100, lotsMin: 40, planned: '0.7' }).code).toBe(
      'remainder-below-min-size',
    );
    expect(judged(DEFAULT, { ...tiny, sizeLots: 100, entryLots: 100, lotsMin: 30, planned: '0.7' }).code).toBe(
      'partial-unprofitable',
    );
  });

  it('is read whole: every guard with its value and limit, the ones after the first that holds too', () => {
    const tiny = { ...good(side), sizeLots: 29, entryLots: 29, lotsMin: 20, average: '100' };
    // biome-ignore format: a table
    expect(readPartial(DEFAULT, situation(tiny)(fractions))).toEqual([
      { code: 'position-below-min-value', ok: false, value: '2.9',    limit: '3'  },
      { code: 'partial-below-min-size',   ok: false, value: '14',     limit: '20' },
      { code: 'partial-below-min-value',  ok: false, value: '1.4',    limit: '3'  },
      { code: 'remainder-below-min-size', ok: false, value: '15',     limit: '20' },
      { code: 'partial-unprofitable',     ok: false, value: '-0.00098', limit: '0' },
    ]);
  });

  it('that leaves a single lot is held where the smallest order is two, and one that leaves none is not', () => {
    const leaving = (planned: string) => judged(DEFAULT, { ...good(side), lotsMin: 2, planned });
    expect(leaving('0.999')).toMatchObject({ partLots: 999, code: 'remainder-below-min-size' });
    expect(leaving('0.998')).toMatchObject({ partLots: 998, code: null });
    expect(leaving('1')).toMatchObject({ partLots: 1000, code: null });
  });

  it('D10: a whole position below the minimum is held, never enlarged to a full close', () => {
    const { code, partLots } = judged(DEFAULT, { ...good(side), sizeLots: 29, entryLots: 29 });
    expect(code).toBe('position-below-min-value');
    expect(partLots).toBe(14);
  });
});

describe('the fraction', () => {
  const shown = (text: Partial<PartialText>) =>
    formatUnits(roundedUnits(judged(DEFAULT, { ...good(1), ...text }).fraction, 8, 'floor'), 8);

  // biome-ignore format: a table
  it.each([
    // size   entry  planned  fraction
    [1000,    1000,  '0.5',   '0.5'],
    [2000,    1000,  '0.5',   '0.33333333'],
    [3700,    1000,  '0.5',   '0.21276595'],
    [9000,    1000,  '0.5',   '0.2'],
    [ 500,    1000,  '0.5',   '0.5'],
    [9000,    1000,  '0.1',   '0.1'],
    [1000,    1000,  '1',     '1'],
  ] as const)('of %i lots, grown from %i, planned %s is %s', (sizeLots, entryLots, planned, fraction) => {
    expect(shown({ sizeLots, entryLots, planned })).toBe(fraction);
  });

  it('is never more than all of it, whatever was planned', () => {
    expect(judged(DEFAULT, { ...good(1), planned: '1.5' })).toMatchObject({ partLots: 1000 });
  });
});

describe('the smallest value', () => {
  it('is by profile and regime, never above 10 USDT', () => {
    const least = PROFILES.map((profile) =>
      REGIMES.map((regime) => {
        for (let lots = 1; lots <= 200; lots++)
          if (
            judged(DEFAULT, { ...good(1), sizeLots: lots, entryLots: lots, profile, regime, planned: '1' }).code ===
            null
          )
            return lots / 10;
        return undefined;
      }),
    );
    expect(least).toEqual([
      [6, 3, 3],
      [10, 5, 5],
      [10, 10, 10],
    ]);
  });
});

describe('laws of partials', () => {
  const any = fc.record({
    side: fc.constantFrom<Side>(1, -1),
    sizeLots: fc.integer({ min: 1, max: 100_000 }),
    entryLots: fc.integer({ min: 1, max: 100_000 }),
    average: fc.constantFrom('99.93', '100.07', '90', '95', '105', '110', '99.929982', '100.0700490'),
    price: fc.constantFrom('100', '99.99999999', '100.00000001', '3.1'),
    lotsMin: fc.integer({ min: 1, max: 500 }),
    profile: fc.constantFrom(...PROFILES),
    regime: fc.constantFrom(...REGIMES),
    planned: fc.constantFrom('0', '0.3', '0.5', '0.03', '1', '0.333333333333', '0.7', '0.5'),
    entryFeeRate: fc.constantFrom('0.0002', '0.0005', '-0.0001', '0.000351'),
    exitFeeRate: fc.constantFrom('0.0002', '0.0005', '0'),
  });

  it(
    'a part never exceeds the position; what closes is whole lots of at least the smallest order, worth it, and earns',
    LAW,
    () => {
      let closed = 0;
      fc.assert(
        fc.property(any, (text) => {
          // `judged` throws where doubles with a doubt and fractions differ.
          const { code, partLots, netProfit, value } = judged(DEFAULT, text);
          expect(partLots).toBeLessThanOrEqual(text.sizeLots);
          if (code !== null) return;
          closed += 1;
          expect(partLots).toBeGreaterThanOrEqual(text.lotsMin);
          const left = text.sizeLots - partLots;
          expect(left === 0 || left >= text.lotsMin).toBe(true);
          expect(fractions.compare(netProfit, fractions.zero)).toBe(1);
          expect(fractions.compare(value, fractions.of(decimal('3')))).toBeGreaterThanOrEqual(0);
          expect(partLots / text.sizeLots).toBeLessThanOrEqual(Number(text.planned));
        }),
        { numRuns: long(4000, 50_000) },
      );
      expect(closed, 'enough of them close').toBeGreaterThanOrEqual(1000);
    },
  );
});
