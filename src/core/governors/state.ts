/**
 * What the governors remember: plain data, part of the registry, saved with it (saved-registry.ts). A fold of events and of what was decided.
 */

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
}

/** The factor of the base that was last told. */
export interface SizeState {
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
  };
}

function newCause(): PauseCause {
  return { until: 0, dayEndsAt: 0, times: 0 };
}
