/** Endpoints that anybody may ask. Source: okx-v5.md §1.6. */

import { MINUTE_MS } from '../../core/market/candle.ts';
import type { WireServerTime } from '../../okx/wire/instrument.ts';
import { barOf } from '../market/bars.ts';
import { LEVELS } from '../market/depth.ts';
import { listingIn } from '../orders/order-input.ts';
import { neededText, textOf, wholeOf } from '../wire/input.ts';
import { instrumentRow, tierRows } from '../wire/instrument-rows.ts';
import {
  bookRow,
  candleRow,
  fundingRateRow,
  fundingRecordRow,
  indexTickerRow,
  markPriceRow,
  openInterestRow,
  priceLimitRow,
  tickerRow,
  tradeRow,
} from '../wire/market-rows.ts';
import { whole } from '../wire/numbers.ts';
import { paged, pageIn } from '../wire/paging.ts';
import { done, parameterEmpty, parameterError } from '../wire/reply.ts';
import { asksForSwaps, listingsIn, namedListings, neededType, type PublicHandler } from './call.ts';

export const publicEndpoints: Readonly<Record<string, PublicHandler>> = {
  'GET /api/v5/public/time': ({ floor }) => done([{ ts: whole(floor.at) } satisfies WireServerTime]),

  'GET /api/v5/system/status': () => done([]),

  'GET /api/v5/public/instruments': ({ floor, query }) => {
    neededType(query);
    return done(listingsIn(floor, query).map((listing) => instrumentRow(floor, listing)));
  },

  'GET /api/v5/public/position-tiers': ({ floor, query }) => {
    neededType(query);
    if (!asksForSwaps(query)) return done([]);
    const named = textOf(query, 'instFamily') ?? textOf(query, 'uly');
    const families = (named ?? textOf(query, 'instId')?.replace(/-SWAP$/, ''))?.split(',');
    if (families === undefined) throw parameterEmpty('instFamily');
    const tier = textOf(query, 'tier');
    const rows = families.flatMap((family) => floor.listingsOfFamily(family)).flatMap(tierRows);
    return done(tier === undefined ? rows : rows.filter((row) => row.tier === tier));
  },

  'GET /api/v5/public/mark-price': ({ floor, query }) =>
    done(listingsIn(floor, query).map((listing) => markPriceRow(floor, listing))),

  'GET /api/v5/public/funding-rate': ({ floor, query }) =>
    done(namedListings(floor, query).map((listing) => fundingRateRow(floor, listing))),

  'GET /api/v5/public/funding-rate-history': ({ floor, query }) => {
    const listing = listingIn(floor, query);
    const newest = floor.tape(listing).settled.toReversed();
    const page = paged(
      newest,
      pageIn(query, 400, 400),
      ({ at }) => String(at),
      ({ at }) => at,
    );
    return done(page.map((settled) => fundingRecordRow(listing, settled)));
  },

  'GET /api/v5/public/price-limit': ({ floor, query }) => done([priceLimitRow(floor, listingIn(floor, query))]),

  'GET /api/v5/public/open-interest': ({ floor, query }) =>
    done(listingsIn(floor, query).map((listing) => openInterestRow(floor, listing))),

  'GET /api/v5/market/index-tickers': ({ floor, query }) => {
    const family = textOf(query, 'instId');
    const quote = textOf(query, 'quoteCcy');
    if (family === undefined && quote === undefined) throw parameterEmpty('instId or quoteCcy');
    const listings = family !== undefined ? floor.listingsOfFamily(family) : quote === 'USDT' ? floor.listings : [];
    return done(listings.map((listing) => indexTickerRow(floor, listing)));
  },

  'GET /api/v5/market/tickers': ({ floor, query }) => {
    neededType(query);
    return done(listingsIn(floor, query).map((listing) => tickerRow(floor, listing)));
  },

  'GET /api/v5/market/ticker': ({ floor, query }) => done([tickerRow(floor, listingIn(floor, query))]),

  'GET /api/v5/market/candles': (call) => candles(call, RECENT_BARS),

  'GET /api/v5/market/history-candles': (call) => candles(call, Number.POSITIVE_INFINITY),

  'GET /api/v5/market/books': ({ floor, query }) => {
    const listing = listingIn(floor, query);
    const depth = floor.depthOf(listing);
    const levels = wholeOf(query, 'sz', 1, LEVELS, 1);
    return done([bookRow(listing, depth, levels, floor.at, floor.tickCount)]);
  },

  'GET /api/v5/market/trades': ({ floor, query }) => {
    const listing = listingIn(floor, query);
    const limit = wholeOf(query, 'limit', 1, 500, 100);
    return done(
      floor
        .tape(listing)
        .trades.slice(-limit)
        .toReversed()
        .map((trade) => tradeRow(listing, trade)),
    );
  },
};

/** `market/candles` keeps so many bars (okx-v5.md §1.6). */
const RECENT_BARS = 1_440;

function candles({ floor, query }: Parameters<PublicHandler>[0], barsMost: number) {
  neededText(query, 'instId');
  const listing = listingIn(floor, query);
  const name = textOf(query, 'bar') ?? '1m';
  const bar = barOf(name);
  if (bar === undefined) throw parameterError('bar');
  const page = pageIn(query, 300, 100);
  const tape = floor.tape(listing);
  const oldest =
    barsMost === Number.POSITIVE_INFINITY || bar.minutes === 0
      ? -1
      : (tape.formingBar(bar).startMinute - barsMost * bar.minutes) * MINUTE_MS;
  const bars = tape.bars(
    bar,
    Math.max(page.before === undefined ? -1 : Number(page.before), oldest),
    page.after === undefined ? Number.POSITIVE_INFINITY : Number(page.after),
    page.limit,
  );
  return done(bars.map((each) => candleRow(listing, each)));
}
