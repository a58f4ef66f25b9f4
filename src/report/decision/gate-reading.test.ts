/** No number that a gate weighed is shown without its unit, whichever code refused; none is called by another's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { additionCases, entryCases, wildAdditionCases } from '../../../test/gate-cases.ts';
import { treeOf } from '../../../test/reckoned-gates.ts';
import { judgedAddition, judgedEntry } from '../../../test/situations.ts';
import { operateEn } from '../../cli/texts/operate-en.ts';
import { operateRu } from '../../cli/texts/operate-ru.ts';
import { effectivePolicy } from '../../config/index.ts';
import { readPartial } from '../../core/exits/partial.ts';
import { fractions } from '../../core/numbers/arithmetic.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import {
  ADDITION_GATES,
  ENTRY_GATES,
  type GateReading,
  PARTIAL_GUARDS,
  type RefusalCode,
  RUNNING_ADDITION_GATES,
} from '../../core/refusal.ts';
import { REPORT_TEXTS } from '../words/texts.ts';
import { type GateUnit, shownReading } from './gate-reading.ts';

/** Units in which each code may be read. */
const UNITS: Readonly<Record<Exclude<RefusalCode, 'decision-failed'>, readonly GateUnit[]>> = {
  halted: ['fact'],
  'state-unknown': ['fact'],
  'price-stale': ['ms', 'percent'],
  'order-in-flight': ['orders'],
  'no-position': ['fact'],
  'opposite-side': ['fact'],
  'additions-exhausted': ['rungs'],
  'interval-too-short': ['ms'],
  'loss-too-deep': ['percent'],
  'profit-too-small': ['percent'],
  'leverage-unknown': ['fact'],
  'rung-too-small': ['contracts', 'usdt'],
  'position-too-large': ['usdt'],
  'margin-not-free': ['usdt'],
  'position-margin-too-large': ['usdt'],
  'positions-at-limit': ['positions'],
  'liquidation-too-near': ['usdt-of-price'],
  'exposure-too-large': ['usdt'],
  'funding-near': ['ms', 'percent'],
  'edge-below-cost': ['share'],
  'trend-against': ['fact'],
  'reentry-wait': ['ms'],
  'entry-too-small': ['contracts', 'usdt'],
  'worst-case-too-large': ['usdt'],
  'position-below-min-value': ['usdt'],
  'partial-below-min-size': ['contracts'],
  'partial-below-min-value': ['usdt'],
  'remainder-below-min-size': ['contracts'],
  'partial-unprofitable': ['usdt'],
};

function partialGates(sizeLots: number, planned: string): readonly GateReading[] {
  const n = (text: string) => fractions.of(decimal(text));
  return readPartial(effectivePolicy(), {
    side: 1,
    sizeLots,
    entryLots: sizeLots,
    average: n('90'),
    price: n('100'),
    lotsMin: 10,
    coinsPerLot: n('0.001'),
    profile: 'small',
    regime: 'ranging',
    planned: decimal(planned),
    entryFeeRate: n('0.0002'),
    exitFeeRate: n('0.0005'),
  });
}

describe('what a gate read', () => {
  it('has the unit of what was weighed, of every code, passed or not', () => {
    const seen = new Map<RefusalCode, Set<GateUnit>>();
    const look = (reading: GateReading) => {
      const { code, value, limit, unit } = shownReading(reading, BTC_SWAP);
      if (value === null || limit === null) return expect(unit).toBe(undefined);
      expect(unit, `${code}: ${value}, ${limit}`).toBeDefined();
      const units = seen.get(code) ?? new Set();
      seen.set(code, units.add(unit as GateUnit));
      if (unit !== 'fact') for (const number of [value, limit]) expect(number, code).toMatch(/^-?\d+(\.\d+)?$/);
    };
    fc.assert(
      fc.property(fc.oneof(additionCases, wildAdditionCases), ({ configured, text }) => {
        judgedAddition(effectivePolicy(treeOf(configured, text)), text).gates?.forEach(look);
      }),
      { numRuns: 1_200 },
    );
    fc.assert(
      fc.property(entryCases, ({ configured, text }) => {
        judgedEntry(effectivePolicy(treeOf(configured, text)), text).gates?.forEach(look);
      }),
      { numRuns: 1_200 },
    );
    for (const [size, planned] of [
      [1_000, '0.5'],
      [10, '0.5'],
    ] as const)
      partialGates(size, planned).forEach(look);
    const codes = new Set([...ADDITION_GATES, ...RUNNING_ADDITION_GATES, ...ENTRY_GATES, ...PARTIAL_GUARDS]);
    expect(new Set(seen.keys())).toEqual(codes);
    for (const code of codes) expect([...(seen.get(code) ?? [])].toSorted(), code).toEqual([...UNITS[code]].toSorted());
  });

  it.each(Object.values(UNITS).flat())('%s has a word in either language, unless it is no number', (unit) => {
    for (const { operate } of [operateEn, operateRu]) expect(operate.units[unit] === '').toBe(unit === 'fact');
  });

  it.each(Object.keys(UNITS) as (keyof typeof UNITS)[])('%s has a sentence in either language', (code) => {
    expect(REPORT_TEXTS.en.codes[code]).toMatch(/[a-z] [a-z]/);
    expect(REPORT_TEXTS.ru.codes[code]).toMatch(/[а-яё]/);
  });

  it('is in contracts where it was in lots', () => {
    const reading: GateReading = { code: 'rung-too-small', ok: false, value: '12', limit: '100', unit: 'lots' };
    expect(shownReading(reading, BTC_SWAP)).toEqual({
      code: 'rung-too-small',
      ok: false,
      value: '0.12',
      limit: '1',
      unit: 'contracts',
    });
    expect(shownReading(reading, undefined)).toEqual(reading);
  });

  it.each(['price-stale', 'funding-near'] as const)(
    'of %s is in the unit that it names, however large it is',
    (code) => {
      for (const unit of ['ms', 'percent'] as const)
        for (const limit of ['1', '50', '60000'])
          expect(shownReading({ code, ok: false, value: '70000', limit, unit }, BTC_SWAP).unit).toBe(unit);
    },
  );

  it('of an older journal has no unit where it may have been either', () => {
    expect(shownReading({ code: 'rung-too-small', ok: false, value: '3', limit: '5' }, BTC_SWAP).unit).toBe(undefined);
    expect(shownReading({ code: 'price-stale', ok: false, value: '2500', limit: '2000' }, BTC_SWAP).unit).toBe('ms');
  });
});
