/** Exact numbers as a person reads them: rounded to the nearest, always with the same places, thousands apart. */

import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Fraction, fractions, roundedUnits } from '../../core/numbers/arithmetic.ts';
import { type Decimal, formatDecimal, percentText } from '../../core/numbers/decimal.ts';
import { priceOf } from '../../core/situation.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import type { ReportTexts } from '../../report/words/texts.ts';

/** `1,234.20`, rounded half up. */
export function figure(value: Fraction, places: number, words: ReportTexts): string {
  const half = { over: 1n, under: 2n * 10n ** BigInt(places) };
  const units = roundedUnits(fractions.plus(value, half), places, 'floor');
  const digits = (units < 0n ? -units : units).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return decimalShown(units < 0n ? `-${text}` : text, words);
}

/** A price with the places of the instrument's tick. */
export function priceFigure(value: Fraction, { tickSize }: Instrument, words: ReportTexts): string {
  return figure(value, formatDecimal(tickSize).split('.')[1]?.length ?? 0, words);
}

export function priceOfTicks(priceTicks: number, instrument: Instrument): Fraction {
  return priceOf(fractions, instrument, priceTicks);
}

/** A share as per cent, as short as it can be: `61.6`. */
export function percentFigure(share: Decimal, words: ReportTexts): string {
  return decimalShown(percentText(share), words);
}

export function exactFigure(value: Decimal, words: ReportTexts): string {
  return decimalShown(formatDecimal(value), words);
}

/** 0 of nothing. */
export function percentOf(part: Fraction, whole: Fraction): Fraction {
  return fractions.compare(whole, fractions.zero) === 0
    ? fractions.zero
    : fractions.over(fractions.times(part, fractions.whole(100)), whole);
}
