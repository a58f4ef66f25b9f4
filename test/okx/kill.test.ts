/**
 * reliability.md R2, R8: the bot's process is killed (`kill -9`) at any moment of a ladder and started again on the same journal, over real
 * sockets to a paper exchange that goes on living. Several bots at once, each with its own account and journal.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaperExchange } from '../../src/paper/exchange.ts';
import { Random } from '../../src/sim/market/random.ts';
import { long } from '../long.ts';
import { killExchange } from './kill-exchange.ts';
import { Life, Seat } from './killed-bot.ts';
import { resting } from './paper-rig.ts';

const BOTS = 4;
const KILLS_EACH = long(5, 50);
/** One life, on average. */
const LIFE_MS = 20_000;
/** Every so many kills strike while the bot is still starting. */
const EARLY_EVERY = 4;
/** Every so many kills come right after a settlement of funding, which no push tells: only the next life can read of it. */
const FUNDING_EVERY = 3;
const FUNDING_RATE_E8 = 12_345;

const figures = { kills: 0, early: 0, inPosition: 0, onRungs: 0, orders: 0, slowestReadMs: 0, slowestStopMs: 0 };

describe('a bot that is killed in the middle of a ladder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rungwise-kill-'));
  const keys = Array.from({ length: BOTS }, (_, n) => `kill${n}`);
  let paper: PaperExchange;
  let origin: string;

  beforeAll(async () => {
    ({ paper, origin } = await killExchange(keys));
  });
  afterAll(async () => {
    await paper.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Never two at one moment of the market, which stands for some 50 ms: a settlement is known by its time, and no exchange has two. */
  let settledAt = 0;
  function settleFunding(): void {
    const { floor } = paper;
    if (floor.at === settledAt) return;
    settledAt = floor.at;
    for (const listing of floor.listings) floor.settleFunding(listing, floor.at, FUNDING_RATE_E8);
    floor.settle(floor.at);
  }

  it(`${BOTS * KILLS_EACH} times: no order twice, the same position and rungs again, a stop within 3 s`, {
    timeout: 60_000 + KILLS_EACH * LIFE_MS,
  }, async () => {
    await Promise.all(
      keys.map(async (key, n) => {
        const seat = new Seat(paper, key);
        const random = Random.of(20_260_302 + n);
        const start = () => new Life([origin, join(folder, `${key}.db`), key]);
        for (let kill = 1; kill <= KILLS_EACH; kill += 1) {
          const life = start();
          try {
            if (kill % EARLY_EVERY === 0) await resting(random.between(0, 1_500));
            else {
              noteReturn(await life.returned(seat, `${key}, before kill ${kill}`));
              life.tell('climb');
              await resting(random.between(0, 1_200));
              if (kill % FUNDING_EVERY === 0) {
                settleFunding();
                await resting(random.between(0, 1_000));
              }
            }
          } finally {
            await life.kill();
          }
          figures.kills += 1;
          if (kill % EARLY_EVERY === 0) figures.early += 1;
          if (seat.lots !== 0) figures.inPosition += 1;
          if (seat.lots !== 0 && seat.rungsOfNewest > 0) figures.onRungs += 1;
          seat.expectNothingTwice(`${key}, after kill ${kill}`);
        }
        const last = start();
        try {
          noteReturn(await last.returned(seat, `${key}, at the end`));
        } finally {
          await last.kill();
        }
        figures.orders += seat.ordersByClientId().size;
      }),
    );
    expect(figures.orders, 'they have traded').toBeGreaterThan(figures.kills);
    expect(figures.inPosition, 'many kills met an open position').toBeGreaterThan(figures.kills / 4);
    expect(figures.onRungs, 'some of them with rungs climbed').toBeGreaterThan(0);
    process.stderr.write(`kill -9: ${JSON.stringify(figures)}\n`);
  });
});

function noteReturn({ readMs, stopMs }: Awaited<ReturnType<Life['returned']>>): void {
  figures.slowestReadMs = Math.max(figures.slowestReadMs, readMs);
  figures.slowestStopMs = Math.max(figures.slowestStopMs, stopMs);
}
