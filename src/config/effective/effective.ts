/**
 * The effective configuration: defaults ← preset ← file ← command line, key by key, lists replaced whole.
 */
import type { Policy } from '../../core/policy.ts';
import { DEFAULTS } from '../keys/defaults.ts';
import { PRESETS, type PresetName } from '../keys/presets.ts';
import { decideSchema, type FileTree, fileSchema, type Tree } from '../keys/schema.ts';
import { ConfigError, problem } from '../problem.ts';
import { parsed } from '../reading/parse.ts';
import { VALUE_SAID } from '../said.ts';
import { merged } from '../tree.ts';
import { limitsOf, partialOf, policyOf, profilesOf, scalingOf } from './policy-of.ts';

/** A complete tree with its policy, of which no governor is part: `decide` judges what it is given (ladder.md §7). */
interface Base {
  readonly tree: Tree;
  readonly policy: Policy;
}

/** Defaults and preset alone. */
export function baseOf(preset: PresetName): Base {
  return BASES[preset];
}

const BASES: Readonly<Record<PresetName, Base>> = {
  conservative: spelledOut('conservative'),
  aggressive: spelledOut('aggressive'),
  adaptive: spelledOut('adaptive'),
};

function spelledOut(preset: PresetName): Base {
  const written = { ...DEFAULTS, position_scaling: { ...DEFAULTS.position_scaling, ...PRESETS[preset], preset } };
  const result = parsed(fileSchema, written);
  if ('problems' in result) throw new ConfigError(result.problems, `preset ${preset}`);
  // Every key is written in DEFAULTS and PRESETS, or they would not compile.
  const tree = result.tree as Tree;
  return { tree, policy: { ...policyOf(tree), governors: {} } };
}

/** The preset that a tree asks for. */
function presetOf(tree: FileTree): PresetName {
  return tree.position_scaling?.preset ?? DEFAULTS.position_scaling.preset;
}

/** The layers in one tree; later ones win. */
export function effectiveTree(...layers: readonly FileTree[]): Tree {
  const over = layers.reduce<FileTree>((below, layer) => merged(below, layer), {});
  return merged(baseOf(presetOf(over)).tree, over);
}

const remembered = new Map<string, Policy>();
/** More distinct configurations than any run of `decide` is known to have; past it the memory begins anew. */
const REMEMBERED_MAX = 5_000;

/**
 * The policy of `decide`'s `config` (ladder.md §7): sections `position_scaling`, `profiles`, `limits`, `partial_take_profit`, merged over the
 * defaults. undefined is the defaults. The same JSON gives the same object.
 *
 * Cross-checks are left out: a what-if may ask for what a bot must not be started with.
 * @throws {ConfigError} on an unknown key or a wrong value; paths begin at `config`'s inside.
 */
export function effectivePolicy(config?: unknown): Policy {
  if (config === undefined) return baseOf(DEFAULTS.position_scaling.preset).policy;
  const text = jsonOf(config);
  const known = remembered.get(text);
  if (known !== undefined) return known;
  const policy = decidePolicy(config);
  if (remembered.size >= REMEMBERED_MAX) remembered.clear();
  remembered.set(text, policy);
  return policy;
}

function decidePolicy(config: unknown): Policy {
  const result = parsed(decideSchema, config);
  if ('problems' in result) throw new ConfigError(result.problems);
  const { position_scaling, profiles, limits, partial_take_profit } = result.tree;
  const base = baseOf(presetOf(result.tree));
  return {
    ...base.policy,
    ...(position_scaling === undefined
      ? {}
      : { scaling: scalingOf(merged(base.tree.position_scaling, position_scaling)) }),
    ...(profiles === undefined ? {} : { profiles: profilesOf(merged(base.tree.profiles, profiles)) }),
    ...(limits === undefined ? {} : { limits: limitsOf(merged(base.tree.limits, limits)) }),
    ...(partial_take_profit === undefined
      ? {}
      : { partial: partialOf(merged(base.tree.partial_take_profit, partial_take_profit)) }),
  };
}

function jsonOf(config: unknown): string {
  try {
    return JSON.stringify(config) ?? 'undefined';
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ConfigError([problem('', VALUE_SAID.notPlainData)]);
  }
}
