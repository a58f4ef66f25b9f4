/** What is listed, as OKX writes it. Source: okx-v5.md §1.6. */
import { decimal } from '../../core/numbers/decimal.ts';
import type { NumberInString } from '../../okx/wire/field.ts';
import type { WireInstrument } from '../../okx/wire/instrument.ts';
import type { WirePositionTier } from '../../okx/wire/position-tier.ts';
import type { Floor } from '../floor.ts';
import type { Listing } from '../market/listing.ts';
import { contracts, decimalText, unitsText, whole } from './numbers.ts';

/** The largest value of one order, USDT (recorded `maxLmtAmt`). */
export const ORDER_USDT_MAX = 20_000_000;
/** The group that every listing pays its fees in. */
export const FEE_GROUP = '1';

export function instrumentRow(floor: Pick<Floor, 'priceLimitBps' | 'isStill'>, listing: Listing): WireInstrument {
  const { instrument } = listing;
  const largestMarket = contracts(listing, instrument.lotsMaxMarketOrder);
  const largestLimit = contracts(listing, instrument.lotsMaxLimitOrder);
  const band = unitsText(BigInt(floor.priceLimitBps), 4);
  return {
    instType: 'SWAP',
    instId: listing.instId,
    uly: listing.family,
    instFamily: listing.family,
    settleCcy: 'USDT',
    ctVal: decimalText(instrument.contractValue),
    ctMult: '1',
    ctValCcy: instrument.baseCoin,
    ctType: 'linear',
    tickSz: decimalText(instrument.tickSize),
    lotSz: decimalText(instrument.lotSize),
    minSz: contracts(listing, instrument.lotsMin),
    lever: whole(instrument.leverageMax),
    state: floor.isStill(listing) ? 'suspend' : 'live',
    ruleType: 'normal',
    listTime: '1573557408000',
    expTime: '',
    contTdSwTime: '',
    preMktSwTime: '',
    openType: '',
    auctionEndTime: '',
    maxLmtSz: largestLimit,
    maxMktSz: largestMarket,
    maxLmtAmt: whole(ORDER_USDT_MAX),
    maxMktAmt: '',
    maxTwapSz: largestLimit,
    maxIcebergSz: largestLimit,
    maxTriggerSz: largestLimit,
    maxStopSz: largestMarket,
    posLmtAmt: '',
    posLmtPct: '',
    maxPlatOILmt: '',
    groupId: FEE_GROUP,
    instCategory: '1',
    upcChg: [],
    initPxLmtPct: band,
    floatPxLmtPct: band,
    maxPxLmtPct: band,
    futureSettlement: false,
    tradeQuoteCcyList: [],
    instIdCode: listing.instIdCode,
    baseCcy: '',
    quoteCcy: '',
    optType: '',
    stk: '',
    alias: '',
    category: '1',
  };
}

export function tierRows(listing: Listing): WirePositionTier[] {
  let from = 0;
  return listing.instrument.tiers.map((tier, number) => {
    const row: WirePositionTier = {
      uly: listing.family,
      instFamily: listing.family,
      instId: '',
      tier: whole(number + 1),
      minSz: contracts(listing, from),
      maxSz: contracts(listing, tier.lotsMax),
      mmr: decimalText(tier.maintenanceRate),
      imr: shortened(1 / tier.leverageMax),
      maxLever: whole(tier.leverageMax),
      optMgnFactor: '0',
      quoteMaxLoan: '0',
      baseMaxLoan: '0',
    };
    from = tier.lotsMax + 1;
    return row;
  });
}

function shortened(value: number): NumberInString {
  return decimalText(decimal(Number(value.toFixed(6))));
}
