/** When each symbol settles its funding, at which rate, and what is foretold of it. */
import { DAY_MS, MINUTE_MS } from '../../core/market/candle.ts';
import type { SimAccount } from '../account/account.ts';
import type { Book } from '../matching/book.ts';
import type { Matcher } from '../matching/matcher.ts';
import type { Trader } from './trader.ts';
import type { VenueParts } from './venue-parts.ts';

export interface Funding {
  /** A whole number of minutes; settlements fall on its multiples since 1970 (8 h: 00, 08 and 16 UTC). */
  readonly intervalMs: number;
  /**
   * The rate that is settled then, in 10⁻⁸ of the value; positive where longs pay. Undefined where this symbol settles nothing then: not all settle
   * as often as the one that settles most often.
   */
  rateE8(instId: string, settlesAt: number): number | undefined;
}

export class Settlements {
  readonly #funding: Funding;
  readonly #matcher: Matcher;
  readonly #account: SimAccount;
  readonly #trader: Trader;
  /** By symbol; NaN: its market has not begun. */
  readonly #nextMs: Float64Array;

  /** @throws {RangeError} where the interval is no whole number of minutes */
  constructor({ trader, matcher, account }: VenueParts, funding: Funding) {
    if (funding.intervalMs % MINUTE_MS !== 0 || funding.intervalMs <= 0)
      throw new RangeError(`funding every ${funding.intervalMs} ms: write a whole number of minutes`);
    this.#funding = funding;
    this.#matcher = matcher;
    this.#account = account;
    this.#trader = trader;
    this.#nextMs = new Float64Array(matcher.books.length).fill(Number.NaN);
  }

  /** The next settlement of a symbol; NaN: its market has not begun. */
  nextMs(index: number): number {
    return this.#nextMs[index] as number;
  }

  /** From the first opening of a symbol on; one that settles just then tells it by settling. */
  begin(book: Book, openMs: number): void {
    const { intervalMs } = this.#funding;
    this.#nextMs[book.index] = this.#first(book, Math.ceil(openMs / intervalMs) * intervalMs);
    if (this.#nextMs[book.index] !== openMs) this.#forecast(book, openMs);
  }

  /** Books the settlement of this moment, and foretells the next. */
  settle(book: Book, at: number): void {
    const { instId } = book.instrument;
    this.#matcher.settleFunding(this.#account, instId, this.#funding.rateE8(instId, at) ?? 0, at);
    this.#nextMs[book.index] = this.#first(book, at + this.#funding.intervalMs);
    this.#forecast(book, at);
  }

  /** The first settlement of a symbol from a multiple of the interval on; where none is known of the next day, its end. */
  #first({ instrument: { instId } }: Book, fromMs: number): number {
    let at = fromMs;
    while (this.#funding.rateE8(instId, at) === undefined && at < fromMs + DAY_MS) at += this.#funding.intervalMs;
    return at;
  }

  #forecast(book: Book, at: number): void {
    const { instId } = book.instrument;
    const settlesAt = this.nextMs(book.index);
    const rateE8 = this.#funding.rateE8(instId, settlesAt) ?? 0;
    const nextSettlesAt = this.#first(book, settlesAt + this.#funding.intervalMs);
    this.#trader.hear({ kind: 'funding-forecast', at, instId, rateE8, settlesAt, nextSettlesAt });
  }
}
