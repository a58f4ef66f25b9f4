/**
 * `rungwise data download SYMBOL…`: closed minutes of OKX's public market into the store, beside those that are there; with `--funding` what was
 * settled too, as `funding.csv` beside them. Needs no key.
 *
 * Only what is missing is asked for, so a download that was interrupted goes on where it was; it is stored every few thousand candles. At the
 * end the file is read back whole. An exchange that is not OKX has a market of its own: its candles are not put beside others (data/store/origin.ts), nor
 * beside its own where it began anew in between: it must still say of the last stored minute what is stored.
 */
import { existsSync } from 'node:fs';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { CANDLE_COLUMNS, type Candles, DAY_MINUTES, MINUTE_MS } from '../../core/market/candle.ts';
import { DataError } from '../../data/data-error.ts';
import { addFunding, fundingSpan, refuseStrangeFunding, type Settlement } from '../../data/funding/funding.ts';
import { exchangeOrigin, type Origin } from '../../data/store/origin.ts';
import { addCandles, candlePath, refuseStranger, type Stored, verifyStored } from '../../data/store/store.ts';
import { minuteText } from '../../data/texts.ts';
import type { WriterLock } from '../../journal/files/writer-lock.ts';
import { clockSpeed } from '../../okx/door/clock-speed.ts';
import type { Rest } from '../../okx/door/rest.ts';
import {
  fundingsAfter,
  HistoryError,
  joinedMinutes,
  type MinutePage,
  type MinuteRange,
  minutesOf,
  missingRanges,
} from '../../okx/market/history.ts';
import { checkInstruments, type Finding, lookPatiently, mayPass } from '../../okx/start.ts';
import { countShown } from '../../report/words/numbers.ts';
import { findingLines } from '../format/findings.ts';
import { restOf } from '../input/access.ts';
import { exchangeOriginOf } from '../input/addresses.ts';
import { candleFolder } from '../input/configuration.ts';
import { nearestSymbol } from '../input/instruments.ts';
import { refuseBeside } from '../input/no-effect.ts';
import { storedCandles } from '../input/stored-candles.ts';
import { utcTimeMs } from '../input/utc-time.ts';
import { EXIT } from '../shell/failure.ts';
import { type Interruption, listenForInterruption } from '../shell/interruption.ts';
import { Progress } from '../shell/progress.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { lockStore } from './store-lock.ts';

export interface DataDownloadOptions {
  readonly days?: number;
  readonly from?: string;
  readonly to?: string;
  readonly funding?: boolean;
  readonly exchange?: string;
  readonly host?: string;
  readonly json?: boolean;
}

/** So many new candles are at risk of being asked for again. */
const STORE_EVERY = 20_000;

interface Downloaded {
  readonly symbol: string;
  readonly path: string;
  readonly candles: number;
  readonly added: number;
  /** Of those that were asked for: they lay between the steps of today's grid. */
  readonly mappedPrices: number;
  readonly mappedVolumes: number;
  /** Minutes of the range that are not stored: the exchange does not have them, or they were not asked for any more. */
  readonly missing: number;
  /** Where it broke off: the exchange would not say. */
  readonly failed?: string;
  readonly interrupted?: true;
  readonly funding?: { readonly path: string; readonly rows: number; readonly added: number };
}

/** @returns 0; 3 where the exchange would not say; 130 where it was interrupted: what was read is stored. @throws {UsageError} @throws {DataError} */
export async function dataDownload(
  session: Session,
  symbols: readonly string[],
  options: DataDownloadOptions,
): Promise<number> {
  const { texts } = session;
  if (options.from !== undefined) refuseBeside(session, '--days', options.days, '--from');
  const origin = exchangeOriginOf(session, options);
  // What is written wrong is told before anybody is asked.
  for (const flag of ['from', 'to'] as const)
    if (options[flag] !== undefined) minuteOf(session, `--${flag}`, options[flag]);
  const rest = restOf({ origin, isDemo: false });
  const { listed } = await lookPatiently(
    () => lookFor(session, { rest, origin }, [...new Set(symbols)]),
    ({ bad }) => mayPass(bad),
    (inMs) => session.tell(texts.bots.lookingAgain(String(inMs / 1_000))),
  );
  if (listed === undefined) return EXIT.exchange;
  const range = rangeOf(session, options, rest.exchangeNowMs());
  const wanted = { range, withFunding: options.funding === true };
  const from = { rest, origin: exchangeOrigin(origin) };
  const interruption = listenForInterruption();
  const locks: WriterLock[] = [];
  const done: Downloaded[] = [];
  try {
    const stores = listed.map(({ instrument }) => {
      locks.push(lockStore(session, instrument.instId));
      return new Store(session, instrument, from.origin);
    });
    for (const store of stores) {
      const downloaded = await downloadOne(session, from, store, wanted, interruption);
      done.push(downloaded);
      if (options.json !== true) for (const line of linesOf(session, downloaded)) session.say(line);
      if (interruption.isAsked || downloaded.failed !== undefined) break;
    }
  } finally {
    for (const lock of locks) lock.release();
    interruption.release();
    // Also where the next symbol is refused: what is done is done.
    if (options.json === true && done.length > 0)
      session.print(JSON.stringify({ exchange: origin, range, symbols: done }, null, 2));
  }
  const failed = done.at(-1)?.failed;
  if (failed !== undefined) {
    session.complain(`${failed}; ${texts.bots.download.goesOn}`);
    return EXIT.exchange;
  }
  if (!interruption.isAsked) return EXIT.done;
  session.tell(texts.bots.download.goesOn);
  return EXIT.interrupted;
}

/** What is to be downloaded, once all of it is listed and can be read; what keeps it from that is told. */
async function lookFor(session: Session, { rest, origin }: { rest: Rest; origin: string }, symbols: readonly string[]) {
  const bad: Finding[] = [];
  const tell = (finding: Finding) => {
    if (finding.weight !== 'bad') return;
    bad.push(finding);
    const [fact = '', ...advice] = findingLines(session, finding);
    session.tell(fact);
    const isUnfit = finding.about === 'instrument' && finding.fault === undefined;
    for (const line of isUnfit ? [`  ${session.palette.strong(nameAdvice(session, finding.instId))}`] : advice)
      session.tell(line);
  };
  const clock = await rest.syncClock();
  if (clock.kind === 'ok') {
    const listed = await checkInstruments(rest, symbols, tell);
    return { bad, listed: bad.length === 0 ? listed : undefined };
  }
  const speed = clock.fault.code === 'payload' ? await clockSpeed(rest) : undefined;
  if (speed === undefined) tell({ about: 'reach', weight: 'bad', origin, fault: clock.fault });
  else tell({ about: 'clock-speed', weight: 'bad', speed });
  return { bad, listed: undefined };
}

/** The configuration that other findings speak of has no part in a download. */
function nameAdvice({ texts }: Session, symbol: string): string {
  const near = nearestSymbol(symbol);
  return texts.bots.download.checkName(near === symbol ? undefined : near);
}

const DAYS = 30;

/** @throws {UsageError} on a time that is none, or a range without a minute. */
function rangeOf(session: Session, options: DataDownloadOptions, nowMs: number): MinuteRange {
  const nowMinute = Math.floor(nowMs / MINUTE_MS);
  const until = options.to === undefined ? nowMinute : Math.min(minuteOf(session, '--to', options.to), nowMinute);
  const from =
    options.from === undefined
      ? until - (options.days ?? DAYS) * DAY_MINUTES
      : minuteOf(session, '--from', options.from);
  if (from >= until) throw new UsageError(session.texts.bots.download.noMinutes(minuteText(from), minuteText(until)));
  return { from, until };
}

function minuteOf(session: Session, flag: string, text: string): number {
  return Math.floor(utcTimeMs(session, flag, text) / MINUTE_MS);
}

interface Source {
  readonly rest: Rest;
  readonly origin: Origin;
}

/** Of each symbol. */
interface Wanted {
  readonly range: MinuteRange;
  readonly withFunding: boolean;
}

async function downloadOne(
  session: Session,
  { rest, origin }: Source,
  store: Store,
  { range, withFunding }: Wanted,
  interruption: Interruption,
): Promise<Downloaded> {
  const { instrument } = store;
  const ranges = missingRanges(store.candles, range);
  const minutes = ranges.reduce((sum, { from, until }) => sum + until - from, 0);
  const progress = new Progress(session);
  let asked = 0;
  try {
    if (origin.kind === 'exchange' && ranges.length > 0) await store.refuseBegunAnew(rest);
    for (const missing of ranges)
      for await (const page of minutesOf(rest, instrument, missing)) {
        store.add(page);
        asked = askedUpTo(ranges, missing, page.until);
        progress.show(asked / minutes, session.texts.bots.download.progress(instrument.instId, asked, minutes));
        if (interruption.isAsked) return { ...store.end(range), interrupted: true };
      }
    const downloaded = store.end(range);
    if (!withFunding) return downloaded;
    return { ...downloaded, funding: await store.addFunding(rest, range.from * MINUTE_MS) };
  } catch (error) {
    if (!(error instanceof HistoryError)) throw error;
    return { ...store.end(range), failed: error.message };
  } finally {
    progress.clear();
    store.flush();
  }
}

function askedUpTo(ranges: readonly MinuteRange[], now: MinuteRange, until: number): number {
  let sum = 0;
  for (const range of ranges) {
    if (range === now) return sum + until - range.from;
    sum += range.until - range.from;
  }
  return sum;
}

/** What is stored of a symbol, and what is on its way there. */
class Store {
  readonly instrument: Instrument;
  #stored: Stored | undefined;
  #added = 0;
  #mappedPrices = 0;
  #mappedVolumes = 0;
  #waiting: Candles[] = [];
  #waitingCandles = 0;
  readonly #folder: string;
  readonly #origin: Origin;

  /** @throws {DataError} where candles or settlements of another market are stored */
  constructor(session: Session, instrument: Instrument, origin: Origin) {
    const folder = candleFolder(session);
    this.instrument = instrument;
    this.#folder = folder;
    this.#origin = origin;
    this.#stored = existsSync(this.#path) ? storedCandles(session, folder, instrument) : undefined;
    refuseStranger(this.#path, this.#stored?.stretches ?? [], origin);
    refuseStrangeFunding(folder, instrument.instId, origin);
  }

  get candles(): Candles | undefined {
    return this.#stored?.candles;
  }

  /** @throws {DataError} where the exchange no longer says of the last stored minute what was stored from there */
  async refuseBegunAnew(rest: Rest): Promise<void> {
    const stored = this.candles;
    const last = (stored?.length ?? 0) - 1;
    const minute = stored?.openMinute[last];
    if (stored === undefined || minute === undefined) return;
    for await (const { candles } of minutesOf(rest, this.instrument, { from: minute, until: minute + 1 }))
      if (candles.length === 0 || CANDLE_COLUMNS.some((column) => candles[column][0] !== stored[column][last]))
        throw new DataError(this.#path, { code: 'begun-anew', minute, origin: this.#origin });
  }

  add({ candles, mappedPrices, mappedVolumes }: MinutePage): void {
    this.#waiting.push(candles);
    this.#waitingCandles += candles.length;
    this.#mappedPrices += mappedPrices;
    this.#mappedVolumes += mappedVolumes;
    if (this.#waitingCandles >= STORE_EVERY) this.flush();
  }

  flush(): void {
    if (this.#waitingCandles === 0) return;
    const newer = joinedMinutes(this.instrument.instId, this.#waiting);
    const together = addCandles(this.#folder, this.instrument, this.#stored, newer, this.#origin);
    this.#stored = together;
    this.#added += together.added;
    this.#waiting = [];
    this.#waitingCandles = 0;
  }

  /** Stores what waits and reads the file back whole. @throws {DataError} where it is not what was stored */
  end(range: MinuteRange): Downloaded {
    this.flush();
    const candles = existsSync(this.#path) ? verifyStored(this.#path).candles : 0;
    const missing = missingRanges(this.candles, range).reduce((sum, { from, until }) => sum + until - from, 0);
    return {
      symbol: this.instrument.instId,
      path: this.#path,
      candles,
      added: this.#added,
      mappedPrices: this.#mappedPrices,
      mappedVolumes: this.#mappedVolumes,
      missing,
    };
  }

  /** Settlements since `fromMs` that are not stored: all of them where the stored ones begin later, else those after the last. */
  async addFunding(rest: Rest, fromMs: number) {
    const { instId } = this.instrument;
    const span = fundingSpan(this.#folder, instId);
    const afterMs = span === undefined || span.firstMs > fromMs ? fromMs - 1 : span.lastMs;
    const settled: Settlement[] = [];
    for await (const page of fundingsAfter(rest, instId, afterMs))
      for (const { fundingTime, realizedRate, fundingRate } of page)
        settled.push({ atMs: Number(fundingTime), realizedRate, forecastRate: fundingRate });
    return addFunding(this.#folder, instId, settled, this.#origin);
  }

  get #path(): string {
    return candlePath(this.#folder, this.instrument.instId);
  }
}

function linesOf(
  { texts, palette, report }: Session,
  { symbol, path, candles, added, mappedPrices, mappedVolumes, missing, funding, failed, interrupted }: Downloaded,
): string[] {
  const { download } = texts.bots;
  const count = (value: number) => countShown(value, report);
  const isWhole = failed === undefined && interrupted === undefined;
  const mark = isWhole ? palette.good('✓') : palette.warn('!');
  const lines = [
    `${mark} ${candles === 0 ? download.none(symbol) : download.done(symbol, added, count(candles), path)}`,
  ];
  if (mappedPrices + mappedVolumes > 0)
    lines.push(`  ${palette.warn(download.mapped(count(mappedPrices), count(mappedVolumes)))}`);
  if (missing > 0) lines.push(`  ${palette.warn(isWhole ? download.missing(missing) : download.unread(missing))}`);
  if (funding !== undefined) lines.push(`  ${download.funding(funding.added, count(funding.rows), funding.path)}`);
  return lines;
}
