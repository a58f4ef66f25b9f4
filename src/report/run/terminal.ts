/** A report for the terminal: numbers in columns, the equity drawn, a table each by rung, regime, exit, symbol and refusal. */
import { timeText } from '../../core/market/utc.ts';
import { lineChart } from '../drawing/chart.ts';
import { type Palette, PLAIN } from '../drawing/palette.ts';
import { facts, type TableColumn, table } from '../drawing/table.ts';
import { wrapped } from '../drawing/width.ts';
import { countShown, durationShown, gainShown, moneyShown, percentShown, ratioShown } from '../words/numbers.ts';
import type { ReportTexts } from '../words/texts.ts';
import type { Group, Report } from './report.ts';

interface TerminalOptions {
  readonly texts: ReportTexts;
  /** Columns of the terminal: at least 40 are used. */
  readonly width: number;
  readonly palette?: Palette;
  /** The same run with the optimistic outlook; shown beside. */
  readonly optimistic?: Report;
}

/** The whole report as text, lines ending in a newline. */
export function reportText(report: Report, { texts, width, palette = PLAIN, optimistic }: TerminalOptions): string {
  const page: Page = { texts, palette, width: Math.max(WIDTH_MIN, width) };
  const sections = [
    [heading(texts.result, page), ...summary(report, page)],
    optimistic === undefined ? [] : outlooks(report, optimistic, page),
    equity(report, page),
    report.trades === 0 ? [report.openPositions.length === 0 ? texts.noTrades : texts.noneClosed] : rungs(report, page),
    ...groupSections(report, page),
    refusals(report, page),
    heldPartials(report, page),
    governors(report, page),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

const WIDTH_MIN = 40;

/** What every section is written on. */
type Page = Required<Pick<TerminalOptions, 'texts' | 'width' | 'palette'>>;

function heading(text: string, { palette }: Page): string {
  return palette.strong(text);
}

function gain(value: bigint, { texts, palette }: Page): string {
  const text = gainShown(value, texts);
  return value > 0n ? palette.good(text) : value < 0n ? palette.bad(text) : text;
}

function summary(report: Report, page: Page): string[] {
  const { texts, palette, width } = page;
  const optional = (value: bigint | undefined) => (value === undefined ? texts.none : gain(value, page));
  const pairs: (readonly [string, string])[] = [
    [texts.startBalance, moneyShown(report.startBalance, texts)],
    [texts.finalBalance, palette.strong(moneyShown(report.finalBalance, texts))],
    [texts.net, gain(report.net, page)],
    [texts.returned, percentShown(report.returned, texts)],
    [texts.gross, gain(report.gross, page)],
    [texts.fees, moneyShown(report.fees, texts)],
    ...(report.penalties === 0n
      ? []
      : [[texts.penaltiesWithin, palette.bad(moneyShown(report.penalties, texts))] as const]),
    [texts.funding, gain(report.funding, page)],
    ...(report.moved === 0n ? [] : [[texts.moved, gainShown(report.moved, texts)] as const]),
    ...(report.slippage === undefined ? [] : [[texts.slippageWithin, moneyShown(report.slippage, texts)] as const]),
    [report.gross > 0n ? texts.feeDragOfProfit : texts.feeDragOfLoss, percentShown(report.feeDrag, texts)],
    [texts.maxDrawdown, percentShown(report.maxDrawdown, texts)],
    [texts.trades, countShown(report.trades, texts)],
    [texts.additions, countShown(report.additions, texts)],
    [texts.partials, countShown(report.partials, texts)],
    [texts.refusals, countShown(report.refusals, texts)],
    [texts.winRate, percentShown(report.winRate, texts)],
    [texts.profitFactor, ratioShown(report.profitFactor, texts)],
    [texts.expectancy, optional(report.expectancy)],
    [texts.averageWin, optional(report.averageWin)],
    [texts.averageLoss, optional(report.averageLoss)],
    [texts.exposure, percentShown(report.exposure, texts)],
    [texts.averageHold, durationShown(report.averageHoldMs, texts)],
    [texts.makerFills, makerShare(report, texts)],
    [texts.candles, countShown(report.candles, texts)],
    ...(report.openPositions.length === 0 ? [] : [[texts.stillOpen, report.openPositions.join(', ')] as const]),
  ];
  return facts(pairs, width, palette);
}

function makerShare(report: Report, texts: ReportTexts): string {
  const fills = report.makerFills + report.takerFills;
  return fills === 0 ? texts.none : percentShown((BigInt(report.makerFills) * 1_000_000n) / BigInt(fills), texts);
}

/** The two outlooks on what candles do not tell. */
function outlooks(report: Report, optimistic: Report, page: Page): string[] {
  const { texts, palette, width } = page;
  const columns = amounts('', [texts.columns.net, texts.fees, texts.columns.drawdown, texts.trades, texts.additions]);
  const row = (name: string, of: Report) => [
    name,
    gain(of.net, page),
    moneyShown(of.fees, texts),
    percentShown(of.maxDrawdown, texts),
    countShown(of.trades, texts),
    countShown(of.additions, texts),
  ];
  return [
    ...table(columns, [row(texts.pessimistic, report), row(texts.optimistic, optimistic)], width, palette),
    ...wrapped(texts.noBound, width).map(palette.dim),
  ];
}

function equity(report: Report, page: Page): string[] {
  const { texts, palette, width } = page;
  // Lowest and highest of each stretch, in the order in which they read as one curve.
  const points = report.equity.flatMap(({ least, most, last }) =>
    last - least < most - last ? [most, least] : [least, most],
  );
  const label = (units: number) => moneyShown(BigInt(Math.round(units)), texts);
  const chart = lineChart(points, { width: Math.min(width, 100), height: 8 }, label, palette);
  if (chart.length === 0) return [];
  const last = report.equity.at(-1)?.at ?? 0;
  return [heading(texts.equity, page), ...chart, palette.dim(`${timeText(report.equityFrom)} … ${timeText(last)} UTC`)];
}

function rungs(report: Report, page: Page): string[] {
  const { texts, palette, width } = page;
  const columns = amounts(texts.rung, [texts.count, texts.value, texts.fees, texts.columns.gross, texts.pnlShare]);
  const rows = report.byRung.map((line) => [
    line.rung === 0 ? texts.entry : String(line.rung),
    countShown(line.count, texts),
    moneyShown(line.value, texts),
    moneyShown(line.fees, texts),
    gain(line.gross, page),
    percentShown(line.share, texts),
  ]);
  return [heading(texts.byRung, page), ...table(columns, rows, width, palette)];
}

/** The same table by regime, profile, exit and symbol; left out where all trades are of one profile, of one symbol. */
function groupSections(report: Report, page: Page): string[][] {
  const { texts } = page;
  const { byRegime, byProfile, byExit, bySymbol } = report;
  return [
    groupTable(page, texts.byRegime, texts.regime, named(byRegime, texts.regimes)),
    byProfile.length < 2 ? [] : groupTable(page, texts.byProfile, texts.profile, named(byProfile, texts.profiles)),
    groupTable(page, texts.byExit, texts.reason, named(byExit, texts.reasons)),
    bySymbol.length < 2 ? [] : groupTable(page, texts.bySymbol, texts.symbol, bySymbol),
  ];
}

/** With their keys as people read them. */
function named<K extends string>(groups: readonly Group<K>[], names: Readonly<Record<K, string>>): Group<string>[] {
  return groups.map((group) => ({ ...group, key: names[group.key] }));
}

function groupTable(page: Page, title: string, column: string, groups: readonly Group<string>[]): string[] {
  if (groups.length === 0) return [];
  const { texts, palette, width } = page;
  const columns = amounts(column, [
    texts.trades,
    texts.wins,
    texts.columns.net,
    texts.columns.gross,
    texts.fees,
    texts.funding,
  ]);
  const rows = groups.map((group) => [
    group.key,
    countShown(group.trades, texts),
    countShown(group.wins, texts),
    gain(group.net, page),
    gain(group.gross, page),
    moneyShown(group.fees, texts),
    gain(group.funding, page),
  ]);
  return [heading(title, page), ...table(columns, rows, width, palette)];
}

function refusals(report: Report, page: Page): string[] {
  const { texts, palette, width } = page;
  if (report.byRefusal.length === 0) return [];
  const columns: TableColumn[] = [
    { title: texts.code, align: 'left' },
    { title: texts.count, align: 'right' },
    { title: texts.what, align: 'left' },
    { title: '', align: 'left', isProse: true },
  ];
  const rows = report.byRefusal.map(({ what, code, count }) => [
    code,
    countShown(count, texts),
    texts.refusalOf[what],
    palette.dim(texts.codes[code]),
  ]);
  return [heading(texts.byRefusal, page), ...table(columns, rows, width, palette)];
}

function heldPartials(report: Report, page: Page): string[] {
  const { texts, palette, width } = page;
  if (report.heldPartials.length === 0) return [];
  const columns: TableColumn[] = [
    { title: texts.code, align: 'left' },
    { title: texts.count, align: 'right' },
    { title: '', align: 'left', isProse: true },
  ];
  const rows = report.heldPartials.map(({ code, count }) => [
    code,
    countShown(count, texts),
    palette.dim(texts.codes[code]),
  ]);
  return [heading(texts.heldPartials, page), ...table(columns, rows, width, palette)];
}

function governors(report: Report, page: Page): string[] {
  const { texts, palette, width } = page;
  if (report.byGovernor.length === 0) return [];
  const columns = amounts(texts.governor, [texts.count]);
  const rows = report.byGovernor.map(({ governor, count }) => [texts.governors[governor], countShown(count, texts)]);
  return [heading(texts.byGovernor, page), ...table(columns, rows, width, palette)];
}

/** A name on the left, amounts on the right. */
function amounts(name: string, titles: readonly string[]): TableColumn[] {
  return [{ title: name, align: 'left' }, ...titles.map((title) => ({ title, align: 'right' }) as const)];
}
