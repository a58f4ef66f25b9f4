/**
 * reliability.md R10: what runs for long takes no more memory than what has just begun, and no queue goes past its bound. Twenty thousand messages
 * a second from real sockets through adapter, loop and journal for ten minutes; thirty days of a hundred symbols through core, simulator, loop and
 * journal. In `npm test` seconds and hours of it.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, describe, expect, it } from 'vitest';
import { steadyClock } from '../src/cli/shell/steady-clock.ts';
import { effectivePolicy } from '../src/config/index.ts';
import type { CoreEvent } from '../src/core/event.ts';
import { type Candles, MINUTE_MS } from '../src/core/market/candle.ts';
import { money } from '../src/core/numbers/units.ts';
import { newRegistry, type Registry } from '../src/core/registry.ts';
import { openJournal } from '../src/journal/sqlite-journal.ts';
import { closedCandle } from '../src/lab/trader.ts';
import { Rest } from '../src/okx/door/rest.ts';
import { OkxFeed } from '../src/okx/feed.ts';
import { LOOP_LIMITS, Loop } from '../src/runtime/loop.ts';
import type { Clock } from '../src/runtime/ports.ts';
import { Market } from '../src/sim/market/market.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';
import { eachMinute } from '../src/sim/venue/minutes.ts';
import { SimVenue } from '../src/sim/venue/venue.ts';
import { long } from './long.ts';
import { manySwaps } from './many-swaps.ts';

const SYMBOLS = 100;
const BALANCE = money(10_000_000_000_000n);
const ARCHIVE = { rowsMax: 50_000, bytesMax: 256 * 1024 * 1024, segmentRows: 25_000 };
const MEGABYTE = 1024 * 1024;

const folder = mkdtempSync(join(tmpdir(), 'rungwise-soak-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const instruments = manySwaps(SYMBOLS);

describe('R10', () => {
  const SECONDS = long(4, 600);
  const MESSAGES = 20_000;

  it(`${MESSAGES} messages a second for ${SECONDS} s: memory flat, no queue past its bound`, {
    timeout: 60_000 + SECONDS * 2_000,
  }, async () => {
    const flood = spawn(
      process.execPath,
      [fileURLToPath(new URL('okx/flood.child.ts', import.meta.url)), `${MESSAGES}`, `${SYMBOLS}`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const told = { port: 0, sent: 0, backlogBytes: 0 };
    createInterface({ input: flood.stdout }).on('line', (line) => Object.assign(told, JSON.parse(line)));
    const run = await talkedTo(told);
    try {
      await resting(SECONDS * 200);
      const [beganMs, beganCpu, sentBefore] = [performance.now(), process.cpuUsage(), told.sent];
      const heap = new Watched();
      for (let sample = 0; sample < SAMPLES; sample += 1) {
        await resting((SECONDS * 800) / SAMPLES);
        heap.look();
      }
      const elapsedMs = performance.now() - beganMs;
      const messagesPerSecond = Math.round(((told.sent - sentBefore) * 1_000) / elapsedMs);
      const { user, system } = process.cpuUsage(beganCpu);
      const figures = {
        seconds: SECONDS,
        messagesPerSecond,
        coreShare: Number(((user + system) / 1_000 / elapsedMs).toFixed(2)),
        rows: run.rows(),
        waitingMost: run.waitingMost(),
        backlogMegabytes: Math.round(told.backlogBytes / MEGABYTE),
        journalMegabytes: run.journalMegabytes(),
        ...heap.told(),
      };
      process.stderr.write(`R10: ${JSON.stringify(figures)}\n`);
      expect(run.failures()).toEqual([]);
      expect(figures.rows).toBeGreaterThan(SECONDS * SYMBOLS);
      expect(figures.waitingMost).toBeLessThanOrEqual(LOOP_LIMITS.queueMax);
      expect(figures.journalMegabytes, 'what is old is packed').toBeLessThan(200);
      heap.expectFlat();
    } finally {
      run.close();
      flood.kill('SIGKILL');
    }
  });

  const DAYS = long(0.25, 30);

  it(`${DAYS} simulated days of ${SYMBOLS} symbols: memory flat, no queue past its bound`, {
    timeout: long(90_000, 3_600_000),
  }, () => {
    const life = new SimulatedLife(join(folder, 'days.db'));
    const heap = new Watched();
    const minutes = (DAYS * 24 * 60) / (SAMPLES + 3);
    for (let sample = 0; sample < SAMPLES + 3; sample += 1) {
      life.run(minutes);
      // Indicators, positions and the first archives are there.
      if (sample >= 3) heap.look();
    }
    const figures = {
      days: DAYS,
      candles: life.candles,
      orders: life.orders,
      rows: life.rows,
      waitingMost: life.waitingMost,
      journalMegabytes: megabytesOf(join(folder, 'days.db')),
      ...heap.told(),
    };
    process.stderr.write(`R10: ${JSON.stringify(figures)}\n`);
    expect(figures.candles).toBe(DAYS * 24 * 60 * SYMBOLS);
    expect(figures.orders, 'it has traded').toBeGreaterThan(DAYS * 100);
    expect(figures.waitingMost).toBeLessThanOrEqual(LOOP_LIMITS.queueMax);
    expect(figures.journalMegabytes, 'what is old is packed').toBeLessThan(200);
    heap.expectFlat();
    life.close();
  });
});

const SAMPLES = 12;

/**
 * What memory is in use once nothing is left to collect: what the heap holds, and the buffers outside of it (candles that come and go, archives that are
 * packed), which are given back when the system gets to it.
 */
class Watched {
  readonly #heap: number[] = [];
  readonly #buffers: number[] = [];
  readonly #collect: () => void;

  constructor() {
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
  }

  look(): void {
    this.#collect();
    const { heapUsed, external } = process.memoryUsage();
    this.#heap.push(heapUsed / MEGABYTE);
    this.#buffers.push(external / MEGABYTE);
  }

  told() {
    const [early, late] = [meanOf(firstThird(this.#heap)), meanOf(lastThird(this.#heap))];
    return {
      heapMegabytesEarly: Number(early.toFixed(1)),
      heapMegabytesLate: Number(late.toFixed(1)),
      bufferMegabytesMost: Math.round(Math.max(...this.#buffers)),
    };
  }

  /** The last third beside the first: what is remembered on purpose (trade ids, up to a bound) takes a few per cent. */
  expectFlat(): void {
    const [early, late] = [meanOf(firstThird(this.#heap)), meanOf(lastThird(this.#heap))];
    expect(late, `megabytes of the heap: ${rounded(this.#heap)}`).toBeLessThan(early * 1.1 + 1);
    const [most, mostLate] = [Math.max(...firstThird(this.#buffers)), Math.max(...lastThird(this.#buffers))];
    expect(mostLate, `megabytes of buffers: ${rounded(this.#buffers)}`).toBeLessThan(most * 1.5 + 32);
  }
}

const firstThird = (values: readonly number[]) => values.slice(0, SAMPLES / 3);
const lastThird = (values: readonly number[]) => values.slice((SAMPLES * 2) / 3);
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (values: readonly number[]) => values.map((value) => Math.round(value)).join(' ');

function resting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function megabytesOf(journalPath: string): number {
  const name = journalPath.slice(folder.length + 1);
  const files = readdirSync(folder).filter((file) => file.startsWith(name));
  return Math.round(files.reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / MEGABYTE);
}

function newLoop(
  path: string,
  registry: Registry,
  clock: Clock,
  exchange: ConstructorParameters<typeof Loop>[0]['exchange'],
  failed: (error: unknown) => void,
) {
  const journal = openJournal(path, { accountUid: 'soak', run: 'soak', now: () => 0, archive: ARCHIVE });
  return { journal, loop: new Loop({ registry, exchange, journal, clock, limits: LOOP_LIMITS, failed }) };
}

function freshRegistry(): Registry {
  return newRegistry({
    run: 'soak',
    policy: effectivePolicy({}),
    instruments,
    balance: BALANCE,
    traced: true,
    ready: false,
  });
}

/** Adapter, loop and journal before the exchange that only talks; once it has been heard. */
async function talkedTo(told: { readonly port: number; readonly sent: number }) {
  while (told.port === 0) await resting(10);
  const path = join(folder, 'flood.db');
  const registry = freshRegistry();
  const failures: unknown[] = [];
  const nothing = () => undefined;
  const read = () => {
    const at = Date.now();
    loop.hear({ kind: 'exchange-read', at, balance: BALANCE, available: BALANCE, positions: [], orders: [] });
  };
  const exchange = { place: nothing, cancel: nothing, amend: nothing, setLeverage: nothing, inquire: nothing, read };
  const { journal, loop } = newLoop(path, registry, steadyClock(), exchange, (error) => failures.push(error));
  let waitingMost = 0;
  const feed = new OkxFeed({
    rest: new Rest({
      origin: `http://127.0.0.1:${told.port}`,
      isDemo: false,
      nowMs: Date.now,
      timeoutMs: 10_000,
      waitMsMax: 60_000,
    }),
    isDemo: false,
    wsUrl: `ws://127.0.0.1:${told.port}/ws/v5`,
    instruments,
    hear: (event: CoreEvent) => {
      loop.hear(event);
      waitingMost = Math.max(waitingMost, loop.waiting);
    },
    warn: (message) => failures.push(message),
    random: () => 0.5,
    lastMinute: () => Math.floor(Date.now() / MINUTE_MS) - 1,
    historyMinutes: 0,
    isUrgent: () => false,
  });
  feed.start();
  while (told.sent === 0) await resting(10);
  return {
    rows: () => journal.lastSeq,
    waitingMost: () => waitingMost,
    failures: () => failures,
    journalMegabytes: () => megabytesOf(path),
    close: () => {
      feed.close();
      loop.stop();
      journal.close();
    },
  };
}

/** A bot on a hundred generated markets at the simulated exchange, candle by candle, through the loop. */
class SimulatedLife {
  candles = 0;
  orders = 0;
  waitingMost = 0;
  readonly #market = Market.of({
    seed: 10,
    startMinute: Date.UTC(2026, 0, 5) / MINUTE_MS,
    correlation: 0.6,
    symbols: instruments.map(({ instId }) => ({
      instId,
      startTicks: 500_000,
      volatility: 0.0006,
      minuteLots: 200_000,
      spreadTicks: 1,
    })),
  });
  readonly #opened: ReturnType<typeof newLoop>;
  readonly #venue: SimVenue;
  #nowMs = 0;

  constructor(path: string) {
    const registry = freshRegistry();
    const venue = (): SimVenue => this.#venue;
    const exchange = {
      place: (order: Parameters<SimVenue['place']>[0]) => {
        this.orders += 1;
        venue().place(order);
      },
      cancel: (instId: string, clientId: string) => venue().cancel(instId, clientId),
      amend: (change: Parameters<SimVenue['amend']>[0]) => venue().amend(change),
      setLeverage: (instId: string, leverage: number) => venue().setLeverage(instId, leverage),
      inquire: (order: Parameters<SimVenue['inquire']>[0]) => venue().inquire(order),
      read: () => venue().read(),
    };
    const clock = { nowMs: () => this.#nowMs, wake: () => () => undefined };
    this.#opened = newLoop(path, registry, clock, exchange, (error) => {
      throw error;
    });
    const { loop } = this.#opened;
    const account = {
      id: 'soak',
      startBalance: BALANCE,
      feeRates: registry.policy.execution.feeRates,
      leverage: registry.policy.execution.leverage.max,
    };
    const funding = { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 10_000 };
    const trader = {
      hear: (event: CoreEvent) => this.#hear(event),
      settle: () => loop.drain(),
      watches: registry.symbols,
    };
    this.#venue = new SimVenue({ instruments, account, model: DEFAULT_FILL_MODEL, funding }, trader);
    this.#venue.announce(Date.UTC(2026, 0, 5));
    loop.drain();
  }

  run(minutes: number): void {
    const columns = this.#market.candles(minutes);
    eachMinute(columns, (minute, due, candleOf) => {
      this.#venue.runMinute(due, columns, candleOf, (minute + 1) * MINUTE_MS);
      for (const index of due) this.#hear(closedCandle(columns[index] as Candles, candleOf[index] as number));
      this.candles += due.length;
      this.#opened.loop.drain();
    });
  }

  get rows(): number {
    return this.#opened.journal.lastSeq;
  }

  close(): void {
    this.#opened.loop.stop();
    this.#opened.journal.close();
  }

  #hear(event: CoreEvent): void {
    this.#nowMs = Math.max(this.#nowMs, event.at);
    this.#opened.loop.hear(event);
    this.waitingMost = Math.max(this.waitingMost, this.#opened.loop.waiting);
  }
}
