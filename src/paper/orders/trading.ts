/**
 * Orders in: placing, cancelling, amending, closing a position. Each either changes the account or throws the no with OKX's code.
 *
 * An order becomes the simulator's under its own `ordId`; client ids are the exchange's affair: unique among the account's open orders only
 * (okx-v5.md §1.8).
 */
import type { Side } from '../../core/numbers/units.ts';
import { isRejection, type SimTerms } from '../../sim/matching/order.ts';
import { type Desk, SHORTENED } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import { type Slot, slotOf } from '../market/listing.ts';
import { clientIdOf, type Fields, flagOf, numberOf, objectsIn, oneOf, tagOf, textOf } from '../wire/input.ts';
import { price } from '../wire/numbers.ts';
import { rejected } from '../wire/rejection.ts';
import { OkxError } from '../wire/reply.ts';
import {
  listingIn,
  marginModeIn,
  type OrderInput,
  orderInput,
  posSideIn,
  priceIn,
  refuseOnWrongSide,
  sizeIn,
  triggerIn,
  UNWORDED,
} from './order-input.ts';
import { isOpen, type PaperOrder, sideOfOrder, UNFILLED } from './paper-order.ts';
import { ownInTheWay } from './self-trade.ts';

/** Pending orders of an account in one listing, and in all (okx-v5.md §1.4). */
const OPEN_PER_LISTING = 500;
const OPEN_MOST = 4_000;

/** What sent an order: a stop of its owner's, or a client. */
export interface Origin {
  readonly source: string;
  readonly algoId: string;
  readonly algoClOrdId: string;
}
export const BY_CLIENT: Origin = { source: '', algoId: '', algoClOrdId: '' };

/** `cancelSource` of self-trade prevention, and of a post-only order that would take (okx-v5.md §3.1). */
const SELF_TRADE = '32';
const WOULD_TAKE = '31';

export function placeOrder(floor: Floor, desk: Desk, fields: Fields): PaperOrder {
  return place(floor, desk, orderInput(floor, desk, fields), BY_CLIENT);
}

/** Takes an order, or throws why not. It may have filled or ended when this returns. */
export function place(floor: Floor, desk: Desk, input: OrderInput, origin: Origin): PaperOrder {
  const { slot } = input;
  refuseStill(floor, slot);
  const before = input.clOrdId === '' ? undefined : desk.orders.byClientId(input.clOrdId);
  refuseLiving(before);
  refuseTooMany(desk, slot);
  const priceTicks = input.isClamped ? clamped(floor, input) : input.priceTicks;
  if (priceTicks > 0) refuseOutOfBand(floor, slot, sideOfOrder(input.side), priceTicks);
  const at = floor.at;
  const met = ownInTheWay(floor, desk, slot.listing, { side: input.side, limitTicks: priceTicks });
  const [nearest] = met;
  const isPostOnly = input.ordType === 'post_only';
  const endsAtOnce = nearest !== undefined && (isPostOnly || input.stpMode !== 'cancel_maker');
  const order: PaperOrder = {
    ordId: floor.ids.order(),
    clOrdId: input.clOrdId,
    tag: input.tag,
    slot,
    posSide: input.posSide,
    ordType: input.ordType,
    side: input.side,
    reduceOnly: input.reduceOnly,
    leverage: desk.position(slot).leverage,
    category: 'normal',
    ...origin,
    stpMode: input.stpMode,
    attached: input.attached,
    createdAt: at,
    ...UNFILLED,
    priceTicks,
    sizeLots: input.sizeLots,
    endsBecause: endsAtOnce ? (isPostOnly ? WOULD_TAKE : SELF_TRADE) : '',
    updatedAt: at,
  };
  desk.orders.add(order);
  const answer = floor.matcher.place(
    desk.account,
    {
      clientId: order.ordId,
      instId: slot.instrument.instId,
      side: sideOfOrder(input.side),
      sizeLots: input.sizeLots,
      reduceOnly: input.reduceOnly,
      // Who may not meet his own is taken, and finds nobody: a price short of them.
      terms: endsAtOnce
        ? { type: 'fok', priceTicks: nearest.priceTicks - sideOfOrder(input.side) }
        : termsOf(floor, input, priceTicks),
    },
    at,
  );
  if (isRejection(answer)) {
    desk.orders.withdraw(order, before);
    throw rejected(answer);
  }
  if (isPostOnly) desk.tellRests(order, at);
  else if (input.stpMode !== 'cancel_taker') endMet(floor, desk, met);
  desk.tellCut(order, '3', at);
  floor.settleDesk(desk, at);
  return order;
}

/** Those that still stand give way to the newcomer that met them. */
function endMet(floor: Floor, desk: Desk, met: readonly PaperOrder[]): void {
  for (const order of met) if (isOpen(order)) end(floor, desk, order, SELF_TRADE);
}

/** @throws {OkxError} 51000, 51400 */
export function cancelOrder(floor: Floor, desk: Desk, fields: Fields): PaperOrder {
  const order = orderNamed(
    floor,
    desk,
    fields,
    '51400',
    'Cancellation failed as the order has been filled, canceled or does not exist.',
  );
  end(floor, desk, order, '');
  return order;
}

/** Ends an open order; `because` is OKX's cancelSource, or '' for the client's own wish. */
export function end(floor: Floor, desk: Desk, order: PaperOrder, because: string): void {
  order.endsBecause = because;
  floor.matcher.cancel(desk.account, order.ordId, floor.at);
  floor.settleDesk(desk, floor.at);
}

/**
 * Changes size or price of an open order; `newSz` is the total, the filled part included (okx-v5.md §1.8). With `cxlOnFail` an order that
 * cannot be changed is cancelled. @throws {OkxError}
 */
export function amendOrder(floor: Floor, desk: Desk, fields: Fields): PaperOrder {
  const order = orderNamed(
    floor,
    desk,
    fields,
    '51503',
    'Order modification failed as the order has been filled, canceled or does not exist.',
  );
  const reqId = clientIdOf(fields, 'reqId');
  try {
    amend(floor, desk, order, fields, reqId);
  } catch (error) {
    if (!(error instanceof OkxError) || !flagOf(fields, 'cxlOnFail')) throw error;
    desk.tellAmended(
      order,
      { reqId, amendResult: '1', amendSource: '1', code: error.code, msg: error.message },
      floor.at,
    );
    end(floor, desk, order, '');
    throw error;
  } finally {
    desk.amending = {};
  }
  floor.settleDesk(desk, floor.at);
  return order;
}

function amend(floor: Floor, desk: Desk, order: PaperOrder, fields: Fields, reqId: string): void {
  const { listing } = order.slot;
  const sizeLots = numberOf(fields, 'newSz') === undefined ? undefined : sizeIn(listing, fields, 'newSz');
  const priceTicks = numberOf(fields, 'newPx') === undefined ? undefined : newPriceIn(floor, order, fields);
  if (sizeLots !== undefined || priceTicks !== undefined) refuseStill(floor, order.slot);
  const before = order.attached.map(({ takeProfit, stop }) => ({ takeProfit, stop }));
  try {
    amendWith(floor, desk, order, { sizeLots, priceTicks, hasAttached: amendAttached(order, fields), reqId });
  } catch (error) {
    // All of an amendment or nothing of it.
    order.attached.forEach((attached, number) => Object.assign(attached, before[number]));
    throw error;
  }
}

/** With `pxAmendType` 1 a price outside the limits is clamped to them. */
function newPriceIn(floor: Floor, { slot, side }: PaperOrder, fields: Fields): number {
  const priceTicks = priceIn(slot.listing, fields, 'newPx');
  const isClamped = oneOf(fields, 'pxAmendType', ['0', '1']) === '1';
  return isClamped ? clamped(floor, { slot, side, priceTicks }) : priceTicks;
}

interface Amendment {
  readonly sizeLots: number | undefined;
  readonly priceTicks: number | undefined;
  /** Prices of what is attached to the order are changed already, and taken back where this throws. */
  readonly hasAttached: boolean;
  readonly reqId: string;
}

function amendWith(floor: Floor, desk: Desk, order: PaperOrder, amendment: Amendment): void {
  const { sizeLots, priceTicks, hasAttached, reqId } = amendment;
  if (priceTicks !== undefined) refuseOutOfBand(floor, order.slot, sideOfOrder(order.side), priceTicks);
  if (hasAttached)
    for (const each of order.attached) refuseOnWrongSide(each, order.side, priceTicks ?? order.priceTicks);
  if (sizeLots === undefined && priceTicks === undefined) {
    if (hasAttached) return desk.tellAmended(order, { reqId, amendResult: '0', amendSource: '1' }, floor.at);
    throw new OkxError('51500', 'You must enter a price, quantity, or TP/SL');
  }
  desk.amending = { reqId, amendResult: '0', amendSource: '1' };
  if (sizeLots !== undefined && order.filledLots > 0 && sizeLots <= order.filledLots)
    return end(floor, desk, order, SHORTENED);
  const { side } = order;
  const met =
    priceTicks === undefined ? [] : ownInTheWay(floor, desk, order.slot.listing, { side, limitTicks: priceTicks });
  if (met.length > 0 && order.ordType === 'post_only')
    throw new OkxError('51511', 'The post-only order would take at its new price');
  if (met.length > 0 && order.stpMode !== 'cancel_maker') {
    if (order.stpMode === 'cancel_both') endMet(floor, desk, met);
    return end(floor, desk, order, SELF_TRADE);
  }
  const answer = floor.matcher.amend(
    desk.account,
    order.ordId,
    { ...(sizeLots === undefined ? {} : { sizeLots }), ...(priceTicks === undefined ? {} : { priceTicks }) },
    floor.at,
  );
  if (isRejection(answer)) throw rejected(answer);
  endMet(floor, desk, met);
  desk.tellCut(order, '2', floor.at);
}

/** New prices of what is attached to an order; a price of 0 takes it away. @returns whether there were any @throws {OkxError} 51527 */
function amendAttached(order: PaperOrder, fields: Fields): boolean {
  const changes = objectsIn(fields, 'attachAlgoOrds');
  for (const change of changes) {
    const id = textOf(change, 'attachAlgoId');
    const clientId = textOf(change, 'attachAlgoClOrdId');
    const attached = order.attached.find((one) =>
      id === undefined ? one.attachAlgoClOrdId === clientId : one.attachAlgoId === id,
    );
    if (attached === undefined)
      throw new OkxError('51527', 'Order modification failed: there is no such attached TP/SL');
    const { listing } = order.slot;
    attached.takeProfit = isTakenAway(change, 'newTp')
      ? undefined
      : (triggerIn(listing, change, 'tp', 'new') ?? attached.takeProfit);
    attached.stop = isTakenAway(change, 'newSl')
      ? undefined
      : (triggerIn(listing, change, 'sl', 'new') ?? attached.stop);
  }
  return changes.length > 0;
}

function isTakenAway(change: Fields, head: 'newTp' | 'newSl'): boolean {
  return ['TriggerPx', 'OrdPx'].some((word) => Number(textOf(change, `${head}${word}`) ?? Number.NaN) === 0);
}

/** Sends the whole position to the market. @throws {OkxError} 51023, 51115 */
export function closePosition(
  floor: Floor,
  desk: Desk,
  fields: Fields,
): { readonly slot: Slot; readonly order: PaperOrder } {
  const listing = listingIn(floor, fields);
  const marginMode = marginModeIn(fields, 'mgnMode');
  const { posSide } = posSideIn(desk, fields, 'sell');
  const slot = slotOf(listing, marginMode, posSide);
  const position = desk.position(slot);
  if (position.lots === 0) throw new OkxError('51023', "Position doesn't exist.");
  const side = position.side === 1 ? 'sell' : 'buy';
  const closing = [...desk.orders.open.values()].filter((order) => order.slot === slot && order.side === side);
  if (closing.length > 0 && !flagOf(fields, 'autoCxl'))
    throw new OkxError('51115', 'Cancel all pending close orders before liquidation.', 429);
  if (position.lots > listing.instrument.lotsMaxMarketOrder)
    throw new OkxError('51108', 'Positions exceed the limit for closing out with the market price.');
  // What will not be closed keeps the orders that would have closed it.
  refuseStill(floor, slot);
  const clOrdId = clientIdOf(fields, 'clOrdId');
  const before = desk.orders.byClientId(clOrdId);
  if (!closing.some((order) => order === before)) refuseLiving(before);
  for (const order of closing) end(floor, desk, order, '');
  const order = place(
    floor,
    desk,
    {
      ...UNWORDED,
      slot,
      posSide,
      side,
      ordType: 'market',
      sizeLots: position.lots,
      priceTicks: 0,
      reduceOnly: true,
      clOrdId,
      tag: tagOf(fields),
    },
    BY_CLIENT,
  );
  return { slot, order };
}

/** The open order that a request names. @throws {OkxError} `code` where it lives no more, 51000 where none is named */
function orderNamed(floor: Floor, desk: Desk, fields: Fields, code: string, message: string): PaperOrder {
  const listing = listingIn(floor, fields);
  const ordId = textOf(fields, 'ordId');
  const clOrdId = textOf(fields, 'clOrdId');
  if (ordId === undefined && clOrdId === undefined)
    throw new OkxError('51003', 'Either client order ID or order ID is required.', 200);
  const order = desk.orders.named({ ordId, clOrdId });
  if (order === undefined || order.slot.listing !== listing || !isOpen(order)) throw new OkxError(code, message);
  return order;
}

function refuseLiving(before: PaperOrder | undefined): void {
  if (before !== undefined && isOpen(before)) throw new OkxError('51016', 'Client order ID already exists.');
}

function refuseTooMany(desk: Desk, slot: Slot): void {
  if (desk.orders.open.size >= OPEN_MOST)
    throw new OkxError('51103', `The number of pending orders reaches the limit of ${OPEN_MOST}`);
  let count = 0;
  for (const { index } of slot.listing.slots) count += desk.account.ordersAt(index).length;
  if (count >= OPEN_PER_LISTING)
    throw new OkxError(
      '51102',
      `The number of pending orders of ${slot.listing.instId} reaches the limit of ${OPEN_PER_LISTING}`,
    );
}

/** Whoever trades at a price that nobody knows trades at an old one. */
function refuseStill(floor: Floor, { listing }: Slot): void {
  if (floor.isStill(listing))
    throw new OkxError(
      '51022',
      `${listing.instId} is suspended: its market is not heard at present, and nothing is filled at old prices`,
    );
}

function refuseOutOfBand(floor: Floor, slot: Slot, side: Side, priceTicks: number): void {
  const { buyTicks, sellTicks } = floor.priceBand(slot.listing);
  if (side === 1 ? priceTicks <= buyTicks : priceTicks >= sellTicks) return;
  const [most, least] = [buyTicks, sellTicks].map((ticks) => withCommas(price(slot.listing, ticks)));
  throw new OkxError(
    '51006',
    `Order price is not within the price limit (max buy price: ${most}, min sell price: ${least})`,
  );
}

function clamped(floor: Floor, input: Pick<OrderInput, 'slot' | 'side' | 'priceTicks'>): number {
  const { buyTicks, sellTicks } = floor.priceBand(input.slot.listing);
  if (input.priceTicks === 0) return 0;
  return input.side === 'buy' ? Math.min(input.priceTicks, buyTicks) : Math.max(input.priceTicks, sellTicks);
}

/** A market order that must fill at once or end goes as far as the price limit. */
function termsOf(floor: Floor, input: OrderInput, priceTicks: number): SimTerms {
  const ticks = priceTicks as Extract<SimTerms, { type: 'limit' }>['priceTicks'];
  switch (input.ordType) {
    case 'market':
      return { type: 'market' };
    case 'limit':
      return { type: 'limit', priceTicks: ticks, postOnly: false };
    case 'post_only':
      return { type: 'limit', priceTicks: ticks, postOnly: true };
    case 'ioc':
      return { type: 'ioc', priceTicks: ticks };
    case 'fok':
      return { type: 'fok', priceTicks };
    case 'optimal_limit_ioc': {
      const { buyTicks, sellTicks } = floor.priceBand(input.slot.listing);
      return { type: 'ioc', priceTicks: (input.side === 'buy' ? buyTicks : sellTicks) as typeof ticks };
    }
  }
}

/** Numbers in OKX's sentences have commas (okx-v5.md §1.2). */
function withCommas(text: string): string {
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}
