/**
 * The worst case of the book: every planned rung of every position and live entry filled, then the stops hit. Source: rules.md §8.
 */
import { type Decimal } from './decimal.ts';
import type { Position, Registry, SymbolState } from './registry.ts';

/** Loss in whole 10⁻⁸ USDT (rounded up) of everything that is open or on its way in. */
export function bookWorstCaseUnits(registry: Registry): number {
  let loss = 0;
  for (const symbol of registry.symbols) {
    const { position, working } = symbol;
    if (position !== undefined) loss += positionWorstCaseUnits(registry, symbol, position);
    if (working?.exits !== undefined) {
      const price = working.side === 1 ? symbol.askTicks : symbol.bidTicks;
      const notional = (working.wantedLots - working.filledLots) * price * symbol.instrument.moneyPerTickLot;
      const share = working.exits.stopDistanceTicks / price + working.exits.roundTripShare;
      loss += ladderWorstCaseUnits(notional, symbol.coefficientSums[registry.profile], share);
    }
  }
  return loss;
}

/** Loss of a ladder that begins with `baseUnits`, fully climbed and stopped: (1 + Σ) × base × (stop distance + costs). */
export function ladderWorstCaseUnits(baseUnits: number, coefficients: Decimal, lossShare: number): number {
  return Math.ceil(baseUnits * (1 + coefficients.approx) * lossShare);
}

function positionWorstCaseUnits(registry: Registry, symbol: SymbolState, position: Position): number {
  const { holding, exits, rungs } = position;
  const left = position.baseUnits === 0 ? 0 : (symbol.coefficientsLeft[registry.profile][rungs.length] ?? 0);
  const notional = holding.costUnits + position.baseUnits * left;
  const average = holding.costUnits / (holding.lots * symbol.instrument.moneyPerTickLot);
  return Math.ceil(notional * (exits.stopDistanceTicks / average + exits.exitShare) + position.feeUnits);
}
