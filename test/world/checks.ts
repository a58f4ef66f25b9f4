/**
 * What must hold, and from when on (reliability.md, "The simulated world"): at every order that the exchange takes, at every thought of the bot, every
 * second, and at the end. The checks keep books of their own and believe the bot nothing.
 */
import type { Decision } from '../../src/core/decision.ts';
import type { CoreEvent } from '../../src/core/event.ts';
import type { Instrument } from '../../src/core/instrument/instrument.ts';
import { valueUnits } from '../../src/core/instrument/instrument.ts';
import type { GridTaken } from '../../src/core/instrument/taken-grid.ts';
import { type Approved, partsOfClientId } from '../../src/core/orders/order.ts';
import { type Policy, PROFILES, REGIMES } from '../../src/core/policy.ts';
import type { Registry } from '../../src/core/registry.ts';
import { Closes } from './closes.ts';
import type { Faults } from './faults.ts';
import { Halts } from './halts.ts';
import type { LifeGrid } from './life-grid.ts';
import { Standstill, TRIED_MS } from './standstill.ts';
import { Targets } from './targets.ts';
import { type ExchangeTruth, isOurs, type OrderLife } from './truth.ts';

export interface Violation {
  readonly atMs: number;
  readonly invariant: string;
  readonly detail: string;
}

/** A fill to a stop on the exchange while connected (R8), and a second of the market on top. */
const COVER_MS = 4_000;
/** A word of the exchange on its way, and one that overtakes it. */
const STANDING_MS = 3_000;
/** After the last fault: an answer's time, a restart, two readings and their questions. */
const RECOVERY_MS = 25_000;
/** Gates judge by the price of their moment; the order fills a little later. */
const PRICE_SLACK = 1.05;
/** What outsiders did takes a reading to be known. */
const OUTSIDER_MS = 40_000;

/** Readings that may list an order of ours that the registry does not know: two that agree, and what changes between them meanwhile. */
const STRANGER_READINGS = 6;

/** A candle that is told later than this says nothing of now (decision 0023). */
const LATE_MS = 60_000;

/** A moment, and the time that the bot had had by then. */
interface Since {
  readonly at: number;
  readonly hadMs: number;
}

/** An amendment is over by then: done, or never done any more. */
const AMENDED_MS = 5_000;

/** Readings that agree, over an outage, and what they have changed. */
const CONVERTED_MS = 150_000;

/** What would grow is called back at once where it may not any more, or ends with its window. */
const GROWING_MS = 10_000;

/** Letters of a client id up to its role, and up to its step: run and position stand before them. */
const ROLE_LETTERS = 13;
const RUNG_LETTERS = 15;

export interface ChecksSettings {
  readonly policy: Policy;
  readonly instruments: readonly Instrument[];
  readonly truth: ExchangeTruth;
  readonly faults: Faults;
  readonly nowMs: () => number;
  /** What the bot counts by. */
  readonly grid: () => LifeGrid;
  /** The journal was lost, or cut where it was damaged: what it knew is adopted from the exchange. */
  readonly hasLostRows: () => boolean;
  /** The process is not there, or gets no time. */
  readonly isAway: () => boolean;
  /** Something that lasts is in force: an outage, maintenance, a process that is away. */
  readonly isHindered: () => boolean;
}

export class Checks {
  readonly violations: Violation[] = [];
  readonly #settings: ChecksSettings;
  readonly #durable = new Set<string>();
  /** The bot was told that the exchange is lost, and has not been told a reading since. */
  #isLost = true;
  readonly halts = new Halts();
  /** Trade ids and settlements that the present run of the journal has heard. */
  #heard = new Set<string>();
  /** So many of the oldest fills are among them. */
  #fillsHeard = 0;
  /** A fill was told before the list that says in which contract it is: until then it costs what it did in that of before. */
  #isCountedOtherwise = false;
  /** A reading took the place of what the fills say: cash is no longer comparable to the last unit. */
  #adopted = 0;
  /** Instruments on another grid than those of the life before, of which no reading has said yet what is open. */
  readonly #finding = new Set<string>();
  /** Those of which none has been believed at all. */
  readonly #unread = new Set<string>();
  /** Those that were found last, and the row by which they were; −1: none. */
  #found: readonly string[] = [];
  #foundSeq = -1;
  /** The row of the first reading that was believed: before it fills are all that is known of what is open. */
  #readSeq = Number.POSITIVE_INFINITY;
  #lastSeq = 0;
  readonly #uncoveredSince: (number | undefined)[];
  readonly #closingSince: (number | undefined)[];
  readonly #standstill: Standstill;
  /**
   * The time that the bot had, over restarts: none passes while its process is gone or sleeps. What it sent last before that may be in question when it is
   * back, or what it hears first be of before, and what is tried once a minute is tried when that is over, though minutes have passed elsewhere.
   */
  #hadMs = 0;
  readonly #targets: Targets;
  readonly #closes: Closes;
  readonly #growingSince = new Map<string, Since & { readonly isUnknown: boolean }>();
  readonly #unknownSince = new Map<string, number>();
  /** What the loop was told of fills and orders and has not thought about, by name. */
  readonly #untold = new Set<string>();
  /** Since when an order does not stand as the bot believes. */
  readonly #differsSince = new Map<string, Since>();
  /** Symbols of which a person was told that the exchange would not close them, since the last reading that was believed. */
  #accessToldAt = Number.NEGATIVE_INFINITY;
  /** What the present run believes never lived. */
  readonly #absent = new Set<string>();
  /** Orders of ours that the registry does not know: how many readings in a row have listed them; none of before the exchange was lost counts. */
  #strangers = new Map<string, number>();
  readonly #calledBack = new Set<string>();
  /** Orders that the registry takes for living: how many readings in a row have not listed them there. */
  #unlisted = new Map<string, number>();
  readonly #additionsMax: number;
  readonly #valueMax: number;
  #hinderedAt = Number.NEGATIVE_INFINITY;
  /** Fills of rungs and most lots, for the report of how lively the world was. */
  readonly climbed = new Map<string, Set<number>>();

  constructor(settings: ChecksSettings) {
    this.#settings = settings;
    this.#uncoveredSince = settings.instruments.map(() => undefined);
    this.#closingSince = settings.instruments.map(() => undefined);
    const hadMs = () => this.#hadMs;
    const { truth, instruments, nowMs } = settings;
    this.#standstill = new Standstill({ instruments, nowMs, hadMs }, this.halts, (...what) => this.violated(...what));
    this.#targets = new Targets(truth, hadMs, (...what) => this.violated(...what));
    this.#closes = new Closes(this.halts, (...what) => this.violated(...what));
    const { scaling, profiles } = settings.policy;
    const overrides = [...Object.values(scaling.byBalance), ...Object.values(scaling.bySymbol)];
    this.#additionsMax = Math.max(scaling.additionsMax, ...overrides.map((each) => each?.additionsMax ?? 0));
    this.#valueMax = Math.max(
      ...PROFILES.flatMap((profile) =>
        REGIMES.map(
          (regime) =>
            profiles[profile].positionValueMax.approx * settings.policy.limits.regimeValueFactor[regime].approx,
        ),
      ),
    );
  }

  violated(invariant: string, detail: string): void {
    if (this.violations.length < 20) this.violations.push({ atMs: this.#settings.nowMs(), invariant, detail });
  }

  /** A row was written; it may be lost again. */
  appended(seq: number, kind: string, payload: unknown): void {
    this.#lastSeq = seq;
    this.halts.appended(seq, kind, payload);
    if (kind === 'event') this.#closes.appended(seq, payload as CoreEvent);
  }

  durable(decisions: readonly Decision[]): void {
    for (const decision of decisions) if (decision.kind === 'place') this.#durable.add(decision.order.clientId);
  }

  started(lastSeq: number, heard: Iterable<string>, gridsTaken: readonly GridTaken[]): void {
    this.#isLost = true;
    // Without a journal there is nothing that was left behind.
    if (lastSeq === 0) {
      this.#finding.clear();
      this.#unread.clear();
      this.#foundSeq = -1;
    } else if (lastSeq < this.#foundSeq) for (const instId of this.#found) this.#finding.add(instId);
    if (lastSeq < this.#readSeq) this.#readSeq = Number.POSITIVE_INFINITY;
    for (const { instId } of gridsTaken) {
      this.#finding.add(instId);
      if (lastSeq >= this.#readSeq) this.#unread.add(instId);
    }
    this.halts.started(lastSeq);
    this.#heard = new Set(heard);
    this.#fillsHeard = 0;
    this.#untold.clear();
    this.#differsSince.clear();
    this.#closes.started(lastSeq);
    this.#absent.clear();
    this.#strangers.clear();
    this.#calledBack.clear();
    this.#unlisted.clear();
  }

  ended(): void {
    this.#hinderedAt = this.#settings.nowMs();
  }

  /** The exchange took an order of the bot. */
  accepted(life: OrderLife, order: Approved): void {
    const { truth } = this.#settings;
    const { clientId } = order;
    if (!this.#durable.has(clientId)) this.violated('no order without a durable intent', clientId);
    const lives = truth.lives.get(clientId) ?? [];
    if (lives.length > 1)
      this.violated('one exchange order a client id', `${clientId} was taken ${lives.length} times`);
    if (this.#absent.has(clientId)) this.violated('what is believed absent never lives', `${clientId} was taken`);
    if (order.role !== 'entry' && order.role !== 'rung') {
      if (!life.order.reduceOnly) this.violated('what closes is reduce-only', clientId);
      return;
    }
    const { index } = life.order;
    if (!truth.notices.isOfSameContract(index) || !this.#settings.grid().isOfSameContract(index))
      this.violated('nothing is opened on another contract than was planned for', clientId);
    this.#checkAttempts(order);
    this.#checkAdditions(order);
    this.#checkCaps(order);
  }

  /** Of an entry or a rung one attempt at a time, and none after one that was filled. */
  #checkAttempts(order: Approved): void {
    const rung = order.clientId.slice(0, RUNG_LETTERS);
    for (const [clientId, lives] of this.#settings.truth.lives) {
      if (clientId === order.clientId || !clientId.startsWith(rung)) continue;
      for (const life of lives) {
        if (life.endedAt === undefined)
          this.violated('one live order a position and rung', `${order.clientId} was taken while ${clientId} lives`);
        if (life.order.filledLots > 0)
          this.violated('a rung with any fill is used up', `${order.clientId} after ${clientId} had a fill`);
      }
    }
  }

  #checkAdditions(order: Approved): void {
    if (order.role !== 'rung') return;
    const steps = new Set([order.step]);
    for (const [clientId, lives] of this.#settings.truth.lives) {
      if (!clientId.startsWith(order.clientId.slice(0, ROLE_LETTERS))) continue;
      const parts = partsOfClientId(clientId);
      if (parts === undefined) continue;
      if (lives.some((life) => life.order.filledLots > 0 || life.endedAt === undefined)) steps.add(parts.step);
    }
    this.climbed.set(order.clientId.slice(0, 12), steps);
    if (steps.size > this.#additionsMax)
      this.violated('additions never above the maximum', `${order.clientId}: ${steps.size} of ${this.#additionsMax}`);
  }

  /** Value and exposure of what is held and of everything that may still enlarge it. */
  #checkCaps(order: Approved): void {
    const { truth, instruments, policy, nowMs } = this.#settings;
    if (nowMs() - truth.outsiderAt < OUTSIDER_MS) return;
    let exposure = 0;
    instruments.forEach((instrument, index) => {
      const price = truth.seconds[index]?.lastTicks ?? 0;
      let lotsOpen = truth.account.positionAt(index).lots;
      for (const each of truth.livingOf(index))
        if (!each.reduceOnly && isOurs(each.clientId)) lotsOpen += each.sizeLots - each.filledLots;
      const value = valueUnits(instrument, lotsOpen, price) / 1e8;
      exposure += value;
      if (instrument.instId === order.instId && value > this.#valueMax * PRICE_SLACK)
        this.violated('no position above its cap', `${order.clientId}: ${value} USDT of ${this.#valueMax}`);
    });
    const exposureMax = policy.limits.totalExposureMax.approx * (Number(truth.balance) / 1e8);
    if (exposure > exposureMax * PRICE_SLACK)
      this.violated('no exposure above its cap', `${order.clientId}: ${exposure} USDT of ${exposureMax}`);
  }

  told(event: CoreEvent): void {
    const name = nameOf(event);
    if (name !== undefined) this.#untold.add(name);
  }

  thought(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void {
    const name = nameOf(event);
    if (name !== undefined) this.#untold.delete(name);
    if (event.kind === 'filled') {
      if (event.tradeId !== '') this.#heard.add(event.tradeId);
      this.#isCountedOtherwise ||= !this.#settings.grid().knowsContract(event.instId);
    }
    if (event.kind === 'funding-settled') this.#heard.add(`funding ${event.instId} ${event.at}`);
    if (event.kind === 'exchange-lost') {
      this.#isLost = true;
      // A reading brings all of it back but fills.
      for (const each of this.#untold) if (!each.startsWith(TRADE)) this.#untold.delete(each);
      this.#strangers.clear();
    }
    if (event.kind === 'exchange-read') {
      this.#isLost = false;
      if (registry.readAt === event.at) {
        this.#unread.clear();
        this.#readSeq = Math.min(this.#readSeq, this.#lastSeq + 1);
      }
    }
    this.#standstill.isTold(event, decisions);
    this.halts.event(event);
    this.#standstill.thought(event, decisions, registry);
    this.#targets.thought(event, decisions, registry);
    for (const decision of decisions) {
      if (decision.kind === 'alert' && isDifference(decision.code)) {
        this.#adopted += 1;
        // Cash that was moved keeps fills that were told in another order from being taken for what they are, too.
        const isOfCash = decision.facts?.code !== 'position-differs' || decision.facts.of === 'cost';
        const isMoved = isOfCash && this.#settings.truth.hasMovedCash;
        const isExplained =
          this.#finding.size > 0 || this.#hasConverted || this.#isOffGrid || this.#settings.hasLostRows();
        if (!isMoved && !isExplained)
          this.violated('every difference is explained by fills and funding', decision.message);
      }
      const again = this.halts.toldAgain(decision);
      if (again !== undefined) this.violated('a person is told of the exchange once', again);
      this.halts.decision(decision);
      if (decision.kind !== 'place') continue;
      const { clientId, instId } = decision.order;
      if (this.#unread.has(instId)) this.violated('nothing is asked for what is yet to be found', clientId);
      if (decision.order.reduceOnly) continue;
      const because = this.#reasonAgainst(registry, instId);
      if (because !== undefined) this.violated('no addition while it is not allowed', `${clientId}: ${because}`);
      if (event.kind === 'candle-closed' && event.at + LATE_MS < registry.now)
        this.violated('nothing is added for a minute of the past', `${clientId}: ${registry.now - event.at} ms later`);
    }
    if (this.#finding.size > 0 && registry.ready) {
      this.#found = [...this.#finding];
      this.#foundSeq = this.#lastSeq + 1;
      this.#finding.clear();
    }
    this.#checkStopped(decisions, registry);
    this.#checkAccessTold(event, decisions, registry);
    this.#checkAbsence(event, registry);
    this.#checkEvidence(event, registry);
    this.#closes.thought(event, registry);
    this.#checkStrangers(event, decisions, registry);
    this.#checkUnlisted(event, registry);
    this.#checkBooks(registry);
  }

  /** An attempt is given up on proof of absence alone (reliability.md 3): what the bot takes for absent has never lived, and never will. */
  #checkAbsence(event: CoreEvent, registry: Registry): void {
    if (event.kind !== 'order-absent' || registry.orders.has(event.clientId)) return;
    this.#absent.add(event.clientId);
    const lives = this.#settings.truth.lives.get(event.clientId)?.length ?? 0;
    if (lives > 0) this.violated('what is believed absent never lives', `${event.clientId} was taken`);
  }

  /** Only evidence ends a question (reliability.md 4): where an order is believed to stand it has stood. */
  #checkEvidence(event: CoreEvent, registry: Registry): void {
    if (event.kind !== 'order-amended' && event.kind !== 'order-standing') return;
    const open = registry.orders.get(event.clientId);
    const life = this.#settings.truth.lives.get(event.clientId)?.at(-1);
    if (open === undefined || life === undefined || life.endedAt !== undefined) return;
    const { stood } = life;
    const { ticks, sizeLots, order } = open;
    // What of a reduce-only order is beyond the position the exchange cuts.
    const { index } = life.order;
    const grid = this.#settings.grid();
    const isSo = (each: (typeof stood)[number]) => {
      const size = grid.lotsAt(index, each.sizeLots);
      // What of a reduce-only order is beyond the position the exchange cuts, to a part of a lot where its lot is finer.
      const isCut = order.reduceOnly && (size > sizeLots || !grid.isOfNow(index));
      return grid.nearTicks(index, each.ticks) === ticks && (size === sizeLots || isCut);
    };
    if (stood.some(isSo)) return;
    this.violated('where an order is believed to stand it has stood', `${event.clientId}: ${ticks} × ${sizeLots}`);
  }

  /** Nobody but a person can mend a key or a clock: told at once, and again as long as it lasts. */
  #checkAccessTold(event: CoreEvent, decisions: readonly Decision[], { now }: Registry): void {
    if (decisions.some((each) => each.kind === 'alert' && each.code === 'access-refused')) this.#accessToldAt = now;
    if (event.kind !== 'exchange-lost' || event.because?.code !== 'access-refused') return;
    if (now >= this.#accessToldAt + ACCESS_TOLD_AGAIN_MS)
      this.violated('a person is told that the exchange refuses access', event.reason);
  }

  /** An order of ours that the registry does not know is called back, one that protects not before another does (rules.md §7). */
  #checkStrangers(event: CoreEvent, decisions: readonly Decision[], registry: Registry): void {
    for (const decision of decisions) if (decision.kind === 'cancel') this.#calledBack.add(decision.clientId);
    if (event.kind !== 'exchange-read' || registry.readAt !== event.at) return;
    const listed = new Map<string, number>();
    for (const { clientId, instId, reduceOnly } of event.orders) {
      if (!isOurs(clientId) || registry.orders.has(clientId) || this.#calledBack.has(clientId)) continue;
      if (reduceOnly && !this.#isKnownToBeCovered(registry, instId)) continue;
      const times = (this.#strangers.get(clientId) ?? 0) + 1;
      listed.set(clientId, times);
      if (times === STRANGER_READINGS)
        this.violated('what is not known is called back', `${clientId}, listed by ${times} readings`);
    }
    this.#strangers = listed;
  }

  /** What nobody lists may be no more, and what is listed elsewhere is not known (reliability.md 4): no two readings in a row say so and are not heeded. */
  #checkUnlisted(event: CoreEvent, registry: Registry): void {
    if (event.kind !== 'exchange-read' || registry.readAt !== event.at) return;
    const listed = new Map(event.orders.map(({ clientId, stands }) => [clientId, stands]));
    const unlisted = new Map<string, number>();
    for (const [clientId, { state, order, amending, amendedAt, ticks }] of registry.orders) {
      if (state !== 'live' || amending || Math.max(order.takenByMs, amendedAt + AMENDED_MS) >= event.at) continue;
      // One that the exchange has cut to a part of a lot is there, and where cannot be said.
      if (listed.has(clientId) && (listed.get(clientId)?.ticks ?? ticks) === ticks) continue;
      const times = (this.#unlisted.get(clientId) ?? 0) + 1;
      unlisted.set(clientId, times);
      if (times === 2) this.violated('what nobody lists there is not taken for standing there', clientId);
    }
    this.#unlisted = unlisted;
  }

  /** What was open has become another size: a late fill of before, or its cash, explains no more. */
  get #hasConverted(): boolean {
    return this.#isCountedOtherwise || this.#settings.truth.convertedAt > Number.NEGATIVE_INFINITY;
  }

  /** The exchange counts by another grid than the bot: of fills between its ticks nothing is told (decision 0049). */
  get #isOffGrid(): boolean {
    const { instruments, grid } = this.#settings;
    return instruments.some((_, index) => !grid().isOfNow(index));
  }

  /** The emergency stop closes a book that has lost that much, also where what is open is about to be another size (decision 0049). */
  #checkStopped(decisions: readonly Decision[], registry: Registry): void {
    const { truth, nowMs } = this.#settings;
    const stop = decisions.find((each) => each.kind === 'governed' && each.because.code === 'drawdown');
    if (stop === undefined || nowMs() > truth.convertedAt + CONVERTED_MS) return;
    const { peakUnits } = registry.governors.drawdown;
    const claimed = stop.kind === 'governed' && stop.because.code === 'drawdown' ? Number(stop.because.percent) : 0;
    // Cash that came and is not read yet is nothing that the book has won.
    const unread = truth.hasMovedCash ? Number(truth.balance - registry.balance) : 0;
    const lost = (1 - (truth.equity - unread) / peakUnits) * 100;
    if (claimed > 2 * lost + 1)
      this.violated(
        'no loss is seen that is none',
        `${claimed} % of the peak, in truth ${Math.round(lost * 100) / 100} %`,
      );
  }

  #isKnownToBeCovered(registry: Registry, instId: string): boolean {
    const symbol = registry.byInstId.get(instId);
    if (symbol?.position === undefined) return true;
    return symbol.orders.some(({ order, state }) => order.role === 'stop' && state === 'live');
  }

  #reasonAgainst(registry: Registry, instId: string): string | undefined {
    if (this.#isLost) return 'the exchange was not read since it was lost';
    if (!registry.ready) return 'the registry is not ready';
    return this.halts.against(instId, registry.now) ?? registry.byInstId.get(instId)?.unexplained;
  }

  /** Once everything that happened was told, the bot's position and balance are the exchange's. */
  #checkBooks(registry: Registry): void {
    const { truth } = this.#settings;
    if (this.#adopted > 0 || this.#finding.size > 0 || this.#hasConverted || !this.#hasHeardAll()) return;
    this.#settings.instruments.forEach((instrument, index) => {
      const theirs = truth.account.positionAt(index);
      const ours = registry.byInstId.get(instrument.instId)?.position?.holding;
      const ourLots = ours === undefined ? 0 : ours.side * ours.lots;
      const theirLots = theirs.lots === 0 ? 0 : theirs.side * this.#settings.grid().lotsAt(index, theirs.lots);
      if (ourLots !== theirLots)
        this.violated(
          'a position is the fold of its fills',
          `${instrument.instId}: ${ourLots}, the exchange ${theirLots}`,
        );
    });
    // Of cash that is moved nobody tells: the next readings do.
    if (truth.hasMovedCash) return;
    const off = this.#cash(registry) - this.#theirCash();
    if (off !== 0n) this.violated('the cash adds up', `it is off by ${off} × 10⁻⁸ USDT`);
  }

  /** Balance less what is held has cost: the sum of all cash flows, in whatever order the fills were told. */
  #cash(registry: Registry): bigint {
    let cash: bigint = registry.balance;
    for (const { position } of registry.symbols)
      if (position !== undefined) cash -= BigInt(position.holding.side * position.holding.costUnits);
    return cash;
  }

  #theirCash(): bigint {
    const { account } = this.#settings.truth;
    let cash = account.balance;
    for (const { lots, side, costUnits } of account.positions) if (lots > 0) cash -= BigInt(side * costUnits);
    return cash;
  }

  #hasHeardAll(): boolean {
    const { fills, fundings } = this.#settings.truth;
    if (this.#heard.size < fills.length + fundings.length) return false;
    while (this.#fillsHeard < fills.length && this.#heard.has(fills[this.#fillsHeard]?.tradeId ?? ''))
      this.#fillsHeard += 1;
    return (
      this.#fillsHeard === fills.length &&
      fundings.every((each) => this.#heard.has(`funding ${'instId' in each ? each.instId : ''} ${each.at}`))
    );
  }

  /** Every second: what is open is covered, what is asked is answered, what closes has closed, once the faults leave it time. */
  second(registry: Registry | undefined, waiting: number): void {
    const { truth, instruments, faults, nowMs, isAway, isHindered } = this.#settings;
    const now = nowMs();
    if (!isAway()) this.#hadMs += 1_000;
    if (isHindered()) this.#hinderedAt = now;
    const calmSince = Math.max(faults.lastStruckAt, this.#hinderedAt, truth.outsiderAt);
    instruments.forEach((instrument, index) => {
      if (this.#isCovered(index)) this.#uncoveredSince[index] = undefined;
      else this.#uncoveredSince[index] ??= now;
      const since = this.#uncoveredSince[index];
      const tradedSince = this.#tradedSince(registry, index);
      if (since !== undefined && now > Math.max(since + COVER_MS, calmSince + RECOVERY_MS, tradedSince + RECOVERY_MS)) {
        this.violated('every position is covered by a stop', `${instrument.instId} since ${now - since} ms`);
        this.#uncoveredSince[index] = now;
      }
      const isClosing = registry?.byInstId.get(instrument.instId)?.position?.closing !== undefined;
      if (!isClosing) this.#closingSince[index] = undefined;
      else this.#closingSince[index] ??= now;
      const closingSince = this.#closingSince[index];
      if (closingSince !== undefined && now > Math.max(closingSince, calmSince, tradedSince) + RECOVERY_MS) {
        this.violated('what is being closed closes', `${instrument.instId} since ${now - closingSince} ms`);
        this.#closingSince[index] = now;
      }
    });
    this.#checkGrowing(registry, now, calmSince);
    this.#checkQuestions(registry, now, calmSince);
    this.#checkStanding(registry, now, calmSince);
    if (registry !== undefined && waiting === 0)
      for (const each of this.#untold) {
        this.violated('what was told is thought about, or known to be lost', each);
        this.#untold.delete(each);
      }
  }

  /** Since when the exchange takes what it is asked for; who has not heard of it tries once a minute. */
  #tradedSince(registry: Registry | undefined, index: number): number {
    const { truth, instruments } = this.#settings;
    const isHeard = registry?.byInstId.get(instruments[index]?.instId ?? '')?.untradable === undefined;
    return truth.notices.soundSince(index) + (isHeard ? 0 : TRIED_MS);
  }

  /** Nothing that would grow is left where nothing may be added. */
  #checkGrowing(registry: Registry | undefined, now: number, calmSince: number): void {
    for (const clientId of this.#growingSince.keys())
      if (registry?.orders.has(clientId) !== true) this.#growingSince.delete(clientId);
    for (const [clientId, { order, state }] of registry?.orders ?? []) {
      const because = order.reduceOnly ? undefined : this.halts.against(order.instId, registry?.now ?? 0);
      const isLiving = this.#settings.truth.account.order(clientId) !== undefined;
      if (because === undefined || state === 'ending' || !isLiving) {
        this.#growingSince.delete(clientId);
        continue;
      }
      // Of one that nobody has answered for an answer comes first, and its time after it.
      const isUnknown = state === 'unknown';
      const before = this.#growingSince.get(clientId);
      const since = before?.isUnknown === isUnknown ? before : { ...this.#now(), isUnknown };
      this.#growingSince.set(clientId, since);
      const hasTime = isUnknown
        ? now <= Math.max(since.at, calmSince) + RECOVERY_MS
        : this.#hadMs <= since.hadMs + GROWING_MS;
      if (hasTime) continue;
      this.violated('what would grow is called back where nothing may be added', `${clientId}: ${because}`);
      this.#growingSince.set(clientId, { ...this.#now(), isUnknown });
    }
  }

  #checkQuestions(registry: Registry | undefined, now: number, calmSince: number): void {
    for (const clientId of this.#unknownSince.keys()) {
      const open = registry?.orders.get(clientId);
      if (open === undefined || (open.state === 'live' && !open.amending)) this.#unknownSince.delete(clientId);
    }
    for (const [clientId, open] of registry?.orders ?? []) {
      if (open.state === 'live' && !open.amending) continue;
      const since = this.#unknownSince.get(clientId) ?? now;
      this.#unknownSince.set(clientId, since);
      if (now > Math.max(since, calmSince) + RECOVERY_MS) {
        this.violated('no order stays in question', `${clientId} is ${open.state}${open.amending ? ', amending' : ''}`);
        this.#unknownSince.set(clientId, now);
      }
    }
  }

  /** What the bot takes for confirmed stands so on the exchange, or has ended there; one that was lost with the journal's rows is found by a reading. */
  #checkStanding(registry: Registry | undefined, now: number, calmSince: number): void {
    const isFoundByReading = this.#settings.hasLostRows() || this.#hasConverted;
    const grid = this.#settings.grid();
    for (const [clientId, open] of registry?.orders ?? []) {
      const life = this.#settings.truth.lives.get(clientId)?.at(-1);
      const isSettled = open.state === 'live' && !open.amending && life !== undefined && life.endedAt === undefined;
      const { index, triggerTicks, priceTicks, ...asked } = life?.order ?? NO_ORDER;
      const requestedLots = grid.lotsAt(index, asked.requestedLots);
      const stands = grid.nearTicks(index, triggerTicks === 0 ? priceTicks : triggerTicks);
      // What of a reduce-only order is beyond the position the exchange cuts, and says so while it is.
      const isCut = open.order.reduceOnly && open.sizeLots < requestedLots;
      const isSo = open.ticks === stands && (open.sizeLots === requestedLots || isCut);
      if (!isSettled || isSo) {
        this.#differsSince.delete(clientId);
        continue;
      }
      const since = this.#differsSince.get(clientId) ?? this.#now();
      this.#differsSince.set(clientId, since);
      const hasTime = isFoundByReading
        ? now <= Math.max(since.at, calmSince) + RECOVERY_MS
        : this.#hadMs <= since.hadMs + STANDING_MS;
      if (hasTime) continue;
      this.violated(
        'orders stand as they are believed to',
        `${clientId}: ${open.ticks} × ${open.sizeLots}, not ${stands} × ${requestedLots}`,
      );
      this.#differsSince.set(clientId, this.#now());
    }
  }

  #now(): Since {
    return { at: this.#settings.nowMs(), hadMs: this.#hadMs };
  }

  /** Flat, or a stop of the right side and size stands, or what closes it is at the market. A part of a lot nobody can protect (decision 0049). */
  #isCovered(index: number): boolean {
    const { truth, grid } = this.#settings;
    const { lots: all, side } = truth.account.positionAt(index);
    const lots = grid().lotsAt(index, all);
    if (lots === 0) return true;
    let covered = 0;
    for (const order of truth.livingOf(index)) {
      if (!order.reduceOnly || order.side === side || !isOurs(order.clientId)) continue;
      if (order.type === 'stop') covered += order.sizeLots - order.filledLots;
      if (order.type === 'market') return true;
    }
    return grid().lotsAt(index, covered) >= lots;
  }
}

const NO_ORDER = { index: 0, triggerTicks: 0, priceTicks: 0, requestedLots: 0 };

const ACCESS_TOLD_AGAIN_MS = 60_000;

function isDifference(code: string): boolean {
  return code === 'balance-differs' || code === 'position-differs';
}

const TRADE = 'trade ';

/** Of a fill or of what an order has come to; undefined for everything else. */
function nameOf(event: CoreEvent): string | undefined {
  if (event.kind === 'filled') return event.tradeId === '' ? undefined : `${TRADE}${event.tradeId}`;
  return event.kind.startsWith('order-') && 'clientId' in event
    ? `${event.kind} ${event.clientId} ${event.at}`
    : undefined;
}
