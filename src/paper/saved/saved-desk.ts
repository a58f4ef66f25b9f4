/** An account of the exchange as plain JSON: big numbers as texts, slots by their number, the simulator's orders beside the clients' view. */
import { decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import type { WireBill } from '../../okx/wire/bill.ts';
import type { WireFill } from '../../okx/wire/fill.ts';
import type { SavedAccount, SimPosition } from '../../sim/account/account.ts';
import { type SavedOrder, savedOrder } from '../../sim/matching/order.ts';
import type { ClosedPosition } from '../desk/closed-position.ts';
import type { AccountOptions } from '../desk/desk.ts';
import type { PositionMode } from '../market/listing.ts';
import type { PaperAlgo } from '../orders/algo-order.ts';
import type { PaperOrder } from '../orders/paper-order.ts';

export interface SavedDesk {
  readonly options: Omit<AccountOptions, 'balance' | 'makerRate' | 'takerRate'> & {
    readonly balance: string;
    readonly makerRate: string;
    readonly takerRate: string;
  };
  /** Whole 10⁻⁸ USDT as texts. */
  readonly totals: Readonly<Record<keyof SavedAccount['totals'], string>>;
  readonly positions: readonly SimPosition[];
  readonly positionMode: PositionMode;
  /** null: the switch is off. */
  readonly cancelAllAt: number | null;
  readonly posIds: readonly (readonly [number, string])[];
  readonly orders: readonly SavedPaperOrder[];
  readonly algos: readonly SavedAlgo[];
  readonly closedPositions: readonly SavedClosed[];
  readonly fills: readonly WireFill[];
  readonly bills: readonly WireBill[];
}

export interface SavedPaperOrder extends Omit<PaperOrder, 'slot' | 'sim' | 'stpMode'> {
  readonly slot: number;
  /** Absent before it was kept. */
  readonly stpMode?: PaperOrder['stpMode'];
  /** The simulator's order behind it, while it lives. */
  readonly sim?: SavedOrder;
}

/** Before `isWhole` was kept, each close had a record of its own. */
export interface SavedClosed extends Omit<ClosedPosition, 'slot' | 'isWhole'> {
  readonly slot: number;
  readonly isWhole?: boolean;
}

export function plainClosed({ slot, ...rest }: ClosedPosition): SavedClosed {
  return { ...rest, slot: slot.index };
}

export interface SavedAlgo extends Omit<PaperAlgo, 'slot'> {
  readonly slot: number;
}

export function plainOrder({ slot, sim, ...rest }: PaperOrder): SavedPaperOrder {
  return { ...rest, slot: slot.index, ...(sim === undefined ? {} : { sim: savedOrder(sim) }) };
}

export function plainAlgo({ slot, ...rest }: PaperAlgo): SavedAlgo {
  return { ...rest, slot: slot.index };
}

export function plainOptions({ balance, makerRate, takerRate, ...rest }: AccountOptions): SavedDesk['options'] {
  return {
    ...rest,
    balance: String(balance),
    makerRate: formatDecimal(makerRate),
    takerRate: formatDecimal(takerRate),
  };
}

export function optionsOf({ balance, makerRate, takerRate, ...rest }: SavedDesk['options']): AccountOptions {
  return { ...rest, balance: BigInt(balance), makerRate: decimal(makerRate), takerRate: decimal(takerRate) };
}

export function plainTotals(totals: SavedAccount['totals']): SavedDesk['totals'] {
  const { gross, fees, funding, penalties, slippage } = totals;
  return {
    gross: String(gross),
    fees: String(fees),
    funding: String(funding),
    penalties: String(penalties),
    slippage: String(slippage),
  };
}

export function accountOf({ totals, positions }: SavedDesk): SavedAccount {
  const { gross, fees, funding, penalties, slippage } = totals;
  return {
    totals: {
      gross: BigInt(gross),
      fees: BigInt(fees),
      funding: BigInt(funding),
      penalties: BigInt(penalties),
      slippage: BigInt(slippage),
    },
    positions,
  };
}
