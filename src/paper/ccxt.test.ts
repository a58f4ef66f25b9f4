/** ccxt as it comes from its package, with two URLs and documented switches: what it parses is what the simulator did (okx-v5.md §5.1). */
import ccxt, {
  AuthenticationError,
  BadRequest,
  InsufficientFunds,
  InvalidNonce,
  InvalidOrder,
  OrderNotFound,
  RateLimitExceeded,
} from 'ccxt';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accountOf, BTC, ETH, listening, type PaperTest, paper, wellKnown } from '../../test/paper.ts';
import { GeneratedMarket } from './market/generated-market.ts';

/** Real sockets on a machine that may be busy. */
const S = 'BTC/USDT:USDT';
const ISOLATED = { marginMode: 'isolated' };

async function client(test: PaperTest, more: object = {}) {
  const { rest, ws } = await listening(test);
  const okx = new ccxt.pro.okx({ apiKey: 'a', secret: 'aSecret', password: 'aPass', enableRateLimit: false, ...more });
  const api = okx.urls['api'] as { rest: string; ws: string };
  api.rest = rest;
  api.ws = ws;
  await okx.loadHttpProxyAgent();
  onTestFinished(() => okx.close());
  return okx;
}

/** The market runs by itself: for whoever watches it. */
function running(): PaperTest {
  const instruments = [wellKnown(BTC), wellKnown(ETH)];
  const from = Date.now();
  return paper({
    source: new GeneratedMarket({ seed: 11, instruments, bornAt: from, fromMs: from, historyMinutes: 400 }),
    at: from,
    wall: Date.now,
  });
}

/** The exchange's clock and the client's are the world's; the price stands. */
const still = (more: object = {}) => paper({ wall: Date.now, ...more });

describe('ccxt reads the market', () => {
  it('loads markets with their steps, limits and contract values', async () => {
    const okx = await client(still());
    const markets = await okx.loadMarkets();
    expect(Object.keys(markets).toSorted()).toEqual(['BTC/USDT:USDT', 'ETH/USDT:USDT']);
    expect(markets[S]).toMatchObject({
      id: BTC,
      swap: true,
      linear: true,
      active: true,
      contractSize: 0.01,
      precision: { amount: 0.01, price: 0.1 },
      limits: { amount: { min: 0.01 }, leverage: { max: 100 } },
    });
  });

  it('reads ticker, book, trades, candles, mark price, funding, tiers, status and time', async () => {
    const test = running();
    const okx = await client(test);
    test.pass(5_000);
    const { floor } = test.exchange;
    const book = floor.bookOf(floor.listingOf(BTC));
    const ticker = await okx.fetchTicker(S);
    expect([ticker.last, ticker.bid, ticker.ask]).toEqual([
      book.lastTicks / 10,
      book.touchTicks(-1) / 10,
      book.touchTicks(1) / 10,
    ]);
    expect(Object.keys(await okx.fetchTickers([S, 'ETH/USDT:USDT'])).length).toBe(2);
    const depth = await okx.fetchOrderBook(S, 50);
    expect([depth.bids.length, depth.asks.length, depth.bids[0]?.[0]]).toEqual([50, 50, ticker.bid]);
    expect((await okx.fetchTrades(S)).at(-1)?.price).toBe(ticker.last);
    const candles = await okx.fetchOHLCV(S, '1m', undefined, 100);
    expect(candles).toHaveLength(100);
    expect(candles.at(-1)?.[4]).toBe(ticker.last);
    const since = candles[10]?.[0] ?? 0;
    expect(await okx.fetchOHLCV(S, '1m', since, 5)).toEqual(candles.slice(10, 15));
    expect((await okx.fetchOHLCV(S, '1h', undefined, 3)).length).toBe(3);
    expect((await okx.fetchMarkPrice(S)).markPrice).toBe(book.markTicks / 10);
    expect((await okx.fetchFundingRate(S)).fundingRate).toBeCloseTo(
      floor.fundingRateE8(floor.listingOf(BTC)) / 1e8,
      10,
    );
    expect(Array.isArray(await okx.fetchFundingRateHistory(S))).toBe(true);
    expect((await okx.fetchMarketLeverageTiers(S))[0]).toMatchObject({
      maintenanceMarginRate: 0.004,
      maxLeverage: 100,
    });
    expect((await okx.fetchOpenInterest(S)).openInterestAmount).toBeGreaterThan(0);
    expect(await okx.fetchTime()).toBe(test.clock.now());
    expect((await okx.fetchStatus()).status).toBe('ok');
  });
});

describe('ccxt trades', () => {
  it('a market order becomes a position; balance, leverage and fees are what the simulator says', async () => {
    const test = still();
    const okx = await client(test);
    await okx.setLeverage(5, S, { mgnMode: 'isolated' });
    expect((await okx.fetchLeverage(S, ISOLATED)).longLeverage).toBe(5);
    const id = idOf(await okx.createOrder(S, 'market', 'buy', 2, undefined, ISOLATED));
    const order = await okx.fetchOrder(id, S);
    const [fill] = test.get('trade/fills').data;
    expect(order).toMatchObject({ status: 'closed', filled: 2, average: Number(fill?.['fillPx']), side: 'buy' });
    expect(order.fee).toMatchObject({ currency: 'USDT', cost: -Number(fill?.['fee']) });
    const [shown] = test.get('account/positions').data;
    expect((await okx.fetchPositions([S]))[0]).toMatchObject({
      contracts: 2,
      side: 'long',
      marginMode: 'isolated',
      leverage: 5,
      entryPrice: Number(shown?.['avgPx']),
      liquidationPrice: Number(shown?.['liqPx']),
      unrealizedPnl: Number(shown?.['upl']),
      collateral: Number(shown?.['margin']),
      hedged: false,
    });
    const balance = await okx.fetchBalance();
    const [detail] =
      (test.get('account/balance').data as unknown as { details: Record<string, string>[] }[])[0]?.details ?? [];
    expect(balance['USDT']).toMatchObject({ total: Number(detail?.['eq']), free: Number(detail?.['availEq']) });
    const [trade] = await okx.fetchMyTrades(S);
    expect(trade).toMatchObject({ order: id, amount: 2, takerOrMaker: 'taker', price: Number(fill?.['fillPx']) });
    expect(await okx.fetchTradingFee(S)).toMatchObject({ maker: 0.0002, taker: 0.0005 });
    await okx.closePosition(S, undefined, ISOLATED);
    expect(await okx.fetchPositions([S]).then((all) => all.filter(({ contracts }) => contracts !== 0))).toEqual([]);
    expect((await okx.fetchPositionsHistory([S]))[0]).toMatchObject({ symbol: S });
  });

  it('trades in cross margin where it is not told otherwise', async () => {
    const test = still();
    const okx = await client(test);
    await okx.createOrder(S, 'market', 'sell', 1);
    expect((await okx.fetchPositions())[0]).toMatchObject({ contracts: 1, side: 'short', marginMode: 'cross' });
  });

  it('rests, amends, cancels, in batches too', async () => {
    const test = still();
    const okx = await client(test);
    const id = idOf(await okx.createOrder(S, 'limit', 'buy', 1, 59_000, { ...ISOLATED, clientOrderId: 'mine1' }));
    expect((await okx.fetchOpenOrders(S))[0]).toMatchObject({
      id,
      clientOrderId: 'mine1',
      price: 59_000,
      status: 'open',
    });
    await okx.editOrder(id, S, 'limit', 'buy', 2, 58_900);
    expect(await okx.fetchOrder(id, S)).toMatchObject({ amount: 2, price: 58_900 });
    const post = await okx.createOrder(S, 'limit', 'buy', 1, 60_001, { ...ISOLATED, postOnly: true });
    expect((await okx.fetchOrder(idOf(post), S)).status).toBe('canceled');
    const ioc = await okx.createOrder(S, 'limit', 'buy', 1, 59_000, { ...ISOLATED, timeInForce: 'IOC' });
    expect((await okx.fetchOrder(idOf(ioc), S)).status).toBe('canceled');
    const batch = await okx.createOrders(
      [58_000, 58_100].map((price) => ({ symbol: S, type: 'limit', side: 'buy', amount: 1, price, params: ISOLATED })),
    );
    await okx.cancelOrders([...batch.map(idOf), id], S);
    expect(await okx.fetchOpenOrders(S)).toEqual([]);
    expect((await okx.fetchCanceledOrders(S)).map((each) => each.id)).toContain(id);
  });

  it('reduces only, and closed orders are told', async () => {
    const okx = await client(still());
    await okx.createOrder(S, 'market', 'buy', 2, undefined, ISOLATED);
    const close = await okx.createOrder(S, 'market', 'sell', 1, undefined, { ...ISOLATED, reduceOnly: true });
    expect(await okx.fetchOrder(idOf(close), S)).toMatchObject({ reduceOnly: true, status: 'closed' });
    expect(await okx.fetchClosedOrders(S)).toHaveLength(2);
  });

  it('protects: attached take-profit and stop, stop orders, one of two, trailing, triggers', async () => {
    const test = still();
    const okx = await client(test);
    const params = { ...ISOLATED, stopLoss: { triggerPrice: 58_000 }, takeProfit: { triggerPrice: 62_000 } };
    await okx.createOrder(S, 'market', 'buy', 1, undefined, params);
    const [attached] = await okx.fetchOpenOrders(S, undefined, undefined, { trigger: true, ordType: 'oco' });
    expect(attached).toMatchObject({ side: 'sell', amount: 1, stopLossPrice: 58_000, takeProfitPrice: 62_000 });
    const stop = await okx.createOrder(S, 'market', 'sell', 1, undefined, {
      ...ISOLATED,
      stopLossPrice: 57_000,
      reduceOnly: true,
    });
    const trigger = await okx.createOrder(S, 'market', 'buy', 1, undefined, { ...ISOLATED, triggerPrice: 61_000 });
    const trailing = await okx.createOrder(S, 'market', 'sell', 1, undefined, {
      ...ISOLATED,
      trailingPercent: 1,
      reduceOnly: true,
    });
    const kinds = test.get('trade/orders-algo-pending', { ordType: 'conditional,oco,trigger,move_order_stop' }).data;
    expect(kinds.map(({ ordType }) => ordType).toSorted()).toEqual([
      'conditional',
      'move_order_stop',
      'oco',
      'trigger',
    ]);
    await okx.cancelOrder(idOf(stop), S, { trigger: true });
    await okx.cancelOrders([idOf(trigger), idOf(trailing)], S, { trigger: true });
    test.price(BTC, '58000');
    expect((await okx.fetchPositions([S])).filter(({ contracts }) => contracts !== 0)).toEqual([]);
  });

  it('changes modes, margin and the dead-man switch', async () => {
    const test = still();
    const okx = await client(test);
    expect((await okx.fetchPositionMode(S))['hedged']).toBe(false);
    await okx.setPositionMode(true);
    await okx.createOrder(S, 'market', 'buy', 1, undefined, { ...ISOLATED, positionSide: 'long', hedged: true });
    expect((await okx.fetchPositions([S]))[0]).toMatchObject({ side: 'long', hedged: true });
    await okx.addMargin(S, 10, { posSide: 'long' });
    await okx.cancelAllOrdersAfter(10_000);
    expect(test.exchange.desk('a')?.cancelAllAt).toBe(test.clock.now() + 10_000);
    expect((await okx.fetchAccounts())[0]).toMatchObject({ id: '1000097' });
    test.pass(8 * 3_600_000);
    expect((await okx.fetchFundingHistory(S)).length).toBe(1);
  });
});

describe('ccxt is refused with its own exceptions', () => {
  it.each([
    ['more than the margin pays for', [1_000], InsufficientFunds],
    ['a price outside the limits', [1, 70_000], InvalidOrder],
    ['less than the smallest', [0.001], Error],
  ] as const)('%s', async (_what, [amount, price], exception) => {
    const okx = await client(still());
    const type = price === undefined ? 'market' : 'limit';
    await expect(okx.createOrder(S, type, 'buy', amount, price, ISOLATED)).rejects.toThrow(exception);
  });

  it('a second order with a client id in use, an order that is not there, a posSide in net mode', async () => {
    const okx = await client(still());
    const once = () => okx.createOrder(S, 'limit', 'buy', 1, 59_000, { ...ISOLATED, clientOrderId: 'twice' });
    await once();
    await expect(once()).rejects.toThrow(InvalidOrder);
    await expect(okx.cancelOrder('123', S)).rejects.toThrow(OrderNotFound);
    await expect(okx.fetchOrder('123', S)).rejects.toThrow(OrderNotFound);
    await expect(okx.setLeverage(5, S, { mgnMode: 'isolated', posSide: 'short' })).rejects.toThrow(BadRequest);
  });

  it('a wrong secret, a wrong passphrase, an old timestamp, too many requests', async () => {
    const secret = await client(still(), { secret: 'wrong' });
    await expect(secret.fetchBalance()).rejects.toThrow(AuthenticationError);
    const passphrase = await client(still(), { password: 'wrong' });
    await expect(passphrase.fetchBalance()).rejects.toThrow(AuthenticationError);
    const late = await client(still());
    late.milliseconds = () => Date.now() - 60_000;
    late.nonce = () => Date.now() - 60_000;
    await expect(late.fetchBalance()).rejects.toThrow(InvalidNonce);
    const often = await client(still({ isRateLimited: true }));
    for (let i = 0; i < 5; i++) await often.privateGetAccountConfig();
    await expect(often.privateGetAccountConfig()).rejects.toThrow(RateLimitExceeded);
  });
});

describe('ccxt watches', () => {
  it('ticker, trades, book and candles as REST shows them', async () => {
    const test = running();
    const okx = await client(test);
    await okx.loadMarkets();
    const watched = Promise.all([
      okx.watchTicker(S),
      okx.watchTrades(S),
      okx.watchOrderBook(S),
      okx.watchOHLCV(S, '1m'),
    ]);
    const [, , book] = await tickUntil(test, watched);
    const sequence = book.nonce;
    const [ticker, next] = await tickUntil(test, Promise.all([okx.watchTicker(S), okx.watchOrderBook(S)]));
    expect(ticker.last).toBeGreaterThan(0);
    expect(next.nonce).toBeGreaterThan(sequence ?? 0);
    const shown = test.get('market/books', { instId: BTC, sz: '5' }).data[0] as unknown as { bids: string[][] };
    await tickUntil(test, okx.watchOrderBook(S));
    expect(shown.bids.length).toBe(5);
  });

  it('its own orders, trades, positions and balance', async () => {
    const test = still();
    const okx = await client(test);
    await okx.loadMarkets();
    const firstBalance = await okx.watchBalance();
    expect(firstBalance['USDT']?.total).toBe(10_000);
    const orders = okx.watchOrders(S);
    const trades = okx.watchMyTrades(S);
    expect(await okx.watchPositions([S]), 'the snapshot of nothing').toEqual([]);
    const positions = okx.watchPositions([S]);
    const balance = okx.watchBalance();
    await until(() => test.exchange.hub.topicCount >= 3);
    const id = idOf(await okx.createOrder(S, 'market', 'buy', 1, undefined, ISOLATED));
    expect((await orders).some((order) => order.id === id)).toBe(true);
    expect((await trades)[0]).toMatchObject({ order: id, amount: 1 });
    expect((await positions)[0]).toMatchObject({ contracts: 1, side: 'long' });
    const next = await balance;
    expect(next['USDT']?.free).toBeLessThan(10_000);
  });

  it('and trades over the socket', async () => {
    const test = still();
    const okx = await client(test);
    await okx.loadMarkets();
    const id = idOf(await okx.createOrderWs(S, 'limit', 'buy', 1, 59_000, ISOLATED));
    await okx.editOrderWs(id, S, 'limit', 'buy', 2, 58_000);
    expect(await okx.fetchOrder(id, S)).toMatchObject({ amount: 2, price: 58_000 });
    await okx.cancelOrderWs(id, S);
    expect((await okx.fetchOrder(id, S)).status).toBe('canceled');
    await expect(okx.createOrderWs(S, 'market', 'buy', 1_000, undefined, ISOLATED)).rejects.toThrow(InsufficientFunds);
  });
});

describe('two clients of two accounts', () => {
  it('see only their own', async () => {
    const test = still({ accounts: [accountOf('a', 10_000), accountOf('b', 500)] });
    const first = await client(test);
    const second = new ccxt.okx({ apiKey: 'b', secret: 'bSecret', password: 'bPass' });
    second.urls['api'] = first.urls['api'];
    await first.createOrder(S, 'market', 'buy', 1, undefined, ISOLATED);
    expect((await second.fetchBalance())['USDT']?.total).toBe(500);
    expect(await second.fetchPositions()).toEqual([]);
  });
});

function idOf({ id }: { readonly id?: string | undefined }): string {
  if (id === undefined) throw new Error('ccxt read no id');
  return id;
}

/** Lets the market go on, second by second, until a promise is kept. */
async function tickUntil<T>(test: PaperTest, promise: Promise<T>): Promise<T> {
  let isKept = false;
  const kept = promise.finally(() => {
    isKept = true;
  });
  for (let i = 0; i < 200 && !isKept; i++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    test.pass(1_000);
  }
  return await kept;
}

async function until(fact: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !fact(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(fact()).toBe(true);
}
