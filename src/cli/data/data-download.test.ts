/** `data download` from the paper exchange: what is stored is what the exchange has, and an interrupted download goes on. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { type Asked, type FaultProxy, type Plan, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { generatedExchange } from '../../../test/okx/generated-exchange.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import { CANDLE_COLUMNS, MINUTE_MS } from '../../core/market/candle.ts';
import { loadStored } from '../../data/store/store.ts';
import { takeWriterLock } from '../../journal/files/writer-lock.ts';
import { offlineInstrument } from '../../sim/market/instruments.ts';

inEmptyFolder();

const PATH = 'state/candles/BTC-USDT-SWAP/1m.candles';

async function proxied(origin: string, plan: (asked: Asked) => Plan | undefined): Promise<FaultProxy> {
  const proxy = await startFaultProxy(origin, plan);
  onTestFinished(() => proxy.close());
  return proxy;
}

const pages = (proxy: FaultProxy) => proxy.asked.filter(({ path }) => path.endsWith('history-candles'));
const time = (minute: number) => new Date(minute * MINUTE_MS).toISOString().replace('.000', '');

/** Its market is made from the moment on: the same market in every run, and far from the end of a minute. */
const BEGUN_MS = Date.UTC(2026, 0, 6, 9, 7, 12);

/** So many whole hours of history, ending where the exchange began. */
async function aRange(hours: number, instruments = [BTC]) {
  const exchange = await generatedExchange(instruments, 27 * 60, BEGUN_MS);
  const until = Math.floor(exchange.paper.clock.now() / MINUTE_MS);
  const from = until - hours * 60;
  return { ...exchange, from, until, words: `--from ${time(from)} --to ${time(until)}` };
}

describe('a download', () => {
  it('stores every minute that the exchange has, to the last lot, and reads it back', async () => {
    const { paper, origin, from, until, words } = await aRange(5);
    const { code, out } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${origin}`);
    expect([code, out]).toEqual([0, expect.stringContaining('300 new candles, 300 in all')]);
    const stored = loadStored('state/candles', BTC).candles;
    expect([stored.length, stored.openMinute[0], stored.openMinute[299]]).toEqual([300, from, until - 1]);
    const history = paper.floor.source.history[0];
    const at = history?.openMinute.indexOf(from) ?? -1;
    for (const column of CANDLE_COLUMNS)
      expect([...stored[column]]).toEqual([...(history?.[column].subarray(at, at + 300) ?? [])]);
    expect((await rungwise('data verify')).code).toBe(0);
  });

  it('asks only for what is missing', async () => {
    const { origin, from, until } = await aRange(6);
    const proxy = await proxied(origin, () => undefined);
    const get = (a: number, b: number) =>
      rungwise(`data download BTC-USDT-SWAP --from ${time(a)} --to ${time(b)} --exchange ${proxy.origin}`);
    await get(from, from + 100);
    await get(until - 100, until);
    expect(pages(proxy).length, 'and the last stored minute').toBe(3);
    const { out } = await get(from, until);
    expect(out).toContain('160 new candles, 360 in all');
    expect(pages(proxy).length, 'the gap of 160 minutes is two pages, and the last stored minute once more').toBe(6);
    await get(from, until);
    expect(pages(proxy).length, 'nothing is missing').toBe(6);
  });

  it('asks once for a symbol that is named twice', async () => {
    const { origin, words } = await aRange(2);
    const proxy = await proxied(origin, () => undefined);
    const { code, out } = await rungwise(
      `data download BTC-USDT-SWAP BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`,
    );
    expect([code, out.match(/new candles/g)?.length, pages(proxy).length]).toEqual([0, 1, 2]);
  });

  it('waits for nobody: while another process stores the symbol the exit code is 4, and no page is asked for', async () => {
    const { origin, words } = await aRange(1);
    const proxy = await proxied(origin, () => undefined);
    mkdirSync('state/candles/BTC-USDT-SWAP', { recursive: true });
    const lock = takeWriterLock('state/candles/BTC-USDT-SWAP/store', 0);
    const { code, err } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([code, err]).toEqual([4, expect.stringContaining('another process is storing candles of BTC-USDT-SWAP')]);
    expect(pages(proxy)).toEqual([]);
    lock.release();
    expect((await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`)).code).toBe(0);
  });

  it('goes on where it broke off', async () => {
    const { origin, words } = await aRange(10);
    let isDown = false;
    let plan = ({ path }: Asked): Plan | undefined => {
      if (!path.endsWith('history-candles')) return undefined;
      isDown ||= pages(proxy).length > 3;
      return isDown
        ? { forward: 'never', answer: { how: 'reply', status: 400, body: '{"code":"51000","msg":"no","data":[]}' } }
        : undefined;
    };
    const proxy = await proxied(origin, (asked) => plan(asked));
    const broken = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([broken.code, broken.err]).toEqual([3, expect.stringContaining('goes on from there')]);
    expect(broken.out, 'the exchange was not asked for all of them').toMatch(
      /^! .*300 new candles, 300 in all.*\n {2}300 min of the range are not stored\n$/,
    );
    expect(loadStored('state/candles', BTC).candles.length).toBe(300);
    const json = await rungwise(`data download BTC-USDT-SWAP ${words} --json --exchange ${proxy.origin}`);
    expect([json.code, json.err]).toEqual([3, expect.stringContaining('goes on from there')]);
    expect(JSON.parse(json.out).symbols).toMatchObject([
      { symbol: 'BTC-USDT-SWAP', candles: 300, added: 0, missing: 300, failed: expect.stringContaining('51000 no') },
    ]);
    plan = () => undefined;
    const { code, out } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([code, out]).toEqual([0, expect.stringContaining('300 new candles, 600 in all')]);
  });

  it('with --json tells what is done where the next symbol is refused', async () => {
    const { origin, from, until } = await aRange(2, [BTC, offlineInstrument('ETH-USDT-SWAP') ?? BTC]);
    let isAnew = false;
    const proxy = await proxied(origin, ({ path }) =>
      isAnew && path.endsWith('history-candles')
        ? { forward: 'first', change: (row) => Object.values({ ...row, 5: `${Number(Object.values(row)[5]) + 1}` }) }
        : undefined,
    );
    const all = `--from ${time(from)} --exchange ${proxy.origin}`;
    await rungwise(`data download ETH-USDT-SWAP --to ${time(from + 60)} ${all}`);
    isAnew = true;
    const { code, out } = await rungwise(`data download BTC-USDT-SWAP ETH-USDT-SWAP --to ${time(until)} ${all} --json`);
    expect(code).toBe(2);
    expect(JSON.parse(out).symbols).toMatchObject([{ symbol: 'BTC-USDT-SWAP', added: 120, missing: 0 }]);
  });

  it('says of which candle it cannot use what', async () => {
    const { origin, words } = await aRange(1);
    const proxy = await proxied(origin, ({ path }) =>
      path.endsWith('history-candles')
        ? { forward: 'first', change: (row) => Object.values({ ...row, 5: '-1' }) }
        : undefined,
    );
    const { code, err } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([code, err]).toEqual([
      3,
      expect.stringMatching(/the candle of 20\S+Z: a size must be .*, not -100; what was/),
    ]);
  });

  it.each([
    ['public/time', 502],
    ['public/instruments', 503],
    ['public/position-tiers', 403],
  ])('looks again where the first answer of %s is a page of a gateway (%d), and says so', async (path, status) => {
    const { origin, words } = await aRange(1);
    let pagesLeft = 1;
    const proxy = await proxied(origin, (asked) =>
      asked.path.includes(path) && pagesLeft-- > 0
        ? { forward: 'never', answer: { how: 'reply', status, body: '<html>Bad gateway</html>' } }
        : undefined,
    );
    const { code, out, err } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([code, out]).toEqual([0, expect.stringContaining('60 new candles, 60 in all')]);
    expect(err).toMatch(new RegExp(`http-${status}[^]*Check the network[^]*that may pass: looking again in 1 s\n$`));
    expect(err).not.toContain('check its name');
  });

  it('looks at nothing again that will be no better', async () => {
    const { origin, words } = await aRange(1);
    const proxy = await proxied(origin, () => undefined);
    const { code, err } = await rungwise(`data download NONE-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([code, err]).toEqual([3, expect.not.stringContaining('looking again')]);
    expect(proxy.asked.filter(({ path }) => path.endsWith('public/instruments')).length).toBe(1);
  });

  it('asks again where a page fails once', async () => {
    const { origin, words } = await aRange(2);
    let faults = 0;
    const proxy = await proxied(origin, ({ path }) => {
      if (!path.endsWith('history-candles') || faults === 2) return undefined;
      faults += 1;
      return {
        forward: 'never',
        answer: faults === 1 ? { how: 'reset' } : { how: 'reply', status: 403, body: '<html>' },
      };
    });
    const { code, out } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([code, out]).toEqual([0, expect.stringContaining('120 new candles')]);
  });

  it('brings minutes of before a tick and a lot grew, on the grid that is, and tells of how many', async () => {
    const { origin, words } = await aRange(1);
    const proxy = await proxied(origin, ({ path }) =>
      path.endsWith('history-candles')
        ? {
            forward: 'first',
            change: (row) => Object.values({ ...row, 1: '1.23', 2: '1.31', 3: '1.19', 4: '1.25', 5: '7.891' }),
          }
        : undefined,
    );
    const { code, out } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect([code, out]).toEqual([0, expect.stringContaining('60 new candles')]);
    expect(out).toContain('put onto the one that is: prices of 60 and volume of 60 of the new candles');
    const { candles } = loadStored('state/candles', BTC);
    expect(CANDLE_COLUMNS.slice(1).map((column) => candles[column][59])).toEqual([12, 14, 11, 13, 789]);
    const again = await rungwise(`data download BTC-USDT-SWAP ${words} --json --exchange ${proxy.origin}`);
    expect(JSON.parse(again.out).symbols).toMatchObject([{ added: 0, mappedPrices: 0, mappedVolumes: 0 }]);
  });

  it.each([
    ['a price of 0', ['1', '1', '0.04', '1']],
    ['a high below the low', ['2', '1', '3', '2']],
  ])('stores nothing of a page with %s', async (_, [open, high, low, close]) => {
    const { origin, words } = await aRange(1);
    const proxy = await proxied(origin, ({ path }) =>
      path.endsWith('history-candles')
        ? { forward: 'first', change: (row) => Object.values({ ...row, 1: open, 2: high, 3: low, 4: close }) }
        : undefined,
    );
    const { code } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${proxy.origin}`);
    expect(code).not.toBe(0);
    expect((await rungwise('data list')).out).toBe('');
  });

  it('says how many minutes the exchange does not have', async () => {
    const { origin, until } = await aRange(1);
    const { out } = await rungwise(
      `data download BTC-USDT-SWAP --from ${time(until - 28 * 60)} --to ${time(until)} --exchange ${origin}`,
    );
    expect(out).toContain(`${60} min of the range are not there`);
  });

  it('brings settled funding, each once, oldest first', async () => {
    const { origin, words } = await aRange(25);
    const get = () => rungwise(`data download BTC-USDT-SWAP ${words} --funding --exchange ${origin}`);
    await get();
    const first = readFileSync('state/candles/BTC-USDT-SWAP/funding.csv', 'utf8');
    const times = first
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',')[0] ?? '');
    expect(times.length).toBeGreaterThanOrEqual(3);
    expect(times).toEqual(times.toSorted());
    await get();
    expect(readFileSync('state/candles/BTC-USDT-SWAP/funding.csv', 'utf8')).toBe(first);
  });

  it('brings funding that a backtest settles as it was, and tells what is missing', async () => {
    const { origin, words, from, until } = await aRange(26);
    await rungwise(`data download BTC-USDT-SWAP ${words} --funding --exchange ${origin}`);
    const path = 'state/candles/BTC-USDT-SWAP/funding.csv';
    const long = '{"instId":"BTC-USDT-SWAP","side":"long","strength":0.9,"price":"60000","source":"mine"';
    const [, first = '', second = ''] = readFileSync(path, 'utf8').split('\n');
    const settledMs = Date.parse(second.split(',')[0] ?? '');
    const minutesBefore = Array.from({ length: 20 }, (_, at) => settledMs - (22 - at) * MINUTE_MS);
    const signals = minutesBefore.map((ms) => `${long},"at":"${new Date(ms).toISOString()}"}\n`);
    writeFileSync('signals.ndjson', signals.join(''));
    // Costs would refuse an entry in so quiet a market.
    const costless = '--fees 0/0 --spread 0 --slippage 0';
    const run = async (more = '') => {
      const { out, err } = await rungwise(
        `backtest --symbol BTC-USDT-SWAP --signals signals.ndjson ${costless} --json${more}`,
      );
      return { ...(JSON.parse(out) as { funding: string; fundingSettled: object }), err };
    };
    const settlements = Math.ceil(until / 480) - Math.ceil(from / 480);
    const missing = settlements - 2;
    const rated = (rate: string) =>
      writeFileSync(path, `time,realized_rate,forecast_rate\n${first}\n${second.replace(/,[^,]*,/, `,${rate},`)}\n`);
    const flat = await run(' --funding 0.01');
    expect(Number(flat.funding), 'the position is held over a settlement').toBeLessThan(0);
    expect(flat.fundingSettled).toEqual({});
    rated('0.0003');
    const high = await run();
    expect(Number(high.funding) / Number(flat.funding)).toBeCloseTo(3, 2);
    expect(high.fundingSettled).toEqual({ 'BTC-USDT-SWAP': { stored: 2, missing } });
    expect(high.err).toContain(`${missing} not stored: counted with 0.01 %`);
    rated('-0.0001');
    expect(Number((await run()).funding), 'a negative rate pays the long').toBeCloseTo(-Number(flat.funding), 4);
  });

  it('refuses a damaged store instead of writing over it', async () => {
    const { origin, words } = await aRange(1);
    await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${origin}`);
    const bytes = readFileSync(PATH);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    writeFileSync(PATH, bytes);
    const { code } = await rungwise(`data download BTC-USDT-SWAP --days 1 --exchange ${origin}`);
    expect(code).toBe(2);
    expect(readFileSync(PATH).equals(bytes)).toBe(true);
  });

  it('does not put the candles of another market beside those that are there, and says so in either language', async () => {
    const { origin, until } = await aRange(1);
    writeFileSync('a.csv', `ts,open,high,low,close,volume\n${BEGUN_MS - 12_000},60000,60010,59990,60000,1.5\n`);
    await rungwise('data import a.csv --symbol BTC-USDT-SWAP');
    const before = readFileSync(PATH);
    const words = `data download BTC-USDT-SWAP --from ${time(until - 60)} --to ${time(until)} --exchange ${origin}`;
    const en = await rungwise(words);
    expect([en.code, en.out, readFileSync(PATH).equals(before)]).toEqual([2, '', true]);
    expect(en.err).toContain(`what is stored here is from the file a.csv; ${origin} is another market`);
    expect(en.err).toContain('keep the two apart with another RUNGWISE_HOME, or remove the file');
    const ru = await rungwise(`${words} --lang ru`);
    expect(ru.err).toContain(`источник хранимого здесь — файл a.csv, а ${origin} — другой рынок`);
    const apart = await rungwise(words, { env: { RUNGWISE_HOME: 'paper' } });
    expect([apart.code, apart.out]).toEqual([0, expect.stringContaining('60 new candles, 60 in all')]);
    const after = await rungwise('data import a.csv --symbol BTC-USDT-SWAP', { env: { RUNGWISE_HOME: 'paper' } });
    expect([after.code, after.err]).toEqual([2, expect.stringContaining('the file a.csv is another market')]);
  });

  it('does not go on beside what an exchange said before its market was begun anew', async () => {
    const { origin, from, until } = await aRange(2);
    let isAnew = false;
    const proxy = await proxied(origin, ({ path }) =>
      isAnew && path.endsWith('history-candles')
        ? { forward: 'first', change: (row) => Object.values({ ...row, 5: `${Number(Object.values(row)[5]) + 1}` }) }
        : undefined,
    );
    const words = `--from ${time(from)} --exchange ${proxy.origin}`;
    await rungwise(`data download BTC-USDT-SWAP --to ${time(from + 60)} ${words}`);
    const before = readFileSync(PATH);
    isAnew = true;
    const all = `data download BTC-USDT-SWAP --to ${time(until)} ${words}`;
    const en = await rungwise(all);
    expect([en.code, readFileSync(PATH).equals(before)]).toEqual([2, true]);
    expect(en.err).toContain('its market was begun anew');
    expect((await rungwise(`${all} --lang ru`)).err).toContain('рынок там начат заново');
    isAnew = false;
    expect((await rungwise(all)).out).toContain('60 new candles, 120 in all');
  });

  it('is noted with the exchange it is from, and every command that reads it says so', async () => {
    const { origin, words } = await aRange(2);
    await rungwise(`data download BTC-USDT-SWAP ${words} --funding --exchange ${origin}`);
    expect((await rungwise('data list')).out).toContain(origin);
    expect((await rungwise('backtest --symbol BTC-USDT-SWAP')).err).toContain(`brought from ${origin}`);
    expect((await rungwise('backtest --symbol BTC-USDT-SWAP --lang ru')).err).toContain(`источник: ${origin}`);
    expect((await rungwise('plan BTC-USDT-SWAP')).err).toContain(`from ${origin})`);
  });

  it.each([
    ['--from yesterday', '--from: "yesterday" is not a time'],
    ['--from 2026-02-30', '--from: "2026-02-30" is not a time'],
    ['--to 2025-06-31T00:00Z', '--to: "2025-06-31T00:00Z" is not a time'],
    ['--from 2026-01-02 --to 2026-01-01', 'there is no minute between'],
    ['--days 0', '--days'],
  ])('with %s says what is wrong', async (words, why) => {
    const { origin } = await generatedExchange([BTC], 10);
    const { code, err } = await rungwise(`data download BTC-USDT-SWAP ${words} --exchange ${origin}`);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  it('from an exchange whose clock runs away says so, in either language', async () => {
    const { origin } = await generatedExchange([BTC], 10);
    const begunMs = performance.now();
    const proxy = await proxied(origin, ({ path }) =>
      path.endsWith('public/time')
        ? { forward: 'first', change: () => ({ ts: String(Math.round(performance.now() * 5_000 - begunMs)) }) }
        : undefined,
    );
    const en = await rungwise(`data download BTC-USDT-SWAP --exchange ${proxy.origin}`);
    expect([en.code, en.err]).toEqual([
      3,
      // Five thousand times; on a busy machine the two looks at it are answered late.
      expect.stringMatching(/clock runs [2-9],\d00 times as fast as the world's/),
    ]);
    expect(en.err).toContain('start that exchange without --speed');
    const ru = await rungwise(`data download BTC-USDT-SWAP --lang ru --exchange ${proxy.origin}`);
    expect([ru.code, ru.err]).toEqual([3, expect.stringContaining('часы биржи спешат')]);
  });

  it('of a symbol that is not listed is none', async () => {
    const { origin } = await generatedExchange([BTC], 10);
    const { code, err } = await rungwise(`data download NOSUCH-USDT-SWAP --exchange ${origin}`);
    expect([code, err]).toEqual([3, expect.stringContaining('NOSUCH-USDT-SWAP cannot be traded: it is not listed')]);
    expect(err).toContain("Check the name: it is OKX's, like BTC-USDT-SWAP.");
    const ru = await rungwise(`data download BTC-USDT --lang ru --exchange ${origin}`);
    expect(ru.err).toContain('BTC-USDT нельзя торговать: на бирже его нет');
    expect(ru.err).toContain('Может быть, BTC-USDT-SWAP?');
  });
});

it('a time that is written wrong is told before the exchange is asked', async () => {
  const { code, err } = await rungwise('data download BTC-USDT-SWAP --from yesterday --exchange http://127.0.0.1:9');
  expect(code).toBe(2);
  expect(err).toContain('--from');
});
