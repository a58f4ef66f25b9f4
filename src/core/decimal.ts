/**
 * Exact decimals: every number of the configuration, of an instrument and of `decide` enters here.
 *
 * A decimal is `units / 10^scale`. `approx` is the nearest double, for the filter of arithmetic.ts and for display; no verdict rests on it
 * where the doubles are too close to tell.
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

const PLAIN = /^([+-]?)(\d{1,60})(?:\.(\d{1,60}))?$/;
const SMALL = /^([+-]?)(\d)(?:\.(\d{1,20}))?[eE]([+-]?\d{1,2})$/;

/** A plain decimal text (`"-1.5"`, `"0.00001"`) or a JSON number of at most 15 digits as an exact decimal. @throws {DecimalError} */
export function decimal(value: string | number): Decimal {
  const text = typeof value === 'number' ? textOfNumber(value) : value.trim();
  const match = PLAIN.exec(text);
  if (match === null) throw new DecimalError(`"${String(value)}" is not a decimal number: write it like "0.05"`);
  const [, sign, whole = '0', fraction = ''] = match;
  const units = BigInt(whole + fraction);
  return decimalOf(sign === '-' ? -units : units, fraction.length);
}

/** The decimal `units / 10^scale`. */
export function decimalOf(units: bigint, scale: number): Decimal {
  return { units, scale, approx: Number(units) / 10 ** scale };
}

function textOfNumber(value: number): string {
  if (!Number.isFinite(value))
    throw new DecimalError(`${value} is not a number that can be traded with: write a finite decimal`);
  const text = String(value);
  if (text.replace(/[eE].*$/, '').replace(/^-?0*\.?0*|[.-]/g, '').length > 15)
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

/** Plain text without exponent and without trailing zeros: `"0.36"`, `"-1.5"`, `"0"`. */
export function formatDecimal(value: Decimal): string {
  return formatUnits(value.units, value.scale);
}

/** `units / 10^scale` as plain text without exponent and without trailing zeros. */
export function formatUnits(units: bigint, scale: number): string {
  const negative = units < 0n;
  const digits = (negative ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? '' : digits.slice(digits.length - scale).replace(/0+$/, '');
  const text = fraction === '' ? whole : `${whole}.${fraction}`;
  return negative && text !== '0' ? `-${text}` : text;
}

/** The decimal times `10^places` as a whole number. @throws {DecimalError} where digits beyond `places` are not zero. */
export function wholeAtScale(value: Decimal, places: number): bigint {
  if (value.scale <= places) return value.units * 10n ** BigInt(places - value.scale);
  const divisor = 10n ** BigInt(value.scale - places);
  if (value.units % divisor !== 0n)
    throw new DecimalError(`${formatDecimal(value)} has more than ${places} decimal places`);
  return value.units / divisor;
}
