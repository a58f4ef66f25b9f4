/**
 * What time it is in the world: the time of the newest event, and what the clock has counted since.
 *
 * The computer's idea of the time of day has no door here: a clock that is an hour off, or is set while the bot runs, changes nothing. The
 * clock only measures how long something took; that it runs a little fast is forgotten again within two windows.
 */
import type { Clock } from './ports.ts';

const WINDOW_MS = 60_000;

export class WorldTime {
  readonly #clock: Clock;
  /** World minus clock: the largest that was heard in this window and in the one before. */
  #ahead: number;
  #aheadBefore: number;
  #windowEndsAt: number;

  /** @param startMs time of the newest event known so far */
  constructor(clock: Clock, startMs: number) {
    this.#clock = clock;
    this.#ahead = this.#aheadBefore = startMs - clock.nowMs();
    this.#windowEndsAt = clock.nowMs() + WINDOW_MS;
  }

  /** An event of this moment has arrived; one that comes late says less than the others and is outvoted. */
  hear(atMs: number): void {
    const now = this.#clock.nowMs();
    const ahead = atMs - now;
    if (now >= this.#windowEndsAt) {
      this.#aheadBefore = this.#ahead;
      this.#ahead = ahead;
      this.#windowEndsAt = now + WINDOW_MS;
    } else this.#ahead = Math.max(this.#ahead, ahead);
  }

  nowMs(): number {
    return this.#clock.nowMs() + this.#offset;
  }

  /** What the clock will show at a moment of the world. */
  clockMs(worldMs: number): number {
    return worldMs - this.#offset;
  }

  get #offset(): number {
    return Math.max(this.#ahead, this.#aheadBefore);
  }
}
