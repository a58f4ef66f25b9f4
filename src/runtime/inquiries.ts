/**
 * Questions that stay open: orders sent and not answered, orders unknown, the next whole reading of the exchange.
 *
 * An answer that does not come within its time makes the order unknown; an unknown order is asked for until evidence ends it, never by a
 * counter (reliability.md, "No double orders" 3 and 4).
 */
import type { CoreEvent } from '../core/event.ts';
import type { Registry } from '../core/registry.ts';
import type { LoopLimits } from './loop.ts';
import type { Exchange } from './ports.ts';

export class Inquiries {
  readonly #registry: Registry;
  readonly #exchange: Exchange;
  readonly #limits: LoopLimits;
  /** When an unknown order was last asked for. */
  readonly #askedAt = new Map<string, number>();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(registry: Registry, exchange: Exchange, limits: LoopLimits) {
    this.#registry = registry;
    this.#exchange = exchange;
    this.#limits = limits;
  }

  /** When something is next due; Infinity never comes: the exchange is read again and again. */
  nextMs(): number {
    let next = this.#readAt === Number.NEGATIVE_INFINITY ? this.#registry.now : this.#readAt + this.#readEveryMs();
    for (const open of this.#registry.orders.values()) {
      const { clientId } = open.order;
      if (open.state === 'sent') next = Math.min(next, open.sentAt + this.#limits.answerMs);
      if (open.state === 'unknown' || open.state === 'ending' || open.amending)
        next = Math.min(next, (this.#askedAt.get(clientId) ?? open.sentAt) + this.#limits.inquireEveryMs);
    }
    return next;
  }

  /** A difference that waits for a second reading, or a book that is not confirmed, is read again soon. */
  #readEveryMs(): number {
    const { ready, differences } = this.#registry;
    return ready && differences === undefined ? this.#limits.readEveryMs : this.#limits.inquireEveryMs;
  }

  /** Asks what is due, and returns the events that silence has become. */
  due(nowMs: number): CoreEvent[] {
    const silent: CoreEvent[] = [];
    for (const open of this.#registry.orders.values()) {
      const { clientId } = open.order;
      if (open.state === 'sent' && open.sentAt + this.#limits.answerMs <= nowMs)
        silent.push({
          kind: 'order-unknown',
          at: nowMs,
          clientId,
          reason: `no answer for ${this.#limits.answerMs} ms`,
        });
      if (open.state !== 'unknown' && open.state !== 'ending' && !open.amending) continue;
      if ((this.#askedAt.get(clientId) ?? open.sentAt) + this.#limits.inquireEveryMs > nowMs) continue;
      this.#askedAt.set(clientId, nowMs);
      this.#exchange.inquire(open.order);
    }
    for (const clientId of this.#askedAt.keys())
      if (!this.#registry.orders.has(clientId)) this.#askedAt.delete(clientId);
    if (this.#readAt + this.#readEveryMs() <= nowMs) {
      this.#readAt = nowMs;
      this.#exchange.read();
    }
    return silent;
  }
}
