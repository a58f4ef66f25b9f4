/**
 * The closed minutes of one instrument, each told once and in order, and only when the exchange calls it closed. Source: okx-v5.md §1.6, §4.3;
 * lessons.md 15.
 *
 * What the socket missed is read by REST. A gap that cannot be read holds the candles after it back until it can.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { CandleClosed } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { MINUTE_MS } from '../../core/market/candle.ts';
import type { Rest } from '../door/rest.ts';
import { told } from '../door/verdict.ts';
import { isPayloadFault } from '../payload-fault.ts';
import { endpoints } from '../wire/endpoints.ts';
import { candleOf } from './candle.ts';

export interface ClosedMinutesOptions {
  readonly rest: Rest;
  readonly of: Instrument;
  readonly turns: ReadingTurns;
  readonly hear: (closed: CandleClosed) => void;
  /** Minutes that are long over follow. */
  readonly past?: (nowMs: number) => void;
  /** What a person should know. */
  readonly warn: (message: string) => void;
}

/** One instrument's past at a time, for all that share it. */
export class ReadingTurns {
  #last: Promise<void> = Promise.resolve();
  isClosed = false;

  take(read: () => Promise<void>): Promise<void> {
    this.#last = this.#last.then(read);
    return this.#last;
  }
}

/** A minute that has closed and was not told after this is read by REST. */
const CANDLE_LATE_MS = 8_000;
/** A minute that closed longer ago is the past. */
const PAST_MS = 20_000;
/** `market/candles` keeps 1,440 bars and gives 300 at once; the past before them comes by the hundred. Both edges of a page are exclusive. */
const RECENT_MINUTES = 1_400;
const RECENT_ROWS = 300;
const HISTORY_ROWS = 100;
/** A minute may be over at the exchange before it is by our clock. */
const FUTURE_MINUTES = 1;
/** So often, and so far apart, a minute that was heard of is asked for before it is left to the next look for gaps. */
const EMPTY_PAGES_MAX = 4;
const EMPTY_PAGE_PAUSE_MS = 250;
/** The past has time: many symbols share its limit. */
const HISTORY_WAIT_MS = 60_000;

export class ClosedMinutes {
  readonly #options: ClosedMinutesOptions;
  /** Told, in whole minutes; everything up to it is history to us. */
  lastMinute = 0;
  /** The newest minute that the socket called closed. */
  #heardMinute = 0;
  #isReading = false;
  #isFollowing = false;

  constructor(options: ClosedMinutesOptions) {
    this.#options = options;
  }

  /** From now on gaps are read: the first one begins after `lastMinute`. */
  follow(): void {
    this.#isFollowing = true;
    void this.readGap();
  }

  /** A minute that the socket calls closed. */
  heard(closed: CandleClosed): void {
    const { rest, of, warn } = this.#options;
    const nowMinute = Math.floor(rest.exchangeNowMs() / MINUTE_MS);
    // Believed, it would be waited for until it comes, and every minute before it be taken for missing.
    if (closed.openMinute > nowMinute + FUTURE_MINUTES)
      return warn(`candle of ${of.instId}: a closed minute ${closed.openMinute - nowMinute} minutes ahead cannot be`);
    this.#heardMinute = Math.max(this.#heardMinute, closed.openMinute);
    if (closed.openMinute <= this.lastMinute || this.#isReading) return;
    if (closed.openMinute === this.lastMinute + 1) return this.#tell(closed);
    void this.readGap();
  }

  /** Reads what should have been told by now. */
  look(): void {
    const closedMinute = Math.floor((this.#options.rest.exchangeNowMs() - CANDLE_LATE_MS) / MINUTE_MS) - 1;
    if (this.lastMinute < closedMinute) void this.readGap();
  }

  /** Reads every closed minute after the last one told, oldest first. Until all could be read nothing newer is told. */
  async readGap(): Promise<void> {
    if (this.#isReading || !this.#isFollowing) return;
    this.#isReading = true;
    await this.#options.turns.take(() => this.#readMinutes());
    this.#isReading = false;
  }

  #tell(closed: CandleClosed): void {
    this.lastMinute = closed.openMinute;
    this.#options.hear({ ...closed, pricesApart: true });
  }

  /** Page by page; a minute that closes meanwhile is read too. */
  async #readMinutes(): Promise<void> {
    const { rest, of, turns, warn } = this.#options;
    let emptyPages = 0;
    for (;;) {
      const nowMs = rest.exchangeNowMs();
      const candles = await this.#nextPage(Math.floor(nowMs / MINUTE_MS));
      if (turns.isClosed) return;
      if (typeof candles === 'string') return warn(`candles of ${of.instId}: ${candles}`);
      if (candles.some(({ at }) => at < nowMs - PAST_MS)) this.#options.past?.(nowMs);
      for (const closed of candles) this.#tell(closed);
      if (candles.length > 0) emptyPages = 0;
      else if (this.#heardMinute <= this.lastMinute || emptyPages === EMPTY_PAGES_MAX) return;
      else {
        // The socket has told of a minute that REST does not have yet; if it stays away the next look for gaps asks again.
        emptyPages += 1;
        await delay(EMPTY_PAGE_PAUSE_MS);
      }
    }
  }

  /** The next closed minutes after the last one told; none where there is none; a text says why they could not be read. */
  async #nextPage(nowMinute: number): Promise<CandleClosed[] | string> {
    const { rest, of } = this.#options;
    const { instId } = of;
    for (let from = this.lastMinute + 1; from < nowMinute; ) {
      const isRecent = from > nowMinute - RECENT_MINUTES;
      const endpoint = isRecent ? endpoints.candles : endpoints.historyCandles;
      const limit = isRecent ? RECENT_ROWS : HISTORY_ROWS;
      const until = Math.min(from + limit, nowMinute);
      const query = { instId, bar: '1m', limit, before: from * MINUTE_MS - 1, after: until * MINUTE_MS };
      const answer = await rest.get(endpoint, query, HISTORY_WAIT_MS);
      if (answer.kind === 'fault') return told(answer.fault);
      const [unread] = answer.faults;
      if (unread !== undefined) return `row ${unread.index} cannot be read: ${unread.reason}`;
      try {
        const closed = answer.rows.flatMap((row) => candleOf(row, of)?.closed ?? []);
        if (closed.length > 0) return closed.sort((a, b) => a.openMinute - b.openMinute);
      } catch (error) {
        if (!isPayloadFault(error)) throw error;
        return error.message;
      }
      // Nobody has these minutes: an exchange that was down, an instrument that is younger.
      from = until;
    }
    return [];
  }
}
