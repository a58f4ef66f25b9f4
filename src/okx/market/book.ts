/**
 * An order book from channel `books`: a snapshot and a chain of changes. Source: okx-v5.md §4.3.
 *
 * Each change names the one before it (`prevSeqId`); a keep-alive repeats its own number with empty sides; after
 * maintenance `seqId` may once be smaller than `prevSeqId`. A chain that does not fit is a gap: the book is void until
 * the next snapshot, the caller resubscribes. Prices stay the strings of the wire; their order is numeric. The checksum
 * is 0 since 2026-06 and not looked at.
 */
import type { BookChange } from '../wire/book.ts';
import type { NumberInString } from '../wire/field.ts';

export interface Level {
  readonly px: NumberInString;
  /** Contracts. */
  readonly sz: NumberInString;
}

export type BookVerdict =
  | { readonly kind: 'applied' }
  /** A change while the book waits for its snapshot: left out. */
  | { readonly kind: 'void' }
  /** The book is void: resubscribe. */
  | { readonly kind: 'gap'; readonly reason: string };

type Sides = Pick<BookChange, 'asks' | 'bids'>;

export class Book {
  /** Best first. */
  #asks: Side = new Side(1);
  #bids: Side = new Side(-1);
  #seqId: number | undefined;

  /** Applies one push. */
  apply(action: 'snapshot' | 'update', change: BookChange): BookVerdict {
    if (action === 'snapshot') {
      this.#asks = new Side(1);
      this.#bids = new Side(-1);
    } else {
      if (this.#seqId === undefined) return { kind: 'void' };
      if (change.prevSeqId !== this.#seqId)
        return this.#gap(`change ${change.seqId} follows ${change.prevSeqId}, the book is at ${this.#seqId}`);
    }
    this.#seqId = change.seqId;
    this.#change(change);
    const [bid, ask] = [this.bids[0], this.asks[0]];
    if (bid !== undefined && ask !== undefined && Number(bid.px) >= Number(ask.px))
      return this.#gap(`crossed: bid ${bid.px}, ask ${ask.px}`);
    return { kind: 'applied' };
  }

  /** After a reconnect or an unsubscribe. */
  clear(): void {
    this.#seqId = undefined;
    this.#asks = new Side(1);
    this.#bids = new Side(-1);
  }

  /** Whether the chain is whole since the last snapshot. */
  get isWhole(): boolean {
    return this.#seqId !== undefined;
  }

  /** Lowest first; empty while the book is void. */
  get asks(): readonly Level[] {
    return this.#asks.levels;
  }

  /** Highest first; empty while the book is void. */
  get bids(): readonly Level[] {
    return this.#bids.levels;
  }

  #change(change: Sides): void {
    for (const [px, sz] of change.asks) this.#asks.set(px, sz);
    for (const [px, sz] of change.bids) this.#bids.set(px, sz);
  }

  #gap(reason: string): BookVerdict {
    this.clear();
    return { kind: 'gap', reason };
  }
}

class Side {
  readonly levels: Level[] = [];
  readonly #prices: number[] = [];
  readonly #sign: 1 | -1;

  /** +1: ascending (asks), −1: descending (bids). */
  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  set(px: NumberInString, sz: NumberInString): void {
    const price = Number(px) * this.#sign;
    const at = this.#indexOf(price);
    const exists = this.#prices[at] === price;
    if (Number(sz) === 0) {
      if (!exists) return;
      this.#prices.splice(at, 1);
      this.levels.splice(at, 1);
    } else if (exists) {
      this.levels[at] = { px, sz };
    } else {
      this.#prices.splice(at, 0, price);
      this.levels.splice(at, 0, { px, sz });
    }
  }

  /** First index whose price is not before `price`. */
  #indexOf(price: number): number {
    let low = 0;
    let high = this.#prices.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#prices[middle] ?? 0) < price) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
