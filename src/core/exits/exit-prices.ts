/** Prices of exits from their distances, in whole ticks: for positions and for shadows of them. Source: rules.md §5. */

import type { Side } from '../numbers/units.ts';
import type { PlannedExits } from '../registry.ts';

/** The tick of a stop so far behind an average price. */
export function stopTicksAt(side: Side, average: number, distanceTicks: number): number {
  return Math.max(1, forward(side, average - side * distanceTicks));
}

/** The tick of the target of an average price: the planned distance, net of a round trip. */
export function targetTicksAt(
  side: Side,
  average: number,
  exits: Pick<PlannedExits, 'targetDistanceTicks' | 'roundTripShare'>,
): number {
  return Math.max(1, forward(side, average + side * (exits.targetDistanceTicks + exits.roundTripShare * average)));
}

/** Rounds a price the way the position gains: a stop is never farther, a profit never nearer than planned. */
export function forward(side: Side, price: number): number {
  return side === 1 ? up(price) : down(price);
}

/** Doubles miss a whole tick by less than this (prices are below 2³² ticks); a tie is the tick itself, for a long as for a short. */
const DUST_TICKS = 1e-6;

export function up(price: number): number {
  return Math.ceil(price - DUST_TICKS);
}

function down(price: number): number {
  return Math.floor(price + DUST_TICKS);
}
