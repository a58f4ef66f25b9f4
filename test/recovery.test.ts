/**
 * reliability.md R9: a bot whose journal has a million rows is killed and comes back: the state that it had, with snapshots and without, and a
 * stop for what it holds. Figures of speed: bench/ (`recovery`, `recovery-whole`); the five seconds to a stop are held in `test:long`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { DemoMachine } from '../src/cli/demo/demo-machine.ts';
import { demoMarketOf } from '../src/cli/demo/demo-market.ts';
import { loadTree } from '../src/config/index.ts';
import { money, ticks } from '../src/core/numbers/units.ts';
import { newRegistry, type Registry } from '../src/core/registry.ts';
import { saveRegistry } from '../src/core/saved-registry.ts';
import { fold } from '../src/core/step.ts';
import type { JournalWriter } from '../src/journal/journal.ts';
import { openJournal } from '../src/journal/sqlite-journal.ts';
import { Rest } from '../src/okx/door/rest.ts';
import { ApiKey } from '../src/okx/door/sign.ts';
import { endpoints } from '../src/okx/wire/endpoints.ts';
import { encodeState, LOOP_LIMITS } from '../src/runtime/loop.ts';
import { recover } from '../src/runtime/past/recover.ts';
import { OFFLINE_INSTRUMENTS } from '../src/sim/market/instruments.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';
import { long } from './long.ts';
import { KILL_KEY, killExchange } from './okx/kill-exchange.ts';
import { Life, Seat } from './okx/killed-bot.ts';
import { BTC, resting } from './okx/paper-rig.ts';

const ROWS = long(22_000, 1_000_000);
/** Of processor time: this machine may be busy with something else. */
const TO_STATE_MS = 3_000;
const TO_STATE_WHOLE_MS = 15_000;
const TO_PROTECTED_MS = 5_000;
const ARCHIVE = { rowsMax: 200_000, bytesMax: 256 * 1024 * 1024, segmentRows: 50_000 };

const folder = mkdtempSync(join(tmpdir(), 'rungwise-recovery-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const journalAt = (path: string, accountUid: string): JournalWriter =>
  openJournal(path, { accountUid, run: 'demo', now: () => 0, archive: ARCHIVE });
const stateOf = (registry: Registry) => encodeState(saveRegistry(registry));

describe('R9', () => {
  it(`a journal of ${ROWS} rows gives the state that it ended with, with snapshots and without`, {
    timeout: long(60_000, 1_800_000),
  }, () => {
    const { policy } = loadTree({});
    const instruments = OFFLINE_INSTRUMENTS.slice(0, 5);
    const balance = money(1_000_00000000n);
    const path = join(folder, 'demo.db');
    const written = journalAt(path, 'demo');
    const rethrow = (error: unknown) => {
      throw error;
    };
    const machine = new DemoMachine({
      policy,
      symbols: instruments.map((instrument) => ({ instrument, market: demoMarketOf(instrument) })),
      balance,
      model: DEFAULT_FILL_MODEL,
      seed: 27,
      journal: written,
      thought: () => undefined,
      warn: rethrow,
      failed: rethrow,
    });
    machine.warmUp();
    while (written.lastSeq < ROWS) machine.nextSecond();
    const lived = stateOf(machine.registry);
    // Nobody says goodbye: the last snapshot stands where it stood.
    written.close();

    const fresh = () => newRegistry({ run: 'demo', policy, instruments, balance, traced: true, ready: false });
    const took = { ms: 0, msWhole: 0 };
    for (const [figure, hasSnapshots] of [
      ['ms', true],
      ['msWhole', false],
    ] as const) {
      const registry = fresh();
      const begun = process.cpuUsage();
      const journal = journalAt(path, 'demo');
      const past = {
        rows: (fromSeq?: number) => journal.rows(fromSeq),
        latestSnapshot: () => (hasSnapshots ? journal.latestSnapshot() : undefined),
        lastSeq: journal.lastSeq,
      };
      const { rows } = recover(registry, past);
      const { user, system } = process.cpuUsage(begun);
      took[figure] = Math.round((user + system) / 1_000);
      expect(rows, 'rows folded').toBe(
        hasSnapshots ? past.lastSeq - (journal.latestSnapshot()?.seq ?? 0) : past.lastSeq,
      );
      expect(stateOf(registry) === lived, 'to the last bit').toBe(true);
      journal.close();
    }
    process.stderr.write(`R9: ${JSON.stringify({ rows: written.lastSeq, ...took })}\n`);
    expect(took.ms).toBeLessThan(long(60_000, TO_STATE_MS));
    expect(took.msWhole).toBeLessThan(long(60_000, TO_STATE_WHOLE_MS));
  });

  it(`a position is protected again after a journal of ${ROWS} rows`, { timeout: long(90_000, 900_000) }, async () => {
    const { paper, origin } = await killExchange([KILL_KEY]);
    onTestFinished(() => paper.close());
    const seat = new Seat(paper, KILL_KEY);
    const path = join(folder, 'bot.db');
    const words = [origin, path, KILL_KEY];
    const first = new Life(words);
    await first.returned(seat, 'the first life');
    first.tell('climb');
    while (seat.lots === 0 || !seat.isCovered) await resting(5);
    await first.kill();
    const held = seat.lots;
    lengthen(path, ROWS);
    // Its stop is gone when it comes back.
    const key = new ApiKey({ key: KILL_KEY, secret: 'killSecret', passphrase: 'killPass' });
    const byHand = new Rest({ origin, key, isDemo: false, nowMs: Date.now, timeoutMs: 10_000, waitMsMax: 2_000 });
    for (const algoClOrdId of seat.stops)
      await byHand.post(endpoints.cancelAlgos, [{ instId: BTC.instId, algoClOrdId }]);
    expect([held !== 0, seat.isCovered], 'a position without a stop').toEqual([true, seat.lots === 0]);

    const beganMs = performance.now();
    const second = new Life(words);
    try {
      while (!seat.isCovered) {
        if (performance.now() - beganMs > 60_000) throw new Error('no stop');
        await resting(10);
      }
      const protectedMs = Math.round(performance.now() - beganMs);
      process.stderr.write(`R9: ${JSON.stringify({ rows: ROWS, protectedMs })}\n`);
      expect(protectedMs, 'ms from the start of the process to a stop').toBeLessThan(long(60_000, TO_PROTECTED_MS));
      await second.returned(seat, 'the second life');
    } finally {
      await second.kill();
    }
  });
});

/** A quiet market for so many rows: prices, with the snapshots that the loop would have made. */
function lengthen(path: string, rows: number): void {
  const journal = journalAt(path, '7');
  const config = loadTree({ symbols: [BTC.instId] });
  const registry = newRegistry({
    run: journal.meta.run,
    policy: config.policy,
    instruments: [BTC],
    balance: money(0n),
    traced: true,
    ready: false,
  });
  recover(registry, journal);
  const { now: at } = registry;
  const mark = registry.symbols[0]?.markTicks ?? 0;
  while (journal.lastSeq < rows) {
    const isSnapshotDue = journal.lastSeq % LOOP_LIMITS.snapshotEveryRows === 0;
    const price = {
      kind: 'price',
      at,
      instId: BTC.instId,
      markTicks: ticks(mark),
      bidTicks: ticks(mark),
      askTicks: ticks(mark),
    } as const;
    fold(registry, price);
    journal.append('event', at, price);
    if (!isSnapshotDue) continue;
    journal.snapshot(journal.lastSeq, encodeState(saveRegistry(registry)));
    journal.commit();
    journal.archive();
    journal.checkpoint();
  }
  journal.commit();
  journal.close();
}
