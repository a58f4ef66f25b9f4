/**
 * One minute of several symbols as one time: what comes first happens first, whoever it is of; at the same millisecond the first of them.
 *
 * Symbols of which nothing can happen pass their candle; one that something is asked of meanwhile joins in where its path has come to. What comes
 * due to one that lacks the minute does so in its time, at its last price.
 */
import { type Candles, MINUTE_MS } from '../../core/market/candle.ts';
import type { Book } from '../matching/book.ts';
import { haveSameMinutes } from './minutes.ts';
import { isLacking, LAST_LEG, type Walk } from './path.ts';
import type { QuietCandles } from './quiet.ts';
import type { Settlements } from './settlements.ts';
import type { Watch } from './trader.ts';
import type { Moment, VenueParts } from './venue-parts.ts';
import type { Walker } from './walker.ts';

export class Together {
  readonly #walker: Walker;
  readonly #walks: readonly Walk[];
  readonly #watches: readonly Watch[];
  readonly #settlements: Settlements;
  readonly #quiet: QuietCandles;
  readonly #now: Moment;
  /** Who walks in the present minute, in the order of symbols; the list keeps its length. */
  readonly #walking: Walk[] = [];
  #walkingCount = 0;
  /** By symbol the candle that is to be passed, −1: none. */
  readonly #passing: Int32Array;
  /** The columns of the last minute, and whether one may lack a minute that another has. */
  #columns: readonly Candles[] = [];
  #mayLack = true;
  /** The symbol whose opening was the last; Infinity: all who walk are opened. */
  #openedUpTo = Number.POSITIVE_INFINITY;
  /** The symbol of the present happening. */
  #acting = 0;

  constructor({ trader, now }: VenueParts, settlements: Settlements, quiet: QuietCandles, walker: Walker) {
    this.#walker = walker;
    this.#walks = walker.walks;
    this.#watches = trader.watches;
    this.#settlements = settlements;
    this.#quiet = quiet;
    this.#now = now;
    this.#passing = new Int32Array(walker.walks.length).fill(-1);
  }

  /**
   * Runs the minute that ends at `closeMs`.
   * @param due the symbols that have a candle in it; one in whose candle nothing can happen may be left out, and passed later in the minute
   * @param candleOf by symbol, the number of its candle
   */
  run(due: readonly number[], columns: readonly Candles[], candleOf: Uint32Array, closeMs: number): void {
    if (columns !== this.#columns) this.#mayLack = !haveSameMinutes(columns);
    this.#columns = columns;
    for (let i = 0; i < due.length; i++) {
      const index = due[i] as number;
      const candle = candleOf[index] as number;
      const walk = this.#walks[index] as Walk;
      walk.hasCandle = true;
      if (this.#quiet.until(index, columns[index] as Candles, candle, candle + 1) > candle)
        this.#passing[index] = candle;
      else this.#setOut(walk);
    }
    if (this.#walkingCount > 0 || (this.#mayLack && this.#isAnybodyDue(closeMs))) this.#walkAll(candleOf, closeMs);
    for (let i = 0; i < due.length; i++) {
      const index = due[i] as number;
      const candle = this.#passing[index] as number;
      if (candle >= 0) this.#quiet.pass(index, columns[index] as Candles, candle);
      this.#passing[index] = -1;
      (this.#walks[index] as Walk).hasCandle = false;
    }
    this.#now.ms = closeMs;
  }

  /** Something is asked of a symbol: wherever it is in its minute, it stands at the price of now. */
  reach(index: number): void {
    if ((this.#passing[index] as number) >= 0) this.#joinIn(index);
    else this.#walker.comeAlong(index);
  }

  /** In the order of symbols, whenever it joins: a list that is emptied for every minute is made anew for every minute. */
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
    for (let index = 0; index < this.#walks.length; index++)
      if ((this.#watches[index] as Watch).deadlineMs <= closeMs || this.#settlements.nextMs(index) < closeMs)
        return true;
    return false;
  }

  #walkAll(candleOf: Uint32Array, closeMs: number): void {
    const walking = this.#walking;
    this.#openedUpTo = -1;
    while (this.#meetDue(closeMs - MINUTE_MS)) continue;
    for (let i = 0; i < this.#walkingCount; i++) {
      const walk = walking[i] as Walk;
      const { index } = walk;
      if (index <= this.#openedUpTo) continue;
      this.#openedUpTo = index;
      this.#acting = index;
      this.#walker.open(walk, this.#columns[index] as Candles, candleOf[index] as number);
    }
    this.#openedUpTo = Number.POSITIVE_INFINITY;
    while (this.#goOn(closeMs)) continue;
    for (let i = 0; i < this.#walkingCount; i++) this.#walker.standClosed(walking[i] as Walk);
    this.#walkingCount = 0;
  }

  /** The first thing that is due to any symbol before the minute opens. @returns false where nothing is */
  #meetDue(openMs: number): boolean {
    let next: Book | undefined;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { book } of this.#walks) {
      const ms = book.lastTicks === 0 ? nextMs : this.#walker.dueMs(book, openMs);
      if (ms >= nextMs) continue;
      next = book;
      nextMs = ms;
    }
    if (next === undefined) return false;
    this.#quiet.catchUp(next.index);
    return this.#walker.meetDue(next, openMs);
  }

  /** The next happening of any of them, or a moment that one who lacks the minute waits for. @returns false where every path is walked */
  #goOn(closeMs: number): boolean {
    const next = this.#walkingCount === 1 ? unlessWalked(this.#walking[0] as Walk) : this.#firstToAct();
    const waiting = this.#mayLack ? this.#firstToWait(next, closeMs) : undefined;
    this.#acting = waiting?.index ?? next?.index ?? this.#acting;
    if (waiting !== undefined) {
      this.#quiet.catchUp(waiting.index);
      this.#walker.tellTime(waiting, (this.#watches[waiting.index] as Watch).deadlineMs, this.#now.ms);
    } else if (next === undefined) return false;
    else if (!this.#walker.goOn(next.book)) this.#walker.beginLeg(next);
    return true;
  }

  /** The book of who lacks the minute and waits for a moment in it that comes before what happens next. */
  #firstToWait(next: Walk | undefined, closeMs: number): Book | undefined {
    let first: Book | undefined;
    let firstMs = closeMs + 1;
    for (const walk of this.#walks) {
      const { book } = walk;
      const { deadlineMs } = this.#watches[walk.index] as Watch;
      if (deadlineMs >= firstMs || this.#walker.isDelivered(deadlineMs, book) || !isLacking(walk)) continue;
      first = book;
      firstMs = deadlineMs;
    }
    if (first === undefined || next === undefined) return first;
    const nextMs = this.#walker.nextMs(next.book);
    return firstMs < nextMs || (firstMs === nextMs && first.index < next.index) ? first : undefined;
  }

  #firstToAct(): Walk | undefined {
    let next: Walk | undefined;
    let nextMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < this.#walkingCount; i++) {
      const walk = this.#walking[i] as Walk;
      if (walk.leg > LAST_LEG) continue;
      const ms = this.#walker.nextMs(walk.book);
      if (ms >= nextMs) continue;
      next = walk;
      nextMs = ms;
    }
    return next;
  }

  /** Something is asked of a symbol that was to be passed: it walks from here on, or from its opening. Up to now nothing has happened on its path. */
  #joinIn(index: number): void {
    const nowMs = this.#now.ms;
    const walk = this.#walks[index] as Walk;
    const candle = this.#passing[index] as number;
    this.#passing[index] = -1;
    if (index > this.#openedUpTo) {
      this.#setOut(walk);
      return;
    }
    this.#walker.open(walk, this.#columns[index] as Candles, candle);
    const { book } = walk;
    // Of two that come to the end of a leg at once the first goes on first.
    while (walk.leg < LAST_LEG && (book.legEndMs < nowMs || (book.legEndMs === nowMs && index < this.#acting))) {
      book.standAt(1);
      this.#walker.beginLeg(walk);
    }
    book.standAt(book.progressAt(nowMs));
    this.#now.ms = nowMs;
    this.#setOut(walk);
  }
}

function unlessWalked(walk: Walk): Walk | undefined {
  return walk.leg > LAST_LEG ? undefined : walk;
}
