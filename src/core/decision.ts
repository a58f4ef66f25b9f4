/**
 * What the core answers to an event: orders to send, and every no with its numbers. Plain data, journaled before anything is sent.
 */
import type { Filled, GridChange } from './event.ts';
import type { RegimeRecord } from './market/regime.ts';
import type { Lots, Money, Side, SideName, Ticks } from './numbers/units.ts';
import type { Approved, OrderRole } from './orders/order.ts';
import type { Profile, Regime } from './policy.ts';
import type { GateReading, PartialGuard, RefusalCode } from './refusal.ts';

/** Whatever the core answers: orders, noes with their numbers, news. */
export type Decision = Place | Cancel | Amend | SetLeverage | Refused | Held | PositionClosed | Governed | Alert;

/** An order to send: approved, and why. */
export interface Place {
  readonly kind: 'place';
  readonly at: number;
  readonly order: Approved;
  readonly because: string;
  /** Of entries and rungs. */
  readonly reasoning: Reasoning | undefined;
  /** Of orders that only reduce. */
  readonly exit?: ExitReading | undefined;
}

export interface Cancel {
  readonly kind: 'cancel';
  readonly at: number;
  readonly instId: string;
  readonly clientId: string;
  readonly because: ChangeReason;
}

/** New price, trigger or total size of a live order; what is absent stays. */
export interface Amend {
  readonly kind: 'amend';
  readonly at: number;
  readonly instId: string;
  readonly clientId: string;
  readonly priceTicks?: Ticks | undefined;
  readonly triggerTicks?: Ticks | undefined;
  readonly sizeLots?: Lots | undefined;
  readonly because: ChangeReason;
  /** Of orders that only reduce. */
  readonly exit?: ExitReading | undefined;
}

/** Why an order is called back or moved. The sentences are codes too: they stand in journals, and whoever shows them words each. */
export type ChangeReason = ChangeSentence | CloseReason | PartialGuard | RefusalCode | 'pause' | 'halt';

export type ChangeSentence =
  | 'it still stands'
  | 'it stands as it was'
  | 'it would not be amended'
  | 'less is left of the position'
  | 'no rung is wanted there any more'
  | 'nothing is left for it'
  | 'the journal does not know it'
  | 'the exchange does not trade it as it did'
  | 'the bot is being stopped'
  | 'the exchange is in maintenance'
  | 'the maker window is over'
  | 'the position changed'
  | 'the position is flat'
  | 'the position is gone'
  | 'the published price moved'
  | 'the touch moved'
  | 'the wish changed meanwhile'
  | 'trading went off by its results';

export interface SetLeverage {
  readonly kind: 'set-leverage';
  readonly at: number;
  readonly instId: string;
  readonly leverage: number;
}

/** Our no to an entry or an addition. */
export interface Refused {
  readonly kind: 'refused';
  readonly at: number;
  readonly instId: string;
  readonly what: 'entry' | 'addition';
  readonly side: SideName;
  readonly code: RefusalCode;
  /** What threw, where the code is `decision-failed`. */
  readonly error?: string;
  readonly reasoning: Reasoning | undefined;
}

/** Our no to a partial take-profit: held, never enlarged. */
export interface Held {
  readonly kind: 'held';
  readonly at: number;
  readonly instId: string;
  readonly step: number;
  readonly code: PartialGuard;
  readonly exit?: ExitReading | undefined;
}

/**
 * What an exit stands on; only where the core is traced. Prices and distances in ticks, the average not rounded, ATR and distances as they were planned
 * or tuned last. All 0 but size and prices of a position that nobody planned.
 */
export interface ExitReading {
  /** Size of the position. */
  readonly lots: number;
  readonly averageTicks: number;
  readonly markTicks: number;
  readonly atrTicks: number;
  readonly stopDistanceTicks: number;
  readonly targetDistanceTicks: number;
  /** Costs of entry and exit as a share of the price: targets are net of them. */
  readonly roundTripShare: number;
  /** UTC ms. */
  readonly timeLimitAt: number;
  /** Guards of a partial, sizes in lots. */
  readonly gates?: readonly GateReading[] | undefined;
}

/** Everything that was weighed; only where the core is traced. */
export interface Reasoning {
  readonly profile: Profile;
  /** As the position meets it. */
  readonly regime: Regime;
  readonly market: RegimeRecord;
  readonly strength: number;
  readonly source: string;
  readonly reasons: readonly string[];
  readonly coefficient: string | null;
  readonly leverage: number | null;
  /** The price at which the order was judged (the touch on its side, or where it rests) and the mark that it met; absent in rows that an older release has written. */
  readonly judged?: { readonly priceTicks: number; readonly markTicks: number } | undefined;
  readonly gates: readonly GateReading[];
  /** What gate `halted` reads, as values; absent in rows that an older release has written. */
  readonly halting?: Halting | undefined;
}

/** What keeps a symbol from growing: an operator or the emergency stop until resumed, or a governor. */
export type Halting =
  | { readonly code: 'pause' | 'halt'; readonly by: string }
  /** The day has lost what it may. */
  | { readonly code: 'day-loss'; readonly until: number }
  | { readonly code: 'mode-off' | 'leaving' }
  | UntradableFacts
  /** The exchange's; `until` as announced. */
  | { readonly code: 'maintenance'; readonly title: string; readonly until?: number }
  | Pause;

/** A pause in force, and until when. */
export interface Pause {
  readonly code: 'losses-in-a-row' | 'turbulence';
  /** Undefined: of all symbols. */
  readonly instId: string | undefined;
  readonly until: number;
}

export type CloseReason =
  | 'stop'
  | 'breakeven'
  | 'trailing'
  | 'target'
  | 'time'
  | 'opposite'
  | 'liquidation-guard'
  | 'operator'
  | 'end-of-data'
  | 'emergency-stop'
  | 'stop-not-standing'
  | 'liquidation'
  | 'adl'
  | 'foreign'
  | 'unknown-position';

/** A position that went flat: one trade. Amounts whole 10⁻⁸ USDT; prices in ticks, averages not rounded. */
export interface PositionClosed {
  readonly kind: 'position-closed';
  readonly at: number;
  readonly instId: string;
  readonly position: number;
  readonly side: SideName;
  readonly reason: CloseReason;
  readonly regime: Regime;
  readonly profile: Profile;
  readonly openedAt: number;
  readonly entryLots: number;
  readonly lotsMost: number;
  readonly averageTicks: number;
  readonly exitTicks: number;
  readonly leverage: number | null;
  readonly additions: number;
  readonly partials: number;
  readonly grossUnits: number;
  readonly feeUnits: number;
  readonly fundingUnits: number;
  readonly rungs: readonly {
    readonly number: number;
    readonly at: number;
    readonly lots: number;
    readonly valueUnits: number;
    readonly feeUnits: number;
  }[];
}

export const GOVERNORS = [
  'size-by-day',
  'targets-by-volatility',
  'additions-without-signal',
  'mode-by-results',
  'pause',
] as const;
export type GovernorName = (typeof GOVERNORS)[number];

/** A governor changed something: `old → new`, because, until (rules.md §6). */
export interface Governed {
  readonly kind: 'governed';
  readonly at: number;
  readonly governor: GovernorName;
  /** Undefined: everything. */
  readonly instId: string | undefined;
  /** A factor, a trading mode, or `trading`, `paused`, `halted`. */
  readonly old: string;
  readonly new: string;
  readonly because: GovernedBecause;
  /** UTC ms; undefined: until things change, or a person resumes. Of a mode and of a re-tuning: before then there is no other. */
  readonly until: number | undefined;
}

/** Mean net result of so many trades, % of the value entered, and its standard error; null: too few to tell. */
export interface ModeResult {
  readonly trades: number;
  readonly netPercent: string;
  readonly errorPercent: string | null;
}

/** Numbers as plain decimals for show. */
export type GovernedBecause =
  /** The day's PnL, % of its first balance. */
  | { readonly code: 'day-pnl'; readonly percent: string }
  /** ATR% now ÷ its mean. */
  | { readonly code: 'volatility' | 'turbulence'; readonly ratio: string }
  | { readonly code: 'losses-in-a-row'; readonly losses: number }
  /** Net result of the last closed trades of each trading mode in a regime. */
  | {
      readonly code: 'mode-results';
      readonly regime: Regime;
      readonly trendFollowing: ModeResult;
      readonly meanReversion: ModeResult;
    }
  /** Fall of the equity from the day's peak, %. */
  | { readonly code: 'drawdown'; readonly percent: string };

/** For a person: something is not as it should be. Made in alert.ts. */
export interface Alert {
  readonly kind: 'alert';
  readonly at: number;
  readonly instId: string | undefined;
  readonly code: AlertCode;
  /** English. */
  readonly message: string;
  /** What the message says, as values of the same code; absent in rows that an older release has written (decision 0018). */
  readonly facts?: AlertFacts;
}

/** `believed…` is what we took for true before. Lots, 10⁻⁸ USDT, UTC ms. */
export type AlertFacts =
  /** `said` and `words` are the exchange's code and message. */
  | {
      readonly code: 'order-rejected';
      readonly role: OrderRole;
      readonly clientId: string;
      readonly said: string;
      readonly words: string;
    }
  | { readonly code: 'stop-lost'; readonly cause: string }
  | { readonly code: 'close-failed'; readonly times: number }
  | { readonly code: 'reasoning-lost'; readonly error: string }
  | {
      readonly code: 'foreign-fill';
      readonly cause: Filled['cause'];
      readonly side: Side;
      readonly sizeLots: Lots;
      readonly fate?: UnknownFate;
    }
  /** `clientId` empty: no bot of ours has named it. `isOurs`: of this journal or of one that was lost, so it is called back. */
  | { readonly code: 'foreign-order'; readonly clientId: string; readonly isOurs: boolean }
  /** Signed: positive is long. */
  | {
      readonly code: 'position-differs';
      readonly of: 'lots';
      readonly signedLots: number;
      readonly believedLots: number;
      readonly fate?: UnknownFate;
    }
  | {
      readonly code: 'position-differs';
      readonly of: 'cost';
      readonly costUnits: number;
      readonly believedUnits: number;
    }
  | { readonly code: 'balance-differs'; readonly balance: Money; readonly believed: Money }
  /** No two readings agree: so many in a row each left something open; `difference` is what the newest says, not taken over. */
  | { readonly code: 'account-unsettled'; readonly readings: number; readonly difference: DifferenceFacts }
  /** And now they do, after so many. */
  | { readonly code: 'account-settled'; readonly readings: number }
  /** What waits for it: the position is to be closed, or has no stop that the exchange has confirmed. */
  | (UntradableFacts & { readonly isClosing: boolean; readonly isUncovered: boolean })
  | { readonly code: 'instrument-trades' }
  | ({ readonly code: 'maintenance-planned' | 'maintenance-running' | 'maintenance-over' } & MaintenanceFacts)
  /** What the position holds beside its whole lots: no order can be placed for it. Contracts. */
  | { readonly code: 'size-beside-grid'; readonly contracts: string; readonly lot: string }
  /** Somebody holds it beside what is ours, which is isolated. Contracts. */
  | { readonly code: 'cross-position'; readonly side: SideName; readonly contracts: string }
  | { readonly code: 'leverage-differs'; readonly leverage: number; readonly believed: number }
  /** The exchange has refused a leverage that its list allows. */
  | { readonly code: 'leverage-limited'; readonly most: number; readonly listed: number }
  /** The margin tier of what is open, or of the smallest position: percent of the value, as decimals. */
  | {
      readonly code: 'tier-changed';
      readonly isOpen: boolean;
      readonly maintenancePercent: string;
      readonly maintenancePercentWas: string;
      readonly leverageMax: number;
      readonly leverageMaxWas: number;
    }
  /** The account's rates: percent of the value, as decimals. */
  | {
      readonly code: 'fees-changed';
      readonly makerPercent: string;
      readonly makerPercentWas: string;
      readonly takerPercent: string;
      readonly takerPercentWas: string;
    }
  /** What waits for it meanwhile, by instrument: positions to be closed, and those without a stop that the exchange has confirmed. */
  | {
      readonly code: 'access-refused';
      readonly words: string;
      readonly closing: readonly string[];
      readonly uncovered: readonly string[];
    }
  | { readonly code: 'clock-differs'; readonly exchangeAt: number; readonly believedAt: number };

/** What is done with a position that no order of ours has opened; absent: it is adopted, or was known. */
export type UnknownFate = 'close' | 'alert';

/** In UTC ms, as announced; absent: not said. */
export interface MaintenanceFacts {
  readonly title: string;
  readonly begin?: number;
  readonly end?: number;
  readonly stopsTrading: boolean;
}

/** Why the exchange trades an instrument no more as it did. */
export type UntradableFacts =
  /** `state` is the exchange's word. */
  | { readonly code: 'instrument-stopped'; readonly state: string }
  /** Another grid than the one that this life counts in: until the bot is started anew (decision 0024). */
  | { readonly code: 'instrument-changed'; readonly changes: readonly GridChange[] };

/** What a reading of the exchange finds different. */
export type DifferenceFacts = Extract<
  AlertFacts,
  { readonly code: 'balance-differs' | 'position-differs' | 'foreign-order' }
>;

/** Why nothing is added to a symbol until a person resumes. */
export type UnexplainedFacts =
  | Extract<AlertFacts, { readonly of: 'lots' }>
  | Extract<AlertFacts, { readonly code: 'cross-position' }>
  /** An order of a journal that is lost was filled. */
  | { readonly code: 'lost-journal'; readonly clientId: string };

/** What an alert may be about. */
export type AlertCode = AlertFacts['code'] | 'halted';
