/**
 * A file's text, or a tree, to a configuration that may be traded with: parsed, merged, cross-checked, every value with its origin.
 */
import type { Decimal } from '../core/numbers/decimal.ts';
import type { Policy } from '../core/policy.ts';
import { crossCheck } from './cross-check/cross-check.ts';
import { inDoubt, type Rest, withoutProblems } from './cross-check/in-doubt.ts';
import { effectiveTree } from './effective/effective.ts';
import { policyOf, type Switches, switchesOf } from './effective/policy-of.ts';
import { PRESETS, type PresetName } from './keys/presets.ts';
import { type FileTree, fileSchema } from './keys/schema.ts';
import { COMMAND_LINE, ConfigError, type InBoth, type Problem, problem } from './problem.ts';
import { parsed } from './reading/parse.ts';
import { readYaml, type YamlTree } from './reading/yaml.ts';
import { isSection, leavesOf } from './tree.ts';
import { warmUpFindings } from './warm-up.ts';

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
  /** What the caller has against a symbol of the list: told with everything else that is wrong. */
  readonly unknownSymbol?: (symbol: string) => InBoth | undefined;
}

/**
 * @throws {ConfigError} with every problem of the syntax; or else with every one of keys and values, and every one between the values that are not
 * themselves in doubt.
 */
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
  const typed = parsed(fileSchema, source.commandLine ?? {});
  const read = parsed(fileSchema, written);
  const located = (problem: Problem) => withLine(problem, lineOf);
  const problems = [...found.problems, ...('problems' in read ? untold(read.problems, found.problems) : [])];
  if ('problems' in read || problems.length > 0) {
    const more = [
      ...errorsOfRest(written, problems, 'problems' in typed ? {} : typed.tree),
      ...strangeSymbols(symbolsIn(written), source, problems),
    ];
    throw new ConfigError([...problems, ...more].map(located).toSorted(byLine), source.name);
  }
  if ('problems' in typed) throw new ConfigError(typed.problems, COMMAND_LINE);
  const file = read.tree;
  const commandLine = typed.tree;
  const tree = effectiveTree(file, commandLine);
  const policy = policyOf(tree);
  const originOf = originsOf(file, commandLine, tree.position_scaling.preset, lineOf);
  const isWritten = (path: string) => ['file', 'command line'].includes(originOf(path).from);
  const { errors, warnings } = crossCheck({ tree, policy, isWritten });
  const wrong = [...errors, ...strangeSymbols(tree.symbols, source, [])];
  if (wrong.length > 0) throw new ConfigError(wrong.map(located), source.name);
  const cold = warmUpFindings(policy.signals.series);
  return {
    name: source.name,
    account: tree.account,
    symbols: tree.symbols,
    governors: switchesOf(tree.governors),
    policy,
    settings: leavesOf(tree).map(({ path, value }) => ({ path, value, origin: originOf(path) })),
    warnings: [...found.warnings, ...[...warnings, ...cold].map(located)],
  };
}

/** Where the text's reader has refused something the tree has nothing, which is not to be told a second time. */
function untold(problems: readonly Problem[], told: readonly Problem[]): Problem[] {
  const paths = new Set(told.map(({ path }) => path));
  return problems.filter(({ path }) => !paths.has(path));
}

/** What is wrong between the values that are not in doubt. */
function errorsOfRest(written: unknown, problems: readonly Problem[], commandLine: FileTree): readonly Problem[] {
  if (problems.length > PROBLEMS_MAX) return [];
  let rest: Rest = { tree: written, taken: [] };
  let left = problems;
  for (let levels = 0; levels < LEVELS_CUT_MAX; levels++) {
    const { tree, taken } = withoutProblems(rest.tree, left, levels);
    rest = { tree, taken: [...rest.taken, ...taken] };
    const read = parsed(fileSchema, tree);
    if ('tree' in read) {
      const whole = effectiveTree(read.tree, commandLine);
      const doubts = [...inDoubt(fileSchema, problems), ...rest.taken];
      return crossCheck({ tree: whole, policy: policyOf(whole), isWritten: () => true }, doubts).errors;
    }
    left = read.problems;
  }
  return [];
}

/** A file with more is another kind of file: what its values say of each other is not worth the time. */
const PROBLEMS_MAX = 200;
/** As deep as a key may stand. */
const LEVELS_CUT_MAX = 5;

function symbolsIn(written: unknown): readonly unknown[] {
  return isSection(written) && Array.isArray(written['symbols']) ? written['symbols'] : [];
}

function strangeSymbols(symbols: readonly unknown[], { unknownSymbol }: Source, told: readonly Problem[]): Problem[] {
  if (unknownSymbol === undefined) return [];
  const paths = new Set(told.map(({ path }) => path));
  return symbols.flatMap((symbol, index) => {
    const path = `symbols[${index}]`;
    const said = typeof symbol !== 'string' || paths.has(path) ? undefined : unknownSymbol(symbol);
    return said === undefined ? [] : [problem(path, said)];
  });
}

function byLine(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0);
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
  return new Set(leavesOf(tree).map(({ path }) => path));
}

const PRESET_KEYS: Readonly<Record<PresetName, ReadonlySet<string>>> = {
  conservative: keysOf({ position_scaling: PRESETS.conservative }),
  aggressive: keysOf({ position_scaling: PRESETS.aggressive }),
  adaptive: keysOf({ position_scaling: PRESETS.adaptive }),
};
