/** An import's report in words: what was read, what was mapped, and everything that was left out or mended, by line. */
import type { TimeUnit } from '../../data/import/field.ts';
import { type ImportReport, LISTED_MAX, type Listed } from '../../data/import/import-report.ts';
import type { DataProblem } from '../../data/problem.ts';
import { type Language, minuteText, problemText } from '../../data/texts.ts';
import { countShown, decimalShown } from '../../report/words/numbers.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { counted, countedRu } from '../texts/counted.ts';

interface Texts {
  read(report: ImportReport): string;
  span(from: string, to: string, lowest: string, highest: string): string;
  columns(report: ImportReport): string;
  mapped(prices: string, volumes: string, of: number): string;
  skipped(lines: string): string;
  readonly descending: string;
  readonly faultless: string;
  readonly badRows: string;
  readonly unconfirmed: string;
  readonly duplicates: string;
  readonly conflicts: string;
  readonly disorder: string;
  gaps(minutes: string): string;
  more(count: string): string;
}

const UNITS_RU: Readonly<Record<TimeUnit, string>> = { s: 'с', ms: 'мс', µs: 'мкс', ns: 'нс', date: 'дата' };

const en: Texts = {
  read: (r) => `${r.source}: ${counted(r.candles, 'candle')} of ${r.instId} from ${counted(r.rows, 'line')} of data`,
  span: (from, to, lowest, highest) => `from ${from} to ${to} UTC, prices from ${lowest} to ${highest}`,
  columns: ({ layout, timeUnits, isGzip }) =>
    `columns: ${layout.names === undefined ? `no header, ${layout.order}` : quoted(layout.names)}; time ${timeUnits.map((unit) => (unit === 'date' ? 'as date' : `in ${unit}`)).join(', ')}, ` +
    `volume in ${layout.volumeUnit}${layout.decimalComma ? ', numbers with a decimal comma' : ''}${isGzip ? ', gzip' : ''}`,
  mapped: (prices, volumes, of) =>
    `mapped onto the grid: prices of ${prices} and volume of ${volumes} of ${counted(of, 'candle')}`,
  skipped: (lines) => `skipped before the header and as comments: ${lines}`,
  descending: 'newest first: read from its end to its beginning',
  faultless: 'nothing was left out',
  badRows: 'bad lines, left out',
  unconfirmed: 'candles not closed yet, left out',
  duplicates: 'lines said twice, the same: left out',
  conflicts: 'lines said twice, and otherwise: the earlier stays',
  disorder: 'lines out of order: sorted',
  gaps: (minutes) => `gaps (${minutes} min missing)`,
  more: (count) => `… and ${count} more`,
};

const ru: Texts = {
  read: (r) =>
    `${r.source}: ${countedRu(r.candles, 'свеча', 'свечи', 'свечей')} ${r.instId} из ${countedRu(r.rows, 'строки', 'строк', 'строк')} данных`,
  span: (from, to, lowest, highest) => `с ${from} по ${to} UTC, цены от ${lowest} до ${highest}`,
  columns: ({ layout, timeUnits, isGzip }) =>
    `столбцы: ${layout.names === undefined ? `без заголовка, ${layout.order}` : quoted(layout.names)}; время: ${timeUnits.map((unit) => UNITS_RU[unit]).join(', ')}, ` +
    `объём: ${layout.volumeUnit === 'coins' ? 'монеты' : 'контракты'}${layout.decimalComma ? ', дробная часть после запятой' : ''}${isGzip ? ', gzip' : ''}`,
  mapped: (prices, volumes, of) =>
    `приведено к сетке: цены — ${prices}, объём — ${volumes} из ${countedRu(of, 'свечи', 'свечей', 'свечей')}`,
  skipped: (lines) => `пропущено до заголовка и как комментарии: ${lines}`,
  descending: 'от новых к старым: прочитано с конца к началу',
  faultless: 'ничего не отброшено',
  badRows: 'негодные строки, отброшены',
  unconfirmed: 'свечи ещё не закрыты, отброшены',
  duplicates: 'повторы слово в слово, отброшены',
  conflicts: 'повторы с другими числами: остаётся первая строка',
  disorder: 'строки не по порядку: отсортированы',
  gaps: (minutes) => `разрывы (не хватает минут: ${minutes})`,
  more: (count) => `… и ещё ${count}`,
};

const TEXTS = { en, ru };

/** One line a fact; problems are indented under their count. */
export function importLines(report: ImportReport, language: Language): string[] {
  const texts = TEXTS[language];
  const count = (value: number) => countShown(value, REPORT_TEXTS[language]);
  const price = (value: string) => decimalShown(value, REPORT_TEXTS[language]);
  const lines = [texts.read(report)];
  if (report.firstMinute !== undefined && report.lastMinute !== undefined)
    lines.push(
      `  ${texts.span(minuteText(report.firstMinute), minuteText(report.lastMinute), price(report.lowestPrice), price(report.highestPrice))}`,
    );
  lines.push(`  ${texts.columns(report)}`);
  if (report.mappedPrices + report.mappedVolumes > 0)
    lines.push(`  ${texts.mapped(count(report.mappedPrices), count(report.mappedVolumes), report.candles)}`);
  if (report.skippedLines > 0) lines.push(`  ${texts.skipped(count(report.skippedLines))}`);
  if (report.isDescending) lines.push(`  ${texts.descending}`);
  const lists = [
    [texts.badRows, report.badRows],
    [texts.unconfirmed, report.unconfirmed],
    [texts.duplicates, report.duplicates],
    [texts.conflicts, report.conflicts],
    [texts.disorder, report.disorder],
    [texts.gaps(count(report.missingMinutes)), report.gaps],
  ] as const satisfies readonly (readonly [string, Listed<DataProblem>])[];
  for (const [what, list] of lists) lines.push(...listLines(what, list, texts, language));
  const isFull = !report.isDescending && lists.slice(0, -1).every(([, list]) => list.count === 0);
  if (isFull) lines.push(`  ${texts.faultless}`);
  if (report.openEnd !== undefined) lines.push(`  ${problemText(report.openEnd, language)}`);
  return lines;
}

function listLines(what: string, list: Listed<DataProblem>, texts: Texts, language: Language): string[] {
  if (list.count === 0) return [];
  const shown = list.first.slice(0, LISTED_MAX).map((problem) => `    ${problemText(problem, language)}`);
  const rest = list.count - shown.length;
  const count = (value: number) => countShown(value, REPORT_TEXTS[language]);
  return [`  ${what}: ${count(list.count)}`, ...shown, ...(rest > 0 ? [`    ${texts.more(count(rest))}`] : [])];
}

function quoted(names: readonly string[]): string {
  return names.join(', ');
}
