/**
 * The indicators of the signal timeframe, in one flat struct: EMA pair, SMA, RSI, MACD, Bollinger bands, volume against its mean.
 *
 * They belong together because they are the hot path: one class with its numbers side by side costs a quarter of one class each. Inputs are
 * whole ticks and lots; what is not known yet is undefined at the getters.
 *
 *   EMA        seeded with the mean of its first values (StockCharts ChartSchool, "Moving Averages")
 *   RSI        Wilder, New Concepts in Technical Trading Systems, 1978: first value of the first `period` changes
 *   MACD       Appel: fast EMA − slow EMA, its EMA as signal line; every average seeded with a mean
 *   Bollinger  mean ± k population standard deviations (Bollinger; StockCharts ChartSchool)
 *
 * Exact where exactness is free: SMA, Bollinger and volume are sums of integers, which do not drift below 2^53. Bollinger's squares are of
 * distances from an anchor that moves to the newest close every `period` candles, so that they hold at any price: `period² × distance²` is below
 * 2^53 while the price moves less than 4.7 million ticks within 2 × 20 candles. Mirrored prices give mirrored numbers to the last bit: averages
 * run over distances from the first close, and comparisons are made on sums, without dividing.
 */
export interface SignalPeriods {
  readonly emaFastPeriod: number;
  readonly emaSlowPeriod: number;
  readonly smaPeriod: number;
  readonly rsiPeriod: number;
  readonly macdFastPeriod: number;
  readonly macdSlowPeriod: number;
  readonly macdSignalPeriod: number;
  readonly bollingerPeriod: number;
  readonly volumePeriod: number;
}

/** Public fields are the state: what `saveState` keeps. */
export class SignalIndicators {
  /** Candles seen. */
  count = 0;
  /** Every value is known. */
  ready = false;
  /** First close: averages are kept as distances from it. */
  originTicks = 0;
  closeTicks = 0;
  /** Distances from the origin, in ticks. */
  emaFast = 0;
  emaSlow = 0;
  macdFast = 0;
  macdSlow = 0;
  /** MACD − its signal line, in ticks. */
  macdLine = 0;
  macdSignal = 0;
  macdHistogram = 0;
  smaSum = 0;
  /** `period × (close − SMA)`, in ticks, exact. */
  smaDistance = 0;
  /** How the SMA's sum changed with this candle. */
  smaSlope = 0;
  /** Smoothed sums of the changes up and down, in ticks; RSI is their share. */
  gains = 0;
  losses = 0;
  previousGains = 0;
  previousLosses = 0;
  anchorTicks = 0;
  /** Candles since the anchor was moved. */
  anchorAge = 0;
  bollingerSum = 0;
  bollingerSquares = 0;
  /** `period × (close − mean)`, in ticks, exact. */
  deviation = 0;
  /** `period² × variance`, in ticks², exact. */
  variance = 0;
  volumeSum = 0;
  /** Change of the close, in ticks. */
  changeTicks = 0;
  /** Weight of the newest value: 1/k for the k-th of a seed (which makes it a mean), then 2/(period + 1). */
  emaFastWeight = 1;
  emaSlowWeight = 1;
  macdFastWeight = 1;
  macdSlowWeight = 1;
  macdSignalWeight = 0;
  /** Share of a smoothed sum that stays: 1 while it is seeded, then (period − 1)/period. */
  rsiKeep = 1;
  readonly closes: Float64Array;
  readonly volumes: Float64Array;
  readonly #periods: SignalPeriods;
  #closesMask = 0;
  #volumesMask = 0;
  #smaPeriod = 0;
  #bollingerPeriod = 0;
  #volumePeriod = 0;
  #warmCandles = 0;

  constructor(periods: SignalPeriods) {
    this.#periods = periods;
    this.#smaPeriod = periods.smaPeriod;
    this.#bollingerPeriod = periods.bollingerPeriod;
    this.#volumePeriod = periods.volumePeriod;
    this.#warmCandles = Math.max(
      periods.emaFastPeriod,
      periods.emaSlowPeriod,
      periods.smaPeriod,
      periods.rsiPeriod + 1,
      Math.max(periods.macdFastPeriod, periods.macdSlowPeriod) + periods.macdSignalPeriod - 1,
      periods.bollingerPeriod,
      periods.volumePeriod,
    );
    this.closes = new Float64Array(ringSize(Math.max(periods.smaPeriod, periods.bollingerPeriod)));
    this.volumes = new Float64Array(ringSize(periods.volumePeriod));
    this.#closesMask = this.closes.length - 1;
    this.#volumesMask = this.volumes.length - 1;
  }

  add(closeTicks: number, volumeLots: number): void {
    if (!this.ready) this.#warm(closeTicks);
    const at = this.count;
    this.count = at + 1;
    this.#addToAverages(closeTicks - this.originTicks);
    this.#addToWindows(at, closeTicks, volumeLots);
    this.#addToRsi(closeTicks - this.closeTicks);
    this.closeTicks = closeTicks;
  }

  get emaFastTicks(): number | undefined {
    return this.count >= this.#periods.emaFastPeriod ? this.originTicks + this.emaFast : undefined;
  }

  get emaSlowTicks(): number | undefined {
    return this.count >= this.#periods.emaSlowPeriod ? this.originTicks + this.emaSlow : undefined;
  }

  get smaTicks(): number | undefined {
    return this.count >= this.#smaPeriod ? this.smaSum / this.#smaPeriod : undefined;
  }

  /** Line, signal line and their difference, in ticks. */
  get macd(): { readonly line: number; readonly signal: number; readonly histogram: number } | undefined {
    if (this.count < this.#macdCandles + this.#periods.macdSignalPeriod - 1) return undefined;
    return { line: this.macdLine, signal: this.macdSignal, histogram: this.macdHistogram };
  }

  /** 0..100; 50 where nothing moved at all. */
  get rsi(): number | undefined {
    return this.count > this.#periods.rsiPeriod ? rsiOf(this.gains, this.losses) : undefined;
  }

  /** RSI one candle earlier. */
  get previousRsi(): number | undefined {
    return this.count > this.#periods.rsiPeriod + 1 ? rsiOf(this.previousGains, this.previousLosses) : undefined;
  }

  /** Mean and population standard deviation of the closes, in ticks. */
  get bollinger(): { readonly middleTicks: number; readonly sigmaTicks: number } | undefined {
    const period = this.#bollingerPeriod;
    if (this.count < period) return undefined;
    return {
      middleTicks: this.anchorTicks + this.bollingerSum / period,
      sigmaTicks: Math.sqrt(this.variance) / period,
    };
  }

  /** Volume of the last candle ÷ mean volume; undefined where there was none. */
  get volumeRatio(): number | undefined {
    if (this.count < this.#volumePeriod || this.volumeSum === 0) return undefined;
    const last = this.volumes[(this.count - 1) & this.#volumesMask] ?? 0;
    return (last * this.#volumePeriod) / this.volumeSum;
  }

  get #macdCandles(): number {
    return Math.max(this.#periods.macdFastPeriod, this.#periods.macdSlowPeriod);
  }

  /** Sets the weights for the candle that is about to be added. */
  #warm(closeTicks: number): void {
    const periods = this.#periods;
    const k = this.count + 1;
    if (k === 1) this.#begin(closeTicks);
    this.emaFastWeight = weightOf(k, periods.emaFastPeriod);
    this.emaSlowWeight = weightOf(k, periods.emaSlowPeriod);
    this.macdFastWeight = weightOf(k, periods.macdFastPeriod);
    this.macdSlowWeight = weightOf(k, periods.macdSlowPeriod);
    const lines = k - this.#macdCandles + 1;
    this.macdSignalWeight = lines < 1 ? 0 : weightOf(lines, periods.macdSignalPeriod);
    // The first close has no change, so that `period` changes need one candle more.
    this.rsiKeep = k <= periods.rsiPeriod + 1 ? 1 : (periods.rsiPeriod - 1) / periods.rsiPeriod;
    // One candle past the warm-up, so that every weight has its last value.
    this.ready = k > this.#warmCandles;
  }

  /** As if the first close had always been: nothing of it is left when a window is full. */
  #begin(closeTicks: number): void {
    this.originTicks = closeTicks;
    this.anchorTicks = closeTicks;
    this.closeTicks = closeTicks;
    this.closes.fill(closeTicks);
    this.smaSum = this.#smaPeriod * closeTicks;
  }

  #addToAverages(x: number): void {
    const emaFast = this.emaFast;
    const emaSlow = this.emaSlow;
    const macdFast = this.macdFast;
    const macdSlow = this.macdSlow;
    const macdSignal = this.macdSignal;
    this.emaFast = emaFast + (x - emaFast) * this.emaFastWeight;
    this.emaSlow = emaSlow + (x - emaSlow) * this.emaSlowWeight;
    const fast = macdFast + (x - macdFast) * this.macdFastWeight;
    const slow = macdSlow + (x - macdSlow) * this.macdSlowWeight;
    const line = fast - slow;
    const signal = macdSignal + (line - macdSignal) * this.macdSignalWeight;
    this.macdFast = fast;
    this.macdSlow = slow;
    this.macdLine = line;
    this.macdSignal = signal;
    this.macdHistogram = line - signal;
  }

  #addToWindows(at: number, closeTicks: number, volumeLots: number): void {
    const { closes, volumes } = this;
    const mask = this.#closesMask;
    const smaPeriod = this.#smaPeriod;
    const slope = closeTicks - (closes[(at - smaPeriod) & mask] ?? 0);
    const smaSum = this.smaSum + slope;
    this.smaSum = smaSum;
    this.smaSlope = slope;
    this.smaDistance = smaPeriod * closeTicks - smaSum;

    const period = this.#bollingerPeriod;
    if (this.anchorAge === period) this.#moveAnchor(closeTicks);
    this.anchorAge += 1;
    const x = closeTicks - this.anchorTicks;
    const left = (closes[(at - period) & mask] ?? 0) - this.anchorTicks;
    const sum = this.bollingerSum + x - left;
    const squares = this.bollingerSquares + x * x - left * left;
    this.bollingerSum = sum;
    this.bollingerSquares = squares;
    this.deviation = period * x - sum;
    this.variance = period * squares - sum * sum;
    closes[at & mask] = closeTicks;

    const volumesMask = this.#volumesMask;
    this.volumeSum += volumeLots - (volumes[(at - this.#volumePeriod) & volumesMask] ?? 0);
    volumes[at & volumesMask] = volumeLots;
  }

  /** Σ(x − δ) and Σ(x − δ)², exactly. */
  #moveAnchor(closeTicks: number): void {
    const period = this.#bollingerPeriod;
    const shift = closeTicks - this.anchorTicks;
    this.anchorTicks = closeTicks;
    this.anchorAge = 0;
    this.bollingerSquares += period * shift * shift - 2 * shift * this.bollingerSum;
    this.bollingerSum -= period * shift;
  }

  #addToRsi(changeTicks: number): void {
    const { gains, losses, rsiKeep } = this;
    const size = Math.abs(changeTicks);
    this.changeTicks = changeTicks;
    this.previousGains = gains;
    this.previousLosses = losses;
    // Without a branch: a coin flip costs more than the sums. Both halves are exact.
    this.gains = gains * rsiKeep + (size + changeTicks) / 2;
    this.losses = losses * rsiKeep + (size - changeTicks) / 2;
  }
}

function weightOf(k: number, period: number): number {
  return k <= period ? 1 / k : 2 / (period + 1);
}

function rsiOf(gains: number, losses: number): number {
  const moved = gains + losses;
  return moved === 0 ? 50 : (100 * gains) / moved;
}

/** A power of two, so that a place in the ring is a mask away. */
function ringSize(period: number): number {
  let size = 1;
  while (size < period) size *= 2;
  return size;
}
