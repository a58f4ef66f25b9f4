/**
 * How far the simulated market should be by now. Pure: whoever asks says what time it is.
 *
 * With a length, exactly `length × speed` simulated seconds are run, so that the same seed ends with the same numbers; a machine that cannot keep
 * up ends `LATE_MS` after its time with what there is. A pause, and a stretch in which nobody asked (a laptop asleep), are not made up for.
 */
const LATE_MS = 2_000;
/** The longest time between two questions that counts. */
const STEP_MS_MAX = 250;
/** Over how long the speed that is reached is measured, and which share of the asked one is called that one. */
const MEASURED_MS = 3_000;
const KEPT_SHARE = 0.9;

interface PaceSettings {
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
  /** Where the present measurement began, and what the last one said. */
  #measuredFrom = { activeMs: 0, done: 0 };
  #reached: number | undefined;

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
    this.#measure(done);
    if (this.#activeMs >= this.#lengthMs) return this.#total;
    const counted = Math.min(elapsed, STEP_MS_MAX);
    // Behind by more than a second's worth: the machine is too slow for this speed, or was away.
    this.#due = Math.min(this.#due + (counted / 1_000) * this.#speed, done + this.#speed, this.#total);
    return Math.floor(this.#due);
  }

  /** Simulated seconds in a real one as this machine keeps them up; undefined where that is what was asked for, or not known yet. */
  get reached(): number | undefined {
    return this.#reached;
  }

  #measure(done: number): void {
    const { activeMs, done: doneBefore } = this.#measuredFrom;
    const tookMs = this.#activeMs - activeMs;
    if (tookMs < MEASURED_MS) return;
    const reached = Math.round((1_000 * (done - doneBefore)) / tookMs);
    this.#reached = reached < KEPT_SHARE * this.#speed ? reached : undefined;
    this.#measuredFrom = { activeMs: this.#activeMs, done };
  }

  isOver(done: number): boolean {
    return done >= this.#total || this.#activeMs >= this.#lengthMs + LATE_MS;
  }
}
