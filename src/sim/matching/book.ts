/**
 * One instrument of the simulated exchange: where its price stands, where it is going, and what waits for it on the way.
 *
 * A leg is a straight way of last and mark price from one moment to another; `progress` says how much of it lies behind, 0 to 1. A jump is a
 * leg without a way: the price is there at once, and what it jumped over acts at the new price, in the order in which it would have been met.
 * Prices in ticks, sizes in lots, times in UTC milliseconds.
 */
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Side } from '../../core/numbers/units.ts';
import { takeOut } from '../../core/orders/take-out.ts';
import type { SimAccount, SimPosition } from '../account/account.ts';
import { depthLots, type FillModel } from './fill-model.ts';
import { Levels } from './levels.ts';
import type { SimOrder } from './order.ts';

/** A position that waits for the mark at which it dies. */
export interface LiquidationLevel {
  readonly account: SimAccount;
  readonly position: SimPosition;
  levelTicks: number;
  place: Levels<LiquidationLevel> | undefined;
  readonly sequence: number;
}

/** Doubles that stand for whole ticks and milliseconds are off by far less. */
const ROUNDING = 1e-9;
/** A share of a volume that is whole lots is missed by less than this part of it. */
const DUST = 1e-12;
const NEVER = Number.POSITIVE_INFINITY;

export class Book {
  readonly instrument: Instrument;
  readonly index: number;
  readonly #model: FillModel;
  /** 0: no price yet. */
  lastTicks = 0;
  markTicks = 0;
  /** While the market is closed (between two candles) takers wait for its opening. */
  isOpen = false;
  progress = 1;
  legStartMs = 0;
  legEndMs = 0;
  /** The earliest expiry of a living order; Infinity where none has one. */
  nextExpiryMs = Number.POSITIVE_INFINITY;
  #bidOffsetTicks: number;
  #askOffsetTicks: number;
  #fromLast = 0;
  #toLast = 0;
  #fromMark = 0;
  #toMark = 0;
  #isJump = false;
  #volumeLots = 0;
  #makerUsedLots = 0;
  #depthUsedLots = 0;
  readonly #bids = new Levels<SimOrder>('below');
  readonly #asks = new Levels<SimOrder>('above');
  readonly #lastBelow = new Levels<SimOrder>('below');
  readonly #lastAbove = new Levels<SimOrder>('above');
  readonly #markBelow = new Levels<SimOrder>('below');
  readonly #markAbove = new Levels<SimOrder>('above');
  readonly #longs = new Levels<LiquidationLevel>('below');
  readonly #shorts = new Levels<LiquidationLevel>('above');
  readonly #takers: SimOrder[] = [];
  readonly #liquidations = new Map<SimAccount, LiquidationLevel>();
  readonly #expiring: SimOrder[] = [];
  #isCounted = false;
  #wakeBelow = 0;
  #wakeAbove = Number.POSITIVE_INFINITY;
  #met: SimOrder | LiquidationLevel | undefined;
  #metAt = Number.POSITIVE_INFINITY;
  #metBy: 'last' | 'mark' = 'last';

  constructor(instrument: Instrument, index: number, model: FillModel) {
    this.instrument = instrument;
    this.index = index;
    this.#model = model;
    this.#bidOffsetTicks = this.#askOffsetTicks = Math.ceil(model.spreadTicks / 2);
  }

  /** The first price, before anything has moved. */
  start(lastTicks: number, markTicks: number, at: number): void {
    this.lastTicks = lastTicks;
    this.markTicks = markTicks;
    this.legStartMs = this.legEndMs = at;
    this.isOpen = true;
  }

  /** The touch around a last price, as somebody quotes it; it keeps its distance until the next quote. */
  quote(lastTicks: number, bidTicks: number, askTicks: number): void {
    this.#bidOffsetTicks = lastTicks - bidTicks;
    this.#askOffsetTicks = askTicks - lastTicks;
  }

  /** What a buyer (+1) pays or a seller (−1) gets now, before slippage. */
  touchTicks(side: Side): number {
    return Math.max(1, side === 1 ? this.lastTicks + this.#askOffsetTicks : this.lastTicks - this.#bidOffsetTicks);
  }

  /** What will be traded until the next offer: takers and resting orders get their shares of it. */
  offer(volumeLots: number): void {
    this.#volumeLots = volumeLots;
    this.#makerUsedLots = 0;
    this.#depthUsedLots = 0;
  }

  /** Corrects the present offer, keeping what was used of it. */
  offerMore(volumeLots: number): void {
    this.#volumeLots = volumeLots;
  }

  /** Room for every taker and nothing for who rests: nobody trades any more, but what is open can be closed. */
  offerToTakers(): void {
    this.offer(Number.MAX_SAFE_INTEGER);
    this.#makerUsedLots = Number.MAX_SAFE_INTEGER;
  }

  /** Stands still at a price, the market closed. */
  standClosed(lastTicks: number, at: number): void {
    this.lastTicks = lastTicks;
    this.markTicks = lastTicks;
    this.legStartMs = at;
    this.legEndMs = at;
    this.progress = 1;
    this.isOpen = false;
  }

  beginLeg(toLastTicks: number, toMarkTicks: number, startMs: number, endMs: number): void {
    this.#begin(toLastTicks, toMarkTicks, startMs, endMs, false);
  }

  /** The price is there at once; who waits on the way acts at the new price. */
  beginJump(toLastTicks: number, toMarkTicks: number, at: number): void {
    this.#begin(toLastTicks, toMarkTicks, at, at, true);
    this.lastTicks = toLastTicks;
    this.markTicks = toMarkTicks;
  }

  #begin(toLastTicks: number, toMarkTicks: number, startMs: number, endMs: number, isJump: boolean): void {
    this.#fromLast = this.lastTicks;
    this.#fromMark = this.markTicks;
    this.#toLast = toLastTicks;
    this.#toMark = toMarkTicks;
    this.legStartMs = startMs;
    this.legEndMs = endMs;
    this.progress = 0;
    this.#isJump = isJump;
    this.isOpen = true;
  }

  /** The moment at a share of the leg. */
  timeAt(progress: number): number {
    return this.legStartMs + Math.ceil((this.legEndMs - this.legStartMs) * progress - ROUNDING);
  }

  /** The share of the leg at a moment, 0 to 1. */
  progressAt(ms: number): number {
    if (ms <= this.legStartMs) return 0;
    if (ms >= this.legEndMs) return 1;
    return (ms - this.legStartMs) / (this.legEndMs - this.legStartMs);
  }

  /** The share of the leg at which the last price comes to `ticks`; Infinity where it does not, or stands there or beyond already. */
  progressTo(ticks: number): number {
    const isAhead =
      this.#toLast > this.lastTicks
        ? ticks > this.lastTicks && ticks <= this.#toLast
        : ticks < this.lastTicks && ticks >= this.#toLast;
    return isAhead ? (ticks - this.#fromLast) / (this.#toLast - this.#fromLast) : Number.POSITIVE_INFINITY;
  }

  /** Lots that a resting order may still get: a share of what is traded beyond it from there on (pessimistic), or of the whole offer. */
  makerLotsLeft(order: SimOrder, progress = this.progress): number {
    const beyond = this.#model.outlook === 'pessimistic' && !this.#isJump ? this.#shareBeyond(order, progress) : 1;
    return Math.floor(this.#volumeLots * this.#model.participation * beyond * (1 + DUST)) - this.#makerUsedLots;
  }

  /** The share of the leg that lies ahead and beyond an order: a price that comes back through it leaves it behind at its limit. */
  #shareBeyond({ side, priceTicks }: SimOrder, progress: number): number {
    const way = this.#toLast - this.#fromLast;
    const endsAt = side * way > 0 ? Math.min(1, (priceTicks - this.#fromLast) / way) : 1;
    return Math.max(0, endsAt - progress);
  }

  depthLotsLeft(): number {
    return Math.max(0, depthLots(this.#model, this.instrument, this.#volumeLots, this.lastTicks) - this.#depthUsedLots);
  }

  useMaker(sizeLots: number): void {
    this.#makerUsedLots += sizeLots;
  }

  useDepth(sizeLots: number): void {
    this.#depthUsedLots += sizeLots;
  }

  addResting(order: SimOrder): void {
    this.#add(order, order.side === 1 ? this.#bids : this.#asks);
  }

  addTrigger(order: SimOrder, acts: 'below' | 'above'): void {
    if (order.by === 'mark') this.#add(order, acts === 'below' ? this.#markBelow : this.#markAbove);
    else this.#add(order, acts === 'below' ? this.#lastBelow : this.#lastAbove);
  }

  addTaker(order: SimOrder): void {
    this.#takers.push(order);
    this.#remember(order, 'takers');
  }

  /** The first order on its way to the market that can do something now: a market order needs depth, the others end one way or the other. */
  nextTaker(): SimOrder | undefined {
    if (this.#takers.length === 0) return undefined;
    const hasDepth = this.depthLotsLeft() > 0;
    for (const order of this.#takers) if (hasDepth || order.priceTicks > 0) return order;
    return undefined;
  }

  /** A position whose end a jump has passed: it is gone before anybody acts at the new price. Undefined on a way: there it is met in its turn. */
  jumpedPosition(): LiquidationLevel | undefined {
    if (!this.#isJump) return undefined;
    if (this.#longs.nearestTicks(0) >= this.markTicks) return this.#longs.nearest;
    return this.#shorts.nearestTicks(NEVER) <= this.markTicks ? this.#shorts.nearest : undefined;
  }

  /** Takes an order out of wherever it waits. */
  forget(order: SimOrder): void {
    const place = order.waitsIn;
    if (place === undefined) return;
    if (place === 'takers') takeOut(this.#takers, this.#takers.indexOf(order));
    else place.remove(order);
    order.waitsIn = undefined;
    this.#isCounted = false;
    if (order.expiresAt !== undefined) {
      takeOut(this.#expiring, this.#expiring.indexOf(order));
      this.nextExpiryMs = this.#expiring.reduce(
        (first, each) => Math.min(first, each.expiresAt ?? first),
        Number.POSITIVE_INFINITY,
      );
    }
  }

  firstToExpire(): SimOrder | undefined {
    return this.#expiring.find((order) => order.expiresAt === this.nextExpiryMs);
  }

  /** Moves the mark at which an account's position dies; 0 takes it away. */
  setLiquidation(account: SimAccount, position: SimPosition, levelTicks: number): void {
    let level = this.#liquidations.get(account);
    if (level === undefined) {
      level = {
        account,
        position,
        levelTicks: 0,
        place: undefined,
        sequence: Number.MIN_SAFE_INTEGER + this.#liquidations.size,
      };
      this.#liquidations.set(account, level);
    }
    level.place?.remove(level);
    level.levelTicks = levelTicks;
    level.place = levelTicks === 0 ? undefined : position.side === 1 ? this.#longs : this.#shorts;
    level.place?.add(level);
    this.#isCounted = false;
  }

  /** The nearest price below at which anything acts; Infinity while something waits for nothing but the next move. */
  get wakeBelowTicks(): number {
    if (!this.#isCounted) this.#count();
    return this.#wakeBelow;
  }

  /** The nearest price above at which anything acts. */
  get wakeAboveTicks(): number {
    if (!this.#isCounted) this.#count();
    return this.#wakeAbove;
  }

  /** Side of the resting order nearest to the price; undefined: none rests. */
  restingSide(): Side | undefined {
    const bid = this.#bids.nearest;
    const ask = this.#asks.nearest;
    if (bid === undefined) return ask === undefined ? undefined : -1;
    if (ask === undefined) return 1;
    return this.lastTicks - bid.levelTicks <= ask.levelTicks - this.lastTicks ? 1 : -1;
  }

  /** Goes to the first thing that acts at or before `until` and stands there; undefined: nothing acts, and the price stands at `until`. */
  meet(until: number): SimOrder | LiquidationLevel | undefined {
    if (this.#nothingOnTheWay()) {
      this.standAt(until);
      return undefined;
    }
    this.#lookAhead();
    const met = this.#met as SimOrder | LiquidationLevel | undefined;
    if (met === undefined || this.#metAt > until) {
      this.standAt(until);
      return undefined;
    }
    if (!this.#isJump && this.#metAt > this.progress) {
      this.standAt(this.#metAt);
      if (this.#metBy === 'last') this.lastTicks = met.levelTicks;
      if (this.#metBy === 'mark') this.markTicks = met.levelTicks;
      if (this.#fromLast === this.#fromMark && this.#toLast === this.#toMark)
        this.lastTicks = this.markTicks = met.levelTicks;
    }
    return met;
  }

  /** The share of the leg at which `meet` would find something, if nothing changes; Infinity: nothing on it. */
  nextMeetingAt(): number {
    if (this.#nothingOnTheWay()) return Number.POSITIVE_INFINITY;
    this.#lookAhead();
    return this.#metAt;
  }

  /** What acts next on the leg, and where. */
  #lookAhead(): void {
    this.#met = undefined;
    this.#metAt = Number.POSITIVE_INFINITY;
    this.#consider(this.#longs, 'mark', 'below');
    this.#consider(this.#shorts, 'mark', 'above');
    this.#consider(this.#markBelow, 'mark', 'below');
    this.#consider(this.#markAbove, 'mark', 'above');
    this.#consider(this.#lastBelow, 'last', 'below');
    this.#consider(this.#lastAbove, 'last', 'above');
    this.#considerResting(this.#bids, 'below');
    this.#considerResting(this.#asks, 'above');
  }

  #nothingOnTheWay(): boolean {
    const below = Math.min(this.lastTicks, this.#toLast, this.markTicks, this.#toMark);
    const above = Math.max(this.lastTicks, this.#toLast, this.markTicks, this.#toMark);
    return below > this.wakeBelowTicks && above < this.wakeAboveTicks;
  }

  /** Stands at a share of the leg, if it is not past it. */
  standAt(progress: number): void {
    if (this.#isJump || progress < this.progress) return;
    this.progress = progress;
    this.lastTicks = between(this.#fromLast, this.#toLast, progress);
    this.markTicks = between(this.#fromMark, this.#toMark, progress);
  }

  #consider(levels: Levels<SimOrder> | Levels<LiquidationLevel>, by: 'last' | 'mark', acts: 'below' | 'above'): void {
    const nearest = levels.nearest;
    if (nearest === undefined) return;
    const at = this.#progressOf(nearest, by, acts);
    if (at > this.#metAt || (at === this.#metAt && nearest.sequence > (this.#met?.sequence ?? 0))) return;
    if (at === Number.POSITIVE_INFINITY) return;
    this.#met = nearest;
    this.#metAt = at;
    this.#metBy = by;
  }

  #considerResting(levels: Levels<SimOrder>, acts: 'below' | 'above'): void {
    const nearest = levels.nearest;
    if (nearest === undefined) return;
    const at = this.#progressOf(nearest, 'last', acts);
    if (at === Number.POSITIVE_INFINITY || this.makerLotsLeft(nearest, at) < 1) return;
    this.#consider(levels, 'last', acts);
  }

  /** The share of the leg at which a level is met: now, where the price stands at or beyond it already. */
  #progressOf(level: SimOrder | LiquidationLevel, by: 'last' | 'mark', acts: 'below' | 'above'): number {
    const now = by === 'last' ? this.lastTicks : this.markTicks;
    const from = by === 'last' ? this.#fromLast : this.#fromMark;
    const to = by === 'last' ? this.#toLast : this.#toMark;
    const sign = acts === 'below' ? 1 : -1;
    const isIn = sign * (level.levelTicks - now) >= 0;
    if (isIn && this.#isJump)
      return sign * (level.levelTicks - from) >= 0 ? 0 : (level.levelTicks - from) / (to - from);
    if (isIn) return this.progress;
    return sign * (level.levelTicks - to) >= 0 ? (level.levelTicks - from) / (to - from) : Number.POSITIVE_INFINITY;
  }

  #add(order: SimOrder, levels: Levels<SimOrder>): void {
    levels.add(order);
    this.#remember(order, levels);
  }

  #remember(order: SimOrder, place: Levels<SimOrder> | 'takers'): void {
    order.waitsIn = place;
    this.#isCounted = false;
    if (order.expiresAt !== undefined) {
      this.#expiring.push(order);
      this.nextExpiryMs = Math.min(this.nextExpiryMs, order.expiresAt);
    }
  }

  #count(): void {
    const isRestless = this.#takers.length > 0;
    this.#wakeBelow = isRestless
      ? Number.POSITIVE_INFINITY
      : Math.max(
          this.#bids.nearestTicks(0),
          this.#lastBelow.nearestTicks(0),
          this.#markBelow.nearestTicks(0),
          this.#longs.nearestTicks(0),
        );
    this.#wakeAbove = Math.min(
      this.#asks.nearestTicks(NEVER),
      this.#lastAbove.nearestTicks(NEVER),
      this.#markAbove.nearestTicks(NEVER),
      this.#shorts.nearestTicks(NEVER),
    );
    this.#isCounted = true;
  }
}

function between(from: number, to: number, progress: number): number {
  const way = (to - from) * progress;
  return from + Math.trunc(way + (way > 0 ? ROUNDING : -ROUNDING));
}
