/**
 * GET account/positions; channel `positions`. Source: okx-v5.md §1.7, §4.4.
 *
 * `pos` is in contracts: signed in net mode, positive in long/short mode where `posSide` tells the side. Asked by
 * instrument, OKX also returns flat positions (`pos "0"`) younger than 30 days. `margin` is isolated only, `imr` cross
 * only. OKX may enlarge: `instType`. `posSide` and `mgnMode` are closed: a third value would change what a position
 * means.
 */
import {
  closed,
  list,
  millis,
  millisOrEmpty,
  number,
  numberOrEmpty,
  object,
  type Read,
  text,
  type Wire,
} from './field.ts';
import { instType } from './instrument.ts';

export const mgnMode = closed('cross', 'isolated');
const posSide = closed('net', 'long', 'short');

const closeOrderAlgo = object(
  { algoId: text },
  {},
  {
    slTriggerPx: numberOrEmpty,
    slTriggerPxType: text,
    tpTriggerPx: numberOrEmpty,
    tpTriggerPxType: text,
    closeFraction: numberOrEmpty,
  },
);

const needed = {
  instType,
  instId: text,
  mgnMode,
  posId: text,
  posSide,
  pos: number,
  avgPx: numberOrEmpty,
  lever: numberOrEmpty,
  liqPx: numberOrEmpty,
  margin: numberOrEmpty,
  uTime: millis,
} as const;
const maybe = {
  markPx: numberOrEmpty,
  upl: numberOrEmpty,
  mmr: numberOrEmpty,
  mgnRatio: numberOrEmpty,
  adl: text,
  ccy: text,
  tradeId: text,
  realizedPnl: numberOrEmpty,
  pnl: numberOrEmpty,
  fee: numberOrEmpty,
  fundingFee: numberOrEmpty,
  liqPenalty: numberOrEmpty,
  cTime: millisOrEmpty,
  closeOrderAlgo: list(closeOrderAlgo),
} as const;
const rest = {
  last: numberOrEmpty,
  idxPx: numberOrEmpty,
  uplRatio: numberOrEmpty,
  uplLastPx: numberOrEmpty,
  uplRatioLastPx: numberOrEmpty,
  imr: numberOrEmpty,
  notionalUsd: numberOrEmpty,
  posCcy: text,
  availPos: numberOrEmpty,
  bePx: numberOrEmpty,
  settledPnl: numberOrEmpty,
  nonSettleAvgPx: numberOrEmpty,
  interest: numberOrEmpty,
  liab: numberOrEmpty,
  liabCcy: text,
  optVal: numberOrEmpty,
  pendingCloseOrdLiabVal: numberOrEmpty,
  usdPx: numberOrEmpty,
  spotInUseAmt: numberOrEmpty,
  spotInUseCcy: text,
  clSpotInUseAmt: numberOrEmpty,
  maxSpotInUseAmt: numberOrEmpty,
  bizRefId: text,
  bizRefType: text,
  hedgedPos: numberOrEmpty,
  baseBal: numberOrEmpty,
  quoteBal: numberOrEmpty,
  baseBorrowed: numberOrEmpty,
  baseInterest: numberOrEmpty,
  quoteBorrowed: numberOrEmpty,
  quoteInterest: numberOrEmpty,
  deltaBS: numberOrEmpty,
  deltaPA: numberOrEmpty,
  gammaBS: numberOrEmpty,
  gammaPA: numberOrEmpty,
  thetaBS: numberOrEmpty,
  thetaPA: numberOrEmpty,
  vegaBS: numberOrEmpty,
  vegaPA: numberOrEmpty,
} as const;

export const position = object(needed, maybe, rest);
export type Position = Read<typeof position>;
export type WirePosition = Wire<typeof position>;

/** The same object as a push, with the moment of the push. */
export const positionPush = object(needed, { ...maybe, pTime: millis }, rest);
export type WirePositionPush = Wire<typeof positionPush>;
