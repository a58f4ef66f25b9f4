import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { okReply, type Received, sendJson, startHttp } from '../../../test/okx/local-server.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { Pace } from './pace.ts';
import { Rest, type RestOptions } from './rest.ts';
import { ApiKey } from './sign.ts';

const parts = { key: 'key-0123456789abcdef', secret: 'secret-0123456789abcdef', passphrase: 'Passphrase-9' };
const order = {
  instId: 'BTC-USDT-SWAP',
  tdMode: 'isolated',
  side: 'buy',
  ordType: 'market',
  sz: '1',
  clOrdId: 'rw1',
} as const;
const accepted = {
  ordId: '2510789768709120001',
  clOrdId: 'rw1',
  tag: '',
  ts: '1695190491421',
  sCode: '0',
  sMsg: 'Order placed',
  subCode: '',
};

async function start(reply: (response: ServerResponse, request: Received) => void, options: Partial<RestOptions> = {}) {
  const { origin, received } = await startHttp((request, response) => reply(response, request));
  const rest = new Rest({
    origin,
    key: new ApiKey(parts),
    isDemo: true,
    nowMs: Date.now,
    timeoutMs: 300,
    waitMsMax: 100,
    ...options,
  });
  return { rest, received };
}

describe('Rest', () => {
  test('sends the target that it signed, the demo header and no broker tag', async () => {
    const { rest, received } = await start((response) => sendJson(response, okReply([])));
    await rest.get(endpoints.positions, { instType: 'SWAP', instId: 'BTC-USDT-SWAP,ETH-USDT-SWAP', posId: undefined });
    await rest.post(endpoints.placeOrder, order, Date.now() + 5000);
    const [read, write] = received;
    expect(read?.target).toBe('/api/v5/account/positions?instType=SWAP&instId=BTC-USDT-SWAP%2CETH-USDT-SWAP');
    expect(JSON.parse(write?.body ?? '')).toEqual(order);
    for (const request of [read, write]) {
      const nowMs = Date.parse(String(request?.headers['ok-access-timestamp']));
      const { method, target, body } = request as Received;
      expect(request?.headers['ok-access-sign']).toBe(
        new ApiKey(parts).restHeaders({ method: method as 'GET', target, body, nowMs })['OK-ACCESS-SIGN'],
      );
      expect(request?.headers['x-simulated-trading']).toBe('1');
    }
    expect(write?.headers['content-type']).toBe('application/json');
  });

  test('keeps the key to private endpoints', async () => {
    const { rest, received } = await start((response) => sendJson(response, okReply([{ ts: '1' }])));
    await rest.get(endpoints.time, {});
    expect(Object.keys(received[0]?.headers ?? {}).filter((name) => name.startsWith('ok-access'))).toEqual([]);
  });

  test('signs by the clock of the exchange, once it was read', async () => {
    const aheadMs = 3_600_000;
    const { rest, received } = await start((response, { target }) =>
      sendJson(response, okReply(target.endsWith('/time') ? [{ ts: String(Date.now() + aheadMs) }] : [])),
    );
    const synced = await rest.syncClock();
    expect(synced.kind).toBe('ok');
    if (synced.kind === 'ok') expect(Math.abs(synced.offsetMs - aheadMs)).toBeLessThanOrEqual(synced.uncertaintyMs + 1);
    await rest.get(endpoints.config, {});
    const signedAtMs = Date.parse(String(received[2]?.headers['ok-access-timestamp']));
    expect(Math.abs(signedAtMs - Date.now() - aheadMs)).toBeLessThan(1000);
  });

  test('believes a clock that has jumped only when it says so twice', async () => {
    let times = 0;
    const { rest } = await start((response) => {
      times += 1;
      sendJson(response, okReply([{ ts: String(times === 2 ? 0 : Date.now()) }]));
    });
    expect((await rest.syncClock()).kind).toBe('ok');
    const odd = await rest.syncClock();
    expect(odd.kind === 'fault' && odd.fault.message).toMatch(/neither is believed/);
    expect(Math.abs(rest.exchangeNowMs() - Date.now())).toBeLessThan(1_000);
  });

  test('goes by the quickest reading of a clock, as long as a slower one does not contradict it', async () => {
    let delayMs = 200;
    let aheadMs = 0;
    // The way there is slow, the way back is not: half of the round trip is as wrong as can be.
    const { rest } = await start(
      (response) => setTimeout(() => sendJson(response, okReply([{ ts: String(Date.now() + aheadMs) }])), delayMs),
      { timeoutMs: 5_000 },
    );
    const offMs = () => rest.exchangeNowMs() - Date.now() - aheadMs;
    expect(rest.clockUncertaintyMs).toBe(Number.POSITIVE_INFINITY);
    await rest.syncClock();
    expect(rest.clockUncertaintyMs).toBeGreaterThanOrEqual(100);
    expect(Math.abs(offMs()), 'never farther off than it says').toBeLessThanOrEqual(rest.clockUncertaintyMs + 2);
    delayMs = 0;
    await rest.syncClock();
    const quickMs = offMs();
    expect(rest.clockUncertaintyMs).toBeLessThan(100);
    delayMs = 1_000;
    await rest.syncClock();
    expect(Math.abs(offMs() - quickMs)).toBeLessThanOrEqual(2);
    aheadMs = 5_000;
    await rest.syncClock();
    expect(Math.abs(offMs()), 'a clock that was set').toBeLessThanOrEqual(rest.clockUncertaintyMs + 2);
  });

  test('gives verdicts row by row, whatever the code above them', async () => {
    const rejected = { ...accepted, ordId: '', sCode: '51006', sMsg: 'Order price is not within the price limit' };
    const { rest } = await start((response) => sendJson(response, { code: '2', msg: '', data: [accepted, rejected] }));
    const answer = await rest.post(endpoints.placeOrders, [order, order]);
    expect(answer.kind === 'ok' && answer.rows.map(({ sCode }) => sCode)).toEqual(['0', '51006']);
  });

  test.each<[what: string, is: string, code: string, reply: (response: ServerResponse) => void]>([
    [
      'a documented rejection of the request',
      'refused',
      '51000',
      (r) => sendJson(r, { code: '51000', msg: 'Parameter posSide error', data: [] }, 400),
    ],
    [
      'OKX timed out inside',
      'unknown',
      '50004',
      (r) => sendJson(r, { code: '50004', msg: 'Endpoint request timeout', data: [] }, 400),
    ],
    ['a code that nobody documented', 'unknown', '58999', (r) => sendJson(r, { code: '58999', msg: '', data: [] })],
    [
      'a rejection without rows',
      'unknown',
      '1',
      (r) => sendJson(r, { code: '1', msg: 'All operations failed', data: [] }),
    ],
    ['maintenance', 'maintenance', '50001', (r) => sendJson(r, { code: '50001', msg: '', data: [] }, 503)],
    ['a wrong signature', 'auth', '50113', (r) => sendJson(r, { code: '50113', msg: 'Invalid Sign', data: [] }, 401)],
    [
      'OKX timed out inside, and its gateway says so without rows',
      'unknown',
      '50004',
      (r) => sendJson(r, { msg: 'API endpoint request timeout. ', code: '50004' }, 400),
    ],
    [
      'OKX timed out inside, and half of that is lost on the way',
      'unknown',
      'http-400',
      (r) => void r.writeHead(400).end('{"code":"50004","msg":"API endpo'),
    ],
    [
      'a key that does not exist, told by the gateway',
      'auth',
      '50119',
      (r) => sendJson(r, { msg: "API key doesn't exist", code: '50119' }, 401),
    ],
    ['too many requests, told by the gateway', 'pace', '50011', (r) => sendJson(r, { code: '50011' })],
    [
      'an address that OKX does not know',
      'refused',
      'http-404',
      (r) => sendJson(r, { code: 404, data: {}, error_code: '404', error_message: 'Not Found', msg: 'Not Found' }, 404),
    ],
    ['a success without rows', 'unknown', 'http-200', (r) => sendJson(r, { code: '0', msg: '' })],
    [
      'a gateway in between',
      'unknown',
      'http-502',
      (r) => void r.writeHead(502, { 'content-type': 'text/html' }).end('<html>Bad Gateway</html>'),
    ],
    ['a success without its envelope', 'unknown', 'http-200', (r) => void r.writeHead(200).end('true')],
    ['a redirect', 'unknown', 'http-302', (r) => void r.writeHead(302, { location: '/elsewhere' }).end()],
    ['rows that nobody can read', 'unknown', 'payload', (r) => sendJson(r, okReply([{ ordId: 7 }]))],
    ['a reset before the answer', 'unknown', 'UND_ERR_SOCKET', (r) => void r.socket?.destroy()],
    [
      'half an answer',
      'unknown',
      'UND_ERR_SOCKET',
      (r) => {
        r.writeHead(200, { 'content-length': '999' });
        r.write('{"code":"0"');
        setTimeout(() => r.socket?.destroy(), 20);
      },
    ],
    ['no answer', 'unknown', 'TimeoutError', () => undefined],
    [
      'an answer that never ends',
      'unknown',
      'TimeoutError',
      (r) => {
        r.writeHead(200);
        r.write(' ');
      },
    ],
  ])('%s after an order: %s, and the order was sent once', async (_, is, code, reply) => {
    const { rest, received } = await start((response) => reply(response));
    const answer = await rest.post(endpoints.placeOrder, order);
    expect(answer.kind === 'fault' && [answer.fault.class, answer.fault.code]).toEqual([is, code]);
    expect(received).toHaveLength(1);
  });

  test('a host that takes no connection is unreached: nothing was sent', async () => {
    const { rest } = await start(() => undefined, { origin: `http://127.0.0.1:${await closedPort()}` });
    const answer = await rest.post(endpoints.placeOrder, order);
    expect(answer.kind === 'fault' && [answer.fault.class, answer.fault.code]).toEqual(['unreached', 'ECONNREFUSED']);
  });

  test('an order whose expiry has passed is not sent', async () => {
    const { rest, received } = await start((response) => sendJson(response, okReply([accepted])));
    const answer = await rest.post(endpoints.placeOrder, order, Date.now());
    expect(answer).toMatchObject({ kind: 'fault', fault: { class: 'rejected', code: 'local-expiry' } });
    expect(received).toEqual([]);
    const expiresAtMs = Date.now() + 4000;
    await rest.post(endpoints.placeOrder, order, expiresAtMs);
    expect(received[0]?.headers['exptime']).toBe(String(expiresAtMs));
  });

  test('past the limit it waits for a slot, and beyond its patience it does not send', async () => {
    const { rest, received } = await start((response) => sendJson(response, okReply([{ triggerTime: '0', ts: '1' }])), {
      waitMsMax: 1200,
    });
    const startedMs = performance.now();
    const answers = await Promise.all([1, 2, 3].map(() => rest.post(endpoints.cancelAllAfter, { timeOut: '0' })));
    expect(performance.now() - startedMs, 'the second stood in line for its second').toBeGreaterThan(990);
    expect(answers.map((answer) => (answer.kind === 'ok' ? 'ok' : answer.fault.code))).toEqual([
      'ok',
      'ok',
      'local-pace',
    ]);
    expect(received).toHaveLength(2);
  });

  test('after a 50011 the next requests under that limit stand still', async () => {
    const { rest, received } = await start((response) =>
      sendJson(response, { code: '50011', msg: 'Too Many Requests', data: [] }, 429),
    );
    expect(await rest.get(endpoints.balance, {})).toMatchObject({ fault: { class: 'pace', code: '50011' } });
    expect(await rest.get(endpoints.balance, {})).toMatchObject({ fault: { class: 'pace', code: 'local-pace' } });
    expect(received).toHaveLength(1);
  });

  test('no message holds a part of the key, even if the exchange echoes it', async () => {
    const { rest } = await start((response) =>
      sendJson(
        response,
        { code: '50111', msg: `Invalid OK-ACCESS-KEY ${Object.values(parts).join(' ')}`, data: [] },
        401,
      ),
    );
    const answer = await rest.get(endpoints.config, {});
    expect(answer).toMatchObject({
      fault: { class: 'auth', message: 'Invalid OK-ACCESS-KEY [redacted] [redacted] [redacted]' },
    });
  });

  test('without a key a private endpoint is not asked', async () => {
    const { origin, received } = await startHttp((_, response) => sendJson(response, okReply([])));
    const rest = new Rest({ origin, isDemo: false, nowMs: Date.now, timeoutMs: 300, waitMsMax: 0 });
    expect(await rest.get(endpoints.balance, {})).toMatchObject({ fault: { class: 'auth', code: 'no-key' } });
    expect(received).toEqual([]);
  });

  test('a list with a bad row says so beside the good ones', async () => {
    const row = {
      billId: '1',
      type: '8',
      subType: '173',
      ts: '1',
      ccy: 'USDT',
      balChg: '-0.1',
      instId: 'BTC-USDT-SWAP',
      pnl: '-0.1',
      fee: '',
    };
    const { rest } = await start((response) => sendJson(response, okReply([row, { ...row, balChg: 'much' }])));
    const answer = await rest.get(endpoints.bills, {});
    expect(answer.kind === 'ok' && [answer.rows.length, answer.faults.map(({ index }) => index)]).toEqual([1, [1]]);
  });
});

/** A port that nobody listens on any more. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What a Rest asks of the limits it keeps, whose slot is free at once or so much later. */
async function paced(
  reply: object,
  { slotInMs = 0, ...options }: Partial<RestOptions> & { readonly slotInMs?: number } = {},
) {
  const booked: Parameters<Pace['book']>[0][] = [];
  const paused: unknown[] = [];
  const pace = {
    book: (request: Parameters<Pace['book']>[0]) => {
      booked.push(request);
      return { kind: 'granted', atMs: request.nowMs + slotInMs };
    },
    pause: (...pause: unknown[]) => paused.push(pause.slice(1)),
  };
  const made = await start((response) => sendJson(response, reply), { pace: pace as unknown as Pace, ...options });
  return { ...made, booked, paused };
}

describe('the limits (§1.4)', () => {
  const { instId } = order;
  test.each([
    ['a question about an instrument, by it', (rest: Rest) => rest.get(endpoints.order, { instId }), instId, 1],
    ['a question about none', (rest: Rest) => rest.get(endpoints.positions, { instType: 'SWAP' }), undefined, 1],
    ['an order, by its instrument', (rest: Rest) => rest.post(endpoints.placeOrder, order), instId, 1],
    ['what names no instrument', (rest: Rest) => rest.post(endpoints.cancelAllAfter, { timeOut: '0' }), undefined, 1],
    [
      'a batch, by its first instrument and its rows',
      (rest: Rest) => rest.post(endpoints.placeOrders, [order, order, order]),
      instId,
      3,
    ],
    [
      'a batch of stops, which is one',
      (rest: Rest) => rest.post(endpoints.cancelAlgos, [{ instId }, { instId }]),
      instId,
      1,
    ],
    ['an empty batch', (rest: Rest) => rest.post(endpoints.placeOrders, []), undefined, 0],
  ])('count %s', async (_, ask, counted, cost) => {
    const { rest, booked } = await paced(okReply([]));
    await ask(rest);
    expect(booked).toMatchObject([{ instId: counted, cost }]);
  });

  test('a slot that is later is waited for, and the expiry is looked at only then', async () => {
    const { rest, received } = await paced(okReply([accepted]), { slotInMs: 60 });
    const beganAtMs = Date.now();
    expect((await rest.post(endpoints.placeOrder, order, beganAtMs + 5_000)).kind).toBe('ok');
    expect(Date.now() - beganAtMs).toBeGreaterThanOrEqual(50);
    expect(await rest.post(endpoints.placeOrder, order, Date.now() + 30)).toMatchObject({
      fault: { code: 'local-expiry', message: expect.stringMatching(/^expired after [1-9]\d* ms in line, not sent$/) },
    });
    expect(received).toHaveLength(1);
  });

  test.each([
    ['50011', [['BTC-USDT-SWAP', 1_000 + 2_000]]],
    ['51008', []],
    ['0', []],
  ])('after code %s stand still: %j', async (code, expected) => {
    const { rest, paused } = await paced({ code, msg: '', data: [] }, { nowMs: () => 1_000 });
    await rest.post(endpoints.placeOrder, order);
    expect(paused).toEqual(expected);
  });
});

describe('what is sent and read', () => {
  test('an order of real money bears no demo header, and an expiry only where it has one', async () => {
    const { rest, received } = await start((response) => sendJson(response, okReply([])), { isDemo: false });
    const expiresAtMs = Date.now() + 5_000;
    await rest.post(endpoints.placeOrder, order, expiresAtMs);
    await rest.post(endpoints.placeOrder, order);
    expect(received.map(({ headers }) => [headers['x-simulated-trading'], headers['exptime']])).toEqual([
      [undefined, String(expiresAtMs)],
      [undefined, undefined],
    ]);
  });

  const no = { ...accepted, sCode: '51008', sMsg: 'poor' };
  test.each([
    [
      'rows of a failed batch are verdicts',
      { code: '1', msg: 'all failed', data: [no] },
      200,
      { kind: 'ok', rows: [{ sCode: '51008' }] },
    ],
    [
      'rows of a half failed one, too',
      { code: '2', msg: 'some failed', data: [no] },
      200,
      { kind: 'ok', rows: [{ sCode: '51008' }] },
    ],
    [
      'without a row the code is the verdict',
      { code: '1', msg: 'all failed', data: [] },
      200,
      { fault: { code: '1' } },
    ],
    [
      'rows beside another code are none',
      { code: '50011', msg: 'slow', data: [no] },
      200,
      { fault: { class: 'pace' } },
    ],
    ['an empty list is one', okReply([]), 200, { kind: 'ok', rows: [], faults: [] }],
    [
      'a yes with a status that is none is not known',
      okReply([accepted]),
      500,
      { fault: { class: 'unknown', code: 'http-500' } },
    ],
    [
      'rows that cannot be read are told with the first three reasons',
      okReply([1, 2, 3, 4].map((sCode) => ({ ...accepted, sCode }))),
      200,
      {
        fault: {
          code: 'payload',
          message: expect.stringMatching(/no row can be read: (sCode: [^;]+; ){2}sCode: [^;]+$/),
        },
      },
    ],
  ])('%s', async (_, reply, status, expected) => {
    const { rest } = await start((response) => sendJson(response, reply, status));
    expect(await rest.post(endpoints.placeOrder, order)).toMatchObject(expected);
  });

  test('rows of a question are no verdicts: its code is', async () => {
    const { rest } = await start((response) => sendJson(response, { code: '1', msg: 'failed', data: [{ ts: '1' }] }));
    expect(await rest.get(endpoints.time, {})).toMatchObject({ fault: { code: '1', class: 'unknown' } });
  });

  test('an answer is waited for until a second past the expiry of what was asked, and no longer than any', async () => {
    const { rest } = await start(() => undefined, { timeoutMs: 60_000 });
    const beganAtMs = Date.now();
    expect(await rest.post(endpoints.placeOrder, order, beganAtMs + 500)).toMatchObject({
      fault: { class: 'unknown' },
    });
    const tookMs = Date.now() - beganAtMs;
    expect([tookMs >= 1_450, tookMs < 10_000], `${tookMs} ms`).toEqual([true, true]);
  });

  test('what nobody waits for any more is given up at once', async () => {
    const gone = new AbortController();
    const { rest } = await start(() => gone.abort(), { timeoutMs: 60_000, givenUp: gone.signal });
    expect(await rest.get(endpoints.time, {})).toMatchObject({ fault: { class: 'unknown' } });
  });
});

describe('the clock of the exchange', () => {
  /** Each reading: how far the exchange is ahead, and how long the way is there and back. */
  async function read(...readings: readonly (readonly [aheadMs: number, thereMs: number, backMs: number])[]) {
    const clock = { nowMs: 1_700_000_000_000 };
    const left = [...readings];
    const { rest } = await start(
      (response) => {
        const [aheadMs, thereMs, backMs] = left.shift() ?? [0, 0, 0];
        clock.nowMs += thereMs;
        sendJson(response, okReply([{ ts: String(clock.nowMs + aheadMs) }]));
        clock.nowMs += backMs;
      },
      { nowMs: () => clock.nowMs },
    );
    while (left.length > 0) await rest.syncClock();
    return [rest.exchangeNowMs() - clock.nowMs, rest.clockUncertaintyMs];
  }

  test.each([
    ['is known to half of the round trip', [[300, 10, 10]], [300, 10]],
    ['is off by as much as the ways differ', [[300, 20, 0]], [310, 10]],
    [
      'is that of a quicker reading',
      [
        [300, 40, 0],
        [300, 4, 4],
      ],
      [300, 4],
    ],
    [
      'stays where a slower one does not contradict it, known a little worse',
      [
        [300, 4, 4],
        [280, 20, 20],
      ],
      [300, 14],
    ],
    [
      'stays where it is as far off as both may be',
      [
        [300, 4, 4],
        [276, 20, 20],
      ],
      [300, 14],
    ],
    [
      'is another one where a slower one contradicts it',
      [
        [300, 4, 4],
        [275, 20, 20],
      ],
      [275, 20],
    ],
    [
      'is that of the newer of two that are as slow',
      [
        [300, 4, 4],
        [302, 4, 4],
      ],
      [302, 4],
    ],
    [
      'jumps where two readings say so',
      [
        [300, 4, 4],
        [5_000, 4, 4],
        [5_002, 4, 4],
      ],
      [5_002, 4],
    ],
    [
      'jumps back where two readings say so',
      [
        [-5_000, 4, 4],
        [-5_000, 4, 4],
        [5_000, 4, 4],
        [5_000, 4, 4],
      ],
      [5_000, 4],
    ],
    [
      'stays where the second says something else',
      [
        [300, 4, 4],
        [5_000, 4, 4],
        [300, 4, 4],
      ],
      [300, 4],
    ],
  ] as const)('%s', async (_, readings, known) => {
    expect(await read(...readings)).toEqual(known);
  });

  test.each([
    ['that says no time', okReply([{ ts: '' }])],
    ['that says nothing', okReply([])],
    ['that has no answer', { code: '50026', msg: '', data: [] }],
  ])('%s is not known: a fault', async (_, reply) => {
    const { rest } = await start((response) => sendJson(response, reply));
    expect(await rest.syncClock()).toMatchObject({ kind: 'fault' });
    expect(rest.clockUncertaintyMs).toBe(Number.POSITIVE_INFINITY);
  });
});
