/** A ladder by the book, second by second: entry, five rungs on the way down, a partial on the way up, the target. For deaths at every step of it. */
import type { Prices } from './market.ts';

/** Minutes of a world that sees the whole of it, and a settled end. */
export const LADDER_MINUTES = 2.5;
/** When the entry and the five rungs are asked for, ms from the start. */
export const LADDER_SIGNALS_MS = [1_500, 8_300, 15_300, 22_300, 29_300, 36_300];
const DIP_EVERY = 7;
const DIPS_UNTIL = 44;
const DIP = 0.0004;
const RISE = 0.0014;
const TOP = 0.024;

/** Makes the prices of the traded symbol follow the script; the others stand still. */
export function followLadder(prices: readonly Prices[], startTicks: readonly number[]): void {
  prices.forEach((each, index) => {
    let second = -1;
    const start = startTicks[index] ?? 1;
    each.next = () => {
      second += 1;
      const lastTicks = index === 0 ? Math.round(start * shareAt(second)) : start;
      return { lastTicks, markTicks: lastTicks, bidTicks: lastTicks, askTicks: lastTicks + 1, volumeLots: 1_000 };
    };
  });
}

function shareAt(second: number): number {
  const dips = Math.floor((Math.min(second, DIPS_UNTIL) + DIP_EVERY - 3) / DIP_EVERY);
  const down = 1 - dips * DIP;
  return second <= DIPS_UNTIL ? down : Math.min(1 + TOP, down + (second - DIPS_UNTIL) * RISE);
}
