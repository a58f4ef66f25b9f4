/** A market that never was (sim/market/market.ts), made from a seed and the moment of its birth. */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Candles, DAY_MINUTES, emptyCandles, MINUTE_MS } from '../../core/market/candle.ts';
import { Market, type MarketSymbol, type MarketTick } from '../../sim/market/market.ts';
import { FUNDING_MINUTES, FUNDING_USUAL_E8, type MarketSource, type SettledFunding } from './market-source.ts';

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
