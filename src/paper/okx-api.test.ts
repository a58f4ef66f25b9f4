/** okx-api as it comes from its package, with its own options for the addresses: REST, streams and orders over the socket (okx-v5.md §5.2). */
import { RestClient, WebsocketAPIClient, WebsocketClient } from 'okx-api';
import { describe, expect, it, onTestFinished } from 'vitest';
import { BTC, listening, type PaperTest, paper, wellKnown } from '../../test/paper.ts';
import { GeneratedMarket } from './market/generated-market.ts';

/** Real sockets on a machine that may be busy. */
const KEYS = { apiKey: 'a', apiSecret: 'aSecret', apiPass: 'aPass' };
const ISOLATED = { instId: BTC, tdMode: 'isolated' } as const;

const still = (more: object = {}) => paper({ wall: Date.now, ...more });

async function rest(test: PaperTest, keys: object = {}) {
  return new RestClient({ ...KEYS, ...keys, baseUrl: (await listening(test)).rest });
}

interface Pushed {
  readonly arg?: { readonly channel: string };
  readonly data: readonly Record<string, string>[];
}

/** A client of all channels over the one path, and everything it hands on. */
async function stream(test: PaperTest, url?: string) {
  const client = new WebsocketClient(
    { accounts: [KEYS], wsUrl: url ?? `${(await listening(test)).ws}/any` },
    { trace: nothing, info: nothing, error: nothing },
  );
  const pushes: Pushed[] = [];
  const reconnected: unknown[] = [];
  client.on('update', (push: unknown) => pushes.push(push as Pushed));
  client.on('reconnected', (about: unknown) => reconnected.push(about));
  client.on('exception', nothing);
  onTestFinished(() => client.closeAll(true));
  return { client, pushes, reconnected, of: (channel: string) => pushes.filter(({ arg }) => arg?.channel === channel) };
}

describe('okx-api over REST', () => {
  it('reads the market', async () => {
    const from = Date.now();
    const source = new GeneratedMarket({
      seed: 5,
      instruments: [wellKnown(BTC)],
      bornAt: from,
      fromMs: from,
      historyMinutes: 120,
    });
    const okx = await rest(paper({ source, at: from, wall: Date.now }));
    const [instrument] = await okx.getInstruments({ instType: 'SWAP' });
    expect(instrument).toMatchObject({ instId: BTC, ctVal: '0.01', tickSz: '0.1', lotSz: '0.01', lever: '100' });
    const [ticker] = await okx.getTicker({ instId: BTC });
    expect(Number(ticker?.last)).toBeGreaterThan(0);
    const candles = await okx.getCandles({ instId: BTC, bar: '1m', limit: '100' });
    expect(candles).toHaveLength(100);
    expect((await okx.getOrderBook({ instId: BTC, sz: '5' }))[0]?.asks).toHaveLength(5);
    expect(await okx.getTrades({ instId: BTC })).toBeInstanceOf(Array);
    expect((await okx.getSystemTime({}))[0]?.ts).toBe(String(from));
  });

  it('asks public things with stale headers of another request and is not refused', async () => {
    const okx = await rest(still());
    await okx.getBalance();
    expect((await okx.getTicker({ instId: BTC }))[0]?.instId).toBe(BTC);
  });

  it("sets leverage, trades, amends, cancels, closes, and its numbers are the simulator's", async () => {
    const test = still();
    const okx = await rest(test);
    expect(await okx.setLeverage({ instId: BTC, lever: '5', mgnMode: 'isolated' })).toMatchObject([{ lever: '5' }]);
    const [placed] = await okx.submitOrder({ ...ISOLATED, side: 'buy', ordType: 'market', sz: '2' });
    expect(placed).toMatchObject({ sCode: '0' });
    const [position] = await okx.getPositions({ instId: BTC });
    expect(position).toMatchObject(test.get('account/positions').data[0] ?? {});
    const [balance] = await okx.getBalance();
    expect(balance).toMatchObject(test.get('account/balance').data[0] ?? {});
    const [limit] = await okx.submitOrder({
      ...ISOLATED,
      side: 'buy',
      ordType: 'post_only',
      sz: '1',
      px: '59000',
      clOrdId: 'mine',
    });
    await okx.amendOrder({ instId: BTC, ordId: limit?.ordId ?? '', newPx: '58000' });
    expect((await okx.getOrderList())[0]).toMatchObject({ px: '58000', clOrdId: 'mine', state: 'live' });
    await okx.cancelOrder({ instId: BTC, clOrdId: 'mine' });
    const two = await okx.submitMultipleOrders(
      ['57000', '57100'].map((px) => ({ ...ISOLATED, side: 'buy', ordType: 'limit', sz: '1', px })),
    );
    await okx.cancelMultipleOrders(two.map(({ ordId }) => ({ instId: BTC, ordId })));
    expect(await okx.getOrderList()).toEqual([]);
    await okx.closePositions({ instId: BTC, mgnMode: 'isolated' });
    expect(await okx.getFillsHistory({ instType: 'SWAP' })).toMatchObject(test.get('trade/fills').data);
    expect((await okx.getPositionsHistory({ instId: BTC }))[0]).toMatchObject({ type: '2' });
  });

  it('protects with attached and algo orders', async () => {
    const test = still();
    const okx = await rest(test);
    await okx.submitOrder({
      ...ISOLATED,
      side: 'buy',
      ordType: 'market',
      sz: '1',
      attachAlgoOrds: [{ slTriggerPx: '58000', slOrdPx: '-1', tpTriggerPx: '62000', tpOrdPx: '-1' }],
    });
    const algo = {
      ...ISOLATED,
      side: 'sell',
      ordType: 'conditional',
      sz: '1',
      slTriggerPx: '57000',
      slOrdPx: '-1',
    } as const;
    const [stop] = await okx.placeAlgoOrder({ ...algo, reduceOnly: true });
    expect((await okx.getAlgoOrderList({ ordType: 'oco' }))[0]).toMatchObject({
      slTriggerPx: '58000',
      tpTriggerPx: '62000',
    });
    await okx.cancelAlgoOrder([{ instId: BTC, algoId: stop?.algoId ?? '' }]);
    test.price(BTC, '62000');
    expect((await okx.getPositions({ instId: BTC }))[0]?.pos).toBe('0');
  });

  it.each([
    ['50113', { apiSecret: 'wrong' }],
    ['50105', { apiPass: 'wrong' }],
    ['50111', { apiKey: 'nobody' }],
  ])('is refused with %s for %j', async (code, keys) => {
    const okx = await rest(still(), keys);
    await expect(okx.getBalance()).rejects.toMatchObject({ code });
  });

  it('hears a rejection as the body that was sent', async () => {
    const okx = await rest(still());
    const order = okx.submitOrder({ ...ISOLATED, side: 'buy', ordType: 'market', sz: '1000' });
    await expect(order).rejects.toMatchObject({ code: '1', data: [{ sCode: '51008', subCode: '1000' }] });
  });
});

describe('okx-api over sockets', () => {
  it('hears orders, positions and balance of what REST does', async () => {
    const test = still();
    const heard = await stream(test);
    heard.client.subscribe([
      { channel: 'account' },
      { channel: 'positions', instType: 'ANY' },
      { channel: 'orders', instType: 'SWAP' },
      { channel: 'tickers', instId: BTC },
      { channel: 'candle1m', instId: BTC },
    ]);
    await until(
      () => heard.of('account').length > 0 && heard.of('positions').length > 0 && heard.of('candle1m').length > 0,
    );
    await until(() => test.exchange.hub.topicCount === 5);
    test.post('trade/order', { ...ISOLATED, side: 'buy', ordType: 'market', sz: '1' });
    await until(() => heard.of('orders').length === 2);
    expect(heard.of('orders').map(({ data }) => data[0]?.['state'])).toEqual(['live', 'filled']);
    await until(() => heard.of('positions').length === 2);
    expect(heard.of('positions').at(-1)?.data[0]).toMatchObject({ pos: '1', mgnMode: 'isolated' });
    expect(heard.of('tickers')[0]?.data[0]).toMatchObject({ instId: BTC, last: '60000' });
  });

  it('comes back by itself after a cut and after the notice of an upgrade', async () => {
    const test = still();
    const heard = await stream(test);
    heard.client.subscribe({ channel: 'account' });
    await until(() => heard.of('account').length === 1);
    test.raw({ method: 'POST', target: '/admin/sockets', body: '{"how":"cut"}' });
    await until(() => heard.of('account').length === 2);
    test.raw({ method: 'POST', target: '/admin/sockets', body: '{"how":"notice"}' });
    await until(() => heard.of('account').length === 3);
    expect(heard.reconnected.length).toBeGreaterThan(0);
  });

  it('trades over the socket, logging in twice on it', async () => {
    const test = still();
    const { ws } = await listening(test);
    const okx = new WebsocketAPIClient(
      { accounts: [KEYS], wsUrl: `${ws}/any`, attachEventListeners: false },
      { trace: nothing, info: nothing, error: nothing },
    );
    onTestFinished(() => okx.getWSClient().closeAll(true));
    okx.getWSClient().on('exception', nothing);
    const order = { instIdCode: 10459, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59000' };
    const placed = await okx.submitNewOrder(order as never);
    const { ordId } = placed.data[0] as { ordId: string };
    expect(test.get('trade/orders-pending').data[0]).toMatchObject({ ordId, px: '59000' });
    await okx.amendOrder({ instIdCode: 10459, ordId, newPx: '58000' } as never);
    expect(test.get('trade/order', { instId: BTC, ordId }).data[0]?.['px']).toBe('58000');
    await okx.cancelOrder({ instIdCode: 10459, ordId } as never);
    expect(test.get('trade/order', { instId: BTC, ordId }).data[0]?.['state']).toBe('canceled');
    await expect(okx.submitNewOrder({ ...order, sz: '1000' } as never)).rejects.toMatchObject({
      data: [{ sCode: '51008' }],
    });
  });
});

function nothing(): void {
  return undefined;
}

async function until(fact: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !fact(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fact()).toBe(true);
}
