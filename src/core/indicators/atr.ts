/**
 * Average true range with Wilder's smoothing, in ticks. The first true range is high − low, the first value the mean of the
 * first `period` of them (StockCharts ChartSchool, "Average True Range").
 */
export class Atr {
  /** Before `ready` a mean that is still being seeded. */
  valueTicks = 0;
  closeTicks = 0;
  /** The smoothed sum of true ranges, `period` times the value. */
  sum = 0;
  count = 0;
  readonly #period: number;
  readonly #keep: number;

  constructor(period: number) {
    this.#period = period;
    this.#keep = (period - 1) / period;
  }

  get ready(): boolean {
    return this.count === this.#period;
  }

  add(highTicks: number, lowTicks: number, closeTicks: number): void {
    const close = this.count === 0 ? closeTicks : this.closeTicks;
    const range = (highTicks > close ? highTicks : close) - (lowTicks < close ? lowTicks : close);
    this.closeTicks = closeTicks;
    if (this.count === this.#period) this.sum = this.sum * this.#keep + range;
    else {
      this.sum += range;
      this.count += 1;
    }
    this.valueTicks = this.sum / this.#period;
  }
}
