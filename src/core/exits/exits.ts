/**
 * Exits: what brings stop, target and partials to where they belong, and what closes a position early. Source: rules.md §5, lessons.md 9, 10, 16, 17, 23.
 *
 * After every fill `protect` brings the orders on the exchange to what the position needs: one stop for all of it, the next partial, the
 * target for the rest. Who closes what is one pipeline: `closePosition`, once a position (closing.ts).
 */

import { retuneRatio, tellRetuning } from '../governors/door.ts';
import { opposite, ticks } from '../numbers/units.ts';
import { ATTEMPTS_OF_A_STEP, amend, liveOrder, nextAttempt, place } from '../orders/orders.ts';
import { ofRegime } from '../policy.ts';
import { averageTicks } from '../position/position.ts';
import { markTouched, type Position, type Registry, type SymbolState } from '../registry.ts';
import { beginClose, closePosition } from './closing.ts';
import { forward, up } from './exit-prices.ts';
import { nearer, stopDistanceTicks, stopTicks } from './stop-place.ts';
import { ATTEMPTS_MAX, standTargets } from './targets.ts';
import { hasReached, raiseStop, setWatch, watchGuardTicks } from './watch.ts';

/**
 * Brings stop, partial and target to what the position needs now; of one that is being closed the stop, and the close itself where nothing of
 * it is on its way. `afterRung`: the stop may move away from the market, to the new average.
 */
export function protect(registry: Registry, symbol: SymbolState, position: Position, afterRung: boolean): void {
  if (registry.folding) return;
  markTouched(registry, symbol);
  if (position.leftAlone === true) return setWatch(registry, symbol);
  protectByStop(registry, symbol, position, afterRung);
  if (position.closing === undefined) standTargets(registry, symbol, position);
  else if (symbol.working === undefined) beginClose(registry, symbol, position);
  setWatch(registry, symbol);
}

function protectByStop(registry: Registry, symbol: SymbolState, position: Position, afterRung: boolean): void {
  const { side, lots } = position.holding;
  const standing = liveOrder(symbol, position.number, 'stop');
  const wanted = stopTicks(registry, symbol, position);
  const kept = standing === undefined || afterRung ? wanted : nearer(side, wanted, standing.ticksWanted);
  // One that is placed in its stead is to stand there too, though its distance would allow more by now.
  if (kept !== wanted) position.exits.raisedTicks = kept;
  if (standing !== undefined)
    return amend(registry, standing, kept, lots + standing.filledLots, position.exits.stopReason);
  if (symbol.markTicks !== 0 && side * (symbol.markTicks - kept) <= 0)
    return closePosition(registry, symbol, position, 'stop');
  const attempt = nextAttempt(position, 'stop', 0);
  if ((position.stopsLost ?? 0) >= ATTEMPTS_MAX || attempt > ATTEMPTS_OF_A_STEP)
    return closePosition(registry, symbol, position, 'stop-not-standing');
  place(
    registry,
    symbol,
    {
      role: 'stop',
      position: position.number,
      step: 0,
      attempt,
      side: opposite(side),
      sizeLots: lots,
      terms: { type: 'stop', triggerTicks: ticks(kept), by: registry.policy.exits.stopTrigger },
    },
    'reduces',
    position.exits.stopReason,
  );
}

/** Looks at the mark: liquidation guard, breakeven, trail. Does nothing strictly between the watch prices. */
export function onMark(registry: Registry, symbol: SymbolState): void {
  const { position, markTicks } = symbol;
  if (registry.folding || position === undefined) return;
  if (markTicks > symbol.watchBelowTicks && markTicks < symbol.watchAboveTicks) return;
  if (hasReached(opposite(position.holding.side), markTicks, watchGuardTicks(registry, symbol, position)))
    return closePosition(registry, symbol, position, 'liquidation-guard');
  if (position.closing !== undefined) return;
  markTouched(registry, symbol);
  if (raiseStop(registry, symbol, position)) protectByStop(registry, symbol, position, false);
  setWatch(registry, symbol);
}

/** The time limit has come. */
export function onTimeLimit(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  if (registry.folding || position === undefined || position.closing !== undefined) return;
  if (registry.now < position.exits.timeLimitAt) return;
  closePosition(registry, symbol, position, 'time');
}

/** A same-side signal on a position in profit in a strong trend: more time, a farther target (rules.md §5, Extension). */
export function extend(registry: Registry, symbol: SymbolState, position: Position): void {
  const { extension, timeLimitMs } = registry.policy.exits;
  const { exits, holding } = position;
  const { adx } = symbol.series;
  if (
    position.leftAlone === true ||
    exits.extensions >= extension.timesMax ||
    adx === undefined ||
    adx <= extension.adxMin.approx
  )
    return;
  const average = averageTicks(holding, symbol.instrument);
  const least = average * (1 + holding.side * (extension.profitPercentMin.approx / 100 + exits.roundTripShare));
  if (!hasReached(holding.side, symbol.markTicks, forward(holding.side, least))) return;
  markTouched(registry, symbol);
  exits.extensions += 1;
  exits.timeLimitAt += Math.round(
    ofRegime(timeLimitMs, position.regime) * ofRegime(extension.timeShare, position.regime).approx,
  );
  exits.targetDistanceTicks = up(exits.targetDistanceTicks * extension.targetFactor.approx);
  standTargets(registry, symbol, position);
}

/**
 * Brings the distances of a position in profit, net of costs, to what the volatility makes of its first ones (rules.md §6.2). The target moves
 * either way; the stop as `protect` lets it, so away from the market only right after the next rung.
 */
export function retune(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  if (position !== undefined && position.closing === undefined) retunePosition(registry, symbol, position);
}

function retunePosition(registry: Registry, symbol: SymbolState, position: Position): void {
  if (registry.folding || position.leftAlone === true) return;
  const { exits, holding } = position;
  const ratio = retuneRatio(registry, symbol, position);
  if (ratio === undefined || ratio === exits.tunedBy) return;
  const { side } = holding;
  const average = averageTicks(holding, symbol.instrument);
  if (!hasReached(side, symbol.markTicks, forward(side, average * (1 + side * exits.roundTripShare)))) return;
  const policy = registry.policy.exits;
  const stretched = exits.first.targetTicks * ratio * policy.extension.targetFactor.approx ** exits.extensions;
  const stop = stopDistanceTicks(policy, exits.first.stopTicks * ratio, average, exits.roundTripShare);
  const target = Math.max(1, up(stretched));
  if (stop === exits.stopDistanceTicks && target === exits.targetDistanceTicks) return;
  tellRetuning(registry, symbol, exits.tunedBy, ratio);
  exits.stopDistanceTicks = stop;
  exits.targetDistanceTicks = target;
  exits.tunedBy = ratio;
  exits.tunedAt = registry.now;
  protect(registry, symbol, position, false);
}
