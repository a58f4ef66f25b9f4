/**
 * The way between the bot and the exchange: it loses, doubles, delays and reorders in both directions, and answers in the exchange's place
 * where a gateway on the way would.
 *
 * One network for the whole world; a connection belongs to one run of the bot and ends with it.
 */
import type { CoreEvent } from '../../src/core/event.ts';
import { noOfCode, PACE_CODES, REJECTED_CODES, UNKNOWN_CODES } from './codes.ts';
import type { Faults, MessageFault } from './faults.ts';
import type { LifeGrid } from './life-grid.ts';
import type { Scheduler } from './scheduler.ts';
import type { ExchangeTruth } from './truth.ts';
import { type Answer, LAG_MS, type Request } from './wire.ts';

/** What one run of the bot hears of the network. */
export interface Connection {
  /** What the run counts by. */
  readonly grid: LifeGrid;
  /** A push that arrived. */
  hear(event: CoreEvent): void;
  /** A sign of life of the push connection. */
  beat(): void;
  disconnected(): void;
  connected(): void;
}

export class Network {
  /** Until when each direction swallows everything. */
  pushesLostUntil = Number.NEGATIVE_INFINITY;
  requestsLostUntil = Number.NEGATIVE_INFINITY;
  answersLostUntil = Number.NEGATIVE_INFINITY;
  /** Until when no answer comes at once: each takes its time, and a reading of several many times that. */
  answersSlowUntil = Number.NEGATIVE_INFINITY;
  /** While the bot's time of day is an hour off, no signature of its is accepted. */
  signaturesRefusedUntil = Number.NEGATIVE_INFINITY;
  #downUntil = Number.NEGATIVE_INFINITY;
  #connection: Connection | undefined;
  /** The present connection stands: only then anything is pushed. */
  #isUp = false;
  #lastPushAt = 0;
  #lastPriceAt = 0;
  #lastNoticeAt = 0;
  /** How often a connection came to stand. */
  #stands = 0;
  #underway = 0;
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  readonly #truth: () => ExchangeTruth;

  constructor(scheduler: Scheduler, faults: Faults, truth: () => ExchangeTruth) {
    this.#scheduler = scheduler;
    this.#faults = faults;
    this.#truth = truth;
  }

  /** Messages on their way, both directions, prices not counted. */
  get underway(): number {
    return this.#underway;
  }

  /** A run of the bot begins to listen. Where the way is free the connection stands before the bot does anything. */
  open(connection: Connection): void {
    this.#connection = connection;
    this.#isUp = false;
    this.#reconnectAfter(Math.max(0, this.#downUntil - this.#scheduler.nowMs));
  }

  close(connection: Connection): void {
    if (this.#connection === connection) this.#connection = undefined;
  }

  get #isDown(): boolean {
    return this.#scheduler.nowMs < this.#downUntil;
  }

  /** Some way is closed. */
  get isHindered(): boolean {
    const until = [this.pushesLostUntil, this.requestsLostUntil, this.answersLostUntil, this.signaturesRefusedUntil];
    return !this.#isUp || Math.max(...until) > this.#scheduler.nowMs;
  }

  /** The push connection breaks, and comes back after `ms`. */
  disconnect(ms: number): void {
    const connection = this.#connection;
    this.#downUntil = this.#scheduler.nowMs + ms;
    this.#isUp = false;
    connection?.disconnected();
    this.#reconnectAfter(ms);
  }

  /** The bot gave the connection up. */
  reconnect(connection: Connection): void {
    if (this.#connection !== connection) return;
    this.#isUp = false;
    this.#downUntil = Math.max(this.#downUntil, this.#scheduler.nowMs + 200);
    this.#reconnectAfter(this.#downUntil - this.#scheduler.nowMs);
  }

  #reconnectAfter(ms: number): void {
    const connection = this.#connection;
    this.#scheduler.after(ms, () => {
      if (this.#connection !== connection || this.#isUp) return;
      if (this.#isDown) this.#reconnectAfter(this.#downUntil - this.#scheduler.nowMs);
      else this.#stand(connection);
    });
  }

  #stand(connection: Connection | undefined): void {
    this.#isUp = true;
    this.#stands += 1;
    connection?.connected();
  }

  beat(): void {
    const now = this.#scheduler.nowMs;
    if (!this.#isUp || now < this.pushesLostUntil) return;
    this.#deliverAt(now + 20, this.#connection, (connection) => connection.beat());
  }

  /** A private push: in order, but for what reorders it. */
  push(event: CoreEvent): void {
    const now = this.#scheduler.nowMs;
    const connection = this.#connection;
    if (connection === undefined || !this.#isUp) return;
    if (now < this.pushesLostUntil) return;
    if (this.#strikes('push-lost')) return;
    const heard = connection.grid.event(event) ?? event;
    const told = heard.kind === 'filled' && this.#strikes('trade-id-empty') ? { ...heard, tradeId: '' } : heard;
    const random = this.#faults.of('push-late');
    let at = now + 5 + Math.floor(random.uniform() * 40);
    if (this.#strikes('push-late')) at += Math.floor(random.uniform() * 8_000);
    else if (this.#strikes('push-reordered')) at += Math.floor(random.uniform() * 1_500);
    else this.#lastPushAt = at = Math.max(at, this.#lastPushAt);
    this.#carry(at, connection, told);
    if (this.#strikes('push-doubled')) this.#carry(at + 1, connection, told);
    if (this.#strikes('push-replayed')) this.#carry(at + random.between(5_000, 90_000), connection, told);
  }

  #carry(at: number, connection: Connection, event: CoreEvent): void {
    this.#underway += 1;
    this.#scheduler.at(at, () => {
      this.#underway -= 1;
      if (this.#connection === connection) connection.hear(event);
    });
  }

  /** A public push: a price or a candle. */
  publish(event: CoreEvent): void {
    const now = this.#scheduler.nowMs;
    const connection = this.#connection;
    if (connection === undefined || !this.#isUp || now < this.pushesLostUntil) return;
    if (this.#strikes('price-lost')) return;
    let at = now + 8;
    if (this.#strikes('price-stale')) at += this.#faults.of('price-stale').between(1_000, 20_000);
    else this.#lastPriceAt = at = Math.max(at, this.#lastPriceAt);
    const heard = connection.grid.event(event) ?? event;
    const told = heard.kind === 'price' && this.#strikes('price-crossed') ? crossed(heard) : heard;
    this.#deliverAt(at, connection, () => connection.hear(told));
    if (this.#strikes('push-doubled')) this.#deliverAt(at + 1, connection, () => connection.hear(told));
  }

  /** A word to everybody on instruments or maintenance: in its order, late where the connection is mute, and lost where it is not there or is given up. */
  announce(event: CoreEvent): void {
    const now = this.#scheduler.nowMs;
    const connection = this.#connection;
    if (connection === undefined || !this.#isUp) return;
    let at = Math.max(now, this.pushesLostUntil) + 8;
    if (this.#strikes('push-late')) at += this.#faults.of('push-late').between(100, 8_000);
    this.#lastNoticeAt = at = Math.max(at, this.#lastNoticeAt);
    const told = connection.grid.event(event) ?? event;
    const stand = this.#stands;
    const times = this.#strikes('push-doubled') ? 2 : 1;
    for (let n = 0; n < times; n++)
      this.#deliverAt(at, connection, () => stand === this.#stands && this.#isUp && connection.hear(told));
  }

  #deliverAt(at: number, connection: Connection | undefined, deliver: (to: Connection) => void): void {
    this.#scheduler.at(at, () => {
      if (connection !== undefined && this.#connection === connection) deliver(connection);
    });
  }

  /** A request, in the numbers of `grid`; `answered` is called once for every answer that arrives: never, once, or twice. */
  request(request: Request, grid: LifeGrid, answered: (answer: Answer) => void): void {
    const now = this.#scheduler.nowMs;
    const connection = this.#connection;
    const random = this.#faults.of('request-late');
    if (now < this.requestsLostUntil || this.#strikes('request-lost')) return;
    let at = now + 10 + Math.floor(random.uniform() * 50);
    if (this.#strikes('request-late')) at += Math.floor(random.uniform() * 6_000);
    let isTurnedDown = false;
    const arriveAt = (atMs: number, arrive: () => Answer | undefined) => {
      this.#underway += 1;
      this.#scheduler.at(atMs, () => {
        this.#underway -= 1;
        const answer = arrive();
        if (answer === undefined) return;
        isTurnedDown ||= 'no' in answer && answer.no.proves;
        this.#answer(answer, connection, answered);
      });
    };
    if (isTimed(request) && this.#strikes('taken-late')) {
      arriveAt(at, () => this.#unknown());
      arriveAt(at + this.#faults.of('taken-late').between(100, LATE_MS), () => {
        grid.serve(request);
        return undefined;
      });
      return;
    }
    arriveAt(at, () => this.#answerTo(request, grid));
    if (this.#strikes('request-doubled'))
      arriveAt(at + 2, () => (isTurnedDown || !this.#isRepeatable(request) ? undefined : grid.serve(request)));
  }

  /**
   * A request is doubled behind whatever turns requests down: a sure no is true of every copy, or nothing could be built on it. An order that has
   * ended is not placed again on the way: no transport does that, and none may (reliability.md 5).
   */
  #isRepeatable(request: Request): boolean {
    if (request.kind !== 'place') return true;
    const life = this.#truth().lives.get(request.order.clientId)?.at(-1);
    return life === undefined || life.endedAt === undefined;
  }

  /** What comes back: the exchange's word, or that of something in front of it. */
  #answerTo(request: Request, grid: LifeGrid): Answer {
    const at = this.#scheduler.nowMs;
    if (at < this.signaturesRefusedUntil) return { at, no: noOfCode('50102') };
    if (isWritten(request) && this.#strikes('outage'))
      this.pushesLostUntil = this.answersLostUntil =
        at + this.#faults.of('outage').between(500, this.#faults.of('outage').uniform() < 0.5 ? 3_000 : 10_000);
    if (this.#strikes('rate-limit')) return this.#noOneOf(PACE_CODES);
    if (isWritten(request) && this.#strikes('code-rejected')) return this.#noOneOf(REJECTED_CODES);
    if (this.#strikes('code-unknown')) {
      if (this.#faults.of('code-unknown').uniform() < 0.5) grid.serve(request);
      return this.#unknown();
    }
    if (request.kind === 'fills' && this.#strikes('fills-lagging'))
      return grid.serve({
        ...request,
        untilMs: at - this.#faults.of('fills-lagging').between(100, FILLS_LAG_MS),
      });
    return this.#strikes('query-lagging') ? this.#lagging(request, grid) : grid.serve(request);
  }

  #unknown(): Answer {
    return this.#noOneOf(UNKNOWN_CODES);
  }

  #noOneOf(codes: readonly string[]): Answer {
    const code = codes[this.#faults.of('code-unknown').between(0, codes.length - 1)] as string;
    return { at: this.#scheduler.nowMs, no: noOfCode(code) };
  }

  /** To a question from a copy that is a little older than it; to an order by a clock that is a little ahead. */
  #lagging(request: Request, grid: LifeGrid): Answer {
    const ageMs = this.#faults.of('query-lagging').between(1, LAG_MS);
    if (!isWritten(request)) return grid.serve(request, ageMs);
    const answer = grid.serve(request);
    return { ...answer, at: answer.at + ageMs };
  }

  #answer(answer: Answer, connection: Connection | undefined, answered: (answer: Answer) => void): void {
    const now = this.#scheduler.nowMs;
    if (now < this.answersLostUntil || this.#strikes('answer-lost')) return;
    const random = this.#faults.of('answer-late');
    let at = now + 5 + Math.floor(random.uniform() * 40);
    if (now < this.answersSlowUntil) at += this.#faults.of('slow-answers').between(...SLOW_MS);
    if (this.#strikes('answer-late')) at += Math.floor(random.uniform() * 6_000);
    this.#underway += 1;
    this.#scheduler.at(at, () => {
      this.#underway -= 1;
      if (this.#connection === connection) answered(answer);
    });
  }

  #strikes(name: MessageFault): boolean {
    return this.#faults.strikes(name);
  }
}

/** By how much the list of fills may lag: less than what lies between two readings that confirm each other (core/account/reconcile.ts). */
const FILLS_LAG_MS = 1_499;
/** Slow, and mostly still in time. */
const SLOW_MS = [500, 1_400] as const;
/** What is given up in front of the exchange may reach it so much later. */
const LATE_MS = 2_500;
function isWritten({ kind }: Request): boolean {
  return kind === 'place' || kind === 'amend' || kind === 'cancel';
}

/** It carries the time after which it is not done any more. */
function isTimed({ kind }: Request): boolean {
  return kind === 'place' || kind === 'amend';
}

function crossed(event: Extract<CoreEvent, { kind: 'price' }>): CoreEvent {
  return { ...event, bidTicks: event.askTicks, askTicks: event.bidTicks };
}
