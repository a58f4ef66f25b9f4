/**
 * Several columns of candles as one time: minute by minute, within a minute in the order given. A minute that one symbol lacks is skipped
 * for it alone.
 */
import type { Candles } from '../core/candle.ts';

/** Visits every candle once: `visit(index of the column, index of the candle)`. `ended` hears each minute when all its candles were seen. */
export function eachMinute(
  columns: readonly Candles[],
  visit: (index: number, candle: number) => void,
  ended?: (minute: number) => void,
): void {
  const next = new Uint32Array(columns.length);
  for (;;) {
    let minute = Number.POSITIVE_INFINITY;
    for (let index = 0; index < columns.length; index += 1) {
      const waiting = (columns[index] as Candles).openMinute[next[index] as number];
      if (waiting !== undefined && waiting < minute) minute = waiting;
    }
    if (minute === Number.POSITIVE_INFINITY) return;
    for (let index = 0; index < columns.length; index += 1) {
      const candle = next[index] as number;
      if ((columns[index] as Candles).openMinute[candle] !== minute) continue;
      next[index] = candle + 1;
      visit(index, candle);
    }
    ended?.(minute);
  }
}
