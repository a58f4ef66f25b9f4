/**
 * Several columns of candles as one time: minute by minute, within a minute in the order given. A minute that one symbol lacks is skipped
 * for it alone.
 */
import type { Candles } from '../core/candle.ts';

/**
 * Visits every candle once: `visit(index of the column, index of the candle)`. `ended` hears each minute when all its candles were seen.
 * Who passes `next` (of each column the first candle not yet visited) may stop after `minutesMax` minutes and go on later.
 * @returns whether candles are left
 */
export function eachMinute(
  columns: readonly Candles[],
  visit: (index: number, candle: number) => void,
  ended?: (minute: number) => void,
  next: Uint32Array = new Uint32Array(columns.length),
  minutesMax = Number.POSITIVE_INFINITY,
): boolean {
  for (let minutes = 0; ; minutes += 1) {
    const minute = firstMinute(columns, next);
    if (minute === Number.POSITIVE_INFINITY) return false;
    if (minutes >= minutesMax) return true;
    visitMinute(columns, next, minute, visit);
    ended?.(minute);
  }
}

/** The earliest minute that waits in any column; Infinity: none does. */
function firstMinute(columns: readonly Candles[], next: Uint32Array): number {
  let minute = Number.POSITIVE_INFINITY;
  for (let index = 0; index < columns.length; index += 1) {
    const waiting = (columns[index] as Candles).openMinute[next[index] as number];
    if (waiting !== undefined && waiting < minute) minute = waiting;
  }
  return minute;
}

/** Short calls stay in code that was compiled whole; the loop over all minutes would not (dependencies.md, "Hot loops"). */
function visitMinute(
  columns: readonly Candles[],
  next: Uint32Array,
  minute: number,
  visit: (index: number, candle: number) => void,
): void {
  for (let index = 0; index < columns.length; index += 1) {
    const candle = next[index] as number;
    if ((columns[index] as Candles).openMinute[candle] !== minute) continue;
    next[index] = candle + 1;
    visit(index, candle);
  }
}
