/**
 * What a life of the bot began with, as a row of its journal: configuration, instruments, first balance. With it a journal can be thought
 * again and explained anywhere, without the files it was made with.
 *
 * The configuration stands as keys of `rungwise.yaml`, not as the core's policy: a later release reads its own policy out of it.
 */
import { isDeepStrictEqual } from 'node:util';
import { plainValue } from '../../config/effective/effective-print.ts';
import type { Config } from '../../config/index.ts';
import { isSection } from '../../config/tree.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Money } from '../../core/numbers/units.ts';
import type { Policy } from '../../core/policy.ts';
import type { Registry } from '../../core/registry.ts';
import { saveScaling } from '../../core/saved-registry.ts';
import type { JournalRow } from '../../journal/journal.ts';
import type { Journal } from '../../runtime/ports.ts';
import { type Release, thisRelease } from '../shell/release.ts';

export interface Started {
  readonly run: string;
  /** Which code wrote what follows; absent: a version that did not note it. */
  readonly release?: Release;
  /** Every effective value under its key. */
  readonly configuration: object;
  /** The account's own, where the exchange has said them: the configuration's are only expected. */
  readonly feeRates: Policy['execution']['feeRates'];
  readonly instruments: readonly Instrument[];
  readonly balance: Money;
  readonly traced: boolean;
  /** What the configuration says otherwise than that of the life before; absent: nothing, or no such life is known. */
  readonly changed?: readonly ChangedSetting[];
}

export interface ChangedSetting {
  /** `position_scaling.ladder` */
  readonly key: string;
  /** Null: it was not there. */
  readonly was: unknown;
  readonly is: unknown;
}

/**
 * Appends the row; it is durable with the next commit.
 * @param config what `registry` was made from
 * @param before what the life before began with
 * @returns its number, and what has changed
 */
export function noteStarted(
  journal: Journal,
  registry: Registry,
  config: Config,
  atMs: number,
  before?: Started,
): { readonly seq: number; readonly changed: readonly ChangedSetting[] } {
  const started: Started = {
    run: registry.run,
    release: thisRelease(),
    configuration: configurationOf(config),
    feeRates: registry.policy.execution.feeRates,
    instruments: registry.symbols.map(({ instrument }) => instrument),
    balance: registry.balance,
    traced: registry.traced,
  };
  const changed = before === undefined ? [] : changesOf(before.configuration, started.configuration);
  const told = changed.length === 0 ? {} : { changed };
  const scaling = saveScaling(registry);
  return { seq: journal.append('note', atMs, { kind: 'started', ...started, ...told, scaling }), changed };
}

/** Setting by setting; a list is one value. */
function changesOf(before: object, after: object): ChangedSetting[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((key) => !isDeepStrictEqual(was.get(key), is.get(key)))
    .map((key) => ({ key, was: was.get(key) ?? null, is: is.get(key) ?? null }));
}

function leavesOf(tree: object, above = ''): Map<string, unknown> {
  const leaves = new Map<string, unknown>();
  for (const [key, value] of Object.entries(tree)) {
    const path = above === '' ? key : `${above}.${key}`;
    if (isSection(value)) for (const [deeper, leaf] of leavesOf(value, path)) leaves.set(deeper, leaf);
    else leaves.set(path, value);
  }
  return leaves;
}

/** What a row says of a start; undefined for every other row. */
export function startedIn({ kind, payload }: Pick<JournalRow, 'kind' | 'payload'>): Started | undefined {
  if (kind !== 'note' || !isSection(payload) || payload['kind'] !== 'started') return undefined;
  // Rows are checksummed: what stands there was written above.
  return 'configuration' in payload ? (payload as unknown as Started) : undefined;
}

function configurationOf({ settings }: Config): object {
  const tree: Record<string, unknown> = {};
  for (const { path, value } of settings) put(tree, path.split('.'), plainValue(value));
  return tree;
}

function put(tree: Record<string, unknown>, [key = '', ...deeper]: readonly string[], value: unknown): void {
  if (deeper.length === 0) tree[key] = value;
  else put((tree[key] ??= {}) as Record<string, unknown>, deeper, value);
}
