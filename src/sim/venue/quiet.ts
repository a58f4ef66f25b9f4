/**
 * Candles in which nothing can happen: their low and high stay strictly between the nearest order, trigger, liquidation and watch price, and
 * no deadline, expiry or funding falls into them. Such a candle is passed, which costs a few comparisons; the book is told its close only once
 * somebody looks.
 */
import { type Candles, MINUTE_MS } from '../../core/market/candle.ts';
import type { Book } from '../matching/book.ts';
import { firstAfter } from './minutes.ts';
import type { Settlements } from './settlements.ts';
import type { Watch } from './trader.ts';
import type { Moment, VenueParts } from './venue-parts.ts';

const WAKE_FIELDS = 3;

export class QuietCandles {
  readonly #books: readonly Book[];
  readonly #watches: readonly Watch[];
  readonly #settlements: Settlements;
  readonly #now: Moment;
  readonly #checksFirst: boolean;
  /** By symbol: nearest price below and above at which the book acts, last close before which no funding or expiry falls. */
  readonly #wake: Float64Array;
  /** By symbol: the last quiet candle, whose close the book has not been told yet; −1: none. */
  readonly #closedCandle: Int32Array;
  readonly #columns: (Candles | undefined)[];

  /** @param checksFirst false: no candle counts as quiet */
  constructor({ trader, matcher, now }: VenueParts, settlements: Settlements, checksFirst: boolean) {
    const { books } = matcher;
    this.#books = books;
    this.#watches = trader.watches;
    this.#settlements = settlements;
    this.#now = now;
    this.#checksFirst = checksFirst;
    this.#wake = new Float64Array(books.length * WAKE_FIELDS).fill(Number.POSITIVE_INFINITY);
    this.#closedCandle = new Int32Array(books.length).fill(-1);
    this.#columns = books.map(() => undefined);
  }

  /** The first of the candles `from` … `to` − 1 in which something may happen; `to` where nothing can. */
  until(index: number, candles: Candles, from: number, to: number): number {
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
    // Only where it is another one: a kept object costs more to write than to compare.
    if (this.#columns[index] !== candles) this.#columns[index] = candles;
    this.#closedCandle[index] = i;
    this.#now.ms = ((candles.openMinute[i] as number) + 1) * MINUTE_MS;
  }

  /** The book stands where the last quiet candle closed. */
  catchUp(index: number): void {
    const i = this.#closedCandle[index] as number;
    const candles = this.#columns[index];
    if (i < 0 || candles === undefined) return;
    this.#closedCandle[index] = -1;
    (this.#books[index] as Book).standClosed(
      candles.closeTicks[i] as number,
      ((candles.openMinute[i] as number) + 1) * MINUTE_MS,
    );
  }

  /** Something is done to the book, so it stands where it should, and what waits in it may change: the next candle looks closer. */
  wake(index: number): void {
    this.catchUp(index);
    this.#wake[index * WAKE_FIELDS] = Number.POSITIVE_INFINITY;
  }

  #isStale(index: number): boolean {
    return this.#wake[index * WAKE_FIELDS] === Number.POSITIVE_INFINITY;
  }

  #refresh(index: number): void {
    this.catchUp(index);
    const book = this.#books[index] as Book;
    const at = index * WAKE_FIELDS;
    this.#wake[at] = book.wakeBelowTicks;
    this.#wake[at + 1] = book.wakeAboveTicks;
    // A settlement at the close belongs to the next candle, an expiry to this one.
    this.#wake[at + 2] = book.lastTicks === 0 ? 0 : Math.min(this.#settlements.nextMs(index), book.nextExpiryMs - 1);
  }
}
