import { describe, expect, it } from 'vitest';
import { mirrored, realWeek, walk } from '../../../test/fixtures/real-week.ts';
import { SERIES_PARAMETERS } from '../../../test/fixtures/series-parameters.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { percentOf, type Share, share } from '../numbers/percent.ts';
import type { Regime } from '../policy.ts';
import { type RegimeParameters, RegimeSeries, regimeFor } from './regime.ts';
import { SymbolSeries } from './series.ts';

const PARAMETERS: RegimeParameters = SERIES_PARAMETERS.regime;

/** One evaluation every 5 minutes: which regime wins, and with what score. */
type Verdict = readonly [winner: Regime, score: number];

/** The regime after each evaluation; the first is at minute 5. */
function judged(verdicts: readonly Verdict[]): string {
  const series = new RegimeSeries(PARAMETERS);
  const letters = verdicts.map(([winner, score], at) => {
    series.trendingScore = winner === 'trending' ? score : 0.1;
    series.rangingScore = winner === 'ranging' ? score : 0.1;
    series.choppyScore = winner === 'choppy' ? score : 0.1;
    series.judge(5 * (at + 1));
    return series.regime[0];
  });
  return letters.join('');
}

const T: Verdict = ['trending', 0.6];
const R: Verdict = ['ranging', 0.6];
const C: Verdict = ['choppy', 0.79];
const CHOPPY_80: Verdict = ['choppy', 0.8];

it('weighs the volume of a candle against the mean of the last twenty, that one included', () => {
  const series = new RegimeSeries(PARAMETERS);
  for (let at = 0; at < 400; at++) series.add(5 * at, 1_010 + (at % 2), 990, 1_000, at === 399 ? 390 : 10, true);
  expect(series.record().inputs?.volumeRatio, '390 ÷ (580 ÷ 20)').toBeCloseTo(390 / 29, 12);
});

describe('hysteresis of the regime', () => {
  it.each([
    ['the first evaluation has no old regime to wait for', [T], 't'],
    ['a new regime must win three in a row', [R, T, T, T], 'rrrt'],
    ['two in a row are not three', [R, T, T, R, T, T, R], 'rrrrrrr'],
    ['a win of another starts the count anew', [R, T, T, C, T, T, T], 'rrrrrrt'],
    ['choppy below 0.8 waits like any other', [R, C, C, C], 'rrrc'],
    ['choppy at 0.8 interrupts at once', [R, CHOPPY_80], 'rc'],
    ['choppy at 0.8 interrupts before the old one lasted 15 minutes', [R, R, R, T, T, T, CHOPPY_80], 'rrrrrtc'],
    ['others do not interrupt, however clear', [CHOPPY_80, ['trending', 1], ['trending', 1]], 'ccc'],
    ['after an interruption the way back is three in a row', [R, CHOPPY_80, R, R, R], 'rcccr'],
  ] as const)('%s', (_name, verdicts, regimes) => {
    expect(judged(verdicts)).toBe(regimes);
  });

  const REGIMES = ['trending', 'ranging', 'choppy'] as const;
  it.each(REGIMES.flatMap((from) => REGIMES.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'from %s to %s it is three in a row',
    (from, to) => {
      const [a, b] = [from[0], to[0]];
      const verdicts: Verdict[] = [from, from, from, to, to, to].map((winner) => [winner, 0.6]);
      expect(judged(verdicts)).toBe(`${a}${a}${a}${a}${a}${b}`);
    },
  );

  it('is not interrupted by a choppy of 0.8 that does not win', () => {
    const series = new RegimeSeries(PARAMETERS);
    for (const [minute, trending] of [
      [5, 0.1],
      [10, 0.9],
    ] as const) {
      Object.assign(series, {
        trendingScore: trending,
        rangingScore: 0.85 - trending,
        choppyScore: minute === 5 ? 0 : 0.8,
      });
      series.judge(minute);
    }
    expect(series.record()).toMatchObject({ regime: 'ranging', challenger: { regime: 'trending', wins: 1 } });
  });

  it('lets the old regime last 15 minutes where evaluations come faster', () => {
    const series = new RegimeSeries(PARAMETERS);
    const judge = (minute: number, winner: Regime): Regime => {
      series.trendingScore = winner === 'trending' ? 0.6 : 0.1;
      series.rangingScore = winner === 'ranging' ? 0.6 : 0.1;
      series.choppyScore = 0.1;
      series.judge(minute);
      return series.regime;
    };
    expect(judge(100, 'ranging')).toBe('ranging');
    for (let minute = 101; minute <= 114; minute++) expect(judge(minute, 'trending')).toBe('ranging');
    expect(judge(115, 'trending')).toBe('trending');
  });

  it('keeps the regime that stands where scores are equal, and names the challenger', () => {
    const series = new RegimeSeries(PARAMETERS);
    const judge = (minute: number, trending: number, ranging: number, choppy: number): void => {
      series.trendingScore = trending;
      series.rangingScore = ranging;
      series.choppyScore = choppy;
      series.judge(minute);
    };
    judge(5, 0.7, 0.1, 0.1);
    judge(10, 0.5, 0.5, 0.5);
    expect(series.record().challenger).toBeUndefined();
    judge(15, 0.1, 0.5, 0.5);
    expect(series.record()).toMatchObject({
      regime: 'trending',
      sinceMinute: 5,
      challenger: { regime: 'choppy', wins: 1 },
    });
    judge(20, 0.1, 0.5, 0.1);
    expect(series.record().challenger).toEqual({ regime: 'ranging', wins: 1 });
  });

  it('gives a first tie to the more careful regime', () => {
    const series = new RegimeSeries(PARAMETERS);
    series.trendingScore = series.rangingScore = series.choppyScore = 0.5;
    series.judge(5);
    expect(series.regime).toBe('choppy');
  });
});

/** 5m candles with wicks of 20 and the changes given, after a calm start; every ATR/price is `atrFraction`, its mean 0.004. */
function scoresOf(changes: (at: number) => number, atrFraction = 0.004): RegimeSeries {
  const series = new RegimeSeries(PARAMETERS);
  let close = 500_000;
  for (let at = 0; at < 120; at++) {
    const open = close;
    close += changes(at);
    series.atrFraction = atrFraction;
    series.meanAtrFraction = 0.004;
    series.add(5 * (at + 1), Math.max(open, close) + 20, Math.min(open, close) - 20, close, 1_000, true);
  }
  return series;
}

describe('scores of the regime', () => {
  it('call a steady climb trending upwards, a steady fall trending downwards', () => {
    const up = scoresOf(() => 50);
    const down = scoresOf(() => -50);
    expect([up.regime, up.trendSide]).toEqual(['trending', 1]);
    expect([down.regime, down.trendSide]).toEqual(['trending', -1]);
    expect(down.record().scores).toEqual(up.record().scores);
  });

  it('call a calm saw ranging, the same saw in turbulence choppy', () => {
    const saw = (at: number): number => ((at >> 1) % 2 === 0 ? 60 : -60);
    expect(scoresOf(saw, 0.0025).regime).toBe('ranging');
    const wild = scoresOf((at) => (at % 2 === 0 ? 60 : -60), 0.007);
    expect(wild.regime).toBe('choppy');
    expect(wild.choppyScore).toBeGreaterThanOrEqual(0.8);
  });

  it('have no side, no distance and no width where nothing moves at all', () => {
    const series = new RegimeSeries(PARAMETERS);
    for (let at = 0; at < 80; at++) series.add(5 * (at + 1), 100, 100, 100, 0, true);
    expect(series.trendSide).toBeUndefined();
    expect(series.record()).toMatchObject({
      regime: 'ranging',
      inputs: { smaDistanceAtr: 0, rangeWidthAtr: 0, volumeRatio: 1 },
    });
  });

  it('are the formulas at the head of regime.ts', () => {
    const ramp = (x: number, from: number, to: number): number => Math.min(1, Math.max(0, (x - from) / (to - from)));
    const series = new SymbolSeries(SERIES_PARAMETERS);
    let compared = 0;
    for (const row of walk(31, 8_000)) {
      series.onClosed1m(...row);
      const { inputs, scores } = series.regimeRecord;
      if (inputs === undefined || row[0] % 5 !== 4) continue;
      const { adx, plusDi, minusDi, smaDistanceAtr, rangeWidthAtr, reversals, volumeRatio } = inputs;
      const strength = ramp(adx, 15, 30);
      const direction = ramp(Math.abs(plusDi - minusDi) / (plusDi + minusDi), 0.1, 0.6);
      const distance = ramp(Math.abs(smaDistanceAtr), 0.5, 3.5);
      const width = ramp(rangeWidthAtr, 3.5, 8);
      const turning = ramp(reversals, 6, 12);
      const turbulence = ramp(inputs.atrFraction / inputs.meanAtrFraction, 0.9, 1.6);
      const activity = ramp(volumeRatio, 0.8, 2);
      const expected = {
        trending: 0.35 * strength + 0.15 * direction + 0.2 * distance + 0.2 * (1 - turning) + 0.1 * activity,
        ranging: 0.3 * (1 - strength) + 0.2 * (1 - distance) + 0.25 * (1 - width) + 0.25 * (1 - turbulence),
        choppy: 0.2 * (1 - strength) + 0.15 * (1 - direction) + 0.35 * turning + 0.3 * turbulence,
      };
      for (const regime of ['trending', 'ranging', 'choppy'] as const)
        expect(scores[regime]).toBeCloseTo(expected[regime], 12);
      compared += 1;
    }
    expect(compared).toBe(1_551);
  });

  it('look at the close against SMA50 and at the range of 20 candles, both in ATR, and at the turns of 20 closes', () => {
    const series = new RegimeSeries(PARAMETERS);
    const rows = walk(32, 600);
    const changes = rows.map(([, , , , close], at) => Math.sign(close - (rows[at - 1]?.[4] ?? close)));
    const turned = changes.map((change, at) => {
      const before = changes.slice(0, at).findLast((each) => each !== 0) ?? 0;
      return change * before === -1 ? 1 : 0;
    });
    rows.forEach(([, , high, low, close, volume], at) => {
      series.add(5 * at, high, low, close, volume, true);
      const { inputs } = series.record();
      if (inputs === undefined) return;
      const last = (count: number) => rows.slice(at + 1 - count, at + 1);
      const atr = series.atr.valueTicks;
      const mean = last(50).reduce((sum, row) => sum + row[4], 0) / 50;
      expect(inputs.smaDistanceAtr).toBeCloseTo((close - mean) / atr, 9);
      const width = Math.max(...last(20).map((row) => row[2])) - Math.min(...last(20).map((row) => row[3]));
      expect(inputs.rangeWidthAtr).toBeCloseTo(width / atr, 9);
      expect(inputs.reversals).toBe(turned.slice(at - 19, at + 1).reduce((sum: number, each) => sum + each, 0));
    });
    expect(series.ready).toBe(true);
  });

  it('wait until everything is warm: 50 candles', () => {
    const series = new RegimeSeries(PARAMETERS);
    const readyAt = walk(2, 80).findIndex(([, , high, low, close, volume], at) => {
      series.add(5 * at, high, low, close, volume, true);
      return series.ready;
    });
    expect(readyAt + 1).toBe(50);
  });

  it('are refused where ramps fall or weights do not sum to 1', () => {
    const { ramps, weights } = PARAMETERS;
    expect(() => new RegimeSeries({ ...PARAMETERS, ramps: { ...ramps, width: { from: 4, to: 4 } } })).toThrow(
      'regime ramp "width" rises from 4 to 4',
    );
    const trending = { ...weights.trending, activity: 0.2 };
    expect(() => new RegimeSeries({ ...PARAMETERS, weights: { ...weights, trending } })).toThrow(
      'the regime weights of "trending" sum to 1.1',
    );
    const choppy = { weakness: -0.1, indecision: 0.4, turning: 0.4, turbulence: 0.3 };
    expect(() => new RegimeSeries({ ...PARAMETERS, weights: { ...weights, choppy } }), 'one below 0').toThrow(
      'they must be 0 or more and sum to 1',
    );
  });
});

describe('the regime as a position meets it', () => {
  //  regime     trend of  position  rule      met
  it.each([
    ['trending', 1, 1, 'choppy', 'trending'],
    ['trending', -1, -1, 'choppy', 'trending'],
    ['trending', -1, 1, 'choppy', 'choppy'],
    ['trending', 1, -1, 'choppy', 'choppy'],
    ['trending', -1, 1, 'refuse', 'refuse'],
    ['trending', 1, -1, 'refuse', 'refuse'],
    ['trending', -1, 1, 'same', 'trending'],
    ['trending', undefined, 1, 'refuse', 'trending'],
    ['ranging', -1, 1, 'refuse', 'ranging'],
    ['choppy', 1, -1, 'refuse', 'choppy'],
  ] as const)('%s, trend %s, position %s, %s: %s', (regime, trendSide, side, rule, met) => {
    expect(regimeFor(regime, trendSide, side, rule)).toBe(met);
  });
});

describe('percent and fraction', () => {
  it('do not mix: an ATR of 0.4 % is a fraction of 0.004', () => {
    const ofPrice: Share = share(0.004);
    expect(percentOf(ofPrice)).toBe(0.4);
    // @ts-expect-error a percent is no fraction: the mix-up once made every market volatile
    const mixed: Share = percentOf(ofPrice);
    // @ts-expect-error a bare number says neither
    const bare: Share = 0.4;
    expect([mixed, bare]).toEqual([0.4, 0.4]);
    expect(() => share(NaN)).toThrow('a finite number');
  });
});

describe('a market upside down', () => {
  it('has the same scores but for the level of the price, and its trends point the other way', () => {
    // Far from 0 the price level, which ATR% knows, hardly differs between the two.
    const centre = 500_000_000;
    for (let seed = 1; seed <= 5; seed++) {
      const rows = walk(seed, 3_000, centre);
      const up = new SymbolSeries(SERIES_PARAMETERS);
      const down = new SymbolSeries(SERIES_PARAMETERS);
      const turned = mirrored(rows, centre);
      rows.forEach((row, at) => {
        const other = turned[at];
        if (other === undefined) throw new Error('as many candles');
        up.onClosed1m(...row);
        down.onClosed1m(...other);
        if (at % 5 !== 4) return;
        const [ours, theirs] = [up.regimeScores, down.regimeScores];
        expect(theirs.trending).toBe(ours.trending);
        expect(Math.abs(ours.ranging - theirs.ranging)).toBeLessThan(1e-3);
        expect(Math.abs(ours.choppy - theirs.choppy)).toBeLessThan(1e-3);
        expect(down.regime).toBe(up.regime);
        expect(down.trendSide).toBe(up.trendSide === undefined ? undefined : -up.trendSide);
      });
    }
  });
});

describeWithShared('the regime over the real week', () => {
  it('sees every regime, none of them nearly always', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    const minutes = { trending: 0, ranging: 0, choppy: 0 };
    for (const row of realWeek()) {
      series.onClosed1m(...row);
      if (series.ready) minutes[series.regime] += 1;
    }
    const all = minutes.trending + minutes.ranging + minutes.choppy;
    for (const [regime, count] of Object.entries(minutes)) {
      expect(count / all, regime).toBeGreaterThan(0.05);
      expect(count / all, regime).toBeLessThan(0.8);
    }
  });

  it('shows ATR% in percent: of the order of half a percent for 5m candles of that week', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    for (const row of realWeek()) series.onClosed1m(...row);
    expect(series.meanAtrPercent).toBeGreaterThan(0.1);
    expect(series.meanAtrPercent).toBeLessThan(1.5);
    expect(series.meanAtrFraction).toBeCloseTo((series.meanAtrPercent ?? 0) / 100, 12);
  });
});
