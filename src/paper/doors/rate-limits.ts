/**
 * How often an account may ask: OKX's published limits, in any window of their length (okx-v5.md §1.4; where OKX's windows begin is not told, so
 * none is kinder than any). Order operations are counted for each instrument, REST and WebSocket together; a batch of one counts as a single
 * order. What was refused does not count.
 */
import { connectLimit, endpoints, type Limit, orderLimits } from '../../okx/wire/endpoints.ts';
import { OkxError } from '../wire/reply.ts';

const LIMITS = new Map<string, readonly Limit[]>(
  Object.values(endpoints).map(({ method, path, limits }) => [`${method} ${path}`, limits]),
);
LIMITS.set('POST /api/v5/trade/amend-batch-orders', [
  { name: 'amend-batch-orders', count: 300, windowMs: 2_000, perInstrument: true },
  orderLimits.amend[1],
]);
/** The route of a socket that is being made. */
export const CONNECT = 'connect';
LIMITS.set(CONNECT, [connectLimit]);
/** A batch of one row counts with the single ones. */
const SINGLE: Readonly<Record<string, string>> = {
  'POST /api/v5/trade/batch-orders': 'POST /api/v5/trade/order',
  'POST /api/v5/trade/cancel-batch-orders': 'POST /api/v5/trade/cancel-order',
  'POST /api/v5/trade/amend-batch-orders': 'POST /api/v5/trade/amend-order',
};
/** Windows that are remembered before the old ones are looked through. */
const WINDOWS_MOST = 20_000;

/** What was let through, oldest first. */
interface Window {
  readonly passed: { readonly atMs: number; readonly cost: number }[];
  sum: number;
}

export class RateLimits {
  readonly #windows = new Map<string, Window>();

  /** Counts a request. `instIds`: one for each row. @throws {OkxError} 50011, 50061 */
  count(who: string, route: string, instIds: readonly string[], nowMs: number): void {
    const single = instIds.length === 1 ? SINGLE[route] : undefined;
    const limits = LIMITS.get(single ?? route) ?? [];
    const costs = new Map<Window, number>();
    for (const limit of limits)
      for (const instId of instIds.length === 0 ? [''] : instIds) {
        const window = this.#windowOf(`${who}|${limit.name}|${limit.perInstrument ? instId : ''}`, limit, nowMs);
        const cost = (costs.get(window) ?? 0) + 1;
        if (window.sum + cost > limit.count) throw refusedBy(limit);
        costs.set(window, cost);
      }
    // A row too many refuses all of them: none is counted before each has been looked at.
    for (const [window, cost] of costs) {
      window.passed.push({ atMs: nowMs, cost });
      window.sum += cost;
    }
  }

  /** What was let through and still counts. */
  #windowOf(key: string, limit: Limit, nowMs: number): Window {
    let window = this.#windows.get(key);
    if (window === undefined) {
      if (this.#windows.size > WINDOWS_MOST) this.#forgetOld(nowMs);
      window = { passed: [], sum: 0 };
      this.#windows.set(key, window);
    }
    forget(window, nowMs - limit.windowMs);
    return window;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, { passed }] of this.#windows)
      if (nowMs - (passed.at(-1)?.atMs ?? 0) > 10_000) this.#windows.delete(key);
  }
}

function refusedBy({ name }: Limit): OkxError {
  return name === 'order-entry'
    ? new OkxError('50061', 'Order rate limit of the account reached', 429)
    : new OkxError('50011', 'Too Many Requests');
}

function forget(window: Window, untilMs: number): void {
  const { passed } = window;
  let old = 0;
  for (; old < passed.length && (passed[old]?.atMs ?? 0) <= untilMs; old += 1) window.sum -= passed[old]?.cost ?? 0;
  if (old > 0) passed.splice(0, old);
}
