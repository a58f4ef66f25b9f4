/**
 * A position that could be added to, and for every gate of an addition what lets it refuse: one bend each, that can be laid together.
 *
 * The position is 30 ticks (1.5 % of margin at 5x) down, its interval is over.
 */
import { effectivePolicy } from '../src/config/index.ts';
import { merged } from '../src/config/tree.ts';
import { money, type Side } from '../src/core/numbers/units.ts';
import type { LimitsPolicy } from '../src/core/policy.ts';
import type { AdditionGate } from '../src/core/refusal.ts';
import { PRICE, SCRIPT_SWAP, Script, type ScriptOptions } from './script.ts';

/** What has to be so for a gate to refuse. */
export interface Bend {
  /** Configuration from the start. */
  readonly from?: object;
  /** Configuration that changes while the position is open, as limits may (design.md §6). */
  readonly changed?: object;
  readonly limits?: Partial<LimitsPolicy>;
  /** Whether a rung is on its way before anything else is bent. */
  readonly hasRung?: true;
  readonly event?: (script: Script, side: Side) => void;
  /** Time that passes in the end, without a price. */
  readonly laterMs?: number;
}

/** Gates that no signal of the position's own side can meet: without a position it asks for an entry, the other side's for a close (rules.md §3). */
export type Unmet = 'no-position' | 'opposite-side';

export type Met = Exclude<AdditionGate, Unmet>;

const say = (word: 'pause' | 'halt') => (script: Script) => void script.operator({ do: word, by: 'a person' });

/** And a spread that makes the trip dearer than the way to the average. */
const nearTarget = (script: Script) => {
  const { markTicks } = script.symbol;
  script.position.exits.targetDistanceTicks = 1;
  script.price(markTicks, { bid: markTicks - 5, ask: markTicks + 5 });
};

/** Name of a bend, its gate and what it bends, in the gates' order. */
// biome-ignore format: a table
export const BENDS: readonly (readonly [code: Met, what: string, bend: Bend])[] = [
  ['halted',                    'a pause',          { event: say('pause') }],
  ['halted',                    'a halt',           { event: say('halt') }],
  ['halted',                    'a lost day',       { event: (script) => { script.registry.balance = money((script.registry.balance * 94n) / 100n); } }],
  ['state-unknown',             'a lost exchange',  { event: (script) => void script.take({ kind: 'exchange-lost', at: script.now, reason: 'socket' }) }],
  ['price-stale',               'an old price',     { laterMs: 2_001 }],
  ['order-in-flight',           'a live rung',      { hasRung: true }],
  ['additions-exhausted',       'no additions',     { from: { position_scaling: { max_additions: 0 } } }],
  ['interval-too-short',        'an hour between',  { from: { position_scaling: { min_interval_seconds: 3_600 } } }],
  ['loss-too-deep',             'a strict limit',   { from: { position_scaling: { max_loss_for_addition: -1.4 } } }],
  ['profit-too-small',          'a profit wanted',  { from: { position_scaling: { by_regime: { ranging: { min_profit_for_addition: -1.4 }, choppy: { min_profit_for_addition: -1.4 } } } } }],
  ['leverage-unknown',          'no leverage',      { event: (script) => { script.position.leverage = undefined; } }],
  ['rung-too-small',            'a large minimum',  { from: { position_scaling: { min_addition_value: 500 } } }],
  ['position-too-large',        'a small position', { changed: { profiles: { small: { max_position_value: 200 } } } }],
  ['margin-not-free',           'a large reserve',  { changed: { limits: { margin_reserve: 0.99 } } }],
  ['position-margin-too-large', 'a small margin',   { changed: { profiles: { small: { max_margin_percent: 5 } } } }],
  ['positions-at-limit',        'one position',     { changed: { profiles: { small: { max_open_positions: 1 } }, position_scaling: { additions_at_position_limit: 'refuse' } } }],
  ['liquidation-too-near',      'a far liquidation', { changed: { limits: { liquidation_distance_multiple: 40 } } }],
  ['exposure-too-large',        'a small exposure', { changed: { limits: { max_total_exposure: 0.3 } } }],
  ['funding-near',              'a settlement',     { event: (script) => void script.take({ kind: 'funding-forecast', at: script.now, instId: SCRIPT_SWAP.instId, rateE8: 0, settlesAt: script.now + 59_999 }) }],
  ['edge-below-cost',           'a near target',    { event: nearTarget }],
  ['trend-against',             'a trend',          { limits: { trendAgainst: 'refuse' }, event: (script, side) => { script.market.regime = 'trending'; script.market.trendSide = -side as Side; } }],
];

/** Depth of the position, ticks against it. */
export const DEEP = 30;

/** The script of a life in which these bends will hold; nothing has happened in it. */
export function beginBent(bends: readonly Bend[], more: ScriptOptions = {}): Script {
  const { config = {}, limits = {}, ...plain } = more;
  return new Script({
    ...plain,
    config: bends.reduce<object>((tree, { from = {} }) => merged(tree, from), config as object),
    limits: bends.reduce<Partial<LimitsPolicy>>((all, each) => ({ ...all, ...each.limits }), limits),
  });
}

/** The interval passes, the price goes against the position, and the bends come to hold. */
export function bend(script: Script, side: Side, bends: readonly Bend[]): void {
  script.wait(60_000);
  script.price(PRICE - side * DEEP);
  if (bends.some(({ hasRung }) => hasRung)) script.signal(side);
  const trees = bends.flatMap(({ changed }) => (changed === undefined ? [] : [changed]));
  if (trees.length > 0) changeLimits(script, trees);
  for (const { event } of bends) event?.(script, side);
  script.now += Math.max(0, ...bends.map(({ laterMs = 0 }) => laterMs));
}

/** A journal goes on under changed limits; a fixed base, or the smaller base of a new position would refuse the rung first. */
function changeLimits(script: Script, trees: readonly object[]): void {
  const base_size = { small: 300, medium: 300, large: 300 };
  const after = effectivePolicy(trees.reduce((all, tree) => merged(all, tree), { position_scaling: { base_size } }));
  const { policy } = script;
  Object.assign(script.registry, {
    policy: {
      ...policy,
      profiles: after.profiles,
      limits: { ...after.limits, trendAgainst: policy.limits.trendAgainst },
      scaling: {
        ...policy.scaling,
        baseSize: after.scaling.baseSize,
        additionsAtPositionLimit: after.scaling.additionsAtPositionLimit,
      },
    },
  });
}
