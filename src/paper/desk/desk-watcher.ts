/** Who hears what happens to an account, and in which words: the hub, which tells it to sockets. */
import type { SimFill } from '../../sim/matching/order.ts';
import type { Slot } from '../market/listing.ts';
import type { PaperAlgo } from '../orders/algo-order.ts';
import type { PaperOrder } from '../orders/paper-order.ts';
import type { Desk } from './desk.ts';

/** What an order's push says beside the order itself. */
export interface OrderUpdate {
  readonly fill?: SimFill;
  readonly tradeId?: string;
  readonly reqId?: string;
  readonly amendResult?: '' | '0' | '-1' | '1';
  readonly amendSource?: string;
  readonly code?: string;
  readonly msg?: string;
}

export type MoveCause = 'filled' | 'liquidation' | 'adl' | 'funding_fee' | 'adjust_margin' | 'set_leverage' | 'orders';

/** Everything of one account that moved since the last flush. */
export interface Moved {
  readonly causes: ReadonlySet<MoveCause>;
  readonly slots: ReadonlySet<Slot>;
  readonly trades: readonly { readonly instId: string; readonly tradeId: string }[];
}

export interface DeskWatcher {
  orderChanged(desk: Desk, order: PaperOrder, update: OrderUpdate, at: number): void;
  algoChanged(desk: Desk, algo: PaperAlgo, at: number): void;
  moved(desk: Desk, moved: Moved, at: number): void;
}
