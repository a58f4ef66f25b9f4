/**
 * Exponential moving average, seeded with the mean of its first `period` values (StockCharts ChartSchool, "Moving Averages").
 *
 * Unit: that of what is added. Prices are added as a distance from a fixed origin (signal.ts): a mirrored market then gives
 * the same number with the other sign, to the last bit.
 */
export class Ema {
  /** The average; before `ready` a sum that is still being seeded. */
  value = 0;
  ready = false;
  count = 0;
  readonly #period: number;
  readonly #weight: number;

  constructor(period: number) {
    this.#period = period;
    this.#weight = 2 / (period + 1);
  }

  add(x: number): void {
    if (this.ready) this.value += (x - this.value) * this.#weight;
    else this.#seed(x);
  }

  #seed(x: number): void {
    this.value += x;
    this.count += 1;
    if (this.count < this.#period) return;
    this.value /= this.#period;
    this.ready = true;
  }
}
