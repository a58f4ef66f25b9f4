/**
 * GET public/instruments, account/instruments; channel `instruments`. Source: okx-v5.md §1.6.
 *
 * The largest leverage is `lever`; a field `maxLever` does not exist here (§5.6). Codes in `instIdCode` differ between
 * demo and live (§0). OKX may enlarge: `instType`, `ctType`, `state`. Only `state: live` is traded.
 */
import {
  anyList,
  boolean,
  integerOrNull,
  number,
  numberOrEmpty,
  object,
  open,
  type Read,
  text,
  type Wire,
} from './field.ts';

/** Everything else is another product: read as unrecognised and left alone. */
export const instType = open('SWAP');

export const instrument = object(
  {
    instType,
    instId: text,
    ctVal: numberOrEmpty,
    ctMult: numberOrEmpty,
    ctValCcy: text,
    ctType: open('linear', 'inverse', ''),
    settleCcy: text,
    tickSz: numberOrEmpty,
    lotSz: numberOrEmpty,
    minSz: numberOrEmpty,
    lever: numberOrEmpty,
    state: open('live', 'suspend', 'preopen', 'rebase', 'post_only', 'expired', 'test'),
    maxLmtSz: numberOrEmpty,
    maxMktSz: numberOrEmpty,
  },
  {
    instIdCode: integerOrNull,
    instFamily: text,
    uly: text,
    groupId: text,
    ruleType: text,
    maxLmtAmt: numberOrEmpty,
    maxMktAmt: numberOrEmpty,
    maxTriggerSz: numberOrEmpty,
    maxStopSz: numberOrEmpty,
    initPxLmtPct: numberOrEmpty,
    floatPxLmtPct: numberOrEmpty,
    maxPxLmtPct: numberOrEmpty,
  },
  {
    listTime: numberOrEmpty,
    expTime: numberOrEmpty,
    contTdSwTime: numberOrEmpty,
    preMktSwTime: numberOrEmpty,
    openType: text,
    auctionEndTime: numberOrEmpty,
    maxTwapSz: numberOrEmpty,
    maxIcebergSz: numberOrEmpty,
    posLmtAmt: numberOrEmpty,
    posLmtPct: numberOrEmpty,
    maxPlatOILmt: numberOrEmpty,
    instCategory: text,
    upcChg: anyList,
    futureSettlement: boolean,
    tradeQuoteCcyList: anyList,
    baseCcy: text,
    quoteCcy: text,
    optType: text,
    stk: numberOrEmpty,
    alias: text,
    category: text,
  },
);
export type Instrument = Read<typeof instrument>;
export type WireInstrument = Wire<typeof instrument>;

/** GET public/time. */
export const serverTime = object({ ts: number }, {}, {});
export type WireServerTime = Wire<typeof serverTime>;
