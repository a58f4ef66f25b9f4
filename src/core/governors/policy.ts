/**
 * The numbers of the governors (rules.md §6). Absent is off. Names are the keys of `governors` in rungwise.yaml in this language's spelling.
 */
import type { Decimal } from '../numbers/decimal.ts';
import type { AdditionsWithoutSignalPolicy } from './additions-without-signal.ts';
import type { ModeByResultsPolicy } from './mode-by-results.ts';

export interface GovernorsPolicy {
  readonly sizeByDay?: SizeByDayPolicy;
  readonly targetsByVolatility?: TargetsByVolatilityPolicy;
  readonly additionsWithoutSignal?: AdditionsWithoutSignalPolicy;
  readonly modeByResults?: ModeByResultsPolicy;
  readonly pause?: PausePolicy;
}

export interface SizeByDayPolicy {
  /** From the mildest on: at or below so many per cent of the day's first balance (−1), the base is multiplied (0.8). */
  readonly losses: readonly DayStep[];
  /** The same at or above (1, 1.1); never past the planned base. */
  readonly gains: readonly DayStep[];
  readonly factorMin: Decimal;
  readonly factorMax: Decimal;
}

export interface DayStep {
  readonly atPercent: Decimal;
  readonly factor: Decimal;
}

export interface TargetsByVolatilityPolicy {
  /** Bounds of ATR% now ÷ its mean (0.8, 1.2). */
  readonly factorMin: Decimal;
  readonly factorMax: Decimal;
  /** An open position is re-tuned at most this often, by at most this share of its first distances, % (5 min, 20). */
  readonly retuneEveryMs: number;
  readonly retunePercentMax: Decimal;
}

export interface PausePolicy {
  /** So many losses in a row of one symbol pause it (5, 30 min); of any symbols, all (5, 15 min). */
  readonly symbol: { readonly losses: number; readonly ms: number };
  readonly account: { readonly losses: number; readonly ms: number };
  /** ATR% above so many times its mean pauses the symbol (3, 15 min). */
  readonly turbulence: { readonly multiple: Decimal; readonly ms: number };
  /** A repetition within a UTC day lasts so many times longer (2), up to `msMax` (4 h). */
  readonly repeatFactor: Decimal;
  readonly msMax: number;
  /** Share of the day's peak at or below which everything is closed (0.9: a fall of 10 %), said by so many readings in a row (2), so far apart (10 s). */
  readonly drawdownFloorShare: number;
  readonly drawdownReadings: number;
  readonly readingEveryMs: number;
}
