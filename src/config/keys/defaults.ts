/**
 * Every default of the configuration that no preset decides (those: presets.ts), in the keys of `rungwise.yaml`.
 * Sources stand beside the numbers; "ours" where the papers name none.
 */
import type { PresetScaling } from './presets.ts';
import type { Complete, WrittenTree } from './schema.ts';

type Written = Complete<WrittenTree>;
type WrittenDefaults = Omit<Written, 'position_scaling'> & {
  readonly position_scaling: Omit<Written['position_scaling'], keyof PresetScaling>;
};

export const DEFAULTS: WrittenDefaults = {
  account: { name: 'main', balance: 1000 },
  // design.md §6: two of the ten instruments that are known offline, and one that moves more; ours.
  symbols: ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP'],
  timeframes: { signal: '1m', regime: '5m', atr: '5m' }, // rules.md, header

  position_scaling: {
    preset: 'conservative', // requirements §4.1, final recommendations
    by_symbol: {},
    base_size: 'auto', // ladder.md §3
    strength_floor: 0.5, // ladder.md §3 (strength scales the base down); the number is ours
    loss_basis: 'margin', // ladder.md D7
    loss_limit_rule: 'stricter', // ladder.md D4
    on_limit: 'refuse', // requirements §2.4
    additions_at_position_limit: 'allow', // ladder.md D5
    min_addition_value: 5, // ladder.md §4, gate 12
  },

  // ladder.md §2, §3 (smallest positions)
  profiles: {
    small: {
      below: 1500,
      max_margin_percent: 15,
      min_position_value: 10,
      max_position_value: 1350,
      max_open_positions: 2,
    },
    medium: {
      below: 3500,
      max_margin_percent: 20,
      min_position_value: 20,
      max_position_value: 3000,
      max_open_positions: 3,
    },
    large: { max_margin_percent: 25, min_position_value: 50, max_position_value: 15000, max_open_positions: 3 },
  },

  limits: {
    profile_hysteresis_percent: 5, // ladder.md §2
    margin_reserve: 0.2, // requirements §2.4.2
    max_total_exposure: 3, // ladder.md §4, gate 18
    liquidation_distance_multiple: 1.5, // ladder.md §4, gate 17
    price_age_max_ms: 2000, // ladder.md §4, gate 3
    price_move_max_percent: 1, // ladder.md §4, gate 3
    regime_margin_points: { trending: 5, ranging: 0, choppy: -5 }, // ladder.md §2
    regime_value_factor: { trending: 1, ranging: 1, choppy: 1 }, // ladder.md §2
    max_loss_per_position: 2, // rules.md §5
    max_worst_case_loss: 15, // rules.md §8
    shock_atr: 10, // ours: docs/decisions/0012
    daily_loss_limit: 5, // rules.md §6.1
    max_funding_against: 0.05, // rules.md §3
    trend_against: 'choppy', // ladder.md §4
  },

  // requirements §1; ladder.md §5
  partial_take_profit: {
    min_fraction: 0.2,
    min_value: { small: 3, medium: 5, large: 10 },
    min_value_factor: { trending: 2, ranging: 1, choppy: 1 },
    min_value_cap: 10,
    min_net_profit: 0,
    steps: [{ at: 0.6, fraction: 0.3 }], // ours: one step, past the middle of the way
  },

  // rules.md §5
  exits: {
    target_atr: { trending: 2.5, ranging: 2, choppy: 1.5 },
    stop_atr: { trending: 1.2, ranging: 1.5, choppy: 1 },
    time_limit_minutes: { trending: 45, ranging: 15, choppy: 10 },
    min_stop_percent: 0.2,
    min_stop_costs: 3,
    stop_trigger: 'mark',
    breakeven_percent: { trending: 1, ranging: 0.9, choppy: 0.8 },
    trailing: { activation_percent: 1.2, distance_atr: 1, step_share: 0.1 }, // ours: begins where breakeven is behind
    extension: {
      min_adx: 25,
      min_profit_percent: 0.4,
      time_share: { trending: 1.2, ranging: 1.2, choppy: 1 },
      target_factor: 1.2,
      max_times: 3,
    },
    liquidation_guard_share: 0.8, // ours
  },

  // rules.md §1, §2, §6.2; ramps, weights and points: the heads of core/market/regime.ts and core/market/signal.ts
  signals: {
    atr_period: 14,
    mean_atr_candles: 288,
    regime: {
      atr_period: 14,
      adx_period: 14,
      sma_period: 50,
      range_period: 20,
      reversals_period: 20,
      volume_period: 20,
      ramps: {
        strength: { from: 15, to: 30 },
        direction: { from: 0.1, to: 0.6 },
        distance: { from: 0.5, to: 3.5 },
        width: { from: 3.5, to: 8 },
        turning: { from: 6, to: 12 },
        turbulence: { from: 0.9, to: 1.6 },
        activity: { from: 0.8, to: 2 },
      },
      weights: {
        trending: { strength: 0.35, direction: 0.15, distance: 0.2, straightness: 0.2, activity: 0.1 },
        ranging: { weakness: 0.3, closeness: 0.2, narrowness: 0.25, calm: 0.25 },
        choppy: { weakness: 0.2, indecision: 0.15, turning: 0.35, turbulence: 0.3 },
      },
      min_wins: 3,
      hold_minutes: 15,
      interrupt_score: 0.8,
    },
    scalper: {
      enabled: 'on',
      ema_fast_period: 12,
      ema_slow_period: 26,
      sma_period: 20,
      rsi_period: 14,
      rsi_extreme: 25,
      rsi_weak: 30,
      macd_fast_period: 12,
      macd_slow_period: 26,
      macd_signal_period: 9,
      bollinger_period: 20,
      bollinger_deviations: 2,
      volume_period: 20,
      volume_ratio_raised: 2,
      volume_ratio_high: 4,
      fresh_candles: 2,
      thresholds: { trending: 6, ranging: 4, choppy: 7 },
      weights: { ema: 1, sma: 1, rsi: 1, macd: 1, bollinger: 1, volume: 1 },
      repeat_after_candles: 2, // ours: a lasting signal asks again; the interval gate has the last word
    },
  },

  // rules.md §6; 3 and 4 are postponed by requirements §5.
  governors: {
    size_by_day: {
      enabled: 'on',
      losses: [
        { at: -1, factor: 0.8 },
        { at: -2, factor: 0.65 },
        { at: -3, factor: 0.5 },
      ],
      gains: [{ at: 1, factor: 1.1 }],
      min_factor: 0.5,
      max_factor: 1.5,
    },
    targets_by_volatility: { enabled: 'on', min_factor: 0.8, max_factor: 1.2, retune_minutes: 5, max_retune: 20 },
    additions_without_signal: {
      enabled: 'off',
      placement: 'on_trigger',
      strength: 1, // ours: the entry's strength is in the frozen base already
      average_down: {
        regimes: { trending: 'off', ranging: 'on', choppy: 'on' },
        loss_share: 0.5,
        distance_atr: 0.5,
        min_rsi_turn: 1, // ours
      },
      pyramid: { regimes: { trending: 'on', ranging: 'off', choppy: 'off' }, min_profit: 1, distance_atr: 0.5 },
    },
    mode_by_results: {
      enabled: 'off',
      start_mode: 'trend_following', // ours
      trades: 10,
      switch_minutes: 60,
      min_standard_errors: 1,
      off_standard_errors: 2, // "significantly" below 0; ours
    },
    pause: {
      enabled: 'on',
      symbol_losses: 5,
      symbol_minutes: 30,
      account_losses: 5,
      account_minutes: 15,
      turbulence: 3,
      turbulence_minutes: 15,
      repeat_factor: 2,
      max_minutes: 240,
      max_drawdown: 10,
      drawdown_readings: 2,
      reading_seconds: 10, // ours: two readings are of two prices, not of one told twice
    },
  },

  // rules.md §2 (waits, costs), §3 (funding, opposite side), §4 (leverage), §7; fees, slippage and spread: design.md §6
  execution: {
    entry_style: 'maker_then_taker',
    max_reprices: 3,
    maker_window_seconds: 10,
    on_opposite: 'close',
    unknown_position: 'adopt',
    min_cost_multiple: 2,
    reentry: { same_side_seconds: 60, after_loss_seconds: 180, opposite_side_seconds: 5 },
    funding_near_seconds: 60,
    leverage: {
      adaptive: 'off',
      max: 5,
      by_regime: { trending: 1.2, ranging: 1, choppy: 0.8 },
      turbulent: { above_atr_percent: 5, factor: 0.7 },
      calm: { below_atr_percent: 1, factor: 1.3 },
      steps: [
        { below: 0.3, leverage: 3 },
        { below: 0.5, leverage: 5 },
        { below: 0.7, leverage: 10 },
        { below: 0.9, leverage: 20 },
      ],
      top: 30,
    },
    fee_rates: { maker: 0.0002, taker: 0.0005 },
    slippage_bps: 1,
    spread_ticks: 1,
  },
};
