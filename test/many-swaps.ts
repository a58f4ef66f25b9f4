import type { Instrument } from '../src/core/instrument/instrument.ts';
import { OFFLINE_INSTRUMENTS } from '../src/sim/market/instruments.ts';

/** The offline instruments, and as many more of their kind under other names. */
export function manySwaps(count: number): readonly Instrument[] {
  return Array.from({ length: count }, (_, n) => {
    const model = OFFLINE_INSTRUMENTS[n % OFFLINE_INSTRUMENTS.length] as Instrument;
    return n < OFFLINE_INSTRUMENTS.length ? model : { ...model, instId: `${model.baseCoin}${n}-USDT-SWAP` };
  });
}
