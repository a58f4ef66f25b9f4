/**
 * Settled funding as it is stored beside the candles of a symbol: `funding.csv`, oldest first, the realized rate a fraction of the value, and which
 * exchange settled it (absent in lines of older versions and of a person's own).
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DecimalError, decimal } from '../../core/numbers/decimal.ts';
import { isCalendarDay } from '../calendar.ts';
import { DataError } from '../data-error.ts';
import { excerpt } from '../problem.ts';
import { type Origin, originNamed } from '../store/origin.ts';
import { candlePath, refuseStranger, withReason } from '../store/store.ts';
import { writeWhole } from '../store/whole-file.ts';

export const FUNDING_HEAD = 'time,realized_rate,forecast_rate,origin';
const COLUMNS = 4;
const HOUR_MS = 3_600_000;
/** 10 % of the value: beyond it is no rate. */
const RATE_E8_MAX = 10_000_000;
const RATE_SCALE = 8;

/** What was settled once; rates as the exchange writes them, fractions of the value. */
export interface Settlement {
  readonly atMs: number;
  readonly realizedRate: string;
  readonly forecastRate: string;
}

interface StoredSettlement extends Settlement {
  readonly rateE8: number;
  readonly origin: Origin;
}

/** Where the settlements of a symbol stand. @throws {DataError} where `instId` cannot name a folder. */
export function fundingPath(folder: string, instId: string): string {
  return join(dirname(candlePath(folder, instId)), 'funding.csv');
}

/**
 * Rates in 10⁻⁸ of the value by settlement (UTC ms) in the order of time, finer ones rounded away from zero; undefined where none are stored.
 * @throws {DataError} on the first line that is none
 */
export function loadFunding(folder: string, instId: string): ReadonlyMap<number, number> | undefined {
  const path = fundingPath(folder, instId);
  if (!existsSync(path)) return undefined;
  return new Map(readSettlements(path).map(({ atMs, rateE8 }) => [atMs, rateE8]));
}

/** When the first and the last stored settlement were; undefined where none are stored. @throws {DataError} */
export function fundingSpan(
  folder: string,
  instId: string,
): { readonly firstMs: number; readonly lastMs: number } | undefined {
  const path = fundingPath(folder, instId);
  const stored = existsSync(path) ? readSettlements(path) : [];
  const [first, last] = [stored[0], stored.at(-1)];
  return first === undefined || last === undefined ? undefined : { firstMs: first.atMs, lastMs: last.atMs };
}

/** @throws {DataError} where settlements of another market are stored */
export function refuseStrangeFunding(folder: string, instId: string, origin: Origin): void {
  const path = fundingPath(folder, instId);
  if (!existsSync(path)) return;
  refuseStranger(
    path,
    readSettlements(path).map((row) => row.origin),
    origin,
  );
}

/**
 * Puts settlements beside those that are stored, each time once: what was stored first holds.
 * @throws {DataError} where those of another market are stored, or one could not be read back
 */
export function addFunding(
  folder: string,
  instId: string,
  newer: readonly Settlement[],
  origin: Origin,
): { readonly path: string; readonly rows: number; readonly added: number } {
  const path = fundingPath(folder, instId);
  refuseStrangeFunding(folder, instId, origin);
  const rows = new Map<number, string>();
  for (const row of existsSync(path) ? readSettlements(path) : []) rows.set(row.atMs, lineOf(row, row.origin));
  const before = rows.size;
  for (const row of newer) if (!rows.has(row.atMs)) rows.set(row.atMs, readableLine(path, row, origin));
  const lines = [FUNDING_HEAD, ...[...rows].toSorted(([a], [b]) => a - b).map(([, line]) => line)];
  writeWhole(path, [Buffer.from(`${lines.join('\n')}\n`)]);
  return { path, rows: rows.size, added: rows.size - before };
}

/** One that could not be read back would lock everybody out of what is good. */
function readableLine(path: string, row: Settlement, origin: Origin): string {
  const line = lineOf(row, origin);
  try {
    settlementOf(path, 0, line);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(path, { code: 'odd-settlement', value: excerpt(line) }, { cause: error });
  }
  return line;
}

function lineOf({ atMs, realizedRate, forecastRate }: Settlement, { name }: Origin): string {
  return `${new Date(atMs).toISOString()},${realizedRate},${forecastRate},${name}`;
}

/** In the order of time, each time once. @throws {DataError} on the first line that is none, or that says otherwise than one before */
function readSettlements(path: string): StoredSettlement[] {
  const text = withReason(path, () => readFileSync(path, 'utf8'));
  const lines = withoutMark(text).trim().split(/\r?\n/);
  const seen = new Map<number, StoredSettlement & { readonly line: number }>();
  for (const [at, text] of lines.entries()) {
    // A head, or nothing at all: a person may have left it out.
    if (at === 0 && !/^\d/.test(text)) continue;
    const line = at + 1;
    const row = settlementOf(path, line, text);
    const before = seen.get(row.atMs);
    if (before !== undefined && before.rateE8 !== row.rateE8)
      throw new DataError(path, { code: 'settled-twice', line, firstLine: before.line, value: excerpt(text) });
    if (before === undefined) seen.set(row.atMs, { ...row, line });
  }
  return [...seen.values()].toSorted((a, b) => a.atMs - b.atMs);
}

function withoutMark(text: string): string {
  return text.startsWith('\u{feff}') ? text.slice(1) : text;
}

function settlementOf(path: string, line: number, text: string): StoredSettlement {
  const columns = text.split(',');
  if (columns.length !== COLUMNS && columns.length !== COLUMNS - 1)
    throw new DataError(path, {
      code: 'columns',
      line,
      found: columns.length,
      expected: COLUMNS,
      value: excerpt(text),
    });
  const [time = '', realizedRate = '', forecastRate = '', name = ''] = columns.map((field) => field.trim());
  const atMs = /^\d{13}$/.test(time) ? Number(time) : isUtcTime(time) ? Date.parse(time) : Number.NaN;
  if (!Number.isSafeInteger(atMs)) throw new DataError(path, { code: 'time', line, value: excerpt(time) });
  if (atMs % HOUR_MS !== 0) throw new DataError(path, { code: 'off-hour', line, value: excerpt(time) });
  const rateE8 = rateOf(realizedRate);
  if (rateE8 === undefined) throw new DataError(path, { code: 'rate', line, value: excerpt(realizedRate) });
  return { atMs, realizedRate, forecastRate, rateE8, origin: originNamed(name) };
}

function isUtcTime(text: string): boolean {
  return UTC_TIME.test(text) && isCalendarDay(text);
}

/** One that does not say it is UTC would be read as the machine's own time. */
const UTC_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/;

function rateOf(text: string): number | undefined {
  try {
    const { units, scale } = decimal(text);
    const finer = 10n ** BigInt(Math.max(0, scale - RATE_SCALE));
    const scaled = units * 10n ** BigInt(Math.max(0, RATE_SCALE - scale));
    const away = units < 0n ? 1n - finer : finer - 1n;
    const rateE8 = Number((scaled + away) / finer);
    return Math.abs(rateE8) <= RATE_E8_MAX ? rateE8 : undefined;
  } catch (error) {
    if (error instanceof DecimalError) return undefined;
    throw error;
  }
}
