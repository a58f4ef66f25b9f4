/**
 * Several columns of candles as one time: minute by minute, within a minute in the order given. A minute that one symbol lacks is skipped
 * for it alone.
 */
import type { Candles } from '../core/candle.ts';

/**
 * Visits every minute that has a candle, once. `due`: the columns that have one, in their order; `candleOf`: by column, the number of its candle.
 * Both are valid until `visit` returns. Who passes `next` (of each column the first candle not yet visited) may stop after `minutesMax` minutes
 * and go on later.
 * @returns whether candles are left
 */
export function eachMinute(
  columns: readonly Candles[],
  visit: (minute: number, due: readonly number[], candleOf: Uint32Array) => void,
  next: Uint32Array = new Uint32Array(columns.length),
  minutesMax = Number.POSITIVE_INFINITY,
): boolean {
  const due: number[] = [];
  for (let minutes = 0; ; minutes += 1) {
    const minute = firstMinute(columns, next);
    if (minute === Number.POSITIVE_INFINITY) return false;
    if (minutes >= minutesMax) return true;
    findDue(columns, next, minute, due);
    visit(minute, due, next);
    for (const index of due) next[index] = (next[index] as number) + 1;
  }
}

/** The earliest minute that waits in any column; Infinity: none does. Short calls stay in code that was compiled whole (dependencies.md, "Hot loops"). */
function firstMinute(columns: readonly Candles[], next: Uint32Array): number {
  let minute = Number.POSITIVE_INFINITY;
  for (let index = 0; index < columns.length; index += 1) {
    const waiting = (columns[index] as Candles).openMinute[next[index] as number];
    if (waiting !== undefined && waiting < minute) minute = waiting;
  }
  return minute;
}

function findDue(columns: readonly Candles[], next: Uint32Array, minute: number, due: number[]): void {
  due.length = 0;
  for (let index = 0; index < columns.length; index += 1)
    if ((columns[index] as Candles).openMinute[next[index] as number] === minute) due.push(index);
}
