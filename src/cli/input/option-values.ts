/** Reads what a person has written after an option. A value that does not fit is a {@link UsageError} that says what to write instead. */
import { nearest } from '../../config/reading/nearest.ts';
import { type Decimal, decimal, decimalOf } from '../../core/numbers/decimal.ts';
import { MONEY_PLACES } from '../../core/numbers/units.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { Texts } from '../texts/en.ts';
import { readDecimal } from './read-decimal.ts';

/** A value out of a few. */
export function oneOf<const T extends string>(flag: string, known: readonly T[], texts: Texts): (word: string) => T {
  return (word) => {
    const found = known.find((each) => each === word);
    if (found !== undefined) return found;
    throw new UsageError(texts.usage.notOneOf(flag, word, known, nearest(word, known)));
  };
}

/** Names separated by commas, each once, one at least. @param example what to write, where nothing was named */
export function names(flag: string, example: string, { usage }: Texts): (words: string) => readonly string[] {
  return (words) => {
    const named = words.split(',').map((word) => word.trim());
    const each = new Set(named.filter((word) => word !== ''));
    if (each.size === 0) throw new UsageError(usage.noneNamed(flag, example));
    return [...each];
  };
}

/** Of an option that may be repeated: every value, in order. */
export function repeated(word: string, before: readonly string[] = []): readonly string[] {
  return [...before, word];
}

/** A number above 0. */
export function positive(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    const value = readDecimal(word);
    if (value !== undefined && value.units > 0n) return value;
    throw new UsageError(texts.usage.notPositive(flag, word));
  };
}

/** The same in per cent; the sign may follow. */
export function positivePercent(flag: string, texts: Texts): (word: string) => Decimal {
  const read = positive(flag, texts);
  return (word) => read(word.replace(/%$/, ''));
}

/** USDT above 0, to the eighth place. */
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

/** A number of at least 0. */
export function notNegative(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    const value = readDecimal(word);
    if (value === undefined || value.units < 0n) throw new UsageError(texts.usage.notNegative(flag, word));
    return value;
  };
}

/** A whole number of at least 0. */
export function wholeNumber(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    if (!/^\d{1,15}$/.test(word)) throw new UsageError(texts.usage.notWhole(flag, word));
    return decimal(word);
  };
}

/** A whole number between two. */
export function wholeBetween(flag: string, least: number, most: number, texts: Texts): (word: string) => number {
  return (word) => {
    const value = /^\d{1,15}$/.test(word) ? Number(word) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new UsageError(texts.usage.notInRange(flag, word, least, most));
  };
}

/** Of a made-up market that nobody has given a number. */
export const DEFAULT_SEED = 27;

/** The number of a made-up market. */
export function seed(texts: Texts): (word: string) => number {
  return wholeBetween('--seed', 0, 999_999_999, texts);
}

/** Per cent, below zero too; the sign may follow. */
export function signedPercent(flag: string, texts: Texts): (word: string) => Decimal {
  return (word) => {
    const value = readPercent(word);
    if (value === undefined) throw new UsageError(texts.usage.notPercent(flag, word));
    return value;
  };
}

/** Shares of the value. */
export interface Fees {
  readonly maker: Decimal;
  readonly taker: Decimal;
}

/** `0.02/0.05`: per cent of the value as maker and as taker; a rebate is negative. */
export function fees(flag: string, texts: Texts): (word: string) => Fees {
  return (word) => {
    const [maker, taker, ...more] = word.split('/').map(readPercent);
    if (maker === undefined || taker === undefined || more.length > 0 || ![maker, taker].every(isFee))
      throw new UsageError(texts.usage.notFees(flag, word));
    return { maker: shareOf(maker), taker: shareOf(taker) };
  };
}

/** Per cent, as far as the configuration takes them. */
function isFee({ approx }: Decimal): boolean {
  return approx >= -1 && approx <= 10;
}

function shareOf({ units, scale }: Decimal): Decimal {
  return decimalOf(units, scale + 2);
}

function readPercent(word: string): Decimal | undefined {
  return readDecimal(word.replace(/\s*%$/, ''));
}

/** `20s`, `5m`, `1h`, as milliseconds. */
export function duration(flag: string, texts: Texts): (word: string) => number {
  return (word) => {
    const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(word) ?? [];
    const value = Number(count) * (UNITS_MS[unit] ?? 0);
    if (value > 0) return value;
    throw new UsageError(texts.usage.notDuration(flag, word));
  };
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
