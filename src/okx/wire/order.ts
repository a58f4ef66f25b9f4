/**
 * The order object: GET trade/order, orders-pending, orders-history(-archive); channel `orders`. Source: okx-v5.md
 * §1.8, §3.1, §4.4.
 *
 * In REST `fillPx/fillSz/tradeId/fillTime` describe the LAST fill, in the channel the current update. There is no state
 * "rejected": a rejection is only in the reply. `px` is `""` for market orders; of an order without a fill `avgPx` is
 * `""`, `"0"` in the channel. OKX may enlarge: `instType`, `ordType`, `state`, `tdMode`, `category`, `stpMode`, trigger
 * price types, `amendResult`; `source` and `cancelSource` are numbers of long lists (§3.1): read as text. `side`,
 * `posSide` and `execType` are closed.
 */
import {
  closed,
  flag,
  list,
  millis,
  millisOrEmpty,
  number,
  numberOrEmpty,
  object,
  open,
  type Read,
  text,
  type Wire,
} from './field.ts';
import { instType } from './instrument.ts';

export const side = closed('buy', 'sell');
export const orderPosSide = closed('net', 'long', 'short', '');
export const tdMode = open('isolated', 'cross');
const ordType = open('limit', 'market', 'post_only', 'fok', 'ioc', 'optimal_limit_ioc');
export const triggerPxType = open('last', 'index', 'mark', '');

/** Take-profit or stop attached to an order; becomes an algo order only when the parent is completely filled. */
export const attachedAlgo = object(
  {
    attachAlgoClOrdId: text,
    tpTriggerPx: numberOrEmpty,
    tpOrdPx: numberOrEmpty,
    slTriggerPx: numberOrEmpty,
    slOrdPx: numberOrEmpty,
  },
  {
    attachAlgoId: text,
    tpTriggerPxType: triggerPxType,
    slTriggerPxType: triggerPxType,
    failCode: text,
    failReason: text,
  },
  {
    tpOrdKind: text,
    sz: numberOrEmpty,
    amendPxOnTriggerType: text,
    tpTriggerRatio: numberOrEmpty,
    slTriggerRatio: numberOrEmpty,
    callbackRatio: numberOrEmpty,
    callbackSpread: numberOrEmpty,
    activePx: numberOrEmpty,
  },
);
export type WireAttachedAlgo = Wire<typeof attachedAlgo>;

const linkedAlgo = object({ algoId: text }, {}, {});

const needed = {
  instType,
  instId: text,
  ordId: text,
  clOrdId: text,
  px: numberOrEmpty,
  sz: number,
  ordType,
  side,
  posSide: orderPosSide,
  tdMode,
  accFillSz: numberOrEmpty,
  avgPx: numberOrEmpty,
  fillPx: numberOrEmpty,
  fillSz: numberOrEmpty,
  fillTime: millisOrEmpty,
  tradeId: text,
  state: open('live', 'partially_filled', 'filled', 'canceled'),
  fee: numberOrEmpty,
  feeCcy: text,
  cTime: millis,
  uTime: millis,
} as const;
const maybe = {
  lever: numberOrEmpty,
  pnl: numberOrEmpty,
  reduceOnly: flag,
  category: open('normal', 'adl', 'full_liquidation', 'partial_liquidation'),
  source: text,
  cancelSource: text,
  cancelSourceReason: text,
  algoId: text,
  algoClOrdId: text,
} as const;
const rest = {
  attachAlgoOrds: list(attachedAlgo),
  tgtCcy: text,
  ccy: text,
  tag: text,
  pxUsd: numberOrEmpty,
  pxVol: numberOrEmpty,
  pxType: text,
  stpId: text,
  stpMode: open('cancel_maker', 'cancel_taker', 'cancel_both', ''),
  attachAlgoClOrdId: text,
  tpTriggerPx: numberOrEmpty,
  tpTriggerPxType: triggerPxType,
  tpOrdPx: numberOrEmpty,
  slTriggerPx: numberOrEmpty,
  slTriggerPxType: triggerPxType,
  slOrdPx: numberOrEmpty,
  linkedAlgoOrd: linkedAlgo,
  rebateCcy: text,
  rebate: numberOrEmpty,
  isTpLimit: flag,
  quickMgnType: text,
  tradeQuoteCcy: text,
} as const;

export const order = object(needed, maybe, rest);
export type Order = Read<typeof order>;
export type WireOrder = Wire<typeof order>;

/**
 * The same object as a push. Of an update without a fill `fillSz` is `"0"` and `fillPx`, `tradeId`, `fillTime` are
 * `""`.
 */
export const orderPush = object(
  needed,
  {
    ...maybe,
    execType: closed('T', 'M', ''),
    fillFee: numberOrEmpty,
    fillFeeCcy: text,
    fillPnl: numberOrEmpty,
    reqId: text,
    amendResult: open('', '0', '-1', '1'),
    amendSource: text,
    code: text,
    msg: text,
  },
  {
    ...rest,
    notionalUsd: numberOrEmpty,
    fillNotionalUsd: numberOrEmpty,
    fillMarkPx: numberOrEmpty,
    fillIdxPx: numberOrEmpty,
    lastPx: numberOrEmpty,
  },
);
export type OrderPush = Read<typeof orderPush>;
export type WireOrderPush = Wire<typeof orderPush>;
