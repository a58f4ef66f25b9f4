/**
 * Listens to OKX's public market, or to any exchange that speaks its protocol, and hands it to a RelayMarket. Source: okx-v5.md §1.6, §4.3.
 *
 * Instruments, tiers, a day of minutes and settled funding come by REST, once; tickers, trades, mark prices, books, funding rates and closed minutes
 * by sockets. While the connection is away the market stands still, while a channel of prices is silent its instrument, and this says so. A minute that no
 * socket told is read by REST. Needs no key.
 */

import type { ConnectionLoss } from '../../core/account/connection-loss.ts';
import type { CandleClosed } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { type Candles, DAY_MS, MINUTE_MS } from '../../core/market/candle.ts';
import { decimal, inStepsOf } from '../../core/numbers/decimal.ts';
import type { Fault } from '../../okx/door/faults.ts';
import type { Rest } from '../../okx/door/rest.ts';
import { Book, type Level } from '../../okx/market/book.ts';
import { candleOf } from '../../okx/market/candle.ts';
import { ClosedMinutes, ReadingTurns } from '../../okx/market/closed-minutes.ts';
import { fundingForecastOf } from '../../okx/market/funding-forecast.ts';
import { fundingsAfter, HistoryError, joinedMinutes, minutesOf } from '../../okx/market/history.ts';
import type { PriceChannel } from '../../okx/market/old-price.ts';
import { markOf, touchOf, tradeOf } from '../../okx/market/prices.ts';
import { type MarketSocketName, MarketSockets, type SocketsOptions } from '../../okx/market/sockets.ts';
import { wholeLots } from '../../okx/numbers.ts';
import { checkInstruments, type Finding, isPassing, lookPatiently } from '../../okx/start.ts';
import { type Untradable, untradableReason } from '../../okx/untradable.ts';
import { bookChange } from '../../okx/wire/book.ts';
import { candle } from '../../okx/wire/candle.ts';
import { endpoints } from '../../okx/wire/endpoints.ts';
import { fundingRate } from '../../okx/wire/funding.ts';
import { markPrice } from '../../okx/wire/mark-price.ts';
import { ticker } from '../../okx/wire/ticker.ts';
import { tradePush } from '../../okx/wire/trade.ts';
import type { Push } from '../../okx/wire/ws-message.ts';
import type { Depth, DepthSide } from './depth.ts';
import type { SettledFunding } from './market-source.ts';
import { type Relayed, RelayMarket } from './relay-market.ts';

export type RelayNews =
  /** It could not be had, and that may pass. */
  | { readonly kind: 'looking-again'; readonly why: string; readonly inMs: number }
  | { readonly kind: 'stands-still'; readonly loss: ConnectionLoss }
  | { readonly kind: 'goes-on'; readonly stoodMs: number }
  /** The connection of closed minutes alone: they are read by REST, and come late. */
  | { readonly kind: 'minutes-late'; readonly loss: ConnectionLoss }
  | { readonly kind: 'minutes-in-time'; readonly lateMs: number }
  /** An instrument's channel of prices, though the connection stands: it is asked for anew, and the instrument stands still until then. */
  | { readonly kind: 'silent'; readonly instId: string; readonly channel: PriceChannel }
  | { readonly kind: 'odd'; readonly message: string };

export interface RelayOptions extends SocketsOptions {
  readonly rest: Rest;
  readonly symbols: readonly string[];
  readonly historyMinutes: number;
  readonly tell: (news: RelayNews) => void;
  readonly readyWithinMs?: number;
}

/** Why the market could not be had; `failed`: what the network or the exchange said. */
export type RelayProblem =
  | { readonly code: 'untradable'; readonly instId: string; readonly why: Untradable }
  | { readonly code: 'no-candles'; readonly instId: string }
  | { readonly code: 'no-prices' }
  | { readonly code: 'failed'; readonly message: string };

export class RelayError extends Error {
  override readonly name = 'RelayError';
  readonly problem: RelayProblem;

  constructor(problem: RelayProblem, options?: ErrorOptions) {
    super(inEnglish(problem), options);
    this.problem = problem;
  }
}

function inEnglish(problem: RelayProblem): string {
  switch (problem.code) {
    case 'untradable':
      return `${problem.instId}: ${untradableReason(problem.why)}`;
    case 'no-candles':
      return `${problem.instId}: there are no candles of the last day`;
    case 'no-prices':
      return 'no prices came over its sockets';
    case 'failed':
      return problem.message;
  }
}

const READY_WITHIN_MS = 30_000;
/** Two clocks drift apart: how often the other one is read anew. */
const CLOCK_EVERY_MS = 600_000;
/** How often it is looked whether a minute is missing, or a price. */
const LOOK_EVERY_MS = 5_000;
const FUNDING_DAYS_MS = 30 * DAY_MS;
/** A shown book reaches so many ticks from its best price at most. */
const SPAN_TICKS = 4_000;

/** Follows the market until `close`. Resolves once every instrument has a price. @throws {RelayError} */
export async function followOkx(options: RelayOptions): Promise<OkxRelay> {
  let why = '';
  const found = await lookPatiently(
    () => lookForMarket(options),
    (seen) => {
      if ('problem' in seen) why = inEnglish(seen.problem);
      return isPassing(seen.fault);
    },
    (inMs) => options.tell({ kind: 'looking-again', why, inMs }),
  );
  if ('problem' in found) throw new RelayError(found.problem);
  try {
    const relayed = [];
    for (const { instrument } of found.listed) relayed.push(await pastOf(options, instrument));
    const relay = new OkxRelay(options, relayed);
    await relay.open();
    return relay;
  } catch (error) {
    if (error instanceof HistoryError) throw failedBy(error.message, { cause: error });
    throw error;
  }
}

type Found =
  | { readonly listed: Awaited<ReturnType<typeof checkInstruments>>; readonly fault?: undefined }
  | { readonly problem: RelayProblem; readonly fault?: Fault | undefined };

/** Its clock and its instruments; else the first thing that is wrong. */
async function lookForMarket({ rest, symbols }: RelayOptions): Promise<Found> {
  const clock = await rest.syncClock();
  if (clock.kind === 'fault') return failing('', clock.fault);
  const odd: Finding[] = [];
  const listed = await checkInstruments(rest, symbols, (finding) => {
    // One that stands still has no price to wait for.
    if (finding.weight !== 'good') odd.push(finding);
  });
  const [first] = odd;
  if (first?.about !== 'instrument') return { listed };
  const { instId, problem, fault } = first;
  if (problem !== undefined) return { problem: { code: 'untradable', instId, why: problem } };
  return failing(`${instId}: `, fault);
}

function failing(of: string, fault: Fault | undefined): Found {
  return { problem: { code: 'failed', message: `${of}${fault?.code ?? ''} ${fault?.message ?? ''}` }, fault };
}

function failedBy(message: string, options?: ErrorOptions): RelayError {
  return new RelayError({ code: 'failed', message }, options);
}

async function pastOf({ rest, historyMinutes }: RelayOptions, instrument: Instrument): Promise<Relayed> {
  const nowMinute = Math.floor(rest.exchangeNowMs() / MINUTE_MS);
  const pages: Candles[] = [];
  const range = { from: nowMinute - historyMinutes, until: nowMinute };
  for await (const { candles } of minutesOf(rest, instrument, range)) pages.push(candles);
  const history = joinedMinutes(instrument.instId, pages);
  if (history.length === 0) throw new RelayError({ code: 'no-candles', instId: instrument.instId });
  const settled: SettledFunding[] = [];
  for await (const page of fundingsAfter(rest, instrument.instId, rest.exchangeNowMs() - FUNDING_DAYS_MS))
    for (const row of page)
      settled.push({ at: Number(row.fundingTime), rateE8: Math.round(Number(row.realizedRate) * 1e8) });
  return { instrument, history, settled: settled.toReversed() };
}

export class OkxRelay {
  readonly market: RelayMarket;
  readonly #options: RelayOptions;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #books: readonly Book[];
  readonly #sockets: MarketSockets;
  readonly #turns = new ReadingTurns();
  readonly #minutes: readonly ClosedMinutes[];
  /** Connections whose loss was told, and since when they are away. */
  readonly #lostAtMs = new Map<MarketSocketName, number>();
  #timers: NodeJS.Timeout[] = [];

  constructor(options: RelayOptions, relayed: readonly Relayed[]) {
    this.#options = options;
    this.market = new RelayMarket(relayed, () => options.rest.exchangeNowMs());
    this.#numbers = new Map(relayed.map(({ instrument }, number) => [instrument.instId, number]));
    this.#books = relayed.map(() => new Book());
    const hear = (closed: CandleClosed) => this.market.close(closed);
    this.#minutes = relayed.map(({ instrument: of, history }) => {
      const { rest } = options;
      const minutes = new ClosedMinutes({ rest, of, turns: this.#turns, hear, warn: (message) => this.#odd(message) });
      minutes.lastMinute = history.openMinute[history.length - 1] ?? 0;
      return minutes;
    });
    this.#sockets = new MarketSockets(options, options.symbols, PRICES, {
      connected: (name) => {
        if (name === 'public') this.market.listen();
      },
      reconnected: (name, atMs) => this.#reconnected(name, atMs),
      lost: (name, loss, atMs) => this.#lost(name, loss, atMs),
      silent: (channel, instId) => options.tell({ kind: 'silent', channel, instId }),
      pushed: (push) => this.#onPush(push),
      odd: (message) => this.#odd(message),
    });
  }

  /** Resolves once every instrument has a price. @throws {RelayError} where one has none in time */
  async open(): Promise<void> {
    this.#sockets.open();
    const look = () => {
      for (const minutes of this.#minutes) minutes.look();
      this.#sockets.askAnew(this.market.pricesHeard, this.#options.rest.exchangeNowMs());
    };
    this.#timers = [
      setInterval(() => void this.#options.rest.syncClock(), CLOCK_EVERY_MS),
      setInterval(look, LOOK_EVERY_MS),
    ];
    // What has closed since the past was read no socket will tell.
    for (const minutes of this.#minutes) minutes.follow();
    for (const instId of this.#numbers.keys()) {
      const answer = await this.#options.rest.get(endpoints.fundingRate, { instId });
      if (answer.kind === 'ok') for (const row of answer.rows) this.#fund(row);
    }
    const untilMs = performance.now() + (this.#options.readyWithinMs ?? READY_WITHIN_MS);
    while (this.market.instruments.some((_, number) => this.market.isStill(number))) {
      if (performance.now() > untilMs) {
        this.close();
        throw new RelayError({ code: 'no-prices' });
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  close(): void {
    this.#turns.isClosed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#sockets.close();
  }

  #reconnected(name: MarketSocketName, atMs: number): void {
    const lostAtMs = this.#lostAtMs.get(name);
    const awayMs = Math.max(0, atMs - (lostAtMs ?? atMs));
    this.#lostAtMs.delete(name);
    if (name === 'public') this.#options.tell({ kind: 'goes-on', stoodMs: awayMs });
    else if (lostAtMs !== undefined) this.#options.tell({ kind: 'minutes-in-time', lateMs: awayMs });
    for (const minutes of this.#minutes) void minutes.readGap();
  }

  /** Every try that fails comes here too: the first is told, of the minutes' connection the first while prices are heard. */
  #lost(name: MarketSocketName, loss: ConnectionLoss, atMs: number): void {
    if (name === 'public') {
      for (const book of this.#books) book.clear();
      this.market.lose();
    }
    if (this.#lostAtMs.has(name) || this.#lostAtMs.has('public')) return;
    this.#lostAtMs.set(name, atMs);
    this.#options.tell({ kind: name === 'public' ? 'stands-still' : 'minutes-late', loss });
  }

  #onPush(push: Push): void {
    const { arg, action } = push;
    const number = this.#numbers.get(arg.instId ?? '');
    const of = number === undefined ? undefined : this.market.instruments[number];
    if (number === undefined || of === undefined) return;
    switch (arg.channel) {
      case 'tickers':
        return this.#sockets.eachRow(ticker.read, push, (row) => {
          const touch = touchOf(row, of);
          if (touch !== undefined)
            this.market.quote(number, { bidTicks: touch.bidTicks, askTicks: touch.askTicks }, touch.at);
        });
      case 'trades':
        return this.#sockets.eachRow(tradePush.read, push, (row) => {
          const { lastTicks, sizeLots, at } = tradeOf(row, of);
          this.market.trade(number, lastTicks, sizeLots, at);
        });
      case 'mark-price':
        return this.#sockets.eachRow(markPrice.read, push, (row) => {
          const { markTicks, at } = markOf(row, of);
          this.market.mark(number, markTicks, at);
        });
      case 'funding-rate':
        return this.#sockets.eachRow(fundingRate.read, push, (row) => this.#fund(row));
      case 'books':
        return this.#sockets.eachRow(bookChange.read, push, (row) => {
          const book = this.#books[number] as Book;
          const verdict = book.apply(action ?? 'update', row);
          if (verdict.kind === 'gap') this.#sockets.resubscribe([{ channel: 'books', instId: of.instId }]);
          this.market.show(number, book.isWhole ? depthShown(of, book) : undefined);
        });
      case 'candle1m':
        return this.#sockets.eachRow(candle.read, push, (row) => {
          const read = candleOf(row, of);
          if (read !== undefined) this.#minutes[number]?.heard(read.closed);
        });
    }
  }

  #fund(row: Parameters<typeof fundingForecastOf>[0]): void {
    const number = this.#numbers.get(row.instId);
    if (number === undefined) return;
    const { rateE8 } = fundingForecastOf(row, this.#options.rest.exchangeNowMs());
    this.market.fund(number, rateE8, Number(row.nextFundingTime) - Number(row.fundingTime));
  }

  #odd(message: string): void {
    this.#options.tell({ kind: 'odd', message });
  }
}

const PRICES = ['tickers', 'trades', 'mark-price', 'books', 'funding-rate'] as const;

function depthShown(of: Instrument, book: Book): Depth | undefined {
  const [bids, asks] = [sideShown(of, book.bids, -1), sideShown(of, book.asks, 1)];
  return bids === undefined || asks === undefined ? undefined : { bids, asks };
}

/** Levels between the ticks of an instrument whose tick has become finer since: on the one that is no better. */
function sideShown(of: Instrument, levels: readonly Level[], away: 1 | -1): DepthSide | undefined {
  const ticksAt = ({ px }: Level) => Number(inStepsOf(decimal(px), of.tickSize, away === 1 ? 'up' : 'down').steps);
  const [best] = levels;
  const worst = levels.at(-1);
  if (best === undefined || worst === undefined) return undefined;
  const bestTicks = ticksAt(best);
  const span = Math.min(SPAN_TICKS, away * (ticksAt(worst) - bestTicks) + 1);
  const lots = new Float64Array(span);
  for (const level of levels) {
    const n = away * (ticksAt(level) - bestTicks);
    if (n >= span) break;
    lots[n] = (lots[n] ?? 0) + wholeLots(of, level.sz).lots;
  }
  return { bestTicks, lots };
}
