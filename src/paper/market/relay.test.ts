/** A paper exchange that follows another one's market over real sockets, as it would follow OKX's. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until } from '../../../test/okx/local-server.ts';
import { accountOf, BTC, ETH } from '../../../test/paper.ts';
import { Rest } from '../../okx/door/rest.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { offlineInstrument } from '../../sim/market/instruments.ts';
import { ManualClock } from '../clock.ts';
import { PaperExchange } from '../exchange.ts';
import { GeneratedMarket } from './generated-market.ts';
import { followOkx, RelayError, type RelayNews } from './okx-relay.ts';

const MINUTE_MS = 60_000;
/** Hours from every settlement of funding. */
const NOON = Date.UTC(2026, 2, 2, 12, 0, 5);
const SETTLEMENT = Date.UTC(2026, 2, 2, 16);
const KEYS = { key: 'a', secret: 'aSecret', passphrase: 'aPass' };

function newOrigin(clock: ManualClock, bornAt: number): PaperExchange {
  const instruments = [BTC, ETH].map(
    (instId) => offlineInstrument(instId) as NonNullable<ReturnType<typeof offlineInstrument>>,
  );
  return new PaperExchange({
    source: new GeneratedMarket({ seed: 5, instruments, bornAt, fromMs: clock.now(), historyMinutes: 700 }),
    clock,
    accounts: [],
    isRateLimited: false,
    hasAdmin: true,
  });
}

async function followed(startMs = NOON) {
  const clock = new ManualClock(startMs, Date.now);
  let origin = newOrigin(clock, startMs);
  const port = await origin.listen(0);
  const news: RelayNews[] = [];
  const rest = new Rest({
    origin: `http://127.0.0.1:${port}`,
    isDemo: false,
    nowMs: () => clock.now(),
    timeoutMs: 5_000,
    waitMsMax: 20_000,
  });
  const beating = setInterval(() => pass(1_000), 20);
  const pass = (ms: number) => {
    clock.pass(ms);
    origin.advance();
  };
  const relay = await followOkx({
    rest,
    wsUrl: `ws://127.0.0.1:${port}/ws/v5`,
    symbols: [BTC, ETH],
    historyMinutes: 600,
    tell: (each) => news.push(each),
    random: () => 0.5,
    socketTiming: { firstPauseMs: 20, lastPauseMs: 20 },
  });
  clearInterval(beating);
  const here = new PaperExchange({
    source: relay.market,
    clock,
    accounts: [accountOf('a', 10_000)],
    isRateLimited: false,
    onBug: (error) => {
      throw error;
    },
  });
  onTestFinished(async () => {
    clearInterval(beating);
    relay.close();
    await here.close();
    await origin.close();
  });
  const ask = (of: PaperExchange, target: string) =>
    (
      JSON.parse(
        of.answer({ method: 'GET', target: `/api/v5/${target}`, body: '', address: '', header: () => undefined }).text,
      ) as { data: Record<string, unknown>[] }
    ).data;
  const post = (path: string, body: object) => {
    const target = `/api/v5/trade/${path}`;
    const text = JSON.stringify(body);
    const own = new ApiKey(KEYS).restHeaders({ method: 'POST', target, body: text, nowMs: Date.now() });
    const headers = new Map(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
    headers.set('content-type', 'application/json');
    const request = { method: 'POST', target, body: text, address: '', header: (name: string) => headers.get(name) };
    return (JSON.parse(here.answer(request).text) as { data: Record<string, string>[] }).data[0];
  };
  /** Both have lived up to the same moment, and what the origin said has been heard. */
  const together = async (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      pass(Math.min(1_000, left));
      // A second's pushes are heard before the next second.
      const last = ask(origin, `public/mark-price?instType=SWAP&instId=${ETH}`)[0]?.['markPx'];
      await until('the same mark', () => {
        here.advance();
        return ask(here, `public/mark-price?instType=SWAP&instId=${ETH}`)[0]?.['markPx'] === last;
      });
    }
  };
  const end = async () => origin.close();
  const again = async () => {
    origin = newOrigin(clock, startMs);
    await origin.listen(port);
  };
  return { clock, relay, here, news, ask, post, pass, together, end, again, there: () => origin };
}

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1' };

describe('an exchange that follows another market', () => {
  it('shows the same instruments, tiers, candles, prices, books, funding', async () => {
    const { here, there, ask, together } = await followed();
    const rates: string[] = [];
    const take = (bytes: Buffer) => {
      const { data = [] } = JSON.parse(String(bytes)) as { data?: { fundingRate: string }[] };
      for (const { fundingRate } of data) rates.push(fundingRate);
    };
    const listener = there().connect({ send: take, close: () => undefined, cut: () => undefined }, 'public');
    listener.hear(JSON.stringify({ op: 'subscribe', args: [{ channel: 'funding-rate', instId: BTC }] }));
    await together(70_000);
    const same = (target: string, strip: (row: Record<string, unknown>) => unknown = (row) => row) =>
      expect(ask(here, target).map(strip), target).toEqual(ask(there(), target).map(strip));
    same('public/instruments?instType=SWAP');
    same('public/position-tiers?instType=SWAP&tdMode=isolated&instFamily=BTC-USDT');
    same(`market/candles?instId=${BTC}&bar=1m&limit=300`);
    same(`market/history-candles?instId=${ETH}&bar=5m&limit=60`);
    same('public/mark-price?instType=SWAP', ({ instId, markPx }) => ({ instId, markPx }));
    same(`public/funding-rate-history?instId=${BTC}`);
    expect(ask(here, `public/funding-rate?instId=${BTC}`)[0]?.['fundingRate'], 'as it was pushed last').toBe(
      rates.at(-1),
    );
    const prices = ({ last, bidPx, askPx }: Record<string, unknown>) => ({ last, bidPx, askPx });
    same('market/tickers?instType=SWAP', prices);
    same(`market/books?instId=${BTC}&sz=50`, ({ asks, bids }) => ({ asks, bids }));
    const trades = ({ px, sz }: Record<string, unknown>) => ({ px, sz });
    same(`market/trades?instId=${BTC}&limit=20`, trades);
  });

  it('reads a minute whose close no socket has told, though the connection stood', async () => {
    const { clock, here, there, ask, pass, together } = await followed();
    const sockets = (body: object) =>
      there().answer({
        method: 'POST',
        target: '/admin/sockets',
        body: JSON.stringify(body),
        address: '',
        header: () => undefined,
      });
    await together(MINUTE_MS - (clock.now() % MINUTE_MS) + 10_000);
    const missed = clock.now() - 10_000;
    sockets({ how: 'mute', place: 'business' });
    sockets({ how: 'mute', place: 'public' });
    pass(20_000);
    sockets({ how: 'unmute', place: 'public' });
    await together(40_000);
    sockets({ how: 'unmute', place: 'business' });
    // Past the end of the next minute: time stands from then on, and whether a minute that ends just now is over is not the same to both clocks.
    await together(60_000);
    const rows = (of: PaperExchange) =>
      ask(of, `market/candles?instId=${BTC}&limit=5`).filter((row) => Number(row[0]) >= missed - MINUTE_MS);
    // Where no later minute has shown the gap, the next look does, five seconds after the last.
    const isRead = () => {
      here.advance();
      return JSON.stringify(rows(here)) === JSON.stringify(rows(there()));
    };
    await until('the missed minute', isRead, 30_000);
  });

  it('settles funding on time, at the rate that was told last', async () => {
    // The market goes on while it is being followed, the further the busier the machine is.
    const { clock, here, ask, together } = await followed(SETTLEMENT - 300_000);
    await together(SETTLEMENT - 5_000 - clock.now());
    const told = ask(here, `public/funding-rate?instId=${BTC}`)[0];
    await together(10_000);
    const [settled] = ask(here, `public/funding-rate-history?instId=${BTC}`);
    expect(told?.['fundingTime']).toBe(String(SETTLEMENT));
    expect(settled).toMatchObject({ fundingTime: told?.['fundingTime'], realizedRate: told?.['fundingRate'] });
  });

  it('fills orders at its prices: a market order at the touch, a resting one when the market comes', async () => {
    const { there, here, ask, post, together } = await followed();
    await together(3_000);
    const ask0 = Number(ask(here, `market/ticker?instId=${BTC}`)[0]?.['askPx']);
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('0');
    const [fill] = here.desk('a')?.fills.list() ?? [];
    expect(Number(fill?.fillPx)).toBeGreaterThanOrEqual(ask0);
    expect(Number(fill?.fillPx)).toBeLessThan(ask0 * 1.0005);
    const below = Math.round(ask0 * 0.99);
    const ordId = post('order', { ...LIMIT, px: String(below) })?.['ordId'] ?? '';
    expect(here.desk('a')?.orders.byId(ordId)?.state).toBe('live');
    const listing = there().floor.listingOf(BTC);
    there().floor.setPrice(listing, below * 10 - 200, below * 10 - 200, 10_000_000);
    await until('the fill', () => {
      here.advance();
      return here.desk('a')?.orders.byId(ordId)?.state === 'filled';
    });
  });

  it('stands still while it hears nothing, says so, fills nothing at old prices, and goes on at the present ones', async () => {
    const { there, here, ask, post, pass, together, end, again, news } = await followed();
    await together(3_000);
    const last = Number(ask(here, `market/ticker?instId=${BTC}`)[0]?.['last']);
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('0');
    const trigger = String(Math.round(last * 0.98));
    const stop = {
      ...LIMIT,
      side: 'sell',
      ordType: 'conditional',
      slTriggerPx: trigger,
      slOrdPx: '-1',
      reduceOnly: true,
    };
    expect(post('order-algo', stop)?.['sCode']).toBe('0');
    const rests = post('order', { ...LIMIT, px: String(Math.round(last * 0.99)) })?.['ordId'] ?? '';

    const states: string[] = [];
    const wire = {
      send: (bytes: Buffer | string) => {
        const { data = [] } = JSON.parse(String(bytes)) as { data?: { instId: string; state: string }[] };
        states.push(...data.filter(({ instId }) => instId === BTC).map(({ state }) => state));
      },
      close: () => undefined,
      cut: () => undefined,
    };
    const follower = here.connect(wire, 'public');
    follower.hear(JSON.stringify({ op: 'subscribe', args: [{ channel: 'instruments', instType: 'SWAP' }] }));

    await end();
    await until('word of it', () => news.some(({ kind }) => kind === 'stands-still'));
    for (let minutes = 0; minutes < 3; minutes += 1) {
      pass(MINUTE_MS);
      here.advance();
    }
    expect(ask(here, `market/ticker?instId=${BTC}`)[0]?.['last'], 'the last price that was heard').toBe(String(last));
    expect(ask(here, `public/instruments?instType=SWAP&instId=${BTC}`)[0]?.['state']).toBe('suspend');
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('51022');
    expect(post('order', { ...LIMIT, px: String(Math.round(last * 0.99)) })?.['sCode']).toBe('51022');
    expect(post('amend-order', { instId: BTC, ordId: rests, newPx: String(Math.round(last * 1.01)) })?.['sCode']).toBe(
      '51022',
    );
    expect(post('cancel-order', { instId: BTC, ordId: rests })?.['sCode'], 'who wants to leave may').toBe('0');
    expect(here.desk('a')?.fills.list().length).toBe(1);
    expect(states, 'pushed to who follows the list').toEqual(['suspend']);

    await again();
    const crashed = Math.round(last * 9.5);
    there().floor.setPrice(there().floor.listingOf(BTC), crashed, crashed, 1_000_000);
    await until('the market again', () => {
      pass(1_000);
      here.advance();
      return news.some(({ kind }) => kind === 'goes-on') && !here.floor.isStill(here.floor.listingOf(BTC));
    });
    await until('the stop', () => {
      pass(1_000);
      here.advance();
      return here.desk('a')?.fills.list().length === 2;
    });
    const closed = here.desk('a')?.fills.list().at(-1);
    expect(states).toEqual(['suspend', 'live']);
    expect(Number(closed?.fillPx), 'at the price that is there, not at its trigger').toBeLessThan(last * 0.96);
    expect(ask(here, `public/instruments?instType=SWAP&instId=${BTC}`)[0]?.['state']).toBe('live');
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('0');
  });

  it('says that the connection of closed minutes alone is lost, and that it is back', async () => {
    const { there, here, together, news, post } = await followed();
    await together(3_000);
    const body = '{"how":"cut","place":"business"}';
    there().answer({ method: 'POST', target: '/admin/sockets', body, address: '', header: () => undefined });
    await until('both words', () => news.length === 2);
    expect(news).toMatchObject([{ kind: 'minutes-late', loss: { code: 'failed' } }, { kind: 'minutes-in-time' }]);
    expect(here.floor.isStill(here.floor.listingOf(BTC))).toBe(false);
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('0');
  });

  it('asks for a channel of prices anew that has fallen silent, and says so; the other instrument goes on', {
    timeout: 15_000,
  }, async () => {
    const { there, here, clock, news, post, together } = await followed();
    await together(3_000);
    const [connection] = [...there().sessions].filter(({ place }) => place === 'public');
    if (connection === undefined) throw new Error('there is no connection');
    const [pushes, asked] = [`{"arg":{"channel":"mark-price","instId":"${BTC}"}`, [] as object[]];
    const { deliver, hear } = connection;
    connection.deliver = (bytes) => {
      if (asked.length > 0 || !String(bytes).startsWith(pushes)) deliver.call(connection, bytes);
    };
    connection.hear = (text) => {
      if (text !== 'ping') asked.push(JSON.parse(text) as object);
      hear.call(connection, text);
    };
    await together(27_000);
    const state = (instId: string) => here.floor.isStill(here.floor.listingOf(instId));
    expect([state(BTC), state(ETH)]).toEqual([true, false]);
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('51022');
    await until('the channel', () => asked.length > 1, 10_000);
    const args = [{ channel: 'mark-price', instId: BTC }];
    expect(asked).toMatchObject([
      { op: 'unsubscribe', args },
      { op: 'subscribe', args },
    ]);
    expect(news).toEqual([{ kind: 'silent', channel: 'mark-price', instId: BTC }]);
    await until('its price', () => !state(BTC));
    clock.pass(1_000);
    here.advance();
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('0');
  });

  it('goes on where the tick and the lot have become finer there: on its own, and says nothing', async () => {
    const { there, here, ask, news, together } = await followed();
    await together(3_000);
    const [connection] = [...there().sessions].filter(({ place }) => place === 'public');
    if (connection === undefined) throw new Error('there is no connection');
    const { deliver } = connection;
    const finer = (text: unknown) => `${Number(text).toFixed(2)}4`;
    let isGap = true;
    connection.deliver = (bytes) => {
      const push = JSON.parse(String(bytes)) as {
        arg?: { channel: string; instId: string };
        data?: Record<string, unknown>[];
      };
      const { channel, instId } = push.arg ?? {};
      // A gap, so that the book begins anew.
      if (channel === 'books' && instId === BTC && isGap) {
        isGap = false;
        return;
      }
      for (const row of push.data ?? []) {
        if (channel === 'trades') Object.assign(row, { px: finer(row['px']), sz: finer(row['sz']) });
        if (channel !== 'books') continue;
        for (const bid of row['bids'] as string[][]) bid[0] = finer(bid[0]);
        for (const level of [row['asks'], row['bids']].flat() as string[][])
          if (level[1] !== '0') level[1] = finer(level[1]);
      }
      deliver.call(connection, Buffer.from(JSON.stringify(push)));
    };
    await together(10_000);
    const same = (target: string, fields: readonly string[]) => {
      const of = (exchange: PaperExchange) => ask(exchange, target).map((row) => fields.map((name) => row[name]));
      expect(of(here), target).toEqual(of(there()));
    };
    same('market/tickers?instType=SWAP', ['last', 'bidPx', 'askPx']);
    const book = (of: PaperExchange) =>
      ask(of, `market/books?instId=${BTC}&sz=50`).map((row) =>
        [row['asks'], row['bids']].map((side) => (side as string[][]).map(([px, sz]) => [px, sz])),
      );
    expect(book(here)).toEqual(book(there()));
    expect(news).toEqual([]);
  });

  it('says once a minute that rows of a channel cannot be used', async () => {
    const { there, news, together } = await followed();
    const push = { arg: { channel: 'trades', instId: BTC }, data: [{ instId: BTC, px: 'x' }] };
    for (let times = 0; times < 20; times += 1)
      for (const session of there().sessions)
        if (session.place === 'public') session.deliver(Buffer.from(JSON.stringify(push)));
    await together(2_000);
    expect(news).toEqual([
      { kind: 'odd', message: expect.stringMatching(/^a pushed row cannot be read: .*px: it is no/) },
    ]);
  });

  it('does not believe a connection over which nothing comes', async () => {
    const { there, here, clock, post, together } = await followed();
    await together(3_000);
    there().answer({
      method: 'POST',
      target: '/admin/sockets',
      body: '{"how":"mute"}',
      address: '',
      header: () => undefined,
    });
    clock.pass(30_000);
    here.advance();
    expect(post('order', { ...LIMIT, ordType: 'market' })?.['sCode']).toBe('51022');
  });

  it('does not begin without a market', async () => {
    const clock = new ManualClock(NOON);
    const origin = newOrigin(clock, NOON);
    const port = await origin.listen(0);
    const rest = (at: number) =>
      new Rest({
        origin: `http://127.0.0.1:${at}`,
        isDemo: false,
        nowMs: () => clock.now(),
        timeoutMs: 2_000,
        waitMsMax: 2_000,
      });
    const more = { historyMinutes: 60, tell: () => undefined, random: () => 0.5, readyWithinMs: 200 };
    const ws = `ws://127.0.0.1:${port}/ws/v5`;
    const follow = (at: number, wsUrl: string, symbols: readonly string[]) =>
      followOkx({ rest: rest(at), wsUrl, symbols, ...more });
    await expect(follow(port, ws, ['NONE-USDT-SWAP'])).rejects.toThrow('NONE-USDT-SWAP: it is not listed');
    await expect(follow(port, 'ws://127.0.0.1:1/ws/v5', [BTC])).rejects.toThrow('no prices came over its sockets');
    await expect(follow(2, ws, [BTC])).rejects.toThrow(RelayError);
    await origin.close();
  });

  it('looks again where the first answer is a page of a gateway, and tells it', async () => {
    const clock = new ManualClock(NOON, Date.now);
    const origin = newOrigin(clock, NOON);
    const port = await origin.listen(0);
    let pages = 1;
    const proxy = await startFaultProxy(`http://127.0.0.1:${port}`, ({ path }) =>
      path.endsWith('public/instruments') && pages-- > 0
        ? { forward: 'never', answer: { how: 'reply', status: 502, body: '<html>Bad gateway</html>' } }
        : undefined,
    );
    const nowMs = () => clock.now();
    const rest = new Rest({ origin: proxy.origin, isDemo: false, nowMs, timeoutMs: 5_000, waitMsMax: 20_000 });
    const news: RelayNews[] = [];
    const beating = setInterval(() => {
      clock.pass(1_000);
      origin.advance();
    }, 20);
    onTestFinished(async () => {
      clearInterval(beating);
      proxy.close();
      await origin.close();
    });
    const relay = await followOkx({
      rest,
      wsUrl: `ws://127.0.0.1:${port}/ws/v5`,
      symbols: [BTC],
      historyMinutes: 60,
      tell: (each) => news.push(each),
      random: () => 0.5,
    });
    relay.close();
    expect(relay.market.instruments.map(({ instId }) => instId)).toEqual([BTC]);
    expect(news[0]).toEqual({
      kind: 'looking-again',
      why: expect.stringContaining('BTC-USDT-SWAP: http-502 '),
      inMs: 1_000,
    });
  });
});
