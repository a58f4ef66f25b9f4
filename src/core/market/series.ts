/**
 * Everything the core knows of one symbol's market from its closed 1m candles: indicators, regime, the scalper's signal.
 *
 * `onClosed1m` costs some tens of nanoseconds and allocates nothing; what explains (`regimeRecord`, `reasons`) is made on demand. Until `ready`
 * there are no signals; what is not known yet is undefined at the getters. Floating point is + − × ÷ and √ only: the same bits on every engine.
 * Missing minutes are not invented and reset nothing: 1m indicators go on with the next candle there is, higher candles close by their
 * time (timeframe.ts). Deliberately absent: filling gaps (the feed's work), defaults (the configuration's).
 */

import { Atr } from '../indicators/atr.ts';
import { RollingSum } from '../indicators/rolling-sum.ts';
import type { Percent, Share } from '../numbers/percent.ts';
import { percentOf } from '../numbers/percent.ts';
import type { Side } from '../numbers/units.ts';
import type { ByRegime, Regime } from '../policy.ts';
import { COLUMN_MAX } from './candle.ts';
import type { RegimeParameters, RegimeRecord } from './regime.ts';
import { byCurrent, RegimeSeries } from './regime.ts';
import { loadState, saveState } from './saved-state.ts';
import type { Reason, ScalperParameters } from './signal.ts';
import { Scalper } from './signal.ts';
import { CandleBuilder } from './timeframe.ts';

/**
 * Every number of indicators, regime and scalper. Defaults (rules.md, header, §1, §2, §6.2): timeframes 1, 5, 5; ATR 14; mean of 288;
 * those of the regime and of the scalper stand at the head of their files.
 */
export interface SeriesParameters {
  /** Minutes of a candle. */
  readonly timeframes: { readonly signalMinutes: number; readonly regimeMinutes: number; readonly atrMinutes: number };
  readonly atrPeriod: number;
  /** Candles of the ATR timeframe over which the mean ATR% is taken. */
  readonly meanAtrCandles: number;
  readonly regime: RegimeParameters;
  readonly scalper: ScalperParameters;
}

/** ATR/price is kept in whole steps of 2^-40, so that its rolling sum is exact: 288 of them stay below 2^53 up to an ATR of 28 × the price. */
const FRACTION_STEPS = 2 ** 40;

/** One symbol's market. The caller owns it, calls `onClosed1m` and reads the fields. */
export class SymbolSeries {
  /** The last closed candle of the signal timeframe and the one before; meaningful from the second on. For reversal candles (rules.md §6.3). */
  openTicks = 0;
  highTicks = 0;
  lowTicks = 0;
  closeTicks = 0;
  previousOpenTicks = 0;
  previousHighTicks = 0;
  previousLowTicks = 0;
  previousCloseTicks = 0;
  /** Closed candles of the signal timeframe. */
  candles = 0;
  /** Open of the last 1m candle, in minutes since 1970 UTC; −1 before the first. */
  openMinute = -1;
  /** Regime, ATR and scalper are warm. */
  ready = false;
  readonly signalCandle: CandleBuilder;
  readonly regimeCandle: CandleBuilder;
  readonly atrCandle: CandleBuilder;
  readonly atr: Atr;
  readonly atrSteps: RollingSum;
  /** ATR ÷ close of the last candle of the ATR timeframe, in steps of 2^-40. */
  atrStepsNow = 0;
  readonly regimeSeries: RegimeSeries;
  readonly scalper: Scalper;
  /** The signal of the last call: +1, −1, or 0 for none. */
  signalSide: Side | 0 = 0;
  readonly #parameters: SeriesParameters;
  /** Scores that make a signal, by `regimeSeries.current`. */
  readonly #thresholds: readonly number[];
  /** Asked of every candle and another one with every ATR candle only; −1 where nothing moved. */
  #turbulence = -1;
  readonly #isAtrOnRegimeCandle: boolean;
  readonly #isSignalOn1m: boolean;
  /** Of a longer signal timeframe: the end of the last closed candle, and whether the present minute has closed it. */
  #candleEndMinute = 0;
  #hasClosedCandle = false;

  /** @throws {RangeError} on a period or timeframe that is not a whole number above 0, and on what regime and scalper refuse. */
  constructor(parameters: SeriesParameters) {
    for (const period of shapeOf(parameters))
      if (!Number.isSafeInteger(period) || period < 1)
        throw new RangeError(`a period of ${period} candles: it must be a whole number, 1 or more`);
    const { signalMinutes, regimeMinutes, atrMinutes } = parameters.timeframes;
    this.#parameters = parameters;
    this.signalCandle = new CandleBuilder(signalMinutes);
    this.regimeCandle = new CandleBuilder(regimeMinutes);
    this.atrCandle = new CandleBuilder(atrMinutes);
    this.#isAtrOnRegimeCandle = atrMinutes === regimeMinutes;
    this.#isSignalOn1m = signalMinutes === 1;
    this.atr = new Atr(parameters.atrPeriod);
    this.atrSteps = new RollingSum(parameters.meanAtrCandles);
    this.regimeSeries = new RegimeSeries(parameters.regime);
    this.scalper = new Scalper(parameters.scalper);
    this.#thresholds = byCurrent(parameters.scalper.thresholds);
  }

  /**
   * Takes a closed 1m candle. Higher candles that it completes, or that it shows to be over, are closed first; then the signal is decided.
   *
   * Units: `openMinute` whole minutes since 1970 UTC (Candles.openMinute), prices in ticks, volume in lots: whole numbers.
   * @throws {RangeError} if the minute is not whole or not after the last one: the feed's order is the caller's to keep.
   */
  onClosed1m(openMinute: number, open: number, high: number, low: number, close: number, volume: number): void {
    if (openMinute <= this.openMinute || openMinute > COLUMN_MAX || openMinute !== Math.floor(openMinute))
      refuseMinute(openMinute, this.openMinute);
    this.openMinute = openMinute;
    this.signalSide = 0;
    // Before the regime, which looks at it.
    if (!this.#isAtrOnRegimeCandle) this.#buildAtrCandle(openMinute, open, high, low, close, volume);
    const { regimeCandle } = this;
    if (regimeCandle.isOverdue(openMinute)) {
      regimeCandle.closeOverdue();
      this.#closeRegimeCandle();
    }
    if (regimeCandle.add(openMinute, open, high, low, close, volume)) this.#closeRegimeCandle();
    if (this.#isSignalOn1m) this.#closeSignalCandle(open, high, low, close, volume);
    else this.#buildSignalCandle(openMinute, open, high, low, close, volume);
  }

  get signalMinutes(): number {
    return this.#parameters.timeframes.signalMinutes;
  }

  /** The present minute has closed a candle of the signal timeframe: with its last minute, or by showing that it is over. */
  get hasClosedCandle(): boolean {
    return this.#isSignalOn1m || this.#hasClosedCandle;
  }

  /** First minute past the last closed candle of the signal timeframe; 0 until one has closed since a load. */
  get candleEndMinute(): number {
    return this.#isSignalOn1m ? this.openMinute + 1 : this.#candleEndMinute;
  }

  get regime(): Regime {
    return this.regimeSeries.regime;
  }

  /** Score that makes a signal in the regime that is. */
  get threshold(): number {
    return this.#thresholds[this.regimeSeries.current] as number;
  }

  /** Scores of the last evaluation; all 0 before the first. */
  get regimeScores(): ByRegime<number> {
    const { trendingScore, rangingScore, choppyScore } = this.regimeSeries;
    return { trending: trendingScore, ranging: rangingScore, choppy: choppyScore };
  }

  /** Where a trend would point; undefined where ±DI are equal or not known yet. For `regimeFor`. */
  get trendSide(): Side | undefined {
    return this.regimeSeries.trendSide;
  }

  get regimeRecord(): RegimeRecord {
    return this.regimeSeries.record();
  }

  /** 0..1: score of the signal ÷ 12; 0 without a signal. */
  get signalStrength(): number {
    return this.signalSide === 0 ? 0 : this.scalper.strength;
  }

  /** What spoke for a side on the last candle of the signal timeframe. */
  reasons(side: Side): readonly Reason[] {
    return this.scalper.reasons(side);
  }

  get atrTicks(): number | undefined {
    return this.atr.ready ? this.atr.valueTicks : undefined;
  }

  get atrFraction(): Share | undefined {
    return this.atr.ready ? fractionOf(this.atrStepsNow) : undefined;
  }

  get atrPercent(): Percent | undefined {
    return this.atr.ready ? percentOf(fractionOf(this.atrStepsNow)) : undefined;
  }

  /** Mean ATR/price of the last `meanAtrCandles` candles; while fewer are known, of those. */
  get meanAtrFraction(): Share | undefined {
    const { mean } = this.atrSteps;
    return mean === undefined ? undefined : fractionOf(mean);
  }

  get meanAtrPercent(): Percent | undefined {
    const mean = this.meanAtrFraction;
    return mean === undefined ? undefined : percentOf(mean);
  }

  /** ATR% now ÷ its mean: 2 is twice as turbulent as usual (rules.md §6.2, §6.5; its inverse enters ladder.md §2). Undefined where nothing moved. */
  get turbulence(): number | undefined {
    return this.#turbulence < 0 ? undefined : this.#turbulence;
  }

  /** Asked of every candle, so it makes no value that may be absent. False where nothing moved. */
  isMoreTurbulentThan(multiple: number): boolean {
    return this.#turbulence > multiple;
  }

  /** ADX and ±DI of the regime's timeframe, 0..100. */
  get adx(): number | undefined {
    const { adx } = this.regimeSeries;
    return adx.ready ? adx.adx : undefined;
  }

  get plusDi(): number | undefined {
    const { adx } = this.regimeSeries;
    return adx.ready ? adx.plusDi : undefined;
  }

  get minusDi(): number | undefined {
    const { adx } = this.regimeSeries;
    return adx.ready ? adx.minusDi : undefined;
  }

  /** RSI of the signal timeframe, 0..100, and one candle earlier: their difference says which way it turns (rules.md §6.3). */
  get rsi(): number | undefined {
    return this.scalper.indicators.rsi;
  }

  get previousRsi(): number | undefined {
    return this.scalper.indicators.previousRsi;
  }

  /** The whole state as numbers. Loaded into a series of the same parameters it goes on to the last bit as if nothing had happened. */
  save(): number[] {
    const saved = [...shapeOf(this.#parameters)];
    saveState(this, saved);
    return saved;
  }

  /** Whether a saved state is one of these periods and timeframes, and of this release. */
  fits(saved: ArrayLike<number>): boolean {
    return saved.length === this.save().length && shapeOf(this.#parameters).every((period, at) => saved[at] === period);
  }

  /**
   * Thresholds and weights are those of the parameters, whatever they were when the state was saved.
   * @throws {RangeError} on a state that does not fit; the series is then to be thrown away.
   */
  load(saved: ArrayLike<number>): void {
    const shape = shapeOf(this.#parameters);
    const changed = shape.findIndex((period, at) => saved[at] !== period);
    if (changed !== -1)
      throw new RangeError(
        `the saved state has a period of ${saved[changed]} where the parameters have ${shape[changed]}: warm the series up anew`,
      );
    const end = loadState(this, saved, shape.length);
    if (end !== saved.length)
      throw new RangeError(`the saved state has ${saved.length} numbers, not ${end}: warm the series up anew`);
    this.scalper.weigh(this.#parameters.scalper.weights);
    this.scalper.countPoints();
    this.#compareAtr();
  }

  /** @param candle the one that closed: the regime's own where both timeframes are the same. */
  #closeAtrCandle({ highTicks, lowTicks, closeTicks }: CandleBuilder): void {
    this.atr.add(highTicks, lowTicks, closeTicks);
    if (!this.atr.ready) return;
    this.atrStepsNow = Math.floor((this.atr.valueTicks / closeTicks) * FRACTION_STEPS);
    this.atrSteps.add(this.atrStepsNow);
    this.#compareAtr();
  }

  #compareAtr(): void {
    const { mean } = this.atrSteps;
    this.#turbulence = mean === undefined || mean === 0 ? -1 : this.atrStepsNow / mean;
  }

  #closeRegimeCandle(): void {
    if (this.#isAtrOnRegimeCandle) this.#closeAtrCandle(this.regimeCandle);
    const { endMinute, highTicks, lowTicks, closeTicks, volumeLots } = this.regimeCandle;
    const { regimeSeries, atrSteps } = this;
    regimeSeries.atrFraction = fractionOf(this.atrStepsNow);
    regimeSeries.meanAtrFraction = fractionOf(atrSteps.count === 0 ? 0 : atrSteps.sum / atrSteps.count);
    regimeSeries.add(endMinute, highTicks, lowTicks, closeTicks, volumeLots, this.atr.ready);
  }

  #buildAtrCandle(openMinute: number, open: number, high: number, low: number, close: number, volume: number): void {
    const candle = this.atrCandle;
    if (candle.isOverdue(openMinute)) {
      candle.closeOverdue();
      this.#closeAtrCandle(candle);
    }
    if (candle.add(openMinute, open, high, low, close, volume)) this.#closeAtrCandle(candle);
  }

  #buildSignalCandle(openMinute: number, open: number, high: number, low: number, close: number, volume: number): void {
    const candle = this.signalCandle;
    this.#hasClosedCandle = false;
    if (candle.isOverdue(openMinute)) {
      this.#noteCandle(candle);
      candle.closeOverdue();
      this.#closeSignalCandle(
        candle.openTicks,
        candle.highTicks,
        candle.lowTicks,
        candle.closeTicks,
        candle.volumeLots,
      );
    }
    if (candle.add(openMinute, open, high, low, close, volume)) {
      this.#noteCandle(candle);
      this.#closeSignalCandle(
        candle.openTicks,
        candle.highTicks,
        candle.lowTicks,
        candle.closeTicks,
        candle.volumeLots,
      );
    }
  }

  #noteCandle({ endMinute }: CandleBuilder): void {
    this.#hasClosedCandle = true;
    this.#candleEndMinute = endMinute;
  }

  #closeSignalCandle(open: number, high: number, low: number, close: number, volume: number): void {
    const { scalper, regimeSeries } = this;
    this.previousOpenTicks = this.openTicks;
    this.previousHighTicks = this.highTicks;
    this.previousLowTicks = this.lowTicks;
    this.previousCloseTicks = this.closeTicks;
    this.openTicks = open;
    this.highTicks = high;
    this.lowTicks = low;
    this.closeTicks = close;
    this.candles += 1;
    scalper.add(open, close, volume, this.threshold, regimeSeries.ready);
    this.ready = regimeSeries.ready && scalper.ready;
    this.signalSide = scalper.side;
  }
}

function refuseMinute(openMinute: number, last: number): never {
  throw new RangeError(
    `a candle of minute ${openMinute} after minute ${last}: minutes since 1970 are whole and must rise`,
  );
}

/** An ATR/price in whole steps: indicators are doubles, and the rules are to see the same number in either arithmetic. */
export function stepsOf(fraction: Share): number {
  return Math.round(fraction * FRACTION_STEPS);
}

function fractionOf(steps: number): Share {
  return (steps / FRACTION_STEPS) as Share;
}

/** The parameters that give the state its meaning: a state fits a series only where they are equal. */
function shapeOf({ timeframes, atrPeriod, meanAtrCandles, regime, scalper }: SeriesParameters): readonly number[] {
  return [
    timeframes.signalMinutes,
    timeframes.regimeMinutes,
    timeframes.atrMinutes,
    atrPeriod,
    meanAtrCandles,
    regime.atrPeriod,
    regime.adxPeriod,
    regime.smaPeriod,
    regime.rangePeriod,
    regime.reversalsPeriod,
    regime.volumePeriod,
    scalper.emaFastPeriod,
    scalper.emaSlowPeriod,
    scalper.smaPeriod,
    scalper.rsiPeriod,
    scalper.macdFastPeriod,
    scalper.macdSlowPeriod,
    scalper.macdSignalPeriod,
    scalper.bollingerPeriod,
    scalper.volumePeriod,
  ];
}
