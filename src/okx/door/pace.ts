/**
 * Keeps to OKX's published limits before OKX has to say so. Source: okx-v5.md §1.4.
 *
 * A limit allows `count` in any window of `windowMs`; wherever the exchange lets its windows begin, at most `count`
 * fall into one. A slot is booked ahead: the answer is the time from which the request may leave. Slots of one limit
 * are given in the order of asking. Deterministic: time is an argument, nothing here waits. Pure bookkeeping shared by
 * REST and WebSocket.
 */
import type { Limit } from '../wire/endpoints.ts';

export type Slot =
  /** Send at `atMs` or later. */
  | { readonly kind: 'granted'; readonly atMs: number }
  /** Nothing was booked: the slot would come later than `waitMsMax` allows. */
  | { readonly kind: 'full'; readonly waitMs: number; readonly limit: string };

export class Pace {
  /** Times booked under a limit's key, ascending; only those that can still count against the next. */
  readonly #booked = new Map<string, number[]>();
  readonly #pausedUntilMs = new Map<string, number>();
  readonly #marginMs: number;

  /**
   * `marginMs`: how much longer than published a window is taken to be, because requests do not all travel equally
   * long.
   */
  constructor(marginMs = 50) {
    this.#marginMs = marginMs;
  }

  /**
   * Books `cost` requests under every limit at the earliest common time from `nowMs` on.
   * @throws {RangeError} where `cost` is more than a limit can ever allow: a bug of the caller.
   */
  book(request: {
    readonly limits: readonly Limit[];
    readonly instId?: string | undefined;
    readonly cost?: number;
    readonly nowMs: number;
    readonly waitMsMax: number;
  }): Slot {
    const cost = request.cost ?? 1;
    const windows = request.limits.map((limit) => ({ limit, key: keyOf(limit, request.instId) }));
    let atMs = request.nowMs;
    let tightest = '';
    for (const { limit, key } of windows) {
      const freeMs = Math.max(
        this.#freeAtMs(limit, this.#bookedUnder(key, limit, request.nowMs), cost),
        this.#pausedUntilMs.get(key) ?? 0,
      );
      if (freeMs > atMs) [atMs, tightest] = [freeMs, limit.name];
    }
    const waitMs = atMs - request.nowMs;
    if (waitMs > request.waitMsMax) return { kind: 'full', waitMs, limit: tightest };
    for (const { limit, key } of windows) {
      const booked = this.#bookedUnder(key, limit, request.nowMs);
      for (let i = 0; i < cost; i += 1) booked.push(atMs);
    }
    return { kind: 'granted', atMs };
  }

  /** After the exchange answered 50011 all the same: nothing more under these limits until `untilMs`. */
  pause(limits: readonly Limit[], instId: string | undefined, untilMs: number): void {
    for (const limit of limits) this.#pausedUntilMs.set(keyOf(limit, instId), untilMs);
  }

  #freeAtMs(limit: Limit, booked: readonly number[], cost: number): number {
    if (cost > limit.count)
      throw new RangeError(`${cost} at once can never keep to "${limit.name}", ${limit.count} in ${limit.windowMs} ms`);
    const lastMs = booked.at(-1) ?? 0;
    const blocking = booked.at(-(limit.count - cost + 1));
    return blocking === undefined ? lastMs : Math.max(lastMs, blocking + limit.windowMs + this.#marginMs);
  }

  #bookedUnder(key: string, limit: Limit, nowMs: number): number[] {
    let booked = this.#booked.get(key);
    if (booked === undefined) this.#booked.set(key, (booked = []));
    const oldestMs = nowMs - limit.windowMs - this.#marginMs;
    let old = 0;
    while (old < booked.length && (booked[old] ?? 0) <= oldestMs) old += 1;
    if (old > 0) booked.splice(0, old);
    return booked;
  }
}

function keyOf(limit: Limit, instId: string | undefined): string {
  return limit.perInstrument ? `${limit.name} ${instId ?? ''}` : limit.name;
}
