/**
 * OKX's public market as events: prices, closed minutes, funding forecasts. Source: okx-v5.md §1.6, §4.3; lessons.md 15.
 *
 * A price is the touch and the mark as they stand on the socket, dated by the newer of the two; a socket that was lost takes both away until it
 * has said them again, and so does a channel that has fallen silent on one that stands (old-price.ts): it is asked for anew. Prices come at most every
 * `priceEveryMs` a symbol, but at once where the core would act on the mark.
 * Minutes, and the past that indicators need: closed-minutes.ts.
 * The past never passes for the present: a symbol's first price goes before its candles, and before minutes that are long over the core is told what
 * time it is; it adds nothing for them (decision 0023).
 * An instrument that is suspended, or has another grid than at the start, is told to the core (instrument-watch.ts), and so is maintenance (maintenance-watch.ts).
 * Deliberately absent: books and trades (nothing here decides on them), candles of other lengths (core builds them).
 */

import type { CoreEvent } from '../core/event.ts';
import type { Instrument } from '../core/instrument/instrument.ts';
import { MINUTE_MS } from '../core/market/candle.ts';
import type { Ticks } from '../core/numbers/units.ts';
import type { Rest } from './door/rest.ts';
import { told } from './door/verdict.ts';
import { candleOf } from './market/candle.ts';
import { ClosedMinutes, ReadingTurns } from './market/closed-minutes.ts';
import { fundingForecastOf } from './market/funding-forecast.ts';
import { PriceHeard } from './market/old-price.ts';
import { markOf, type Touch, touchOf } from './market/prices.ts';
import { type MarketListener, MarketSockets, type SocketsOptions } from './market/sockets.ts';
import { isPayloadFault } from './payload-fault.ts';
import { InstrumentWatch } from './watches/instrument-watch.ts';
import { MaintenanceWatch } from './watches/maintenance-watch.ts';
import { TierWatch } from './watches/tier-watch.ts';
import { candle } from './wire/candle.ts';
import { endpoints } from './wire/endpoints.ts';
import { type FundingRate, fundingRate } from './wire/funding.ts';
import { instrument } from './wire/instrument.ts';
import { markPrice } from './wire/mark-price.ts';
import { systemStatus } from './wire/system-status.ts';
import { type Ticker, ticker } from './wire/ticker.ts';
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
const FORECAST_EVERY_MS = 60_000;
const ODD_EVERY_MS = 60_000;

const PRICES = ['tickers', 'mark-price', 'funding-rate'];

interface SymbolFeed {
  readonly of: Instrument;
  touch: Touch | undefined;
  mark: { readonly markTicks: Ticks; readonly at: number } | undefined;
  readonly heard: PriceHeard;
  pricedAtMs: number;
  priceTimer: NodeJS.Timeout | undefined;
  readonly minutes: ClosedMinutes;
  forecast: string;
  forecastAtMs: number;
  oddToldAtMs: number;
}

export class OkxFeed {
  readonly #options: OkxFeedOptions;
  readonly #symbols: ReadonlyMap<string, SymbolFeed>;
  readonly #sockets: MarketSockets;
  readonly #watch: InstrumentWatch;
  readonly #maintenance: MaintenanceWatch;
  readonly #tiers: TierWatch;
  #look: NodeJS.Timeout | undefined;
  readonly #turns = new ReadingTurns();
  #isClosed = false;

  constructor(options: OkxFeedOptions) {
    this.#options = options;
    this.#symbols = new Map(options.instruments.map((of) => [of.instId, this.#newSymbol(of)]));
    this.#watch = new InstrumentWatch(options);
    this.#maintenance = new MaintenanceWatch(options);
    this.#tiers = new TierWatch({ ...options, hear: (instId, tiers) => this.#watch.hearTiers(instId, tiers) });
    const instIds = options.instruments.map(({ instId }) => instId);
    const listener: MarketListener = {
      connected: (name) => {
        if (name !== 'public') return;
        for (const { heard } of this.#symbols.values()) heard.connected(performance.now());
        this.#watch.connected();
        this.#maintenance.missed();
        this.#lookAround();
      },
      reconnected: (name) => {
        if (name === 'public') {
          this.#tiers.missed();
          this.#tiers.look();
        }
        for (const { minutes } of this.#symbols.values()) void minutes.readGap();
      },
      lost: (name) => {
        if (name !== 'public') return;
        this.#watch.lost();
        for (const symbol of this.#symbols.values()) {
          symbol.touch = symbol.mark = undefined;
          symbol.heard.lost();
        }
      },
      pushed: (push) => this.#onPush(push),
      silent: (channel, instId) =>
        options.warn(
          `channel ${channel} is silent though its connection stands: ${instId} has no price until it is said again`,
        ),
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
      symbol.minutes.lastMinute = Math.max(
        this.#options.lastMinute(instId) ?? 0,
        nowMinute - 1 - this.#options.historyMinutes,
      );
    this.#sockets.open();
    this.#look = setInterval(() => {
      for (const { minutes } of this.#symbols.values()) minutes.look();
      this.#lookAround();
      const heard = [...this.#symbols].map(([instId, symbol]) => [instId, symbol.heard] as const);
      this.#sockets.askAnew(heard, performance.now());
    }, LOOK_EVERY_MS);
    for (const instId of this.#symbols.keys()) void this.#readForecast(instId);
  }

  close(): void {
    this.#isClosed = this.#turns.isClosed = true;
    clearInterval(this.#look);
    this.#watch.close();
    this.#maintenance.close();
    this.#tiers.close();
    this.#sockets.close();
    for (const { priceTimer } of this.#symbols.values()) clearTimeout(priceTimer);
  }

  /** Whether the instrument is known as it is now: read, or pushed, since the connection on which its changes are told stands. */
  knowsInstrument(instId: string): boolean {
    return this.#watch.knows(instId);
  }

  /** An order was refused with a code that an instrument may give which is suspended, or has another grid: it is looked at. */
  doubtInstruments(): void {
    this.#watch.missed();
    this.#tiers.doubted();
  }

  /** At once where something may have been missed: an order by an old contract would be of another size. */
  #lookAround(): void {
    this.#watch.look();
    this.#maintenance.look();
    this.#tiers.look();
  }

  /** The last minute told of an instrument. */
  lastMinuteTold(instId: string): number | undefined {
    return this.#symbols.get(instId)?.minutes.lastMinute;
  }

  #onPush(push: Push): void {
    const { arg } = push;
    switch (arg.channel) {
      case 'tickers':
        return this.#sockets.eachRow(ticker.read, push, (row) => {
          const symbol = this.#symbols.get(row.instId);
          if (symbol === undefined) return;
          // Where it cannot be used (another tick since we asked) the one before it must not pass for the present.
          symbol.touch = undefined;
          symbol.touch = this.#touch(symbol, row);
          symbol.heard.touch(performance.now());
          this.#price(symbol);
        });
      case 'mark-price':
        return this.#sockets.eachRow(markPrice.read, push, (row) => {
          const symbol = this.#symbols.get(row.instId);
          if (symbol === undefined) return;
          symbol.mark = markOf(row, symbol.of);
          symbol.heard.mark(symbol.mark.markTicks, performance.now());
          this.#price(symbol);
        });
      case 'funding-rate':
        return this.#sockets.eachRow(fundingRate.read, push, (row) => this.#forecast(row));
      case 'instruments':
        return this.#sockets.eachRow(instrument.read, push, (row) => this.#watch.hear(row));
      case 'status':
        return this.#sockets.eachRow(systemStatus.read, push, (row) => this.#maintenance.hear(row));
      case 'candle1m': {
        const symbol = this.#symbols.get(arg.instId ?? '');
        if (symbol === undefined) return;
        return this.#sockets.eachRow(candle.read, push, (row) => {
          const read = candleOf(row, symbol.of);
          if (read !== undefined) symbol.minutes.heard(read.closed);
        });
      }
    }
  }

  #price(symbol: SymbolFeed): void {
    const { touch, mark, of, heard } = symbol;
    if (touch === undefined || mark === undefined || this.#isClosed) return;
    if (heard.silent(performance.now()) !== undefined) return;
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
    if (isFirst) symbol.minutes.follow();
  }

  /** Ten such rows a second may come for as long as the bot runs: that one cannot be used is told once a minute. */
  #touch(symbol: SymbolFeed, row: Ticker): Touch | undefined {
    try {
      return touchOf(row, symbol.of);
    } catch (error) {
      if (!isPayloadFault(error)) throw error;
      const nowMs = performance.now();
      if (nowMs >= symbol.oddToldAtMs + ODD_EVERY_MS) {
        symbol.oddToldAtMs = nowMs;
        this.#options.warn(`a price of ${row.instId} cannot be used: ${error.message}`);
      }
      return undefined;
    }
  }

  #newSymbol(of: Instrument): SymbolFeed {
    const { rest, hear, warn } = this.#options;
    const past = (nowMs: number) => hear({ kind: 'time', at: nowMs });
    return {
      of,
      touch: undefined,
      mark: undefined,
      heard: new PriceHeard(),
      pricedAtMs: 0,
      priceTimer: undefined,
      minutes: new ClosedMinutes({ rest, of, turns: this.#turns, hear, past, warn }),
      forecast: '',
      forecastAtMs: 0,
      oddToldAtMs: Number.NEGATIVE_INFINITY,
    };
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
