/**
 * The door for what clients send: a query or one JSON object, unknown keys ignored.
 *
 * Clients send numbers as strings or numbers and truths as booleans or strings; `""` is taken for absent (okx-v5.md §6.1).
 * Refuses with 50014 (empty), 51000 (not what it must be).
 */

import { DecimalError, decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import type { NumberInString } from '../../okx/wire/field.ts';
import { OkxError, parameterEmpty, parameterError } from './reply.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** Text of a field; a number is written out in full. @throws {OkxError} on an object, a list or a number with lost digits */
export function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'number') throw parameterError(name);
  try {
    return formatDecimal(decimal(value));
  } catch (error) {
    if (error instanceof DecimalError) throw parameterError(name);
    throw error;
  }
}

export function neededText(fields: Fields, name: string): string {
  const text = textOf(fields, name);
  if (text === undefined) throw parameterEmpty(name);
  return text;
}

/** One of `values`; undefined where absent. */
export function oneOf<const V extends readonly string[]>(
  fields: Fields,
  name: string,
  values: V,
): V[number] | undefined {
  const text = textOf(fields, name);
  if (text === undefined) return undefined;
  if (!values.includes(text)) throw parameterError(name);
  return text;
}

export function neededOneOf<const V extends readonly string[]>(fields: Fields, name: string, values: V): V[number] {
  const text = oneOf(fields, name, values);
  if (text === undefined) throw parameterEmpty(name);
  return text;
}

export function flagOf(fields: Fields, name: string): boolean {
  const text = textOf(fields, name)?.toLowerCase();
  if (text === undefined || text === 'false') return false;
  if (text === 'true') return true;
  throw parameterError(name);
}

const PLAIN_NUMBER = /^-?\d{1,24}(\.\d{1,24})?$/;

/** A plain decimal as text, sign and exponent checked; undefined where absent. */
export function numberOf(fields: Fields, name: string): NumberInString | undefined {
  const text = textOf(fields, name);
  if (text === undefined) return undefined;
  if (!PLAIN_NUMBER.test(text)) throw parameterError(name);
  return text as NumberInString;
}

/** A whole number in digits, not below `least`, cut to `most`; `otherwise` where absent. @throws {OkxError} 51000 */
export function wholeOf(fields: Fields, name: string, least: number, most: number, otherwise: number): number {
  const text = textOf(fields, name);
  if (text === undefined) return otherwise;
  if (!/^\d{1,15}$/.test(text) || Number(text) < least) throw parameterError(name);
  return Math.min(Number(text), most);
}

/** A time in milliseconds; undefined where absent. */
export function millisOf(fields: Fields, name: string): number | undefined {
  const text = textOf(fields, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,16}$/.test(text)) throw parameterError(name);
  return Number(text);
}

/** The object that a JSON value must be. */
export function objectOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new OkxError('50002', 'JSON syntax error');
  return value as Fields;
}

/** The objects in a field; none where it is absent. @throws {OkxError} on anything but a list of objects */
export function objectsIn(fields: Fields, name: string): Fields[] {
  const given = fields[name] ?? '';
  if (given === '') return [];
  if (!Array.isArray(given)) throw parameterError(name);
  return (given as unknown[]).map((each) => {
    if (typeof each !== 'object' || each === null) throw parameterError(name);
    return each as Fields;
  });
}

/** Objects of a list that may also come as a single object. @throws {OkxError} 51111 above `most` */
export function listOf(value: unknown, most: number): Fields[] {
  const items = Array.isArray(value) ? value : [value];
  if (items.length === 0) throw parameterError('args');
  if (items.length > most) throw new OkxError('51111', `Maximum ${most} orders can be placed in bulk`);
  return items.map(objectOf);
}

const CLIENT_ID = /^[A-Za-z0-9]{1,32}$/;
const TAG = /^[A-Za-z0-9]{0,16}$/;

export function clientIdOf(fields: Fields, name: string): string {
  const text = textOf(fields, name) ?? '';
  if (text !== '' && !CLIENT_ID.test(text)) throw parameterError(name);
  return text;
}

export function tagOf(fields: Fields): string {
  const text = textOf(fields, 'tag') ?? '';
  if (!TAG.test(text)) throw parameterError('tag');
  return text;
}
