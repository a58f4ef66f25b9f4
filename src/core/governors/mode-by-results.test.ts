/** Mode by results: every threshold at, just below and just above; it looks back only, and finds no edge where there is none. */
import { describe, expect, it } from 'vitest';
import { long } from '../../../test/long.ts';
import { Random } from '../../sim/market/random.ts';
import type { ComponentWeights } from '../market/signal.ts';
import { decimal } from '../numbers/decimal.ts';
import type { Regime } from '../policy.ts';
import {
  expectancyOf,
  type Mode,
  type ModeByResultsPolicy,
  type ModeState,
  newModeState,
  noteResult,
  switchWanted,
  TRADING_MODES,
  type TradingMode,
  weightsOf,
} from './mode-by-results.ts';

const ALL: ComponentWeights = { ema: 1, sma: 2, rsi: 3, macd: 4, bollinger: 5, volume: 6 };
const HOUR = 3_600_000;
const POLICY: ModeByResultsPolicy = {
  weights: { 'trend-following': weightsOf('trend-following', ALL), 'mean-reversion': weightsOf('mean-reversion', ALL) },
  startMode: 'trend-following',
  trades: 10,
  switchEveryMs: HOUR,
  standardErrorsMin: decimal(1),
  offStandardErrorsMin: decimal(2),
};

/** Ten results around a mean: half of them so much above, half below. Their standard error is spread / 3. */
const around = (mean: number, spread: number): number[] =>
  Array.from({ length: 10 }, (_, i) => mean + (i % 2 === 0 ? spread : -spread));

function stateOf(
  mode: Mode,
  trend: readonly number[],
  reversion: readonly number[],
  regime: Regime = 'ranging',
): ModeState {
  const state = newModeState(POLICY);
  state.mode = mode;
  for (const net of trend) noteResult(POLICY, state, regime, 'trend-following', net);
  for (const net of reversion) noteResult(POLICY, state, regime, 'mean-reversion', net);
  return state;
}

const wanted = (state: ModeState, regime: Regime = 'ranging', now = 0) => switchWanted(POLICY, state, regime, now)?.to;

describe('the components of a mode', () => {
  it('are those of rules.md §6.4, with the weights that are configured', () => {
    expect(POLICY.weights).toEqual({
      'trend-following': { ema: 1, sma: 2, rsi: 0, macd: 4, bollinger: 0, volume: 0 },
      'mean-reversion': { ema: 0, sma: 0, rsi: 3, macd: 0, bollinger: 5, volume: 0 },
    });
  });
});

describe('expectancy', () => {
  it('is the mean with its standard error, and nothing is known of one trade', () => {
    expect(expectancyOf(around(0.5, 3))).toEqual({ trades: 10, mean: 0.5, standardError: 1 });
    expect(expectancyOf([2])).toEqual({ trades: 1, mean: 2, standardError: Number.POSITIVE_INFINITY });
    expect(expectancyOf([]).standardError).toBe(Number.POSITIVE_INFINITY);
  });

  it('forgets the oldest beyond the last ten', () => {
    const state = stateOf('trend-following', [100, ...around(0, 1)], []);
    expect(state.results.ranging['trend-following']).toEqual(around(0, 1));
  });
});

describe('a switch', () => {
  // Both spreads 3: each error is 1, that of the difference √2.
  it.each([
    ['no difference', 0, undefined],
    ['just below a standard error', Math.SQRT2 - 1e-9, undefined],
    ['exactly one', Math.SQRT2, undefined],
    ['just above one', Math.SQRT2 + 1e-9, 'mean-reversion'],
    ['a mode that is worse', -50, undefined],
  ] as const)('%s', (_, difference, to) => {
    expect(wanted(stateOf('trend-following', around(10, 3), around(10 + difference, 3)))).toBe(to);
    const mirrored = wanted(stateOf('mean-reversion', around(10 + difference, 3), around(10, 3)));
    expect(mirrored).toBe(to === undefined ? undefined : 'trend-following');
  });

  it('wants ten results of both', () => {
    expect(wanted(stateOf('trend-following', around(0, 3), around(9, 3).slice(1)))).toBeUndefined();
    expect(wanted(stateOf('trend-following', around(0, 3).slice(1), around(9, 3)))).toBeUndefined();
    expect(wanted(stateOf('trend-following', around(0, 3), around(9, 3)))).toBe('mean-reversion');
  });

  it('looks at the regime that it is asked about', () => {
    const state = stateOf('trend-following', around(0, 3), around(9, 3), 'choppy');
    expect(wanted(state, 'ranging')).toBeUndefined();
    expect(wanted(state, 'choppy')).toBe('mean-reversion');
  });

  it('rests on the last ten, though a state from when more were kept holds more', () => {
    const more = { ...POLICY, trades: 30 };
    const state = newModeState(more);
    for (const net of [...around(50, 3), ...around(0, 3)]) noteResult(more, state, 'ranging', 'trend-following', net);
    for (const net of around(9, 3)) noteResult(more, state, 'ranging', 'mean-reversion', net);
    expect(wanted(state)).toBe('mean-reversion');
    expect(switchWanted(POLICY, state, 'ranging', 0)?.by['trend-following']).toEqual({
      trades: 10,
      mean: 0,
      standardError: 1,
    });
  });

  it('comes at most once an hour', () => {
    const state = stateOf('trend-following', around(0, 3), around(9, 3));
    state.switchedAt = 5 * HOUR;
    expect(wanted(state, 'ranging', 6 * HOUR - 1)).toBeUndefined();
    expect(wanted(state, 'ranging', 6 * HOUR)).toBe('mean-reversion');
  });

  it('says what it rests on, and until when there is no other', () => {
    const state = stateOf('trend-following', around(-0.001, 0.003), around(0.002, 0.003));
    expect(switchWanted(POLICY, state, 'ranging', HOUR)).toEqual({
      from: 'trend-following',
      to: 'mean-reversion',
      by: {
        'trend-following': { trades: 10, mean: expect.closeTo(-0.001), standardError: expect.closeTo(0.001) },
        'mean-reversion': { trades: 10, mean: expect.closeTo(0.002), standardError: expect.closeTo(0.001) },
      },
      untilMs: 2 * HOUR,
    });
  });
});

describe('trading off', () => {
  // Spread 3: the error is 1, two of them 2.
  it.each([
    ['both just less than two standard errors below 0', -2 + 1e-9, -2 + 1e-9, undefined],
    ['both exactly two', -2, -2, undefined],
    ['both just more than two', -2 - 1e-9, -2 - 1e-9, 'off'],
    ['one of them not', -5, -4.9 + 3, 'mean-reversion'],
    ['one of them far below, the mode in force not', -1, -9, undefined],
  ] as const)('%s', (_, trend, reversion, to) => {
    expect(wanted(stateOf('trend-following', around(trend, 3), around(reversion, 3)))).toBe(to);
  });

  it.each([
    ['a gain of exactly one standard error', 1, 0, undefined],
    ['a gain just above one', 1 + 1e-9, 0, 'trend-following'],
    ['the other mode’s', 0, 1 + 1e-9, 'mean-reversion'],
    ['the better of two', 2, 3, 'mean-reversion'],
    ['the better of two, whichever', 3, 2, 'trend-following'],
    ['none', -1, -1, undefined],
  ] as const)('ends with %s', (_, trend, reversion, to) => {
    expect(wanted(stateOf('off', around(trend, 3), around(reversion, 3)))).toBe(to);
  });

  it('begins and ends later where results differ more: by an error of 2', () => {
    const off = (mean: number) => wanted(stateOf('trend-following', around(mean, 6), around(mean, 6)));
    expect([off(-4), off(-4 - 1e-9)]).toEqual([undefined, 'off']);
    const on = (mean: number) => wanted(stateOf('off', around(mean, 6), around(0, 6)));
    expect([on(2), on(2 + 1e-9)]).toEqual([undefined, 'trend-following']);
  });

  it('does not end by results that are not all there', () => {
    expect(wanted(stateOf('off', around(9, 3).slice(1), []))).toBeUndefined();
    expect(wanted(stateOf('off', around(9, 3).slice(1), around(-9, 3))), 'nor beside those that are').toBeUndefined();
  });
});

/** Results come one after another, of both modes and all regimes; whoever is in force is asked before each. @returns mean and error of what was chosen */
function live(seed: number, rounds: number, of: (random: Random, mode: TradingMode, i: number) => number) {
  const random = Random.of(seed);
  const state = newModeState(POLICY);
  let switches = 0;
  let lastSwitch = Number.NEGATIVE_INFINITY;
  const chosen: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const now = i * 10 * 60_000;
    const change = switchWanted(POLICY, state, 'ranging', now);
    if (change !== undefined) {
      expect(now - lastSwitch, 'an hour between switches').toBeGreaterThanOrEqual(HOUR);
      lastSwitch = now;
      state.mode = change.to;
      state.switchedAt = now;
      switches += 1;
    }
    for (const mode of TRADING_MODES) {
      const net = of(random, mode, i);
      noteResult(POLICY, state, 'ranging', mode, net);
      if (mode === state.mode) chosen.push(net);
    }
  }
  return { switches, ...expectancyOf(chosen) };
}

describe('where there is no edge', () => {
  const SEEDS = long(200, 5_000);
  it('results with shuffled labels bring none: the chosen gain what all gain', () => {
    let switches = 0;
    const means = Array.from({ length: SEEDS }, (_, seed) => {
      const run = live(seed + 1, 400, (random) => random.normal());
      switches += run.switches;
      return run.mean;
    });
    const { mean, standardError } = expectancyOf(means);
    expect(switches, 'it does switch').toBeGreaterThan(SEEDS * 5);
    expect(Math.abs(mean), `${mean} ± ${standardError}`).toBeLessThan(4 * standardError);
  });

  it('but it finds one that lasts', () => {
    const means = Array.from({ length: 20 }, (_, seed) => {
      const turns = (i: number) => (Math.floor(i / 100) % 2 === 0 ? 1 : -1);
      return live(
        seed + 1,
        400,
        (random, mode, i) => random.normal() * 0.5 + turns(i) * (mode === 'trend-following' ? 1 : -1),
      ).mean;
    });
    expect(expectancyOf(means).mean).toBeGreaterThan(0.6);
  });
});
