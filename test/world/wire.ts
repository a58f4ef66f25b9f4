/**
 * What travels between the bot's middle and the exchange: requests with one answer each, and pushes, which are the core's events already.
 *
 * The middle of this world (gateway.ts) speaks it; a translation of a real protocol has its own.
 */

import type { Amend } from '../../src/core/decision.ts';
import type {
  CoreEvent,
  CrossPosition,
  ExchangeRead,
  Filled,
  InstrumentSaid,
  MaintenanceSaid,
  OrderReading,
  PositionReading,
} from '../../src/core/event.ts';
import type { Approved } from '../../src/core/orders/order.ts';

/** The exchange's books are read from copies that may be as old as this, and its clocks differ by no more. */
export const LAG_MS = 800;

export type Request =
  | { readonly kind: 'place'; readonly order: Approved }
  | { readonly kind: 'cancel'; readonly instId: string; readonly clientId: string }
  /** Not done any more after `takenByMs`, of the exchange's time. */
  | { readonly kind: 'amend'; readonly change: Amend; readonly takenByMs: number }
  | { readonly kind: 'leverage'; readonly instId: string; readonly leverage: number }
  | { readonly kind: 'order'; readonly clientId: string }
  /** Oldest first, at most a page; `afterTrade` counts the exchange's trades. */
  | { readonly kind: 'fills'; readonly sinceMs: number; readonly afterTrade: number; readonly untilMs?: number }
  | { readonly kind: 'fundings'; readonly sinceMs: number }
  | { readonly kind: 'account' }
  | { readonly kind: 'orders' }
  /** Instruments as they are traded, and maintenance as it is planned. */
  | { readonly kind: 'notices' };

export type Writing = Extract<Request, { kind: 'place' | 'cancel' | 'amend' | 'leverage' }>;

/** A no. `proves` that nothing was done; otherwise nobody knows. */
export interface No {
  readonly code: string;
  readonly message: string;
  readonly proves: boolean;
  /** Too often or too late: nothing is wrong with what was asked. An order is asked for then, and found absent. */
  readonly isUntimely?: boolean;
  /** Key, signature or clock: whatever is asked next is refused too. */
  readonly refusesAccess?: boolean;
}

/** How an order stands or ended, as the exchange's books say. */
export interface OrderStatus {
  readonly instId: string;
  readonly state: 'living' | 'ended' | 'none';
  readonly ticks: number;
  readonly sizeLots: number;
  readonly filledLots: number;
  readonly cause: string;
  readonly fills: readonly Filled[];
}

export interface Yes {
  readonly order?: OrderStatus;
  readonly fills?: { readonly page: readonly Filled[]; readonly lastTrade: number; readonly isLast: boolean };
  readonly fundings?: readonly CoreEvent[];
  readonly account?: Pick<ExchangeRead, 'balance' | 'available'> & {
    readonly positions: readonly PositionReading[];
    readonly leverages: readonly { readonly instId: string; readonly leverage: number }[];
    readonly crossMargin: readonly CrossPosition[];
    readonly isNetMode: boolean;
  };
  readonly orders?: readonly OrderReading[];
  readonly leverage?: number;
  /** Where another leverage was asked for that is above it. */
  readonly leverageMost?: number;
  readonly notices?: readonly (InstrumentSaid | MaintenanceSaid)[];
}

/** `at` is the exchange's time. */
export type Answer = { readonly at: number } & ({ readonly yes: Yes } | { readonly no: No });
