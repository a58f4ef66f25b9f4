/**
 * The sum of the last `period` whole numbers: simple moving averages, mean volume, mean ATR%.
 *
 * It never drifts: sums and differences of integers below 2^53 are exact in doubles. `period × value` must stay below 2^53.
 * Comparisons are made without dividing (`period × close > sum`), so that ties are ties and a mirrored market mirrors.
 */
export class RollingSum {
  sum = 0;
  count = 0;
  next = 0;
  readonly ring: Float64Array;

  constructor(period: number) {
    this.ring = new Float64Array(period);
  }

  get period(): number {
    return this.ring.length;
  }

  get ready(): boolean {
    return this.count === this.ring.length;
  }

  /** Mean of the values added so far, at most the last `period`; undefined before the first. */
  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count;
  }

  add(value: number): void {
    const ring = this.ring;
    const at = this.next;
    // A slot that was never filled holds 0: nothing leaves the sum.
    this.sum += value - (ring[at] ?? 0);
    ring[at] = value;
    this.next = at + 1 === ring.length ? 0 : at + 1;
    if (this.count < ring.length) this.count += 1;
  }
}
