/**
 * One journal file across a change of an instrument's grid (decision 0045): lives before and after it, rows that have left for archives, damage, `recover`,
 * and what is read back of either side. Real files, a simulated market.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoMarketOf } from '../src/cli/demo/demo-market.ts';
import { noteStarted, startedIn } from '../src/cli/operate/started-note.ts';
import { loadTree } from '../src/config/index.ts';
import type { CoreEvent } from '../src/core/event.ts';
import { type GridSteps, type Instrument, onSteps } from '../src/core/instrument/instrument.ts';
import type { GridTaken } from '../src/core/instrument/taken-grid.ts';
import { MINUTE_MS } from '../src/core/market/candle.ts';
import { decimal, formatDecimal } from '../src/core/numbers/decimal.ts';
import { money, ticks } from '../src/core/numbers/units.ts';
import { partsOfClientId } from '../src/core/orders/order.ts';
import { newRegistry, type Registry } from '../src/core/registry.ts';
import { saveRegistry } from '../src/core/saved-registry.ts';
import type { JournalRow } from '../src/journal/journal.ts';
import { archiveFolder } from '../src/journal/rows/archive.ts';
import { openJournal, openJournalReader } from '../src/journal/sqlite-journal.ts';
import { type DecisionRow, encodeState, LOOP_LIMITS, Loop } from '../src/runtime/loop.ts';
import { recover } from '../src/runtime/past/recover.ts';
import { SimClock } from '../src/sim/clock.ts';
import { OFFLINE_INSTRUMENTS } from '../src/sim/market/instruments.ts';
import { Market } from '../src/sim/market/market.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';
import { LiveVenue } from '../src/sim/venue/live-venue.ts';
import { rungwise } from './command-line.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-grids-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SYMBOLS = ['SOL-USDT-SWAP', 'XRP-USDT-SWAP'];
const [SOL, XRP] = SYMBOLS.map((instId) => OFFLINE_INSTRUMENTS.find((each) => each.instId === instId)) as [
  Instrument,
  Instrument,
];
const on = (of: Instrument, steps: Partial<GridSteps>) => onSteps(of, { ...of, ...steps });
/** A finer tick, and a contract of ten times as many coins. */
const AFTER = [SOL, on(XRP, { tickSize: decimal('0.00001'), contractValue: decimal('1000') })];
const CONFIG = loadTree({ symbols: SYMBOLS });
const START_MINUTE = Date.UTC(2026, 0, 5) / MINUTE_MS;
const HISTORY_MINUTES = 26 * 60;
const LIFE_MINUTES = 40;
/** So often somebody signals, one way and the other. */
const SIGNAL_SECONDS = 100;

interface Lived {
  readonly run: string;
  readonly gridsTaken: readonly GridTaken[];
  readonly recoveredRows: number;
}

/** Two thirds of an hour on the journal, at an exchange that says these instruments; killed at its end unless it leaves. */
function live(
  path: string,
  nth: number,
  instruments: readonly Instrument[],
  how: 'killed' | 'leaves' = 'killed',
): Lived {
  const startMinute = START_MINUTE + nth * LIFE_MINUTES;
  const startMs = startMinute * MINUTE_MS;
  const archive = { rowsMax: nth === 0 ? 3_000 : 1e6, bytesMax: 1e9, segmentRows: 1_000 };
  const journal = openJournal(path, { accountUid: 'demo', run: 'life', now: () => startMs, archive });
  const registry = newRegistry({
    run: journal.meta.orderRun,
    policy: CONFIG.policy,
    instruments,
    balance: money(1_000_00000000n),
    traced: true,
    ready: false,
  });
  const recoveredRows = journal.lastSeq;
  const recovered = recoveredRows === 0 ? undefined : recover(registry, journal);
  const { seq } = noteStarted(journal, registry, CONFIG, startMs);
  if (recoveredRows === 0) journal.snapshot(seq, encodeState(saveRegistry(registry)));
  journal.commit();
  const market = Market.of({
    seed: 7 + nth,
    startMinute: startMinute - HISTORY_MINUTES,
    correlation: 0.6,
    symbols: instruments.map((of) => ({ ...demoMarketOf(of), instId: of.instId })),
  });
  const { feeRates, leverage } = CONFIG.policy.execution;
  const account = { id: 'demo', startBalance: money(1_000_00000000n), feeRates, leverage: leverage.max };
  const venue = new LiveVenue({ instruments, market, account, model: DEFAULT_FILL_MODEL }, (event) => loop.hear(event));
  const clock = new SimClock(startMs);
  const failed = (error: unknown) => {
    throw error;
  };
  const loop: Loop = new Loop({
    registry,
    exchange: venue,
    journal,
    clock,
    limits: { ...LOOP_LIMITS, snapshotEveryRows: 1_500 },
    snapshotSeq: recovered?.snapshotSeq ?? seq,
    witness: { thought: () => undefined, warn: failed },
    failed,
  });
  for (let told = 0; told < HISTORY_MINUTES; told += 60) {
    venue.tellHistory(60);
    loop.drain();
  }
  clock.advanceTo(venue.nowMs);
  for (let second = 0; second < LIFE_MINUTES * 60; second++) {
    venue.nextSecond();
    loop.drain();
    if (second === 60) loop.hear({ kind: 'operator', at: venue.nowMs, command: { do: 'resume', by: 'test' } });
    if (second % SIGNAL_SECONDS === 7) loop.hear(signal(registry, venue.nowMs, Math.floor(second / SIGNAL_SECONDS)));
    loop.drain();
    clock.advanceTo(venue.nowMs);
  }
  if (how === 'leaves') loop.stop();
  journal.close();
  return { run: registry.run, gridsTaken: recovered?.gridsTaken ?? [], recoveredRows };
}

function signal({ symbols }: Registry, at: number, nth: number): CoreEvent {
  const { instrument, markTicks } = symbols[1] as Registry['symbols'][number];
  const side = nth % 6 < 3 ? 1 : -1;
  return {
    kind: 'signal',
    at,
    instId: instrument.instId,
    side,
    strength: 1,
    priceTicks: ticks(markTicks),
    source: 'test',
    reasons: [],
  };
}

function rowsOf(path: string, from = 1): JournalRow[] {
  const journal = openJournalReader(path);
  try {
    return [...journal.rows(from)];
  } finally {
    journal.close();
  }
}

/** The orders of XRP that were placed in these rows. */
function ordersIn(rows: readonly JournalRow[]): { readonly seq: number; readonly clientId: string }[] {
  return rows.flatMap(({ seq, kind, payload }) =>
    kind !== 'decision'
      ? []
      : (payload as DecisionRow).decisions.flatMap((each) =>
          each.kind === 'place' && each.order.instId === XRP.instId ? [{ seq, clientId: each.order.clientId }] : [],
        ),
  );
}

async function explained(path: string, clientId: string) {
  const { code, out, err } = await rungwise(['explain', clientId, '--journal', path, '--json']);
  expect(code, err).toBe(0);
  return JSON.parse(out) as { decision: Record<string, string>; life: { event?: Record<string, string> }[] };
}

/** USDT of an XRP, in whatever ticks: a tenth of it, or ten times, is one of the other grid. */
const FIRST_PRICE = Number(formatDecimal(XRP.tickSize)) * demoMarketOf(XRP).startTicks;
const isPrice = (text: string | undefined) => Number(text) > FIRST_PRICE / 2 && Number(text) < FIRST_PRICE * 2;

describe('a journal over a change of tick and contract', () => {
  const path = join(root, 'whole', 'journal.db');
  const lived: Lived[] = [];
  beforeAll(() => {
    mkdirSync(dirname(path));
    lived.push(live(path, 0, [SOL, XRP]), live(path, 1, AFTER));
  }, 240_000);

  it('goes on, of the one symbol on another grid; what was before has left for archives', () => {
    expect(lived[1]?.gridsTaken).toMatchObject([
      { instId: XRP.instId, changes: [{ of: 'tick' }, { of: 'contract', is: '1000' }] },
    ]);
    expect(readdirSync(archiveFolder(path)).length).toBeGreaterThan(3);
    const notes = rowsOf(path).flatMap((row) => (startedIn(row) === undefined ? [] : row.seq));
    expect([notes[0], notes.length]).toEqual([1, 2]);
  });

  it('is thought again to the same decisions', async () => {
    const { code, out, err } = await rungwise(['replay', path]);
    expect([code, out], err).toEqual([0, expect.stringContaining('same')]);
  });

  it('explains an order of either side in the prices and sizes that it had', async () => {
    const change = lived[1]?.recoveredRows ?? 0;
    const orders = ordersIn(rowsOf(path));
    const before = orders.filter(({ seq }) => seq <= change);
    const after = orders.filter(({ seq }) => seq > change);
    expect([before.length > 3, after.length > 3]).toEqual([true, true]);
    for (const { clientId } of [...before.slice(-2), ...after.slice(0, 2)]) {
      const { decision, life } = await explained(path, clientId);
      const price = decision['price'] ?? decision['trigger'];
      if (price !== undefined) expect(isPrice(price), `${clientId} at ${price}`).toBe(true);
      for (const { event } of life)
        if (event?.['kind'] === 'filled') expect(isPrice(event['price']), JSON.stringify(event)).toBe(true);
    }
  });

  it.each([
    ['after the newest snapshot', 1],
    ['before and after the newest snapshot, so that the start on the other grid is among the rows given up', 2],
  ] as const)(
    'damaged %s, it is recovered, goes on, and says of both sides what was',
    async (_, places) => {
      const copy = join(mkdtempSync(join(root, 'damaged-')), 'journal.db');
      cpSync(dirname(path), dirname(copy), { recursive: true });
      const db = new DatabaseSync(copy);
      const seqOf = (of: string) => Number(db.prepare(`SELECT ${of} AS seq`).get()?.['seq']);
      const [last, snapshot] = [seqOf('(SELECT max(seq) FROM rows)'), seqOf('(SELECT max(seq) FROM snapshots)')];
      const change = lived[1]?.recoveredRows ?? 0;
      expect([seqOf('(SELECT min(seq) FROM rows)') < change - 20, change < snapshot, snapshot < last - 40]).toEqual([
        true,
        true,
        true,
      ]);
      const damage = [last - 40, ...(places === 2 ? [change - 20] : [])];
      for (const seq of damage) db.prepare('UPDATE rows SET at = at + 1 WHERE seq = ?').run(seq);
      db.close();
      const { code, out, err } = await rungwise(['recover', copy]);
      expect(code, err).toBe(0);
      expect(out).toContain(`kept up to row ${last - 41}`);
      const kept = rowsOf(copy, places === 2 ? snapshot + 1 : 1);
      const orders = ordersIn(kept);
      const [early, late] = [orders.filter(({ seq }) => seq <= change).at(-1), orders.at(-1)];
      for (const order of [early, late]) {
        if (order === undefined) continue;
        const { decision, life } = await explained(copy, order.clientId);
        const price = decision['price'] ?? decision['trigger'];
        if (price !== undefined) expect(isPrice(price), `${order.clientId} at ${price}`).toBe(true);
        for (const { event } of life)
          if (event?.['kind'] === 'filled') expect(isPrice(event['price']), JSON.stringify(event)).toBe(true);
      }
      const refused = await rungwise(['explain', '--last-refusal', XRP.instId, '--journal', copy, '--json']);
      const { reasoning } = JSON.parse(refused.out) as { reasoning: { judged: { mark: string } } };
      expect(isPrice(reasoning.judged.mark), `the last refusal, at ${reasoning.judged.mark}`).toBe(true);
      const third = live(copy, 2, AFTER, 'leaves');
      expect(third.gridsTaken).toEqual([]);
      expect([third.recoveredRows, third.run === lived[0]?.run]).toEqual([last - 41, false]);
      const numbers = ordersIn(rowsOf(copy, last)).map(({ clientId }) => partsOfClientId(clientId)?.run);
      expect(new Set(numbers)).toEqual(new Set([third.run]));
      const replayed = await rungwise(['replay', copy]);
      expect([replayed.code, replayed.out], replayed.err).toEqual(
        places === 2 ? [2, ''] : [0, expect.stringContaining('same')],
      );
    },
    240_000,
  );
});
