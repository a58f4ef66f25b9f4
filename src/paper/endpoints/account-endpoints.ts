/** Endpoints of one's own account. Source: okx-v5.md §1.7. */

import { DAY_MS } from '../../core/market/candle.ts';
import { DecimalError, decimal, negateDecimal, wholeAtScale } from '../../core/numbers/decimal.ts';
import type { WireAccountConfig, WirePositionModeAck } from '../../okx/wire/account-config.ts';
import type {
  WireLeverageAck,
  WireLeverageEstimate,
  WireLeverageInfo,
  WireMarginAck,
  WireMaxAvailSize,
  WireMaxSize,
} from '../../okx/wire/leverage.ts';
import type { WireTradeFee } from '../../okx/wire/trade-fee.ts';
import { feeUnits } from '../../sim/matching/fill-model.ts';
import type { Desk } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import {
  type Listing,
  MARGIN_MODES,
  type MarginMode,
  POS_SIDES,
  type PosSide,
  posSideOf,
  type Slot,
  slotOf,
} from '../market/listing.ts';
import { listingIn, marginModeIn, priceIn } from '../orders/order-input.ts';
import { balanceRow, closedPositionRow, positionRow } from '../wire/account-rows.ts';
import { type Fields, neededOneOf, neededText, numberOf, objectOf, oneOf, textOf } from '../wire/input.ts';
import { FEE_GROUP, instrumentRow } from '../wire/instrument-rows.ts';
import { contracts, decimalText, price, usdt, whole } from '../wire/numbers.ts';
import { paged, pagedByTime, pageIn } from '../wire/paging.ts';
import { rejected } from '../wire/rejection.ts';
import { done, OkxError, parameterEmpty, parameterError } from '../wire/reply.ts';
import { asksForSwaps, listingsIn, neededType, type PrivateHandler } from './call.ts';

export const accountEndpoints: Readonly<Record<string, PrivateHandler>> = {
  'GET /api/v5/account/config': ({ desk }) => done([configRow(desk)]),

  'GET /api/v5/account/instruments': ({ floor, query }) => {
    neededType(query);
    return done(listingsIn(floor, query).map((listing) => instrumentRow(floor, listing)));
  },

  'GET /api/v5/account/balance': ({ floor, desk, query }) => {
    const wanted = textOf(query, 'ccy')?.split(',');
    const row = balanceRow(floor, desk);
    return done([{ ...row, details: row.details.filter(({ ccy }) => wanted === undefined || wanted.includes(ccy)) }]);
  },

  'GET /api/v5/account/positions': ({ floor, desk, query }) => {
    if (!asksForSwaps(query)) return done([]);
    const instIds = textOf(query, 'instId')?.split(',');
    const posIds = textOf(query, 'posId')?.split(',');
    if (instIds !== undefined && instIds.length > 10) throw parameterError('instId');
    // Asked by name, a position that was closed is shown too, as flat (okx-v5.md §1.7).
    const isNamed = instIds !== undefined || posIds !== undefined;
    const slots = floor.slots.filter(
      (slot) =>
        (instIds === undefined || instIds.includes(slot.listing.instId)) &&
        (posIds === undefined || posIds.includes(desk.posId(slot) ?? '')) &&
        (isNamed ? desk.posId(slot) !== undefined : desk.position(slot).lots > 0),
    );
    return done(slots.map((slot) => positionRow(floor, desk, slot)));
  },

  'GET /api/v5/account/positions-history': ({ desk, query }) => {
    if (!asksForSwaps(query)) return done([]);
    const instId = textOf(query, 'instId');
    const mgnMode = oneOf(query, 'mgnMode', MARGIN_MODES);
    const type = oneOf(query, 'type', ['1', '2', '3', '4', '5', '6']);
    const posId = textOf(query, 'posId');
    const rows = [...desk.closedPositions.newest()]
      .map(closedPositionRow)
      .filter(
        (row) =>
          (instId === undefined || row.instId === instId) &&
          (mgnMode === undefined || row.mgnMode === mgnMode) &&
          (type === undefined || row.type === type) &&
          (posId === undefined || row.posId === posId),
      );
    return done(pagedByTime(rows, pageIn(query), (row) => Number(row.uTime)));
  },

  'POST /api/v5/account/set-position-mode': ({ desk, body }) => {
    const posMode = neededOneOf(objectOf(body), 'posMode', ['net_mode', 'long_short_mode']);
    if (posMode !== desk.positionMode) {
      const isIdle = desk.orders.open.size === 0 && desk.algos.open.size === 0;
      if (!isIdle || desk.account.positions.some(({ lots }) => lots > 0)) throw settingFailed();
      desk.positionMode = posMode;
    }
    return done([{ posMode } satisfies WirePositionModeAck]);
  },

  'POST /api/v5/account/set-leverage': ({ floor, desk, body }) => {
    const fields = objectOf(body);
    const listing = listingIn(floor, fields);
    const mgnMode = marginModeIn(fields, 'mgnMode');
    const lever = leverageIn(fields);
    const posSide = oneOf(fields, 'posSide', POS_SIDES);
    const bySide = mgnMode === 'isolated' && desk.positionMode === 'long_short_mode';
    if (bySide ? posSide === undefined || posSide === 'net' : posSide !== undefined && posSide !== 'net')
      throw parameterError('posSide');
    if (lever > listing.instrument.leverageMax)
      throw new OkxError('59102', 'Leverage exceeds the maximum limit. Please lower the leverage.');
    // Crossed both sides have one leverage, in net mode too: it is still that when the mode has been changed.
    const sides: PosSide[] = bySide ? [posSide ?? 'long'] : mgnMode === 'cross' ? ['long', 'short'] : ['net'];
    const set = (slot: Slot, leverage: number) =>
      floor.matcher.setLeverage(desk.account, slot.instrument.instId, leverage, floor.at);
    const before = sides
      .map((side) => slotOf(listing, mgnMode, side))
      .map((slot) => [slot, desk.position(slot).leverage] as const);
    if (before.some(([slot]) => desk.algos.openOf(slot).length > 0)) throw settingFailed();
    for (const [number, [slot]] of before.entries()) {
      const answer = set(slot, lever);
      if (answer === undefined) continue;
      // Both sides or none.
      for (const [changed, leverage] of before.slice(0, number)) set(changed, leverage);
      throw leverageError(rejected(answer), mgnMode);
    }
    floor.settleDesk(desk, floor.at);
    const shownSide = mgnMode === 'cross' ? '' : (posSide ?? 'net');
    const row: WireLeverageAck = { lever: whole(lever), mgnMode, instId: listing.instId, posSide: shownSide };
    return done([row]);
  },

  'GET /api/v5/account/leverage-info': ({ floor, desk, query }) => {
    const mgnMode = marginModeIn(query, 'mgnMode');
    const instIds = neededText(query, 'instId').split(',');
    const rows = instIds.flatMap((instId) =>
      slotsShown(desk, listingIn(floor, { instId }), mgnMode).map(
        (slot): WireLeverageInfo => ({
          ccy: '',
          instId,
          mgnMode,
          posSide: posSideOf(slot, desk.positionMode),
          lever: whole(desk.position(slot).leverage),
        }),
      ),
    );
    return done(rows);
  },

  'GET /api/v5/account/adjust-leverage-info': ({ floor, desk, query }) => {
    neededType(query);
    const listing = listingIn(floor, query);
    const mgnMode = marginModeIn(query, 'mgnMode');
    const lever = leverageIn(query);
    const slot = slotOf(listing, mgnMode, oneOf(query, 'posSide', POS_SIDES) ?? 'net');
    return done([estimateRow(floor, desk, slot, lever)]);
  },

  'GET /api/v5/account/max-size': ({ floor, desk, query }) => {
    const mgnMode = marginModeIn(query, 'tdMode');
    const rows = neededText(query, 'instId')
      .split(',')
      .map((instId): WireMaxSize => {
        const listing = listingIn(floor, { instId });
        const priceTicks = priceIn(listing, query, 'px') || floor.bookOf(listing).lastTicks;
        const leverage = numberOf(query, 'leverage') === undefined ? undefined : leverageIn(query, 'leverage');
        const most = (side: 1 | -1) =>
          contracts(listing, mostLots(desk, slotForSide(desk, listing, mgnMode, side), side, priceTicks, leverage));
        return { ccy: 'USDT', instId, maxBuy: most(1), maxSell: most(-1) };
      });
    return done(rows);
  },

  'GET /api/v5/account/max-avail-size': ({ floor, desk, query }) => {
    marginModeIn(query, 'tdMode');
    const free = usdt(desk.account.availableUnits);
    const rows = neededText(query, 'instId')
      .split(',')
      .map(
        (instId): WireMaxAvailSize => ({
          instId: listingIn(floor, { instId }).instId,
          availBuy: free,
          availSell: free,
        }),
      );
    return done(rows);
  },

  'POST /api/v5/account/position/margin-balance': ({ floor, desk, body }) => {
    const fields = objectOf(body);
    const listing = listingIn(floor, fields);
    const posSide = neededOneOf(fields, 'posSide', POS_SIDES);
    if ((posSide === 'net') !== (desk.positionMode === 'net_mode')) throw parameterError('posSide');
    const type = neededOneOf(fields, 'type', ['add', 'reduce']);
    const amt = numberOf(fields, 'amt');
    if (amt === undefined) throw parameterEmpty('amt');
    const units = wholeUnits(amt);
    if (!(units > 0)) throw parameterError('amt');
    const slot = slotOf(listing, 'isolated', posSide);
    if (desk.position(slot).lots === 0) throw new OkxError('59300', 'Margin call failed. Position does not exist.');
    const answer = floor.matcher.moveMargin(desk.account, slot.instrument.instId, type === 'add' ? units : -units);
    if (answer !== undefined) throw new OkxError(type === 'add' ? '59303' : '59301', answer.message);
    desk.marginMoved(slot, floor.at);
    floor.settleDesk(desk, floor.at);
    const { costUnits, marginUnits } = desk.position(slot);
    const leverage = `${Number((costUnits / marginUnits).toFixed(2))}` as const;
    return done([{ instId: listing.instId, posSide, amt, type, leverage, ccy: 'USDT' } satisfies WireMarginAck]);
  },

  'GET /api/v5/account/trade-fee': ({ floor, desk, query }) => {
    neededType(query);
    return done([feeRow(floor, desk, textOf(query, 'instType') ?? 'SWAP')]);
  },

  'GET /api/v5/account/bills': ({ floor, desk, query }) => bills(floor, desk, query, 7),
  'GET /api/v5/account/bills-archive': ({ floor, desk, query }) => bills(floor, desk, query, 92),

  // Funding account and its currencies: nothing lies there, and ccxt asks (okx-v5.md §6.8).
  'GET /api/v5/asset/currencies': () => done([]),
  'GET /api/v5/asset/balances': () => done([]),
};

function settingFailed(): OkxError {
  const message = 'Setting failed. Cancel any open orders, close positions, and stop trading bots first.';
  return new OkxError('59000', message);
}

function configRow(desk: Desk): WireAccountConfig {
  return {
    uid: desk.options.uid,
    mainUid: desk.options.uid,
    acctLv: '2',
    posMode: desk.positionMode,
    autoLoan: false,
    greeksType: 'PA',
    level: 'Lv1',
    levelTmp: '',
    ctIsoMode: 'automatic',
    mgnIsoMode: 'automatic',
    acctStpMode: 'cancel_maker',
    spotOffsetType: '',
    roleType: '0',
    traderInsts: [],
    spotRoleType: '0',
    spotTraderInsts: [],
    opAuth: '0',
    kycLv: '2',
    label: 'paper',
    ip: '',
    perm: 'read_only,trade',
    type: '0',
    enableSpotBorrow: false,
    spotBorrowAutoRepay: false,
    liquidationGear: '-1',
    feeType: '0',
    settleCcy: 'USDT',
    settleCcyList: ['USDT'],
    stgyType: '0',
  };
}

function feeRow(floor: Floor, desk: Desk, instType: string): WireTradeFee {
  const { makerRate, takerRate } = desk.options;
  const maker = decimalText(negateDecimal(makerRate));
  const taker = decimalText(negateDecimal(takerRate));
  return {
    level: 'Lv1',
    taker,
    maker,
    takerU: taker,
    makerU: maker,
    takerUSDC: taker,
    makerUSDC: maker,
    delivery: '',
    exercise: '',
    instType,
    ruleType: 'normal',
    category: '1',
    feeGroup: [{ groupId: FEE_GROUP, taker, maker, elpMaker: '' }],
    fiat: [],
    ts: whole(floor.at),
  };
}

function estimateRow(floor: Floor, desk: Desk, slot: Slot, leverage: number): WireLeverageEstimate {
  const position = desk.position(slot);
  const { instrument } = slot.listing;
  const book = floor.bookOf(slot.listing);
  const margin = Math.ceil(position.costUnits / leverage);
  const most = mostLots(desk, slot, 1, book.lastTicks, leverage);
  const free = desk.account.availableUnits + position.marginUnits - margin;
  const estimate = position.lots === 0 ? undefined : desk.account.liquidationTicksOf(slot.index, margin);
  return {
    estAvailTrans: usdt(Math.max(0, free)),
    estLiqPx: estimate === undefined || estimate <= 0 ? '' : price(slot.listing, estimate),
    estMgn: usdt(margin),
    estMaxAmt: contracts(slot.listing, most),
    existOrd: slot.listing.slots.some(({ index }) => desk.account.ordersAt(index).length > 0),
    maxLever: whole(instrument.leverageMax),
    minLever: '1',
  };
}

function bills(floor: Floor, desk: Desk, query: Fields, days: number) {
  if (!asksForSwaps(query)) return done([]);
  const wanted = (name: string) => textOf(query, name);
  const [type, subType, instId, ccy, mgnMode, ctType] = ['type', 'subType', 'instId', 'ccy', 'mgnMode', 'ctType'].map(
    wanted,
  );
  if (ctType === 'inverse' || (ccy !== undefined && ccy !== 'USDT')) return done([]);
  const since = floor.at - days * DAY_MS;
  const rows = [...desk.bills.newest()].filter(
    (bill) =>
      Number(bill.ts) >= since &&
      (type === undefined || bill.type === type) &&
      (subType === undefined || bill.subType === subType) &&
      (instId === undefined || bill.instId === instId) &&
      (wanted('instType') === undefined || bill.instType === 'SWAP') &&
      (mgnMode === undefined || bill.mgnMode === mgnMode),
  );
  return done(
    paged(
      rows,
      pageIn(query),
      (bill) => bill.billId,
      (bill) => Number(bill.ts),
    ),
  );
}

/** The slots that a mode shows: net, or long and short. */
function slotsShown(desk: Desk, listing: Listing, mgnMode: MarginMode): Slot[] {
  const sides: PosSide[] = desk.positionMode === 'net_mode' ? ['net'] : ['long', 'short'];
  return sides.map((side) => slotOf(listing, mgnMode, side));
}

function slotForSide(desk: Desk, listing: Listing, mgnMode: MarginMode, side: 1 | -1): Slot {
  return slotOf(listing, mgnMode, desk.positionMode === 'net_mode' ? 'net' : side === 1 ? 'long' : 'short');
}

/** The largest order of a side that free money and tiers allow: what closes needs no margin. */
function mostLots(desk: Desk, slot: Slot, side: 1 | -1, priceTicks: number, asked: number | undefined): number {
  const { account } = desk;
  const { instrument } = slot;
  const position = desk.position(slot);
  const leverage = asked ?? position.leverage;
  const closing = account.reducibleLots(slot.index, side);
  const lotValue = priceTicks * instrument.moneyPerTickLot;
  const lotUnits = lotValue / leverage + feeUnits(instrument, account.taker, 1, priceTicks);
  const affordable = Math.floor(account.availableUnits / lotUnits);
  let most = 0;
  for (const tier of instrument.tiers) if (leverage <= tier.leverageMax) most = Math.max(most, tier.lotsMax);
  const held = position.lots > 0 && position.side === side ? position.lots : 0;
  return Math.max(0, Math.min(affordable, most - held)) + closing;
}

function leverageIn(fields: Fields, name = 'lever'): number {
  const text = numberOf(fields, name);
  if (text === undefined) throw parameterEmpty(name);
  const lever = Number(text);
  if (lever < 1) throw new OkxError('59105', 'Leverage can not be less than 1. Please increase the leverage.', 400);
  if (!Number.isSafeInteger(lever)) throw parameterError(name);
  return lever;
}

/** USDT as whole 10⁻⁸; 0 where there are more places than that. */
function wholeUnits(amt: string): number {
  try {
    return Number(wholeAtScale(decimal(amt), 8));
  } catch (error) {
    if (error instanceof DecimalError) return 0;
    throw error;
  }
}

/** The simulator's no to a leverage, in the codes of this endpoint (okx-v5.md §1.3). */
function leverageError(error: OkxError, mgnMode: MarginMode): OkxError {
  if (error.code === '59101' && mgnMode === 'cross')
    return new OkxError('59107', 'Cancel cross-margin pending orders before adjusting the leverage.');
  if (error.code === '51008') return new OkxError('59103', 'Leverage is too low and there is not enough margin.');
  return error;
}
