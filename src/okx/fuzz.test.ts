/**
 * Malformed answers and frames at the adapter: nothing crashes, everything told is well formed, every fault has a documented class, nothing grows
 * (reliability.md R12). The paper exchange answers, and what it says is spoilt on the way.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { long } from '../../test/long.ts';
import { startWs, type WsClient } from '../../test/okx/local-server.ts';
import { BTC, LAST_TICKS, resting } from '../../test/okx/paper-rig.ts';
import { pick, spoilt } from '../../test/okx/spoil.ts';
import { StillMarket } from '../../test/still-market.ts';
import type { CoreEvent } from '../core/event.ts';
import { decimal } from '../core/numbers/decimal.ts';
import type { Lots, Ticks } from '../core/numbers/units.ts';
import type { Approved, Order, OrderTerms } from '../core/orders/order.ts';
import { ManualClock } from '../paper/clock.ts';
import { PaperExchange } from '../paper/exchange.ts';
import { Random } from '../sim/market/random.ts';
import { classOfCode, type FaultClass } from './door/faults.ts';
import { Pace } from './door/pace.ts';
import { Rest } from './door/rest.ts';
import { ApiKey } from './door/sign.ts';
import { OkxExchange } from './exchange.ts';
import { OkxFeed } from './feed.ts';
import { type Endpoint, endpoints } from './wire/endpoints.ts';

const KEY = { key: 'fuzzKey', secret: 'fuzzSecret', passphrase: 'fuzzPhrase' };
const ORIGIN = 'http://paper.invalid';
const CLASSES = new Set<FaultClass>([...classOfCode.values(), 'unreached', 'unknown']);

const TIMEOUT_MS = 5_000;

/** Nobody waits: the exchange of a fuzz has no limits. */
class NoPace extends Pace {
  override book({ nowMs }: { readonly nowMs: number }) {
    return { kind: 'granted', atMs: nowMs } as const;
  }

  override pause(): void {
    // Even after a 50011.
  }
}

function exchangeOfFuzz() {
  const clock = new ManualClock(Date.now(), Date.now);
  const paper = new PaperExchange({
    source: new StillMarket([BTC], [LAST_TICKS], Date.now()),
    clock,
    accounts: [
      {
        ...KEY,
        balance: 1_000_000n * 100_000_000n,
        makerRate: decimal('0.0002'),
        takerRate: decimal('0.0005'),
        leverage: 10,
        uid: '1',
      },
    ],
    isRateLimited: false,
    hasAdmin: true,
    onBug: (error) => {
      throw error;
    },
  });
  /** What it answers; the share of it that is spoilt. */
  const answersOf = (random: Random, share: number) => async (input: string, init: RequestInit) => {
    const headers = init.headers as Record<string, string>;
    const known = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const { text, status } = paper.answer({
      method: init.method ?? 'GET',
      target: input.slice(ORIGIN.length),
      body: typeof init.body === 'string' ? init.body : '',
      address: 'fuzz',
      header: (name) => known.get(name),
    });
    if (random.uniform() >= share) return new Response(text, { status });
    if (random.uniform() < 0.05) throw new TypeError('fetch failed', { cause: new Error('ECONNRESET') });
    return new Response(spoilt(text, random), {
      status: pick([status, 200, 200, 400, 401, 429, 500, 502, 503], random),
    });
  };
  const rest = new Rest({
    origin: ORIGIN,
    key: new ApiKey(KEY),
    isDemo: false,
    nowMs: Date.now,
    timeoutMs: TIMEOUT_MS,
    waitMsMax: 5_000,
    pace: new NoPace(),
  });
  return { paper, clock, rest, answersOf };
}

afterEach(() => void vi.unstubAllGlobals());

/** @throws where an event is not what the core may be told */
function wellFormed(event: CoreEvent): void {
  for (const [name, value] of Object.entries(event))
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${event.kind}.${name} is ${value}`);
  expect(
    JSON.stringify(event, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ).not.toContain(KEY.secret);
}

describe('malformed replies', () => {
  it(
    'are a row, a fault of that row or a fault of a documented class at every endpoint',
    async () => {
      const { rest, answersOf } = exchangeOfFuzz();
      const random = Random.of(1);
      vi.stubGlobal('fetch', answersOf(random, 1));
      const all: readonly Endpoint[] = Object.values(endpoints);
      const counts = { rows: 0, faults: 0 };
      const runs = long(10_000, 300_000);
      let heap = 0;
      for (let run = 1; run <= runs; run += 1) {
        const endpoint = pick(all, random);
        const query = {
          instId: BTC.instId,
          instType: 'SWAP',
          instFamily: 'BTC-USDT',
          tdMode: 'isolated',
          mgnMode: 'isolated',
        };
        const answer =
          endpoint.method === 'GET'
            ? await rest.get(endpoint, query)
            : await rest.post(endpoint, { ...query, timeOut: '30' });
        if (answer.kind === 'ok') {
          counts.rows += 1;
          expect(answer.rows.length + answer.faults.length).toBeLessThan(1_000);
        } else {
          counts.faults += 1;
          expect(CLASSES.has(answer.fault.class), answer.fault.class).toBe(true);
          expect(`${answer.fault.code} ${answer.fault.message}`).not.toContain(KEY.secret);
        }
        if (run === Math.floor((runs * 2) / 3)) heap = await heapAtRest();
      }
      expect(counts.rows, 'some of it must get through, or nothing is tried').toBeGreaterThan(runs / 50);
      expect(counts.faults).toBeGreaterThan(runs / 20);
      expect((await heapAtRest()) - heap, 'the last third leaves nothing behind').toBeLessThan(40_000_000);
    },
    long(90_000, 3_600_000),
  );

  it(
    'to orders, cancellations, moves, questions and readings leave the adapter standing, and no order unaccounted for',
    async () => {
      const { paper, rest, answersOf } = exchangeOfFuzz();
      const random = Random.of(2);
      vi.stubGlobal('fetch', answersOf(random, 0.5));
      const { url } = await startWs(acknowledge);
      const placed = new Map<string, Set<string>>();
      const exchange = new OkxExchange({
        rest,
        key: new ApiKey(KEY),
        wsUrl: url.replace('/public', ''),
        run: 'fuzz',
        instruments: [BTC],
        hear: (event) => {
          wellFormed(event);
          if ('clientId' in event && event.clientId !== undefined) placed.get(event.clientId)?.add(event.kind);
        },
        warn: () => undefined,
        random: () => 0.5,
        knowsInstrument: () => true,
        fillsSinceMs: Date.now(),
        fundingSinceMs: Date.now(),
        limits: { readEveryMs: 0, orderLifeMs: 30, clockErrorMs: 1, explainWithinMs: 1 },
      });
      exchange.start();
      onTestFinished(() => exchange.close());
      const runs = long(10_000, 300_000);
      let heap = 0;
      for (let done = 0; done < runs; done += AT_ONCE) {
        const orders: Approved[] = [];
        for (let at = 0; at < AT_ONCE / 5; at += 1) orders.push(anOrder(done / 5 + at, random));
        placed.clear();
        for (const order of orders) {
          placed.set(order.clientId, new Set());
          exchange.place(order);
        }
        // What is called back in the same breath is not sent at all.
        await resting(1);
        for (const order of orders) {
          if (random.uniform() < 0.5)
            exchange.amend({ instId: BTC.instId, clientId: order.clientId, sizeLots: 2 as Lots });
          exchange.inquire(order);
          exchange.cancel(BTC.instId, order.clientId);
          if (random.uniform() < 0.1) exchange.read();
          if (random.uniform() < 0.1) exchange.setLeverage(BTC.instId, random.between(1, 20));
        }
        for (let waited = 0; exchange.isBusy; waited += 1) {
          await resting(1);
          expect(waited, 'it comes to an end').toBeLessThan(60_000);
        }
        for (const [clientId, kinds] of placed)
          expect(kinds.size, `${clientId}: something is told of every order`).toBeGreaterThan(0);
        tidied(paper);
        if (done === Math.floor(runs / AT_ONCE / 1.5) * AT_ONCE) heap = heapUsed();
      }
      expect(heapUsed() - heap, 'the last third leaves nothing behind').toBeLessThan(60_000_000);
    },
    long(90_000, 3_600_000),
  );
});

/** Requests of one turn: a fifth of them orders, the rest what is asked of them. */
const AT_ONCE = 500;

function anOrder(number: number, random: Random): Approved {
  const stop: OrderTerms = { type: 'stop', triggerTicks: Math.round(LAST_TICKS * 0.97) as Ticks, by: 'mark' };
  const limit: OrderTerms = { type: 'limit', priceTicks: Math.round(LAST_TICKS * 0.99) as Ticks, postOnly: false };
  const terms = pick<OrderTerms>([stop, limit, { type: 'market' }], random);
  const order: Order = {
    clientId: `rwfuzz${number.toString(36).padStart(6, '0')}${terms.type === 'stop' ? 's' : 'e'}00010`,
    instId: BTC.instId,
    role: terms.type === 'stop' ? 'stop' : 'entry',
    position: number,
    step: 0,
    attempt: 1,
    part: 0,
    side: terms.type === 'stop' ? -1 : pick([1, -1] as const, random),
    sizeLots: 1 as Lots,
    reduceOnly: terms.type === 'stop',
    terms,
    takenByMs: Date.now() + 30,
  };
  return order as Approved;
}

/** What is left open would fill the exchange's lists and slow the fuzz down. */
function tidied(paper: PaperExchange): void {
  const desk = paper.desk(KEY.key);
  for (const order of desk?.orders.open.values() ?? [])
    paper.answer(byHand('POST', '/api/v5/trade/cancel-order', { instId: BTC.instId, ordId: order.ordId }));
  for (const algo of desk?.algos.open.values() ?? [])
    paper.answer(byHand('POST', '/api/v5/trade/cancel-algos', [{ instId: BTC.instId, algoId: algo.algoId }]));
}

function byHand(method: 'GET' | 'POST', target: string, body: object) {
  const text = JSON.stringify(body);
  const own = new ApiKey(KEY).restHeaders({ method, target, body: text, nowMs: Date.now() });
  const headers = new Map(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
  headers.set('content-type', 'application/json');
  return { method, target, body: text, address: 'hand', header: (name: string) => headers.get(name) };
}

/** Logs in whoever asks, and takes every subscription. */
function acknowledge(client: WsClient, message: string | undefined): void {
  if (message === undefined) return;
  if (message === 'ping') return client.say('pong');
  const { op, id, args } = JSON.parse(message) as { op: string; id?: string; args: readonly object[] };
  if (op === 'login') return client.say({ event: 'login', code: '0', msg: '', connId: 'a' });
  for (const arg of args) client.say({ ...(id === undefined ? {} : { id }), event: op, arg, connId: 'a' });
}

describe('malformed frames', () => {
  it(
    'on its sockets leave the adapter standing and told of nothing that is not well formed',
    async () => {
      const { paper, clock, rest, answersOf } = exchangeOfFuzz();
      const random = Random.of(3);
      vi.stubGlobal('fetch', answersOf(random, 0));
      const good = goodFrames(paper, clock);
      const server = await startWs(acknowledge);
      const counts = { events: 0, warnings: 0 };
      const hear = (event: CoreEvent) => {
        wellFormed(event);
        counts.events += 1;
      };
      const warn = () => void (counts.warnings += 1);
      const timing = { firstPauseMs: 1, lastPauseMs: 1, splitAfterMs: 1 };
      let adapter: { close(): void } | undefined;
      const connected = () => server.clients.filter(({ socket }) => socket.readyState === socket.OPEN);
      const ready = async () => {
        for (let [before, sinceMs] = [-1, performance.now()]; connected().length < SOCKETS; await resting(2)) {
          if (connected().length !== before) [before, sinceMs] = [connected().length, performance.now()];
          if (adapter !== undefined && performance.now() - sinceMs < REFUSED_AFTER_MS) continue;
          // A login that was refused ends an adapter's socket for good: a person starts it anew.
          adapter?.close();
          adapter = newAdapter(rest, server.url.replace('/public', ''), { hear, warn, timing });
          sinceMs = performance.now();
        }
      };
      const runs = long(10_000, 300_000);
      let heap = 0;
      for (let sent = 0; sent < runs; ) {
        await ready();
        server.clients.splice(0, server.clients.length, ...connected());
        for (let at = 0; at < 100 && sent < runs; at += 1, sent += 1) {
          // Few of them are events: those may end the connection, and with it the rest of this turn.
          const frame = pick(random.uniform() < 0.02 ? EVENTS : good, random);
          pick(server.clients, random).say(random.uniform() < 0.1 ? frame : spoilt(frame, random));
        }
        await resting(1);
        if (heap === 0 && sent > (runs * 2) / 3) heap = heapUsed();
      }
      await ready();
      adapter?.close();
      expect(counts.events, 'some of it must get through, or nothing is tried').toBeGreaterThan(runs / 100);
      expect(counts.warnings).toBeGreaterThan(runs / 100);
      expect(heapUsed() - heap, 'the last third leaves nothing behind').toBeLessThan(60_000_000);
    },
    long(90_000, 3_600_000),
  );
});

/** Market and candles, orders and stops. */
const SOCKETS = 4;
/** A socket that has not come back by then will not. */
const REFUSED_AFTER_MS = 500;

interface Heard {
  readonly hear: (event: CoreEvent) => void;
  readonly warn: (message: string) => void;
  readonly timing: object;
}

function newAdapter(rest: Rest, wsUrl: string, { hear, warn, timing }: Heard): { close(): void } {
  const exchange = new OkxExchange({
    rest,
    key: new ApiKey(KEY),
    wsUrl,
    run: 'fuzz',
    instruments: [BTC],
    hear,
    warn,
    random: () => 0.5,
    knowsInstrument: () => true,
    fillsSinceMs: Date.now(),
    fundingSinceMs: Date.now(),
    socketTiming: timing,
    limits: { readEveryMs: 50 },
  });
  const feed = new OkxFeed({
    rest,
    isDemo: false,
    wsUrl,
    instruments: [BTC],
    hear,
    warn,
    random: () => 0.5,
    lastMinute: () => undefined,
    historyMinutes: 0,
    isUrgent: () => true,
    socketTiming: timing,
  });
  exchange.start();
  feed.start();
  return {
    close: () => {
      exchange.close();
      feed.close();
    },
  };
}

/** What happens to a connection. */
const EVENTS = [
  '{"event":"error","code":"60012","msg":"Invalid request","connId":"a"}',
  '{"event":"error","id":"s1","code":"60018","msg":"wrong","connId":"a"}',
  '{"event":"login","code":"0","msg":"","connId":"a"}',
  '{"event":"notice","code":"64008","msg":"upgrade","connId":"a"}',
  '{"event":"channel-conn-count","channel":"orders","connCount":"2","connId":"a"}',
  '{"event":"channel-conn-count-error","channel":"orders","connCount":"30","connId":"a"}',
  '{"event":"unsubscribe","arg":{"channel":"tickers","instId":"BTC-USDT-SWAP"},"connId":"a"}',
];

/** What the exchange pushes in a busy minute. */
function goodFrames(paper: PaperExchange, clock: ManualClock): readonly string[] {
  const frames = new Set<string>();
  const wire = {
    send: (bytes: Buffer) => void frames.add(String(bytes)),
    close: () => undefined,
    cut: () => undefined,
  };
  const session = paper.connect(wire, undefined);
  session.hear(JSON.stringify({ op: 'login', args: [new ApiKey(KEY).loginArg(Date.now())] }));
  const { instId } = BTC;
  const market = ['tickers', 'mark-price', 'funding-rate', 'candle1m'].map((channel) => ({ channel, instId }));
  const own = ['orders', 'positions', 'orders-algo'].map((channel) => ({ channel, instType: 'SWAP' }));
  session.hear(JSON.stringify({ op: 'subscribe', args: [...market, ...own] }));
  const common = { instId, tdMode: 'isolated', side: 'buy', sz: '1' };
  const post = (path: string, body: object) => paper.answer(byHand('POST', `/api/v5/trade/${path}`, body));
  post('order', { ...common, ordType: 'market' });
  post('order', { ...common, ordType: 'limit', px: '49500', clOrdId: 'rwfuzz000001e00010' });
  post('order-algo', {
    ...common,
    side: 'sell',
    ordType: 'conditional',
    slTriggerPx: '49000',
    slOrdPx: '-1',
    reduceOnly: true,
    algoClOrdId: 'rwfuzz000001s00010',
  });
  for (const last of [49_900, 49_400, 48_900, 50_000]) {
    clock.pass(30_000);
    paper.advance();
    paper.floor.setPrice(paper.floor.listingOf(instId), last * 10, last * 10, 1_000_000);
  }
  session.cut();
  expect(frames.size).toBeGreaterThan(20);
  return [...frames];
}

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** Once the patience of every request is over: until then each holds its timer, so many more the faster this machine just was. */
async function heapAtRest(): Promise<number> {
  await resting(TIMEOUT_MS);
  return heapUsed();
}

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
