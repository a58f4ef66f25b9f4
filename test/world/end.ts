/** The end of a seed: a moment at which nothing is on its way, and what must then be equal. */

import { beginOn } from '../../src/core/instrument/taken-grid.ts';
import type { Registry } from '../../src/core/registry.ts';
import { notedInstruments, saveRegistry } from '../../src/core/saved-registry.ts';
import type { JournalRow } from '../../src/journal/journal.ts';
import { encodeState } from '../../src/runtime/loop.ts';
import { recover } from '../../src/runtime/past/recover.ts';
import { type Rethought, rethink } from '../../src/runtime/past/replay.ts';
import type { JournalPast } from '../../src/runtime/ports.ts';
import { openMemoryJournal } from '../memory-journal.ts';
import { isOurs } from './truth.ts';
import type { World } from './world.ts';

/** Nothing travels, nothing waits, nothing is in question: both sides have said all. */
export function isQuiet({ network, bot }: World): boolean {
  const { registry, loop } = bot;
  if (registry === undefined || loop === undefined) return false;
  if (network.underway > 0 || loop.waiting > 0 || !registry.ready || registry.differences !== undefined) return false;
  for (const { state, amending } of registry.orders.values()) if (state !== 'live' || amending) return false;
  return true;
}

export function checkEnd(world: World): void {
  checkBooks(world);
  checkOrders(world);
  checkCover(world);
  checkNotices(world);
  checkJournal(world);
}

/** What the exchange says of itself is known. */
function checkNotices({ bot: { registry }, truth, checks }: World): void {
  if (registry === undefined) return;
  for (const { instrument, untradable } of registry.symbols)
    if (untradable !== undefined)
      checks.violated(
        'at the end instruments are as the exchange says',
        `${instrument.instId}: ${JSON.stringify(untradable.facts)}`,
      );
  if (JSON.stringify(registry.maintenance) !== JSON.stringify(truth.notices.maintenance().windows))
    checks.violated('at the end maintenance is as the exchange says', JSON.stringify(registry.maintenance));
}

/** The registry is the exchange's account. */
function checkBooks({ bot: { registry }, truth, checks, instruments }: World): void {
  if (registry === undefined) return;
  if (registry.balance !== truth.balance)
    checks.violated('at the end the balance is the exchange’s', `${registry.balance}, ${truth.balance}`);
  instruments.forEach(({ instId }, index) => {
    const theirs = truth.account.positionAt(index);
    const ours = registry.byInstId.get(instId)?.position;
    const ourLots = ours === undefined ? 0 : ours.holding.side * ours.holding.lots;
    const theirLots = theirs.lots === 0 ? 0 : theirs.side * theirs.lots;
    if (ourLots !== theirLots)
      checks.violated('at the end the position is the exchange’s', `${instId}: ${ourLots}, ${theirLots} lots`);
    else if (ours !== undefined && Math.abs(ours.holding.costUnits - theirs.costUnits) > truth.fills.length)
      checks.violated(
        'at the end the cost is the exchange’s',
        `${instId}: ${ours.holding.costUnits}, ${theirs.costUnits}`,
      );
    if (ours !== undefined && ours.leverage !== theirs.leverage)
      checks.violated('at the end the leverage is the exchange’s', `${instId}: ${ours.leverage}x, ${theirs.leverage}x`);
  });
}

/**
 * The registry's orders are the exchange's, price and size as they were asked for, or as they stand: what of a target is beyond the position the exchange
 * cuts, and where an answer was lost it tells the size that was cut.
 */
function checkOrders({ bot: { registry }, truth, checks }: World): void {
  if (registry === undefined) return;
  const theirs = new Map(
    truth.account.orders
      .flat()
      .filter(({ clientId }) => isOurs(clientId))
      .map((order) => [order.clientId, order]),
  );
  for (const [clientId, open] of registry.orders) {
    const said = theirs.get(clientId);
    theirs.delete(clientId);
    if (said === undefined) {
      checks.violated('at the end every order stands on the exchange', `${clientId} does not`);
      continue;
    }
    const { triggerTicks, priceTicks, requestedLots, sizeLots } = said;
    const ticks = triggerTicks === 0 ? priceTicks : triggerTicks;
    const isSo = open.ticks === ticks && (open.sizeLots === requestedLots || open.sizeLots === sizeLots);
    if (!isSo)
      checks.violated(
        'at the end orders stand as the registry says',
        `${clientId}: ${open.ticks} × ${open.sizeLots}, ${ticks} × ${requestedLots}`,
      );
  }
  for (const clientId of theirs.keys())
    checks.violated('at the end the exchange holds no order that is not known', clientId);
}

/** Every position has its stop on the exchange. */
function checkCover({ truth, checks, instruments }: World): void {
  instruments.forEach(({ instId }, index) => {
    const { lots, side } = truth.account.positionAt(index);
    const stops = truth
      .livingOf(index)
      .filter((order) => order.type === 'stop' && order.side !== side && isOurs(order.clientId));
    const closing = truth.livingOf(index).some((order) => order.type === 'market' && isOurs(order.clientId));
    const covered = stops.reduce((sum, order) => sum + order.sizeLots - order.filledLots, 0);
    if (lots > 0 && covered < lots && !closing)
      checks.violated('at the end every position has its stop', `${instId}: ${covered} of ${lots} lots`);
  });
}

/** The journal alone brings the same registry back, and today's code thinks what was thought. */
function checkJournal({ bot, truth, checks }: World): void {
  const { registry, disk } = bot;
  if (registry === undefined) return;
  const live = encodeState(saveRegistry(registry));
  disk.crash();
  const journal = openMemoryJournal(disk, {
    accountUid: 'world',
    run: bot.run,
    now: () => 0,
    archive: { rowsMax: 1, bytesMax: 1, segmentRows: 1 },
  });
  const recovered = (past: JournalPast) => {
    const fresh = bot.newRegistry();
    recover(fresh, past);
    return encodeState(saveRegistry(fresh));
  };
  if (recovered(journal) !== live) checks.violated('the journal brings the registry back', 'they differ');
  // Over all lives and their grids, where no state can be read.
  const rowsAlone = {
    rows: (from?: number) => journal.rows(from),
    latestSnapshot: () => undefined,
    lastSeq: journal.lastSeq,
  };
  if (journal.lastNote() !== undefined && recovered(rowsAlone) !== live)
    checks.violated('the rows alone bring the registry back', 'they differ');
  // A start reads limits that no row tells.
  const isReplayable = bot.isOfOneRun && !truth.notices.hasListedLimits;
  const differing = isReplayable ? rethinkLives(bot.newRegistry(), [...journal.rows()]) : undefined;
  if (differing !== undefined) checks.violated('a replay decides the same', JSON.stringify(differing, numbers));
  journal.close();
}

/** Each life that notes its start on the grid of that (cli/operate/replay). */
function rethinkLives(registry: Registry, rows: readonly JournalRow[]): Rethought | undefined {
  for (let from = 0; from < rows.length; ) {
    const next = rows.findIndex(({ kind }, n) => n > from && kind === 'note');
    const to = next < 0 ? rows.length : next;
    const [first] = rows.slice(from, to);
    if (first?.kind === 'note') beginOn(registry, notedInstruments(first.payload));
    const differing = rethink(registry, rows.slice(from, to));
    if (differing !== undefined) return differing;
    from = to;
  }
  return undefined;
}

function numbers(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
