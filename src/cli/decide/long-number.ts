/**
 * Numbers of a JSON text that a double cannot hold: more than 15 digits (ladder.md §7). `JSON.parse` bends them without a word, so they are
 * looked for in the text.
 */

/** A number token with so many digits, with or without its point; quick, and no proof: it may stand inside a text. */
const SUSPECT = /[:,[]\s*-?[\d.]{16,}/;

const DIGITS_MAX = 15;

/** Where in a JSON text the first number of more than 15 digits stands, and how it is written; undefined where there is none. */
export function longNumberIn(text: string): { readonly path: string; readonly source: string } | undefined {
  if (!SUSPECT.test(text)) return undefined;
  return firstIn(JSON.parse(text, marked as (key: string, value: unknown) => unknown), '');
}

class LongNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

function marked(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === 'number' && source !== undefined && digitsOf(source) > DIGITS_MAX
    ? new LongNumber(source)
    : value;
}

/** Digits that count: no leading zeros, no exponent. */
function digitsOf(source: string): number {
  return source.replace(/[eE].*$/, '').replace(/^-?0*\.?0*|[.-]/g, '').length;
}

function firstIn(value: unknown, path: string): { path: string; source: string } | undefined {
  if (value instanceof LongNumber) return { path, source: value.source };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    const found = firstIn(inner, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
