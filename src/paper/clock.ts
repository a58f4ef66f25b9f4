/**
 * The two times of the paper exchange, in UTC milliseconds.
 *
 * `now` is the exchange's own time: the market, orders and funding live in it, and `public/time` tells it. `wall` is the time of the world:
 * rate limits, idle sockets and regular pushes follow it, and a signature is accepted in either, so that clients which sign with their own
 * clock can use a market that runs in another year or sixty times as fast.
 */
export interface Clock {
  now(): number;
  wall(): number;
}

/** `speed` seconds of the exchange for each second of the world, from `startMs` on. */
export function runningClock(startMs: number, speed: number, wall: () => number = Date.now): Clock {
  const begunAt = wall();
  return { now: () => Math.floor(startMs + (wall() - begunAt) * speed), wall };
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

  pass(elapsedMs: number): void {
    this.#now += elapsedMs;
  }
}
