/**
 * The whole tree of `rungwise.yaml`: which keys there are and what each may hold. Strict at every level.
 *
 * Keys are those of ladder.md §2 and rules.md, unit at the end of the name. In a file every key is optional; what is left out comes from the
 * preset or the defaults (effective.ts). `general` (by_balance, by_symbol) and `off` (by_regime, price_age_max_ms, trailing) write absence down, so
 * that a file can take back what its preset sets and the effective configuration can be written out in full.
 *
 * Deliberately absent, refused with a message (unread-keys.ts): keys that nothing reads yet.
 */
import { z } from 'zod';
import type { Decimal } from '../../core/numbers/decimal.ts';
import {
  choice,
  duration,
  durationOr,
  flag,
  listOf,
  number,
  percent,
  percentOr,
  share,
  text,
  usdt,
  whole,
  wholeOr,
} from './leaves.ts';
import { phrase } from './phrases.ts';

const SECTION = phrase('a section: keys and values, indented below it', 'раздел: ключи и значения под ним, с отступом');

/** A section: every key optional, every other key an error. */
function section<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape, { error: SECTION }).partial();
}

const byProfile = <L extends z.ZodType>(leaf: L) => section({ small: leaf, medium: leaf, large: leaf });
const byRegime = <L extends z.ZodType>(leaf: L) => section({ trending: leaf, ranging: leaf, choppy: leaf });

/** `BTC-USDT-SWAP`. */
const INST_ID = /^[A-Z0-9]{1,20}-USDT-SWAP$/;
const instId = () =>
  text(
    INST_ID,
    phrase(
      "a USDT perpetual swap by OKX's name, like BTC-USDT-SWAP",
      'бессрочный своп USDT по имени OKX, например BTC-USDT-SWAP',
    ),
  );

const PRICE_MAX = 1_000_000_000;
const LOSS = { min: -100, max: 0 };
const ADDITIONS = { min: 0, max: 100 };
const SECONDS = { min: 0, max: 86_400 };
const PERCENT_OF_BALANCE = { above: 0, max: 100 };

const ladder = () =>
  listOf(
    share({ above: 0, max: 10 }),
    ADDITIONS.max,
    phrase('a list of shares above 0, like [1, 0.7, 0.5]', 'список долей больше 0, например [1, 0.7, 0.5]'),
  );

/** What a profile or a symbol may say differently. */
const ladderOverride = () =>
  section({
    max_additions: wholeOr('general', ADDITIONS),
    min_interval_seconds: durationOr('general', SECONDS),
    max_loss_for_addition: percentOr('general', LOSS),
    ladder: z.union([z.literal('general'), ladder()], {
      error: phrase(
        '"general" or a list of shares above 0, like [1, 0.7, 0.5]',
        '"general" или список долей больше 0, например [1, 0.7, 0.5]',
      ),
    }),
  });

const regimeLadder = () =>
  section({
    ladder_multiplier: number({ above: 0, max: 10 }),
    max_loss_for_addition: percentOr('off', LOSS),
    max_additions_override: wholeOr('off', ADDITIONS),
    min_profit_for_addition: percentOr('off', { min: -100, max: 1_000 }),
  });

const positionScaling = section({
  preset: choice('conservative', 'aggressive', 'adaptive'),
  max_additions: whole(ADDITIONS),
  min_interval_seconds: duration(SECONDS),
  max_loss_for_addition: percent(LOSS),
  ladder: ladder(),
  profile_multiplier: byProfile(number({ above: 0, max: 10 })),
  by_balance: section({ small: ladderOverride(), medium: ladderOverride(), large: ladderOverride() }),
  by_regime: section({ trending: regimeLadder(), ranging: regimeLadder(), choppy: regimeLadder() }),
  by_symbol: z.record(instId(), ladderOverride(), {
    error: phrase(
      'symbols and what holds for each, like BTC-USDT-SWAP: {max_additions: 2}',
      'инструменты и что действует для каждого, например BTC-USDT-SWAP: {max_additions: 2}',
    ),
  }),
  base_size: z.union(
    [z.literal('auto'), z.strictObject({ small: fixedBase(), medium: fixedBase(), large: fixedBase() })],
    {
      error: phrase(
        '"auto" or an amount in USDT for each of small, medium and large',
        '"auto" или сумма в USDT для каждого из small, medium и large',
      ),
    },
  ),
  strength_floor: share({ min: 0, max: 1 }),
  loss_basis: choice('margin', 'price'),
  loss_limit_rule: choice('stricter', 'regime'),
  on_limit: choice('refuse', 'shrink'),
  additions_at_position_limit: choice('allow', 'refuse'),
  min_addition_value: usdt({ min: 0, max: PRICE_MAX }),
});

function fixedBase() {
  return usdt({ above: 0, max: PRICE_MAX });
}

function profileShape() {
  return {
    max_margin_percent: percent({ above: 0, max: 100 }),
    min_position_value: usdt({ min: 0, max: PRICE_MAX }),
    max_position_value: usdt({ above: 0, max: PRICE_MAX }),
    max_open_positions: whole({ min: 1, max: 1_000 }),
  };
}

const profileWithEnd = () => section({ below: usdt({ above: 0, max: PRICE_MAX }), ...profileShape() });

const profiles = section({ small: profileWithEnd(), medium: profileWithEnd(), large: section(profileShape()) });

const limits = section({
  profile_hysteresis_percent: percent({ min: 0, under: 100 }),
  margin_reserve: share({ min: 0, under: 1 }),
  max_total_exposure: number({ above: 0, max: 1_000 }),
  liquidation_distance_multiple: number({ min: 0, max: 100 }),
  price_age_max_ms: durationOr('off', { above: 0, max: 86_400_000 }),
  price_move_max_percent: percent({ min: 0, max: 100 }),
  regime_margin_points: byRegime(percent({ min: -100, max: 100 })),
  regime_value_factor: byRegime(number({ min: 0, max: 10 })),
  max_loss_per_position: percent(PERCENT_OF_BALANCE),
  max_worst_case_loss: percent({ above: 0, max: 1_000 }),
  shock_atr: number({ min: 0, max: 1_000 }),
  daily_loss_limit: percent(PERCENT_OF_BALANCE),
  max_funding_against: percent({ min: 0, max: 100 }),
  trend_against: choice('choppy', 'refuse', 'same'),
});

const partialStep = z.strictObject(
  { at: share({ above: 0, under: 1 }), fraction: share({ above: 0, under: 1 }) },
  { error: phrase('a step like {at: 0.6, fraction: 0.3}', 'шаг вида {at: 0.6, fraction: 0.3}') },
);

const partialTakeProfit = section({
  min_fraction: share({ min: 0, max: 1 }),
  min_value: byProfile(usdt({ min: 0, max: PRICE_MAX })),
  min_value_factor: byRegime(number({ min: 0, max: 100 })),
  min_value_cap: usdt({ min: 0, max: PRICE_MAX }),
  min_net_profit: usdt({ min: -PRICE_MAX, max: PRICE_MAX }),
  steps: z
    .array(partialStep, {
      error: phrase(
        'a list of steps like [{at: 0.6, fraction: 0.3}], or []',
        'список шагов вида [{at: 0.6, fraction: 0.3}] или []',
      ),
    })
    .max(20, { error: phrase('a list of at most 20 steps', 'список не больше чем из 20 шагов') }),
});

const ATR = { above: 0, max: 100 };
const MINUTES = { above: 0, max: 100_000 };

const exits = section({
  target_atr: byRegime(number(ATR)),
  stop_atr: byRegime(number(ATR)),
  time_limit_minutes: byRegime(duration(MINUTES)),
  min_stop_percent: percent({ min: 0, max: 100 }),
  min_stop_costs: number({ min: 0, max: 1_000 }),
  stop_trigger: choice('mark', 'last'),
  breakeven_percent: byRegime(percent({ min: 0, max: 1_000 })),
  trailing: z.union(
    [
      z.literal('off'),
      section({
        activation_percent: percent({ min: 0, max: 1_000 }),
        distance_atr: number(ATR),
        step_share: share({ min: 0, max: 1 }),
      }),
    ],
    {
      error: phrase(
        '"off" or a section like {activation_percent: 1.2, distance_atr: 1, step_share: 0.1}',
        '"off" или раздел вида {activation_percent: 1.2, distance_atr: 1, step_share: 0.1}',
      ),
    },
  ),
  extension: section({
    min_adx: number({ min: 0, max: 100 }),
    min_profit_percent: percent({ min: 0, max: 1_000 }),
    time_share: byRegime(share({ min: 0, max: 100 })),
    target_factor: number({ min: 1, max: 100 }),
    max_times: whole({ min: 0, max: 100 }),
  }),
  liquidation_guard_share: share({ above: 0, max: 1 }),
});

const period = () => whole({ min: 1, max: 10_000 });
const score = () => number({ min: 0, max: 1 });
const weight = () => number({ min: 0, max: 1_000 });
const ramp = () => section({ from: number({ min: -1_000, max: 1_000 }), to: number({ min: -1_000, max: 1_000 }) });

/** Names of core/market/regime.ts and core/market/signal.ts; what each means stands at the head of those files. */
const signals = section({
  atr_period: period(),
  mean_atr_candles: period(),
  regime: section({
    atr_period: period(),
    adx_period: period(),
    sma_period: period(),
    range_period: period(),
    reversals_period: period(),
    volume_period: period(),
    ramps: section({
      strength: ramp(),
      direction: ramp(),
      distance: ramp(),
      width: ramp(),
      turning: ramp(),
      turbulence: ramp(),
      activity: ramp(),
    }),
    weights: section({
      trending: section({
        strength: score(),
        direction: score(),
        distance: score(),
        straightness: score(),
        activity: score(),
      }),
      ranging: section({ weakness: score(), closeness: score(), narrowness: score(), calm: score() }),
      choppy: section({ weakness: score(), indecision: score(), turning: score(), turbulence: score() }),
    }),
    min_wins: whole({ min: 1, max: 1_000 }),
    hold_minutes: whole({ min: 0, max: 100_000 }),
    interrupt_score: score(),
  }),
  scalper: section({
    enabled: flag(),
    ema_fast_period: period(),
    ema_slow_period: period(),
    sma_period: period(),
    rsi_period: period(),
    rsi_extreme: number({ min: 0, max: 50 }),
    rsi_weak: number({ min: 0, max: 50 }),
    macd_fast_period: period(),
    macd_slow_period: period(),
    macd_signal_period: period(),
    bollinger_period: period(),
    bollinger_deviations: number({ above: 0, max: 100 }),
    volume_period: period(),
    volume_ratio_raised: number({ min: 0, max: 1_000 }),
    volume_ratio_high: number({ min: 0, max: 1_000 }),
    fresh_candles: period(),
    thresholds: byRegime(number({ above: 0, max: 12 })),
    weights: section({
      ema: weight(),
      sma: weight(),
      rsi: weight(),
      macd: weight(),
      bollinger: weight(),
      volume: weight(),
    }),
    repeat_after_candles: period(),
  }),
});

const FEE = { min: -0.01, max: 0.1 };

const execution = section({
  entry_style: choice('maker_only', 'maker_then_taker', 'taker'),
  max_reprices: whole({ min: 0, max: 100 }),
  maker_window_seconds: duration({ above: 0, max: 3_600 }),
  on_opposite: choice('ignore', 'close', 'reverse'),
  unknown_position: choice('adopt', 'close', 'alert'),
  min_cost_multiple: number({ min: 0, max: 1_000 }),
  reentry: section({
    same_side_seconds: duration(SECONDS),
    after_loss_seconds: duration(SECONDS),
    opposite_side_seconds: duration(SECONDS),
  }),
  funding_near_seconds: duration(SECONDS),
  leverage: section({
    adaptive: flag(),
    max: whole({ min: 1, max: 125 }),
    by_regime: byRegime(number({ above: 0, max: 10 })),
    turbulent: section({ above_atr_percent: percent({ min: 0, max: 1_000 }), factor: number({ above: 0, max: 10 }) }),
    calm: section({ below_atr_percent: percent({ min: 0, max: 1_000 }), factor: number({ above: 0, max: 10 }) }),
    steps: listOf(
      z.strictObject(
        { below: score(), leverage: whole({ min: 1, max: 125 }) },
        { error: phrase('a step like {below: 0.3, leverage: 3}', 'шаг вида {below: 0.3, leverage: 3}') },
      ),
      20,
      phrase('a list of steps like [{below: 0.3, leverage: 3}]', 'список шагов вида [{below: 0.3, leverage: 3}]'),
    ),
    top: whole({ min: 1, max: 125 }),
  }),
  fee_rates: section({ maker: share(FEE), taker: share(FEE) }),
  slippage_bps: number({ min: 0, max: 10_000 }),
  spread_ticks: whole({ min: 0, max: 1_000_000 }),
});

const GOVERNOR = phrase('"on", "off" or a section of its numbers', '"on", "off" или раздел с его числами');

/** `on` and `off` are short for `{enabled: …}`; a section of numbers is on unless it says otherwise. */
function governor<S extends z.ZodRawShape>(shape: S) {
  const numbers = section({ enabled: flag(), ...shape });
  type Numbers = z.output<typeof numbers>;
  return z.union([flag(), numbers], { error: GOVERNOR }).transform(
    (written): Numbers & { enabled: boolean } =>
      (typeof written === 'boolean' ? { enabled: written } : { enabled: true, ...written }) as Numbers & {
        enabled: boolean;
      },
  );
}

const dayStep = (at: { min?: number; above?: number; max?: number; under?: number }, example: string) =>
  z.strictObject(
    { at: percent(at), factor: number({ above: 0, max: 10 }) },
    { error: phrase(`a step like ${example}`, `шаг вида ${example}`) },
  );
const daySteps = (at: { min?: number; above?: number; max?: number; under?: number }, example: string) =>
  z
    .array(dayStep(at, example), {
      error: phrase(`a list of steps like [${example}], or []`, `список шагов вида [${example}] или []`),
    })
    .max(20, { error: phrase('a list of at most 20 steps', 'список не больше чем из 20 шагов') });

const factor = () => number({ above: 0, max: 10 });
const inARow = () => whole({ min: 1, max: 1_000 });
const pauseMinutes = () => duration({ above: 0, max: 1_440 });

/** rules.md §6. Each is a file of core/governors, where its numbers are explained. */
const governors = section({
  size_by_day: governor({
    losses: daySteps({ min: -100, under: 0 }, '{at: -1, factor: 0.8}'),
    gains: daySteps({ above: 0, max: 1_000 }, '{at: 1, factor: 1.1}'),
    min_factor: factor(),
    max_factor: factor(),
  }),
  targets_by_volatility: governor({
    min_factor: factor(),
    max_factor: factor(),
    retune_minutes: duration({ above: 0, max: 1_440 }),
    max_retune: percent({ min: 0, under: 100 }),
  }),
  additions_without_signal: governor({
    placement: choice('on_trigger', 'resting'),
    strength: score(),
    average_down: section({
      regimes: byRegime(flag()),
      loss_share: share({ min: 0, max: 1 }),
      distance_atr: number({ min: 0, max: 100 }),
      min_rsi_turn: number({ above: 0, max: 100 }),
    }),
    pyramid: section({
      regimes: byRegime(flag()),
      min_profit: percent({ min: 0, max: 1_000 }),
      distance_atr: number({ min: 0, max: 100 }),
    }),
  }),
  mode_by_results: governor({
    start_mode: choice('trend_following', 'mean_reversion'),
    trades: whole({ min: 2, max: 1_000 }),
    switch_minutes: duration({ min: 0, max: 10_080 }),
    min_standard_errors: number({ min: 0, max: 100 }),
    off_standard_errors: number({ min: 0, max: 100 }),
  }),
  pause: governor({
    symbol_losses: inARow(),
    symbol_minutes: pauseMinutes(),
    account_losses: inARow(),
    account_minutes: pauseMinutes(),
    turbulence: number({ above: 1, max: 100 }),
    turbulence_minutes: pauseMinutes(),
    repeat_factor: number({ min: 1, max: 10 }),
    max_minutes: pauseMinutes(),
    max_drawdown: percent({ above: 0, max: 100 }),
    drawdown_readings: whole({ min: 2, max: 100 }),
    reading_seconds: duration({ above: 0, max: 3_600 }),
  }),
});

const timeframe = () => choice('1m', '3m', '5m', '15m', '30m', '1h');

const account = section({
  name: text(
    /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/,
    phrase(
      'a name of 1 to 32 letters, digits, - and _ (it names a folder)',
      'имя из 1–32 латинских букв, цифр, - и _ (так называется папка)',
    ),
  ),
  balance: usdt({ above: 0, max: PRICE_MAX }),
});

/** The tree that becomes the core's `Policy`. */
const policyShape = {
  timeframes: section({ signal: timeframe(), regime: timeframe(), atr: timeframe() }),
  position_scaling: positionScaling,
  profiles,
  limits,
  partial_take_profit: partialTakeProfit,
  exits,
  signals,
  execution,
};

export const fileSchema = section({
  account,
  symbols: listOf(
    instId(),
    200,
    phrase(
      "a list of OKX's names, like [BTC-USDT-SWAP, ETH-USDT-SWAP]",
      'список имён OKX, например [BTC-USDT-SWAP, ETH-USDT-SWAP]',
    ),
  ),
  ...policyShape,
  governors,
});

/** What `decide` takes as `config` (ladder.md §7): these sections and no others, for no other would change a verdict. */
export const decideSchema = section({
  position_scaling: positionScaling,
  profiles,
  limits,
  partial_take_profit: partialTakeProfit,
});

type Scalar = Decimal | string | number | boolean;

/** A tree in which every key has a value. Symbols stay free: there is one entry for each that is named. */
export type Complete<T> = T extends Scalar | readonly unknown[]
  ? T
  : string extends keyof T
    ? T
    : { readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined>> };

/** A file as parsed: numbers are exact decimals, what was not written is absent. */
export type FileTree = z.output<typeof fileSchema>;
/** The same as a person may write it. */
export type WrittenTree = z.input<typeof fileSchema>;
/** The effective configuration: every key has its value. */
export type Tree = Complete<FileTree>;
