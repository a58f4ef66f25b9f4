/** The ladder that a configuration leads to, symbol by symbol and regime by regime, at its own balance and example prices. */
import type { Config } from '../../config/index.ts';
import { type Instrument, priceText, ticksOf } from '../../core/instrument/instrument.ts';
import { type LadderPlan, planLadder } from '../../core/ladder/ladder-plan.ts';
import { fractions, shownFraction } from '../../core/numbers/arithmetic.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { REGIMES } from '../../core/policy.ts';
import { table } from '../../report/drawing/table.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import type { ReportTexts } from '../../report/words/texts.ts';
import { exactFigure, figure, percentOf } from '../format/figures.ts';
import { examplePrice } from '../input/instruments.ts';
import type { Session } from '../shell/session.ts';

/** Of every symbol in every regime, a long at the example price. */
export function examplePlans({ policy, account }: Config, instruments: readonly Instrument[]): LadderPlan[] {
  return instruments.flatMap((instrument) =>
    REGIMES.map((regime) =>
      planLadder(policy, {
        instrument,
        side: 1,
        entryTicks: ticksOf(instrument, examplePrice(instrument)),
        balance: account.balance,
        regime,
        stopPercent: undefined,
        atrTicks: undefined,
      }),
    ),
  );
}

/** A row a symbol and regime; `refused` says which rungs can never be added, and by which gate. */
export function ladderSection(
  { texts, report, palette, width }: Session,
  config: Config,
  instruments: readonly Instrument[],
): { readonly text: string[]; readonly refused: string[] } {
  const { check } = texts;
  const plans = examplePlans(config, instruments);
  const [first] = plans;
  if (first === undefined) return { text: [], refused: [] };
  const whole = (value: typeof first.base) => figure(value, 0, report);
  const columns = check.ladderColumns;
  const rows = plans.map(({ question, rungs, worstCase }, index) => {
    const [entry, ...additions] = rungs;
    const last = rungs.findLast(({ position }) => position !== undefined)?.position;
    return [
      index % REGIMES.length === 0 ? question.instrument.instId : '',
      report.regimes[question.regime],
      whole(entry?.value ?? fractions.zero),
      additions
        .filter(({ refusal }) => refusal === null)
        .map(({ value }) => whole(value))
        .join(' '),
      whole(last?.cost ?? fractions.zero),
      whole(last?.margin ?? fractions.zero),
      figure(fractions.minus(fractions.zero, worstCase.loss), 2, report),
    ];
  });
  const heading = check.ladders(exactFigure(config.account.balance, report), report.profiles[first.profile]);
  return {
    text: [
      palette.strong(`${heading}, ${span(plans, byLeverage, ({ leverage }) => String(leverage))}x`),
      ...table(
        [
          { title: columns.symbol, align: 'left' },
          { title: columns.regime, align: 'left', isName: true },
          { title: columns.entry, align: 'right' },
          { title: columns.rungs, align: 'left' },
          { title: columns.whole, align: 'right' },
          { title: columns.margin, align: 'right' },
          { title: columns.loss, align: 'right' },
        ],
        rows,
        width,
        palette,
      ),
      palette.dim(check.laddersNote(span(plans, byStop, (plan) => figure(stopPercent(plan), 2, report)))),
    ],
    refused: plans.flatMap((plan) => refusalOf(plan, texts, report)),
  };
}

/** From the least to the most that any of them has; once where that is the same. */
function span(
  plans: readonly LadderPlan[],
  compare: (a: LadderPlan, b: LadderPlan) => number,
  shown: (plan: LadderPlan) => string,
): string {
  const sorted = plans.toSorted(compare);
  return [...new Set([...sorted.slice(0, 1), ...sorted.slice(-1)].map(shown))].join('–');
}

function byLeverage(a: LadderPlan, b: LadderPlan): number {
  return a.leverage - b.leverage;
}

function byStop(a: LadderPlan, b: LadderPlan): number {
  return fractions.compare(stopPercent(a), stopPercent(b));
}

function stopPercent({ stopDistanceTicks, question }: LadderPlan) {
  return percentOf(fractions.whole(stopDistanceTicks), fractions.whole(question.entryTicks));
}

function refusalOf({ question, rungs, rules }: LadderPlan, texts: Session['texts'], report: ReportTexts): string[] {
  const { check } = texts;
  const last = rungs.at(-1);
  if (last === undefined || last.refusal === null) return [];
  const what = last.number === 0 ? check.entryNoun : check.rungNoun(last.number, rules.additionsMax);
  const { instrument, regime, entryTicks } = question;
  const price = decimalShown(priceText(instrument, entryTicks), report);
  const { refusal } = last;
  return [check.refusedRung(instrument.instId, report.regimes[regime], what, price, refusal, report.codes[refusal])];
}

/** The same as data. */
export function laddersJson(config: Config, instruments: readonly Instrument[]) {
  return examplePlans(config, instruments).map(({ question, profile, leverage, base, rungs, worstCase }) => ({
    symbol: question.instrument.instId,
    regime: question.regime,
    profile,
    leverage,
    balance: formatDecimal(question.balance),
    price: priceText(question.instrument, question.entryTicks),
    base: shownFraction(base),
    values: rungs.filter(({ refusal }) => refusal === null).map(({ value }) => shownFraction(value)),
    refusal: rungs.at(-1)?.refusal ?? null,
    refusedRung: rungs.find(({ refusal }) => refusal !== null)?.number ?? null,
    loss: shownFraction(worstCase.loss),
  }));
}
