/** The bot on many generated markets: the same seeds, the same results, on however many threads; spreads against plain counting. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownInstrument } from '../../test/generated.ts';
import { demoMarketOf } from '../cli/demo/demo-market.ts';
import { loadTree } from '../config/index.ts';
import { MINUTE_MS } from '../core/market/candle.ts';
import { money } from '../core/numbers/units.ts';
import { RunRecorder } from '../report/run/record.ts';
import { Market } from '../sim/market/market.ts';
import { DEFAULT_FILL_MODEL } from '../sim/matching/fill-model.ts';
import { runBacktest } from './backtest.ts';
import { type RiskSettings, riskSample, riskSpreads, spreadOf, streaksOf } from './risk.ts';
import { riskSamples } from './risk-threads.ts';

const instruments = [knownInstrument('BTC-USDT-SWAP'), knownInstrument('SOL-USDT-SWAP')];
const SETTINGS: RiskSettings = {
  policy: loadTree({}).policy,
  instruments,
  markets: instruments.map((instrument) => ({ ...demoMarketOf(instrument), instId: instrument.instId })),
  balance: money(1_000_00000000n),
  model: DEFAULT_FILL_MODEL,
  fundingE8: 10_000,
  warmUpDays: 1,
  days: 2,
};

const quiet = { progress: () => undefined, isStopped: () => false };

describe('a sample', () => {
  /** Some of its positions are held over a settlement of funding, and one is open at the end. */
  const seed = 15;
  const sample = riskSample(SETTINGS, seed);

  it('has a result for every day that counts, and trades', () => {
    expect(sample.days).toHaveLength(2);
    expect(sample.trades.length).toBeGreaterThan(10);
    expect(sample.drawdown).toBeGreaterThan(0);
  });

  it('is what a backtest of the same market says', () => {
    const startMinute = Date.UTC(2026, 0, 4) / MINUTE_MS;
    const market = Market.of({ seed, startMinute, correlation: 0.6, symbols: SETTINGS.markets });
    const equity = new Map<number, number>();
    const recorder = new RunRecorder(SETTINGS.balance, instruments);
    let closedOut = 0;
    runBacktest({
      ...SETTINGS,
      candles: market.candles(3 * 1_440),
      funding: { intervalMs: 8 * 60 * MINUTE_MS, rateE8: () => 10_000 },
      traced: false,
      witness: {
        happened: (event) => recorder.happened(event),
        minuteEnded: (closeMs, units) => void equity.set(closeMs, units),
        closedOut: (units) => void (closedOut = units),
      },
    });
    const counted = recorder.record({ candles: 0 }).trades.filter(({ closedAt }) => closedAt > Date.UTC(2026, 0, 5));
    expect(sample.trades).toEqual(counted.map(({ gross, fees, funding }) => Number(gross - fees + funding)));
    expect(counted.some(({ funding }) => funding !== 0n)).toBe(true);
    const at = (day: number) => equity.get(Date.UTC(2026, 0, day)) as number;
    expect(closedOut, 'of a seed that ends with an open position').not.toBe(at(7));
    expect(sample.days).toEqual([at(6) - at(5), closedOut - at(6)]);
    let peak = 0;
    let fall = 0;
    for (const [closeMs, units] of [...equity, [Date.UTC(2026, 0, 7), closedOut] as const]) {
      if (closeMs < Date.UTC(2026, 0, 5)) continue;
      peak = Math.max(peak, units);
      fall = Math.max(fall, (peak - units) / peak);
    }
    expect(sample.drawdown).toBe(fall);
  });
});

describe('many samples', () => {
  it('are the same on one thread and on several, in the order of their seeds', async () => {
    const seeds = [9, 3, 4];
    const told: number[] = [];
    const alone = await riskSamples(SETTINGS, {
      ...quiet,
      seeds,
      threads: 1,
      progress: (done) => void told.push(done),
    });
    const together = await riskSamples(SETTINGS, { ...quiet, seeds, threads: 2 });
    expect(together).toEqual(alone);
    expect(alone.map(({ seed }) => seed)).toEqual(seeds);
    expect(told).toEqual([1, 2, 3]);
  });

  it.each([1, 2])('are those that were done when somebody stopped them, on %i threads', async (threads) => {
    let done = 0;
    const samples = await riskSamples(SETTINGS, {
      seeds: [1, 2, 3, 4, 5, 6],
      threads,
      progress: (count) => void (done = count),
      isStopped: () => done >= 2,
    });
    expect(samples.length).toBeGreaterThanOrEqual(2);
    expect(samples.length).toBeLessThanOrEqual(3);
  });

  it('are stopped by what the process hears meanwhile, also where they have it for themselves', async () => {
    let isStopped = false;
    setImmediate(() => void (isStopped = true));
    const samples = await riskSamples(SETTINGS, {
      ...quiet,
      seeds: [1, 2, 3, 4],
      threads: 1,
      isStopped: () => isStopped,
    });
    expect(samples.length).toBeLessThanOrEqual(2);
  });

  it('leave no thread behind: the command can end', async () => {
    const threads = () => process.getActiveResourcesInfo().filter((name) => /Worker|MessagePort/.test(name)).length;
    const before = threads();
    const running: number[] = [];
    const progress = () => void running.push(threads());
    await riskSamples(SETTINGS, { ...quiet, seeds: [1, 2], threads: 2, progress });
    expect(Math.max(...running)).toBeGreaterThan(before);
    expect(threads()).toBe(before);
  });

  it('fail as one where a thread fails', async () => {
    const broken = { ...SETTINGS, days: 1e9 };
    await expect(riskSamples(broken, { ...quiet, seeds: [1, 2], threads: 2 })).rejects.toThrow();
  });
});

describe('a spread', () => {
  it('has at each percentile the value that so many per cent do not exceed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60, size: 'max' }),
        (values) => {
          const spread = spreadOf(values);
          expect(spread?.worst).toBe(Math.min(...values));
          expect(spread?.count).toBe(values.length);
          expect((spread?.mean ?? 0) * values.length).toBeCloseTo(
            values.reduce((sum, value) => sum + value, 0),
            6,
          );
          for (const [i, percent] of [5, 25, 50, 75, 95].entries()) {
            const value = spread?.percentiles[i] as number;
            expect(values.filter((each) => each <= value).length / values.length).toBeGreaterThanOrEqual(percent / 100);
            expect(values.filter((each) => each < value).length / values.length).toBeLessThan(percent / 100);
          }
        },
      ),
    );
  });

  it('of nothing is nothing', () => {
    expect(spreadOf([])).toBeUndefined();
    expect(riskSpreads([])).toEqual({
      seeds: 0,
      trade: undefined,
      day: undefined,
      streak: undefined,
      drawdown: undefined,
    });
  });

  it('of ten in a row slides over the trades of one market, never from one market into another', () => {
    expect(streaksOf([1, 2, 3])).toEqual([]);
    expect(streaksOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])).toEqual([55, 65]);
    const of = (seed: number) => ({ seed, trades: Array.from({ length: 9 }, () => 1), days: [], drawdown: 0 });
    expect(riskSpreads([of(1), of(2)]).streak).toBeUndefined();
    expect(riskSpreads([of(1)]).drawdown).toMatchObject({ worst: 0 });
    const fallen = [0.03, 0.01].map((drawdown) => ({ ...of(1), drawdown }));
    expect(riskSpreads(fallen).drawdown, 'a fall is a loss').toMatchObject({ worst: -0.03, mean: -0.02 });
  });
});
