/** Walking and joining configuration trees: sections are plain objects, everything else (numbers, words, lists) is a value. */
import type { Decimal } from '../core/numbers/decimal.ts';

export type Path = readonly PropertyKey[];

/** One value of a tree with its full key. */
export interface Leaf {
  readonly path: string;
  readonly value: unknown;
}

export function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isDecimal(value);
}

export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && 'units' in value && typeof value.units === 'bigint';
}

/** `over` laid upon `base`, key by key; lists and other values are replaced whole. Neither is changed. */
export function merged<T>(base: T, over: unknown): T {
  if (!isSection(base) || !isSection(over)) return over as T;
  const result: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    if (value !== undefined) result[key] = key in base ? merged(base[key], value) : value;
  }
  return result as T;
}

/** Every value of the tree, depth first, in the order in which the tree has them. A section without keys is a value. */
export function leavesOf(tree: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  collectLeaves(tree, '', leaves);
  return leaves;
}

function collectLeaves(node: unknown, path: string, leaves: Leaf[]): void {
  const keys = isSection(node) ? Object.keys(node) : [];
  if (!isSection(node) || keys.length === 0) {
    if (node !== undefined) leaves.push({ path, value: node });
    return;
  }
  for (const key of keys) collectLeaves(node[key], path === '' ? key : `${path}.${key}`, leaves);
}

/** `position_scaling.by_balance.small.ladder[2]`. */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? String(key) : `${text}.${String(key)}`),
    '',
  );
}
