/**
 * What funding a backtest settles: one rate for all (`--funding`), or what the exchange has settled, where it is stored beside the candles
 * (`data download --funding`). A settlement that is not stored counts with the usual rate for as long as it stands for, and is told.
 */
import { type Candles, MINUTE_MS } from '../../core/market/candle.ts';
import { loadFunding } from '../../data/funding/funding.ts';
import { missingSettlements, USUAL_INTERVAL_MS } from '../../data/funding/funding-holes.ts';
import type { Funding } from '../../sim/venue/settlements.ts';
import { candleFolder } from '../input/configuration.ts';
import type { Session } from '../shell/session.ts';
import type { CandleSource, Column } from './backtest-candles.ts';

export interface UsedFunding {
  readonly funding: Funding;
  /** How many of the candles' time before a moment are stored, and how many are not; empty where one rate holds for all. */
  bySymbol(untilMs: number): Readonly<Record<string, { readonly stored: number; readonly missing: number }>>;
}

interface Settled {
  /** By settlement (UTC ms), the missing ones of the candles' time among them; 10⁻⁸ of the value. */
  readonly ratesE8: ReadonlyMap<number, number>;
  /** Of the candles' time. */
  readonly stored: readonly number[];
  readonly missing: readonly number[];
}

/** `usualE8` in 10⁻⁸ of the value, for eight hours. @throws {DataError} where a stored file can not be read */
export function storedFunding(
  session: Session,
  sources: readonly CandleSource[],
  columns: readonly Column[],
  usualE8: number,
): UsedFunding {
  const settled = new Map<string, Settled>();
  for (const { instrument, candles } of columns) {
    const { instId } = instrument;
    const isStored = sources.some(({ symbol, file }) => symbol === instId && file === undefined);
    const rates = isStored ? loadFunding(candleFolder(session), instId) : undefined;
    if (rates !== undefined) settled.set(instId, completed(rates, candles, usualE8));
  }
  return {
    funding: {
      intervalMs: commonInterval([...settled.values()]),
      // Where others settle more often, a symbol settles at its own times all the same.
      rateE8: (instId, at) => {
        const own = settled.get(instId);
        return own === undefined ? (at % USUAL_INTERVAL_MS === 0 ? usualE8 : undefined) : own.ratesE8.get(at);
      },
    },
    bySymbol: (untilMs) =>
      Object.fromEntries(
        columns.map(({ instrument: { instId }, candles }) => {
          const { stored, missing } = settled.get(instId) ?? completed(new Map(), candles, usualE8);
          const before = (times: readonly number[]) => times.filter((at) => at < untilMs).length;
          return [instId, { stored: before(stored), missing: before(missing) }];
        }),
      ),
  };
}

export function flatFunding(rateE8: number): UsedFunding {
  return { funding: { intervalMs: USUAL_INTERVAL_MS, rateE8: () => rateE8 }, bySymbol: () => ({}) };
}

function completed(rates: ReadonlyMap<number, number>, candles: Candles, usualE8: number): Settled {
  const firstMs = (candles.openMinute[0] ?? 0) * MINUTE_MS;
  const endMs = ((candles.openMinute[candles.length - 1] ?? -1) + 1) * MINUTE_MS;
  const missing = missingSettlements([...rates.keys()], firstMs, endMs);
  const guessed = missing.map(
    ({ atMs, intervalMs }) => [atMs, Math.ceil((usualE8 * intervalMs) / USUAL_INTERVAL_MS)] as const,
  );
  return {
    ratesE8: new Map([...rates, ...guessed]),
    stored: [...rates.keys()].filter((at) => at >= firstMs && at < endMs),
    missing: missing.map(({ atMs }) => atMs),
  };
}

/** The longest on whose multiples every settlement falls, eight hours at most. */
function commonInterval(all: readonly Settled[]): number {
  let intervalMs = USUAL_INTERVAL_MS;
  for (const { ratesE8 } of all) for (const at of ratesE8.keys()) intervalMs = divisor(intervalMs, at);
  return intervalMs;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
