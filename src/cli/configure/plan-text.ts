/** A planned ladder for people: what was assumed, the rungs in a table, the picture, the worst case. */
import { type Fraction, fractions, roundedUnits, shownFraction } from '../../core/arithmetic.ts';
import { type LadderPlan, type PlannedRung, wantedStopTicks } from '../../core/ladder-plan.ts';
import type { NextRungPrices } from '../../core/governors/door.ts';
import type { Policy } from '../../core/policy.ts';
import { contractsText, priceText } from '../../core/instrument.ts';
import { sideName } from '../../core/units.ts';
import { table, type TableColumn } from '../../report/draw.ts';
import { ladderChart, type LadderPicture } from '../../report/ladder-chart.ts';
import { decimalShown } from '../../report/numbers.ts';
import { REPORT_TEXTS, type ReportTexts } from '../../report/texts.ts';
import { exactFigure, figure, percentOf, priceFigure, priceOfTicks } from '../shell/figures.ts';
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

function heading({ texts, language, palette }: Session, plan: LadderPlan, policy: Policy): string[] {
  const words = REPORT_TEXTS[language];
  const { question, profile, leverage } = plan;
  const { instrument, side, regime, entryTicks, stopPercent, atrTicks } = question;
  const distance = priceOfTicks(plan.stopDistanceTicks, instrument);
  const share = percentOf(distance, priceOfTicks(entryTicks, instrument));
  const stop = texts.plan.stopAt(figure(share, 2, words), priceFigure(distance, instrument, words));
  const atr =
    atrTicks === undefined ? undefined : priceFigure(priceOfTicks(Math.round(atrTicks), instrument), instrument, words);
  const isRaised = wantedStopTicks(policy, question) < plan.stopDistanceTicks - 1;
  const asked = isRaised && stopPercent !== undefined ? texts.plan.stopRaised(exactFigure(stopPercent, words)) : '';
  const byAtr = atr === undefined ? texts.plan.stopFloor : texts.plan[isRaised ? 'stopAboveAtr' : 'stopByAtr'](atr);
  const why = stopPercent === undefined ? byAtr : asked;
  const title = texts.plan.title(instrument.instId, words.sides[sideName(side)], words.regimes[regime]);
  return [
    palette.strong(title),
    `  ${texts.plan.account(exactFigure(question.balance, words), words.profiles[profile], leverage)}; ` +
      texts.plan.base(figure(plan.base, 2, words), texts.plan.caps[plan.cappedBy]),
    `  ${stop}${why === '' ? '' : `; ${why}`}`,
  ];
}

/** What was wished, what stands in the way, and what would be the smallest. */
function refusedEntry(session: Session, plan: LadderPlan, policy: Policy, entry: PlannedRung): string[] {
  const { texts, language, palette } = session;
  const words = REPORT_TEXTS[language];
  const { instrument } = plan.question;
  const code = entry.refusal;
  if (code === null) return [];
  return [
    palette.bad(texts.plan.refused(texts.check.entryNoun, code, words.codes[code])),
    ...(code === 'entry-too-small' ? [`  ${smallestEntry(session, plan, policy)}`] : []),
    ...(entry.sizeLots > 0
      ? [
          `  ${texts.plan.wished(decimalShown(contractsText(instrument, entry.sizeLots), words), figure(entry.value, 2, words))}`,
        ]
      : []),
  ];
}

/** What the exchange takes at least, or what the configuration asks of a position. */
function smallestEntry({ texts, language }: Session, plan: LadderPlan, { profiles }: Policy): string {
  const words = REPORT_TEXTS[language];
  const { instrument, entryTicks } = plan.question;
  const least = profiles[plan.profile].positionValueMin;
  const lotValue = fractions.times(fractions.of(instrument.coinsPerLot), priceOfTicks(entryTicks, instrument));
  const lotsWanted = Number(roundedUnits(fractions.over(fractions.of(least), lotValue), 0, 'ceil'));
  const isByValue = lotsWanted > instrument.lotsMin;
  const lots = isByValue ? lotsWanted : instrument.lotsMin;
  return texts.plan.smallestEntry(
    decimalShown(contractsText(instrument, lots), words),
    figure(fractions.times(fractions.whole(lots), lotValue), 2, words),
    isByValue ? `profiles.${plan.profile}.min_position_value: ${exactFigure(least, words)}` : undefined,
    figure(plan.base, 2, words),
  );
}

type Cell = (rung: PlannedRung) => string;

/** One table where the terminal is wide; else the orders, and below them the position that each leads to. */
function rungTables(session: Session, plan: LadderPlan): string[] {
  const { texts, width, palette } = session;
  const { columns } = texts.plan;
  const words = REPORT_TEXTS[session.language];
  const { instrument, entryTicks } = plan.question;
  const price = (value: Fraction | undefined) =>
    value === undefined ? texts.plan.never : priceFigure(value, instrument, words);
  const money = (value: Fraction | undefined) => (value === undefined ? '' : figure(value, 2, words));
  const entry = priceOfTicks(entryTicks, instrument);
  const unasked = (prices: NextRungPrices | undefined) =>
    prices === undefined
      ? ''
      : [prices.averageDownTicks, prices.pyramidTicks]
          .flatMap((at) => (at === undefined ? [] : [price(priceOfTicks(at, instrument))]))
          .join(' / ') || texts.plan.never;
  const rungs: readonly (readonly [string, Cell])[] = [
    [
      columns.trigger,
      (rung) => `${price(priceOfTicks(rung.triggerTicks, instrument))}${rung.triggerReason === 'stop' ? '*' : ' '}`,
    ],
    [
      columns.move,
      (rung) =>
        rung.number === 0
          ? ''
          : `${figure(moveOf(entry, priceOfTicks(rung.triggerTicks, instrument)), 2, words)} ${words.percent}`,
    ],
    ...(plan.rungs.some(({ withoutSignal }) => withoutSignal !== undefined)
      ? [[columns.withoutSignal, ({ withoutSignal }: PlannedRung) => unasked(withoutSignal)] as const]
      : []),
    [columns.contracts, (rung) => decimalShown(contractsText(instrument, rung.sizeLots), words)],
    [columns.value, (rung) => money(rung.value)],
  ];
  const positions: readonly (readonly [string, Cell])[] = [
    [columns.total, ({ position }) => money(position?.cost)],
    [columns.margin, ({ position }) => money(position?.margin)],
    [columns.average, ({ position }) => (position === undefined ? '' : price(position.average))],
    [columns.breakEven, ({ position }) => (position === undefined ? '' : price(position.breakEven))],
    [columns.liquidation, ({ position }) => (position === undefined ? '' : price(position.liquidation))],
    [
      columns.stop,
      ({ position }) => (position === undefined ? '' : price(priceOfTicks(position.stopTicks, instrument))),
    ],
    [
      columns.loss,
      ({ position }) =>
        position === undefined ? '' : palette.bad(money(fractions.minus(fractions.zero, position.lossIfStopped))),
    ],
  ];
  const drawn = (cells: readonly (readonly [string, Cell])[]) => {
    const titles: TableColumn[] = [
      { title: columns.rung, align: 'left' },
      ...cells.map(([title]) => ({ title, align: 'right' }) as const),
    ];
    const rows = plan.rungs.map((rung) => [
      rung.number === 0 ? texts.plan.entry : String(rung.number),
      ...cells.map(([, cell]) => cell(rung)),
    ]);
    return table(titles, rows, width, palette);
  };
  return width >= WIDE ? drawn([...rungs, ...positions]) : [...drawn(rungs), '', ...drawn(positions)];
}

function moveOf(from: Fraction, to: Fraction): Fraction {
  return percentOf(fractions.minus(to, from), from);
}

/** How to read the columns, and what is refused. */
function notes({ texts, language, palette }: Session, plan: LadderPlan, policy: Policy): string[] {
  const words = REPORT_TEXTS[language];
  const { rungs, rules } = plan;
  const { lossBasis } = policy.scaling;
  const reasons = new Set(rungs.map(({ triggerReason }) => triggerReason));
  const last = rungs.at(-1);
  const lines = [
    ...(reasons.has('loss-limit') || reasons.has('stop')
      ? [texts.plan.triggerLoss(exactFigure(rules.lossLimitPercent, words), lossBasis)]
      : []),
    ...(reasons.has('least-profit') && rules.profitMinPercent !== undefined
      ? [texts.plan.triggerProfit(exactFigure(rules.profitMinPercent, words), lossBasis)]
      : []),
    ...(reasons.has('stop') ? [texts.plan.triggerStop] : []),
    ...(rungs.some(({ withoutSignal }) => withoutSignal !== undefined)
      ? [plan.question.atrTicks === undefined ? texts.plan.withoutSignalUnknown : texts.plan.withoutSignal]
      : []),
    texts.plan.lossNote,
  ].map((line) => palette.dim(`  ${line}`));
  if (last === undefined || last.refusal === null) return lines;
  const what = texts.check.rungNoun(last.number, last.number);
  lines.push(`  ${palette.bad(texts.plan.refused(what, last.refusal, words.codes[last.refusal]))}`);
  if (last.number < rules.additionsMax)
    lines.push(`  ${palette.bad(texts.plan.unreached(last.number + 1, rules.additionsMax))}`);
  return lines;
}

function picture({ language, palette, width }: Session, plan: LadderPlan): string[] {
  return ladderChart(pictureOf(plan, REPORT_TEXTS[language]), {
    texts: REPORT_TEXTS[language],
    width: Math.min(width, 100),
    palette,
  });
}

function pictureOf({ rungs, question: { instrument } }: LadderPlan, words: ReportTexts): LadderPicture {
  const last = rungs.findLast(({ position }) => position !== undefined)?.position;
  const atTick = (value: Fraction) => priceFigure(value, instrument, { ...words, group: '', point: '.' });
  return {
    rungs: rungs.map((rung) => ({
      rung: rung.number,
      price: priceText(instrument, rung.triggerTicks),
      size: figure(rung.value, 2, { ...words, group: '', point: '.' }),
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

function worst({ texts, language, palette }: Session, { worstCase, question }: LadderPlan): string[] {
  const words = REPORT_TEXTS[language];
  const { loss, reckoned, allowed, positionsMax } = worstCase;
  const balance = fractions.of(question.balance);
  const share = (part: Fraction) => figure(percentOf(part, balance), 2, words);
  const book = fractions.times(reckoned, fractions.whole(positionsMax));
  const fits =
    fractions.compare(reckoned, fractions.zero) === 0
      ? positionsMax
      : fractions.floor(fractions.over(allowed, reckoned));
  return [
    palette.strong(texts.plan.worst(figure(loss, 2, words), share(loss))),
    texts.plan.book(positionsMax, figure(book, 2, words), share(book), share(allowed)),
    palette.dim(`  ${texts.plan.bookReckoned}`),
    ...(fits < positionsMax ? [palette.bad(texts.plan.bookTooLarge(fits))] : []),
  ];
}
