import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig, type Problem } from '../index.ts';

function errorsOf(text: string): readonly Problem[] {
  try {
    loadConfig(text, { name: 'rungwise.yaml' });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

function warningsOf(text: string): readonly Problem[] {
  return loadConfig(text, { name: 'rungwise.yaml' }).warnings;
}

describe('contradictions stop the start', () => {
  // text, path, what the message says
  it.each([
    [
      'profiles: {small: {min_position_value: 2000}}',
      'profiles.small.min_position_value',
      '2000 USDT is above max_position_value, 1350 USDT',
    ],
    ['profiles: {large: {max_position_value: 49.99}}', 'profiles.large.min_position_value', '50 USDT is above'],
    ['profiles: {small: {below: 3500}}', 'profiles.medium.below', 'no balance is medium'],
    ['profiles: {medium: {below: 1000}}', 'profiles.medium.below', 'no balance is medium'],
    ['position_scaling: {min_addition_value: 1351}', 'position_scaling.min_addition_value', 'nothing could be added'],
    [
      'governors: {size_by_day: {losses: [{at: -1, factor: 0.4}]}}',
      'governors.size_by_day.losses[0].factor',
      '0.4 is outside min_factor 0.5 to max_factor 1.5',
    ],
    [
      'governors: {size_by_day: {losses: [{at: -2, factor: 0.8}, {at: -2, factor: 0.6}]}}',
      'governors.size_by_day.losses[1].at',
      'not farther from 0',
    ],
    [
      'governors: {size_by_day: {gains: [{at: 2, factor: 1.1}, {at: 1, factor: 1.2}]}}',
      'governors.size_by_day.gains[1].at',
      'not farther from 0',
    ],
    [
      'governors: {targets_by_volatility: {enabled: off, min_factor: 1.3}}',
      'governors.targets_by_volatility.min_factor',
      '1.3 is not below max_factor, 1.2',
    ],
    [
      'signals: {scalper: {enabled: off}}\ngovernors: {mode_by_results: on}',
      'governors.mode_by_results',
      'components of the scalper, which is off',
    ],
    [
      'signals: {scalper: {weights: {rsi: 0, bollinger: 0}}}\ngovernors: {mode_by_results: on}',
      'governors.mode_by_results',
      'mean-reversion never signals: the weights of rsi, bollinger are 0',
    ],
    ['governors: {pause: {symbol_minutes: 241}}', 'governors.pause.symbol_minutes', '241 is above max_minutes, 240'],
    [
      'position_scaling: {additions_at_position_limit: refuse}\nprofiles: {medium: {max_open_positions: 1}}',
      'profiles.medium.max_open_positions',
      'the ladder could never add',
    ],
    [
      'position_scaling: {base_size: {small: 5, medium: 100, large: 200}}',
      'position_scaling.base_size.small',
      'below min_position_value',
    ],
    [
      'position_scaling: {base_size: {small: 50, medium: 3001, large: 200}}',
      'position_scaling.base_size.medium',
      'above max_position_value',
    ],
    [
      'limits: {regime_value_factor: {trending: 0.1, ranging: 0.02, choppy: 0}}\nposition_scaling: {base_size: {small: 140, medium: 100, large: 200}}',
      'position_scaling.base_size.small',
      '140 USDT is above max_position_value, 1350 × 0.1 USDT',
    ],
    ['symbols: [BTC-USDT-SWAP, ETH-USDT-SWAP, BTC-USDT-SWAP]', 'symbols[2]', 'twice'],
    [
      'partial_take_profit: {steps: [{at: 0.5, fraction: 0.2}, {at: 0.5, fraction: 0.2}]}',
      'partial_take_profit.steps[1].at',
      'not further',
    ],
    [
      'signals: {scalper: {ema_fast_period: 26}}',
      'signals.scalper.ema_fast_period',
      '26 is not below ema_slow_period, 26',
    ],
    ['signals: {scalper: {macd_slow_period: 5}}', 'signals.scalper.macd_fast_period', 'not below'],
    ['signals: {scalper: {rsi_weak: 20}}', 'signals.scalper.rsi_extreme', 'not below'],
    ['signals: {scalper: {volume_ratio_high: 0.5}}', 'signals.scalper.volume_ratio_raised', 'not below'],
    ['signals: {regime: {ramps: {width: {from: 9}}}}', 'signals.regime.ramps.width.from', '9 is not below to, 8'],
    ['signals: {regime: {weights: {choppy: {turning: 0.36}}}}', 'signals.regime.weights.choppy', 'sum to 1.01'],
    [
      'execution: {leverage: {steps: [{below: 0.5, leverage: 3}, {below: 0.5, leverage: 4}]}}',
      'execution.leverage.steps[1].below',
      'not above',
    ],
    [
      'execution: {leverage: {calm: {below_atr_percent: 6}}}',
      'execution.leverage.calm.below_atr_percent',
      '6 % is above',
    ],
  ])('%j stops the start: %s, %s', (text, path, said) => {
    expect(errorsOf(text)).toEqual([
      expect.objectContaining({ path, line: text.split('\n').length, message: expect.stringContaining(said) }),
    ]);
  });

  // The nearest configurations that are sound.
  it.each([
    'profiles: {small: {min_position_value: 1350}}',
    'profiles: {small: {below: 3499.99}}',
    'position_scaling: {min_addition_value: 1350}',
    'position_scaling: {additions_at_position_limit: refuse}\nprofiles: {medium: {max_open_positions: 2}}',
    'position_scaling: {additions_at_position_limit: allow}\nprofiles: {medium: {max_open_positions: 1}}',
    'position_scaling: {base_size: {small: 10, medium: 100, large: 200}}',
    'limits: {regime_value_factor: {trending: 3}}\nposition_scaling: {base_size: {small: 2000, medium: 100, large: 200}}',
    'limits: {regime_value_factor: {trending: 3}}\nprofiles: {small: {min_position_value: 2000}}',
    'signals: {scalper: {rsi_weak: 30}}',
    'signals: {scalper: {ema_fast_period: 25}}',
  ])('%j starts', (text) => expect(errorsOf(text)).toEqual([]));

  it('are told all at once', () => {
    const text = `profiles:
  small: {min_position_value: 5000}
  medium: {below: 100, min_position_value: 5000}
  large: {max_open_positions: 1}
position_scaling: {additions_at_position_limit: refuse}
`;
    expect(errorsOf(text).map(({ path }) => path)).toEqual([
      'profiles.medium.below',
      'profiles.small.min_position_value',
      'profiles.medium.min_position_value',
      'profiles.large.max_open_positions',
    ]);
  });
});

describe('oddities are told', () => {
  it.each([
    [
      'position_scaling: {preset: adaptive, max_additions: 9}',
      'position_scaling.max_additions',
      'is shadowed: every profile has its own',
    ],
    ['position_scaling: {preset: adaptive, ladder: [1, 0.5]}', 'position_scaling.ladder', 'is shadowed'],
    [
      'position_scaling: {by_regime: {choppy: {min_profit_for_addition: -2}}}',
      'position_scaling.by_regime.choppy.min_profit_for_addition',
      'is shadowed: max_loss_for_addition refuses below -2 % anyway',
    ],
    [
      'position_scaling: {by_regime: {trending: {min_profit_for_addition: 51}}}',
      'position_scaling.by_regime.trending.min_profit_for_addition',
      "is 51 %: nothing is added before the price has gone 10.2 % in the position's favour",
    ],
    [
      'position_scaling: {loss_basis: price, by_regime: {trending: {min_profit_for_addition: 11}}}',
      'position_scaling.by_regime.trending.min_profit_for_addition',
      'has gone 11 %',
    ],
    [
      'execution: {leverage: {top: 20}}',
      'execution.leverage.top',
      'counts only where execution.leverage.adaptive is on',
    ],
    ['execution: {leverage: {steps: [{below: 0.5, leverage: 3}]}}', 'execution.leverage.steps', 'is shadowed'],
    ['execution: {fee_rates: {taker: 0.05}}', 'execution.fee_rates.taker', 'is 5 % of the value'],
    ['execution: {leverage: {by_regime: {choppy: 0.5}}}', 'execution.leverage.by_regime.choppy', 'is shadowed'],
    [
      'position_scaling: {preset: adaptive, profile_multiplier: {large: 2}}',
      'position_scaling.profile_multiplier.large',
      'is shadowed',
    ],
    [
      'position_scaling: {preset: adaptive, by_balance: {large: {max_loss_for_addition: -3}}}',
      'position_scaling.by_balance.large.max_loss_for_addition',
      'the limit of every regime',
    ],
    [
      'position_scaling: {by_regime: {trending: {max_loss_for_addition: -2.5%}, ranging: {max_loss_for_addition: -1.5%}}}',
      'position_scaling.by_regime.trending.max_loss_for_addition',
      'no profile or symbol allows a loss below -2 %, and the stricter limit holds',
    ],
    [
      'position_scaling: {by_symbol: {BTC-USDT-SWAP: {max_additions: 8}}}',
      'position_scaling.by_symbol.BTC-USDT-SWAP.max_additions',
      'no profile allows more than 5 additions',
    ],
    [
      'position_scaling: {preset: adaptive, by_regime: {choppy: {max_additions_override: 8}}}',
      'position_scaling.by_regime.choppy.max_additions_override',
      'no profile allows more than 7 additions',
    ],
    ['position_scaling: {ladder: [1, 0.5, 0.6]}', 'position_scaling.ladder[2]', 'step 3 of the ladder is larger'],
    [
      'position_scaling: {ladder: [1, 0.5, 0.4, 0.3, 0.2, 0.1]}',
      'position_scaling.ladder',
      'has 6 steps, but at most 5 additions',
    ],
    [
      'position_scaling: {base_size: {small: 500, medium: 100, large: 200}}',
      'position_scaling.base_size.small',
      'would be worth 1688 USDT in trending, above',
    ],
    [
      'position_scaling: {base_size: {small: 500, medium: 100, large: 200}}\nlimits: {regime_value_factor: {trending: 2}}',
      'position_scaling.base_size.small',
      'would be worth 1472 USDT in ranging, above max_position_value, 1350 USDT',
    ],
    [
      'position_scaling: {by_symbol: {XRP-USDT-SWAP: {max_additions: 1}}}',
      'position_scaling.by_symbol.XRP-USDT-SWAP',
      'not among the symbols',
    ],
    [
      'limits: {regime_margin_points: {choppy: -15}}',
      'limits.regime_margin_points.choppy',
      'leaves the profile small no margin',
    ],
    ['limits: {max_worst_case_loss: 1}', 'limits.max_worst_case_loss', 'below max_loss_per_position'],
    ['limits: {daily_loss_limit: 1}', 'limits.daily_loss_limit', 'one stop ends the day'],
    ['partial_take_profit: {min_value: {small: 11}}', 'partial_take_profit.min_value.small', 'above min_value_cap'],
    [
      'partial_take_profit: {steps: [{at: 0.3, fraction: 0.5}, {at: 0.6, fraction: 0.5}]}',
      'partial_take_profit.steps',
      'fractions sum to 1',
    ],
    ['exits: {stop_atr: {choppy: 1.5}}', 'exits.stop_atr.choppy', 'not nearer than the target'],
    ['execution: {leverage: {adaptive: on, top: 10}}', 'execution.leverage.top', 'less leverage'],
    ['timeframes: {regime: 1h}', 'timeframes', 'indicators need 50 h of candles, and the bot begins with 26 h'],
    ['execution: {unknown_position: close}', 'execution.unknown_position', 'closes at the market whatever'],
    ['execution: {unknown_position: alert}', 'execution.unknown_position', 'without a stop'],
    [
      'governors: {size_by_day: {losses: [{at: -1, factor: 0.6}, {at: -2, factor: 0.7}]}}',
      'governors.size_by_day.losses[1].factor',
      'a worse day gets a larger size',
    ],
    ['governors: {additions_without_signal: on}', 'governors.additions_without_signal', 'postpone'],
    ['governors: {mode_by_results: on}', 'governors.mode_by_results', 'postpone'],
  ])('%j', (text, path, said) => {
    expect(warningsOf(text)).toEqual([
      expect.objectContaining({ path, line: 1, message: expect.stringContaining(said) }),
    ]);
  });

  it.each([
    [
      'governors: {additions_without_signal: {average_down: {regimes: {ranging: off, choppy: off}}, pyramid: {regimes: {trending: off}}}}',
      'governors.additions_without_signal',
      'no regime is on',
    ],
    [
      'governors: {additions_without_signal: on}\nposition_scaling: {by_regime: {ranging: {min_profit_for_addition: 0.1}}}',
      'governors.additions_without_signal.average_down.regimes.ranging',
      'averaging down in ranging is refused: min_profit_for_addition is 0.1 % there',
    ],
    [
      'governors: {additions_without_signal: on}\nposition_scaling: {by_regime: {ranging: {min_profit_for_addition: -0.99}}}',
      'governors.additions_without_signal.average_down.regimes.ranging',
      'averaging down in ranging is refused: min_profit_for_addition is -0.99 % there',
    ],
  ])('%j, beside being postponed', (text, path, said) => {
    expect(warningsOf(text)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('postpone') }),
      expect.objectContaining({ path, message: expect.stringContaining(said) }),
    ]);
  });

  it('a least profit at half of the loss limit leaves averaging down the one price at which it begins', () => {
    const scaling = 'position_scaling: {by_regime: {ranging: {min_profit_for_addition: -1}}}';
    expect(warningsOf(`governors: {additions_without_signal: on}\n${scaling}`)).toHaveLength(1);
  });

  it('of what every traded symbol has of its own the general value and the profiles are shadowed, each once', () => {
    const text = `symbols: [BTC-USDT-SWAP]
position_scaling:
  preset: adaptive
  max_loss_for_addition: -2
  profile_multiplier: {large: 1.2}
  by_balance: {small: {max_loss_for_addition: -1, max_additions: 2, ladder: [1]}}
  by_symbol:
    BTC-USDT-SWAP: {max_additions: 3, max_loss_for_addition: -1.2, ladder: [1, 0.5]}
`;
    const paths = warningsOf(text).map(({ path }) => path);
    expect(paths.toSorted()).toEqual([
      'position_scaling.by_balance.small.ladder',
      'position_scaling.by_balance.small.max_loss_for_addition',
      'position_scaling.max_loss_for_addition',
      'position_scaling.profile_multiplier.large',
    ]);
    expect(
      warningsOf(text.replace('[BTC-USDT-SWAP]', '[BTC-USDT-SWAP, ETH-USDT-SWAP]')).map(({ path }) => path),
    ).toEqual(['position_scaling.max_loss_for_addition', 'position_scaling.profile_multiplier.large']);
  });

  it.each([
    'governors: {mode_by_results: off}\nsignals: {scalper: {enabled: off}}',
    '{}',
    'position_scaling: {preset: aggressive}',
    'position_scaling: {preset: adaptive}',
    'position_scaling: {preset: adaptive, max_additions: 9, by_balance: {large: {max_additions: general}}}',
    'position_scaling: {ladder: [1, 1, 1]}',
    'position_scaling: {by_regime: {trending: {min_profit_for_addition: 50}, choppy: {min_profit_for_addition: -1.99}}}',
    'position_scaling: {loss_limit_rule: regime, by_regime: {trending: {max_loss_for_addition: -2.5}}}',
    'position_scaling: {max_loss_for_addition: -2.5, by_regime: {trending: {max_loss_for_addition: -2.5}}}',
    'position_scaling: {by_balance: {large: {max_loss_for_addition: -3}}, by_regime: {trending: {max_loss_for_addition: -2.5}}}',
    'position_scaling: {by_symbol: {ETH-USDT-SWAP: {max_loss_for_addition: -3}}, by_regime: {trending: {max_loss_for_addition: -2.5}}}',
  ])('%j is not odd', (text) => expect(warningsOf(text)).toEqual([]));
});

describe('what is wrong between values is told together with what is wrong of them', () => {
  const contradiction = 'profiles:\n  medium: {below: 100}\n';
  const told = 'profiles.medium.below';

  // what is wrong besides, and where it is told
  it.each([
    ['a misspelt key elsewhere', 'position_scaling: {max_aditions: 3}', 'position_scaling.max_aditions'],
    ['a misspelt section', 'limit: {margin_reserve: 0.1}', 'limit'],
    ['a section that is a list', 'limits: [1]', 'limits'],
    [
      'a wrong number deep down',
      'signals: {regime: {ramps: {adx_trend: {from: x}}}}',
      'signals.regime.ramps.adx_trend',
    ],
    ['a key of no section', 'leverage_max: 5', 'leverage_max'],
    ['a symbol by another name', 'symbols: [BTCUSDT]', 'symbols[0]'],
    ['a key twice', 'limits: {margin_reserve: 0.1, margin_reserve: 0.2}', 'limits.margin_reserve'],
  ])('%s', (_, besides, path) => {
    const paths = errorsOf(`${contradiction}${besides}\n`).map((problem) => problem.path);
    expect(paths[0]).toBe(told);
    expect(paths[1]).toMatch(new RegExp(`^${path.replaceAll('[', '\\[')}`));
  });

  it('in the same section, where they read nothing of it', () => {
    const text = 'profiles:\n  small: {min_position_value: 2000, max_open_position: 2}\n  medium: {below: 100}\n';
    expect(errorsOf(text).map(({ path, line }) => [path, line])).toEqual([
      ['profiles.small.max_open_position', 2],
      ['profiles.small.min_position_value', 2],
      [told, 3],
    ]);
  });

  // what may have been meant otherwise is not held against what it may contradict
  it.each([
    ['a misspelt maximum', 'profiles: {small: {min_position_value: 2000, max_positon_value: 3000}}'],
    ['a maximum that is no number', 'profiles: {small: {min_position_value: 2000, max_position_value: 3 000}}'],
    ['a maximum in the wrong section', 'max_position_value: 3000\nprofiles: {small: {min_position_value: 2000}}'],
    [
      'a factor that is no number',
      'profiles: {small: {min_position_value: 2000}}\nlimits: {regime_value_factor: {trending: 3x}}',
    ],
    ['a preset that is none', 'position_scaling: {preset: x, base_size: {small: 9, medium: 100, large: 200}}'],
    [
      'a maximum said twice',
      'profiles: {small: {min_position_value: 2000, max_position_value: 3, max_position_value: 3000}}',
    ],
  ])('%s is told alone', (_, text) => expect(errorsOf(text)).toHaveLength(1));
});
