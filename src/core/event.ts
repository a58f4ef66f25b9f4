/**
 * What may happen: the only input of the core. Plain data, journaled before anybody thinks.
 *
 * Every event carries `at`, UTC milliseconds of the world (never our clock's guess of it). Prices in ticks, sizes in lots, money in
 * 10⁻⁸ USDT, positive to us. Orders are named by client id.
 */
import type { ConnectionLoss } from './account/connection-loss.ts';
import type { InstrumentLimits } from './instrument/instrument.ts';
import type { Lots, Money, Side, SideName, Ticks } from './numbers/units.ts';

/** Whatever the core can be told. */
export type CoreEvent =
  | CandleClosed
  | PriceSeen
  | SignalGiven
  | OrderAccepted
  | OrderRejected
  | OrderUnknown
  | OrderAbsent
  | OrderStanding
  | OrderAmended
  | OrderEnded
  | Filled
  | FundingSettled
  | FundingForecast
  | LeverageRead
  | InstrumentSaid
  | FeeRatesSaid
  | MaintenanceSaid
  | ExchangeRead
  | ExchangeLost
  | TimePassed
  | Operator;

export interface CandleClosed {
  readonly kind: 'candle-closed';
  /** When it closed: the minute after `openMinute`. */
  readonly at: number;
  readonly instId: string;
  /** Whole minutes since 1970 UTC. */
  readonly openMinute: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeLots: number;
  /** Mark and touch are told as prices: the close, of the last trade, is neither (decision 0046). Absent: there is no other price. */
  readonly pricesApart?: true;
}

/** Mark and touch. `at` is when the price was made, not when it was read. */
export interface PriceSeen {
  readonly kind: 'price';
  readonly at: number;
  readonly instId: string;
  readonly markTicks: Ticks;
  readonly bidTicks: Ticks;
  readonly askTicks: Ticks;
}

/** A signal from outside the core (file, webhook, strategy). The built-in scalper's are made within. */
export interface SignalGiven {
  readonly kind: 'signal';
  readonly at: number;
  readonly instId: string;
  readonly side: Side;
  /** 0 to 1. */
  readonly strength: number;
  readonly priceTicks: Ticks;
  readonly source: string;
  readonly reasons: readonly string[];
}

export interface OrderAccepted {
  readonly kind: 'order-accepted';
  readonly at: number;
  readonly clientId: string;
}

/** The exchange said no: the order never lived. */
export interface OrderRejected {
  readonly kind: 'order-rejected';
  readonly at: number;
  readonly clientId: string;
  readonly code: string;
  readonly message: string;
}

/** Nobody's answer yet: the order may live. */
export interface OrderUnknown {
  readonly kind: 'order-unknown';
  readonly at: number;
  readonly clientId: string;
  /** English, or the exchange's words. */
  readonly reason: string;
  /** Nobody has answered for so long: what the reason says then. */
  readonly silentMs?: number;
}

/** Proof that the order does not exist: its expiry has passed and it is in neither open orders, history nor fills. */
export interface OrderAbsent {
  readonly kind: 'order-absent';
  readonly at: number;
  readonly clientId: string;
}

/** How a live order stands, asked for because an answer never came. */
export interface OrderStanding {
  readonly kind: 'order-standing';
  readonly at: number;
  readonly clientId: string;
  /** Price, or trigger of a stop. */
  readonly ticks: number;
  readonly sizeLots: Lots;
}

/** An amendment took hold, or (`done: false`) the order stands as it was. */
export interface OrderAmended {
  readonly kind: 'order-amended';
  readonly at: number;
  readonly clientId: string;
  readonly done: boolean;
  /** The exchange's word where it said no, if it gave one. */
  readonly code?: string;
  /** Where the order stands with it, if that is told: price (or trigger of a stop) and size. It says which amendment is meant. */
  readonly stands?: Standing;
}

export interface Standing {
  readonly ticks: number;
  readonly sizeLots: Lots;
}

/** The order lives no more, short of its full size (cancelled by us, by expiry, by the exchange). Fills come as fills. */
export interface OrderEnded {
  readonly kind: 'order-ended';
  readonly at: number;
  readonly clientId: string;
  readonly filledLots: Lots;
  readonly cause: string;
}

/** One execution of an order of ours. Known by (instId, tradeId): a second delivery changes nothing. */
export interface Filled {
  readonly kind: 'filled';
  readonly at: number;
  readonly instId: string;
  readonly tradeId: string;
  /** Absent: not an order of ours (liquidation, ADL, a trade by hand); then `cause` says which. */
  readonly clientId?: string | undefined;
  readonly side: Side;
  readonly sizeLots: Lots;
  readonly priceTicks: Ticks;
  /** Paid by us; negative is a rebate. */
  readonly fee: Money;
  readonly liquidity: 'maker' | 'taker';
  readonly cause: 'order' | 'liquidation' | 'adl' | 'foreign';
}

export interface FundingSettled {
  readonly kind: 'funding-settled';
  readonly at: number;
  readonly instId: string;
  /** Received; negative is paid. */
  readonly amount: Money;
}

export interface FundingForecast {
  readonly kind: 'funding-forecast';
  readonly at: number;
  readonly instId: string;
  /** 10⁻⁸ of the value, positive where longs pay. */
  readonly rateE8: number;
  readonly settlesAt: number;
  /** The settlement after that one; absent: not known. */
  readonly nextSettlesAt?: number;
}

export interface LeverageRead {
  readonly kind: 'leverage';
  readonly at: number;
  readonly instId: string;
  readonly leverage: number;
  /** The most that is taken at present, where a higher one was refused, whatever the list of instruments says. */
  readonly most?: number;
}

/** What the exchange says of an instrument while the bot runs: whether it trades, and what is another one than when it was read. */
export interface InstrumentSaid {
  readonly kind: 'instrument';
  readonly at: number;
  readonly instId: string;
  /** The exchange's word for why it does not trade; absent: it trades. */
  readonly stopped?: string;
  /** Empty: as it was read. */
  readonly changes: readonly GridChange[];
  /** As they are now, margin tiers among them; absent: not said. */
  readonly limits?: InstrumentLimits;
}

/** What the account pays by now, as shares of the value; negative where it is paid. The highest of its instruments. */
export interface FeeRatesSaid {
  readonly kind: 'fee-rates';
  readonly at: number;
  readonly maker: string;
  readonly taker: string;
}

/** All maintenance that the exchange has announced and that is not over. */
export interface MaintenanceSaid {
  readonly kind: 'maintenance';
  readonly at: number;
  readonly windows: readonly MaintenanceWindow[];
}

/** `begin` and `end` in UTC ms, as announced; absent: not said. */
export interface MaintenanceWindow {
  readonly title: string;
  /** The exchange's name of what it concerns; empty: not said. */
  readonly service: string;
  readonly state: 'planned' | 'running';
  readonly begin?: number;
  readonly end?: number;
  /** False: connections or single instruments, which tell it themselves. */
  readonly stopsTrading: boolean;
}

/** As decimals: the tick in USDT, lot and smallest order in contracts, the contract in coins. */
export interface GridChange {
  readonly of: 'tick' | 'lot' | 'smallest' | 'contract';
  readonly was: string;
  readonly is: string;
}

/**
 * The account as the exchange states it, read whole: fills that the reading found have come as `filled` before it.
 * A reading that failed in any part is no event: unknown is not empty (lessons.md 7).
 */
export interface ExchangeRead {
  readonly kind: 'exchange-read';
  readonly at: number;
  /** Equity without unrealised PnL, position margin included (OKX: eq − upl). */
  readonly balance: Money;
  /** What the exchange says can be used for new margin. Absent: it says nothing, and our own count holds. */
  readonly available?: Money | undefined;
  /** Every open position; what is not listed is flat. */
  readonly positions: readonly PositionReading[];
  /** Every open order, triggers included. */
  readonly orders: readonly OrderReading[];
  /** Said once, and again where it has become another; absent: nothing new. */
  readonly besideGrid?: readonly BesideGrid[];
  /** In every reading while it is there. */
  readonly crossMargin?: readonly CrossPosition[];
}

/** What a position holds beside its whole lots, and nobody here can place an order for. As decimals, contracts. */
export interface BesideGrid {
  readonly instId: string;
  readonly contracts: string;
  readonly lot: string;
}

/** A position with cross margin: beside ours, which are isolated, another one of the same instrument. As decimals, contracts. */
export interface CrossPosition {
  readonly instId: string;
  readonly side: SideName;
  readonly contracts: string;
}

export interface PositionReading {
  readonly instId: string;
  /** Signed: positive is long. */
  readonly signedLots: number;
  /** Cost at the average entry, whole 10⁻⁸ USDT. */
  readonly costUnits: number;
  readonly leverage: number;
}

export interface OrderReading {
  /** Empty where the order has none: it is not ours. */
  readonly clientId: string;
  readonly instId: string;
  readonly reduceOnly: boolean;
  /** Price (or trigger of a stop; 0 at the market) and size; absent where they are not its own: an order that a stop has sent. */
  readonly stands?: Standing;
}

/** What the exchange says may have changed behind our back: until the next whole reading nothing is added. */
export interface ExchangeLost {
  readonly kind: 'exchange-lost';
  readonly at: number;
  /** English, or the exchange's words. */
  readonly reason: string;
  /** What the reason says, as values; absent in rows that an older release has written. Both are made in lost.ts. */
  readonly because?: LostBecause;
}

/** `words` are the exchange's, or of what stands in between. */
export type LostBecause =
  | { readonly code: 'not-running' }
  /** An event that is ahead of all others. */
  | {
      readonly code: 'time-ahead';
      readonly event: CoreEvent['kind'];
      readonly saidAt: number;
      readonly aheadMs: number;
    }
  | { readonly code: 'events-dropped'; readonly events: number }
  /** Told by releases before the core knew how old a minute is: minutes that were long over came next. */
  | { readonly code: 'past-told'; readonly instId: string }
  | { readonly code: 'not-read'; readonly what: 'account' | 'fills'; readonly words: string }
  /** `words` in English; `loss` says the same as values, absent in rows of older releases. */
  | {
      readonly code: 'disconnected';
      readonly connection: string;
      readonly words: string;
      readonly loss?: ConnectionLoss;
    }
  | { readonly code: 'not-connected' }
  /** Key, signature, clock or permission: nothing was done, and whatever is sent next is refused too. */
  | { readonly code: 'access-refused'; readonly words: string }
  | { readonly code: 'channel-refused'; readonly channel: string }
  /** `words` say what of it cannot be read; `twoSided` that the account is in long/short mode, with what shows it. */
  | {
      readonly code: 'unreadable';
      readonly words: string;
      readonly twoSided?: { readonly instId: string; readonly side: SideName };
    }
  | { readonly code: 'said'; readonly words: string };

/** Time alone. Delivered at or after `nextDeadlineMs`. */
export interface TimePassed {
  readonly kind: 'time';
  readonly at: number;
}

/** A person's command, journaled like everything else. */
export interface Operator {
  readonly kind: 'operator';
  readonly at: number;
  readonly command:
    | { readonly do: 'pause' | 'resume' | 'halt'; readonly by: string }
    /** The bot is being stopped: what would still grow is called back, and nothing is added for the rest of this life. */
    | { readonly do: 'leave'; readonly by: string }
    /** Closes what is open (of one symbol, or all: then trading halts). `end-of-data`: a backtest has no more candles. */
    | { readonly do: 'flatten'; readonly by: string; readonly instId?: string; readonly because?: 'end-of-data' }
    /** An adopted position gets the base that its ladder stands on, whole 10⁻⁸ USDT; without `baseUnits` all that is held (given-base.ts). */
    | { readonly do: 'base'; readonly by: string; readonly instId: string; readonly baseUnits?: number };
}
