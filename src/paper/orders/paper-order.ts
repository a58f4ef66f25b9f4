/**
 * An order as a client of the exchange sees it, from its acceptance on. The simulator's order stands behind it while it lives.
 *
 * Prices in ticks, sizes in lots, money in 10⁻⁸ USDT, times in UTC milliseconds. Plain data but for `sim`: it can be saved.
 */
import type { Side } from '../../core/numbers/units.ts';
import type { SimOrder } from '../../sim/matching/order.ts';
import type { PosSide, Slot } from '../market/listing.ts';

export const ORDER_TYPES = ['limit', 'market', 'post_only', 'fok', 'ioc', 'optimal_limit_ioc'] as const;
export type OrderType = (typeof ORDER_TYPES)[number];
/** Who gives way where an account's own orders meet (okx-v5.md §1.8). */
export const STP_MODES = ['cancel_maker', 'cancel_taker', 'cancel_both'] as const;
export type StpMode = (typeof STP_MODES)[number];
export const ORDER_SIDES = ['buy', 'sell'] as const;
export type OrderSide = (typeof ORDER_SIDES)[number];
export const TRIGGER_PRICES = ['last', 'index', 'mark'] as const;
export type TriggerPrice = (typeof TRIGGER_PRICES)[number];

/** A price that wakes an algo order, and the price of the order it then sends; 0 = at market. */
export interface Trigger {
  readonly triggerTicks: number;
  readonly by: TriggerPrice;
  readonly orderTicks: number;
}

/** Take-profit and stop that come into being when their order is completely filled (okx-v5.md §3.2). */
export interface Attached {
  readonly attachAlgoId: string;
  readonly attachAlgoClOrdId: string;
  takeProfit: Trigger | undefined;
  stop: Trigger | undefined;
  /** 0: the whole order. */
  readonly sizeLots: number;
}

export interface LastFill {
  readonly priceTicks: number;
  readonly sizeLots: number;
  readonly tradeId: string;
  readonly at: number;
}

export type PaperOrderState = 'live' | 'partially_filled' | 'filled' | 'canceled';
export type Category = 'normal' | 'adl' | 'full_liquidation' | 'partial_liquidation';

export interface PaperOrder {
  readonly ordId: string;
  readonly clOrdId: string;
  readonly tag: string;
  readonly slot: Slot;
  readonly posSide: PosSide;
  readonly ordType: OrderType;
  readonly side: OrderSide;
  readonly reduceOnly: boolean;
  readonly leverage: number;
  readonly category: Category;
  /** What sent it: 6 a trigger, 7 a take-profit or stop, 25 a trailing stop, '' the client. */
  readonly source: string;
  readonly algoId: string;
  readonly algoClOrdId: string;
  readonly stpMode: StpMode;
  readonly attached: readonly Attached[];
  readonly createdAt: number;
  /** As shown; 0 where it has none. */
  priceTicks: number;
  sizeLots: number;
  filledLots: number;
  filledLotTicks: number;
  feeUnits: number;
  pnlUnits: number;
  lastFill: LastFill | undefined;
  state: PaperOrderState;
  cancelSource: string;
  /** Why it will end, where its end was ordered by something other than its client. */
  endsBecause: string;
  updatedAt: number;
  sim: SimOrder | undefined;
}

/** What an order begins with. */
export const UNFILLED = {
  filledLots: 0,
  filledLotTicks: 0,
  feeUnits: 0,
  pnlUnits: 0,
  lastFill: undefined,
  state: 'live',
  cancelSource: '',
  sim: undefined,
} as const satisfies Partial<PaperOrder>;

export function sideOfOrder(side: OrderSide): Side {
  return side === 'buy' ? 1 : -1;
}

/** Whether the exchange took the position over because its margin was used up. */
export function isLiquidation(category: Category): boolean {
  return category === 'full_liquidation' || category === 'partial_liquidation';
}

export function isOpen(order: Pick<PaperOrder, 'state'>): boolean {
  return order.state === 'live' || order.state === 'partially_filled';
}
