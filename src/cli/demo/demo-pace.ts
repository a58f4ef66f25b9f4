/**
 * How far the simulated market should be by now. Pure: whoever asks says what time it is.
 *
 * With a length, exactly `length × speed` simulated seconds are run, so that the same seed ends with the same numbers; a machine that cannot keep
 * up ends `LATE_MS` after its time with what there is. A pause, and a stretch in which nobody asked (a laptop asleep), are not made up for.
 */
const LATE_MS = 2_000;
/** The longest time between two questions that counts. */
const STEP_MS_MAX = 250;

export interface PaceSettings {
  /** Simulated seconds in a real one. */
  readonly speed: number;
  /** Real time; undefined: without end. */
  readonly lengthMs: number | undefined;
  readonly nowMs: number;
}

export class Pace {
  isPaused = false;
  readonly #speed: number;
  readonly #lengthMs: number;
  readonly #total: number;
  #askedMs: number;
  #activeMs = 0;
  #due = 0;

  constructor({ speed, lengthMs = Number.POSITIVE_INFINITY, nowMs }: PaceSettings) {
    this.#speed = speed;
    this.#lengthMs = lengthMs;
    this.#total = Math.round((lengthMs / 1_000) * speed);
    this.#askedMs = nowMs;
  }

  /** Simulated seconds that should be done. @param done that are */
  due(nowMs: number, done: number): number {
    const elapsed = nowMs - this.#askedMs;
    this.#askedMs = nowMs;
    if (this.isPaused) return done;
    this.#activeMs += elapsed;
    if (this.#activeMs >= this.#lengthMs) return this.#total;
    const counted = Math.min(elapsed, STEP_MS_MAX);
    // Behind by more than a second's worth: the machine is too slow for this speed, or was away.
    this.#due = Math.min(this.#due + (counted / 1_000) * this.#speed, done + this.#speed, this.#total);
    return Math.floor(this.#due);
  }

  isOver(done: number): boolean {
    return done >= this.#total || this.#activeMs >= this.#lengthMs + LATE_MS;
  }
}
