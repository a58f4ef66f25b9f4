/** From an unknown tree to a typed one, or to problems that name the key, the value and what to write. */
import type { z } from 'zod';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { knownKeys } from '../keys/known-keys.ts';
import { phraseIn } from '../keys/phrases.ts';
import { whyUnread } from '../keys/unread-keys.ts';
import type { Language, Words } from '../keys/words.ts';
import { type Problem, problem } from '../problem.ts';
import { HINTS, VALUE_SAID } from '../said.ts';
import { isDecimal, type Path, pathText } from '../tree.ts';
import { meant } from './meant.ts';
import { insteadOfKey, insteadOfSymbol, insteadOfUnseen, insteadOfValue, meantWord } from './what-to-write.ts';

type Parsed<T> = { readonly tree: T } | { readonly problems: readonly Problem[] };

/** Every problem of the tree at once, in the schema's order. */
export function parsed<S extends z.ZodType>(schema: S, tree: unknown): Parsed<z.output<S>> {
  const result = schema.safeParse(tree, { reportInput: true });
  return result.success
    ? { tree: result.data }
    : { problems: result.error.issues.flatMap((issue) => problemsOf(schema, issue, [])) };
}

type Issue = z.core.$ZodIssue;

function problemsOf(root: z.ZodType, issue: Issue, above: Path): Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(root, [...path, key]));
  if (issue.code === 'invalid_key') return [wrongSymbol(path)];
  const within = issue.code === 'invalid_union' ? deepestBranch(issue.errors) : undefined;
  if (within !== undefined) return within.flatMap((inner) => problemsOf(root, inner, path));
  return [wrongValue(root, issue, path)];
}

/** Of the forms that a value may have, the one that it was meant to be: where it came furthest before it failed. */
function deepestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.some((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'too_small'),
  );
}

function wrongValue(root: z.ZodType, issue: Issue, path: Path): Problem {
  const { hint, why } = paramsOf(issue);
  const expects = inBoth((language) => phraseIn(issue.message, language));
  const key = pathText(path);
  if (key === '') return problem('', VALUE_SAID.notSections(shown(issue.input)));
  if (issue.input === null) return problem(key, VALUE_SAID.noValue(expects));
  if (issue.input === undefined) return problem(key, VALUE_SAID.missing(expects));
  const advice = insteadOfText(issue.input, expects.en) ?? insteadOfValue(path, issue.input, expects.en);
  const keys = expects.en.startsWith('a section:') ? knownKeys(root).in(path) : [];
  const otherwise = hint ?? (keys.length === 0 ? HINTS.likeThat : HINTS.itsKeys(keys.join(', ')));
  return problem(key, VALUE_SAID.wrong(shown(issue.input), expects, why, advice ?? otherwise));
}

function insteadOfText(input: unknown, expects: string): Words | undefined {
  if (typeof input !== 'string') return undefined;
  const unseen = insteadOfUnseen(input);
  if (unseen !== undefined) return unseen;
  const word = meantWord(input, quotedWords(expects));
  return word === undefined ? undefined : HINTS.meant(word);
}

function unknownKey(root: z.ZodType, path: Path): Problem {
  const key = String(path.at(-1));
  const full = pathText(path);
  const unread = whyUnread(full);
  if (unread !== undefined) return problem(full, VALUE_SAID.unsupported(unread));
  return problem(full, VALUE_SAID.unknownKey(keyHint(root, key, path.slice(0, -1))));
}

function keyHint(root: z.ZodType, key: string, section: Path): Words {
  const slip = insteadOfKey(key);
  if (slip !== undefined) return slip;
  const known = knownKeys(root);
  const guess = meant(known, section, key);
  if (guess.kind === 'sibling') return HINTS.meant(guess.key);
  const siblings = known.in(section);
  if (guess.kind === 'unknown') return siblings.length === 0 ? HINTS.removeKey : HINTS.knownHere(siblings.join(', '));
  const places = guess.places.slice(0, 3).join(', ');
  return guess.isSpeltSo ? HINTS.belongsTo(places) : HINTS.meantThere(places);
}

function wrongSymbol(path: Path): Problem {
  const symbol = path.at(-1);
  return problem(pathText(path), VALUE_SAID.wrongSymbol(shown(symbol), insteadOfSymbol(String(symbol))));
}

function inBoth(of: (language: Language) => string): Words {
  return { en: of('en'), ru: of('ru') };
}

function paramsOf(issue: Issue): { readonly hint?: Words; readonly why?: Words } {
  return issue.code === 'custom' && issue.params !== undefined ? issue.params : {};
}

function quotedWords(expects: string): string[] {
  return [...expects.matchAll(/"([a-z_]+)"/g)].map(([, word = '']) => word);
}

const SHOWN_MAX = 40;

function shown(value: unknown): Words {
  if (value === undefined) return { en: 'nothing', ru: 'ничего' };
  if (Array.isArray(value))
    return value.length === 0 ? { en: 'an empty list', ru: 'пустой список' } : { en: 'a list', ru: 'список' };
  if (isDecimal(value)) return inBoth(() => formatDecimal(value));
  if (typeof value === 'object' && value !== null) return { en: 'a section', ru: 'раздел' };
  if (typeof value !== 'string') return inBoth(() => String(value));
  const text = value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value;
  return inBoth(() => JSON.stringify(text));
}
