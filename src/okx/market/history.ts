/**
 * The market's past by REST, page by page: closed minutes and settled funding. Source: okx-v5.md §1.4–1.6.
 *
 * A page that fails is asked for again, a few times and ever more patiently: reading twice does no harm. What still fails is thrown with what was
 * read before it already handed over, so that a later run goes on from there.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { CandleClosed } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { CANDLE_COLUMNS, type Candles, COLUMN_MAX, emptyCandles, MINUTE_MS } from '../../core/market/candle.ts';
import { type Fault, faultOfPayload, isOfGateway } from '../door/faults.ts';
import type { Query, Rest } from '../door/rest.ts';
import { isPayloadFault, PayloadError } from '../payload-fault.ts';
import type { Candle } from '../wire/candle.ts';
import { type Endpoint, endpoints } from '../wire/endpoints.ts';
import type { RowFault } from '../wire/envelope.ts';
import type { FundingRecord } from '../wire/funding.ts';
import { candleOf } from './candle.ts';

/** Whole minutes since 1970 UTC; `until` is not part of it. */
export interface MinuteRange {
  readonly from: number;
  readonly until: number;
}

/** The exchange would not say, however often it was asked. */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  readonly fault: Fault;

  constructor(path: string, fault: Fault) {
    super(`${path}: ${fault.code} ${fault.message}`);
    this.fault = fault;
  }
}

const CANDLES_A_PAGE = 100;
const FUNDINGS_A_PAGE = 100;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
/** Downloads have time: their slots come when they come. */
const WAIT_MS = 120_000;

/** Closed minutes up to `until`. */
export interface MinutePage {
  readonly candles: Candles;
  /** How many of them lay between the steps of today's grid and were mapped onto it: their prices, their volume. */
  readonly mappedPrices: number;
  readonly mappedVolumes: number;
  readonly until: number;
}

/** Closed minutes of a range, oldest first, a page at a time; a page may be empty where the exchange has none. @throws {HistoryError} */
export async function* minutesOf(rest: Rest, of: Instrument, range: MinuteRange): AsyncGenerator<MinutePage> {
  for (let { from } = range; from < range.until; ) {
    const until = Math.min(from + CANDLES_A_PAGE, range.until);
    const query = {
      instId: of.instId,
      bar: '1m',
      limit: CANDLES_A_PAGE,
      before: from * MINUTE_MS - 1,
      after: until * MINUTE_MS,
    };
    const rows = await patiently(rest, endpoints.historyCandles, query);
    yield readable(() => pageOf(of, rows, { from, until }));
    from = until;
  }
}

/** What the exchange's words cannot mean is its fault, like an answer that does not come. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!isPayloadFault(error)) throw error;
    throw new HistoryError(endpoints.historyCandles.path, faultOfPayload(error.message));
  }
}

function pageOf(of: Instrument, rows: readonly Candle[], range: MinuteRange): MinutePage {
  const read = rows.flatMap((row) => candleOfRow(row, of) ?? []);
  return {
    candles: columnsOf(
      of.instId,
      read.map(({ closed }) => closed),
      range,
    ),
    mappedPrices: read.filter(({ isPriceMapped }) => isPriceMapped).length,
    mappedVolumes: read.filter(({ isVolumeMapped }) => isVolumeMapped).length,
    until: range.until,
  };
}

/** @throws {PayloadError} that says which candle it is */
function candleOfRow(row: Candle, of: Instrument): ReturnType<typeof candleOf> {
  try {
    return candleOf(row, of);
  } catch (error) {
    if (!isPayloadFault(error)) throw error;
    throw new PayloadError(`the candle of ${timeOf(Number(row[0]))}: ${error.message}`);
  }
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

function columnsOf(instId: string, closed: readonly CandleClosed[], range: MinuteRange): Candles {
  const sorted = closed.toSorted((a, b) => a.openMinute - b.openMinute);
  const candles = emptyCandles(instId, sorted.length);
  for (const [at, each] of sorted.entries()) {
    refuseOdd(each, sorted[at - 1], range);
    candles.openMinute[at] = each.openMinute;
    candles.openTicks[at] = each.openTicks;
    candles.highTicks[at] = each.highTicks;
    candles.lowTicks[at] = each.lowTicks;
    candles.closeTicks[at] = each.closeTicks;
    candles.volumeLots[at] = each.volumeLots;
  }
  return candles;
}

function refuseOdd(each: CandleClosed, before: CandleClosed | undefined, { from, until }: MinuteRange): void {
  const { openMinute, openTicks, highTicks, lowTicks, closeTicks, volumeLots } = each;
  const at = timeOf(openMinute * MINUTE_MS);
  if (openMinute < from || openMinute >= until) throw new PayloadError(`a candle of ${at} was not asked for`);
  if (before?.openMinute === openMinute) throw new PayloadError(`the candle of ${at} came twice`);
  if (highTicks < Math.max(openTicks, closeTicks, lowTicks) || lowTicks > Math.min(openTicks, closeTicks))
    throw new PayloadError(`the candle of ${at} is none: high must be the highest and low the lowest`);
  if (Math.max(highTicks, volumeLots) > COLUMN_MAX)
    throw new PayloadError(`the candle of ${at} is larger than can be stored`);
}

/** Pages as they came from `minutesOf`, in one. */
export function joinedMinutes(instId: string, pages: readonly Candles[]): Candles {
  const length = pages.reduce((sum, page) => sum + page.length, 0);
  const all = emptyCandles(instId, length);
  let at = 0;
  for (const page of pages) {
    for (const column of CANDLE_COLUMNS) all[column].set(page[column], at);
    at += page.length;
  }
  return all;
}

/** Settled funding after `afterMs`, newest page first. @throws {HistoryError} */
export async function* fundingsAfter(
  rest: Rest,
  instId: string,
  afterMs: number,
): AsyncGenerator<readonly FundingRecord[]> {
  let after: string | undefined;
  for (;;) {
    const rows = await patiently(rest, endpoints.fundingHistory, { instId, limit: FUNDINGS_A_PAGE, after });
    const wanted = rows.filter(({ fundingTime }) => Number(fundingTime) > afterMs);
    if (wanted.length > 0) yield wanted;
    const oldest = rows.at(-1);
    if (oldest === undefined || wanted.length < rows.length || rows.length < FUNDINGS_A_PAGE) return;
    after = oldest.fundingTime;
  }
}

async function patiently<Row>(rest: Rest, endpoint: Endpoint<Row>, query: Query): Promise<readonly Row[]> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await rest.get(endpoint, query, WAIT_MS);
    if (answer.kind === 'ok' && answer.faults.length === 0) return answer.rows;
    const fault = answer.kind === 'fault' ? answer.fault : faultOfPayload(oddRow(answer.faults));
    const isLasting = fault.class === 'refused' || (fault.class === 'auth' && !isOfGateway(fault));
    if (attempt === ATTEMPTS || isLasting) throw new HistoryError(endpoint.path, fault);
    await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1));
  }
}

function oddRow([first]: readonly RowFault[]): string {
  return first === undefined ? '' : `row ${first.index + 1}: ${first.reason}`;
}

/** The parts of a range of which nothing is stored yet. */
export function missingRanges(stored: Candles | undefined, range: MinuteRange): MinuteRange[] {
  const missing: MinuteRange[] = [];
  let from = range.from;
  for (let at = 0; stored !== undefined && at < stored.length; at += 1) {
    const minute = stored.openMinute[at] as number;
    if (minute < from) continue;
    if (minute >= range.until) break;
    if (minute > from) missing.push({ from, until: minute });
    from = minute + 1;
  }
  if (from < range.until) missing.push({ from, until: range.until });
  return missing;
}
