/**
 * What is listed at the exchange, and how its numbers are written.
 *
 * A listing is one swap. It has four slots in the matcher: isolated and cross, and in each one for net or long and one for short, because
 * these are positions of their own that may stand side by side (okx-v5.md §2, "Net vs long/short mode"). Each slot is an instrument of the
 * simulator under its own name; all of a listing's slots see the same market.
 */
import { decimal, formatDecimal, formatUnits } from '../../core/decimal.ts';
import { coinsText, contractsText, type Instrument, priceText } from '../../core/instrument.ts';
import type { NumberInString } from '../../okx/wire/field.ts';
import type { WireInstrument } from '../../okx/wire/instrument.ts';
import type { WirePositionTier } from '../../okx/wire/position-tier.ts';

export type MarginMode = 'isolated' | 'cross';
export type PositionMode = 'net_mode' | 'long_short_mode';
export type PosSide = 'net' | 'long' | 'short';

export interface Slot {
  /** In the matcher. */
  readonly index: number;
  readonly listing: Listing;
  readonly marginMode: MarginMode;
  /** `short` only in long/short mode; the other slot is net or long, as the account's mode says. */
  readonly isShort: boolean;
  readonly instrument: Instrument;
}

export interface Listing {
  readonly index: number;
  readonly instrument: Instrument;
  readonly instId: string;
  /** `BTC-USDT`. */
  readonly family: string;
  readonly instIdCode: number;
  readonly slots: readonly Slot[];
}

/** Recorded codes (okx-v5.md §1.6); the others count on from there. */
const RECORDED_CODES: Readonly<Record<string, number>> = { 'BTC-USDT-SWAP': 10459, 'ETH-USDT-SWAP': 10461 };
const FIRST_CODE = 10_500;

export function listingsOf(instruments: readonly Instrument[]): Listing[] {
  let index = 0;
  return instruments.map((instrument, number) => {
    const slots: Slot[] = [];
    const listing: Listing = {
      index: number,
      instrument,
      instId: instrument.instId,
      family: instrument.instId.replace(/-SWAP$/, ''),
      instIdCode: RECORDED_CODES[instrument.instId] ?? FIRST_CODE + number,
      slots,
    };
    for (const marginMode of ['isolated', 'cross'] as const)
      for (const isShort of [false, true]) {
        const instId = `${instrument.instId}/${marginMode}${isShort ? '/short' : ''}`;
        slots.push({ index, listing, marginMode, isShort, instrument: { ...instrument, instId } });
        index += 1;
      }
    return listing;
  });
}

/** The slot of a margin mode; `short` only where the account keeps both sides apart. */
export function slotOf(listing: Listing, marginMode: MarginMode, posSide: PosSide): Slot {
  const slot = listing.slots[(marginMode === 'cross' ? 2 : 0) + (posSide === 'short' ? 1 : 0)];
  if (slot === undefined) throw new RangeError(`${listing.instId} has no slot for ${marginMode} ${posSide}`);
  return slot;
}

export function posSideOf(slot: Slot, mode: PositionMode): PosSide {
  return mode === 'net_mode' ? 'net' : slot.isShort ? 'short' : 'long';
}

export function price(listing: Listing, ticks: number): NumberInString {
  return priceText(listing.instrument, ticks) as NumberInString;
}

export function contracts(listing: Listing, lots: number): NumberInString {
  return contractsText(listing.instrument, lots) as NumberInString;
}

/** Coins of `lots`. */
export function coins(listing: Listing, lots: number): NumberInString {
  return coinsText(listing.instrument, lots) as NumberInString;
}

/** USDT of whole 10⁻⁸ units. */
export function usdt(units: number | bigint): NumberInString {
  return formatUnits(BigInt(units), 8) as NumberInString;
}

/** A price of `over` / `under` ticks: on the grid where it divides, else the nearest double. */
export function averagePrice(listing: Listing, over: number, under: number): NumberInString {
  if (over % under === 0) return price(listing, over / under);
  const { units, scale } = listing.instrument.tickSize;
  const text = formatUnits((BigInt(over) * units * 10n ** 20n) / BigInt(under), scale + 20);
  return String(Number(text)) as NumberInString;
}

/** `bandBps`: how far from the last price an order may be priced here. `isStill`: nothing may be placed at present. */
export function instrumentRow(listing: Listing, bandBps: number, isStill: boolean): WireInstrument {
  const { instrument } = listing;
  const largestMarket = contracts(listing, instrument.lotsMaxMarketOrder);
  const largestLimit = contracts(listing, instrument.lotsMaxLimitOrder);
  const band = formatUnits(BigInt(bandBps), 4) as NumberInString;
  return {
    instType: 'SWAP',
    instId: listing.instId,
    uly: listing.family,
    instFamily: listing.family,
    settleCcy: 'USDT',
    ctVal: formatDecimal(instrument.contractValue) as NumberInString,
    ctMult: '1',
    ctValCcy: instrument.baseCoin,
    ctType: 'linear',
    tickSz: formatDecimal(instrument.tickSize) as NumberInString,
    lotSz: formatDecimal(instrument.lotSize) as NumberInString,
    minSz: contracts(listing, instrument.lotsMin),
    lever: String(instrument.leverageMax) as NumberInString,
    state: isStill ? 'suspend' : 'live',
    ruleType: 'normal',
    listTime: '1573557408000',
    expTime: '',
    contTdSwTime: '',
    preMktSwTime: '',
    openType: '',
    auctionEndTime: '',
    maxLmtSz: largestLimit,
    maxMktSz: largestMarket,
    maxLmtAmt: String(ORDER_USDT_MAX) as NumberInString,
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

/** The largest value of one order, USDT (recorded `maxLmtAmt`). */
export const ORDER_USDT_MAX = 20_000_000;
/** The group that every listing pays its fees in. */
export const FEE_GROUP = '1';

export function tierRows(listing: Listing): WirePositionTier[] {
  let from = 0;
  return listing.instrument.tiers.map((tier, number) => {
    const row: WirePositionTier = {
      uly: listing.family,
      instFamily: listing.family,
      instId: '',
      tier: String(number + 1) as NumberInString,
      minSz: contracts(listing, from),
      maxSz: contracts(listing, tier.lotsMax),
      mmr: formatDecimal(tier.maintenanceRate) as NumberInString,
      imr: shortened(1 / tier.leverageMax),
      maxLever: String(tier.leverageMax) as NumberInString,
      optMgnFactor: '0',
      quoteMaxLoan: '0',
      baseMaxLoan: '0',
    };
    from = tier.lotsMax + 1;
    return row;
  });
}

function shortened(value: number): NumberInString {
  return formatDecimal(decimal(Number(value.toFixed(6)))) as NumberInString;
}
