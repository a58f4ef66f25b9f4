/**
 * The simulated exchange behind the core's port, in event time: for backtest and demo.
 *
 * Asked by the calls of the exchange port; answers are events, given to `hear` in the order in which they happen. `runCandle` walks
 * one candle of one symbol; whenever something happened on the way it calls `settle`, and what is then asked acts before the price goes on.
 * Between two candles the market is closed: what is asked at the close of candle n lives at once and can fill from the open of n+1.
 *
 * A candle in which nothing can happen costs a few comparisons: its low and high stay strictly between the nearest order, trigger, liquidation
 * and watch price, and no deadline, expiry or funding falls into it. With `checksFirst: false` every candle is walked; the events are the same.
 * Times are UTC milliseconds; within a minute symbols go one after another, so `at` may step back between symbols, never within one.
 * Deliberately absent: latency, lost answers, maintenance: the simulated world of reliability.md wraps this.
 */
import { type Candles, MINUTE_MS } from '../core/candle.ts';
import type { CoreEvent } from '../core/event.ts';
import type { Instrument } from '../core/instrument.ts';
import type { Approved } from '../core/order.ts';
import { ticks } from '../core/units.ts';
import { type AccountSettings, SimAccount } from './account.ts';
import type { Book } from './book.ts';
import type { FillModel } from './fill-model.ts';
import { Matcher } from './matcher.ts';
import type { OrderChange, Rejection, SimOrder } from './order.ts';
import { isLowFirst, LEG_MS, legVolumes } from './path.ts';
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
  /** The rate that is settled then, in 10⁻⁸ of the value; positive where longs pay. */
  rateE8(instId: string, settlesAt: number): number;
}

export interface VenueSettings {
  readonly instruments: readonly Instrument[];
  readonly account: AccountSettings;
  readonly model: FillModel;
  readonly funding: Funding;
  /** Skip candles in which nothing can happen. On by default. */
  readonly checksFirst?: boolean;
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
  readonly #legLots = new Float64Array(3);
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
    this.matcher = new Matcher(settings.instruments, settings.model);
    this.#books = this.matcher.books;
    this.account = new SimAccount(settings.account, settings.instruments, eventsFor(this.#hear));
    this.#fundingAt = new Float64Array(settings.instruments.length).fill(Number.NaN);
    this.#wake = new Float64Array(settings.instruments.length * WAKE_FIELDS).fill(Number.POSITIVE_INFINITY);
    this.#closedCandle = new Int32Array(settings.instruments.length).fill(-1);
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
    tellAccount(this.account, this.matcher.instruments, this.#now(), this.#hear);
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
    for (let i = from; i < to; i++)
      if (
        !(
          (lowTicks[i] as number) > below &&
          (highTicks[i] as number) < above &&
          (openMinute[i] as number) <= lastMinute
        )
      )
        return i;
    return to;
  }

  /** Stands at the close of candle `i`, up to which nothing happened. */
  pass(index: number, candles: Candles, i: number): void {
    this.#columns[index] = candles;
    this.#closedCandle[index] = i;
    this.#clock[0] = ((candles.openMinute[i] as number) + 1) * MINUTE_MS;
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
    this.#catchUp(index);
    this.#makeStale(index);
    return index;
  }

  /**
   * Opens every market at its last price with room for every taker: what is asked from now on fills at once. For the end of the data.
   * @param at the moment of the last close
   */
  openAtLast(at: number): void {
    this.#clock[0] = at;
    for (const book of this.#books) {
      if (book.lastTicks === 0) continue;
      this.#touch(book.instrument.instId);
      book.offerToTakers();
      book.beginJump(book.lastTicks, book.markTicks, at);
      this.#run(book.index, book);
    }
  }

  /** Walks the path of candle `i`, whatever happens on it. */
  walk(index: number, candles: Candles, i: number): void {
    this.#catchUp(index);
    this.#makeStale(index);
    const book = this.#bookAt(index);
    const openMs = (candles.openMinute[i] as number) * MINUTE_MS;
    const closeMs = openMs + MINUTE_MS;
    const open = candles.openTicks[i] as number;
    const high = candles.highTicks[i] as number;
    const low = candles.lowTicks[i] as number;
    const close = candles.closeTicks[i] as number;
    const volume = candles.volumeLots[i] as number;
    if (book.lastTicks === 0) this.#firstCandle(index, book, open, openMs);
    this.#untilOpen(index, book, openMs);
    const position = this.account.positionAt(index);
    const lots = this.#legLots;

    // Takers that waited for the opening act before the order of the extremes, and with it the volume of the first leg, is known.
    book.offer(Math.floor(volume / 3));
    book.beginJump(open, open, openMs);
    this.#run(index, book);
    const watch = this.#watches[index] as Watch;
    if (open <= watch.watchBelowTicks || open >= watch.watchAboveTicks) {
      this.#tellPrice(book, openMs);
      this.#run(index, book);
    }

    const stake = { positionSide: position.lots > 0 ? position.side : undefined, restingSide: book.restingSide() };
    const lowFirst = isLowFirst(this.matcher.model.outlook, stake, open, close);
    const first = lowFirst ? low : high;
    const second = lowFirst ? high : low;
    legVolumes(volume, Math.abs(open - first), high - low, Math.abs(close - second), lots);
    this.#leg(index, book, first, openMs, 0);
    this.#leg(index, book, second, openMs + LEG_MS, 1);
    this.#leg(index, book, close, openMs + 2 * LEG_MS, 2);
    book.standClosed(close, closeMs);
    this.#clock[0] = closeMs;
  }

  #leg(index: number, book: Book, toTicks: number, startMs: number, number: number): void {
    if (number > 0) book.offer(this.#legLots[number] as number);
    else book.offerMore(this.#legLots[0] as number);
    book.beginLeg(toTicks, toTicks, startMs, startMs + LEG_MS);
    this.#run(index, book);
  }

  /** Goes to the end of the leg; stops wherever something acts, a watch price is met or a deadline comes. */
  #run(index: number, book: Book): void {
    for (;;) {
      const watch = this.#watches[index] as Watch;
      const { deadlineMs } = watch;
      const isDue = deadlineMs <= book.legEndMs && deadlineMs !== this.#deliveredMs[index];
      const dueAt = isDue ? book.progressAt(deadlineMs) : Number.POSITIVE_INFINITY;
      const watchedAt = Math.min(book.progressTo(watch.watchBelowTicks), book.progressTo(watch.watchAboveTicks));
      const until = Math.min(1, dueAt, watchedAt);
      const acted = this.matcher.advance(book, until);
      this.#clock[0] = book.timeAt(book.progress);
      if (acted) this.#trader.settle();
      else if (isDue && dueAt <= until) this.#tellTime(index, book, deadlineMs, this.#now());
      else if (watchedAt <= until) this.#tellPrice(book, this.#now());
      else return;
    }
  }

  #tellTime(index: number, book: Book, deadlineMs: number, notBeforeMs: number): void {
    this.#deliveredMs[index] = deadlineMs;
    const at = Math.max(deadlineMs, notBeforeMs);
    this.#clock[0] = at;
    this.#hearPrice(book, at);
    this.#hear({ kind: 'time', at });
    this.#trader.settle();
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
    this.#fundingAt[index] = Math.ceil(openMs / intervalMs) * intervalMs;
    if (this.#fundingAt[index] !== openMs) this.#forecast(index, book, openMs);
  }

  /** What comes due in the time without candles up to and including this opening, at the price before it; settlements before deadlines. */
  #untilOpen(index: number, book: Book, openMs: number): void {
    for (;;) {
      const { deadlineMs } = this.#watches[index] as Watch;
      const fundingMs = this.#fundingAt[index] as number;
      const isDue = deadlineMs <= openMs && deadlineMs !== this.#deliveredMs[index];
      if (fundingMs <= openMs && (!isDue || fundingMs <= deadlineMs)) this.#settleFunding(index, book, fundingMs);
      else if (isDue) this.#tellTime(index, book, deadlineMs, book.legEndMs);
      else return;
    }
  }

  #settleFunding(index: number, book: Book, at: number): void {
    const { instId } = book.instrument;
    this.#clock[0] = at;
    this.matcher.settleFunding(this.account, instId, this.#funding.rateE8(instId, at), at);
    this.#fundingAt[index] = at + this.#funding.intervalMs;
    this.#forecast(index, book, at);
    this.#trader.settle();
  }

  #forecast(index: number, book: Book, at: number): void {
    const { instId } = book.instrument;
    const settlesAt = this.#fundingAt[index] as number;
    this.#hear({
      kind: 'funding-forecast',
      at,
      instId,
      rateE8: this.#funding.rateE8(instId, settlesAt),
      settlesAt,
    });
  }
}

function isRejection(answer: SimOrder | Rejection): answer is Rejection {
  return 'reason' in answer;
}
