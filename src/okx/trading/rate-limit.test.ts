/**
 * The exchange's rate limit, 50011, on an order: nothing more is sent under that limit for its window, the order itself is unknown until evidence says
 * what became of it, and only proof of absence lets the next attempt go. Source: reliability.md "No double orders" (3–5); okx-v5.md §1.3, §2.
 */
import { describe, expect, it } from 'vitest';
import { startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { reply, toldOf } from '../../../test/okx/lost-answers.ts';
import { BTC, LAST_TICKS, type Rig, resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { Lots, Ticks } from '../../core/numbers/units.ts';
import type { Approved, Order } from '../../core/orders/order.ts';

const TOO_MANY = reply(429, { code: '50011', msg: 'Too Many Requests', data: [] });
const WINDOW_MS = 2_000;
const TAKEN_WITHIN_MS = 2_500;

/** A buy that rests. */
function orderOf(attempt: number): Approved {
  const order: Order = {
    clientId: `rwtest000001e0001${attempt}`,
    instId: BTC.instId,
    role: 'entry',
    position: 1,
    step: 0,
    attempt,
    part: 0,
    side: 1,
    sizeLots: 10 as Lots,
    reduceOnly: false,
    terms: { type: 'limit', priceTicks: Math.round(LAST_TICKS * 0.99) as Ticks, postOnly: false },
    takenByMs: Date.now() + TAKEN_WITHIN_MS,
  };
  return order as Approved;
}

/** An exchange that answers the first placing with 50011, whether it took the order or not; and when each placing left us. */
async function limited(isTaken: boolean, waitMsMax = WINDOW_MS) {
  const placings: { readonly body: string; readonly atMs: number }[] = [];
  const rig = await startRig({
    limits: { clockErrorMs: 100 },
    waitMsMax,
    through: async (origin) => {
      const { origin: between } = await startFaultProxy(origin, ({ method, path, body }) => {
        if (method !== 'POST' || !path.endsWith('/trade/order')) return undefined;
        placings.push({ body, atMs: performance.now() });
        return placings.length === 1 ? { forward: isTaken ? 'first' : 'never', answer: TOO_MANY } : undefined;
      });
      return between;
    },
  });
  // Only asking can tell: no push does.
  rig.admin('sockets', { how: 'mute', key: 'rig' });
  return { rig, placings };
}

/** Asks as the loop does, until there is evidence. */
async function resolved(rig: Rig, order: Order) {
  const untilMs = performance.now() + 15_000;
  while (toldOf(rig.events, order.clientId).end === undefined && performance.now() < untilMs) {
    rig.exchange.inquire(order);
    await resting(200);
  }
  return toldOf(rig.events, order.clientId).end;
}

const unknownReason = (rig: Rig, { clientId }: Order) =>
  rig.events.flatMap((event) => (event.kind === 'order-unknown' && event.clientId === clientId ? event.reason : []))[0];

describe('an order that is answered with 50011', () => {
  it('and was not taken is unknown until it is proven absent; then the next attempt waits for the window and goes once', async () => {
    const { rig, placings } = await limited(false);
    try {
      const first = orderOf(1);
      rig.exchange.place(first);
      await rig.settled();
      expect(unknownReason(rig, first), 'no rejection: nobody has said what became of it').toMatch(/^50011 /);
      expect(toldOf(rig.events, first.clientId).end).toBeUndefined();
      expect(await resolved(rig, first)).toBe('absent');

      const second = orderOf(2);
      rig.exchange.place(second);
      await rig.settled();
      expect(rig.events).toContainEqual(expect.objectContaining({ kind: 'order-accepted', clientId: second.clientId }));
      expect(placings.map(({ body }) => body.includes(first.clientId))).toEqual([true, false]);
      expect(placings[1]?.atMs ?? 0).toBeGreaterThan((placings[0]?.atMs ?? 0) + WINDOW_MS - 50);
      expect(rig.paper.desk('rig')?.orders.byClientId(first.clientId)).toBeUndefined();
      expect(rig.paper.desk('rig')?.orders.byClientId(second.clientId)?.state).toBe('live');
    } finally {
      await rig.close();
    }
  });

  it('and was taken all the same is found standing, and nothing is sent again', async () => {
    const { rig, placings } = await limited(true);
    try {
      const order = orderOf(1);
      rig.exchange.place(order);
      await rig.settled();
      expect(unknownReason(rig, order)).toMatch(/^50011 /);
      expect(await resolved(rig, order)).toBe('standing');
      expect(placings).toHaveLength(1);
      expect(rig.paper.desk('rig')?.orders.byClientId(order.clientId)?.state).toBe('live');
    } finally {
      await rig.close();
    }
  });

  it('keeps back another order of that instrument: unsent where it has no time to wait, it is unknown too, and proven absent', async () => {
    const { rig, placings } = await limited(false, 500);
    try {
      const [first, another] = [orderOf(1), orderOf(2)];
      rig.exchange.place(first);
      await rig.settled();
      rig.exchange.place(another);
      await rig.settled();
      expect(placings, 'the second one stayed at home').toHaveLength(1);
      expect(unknownReason(rig, another)).toMatch(/^local-pace .*not sent/);
      expect([await resolved(rig, first), await resolved(rig, another)]).toEqual(['absent', 'absent']);
    } finally {
      await rig.close();
    }
  });
});
