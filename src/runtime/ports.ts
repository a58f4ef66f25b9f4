/**
 * What the loop needs of the world: four ports, owned by the loop. Who stands behind them makes the life: simulated, paper or live.
 *
 * Nothing here answers: whatever the world has to say comes back as an event, in its time, through `Loop.hear`.
 */
import type { Amend } from '../core/decision.ts';
import type { Approved } from '../core/orders/order.ts';

/** Sends orders. Each call returns at once and never throws for what the world does: refusals, silence and failures are events. */
export interface Exchange {
  place(order: Approved): void;
  cancel(instId: string, clientId: string): void;
  amend(change: Amend): void;
  /** Set before the next order of the instrument is sent. */
  setLeverage(instId: string, leverage: number): void;
  /** Asks how an order stands whose answer never came: ends in fills, then `order-standing`, `order-ended` or `order-absent`, or in nothing. */
  inquire(order: Approved): void;
  /** Reads account, positions, open orders and the fills since the last reading; ends in fills and one `exchange-read`, or in `exchange-lost`. */
  read(): void;
}

/**
 * Counts milliseconds, steadily: never back, never by jumps, whatever happens to the time of day. Where it begins does not matter: what time it
 * is, the exchange's events say (world-time.ts).
 */
export interface Clock {
  nowMs(): number;
  /** Calls once at or after `atMs`; returns how to call it off. */
  wake(atMs: number, call: () => void): () => void;
}

/** What is written before it is thought, and before it is sent (design.md §3). Synchronous: when `commit` returns it is on the disk. */
export interface Journal {
  append(kind: 'event' | 'decision' | 'note', atMs: number, payload: unknown): number;
  /** @throws on a full or failed disk: from then on nothing may be sent that adds. */
  commit(): void;
  snapshot(seq: number, state: string): void;
  /** Housekeeping that no order has to wait for: called when what was decided is sent. */
  checkpoint(): void;
  archive(): unknown;
  readonly lastSeq: number;
}

/** What a recovery reads. */
export interface JournalPast {
  rows(
    fromSeq?: number,
  ): Iterable<{ readonly seq: number; readonly kind: string; readonly atMs: number; readonly payload: unknown }>;
  latestSnapshot(): { readonly seq: number; readonly state: string } | undefined;
  readonly lastSeq: number;
}
