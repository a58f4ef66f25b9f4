/**
 * A configuration that changes while positions are open: ladder, base and number of rungs of those positions stay as at their entry, every limit is
 * the new one (design.md §6).
 *
 * The base is frozen in the position anyway; what a new one would get now, which may be less (D2), is planned by the same ladder. What that
 * is made of, a position keeps from the first start under another one on; before that it is the registry's own, and nothing is kept twice. An entry that
 * is on its way at such a start becomes a position of the new ladder.
 */
import { compareDecimals, type Decimal } from '../numbers/decimal.ts';
import { ofRegime, PROFILES, type Profile, REGIMES, type Regime, type ScalingPolicy } from '../policy.ts';
import type { Position, Registry, SymbolState } from '../registry.ts';
import { coefficientsLeft, type LadderRules, ladderRules, largestCoefficientSum } from './ladder.ts';

/** What holds for the next rung of a position: its own ladder, today's limits. */
export function rulesFor(symbol: SymbolState, position: Position, profile: Profile, regime: Regime): LadderRules {
  const today = ofRegime(symbol.rules[profile], regime);
  if (position.keptScaling === undefined) return today;
  const { instId } = symbol.instrument;
  const { additionsMax, coefficients } = ladderRules(position.keptScaling, instId, profile, regime);
  return { ...today, additionsMax, coefficients };
}

/** Σ of its own ladder in the regime where it is largest. */
export function coefficientSumFor(symbol: SymbolState, position: Position, profile: Profile): Decimal {
  if (position.keptScaling === undefined) return symbol.coefficientSums[profile];
  return largestCoefficientSum({ scaling: position.keptScaling }, symbol.instrument.instId, profile);
}

/** By rungs climbed: the largest Σ of coefficients that any regime still lets follow. */
export function coefficientsLeftFor(symbol: SymbolState, position: Position, profile: Profile): readonly number[] {
  if (position.keptScaling === undefined) return symbol.coefficientsLeft[profile];
  return coefficientsLeft(REGIMES.map((regime) => rulesFor(symbol, position, profile, regime)));
}

/** Open positions keep the ladder of `before`, where `after` makes another one of their symbol. What they have kept from earlier stays. */
export function keepLadders(registry: Registry, before: ScalingPolicy, after: ScalingPolicy): void {
  for (const { position, instrument } of registry.symbols)
    if (position !== undefined && position.keptScaling === undefined && !isSameLadder(before, after, instrument.instId))
      position.keptScaling = before;
}

function isSameLadder(one: ScalingPolicy, other: ScalingPolicy, instId: string): boolean {
  return PROFILES.every((profile) =>
    REGIMES.every((regime) => {
      const [a, b] = [ladderRules(one, instId, profile, regime), ladderRules(other, instId, profile, regime)];
      return (
        a.additionsMax === b.additionsMax &&
        a.coefficients.length === b.coefficients.length &&
        a.coefficients.every((each, at) => compareDecimals(each, b.coefficients[at] ?? each) === 0)
      );
    }),
  );
}
