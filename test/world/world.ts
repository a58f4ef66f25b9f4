/**
 * The simulated world: one process, one seed. The exchange, the network, the disk, the clock and the deaths are simulated around the real
 * loop, recovery, journal codec and core.
 *
 * Seven tenths of the time faults strike (faults.ts) and safety is checked at every step; then everything heals, and must settle. A seed is the
 * whole story: the same seed gives the same bytes in every process.
 */
import { createHash } from 'node:crypto';
import type { CoreEvent } from '../../src/core/event.ts';
import type { GridSteps, Instrument } from '../../src/core/instrument/instrument.ts';
import { MINUTE_MS } from '../../src/core/market/candle.ts';
import type { Side } from '../../src/core/numbers/units.ts';
import { ticks } from '../../src/core/numbers/units.ts';
import { Random } from '../../src/sim/market/random.ts';
import type { SimOrder } from '../../src/sim/matching/order.ts';
import { Bot, type Place } from './bot.ts';
import { Checks, type Violation } from './checks.ts';
import { checkEnd, isQuiet } from './end.ts';
import { type FaultName, Faults, type Met, TIMED_FAULTS } from './faults.ts';
import { Happenings } from './happenings.ts';
import { followLadder, LADDER_SIGNALS_MS } from './ladder.ts';
import { Network } from './network.ts';
import { START_TICKS, WORLD_INSTRUMENTS, worldPolicy } from './rules.ts';
import { Scheduler } from './scheduler.ts';
import { ExchangeTruth } from './truth.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Only these of the swarm's faults; absent: all of them. */
  readonly only?: ReadonlySet<FaultName>;
  /** Dies when the n-th place is passed, and again when so many more are. */
  readonly dieAt?: number | undefined;
  readonly dieAgainAfter?: number | undefined;
  /** The ladder by the book (ladder.ts) instead of a market of chance. */
  readonly isLadder?: boolean;
  /** Names the places passed, and hashes the journal: for tests. */
  readonly isRecorded?: boolean;
}

export interface WorldResult {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly met: Partial<Record<Met, number>>;
  readonly enabled: readonly FaultName[];
  readonly fills: number;
  readonly rungs: number;
  readonly rows: number;
  readonly runs: number;
  readonly places: readonly Place[];
  /** Of the journal's rows and the exchange's fills. */
  readonly hash: string;
}

/** 2026-01-05 00:00 UTC. */
const START_MS = Date.UTC(2026, 0, 5);
const HISTORY_MINUTES = 40;
const FAULTY_SHARE = 0.7;
const SIGNALS_STREAM = 1;
const PASTS_STREAM = 2;
/** A page of the past and those before it, of other symbols. */
const PAST_READ_MS = 8_000;
/** Before the end nothing new begins. */
const QUIET_MS = 60_000;
const SETTLE_MS = 30_000;
const RESUME_EVERY_MS = 15_000;

export function runWorld(options: WorldOptions): WorldResult {
  return new World(options).run();
}

interface Candle {
  readonly openMinute: number;
  openTicks: number;
  highTicks: number;
  lowTicks: number;
  closeTicks: number;
  volumeLots: number;
}

export class World {
  readonly scheduler: Scheduler;
  readonly faults: Faults;
  readonly truth: ExchangeTruth;
  readonly network: Network;
  readonly bot: Bot;
  readonly checks: Checks;
  readonly #options: WorldOptions;
  readonly #endMs: number;
  readonly #healMs: number;
  readonly #signals: Random;
  readonly #happenings: Happenings;
  /** Closed candles by instrument, oldest first. */
  readonly #candles: Candle[][];
  readonly #forming: (Candle | undefined)[];
  /** By instrument: the bot has been told what closed before it was connected. */
  readonly #isPastTold: boolean[];
  readonly #pasts: Random;
  /** By row. */
  #known: string[] = [];
  #runs = 0;
  #isSettled = false;

  constructor(options: WorldOptions) {
    const { seed, minutes } = options;
    this.#options = options;
    this.#signals = Random.of(seed, SIGNALS_STREAM);
    this.#pasts = Random.of(seed, PASTS_STREAM);
    const policy = worldPolicy(seed);
    this.scheduler = new Scheduler(START_MS - HISTORY_MINUTES * MINUTE_MS);
    this.#endMs = START_MS + Math.round(minutes * MINUTE_MS);
    this.#healMs = START_MS + Math.round(minutes * MINUTE_MS * FAULTY_SHARE);
    const nowMs = () => this.scheduler.nowMs;
    this.faults = new Faults(seed, nowMs, options.only);
    this.truth = new ExchangeTruth(seed, policy, WORLD_INSTRUMENTS, START_TICKS, nowMs, {
      pushed: (event) => this.network.push(event),
      announced: (event) => this.network.announce(event),
      accepted: (life, order) => this.checks.accepted(life, order),
      met: (name) => this.faults.see(name),
    });
    this.network = new Network(this.scheduler, this.faults, () => this.truth);
    const { truth, faults, instruments } = this;
    const hasLostRows = () => this.bot.hasLostRows;
    const isAway = () => !this.bot.isAlive || this.bot.isStalled;
    const isHindered = () => isAway() || this.network.isHindered || this.truth.maintenanceUntil > nowMs();
    const grid = () => this.bot.grid;
    this.checks = new Checks({ policy, instruments, truth, faults, nowMs, grid, hasLostRows, isAway, isHindered });
    this.bot = new Bot({
      policy,
      instruments: truth.listed,
      truth: () => this.truth,
      scheduler: this.scheduler,
      network: this.network,
      faults,
      mayStart: () => !this.truth.notices.hasOtherGrid,
      notesStarts: faults.enabled.has('grid-between-lives') || faults.enabled.has('grid-under-way'),
      dieAt: options.dieAt,
      dieAgainAfter: options.dieAgainAfter,
      witness: {
        thought: (event, decisions, registry) => this.checks.thought(event, decisions, registry),
        durable: (decisions) => this.checks.durable(decisions),
        appended: (seq, kind, payload) => {
          this.#note(seq, kind, payload);
          this.checks.appended(seq, kind, payload);
        },
        started: (journal, gridsTaken) => {
          this.#runs += 1;
          if (this.#runs > 1 && options.isLadder !== true) this.#hurry();
          this.checks.started(journal.lastSeq, this.#heardBefore(journal.lastSeq), gridsTaken);
        },
        ended: () => this.checks.ended(),
        told: (event) => this.checks.told(event),
        connected: () => this.#fillGaps(),
        violation: (invariant, detail) => this.checks.violated(invariant, detail),
      },
    });
    this.bot.remembersPlaces = options.isRecorded === true;
    this.#happenings = new Happenings(this);
    this.#candles = this.instruments.map(() => []);
    this.#forming = this.instruments.map(() => undefined);
    this.#isPastTold = this.instruments.map(() => false);
  }

  get instruments(): readonly Instrument[] {
    return this.truth.instruments;
  }

  /** The exchange gives an instrument another grid; what has been traded before is told on it, prices to the nearest tick. */
  regrid(index: number, steps: GridSteps, mayStay: (order: SimOrder) => boolean): void {
    const regrid = this.truth.regrid(index, steps, mayStay);
    const forming = this.#forming[index];
    for (const candle of [...(this.#candles[index] ?? []), ...(forming === undefined ? [] : [forming])]) {
      candle.openTicks = regrid.ticks.near(candle.openTicks);
      candle.highTicks = regrid.ticks.near(candle.highTicks);
      candle.lowTicks = regrid.ticks.near(candle.lowTicks);
      candle.closeTicks = regrid.ticks.near(candle.closeTicks);
      candle.volumeLots = regrid.lots.near(candle.volumeLots);
    }
  }

  run(): WorldResult {
    this.#makeHistory();
    this.bot.guard(() => this.bot.start());
    this.scheduler.at(START_MS, () => this.#second());
    for (const name of TIMED_FAULTS) this.#planFault(name);
    if (this.#options.isLadder === true) this.#followLadder();
    else {
      this.instruments.forEach((_, index) => this.#planSignal(index));
      this.scheduler.at(this.#healMs, () => this.#heal());
    }
    this.scheduler.runTo(this.#endMs - SETTLE_MS);
    this.#settle();
    return this.#result();
  }

  #makeHistory(): void {
    this.faults.isActive = false;
    for (let second = 0; second < HISTORY_MINUTES * 60; second++) {
      this.truth.nextSecond();
      this.#foldCandles();
      this.scheduler.runTo(this.scheduler.nowMs + 1_000);
    }
    this.faults.isActive = true;
  }

  #second(): void {
    this.truth.nextSecond();
    this.network.beat();
    const at = this.scheduler.nowMs;
    this.instruments.forEach(({ instId }, index) => {
      const { markTicks, bidTicks, askTicks } = this.truth.seconds[index] ?? NO_SECOND;
      this.network.publish({
        kind: 'price',
        at,
        instId,
        markTicks: ticks(markTicks),
        bidTicks: ticks(bidTicks),
        askTicks: ticks(askTicks),
      });
    });
    for (const closed of this.#foldCandles()) this.network.publish(closed);
    this.checks.second(this.bot.registry, this.bot.loop?.waiting ?? 0);
    if (at + 1_000 <= this.#endMs) this.scheduler.after(1_000, () => this.#second());
  }

  /** Adds the second to its candle; returns those that it closed. */
  #foldCandles(): CoreEvent[] {
    const minute = Math.floor(this.scheduler.nowMs / MINUTE_MS);
    return this.instruments.flatMap(({ instId }, index) => {
      const { lastTicks, volumeLots } = this.truth.seconds[index] ?? NO_SECOND;
      const forming = this.#forming[index];
      if (forming !== undefined && forming.openMinute === minute) {
        forming.highTicks = Math.max(forming.highTicks, lastTicks);
        forming.lowTicks = Math.min(forming.lowTicks, lastTicks);
        forming.closeTicks = lastTicks;
        forming.volumeLots += volumeLots;
        return [];
      }
      this.#forming[index] = {
        openMinute: minute,
        openTicks: lastTicks,
        highTicks: lastTicks,
        lowTicks: lastTicks,
        closeTicks: lastTicks,
        volumeLots,
      };
      if (forming === undefined) return [];
      this.#candles[index]?.push(forming);
      return this.#isPastTold[index] === true ? [closedCandle(instId, forming)] : [];
    });
  }

  /** The feed asks for the candles that the bot has not heard: of one symbol sooner, of another later, and what closes meanwhile waits for them. */
  #fillGaps(): void {
    const { loop } = this.bot;
    this.#isPastTold.fill(false);
    this.instruments.forEach((_, index) => {
      const delayMs = this.#options.isLadder === true ? 0 : this.#pasts.between(0, PAST_READ_MS);
      if (delayMs === 0) this.#tellPast(index);
      else this.scheduler.after(delayMs, () => this.bot.loop === loop && this.#tellPast(index));
    });
  }

  #tellPast(index: number): void {
    const { registry, loop } = this.bot;
    const { instId } = this.instruments[index] as Instrument;
    const known = registry?.byInstId.get(instId)?.series.openMinute ?? -1;
    this.#isPastTold[index] = true;
    for (const candle of this.#candles[index] ?? [])
      if (candle.openMinute > known)
        this.bot.guard(() => loop?.hear(this.bot.grid.event(closedCandle(instId, candle)) as CoreEvent));
  }

  #planFault(name: (typeof TIMED_FAULTS)[number]): void {
    const at = this.scheduler.nowMs + this.faults.minutesUntil(name) * MINUTE_MS;
    if (at >= this.#healMs) return;
    this.scheduler.at(Math.round(at), () => {
      if (this.#happenings.happen(name)) this.faults.count(name);
      this.#planFault(name);
    });
  }

  #followLadder(): void {
    followLadder(
      this.truth.prices,
      this.truth.seconds.map(({ lastTicks }) => lastTicks),
    );
    for (const ms of LADDER_SIGNALS_MS) this.scheduler.at(START_MS + ms, () => this.#signal(0, 1));
  }

  /** Signals do not wait until a restarted bot has read the exchange. */
  #hurry(): void {
    this.instruments.forEach((_, index) => {
      this.scheduler.after(this.#signals.between(20, 1_500), () => this.#signal(index));
    });
  }

  /** Somebody's signals: mostly of the open position's side, so that ladders climb. */
  #planSignal(index: number): void {
    this.scheduler.after(this.#signals.between(1_500, 7_000), () => {
      this.#signal(index);
      if (!this.#isOver) this.#planSignal(index);
    });
  }

  get #isOver(): boolean {
    return this.scheduler.nowMs > this.#endMs - QUIET_MS - SETTLE_MS;
  }

  #signal(index: number, told?: Side): void {
    if (this.#isOver) return;
    const random = this.#signals;
    const instrument = this.instruments[index] as Instrument;
    const position = this.truth.account.positionAt(index);
    const isSame = position.lots > 0 && random.uniform() < 0.93;
    const side: Side = told ?? (isSame ? position.side : random.uniform() < 0.5 ? 1 : -1);
    this.bot.loop?.hear({
      kind: 'signal',
      at: this.scheduler.nowMs,
      instId: instrument.instId,
      side,
      strength: told === undefined ? random.uniform() : 1,
      priceTicks: ticks(this.bot.grid.nearTicks(index, this.truth.seconds[index]?.lastTicks ?? 1)),
      source: 'world',
      reasons: [],
    });
  }

  /** From here on nothing goes wrong any more; a person looks after what needs one. */
  #heal(): void {
    this.faults.isActive = false;
    this.#happenings.heal();
    const resume = () => {
      const { now } = this.bot.registry ?? { now: this.scheduler.nowMs };
      this.bot.loop?.hear({ kind: 'operator', at: now, command: { do: 'resume', by: 'world' } });
      this.#happenings.startAnew();
      if (this.scheduler.nowMs + RESUME_EVERY_MS < this.#endMs - SETTLE_MS)
        this.scheduler.after(RESUME_EVERY_MS, resume);
    };
    resume();
    const calmMs = this.#endMs - SETTLE_MS - this.#healMs;
    for (const share of [0.4, 0.55, 0.7]) this.scheduler.after(calmMs * share, () => this.#happenings.cancelAStop());
  }

  /** Looks for a moment at which nothing is on its way, and compares the two sides there. */
  #settle(): void {
    while (this.scheduler.nowMs < this.#endMs && !this.#isSettled) {
      this.scheduler.runTo(this.scheduler.nowMs + 50);
      this.#isSettled = isQuiet(this);
    }
    if (!this.#isSettled) return this.checks.violated('everything settles', 'something was on its way to the very end');
    checkEnd(this);
  }

  /** Notes what a row says that the bot has heard. */
  #note(seq: number, kind: string, payload: unknown): void {
    const event = kind === 'event' ? (payload as CoreEvent) : undefined;
    this.#known.length = seq;
    this.#known[seq - 1] =
      event?.kind === 'filled'
        ? event.tradeId
        : event?.kind === 'funding-settled'
          ? `funding ${event.instId} ${event.at}`
          : '';
  }

  /** What the rows that were found again say. */
  #heardBefore(lastSeq: number): string[] {
    this.#known.length = Math.min(this.#known.length, lastSeq);
    return this.#known.filter((id) => id !== undefined && id !== '');
  }

  #result(): WorldResult {
    const hash = createHash('sha256');
    if (this.#options.isRecorded === true) {
      for (const { kindCode, atMs, text, check } of this.bot.disk.rows)
        hash.update(`${kindCode} ${atMs} ${check} ${text}\n`);
      for (const fill of this.truth.fills)
        hash.update(`${fill.tradeId} ${fill.at} ${fill.sizeLots} ${fill.priceTicks}\n`);
    }
    let rungs = 0;
    for (const steps of this.checks.climbed.values()) rungs += steps.size;
    return {
      seed: this.#options.seed,
      violations: this.checks.violations,
      met: this.faults.met,
      enabled: [...this.faults.enabled],
      fills: this.truth.fills.length,
      rungs,
      rows: this.bot.disk.rows.length,
      runs: this.#runs,
      places: this.bot.places,
      hash: hash.digest('hex'),
    };
  }
}

const NO_SECOND = { lastTicks: 1, markTicks: 1, bidTicks: 1, askTicks: 2, volumeLots: 0 };

function closedCandle(instId: string, candle: Candle): CoreEvent {
  return { kind: 'candle-closed', at: (candle.openMinute + 1) * MINUTE_MS, instId, ...candle, pricesApart: true };
}
