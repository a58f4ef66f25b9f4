/**
 * Higher candles, built from closed 1m candles.
 *
 * A candle of n minutes covers the n minutes from a multiple of n since 1970 UTC. It closes with the 1m candle of its last minute, or,
 * where that minute is missing, when the first 1m candle past its end arrives. Missing minutes are not invented: a candle is built of the minutes
 * there are, and a span without any has no candle. The first span counts only if its first minute was seen.
 * Source: rules.md, header ("higher ones are built from closed 1m candles").
 */
export class CandleBuilder {
  openTicks = 0;
  highTicks = 0;
  lowTicks = 0;
  closeTicks = 0;
  volumeLots = 0;
  /** First minute past the candle that is being built (or was built last). */
  endMinute = 0;
  /** A candle is being built. */
  isOpen = false;
  /** The span that was entered in its middle is being waited out. */
  isSkipping = false;
  readonly #minutes: number;

  constructor(minutes: number) {
    this.#minutes = minutes;
  }

  /** A candle is being built whose end the minute has passed: close it before the minute is added. */
  isOverdue(openMinute: number): boolean {
    return this.isOpen && openMinute >= this.endMinute;
  }

  /** Adds a 1m candle; true when it completes the candle, whose fields then stand until the next `add`. */
  add(openMinute: number, open: number, high: number, low: number, close: number, volume: number): boolean {
    if (this.isOpen) {
      const { highTicks, lowTicks } = this;
      // Without branches, which nobody could foresee.
      this.highTicks = highTicks + (high - highTicks) * Number(high > highTicks);
      this.lowTicks = lowTicks + (low - lowTicks) * Number(low < lowTicks);
      this.closeTicks = close;
      this.volumeLots += volume;
    } else if (!this.#opens(openMinute)) return false;
    else {
      this.openTicks = open;
      this.highTicks = high;
      this.lowTicks = low;
      this.closeTicks = close;
      this.volumeLots = volume;
      this.isOpen = true;
    }
    if (openMinute + 1 < this.endMinute) return false;
    this.isOpen = false;
    return true;
  }

  /** Closes the candle that `isOverdue` found. */
  closeOverdue(): void {
    this.isOpen = false;
  }

  #opens(openMinute: number): boolean {
    const isFirst = this.endMinute === 0;
    if (this.isSkipping && openMinute < this.endMinute) return false;
    const startMinute = Math.floor(openMinute / this.#minutes) * this.#minutes;
    this.endMinute = startMinute + this.#minutes;
    this.isSkipping = isFirst && openMinute !== startMinute;
    return !this.isSkipping;
  }
}
