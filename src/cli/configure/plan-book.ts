/** `rungwise plan --book`: every symbol of the configuration as if it had an entry now, the book's worst case, and what it takes of the caps. */
import type { Config } from '../../config/index.ts';
import { type Instrument, moneyOf, moneyText, priceText } from '../../core/instrument/instrument.ts';
import { type BookCap, type BookLadder, type BookPlan, planBook } from '../../core/ladder/book-plan.ts';
import { shownFraction } from '../../core/numbers/arithmetic.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { sideName, sideOf } from '../../core/numbers/units.ts';
import { type BookWorst, bookWorst, ladderWorst, worstParts, worstTable } from '../../report/book-worst.ts';
import { bar } from '../../report/drawing/chart.ts';
import { table } from '../../report/drawing/table.ts';
import { fit, widthOf } from '../../report/drawing/width.ts';
import { decimalShown, moneyShown } from '../../report/words/numbers.ts';
import { exactFigure, figure } from '../format/figures.ts';
import { configurationOrDefaults } from '../input/configuration.ts';
import { instrumentsOf } from '../input/instruments.ts';
import { commandLineLayer } from '../input/run-options.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { PlanOptions } from './plan.ts';
import { entryPrice, metRegime, storedMarket, wantedStop } from './plan-market.ts';

/** @param symbols those meant; none: the configuration's. @returns 0; 1 where not one entry would pass, a trend against it included. @throws {UsageError} @throws {ConfigError} */
export function planWholeBook(session: Session, symbols: readonly string[], options: PlanOptions): number {
  if (options.price !== undefined) throw new UsageError(session.texts.planBook.noPrice);
  const config = configurationOrDefaults(session, options.config, commandLineOf(options));
  const meant = symbols.length === 0 ? config.symbols : symbols;
  const instruments = instrumentsOf(session, meant, options.instrument ?? []);
  const asked = instruments.map((instrument) => questionOf(session, instrument, config, options));
  const planned = planBook(
    config.policy,
    config.account.balance,
    asked.map(({ question }) => question),
  );
  const worst = bookWorst(planned.worst, moneyOf(planned.balance), config.policy.limits.shockAtr);
  if (options.json === true) session.print(JSON.stringify(bookJson(planned, worst), null, 2));
  else for (const line of bookLines(session, planned, worst)) session.say(line);
  const passes = planned.ladders.some(
    ({ plan }, n) => plan.rungs[0]?.refusal === null && asked[n]?.isRefused === false,
  );
  return passes ? EXIT.done : EXIT.no;
}

function commandLineOf(options: PlanOptions): object {
  const { shock } = options;
  return {
    ...commandLineLayer(options),
    ...(shock === undefined ? {} : { limits: { shock_atr: formatDecimal(shock) } }),
  };
}

function questionOf(session: Session, instrument: Instrument, { policy }: Config, options: PlanOptions) {
  const market = storedMarket(session, instrument, policy);
  const entryTicks = entryPrice(session, instrument, undefined, market, true);
  const { regime, isRefused } = metRegime(session, instrument, options, market, policy);
  const question = {
    instrument,
    side: sideOf(options.side ?? 'long'),
    entryTicks,
    regime,
    stopPercent: wantedStop(session, options),
    atrTicks: market?.atrTicks,
  };
  return { question, isRefused } as const;
}

function bookLines(session: Session, planned: BookPlan, worst: BookWorst): string[] {
  const { texts, report, palette, width } = session;
  const title = texts.planBook.title(
    planned.ladders.length,
    exactFigure(planned.balance, report),
    report.profiles[planned.profile],
  );
  return [
    palette.strong(title),
    '',
    ...ladderTable(session, planned),
    ...refusalNotes(session, planned).map((line) => palette.dim(`  ${line}`)),
    palette.dim(`  ${texts.planBook.order}`),
    '',
    ...(worst.ladders.length === 0
      ? [palette.bad(texts.planBook.none)]
      : [
          palette.strong(texts.planBook.filled),
          ...worstTable(worst, { texts: report, width, palette }),
          palette.dim(`  ${texts.planBook.stoppedNote}`),
          palette.dim(`  ${texts.planBook.shockNote}`),
          ...(planned.ladders.some(({ plan }) => plan.question.atrTicks === undefined)
            ? [palette.dim(`  ${texts.planBook.atrNote}`)]
            : []),
          '',
          palette.strong(texts.planBook.against),
          ...capChart(session, planned, worst),
          '',
          ...totals(worstParts(worst, report, palette), width),
        ]),
  ];
}

function ladderTable({ texts, report, palette, width }: Session, { ladders }: BookPlan): string[] {
  const { columns } = texts.planBook;
  return table(
    [
      { title: report.symbol, align: 'left' },
      { title: columns.side, align: 'left' },
      { title: columns.regime, align: 'left' },
      { title: columns.price, align: 'right' },
      { title: columns.entry, align: 'right' },
      { title: columns.rungs, align: 'right' },
      { title: columns.refusal, align: 'left' },
    ],
    ladders.map(({ plan }) => {
      const { instrument, side, regime, entryTicks } = plan.question;
      const [entry] = plan.rungs;
      const refusal = plan.rungs.at(-1)?.refusal ?? null;
      return [
        instrument.instId,
        report.sides[sideName(side)],
        report.regimes[regime],
        decimalShown(priceText(instrument, entryTicks), report),
        entry === undefined ? '' : figure(entry.value, 2, report),
        `${rungsOf(plan)}/${plan.rules.additionsMax}`,
        refusal === null ? '' : palette.bad(refusal),
      ];
    }),
    width,
    palette,
  );
}

/** Each code of the table, once, in words. */
function refusalNotes({ report }: Session, { ladders }: BookPlan): string[] {
  const codes = new Set(ladders.flatMap(({ plan }) => plan.rungs.at(-1)?.refusal ?? []));
  return [...codes].map((code) => `${code}: ${report.codes[code]}`);
}

/** Rungs that their gates let through in this regime. */
function rungsOf(plan: BookLadder['plan']): number {
  return plan.rungs.filter(({ number, refusal }) => number > 0 && refusal === null).length;
}

/** A bar for every cap: how much of it the book takes. */
function capChart({ texts, report, palette, width }: Session, { caps }: BookPlan, worst: BookWorst): string[] {
  const names = texts.planBook.caps;
  const usdt = (units: number) => moneyShown(BigInt(Math.ceil(units)), report);
  const shock = Number(worst.shocked.loss) * 1e8;
  const rows = [
    { name: names.worstCase, ...caps.worstCase, shown: usdt },
    {
      name: names.shock(decimalShown(worst.shocked.atr, report)),
      used: shock,
      limit: caps.worstCase.limit,
      shown: usdt,
      isFree: true,
    },
    { name: names.exposure, ...caps.exposure, shown: usdt },
    { name: names.margin, ...caps.margin, shown: usdt },
    { name: names.positions, ...caps.positions, shown: String },
  ];
  const nameWidth = Math.max(...rows.map(({ name }) => widthOf(name)));
  const figures = rows.map((row) => `${row.shown(row.used)} ${texts.planBook.of} ${row.shown(row.limit)}`);
  const figureWidth = Math.max(...figures.map(widthOf));
  const barWidth = Math.max(8, Math.min(40, width - nameWidth - figureWidth - 12));
  return rows.map(({ name, used, limit, isFree }, i) => {
    const share = limit === 0 ? (used === 0 ? 0 : 1) : used / limit;
    const colour = share > 1 ? palette.bad : isFree === true ? palette.warn : palette.accent;
    const percent = `${Math.round(share * 100)} ${report.percent}`;
    return `${fit(name, nameWidth)}  ${colour(bar(share, barWidth))}  ${fit(figures[i] ?? '', figureWidth, 'right')}  ${palette.dim(fit(percent, 6, 'right'))}`;
  });
}

/** As many beside each other as fit. */
function totals(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    const longer = `${last}; ${part}`;
    if (last !== undefined && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function bookJson(planned: BookPlan, worst: BookWorst) {
  const usdt = (units: number) => moneyText(BigInt(Math.ceil(units)));
  const cap = ({ used, limit }: BookCap) => ({ used: usdt(used), limit: usdt(limit) });
  const { caps } = planned;
  return {
    balance: formatDecimal(planned.balance),
    profile: planned.profile,
    ladders: planned.ladders.map(({ plan, worst: own }) => {
      const { instrument, side, regime, entryTicks } = plan.question;
      return {
        symbol: instrument.instId,
        side: sideName(side),
        regime,
        price: priceText(instrument, entryTicks),
        leverage: plan.leverage,
        entry: plan.rungs[0]?.refusal === null ? shownFraction(plan.rungs[0].value) : '0',
        rungs: rungsOf(plan),
        rungsMax: plan.rules.additionsMax,
        refusal: plan.rungs.at(-1)?.refusal ?? null,
        worst: own === undefined ? null : ladderWorst(own),
      };
    }),
    worst,
    caps: {
      worstCase: cap(caps.worstCase),
      exposure: cap(caps.exposure),
      margin: cap(caps.margin),
      positions: caps.positions,
    },
  };
}
