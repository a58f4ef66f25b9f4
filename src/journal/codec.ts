/**
 * Payload of a row ↔ text: plain data as JSON, with bigint.
 *
 * A payload is a string, finite number, boolean, bigint, null, an array or a plain object of these. A field that is
 * `undefined` is absent. Bytes are deterministic: keys stand in the order given. Two forms, told apart by the row:
 * - `FORM_JSON`: the text is JSON, what `JSON.parse` gives is the payload (−0 included).
 * - `FORM_JSON_BIGINT`: the payload holds a bigint, so every string that begins with `#` is marked: `"#12"` is 12n,
 *   `"##12"` is the string `#12`. Only these rows pay for a second walk when they are read.
 *
 * A form, once written, keeps its meaning for ever: a new way to write rows is a new form, never a rewritten row.
 * Refuses (`payload`): NaN, infinities, functions, symbols, dates, maps, class instances, `undefined` inside an array
 * or at the top, nesting deeper than 200 (a cycle), more than 4 Mi characters.
 * Source: design.md §3 (3), reliability.md R4, R12.
 */
import { JournalError } from './errors.ts';

export const FORM_JSON = 0;
export const FORM_JSON_BIGINT = 1;
export type PayloadForm = typeof FORM_JSON | typeof FORM_JSON_BIGINT;

/** The version of the set of forms that this code reads and writes. */
export const CODEC_VERSION = 1;

export interface EncodedPayload {
  readonly form: PayloadForm;
  readonly text: string;
}

const DEPTH_MAX = 200;
const TEXT_LENGTH_MAX = 4 * 1024 * 1024;
const MARK = 35; // '#'

/** Encodes a payload; see the head of this file for what is refused. */
export function encodePayload(payload: unknown): EncodedPayload {
  const needs = needsOf(payload, 0);
  const text = (needs & NEEDS_WRITER) === 0 ? JSON.stringify(payload) : write(payload, (needs & HAS_BIGINT) !== 0);
  if (text.length > TEXT_LENGTH_MAX) {
    throw new JournalError(
      'payload',
      `A journal row holds at most "${TEXT_LENGTH_MAX}" characters, got "${text.length}".`,
    );
  }
  return { form: (needs & HAS_BIGINT) === 0 ? FORM_JSON : FORM_JSON_BIGINT, text };
}

/** Decodes what {@link encodePayload} wrote. Throws a plain SyntaxError on anything else; the caller knows the row. */
export function decodePayload(form: PayloadForm, text: string): unknown {
  const value: unknown = JSON.parse(text);
  return form === FORM_JSON ? value : unmark(value);
}

export function isPayloadForm(form: unknown): form is PayloadForm {
  return form === FORM_JSON || form === FORM_JSON_BIGINT;
}

const HAS_BIGINT = 1;
const NEEDS_WRITER = 2;

/** One walk before the fast native stringify: refuses what is not plain data, finds what native JSON would lose. */
function needsOf(value: unknown, depth: number): number {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return 0;
    case 'number':
      if (!Number.isFinite(value)) throw refuse(`the number ${value}`);
      return value === 0 && 1 / value < 0 ? NEEDS_WRITER : 0;
    case 'bigint':
      return HAS_BIGINT | NEEDS_WRITER;
    case 'object':
      if (value === null) return 0;
      if (depth >= DEPTH_MAX) throw refuse(`nesting deeper than ${DEPTH_MAX} (a cycle?)`);
      return Array.isArray(value) ? needsOfArray(value, depth) : needsOfObject(value, depth);
    default:
      throw refuse(value === undefined ? '"undefined" that is not an absent field' : `a ${typeof value}`);
  }
}

function needsOfArray(items: readonly unknown[], depth: number): number {
  let needs = 0;
  for (let i = 0; i < items.length; i += 1) needs |= needsOf(items[i], depth + 1);
  return needs;
}

function needsOfObject(fields: object, depth: number): number {
  const prototype: unknown = Object.getPrototypeOf(fields);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(`an instance of ${nameOf(prototype)}`);
  let needs = 0;
  for (const key of Object.keys(fields)) {
    const value = fieldOf(fields, key);
    if (value !== undefined) needs |= needsOf(value, depth + 1);
  }
  return needs;
}

/** JSON with what the native one would lose: −0, and (marked) bigint. */
function write(value: unknown, marks: boolean): string {
  switch (typeof value) {
    case 'string':
      return quoted(marks && value.charCodeAt(0) === MARK ? `#${value}` : value);
    case 'number':
      return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
    case 'bigint':
      return `"#${value}"`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? writeArray(value, marks) : writeObject(value, marks);
    default:
      return String(value);
  }
}

function writeArray(items: readonly unknown[], marks: boolean): string {
  let text = '[';
  for (let i = 0; i < items.length; i += 1) text += i === 0 ? write(items[i], marks) : `,${write(items[i], marks)}`;
  return `${text}]`;
}

function writeObject(fields: object, marks: boolean): string {
  let text = '{';
  for (const key of Object.keys(fields)) {
    const field = fieldOf(fields, key);
    if (field !== undefined) text += (text === '{' ? '' : ',') + quotedKey(key) + write(field, marks);
  }
  return `${text}}`;
}

/** Nothing in it that JSON would escape: most strings, and quicker to see than to escape. */
const PLAIN_TEXT = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  return PLAIN_TEXT.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** The same few keys come again in every row. */
const quotedKeys = new Map<string, string>();
const QUOTED_KEYS_MAX = 2_000;

function quotedKey(key: string): string {
  const known = quotedKeys.get(key);
  if (known !== undefined) return known;
  const made = `${JSON.stringify(key)}:`;
  if (quotedKeys.size < QUOTED_KEYS_MAX) quotedKeys.set(key, made);
  return made;
}

/** In place: JSON.parse made this tree for us alone, and its keys (even `__proto__`) are own fields already. */
function unmark(value: unknown): unknown {
  if (typeof value === 'string') return value.charCodeAt(0) === MARK ? unmarkString(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i += 1) value[i] = unmark(value[i]);
    return value;
  }
  const fields = value as Record<string, unknown>;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (typeof field === 'string' || typeof field === 'object') fields[key] = unmark(field);
  }
  return fields;
}

function unmarkString(text: string): string | bigint {
  return text.charCodeAt(1) === MARK ? text.slice(1) : BigInt(text.slice(1));
}

function fieldOf(fields: object, key: string): unknown {
  return (fields as Record<string, unknown>)[key];
}

function nameOf(prototype: unknown): string {
  const maker: unknown = typeof prototype === 'object' && prototype !== null ? fieldOf(prototype, 'constructor') : null;
  return typeof maker === 'function' && maker.name !== '' ? maker.name : 'a nameless class';
}

function refuse(what: string): JournalError {
  return new JournalError('payload', `A journal row holds plain data only; this one holds ${what}.`);
}
