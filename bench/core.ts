import { backtestSampler } from './backtest.ts';
import type { Figure } from './figure.ts';

/** One-minute candles a second on one core, one symbol. Wanted: 1/40 of the floor; hoped for: 1/15. */
export const core: Figure = {
  name: 'core',
  unit: 'candles/s',
  hasFloor: true,
  runs: 9,
  prepare: (size) => backtestSampler(1, size === 'tiny' ? 10_000 : 525_600),
};
