/** Which candles a backtest runs on: files named on the command line, or what is stored. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Candles } from '../../core/market/candle.ts';
import { importCsvFile } from '../../data/import/csv.ts';
import { type ImportReport, isFaultless, refuseFaults } from '../../data/import/import-report.ts';
import { distinctOrigins } from '../../data/store/origin.ts';
import { candlePath } from '../../data/store/store.ts';
import { minuteText, originText, problemText } from '../../data/texts.ts';
import { countShown } from '../../report/words/numbers.ts';
import { importLines } from '../data/import-text.ts';
import { candleFolder } from '../input/configuration.ts';
import { storedCandles } from '../input/stored-candles.ts';
import { isSameFile } from '../shell/files.ts';
import type { Interruption } from '../shell/interruption.ts';
import type { Session } from '../shell/session.ts';
import { Interrupted, UsageError } from '../shell/usage-error.ts';

export interface CandleOptions {
  /** `FILE`, or `SYMBOL=FILE`. */
  readonly candles?: readonly string[];
  readonly symbol?: readonly string[];
  /** Files. */
  readonly instrument?: readonly string[];
  readonly mend?: boolean;
}

/** Whose candles stand where. No file: in the store. */
export interface CandleSource {
  readonly symbol: string;
  readonly file: string | undefined;
}

export interface Column {
  readonly instrument: Instrument;
  readonly candles: Candles;
}

/**
 * Reads them all, and tells on standard error what was read.
 * @param instruments of the sources, in their order
 * @throws {UsageError} @throws {DataError} @throws {Interrupted} after the file that was being read
 */
export async function readColumns(
  session: Session,
  sources: readonly CandleSource[],
  instruments: readonly Instrument[],
  isMended: boolean,
  interruption: Interruption,
): Promise<Column[]> {
  const columns: Column[] = [];
  for (const [i, { symbol, file }] of sources.entries()) {
    const instrument = instruments[i] as Instrument;
    if (file === undefined) columns.push(stored(session, symbol, instrument));
    else columns.push(await imported(session, file, instrument, isMended));
    if (interruption.isAsked) throw new Interrupted(session.texts.run.stoppedReading);
  }
  return columns;
}

const NAMED = /^([A-Za-z0-9][A-Za-z0-9_-]*)=(.+)$/s;

/**
 * Every symbol once, in the order given: those of `SYMBOL=FILE`, then those of `--symbol` from the store; a plain FILE is of the one symbol
 * that `--symbol` names. Where nothing is named, the symbols of the configuration from the store.
 * @throws {UsageError}
 */
export function candleSources(session: Session, options: CandleOptions, configured: readonly string[]): CandleSource[] {
  const { texts } = session;
  const files = (options.candles ?? []).map((word) => {
    const [, symbol, file] = NAMED.exec(word) ?? [];
    return { symbol, file: file ?? word };
  });
  const unnamed = files.filter(({ symbol }) => symbol === undefined);
  const symbols = options.symbol ?? [];
  const [plain] = unnamed;
  if (plain !== undefined && (unnamed.length > 1 || symbols.length !== 1))
    throw new UsageError(texts.backtest.whoseCandles(plain.file, unnamed.length > 1));
  const named = files.map(({ symbol, file }) => ({ symbol: symbol ?? (symbols[0] as string), file }));
  const inStore = (plain === undefined ? symbols : []).map((symbol) => ({ symbol, file: undefined }));
  const asked = [...named, ...inStore];
  const sources = asked.length > 0 ? asked : configured.map((symbol) => ({ symbol, file: undefined }));
  const twice = sources.find(({ symbol }, i) => sources.findIndex((other) => other.symbol === symbol) !== i);
  if (twice !== undefined) throw new UsageError(texts.backtest.symbolTwice(twice.symbol));
  const again = sources.find(({ file }, i) => sources.findIndex((other) => isSameFile(other.file, file)) < i);
  if (again?.file !== undefined) throw new UsageError(texts.backtest.fileTwice(again.file, again.symbol));
  return sources;
}

function stored(session: Session, symbol: string, instrument: Instrument): Column {
  const { texts, palette } = session;
  const folder = candleFolder(session);
  if (!existsSync(candlePath(folder, symbol))) throw new UsageError(texts.backtest.notStored(symbol, resolve(folder)));
  const { candles, stretches } = storedCandles(session, folder, instrument);
  const origins = distinctOrigins(stretches).map((origin) => originText(origin, session.language));
  session.tell(palette.dim(texts.backtest.stored(symbol, span(session, candles), origins.join(', '))));
  return { instrument, candles };
}

/** @throws {DataError} on the first fault, unless the file is to be mended */
async function imported(session: Session, file: string, instrument: Instrument, isMended: boolean): Promise<Column> {
  const { candles, report } = await importCsvFile(file, { instrument });
  if (!isMended) refuseFaults(report);
  for (const line of importShown(session, candles, report)) session.tell(session.palette.dim(line));
  if (report.openEnd !== undefined)
    session.tell(session.palette.warn(`${file}: ${problemText(report.openEnd, session.language)}`));
  return { instrument, candles };
}

/** One line for a file as it should be; everything where something was left out, mended or understood in one of two ways. */
function importShown(session: Session, candles: Candles, report: ImportReport): string[] {
  const isPlain = report.unconfirmed.count === 0 && !report.isDescending && !report.layout.decimalComma;
  if (!isFaultless(report) || !isPlain) return importLines({ ...report, openEnd: undefined }, session.language);
  const { texts } = session;
  const count = (value: number) => countShown(value, session.report);
  const { source, mappedPrices, mappedVolumes, gaps, missingMinutes } = report;
  const notes = [
    ...(mappedPrices + mappedVolumes === 0 ? [] : [texts.backtest.mapped(mappedPrices, count(mappedVolumes))]),
    ...(gaps.count === 0 ? [] : [texts.backtest.gaps(gaps.count, count(missingMinutes))]),
  ];
  return [[`${source}: ${span(session, candles)}`, ...notes].join('; ')];
}

/** `10,080 candles, 2021-02-19 00:00 … 2021-02-25 23:59 UTC`. */
export function span({ texts }: Session, candles: Candles): string {
  const count = candles.length;
  const [first, last] = [candles.openMinute[0], candles.openMinute[candles.length - 1]];
  return first === undefined || last === undefined
    ? texts.backtest.candles(count)
    : `${texts.backtest.candles(count)}, ${minuteText(first)} … ${minuteText(last)} UTC`;
}
