/**
 * One run of the bot after another on one disk: the real loop, recovery, journal codec and core, and every place where the process may die.
 *
 * A place is counted each time it is passed: before and after every row, commit, snapshot and call of the exchange. Dying there is an exception that
 * nothing in the bot catches for long: the run is over, what was not committed is lost, the next run finds the rest.
 */
import type { Amend, Decision } from '../../src/core/decision.ts';
import type { CoreEvent } from '../../src/core/event.ts';
import type { Instrument } from '../../src/core/instrument/instrument.ts';
import type { GridTaken } from '../../src/core/instrument/taken-grid.ts';
import { money } from '../../src/core/numbers/units.ts';
import type { Approved, OrderRole } from '../../src/core/orders/order.ts';
import type { Policy } from '../../src/core/policy.ts';
import { newRegistry, type Registry } from '../../src/core/registry.ts';
import { saveRegistry, saveScaling } from '../../src/core/saved-registry.ts';
import { JournalError } from '../../src/journal/errors.ts';
import type { JournalWriter } from '../../src/journal/journal.ts';
import { type DecisionRow, encodeState, LOOP_LIMITS, Loop, type LoopLimits } from '../../src/runtime/loop.ts';
import { recover } from '../../src/runtime/past/recover.ts';
import type { Clock, Exchange, Journal } from '../../src/runtime/ports.ts';
import { MemoryDisk, openMemoryJournal } from '../memory-journal.ts';
import type { Faults } from './faults.ts';
import { Gateway } from './gateway.ts';
import { LifeGrid } from './life-grid.ts';
import type { Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';
import { BALANCE, type ExchangeTruth } from './truth.ts';

/** The process is gone, here and now. */
export class Death extends Error {
  override readonly name = 'Death';
}

/** Where a process may die, in the loop's own words: what it was about to do, or had just done, and with what. `append filled`, `placed stop`. */
export type Place =
  | `${'append' | 'appended'} ${CoreEvent['kind'] | 'decision' | 'note'}`
  | 'commit'
  | 'committed'
  | 'snapshot'
  | 'snapshotted'
  | `${'place' | 'placed' | 'inquire' | 'inquired'} ${OrderRole}`
  | 'cancel'
  | 'cancelled'
  | 'amend'
  | 'amended'
  | 'leverage'
  | 'leverage asked'
  | 'read'
  | 'read asked';

export interface BotSettings {
  readonly policy: Policy;
  /** As they are listed when a life begins. */
  readonly instruments: readonly Instrument[];
  readonly truth: () => ExchangeTruth;
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly faults: Faults;
  readonly limits?: Partial<LoopLimits>;
  readonly witness: BotWitness;
  /** Whether a bot would start: not on another grid than its state is written in (decision 0024). */
  readonly mayStart: () => boolean;
  /** Its lives say on which grid they are, as at the command line: the exchange may change it between two of them. */
  readonly notesStarts: boolean;
  /** Dies at the n-th place passed, and again after so many more. */
  readonly dieAt?: number | undefined;
  readonly dieAgainAfter?: number | undefined;
}

export interface BotWitness {
  thought(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void;
  /** A row was written; it may be lost again. */
  appended(seq: number, kind: string, payload: unknown): void;
  /** The decisions of these rows are durable now. */
  durable(decisions: readonly Decision[]): void;
  /** A run began on this journal. */
  started(journal: JournalWriter, gridsTaken: readonly GridTaken[]): void;
  /** A run ended, and why. */
  ended(why: string): void;
  /** The loop was told of this; it is thought about later. */
  told(event: CoreEvent): void;
  connected(): void;
  violation(invariant: string, detail: string): void;
}

/** Restart delays of whoever watches over the process. */
const RESTART_MS = 1_500;
/** Of indicator history, balance and everything: a state of this many rows is saved anew. */
const SNAPSHOT_ROWS = 400;

export class Bot {
  disk = new MemoryDisk();
  run = 'a000';
  registry: Registry | undefined;
  loop: Loop | undefined;
  journal: JournalWriter | undefined;
  /** What the present life counts by, or the last one did. */
  grid: LifeGrid;
  startedAt = 0;
  /** Places passed. */
  passed = 0;
  readonly places: Place[] = [];
  /** Remember the places' names: for the enumeration. */
  remembersPlaces = false;
  #gateway: Gateway | undefined;
  #incarnation = 0;
  #busyUntil = 0;
  /** When the machine's clock stood still. */
  readonly #stills: { readonly from: number; until: number }[] = [];
  #dieAt: number;
  #dieAgainAfter: number;
  #runs = 0;
  #cuts = 0;
  readonly #settings: BotSettings;

  constructor(settings: BotSettings) {
    this.#settings = settings;
    this.grid = new LifeGrid(settings.truth());
    this.#dieAt = settings.dieAt ?? Number.POSITIVE_INFINITY;
    this.#dieAgainAfter = settings.dieAgainAfter ?? Number.POSITIVE_INFINITY;
  }

  get isAlive(): boolean {
    return this.loop !== undefined;
  }

  newRegistry(): Registry {
    return newRegistry({
      run: this.run,
      policy: this.#settings.policy,
      instruments: this.#settings.instruments,
      balance: money(BALANCE),
      traced: false,
      ready: false,
    });
  }

  /** Opens the journal, recovers, and lets the loop run. */
  start(): void {
    const { scheduler, network, witness } = this.#settings;
    this.#incarnation += 1;
    this.grid = new LifeGrid(this.#settings.truth());
    const journal = this.#open();
    const registry = this.newRegistry();
    const isNew = journal.lastSeq === 0;
    const recovered = recover(registry, journal);
    this.registry = registry;
    this.journal = journal;
    witness.started(journal, recovered.gridsTaken);
    const startSeq = this.#settings.notesStarts ? this.#noteStart(journal, registry) : 0;
    if (startSeq === undefined) return;
    const snapshotSeq = isNew ? startSeq : recovered.snapshotSeq;
    const gateway = new Gateway({
      scheduler,
      network,
      grid: this.grid,
      // As at the command line: where no reading was believed yet, what happened since the journal was made is asked for.
      readAt: isNew ? 0 : Math.max(registry.readAt, journal.meta.createdAtMs),
      hear: (event) => {
        if (this.loop === undefined) return;
        witness.told(event);
        this.loop.hear(event);
      },
      delayMs: () => Math.max(0, this.#busyUntil - scheduler.nowMs),
      isMute: () => this.#settings.faults.strikes('timeout-untold'),
      connected: () => witness.connected(),
    });
    this.#gateway = gateway;
    this.startedAt = scheduler.nowMs;
    this.loop = new Loop({
      registry,
      exchange: this.#exchange(gateway),
      journal: this.#journal(journal),
      clock: this.#clock(),
      limits: { ...LOOP_LIMITS, snapshotEveryRows: SNAPSHOT_ROWS, queueMax: 400, ...this.#settings.limits },
      snapshotSeq,
      witness: { thought: (...thought) => witness.thought(...thought), warn: (error) => this.#warn(error) },
      failed: (error) => {
        if (!(error instanceof Death)) this.end(String(error), RESTART_MS);
      },
    });
  }

  #warn(error: unknown): void {
    this.#settings.witness.violation('the bot throws nothing at who looks on', String(error));
  }

  /** What a life began with; of a new journal the state as well (cli/bot). @returns the number of the row; undefined where the disk did not take it */
  #noteStart(journal: JournalWriter, registry: Registry): number | undefined {
    const isNew = journal.lastSeq === 0;
    const instruments = registry.symbols.map(({ instrument }) => instrument);
    const noted = { kind: 'started', instruments, scaling: saveScaling(registry) };
    try {
      const seq = journal.append('note', this.#settings.scheduler.nowMs, noted);
      if (isNew) journal.snapshot(seq, encodeState(saveRegistry(registry)));
      this.#settings.witness.appended(seq, 'note', noted);
      journal.commit();
      return seq;
    } catch (error) {
      if (!(error instanceof JournalError)) throw error;
      this.disk.crash();
      this.journal = this.registry = undefined;
      this.#startAfter(RESTART_MS, this.#incarnation);
      return undefined;
    }
  }

  /** A journal that cannot be trusted to its end is cut where the damage begins, and goes on under another run's name. */
  #open(): JournalWriter {
    const options = {
      accountUid: 'world',
      run: this.run,
      now: () => this.#settings.scheduler.nowMs,
      archive: NO_ARCHIVE,
    };
    try {
      return openMemoryJournal(this.disk, options);
    } catch (error) {
      if (!(error instanceof JournalError) || error.code !== 'corrupt') throw error;
      this.disk.crash();
      const damagedAt = error.seq ?? 1;
      this.disk.truncate(damagedAt - 1);
      this.disk.acknowledgedSeq = this.disk.rows.length;
      this.disk.snapshots = this.disk.snapshots.filter(({ seq }) => seq < damagedAt);
      this.nextRun();
      this.#cuts += 1;
      return this.#open();
    }
  }

  /** The journal was never cut and continued: its rows are one line of thought under one name. */
  get isOfOneRun(): boolean {
    return this.#cuts === 0;
  }

  /** The journal was lost or cut at some time. */
  get hasLostRows(): boolean {
    return this.#runs > 0;
  }

  /** The process gets no time: what arrives waits. One that is away already is not back sooner: its clock would go on standing still. */
  stall(ms: number): void {
    this.#busyUntil = Math.max(this.#busyUntil, this.#settings.scheduler.nowMs + ms);
  }

  /** It gets no time for longer, and the machine's clock may stand still as well. */
  freeze(ms: number, isClockStill: boolean): void {
    this.stall(ms);
    if (isClockStill) this.#stills.push({ from: this.#settings.scheduler.nowMs, until: this.#busyUntil });
  }

  /** Ends what keeps it from getting time. */
  thaw(): void {
    const { nowMs } = this.#settings.scheduler;
    this.#busyUntil = Math.min(this.#busyUntil, nowMs);
    for (const each of this.#stills) each.until = Math.min(each.until, nowMs);
  }

  get isStalled(): boolean {
    return this.#busyUntil > this.#settings.scheduler.nowMs;
  }

  /** What the machine's clock has not counted. */
  get #uncountedMs(): number {
    const { nowMs } = this.#settings.scheduler;
    return this.#stills.reduce((sum, { from, until }) => sum + Math.min(until, nowMs) - from, 0);
  }

  nextRun(): void {
    this.#runs += 1;
    this.run = `a${this.#runs.toString(36).padStart(3, '0')}`;
  }

  /** The process is gone. It starts again after a while. */
  end(why: string, restartMs: number): void {
    if (this.loop === undefined) return;
    const { witness } = this.#settings;
    this.#incarnation += 1;
    this.#gateway?.close();
    this.disk.crash();
    this.loop = undefined;
    this.journal = undefined;
    this.registry = undefined;
    witness.ended(why);
    const incarnation = this.#incarnation;
    this.#startAfter(restartMs, incarnation);
  }

  /** Whoever watches over the process starts it again and again. */
  #startAfter(ms: number, incarnation: number): void {
    this.#settings.scheduler.after(ms, () => {
      if (this.#incarnation !== incarnation) return;
      if (this.#settings.mayStart()) this.guard(() => this.start());
      else this.#startAfter(RESTART_MS, incarnation);
    });
  }

  /** It was told to leave: in `ms` it saves its state and is gone, and starts again after a while. */
  leave(ms: number, restartMs: number): void {
    const { loop } = this;
    this.#settings.scheduler.after(ms, () => {
      if (this.loop !== loop) return;
      this.guard(() => loop?.stop());
      this.end('a person stopped it', restartMs);
    });
  }

  /** Runs what the bot does; a death in it ends the run. */
  guard(deed: () => void): void {
    try {
      deed();
    } catch (error) {
      if (!(error instanceof Death)) throw error;
    }
    if (this.#isDying) {
      this.#isDying = false;
      this.end('it died', this.#settings.faults.of('crash').between(200, 4_000));
    }
  }

  #isDying = false;

  #pass(place: Place): void {
    this.passed += 1;
    if (this.remembersPlaces) this.places.push(place);
    if (this.#isDying) throw new Death(place);
    if (this.passed === this.#dieAt || this.#settings.faults.strikes('crash')) {
      this.#isDying = true;
      this.#dieAt = this.passed + this.#dieAgainAfter;
      this.#dieAgainAfter = Number.POSITIVE_INFINITY;
      throw new Death(place);
    }
  }

  #clock(): Clock {
    const { scheduler } = this.#settings;
    const incarnation = this.#incarnation;
    const epoch = this.#settings.faults.of('clock-jump').between(0, 1_000_000);
    const start = scheduler.nowMs - this.#uncountedMs;
    const nowMs = () => scheduler.nowMs - this.#uncountedMs - start + epoch;
    return {
      nowMs,
      wake: (atMs, call) => {
        let cancel = () => {};
        const ring = () => {
          if (this.#incarnation !== incarnation) return;
          // It may be thawed before.
          if (this.isStalled) cancel = scheduler.at(Math.min(this.#busyUntil, scheduler.nowMs + 1_000), ring);
          else if (nowMs() < atMs) cancel = scheduler.after(atMs - nowMs(), ring);
          else this.guard(call);
        };
        cancel = scheduler.after(atMs - nowMs(), ring);
        return () => cancel();
      },
    };
  }

  #journal(journal: JournalWriter): Journal {
    const { witness, faults, scheduler } = this.#settings;
    let waiting: Decision[] = [];
    return {
      append: (kind, atMs, payload) => {
        const what = kind === 'event' ? (payload as CoreEvent).kind : kind;
        this.#pass(`append ${what}`);
        const seq = journal.append(kind, atMs, payload);
        witness.appended(seq, kind, payload);
        if (kind === 'decision') waiting.push(...(payload as DecisionRow).decisions);
        this.#pass(`appended ${what}`);
        return seq;
      },
      commit: () => {
        this.#pass('commit');
        journal.commit();
        witness.durable(waiting);
        waiting = [];
        if (faults.strikes('slow-sync')) this.#busyUntil = scheduler.nowMs + faults.of('slow-sync').between(50, 2_500);
        this.#pass('committed');
      },
      snapshot: (seq, state) => {
        this.#pass('snapshot');
        journal.snapshot(seq, state);
        this.#pass('snapshotted');
      },
      checkpoint: () => journal.checkpoint(),
      archive: () => journal.archive(),
      get lastSeq() {
        return journal.lastSeq;
      },
    };
  }

  #exchange(gateway: Gateway): Exchange {
    return {
      place: (order: Approved) => {
        this.#pass(`place ${order.role}`);
        gateway.place(order);
        this.#pass(`placed ${order.role}`);
      },
      cancel: (instId: string, clientId: string) => {
        this.#pass('cancel');
        gateway.cancel(instId, clientId);
        this.#pass('cancelled');
      },
      amend: (change: Amend) => {
        this.#pass('amend');
        gateway.amend(change);
        this.#pass('amended');
      },
      setLeverage: (instId: string, leverage: number) => {
        this.#pass('leverage');
        gateway.setLeverage(instId, leverage);
        this.#pass('leverage asked');
      },
      inquire: (order: Approved) => {
        this.#pass(`inquire ${order.role}`);
        gateway.inquire(order);
        this.#pass(`inquired ${order.role}`);
      },
      read: () => {
        this.#pass('read');
        gateway.read();
        this.#pass('read asked');
      },
    };
  }
}

const NO_ARCHIVE = { rowsMax: Number.MAX_SAFE_INTEGER, bytesMax: Number.MAX_SAFE_INTEGER, segmentRows: 1_000 };
