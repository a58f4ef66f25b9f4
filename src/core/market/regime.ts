/**
 * What kind of market it is: trending, ranging or choppy. Evaluated on every closed candle of the regime's timeframe (5m).
 *
 * Each regime is scored 0..1 as a weighted mean of features, each brought to 0..1 by a ramp (0 at and below `from`, 1 at and above `to`):
 *
 *   strength    ADX                                                        ramp 15 → 30
 *   direction   |+DI − −DI| / (+DI + −DI)                                  ramp 0.1 → 0.6
 *   distance    |close − SMA50| in ATR                                     ramp 0.5 → 3.5
 *   width       highest high − lowest low of 20 candles, in ATR            ramp 3.5 → 8
 *   turning     reversals in 20 candles                                    ramp 6 → 12
 *   turbulence  ATR% / mean ATR% of 288 candles                            ramp 0.9 → 1.6
 *   activity    volume / mean volume of 20 candles                         ramp 0.8 → 2
 *
 *   trending = .35 strength + .15 direction + .20 distance + .20 (1 − turning) + .10 activity
 *   ranging  = .30 (1 − strength) + .20 (1 − distance) + .25 (1 − width) + .25 (1 − turbulence)
 *   choppy   = .20 (1 − strength) + .15 (1 − direction) + .35 turning + .30 turbulence
 *
 * Ramps and weights are parameters (the numbers above are the configuration's defaults). Features have no side: a mirrored market has the same
 * regime and the opposite `trendSide`. (ATR% alone knows the price level; mirrored around itself, its ratio to its mean differs a little.)
 * Hysteresis: a new regime must win `winsMin` (3) evaluations in a row and the old one must have lasted `holdMinutes` (15); choppy interrupts at
 * a score of `interruptScore` (0.8) without either. A tie keeps the regime that stands, else goes to the more careful one. The first evaluation
 * has no old regime to wait for. Before it: ranging, `ready` false.
 * Source: rules.md §1; the formulas are ours.
 */
import { Adx } from '../indicators/adx.ts';
import { Atr } from '../indicators/atr.ts';
import { PriceRange } from '../indicators/price-range.ts';
import { Reversals } from '../indicators/reversals.ts';
import { RollingSum } from '../indicators/rolling-sum.ts';
import { type Share, share } from '../numbers/percent.ts';
import type { Side } from '../numbers/units.ts';
import type { ByRegime, Regime } from '../policy.ts';

/** 0 at and below `from`, 1 at and above `to`, straight between. `from` is below `to`. */
export interface Ramp {
  readonly from: number;
  readonly to: number;
}

export interface RegimeParameters {
  readonly atrPeriod: number;
  readonly adxPeriod: number;
  readonly smaPeriod: number;
  readonly rangePeriod: number;
  readonly reversalsPeriod: number;
  readonly volumePeriod: number;
  readonly ramps: {
    readonly strength: Ramp;
    readonly direction: Ramp;
    readonly distance: Ramp;
    readonly width: Ramp;
    readonly turning: Ramp;
    readonly turbulence: Ramp;
    readonly activity: Ramp;
  };
  /** The weights of a regime sum to 1. */
  readonly weights: {
    readonly trending: Readonly<Record<'strength' | 'direction' | 'distance' | 'straightness' | 'activity', number>>;
    readonly ranging: Readonly<Record<'weakness' | 'closeness' | 'narrowness' | 'calm', number>>;
    readonly choppy: Readonly<Record<'weakness' | 'indecision' | 'turning' | 'turbulence', number>>;
  };
  readonly winsMin: number;
  readonly holdMinutes: number;
  readonly interruptScore: number;
}

/** What an evaluation looked at. */
export interface RegimeInputs {
  readonly atrFraction: Share;
  readonly meanAtrFraction: Share;
  /** 0..100. */
  readonly adx: number;
  readonly plusDi: number;
  readonly minusDi: number;
  /** Signed: close − SMA, in ATR of this timeframe. */
  readonly smaDistanceAtr: number;
  readonly rangeWidthAtr: number;
  readonly reversals: number;
  readonly volumeRatio: number;
}

/** The regime with its reasons; part of every decision record (rules.md §1). */
export interface RegimeRecord {
  readonly ready: boolean;
  readonly regime: Regime;
  readonly trendSide: Side | undefined;
  readonly sinceMinute: number;
  readonly scores: ByRegime<number>;
  /** Who has won the last evaluations against the regime that stands, and how many in a row. */
  readonly challenger: { readonly regime: Regime; readonly wins: number } | undefined;
  readonly inputs: RegimeInputs | undefined;
}

/** The more careful first: the order in which ties are broken. */
const BY_CARE = ['choppy', 'ranging', 'trending'] as const satisfies readonly Regime[];
const CHOPPY = 0;
const RANGING = 1;
const TRENDING = 2;
const NOBODY = -1;

/** What is said by regime, in the order of `RegimeSeries.current`: on the hot path a number finds it. */
export function byCurrent<T>(said: ByRegime<T>): readonly T[] {
  return BY_CARE.map((regime) => said[regime]);
}

/** One symbol's regime. Public fields are its state: what `saveState` keeps. */
export class RegimeSeries {
  readonly atr: Atr;
  readonly adx: Adx;
  readonly sma: RollingSum;
  readonly range: PriceRange;
  readonly reversals: Reversals;
  readonly volume: RollingSum;
  /** What the last evaluation looked at: `RegimeInputs`, flat. The first two are the caller's to set. */
  atrFraction = 0;
  meanAtrFraction = 0;
  smaDistanceAtr = 0;
  rangeWidthAtr = 0;
  volumeRatio = 0;
  trendingScore = 0;
  rangingScore = 0;
  choppyScore = 0;
  /** Index into `BY_CARE`. */
  current = RANGING;
  sinceMinute = 0;
  challenger = NOBODY;
  wins = 0;
  /** At least one evaluation was made on warm indicators. */
  ready = false;
  readonly #parameters: RegimeParameters;
  readonly #strength: Slope;
  readonly #direction: Slope;
  readonly #distance: Slope;
  readonly #width: Slope;
  readonly #turning: Slope;
  readonly #turbulence: Slope;
  readonly #activity: Slope;

  constructor(parameters: RegimeParameters) {
    checkParameters(parameters);
    this.#parameters = parameters;
    this.atr = new Atr(parameters.atrPeriod);
    this.adx = new Adx(parameters.adxPeriod);
    this.sma = new RollingSum(parameters.smaPeriod);
    this.range = new PriceRange(parameters.rangePeriod);
    this.reversals = new Reversals(parameters.reversalsPeriod);
    this.volume = new RollingSum(parameters.volumePeriod);
    const { ramps } = parameters;
    this.#strength = slopeOf(ramps.strength);
    this.#direction = slopeOf(ramps.direction);
    this.#distance = slopeOf(ramps.distance);
    this.#width = slopeOf(ramps.width);
    this.#turning = slopeOf(ramps.turning);
    this.#turbulence = slopeOf(ramps.turbulence);
    this.#activity = slopeOf(ramps.activity);
  }

  get regime(): Regime {
    return BY_CARE[this.current] ?? 'ranging';
  }

  /** Where a trend would point: the larger of ±DI; undefined where they are equal. */
  get trendSide(): Side | undefined {
    const { plusDi, minusDi } = this.adx;
    return plusDi > minusDi ? 1 : minusDi > plusDi ? -1 : undefined;
  }

  record(): RegimeRecord {
    const challenger = BY_CARE[this.challenger];
    return {
      ready: this.ready,
      regime: this.regime,
      trendSide: this.trendSide,
      sinceMinute: this.sinceMinute,
      scores: { trending: this.trendingScore, ranging: this.rangingScore, choppy: this.choppyScore },
      challenger: challenger === undefined ? undefined : { regime: challenger, wins: this.wins },
      inputs: this.ready ? this.#inputs() : undefined,
    };
  }

  /**
   * Adds a closed candle of the regime's timeframe and evaluates once everything is warm.
   * `atrFraction` and `meanAtrFraction` are set by the caller beforehand (they may be of another timeframe); `isWarm` says that they are.
   */
  add(endMinute: number, high: number, low: number, close: number, volume: number, isWarm: boolean): void {
    this.atr.add(high, low, close);
    this.adx.add(high, low, close);
    this.sma.add(close);
    this.range.add(high, low);
    this.reversals.add(close);
    this.volume.add(volume);
    if (!this.ready && !(isWarm && this.#isWarm())) return;
    this.#measure(close, volume);
    this.#score();
    this.judge(endMinute);
  }

  #isWarm(): boolean {
    return [this.atr, this.adx, this.sma, this.range, this.reversals, this.volume].every(
      (indicator) => indicator.ready,
    );
  }

  #inputs(): RegimeInputs {
    return {
      atrFraction: share(this.atrFraction),
      meanAtrFraction: share(this.meanAtrFraction),
      adx: this.adx.adx,
      plusDi: this.adx.plusDi,
      minusDi: this.adx.minusDi,
      smaDistanceAtr: this.smaDistanceAtr,
      rangeWidthAtr: this.rangeWidthAtr,
      reversals: this.reversals.count,
      volumeRatio: this.volumeRatio,
    };
  }

  #measure(close: number, volume: number): void {
    const { sma, range } = this;
    const atr = this.atr.valueTicks;
    const volumeSum = this.volume.sum;
    // Where nothing moves at all there is no distance and no width, and without any volume nothing is unusual.
    this.smaDistanceAtr = atr > 0 ? (sma.period * close - sma.sum) / (sma.period * atr) : 0;
    this.rangeWidthAtr = atr > 0 ? range.widthTicks / atr : 0;
    this.volumeRatio = volumeSum > 0 ? (volume * this.volume.period) / volumeSum : 1;
  }

  #score(): void {
    const { trending, ranging, choppy } = this.#parameters.weights;
    const { adx, plusDi, minusDi } = this.adx;
    const directed = plusDi + minusDi;
    const mean = this.meanAtrFraction;
    const strength = rise(adx, this.#strength);
    const direction = directed > 0 ? rise(Math.abs(plusDi - minusDi) / directed, this.#direction) : 0;
    const distance = rise(Math.abs(this.smaDistanceAtr), this.#distance);
    const width = rise(this.rangeWidthAtr, this.#width);
    const turning = rise(this.reversals.turns.sum, this.#turning);
    const turbulence = mean > 0 ? rise(this.atrFraction / mean, this.#turbulence) : 0;
    const activity = rise(this.volumeRatio, this.#activity);
    this.trendingScore =
      trending.strength * strength +
      trending.direction * direction +
      trending.distance * distance +
      trending.straightness * (1 - turning) +
      trending.activity * activity;
    this.rangingScore =
      ranging.weakness * (1 - strength) +
      ranging.closeness * (1 - distance) +
      ranging.narrowness * (1 - width) +
      ranging.calm * (1 - turbulence);
    this.choppyScore =
      choppy.weakness * (1 - strength) +
      choppy.indecision * (1 - direction) +
      choppy.turning * turning +
      choppy.turbulence * turbulence;
  }

  /** Lets the scores that stand take their turn: who wins, and whether that changes the regime. */
  judge(endMinute: number): void {
    const winner = this.#winner();
    if (!this.ready) {
      this.ready = true;
      this.#become(winner, endMinute);
      return;
    }
    if (winner === this.current) {
      this.challenger = NOBODY;
      this.wins = 0;
      return;
    }
    this.wins = winner === this.challenger ? this.wins + 1 : 1;
    this.challenger = winner;
    const { winsMin, holdMinutes, interruptScore } = this.#parameters;
    const isProven = this.wins >= winsMin && endMinute - this.sinceMinute >= holdMinutes;
    const interrupts = winner === CHOPPY && this.choppyScore >= interruptScore;
    if (isProven || interrupts) this.#become(winner, endMinute);
  }

  #become(regime: number, endMinute: number): void {
    this.current = regime;
    this.sinceMinute = endMinute;
    this.challenger = NOBODY;
    this.wins = 0;
  }

  #winner(): number {
    const { choppyScore, rangingScore, trendingScore } = this;
    const best = Math.max(choppyScore, rangingScore, trendingScore);
    if (this.ready && this.#scoreOf(this.current) === best) return this.current;
    if (choppyScore === best) return CHOPPY;
    return rangingScore === best ? RANGING : TRENDING;
  }

  #scoreOf(regime: number): number {
    return regime === CHOPPY ? this.choppyScore : regime === RANGING ? this.rangingScore : this.trendingScore;
  }
}

/** A ramp, ready to multiply. */
interface Slope {
  readonly from: number;
  readonly perUnit: number;
}

function slopeOf({ from, to }: Ramp): Slope {
  return { from, perUnit: 1 / (to - from) };
}

function rise(x: number, { from, perUnit }: Slope): number {
  const y = (x - from) * perUnit;
  // Without branches, which nobody could foresee.
  return y * (Number(y > 0) * Number(y < 1)) + Number(y >= 1);
}

/**
 * The regime as a position of this side meets it: a trend against it counts as choppy, refuses, or counts as the trend it is.
 * A trend without a side (±DI equal) is against nobody. Source: ladder.md §4 (`trend_against`).
 */
export function regimeFor(
  regime: Regime,
  trendSide: Side | undefined,
  side: Side,
  trendAgainst: 'choppy' | 'refuse' | 'same',
): Regime | 'refuse' {
  if (regime !== 'trending' || trendSide === undefined || trendSide === side || trendAgainst === 'same') return regime;
  return trendAgainst;
}

function checkParameters({ ramps, weights }: RegimeParameters): void {
  for (const [name, { from, to }] of Object.entries(ramps))
    if (!(from < to))
      throw new RangeError(`regime ramp "${name}" rises from ${from} to ${to}: the first must be the smaller`);
  for (const [regime, parts] of Object.entries(weights)) {
    const sum = Object.values(parts).reduce((total, weight) => total + weight, 0);
    if (Object.values(parts).some((weight) => !(weight >= 0)) || Math.abs(sum - 1) > 1e-9)
      throw new RangeError(
        `the regime weights of "${regime}" sum to ${Math.round(sum * 1e9) / 1e9}: they must be 0 or more and sum to 1`,
      );
  }
}
