/** The effective configuration for people: its values as they would be written, and the ladders that they come to. */

import { type LadderRules, ladderRules } from '../../core/ladder/ladder.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { type Policy, PROFILES, type Profile, REGIMES, type Regime } from '../../core/policy.ts';
import { isDecimal, isSection } from '../tree.ts';

/** What holds for a position, by profile and regime, every override resolved by the core: the rows of `check`'s table. */
export interface LadderRow {
  readonly profile: Profile;
  readonly regime: Regime;
  readonly rules: LadderRules;
}

/** Nine rows, profile by profile; of one symbol, or (undefined) of any that `by_symbol` does not name. */
export function ladderRows(policy: Policy, instId = ''): LadderRow[] {
  return PROFILES.flatMap((profile) =>
    REGIMES.map((regime) => ({ profile, regime, rules: ladderRules(policy.scaling, instId, profile, regime) })),
  );
}

/** A value in YAML's flow style. */
export function yamlOf(value: unknown): string {
  if (isDecimal(value)) return numberText(formatDecimal(value));
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return `[${value.map(yamlOf).join(', ')}]`;
  if (isSection(value))
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}: ${yamlOf(inner)}`)
      .join(', ')}}`;
  return wordText(String(value));
}

/** More digits than a double holds go in quotes. */
function numberText(digits: string): string {
  return digits.replace(/^-?0*\.?0*|[.]/g, '').length > 15 ? `"${digits}"` : digits;
}

/** A word that YAML would read as something else goes in quotes. */
function wordText(word: string): string {
  return /^([A-Za-z][A-Za-z0-9_-]*|\d+[mh])$/.test(word) && !/^(null|true|false)$/i.test(word)
    ? word
    : JSON.stringify(word);
}

/** A value as plain JSON has it: exact decimals as their texts. */
export function plainValue(value: unknown): unknown {
  if (isDecimal(value)) return formatDecimal(value);
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isSection(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}
