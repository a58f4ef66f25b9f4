/**
 * One symbol on the path of its candle: what comes due before the opening, the opening, three legs, and on each whatever happens first.
 *
 * Whenever something happened the trader settles it, and what is then asked acts before the price goes on.
 */
import type { CoreEvent } from '../../core/event.ts';
import { type Candles, MINUTE_MS } from '../../core/market/candle.ts';
import { ticks } from '../../core/numbers/units.ts';
import type { SimAccount } from '../account/account.ts';
import type { Book } from '../matching/book.ts';
import type { Matcher } from '../matching/matcher.ts';
import { isLacking, isLowFirst, LAST_LEG, LEG_MS, legVolumes, newWalk, type Walk } from './path.ts';
import type { QuietCandles } from './quiet.ts';
import type { Settlements } from './settlements.ts';
import type { Trader, Watch } from './trader.ts';
import type { Moment, VenueParts } from './venue-parts.ts';

export class Walker {
  /** By symbol: where it stands on the path of its candle. */
  readonly walks: readonly Walk[];
  readonly #trader: Trader;
  readonly #hear: (event: CoreEvent) => void;
  readonly #watches: readonly Watch[];
  readonly #matcher: Matcher;
  readonly #account: SimAccount;
  readonly #settlements: Settlements;
  readonly #quiet: QuietCandles;
  readonly #now: Moment;
  /** The deadline last delivered, by symbol: one that the core leaves standing is not delivered twice. */
  readonly #deliveredMs: Float64Array;

  constructor({ trader, matcher, account, now }: VenueParts, settlements: Settlements, quiet: QuietCandles) {
    this.#trader = trader;
    this.#hear = (event) => trader.hear(event);
    this.#watches = trader.watches;
    this.#matcher = matcher;
    this.#account = account;
    this.#settlements = settlements;
    this.#quiet = quiet;
    this.#now = now;
    this.walks = matcher.books.map((book, index) => newWalk(index, book));
    this.#deliveredMs = new Float64Array(matcher.books.length).fill(Number.NaN);
  }

  /** The whole path of candle `i`, for a symbol alone. */
  walk(index: number, candles: Candles, i: number): void {
    const walk = this.walks[index] as Walk;
    this.open(walk, candles, i);
    for (;;) {
      if (this.goOn(walk.book)) continue;
      if (!this.beginLeg(walk)) break;
    }
    this.standClosed(walk);
  }

  /** To the opening and what happens there; the first leg lies ahead. */
  open(walk: Walk, candles: Candles, i: number): void {
    const { index, book, toTicks } = walk;
    this.#quiet.wake(index);
    const openMs = (candles.openMinute[i] as number) * MINUTE_MS;
    const open = candles.openTicks[i] as number;
    const high = candles.highTicks[i] as number;
    const low = candles.lowTicks[i] as number;
    const close = candles.closeTicks[i] as number;
    const volume = candles.volumeLots[i] as number;
    if (book.lastTicks === 0) this.#firstCandle(book, open, openMs);
    while (this.meetDue(book, openMs)) continue;
    const position = this.#account.positionAt(index);

    // Takers that waited for the opening act before the order of the extremes, and with it the volume of the first leg, is known.
    book.offer(Math.floor(volume / 3));
    book.beginJump(open, open, openMs);
    while (this.goOn(book)) continue;
    const watch = this.#watches[index] as Watch;
    if (open <= watch.watchBelowTicks || open >= watch.watchAboveTicks) {
      this.#tellPrice(book, openMs);
      while (this.goOn(book)) continue;
    }

    const stake = { positionSide: position.lots > 0 ? position.side : undefined, restingSide: book.restingSide() };
    const lowFirst = isLowFirst(this.#matcher.model.outlook, stake, open, close);
    toTicks[0] = lowFirst ? low : high;
    toTicks[1] = lowFirst ? high : low;
    toTicks[LAST_LEG] = close;
    legVolumes(volume, Math.abs(open - toTicks[0]), high - low, Math.abs(close - toTicks[1]), walk.lots);
    walk.openMs = openMs;
    walk.leg = -1;
    this.beginLeg(walk);
  }

  /** @returns false after the last */
  beginLeg(walk: Walk): boolean {
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

  standClosed({ book, toTicks, openMs }: Walk): void {
    book.standClosed(toTicks[LAST_LEG] as number, openMs + MINUTE_MS);
    this.#now.ms = openMs + MINUTE_MS;
  }

  /** When on its leg something of this symbol happens next, or when the leg ends; moves nothing. */
  nextMs(book: Book): number {
    const watch = this.#watches[book.index] as Watch;
    const dueAt = this.#isDue(watch, book) ? book.progressAt(watch.deadlineMs) : Number.POSITIVE_INFINITY;
    const watchedAt = Math.min(book.progressTo(watch.watchBelowTicks), book.progressTo(watch.watchAboveTicks));
    return book.timeAt(this.#matcher.nextAt(book, Math.min(1, dueAt, watchedAt)));
  }

  /** Goes to what happens next: something acts, a watch price is met, a deadline comes. @returns false at the end of the leg */
  goOn(book: Book): boolean {
    const watch = this.#watches[book.index] as Watch;
    const { deadlineMs } = watch;
    const isDue = this.#isDue(watch, book);
    const dueAt = isDue ? book.progressAt(deadlineMs) : Number.POSITIVE_INFINITY;
    const watchedAt = Math.min(book.progressTo(watch.watchBelowTicks), book.progressTo(watch.watchAboveTicks));
    const until = Math.min(1, dueAt, watchedAt);
    const acted = this.#matcher.advance(book, until);
    this.#now.ms = book.timeAt(book.progress);
    if (acted) {
      this.#trader.settle();
      // Where the price stands already nothing more comes to it: what acted happened beyond the price that was last told.
      if (book.lastTicks <= watch.watchBelowTicks || book.lastTicks >= watch.watchAboveTicks)
        this.#tellPrice(book, this.#now.ms);
    } else if (isDue && dueAt <= until) this.tellTime(book, deadlineMs, this.#now.ms);
    else if (watchedAt <= until) this.#tellPrice(book, this.#now.ms);
    else return false;
    return true;
  }

  #isDue({ deadlineMs }: Watch, book: Book): boolean {
    return deadlineMs <= book.legEndMs && !this.isDelivered(deadlineMs, book);
  }

  isDelivered(deadlineMs: number, { index }: Book): boolean {
    return deadlineMs === this.#deliveredMs[index];
  }

  /** When the first of what is due in the time without candles up to and including an opening is due; Infinity: nothing is. */
  dueMs(book: Book, openMs: number): number {
    const { deadlineMs } = this.#watches[book.index] as Watch;
    const fundingMs = this.#settlements.nextMs(book.index);
    const isDue = deadlineMs <= openMs && !this.isDelivered(deadlineMs, book);
    if (fundingMs <= openMs && (!isDue || fundingMs <= deadlineMs)) return fundingMs;
    return isDue ? deadlineMs : Number.POSITIVE_INFINITY;
  }

  /** The first of that happens, at the price before the opening; settlements before deadlines. @returns false where nothing is due */
  meetDue(book: Book, openMs: number): boolean {
    const dueMs = this.dueMs(book, openMs);
    if (dueMs === Number.POSITIVE_INFINITY) return false;
    if (dueMs === this.#settlements.nextMs(book.index)) {
      this.#now.ms = dueMs;
      this.#settlements.settle(book, dueMs);
      this.#trader.settle();
    } else this.tellTime(book, dueMs, Math.max(book.legEndMs, this.#now.ms));
    return true;
  }

  /** What happens to one symbol may ask something of another that is on its own path: its price is that of now. Up to now nothing has happened there. */
  comeAlong(index: number): void {
    const { book, leg } = this.walks[index] as Walk;
    const nowMs = this.#now.ms;
    if (leg <= LAST_LEG && book.timeAt(book.progress) < nowMs) book.standAt(book.progressAt(nowMs));
  }

  /** A deadline of a symbol comes, or has come before `notBeforeMs`. */
  tellTime(book: Book, deadlineMs: number, notBeforeMs: number): void {
    this.#deliveredMs[book.index] = deadlineMs;
    const at = Math.max(deadlineMs, notBeforeMs);
    this.#now.ms = at;
    this.#hearPrice(book, at);
    this.#hearOthersDue(book, at);
    this.#hear({ kind: 'time', at });
    this.#trader.settle();
  }

  /** The time is heard for all: who of several symbols waits for it too has the price of now. */
  #hearOthersDue(first: Book, at: number): void {
    for (const walk of this.walks) {
      const { index, book, leg } = walk;
      if (book === first || (this.#watches[index] as Watch).deadlineMs > at) continue;
      if (leg <= LAST_LEG) this.comeAlong(index);
      else if (isLacking(walk)) this.#quiet.catchUp(index);
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

  #firstCandle(book: Book, openTicks: number, openMs: number): void {
    book.start(openTicks, openTicks, openMs);
    book.isOpen = false;
    this.#settlements.begin(book, openMs);
  }
}
