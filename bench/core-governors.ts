import { loadTree } from '../src/config/index.ts';
import type { GovernorsPolicy } from '../src/core/governors/policy.ts';
import { runBacktest } from '../src/lab/backtest.ts';
import { deedsOf, settingsOf } from './backtest.ts';
import { type Figure, perSecond } from './figure.ts';

const ALL_ON = { additions_without_signal: 'on', mode_by_results: 'on' };

/**
 * Candles per second with every governor on, as per cent of what they are with every governor off: a run of each in turns, one symbol. Reported
 * only (decision 0019): the two trade differently (governor 4 twice as often), and trading is what costs: see the deeds, and `core-governors-idle`.
 */
export const coreGovernors: Figure = figure('core-governors', loadTree({ governors: ALL_ON }).policy.governors);

/** The same where all look and none finds a reason to act: the same trades, so the price of the governors alone. Wanted: 75 or more. */
export const coreGovernorsIdle: Figure = figure('core-governors-idle', idle());

function figure(name: string, governors: GovernorsPolicy): Figure {
  return {
    name,
    unit: '% of off',
    hasFloor: false,
    runs: 7,
    prepare: (size) => {
      const minutes = size === 'tiny' ? 10_000 : 131_400;
      const [off, on] = [settingsOf(1, minutes, {}), settingsOf(1, minutes, governors)];
      const speed = (settings: typeof on) => perSecond(minutes, () => void runBacktest(settings));
      const { trades, rungs, events } = deedsOf(on);
      return {
        sample: () => (speed(on) / speed(off)) * 100,
        did: { trades, rungs, events, tradesOff: deedsOf(off).trades },
      };
    },
  };
}

/** Numbers that no market reaches; both modes count what the scalper counts anyway. */
function idle(): GovernorsPolicy {
  const { policy } = loadTree({
    governors: {
      size_by_day: { losses: [{ at: -100, factor: 1 }], gains: [{ at: 1_000, factor: 1 }] },
      targets_by_volatility: { min_factor: 1, max_factor: 1 },
      additions_without_signal: {
        average_down: { distance_atr: 100 },
        pyramid: { distance_atr: 100, min_profit: 1_000 },
      },
      mode_by_results: 'on',
      pause: { symbol_losses: 1_000, account_losses: 1_000, turbulence: 100, max_drawdown: 100 },
    },
  });
  const { weights } = policy.signals.series.scalper;
  const mode = policy.governors.modeByResults;
  if (mode === undefined) return policy.governors;
  const both = { 'trend-following': weights, 'mean-reversion': weights };
  return { ...policy.governors, modeByResults: { ...mode, weights: both, trades: 1_000_000 } };
}
