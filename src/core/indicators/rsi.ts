/**
 * Relative strength index with Wilder's smoothing (Wilder, New Concepts in Technical Trading Systems, 1978).
 *
 * Kept as the smoothed sums of gains and losses, in ticks; the first value is of the first `period` changes. Thresholds are compared as
 * products (`gains × 100 < level × (gains + losses)`): no division, and a mirrored market swaps the two sums exactly.
 */
export class Rsi {
  gains = 0;
  losses = 0;
  previousGains = 0;
  previousLosses = 0;
  closeTicks = 0;
  /** Closes seen, up to `period + 2`: the value exists from `period + 1`, the one before it from `period + 2`. */
  count = 0;
  readonly #period: number;
  readonly #keep: number;

  constructor(period: number) {
    this.#period = period;
    this.#keep = (period - 1) / period;
  }

  get ready(): boolean {
    return this.count > this.#period;
  }

  /** 0..100; 50 where nothing moved at all; undefined before `period` changes. */
  get value(): number | undefined {
    return this.ready ? rsiOf(this.gains, this.losses) : undefined;
  }

  /** The value one candle earlier. */
  get previousValue(): number | undefined {
    return this.count > this.#period + 1 ? rsiOf(this.previousGains, this.previousLosses) : undefined;
  }

  add(closeTicks: number): void {
    const change = closeTicks - this.closeTicks;
    this.closeTicks = closeTicks;
    this.previousGains = this.gains;
    this.previousLosses = this.losses;
    if (this.count > this.#period) {
      this.gains = this.gains * this.#keep + (change > 0 ? change : 0);
      this.losses = this.losses * this.#keep + (change < 0 ? -change : 0);
      if (this.count === this.#period + 1) this.count += 1;
    } else this.#seed(change);
  }

  #seed(change: number): void {
    // The first close has no change.
    if (this.count > 0) {
      this.gains += change > 0 ? change : 0;
      this.losses += change < 0 ? -change : 0;
    }
    this.count += 1;
  }
}

function rsiOf(gains: number, losses: number): number {
  const moved = gains + losses;
  return moved === 0 ? 50 : (100 * gains) / moved;
}
