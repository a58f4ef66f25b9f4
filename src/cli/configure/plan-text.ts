/** A planned ladder for people: what was assumed, the rungs in a table, the picture, the worst case. */

import type { NextRungPrices } from '../../core/governors/door.ts';
import { contractsText, priceText } from '../../core/instrument/instrument.ts';
import { type LadderPlan, type PlannedRung, wantedStopTicks } from '../../core/ladder/ladder-plan.ts';
import { type Fraction, fractions, roundedUnits, shownFraction } from '../../core/numbers/arithmetic.ts';
import { sideName } from '../../core/numbers/units.ts';
import type { Policy } from '../../core/policy.ts';
import { type LadderPicture, ladderChart } from '../../report/drawing/ladder-chart.ts';
import { type TableColumn, table } from '../../report/drawing/table.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import type { ReportTexts } from '../../report/words/texts.ts';
import { exactFigure, figure, percentOf, priceFigure, priceOfTicks } from '../format/figures.ts';
import type { Session } from '../shell/session.ts';

/** Columns of a terminal in which the whole table stands in one piece. */
const WIDE = 118;

export function planLines(session: Session, plan: LadderPlan, policy: Policy): string[] {
  const [entry] = plan.rungs;
  // No position comes of it: there is nothing to draw, and nothing to lose.
  if (entry !== undefined && entry.refusal !== null)
    return [...heading(session, plan, policy), '', ...refusedEntry(session, plan, policy, entry)];
  return [
    ...heading(session, plan, policy),
    '',
    ...rungTables(session, plan),
    ...notes(session, plan, policy),
    '',
    ...picture(session, plan),
    '',
    ...worst(session, plan),
  ];
}

function heading({ texts, report, palette }: Session, plan: LadderPlan, policy: Policy): string[] {
  const { question, profile, leverage } = plan;
  const { instrument, side, regime, entryTicks, stopPercent, atrTicks } = question;
  const distance = priceOfTicks(plan.stopDistanceTicks, instrument);
  const share = percentOf(distance, priceOfTicks(entryTicks, instrument));
  const stop = texts.plan.stopAt(figure(share, 2, report), priceFigure(distance, instrument, report));
  const atr =
    atrTicks === undefined
      ? undefined
      : priceFigure(priceOfTicks(Math.round(atrTicks), instrument), instrument, report);
  const isRaised = wantedStopTicks(policy, question) < plan.stopDistanceTicks - 1;
  const asked = isRaised && stopPercent !== undefined ? texts.plan.stopRaised(exactFigure(stopPercent, report)) : '';
  const byAtr = atr === undefined ? texts.plan.stopFloor : texts.plan[isRaised ? 'stopAboveAtr' : 'stopByAtr'](atr);
  const why = stopPercent === undefined ? byAtr : asked;
  const title = texts.plan.title(instrument.instId, report.sides[sideName(side)], report.regimes[regime]);
  return [
    palette.strong(title),
    `  ${texts.plan.account(exactFigure(question.balance, report), report.profiles[profile], leverage)}; ` +
      texts.plan.base(figure(plan.base, 2, report), texts.plan.caps[plan.cappedBy]),
    `  ${stop}${why === '' ? '' : `; ${why}`}`,
  ];
}

/** What was wished, what stands in the way, and what would be the smallest. */
function refusedEntry(session: Session, plan: LadderPlan, policy: Policy, entry: PlannedRung): string[] {
  const { texts, report, palette } = session;
  const { instrument } = plan.question;
  const code = entry.refusal;
  if (code === null) return [];
  return [
    palette.bad(texts.plan.refused(texts.check.entryNoun, code, report.codes[code])),
    ...(code === 'entry-too-small' ? [`  ${smallestEntry(session, plan, policy)}`] : []),
    ...(entry.sizeLots > 0
      ? [
          `  ${texts.plan.wished(decimalShown(contractsText(instrument, entry.sizeLots), report), figure(entry.value, 2, report))}`,
        ]
      : []),
  ];
}

/** What the exchange takes at least, or what the configuration asks of a position. */
function smallestEntry({ texts, report }: Session, plan: LadderPlan, { profiles }: Policy): string {
  const { instrument, entryTicks } = plan.question;
  const least = profiles[plan.profile].positionValueMin;
  const lotValue = fractions.times(fractions.of(instrument.coinsPerLot), priceOfTicks(entryTicks, instrument));
  const lotsWanted = Number(roundedUnits(fractions.over(fractions.of(least), lotValue), 0, 'ceil'));
  const isByValue = lotsWanted > instrument.lotsMin;
  const lots = isByValue ? lotsWanted : instrument.lotsMin;
  return texts.plan.smallestEntry(
    decimalShown(contractsText(instrument, lots), report),
    figure(fractions.times(fractions.whole(lots), lotValue), 2, report),
    isByValue ? `profiles.${plan.profile}.min_position_value: ${exactFigure(least, report)}` : undefined,
    figure(plan.base, 2, report),
  );
}

/** A title, and what stands below it in the row of a rung. */
type Column = readonly [title: string, cell: (rung: PlannedRung) => string];

/** One table where the terminal is wide; else the orders, and below them the position that each leads to. */
function rungTables(session: Session, plan: LadderPlan): string[] {
  const { texts, width, palette } = session;
  const [orders, positions] = [orderColumns(session, plan), positionColumns(session, plan)];
  const drawn = (columns: readonly Column[]) => {
    const titles: TableColumn[] = [
      { title: texts.plan.columns.rung, align: 'left' },
      ...columns.map(([title]) => ({ title, align: 'right' }) as const),
    ];
    const rows = plan.rungs.map((rung) => [
      rung.number === 0 ? texts.plan.entry : String(rung.number),
      ...columns.map(([, cell]) => cell(rung)),
    ]);
    return table(titles, rows, width, palette);
  };
  return width >= WIDE ? drawn([...orders, ...positions]) : [...drawn(orders), '', ...drawn(positions)];
}

function orderColumns(session: Session, plan: LadderPlan): readonly Column[] {
  const { texts, report } = session;
  const { columns } = texts.plan;
  const { instrument, entryTicks } = plan.question;
  const price = priceCell(session, plan);
  const entry = priceOfTicks(entryTicks, instrument);
  const unasked = (prices: NextRungPrices | undefined) =>
    prices === undefined
      ? ''
      : [prices.averageDownTicks, prices.pyramidTicks]
          .flatMap((at) => (at === undefined ? [] : [price(priceOfTicks(at, instrument))]))
          .join(' / ') || texts.plan.never;
  return [
    [
      columns.trigger,
      (rung) => `${price(priceOfTicks(rung.triggerTicks, instrument))}${rung.triggerReason === 'stop' ? '*' : ' '}`,
    ],
    [
      columns.move,
      (rung) =>
        rung.number === 0
          ? ''
          : `${figure(moveOf(entry, priceOfTicks(rung.triggerTicks, instrument)), 2, report)} ${report.percent}`,
    ],
    ...(plan.rungs.some(({ withoutSignal }) => withoutSignal !== undefined)
      ? [[columns.withoutSignal, ({ withoutSignal }: PlannedRung) => unasked(withoutSignal)] as const]
      : []),
    [columns.contracts, (rung) => decimalShown(contractsText(instrument, rung.sizeLots), report)],
    [columns.value, (rung) => moneyCell(rung.value, report)],
  ];
}

/** Of the position as it is once the rung has filled. */
function positionColumns(session: Session, plan: LadderPlan): readonly Column[] {
  const { texts, report, palette } = session;
  const { columns } = texts.plan;
  const price = priceCell(session, plan);
  const stop = ({ stopTicks }: NonNullable<PlannedRung['position']>) =>
    price(priceOfTicks(stopTicks, plan.question.instrument));
  return [
    [columns.total, ({ position }) => moneyCell(position?.cost, report)],
    [columns.margin, ({ position }) => moneyCell(position?.margin, report)],
    [columns.average, ({ position }) => (position === undefined ? '' : price(position.average))],
    [columns.breakEven, ({ position }) => (position === undefined ? '' : price(position.breakEven))],
    [columns.liquidation, ({ position }) => (position === undefined ? '' : price(position.liquidation))],
    [columns.stop, ({ position }) => (position === undefined ? '' : stop(position))],
    [
      columns.loss,
      ({ position }) =>
        position === undefined
          ? ''
          : palette.bad(moneyCell(fractions.minus(fractions.zero, position.lossIfStopped), report)),
    ],
  ];
}

/** A price that may never come. */
function priceCell({ texts, report }: Session, { question: { instrument } }: LadderPlan) {
  return (value: Fraction | undefined) =>
    value === undefined ? texts.plan.never : priceFigure(value, instrument, report);
}

function moneyCell(value: Fraction | undefined, report: Session['report']): string {
  return value === undefined ? '' : figure(value, 2, report);
}

function moveOf(from: Fraction, to: Fraction): Fraction {
  return percentOf(fractions.minus(to, from), from);
}

/** How to read the columns, and what is refused. */
function notes({ texts, report, palette }: Session, plan: LadderPlan, policy: Policy): string[] {
  const { rungs, rules } = plan;
  const { lossBasis } = policy.scaling;
  const reasons = new Set(rungs.map(({ triggerReason }) => triggerReason));
  const last = rungs.at(-1);
  const lines = [
    ...(reasons.has('loss-limit') || reasons.has('stop')
      ? [texts.plan.triggerLoss(exactFigure(rules.lossLimitPercent, report), lossBasis)]
      : []),
    ...(reasons.has('least-profit') && rules.profitMinPercent !== undefined
      ? [texts.plan.triggerProfit(exactFigure(rules.profitMinPercent, report), lossBasis)]
      : []),
    ...(reasons.has('stop') ? [texts.plan.triggerStop] : []),
    ...(rungs.some(({ withoutSignal }) => withoutSignal !== undefined)
      ? [plan.question.atrTicks === undefined ? texts.plan.withoutSignalUnknown : texts.plan.withoutSignal]
      : []),
    texts.plan.lossNote,
  ].map((line) => palette.dim(`  ${line}`));
  if (last === undefined || last.refusal === null) return lines;
  const what = texts.check.rungNoun(last.number, last.number);
  lines.push(`  ${palette.bad(texts.plan.refused(what, last.refusal, report.codes[last.refusal]))}`);
  if (last.number < rules.additionsMax)
    lines.push(`  ${palette.bad(texts.plan.unreached(last.number + 1, rules.additionsMax))}`);
  return lines;
}

function picture({ report, palette, width }: Session, plan: LadderPlan): string[] {
  return ladderChart(pictureOf(plan, report), {
    texts: report,
    width: Math.min(width, 100),
    palette,
  });
}

function pictureOf({ rungs, question: { instrument } }: LadderPlan, report: ReportTexts): LadderPicture {
  const last = rungs.findLast(({ position }) => position !== undefined)?.position;
  const atTick = (value: Fraction) => priceFigure(value, instrument, { ...report, group: '', point: '.' });
  return {
    rungs: rungs.map((rung) => ({
      rung: rung.number,
      price: priceText(instrument, rung.triggerTicks),
      size: figure(rung.value, 2, { ...report, group: '', point: '.' }),
      weight: Number(shownFraction(rung.value)),
      isFilled: rung.refusal === null,
    })),
    levels:
      last === undefined
        ? []
        : [
            { kind: 'average', price: atTick(last.average) },
            { kind: 'break-even', price: atTick(last.breakEven) },
            { kind: 'stop', price: priceText(instrument, last.stopTicks) },
            ...(last.liquidation === undefined
              ? []
              : [{ kind: 'liquidation', price: atTick(last.liquidation) } as const]),
          ],
  };
}

function worst({ texts, report, palette }: Session, { worstCase, question }: LadderPlan): string[] {
  const { loss, reckoned, allowed, positionsMax } = worstCase;
  const balance = fractions.of(question.balance);
  const share = (part: Fraction) => figure(percentOf(part, balance), 2, report);
  const book = fractions.times(reckoned, fractions.whole(positionsMax));
  const fits =
    fractions.compare(reckoned, fractions.zero) === 0
      ? positionsMax
      : fractions.floor(fractions.over(allowed, reckoned));
  return [
    palette.strong(texts.plan.worst(figure(loss, 2, report), share(loss))),
    texts.plan.book(positionsMax, figure(book, 2, report), share(book), share(allowed)),
    palette.dim(`  ${texts.plan.bookReckoned}`),
    ...(fits < positionsMax ? [palette.bad(texts.plan.bookTooLarge(fits))] : []),
  ];
}
