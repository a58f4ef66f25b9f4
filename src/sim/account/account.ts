/**
 * One account of the simulated exchange: balance, positions in isolated margin, frozen margin, and what it may not do.
 *
 * Net mode: one signed position per instrument. Amounts are whole 10⁻⁸ USDT; what is booked over a life (balance, totals) is a bigint.
 * Always: balance = startBalance + gross − fees + funding, to the last unit; penalties are among the fees.
 * Rounding goes against the account: margin in, fees and frozen margin up; margin out, PnL and funding received down.
 * Crossed positions: cross.ts. Deliberately absent: long/short mode, borrowing.
 */

import {
  contractsText,
  type Instrument,
  lotsMaxAt,
  moneyText,
  tierOf,
  valueUnits,
} from '../../core/instrument/instrument.ts';
import { type Arithmetic, decided, fractions, roundedUnits } from '../../core/numbers/arithmetic.ts';
import type { Decimal } from '../../core/numbers/decimal.ts';
import { opposite, type Side } from '../../core/numbers/units.ts';
import { takeOut } from '../../core/orders/take-out.ts';
import {
  bankruptcyPrice,
  fundingReceived,
  type IsolatedPosition,
  liquidationPrice,
} from '../../core/position/margin.ts';
import { foldFill, timesOver } from '../../core/position/position.ts';
import { isTrigger, reject } from '../matching/admission.ts';
import { type FeeRate, feeRate, feeUnits } from '../matching/fill-model.ts';
import {
  type AccountListener,
  type OrderRequest,
  type Rejection,
  remainingLots,
  type SimOrder,
} from '../matching/order.ts';
import { type CrossMargin, type CrossWeights, NO_WEIGHTS } from './cross.ts';
import { beginLife, flatPosition, type SimPosition } from './sim-position.ts';
import { Tally } from './tally.ts';

export type { SimPosition };

export interface AccountSettings {
  readonly id: string;
  readonly startBalance: bigint;
  readonly feeRates: { readonly maker: Decimal; readonly taker: Decimal };
  /** Leverage of an instrument until it is set. */
  readonly leverage: number;
  /** Instruments whose positions share the free money as margin; without it every position has its own. */
  readonly cross?: CrossMargin;
  /** What an account of the same settings was when it was saved: this one goes on from there. */
  readonly saved?: SavedAccount;
}

/** Flows and positions of an account, to go on with; its living orders are the matcher's to put back. */
export interface SavedAccount {
  readonly totals: Totals;
  /** By index of the instrument. */
  readonly positions: readonly SimPosition[];
}

/** Flows since the account was made. balance = startBalance + gross − fees + funding. */
export interface Totals {
  /** Realised PnL before fees. */
  readonly gross: bigint;
  /** Paid, rebates and penalties included. */
  readonly fees: bigint;
  /** Received; negative is paid. */
  readonly funding: bigint;
  /** The part of the fees that liquidations took. */
  readonly penalties: bigint;
  /** For information: what takers lost against touch or trigger. Already in `gross`. */
  readonly slippage: bigint;
}

/** The effect of one fill on the account. */
export interface Booking {
  readonly pnlUnits: number;
  readonly feeUnits: number;
}

const NO_TOTALS: Totals = { gross: 0n, fees: 0n, funding: 0n, penalties: 0n, slippage: 0n };

type Wanted = Pick<OrderRequest, 'side' | 'sizeLots'>;

interface Frozen {
  readonly side: Side;
  readonly lots: number;
  readonly ticks: number;
}

export class SimAccount {
  readonly id: string;
  readonly startBalance: bigint;
  readonly maker: FeeRate;
  readonly taker: FeeRate;
  readonly listener: AccountListener;
  readonly cross: CrossMargin | undefined;
  /** By index of the instrument in the matcher. */
  readonly positions: readonly SimPosition[];
  /** Living orders by index of the instrument, in the order of their placing. */
  readonly orders: readonly SimOrder[][];
  readonly #instruments: readonly Instrument[];
  readonly #living = new Map<string, SimOrder>();
  readonly #frozen: number[];
  readonly #balance: Tally;
  readonly #gross: Tally;
  readonly #fees: Tally;
  readonly #funding: Tally;
  readonly #penalties: Tally;
  readonly #slippage: Tally;

  constructor(settings: AccountSettings, instruments: readonly Instrument[], listener: AccountListener) {
    this.id = settings.id;
    this.startBalance = settings.startBalance;
    const { gross, fees, funding, penalties, slippage } = settings.saved?.totals ?? NO_TOTALS;
    this.#balance = new Tally(settings.startBalance + gross - fees + funding);
    this.#gross = new Tally(gross);
    this.#fees = new Tally(fees);
    this.#funding = new Tally(funding);
    this.#penalties = new Tally(penalties);
    this.#slippage = new Tally(slippage);
    this.maker = feeRate(settings.feeRates.maker);
    this.taker = feeRate(settings.feeRates.taker);
    this.listener = listener;
    this.cross = settings.cross;
    this.#instruments = instruments;
    this.positions = instruments.map((_, index) => ({
      ...flatPosition(index, settings.leverage),
      ...settings.saved?.positions[index],
    }));
    this.orders = instruments.map(() => []);
    this.#frozen = instruments.map(() => 0);
  }

  /** Equity without unrealised PnL, position margin included. */
  get balance(): bigint {
    return this.#balance.exact;
  }

  get totals(): Totals {
    return {
      gross: this.#gross.exact,
      fees: this.#fees.exact,
      funding: this.#funding.exact,
      penalties: this.#penalties.exact,
      slippage: this.#slippage.exact,
    };
  }

  /** Notes what a taker lost against touch or trigger. */
  noteSlippage(units: number): void {
    this.#slippage.add(units);
  }

  /** Balance outside of positions; frozen margin is still in it. */
  get cashUnits(): number {
    let cash = this.#balance.number;
    const { positions } = this;
    for (let i = 0; i < positions.length; i++) cash -= (positions[i] as SimPosition).marginUnits;
    return cash;
  }

  /** Margin and fee reserve of living orders. */
  get frozenUnits(): number {
    let frozen = 0;
    for (let i = 0; i < this.#frozen.length; i++) frozen += this.#frozen[i] as number;
    return frozen;
  }

  /** What new orders may use, never below 0. Unrealised profit of isolated positions is not in it. */
  get availableUnits(): number {
    return Math.max(0, this.#spendableUnits - this.frozenUnits);
  }

  /** What stands behind all crossed positions: cash and their unrealised results. */
  get crossEquityUnits(): number {
    return this.cashUnits + this.crossWeights.unrealisedUnits;
  }

  /** Crossed positions weighed together; all 0 where there is none. */
  get crossWeights(): CrossWeights {
    return this.cross === undefined ? NO_WEIGHTS : this.cross.weights(this.positions, this.taker);
  }

  /** Cash that no crossed position holds as its initial margin, with their results in it. */
  get #spendableUnits(): number {
    if (this.cross === undefined) return this.cashUnits;
    const { unrealisedUnits, initialUnits } = this.crossWeights;
    return this.cashUnits + unrealisedUnits - initialUnits;
  }

  order(clientId: string): SimOrder | undefined {
    return this.#living.get(clientId);
  }

  isLiving(order: SimOrder): boolean {
    return this.#living.get(order.clientId) === order;
  }

  /** Lots that a reduce-only order of this side could close now. */
  reducibleLots(index: number, side: Side): number {
    const position = this.positionAt(index);
    return position.lots > 0 && position.side !== side ? position.lots : 0;
  }

  /**
   * What stands against the size, the margin and the tier of an order; undefined where nothing does.
   * @param frozenTicks price at which its margin would be frozen
   * @param without an order whose rest this one would replace (amendment)
   */
  objection(
    index: number,
    request: OrderRequest,
    frozenTicks: number,
    excess: 'trim' | 'reject',
    without?: SimOrder,
  ): Rejection | undefined {
    const instrument = this.#instrument(index);
    const position = this.positionAt(index);
    if (request.reduceOnly) {
      if (position.lots === 0)
        return reject('reduce-only-no-position', `${instrument.instId}: there is no position to reduce`);
      if (position.side === request.side)
        return reject(
          'reduce-only-same-side',
          `${instrument.instId}: a reduce-only order of the position's own side would enlarge it`,
        );
      if (excess === 'reject' && request.sizeLots > position.lots)
        return reject(
          'reduce-only-exceeds',
          `${instrument.instId}: reduce-only size ${contractsText(instrument, request.sizeLots)} is above the position's ${contractsText(instrument, position.lots)} contracts`,
        );
      return undefined;
    }
    if (isTrigger(request.terms)) return undefined;
    return this.#tierObjection(index, request, without) ?? this.#marginObjection(index, request, frozenTicks, without);
  }

  #tierObjection(index: number, request: Wanted, without?: SimOrder): Rejection | undefined {
    const instrument = this.#instrument(index);
    const position = this.positionAt(index);
    let lotsAfter =
      request.sizeLots + (position.lots === 0 ? 0 : position.side === request.side ? position.lots : -position.lots);
    for (const order of this.ordersAt(index))
      if (order !== without && order.side === request.side && opensWhileLiving(order))
        lotsAfter += remainingLots(order);
    const most = lotsMaxAt(instrument, position.leverage);
    if (lotsAfter <= most) return undefined;
    return reject(
      'tier',
      `${instrument.instId}: position and orders would reach ${contractsText(instrument, lotsAfter)} contracts, at ${position.leverage}x the tiers allow ${contractsText(instrument, most)}`,
    );
  }

  #marginObjection(index: number, request: Wanted, frozenTicks: number, without?: SimOrder): Rejection | undefined {
    const now = this.#frozen[index] ?? 0;
    const after = this.#frozenWith(index, { side: request.side, lots: request.sizeLots, ticks: frozenTicks }, without);
    const needed = after - now;
    const available = this.availableUnits;
    if (needed <= available) return undefined;
    return reject(
      'margin-insufficient',
      `${this.#instrument(index).instId}: the order needs ${moneyText(BigInt(needed))} USDT of margin and fee, ${moneyText(BigInt(available))} are available`,
    );
  }

  add(order: SimOrder): void {
    this.#living.set(order.clientId, order);
    this.ordersAt(order.index).push(order);
    if (opensWhileLiving(order)) this.refreeze(order.index);
  }

  remove(order: SimOrder): void {
    this.#living.delete(order.clientId);
    const orders = this.ordersAt(order.index);
    const place = orders.indexOf(order);
    if (place >= 0) takeOut(orders, place);
    if (!order.reduceOnly) this.refreeze(order.index);
  }

  /** Counts the frozen margin of an instrument again; after every change of its orders or its position. */
  refreeze(index: number): void {
    this.#frozen[index] = this.ordersAt(index).length === 0 ? 0 : this.#frozenWith(index);
  }

  /**
   * What the lots that would enlarge a position freeze: margin at their price and the taker's fee.
   * Orders against the position first use up its lots, in the order of their placing. Both sides are summed: stricter than OKX's maximum.
   */
  #frozenWith(index: number, added?: Frozen, without?: SimOrder): number {
    const position = this.positionAt(index);
    let offsetLots = position.lots;
    let frozen = 0;
    for (const order of this.ordersAt(index)) {
      if (order === without || !opensWhileLiving(order)) continue;
      const closing = order.side === position.side ? 0 : Math.min(offsetLots, remainingLots(order));
      offsetLots -= closing;
      frozen += this.#orderUnits(index, remainingLots(order) - closing, order.frozenTicks);
    }
    if (added === undefined) return frozen;
    const closing = added.side === position.side ? 0 : Math.min(offsetLots, added.lots);
    return frozen + this.#orderUnits(index, added.lots - closing, added.ticks);
  }

  #orderUnits(index: number, sizeLots: number, priceTicks: number): number {
    if (sizeLots === 0) return 0;
    const instrument = this.#instrument(index);
    const value = valueUnits(instrument, sizeLots, priceTicks);
    return Math.ceil(value / this.positionAt(index).leverage) + feeUnits(instrument, this.taker, sizeLots, priceTicks);
  }

  /** The most of `sizeLots` that the account can pay for now at this price: all of them, or 0. */
  affordableLots(index: number, side: Side, sizeLots: number, priceTicks: number): number {
    const opening = sizeLots - this.reducibleLots(index, side);
    return opening <= 0 || this.#orderUnits(index, opening, priceTicks) <= this.#spendableUnits ? sizeLots : 0;
  }

  /** Whether a triggered order that enlarges may go to the market. */
  triggerObjection(order: SimOrder, frozenTicks: number): 'margin-insufficient' | 'tier' | undefined {
    if (order.reduceOnly) return undefined;
    if (this.#tierObjection(order.index, order) !== undefined) return 'tier';
    return this.#marginObjection(order.index, order, frozenTicks) === undefined ? undefined : 'margin-insufficient';
  }

  /** Books a fill of an order: position, margin, PnL and fee. */
  fill(
    index: number,
    side: Side,
    sizeLots: number,
    priceTicks: number,
    rate: FeeRate,
    at: number,
    tradeId: number,
  ): Booking {
    const instrument = this.#instrument(index);
    const position = this.positionAt(index);
    const fee = feeUnits(instrument, rate, sizeLots, priceTicks);
    const closing = Math.min(sizeLots, this.reducibleLots(index, side));
    let pnl = 0;
    let feeLeft = fee;
    if (closing > 0) {
      const closingFee = closing === sizeLots ? fee : timesOver(fee, closing, sizeLots, 'floor');
      feeLeft -= closingFee;
      pnl = this.#reduce(position, instrument, side, closing, priceTicks, at, tradeId);
      position.feeUnits += closingFee;
    }
    const opening = sizeLots - closing;
    if (opening > 0) this.#enlarge(position, instrument, side, opening, priceTicks, at, tradeId);
    position.feeUnits += feeLeft;
    this.#book(pnl, fee);
    return { pnlUnits: pnl, feeUnits: fee };
  }

  /** Takes `sizeLots` over at the bankruptcy price: their whole margin is lost, what the mark leaves of it is the penalty. */
  liquidate(index: number, sizeLots: number, priceTicks: number, at: number, tradeId: number): Booking {
    const instrument = this.#instrument(index);
    const position = this.positionAt(index);
    const marginBefore = position.marginUnits;
    const pnl = this.#reduce(position, instrument, opposite(position.side), sizeLots, priceTicks, at, tradeId);
    const penalty = Math.max(0, marginBefore - position.marginUnits + pnl);
    position.penaltyUnits += penalty;
    this.#penalties.add(penalty);
    this.#book(pnl, penalty);
    return { pnlUnits: pnl, feeUnits: penalty };
  }

  /**
   * Closes a crossed position of an exhausted account at the mark: its maintenance margin and closing fee are the penalty. What the account
   * cannot pay after its last position is paid for it: it ends at 0, never below.
   */
  liquidateCross(index: number, priceTicks: number, at: number, tradeId: number): Booking {
    const instrument = this.#instrument(index);
    const position = this.positionAt(index);
    const needed = this.cross?.weight(position, this.taker).neededUnits ?? 0;
    const side = opposite(position.side);
    const pnl = this.#reduce(position, instrument, side, position.lots, priceTicks, at, tradeId);
    this.#book(pnl, 0);
    const left = this.cashUnits + this.crossWeights.unrealisedUnits;
    const isLast = this.crossWeights.neededUnits === 0;
    const penalty = left > 0 ? Math.min(left, needed) : isLast ? left : 0;
    position.penaltyUnits += penalty;
    this.#penalties.add(penalty);
    this.#book(0, penalty);
    return { pnlUnits: pnl, feeUnits: penalty };
  }

  /** Settles funding on the mark value: cash first, then the position's margin. Returns what was received; negative is paid. */
  settleFunding(index: number, markTicks: number, rateE8: number): number {
    const position = this.positionAt(index);
    if (position.lots === 0) return 0;
    const value = fractions.whole(valueUnits(this.#instrument(index), position.lots, markTicks));
    const received = roundedUnits(
      fundingReceived(fractions, position.side, value, { over: BigInt(rateE8), under: 100_000_000n }),
      0,
      'floor',
    );
    const units = Number(received);
    this.#balance.add(units);
    this.#funding.add(units);
    position.fundingUnits += units;
    const cash = this.cashUnits;
    if (units < 0 && cash < 0) position.marginUnits = Math.max(0, position.marginUnits + cash);
    return units;
  }

  /** Sets the leverage of an instrument; an open position's margin is counted again. */
  setLeverage(index: number, leverage: number): Rejection | undefined {
    const instrument = this.#instrument(index);
    const position = this.positionAt(index);
    if (!Number.isSafeInteger(leverage) || leverage < 1 || leverage > instrument.leverageMax)
      return reject(
        'leverage-out-of-range',
        `${instrument.instId}: leverage must be a whole number from 1 to ${instrument.leverageMax}, not ${leverage}`,
      );
    if (leverage === position.leverage) return undefined;
    if (this.ordersAt(index).length > 0)
      return reject(
        'leverage-orders-open',
        `${instrument.instId}: cancel the ${this.ordersAt(index).length} open orders before the leverage is changed`,
      );
    if (position.lots > lotsMaxAt(instrument, leverage))
      return reject(
        'leverage-tier',
        `${instrument.instId}: at ${leverage}x the tiers do not allow the open ${contractsText(instrument, position.lots)} contracts`,
      );
    const crossed = position.lots > 0 && this.cross?.has(index) === true ? this.cross : undefined;
    const margin = Math.ceil(position.costUnits / leverage);
    const more = crossed?.initialMore(position, leverage) ?? margin - position.marginUnits;
    if (more > this.availableUnits)
      return reject(
        'margin-insufficient',
        `${instrument.instId}: ${leverage}x needs ${moneyText(BigInt(more))} USDT more margin, ${moneyText(BigInt(this.availableUnits))} are available`,
      );
    position.leverage = leverage;
    if (position.lots > 0 && crossed === undefined) position.marginUnits = margin;
    return undefined;
  }

  /** Adds margin to a position by hand, or takes what is above its initial margin away (negative); or says why not. */
  moveMargin(index: number, units: number): Rejection | undefined {
    const position = this.positionAt(index);
    const { instId } = this.#instrument(index);
    if (position.lots === 0 || this.cross?.has(index) === true)
      return reject('reduce-only-no-position', `${instId}: there is no position with a margin of its own`);
    const most =
      units > 0 ? this.availableUnits : position.marginUnits - Math.ceil(position.costUnits / position.leverage);
    if (Math.abs(units) > most)
      return reject(
        'margin-insufficient',
        `${instId}: ${moneyText(BigInt(Math.abs(units)))} USDT of margin are asked for, at most ${moneyText(BigInt(Math.max(0, most)))} can move`,
      );
    position.marginUnits += units;
    return undefined;
  }

  /**
   * The mark at which the position is liquidated: the last tick from which nothing more can be lost to its margin. 0: none.
   * @param marginUnits the margin that it would have; its own where it is not given
   */
  liquidationTicksOf(index: number, marginUnits = this.positionAt(index).marginUnits): number {
    const position = this.positionAt(index);
    if (position.lots === 0 || this.cross?.has(index) === true) return 0;
    const instrument = this.#instrument(index);
    const { maintenanceRate } = tierOf(instrument, position.lots);
    const level = <N>(m: Arithmetic<N>) =>
      towardsEntry(
        m,
        position.side,
        liquidationPrice(m, isolated(m, instrument, position, marginUnits), {
          maintenance: m.of(maintenanceRate),
          closingFee: m.of(this.taker.rate),
        }),
        'outside',
      );
    return Math.max(0, decided(level, level));
  }

  /** The nearest tick to the bankruptcy price at which the position loses no more than its margin. */
  bankruptcyTicksOf(index: number): number {
    const position = this.positionAt(index);
    const level = <N>(m: Arithmetic<N>) =>
      towardsEntry(m, position.side, bankruptcyPrice(m, isolated(m, this.#instrument(index), position)), 'inside');
    return Math.max(1, decided(level, level));
  }

  positionAt(index: number): SimPosition {
    const position = this.positions[index];
    if (position === undefined) throw new RangeError(`there is no instrument number ${index}`);
    return position;
  }

  ordersAt(index: number): SimOrder[] {
    const orders = this.orders[index];
    if (orders === undefined) throw new RangeError(`there is no instrument number ${index}`);
    return orders;
  }

  #instrument(index: number): Instrument {
    const instrument = this.#instruments[index];
    if (instrument === undefined) throw new RangeError(`there is no instrument number ${index}`);
    return instrument;
  }

  #enlarge(
    position: SimPosition,
    instrument: Instrument,
    side: Side,
    sizeLots: number,
    priceTicks: number,
    at: number,
    tradeId: number,
  ): void {
    if (position.lots === 0) beginLife(position, at);
    foldFill(position, instrument, side, sizeLots, priceTicks);
    if (this.cross?.has(position.index) !== true)
      position.marginUnits += Math.ceil(valueUnits(instrument, sizeLots, priceTicks) / position.leverage);
    position.openedLots += sizeLots;
    position.openedLotTicks += sizeLots * priceTicks;
    position.lotsMax = Math.max(position.lotsMax, position.lots);
    position.updatedAt = at;
    position.tradeId = tradeId;
  }

  #reduce(
    position: SimPosition,
    instrument: Instrument,
    side: Side,
    sizeLots: number,
    priceTicks: number,
    at: number,
    tradeId: number,
  ): number {
    const released =
      sizeLots === position.lots
        ? position.marginUnits
        : timesOver(position.marginUnits, sizeLots, position.lots, 'floor');
    const pnl = foldFill(position, instrument, side, sizeLots, priceTicks);
    position.marginUnits -= released;
    position.pnlUnits += pnl;
    position.closedLots += sizeLots;
    position.closedLotTicks += sizeLots * priceTicks;
    position.updatedAt = at;
    position.tradeId = tradeId;
    return pnl;
  }

  #book(pnl: number, fee: number): void {
    this.#balance.add(pnl - fee);
    this.#gross.add(pnl);
    this.#fees.add(fee);
  }
}

function isolated<N>(
  m: Arithmetic<N>,
  instrument: Instrument,
  position: SimPosition,
  marginUnits = position.marginUnits,
): IsolatedPosition<N> {
  return {
    side: position.side,
    quantity: m.whole(position.lots * instrument.moneyPerTickLot),
    cost: m.whole(position.costUnits),
    margin: m.whole(marginUnits),
  };
}

/** A price as a whole tick: `inside` rounds towards the entry (up for a long), `outside` away from it. */
function towardsEntry<N>(m: Arithmetic<N>, side: Side, price: N, where: 'inside' | 'outside'): number {
  const isUp = (side === 1) === (where === 'inside');
  return isUp ? -m.floor(m.minus(m.zero, price)) : m.floor(price);
}

/** Whether the order holds margin while it lives: sleeping triggers do not, reduce-only orders never. */
function opensWhileLiving(order: SimOrder): boolean {
  return !order.reduceOnly && order.state === 'live';
}
