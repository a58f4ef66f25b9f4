/**
 * Fills and bills as OKX writes them (okx-v5.md §1.7–1.8): fees and what is paid negative, `balChg` of the cash, `posBalChg` of the position's
 * margin. Σ balChg of an account's bills is its cash.
 */
import { negateDecimal } from '../../core/numbers/decimal.ts';
import type { WireBill } from '../../okx/wire/bill.ts';
import type { WireFill } from '../../okx/wire/fill.ts';
import type { SimFill } from '../../sim/matching/order.ts';
import type { Desk } from '../desk/desk.ts';
import type { Slot } from '../market/listing.ts';
import type { PaperOrder } from '../orders/paper-order.ts';
import { contracts, decimalText, price, usdt, whole } from './numbers.ts';
import { execType } from './order-rows.ts';

interface BookedFill {
  readonly desk: Desk;
  readonly order: PaperOrder;
  readonly fill: SimFill;
  readonly tradeId: string;
  readonly billId: string;
  readonly markTicks: number;
  readonly feeUnits: number;
}

/** What every bill says of itself. */
export interface BillHead {
  readonly billId: string;
  /** Absent: it is about no position. */
  readonly slot?: Slot;
  readonly at: number;
}

/** What has gone into cash and into a position's margin, and what is there then. */
export interface Flows {
  readonly cash: number;
  readonly cashAfter: number;
  readonly margin: number;
  readonly marginAfter: number;
}

export function fillRow({ desk, order, fill, tradeId, billId, markTicks, feeUnits }: BookedFill): WireFill {
  const { listing } = order.slot;
  const rate = fill.liquidity === 'maker' ? desk.options.makerRate : desk.options.takerRate;
  return {
    instType: 'SWAP',
    instId: listing.instId,
    tradeId,
    ordId: order.ordId,
    clOrdId: order.clOrdId,
    billId,
    subType: subType(order),
    tag: order.tag,
    fillPx: price(listing, fill.priceTicks),
    fillSz: contracts(listing, fill.sizeLots),
    fillIdxPx: price(listing, markTicks),
    fillPnl: usdt(fill.pnlUnits),
    fillPxVol: '',
    fillPxUsd: '',
    fillMarkVol: '',
    fillFwdPx: '',
    fillMarkPx: price(listing, markTicks),
    side: order.side,
    posSide: order.posSide,
    execType: execType(fill),
    feeCcy: 'USDT',
    fee: usdt(-feeUnits),
    feeRate: decimalText(negateDecimal(rate)),
    ts: String(fill.at),
    fillTime: whole(fill.at),
    tradeQuoteCcy: 'USDT',
  };
}

export function billRow(booked: BookedFill, flows: Flows): WireBill {
  const { order, fill, tradeId, billId, markTicks, feeUnits } = booked;
  const { listing } = order.slot;
  const type = order.category === 'normal' ? '2' : order.category === 'adl' ? '9' : '5';
  return {
    ...emptyBill({ slot: order.slot, billId, at: fill.at }),
    type,
    subType: subType(order),
    ...flowFields(flows),
    sz: contracts(listing, fill.sizeLots),
    px: price(listing, fill.priceTicks),
    pnl: usdt(fill.pnlUnits),
    fee: usdt(-feeUnits),
    ordId: order.ordId,
    clOrdId: order.clOrdId,
    execType: execType(fill),
    tag: order.tag,
    fillTime: whole(fill.at),
    tradeId,
    fillIdxPx: price(listing, markTicks),
    fillMarkPx: price(listing, markTicks),
  };
}

/** What a liquidation took beyond the loss (type 5, subType 109), or what it left unpaid and others paid for the account (110, transferred in). */
export function feeBillRow(booked: BookedFill, billId: string, penaltyUnits: number, cashAfter: number): WireBill {
  const { order, fill } = booked;
  return {
    ...emptyBill({ slot: order.slot, billId, at: fill.at }),
    type: '5',
    subType: penaltyUnits > 0 ? '109' : '110',
    balChg: usdt(-penaltyUnits),
    bal: usdt(cashAfter),
    pnl: '0',
    fee: usdt(penaltyUnits > 0 ? -penaltyUnits : 0),
    ordId: order.ordId,
  };
}

/** Type 8: subType 173 paid, 174 received. */
export function fundingBillRow(
  head: BillHead & { readonly slot: Slot },
  lots: number,
  units: number,
  flows: Flows,
): WireBill {
  return {
    ...emptyBill(head),
    type: '8',
    subType: units < 0 ? '173' : '174',
    ...flowFields(flows),
    sz: contracts(head.slot.listing, lots),
    pnl: usdt(units),
  };
}

/** Type 6: margin that went into a position (subType 160) or came out of it (161), by hand or with its leverage. */
export function marginBillRow(head: BillHead, flows: Flows): WireBill {
  return {
    ...emptyBill(head),
    type: '6',
    subType: flows.margin > 0 ? '160' : '161',
    ...flowFields(flows),
  };
}

/** Type 1, subType 11: the account's first money comes in. */
export function openingBillRow(head: BillHead, cashUnits: number): WireBill {
  return {
    ...emptyBill(head),
    type: '1',
    subType: '11',
    balChg: usdt(cashUnits),
    bal: usdt(cashUnits),
    from: '6',
    to: '18',
  };
}

function flowFields({ cash, cashAfter, margin, marginAfter }: Flows) {
  return { balChg: usdt(cash), bal: usdt(cashAfter), posBalChg: usdt(margin), posBal: usdt(marginAfter) };
}

function emptyBill({ slot, billId, at }: BillHead): WireBill {
  return {
    billId,
    type: '2',
    subType: '',
    ts: String(at),
    ccy: 'USDT',
    balChg: '0',
    bal: '0',
    posBalChg: '0',
    posBal: '0',
    sz: '0',
    px: '',
    pnl: '0',
    fee: '0',
    instType: slot === undefined ? '' : 'SWAP',
    instId: slot === undefined ? '' : slot.listing.instId,
    mgnMode: slot === undefined ? '' : slot.marginMode,
    ordId: '',
    clOrdId: '',
    tradeId: '',
    execType: '',
    from: '',
    to: '',
    notes: '',
    interest: '0',
    tag: '',
    fillTime: '',
    fillIdxPx: '',
    fillMarkPx: '',
    fillPxVol: '',
    fillPxUsd: '',
    fillMarkVol: '',
    fillFwdPx: '',
  };
}

/** 1 buy, 2 sell; 3–6 open and close long and short; 102–107 liquidations; 125–128 ADL (okx-v5.md §1.8). */
function subType({ category, posSide, side }: PaperOrder): string {
  const isBuy = side === 'buy';
  if (category === 'adl') return posSide === 'net' ? (isBuy ? '127' : '128') : isBuy ? '126' : '125';
  if (category === 'partial_liquidation') return posSide === 'net' ? (isBuy ? '102' : '103') : isBuy ? '101' : '100';
  if (category === 'full_liquidation') return posSide === 'net' ? (isBuy ? '106' : '107') : isBuy ? '105' : '104';
  if (posSide === 'net') return isBuy ? '1' : '2';
  if (posSide === 'long') return isBuy ? '3' : '5';
  return isBuy ? '6' : '4';
}
