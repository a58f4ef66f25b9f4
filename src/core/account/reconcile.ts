/**
 * The registry against the exchange. Every difference must be seen by two readings in a row before it is believed; what no fill explains
 * leaves the symbol reduce-only until a person resumes. Source: rules.md §7, reliability.md, lessons.md 7, 8.
 *
 * Fills are folded before a reading arrives, so what is left here is what they do not explain.
 */
import { alert, alertMessage, leaveUnexplained } from '../alert.ts';
import type { DifferenceFacts, UnknownFate } from '../decision.ts';
import type { CrossPosition, ExchangeRead, PositionReading, Standing } from '../event.ts';
import { closePosition, forgetRefusal } from '../exits/closing.ts';
import { protect } from '../exits/exits.ts';
import { setWatch } from '../exits/watch.ts';
import { DEAD_AFTER_MS, EMERGENCY_STOP, movePeak } from '../governors/door.ts';
import { isStopped, mayTryAgain } from '../instrument/tradable.ts';
import type { Money, Side } from '../numbers/units.ts';
import { partsOfClientId } from '../orders/order.ts';
import { cancel, decide, liveOrder } from '../orders/orders.ts';
import { growByHand } from '../position/fills.ts';
import { beginPosition } from '../position/opening.ts';
import { markTouched, type OpenOrder, type Position, type Registry, type SymbolState } from '../registry.ts';
import { noteUnexplained } from './day.ts';
import { takeCare, treat, unknownFate } from './unknown-position.ts';

interface Difference {
  readonly facts: DifferenceFacts;
  readonly instId: string | undefined;
  /** Takes the exchange's word; done once two readings agree. */
  readonly settle: () => void;
}

/**
 * Compares, and settles what the reading before has said as well: each difference by itself, for a balance that others trade on may be another one
 * every time, and a position is not to wait for it. The registry is ready while nothing is left open: an unexplained difference means reduce-only.
 *
 * A reading that was told twice, or overtaken by a newer one, is none: it would confirm itself. Neither is one that is older than a fill we
 * know: what it says has changed since. One that follows too soon on a difference confirms nothing: a list of fills that lags shows the same gap
 * to both. One from another time is told to a person, and nothing is added before that time has come.
 */
export function reconcile(registry: Registry, reading: ExchangeRead): void {
  for (const { instId, contracts, lot } of reading.besideGrid ?? [])
    alert(registry, instId, { code: 'size-beside-grid', contracts, lot });
  if (registry.now - reading.at > SAME_TIME_MS) return doubtTime(registry, reading);
  if (reading.at <= registry.readAt || registry.symbols.some(({ movedAt }) => movedAt >= reading.at)) return;
  if (registry.differences !== undefined && reading.at < registry.readAt + CONFIRMED_AFTER_MS) return;
  const beforeAt = registry.readAt;
  registry.readAt = reading.at;
  registry.exchangeAvailable = reading.available;
  for (const position of reading.positions) takeLeverage(registry, position);
  for (const symbol of registry.symbols)
    tellCross(
      registry,
      symbol,
      reading.crossMargin?.find(({ instId }) => instId === symbol.instrument.instId),
    );
  askForMissing(registry, reading);
  takeRounding(registry, reading);
  const strangers = foreignOrders(registry, reading);
  const positions = positionDifferences(registry, reading);
  const differences = [
    ...balanceDifferences(registry, reading, positions.length === 0),
    ...positions,
    ...strangers.filter((stranger) => !registry.strangers.includes(textOf(stranger))),
  ];
  const before = registry.differences?.split('\n') ?? [];
  const isConfirmed = (each: Difference) => before.includes(textOf(each));
  const open = differences.filter((each) => !isConfirmed(each));
  const unconfirmed = open.map(textOf);
  registry.differences = unconfirmed.length === 0 ? undefined : unconfirmed.join('\n');
  for (const difference of differences.filter(isConfirmed)) {
    const { facts, instId } = difference;
    difference.settle();
    const taken = 'of' in facts ? registry.byInstId.get(instId ?? '') : undefined;
    if (taken !== undefined) taken.takenAt = beforeAt;
    alert(registry, instId, facts);
  }
  findSizes(
    registry,
    positions.filter((each) => isConfirmed(each) && 'of' in each.facts && each.facts.of === 'lots'),
  );
  find(
    registry,
    positions.filter((each) => !isConfirmed(each)),
  );
  registry.strangers = strangers
    .filter((stranger) => !stranger.isToldAgain && !unconfirmed.includes(textOf(stranger)))
    .map(textOf);
  const [first] = open;
  if (first === undefined) settled(registry);
  else staysUnsettled(registry, first);
  mendAgreed(registry, open);
}

/** Another position of the same instrument: it is left to whoever holds it, and nobody knows what they want with it. */
function tellCross(registry: Registry, symbol: SymbolState, held: CrossPosition | undefined): void {
  const text = held && `${held.side} ${held.contracts}`;
  if (text === symbol.crossHeld) return;
  symbol.crossHeld = text;
  markTouched(registry, symbol);
  if (held === undefined) return;
  const facts = { code: 'cross-position', side: held.side, contracts: held.contracts } as const;
  leaveUnexplained(symbol, facts);
  alert(registry, held.instId, facts);
}

/** What positions lack that the reading agrees with: none waits for a balance that others trade on, or for another symbol. */
function mendAgreed(registry: Registry, open: readonly Difference[]): void {
  for (const symbol of registry.symbols) {
    if (symbol.position === undefined || open.some(({ instId }) => instId === symbol.instrument.instId)) continue;
    takeByPolicy(registry, symbol);
    if (mayTryAgain(registry, symbol)) mend(registry, symbol);
  }
}

/** One that was left to a person, where the policy says otherwise by now: the bot was started anew with another one. Its time begins here, so a fold leaves it. */
function takeByPolicy(registry: Registry, symbol: SymbolState): void {
  const { unknownPosition } = registry.policy.execution;
  const { position } = symbol;
  if (registry.folding || position?.leftAlone !== true || unknownPosition === 'alert') return;
  takeCare(registry, position);
  if (unknownPosition === 'close') closePosition(registry, symbol, position, 'unknown-position');
}

/**
 * What was left behind with its grid is found once no reading contradicts it, and has a price, for which it waits no longer than for any that has died
 * (decision 0035). One that others trade on without end is not to keep the emergency stop from the rest of the book.
 */
function find(registry: Registry, unconfirmed: readonly Difference[]): void {
  if (!registry.isSeeking && registry.symbols.every(({ sought }) => sought === undefined)) return;
  const isEndless = (registry.unsettled?.readings ?? 0) >= READINGS_UNSETTLED;
  for (const symbol of registry.symbols) {
    const { sought, instrument, position, pricedAt } = symbol;
    if (sought === undefined || isSize(sought)) continue;
    if (!isEndless && unconfirmed.some(({ instId }) => instId === instrument.instId)) continue;
    const isUnpriced = position !== undefined && pricedAt < 0 && registry.now < position.openedAt + DEAD_AFTER_MS;
    symbol.sought = isUnpriced ? 'price' : undefined;
  }
  registry.isSeeking &&= registry.symbols.some(({ sought }) => sought !== undefined);
}

/**
 * What is open in a contract that has become another one has its size once two readings agree on another, or on none at all; where they go on saying the
 * one that we know, it was not converted, and that is waited for no longer than for a price that has died.
 */
function findSizes(registry: Registry, confirmed: readonly Difference[]): void {
  for (const symbol of registry.symbols) {
    const { sought, position, instrument } = symbol;
    if (!isSize(sought)) continue;
    const isFound = position === undefined || confirmed.some(({ instId }) => instId === instrument.instId);
    if (isFound || registry.now >= sought.sizeSince + DEAD_AFTER_MS) symbol.sought = undefined;
  }
}

function isSize(sought: SymbolState['sought']): sought is { readonly sizeSince: number } {
  return typeof sought === 'object';
}

function textOf({ facts, instId }: Difference): string {
  return alertMessage(facts, instId);
}

/** What no two readings agree on keeps the bot from adding; a person hears of it once it has lasted, and knows who else is on the account. */
function staysUnsettled(registry: Registry, { facts, instId }: Difference): void {
  registry.ready = false;
  const { readings, isTold } = registry.unsettled ?? { readings: 0, isTold: false };
  const mayTell = !isTold && readings + 1 >= READINGS_UNSETTLED;
  registry.unsettled = { readings: readings + 1, isTold: isTold || mayTell };
  if (mayTell) alert(registry, instId, { code: 'account-unsettled', readings: readings + 1, difference: facts });
}

function settled(registry: Registry): void {
  registry.ready = registry.symbols.every(({ sought }) => !isSize(sought));
  if (registry.unsettled?.isTold === true)
    alert(registry, undefined, { code: 'account-settled', readings: registry.unsettled.readings });
  registry.unsettled = undefined;
}

/** Readings in a row that leave something open: two settle what happened once, and lost or late news of it a few more. */
const READINGS_UNSETTLED = 5;

/** The exchange's list of fills lags behind its positions by less than this. */
const CONFIRMED_AFTER_MS = 1_500;

/** Readings come in their order and within seconds: one that is older than our newest event by more is from a clock that was set back. */
const SAME_TIME_MS = 60_000;
const TIME_DIFFERS = 'the time';

/** Readings are of another time than the journal's newest event: none is believed. */
export function isTimeDoubted({ differences }: Pick<Registry, 'differences'>): boolean {
  return differences === TIME_DIFFERS;
}

/** Prices of that time are older than the one we have, so nothing would be priced right: what stands at the exchange must do. */
function doubtTime(registry: Registry, { at }: ExchangeRead): void {
  registry.ready = false;
  if (registry.differences === TIME_DIFFERS) return;
  registry.differences = TIME_DIFFERS;
  alert(registry, undefined, { code: 'clock-differs', exchangeAt: at, believedAt: registry.now });
}

/**
 * An order that we take for living and that the exchange does not list has ended without our hearing of it; one that it lists elsewhere was amended
 * by rows that are lost. It is asked for: the answer is the second word, and the reading alone changes nothing.
 */
function askForMissing(registry: Registry, reading: ExchangeRead): void {
  const listed = new Map(reading.orders.map((order) => [order.clientId, order.stands]));
  for (const open of registry.orders.values()) {
    const { clientId, takenByMs } = open.order;
    if (open.state !== 'live' || takenByMs >= reading.at) continue;
    if (!listed.has(clientId) || standsElsewhere(open, listed.get(clientId), reading.at)) open.state = 'unknown';
  }
}

/** What of a resting order is beyond the position the exchange cuts; an amendment of ours may still be younger than the reading. */
function standsElsewhere(open: OpenOrder, stands: Standing | undefined, at: number): boolean {
  if (stands === undefined || open.amending || at <= open.amendedAt + AMENDED_WITHIN_MS) return false;
  const { reduceOnly, role } = open.order;
  const isCut = reduceOnly && role !== 'stop' && stands.sizeLots < open.sizeLots;
  return stands.ticks !== open.ticks || (stands.sizeLots !== open.sizeLots && !isCut);
}

/** An amendment that was confirmed has been carried out by then. */
const AMENDED_WITHIN_MS = 5_000;

/**
 * Fills that were told in another order than they happened give the same lots and the same cash (balance less what the open lots cost), but
 * another average, and money that is finer than ours another last digit: then the exchange's is taken, and nothing is unexplained.
 */
function takeRounding(registry: Registry, reading: ExchangeRead): void {
  let ours = registry.balance as bigint;
  let theirs = reading.balance as bigint;
  let costMost = 0;
  for (const symbol of registry.symbols) {
    const said = reading.positions.find(({ instId }) => instId === symbol.instrument.instId);
    const holding = symbol.position?.holding;
    if ((holding?.lots ?? 0) * (holding?.side ?? 1) !== (said?.signedLots ?? 0)) return;
    if (holding === undefined || said === undefined) continue;
    ours -= BigInt(holding.side * holding.costUnits);
    theirs -= BigInt(holding.side * said.costUnits);
    costMost += said.costUnits;
  }
  const off = Number(ours - theirs);
  if (Math.abs(off) > Math.max(FINER_UNITS, costMost * COST_PRECISION)) return;
  registry.balance = reading.balance;
  for (const { instId, costUnits } of reading.positions) {
    const holding = registry.byInstId.get(instId)?.position?.holding;
    if (holding !== undefined) holding.costUnits = costUnits;
  }
}

/** An exchange that tells an average price instead of the cost rounds it. */
const COST_PRECISION = 1e-9;

/** An exchange counts money finer than 10⁻⁸: each fee and each funding booked here, and the balance that is read, may be off by one of these. */
const FINER_UNITS = 100;

/**
 * What a position lacks, a stop or the close that it waits for, is put back: whatever went wrong before, it is tried again, a close that is refused
 * again and again in its time. @param atOnce the exchange may think otherwise by now
 */
export function mend(registry: Registry, symbol: SymbolState, atOnce = isStopped(symbol)): void {
  const { position } = symbol;
  if (position === undefined) return;
  if (atOnce) forgetRefusal(position);
  protect(registry, symbol, position, false);
}

/** The exchange's leverage is the position's; one that changed under it is told to a person (lessons.md 12). */
function takeLeverage(registry: Registry, reading: PositionReading): void {
  const symbol = registry.byInstId.get(reading.instId);
  if (symbol === undefined) return;
  symbol.leverage = reading.leverage;
  const { position } = symbol;
  if (position === undefined || position.leverage === reading.leverage) return;
  if (position.leverage !== undefined)
    alert(registry, reading.instId, {
      code: 'leverage-differs',
      leverage: reading.leverage,
      believed: position.leverage,
    });
  position.leverage = reading.leverage;
  setWatch(registry, symbol);
}

/** @param isCashAlone the positions are as we know them */
function balanceDifferences(registry: Registry, reading: ExchangeRead, isCashAlone: boolean): Difference[] {
  const { balance } = reading;
  if (balance === registry.balance) return [];
  const facts = { code: 'balance-differs', balance, believed: registry.balance } as const;
  const settle = () => takeBalance(registry, balance, isCashAlone && isPausedByPerson(registry));
  return [{ facts, instId: undefined, settle }];
}

/** A person who has paused, or halted, moves cash; what they move is neither won nor lost. Anything else that comes unexplained is no profit (day.ts). */
function takeBalance(registry: Registry, balance: Money, isTransfer: boolean): void {
  const { day } = registry;
  const change = balance - registry.balance;
  registry.balance = balance;
  const moved = isTransfer ? change : noteUnexplained(day, change);
  day.firstBalance += moved;
  movePeak(registry, moved);
}

/** And left nothing unexplained: what is gone together with a position may be lost with it. */
function isPausedByPerson({ halt, symbols }: Registry): boolean {
  return (
    halt !== undefined && halt.by !== EMERGENCY_STOP && symbols.every(({ unexplained }) => unexplained === undefined)
  );
}

/** A person has paused, and what the exchange states is not settled yet: cash may be on its way, in parts. */
export function mayMoveCash(registry: Registry): boolean {
  return registry.differences !== undefined && isPausedByPerson(registry);
}

function positionDifferences(registry: Registry, reading: ExchangeRead): Difference[] {
  const differences: Difference[] = [];
  for (const symbol of registry.symbols) {
    const { instId } = symbol.instrument;
    const theirs = reading.positions.find((position) => position.instId === instId);
    const theirLots = theirs?.signedLots ?? 0;
    const ourLots = symbol.position === undefined ? 0 : symbol.position.holding.side * symbol.position.holding.lots;
    if (theirLots === ourLots) {
      differences.push(...costDifferences(registry, symbol, theirs));
      continue;
    }
    // Of the other side it is another position, too.
    const isUnknown = Math.sign(theirLots) * ourLots <= 0 && theirLots !== 0;
    const fate = isUnknown ? unknownFate(registry, symbol) : undefined;
    const facts = {
      code: 'position-differs',
      of: 'lots',
      signedLots: theirLots,
      believedLots: ourLots,
      ...(fate === undefined ? {} : { fate }),
    } as const;
    const settle = () => {
      leaveUnexplained(symbol, facts);
      takePosition(registry, symbol, theirs, fate);
    };
    differences.push({ facts, instId, settle });
  }
  return differences;
}

/** The same lots, bought at another price than we know: fills of before the journal. The exchange's cost is the position's. */
function costDifferences(registry: Registry, symbol: SymbolState, theirs: PositionReading | undefined): Difference[] {
  const holding = symbol.position?.holding;
  if (holding === undefined || theirs === undefined) return [];
  if (Math.abs(holding.costUnits - theirs.costUnits) <= theirs.costUnits * COST_PRECISION) return [];
  const { costUnits } = theirs;
  const facts = {
    code: 'position-differs',
    of: 'cost',
    costUnits,
    believedUnits: holding.costUnits,
  } as const;
  const settle = () => {
    holding.costUnits = costUnits;
    markTouched(registry, symbol);
  };
  return [{ facts, instId: symbol.instrument.instId, settle }];
}

/**
 * The exchange's size and cost become ours; PnL is not invented, the balance is the exchange's. One of the other side is another position: stop and
 * exits of the one that we knew would only enlarge it, or do nothing.
 */
function takePosition(
  registry: Registry,
  symbol: SymbolState,
  theirs: PositionReading | undefined,
  fate: UnknownFate | undefined,
): void {
  const side: Side | 0 = Math.sign(theirs?.signedLots ?? 0) as Side | 0;
  const known = symbol.position;
  if (known !== undefined && known.holding.side !== side) giveUp(registry, symbol, known);
  if (theirs === undefined || side === 0) return;
  const position = symbol.position ?? adopted(registry, symbol, theirs, side, fate);
  const before = position.holding.lots;
  const after = Math.abs(theirs.signedLots);
  const hasGrown = after > before;
  if (hasGrown && before > 0) {
    const valueUnits = Math.round((theirs.costUnits / after) * (after - before));
    growByHand(position, symbol, { at: registry.now, sizeLots: after - before, valueUnits });
  }
  position.holding.lots = after;
  position.holding.costUnits = theirs.costUnits;
  position.lotsMost = Math.max(position.lotsMost, after);
  protect(registry, symbol, position, hasGrown);
}

/** The position that we knew is no more, and nobody has told how it went. */
function giveUp(registry: Registry, symbol: SymbolState, { number, holding }: Position): void {
  symbol.position = undefined;
  symbol.lastClose = { at: registry.now, position: number, side: holding.side, lost: true };
  for (const open of symbol.orders) cancel(registry, open, 'the position is gone');
  if (symbol.working !== undefined) symbol.working.ending = 'recalled';
  setWatch(registry, symbol);
}

/** A position that we did not open: no rungs until a person gives it a base (rules.md §3, given-base.ts), and what else it gets the policy says. */
function adopted(
  registry: Registry,
  symbol: SymbolState,
  theirs: PositionReading,
  side: Side,
  fate: UnknownFate | undefined,
): Position {
  const lots = Math.abs(theirs.signedLots);
  const priceTicks = theirs.costUnits / (lots * symbol.instrument.moneyPerTickLot);
  const opening = {
    number: registry.nextPosition++,
    side,
    at: registry.now,
    leverage: theirs.leverage,
    planned: undefined,
    priceTicks,
  };
  const position = beginPosition(registry, symbol, opening);
  position.enteredLots = lots;
  position.enteredTickLots = lots * priceTicks;
  treat(registry, position, fate);
  return position;
}

interface Stranger extends Difference {
  /** It is ours to call back, and that may fail: as long as it stands it is told again. */
  readonly isToldAgain: boolean;
}

/**
 * Orders that the journal does not know. One that no bot of ours named is told to a person; it is theirs to cancel. One of ours, of this
 * journal or of one that was lost, is called back; a stop of ours not before another one stands.
 */
function foreignOrders(registry: Registry, reading: ExchangeRead): Stranger[] {
  return reading.orders
    .filter(({ clientId }) => !registry.orders.has(clientId))
    .map((order) => {
      const { clientId, instId } = order;
      const isOurs = partsOfClientId(clientId) !== undefined;
      const callBack = () => {
        if (order.reduceOnly && !isCovered(registry, instId)) return;
        decide(registry, {
          kind: 'cancel',
          at: registry.now,
          instId,
          clientId,
          because: 'the journal does not know it',
        });
      };
      return {
        facts: { code: 'foreign-order', clientId, isOurs },
        instId,
        isToldAgain: isOurs,
        settle: isOurs ? callBack : () => undefined,
      };
    });
}

/** Nothing is open, or a stop of ours stands on the exchange. */
function isCovered(registry: Registry, instId: string): boolean {
  const symbol = registry.byInstId.get(instId);
  if (symbol?.position === undefined) return true;
  return liveOrder(symbol, symbol.position.number, 'stop')?.state === 'live';
}
