/** Exact numbers as a person reads them: rounded to the nearest, always with the same places, thousands apart. */
import { type Fraction, fractions, roundedUnits } from '../../core/arithmetic.ts';
import { type Decimal, formatDecimal, percentText } from '../../core/decimal.ts';
import type { Instrument } from '../../core/instrument.ts';
import { priceOf } from '../../core/situation.ts';
import { decimalShown } from '../../report/numbers.ts';
import type { ReportTexts } from '../../report/texts.ts';
import { MONEY_PLACES } from '../../core/units.ts';
import type { Texts } from '../texts/en.ts';
import { readDecimal } from './read-decimal.ts';
import { UsageError } from './usage-error.ts';

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

/** Reads the value of an option that must be above 0. @throws {UsageError} */
export function positive(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    const value = readDecimal(word);
    if (value !== undefined && value.units > 0n) return value;
    throw new UsageError(texts.usage.notPositive(flag, word));
  };
}

/** The same in per cent; the sign may follow. @throws {UsageError} */
export function positivePercent(flag: string, texts: Texts): (word: string) => Decimal {
  const read = positive(flag, texts);
  return (word) => read(word.replace(/%$/, ''));
}

/** Reads an amount of USDT above 0, to the eighth place. @throws {UsageError} */
export function amount(flag: string, texts: Texts): (word: string) => Decimal {
  const read = positive(flag, texts);
  return (word) => {
    const value = read(word);
    if (isAmount(value)) return value;
    throw new UsageError(texts.usage.notAmount(flag, word));
  };
}

/** Whether the configuration takes so many USDT: above 0, to the eighth place, no more than it can count with. */
export function isAmount({ units, scale, approx }: Decimal): boolean {
  return units > 0n && scale <= MONEY_PLACES && approx <= USDT_MAX;
}

const USDT_MAX = 1_000_000_000;
