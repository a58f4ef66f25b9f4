/** An account's orders and algo orders by every name that they have: those that live, and the last so many that have ended. */
import type { Slot } from '../market/listing.ts';
import type { PaperAlgo } from '../orders/algo-order.ts';
import { isOpen, type PaperOrder } from '../orders/paper-order.ts';
import { Recent } from './recent.ts';

export class DeskOrders {
  readonly open = new Map<string, PaperOrder>();
  readonly finished: Recent<PaperOrder>;
  readonly #byId = new Map<string, PaperOrder>();
  /** The latest order of each client id. */
  readonly #byClientId = new Map<string, PaperOrder>();

  /** @param kept so many that have ended */
  constructor(kept: number) {
    this.finished = new Recent<PaperOrder>(kept, (order) => this.#forget(order));
  }

  byId(ordId: string): PaperOrder | undefined {
    return this.#byId.get(ordId);
  }

  byClientId(clOrdId: string): PaperOrder | undefined {
    return this.#byClientId.get(clOrdId);
  }

  /** The order that a request names: by `ordId`, else by `clOrdId`. */
  named(name: { readonly ordId?: string | undefined; readonly clOrdId?: string | undefined }): PaperOrder | undefined {
    return name.ordId === undefined ? this.#byClientId.get(name.clOrdId ?? '') : this.#byId.get(name.ordId);
  }

  /** Takes an order before the simulator sees it: its events name it by its id. */
  add(order: PaperOrder): void {
    this.open.set(order.ordId, order);
    this.#byId.set(order.ordId, order);
    if (order.clOrdId !== '') this.#byClientId.set(order.clOrdId, order);
  }

  /** Takes it back: the simulator said no. */
  withdraw(order: PaperOrder, before: PaperOrder | undefined): void {
    this.open.delete(order.ordId);
    this.#byId.delete(order.ordId);
    if (order.clOrdId === '') return;
    if (before === undefined) this.#byClientId.delete(order.clOrdId);
    else this.#byClientId.set(order.clOrdId, before);
  }

  finish(order: PaperOrder): void {
    this.open.delete(order.ordId);
    this.finished.add(order);
  }

  /** One that was saved, as it was. */
  resume(order: PaperOrder): void {
    this.add(order);
    if (!isOpen(order)) this.finish(order);
  }

  #forget(order: PaperOrder): void {
    this.#byId.delete(order.ordId);
    if (this.#byClientId.get(order.clOrdId) === order) this.#byClientId.delete(order.clOrdId);
  }
}

export class DeskAlgos {
  readonly open = new Map<string, PaperAlgo>();
  readonly finished: Recent<PaperAlgo>;

  /** @param kept so many that have ended */
  constructor(kept: number) {
    this.finished = new Recent<PaperAlgo>(kept);
  }

  /** By its id, else by its client's. */
  named(algoId: string | undefined, algoClOrdId: string | undefined): PaperAlgo | undefined {
    if (algoId !== undefined) return this.open.get(algoId) ?? firstOf(this.finished, (each) => each.algoId === algoId);
    const isNamed = (each: PaperAlgo) => each.algoClOrdId === algoClOrdId;
    return [...this.open.values()].find(isNamed) ?? firstOf(this.finished, isNamed);
  }

  openOf(slot: Slot): PaperAlgo[] {
    return [...this.open.values()].filter((algo) => algo.slot === slot);
  }

  /** A new one, or one that has changed. */
  put(algo: PaperAlgo): void {
    if (algo.state === 'live') this.open.set(algo.algoId, algo);
    else if (this.open.delete(algo.algoId)) this.finished.add(algo);
  }

  /** One that was saved, as it was. */
  resume(algo: PaperAlgo): void {
    if (algo.state === 'live') this.open.set(algo.algoId, algo);
    else this.finished.add(algo);
  }
}

function firstOf<T>(list: Recent<T>, fits: (item: T) => boolean): T | undefined {
  for (const item of list.newest()) if (fits(item)) return item;
  return undefined;
}
