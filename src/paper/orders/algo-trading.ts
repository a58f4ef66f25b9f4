/**
 * Algo orders in and out: placing, cancelling, amending, waking, and what becomes of attached ones. Source: okx-v5.md §3.2–3.3.
 *
 * A woken algo order sends a normal order and is `effective`; if the exchange will not have that order, it is `order_failed` with the code.
 */
import type { Desk } from '../desk/desk.ts';
import type { Aftermath, Floor } from '../floor.ts';
import { type Listing, type Slot, slotOf } from '../market/listing.ts';
import { clientIdOf, type Fields, flagOf, neededOneOf, numberOf, oneOf, tagOf, textOf } from '../wire/input.ts';
import { OkxError, parameterEmpty, parameterError } from '../wire/reply.ts';
import {
  ALGO_TYPES,
  type AlgoType,
  ASLEEP,
  type PaperAlgo,
  passedCode,
  type Trail,
  type Woken,
  wokenBy,
} from './algo-order.ts';
import {
  attachedIn,
  listingIn,
  marginModeIn,
  orderPriceIn,
  posSideIn,
  priceIn,
  refuseAttachedId,
  sizeIn,
  triggerIn,
  UNWORDED,
} from './order-input.ts';
import {
  type Attached,
  ORDER_SIDES,
  type PaperOrder,
  sideOfOrder,
  TRIGGER_PRICES,
  type Trigger,
} from './paper-order.ts';
import { end, place } from './trading.ts';

/** Sleeping algo orders of one kind in one listing (okx-v5.md §1.4), and what OKX says to one more. */
const OPEN_PER_KIND: Readonly<Record<AlgoType, number>> = {
  conditional: 100,
  oco: 100,
  trigger: 500,
  move_order_stop: 50,
};

export function placeAlgo(floor: Floor, desk: Desk, fields: Fields): PaperAlgo {
  const listing = listingIn(floor, fields);
  const marginMode = marginModeIn(fields, 'tdMode');
  const side = neededOneOf(fields, 'side', ORDER_SIDES);
  const ordType = neededOneOf(fields, 'ordType', ALGO_TYPES);
  const { posSide, closes } = posSideIn(desk, fields, side);
  const slot = slotOf(listing, marginMode, posSide);
  // Some clients send the plain orders' name for it, and the exchange takes it (okx-v5.md §3.3).
  const algoClOrdId = clientIdOf(fields, 'algoClOrdId') || clientIdOf(fields, 'clOrdId');
  if (algoClOrdId !== '' && [...desk.algos.open.values()].some((each) => each.algoClOrdId === algoClOrdId))
    throw new OkxError('51065', 'algoClOrdId already exists.');
  refuseAttachedId(desk, algoClOrdId);
  const reduceOnly = closes ?? flagOf(fields, 'reduceOnly');
  // In long/short mode the flag means nothing.
  if (ordType === 'trigger' && closes === undefined && reduceOnly)
    throw new OkxError('51205', 'Reduce Only is not available.');
  const closesAll = wantsAll(desk, slot, fields, ordType, reduceOnly);
  const endsWithPosition = flagOf(fields, 'cxlOnClosePos');
  if (endsWithPosition && !reduceOnly) throw parameterError('cxlOnClosePos');
  refuseTooMany(desk, listing, ordType);
  const triggers = triggersIn(floor, listing, fields, ordType);
  if (closesAll && [triggers.takeProfit, triggers.stop].some((one) => one !== undefined && one.orderTicks > 0))
    throw new OkxError('51330', 'closeFraction is only available for stop market orders');
  refusePassed(floor, listing, side, triggers);
  const sizeLots = closesAll ? 0 : sizeIn(listing, fields, 'sz');
  refuseTooLarge(listing, sizeLots, triggers);
  const at = floor.at;
  const algo: PaperAlgo = {
    algoId: floor.ids.algo(),
    algoClOrdId,
    tag: tagOf(fields),
    slot,
    posSide,
    ordType,
    side,
    reduceOnly,
    closesAll,
    endsWithPosition,
    leverage: desk.position(slot).leverage,
    attached:
      ordType === 'trigger'
        ? attachedIn(
            floor,
            listing,
            { ...fields, tpTriggerPx: '', slTriggerPx: '' },
            side,
            triggers.entry?.triggerTicks ?? 0,
          )
        : [],
    createdAt: at,
    sizeLots,
    ...triggers,
    ...ASLEEP,
    updatedAt: at,
  };
  desk.algoChanged(algo, at);
  return algo;
}

/** What it will send may not be larger than the exchange takes: it would fail when it is needed. @throws {OkxError} 51252 */
function refuseTooLarge({ instrument }: Listing, sizeLots: number, triggers: Triggers): void {
  const { takeProfit, stop, entry } = triggers;
  const isPriced = [takeProfit, stop, entry].every((each) => each === undefined || each.orderTicks > 0);
  const most = isPriced && triggers.trail === undefined ? instrument.lotsMaxLimitOrder : instrument.lotsMaxMarketOrder;
  if (sizeLots > most) throw new OkxError('51252', 'Algo order amount is out of the available range');
}

/** @throws {OkxError} where the price has come already: such an order would wake at once */
function refusePassed(
  floor: Floor,
  listing: Listing,
  side: PaperAlgo['side'],
  triggers: Pick<PaperAlgo, 'stop' | 'takeProfit'>,
): void {
  const code = passedCode({ side, ...triggers }, floor.bookOf(listing));
  if (code !== undefined) throw new OkxError(code, 'The trigger price has been passed already');
}

/** @throws {OkxError} 51400 where it sleeps no more */
export function cancelAlgo(floor: Floor, desk: Desk, fields: Fields): PaperAlgo {
  const algo = algoNamed(floor, desk, fields, NOT_CANCELED);
  algo.state = 'canceled';
  desk.algoChanged(algo, floor.at);
  return algo;
}

/** New size and prices of a sleeping algo order. @throws {OkxError} 51527 where it sleeps no more */
export function amendAlgo(floor: Floor, desk: Desk, fields: Fields): PaperAlgo {
  const algo = algoNamed(floor, desk, fields, NOT_AMENDED);
  const { listing } = algo.slot;
  const sizeLots = numberOf(fields, 'newSz') === undefined ? undefined : sizeIn(listing, fields, 'newSz');
  if (sizeLots !== undefined && algo.closesAll) throw parameterError('newSz');
  const takeProfit = amendedTrigger(listing, fields, algo.takeProfit, 'Tp');
  const stop = amendedTrigger(listing, fields, algo.stop, 'Sl');
  const entry = algo.entry === undefined ? undefined : amendedEntry(floor, listing, fields, algo.entry);
  if (sizeLots === undefined && takeProfit === undefined && stop === undefined && entry === undefined)
    throw new OkxError('51500', 'You must enter a price, quantity, or TP/SL');
  refusePassed(floor, listing, algo.side, { takeProfit, stop });
  const becomes = {
    sizeLots: sizeLots ?? algo.sizeLots,
    takeProfit: takeProfit ?? algo.takeProfit,
    stop: stop ?? algo.stop,
    entry: entry ?? algo.entry,
  };
  refuseTooLarge(listing, becomes.sizeLots, { ...becomes, trail: algo.trail });
  Object.assign(algo, becomes);
  desk.algoChanged(algo, floor.at);
  return algo;
}

/** What follows from ticks and fills, on the floor of one exchange. */
export const aftermath: Aftermath = {
  afterTick(floor, listing, at) {
    // While nobody knows the price nothing may be placed: who woke now would have failed, and be gone. He sleeps on until it is known.
    if (floor.isStill(listing)) return;
    const book = floor.bookOf(listing);
    for (const desk of floor.desks) {
      if (desk.algos.open.size === 0) continue;
      for (const algo of desk.algos.open.values()) {
        if (algo.slot.listing !== listing || algo.state !== 'live') continue;
        const extremeTicks = algo.trail?.extremeTicks;
        const woken = wokenBy(algo, book);
        if (algo.trail?.extremeTicks !== extremeTicks) desk.changes?.noteAlgo(algo);
        if (woken !== undefined) wake(floor, desk, algo, woken, at);
        else if (algo.trail?.extremeTicks === extremeTicks) continue;
        // A trailing stop that followed, or an order that failed, is more than a price.
        floor.touch();
      }
    }
  },
  afterFills(floor, desk, at) {
    for (const order of desk.completed.splice(0))
      for (const attached of order.attached)
        if (attached.takeProfit !== undefined || attached.stop !== undefined) attach(floor, desk, order, attached, at);
    for (const slot of desk.emptied) {
      desk.emptied.delete(slot);
      if (desk.position(slot).lots > 0) continue;
      for (const algo of desk.algos.open.values())
        if (algo.slot === slot && algo.endsWithPosition && algo.state === 'live') {
          algo.state = 'canceled';
          desk.algoChanged(algo, at);
        }
    }
  },
  atTimeout(floor, desk) {
    desk.cancelAllAt = Number.POSITIVE_INFINITY;
    floor.touch();
    for (const order of desk.orders.open.values()) end(floor, desk, order, '20');
  },
};

/** Sends the order of a woken algo order. */
function wake(floor: Floor, desk: Desk, algo: PaperAlgo, woken: Woken, at: number): void {
  algo.triggeredAt = at;
  algo.actualSide = woken.actualSide;
  const position = desk.position(algo.slot);
  const isClosing = position.lots > 0 && position.side !== sideOfOrder(algo.side);
  const sizeLots = algo.closesAll ? (isClosing ? position.lots : 0) : algo.sizeLots;
  // It is awake: the end of the position that its own order brings does not cancel it.
  algo.state = 'effective';
  try {
    if (sizeLots === 0) throw new OkxError('51169', "You don't have any positions in this contract to close.");
    const order = place(
      floor,
      desk,
      {
        ...UNWORDED,
        slot: algo.slot,
        posSide: algo.posSide,
        side: algo.side,
        ordType: woken.orderTicks === 0 ? 'market' : 'limit',
        sizeLots,
        priceTicks: woken.orderTicks,
        reduceOnly: algo.reduceOnly,
        tag: algo.tag,
        attached: algo.attached,
        isClamped: true,
      },
      { source: woken.source, algoId: algo.algoId, algoClOrdId: desk.namesStops ? algo.algoClOrdId : '' },
    );
    algo.ordId = order.ordId;
    algo.actualLots = sizeLots;
    algo.actualTicks = order.lastFill?.priceTicks ?? woken.orderTicks;
  } catch (error) {
    if (!(error instanceof OkxError)) throw error;
    algo.state = 'order_failed';
    algo.failCode = error.code;
  }
  desk.algoChanged(algo, at);
}

/** The algo order that a completely filled order leaves behind; it never does more than reduce, and ends with the position. */
function attach(floor: Floor, desk: Desk, order: PaperOrder, attached: Attached, at: number): void {
  const { takeProfit, stop } = attached;
  desk.algoChanged(
    {
      algoId: attached.attachAlgoId,
      algoClOrdId: attached.attachAlgoClOrdId,
      tag: order.tag,
      slot: order.slot,
      posSide: order.posSide,
      ordType: takeProfit !== undefined && stop !== undefined ? 'oco' : 'conditional',
      side: order.side === 'buy' ? 'sell' : 'buy',
      reduceOnly: true,
      closesAll: false,
      endsWithPosition: true,
      leverage: order.leverage,
      attached: [],
      createdAt: at,
      sizeLots: attached.sizeLots === 0 ? order.filledLots : Math.min(attached.sizeLots, order.filledLots),
      takeProfit,
      stop,
      entry: undefined,
      trail: undefined,
      ...ASLEEP,
      updatedAt: at,
    },
    floor.at,
  );
}

type Triggers = Pick<PaperAlgo, 'takeProfit' | 'stop' | 'entry' | 'trail'>;
const NO_TRIGGERS: Triggers = { takeProfit: undefined, stop: undefined, entry: undefined, trail: undefined };

function triggersIn(floor: Floor, listing: Listing, fields: Fields, ordType: AlgoType): Triggers {
  switch (ordType) {
    case 'conditional': {
      const takeProfit = triggerIn(listing, fields, 'tp');
      const stop = triggerIn(listing, fields, 'sl');
      if (takeProfit === undefined && stop === undefined) throw parameterEmpty('tpTriggerPx or slTriggerPx');
      // Both given in a one-way order: only the stop is used (okx-v5.md §3.3).
      return { ...NO_TRIGGERS, takeProfit: stop === undefined ? takeProfit : undefined, stop };
    }
    case 'oco': {
      const takeProfit = triggerIn(listing, fields, 'tp');
      const stop = triggerIn(listing, fields, 'sl');
      if (takeProfit === undefined) throw parameterEmpty('tpTriggerPx');
      if (stop === undefined) throw parameterEmpty('slTriggerPx');
      return { ...NO_TRIGGERS, takeProfit, stop };
    }
    case 'trigger': {
      const triggerTicks = priceIn(listing, fields, 'triggerPx');
      if (triggerTicks === 0) throw parameterEmpty('triggerPx');
      if (textOf(fields, 'orderPx') === undefined) throw parameterEmpty('orderPx');
      const by = oneOf(fields, 'triggerPxType', TRIGGER_PRICES) ?? 'last';
      const entry = { triggerTicks, by, orderTicks: orderPriceIn(listing, fields, 'orderPx') };
      return { ...NO_TRIGGERS, entry: { ...entry, isBelow: triggerTicks < pricesOf(floor, listing, entry) } };
    }
    case 'move_order_stop':
      return { ...NO_TRIGGERS, trail: trailIn(listing, fields) };
  }
}

function trailIn(listing: Listing, fields: Fields): Trail {
  const ratio = numberOf(fields, 'callbackRatio');
  const spreadTicks = priceIn(listing, fields, 'callbackSpread');
  if (ratio === undefined && spreadTicks === 0)
    throw new OkxError('50015', 'Either parameter callbackRatio or callbackSpread is required');
  if (ratio !== undefined && spreadTicks > 0)
    throw new OkxError('50024', 'Parameter callbackRatio and callbackSpread can not exist at the same time');
  const ratioPpm = ratio === undefined ? 0 : Math.round(Number(ratio) * 1_000_000);
  if (ratio !== undefined && !(ratioPpm >= 1_000 && ratioPpm <= 1_000_000))
    throw new OkxError('51257', 'The callback rate of a trailing stop must be from 0.001 to 1');
  return { ratioPpm, spreadTicks, activeTicks: priceIn(listing, fields, 'activePx'), extremeTicks: 0 };
}

function pricesOf(floor: Floor, listing: Listing, trigger: Trigger): number {
  const book = floor.bookOf(listing);
  return trigger.by === 'last' ? book.lastTicks : book.markTicks;
}

/** `closeFraction` 1: the whole position, at market, reduce-only, once a position. */
function wantsAll(desk: Desk, slot: Slot, fields: Fields, ordType: AlgoType, reduceOnly: boolean): boolean {
  const fraction = numberOf(fields, 'closeFraction');
  if (fraction === undefined) return false;
  if (Number(fraction) !== 1) throw parameterError('closeFraction');
  if (textOf(fields, 'sz') !== undefined)
    throw new OkxError('50024', 'Parameter sz and closeFraction can not exist at the same time');
  if (ordType !== 'conditional' && ordType !== 'oco')
    throw new OkxError('51330', 'closeFraction is only available for stop market orders');
  if (!reduceOnly) throw new OkxError('51328', 'closeFraction is only available for reduceOnly orders');
  if ([...desk.algos.open.values()].some((each) => each.slot === slot && each.closesAll))
    throw new OkxError('51088', 'You can only place 1 TP/SL order to close an entire position');
  return true;
}

function refuseTooMany(desk: Desk, listing: Listing, ordType: AlgoType): void {
  let count = 0;
  for (const algo of desk.algos.open.values())
    if (algo.slot.listing === listing && algo.ordType === ordType) count += 1;
  if (count >= OPEN_PER_KIND[ordType])
    throw new OkxError(
      '51261',
      `The number of pending ${ordType} orders reaches the limit of ${OPEN_PER_KIND[ordType]}`,
    );
}

const NOT_CANCELED = [
  '51400',
  'Cancellation failed as the order has been filled, triggered, canceled or does not exist.',
] as const;
const NOT_AMENDED = ['51527', 'Order modification unsuccessful. The stop order does not exist.'] as const;

function algoNamed(
  floor: Floor,
  desk: Desk,
  fields: Fields,
  gone: readonly [code: string, message: string],
): PaperAlgo {
  const listing = listingIn(floor, fields);
  const algoId = textOf(fields, 'algoId');
  const algoClOrdId = textOf(fields, 'algoClOrdId') ?? textOf(fields, 'algoClOrderId');
  if (algoId === undefined && algoClOrdId === undefined)
    throw new OkxError('50015', 'Either parameter algoId or algoClOrdId is required');
  const algo = desk.algos.named(algoId, algoClOrdId);
  if (algo === undefined || algo.slot.listing !== listing || algo.state !== 'live') throw new OkxError(...gone);
  return algo;
}

/** Whichever of a trigger's three fields are new; undefined where none is, or where there is no such trigger. */
function amendedTrigger(
  listing: Listing,
  fields: Fields,
  was: Trigger | undefined,
  word: 'Tp' | 'Sl',
): Trigger | undefined {
  const triggerTicks = priceIn(listing, fields, `new${word}TriggerPx`);
  const hasOrder = textOf(fields, `new${word}OrdPx`) !== undefined;
  const by = oneOf(fields, `new${word}TriggerPxType`, TRIGGER_PRICES);
  if (triggerTicks === 0 && !hasOrder && by === undefined) return undefined;
  if (was === undefined) throw parameterError(`new${word}TriggerPx`);
  return {
    triggerTicks: triggerTicks === 0 ? was.triggerTicks : triggerTicks,
    orderTicks: hasOrder ? orderPriceIn(listing, fields, `new${word}OrdPx`) : was.orderTicks,
    by: by ?? was.by,
  };
}

function amendedEntry(
  floor: Floor,
  listing: Listing,
  fields: Fields,
  was: NonNullable<PaperAlgo['entry']>,
): PaperAlgo['entry'] {
  const given = priceIn(listing, fields, 'newTriggerPx');
  const hasOrder = textOf(fields, 'newOrdPx') !== undefined;
  if (given === 0 && !hasOrder) return undefined;
  const triggerTicks = given === 0 ? was.triggerTicks : given;
  const by = oneOf(fields, 'newTriggerPxType', TRIGGER_PRICES) ?? was.by;
  const orderTicks = hasOrder ? orderPriceIn(listing, fields, 'newOrdPx') : was.orderTicks;
  const trigger = { triggerTicks, by, orderTicks };
  return { ...trigger, isBelow: triggerTicks < pricesOf(floor, listing, trigger) };
}
