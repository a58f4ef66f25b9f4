/**
 * GET trade/fills (3 days), trade/fills-history (3 months); paged by `billId`. Source: okx-v5.md §1.8.
 *
 * A fill is known by instrument and `tradeId`. `fee` negative = charged. `subType`: 1 buy, 2 sell, 3–6 open/close
 * long/short, 100–107 liquidation, 125–128 ADL; OKX enlarges it: read as text. Liquidation fills carry a negative
 * `tradeId` (§2).
 */
import { closed, millis, millisOrEmpty, number, numberOrEmpty, object, type Read, text, type Wire } from './field.ts';
import { orderPosSide, side } from './order.ts';

export const fill = object(
  {
    instId: text,
    tradeId: text,
    ordId: text,
    clOrdId: text,
    billId: text,
    fillPx: number,
    fillSz: number,
    side,
    execType: closed('T', 'M', ''),
    fee: numberOrEmpty,
    feeCcy: text,
    ts: millis,
  },
  {
    instType: text,
    posSide: orderPosSide,
    subType: text,
    fillPnl: numberOrEmpty,
    fillTime: millisOrEmpty,
    feeRate: numberOrEmpty,
  },
  {
    tag: text,
    fillIdxPx: numberOrEmpty,
    fillPxVol: numberOrEmpty,
    fillPxUsd: numberOrEmpty,
    fillMarkVol: numberOrEmpty,
    fillFwdPx: numberOrEmpty,
    fillMarkPx: numberOrEmpty,
    tradeQuoteCcy: text,
  },
);
export type Fill = Read<typeof fill>;
export type WireFill = Wire<typeof fill>;
