/**
 * reliability.md R2, R8: the bot's process is killed (`kill -9`) at any moment of a ladder and started again on the same journal, over real
 * sockets to a paper exchange that goes on living.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decimal } from '../../src/core/decimal.ts';
import { partsOfClientId } from '../../src/core/order.ts';
import { runningClock } from '../../src/paper/clock.ts';
import type { Desk } from '../../src/paper/desk.ts';
import { PaperExchange } from '../../src/paper/exchange.ts';
import { GeneratedMarket } from '../../src/paper/market-source.ts';
import { Random } from '../../src/sim/random.ts';
import { long } from '../long.ts';
import { BTC, resting } from './paper-rig.ts';

const KILLS = long(4, 200);
const CYCLE_MS = 12_000;
/** From the first whole reading after a restart. */
const STOP_WITHIN_MS = 3_000;
const child = fileURLToPath(new URL('bot.child.ts', import.meta.url));

interface Line {
  readonly kind: string;
  readonly at?: number;
  readonly lots?: number;
  readonly isReady?: boolean;
  readonly rungs?: readonly { readonly clientId?: string; readonly filledLots: number }[];
  readonly entryLots?: number;
  readonly unexplained?: string | null;
  readonly [key: string]: unknown;
}

interface Running {
  readonly process: ChildProcess;
  readonly lines: Line[];
  kill(): Promise<void>;
}

describe('a bot that is killed in the middle of a ladder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rungwise-kill-'));
  const random = Random.of(20_260_302);
  let paper: PaperExchange;
  let desk: Desk;
  let origin: string;
  const figures = { orders: 0, kills: 0, midway: 0, slowestStopMs: 0 };

  beforeAll(async () => {
    const nowMs = Date.now();
    paper = new PaperExchange({
      source: new GeneratedMarket({
        seed: 5,
        instruments: [BTC],
        bornAt: nowMs,
        fromMs: nowMs,
        historyMinutes: 27 * 60,
      }),
      clock: runningClock(nowMs, 1),
      accounts: [
        {
          key: 'kill',
          secret: 'killSecret',
          passphrase: 'killPass',
          balance: 200_000_000_000n,
          makerRate: decimal('0.0002'),
          takerRate: decimal('0.0005'),
          leverage: 5,
          uid: '7',
        },
      ],
      isRateLimited: false,
    });
    origin = `http://127.0.0.1:${await paper.listen(0)}`;
    desk = paper.desk('kill') as Desk;
  });
  afterAll(async () => {
    await paper.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(mode: 'climb' | 'still'): Running {
    const running = spawn(process.execPath, [child, origin, join(folder, 'journal.db'), mode], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: Line[] = [];
    createInterface({ input: running.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Line));
    const ended = new Promise<void>((resolve) => running.on('exit', () => resolve()));
    return {
      process: running,
      lines,
      kill: async () => {
        running.kill('SIGKILL');
        await ended;
      },
    };
  }

  const position = () => desk.position(paper.floor.slots[0] as never);
  /** Sleeping stops of the exchange that close what is held. */
  const coveredLots = () => [...desk.openAlgos.values()].reduce((sum, algo) => sum + algo.sizeLots, 0);
  const isCovered = () => position().lots === 0 || coveredLots() >= position().lots;

  it(`${KILLS} times: no order twice, position and rungs right, a stop within 3 s`, {
    timeout: 30_000 + KILLS * CYCLE_MS,
  }, async () => {
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const bot = start('climb');
      await untilRead(bot);
      const stopMs = await untilCovered(bot);
      figures.slowestStopMs = Math.max(figures.slowestStopMs, stopMs);
      expect(stopMs, `kill ${kill}: ms from the reading to a stop for all of the position`).toBeLessThanOrEqual(
        STOP_WITHIN_MS,
      );
      await resting(random.between(0, 900));
      await bot.kill();
      figures.kills += 1;
      if (position().lots > 0) figures.midway += 1;
      expectNothingTwice(`after kill ${kill}`);
    }
    await settleAndCompare();
    figures.orders = ordersByClientId().size;
    expect(figures.orders, 'it has traded').toBeGreaterThan(KILLS);
    expect(figures.midway, 'some kills met an open position').toBeGreaterThan(0);
    process.stderr.write(`kill -9: ${JSON.stringify(figures)}\n`);
  });

  async function untilRead(bot: Running): Promise<void> {
    const untilMs = performance.now() + CYCLE_MS;
    while (!bot.lines.some(({ kind }) => kind === 'read')) {
      if (performance.now() > untilMs) throw new Error(`the bot read nothing: ${JSON.stringify(bot.lines.slice(-5))}`);
      await resting(10);
    }
  }

  /** @returns how long it took; a position that is open now and closed by itself is covered too */
  async function untilCovered(bot: Running): Promise<number> {
    const beganMs = performance.now();
    while (!isCovered()) {
      if (performance.now() - beganMs > STOP_WITHIN_MS * 2)
        throw new Error(`no stop: ${JSON.stringify(bot.lines.slice(-5))}`);
      await resting(10);
    }
    return performance.now() - beganMs;
  }

  /** Every order that the exchange has ever had of each client id. */
  function ordersByClientId(): Map<string, number> {
    const found = new Map<string, number>();
    const count = (clientId: string) => clientId !== '' && found.set(clientId, (found.get(clientId) ?? 0) + 1);
    for (const order of [...desk.openOrders.values(), ...desk.finishedOrders.newest()]) count(order.clOrdId);
    for (const algo of [...desk.openAlgos.values(), ...desk.finishedAlgos.newest()]) count(algo.algoClOrdId);
    return found;
  }

  function expectNothingTwice(when: string): void {
    const twice = [...ordersByClientId()].filter(([, count]) => count > 1);
    expect(twice, `${when}: orders that were sent twice`).toEqual([]);
    const filled = new Map<string, string[]>();
    for (const { clOrdId, filledLots } of desk.finishedOrders.newest()) {
      const parts = partsOfClientId(clOrdId);
      if (parts === undefined || filledLots === 0 || (parts.role !== 'rung' && parts.role !== 'entry')) continue;
      const rung = `${parts.position} ${parts.role} ${parts.step}`;
      filled.set(rung, [...(filled.get(rung) ?? []), clOrdId]);
    }
    const climbedTwice = [...filled].filter(([, clientIds]) => clientIds.length > 1);
    expect(climbedTwice, `${when}: rungs that were climbed twice`).toEqual([]);
  }

  /** Without new signals the bot must come to hold what the exchange holds, rung by rung. */
  async function settleAndCompare(): Promise<void> {
    const bot = start('still');
    try {
      await untilRead(bot);
      await untilCovered(bot);
      await resting(3_000);
      const told = bot.lines.findLast(({ kind }) => kind === 'read');
      const { lots, side } = position();
      expect(told?.lots, 'the position').toBe(lots === 0 ? 0 : side * lots);
      expect(told?.unexplained, 'nothing that no fill explains').toBeNull();
      expect(told?.isReady, 'read whole').toBe(true);
      const rungs = told?.rungs ?? [];
      for (const { clientId, filledLots } of rungs)
        expect(desk.orderByClientId(clientId ?? '')?.filledLots, `rung ${clientId}`).toBe(filledLots);
      expect(bot.lines.filter(({ kind }) => kind === 'failed')).toEqual([]);
    } finally {
      await bot.kill();
    }
  }
});
