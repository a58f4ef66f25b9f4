/** Fills as they are read from the exchange's list, page by page. */
import { describe, expect, it } from 'vitest';
import { okReply, sendJson, startHttp } from '../../../test/okx/local-server.ts';
import { approvedOrder, BTC } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent, Filled, PositionReading } from '../../core/event.ts';
import { ticks } from '../../core/numbers/units.ts';
import { Rest } from '../door/rest.ts';
import { ApiKey } from '../door/sign.ts';
import { Fills } from './fills.ts';
import { OrderLives } from './order-lives.ts';
import type { Telling } from './telling.ts';

const START = 1_700_000_000_000;

/** A list of fills, newest first. `before` alone gives the newest of all, as OKX documents it for candles; of fills it does not say. */
async function listing({ subType = '104', order = undefined as object | undefined, ordId = '1' } = {}) {
  const ids: number[] = [];
  const timeOf = (id: number) => START + id * 1_000;
  const { origin, received } = await startHttp(({ target }, response) => {
    if (target.includes('trade/order?') && ordId === '')
      return sendJson(response, { code: '51003', msg: 'Either client order ID or order ID is required.', data: [] });
    if (target.includes('trade/order?'))
      return sendJson(response, order === undefined ? { code: '51603', msg: 'not found', data: [] } : okReply([order]));
    if (target.includes('history') || target.includes('archive'))
      return sendJson(response, okReply(Array.from({ length: 100 }, () => ({ ...fillRow(0, START), ...FUNDING }))));
    if (target.includes('bills')) return sendJson(response, okReply([{ ...fillRow(7, clock.nowMs), ...FUNDING }]));
    const asked = new URL(target, 'http://okx.invalid').searchParams;
    const number = (name: string, otherwise: number) => Number(asked.get(name) ?? otherwise);
    const found = ids.filter(
      (id) =>
        id < number('after', Number.POSITIVE_INFINITY) && id > number('before', 0) && timeOf(id) >= number('begin', 0),
    );
    sendJson(
      response,
      okReply(
        found
          .toReversed()
          .slice(0, 100)
          .map((id) => ({ ...fillRow(id, timeOf(id)), subType, ordId })),
      ),
    );
  });
  const clock = { nowMs: START };
  const rest = new Rest({
    origin,
    key: new ApiKey({ key: 'key', secret: 'secret', passphrase: 'phrase' }),
    isDemo: false,
    nowMs: () => clock.nowMs,
    timeoutMs: 2_000,
    waitMsMax: 2_000,
  });
  const heard: string[] = [];
  const causes: string[] = [];
  const odd: string[] = [];
  const funding: CoreEvent[] = [];
  const hear = (event: CoreEvent) => {
    if (event.kind !== 'filled') return;
    heard.push(event.tradeId);
    causes.push(event.cause);
  };
  const fills = new Fills({
    rest,
    instruments: new Map([[BTC.instId, BTC]]),
    lives: new OrderLives('test', hear),
    telling: {
      odd: (message: string) => odd.push(message),
      tell: (event: CoreEvent) => funding.push(event),
    } as unknown as Telling,
    fillsSinceMs: START,
    fundingSinceMs: START,
  });
  return { ids, fills, heard, causes, odd, funding, clock, rest, received };
}

/** What a bill has beside a fill. */
const FUNDING = { type: '8', subType: '173', ccy: 'USDT', balChg: '-1', pnl: '-1' };

/** Of a liquidation: nobody has to be asked whose it was. */
function fillRow(id: number, atMs: number) {
  return {
    instId: BTC.instId,
    tradeId: `-${id}`,
    ordId: '1',
    clOrdId: '',
    billId: String(id),
    fillPx: '60000',
    fillSz: '0.01',
    side: 'sell',
    execType: '',
    fee: '-0.1',
    feeCcy: 'USDT',
    ts: String(atMs),
  };
}

describe('new fills', () => {
  it('are all told, however many came since the last reading, each once and oldest first', async () => {
    const { ids, fills, heard, clock } = await listing();
    ids.push(1, 2);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    for (let id = 100; id < 350; id += 1) ids.push(id);
    clock.nowMs = START + 400_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(await fills.readNew()).toBeUndefined();
    expect(heard).toEqual(ids.map((id) => `-${id}`));
  });

  it('of which there are more than are read are told by the newest 5,000, with a word; the next reading goes on from there', async () => {
    const { ids, fills, heard, odd, clock, received } = await listing();
    for (let id = 1; id <= 5_010; id += 1) ids.push(id);
    clock.nowMs = START + 6_000_000;
    expect(await fills.readNew()).toBeUndefined();
    expect([heard.length, heard[0], heard.at(-1)]).toEqual([5_000, '-11', '-5010']);
    expect(odd).toEqual([expect.stringMatching(/^more than 5000 fills since the last reading/)]);
    const before = received.length;
    ids.push(5_011);
    expect(await fills.readNew()).toBeUndefined();
    expect([heard.length, odd.length, received.length - before]).toEqual([5_001, 1, 1]);
  });

  it('of one order that is nobody’s we know are asked about once', async () => {
    const { ids, fills, heard, clock, received } = await listing({ subType: '' });
    for (let id = 1; id <= 20; id += 1) ids.push(id);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(heard.length).toBe(20);
    expect(received.filter(({ target }) => target.includes('trade/order?')).length).toBe(1);
  });

  it('are asked for from the newest on that nothing older can follow', async () => {
    const { ids, fills, clock, received } = await listing();
    for (let id = 1; id <= 250; id += 1) ids.push(id);
    clock.nowMs = START + 400_000;
    await fills.readNew();
    const first = received.length;
    await fills.readNew();
    expect([first, received.length - first]).toEqual([3, 1]);
  });

  it('that are listed late, among others that are told, are told: half a minute is asked for again', async () => {
    const { ids, fills, heard, clock } = await listing();
    ids.push(10, 50);
    clock.nowMs = START + 60_000;
    await fills.readNew();
    ids.splice(1, 0, 40);
    await fills.readNew();
    expect(heard).toEqual(['-10', '-50', '-40']);
  });

  it('of an order that is not ours are told with what its category says, each of them', async () => {
    const order = { ...ORDER, category: 'full_liquidation' };
    const { ids, fills, causes, clock } = await listing({ subType: '', order });
    ids.push(1, 2);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(causes).toEqual(['liquidation', 'liquidation']);
  });

  it('of no order (a block trade, a spread) are nobody’s: nobody is asked, and the account is read', async () => {
    const { ids, fills, causes, clock } = await listing({ subType: '', ordId: '' });
    ids.push(1, 2);
    clock.nowMs = START + 60_000;
    expect(await fills.readNew()).toBeUndefined();
    expect(causes).toEqual(['foreign', 'foreign']);
  });

  it('and funding are read after a long absence on an account whose history has no end: what it would explain a difference tells', async () => {
    const { ids, fills, heard, funding, clock, rest } = await listing();
    rest.pace.book = ({ nowMs }) => ({ kind: 'granted', atMs: nowMs });
    ids.push(1);
    clock.nowMs = START + 8 * 86_400_000;
    expect([await fills.readNew(), heard]).toEqual([undefined, ['-1']]);
    expect([await fills.readFunding(), funding]).toMatchObject([undefined, [{ at: clock.nowMs }]]);
  });
});

/** An account that lists these rows by path, newest first; where a code stands instead, that is the answer. */
async function listed(lists: Record<string, readonly object[] | string>, nowMs = START + 60_000) {
  const { origin, received } = await startHttp(({ target }, response) => {
    const list = lists[new URL(target, 'http://okx.invalid').pathname.replace('/api/v5/', '')] ?? [];
    sendJson(response, typeof list === 'string' ? { code: list, msg: 'no', data: [] } : okReply(list));
  });
  const heard: Filled[] = [];
  const funding: CoreEvent[] = [];
  const odd: string[] = [];
  const lives = new OrderLives('test', (event) => event.kind === 'filled' && heard.push(event));
  const fills = new Fills({
    rest: new Rest({
      origin,
      key: new ApiKey({ key: 'key', secret: 'secret', passphrase: 'phrase' }),
      isDemo: false,
      nowMs: () => nowMs,
      timeoutMs: 2_000,
      waitMsMax: 2_000,
    }),
    instruments: new Map([[BTC.instId, BTC]]),
    lives,
    telling: {
      odd: (message: string) => odd.push(message),
      tell: (event: CoreEvent) => funding.push(event),
    } as unknown as Telling,
    fillsSinceMs: START,
    fundingSinceMs: START,
  });
  const asked = (path: string) => received.filter(({ target }) => target.includes(`/api/v5/${path}?`));
  return { fills, lives, heard, funding, odd, asked, lists };
}

const LONG_AFTER = START + 8 * 86_400_000;
const OTHER = { instId: 'OTHER-USDT-SWAP' };
const bill = (id: number, more: object = {}) => ({ ...fillRow(id, START + id), ...FUNDING, ...more });
const trade = (id: number, more: object = {}) => ({ ...fillRow(id, START + id), subType: '104', ...more });

describe('funding', () => {
  it('is told once, the oldest first, of our instruments alone', async () => {
    const { fills, funding, asked, lists } = await listed({ 'account/bills': [bill(3), bill(2, OTHER), bill(1)] });
    expect([await fills.readFunding(), await fills.readFunding()]).toEqual([undefined, undefined]);
    lists['account/bills'] = [bill(4), bill(3), bill(2, OTHER), bill(1)];
    await fills.readFunding();
    const told = { kind: 'funding-settled', instId: BTC.instId, amount: -100_000_000n };
    expect(funding).toEqual([1, 3, 4].map((id) => ({ ...told, at: START + id })));
    expect(asked('account/bills')[0]?.target).toContain(`type=8&instType=SWAP&begin=${START}`);
    expect(asked('account/bills-archive'), 'it is all in the list').toEqual([]);
  });

  it.each([
    ['what the bill says of it, from margin (U4)', { pnl: '0.2', balChg: '0' }, 20_000_000n],
    ['what has changed of the cash, where the bill does not say it', { pnl: '', balChg: '-0.5' }, -50_000_000n],
    ['rounded against us where it is paid', { pnl: '-0.000000019' }, -2n],
    ['rounded against us where it is received', { pnl: '0.000000019' }, 1n],
  ])('is %s', async (_, changes, amount) => {
    const { fills, funding } = await listed({ 'account/bills': [bill(1, changes)] });
    await fills.readFunding();
    expect(funding).toMatchObject([{ amount }]);
  });

  it('of a long absence is told from the archive too, once, and the archive is read once', async () => {
    const lists = { 'account/bills': [bill(3), bill(2)], 'account/bills-archive': [bill(2), bill(1)] };
    const { fills, funding, asked } = await listed(lists, LONG_AFTER);
    await fills.readFunding();
    await fills.readFunding();
    expect(funding.map(({ at }) => at - START)).toEqual([1, 2, 3]);
    expect(asked('account/bills-archive')).toHaveLength(1);
  });

  it.each(['account/bills', 'account/bills-archive'])(
    'is not read where %s has no answer, and is the next time',
    async (path) => {
      const account = await listed(
        { 'account/bills': [bill(2)], 'account/bills-archive': [bill(1)], [path]: '50026' },
        LONG_AFTER,
      );
      expect(await account.fills.readFunding()).toMatchObject({ code: '50026' });
      expect(account.funding).toEqual([]);
      account.lists[path] = [bill(2), bill(1)];
      await account.fills.readFunding();
      expect(account.funding.map(({ at }) => at - START)).toEqual([1, 2]);
    },
  );
});

describe('fills of a long absence', () => {
  it('are told from the history too, each once and oldest first, and the history is read once', async () => {
    const lists = { 'trade/fills': [trade(3), trade(2)], 'trade/fills-history': [trade(2), trade(1), trade(9, OTHER)] };
    const { fills, heard, asked } = await listed(lists, LONG_AFTER);
    await fills.readNew();
    await fills.readNew();
    expect(heard.map(({ tradeId }) => tradeId)).toEqual(['-1', '-2', '-3']);
    expect(asked('trade/fills-history').map(({ target }) => target)).toEqual([
      expect.stringContaining(`instType=SWAP&begin=${START}`),
    ]);
  });

  it.each(['trade/fills', 'trade/fills-history'])(
    'are not read where %s has no answer, and are the next time',
    async (path) => {
      const account = await listed(
        { 'trade/fills': [trade(2)], 'trade/fills-history': [trade(1)], [path]: '50026' },
        LONG_AFTER,
      );
      expect(await account.fills.readNew()).toMatchObject({ code: '50026' });
      expect(account.heard).toEqual([]);
      account.lists[path] = path === 'trade/fills' ? [trade(2)] : [trade(1)];
      expect(await account.fills.readNew()).toBeUndefined();
      expect(account.heard.map(({ tradeId }) => tradeId)).toEqual(['-1', '-2']);
    },
  );

  it('are looked for in the history only after three days, an hour early for clocks', async () => {
    for (const [hours, times] of [
      [71, 0],
      [72, 1],
    ] as const) {
      const { fills, asked } = await listed({}, START + hours * 3_600_000);
      await fills.readNew();
      expect(asked('trade/fills-history'), `${hours} h`).toHaveLength(times);
    }
  });
});

it('fills add up to a position since the last reading, and where nothing was read of an instrument there is none', async () => {
  const { fills } = await listed({
    'trade/fills': [trade(3, { fillSz: '0.03' }), trade(2, { side: 'buy' }), trade(1)],
  });
  const { instId } = BTC;
  expect(fills.signedLots(instId)).toBe(0);
  fills.standAt([{ instId, signedLots: 7 } as PositionReading]);
  await fills.readNew();
  expect(fills.signedLots(instId)).toBe(7 - 1 + 1 - 3);
  fills.standAt([]);
  expect(fills.signedLots(instId)).toBe(0);
});

it('a fill off our grid is told to a person once, books nothing, and those beside it are told', async () => {
  const lists = { 'trade/fills': [trade(3), trade(2, { fillSz: '0.005' }), trade(1)] };
  const { fills, heard, odd } = await listed(lists);
  for (let times = 0; times < 2; times += 1) {
    expect(await fills.readNew()).toBeUndefined();
    expect(heard.map(({ tradeId }) => tradeId)).toEqual(['-1', '-3']);
    expect(odd).toEqual([expect.stringMatching(/^fill -2 of BTC-USDT-SWAP cannot be counted/)]);
  }
  expect([fills.isBesideGrid(BTC.instId), fills.isBesideGrid(OTHER.instId)]).toEqual([true, false]);
});

describe('a fill of an order that bears no name, while a stop of ours sleeps (U28)', () => {
  const STOP = approvedOrder('stop', 1, { type: 'stop', triggerTicks: ticks(9), by: 'mark' });
  const ALGO = {
    instType: 'SWAP',
    instId: BTC.instId,
    algoId: '5',
    algoClOrdId: STOP.clientId,
    ordType: 'conditional',
    side: 'sell',
    posSide: 'net',
    tdMode: 'isolated',
    sz: '0.2',
    state: 'effective',
    cTime: String(START),
    tpTriggerPx: '',
    tpOrdPx: '',
    slTriggerPx: '',
    slOrdPx: '',
    triggerPx: '',
    ordPx: '',
  };

  it.each([
    ['is the stop’s where that says so', [{ ...ALGO, ordId: '1' }], STOP.clientId],
    ['is the stop’s where that says so among others', [{ ...ALGO, ordId: '', ordIdList: ['8', '1'] }], STOP.clientId],
    ['is somebody else’s where the stop has sent another', [{ ...ALGO, ordId: '8', ordIdList: ['8'] }], undefined],
    ['is somebody else’s where the stop has sent none', [ALGO], undefined],
    ['is somebody else’s where nobody knows the stop', '51603', undefined],
    ['is somebody else’s where the stop may not be asked for', '51000', undefined],
  ] as const)('%s', async (_, algo, clientId) => {
    const account = await listed({
      'trade/fills': [trade(1, { subType: '' })],
      'trade/order': [ORDER],
      'trade/order-algo': algo,
    });
    account.lives.begin(STOP, 'algo', START);
    expect(await account.fills.readNew()).toBeUndefined();
    expect(account.heard).toMatchObject([{ tradeId: '-1', cause: clientId === undefined ? 'foreign' : 'order' }]);
    expect(account.heard[0]?.clientId).toBe(clientId);
    expect(account.asked('trade/order-algo')[0]?.target).toContain(`algoClOrdId=${STOP.clientId}`);
  });

  it.each(['trade/order', 'trade/order-algo'])(
    'is nobody’s yet where %s has no answer: it is asked again',
    async (path) => {
      const account = await listed({
        'trade/fills': [trade(1, { subType: '' })],
        'trade/order': [ORDER],
        'trade/order-algo': [{ ...ALGO, ordId: '1' }],
        [path]: '50026',
      });
      account.lives.begin(STOP, 'algo', START);
      await expect(account.fills.readNew()).rejects.toThrow('50026');
      expect(account.heard).toEqual([]);
      account.lists[path] = path === 'trade/order' ? [ORDER] : [{ ...ALGO, ordId: '1' }];
      await account.fills.readNew();
      expect(account.heard).toMatchObject([{ clientId: STOP.clientId }]);
    },
  );
});

/** Somebody's. */
const ORDER = {
  instType: 'SWAP',
  instId: BTC.instId,
  ordId: '1',
  clOrdId: '',
  px: '',
  sz: '1',
  ordType: 'market',
  side: 'sell',
  posSide: 'net',
  tdMode: 'isolated',
  accFillSz: '1',
  avgPx: '60000',
  fillPx: '60000',
  fillSz: '1',
  fillTime: String(START),
  tradeId: '1',
  state: 'filled',
  fee: '0',
  feeCcy: 'USDT',
  cTime: String(START),
  uTime: String(START),
};
