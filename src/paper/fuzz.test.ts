/** Hostile input at both doors: whatever comes, the answer is a documented no, nothing crashes, nothing grows (reliability.md R12). */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { long } from '../../test/long.ts';
import { accountOf, BTC, type PaperTest, paper } from '../../test/paper.ts';
import { ApiKey } from '../okx/door/sign.ts';
import { endpoints } from '../okx/wire/endpoints.ts';

const KEY = new ApiKey({ key: 'a', secret: 'aSecret', passphrase: 'aPass' });

/** What clients send where another thing belongs. */
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '0',
    '-1',
    '1e9',
    '1.005',
    'NaN',
    '99999999999999999999999',
    '0.00000000001',
    'null',
    '🙂',
    '__proto__',
  ),
  fc.constantFrom<unknown>(null, true, [], {}, 0, -1, 1e308, Number.MAX_SAFE_INTEGER, 0.1),
  fc.string({ maxLength: 40 }),
  fc.constantFrom<unknown>(
    [[[]]],
    { a: { b: [1, null] } },
    { toString: null },
    { length: 1 },
    [{ instId: BTC }],
    [null],
    ['x', 2],
  ),
);
const valid: Readonly<Record<string, readonly unknown[]>> = {
  instId: [BTC, 'ETH-USDT-SWAP', 'BTC-USDT', 'ANY'],
  instType: ['SWAP', 'SPOT', 'ANY'],
  instFamily: ['BTC-USDT'],
  tdMode: ['isolated', 'cross'],
  mgnMode: ['isolated', 'cross'],
  side: ['buy', 'sell'],
  posSide: ['net', 'long', 'short'],
  ordType: [
    'limit',
    'market',
    'post_only',
    'ioc',
    'fok',
    'optimal_limit_ioc',
    'conditional',
    'oco',
    'trigger',
    'move_order_stop',
  ],
  sz: ['1', 0.01, '12001', '40000', '100000000'],
  px: ['59000', '60500', 61_000.5],
  newSz: ['2'],
  newPx: ['58000'],
  reduceOnly: [true, 'true', false],
  clOrdId: ['a1', 'b2'],
  ordId: ['2100000000000000001'],
  algoId: ['3100000000000000001'],
  attachAlgoOrds: [[{ slTriggerPx: '1', slOrdPx: '-1' }]],
  slTriggerPx: ['58000'],
  slOrdPx: ['-1'],
  tpTriggerPx: ['62000'],
  tpOrdPx: ['-1'],
  triggerPx: ['61000'],
  orderPx: ['-1'],
  callbackRatio: ['0.01'],
  closeFraction: ['1'],
  lever: [5, '125'],
  posMode: ['net_mode', 'long_short_mode'],
  type: ['add', 'reduce', '8'],
  amt: [1],
  timeOut: ['0', 30],
  bar: ['1m', '1Dutc', '3M', '9X'],
  after: ['1700000000000'],
  before: ['1'],
  limit: ['5', '1000'],
  channel: ['tickers', 'books', 'candle1m', 'orders', 'account', 'positions'],
  apiKey: ['a'],
  passphrase: ['aPass'],
};

const body = fc
  .array(fc.constantFrom(...Object.keys(valid)), { minLength: 2, maxLength: 14 })
  .chain((names) =>
    fc.tuple(
      ...[...new Set(names)].map((name) =>
        fc.tuple(
          fc.constant(name),
          fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...(valid[name] ?? [''])) }, { weight: 1, arbitrary: odd }),
        ),
      ),
    ),
  )
  .map((entries) => Object.fromEntries(entries));

const bodyText = fc.oneof(
  { weight: 5, arbitrary: body.map((each) => JSON.stringify(each)) },
  { weight: 2, arbitrary: fc.array(body, { maxLength: 25 }).map((each) => JSON.stringify(each)) },
  { weight: 1, arbitrary: odd.map((each) => JSON.stringify(each)) },
  { weight: 1, arbitrary: fc.tuple(body, fc.nat(60)).map(([each, cut]) => JSON.stringify(each).slice(0, cut)) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
);

const ROUTES = [
  ...Object.values(endpoints).map(({ method, path }) => ({ method, path })),
  { method: 'POST', path: '/api/v5/trade/amend-batch-orders' },
];

const request = fc.record({
  endpoint: fc.constantFrom(...ROUTES),
  query: body,
  text: bodyText,
  spoilt: fc.integer({ min: 0, max: 30 }),
});

describe('malformed requests', () => {
  it(
    'are answered at the REST door with an envelope and a documented code',
    () => {
      const test = hostile();
      const statuses = new Set<number>();
      const codes = new Map<string, number>();
      let heap = 0;
      let count = 0;
      const runs = long(10_000, 300_000);
      fc.assert(
        fc.property(request, ({ endpoint, query, text, spoilt }) => {
          const search = new URLSearchParams(
            Object.entries(query).map(([name, value]): [string, string] => [name, asText(value)]),
          ).toString();
          const { method } = endpoint;
          const target = method === 'GET' ? `${endpoint.path}?${search}` : endpoint.path;
          const sent = method === 'GET' ? '' : text;
          const own = KEY.restHeaders({ method: method as 'GET', target, body: sent, nowMs: test.clock.wall() });
          const headers = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
          if (spoilt === 0) headers['ok-access-sign'] = text;
          if (spoilt === 1) headers['exptime'] = text.slice(0, 15);
          const answered = test.raw({
            method,
            target,
            body: sent,
            headers: { ...headers, 'content-type': 'application/json' },
          });
          statuses.add(answered.status);
          codes.set(answered.body.code, (codes.get(answered.body.code) ?? 0) + 1);
          const isGateway = answered.status === 401;
          expect(Array.isArray(answered.body.data)).toBe(!isGateway);
          expect(answered.body.code).toMatch(/^(0|1|2|5\d{4})$/);
          for (const row of isGateway ? [] : answered.body.data)
            if (row['sCode'] !== undefined) expect(row['sCode']).toMatch(/^(0|5\d{4})$/);
          count += 1;
          if (count % 50 === 0) test.price(BTC, String(58_500 + (count % 3_000)));
          if (count === Math.floor((runs * 2) / 3)) heap = heapUsed();
        }),
        { numRuns: runs },
      );
      expect(
        [...statuses].every((status) => [200, 400, 401].includes(status)),
        [...statuses].join(),
      ).toBe(true);
      expect(codes.get('0') ?? 0, 'some of it must get through, or nothing is tried').toBeGreaterThan(runs / 20);
      expect(heapUsed() - heap, 'the last third leaves nothing behind').toBeLessThan(40_000_000);
    },
    long(60_000, 3_600_000),
  );

  it(
    'are answered on a socket with an event or a reply, or end it',
    () => {
      const test = hostile();
      const op = fc.constantFrom(
        'login',
        'subscribe',
        'unsubscribe',
        'order',
        'batch-orders',
        'cancel-order',
        'amend-order',
        'batch-amend-orders',
        'mass-cancel',
        'x',
      );
      const frame = fc.oneof(
        {
          weight: 6,
          arbitrary: fc
            .record({ id: fc.oneof(fc.constant('a1'), odd), op, args: fc.array(body, { maxLength: 22 }) })
            .map((each) => JSON.stringify(each)),
        },
        { weight: 2, arbitrary: fc.record({ op: fc.oneof(op, odd), args: odd }).map((each) => JSON.stringify(each)) },
        { weight: 1, arbitrary: fc.string({ maxLength: 80 }) },
        { weight: 1, arbitrary: fc.constantFrom('ping', '"ping"', '', '{', 'null', '[]') },
      );
      let heard = loggedIn(test);
      const runs = long(10_000, 300_000);
      let heap = 0;
      let count = 0;
      fc.assert(
        fc.property(frame, (text) => {
          if (heard.closed.length > 0) heard = loggedIn(test);
          heard.say(text);
          for (const message of heard.take()) {
            if (message.event === 'error') expect(message.code).toMatch(/^(5|6)\d{4}$/);
            else
              expect(message.event !== undefined || message.op !== undefined || message.arg !== undefined).toBe(true);
          }
          count += 1;
          if (count % 50 === 0) test.price(BTC, String(58_500 + (count % 3_000)));
          if (count === Math.floor((runs * 2) / 3)) heap = heapUsed();
        }),
        { numRuns: runs },
      );
      expect(heapUsed() - heap, 'the last third leaves nothing behind').toBeLessThan(40_000_000);
    },
    long(60_000, 3_600_000),
  );
});

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function hostile(): PaperTest {
  return paper({ accounts: [accountOf('a', 1_000_000)], wall: () => Date.UTC(2026, 2, 2, 10) });
}

function loggedIn(test: PaperTest) {
  const heard = test.socket();
  heard.logIn();
  heard.take();
  return heard;
}

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collect();
  return process.memoryUsage().heapUsed;
}
