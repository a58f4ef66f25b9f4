/** Where a stop belongs. Source: rules.md §5, lessons.md 17. */

import type { Instrument } from '../instrument/instrument.ts';
import { positionLossMax } from '../ladder/limits.ts';
import { Doubles } from '../numbers/arithmetic.ts';
import type { Side } from '../numbers/units.ts';
import type { ExitsPolicy, Policy } from '../policy.ts';
import { averageTicks, type Holding } from '../position/position.ts';
import { balanceUnits, type Position, type Registry, type SymbolState } from '../registry.ts';
import { stopTicksAt, up } from './exit-prices.ts';

const plain = new Doubles();

/** Planned distance average → stop: what is wanted (so many ATR), never nearer than the floors in price and in round-trip costs (rules.md §5). */
export function stopDistanceTicks(
  exits: ExitsPolicy,
  wantedTicks: number,
  priceTicks: number,
  roundTripShare: number,
): number {
  const distance = Math.max(
    wantedTicks,
    exits.stopCostMultiple.approx * roundTripShare * priceTicks,
    (exits.stopPercentMin.approx / 100) * priceTicks,
  );
  return Math.max(1, up(distance));
}

/**
 * The planned distance from the average, cut to what `max_loss_per_position` allows. Rounded towards the market: the loss is never larger
 * than planned. `balanceUnits` in 10⁻⁸ USDT.
 */
export function firstStopTicks(
  policy: Policy,
  balanceUnits: number,
  instrument: Instrument,
  holding: Pick<Holding, 'side' | 'lots' | 'costUnits'>,
  distanceTicks: number,
): number {
  const lossMax = positionLossMax(plain, policy, balanceUnits);
  const distanceMax = Math.floor(lossMax / (holding.lots * instrument.moneyPerTickLot));
  const distance = Math.max(1, Math.min(distanceTicks, distanceMax));
  return stopTicksAt(holding.side, averageTicks(holding, instrument), distance);
}

/** Where the stop belongs: its first place (`firstStopTicks`), or nearer, where it has been already. */
export function stopTicks(registry: Registry, symbol: SymbolState, position: Position): number {
  const { holding, exits } = position;
  const balance = balanceUnits(registry);
  const first = firstStopTicks(registry.policy, balance, symbol.instrument, holding, exits.stopDistanceTicks);
  return exits.raisedTicks === 0 ? first : Math.max(1, nearer(holding.side, first, exits.raisedTicks));
}

/** The tick nearer to the market of two stops. */
export function nearer(side: Side, a: number, b: number): number {
  return side === 1 ? Math.max(a, b) : Math.min(a, b);
}
