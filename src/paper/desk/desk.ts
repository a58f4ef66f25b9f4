/**
 * One account at the exchange: what it owns (sim/account/account.ts), its orders, and what happened to them, as OKX would tell it.
 *
 * Hears the simulator and writes down: orders, fills, bills, closed positions. It tells its watcher at once about orders and at `flush` about
 * positions and balance, once for everything that belongs together. Money in 10⁻⁸ USDT.
 */
import type { Decimal } from '../../core/numbers/decimal.ts';
import type { WireBill } from '../../okx/wire/bill.ts';
import type { WireFill } from '../../okx/wire/fill.ts';
import { SimAccount, type SimPosition } from '../../sim/account/account.ts';
import { CrossMargin } from '../../sim/account/cross.ts';
import type { AccountListener, EndCause, SimFill, SimOrder } from '../../sim/matching/order.ts';
import { type Listing, type PositionMode, posSideOf, type Slot } from '../market/listing.ts';
import type { PaperAlgo } from '../orders/algo-order.ts';
import { type Category, isOpen, type PaperOrder, UNFILLED } from '../orders/paper-order.ts';
import { DeskChanges } from '../saved/desk-changes.ts';
import {
  accountOf,
  plainAlgo,
  plainClosed,
  plainOptions,
  plainOrder,
  plainTotals,
  type SavedDesk,
} from '../saved/saved-desk.ts';
import {
  billRow,
  type Flows,
  feeBillRow,
  fillRow,
  fundingBillRow,
  marginBillRow,
  openingBillRow,
} from '../wire/bill-rows.ts';
import { CANCEL_SOURCES } from '../wire/rejection.ts';
import { type ClosedPosition, closedPart, lifeOf, type PositionLife } from './closed-position.ts';
import { DeskAlgos, DeskOrders } from './desk-orders.ts';
import type { DeskWatcher, MoveCause, Moved, OrderUpdate } from './desk-watcher.ts';
import type { Ids } from './ids.ts';
import { Recent } from './recent.ts';

export interface Credentials {
  readonly key: string;
  readonly secret: string;
  readonly passphrase: string;
}

export interface AccountOptions extends Credentials {
  /** USDT to begin with, 10⁻⁸. */
  readonly balance: bigint;
  readonly makerRate: Decimal;
  readonly takerRate: Decimal;
  /** Leverage of everything until it is set. */
  readonly leverage: number;
  readonly uid: string;
}

/** What the desk needs of the floor it stands on. */
export interface Surroundings {
  readonly ids: Ids;
  readonly watcher: DeskWatcher;
  readonly slots: readonly Slot[];
  markTicks(listing: Listing): number;
}

/** `endsBecause` of an order whose new size is what it has filled: it is complete. */
export const SHORTENED = 'shortened';

/** So much of an account's past is kept. */
const KEPT = 5_000;

export class Desk implements AccountListener {
  readonly options: AccountOptions;
  readonly account: SimAccount;
  readonly orders = new DeskOrders(KEPT);
  readonly algos = new DeskAlgos(KEPT);
  readonly fills = new Recent<WireFill>(KEPT);
  readonly bills = new Recent<WireBill>(KEPT);
  readonly closedPositions = new Recent<ClosedPosition>(KEPT);
  readonly #surroundings: Surroundings;
  readonly #slotsByName: ReadonlyMap<string, Slot>;
  readonly #posIds = new Map<number, string>();
  readonly #lives: PositionLife[];
  /** By slot: the record of a position that was closed in part and lives on. */
  readonly #livingRecords = new Map<number, ClosedPosition>();
  positionMode: PositionMode = 'net_mode';
  /** When all orders end, unless the client says otherwise before (cancel-all-after). */
  cancelAllAt = Number.POSITIVE_INFINITY;
  /** Filled orders whose attached algo orders have to be made, slots that became flat: for whoever acts after the simulator. */
  readonly completed: PaperOrder[] = [];
  readonly emptied = new Set<Slot>();
  /** What the next `amended` and `filled` belong to. */
  amending: OrderUpdate = {};
  takeover: Category = 'normal';
  /** Whether an order that a stop sends bears the stop's client id. */
  namesStops = true;
  /** Since it was last written down; undefined where nobody writes. */
  changes: DeskChanges | undefined;
  #cashUnits: number;
  readonly #marginUnits: number[];
  #causes = new Set<MoveCause>();
  #slots = new Set<Slot>();
  #trades: { instId: string; tradeId: string }[] = [];

  constructor(options: AccountOptions, surroundings: Surroundings, at: number, saved?: SavedDesk) {
    this.options = options;
    this.#surroundings = surroundings;
    this.#slotsByName = new Map(surroundings.slots.map((slot) => [slot.instrument.instId, slot]));
    const instruments = surroundings.slots.map(({ instrument }) => instrument);
    const crossed = surroundings.slots.filter(({ marginMode }) => marginMode === 'cross');
    this.account = new SimAccount(
      {
        id: options.uid,
        startBalance: options.balance,
        feeRates: { maker: options.makerRate, taker: options.takerRate },
        leverage: options.leverage,
        ...(saved === undefined ? {} : { saved: accountOf(saved) }),
        cross: new CrossMargin(
          crossed.map(({ index }) => index),
          instruments,
          (index) => surroundings.markTicks((surroundings.slots[index] as Slot).listing),
        ),
      },
      instruments,
      this,
    );
    this.#cashUnits = this.account.cashUnits;
    this.#marginUnits = surroundings.slots.map(() => 0);
    this.#lives = this.account.positions.map(lifeOf);
    if (saved === undefined)
      this.#bill(openingBillRow({ billId: this.#surroundings.ids.bill(), at }, this.account.cashUnits));
    else this.#remember(saved);
  }

  position(slot: Slot): SimPosition {
    return this.account.positionAt(slot.index);
  }

  /** The position's id: the same as long as the account lives; undefined where it never had one. */
  posId(slot: Slot): string | undefined {
    return this.#posIds.get(slot.index);
  }

  get posIds(): ReadonlyMap<number, string> {
    return this.#posIds;
  }

  /** From now on `changes` are gathered. */
  noteChanges(): void {
    this.changes = new DeskChanges(this);
  }

  tradeIdOf(slot: Slot): string {
    const { tradeId } = this.position(slot);
    return tradeId === 0 ? '' : String(tradeId);
  }

  /** The simulator's side of an order that was resumed. */
  rejoin(sim: SimOrder): void {
    this.#orderOf(sim).sim = sim;
  }

  accepted(sim: SimOrder, at: number): void {
    const order = this.#orderOf(sim);
    order.sim = sim;
    this.#causes.add('orders');
    this.changes?.noteOrder(order);
    // Since August 2026 a post-only order that would take is pushed once, as canceled: its life is told when it has begun.
    if (order.ordType !== 'post_only') this.#tell(order, {}, at);
  }

  amended(sim: SimOrder, at: number): void {
    const order = this.#orderOf(sim);
    order.priceTicks = sim.priceTicks;
    order.sizeLots = sim.sizeLots;
    order.updatedAt = at;
    this.#causes.add('orders');
    this.#tell(order, this.amending, at);
  }

  triggered(): void {
    throw new Error('no order sleeps in the simulator: algo orders are watched by the desk');
  }

  filled(fill: SimFill): void {
    const { at } = fill;
    const slot = this.#slotNamed(fill.instId);
    const order = fill.order === undefined ? this.#takenOver(fill, slot) : this.#orderOf(fill.order);
    const tradeId = fill.order === undefined ? `-${fill.tradeId}` : String(fill.tradeId);
    const isPenalty = fill.order === undefined && this.takeover !== 'adl';
    order.filledLots += fill.sizeLots;
    order.filledLotTicks += fill.sizeLots * fill.priceTicks;
    order.feeUnits += isPenalty ? 0 : fill.feeUnits;
    order.pnlUnits += fill.pnlUnits;
    order.sizeLots = fill.order?.sizeLots ?? order.sizeLots;
    order.lastFill = { priceTicks: fill.priceTicks, sizeLots: fill.sizeLots, tradeId, at };
    order.updatedAt = at;
    order.state = order.filledLots === order.sizeLots ? 'filled' : 'partially_filled';

    if (!this.#posIds.has(slot.index)) this.#posIds.set(slot.index, this.#surroundings.ids.position());
    this.#bookLife(fill, slot, order.category);
    const flows = this.#flows(slot);
    const markTicks = this.#surroundings.markTicks(slot.listing);
    const billId = this.#surroundings.ids.bill();
    const booked = { desk: this, order, fill, tradeId, billId, markTicks, feeUnits: isPenalty ? 0 : fill.feeUnits };
    const row = fillRow(booked);
    this.fills.add(row);
    this.changes?.fills.push(row);
    const penaltyUnits = isPenalty ? fill.feeUnits : 0;
    this.#bill(
      billRow(booked, { ...flows, cash: flows.cash + penaltyUnits, cashAfter: flows.cashAfter + penaltyUnits }),
    );
    if (penaltyUnits !== 0)
      this.#bill(feeBillRow(booked, this.#surroundings.ids.bill(), penaltyUnits, flows.cashAfter));

    this.#causes.add(order.category === 'normal' ? 'filled' : order.category === 'adl' ? 'adl' : 'liquidation');
    this.#slots.add(slot);
    this.#trades.push({ instId: slot.listing.instId, tradeId });
    if (order.state === 'filled') this.#finish(order);
    if (this.position(slot).lots === 0) this.emptied.add(slot);
    this.#tell(order, { fill, tradeId }, at);
  }

  ended(sim: SimOrder, cause: EndCause, at: number): void {
    const order = this.#orderOf(sim);
    this.#causes.add('orders');
    // A reduce-only order that was cut to the position and then filled is complete, however large it was asked for.
    if (order.state === 'filled') return;
    const isShortened = order.endsBecause === SHORTENED;
    order.state = isShortened ? 'filled' : 'canceled';
    if (isShortened) order.sizeLots = order.filledLots;
    order.cancelSource = isShortened ? '' : order.endsBecause === '' ? CANCEL_SOURCES[cause] : order.endsBecause;
    order.updatedAt = at;
    this.#finish(order);
    this.#tell(order, isShortened ? this.amending : {}, at);
  }

  funded(instId: string, units: number, at: number): void {
    const slot = this.#slotNamed(instId);
    const flows = this.#flows(slot);
    const billId = this.#surroundings.ids.bill();
    this.#bill(fundingBillRow({ billId, slot, at }, this.position(slot).lots, units, flows));
    this.#lives[slot.index] = lifeOf(this.position(slot));
    this.#causes.add('funding_fee');
    this.#slots.add(slot);
  }

  leverageSet(instId: string, _leverage: number, at: number): void {
    const slot = this.#slotNamed(instId);
    this.#causes.add('set_leverage');
    if (this.position(slot).lots === 0) return;
    this.#slots.add(slot);
    this.#billMargin(slot, at);
  }

  /** Margin was added to or taken from a position by hand. */
  marginMoved(slot: Slot, at: number): void {
    this.#billMargin(slot, at);
    this.#causes.add('adjust_margin');
    this.#slots.add(slot);
  }

  /** A freshly accepted post-only order that rests. */
  tellRests(order: PaperOrder, at: number): void {
    if (isOpen(order)) this.#tell(order, {}, at);
  }

  /** What came of an amendment that the simulator did not hear of. */
  tellAmended(order: PaperOrder, update: OrderUpdate, at: number): void {
    this.#tell(order, update, at);
  }

  /**
   * The size of a reduce-only order that was cut to what can be reduced. `amendSource`: 2 as it was amended, 3 as it was placed, 4 by other
   * orders and fills (OKX's channel `orders`).
   */
  tellCut(order: PaperOrder, amendSource: '2' | '3' | '4', at: number): void {
    const { sim } = order;
    if (sim === undefined || sim.sizeLots === order.sizeLots || !isOpen(order)) return;
    order.sizeLots = sim.sizeLots;
    order.updatedAt = at;
    this.#tell(order, { amendResult: '0', amendSource }, at);
  }

  algoChanged(algo: PaperAlgo, at: number): void {
    algo.updatedAt = at;
    this.changes?.noteAlgo(algo);
    this.algos.put(algo);
    this.#surroundings.watcher.algoChanged(this, algo, at);
  }

  /** Tells what moved since the last time. @returns whether anything did */
  flush(at: number): boolean {
    if (this.#causes.size === 0) return false;
    for (const order of this.orders.open.values()) if (order.reduceOnly) this.tellCut(order, '4', at);
    const moved: Moved = { causes: this.#causes, slots: this.#slots, trades: this.#trades };
    this.#causes = new Set();
    this.#slots = new Set();
    this.#trades = [];
    this.#surroundings.watcher.moved(this, moved, at);
    return true;
  }

  /** Everything of the account as plain data. */
  save(): SavedDesk {
    return {
      options: plainOptions(this.options),
      totals: plainTotals(this.account.totals),
      positions: this.account.positions,
      positionMode: this.positionMode,
      cancelAllAt: this.cancelAllAt === Number.POSITIVE_INFINITY ? null : this.cancelAllAt,
      posIds: [...this.#posIds],
      orders: [...this.orders.finished.list(), ...this.orders.open.values()].map(plainOrder),
      algos: [...this.algos.finished.list(), ...this.algos.open.values()].map(plainAlgo),
      closedPositions: this.closedPositions.list().map(plainClosed),
      fills: this.fills.list(),
      bills: this.bills.list(),
    };
  }

  #remember(saved: SavedDesk): void {
    const slotAt = (index: number) => this.#surroundings.slots[index] as Slot;
    this.positionMode = saved.positionMode;
    this.cancelAllAt = saved.cancelAllAt ?? Number.POSITIVE_INFINITY;
    for (const [index, posId] of saved.posIds) this.#posIds.set(index, posId);
    for (const { slot, sim: _, ...rest } of saved.orders) {
      const { stpMode = 'cancel_maker' } = rest;
      this.orders.resume({ ...rest, stpMode, slot: slotAt(slot), sim: undefined });
    }
    for (const { slot, ...rest } of saved.algos) this.algos.resume({ ...rest, slot: slotAt(slot) });
    for (const { slot, ...rest } of saved.closedPositions)
      this.#record({ ...rest, isWhole: rest.isWhole ?? !['1', '4'].includes(rest.type), slot: slotAt(slot) });
    for (const fill of saved.fills) this.fills.add(fill);
    for (const bill of saved.bills) this.bills.add(bill);
    this.account.positions.forEach((position, index) => {
      this.#marginUnits[index] = position.marginUnits;
    });
  }

  #orderOf(sim: SimOrder): PaperOrder {
    const order = this.orders.byId(sim.clientId);
    if (order === undefined) throw new Error(`the simulator spoke of an order "${sim.clientId}" that nobody placed`);
    return order;
  }

  #slotNamed(instId: string): Slot {
    const slot = this.#slotsByName.get(instId);
    if (slot === undefined) throw new Error(`the simulator spoke of "${instId}", which is not listed`);
    return slot;
  }

  /** The order that OKX shows where it took a position over itself. */
  #takenOver(fill: SimFill, slot: Slot): PaperOrder {
    const isPartial = this.position(slot).lots > 0;
    const order: PaperOrder = {
      ordId: this.#surroundings.ids.order(),
      clOrdId: '',
      tag: '',
      slot,
      posSide: posSideOf(slot, this.positionMode),
      ordType: 'market',
      side: fill.side === 1 ? 'buy' : 'sell',
      reduceOnly: true,
      leverage: this.position(slot).leverage,
      category: this.takeover === 'adl' ? 'adl' : isPartial ? 'partial_liquidation' : 'full_liquidation',
      source: '',
      algoId: '',
      algoClOrdId: '',
      stpMode: 'cancel_maker',
      attached: [],
      createdAt: fill.at,
      ...UNFILLED,
      priceTicks: 0,
      sizeLots: fill.sizeLots,
      endsBecause: '',
      updatedAt: fill.at,
    };
    this.orders.add(order);
    return order;
  }

  #bookLife(fill: SimFill, slot: Slot, category: Category): void {
    const before = this.#lives[slot.index];
    const position = this.position(slot);
    if (before !== undefined && before.lots > 0 && fill.side !== before.side) {
      const closed = closedPart(before, position, fill, category);
      const posId = this.#posIds.get(slot.index) ?? '';
      const posSide = posSideOf(slot, this.positionMode);
      this.#record({ ...closed, slot, posId, posSide, leverage: position.leverage });
    }
    this.#lives[slot.index] = lifeOf(position);
  }

  /** One record for each life of a position, as its last close has left it. */
  #record(closed: ClosedPosition): void {
    const { index } = closed.slot;
    const before = this.#livingRecords.get(index);
    if (before !== undefined) this.closedPositions.remove(before);
    this.closedPositions.add(closed);
    this.changes?.closed.push(closed);
    if (closed.isWhole) this.#livingRecords.delete(index);
    else this.#livingRecords.set(index, closed);
  }

  /** What has gone in and out of cash and of a position's margin since it was last asked. */
  #flows(slot: Slot): Flows {
    const cashAfter = this.account.cashUnits;
    const marginAfter = this.position(slot).marginUnits;
    const flows = {
      cash: cashAfter - this.#cashUnits,
      cashAfter,
      margin: marginAfter - (this.#marginUnits[slot.index] ?? 0),
      marginAfter,
    };
    this.#cashUnits = cashAfter;
    this.#marginUnits[slot.index] = marginAfter;
    return flows;
  }

  #billMargin(slot: Slot, at: number): void {
    const flows = this.#flows(slot);
    if (flows.margin !== 0) this.#bill(marginBillRow({ billId: this.#surroundings.ids.bill(), slot, at }, flows));
  }

  #finish(order: PaperOrder): void {
    order.sim = undefined;
    this.orders.finish(order);
    if (order.state === 'filled' && order.attached.length > 0) this.completed.push(order);
  }

  #bill(row: WireBill): void {
    this.bills.add(row);
    this.changes?.bills.push(row);
  }

  #tell(order: PaperOrder, update: OrderUpdate, at: number): void {
    this.changes?.noteOrder(order);
    this.#surroundings.watcher.orderChanged(this, order, update, at);
  }
}
