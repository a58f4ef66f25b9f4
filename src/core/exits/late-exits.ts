/**
 * Exits of a position that began before its market was known: found at a start whose indicators are not warm yet, with a journal that was lost, or by hand.
 *
 * It begins with distances of the whole price (opening.ts): its stop stands where `max_loss_per_position` allows, its target nowhere near. Once an entry
 * could be planned, it gets an entry's exits. As every other stop its own comes nearer to the market alone; where the mark has passed that place already,
 * the position closes as at its stop, as one does that is found when its market is known.
 */

import { ofRegime } from '../policy.ts';
import { balanceUnits, type ExitPlan, type Position, type Registry, type SymbolState } from '../registry.ts';
import { closePosition } from './closing.ts';
import { protect } from './exits.ts';
import { planExits } from './planned-exits.ts';
import { firstStopTicks } from './stop-place.ts';

/** Asked at every close of a candle: plans what could not be planned when it began. */
export function planLate(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  if (position?.exits.isUnplanned !== true || registry.folding) return;
  if (position.closing === undefined && position.leftAlone !== true) plan(registry, symbol, position);
}

function plan(registry: Registry, symbol: SymbolState, position: Position): void {
  const { regime } = symbol.series;
  const planned = planExits(registry, symbol, regime);
  if (planned === undefined) return;
  const { exits, holding } = position;
  const { stopDistanceTicks, targetDistanceTicks, atrTicks, roundTripShare, exitShare, factor } = planned;
  const { policy } = registry;
  const { timeLimitMs } = policy.exits;
  const stop = firstStopTicks(policy, balanceUnits(registry), symbol.instrument, holding, stopDistanceTicks);
  // The one that stands stays where it is: no exchange takes one beyond the mark.
  if (holding.side * (symbol.markTicks - stop) <= 0) return closePosition(registry, symbol, position, 'stop');
  delete exits.isUnplanned;
  Object.assign(exits, {
    stopDistanceTicks,
    targetDistanceTicks,
    atrTicks,
    roundTripShare,
    exitShare,
    // Its steps were those of the whole price: it begins anew with the next mark.
    bestTicks: 0,
    first: { stopTicks: stopDistanceTicks, targetTicks: targetDistanceTicks, factor },
    // Not from its beginning: one that was left to a person has its time since they gave it away.
    timeLimitAt: exits.timeLimitAt + ofRegime(timeLimitMs, regime) - ofRegime(timeLimitMs, position.regime),
  } satisfies Partial<ExitPlan>);
  position.regime = regime;
  protect(registry, symbol, position, false);
}
