/**
 * Settled funding as it is stored beside the candles of a symbol: `funding.csv`, oldest first, the realized rate a fraction of the value.
 */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { decimal, DecimalError } from '../core/decimal.ts';
import { DataError } from './data-error.ts';
import { excerpt } from './problem.ts';
import { candlePath } from './store.ts';

export const FUNDING_HEAD = 'time,realized_rate,forecast_rate';
/** 10 % of the value: beyond it is no rate. */
const RATE_E8_MAX = 10_000_000;
const RATE_SCALE = 8;

/** Where the settlements of a symbol stand. @throws {DataError} where `instId` cannot name a folder. */
export function fundingPath(folder: string, instId: string): string {
  return join(dirname(candlePath(folder, instId)), 'funding.csv');
}

/**
 * Rates in 10⁻⁸ of the value by settlement (UTC ms), finer ones rounded away from zero; undefined where none are stored.
 * @throws {DataError} on the first line that is none
 */
export function loadFunding(folder: string, instId: string): ReadonlyMap<number, number> | undefined {
  const path = fundingPath(folder, instId);
  if (!existsSync(path)) return undefined;
  const [, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  const rates = new Map<number, number>();
  for (const [at, text] of lines.entries()) {
    const line = at + 2;
    const value = excerpt(text);
    const columns = text.split(',');
    if (columns.length !== 3)
      throw new DataError(path, { code: 'columns', line, found: columns.length, expected: 3, value });
    const ms = Date.parse(columns[0] ?? '');
    if (!Number.isSafeInteger(ms)) throw new DataError(path, { code: 'time', line, value: excerpt(columns[0] ?? '') });
    const rateE8 = rateOf(columns[1] ?? '');
    if (rateE8 === undefined) throw new DataError(path, { code: 'rate', line, value: excerpt(columns[1] ?? '') });
    rates.set(ms, rateE8);
  }
  return rates;
}

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
