/**
 * Algo orders: GET order-algo, orders-algo-pending, orders-algo-history; channels `orders-algo`, `algo-advance` on
 * /business. Source: okx-v5.md §3.3. Nothing is frozen at placement. Once triggered, `ordId` names the spawned order.
 * OKX may enlarge: `instType`, `ordType`, `state`, `tdMode`, `actualSide`, trigger price types.
 */
import { flag, list, millis, numberOrEmpty, object, open, type Read, text, type Wire } from './field.ts';
import { instType } from './instrument.ts';
import { attachedAlgo, orderPosSide, side, tdMode, triggerPxType } from './order.ts';

const linkedOrder = object({ ordId: text }, {}, {});

const algoOrdType = open('conditional', 'oco', 'trigger', 'move_order_stop');

const needed = {
  instType,
  instId: text,
  algoId: text,
  algoClOrdId: text,
  ordType: algoOrdType,
  side,
  posSide: orderPosSide,
  tdMode,
  sz: numberOrEmpty,
  state: open('live', 'pause', 'partially_effective', 'effective', 'canceled', 'order_failed'),
  tpTriggerPx: numberOrEmpty,
  tpOrdPx: numberOrEmpty,
  slTriggerPx: numberOrEmpty,
  slOrdPx: numberOrEmpty,
  triggerPx: numberOrEmpty,
  ordPx: numberOrEmpty,
  cTime: millis,
} as const;
const maybe = {
  clOrdId: text,
  ordId: text,
  ordIdList: list(text),
  closeFraction: numberOrEmpty,
  reduceOnly: flag,
  tpTriggerPxType: triggerPxType,
  slTriggerPxType: triggerPxType,
  triggerPxType,
  actualSz: numberOrEmpty,
  actualPx: numberOrEmpty,
  actualSide: open('tp', 'sl', ''),
  triggerTime: numberOrEmpty,
  failCode: text,
  uTime: millis,
  callbackRatio: numberOrEmpty,
  callbackSpread: numberOrEmpty,
  activePx: numberOrEmpty,
  moveTriggerPx: numberOrEmpty,
} as const;
const rest = {
  tgtCcy: text,
  lever: numberOrEmpty,
  tag: text,
  last: numberOrEmpty,
  amendPxOnTriggerType: text,
  attachAlgoOrds: list(attachedAlgo),
  linkedOrd: linkedOrder,
  ccy: text,
  quickMgnType: text,
  pxVar: numberOrEmpty,
  pxSpread: numberOrEmpty,
  szLimit: numberOrEmpty,
  pxLimit: numberOrEmpty,
  timeInterval: numberOrEmpty,
  chaseType: text,
  chaseVal: text,
  maxChaseType: text,
  maxChaseVal: text,
  isTradeBorrowMode: text,
} as const;

export const algoOrder = object(needed, maybe, rest);
export type AlgoOrder = Read<typeof algoOrder>;
export type WireAlgoOrder = Wire<typeof algoOrder>;

/** The same object as a push: of an amendment also what became of it, which its answer has only accepted. */
export const algoPush = object(
  needed,
  { ...maybe, reqId: text, amendResult: open('', '0', '-1'), code: text },
  { ...rest, notionalUsd: numberOrEmpty },
);
export type AlgoPush = Read<typeof algoPush>;
