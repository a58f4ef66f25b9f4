/**
 * Candles as columns: one typed array a field, 24 bytes a candle at rest.
 *
 * Prices in ticks of the instrument, volume in lots, `openMinute` in whole minutes since 1970 UTC. A column holds 32-bit unsigned numbers:
 * a price above 4,294,967,295 ticks is refused at the door (data), not wrapped. Minutes may be missing (a gap); order is strict.
 */
import type { Rounding } from '../numbers/decimal.ts';

export interface Candles extends Readonly<Record<CandleColumn, Uint32Array>> {
  readonly instId: string;
  readonly length: number;
}

/** Names of the columns, in the order in which files keep them (data/store). Who reads one candle after another names them one by one. */
export const CANDLE_COLUMNS = ['openMinute', 'openTicks', 'highTicks', 'lowTicks', 'closeTicks', 'volumeLots'] as const;

export type CandleColumn = (typeof CANDLE_COLUMNS)[number];

/** How a candle of a finer grid goes onto another: its range never shrinks, its volume never grows. */
export const CANDLE_ROUNDING = {
  openTicks: 'nearest',
  highTicks: 'up',
  lowTicks: 'down',
  closeTicks: 'nearest',
  volumeLots: 'down',
} as const satisfies Readonly<Record<Exclude<CandleColumn, 'openMinute'>, Rounding>>;

/** What a column holds at most; as a minute it is far below any time in milliseconds. */
export const COLUMN_MAX = 2 ** 32 - 1;

export const MINUTE_MS = 60_000;
export const DAY_MINUTES = 1_440;
export const DAY_MS = DAY_MINUTES * MINUTE_MS;

/** Empty columns for `length` candles; filled by data and by the generator. */
export function emptyCandles(instId: string, length: number): Candles {
  const column = () => new Uint32Array(length);
  return {
    instId,
    length,
    openMinute: column(),
    openTicks: column(),
    highTicks: column(),
    lowTicks: column(),
    closeTicks: column(),
    volumeLots: column(),
  };
}

/** The first `length` candles of columns that were made larger, without copying. */
export function firstCandles(candles: Candles, length: number): Candles {
  return {
    instId: candles.instId,
    length,
    openMinute: candles.openMinute.subarray(0, length),
    openTicks: candles.openTicks.subarray(0, length),
    highTicks: candles.highTicks.subarray(0, length),
    lowTicks: candles.lowTicks.subarray(0, length),
    closeTicks: candles.closeTicks.subarray(0, length),
    volumeLots: candles.volumeLots.subarray(0, length),
  };
}
