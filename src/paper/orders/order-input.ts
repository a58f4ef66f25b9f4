/**
 * What an order request must be before the simulator is asked. Source: okx-v5.md §1.8, §2, §3.2; codes §1.3.
 *
 * Prices are read into ticks, sizes into lots; what is off the grid is rejected, never rounded.
 */

import { lotsOf, ticksOf, valueMoney } from '../../core/instrument/instrument.ts';
import { DecimalError } from '../../core/numbers/decimal.ts';
import { MONEY_PER_USDT, UnitError } from '../../core/numbers/units.ts';
import type { Desk } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import {
  type Listing,
  MARGIN_MODES,
  type MarginMode,
  POS_SIDES,
  type PosSide,
  type Slot,
  slotOf,
} from '../market/listing.ts';
import {
  clientIdOf,
  type Fields,
  flagOf,
  neededOneOf,
  numberOf,
  objectsIn,
  oneOf,
  tagOf,
  textOf,
} from '../wire/input.ts';
import { ORDER_USDT_MAX } from '../wire/instrument-rows.ts';
import { OkxError, parameterEmpty, parameterError } from '../wire/reply.ts';
import {
  type Attached,
  ORDER_SIDES,
  ORDER_TYPES,
  type OrderSide,
  type OrderType,
  STP_MODES,
  type StpMode,
  sideOfOrder,
  TRIGGER_PRICES,
  type Trigger,
} from './paper-order.ts';

export interface OrderInput {
  readonly slot: Slot;
  readonly posSide: PosSide;
  readonly side: OrderSide;
  readonly ordType: OrderType;
  readonly sizeLots: number;
  /** 0 for orders without a price. */
  readonly priceTicks: number;
  readonly reduceOnly: boolean;
  readonly clOrdId: string;
  readonly tag: string;
  readonly stpMode: StpMode;
  readonly attached: readonly Attached[];
  /** `pxAmendType` 1: a price outside the limits is clamped to them. */
  readonly isClamped: boolean;
}

/** Of an order that nobody has worded: one that closes a position, that a stop sends, or that an operator places by hand. */
export const UNWORDED = {
  clOrdId: '',
  tag: '',
  stpMode: 'cancel_maker',
  attached: [],
  isClamped: false,
} as const satisfies Partial<OrderInput>;

/** The listing that a request names, by `instId` or (WebSocket) by `instIdCode`. @throws {OkxError} 50014, 51001 */
export function listingIn(floor: Floor, fields: Fields): Listing {
  const code = textOf(fields, 'instIdCode');
  const instId = textOf(fields, 'instId');
  const listing =
    instId === undefined ? (code === undefined ? undefined : floor.listingByCode(Number(code))) : floor.listing(instId);
  if (listing !== undefined) return listing;
  if (instId === undefined && code === undefined) throw parameterEmpty('instId');
  throw new OkxError('51001', "Instrument ID, Instrument ID code, or Spread ID doesn't exist.");
}

export function orderInput(floor: Floor, desk: Desk, fields: Fields): OrderInput {
  const listing = listingIn(floor, fields);
  const marginMode = marginModeIn(fields, 'tdMode');
  const side = neededOneOf(fields, 'side', ORDER_SIDES);
  const ordType = neededOneOf(fields, 'ordType', ORDER_TYPES);
  const { posSide, closes } = posSideIn(desk, fields, side);
  const sizeLots = sizeIn(listing, fields, 'sz');
  const isPriced = ordType !== 'market' && ordType !== 'optimal_limit_ioc';
  const priceTicks = isPriced ? priceIn(listing, fields, 'px') : 0;
  if (isPriced && priceTicks === 0) throw new OkxError('51204', 'The price of a limit order can not be empty');
  const reduceOnly = closes ?? flagOf(fields, 'reduceOnly');
  const attached = attachedIn(floor, listing, fields, side, priceTicks);
  if (attached.length > 0 && reduceOnly)
    throw new OkxError('51100', 'TP/SL can not be attached to a reduce-only or closing order');
  const stpMode = oneOf(fields, 'stpMode', STP_MODES) ?? 'cancel_maker';
  if (ordType === 'fok' && stpMode === 'cancel_both')
    throw new OkxError('54036', 'A FOK order can not have the self-trade prevention mode cancel_both');
  for (const { attachAlgoClOrdId } of attached) refuseAttachedId(desk, attachAlgoClOrdId);
  const slot = slotOf(listing, marginMode, posSide);
  refuseTooValuable(floor, desk, { slot, ordType, sizeLots, priceTicks });
  return {
    slot,
    posSide,
    side,
    ordType,
    sizeLots,
    priceTicks,
    reduceOnly,
    clOrdId: clientIdOf(fields, 'clOrdId'),
    tag: tagOf(fields),
    stpMode,
    attached,
    isClamped: oneOf(fields, 'pxAmendType', ['0', '1']) === '1',
  };
}

/** The id of an attached order, or of an algo order, that another one bears or will bear. @throws {OkxError} 51068 */
export function refuseAttachedId(desk: Desk, id: string): void {
  if (id === '') return;
  const isBorne = [...desk.algos.open.values()].some(({ algoClOrdId }) => algoClOrdId === id);
  const isPromised = [...desk.orders.open.values()].some(({ attached }) =>
    attached.some(({ attachAlgoClOrdId }) => attachAlgoClOrdId === id),
  );
  if (isBorne || isPromised)
    throw new OkxError('51068', `${id} already exists within algoClOrdId and attachAlgoClOrdId.`);
}

export function marginModeIn(fields: Fields, name: 'tdMode' | 'mgnMode'): MarginMode {
  return neededOneOf(fields, name, MARGIN_MODES);
}

/**
 * The side of the position that an order belongs to. In net mode `net` or nothing; in long/short mode it must be said, and selling a long
 * or buying back a short can only close. @throws {OkxError} 51000
 */
export function posSideIn(
  desk: Desk,
  fields: Fields,
  side: OrderSide,
): { readonly posSide: PosSide; readonly closes: boolean | undefined } {
  const posSide = oneOf(fields, 'posSide', POS_SIDES);
  if (desk.positionMode === 'net_mode') {
    if (posSide !== undefined && posSide !== 'net') throw parameterError('posSide');
    return { posSide: 'net', closes: undefined };
  }
  if (posSide !== 'long' && posSide !== 'short') throw parameterError('posSide');
  return { posSide, closes: (posSide === 'long') === (side === 'sell') };
}

/** A size in contracts as lots. @throws {OkxError} 50014, 51000, 51020, 51121 */
export function sizeIn(listing: Listing, fields: Fields, name: string): number {
  const text = numberOf(fields, name);
  if (text === undefined) throw parameterEmpty(name);
  if (Number(text) <= 0) throw parameterError(name);
  const lots = onGrid(() => lotsOf(listing.instrument, text));
  if (lots === undefined)
    throw new OkxError('51121', `Order quantity must be a multiple of the lot size ${sizeStep(listing)}`);
  return lots;
}

/** A price as ticks; 0 where absent. @throws {OkxError} 51000, 51150 */
export function priceIn(listing: Listing, fields: Fields, name: string): number {
  const text = numberOf(fields, name);
  if (text === undefined) return 0;
  if (Number(text) <= 0) throw parameterError(name);
  const ticks = onGrid(() => ticksOf(listing.instrument, text));
  if (ticks === undefined)
    throw new OkxError(
      '51150',
      `The precision of the price ${text} exceeds the limit: the tick size is ${priceStep(listing)}`,
    );
  return ticks;
}

/** The order price of a trigger: `-1` is the market, kept as 0. */
export function orderPriceIn(listing: Listing, fields: Fields, name: string): number {
  return textOf(fields, name) === '-1' ? 0 : priceIn(listing, fields, name);
}

/** The pairs of trigger and order price under `tp…` or `sl…`; undefined where neither is given. @throws {OkxError} 50014, 51000 */
export function triggerIn(listing: Listing, fields: Fields, kind: 'tp' | 'sl', head = ''): Trigger | undefined {
  const named = (word: string) => (head === '' ? `${kind}${word}` : `${head}${kind === 'tp' ? 'Tp' : 'Sl'}${word}`);
  const hasTrigger = textOf(fields, named('TriggerPx')) !== undefined;
  const hasOrder = textOf(fields, named('OrdPx')) !== undefined;
  if (!hasTrigger && !hasOrder) return undefined;
  if (!hasTrigger) throw parameterEmpty(named('TriggerPx'));
  if (!hasOrder) throw parameterEmpty(named('OrdPx'));
  return {
    triggerTicks: priceIn(listing, fields, named('TriggerPx')),
    orderTicks: orderPriceIn(listing, fields, named('OrdPx')),
    by: oneOf(fields, named('TriggerPxType'), TRIGGER_PRICES) ?? 'last',
  };
}

/** `attachAlgoOrds`, or the older fields of the order itself. A buy's take-profit lies above and its stop below; a sell's mirrored. */
export function attachedIn(
  floor: Floor,
  listing: Listing,
  fields: Fields,
  side: OrderSide,
  priceTicks: number,
): Attached[] {
  const list = objectsIn(fields, 'attachAlgoOrds');
  const hasOwn = textOf(fields, 'tpTriggerPx') !== undefined || textOf(fields, 'slTriggerPx') !== undefined;
  if (list.length > 10) throw parameterError('attachAlgoOrds');
  return [...list, ...(hasOwn ? [fields] : [])].map((each) => oneAttached(floor, listing, each, side, priceTicks));
}

function oneAttached(floor: Floor, listing: Listing, fields: Fields, side: OrderSide, priceTicks: number): Attached {
  if (oneOf(fields, 'tpOrdKind', ['condition', 'limit']) === 'limit') throw parameterError('tpOrdKind');
  if (oneOf(fields, 'amendPxOnTriggerType', ['0', '1']) === '1') throw parameterError('amendPxOnTriggerType');
  const takeProfit = triggerIn(listing, fields, 'tp');
  const stop = triggerIn(listing, fields, 'sl');
  if (takeProfit === undefined && stop === undefined) throw parameterEmpty('tpTriggerPx or slTriggerPx');
  refuseOnWrongSide({ takeProfit, stop }, side, priceTicks === 0 ? floor.bookOf(listing).lastTicks : priceTicks);
  return {
    attachAlgoId: floor.ids.algo(),
    attachAlgoClOrdId: clientIdOf(fields, 'attachAlgoClOrdId'),
    takeProfit,
    stop,
    sizeLots:
      fields['attachAlgoOrds'] === undefined && fields['instId'] === undefined && textOf(fields, 'sz') !== undefined
        ? sizeIn(listing, fields, 'sz')
        : 0,
  };
}

/** @param fromTicks price of the order that it is attached to @throws {OkxError} 51046–51049 */
export function refuseOnWrongSide(
  { takeProfit, stop }: Pick<Attached, 'takeProfit' | 'stop'>,
  side: OrderSide,
  fromTicks: number,
): void {
  const sign = sideOfOrder(side);
  if (takeProfit !== undefined && sign * (takeProfit.triggerTicks - fromTicks) <= 0)
    throw sign === 1
      ? new OkxError('51046', 'The take profit trigger price must be higher than the order price')
      : new OkxError('51048', 'The take profit trigger price must be lower than the order price');
  if (stop !== undefined && sign * (stop.triggerTicks - fromTicks) >= 0)
    throw sign === 1
      ? new OkxError('51047', 'The stop loss trigger price must be lower than the order price')
      : new OkxError('51049', 'The stop loss trigger price must be higher than the order price');
}

/** Above this a position's value would leave the range in which the simulator counts exactly; tiers end before it. */
const POSITION_USDT_MAX = 80_000_000n;

function refuseTooValuable(
  floor: Floor,
  desk: Desk,
  { slot, ordType, sizeLots, priceTicks }: Pick<OrderInput, 'slot' | 'ordType' | 'sizeLots' | 'priceTicks'>,
): void {
  const { instrument } = slot.listing;
  const isMarket = ordType === 'market' || ordType === 'optimal_limit_ioc';
  if (isMarket && sizeLots > instrument.lotsMaxMarketOrder)
    throw new OkxError('51202', 'Market order amount exceeds the maximum amount.');
  if (!isMarket && sizeLots > instrument.lotsMaxLimitOrder)
    throw new OkxError('51101', 'Order amount exceeds the maximum amount of a limit order.');
  const at = priceTicks === 0 ? floor.bookOf(slot.listing).lastTicks : priceTicks;
  if (valueMoney(instrument, sizeLots, at) > BigInt(ORDER_USDT_MAX) * MONEY_PER_USDT)
    throw new OkxError(isMarket ? '51201' : '51005', `The value of the order exceeds ${ORDER_USDT_MAX} USDT`);
  let lots = sizeLots + desk.position(slot).lots;
  for (const order of desk.account.ordersAt(slot.index)) lots += order.sizeLots - order.filledLots;
  if (valueMoney(instrument, lots, at) > POSITION_USDT_MAX * MONEY_PER_USDT)
    throw new OkxError('51004', 'Order failed: position and open orders exceed the maximum position of the tier');
}

function sizeStep(listing: Listing): string {
  const { lotSize } = listing.instrument;
  return String(lotSize.approx);
}

function priceStep(listing: Listing): string {
  return listing.instrument.tickSize.approx.toFixed(listing.instrument.tickSize.scale);
}

function onGrid(read: () => number): number | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof UnitError || error instanceof DecimalError) return undefined;
    throw error;
  }
}
