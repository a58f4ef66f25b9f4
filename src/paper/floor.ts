/**
 * The exchange without its network: one market, any number of accounts, and time that passes over both.
 *
 * Everything that happens, happens in `advanceTo` (ticks of the market, funding, triggers, cancel-all-after, in the order of their time) or in
 * a request at the present moment. The same calls at the same times give the same exchange, to the last id.
 */
import { MINUTE_MS } from '../core/market/candle.ts';
import type { FillModel } from '../sim/matching/fill-model.ts';
import { Matcher, type MatcherCounts } from '../sim/matching/matcher.ts';
import { type AccountOptions, Desk } from './desk/desk.ts';
import type { DeskWatcher } from './desk/desk-watcher.ts';
import { type IdCounts, Ids } from './desk/ids.ts';
import { type Depth, depthOf } from './market/depth.ts';
import { type Listing, listingsOf, type Slot } from './market/listing.ts';
import { FUNDING_MINUTES, type MarketSource, type SourceTick } from './market/market-source.ts';
import { Tape, type TapeTrade } from './market/tape.ts';
import { SavedDeskInSteps, type SavedDeskStep } from './saved/desk-changes.ts';
import { optionsOf, type SavedDesk } from './saved/saved-desk.ts';

export interface FloorWatcher extends DeskWatcher {
  ticked(listing: Listing, trade: TapeTrade | undefined, hasMinuteEnded: boolean): void;
  /** A minute was called closed by the market's maker. */
  minuteTold(listing: Listing): void;
  settled(listing: Listing): void;
}

/** What has to happen to sleeping orders and attached ones after the market or a request has moved something. */
export interface Aftermath {
  afterTick(floor: Floor, listing: Listing, at: number): void;
  afterFills(floor: Floor, desk: Desk, at: number): void;
  atTimeout(floor: Floor, desk: Desk, at: number): void;
}

/** The floor without its market, between two requests. */
export interface SavedFloor {
  readonly at: number;
  readonly ids: IdCounts;
  readonly counts: MatcherCounts;
  readonly shiftTicks: readonly number[];
  /** By listing: where its prices stood. */
  readonly marks: readonly { readonly lastTicks: number; readonly markTicks: number }[];
  readonly desks: readonly SavedDesk[];
}

/** What has happened on it since the step before. */
export interface SavedStep extends Omit<SavedFloor, 'desks'> {
  readonly desks: readonly SavedDeskStep[];
}

/** A saved floor with the steps that came after it. */
export function withSteps(saved: SavedFloor, steps: readonly SavedStep[]): SavedFloor {
  const desks = new Map(saved.desks.map((desk) => [desk.options.uid, new SavedDeskInSteps(desk)]));
  let last: Omit<SavedFloor, 'desks'> = saved;
  for (const { desks: changed, ...rest } of steps) {
    last = rest;
    for (const step of changed) desks.get(step.uid)?.put(step);
  }
  return { ...last, desks: [...desks.values()].map((desk) => desk.whole()) };
}

export interface FloorOptions {
  readonly source: MarketSource;
  readonly model: FillModel;
  readonly watcher: FloorWatcher;
  readonly aftermath: Aftermath;
  /** The moment from which on it lives. */
  readonly at: number;
  readonly saved: SavedFloor | undefined;
}

const FUNDING_MS = FUNDING_MINUTES * MINUTE_MS;

export class Floor {
  readonly listings: readonly Listing[];
  readonly slots: readonly Slot[];
  readonly tapes: readonly Tape[];
  readonly matcher: Matcher;
  readonly source: MarketSource;
  readonly ids: Ids;
  readonly desks: Desk[] = [];
  /** Ticks of the market so far: what the shown book is made from. */
  tickCount = 0;
  readonly #byId = new Map<string, Listing>();
  readonly #byCode = new Map<number, Listing>();
  readonly #watcher: FloorWatcher;
  readonly #aftermath: Aftermath;
  readonly #rates: number[];
  /** Added to whatever the market says, by instrument: prices that an operator moved stay moved. */
  readonly shiftTicks: number[];
  #at: number;
  #touches = 0;
  /** Listings whose minute ended at the moment of the ticks that are being lived through. */
  readonly #ended = new Set<Listing>();

  constructor({ source, model, watcher, aftermath, at, saved }: FloorOptions) {
    this.source = source;
    this.listings = listingsOf(source.instruments);
    this.slots = this.listings.flatMap(({ slots }) => slots);
    this.matcher = new Matcher(
      this.slots.map(({ instrument }) => instrument),
      model,
    );
    this.ids = new Ids(saved?.ids);
    this.#watcher = watcher;
    this.#aftermath = aftermath;
    this.#at = at;
    this.shiftTicks = this.listings.map((_, number) => saved?.shiftTicks[number] ?? 0);
    for (const listing of this.listings) {
      this.#byId.set(listing.instId, listing);
      this.#byCode.set(listing.instIdCode, listing);
    }
    const areTold = source.takeCandles !== undefined;
    this.tapes = source.history.map((history, number) => new Tape(history, source.settled[number] ?? [], areTold));
    this.#rates = this.listings.map((_, number) => source.fundingRateE8(number));
    // Seconds that have passed already belong to history: nobody's orders are met in them.
    while (source.nextAt <= at)
      for (const tick of source.next()) this.#tapeOf(tick).take(this.#shifted(tick, this.listingOf(tick.instId)));
    for (const listing of this.listings) this.#startBooks(listing, at);
    if (saved !== undefined) this.#resume(saved);
  }

  /** Rises with everything that a restart would have to remember; prices alone do not count. */
  get touches(): number {
    return this.#touches;
  }

  touch(): void {
    this.#touches += 1;
  }

  /** The last moment that was lived through. */
  get at(): number {
    return this.#at;
  }

  listing(instId: string): Listing | undefined {
    return this.#byId.get(instId);
  }

  listingByCode(code: number): Listing | undefined {
    return this.#byCode.get(code);
  }

  listingsOfFamily(family: string): readonly Listing[] {
    return this.listings.filter((listing) => listing.family === family);
  }

  tape(listing: Listing): Tape {
    const tape = this.tapes[listing.index];
    if (tape === undefined) throw new RangeError(`${listing.instId} has no tape`);
    return tape;
  }

  fundingRateE8(listing: Listing): number {
    return this.#rates[listing.index] ?? 0;
  }

  /** The settlement of a listing that comes next after `at`: intervals are counted from midnight UTC. */
  nextFundingAt(at: number, { index }: Listing): number {
    const intervalMs = this.source.fundingIntervalMs?.(index) ?? FUNDING_MS;
    return (Math.floor(at / intervalMs) + 1) * intervalMs;
  }

  /** How far from the last price an order may be priced. */
  get priceLimitBps(): number {
    return this.matcher.model.priceLimitBps;
  }

  /** The highest price of a buy and the lowest of a sell (okx-v5.md §2), as the simulator judges them. */
  priceBand(listing: Listing): { readonly buyTicks: number; readonly sellTicks: number } {
    const last = this.bookOf(listing).lastTicks;
    const share = this.priceLimitBps / 10_000;
    return { buyTicks: Math.floor(last * (1 + share)), sellTicks: Math.max(1, Math.ceil(last * (1 - share))) };
  }

  /** Whether the market of a listing stands still because nobody knows its price: nothing is filled, nothing may be placed. */
  isStill(listing: Listing): boolean {
    return this.source.isStill?.(listing.index) ?? false;
  }

  /** The order book as it is shown. */
  depthOf(listing: Listing): Depth {
    const own = (this.shiftTicks[listing.index] ?? 0) === 0 ? this.source.depth?.(listing.index) : undefined;
    return own ?? depthOf(listing, this.bookOf(listing), this.tickCount);
  }

  /** The book that everybody sees: of the listing's first slot. */
  bookOf(listing: Listing) {
    return this.matcher.bookAt((listing.slots[0] as Slot).index);
  }

  open(options: AccountOptions, saved?: SavedDesk): Desk {
    const { ids, slots } = this;
    const markTicks = (listing: Listing) => this.bookOf(listing).markTicks;
    const desk = new Desk(options, { ids, slots, watcher: this.#watcher, markTicks }, this.#at, saved);
    this.desks.push(desk);
    return desk;
  }

  /** Everything but the market, which its source makes again, as plain data. Only between two requests. */
  save(): SavedFloor {
    return { ...this.#saveSelf(), desks: this.desks.map((desk) => desk.save()) };
  }

  /** From now on `takeStep` knows what has changed. */
  noteChanges(): void {
    for (const desk of this.desks) desk.noteChanges();
  }

  /** What has changed since the step before, as plain data; it is taken. Only between two requests. */
  takeStep(): SavedStep {
    return { ...this.#saveSelf(), desks: this.desks.flatMap((desk) => desk.changes?.take(desk) ?? []) };
  }

  #saveSelf(): Omit<SavedFloor, 'desks'> {
    return {
      at: this.#at,
      ids: this.ids.save(),
      counts: this.matcher.save(),
      shiftTicks: this.shiftTicks,
      marks: this.listings.map((listing) => {
        const { lastTicks, markTicks } = this.bookOf(listing);
        return { lastTicks, markTicks };
      }),
    };
  }

  /** Lives through everything until `ms`; an earlier moment changes nothing. */
  advanceTo(ms: number): void {
    while (this.source.nextAt <= ms) {
      // What is heard late happens when it is heard: nothing is filled before it was asked for.
      const at = Math.max(this.#at, this.source.nextAt);
      this.#pass(at);
      this.tickCount += 1;
      for (const tick of this.source.next()) this.#tick(tick.at === at ? tick : { ...tick, at });
      for (const listing of this.#ended) this.#watcher.ticked(listing, undefined, true);
      this.#ended.clear();
      this.#at = at;
      this.#judgeCross(at);
      this.#rates.forEach((_, number) => {
        this.#rates[number] = this.source.fundingRateE8(number);
      });
      this.settle(at);
    }
    this.#pass(ms);
    this.settle(this.#at);
    for (const closed of this.source.takeCandles?.() ?? []) {
      const listing = this.listingOf(closed.instId);
      this.tape(listing).tell(closed);
      this.#watcher.minuteTold(listing);
    }
  }

  /** One step of one listing's market, shifted as the operator said. */
  #tick(given: SourceTick): void {
    const listing = this.listingOf(given.instId);
    const tick = this.#shifted(given, listing);
    const tape = this.tape(listing);
    const hasMinuteEnded = tape.passTo(tick.at) || this.#ended.has(listing);
    this.#ended.delete(listing);
    const trade = tape.take(tick);
    for (const { index } of listing.slots) {
      if (tick.isJump === true) {
        this.#jump(index, tick);
        continue;
      }
      const book = this.matcher.bookAt(index);
      book.quote(tick.lastTicks, tick.bidTicks, tick.askTicks);
      book.offer(tick.volumeLots);
      book.beginLeg(tick.lastTicks, tick.markTicks, tick.at, tick.at);
      while (this.matcher.advance(book, 1)) continue;
    }
    this.#aftermath.afterTick(this, listing, tick.at);
    this.#watcher.ticked(listing, trade, hasMinuteEnded);
  }

  /** Puts the price of a listing somewhere else, now; what was jumped over acts at the new price. The market goes on from there. */
  setPrice(listing: Listing, lastTicks: number, markTicks: number, volumeLots: number): void {
    const tape = this.tape(listing);
    const book = this.bookOf(listing);
    this.shiftTicks[listing.index] = (this.shiftTicks[listing.index] ?? 0) + lastTicks - book.lastTicks;
    const bidTicks = Math.max(1, lastTicks - (book.lastTicks - book.touchTicks(-1)));
    const askTicks = lastTicks + (book.touchTicks(1) - book.lastTicks);
    const at = this.#at;
    const tick: SourceTick = { at, instId: listing.instId, lastTicks, bidTicks, askTicks, markTicks, volumeLots };
    tape.passTo(at);
    const trade = tape.take(tick);
    this.tickCount += 1;
    for (const { index } of listing.slots) this.#jump(index, tick);
    this.#judgeCross(at);
    this.#aftermath.afterTick(this, listing, at);
    this.#watcher.ticked(listing, trade, false);
    this.settle(at);
  }

  /** Settles funding of every position in a listing: at the rate of that moment where its market has told it, else at the present one, or at another. */
  settleFunding(listing: Listing, at: number, asked?: number): void {
    const { settled } = this.tape(listing);
    const told = asked === undefined ? settled.findLast((each) => each.at === at) : undefined;
    const rateE8 = asked ?? told?.rateE8 ?? this.fundingRateE8(listing);
    if (told === undefined) settled.push({ at, rateE8 });
    for (const desk of this.desks)
      for (const slot of listing.slots) this.matcher.settleFunding(desk.account, slot.instrument.instId, rateE8, at);
    this.#watcher.settled(listing);
  }

  /** Acts on what fills have set off, until nothing more comes of it; then every account tells what moved. */
  settle(at: number): void {
    for (const desk of this.desks) this.settleDesk(desk, at);
  }

  settleDesk(desk: Desk, at: number): void {
    while (desk.completed.length > 0 || desk.emptied.size > 0) this.#aftermath.afterFills(this, desk, at);
    if (desk.flush(at)) this.touch();
  }

  listingOf(instId: string): Listing {
    const listing = this.#byId.get(instId);
    if (listing === undefined) throw new RangeError(`"${instId}" is not listed`);
    return listing;
  }

  #resume(saved: SavedFloor): void {
    this.matcher.resume(saved.counts);
    for (const listing of this.listings) {
      const mark = saved.marks[listing.index];
      if (mark === undefined) continue;
      for (const { index } of listing.slots) this.matcher.bookAt(index).start(mark.lastTicks, mark.markTicks, saved.at);
    }
    const living = saved.desks.flatMap((each) => {
      const desk = this.open(optionsOf(each.options), each);
      this.matcher.resumePositions(desk.account);
      return each.orders.flatMap(({ sim }) => (sim === undefined ? [] : [{ account: desk.account, order: sim }]));
    });
    this.matcher.resumeOrders(living);
    for (const desk of this.desks)
      for (const slot of this.slots) for (const sim of desk.account.ordersAt(slot.index)) desk.rejoin(sim);
  }

  #judgeCross(at: number): void {
    for (const desk of this.desks) this.matcher.judgeCross(desk.account, at);
  }

  #tapeOf(tick: SourceTick): Tape {
    return this.tape(this.listingOf(tick.instId));
  }

  #jump(index: number, tick: SourceTick): void {
    const book = this.matcher.bookAt(index);
    book.quote(tick.lastTicks, tick.bidTicks, tick.askTicks);
    book.offer(tick.volumeLots);
    book.beginJump(tick.lastTicks, tick.markTicks, tick.at);
    while (this.matcher.advance(book, 1)) continue;
  }

  #shifted(tick: SourceTick, listing: Listing): SourceTick {
    const shift = this.shiftTicks[listing.index] ?? 0;
    if (shift === 0) return tick;
    const bidTicks = Math.max(1, tick.bidTicks + shift);
    return {
      ...tick,
      lastTicks: Math.max(1, tick.lastTicks + shift),
      bidTicks,
      askTicks: Math.max(bidTicks + 1, tick.askTicks + shift),
      markTicks: Math.max(1, tick.markTicks + shift),
    };
  }

  #startBooks(listing: Listing, at: number): void {
    const tape = this.tape(listing);
    tape.passTo(at);
    for (const { index } of listing.slots) {
      const book = this.matcher.bookAt(index);
      book.start(tape.lastTicks, tape.markTicks, at);
      if (tape.askTicks > tape.bidTicks) book.quote(tape.lastTicks, tape.bidTicks, tape.askTicks);
    }
  }

  /** Time passes up to `ms` without a tick: funding is settled, switches fall, minutes end. */
  #pass(ms: number): void {
    for (;;) {
      const dues = this.listings.map((listing) => this.nextFundingAt(this.#at, listing));
      const due = Math.min(...dues);
      if (due > ms) break;
      this.#timeouts(due);
      this.#at = due;
      for (const [number, listing] of this.listings.entries())
        if (dues[number] === due) this.settleFunding(listing, due);
      this.settle(due);
    }
    this.#timeouts(ms);
    this.#at = Math.max(this.#at, ms);
    for (const listing of this.listings) {
      if (!this.tape(listing).passTo(ms)) continue;
      if (this.source.nextAt > ms) this.#watcher.ticked(listing, undefined, true);
      else this.#ended.add(listing);
    }
  }

  #timeouts(ms: number): void {
    const due = this.desks.filter(({ cancelAllAt }) => cancelAllAt <= ms);
    for (const desk of due.sort((a, b) => a.cancelAllAt - b.cancelAllAt)) {
      this.#at = Math.max(this.#at, desk.cancelAllAt);
      this.#aftermath.atTimeout(this, desk, this.#at);
      this.settleDesk(desk, this.#at);
    }
  }
}
