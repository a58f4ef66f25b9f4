/**
 * Governor 4 at a symbol: hears its candles, keeps the shadows of the modes that are not in force, and switches. Its rules: mode-by-results.ts.
 *
 * Everything but the switch is a fold of events, like the indicators: it goes on while recorded rows are folded. The switch is decided once and
 * loaded from then on. With `off` in force the scalper says nothing, `haltOf` refuses what comes from elsewhere, and the shadows of both modes go on.
 */
import { Doubles } from '../arithmetic.ts';
import { worthwhileMove } from '../cost.ts';
import type { ModeResult } from '../decision.ts';
import { decide } from '../orders.ts';
import { markTouched, type PlannedExits, type Position, type Registry, type SymbolState } from '../registry.ts';
import { castVote, type Component, newVote, type Vote } from '../signal.ts';
import type { Side } from '../units.ts';
import {
  COUNTED,
  type Expectancy,
  type Mode,
  type ModeByResultsPolicy,
  type ModeState,
  newModeState,
  noteResult,
  switchWanted,
  TRADING_MODES,
} from './mode-by-results.ts';
import { beginShadow, walkShadow } from './shadow-trade.ts';

const plain = new Doubles();

/** The exits of an entry of a side now; undefined while the market is not known. */
type PlanFor = (registry: Registry, symbol: SymbolState, side: Side) => PlannedExits | undefined;

/**
 * A candle has closed: shadows are walked, the modes vote, new shadows begin, and the mode in force may change.
 * @returns whether trading went off with it
 */
export function hearCandle(registry: Registry, symbol: SymbolState, planFor: PlanFor): boolean {
  const policy = registry.policy.governors.modeByResults;
  if (policy === undefined) return false;
  const state = (symbol.governors.mode ??= newModeState(policy));
  const { series, position } = symbol;
  const isNew = series.candles !== state.heard;
  state.heard = series.candles;
  if (!isNew) {
    for (const mode of TRADING_MODES) state.votes[mode].side = 0;
    return false;
  }
  if (position !== undefined && state.opened?.position !== position.number)
    state.opened = { position: position.number, mode: state.mode };
  walkShadows(registry, symbol, policy, state);
  vote(registry, symbol, policy, state);
  beginShadows(registry, symbol, state, planFor);
  return !registry.folding && change(registry, symbol, policy, state);
}

function walkShadows(registry: Registry, { series }: SymbolState, policy: ModeByResultsPolicy, state: ModeState): void {
  for (const mode of TRADING_MODES) {
    const shadow = state.shadows[mode];
    if (shadow === undefined) continue;
    const { openTicks, highTicks, lowTicks, closeTicks } = series;
    const net = walkShadow(shadow, { at: registry.now, openTicks, highTicks, lowTicks, closeTicks });
    if (net === undefined) continue;
    state.shadows[mode] = undefined;
    noteResult(policy, state, shadow.exits.regime, mode, net);
  }
}

function vote(registry: Registry, { series }: SymbolState, policy: ModeByResultsPolicy, state: ModeState): void {
  const { thresholds, repeatAfterCandles } = registry.policy.signals.series.scalper;
  const threshold = thresholds[series.regime];
  const isAllowed = series.regimeSeries.ready;
  for (const mode of TRADING_MODES)
    castVote(state.votes[mode], series.scalper, policy.weights[mode], threshold, repeatAfterCandles, isAllowed);
}

/** Of the modes that are not in force, one shadow at a time each, where the move to its target is worth a round trip. */
function beginShadows(registry: Registry, symbol: SymbolState, state: ModeState, planFor: PlanFor): void {
  const { execution, exits: rules } = registry.policy;
  for (const mode of TRADING_MODES) {
    const { side } = state.votes[mode];
    if (mode === state.mode || side === 0 || state.shadows[mode] !== undefined) continue;
    const exits = planFor(registry, symbol, side);
    if (exits === undefined) continue;
    const move = exits.targetDistanceTicks / symbol.markTicks;
    if (move < worthwhileMove(plain, execution, exits.roundTripShare)) continue;
    state.shadows[mode] = beginShadow(side, registry.now, exits, rules.timeLimitMs[exits.regime]);
  }
}

function change(registry: Registry, symbol: SymbolState, policy: ModeByResultsPolicy, state: ModeState): boolean {
  const wanted = switchWanted(policy, state, symbol.series.regime, registry.now);
  if (wanted === undefined) return false;
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
      regime: symbol.series.regime,
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
  return mode.mode === 'off' ? SILENT : mode.votes[mode.mode];
}

const SILENT: Readonly<Vote> = newVote();

/** The components that count in the mode in force; undefined where all do. */
export function componentsInForce(registry: Registry, symbol: SymbolState): readonly Component[] | undefined {
  const mode = modeOf(registry, symbol);
  return mode === undefined || mode === 'off' ? undefined : COUNTED[mode];
}

/** The mode in force; undefined where no governor chooses. */
export function modeOf(registry: Registry, symbol: SymbolState): Mode | undefined {
  return registry.policy.governors.modeByResults === undefined ? undefined : symbol.governors.mode?.mode;
}

/** A position that an entry of ours opened went flat: its result is one of the mode that was in force then. */
export function measureClose(registry: Registry, symbol: SymbolState, position: Position): void {
  const policy = registry.policy.governors.modeByResults;
  const { mode: state } = symbol.governors;
  if (policy === undefined || state === undefined || position.entryLots === 0) return;
  const mode = state.opened?.position === position.number ? state.opened.mode : state.mode;
  state.opened = undefined;
  if (mode === 'off') return;
  const net = position.realisedUnits - position.feeUnits + position.fundingUnits;
  noteResult(
    policy,
    state,
    position.regime,
    mode,
    net / (position.enteredTickLots * symbol.instrument.moneyPerTickLot),
  );
}
