/**
 * GET account/bills (7 days), account/bills-archive (3 months). Source: okx-v5.md §1.7. `type` and `subType` are
 * numbers of a long list that OKX enlarges: read as text. Funding is type 8, subType 173 (paid) or 174 (received).
 */
import { millis, millisOrEmpty, number, numberOrEmpty, object, type Read, text, type Wire } from './field.ts';

export const bill = object(
  {
    billId: text,
    type: text,
    subType: text,
    ts: millis,
    ccy: text,
    balChg: number,
    instId: text,
    pnl: numberOrEmpty,
    fee: numberOrEmpty,
  },
  { bal: numberOrEmpty, ordId: text, tradeId: text, clOrdId: text },
  {
    posBalChg: numberOrEmpty,
    posBal: numberOrEmpty,
    sz: numberOrEmpty,
    px: numberOrEmpty,
    instType: text,
    mgnMode: text,
    execType: text,
    from: text,
    to: text,
    notes: text,
    interest: numberOrEmpty,
    tag: text,
    fillTime: millisOrEmpty,
    fillIdxPx: numberOrEmpty,
    fillMarkPx: numberOrEmpty,
    fillPxVol: numberOrEmpty,
    fillPxUsd: numberOrEmpty,
    fillMarkVol: numberOrEmpty,
    fillFwdPx: numberOrEmpty,
  },
);
export type Bill = Read<typeof bill>;
export type WireBill = Wire<typeof bill>;
