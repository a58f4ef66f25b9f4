/** What holds for additions, profile by profile and regime by regime, every override resolved by the core (ladder.md §2). */
import { type Config, type LadderRow, ladderRows } from '../../config/index.ts';
import { coefficientOf, coefficientSum } from '../../core/ladder/ladder.ts';
import { positionMarginMax, positionValueMax } from '../../core/ladder/limits.ts';
import { type Fraction, fractions, shownFraction } from '../../core/numbers/arithmetic.ts';
import { type Decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import { type Policy, PROFILES, type Profile, REGIMES } from '../../core/policy.ts';
import { type TableColumn, table } from '../../report/drawing/table.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import type { ReportTexts } from '../../report/words/texts.ts';
import { exactFigure, percentFigure } from '../format/figures.ts';
import type { Session } from '../shell/session.ts';

/** The general table, and one for each symbol that has rules of its own. */
export function ruleSections(session: Session, { policy }: Config): string[][] {
  const { texts, palette } = session;
  const own = Object.keys(policy.scaling.bySymbol);
  return [
    [
      palette.strong(texts.check.rules),
      ...profileTables(session, policy, ladderRows(policy)),
      palette.dim(texts.check.basis[policy.scaling.lossBasis]),
    ],
    ...own.map((symbol) => [
      palette.strong(texts.check.rulesOf(symbol)),
      ...profileTables(session, policy, ladderRows(policy, symbol)),
    ]),
  ];
}

function profileTables(session: Session, policy: Policy, rows: readonly LadderRow[]): string[] {
  const shown = {
    profit: rows.some(({ rules }) => rules.profitMinPercent !== undefined),
    value: REGIMES.some((regime) => policy.limits.regimeValueFactor[regime].approx !== 1),
  };
  return PROFILES.flatMap((profile, index) => [
    ...(index === 0 ? [] : ['']),
    profileHeading(session, policy, profile),
    ...table(
      ruleColumns(session, shown),
      rows.filter((row) => row.profile === profile).map((row) => ruleCells(session, policy, row, shown)),
      session.width,
      session.palette,
    ),
  ]);
}

function profileHeading({ texts: { check }, report, palette }: Session, policy: Policy, profile: Profile): string {
  const { below, positionValueMax: value, openPositionsMax } = policy.profiles[profile];
  const largest = REGIMES.map((regime) => positionValueMax(fractions, policy, profile, regime)).reduce((a, b) =>
    fractions.compare(a, b) < 0 ? b : a,
  );
  const name =
    below === undefined
      ? check.profileFrom(report.profiles[profile], exactFigure(policy.profiles.medium.below ?? value, report))
      : check.profileBelow(report.profiles[profile], exactFigure(below, report));
  return `${palette.accent(name)}: ${check.profileCaps(shortFigure(largest, report), openPositionsMax)}`;
}

/** Columns that are left out where they would say the same in every row. */
interface Shown {
  readonly profit: boolean;
  readonly value: boolean;
}

function ruleColumns({ texts }: Session, shown: Shown): TableColumn[] {
  const { columns } = texts.check;
  return [
    { title: columns.regime, align: 'left' },
    { title: columns.additions, align: 'right' },
    { title: columns.interval, align: 'right' },
    { title: columns.loss, align: 'right' },
    ...(shown.profit ? [{ title: columns.profit, align: 'right' } as const] : []),
    ...(shown.value ? [{ title: columns.value, align: 'right' } as const] : []),
    { title: columns.margin, align: 'right' },
    { title: columns.rungs, align: 'left' },
    { title: columns.sum, align: 'right' },
  ];
}

function ruleCells({ report }: Session, policy: Policy, { profile, regime, rules }: LadderRow, shown: Shown): string[] {
  return [
    report.regimes[regime],
    String(rules.additionsMax),
    `${rules.intervalMs / 1_000} ${report.duration.seconds}`,
    `${exactFigure(rules.lossLimitPercent, report)} ${report.percent}`,
    ...(shown.profit
      ? [rules.profitMinPercent === undefined ? '' : `${exactFigure(rules.profitMinPercent, report)} ${report.percent}`]
      : []),
    ...(shown.value ? [shortFigure(positionValueMax(fractions, policy, profile, regime), report)] : []),
    `${shortFigure(marginPercentMax(policy, profile, regime), report)} ${report.percent}`,
    coefficientsOf(rules)
      .map((coefficient) => percentFigure(coefficient, report))
      .join(' '),
    percentFigure(coefficientSum(rules, 1, rules.additionsMax), report),
  ];
}

/** As short as it can be. */
function shortFigure(value: Fraction, report: ReportTexts): string {
  return decimalShown(shownFraction(value), report);
}

function marginPercentMax(policy: Policy, profile: Profile, regime: LadderRow['regime']) {
  return positionMarginMax(fractions, policy, profile, regime, fractions.whole(100), fractions.one);
}

/** As many as additions are allowed: past the ladder's end the last step repeats, past the last addition steps are idle. */
function coefficientsOf(rules: LadderRow['rules']): Decimal[] {
  return Array.from({ length: rules.additionsMax }, (_, index) => coefficientOf(rules, index + 1));
}

/** The same table as data. */
export function rulesJson({ policy }: Config) {
  const rows = (symbol: string | null) =>
    ladderRows(policy, symbol ?? '').map(({ profile, regime, rules }) => ({
      symbol,
      profile,
      regime,
      additionsMax: rules.additionsMax,
      intervalSeconds: rules.intervalMs / 1_000,
      lossLimitPercent: formatDecimal(rules.lossLimitPercent),
      profitMinPercent: rules.profitMinPercent === undefined ? null : formatDecimal(rules.profitMinPercent),
      marginPercentMax: shownFraction(marginPercentMax(policy, profile, regime)),
      positionValueMax: shownFraction(positionValueMax(fractions, policy, profile, regime)),
      coefficients: coefficientsOf(rules).map(formatDecimal),
      coefficientSum: formatDecimal(coefficientSum(rules, 1, rules.additionsMax)),
    }));
  return [...rows(null), ...Object.keys(policy.scaling.bySymbol).flatMap(rows)];
}
