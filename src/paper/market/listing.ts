/**
 * What is listed at the exchange.
 *
 * A listing is one swap. It has four slots in the matcher: isolated and cross, and in each one for net or long and one for short, because
 * these are positions of their own that may stand side by side (okx-v5.md §2, "Net vs long/short mode"). Each slot is an instrument of the
 * simulator under its own name; all of a listing's slots see the same market.
 */
import type { Instrument } from '../../core/instrument/instrument.ts';

export const MARGIN_MODES = ['isolated', 'cross'] as const;
export type MarginMode = (typeof MARGIN_MODES)[number];
export type PositionMode = 'net_mode' | 'long_short_mode';
export const POS_SIDES = ['net', 'long', 'short'] as const;
export type PosSide = (typeof POS_SIDES)[number];

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
    for (const marginMode of MARGIN_MODES)
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
