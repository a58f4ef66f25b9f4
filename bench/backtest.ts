/**
 * What `core` and `core-20` run: the generated market through the whole core and the whole simulator, as `backtest` does it.
 *
 * Default configuration, without governors where it is not said otherwise: the scalper trades, maker first, pessimistic path, fees, spread, slippage, funding, liquidation. Nobody looks on and
 * nothing is traced. Volatility is an ordinary year's of BTC; the balance is large enough that trading goes on to the end.
 */
import { effectivePolicy, loadTree } from '../src/config/index.ts';
import type { Instrument } from '../src/core/instrument/instrument.ts';
import type { Candles } from '../src/core/market/candle.ts';
import { money } from '../src/core/numbers/units.ts';
import type { Policy } from '../src/core/policy.ts';
import { type BacktestSettings, runBacktest } from '../src/lab/backtest.ts';
import { Market } from '../src/sim/market/market.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';
import { manySwaps } from '../test/many-swaps.ts';
import { perSecond, type Sampler } from './figure.ts';

const START_MINUTE = 29_454_720; // 2026-01-01
const BALANCE = money(10_000_000_000_000n); // 100,000 USDT
const VOLATILITY = 0.0006;
const SEED = 7;
const FUNDING = { intervalMs: 8 * 3_600_000, rateE8: () => 10_000 };

/** design.md §4 counts the core without them; `core-governed` says what they cost. */
export type Governors = 'none' | 'default';

/** A backtest of `minutes` candles of each of `symbols` symbols on one account; the value is candles per second. */
export function backtestSampler(symbols: number, minutes: number, governors: Governors = 'none'): Sampler {
  const settings = settingsOf(symbols, minutes, governors === 'none' ? {} : loadTree({}).policy.governors);
  return {
    sample: () => perSecond(symbols * minutes, () => void runBacktest(settings)),
    // Asked once everything is measured: code that was compiled for who looks on is slower.
    get did() {
      return deedsOf(settings);
    },
  };
}

/** The same with these governors. */
export function settingsOf(symbols: number, minutes: number, governors: Policy['governors']): BacktestSettings {
  const instruments = manySwaps(symbols);
  return {
    policy: { ...effectivePolicy({}), governors },
    instruments,
    candles: market(instruments, minutes),
    balance: BALANCE,
    model: DEFAULT_FILL_MODEL,
    funding: FUNDING,
    traced: false,
  };
}

function market(instruments: readonly Instrument[], minutes: number): readonly Candles[] {
  return Market.of({
    seed: SEED,
    startMinute: START_MINUTE,
    correlation: 0.6,
    symbols: instruments.map(({ instId }) => ({
      instId,
      startTicks: 500_000,
      volatility: VOLATILITY,
      minuteLots: 200_000,
      spreadTicks: 1,
    })),
  }).candles(minutes);
}

type Deed = 'trades' | 'rungs' | 'orders' | 'fills' | 'events' | 'refusals';

/** Counted in a run of its own: whoever looks on costs time. */
export function deedsOf(settings: BacktestSettings): Record<Deed, number> {
  const deeds = { trades: 0, rungs: 0, orders: 0, fills: 0, events: 0, refusals: 0 };
  runBacktest({
    ...settings,
    witness: {
      candleClosed() {
        deeds.events += 1;
      },
      happened({ kind }) {
        deeds.events += 1;
        if (kind === 'filled') deeds.fills += 1;
      },
      decided(_, decisions) {
        for (const decision of decisions) {
          if (decision.kind === 'place') deeds.orders += 1;
          if (decision.kind === 'refused') deeds.refusals += 1;
          if (decision.kind !== 'position-closed') continue;
          deeds.trades += 1;
          deeds.rungs += decision.additions;
        }
      },
    },
  });
  return deeds;
}
