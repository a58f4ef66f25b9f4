/** Public data as OKX writes it. Source: okx-v5.md §1.6, §4.3. */
import { MINUTE_MS } from '../../core/market/candle.ts';
import type { WireBook, WireBookChange, WireBookLevel, WireBookTop } from '../../okx/wire/book.ts';
import type { WireCandle } from '../../okx/wire/candle.ts';
import type { NumberInString } from '../../okx/wire/field.ts';
import type { WireFundingRate, WireFundingRecord } from '../../okx/wire/funding.ts';
import type { WireMarkPrice } from '../../okx/wire/mark-price.ts';
import type { WirePriceLimit } from '../../okx/wire/price-limit.ts';
import type { WireIndexTicker, WireOpenInterest, WireTicker } from '../../okx/wire/ticker.ts';
import type { WireTrade, WireTradePush } from '../../okx/wire/trade.ts';
import type { Floor } from '../floor.ts';
import { type Depth, type DepthChange, type DepthSide, ordersAt } from '../market/depth.ts';
import type { Listing } from '../market/listing.ts';
import type { SettledFunding } from '../market/market-source.ts';
import type { TapeBar, TapeTrade } from '../market/tape.ts';
import { coins, contracts, price, unitsText, whole, worth } from './numbers.ts';

export function tickerRow(floor: Floor, listing: Listing): WireTicker {
  const tape = floor.tape(listing);
  const book = floor.bookOf(listing);
  const day = tape.day();
  const atTouch = contracts(listing, Math.max(listing.instrument.lotsMin, book.depthLotsLeft()));
  return {
    instType: 'SWAP',
    instId: listing.instId,
    last: price(listing, book.lastTicks),
    lastSz: contracts(listing, tape.lastLots),
    askPx: price(listing, book.touchTicks(1)),
    askSz: atTouch,
    bidPx: price(listing, book.touchTicks(-1)),
    bidSz: atTouch,
    open24h: price(listing, day.openTicks),
    high24h: price(listing, day.highTicks),
    low24h: price(listing, day.lowTicks),
    volCcy24h: coins(listing, day.volumeLots),
    vol24h: contracts(listing, day.volumeLots),
    sodUtc0: price(listing, day.startUtc0Ticks),
    sodUtc8: price(listing, day.startUtc8Ticks),
    ts: String(floor.at),
  };
}

export function indexTickerRow(floor: Floor, listing: Listing): WireIndexTicker {
  const day = floor.tape(listing).day();
  return {
    instId: listing.family,
    idxPx: price(listing, floor.bookOf(listing).markTicks),
    high24h: price(listing, day.highTicks),
    sodUtc0: price(listing, day.startUtc0Ticks),
    open24h: price(listing, day.openTicks),
    low24h: price(listing, day.lowTicks),
    sodUtc8: price(listing, day.startUtc8Ticks),
    ts: String(floor.at),
  };
}

export function markPriceRow(floor: Floor, listing: Listing): WireMarkPrice {
  return {
    instType: 'SWAP',
    instId: listing.instId,
    markPx: price(listing, floor.bookOf(listing).markTicks),
    ts: String(floor.at),
  };
}

export function priceLimitRow(floor: Floor, listing: Listing): WirePriceLimit {
  const { buyTicks, sellTicks } = floor.priceBand(listing);
  return {
    instType: 'SWAP',
    instId: listing.instId,
    buyLmt: price(listing, buyTicks),
    sellLmt: price(listing, sellTicks),
    ts: String(floor.at),
    enabled: true,
  };
}

/** Nobody else holds positions here: the open interest is a tenth of the day's volume, so that it is of a likely size. */
export function openInterestRow(floor: Floor, listing: Listing): WireOpenInterest {
  const lots = Math.floor(floor.tape(listing).day().volumeLots / 10);
  return {
    instType: 'SWAP',
    instId: listing.instId,
    oi: contracts(listing, lots),
    oiCcy: coins(listing, lots),
    oiUsd: worth(listing, lots * floor.bookOf(listing).markTicks),
    ts: String(floor.at),
  };
}

const FUNDING_BOUND = '0.00375';

export function fundingRateRow(floor: Floor, listing: Listing): WireFundingRate {
  const next = floor.nextFundingAt(floor.at, listing);
  const settled = floor.tape(listing).settled.at(-1);
  return {
    instType: 'SWAP',
    instId: listing.instId,
    method: 'current_period',
    formulaType: 'noRate',
    fundingRate: rate(floor.fundingRateE8(listing)),
    nextFundingRate: '',
    fundingTime: String(next),
    nextFundingTime: whole(floor.nextFundingAt(next, listing)),
    minFundingRate: `-${FUNDING_BOUND}`,
    maxFundingRate: FUNDING_BOUND,
    interestRate: '0.0001',
    impactValue: '20000',
    premium: rate(floor.fundingRateE8(listing) - 10_000),
    settState: 'settled',
    settFundingRate: settled === undefined ? '' : rate(settled.rateE8),
    ts: whole(floor.at),
  };
}

export function fundingRecordRow(listing: Listing, settled: SettledFunding): WireFundingRecord {
  return {
    instType: 'SWAP',
    instId: listing.instId,
    formulaType: 'noRate',
    fundingRate: rate(settled.rateE8),
    realizedRate: rate(settled.rateE8),
    fundingTime: String(settled.at),
    method: 'current_period',
  };
}

export function candleRow(listing: Listing, bar: TapeBar): WireCandle {
  return [
    String(bar.startMinute * MINUTE_MS),
    price(listing, bar.openTicks),
    price(listing, bar.highTicks),
    price(listing, bar.lowTicks),
    price(listing, bar.closeTicks),
    contracts(listing, bar.volumeLots),
    coins(listing, bar.volumeLots),
    worth(listing, bar.lotTicks),
    bar.isClosed ? '1' : '0',
  ];
}

export function tradeRow(listing: Listing, trade: TapeTrade): WireTrade {
  return {
    instId: listing.instId,
    tradeId: String(trade.id),
    px: price(listing, trade.priceTicks),
    sz: contracts(listing, trade.sizeLots),
    side: trade.side,
    source: '0',
    ts: String(trade.at),
  };
}

export function tradePushRow(listing: Listing, trade: TapeTrade, seqId: number): WireTradePush {
  return { ...tradeRow(listing, trade), count: '1', seqId };
}

export function bookRow(listing: Listing, depth: Depth, levels: number, at: number, seqId: number): WireBook {
  return {
    asks: levelRows(listing, depth.asks, 1, levels),
    bids: levelRows(listing, depth.bids, -1, levels),
    ts: String(at),
    seqId,
  };
}

export function bookTopRow(listing: Listing, depth: Depth, levels: number, at: number, seqId: number): WireBookTop {
  return { ...bookRow(listing, depth, levels, at, seqId), instId: listing.instId, seqId };
}

export function bookChangeRow(
  listing: Listing,
  changes: { readonly asks: readonly DepthChange[]; readonly bids: readonly DepthChange[] },
  at: number,
  seqId: number,
  prevSeqId: number,
): WireBookChange {
  const rows = (list: readonly DepthChange[]) => list.map(({ ticks, lots }) => levelRow(listing, ticks, lots));
  return { asks: rows(changes.asks), bids: rows(changes.bids), ts: String(at), checksum: 0, seqId, prevSeqId };
}

function levelRows(listing: Listing, side: DepthSide, away: 1 | -1, most: number): WireBookLevel[] {
  const rows: WireBookLevel[] = [];
  for (let n = 0; n < side.lots.length && rows.length < most; n++) {
    const lots = side.lots[n] ?? 0;
    if (lots > 0) rows.push(levelRow(listing, side.bestTicks + away * n, lots));
  }
  return rows;
}

function levelRow(listing: Listing, ticks: number, lots: number): WireBookLevel {
  return [price(listing, ticks), contracts(listing, lots), '0', lots === 0 ? '0' : String(ordersAt(lots))];
}

function rate(rateE8: number): NumberInString {
  return unitsText(BigInt(rateE8), 8);
}
