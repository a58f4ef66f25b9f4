/** A happening as one line for a person. */
import { coinOf } from '../../core/instrument/instrument.ts';
import type { GateUnit } from '../../report/decision/gate-reading.ts';
import { governedText, haltingText } from '../../report/decision/governed-text.ts';
import { fitWords, widthOf } from '../../report/drawing/width.ts';
import { alertText } from './alert-text.ts';
import type { PositionStatus } from './book-status.ts';
import type { Happening, RefusalHappened, RungHappened, TradeHappened } from './happenings.ts';
import { gain, price, reading, shown, type Words } from './words.ts';

/**
 * `12:03:40  BTC   rung 2 long, average 60,010.2 → 59,990.1`; undefined for what other lines tell already.
 * @param width a refusal that would be wider is told more briefly, its numbers last to go
 */
export function happeningLine(
  happening: Happening,
  words: Words,
  width = Number.POSITIVE_INFINITY,
): string | undefined {
  const text = textOf(happening, words, width - TIME_WIDTH - COIN_WIDTH - 3);
  if (text === undefined) return undefined;
  const { palette } = words;
  return `${palette.dim(happening.time.slice(11, 19))}  ${palette.strong(coinOf(happening.symbol).padEnd(COIN_WIDTH))} ${text}`;
}

const TIME_WIDTH = 8;

/** The longest of the ten. */
export const COIN_WIDTH = 4;

/** `next rung without a signal: averaging down at 59,750, pyramid at 60,300`; undefined where there is none. */
export function nextRungLine({ nextRung }: PositionStatus, words: Words): string | undefined {
  const { demo } = words.texts;
  const at = [
    ...(nextRung === null || nextRung.averageDown === null
      ? []
      : [demo.averageDownAt(price(nextRung.averageDown, words))]),
    ...(nextRung === null || nextRung.pyramid === null ? [] : [demo.pyramidAt(price(nextRung.pyramid, words))]),
  ];
  return at.length === 0 ? undefined : `${demo.nextRung}: ${at.join(', ')}`;
}

function textOf(happening: Happening, words: Words, width: number): string | undefined {
  const { palette } = words;
  switch (happening.kind) {
    case 'fill':
      return happening.role === 'partial'
        ? palette.good(words.texts.demo.partial(shown(happening.contracts, words), price(happening.price, words)))
        : undefined;
    case 'rung':
      return palette.accent(rungText(happening, words));
    case 'refusal':
      return palette.warn(refusalText(happening, words, width));
    case 'trade':
      return tradeText(happening, words, width);
    case 'governed':
      return palette.accent(governedText(happening, words.report));
    case 'alert':
      return palette.bad(`${words.report.alerts[happening.code]} (${happening.code}): ${alertText(happening, words)}`);
  }
}

function rungText({ rung, side, averageBefore, average, stop }: RungHappened, words: Words): string {
  const { demo } = words.texts;
  const name = rung === 0 ? words.report.entry : `${words.report.rung} ${rung}`;
  const from = averageBefore === null ? '' : `${price(averageBefore, words)} → `;
  const parts = [`${name} ${words.report.sides[side]}`, `${demo.average} ${from}${price(average, words)}`];
  if (stop !== null) parts.push(`${demo.stop} ${price(stop, words)}`);
  return parts.join(', ');
}

/** In words; where the line is narrow with its numbers alone, then without them. */
function refusalText(refusal: RefusalHappened, words: Words, width: number): string {
  const { what, side, code, value, limit, unit, halting, at } = refusal;
  const { report, texts } = words;
  const asked = `✗ ${report.refusalOf[what]}${side === null ? '' : ` ${report.sides[side]}`}`;
  if (halting !== undefined) return `${asked}: ${haltingText(halting, at, report)}`;
  const inWords = `${asked}: ${report.codes[code]}`;
  const hasNumbers = value !== null && limit !== null && isNumber(value) && isNumber(limit);
  const [read, most] = hasNumbers ? [gateNumber(value, unit, words), gateLimit(limit, unit, words)] : [];
  const said = hasNumbers
    ? [`${inWords} (${read}, ${texts.demo.limit} ${most})`, `${inWords} (${read} / ${most})`, inWords]
    : [inWords];
  return said.find((text) => widthOf(text) <= width) ?? fitWords(inWords, width);
}

/** Where the line is narrow without its reason: what was won is told always. */
function tradeText({ trade }: TradeHappened, words: Words, width: number): string {
  const { report, texts, palette } = words;
  const net = String(trade['net']);
  const closed = `${texts.demo.closed} ${report.sides[trade['side'] as keyof typeof report.sides]}`;
  const reason = report.reasons[trade['reason'] as keyof typeof report.reasons];
  const marked = (text: string) => (net.startsWith('-') ? palette.bad(text) : palette.good(text));
  const said = [
    `${closed}, ${reason}: ${marked(`${gain(net, words)} USDT`)}`,
    `${closed}, ${reason}: ${marked(gain(net, words))}`,
  ];
  return said.find((text) => widthOf(text) <= width) ?? `${closed}: ${marked(gain(net, words))}`;
}

/** What a gate read, short enough for a line, with its unit. */
function gateNumber(value: string, unit: GateUnit | undefined, words: Words): string {
  const { duration, percent } = words.report;
  switch (unit) {
    case 'ms':
      return Number(value) < 1_000
        ? `${shown(value, words)} ${words.texts.operate.units.ms}`
        : `${shown(secondsOf(value), words)} ${duration.seconds}`;
    case 'share':
      return `${shown((Number(value) * 100).toFixed(2), words)} ${percent}`;
    case 'percent':
      return `${reading(value, words)} ${percent}`;
    case 'usdt-of-price':
      return price(value, words);
    case 'usdt':
      return reading(value, words);
    case 'lots':
    case 'contracts':
    case 'orders':
    case 'rungs':
    case 'positions':
    case 'fact':
    case undefined:
      return shown(value, words);
  }
}

/** A unit that is a word is said once, after the limit. */
function gateLimit(limit: string, unit: GateUnit | undefined, words: Words): string {
  const number = gateNumber(limit, unit, words);
  const isSaid = unit === undefined || unit === 'ms' || unit === 'share' || unit === 'percent';
  return isSaid ? number : `${number} ${words.texts.operate.units[unit]}`.trimEnd();
}

/** Whole from ten on; below a tenth counts: prices are old after two. */
function secondsOf(ms: string): string {
  const seconds = Number(ms) / 1_000;
  return String(seconds < 10 ? Math.floor(seconds * 10) / 10 : Math.floor(seconds));
}

function isNumber(value: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(value);
}
