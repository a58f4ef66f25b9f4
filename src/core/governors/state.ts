/**
 * What the governors remember: plain data, part of the registry, saved with it (saved-registry.ts). A fold of events and of what was decided.
 */
import type { ModeState } from './mode-by-results.ts';

/** Of the account. */
export interface GovernorsState {
  readonly size: SizeState;
  readonly pause: AccountPauseState;
  readonly drawdown: DrawdownState;
}

/** Of one symbol. */
export interface SymbolGovernorsState {
  readonly pause: SymbolPauseState;
  /** The factor of target and stop that was last told; 1 before. */
  readonly targets: { told: number };
  readonly additions: AdditionsState;
  /** Undefined before its first candle. */
  mode: ModeState | undefined;
}

/** The factor of the base that was last told. */
export interface SizeState {
  told: string;
}

/** The last no to a rung that was asked for without a signal, with its position and rung: it is told once. */
export interface AdditionsState {
  told: string;
}

/** One cause of pauses: until when the last one lasts, and how many of the day that ends at `dayEndsAt` there were. */
export interface PauseCause {
  until: number;
  dayEndsAt: number;
  times: number;
}

export interface AccountPauseState {
  lossesInARow: number;
  readonly losses: PauseCause;
}

export interface SymbolPauseState {
  lossesInARow: number;
  readonly losses: PauseCause;
  readonly turbulence: PauseCause;
}

export interface DrawdownState {
  /** The highest equity of the day that enough readings in a row have reached, 10⁻⁸ USDT; 0 before. */
  peakUnits: number;
  dayEndsAt: number;
  readonly book: Readings;
  readonly exchange: Readings;
}

/** The newest readings of one source, oldest first, one fewer than it takes to believe. */
export interface Readings {
  readonly units: number[];
  at: number;
}

export function newGovernorsState(): GovernorsState {
  return {
    size: { told: '1' },
    pause: { lossesInARow: 0, losses: newCause() },
    drawdown: { peakUnits: 0, dayEndsAt: 0, book: { units: [], at: 0 }, exchange: { units: [], at: 0 } },
  };
}

export function newSymbolGovernorsState(): SymbolGovernorsState {
  return {
    pause: { lossesInARow: 0, losses: newCause(), turbulence: newCause() },
    targets: { told: 1 },
    additions: { told: '' },
    mode: undefined,
  };
}

function newCause(): PauseCause {
  return { until: 0, dayEndsAt: 0, times: 0 };
}
