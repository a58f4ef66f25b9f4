/**
 * GET account/positions-history: how closed positions ended. Source: okx-v5.md §1.7.
 * `type`: 1 partly closed, 2 closed, 3 liquidated, 4 partly liquidated, 5 partly auto-deleveraged, 6 wholly; OKX may enlarge it.
 */
import { millis, numberOrEmpty, object, open, text, type Wire } from './field.ts';
import { instType } from './instrument.ts';
import { mgnMode } from './position.ts';

export const positionRecord = object(
  {
    instType,
    instId: text,
    mgnMode,
    type: open('1', '2', '3', '4', '5', '6'),
    posId: text,
    cTime: millis,
    uTime: millis,
    openAvgPx: numberOrEmpty,
    closeAvgPx: numberOrEmpty,
    openMaxPos: numberOrEmpty,
    closeTotalPos: numberOrEmpty,
    realizedPnl: numberOrEmpty,
    pnl: numberOrEmpty,
    fee: numberOrEmpty,
    fundingFee: numberOrEmpty,
    liqPenalty: numberOrEmpty,
  },
  { direction: open('long', 'short', '') },
  {
    posSide: text,
    nonSettleAvgPx: numberOrEmpty,
    settledPnl: numberOrEmpty,
    pnlRatio: numberOrEmpty,
    lever: numberOrEmpty,
    triggerPx: numberOrEmpty,
    uly: text,
    ccy: text,
  },
);
export type WirePositionRecord = Wire<typeof positionRecord>;
