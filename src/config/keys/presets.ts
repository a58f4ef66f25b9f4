/**
 * The three presets of `position_scaling`, completely spelled out. Source: ladder.md §2 (requirements §4.1, §4.2, §2.3, final recommendations).
 */
import type { Complete, WrittenTree } from './schema.ts';

type WrittenScaling = Complete<WrittenTree>['position_scaling'];

/** The keys that a preset decides; every preset decides all of them. */
export type PresetScaling = Pick<
  WrittenScaling,
  | 'max_additions'
  | 'min_interval_seconds'
  | 'max_loss_for_addition'
  | 'ladder'
  | 'profile_multiplier'
  | 'by_balance'
  | 'by_regime'
>;

export type PresetName = Exclude<WrittenTree['position_scaling'], undefined>['preset'] & string;

const STANDARD_LADDER = [1, 0.7, 0.5, 0.3, 0.2];
const LONG_LADDER = [1, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15];

const GENERAL = {
  max_additions: 'general',
  min_interval_seconds: 'general',
  max_loss_for_addition: 'general',
  ladder: 'general',
} as const;
const NO_PROFILE_DIFFERS = { small: GENERAL, medium: GENERAL, large: GENERAL } as const;

/** §2.3; ranging as in §4.2 (D8). */
const SMALLER_FOR_SMALL = { small: 0.8, medium: 1, large: 1.1 };
const NO_LIMIT_BY_REGIME = {
  max_loss_for_addition: 'off',
  max_additions_override: 'off',
  min_profit_for_addition: 'off',
} as const;
const MULTIPLIERS_ONLY = {
  trending: { ladder_multiplier: 1.1, ...NO_LIMIT_BY_REGIME },
  ranging: { ladder_multiplier: 0.9, ...NO_LIMIT_BY_REGIME },
  choppy: { ladder_multiplier: 0.7, ...NO_LIMIT_BY_REGIME },
} as const;

export const PRESETS: Readonly<Record<PresetName, PresetScaling>> = {
  conservative: {
    max_additions: 5,
    min_interval_seconds: 60,
    max_loss_for_addition: -2,
    ladder: STANDARD_LADDER,
    profile_multiplier: SMALLER_FOR_SMALL,
    by_balance: NO_PROFILE_DIFFERS,
    by_regime: MULTIPLIERS_ONLY,
  },
  aggressive: {
    max_additions: 7,
    min_interval_seconds: 30,
    max_loss_for_addition: -3,
    ladder: LONG_LADDER,
    profile_multiplier: SMALLER_FOR_SMALL,
    by_balance: NO_PROFILE_DIFFERS,
    by_regime: MULTIPLIERS_ONLY,
  },
  adaptive: {
    // The general values hold only where a file takes a profile's own back with `general`.
    max_additions: 5,
    min_interval_seconds: 60,
    max_loss_for_addition: -2,
    ladder: STANDARD_LADDER,
    profile_multiplier: { small: 1, medium: 1, large: 1 },
    by_balance: {
      small: { max_additions: 3, min_interval_seconds: 60, max_loss_for_addition: -1.5, ladder: [1, 0.6, 0.4] },
      medium: { max_additions: 5, min_interval_seconds: 45, max_loss_for_addition: -2, ladder: STANDARD_LADDER },
      large: { max_additions: 7, min_interval_seconds: 30, max_loss_for_addition: -3, ladder: LONG_LADDER },
    },
    by_regime: {
      trending: {
        ladder_multiplier: 1.1,
        max_loss_for_addition: -2.5,
        max_additions_override: 'off',
        min_profit_for_addition: 'off',
      },
      ranging: {
        ladder_multiplier: 0.9,
        max_loss_for_addition: -1.5,
        max_additions_override: 'off',
        min_profit_for_addition: 'off',
      },
      choppy: {
        ladder_multiplier: 0.7,
        max_loss_for_addition: -1,
        max_additions_override: 3,
        min_profit_for_addition: 'off',
      },
    },
  },
};
