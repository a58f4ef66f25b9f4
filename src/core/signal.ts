/**
 * The built-in scalper: six components of up to 2 points for one side each, on every closed candle of the signal timeframe (1m).
 *
 *   component   2 points                                              1 point
 *   ema         EMA12 crossed EMA26 within the last 4 candles           it is on that side
 *   sma         close crossed SMA20 within 4, the way SMA20 moves       crossed within 4, against it
 *   macd        histogram changed sign within 4, to the line's sign     changed sign within 4, against it
 *   rsi         RSI14 below 30 (long), above 70 (short)                 below 35 and rising, above 65 and falling
 *   bollinger   close more than 2 σ below (long), above (short)         more than 1 σ
 *   volume      2.5 × its mean of 20, for the side of the candle's      1.5 × its mean
 *               body (a body of 0: of its change)
 *
 * The first three follow a turn towards the trend, RSI and Bollinger lean against an extreme, volume confirms the candle that did it. So a
 * trending market (threshold 6) is entered where a pullback ends, a ranging one (4) at an extreme or with a fresh turn, a choppy one (7) hardly
 * ever. A component gives points to one side at a time; a mirrored market gives the same points to the other side, exactly.
 *
 * Score = 12 × Σ weight × points / Σ weight × 2 (with all weights 1: the sum of points); strength = score / 12. Weights choose components
 * (rules.md §6.4); thresholds stay shares of what the chosen ones can reach. A signal is an event: the candle on which a side's score first
 * reaches the threshold of the regime and beats the other side, and again after every `repeatAfterCandles` candles while it stays.
 * All numbers are parameters; those above are the configuration's defaults. Source: rules.md §2; the points are ours.
 */
import { Bollinger } from './indicators/bollinger.ts';
import { Crossing } from './indicators/crossing.ts';
import { Ema } from './indicators/ema.ts';
import { Macd } from './indicators/macd.ts';
import { RollingSum } from './indicators/rolling-sum.ts';
import { Rsi } from './indicators/rsi.ts';
import type { ByRegime } from './policy.ts';
import type { Side } from './units.ts';

export const COMPONENTS = ['ema', 'sma', 'rsi', 'macd', 'bollinger', 'volume'] as const;
export type Component = (typeof COMPONENTS)[number];
export type ComponentWeights = Readonly<Record<Component, number>>;

export interface ScalperParameters {
  readonly emaFastPeriod: number;
  readonly emaSlowPeriod: number;
  readonly smaPeriod: number;
  readonly rsiPeriod: number;
  /** RSI below this is extreme for a long, above 100 − this for a short (30). */
  readonly rsiExtreme: number;
  /** RSI below this and rising speaks for a long, above 100 − this and falling for a short (35). */
  readonly rsiWeak: number;
  readonly macdFastPeriod: number;
  readonly macdSlowPeriod: number;
  readonly macdSignalPeriod: number;
  readonly bollingerPeriod: number;
  /** The outer band, in standard deviations (2); the inner one is half of it. */
  readonly bollingerDeviations: number;
  readonly volumePeriod: number;
  /** Volume ÷ its mean for 1 and for 2 points (1.5, 2.5). */
  readonly volumeRatioRaised: number;
  readonly volumeRatioHigh: number;
  /** A crossing is fresh for so many candles (4). */
  readonly freshCandles: number;
  /** Score of 12 that makes a signal. */
  readonly thresholds: ByRegime<number>;
  /** 0 leaves a component out. All 0 is the mode "off". */
  readonly weights: ComponentWeights;
  readonly repeatAfterCandles: number;
}

/** What a component had to say: its points, 1 or 2, for the signal's side. */
export interface Reason {
  readonly component: Component;
  readonly points: number;
}

export const SCORE_MAX = 12;
const POINTS_MAX = 2;

/** One symbol's scalper. Public fields are its state: what `saveState` keeps. */
export class Scalper {
  readonly emaFast: Ema;
  readonly emaSlow: Ema;
  readonly emaCrossing = new Crossing();
  readonly sma: RollingSum;
  readonly smaCrossing = new Crossing();
  readonly rsi: Rsi;
  readonly macd: Macd;
  readonly macdCrossing = new Crossing();
  readonly bollinger: Bollinger;
  readonly volume: RollingSum;
  /** Prices enter the averages as distances from the first close: a mirrored market is then the same numbers with the other sign. */
  originTicks = 0;
  closeTicks = 0;
  started = false;
  /** Signed: + speaks for a long, − for a short. */
  emaPoints = 0;
  smaPoints = 0;
  rsiPoints = 0;
  macdPoints = 0;
  bollingerPoints = 0;
  volumePoints = 0;
  longScore = 0;
  shortScore = 0;
  /** Candles since the side's last signal, itself included; 0 while the side is below its threshold. */
  longAge = 0;
  shortAge = 0;
  /** The signal of the last candle: +1, −1, or 0 for none. */
  side: Side | 0 = 0;
  emaWeight = 1;
  smaWeight = 1;
  rsiWeight = 1;
  macdWeight = 1;
  bollingerWeight = 1;
  volumeWeight = 1;
  /** Score per weighted point; 0 where no component counts. */
  scoreOfPoint = 1;
  readonly #parameters: ScalperParameters;
  readonly #outerBand: number;
  readonly #innerBand: number;

  /** @throws {RangeError} on a negative weight, or a repeat after less than one candle. */
  constructor(parameters: ScalperParameters) {
    if (!(parameters.repeatAfterCandles >= 1))
      throw new RangeError(`a signal repeats after ${parameters.repeatAfterCandles} candles: it must be 1 or more`);
    this.#parameters = parameters;
    this.#outerBand = parameters.bollingerDeviations * parameters.bollingerDeviations;
    this.#innerBand = this.#outerBand / 4;
    this.emaFast = new Ema(parameters.emaFastPeriod);
    this.emaSlow = new Ema(parameters.emaSlowPeriod);
    this.sma = new RollingSum(parameters.smaPeriod);
    this.rsi = new Rsi(parameters.rsiPeriod);
    this.macd = new Macd(parameters.macdFastPeriod, parameters.macdSlowPeriod, parameters.macdSignalPeriod);
    this.bollinger = new Bollinger(parameters.bollingerPeriod);
    this.volume = new RollingSum(parameters.volumePeriod);
    this.weigh(parameters.weights);
  }

  /** Changes which components count, from the next candle on (rules.md §6.4). @throws {RangeError} on a negative weight. */
  weigh(weights: ComponentWeights): void {
    let sum = 0;
    for (const component of COMPONENTS) {
      const weight = weights[component];
      if (!(weight >= 0)) throw new RangeError(`the weight of "${component}" is ${weight}: it must be 0 or more`);
      sum += weight;
    }
    this.emaWeight = weights.ema;
    this.smaWeight = weights.sma;
    this.rsiWeight = weights.rsi;
    this.macdWeight = weights.macd;
    this.bollingerWeight = weights.bollinger;
    this.volumeWeight = weights.volume;
    this.scoreOfPoint = sum > 0 ? SCORE_MAX / (POINTS_MAX * sum) : 0;
  }

  get ready(): boolean {
    return (
      this.emaFast.ready &&
      this.emaSlow.ready &&
      this.sma.ready &&
      this.rsi.ready &&
      this.macd.ready &&
      this.bollinger.ready &&
      this.volume.ready
    );
  }

  /** Score of the signal's side as a share of 12; 0 without a signal. */
  get strength(): number {
    return this.side === 1 ? this.longScore / SCORE_MAX : this.side === -1 ? this.shortScore / SCORE_MAX : 0;
  }

  /** The components that speak for a side on the last candle, made on demand. */
  reasons(side: Side): readonly Reason[] {
    const points: Readonly<Record<Component, number>> = {
      ema: this.emaPoints,
      sma: this.smaPoints,
      rsi: this.rsiPoints,
      macd: this.macdPoints,
      bollinger: this.bollingerPoints,
      volume: this.volumePoints,
    };
    return COMPONENTS.map((component) => ({ component, points: side * points[component] })).filter(
      (reason) => reason.points > 0,
    );
  }

  /**
   * Adds a closed candle of the signal timeframe and decides.
   * @param threshold score that makes a signal in this regime
   * @param isAllowed false while the rest of the series warms up: scores are counted, nothing is signalled
   */
  add(openTicks: number, closeTicks: number, volumeLots: number, threshold: number, isAllowed: boolean): void {
    if (!this.started) {
      this.started = true;
      this.originTicks = closeTicks;
      this.closeTicks = closeTicks;
    }
    const x = closeTicks - this.originTicks;
    this.#addAverages(x, closeTicks);
    this.#addMacd(x);
    this.#addExtremes(closeTicks);
    this.#addVolume(openTicks, closeTicks, volumeLots);
    this.closeTicks = closeTicks;
    this.#count();
    this.#decide(threshold, isAllowed);
  }

  #addAverages(x: number, closeTicks: number): void {
    const { freshCandles } = this.#parameters;
    this.emaFast.add(x);
    this.emaSlow.add(x);
    if (this.emaFast.ready && this.emaSlow.ready) {
      this.emaCrossing.add(this.emaFast.value - this.emaSlow.value);
      const { side } = this.emaCrossing;
      this.emaPoints = this.emaCrossing.isFresh(freshCandles) ? 2 * side : side;
    }
    const { sma } = this;
    const before = sma.sum;
    sma.add(closeTicks);
    if (!sma.ready) return;
    this.smaCrossing.add(sma.period * closeTicks - sma.sum);
    const { side } = this.smaCrossing;
    this.smaPoints = pointsOfCrossing(this.smaCrossing, (sma.sum - before) * side > 0, freshCandles);
  }

  #addMacd(x: number): void {
    const { macd } = this;
    macd.add(x);
    if (!macd.ready) return;
    this.macdCrossing.add(macd.histogram);
    const isWithTrend = macd.line * this.macdCrossing.side > 0;
    this.macdPoints = pointsOfCrossing(this.macdCrossing, isWithTrend, this.#parameters.freshCandles);
  }

  #addExtremes(closeTicks: number): void {
    const { rsi, bollinger } = this;
    const { rsiExtreme, rsiWeak } = this.#parameters;
    rsi.add(closeTicks);
    const { gains, losses } = rsi;
    const moved = gains + losses;
    // RSI rose ⇔ gains / losses rose; compared crosswise.
    const turned = gains * rsi.previousLosses - losses * rsi.previousGains;
    if (100 * gains < rsiExtreme * moved) this.rsiPoints = 2;
    else if (100 * losses < rsiExtreme * moved) this.rsiPoints = -2;
    else if (100 * gains < rsiWeak * moved && turned > 0) this.rsiPoints = 1;
    else if (100 * losses < rsiWeak * moved && turned < 0) this.rsiPoints = -1;
    else this.rsiPoints = 0;

    bollinger.add(closeTicks);
    const { deviation, variance } = bollinger;
    const distance = deviation * deviation;
    const points = distance > this.#outerBand * variance ? 2 : distance > this.#innerBand * variance ? 1 : 0;
    this.bollingerPoints = deviation > 0 ? 0 - points : points;
  }

  #addVolume(openTicks: number, closeTicks: number, volumeLots: number): void {
    const { volumeRatioHigh, volumeRatioRaised } = this.#parameters;
    const { volume } = this;
    volume.add(volumeLots);
    const body = closeTicks - openTicks;
    const change = body === 0 ? closeTicks - this.closeTicks : body;
    const scaled = volumeLots * volume.period;
    const points =
      volumeLots <= 0
        ? 0
        : scaled >= volumeRatioHigh * volume.sum
          ? 2
          : scaled >= volumeRatioRaised * volume.sum
            ? 1
            : 0;
    this.volumePoints = change > 0 ? points : change < 0 ? 0 - points : 0;
  }

  #count(): void {
    const ema = this.emaPoints * this.emaWeight;
    const sma = this.smaPoints * this.smaWeight;
    const rsi = this.rsiPoints * this.rsiWeight;
    const macd = this.macdPoints * this.macdWeight;
    const bollinger = this.bollingerPoints * this.bollingerWeight;
    const volume = this.volumePoints * this.volumeWeight;
    const long = above(ema) + above(sma) + above(rsi) + above(macd) + above(bollinger) + above(volume);
    const short = above(-ema) + above(-sma) + above(-rsi) + above(-macd) + above(-bollinger) + above(-volume);
    this.longScore = long * this.scoreOfPoint;
    this.shortScore = short * this.scoreOfPoint;
  }

  #decide(threshold: number, isAllowed: boolean): void {
    const { longScore, shortScore } = this;
    const { repeatAfterCandles } = this.#parameters;
    const isReady = this.ready;
    this.side = 0;
    this.longAge =
      isReady && longScore >= threshold && longScore > shortScore ? (this.longAge % repeatAfterCandles) + 1 : 0;
    this.shortAge =
      isReady && shortScore >= threshold && shortScore > longScore ? (this.shortAge % repeatAfterCandles) + 1 : 0;
    if (!isAllowed) return;
    if (this.longAge === 1) this.side = 1;
    else if (this.shortAge === 1) this.side = -1;
  }
}

/** A fresh crossing speaks for its side: 2 points with the trend, 1 against it. */
function pointsOfCrossing(crossing: Crossing, isWithTrend: boolean, freshCandles: number): number {
  if (!crossing.isFresh(freshCandles)) return 0;
  return isWithTrend ? 2 * crossing.side : crossing.side;
}

function above(points: number): number {
  return points > 0 ? points : 0;
}
