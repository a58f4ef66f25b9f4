/**
 * Several columns of candles as one time: minute by minute, within a minute in the order given. A minute that one symbol lacks is skipped
 * for it alone.
 */
import type { Candles } from '../../core/market/candle.ts';

/**
 * Visits every minute that has a candle, once. `due`: the columns that have one, in their order; `candleOf`: by column, the number of its candle.
 * Both are valid until `visit` returns. A visitor that sets a higher number there leaves out the candles up to it. Who passes `next` (of each column
 * the first candle not yet visited) may stop before `endMinute` and go on later.
 * @returns whether candles are left
 */
export function eachMinute(
  columns: readonly Candles[],
  visit: (minute: number, due: readonly number[], candleOf: Uint32Array) => void,
  next: Uint32Array = new Uint32Array(columns.length),
  endMinute = Number.POSITIVE_INFINITY,
): boolean {
  const due: number[] = [];
  const waiting = Float64Array.from(columns, (candles, index) => minuteAt(candles, next[index] as number));
  for (;;) {
    const minute = earliest(waiting);
    if (minute === Number.POSITIVE_INFINITY) return false;
    if (minute >= endMinute) return true;
    findDue(waiting, minute, due);
    visit(minute, due, next);
    for (let i = 0; i < due.length; i += 1) {
      const index = due[i] as number;
      const candle = (next[index] as number) + 1;
      next[index] = candle;
      waiting[index] = minuteAt(columns[index] as Candles, candle);
    }
  }
}

/** Infinity past the last one. */
function minuteAt({ openMinute }: Candles, candle: number): number {
  return candle < openMinute.length ? (openMinute[candle] as number) : Number.POSITIVE_INFINITY;
}

/** The minute that waits first; Infinity: none does. Short calls stay in code that was compiled whole (dependencies.md, "Hot loops"). */
function earliest(waiting: Float64Array): number {
  let minute = Number.POSITIVE_INFINITY;
  for (let index = 0; index < waiting.length; index += 1) {
    const each = waiting[index] as number;
    if (each < minute) minute = each;
  }
  return minute;
}

/** Written over: a list that is emptied for every minute is made anew for every minute. */
function findDue(waiting: Float64Array, minute: number, due: number[]): void {
  let count = 0;
  for (let index = 0; index < waiting.length; index += 1)
    if (waiting[index] === minute) {
      due[count] = index;
      count += 1;
    }
  if (due.length > count) due.length = count;
}

/** Whether all columns have the same minutes, without a gap: none ever lacks one. */
export function haveSameMinutes(columns: readonly Candles[]): boolean {
  const [first] = columns;
  return columns.every(
    ({ openMinute }) =>
      openMinute.length === first?.length &&
      openMinute[0] === first.openMinute[0] &&
      openMinute[openMinute.length - 1] === first.openMinute[openMinute.length - 1] &&
      isWithoutGaps(openMinute),
  );
}

/** Of minutes that rise. */
function isWithoutGaps(openMinute: Uint32Array): boolean {
  const count = openMinute.length;
  return count === 0 || (openMinute[count - 1] as number) - (openMinute[0] as number) === count - 1;
}

/** The first of the candles `from` … `to` − 1 that opens after a minute; `to` where none does. */
export function firstAfter(openMinute: Uint32Array, minute: number, from: number, to: number): number {
  if (from === to || (openMinute[to - 1] as number) <= minute) return to;
  let low = from;
  let high = to - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((openMinute[middle] as number) <= minute) low = middle + 1;
    else high = middle;
  }
  return low;
}
