/**
 * The loop that holds the money: event → journal → think → journal → act, one event at a time, the same in demo, paper and live.
 *
 * A batch is what waited when the loop woke: every event is appended, thought about, its decisions appended; then one commit; only then
 * anything is sent (design.md §3.2). A failed commit sends nothing, stops the loop for good and says so: nothing that was not durable was
 * ever done.
 */

import { exchangeLost } from '../core/account/lost.ts';
import type { Decision } from '../core/decision.ts';
import type { CoreEvent } from '../core/event.ts';
import { nextDeadlineMs, type Registry } from '../core/registry.ts';
import { type Plain, saveRegistry, saveTouched } from '../core/saved-registry.ts';
import { step } from '../core/step.ts';
import { BacklogError, type Booking, bookingName, bookingsOnce, isLastWord, newsToKeep } from './backlog.ts';
import { Inquiries } from './inquiries.ts';
import type { Clock, Exchange, Journal } from './ports.ts';
import { WorldTime } from './world-time.ts';

export interface LoopSettings {
  readonly registry: Registry;
  readonly exchange: Exchange;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly limits: LoopLimits;
  /** Row of the snapshot that the registry was recovered from; absent: there was none. */
  readonly snapshotSeq?: number;
  /** Who looks on; what it throws is told to `warn` and changes nothing. */
  readonly witness?: LoopWitness;
  /** Told once, when the loop has stopped because the journal failed. */
  readonly failed: (error: unknown) => void;
}

/** Bounds of every queue and wait. */
export interface LoopLimits {
  /** Events that may wait: beyond it old prices give way, and where none wait everything that a reading of the exchange brings back. */
  readonly queueMax: number;
  /** Events of one batch. */
  readonly batchMax: number;
  /** A sent order without answer counts as unknown after this. */
  readonly answerMs: number;
  /** How often an unknown order is asked for, and how often the exchange is read whole. */
  readonly inquireEveryMs: number;
  readonly readEveryMs: number;
  /** Rows between two snapshots. */
  readonly snapshotEveryRows: number;
}

export const LOOP_LIMITS: LoopLimits = {
  queueMax: 10_000,
  batchMax: 256,
  answerMs: 3_000,
  inquireEveryMs: 2_000,
  readEveryMs: 15_000,
  snapshotEveryRows: 20_000,
};

export interface LoopWitness {
  thought(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void;
  /** Where a witness that throws is reported. */
  warn(error: unknown): void;
}

/** A decision row of the journal: what was decided, and the state of what it touched. */
export interface DecisionRow {
  readonly decisions: readonly Decision[];
  readonly after: Plain;
}

export type LoopState = 'running' | 'stopping' | 'stopped' | 'failed';

export class Loop {
  readonly #settings: LoopSettings;
  readonly #inquiries: Inquiries;
  readonly #time: WorldTime;
  #queue: CoreEvent[] = [];
  /** Settlements of funding whose time is not believed yet: one of a symbol and moment, so as few as there are of them. */
  readonly #held = new Map<string, Booking>();
  #state: LoopState = 'running';
  #awake = false;
  #cancelWake: (() => void) | undefined;
  /** Of the clock, not of the world. */
  #wakeAt = Number.POSITIVE_INFINITY;
  #snapshotSeq: number;

  /**
   * A loop on a journal with a past first hears that the exchange was lost: what happened meanwhile nobody told, and what was sent last may
   * not have arrived. It is a row like every other, so that a replay meets it too.
   */
  constructor(settings: LoopSettings) {
    const { registry, journal, clock, limits, exchange } = settings;
    this.#settings = settings;
    this.#snapshotSeq = settings.snapshotSeq ?? 0;
    this.#time = new WorldTime(clock, registry.now);
    this.#inquiries = new Inquiries(registry, exchange, limits);
    if (journal.lastSeq > 0) this.hear(exchangeLost(registry.now, { code: 'not-running' }));
    else this.#wakeNow();
  }

  get state(): LoopState {
    return this.#state;
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes an event from anywhere. It is thought about in its turn, after everything that came before. */
  hear(event: CoreEvent): void {
    if (this.#state === 'failed' || this.#state === 'stopped') return;
    // A person's command is done whatever time it claims.
    if (event.kind === 'operator') return this.#take({ ...event, at: Math.min(event.at, this.#time.nowMs()) });
    const belief = this.#time.hear(event.at, event.kind === 'price' || event.kind === 'exchange-read');
    if (belief === 'believed') {
      this.#take(event);
      if (this.#held.size > 0) this.#takeHeld();
      return;
    }
    if (belief === 'doubted') this.#take(this.#doubtOf(event));
    this.#keep(event);
  }

  /**
   * Of an event whose time is not believed, what no reading brings back: a fill is one whenever it was, and is taken as of now, and so is a last word; a
   * settlement of funding is named by its time, and waits until that is believed.
   */
  #keep(event: CoreEvent): void {
    if (event.kind === 'filled' || isLastWord(event)) this.#take({ ...event, at: this.#time.nowMs() });
    if (event.kind === 'funding-settled') this.#held.set(bookingName(event), event);
  }

  #takeHeld(): void {
    for (const [name, event] of this.#held) {
      if (!this.#time.isNear(event.at)) continue;
      this.#held.delete(name);
      this.#take(event);
    }
  }

  #take(event: CoreEvent): void {
    if (this.#queue.length >= this.#settings.limits.queueMax && !this.#makeRoom(event)) return;
    this.#queue.push(event);
    this.#wakeNow();
  }

  /** Thinks about everything that waits, at once. For a caller that owns time: demo, simulated world, graceful stop. */
  drain(): void {
    while (this.#queue.length > 0 && (this.#state === 'running' || this.#state === 'stopping')) this.#batch();
    this.#setWake();
  }

  /** Saves the state and takes no more events; orders and stops on the exchange stay as they are. */
  stop(): void {
    if (this.#state !== 'running') return;
    this.#state = 'stopping';
    this.drain();
    this.#cancelWake?.();
    if (this.state === 'failed') return;
    this.#snapshot();
    // Saving may have failed.
    if (this.#state === 'stopping') this.#state = 'stopped';
  }

  /** What it said, and what it would have led to, a reading of the exchange brings back, but for bookings: its time is not thought about. */
  #doubtOf({ kind, at }: CoreEvent): CoreEvent {
    const now = this.#time.nowMs();
    return exchangeLost(now, { code: 'time-ahead', event: kind, saidAt: at, aheadMs: at - now });
  }

  /** @returns whether the event may join the queue */
  #makeRoom(event: CoreEvent): boolean {
    const older = this.#queue.findIndex((each) => each.kind === 'price' && isOfSymbol(each, event));
    const price =
      older !== -1 || event.kind === 'price' ? older : this.#queue.findIndex(({ kind }) => kind === 'price');
    if (price !== -1) this.#queue.splice(price, 1);
    else if (event.kind === 'price') return false;
    else return this.#loseTheWorld();
    return true;
  }

  /**
   * A queue full of news that nobody can think through: what a reading of the exchange brings back is dropped, and the reading asked for. Fills and
   * funding are kept, each once: who told them takes them for heard, and no reading brings them back; so are closed minutes, and the last word on
   * instruments and maintenance, as far as there is room.
   * @returns false where they alone are too many: the loop has failed then
   */
  #loseTheWorld(): boolean {
    const { queueMax } = this.#settings.limits;
    const commands = this.#queue.filter(({ kind }) => kind === 'operator').slice(-Math.ceil(queueMax / 4));
    const bookings = bookingsOnce(this.#queue);
    if (bookings.size > queueMax / 2) {
      this.#fail(new BacklogError(bookings.size));
      return false;
    }
    const kept = new Set<CoreEvent>([...commands, ...bookings.values()]);
    // Besides them, what is told next and that the world was lost.
    for (const news of newsToKeep(this.#queue, queueMax - kept.size - 2)) kept.add(news);
    const dropped = this.#queue.length - kept.size;
    const lost = exchangeLost(this.#time.nowMs(), { code: 'events-dropped', events: dropped });
    // First of all, so that no minute that waits leads to an addition.
    this.#queue = [lost, ...this.#queue.filter((event) => kept.has(event))];
    return true;
  }

  #wakeNow(): void {
    if (this.#awake) return;
    this.#awake = true;
    const { clock } = this.#settings;
    clock.wake(clock.nowMs(), () => {
      this.#awake = false;
      this.drain();
    });
  }

  /** One batch: think durable thoughts, then act on them. */
  #batch(): void {
    const batch = this.#queue.splice(0, this.#settings.limits.batchMax);
    const acts: Decision[] = [];
    try {
      for (const event of batch) this.#think(event, acts);
      this.#settings.journal.commit();
    } catch (error) {
      return this.#fail(error);
    }
    for (const act of acts) this.#act(act);
    this.#keepHouse();
  }

  #think(event: CoreEvent, acts: Decision[]): void {
    const { journal, registry } = this.#settings;
    journal.append('event', event.at, event);
    const decisions = step(registry, event);
    if (event.kind === 'exchange-lost') this.#inquiries.lost();
    if (event.kind === 'exchange-read') this.#inquiries.read(registry.readAt === event.at);
    if (decisions.length > 0 || registry.symbols.some((symbol) => symbol.touched)) {
      const row: DecisionRow = { decisions, after: saveTouched(registry) };
      journal.append('decision', event.at, row);
    }
    acts.push(...decisions);
    this.#show(event, decisions);
  }

  /** Whoever looks on may throw, and so may the telling of that: neither is the journal's failure. */
  #show(event: CoreEvent, decisions: readonly Decision[]): void {
    const { registry, witness } = this.#settings;
    try {
      witness?.thought(event, decisions, registry);
    } catch (error) {
      try {
        witness?.warn(error);
      } catch {
        // Nobody is left who could be told.
      }
    }
  }

  #act(decision: Decision): void {
    const { exchange } = this.#settings;
    switch (decision.kind) {
      case 'place':
        return exchange.place(decision.order);
      case 'cancel':
        return exchange.cancel(decision.instId, decision.clientId);
      case 'amend':
        return exchange.amend(decision);
      case 'set-leverage':
        return exchange.setLeverage(decision.instId, decision.leverage);
      case 'refused':
      case 'held':
      case 'position-closed':
      case 'governed':
      case 'alert':
        return;
    }
  }

  #keepHouse(): void {
    const { journal, limits } = this.#settings;
    const isSnapshotDue = journal.lastSeq - this.#snapshotSeq >= limits.snapshotEveryRows;
    if (isSnapshotDue) this.#snapshot();
    if (this.state === 'failed') return;
    try {
      if (isSnapshotDue) journal.archive();
      journal.checkpoint();
    } catch (error) {
      this.#fail(error);
    }
  }

  #snapshot(): void {
    const { journal, registry } = this.#settings;
    if (journal.lastSeq === this.#snapshotSeq || journal.lastSeq === 0) return;
    try {
      journal.snapshot(journal.lastSeq, encodeState(saveRegistry(registry)));
      journal.commit();
      this.#snapshotSeq = journal.lastSeq;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#state = 'failed';
    this.#queue = [];
    this.#cancelWake?.();
    this.#settings.failed(error);
  }

  /** Wakes when the core or an open question next wants the time. */
  #setWake(): void {
    if (this.#state !== 'running') return;
    const { clock, registry } = this.#settings;
    const at = this.#time.clockMs(Math.min(nextDeadlineMs(registry), this.#inquiries.nextMs(this.#time.nowMs())));
    if (at === this.#wakeAt && this.#cancelWake !== undefined) return;
    this.#cancelWake?.();
    this.#cancelWake = undefined;
    this.#wakeAt = at;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#cancelWake = clock.wake(at, () => this.#onWake());
  }

  #onWake(): void {
    this.#cancelWake = undefined;
    this.#wakeAt = Number.POSITIVE_INFINITY;
    const now = this.#time.nowMs();
    for (const event of this.#inquiries.due(now)) this.hear(event);
    if (nextDeadlineMs(this.#settings.registry) <= now) this.hear({ kind: 'time', at: now });
    this.drain();
  }
}

function isOfSymbol(waiting: CoreEvent, event: CoreEvent): boolean {
  return 'instId' in waiting && 'instId' in event && waiting.instId === event.instId;
}

/** State as text: plain data with bigint marked, the same bytes for the same state. */
export function encodeState(state: unknown): string {
  return JSON.stringify(state, (_, value: unknown) =>
    typeof value === 'bigint' ? { $: 'bigint', digits: value.toString() } : value,
  );
}

export function decodeState(text: string): unknown {
  return JSON.parse(text, (_, value: unknown) =>
    typeof value === 'object' && value !== null && '$' in value && value.$ === 'bigint' && 'digits' in value
      ? BigInt(String(value.digits))
      : value,
  );
}
