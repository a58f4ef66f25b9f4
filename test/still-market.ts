/** A market in which nobody trades: the price stands where it was put, until a test moves it. */
import type { Instrument } from '../src/core/instrument/instrument.ts';
import { type Candles, emptyCandles, MINUTE_MS } from '../src/core/market/candle.ts';
import { FUNDING_USUAL_E8, type MarketSource, type SettledFunding } from '../src/paper/market/market-source.ts';
import type { MarketTick } from '../src/sim/market/market.ts';

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
