/** What holds for additions, profile by profile and regime by regime, every override resolved by the core (ladder.md §2). */
import { type Config, type LadderRow, ladderRows } from '../../config/index.ts';
import { fractions } from '../../core/arithmetic.ts';
import { type Decimal, formatDecimal } from '../../core/decimal.ts';
import { coefficientOf, coefficientSum } from '../../core/ladder.ts';
import { type Policy, type Profile, PROFILES } from '../../core/policy.ts';
import { positionMarginMax } from '../../core/limits.ts';
import { table, type TableColumn } from '../../report/draw.ts';
import { REPORT_TEXTS } from '../../report/texts.ts';
import { exactFigure, figure, percentFigure, plain } from '../shell/figures.ts';
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
  const withProfit = rows.some(({ rules }) => rules.profitMinPercent !== undefined);
  return PROFILES.flatMap((profile, index) => [
    ...(index === 0 ? [] : ['']),
    profileHeading(session, policy, profile),
    ...table(
      ruleColumns(session, withProfit),
      rows.filter((row) => row.profile === profile).map((row) => ruleCells(session, policy, row, withProfit)),
      session.width,
      session.palette,
    ),
  ]);
}

function profileHeading(
  { texts: { check }, language, palette }: Session,
  { profiles }: Policy,
  profile: Profile,
): string {
  const words = REPORT_TEXTS[language];
  const { below, positionValueMax, openPositionsMax } = profiles[profile];
  const name =
    below === undefined
      ? check.profileFrom(words.profiles[profile], exactFigure(profiles.medium.below ?? positionValueMax, words))
      : check.profileBelow(words.profiles[profile], exactFigure(below, words));
  return `${palette.accent(name)}: ${check.profileCaps(exactFigure(positionValueMax, words), openPositionsMax)}`;
}

function ruleColumns({ texts }: Session, withProfit: boolean): TableColumn[] {
  const { columns } = texts.check;
  return [
    { title: columns.regime, align: 'left' },
    { title: columns.additions, align: 'right' },
    { title: columns.interval, align: 'right' },
    { title: columns.loss, align: 'right' },
    ...(withProfit ? [{ title: columns.profit, align: 'right' } as const] : []),
    { title: columns.margin, align: 'right' },
    { title: columns.rungs, align: 'left' },
    { title: columns.sum, align: 'right' },
  ];
}

function ruleCells(
  { language }: Session,
  policy: Policy,
  { profile, regime, rules }: LadderRow,
  withProfit: boolean,
): string[] {
  const words = REPORT_TEXTS[language];
  return [
    words.regimes[regime],
    String(rules.additionsMax),
    `${rules.intervalMs / 1_000} ${words.duration.seconds}`,
    `${exactFigure(rules.lossLimitPercent, words)} ${words.percent}`,
    ...(withProfit
      ? [rules.profitMinPercent === undefined ? '' : `${exactFigure(rules.profitMinPercent, words)} ${words.percent}`]
      : []),
    `${figure(marginPercentMax(policy, profile, regime), 0, words)} ${words.percent}`,
    coefficientsOf(rules)
      .map((coefficient) => percentFigure(coefficient, words))
      .join(' '),
    percentFigure(coefficientSum(rules, 1, rules.additionsMax), words),
  ];
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
      marginPercentMax: plain(marginPercentMax(policy, profile, regime)),
      coefficients: coefficientsOf(rules).map(formatDecimal),
      coefficientSum: formatDecimal(coefficientSum(rules, 1, rules.additionsMax)),
    }));
  return [...rows(null), ...Object.keys(policy.scaling.bySymbol).flatMap(rows)];
}
