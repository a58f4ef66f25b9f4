/**
 * Between OKX's words and the core's. Prices become ticks, contracts lots, USDT 10⁻⁸; a fee, negative on the wire where it is charged, is
 * positive where we paid it. Source: okx-v5.md §1.6–1.8, §2, §3.
 *
 * Refuses by throwing (`UnitError`, `DecimalError`, `PayloadError`; see `isPayloadFault`): a size off the lot grid, a fee in another coin, long/short
 * mode, a number that is missing. Where the exchange has made a tick finer under us prices lie between two of ours: the mark goes to the
 * nearest, bid and ask away from each other, and a fill to the nearest, with what that costs booked as a fee, so that its cash is exact (decision 0049).
 * A candle of before a tick grew goes onto the grid that is, money finer than 10⁻⁸ against us. What the account holds beside the grid (a lot that has grown under an odd
 * position) is read as the whole lots in it: one odd number must not hide the rest of the account, and what is left out is told.
 */

import type { Amend } from '../core/decision.ts';
import type {
  BesideGrid,
  CandleClosed,
  CrossPosition,
  Filled,
  FundingForecast,
  OrderReading,
  PositionReading,
  Standing,
} from '../core/event.ts';
import {
  contractsText,
  type Instrument,
  type InstrumentText,
  instrument,
  lotsOf,
  priceText,
  type TierSaid,
  ticksOf,
} from '../core/instrument/instrument.ts';
import { CANDLE_ROUNDING, MINUTE_MS } from '../core/market/candle.ts';
import {
  addDecimals,
  type Decimal,
  DecimalError,
  decimal,
  decimalOf,
  formatDecimal,
  inStepsOf,
  multiplyDecimals,
  negateDecimal,
  powerOfTen,
  type Rounding,
} from '../core/numbers/decimal.ts';
import {
  type Lots,
  lots,
  MONEY_PLACES,
  type Money,
  money,
  type Side,
  sideName,
  type Ticks,
  ticks,
  UnitError,
} from '../core/numbers/units.ts';
import { type Order, partsOfClientId } from '../core/orders/order.ts';
import type { Untradable } from './untradable.ts';
import type { AlgoOrder } from './wire/algo-order.ts';
import type { Balance } from './wire/balance.ts';
import type { Bill } from './wire/bill.ts';
import type { Candle } from './wire/candle.ts';
import { type NumberInString, UNRECOGNISED } from './wire/field.ts';
import type { Fill } from './wire/fill.ts';
import type { FundingRate } from './wire/funding.ts';
import type { Instrument as InstrumentRow } from './wire/instrument.ts';
import type { MarkPrice } from './wire/mark-price.ts';
import type { OrderPush, Order as OrderRow } from './wire/order.ts';
import type { Position } from './wire/position.ts';
import type { PositionTier } from './wire/position-tier.ts';
import type { AmendAlgo, AmendOrder, PlaceConditional, PlaceOrder } from './wire/request.ts';
import type { Ticker } from './wire/ticker.ts';
import type { Trade } from './wire/trade.ts';
import type { TradeFee } from './wire/trade-fee.ts';

/** A payload with the documented shape that says what it may not say. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
}

/** Whether an error means that the exchange's words do not fit, and not that we are wrong. */
export function isPayloadFault(error: unknown): error is Error {
  return error instanceof PayloadError || error instanceof UnitError || error instanceof DecimalError;
}

export const QUOTE = 'USDT';

export type Placing =
  | { readonly kind: 'order'; readonly body: PlaceOrder }
  /** A stop sleeps as an algo order; the client id names it and the order that it sends. */
  | { readonly kind: 'algo'; readonly body: PlaceConditional };

/** An order as OKX takes it: isolated, net mode. */
export function placingOf(order: Order, of: Instrument): Placing {
  const shared = {
    instId: order.instId,
    tdMode: 'isolated',
    side: order.side === 1 ? 'buy' : 'sell',
    sz: contracts(of, order.sizeLots),
    reduceOnly: order.reduceOnly,
  } as const;
  const { terms, clientId } = order;
  switch (terms.type) {
    case 'market':
      return { kind: 'order', body: { ...shared, clOrdId: clientId, ordType: 'market' } };
    case 'limit':
      return {
        kind: 'order',
        body: {
          ...shared,
          clOrdId: clientId,
          ordType: terms.postOnly ? 'post_only' : 'limit',
          px: price(of, terms.priceTicks),
        },
      };
    case 'ioc':
      return {
        kind: 'order',
        body: { ...shared, clOrdId: clientId, ordType: 'ioc', px: price(of, terms.priceTicks) },
      };
    case 'stop':
      return {
        kind: 'algo',
        body: {
          ...shared,
          algoClOrdId: clientId,
          ordType: 'conditional',
          slTriggerPx: price(of, terms.triggerTicks),
          slOrdPx: '-1',
          slTriggerPxType: terms.by,
        },
      };
  }
}

/** An amendment of an order. `newSz` is the total, what has filled included. */
export function amendOrderOf(
  change: Pick<Amend, 'instId' | 'clientId' | 'priceTicks' | 'sizeLots'>,
  of: Instrument,
  reqId: string,
): AmendOrder {
  return {
    instId: change.instId,
    clOrdId: change.clientId,
    reqId,
    cxlOnFail: false,
    ...(change.sizeLots === undefined ? {} : { newSz: contracts(of, change.sizeLots) }),
    ...(change.priceTicks === undefined ? {} : { newPx: price(of, change.priceTicks) }),
  };
}

export function amendAlgoOf(
  change: Pick<Amend, 'instId' | 'clientId' | 'triggerTicks' | 'sizeLots'>,
  of: Instrument,
  reqId: string,
): AmendAlgo {
  return {
    instId: change.instId,
    algoClOrdId: change.clientId,
    reqId,
    ...(change.sizeLots === undefined ? {} : { newSz: contracts(of, change.sizeLots) }),
    ...(change.triggerTicks === undefined
      ? {}
      : { newSlTriggerPx: price(of, change.triggerTicks), newSlOrdPx: '-1' as const }),
  };
}

function contracts(of: Instrument, sizeLots: number): NumberInString {
  return contractsText(of, sizeLots) as NumberInString;
}

function price(of: Instrument, priceTicks: number): NumberInString {
  return priceText(of, priceTicks) as NumberInString;
}

function sideOf(side: 'buy' | 'sell'): Side {
  return side === 'buy' ? 1 : -1;
}

/** Contracts, `""` being none. */
export function lotsOfText(of: Instrument, text: string): Lots {
  return text === '' ? lots(0) : lotsOf(of, text);
}

/** The whole lots in a size in contracts, `""` being none, and what is left beside them. */
export function wholeLots(of: Instrument, text: string): { readonly lots: Lots; readonly beside: Decimal } {
  const { units, scale } = decimal(orZero(text));
  const places = Math.max(scale, of.lotSize.scale);
  const size = units * powerOfTen(places - scale);
  const beside = size % (of.lotSize.units * powerOfTen(places - of.lotSize.scale));
  return { lots: lotsOf(of, decimalOf(size - beside, places)), beside: decimalOf(beside, places) };
}

/** How an order stands: price in ticks (0 at market), size in lots. */
export function standingOf(row: Pick<OrderRow, 'px' | 'sz'>, of: Instrument) {
  return { ticks: row.px === '' ? 0 : ticksOf(of, row.px), sizeLots: lotsOfText(of, row.sz) };
}

/** How a sleeping stop stands. */
export function stopStandingOf(row: Pick<AlgoOrder, 'slTriggerPx' | 'triggerPx' | 'sz'>, of: Instrument) {
  const trigger = row.slTriggerPx === '' ? row.triggerPx : row.slTriggerPx;
  return { ticks: trigger === '' ? 0 : ticksOf(of, trigger), sizeLots: lotsOfText(of, row.sz) };
}

/** What a fill says of itself; whose order it was is known by who asks. */
export type FillFacts = Omit<Filled, 'kind' | 'clientId' | 'cause'>;

/** The fill of a push; undefined where the push has none, or does not say all of it: then REST is asked. */
export function fillOfPush(row: OrderPush, of: Instrument): FillFacts | 'none' | 'incomplete' {
  if (row.fillSz === '' || Number(row.fillSz) === 0) return 'none';
  if (row.fillPx === '' || row.fillFee === undefined || row.fillFee === '' || !isTradeId(row.tradeId))
    return 'incomplete';
  refuseTwoSided(row.posSide);
  return {
    at: Number(row.fillTime === '' ? row.uTime : row.fillTime),
    instId: row.instId,
    tradeId: row.tradeId,
    side: sideOf(row.side),
    ...tradedOf({ ...row, fillPx: row.fillPx }, of, feePaid(row.fillFee, row.fillFeeCcy ?? row.feeCcy)),
    liquidity: row.execType === 'M' ? 'maker' : 'taker',
  };
}

/** What names the fill of a row. One without a trade id of its own (liquidations, okx-v5.md §2) is known by its bill. */
export function fillName(row: Pick<Fill, 'instId' | 'tradeId' | 'billId'>): Pick<FillFacts, 'instId' | 'tradeId'> {
  return { instId: row.instId, tradeId: isTradeId(row.tradeId) ? row.tradeId : `bill${row.billId}` };
}

/** A row of trade/fills. */
export function fillOfRow(row: Fill, of: Instrument): FillFacts {
  refuseTwoSided(row.posSide ?? 'net');
  return {
    at: Number(row.fillTime === undefined || row.fillTime === '' ? row.ts : row.fillTime),
    ...fillName(row),
    side: sideOf(row.side),
    ...tradedOf(row, of, feePaid(row.fee, row.feeCcy)),
    liquidity: row.execType === 'M' ? 'maker' : 'taker',
  };
}

/** Size, price and fee; what lies between two ticks is paid, or saved, as part of the fee. */
function tradedOf(
  { fillSz, fillPx, side }: Pick<OrderPush, 'fillSz' | 'side'> & Pick<Fill, 'fillPx'>,
  of: Instrument,
  fee: Money,
): Pick<FillFacts, 'sizeLots' | 'priceTicks' | 'fee'> {
  const sizeLots = lotsOf(of, fillSz);
  const price = decimal(fillPx);
  const { steps, isBetween } = inStepsOf(price, of.tickSize, 'nearest');
  const priceTicks = ticks(Number(steps));
  if (!isBetween) return { sizeLots, priceTicks, fee };
  const places = Math.max(price.scale, of.tickSize.scale);
  const beside =
    price.units * powerOfTen(places - price.scale) - steps * of.tickSize.units * powerOfTen(places - of.tickSize.scale);
  const { units, scale } = of.coinsPerLot;
  const costs = decimalOf(BigInt(sideOf(side) * sizeLots) * beside * units, places + scale);
  return { sizeLots, priceTicks, fee: money(fee + scaled(costs, 'up')) };
}

/** Liquidations push "0" or nothing (U9): such an id names no trade. */
function isTradeId(text: string): boolean {
  return text !== '' && text !== '0';
}

/** Why a fill happened that no order of ours asked for. */
export function foreignCause(
  category: OrderRow['category'],
  subType: string | undefined,
): Exclude<Filled['cause'], 'order'> {
  if (category === 'full_liquidation' || category === 'partial_liquidation') return 'liquidation';
  if (category === 'adl') return 'adl';
  const kind = Number(subType ?? '');
  if (kind >= 100 && kind <= 107) return 'liquidation';
  if (kind >= 125 && kind <= 128) return 'adl';
  return 'foreign';
}

/** Paid by us: OKX writes what it charges as negative. Finer than 10⁻⁸ it is rounded up. @throws {PayloadError} in another coin */
export function feePaid(fee: string, coin: string): Money {
  if (fee === '') return money(0n);
  const paid = decimal(fee);
  if (paid.units !== 0n && coin !== QUOTE)
    throw new PayloadError(`a fee of ${fee} ${coin}: only ${QUOTE} can be booked`);
  return money(scaled(negateDecimal(paid), 'up'));
}

/** Why an order ended short of its size, by its `cancelSource` (okx-v5.md §3.1). */
export function endCause(cancelSource: string | undefined): string {
  return END_CAUSES[cancelSource ?? ''] ?? `cancel-source-${cancelSource ?? 'absent'}`;
}

const END_CAUSES: Readonly<Record<string, string>> = {
  '': 'cancelled',
  '0': 'system',
  '1': 'cancelled',
  '2': 'pre-reduce',
  '3': 'liquidation',
  '6': 'adl',
  '9': 'margin-insufficient',
  '13': 'fok',
  '14': 'ioc',
  '15': 'price-limit',
  '17': 'position-closed',
  '20': 'cancel-all-after',
  '21': 'position-closed',
  '22': 'reduce-only-covered',
  '23': 'reduce-only-displaced',
  '27': 'price-gap',
  '31': 'post-only',
  '32': 'self-trade',
  '33': 'too-many-matches',
  '36': 'one-cancels-other',
  '37': 'one-cancels-other',
  '42': 'chase-distance',
  '43': 'price-from-index',
};

/** A position that is not flat: its whole lots, where there are any, and what it holds beside them. One with cross margin is none of ours. */
export interface PositionRead {
  readonly position?: PositionReading | undefined;
  readonly besideGrid?: BesideGrid | undefined;
  readonly crossMargin?: CrossPosition;
}

/** An open position; undefined where it is flat. @throws {PayloadError} in long/short mode */
export function positionOf(row: Position, of: Instrument): PositionRead | undefined {
  const pos = decimal(row.pos);
  if (pos.units === 0n) return undefined;
  if (row.posSide !== 'net')
    throw new PayloadError(`${row.instId}: a position of side "${row.posSide}": the account must be in net mode`);
  const side = pos.units > 0n ? 1 : -1;
  const contracts = row.pos.replace('-', '');
  if (row.mgnMode === 'cross') return { crossMargin: { instId: row.instId, side: sideName(side), contracts } };
  const { lots: size, beside } = wholeLots(of, contracts);
  const leverage = Number(row.lever);
  if (row.lever === '' || !(leverage > 0)) throw new PayloadError(`${row.instId}: a position without leverage`);
  const { instId } = row;
  return {
    position:
      size === 0 ? undefined : { instId, signedLots: side * size, costUnits: costUnits(row, size, of), leverage },
    besideGrid:
      beside.units === 0n ? undefined : { instId, contracts: formatDecimal(beside), lot: formatDecimal(of.lotSize) },
  };
}

/** Average price × size; the average has more digits than a price and is rounded to whole 10⁻⁸ USDT with it. */
function costUnits(row: Position, size: number, of: Instrument): number {
  if (row.avgPx === '') throw new PayloadError(`${row.instId}: a position without average price`);
  const coins = multiplyDecimals(of.coinsPerLot, decimalOf(BigInt(size), 0));
  const cost = multiplyDecimals(decimal(row.avgPx), coins);
  const units = Number(scaled(cost, 'nearest'));
  if (!Number.isSafeInteger(units))
    throw new PayloadError(`${row.instId}: the value of the position is past the safe range`);
  return units;
}

/** Equity without unrealised PnL, and what can be used for new margin. An account without USDT has neither. */
export function balanceOf(row: Balance): { readonly balance: Money; readonly available: Money } {
  const detail = row.details.find(({ ccy }) => ccy === QUOTE);
  if (detail === undefined) return { balance: money(0n), available: money(0n) };
  if (detail.eq === '' || detail.availBal === '') throw new PayloadError('a balance without equity');
  const balance = addDecimals(decimal(detail.eq), negateDecimal(decimal(orZero(detail.upl))));
  return {
    balance: money(scaled(balance, 'nearest')),
    available: money(scaled(decimal(detail.availBal), 'down')),
  };
}

function orZero(text: string | undefined): string {
  return text === undefined || text === '' ? '0' : text;
}

/** An order that a stop has sent bears the stop's name, and stands where no stop does. */
export function orderReadingOf(
  row: Pick<OrderRow, 'instId' | 'clOrdId' | 'algoClOrdId' | 'reduceOnly' | 'px' | 'sz'>,
  of: Instrument,
): OrderReading {
  const { instId, clOrdId } = row;
  const reduceOnly = row.reduceOnly === 'true';
  if (!isOurs(clOrdId)) {
    const { algoClOrdId = '' } = row;
    return { clientId: isOurs(algoClOrdId) ? algoClOrdId : clOrdId || algoClOrdId, instId, reduceOnly };
  }
  return { clientId: clOrdId, instId, reduceOnly, ...standsOn(() => standingOf(row, of)) };
}

export function algoReadingOf(
  row: Pick<AlgoOrder, 'instId' | 'algoClOrdId' | 'reduceOnly' | 'slTriggerPx' | 'triggerPx' | 'sz'>,
  of: Instrument,
): OrderReading {
  const { instId, algoClOrdId: clientId } = row;
  const reduceOnly = row.reduceOnly === 'true';
  return { clientId, instId, reduceOnly, ...(isOurs(clientId) ? standsOn(() => stopStandingOf(row, of)) : {}) };
}

/** One of ours may be of a journal that is lost, and of a grid that has changed since: it is there, and where it stands cannot be said. */
function standsOn(read: () => Standing): { readonly stands?: Standing } {
  try {
    return { stands: read() };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return {};
  }
}

/** Where somebody else's order stands is nobody's business here, and may be on no grid of ours. */
function isOurs(clientId: string): boolean {
  return partsOfClientId(clientId) !== undefined;
}

/** Funding that a bill booked, from cash or from margin (U4): received, negative where paid. */
export function fundingOf(row: Bill): Money {
  return money(scaled(decimal(row.pnl === '' ? row.balChg : row.pnl), 'down'));
}

/** A closed candle on today's grid, and what of it lay between two steps. */
export interface CandleOnGrid {
  readonly closed: CandleClosed;
  readonly isPriceMapped: boolean;
  readonly isVolumeMapped: boolean;
}

/**
 * A closed candle; undefined while it forms. Volume in contracts. Minutes of before a tick or a lot grew are off today's grid and go onto it as those
 * of a file do (`CANDLE_ROUNDING`): a bot that starts then asks for a day of them, a download for years.
 */
export function candleOf(
  [openMs, open, high, low, close, volume, , , confirm]: Candle,
  of: Instrument,
): CandleOnGrid | undefined {
  if (confirm === '0') return undefined;
  const { instId } = of;
  const openMinute = Number(openMs) / MINUTE_MS;
  if (!Number.isSafeInteger(openMinute)) throw new PayloadError(`${instId}: a minute's candle opens at ${openMs}`);
  let isPriceMapped = false;
  const price = (text: string, column: 'openTicks' | 'highTicks' | 'lowTicks' | 'closeTicks') => {
    const { steps, isBetween } = inStepsOf(decimal(text), of.tickSize, CANDLE_ROUNDING[column]);
    isPriceMapped ||= isBetween;
    return ticks(Number(steps));
  };
  const size = inStepsOf(decimal(volume), of.lotSize, CANDLE_ROUNDING.volumeLots);
  const closed: CandleClosed = {
    kind: 'candle-closed',
    at: (openMinute + 1) * MINUTE_MS,
    instId,
    openMinute,
    openTicks: price(open, 'openTicks'),
    highTicks: price(high, 'highTicks'),
    lowTicks: price(low, 'lowTicks'),
    closeTicks: price(close, 'closeTicks'),
    volumeLots: lots(Number(size.steps)),
  };
  return { closed, isPriceMapped, isVolumeMapped: size.isBetween };
}

export interface Touch {
  readonly bidTicks: Ticks;
  readonly askTicks: Ticks;
  readonly at: number;
}

/** Best bid and ask, on ticks that are no better; undefined where a side of the book is empty. */
export function touchOf(row: Ticker, of: Instrument): Touch | undefined {
  if (row.bidPx === '' || row.askPx === '') return undefined;
  const side = (price: string, rounding: 'down' | 'up') =>
    ticks(Number(inStepsOf(decimal(price), of.tickSize, rounding).steps));
  return { bidTicks: side(row.bidPx, 'down'), askTicks: side(row.askPx, 'up'), at: Number(row.ts) };
}

/** OKX computes the mark; between two ticks it is the nearer one. */
export function markOf(row: MarkPrice, of: Instrument): { readonly markTicks: Ticks; readonly at: number } {
  const { steps } = inStepsOf(decimal(row.markPx), of.tickSize, 'nearest');
  return { markTicks: ticks(Number(steps)), at: Number(row.ts) };
}

/** Somebody's trade: its price on the nearer tick, its size in whole lots. */
export function tradeOf(
  row: Pick<Trade, 'px' | 'sz' | 'ts'>,
  of: Instrument,
): { readonly lastTicks: Ticks; readonly sizeLots: Lots; readonly at: number } {
  const { steps } = inStepsOf(decimal(row.px), of.tickSize, 'nearest');
  return { lastTicks: ticks(Number(steps)), sizeLots: wholeLots(of, row.sz).lots, at: Number(row.ts) };
}

/** `fundingRate` is the forecast for `fundingTime`. Finer than 10⁻⁸ it is rounded away from zero. */
export function fundingForecastOf(row: FundingRate, atMs: number): FundingForecast {
  const rate = decimal(row.fundingRate);
  const rateE8 = Number(scaled(rate, rate.units < 0n ? 'down' : 'up'));
  const at = row.ts === undefined || row.ts === '' ? atMs : Number(row.ts);
  const settlesAt = Number(row.fundingTime);
  const nextSettlesAt = Number(row.nextFundingTime);
  const next = nextSettlesAt > settlesAt ? { nextSettlesAt } : {};
  return { kind: 'funding-forecast', at, instId: row.instId, rateE8, settlesAt, ...next };
}

/** Why an instrument of the list cannot be traded here; undefined where it can. */
export function untradable(row: InstrumentRow): Untradable | undefined {
  if (row.instType !== 'SWAP') return { code: 'no-swap' };
  if (row.ctType !== 'linear' || row.settleCcy !== QUOTE) return { code: 'other-margin' };
  if (row.state !== 'live') return { code: 'not-live', state: row.state === UNRECOGNISED ? undefined : row.state };
  return undefined;
}

/** An instrument with its tiers, isolated. @throws {PayloadError} where a figure that sizes rest on is missing */
export function instrumentOf(row: InstrumentRow, tiers: readonly PositionTier[]): Instrument {
  const needed = (name: 'ctVal' | 'lotSz' | 'minSz' | 'tickSz' | 'lever' | 'maxLmtSz' | 'maxMktSz') => {
    if (row[name] === '') throw new PayloadError(`${row.instId}: ${name} is missing`);
    return row[name];
  };
  const value = decimal(needed('ctVal'));
  const multiplier = decimal(row.ctMult === '' ? '1' : row.ctMult);
  const text: InstrumentText = {
    instId: row.instId,
    baseCoin: row.ctValCcy,
    ctVal: formatDecimal(multiplyDecimals(value, multiplier)),
    lotSz: needed('lotSz'),
    minSz: needed('minSz'),
    tickSz: needed('tickSz'),
    maxLimitSz: needed('maxLmtSz'),
    maxMarketSz: needed('maxMktSz'),
    leverageMax: Number(needed('lever')),
    tiers: ascending(tiers).map(({ maxSz, mmr, maxLever }) => ({
      maxSz,
      maintenanceRate: mmr,
      leverageMax: Number(maxLever),
    })),
  };
  return instrument(text);
}

/** Tiers as they are now, in lots of the start's grid. */
export function tiersOf(rows: readonly PositionTier[], of: Instrument): TierSaid[] {
  return ascending(rows).map(({ maxSz, mmr, maxLever }) => ({
    lotsMax: wholeLots(of, maxSz).lots,
    maintenanceRate: formatDecimal(decimal(mmr)),
    leverageMax: Number(maxLever),
  }));
}

function ascending(rows: readonly PositionTier[]): PositionTier[] {
  return rows.toSorted((a, b) => Number(a.maxSz) - Number(b.maxSz));
}

/** What margin tiers and fees are asked by. */
export function familyOf({ instId, instFamily, uly }: { readonly instId: string } & Partial<InstrumentRow>): string {
  return instFamily ?? uly ?? instId.replace(/-SWAP$/, '');
}

/** Rates paid, positive; a rebate is negative. */
export interface FeeRates {
  readonly maker: Decimal;
  readonly taker: Decimal;
}

/** The account's rates for an instrument: its group's, before 2025-11 those of USDT-margined swaps. @throws {PayloadError} where none is given */
export function feeRatesOf(row: TradeFee, groupId: string | undefined): FeeRates {
  const group = row.feeGroup?.find((each) => each.groupId === groupId);
  for (const [maker, taker] of [
    [group?.maker, group?.taker],
    [row.makerU, row.takerU],
    [row.maker, row.taker],
  ])
    if (maker !== undefined && maker !== '' && taker !== undefined && taker !== '')
      return { maker: paidRate(maker), taker: paidRate(taker) };
  throw new PayloadError('trade-fee gave no rates');
}

/** Ten times what anybody pays for swaps is no rate: liquidations that are reckoned with it would close whatever is open. */
function paidRate(text: string): Decimal {
  const rate = decimal(text);
  if (Math.abs(rate.approx) > RATE_MOST)
    throw new PayloadError(`trade-fee gave ${text} as a share of the value: that is no fee rate`);
  return negateDecimal(rate);
}

const RATE_MOST = 0.01;

function refuseTwoSided(posSide: string): void {
  if (posSide === 'long' || posSide === 'short')
    throw new PayloadError(`an order of position side "${posSide}": the account must be in net mode`);
}

/** USDT in whole 10⁻⁸: `up` and `down` are towards +∞ and −∞. */
function scaled(usdt: Decimal, rounding: Rounding): bigint {
  return inStepsOf(usdt, MONEY_STEP, rounding).steps;
}

const MONEY_STEP = decimalOf(1n, MONEY_PLACES);
