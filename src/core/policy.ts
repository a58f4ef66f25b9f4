/**
 * The rules' numbers. Core has no defaults: a policy is complete or it does not load; config/ builds it from rungwise.yaml and presets.
 *
 * Names here are the YAML keys of ladder.md §2 and rules.md in this language's spelling, unit last. Percent stays percent (`…Percent`),
 * shares and factors are plain (`0.8`), durations are milliseconds. Decimals are exact.
 */

import type { GovernorsPolicy } from './governors/policy.ts';
import type { SeriesParameters } from './market/series.ts';
import type { Decimal } from './numbers/decimal.ts';

/** By account balance. */
export type Profile = 'small' | 'medium' | 'large';
export const PROFILES = ['small', 'medium', 'large'] as const satisfies readonly Profile[];

/** By market. */
export type Regime = 'trending' | 'ranging' | 'choppy';
export const REGIMES = ['trending', 'ranging', 'choppy'] as const satisfies readonly Regime[];

/** A value for each profile. */
export type ByProfile<T> = Readonly<Record<Profile, T>>;
/** A value for each regime. */
export type ByRegime<T> = Readonly<Record<Regime, T>>;

/** The value of a regime. A name that is another one at every question makes an engine search for it; three that are written out do not. */
export function ofRegime<T>(values: ByRegime<T>, regime: Regime): T {
  switch (regime) {
    case 'trending':
      return values.trending;
    case 'ranging':
      return values.ranging;
    case 'choppy':
      return values.choppy;
  }
}

/** Every number of the rules, complete. Made by `rungwise/config`. */
export interface Policy {
  readonly scaling: ScalingPolicy;
  readonly profiles: ByProfile<ProfilePolicy>;
  readonly limits: LimitsPolicy;
  readonly partial: PartialPolicy;
  readonly exits: ExitsPolicy;
  readonly signals: SignalsPolicy;
  readonly execution: ExecutionPolicy;
  /** What acts without a person; absent is off. */
  readonly governors: GovernorsPolicy;
}

/** `position_scaling`, the preset already merged in. */
export interface ScalingPolicy {
  readonly additionsMax: number;
  readonly intervalMs: number;
  readonly lossLimitPercent: Decimal;
  readonly ladder: readonly Decimal[];
  readonly profileMultiplier: ByProfile<Decimal>;
  readonly byBalance: Readonly<Partial<Record<Profile, LadderOverride>>>;
  readonly byRegime: ByRegime<RegimeLadder>;
  /** Keyed by instId. */
  readonly bySymbol: Readonly<Record<string, LadderOverride>>;
  /** `auto` plans the base so that the whole ladder fits (ladder.md §3); else fixed notional in USDT. */
  readonly baseSize: 'auto' | ByProfile<Decimal>;
  /** Share of the planned base that a signal of strength 0 gets (0.5); strength 1 gets all of it, in between linearly. */
  readonly strengthFloor: Decimal;
  /** What the loss limit and `profitMinPercent` are per cent of (ladder.md D7). */
  readonly lossBasis: 'margin' | 'price';
  readonly lossLimitRule: 'stricter' | 'regime';
  readonly onLimit: 'refuse' | 'shrink';
  readonly additionsAtPositionLimit: 'allow' | 'refuse';
  /** USDT. */
  readonly additionValueMin: Decimal;
}

/** What a profile or a symbol may say differently. Absent: the general value holds. */
export interface LadderOverride {
  readonly additionsMax?: number;
  readonly intervalMs?: number;
  readonly lossLimitPercent?: Decimal;
  readonly ladder?: readonly Decimal[];
}

export interface RegimeLadder {
  readonly multiplier: Decimal;
  readonly lossLimitPercent?: Decimal;
  readonly additionsMax?: number;
  readonly profitMinPercent?: Decimal;
}

export interface ProfilePolicy {
  /** Balance in USDT from which the next profile begins; absent for the last. */
  readonly below?: Decimal;
  /** Largest margin of one position, % of balance, before regime points and volatility. */
  readonly marginPercentMax: Decimal;
  /** USDT. */
  readonly positionValueMin: Decimal;
  readonly positionValueMax: Decimal;
  readonly openPositionsMax: number;
}

export interface LimitsPolicy {
  /** A balance must fall this much below a threshold before the smaller profile returns (5 %). */
  readonly profileHysteresisPercent: Decimal;
  /** Share of free margin that stays free (0.2). */
  readonly marginReserve: Decimal;
  /** Σ value of everything open, as a multiple of the balance (3). */
  readonly totalExposureMax: Decimal;
  /** Liquidation must be at least this many stop distances away (1.5). */
  readonly liquidationDistanceMultiple: Decimal;
  /** Absent where prices have no age (backtest). */
  readonly priceAgeMaxMs?: number;
  readonly priceMovePercentMax: Decimal;
  readonly regimeMarginPoints: ByRegime<Decimal>;
  readonly regimeValueFactor: ByRegime<Decimal>;
  /** Absolute loss of one position at its stop, % of balance (2). Never blocked by any hold time. */
  readonly lossPerPositionPercentMax: Decimal;
  /** Worst case of the whole book, % of balance (15). */
  readonly worstCaseLossPercentMax: Decimal;
  /** The shock of the book's worst case: so many ATR against every position at once (10). */
  readonly shockAtr: Decimal;
  /** Loss of the UTC day at which entries and additions halt, % of the day's first balance (5). */
  readonly dailyLossPercentMax: Decimal;
  /** Funding due within the time limit above which an entry is refused, % (0.05). */
  readonly fundingAgainstPercentMax: Decimal;
  /** How a trend against the position counts (ladder.md §4). */
  readonly trendAgainst: 'choppy' | 'refuse' | 'same';
}

export interface PartialPolicy {
  readonly fractionMin: Decimal;
  /** USDT. */
  readonly valueMin: ByProfile<Decimal>;
  readonly valueMinFactor: ByRegime<Decimal>;
  readonly valueMinCap: Decimal;
  /** USDT. */
  readonly netProfitMin: Decimal;
  /** Each step once a position: `at` is the share of the way from the average to the target (0.6), `fraction` of the position then (0.3). */
  readonly steps: readonly { readonly at: Decimal; readonly fraction: Decimal }[];
}

export interface ExitsPolicy {
  readonly targetAtr: ByRegime<Decimal>;
  readonly stopAtr: ByRegime<Decimal>;
  readonly timeLimitMs: ByRegime<number>;
  /** The stop is never nearer than this, % of price (0.2), and than this many round-trip costs (3). */
  readonly stopPercentMin: Decimal;
  readonly stopCostMultiple: Decimal;
  readonly stopTrigger: 'mark' | 'last';
  /** Profit, % of price net of costs, from which the stop goes to average ± full cost. */
  readonly breakevenPercent: ByRegime<Decimal>;
  /**
   * Absent: no trailing stop. Activation in % of price, net of costs; distance in ATR at entry; the stop follows in steps of this share of
   * the distance (0.1), so that not every tick is an amendment.
   */
  readonly trailing?: {
    readonly activationPercent: Decimal;
    readonly distanceAtr: Decimal;
    readonly stepShare: Decimal;
  };
  readonly extension: {
    readonly adxMin: Decimal;
    readonly profitPercentMin: Decimal;
    /** Share of the first time limit that each extension adds (1.2 = +120 %). */
    readonly timeShare: ByRegime<Decimal>;
    readonly targetFactor: Decimal;
    readonly timesMax: number;
  };
  /** Closes at this share of the way from the average to the liquidation price (0.8), before the exchange does. */
  readonly liquidationGuardShare: Decimal;
}

export interface SignalsPolicy {
  /** Indicators, regime and scalper: see series.ts. */
  readonly series: SeriesParameters;
  /** Off where signals come from elsewhere (file, webhook). */
  readonly scalper: boolean;
}

export interface ExecutionPolicy {
  readonly entryStyle: 'maker_only' | 'maker_then_taker' | 'taker';
  readonly repriceMax: number;
  readonly makerWindowMs: number;
  readonly onOpposite: 'ignore' | 'close' | 'reverse';
  /** What is done with a position that no order of ours has opened (rules.md §7). */
  readonly unknownPosition: 'adopt' | 'close' | 'alert';
  /** The expected move to the target must be at least this many round-trip costs (2). */
  readonly costMultipleMin: Decimal;
  readonly reentry: { readonly sameSideMs: number; readonly afterLossMs: number; readonly oppositeSideMs: number };
  /** No entry or addition within this time of a funding settlement. */
  readonly fundingNearMs: number;
  readonly leverage: LeveragePolicy;
  /** Shares of the value (0.0002). */
  readonly feeRates: { readonly maker: Decimal; readonly taker: Decimal };
  /** Bps of the price that a taker order is expected to lose to slippage. */
  readonly slippageBps: Decimal;
  /** Spread assumed where none was measured. */
  readonly spreadTicks: number;
}

/** rules.md §4. `max` holds always; the rest only where `adaptive` is on. */
export interface LeveragePolicy {
  readonly adaptive: boolean;
  readonly max: number;
  /** What the signal's strength is multiplied by (1.2 / 1.0 / 0.8). */
  readonly byRegime: ByRegime<Decimal>;
  /** ATR % above which, and factor by which, turbulence lowers it (5, 0.7); below which calm raises it (1, 1.3). */
  readonly turbulent: { readonly aboveAtrPercent: Decimal; readonly factor: Decimal };
  readonly calm: { readonly belowAtrPercent: Decimal; readonly factor: Decimal };
  /** Ascending: leverage of a score below `below`; `top` from the last one on. */
  readonly steps: readonly { readonly below: Decimal; readonly leverage: number }[];
  readonly top: number;
}
