/**
 * What is being closed is closed by one pipeline (rules.md §5): it never waits for nothing, and after a refusal no longer than decision 0038 says.
 * The refusals are counted by the rows that the bot has written of what it heard, not by what it made of them.
 */
import type { CoreEvent } from '../../src/core/event.ts';
import { partsOfClientId } from '../../src/core/orders/order.ts';
import type { Registry } from '../../src/core/registry.ts';
import type { Halts } from './halts.ts';

/** A no to a close, or its end without a fill. */
interface No {
  readonly seq: number;
  readonly at: number;
  readonly position: number;
}

interface Refused {
  readonly first: number;
  readonly last: number;
}

export class Closes {
  readonly #halts: Halts;
  readonly #violated: (invariant: string, detail: string) => void;
  /** Oldest first. */
  #noes: No[] = [];
  /** By position: the first and the last no. Whatever name a run goes on under, it goes on with the rows of the one before. */
  readonly #refused = new Map<number, Refused>();
  /** The newest time that was heard. */
  #now = Number.NEGATIVE_INFINITY;
  /** The present run has compared itself with the exchange: until then it goes by rows of which the last may be lost. */
  #hasCompared = false;

  constructor(halts: Halts, violated: (invariant: string, detail: string) => void) {
    this.#halts = halts;
    this.#violated = violated;
  }

  /** A run begins on these rows. */
  started(lastSeq: number): void {
    this.#hasCompared = false;
    this.#noes = this.#noes.filter(({ seq }) => seq <= lastSeq);
    this.#now = this.#noes.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    this.#refused.clear();
    for (const no of this.#noes) this.#take(no);
  }

  /** A row was written; it may be lost again. */
  appended(seq: number, event: CoreEvent): void {
    this.#now = Math.max(this.#now, event.at);
    const isNo = event.kind === 'order-rejected' || (event.kind === 'order-ended' && event.filledLots === 0);
    const { role, position } = (isNo ? partsOfClientId(event.clientId) : undefined) ?? {};
    if (role !== 'close' || position === undefined) return;
    const no = { seq, at: this.#now, position };
    this.#noes.push(no);
    this.#take(no);
  }

  #take({ position, at }: No): void {
    this.#refused.set(position, { first: this.#refused.get(position)?.first ?? at, last: at });
  }

  thought(event: CoreEvent, registry: Registry): void {
    if (registry.ready) this.#hasCompared = true;
    if (!this.#hasCompared) return;
    const isRead = registry.ready && event.kind === 'exchange-read';
    for (const { instrument, position, working } of registry.symbols) {
      if (position?.closing === undefined || working !== undefined) continue;
      if (this.#halts.stopped(instrument.instId) !== undefined) continue;
      const refused = this.#refused.get(position.number);
      const isInTime = refused !== undefined && registry.now < refused.last + pauseAfter(refused);
      if (refused !== undefined && (isInTime || !isRead)) continue;
      this.#violated(
        'what is being closed has its close on the way',
        `${instrument.instId}: ${position.closing}, refused ${refused === undefined ? 'never' : `${registry.now - refused.last} ms ago`}`,
      );
    }
  }
}

/** The next try comes no later than as long again as refusals have lasted, and a moment; at last every 15 s. */
function pauseAfter({ first, last }: Refused): number {
  return Math.min(15_000, last - first + 250);
}
