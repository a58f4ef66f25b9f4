/**
 * Where the exchange's prices come from: a market that never was (generated-market.ts), candles of a file (replay-market.ts), or somebody else's market
 * (relay-market.ts).
 *
 * A source gives one second after the other, in order, and what lay before the first one as 1m candles. Prices in ticks, sizes in lots, funding
 * in 10⁻⁸ of the value.
 */

import type { CandleClosed } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Candles } from '../../core/market/candle.ts';
import type { MarketTick } from '../../sim/market/market.ts';
import type { Depth } from './depth.ts';

export interface SettledFunding {
  readonly at: number;
  readonly rateE8: number;
}

export interface SourceTick extends MarketTick {
  /** The price is there at once; what was passed over acts at the new price. */
  readonly isJump?: boolean;
  /** Only touch or mark moved, nobody traded: no candle knows of it. */
  readonly isQuote?: boolean;
}

export interface MarketSource {
  readonly instruments: readonly Instrument[];
  /** Of each instrument, before the first tick. */
  readonly history: readonly Candles[];
  readonly settled: readonly (readonly SettledFunding[])[];
  /** When the next ticks are due; Infinity where none come any more. */
  readonly nextAt: number;
  /** The ticks that are due at `nextAt`, at most one an instrument. */
  next(): readonly SourceTick[];
  fundingRateE8(number: number): number;
  /** How often funding is settled; a whole part of a day. Absent: every 8 hours. */
  fundingIntervalMs?(number: number): number;
  /** Whether an instrument's present price is not known: then nothing may be filled. Absent: it always is. */
  isStill?(number: number): boolean;
  /** The order book as the market's maker shows it. Absent or undefined: one is made up (depth.ts). */
  depth?(number: number): Depth | undefined;
  /**
   * Closed minutes as the market's maker counts them, in order, since the last asking: they stand instead of what the ticks have made, and no minute is
   * closed before it is told here. Absent: a minute is what its ticks have made, and closed when its time is over.
   */
  takeCandles?(): readonly CandleClosed[];
}

/** How often funding is settled where the market does not say otherwise, and at which rate (10⁻⁸ of the value). */
export const FUNDING_MINUTES = 480;
export const FUNDING_USUAL_E8 = 10_000;
