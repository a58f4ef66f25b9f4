/** Recovery and replay over journals that the simulated world wrote: real trading, with nothing wrong or with everything wrong. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { worldPolicy } from '../../../test/world/rules.ts';
import { BALANCE } from '../../../test/world/truth.ts';
import { World } from '../../../test/world/world.ts';
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { money } from '../../core/numbers/units.ts';
import type { Policy } from '../../core/policy.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { loadTouched, type Plain, saveRegistry } from '../../core/saved-registry.ts';
import { fold } from '../../core/step.ts';
import { type DecisionRow, encodeState } from '../loop.ts';
import type { JournalPast } from '../ports.ts';
import { explainLastRefusal, explainOrder } from './explain.ts';
import { recover } from './recover.ts';
import { rethink } from './replay.ts';

type Row = ReturnType<JournalPast['rows']> extends Iterable<infer R> ? R : never;

interface Recorded {
  readonly world: World;
  readonly rows: readonly Row[];
  /** Of the live registry after every thought, by the row that was last then. */
  readonly states: ReadonlyMap<number, string>;
}

const digest = (registry: Registry) =>
  createHash('sha1')
    .update(encodeState(saveRegistry(registry)))
    .digest('base64');

function recorded(seed: number, minutes: number): Recorded {
  const world = new World({ seed, minutes, only: new Set() });
  const states = new Map<number, string>();
  const { checks, bot } = world;
  const thought = checks.thought.bind(checks);
  checks.thought = (event, decisions, registry) => {
    states.set(bot.journal?.lastSeq ?? 0, digest(registry));
    thought(event, decisions, registry);
  };
  let rows: Row[] = [];
  const { violations } = world.run();
  expect(violations).toEqual([]);
  bot.disk.crash();
  bot.start();
  rows = [...(bot.journal?.rows() ?? [])];
  return { world, rows, states };
}

function fresh(world: World, policy: Policy = worldPolicy()): Registry {
  const { instruments, bot } = world;
  return newRegistry({ run: bot.run, policy, instruments, balance: money(BALANCE), traced: false, ready: false });
}

const long = recorded(7, 6);

describe('a journal', () => {
  it('brings back the very registry that lived, at every row', () => {
    const registry = fresh(long.world);
    let compared = 0;
    long.rows.forEach((row, index) => {
      if (row.kind === 'event') fold(registry, row.payload as CoreEvent);
      if (row.kind === 'decision') loadTouched(registry, (row.payload as DecisionRow).after as Plain);
      const isDecided = long.rows[index + 1]?.kind === 'decision';
      const state = long.states.get(row.seq);
      if (isDecided || state === undefined) return;
      compared += 1;
      expect(digest(registry), `row ${row.seq}`).toBe(state);
    });
    expect(compared).toBeGreaterThan(1_000);
    console.log(`recovery: ${compared} states of ${long.rows.length} rows equal`);
  });

  it('is a snapshot and its tail as well as all of its rows', () => {
    const { disk } = long.world.bot;
    expect(disk.snapshots.length).toBe(2);
    const past = (snapshot: boolean): JournalPast => ({
      rows: (fromSeq = 1) => long.rows.slice(fromSeq - 1),
      latestSnapshot: () => (snapshot ? disk.snapshots[0] : undefined),
      lastSeq: long.rows.length,
    });
    const [whole, tail] = [fresh(long.world), fresh(long.world)];
    expect(recover(whole, past(false)).rows).toBe(long.rows.length);
    expect(recover(tail, past(true)).rows).toBeLessThan(long.rows.length);
    expect(digest(tail)).toBe(digest(whole));
  });
});

describe('replay', () => {
  it('of an unchanged rule decides the same, byte for byte', () => {
    expect(rethink(fresh(long.world), long.rows)).toBeUndefined();
  });

  it('of a changed rule points at row, field, old and new value', () => {
    const policy = worldPolicy();
    const changed = { ...policy, exits: { ...policy.exits, stopTrigger: 'last' as const } };
    const differing = rethink(fresh(long.world, changed), long.rows);
    const first = long.rows.find(
      ({ kind, payload }) =>
        kind === 'decision' &&
        (payload as DecisionRow).decisions.some((each) => each.kind === 'place' && each.order.role === 'stop'),
    );
    expect(differing).toMatchObject({ seq: first?.seq, field: 'decisions[0].order.terms.by', was: 'mark', is: 'last' });
    expect(differing?.event.kind).toBe('filled');
  });

  it('of a rule that now says no says what it would say instead', () => {
    const policy = worldPolicy();
    const changed = { ...policy, scaling: { ...policy.scaling, additionsMax: 0 } };
    const differing = rethink(fresh(long.world, changed), long.rows);
    expect(differing).toMatchObject({ was: expect.anything(), is: expect.anything() });
  });

  /** In the middle, with several decisions. */
  const middle = long.rows.findIndex(
    ({ kind, payload }, at) => at > 100 && kind === 'decision' && (payload as DecisionRow).decisions.length > 1,
  );
  const middleRow = long.rows[middle] as Row;
  const { decisions: recordedThere } = middleRow.payload as DecisionRow;
  const [first, ...others] = recordedThere as readonly [Decision, ...Decision[]];
  const { at: _at, ...less } = first;
  const last = recordedThere.length - 1;

  it.each<[string, readonly unknown[], object]>([
    ['one more', [...recordedThere, first], { field: `decisions[${last + 1}]`, was: first, is: undefined }],
    ['one less', recordedThere.slice(0, -1), { field: `decisions[${last}]`, was: undefined }],
    [
      'one with a field more',
      [{ ...first, more: 1 }, ...others],
      { field: 'decisions[0].more', was: 1, is: undefined },
    ],
    ['one with a field less', [less, ...others], { field: 'decisions[0].at', was: undefined }],
  ])('tells where other decisions were recorded: %s', (_, decisions, differing) => {
    const payload = { ...(middleRow.payload as DecisionRow), decisions };
    const otherwise = long.rows.with(middle, { ...middleRow, payload });
    expect(rethink(fresh(long.world), otherwise)).toMatchObject({ seq: middleRow.seq, ...differing });
  });

  it('tells where the journal ends before what was decided', () => {
    const cut = long.rows.slice(0, middle);
    expect(rethink(fresh(long.world), cut)).toMatchObject({
      seq: cut.at(-1)?.seq,
      field: 'decisions[0]',
      was: undefined,
    });
  });

  it('tells a decision that was never recorded', () => {
    const at = long.rows.findIndex(
      ({ kind, payload }) => kind === 'decision' && (payload as DecisionRow).decisions.length > 0,
    );
    const without = long.rows.toSpliced(at, 1);
    expect(rethink(fresh(long.world), without)).toMatchObject({ field: 'decisions[0]', was: undefined });
  });
});

describe('explain', () => {
  const placed = long.rows.flatMap(({ kind, payload }) =>
    kind === 'decision'
      ? (payload as DecisionRow).decisions.flatMap((each) =>
          each.kind === 'place' && each.order.role === 'rung' ? [each] : [],
        )
      : [],
  );

  it('reads an order back: what led to it, with what, and what became of it', () => {
    const [rung] = placed;
    const told = explainOrder(long.rows, rung?.order.clientId ?? '');
    expect(told?.place).toEqual(rung);
    expect(told?.event).toMatchObject({ kind: 'signal' });
    expect(told?.life.map((each) => ('event' in each ? each.event.kind : each.decision.kind))).toContain(
      'order-accepted',
    );
  });

  it('reads the last refusal of a symbol back with its code', () => {
    const [{ instId } = { instId: '' }] = long.world.instruments;
    const told = explainLastRefusal(long.rows, instId);
    const refused = long.rows.flatMap(({ seq, kind, payload }) =>
      kind === 'decision'
        ? (payload as DecisionRow).decisions.flatMap((each) =>
            each.kind === 'refused' && each.instId === instId ? [[seq, each]] : [],
          )
        : [],
    );
    expect(refused.length).toBeGreaterThan(1);
    expect([told?.seq, told?.refused]).toEqual(refused.at(-1));
    expect(told?.event?.kind).toMatch(/signal|candle-closed|order-ended/);
  });

  it('says nothing of what no row knows', () => {
    expect(explainOrder(long.rows, 'rwnone')).toBeUndefined();
    expect(explainLastRefusal(long.rows, 'NONE-USDT-SWAP')).toBeUndefined();
  });
});

describe('a restart in the middle of a ladder', () => {
  it('finds position, rungs and orders as they were, and sends none of them again', () => {
    const world = new World({ seed: 7, minutes: 6, only: new Set() });
    const { bot, truth, checks } = world;
    let before = '';
    let after = '';
    const thought = checks.thought.bind(checks);
    checks.thought = (event, decisions, registry) => {
      thought(event, decisions, registry);
      const isMiddle = registry.symbols.some(
        ({ position, working }) => position?.rungs.length === 2 && working === undefined,
      );
      const isCalm = [...registry.orders.values()].every(({ state, amending }) => state === 'live' && !amending);
      if (before !== '' || !isMiddle || !isCalm) return;
      before = ladder(registry);
      world.scheduler.at(world.scheduler.nowMs, () => bot.end('killed', 500));
    };
    const started = checks.started.bind(checks);
    checks.started = (lastSeq, heard, gridsTaken) => {
      if (before !== '' && after === '' && bot.registry !== undefined) after = ladder(bot.registry);
      started(lastSeq, heard, gridsTaken);
    };
    expect(world.run().violations).toEqual([]);
    expect(before).not.toBe('');
    expect(after).toBe(before);
    expect(
      [...truth.lives.values()].every((lives) => lives.length === 1),
      'no id was taken twice',
    ).toBe(true);
  });
});

function ladder(registry: Registry): string {
  return JSON.stringify([
    registry.symbols.map(({ position }) => [position?.number, position?.holding, position?.rungs]),
    [...registry.orders.values()].map(({ order, ticks, sizeLots }) => [order.clientId, ticks, sizeLots]).toSorted(),
  ]);
}
