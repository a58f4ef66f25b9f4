/**
 * What time it is in the world: the time of the newest event, and what the clock has counted since.
 *
 * The computer's idea of the time of day has no door here: a clock that is an hour off, or is set while the bot runs, changes nothing. The
 * clock only measures how long something took; that it runs a little fast is forgotten again within two windows.
 *
 * Nor is every event believed: one that is far ahead of everything else may be one bad stamp, or the machine has slept. It counts once a
 * second one says the same (as differences to the exchange do). What lies far behind is the core's to judge (core/account/reconcile.ts).
 */
import type { Clock } from './ports.ts';

const WINDOW_MS = 60_000;
/** No event runs ahead of the others by so much: one that does counts for itself, and dates nothing else. */
export const AHEAD_MS_MAX = 60_000;

/** `doubted` for the first time, or `still-doubted`: it does not count. */
export type Belief = 'believed' | 'doubted' | 'still-doubted';

export class WorldTime {
  readonly #clock: Clock;
  /** World minus clock: the largest that was heard in this window and in the one before. */
  #ahead: number;
  #aheadBefore: number;
  #windowEndsAt: number;
  /** The world was heard in this life: before that nobody knows how long we were away. */
  #isHeard = false;
  /** World minus clock of the event that was not believed. */
  #doubted: number | undefined;

  /** @param startMs time of the newest event known so far */
  constructor(clock: Clock, startMs: number) {
    this.#clock = clock;
    this.#ahead = this.#aheadBefore = startMs - clock.nowMs();
    this.#windowEndsAt = clock.nowMs() + WINDOW_MS;
  }

  /**
   * An event of this moment has arrived; one that comes late says less than the others and is outvoted.
   * @param isOfNow it tells of the moment it was made in, as prices and readings do: fills and candles may be history
   */
  hear(atMs: number, isOfNow: boolean): Belief {
    const now = this.#clock.nowMs();
    const ahead = atMs - now;
    if (this.#isHeard && !this.isNear(atMs) && !this.#isConfirmed(ahead)) {
      const belief = this.#doubted === undefined ? 'doubted' : 'still-doubted';
      this.#doubted = ahead;
      return belief;
    }
    if (isOfNow) {
      this.#isHeard = true;
      this.#doubted = undefined;
    }
    if (now >= this.#windowEndsAt) {
      this.#aheadBefore = this.#ahead;
      this.#ahead = ahead;
      this.#windowEndsAt = now + WINDOW_MS;
    } else this.#ahead = Math.max(this.#ahead, ahead);
    return 'believed';
  }

  /** Whether an event of this moment would be believed by itself. */
  isNear(atMs: number): boolean {
    return atMs - this.#clock.nowMs() <= this.#offset + AHEAD_MS_MAX;
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

  #isConfirmed(ahead: number): boolean {
    return this.#doubted !== undefined && Math.abs(ahead - this.#doubted) <= AHEAD_MS_MAX;
  }
}
