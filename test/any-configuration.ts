/** Configurations that nobody would think of: any keys of the file's own schema, each with any value it takes. For laws that no choice of numbers may break. */
import fc from 'fast-check';
import { ConfigError, jsonSchema, loadTree } from '../src/config/index.ts';
import { DEFAULTS } from '../src/config/keys/defaults.ts';

/** What the schema says of a key, as far as values are made from it. */
interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly anyOf?: readonly SchemaNode[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
  readonly items?: SchemaNode;
  readonly multipleOf?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
}

interface Setting {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Who trades what with how much is the test's own. */
const GIVEN = new Set(['account', 'symbols']);

/**
 * Configurations as they would be written: up to `keys` keys, and some of the switches, differ from the defaults. What contradicts itself is left out, as it
 * would stop the start.
 */
export function anyConfiguration(keys: number): fc.Arbitrary<object> {
  const known = settingsIn(jsonSchema() as SchemaNode, []);
  const some = fc.array(fc.oneof(...known.map(({ setting }) => setting)), { minLength: 1, maxLength: keys });
  const switches = known.flatMap(({ setting, isSwitch }) =>
    isSwitch ? fc.option(setting, { nil: undefined, freq: 2 }) : [],
  );
  return fc
    .tuple(some, fc.tuple(...switches))
    .map(([a, b]) => treeOf([...b, ...a].filter((one) => one !== undefined)))
    .filter(loads);
}

function loads(tree: object): boolean {
  try {
    loadTree(tree);
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** A later one takes the place of an earlier one, also where that said `off` to a whole section. */
function treeOf(settings: readonly Setting[]): object {
  const tree: Record<string, unknown> = {};
  for (const { path, value } of settings) {
    let at = tree;
    for (const key of path.slice(0, -1)) {
      if (typeof at[key] !== 'object') at[key] = {};
      at = at[key] as Record<string, unknown>;
    }
    at[path.at(-1) ?? ''] = value;
  }
  return tree;
}

interface KnownSetting {
  readonly setting: fc.Arbitrary<Setting>;
  /** One of a few words: what turns whole parts on and off. */
  readonly isSwitch: boolean;
}

function settingsIn(node: SchemaNode, path: readonly string[]): KnownSetting[] {
  if (node.properties !== undefined)
    return Object.entries(node.properties).flatMap(([key, child]) =>
      path.length === 0 && GIVEN.has(key) ? [] : settingsIn(child, [...path, key]),
    );
  const sections = node.anyOf?.filter(({ properties }) => properties !== undefined) ?? [];
  if (sections.length > 0) return sections.flatMap((section) => settingsIn(section, path));
  const values = valuesOf(node, defaultAt(path));
  if (values === undefined) return [];
  const isSwitch = path[0] !== 'timeframes' && wordsOf(node).length > 1;
  return [{ setting: values.map((value) => ({ path, value })), isSwitch }];
}

function wordsOf(node: SchemaNode): readonly unknown[] {
  return node.enum ?? node.anyOf?.flatMap((branch) => wordsOf(branch)) ?? [];
}

function defaultAt(path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>> | undefined)?.[key], DEFAULTS);
}

/** Undefined for what has a shape of its own: lists of objects, symbols' own sections. */
function valuesOf(node: SchemaNode, standard: unknown): fc.Arbitrary<unknown> | undefined {
  if (node.anyOf !== undefined) {
    const branches = node.anyOf.flatMap((branch) => valuesOf(branch, standard) ?? []);
    return branches.length === 0 ? undefined : fc.oneof(...branches);
  }
  if (node.const !== undefined) return fc.constant(node.const);
  if (node.enum !== undefined) return fc.constantFrom(...node.enum);
  if (node.type === 'array') {
    const items = node.items === undefined ? undefined : valuesOf(node.items, undefined);
    return items === undefined ? undefined : fc.array(items, { minLength: 1, maxLength: 5 });
  }
  return numbersOf(node, standard);
}

/** Most of them within a fifth and three times the default, some at a bound, some anywhere, the small ones oftener. */
function numbersOf(node: SchemaNode, standard: unknown): fc.Arbitrary<number> | undefined {
  const low = node.minimum ?? node.exclusiveMinimum;
  const high = node.maximum ?? node.exclusiveMaximum;
  if (low === undefined || high === undefined) return undefined;
  const taken = (value: number): number => {
    const bounded = Math.min(high, Math.max(low, value));
    return node.multipleOf === undefined ? Number(bounded.toPrecision(3)) : Math.round(bounded);
  };
  const anywhere = fc.integer({ min: 0, max: 1000 }).map((share) => taken(low + (share / 1000) ** 3 * (high - low)));
  const bounds = fc.constantFrom(low, high);
  if (typeof standard !== 'number' || standard === 0)
    return fc.oneof({ arbitrary: anywhere, weight: 3 }, { arbitrary: bounds, weight: 1 });
  const near = fc.integer({ min: 20, max: 320 }).map((percent) => taken((standard * percent) / 100));
  return fc.oneof({ arbitrary: near, weight: 7 }, { arbitrary: anywhere, weight: 2 }, { arbitrary: bounds, weight: 1 });
}
