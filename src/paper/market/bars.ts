/**
 * OKX's bar names and where their bars begin. Source: okx-v5.md §1.6.
 *
 * Up to 4H bars begin at multiples of their length in UTC; from 6H on in UTC+8, or in UTC with the ending `utc`. Weeks begin on Mondays.
 * All in whole minutes since 1970 UTC.
 */

import { MINUTE_MS } from '../../core/market/candle.ts';

export interface Bar {
  /** Length in minutes; 0 for bars of whole months. */
  readonly minutes: number;
  readonly months: number;
  /** Added to a UTC minute before it is cut: 8 hours for UTC+8, and for weeks the three days from a Monday to the first of January 1970. */
  readonly shiftMinutes: number;
}

const HOUR = 60;
const DAY = 24 * HOUR;
const EAST = 8 * HOUR;
/** 1970-01-01 was a Thursday: three days after a Monday. */
const TO_MONDAY = 3 * DAY;

const SHORT: Readonly<Record<string, number>> = {
  '1m': 1,
  '3m': 3,
  '5m': 5,
  '15m': 15,
  '30m': 30,
  '1H': HOUR,
  '2H': 2 * HOUR,
  '4H': 4 * HOUR,
};
const LONG: Readonly<Record<string, number>> = {
  '6H': 6 * HOUR,
  '12H': 12 * HOUR,
  '1D': DAY,
  '2D': 2 * DAY,
  '3D': 3 * DAY,
};
const MONTHS: Readonly<Record<string, number>> = { '1M': 1, '3M': 3 };

/** Undefined for a name that OKX does not know. */
export function barOf(name: string): Bar | undefined {
  const short = Object.hasOwn(SHORT, name) ? SHORT[name] : undefined;
  if (short !== undefined) return { minutes: short, months: 0, shiftMinutes: 0 };
  const isUtc = name.endsWith('utc');
  const word = isUtc ? name.slice(0, -3) : name;
  const zone = isUtc ? 0 : EAST;
  if (word === '1W') return { minutes: 7 * DAY, months: 0, shiftMinutes: zone + TO_MONDAY };
  if (Object.hasOwn(LONG, word)) return { minutes: LONG[word] ?? 0, months: 0, shiftMinutes: zone };
  if (Object.hasOwn(MONTHS, word)) return { minutes: 0, months: MONTHS[word] ?? 0, shiftMinutes: zone };
  return undefined;
}

/** The first minute of the bar that `minute` lies in. */
export function barStart(bar: Bar, minute: number): number {
  const shifted = minute + bar.shiftMinutes;
  if (bar.months === 0) return Math.floor(shifted / bar.minutes) * bar.minutes - bar.shiftMinutes;
  const date = new Date(shifted * MINUTE_MS);
  const month = Math.floor(date.getUTCMonth() / bar.months) * bar.months;
  return Date.UTC(date.getUTCFullYear(), month, 1) / MINUTE_MS - bar.shiftMinutes;
}

/** The first minute of the bar after the one that begins at `start`. */
export function nextBarStart(bar: Bar, start: number): number {
  if (bar.months === 0) return start + bar.minutes;
  const date = new Date((start + bar.shiftMinutes) * MINUTE_MS);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + bar.months, 1) / MINUTE_MS - bar.shiftMinutes;
}
