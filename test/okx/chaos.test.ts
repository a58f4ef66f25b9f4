/**
 * reliability.md R2, R3, R8 at once: bots whose requests meet every kind of error, whose sockets are cut, whom funding meets at any moment, and who are
 * killed in the middle of it, over real sockets to a paper exchange. Once all is quiet each holds what the exchange holds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaperExchange } from '../../src/paper/exchange.ts';
import { Random } from '../../src/sim/market/random.ts';
import { long } from '../long.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { killExchange } from './kill-exchange.ts';
import { Life, Seat } from './killed-bot.ts';
import { ERRORS, reply } from './lost-answers.ts';
import { resting } from './paper-rig.ts';

/** The last of them is patient (bot.child.ts). */
const BOTS = 3;
const LIVES = long(3, 40);
/** Of a thousand requests so many meet an error, while a bot climbs. */
const FAULTS_PER_MILLE = 60;
const FUNDING_RATE_E8 = 12_345;

describe('bots in the middle of everything that goes wrong', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rungwise-chaos-'));
  const keys = Array.from({ length: BOTS }, (_, n) => `chaos${n}`);
  const errors = Object.values(ERRORS);
  const random = Random.of(20_260_302);
  const met = { lives: 0, faults: 0, cuts: 0, settlements: 0, orders: 0, inPosition: 0, onRungs: 0 };
  /** Bots that climb, by their keys: there is trouble as long as there are any, and errors for them alone. */
  const climbing = new Set<string>();
  const proxies = new Map<string, FaultProxy>();
  let isOver = false;
  let paper: PaperExchange;
  let origin: string;

  beforeAll(async () => {
    ({ paper, origin } = await killExchange(keys));
    for (const key of keys) proxies.set(key, await faultsFor(key));
  });

  function faultsFor(key: string): Promise<FaultProxy> {
    return startFaultProxy(origin, () => {
      if (!climbing.has(key) || random.between(0, 999) >= FAULTS_PER_MILLE) return undefined;
      met.faults += 1;
      const answer = errors[random.between(0, errors.length - 1)];
      const forward = (['never', 'first', 'late'] as const)[random.between(0, 2)];
      return answer === undefined || forward === undefined ? undefined : { forward, answer };
    });
  }

  afterAll(async () => {
    for (const proxy of proxies.values()) proxy.close();
    await paper.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function makeTrouble(): Promise<void> {
    while (!isOver) {
      await resting(random.between(500, 2_500));
      if (climbing.size === 0) continue;
      for (const session of paper.sessions)
        if (random.between(0, 2) === 0) {
          met.cuts += 1;
          session.cut();
        }
      if (random.between(0, 2) > 0) settleFunding();
    }
  }

  function settleFunding(): void {
    const { floor } = paper;
    met.settlements += 1;
    for (const listing of floor.listings) floor.settleFunding(listing, floor.at, FUNDING_RATE_E8);
    floor.settle(floor.at);
  }

  function styleOf(key: string): string {
    return key === keys.at(-1) ? 'patient' : 'urgent';
  }

  async function live(key: string, seat: Seat, when: string): Promise<void> {
    const life = new Life([origin, join(folder, `${key}.db`), key, proxies.get(key)?.origin ?? origin, styleOf(key)]);
    try {
      await life.returned(seat, when);
      life.tell('climb');
      climbing.add(key);
      await resting(random.between(1_500, 5_000));
    } finally {
      climbing.delete(key);
      await life.kill();
    }
    met.lives += 1;
    if (seat.lots !== 0) met.inPosition += 1;
    if (seat.lots !== 0 && seat.rungsOfNewest > 0) met.onRungs += 1;
    expect(life.differences(), `${when}: what nobody explains`).toEqual([]);
    seat.expectNothingTwice(when);
  }

  it(`${BOTS * LIVES} lives: no order twice, every fill and settlement booked once, the same position and rungs again, covered`, {
    timeout: 60_000 + LIVES * 40_000,
  }, async () => {
    const trouble = makeTrouble();
    await Promise.all(
      keys.map(async (key) => {
        const seat = new Seat(paper, key);
        for (let at = 1; at <= LIVES; at += 1) await live(key, seat, `${key}, life ${at}`);
        met.orders += seat.ordersByClientId().size;
      }),
    );
    isOver = true;
    await trouble;
    for (const key of keys) {
      const last = new Life([origin, join(folder, `${key}.db`), key, origin, styleOf(key)]);
      await last.returned(new Seat(paper, key), `${key}, in the quiet`).finally(() => last.kill());
    }
    process.stderr.write(`chaos: ${JSON.stringify(met)}\n`);
    expect(met.faults, 'requests met errors').toBeGreaterThan(met.lives);
    expect(met.cuts, 'sockets were cut').toBeGreaterThan(met.lives / 2);
    expect(met.settlements).toBeGreaterThan(0);
    expect(met.inPosition, 'many kills met an open position').toBeGreaterThan(met.lives / 4);
    expect(met.onRungs, 'some of them with rungs climbed').toBeGreaterThan(0);
  });

  it('start where an answer is lost at the start: the exchange is looked at again', { timeout: 60_000 }, async () => {
    let unanswered = 2;
    const flaky = await startFaultProxy(origin, ({ path }) =>
      path.endsWith('/account/balance') && unanswered-- > 0
        ? { forward: 'never', answer: reply(503, 'Service Unavailable') }
        : undefined,
    );
    const [key = ''] = keys;
    const life = new Life([origin, join(folder, 'flaky.db'), key, flaky.origin]);
    try {
      await life.reads();
      expect(life.count('looking-again')).toBe(2);
    } finally {
      await life.kill();
      flaky.close();
    }
  });
});
