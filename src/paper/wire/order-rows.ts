/** Orders and algo orders as OKX writes them, every documented field present. Source: okx-v5.md §1.8, §3.3, §4.4. */
import type { WireAlgoOrder } from '../../okx/wire/algo-order.ts';
import type { NumberInString } from '../../okx/wire/field.ts';
import type { WireAttachedAlgo, WireOrder, WireOrderPush } from '../../okx/wire/order.ts';
import type { SimFill } from '../../sim/matching/order.ts';
import type { OrderUpdate } from '../desk/desk-watcher.ts';
import type { Floor } from '../floor.ts';
import type { Listing } from '../market/listing.ts';
import { type PaperAlgo, trailTicks } from '../orders/algo-order.ts';
import { type Attached, isLiquidation, type PaperOrder, type Trigger } from '../orders/paper-order.ts';
import { averagePrice, contracts, price, unitsText, usdt, whole, worth } from './numbers.ts';

/** As REST shows it: the fill fields are of the last fill. */
export function orderRow(order: PaperOrder): WireOrder {
  const { listing } = order.slot;
  const { lastFill } = order;
  return {
    ...sharedFields(order),
    fillPx: lastFill === undefined ? '' : price(listing, lastFill.priceTicks),
    fillSz: lastFill === undefined ? '0' : contracts(listing, lastFill.sizeLots),
    fillTime: lastFill === undefined ? '' : whole(lastFill.at),
    tradeId: lastFill === undefined ? '' : lastFill.tradeId,
    avgPx: order.filledLots === 0 ? '' : averagePrice(listing, order.filledLotTicks, order.filledLots),
  };
}

/** As the channel shows it: the fill fields are of this update, and an order without a fill has `avgPx` "0". */
export function orderPushRow(order: PaperOrder, update: OrderUpdate, floor: Floor): WireOrderPush {
  const { listing } = order.slot;
  const { fill } = update;
  const book = floor.bookOf(listing);
  const markPx = price(listing, book.markTicks);
  return {
    ...sharedFields(order),
    avgPx: order.filledLots === 0 ? '0' : averagePrice(listing, order.filledLotTicks, order.filledLots),
    fillPx: fill === undefined ? '' : price(listing, fill.priceTicks),
    fillSz: fill === undefined ? '0' : contracts(listing, fill.sizeLots),
    fillTime: fill === undefined ? '' : whole(fill.at),
    tradeId: update.tradeId ?? '',
    execType: fill === undefined ? '' : execType(fill),
    // What a liquidation takes beyond the loss is no fee of the order: its bill tells it.
    fillFee: fill === undefined || isLiquidation(order.category) ? '0' : usdt(-fill.feeUnits),
    fillFeeCcy: fill === undefined ? '' : 'USDT',
    fillPnl: fill === undefined ? '0' : usdt(fill.pnlUnits),
    fillNotionalUsd: fill === undefined ? '' : worth(listing, fill.sizeLots * fill.priceTicks),
    fillMarkPx: fill === undefined ? '' : markPx,
    fillIdxPx: fill === undefined ? '' : markPx,
    notionalUsd: worth(listing, order.sizeLots * (order.priceTicks === 0 ? book.lastTicks : order.priceTicks)),
    lastPx: price(listing, book.lastTicks),
    reqId: update.reqId ?? '',
    amendResult: update.amendResult ?? '',
    amendSource: update.amendSource ?? '',
    code: update.code ?? '0',
    msg: update.msg ?? '',
  };
}

export function execType({ liquidity }: SimFill): 'M' | 'T' {
  return liquidity === 'maker' ? 'M' : 'T';
}

function sharedFields(order: PaperOrder) {
  const { listing } = order.slot;
  return {
    instType: 'SWAP',
    instId: listing.instId,
    tgtCcy: '',
    ccy: '',
    ordId: order.ordId,
    clOrdId: order.clOrdId,
    tag: order.tag,
    px: order.priceTicks === 0 ? '' : price(listing, order.priceTicks),
    pxUsd: '',
    pxVol: '',
    pxType: '',
    sz: contracts(listing, order.sizeLots),
    pnl: usdt(order.pnlUnits),
    ordType: order.ordType,
    side: order.side,
    posSide: order.posSide,
    tdMode: order.slot.marginMode,
    accFillSz: contracts(listing, order.filledLots),
    state: order.state,
    stpId: '',
    stpMode: order.stpMode,
    lever: whole(order.leverage),
    attachAlgoClOrdId: order.attached[0]?.attachAlgoClOrdId ?? '',
    ...attachedPrices(listing, order.attached[0]),
    attachAlgoOrds: order.attached.map((each) => attachedRow(listing, each)),
    linkedAlgoOrd: { algoId: '' },
    feeCcy: 'USDT',
    fee: usdt(-order.feeUnits),
    rebateCcy: 'USDT',
    rebate: '0',
    source: order.source,
    category: order.category,
    reduceOnly: order.reduceOnly ? 'true' : 'false',
    isTpLimit: 'false',
    cancelSource: order.cancelSource,
    cancelSourceReason: '',
    quickMgnType: '',
    algoClOrdId: order.algoClOrdId,
    algoId: order.algoId,
    tradeQuoteCcy: 'USDT',
    cTime: String(order.createdAt),
    uTime: String(order.updatedAt),
  } as const;
}

export function algoRow(algo: PaperAlgo, floor: Floor): WireAlgoOrder {
  const { listing } = algo.slot;
  const trail = algo.trail;
  const moves = trail === undefined ? 0 : trailTicks(trail, algo.side === 'sell');
  return {
    instType: 'SWAP',
    instId: listing.instId,
    algoId: algo.algoId,
    algoClOrdId: algo.algoClOrdId,
    clOrdId: algo.algoClOrdId,
    ordType: algo.ordType,
    side: algo.side,
    posSide: algo.posSide,
    tdMode: algo.slot.marginMode,
    sz: algo.closesAll ? '' : contracts(listing, algo.sizeLots),
    closeFraction: algo.closesAll ? '1' : '',
    state: algo.state,
    ...attachedPrices(listing, algo),
    triggerPx: orNothing(listing, algo.entry?.triggerTicks),
    triggerPxType: algo.entry?.by ?? '',
    ordPx: algo.entry === undefined ? '' : orMarket(listing, algo.entry.orderTicks),
    ordId: algo.ordId,
    ordIdList: algo.ordId === '' ? [] : [algo.ordId],
    actualSz: algo.actualLots === 0 ? '' : contracts(listing, algo.actualLots),
    actualPx: orNothing(listing, algo.actualTicks),
    actualSide: algo.actualSide,
    triggerTime: algo.triggeredAt === 0 ? '' : whole(algo.triggeredAt),
    failCode: algo.failCode,
    reduceOnly: algo.reduceOnly ? 'true' : 'false',
    callbackRatio: trail === undefined || trail.ratioPpm === 0 ? '' : unitsText(BigInt(trail.ratioPpm), 6),
    callbackSpread: orNothing(listing, trail?.spreadTicks),
    activePx: orNothing(listing, trail?.activeTicks),
    moveTriggerPx: moves > 0 ? price(listing, moves) : '',
    tgtCcy: '',
    lever: whole(algo.leverage),
    tag: algo.tag,
    last: price(listing, floor.bookOf(listing).lastTicks),
    amendPxOnTriggerType: '0',
    attachAlgoOrds: algo.attached.map((each) => attachedRow(listing, each)),
    linkedOrd: { ordId: '' },
    ccy: '',
    quickMgnType: '',
    pxVar: '',
    pxSpread: '',
    szLimit: '',
    pxLimit: '',
    timeInterval: '',
    chaseType: '',
    chaseVal: '',
    maxChaseType: '',
    maxChaseVal: '',
    isTradeBorrowMode: '',
    cTime: String(algo.createdAt),
    uTime: String(algo.updatedAt),
  };
}

interface TakeProfitAndStop {
  readonly takeProfit: Trigger | undefined;
  readonly stop: Trigger | undefined;
}

function attachedPrices(listing: Listing, attached: TakeProfitAndStop | undefined) {
  const takeProfit = attached?.takeProfit;
  const stop = attached?.stop;
  return {
    tpTriggerPx: orNothing(listing, takeProfit?.triggerTicks),
    tpTriggerPxType: takeProfit?.by ?? '',
    tpOrdPx: takeProfit === undefined ? '' : orMarket(listing, takeProfit.orderTicks),
    slTriggerPx: orNothing(listing, stop?.triggerTicks),
    slTriggerPxType: stop?.by ?? '',
    slOrdPx: stop === undefined ? '' : orMarket(listing, stop.orderTicks),
  } as const;
}

function attachedRow(listing: Listing, attached: Attached): WireAttachedAlgo {
  return {
    attachAlgoId: attached.attachAlgoId,
    attachAlgoClOrdId: attached.attachAlgoClOrdId,
    ...attachedPrices(listing, attached),
    tpOrdKind: 'condition',
    sz: attached.sizeLots === 0 ? '' : contracts(listing, attached.sizeLots),
    amendPxOnTriggerType: '0',
    tpTriggerRatio: '',
    slTriggerRatio: '',
    callbackRatio: '',
    callbackSpread: '',
    activePx: '',
    failCode: '',
    failReason: '',
  };
}

function orNothing(listing: Listing, ticks: number | undefined): NumberInString | '' {
  return ticks === undefined || ticks === 0 ? '' : price(listing, ticks);
}

function orMarket(listing: Listing, ticks: number): NumberInString {
  return ticks === 0 ? '-1' : price(listing, ticks);
}
