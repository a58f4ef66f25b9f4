/** When an order that is nowhere is proven absent: not before the exchange's clock has passed its expiry, however far ours may be off. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startHttp, until } from '../../test/okx/local-server.ts';
import { toldOf } from '../../test/okx/lost-answers.ts';
import { BTC, LAST_TICKS, startRig } from '../../test/okx/paper-rig.ts';
import type { Approved, Order } from '../core/order.ts';
import type { Lots, Ticks } from '../core/units.ts';

/** The request for the time takes this long to get there: our clock is ahead by half of it. */
const TIME_DELAYED_MS = 1_200;
const ORDER_DELAYED_MS = 2_200;

it('an order that the exchange takes late, before its own clock has passed the expiry, is not called absent', async () => {
  const rig = await startRig({
    timeoutMs: 5_000,
    limits: { orderLifeMs: 2_000, clockErrorMs: 1 },
    through: async (exchange) => {
      const { origin } = await startHttp(async ({ method, target, headers, body }, response) => {
        const isOrder = method === 'POST' && target.endsWith('/trade/order');
        if (isOrder) response.destroy();
        await delay(isOrder ? ORDER_DELAYED_MS : target.endsWith('/time') ? TIME_DELAYED_MS : 0);
        const sent = Object.entries(headers).flatMap(([name, value]) =>
          typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name) ? [[name, value]] : [],
        );
        const got = await fetch(exchange + target, {
          method,
          headers: Object.fromEntries(sent),
          ...(body === '' ? {} : { body }),
        });
        const text = await got.text();
        if (!isOrder) response.writeHead(got.status).end(text);
      });
      return origin;
    },
  });
  onTestFinished(() => rig.close());
  rig.admin('sockets', { how: 'mute', key: 'rig' });
  const order: Order = {
    clientId: 'rwtest000001e000101',
    instId: BTC.instId,
    role: 'entry',
    position: 1,
    step: 0,
    attempt: 1,
    part: 0,
    side: 1,
    sizeLots: 20 as Lots,
    reduceOnly: false,
    terms: { type: 'limit', priceTicks: Math.round(LAST_TICKS * 0.99) as Ticks, postOnly: false },
    takenByMs: rig.rest.exchangeNowMs() + 2_000,
  };
  rig.exchange.place(order as Approved);
  for (let looks = 0; looks < 100 && toldOf(rig.events, order.clientId).end === undefined; looks += 1) {
    rig.exchange.inquire(order as Approved);
    await delay(100);
  }
  await until('the order at the exchange', () => rig.paper.desk('rig')?.orderByClientId(order.clientId) !== undefined);
  expect(toldOf(rig.events, order.clientId).end).toBe('standing');
});
