/** The market as events, from the paper exchange over real sockets. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../../test/okx/local-server.ts';
import { BTC, BTC_ROW } from '../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../core/event.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { decimal } from '../core/numbers/decimal.ts';
import { ManualClock } from '../paper/clock.ts';
import { PaperExchange } from '../paper/exchange.ts';
import { GeneratedMarket } from '../paper/market/generated-market.ts';
import { OFFLINE_INSTRUMENTS } from '../sim/market/instruments.ts';
import { Rest } from './door/rest.ts';
import { OkxFeed, type OkxFeedOptions } from './feed.ts';
import { endpoints } from './wire/endpoints.ts';

const HISTORY_MINUTES = 400;
const MINUTE_MS = 60_000;
/** Told beside market and account, when it comes. */
const BESIDE: ReadonlySet<string> = new Set(['funding-forecast', 'instrument', 'maintenance']);
/** Ten seconds into a minute. */
const START = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS + 10_000;

type Of<K extends CoreEvent['kind']> = Extract<CoreEvent, { kind: K }>;

async function started(more: Partial<OkxFeedOptions> = {}) {
  const clock = new ManualClock(START);
  const paper = new PaperExchange({
    source: new GeneratedMarket({
      seed: 3,
      instruments: more.instruments ?? [BTC],
      bornAt: START,
      fromMs: START,
      historyMinutes: HISTORY_MINUTES + 60,
    }),
    clock,
    accounts: [],
    hasAdmin: true,
    isRateLimited: false,
  });
  const port = await paper.listen(0);
  const rest = new Rest({
    origin: `http://127.0.0.1:${port}`,
    isDemo: false,
    nowMs: () => clock.now(),
    timeoutMs: 2_000,
    waitMsMax: 2_000,
  });
  const events: CoreEvent[] = [];
  const warnings: string[] = [];
  const feed = new OkxFeed({
    rest,
    isDemo: false,
    wsUrl: `ws://127.0.0.1:${port}/ws/v5`,
    instruments: [BTC],
    hear: (event) => events.push(event),
    warn: (message) => warnings.push(message),
    random: () => 0.5,
    lastMinute: () => undefined,
    historyMinutes: HISTORY_MINUTES,
    isUrgent: () => false,
    socketTiming: { firstPauseMs: 20, lastPauseMs: 20 },
    ...more,
  });
  feed.start();
  onTestFinished(async () => {
    feed.close();
    await paper.close();
  });
  const heard = <K extends CoreEvent['kind']>(kind: K) => events.filter((event): event is Of<K> => event.kind === kind);
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= 1_000) {
      clock.pass(Math.min(1_000, left));
      paper.advance();
    }
  };
  const admin = (path: string, body: object) =>
    paper.answer({
      method: 'POST',
      target: `/admin/${path}`,
      body: JSON.stringify(body),
      address: '',
      header: () => undefined,
    });
  const lastMinute = Math.floor(START / MINUTE_MS) - 1;
  await until('the past was told', () => feed.lastMinuteTold(BTC.instId) === lastMinute);
  return { clock, paper, rest, feed, events, warnings, heard, pass, admin };
}

describe('the feed', () => {
  it('tells the past once and in order, after a price and what time it is', async () => {
    const { events, heard, warnings } = await started();
    const minutes = heard('candle-closed').map(({ openMinute }) => openMinute);
    const last = Math.floor(START / MINUTE_MS) - 1;
    expect(minutes).toEqual(Array.from({ length: HISTORY_MINUTES }, (_, at) => last - HISTORY_MINUTES + 1 + at));
    const kinds = events.map(({ kind }) => kind).filter((kind) => !BESIDE.has(kind));
    expect(kinds.slice(0, 3)).toEqual(['price', 'time', 'candle-closed']);
    expect(warnings).toEqual([]);
  });

  it('tells a past of before the lot grew: its volumes are whole lots of today', async () => {
    const { heard, warnings } = await started({ instruments: [{ ...BTC, lotSize: decimal('7') }] });
    expect([heard('candle-closed').length, warnings]).toEqual([HISTORY_MINUTES, []]);
  });

  it('goes on where the journal ends', async () => {
    const last = Math.floor(START / MINUTE_MS) - 1;
    const { heard } = await started({ lastMinute: () => last - 7 });
    expect(heard('candle-closed').map(({ openMinute }) => openMinute)).toEqual(
      [6, 5, 4, 3, 2, 1, 0].map((ago) => last - ago),
    );
  });

  it('tells a minute when it closes, and only then', async () => {
    const { heard, pass } = await started();
    const before = heard('candle-closed').length;
    pass(45_000);
    await until('prices of the minute', () => heard('price').length > 1);
    expect(heard('candle-closed').length, 'the minute still forms').toBe(before);
    pass(10_000);
    await until('the minute', () => heard('candle-closed').length === before + 1);
    expect(heard('candle-closed').at(-1)?.at).toBe(Math.floor(START / MINUTE_MS) * MINUTE_MS + MINUTE_MS);
    expect(heard('candle-closed').every(({ pricesApart }) => pricesApart === true)).toBe(true);
  });

  it('reads by REST what the socket missed, and tells it in order', async () => {
    const { heard, pass, admin } = await started();
    const before = heard('candle-closed').length;
    admin('sockets', { how: 'mute' });
    pass(5 * MINUTE_MS);
    admin('sockets', { how: 'cut' });
    await until('five minutes', () => heard('candle-closed').length === before + 5, 5_000);
    const minutes = heard('candle-closed').map(({ openMinute }) => openMinute);
    expect(minutes).toEqual(minutes.toSorted((a, b) => a - b));
    expect(new Set(minutes).size).toBe(minutes.length);
    expect(heard('exchange-lost'), 'the account is where it was').toEqual([]);
  });

  it('has no price between a lost connection and the next word of both sources', async () => {
    const { heard, admin } = await started();
    const before = heard('price').length;
    admin('sockets', { how: 'cut', place: 'public' });
    await until('a price again', () => heard('price').length > before);
    const again = heard('price').at(-1);
    expect(again?.bidTicks).toBeLessThan(again?.askTicks ?? 0);
  });

  it('has no price where the touch cannot be used: the one before is the past; on a finer tick it can', async () => {
    const { heard, paper, warnings, clock } = await started({ priceEveryMs: 0 });
    const mark = { instId: BTC.instId, instType: 'SWAP', markPx: '60000', ts: String(clock.now() + 5) };
    const touch = { last: '', askPx: '60000.015', askSz: '1', bidPx: '0.005', bidSz: '1', ts: mark.ts };
    const say = (channel: string, row: object) => {
      const push = { arg: { channel, instId: BTC.instId }, data: [{ instId: BTC.instId, ...row }] };
      for (const session of paper.sessions)
        if (session.place === 'public') session.deliver(Buffer.from(JSON.stringify(push)));
    };
    for (let times = 0; times < 5; times += 1) say('tickers', touch);
    await until('a warning', () => warnings.length > 0);
    const before = heard('price').length;
    say('mark-price', mark);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard('price').length).toBe(before);
    expect(warnings, 'as many come as the market moves').toEqual([
      expect.stringMatching(/^a price of .* cannot be used/),
    ]);
    say('tickers', { ...touch, askPx: '60000.03', bidPx: '60000.02' });
    await until('a price again', () => heard('price').length > before);
    expect(heard('price').at(-1)).toMatchObject({ bidTicks: 600_000, askTicks: 600_001 });
  });

  it.each(['mark-price', 'tickers'] as const)(
    'has no price once channel %s has fallen silent on a connection that stands, and asks for it anew',
    async (silent) => {
      vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
      onTestFinished(() => void vi.useRealTimers());
      const { heard, paper, warnings, clock } = await started({ priceEveryMs: 0 });
      vi.spyOn(paper.hub, 'beat').mockReturnValue();
      const say = (channel: string, dollars: number) => {
        const [px, ts] = [String(dollars), String(clock.now())];
        const row = { instType: 'SWAP', instId: BTC.instId, markPx: px, last: px, ts };
        const touch = { askPx: px, askSz: '1', bidPx: px, bidSz: '1' };
        const push = { arg: { channel, instId: BTC.instId }, data: [{ ...row, ...touch }] };
        for (const session of paper.sessions)
          if (session.place === 'public') session.deliver(Buffer.from(JSON.stringify(push)));
      };
      const told = async (channel: string, dollars: number) => {
        const before = heard('price').length;
        say(channel, dollars);
        await new Promise((resolve) => setTimeout(resolve, 50));
        return heard('price').length > before;
      };
      const connection = () => [...paper.sessions].find(({ place }) => place === 'public');
      const first = connection();
      const other = silent === 'tickers' ? 'mark-price' : 'tickers';
      expect(await told(silent, 60_000)).toBe(true);
      for (const dollars of [60_000, 60_050, 60_100]) {
        vi.advanceTimersByTime(8_000);
        expect(await told(other, dollars), 'up to 24 s').toBe(true);
      }
      vi.advanceTimersByTime(1_500);
      expect(await told(other, 60_100), 'the other is of the past').toBe(false);
      const before = heard('price').length;
      vi.advanceTimersByTime(5_000);
      await until('another connection', () => connection() !== first && connection() !== undefined);
      expect(warnings).toEqual([expect.stringMatching(`^channel ${silent} is silent though its connection stands`)]);
      await until('a price again', () => heard('price').length > before);
    },
  );

  it('asks for the one of several instruments anew of which a channel has fallen silent, on the connection that stands', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const ETH = OFFLINE_INSTRUMENTS[1] as Instrument;
    const { heard, paper, warnings, pass } = await started({ instruments: [BTC, ETH], priceEveryMs: 0 });
    const [connection] = [...paper.sessions].filter(({ place }) => place === 'public');
    if (connection === undefined) throw new Error('there is no connection');
    const arg = { channel: 'mark-price', instId: BTC.instId };
    const asked: object[] = [];
    const { deliver, hear } = connection;
    let isSilent = true;
    connection.deliver = (bytes) => {
      if (!isSilent || !String(bytes).startsWith(JSON.stringify({ arg }).slice(0, -1))) deliver.call(connection, bytes);
    };
    connection.hear = (text) => {
      asked.push(JSON.parse(text) as object);
      isSilent = false;
      hear.call(connection, text);
    };
    const pricesOf = ({ instId }: Instrument) => heard('price').filter((price) => price.instId === instId).length;
    const told = async (seconds: number) => {
      const before = [BTC, ETH].map(pricesOf);
      vi.advanceTimersByTime(seconds * 1_000);
      pass(1_000);
      await until('a price of the other', () => pricesOf(ETH) > (before[1] ?? 0));
      return pricesOf(BTC) > (before[0] ?? 0);
    };
    expect(await told(0)).toBe(true);
    expect([await told(13), await told(13)], 'a mark of 26 s ago is none').toEqual([true, false]);
    vi.advanceTimersByTime(5_000);
    await until('the channel', () => asked.length > 1);
    expect(asked).toMatchObject([
      { op: 'unsubscribe', args: [arg] },
      { op: 'subscribe', args: [arg] },
    ]);
    expect(warnings).toEqual([expect.stringMatching(`^channel mark-price is silent .*${BTC.instId}`)]);
    expect(await told(0)).toBe(true);
    expect([...paper.sessions], 'it is the same one').toContain(connection);
  });

  it('tells of an instrument that is suspended, and that it trades again; of none that is not ours', async () => {
    const { paper, heard } = await started();
    const row = { ...BTC_ROW, lotSz: '0.010' };
    const said = (rows: readonly object[]) => {
      const push = { arg: { channel: 'instruments', instType: 'SWAP' }, data: rows };
      for (const session of paper.sessions)
        if (session.place === 'public') session.deliver(Buffer.from(JSON.stringify(push)));
    };
    await until('the list was read', () => heard('instrument').length === 1);
    said([row, { ...row, instId: 'X-USDT-SWAP', tickSz: '9' }, { ...row, state: 'suspend' }, row]);
    await until('news', () => heard('instrument').length === 3);
    const { instId } = BTC;
    expect(heard('instrument')).toMatchObject([
      { instId, changes: [] },
      { instId, stopped: 'suspend', changes: [] },
      { instId, changes: [] },
    ]);
    expect(heard('instrument').map(({ stopped }) => stopped)).toEqual([undefined, 'suspend', undefined]);
    said([{ ...row, ctMult: '10', tickSz: '0.5', state: 'post_only' }, row]);
    await until('another grid', () => heard('instrument').length === 5);
    const tick = { of: 'tick', was: '0.1', is: '0.5' };
    expect(heard('instrument').slice(3), 'another grid stays, whatever is said next').toMatchObject([
      { stopped: 'post_only', changes: [tick, { of: 'contract', was: '0.01', is: '0.1' }] },
      { changes: [{ of: 'contract', was: '0.1', is: '0.01' }] },
    ]);
  });

  it.each([
    ['instruments: an order by an old contract would be of another size', endpoints.instruments],
    ['maintenance: nothing is added in one', endpoints.status],
  ])('reads the list as soon as the connection is back, of %s', { timeout: 15_000 }, async (_, endpoint) => {
    const { rest, heard, admin } = await started();
    await until('the lists were read', () => heard('instrument').length + heard('maintenance').length === 2);
    const asked = vi.spyOn(rest, 'get');
    admin('sockets', { how: 'cut', place: 'public' });
    const answer = () => asked.mock.results[asked.mock.calls.findIndex(([of]) => of === endpoint)]?.value;
    await until('the list, before the next look around', () => answer() !== undefined);
    expect(await answer(), 'also where it was read a moment ago').toMatchObject({ kind: 'ok' });
  });

  it('looks at instruments and their margin tiers where an order was refused with a code that may mean either, at the tiers once their minute is over', async () => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const { rest, feed, heard } = await started();
    await until('the list was read', () => heard('instrument').length === 1);
    const get = vi.spyOn(rest, 'get');
    const asked = (endpoint: object) => get.mock.calls.filter(([of]) => of === endpoint).length;
    feed.doubtInstruments();
    vi.advanceTimersByTime(55_000);
    expect([asked(endpoints.instruments), asked(endpoints.positionTiers)]).toEqual([1, 0]);
    vi.advanceTimersByTime(5_000);
    expect([asked(endpoints.instruments), asked(endpoints.positionTiers)]).toEqual([1, 1]);
  });

  it('knows its instruments though the connection is lost on which minutes are told', async () => {
    const { feed, paper, admin } = await started();
    const knows = () => feed.knowsInstrument(BTC.instId);
    await until('the list was read', knows);
    const connections = () => [...paper.sessions].filter(({ place }) => place === 'business');
    const [before] = connections();
    admin('sockets', { how: 'cut', place: 'business' });
    await until('it is back', () => connections().some((each) => each !== before));
    expect(knows()).toBe(true);
  });

  it('tells of maintenance that is pushed', async () => {
    const { paper, heard } = await started();
    await until('the list was read', () => heard('maintenance').length === 1);
    const row = { title: 'Upgrade', state: 'ongoing', begin: '1', end: '2', serviceType: '5', env: '1' };
    const push = { arg: { channel: 'status' }, data: [row] };
    for (const session of paper.sessions)
      if (session.place === 'public') session.deliver(Buffer.from(JSON.stringify(push)));
    await until('the news', () => heard('maintenance').length === 2);
    expect(heard('maintenance').map(({ windows }) => windows)).toMatchObject([
      [],
      [{ title: 'Upgrade', state: 'running', begin: 1, end: 2 }],
    ]);
  });

  it('tells at most four prices a second of a symbol, the newest always', async () => {
    const { heard, pass } = await started();
    const before = heard('price').length;
    const beganMs = performance.now();
    for (let i = 0; i < 40; i += 1) {
      pass(1_000);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const seconds = (performance.now() - beganMs) / 1_000;
    expect(heard('price').length - before).toBeLessThanOrEqual(Math.ceil(seconds * 4) + 2);
    await until('the newest', () => (heard('price').at(-1)?.at ?? 0) >= START + 39_000);
  });

  it('tells a price at once that the core would act on', async () => {
    const { heard, pass } = await started({ isUrgent: () => true, priceEveryMs: 60_000 });
    const before = heard('price').length;
    pass(5_000);
    await until('every one', () => heard('price').length >= before + 5);
  });

  it('tells what funding is expected', async () => {
    const { heard } = await started();
    await until('a forecast', () => heard('funding-forecast').length > 0);
    const [forecast] = heard('funding-forecast');
    expect((forecast?.settlesAt ?? 1) % (8 * 3_600_000)).toBe(0);
    expect(forecast?.settlesAt).toBeGreaterThan(START);
  });

  it('does not wait for a minute that a candle of the future has made up', async () => {
    const { heard, pass, paper, warnings } = await started();
    const before = heard('candle-closed').length;
    const ahead = String((Math.floor(START / MINUTE_MS) + 1_000) * MINUTE_MS);
    const row = [ahead, '1', '1', '1', '1', '0', '0', '0', '1'];
    const odd = { arg: { channel: 'candle1m', instId: { toString: null } }, data: [row] };
    const future = { arg: { channel: 'candle1m', instId: BTC.instId }, data: [row] };
    for (const session of paper.sessions)
      if (session.place === 'business')
        for (const push of [odd, future]) session.deliver(Buffer.from(JSON.stringify(push)));
    await until('two warnings', () => warnings.length === 2);
    expect(warnings[0]).toContain('arg.instId');
    expect(warnings[1]).toMatch(/a closed minute 1000 minutes ahead cannot be/);
    pass(55_000);
    await until('the present', () => heard('candle-closed').length === before + 1);
  });
});
