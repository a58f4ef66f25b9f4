/** From an unknown tree to a typed one, or to problems that name the key, the value and what to write. */
import type { z } from 'zod';
import { formatDecimal } from '../core/decimal.ts';
import { knownKeys } from './known-keys.ts';
import { laterReason } from './later.ts';
import { nearest } from './nearest.ts';
import type { Problem } from './problem.ts';
import { isDecimal, type Path, pathText } from './tree.ts';

export type Parsed<T> = { readonly tree: T } | { readonly problems: readonly Problem[] };

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
  return [wrongValue(issue, path)];
}

/** Of the forms that a value may have, the one that it was meant to be: where it came furthest before it failed. */
function deepestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  return branches.find((issues) =>
    issues.some((issue) => issue.path.length > 0 || issue.code === 'unrecognized_keys' || issue.code === 'too_small'),
  );
}

function wrongValue(issue: Issue, path: Path): Problem {
  const { hint, why } = paramsOf(issue);
  const expects = issue.message;
  const key = pathText(path);
  if (key === '')
    return {
      path: '',
      message: `the configuration is ${shown(issue.input)}, not sections with their keys`,
      hint: 'Begin with a key like "symbols:"',
    };
  if (issue.input === null)
    return { path: key, message: 'has no value', hint: `Give it ${expects}, or remove the key` };
  if (issue.input === undefined) return { path: key, message: 'is missing', hint: `Give it ${expects}` };
  const message = `${shown(issue.input)} is not ${expects}${why === undefined ? '' : `: ${why}`}`;
  const meant = typeof issue.input === 'string' ? nearest(issue.input, quotedWords(expects)) : undefined;
  if (meant !== undefined) return { path: key, message, hint: `Did you mean "${meant}"?` };
  return {
    path: key,
    message,
    hint: whatToWrite(path, issue.input) ?? hint ?? 'Write it like that, or remove the key to get the default',
  };
}

/** The commonest wrong signs have an answer of their own. */
function whatToWrite(path: Path, input: unknown): string | undefined {
  if (typeof input !== 'string' && typeof input !== 'number') return undefined;
  const isNegative = String(input).startsWith('-');
  if (path.at(-1) === 'max_loss_for_addition' && !isNegative)
    return 'A loss is negative: write -1.5. To add only in profit use min_profit_for_addition';
  if (path.at(-1) === 'daily_loss_limit' && isNegative) return 'Write the size of the loss without a sign: 5';
  return undefined;
}

function unknownKey(root: z.ZodType, path: Path): Problem {
  const key = String(path.at(-1));
  const full = pathText(path);
  const later = laterReason(full);
  if (later !== undefined) return { path: full, message: `is not supported: ${later}`, hint: 'Remove the key' };
  return { path: full, message: 'is not a key of the configuration', hint: keyHint(root, key, path.slice(0, -1)) };
}

function keyHint(root: z.ZodType, key: string, section: Path): string {
  const known = knownKeys(root);
  const siblings = known.in(section);
  const meant = nearest(key, siblings);
  if (meant !== undefined) return `Did you mean "${meant}"?`;
  const elsewhere = known.named(key);
  if (elsewhere.length > 0) return `It belongs to ${elsewhere.slice(0, 3).join(', ')}`;
  return siblings.length === 0 ? 'Remove the key' : `Known here: ${siblings.join(', ')}`;
}

function wrongSymbol(path: Path): Problem {
  return {
    path: pathText(path),
    message: `${shown(path.at(-1))} is not a USDT perpetual swap by OKX's name`,
    hint: 'Write it like BTC-USDT-SWAP',
  };
}

function paramsOf(issue: Issue): { readonly hint?: string; readonly why?: string } {
  return issue.code === 'custom' && issue.params !== undefined ? issue.params : {};
}

function quotedWords(expects: string): string[] {
  return [...expects.matchAll(/"([a-z_]+)"/g)].map(([, word = '']) => word);
}

const SHOWN_MAX = 40;

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isDecimal(value)) return formatDecimal(value);
  if (typeof value === 'object' && value !== null) return 'a section';
  if (typeof value !== 'string') return String(value);
  return JSON.stringify(value.length > SHOWN_MAX ? `${value.slice(0, SHOWN_MAX)}…` : value);
}
