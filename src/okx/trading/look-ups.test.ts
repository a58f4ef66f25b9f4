/** When an order that is nowhere is proven absent: on an account of however many others, and not before the exchange's clock has passed its expiry, however far ours may be off. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { startHttp, until } from '../../../test/okx/local-server.ts';
import { toldOf } from '../../../test/okx/lost-answers.ts';
import { BTC, LAST_TICKS, startRig } from '../../../test/okx/paper-rig.ts';
import type { Lots, Ticks } from '../../core/numbers/units.ts';
import type { Approved, Order } from '../../core/orders/order.ts';
import { endpoints } from '../wire/endpoints.ts';

/** The request for the time takes this long to get there: our clock is ahead by half of it. */
const TIME_DELAYED_MS = 1_200;
const ORDER_DELAYED_MS = 2_200;
const CLIENT_ID = 'rwtest000001e000101';

function entryBy(takenByMs: number): Approved {
  return {
    clientId: CLIENT_ID,
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
    takenByMs,
  } satisfies Order as Order as Approved;
}

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
  const order = entryBy(rig.rest.exchangeNowMs() + 2_000);
  rig.exchange.place(order);
  for (let looks = 0; looks < 100 && toldOf(rig.events, CLIENT_ID).end === undefined; looks += 1) {
    rig.exchange.inquire(order);
    await delay(100);
  }
  await until('the order at the exchange', () => rig.paper.desk('rig')?.orders.byClientId(CLIENT_ID) !== undefined);
  expect(toldOf(rig.events, CLIENT_ID).end).toBe('standing');
});

it('an order that is nowhere is absent also where others have sent thousands within the day before it', async () => {
  const pages: number[] = [];
  const rig = await startRig({
    limits: { orderLifeMs: 300 },
    through: async (exchange) => {
      const { origin, close } = await startFaultProxy(exchange, ({ method, path, target }) => {
        if (method === 'POST' && path === endpoints.placeOrder.path)
          return { forward: 'never', answer: { how: 'reset' } };
        if (path !== endpoints.ordersHistory.path) return undefined;
        const after = Number(new URL(target, exchange).searchParams.get('after') ?? OTHERS);
        pages.push(after);
        const rows = Array.from({ length: 100 }, (_, at) => otherOrder(after - 1 - at));
        const body = JSON.stringify({ code: '0', msg: '', data: rows });
        return { forward: 'never', answer: { how: 'reply', status: 200, body } };
      });
      onTestFinished(close);
      return origin;
    },
  });
  onTestFinished(() => rig.close());
  const order = entryBy(rig.rest.exchangeNowMs() + 300);
  rig.exchange.place(order);
  await until('it is unknown', () => rig.events.some(({ kind }) => kind === 'order-unknown'));
  rig.exchange.inquire(order);
  await until('its absence', () => toldOf(rig.events, CLIENT_ID).end === 'absent', 10_000);
  expect(new Set(pages), 'the first page goes further back than its birth').toEqual(new Set([OTHERS]));
});

it('an order that is nowhere is absent also where others have sent thousands since it was, however fast the exchange lets their lists be read', {
  timeout: 30_000,
}, async () => {
  let pages = 0;
  const rig = await startRig({
    limits: { orderLifeMs: 300 },
    waitMsMax: 200,
    through: async (exchange) => {
      const { origin, close } = await startFaultProxy(exchange, ({ method, path }) => {
        if (method === 'POST' && path === endpoints.placeOrder.path)
          return { forward: 'never', answer: { how: 'reset' } };
        if (path !== endpoints.ordersHistory.path) return undefined;
        pages += 1;
        const row = { ...otherOrder(OTHERS), cTime: String(Date.now()) };
        const body = JSON.stringify({
          code: '0',
          msg: '',
          data: Array.from({ length: pages > 60 ? 1 : 100 }, () => row),
        });
        return { forward: 'never', answer: { how: 'reply', status: 200, body } };
      });
      onTestFinished(close);
      return origin;
    },
  });
  onTestFinished(() => rig.close());
  const order = entryBy(rig.rest.exchangeNowMs() + 300);
  rig.exchange.place(order);
  await until('it is unknown', () => rig.events.some(({ kind }) => kind === 'order-unknown'));
  await delay(1_000);
  rig.exchange.inquire(order);
  await until('its absence', () => toldOf(rig.events, CLIENT_ID).end === 'absent', 15_000);
  expect(pages).toBe(61);
});

it('an order whose request is still on its way is not called absent before that has an answer or is given up, a second after its expiry', async () => {
  const rig = await startRig({
    timeoutMs: 8_000,
    limits: { orderLifeMs: 300, clockErrorMs: 1 },
    through: async (exchange) => {
      const { origin, close } = await startFaultProxy(exchange, ({ method, path }) =>
        method === 'POST' && path === endpoints.placeOrder.path
          ? { forward: 'never', answer: { how: 'silence', ms: 8_000 } }
          : undefined,
      );
      onTestFinished(close);
      return origin;
    },
  });
  onTestFinished(() => rig.close());
  const sentAt = performance.now();
  const order = entryBy(rig.rest.exchangeNowMs() + 300);
  rig.exchange.place(order);
  await delay(500);
  rig.exchange.inquire(order);
  await until('its absence', () => toldOf(rig.events, CLIENT_ID).end === 'absent');
  expect(performance.now() - sentAt).toBeGreaterThan(1_250);
  expect(performance.now() - sentAt).toBeLessThan(3_000);
  expect(rig.events.map(({ kind }) => kind)).toContain('order-unknown');
});

it('an order of which nobody can find out for all that others have sent since is told to a person once', {
  timeout: 60_000,
}, async () => {
  const rig = await startRig({
    limits: { orderLifeMs: 300 },
    through: async (exchange) => {
      const { origin, close } = await startFaultProxy(exchange, ({ method, path }) => {
        if (method === 'POST' && path === endpoints.placeOrder.path)
          return { forward: 'never', answer: { how: 'reset' } };
        if (path !== endpoints.ordersHistory.path) return undefined;
        const row = { ...otherOrder(OTHERS), cTime: String(Date.now()) };
        const body = JSON.stringify({ code: '0', msg: '', data: Array.from({ length: 100 }, () => row) });
        return { forward: 'never', answer: { how: 'reply', status: 200, body } };
      });
      onTestFinished(close);
      return origin;
    },
  });
  onTestFinished(() => rig.close());
  rig.rest.pace.book = ({ nowMs }) => ({ kind: 'granted', atMs: nowMs });
  const order = entryBy(rig.rest.exchangeNowMs() + 300);
  rig.exchange.place(order);
  await until('it is unknown', () => rig.events.some(({ kind }) => kind === 'order-unknown'));
  await delay(1_000);
  for (let looks = 0; looks < 2; looks += 1) {
    rig.exchange.inquire(order);
    await until('an answer', () => !rig.exchange.isBusy, 30_000);
  }
  expect(toldOf(rig.events, CLIENT_ID).end).toBeUndefined();
  expect(rig.warnings.filter((text) => text.includes(`order ${CLIENT_ID}`))).toHaveLength(1);
});

const OTHERS = 1_000_000;

/** Somebody's, who sends one a second: 100 s for a page. */
function otherOrder(ordId: number): object {
  const time = String(Date.now() - (OTHERS - ordId) * 1_000);
  return {
    instType: 'SWAP',
    instId: BTC.instId,
    ordId: String(ordId),
    clOrdId: '',
    px: '50000',
    sz: '1',
    ordType: 'limit',
    side: 'buy',
    posSide: 'net',
    tdMode: 'isolated',
    accFillSz: '0',
    avgPx: '',
    fillPx: '',
    fillSz: '',
    fillTime: '',
    tradeId: '',
    state: 'canceled',
    fee: '0',
    feeCcy: 'USDT',
    cTime: time,
    uTime: time,
  };
}
