/**
 * The exchange refuses key, signature or clock while a position waits to be closed: a person is told at once, nothing is sent again and again, and
 * the close goes out once the exchange takes our requests (decision 0020). The loop, the core and the adapter before the paper exchange.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import { MemoryDisk, openMemoryJournal } from '../../../test/memory-journal.ts';
import { type FaultProxy, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until as untilWithin } from '../../../test/okx/local-server.ts';
import { BTC, type Rig, resting, startRig } from '../../../test/okx/paper-rig.ts';
import { effectivePolicy } from '../../config/index.ts';
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { money } from '../../core/numbers/units.ts';
import { newRegistry, type Registry } from '../../core/registry.ts';
import { endpoints } from '../../okx/wire/endpoints.ts';
import { LOOP_LIMITS, Loop } from '../../runtime/loop.ts';
import { steadyClock } from '../shell/steady-clock.ts';

interface Bot {
  readonly rig: Rig;
  readonly registry: Registry;
  readonly decisions: readonly Decision[];
  /** Requests that would place an order, as the exchange or what stands before it got them. */
  closesSent(): number;
  alerts(code: string): Extract<Decision, { kind: 'alert' }>[];
  flatten(): void;
  /** From now on every signed request is refused, until it is not. */
  refuse(isRefused: boolean): void;
  /** The machine has slept: the exchange's clock is so far ahead. */
  sleep(ms: number): void;
}

/** Nothing here is about how fast this machine is: readings wait for each other, and others may have its cores. */
const PATIENCE_MS = 20_000;
const until = (what: string, fact: () => boolean) => untilWithin(what, fact, PATIENCE_MS);

const REFUSED = { code: '50102', msg: 'Timestamp request expired', data: [] };

/** A bot that has adopted a position, stop and targets standing. */
async function startBot(): Promise<Bot> {
  let aheadMs = 0;
  let isRefused = false;
  let proxy: FaultProxy | undefined;
  const early: CoreEvent[] = [];
  const decisions: Decision[] = [];
  let take = (event: CoreEvent): void => void early.push(event);
  const rig = await startRig({
    timeoutMs: PATIENCE_MS,
    exchangeAheadMs: () => aheadMs,
    hear: (event) => take(event),
    through: async (origin) => {
      proxy = await startFaultProxy(origin, ({ path }) =>
        isRefused && !path.endsWith('/public/time')
          ? { forward: 'never', answer: { how: 'reply', status: 401, body: JSON.stringify(REFUSED) } }
          : undefined,
      );
      return proxy.origin;
    },
  });
  const registry = newRegistry({
    run: 'test',
    policy: effectivePolicy(),
    instruments: [BTC],
    balance: money(2_000_000_000_000n),
    traced: false,
    ready: false,
  });
  const loop = new Loop({
    registry,
    exchange: rig.exchange,
    journal: openMemoryJournal(new MemoryDisk(), {
      accountUid: '1',
      run: 'test',
      now: () => 1,
      archive: { rowsMax: 1e6, bytesMax: 1e9, segmentRows: 1e6 },
    }),
    clock: steadyClock(),
    limits: { ...LOOP_LIMITS, inquireEveryMs: 300, readEveryMs: 600 },
    witness: {
      thought: (_, decided) => decisions.push(...decided),
      warn: (error) => {
        throw error;
      },
    },
    failed: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    loop.stop();
    await rig.settled();
    await rig.close();
    proxy?.close();
  });
  take = (event) => loop.hear(event);
  for (const event of early) take(event);
  await until('read', () => registry.ready);
  const bought = await rig.byHand.post(endpoints.placeOrder, {
    instId: BTC.instId,
    tdMode: 'isolated',
    side: 'buy',
    ordType: 'market',
    sz: '1',
  });
  expect(bought.kind).toBe('ok');
  await until('covered', () => isCovered(registry));
  return {
    rig,
    registry,
    decisions,
    closesSent: () =>
      (proxy?.asked ?? []).filter(
        ({ path, body }) => path.endsWith('/trade/order') && /"clOrdId":"\w+c\w{5}"/.test(body),
      ).length,
    alerts: (code) => decisions.filter((each) => each.kind === 'alert').filter((each) => each.code === code),
    flatten: () => loop.hear({ kind: 'operator', at: registry.now, command: { do: 'flatten', by: 'a person' } }),
    refuse: (refused) => {
      isRefused = refused;
    },
    sleep: (ms) => {
      aheadMs = ms;
    },
  };
}

function isCovered({ symbols }: Registry): boolean {
  return symbols.some(({ orders }) => orders.some(({ order, state }) => order.role === 'stop' && state === 'live'));
}

describe('a close that the exchange will not hear of', () => {
  it('is sent once, a person is told at once, and it goes out when the exchange takes our requests', async () => {
    const bot = await startBot();
    bot.refuse(true);
    bot.flatten();
    await until('told', () => bot.alerts('access-refused').length > 0);
    const [alert] = bot.alerts('access-refused');
    expect(alert?.facts).toEqual({
      code: 'access-refused',
      words: '50102 Timestamp request expired',
      closing: [BTC.instId],
      uncovered: [],
    });
    await resting(2_500);
    expect(bot.closesSent(), 'nothing is proven, so nothing is sent again').toBe(1);
    expect(bot.alerts('access-refused'), 'once a minute').toHaveLength(1);
    expect(bot.alerts('order-rejected')).toEqual([]);
    expect(isCovered(bot.registry), 'the stop stands').toBe(true);
    bot.refuse(false);
    await until('closed', () => bot.registry.symbols[0]?.position === undefined);
    expect(bot.closesSent()).toBe(2);
    expect(bot.rig.paper.desk('rig')?.account.positionAt(0).lots ?? 0).toBe(0);
  }, 90_000);

  it('because the machine has slept goes out as soon as the exchange’s clock is read anew, and a person is told meanwhile', async () => {
    const bot = await startBot();
    bot.sleep(60_000);
    bot.flatten();
    await until('told', () => bot.alerts('access-refused').length > 0);
    expect(bot.alerts('access-refused')[0]?.message).toContain('50102');
    await until('closed', () => bot.registry.symbols[0]?.position === undefined);
  }, 90_000);
});
