/** What is traded in the world, and by which rules: the real ones, quickened so that ladders climb and close within minutes. */
import { effectivePolicy } from '../../src/config/index.ts';
import { weightsOf } from '../../src/core/governors/mode-by-results.ts';
import type { GovernorsPolicy } from '../../src/core/governors/policy.ts';
import { instrument } from '../../src/core/instrument/instrument.ts';
import { decimal } from '../../src/core/numbers/decimal.ts';
import type { Policy } from '../../src/core/policy.ts';

const TIERS = [
  { maxSz: '20000', maintenanceRate: '0.005', leverageMax: 50 },
  { maxSz: '60000', maintenanceRate: '0.01', leverageMax: 30 },
  { maxSz: '200000', maintenanceRate: '0.02', leverageMax: 20 },
  { maxSz: '1000000', maintenanceRate: '0.05', leverageMax: 10 },
];

/** One with a fine grid and one with a coarse one. */
export const WORLD_INSTRUMENTS = [
  instrument({
    instId: 'FINE-USDT-SWAP',
    baseCoin: 'FINE',
    ctVal: '0.1',
    lotSz: '0.01',
    minSz: '0.01',
    tickSz: '0.01',
    maxLimitSz: '1000000',
    maxMarketSz: '20000',
    leverageMax: 50,
    tiers: TIERS,
  }),
  instrument({
    instId: 'COARSE-USDT-SWAP',
    baseCoin: 'COARSE',
    ctVal: '10',
    lotSz: '1',
    minSz: '1',
    tickSz: '0.0001',
    maxLimitSz: '1000000',
    maxMarketSz: '100000',
    leverageMax: 50,
    tiers: TIERS,
  }),
];

/** 2,000 USDT a coin, and 0.5. */
export const START_TICKS = [200_000, 5_000];

let made: Policy | undefined;
let madeWithModes: Policy | undefined;

/** Rungs without a signal rest in every seed; every fourth trades with the last governor too, modes by results. */
export function worldPolicy(seed = 1): Policy {
  const policy = standard();
  if (seed % 4 !== 0) return policy;
  madeWithModes ??= { ...policy, governors: { ...policy.governors, modeByResults: MODES } };
  return madeWithModes;
}

function standard(): Policy {
  made ??= quickened(
    effectivePolicy({
      position_scaling: { min_interval_seconds: 2, max_loss_for_addition: -25 },
      profiles: { small: { max_open_positions: 2 } },
      limits: { daily_loss_limit: 90, max_worst_case_loss: 60 },
    }),
  );
  return made;
}

const WEIGHTS = { ema: 1, sma: 1, rsi: 1, macd: 1, bollinger: 1, volume: 1 };

/** All governors but the last: pausing for seconds where they would for minutes, and stopping at a fall that a seed can reach. */
const GOVERNORS: GovernorsPolicy = {
  sizeByDay: {
    losses: [
      { atPercent: decimal('-0.5'), factor: decimal('0.8') },
      { atPercent: decimal('-1'), factor: decimal('0.65') },
      { atPercent: decimal('-2'), factor: decimal('0.5') },
    ],
    gains: [{ atPercent: decimal('0.5'), factor: decimal('1.1') }],
    factorMin: decimal('0.5'),
    factorMax: decimal('1.5'),
  },
  targetsByVolatility: {
    factorMin: decimal('0.8'),
    factorMax: decimal('1.2'),
    retuneEveryMs: 10_000,
    retunePercentMax: decimal('20'),
  },
  /** Resting: an order that every event may call back is the harder one. */
  additionsWithoutSignal: {
    placement: 'resting',
    strength: decimal('1'),
    averageDown: {
      regimes: { trending: true, ranging: true, choppy: true },
      lossShare: decimal('0.05'),
      distanceAtr: decimal('0.3'),
      rsiTurnMin: decimal('0.1'),
    },
    pyramid: {
      regimes: { trending: true, ranging: true, choppy: true },
      profitPercentMin: decimal('0.5'),
      distanceAtr: decimal('0.3'),
    },
  },
  pause: {
    symbol: { losses: 3, ms: 12_000 },
    account: { losses: 4, ms: 8_000 },
    turbulence: { multiple: decimal('1.4'), ms: 8_000 },
    repeatFactor: decimal('2'),
    msMax: 40_000,
    drawdownFloorShare: 1 - 1.5 / 100,
    drawdownReadings: 2,
    readingEveryMs: 2_000,
  },
};

/** Modes that switch after a few trades. */
const MODES: NonNullable<GovernorsPolicy['modeByResults']> = {
  weights: {
    'trend-following': weightsOf('trend-following', WEIGHTS),
    'mean-reversion': weightsOf('mean-reversion', WEIGHTS),
  },
  startMode: 'trend-following',
  trades: 2,
  switchEveryMs: 60_000,
  standardErrorsMin: decimal('0'),
  offStandardErrorsMin: decimal('5'),
};

function quickened(policy: Policy): Policy {
  const { exits, execution, signals, scaling } = policy;
  const { series } = signals;
  return {
    ...policy,
    scaling: {
      ...scaling,
      byRegime: {
        trending: { multiplier: scaling.byRegime.trending.multiplier },
        ranging: { multiplier: scaling.byRegime.ranging.multiplier },
        choppy: { multiplier: scaling.byRegime.choppy.multiplier },
      },
    },
    governors: GOVERNORS,
    exits: { ...exits, timeLimitMs: { trending: 90_000, ranging: 60_000, choppy: 45_000 } },
    execution: {
      ...execution,
      makerWindowMs: 3_000,
      costMultipleMin: { ...execution.costMultipleMin, units: 0n, approx: 0 },
      reentry: { sameSideMs: 2_000, afterLossMs: 3_000, oppositeSideMs: 1_000 },
      fundingNearMs: 0,
    },
    signals: {
      scalper: true,
      series: {
        ...series,
        timeframes: { signalMinutes: 1, regimeMinutes: 1, atrMinutes: 1 },
        atrPeriod: 5,
        meanAtrCandles: 10,
        regime: {
          ...series.regime,
          atrPeriod: 5,
          adxPeriod: 5,
          smaPeriod: 10,
          rangePeriod: 10,
          reversalsPeriod: 10,
          volumePeriod: 10,
          holdMinutes: 2,
        },
      },
    },
  };
}
