/**
 * What a market's minutes look like in numbers: tails, clusters, memory. For market.test.ts and docs/market.md, over
 * generated and real candles alike. Display numbers, in doubles.
 */
import type { Candles } from '../src/core/market/candle.ts';

export interface MarketStatistics {
  /** Deviation of a minute's return, % of price. */
  readonly deviationPercent: number;
  /** Fourth moment over the squared second; 3 is normal. */
  readonly kurtosis: number;
  /** The largest move of a minute, in deviations. */
  readonly largestMove: number;
  /** Autocorrelation of returns by lag in minutes. */
  readonly returnsMemory: Readonly<Record<1 | 2 | 5 | 30, number>>;
  /** Autocorrelation of absolute returns by lag in minutes. */
  readonly movesMemory: Readonly<Record<1 | 5 | 15 | 30 | 60, number>>;
  /** The least of the autocorrelations of absolute returns at lags 1 to 60. */
  readonly movesMemoryLeast: number;
  /** Correlation of volume with the absolute return and with the range. */
  readonly volumeWithMove: number;
  readonly volumeWithRange: number;
  /** Mean range over mean absolute return. */
  readonly rangeOverMove: number;
  /** Deepest fall of closes from their peak, %. */
  readonly drawdownPercent: number;
}

export function marketStatistics(candles: Candles): MarketStatistics {
  const returns = returnsOf(candles);
  const moves = returns.map(Math.abs);
  const ranges = Float64Array.from({ length: returns.length }, (_, i) => rangeOf(candles, i + 1));
  const volumes = Float64Array.from(candles.volumeLots.subarray(1));
  const center = mean(returns);
  const variance = mean(returns.map((r) => (r - center) * (r - center)));
  const deviation = Math.sqrt(variance);
  const memoryOf = memory(moves);
  const returnsMemoryOf = memory(returns);
  return {
    deviationPercent: deviation * 100,
    kurtosis: mean(returns.map((r) => (r - center) ** 4)) / (variance * variance),
    largestMove: moves.reduce((most, move) => Math.max(most, move), 0) / deviation,
    returnsMemory: { 1: returnsMemoryOf(1), 2: returnsMemoryOf(2), 5: returnsMemoryOf(5), 30: returnsMemoryOf(30) },
    movesMemory: { 1: memoryOf(1), 5: memoryOf(5), 15: memoryOf(15), 30: memoryOf(30), 60: memoryOf(60) },
    movesMemoryLeast: Math.min(...Array.from({ length: 60 }, (_, i) => memoryOf(i + 1))),
    volumeWithMove: correlation(volumes, moves),
    volumeWithRange: correlation(volumes, ranges),
    rangeOverMove: mean(ranges) / mean(moves),
    drawdownPercent: drawdown(candles) * 100,
  };
}

/** Simple returns of closes, one fewer than candles. */
export function returnsOf(candles: Candles): Float64Array {
  const { closeTicks } = candles;
  return Float64Array.from(
    { length: candles.length - 1 },
    (_, i) => (closeTicks[i + 1] as number) / (closeTicks[i] as number) - 1,
  );
}

export function correlation(a: Float64Array, b: Float64Array): number {
  const meanA = mean(a);
  const meanB = mean(b);
  let both = 0;
  let squaresA = 0;
  let squaresB = 0;
  for (let i = 0; i < a.length; i++) {
    const fromA = (a[i] as number) - meanA;
    const fromB = (b[i] as number) - meanB;
    both += fromA * fromB;
    squaresA += fromA * fromA;
    squaresB += fromB * fromB;
  }
  return both / Math.sqrt(squaresA * squaresB);
}

function rangeOf(candles: Candles, i: number): number {
  return ((candles.highTicks[i] as number) - (candles.lowTicks[i] as number)) / (candles.openTicks[i] as number);
}

function memory(values: Float64Array): (lag: number) => number {
  const center = mean(values);
  const centered = values.map((value) => value - center);
  const whole = centered.reduce((sum, value) => sum + value * value, 0);
  return (lag) => {
    let sum = 0;
    for (let i = lag; i < centered.length; i++) sum += (centered[i] as number) * (centered[i - lag] as number);
    return sum / whole;
  };
}

function drawdown(candles: Candles): number {
  let peak = 0;
  let deepest = 0;
  for (const close of candles.closeTicks) {
    if (close > peak) peak = close;
    deepest = Math.max(deepest, 1 - close / peak);
  }
  return deepest;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
