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

/**
 * The layout that a line announces: a header's, or that of a first line of data; a problem where it is neither.
 * `baseCoin` finds `Volume BTC` beside `Volume USDT`.
 */
export function layoutOf(
  line: string,
  lineNumber: number,
  baseCoin: string,
  volumeUnit: VolumeUnit,
): Layout | FileProblem {
  let nearest: FileProblem = {
    code: 'header',
    line: lineNumber,
    value: line,
    missing: ['time', 'open', 'high', 'low', 'close', 'volume'],
  };
  for (const separator of SEPARATORS) {
    const fields = fieldsOf(line, separator);
    const layout =
      headlessLayout(fields, separator, volumeUnit) ??
      headedLayout(fields, separator, lineNumber, line, baseCoin, volumeUnit);
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
  line: number,
  value: string,
  baseCoin: string,
  volumeUnit: VolumeUnit,
): Layout | FileProblem {
  const keys = names.map((name) => name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  const coins = [`volume${baseCoin.toLowerCase()}`, `vol${baseCoin.toLowerCase()}`, ...NAMES.coins];
  // pandas writes an index without a name.
  const time = columnOf(keys, NAMES.time) ?? (keys[0] === '' ? 0 : undefined);
  const isDate = time !== undefined && ['date', 'дата'].includes(keys[time] ?? '');
  const timeOfDay = isDate ? columnOf(keys, ['time', 'timeofday', 'время']) : undefined;
  const [open, high, low, close] = [NAMES.open, NAMES.high, NAMES.low, NAMES.close].map((known) =>
    columnOf(keys, known),
  );
  const inCoins = columnOf(keys, coins);
  const inContracts = columnOf(keys, NAMES.contracts);
  const volume =
    volumeUnit === 'contracts' ? (inContracts ?? columnOf(keys, ['vol']) ?? inCoins) : (inCoins ?? inContracts);
  const found = { time, open, high, low, close, volume };
  const missing = Object.entries(found).flatMap(([column, at]) => (at === undefined ? [column] : []));
  if (
    time === undefined ||
    open === undefined ||
    high === undefined ||
    low === undefined ||
    close === undefined ||
    volume === undefined
  )
    return { code: 'header', line, value, missing };
  const repeated = [time, open, high, low, close, volume].find(
    (at) => keys.indexOf(keys[at] ?? '') !== keys.lastIndexOf(keys[at] ?? ''),
  );
  if (repeated !== undefined) return { code: 'repeated-column', line, value: names[repeated] ?? '' };
  return {
    separator,
    decimalComma: false,
    names,
    order: undefined,
    columns: names.length,
    time,
    timeOfDay,
    open,
    high,
    low,
    close,
    volume,
    volumeUnit: volume === inContracts ? 'contracts' : volumeUnit,
    confirm: columnOf(keys, NAMES.confirm),
    symbol: columnOf(keys, NAMES.symbol),
  };
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
