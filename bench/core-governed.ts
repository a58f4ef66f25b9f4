import { backtestSampler } from './backtest.ts';
import type { Figure } from './figure.ts';

/** `core` with the governors that are on by default: size by the day, targets by volatility, pauses. */
export const coreGoverned: Figure = {
  name: 'core-governed',
  unit: 'candles/s',
  hasFloor: true,
  runs: 9,
  prepare: (size) => backtestSampler(1, size === 'tiny' ? 10_000 : 525_600, 'default'),
};
