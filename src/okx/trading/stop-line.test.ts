/** Stops of many positions at once: over real sockets within OKX's limit, and the law of the line that they stand in. */
import fc from 'fast-check';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { long } from '../../../test/long.ts';
import { manySwaps } from '../../../test/many-swaps.ts';
import { startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until } from '../../../test/okx/local-server.ts';
import { approvedOrder, LAST_TICKS, type Rig, resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import { type Lots, lots, type Ticks } from '../../core/numbers/units.ts';
import { type Approved, clientIdOf, type OrderTerms } from '../../core/orders/order.ts';
import type { Answer } from '../door/rest.ts';
import { endpoints } from '../wire/endpoints.ts';
import { StopLine } from './stop-line.ts';

const STOP: OrderTerms = { type: 'stop', triggerTicks: Math.round(LAST_TICKS * 0.9) as Ticks, by: 'mark' };
const swaps = manySwaps(45);
const instIds = swaps.map(({ instId }) => instId);

/** Of the position in the nth symbol. */
function orderOf(n: number, role: 'entry' | 'stop', attempt: number, sizeLots: number): Approved {
  const named = { position: n + 1, role, step: 0, attempt, part: 0 } as const;
  const instId = instIds[n] as string;
  const order = { ...approvedOrder(role, attempt, role === 'entry' ? { type: 'market' } : STOP), ...named, instId };
  return { ...order, clientId: clientIdOf({ run: 'test', ...named }), sizeLots: sizeLots as Lots };
}

/** A position in each symbol, the core's part in whose stops is played here: what was not sent is asked for anew, for what is open by then. */
async function positions() {
  const sent: string[] = [];
  const open = instIds.map(() => ({ lots: 20, attempt: 0, clientId: '' }));
  const before: { rig?: Rig } = {};
  let looks = 0;
  const place = (n: number) => {
    const position = open[n] as (typeof open)[number];
    position.attempt += 1;
    const order = orderOf(n, 'stop', position.attempt, position.lots);
    position.clientId = order.clientId;
    before.rig?.exchange.place(order);
  };
  const amend = (n: number) => {
    const { clientId, lots: size } = open[n] as (typeof open)[number];
    before.rig?.exchange.amend({ instId: instIds[n] as string, clientId, sizeLots: lots(size) });
  };
  const answer = (event: CoreEvent) => {
    if (!('clientId' in event)) return;
    const n = open.findIndex(({ clientId }) => clientId === event.clientId);
    if (event.kind === 'order-ended' && event.cause === 'not-sent') place(n);
    if (event.kind === 'order-amended' && event.code === 'not-sent') amend(n);
  };
  const rig = await startRig({
    instruments: swaps,
    isRateLimited: true,
    balance: 10_000_000,
    waitMsMax: 1_500,
    hear: answer,
    through: async (origin) => {
      const proxy = await startFaultProxy(origin, ({ method, path, body }) => {
        if (method === 'POST' && (path === endpoints.placeAlgo.path || path === endpoints.amendAlgo.path))
          sent.push(body);
        if (method === 'GET' && path === endpoints.algoOrder.path) looks += 1;
        return undefined;
      });
      onTestFinished(() => proxy.close());
      return proxy.origin;
    },
  });
  before.rig = rig;
  const { exchange, events, paper } = rig;
  onTestFinished(() => rig.close());
  for (const n of instIds.keys()) exchange.place(orderOf(n, 'entry', 1, 2_000));
  await until('all are open', () => events.filter(({ kind }) => kind === 'filled').length >= 45, 10_000);
  await rig.settled();
  const algos = () => [...(paper.desk('rig')?.algos.open.values() ?? [])];
  const isCovered = () =>
    open.every(({ lots: size }, n) =>
      algos().some((each) => each.slot.listing.instId === instIds[n] && each.sizeLots === size),
    );
  const covered = async () => {
    const beganMs = performance.now();
    await until('all are covered', isCovered, 15_000);
    return performance.now() - beganMs;
  };
  const noes = () =>
    events.filter(
      ({ kind }) =>
        kind === 'order-unknown' || kind === 'order-standing' || kind === 'order-rejected' || kind === 'order-absent',
    );
  return { rig, open, place, amend, covered, noes, sent, looks: () => looks };
}

it('of 45 positions stand, and grow, within what twenty in 2 s demand; the barest first, once each, and none is lost', {
  timeout: 60_000,
}, async () => {
  const { rig, open, place, amend, covered, noes, sent, looks } = await positions();
  for (const n of open.keys()) place(n);
  expect(await covered(), 'the third twenty leave after two windows').toBeLessThan(5_500);
  expect([sent.length, noes(), rig.warnings]).toEqual([45, [], []]);

  await vi.waitFor(() => expect(rig.exchange.isBusy).toBe(false));
  sent.length = 0;
  for (const position of open) position.lots = 1_000;
  for (const n of open.keys()) amend(n);
  // Of one that waits there is nothing to find out.
  await resting(5);
  rig.exchange.inquire(orderOf(44, 'stop', open[44]?.attempt ?? 0, 20));
  // More is filled while they wait: what is sent in the end is for all of it.
  for (const position of open.slice(20)) position.lots = 2_000;
  expect(await covered()).toBeLessThan(7_500);
  expect([sent.length, noes(), rig.warnings]).toEqual([45, [], []]);
  expect(looks()).toBe(0);
  const perLot = sent.map((body) => swaps[instIds.indexOf(JSON.parse(body).instId)]?.moneyPerTickLot ?? 0);
  expect(Math.min(...perLot.slice(20, 40)), 'of equally many lots').toBeGreaterThanOrEqual(
    Math.max(...perLot.slice(40)),
  );
});

it('one that is called back while it waits is not sent', async () => {
  const { rig, open, place, sent } = await positions();
  for (const n of open.keys()) place(n);
  const last = open.at(-1)?.clientId ?? '';
  rig.exchange.cancel(instIds.at(-1) as string, last);
  await until('it is told', () => rig.events.some((event) => event.kind === 'order-ended' && event.clientId === last));
  expect(sent.some((body) => body.includes(last))).toBe(false);
});

describe('law: whoever stands in line, however long answers take', () => {
  afterEach(() => void vi.useRealTimers());
  const WINDOW_MS = 100;
  const limit = { name: 'three', count: 3, windowMs: WINDOW_MS, perInstrument: false };
  const YES: Answer<never> = { kind: 'ok', rows: [], faults: [], receivedAtMs: 0 };
  const NO: Answer<never> = { kind: 'fault', fault: { class: 'pace', code: '50011', message: '' } };
  const asks = fc.array(
    fc.record({
      afterMs: fc.nat(60),
      bare: fc.nat(3),
      waitMsMax: fc.option(fc.nat(300), { nil: undefined }),
      answerMs: fc.nat(150),
      leavesAfterMs: fc.option(fc.nat(200), { nil: undefined }),
      keepsMs: fc.option(fc.nat(50), { nil: undefined }),
      isTooMany: fc.nat(15).map((n) => n === 0),
    }),
    { maxLength: 40 },
  );

  it('no window holds more wherever OKX counted, the barest goes first, and each is sent once, or told that it is not', async () => {
    await fc.assert(
      fc.asyncProperty(asks, async (asked) => {
        vi.useFakeTimers();
        const line = new StopLine({ limits: [limit] });
        const sent: { readonly atMs: number; answeredMs: number }[] = [];
        const waiting = new Set<{ readonly bare: number }>();
        const ends: string[] = [];
        let noAtMs = Number.NEGATIVE_INFINITY;
        for (const each of asked) {
          await vi.advanceTimersByTimeAsync(each.afterMs);
          let isWanted = true;
          const { leavesAfterMs, waitMsMax, bare } = each;
          if (leavesAfterMs !== undefined)
            setTimeout(() => {
              isWanted = false;
              line.serve();
            }, leavesAfterMs);
          const beganMs = performance.now();
          waiting.add(each);
          const more = waitMsMax === undefined ? {} : { waitMsMax };
          void line.turn({ bare, isWanted: () => isWanted, ...more }).then(async (turn) => {
            waiting.delete(each);
            const waitedMs = performance.now() - beganMs;
            if (turn === undefined) {
              ends.push('left');
              const isOverdue = waitMsMax !== undefined && waitedMs >= waitMsMax;
              return expect(isOverdue || !isWanted, 'it had a reason').toBe(true);
            }
            expect(isWanted && waitedMs <= (waitMsMax ?? 1e9) + 1).toBe(true);
            expect(performance.now() - noAtMs, 'OKX said that it was too many').toBeGreaterThanOrEqual(WINDOW_MS);
            for (const other of waiting) expect(other.bare).toBeLessThanOrEqual(bare);
            if (each.keepsMs !== undefined) {
              turn.keep(each.keepsMs);
              await new Promise((resolve) => setTimeout(resolve, 25));
              if (!turn.isKept) return ends.push('lapsed');
            }
            const request = { atMs: performance.now(), answeredMs: Number.POSITIVE_INFINITY };
            sent.push(request);
            await turn.send(async () => {
              await new Promise((resolve) => setTimeout(resolve, each.answerMs));
              request.answeredMs = performance.now();
              if (each.isTooMany) noAtMs = performance.now();
              return each.isTooMany ? NO : YES;
            });
            ends.push('answered');
          });
        }
        await vi.advanceTimersByTimeAsync(30_000);
        expect(ends).toHaveLength(asked.length);
        // Counted as late as may be, all that may still count when another one is sent.
        for (const { atMs } of sent) {
          const counted = sent.filter((other) => other.atMs <= atMs && other.answeredMs > atMs - WINDOW_MS);
          expect(counted.length).toBeLessThanOrEqual(limit.count);
        }
      }),
      { numRuns: long(150, 3_000) },
    );
  });
});
