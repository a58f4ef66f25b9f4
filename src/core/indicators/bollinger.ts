/**
 * Bollinger bands: the mean of the last `period` closes ± k population standard deviations (Bollinger; StockCharts ChartSchool).
 *
 * Closes are whole ticks. Sums are kept of distances from an anchor, which moves to the newest close every `period` candles (the ring is
 * then re-based and summed anew): they are exact integers while `period² × distance²` is below 2^53, where distance is the largest move
 * within 2 × `period` candles: 4.7 million ticks at period 20, at whatever price. Nothing accumulates past that window either way.
 */
export class Bollinger {
  /** `period × (close − mean)`, in ticks, exact. */
  deviation = 0;
  /** `period² × variance`, in ticks², exact. */
  variance = 0;
  anchorTicks = 0;
  sum = 0;
  squares = 0;
  count = 0;
  next = 0;
  /** Distances from the anchor, in ticks. */
  readonly ring: Float64Array;

  constructor(period: number) {
    this.ring = new Float64Array(period);
  }

  get ready(): boolean {
    return this.count === this.ring.length;
  }

  get middleTicks(): number | undefined {
    return this.ready ? this.anchorTicks + this.sum / this.ring.length : undefined;
  }

  /** The population standard deviation, in ticks. */
  get sigmaTicks(): number | undefined {
    return this.ready ? Math.sqrt(this.variance) / this.ring.length : undefined;
  }

  /** How far the last close is from the mean, in standard deviations; undefined while they are 0. */
  get deviations(): number | undefined {
    return this.ready && this.variance > 0 ? this.deviation / Math.sqrt(this.variance) : undefined;
  }

  add(closeTicks: number): void {
    const ring = this.ring;
    const at = this.next;
    if (at === 0) this.#anchor(closeTicks);
    const x = closeTicks - this.anchorTicks;
    // A slot that was never filled holds 0: nothing leaves the sums.
    const left = ring[at] ?? 0;
    ring[at] = x;
    this.next = at + 1 === ring.length ? 0 : at + 1;
    if (this.count < ring.length) this.count += 1;
    const sum = this.sum + x - left;
    const squares = this.squares + x * x - left * left;
    this.sum = sum;
    this.squares = squares;
    this.deviation = ring.length * x - sum;
    this.variance = ring.length * squares - sum * sum;
  }

  #anchor(closeTicks: number): void {
    const shift = closeTicks - this.anchorTicks;
    this.anchorTicks = closeTicks;
    this.sum = 0;
    this.squares = 0;
    if (this.count === 0) return;
    for (let i = 0; i < this.ring.length; i++) {
      const x = (this.ring[i] ?? 0) - shift;
      this.ring[i] = x;
      this.sum += x;
      this.squares += x * x;
    }
  }
}
