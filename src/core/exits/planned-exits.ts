/** The exits of a position that would be opened now: distances, before there is an average. Source: rules.md §5. */

import { distanceFactor } from '../governors/door.ts';
import { Doubles } from '../numbers/arithmetic.ts';
import { ofRegime, type Regime } from '../policy.ts';
import type { PlannedExits, Registry, SymbolState } from '../registry.ts';
import { costShares } from '../situation.ts';
import { up } from './exit-prices.ts';
import { stopDistanceTicks } from './stop-place.ts';

const plain = new Doubles();

/**
 * Distances of a position that would be opened now: stop and target in ATR by regime and volatility, the stop never nearer than its floors.
 * Undefined while the ATR or the price is not known.
 */
export function planExits(registry: Registry, symbol: SymbolState, regime: Regime): PlannedExits | undefined {
  const { exits } = registry.policy;
  const atrTicks = symbol.series.atrTicks;
  if (atrTicks === undefined || symbol.pricedAt < 0) return undefined;
  const costs = costShares(plain, symbol, registry.policy);
  const factor = distanceFactor(registry, symbol);
  return {
    regime,
    atrTicks,
    factor,
    roundTripShare: costs.roundTrip,
    exitShare: costs.exit,
    stopDistanceTicks: stopDistanceTicks(
      exits,
      ofRegime(exits.stopAtr, regime).approx * atrTicks * factor,
      symbol.markTicks,
      costs.roundTrip,
    ),
    targetDistanceTicks: Math.max(1, up(ofRegime(exits.targetAtr, regime).approx * atrTicks * factor)),
  };
}
