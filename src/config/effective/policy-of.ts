/** From the effective tree, in the words of `rungwise.yaml`, to the core's `Policy`, in the words of the code. Nothing is decided here. */

import type { AdditionsWithoutSignalPolicy } from '../../core/governors/additions-without-signal.ts';
import { type ModeByResultsPolicy, weightsOf } from '../../core/governors/mode-by-results.ts';
import type {
  GovernorsPolicy,
  PausePolicy,
  SizeByDayPolicy,
  TargetsByVolatilityPolicy,
} from '../../core/governors/policy.ts';
import type { Ramp } from '../../core/market/regime.ts';
import { type Decimal, wholeAtScale } from '../../core/numbers/decimal.ts';
import type {
  ByProfile,
  ByRegime,
  ExecutionPolicy,
  ExitsPolicy,
  LadderOverride,
  LimitsPolicy,
  PartialPolicy,
  Policy,
  ProfilePolicy,
  RegimeLadder,
  ScalingPolicy,
  SignalsPolicy,
} from '../../core/policy.ts';
import type { FileTree, Tree } from '../keys/schema.ts';

/** @throws {DecimalError} never: the schema has refused what is not whole. */
export function policyOf(tree: Tree): Policy {
  return {
    scaling: scalingOf(tree.position_scaling),
    profiles: profilesOf(tree.profiles),
    limits: limitsOf(tree.limits),
    partial: partialOf(tree.partial_take_profit),
    exits: exitsOf(tree.exits),
    signals: signalsOf(tree.signals, tree.timeframes),
    execution: executionOf(tree.execution),
    governors: governorsOf(tree.governors, tree.signals),
  };
}

export function scalingOf(scaling: Tree['position_scaling']): ScalingPolicy {
  return {
    additionsMax: wholeOf(scaling.max_additions),
    intervalMs: msOfSeconds(scaling.min_interval_seconds),
    lossLimitPercent: scaling.max_loss_for_addition,
    ladder: scaling.ladder,
    profileMultiplier: scaling.profile_multiplier,
    byBalance: eachProfile(scaling.by_balance, overrideOf),
    byRegime: eachRegime(scaling.by_regime, regimeLadderOf),
    bySymbol: Object.fromEntries(
      Object.entries(scaling.by_symbol).map(([instId, override]) => [instId, overrideOf(override)]),
    ),
    baseSize: scaling.base_size,
    strengthFloor: scaling.strength_floor,
    lossBasis: scaling.loss_basis,
    lossLimitRule: scaling.loss_limit_rule,
    onLimit: scaling.on_limit,
    additionsAtPositionLimit: scaling.additions_at_position_limit,
    additionValueMin: scaling.min_addition_value,
  };
}

type Override = Exclude<
  Exclude<Exclude<FileTree['position_scaling'], undefined>['by_symbol'], undefined>[string],
  undefined
>;

function overrideOf(override: Override): LadderOverride {
  const { max_additions, min_interval_seconds, max_loss_for_addition, ladder } = override;
  return {
    ...(isGeneral(max_additions) ? {} : { additionsMax: wholeOf(max_additions) }),
    ...(isGeneral(min_interval_seconds) ? {} : { intervalMs: msOfSeconds(min_interval_seconds) }),
    ...(isGeneral(max_loss_for_addition) ? {} : { lossLimitPercent: max_loss_for_addition }),
    ...(isGeneral(ladder) ? {} : { ladder }),
  };
}

function isGeneral(value: unknown): value is 'general' | undefined {
  return value === undefined || value === 'general';
}

function regimeLadderOf(regime: Tree['position_scaling']['by_regime']['trending']): RegimeLadder {
  return {
    multiplier: regime.ladder_multiplier,
    ...(regime.max_loss_for_addition === 'off' ? {} : { lossLimitPercent: regime.max_loss_for_addition }),
    ...(regime.max_additions_override === 'off' ? {} : { additionsMax: wholeOf(regime.max_additions_override) }),
    ...(regime.min_profit_for_addition === 'off' ? {} : { profitMinPercent: regime.min_profit_for_addition }),
  };
}

export function profilesOf({ small, medium, large }: Tree['profiles']): ByProfile<ProfilePolicy> {
  return {
    small: { below: small.below, ...profileOf(small) },
    medium: { below: medium.below, ...profileOf(medium) },
    large: profileOf(large),
  };
}

function profileOf(profile: Tree['profiles']['large']): ProfilePolicy {
  return {
    marginPercentMax: profile.max_margin_percent,
    positionValueMin: profile.min_position_value,
    positionValueMax: profile.max_position_value,
    openPositionsMax: wholeOf(profile.max_open_positions),
  };
}

export function limitsOf(limits: Tree['limits']): LimitsPolicy {
  return {
    profileHysteresisPercent: limits.profile_hysteresis_percent,
    marginReserve: limits.margin_reserve,
    totalExposureMax: limits.max_total_exposure,
    liquidationDistanceMultiple: limits.liquidation_distance_multiple,
    ...(limits.price_age_max_ms === 'off' ? {} : { priceAgeMaxMs: limits.price_age_max_ms.approx }),
    priceMovePercentMax: limits.price_move_max_percent,
    regimeMarginPoints: limits.regime_margin_points,
    regimeValueFactor: limits.regime_value_factor,
    lossPerPositionPercentMax: limits.max_loss_per_position,
    worstCaseLossPercentMax: limits.max_worst_case_loss,
    shockAtr: limits.shock_atr,
    dailyLossPercentMax: limits.daily_loss_limit,
    fundingAgainstPercentMax: limits.max_funding_against,
    trendAgainst: limits.trend_against,
  };
}

export function partialOf(partial: Tree['partial_take_profit']): PartialPolicy {
  return {
    fractionMin: partial.min_fraction,
    valueMin: partial.min_value,
    valueMinFactor: partial.min_value_factor,
    valueMinCap: partial.min_value_cap,
    netProfitMin: partial.min_net_profit,
    steps: partial.steps,
  };
}

function exitsOf(exits: Tree['exits']): ExitsPolicy {
  const { trailing, extension } = exits;
  return {
    targetAtr: exits.target_atr,
    stopAtr: exits.stop_atr,
    timeLimitMs: eachRegime(exits.time_limit_minutes, msOfMinutes),
    stopPercentMin: exits.min_stop_percent,
    stopCostMultiple: exits.min_stop_costs,
    stopTrigger: exits.stop_trigger,
    breakevenPercent: exits.breakeven_percent,
    ...(trailing === 'off' ? {} : { trailing: trailingOf(trailing) }),
    extension: {
      adxMin: extension.min_adx,
      profitPercentMin: extension.min_profit_percent,
      timeShare: extension.time_share,
      targetFactor: extension.target_factor,
      timesMax: wholeOf(extension.max_times),
    },
    liquidationGuardShare: exits.liquidation_guard_share,
  };
}

function trailingOf(trailing: Exclude<Tree['exits']['trailing'], 'off'>): NonNullable<ExitsPolicy['trailing']> {
  return {
    activationPercent: trailing.activation_percent,
    distanceAtr: trailing.distance_atr,
    stepShare: trailing.step_share,
  };
}

const MINUTES = { '1m': 1, '3m': 3, '5m': 5, '15m': 15, '30m': 30, '1h': 60 } as const satisfies Record<
  Tree['timeframes']['signal'],
  number
>;

/** Indicators reckon in doubles: their numbers are the nearest ones. */
function signalsOf(signals: Tree['signals'], timeframes: Tree['timeframes']): SignalsPolicy {
  return {
    scalper: signals.scalper.enabled,
    series: {
      timeframes: {
        signalMinutes: MINUTES[timeframes.signal],
        regimeMinutes: MINUTES[timeframes.regime],
        atrMinutes: MINUTES[timeframes.atr],
      },
      atrPeriod: wholeOf(signals.atr_period),
      meanAtrCandles: wholeOf(signals.mean_atr_candles),
      regime: regimeOf(signals.regime),
      scalper: scalperOf(signals.scalper),
    },
  };
}

function regimeOf({ ramps, weights, ...regime }: Tree['signals']['regime']): SignalsPolicy['series']['regime'] {
  return {
    atrPeriod: wholeOf(regime.atr_period),
    adxPeriod: wholeOf(regime.adx_period),
    smaPeriod: wholeOf(regime.sma_period),
    rangePeriod: wholeOf(regime.range_period),
    reversalsPeriod: wholeOf(regime.reversals_period),
    volumePeriod: wholeOf(regime.volume_period),
    ramps: {
      strength: rampOf(ramps.strength),
      direction: rampOf(ramps.direction),
      distance: rampOf(ramps.distance),
      width: rampOf(ramps.width),
      turning: rampOf(ramps.turning),
      turbulence: rampOf(ramps.turbulence),
      activity: rampOf(ramps.activity),
    },
    weights: {
      trending: doubles(weights.trending),
      ranging: doubles(weights.ranging),
      choppy: doubles(weights.choppy),
    },
    winsMin: wholeOf(regime.min_wins),
    holdMinutes: wholeOf(regime.hold_minutes),
    interruptScore: regime.interrupt_score.approx,
  };
}

function scalperOf(scalper: Tree['signals']['scalper']): SignalsPolicy['series']['scalper'] {
  return {
    emaFastPeriod: wholeOf(scalper.ema_fast_period),
    emaSlowPeriod: wholeOf(scalper.ema_slow_period),
    smaPeriod: wholeOf(scalper.sma_period),
    rsiPeriod: wholeOf(scalper.rsi_period),
    rsiExtreme: scalper.rsi_extreme.approx,
    rsiWeak: scalper.rsi_weak.approx,
    macdFastPeriod: wholeOf(scalper.macd_fast_period),
    macdSlowPeriod: wholeOf(scalper.macd_slow_period),
    macdSignalPeriod: wholeOf(scalper.macd_signal_period),
    bollingerPeriod: wholeOf(scalper.bollinger_period),
    bollingerDeviations: scalper.bollinger_deviations.approx,
    volumePeriod: wholeOf(scalper.volume_period),
    volumeRatioRaised: scalper.volume_ratio_raised.approx,
    volumeRatioHigh: scalper.volume_ratio_high.approx,
    freshCandles: wholeOf(scalper.fresh_candles),
    thresholds: doubles(scalper.thresholds),
    weights: doubles(scalper.weights),
    repeatAfterCandles: wholeOf(scalper.repeat_after_candles),
  };
}

function executionOf(execution: Tree['execution']): ExecutionPolicy {
  const { reentry, leverage } = execution;
  return {
    entryStyle: execution.entry_style,
    repriceMax: wholeOf(execution.max_reprices),
    makerWindowMs: msOfSeconds(execution.maker_window_seconds),
    onOpposite: execution.on_opposite,
    unknownPosition: execution.unknown_position,
    costMultipleMin: execution.min_cost_multiple,
    reentry: {
      sameSideMs: msOfSeconds(reentry.same_side_seconds),
      afterLossMs: msOfSeconds(reentry.after_loss_seconds),
      oppositeSideMs: msOfSeconds(reentry.opposite_side_seconds),
    },
    fundingNearMs: msOfSeconds(execution.funding_near_seconds),
    leverage: {
      adaptive: leverage.adaptive,
      max: wholeOf(leverage.max),
      byRegime: leverage.by_regime,
      turbulent: { aboveAtrPercent: leverage.turbulent.above_atr_percent, factor: leverage.turbulent.factor },
      calm: { belowAtrPercent: leverage.calm.below_atr_percent, factor: leverage.calm.factor },
      steps: leverage.steps.map((step) => ({ below: step.below, leverage: wholeOf(step.leverage) })),
      top: wholeOf(leverage.top),
    },
    feeRates: execution.fee_rates,
    slippageBps: execution.slippage_bps,
    spreadTicks: wholeOf(execution.spread_ticks),
  };
}

/** Which governors act. */
export type Switches = Readonly<Record<keyof Tree['governors'], boolean>>;

export function switchesOf(governors: Tree['governors']): Switches {
  return {
    size_by_day: governors.size_by_day.enabled,
    targets_by_volatility: governors.targets_by_volatility.enabled,
    additions_without_signal: governors.additions_without_signal.enabled,
    mode_by_results: governors.mode_by_results.enabled,
    pause: governors.pause.enabled,
  };
}

/** What is off is absent. */
function governorsOf(governors: Tree['governors'], { scalper }: Tree['signals']): GovernorsPolicy {
  const { size_by_day, targets_by_volatility, additions_without_signal, mode_by_results, pause } = governors;
  return {
    ...(size_by_day.enabled ? { sizeByDay: sizeByDayOf(size_by_day) } : {}),
    ...(targets_by_volatility.enabled ? { targetsByVolatility: targetsByVolatilityOf(targets_by_volatility) } : {}),
    ...(additions_without_signal.enabled
      ? { additionsWithoutSignal: additionsWithoutSignalOf(additions_without_signal) }
      : {}),
    ...(mode_by_results.enabled ? { modeByResults: modeByResultsOf(mode_by_results, scalper.weights) } : {}),
    ...(pause.enabled ? { pause: pauseOf(pause) } : {}),
  };
}

function sizeByDayOf({ losses, gains, min_factor, max_factor }: Tree['governors']['size_by_day']): SizeByDayPolicy {
  return {
    losses: losses.map(({ at, factor }) => ({ atPercent: at, factor })),
    gains: gains.map(({ at, factor }) => ({ atPercent: at, factor })),
    factorMin: min_factor,
    factorMax: max_factor,
  };
}

function targetsByVolatilityOf(targets: Tree['governors']['targets_by_volatility']): TargetsByVolatilityPolicy {
  return {
    factorMin: targets.min_factor,
    factorMax: targets.max_factor,
    retuneEveryMs: msOfMinutes(targets.retune_minutes),
    retunePercentMax: targets.max_retune,
  };
}

function additionsWithoutSignalOf(
  additions: Tree['governors']['additions_without_signal'],
): AdditionsWithoutSignalPolicy {
  const { placement, strength, average_down, pyramid } = additions;
  return {
    placement,
    strength,
    averageDown: {
      regimes: average_down.regimes,
      lossShare: average_down.loss_share,
      distanceAtr: average_down.distance_atr,
      rsiTurnMin: average_down.min_rsi_turn,
    },
    pyramid: {
      regimes: pyramid.regimes,
      profitPercentMin: pyramid.min_profit,
      distanceAtr: pyramid.distance_atr,
    },
  };
}

const MODES = { trend_following: 'trend-following', mean_reversion: 'mean-reversion' } as const;

function modeByResultsOf(
  mode: Tree['governors']['mode_by_results'],
  weights: Tree['signals']['scalper']['weights'],
): ModeByResultsPolicy {
  const all = doubles(weights);
  return {
    weights: {
      'trend-following': weightsOf('trend-following', all),
      'mean-reversion': weightsOf('mean-reversion', all),
    },
    startMode: MODES[mode.start_mode],
    trades: wholeOf(mode.trades),
    switchEveryMs: msOfMinutes(mode.switch_minutes),
    standardErrorsMin: mode.min_standard_errors,
    offStandardErrorsMin: mode.off_standard_errors,
  };
}

function pauseOf(pause: Tree['governors']['pause']): PausePolicy {
  return {
    symbol: { losses: wholeOf(pause.symbol_losses), ms: msOfMinutes(pause.symbol_minutes) },
    account: { losses: wholeOf(pause.account_losses), ms: msOfMinutes(pause.account_minutes) },
    turbulence: { multiple: pause.turbulence, ms: msOfMinutes(pause.turbulence_minutes) },
    repeatFactor: pause.repeat_factor,
    msMax: msOfMinutes(pause.max_minutes),
    drawdownFloorShare: 1 - pause.max_drawdown.approx / 100,
    drawdownReadings: wholeOf(pause.drawdown_readings),
    readingEveryMs: msOfSeconds(pause.reading_seconds),
  };
}

function wholeOf(value: Decimal): number {
  return Number(wholeAtScale(value, 0));
}

function msOfSeconds(value: Decimal): number {
  return Number(wholeAtScale(value, 3));
}

function msOfMinutes(value: Decimal): number {
  return msOfSeconds(value) * 60;
}

function rampOf({ from, to }: { readonly from: Decimal; readonly to: Decimal }): Ramp {
  return { from: from.approx, to: to.approx };
}

function doubles<K extends string>(decimals: Readonly<Record<K, Decimal>>): Record<K, number> {
  return Object.fromEntries(Object.entries<Decimal>(decimals).map(([key, value]) => [key, value.approx])) as Record<
    K,
    number
  >;
}

function eachProfile<T, R>(values: ByProfile<T>, of: (value: T) => R): ByProfile<R> {
  return { small: of(values.small), medium: of(values.medium), large: of(values.large) };
}

function eachRegime<T, R>(values: ByRegime<T>, of: (value: T) => R): ByRegime<R> {
  return { trending: of(values.trending), ranging: of(values.ranging), choppy: of(values.choppy) };
}
