/**
 * The simulated exchange: prices travel, and every order whose price lies on the way acts when it is met.
 *
 * One matcher for backtest, demo and paper exchange; any number of accounts and instruments. No clock and no chance: the same calls give the
 * same fills, ids are counters. Prices in ticks, sizes in lots, times in UTC milliseconds.
 *
 * A caller who only watches a market calls `move`. A caller who must think between two fills (walker.ts) calls `offer`, then `beginLeg` and
 * `advance` until nothing acts any more. Met at one price: liquidations first, then orders by age.
 * Deliberately absent: matching between accounts, self-trade prevention, order books with depth. Fill rules: fill-model.ts.
 */

import type { Instrument } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { opposite, type Side } from '../../core/numbers/units.ts';
import type { Booking, SimAccount } from '../account/account.ts';
import { actsBelow, changedTerms, isTrigger, malformed, reject } from './admission.ts';
import { Book, type LiquidationLevel } from './book.ts';
import { type FillModel, feeRate, fillLevelTicks, takerTicks } from './fill-model.ts';
import {
  type EndCause,
  type OrderChange,
  type OrderRequest,
  type Rejection,
  remainingLots,
  type SavedOrder,
  type SimFill,
  type SimOrder,
  type SimTerms,
} from './order.ts';

/** One step of a market: where the price stands now, and what was traded on the way there. */
export interface MarketMove {
  readonly instId: string;
  readonly lastTicks: number;
  /** The last price where nobody marks. */
  readonly markTicks?: number;
  /** The touch, where somebody quotes it; else half the model's spread on either side. */
  readonly bidTicks?: number;
  readonly askTicks?: number;
  readonly volumeLots: number;
  /** The move takes place between the one before and now. */
  readonly at: number;
}

const NO_FEE = feeRate(decimal('0'));

export interface MatcherCounts {
  readonly orders: number;
  readonly trades: number;
  readonly sequence: number;
}

export class Matcher {
  readonly instruments: readonly Instrument[];
  readonly model: FillModel;
  readonly books: readonly Book[];
  readonly #indexes = new Map<string, number>();
  #orders = 0;
  #trades = 0;
  #sequence = 0;

  constructor(instruments: readonly Instrument[], model: FillModel) {
    this.instruments = instruments;
    this.model = model;
    this.books = instruments.map((instrument, index) => new Book(instrument, index, model));
    instruments.forEach((instrument, index) => this.#indexes.set(instrument.instId, index));
  }

  /** The counters, to go on with after a restart: no number is given twice. */
  save(): MatcherCounts {
    return { orders: this.#orders, trades: this.#trades, sequence: this.#sequence };
  }

  /** Goes on from saved counters; before anything was placed. */
  resume(counts: MatcherCounts): void {
    this.#orders = counts.orders;
    this.#trades = counts.trades;
    this.#sequence = counts.sequence;
  }

  /** Puts the living orders of resumed accounts back where they waited, without telling anybody; prices must stand already. */
  resumeOrders(saved: readonly { readonly account: SimAccount; readonly order: SavedOrder }[]): void {
    const living = saved.map(({ account, order: { isTaker, ...plain } }) => {
      const order: SimOrder = { ...plain, account, cause: undefined, waitsIn: undefined };
      return { account, order, isTaker };
    });
    for (const { account, order } of living.toSorted((a, b) => a.order.id - b.order.id)) account.add(order);
    for (const { order, isTaker } of living.toSorted((a, b) => a.order.sequence - b.order.sequence)) {
      const book = this.bookAt(order.index);
      if (isTaker) book.addTaker(order);
      else if (order.state === 'asleep') book.addTrigger(order, actsBelow(order.type, order.side) ? 'below' : 'above');
      else book.addResting(order);
    }
  }

  /** Watches the positions of a resumed account. */
  resumePositions(account: SimAccount): void {
    for (const book of this.books) this.#watchLiquidation(book, account);
  }

  indexOf(instId: string): number | undefined {
    return this.#indexes.get(instId);
  }

  bookAt(index: number): Book {
    const book = this.books[index];
    if (book === undefined) throw new RangeError(`there is no instrument number ${index}`);
    return book;
  }

  /** Takes an order or says why not. Taken, it may fill or end before this returns: the listener hears it in order. */
  place(account: SimAccount, request: OrderRequest, at: number): SimOrder | Rejection {
    const index = this.#indexes.get(request.instId);
    if (index === undefined) return reject('unknown-instrument', `"${request.instId}" is not traded here`);
    const book = this.bookAt(index);
    if (account.order(request.clientId) !== undefined)
      return reject('duplicate-client-id', `a living order has the client id "${request.clientId}" already`);
    if (request.expiresAt !== undefined && request.expiresAt <= at)
      return reject('already-expired', `the order expired at ${request.expiresAt}, now is ${at}`);
    const objection = this.#objection(account, book, request, undefined);
    if (objection !== undefined) return objection;

    const order = this.#newOrder(account, book, request, at);
    account.add(order);
    account.listener.accepted(order, at);
    if (order.state === 'asleep') this.#await(book, order);
    else if (!order.reduceOnly || this.#fitsPosition(book, order, at)) this.#enter(book, order, at);
    return order;
  }

  /** Ends a living order. @returns whether it was living */
  cancel(account: SimAccount, clientId: string, at: number): boolean {
    const order = account.order(clientId);
    if (order === undefined) return false;
    this.#end(this.bookAt(order.index), order, 'cancelled', at);
    return true;
  }

  /** Changes a living order, or says why it stands as it was. It loses its place in the queue. */
  amend(account: SimAccount, clientId: string, change: OrderChange, at: number): SimOrder | Rejection {
    const order = account.order(clientId);
    if (order === undefined) return reject('unknown-order', `no living order has the client id "${clientId}"`);
    const book = this.bookAt(order.index);
    const changed = changedTerms(order, change);
    if (changed === undefined)
      return reject(
        'not-amendable',
        `order "${clientId}" of type ${order.type} has no such price, or waits for the market to open`,
      );
    const request: OrderRequest = {
      clientId,
      instId: order.instId,
      side: order.side,
      reduceOnly: order.reduceOnly,
      terms: changed,
      sizeLots: change.sizeLots ?? order.sizeLots,
    };
    if (request.sizeLots <= order.filledLots)
      return reject(
        'size-below-filled',
        `order "${clientId}" has already filled ${order.filledLots} lots, the new size is ${request.sizeLots}`,
      );
    const objection = this.#objection(account, book, request, order);
    if (objection !== undefined) return objection;
    const isPriced = 'priceTicks' in changed;
    if (isPriced && order.postOnly && wouldTake(book, order.side, changed.priceTicks))
      return reject('post-only-would-take', `order "${clientId}" is post-only and would take at the new price`);

    book.forget(order);
    if (isPriced) order.priceTicks = changed.priceTicks;
    if (isTrigger(changed)) order.triggerTicks = changed.triggerTicks;
    if (change.sizeLots !== undefined) order.sizeLots = order.requestedLots = change.sizeLots;
    order.frozenTicks = this.#frozenTicks(book, order.side, changed);
    order.updatedAt = at;
    account.refreeze(order.index);
    account.listener.amended(order, at);
    if (order.state === 'asleep') this.#await(book, order);
    else if (!order.reduceOnly || this.#fitsPosition(book, order, at)) this.#enter(book, order, at);
    return order;
  }

  /** Sets the leverage of an instrument for one account, or says why not. */
  setLeverage(account: SimAccount, instId: string, leverage: number, at: number): Rejection | undefined {
    const index = this.#indexes.get(instId);
    if (index === undefined) return reject('unknown-instrument', `"${instId}" is not traded here`);
    const objection = account.setLeverage(index, leverage);
    if (objection !== undefined) return objection;
    this.#watchLiquidation(this.bookAt(index), account);
    account.listener.leverageSet(instId, leverage, at);
    return undefined;
  }

  /** Adds margin to one account's position, or takes some away (negative), or says why not. Whole 10⁻⁸ USDT. */
  moveMargin(account: SimAccount, instId: string, units: number): Rejection | undefined {
    const index = this.#indexes.get(instId);
    if (index === undefined) return reject('unknown-instrument', `"${instId}" is not traded here`);
    const objection = account.moveMargin(index, units);
    if (objection === undefined) this.#watchLiquidation(this.bookAt(index), account);
    return objection;
  }

  /** Takes lots of one account's position over at the mark, without a fee: what an exchange does to winners when losers cannot pay. */
  deleverage(account: SimAccount, instId: string, sizeLots: number, at: number): void {
    const index = this.#indexes.get(instId);
    const position = index === undefined ? undefined : account.positionAt(index);
    if (index === undefined || position === undefined || position.lots < sizeLots || sizeLots < 1)
      throw new RangeError(`${instId}: there are no ${sizeLots} lots to take over`);
    const book = this.bookAt(index);
    const side = opposite(position.side);
    const priceTicks = book.markTicks;
    this.#trades += 1;
    const booking = account.fill(index, side, sizeLots, priceTicks, NO_FEE, at, this.#trades);
    this.#tellTakenOver(account, book, { side, sizeLots, priceTicks }, booking, at);
  }

  /** Liquidates all crossed positions of an account whose equity no longer covers them; its caller asks after every move of a mark. */
  judgeCross(account: SimAccount, at: number): void {
    if (account.cross === undefined) return;
    const { neededUnits } = account.crossWeights;
    if (neededUnits === 0 || account.crossEquityUnits > neededUnits) return;
    for (const index of account.cross.indexes)
      for (const order of account.ordersAt(index).slice()) this.#end(this.bookAt(index), order, 'liquidation', at);
    for (const index of account.cross.indexes) {
      const { lots, side } = account.positionAt(index);
      if (lots === 0) continue;
      const book = this.bookAt(index);
      const priceTicks = book.markTicks;
      this.#trades += 1;
      const booking = account.liquidateCross(index, priceTicks, at, this.#trades);
      this.#tellTakenOver(account, book, { side: opposite(side), sizeLots: lots, priceTicks }, booking, at);
    }
  }

  /** Settles funding of one account's position on the mark. */
  settleFunding(account: SimAccount, instId: string, rateE8: number, at: number): void {
    const index = this.#indexes.get(instId);
    if (index === undefined || account.positionAt(index).lots === 0) return;
    const book = this.bookAt(index);
    const units = account.settleFunding(index, book.markTicks, rateE8);
    this.#watchLiquidation(book, account);
    account.listener.funded(instId, units, at);
  }

  /** The whole of one step of a market: offers its volume and travels there, everything on the way acts. */
  move(move: MarketMove): void {
    const index = this.#indexes.get(move.instId);
    if (index === undefined) throw new RangeError(`"${move.instId}" is not traded here`);
    const book = this.bookAt(index);
    const markTicks = move.markTicks ?? move.lastTicks;
    if (book.lastTicks === 0) book.start(move.lastTicks, markTicks, move.at);
    if (move.bidTicks !== undefined && move.askTicks !== undefined)
      book.quote(move.lastTicks, move.bidTicks, move.askTicks);
    book.offer(move.volumeLots);
    book.beginLeg(move.lastTicks, markTicks, book.legEndMs, move.at);
    while (this.advance(book, 1)) continue;
  }

  /** The share of the leg at which `advance` would act or stop: at most `until`. Moves nothing. */
  nextAt(book: Book, until: number): number {
    if (book.nextExpiryMs <= book.timeAt(book.progress) || book.nextTaker() !== undefined) return book.progress;
    const bound = book.nextExpiryMs <= book.timeAt(until) ? Math.min(until, book.progressAt(book.nextExpiryMs)) : until;
    return Math.min(bound, Math.max(book.progress, book.nextMeetingAt()));
  }

  /**
   * Goes on along the leg to the first thing that acts before `until` (a share of the leg), and lets it act.
   * @returns false where nothing acted and the price stands at `until`
   */
  advance(book: Book, until: number): boolean {
    const gone = book.jumpedPosition();
    if (gone !== undefined) {
      this.#liquidate(book, gone, book.timeAt(book.progress));
      return true;
    }
    if (book.nextExpiryMs <= book.timeAt(book.progress)) return this.#expire(book);
    const bound = book.nextExpiryMs <= book.timeAt(until) ? Math.min(until, book.progressAt(book.nextExpiryMs)) : until;
    const taker = book.nextTaker();
    if (taker !== undefined) {
      this.#take(book, taker, book.timeAt(book.progress));
      return true;
    }
    const met = book.meet(bound);
    if (met === undefined) return book.nextExpiryMs <= book.timeAt(book.progress) && this.#expire(book);
    const at = book.timeAt(book.progress);
    if ('position' in met) this.#liquidate(book, met, at);
    else if (met.state === 'asleep') this.#wake(book, met, at);
    else this.#fill(book, met, Math.min(remainingLots(met), book.makerLotsLeft(met)), met.priceTicks, 'maker', at);
    return true;
  }

  /** Why an order is not taken as it is asked for; `amended` is the living one whose place it is to take. */
  #objection(
    account: SimAccount,
    book: Book,
    request: OrderRequest,
    amended: SimOrder | undefined,
  ): Rejection | undefined {
    const { index, instrument, lastTicks, markTicks } = book;
    const { priceLimitBps, reduceOnlyExcess } = this.model;
    const reducibleLots = account.reducibleLots(index, request.side);
    const toFill = { ...request, sizeLots: request.sizeLots - (amended?.filledLots ?? 0) };
    const frozenTicks = this.#frozenTicks(book, request.side, request.terms);
    return (
      malformed(instrument, request, lastTicks, markTicks, priceLimitBps, reducibleLots) ??
      account.objection(index, toFill, frozenTicks, reduceOnlyExcess, amended)
    );
  }

  #newOrder(account: SimAccount, book: Book, request: OrderRequest, at: number): SimOrder {
    const { terms } = request;
    const trigger = isTrigger(terms);
    this.#orders += 1;
    return {
      id: this.#orders,
      clientId: request.clientId,
      account,
      index: book.index,
      instId: request.instId,
      side: request.side,
      reduceOnly: request.reduceOnly,
      type: terms.type,
      postOnly: terms.type === 'limit' && terms.postOnly,
      by: trigger ? terms.by : 'last',
      expiresAt: request.expiresAt,
      createdAt: at,
      updatedAt: at,
      requestedLots: request.sizeLots,
      sizeLots: request.sizeLots,
      filledLots: 0,
      filledLotTicks: 0,
      feeUnits: 0,
      priceTicks: 'priceTicks' in terms ? terms.priceTicks : 0,
      triggerTicks: trigger ? terms.triggerTicks : 0,
      frozenTicks: this.#frozenTicks(book, request.side, terms),
      state: trigger ? 'asleep' : 'live',
      cause: undefined,
      levelTicks: 0,
      sequence: 0,
      waitsIn: undefined,
    };
  }

  /** Margin is frozen at the worse of limit and touch for a seller, who may be filled above his limit; a buyer never pays more than his. */
  #frozenTicks(book: Book, side: Side, terms: SimTerms): number {
    const taking = takerTicks(this.model, side, book.touchTicks(side));
    if (isTrigger(terms)) return terms.triggerTicks;
    if (!('priceTicks' in terms)) return taking;
    return side === 1 ? terms.priceTicks : Math.max(terms.priceTicks, taking);
  }

  /** Waits asleep for its trigger. */
  #await(book: Book, order: SimOrder): void {
    order.levelTicks = order.triggerTicks;
    order.sequence = this.#sequence += 1;
    book.addTrigger(order, actsBelow(order.type, order.side) ? 'below' : 'above');
  }

  /** Goes to the market at once, or rests. While the market is closed takers wait for its opening. */
  #enter(book: Book, order: SimOrder, at: number): void {
    const takes = order.type !== 'limit' || wouldTake(book, order.side, order.priceTicks);
    if (!takes) this.#rest(book, order);
    else if (order.postOnly) this.#end(book, order, 'post-only', at);
    else {
      order.sequence = this.#sequence += 1;
      book.addTaker(order);
      if (book.isOpen) this.#take(book, order, at);
    }
  }

  #rest(book: Book, order: SimOrder): void {
    order.levelTicks = fillLevelTicks(this.model.outlook, order.side, order.priceTicks);
    order.sequence = this.#sequence += 1;
    book.addResting(order);
  }

  /** One try of a taker at the touch, with slippage, for as much as stands there. */
  #take(book: Book, order: SimOrder, at: number): void {
    const touch = book.touchTicks(order.side);
    const limit = order.priceTicks;
    const isBeyond = limit > 0 && order.side * (touch - limit) > 0;
    const left = isBeyond ? 0 : book.depthLotsLeft();
    const wanted = remainingLots(order);
    const sizeLots = order.type === 'fok' && left < wanted ? 0 : Math.min(wanted, left);
    if (sizeLots > 0) {
      const slipped = takerTicks(this.model, order.side, touch);
      const price = limit > 0 && order.side * (slipped - limit) > 0 ? limit : slipped;
      const reference = order.triggerTicks > 0 ? order.triggerTicks : touch;
      const before = order.filledLots;
      this.#fill(book, order, sizeLots, price, 'taker', at);
      const lostTicks = order.side * (price - reference) * (order.filledLots - before);
      order.account.noteSlippage(lostTicks * book.instrument.moneyPerTickLot);
    }
    if (order.state !== 'live' || order.waitsIn !== 'takers' || order.priceTicks === 0) return;
    if (order.type === 'limit') {
      book.forget(order);
      this.#rest(book, order);
    } else this.#end(book, order, order.type === 'fok' ? 'fok' : 'ioc', at);
  }

  #wake(book: Book, order: SimOrder, at: number): void {
    book.forget(order);
    const frozenTicks = takerTicks(this.model, order.side, book.touchTicks(order.side));
    order.account.listener.triggered(order, at);
    const objection = order.account.triggerObjection(order, frozenTicks);
    if (objection !== undefined) return this.#end(book, order, objection, at);
    order.state = 'live';
    order.frozenTicks = frozenTicks;
    order.updatedAt = at;
    order.account.refreeze(order.index);
    order.sequence = this.#sequence += 1;
    book.addTaker(order);
    this.#take(book, order, at);
  }

  #fill(
    book: Book,
    order: SimOrder,
    mostLots: number,
    priceTicks: number,
    liquidity: 'maker' | 'taker',
    at: number,
  ): void {
    const { account, index, side } = order;
    const reducible = order.reduceOnly ? account.reducibleLots(index, side) : mostLots;
    if (reducible === 0) return this.#end(book, order, 'reduce-only-no-position', at);
    const sizeLots = account.affordableLots(index, side, Math.min(mostLots, reducible), priceTicks);
    if (sizeLots === 0) return this.#end(book, order, 'margin-insufficient', at);
    if (liquidity === 'maker') book.useMaker(sizeLots);
    else book.useDepth(sizeLots);

    this.#trades += 1;
    const booking = account.fill(
      index,
      side,
      sizeLots,
      priceTicks,
      liquidity === 'maker' ? account.maker : account.taker,
      at,
      this.#trades,
    );
    order.filledLots += sizeLots;
    order.filledLotTicks += sizeLots * priceTicks;
    order.feeUnits += booking.feeUnits;
    order.updatedAt = at;
    const isWhole = order.filledLots === order.sizeLots;
    if (isWhole) this.#drop(book, order);
    account.listener.filled({
      at,
      tradeId: this.#trades,
      account,
      order,
      instId: order.instId,
      side,
      sizeLots,
      priceTicks,
      feeUnits: booking.feeUnits,
      pnlUnits: booking.pnlUnits,
      liquidity,
    });
    if (isWhole && order.sizeLots < order.requestedLots) {
      order.cause = 'reduce-only-trimmed';
      account.listener.ended(order, 'reduce-only-trimmed', at);
    }
    this.#afterPosition(book, account, at);
  }

  /** Tiers 1 and 2 lose the whole position; from tier 3 on it is cut two tiers down, and judged again. */
  #liquidate(book: Book, { account, position }: Pick<LiquidationLevel, 'account' | 'position'>, at: number): void {
    for (const order of account.ordersAt(book.index).slice()) this.#end(book, order, 'liquidation', at);
    const { tiers } = book.instrument;
    const tier = tiers.findIndex(({ lotsMax }) => position.lots <= lotsMax);
    const lower = tiers[(tier < 0 ? tiers.length : tier) - 2];
    const sizeLots = lower === undefined ? position.lots : position.lots - lower.lotsMax;
    const side = opposite(position.side);
    const bankrupt = account.bankruptcyTicksOf(book.index);
    const priceTicks = position.side === 1 ? Math.max(book.markTicks, bankrupt) : Math.min(book.markTicks, bankrupt);
    this.#trades += 1;
    const booking = account.liquidate(book.index, sizeLots, priceTicks, at, this.#trades);
    this.#tellTakenOver(account, book, { side, sizeLots, priceTicks }, booking, at);
  }

  /** Tells a trade that no order asked for, booked under the newest trade id, and looks what it leaves of the position. */
  #tellTakenOver(
    account: SimAccount,
    book: Book,
    trade: Pick<SimFill, 'side' | 'sizeLots' | 'priceTicks'>,
    booking: Booking,
    at: number,
  ): void {
    const { instId } = book.instrument;
    const tradeId = this.#trades;
    account.listener.filled({
      at,
      tradeId,
      account,
      order: undefined,
      instId,
      ...trade,
      ...booking,
      liquidity: 'taker',
    });
    this.#afterPosition(book, account, at);
  }

  #afterPosition(book: Book, account: SimAccount, at: number): void {
    this.#watchLiquidation(book, account);
    const position = account.positionAt(book.index);
    const { side, liquidationTicks } = position;
    // Behind a gap, before anybody acts: a taker would close it beyond the price at which its margin is gone.
    if (liquidationTicks > 0 && side * (book.markTicks - liquidationTicks) <= 0)
      return this.#liquidate(book, { account, position }, at);
    const orders = account.ordersAt(book.index);
    if (orders.length === 0) return;
    const isStranded = (order: SimOrder) => order.reduceOnly && account.reducibleLots(book.index, order.side) === 0;
    if (orders.some(isStranded))
      for (const order of orders.filter(isStranded)) this.#end(book, order, 'position-closed', at);
    this.#coverPosition(book, account, at);
    account.refreeze(book.index);
  }

  /** Resting reduce-only orders never add up to more than the position: the worst priced give way. */
  #coverPosition(book: Book, account: SimAccount, at: number, newcomer?: SimOrder): void {
    const orders = account.ordersAt(book.index);
    let room = account.positionAt(book.index).lots;
    let wanted = 0;
    for (const order of orders) if (restsToReduce(order)) wanted += remainingLots(order);
    if (wanted <= room) return;
    const resting = orders.filter(restsToReduce);
    resting.sort((a, b) => a.side * (b.priceTicks - a.priceTicks) || a.id - b.id);
    for (const order of resting) {
      const remaining = remainingLots(order);
      if (remaining > room) {
        order.sizeLots -= remaining - room;
        if (room === 0)
          this.#end(
            book,
            order,
            order === newcomer
              ? 'reduce-only-covered'
              : newcomer === undefined
                ? 'reduce-only-trimmed'
                : 'reduce-only-displaced',
            at,
          );
      }
      room -= Math.min(room, remaining);
    }
  }

  /** Trims a fresh reduce-only order to the position, and the resting ones behind it. @returns whether it still lives */
  #fitsPosition(book: Book, order: SimOrder, at: number): boolean {
    const reducible = order.account.reducibleLots(book.index, order.side);
    if (order.sizeLots - order.filledLots > reducible) order.sizeLots = order.filledLots + reducible;
    if (order.priceTicks > 0) this.#coverPosition(book, order.account, at, order);
    return order.state === 'live';
  }

  #watchLiquidation(book: Book, account: SimAccount): void {
    const position = account.positionAt(book.index);
    const levelTicks = account.liquidationTicksOf(book.index);
    position.liquidationTicks = levelTicks;
    book.setLiquidation(account, position, levelTicks);
  }

  #expire(book: Book): boolean {
    const first = book.firstToExpire();
    if (first === undefined) return false;
    this.#end(book, first, 'expired', book.timeAt(book.progress));
    return true;
  }

  #end(book: Book, order: SimOrder, cause: EndCause, at: number): void {
    if (order.state === 'done') return;
    order.cause = cause;
    order.updatedAt = at;
    this.#drop(book, order);
    order.account.listener.ended(order, cause, at);
  }

  #drop(book: Book, order: SimOrder): void {
    book.forget(order);
    order.state = 'done';
    order.account.remove(order);
  }
}

function restsToReduce(order: SimOrder): boolean {
  return order.reduceOnly && order.state === 'live' && order.priceTicks > 0;
}

function wouldTake(book: Book, side: Side, priceTicks: number): boolean {
  return side * (priceTicks - book.touchTicks(side)) >= 0;
}
