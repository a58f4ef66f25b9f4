/**
 * Orders as the simulated exchange knows them, and the names of every no it says.
 *
 * `OrderRequest` is what core's `Order` already is, plus what other clients of an exchange may ask: fill-or-kill, a take-profit trigger, an
 * expiry. Prices in ticks, sizes in lots, `at` in UTC milliseconds.
 */

import type { Side } from '../../core/numbers/units.ts';
import type { OrderTerms } from '../../core/orders/order.ts';
import type { SimAccount } from '../account/account.ts';
import type { Levels } from './levels.ts';

export type SimTerms =
  | OrderTerms
  | { readonly type: 'fok'; readonly priceTicks: number }
  /** Sleeps until `by` reaches the trigger on the winning side, then goes to the market. */
  | { readonly type: 'take-profit'; readonly triggerTicks: number; readonly by: 'mark' | 'last' };

export interface OrderRequest {
  readonly clientId: string;
  readonly instId: string;
  readonly side: Side;
  readonly sizeLots: number;
  readonly reduceOnly: boolean;
  readonly terms: SimTerms;
  /** The order ends at this moment, if it still lives. */
  readonly expiresAt?: number;
}

export interface OrderChange {
  readonly priceTicks?: number | undefined;
  readonly triggerTicks?: number | undefined;
  readonly sizeLots?: number | undefined;
}

/** Why an order, an amendment or a leverage was not taken. The paper exchange derives OKX's codes from these. */
export type RejectReason =
  | 'unknown-instrument'
  | 'no-price'
  | 'duplicate-client-id'
  | 'size-off-lot'
  | 'price-off-tick'
  | 'size-below-minimum'
  | 'size-above-limit-maximum'
  | 'size-above-market-maximum'
  | 'price-limit'
  | 'trigger-passed'
  | 'already-expired'
  | 'reduce-only-no-position'
  | 'reduce-only-same-side'
  | 'reduce-only-exceeds'
  | 'tier'
  | 'margin-insufficient'
  | 'unknown-order'
  | 'not-amendable'
  | 'size-below-filled'
  | 'post-only-would-take'
  | 'leverage-orders-open'
  | 'leverage-out-of-range'
  | 'leverage-tier';

/** A no, with a sentence for people. */
export interface Rejection {
  readonly reason: RejectReason;
  readonly message: string;
}

/** Asked of every answer: a look at the value costs the same every time, `in` in some processes fifty times as much. */
export function isRejection(answer: SimOrder | Rejection): answer is Rejection {
  return (answer as Partial<Rejection>).reason !== undefined;
}

/** Why an order that lived ended short of its full size. */
export type EndCause =
  | 'cancelled'
  | 'expired'
  | 'post-only'
  | 'ioc'
  | 'fok'
  | 'reduce-only-trimmed'
  | 'reduce-only-covered'
  | 'reduce-only-displaced'
  | 'reduce-only-no-position'
  | 'position-closed'
  | 'liquidation'
  | 'margin-insufficient'
  | 'tier';

/** `asleep`: a trigger order whose price has not come. `done`: filled whole, or ended with a cause. */
export type SimOrderState = 'asleep' | 'live' | 'done';

/** One order of one account; mutable, owned by the matcher. */
export interface SimOrder {
  readonly id: number;
  readonly clientId: string;
  readonly account: SimAccount;
  /** Index of the instrument in the matcher. */
  readonly index: number;
  readonly instId: string;
  readonly side: Side;
  readonly reduceOnly: boolean;
  readonly type: SimTerms['type'];
  readonly postOnly: boolean;
  readonly by: 'mark' | 'last';
  readonly expiresAt: number | undefined;
  readonly createdAt: number;
  /** As asked for; `sizeLots` may be less where a reduce-only order was trimmed. */
  requestedLots: number;
  sizeLots: number;
  filledLots: number;
  /** Σ lots × ticks of the fills: divided by `filledLots` it is the average price. */
  filledLotTicks: number;
  feeUnits: number;
  /** 0 for orders without a limit. */
  priceTicks: number;
  /** 0 for orders without a trigger. */
  triggerTicks: number;
  /** Price at which margin is frozen for it: the limit, or the touch with slippage. */
  frozenTicks: number;
  state: SimOrderState;
  cause: EndCause | undefined;
  updatedAt: number;
  /** Where it acts, and its place in the queue there. */
  levelTicks: number;
  sequence: number;
  waitsIn: Levels<SimOrder> | 'takers' | undefined;
}

/** A living order as plain data. */
export interface SavedOrder extends Omit<SimOrder, 'account' | 'cause' | 'waitsIn'> {
  /** It was on its way to the market. */
  readonly isTaker: boolean;
}

export function savedOrder(order: SimOrder): SavedOrder {
  const { account: _account, cause: _cause, waitsIn, ...plain } = order;
  return { ...plain, isTaker: waitsIn === 'takers' };
}

/** One execution. Amounts in whole 10⁻⁸ USDT. */
export interface SimFill {
  readonly at: number;
  readonly tradeId: number;
  readonly account: SimAccount;
  /** Absent at a liquidation. */
  readonly order: SimOrder | undefined;
  readonly instId: string;
  readonly side: Side;
  readonly sizeLots: number;
  readonly priceTicks: number;
  /** Paid; negative is a rebate. At a liquidation: the penalty. */
  readonly feeUnits: number;
  /** Realised by it, before fees. */
  readonly pnlUnits: number;
  readonly liquidity: 'maker' | 'taker';
}

/** Hears what happens to one account, in order. It must not call back into the exchange from here: queue, and act afterwards. */
export interface AccountListener {
  accepted(order: SimOrder, at: number): void;
  amended(order: SimOrder, at: number): void;
  triggered(order: SimOrder, at: number): void;
  filled(fill: SimFill): void;
  /** Only where the order ended short of the size asked for. */
  ended(order: SimOrder, cause: EndCause, at: number): void;
  funded(instId: string, units: number, at: number): void;
  leverageSet(instId: string, leverage: number, at: number): void;
}

export function remainingLots(order: SimOrder): number {
  return order.sizeLots - order.filledLots;
}
