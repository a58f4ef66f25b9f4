/**
 * Numbers of a JSON text that a double cannot hold: more than 15 digits (ladder.md §7), or a power of ten that is past its range (1e400, 1e-400).
 * `JSON.parse` rounds them without a word, so they are looked for in the text.
 */
import { DIGITS_MAX, digitsOf } from '../../core/numbers/decimal.ts';

/** A number token with so many digits, or so large a power; quick, and no proof: it may stand inside a text. */
const SUSPECT = /[:,[]\s*-?(?:[\d.]{16,}|[\d.]+[eE][+-]?\d{3})/;

interface InexactNumber {
  readonly path: string;
  readonly source: string;
  readonly isPastRange: boolean;
}

/** Where in a JSON text the first number stands that a double cannot hold, and how it is written; undefined where there is none. */
export function inexactNumberIn(text: string): InexactNumber | undefined {
  if (!SUSPECT.test(text)) return undefined;
  return firstIn(JSON.parse(text, marked as (key: string, value: unknown) => unknown), '');
}

class Inexact {
  readonly source: string;
  readonly isPastRange: boolean;

  constructor(source: string, isPastRange: boolean) {
    this.source = source;
    this.isPastRange = isPastRange;
  }
}

function marked(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || source === undefined) return value;
  const digits = digitsOf(source);
  const isPastRange = !Number.isFinite(value) || (value === 0 && digits > 0);
  return isPastRange || digits > DIGITS_MAX ? new Inexact(source, isPastRange) : value;
}

function firstIn(value: unknown, path: string): InexactNumber | undefined {
  if (value instanceof Inexact) return { path, ...value };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = firstIn(inner, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
