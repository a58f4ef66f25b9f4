/**
 * Governor 4: which components of the scalper count, by what they have brought lately. Source: rules.md §6.4.
 *
 * Two modes trade, a third does not: trend-following (EMA, SMA, MACD), mean-reversion (RSI, Bollinger), off. Of each symbol, regime and trading
 * mode the net results of the last closed trades are kept: real ones of the mode in force, shadows of the others. A switch wants every result that
 * it compares to be there, a difference above its own standard error, and an hour since the last one. Off comes where both modes lose
 * significantly; on again where a mode's shadows gain more than their own standard error.
 *
 * It looks back only: results enter when their trade is over. Off by default: requirements §5 postpone it for its risk.
 */

import {
  COMPONENTS,
  type Component,
  type ComponentWeights,
  newVote,
  POINT_SETS,
  type PointScores,
  pointScores,
  type Vote,
} from '../market/signal.ts';
import type { Decimal } from '../numbers/decimal.ts';
import { type ByRegime, ofRegime, REGIMES, type Regime } from '../policy.ts';
import type { Bounds, ShadowTrade } from './shadow-trade.ts';

export const TRADING_MODES = ['trend-following', 'mean-reversion'] as const;
export type TradingMode = (typeof TRADING_MODES)[number];
export type Mode = TradingMode | 'off';

export interface ModeByResultsPolicy {
  /** Of each mode, by `weightsOf`. */
  readonly weights: Readonly<Record<TradingMode, ComponentWeights>>;
  /** The mode before there are any results. */
  readonly startMode: TradingMode;
  /** Closed trades of a regime and mode that are looked at, and that there must be (10). */
  readonly trades: number;
  /** At most one switch of a symbol within this time. */
  readonly switchEveryMs: number;
  /** A mode must be better by more than so many standard errors of the difference (1); from off, better than nothing by so many of its own. */
  readonly standardErrorsMin: Decimal;
  /** Both modes must lose more than so many standard errors before trading goes off (2). */
  readonly offStandardErrorsMin: Decimal;
}

/** A symbol's mode and what it rests on. Plain data: it is saved with the registry. */
export interface ModeState {
  mode: Mode;
  /** Undefined before the first switch. */
  switchedAt: number | undefined;
  /** Net results as shares of the value entered, the newest last. */
  readonly results: ByRegime<Readonly<Record<TradingMode, number[]>>>;
  readonly votes: Readonly<Record<TradingMode, Vote>>;
  readonly shadows: Record<TradingMode, ShadowTrade | undefined>;
  /** Closed candles of the signal timeframe that were heard. */
  heard: number;
  /** The position that an entry was last sent for, and the mode that made its signal; off, where none did. */
  opened: { readonly position: number; readonly mode: Mode } | undefined;
}

export function newModeState({ startMode }: ModeByResultsPolicy): ModeState {
  const none = () => ({ 'trend-following': [], 'mean-reversion': [] });
  return {
    mode: startMode,
    switchedAt: undefined,
    results: { trending: none(), ranging: none(), choppy: none() },
    votes: { 'trend-following': newVote(), 'mean-reversion': newVote() },
    shadows: { 'trend-following': undefined, 'mean-reversion': undefined },
    heard: 0,
    opened: undefined,
  };
}

/** What a symbol works with and need not remember: it follows from the policy, or is found again. Not saved. Within its bounds no shadow changes. */
export interface ModeWork extends Bounds {
  readonly policy: ModeByResultsPolicy;
  readonly scores: Readonly<Record<TradingMode, PointScores>>;
  /** A bit of each regime (`RegimeSeries.current`) and `Scalper.pointSet`: set where no vote reaches its threshold, found as it happens. */
  readonly silent: Uint32Array;
  /** The votes hold something else than silence. */
  voted: boolean;
  /** The rest was found from the state that stands: a loaded one is another (`forgetFound`). */
  isFound: boolean;
  /** The regime (`RegimeSeries.current`) in which the results have said that the mode stays: they say so again until there is another one. −1: ask. */
  settledIn: number;
}

/** Another state was loaded. */
export function forgetFound(work: ModeWork | undefined): void {
  if (work !== undefined) work.isFound = false;
}

/** `ModeWork.settledIn` where the results are to be asked. */
export const ASK = -1;

export function newModeWork(policy: ModeByResultsPolicy): ModeWork {
  const { weights } = policy;
  return {
    policy,
    scores: {
      'trend-following': pointScores(weights['trend-following']),
      'mean-reversion': pointScores(weights['mean-reversion']),
    },
    silent: new Uint32Array(Math.ceil((REGIMES.length * POINT_SETS) / 32)),
    voted: true,
    isFound: false,
    belowTicks: Number.POSITIVE_INFINITY,
    aboveTicks: 0,
    at: Number.NEGATIVE_INFINITY,
    settledIn: ASK,
  };
}

/** The components that count in each trading mode. */
export const COUNTED = {
  'trend-following': ['ema', 'sma', 'macd'],
  'mean-reversion': ['rsi', 'bollinger'],
} as const satisfies Record<TradingMode, readonly Component[]>;

/** The configured weights of the mode's components; of the others 0. */
export function weightsOf(mode: TradingMode, weights: ComponentWeights): ComponentWeights {
  const counted: readonly Component[] = COUNTED[mode];
  return Object.fromEntries(
    COMPONENTS.map((component) => [component, counted.includes(component) ? weights[component] : 0]),
  ) as Record<Component, number>;
}

/** Keeps the result of a trade that is over; the oldest beyond the last `trades` is forgotten. */
export function noteResult(
  policy: ModeByResultsPolicy,
  state: ModeState,
  regime: Regime,
  mode: TradingMode,
  net: number,
): void {
  const results = ofRegime(state.results, regime)[mode];
  results.push(net);
  while (results.length > policy.trades) results.shift();
}

/** Mean of results and its standard error; both 0 and infinite where there are too few to tell. */
export interface Expectancy {
  readonly trades: number;
  readonly mean: number;
  readonly standardError: number;
}

export function expectancyOf(results: readonly number[]): Expectancy {
  const trades = results.length;
  if (trades === 0) return { trades, mean: 0, standardError: Number.POSITIVE_INFINITY };
  const mean = results.reduce((sum, each) => sum + each, 0) / trades;
  if (trades === 1) return { trades, mean, standardError: Number.POSITIVE_INFINITY };
  const squares = results.reduce((sum, each) => sum + (each - mean) * (each - mean), 0);
  return { trades, mean, standardError: Math.sqrt(squares / (trades - 1) / trades) };
}

export interface ModeSwitch {
  readonly from: Mode;
  readonly to: Mode;
  readonly by: ByMode;
  /** Before then there is no other switch. */
  readonly untilMs: number;
}

/** The switch that the results of a regime ask for now; undefined where the mode stays. Changes nothing. */
export function switchWanted(
  policy: ModeByResultsPolicy,
  state: ModeState,
  regime: Regime,
  now: number,
): ModeSwitch | undefined {
  if (isTooSoon(policy, state, now)) return undefined;
  const { mode } = state;
  const { 'trend-following': trend, 'mean-reversion': reversion } = ofRegime(state.results, regime);
  if (trend.length < policy.trades && reversion.length < policy.trades) return undefined;
  const last = (results: readonly number[]) => expectancyOf(results.slice(-policy.trades));
  const by = { 'trend-following': last(trend), 'mean-reversion': last(reversion) };
  const wanted = mode === 'off' ? wantedFromOff(policy, by) : wantedFrom(policy, mode, by);
  if (wanted === mode) return undefined;
  return { from: mode, to: wanted, by, untilMs: now + policy.switchEveryMs };
}

/** The last switch is not long enough ago for another one. */
export function isTooSoon({ switchEveryMs }: ModeByResultsPolicy, { switchedAt }: ModeState, now: number): boolean {
  return switchedAt !== undefined && now - switchedAt < switchEveryMs;
}

export type ByMode = Readonly<Record<TradingMode, Expectancy>>;

function wantedFrom(policy: ModeByResultsPolicy, mode: TradingMode, by: ByMode): Mode {
  if (TRADING_MODES.some((each) => by[each].trades < policy.trades)) return mode;
  if (TRADING_MODES.every((each) => isLosing(policy, by[each]))) return 'off';
  const other = mode === 'trend-following' ? 'mean-reversion' : 'trend-following';
  const better = by[other].mean - by[mode].mean;
  const error = Math.sqrt(by[other].standardError ** 2 + by[mode].standardError ** 2);
  return better > policy.standardErrorsMin.approx * error ? other : mode;
}

/** The better of the modes that gain; each is measured by its shadows alone now. */
function wantedFromOff(policy: ModeByResultsPolicy, by: ByMode): Mode {
  let wanted: Mode = 'off';
  let best = 0;
  for (const each of TRADING_MODES) {
    const { trades, mean, standardError } = by[each];
    if (trades < policy.trades || mean <= policy.standardErrorsMin.approx * standardError || mean <= best) continue;
    wanted = each;
    best = mean;
  }
  return wanted;
}

function isLosing(policy: ModeByResultsPolicy, { mean, standardError }: Expectancy): boolean {
  return mean + policy.offStandardErrorsMin.approx * standardError < 0;
}
