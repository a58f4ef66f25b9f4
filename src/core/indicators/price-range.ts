/** Highest high and lowest low of the last `period` candles, in ticks. */
export class PriceRange {
  highestTicks = 0;
  lowestTicks = 0;
  count = 0;
  next = 0;
  readonly highs: Float64Array;
  readonly lows: Float64Array;

  constructor(period: number) {
    this.highs = new Float64Array(period);
    this.lows = new Float64Array(period);
  }

  get ready(): boolean {
    return this.count === this.highs.length;
  }

  /** Highest − lowest; 0 before the first candle. */
  get widthTicks(): number {
    return this.highestTicks - this.lowestTicks;
  }

  add(highTicks: number, lowTicks: number): void {
    const { highs, lows } = this;
    const at = this.next;
    const isFull = this.count === highs.length;
    const topLeaves = isFull && highs[at] === this.highestTicks;
    const bottomLeaves = isFull && lows[at] === this.lowestTicks;
    highs[at] = highTicks;
    lows[at] = lowTicks;
    this.next = at + 1 === highs.length ? 0 : at + 1;
    if (!isFull) this.count += 1;
    if (highTicks >= this.highestTicks) this.highestTicks = highTicks;
    else if (topLeaves) this.highestTicks = this.#extreme(highs, 1);
    if (this.count === 1 || lowTicks <= this.lowestTicks) this.lowestTicks = lowTicks;
    else if (bottomLeaves) this.lowestTicks = this.#extreme(lows, -1);
  }

  /** Looks at the whole window: only where the extreme itself has left it. */
  #extreme(ring: Float64Array, sign: 1 | -1): number {
    let extreme = ring[0] ?? 0;
    for (let i = 1; i < ring.length; i++) {
      const value = ring[i] ?? extreme;
      if ((value - extreme) * sign > 0) extreme = value;
    }
    return extreme;
  }
}
