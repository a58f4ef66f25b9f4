/**
 * OKX's public market as events: prices, closed minutes, funding forecasts. Source: okx-v5.md §1.6, §4.3; lessons.md 15.
 *
 * A price is the touch and the mark as they stand on the socket, dated by the newer of the two; a socket that was lost takes both away until it
 * has said them again. Prices come at most every `priceEveryMs` a symbol, but at once where the core would act on the mark.
 * A minute is told once, in order, and only when the exchange calls it closed; what the socket missed, and the past that indicators need, is read
 * by REST. A gap that cannot be read holds the candles after it back until it can.
 * The past never passes for the present: a symbol's first price goes before its candles, and before minutes that are long over the core is told what
 * time it is; it adds nothing for them (decision 0023).
 * An instrument that is suspended, or has another grid than at the start, is told to the core (instrument-watch.ts), and so is maintenance (maintenance-watch.ts).
 * Deliberately absent: books and trades (nothing here decides on them), candles of other lengths (core builds them).
 */
import { setTimeout as delay } from 'node:timers/promises';
import { MINUTE_MS } from '../core/candle.ts';
import type { CandleClosed, CoreEvent } from '../core/event.ts';
import type { Instrument } from '../core/instrument.ts';
import type { Ticks } from '../core/units.ts';
import { InstrumentWatch } from './instrument-watch.ts';
import { MaintenanceWatch } from './maintenance-watch.ts';
import type { Rest } from './rest.ts';
import { type MarketListener, MarketSockets, type SocketsOptions } from './sockets.ts';
import { candleOf, fundingForecastOf, isPayloadFault, markOf, type Touch, touchOf } from './translate.ts';
import { told } from './verdict.ts';
import { candle } from './wire/candle.ts';
import { endpoints } from './wire/endpoints.ts';
import { type FundingRate, fundingRate } from './wire/funding.ts';
import { instrument } from './wire/instrument.ts';
import { markPrice } from './wire/mark-price.ts';
import { systemStatus } from './wire/system-status.ts';
import { ticker } from './wire/ticker.ts';
import type { Push } from './wire/ws-message.ts';

export interface OkxFeedOptions extends SocketsOptions {
  readonly rest: Rest;
  readonly isDemo: boolean;
  readonly instruments: readonly Instrument[];
  readonly hear: (event: CoreEvent) => void;
  readonly warn: (message: string) => void;
  /** The last minute that is known already, by instrument; absent: none. */
  readonly lastMinute: (instId: string) => number | undefined;
  /** Minutes of the past that are told before the present. */
  readonly historyMinutes: number;
  /** Whether the core would act on this mark: then it is told at once. */
  readonly isUrgent: (instId: string, markTicks: Ticks) => boolean;
  readonly priceEveryMs?: number;
}

const PRICE_EVERY_MS = 250;
const LOOK_EVERY_MS = 5_000;
/** A minute that has closed and was not told after this is read by REST. */
const CANDLE_LATE_MS = 8_000;
/** A minute that closed longer ago is the past. */
const PAST_MS = 20_000;
const FORECAST_EVERY_MS = 60_000;
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

const PRICES = ['tickers', 'mark-price', 'funding-rate'];

interface SymbolFeed {
  readonly of: Instrument;
  touch: Touch | undefined;
  mark: { readonly markTicks: Ticks; readonly at: number } | undefined;
  pricedAtMs: number;
  priceTimer: NodeJS.Timeout | undefined;
  /** Told, in whole minutes; everything up to it is history to us. */
  lastMinute: number;
  /** The newest minute that the socket called closed. */
  heardMinute: number;
  isReadingGap: boolean;
  forecast: string;
  forecastAtMs: number;
}

export class OkxFeed {
  readonly #options: OkxFeedOptions;
  readonly #symbols: ReadonlyMap<string, SymbolFeed>;
  readonly #sockets: MarketSockets;
  readonly #watch: InstrumentWatch;
  readonly #maintenance: MaintenanceWatch;
  #look: NodeJS.Timeout | undefined;
  /** One symbol's past at a time. */
  #history: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: OkxFeedOptions) {
    this.#options = options;
    this.#symbols = new Map(options.instruments.map((of) => [of.instId, newSymbol(of)]));
    this.#watch = new InstrumentWatch(options);
    this.#maintenance = new MaintenanceWatch(options);
    const instIds = options.instruments.map(({ instId }) => instId);
    const listener: MarketListener = {
      reconnected: (name) => {
        if (name === 'public') {
          this.#watch.missed();
          this.#maintenance.missed();
        }
        for (const symbol of this.#symbols.values()) if (symbol.pricedAtMs > 0) void this.#readGap(symbol);
      },
      lost: (name) => {
        if (name === 'public') for (const symbol of this.#symbols.values()) symbol.touch = symbol.mark = undefined;
      },
      pushed: (push) => this.#onPush(push),
      odd: options.warn,
    };
    this.#sockets = new MarketSockets(options, instIds, PRICES, listener, [
      { channel: 'instruments', instType: 'SWAP' },
      { channel: 'status' },
    ]);
  }

  start(): void {
    const nowMinute = Math.floor(this.#options.rest.exchangeNowMs() / MINUTE_MS);
    for (const [instId, symbol] of this.#symbols)
      symbol.lastMinute = Math.max(this.#options.lastMinute(instId) ?? 0, nowMinute - 1 - this.#options.historyMinutes);
    this.#sockets.open();
    this.#look = setInterval(() => {
      this.#lookForGaps();
      this.#watch.look();
      this.#maintenance.look();
    }, LOOK_EVERY_MS);
    this.#watch.look();
    this.#maintenance.look();
    for (const instId of this.#symbols.keys()) void this.#readForecast(instId);
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#look);
    this.#watch.close();
    this.#maintenance.close();
    this.#sockets.close();
    for (const { priceTimer } of this.#symbols.values()) clearTimeout(priceTimer);
  }

  /** An order was refused with a code that an instrument may give which is suspended, or has another grid: it is looked at. */
  doubtInstruments(): void {
    this.#watch.missed();
  }

  /** The last minute told of an instrument. */
  lastMinuteTold(instId: string): number | undefined {
    return this.#symbols.get(instId)?.lastMinute;
  }

  #onPush({ arg, data }: Push): void {
    switch (arg.channel) {
      case 'tickers':
        return this.#sockets.eachRow(ticker.read, data, (row) => {
          const symbol = this.#symbols.get(row.instId);
          if (symbol === undefined) return;
          // Where it cannot be used (another tick since we asked) the one before it must not pass for the present.
          symbol.touch = undefined;
          symbol.touch = touchOf(row, symbol.of);
          this.#price(symbol);
        });
      case 'mark-price':
        return this.#sockets.eachRow(markPrice.read, data, (row) => {
          const symbol = this.#symbols.get(row.instId);
          if (symbol === undefined) return;
          symbol.mark = markOf(row, symbol.of);
          this.#price(symbol);
        });
      case 'funding-rate':
        return this.#sockets.eachRow(fundingRate.read, data, (row) => this.#forecast(row));
      case 'instruments':
        return this.#sockets.eachRow(instrument.read, data, (row) => this.#watch.hear(row));
      case 'status':
        return this.#sockets.eachRow(systemStatus.read, data, (row) => this.#maintenance.hear(row));
      case 'candle1m': {
        const symbol = this.#symbols.get(arg.instId ?? '');
        if (symbol === undefined) return;
        return this.#sockets.eachRow(candle.read, data, (row) => {
          const closed = candleOf(symbol.of.instId, row, symbol.of);
          if (closed !== undefined) this.#onClosed(symbol, closed);
        });
      }
    }
  }

  #price(symbol: SymbolFeed): void {
    const { touch, mark, of } = symbol;
    if (touch === undefined || mark === undefined || this.#isClosed) return;
    const everyMs = this.#options.priceEveryMs ?? PRICE_EVERY_MS;
    const waitMs = symbol.pricedAtMs + everyMs - performance.now();
    if (waitMs > 0 && symbol.pricedAtMs > 0 && !this.#options.isUrgent(of.instId, mark.markTicks)) {
      symbol.priceTimer ??= setTimeout(() => {
        symbol.priceTimer = undefined;
        this.#price(symbol);
      }, waitMs);
      return;
    }
    clearTimeout(symbol.priceTimer);
    symbol.priceTimer = undefined;
    const isFirst = symbol.pricedAtMs === 0;
    symbol.pricedAtMs = performance.now();
    const { bidTicks, askTicks } = touch;
    const at = Math.max(touch.at, mark.at);
    this.#options.hear({ kind: 'price', at, instId: of.instId, markTicks: mark.markTicks, bidTicks, askTicks });
    if (isFirst) void this.#readGap(symbol);
  }

  #onClosed(symbol: SymbolFeed, closed: CandleClosed): void {
    const nowMinute = Math.floor(this.#options.rest.exchangeNowMs() / MINUTE_MS);
    // Believed, it would be waited for until it comes, and every minute before it be taken for missing.
    if (closed.openMinute > nowMinute + FUTURE_MINUTES)
      return this.#options.warn(
        `candle of ${symbol.of.instId}: a closed minute ${closed.openMinute - nowMinute} minutes ahead cannot be`,
      );
    symbol.heardMinute = Math.max(symbol.heardMinute, closed.openMinute);
    if (closed.openMinute <= symbol.lastMinute || symbol.isReadingGap) return;
    if (closed.openMinute === symbol.lastMinute + 1) return this.#tellCandle(symbol, closed);
    if (symbol.pricedAtMs > 0) void this.#readGap(symbol);
  }

  #tellCandle(symbol: SymbolFeed, closed: CandleClosed): void {
    symbol.lastMinute = closed.openMinute;
    this.#options.hear(closed);
  }

  #lookForGaps(): void {
    const nowMs = this.#options.rest.exchangeNowMs();
    const closedMinute = Math.floor((nowMs - CANDLE_LATE_MS) / MINUTE_MS) - 1;
    for (const symbol of this.#symbols.values())
      if (symbol.lastMinute < closedMinute && symbol.pricedAtMs > 0) void this.#readGap(symbol);
  }

  /** Reads every closed minute after the last one told, oldest first. Until all could be read nothing newer is told. */
  async #readGap(symbol: SymbolFeed): Promise<void> {
    if (symbol.isReadingGap) return;
    symbol.isReadingGap = true;
    const turn = this.#history.then(() => this.#readMinutes(symbol));
    this.#history = turn;
    await turn;
    symbol.isReadingGap = false;
  }

  /** Page by page; a minute that closes meanwhile is read too. */
  async #readMinutes(symbol: SymbolFeed): Promise<void> {
    let emptyPages = 0;
    for (;;) {
      const nowMs = this.#options.rest.exchangeNowMs();
      const candles = await this.#nextPage(symbol, Math.floor(nowMs / MINUTE_MS));
      if (this.#isClosed) return;
      if (typeof candles === 'string') return this.#options.warn(`candles of ${symbol.of.instId}: ${candles}`);
      if (candles.some(({ at }) => at < nowMs - PAST_MS)) this.#options.hear({ kind: 'time', at: nowMs });
      for (const closed of candles) this.#tellCandle(symbol, closed);
      if (candles.length > 0) emptyPages = 0;
      else if (symbol.heardMinute <= symbol.lastMinute || emptyPages === EMPTY_PAGES_MAX) return;
      else {
        // The socket has told of a minute that REST does not have yet; if it stays away the next look for gaps asks again.
        emptyPages += 1;
        await delay(EMPTY_PAGE_PAUSE_MS);
      }
    }
  }

  /** The next closed minutes after the last one told; none where there is none; a text says why they could not be read. */
  async #nextPage({ of, lastMinute }: SymbolFeed, nowMinute: number): Promise<CandleClosed[] | string> {
    const { instId } = of;
    for (let from = lastMinute + 1; from < nowMinute; ) {
      const isRecent = from > nowMinute - RECENT_MINUTES;
      const endpoint = isRecent ? endpoints.candles : endpoints.historyCandles;
      const limit = isRecent ? RECENT_ROWS : HISTORY_ROWS;
      const until = Math.min(from + limit, nowMinute);
      const query = { instId, bar: '1m', limit, before: from * MINUTE_MS - 1, after: until * MINUTE_MS };
      const answer = await this.#options.rest.get(endpoint, query, HISTORY_WAIT_MS);
      if (answer.kind === 'fault') return told(answer.fault);
      const [unread] = answer.faults;
      if (unread !== undefined) return `row ${unread.index} cannot be read: ${unread.reason}`;
      try {
        const closed = answer.rows.flatMap((row) => candleOf(instId, row, of) ?? []);
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

  async #readForecast(instId: string): Promise<void> {
    const answer = await this.#options.rest.get(endpoints.fundingRate, { instId });
    if (answer.kind === 'fault') return this.#options.warn(`funding-rate ${instId}: ${told(answer.fault)}`);
    for (const row of answer.rows) this.#forecast(row);
  }

  #forecast(row: FundingRate): void {
    const symbol = this.#symbols.get(row.instId);
    if (symbol === undefined || this.#isClosed) return;
    const nowMs = this.#options.rest.exchangeNowMs();
    const forecast = `${row.fundingRate} ${row.fundingTime}`;
    if (forecast === symbol.forecast && nowMs - symbol.forecastAtMs < FORECAST_EVERY_MS) return;
    symbol.forecast = forecast;
    symbol.forecastAtMs = nowMs;
    this.#options.hear(fundingForecastOf(row, nowMs));
  }
}

function newSymbol(of: Instrument): SymbolFeed {
  return {
    of,
    touch: undefined,
    mark: undefined,
    pricedAtMs: 0,
    priceTimer: undefined,
    lastMinute: 0,
    heardMinute: 0,
    isReadingGap: false,
    forecast: '',
    forecastAtMs: 0,
  };
}
