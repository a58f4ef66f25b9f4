/**
 * A file's text, or a tree, to a configuration that may be traded with: parsed, merged, cross-checked, every value with its origin.
 */
import type { Decimal } from '../core/decimal.ts';
import type { Policy } from '../core/policy.ts';
import { crossCheck } from './cross-check.ts';
import { effectiveTree } from './effective.ts';
import { parsed } from './parse.ts';
import { policyOf, type Switches, switchesOf } from './policy-of.ts';
import { PRESETS, type PresetName } from './presets.ts';
import { ConfigError, type Problem } from './problem.ts';
import { type FileTree, fileSchema } from './schema.ts';
import { settingsOf } from './tree.ts';
import { readYaml, type YamlTree } from './yaml.ts';

/** Where an effective value was said. */
export type Origin =
  | { readonly from: 'default' }
  | { readonly from: 'preset'; readonly preset: PresetName }
  /** `line` is absent where the tree came from no text. */
  | { readonly from: 'file'; readonly line?: number }
  | { readonly from: 'command line' };

/** One effective value: its full key, the value (numbers as exact decimals) and its origin. */
export interface Setting {
  readonly path: string;
  readonly value: unknown;
  readonly origin: Origin;
}

export interface Config {
  /** What the errors call it: the file's name. */
  readonly name: string;
  readonly account: { readonly name: string /** USDT, of backtest and demo. */; readonly balance: Decimal };
  /** OKX's names, in the file's order. */
  readonly symbols: readonly string[];
  /** Which of rules.md §6 act; their numbers are in `policy`. */
  readonly governors: Switches;
  readonly policy: Policy;
  /** Every effective value, in the order of the sections. */
  readonly settings: readonly Setting[];
  /** Odd, but no reason to stop; for `check`. */
  readonly warnings: readonly Problem[];
}

export interface Source {
  /** What to call it in errors: the file's name. */
  readonly name: string;
  /** Values given on the command line, as a tree of the same keys; they win over the file. */
  readonly commandLine?: unknown;
}

/** @throws {ConfigError} with every problem of the syntax; or else of keys and values; or else between values. */
export function loadConfig(text: string, source: Source): Config {
  const yaml = readYaml(text);
  if ('unreadable' in yaml) throw new ConfigError(yaml.unreadable, source.name);
  return load(yaml.tree, source, (path) => yaml.lineOf(path), yaml);
}

/** The same for a tree that came from no text. @throws {ConfigError} */
export function loadTree(tree: unknown, source: Source = { name: 'configuration' }): Config {
  return load(tree, source, () => undefined, { problems: [], warnings: [] });
}

type LineOf = (path: string) => number | undefined;

function load(
  written: unknown,
  source: Source,
  lineOf: LineOf,
  found: Pick<YamlTree, 'problems' | 'warnings'>,
): Config {
  const file = checkedLayer(written, source.name, lineOf, found.problems);
  const commandLine =
    source.commandLine === undefined ? {} : checkedLayer(source.commandLine, 'command line', () => undefined, []);
  const tree = effectiveTree(file, commandLine);
  const policy = policyOf(tree);
  const originOf = originsOf(file, commandLine, tree.position_scaling.preset, lineOf);
  const isWritten = (path: string) => ['file', 'command line'].includes(originOf(path).from);
  const { errors, warnings } = crossCheck({ tree, policy, isWritten });
  const located = (problem: Problem) => withLine(problem, lineOf);
  if (errors.length > 0) throw new ConfigError(errors.map(located), source.name);
  return {
    name: source.name,
    account: tree.account,
    symbols: tree.symbols,
    governors: switchesOf(tree.governors),
    policy,
    settings: settingsOf(tree).map(({ path, value }) => ({ path, value, origin: originOf(path) })),
    warnings: [...found.warnings, ...warnings.map(located)],
  };
}

/** `found`: what the text's reader has refused already; there the tree has nothing, which is not to be told a second time. */
function checkedLayer(written: unknown, name: string, lineOf: LineOf, found: readonly Problem[]): FileTree {
  const result = parsed(fileSchema, written);
  const told = new Set(found.map(({ path }) => path));
  const more =
    'problems' in result
      ? result.problems.filter(({ path }) => !told.has(path)).map((problem) => withLine(problem, lineOf))
      : [];
  const problems = [...found, ...more].toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if ('problems' in result || problems.length > 0) throw new ConfigError(problems, name);
  return result.tree;
}

function withLine(problem: Problem, lineOf: LineOf): Problem {
  const line = problem.line ?? lineOf(problem.path);
  return line === undefined ? problem : { ...problem, line };
}

/** Merging is key by key, so the last layer that has a key is where its value was said. */
function originsOf(file: FileTree, commandLine: FileTree, preset: PresetName, lineOf: LineOf) {
  const typed = keysOf(commandLine);
  const written = keysOf(file);
  const decided = PRESET_KEYS[preset];
  return (path: string): Origin => {
    if (typed.has(path)) return { from: 'command line' };
    if (written.has(path)) {
      const line = lineOf(path);
      return line === undefined ? { from: 'file' } : { from: 'file', line };
    }
    return decided.has(path) ? { from: 'preset', preset } : { from: 'default' };
  };
}

function keysOf(tree: unknown): ReadonlySet<string> {
  return new Set(settingsOf(tree).map(({ path }) => path));
}

const PRESET_KEYS: Readonly<Record<PresetName, ReadonlySet<string>>> = {
  conservative: keysOf({ position_scaling: PRESETS.conservative }),
  aggressive: keysOf({ position_scaling: PRESETS.aggressive }),
  adaptive: keysOf({ position_scaling: PRESETS.adaptive }),
};
