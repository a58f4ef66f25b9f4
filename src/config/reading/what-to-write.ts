/** The commonest slips have an answer of their own: what to write instead. */

import type { Words } from '../keys/words.ts';
import { HINTS } from '../said.ts';
import type { Path } from '../tree.ts';
import { nearest } from './nearest.ts';

/** For a value that is not what its key expects. */
export function insteadOfValue(path: Path, input: unknown, expects: string): Words | undefined {
  const dashed =
    typeof input === 'string' && /\ba list\b/.test(expects) ? /^-(\w\S{0,40})/.exec(input)?.[1] : undefined;
  if (dashed !== undefined) return HINTS.dashAndSpace(dashed);
  if (expects.startsWith('a section')) return insteadOfSection(input);
  if (typeof input === 'string' && expects.startsWith('a USDT perpetual swap'))
    return insteadOfSymbol(input) ?? cyrillicIn(input);
  if (expects.startsWith('a name') && (typeof input === 'number' || typeof input === 'boolean')) return HINTS.inQuotes;
  if (input === 0 && path.at(-2) === 'ladder') return HINTS.zeroStep;
  if (typeof input !== 'string' && typeof input !== 'number') return undefined;
  const text = String(input);
  return insteadOfSpelling(text) ?? insteadOfSign(path.at(-1), text);
}

/** What takes no room on a screen, and spaces that are not the ordinary one. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}]|(?! )\p{Zs}|(?![\t\n\r])\p{Cc}/gu;
const UNSEEN_TOLD_MAX = 3;

/** Each once, like `U+200B`; undefined of none. */
function unseenIn(text: string): string | undefined {
  const points = [...new Set(text.match(UNSEEN))].slice(0, UNSEEN_TOLD_MAX);
  const told = points.map((each) => `U+${(each.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`);
  return told.length === 0 ? undefined : told.join(', ');
}

/** A text that looks right and is not: whatever else is said of it, a person would see no difference. */
export function insteadOfUnseen(text: string): Words | undefined {
  const points = SPACE_OR_COMMA.test(text) ? undefined : unseenIn(text);
  return points === undefined ? undefined : HINTS.unseen(points);
}

/** A coin in USDT as other exchanges and programs write it: `btc-usdt-swap`, `BTC/USDT:USDT`, `BTCUSDT`, `USDT_BTC`, `BTC`. */
const COIN_IN_USDT = /^(?:usdt[-_/])?([a-z0-9]{1,20}?)(?:[-_/]?usdt(?:[-_/:.](?:usdt|swap|perp|p))?)?$/i;

/** For what is no name of a swap at OKX and may mean one. */
export function insteadOfSymbol(text: string): Words | undefined {
  const coin = COIN_IN_USDT.exec(text)?.[1];
  return coin === undefined || /^\d+$/.test(coin) ? undefined : HINTS.meant(`${coin.toUpperCase()}-USDT-SWAP`);
}

const SWITCHES: Readonly<Record<string, string>> = {
  yes: 'on',
  y: 'on',
  да: 'on',
  enabled: 'on',
  no: 'off',
  n: 'off',
  нет: 'off',
  disabled: 'off',
};

/** Of the words that a value may be, the one that was meant. By letters alone "no" would be "on", and "on" would be "off". */
export function meantWord(input: string, words: readonly string[]): string | undefined {
  const text = input.toLowerCase();
  const meant = Object.hasOwn(SWITCHES, text) ? SWITCHES[text] : undefined;
  if (meant !== undefined && words.includes('off')) return words.includes(meant) ? meant : undefined;
  return text === 'on' || text === 'off' ? words.find((word) => word === text) : nearest(input, words);
}

function insteadOfSection(input: unknown): Words | undefined {
  if (Array.isArray(input)) return HINTS.noDashes;
  if (typeof input !== 'string') return undefined;
  const [, key, mark, value] = /^(\w+)(:|\s*=\s*)(\S+)/.exec(input) ?? [];
  return key === undefined || value === undefined ? undefined : HINTS.colonAndSpace(`${key}: ${value}`, mark === ':');
}

const TYPOGRAPHIC_MINUS = /^[\u2010-\u2015\u2212]/;
const SPACE_OR_COMMA = /^[-+]?\d[\d\s,]*[\s,]\d+(\.\d+)?\s*%?$/;

function insteadOfSpelling(text: string): Words | undefined {
  if (TYPOGRAPHIC_MINUS.test(text)) return HINTS.plainMinus;
  if (SPACE_OR_COMMA.test(text)) return HINTS.pointOnly;
  return cyrillicIn(text);
}

function insteadOfSign(key: PropertyKey | undefined, text: string): Words | undefined {
  const isNegative = text.startsWith('-');
  if (key === 'max_loss_for_addition') return isNegative ? HINTS.likeLoss : HINTS.lossIsNegative;
  return key === 'daily_loss_limit' && isNegative ? HINTS.withoutSign : undefined;
}

/** For a key that is none, where its spelling alone is to blame. */
export function insteadOfKey(key: string): Words | undefined {
  const points = unseenIn(key);
  if (points !== undefined) return /^\p{Zs}/u.test(key) ? HINTS.plainSpaces(points) : HINTS.unseen(points);
  if (key === '<<') return HINTS.writeOut;
  if (/^[a-z_]+(\.[A-Za-z0-9_-]+)+$/.test(key)) return HINTS.nested(nestedText(key.split('.')));
  const [, name, value] = /^(\w+):(\S+)$/.exec(key) ?? [];
  if (name !== undefined && value !== undefined) return HINTS.colonAndSpace(`${name}: ${value}`, true);
  return cyrillicIn(key);
}

/** `limits: {shock_atr: …}`. */
function nestedText([key = '', ...below]: readonly string[]): string {
  return below.length === 0 ? `${key}: …` : `${key}: {${nestedText(below)}}`;
}

/** Letters that look alike and are not: only beside Latin ones, a Russian word is no slip of the keyboard. */
function cyrillicIn(text: string): Words | undefined {
  const letters = text.match(/[\u0400-\u04ff]/g);
  return letters === null || !/[A-Za-z]/.test(text) ? undefined : HINTS.cyrillic([...new Set(letters)].join(''));
}
