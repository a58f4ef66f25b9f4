/**
 * The simulated exchange behind the core's port, in event time: for backtest and demo.
 *
 * Asked by the calls of the exchange port; answers are events, given to `hear` in the order in which they happen. `runCandle` walks
 * one candle of one symbol; whenever something happened on the way it calls `settle`, and what is then asked acts before the price goes on.
 * Between two candles the market is closed: what is asked at the close of candle n lives at once and can fill from the open of n+1.
 *
 * A candle in which nothing can happen is passed (quiet.ts), any other walked (walker.ts), of several symbols together (together.ts): what comes first
 * happens first, whoever it is of; `at`, UTC milliseconds, never steps back. With `checksFirst: false` every candle is walked; the events are the same.
 * Deliberately absent: latency, lost answers, maintenance: the simulated world of reliability.md wraps this.
 */

import type { CoreEvent } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Candles } from '../../core/market/candle.ts';
import type { Approved } from '../../core/orders/order.ts';
import { type AccountSettings, SimAccount } from '../account/account.ts';
import type { Book } from '../matching/book.ts';
import type { FillModel } from '../matching/fill-model.ts';
import { Matcher } from '../matching/matcher.ts';
import { isRejection, type OrderChange } from '../matching/order.ts';
import { QuietCandles } from './quiet.ts';
import { type Funding, Settlements } from './settlements.ts';
import { eventsFor, tellAccount, tellRejection, tellStanding } from './telling.ts';
import { Together } from './together.ts';
import type { Trader } from './trader.ts';
import { Moment } from './venue-parts.ts';
import { Walker } from './walker.ts';

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

export class SimVenue {
  readonly account: SimAccount;
  readonly matcher: Matcher;
  readonly #hear: (event: CoreEvent) => void;
  readonly #books: readonly Book[];
  readonly #saysAvailable: boolean;
  readonly #now = new Moment();
  readonly #quiet: QuietCandles;
  readonly #walker: Walker;
  readonly #together: Together;

  /** @throws {RangeError} where the interval of funding is no whole number of minutes */
  constructor(settings: VenueSettings, trader: Trader) {
    this.#hear = (event) => trader.hear(event);
    this.#saysAvailable = settings.saysAvailable ?? true;
    this.matcher = new Matcher(settings.instruments, settings.model);
    this.#books = this.matcher.books;
    this.account = new SimAccount(settings.account, settings.instruments, eventsFor(this.#hear));
    const parts = { trader, matcher: this.matcher, account: this.account, now: this.#now };
    const settlements = new Settlements(parts, settings.funding);
    this.#quiet = new QuietCandles(parts, settlements, settings.checksFirst ?? true);
    this.#walker = new Walker(parts, settlements, this.#quiet);
    this.#together = new Together(parts, settlements, this.#quiet, this.#walker);
  }

  place(order: Approved): void {
    this.#touch(order.instId);
    const answer = this.matcher.place(this.account, order, this.#now.ms);
    if (isRejection(answer)) tellRejection(this.account, order.clientId, answer, this.#now.ms, this.#hear);
  }

  /** Of an order that has ended already nothing is said: its end was told. */
  cancel(instId: string, clientId: string): void {
    this.#touch(instId);
    this.matcher.cancel(this.account, clientId, this.#now.ms);
  }

  amend(change: OrderChange & { readonly instId: string; readonly clientId: string }): void {
    const { instId, clientId } = change;
    this.#touch(instId);
    const answer = this.matcher.amend(this.account, clientId, change, this.#now.ms);
    if (isRejection(answer)) this.#hear({ kind: 'order-amended', at: this.#now.ms, clientId, done: false });
  }

  /** Nothing is ever lost here: an order that does not live was never placed, or its end was told. */
  inquire(order: Approved): void {
    const living = this.account.order(order.clientId);
    if (living === undefined) this.#hear({ kind: 'order-absent', at: this.#now.ms, clientId: order.clientId });
    else tellStanding(living, this.#now.ms, this.#hear);
  }

  /** Tells the whole account. */
  read(): void {
    tellAccount(this.account, this.matcher.instruments, this.#now.ms, this.#hear, this.#saysAvailable);
  }

  /** The answer is the leverage that stands, changed or not. */
  setLeverage(instId: string, leverage: number): void {
    const index = this.#touch(instId);
    const answer = this.matcher.setLeverage(this.account, instId, leverage, this.#now.ms);
    if (answer !== undefined && index !== undefined)
      this.#hear({
        kind: 'leverage',
        at: this.#now.ms,
        instId,
        leverage: this.account.positionAt(index).leverage,
      });
  }

  /** Begins at a moment: tells the whole account. */
  announce(at: number): void {
    this.#now.ms = at;
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
    return this.#quiet.until(index, candles, from, to);
  }

  /** Stands at the close of candle `i`, up to which nothing happened. */
  pass(index: number, candles: Candles, i: number): void {
    this.#quiet.pass(index, candles, i);
  }

  /** Walks the path of candle `i`, whatever happens on it. */
  walk(index: number, candles: Candles, i: number): void {
    this.#walker.walk(index, candles, i);
  }

  /**
   * One minute of several symbols as one time.
   * @param due the symbols that have a candle in it; one in whose candle nothing can happen may be left out, and passed later in the minute
   * @param candleOf by symbol, the number of its candle
   * @param closeMs the end of the minute
   */
  runMinute(due: readonly number[], columns: readonly Candles[], candleOf: Uint32Array, closeMs: number): void {
    this.#together.run(due, columns, candleOf, closeMs);
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
    const book = this.#books[index] as Book;
    this.#openAtLast(book, at);
    book.standClosed(book.lastTicks, at);
  }

  #openAtLast(book: Book, at: number): void {
    this.#now.ms = at;
    if (book.lastTicks === 0) return;
    this.#touch(book.instrument.instId);
    book.offerToTakers();
    book.beginJump(book.lastTicks, book.markTicks, at);
    while (this.#walker.goOn(book)) continue;
  }

  /** Before anything is asked of a symbol. @returns its number, undefined for a stranger */
  #touch(instId: string): number | undefined {
    const index = this.matcher.indexOf(instId);
    if (index === undefined) return undefined;
    this.#together.reach(index);
    this.#quiet.wake(index);
    return index;
  }
}
