/**
 * Questions that stay open: orders sent and not answered, orders unknown, the next whole reading of the exchange.
 *
 * An answer that does not come within its time makes the order unknown; an unknown order is asked for until evidence ends it, never by a
 * counter (reliability.md, "No double orders" 3 and 4). Times are the world's (world-time.ts).
 */
import type { CoreEvent } from '../core/event.ts';
import type { OpenOrder, Registry } from '../core/registry.ts';
import type { LoopLimits } from './loop.ts';
import type { Exchange } from './ports.ts';

export class Inquiries {
  readonly #registry: Registry;
  readonly #exchange: Exchange;
  readonly #limits: LoopLimits;
  /** When an order was last asked for, or was first seen without an answer. */
  readonly #askedAt = new Map<string, number>();
  #readAt = Number.NEGATIVE_INFINITY;
  #isOvertaken = false;
  #isLost = false;

  constructor(registry: Registry, exchange: Exchange, limits: LoopLimits) {
    this.#registry = registry;
    this.#exchange = exchange;
    this.#limits = limits;
  }

  /** When something is next due. An order's time begins when it is first seen without an answer. */
  nextMs(nowMs: number): number {
    const { answerMs, inquireEveryMs } = this.#limits;
    this.#forgetAnswered();
    let next = this.#readAt + this.#readEveryMs();
    for (const open of this.#registry.orders.values()) {
      if (open.state === 'sent') next = Math.min(next, open.sentAt + answerMs);
      if (!isInQuestion(open)) continue;
      const askedAt = this.#askedAt.get(open.order.clientId);
      if (askedAt === undefined) this.#askedAt.set(open.order.clientId, nowMs);
      next = Math.min(next, (askedAt ?? nowMs) + inquireEveryMs);
    }
    return Math.max(nowMs, next);
  }

  /** Asks what is due, and returns the events that silence has become. */
  due(nowMs: number): CoreEvent[] {
    const { answerMs, inquireEveryMs } = this.#limits;
    const silent: CoreEvent[] = [];
    for (const open of this.#registry.orders.values()) {
      const { clientId } = open.order;
      if (open.state === 'sent' && open.sentAt + answerMs <= nowMs) {
        // It has been waited for long enough: a position may be without its stop.
        this.#askedAt.set(clientId, Number.NEGATIVE_INFINITY);
        silent.push({
          kind: 'order-unknown',
          at: nowMs,
          clientId,
          reason: `no answer for ${answerMs} ms`,
          silentMs: answerMs,
        });
      }
      if (!isInQuestion(open) || (this.#askedAt.get(clientId) ?? nowMs) + inquireEveryMs > nowMs) continue;
      this.#askedAt.set(clientId, nowMs);
      this.#exchange.inquire(open.order);
    }
    if (this.#readAt + this.#readEveryMs() <= nowMs) {
      this.#readAt = nowMs;
      this.#isOvertaken = false;
      this.#exchange.read();
    }
    return silent;
  }

  #forgetAnswered(): void {
    for (const clientId of this.#askedAt.keys()) {
      const open = this.#registry.orders.get(clientId);
      if (open === undefined || !isInQuestion(open)) this.#askedAt.delete(clientId);
    }
  }

  lost(): void {
    this.#isLost = true;
  }

  /**
   * One that is not believed, for a fill of ours is younger (core/account/reconcile.ts), is followed by another soon. After the first that is, once the exchange was
   * lost, what has no answer is asked for at once: questions of while it was away may hang, and a stop may wait for theirs.
   */
  read(isBelieved: boolean): void {
    if (!isBelieved) {
      this.#isOvertaken = true;
      return;
    }
    if (!this.#isLost) return;
    this.#isLost = false;
    for (const open of this.#registry.orders.values())
      if (open.state === 'unknown') this.#askedAt.set(open.order.clientId, Number.NEGATIVE_INFINITY);
  }

  /** A difference that waits for a second reading, a book that is not confirmed, and one whose reading was overtaken are read again soon. */
  #readEveryMs(): number {
    const { ready, differences } = this.#registry;
    const isKnown = ready && differences === undefined && !this.#isOvertaken;
    return isKnown ? this.#limits.readEveryMs : this.#limits.inquireEveryMs;
  }
}

/** Whether something was asked of the exchange about this order that it has not answered. */
function isInQuestion({ state, amending }: OpenOrder): boolean {
  return state === 'unknown' || state === 'ending' || amending;
}
