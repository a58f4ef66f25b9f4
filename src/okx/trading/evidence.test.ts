/** How an order stands: each place that is asked, what its answer means, and that no place without an answer is an empty one (lessons.md 7). */
import { describe, expect, it } from 'vitest';
import { okReply, sendJson, startHttp } from '../../../test/okx/local-server.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import { Rest } from '../door/rest.ts';
import { ApiKey } from '../door/sign.ts';
import { type Evidence, evidenceOf, type Sought } from './evidence.ts';

const SOUGHT = { clientId: 'rwtest000001s000101', instId: BTC.instId, kind: 'algo', sinceMs: 0 } as const;
const STOP = {
  instType: 'SWAP',
  instId: BTC.instId,
  algoId: '7',
  algoClOrdId: SOUGHT.clientId,
  ordType: 'conditional',
  side: 'sell',
  posSide: 'net',
  tdMode: 'isolated',
  sz: '1',
  state: 'live',
  tpTriggerPx: '',
  tpOrdPx: '',
  slTriggerPx: '59000',
  slOrdPx: '-1',
  triggerPx: '',
  ordPx: '',
  cTime: '1700000000000',
};

/** What is asked of an exchange that lists these rows by path, and of some paths by what is asked for; where a code stands instead, that is the answer. */
async function exchangeOf(lists: Readonly<Record<string, readonly object[] | string>>) {
  const { origin, received } = await startHttp(({ target }, response) => {
    const { pathname, searchParams } = new URL(target, 'http://okx.invalid');
    const [path, by] = [pathname.replace('/api/v5/trade/', ''), searchParams.get('state') ?? searchParams.get('ordId')];
    // A second page is empty.
    const list = searchParams.has('after') ? [] : (lists[by === null ? path : `${path} ${by}`] ?? []);
    sendJson(response, typeof list === 'string' ? { code: list, msg: 'no', data: [] } : okReply(list));
  });
  const targets = () => received.map(({ target }) => target.replace('/api/v5/trade/', ''));
  return { evidenceOf: (sought: Sought) => evidenceOf(restAt(origin), sought, BTC), targets };
}

async function asked(sought: Sought, lists: Readonly<Record<string, readonly object[] | string>>): Promise<Evidence> {
  return (await exchangeOf(lists)).evidenceOf(sought);
}

const ENTRY = { ...SOUGHT, clientId: 'rwtest000001e000101', kind: 'order', sinceMs: 3 } as const;
const ORDER = {
  instType: 'SWAP',
  instId: BTC.instId,
  ordId: '8',
  clOrdId: ENTRY.clientId,
  px: '59000',
  sz: '0.2',
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
  state: 'live',
  fee: '0',
  feeCcy: 'USDT',
  cTime: '5',
  uTime: '6',
};
const THEIRS = { ...ORDER, clOrdId: 'theirs', ordId: '9' };
const FILL = {
  instId: BTC.instId,
  tradeId: '1',
  ordId: '8',
  clOrdId: ENTRY.clientId,
  billId: '1',
  fillPx: '59000',
  fillSz: '0.05',
  side: 'buy',
  execType: 'M',
  fee: '0',
  feeCcy: 'USDT',
  ts: '7',
};
const LIVING = { kind: 'living', ticks: 590_000, sizeLots: 20, filledLots: 0, ordId: '8' };
const ended = (filledLots: number, cause: string, ordId = '8') => ({ kind: 'ended', filledLots, cause, ordId });
const unanswered = (message: string) => ({ kind: 'unanswered', fault: { message: expect.stringContaining(message) } });
const row = (changes: object) => [{ ...ORDER, ...changes }];

describe('an order', () => {
  it.each([
    ['lives', { order: [ORDER] }, LIVING],
    [
      'lives with what has filled',
      { order: row({ state: 'partially_filled', accFillSz: '0.05' }) },
      { ...LIVING, filledLots: 5 },
    ],
    ['at the market lives at no price', { order: row({ px: '', ordType: 'market' }) }, { ...LIVING, ticks: 0 }],
    ['is filled', { order: row({ state: 'filled', accFillSz: '0.2' }) }, ended(20, 'filled')],
    [
      'is cancelled, and why',
      { order: row({ state: 'canceled', cancelSource: '31', accFillSz: '0.05' }) },
      ended(5, 'post-only'),
    ],
    [
      'in another state is not known',
      { order: row({ state: 'mmp_canceled' }) },
      unanswered('a state that is not known to us'),
    ],
    ['that cannot be read is not known', { order: row({ sz: 'many' }) }, unanswered('no row can be read: sz')],
    [
      'that is gone is in the history',
      { order: '51603', 'orders-history': [THEIRS, ...row({ state: 'filled', accFillSz: '0.2' })] },
      ended(20, 'filled'),
    ],
    [
      'that is in no list of orders is in its fills',
      {
        order: '51603',
        'orders-history': [THEIRS],
        fills: [{ ...FILL, billId: '3', tradeId: '3' }, { ...FILL, billId: '2', clOrdId: 'theirs' }, FILL],
      },
      ended(10, 'found-in-fills'),
    ],
    [
      'is nowhere',
      { order: '51603', 'orders-history': [THEIRS], fills: [{ ...FILL, clOrdId: 'theirs' }] },
      { kind: 'nothing' },
    ],
    [
      'beside which something cannot be read is not known',
      { order: [ORDER, ...row({ sz: 'many' })] },
      unanswered('row 1 cannot be read: sz'),
    ],
    ['is not known where the order has no answer', { order: '50026' }, unanswered('no')],
    [
      'is not known where the history has none',
      { order: '51603', 'orders-history': '50026', fills: [FILL] },
      unanswered('no'),
    ],
    ['is not known where the fills have none', { order: '51603', fills: '50026' }, unanswered('no')],
  ])('%s', async (_, lists, evidence) => {
    expect(await asked(ENTRY, lists)).toMatchObject(evidence);
  });
});

const stop = (changes: object) => [{ ...STOP, ...changes }];
const SLEEPING = { kind: 'living', ticks: 590_000, sizeLots: 100, filledLots: 0, ordId: '' };
const HISTORY = 'orders-algo-history';
const WOKEN = stop({ state: 'effective', ordId: '8' });

describe('a stop', () => {
  it.each([
    ['sleeps', { 'order-algo': [STOP] }, SLEEPING],
    ['pauses', { 'order-algo': stop({ state: 'pause' }) }, SLEEPING],
    ['is cancelled', { 'order-algo': stop({ state: 'canceled' }) }, ended(0, 'cancelled', '')],
    [
      'has failed, and why',
      { 'order-algo': stop({ state: 'order_failed', failCode: '51008' }) },
      ended(0, 'failed 51008', ''),
    ],
    ['has failed', { 'order-algo': stop({ state: 'order_failed' }) }, ended(0, 'failed', '')],
    [
      'in another state is not known',
      { 'order-algo': stop({ state: 'partially_failed' }) },
      unanswered('a state that is not known to us'),
    ],
    [
      'that has woken is what it has sent',
      { 'order-algo': WOKEN, 'order 8': row({ state: 'filled', accFillSz: '0.2' }) },
      ended(20, 'filled'),
    ],
    [
      'that has woken lives in what it has sent',
      { 'order-algo': stop({ state: 'partially_effective', ordIdList: ['8'], ordId: '' }), 'order 8': [ORDER] },
      LIVING,
    ],
    [
      'that has woken and names no order is not known',
      { 'order-algo': stop({ state: 'effective' }) },
      unanswered('names no order'),
    ],
    [
      'that has woken and whose order is not there is not known',
      { 'order-algo': WOKEN, 'order 8': '51603' },
      unanswered('has sent order 8, which is not there'),
    ],
    [
      'that has woken is not known where its order has no answer',
      { 'order-algo': WOKEN, 'order 8': '50026' },
      unanswered('no'),
    ],
    [
      'that is gone sleeps in the list',
      { 'order-algo': '51603', 'orders-algo-pending': [{ ...STOP, algoClOrdId: 'theirs', slTriggerPx: '1' }, STOP] },
      SLEEPING,
    ],
    [
      'that is gone has woken by the history',
      { 'order-algo': '51603', [`${HISTORY} effective`]: WOKEN, 'order 8': [ORDER] },
      LIVING,
    ],
    [
      'that is gone is cancelled by the history',
      { 'order-algo': '51603', [`${HISTORY} canceled`]: stop({ state: 'canceled' }) },
      ended(0, 'cancelled', ''),
    ],
    [
      'that is gone has failed by the history',
      { 'order-algo': '51603', [`${HISTORY} order_failed`]: stop({ state: 'order_failed' }) },
      ended(0, 'failed', ''),
    ],
    ['is nowhere', { 'order-algo': '51603' }, { kind: 'nothing' }],
    ['is not known where it has no answer', { 'order-algo': '50026' }, unanswered('no')],
  ] as const)('%s', async (_, lists, evidence) => {
    expect(await asked(SOUGHT, lists as Readonly<Record<string, readonly object[] | string>>)).toMatchObject(evidence);
  });

  it.each(['orders-algo-pending', `${HISTORY} effective`, `${HISTORY} canceled`, `${HISTORY} order_failed`])(
    'is not known where %s has no answer',
    async (list) => {
      expect(await asked(SOUGHT, { 'order-algo': '51603', [list]: '50026' })).toMatchObject(unanswered('no'));
    },
  );
});

it('is asked for by its name at its instrument, and its traces page by page, no further back than its birth', async () => {
  const page = (newest: number, cTime: number) =>
    Array.from({ length: 100 }, (_, at) => ({ ...THEIRS, ordId: String(newest - at), cTime: String(cTime) }));
  const { instId } = BTC;
  for (const [cTime, pages] of [
    [2, ['']],
    [3, ['', '&after=801']],
  ] as const) {
    const { evidenceOf, targets } = await exchangeOf({ order: '51603', 'orders-history': page(900, cTime) });
    expect(await evidenceOf(ENTRY)).toEqual({ kind: 'nothing' });
    expect(targets()).toEqual([
      `order?instId=${instId}&clOrdId=${ENTRY.clientId}`,
      ...pages.map((after) => `orders-history?instType=SWAP&instId=${instId}&limit=100${after}`),
      `fills?instType=SWAP&instId=${instId}&begin=3&limit=100`,
    ]);
  }
});

it('a stop is asked for by its name, and in the history no further back than its birth', async () => {
  const page = (newest: number, cTime: number) =>
    Array.from({ length: 100 }, (_, at) => ({
      ...STOP,
      algoClOrdId: 'theirs',
      algoId: String(newest - at),
      cTime: String(cTime),
    }));
  for (const [cTime, pages] of [
    [2, ['']],
    [3, ['', '&after=801']],
  ] as const) {
    const { evidenceOf, targets } = await exchangeOf({
      'order-algo': '51603',
      [`${HISTORY} canceled`]: page(900, cTime),
    });
    expect(await evidenceOf({ ...SOUGHT, sinceMs: 3 })).toEqual({ kind: 'nothing' });
    const query = `ordType=conditional&instType=SWAP&instId=${BTC.instId}`;
    expect(targets()).toEqual([
      `order-algo?algoClOrdId=${SOUGHT.clientId}`,
      `orders-algo-pending?${query}&limit=100`,
      `${HISTORY}?${query}&state=effective&limit=100`,
      ...pages.map((after) => `${HISTORY}?${query}&state=canceled&limit=100${after}`),
      `${HISTORY}?${query}&state=order_failed&limit=100`,
    ]);
  }
});

function restAt(origin: string): Rest {
  const key = new ApiKey({ key: 'key', secret: 'secret', passphrase: 'phrase' });
  return new Rest({ origin, key, isDemo: false, nowMs: Date.now, timeoutMs: 2_000, waitMsMax: 2_000 });
}

async function restWith(pending: readonly object[]) {
  const { origin } = await startHttp(({ target }, response) =>
    target.includes('/order-algo?')
      ? sendJson(response, { code: '51000', msg: 'Parameter algoClOrdId error', data: [] }, 400)
      : sendJson(response, okReply(target.includes('pending') ? pending : [])),
  );
  return restAt(origin);
}

describe('a stop whose name the exchange calls a wrong parameter', () => {
  it('is looked for in every list, and is nowhere where they do not have it', async () => {
    expect(await evidenceOf(await restWith([]), SOUGHT, BTC)).toEqual({ kind: 'nothing' });
  });

  it('lives where a list has it', async () => {
    expect(await evidenceOf(await restWith([STOP]), SOUGHT, BTC)).toMatchObject({ kind: 'living', ticks: 590_000 });
  });
});
