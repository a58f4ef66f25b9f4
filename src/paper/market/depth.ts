/**
 * An order book around the touch that only looks alive: the simulator fills by sim/matching/fill-model.ts, not by these sizes.
 *
 * A level every tick, sizes drawn from a hash of price and time, so that the same market shows the same book; at each tick of the market a
 * few levels change. The best levels show what a taker really finds. Orders of accounts are not in it.
 */
import type { Book } from '../../sim/matching/book.ts';
import type { Listing } from './listing.ts';

export const LEVELS = 400;
/** A level keeps its size for so many ticks of the market. */
const KEEPS = 32;
/** Usual value of a level, USDT. */
const LEVEL_USDT = 20_000;

/** One side: level `n` stands `n` ticks behind the best; 0 lots where nobody stands. */
export interface DepthSide {
  readonly bestTicks: number;
  readonly lots: Float64Array;
}

export interface Depth {
  readonly bids: DepthSide;
  readonly asks: DepthSide;
}

/** The book at the market's `tick`-th tick. */
export function depthOf(listing: Listing, book: Book, tick: number): Depth {
  const bestBid = book.touchTicks(-1);
  const bestAsk = Math.max(book.touchTicks(1), bestBid + 1);
  const touchLots = Math.max(listing.instrument.lotsMin, book.depthLotsLeft());
  return {
    bids: sideOf(listing, bestBid, -1, tick, touchLots),
    asks: sideOf(listing, bestAsk, 1, tick, touchLots),
  };
}

function sideOf(listing: Listing, bestTicks: number, away: 1 | -1, tick: number, touchLots: number): DepthSide {
  const { instrument } = listing;
  const usualLots = (LEVEL_USDT * 1e8) / (bestTicks * instrument.moneyPerTickLot);
  const levels = away === 1 ? LEVELS : Math.min(LEVELS, bestTicks);
  const lots = new Float64Array(levels);
  lots[0] = touchLots;
  for (let n = 1; n < levels; n++) {
    const ticks = bestTicks + away * n;
    const own = mixed(ticks * 2 + (away === 1 ? 1 : 0));
    const draw = mixed(own ^ Math.floor((tick + (own & (KEEPS - 1))) / KEEPS)) >>> 0;
    lots[n] = Math.max(instrument.lotsMin, Math.round(usualLots * (0.1 + (1.8 * draw) / 4_294_967_296)));
  }
  return { bestTicks, lots };
}

/** How many orders stand at a level: only for show. */
export function ordersAt(lots: number): number {
  return 1 + (mixed(lots) & 15);
}

/** A level that is not what it was; `lots` 0 where it is gone. */
export interface DepthChange {
  readonly ticks: number;
  readonly lots: number;
}

export function changesOf(before: DepthSide, after: DepthSide, away: 1 | -1): DepthChange[] {
  const changes: DepthChange[] = [];
  const shift = away * (after.bestTicks - before.bestTicks);
  const first = Math.min(0, shift);
  const last = Math.max(before.lots.length, after.lots.length + shift);
  for (let n = first; n < last; n++) {
    const old = before.lots[n] ?? 0;
    const now = after.lots[n - shift] ?? 0;
    if (old !== now) changes.push({ ticks: before.bestTicks + away * n, lots: now });
  }
  return changes;
}

function mixed(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
