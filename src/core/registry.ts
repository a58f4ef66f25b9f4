/**
 * The registry: all that the core knows, a fold of events. Mutable, owned by the caller, changed by `step` alone (lessons.md 8).
 *
 * Amounts called `…Units` are whole 10⁻⁸ USDT in a double (asserted safe where they are made); the balance is booked as a bigint.
 */

import { type Day, dayOf } from './account/day.ts';
import type { CloseReason, Decision, UnexplainedFacts, UntradableFacts } from './decision.ts';
import type { FundingForecast, MaintenanceWindow } from './event.ts';
import { type ModeWork, newModeWork } from './governors/mode-by-results.ts';
import {
  type GovernorsState,
  newGovernorsState,
  newSymbolGovernorsState,
  type SymbolGovernorsState,
} from './governors/state.ts';
import { type Instrument, valueUnits } from './instrument/instrument.ts';
import { coefficientsLeft, type LadderRules, ladderRules, largestCoefficientSum } from './ladder/ladder.ts';
import { profileOf } from './ladder/profile.ts';
import { SymbolSeries } from './market/series.ts';
import { fractions } from './numbers/arithmetic.ts';
import type { Decimal } from './numbers/decimal.ts';
import { MONEY_PER_USDT, type Money, type Side } from './numbers/units.ts';
import type { Approved, OrderState } from './orders/order.ts';
import { type Policy, PROFILES, type Profile, REGIMES, type Regime, type ScalingPolicy } from './policy.ts';
import { type Holding, type PartialRecord, type RungRecord, timesOver, unrealisedUnits } from './position/position.ts';
import { TradesSeen } from './position/trades-seen.ts';

/** The core's whole state. */
export interface Registry {
  readonly run: string;
  /** Another one where the account's fee rates are (fee-rates.ts). */
  policy: Policy;
  /** True: refusals and orders carry their full reasoning. Changes no decision. */
  readonly traced: boolean;
  readonly symbols: readonly SymbolState[];
  readonly byInstId: ReadonlyMap<string, SymbolState>;
  /** Live, sent and unanswered orders of ours by client id; changed by orders.ts alone. */
  readonly orders: Map<string, OpenOrder>;
  /** Equity without unrealised PnL, position margin included. */
  balance: Money;
  /** The balance that `balanceUnits` was last asked of, and its answer. */
  readonly counted: { balance: Money; units: number };
  /**
   * No position was open at the last reading of the book, it said what those before it had said, and nothing but candles has come since: so the
   * next one says it again (governors/emergency-stop.ts). Not saved.
   */
  isBookStill: boolean;
  /** What is open of some symbol since its grid has changed is to be found yet (`SymbolState.sought`): what the book is worth nobody knows. */
  isSeeking: boolean;
  /** A rung of some symbol may be resting: looked for after every event. False: none is. Not saved. */
  mayRest: boolean;
  /** What the exchange says is free for new margin; undefined where it says nothing. */
  exchangeAvailable: Money | undefined;
  profile: Profile;
  /** Positions, balance, leverage and open orders confirmed since the last (re)connect. */
  ready: boolean;
  /** What the last reading of the exchange found different, as text: a difference is believed when the next one says the same. */
  differences: string | undefined;
  /** Readings in a row that left something open, and whether a person was told that they go on; undefined: the last one left nothing. */
  unsettled: { readonly readings: number; readonly isTold: boolean } | undefined;
  /** Exchange's time of the newest reading that was compared; 0 before the first. */
  readAt: number;
  /** Orders that are not ours, as they were told to a person: once is enough. */
  strangers: readonly string[];
  /** When a person was last told that the exchange refuses our requests; undefined before the first time. */
  accessToldAt: number | undefined;
  /** The bot is being stopped; until the next life begins. */
  leaving: boolean;
  /** What the exchange has announced of its maintenance and is not over. */
  maintenance: readonly MaintenanceWindow[];
  /** An operator's pause or halt. */
  halt: { readonly kind: 'pause' | 'halt'; readonly by: string; readonly at: number } | undefined;
  /** What the UTC day began with, and whether it has lost what it may. */
  day: Day;
  governors: GovernorsState;
  nextPosition: number;
  /** Time of the newest event. */
  now: number;
  /** True while recorded rows are folded: events change the state, nothing is decided; what was decided then is loaded, not thought again. */
  folding: boolean;
  /** Saved states of symbols that are configured no more, of which nothing is open: who comes back knows its fills (saved-registry.ts). */
  leftOut: readonly object[];
  /** Symbols that are configured no more and that no exchange lists: what the past had open of them is given up (decision 0050). */
  readonly delisted: ReadonlySet<string>;
  /** What the present event has led to so far. */
  decisions: Decision[];
  /** The symbols that it touched. */
  readonly touched: SymbolState[];
}

/** What the core knows of one symbol: its market, its position, its orders. */
export interface SymbolState {
  /** Another one where the exchange changes its limits or its contract (tradable.ts). */
  instrument: Instrument;
  /** The leverage that the list allows, where the exchange takes less at present; undefined: it takes that. */
  leverageListed: number | undefined;
  /** Ladder rules by profile and regime, resolved once. */
  readonly rules: Readonly<Record<Profile, Readonly<Record<Regime, LadderRules>>>>;
  readonly coefficientSums: Readonly<Record<Profile, Decimal>>;
  /** By profile and rungs climbed: the largest Σ of coefficients that any regime still lets follow, for the worst case. */
  readonly coefficientsLeft: Readonly<Record<Profile, readonly number[]>>;
  /** Another one where a start finds other periods configured (saved-registry.ts). */
  series: SymbolSeries;
  /** 0 until the first price: `pricedAt` is then −1. */
  markTicks: number;
  bidTicks: number;
  askTicks: number;
  pricedAt: number;
  /** When mark and touch were last told, or taken from a candle that is all there is; `pricedAt` may be a later candle's. */
  quotedAt: number;
  /** Minutes that closed up to then were heard by indicators of other periods: they are told anew, and no position is closed by what these say of them. */
  heardUntil: number;
  /** What the exchange reported as set; undefined until it did. */
  leverage: number | undefined;
  funding: Pick<FundingForecast, 'rateE8' | 'settlesAt' | 'nextSettlesAt'> | undefined;
  position: Position | undefined;
  working: Working | undefined;
  lastClose:
    | { readonly at: number; readonly position: number; readonly side: Side; readonly lost: boolean }
    | undefined;
  /** An entry of the other side, waiting for the close that a reversal began with. */
  reversal: SignalFacts | undefined;
  /** A difference to the exchange that no fill explains: nothing is added until a person resumes. */
  unexplained: string | undefined;
  /** The same as values; undefined too where an older release has saved the text alone. */
  unexplainedFacts: UnexplainedFacts | undefined;
  /** What somebody holds of it with cross margin, beside ours, as a person was told last. */
  crossHeld: string | undefined;
  /**
   * The exchange does not trade it, or has changed it: nothing is added, and what reduces was last tried again then (0: not since). `isStopped`: it does
   * not trade what it has changed. Undefined: it trades.
   */
  untradable: { readonly facts: UntradableFacts; readonly triedAt: number; readonly isStopped?: boolean } | undefined;
  governors: SymbolGovernorsState;
  /** Undefined where no governor chooses by results. */
  readonly modeWork: ModeWork | undefined;
  /** The present event changed what was decided for this symbol: its state goes into the journal with the decisions. */
  touched: boolean;
  /** The core has nothing to do while the mark stays strictly between these. */
  watchBelowTicks: number;
  watchAboveTicks: number;
  /** When the symbol next wants a `time` event; Infinity: never. */
  deadlineMs: number;
  /**
   * It was left behind with its grid (taken-grid.ts). `position`: the readings have not said yet what is open, and what they say holds whatever fills are
   * told before them. `price`: that is known, and not what it is worth. `sizeSince`: its contract has become another one while the bot runs (tradable.ts),
   * and the readings have not said yet of what size it is in that.
   */
  sought: 'position' | 'price' | { readonly sizeSince: number } | undefined;
  /** Exchange's time of the newest fill or funding that was booked; 0 before the first. */
  movedAt: number;
  /**
   * Exchange's time of the first of the two readings whose position was taken over last; 0: none was. A fill of before it, told after them, is in what they
   * have shown.
   */
  takenAt: number;
  /** Those of `Registry.orders` that are of this symbol, oldest first. */
  readonly orders: OpenOrder[];
  /** Trade ids already folded, and settlements of funding by their time (reliability.md: fills are a set). */
  readonly tradesSeen: TradesSeen;
}

export interface OpenOrder {
  readonly order: Approved;
  readonly symbol: SymbolState;
  state: OrderState;
  filledLots: number;
  readonly sentAt: number;
  /** Price or trigger that the exchange has confirmed, the one last asked for, and the one wanted now; 0 where it has none. */
  ticks: number;
  ticksAsked: number;
  ticksWanted: number;
  sizeLots: number;
  sizeAsked: number;
  sizeWanted: number;
  /** An amendment is on its way, asked at that moment; 0 before the first. */
  amending: boolean;
  amendedAt: number;
  /** Nobody wants what it may still fill: a person has flattened the symbol since. */
  unwanted: 'operator' | 'end-of-data' | 'emergency-stop' | undefined;
  /** Of an entry: the exits it was judged with. Of a rung: what its record will say. The work may end before its last fill arrives. */
  readonly exits: PlannedExits | undefined;
  readonly rung: PlannedRung | undefined;
  /** Of an entry: the leverage that it was judged with, and that is set before it is sent. */
  readonly leverage?: number | undefined;
}

export type PlannedRung = Pick<RungRecord, 'coefficient' | 'regime' | 'pnlPercent' | 'source'>;

/** An entry, rung or close on its way through maker-first execution (rules.md §7). */
export interface Working {
  readonly purpose: 'entry' | 'rung' | 'close';
  readonly side: Side;
  readonly position: number;
  readonly step: number;
  clientId: string;
  attempt: number;
  readonly wantedLots: number;
  filledLots: number;
  repricesLeft: number;
  /** When it is next re-priced or ended; never later than the window, but where nobody knows how the order stands. */
  nextLookAt: number;
  windowEndsAt: number;
  /** Why it was called back: the window is over (a follow-up may come), or it is no longer wanted. What ends next is the attempt. */
  ending: 'window' | 'recalled' | undefined;
  readonly because: string;
  readonly signal: SignalFacts | undefined;
  /** Of a rung: what its record will say. */
  readonly rung: PlannedRung | undefined;
  /** Of an entry: the exits that its fill will plan. */
  readonly exits: PlannedExits | undefined;
  /** A rung that waits at its own price for the market to come (rules.md §6.3); absent: it goes to the touch or the market. */
  readonly rests?: true | undefined;
}

/** Distances that an entry was judged with. */
export interface PlannedExits {
  readonly regime: Regime;
  readonly stopDistanceTicks: number;
  readonly targetDistanceTicks: number;
  readonly atrTicks: number;
  readonly roundTripShare: number;
  readonly exitShare: number;
  /** What volatility has multiplied the distances by (governors/targets-by-volatility.ts). */
  readonly factor: number;
}

/** A signal as the decisions see it. */
export interface SignalFacts {
  readonly side: Side;
  readonly strength: number;
  readonly priceTicks: number;
  readonly at: number;
  readonly source: string;
  readonly reasons: readonly string[];
}

export interface Position {
  readonly number: number;
  readonly holding: Holding;
  readonly openedAt: number;
  /** The latest of: last rung's last fill, the entry's fill, last partial close. */
  lastGrownAt: number;
  /** At its entry; of one that began before its market was known, when its exits were planned. */
  regime: Regime;
  readonly profile: Profile;
  /** The exchange's; undefined until it was read. */
  leverage: number | undefined;
  /** Filled lots and value of the entry: the frozen base (D2). 0 for an adopted position: it gets no rungs until a person gives it a base (given-base.ts). */
  entryLots: number;
  baseUnits: number;
  /** What its ladder is made of, where the configuration has changed since its entry (kept-ladder.ts). */
  keptScaling?: ScalingPolicy;
  readonly rungs: RungRecord[];
  readonly partials: PartialRecord[];
  readonly exits: ExitPlan;
  /** Attempts so far by role and step, for client ids. */
  readonly attempts: Map<string, number>;
  /** When a target or partial that the exchange has ended again and again is tried next, by role and step. */
  standsAgainAt?: Map<string, number> | undefined;
  lotsMost: number;
  realisedUnits: number;
  feeUnits: number;
  /** Of `feeUnits`, what entry and rungs paid. */
  enteredFeeUnits: number;
  fundingUnits: number;
  /** Sums of lots and of lots × ticks, in and out: the averages of the trade's record. */
  enteredLots: number;
  enteredTickLots: number;
  leftLots: number;
  leftTickLots: number;
  /** The pipeline has begun to close it, for this reason; at most once (lessons.md 10), but an urgent reason overtakes a patient one. */
  closing: CloseReason | undefined;
  /** Close orders in a row that the exchange refused or ended without a fill. */
  closeFailures: number;
  /** How many of its stops the exchange has refused or ended; undefined: none. */
  stopsLost?: number;
  /** How the exchange goes on refusing the close; undefined: it does not. */
  closeRefusal?: CloseRefusal | undefined;
  /** A person's own (rules.md §7, `alert`): counted everywhere, but without stop, exits and rungs; closed only where a person says so, or everything is. */
  leftAlone?: true;
  /** The partial step that is held and why, so that the same no is told once. */
  held: string | undefined;
  /** Its mark at the emergency stop's last reading of the book in which it had a new one, and at the one before; 0 before there was one. */
  markReadTicks: number;
  markReadBeforeTicks: number;
}

/** A close that is refused: the same word is told once, that it lasts once a while, and tries go out at growing distances. */
export interface CloseRefusal {
  /** The exchange's code; empty where it ended the close without a fill. */
  readonly said: string;
  /** When a person was last told that it lasts. */
  readonly toldAt?: number;
  /** No try goes out before; absent: one is on its way. */
  readonly againAt?: number;
}

/** Distances fixed at entry, and how far they have been moved since. */
export interface ExitPlan {
  stopDistanceTicks: number;
  targetDistanceTicks: number;
  readonly atrTicks: number;
  /** Share of the price that a round trip, and an exit as taker, cost at entry. */
  readonly roundTripShare: number;
  readonly exitShare: number;
  timeLimitAt: number;
  extensions: number;
  /** The distances of the entry, the volatility's factor in them, and what they were last re-tuned by, and when. */
  readonly first: { readonly stopTicks: number; readonly targetTicks: number; readonly factor: number };
  tunedBy: number;
  tunedAt: number;
  /** Why the stop stands where it stands. */
  stopReason: 'stop' | 'breakeven' | 'trailing';
  /** Where breakeven or the trail has brought the stop, or where it stayed when its distance grew; 0 while it stands at its distance from the average. */
  raisedTicks: number;
  /** Best mark since the trail began; 0 before. */
  bestTicks: number;
  /** The market was not known when it began: distances are those of the whole price until it is (late-exits.ts). */
  isUnplanned?: true;
}

/** What a registry is made of. */
export interface RegistryOptions {
  /** Four letters or digits: part of every client id. */
  readonly run: string;
  readonly policy: Policy;
  readonly instruments: readonly Instrument[];
  readonly balance: Money;
  readonly traced: boolean;
  /** False in a life that first has to read the exchange. */
  readonly ready: boolean;
  /** As {@link Registry.delisted}; none where absent. */
  readonly delisted?: ReadonlySet<string>;
}

/** An empty registry: nothing open, nothing known of any market. The caller owns it; `step` alone changes it. */
export function newRegistry(options: RegistryOptions): Registry {
  const symbols = options.instruments.map((instrument) => newSymbol(options.policy, instrument));
  const profile = profileOf(fractions, options.policy, { over: options.balance, under: MONEY_PER_USDT });
  return {
    run: options.run,
    policy: options.policy,
    traced: options.traced,
    symbols,
    byInstId: new Map(symbols.map((symbol) => [symbol.instrument.instId, symbol])),
    orders: new Map(),
    balance: options.balance,
    counted: { balance: options.balance, units: Number(options.balance) },
    isBookStill: false,
    isSeeking: false,
    mayRest: false,
    exchangeAvailable: undefined,
    profile,
    ready: options.ready,
    differences: undefined,
    unsettled: undefined,
    readAt: 0,
    strangers: [],
    accessToldAt: undefined,
    leaving: false,
    maintenance: [],
    halt: undefined,
    day: dayOf(0, options.balance),
    governors: newGovernorsState(),
    nextPosition: 1,
    now: 0,
    folding: false,
    leftOut: [],
    delisted: options.delisted ?? new Set(),
    decisions: [],
    touched: [],
  };
}

function newSymbol(policy: Policy, instrument: Instrument): SymbolState {
  const { modeByResults } = policy.governors;
  const of = <T>(value: (profile: Profile) => T) =>
    Object.fromEntries(PROFILES.map((each) => [each, value(each)])) as Record<Profile, T>;
  const rules = of(
    (profile) =>
      Object.fromEntries(
        REGIMES.map((regime) => [regime, ladderRules(policy.scaling, instrument.instId, profile, regime)]),
      ) as Record<Regime, LadderRules>,
  );
  return {
    instrument,
    leverageListed: undefined,
    rules,
    coefficientSums: of((profile) => largestCoefficientSum(policy, instrument.instId, profile)),
    coefficientsLeft: of((profile) => coefficientsLeft(Object.values(rules[profile]))),
    series: new SymbolSeries(policy.signals.series),
    markTicks: 0,
    bidTicks: 0,
    askTicks: 0,
    pricedAt: -1,
    quotedAt: -1,
    heardUntil: 0,
    leverage: undefined,
    funding: undefined,
    position: undefined,
    working: undefined,
    lastClose: undefined,
    reversal: undefined,
    unexplained: undefined,
    unexplainedFacts: undefined,
    crossHeld: undefined,
    untradable: undefined,
    governors: newSymbolGovernorsState(),
    modeWork: modeByResults === undefined ? undefined : newModeWork(modeByResults),
    touched: false,
    watchBelowTicks: 0,
    watchAboveTicks: Number.POSITIVE_INFINITY,
    deadlineMs: Number.POSITIVE_INFINITY,
    sought: undefined,
    movedAt: 0,
    takenAt: 0,
    orders: [],
    tradesSeen: new TradesSeen(),
  };
}

/** The balance as a double. It is asked at every candle and another one only after a fill: to turn a bigint costs as much as an indicator. */
export function balanceUnits({ balance, counted }: Registry): number {
  if (counted.balance !== balance) {
    counted.balance = balance;
    counted.units = Number(balance);
  }
  return counted.units;
}

/** The present event changed what was decided for the symbol. */
export function markTouched(registry: Registry, symbol: SymbolState): void {
  if (symbol.touched) return;
  symbol.touched = true;
  registry.touched.push(symbol);
}

/** The present event is over. */
export function forgetTouched(registry: Registry): void {
  for (let symbol = registry.touched.pop(); symbol !== undefined; symbol = registry.touched.pop())
    symbol.touched = false;
}

/** Nothing is open on the symbol and nothing is on its way. */
export function isIdle({ position, orders }: SymbolState): boolean {
  return position === undefined && orders.length === 0;
}

/** When the core next wants a `time` event; Infinity: never. */
export function nextDeadlineMs(registry: Registry): number {
  let next = Number.POSITIVE_INFINITY;
  for (const symbol of registry.symbols) if (symbol.deadlineMs < next) next = symbol.deadlineMs;
  return next;
}

/** The account in whole 10⁻⁸ USDT, as the gates count it. */
export interface AccountUnits {
  readonly balance: bigint;
  readonly exchangeAvailable: bigint | undefined;
  readonly unrealised: number;
  readonly marginUsed: number;
  readonly marginReserved: number;
  readonly openPositions: number;
  readonly exposure: number;
}

/** The leverage that an order which enlarges will be filled with; undefined where it is not known. */
export function leverageOf({ symbol, leverage }: OpenOrder): number | undefined {
  return symbol.position?.leverage ?? leverage ?? symbol.leverage;
}

/** The account as it will be met: without an order that is judged anew, and with its symbol's mark where that order fills. */
export interface AsIf {
  readonly without: OpenOrder | undefined;
  readonly symbol: SymbolState;
  readonly markTicks: number;
}

/**
 * Adds the account up. `except` is a symbol counted as if it were flat and without orders, for "what a new position would get now"
 * (ladder.md §3). An unknown order counts as fully filled, and one that is being called back; a position whose leverage is not known counts with its
 * whole cost as margin, one whose price was never seen at its cost.
 */
export function accountUnits(registry: Registry, except?: SymbolState, asIf?: AsIf): AccountUnits {
  let unrealised = 0;
  let marginUsed = 0;
  let marginReserved = 0;
  let openPositions = 0;
  let exposure = 0;
  /** What the exchange reported lacks the margin of what is left out here already. */
  let leftOut = 0;
  for (const symbol of registry.symbols) {
    const { position, instrument } = symbol;
    if (position === undefined) continue;
    const margin = timesOver(position.holding.costUnits, 1, position.leverage ?? 1, 'ceil');
    if (symbol === except) {
      if (symbol.movedAt < registry.readAt) leftOut += margin;
      continue;
    }
    const markTicks = symbol === asIf?.symbol ? asIf.markTicks : symbol.markTicks;
    marginUsed += margin;
    if (markTicks === 0) exposure += position.holding.costUnits;
    else {
      unrealised += unrealisedUnits(position.holding, instrument, markTicks);
      exposure += valueUnits(instrument, position.holding.lots, markTicks);
    }
    openPositions += 1;
  }
  for (const open of registry.orders.values()) {
    const { order, symbol } = open;
    if (order.reduceOnly) continue;
    const value = valueUnits(
      symbol.instrument,
      open.sizeLots - open.filledLots,
      open.ticks === 0 ? symbol.markTicks : open.ticks,
    );
    const margin = timesOver(value, 1, leverageOf(open) ?? 1, 'ceil');
    if (symbol === except || open === asIf?.without) {
      if (open.sentAt < registry.readAt) leftOut += margin;
      continue;
    }
    marginReserved += margin;
    exposure += value;
    if (symbol.position === undefined) openPositions += 1;
  }
  const { exchangeAvailable } = registry;
  return {
    balance: registry.balance,
    exchangeAvailable: exchangeAvailable === undefined ? undefined : exchangeAvailable + BigInt(leftOut),
    unrealised,
    marginUsed,
    marginReserved,
    openPositions,
    exposure,
  };
}
