/**
 * The demo's live view as lines: account, equity curve, every symbol with its position and rungs, the last refusals with their numbers, what
 * happened last. Pure: a moment and a size in, lines out; none is wider than `width`, there are no more than `height`.
 */
import { coinOf } from '../../core/instrument/instrument.ts';
import { worstParts } from '../../report/book-worst.ts';
import { governingText } from '../../report/decision/governed-text.ts';
import { bar, lineChart, sparkline } from '../../report/drawing/chart.ts';
import type { Palette } from '../../report/drawing/palette.ts';
import { fit, fitWords, widthOf } from '../../report/drawing/width.ts';
import type { Report } from '../../report/run/report.ts';
import { countShown, durationShown, gainShown, moneyShown, percentShown } from '../../report/words/numbers.ts';
import type { BookStatus, PositionStatus, SymbolStatus } from '../watch/book-status.ts';
import { COIN_WIDTH, happeningLine, nextRungLine } from '../watch/happening-line.ts';
import type { Happening, RefusalHappened, SignalSeen } from '../watch/happenings.ts';
import { gain, money, price, shown, type Words } from '../watch/words.ts';

interface DemoMoment {
  readonly book: BookStatus;
  readonly report: Report;
  readonly seed: number;
  readonly speed: number;
  readonly reached: number | undefined;
  readonly isPaused: boolean;
  /** Simulated since the start. */
  readonly elapsedMs: number;
  readonly signals: ReadonlyMap<string, SignalSeen>;
  /** Prices at the start, for how far each has come. */
  readonly firstPrices: ReadonlyMap<string, string>;
  /** The newest first. */
  readonly refusals: readonly RefusalHappened[];
  readonly happenings: readonly Happening[];
}

interface ViewSize {
  readonly width: number;
  readonly height: number;
}

export function demoView(moment: DemoMoment, size: ViewSize, words: Words): string[] {
  const { palette, texts } = words;
  const width = Math.max(WIDTH_MIN, size.width);
  const heading = (text: string) => palette.dim(`── ${text} ${'─'.repeat(Math.max(0, width - widthOf(text) - 4))}`);
  const top = [
    ...account(moment, { width, height: size.height }, words),
    heading(texts.demo.market),
    ...marketLines(moment, width, words),
  ];
  // Headings and the last line are three; what is left is shared by refusals and by what happened, a little more for the latter.
  const left = Math.max(0, size.height - top.length - 3);
  const refusalRows = Math.min(Math.floor(left / 2), Math.max(1, moment.refusals.length));
  const refusals = moment.refusals.slice(0, refusalRows).map((refusal) => happeningLine(refusal, words, width) ?? '');
  const told = moment.happenings.flatMap((happening) => happeningLine(happening, words, width) ?? []);
  const bottom = [
    heading(texts.demo.refusals(countShown(moment.report.refusals, words.report))),
    ...padded(refusals.length === 0 ? [palette.dim(texts.demo.none)] : refusals, refusalRows),
    heading(texts.demo.happened),
    ...padded(told.slice(0, left - refusalRows), left - refusalRows),
    palette.dim(moment.isPaused ? texts.demo.keysPaused : texts.demo.keys),
  ];
  return [...top, ...bottom].slice(0, size.height).map((line) => fitWords(line, size.width));
}

/** `×60`; `×850 of ×100,000` where the machine is too slow. */
function paceText(
  { speed, reached }: Pick<DemoMoment, 'speed' | 'reached'>,
  { texts, report, palette }: Words,
): string {
  const asked = `×${countShown(speed, report)}`;
  if (reached === undefined) return asked;
  return palette.warn(texts.demo.slower(`×${countShown(reached, report)}`, asked));
}

/** For fewer columns the lines are made as for these, then cut. */
const WIDTH_MIN = 40;

function padded(lines: readonly string[], count: number): string[] {
  return Array.from({ length: count }, (_, i) => lines[i] ?? '');
}

function account({ book, report, ...moment }: DemoMoment, { width, height }: ViewSize, words: Words): string[] {
  const { palette, texts, report: names } = words;
  const { demo } = texts;
  const time = new Date(book.at).toISOString().slice(0, 19).replace('T', ' ');
  const pace = moment.isPaused ? palette.warn(demo.paused) : paceText(moment, words);
  const worst = worstParts(book.worst, names, palette);
  const isTall = height >= LINE_OF_ITS_OWN;
  const open = book.symbols.filter(({ position }) => position !== null).length;
  return [
    parts(
      [
        `${palette.strong('Rungwise')} ${palette.accent(demo.title)}`,
        `${time} UTC`,
        durationShown(moment.elapsedMs, names),
        pace,
        `${demo.seedName} ${moment.seed}`,
      ],
      width,
    ),
    parts(
      [
        `${demo.balance} ${palette.strong(money(book.balance, words))}`,
        `${names.net} ${net(report.net, words)}`,
        `${names.fees} ${moneyShown(report.fees, names)}`,
        `${names.maxDrawdown} ${percentShown(report.maxDrawdown, names)}`,
      ],
      width,
    ),
    parts(
      [
        `${demo.open} ${open}`,
        ...(isTall ? [] : [worst[0] ?? '']),
        `${names.trades} ${countShown(report.trades, names)}`,
        `${names.additions} ${countShown(report.additions, names)}`,
      ],
      width,
    ),
    ...(isTall ? [parts(worst, width)] : []),
    ...book.governing.map((each) => palette.warn(coined(each, words))),
    ...equityCurve(book.equity, report, { width, height }, words),
  ];
}

/** With the coin it concerns. */
function coined(each: BookStatus['governing'][number], words: Words): string {
  const text = governingText(each, words.report);
  return each.instId === undefined ? text : `${coinOf(each.instId)} ${text}`;
}

/** One line, or a chart where there is room. */
function equityCurve(equity: string, report: Report, { width, height }: ViewSize, words: Words): string[] {
  const { palette, texts, report: names } = words;
  const label = `${texts.demo.equity} ${money(equity, words)} `;
  const points = report.equity.map(({ last }) => last);
  if (height < TALL || points.length < 2)
    return [palette.dim(label) + palette.accent(sparkline(points, Math.max(1, width - widthOf(label))))];
  const axis = (units: number) => moneyShown(BigInt(Math.round(units)), names);
  return [palette.dim(label), ...lineChart(points, { width, height: CHART_ROWS }, axis, palette)];
}

const TALL = 32;
/** Rows from which the worst case has a line to itself. */
const LINE_OF_ITS_OWN = 18;
const CHART_ROWS = 5;

/** A table where there is room; else a symbol in one line and its position in a second. */
function marketLines(moment: DemoMoment, width: number, words: Words): string[] {
  const { symbols } = moment.book;
  if (width < WIDE) return symbols.flatMap((symbol) => narrowLines(symbol, moment, width, words));
  const { palette, report, texts } = words;
  const { demo } = texts;
  const titles = [
    ['', COIN_WIDTH],
    [report.price, PRICE_WIDTH, 'right'],
    ['', CHANGE_WIDTH],
    [report.regime, REGIME_WIDTH],
    [demo.signal, SIGNAL_WIDTH],
    [demo.rungs, RUNGS_WIDTH],
    [demo.position, SIZE_WIDTH, 'right'],
    ['USDT', VALUE_WIDTH, 'right'],
    [demo.average, PRICE_WIDTH, 'right'],
    ['PnL', PNL_WIDTH, 'right'],
    [demo.stop, PRICE_WIDTH, 'right'],
    [demo.target, PRICE_WIDTH, 'right'],
  ] as const;
  const header = titles.map(([title, columns, align]) => fit(title, columns, align)).join(' ');
  return [
    palette.dim(header),
    ...symbols.flatMap((symbol) => [wideLine(symbol, moment, words), ...nextRungLines(symbol, words)]),
  ];
}

function wideLine(symbol: SymbolStatus, moment: DemoMoment, words: Words): string {
  const market = marketCells(symbol, moment, words).join(' ');
  const { position } = symbol;
  if (position === null) return `${market} ${words.palette.dim(words.texts.demo.flat)}`;
  const { contracts, value, average, stop, target } = position;
  return [
    market,
    fit(rungsShown(position, words.palette), RUNGS_WIDTH),
    fit(`${sideShown(position, words)} ${shown(contracts, words)}`, SIZE_WIDTH, 'right'),
    fit(money(value, words), VALUE_WIDTH, 'right'),
    fit(price(average, words), PRICE_WIDTH, 'right'),
    fit(pnlShown(position, words), PNL_WIDTH, 'right'),
    fit(stop === null ? '' : price(stop, words), PRICE_WIDTH, 'right'),
    fit(target === null ? '' : price(target, words), PRICE_WIDTH, 'right'),
  ].join(' ');
}

function narrowLines(symbol: SymbolStatus, moment: DemoMoment, width: number, words: Words): string[] {
  const { position } = symbol;
  if (position === null)
    return [marketLine(symbol, moment, width, [words.palette.dim(words.texts.demo.flat), ''], words)];
  const { palette, texts } = words;
  const { contracts, value, average, stop, target, rungs, rungsMax } = position;
  const second = [
    `${sideShown(position, words)} ${shown(contracts, words)} = ${money(value, words)}`,
    `${texts.demo.average} ${price(average, words)}`,
    pnlShown(position, words),
    ...(stop === null ? [] : [`${texts.demo.stop} ${price(stop, words)}`]),
    ...(target === null ? [] : [`${texts.demo.target} ${price(target, words)}`]),
  ];
  const indent = ' '.repeat(COIN_WIDTH + 1);
  return [
    marketLine(symbol, moment, width, [rungsShown(position, palette), `${rungs}/${rungsMax}`], words),
    indent + parts(second, width - COIN_WIDTH - 1),
    ...nextRungLines(symbol, words),
  ];
}

/** The market and, at its end, how the position stands; where both find no room, the signal is left out, then that stands more briefly. */
function marketLine(
  symbol: SymbolStatus,
  moment: DemoMoment,
  width: number,
  [ending, briefly]: readonly [string, string],
  words: Words,
): string {
  const cells = marketCells(symbol, moment, words);
  const lines = [
    [...cells, ending],
    [...cells.slice(0, -1), ending],
    [...cells.slice(0, -1), briefly],
  ];
  return lines.map((each) => each.join(' ')).find((line) => widthOf(line) <= width) ?? '';
}

/** Where the next rung would come without a signal, below its position. */
function nextRungLines({ position }: SymbolStatus, words: Words): string[] {
  const line = position === null ? undefined : nextRungLine(position, words);
  return line === undefined ? [] : [' '.repeat(COIN_WIDTH + 1) + words.palette.dim(line)];
}

/** What every symbol has, position or not; the signal last. */
function marketCells(symbol: SymbolStatus, moment: DemoMoment, words: Words): string[] {
  const { palette, report } = words;
  return [
    palette.strong(coinOf(symbol.symbol).padEnd(COIN_WIDTH)),
    fit(symbol.price === null ? '' : price(symbol.price, words), PRICE_WIDTH, 'right'),
    fit(changeShown(symbol, moment, words), CHANGE_WIDTH, 'right'),
    fit(report.regimes[symbol.regime], REGIME_WIDTH),
    fit(signalShown(moment.signals.get(symbol.symbol), moment.book.at, words), SIGNAL_WIDTH),
  ];
}

const PRICE_WIDTH = 9;
const CHANGE_WIDTH = 7;
const REGIME_WIDTH = 9;
const SIGNAL_WIDTH = 17;
const RUNGS_WIDTH = 9;
const SIZE_WIDTH = 11;
const VALUE_WIDTH = 8;
const PNL_WIDTH = 7;
/** Columns of the whole table. */
const WIDE = 120;

function sideShown({ side }: PositionStatus, { palette, report }: Words): string {
  return side === 'long' ? palette.good(report.sides.long) : palette.bad(report.sides.short);
}

function pnlShown({ pnl }: PositionStatus, words: Words): string {
  const text = gain(pnl, words);
  return pnl.startsWith('-') ? words.palette.bad(text) : words.palette.good(text);
}

/** `██░░░ 2/5`. */
function rungsShown({ rungs, rungsMax }: PositionStatus, palette: Palette): string {
  const most = Math.max(rungs, rungsMax);
  return `${palette.accent('█'.repeat(rungs))}${palette.dim('░'.repeat(most - rungs))} ${rungs}/${rungsMax}`;
}

/** `▲ ███▌ 4 min`: side, strength, age. */
function signalShown(signal: SignalSeen | undefined, now: number, { palette, report }: Words): string {
  if (signal === undefined) return palette.dim(report.none);
  const arrow = signal.side === 1 ? palette.good('▲') : palette.bad('▼');
  const age = durationShown(Math.max(0, now - signal.at), report)
    .split(' ')
    .slice(0, 2)
    .join(' ');
  return `${arrow} ${palette.accent(bar(signal.strength, 4))} ${palette.dim(age)}`;
}

function changeShown({ symbol, price: now }: SymbolStatus, { firstPrices }: DemoMoment, words: Words): string {
  const first = Number(firstPrices.get(symbol) ?? Number.NaN);
  const percent = (Number(now ?? Number.NaN) / first - 1) * 100;
  if (!Number.isFinite(percent)) return '';
  const { palette, report } = words;
  const size = Math.abs(percent).toFixed(1).replace('.', report.point);
  if (!/[1-9]/.test(size)) return `${size} ${report.percent}`;
  return percent < 0 ? palette.bad(`−${size} ${report.percent}`) : palette.good(`+${size} ${report.percent}`);
}

function net(value: bigint, { report, palette }: Words): string {
  const text = gainShown(value, report);
  return value < 0n ? palette.bad(text) : value > 0n ? palette.good(text) : text;
}

/** As many as fit beside each other; a number that does not fit is left out, not cut. */
function parts(texts: readonly string[], width: number): string {
  let line = '';
  for (const text of texts) {
    const longer = line === '' ? text : `${line}  ${text}`;
    if (widthOf(longer) > width) return line;
    line = longer;
  }
  return line;
}
