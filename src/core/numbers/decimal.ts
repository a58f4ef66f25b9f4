/**
 * Exact decimals: every number of the configuration, of an instrument and of `decide` enters here.
 *
 * A decimal is `units / 10^scale`. `approx` is the nearest double (of more than 15 digits it may be the next one), for the filter of arithmetic.ts and for display;
 * no verdict rests on it where the doubles are too close to tell.
 * Refuses: text that is no plain decimal; a JSON number of more than 15 digits, which a double may already have bent (ladder.md §7).
 */
export interface Decimal {
  readonly units: bigint;
  readonly scale: number;
  readonly approx: number;
}

/** Thrown where a text or number is not an exact decimal; the message says what to write instead. */
export class DecimalError extends Error {
  override readonly name = 'DecimalError';
}

const PLAIN = /^[+-]?\d{1,60}(?:\.\d{1,60})?$/;
const SMALL = /^([+-]?)(\d)(?:\.(\d{1,20}))?[eE]([+-]?\d{1,2})$/;

/** So many digits a double holds whole. */
export const DIGITS_MAX = 15;
const WHOLE_MAX = 10 ** DIGITS_MAX;

/** A plain decimal text (`"-1.5"`, `"0.00001"`) or a JSON number of at most 15 digits as an exact decimal. @throws {DecimalError} */
export function decimal(value: string | number): Decimal {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < WHOLE_MAX)
    return { units: BigInt(value), scale: 0, approx: value + 0 };
  const text = typeof value === 'number' ? textOfNumber(value) : value.trim();
  if (!PLAIN.test(text)) throw new DecimalError(`"${String(value)}" is not a decimal number: write it like "0.05"`);
  const point = text.indexOf('.');
  const scale = point < 0 ? 0 : text.length - point - 1;
  if (text.length <= DIGITS_MAX) return shortDecimal(Number(text), scale);
  return decimalOf(wholeOf(point < 0 ? text : text.slice(0, point) + text.slice(point + 1)), scale);
}

/** The number is off by less than 2⁻⁵³ of itself, and so, of 15 digits, are its units by less than a half. */
function shortDecimal(value: number, scale: number): Decimal {
  const power = powerOfTenDouble(scale);
  // No minus zero.
  const units = Math.round(value * power) + 0;
  return { units: BigInt(units), scale, approx: units / power };
}

function wholeOf(digits: string): bigint {
  return digits.startsWith('+') ? BigInt(digits.slice(1)) : BigInt(digits);
}

/** The decimal `units / 10^scale`. */
export function decimalOf(units: bigint, scale: number): Decimal {
  return { units, scale, approx: Number(units) / powerOfTenDouble(scale) };
}

const POWERS: readonly bigint[] = Array.from({ length: 64 }, (_, exponent) => 10n ** BigInt(exponent));
const POWER_DOUBLES: readonly number[] = POWERS.map((_, exponent) => 10 ** exponent);

function powerOfTenDouble(exponent: number): number {
  return POWER_DOUBLES[exponent] ?? 10 ** exponent;
}

/** A percentage over this is a share. */
export const HUNDRED = decimalOf(100n, 0);

/** 10^exponent. */
export function powerOfTen(exponent: number): bigint {
  return POWERS[exponent] ?? 10n ** BigInt(exponent);
}

/** Digits of a number's text that count: no leading zeros, no exponent. */
export function digitsOf(text: string): number {
  return text.replace(/[eE].*$/, '').replace(/^-?0*\.?0*|[.-]/g, '').length;
}

function textOfNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new DecimalError(`${value} is not a number that can be traded with: write a finite decimal`);
  const text = String(value);
  if (digitsOf(text) > DIGITS_MAX)
    throw new DecimalError(`the number ${text} has more than 15 digits and may have lost some: use a string`);
  const small = SMALL.exec(text);
  if (small === null) return text;
  const [, sign, head = '0', tail = '', exponentText = '0'] = small;
  const exponent = Number(exponentText);
  const digits = head + tail;
  const point = 1 + exponent;
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return sign + digits + '0'.repeat(point - digits.length);
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** −1, 0 or 1 as a is below, equal to or above b. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = wholeAtScale(a, scale) - wholeAtScale(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function addDecimals(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return decimalOf(wholeAtScale(a, scale) + wholeAtScale(b, scale), scale);
}

export function multiplyDecimals(a: Decimal, b: Decimal): Decimal {
  return decimalOf(a.units * b.units, a.scale + b.scale);
}

export function negateDecimal({ units, scale }: Decimal): Decimal {
  return decimalOf(-units, scale);
}

/** A share as plain text in per cent: 0.0002 is `"0.02"`. */
export function percentText({ units, scale }: Decimal): string {
  return formatDecimal(decimalOf(units * 100n, scale));
}

/** Plain text without exponent and without trailing zeros: `"0.36"`, `"-1.5"`, `"0"`. */
export function formatDecimal(value: Decimal): string {
  return formatUnits(value.units, value.scale);
}

/** `units / 10^scale` as plain text without exponent and without trailing zeros. */
export function formatUnits(units: bigint, scale: number): string {
  if (units === 0n) return '0';
  const sign = units < 0n ? '-' : '';
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  let end = digits.length;
  while (end > point && digits.charCodeAt(end - 1) === ZERO_CODE) end -= 1;
  const whole = sign + digits.slice(0, point);
  return end === point ? whole : `${whole}.${digits.slice(point, end)}`;
}

const ZERO_CODE = '0'.charCodeAt(0);

/** Where a value between two steps goes; a half goes up. */
export type Rounding = 'nearest' | 'up' | 'down';

/** A value in whole steps, exactly, and whether it lies between two of them. `step` is above 0. */
export function inStepsOf(
  value: Decimal,
  step: Decimal,
  rounding: Rounding,
): { readonly steps: bigint; readonly isBetween: boolean } {
  const over = value.units * powerOfTen(step.scale);
  const under = step.units * powerOfTen(value.scale);
  const rest = ((over % under) + under) % under;
  const isUp = rest !== 0n && (rounding === 'up' || (rounding === 'nearest' && rest * 2n >= under));
  return { steps: (over - rest) / under + (isUp ? 1n : 0n), isBetween: rest !== 0n };
}

/** The decimal times `10^places` as a whole number. @throws {DecimalError} where digits beyond `places` are not zero. */
export function wholeAtScale(value: Decimal, places: number): bigint {
  if (value.scale <= places) return value.units * powerOfTen(places - value.scale);
  const divisor = powerOfTen(value.scale - places);
  if (value.units % divisor !== 0n)
    throw new DecimalError(`${formatDecimal(value)} has more than ${places} decimal places`);
  return value.units / divisor;
}
