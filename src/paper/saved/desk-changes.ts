/**
 * What an account has changed since it was last written down, and how that is put back on what was saved before it.
 *
 * An order or algo order stands in a step as it is then; fills, bills and records of positions are added; the rest is whole where it differs.
 */
import type { WireBill } from '../../okx/wire/bill.ts';
import type { WireFill } from '../../okx/wire/fill.ts';
import type { SimPosition } from '../../sim/account/account.ts';
import type { ClosedPosition } from '../desk/closed-position.ts';
import type { Desk } from '../desk/desk.ts';
import type { PaperAlgo } from '../orders/algo-order.ts';
import { isOpen, type PaperOrder } from '../orders/paper-order.ts';
import {
  plainAlgo,
  plainClosed,
  plainOrder,
  plainTotals,
  type SavedAlgo,
  type SavedClosed,
  type SavedDesk,
  type SavedPaperOrder,
} from './saved-desk.ts';

/** One account's part of a step. */
export interface SavedDeskStep
  extends Pick<SavedDesk, 'totals' | 'positionMode' | 'cancelAllAt' | 'posIds' | 'fills' | 'bills'> {
  readonly uid: string;
  /** Those that differ; each names its slot. */
  readonly positions: readonly SimPosition[];
  readonly orders: readonly SavedPaperOrder[];
  readonly algos: readonly SavedAlgo[];
  readonly closedPositions: readonly SavedClosed[];
}

export class DeskChanges {
  readonly #orders = new Set<PaperOrder>();
  readonly #algos = new Set<PaperAlgo>();
  fills: WireFill[] = [];
  bills: WireBill[] = [];
  closed: ClosedPosition[] = [];
  #positions: string[];
  #rest: string;

  constructor(desk: Desk) {
    this.#positions = desk.account.positions.map((position) => JSON.stringify(position));
    this.#rest = JSON.stringify(restOf(desk));
  }

  /** What ended last stands last: so its past is sorted. */
  noteOrder(order: PaperOrder): void {
    this.#orders.delete(order);
    this.#orders.add(order);
  }

  noteAlgo(algo: PaperAlgo): void {
    this.#algos.delete(algo);
    this.#algos.add(algo);
  }

  /** The changes, taken: the next step begins here. Undefined where there are none. */
  take(desk: Desk): SavedDeskStep | undefined {
    const texts = desk.account.positions.map((position) => JSON.stringify(position));
    const positions = desk.account.positions.filter((_, index) => texts[index] !== this.#positions[index]);
    const rest = restOf(desk);
    const text = JSON.stringify(rest);
    const { fills, bills, closed } = this;
    const [orders, algos] = [[...this.#orders], [...this.#algos]];
    const count = orders.length + algos.length + fills.length + bills.length + closed.length + positions.length;
    if (count === 0 && text === this.#rest) return undefined;
    const step: SavedDeskStep = {
      uid: desk.options.uid,
      ...rest,
      positions,
      orders: orders.map(plainOrder),
      algos: algos.map(plainAlgo),
      closedPositions: closed.map(plainClosed),
      fills,
      bills,
    };
    this.#orders.clear();
    this.#algos.clear();
    [this.fills, this.bills, this.closed, this.#positions, this.#rest] = [[], [], [], texts, text];
    return step;
  }
}

function restOf(desk: Desk) {
  const { account, positionMode, cancelAllAt, posIds } = desk;
  return {
    totals: plainTotals(account.totals),
    positionMode,
    cancelAllAt: cancelAllAt === Number.POSITIVE_INFINITY ? null : cancelAllAt,
    posIds: [...posIds],
  };
}

/** A saved account on which steps are put, one after the other. */
export class SavedDeskInSteps {
  #saved: SavedDesk;
  readonly #orders: Map<string, SavedPaperOrder>;
  readonly #algos: Map<string, SavedAlgo>;
  readonly #positions: SimPosition[];
  readonly #closed: SavedClosed[];
  readonly #fills: WireFill[];
  readonly #bills: WireBill[];

  constructor(saved: SavedDesk) {
    this.#saved = saved;
    this.#orders = new Map(saved.orders.map((order) => [order.ordId, order]));
    this.#algos = new Map(saved.algos.map((algo) => [algo.algoId, algo]));
    this.#positions = [...saved.positions];
    this.#closed = [...saved.closedPositions];
    this.#fills = [...saved.fills];
    this.#bills = [...saved.bills];
  }

  put(step: SavedDeskStep): void {
    const { totals, positionMode, cancelAllAt, posIds } = step;
    this.#saved = { ...this.#saved, totals, positionMode, cancelAllAt, posIds };
    for (const position of step.positions) this.#positions[position.index] = position;
    for (const order of step.orders) putLast(this.#orders, order.ordId, order);
    for (const algo of step.algos) putLast(this.#algos, algo.algoId, algo);
    for (const closed of step.closedPositions) this.#putClosed(closed);
    this.#fills.push(...step.fills);
    this.#bills.push(...step.bills);
  }

  /** A position has one record: the next close takes the place of the one before. */
  #putClosed(closed: SavedClosed): void {
    const before = this.#closed.findLastIndex(({ slot }) => slot === closed.slot);
    if (this.#closed[before]?.isWhole === false) this.#closed.splice(before, 1);
    this.#closed.push(closed);
  }

  /** Finished orders in the order in which they ended, living ones in the order of their placing: as an account saves itself. */
  whole(): SavedDesk {
    const orders = [...this.#orders.values()];
    const algos = [...this.#algos.values()];
    const living = orders.filter(isOpen).sort((a, b) => (a.ordId < b.ordId ? -1 : 1));
    const sleeping = algos.filter(({ state }) => state === 'live').sort((a, b) => (a.algoId < b.algoId ? -1 : 1));
    return {
      ...this.#saved,
      positions: this.#positions,
      orders: [...orders.filter((order) => !isOpen(order)), ...living],
      algos: [...algos.filter(({ state }) => state !== 'live'), ...sleeping],
      closedPositions: this.#closed,
      fills: this.#fills,
      bills: this.#bills,
    };
  }
}

function putLast<T>(map: Map<string, T>, id: string, item: T): void {
  map.delete(id);
  map.set(id, item);
}
