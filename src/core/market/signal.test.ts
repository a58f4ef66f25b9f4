import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mirrored, realWeek, walk } from '../../../test/fixtures/real-week.ts';
import { SERIES_PARAMETERS } from '../../../test/fixtures/series-parameters.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { SymbolSeries } from './series.ts';
import {
  COMPONENTS,
  type ComponentWeights,
  castVote,
  newVote,
  POINT_SETS,
  pointScores,
  Scalper,
  type ScalperParameters,
} from './signal.ts';

const PARAMETERS: ScalperParameters = SERIES_PARAMETERS.scalper;
const NONE: ComponentWeights = { ema: 0, sma: 0, rsi: 0, macd: 0, bollinger: 0, volume: 0 };
const CENTRE = 500_000;

/** A scalper of which only volume counts, warm: every candle with a body scores 6 of 12 for its side. */
function byCandleBody(): Scalper {
  const scalper = new Scalper({
    ...PARAMETERS,
    weights: { ...NONE, volume: 1 },
    volumeRatioRaised: 0.9,
    volumeRatioHigh: 100,
  });
  for (let i = 0; i < 40; i++) scalper.add(1_000, 1_000, 10, 6, true);
  return scalper;
}

/** What is signalled on each candle: u up, d down, a dot neither. */
function signalled(bodies: string, threshold = 6, isAllowed = (_at: number): boolean => true): string {
  const scalper = byCandleBody();
  const body = { u: 1, d: -1, '.': 0 } as const;
  const signs = [...bodies].map((letter, at) => {
    const change = body[letter as keyof typeof body];
    scalper.add(1_000 - change, 1_000, 10, threshold, isAllowed(at));
    return scalper.side === 1 ? 'u' : scalper.side === -1 ? 'd' : '.';
  });
  return signs.join('');
}

describe('a signal is an event', () => {
  it.each([
    ['it is given on the candle that first reaches the threshold', 'uuu', 'u..'],
    ['and again after five candles while it stays', 'uuuuuuuuuuuu', 'u....u....u.'],
    ['below the threshold in between, it is given anew', 'uu.uu', 'u..u.'],
    ['the other side has its own count', 'uudduu', 'u.d.u.'],
    ['nothing is given where neither side speaks', '....', '....'],
  ])('%s', (_name, bodies, signals) => {
    expect(signalled(bodies)).toBe(signals);
  });

  it('is reached by a score equal to the threshold, not by one below', () => {
    expect(signalled('u', 6)).toBe('u');
    expect(signalled('u', 6.01)).toBe('.');
  });

  it('is not given while the series warms up, nor for having been there already when it is ready', () => {
    expect(signalled('uuuuuuuu', 6, (at) => at >= 2)).toBe('.....u..');
  });

  it('follows from the scores alone', () => {
    let signals = 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(3, 4, 6), (seed, threshold) => {
        const scalper = new Scalper(PARAMETERS);
        const above = { long: 0, short: 0 };
        const given: number[] = [];
        const due: number[] = [];
        for (const [, open, , , close, volume] of walk(seed, 90)) {
          scalper.add(open, close, volume, threshold, true);
          const { longScore, shortScore } = scalper;
          above.long = scalper.ready && longScore >= threshold && longScore > shortScore ? above.long + 1 : 0;
          above.short = scalper.ready && shortScore >= threshold && shortScore > longScore ? above.short + 1 : 0;
          given.push(scalper.side);
          due.push(above.long % 5 === 1 ? 1 : above.short % 5 === 1 ? -1 : 0);
        }
        expect(given).toEqual(due);
        signals += given.filter((each) => each !== 0).length;
      }),
      { numRuns: 1_000 },
    );
    expect(signals).toBeGreaterThan(1_000);
  });

  it('cannot repeat within less than a candle', () => {
    expect(() => new Scalper({ ...PARAMETERS, repeatAfterCandles: 0 })).toThrow('a signal repeats after 0 candles');
  });
});

describe('a vote', () => {
  const weight = fc.constantFrom(0, 0.5, 1, 2);
  const weights = fc.record({ ema: weight, sma: weight, rsi: weight, macd: weight, bollinger: weight, volume: weight });

  it('of other weights says what a scalper of those weights says', () => {
    let signals = 0;
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        weights,
        fc.constantFrom(3, 4, 6),
        (seed, others, threshold) => {
          const heard = new Scalper(PARAMETERS);
          const other = new Scalper({ ...PARAMETERS, weights: others });
          const vote = newVote();
          const scores = pointScores(others);
          walk(seed, 120).forEach(([, open, , , close, volume], at) => {
            const isAllowed = at % 7 !== 0;
            heard.add(open, close, volume, threshold, isAllowed);
            other.add(open, close, volume, threshold, isAllowed);
            castVote(vote, heard, scores, threshold, isAllowed);
            expect([vote.side, vote.strength, vote.longAge, vote.shortAge]).toEqual([
              other.side,
              other.strength,
              other.longAge,
              other.shortAge,
            ]);
            if (vote.side !== 0) signals += 1;
          });
        },
      ),
      { numRuns: 1_000 },
    );
    expect(signals).toBeGreaterThan(1_000);
  });
});

/** A warm scalper after a market of these changes of the close; volume 10, and 40 on the last candle. */
function after(changes: readonly number[], weights = PARAMETERS.weights): Scalper {
  const scalper = new Scalper({ ...PARAMETERS, weights });
  let close = CENTRE;
  changes.forEach((change, at) => {
    const open = close;
    close += change;
    scalper.add(open, close, at === changes.length - 1 ? 40 : 10, 4, true);
  });
  return scalper;
}

const spoken = (scalper: Scalper, side: 1 | -1): string =>
  scalper
    .reasons(side)
    .map(({ component, points }) => `${component} ${points}`)
    .join(', ');

const repeat = (times: number, ...changes: readonly number[]): number[] =>
  Array.from({ length: times }, () => changes).flat();

describe('components', () => {
  it('lean against a fall to the extreme, while the trend speaks for the short', () => {
    const scalper = after([...repeat(20, 20, -20), ...repeat(6, -60)]);
    expect(spoken(scalper, 1)).toBe('rsi 2, bollinger 2');
    expect(spoken(scalper, -1)).toBe('ema 1, volume 2');
    expect([scalper.longScore, scalper.shortScore]).toEqual([4, 3]);
  });

  it('follow the trend where a pullback ends: enough for the threshold of a trending market', () => {
    const scalper = after([...repeat(30, 30, -5), ...repeat(9, -25), 0, 40, 60, 90]);
    expect(spoken(scalper, 1)).toBe('ema 2, sma 2, volume 2');
    expect(scalper.longScore).toBe(6);
    expect([scalper.side, scalper.strength]).toEqual([1, 0.5]);
  });

  it('have nothing to say where nothing moves', () => {
    const scalper = after(repeat(60, 0));
    expect([scalper.longScore, scalper.shortScore, scalper.side, scalper.strength]).toEqual([0, 0, 0, 0]);
  });

  it('hear no volume where nothing is traded, though the price moves', () => {
    const scalper = new Scalper(PARAMETERS);
    for (let i = 0; i < 60; i++) scalper.add(1_000, 1_000 + i, 0, 4, true);
    expect([scalper.emaPoints > 0, scalper.volumePoints]).toEqual([true, 0]);
  });

  it('are told as one number, another one for every set of points', () => {
    const scalper = new Scalper(PARAMETERS);
    const sets = Array.from({ length: POINT_SETS }, (_, set) => {
      const [emaPoints = 0, smaPoints = 0, rsiPoints = 0, macdPoints = 0, bollingerPoints = 0, volumePoints = 0] =
        COMPONENTS.map((_component, place) => (Math.floor(set / 5 ** place) % 5) - 2);
      Object.assign(scalper, { emaPoints, smaPoints, rsiPoints, macdPoints, bollingerPoints, volumePoints });
      scalper.countPoints();
      return scalper.pointSet;
    });
    expect(new Set(sets).size).toBe(POINT_SETS);
    expect([Math.min(...sets), Math.max(...sets)]).toEqual([0, POINT_SETS - 1]);
  });

  it('have a strength only where they give a signal', () => {
    const scalper = byCandleBody();
    const strengths = [0, 1].map(() => {
      scalper.add(1_001, 1_000, 10, 6, true);
      return [scalper.side, scalper.shortScore, scalper.strength];
    });
    expect(strengths).toEqual([
      [-1, 6, 0.5],
      [0, 6, 0],
    ]);
  });

  it('give up to 2 points to one side at a time, and score is their sum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const scalper = new Scalper(PARAMETERS);
        for (const [, open, , , close, volume] of walk(seed, 70)) scalper.add(open, close, volume, 4, true);
        const [long, short] = [scalper.reasons(1), scalper.reasons(-1)];
        const sum = (reasons: typeof long): number => reasons.reduce((total, { points }) => total + points, 0);
        expect([scalper.longScore, scalper.shortScore]).toEqual([sum(long), sum(short)]);
        for (const { points } of [...long, ...short]) expect([1, 2]).toContain(points);
        for (const { component } of long) expect(short.map((reason) => reason.component)).not.toContain(component);
      }),
      { numRuns: 1_000 },
    );
  });

  it('count a crossing as fresh for four candles: EMA 2, 2, 2, 2, then 1', () => {
    const scalper = new Scalper(PARAMETERS);
    const points: number[] = [];
    const changes = [...repeat(60, -20), ...repeat(30, 60)];
    let close = CENTRE;
    for (const change of changes) {
      close += change;
      scalper.add(close - change, close, 10, 4, true);
      points.push(scalper.emaPoints);
    }
    const crossed = points.indexOf(2);
    expect(points.slice(crossed - 2, crossed + 6)).toEqual([-1, -1, 2, 2, 2, 2, 1, 1]);
    expect(points.slice(0, crossed), 'taking the first side is no crossing').not.toContain(-2);
  });

  it('speak as the head of signal.ts says: RSI, Bollinger and volume', () => {
    const scalper = new Scalper(PARAMETERS);
    const seen = new Set<string>();
    for (const [, open, , , close, volume] of walk(77, 5_000)) {
      const before = scalper.indicators.closeTicks;
      scalper.add(open, close, volume, 4, true);
      if (!scalper.ready) continue;
      const { rsi = 50, previousRsi = 50, bollinger, volumeRatio = 0 } = scalper.indicators;
      const rising = Math.abs(rsi - previousRsi) < 1e-9 ? 0 : rsi - previousRsi;
      const byRsi = rsi < 30 ? 2 : rsi > 70 ? -2 : rsi < 35 && rising > 0 ? 1 : rsi > 65 && rising < 0 ? -1 : 0;
      const deviations = (close - (bollinger?.middleTicks ?? close)) / (bollinger?.sigmaTicks ?? 1);
      const byBands = (Math.abs(deviations) > 2 ? 2 : Math.abs(deviations) > 1 ? 1 : 0) * -Math.sign(deviations);
      const direction = Math.sign(close - open) || Math.sign(close - before);
      const byVolume = (volumeRatio >= 2.5 ? 2 : volumeRatio >= 1.5 ? 1 : 0) * direction;
      const { rsiPoints, bollingerPoints, volumePoints } = scalper;
      expect([rsiPoints, bollingerPoints, volumePoints]).toEqual([byRsi + 0, byBands + 0, byVolume + 0]);
      seen
        .add(`rsi ${byRsi}`)
        .add(`bands ${byBands + 0}`)
        .add(`volume ${byVolume + 0}`);
    }
    expect(seen.size, 'every value of every component was met').toBe(15);
  });

  it('speak as the head of signal.ts says: EMA, SMA and MACD, each of its own side and the candles since it took it', () => {
    const scalper = new Scalper(PARAMETERS);
    const seen = new Set<string>();
    const crossings = { ema: [0, 9], sma: [0, 9], macd: [0, 9] } as Record<
      'ema' | 'sma' | 'macd',
      [side: number, age: number]
    >;
    const crossed = (name: keyof typeof crossings, difference: number): [side: number, isFresh: boolean] => {
      const [before, age] = crossings[name];
      const side = Math.sign(difference) || before;
      crossings[name] = [side, side === before || before === 0 ? age + 1 : 0];
      return [side, crossings[name][1] < PARAMETERS.freshCandles];
    };
    for (const [, open, , , close, volume] of walk(78, 5_000)) {
      scalper.add(open, close, volume, 4, true);
      if (!scalper.ready) continue;
      const { emaFast, emaSlow, smaDistance, smaSlope, macdHistogram, macdLine } = scalper.indicators;
      const [emaSide, isNewEma] = crossed('ema', emaFast - emaSlow);
      const [smaSide, isNewSma] = crossed('sma', smaDistance);
      const [macdSide, isNewMacd] = crossed('macd', macdHistogram);
      const byEma = emaSide * (isNewEma ? 2 : 1);
      const bySma = isNewSma ? smaSide * (Math.sign(smaSlope) === smaSide ? 2 : 1) : 0;
      const byMacd = isNewMacd ? macdSide * (Math.sign(macdLine) === macdSide ? 2 : 1) : 0;
      const { emaPoints, smaPoints, macdPoints } = scalper;
      expect([emaPoints, smaPoints, macdPoints]).toEqual([byEma, bySma, byMacd]);
      seen.add(`ema ${byEma}`).add(`sma ${bySma}`).add(`macd ${byMacd}`);
    }
    expect(seen.size, 'every value of every component was met').toBe(14);
  });

  it('mirror: a market upside down gives the same scores to the other side, exactly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (seed) => {
        const rows = walk(seed, 100);
        const turned = mirrored(rows, CENTRE);
        const up = new Scalper(PARAMETERS);
        const down = new Scalper(PARAMETERS);
        const ours: number[] = [];
        const theirs: number[] = [];
        rows.forEach(([, open, , , close, volume], at) => {
          const [, otherOpen = 0, , , otherClose = 0] = turned[at] ?? [];
          up.add(open, close, volume, 4, true);
          down.add(otherOpen, otherClose, volume, 4, true);
          ours.push(up.longScore, up.shortScore, up.side, up.strength);
          theirs.push(down.shortScore, down.longScore, 0 - down.side, down.strength);
        });
        expect(theirs).toEqual(ours);
        expect(down.reasons(-1)).toEqual(up.reasons(1));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('weights', () => {
  const falling = [...repeat(20, 20, -20), ...repeat(6, -60)];

  it('leave components out; the score stays a share of what the chosen ones can reach', () => {
    const meanReversion = after(falling, { ...NONE, rsi: 1, bollinger: 1 });
    expect([meanReversion.longScore, meanReversion.shortScore]).toEqual([12, 0]);
    const trendFollowing = after(falling, { ...NONE, ema: 1, sma: 1, macd: 1 });
    expect([trendFollowing.longScore, trendFollowing.shortScore]).toEqual([0, 2]);
  });

  it('all 0 are the mode "off": no scores, no signals', () => {
    const off = after(falling, NONE);
    expect([off.longScore, off.shortScore, off.side]).toEqual([0, 0, 0]);
  });

  it('change from the next candle on', () => {
    const scalper = after(falling);
    scalper.weigh({ ...NONE, rsi: 1, bollinger: 1 });
    expect(scalper.longScore).toBe(4);
    scalper.add(CENTRE - 360, CENTRE - 440, 10, 4, true);
    expect(scalper.longScore).toBe(12);
  });

  it('are refused below 0', () => {
    expect(() => after([], { ...NONE, sma: -1 })).toThrow('the weight of "sma" is -1');
  });
});

describeWithShared('the scalper over the real week', () => {
  it('signals once in 20 to 60 minutes, both sides, in trending and in ranging markets', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    const seen = new Map<string, number>();
    let minutes = 0;
    let signals = 0;
    for (const row of realWeek()) {
      series.onClosed1m(...row);
      if (!series.ready) continue;
      minutes += 1;
      if (series.signalSide === 0) continue;
      signals += 1;
      const kind = `${series.regime} ${series.signalSide}`;
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      expect(series.signalStrength * 12).toBeGreaterThanOrEqual(PARAMETERS.thresholds[series.regime]);
    }
    expect(minutes / signals).toBeGreaterThan(20);
    expect(minutes / signals).toBeLessThan(60);
    for (const kind of ['trending 1', 'trending -1', 'ranging 1', 'ranging -1'])
      expect(seen.get(kind), kind).toBeGreaterThan(10);
  });

  it('hears every component, each for both sides', () => {
    const series = new SymbolSeries(SERIES_PARAMETERS);
    const heard = new Set<string>();
    for (const row of realWeek()) {
      series.onClosed1m(...row);
      if (series.signalSide === 0) continue;
      for (const { component } of series.reasons(series.signalSide)) heard.add(`${component} ${series.signalSide}`);
    }
    expect([...heard].toSorted()).toEqual(COMPONENTS.flatMap((each) => [`${each} -1`, `${each} 1`]).toSorted());
  });
});
