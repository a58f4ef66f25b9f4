/**
 * The way of the price inside a candle: open → one extreme → the other → close, a third of the minute each.
 *
 * A candle does not say which extreme came first. Pessimistic: whatever hurts. With a position the adverse extreme comes first; flat, with a
 * resting entry, the extreme away from the order comes first and then the price goes through it, so that the fill is granted no favourable
 * extreme afterwards. Optimistic: the other way round. With neither, a rising candle has its low first.
 */
import type { Side } from '../../core/numbers/units.ts';
import type { Book } from '../matching/book.ts';
import type { Outlook } from '../matching/fill-model.ts';

export const LEG_MS = 20_000;

export const LAST_LEG = 2;

/** A symbol on the path of a candle: the opening, then three legs to the extremes and the close. */
export interface Walk {
  readonly index: number;
  readonly book: Book;
  /** Where each leg ends, and what is traded on it. */
  readonly toTicks: Float64Array;
  readonly lots: Float64Array;
  openMs: number;
  /** The present one; past the last: the path is walked. */
  leg: number;
  /** Of several symbols: it has a candle in the present minute, which it walks or passes. */
  hasCandle: boolean;
}

export function newWalk(index: number, book: Book): Walk {
  const legs = LAST_LEG + 1;
  return {
    index,
    book,
    toTicks: new Float64Array(legs),
    lots: new Float64Array(legs),
    openMs: 0,
    leg: legs,
    hasCandle: false,
  };
}

/** Whether a market that has begun has no candle in a minute that others have. */
export function isLacking({ book, hasCandle }: Walk): boolean {
  return !hasCandle && book.lastTicks !== 0;
}

/** What decides the order of the extremes. */
export interface Stake {
  /** Side of the open position; undefined: flat. */
  readonly positionSide: Side | undefined;
  /** Side of the nearest resting limit order. */
  readonly restingSide: Side | undefined;
}

/** Whether the low comes before the high. */
export function isLowFirst(outlook: Outlook, stake: Stake, openTicks: number, closeTicks: number): boolean {
  const isPessimistic = outlook === 'pessimistic';
  if (stake.positionSide !== undefined) return (stake.positionSide === 1) === isPessimistic;
  if (stake.restingSide !== undefined) return (stake.restingSide === -1) === isPessimistic;
  return closeTicks >= openTicks;
}

/** Lots of the candle's volume that fall on each leg: in proportion to its way, all on the first where there is no way. */
export function legVolumes(volumeLots: number, first: number, second: number, third: number, into: Float64Array): void {
  const way = first + second + third;
  into[0] = way === 0 ? volumeLots : Math.floor((volumeLots * first) / way);
  into[1] = way === 0 ? 0 : Math.floor((volumeLots * second) / way);
  into[2] = volumeLots - (into[0] ?? 0) - (into[1] ?? 0);
}
