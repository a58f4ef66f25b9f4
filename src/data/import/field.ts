/**
 * One field of a line, from bytes to a whole number of steps, exactly.
 *
 * A decimal is read as `mantissa / 10^scale`; what a double cannot hold whole is read again as a bigint. Nothing is rounded
 * but onto the instrument's grid, and that rounding is named and counted.
 */
import { type Decimal, DecimalError, decimalOf, inStepsOf, type Rounding } from '../../core/numbers/decimal.ts';

type Verdict = 'number' | 'negative' | 'not-a-number';

/** The field that was read last. One is made for a file and written over: a line makes no garbage. */
export interface Field {
  mantissa: number;
  scale: number;
  /** Set where `mantissa` could not hold all digits. */
  wide: Decimal | undefined;
  /** Whether `inSteps` found it off the grid and had to map it. */
  mapped: boolean;
}

export function emptyField(): Field {
  return { mantissa: 0, scale: 0, wide: undefined, mapped: false };
}

/** Bytes of the signs that a fraction begins with. */
export const POINT = 46;
export const COMMA = 44;

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const PLUS = 43;
const MANTISSA_MOST = 900_719_925_474_098;
const POWERS_OF_10 = Float64Array.from({ length: 16 }, (_, i) => 10 ** i);

/** Reads `bytes[from, to)` as a decimal; `point` is the byte of the decimal point or comma. */
export function readNumber(field: Field, bytes: Uint8Array, from: number, to: number, point: number): Verdict {
  let i = from;
  let negative = false;
  if (i < to && (bytes[i] === MINUS || bytes[i] === PLUS)) negative = bytes[i++] === MINUS;
  let mantissa = 0;
  let scale = 0;
  let digits = 0;
  let isFraction = false;
  for (; i < to; i++) {
    const byte = bytes[i] as number;
    if (byte >= ZERO && byte <= NINE) {
      if (mantissa > MANTISSA_MOST) return readWide(field, bytes, from, to, point);
      mantissa = mantissa * 10 + (byte - ZERO);
      digits++;
      if (isFraction) scale++;
    } else if (byte === point && !isFraction) {
      isFraction = true;
    } else {
      return digits > 0 && (byte | 32) === LETTER_E ? readWide(field, bytes, from, to, point) : 'not-a-number';
    }
  }
  if (digits === 0) return 'not-a-number';
  field.mantissa = mantissa;
  field.scale = scale;
  field.wide = undefined;
  return negative && mantissa !== 0 ? 'negative' : 'number';
}

const LETTER_E = 101;
const WIDE = /^([+-]?)(\d{1,60})(?:\.(\d{0,60}))?(?:[eE]([+-]?\d{1,2}))?$/;

/** The long way: many digits, or an exponent as Python and spreadsheets write it. */
function readWide(field: Field, bytes: Uint8Array, from: number, to: number, point: number): Verdict {
  const text = textOf(bytes, from, to).replace(String.fromCharCode(point), '.');
  const match = WIDE.exec(text.startsWith('.') ? `0${text}` : text);
  if (match === null) return 'not-a-number';
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  let units = BigInt(whole + fraction);
  let scale = fraction.length - Number(exponent);
  if (scale < 0) {
    units *= 10n ** BigInt(-scale);
    scale = 0;
  }
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale--;
  }
  field.mantissa = Number(units);
  field.scale = scale;
  field.wide = units > BigInt(MANTISSA_MOST) ? decimalOf(units, scale) : undefined;
  return sign === '-' && units !== 0n ? 'negative' : 'number';
}

/** The step of a grid: `units / 10^scale`. */
export interface Step {
  readonly units: number;
  readonly scale: number;
}

/** @throws {DecimalError} where the step has more digits than a double holds whole. */
export function stepOf(step: Decimal): Step {
  const units = Number(step.units);
  if (!Number.isSafeInteger(units)) throw new DecimalError(`a step of ${step.approx} has too many digits`);
  return { units, scale: step.scale };
}

/** The field in whole steps of the grid; `field.mapped` says whether it was off it. Infinity past the safe range. */
export function inSteps(field: Field, step: Step, rounding: Rounding): number {
  const shift = field.scale - step.scale;
  if (field.wide !== undefined || shift > 15 || shift < -15) return wideInSteps(field, step, rounding);
  const over = shift < 0 ? field.mantissa * (POWERS_OF_10[-shift] as number) : field.mantissa;
  const under = shift > 0 ? step.units * (POWERS_OF_10[shift] as number) : step.units;
  if (over > Number.MAX_SAFE_INTEGER || under > Number.MAX_SAFE_INTEGER) return wideInSteps(field, step, rounding);
  // A remainder of doubles is exact, and so is the quotient of what it leaves.
  const rest = over % under;
  const whole = (over - rest) / under;
  field.mapped = rest !== 0;
  return rest !== 0 && (rounding === 'up' || (rounding === 'nearest' && rest * 2 >= under)) ? whole + 1 : whole;
}

function wideInSteps(field: Field, step: Step, rounding: Rounding): number {
  const value = field.wide ?? decimalOf(BigInt(field.mantissa), field.scale);
  const { steps, isBetween } = inStepsOf(value, decimalOf(BigInt(step.units), step.scale), rounding);
  field.mapped = isBetween;
  return steps > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(steps);
}

/** The field as the nearest double: for comparing two fields of one line. */
export function approximately(field: Field): number {
  return field.scale <= 22 ? field.mantissa / 10 ** field.scale : Number(`${field.mantissa}e-${field.scale}`);
}

/** Bytes as text, one character a byte. */
export function textOf(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let i = from; i < to; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

const YEAR_2009_MS = 1_230_768_000_000;
const YEAR_2100_MS = 4_102_444_800_000;
const DATE =
  /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]0*)?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

export type TimeUnit = 's' | 'ms' | 'µs' | 'ns' | 'date';

interface Time {
  readonly ms: number;
  readonly unit: TimeUnit;
}

/** Milliseconds since 1970 UTC; undefined where `bytes[from, to)` is no time from 2009 to 2100. Without a zone: UTC. */
export function readTime(field: Field, bytes: Uint8Array, from: number, to: number): Time | undefined {
  const time =
    readNumber(field, bytes, from, to, POINT) === 'number' ? numericTime(field) : dateTime(textOf(bytes, from, to));
  return time !== undefined && time.ms >= YEAR_2009_MS && time.ms < YEAR_2100_MS ? time : undefined;
}

/** Seconds, milli-, micro- or nanoseconds by their size: between 2009 and 2100 they cannot be confused. */
function numericTime(field: Field): Time {
  const value = approximately(field);
  if (value < 1e11) return { ms: value * 1_000, unit: 's' };
  if (value < 1e14) return { ms: value, unit: 'ms' };
  if (value < 1e17) return { ms: value / 1_000, unit: 'µs' };
  const ns = field.wide?.units ?? BigInt(field.mantissa);
  // What a double cannot hold must not pass for a whole minute.
  return { ms: Number(ns / 1_000_000n) + (ns % 1_000_000n === 0n ? 0 : 0.5), unit: 'ns' };
}

function dateTime(text: string): Time | undefined {
  const match = DATE.exec(text);
  if (match === null) return undefined;
  const [, year, , month, day, hour = '0', minute = '0', second = '0', zone = 'Z'] = match;
  const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const back = new Date(ms);
  // Date.UTC takes 31 February for 3 March.
  if (back.getUTCMonth() !== Number(month) - 1 || back.getUTCDate() !== Number(day)) return undefined;
  if (back.getUTCHours() !== Number(hour) || Number(second) > 59) return undefined;
  const offset = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone);
  if (offset === null) return { ms, unit: 'date' };
  const offsetMinutes = Number(offset[2]) * 60 + Number(offset[3] ?? 0);
  return { ms: ms - (offset[1] === '-' ? -1 : 1) * offsetMinutes * 60_000, unit: 'date' };
}
