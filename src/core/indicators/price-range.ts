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
    const at = this.next;
    this.highs[at] = highTicks;
    this.lows[at] = lowTicks;
    this.next = at + 1 === this.highs.length ? 0 : at + 1;
    if (this.count < this.highs.length) this.count += 1;
    let highest = highTicks;
    let lowest = lowTicks;
    for (let i = 0; i < this.count; i++) {
      const high = this.highs[i] ?? highest;
      const low = this.lows[i] ?? lowest;
      if (high > highest) highest = high;
      if (low < lowest) lowest = low;
    }
    this.highestTicks = highest;
    this.lowestTicks = lowest;
  }
}
