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
import { JournalError } from '../errors.ts';

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
  found = 0;
  let text = write(payload, 0, true);
  const form = (found & A_BIGINT) === 0 ? FORM_JSON : FORM_JSON_BIGINT;
  if (form === FORM_JSON && (found & A_MARK) !== 0) text = write(payload, 0, false);
  if (text.length > TEXT_LENGTH_MAX) {
    throw new JournalError(
      'payload',
      `A journal row holds at most "${TEXT_LENGTH_MAX}" characters, got "${text.length}".`,
    );
  }
  return { form, text };
}

/** Decodes what {@link encodePayload} wrote. Throws a plain SyntaxError on anything else; the caller knows the row. */
export function decodePayload(form: PayloadForm, text: string): unknown {
  const value: unknown = JSON.parse(text);
  return form === FORM_JSON ? value : unmark(value);
}

export function isPayloadForm(form: unknown): form is PayloadForm {
  return form === FORM_JSON || form === FORM_JSON_BIGINT;
}

/** What the present payload was found to hold: decides its form. */
let found = 0;
const A_BIGINT = 1;
/** A string that begins with the mark: its text is another in each form. */
const A_MARK = 2;

/** JSON as the native one writes it, with what that would lose: −0, bigint, and a mark before what looks like one. Refuses what is not plain data. */
function write(value: unknown, depth: number, marks: boolean): string {
  switch (typeof value) {
    case 'string':
      if (value.charCodeAt(0) !== MARK) return quoted(value);
      found |= A_MARK;
      return quoted(marks ? `#${value}` : value);
    case 'number':
      if (!Number.isFinite(value)) throw refuse(`the number ${value}`);
      return value === 0 && 1 / value < 0 ? '-0' : `${value}`;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      found |= A_BIGINT;
      return `"#${value}"`;
    case 'object':
      if (value === null) return 'null';
      if (depth >= DEPTH_MAX) throw refuse(`nesting deeper than ${DEPTH_MAX} (a cycle?)`);
      return Array.isArray(value) ? writeArray(value, depth, marks) : writeObject(value, depth, marks);
    default:
      throw refuse(value === undefined ? '"undefined" that is not an absent field' : `a ${typeof value}`);
  }
}

function writeArray(items: readonly unknown[], depth: number, marks: boolean): string {
  let text = '[';
  for (let i = 0; i < items.length; i += 1) text += (i === 0 ? '' : ',') + write(items[i], depth + 1, marks);
  return `${text}]`;
}

function writeObject(fields: object, depth: number, marks: boolean): string {
  const prototype: unknown = Object.getPrototypeOf(fields);
  if (prototype !== Object.prototype && prototype !== null) throw refuse(`an instance of ${nameOf(prototype)}`);
  let text = '{';
  for (const key of Object.keys(fields)) {
    const field = fieldOf(fields, key);
    if (field !== undefined) text += (text === '{' ? '' : ',') + quotedKey(key) + write(field, depth + 1, marks);
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
