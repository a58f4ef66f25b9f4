/** What is wrong or odd between the numbers of the governors (rules.md §6, lessons.md 18). A governor that is off is checked too: it may be switched on. */

import { COUNTED } from '../../core/governors/mode-by-results.ts';
import { type Decimal, formatDecimal, multiplyDecimals } from '../../core/numbers/decimal.ts';
import { type Policy, REGIMES } from '../../core/policy.ts';
import type { Tree } from '../keys/schema.ts';
import { CROSS_SAID } from '../said.ts';
import { error, type Finding, isAbove, lossLimitsIn, warning, when } from './finding.ts';

const POSTPONED = ['additions_without_signal', 'mode_by_results'] as const;

interface Governed {
  readonly tree: Tree;
  readonly policy: Policy;
}

export const GOVERNOR_CHECKS: readonly ((governed: Governed) => Finding[])[] = [
  ({ tree: { governors } }) => sizeFindings(governors.size_by_day),
  ({ tree: { governors } }) => targetFindings(governors.targets_by_volatility),
  ({ tree: { governors } }) =>
    POSTPONED.filter((name) => governors[name].enabled).map((name) =>
      warning(['governors', name], CROSS_SAID.postponed),
    ),
  additionFindings,
  ({ tree: { governors, signals } }) => modeFindings(governors.mode_by_results, signals.scalper),
  ({ tree: { governors } }) => pauseFindings(governors.pause),
];

/** Only of what is on: what is off asks for nothing. */
function additionFindings(governed: Governed): Finding[] {
  const { governors, position_scaling, symbols } = governed.tree;
  const { enabled, average_down, pyramid } = governors.additions_without_signal;
  if (!enabled) return [];
  const path = ['governors', 'additions_without_signal'];
  const anywhere = REGIMES.some((regime) => average_down.regimes[regime] || pyramid.regimes[regime]);
  const refused = REGIMES.flatMap((regime) => {
    const least = position_scaling.by_regime[regime].min_profit_for_addition;
    if (!average_down.regimes[regime] || least === 'off') return [];
    const begins = lossLimitsIn(governed.policy, symbols, regime).map((limit) =>
      multiplyDecimals(limit, average_down.loss_share),
    );
    if (!begins.every((loss) => isAbove(least, loss))) return [];
    const said = CROSS_SAID.averagingRefused(regime, formatDecimal(least));
    return [warning([...path, 'average_down', 'regimes', regime], said)];
  });
  return [...when(!anywhere, () => warning(path, CROSS_SAID.noRegime)), ...refused];
}

function modeFindings(
  { enabled }: Tree['governors']['mode_by_results'],
  scalper: Tree['signals']['scalper'],
): Finding[] {
  if (!enabled) return [];
  const path = ['governors', 'mode_by_results'];
  const silent = Object.entries(COUNTED).flatMap(([mode, components]) =>
    when(
      components.every((component) => scalper.weights[component].approx === 0),
      () => error(path, CROSS_SAID.modeWithoutWeights(mode, components.join(', '))),
    ),
  );
  return [...when(!scalper.enabled, () => error(path, CROSS_SAID.modesWithoutScalper)), ...silent];
}

function sizeFindings(size: Tree['governors']['size_by_day']): Finding[] {
  const path = ['governors', 'size_by_day'];
  const { losses, gains, min_factor, max_factor } = size;
  const lists = { losses, gains };
  const findings = Object.entries(lists).flatMap(([name, steps]) =>
    steps.flatMap((step, index) => {
      const before = steps[index - 1];
      const isOutward =
        before === undefined || (name === 'losses' ? isAbove(before.at, step.at) : isAbove(step.at, before.at));
      const isOutside = isAbove(min_factor, step.factor) || isAbove(step.factor, max_factor);
      const isOdd = name === 'losses' && before !== undefined && isAbove(step.factor, before.factor);
      return [
        ...when(!isOutward, () => error([...path, name, index, 'at'], CROSS_SAID.dayStepOrder)),
        ...when(isOutside, () =>
          error(
            [...path, name, index, 'factor'],
            CROSS_SAID.factorOutside(...texts(step.factor, min_factor, max_factor)),
          ),
        ),
        ...when(isOdd, () => warning([...path, name, index, 'factor'], CROSS_SAID.dayStepGrows)),
      ];
    }),
  );
  return [...bounds(path, min_factor, max_factor), ...findings];
}

function targetFindings({ min_factor, max_factor }: Tree['governors']['targets_by_volatility']): Finding[] {
  return bounds(['governors', 'targets_by_volatility'], min_factor, max_factor);
}

function bounds(path: readonly string[], min: Decimal, max: Decimal): Finding[] {
  return when(isAbove(min, max), () =>
    error([...path, 'min_factor'], CROSS_SAID.wrongOrder(formatDecimal(min), 'max_factor', formatDecimal(max))),
  );
}

function pauseFindings(pause: Tree['governors']['pause']): Finding[] {
  return (['symbol_minutes', 'account_minutes', 'turbulence_minutes'] as const).flatMap((name) =>
    when(isAbove(pause[name], pause.max_minutes), () =>
      error(
        ['governors', 'pause', name],
        CROSS_SAID.pauseAboveMax(formatDecimal(pause[name]), formatDecimal(pause.max_minutes)),
      ),
    ),
  );
}

function texts(a: Decimal, b: Decimal, c: Decimal): [string, string, string] {
  return [formatDecimal(a), formatDecimal(b), formatDecimal(c)];
}
