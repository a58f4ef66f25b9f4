/**
 * What a number of OKX's is in the core's units: contracts become lots, USDT 10⁻⁸; prices become ticks where they are read (market/prices.ts,
 * market/candle.ts, trading/fill-facts.ts). Source: okx-v5.md §2.
 *
 * Where the exchange has made a tick finer under us prices lie between two of ours: the mark goes to the nearest, bid and ask away from each other, and
 * a fill to the nearest, with what that costs booked as a fee, so that its cash is exact (decision 0049). A candle of before a tick grew goes onto the
 * grid that is, money finer than 10⁻⁸ against us. What the account holds beside the grid (a lot that has grown under an odd position) is read as the
 * whole lots in it: one odd number must not hide the rest of the account, and what is left out is told. All else off the grid is a payload fault.
 */
import { type Instrument, lotsOf } from '../core/instrument/instrument.ts';
import { type Decimal, decimal, decimalOf, inStepsOf, powerOfTen, type Rounding } from '../core/numbers/decimal.ts';
import { type Lots, lots, MONEY_PLACES } from '../core/numbers/units.ts';

/** The one coin that is counted here. */
export const QUOTE = 'USDT';

/** Contracts, `""` being none. */
export function lotsOfText(of: Instrument, text: string): Lots {
  return text === '' ? lots(0) : lotsOf(of, text);
}

/** The whole lots in a size in contracts, `""` being none, and what is left beside them. */
export function wholeLots(of: Instrument, text: string): { readonly lots: Lots; readonly beside: Decimal } {
  const { units, scale } = decimal(orZero(text));
  const places = Math.max(scale, of.lotSize.scale);
  const size = units * powerOfTen(places - scale);
  const beside = size % (of.lotSize.units * powerOfTen(places - of.lotSize.scale));
  return { lots: lotsOf(of, decimalOf(size - beside, places)), beside: decimalOf(beside, places) };
}

/** Whole 10⁻⁸, of USDT or of a rate: `up` and `down` are towards +∞ and −∞. */
export function inE8(value: Decimal, rounding: Rounding): bigint {
  return inStepsOf(value, MONEY_STEP, rounding).steps;
}

const MONEY_STEP = decimalOf(1n, MONEY_PLACES);

/** A number that may be left out, `""` being 0. */
export function orZero(text: string | undefined): string {
  return text === undefined || text === '' ? '0' : text;
}
