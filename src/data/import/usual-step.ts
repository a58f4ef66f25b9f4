/**
 * How many minutes lie between two lines of a file, as a rule: whether it holds candles of one minute. Bad lines count too: what is left of a file with
 * holes may be further apart than it was written.
 */

/** A day: of longer steps none is a timeframe that people store. */
const STEP_MINUTES_MAX = 1_440;

export class UsualStep {
  readonly #counts = new Uint32Array(STEP_MINUTES_MAX + 1);
  #minuteBefore = 0;

  /** The next line's minute. */
  hear(minute: number): void {
    const step = Math.abs(minute - this.#minuteBefore);
    if (step <= STEP_MINUTES_MAX) this.#counts[step] = (this.#counts[step] as number) + 1;
    this.#minuteBefore = minute;
  }

  /** Two lines were a minute apart. */
  get hasMinutes(): boolean {
    return this.#counts[1] !== 0;
  }

  /**
   * The step of nine lines in ten, and of as many candles where the lines are out of order; 1 where there is none. A stray line between two of five
   * minutes makes no minutes of them.
   */
  among(lines: number, openMinute: Uint32Array): number {
    const isUsual = (count: number, of: number) => count * 10 > of * 9;
    const step = this.#counts.findIndex((count) => isUsual(count, lines - 1));
    const ofStep = openMinute.filter((minute, i) => i > 0 && minute - (openMinute[i - 1] as number) === step).length;
    return step > 1 && isUsual(ofStep, openMinute.length - 1) ? step : 1;
  }
}
