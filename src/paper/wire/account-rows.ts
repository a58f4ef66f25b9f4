/**
 * Positions and balance to the last digit that OKX shows. Source: okx-v5.md §1.7, §2, checked there against recordings.
 *
 * Identities of the balance with isolated positions: eq = cashBal + isoEq; frozenBal = isoEq + ordFrozen; availBal = cashBal − ordFrozen. Crossed
 * positions keep their margin in cashBal: it is `imr`, and their unrealised result is in eq.
 */

import { coinsText, tierOf, valueMoney } from '../../core/instrument/instrument.ts';
import { type Fraction, fractions, roundedUnits } from '../../core/numbers/arithmetic.ts';
import { formatUnits } from '../../core/numbers/decimal.ts';
import {
  breakEvenPrice,
  liquidationPrice,
  shownLiquidationPrice,
  shownMarginRatio,
  shownUnrealisedRatio,
} from '../../core/position/margin.ts';
import { unrealisedUnits } from '../../core/position/position.ts';
import type { WireBalance, WireBalanceDetail } from '../../okx/wire/balance.ts';
import type { NumberInString } from '../../okx/wire/field.ts';
import type { WirePosition, WirePositionPush } from '../../okx/wire/position.ts';
import type { WirePositionRecord } from '../../okx/wire/positions-history.ts';
import type { SimAccount, SimPosition } from '../../sim/account/account.ts';
import { NO_WEIGHTS } from '../../sim/account/cross.ts';
import type { ClosedPosition } from '../desk/closed-position.ts';
import type { Desk } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import { type Listing, posSideOf, type Slot } from '../market/listing.ts';
import { averagePrice, contracts, price, shownNumber, unitsText, usdt, whole } from './numbers.ts';

/** One position, flat ones included once they had a life. */
export function positionRow(floor: Floor, desk: Desk, slot: Slot): WirePosition {
  const { listing } = slot;
  const position = desk.position(slot);
  const book = floor.bookOf(listing);
  const isFlat = position.lots === 0;
  const closing = desk.algos.openOf(slot).filter((algo) => algo.closesAll);
  return {
    instType: 'SWAP',
    instId: listing.instId,
    mgnMode: slot.marginMode,
    posId: desk.posId(slot) ?? '',
    posSide: posSideOf(slot, desk.positionMode),
    pos: contracts(listing, desk.positionMode === 'net_mode' ? position.side * position.lots : position.lots),
    lever: whole(position.leverage),
    markPx: price(listing, book.markTicks),
    last: price(listing, book.lastTicks),
    idxPx: price(listing, book.markTicks),
    ...(isFlat ? FLAT : openFields(floor, desk, slot, position)),
    ccy: 'USDT',
    tradeId: desk.tradeIdOf(slot),
    adl: isFlat ? '' : '1',
    realizedPnl: usdt(position.pnlUnits - position.feeUnits + position.fundingUnits - position.penaltyUnits),
    pnl: usdt(position.pnlUnits),
    fee: usdt(-position.feeUnits),
    fundingFee: usdt(position.fundingUnits),
    liqPenalty: usdt(-position.penaltyUnits),
    cTime: whole(position.openedAt),
    uTime: String(position.updatedAt),
    closeOrderAlgo: closing.map((algo) => ({
      algoId: algo.algoId,
      slTriggerPx: algo.stop === undefined ? '' : price(listing, algo.stop.triggerTicks),
      slTriggerPxType: algo.stop?.by ?? '',
      tpTriggerPx: algo.takeProfit === undefined ? '' : price(listing, algo.takeProfit.triggerTicks),
      tpTriggerPxType: algo.takeProfit?.by ?? '',
      closeFraction: '1',
    })),
    ...UNUSED,
  };
}

/** As the channel shows it. */
export function positionPushRow(floor: Floor, desk: Desk, slot: Slot): WirePositionPush {
  return { ...positionRow(floor, desk, slot), pTime: String(floor.at) };
}

const FLAT = {
  avgPx: '',
  liqPx: '',
  margin: '',
  imr: '',
  mmr: '',
  mgnRatio: '',
  upl: '',
  uplRatio: '',
  uplLastPx: '',
  uplRatioLastPx: '',
  notionalUsd: '',
  availPos: '',
  bePx: '',
  usdPx: '',
} as const;

const UNUSED = {
  posCcy: '',
  settledPnl: '',
  nonSettleAvgPx: '',
  interest: '',
  liab: '',
  liabCcy: '',
  optVal: '',
  pendingCloseOrdLiabVal: '0',
  spotInUseAmt: '',
  spotInUseCcy: '',
  clSpotInUseAmt: '',
  maxSpotInUseAmt: '',
  bizRefId: '',
  bizRefType: '',
  hedgedPos: '',
  baseBal: '',
  quoteBal: '',
  baseBorrowed: '',
  baseInterest: '',
  quoteBorrowed: '',
  quoteInterest: '',
  deltaBS: '',
  deltaPA: '',
  gammaBS: '',
  gammaPA: '',
  thetaBS: '',
  thetaPA: '',
  vegaBS: '',
  vegaPA: '',
} as const;

function openFields(floor: Floor, desk: Desk, slot: Slot, position: SimPosition) {
  const { listing } = slot;
  const { instrument } = listing;
  const book = floor.bookOf(listing);
  const { side, lots, leverage, marginUnits } = position;
  const isIsolated = slot.marginMode === 'isolated';
  const tick = instrument.tickSize.approx;
  const average = Number(averageText(listing, position));
  const mark = Number(price(listing, book.markTicks));
  const last = book.lastTicks * tick;
  const markValue = valueMoney(instrument, lots, book.markTicks);
  const maintenance = tierOf(instrument, lots).maintenanceRate;
  const closingFee = desk.account.taker.rate;
  const behindUnits = isIsolated ? marginUnits : crossBehindUnits(desk, position);
  const exact = {
    side,
    quantity: fractions.whole(lots * instrument.moneyPerTickLot),
    cost: fractions.whole(position.costUnits),
    margin: fractions.whole(behindUnits),
  };
  const liquidation = liquidationPrice(fractions, exact, {
    maintenance: fractions.of(maintenance),
    closingFee: fractions.of(closingFee),
  });
  const shown = inUsdt(shownLiquidationPrice(fractions, liquidation, side, fractions.one), listing);
  const breakEven = breakEvenPrice(
    fractions,
    side,
    fractions.over(exact.cost, exact.quantity),
    fractions.of(closingFee),
  );
  const rates = { maintenance: maintenance.approx, closingFee: closingFee.approx };
  return {
    avgPx: averageText(listing, position),
    liqPx: shown > 0 ? shownNumber(shown) : ('' as const),
    margin: isIsolated ? usdt(marginUnits) : ('' as const),
    imr: isIsolated ? ('' as const) : exactText(markValue, BigInt(leverage)),
    mmr: exactText(markValue * maintenance.units, 10n ** BigInt(maintenance.scale)),
    mgnRatio: isIsolated
      ? shownNumber(
          shownMarginRatio({ side, quantity: coinsOf(listing, lots), margin: marginUnits / 1e8 }, average, mark, rates),
        )
      : crossMarginRatio(desk.account),
    upl: usdt(unrealisedUnits(position, instrument, book.markTicks)),
    uplRatio: shownNumber(shownUnrealisedRatio(side, average, mark, leverage)),
    uplLastPx: usdt(unrealisedUnits(position, instrument, book.lastTicks)),
    uplRatioLastPx: shownNumber(shownUnrealisedRatio(side, average, last, leverage)),
    notionalUsd: usdt(markValue),
    availPos:
      desk.positionMode === 'net_mode'
        ? ('' as const)
        : contracts(listing, Math.max(0, lots - closingLots(desk, slot))),
    bePx: shownNumber(inUsdt(breakEven, listing)),
    usdPx: '1' as const,
  };
}

/** What a crossed position can lose before all are taken: the cross equity without its own result and without what the others need. */
function crossBehindUnits({ account }: Desk, position: SimPosition): number {
  const own = account.cross?.weight(position, account.taker) ?? NO_WEIGHTS;
  return account.crossEquityUnits - own.unrealisedUnits - (account.crossWeights.neededUnits - own.neededUnits);
}

/** One for all crossed positions of a currency, as they are taken together. */
function crossMarginRatio({ crossEquityUnits, crossWeights }: SimAccount): NumberInString {
  return shownNumber(crossEquityUnits / crossWeights.neededUnits);
}

/** Lots that open orders are about to close: what is left of the position can still be closed. */
function closingLots(desk: Desk, slot: Slot): number {
  let lots = 0;
  for (const order of desk.account.ordersAt(slot.index))
    if (order.reduceOnly) lots += order.sizeLots - order.filledLots;
  return lots;
}

function coinsOf(listing: Listing, lots: number): number {
  return Number(coinsText(listing.instrument, lots));
}

/** Average entry: cost over quantity, exact where it lies on the grid. */
function averageText(listing: Listing, position: SimPosition): NumberInString {
  return averagePrice(listing, position.costUnits, position.lots * listing.instrument.moneyPerTickLot);
}

/** A price in ticks as USDT. */
function inUsdt(ticks: Fraction, listing: Listing): number {
  const inCoins = fractions.times(ticks, fractions.of(listing.instrument.tickSize));
  return Number(formatUnits(roundedUnits(inCoins, 30, 'floor'), 30));
}

/** value / under of whole 10⁻⁸ USDT with up to 16 places. */
function exactText(value: bigint, under: bigint): NumberInString {
  return unitsText((value * 10n ** 8n) / under, 16);
}

export function balanceRow(floor: Floor, desk: Desk): WireBalance {
  const figures = figuresOf(floor, desk);
  const isEmpty = figures.equityUnits === 0;
  return {
    uTime: String(floor.at),
    totalEq: usdt(figures.equityUnits),
    isoEq: usdt(figures.isolatedUnits),
    adjEq: '',
    availEq: '',
    ordFroz: '',
    imr: '',
    mmr: '',
    borrowFroz: '',
    mgnRatio: '',
    notionalUsd: '',
    notionalUsdForBorrow: '',
    notionalUsdForSwap: '',
    notionalUsdForFutures: '',
    notionalUsdForOption: '',
    upl: '',
    details: isEmpty ? [] : [detailRow(floor, figures)],
  };
}

interface Figures {
  readonly equityUnits: number;
  readonly cashUnits: number;
  readonly isolatedUnits: number;
  readonly isolatedUplUnits: number;
  readonly uplUnits: number;
  readonly frozenUnits: number;
  readonly availableUnits: number;
  readonly crossEquityUnits: number;
  readonly crossInitialUnits: number;
  readonly crossMaintenanceUnits: number;
  readonly crossNeededUnits: number;
}

function figuresOf(floor: Floor, desk: Desk): Figures {
  const { account } = desk;
  let isolatedUnits = 0;
  let isolatedUplUnits = 0;
  for (const slot of floor.slots) {
    const position = desk.position(slot);
    if (position.lots === 0 || slot.marginMode === 'cross') continue;
    const upl = unrealisedUnits(position, slot.instrument, floor.bookOf(slot.listing).markTicks);
    isolatedUnits += position.marginUnits + upl;
    isolatedUplUnits += upl;
  }
  const cross = account.crossWeights;
  const cashUnits = account.cashUnits;
  return {
    equityUnits: cashUnits + isolatedUnits + cross.unrealisedUnits,
    cashUnits,
    isolatedUnits,
    isolatedUplUnits,
    uplUnits: isolatedUplUnits + cross.unrealisedUnits,
    frozenUnits: account.frozenUnits,
    availableUnits: account.availableUnits,
    crossEquityUnits: cashUnits + cross.unrealisedUnits,
    crossInitialUnits: cross.initialUnits,
    crossMaintenanceUnits: cross.maintenanceUnits,
    crossNeededUnits: cross.neededUnits,
  };
}

function detailRow(floor: Floor, figures: Figures): WireBalanceDetail {
  const equity = usdt(figures.equityUnits);
  const free = usdt(figures.availableUnits);
  const needed = figures.crossNeededUnits;
  return {
    ccy: 'USDT',
    eq: equity,
    cashBal: usdt(figures.cashUnits),
    uTime: String(floor.at),
    isoEq: usdt(figures.isolatedUnits),
    availEq: free,
    disEq: equity,
    fixedBal: '0',
    availBal: free,
    frozenBal: usdt(figures.equityUnits - figures.availableUnits),
    ordFrozen: usdt(figures.frozenUnits),
    liab: '',
    upl: usdt(figures.uplUnits),
    uplLiab: '',
    crossLiab: '',
    isoLiab: '',
    rewardBal: '0',
    mgnRatio: needed === 0 ? '' : shownNumber(figures.crossEquityUnits / needed),
    imr: usdt(figures.crossInitialUnits),
    mmr: usdt(figures.crossMaintenanceUnits),
    interest: '',
    twap: '0',
    maxLoan: '',
    eqUsd: equity,
    borrowFroz: '',
    notionalLever: '0',
    stgyEq: '0',
    isoUpl: usdt(figures.isolatedUplUnits),
    spotInUseAmt: '',
    clSpotInUseAmt: '',
    maxSpotInUseAmt: '',
    spotIsoBal: '0',
    smtSyncEq: '0',
    spotCopyTradingEq: '0',
    spotBal: '',
    openAvgPx: '',
    accAvgPx: '',
    spotUpl: '',
    spotUplRatio: '',
    totalPnl: '',
    totalPnlRatio: '',
    colRes: '0',
    colBorrAutoConversion: '0',
    collateralRestrict: false,
    collateralEnabled: false,
    frpType: '0',
    autoLendStatus: 'off',
    autoLendMtAmt: '0',
  };
}

export function closedPositionRow(closed: ClosedPosition): WirePositionRecord {
  const { slot } = closed;
  const { listing } = slot;
  const openAverage = averagePrice(listing, closed.openedLotTicks, closed.openedLots);
  const net = closed.pnlUnits - closed.feeUnits + closed.fundingUnits - closed.penaltyUnits;
  const largest = Number(openAverage) * coinsOf(listing, closed.lotsMax);
  return {
    instType: 'SWAP',
    instId: listing.instId,
    mgnMode: slot.marginMode,
    type: closed.type,
    posId: closed.posId,
    posSide: closed.posSide,
    direction: closed.isLong ? 'long' : 'short',
    cTime: String(closed.openedAt),
    uTime: String(closed.closedAt),
    openAvgPx: openAverage,
    closeAvgPx: averagePrice(listing, closed.closedLotTicks, closed.closedLots),
    nonSettleAvgPx: '',
    openMaxPos: contracts(listing, closed.lotsMax),
    closeTotalPos: contracts(listing, closed.closedLots),
    realizedPnl: usdt(net),
    settledPnl: '',
    pnl: usdt(closed.pnlUnits),
    pnlRatio: shownNumber(net / 1e8 / (largest / closed.leverage)),
    fee: usdt(-closed.feeUnits),
    fundingFee: usdt(closed.fundingUnits),
    liqPenalty: usdt(-closed.penaltyUnits),
    lever: `${closed.leverage}.0` as NumberInString,
    triggerPx: '',
    uly: listing.family,
    ccy: 'USDT',
  };
}
