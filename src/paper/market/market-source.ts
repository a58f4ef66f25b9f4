/**
 * Where the exchange's prices come from: a market that never was (sim/market/market.ts), candles of a file, somebody else's market (relay-market.ts), or
 * nobody.
 *
 * A source gives one second after the other, in order, and what lay before the first one as 1m candles. Prices in ticks, sizes in lots, funding
 * in 10⁻⁸ of the value.
 */

import type { CandleClosed } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Candles, DAY_MINUTES, emptyCandles, firstCandles, MINUTE_MS } from '../../core/market/candle.ts';
import { Market, type MarketSymbol, type MarketTick } from '../../sim/market/market.ts';
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

export const FUNDING_MINUTES = 480;
const FUNDING_USUAL_E8 = 10_000;

/** Characters of the ten instruments of sim/market/instruments.ts; another one gets a middling character around 1,000,000 ticks. */
const CHARACTERS: Readonly<Record<string, Omit<MarketSymbol, 'instId'>>> = {
  'BTC-USDT-SWAP': { startTicks: 600_000, minuteLots: 60_000, volatility: 0.0006, spreadTicks: 1 },
  'ETH-USDT-SWAP': { startTicks: 300_000, minuteLots: 80_000, volatility: 0.0008, spreadTicks: 1 },
  'SOL-USDT-SWAP': { startTicks: 15_000, minuteLots: 200_000, volatility: 0.001, spreadTicks: 1 },
  'XRP-USDT-SWAP': { startTicks: 6_000, minuteLots: 150_000, volatility: 0.001, spreadTicks: 1 },
  'DOGE-USDT-SWAP': { startTicks: 15_000, minuteLots: 60_000, volatility: 0.0012, spreadTicks: 1 },
  'BNB-USDT-SWAP': { startTicks: 6_000, minuteLots: 4_000, volatility: 0.0007, spreadTicks: 1 },
  'ADA-USDT-SWAP': { startTicks: 5_000, minuteLots: 12_000, volatility: 0.001, spreadTicks: 1 },
  'LINK-USDT-SWAP': { startTicks: 15_000, minuteLots: 20_000, volatility: 0.001, spreadTicks: 2 },
  'LTC-USDT-SWAP': { startTicks: 8_000, minuteLots: 5_000, volatility: 0.0009, spreadTicks: 1 },
  'AVAX-USDT-SWAP': { startTicks: 30_000, minuteLots: 15_000, volatility: 0.0011, spreadTicks: 4 },
};
const MIDDLING: Omit<MarketSymbol, 'instId'> = {
  startTicks: 1_000_000,
  minuteLots: 10_000,
  volatility: 0.001,
  spreadTicks: 2,
};

/** How much of every step the generated symbols share. */
const CORRELATION = 0.5;

export interface GeneratedSettings {
  readonly seed: number;
  readonly instruments: readonly Instrument[];
  /** When the market was made; a day (or `historyMinutes`) of it lies before. The same seed and birth are the same market for ever. */
  readonly bornAt: number;
  /** Where its ticks begin: everything before is history. */
  readonly fromMs: number;
  readonly historyMinutes?: number;
  /** Another character than the table's, by instrument. */
  readonly characters?: Readonly<Record<string, Partial<Omit<MarketSymbol, 'instId'>>>>;
}

export class GeneratedMarket implements MarketSource {
  readonly instruments: readonly Instrument[];
  readonly history: readonly Candles[];
  readonly settled: readonly SettledFunding[][];
  readonly #market: Market;
  #minute: (readonly MarketTick[])[] = [];
  #second = 0;
  /** Of the last minute that is over: what the one that is being lived through will bring, nobody knows yet. */
  #rates: readonly number[] = [];

  constructor(settings: GeneratedSettings) {
    this.instruments = settings.instruments;
    const firstMinute = Math.floor(settings.fromMs / MINUTE_MS);
    const bornMinute = Math.floor(settings.bornAt / MINUTE_MS);
    const startMinute = bornMinute - (settings.historyMinutes ?? DAY_MINUTES);
    this.#market = Market.of({
      seed: settings.seed,
      startMinute,
      correlation: CORRELATION,
      symbols: settings.instruments.map(({ instId }) => ({
        ...(CHARACTERS[instId] ?? MIDDLING),
        ...settings.characters?.[instId],
        instId,
      })),
    });
    const minutes = firstMinute - startMinute;
    this.history = settings.instruments.map(({ instId }) => emptyCandles(instId, minutes));
    this.settled = settings.instruments.map(() => []);
    for (let at = 0; at < minutes; at++) {
      this.#market.next();
      this.history.forEach((candles, number) => this.#market.writeCandle(number, candles, at));
      if ((startMinute + at + 1) % FUNDING_MINUTES === 0)
        this.settled.forEach((list, number) =>
          list.push({
            at: (startMinute + at + 1) * MINUTE_MS,
            rateE8: this.#market.fundingRateE8(number),
          }),
        );
    }
    this.#nextMinute();
  }

  get nextAt(): number {
    return this.#minute[0]?.[this.#second]?.at ?? Number.POSITIVE_INFINITY;
  }

  next(): readonly MarketTick[] {
    const ticks = this.#minute.map((second) => second[this.#second] as MarketTick);
    this.#second += 1;
    if (this.#second >= (this.#minute[0]?.length ?? 0)) this.#nextMinute();
    return ticks;
  }

  fundingRateE8(number: number): number {
    return this.#rates[number] ?? FUNDING_USUAL_E8;
  }

  #nextMinute(): void {
    if (this.#market.minute >= this.#market.settings.startMinute)
      this.#rates = this.instruments.map((_, number) => this.#market.fundingRateE8(number));
    this.#market.next();
    this.#minute = this.instruments.map((_, number) => this.#market.ticks(number));
    this.#second = 0;
  }
}

/**
 * Candles of a file as a market: each minute goes open, nearer extreme, other extreme, close, second by second. What lies before `fromMs` is
 * history; after the last candle the price stands.
 */
export class ReplayMarket implements MarketSource {
  readonly instruments: readonly Instrument[];
  readonly history: readonly Candles[];
  readonly settled: readonly SettledFunding[][];
  readonly #candles: readonly Candles[];
  readonly #places: number[];
  readonly #spreadTicks: number;
  #minute = Number.POSITIVE_INFINITY;
  #second = 0;

  constructor(instruments: readonly Instrument[], candles: readonly Candles[], fromMs: number, spreadTicks = 1) {
    this.instruments = instruments;
    this.#candles = candles;
    this.#spreadTicks = spreadTicks;
    const firstMinute = Math.floor(fromMs / MINUTE_MS);
    this.#places = candles.map((each) => lowerBound(each.openMinute, each.length, firstMinute));
    this.history = candles.map((each, number) => firstCandles(each, this.#places[number] ?? 0));
    this.settled = candles.map((each) => settlementsOf(each, firstMinute));
    this.#goToNextMinute();
  }

  get nextAt(): number {
    return this.#minute === Number.POSITIVE_INFINITY ? this.#minute : this.#minute * MINUTE_MS + this.#second * 1_000;
  }

  next(): readonly MarketTick[] {
    const at = this.nextAt;
    const ticks: MarketTick[] = [];
    this.#candles.forEach((candles, number) => {
      const place = this.#places[number] ?? 0;
      if (candles.openMinute[place] !== this.#minute) return;
      const lastTicks = pathTicks(candles, place, this.#second);
      const bidTicks = Math.max(1, this.#second % 2 === 0 ? lastTicks : lastTicks - this.#spreadTicks);
      ticks.push({
        at,
        instId: candles.instId,
        lastTicks,
        bidTicks,
        askTicks: bidTicks + this.#spreadTicks,
        markTicks: lastTicks,
        volumeLots: shareOfVolume(candles.volumeLots[place] ?? 0, this.#second),
      });
    });
    this.#second += 1;
    if (this.#second === 60) {
      this.#candles.forEach((candles, number) => {
        const place = this.#places[number] ?? 0;
        if (candles.openMinute[place] === this.#minute) this.#places[number] = place + 1;
      });
      this.#goToNextMinute();
    }
    return ticks;
  }

  fundingRateE8(): number {
    return FUNDING_USUAL_E8;
  }

  #goToNextMinute(): void {
    this.#second = 0;
    this.#minute = Number.POSITIVE_INFINITY;
    this.#candles.forEach((candles, number) => {
      const minute = candles.openMinute[this.#places[number] ?? 0];
      if (minute !== undefined && (this.#places[number] ?? 0) < candles.length)
        this.#minute = Math.min(this.#minute, minute);
    });
  }
}

/** Nobody trades here: the price stands where it was put. For tests, which move it themselves. */
export class StillMarket implements MarketSource {
  readonly instruments: readonly Instrument[];
  readonly history: readonly Candles[];
  readonly settled: readonly SettledFunding[][];
  readonly nextAt = Number.POSITIVE_INFINITY;

  constructor(instruments: readonly Instrument[], priceTicks: readonly number[], fromMs: number) {
    this.instruments = instruments;
    const firstMinute = Math.floor(fromMs / MINUTE_MS);
    this.history = instruments.map(({ instId }, number) => {
      const candles = emptyCandles(instId, 1);
      candles.openMinute[0] = firstMinute - 1;
      for (const column of [candles.openTicks, candles.highTicks, candles.lowTicks, candles.closeTicks])
        column[0] = priceTicks[number] ?? 0;
      return candles;
    });
    this.settled = instruments.map(() => []);
  }

  next(): readonly MarketTick[] {
    return [];
  }

  fundingRateE8(): number {
    return FUNDING_USUAL_E8;
  }
}

/** Second 0 is the open, 20 the extreme nearer to it, 40 the other one, 59 the close; straight lines between. */
function pathTicks(candles: Candles, place: number, second: number): number {
  const open = candles.openTicks[place] ?? 0;
  const high = candles.highTicks[place] ?? 0;
  const low = candles.lowTicks[place] ?? 0;
  const close = candles.closeTicks[place] ?? 0;
  const isLowFirst = open - low <= high - open;
  const points = [open, isLowFirst ? low : high, isLowFirst ? high : low, close];
  const leg = second < 20 ? 0 : second < 40 ? 1 : 2;
  const length = leg === 2 ? 19 : 20;
  const from = points[leg] ?? open;
  const to = points[leg + 1] ?? close;
  return Math.round(from + ((to - from) * (second - leg * 20)) / length);
}

function shareOfVolume(volumeLots: number, second: number): number {
  return Math.floor((volumeLots * (second + 1)) / 60) - Math.floor((volumeLots * second) / 60);
}

function lowerBound(sorted: Uint32Array, length: number, least: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

function settlementsOf(candles: Candles, firstMinute: number): SettledFunding[] {
  const settled: SettledFunding[] = [];
  const from = candles.openMinute[0];
  if (from === undefined) return settled;
  for (
    let minute = Math.ceil(from / FUNDING_MINUTES) * FUNDING_MINUTES;
    minute <= firstMinute;
    minute += FUNDING_MINUTES
  )
    settled.push({ at: minute * MINUTE_MS, rateE8: FUNDING_USUAL_E8 });
  return settled;
}
