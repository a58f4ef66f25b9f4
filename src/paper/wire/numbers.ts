/** Numbers as OKX writes them: plain decimals in strings (okx-v5.md §1.2). Core writes no others; here alone that is said to the compiler. */

import { coinsText, contractsText, priceText } from '../../core/instrument/instrument.ts';
import { type Decimal, formatDecimal, formatUnits } from '../../core/numbers/decimal.ts';
import { shownText } from '../../core/position/margin.ts';
import type { NumberInString } from '../../okx/wire/field.ts';
import type { Listing } from '../market/listing.ts';

/** A count, a leverage, a time in milliseconds. */
export function whole(value: number): NumberInString {
  return `${value}`;
}

export function decimalText(value: Decimal): NumberInString {
  return formatDecimal(value) as NumberInString;
}

/** Whole 10^−`scale`. */
export function unitsText(units: bigint, scale: number): NumberInString {
  return formatUnits(units, scale) as NumberInString;
}

/** A ratio, or a price between two ticks, with as many digits as OKX shows. */
export function shownNumber(value: number): NumberInString {
  return shownText(value) as NumberInString;
}

export function price(listing: Listing, ticks: number): NumberInString {
  return priceText(listing.instrument, ticks) as NumberInString;
}

export function contracts(listing: Listing, lots: number): NumberInString {
  return contractsText(listing.instrument, lots) as NumberInString;
}

/** Coins of `lots`. */
export function coins(listing: Listing, lots: number): NumberInString {
  return coinsText(listing.instrument, lots) as NumberInString;
}

/** USDT of whole 10⁻⁸ units. */
export function usdt(units: number | bigint): NumberInString {
  return unitsText(BigInt(units), 8);
}

/** USDT of Σ lots × ticks. */
export function worth(listing: Listing, lotTicks: number | bigint): NumberInString {
  return usdt(BigInt(lotTicks) * BigInt(listing.instrument.moneyPerTickLot));
}

/** A price of `over` / `under` ticks: on the grid where it divides, else the nearest double. */
export function averagePrice(listing: Listing, over: number, under: number): NumberInString {
  if (over % under === 0) return price(listing, over / under);
  const { units, scale } = listing.instrument.tickSize;
  return `${Number(formatUnits((BigInt(over) * units * 10n ** 20n) / BigInt(under), scale + 20))}`;
}
