import { backtestSampler } from './backtest.ts';
import type { Figure } from './figure.ts';

/** The same with 20 symbols that share one account's margin, minute by minute. Wanted: 1/100 of the floor. */
export const core20: Figure = {
  name: 'core-20',
  unit: 'symbol-candles/s',
  hasFloor: true,
  runs: 7,
  prepare: (size) => backtestSampler(20, size === 'tiny' ? 1_500 : 43_200),
};
