/**
 * Governor 4 at a symbol: hears its candles, keeps the shadows of the modes that are not in force, and switches. Its rules: mode-by-results.ts.
 *
 * Everything but the switch is a fold of events, like the indicators: it goes on while recorded rows are folded. The switch is decided once and
 * loaded from then on. With `off` in force the scalper says nothing, `haltOf` refuses what comes from elsewhere, and the shadows of both modes go on.
 */

import { worthwhileMove } from '../adding/cost.ts';
import type { ModeResult } from '../decision.ts';
import { MINUTE_MS } from '../market/candle.ts';
import type { SymbolSeries } from '../market/series.ts';
import { type Component, castVote, newVote, POINT_SETS, type Vote } from '../market/signal.ts';
import { Doubles } from '../numbers/arithmetic.ts';
import type { Side } from '../numbers/units.ts';
import { decide } from '../orders/orders.ts';
import { ofRegime, type Regime } from '../policy.ts';
import { markTouched, type PlannedExits, type Position, type Registry, type SymbolState } from '../registry.ts';
import {
  ASK,
  COUNTED,
  type Expectancy,
  isTooSoon,
  type Mode,
  type ModeState,
  type ModeWork,
  newModeState,
  noteResult,
  switchWanted,
  TRADING_MODES,
  type TradingMode,
} from './mode-by-results.ts';
import { beginShadow, boundBy, isWithin, openBounds, walkShadow } from './shadow-trade.ts';

const plain = new Doubles();

/** The exits of an entry of a side now; undefined while the market is not known. */
type PlanFor = (registry: Registry, symbol: SymbolState, side: Side) => PlannedExits | undefined;

/**
 * A candle has closed: shadows are walked, the modes vote, new shadows begin, and the mode in force may change. A quiet candle allocates nothing.
 * @returns whether trading went off with it
 */
export function hearCandle(registry: Registry, symbol: SymbolState, planFor: PlanFor): boolean {
  const { modeWork } = symbol;
  return modeWork !== undefined && hear(registry, symbol, modeWork, planFor);
}

function hear(registry: Registry, symbol: SymbolState, work: ModeWork, planFor: PlanFor): boolean {
  const { series } = symbol;
  const state = (symbol.governors.mode ??= newModeState(work.policy));
  if (series.candles === state.heard) return hush(state);
  state.heard = series.candles;
  if (!work.isFound) findAnew(work, state);
  if (!isWithin(work, series.candleEndMinute * MINUTE_MS, series)) walkShadows(symbol, work, state);
  if (vote(symbol, work, state)) beginShadows(registry, symbol, work, state, planFor);
  return work.settledIn !== series.regimeSeries.current && !registry.folding && change(registry, symbol, work, state);
}

/** Whether to hear a candle, closed at `at` with no position open, would only count it. */
export function isUnheard({ series, modeWork: work }: SymbolState, at: number): boolean {
  if (work === undefined) return true;
  const isSettled = work.isFound && !work.voted && work.settledIn === series.regimeSeries.current;
  return isSettled && isSilent(work, series) && isWithin(work, at, series);
}

/** The minute closed no candle of the signal timeframe: nobody says anything of it. */
function hush({ votes }: ModeState): false {
  votes['trend-following'].side = 0;
  votes['mean-reversion'].side = 0;
  return false;
}

function findAnew(work: ModeWork, state: ModeState): void {
  work.isFound = true;
  work.settledIn = ASK;
  work.voted = true;
  bound(work, state);
}

/** Where the next candle that changes a shadow is to be expected. */
function bound(work: ModeWork, { shadows }: ModeState): void {
  const { 'trend-following': trend, 'mean-reversion': reversion } = shadows;
  openBounds(work);
  if (trend !== undefined) boundBy(work, trend);
  if (reversion !== undefined) boundBy(work, reversion);
}

function walkShadows({ series }: SymbolState, work: ModeWork, state: ModeState): void {
  const closedAt = series.candleEndMinute * MINUTE_MS;
  const time = { openedAt: closedAt - series.signalMinutes * MINUTE_MS, closedAt };
  for (const mode of TRADING_MODES) {
    const shadow = state.shadows[mode];
    const net = shadow === undefined ? undefined : walkShadow(shadow, time, series);
    if (shadow === undefined || net === undefined) continue;
    state.shadows[mode] = undefined;
    if (net !== 'unseen') note(work, state, shadow.exits.regime, mode, net);
  }
  bound(work, state);
}

/** Whether the mode stays is to be asked again. */
function note(work: ModeWork, state: ModeState, regime: Regime, mode: TradingMode, net: number): void {
  noteResult(work.policy, state, regime, mode, net);
  work.settledIn = ASK;
}

/**
 * Points with which nothing was reached in this regime reach nothing again: then both votes are silent without being cast.
 * @returns whether a mode may have a signal
 */
function vote({ series }: SymbolState, work: ModeWork, { votes }: ModeState): boolean {
  const { scalper, regimeSeries } = series;
  if (!work.voted && isSilent(work, series)) return false;
  const { threshold } = series;
  const trend = votes['trend-following'];
  const reversion = votes['mean-reversion'];
  castVote(trend, scalper, work.scores['trend-following'], threshold, regimeSeries.ready);
  castVote(reversion, scalper, work.scores['mean-reversion'], threshold, regimeSeries.ready);
  work.voted = trend.longAge + trend.shortAge + reversion.longAge + reversion.shortAge > 0;
  if (scalper.ready && !work.voted) beSilent(work, series);
  return work.voted;
}

function isSilent({ silent }: ModeWork, series: SymbolSeries): boolean {
  const at = pointsNow(series);
  return ((silent[at >> 5] as number) & (1 << (at & 31))) !== 0;
}

function beSilent({ silent }: ModeWork, series: SymbolSeries): void {
  const at = pointsNow(series);
  silent[at >> 5] = (silent[at >> 5] as number) | (1 << (at & 31));
}

/** The place of these points in this regime in `ModeWork.silent`. */
function pointsNow({ scalper, regimeSeries }: SymbolSeries): number {
  return regimeSeries.current * POINT_SETS + scalper.pointSet;
}

function beginShadows(
  registry: Registry,
  symbol: SymbolState,
  work: ModeWork,
  state: ModeState,
  planFor: PlanFor,
): void {
  const { votes } = state;
  const trend = votes['trend-following'].side;
  const reversion = votes['mean-reversion'].side;
  if (trend === 0 && reversion === 0) return;
  if (trend !== 0) shadowFor(registry, symbol, state, 'trend-following', trend, planFor);
  if (reversion !== 0) shadowFor(registry, symbol, state, 'mean-reversion', reversion, planFor);
  bound(work, state);
}

/** Of a mode that is not in force, one shadow at a time, where the move to its target is worth a round trip. */
function shadowFor(
  registry: Registry,
  symbol: SymbolState,
  state: ModeState,
  mode: TradingMode,
  side: Side,
  planFor: PlanFor,
): void {
  if (mode === state.mode || state.shadows[mode] !== undefined) return;
  const { execution, exits: rules } = registry.policy;
  const exits = planFor(registry, symbol, side);
  if (exits === undefined) return;
  const move = exits.targetDistanceTicks / symbol.markTicks;
  if (move < worthwhileMove(plain, execution, exits.roundTripShare)) return;
  const knownAt = (symbol.series.openMinute + 1) * MINUTE_MS;
  state.shadows[mode] = beginShadow(side, knownAt, exits, ofRegime(rules.timeLimitMs, exits.regime));
}

/** @returns whether trading went off */
function change(registry: Registry, symbol: SymbolState, work: ModeWork, state: ModeState): boolean {
  const { policy } = work;
  const { regime } = symbol.series;
  const wanted = switchWanted(policy, state, regime, registry.now);
  if (wanted === undefined) {
    if (!isTooSoon(policy, state, registry.now)) work.settledIn = symbol.series.regimeSeries.current;
    return false;
  }
  work.settledIn = ASK;
  const { from, to, untilMs, by } = wanted;
  state.mode = to;
  state.switchedAt = registry.now;
  if (to !== 'off') state.shadows[to] = undefined;
  markTouched(registry, symbol);
  decide(registry, {
    kind: 'governed',
    at: registry.now,
    governor: 'mode-by-results',
    instId: symbol.instrument.instId,
    old: from,
    new: to,
    because: {
      code: 'mode-results',
      regime,
      trendFollowing: told(by['trend-following']),
      meanReversion: told(by['mean-reversion']),
    },
    until: untilMs,
  });
  return to === 'off';
}

function told({ trades, mean, standardError }: Expectancy): ModeResult {
  return {
    trades,
    netPercent: percentText(mean),
    errorPercent: Number.isFinite(standardError) ? percentText(standardError) : null,
  };
}

function percentText(share: number): string {
  return String(Math.round(share * 1_000_000) / 10_000);
}

/** What the scalper says by the mode in force; undefined where no governor chooses. */
export function voteInForce(registry: Registry, symbol: SymbolState): Vote | undefined {
  const { mode } = symbol.governors;
  if (registry.policy.governors.modeByResults === undefined || mode === undefined) return undefined;
  switch (mode.mode) {
    case 'trend-following':
      return mode.votes['trend-following'];
    case 'mean-reversion':
      return mode.votes['mean-reversion'];
    case 'off':
      return SILENT;
  }
}

const SILENT: Readonly<Vote> = newVote();

/** The components that count in the mode in force; undefined where all do. */
export function componentsInForce(registry: Registry, symbol: SymbolState): readonly Component[] | undefined {
  const mode = modeOf(registry, symbol);
  return mode === undefined || mode === 'off' ? undefined : COUNTED[mode];
}

/** How the scalper's signals are named: after the mode that made them, where a governor chooses. */
export function scalperSource(registry: Registry, symbol: SymbolState): string {
  const mode = modeOf(registry, symbol);
  return mode === undefined ? 'scalper' : sourceOf(mode);
}

function sourceOf(mode: Mode): string {
  return `scalper, ${mode}`;
}

/** An entry is sent for a signal: what comes of it is a result of the mode that made the signal, whichever is in force by then. */
export function noteEntry(symbol: SymbolState, position: number, source: string): void {
  const { mode: state } = symbol.governors;
  if (symbol.modeWork === undefined || state === undefined) return;
  state.opened = { position, mode: TRADING_MODES.find((mode) => source === sourceOf(mode)) ?? 'off' };
}

/** The mode in force; undefined where no governor chooses. */
export function modeOf(registry: Registry, symbol: SymbolState): Mode | undefined {
  return registry.policy.governors.modeByResults === undefined ? undefined : symbol.governors.mode?.mode;
}

/** A position went flat: its result is one of the mode whose signal it was opened for. Of one that no mode asked for, or nobody knows who did, none. */
export function measureClose(symbol: SymbolState, position: Position): void {
  const { modeWork: work } = symbol;
  const { mode: state } = symbol.governors;
  if (work === undefined || state?.opened?.position !== position.number) return;
  const { mode } = state.opened;
  state.opened = undefined;
  if (mode === 'off' || position.entryLots === 0) return;
  const net = position.realisedUnits - position.feeUnits + position.fundingUnits;
  note(work, state, position.regime, mode, net / (position.enteredTickLots * symbol.instrument.moneyPerTickLot));
}
