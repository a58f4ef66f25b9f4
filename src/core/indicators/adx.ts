/**
 * Average directional index and ±DI with Wilder's smoothing (Wilder 1978; StockCharts ChartSchool, "Average Directional Index").
 *
 * All in 0..100. ±DI exist from candle `period + 1`, ADX (the mean of the first `period` DX) from candle 2 × `period`. A mirrored market
 * swaps +DI and −DI exactly and keeps ADX. Where nothing moved, DI and DX are 0.
 */
export class Adx {
  adx = 0;
  plusDi = 0;
  minusDi = 0;
  /** |+DI − −DI| / (+DI + −DI) × 100, before smoothing. */
  dx = 0;
  highTicks = 0;
  lowTicks = 0;
  closeTicks = 0;
  /** Smoothed sums over `period` candles. */
  trueRange = 0;
  plusMove = 0;
  minusMove = 0;
  dxSum = 0;
  /** Candles seen, up to 2 × `period`. */
  count = 0;
  readonly #period: number;
  readonly #keep: number;

  constructor(period: number) {
    this.#period = period;
    this.#keep = (period - 1) / period;
  }

  get ready(): boolean {
    return this.count === 2 * this.#period;
  }

  add(highTicks: number, lowTicks: number, closeTicks: number): void {
    const up = highTicks - this.highTicks;
    const down = this.lowTicks - lowTicks;
    const close = this.closeTicks;
    const range = (highTicks > close ? highTicks : close) - (lowTicks < close ? lowTicks : close);
    this.highTicks = highTicks;
    this.lowTicks = lowTicks;
    this.closeTicks = closeTicks;
    this.count += 1;
    if (this.count === 1) return;
    // The first `period` changes are summed; from then on a period-th of the old sum leaves as each new change enters.
    const keep = this.count <= this.#period + 1 ? 1 : this.#keep;
    this.trueRange = this.trueRange * keep + range;
    // Without branches, which nobody could foresee.
    this.plusMove = this.plusMove * keep + up * (Number(up > down) * Number(up > 0));
    this.minusMove = this.minusMove * keep + down * (Number(down > up) * Number(down > 0));
    if (this.count > this.#period) this.#direct();
  }

  #direct(): void {
    const period = this.#period;
    const plus = this.plusMove;
    const minus = this.minusMove;
    const moved = plus + minus;
    if (this.trueRange > 0) {
      this.plusDi = (100 * plus) / this.trueRange;
      this.minusDi = (100 * minus) / this.trueRange;
    } else this.plusDi = this.minusDi = 0;
    this.dx = moved === 0 ? 0 : (100 * Math.abs(plus - minus)) / moved;
    if (this.count > 2 * period) {
      this.count = 2 * period;
      this.dxSum = this.dxSum * this.#keep + this.dx;
    } else this.dxSum += this.dx;
    this.adx = this.dxSum / period;
  }
}
