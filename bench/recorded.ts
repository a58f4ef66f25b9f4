import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DemoMachine } from '../src/cli/demo/demo-machine.ts';
import { demoMarketOf } from '../src/cli/demo/demo-market.ts';
import { fillModelOf } from '../src/cli/input/run-options.ts';
import { loadTree } from '../src/config/index.ts';
import type { CoreEvent } from '../src/core/event.ts';
import type { Instrument } from '../src/core/instrument/instrument.ts';
import { money } from '../src/core/numbers/units.ts';
import { newRegistry, type Registry } from '../src/core/registry.ts';
import type { JournalWriter } from '../src/journal/journal.ts';
import { openJournal } from '../src/journal/sqlite-journal.ts';
import { LOOP_LIMITS, Loop } from '../src/runtime/loop.ts';
import type { Exchange, Journal } from '../src/runtime/ports.ts';
import { OFFLINE_INSTRUMENTS } from '../src/sim/market/instruments.ts';

/** A bot on five made-up markets, the seed always the same: what the figures of loop and journal are fed with. */
const { policy } = loadTree({});
const instruments: readonly Instrument[] = OFFLINE_INSTRUMENTS.slice(0, 5);
const balance = money(1_000_00000000n);

function rethrow(error: unknown): never {
  throw error;
}

export function machineOn(journal: Journal, thought: (event: CoreEvent, orders: number) => void): DemoMachine {
  const machine = new DemoMachine({
    policy,
    symbols: instruments.map((instrument) => ({ instrument, market: demoMarketOf(instrument) })),
    balance,
    model: fillModelOf(policy),
    seed: 27,
    journal,
    thought: (event, decisions) => thought(event, decisions.filter(({ kind }) => kind === 'place').length),
    warn: rethrow,
    failed: rethrow,
  });
  machine.warmUp();
  return machine;
}

/** As the machine's was at its beginning. */
export function freshRegistry(): Registry {
  return newRegistry({ run: 'demo', policy, instruments, balance, traced: true, ready: false });
}

export interface Recorded {
  readonly events: readonly CoreEvent[];
  /** Places in `events` that orders were sent upon. */
  readonly ordering: readonly number[];
}

/** Every event of so many simulated seconds, the history before them included. */
export function recordedEvents(seconds: number): Recorded {
  const events: CoreEvent[] = [];
  const ordering: number[] = [];
  const nowhere: Journal = { append: () => 0, commit() {}, snapshot() {}, checkpoint() {}, archive() {}, lastSeq: 0 };
  const machine = machineOn(nowhere, (event, orders) => {
    if (orders > 0) ordering.push(events.length);
    events.push(event);
  });
  for (let second = 0; second < seconds; second++) machine.nextSecond();
  return { events, ordering };
}

/** A loop that is told recorded events: its exchange hears orders and says nothing, the recording has the answers. The clock goes with them. */
export function toldLoop(journal: Journal, place: Exchange['place']): Pick<Loop, 'hear' | 'drain' | 'waiting'> {
  const nothing = () => undefined;
  let nowMs = 0;
  const loop = new Loop({
    registry: freshRegistry(),
    exchange: { place, cancel: nothing, amend: nothing, setLeverage: nothing, inquire: nothing, read: nothing },
    journal,
    clock: { nowMs: () => nowMs, wake: () => nothing },
    limits: LOOP_LIMITS,
    failed: rethrow,
  });
  return {
    hear: (event) => {
      nowMs = Math.max(nowMs, event.at);
      loop.hear(event);
    },
    drain: () => loop.drain(),
    get waiting() {
      return loop.waiting;
    },
  };
}

/** A new journal on the disk that holds the system's temporary files; gone when the process ends. */
export function newJournal(): { readonly path: string; readonly journal: JournalWriter } {
  if (folders.length === 0) process.once('exit', () => folders.forEach(removeFolder));
  const folder = mkdtempSync(join(tmpdir(), 'rungwise-bench-'));
  folders.push(folder);
  const path = join(folder, 'journal.db');
  return { path, journal: journalAt(path) };
}

const folders: string[] = [];

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

export function journalAt(path: string): JournalWriter {
  const archive = { rowsMax: 1e9, bytesMax: 1e12, segmentRows: 50_000 };
  return openJournal(path, { accountUid: 'bench', run: 'demo', now: () => 0, archive });
}

/** The value that so large a share of them does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
