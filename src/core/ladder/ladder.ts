/**
 * The ladder: which rung comes next and how large it may be. Source: ladder.md §1–2.
 *
 * A rung is a share of the frozen base, never of the position as it stands (D2).
 */
import { addDecimals, compareDecimals, type Decimal, decimalOf, multiplyDecimals } from '../numbers/decimal.ts';
import type { LadderOverride, Policy, Profile, Regime, ScalingPolicy } from '../policy.ts';
import { REGIMES } from '../policy.ts';

/** The rules that hold for one symbol, profile and regime, every override resolved. */
export interface LadderRules {
  readonly additionsMax: number;
  readonly intervalMs: number;
  /** Zero or below: PnL % under which no rung is added. */
  readonly lossLimitPercent: Decimal;
  readonly profitMinPercent: Decimal | undefined;
  /** Share of the base of each rung, multipliers included; the last repeats. */
  readonly coefficients: readonly Decimal[];
}

/**
 * Resolves general value, profile, symbol and regime.
 *
 * Symbol beats profile beats general, except that the smallest `additionsMax` holds. Of two loss limits the stricter holds (D4), unless
 * `lossLimitRule` is `regime`. A ladder of a profile's or symbol's own has profile multiplier 1: the smaller steps are already in it (D8).
 */
export function ladderRules(scaling: ScalingPolicy, instId: string, profile: Profile, regime: Regime): LadderRules {
  const bySymbol: LadderOverride = scaling.bySymbol[instId] ?? {};
  const byBalance: LadderOverride = scaling.byBalance[profile] ?? {};
  const byRegime = scaling.byRegime[regime];
  const ownLadder = bySymbol.ladder ?? byBalance.ladder;
  const multiplier =
    ownLadder === undefined
      ? multiplyDecimals(scaling.profileMultiplier[profile], byRegime.multiplier)
      : byRegime.multiplier;
  return {
    additionsMax: Math.min(
      byBalance.additionsMax ?? scaling.additionsMax,
      bySymbol.additionsMax ?? Number.POSITIVE_INFINITY,
      byRegime.additionsMax ?? Number.POSITIVE_INFINITY,
    ),
    intervalMs: bySymbol.intervalMs ?? byBalance.intervalMs ?? scaling.intervalMs,
    lossLimitPercent: lossLimit(
      bySymbol.lossLimitPercent ?? byBalance.lossLimitPercent ?? scaling.lossLimitPercent,
      byRegime.lossLimitPercent,
      scaling.lossLimitRule,
    ),
    profitMinPercent: byRegime.profitMinPercent,
    coefficients: (ownLadder ?? scaling.ladder).map((step) => multiplyDecimals(step, multiplier)),
  };
}

function lossLimit(own: Decimal, ofRegime: Decimal | undefined, rule: ScalingPolicy['lossLimitRule']): Decimal {
  if (ofRegime === undefined) return own;
  if (rule === 'regime') return ofRegime;
  return compareDecimals(own, ofRegime) >= 0 ? own : ofRegime;
}

/** Share of the base that rung `number` (from 1) buys; past the ladder's end the last step repeats. @throws {RangeError} below rung 1 */
export function coefficientOf(rules: LadderRules, number: number): Decimal {
  const coefficient = rules.coefficients[Math.min(number, rules.coefficients.length) - 1];
  if (coefficient === undefined)
    throw new RangeError(`a ladder of ${rules.coefficients.length} steps has no rung ${number}`);
  return coefficient;
}

/** Σ of the coefficients of rungs `from` … `to`, both from 1 and included; 0 where there are none. */
export function coefficientSum(rules: LadderRules, from: number, to: number): Decimal {
  let sum = ZERO;
  for (let number = from; number <= to; number++) sum = addDecimals(sum, coefficientOf(rules, number));
  return sum;
}

/**
 * Σ of the whole ladder in the regime where it is largest: what the base is planned for (ladder.md §3).
 */
export function largestCoefficientSum(policy: Pick<Policy, 'scaling'>, instId: string, profile: Profile): Decimal {
  const own = policy.scaling.bySymbol[instId]?.additionsMax ?? Number.POSITIVE_INFINITY;
  const additions = Math.min(policy.scaling.byBalance[profile]?.additionsMax ?? policy.scaling.additionsMax, own);
  return REGIMES.map((regime) =>
    coefficientSum(ladderRules(policy.scaling, instId, profile, regime), 1, additions),
  ).reduce((a, b) => (compareDecimals(a, b) >= 0 ? a : b));
}

/** Of ladders that may change into each other: the largest Σ of coefficients that may still follow 0, 1, 2 … climbed rungs, to the last. */
export function coefficientsLeft(ladders: readonly LadderRules[]): readonly number[] {
  const longest = Math.max(...ladders.map(({ additionsMax }) => additionsMax));
  return Array.from({ length: longest }, (_, climbed) =>
    Math.max(...ladders.map((rules) => coefficientSum(rules, climbed + 1, rules.additionsMax).approx)),
  );
}

const ZERO = decimalOf(0n, 0);
