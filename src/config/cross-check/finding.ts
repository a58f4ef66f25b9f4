/** What cross-checks find: a problem that stops the start, or one that `check` tells. */

import { ladderRules } from '../../core/ladder/ladder.ts';
import { compareDecimals, type Decimal } from '../../core/numbers/decimal.ts';
import { type Policy, PROFILES, type Regime } from '../../core/policy.ts';
import { type InBoth, type Problem, problem } from '../problem.ts';
import { type Path, pathText } from '../tree.ts';

export type Finding = Problem & { readonly isError: boolean };

export function error(path: Path, said: InBoth): Finding {
  return { ...problem(pathText(path), said), isError: true };
}

export function warning(path: Path, said: InBoth): Finding {
  return { ...problem(pathText(path), said), isError: false };
}

export function when(holds: boolean, finding: () => Finding): Finding[] {
  return holds ? [finding()] : [];
}

export function isAbove(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) > 0;
}

/** The loss limit of additions in a regime, of every profile and symbol. */
export function lossLimitsIn({ scaling }: Policy, symbols: readonly string[], regime: Regime): Decimal[] {
  return PROFILES.flatMap((profile) =>
    symbols.map((symbol) => ladderRules(scaling, symbol, profile, regime).lossLimitPercent),
  );
}
