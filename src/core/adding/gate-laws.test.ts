/** Laws of the gates: what is approved, and what is refused and why, reckoned anew over thousands of situations, most of them with room. */
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { additionCases, entryCases, wildAdditionCases } from '../../../test/gate-cases.ts';
import { LAW, long } from '../../../test/long.ts';
import {
  type Configured,
  freeMarginOf,
  inTheWayOfAddition,
  inTheWayOfEntry,
  lotValueOf,
  marginMaxOf,
  rungLotsOf,
  treeOf,
} from '../../../test/reckoned-gates.ts';
import {
  type AdditionText,
  decidedInDoubles,
  judgedAddition,
  judgedEntry,
  RUNNING,
  roomyAddition,
  type SituationText,
} from '../../../test/situations.ts';
import { effectivePolicy } from '../../config/index.ts';
import { Doubles } from '../numbers/arithmetic.ts';
import type { Side } from '../numbers/units.ts';
import { ADDITION_GATES, type AdditionGate, ENTRY_GATES, RUNNING_ADDITION_GATES } from '../refusal.ts';

const RUNS = long(5_000, 50_000);
/** Approvals that each law must have judged. */
const CASES = 1_000;

const ALL_ADDITION_GATES = [...ADDITION_GATES, ...RUNNING_ADDITION_GATES];

/** How often each gate was in the way, and how often none was. */
class Tally {
  readonly #counts = new Map<string, number>();

  count(codes: readonly string[]): void {
    for (const code of codes.length === 0 ? ['none'] : codes) this.#counts.set(code, this.of(code) + 1);
  }

  of(code: string): number {
    return this.#counts.get(code) ?? 0;
  }

  /** The least often met of these. */
  least(codes: readonly string[]): number {
    return Math.min(...codes.map((code) => this.of(code)));
  }
}

/** The caps in the words of the papers, of what was approved. */
function expectFits(
  { positionValueMax }: Configured,
  text: SituationText,
  order: { readonly sizeLots: number; readonly cost: string; readonly valueNow: string; readonly leverage: number },
): void {
  const { sizeLots, cost, valueNow, leverage: times } = order;
  expect(Number.isSafeInteger(sizeLots) && sizeLots >= text.lotsMin, 'whole lots').toBe(true);
  const added = lotValueOf(text).times(sizeLots);
  expect(added.lte(freeMarginOf(text).times('0.8').times(times)), 'margin that is free').toBe(true);
  expect(added.plus(cost).lte(marginMaxOf(text).times(times)), 'margin of the position').toBe(true);
  expect(added.plus(valueNow).lte(positionValueMax), 'value of the position').toBe(true);
  expect(added.plus(text.totalExposure).lte(new Big(text.balance).times(3)), 'exposure').toBe(true);
}

const DEFAULT = effectivePolicy();

/** Verdict on the roomy addition, bent. */
function codeOf(
  of: Side,
  { position, ...bends }: Omit<Partial<AdditionText>, 'position'> & { readonly position: object },
): AdditionGate | null {
  const roomy = roomyAddition(of);
  return judgedAddition(DEFAULT, { running: RUNNING, ...roomy, ...bends, position: { ...roomy.position, ...position } })
    .code;
}

/** The way to the target is a share of a price, which a mirror changes: here it is far. */
const FAR = { ...RUNNING, expectedMove: '1' };

describe('laws of the gates', () => {
  it(
    'an approved addition spends no margin that is not free, breaks no cap, is whole lots of at least the smallest order and never past the maximum; what is refused is so by the first gate in its way',
    LAW,
    () => {
      const met = new Tally();
      decidedInDoubles.count = 0;
      const cases = fc.oneof({ weight: 4, arbitrary: additionCases }, { weight: 1, arbitrary: wildAdditionCases });
      fc.assert(
        fc.property(cases, ({ configured, text }) => {
          const reckoned = inTheWayOfAddition(ALL_ADDITION_GATES, configured, text);
          met.count(reckoned);
          // `judgedAddition` throws where doubles and fractions differ.
          const { code, sizeLots, gates } = judgedAddition(effectivePolicy(treeOf(configured, text)), text);
          expect(gates?.filter(({ ok }) => ok === false).map((gate) => gate.code)).toEqual(reckoned);
          expect([code, sizeLots]).toEqual(
            reckoned[0] === undefined ? [null, rungLotsOf(configured, text)] : [reckoned[0], 0],
          );
          const { position } = text;
          if (code !== null || position?.leverage === undefined) return;
          const valueNow = new Big(position.coins).times(text.price).toFixed();
          expectFits(configured, text, { sizeLots, cost: position.cost, valueNow, leverage: position.leverage });
          expect(position.additionsMade).toBeLessThan(7);
          const largest = new Big(position.base).times('1.21');
          expect(lotValueOf(text).times(sizeLots).lte(largest), 'no rung above the largest coefficient').toBe(true);
        }),
        { numRuns: RUNS },
      );
      expect(met.of('none'), 'approvals').toBeGreaterThanOrEqual(CASES);
      expect(met.least(ALL_ADDITION_GATES), 'of each gate').toBeGreaterThan(5);
      expect(decidedInDoubles.count, 'doubles decide most of them').toBeGreaterThan(RUNS / 4);
    },
  );

  it(
    'an approved entry spends no margin that is not free, breaks no cap and no worst case, and is whole lots of at least the smallest order; what is refused is so by the first gate in its way',
    LAW,
    () => {
      const met = new Tally();
      decidedInDoubles.count = 0;
      fc.assert(
        fc.property(entryCases, ({ configured, text }) => {
          const reckoned = inTheWayOfEntry(ENTRY_GATES, configured, text);
          met.count(reckoned);
          const { code, sizeLots, gates } = judgedEntry(effectivePolicy(treeOf(configured, text)), text);
          expect(gates?.filter(({ ok }) => ok === false).map((gate) => gate.code)).toEqual(reckoned);
          expect([code, sizeLots]).toEqual(reckoned[0] === undefined ? [null, text.sizeLots] : [reckoned[0], 0]);
          if (code !== null) return;
          expectFits(configured, text, { sizeLots, cost: '0', valueNow: '0', leverage: text.leverage });
          expect(new Big(text.worstCaseLoss).lte(new Big(text.balance).times('0.15')), 'worst case').toBe(true);
        }),
        { numRuns: RUNS },
      );
      expect(met.of('none'), 'approvals').toBeGreaterThanOrEqual(CASES);
      expect(met.least(ENTRY_GATES), 'of each gate').toBeGreaterThan(5);
      expect(decidedInDoubles.count, 'doubles decide most of them').toBeGreaterThan(RUNS / 4);
    },
  );
  it('and a hair decides: at the limit it passes, the smallest amount past it it does not, whatever price, size and account', () => {
    const hairs = fc.constantFrom('0', '0.00000001', '-0.00000001', '0.0000000001', '-0.0000000001');
    const balances = fc.oneof(
      fc.integer({ min: 100_000, max: 149_999 }),
      fc.bigInt({ min: 10n ** 6n, max: 10n ** 14n }),
    );
    decidedInDoubles.count = 0;
    fc.assert(
      fc.property(
        fc.constantFrom<Side>(1, -1),
        fc.constantFrom('exposure-too-large', 'margin-not-free', 'loss-too-deep'),
        fc.constantFrom('0.8', '1.25', '3.2', '12.5', '31.25', '80', '312.5'),
        fc.integer({ min: 10_007, max: 19_993 }),
        balances,
        hairs,
        (of, code, price, baseCents, cents, hair) => {
          const balance = new Big(String(cents)).div(100);
          const base = new Big(baseCents).div(100);
          const lot = new Big('0.001').times(price);
          const added = base.times('0.72').div(lot).round(0, Big.roundDown).times(lot);
          const past = new Big(hair);
          // −2 % of margin at 5x: the position is worth 249/250 (a short 251/250) of its cost
          const cost = new Big(100).plus(code === 'loss-too-deep' ? past.times(of) : 0);
          const worth = code === 'loss-too-deep' ? new Big(100).times(new Big(250).minus(of)).div(250) : new Big(100);
          const text = {
            price,
            signalPrice: new Big(price).times('1.001').toFixed(),
            balance: balance.toFixed(),
            totalExposure: balance
              .times(3)
              .minus(added)
              .plus(code === 'exposure-too-large' ? past : -1)
              .toFixed(),
            marginUsed: balance
              .minus(added.div('4'))
              .plus(code === 'margin-not-free' ? past : -1)
              .toFixed(),
            position: {
              base: base.toFixed(),
              cost: cost.toFixed(),
              coins: worth.div(price).toFixed(),
              stopPrice: price,
            },
          };
          expect(codeOf(of, text)).toBe(past.gt(0) ? code : null);
        },
      ),
      { numRuns: long(1000, 50_000) },
    );
    expect(decidedInDoubles.count, 'and doubles decide some of them').toBeGreaterThan(10);
  });

  it('doubles alone would not: there are ties where they doubt', () => {
    const doubles = new Doubles();
    doubles.compare(0.1 + 0.2, 0.3);
    expect(doubles.doubtful).toBe(true);
  });

  it('a long and its mirrored short are judged alike', LAW, () => {
    const met = new Tally();
    fc.assert(
      fc.property(
        fc.integer({ min: -400, max: 400 }),
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: 1, max: 50 }),
        fc.constantFrom('0', '2800', '2928', '2928.00000001'),
        (move, additionsMade, leverage, totalExposure) => {
          const of = (each: Side) =>
            codeOf(each, {
              totalExposure,
              position: { additionsMade, leverage, coins: new Big(1).plus(new Big(each * move).div(10_000)).toFixed() },
              maintenanceRate: '0',
              takerFeeRate: '0',
              running: FAR,
            });
          const code = of(1);
          met.count(code === null ? [] : [code]);
          // The position's value differs by the move: with room to spare on value, margin and edge the verdicts are mirrored.
          expect(of(-1)).toBe(code);
        },
      ),
      { numRuns: long(1000, 10_000) },
    );
    expect(met.of('none'), 'some are approved').toBeGreaterThan(100);
    expect(met.of('loss-too-deep'), 'some are not').toBeGreaterThan(100);
  });
});
