/** Candles of a generated market for tests of whole runs, and the same as a CSV file. */

import { demoMarketOf } from '../src/cli/demo/demo-market.ts';
import type { CandleClosed } from '../src/core/event.ts';
import { contractsText, type Instrument, priceText } from '../src/core/instrument/instrument.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles, MINUTE_MS } from '../src/core/market/candle.ts';
import { closedCandle } from '../src/lab/trader.ts';
import { offlineInstrument } from '../src/sim/market/instruments.ts';
import { Market } from '../src/sim/market/market.ts';

export interface Generated {
  readonly instruments: readonly Instrument[];
  readonly candles: readonly Candles[];
}

/** Of the ten, from 2026-01-05 on; the same seed, the same candles. */
export function generated(seed: number, minutes: number, symbols: readonly string[] = ['BTC-USDT-SWAP']): Generated {
  const instruments = symbols.map(knownInstrument);
  const market = Market.of({
    seed,
    startMinute: Date.UTC(2026, 0, 5) / MINUTE_MS,
    correlation: 0.6,
    symbols: instruments.map((instrument) => ({ ...demoMarketOf(instrument), instId: instrument.instId })),
  });
  return { instruments, candles: market.candles(minutes) };
}

/** The market without the minutes that `isThere` denies; `index` is the symbol's. */
export function withGaps(market: Generated, isThere: (index: number, candle: number) => boolean): Generated {
  return {
    ...market,
    candles: market.candles.map((column, index) => {
      const kept = [...column.openMinute.keys()].filter((candle) => isThere(index, candle));
      const left = emptyCandles(column.instId, kept.length);
      for (const name of CANDLE_COLUMNS) left[name].set(kept.map((candle) => column[name][candle] as number));
      return left;
    }),
  };
}

/** The closes of a column's candles, as the core hears them. */
export function closedCandles(column: Candles): CandleClosed[] {
  return Array.from({ length: column.length }, (_, i) => closedCandle(column, i));
}

export function knownInstrument(symbol: string): Instrument {
  const instrument = offlineInstrument(symbol);
  if (instrument === undefined) throw new Error(`${symbol} is not among the ten`);
  return instrument;
}

/** Volume in contracts. */
export function csvOf(candles: Candles, instrument: Instrument): string {
  const lines = ['ts,open,high,low,close,contracts'];
  const price = (column: Uint32Array, i: number) => priceText(instrument, column[i] ?? 0);
  for (let i = 0; i < candles.length; i++)
    lines.push(
      [
        (candles.openMinute[i] ?? 0) * MINUTE_MS,
        price(candles.openTicks, i),
        price(candles.highTicks, i),
        price(candles.lowTicks, i),
        price(candles.closeTicks, i),
        contractsText(instrument, candles.volumeLots[i] ?? 0),
      ].join(','),
    );
  return `${lines.join('\n')}\n`;
}
