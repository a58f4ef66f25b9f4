/**
 * The core's one door: an event in, decisions out. Same events, same state, same decisions, in backtest, on paper and live.
 *
 * `step` holds the ifs; the rules live in the files it calls. The registry is changed in place and belongs to the caller. The returned
 * array is valid until the next call.
 */

import { dayOf } from './account/day.ts';
import { takeFeeRates } from './account/fee-rates.ts';
import { mayMoveCash, mend, reconcile } from './account/reconcile.ts';
import { takeCare } from './account/unknown-position.ts';
import { add, askForRung, reviewResting } from './adding/addition.ts';
import { enter, scalperSignal } from './adding/entry.ts';
import { refuse } from './adding/refusing.ts';
import { acceptUnexplained, alert } from './alert.ts';
import { refreshDeadline, reversalAtMs } from './deadline.ts';
import type { Decision } from './decision.ts';
import type {
  CandleClosed,
  CoreEvent,
  ExchangeLost,
  ExchangeRead,
  FundingForecast,
  InstrumentSaid,
  LeverageRead,
  Operator,
  PriceSeen,
  SignalGiven,
} from './event.ts';
import { closeAgain, closePosition } from './exits/closing.ts';
import { extend, onMark, onTimeLimit, protect, retune } from './exits/exits.ts';
import { planLate } from './exits/late-exits.ts';
import { planExits } from './exits/planned-exits.ts';
import { setWatch } from './exits/watch.ts';
import {
  DEAD_AFTER_MS,
  EMERGENCY_STOP,
  forgetDrawdown,
  hearCandle,
  isBookAsRead,
  isUnmoved,
  type Watched,
  watch,
  watchBook,
  watchDayNow,
  watchExchange,
} from './governors/door.ts';
import { hearMaintenance } from './instrument/maintenance.ts';
import {
  forgetLeverageLimit,
  hearInstrument,
  isStopped,
  limitLeverage,
  mayTryAgain,
  takeContract,
  takeLimits,
} from './instrument/tradable.ts';
import { profileOf } from './ladder/profile.ts';
import { type Candles, MINUTE_MS } from './market/candle.ts';
import { decided } from './numbers/arithmetic.ts';
import type { Side } from './numbers/units.ts';
import { onAbsent, onAccepted, onAmended, onEnded, onRejected, onStanding, onUnknown } from './orders/answers.ts';
import { isTooLate, recallEntries, watchWork } from './orders/execution.ts';
import { hasConfirmedStop } from './orders/orders.ts';
import type { Policy } from './policy.ts';
import { bookFunding, onFilled } from './position/fills.ts';
import { giveBase } from './position/given-base.ts';
import {
  forgetTouched,
  isIdle,
  markTouched,
  type PlannedExits,
  type Position,
  type Registry,
  type SignalFacts,
  type SymbolState,
} from './registry.ts';
import { regimeMet, usdt } from './situation.ts';

const NOTHING: readonly Decision[] = [];

/** Takes one event. @throws {RangeError} on an instrument that the registry does not hold: a bug of the runner. */
export function step(registry: Registry, event: CoreEvent): readonly Decision[] {
  begin(registry, event.at);
  take(registry, event);
  review(registry);
  return registry.decisions.length === 0 ? NOTHING : registry.decisions;
}

/**
 * `step` with candles that stand in columns: takes those from `from` on, up to `to` or the first that leads to decisions. Hundreds of thousands
 * lead to nothing, and no event is made of them.
 * @returns the candle after the last one taken; its decisions are the registry's
 * @throws {RangeError} on a candle that is not after the last one: the order of the columns is the caller's to keep
 */
export function stepCandles(
  registry: Registry,
  symbol: SymbolState,
  candles: Candles,
  from: number,
  to: number,
): number {
  for (let next = from; next < to; ) {
    const isNobodys = symbol.position === undefined && !registry.mayRest && isBookAsRead(registry);
    next = hearCandles(registry, symbol, candles, next, isNobodys ? to : next + 1);
    stepHeard(registry, symbol, candles, next - 1);
    if (registry.decisions.length > 0) return next;
  }
  return to;
}

/** Nothing is open or on its way, and no governor counts the symbol's candles in their time, as the one that chooses by results does. */
export function mayHearAhead(symbol: SymbolState): boolean {
  return isIdle(symbol) && symbol.modeWork === undefined;
}

/**
 * Candles of a symbol to its series alone: those from `from` on, up to `to` or the first that is anybody's business where nothing is open. Nobody
 * asks the series before that one, so with `mayHearAhead` it may be ahead of the account's other symbols. The caller owes each candle in its time:
 * `stepHeard` of the last one, `passOver` of those before it.
 * @returns the candle after the last one heard, at least one
 * @throws {RangeError} as `stepCandles`
 */
export function hearCandles(
  registry: Registry,
  symbol: SymbolState,
  candles: Candles,
  from: number,
  to: number,
): number {
  const { openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots } = candles;
  const { series } = symbol;
  for (let i = from; ; i++) {
    series.onClosed1m(
      openMinute[i] as number,
      openTicks[i] as number,
      highTicks[i] as number,
      lowTicks[i] as number,
      closeTicks[i] as number,
      volumeLots[i] as number,
    );
    if (i + 1 === to || series.signalSide !== 0 || !isUnmoved(registry, symbol, closeMs(candles, i))) return i + 1;
  }
}

/** `step` with a candle that the series has heard. The decisions are the registry's. */
export function stepHeard(registry: Registry, symbol: SymbolState, candles: Candles, i: number): void {
  const at = closeMs(candles, i);
  begin(registry, at);
  priceByClose(registry, symbol, at, candles.closeTicks[i] as number);
  onHeard(registry, symbol, at);
  review(registry);
}

/**
 * `step` with a candle, closed at `at`, that was heard ahead (`hearCandles`) and is nobody's business: what a candle of any symbol does to the
 * rest of the book.
 * @returns whether it led to decisions; they are the registry's
 */
export function passOver(registry: Registry, symbol: SymbolState, at: number): boolean {
  if (!registry.mayRest && registry.policy.governors.pause === undefined) return false;
  begin(registry, at);
  heed(registry, symbol, watchBook(registry));
  review(registry);
  return registry.decisions.length > 0;
}

/** Whether `passOver` may find anything to do, whatever comes: where nothing ever rests and no governor reads the book, nobody need call it. */
export function heedsPassing({ governors }: Policy): boolean {
  return governors.pause !== undefined || governors.additionsWithoutSignal !== undefined;
}

function closeMs({ openMinute }: Candles, i: number): number {
  return ((openMinute[i] as number) + 1) * MINUTE_MS;
}

/** Rungs that rest are approved anew after every event. */
function review(registry: Registry): void {
  if (registry.mayRest) reviewAll(registry);
}

function reviewAll(registry: Registry): void {
  registry.mayRest = false;
  for (const symbol of registry.symbols) {
    if (symbol.working?.rests !== true) continue;
    registry.mayRest = true;
    reviewResting(registry, symbol);
    refreshDeadline(registry, symbol);
  }
}

function begin(registry: Registry, at: number): void {
  if (registry.decisions.length > 0) registry.decisions = [];
  if (registry.touched.length > 0) forgetTouched(registry);
  if (at > registry.now) registry.now = at;
  if (registry.now >= registry.day.endsAt) beginDay(registry);
}

function beginDay(registry: Registry): void {
  registry.day = dayOf(registry.now, registry.balance);
  registry.isBookStill = false;
}

/**
 * Takes an event of the past: the state follows, nothing is decided. What had been decided then is loaded beside it (saved-registry.ts), so
 * that recovery never re-decides, whatever today's rules say (design.md §6, Upgrade).
 */
export function fold(registry: Registry, event: CoreEvent): void {
  registry.folding = true;
  try {
    step(registry, event);
  } finally {
    registry.folding = false;
  }
}

function take(registry: Registry, event: CoreEvent): void {
  registry.isBookStill = false;
  switch (event.kind) {
    case 'candle-closed':
      return onCandleClosed(registry, symbolOf(registry, event.instId), event);
    case 'price':
      return onPrice(registry, symbolOf(registry, event.instId), event);
    case 'signal':
      return onSignalGiven(registry, symbolOf(registry, event.instId), event);
    case 'order-accepted':
      return onAccepted(registry, event.clientId);
    case 'order-rejected':
      return onRejected(registry, event);
    case 'order-unknown':
      return onUnknown(registry, event.clientId);
    case 'order-absent':
      return onAbsent(registry, event);
    case 'order-standing':
      return onStanding(registry, event);
    case 'order-amended':
      return onAmended(registry, event);
    case 'order-ended':
      return onEnded(registry, event);
    case 'filled':
      return onFill(registry, symbolOf(registry, event.instId), event);
    case 'funding-settled':
      return bookFunding(registry, symbolOf(registry, event.instId), event);
    case 'funding-forecast':
      return setFunding(symbolOf(registry, event.instId), event);
    case 'leverage':
      return onLeverage(registry, symbolOf(registry, event.instId), event);
    case 'instrument':
      return onInstrument(registry, symbolOf(registry, event.instId), event);
    case 'fee-rates':
      return takeFeeRates(registry, event);
    case 'maintenance':
      if (hearMaintenance(registry, event))
        for (const each of registry.symbols) recallEntries(registry, each, 'the exchange is in maintenance');
      return;
    case 'exchange-read':
      return onExchangeRead(registry, event);
    case 'exchange-lost':
      return onExchangeLost(registry, event);
    case 'time':
      return onTime(registry);
    case 'operator':
      return onOperator(registry, event);
  }
}

function symbolOf(registry: Registry, instId: string): SymbolState {
  const symbol = registry.byInstId.get(instId);
  if (symbol === undefined) throw new RangeError(`an event of ${instId}, which is not among the symbols of this run`);
  return symbol;
}

/** One told twice, or late, is old news. */
function onCandleClosed(registry: Registry, symbol: SymbolState, event: CandleClosed): void {
  const { at, openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots } = event;
  const { series } = symbol;
  if (openMinute <= series.openMinute) return;
  series.onClosed1m(openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots);
  priceByClose(registry, symbol, at, closeTicks, event.pricesApart);
  onHeard(registry, symbol, at);
}

/**
 * What a candle says of the price where none is newer. Where prices are told apart its close is that of a trade, and counts once they have died: exits and
 * readings of the book go by it then, what adds does not (decision 0046).
 */
function priceByClose(registry: Registry, symbol: SymbolState, at: number, closeTicks: number, isApart = false): void {
  if (at <= symbol.pricedAt || (isApart && at < symbol.quotedAt + DEAD_AFTER_MS)) return;
  const half = Math.ceil(registry.policy.execution.spreadTicks / 2);
  symbol.markTicks = closeTicks;
  symbol.bidTicks = Math.max(1, closeTicks - half);
  symbol.askTicks = closeTicks + half;
  symbol.pricedAt = at;
  if (!isApart) symbol.quotedAt = at;
  onMark(registry, symbol);
}

/** After indicators and regime: exits at the close, then the signal of the candle. */
function onHeard(registry: Registry, symbol: SymbolState, at: number): void {
  const isOld = isTooLate(registry, at);
  if (!isOld) {
    heed(registry, symbol, watch(registry, symbol));
    planLate(registry, symbol);
    retune(registry, symbol);
  }
  if (hearCandle(registry, symbol, entryExits)) recallEntries(registry, symbol, 'trading went off by its results');
  const signal = registry.policy.signals.scalper ? scalperSignal(registry, symbol) : undefined;
  if (isOld) leaveByOldSignal(registry, symbol, at, at > symbol.heardUntil ? signal : undefined);
  else if (signal !== undefined) onSignal(registry, symbol, signal.at === at ? signal : { ...signal, at });
  // Where a signal speaks the governor does not, but a rung that rests follows every candle.
  if (!isOld && symbol.position !== undefined && (signal === undefined || symbol.working?.rests === true)) {
    askForRung(registry, symbol);
    refreshDeadline(registry, symbol);
  }
}

/**
 * What a signal of a minute that is read later, at a start or after an outage, still does: it closes a position that it would have closed then. Nothing is
 * opened, added or turned round by it, and of a position that was opened since it says nothing (decision 0023).
 */
function leaveByOldSignal(registry: Registry, symbol: SymbolState, at: number, signal: SignalFacts | undefined): void {
  const { position } = symbol;
  if (registry.folding || position === undefined || signal === undefined) return;
  if (at < position.openedAt || signal.side === position.holding.side) return;
  onOpposite(registry, symbol, position, undefined);
  refreshDeadline(registry, symbol);
}

/** What an entry of a side would plan now; undefined where the trend is against it and the policy refuses that. */
function entryExits(registry: Registry, symbol: SymbolState, side: Side): PlannedExits | undefined {
  const { regime, refused } = regimeMet(registry, symbol, side);
  return refused ? undefined : planExits(registry, symbol, regime);
}

/** An older price never overwrites a newer one (lessons.md 15). */
function onPrice(registry: Registry, symbol: SymbolState, event: PriceSeen): void {
  if (event.at < symbol.pricedAt) return;
  symbol.markTicks = event.markTicks;
  symbol.bidTicks = event.bidTicks;
  symbol.askTicks = event.askTicks;
  symbol.pricedAt = event.at;
  symbol.quotedAt = event.at;
  onMark(registry, symbol);
  heed(registry, symbol, watch(registry, symbol));
  refreshDeadline(registry, symbol);
}

/** What the governors want done. */
function heed(registry: Registry, symbol: SymbolState, wanted: Watched): void {
  if (wanted !== 'none') obey(registry, symbol, wanted);
}

function obey(registry: Registry, symbol: SymbolState, wanted: Exclude<Watched, 'none'>): void {
  switch (wanted) {
    case 'recall-symbol':
      return recallEntries(registry, symbol, 'pause');
    case 'recall-all':
      for (const each of registry.symbols) recallEntries(registry, each, 'pause');
      return;
    case 'flatten':
      for (const each of registry.symbols) flatten(registry, each, EMERGENCY_STOP);
  }
}

/** An old one leaves as a candle's does; what it can't do any more is refused, so that who sent it learns of it. */
function onSignalGiven(registry: Registry, symbol: SymbolState, event: SignalGiven): void {
  if (registry.folding) return;
  if (!isTooLate(registry, event.at)) return onSignal(registry, symbol, event);
  const { position } = symbol;
  if (position === undefined || position.holding.side === event.side)
    return refuse(registry, symbol, event, position === undefined ? 'entry' : 'addition', 'price-stale', undefined);
  leaveByOldSignal(registry, symbol, event.at, event);
}

/** Flat: an entry. Same side: more time and an addition. Opposite: by `on_opposite` (rules.md §3). */
function onSignal(registry: Registry, symbol: SymbolState, signal: SignalFacts): void {
  if (registry.folding) return;
  const { position, deadlineMs, reversal } = symbol;
  // The newest word holds: the close goes on, the turn that was to follow it is off.
  if (reversal !== undefined && reversal.side !== signal.side) {
    symbol.reversal = undefined;
    markTouched(registry, symbol);
  }
  if (position === undefined) enter(registry, symbol, signal);
  else if (position.holding.side === signal.side) {
    if (position.closing === undefined) extend(registry, symbol, position);
    add(registry, symbol, position, signal);
  } else onOpposite(registry, symbol, position, signal);
  refreshDeadline(registry, symbol);
  if (symbol.deadlineMs !== deadlineMs) markTouched(registry, symbol);
}

/** @param entry the signal that a reversal enters with; undefined: it is too old for one */
function onOpposite(registry: Registry, symbol: SymbolState, position: Position, entry: SignalFacts | undefined): void {
  const rule = registry.policy.execution.onOpposite;
  if (rule === 'ignore' || position.leftAlone === true) return;
  if (rule === 'reverse' && entry !== undefined) {
    symbol.reversal = { ...entry, at: registry.now };
    markTouched(registry, symbol);
  }
  closePosition(registry, symbol, position, 'opposite');
}

function onFill(registry: Registry, symbol: SymbolState, event: Parameters<typeof onFilled>[2]): void {
  onFilled(registry, symbol, event);
  takeProfile(registry);
  if (symbol.position === undefined) watchDayNow(registry);
  heed(registry, symbol, watch(registry, symbol));
  refreshDeadline(registry, symbol);
}

/** The profile that the balance leads to: after a fill, and after a reading, which may have told another balance, or be the first under other thresholds. */
function takeProfile(registry: Registry): void {
  const { policy, balance, profile } = registry;
  registry.profile = decided(
    (m) => profileOf(m, policy, usdt(m, balance), profile),
    (m) => profileOf(m, policy, usdt(m, balance), profile),
  );
}

function setFunding(symbol: SymbolState, { rateE8, settlesAt, nextSettlesAt }: FundingForecast): void {
  symbol.funding = { rateE8, settlesAt, ...(nextSettlesAt === undefined ? {} : { nextSettlesAt }) };
}

/** The exchange's leverage; one that changed under an open position is told to a person (lessons.md 12). */
function onLeverage(registry: Registry, symbol: SymbolState, event: LeverageRead): void {
  const { position } = symbol;
  if (position !== undefined && position.leverage !== undefined && position.leverage !== event.leverage)
    alert(registry, event.instId, {
      code: 'leverage-differs',
      leverage: event.leverage,
      believed: position.leverage,
    });
  symbol.leverage = event.leverage;
  if (event.most !== undefined) limitLeverage(registry, symbol, event.most);
  if (position === undefined) return;
  position.leverage = event.leverage;
  setWatch(registry, symbol);
}

function onInstrument(registry: Registry, symbol: SymbolState, event: InstrumentSaid): void {
  takeContract(registry, symbol, event.changes);
  const isLimited = takeLimits(registry, symbol, event.limits);
  const wasStopped = isStopped(symbol);
  const heard = hearInstrument(registry, symbol, event);
  if (heard === 'as-before' && !isLimited) return;
  if (isLimited) setWatch(registry, symbol);
  if (heard === 'stopped') recallEntries(registry, symbol, 'the exchange does not trade it as it did');
  // Orders are taken again, on whichever grid. What was refused for its size may be taken in other pieces now; where nothing is taken, in its minute.
  const isTakenAgain = heard === 'trades' || (wasStopped && !isStopped(symbol));
  if (isTakenAgain || (heard !== 'stopped' && mayTryAgain(registry, symbol))) mend(registry, symbol, true);
  refreshDeadline(registry, symbol);
}

function onExchangeRead(registry: Registry, event: ExchangeRead): void {
  const { readAt } = registry;
  reconcile(registry, event);
  takeProfile(registry);
  if (registry.ready) watchDayNow(registry);
  const [first] = registry.symbols;
  if (registry.readAt > readAt && first !== undefined && !mayMoveCash(registry))
    heed(registry, first, watchExchange(registry, event.balance));
  for (const symbol of registry.symbols) refreshDeadline(registry, symbol);
}

/**
 * Nothing is added until the exchange was read whole again, and what was sent and not answered may have been taken or not. No reading tells the leverage
 * of a symbol of which nothing is open: it is set anew before the next entry, whatever somebody has set meanwhile.
 */
function onExchangeLost(registry: Registry, { because }: ExchangeLost): void {
  registry.ready = false;
  registry.differences = undefined;
  if (because?.code === 'not-running') {
    registry.leaving = false;
    for (const symbol of registry.symbols) forgetLeverageLimit(symbol);
  }
  for (const symbol of registry.symbols) if (isIdle(symbol)) symbol.leverage = undefined;
  for (const open of registry.orders.values()) if (open.state === 'sent') open.state = 'unknown';
  if (because?.code === 'access-refused') tellRefusedAccess(registry, because.words);
}

/**
 * A person is told at once, and again as long as it lasts: nobody else can mend a key or a clock. What was asked of the exchange meanwhile stays
 * asked for; it is tried again once the exchange says that it was not done (decision 0020).
 */
function tellRefusedAccess(registry: Registry, words: string): void {
  if (registry.now < (registry.accessToldAt ?? Number.NEGATIVE_INFINITY) + TOLD_AGAIN_MS) return;
  registry.accessToldAt = registry.now;
  const open = registry.symbols.filter(({ position }) => position !== undefined);
  const named = (symbols: readonly SymbolState[]) => symbols.map(({ instrument }) => instrument.instId);
  alert(registry, undefined, {
    code: 'access-refused',
    words,
    closing: named(open.filter(({ position }) => position?.closing !== undefined)),
    uncovered: named(open.filter((symbol) => !hasConfirmedStop(symbol))),
  });
}

/** Readings and questions are refused every two seconds. */
const TOLD_AGAIN_MS = 60_000;

/** Deadlines that have come: the maker window, the time limit, a close that was refused, a reversal. */
function onTime(registry: Registry): void {
  for (const symbol of registry.symbols) {
    if (symbol.deadlineMs > registry.now) continue;
    watchWork(registry, symbol);
    onTimeLimit(registry, symbol);
    closeAgain(registry, symbol);
    reverse(registry, symbol);
    refreshDeadline(registry, symbol);
  }
}

/** The entry that a reversal began with, once the other side's wait is over. */
function reverse(registry: Registry, symbol: SymbolState): void {
  const { reversal } = symbol;
  if (registry.folding || reversal === undefined || registry.now < reversalAtMs(registry, symbol)) return;
  symbol.reversal = undefined;
  markTouched(registry, symbol);
  const { makerWindowMs, reentry } = registry.policy.execution;
  if (isTooLate(registry, reversal.at + makerWindowMs + reentry.oppositeSideMs))
    return refuse(registry, symbol, reversal, 'entry', 'price-stale', undefined);
  enter(registry, symbol, { ...reversal, at: registry.now });
}

function onOperator(registry: Registry, { command }: Operator): void {
  switch (command.do) {
    case 'resume':
      registry.halt = undefined;
      forgetDrawdown(registry);
      for (const symbol of registry.symbols) acceptUnexplained(symbol);
      return;
    case 'leave':
      registry.leaving = true;
      for (const symbol of registry.symbols) recallEntries(registry, symbol, 'the bot is being stopped');
      return;
    case 'pause':
    case 'halt':
      registry.halt = { kind: command.do, by: command.by, at: registry.now };
      for (const symbol of registry.symbols) recallEntries(registry, symbol, command.do);
      return;
    case 'base':
      return onBase(registry, symbolOf(registry, command.instId), command.baseUnits);
    case 'flatten':
      if (command.instId === undefined) registry.halt = { kind: 'halt', by: command.by, at: registry.now };
      for (const symbol of registry.symbols)
        if (command.instId === undefined || command.instId === symbol.instrument.instId)
          flatten(registry, symbol, command.because ?? 'operator');
  }
}

/** A position that was left to a person is the bot's own from then on. */
function onBase(registry: Registry, symbol: SymbolState, baseUnits: number | undefined): void {
  giveBase(registry, symbol, baseUnits);
  const { position } = symbol;
  if (position?.leftAlone !== true || position.baseUnits === 0) return;
  takeCare(registry, position);
  protect(registry, symbol, position, true);
  refreshDeadline(registry, symbol);
}

function flatten(registry: Registry, symbol: SymbolState, reason: 'operator' | 'end-of-data' | 'emergency-stop'): void {
  recallEntries(registry, symbol, reason);
  symbol.reversal = undefined;
  for (const open of symbol.orders) if (!open.order.reduceOnly) open.unwanted = reason;
  if (symbol.position !== undefined) closePosition(registry, symbol, symbol.position, reason);
  refreshDeadline(registry, symbol);
}
