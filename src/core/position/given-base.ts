/**
 * The base of a position that no entry of ours opened: a person gives it, and the ladder stands on it as on an entry's. Source: rules.md §3
 * ("no rungs until the operator gives them a base"), ladder.md §1 (D2).
 *
 * It says how much of what is held was the entry, in whole lots, so it is never more than is held; and like every base it is cut to what a new
 * position would get now when a rung is judged. An entry's base is frozen: it can't be given another one.
 */

import { markTouched, type Registry, type SymbolState } from '../registry.ts';
import { type Holding, shareOfCost, timesOver } from './position.ts';

/** What stands in the way, and what it is measured by, whole 10⁻⁸ USDT. */
export type BaseObjection =
  | { readonly code: 'nothing-open' }
  | { readonly code: 'has-base'; readonly baseUnits: number }
  | { readonly code: 'below-a-lot'; readonly lotUnits: number }
  | { readonly code: 'above-position'; readonly heldUnits: number };

/**
 * Why a position can't be given this base; undefined where it can.
 * @param units whole 10⁻⁸ USDT at the position's average; undefined: all that is held
 */
export function baseObjection({ position }: SymbolState, units: number | undefined): BaseObjection | undefined {
  if (position === undefined) return { code: 'nothing-open' };
  const { baseUnits, holding } = position;
  if (baseUnits > 0) return { code: 'has-base', baseUnits };
  if (units === undefined) return undefined;
  if (units > holding.costUnits) return { code: 'above-position', heldUnits: holding.costUnits };
  if (lotsFor(holding, units) > 0) return undefined;
  return { code: 'below-a-lot', lotUnits: timesOver(holding.costUnits, 1, holding.lots, 'ceil') };
}

/** Gives it, floored to lots; where something stands in the way nothing changes. Nothing is sent: the next signal asks for the first rung. */
export function giveBase(registry: Registry, symbol: SymbolState, units: number | undefined): void {
  const { position } = symbol;
  if (position === undefined || baseObjection(symbol, units) !== undefined) return;
  const { holding } = position;
  position.entryLots = units === undefined ? holding.lots : lotsFor(holding, units);
  position.baseUnits = shareOfCost(holding, position.entryLots);
  markTouched(registry, symbol);
}

/** How many lots were bought for so much, at the average. */
function lotsFor({ lots, costUnits }: Readonly<Holding>, units: number): number {
  return timesOver(units, lots, costUnits, 'floor');
}
