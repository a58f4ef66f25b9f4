/**
 * Fills: the fold that makes positions, rungs and the balance. Fills are a set keyed by instrument and trade id; none is ever invented.
 */

import { noteChange } from '../account/day.ts';
import { treat, unknownFate } from '../account/unknown-position.ts';
import { alert, leaveUnexplained } from '../alert.ts';
import type { CloseReason } from '../decision.ts';
import type { Filled, FundingSettled } from '../event.ts';
import { closePosition, forgetRefusal } from '../exits/closing.ts';
import { protect } from '../exits/exits.ts';
import { setWatch } from '../exits/watch.ts';
import { countClose, measureClose } from '../governors/door.ts';
import { lots, type Money, money, type Side, sideName } from '../numbers/units.ts';
import { recallEntries } from '../orders/execution.ts';
import { type OrderRole, partsOfClientId } from '../orders/order.ts';
import { cancel, confirm, decide, strike } from '../orders/orders.ts';
import type { OpenOrder, Position, Registry, SymbolState, Working } from '../registry.ts';
import { beginPosition } from './opening.ts';
import { foldFill, type RungRecord } from './position.ts';

/**
 * Books one execution: order, position, rung, fees, balance; then the exits follow the new size. What a position that is sought was made of before the
 * readings tell, with the balance: counted on the new grid a trade of the old one may be another, and one of an order that reduced would open.
 */
export function onFilled(registry: Registry, symbol: SymbolState, event: Filled): void {
  if (event.tradeId === '') return loseSight(registry);
  if (!symbol.tradesSeen.add(event.tradeId)) return;
  symbol.movedAt = Math.max(symbol.movedAt, event.at);
  if (symbol.markTicks === 0) takeFirstPrice(symbol, event.priceTicks);
  if (symbol.sought === 'position') return;
  const open = event.clientId === undefined ? undefined : registry.orders.get(event.clientId);
  if (open !== undefined) countFill(registry, open, event);
  if (event.at <= symbol.takenAt) return bookTaken(registry, symbol, event, open);
  const { balance } = registry;
  bookFill(registry, symbol, event, originOf(registry, symbol, event, open));
  noteChange(registry.day, event.at, registry.balance - balance);
}

/**
 * A fill that was told after two readings have shown what it did: position and cash were taken over with it in them (reconcile.ts), whatever explains them
 * now. Booked again it would double the position, or open one of the other side.
 */
function bookTaken(registry: Registry, { position }: SymbolState, event: Filled, open: OpenOrder | undefined): void {
  const order = open?.order;
  if (order?.role === 'partial' && order.position === position?.number) bookPartial(registry, position, order, event);
}

function bookFill(registry: Registry, symbol: SymbolState, event: Filled, origin: Origin | undefined): void {
  const { position } = symbol;
  registry.balance = money(registry.balance - event.fee);
  if (position === undefined) return openPosition(registry, symbol, event, origin);
  if (event.side === position.holding.side) grow(registry, symbol, position, event, origin);
  else reduce(registry, symbol, position, event, origin);
}

/** A fill without a name could be one that is booked already. It is not booked; the exchange is read anew, where it has its name. */
function loseSight(registry: Registry): void {
  registry.ready = false;
}

/** Of a market that was never seen the price of our fill is the best known; `pricedAt` goes on saying that it was never seen. */
function takeFirstPrice(symbol: SymbolState, priceTicks: number): void {
  symbol.markTicks = priceTicks;
  symbol.bidTicks = priceTicks;
  symbol.askTicks = priceTicks;
}

/** What the filled order was for. Of an order that the table no longer holds its client id says it: so a lost journal is rebuilt. */
interface Origin {
  readonly role: OrderRole;
  readonly position: number;
  readonly step: number;
  readonly clientId: string;
  readonly open: OpenOrder | undefined;
}

function originOf(
  registry: Registry,
  symbol: SymbolState,
  event: Filled,
  open: OpenOrder | undefined,
): Origin | undefined {
  if (event.clientId === undefined) return undefined;
  if (open !== undefined) {
    const { role, position, step, clientId } = open.order;
    return { role, position, step, clientId, open };
  }
  const parts = partsOfClientId(event.clientId);
  if (parts === undefined) return undefined;
  const { role, step } = parts;
  const isOfThisRun = parts.run === registry.run;
  if (!isOfThisRun && !isReducing(role)) leaveUnexplained(symbol, { code: 'lost-journal', clientId: event.clientId });
  const position = isOfThisRun ? parts.position : (symbol.position?.number ?? registry.nextPosition);
  registry.nextPosition = Math.max(registry.nextPosition, position + 1);
  return { role, position, step, clientId: event.clientId, open: undefined };
}

function isReducing(role: OrderRole): boolean {
  return role !== 'entry' && role !== 'rung';
}

/** An order filled whole leaves the table; the work it belonged to is done. What an exit was to be before the fill is asked anew by `protect`. */
function countFill(registry: Registry, open: OpenOrder, event: Filled): void {
  open.filledLots += event.sizeLots;
  const { working } = open.symbol;
  const worked = working !== undefined && working.clientId === open.order.clientId ? working : undefined;
  if (worked !== undefined) worked.filledLots += event.sizeLots;
  if (open.filledLots < open.sizeLots) {
    if (worked !== undefined) confirm(registry, open);
    else if (open.state === 'sent' || open.state === 'unknown') open.state = 'live';
    return;
  }
  strike(registry, open);
  if (worked !== undefined) open.symbol.working = undefined;
}

function openPosition(registry: Registry, symbol: SymbolState, event: Filled, origin: Origin | undefined): void {
  const number = numberOf(registry, symbol, origin);
  const position = beginPosition(registry, symbol, {
    number,
    side: event.side,
    at: event.at,
    leverage: symbol.leverage,
    planned: origin?.open?.exits,
    priceTicks: event.priceTicks,
  });
  const fate = origin === undefined && event.cause === 'foreign' ? unknownFate(registry, symbol) : undefined;
  treat(registry, position, fate);
  if (origin?.role !== 'entry')
    alert(registry, symbol.instrument.instId, {
      code: 'foreign-fill',
      cause: event.cause,
      side: event.side,
      sizeLots: event.sizeLots,
      ...(fate === undefined ? {} : { fate }),
    });
  grow(registry, symbol, position, event, origin?.role === 'entry' ? { ...origin, position: number } : undefined);
}

/** A number is used once: a fill that comes after its position was closed opens another, or their orders would have the same names. */
function numberOf(registry: Registry, symbol: SymbolState, origin: Origin | undefined): number {
  const closed = symbol.lastClose?.position ?? 0;
  return origin !== undefined && origin.position > closed ? origin.position : registry.nextPosition++;
}

function grow(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  event: Filled,
  origin: Origin | undefined,
): void {
  foldFill(position.holding, symbol.instrument, event.side, event.sizeLots, event.priceTicks);
  const valueUnits = event.sizeLots * event.priceTicks * symbol.instrument.moneyPerTickLot;
  position.feeUnits += Number(event.fee);
  position.enteredFeeUnits += Number(event.fee);
  position.enteredLots += event.sizeLots;
  position.enteredTickLots += event.sizeLots * event.priceTicks;
  position.lotsMost = Math.max(position.lotsMost, position.holding.lots);
  position.lastGrownAt = Math.max(position.lastGrownAt, event.at);
  const role = origin?.position === position.number ? origin.role : undefined;
  if (role === 'entry') {
    position.entryLots += event.sizeLots;
    position.baseUnits += valueUnits;
  } else {
    if (origin !== undefined && role === 'rung') bookRung(position, origin, event, valueUnits);
    else bookForeignRung(position, event, valueUnits, symbol);
    position.exits.raisedTicks = 0;
    position.exits.bestTicks = 0;
    position.exits.stopReason = 'stop';
  }
  protect(registry, symbol, position, true);
  const unwanted = origin?.open?.unwanted;
  if (unwanted !== undefined) closePosition(registry, symbol, position, unwanted);
}

/** A rung is known by its order: one that somebody climbed by hand meanwhile may have the number that it was meant to get. */
function bookRung(position: Position, { clientId, open }: Origin, event: Filled, valueUnits: number): void {
  let record = position.rungs.find((rung) => rung.clientId === clientId);
  if (record === undefined) {
    record = {
      number: position.rungs.length + 1,
      clientId,
      at: event.at,
      plannedLots: open?.order.sizeLots ?? event.sizeLots,
      coefficient: open?.rung?.coefficient ?? '0',
      regime: open?.rung?.regime ?? position.regime,
      pnlPercent: open?.rung?.pnlPercent ?? 0,
      source: open?.rung?.source ?? 'unknown',
      filledLots: 0,
      valueUnits: 0,
      feeUnits: 0,
      lastFillAt: event.at,
    };
    position.rungs.push(record);
  }
  record.filledLots += event.sizeLots;
  record.valueUnits += valueUnits;
  record.feeUnits += Number(event.fee);
  record.lastFillAt = event.at;
}

/** An addition by hand counts as one rung (rules.md §3). */
function bookForeignRung(position: Position, event: Filled, valueUnits: number, symbol: SymbolState): void {
  if (position.enteredLots === event.sizeLots) return;
  const { at, sizeLots, cause, fee } = event;
  climbByHand(position, symbol, { at, sizeLots, valueUnits, feeUnits: Number(fee), source: cause });
}

/** What a position has grown by without a fill that we were told: an addition by hand all the same. `valueUnits` whole 10⁻⁸ USDT. */
export function growByHand(
  position: Position,
  symbol: SymbolState,
  grown: { readonly at: number; readonly sizeLots: number; readonly valueUnits: number },
): void {
  position.enteredLots += grown.sizeLots;
  position.enteredTickLots += grown.valueUnits / symbol.instrument.moneyPerTickLot;
  position.lastGrownAt = Math.max(position.lastGrownAt, grown.at);
  climbByHand(position, symbol, { ...grown, feeUnits: 0, source: 'foreign' });
}

function climbByHand(
  position: Position,
  symbol: SymbolState,
  rung: Pick<RungRecord, 'at' | 'valueUnits' | 'feeUnits' | 'source'> & { readonly sizeLots: number },
): void {
  const { at, sizeLots, valueUnits, feeUnits, source } = rung;
  position.rungs.push({
    number: position.rungs.length + 1,
    clientId: undefined,
    at,
    plannedLots: sizeLots,
    coefficient: '0',
    regime: symbol.series.regime,
    pnlPercent: 0,
    source,
    filledLots: sizeLots,
    valueUnits,
    feeUnits,
    lastFillAt: at,
  });
}

function reduce(
  registry: Registry,
  symbol: SymbolState,
  position: Position,
  event: Filled,
  origin: Origin | undefined,
): void {
  const { holding } = position;
  const closedLots = Math.min(event.sizeLots, holding.lots);
  const side = holding.side;
  const pnl = foldFill(holding, symbol.instrument, event.side, closedLots, event.priceTicks);
  registry.balance = money(registry.balance + BigInt(pnl));
  position.realisedUnits += pnl;
  position.feeUnits += Number(event.fee);
  position.leftLots += closedLots;
  position.leftTickLots += closedLots * event.priceTicks;
  forgetRefusal(position);
  if (origin?.role === 'partial' && origin.position === position.number) bookPartial(registry, position, origin, event);
  if (holding.lots === 0) {
    finish(registry, symbol, position, reasonOf(position, event, origin), side);
    if (event.sizeLots > closedLots)
      openPosition(registry, symbol, { ...event, sizeLots: lots(event.sizeLots - closedLots), fee: NO_FEE }, undefined);
    return;
  }
  // The rest of an entry would be bought where all of it is given up.
  if (origin?.role === 'stop') recallEntries(registry, symbol, position.exits.stopReason);
  protect(registry, symbol, position, false);
}

const NO_FEE: Money = money(0n);

function bookPartial(
  registry: Registry,
  position: Position,
  { step, clientId }: Pick<Origin, 'step' | 'clientId'>,
  event: Filled,
): void {
  let record = position.partials.find((partial) => partial.step === step);
  if (record === undefined) {
    record = { step, filledLots: 0, done: false };
    position.partials.push(record);
  }
  record.filledLots += event.sizeLots;
  record.done = !registry.orders.has(clientId);
  position.lastGrownAt = Math.max(position.lastGrownAt, event.at);
}

/** The order of a partial step is no more: the step has happened if anything of it was filled (lessons.md 9). */
export function endPartial(position: Position, step: number): void {
  for (const partial of position.partials) if (partial.step === step) partial.done = true;
}

function reasonOf(position: Position, event: Filled, origin: Origin | undefined): CloseReason {
  if (event.cause !== 'order') return event.cause;
  switch (origin?.role) {
    case 'stop':
      return position.exits.stopReason;
    case 'target':
    case 'partial':
      return 'target';
    case 'close':
      return position.closing ?? 'operator';
    case 'entry':
    case 'rung':
    case undefined:
      return 'foreign';
  }
}

/** The position is flat: its trade is told, its remaining orders are called back. */
function finish(registry: Registry, symbol: SymbolState, position: Position, reason: CloseReason, side: Side): void {
  symbol.position = undefined;
  setWatch(registry, symbol);
  const net = position.realisedUnits - position.feeUnits + position.fundingUnits;
  countClose(registry, symbol, net);
  measureClose(symbol, position);
  symbol.lastClose = {
    at: registry.now,
    position: position.number,
    side,
    lost: net < 0,
  };
  decide(registry, {
    kind: 'position-closed',
    at: registry.now,
    instId: symbol.instrument.instId,
    position: position.number,
    side: sideName(side),
    reason,
    regime: position.regime,
    profile: position.profile,
    openedAt: position.openedAt,
    entryLots: position.entryLots,
    lotsMost: position.lotsMost,
    averageTicks: position.enteredTickLots / position.enteredLots,
    exitTicks: position.leftTickLots / position.leftLots,
    leverage: position.leverage ?? null,
    additions: position.rungs.length,
    partials: position.partials.length,
    grossUnits: position.realisedUnits,
    feeUnits: position.feeUnits,
    fundingUnits: position.fundingUnits,
    rungs: position.rungs.map(({ number, at, filledLots, valueUnits, feeUnits }) => ({
      number,
      at,
      lots: filledLots,
      valueUnits,
      feeUnits,
    })),
  });
  for (const open of symbol.orders) cancel(registry, open, 'the position is flat');
  endWork(symbol.working);
}

function endWork(working: Working | undefined): void {
  if (working !== undefined) working.ending = 'recalled';
}

/** Funding of the position, received or paid. A settlement is known by its time: told twice it is booked once. */
export function bookFunding(registry: Registry, symbol: SymbolState, { at, amount }: FundingSettled): void {
  if (!symbol.tradesSeen.add(`funding ${at}`)) return;
  symbol.movedAt = Math.max(symbol.movedAt, at);
  registry.balance = money(registry.balance + amount);
  noteChange(registry.day, at, amount);
  if (symbol.position !== undefined) symbol.position.fundingUnits += Number(amount);
}
