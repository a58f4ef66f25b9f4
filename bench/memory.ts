import { CANDLE_COLUMNS, type Candles, emptyCandles } from '../src/core/market/candle.ts';
import type { Figure } from './figure.ts';

/** Bytes of memory that a candle takes at rest in its columns, as the process counts them. Wanted: 24 at most. */
export const memory: Figure = {
  name: 'memory',
  unit: 'bytes/candle',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const candles = size === 'tiny' ? 10_000 : 525_600;
    // Held to the end: what is collected meanwhile would be taken off the count.
    const held: Candles[] = [];
    return { sample: () => bytesOf(() => void held.push(filled(candles))) / candles, did: { candles } };
  },
};

function bytesOf(allocate: () => void): number {
  const before = process.memoryUsage().arrayBuffers;
  allocate();
  return process.memoryUsage().arrayBuffers - before;
}

/** Memory that nobody has written to is not there yet. */
function filled(length: number): Candles {
  const columns = emptyCandles('BTC-USDT-SWAP', length);
  for (const name of CANDLE_COLUMNS) for (let i = 0; i < length; i++) columns[name][i] = i;
  return columns;
}
