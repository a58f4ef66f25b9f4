/**
 * Candles at rest: one file a symbol, `<folder>/<instId>/1m.candles`, 24 bytes a candle.
 *
 * The file: `RWC1`, the head's length (32 bits), a JSON head padded to a multiple of 8, then six columns of 32-bit unsigned
 * little-endian numbers in the order of core/market/candle.ts. The head carries the grid (ticks and lots mean nothing without it), where each
 * stretch of candles is from, and a CRC-32 of itself and of the columns. A file is written aside, flushed and renamed: readers see the old one or the new one.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { endianness } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { CANDLE_COLUMNS, type Candles, COLUMN_MAX, emptyCandles } from '../../core/market/candle.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { DataError } from '../data-error.ts';
import { excerpt, type StoreProblem } from '../problem.ts';
import { mergedStretches, type Origin, type Stretch, strangerTo, UNKNOWN } from './origin.ts';
import { type GridSaid, onGridOf } from './other-grid.ts';
import { writeWhole } from './whole-file.ts';

/** What stands in the head of a file. */
interface StoredHead extends GridSaid {
  readonly format: 1;
  readonly instId: string;
  readonly timeframe: '1m';
  readonly candles: number;
  /** Whole minutes since 1970 UTC; undefined in a file without candles. */
  readonly firstMinute?: number;
  readonly lastMinute?: number;
  /** In the order of time; absent where a version wrote the file that did not note it. */
  readonly stretches?: readonly Stretch[];
  /** Of the head before it and of all columns, eight hexadecimal digits. */
  readonly crc32: string;
}

export interface StoredFile {
  readonly path: string;
  readonly bytes: number;
  readonly head: StoredHead;
}

const MAGIC = Buffer.from('RWC1');
const HEAD_BYTES_MAX = 1 << 20;

/** Where the candles of a symbol stand. @throws {DataError} where `instId` cannot name a folder. */
export function candlePath(folder: string, instId: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(instId))
    throw new DataError('store', { code: 'name', value: excerpt(instId) });
  return join(folder, instId, '1m.candles');
}

/** What is stored of a symbol. */
export interface Stored {
  readonly candles: Candles;
  readonly stretches: readonly Stretch[];
}

/** The same on the instrument's grid, wherever it stood. */
export interface Loaded extends Stored {
  /** Undefined: it stood on that grid. */
  readonly moved: GridMove | undefined;
}

/** Stored candles have been put onto the grid that their instrument has by now. */
export interface GridMove {
  readonly changed: readonly GridChange[];
  /** Candles whose prices, whose volume lay between its steps. */
  readonly mappedPrices: number;
  readonly mappedVolumes: number;
}

interface GridChange {
  readonly what: keyof GridSaid;
  readonly stored: string;
  readonly expected: string;
}

/**
 * Puts candles of one origin beside those that are stored (undefined: none); where both know a minute, the newer hold.
 * @throws {DataError} where candles of another market are stored
 */
export function addCandles(
  folder: string,
  instrument: Instrument,
  older: Stored | undefined,
  newer: Candles,
  origin: Origin,
): Stored & Merged & { readonly path: string } {
  const path = candlePath(folder, instrument.instId);
  refuseStranger(path, older?.stretches ?? [], origin);
  const merged = mergedCandles(older?.candles ?? emptyCandles(instrument.instId, 0), newer);
  const stretches = mergedStretches(path, merged.candles, older?.stretches ?? [], newer, origin);
  storeCandles(folder, merged.candles, instrument, stretches);
  return { ...merged, stretches, path };
}

/** @throws {DataError} where candles of `origin` may not stand beside what is stored */
export function refuseStranger(path: string, stored: readonly Origin[], origin: Origin): void {
  const stranger = strangerTo(stored, origin);
  if (stranger !== undefined) fail(path, { code: 'other-market', stored: stranger, origin });
}

/** Stores the candles of one symbol in place of those that were there; returns the path. */
export function storeCandles(
  folder: string,
  candles: Candles,
  instrument: Instrument,
  stretches: readonly Stretch[],
): string {
  const path = candlePath(folder, candles.instId);
  const last = candles.length - 1;
  const unsigned = {
    format: 1,
    instId: candles.instId,
    timeframe: '1m',
    candles: candles.length,
    ...(last >= 0 && { firstMinute: candles.openMinute[0] as number, lastMinute: candles.openMinute[last] as number }),
    ...gridOf(instrument),
    stretches,
  } as const;
  const head: StoredHead = { ...unsigned, crc32: checksum(unsigned, candles) };
  refuseBigEndian(path);
  writeWhole(path, [headBytes(head), ...columnsOf(candles)]);
  return path;
}

/**
 * The candles of an instrument, on the grid that it has by now.
 * @throws {DataError} where there are none, the file is damaged, or a candle has no place on that grid.
 */
export function loadStored(folder: string, instrument: Instrument): Loaded {
  const path = candlePath(folder, instrument.instId);
  if (!existsSync(path)) throw new DataError(path, { code: 'absent', instId: instrument.instId });
  const { candles, head } = readStored(path);
  const stretches = stretchesOf(head);
  const [first, ...more] = changesOf(head, gridOf(instrument));
  if (first === undefined) return { candles, stretches, moved: undefined };
  const onGrid = onGridOf(instrument, head, candles);
  if (onGrid === undefined) return fail(path, { code: 'grid', ...first });
  const { mappedPrices, mappedVolumes } = onGrid;
  return { candles: onGrid.candles, stretches, moved: { changed: [first, ...more], mappedPrices, mappedVolumes } };
}

function changesOf(was: GridSaid, is: GridSaid): GridChange[] {
  return (['tickSz', 'lotSz', 'ctVal'] as const)
    .filter((what) => was[what] !== is[what])
    .map((what) => ({ what, stored: was[what], expected: is[what] }));
}

/** What the head notes of origins; of a file that notes nothing, all is of unknown origin. */
export function stretchesOf({ stretches, firstMinute, lastMinute }: StoredHead): readonly Stretch[] {
  if (stretches !== undefined || firstMinute === undefined || lastMinute === undefined) return stretches ?? [];
  return [{ ...UNKNOWN, firstMinute, lastMinute }];
}

/** Everything a file promises: size, checksum, minutes in order, every candle a candle. @throws {DataError} on the first lie. */
export function verifyStored(path: string): StoredHead {
  const { candles, head } = readStored(path);
  for (let i = 0; i < candles.length; i++) if (!isSound(candles, i)) fail(path, { code: 'broken-candle', candle: i });
  return head;
}

/** What is stored, by name; a file that cannot be read is reported in `damaged`, not passed over. */
export function listStored(folder: string): {
  readonly files: readonly StoredFile[];
  readonly damaged: readonly DataError[];
} {
  const files: StoredFile[] = [];
  const damaged: DataError[] = [];
  if (!existsSync(folder)) return { files, damaged };
  for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name, '1m.candles');
    try {
      if (withReason(path, () => statSync(path, { throwIfNoEntry: false })) === undefined) continue;
      files.push(withFile(path, (file) => ({ path, bytes: fstatSync(file).size, head: readHead(path, file).head })));
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      damaged.push(error);
    }
  }
  return { files, damaged };
}

/** How two imports of one symbol came together. */
interface Merged {
  readonly candles: Candles;
  /** Minutes that only the newer import has. */
  readonly added: number;
  /** Minutes of both that differ: the newer import's candle stands. */
  readonly replaced: number;
}

/** The candles of both, in order of time; where both know a minute, the newer import's. */
export function mergedCandles(older: Candles, newer: Candles): Merged {
  const all = emptyCandles(newer.instId, older.length + newer.length);
  let length = 0;
  let added = 0;
  let replaced = 0;
  let o = 0;
  let n = 0;
  while (o < older.length || n < newer.length) {
    const olderMinute = o < older.length ? (older.openMinute[o] as number) : Number.POSITIVE_INFINITY;
    const newerMinute = n < newer.length ? (newer.openMinute[n] as number) : Number.POSITIVE_INFINITY;
    const isNewer = newerMinute <= olderMinute;
    if (newerMinute < olderMinute) added++;
    if (newerMinute === olderMinute && CANDLE_COLUMNS.some((column) => older[column][o] !== newer[column][n]))
      replaced++;
    const from = isNewer ? newer : older;
    const at = isNewer ? n : o;
    for (const column of CANDLE_COLUMNS) all[column][length] = from[column][at] as number;
    length++;
    if (olderMinute <= newerMinute) o++;
    if (isNewer) n++;
  }
  const candles = emptyCandles(newer.instId, length);
  for (const column of CANDLE_COLUMNS) candles[column].set(all[column].subarray(0, length));
  return { candles, added, replaced };
}

function isSound(c: Candles, i: number): boolean {
  const [open, high, low, close] = [c.openTicks[i], c.highTicks[i], c.lowTicks[i], c.closeTicks[i]] as [
    number,
    number,
    number,
    number,
  ];
  const isLater = i === 0 || (c.openMinute[i] as number) > (c.openMinute[i - 1] as number);
  return isLater && low > 0 && low <= open && low <= close && high >= open && high >= close;
}

function gridOf(instrument: Instrument): GridSaid {
  return {
    tickSz: formatDecimal(instrument.tickSize),
    lotSz: formatDecimal(instrument.lotSize),
    ctVal: formatDecimal(instrument.contractValue),
  };
}

function headBytes(head: StoredHead): Buffer {
  const json = Buffer.from(JSON.stringify(head));
  const length = Math.ceil((MAGIC.length + 4 + json.length) / 8) * 8;
  const bytes = Buffer.alloc(length, ' ');
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(length - MAGIC.length - 4, MAGIC.length);
  json.copy(bytes, MAGIC.length + 4);
  return bytes;
}

/** The columns as bytes, in the file's order. */
function columnsOf(candles: Candles): Uint8Array[] {
  return CANDLE_COLUMNS.map((column) => {
    const values = candles[column];
    return new Uint8Array(values.buffer, values.byteOffset, candles.length * 4);
  });
}

function checksum(head: Omit<StoredHead, 'crc32'>, candles: Candles): string {
  let sum = crc32(JSON.stringify(head));
  for (const bytes of columnsOf(candles)) sum = crc32(bytes, sum);
  return sum.toString(16).padStart(8, '0');
}

function readStored(path: string): { readonly candles: Candles; readonly head: StoredHead } {
  refuseBigEndian(path);
  return withFile(path, (file) => {
    const { head, length } = readHead(path, file);
    const candles = emptyCandles(head.instId, head.candles);
    let at = length;
    for (const column of columnsOf(candles)) at += readWhole(file, column, at);
    const { crc32: expectedSum, ...unsigned } = head;
    const found = checksum(unsigned, candles);
    if (found !== expectedSum) fail(path, { code: 'checksum', found, expected: excerpt(expectedSum) });
    return { candles, head };
  });
}

function readHead(path: string, file: number): { readonly head: StoredHead; readonly length: number } {
  const start = Buffer.alloc(MAGIC.length + 4);
  readWhole(file, start, 0);
  if (!start.subarray(0, 3).equals(MAGIC.subarray(0, 3))) fail(path, { code: 'not-candles' });
  if (start[3] !== MAGIC[3]) fail(path, { code: 'newer', version: excerpt(start.toString('latin1', 3, 4)) });
  const jsonLength = start.readUInt32LE(MAGIC.length);
  if (jsonLength > HEAD_BYTES_MAX) fail(path, { code: 'not-candles' });
  const json = Buffer.alloc(jsonLength);
  readWhole(file, json, start.length);
  const head = parsedHead(path, json.toString());
  const length = start.length + jsonLength;
  const expected = length + head.candles * 4 * CANDLE_COLUMNS.length;
  const bytes = fstatSync(file).size;
  if (bytes !== expected) fail(path, { code: 'size', bytes, expected });
  const instId = basename(dirname(path));
  if (head.instId !== instId) fail(path, { code: 'other-folder', value: excerpt(head.instId), instId });
  return { head, length };
}

function parsedHead(path: string, text: string): StoredHead {
  let head: Partial<Record<keyof StoredHead, unknown>>;
  try {
    head = JSON.parse(text);
  } catch {
    return fail(path, { code: 'not-candles' });
  }
  const { instId, candles, tickSz, lotSz, ctVal, crc32: sum, format } = head ?? {};
  if (typeof format === 'number' && format > 1) fail(path, { code: 'newer', version: String(format) });
  const texts = [instId, tickSz, lotSz, ctVal, sum];
  const isWhole = Number.isSafeInteger(candles) && (candles as number) >= 0 && (candles as number) < 2 ** 31;
  if (format !== 1 || !isWhole || texts.some((value) => typeof value !== 'string')) fail(path, { code: 'not-candles' });
  const stretches: unknown = head.stretches ?? [];
  const isSpan = candles === 0 || isSpanned(head);
  if (!isSpan || !Array.isArray(stretches) || !stretches.every(isSpanned)) fail(path, { code: 'not-candles' });
  return head as StoredHead;
}

function isSpanned(of: unknown): boolean {
  const { firstMinute, lastMinute } = (of ?? {}) as { readonly firstMinute?: unknown; readonly lastMinute?: unknown };
  return isMinute(firstMinute) && isMinute(lastMinute);
}

/** The column of minutes holds no other. */
function isMinute(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= COLUMN_MAX;
}

/** Fills `into` from the file at `from`, as far as the file goes; returns how many bytes that were. */
function readWhole(file: number, into: Uint8Array, from: number): number {
  let at = 0;
  while (at < into.length) {
    const read = readSync(file, into, at, into.length - at, from + at);
    if (read === 0) break;
    at += read;
  }
  return at;
}

function withFile<T>(path: string, use: (file: number) => T): T {
  return withReason(path, () => {
    const file = openSync(path, 'r');
    try {
      return use(file);
    } finally {
      closeSync(file);
    }
  });
}

/** What the system refuses is told of `path`: of a file that is open it does not say which it is. @throws {DataError} */
export function withReason<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new DataError(path, { code: 'unreadable', reason: error.message }, { cause: error });
  }
}

function refuseBigEndian(path: string): void {
  if (endianness() !== 'LE')
    throw new DataError(path, { code: 'unreadable', reason: 'candle files are little-endian and this machine is not' });
}

function fail(path: string, problem: StoreProblem): never {
  throw new DataError(path, problem);
}
