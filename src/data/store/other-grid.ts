/**
 * Stored candles on another grid than the one they were stored on: exchanges change ticks, lots and contracts, and what is known of an instrument
 * offline may be older than what its exchange says. Prices keep their worth, volume its coins; what lies between two steps goes where
 * `CANDLE_ROUNDING` says, as in an import.
 */

import { coinsPerLot, type Instrument } from '../../core/instrument/instrument.ts';
import { CANDLE_ROUNDING, type Candles, COLUMN_MAX, emptyCandles } from '../../core/market/candle.ts';
import { type Decimal, decimal, decimalOf, inStepsOf, type Rounding } from '../../core/numbers/decimal.ts';

/** What ticks and lots mean, as a file notes it. */
export interface GridSaid {
  readonly tickSz: string;
  readonly lotSz: string;
  readonly ctVal: string;
}

/** Candles that were put onto another grid, and of how many of them prices or volume lay between its steps. */
interface OnOtherGrid {
  readonly candles: Candles;
  readonly mappedPrices: number;
  readonly mappedVolumes: number;
}

/** @returns undefined where a price would be 0, or a number larger than a column holds: then it is hardly the same coin */
export function onGridOf(of: Instrument, was: GridSaid, candles: Candles): OnOtherGrid | undefined {
  const moved = emptyCandles(candles.instId, candles.length);
  moved.openMinute.set(candles.openMinute);
  const pricesBetween = new Uint8Array(candles.length);
  const tickWas = decimal(was.tickSz);
  for (const column of PRICES) {
    const step = { was: tickWas, is: of.tickSize, rounding: CANDLE_ROUNDING[column], least: 1n };
    if (!move(candles[column], moved[column], step, pricesBetween)) return undefined;
  }
  const volumesBetween = new Uint8Array(candles.length);
  const step = {
    was: coinsPerLot({ contractValue: decimal(was.ctVal), lotSize: decimal(was.lotSz) }),
    is: coinsPerLot(of),
    rounding: CANDLE_ROUNDING.volumeLots,
    least: 0n,
  };
  if (!move(candles.volumeLots, moved.volumeLots, step, volumesBetween)) return undefined;
  return { candles: moved, mappedPrices: marked(pricesBetween), mappedVolumes: marked(volumesBetween) };
}

const PRICES = ['openTicks', 'highTicks', 'lowTicks', 'closeTicks'] as const;
const STEPS_MAX = BigInt(COLUMN_MAX);

interface OtherStep {
  readonly was: Decimal;
  readonly is: Decimal;
  readonly rounding: Rounding;
  readonly least: bigint;
}

/** @param between where a value lay between two steps a 1 is left @returns false at a value that has no place */
function move(from: Uint32Array, to: Uint32Array, step: OtherStep, between: Uint8Array): boolean {
  const { was, is, rounding, least } = step;
  for (let i = 0; i < from.length; i++) {
    const value = decimalOf(BigInt(from[i] as number) * was.units, was.scale);
    const { steps, isBetween } = inStepsOf(value, is, rounding);
    if (steps < least || steps > STEPS_MAX) return false;
    to[i] = Number(steps);
    if (isBetween) between[i] = 1;
  }
  return true;
}

function marked(marks: Uint8Array): number {
  let count = 0;
  for (const mark of marks) count += mark;
  return count;
}
