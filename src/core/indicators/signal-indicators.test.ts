import { BollingerBands as BollingerOracle, EMA, MACD, RSI as RsiRounded, SMA } from 'technicalindicators';
import { RSI } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { mirrored, realWeek, walk } from '../../../test/fixtures/real-week.ts';
import { SERIES_PARAMETERS } from '../../../test/fixtures/series-parameters.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { SignalIndicators, type SignalPeriods } from './signal-indicators.ts';

const PERIODS: SignalPeriods = SERIES_PARAMETERS.scalper;

/** One value a candle, undefined while it is not known. */
function run<T>(
  closes: readonly number[],
  read: (indicators: SignalIndicators) => T,
  periods: Partial<SignalPeriods> = {},
  volumes: readonly number[] = closes.map(() => 1),
): T[] {
  const indicators = new SignalIndicators({ ...PERIODS, ...periods });
  return closes.map((close, at) => {
    indicators.add(close, volumes[at] ?? 0);
    return read(indicators);
  });
}

function known<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}

function expectClose(ours: readonly number[], theirs: readonly number[], tolerance: number): void {
  expect(ours.length, 'the same warm-up').toBe(theirs.length);
  const worst = ours.reduce((most, value, at) => Math.max(most, Math.abs(value - (theirs[at] ?? NaN))), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe('published values', () => {
  // Wilder's example as printed by StockCharts ChartSchool, "Relative Strength Index (RSI)"; prices × 10,000.
  const RSI_CLOSES = [
    443389, 440902, 441497, 436124, 443278, 448264, 450955, 454245, 458433, 460826, 458931, 460328, 456140, 462820,
    462820, 460028, 460328, 464116, 462222, 456439, 462122, 462521, 457137, 464515, 457835, 453548, 440288, 441783,
    442181, 445672, 434205, 426628, 431314,
  ];
  const RSI_VALUES = [
    70.53, 66.32, 66.55, 69.41, 66.36, 57.97, 62.93, 63.26, 56.06, 62.38, 54.71, 50.42, 39.99, 41.46, 41.87, 45.46,
    37.3, 33.08, 37.77,
  ];
  // StockCharts ChartSchool, "Moving Averages - Simple and Exponential": 10 days; prices × 100.
  const EMA_CLOSES = [
    2227, 2219, 2208, 2217, 2218, 2213, 2223, 2243, 2224, 2229, 2215, 2239, 2238, 2261, 2336, 2405, 2375, 2383, 2395,
    2363, 2382, 2387, 2365, 2319, 2310, 2333, 2268, 2310, 2240, 2217,
  ];
  const EMA_VALUES = [
    22.22, 22.21, 22.24, 22.27, 22.33, 22.52, 22.8, 22.97, 23.13, 23.28, 23.34, 23.43, 23.51, 23.53, 23.47, 23.4, 23.39,
    23.26, 23.23, 23.08, 22.92,
  ];
  // StockCharts ChartSchool, "Bollinger Bands": 20 days, population deviation; prices × 10,000.
  const BOLLINGER_CLOSES = [
    861557, 890867, 887829, 903228, 890671, 911453, 894397, 891750, 869302, 876752, 869596, 894299, 893221, 887241,
    874497, 872634, 894985, 879006, 891260, 907043, 929001, 929784, 918021,
  ];
  const BOLLINGER_MIDDLE = [88.71, 89.05, 89.24, 89.39];
  const BOLLINGER_UPPER = [91.29, 91.95, 92.61, 92.93];

  it('gives the RSI of the printed table, from the fifteenth close on', () => {
    const values = known(run(RSI_CLOSES, (indicators) => indicators.rsi));
    expectClose(values, RSI_VALUES, 0.006);
  });

  it('gives the EMA of the printed table, from the tenth close on', () => {
    const values = known(run(EMA_CLOSES, (indicators) => indicators.emaFastTicks, { emaFastPeriod: 10 }));
    expectClose(
      values.map((ticks) => ticks / 100),
      EMA_VALUES,
      0.0061,
    );
  });

  it('gives the Bollinger bands of the printed table, from the twentieth close on', () => {
    const values = known(run(BOLLINGER_CLOSES, (indicators) => indicators.bollinger));
    expectClose(
      values.map((bands) => bands.middleTicks / 10_000),
      BOLLINGER_MIDDLE,
      0.0051,
    );
    expectClose(
      values.map((bands) => (bands.middleTicks + 2 * bands.sigmaTicks) / 10_000),
      BOLLINGER_UPPER,
      0.0101,
    );
  });
});

describeWithShared('the real week against independent libraries', () => {
  const rows = realWeek();
  const closes = rows.map((row) => row[4]);
  const volumes = rows.map((row) => row[5]);

  it('gives the EMA of technicalindicators', () => {
    const ours = known(run(closes, (indicators) => indicators.emaFastTicks));
    expectClose(ours, EMA.calculate({ period: 12, values: closes }), 1e-6);
    const slow = known(run(closes, (indicators) => indicators.emaSlowTicks));
    expectClose(slow, EMA.calculate({ period: 26, values: closes }), 1e-6);
  });

  it('gives the SMA of technicalindicators', () => {
    const ours = known(run(closes, (indicators) => indicators.smaTicks));
    expectClose(ours, SMA.calculate({ period: 20, values: closes }), 1e-6);
  });

  it('gives the MACD of technicalindicators', () => {
    const oracle = MACD.calculate({
      values: closes,
      fastPeriod: 12,
      slowPeriod: 26,
      signalPeriod: 9,
      SimpleMAOscillator: false,
      SimpleMASignal: false,
    }).filter((row) => row.histogram !== undefined);
    const ours = known(run(closes, (indicators) => indicators.macd));
    expectClose(
      ours.map((macd) => macd.line),
      oracle.map((row) => row.MACD ?? NaN),
      1e-6,
    );
    expectClose(
      ours.map((macd) => macd.histogram),
      oracle.map((row) => row.histogram ?? NaN),
      1e-6,
    );
  });

  it('gives the Bollinger bands of technicalindicators', () => {
    const oracle = BollingerOracle.calculate({ period: 20, stdDev: 2, values: closes });
    const ours = known(run(closes, (indicators) => indicators.bollinger));
    expectClose(
      ours.map((bands) => bands.middleTicks - 2 * bands.sigmaTicks),
      oracle.map((bands) => bands.lower),
      1e-5,
    );
  });

  it('gives the RSI of trading-signals exactly and of technicalindicators to its two decimals', () => {
    const oracle = new RSI(14);
    const exact = known(closes.map((close) => oracle.update(close, false) ?? undefined));
    const ours = known(run(closes, (indicators) => indicators.rsi));
    expectClose(ours, exact, 1e-8);
    expectClose(ours, RsiRounded.calculate({ period: 14, values: closes }), 0.0051);
  });

  it('gives the volume ratio of a plain mean', () => {
    const ours = run(closes, (indicators) => indicators.volumeRatio, {}, volumes);
    const plain = volumes.map((volume, at) => {
      const window = volumes.slice(at - 19, at + 1);
      return at < 19 ? undefined : (volume * 20) / window.reduce((sum, value) => sum + value, 0);
    });
    expectClose(known(ours), known(plain), 1e-12);
  });
});

describe('the struct', () => {
  it('knows nothing before its time, and everything from its longest warm-up on', () => {
    const closes = walk(1, 40).map((row) => row[4]);
    const firstAt = (read: (indicators: SignalIndicators) => unknown): number =>
      run(closes, read).findIndex((value) => value !== undefined && value !== false) + 1;
    expect(firstAt((indicators) => indicators.emaFastTicks)).toBe(12);
    expect(firstAt((indicators) => indicators.emaSlowTicks)).toBe(26);
    expect(firstAt((indicators) => indicators.smaTicks)).toBe(20);
    expect(firstAt((indicators) => indicators.rsi)).toBe(15);
    expect(firstAt((indicators) => indicators.previousRsi)).toBe(16);
    expect(firstAt((indicators) => indicators.macd)).toBe(34);
    expect(firstAt((indicators) => indicators.bollinger)).toBe(20);
    expect(firstAt((indicators) => indicators.volumeRatio)).toBe(20);
    expect(firstAt((indicators) => indicators.ready)).toBe(35);
  });

  it.each([
    ['emaFastPeriod', 60, 61],
    ['emaSlowPeriod', 60, 61],
    ['smaPeriod', 60, 61],
    ['rsiPeriod', 60, 62],
    ['macdFastPeriod', 60, 69],
    ['macdSlowPeriod', 60, 69],
    ['macdSignalPeriod', 60, 86],
    ['bollingerPeriod', 60, 61],
    ['volumePeriod', 60, 61],
  ] as const)('is ready when all is known, whichever takes longest: %s of %i, at candle %i', (name, period, candle) => {
    const closes = walk(1, 100).map((row) => row[4]);
    const ready = run(closes, (indicators) => indicators.ready, { [name]: period });
    expect(ready.indexOf(true) + 1).toBe(candle);
  });

  it('has no volume ratio where nothing was traded', () => {
    expect(run([5, 6], (indicators) => indicators.volumeRatio, { volumePeriod: 2 }, [0, 0])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('does not drift: after 50,000 candles the sums are those of the window alone, at any price and however far it has come', () => {
    for (const [centre, climb] of [
      [2_000, 0],
      [500_000, 0],
      [2 ** 31, 0],
      [2 ** 40, 0],
      [500_000, 1_000],
    ] as const) {
      const closes = walk(7, 50_000, centre).map((row, at) => row[4] + climb * at);
      const last = closes.slice(-20);
      const indicators = new SignalIndicators(PERIODS);
      for (const close of closes) indicators.add(close, 1);
      const sum = last.reduce((total, close) => total + BigInt(close), 0n);
      const squares = last.reduce((total, close) => total + BigInt(close) ** 2n, 0n);
      expect(BigInt(indicators.smaSum)).toBe(sum);
      expect(BigInt(indicators.variance), `variance around ${centre} ticks`).toBe(20n * squares - sum * sum);
      expect(BigInt(indicators.deviation)).toBe(20n * BigInt(closes.at(-1) ?? 0) - sum);
    }
  });

  it('says 50 where nothing moves, 100 where all rises, 0 where all falls', () => {
    const flat = Array.from({ length: 30 }, () => 1_000);
    const rising = flat.map((price, at) => price + at);
    const falling = flat.map((price, at) => price - at);
    const last = (closes: readonly number[]) => run(closes, (indicators) => indicators.rsi).at(-1);
    expect([last(flat), last(rising), last(falling)]).toEqual([50, 100, 0]);
  });

  it('turns over with the market, to the last bit', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const rows = walk(seed, 500);
      const up = new SignalIndicators(PERIODS);
      const down = new SignalIndicators(PERIODS);
      const turned = mirrored(rows, 500_000);
      const ours: number[][] = [];
      const theirs: number[][] = [];
      rows.forEach((row, at) => {
        up.add(row[4], row[5]);
        down.add(turned[at]?.[4] ?? 0, row[5]);
        ours.push([up.emaFast, up.macdHistogram, up.smaDistance, up.deviation, up.variance, up.gains, up.losses]);
        const { emaFast, macdHistogram, smaDistance, deviation, variance, gains, losses } = down;
        theirs.push([0 - emaFast, 0 - macdHistogram, 0 - smaDistance, 0 - deviation, variance, losses, gains]);
      });
      expect(theirs.map((row) => row.map((value) => value + 0))).toEqual(
        ours.map((row) => row.map((value) => value + 0)),
      );
    }
  });
});
