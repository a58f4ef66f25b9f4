/**
 * What is being closed is closed by one pipeline (rules.md §5): it never waits for nothing, and after a refusal no longer than decision 0038 says.
 * The refusals are counted by the rows that the bot has written of what it heard, not by what it made of them.
 */
import type { CoreEvent } from '../../src/core/event.ts';
import { clientIdOf } from '../../src/core/order.ts';
import type { Registry } from '../../src/core/registry.ts';
import type { Halts } from './halts.ts';

/** Letters of a client id up to its role. */
const ROLE_LETTERS = 13;

interface Refused {
  readonly first: number;
  readonly last: number;
}

export class Closes {
  readonly #halts: Halts;
  readonly #violated: (invariant: string, detail: string) => void;
  /** By run and position: the first and the last no to its close, or end without a fill. */
  readonly #refused = new Map<string, Refused>();
  /** The newest time that was heard. */
  #now = Number.NEGATIVE_INFINITY;
  /** The present run has compared itself with the exchange: until then it goes by rows of which the last may be lost. */
  #hasCompared = false;

  constructor(halts: Halts, violated: (invariant: string, detail: string) => void) {
    this.#halts = halts;
    this.#violated = violated;
  }

  started(): void {
    this.#hasCompared = false;
  }

  appended(event: CoreEvent): void {
    this.#now = Math.max(this.#now, event.at);
    const isNo = event.kind === 'order-rejected' || (event.kind === 'order-ended' && event.filledLots === 0);
    if (!isNo) return;
    const close = event.clientId.slice(0, ROLE_LETTERS);
    this.#refused.set(close, { first: this.#refused.get(close)?.first ?? this.#now, last: this.#now });
  }

  thought(event: CoreEvent, registry: Registry): void {
    if (registry.ready) this.#hasCompared = true;
    if (!this.#hasCompared) return;
    const isRead = registry.ready && event.kind === 'exchange-read';
    for (const { instrument, position, working } of registry.symbols) {
      if (position?.closing === undefined || working !== undefined) continue;
      if (this.#halts.stopped(instrument.instId) !== undefined) continue;
      const refused = this.#refused.get(closeOf(registry.run, position.number));
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

/** What the names of its closes begin with. */
function closeOf(run: string, position: number): string {
  return clientIdOf({ run, position, role: 'close', step: 0, attempt: 1, part: 0 }).slice(0, ROLE_LETTERS);
}
