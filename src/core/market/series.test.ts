import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CandleRow, walk } from '../../../test/fixtures/real-week.ts';
import { SERIES_PARAMETERS } from '../../../test/fixtures/series-parameters.ts';
import { LAW, long } from '../../../test/long.ts';
import { Adx } from '../indicators/adx.ts';
import { Atr } from '../indicators/atr.ts';
import { type SeriesParameters, SymbolSeries } from './series.ts';

/** Short periods: warm within two hours, so that a property can look at many series. */
const QUICK: SeriesParameters = {
  ...SERIES_PARAMETERS,
  meanAtrCandles: 12,
  regime: {
    ...SERIES_PARAMETERS.regime,
    adxPeriod: 5,
    smaPeriod: 10,
    rangePeriod: 8,
    reversalsPeriod: 8,
    volumePeriod: 8,
  },
};

function fed(rows: readonly CandleRow[], parameters = SERIES_PARAMETERS): SymbolSeries {
  const series = new SymbolSeries(parameters);
  for (const row of rows) series.onClosed1m(...row);
  return series;
}

interface Closed {
  /** Index of the row that closes it. */
  readonly closedAt: number;
  readonly endMinute: number;
  readonly prices: readonly [open: number, high: number, low: number, close: number];
}

/** By the rule of timeframe.ts: a candle closes with its last minute, or with the first one past it; the first one only if it was seen from its start. */
function candlesOf(rows: readonly CandleRow[], minutes: number): readonly Closed[] {
  const spans = new Map<number, [at: number, row: CandleRow][]>();
  rows.forEach((row, at) => {
    const end = (Math.floor(row[0] / minutes) + 1) * minutes;
    spans.set(end, [...(spans.get(end) ?? []), [at, row]]);
  });
  return [...spans].flatMap(([endMinute, own], span) => {
    const [[, first], [lastAt, last]] = [own[0], own.at(-1)] as [[number, CandleRow], [number, CandleRow]];
    if (span === 0 && first[0] !== endMinute - minutes) return [];
    const closedAt = last[0] === endMinute - 1 ? lastAt : lastAt + 1;
    const [high, low] = [Math.max(...own.map(([, row]) => row[2])), Math.min(...own.map(([, row]) => row[3]))];
    return [{ closedAt, endMinute, prices: [first[1], high, low, last[4]] as const }];
  });
}

/** Everything a caller can see. */
function seen(series: SymbolSeries): unknown {
  const { regime, regimeRecord, signalSide, signalStrength, atrTicks, atrPercent, meanAtrPercent, turbulence } = series;
  const { adx, plusDi, minusDi, rsi, previousRsi, ready, closeTicks, previousCloseTicks, candles } = series;
  return {
    regime,
    regimeRecord,
    signalSide,
    signalStrength,
    atrTicks,
    atrPercent,
    meanAtrPercent,
    turbulence,
    adx,
    plusDi,
    minusDi,
    rsi,
    previousRsi,
    ready,
    closeTicks,
    previousCloseTicks,
    candles,
    reasons: [series.reasons(1), series.reasons(-1)],
  };
}

describe('a series that warms up', () => {
  it('knows nothing at first: absence is undefined, the regime ranging and not ready', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    const { ready, regime, signalSide, signalStrength } = series;
    expect({ ready, regime, signalSide, signalStrength }).toEqual({
      ready: false,
      regime: 'ranging',
      signalSide: 0,
      signalStrength: 0,
    });
    for (const value of [
      series.atrTicks,
      series.atrPercent,
      series.meanAtrPercent,
      series.turbulence,
      series.adx,
      series.rsi,
    ])
      expect(value).toBeUndefined();
    expect(series.regimeRecord.inputs).toBeUndefined();
  });

  it('knows the ATR after 14 candles of 5 minutes and is ready after 50; no signal before', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    let atrAt = 0;
    let readyAt = 0;
    walk(4, 600).forEach((row, at) => {
      series.onClosed1m(...row);
      if (atrAt === 0 && series.atrTicks !== undefined) atrAt = at + 1;
      if (readyAt === 0 && series.ready) readyAt = at + 1;
      if (readyAt === 0) expect(series.signalSide).toBe(0);
    });
    expect([atrAt, readyAt]).toEqual([70, 250]);
  });

  it('takes the mean ATR% of the candles there are, at most 288', () => {
    const rows = walk(9, 5 * 400);
    const series = new SymbolSeries(SERIES_PARAMETERS);
    const shares: number[] = [];
    rows.forEach((row, at) => {
      series.onClosed1m(...row);
      if (at % 5 !== 4 || series.atrTicks === undefined) return;
      shares.push(series.atrTicks / series.closeTicks);
      const window = shares.slice(-288);
      const mean = window.reduce((sum, share) => sum + share, 0) / window.length;
      expect(series.meanAtrFraction).toBeCloseTo(mean, 10);
      expect(series.turbulence).toBeCloseTo((shares.at(-1) ?? 0) / mean, 6);
    });
    expect(shares.length).toBe(387);
  });
});

describe('a saved series', () => {
  it('goes on to the last bit, wherever it was interrupted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 0, max: 219 }),
        fc.constantFrom(1, 3),
        (seed, at, signalMinutes) => {
          const parameters = {
            ...QUICK,
            timeframes: { signalMinutes, regimeMinutes: 5, atrMinutes: signalMinutes === 1 ? 5 : 15 },
          };
          const rows = walk(seed, 220);
          const whole = fed(rows.slice(0, at), parameters);
          const resumed = new SymbolSeries(parameters);
          resumed.load(JSON.parse(JSON.stringify(whole.save())) as number[]);
          expect([resumed.scalper.pointSet, seen(resumed)]).toEqual([whole.scalper.pointSet, seen(whole)]);
          for (const row of rows.slice(at)) {
            whole.onClosed1m(...row);
            resumed.onClosed1m(...row);
          }
          expect(resumed.save()).toEqual(whole.save());
          expect(seen(resumed)).toEqual(seen(whole));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('counts with the weights that are configured now, whatever they were when it was saved', () => {
    const { scalper } = SERIES_PARAMETERS;
    const weights = { ema: 0, sma: 0, rsi: 1, macd: 0, bollinger: 1, volume: 0 };
    const resumed = new SymbolSeries({ ...SERIES_PARAMETERS, scalper: { ...scalper, weights } });
    resumed.load(fed(walk(3, 300)).save());
    expect([resumed.scalper.emaScore, resumed.scalper.rsiScore]).toEqual([0, 1.5]);
  });

  it('is refused by a series of other periods, and where it is cut off', () => {
    const saved = fed(walk(3, 300)).save();
    const other = { ...SERIES_PARAMETERS, atrPeriod: 20 };
    expect(() => new SymbolSeries(other).load(saved)).toThrow('a period of 14 where the parameters have 20');
    expect(() => new SymbolSeries(SERIES_PARAMETERS).load(saved.slice(0, -1))).toThrow('the saved state ends');
    expect(() => new SymbolSeries(SERIES_PARAMETERS).load([...saved, 0])).toThrow('warm the series up anew');
    const fits = (state: readonly number[], parameters = SERIES_PARAMETERS) => new SymbolSeries(parameters).fits(state);
    expect([fits(saved), fits(saved, other), fits(saved.slice(0, -1)), fits([...saved, 0])]).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  it('may be loaded where only thresholds changed', () => {
    const saved = fed(walk(3, 300)).save();
    const scalper = { ...SERIES_PARAMETERS.scalper, thresholds: { trending: 5, ranging: 5, choppy: 5 } };
    expect(() => new SymbolSeries({ ...SERIES_PARAMETERS, scalper }).load(saved)).not.toThrow();
  });
});

describe('a series', () => {
  it('is a function of its candles: the same twice', () => {
    const rows = walk(11, 2_000);
    expect(fed(rows).save()).toEqual(fed(rows).save());
  });

  it('never holds a number that is none, whatever the market does', () => {
    const flat: CandleRow[] = Array.from({ length: 600 }, (_, at) => [at, 1_000, 1_000, 1_000, 1_000, 0]);
    const wild: CandleRow[] = Array.from({ length: 600 }, (_, at) => [
      at,
      1,
      at % 2 === 0 ? 4e9 : 1,
      1,
      at % 3 === 0 ? 4e9 : 1,
      4e9,
    ]);
    for (const rows of [flat, wild, walk(5, 600, 2_000)])
      for (const value of fed(rows).save()) expect(Number.isFinite(value)).toBe(true);
  });

  it('closes 5m candles by their time across a gap, and goes on', () => {
    const rows = walk(6, 1_000);
    const gap = rows.filter((_, at) => at < 502 || at > 560);
    const series = new SymbolSeries(SERIES_PARAMETERS);
    const counts = gap.map((row) => {
      series.onClosed1m(...row);
      return series.regimeSeries.sinceMinute % 5;
    });
    expect(new Set(counts)).toEqual(new Set([0]));
    expect(series.ready).toBe(true);
    expect(series.candles).toBe(gap.length);
    const late = fed(gap.slice(0, 502));
    const before = late.atrSteps.count;
    late.onClosed1m(...(gap[502] ?? rows[0] ?? [0, 0, 0, 0, 0, 0]));
    expect(late.atrSteps.count, 'the cut candle closes when the next minute arrives').toBe(before + 1);
  });

  it('keeps the last two candles of the signal timeframe', () => {
    const rows = walk(8, 50);
    const series = fed(rows);
    const [before, last] = [rows.at(-2), rows.at(-1)];
    expect([series.openTicks, series.highTicks, series.lowTicks, series.closeTicks]).toEqual(last?.slice(1, 5));
    const { previousOpenTicks, previousHighTicks, previousLowTicks, previousCloseTicks } = series;
    expect([previousOpenTicks, previousHighTicks, previousLowTicks, previousCloseTicks]).toEqual(before?.slice(1, 5));
  });

  it(
    'builds candles of all three timeframes from the minutes there are, and says with which minute one of the signal has closed',
    LAW,
    () => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 1e6 }),
          fc.integer({ min: 2, max: 40 }),
          fc.nat(60),
          (seed, every, most) => {
            // Some single minutes are missing, and from time to time a stretch.
            const rows = walk(seed, 600).filter((_, at) => at % every !== 1 && at % 200 >= most);
            const series = new SymbolSeries({
              ...QUICK,
              timeframes: { signalMinutes: 3, regimeMinutes: 5, atrMinutes: 15 },
              atrPeriod: 4,
            });
            const [signal, regime, slow] = [candlesOf(rows, 3), candlesOf(rows, 5), candlesOf(rows, 15)];
            const atr = new Atr(4);
            const adx = new Adx(QUICK.regime.adxPeriod);
            rows.forEach((row, at) => {
              series.onClosed1m(...row);
              const last = signal.filter((candle) => candle.closedAt <= at).at(-1);
              expect(series.hasClosedCandle).toBe(last?.closedAt === at);
              if (last !== undefined)
                expect([
                  series.candleEndMinute,
                  series.openTicks,
                  series.highTicks,
                  series.lowTicks,
                  series.closeTicks,
                ]).toEqual([last.endMinute, ...last.prices]);
              for (const { closedAt, prices } of slow) if (closedAt === at) atr.add(prices[1], prices[2], prices[3]);
              expect(series.atrTicks).toBe(atr.ready ? atr.valueTicks : undefined);
              for (const { closedAt, prices } of regime) if (closedAt === at) adx.add(prices[1], prices[2], prices[3]);
              expect(series.adx).toBe(adx.ready ? adx.adx : undefined);
            });
          },
        ),
        { numRuns: long(40, 2_000) },
      );
    },
  );

  it('knows ADX and ±DI where the regime does, and is more turbulent than what is below its ATR% ÷ mean', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    for (const row of walk(13, 1_000)) {
      series.onClosed1m(...row);
      const { adx } = series.regimeSeries;
      const known = adx.ready ? [adx.adx, adx.plusDi, adx.minusDi] : [undefined, undefined, undefined];
      expect([series.adx, series.plusDi, series.minusDi]).toEqual(known);
      const { turbulence } = series;
      for (const multiple of [0, 0.9, turbulence ?? 1, 1.1, 3])
        expect(series.isMoreTurbulentThan(multiple)).toBe(turbulence !== undefined && turbulence > multiple);
    }
    expect([series.adx === undefined, series.turbulence === undefined]).toEqual([false, false]);
  });

  it('says of every minute what its parts know: ATR%, RSI and whether it turns, where a trend would point, what its last candle ends with', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    const sides = new Set<unknown>();
    for (const row of walk(13, 1_000)) {
      series.onClosed1m(...row);
      const { atrTicks, closeTicks, scalper } = series;
      if ((row[0] + 1) % 5 === 0 && atrTicks !== undefined)
        expect(series.atrPercent).toBeCloseTo((100 * atrTicks) / closeTicks, 8);
      const { rsi, previousRsi } = scalper.indicators;
      expect([series.rsi, series.previousRsi, series.candleEndMinute]).toEqual([rsi, previousRsi, row[0] + 1]);
      const { plusDi, minusDi } = series.regimeSeries.adx;
      const points = Math.sign(plusDi - minusDi);
      expect(series.trendSide).toBe(points === 0 ? undefined : points);
      expect(series.signalStrength).toBe(series.signalSide === 0 ? 0 : scalper.strength);
      sides.add(series.trendSide);
    }
    expect(series.signalMinutes).toBe(1);
    expect(sides).toEqual(new Set([undefined, 1, -1]));
  });

  it('of a market in which nothing moves is no multiple of its mean: volatility changes no size and no distance, and pauses nothing', () => {
    const series = fed(Array.from({ length: 400 }, (_, at) => [at, 1_000, 1_000, 1_000, 1_000, 5]));
    expect([series.ready, series.atrTicks, series.meanAtrFraction]).toEqual([true, 0, 0]);
    expect([series.turbulence, series.isMoreTurbulentThan(0)]).toEqual([undefined, false]);
  });

  it('signals on closed candles of its timeframe only', () => {
    const parameters = { ...QUICK, timeframes: { signalMinutes: 5, regimeMinutes: 5, atrMinutes: 5 } };
    const series = new SymbolSeries(parameters);
    let signals = 0;
    walk(12, 5_000).forEach((row, at) => {
      series.onClosed1m(...row);
      if (series.signalSide === 0) return;
      signals += 1;
      expect(at % 5).toBe(4);
    });
    expect(signals).toBeGreaterThan(0);
    expect(series.candles).toBe(1_000);
  });

  it.each([
    ['the same minute again', 27_000_000, 'minute 27000000 after minute 27000000'],
    ['an earlier minute', 26_999_999, 'must rise'],
    ['half a minute', 27_000_001.5, 'are whole'],
    ['milliseconds where minutes are meant', 1_620_000_000_000, 'minutes since 1970'],
  ])('refuses %s', (_name, minute, message) => {
    const series = fed(walk(1, 1));
    expect(() => series.onClosed1m(minute, 1, 1, 1, 1, 1)).toThrow(message);
  });

  it('refuses periods that are not whole numbers above 0', () => {
    expect(() => new SymbolSeries({ ...SERIES_PARAMETERS, atrPeriod: 0 })).toThrow('a period of 0 candles');
    expect(() => new SymbolSeries({ ...SERIES_PARAMETERS, meanAtrCandles: 2.5 })).toThrow('a period of 2.5 candles');
  });

  it.each([
    [1, 5],
    [5, 15],
    [1, 15],
    [15, 5],
  ])(
    'looks at the ATR of the same minute where candles of %i and %i minutes close together',
    (atrMinutes, regimeMinutes) => {
      const parameters = { ...QUICK, timeframes: { signalMinutes: 1, regimeMinutes, atrMinutes } };
      const series = new SymbolSeries(parameters);
      let looked = 0;
      for (const row of walk(14, 2_000)) {
        series.onClosed1m(...row);
        const { inputs } = series.regimeRecord;
        if ((row[0] + 1) % regimeMinutes !== 0 || inputs === undefined) continue;
        expect([inputs.atrFraction, inputs.meanAtrFraction]).toEqual([series.atrFraction, series.meanAtrFraction]);
        looked += 1;
      }
      expect(looked).toBeGreaterThan(100);
    },
  );

  it('gives the signal of its last candle, where a late one closes with it', () => {
    const parameters = { ...QUICK, timeframes: { signalMinutes: 5, regimeMinutes: 5, atrMinutes: 5 } };
    let signals = 0;
    let closedTwo = 0;
    for (let seed = 1; seed <= 12; seed++) {
      const series = new SymbolSeries(parameters);
      for (const row of walk(seed, 3_000)) {
        if (row[0] % 10 > 3 && row[0] % 10 < 9) continue;
        const { candles } = series;
        series.onClosed1m(...row);
        if (series.candles - candles === 2) closedTwo += 1;
        expect(series.signalSide).toBe(series.candles === candles ? 0 : series.scalper.side);
        expect(series.signalStrength > 0).toBe(series.signalSide !== 0);
        if (series.signalSide === 0) continue;
        expect(series.signalStrength * 12).toBeGreaterThanOrEqual(series.threshold);
        signals += 1;
      }
    }
    expect([closedTwo > 1_000, signals > 10]).toEqual([true, true]);
  });
});
