/**
 * The simulated exchange behind the core's port, in event time: for backtest and demo.
 *
 * Asked by the calls of the exchange port; answers are events, given to `hear` in the order in which they happen. `runCandle` walks
 * one candle of one symbol; whenever something happened on the way it calls `settle`, and what is then asked acts before the price goes on.
 * Between two candles the market is closed: what is asked at the close of candle n lives at once and can fill from the open of n+1.
 *
 * A candle in which nothing can happen costs a few comparisons: its low and high stay strictly between the nearest order, trigger, liquidation
 * and watch price, and no deadline, expiry or funding falls into it. With `checksFirst: false` every candle is walked; the events are the same.
 * Times are UTC milliseconds, and of several symbols what comes first happens first: `at` never steps back.
 * Deliberately absent: latency, lost answers, maintenance: the simulated world of reliability.md wraps this.
 */

import type { CoreEvent } from '../core/event.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { type Candles, DAY_MS, MINUTE_MS } from '../core/market/candle.ts';
import { ticks } from '../core/numbers/units.ts';
import type { Approved } from '../core/orders/order.ts';
import { type AccountSettings, SimAccount } from './account.ts';
import type { Book } from './book.ts';
import type { FillModel } from './fill-model.ts';
import { Matcher } from './matcher.ts';
import { firstAfter, haveSameMinutes } from './minutes.ts';
import { isRejection, type OrderChange } from './order.ts';
import { isLowFirst, LAST_LEG, LEG_MS, legVolumes, newWalk, type Walk } from './path.ts';
import { eventsFor, tellAccount, tellRejection, tellStanding } from './telling.ts';

/** What a symbol of the core waits for; read afresh before every step of the price. The core's own symbol state fits. */
export interface Watch {
  /** Wants to hear the price at or below this; 0: never. */
  readonly watchBelowTicks: number;
  /** Wants to hear the price at or above this; Infinity: never. */
  readonly watchAboveTicks: number;
  /** Wants to hear the time then; Infinity: never. */
  readonly deadlineMs: number;
}

/** Who trades here. */
export interface Trader {
  /** Queues an event. */
  hear(event: CoreEvent): void;
  /** Thinks about everything heard, until nothing more comes of it. May ask the venue. */
  settle(): void;
  /** One for each instrument of the venue, in its order. */
  readonly watches: readonly Watch[];
}

export interface Funding {
  /** A whole number of minutes; settlements fall on its multiples since 1970 (8 h: 00, 08 and 16 UTC). */
  readonly intervalMs: number;
  /**
   * The rate that is settled then, in 10⁻⁸ of the value; positive where longs pay. Undefined where this symbol settles nothing then: not all settle
   * as often as the one that settles most often.
   */
  rateE8(instId: string, settlesAt: number): number | undefined;
}

export interface VenueSettings {
  readonly instruments: readonly Instrument[];
  readonly account: AccountSettings;
  readonly model: FillModel;
  readonly funding: Funding;
  /** Skip candles in which nothing can happen. On by default. */
  readonly checksFirst?: boolean;
  /** Say in a reading what is available. On by default; off for who reads once, where it would cap an account that has grown since. */
  readonly saysAvailable?: boolean;
}

const WAKE_FIELDS = 3;

export class SimVenue {
  readonly account: SimAccount;
  readonly matcher: Matcher;
  readonly #trader: Trader;
  readonly #hear: (event: CoreEvent) => void;
  readonly #watches: readonly Watch[];
  readonly #books: readonly Book[];
  readonly #funding: Funding;
  readonly #fundingAt: Float64Array;
  readonly #checksFirst: boolean;
  readonly #saysAvailable: boolean;
  /** Of the present minute of several symbols: who walks; and by symbol the candle that is to be passed, −1: none. */
  readonly #walking: Walk[] = [];
  #walkingCount = 0;
  /** The columns of the last minute of several symbols, and whether one may lack a minute that another has. */
  #together: readonly Candles[] | undefined;
  #mayLack = true;
  /** The symbol whose opening was the last; Infinity: all who walk are opened. */
  #openedUpTo = Number.POSITIVE_INFINITY;
  /** The symbol of the present happening. */
  #acting = 0;
  readonly #passing: Int32Array;
  /** By symbol: where it stands on the path of its candle. */
  readonly #walks: readonly Walk[];
  /** The deadline last delivered, by symbol: one that the core leaves standing is not delivered twice. */
  readonly #deliveredMs: Float64Array;
  /** By symbol: nearest price below and above at which the book acts, last close before which no funding or expiry falls. */
  readonly #wake: Float64Array;
  /** By symbol: the last quiet candle, whose close the book has not been told yet; −1: none. */
  readonly #closedCandle: Int32Array;
  readonly #columns: (Candles | undefined)[];
  /** Now, alone in its array: a number that changes with every candle. */
  readonly #clock = new Float64Array(1);

  constructor(settings: VenueSettings, trader: Trader) {
    this.#trader = trader;
    this.#hear = (event) => trader.hear(event);
    this.#watches = trader.watches;
    this.#funding = settings.funding;
    this.#checksFirst = settings.checksFirst ?? true;
    this.#saysAvailable = settings.saysAvailable ?? true;
    this.matcher = new Matcher(settings.instruments, settings.model);
    this.#books = this.matcher.books;
    this.#walks = this.#books.map((book, index) => newWalk(index, book));
    this.account = new SimAccount(settings.account, settings.instruments, eventsFor(this.#hear));
    this.#fundingAt = new Float64Array(settings.instruments.length).fill(Number.NaN);
    this.#wake = new Float64Array(settings.instruments.length * WAKE_FIELDS).fill(Number.POSITIVE_INFINITY);
    this.#closedCandle = new Int32Array(settings.instruments.length).fill(-1);
    this.#passing = new Int32Array(settings.instruments.length).fill(-1);
    this.#columns = settings.instruments.map(() => undefined);
    this.#deliveredMs = new Float64Array(settings.instruments.length).fill(Number.NaN);
    if (settings.funding.intervalMs % MINUTE_MS !== 0 || settings.funding.intervalMs <= 0)
      throw new RangeError(`funding every ${settings.funding.intervalMs} ms: write a whole number of minutes`);
  }

  place(order: Approved): void {
    this.#touch(order.instId);
    const answer = this.matcher.place(this.account, order, this.#now());
    if (isRejection(answer)) tellRejection(this.account, order.clientId, answer, this.#now(), this.#hear);
  }

  /** Of an order that has ended already nothing is said: its end was told. */
  cancel(instId: string, clientId: string): void {
    this.#touch(instId);
    this.matcher.cancel(this.account, clientId, this.#now());
  }

  amend(change: OrderChange & { readonly instId: string; readonly clientId: string }): void {
    const { instId, clientId } = change;
    this.#touch(instId);
    const answer = this.matcher.amend(this.account, clientId, change, this.#now());
    if (isRejection(answer)) this.#hear({ kind: 'order-amended', at: this.#now(), clientId, done: false });
  }

  /** Nothing is ever lost here: an order that does not live was never placed, or its end was told. */
  inquire(order: Approved): void {
    const living = this.account.order(order.clientId);
    if (living === undefined) this.#hear({ kind: 'order-absent', at: this.#now(), clientId: order.clientId });
    else tellStanding(living, this.#now(), this.#hear);
  }

  /** Tells the whole account. */
  read(): void {
    tellAccount(this.account, this.matcher.instruments, this.#now(), this.#hear, this.#saysAvailable);
  }

  /** The answer is the leverage that stands, changed or not. */
  setLeverage(instId: string, leverage: number): void {
    const index = this.#touch(instId);
    const answer = this.matcher.setLeverage(this.account, instId, leverage, this.#now());
    if (answer !== undefined && index !== undefined)
      this.#hear({
        kind: 'leverage',
        at: this.#now(),
        instId,
        leverage: this.account.positionAt(index).leverage,
      });
  }

  /** Begins at a moment: tells the whole account. */
  announce(at: number): void {
    this.#clock[0] = at;
    this.read();
  }

  /** Walks candle `i` of the symbol number `index`, or passes it where nothing can happen in it. */
  runCandle(index: number, candles: Candles, i: number): void {
    if (this.quietUntil(index, candles, i, i + 1) > i) this.pass(index, candles, i);
    else this.walk(index, candles, i);
  }

  /**
   * The first of the candles `from` … `to` − 1 in which something may happen; `to` where nothing can. Holds as long as the core waits for
   * the same: the candles up to there are then passed, in one or in several goes.
   */
  quietUntil(index: number, candles: Candles, from: number, to: number): number {
    if (!this.#checksFirst) return from;
    if (this.#isStale(index)) this.#refresh(index);
    const wake = this.#wake;
    const at = index * WAKE_FIELDS;
    const watch = this.#watches[index] as Watch;
    const below = Math.max(wake[at] as number, watch.watchBelowTicks);
    const above = Math.min(wake[at + 1] as number, watch.watchAboveTicks);
    // A deadline at the close belongs to this candle.
    const lastMs = Math.min(wake[at + 2] as number, Math.ceil(watch.deadlineMs) - 1);
    const lastMinute = Math.floor(lastMs / MINUTE_MS) - 1;
    const { openMinute, lowTicks, highTicks } = candles;
    const inTime = firstAfter(openMinute, lastMinute, from, to);
    // No price is waited for: there is nothing to look at in the candles.
    if (below === 0 && above === Number.POSITIVE_INFINITY) return inTime;
    for (let i = from; i < inTime; i++)
      if (!((lowTicks[i] as number) > below && (highTicks[i] as number) < above)) return i;
    return inTime;
  }

  /** Stands at the close of candle `i`, up to which nothing happened. */
  pass(index: number, candles: Candles, i: number): void {
    this.#keepColumn(index, candles);
    this.#closedCandle[index] = i;
    this.#clock[0] = ((candles.openMinute[i] as number) + 1) * MINUTE_MS;
  }

  /** Only where it is another one: a kept object costs more to write than to compare. */
  #keepColumn(index: number, candles: Candles): void {
    if (this.#columns[index] !== candles) this.#columns[index] = candles;
  }

  /** The book stands where the last quiet candle closed. */
  #catchUp(index: number): void {
    const i = this.#closedCandle[index] as number;
    const candles = this.#columns[index];
    if (i < 0 || candles === undefined) return;
    this.#closedCandle[index] = -1;
    this.#bookAt(index).standClosed(
      candles.closeTicks[i] as number,
      ((candles.openMinute[i] as number) + 1) * MINUTE_MS,
    );
  }

  #refresh(index: number): void {
    this.#catchUp(index);
    const book = this.#bookAt(index);
    const at = index * WAKE_FIELDS;
    this.#wake[at] = book.wakeBelowTicks;
    this.#wake[at + 1] = book.wakeAboveTicks;
    // A settlement at the close belongs to the next candle, an expiry to this one.
    this.#wake[at + 2] = book.lastTicks === 0 ? 0 : Math.min(this.#fundingAt[index] as number, book.nextExpiryMs - 1);
  }

  #isStale(index: number): boolean {
    return this.#wake[index * WAKE_FIELDS] === Number.POSITIVE_INFINITY;
  }

  /** What waits in the book has changed or may have: the next candle looks closer. */
  #makeStale(index: number): void {
    this.#wake[index * WAKE_FIELDS] = Number.POSITIVE_INFINITY;
  }

  #now(): number {
    return this.#clock[0] as number;
  }

  #bookAt(index: number): Book {
    return this.#books[index] as Book;
  }

  /** Before anything is asked of a symbol. @returns its number, undefined for a stranger */
  #touch(instId: string): number | undefined {
    const index = this.matcher.indexOf(instId);
    if (index === undefined) return undefined;
    if ((this.#passing[index] as number) >= 0) this.#joinIn(index);
    else this.#comeAlong(index);
    this.#catchUp(index);
    this.#makeStale(index);
    return index;
  }

  /**
   * Opens every market at its last price with room for every taker: what is asked from now on fills at once. For the end of the data.
   * @param at the moment of the last close
   */
  openAtLast(at: number): void {
    for (const book of this.#books) this.#openAtLast(book, at);
  }

  /** The same for one symbol whose data end while others go on; then its market is closed for good. */
  endAtLast(index: number, at: number): void {
    const book = this.#bookAt(index);
    this.#openAtLast(book, at);
    book.standClosed(book.lastTicks, at);
  }

  #openAtLast(book: Book, at: number): void {
    this.#clock[0] = at;
    if (book.lastTicks === 0) return;
    this.#touch(book.instrument.instId);
    book.offerToTakers();
    book.beginJump(book.lastTicks, book.markTicks, at);
    while (this.#goOn(book.index, book)) continue;
  }

  /** Walks the path of candle `i`, whatever happens on it. */
  walk(index: number, candles: Candles, i: number): void {
    const walk = this.#walks[index] as Walk;
    this.#open(walk, candles, i);
    for (;;) {
      if (this.#goOn(index, walk.book)) continue;
      if (!this.#beginLeg(walk)) break;
    }
    this.#standClosed(walk);
  }

  /**
   * One minute of several symbols as one time: what comes first happens first, whoever it is of; at the same millisecond the first of them.
   * Symbols of which nothing can happen are passed; one that something is asked of meanwhile joins in where its path has come to. What comes due
   * to one that lacks the minute does so in its time, at its last price.
   * @param due the symbols that have a candle in it; one in whose candle nothing can happen may be left out, and passed later in the minute
   * @param candleOf by symbol, the number of its candle
   * @param closeMs the end of the minute
   */
  runMinute(due: readonly number[], columns: readonly Candles[], candleOf: Uint32Array, closeMs: number): void {
    if (columns !== this.#together) this.#mayLack = !haveSameMinutes(columns);
    this.#together = columns;
    for (let i = 0; i < due.length; i++) this.#beginMinute(due[i] as number, columns, candleOf);
    if (this.#walkingCount > 0 || (this.#mayLack && this.#isAnybodyDue(closeMs)))
      this.#walkTogether(columns, candleOf, closeMs);
    for (let i = 0; i < due.length; i++) {
      const index = due[i] as number;
      const candle = this.#passing[index] as number;
      if (candle >= 0) this.pass(index, columns[index] as Candles, candle);
      this.#passing[index] = -1;
    }
    this.#clock[0] = closeMs;
  }

  /** Passes its candle or walks it. */
  #beginMinute(index: number, columns: readonly Candles[], candleOf: Uint32Array): void {
    const candles = columns[index] as Candles;
    const candle = candleOf[index] as number;
    this.#keepColumn(index, candles);
    const isQuiet = this.quietUntil(index, candles, candle, candle + 1) > candle;
    this.#passing[index] = isQuiet ? candle : -1;
    if (!isQuiet) this.#setOut(this.#walks[index] as Walk);
  }

  /** In the order of symbols, whenever it joins. The list keeps its length: one that is emptied for every minute is made anew for every minute. */
  #setOut(walk: Walk): void {
    const walking = this.#walking;
    let place = this.#walkingCount;
    for (; place > 0 && (walking[place - 1] as Walk).index > walk.index; place--)
      walking[place] = walking[place - 1] as Walk;
    walking[place] = walk;
    this.#walkingCount += 1;
  }

  /** Nobody who passes its candle is. */
  #isAnybodyDue(closeMs: number): boolean {
    for (let index = 0; index < this.#books.length; index++)
      if ((this.#watches[index] as Watch).deadlineMs <= closeMs || (this.#fundingAt[index] as number) < closeMs)
        return true;
    return false;
  }

  #walkTogether(columns: readonly Candles[], candleOf: Uint32Array, closeMs: number): void {
    const walking = this.#walking;
    this.#openedUpTo = -1;
    while (this.#meetDueTogether(closeMs - MINUTE_MS)) continue;
    for (let i = 0; i < this.#walkingCount; i++) {
      const { index } = walking[i] as Walk;
      if (index <= this.#openedUpTo) continue;
      this.#openedUpTo = index;
      this.#acting = index;
      this.#open(walking[i] as Walk, columns[index] as Candles, candleOf[index] as number);
    }
    this.#openedUpTo = Number.POSITIVE_INFINITY;
    while (this.#goOnTogether(closeMs)) continue;
    for (let i = 0; i < this.#walkingCount; i++) this.#standClosed(walking[i] as Walk);
    this.#walkingCount = 0;
  }

  /** The first thing that is due to any symbol before the minute opens. @returns false where nothing is */
  #meetDueTogether(openMs: number): boolean {
    let next = -1;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { index, lastTicks } of this.#books) {
      const ms = lastTicks === 0 ? nextMs : this.#dueMs(index, openMs);
      if (ms >= nextMs) continue;
      next = index;
      nextMs = ms;
    }
    if (next < 0) return false;
    this.#catchUp(next);
    return this.#meetDue(next, this.#bookAt(next), openMs);
  }

  /** The next happening of any of them, or a moment that one who lacks the minute waits for. @returns false where every path is walked */
  #goOnTogether(closeMs: number): boolean {
    const next = this.#walkingCount === 1 ? this.#unlessWalked(this.#walking[0] as Walk) : this.#firstToAct();
    const waiting = this.#mayLack ? this.#firstToWait(next, closeMs) : undefined;
    this.#acting = waiting?.index ?? next?.index ?? this.#acting;
    if (waiting !== undefined) {
      this.#catchUp(waiting.index);
      this.#tellTime(waiting.index, waiting, (this.#watches[waiting.index] as Watch).deadlineMs, this.#now());
    } else if (next === undefined) return false;
    else if (!this.#goOn(next.index, next.book)) this.#beginLeg(next);
    return true;
  }

  /** The book of who lacks the minute and waits for a moment in it that comes before what happens next. */
  #firstToWait(next: Walk | undefined, closeMs: number): Book | undefined {
    let first: Book | undefined;
    let firstMs = closeMs + 1;
    for (const book of this.#books) {
      const { index } = book;
      const { deadlineMs } = this.#watches[index] as Watch;
      if (deadlineMs >= firstMs || deadlineMs === this.#deliveredMs[index] || !this.#isLacking(book)) continue;
      first = book;
      firstMs = deadlineMs;
    }
    if (first === undefined || next === undefined) return first;
    const nextMs = this.#nextMs(next.index, next.book);
    return firstMs < nextMs || (firstMs === nextMs && first.index < next.index) ? first : undefined;
  }

  #isLacking({ index, lastTicks }: Book): boolean {
    if (lastTicks === 0 || (this.#passing[index] as number) >= 0) return false;
    for (let i = 0; i < this.#walkingCount; i++) if ((this.#walking[i] as Walk).index === index) return false;
    return true;
  }

  #unlessWalked(walk: Walk): Walk | undefined {
    return walk.leg > LAST_LEG ? undefined : walk;
  }

  #firstToAct(): Walk | undefined {
    let next: Walk | undefined;
    let nextMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#walkingCount; i++) {
      const walk = this.#walking[i] as Walk;
      if (walk.leg > LAST_LEG) continue;
      const ms = this.#nextMs(walk.index, walk.book);
      if (ms >= nextMs) continue;
      next = walk;
      nextMs = ms;
    }
    return next;
  }

  /** Something is asked of a symbol that was to be passed: it walks from here on, or from its opening. Up to now nothing has happened on its path. */
  #joinIn(index: number): void {
    const nowMs = this.#now();
    const walk = this.#walks[index] as Walk;
    const candle = this.#passing[index] as number;
    this.#passing[index] = -1;
    if (index > this.#openedUpTo) {
      this.#setOut(walk);
      return;
    }
    this.#open(walk, this.#columns[index] as Candles, candle);
    const { book } = walk;
    // Of two that come to the end of a leg at once the first goes on first.
    while (walk.leg < LAST_LEG && (book.legEndMs < nowMs || (book.legEndMs === nowMs && index < this.#acting))) {
      book.standAt(1);
      this.#beginLeg(walk);
    }
    book.standAt(book.progressAt(nowMs));
    this.#clock[0] = nowMs;
    this.#setOut(walk);
  }

  /** What happens to one symbol may ask something of another that is on its own path: its price is that of now. Up to now nothing has happened there. */
  #comeAlong(index: number): void {
    const { book, leg } = this.#walks[index] as Walk;
    const nowMs = this.#now();
    if (leg <= LAST_LEG && book.timeAt(book.progress) < nowMs) book.standAt(book.progressAt(nowMs));
  }

  /** To the opening and what happens there; the first leg lies ahead. */
  #open(walk: Walk, candles: Candles, i: number): void {
    const { index, book, toTicks } = walk;
    this.#catchUp(index);
    this.#makeStale(index);
    const openMs = (candles.openMinute[i] as number) * MINUTE_MS;
    const open = candles.openTicks[i] as number;
    const high = candles.highTicks[i] as number;
    const low = candles.lowTicks[i] as number;
    const close = candles.closeTicks[i] as number;
    const volume = candles.volumeLots[i] as number;
    if (book.lastTicks === 0) this.#firstCandle(index, book, open, openMs);
    this.#untilOpen(index, book, openMs);
    const position = this.account.positionAt(index);

    // Takers that waited for the opening act before the order of the extremes, and with it the volume of the first leg, is known.
    book.offer(Math.floor(volume / 3));
    book.beginJump(open, open, openMs);
    while (this.#goOn(index, book)) continue;
    const watch = this.#watches[index] as Watch;
    if (open <= watch.watchBelowTicks || open >= watch.watchAboveTicks) {
      this.#tellPrice(book, openMs);
      while (this.#goOn(index, book)) continue;
    }

    const stake = { positionSide: position.lots > 0 ? position.side : undefined, restingSide: book.restingSide() };
    const lowFirst = isLowFirst(this.matcher.model.outlook, stake, open, close);
    toTicks[0] = lowFirst ? low : high;
    toTicks[1] = lowFirst ? high : low;
    toTicks[LAST_LEG] = close;
    legVolumes(volume, Math.abs(open - toTicks[0]), high - low, Math.abs(close - toTicks[1]), walk.lots);
    walk.openMs = openMs;
    walk.leg = -1;
    this.#beginLeg(walk);
  }

  /** @returns false after the last */
  #beginLeg(walk: Walk): boolean {
    walk.leg += 1;
    const { book, leg, openMs } = walk;
    if (leg > LAST_LEG) return false;
    const lots = walk.lots[leg] as number;
    if (leg > 0) book.offer(lots);
    else book.offerMore(lots);
    const toTicks = walk.toTicks[leg] as number;
    const startMs = openMs + leg * LEG_MS;
    book.beginLeg(toTicks, toTicks, startMs, startMs + LEG_MS);
    return true;
  }

  #standClosed({ book, toTicks, openMs }: Walk): void {
    book.standClosed(toTicks[LAST_LEG] as number, openMs + MINUTE_MS);
    this.#clock[0] = openMs + MINUTE_MS;
  }

  /** When on its leg something of this symbol happens next, or when the leg ends; moves nothing. */
  #nextMs(index: number, book: Book): number {
    const watch = this.#watches[index] as Watch;
    const dueAt = this.#isDue(index, book) ? book.progressAt(watch.deadlineMs) : Number.POSITIVE_INFINITY;
    const watchedAt = Math.min(book.progressTo(watch.watchBelowTicks), book.progressTo(watch.watchAboveTicks));
    return book.timeAt(this.matcher.nextAt(book, Math.min(1, dueAt, watchedAt)));
  }

  #isDue(index: number, book: Book): boolean {
    const { deadlineMs } = this.#watches[index] as Watch;
    return deadlineMs <= book.legEndMs && deadlineMs !== this.#deliveredMs[index];
  }

  /** Goes to what happens next: something acts, a watch price is met, a deadline comes. @returns false at the end of the leg */
  #goOn(index: number, book: Book): boolean {
    const watch = this.#watches[index] as Watch;
    const { deadlineMs } = watch;
    const isDue = this.#isDue(index, book);
    const dueAt = isDue ? book.progressAt(deadlineMs) : Number.POSITIVE_INFINITY;
    const watchedAt = Math.min(book.progressTo(watch.watchBelowTicks), book.progressTo(watch.watchAboveTicks));
    const until = Math.min(1, dueAt, watchedAt);
    const acted = this.matcher.advance(book, until);
    this.#clock[0] = book.timeAt(book.progress);
    if (acted) {
      this.#trader.settle();
      // Where the price stands already nothing more comes to it: what acted happened beyond the price that was last told.
      if (book.lastTicks <= watch.watchBelowTicks || book.lastTicks >= watch.watchAboveTicks)
        this.#tellPrice(book, this.#now());
    } else if (isDue && dueAt <= until) this.#tellTime(index, book, deadlineMs, this.#now());
    else if (watchedAt <= until) this.#tellPrice(book, this.#now());
    else return false;
    return true;
  }

  #tellTime(index: number, book: Book, deadlineMs: number, notBeforeMs: number): void {
    this.#deliveredMs[index] = deadlineMs;
    const at = Math.max(deadlineMs, notBeforeMs);
    this.#clock[0] = at;
    this.#hearPrice(book, at);
    this.#hearOthersDue(index, at);
    this.#hear({ kind: 'time', at });
    this.#trader.settle();
  }

  /** The time is heard for all: who of several symbols waits for it too has the price of now. */
  #hearOthersDue(index: number, at: number): void {
    for (const book of this.#books) {
      if (book.index === index || (this.#watches[book.index] as Watch).deadlineMs > at) continue;
      if ((this.#walks[book.index] as Walk).leg <= LAST_LEG) this.#comeAlong(book.index);
      else if (this.#isLacking(book)) this.#catchUp(book.index);
      else continue;
      this.#hearPrice(book, at);
    }
  }

  #tellPrice(book: Book, at: number): void {
    this.#hearPrice(book, at);
    this.#trader.settle();
  }

  #hearPrice(book: Book, at: number): void {
    this.#hear({
      kind: 'price',
      at,
      instId: book.instrument.instId,
      markTicks: ticks(book.markTicks),
      bidTicks: ticks(book.touchTicks(-1)),
      askTicks: ticks(book.touchTicks(1)),
    });
  }

  #firstCandle(index: number, book: Book, openTicks: number, openMs: number): void {
    book.start(openTicks, openTicks, openMs);
    book.isOpen = false;
    const { intervalMs } = this.#funding;
    this.#fundingAt[index] = this.#settlesNext(book, Math.ceil(openMs / intervalMs) * intervalMs);
    if (this.#fundingAt[index] !== openMs) this.#forecast(index, book, openMs);
  }

  /** What comes due in the time without candles up to and including this opening, at the price before it; settlements before deadlines. */
  #untilOpen(index: number, book: Book, openMs: number): void {
    while (this.#meetDue(index, book, openMs)) continue;
  }

  /** When the first of it is due; Infinity: nothing is. */
  #dueMs(index: number, openMs: number): number {
    const { deadlineMs } = this.#watches[index] as Watch;
    const fundingMs = this.#fundingAt[index] as number;
    const isDue = deadlineMs <= openMs && deadlineMs !== this.#deliveredMs[index];
    if (fundingMs <= openMs && (!isDue || fundingMs <= deadlineMs)) return fundingMs;
    return isDue ? deadlineMs : Number.POSITIVE_INFINITY;
  }

  /** @returns false where nothing is due */
  #meetDue(index: number, book: Book, openMs: number): boolean {
    const dueMs = this.#dueMs(index, openMs);
    if (dueMs === Number.POSITIVE_INFINITY) return false;
    if (dueMs === this.#fundingAt[index]) this.#settleFunding(index, book, dueMs);
    else this.#tellTime(index, book, dueMs, Math.max(book.legEndMs, this.#now()));
    return true;
  }

  #settleFunding(index: number, book: Book, at: number): void {
    const { instId } = book.instrument;
    this.#clock[0] = at;
    this.matcher.settleFunding(this.account, instId, this.#funding.rateE8(instId, at) ?? 0, at);
    this.#fundingAt[index] = this.#settlesNext(book, at + this.#funding.intervalMs);
    this.#forecast(index, book, at);
    this.#trader.settle();
  }

  /** The first settlement of a symbol from a multiple of the interval on; where none is known of the next day, its end. */
  #settlesNext({ instrument: { instId } }: Book, fromMs: number): number {
    let at = fromMs;
    while (this.#funding.rateE8(instId, at) === undefined && at < fromMs + DAY_MS) at += this.#funding.intervalMs;
    return at;
  }

  #forecast(index: number, book: Book, at: number): void {
    const { instId } = book.instrument;
    const settlesAt = this.#fundingAt[index] as number;
    const rateE8 = this.#funding.rateE8(instId, settlesAt) ?? 0;
    const nextSettlesAt = this.#settlesNext(book, settlesAt + this.#funding.intervalMs);
    this.#hear({ kind: 'funding-forecast', at, instId, rateE8, settlesAt, nextSettlesAt });
  }
}
