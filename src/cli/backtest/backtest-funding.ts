/**
 * What funding a backtest settles: one rate for all (`--funding`), or what the exchange has settled, where it is stored beside the candles
 * (`data download --funding`). A settlement that is not stored counts with the usual rate, and is told.
 */
import type { Candles } from '../../core/candle.ts';
import { loadFunding } from '../../data/funding.ts';
import type { Funding } from '../../sim/venue.ts';
import { candleFolder } from '../shell/configuration.ts';
import type { Session } from '../shell/session.ts';
import type { CandleSource, Column } from './backtest-candles.ts';

export const FUNDING_EVERY_MS = 8 * 3_600_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export interface UsedFunding {
  readonly funding: Funding;
  /** By symbol whose settlements are stored: how many of the candles' time are, and how many are not. */
  readonly bySymbol: Readonly<Record<string, { readonly stored: number; readonly missing: number }>>;
}

/** `usualE8` in 10⁻⁸ of the value. @throws {DataError} where a stored file can not be read */
export function storedFunding(
  session: Session,
  sources: readonly CandleSource[],
  columns: readonly Column[],
  usualE8: number,
): UsedFunding {
  const rates = new Map<string, ReadonlyMap<number, number>>();
  for (const { symbol, file } of sources) {
    const stored = file === undefined ? loadFunding(candleFolder(session), symbol) : undefined;
    if (stored !== undefined) rates.set(symbol, stored);
  }
  const intervalMs = shortestInterval([...rates.values()]);
  return {
    funding: {
      intervalMs,
      // Where others settle more often, a symbol settles at its own times all the same.
      rateE8: (instId, at) => rates.get(instId)?.get(at) ?? (at % FUNDING_EVERY_MS === 0 ? usualE8 : undefined),
    },
    bySymbol: Object.fromEntries(
      columns.flatMap(({ instrument: { instId }, candles }) => {
        const stored = rates.get(instId);
        return stored === undefined ? [] : [[instId, countOf(stored, candles)]];
      }),
    ),
  };
}

export function flatFunding(rateE8: number): UsedFunding {
  return { funding: { intervalMs: FUNDING_EVERY_MS, rateE8: () => rateE8 }, bySymbol: {} };
}

/** Eight hours, or less where an exchange has settled more often: a whole part of eight hours. */
function shortestInterval(all: readonly ReadonlyMap<number, number>[]): number {
  let intervalMs = FUNDING_EVERY_MS;
  for (const rates of all)
    for (const at of rates.keys())
      for (const hours of [4, 2, 1])
        if (at % intervalMs !== 0 && intervalMs > hours * HOUR_MS) intervalMs = hours * HOUR_MS;
  return intervalMs;
}

function countOf(rates: ReadonlyMap<number, number>, candles: Candles) {
  const firstMs = (candles.openMinute[0] ?? 0) * MINUTE_MS;
  const endMs = ((candles.openMinute[candles.length - 1] ?? -1) + 1) * MINUTE_MS;
  let missing = 0;
  for (let at = Math.ceil(firstMs / FUNDING_EVERY_MS) * FUNDING_EVERY_MS; at < endMs; at += FUNDING_EVERY_MS)
    if (!rates.has(at)) missing += 1;
  return { stored: [...rates.keys()].filter((at) => at >= firstMs && at < endMs).length, missing };
}
