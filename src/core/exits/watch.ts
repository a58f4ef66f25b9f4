/**
 * The prices between which the core has nothing to do, and what happens to the stop beyond them: breakeven, trail; the liquidation guard. Source: rules.md §5.
 *
 * A trigger price and the rule it is the inverse of stand side by side: `watch…` and `has…`.
 */

import { Doubles } from '../numbers/arithmetic.ts';
import type { Side } from '../numbers/units.ts';
import { ofRegime } from '../policy.ts';
import { liquidationPrice } from '../position/margin.ts';
import { averageTicks } from '../position/position.ts';
import type { Position, Registry, SymbolState } from '../registry.ts';
import { maintenanceRate } from '../situation.ts';
import { isUrgent } from './close-reason.ts';
import { forward } from './exit-prices.ts';
import { stopTicks } from './stop-place.ts';

const plain = new Doubles();

/** Sets the prices between which the core has nothing to do. A position that leaves patiently is watched by the guard alone. */
export function setWatch(registry: Registry, symbol: SymbolState): void {
  const { position } = symbol;
  symbol.watchBelowTicks = 0;
  symbol.watchAboveTicks = Number.POSITIVE_INFINITY;
  if (position === undefined || position.leftAlone === true) return;
  if (position.closing !== undefined && isUrgent(position.closing)) return;
  const guard = watchGuardTicks(registry, symbol, position);
  const gain = position.closing === undefined ? watchGainTicks(registry, symbol, position) : undefined;
  if (position.holding.side === 1) {
    symbol.watchBelowTicks = guard;
    symbol.watchAboveTicks = gain ?? Number.POSITIVE_INFINITY;
  } else {
    symbol.watchBelowTicks = gain ?? 0;
    symbol.watchAboveTicks = guard;
  }
}

/** True where the mark has come to a price that lies in the direction of `side`. */
export function hasReached(side: Side, markTicks: number, priceTicks: number): boolean {
  return side === 1 ? markTicks >= priceTicks : markTicks <= priceTicks;
}

/** The next price in the position's favour at which breakeven or the trail moves the stop. */
function watchGainTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { side } = position.holding;
  const never = side === 1 ? Number.POSITIVE_INFINITY : 0;
  const breakeven =
    breakevenStopTicks(symbol, position) === undefined ? never : breakevenTicks(registry, symbol, position);
  const trail = trailNextTicks(registry, symbol, position) ?? never;
  return side === 1 ? Math.min(breakeven, trail) : Math.max(breakeven, trail);
}

/** Profit of `breakevenPercent` net of costs, as a price; a tick at least: a stop at the mark itself would close at once. */
function breakevenTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { side } = position.holding;
  const average = averageTicks(position.holding, symbol.instrument);
  const gain = (average * ofRegime(registry.policy.exits.breakevenPercent, position.regime).approx) / 100;
  return forward(side, average * (1 + side * fullCostShare(symbol, position)) + side * Math.max(1, gain));
}

/** Where breakeven brings the stop; undefined where breakeven or the trail has brought it there, or nearer, already. */
function breakevenStopTicks(symbol: SymbolState, position: Position): number | undefined {
  const { holding, exits } = position;
  const { side } = holding;
  const stop = forward(side, averageTicks(holding, symbol.instrument) * (1 + side * fullCostShare(symbol, position)));
  return exits.raisedTicks !== 0 && side * (stop - exits.raisedTicks) <= 0 ? undefined : stop;
}

/**
 * What the position costs in and out, as a share of the price: the round trip as planned, and more where its fills have paid more: a taker
 * that followed its maker. What only the rounding of fees adds is nothing.
 */
function fullCostShare({ instrument }: SymbolState, { exits, enteredFeeUnits, enteredTickLots }: Position): number {
  const { roundTripShare, exitShare } = exits;
  const paid = enteredFeeUnits / Math.max(1, enteredTickLots * instrument.moneyPerTickLot) + exitShare;
  return paid > roundTripShare * (1 + 1e-5) ? paid : roundTripShare;
}

/** The mark at which the trail begins, or moves the stop by its next step; undefined without a trail. */
function trailNextTicks(registry: Registry, symbol: SymbolState, position: Position): number | undefined {
  const { trailing } = registry.policy.exits;
  if (trailing === undefined) return undefined;
  const { holding, exits } = position;
  const { side } = holding;
  const activation =
    averageTicks(holding, symbol.instrument) *
    (1 + side * (trailing.activationPercent.approx / 100 + exits.roundTripShare));
  const begins = forward(side, activation);
  if (exits.bestTicks === 0) return begins;
  const step = Math.max(1, Math.floor(trailing.stepShare.approx * trailing.distanceAtr.approx * exits.atrTicks));
  return exits.bestTicks + side * step;
}

/** Moves the stop's raised price where breakeven or the trail say so; false where nothing moved. */
export function raiseStop(registry: Registry, symbol: SymbolState, position: Position): boolean {
  const { holding, exits } = position;
  const { side } = holding;
  const before = exits.raisedTicks;
  const breakeven = breakevenStopTicks(symbol, position);
  if (breakeven !== undefined && hasReached(side, symbol.markTicks, breakevenTicks(registry, symbol, position))) {
    exits.raisedTicks = breakeven;
    exits.stopReason = 'breakeven';
  }
  const { trailing } = registry.policy.exits;
  const next = trailNextTicks(registry, symbol, position);
  if (trailing !== undefined && next !== undefined && hasReached(side, symbol.markTicks, next)) {
    exits.bestTicks = symbol.markTicks;
    const trailed = forward(side, symbol.markTicks - side * Math.max(1, trailing.distanceAtr.approx * exits.atrTicks));
    const stands = exits.raisedTicks === 0 ? stopTicks(registry, symbol, position) : exits.raisedTicks;
    if (side * (trailed - stands) > 0) {
      exits.raisedTicks = trailed;
      exits.stopReason = 'trailing';
    }
  }
  return exits.raisedTicks !== before;
}

/** The mark at which the guard closes: `liquidationGuardShare` of the way from the average to the liquidation price. */
export function watchGuardTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { holding } = position;
  const never = holding.side === 1 ? 0 : Number.POSITIVE_INFINITY;
  if (position.leverage === undefined) return never;
  const quantity = holding.lots * symbol.instrument.moneyPerTickLot;
  const liquidation = liquidationPrice(
    plain,
    { side: holding.side, quantity, cost: holding.costUnits, margin: holding.costUnits / position.leverage },
    {
      maintenance: maintenanceRate(plain, symbol.instrument, holding.lots),
      closingFee: registry.policy.execution.feeRates.taker.approx,
    },
  );
  const average = holding.costUnits / quantity;
  const guard = average + registry.policy.exits.liquidationGuardShare.approx * (liquidation - average);
  return guard <= 0 ? never : forward(holding.side, guard);
}
