/**
 * Candles from text files of whatever origin: the header is sniffed, prices and volumes are mapped onto the instrument's
 * grid, and everything that was left out, mended or mapped is in the report with its line.
 *
 * Streams: memory is that of the candles (29 bytes each while reading), however long the file. Bad rows are left out and
 * listed; a file that nothing can be made of throws a `DataError`, and nothing else is ever thrown for its content.
 * Whether a mended file is good enough is the caller's to say: import-report.ts, `refuseFaults`.
 *
 * Deliberately absent: zip, Parquet, feather; candles of more than a minute; thousands separators; dates that begin with a
 * month.
 */

import { type Instrument, priceText } from '../../core/instrument/instrument.ts';
import { CANDLE_ROUNDING, type Candles, COLUMN_MAX, MINUTE_MS } from '../../core/market/candle.ts';
import type { Rounding } from '../../core/numbers/decimal.ts';
import { type Ticks, ticks } from '../../core/numbers/units.ts';
import { DataError } from '../data-error.ts';
import { type EndProblem, excerpt, type FileProblem, type RowProblem } from '../problem.ts';
import { arranged } from './arrange.ts';
import { mayBeOfCoin } from './coin-name.ts';
import { fieldsOf, type Layout, layoutOf, looksLikeHeader, usesDecimalComma, type VolumeUnit } from './csv-layout.ts';
import {
  approximately,
  COMMA,
  emptyField,
  inSteps,
  POINT,
  readNumber,
  readTime,
  type Step,
  stepOf,
  type TimeUnit,
  textOf,
} from './field.ts';
import { endOf, type FileEnd } from './file-end.ts';
import { foreignKind, OPENING_BYTES } from './foreign-file.ts';
import { type ImportReport, List } from './import-report.ts';
import { KeptRows, PRICES, VOLUME } from './kept-rows.ts';
import { kept, type Line, LineFields, textIn, utf8 } from './line.ts';
import { UsualStep } from './usual-step.ts';

export interface CsvOptions {
  readonly instrument: Instrument;
  /** What the volume column counts where its name does not say; coins unless given. */
  readonly volumeUnit?: VolumeUnit;
}

type PriceColumn = 'open' | 'high' | 'low' | 'close';

export interface Imported {
  readonly candles: Candles;
  readonly report: ImportReport;
}

const LINE_BYTES_MAX = 16_384;
const ROWS_MAX = 50_000_000;
const PREFACE_LINES_MAX = 10;
/** Of the lines before the last one: what its end is measured by. */
const TAIL_BYTES = 4_096;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const HASH = 35;

/** The file as it is read: push its bytes in chunks of any size, then finish. */
export class CsvReader {
  readonly #source: string;
  readonly #options: CsvOptions;
  readonly #isGzip: boolean;
  readonly #tick: Step;
  readonly #coinsPerLot: Step;
  readonly #contractsPerLot: Step;
  readonly #field = emptyField();
  readonly #fields = new LineFields();
  readonly #badRows = new List<RowProblem>();
  readonly #badRowsByCode: Partial<Record<RowProblem['code'], number>> = {};
  readonly #unconfirmed = new List<Extract<RowProblem, { code: 'unconfirmed' }>>();
  readonly #timeUnits = new Set<TimeUnit>();
  readonly #usualStep = new UsualStep();
  readonly #kept: KeptRows;

  #rest: Uint8Array = new Uint8Array();
  /** The end of the whole lines. */
  #tail: Uint8Array = new Uint8Array();
  /** Of a last line without a line end. */
  #end: FileEnd = 'whole';
  #openEnd: EndProblem | undefined;
  #isFirst = true;
  #layout: Layout | undefined;
  #layoutProblem: FileProblem | undefined;
  /** Lines before the layout was known: a header's preface, or data that was not understood at first sight. */
  readonly #preface: Line[] = [];
  #symbol: string | undefined;
  #hasFraction = false;
  #lines = 0;
  #emptyLines = 0;
  #skippedLines = 0;
  #rows = 0;
  /** The price that was read last, as a double: to be compared with the others of its line. */
  #approx = 0;

  constructor(source: string, options: CsvOptions, isGzip = false) {
    const { instrument } = options;
    this.#source = source;
    this.#options = options;
    this.#isGzip = isGzip;
    this.#tick = stepOf(instrument.tickSize);
    this.#contractsPerLot = stepOf(instrument.lotSize);
    this.#coinsPerLot = stepOf(instrument.coinsPerLot);
    this.#kept = new KeptRows(instrument.instId);
  }

  /** @throws {DataError} as soon as nothing can be made of the file. */
  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#isFirst && bytes.length < OPENING_BYTES) this.#rest = bytes.slice();
    else this.#split(this.#isFirst ? this.#opened(bytes) : bytes);
  }

  /** Reads the whole lines, keeps the rest. */
  #split(bytes: Uint8Array): void {
    let from = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, from)) {
      this.#line(bytes, from, end, false);
      from = end + 1;
    }
    if (bytes.length - from > LINE_BYTES_MAX) this.#tooLong(bytes.subarray(from, -1), this.#lines + 1);
    this.#rest = bytes.slice(from);
    this.#tail = lastBytes(this.#tail, bytes.subarray(0, from));
  }

  /** @throws {DataError} where there is no candle, or where most rows are bad. */
  finish(): Imported {
    if (this.#isFirst) this.#split(this.#opened(this.#rest));
    if (this.#rest.length > 0) {
      this.#end = this.#endOfFile();
      this.#line(this.#rest, 0, this.#rest.length, true);
    }
    if (this.#lines === this.#emptyLines) this.#fail({ code: 'empty' });
    const layout = this.#layout ?? this.#fail(this.#layoutProblem ?? { code: 'empty' });
    const [firstBad] = this.#badRows.first;
    if (firstBad !== undefined && this.#badRows.count * 2 > this.#rows)
      this.#fail({ code: 'mostly-bad', rows: this.#rows, bad: this.#badRows.count, first: firstBad });
    if (this.#kept.length === 0) this.#fail({ code: 'no-candles', rows: this.#rows });
    const order = arranged(this.#kept.candles(), this.#kept.lineOf);
    const { candles } = order;
    const usual = this.#usualStep;
    const stepMinutes = usual.hasMinutes ? usual.among(this.#rows, candles.openMinute) : order.stepMinutes;
    if (stepMinutes > 1 && candles.length > 2) this.#fail({ code: 'timeframe', minutes: stepMinutes });
    return {
      candles,
      report: {
        source: this.#source,
        instId: candles.instId,
        layout,
        timeUnits: [...this.#timeUnits],
        isGzip: this.#isGzip,
        lines: this.#lines,
        skippedLines: this.#skippedLines,
        emptyLines: this.#emptyLines,
        rows: this.#rows,
        candles: candles.length,
        firstMinute: candles.openMinute[0],
        lastMinute: candles.openMinute[candles.length - 1],
        lowestPrice: priceText(this.#options.instrument, bound(Math.min, candles.lowTicks)),
        highestPrice: priceText(this.#options.instrument, bound(Math.max, candles.highTicks)),
        mappedPrices: this.#kept.mappedAmong(order.kept, PRICES),
        mappedVolumes: this.#kept.mappedAmong(order.kept, VOLUME),
        badRows: this.#badRows,
        badRowsByCode: this.#badRowsByCode,
        unconfirmed: this.#unconfirmed,
        gaps: order.gaps,
        missingMinutes: order.missingMinutes,
        duplicates: order.duplicates,
        conflicts: order.conflicts,
        disorder: order.disorder,
        isDescending: order.isDescending,
        openEnd: this.#openEnd,
      },
    };
  }

  /** What the first bytes say: a mark to be dropped, or that this is no text. */
  #opened(bytes: Uint8Array): Uint8Array {
    this.#isFirst = false;
    if (bytes.length === 0) this.#fail({ code: 'empty' });
    const foreign = foreignKind(bytes);
    if (foreign !== undefined) this.#fail(foreign);
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  }

  #line(bytes: Uint8Array, from: number, end: number, isLast: boolean): void {
    const number = ++this.#lines;
    let to = end;
    while (to > from && ((bytes[to - 1] as number) === RETURN || (bytes[to - 1] as number) === SPACE)) to--;
    if (to === from) this.#emptyLines++;
    else if (to - from > LINE_BYTES_MAX) this.#tooLong(bytes.subarray(from, to), number);
    else if (bytes[from] === HASH) this.#skippedLines++;
    else if (this.#layout === undefined) this.#sniff({ bytes, from, to, number, isLast });
    else this.#row(this.#layout, { bytes, from, to, number, isLast });
  }

  #tooLong(bytes: Uint8Array, line: number): never {
    if (bytes.includes(RETURN)) this.#fail({ code: 'line-ends' });
    this.#fail({ code: 'long-line', line, bytesMax: LINE_BYTES_MAX });
  }

  #sniff(line: Line): void {
    const text = textIn(line);
    if (text.includes('\r')) this.#fail({ code: 'line-ends' });
    const { instrument, volumeUnit = 'coins' } = this.#options;
    const layout = layoutOf({ text, number: line.number }, { baseCoin: instrument.baseCoin, volumeUnit });
    if ('code' in layout) {
      const problem = 'value' in layout ? { ...layout, value: excerpt(layout.value) } : layout;
      if (looksLikeHeader(text)) this.#fail(problem);
      this.#layoutProblem ??= problem;
      this.#preface.push(kept(line));
      if (this.#preface.length > PREFACE_LINES_MAX) this.#fail(this.#layoutProblem);
      return;
    }
    this.#layout = layout;
    if (layout.names !== undefined) {
      this.#skippedLines += this.#preface.length;
      return;
    }
    for (const before of this.#preface) this.#row(layout, before);
    this.#row(layout, line);
  }

  #row(layout: Layout, line: Line): void {
    if (++this.#rows > ROWS_MAX) this.#fail({ code: 'too-many', rowsMax: ROWS_MAX });
    const isKnownCut = line.isLast && this.#end === 'cut';
    const problem = isKnownCut ? truncated(line) : this.#read(layout, line);
    if (problem === undefined) {
      if (line.isLast && this.#end === 'unknown')
        this.#openEnd = { code: 'open-end', line: line.number, value: excerpt(textIn(line)) };
      return;
    }
    if (problem.code === 'unconfirmed') {
      this.#unconfirmed.add(() => problem);
      return;
    }
    const code = line.isLast && isOfACut(layout, problem) ? 'truncated' : problem.code;
    this.#badRowsByCode[code] = (this.#badRowsByCode[code] ?? 0) + 1;
    this.#badRows.add(() => (code === 'truncated' ? truncated(line) : problem));
  }

  /** Only a price or a volume can be cut and still be one. */
  #endOfFile(): FileEnd {
    const layout = this.#layout;
    if (this.#rest.at(-1) === RETURN) return 'whole';
    if (layout === undefined) return 'unknown';
    const numbers = [layout.open, layout.high, layout.low, layout.close, layout.volume];
    if (!numbers.includes(layout.columns - 1)) return 'whole';
    const lastField = (line: string) => line.split(layout.separator).at(-1)?.trim() ?? '';
    // The first of them may be half a line.
    const before = utf8(this.#tail, 0, this.#tail.length).split('\n').slice(1, -1).map(lastField);
    return endOf(
      lastField(utf8(this.#rest, 0, this.#rest.length)),
      before.filter((field) => /\d/.test(field)),
    );
  }

  /** Reads one line of data into the columns, or says why not. The first number with a sign for its fraction settles which sign that is. */
  #read(layout: Layout, line: Line): RowProblem | undefined {
    const problem = this.#candle(layout, line);
    if (problem?.code !== 'number' || layout.decimalComma || this.#hasFraction) return problem;
    if (!usesDecimalComma(fieldsOf(textIn(line), layout.separator), layout.separator)) return problem;
    this.#layout = { ...layout, decimalComma: true };
    return this.#candle(this.#layout, line);
  }

  #candle(layout: Layout, line: Line): RowProblem | undefined {
    const misshapen = this.#shapeProblem(layout, line);
    if (misshapen !== undefined) return misshapen;
    if (layout.symbol !== undefined) this.#sameSymbol(this.#fields.textAt(layout.symbol, line), line.number);
    const minute = this.#minute(layout, line);
    if (typeof minute !== 'number') return minute;

    const open = this.#price(layout, 'open', CANDLE_ROUNDING.openTicks, line);
    if (typeof open !== 'number') return open;
    const openPrice = this.#approx;
    let mapped = this.#field.mapped;
    const high = this.#price(layout, 'high', CANDLE_ROUNDING.highTicks, line);
    if (typeof high !== 'number') return high;
    const highPrice = this.#approx;
    mapped ||= this.#field.mapped;
    const low = this.#price(layout, 'low', CANDLE_ROUNDING.lowTicks, line);
    if (typeof low !== 'number') return low;
    const lowPrice = this.#approx;
    mapped ||= this.#field.mapped;
    const close = this.#price(layout, 'close', CANDLE_ROUNDING.closeTicks, line);
    if (typeof close !== 'number') return close;
    const closePrice = this.#approx;
    mapped ||= this.#field.mapped;
    if (!isCandle(openPrice, highPrice, lowPrice, closePrice))
      return {
        code: 'no-candle',
        line: line.number,
        value: `open ${openPrice} high ${highPrice} low ${lowPrice} close ${closePrice}`,
      };

    const lot = layout.volumeUnit === 'coins' ? this.#coinsPerLot : this.#contractsPerLot;
    const volume = this.#amount(layout, 'volume', lot, CANDLE_ROUNDING.volumeLots, line);
    if (typeof volume !== 'number') return volume;
    const isVolumeMapped = this.#field.mapped;

    if (layout.confirm !== undefined && isUnconfirmed(this.#fields.textAt(layout.confirm, line)))
      return { code: 'unconfirmed', line: line.number };
    const at = this.#kept.add(line.number, (mapped ? PRICES : 0) | (isVolumeMapped ? VOLUME : 0));
    const candles = this.#kept.columns;
    candles.openMinute[at] = minute;
    candles.openTicks[at] = open;
    candles.highTicks[at] = high;
    candles.lowTicks[at] = low;
    candles.closeTicks[at] = close;
    candles.volumeLots[at] = volume;
    return undefined;
  }

  /** Parts the line into its fields. */
  #shapeProblem({ separator, columns }: Layout, line: Line): RowProblem | undefined {
    const found = this.#fields.part(line, separator.charCodeAt(0));
    if (found === columns) return undefined;
    if (found < 0) return { code: 'binary', line: line.number };
    const text = textIn(line);
    const quoted = text.match(/"[^"]*"/g)?.find((field) => field.includes(separator));
    if (quoted !== undefined) return { code: 'thousands', line: line.number, value: excerpt(quoted) };
    return { code: 'columns', line: line.number, found, expected: columns, value: excerpt(text) };
  }

  #minute(layout: Layout, line: Line): number | RowProblem {
    const { from, to } = this.#fields;
    const time =
      layout.timeOfDay === undefined
        ? readTime(this.#field, line.bytes, from[layout.time] as number, to[layout.time] as number)
        : this.#dateAndTime(layout, line.bytes, layout.timeOfDay);
    if (time === undefined) return { code: 'time', line: line.number, value: this.#valueAt(layout.time, line) };
    if (time.ms % MINUTE_MS !== 0)
      return { code: 'off-minute', line: line.number, value: this.#valueAt(layout.time, line) };
    this.#timeUnits.add(time.unit);
    const minute = time.ms / MINUTE_MS;
    this.#usualStep.hear(minute);
    return minute;
  }

  /** A date and a time of day in two columns; where the date says it all, the other column is something else. */
  #dateAndTime(layout: Layout, bytes: Uint8Array, timeOfDay: number): ReturnType<typeof readTime> {
    const { from, to } = this.#fields;
    const date = textOf(bytes, from[layout.time] as number, to[layout.time] as number);
    const time = textOf(bytes, from[timeOfDay] as number, to[timeOfDay] as number);
    const whole = Buffer.from(/^\d{4}[-./]\d{1,2}[-./]\d{1,2}$/.test(date) ? `${date} ${time}` : date, 'latin1');
    return readTime(this.#field, whole, 0, whole.length);
  }

  #price(layout: Layout, column: PriceColumn, rounding: Rounding, line: Line): number | RowProblem {
    const ticks = this.#amount(layout, column, this.#tick, rounding, line);
    if (typeof ticks !== 'number') return ticks;
    if (ticks === 0)
      return { code: 'zero-price', line: line.number, column, value: this.#valueAt(layout[column], line) };
    this.#approx = approximately(this.#field);
    return ticks;
  }

  #amount(
    layout: Layout,
    column: PriceColumn | 'volume',
    step: Step,
    rounding: Rounding,
    line: Line,
  ): number | RowProblem {
    const at = layout[column];
    const [from, to] = [this.#fields.from[at] as number, this.#fields.to[at] as number];
    const verdict = readNumber(this.#field, line.bytes, from, to, layout.decimalComma ? COMMA : POINT);
    if (verdict !== 'number') {
      const code = verdict === 'negative' ? verdict : 'number';
      return { code, line: line.number, column, value: this.#valueAt(at, line) };
    }
    this.#hasFraction ||= this.#field.scale > 0;
    const steps = inSteps(this.#field, step, rounding);
    return steps <= COLUMN_MAX
      ? steps
      : { code: 'too-large', line: line.number, column, value: this.#valueAt(at, line) };
  }

  #valueAt(at: number, line: Line): string {
    return excerpt(this.#fields.textAt(at, line));
  }

  #sameSymbol(symbol: string, line: number): void {
    const { instId, baseCoin } = this.#options.instrument;
    if (this.#symbol === undefined && !mayBeOfCoin(symbol, baseCoin))
      this.#fail({ code: 'other-symbol', line, value: excerpt(symbol), instId });
    this.#symbol ??= symbol;
    if (symbol !== this.#symbol)
      this.#fail({ code: 'two-symbols', line, value: excerpt(symbol), first: excerpt(this.#symbol) });
  }

  #fail(problem: FileProblem): never {
    throw new DataError(this.#source, problem);
  }
}

/** Of at least one value. */
function bound(of: (a: number, b: number) => number, values: Uint32Array): Ticks {
  return ticks(values.reduce((a, b) => of(a, b)));
}

/** `0`, as a float's `0.0`, or `false`. */
function isUnconfirmed(confirm: string): boolean {
  return /^(?:0(?:\.0*)?|false)$/i.test(confirm);
}

function isCandle(open: number, high: number, low: number, close: number): boolean {
  return high >= open && high >= close && low <= open && low <= close && high >= low;
}

/** The last of two pieces that follow each other. */
function lastBytes(earlier: Uint8Array, later: Uint8Array): Uint8Array {
  if (later.length >= TAIL_BYTES) return later.slice(-TAIL_BYTES);
  return Buffer.concat([earlier, later]).subarray(-TAIL_BYTES);
}

/** A cut takes columns away, and the end of the last one that is left. */
function isOfACut(layout: Layout, problem: RowProblem): boolean {
  if (problem.code === 'columns') return problem.found < problem.expected;
  return problem.code === 'number' && layout[problem.column] === layout.columns - 1;
}

function truncated(line: Line): RowProblem {
  return { code: 'truncated', line: line.number, value: excerpt(textIn(line)) };
}
