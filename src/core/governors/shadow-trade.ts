/**
 * A shadow trade: what a signal that nobody followed would have brought. For the modes that are not in force (rules.md §6.4).
 *
 * It enters at the open of the candle after its signal, and leaves at its stop, its target or its time limit, whichever a later price meets
 * first; within one candle the stop is taken to come first. A market that opens beyond the stop fills it at that open; the target has its own price
 * there too, as a limit order that rests has (docs/fills.md). So no fill knows anything of after it. Distances are those of a real entry (exit-prices.ts), costs those of a planned round trip: in as `entry_style` says, out as taker.
 * Times are the candles' own, whenever they are told: a shadow is walked through minutes of the past as through those of now.
 *
 * Deliberately absent: rungs, partials, breakeven and trail, extensions, the account's gates. A shadow measures signals, not the ladder.
 */
import { stopTicksAt, targetTicksAt } from '../exits/exit-prices.ts';
import type { Side } from '../numbers/units.ts';
import type { PlannedExits } from '../registry.ts';

/** Plain data. */
export interface ShadowTrade {
  readonly side: Side;
  readonly signalledAt: number;
  readonly exits: PlannedExits;
  readonly timeLimitMs: number;
  /** 0 before it has entered. */
  entryTicks: number;
  endsAt: number;
}

/** When a candle opened and closed, UTC ms. */
export interface CandleTime {
  readonly openedAt: number;
  readonly closedAt: number;
}

/** A closed candle of the signal timeframe: what a series has of its last one. */
export interface WalkedCandle {
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
}

export function beginShadow(side: Side, at: number, exits: PlannedExits, timeLimitMs: number): ShadowTrade {
  return { side, signalledAt: at, exits, timeLimitMs, entryTicks: 0, endsAt: 0 };
}

/**
 * Takes the next candle. Changes the trade where it enters.
 * @returns the net result as a share of the entry's value, costs taken off, once it is over; undefined while it goes on, and for a candle that
 * had opened before its signal was known; `unseen` where it was over in minutes that are missing: how it ended nobody knows
 */
export function walkShadow(
  trade: ShadowTrade,
  { openedAt, closedAt }: CandleTime,
  candle: WalkedCandle,
): number | 'unseen' | undefined {
  if (openedAt < trade.signalledAt) return undefined;
  if (openedAt >= trade.signalledAt + trade.timeLimitMs) return 'unseen';
  if (trade.entryTicks === 0) {
    trade.entryTicks = candle.openTicks;
    trade.endsAt = trade.signalledAt + trade.timeLimitMs;
  }
  const exitTicks = exitOf(trade, closedAt, candle);
  if (exitTicks === undefined) return undefined;
  return (trade.side * (exitTicks - trade.entryTicks)) / trade.entryTicks - trade.exits.roundTripShare;
}

/** Prices, and a time, that something happens at or beyond: strictly between and before them a candle changes no shadow. Changed in place. */
export interface Bounds {
  belowTicks: number;
  aboveTicks: number;
  at: number;
}

/** Bounds that no trade lies within yet. */
export function openBounds(bounds: Bounds): void {
  bounds.belowTicks = 0;
  bounds.aboveTicks = Number.POSITIVE_INFINITY;
  bounds.at = Number.POSITIVE_INFINITY;
}

/** Whether a candle, closed at `at`, stays within: then it is not walked. */
export function isWithin({ belowTicks, aboveTicks, at: until }: Bounds, at: number, candle: WalkedCandle): boolean {
  return candle.lowTicks > belowTicks && candle.highTicks < aboveTicks && at < until;
}

/** Draws the bounds in to where `walkShadow` ends this trade: the inverse of `exitOf`. One that has not entered does so with the next candle. */
export function boundBy(bounds: Bounds, { side, signalledAt, entryTicks, exits, endsAt }: ShadowTrade): void {
  if (entryTicks === 0) {
    bounds.at = Math.min(bounds.at, signalledAt);
    return;
  }
  const stop = stopTicksAt(side, entryTicks, exits.stopDistanceTicks);
  const target = targetTicksAt(side, entryTicks, exits);
  bounds.belowTicks = Math.max(bounds.belowTicks, side === 1 ? stop : target);
  bounds.aboveTicks = Math.min(bounds.aboveTicks, side === 1 ? target : stop);
  bounds.at = Math.min(bounds.at, endsAt);
}

function exitOf(trade: ShadowTrade, at: number, candle: WalkedCandle): number | undefined {
  const { side, entryTicks, exits, endsAt } = trade;
  const { openTicks, highTicks, lowTicks, closeTicks } = candle;
  const worst = side === 1 ? lowTicks : highTicks;
  const best = side === 1 ? highTicks : lowTicks;
  const stop = stopTicksAt(side, entryTicks, exits.stopDistanceTicks);
  if (side * (worst - stop) <= 0) return side * (openTicks - stop) <= 0 ? openTicks : stop;
  const target = targetTicksAt(side, entryTicks, exits);
  if (side * (best - target) >= 0) return target;
  return at >= endsAt ? closeTicks : undefined;
}
