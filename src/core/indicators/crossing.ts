/** Which side of a line something is on, and since how many candles. On the line it stays where it was. */
export class Crossing {
  /** +1 above, −1 below, 0 before the first difference. */
  side = 0;
  /** Candles since the line was crossed: 0 on the candle that crosses. The first side taken is no crossing. */
  age = 0;
  crossed = false;

  add(difference: number): void {
    const side = difference > 0 ? 1 : difference < 0 ? -1 : this.side;
    if (side === this.side) this.age += 1;
    else {
      this.crossed = this.side !== 0;
      this.side = side;
      this.age = 0;
    }
  }

  /** The last crossing was less than `candles` candles ago. */
  isFresh(candles: number): boolean {
    return this.crossed && this.age < candles;
  }
}
