/**
 * The exchange's word on our orders: taken, refused, moved, found, ended, or no word at all; and what each leads to. Source: reliability.md ("No double
 * orders" 3 and 4), rules.md §5, §7.
 */
import { add, recallRung } from '../adding/addition.ts';
import { enter } from '../adding/entry.ts';
import { refuse } from '../adding/refusing.ts';
import { alert } from '../alert.ts';
import { refreshDeadline } from '../deadline.ts';
import type { OrderAbsent, OrderAmended, OrderEnded, OrderRejected, OrderStanding } from '../event.ts';
import { beginClose, closeFailed, closePosition } from '../exits/closing.ts';
import { protect } from '../exits/exits.ts';
import { lots } from '../numbers/units.ts';
import { endPartial } from '../position/fills.ts';
import {
  markTouched,
  type OpenOrder,
  type Position,
  type Registry,
  type SymbolState,
  type Working,
} from '../registry.ts';
import { isTaker, isTooLate } from './execution.ts';
import { NOT_SENT } from './order.ts';
import { cancel, confirm, sendAmendment, strike } from './orders.ts';

/** The exchange has taken the order. */
export function onAccepted(registry: Registry, clientId: string): void {
  const open = registry.orders.get(clientId);
  if (open === undefined) return;
  confirm(registry, open);
  callBackReplaced(registry, open);
}

/** A stop that the exchange has taken in the stead of one that would not be amended: that one is called back now, and not before. */
function callBackReplaced(registry: Registry, { order, symbol, state }: OpenOrder): void {
  if (order.role !== 'stop' || state !== 'live') return;
  for (const each of symbol.orders)
    if (each.order.role === 'stop' && each.order.position === order.position && each.order.attempt < order.attempt)
      cancel(registry, each, 'it would not be amended');
}

/** Nobody's answer: the order may live. One that was called back stays called back. It counts as filled and locks its symbol until evidence comes (reliability.md). */
export function onUnknown(registry: Registry, clientId: string): void {
  const open = registry.orders.get(clientId);
  if (open !== undefined && open.state !== 'ending') open.state = 'unknown';
}

/** The exchange said no. To an order that only reduces: then we may not know what is open, and read it anew before anything is added. */
export function onRejected(registry: Registry, event: OrderRejected): void {
  const open = registry.orders.get(event.clientId);
  if (open === undefined) return;
  strike(registry, open);
  const { symbol, order } = open;
  if (order.reduceOnly) registry.ready = false;
  const { role, clientId } = order;
  const { position } = symbol;
  const isOfIt = position?.number === order.position;
  if (!isOfIt || role !== 'close' || position.closeRefusal?.said !== event.code)
    alert(registry, order.instId, { code: 'order-rejected', role, clientId, said: event.code, words: event.message });
  if (symbol.working?.clientId === event.clientId) symbol.working = undefined;
  if (position !== undefined) {
    if (isOfIt && order.role === 'stop') stopRefused(registry, symbol, position, order.attempt);
    else if (isOfIt && order.role === 'close') closeFailed(registry, symbol, position, event.code);
    else if (position.closing !== undefined && symbol.working === undefined) beginClose(registry, symbol, position);
  }
  refreshDeadline(registry, symbol);
}

/**
 * Without a stop a position is closed; while another one of its size stands, or one is called back, that one's end asks for a stop again (`standAgain`). One
 * that is too small is given another try, by the reading that a refusal asks for: the second refusal closes.
 */
function stopRefused(registry: Registry, symbol: SymbolState, position: Position, attempt: number): void {
  loseStop(position);
  const others = symbol.orders.filter(({ order }) => order.role === 'stop' && order.position === position.number);
  const { lots } = position.holding;
  const isCovered = others.some(
    ({ state, sizeLots, filledLots }) => state === 'ending' || sizeLots - filledLots >= lots,
  );
  const isSecond = others.every(({ order }) => order.attempt < attempt - 1);
  if (!isCovered && isSecond) closePosition(registry, symbol, position, 'stop-not-standing');
}

/** One that was called back for another is none: where triggers cannot be amended every move of a trail makes a new stop. */
function loseStop(position: Position): void {
  position.stopsLost = (position.stopsLost ?? 0) + 1;
}

/** The exchange's clocks differ among themselves, by less than this. */
const CLOCKS_DIFFER_MS = 1_000;

/** The exchange's word on an amendment; then what was wished meanwhile. */
export function onAmended(registry: Registry, event: OrderAmended): void {
  const open = registry.orders.get(event.clientId);
  if (open === undefined || isOfEarlier(open, event)) return;
  open.amending = false;
  if (event.done) {
    open.ticks = open.ticksAsked;
    open.sizeLots = open.sizeAsked;
    if (open.state === 'live') sendAmendment(registry, open, 'the wish changed meanwhile');
    return;
  }
  if (event.code === NOT_SENT) {
    if (open.state === 'live') sendAmendment(registry, open, 'it stands as it was');
    return;
  }
  replaceUnamendable(registry, open);
}

/** Told again late, it is no answer to what was asked since: known by where the order stands with it, else by being older than the question. */
function isOfEarlier(open: OpenOrder, { at, stands }: OrderAmended): boolean {
  if (stands === undefined) return at < open.amendedAt - CLOCKS_DIFFER_MS;
  return stands.ticks !== open.ticksAsked || stands.sizeLots !== open.sizeAsked;
}

/**
 * An order that would not be amended is called back; its end brings the new one, but of a stop the new one comes first. What stands where the exchange
 * does not trade is all there is: nothing would be taken in its stead.
 */
function replaceUnamendable(registry: Registry, open: OpenOrder): void {
  open.ticksWanted = open.ticks;
  open.sizeWanted = open.sizeLots;
  if (open.symbol.working?.rests === true && open.symbol.working.clientId === open.order.clientId)
    return recallRung(registry, open.symbol, open, 'it would not be amended');
  if (open.symbol.untradable !== undefined) return;
  const { role } = open.order;
  if (role === 'stop') replaceStop(registry, open);
  else if (role === 'target' || role === 'partial') cancel(registry, open, 'it would not be amended');
}

/**
 * The new stop is taken before the old one is called back (`callBackReplaced`): there is no moment without one. Where none is taken, or none was sent, for the
 * position is being closed, the old one keeps standing.
 */
function replaceStop(registry: Registry, open: OpenOrder): void {
  const { state, symbol } = open;
  const { position } = symbol;
  if (position === undefined) return cancel(registry, open, 'it would not be amended');
  // It is no more the stop that stands, so that another one is placed beside it.
  open.state = 'ending';
  protect(registry, symbol, position, false);
  open.state = state;
}

/** The order never lived; said while it may still arrive, it proves nothing. A signal is not followed up after so long: the next one asks anew. */
export function onAbsent(registry: Registry, { at, clientId }: OrderAbsent): void {
  const open = registry.orders.get(clientId);
  if (open === undefined || at <= open.order.takenByMs) return;
  const { working } = open.symbol;
  if (working?.clientId === clientId) working.ending = 'recalled';
  onEnded(registry, { kind: 'order-ended', at, clientId, filledLots: lots(0), cause: 'absent' });
}

/** An order whose answer was lost lives: what was asked of it and did not take hold is asked again. */
export function onStanding(registry: Registry, event: OrderStanding): void {
  const open = registry.orders.get(event.clientId);
  if (open === undefined) return;
  markTouched(registry, open.symbol);
  keepNearerStop(open, event.ticks);
  open.ticks = event.ticks;
  open.sizeLots = event.sizeLots;
  open.amending = false;
  const isRecalled = open.state === 'ending';
  open.state = 'live';
  if (isRecalled) cancel(registry, open, 'it still stands');
  else {
    sendAmendment(registry, open, 'it stands as it was');
    callBackReplaced(registry, open);
  }
}

/** A stop that nobody wishes elsewhere was brought nearer by rows that are lost: it stays there (rules.md §5, never away from the market). */
function keepNearerStop(open: OpenOrder, stands: number): void {
  const { role, side } = open.order;
  if (role === 'stop' && !open.amending && open.ticksWanted === open.ticks && side * (open.ticksWanted - stands) > 0)
    open.ticksWanted = stands;
}

/** The order is no more. An end that names more fills than were told waits for them. */
export function onEnded(registry: Registry, event: OrderEnded): void {
  const open = registry.orders.get(event.clientId);
  if (open === undefined) return;
  if (event.filledLots > open.filledLots) {
    open.sizeLots = event.filledLots;
    open.state = 'ending';
    return;
  }
  strike(registry, open);
  const { symbol, order } = open;
  const { position } = symbol;
  if (position !== undefined && position.number === order.position && order.role === 'partial' && open.filledLots > 0)
    endPartial(position, order.step);
  if (symbol.working?.clientId === event.clientId) attemptEnded(registry, symbol, symbol.working, event.cause);
  else standAgain(registry, symbol, open, event.cause);
  refreshDeadline(registry, symbol);
}

/** An exit that the exchange took away is put back, one that was called back makes room for what the position needs now, and so does a stop that never left. */
function standAgain(registry: Registry, symbol: SymbolState, { order, state }: OpenOrder, cause: string): void {
  const { position } = symbol;
  if (position === undefined || position.number !== order.position) return;
  if (order.role === 'stop' && state !== 'ending' && cause !== NOT_SENT) {
    loseStop(position);
    alert(registry, symbol.instrument.instId, { code: 'stop-lost', cause });
  }
  protect(registry, symbol, position, false);
}

/** Nothing came of it. One that was taken as maker and ended so says that orders are taken, also where the instrument is not what it was. */
function isFailedClose({ untradable }: SymbolState, working: Working): boolean {
  if (working.purpose !== 'close' || working.ending !== undefined || working.filledLots > 0) return false;
  return untradable === undefined || isTaker(working);
}

/** An end that was asked for: where we have not called the order back, by a person. */
const CALLED_BACK = 'cancelled';

/** An order of a piece of work ended short of its size: what follows it. Nothing is opened or added in the stead of one that a person has called back. */
function attemptEnded(registry: Registry, symbol: SymbolState, working: Working, cause: string): void {
  symbol.working = undefined;
  const { position } = symbol;
  if (position !== undefined && position.closing !== undefined)
    return isFailedClose(symbol, working)
      ? closeFailed(registry, symbol, position, '')
      : beginClose(registry, symbol, position, working.purpose === 'close');
  const { signal } = working;
  if (registry.folding) return;
  const mayFollow =
    (working.ending ?? cause) !== CALLED_BACK &&
    working.ending !== 'recalled' &&
    working.rests !== true &&
    working.filledLots === 0 &&
    !isTaker(working) &&
    registry.policy.execution.entryStyle === 'maker_then_taker';
  if (signal === undefined || !mayFollow) return;
  if (isTooLate(registry, working.windowEndsAt))
    return refuse(
      registry,
      symbol,
      signal,
      working.purpose === 'entry' ? 'entry' : 'addition',
      'price-stale',
      undefined,
    );
  if (working.purpose === 'entry' && position === undefined)
    enter(registry, symbol, signal, { urgent: true, after: { position: working.position, attempt: working.attempt } });
  if (working.purpose === 'rung' && position !== undefined && position.number === working.position)
    add(registry, symbol, position, signal, { urgent: true, after: undefined });
}
