/**
 * The table of our orders: the only place where an order, an amendment or a cancellation leaves the core, and where each is remembered.
 */

import { approve, type Judgement } from '../adding/gates.ts';
import type { ChangeReason, Decision, Reasoning } from '../decision.ts';
import { exitReading } from '../exits/exit-reading.ts';
import { lots, type Side, ticks } from '../numbers/units.ts';
import type { GateReading } from '../refusal.ts';
import {
  markTouched,
  type OpenOrder,
  type PlannedExits,
  type PlannedRung,
  type Position,
  type Registry,
  type SymbolState,
} from '../registry.ts';
import { type Approved, clientIdOf, type Order, type OrderRole, type OrderTerms } from './order.ts';
import { takeOut } from './take-out.ts';

export function decide(registry: Registry, decision: Decision): void {
  registry.decisions.push(decision);
}

/** How long an order may be on its way: longer than any honest request, short enough that a stop whose request was lost is soon placed again. */
const TAKEN_WITHIN_MS = 2_000;

/** What an order is to be; run, instrument and client id come from the registry. */
export interface Wish {
  readonly role: OrderRole;
  readonly position: number;
  readonly step: number;
  readonly attempt: number;
  readonly side: Side;
  readonly sizeLots: number;
  readonly terms: OrderTerms;
  readonly exits?: PlannedExits | undefined;
  readonly rung?: PlannedRung | undefined;
  readonly leverage?: number | undefined;
  /** Guards of a partial, where they are told. */
  readonly gates?: readonly GateReading[] | undefined;
}

/** Puts an order into the table: by its client id, and with its symbol. */
export function enlist(registry: Registry, open: OpenOrder): void {
  registry.orders.set(open.order.clientId, open);
  open.symbol.orders.push(open);
}

/** Takes an order that is no more out of the table. */
export function strike(registry: Registry, open: OpenOrder): void {
  const { orders } = open.symbol;
  registry.orders.delete(open.order.clientId);
  takeOut(orders, orders.indexOf(open));
}

/** Sends an order that was judged; `reduces` for one that can only reduce. */
export function place(
  registry: Registry,
  symbol: SymbolState,
  wish: Wish,
  judgement: Judgement<string> | 'reduces',
  because: string,
  reasoning?: Reasoning,
): OpenOrder {
  const { role, position, step, attempt, side, terms } = wish;
  const order: Order = {
    clientId: clientIdOf({ run: registry.run, position, role, step, attempt, part: 0 }),
    instId: symbol.instrument.instId,
    role,
    position,
    step,
    attempt,
    part: 0,
    side,
    sizeLots: lots(wish.sizeLots),
    reduceOnly: judgement === 'reduces',
    terms,
    takenByMs: registry.now + TAKEN_WITHIN_MS,
  };
  const stamped: Approved = approve(order, judgement);
  const price = terms.type === 'market' ? 0 : terms.type === 'stop' ? terms.triggerTicks : terms.priceTicks;
  const open: OpenOrder = {
    order: stamped,
    symbol,
    state: 'sent',
    filledLots: 0,
    sentAt: registry.now,
    ticks: price,
    ticksAsked: price,
    ticksWanted: price,
    sizeLots: wish.sizeLots,
    sizeAsked: wish.sizeLots,
    sizeWanted: wish.sizeLots,
    amending: false,
    amendedAt: 0,
    unwanted: undefined,
    exits: wish.exits,
    rung: wish.rung,
    leverage: wish.leverage,
  };
  enlist(registry, open);
  markTouched(registry, symbol);
  const exit = order.reduceOnly ? exitReading(registry, symbol, wish.gates) : undefined;
  decide(registry, { kind: 'place', at: registry.now, order: stamped, because, reasoning, exit });
  return open;
}

/**
 * Asks for another price (or trigger) and size of a live order. One amendment at a time, and none of an order that the exchange has not
 * confirmed: until then the wish is kept.
 */
export function amend(
  registry: Registry,
  open: OpenOrder,
  priceTicks: number,
  sizeLots: number,
  because: ChangeReason,
): void {
  markTouched(registry, open.symbol);
  open.ticksWanted = priceTicks;
  open.sizeWanted = sizeLots;
  if (!open.amending && open.state === 'live') sendAmendment(registry, open, because);
}

/** The exchange has confirmed the order: what was wished of it meanwhile is asked for. */
export function confirm(registry: Registry, open: OpenOrder): void {
  if (open.state !== 'sent' && open.state !== 'unknown') return;
  open.state = 'live';
  if (!open.amending) sendAmendment(registry, open, 'the wish changed meanwhile');
}

/** Sends what is still wanted, if it differs from what stands. */
export function sendAmendment(registry: Registry, open: OpenOrder, because: ChangeReason): void {
  const { order } = open;
  const moved = open.ticksWanted !== open.ticks;
  const resized = open.sizeWanted !== open.sizeLots;
  if (registry.folding || (!moved && !resized)) return;
  markTouched(registry, open.symbol);
  open.amending = true;
  open.amendedAt = registry.now;
  open.ticksAsked = open.ticksWanted;
  open.sizeAsked = open.sizeWanted;
  const isStop = order.terms.type === 'stop';
  decide(registry, {
    kind: 'amend',
    at: registry.now,
    instId: order.instId,
    clientId: order.clientId,
    priceTicks: moved && !isStop ? ticks(open.ticksWanted) : undefined,
    triggerTicks: moved && isStop ? ticks(open.ticksWanted) : undefined,
    sizeLots: resized ? lots(open.sizeWanted) : undefined,
    because,
    exit: order.reduceOnly ? exitReading(registry, open.symbol) : undefined,
  });
}

/** Calls an order back, also one that nobody has confirmed. It stays in the table, `ending`, until the exchange says how it ended. */
export function cancel(registry: Registry, open: OpenOrder, because: ChangeReason): void {
  if (open.state === 'ending') return;
  markTouched(registry, open.symbol);
  open.state = 'ending';
  decide(registry, {
    kind: 'cancel',
    at: registry.now,
    instId: open.order.instId,
    clientId: open.order.clientId,
    because,
  });
}

/** The newest order of this position, role and step that is not called back; of a role without step, step 0. */
export function liveOrder(symbol: SymbolState, position: number, role: OrderRole, step = 0): OpenOrder | undefined {
  let newest: OpenOrder | undefined;
  for (const open of symbol.orders)
    if (open.state !== 'ending' && isOf(open, position, role, step))
      if (newest === undefined || open.order.attempt > newest.order.attempt) newest = open;
  return newest;
}

/** An order of this position, role and step that was called back and whose end nobody has told yet: it may still fill. */
export function endingOrder(
  symbol: SymbolState,
  position: number,
  role: OrderRole,
  step: number,
): OpenOrder | undefined {
  for (const open of symbol.orders) if (open.state === 'ending' && isOf(open, position, role, step)) return open;
  return undefined;
}

/** Stops that the exchange has confirmed stand, and close all of the position. */
export function hasConfirmedStop(symbol: SymbolState): boolean {
  return coveredLots(symbol) >= (symbol.position?.holding.lots ?? 0);
}

/** Of what the bot is to protect, all or a part has no stop that the exchange has confirmed. */
export function isUncovered(symbol: SymbolState): boolean {
  const { position } = symbol;
  return position !== undefined && position.leftAlone !== true && !hasConfirmedStop(symbol);
}

/** How much the stops that the exchange has confirmed would close. */
export function coveredLots({ orders }: Pick<SymbolState, 'orders'>): number {
  let lots = 0;
  for (const { order, state, sizeLots, filledLots } of orders)
    if (order.role === 'stop' && state === 'live') lots += sizeLots - filledLots;
  return lots;
}

function isOf({ order }: OpenOrder, position: number, role: OrderRole, step: number): boolean {
  return order.position === position && order.role === role && order.step === step;
}

/** So many attempts have a name within a step; closes go on for as long as the exchange refuses them. */
export const ATTEMPTS_OF_A_STEP = 1_000;

/** The number of the next attempt of this role and step. */
export function nextAttempt(position: Position, role: OrderRole, step: number): number {
  const key = `${role}${step}`;
  const attempt = (position.attempts.get(key) ?? 0) + 1;
  position.attempts.set(key, attempt);
  return attempt;
}
