/**
 * The times of the paper exchange, in UTC milliseconds.
 *
 * `now` is the exchange's own time: the market, orders and funding live in it, and `public/time` tells it. `wall` is the time of day in the world:
 * a signature is accepted in either, so that clients which sign with their own clock can use a market that runs in another year or sixty times as
 * fast. `steady` counts the world's milliseconds from anywhere, whatever the time of day is set to: rate limits and idle sockets follow it.
 */
export interface Clock {
  now(): number;
  wall(): number;
  steady(): number;
}

/** The time of day was set, or the machine has slept, where it differs by more from what was counted. */
const STEP_MS = 1_000;

/**
 * `speed` seconds of the exchange for each second of the world, from `startMs` on. A time of day that is set back takes nothing back; one that steps
 * ahead (a machine that has slept) is lived through.
 */
export function runningClock(
  startMs: number,
  speed: number,
  wall: () => number = Date.now,
  steady: () => number = () => performance.now(),
): Clock {
  const begunAt = wall();
  const countedFrom = steady();
  let aheadMs = 0;
  const now = () => {
    const countedMs = steady() - countedFrom;
    const stepMs = wall() - begunAt - countedMs;
    if (stepMs > aheadMs + STEP_MS) aheadMs = stepMs;
    return Math.floor(startMs + (countedMs + aheadMs) * speed);
  };
  return { now, wall, steady };
}

/** Stands until it is told: for tests. */
export class ManualClock implements Clock {
  #now: number;
  readonly #wall: (() => number) | undefined;

  /** Without `wall` the world's time is the exchange's. */
  constructor(nowMs: number, wall?: () => number) {
    this.#now = nowMs;
    this.#wall = wall;
  }

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wall === undefined ? this.#now : this.#wall();
  }

  steady(): number {
    return this.wall();
  }

  pass(elapsedMs: number): void {
    this.#now += elapsedMs;
  }
}
