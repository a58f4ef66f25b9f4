/**
 * What the core is told, and when it happened: events whose times do not run back for our clock's error, and every trouble as `exchange-lost`, after
 * which nothing is added until the account has been read whole.
 */

import { exchangeLost } from '../../core/account/lost.ts';
import type { CoreEvent, LostBecause } from '../../core/event.ts';
import { AHEAD_MS_MAX } from '../../runtime/world-time.ts';
import type { Fault } from '../door/faults.ts';
import type { Rest } from '../door/rest.ts';
import { told, UnansweredError } from '../door/verdict.ts';
import { isPayloadFault, TwoSidedError } from '../payload-fault.ts';
import type { Errands } from './errands.ts';
import type { ExchangeLimits } from './exchange-options.ts';

export interface TellingOptions {
  readonly rest: Pick<Rest, 'exchangeNowMs' | 'syncClock'>;
  readonly limits: ExchangeLimits;
  readonly errands: Pick<Errands, 'inBackground' | 'after'>;
  readonly hear: (event: CoreEvent) => void;
  readonly warn: (message: string) => void;
  /** Reads the account. */
  readonly read: () => void;
}

export class Telling {
  readonly #options: TellingOptions;
  #lastToldAt = 0;
  #count = 0;
  #isClosed = false;
  /** The last payload that did not fit, since the account was read whole. */
  #suspicion: string | undefined;

  constructor(options: TellingOptions) {
    this.#options = options;
  }

  /** Events told so far that change what a reading would show. */
  get count(): number {
    return this.#count;
  }

  close(): void {
    this.#isClosed = true;
  }

  tell(event: CoreEvent): void {
    if (this.#isClosed) return;
    if (event.kind === 'exchange-read') this.#suspicion = undefined;
    if (event.kind !== 'exchange-read' && event.kind !== 'exchange-lost') this.#count += 1;
    // A settlement of funding is known by its time (core/position/fills.ts): told under another it would be booked again after a restart.
    const at = event.kind === 'funding-settled' ? event.at : this.#inOrder(event.at);
    if (at <= this.#options.rest.exchangeNowMs() + AHEAD_MS_MAX) this.#lastToldAt = Math.max(this.#lastToldAt, at);
    this.#options.hear(at === event.at ? event : { ...event, at });
  }

  /** @param fault why, where the exchange said it: an auth fault may be our clock's, and is told as what it is */
  lost(because: LostBecause, fault?: Fault): void {
    const isRefused = fault?.class === 'auth';
    if (isRefused) this.syncClock();
    this.tell(exchangeLost(this.now(), isRefused ? { code: 'access-refused', words: told(fault) } : because));
  }

  /** A question that was not answered is asked again by others; a key that does not hold is told. */
  unanswered(fault: Fault): void {
    if (fault.class === 'auth') this.lost({ code: 'said', words: told(fault) }, fault);
  }

  /** What a person should know; nothing else comes of it. */
  odd(message: string): void {
    this.#options.warn(message);
  }

  /** A payload that does not fit: what it would have said is read anew, once: a reading that does not fit either is for the core to ask again. */
  suspect(reason: string, twoSided?: TwoSidedError['twoSided']): void {
    const before = this.#suspicion;
    this.#suspicion = reason;
    if (reason !== before) this.#options.warn(reason);
    this.lost({ code: 'unreadable', words: reason, ...(twoSided === undefined ? {} : { twoSided }) });
    if (before === undefined) this.#options.errands.after(this.#options.limits.explainWithinMs, this.#options.read);
  }

  /** What an errand threw. A payload that does not fit is a fault; any other error is ours and ends the process. */
  failed(error: unknown): void {
    if (error instanceof UnansweredError) this.lost({ code: 'said', words: error.message }, error.fault);
    else if (error instanceof TwoSidedError) this.suspect(error.message, error.twoSided);
    else if (isPayloadFault(error)) this.suspect(error.message);
    else throw error;
  }

  syncClock(): void {
    this.#options.errands.inBackground(() => this.#options.rest.syncClock());
  }

  /** The exchange's time as we know it; never behind what was told. */
  now(): number {
    return Math.max(this.#lastToldAt, this.#options.rest.exchangeNowMs());
  }

  /**
   * What we date ourselves may be ahead of the exchange by our clock's error: what it dates next does not run back for that. A fill that is found
   * late keeps its time.
   */
  #inOrder(at: number): number {
    const behindMs = this.#lastToldAt - at;
    return behindMs > 0 && behindMs <= this.#options.limits.clockErrorMs ? this.#lastToldAt : at;
  }
}
