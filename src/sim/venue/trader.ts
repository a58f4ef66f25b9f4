import type { CoreEvent } from '../../core/event.ts';

/** What a symbol of the core waits for; read afresh before every step of the price. The core's own symbol state fits. */
export interface Watch {
  /** Wants to hear the price at or below this; 0: never. */
  readonly watchBelowTicks: number;
  /** Wants to hear the price at or above this; Infinity: never. */
  readonly watchAboveTicks: number;
  /** Wants to hear the time then; Infinity: never. */
  readonly deadlineMs: number;
}

/** Who trades at a simulated venue. */
export interface Trader {
  /** Queues an event. */
  hear(event: CoreEvent): void;
  /** Thinks about everything heard, until nothing more comes of it. May ask the venue. */
  settle(): void;
  /** One for each instrument of the venue, in its order. */
  readonly watches: readonly Watch[];
}
