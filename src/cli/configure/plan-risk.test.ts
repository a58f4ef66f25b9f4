/** `plan --risk` and the risk section of `check`: by the limits, and on generated markets. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { widthOf } from '../../report/drawing/width.ts';
import { OFFLINE_INSTRUMENTS } from '../../sim/market/instruments.ts';

inEmptyFolder();

const TEN = OFFLINE_INSTRUMENTS.map(({ instId }) => instId);

const SHORT = 'plan --risk BTC-USDT-SWAP SOL-USDT-SWAP --seeds 2 --days 1';

describe('on generated markets', () => {
  it('shows limits, percentiles and how often what came', async () => {
    const { code, out } = await rungwise(SHORT, { columns: 120 });
    expect(code).toBe(0);
    expect(out).toMatch(/a position, at its stop +−\d\.\d\d \(0\.\d\d %\) +−2\d\.\d\d \(2\.\d\d %\)/);
    expect(out).toContain('2 generated markets of 1 day: BTC, SOL; balance 1,000 USDT');
    expect(out).toMatch(/USDT +count +worst +5 % +25 % +50 % +75 % +95 % +mean/);
    for (const row of ['a trade', 'a day', 'ten trades in a row', 'drawdown'])
      expect(out).toMatch(new RegExp(`^${row} +\\d+( +[−+]?\\d+\\.\\d\\d( %)?){7}$`, 'm'));
    expect(out).toMatch(/Trades, USDT\n(.*… .* \d+\n){3,}/);
    expect(out).toMatch(/Days, USDT\n.*… /);
    expect(out).toContain('seeds 1 to 2; 5 %: one in twenty was worse');
  });

  it.each([
    ['a coin at a hundredth of a thousandth', { ctVal: '1000000', lotSz: '0.1', minSz: '0.1', tickSz: '0.000000001' }],
    ['ticks that 100 USDT are no multiple of', { ctVal: '0.01', lotSz: '0.1', minSz: '0.1', tickSz: '0.3' }],
  ])('is of an instrument from a file too, and so are check and the book: %s', async (_, grid) => {
    const tiers = [{ maxSz: '10000', maintenanceRate: '0.01', leverageMax: 50 }];
    const limits = { maxLimitSz: '1000000', maxMarketSz: '100000', leverageMax: 50, tiers };
    writeFileSync('other.json', JSON.stringify({ instId: 'OTHER-USDT-SWAP', ...grid, ...limits }));
    writeFileSync('a.yaml', 'symbols: [OTHER-USDT-SWAP]\n');
    const risk = await rungwise('plan --risk --seeds 1 --days 1 --json --config a.yaml --instrument other.json');
    expect(risk.code, risk.err).toBe(0);
    expect(JSON.parse(risk.out).trade.count).toBeGreaterThan(0);
    expect((await rungwise('check a.yaml --instrument other.json')).err).toContain('a.yaml is fine');
    expect((await rungwise('plan --book --config a.yaml --instrument other.json')).code).toBe(0);
  });

  it('counts no day in which the indicators are not warm yet', async () => {
    writeFileSync('slow.yaml', 'timeframes: {regime: 1h}\n');
    const { out } = await rungwise('plan --risk --seeds 2 --days 1 --json --config slow.yaml');
    expect(JSON.parse(out).trade?.count).toBeGreaterThan(0);
  });

  it('is the same to the last byte the second time, and another with another seed', async () => {
    const [first, second, other] = [
      await rungwise(`${SHORT} --json`),
      await rungwise(`${SHORT} --json`),
      await rungwise(`${SHORT} --json --seed 7`),
    ];
    expect(second.out).toBe(first.out);
    expect(other.out).not.toBe(first.out);
    const run = JSON.parse(first.out);
    expect(run).toMatchObject({
      symbols: ['BTC-USDT-SWAP', 'SOL-USDT-SWAP'],
      seeds: 2,
      seedsDone: 2,
      seed: 1,
      days: 1,
    });
    expect(run.interrupted).toBeUndefined();
    expect(run.day.count).toBe(2);
    expect(Number(run.trade.p5)).toBeLessThanOrEqual(Number(run.trade.p95));
    expect(Number(run.drawdownPercent.worst)).toBeLessThan(0);
    expect(Number(run.caps.limits.tenPositions.loss)).toBeGreaterThan(Number(run.caps.planned.tenPositions.loss));
  });

  it('trades the configuration that it is given', async () => {
    writeFileSync('a.yaml', 'signals: {scalper: {enabled: off}}\n');
    const { code, out } = await rungwise(`${SHORT} --config a.yaml --json`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ trade: null, tenTrades: null, day: { count: 2, worst: '0' } });
    const text = await rungwise(`${SHORT} --config a.yaml --lang ru`);
    expect(text.out).toMatch(/^сделка +0$/m);
  });

  it.each([80, 120])('fits %i columns, in both languages', async (columns) => {
    for (const language of ['en', 'ru']) {
      const { out } = await rungwise(`${SHORT} --lang ${language}`, { columns });
      for (const line of out.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
  });

  it('ends at Ctrl-C with what is known by then', async () => {
    const heard = process.listenerCount('SIGINT');
    const running = rungwise('plan --risk BTC-USDT-SWAP --seeds 400 --days 2 --json');
    await vi.waitUntil(() => process.listenerCount('SIGINT') > heard, { timeout: 60_000 });
    process.emit('SIGINT');
    const { code, out } = await running;
    expect(code).toBe(130);
    const run = JSON.parse(out);
    expect(run).toMatchObject({ interrupted: true, seeds: 400 });
    expect(run.seedsDone).toBeLessThan(400);
  });

  it('names as run, at Ctrl-C, no market that was not', async () => {
    const others = process.listeners('SIGINT');
    const running = rungwise('plan --risk BTC-USDT-SWAP --seeds 400 --days 2');
    const isHeard = () => process.listeners('SIGINT').some((listener) => !others.includes(listener));
    await vi.waitUntil(isHeard, { timeout: 60_000 });
    process.emit('SIGINT');
    expect((await running).out).toMatch(/ {2}\d+ of seeds 1 to 400; 5 %/);
  });

  it.each([
    [`${SHORT} --price 60000`, '--price has no place beside --risk', '--price рядом с --risk ни к чему'],
    [`${SHORT} --book`, '--book has no place', '--book рядом'],
    ['plan --risk --seeds 0', 'not a whole number from 1', 'от 1'],
    [
      'plan --risk --days 365 --config slow.yaml',
      'more than the 12,000,000 that --risk makes',
      /--risk делает не больше 12\s000\s000/,
    ],
    ['plan --risk XYZXYZ-USDT-SWAP', 'is not known offline', 'в таблице нет'],
  ])('%s ends with 2', async (words, english, russian) => {
    const long = '{macd_slow_period: 10000, macd_signal_period: 10000}';
    writeFileSync('slow.yaml', `timeframes: {signal: 1h}\nsignals: {scalper: ${long}}\nsymbols: [${TEN.join(', ')}]\n`);
    for (const [language, expected] of [
      ['en', english],
      ['ru', russian],
    ] as const) {
      const { code, out, err } = await rungwise(`${words} --lang ${language}`);
      expect({ code, out }, err).toEqual({ code: 2, out: '' });
      expect(err).toMatch(expected);
    }
  });
});

describe('check', () => {
  it('says what a position, a day and ten in a row can lose, as text and as data', async () => {
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    const { out } = await rungwise('check');
    expect(out).toContain('What it can lose');
    expect(out).toMatch(/a day \(UTC\) +−5\d\.\d\d \(5\.\d\d %\) +−9\d\.\d\d \(9\.\d\d %\)/);
    expect(out).toMatch(/ten positions in a row +−\d+\.\d\d \(\d\.\d\d %\) +−19\d\.\d\d \(19\.\d\d %\)/);
    const { risk } = JSON.parse((await rungwise('check --json')).out);
    expect(risk.limits).toMatchObject({
      tenPositions: { daysMin: 3 },
      positionThroughGap: { percent: expect.any(String) },
    });
    expect((await rungwise('check --lang ru')).out).toContain('Сколько можно потерять');
  });
});
