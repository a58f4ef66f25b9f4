/**
 * What the columns of a text file mean: by the names of its header, or, where it has none, by the orders that OKX and
 * Binance write.
 *
 * Names are compared in lower case and without anything but letters and digits: `<OPEN>`, `Open time`, `open_time`,
 * `Время открытия`.
 */

import type { FileProblem } from '../problem.ts';
import { emptyField, POINT, readNumber, readTime, type TimeUnit } from './field.ts';

/** Coins of the base currency, or contracts of the exchange. */
export type VolumeUnit = 'coins' | 'contracts';

export interface Layout {
  readonly separator: string;
  readonly decimalComma: boolean;
  /** Names of the header as they stand; undefined: the file has none and the order was recognised. */
  readonly names: readonly string[] | undefined;
  /** Known orders without a header: whose. */
  readonly order: string | undefined;
  /** How many columns a line has. */
  readonly columns: number;
  readonly time: number;
  /** A second column with the time of day (`<DATE>` and `<TIME>`). */
  readonly timeOfDay: number | undefined;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
  readonly volumeUnit: VolumeUnit;
  /** 1 where the candle was closed. */
  readonly confirm: number | undefined;
  readonly symbol: number | undefined;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;

// biome-ignore format: a table
const NAMES = {
  time: [
    'ts', 'timestamp', 'timestampms', 'opentime', 'opentimems', 'unix', 'unixtime', 'unixtimestamp', 'datetime', 'timeutc',
    'dateutc', 'datetimeutc', 'utc', 'candlebegintime', 'begintime', 'starttime', 'start', 'timeopen', 'timeperiodstart',
    'opentimestamp', 'date', 'time', 'gmttime', 't', 'mts', 'времяоткрытия', 'датавремя', 'дата', 'время',
  ],
  open: ['open', 'o', 'openprice', 'priceopen', 'op', 'открытие', 'ценаоткрытия'],
  high: ['high', 'h', 'highprice', 'pricehigh', 'highest', 'hi', 'max', 'максимум', 'макс'],
  low: ['low', 'l', 'lowprice', 'pricelow', 'lowest', 'lo', 'min', 'минимум', 'мин'],
  close: ['close', 'c', 'closeprice', 'priceclose', 'last', 'cl', 'закрытие', 'ценазакрытия'],
  coins: ['volccy', 'volume', 'vol', 'basevolume', 'volumebase', 'volumefrom', 'v', 'объём', 'объем'],
  contracts: ['contracts', 'volcontracts', 'volumecontracts', 'контракты'],
  confirm: ['confirm', 'confirmed', 'isclosed'],
  symbol: ['symbol', 'instid', 'instrument', 'instrumentname', 'pair', 'ticker', 's'],
} as const;

interface KnownOrder {
  readonly columns: number;
  readonly order: string;
  readonly volume: number;
  readonly confirm?: number;
}

/** Without a header: who writes so many columns, and in what order; time always comes first. */
// biome-ignore format: a table
const ORDERS: readonly KnownOrder[] = [
  { columns: 6, order: 'ts,open,high,low,close,volume', volume: 5 },
  { columns: 9, order: 'OKX: ts,open,high,low,close,vol,volCcy,volCcyQuote,confirm', volume: 6, confirm: 8 },
  { columns: 11, order: 'Binance: open_time,open,high,low,close,volume,close_time,…', volume: 5 },
  { columns: 12, order: 'Binance: open_time,open,high,low,close,volume,close_time,…', volume: 5 },
];

/** A line that may be a header, or the first one of data. */
export interface OpeningLine {
  readonly text: string;
  readonly number: number;
}

/** What a header may leave open. */
export interface Asked {
  /** Finds `Volume BTC` beside `Volume USDT`. */
  readonly baseCoin: string;
  /** What the volume column counts where its name does not say. */
  readonly volumeUnit: VolumeUnit;
}

/** The layout that a line announces: a header's, or that of a first line of data; a problem where it is neither. */
export function layoutOf(line: OpeningLine, asked: Asked): Layout | FileProblem {
  let nearest: FileProblem = {
    code: 'header',
    line: line.number,
    value: line.text,
    missing: ['time', 'open', 'high', 'low', 'close', 'volume'],
  };
  for (const separator of SEPARATORS) {
    const fields = fieldsOf(line.text, separator);
    const layout = headlessLayout(fields, separator, asked.volumeUnit) ?? headedLayout(fields, separator, line, asked);
    if (!('code' in layout)) return layout;
    if (missingOf(layout) < missingOf(nearest)) nearest = layout;
  }
  return nearest;
}

function missingOf(problem: FileProblem): number {
  return problem.code === 'header' ? problem.missing.length : 0;
}

/** The fields of a line, spaces and quotes around them taken off. */
export function fieldsOf(line: string, separator: string): string[] {
  return line.split(separator).map((field) =>
    field
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2')
      .trim(),
  );
}

/** Many columns and not one number among them; the first may have no name. */
export function looksLikeHeader(text: string): boolean {
  return SEPARATORS.some((separator) => {
    const fields = fieldsOf(text, separator);
    return (
      fields.length >= 4 &&
      fields.every(
        (field, at) =>
          (at === 0 && field === '') || (/\p{L}/u.test(field) && !/^\d/.test(field) && !/^nan$/i.test(field)),
      )
    );
  });
}

function headedLayout(
  names: readonly string[],
  separator: string,
  { number: line, text: value }: OpeningLine,
  asked: Asked,
): Layout | FileProblem {
  const keys = names.map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  const found = { time: timeColumn(keys), ...priceColumns(keys), volume: volumeColumn(keys, asked) };
  if (!isComplete(found)) {
    const missing = Object.entries(found).flatMap(([column, at]) => (at === undefined ? [column] : []));
    return { code: 'header', line, value, missing };
  }
  const repeated = Object.values(found).find((at) => keys.indexOf(keys[at] ?? '') !== keys.lastIndexOf(keys[at] ?? ''));
  if (repeated !== undefined) return { code: 'repeated-column', line, value: names[repeated] ?? '' };
  return {
    separator,
    decimalComma: false,
    names,
    order: undefined,
    columns: names.length,
    ...found,
    timeOfDay: isDate(keys, found.time) ? columnOf(keys, ['time', 'timeofday', 'время']) : undefined,
    volumeUnit: found.volume === columnOf(keys, NAMES.contracts) ? 'contracts' : asked.volumeUnit,
    confirm: columnOf(keys, NAMES.confirm),
    symbol: columnOf(keys, NAMES.symbol),
  };
}

/** The columns that every file of candles has. */
type Needed = Pick<Layout, 'time' | 'open' | 'high' | 'low' | 'close' | 'volume'>;

function isComplete(found: Readonly<Record<keyof Needed, number | undefined>>): found is Needed {
  return Object.values(found).every((at) => at !== undefined);
}

/** pandas writes an index without a name. */
function timeColumn(keys: readonly string[]): number | undefined {
  return columnOf(keys, NAMES.time) ?? (keys[0] === '' ? 0 : undefined);
}

function isDate(keys: readonly string[], column: number): boolean {
  return ['date', 'дата'].includes(keys[column] ?? '');
}

function priceColumns(keys: readonly string[]) {
  const { open, high, low, close } = NAMES;
  return {
    open: columnOf(keys, open),
    high: columnOf(keys, high),
    low: columnOf(keys, low),
    close: columnOf(keys, close),
  };
}

function volumeColumn(keys: readonly string[], { baseCoin, volumeUnit }: Asked): number | undefined {
  const coin = baseCoin.toLowerCase();
  const inCoins = columnOf(keys, [`volume${coin}`, `vol${coin}`, ...NAMES.coins]);
  const inContracts = columnOf(keys, NAMES.contracts);
  return volumeUnit === 'contracts' ? (inContracts ?? columnOf(keys, ['vol']) ?? inCoins) : (inCoins ?? inContracts);
}

/** The column of the first known name that the header has. */
function columnOf(keys: readonly string[], known: readonly string[]): number | undefined {
  for (const name of known) {
    const at = keys.indexOf(name);
    if (at !== -1) return at;
  }
  return undefined;
}

function headlessLayout(fields: readonly string[], separator: string, volumeUnit: VolumeUnit): Layout | undefined {
  const known = ORDERS.find((order) => order.columns === fields.length);
  if (known === undefined || timeOf(fields[0] ?? '') === undefined) return undefined;
  const decimalComma = usesDecimalComma(fields, separator);
  const [open, high, low, close] = fields.slice(1, 5).map((field) => valueOf(field, decimalComma));
  if (open === undefined || high === undefined || low === undefined || close === undefined) return undefined;
  if (high < Math.max(open, close) || low > Math.min(open, close)) return undefined;
  const isOkxContracts = known.confirm !== undefined && volumeUnit === 'contracts';
  return {
    separator,
    decimalComma,
    names: undefined,
    order: known.order,
    columns: known.columns,
    time: 0,
    timeOfDay: undefined,
    open: 1,
    high: 2,
    low: 3,
    close: 4,
    volume: isOkxContracts ? 5 : known.volume,
    volumeUnit,
    confirm: known.confirm,
    symbol: undefined,
  };
}

/** `51552,61` where the comma does not part columns. */
export function usesDecimalComma(fields: readonly string[], separator: string): boolean {
  return separator !== ',' && fields.some((field) => /^\d+,\d+(?:e[+-]?\d+)?$/i.test(field));
}

function timeOf(field: string): TimeUnit | undefined {
  const bytes = latin1(field);
  return readTime(emptyField(), bytes, 0, bytes.length)?.unit;
}

function valueOf(field: string, decimalComma: boolean): number | undefined {
  const bytes = latin1(decimalComma ? field.replace(',', '.') : field);
  const read = emptyField();
  return readNumber(read, bytes, 0, bytes.length, POINT) === 'number' ? read.mantissa / 10 ** read.scale : undefined;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0) & 0xff);
}
