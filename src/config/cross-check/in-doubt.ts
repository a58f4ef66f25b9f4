/**
 * Which values a problem leaves in doubt: cross-checks that read none of them can be told in the same breath (what is wrong is told at once).
 */
import type { z } from 'zod';
import { knownKeys } from '../keys/known-keys.ts';
import type { Problem } from '../problem.ts';
import { meant } from '../reading/meant.ts';
import { isSection } from '../tree.ts';

/** Full keys, a section standing for all within; `''` is everything. What a misspelt key may have meant is in doubt as well. */
export function inDoubt(schema: z.ZodType, problems: readonly Problem[]): readonly string[] {
  const doubts = problems.flatMap(({ path }) => meantBy(schema, withoutIndex(path)));
  // The preset decides what holds for every key of its section that is not written.
  return doubts.includes(PRESET) ? [...doubts, 'position_scaling'] : doubts;
}

const PRESET = 'position_scaling.preset';

function meantBy(schema: z.ZodType, path: string): readonly string[] {
  if (path === '') return [''];
  const keys = path.split('.');
  const section = keys.slice(0, -1);
  const key = keys.at(-1) ?? '';
  const known = knownKeys(schema);
  if (known.in(section).includes(key)) return [path];
  const guess = meant(known, section, key);
  if (guess.kind === 'sibling') return [[...section, guess.key].join('.')];
  if (guess.kind === 'elsewhere') return guess.places;
  return section.length === 0 ? [] : [section.join('.')];
}

/** A list is one value. */
function withoutIndex(path: string): string {
  return path.replace(/\[.*$/s, '');
}

export function isDoubtful(path: string, doubts: readonly string[]): boolean {
  return doubts.some(
    (doubt) => doubt === '' || doubt === path || doubt.startsWith(`${path}.`) || path.startsWith(`${doubt}.`),
  );
}

/** What was taken away, and what is left. */
export interface Rest {
  readonly tree: unknown;
  readonly taken: readonly string[];
}

/** The tree without what its problems name; `levels` counts how far above the key itself to cut. Nothing is changed. */
export function withoutProblems(tree: unknown, problems: readonly Problem[], levels: number): Rest {
  const taken = problems.map(({ path }) => {
    const keys = withoutIndex(path).split('.');
    return keys.slice(0, Math.max(1, keys.length - levels));
  });
  return { tree: taken.reduce(without, tree), taken: taken.map((keys) => keys.join('.')) };
}

function without(tree: unknown, [key = '', ...below]: readonly string[]): unknown {
  if (!isSection(tree) || !Object.hasOwn(tree, key)) return tree;
  const { [key]: inner, ...others } = tree;
  return below.length === 0 ? others : { ...tree, [key]: without(inner, below) };
}

/** The same tree, telling `read` of every value that is looked at. */
export function watched<T extends object>(node: T, read: (path: string) => void, path = ''): T {
  const below = (key: string) => (path === '' ? key : `${path}.${key}`);
  return new Proxy(node, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof key !== 'string') return value;
      if (isSection(value)) return watched(value, read, below(key));
      read(below(key));
      return value;
    },
    ownKeys(target) {
      read(path);
      return Reflect.ownKeys(target);
    },
  });
}
