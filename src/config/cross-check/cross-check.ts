/**
 * What is wrong between values that are each right alone (lessons.md 18), and what is odd enough to be told.
 *
 * Errors stop the start; warnings are printed by `check`, and counted by whoever else goes by the configuration. All are collected, in the order of the file's sections.
 */

import { coefficientSum, ladderRules } from '../../core/ladder/ladder.ts';
import { type Fraction, fractions, shownFraction } from '../../core/numbers/arithmetic.ts';
import { compareDecimals, type Decimal, decimal, formatDecimal, percentText } from '../../core/numbers/decimal.ts';
import { type Policy, PROFILES, type Profile, REGIMES, type Regime } from '../../core/policy.ts';
import type { Tree } from '../keys/schema.ts';
import type { Problem } from '../problem.ts';
import { CROSS_SAID } from '../said.ts';
import { isSection, type Path, pathText } from '../tree.ts';
import { GOVERNOR_CHECKS } from './cross-check-governors.ts';
import { error, type Finding, isAbove, lossLimitsIn, warning, when } from './finding.ts';
import { isDoubtful, watched } from './in-doubt.ts';

interface Findings {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** What the checks look at. `isWritten`: a person wrote this key (file or command line), so it may be told that it has no effect. */
interface Checked {
  readonly tree: Tree;
  readonly policy: Policy;
  isWritten(path: string): boolean;
}

/** The first must be below the second; the flag: or as large. */
const SCALPER_ORDER = [
  ['ema_fast_period', 'ema_slow_period', false],
  ['macd_fast_period', 'macd_slow_period', false],
  ['rsi_extreme', 'rsi_weak', true],
  ['volume_ratio_raised', 'volume_ratio_high', true],
] as const;

/** Each looks at as few values as it can: one that reads what is in doubt is not asked (`doubts`: in-doubt.ts). */
const CHECKS: readonly ((checked: Checked) => Finding[])[] = [
  symbolFindings,
  ladderFindings,
  shadowedFindings,
  additionFindings,
  ...REGIMES.map(profitFindings),
  thresholdFindings,
  ...PROFILES.flatMap((profile) => [openFindings(profile), addFindings(profile), neverAddsFindings(profile)]),
  ...PROFILES.map(baseFindings),
  marginFindings,
  lossFindings,
  capFindings,
  stepFindings,
  exitFindings,
  ...SCALPER_ORDER.map(scalperFindings),
  rampFindings,
  ...REGIMES.map(weightFindings),
  leverageFindings,
  mapFindings,
  calmFindings,
  unknownFindings,
  feeFindings,
  ...GOVERNOR_CHECKS,
];

export function crossCheck(checked: Checked, doubts: readonly string[] = []): Findings {
  const findings = CHECKS.flatMap((check) =>
    doubts.length === 0 ? check(checked) : undoubted(check, checked, doubts),
  );
  const told = (isError: boolean) =>
    findings
      .filter((finding) => finding.isError === isError)
      .map(({ path, message, hint, said }) => ({ path, message, hint, said }));
  return { errors: told(true), warnings: told(false) };
}

function undoubted(check: (checked: Checked) => Finding[], checked: Checked, doubts: readonly string[]): Finding[] {
  const looked = new Set<string>();
  const findings = check({
    tree: watched(checked.tree, (path) => looked.add(path)),
    get policy() {
      for (const section of ['position_scaling', 'profiles', 'limits']) looked.add(section);
      return checked.policy;
    },
    isWritten: (path) => checked.isWritten(path),
  });
  return [...looked].some((path) => isDoubtful(path, doubts)) ? [] : findings;
}

function symbolFindings({ tree }: Checked): Finding[] {
  const { symbols } = tree;
  const twice = symbols.filter((symbol, index) => symbols.indexOf(symbol) !== index);
  const unknown = Object.keys(tree.position_scaling.by_symbol).filter((symbol) => !symbols.includes(symbol));
  return [
    ...twice.map((symbol) => error(['symbols', symbols.lastIndexOf(symbol)], CROSS_SAID.symbolTwice(symbol))),
    ...unknown.map((symbol) => warning(['position_scaling', 'by_symbol', symbol], CROSS_SAID.symbolNotTraded(symbol))),
  ];
}

const OVERRIDES = ['max_additions', 'min_interval_seconds', 'max_loss_for_addition', 'ladder'] as const;

/** Every ladder of the tree with the number of additions it is meant for. */
function laddersOf(scaling: Tree['position_scaling']) {
  const own = [
    ...PROFILES.map((profile) => ({
      path: ['position_scaling', 'by_balance', profile, 'ladder'],
      override: scaling.by_balance[profile],
    })),
    ...Object.entries(scaling.by_symbol).map(([symbol, override]) => ({
      path: ['position_scaling', 'by_symbol', symbol, 'ladder'],
      override,
    })),
  ];
  const general = {
    path: ['position_scaling', 'ladder'],
    ladder: scaling.ladder,
    additionsMax: mostAdditions(scaling),
  };
  return [
    general,
    ...own.flatMap(({ path, override: { ladder, max_additions } }) => {
      if (ladder === undefined || ladder === 'general') return [];
      return [
        {
          path,
          ladder,
          additionsMax:
            max_additions === undefined || max_additions === 'general'
              ? mostAdditions(scaling)
              : path.includes('by_symbol')
                ? lesser(max_additions, mostAdditions(scaling))
                : max_additions,
        },
      ];
    }),
  ];
}

/** The most additions that any profile which uses the general ladder may make. */
function mostAdditions(scaling: Tree['position_scaling']): Decimal {
  return PROFILES.map((profile) => scaling.by_balance[profile].max_additions)
    .map((own) => (own === 'general' ? scaling.max_additions : own))
    .reduce((a, b) => (isAbove(a, b) ? a : b));
}

function lesser(a: Decimal, b: Decimal): Decimal {
  return isAbove(a, b) ? b : a;
}

function ladderFindings({ tree, isWritten }: Checked): Finding[] {
  return laddersOf(tree.position_scaling).flatMap(({ path, ladder, additionsMax }) => {
    const grows = ladder.findIndex((step, index) => index > 0 && isAbove(step, ladder[index - 1] ?? step));
    const isTooLong = isAbove(decimal(ladder.length), additionsMax) && isWritten(pathText(path));
    return [
      ...when(grows !== -1, () => warning([...path, grows], CROSS_SAID.growingLadder(grows + 1))),
      ...when(isTooLong, () => warning(path, CROSS_SAID.longLadder(ladder.length, formatDecimal(additionsMax)))),
    ];
  });
}

/** Values that a person wrote and that no decision will ever read; each once. */
function shadowedFindings({ tree, isWritten }: Checked): Finding[] {
  const scaling = tree.position_scaling;
  const byProfiles = OVERRIDES.filter((key) =>
    PROFILES.every((profile) => scaling.by_balance[profile][key] !== 'general'),
  )
    .filter((key) => isWritten(`position_scaling.${key}`))
    .map((key) => warning(['position_scaling', key], CROSS_SAID.shadowedByProfiles(key)));
  const multipliers = PROFILES.filter((profile) => scaling.by_balance[profile].ladder !== 'general')
    .filter((profile) => isWritten(`position_scaling.profile_multiplier.${profile}`))
    .map((profile) =>
      warning(['position_scaling', 'profile_multiplier', profile], CROSS_SAID.shadowedMultiplier(profile)),
    );
  const findings = [
    ...byProfiles,
    ...multipliers,
    ...shadowedBySymbols(tree, isWritten),
    ...shadowedLossLimits(scaling, isWritten),
    ...shadowedRegimeLimits(tree, isWritten),
  ];
  return findings.filter(({ path }, index) => findings.findIndex((each) => each.path === path) === index);
}

/** What every traded symbol says for itself. Not `max_additions`: of that the smaller holds. */
function shadowedBySymbols({ symbols, position_scaling: scaling }: Tree, isWritten: Checked['isWritten']): Finding[] {
  const isOwn = (symbol: string, key: (typeof OVERRIDES)[number]) =>
    (scaling.by_symbol[symbol]?.[key] ?? 'general') !== 'general';
  return OVERRIDES.filter((key) => key !== 'max_additions' && symbols.every((symbol) => isOwn(symbol, key))).flatMap(
    (key) => {
      const paths = [
        ['position_scaling', key],
        ...PROFILES.filter((profile) => scaling.by_balance[profile][key] !== 'general').map((profile) => [
          'position_scaling',
          'by_balance',
          profile,
          key,
        ]),
        ...(key === 'ladder' ? PROFILES.map((profile) => ['position_scaling', 'profile_multiplier', profile]) : []),
      ];
      return paths
        .filter((path) => isWritten(pathText(path)))
        .map((path) => warning(path, CROSS_SAID.shadowedBySymbols(key)));
    },
  );
}

/** A loss limit that the limit of every regime replaces (ladder.md D4). */
function shadowedLossLimits(scaling: Tree['position_scaling'], isWritten: Checked['isWritten']): Finding[] {
  const ofRegimes = REGIMES.map((regime) => scaling.by_regime[regime].max_loss_for_addition);
  const isReplaced = (limit: Decimal) =>
    ofRegimes.every(
      (own) => own !== 'off' && (scaling.loss_limit_rule === 'regime' || compareDecimals(limit, own) < 0),
    );
  const holders = [
    { path: ['position_scaling', 'max_loss_for_addition'], limit: scaling.max_loss_for_addition },
    ...PROFILES.map((profile) => ({
      path: ['position_scaling', 'by_balance', profile, 'max_loss_for_addition'],
      limit: scaling.by_balance[profile].max_loss_for_addition,
    })),
    ...Object.entries(scaling.by_symbol).map(([symbol, override]) => ({
      path: ['position_scaling', 'by_symbol', symbol, 'max_loss_for_addition'],
      limit: override.max_loss_for_addition ?? 'general',
    })),
  ];
  return holders.flatMap(({ path, limit }) =>
    when(limit !== 'general' && isWritten(pathText(path)) && isReplaced(limit), () =>
      warning(path, CROSS_SAID.shadowedLossLimit(scaling.loss_limit_rule)),
    ),
  );
}

/** A regime's loss limit that is deeper than any a profile or symbol has: the stricter holds (ladder.md D4). */
function shadowedRegimeLimits(
  { symbols, position_scaling: scaling }: Tree,
  isWritten: Checked['isWritten'],
): Finding[] {
  if (scaling.loss_limit_rule === 'regime') return [];
  const deepest = PROFILES.flatMap((profile) => {
    const { max_loss_for_addition: own } = scaling.by_balance[profile];
    const ofProfile = own === 'general' ? scaling.max_loss_for_addition : own;
    return symbols.map((symbol) => {
      const ofSymbol = scaling.by_symbol[symbol]?.max_loss_for_addition ?? 'general';
      return ofSymbol === 'general' ? ofProfile : ofSymbol;
    });
  }).reduce(lesser);
  return REGIMES.flatMap((regime) => {
    const path = ['position_scaling', 'by_regime', regime, 'max_loss_for_addition'];
    const { max_loss_for_addition: limit } = scaling.by_regime[regime];
    return when(limit !== 'off' && isWritten(pathText(path)) && isAbove(deepest, limit), () =>
      warning(path, CROSS_SAID.shadowedRegimeLimit(formatDecimal(deepest))),
    );
  });
}

/** A number of additions that is above what every profile allows: the smaller one holds (ladder.md §1). */
function additionFindings({ tree: { position_scaling: scaling }, isWritten }: Checked): Finding[] {
  const most = mostAdditions(scaling);
  const asked = [
    ...Object.entries(scaling.by_symbol).map(([symbol, { max_additions }]) => ({
      path: ['position_scaling', 'by_symbol', symbol, 'max_additions'],
      additions: max_additions,
    })),
    ...REGIMES.map((regime) => ({
      path: ['position_scaling', 'by_regime', regime, 'max_additions_override'],
      additions: scaling.by_regime[regime].max_additions_override,
    })),
  ];
  return asked.flatMap(({ path, additions }) =>
    when(typeof additions === 'object' && isAbove(additions, most) && isWritten(pathText(path)), () =>
      warning(path, CROSS_SAID.shadowedAdditions(formatDecimal(most))),
    ),
  );
}

/** A least profit of additions that the loss limits leave nothing to refuse, or that no position lives to see. */
function profitFindings(regime: Regime) {
  return ({ tree, policy, isWritten }: Checked): Finding[] => {
    const path = ['position_scaling', 'by_regime', regime, 'min_profit_for_addition'];
    const { min_profit_for_addition: least } = tree.position_scaling.by_regime[regime];
    if (least === 'off' || !isWritten(pathText(path))) return [];
    const limit = lossLimitsIn(policy, tree.symbols, regime).reduce(lesser);
    if (!isAbove(least, limit)) return [warning(path, CROSS_SAID.shadowedProfit(formatDecimal(limit)))];
    const leverage = tree.position_scaling.loss_basis === 'price' ? 1 : tree.execution.leverage.max.approx;
    const move = least.approx / leverage;
    return when(move > MOVE_USUAL_MAX, () =>
      warning(path, CROSS_SAID.farProfit(formatDecimal(least), String(Number(move.toPrecision(3))))),
    );
  };
}

/** Per cent of price: more than a position sees before its time is over, and a slip of the point where 1.5 was meant. */
const MOVE_USUAL_MAX = 10;

function thresholdFindings({ tree: { profiles } }: Checked): Finding[] {
  const small = profiles.small.below;
  const medium = profiles.medium.below;
  return when(!isAbove(medium, small), () =>
    error(['profiles', 'medium', 'below'], CROSS_SAID.thresholds(formatDecimal(medium), formatDecimal(small))),
  );
}

/** The most that a position may be worth in a regime, and how it comes about. */
function valueMaxIn({ profiles, limits }: Tree, profile: Profile, regime: Regime) {
  const { max_position_value: most } = profiles[profile];
  const factor = limits.regime_value_factor[regime];
  const value = fractions.times(fractions.of(most), fractions.of(factor));
  return {
    regime,
    value,
    text: factor.approx === 1 ? formatDecimal(most) : `${formatDecimal(most)} × ${formatDecimal(factor)}`,
  };
}

/** The same in the regime that allows the most. */
function largestValueMax(tree: Tree, profile: Profile) {
  return REGIMES.map((regime) => valueMaxIn(tree, profile, regime)).reduce((a, b) =>
    fractions.compare(b.value, a.value) > 0 ? b : a,
  );
}

function openFindings(profile: Profile) {
  return ({ tree }: Checked): Finding[] => {
    const { min_position_value: least } = tree.profiles[profile];
    const { value, text } = largestValueMax(tree, profile);
    return when(fractions.compare(fractions.of(least), value) > 0, () =>
      error(['profiles', profile, 'min_position_value'], CROSS_SAID.nothingOpens(formatDecimal(least), text)),
    );
  };
}

function addFindings(profile: Profile) {
  return ({ tree }: Checked): Finding[] => {
    const least = tree.position_scaling.min_addition_value;
    const { value, text } = largestValueMax(tree, profile);
    return when(fractions.compare(fractions.of(least), value) > 0, () =>
      error(['position_scaling', 'min_addition_value'], CROSS_SAID.nothingAdds(formatDecimal(least), profile, text)),
    );
  };
}

function neverAddsFindings(profile: Profile) {
  return ({ tree }: Checked): Finding[] =>
    when(
      tree.profiles[profile].max_open_positions.approx === 1 &&
        tree.position_scaling.additions_at_position_limit === 'refuse',
      () => error(['profiles', profile, 'max_open_positions'], CROSS_SAID.neverAdds),
    );
}

const { one, zero } = fractions;

/** A fixed base must fit its profile, and the ladder over it too. */
function baseFindings(profile: Profile) {
  return (checked: Checked): Finding[] => {
    const { base_size } = checked.tree.position_scaling;
    if (base_size === 'auto') return [];
    const base = base_size[profile];
    const { min_position_value: smallest } = checked.tree.profiles[profile];
    const path = ['position_scaling', 'base_size', profile];
    if (isAbove(smallest, base))
      return [error(path, CROSS_SAID.baseTooSmall(formatDecimal(base), formatDecimal(smallest)))];
    const largest = largestValueMax(checked.tree, profile);
    if (fractions.compare(fractions.of(base), largest.value) > 0)
      return [error(path, CROSS_SAID.baseTooLarge(formatDecimal(base), largest.text))];
    const tooLarge = REGIMES.map((regime) => {
      const rules = ladderRules(checked.policy.scaling, '', profile, regime);
      const sum = fractions.of(coefficientSum(rules, 1, rules.additionsMax));
      const whole = fractions.times(fractions.of(base), fractions.plus(one, sum));
      return { whole, most: valueMaxIn(checked.tree, profile, regime) };
    }).find(({ whole, most }) => fractions.compare(whole, most.value) > 0);
    if (tooLarge === undefined) return [];
    const { whole, most } = tooLarge;
    return [warning(path, CROSS_SAID.ladderTooLarge(most.regime, shownFraction(whole), most.text))];
  };
}

function marginFindings({ tree: { limits, profiles } }: Checked): Finding[] {
  return PROFILES.flatMap((profile) =>
    REGIMES.flatMap((regime) => {
      const { max_margin_percent } = profiles[profile];
      const points = limits.regime_margin_points[regime];
      return when(fractions.compare(sumOf(max_margin_percent, points), zero) <= 0, () =>
        warning(
          ['limits', 'regime_margin_points', regime],
          CROSS_SAID.noMargin(profile, formatDecimal(max_margin_percent), formatDecimal(points), regime),
        ),
      );
    }),
  );
}

function lossFindings({ tree: { limits } }: Checked): Finding[] {
  const perPosition = limits.max_loss_per_position;
  return [
    ...when(isAbove(perPosition, limits.max_worst_case_loss), () =>
      warning(
        ['limits', 'max_worst_case_loss'],
        CROSS_SAID.worstCaseBelowPosition(formatDecimal(limits.max_worst_case_loss), formatDecimal(perPosition)),
      ),
    ),
    ...when(isAbove(perPosition, limits.daily_loss_limit), () =>
      warning(
        ['limits', 'daily_loss_limit'],
        CROSS_SAID.dayBelowPosition(formatDecimal(limits.daily_loss_limit), formatDecimal(perPosition)),
      ),
    ),
  ];
}

function capFindings({ tree }: Checked): Finding[] {
  const { min_value, min_value_cap } = tree.partial_take_profit;
  return PROFILES.flatMap((profile) =>
    when(isAbove(min_value[profile], min_value_cap), () =>
      warning(
        ['partial_take_profit', 'min_value', profile],
        CROSS_SAID.partialCapped(formatDecimal(min_value[profile]), formatDecimal(min_value_cap)),
      ),
    ),
  );
}

function stepFindings({ tree }: Checked): Finding[] {
  const { steps } = tree.partial_take_profit;
  const sum = sumOf(...steps.map((step) => step.fraction));
  const outOfOrder = steps.findIndex((step, index) => index > 0 && !isAbove(step.at, steps[index - 1]?.at ?? step.at));
  return [
    ...when(outOfOrder !== -1, () =>
      error(['partial_take_profit', 'steps', outOfOrder, 'at'], CROSS_SAID.stepNotFurther),
    ),
    ...when(steps.length > 1 && fractions.compare(sum, one) >= 0, () =>
      warning(['partial_take_profit', 'steps'], CROSS_SAID.fractionsSum(shownFraction(sum))),
    ),
  ];
}

function exitFindings({ tree: { exits } }: Checked): Finding[] {
  return REGIMES.flatMap((regime) =>
    when(!isAbove(exits.target_atr[regime], exits.stop_atr[regime]), () =>
      warning(
        ['exits', 'stop_atr', regime],
        CROSS_SAID.stopNotNearer(formatDecimal(exits.stop_atr[regime]), formatDecimal(exits.target_atr[regime])),
      ),
    ),
  );
}

/** The same conditions at which core's series would throw, and pairs that are the wrong way round. */
function scalperFindings([lowName, highName, mayEqual]: (typeof SCALPER_ORDER)[number]) {
  return ({ tree }: Checked): Finding[] => {
    const low = tree.signals.scalper[lowName];
    const high = tree.signals.scalper[highName];
    return orderFindings(['signals', 'scalper', lowName], low, highName, high, mayEqual);
  };
}

function rampFindings({ tree }: Checked): Finding[] {
  return Object.entries(tree.signals.regime.ramps).flatMap(([name, { from, to }]) =>
    orderFindings(['signals', 'regime', 'ramps', name, 'from'], from, 'to', to, false),
  );
}

function orderFindings(path: Path, low: Decimal, highName: string, high: Decimal, mayEqual: boolean): Finding[] {
  return when(mayEqual ? isAbove(low, high) : !isAbove(high, low), () =>
    error(path, CROSS_SAID.wrongOrder(formatDecimal(low), highName, formatDecimal(high))),
  );
}

function weightFindings(regime: Regime) {
  return ({ tree }: Checked): Finding[] => {
    const sum = sumOf(...Object.values<Decimal>(tree.signals.regime.weights[regime]));
    return when(fractions.compare(sum, one) !== 0, () =>
      error(['signals', 'regime', 'weights', regime], CROSS_SAID.weightsSum(shownFraction(sum))),
    );
  };
}

function leverageFindings({ tree }: Checked): Finding[] {
  const { steps, top } = tree.execution.leverage;
  const path = ['execution', 'leverage'];
  const unreachable = steps.findIndex(
    (step, index) => index > 0 && !isAbove(step.below, steps[index - 1]?.below ?? step.below),
  );
  const falling = [...steps.map((step) => step.leverage), top].findIndex(
    (leverage, index, all) => index > 0 && isAbove(all[index - 1] ?? leverage, leverage),
  );
  return [
    ...when(unreachable !== -1, () => error([...path, 'steps', unreachable, 'below'], CROSS_SAID.leverageStep)),
    ...when(falling !== -1, () =>
      warning(
        falling === steps.length ? [...path, 'top'] : [...path, 'steps', falling, 'leverage'],
        CROSS_SAID.leverageFalls,
      ),
    ),
  ];
}

/** What the map of leverage is made of: nobody looks at it where `adaptive` is off. Of a section the first key that a person wrote. */
function mapFindings({ tree, isWritten }: Checked): Finding[] {
  const { adaptive, max: _, ...map } = tree.execution.leverage;
  if (adaptive) return [];
  return Object.entries(map).flatMap(([name, value]) => {
    const paths = isSection(value) ? Object.keys(value).map((key) => [name, key]) : [[name]];
    const written = paths.map((path) => ['execution', 'leverage', ...path]).find((path) => isWritten(pathText(path)));
    return written === undefined ? [] : [warning(written, CROSS_SAID.shadowedLeverage)];
  });
}

function calmFindings({ tree }: Checked): Finding[] {
  const calm = tree.execution.leverage.calm.below_atr_percent;
  const turbulent = tree.execution.leverage.turbulent.above_atr_percent;
  return when(isAbove(calm, turbulent), () =>
    error(
      ['execution', 'leverage', 'calm', 'below_atr_percent'],
      CROSS_SAID.calmAboveTurbulent(formatDecimal(calm), formatDecimal(turbulent)),
    ),
  );
}

/** A share of the value that was meant as per cent passes the bounds: 0.05 is 5 %. */
function feeFindings({ tree }: Checked): Finding[] {
  return Object.entries(tree.execution.fee_rates).flatMap(([name, rate]) =>
    when(isAbove(rate, FEE_RATE_USUAL_MAX), () =>
      warning(['execution', 'fee_rates', name], CROSS_SAID.dearFee(percentText(rate))),
    ),
  );
}

/** 0.5 %: five times what OKX takes of the smallest account. */
const FEE_RATE_USUAL_MAX = decimal('0.005');

function unknownFindings({ tree }: Checked): Finding[] {
  const { unknown_position: what } = tree.execution;
  return what === 'adopt' ? [] : [warning(['execution', 'unknown_position'], CROSS_SAID.unknownPosition[what])];
}

function sumOf(...values: readonly Decimal[]): Fraction {
  return values.map(fractions.of).reduce(fractions.plus, fractions.zero);
}
