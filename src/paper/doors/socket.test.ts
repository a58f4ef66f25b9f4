import { describe, expect, it } from 'vitest';
import {
  accountOf,
  BTC,
  type Heard,
  type Message,
  NOW,
  type PaperTest,
  paper,
  wellKnown,
} from '../../../test/paper.ts';
import { GeneratedMarket } from '../market/generated-market.ts';

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59000' };

function subscribe(heard: Heard, ...args: object[]): Message[] {
  heard.say({ op: 'subscribe', args });
  return heard.take();
}

const of = (messages: readonly Message[], channel: string) =>
  messages.filter((message) => message.arg?.['channel'] === channel && message.data !== undefined);

function loggedIn(test: PaperTest, place?: 'private' | 'business'): Heard {
  const heard = test.socket(place);
  heard.logIn();
  expect(heard.take()).toMatchObject([{ event: 'login', code: '0', msg: '' }]);
  return heard;
}

describe('a connection', () => {
  it('answers the bare word ping, and with quotes', () => {
    const heard = paper().socket('public');
    heard.say('ping');
    heard.say('"ping"');
    expect(heard.take()).toEqual([{ event: 'pong' }, { event: 'pong' }]);
  });

  it('is closed after 30 s of silence, and not before', () => {
    const test = paper();
    const heard = test.socket('public');
    test.clock.pass(30_000);
    heard.session.beat();
    expect(heard.closed).toEqual([]);
    test.clock.pass(1);
    heard.session.beat();
    expect(heard.closed).toEqual([{ code: 4004 }]);
  });

  it('acknowledges each argument with exactly what was sent, the id and a connId', () => {
    const heard = paper().socket('public');
    const args = [
      { channel: 'trades', instId: BTC },
      { instId: BTC, channel: 'mark-price', extra: 'kept' },
    ];
    heard.say({ id: 'x1', op: 'subscribe', args });
    const acks = heard.take().filter(({ event }) => event === 'subscribe');
    expect(acks.map(({ arg }) => arg)).toEqual(args);
    expect(acks.every(({ id, connId }) => id === 'x1' && connId !== undefined)).toBe(true);
  });

  it.each([
    ['nonsense', 'public', '60012'],
    [[1], 'public', '60012'],
    [{ op: 'dance' }, 'public', '60019'],
    [{ op: 'subscribe' }, 'public', '60013'],
    [{ op: 'subscribe', args: ['x'] }, 'public', '60013'],
    [{ op: 'subscribe', args: [{ channel: 'none', instId: BTC }] }, 'public', '60018'],
    [{ op: 'subscribe', args: [{ channel: 'tickers', instId: 'NO-USDT-SWAP' }] }, 'public', '60018'],
    [{ op: 'subscribe', args: [{ channel: 'candle7m', instId: BTC }] }, 'business', '60018'],
    [{ op: 'subscribe', args: [{ channel: 'candle1m', instId: BTC }] }, 'public', '60018'],
    [{ op: 'subscribe', args: [{ channel: 'orders', instType: 'SWAP' }] }, 'private', '60011'],
    [{ id: 'a', op: 'order', args: [LIMIT] }, 'private', '60011'],
    [{ id: 'a', op: 'order', args: [LIMIT] }, 'public', '60028'],
  ] as const)('answers %j on %s with %s', (message, place, code) => {
    const heard = paper().socket(place);
    heard.say(typeof message === 'string' ? message : JSON.stringify(message));
    expect(heard.take()).toMatchObject([{ event: 'error', code }]);
  });

  it('serves every channel and login on any other path, and a second login is as good as the first', () => {
    const heard = loggedIn(paper());
    heard.logIn();
    expect(heard.take()).toMatchObject([{ event: 'login', code: '0' }]);
    const args = [{ channel: 'candle1m', instId: BTC }, { channel: 'tickers', instId: BTC }, { channel: 'account' }];
    expect(subscribe(heard, ...args).filter(({ event }) => event === 'error')).toEqual([]);
  });

  it.each([
    [{ sign: 'AAAA' }, '60007'],
    [{ passphrase: 'no' }, '60024'],
    [{ apiKey: 'no' }, '60005'],
    [{ timestamp: '1000' }, '60006'],
    [{ timestamp: 'x' }, '60004'],
  ] as const)('a login with %j fails with %s and ends the connection', (change, code) => {
    const heard = paper().socket('private');
    const timestamp = String(NOW / 1_000);
    heard.say({ op: 'login', args: [{ apiKey: 'a', passphrase: 'aPass', timestamp, sign: 'AAAA', ...change }] });
    expect(heard.take()).toMatchObject([{ event: 'error', code }]);
    expect(heard.closed).toEqual([{ code: 4001 }]);
  });
});

describe('public channels', () => {
  const market = () => {
    const source = new GeneratedMarket({ seed: 7, instruments: [wellKnown(BTC)], bornAt: NOW, fromMs: NOW });
    return paper({ source });
  };

  it('tell each second of the market, in documented shape', () => {
    const test = market();
    const heard = test.socket();
    const channels = ['tickers', 'trades', 'books5', 'bbo-tbt', 'mark-price', 'price-limit', 'candle1m', 'candle1Dutc'];
    const first = subscribe(heard, ...channels.map((channel) => ({ channel, instId: BTC })), {
      channel: 'index-tickers',
      instId: 'BTC-USDT',
    });
    expect(of(first, 'tickers')).toHaveLength(1);
    test.pass(3_000);
    const pushes = heard.take();
    for (const channel of [...channels, 'index-tickers'])
      expect(of(pushes, channel).length, channel).toBeGreaterThanOrEqual(channel === 'trades' ? 1 : 3);
    const ticker = test.get('market/ticker', { instId: BTC }).data[0];
    expect(of(pushes, 'tickers').at(-1)?.data?.[0]).toEqual(ticker);
  });

  it('close a candle with confirm 1, and it is the one that REST shows', () => {
    const test = market();
    const heard = test.socket('business');
    subscribe(heard, { channel: 'candle1m', instId: BTC });
    test.pass(60_000);
    const rows = of(heard.take(), 'candle1m').map(({ data }) => data?.[0] as unknown as string[]);
    const closed = rows.filter((row) => row[8] === '1');
    expect(closed).toHaveLength(1);
    const shown = test.get('market/candles', { instId: BTC, limit: '2' }).data as unknown as string[][];
    expect(shown[1]).toEqual(closed[0]);
    expect(shown[0]?.[8]).toBe('0');
  });

  it('a book built from its snapshot and updates is the book that REST shows, and no number is missed', () => {
    const test = market();
    const heard = test.socket('public');
    const messages = subscribe(heard, { channel: 'books', instId: BTC });
    for (let i = 0; i < 120; i++) {
      test.pass(1_000);
      messages.push(...heard.take());
    }
    const built = bookOf(of(messages, 'books'));
    const [shown] = test.get('market/books', { instId: BTC, sz: '400' }).data as unknown as {
      asks: string[][];
      bids: string[][];
    }[];
    const sides = (side: string[][]) => side.map(([px, sz]) => [px, sz]);
    expect(built.bids).toEqual(sides(shown?.bids ?? []));
    expect(built.asks).toEqual(sides(shown?.asks ?? []));
  });

  it('stop after unsubscribing', () => {
    const test = market();
    const heard = test.socket('public');
    subscribe(heard, { channel: 'tickers', instId: BTC });
    heard.say({ op: 'unsubscribe', args: [{ channel: 'tickers', instId: BTC }] });
    expect(heard.take()).toMatchObject([{ event: 'unsubscribe' }]);
    test.pass(5_000);
    expect(heard.take()).toEqual([]);
  });
});

function bookOf(messages: readonly Message[]): { bids: string[][]; asks: string[][] } {
  const sides = { bids: new Map<string, string>(), asks: new Map<string, string>() };
  let seqId = -1;
  for (const message of messages) {
    const [row] = message.data as unknown as { bids: string[][]; asks: string[][]; seqId: number; prevSeqId: number }[];
    if (row === undefined) throw new Error('a push without a row');
    expect(row.prevSeqId, message.action).toBe(message.action === 'snapshot' ? -1 : seqId);
    seqId = row.seqId;
    for (const name of ['bids', 'asks'] as const)
      for (const [px = '', sz = ''] of row[name]) {
        if (sz === '0') sides[name].delete(px);
        else sides[name].set(px, sz);
      }
  }
  const sorted = (side: Map<string, string>, sign: number) =>
    [...side].sort(([a], [b]) => sign * (Number(a) - Number(b))).map(([px, sz]) => [px, sz]);
  return { bids: sorted(sides.bids, -1), asks: sorted(sides.asks, 1) };
}

describe('one selection in two wordings', () => {
  const said = { channel: 'positions', instType: 'ANY', extraParams: '{"updateInterval":"0"}' };
  const again = { instType: 'ANY', channel: 'positions' };
  const buy = (test: PaperTest) => test.post('trade/order', { ...LIMIT, ordType: 'market', px: '' });

  it('ends however it is unsubscribed', () => {
    const test = paper();
    const heard = loggedIn(test);
    subscribe(heard, said);
    heard.say({ op: 'unsubscribe', args: [again] });
    expect(heard.take()).toMatchObject([{ event: 'unsubscribe', arg: again }]);
    buy(test);
    expect(heard.take()).toEqual([]);
  });

  it('subscribed twice is told once', () => {
    const test = paper();
    const heard = loggedIn(test);
    subscribe(heard, said);
    subscribe(heard, again);
    buy(test);
    expect(heard.take()).toMatchObject([{ arg: again, eventType: 'event_update' }]);
  });
});

describe('private channels', () => {
  it('account and positions begin with a snapshot, orders do not', () => {
    const test = paper();
    test.post('trade/order', { ...LIMIT, ordType: 'market', px: '' });
    const heard = loggedIn(test);
    const messages = subscribe(
      heard,
      { channel: 'account' },
      { channel: 'positions', instType: 'ANY' },
      { channel: 'orders', instType: 'SWAP' },
      { channel: 'balance_and_position' },
    );
    expect(of(messages, 'account')).toMatchObject([{ eventType: 'snapshot', curPage: 1, lastPage: true }]);
    expect(of(messages, 'positions')[0]?.data).toMatchObject([{ pos: '1' }]);
    expect(of(messages, 'orders')).toEqual([]);
    expect(of(messages, 'balance_and_position')[0]?.data).toMatchObject([{ eventType: 'snapshot' }]);
    expect(of(messages, 'account')[0]?.arg).toMatchObject({ channel: 'account', uid: '1000097' });
  });

  it('an order is told from live to filled, each fill by its tradeId, then the position and the balance', () => {
    const test = paper({ fillModel: { participation: 1 } });
    const heard = loggedIn(test);
    subscribe(
      heard,
      { channel: 'orders', instType: 'ANY' },
      { channel: 'positions', instType: 'SWAP' },
      { channel: 'account' },
    );
    const { ordId } = test.post('trade/order', { ...LIMIT, sz: '3' }).data[0] ?? {};
    const { floor } = test.exchange;
    floor.setPrice(floor.listingOf(BTC), 589_999, 589_999, 100);
    test.price(BTC, '58999');
    const messages = heard.take();
    const updates = of(messages, 'orders').map(({ data }) => data?.[0] ?? {});
    expect(updates.map(({ state, fillSz, accFillSz, avgPx }) => [state, fillSz, accFillSz, avgPx])).toEqual([
      ['live', '0', '0', '0'],
      ['partially_filled', '1', '1', '59000'],
      ['filled', '2', '3', '59000'],
    ]);
    expect(updates.every((update) => update['ordId'] === ordId)).toBe(true);
    expect(updates[0]).toMatchObject({
      tradeId: '',
      fillPx: '',
      execType: '',
      fillFeeCcy: '',
      fee: '0',
      feeCcy: 'USDT',
    });
    expect(updates[1]).toMatchObject({ execType: 'M', fillFee: '-0.118', fillFeeCcy: 'USDT' });
    const fills = test.get('trade/fills').data.map(({ tradeId }) => tradeId);
    expect(updates.slice(1).map(({ tradeId }) => tradeId)).toEqual(fills.toReversed());
    expect(of(messages, 'positions').map(({ data, eventType }) => [eventType, data?.[0]?.['pos']])).toEqual([
      ['event_update', '1'],
      ['event_update', '3'],
    ]);
    expect(of(messages, 'account').length).toBeGreaterThanOrEqual(3);
    test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated' });
    expect(of(heard.take(), 'positions')[0]?.data, 'the flat position is told too').toMatchObject([{ pos: '0' }]);
  });

  it('a post-only order that would take is told once, as canceled; one that rests as live', () => {
    const test = paper();
    const heard = loggedIn(test);
    subscribe(heard, { channel: 'orders', instType: 'SWAP' });
    for (const px of ['60001', '59000']) test.post('trade/order', { ...LIMIT, ordType: 'post_only', px });
    const told = of(heard.take(), 'orders').map(({ data }) => [data?.[0]?.['state'], data?.[0]?.['cancelSource']]);
    expect(told).toEqual([
      ['canceled', '31'],
      ['live', ''],
    ]);
  });

  it('filter by instrument and family, and echo the argument as it was sent', () => {
    const test = paper();
    const heard = loggedIn(test);
    subscribe(
      heard,
      { channel: 'orders', instType: 'SWAP', instId: 'ETH-USDT-SWAP' },
      { channel: 'orders', instType: 'SWAP', instFamily: 'BTC-USDT' },
    );
    test.post('trade/order', LIMIT);
    const pushes = of(heard.take(), 'orders');
    expect(pushes.map(({ arg }) => arg)).toEqual([
      { channel: 'orders', instType: 'SWAP', instFamily: 'BTC-USDT', uid: '1000097' },
    ]);
  });

  it('are pushed regularly unless told not to', () => {
    const test = paper();
    const heard = loggedIn(test);
    subscribe(
      heard,
      { channel: 'account' },
      { channel: 'positions', instType: 'ANY', extraParams: '{"updateInterval": "0"}' },
    );
    test.exchange.hub.beat();
    const pushes = heard.take();
    expect(of(pushes, 'account')).toHaveLength(1);
    expect(of(pushes, 'positions')).toHaveLength(0);
  });

  it('and so is a mark that stands', () => {
    const test = paper();
    const heard = test.socket('public');
    subscribe(heard, { channel: 'mark-price', instId: BTC }, { channel: 'tickers', instId: BTC });
    test.exchange.hub.beat();
    expect(heard.take().map(({ arg }) => arg?.['channel'])).toEqual(['mark-price']);
  });

  it('give back what selects, and not how often it is wanted', () => {
    const heard = loggedIn(paper());
    heard.say({
      op: 'subscribe',
      args: [{ channel: 'positions', instType: 'ANY', extraParams: '{"updateInterval": "0"}' }],
    });
    const arg = { channel: 'positions', instType: 'ANY' };
    expect(heard.take().map((message) => message.arg)).toEqual([arg, undefined, { ...arg, uid: '1000097' }]);
  });

  it('are told on thirty sockets of an account; one more is acknowledged, and told that it is not served', () => {
    const test = paper();
    const arg = { channel: 'orders', instType: 'SWAP' };
    const said = Array.from({ length: 31 }, () => {
      const heard = loggedIn(test);
      heard.say({ op: 'subscribe', args: [arg] });
      return { heard, events: heard.take().map(({ event }) => event) };
    });
    const events = said.map((each) => each.events);
    expect(events[29]).toEqual(['subscribe', 'channel-conn-count']);
    expect(events[30]).toEqual(['subscribe', 'channel-conn-count-error']);
    test.post('trade/order', { ...LIMIT, sz: '0.1' });
    expect(said.slice(-2).map(({ heard }) => heard.take().length)).toEqual([1, 0]);
  });

  it('never reach another account', () => {
    const test = paper({ accounts: [accountOf('a', 1_000), accountOf('b', 1_000)] });
    const other = test.socket('private');
    other.logIn('b');
    subscribe(
      other,
      { channel: 'orders', instType: 'ANY' },
      { channel: 'account' },
      { channel: 'positions', instType: 'ANY' },
    );
    test.post('trade/order', { ...LIMIT, sz: '0.1' });
    expect(other.take()).toEqual([]);
  });

  it('algo orders are told on the business socket, an amendment with its reqId on orders', () => {
    const test = paper();
    const heard = loggedIn(test, 'business');
    subscribe(heard, { channel: 'orders-algo', instType: 'SWAP' });
    const body = {
      ...LIMIT,
      side: 'sell',
      ordType: 'conditional',
      slTriggerPx: '59000',
      slOrdPx: '-1',
      reduceOnly: true,
    };
    test.post('trade/order-algo', body);
    expect(of(heard.take(), 'orders-algo')[0]?.data).toMatchObject([{ state: 'live', slTriggerPx: '59000' }]);
    const orders = loggedIn(test);
    subscribe(orders, { channel: 'orders', instType: 'SWAP' });
    const { ordId } = test.post('trade/order', LIMIT).data[0] ?? {};
    test.post('trade/amend-order', { instId: BTC, ordId, newPx: '58000', reqId: 'r1' });
    expect(of(orders.take(), 'orders').at(-1)?.data).toMatchObject([
      { px: '58000', reqId: 'r1', amendResult: '0', amendSource: '1' },
    ]);
  });

  it('warn of a position near its liquidation', () => {
    const test = paper();
    test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever: '20' });
    test.post('trade/order', { ...LIMIT, ordType: 'market', px: '' });
    const heard = loggedIn(test);
    subscribe(heard, { channel: 'liquidation-warning', instType: 'SWAP' });
    test.exchange.hub.beat();
    expect(heard.take()).toEqual([]);
    test.price(BTC, '60000', '57600');
    test.exchange.hub.beat();
    expect(of(heard.take(), 'liquidation-warning')[0]?.data).toMatchObject([{ instId: BTC }]);
  });
});

describe('orders over the socket', () => {
  const operate = (heard: Heard, op: string, args: object[], more: object = {}) => {
    heard.say({ id: 'i1', op, args, ...more });
    return heard.take().find((message) => message.op === op);
  };

  it('takes an instrument by its code or by its name, and answers like REST', () => {
    const test = paper();
    const heard = loggedIn(test, 'private');
    const { instId: _, ...coded } = { ...LIMIT, instIdCode: 10459 };
    for (const args of [coded, LIMIT])
      expect(operate(heard, 'order', [args])).toMatchObject({ id: 'i1', code: '0', msg: '', data: [{ sCode: '0' }] });
    expect(test.get('trade/orders-pending').data).toHaveLength(2);
  });

  it('keeps msg empty beside a rejected row, so that clients read its code', () => {
    const heard = loggedIn(paper());
    expect(operate(heard, 'order', [{ ...LIMIT, sz: '51' }])).toMatchObject({
      code: '1',
      msg: '',
      data: [{ sCode: '51008' }],
    });
    expect(operate(heard, 'batch-orders', [LIMIT, { ...LIMIT, sz: '51' }])).toMatchObject({ code: '2', msg: '' });
  });

  it('amends, cancels, in batches too, with times in microseconds', () => {
    const test = paper();
    const heard = loggedIn(test);
    const placed = operate(heard, 'batch-orders', [LIMIT, LIMIT]);
    expect(placed?.inTime).toBe(`${NOW}000`);
    const names = (placed?.data ?? []).map(({ ordId }) => ({ instIdCode: 10459, ordId }));
    expect(operate(heard, 'amend-order', [{ ...names[0], newPx: '58000' }])).toMatchObject({ code: '0' });
    expect(
      operate(
        heard,
        'batch-amend-orders',
        names.map((name) => ({ ...name, newSz: '2' })),
      ),
    ).toMatchObject({ code: '0' });
    expect(operate(heard, 'cancel-order', [names[0] ?? {}])).toMatchObject({ code: '0' });
    expect(operate(heard, 'batch-cancel-orders', names)).toMatchObject({ code: '2' });
  });

  it('refuses what is malformed, too late or too often', () => {
    const test = paper({ isRateLimited: true });
    const heard = loggedIn(test);
    heard.say({ id: 'not-alnum', op: 'order', args: [LIMIT] });
    expect(heard.take()).toMatchObject([{ event: 'error', code: '60013' }]);
    expect(operate(heard, 'order', [LIMIT], { expTime: String(NOW - 1) })).toMatchObject({ code: '50036', data: [] });
    expect(operate(heard, 'order', [LIMIT, LIMIT])).toMatchObject({ code: '51111' });
    for (let i = 0; i < 60; i++) operate(heard, 'order', [LIMIT]);
    expect(operate(heard, 'order', [LIMIT])).toMatchObject({ code: '50011' });
  });
});
