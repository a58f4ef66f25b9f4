/** The market of `rungwise exchange`: generated, replayed from candles, or OKX's own. */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { DAY_MINUTES, MINUTE_MS } from '../../core/market/candle.ts';
import { type Clock, runningClock } from '../../paper/clock.ts';
import { GeneratedMarket } from '../../paper/market/generated-market.ts';
import type { MarketSource } from '../../paper/market/market-source.ts';
import { followOkx, type OkxRelay, type RelayNews, type RelayProblem } from '../../paper/market/okx-relay.ts';
import { ReplayMarket } from '../../paper/market/replay-market.ts';
import { gridsOf, type SavedExchange, type SavedMarket } from '../../paper/saved/state-file.ts';
import { OFFLINE_INSTRUMENTS } from '../../sim/market/instruments.ts';
import { candleSources, readColumns } from '../backtest/backtest-candles.ts';
import { lossText } from '../format/loss-text.ts';
import { restOf } from '../input/access.ts';
import { OKX, originOf, socketAddressOf } from '../input/addresses.ts';
import { instrumentsOf, knownInstrument } from '../input/instruments.ts';
import { refuseWithout } from '../input/no-effect.ts';
import { DEFAULT_SEED } from '../input/option-values.ts';
import { listenForInterruption } from '../shell/interruption.ts';
import type { Session } from '../shell/session.ts';
import { Interrupted, UsageError } from '../shell/usage-error.ts';
import type { ExchangeOptions } from './exchange.ts';

/** A day. */
const HISTORY_MINUTES = DAY_MINUTES;

/** A market with the clock that it runs by; `relay` of OKX's own. */
export interface MadeMarket {
  readonly source: MarketSource;
  readonly market: SavedMarket;
  readonly clock: Clock;
  readonly shown: string;
  readonly relay?: OkxRelay;
}

/** What `--market` asks for, as it goes on from what was saved. @throws {UsageError} @throws {RelayError} @throws {DataError} @throws {Interrupted} */
export async function marketOf(
  session: Session,
  options: ExchangeOptions,
  saved: SavedExchange | undefined,
): Promise<MadeMarket> {
  const { texts } = session;
  const [kind, file, ...more] = options.market;
  const made =
    kind === 'generated' && file === undefined
      ? generated(session, options, saved)
      : kind === 'replay' && file !== undefined && more.length === 0
        ? await replayed(session, options, file, saved)
        : kind === 'okx' && file === undefined
          ? await relayed(session, options)
          : undefined;
  if (made === undefined) throw new UsageError(texts.exchange.notMarket(options.market.join(' ')));
  const grids = gridsOf(made.source.instruments);
  if (saved !== undefined) refuseOther(session, String(options.state), saved.market, { ...made.market, grids });
  return { ...made, market: { ...made.market, grids } };
}

type MarketKind = SavedMarket['kind'];

/** What counts in some markets only, and in which. */
const OF_MARKETS: readonly (readonly [keyof ExchangeOptions, readonly MarketKind[]])[] = [
  ['symbol', ['replay']],
  ['symbols', ['generated', 'okx']],
  ['seed', ['generated']],
  ['host', ['okx']],
  ['ws', ['okx']],
];

/** @throws {UsageError} where an option would be passed over in this market */
function refuseOfOtherMarkets(session: Session, options: ExchangeOptions, kind: MarketKind): void {
  for (const [flag, kinds] of OF_MARKETS) {
    if (!kinds.includes(kind)) refuseWithout(session, `--${flag}`, options[flag], `--market ${kinds[0]}`);
  }
}

/** @throws {UsageError} where the file is of another market, or counts in other ticks, lots or contracts */
function refuseOther({ texts }: Session, path: string, saved: SavedMarket, made: SavedMarket): void {
  const { grids, ...market } = saved;
  const { grids: present, ...other } = made;
  if (JSON.stringify(market) !== JSON.stringify(other)) throw new UsageError(texts.exchange.otherMarket(path));
  const at = grids?.findIndex((grid, number) => grid !== present?.[number]) ?? -1;
  if (at >= 0) throw new UsageError(texts.exchange.otherGrid(path, saved.instIds[at] ?? ''));
}

function generated(session: Session, options: ExchangeOptions, saved: SavedExchange | undefined): MadeMarket {
  refuseOfOtherMarkets(session, options, 'generated');
  const instruments: readonly Instrument[] =
    options.symbols?.map((symbol) => knownInstrument(session, symbol)) ?? OFFLINE_INSTRUMENTS;
  const { seed = DEFAULT_SEED } = options;
  const nowMs = Date.now();
  const bornAt = saved?.market.bornAt ?? nowMs;
  const fromMs = saved?.floor.at ?? nowMs;
  const source = new GeneratedMarket({
    seed,
    instruments,
    bornAt,
    fromMs,
    historyMinutes: HISTORY_MINUTES,
  });
  // Making its history has taken time, which the exchange must not lag behind: what expires by a client's clock expires here. A time of day that was set
  // back since it was saved takes nothing back: the market would stand until it is caught up.
  const nowOrSavedMs = Math.max(Date.now(), fromMs);
  const startMs = saved === undefined || options.speed === 1 ? nowOrSavedMs : saved.floor.at;
  return {
    source,
    market: { kind: 'generated', seed, bornAt, instIds: instruments.map(({ instId }) => instId) },
    clock: runningClock(startMs, options.speed),
    shown: session.texts.exchange.generated(instruments.length, seed),
  };
}

/** OKX's own market, now. @throws {UsageError} @throws {RelayError} */
async function relayed(session: Session, options: ExchangeOptions): Promise<MadeMarket> {
  const { texts } = session;
  refuseOfOtherMarkets(session, options, 'okx');
  if (options.speed !== 1) throw new UsageError(texts.exchange.onlyNow);
  const origin = options.host === undefined ? OKX.origin : originOf(session, '--host', options.host);
  const wsUrl = options.ws === undefined ? OKX.real : socketAddressOf(session, '--ws', options.ws);
  const world = runningClock(Date.now(), 1);
  const rest = restOf({ origin, isDemo: false }, world.now);
  const symbols = options.symbols ?? OFFLINE_INSTRUMENTS.map(({ instId }) => instId);
  const relay = await followOkx({
    rest,
    wsUrl,
    symbols,
    historyMinutes: HISTORY_MINUTES,
    tell: (news) => session.tell(newsLine(session, news)),
    random: Math.random,
  });
  return {
    source: relay.market,
    market: { kind: 'okx', seed: 0, bornAt: 0, instIds: symbols },
    // Its time is OKX's: what is heard must not lie ahead of it, nor further behind from week to week.
    clock: { ...world, now: () => rest.exchangeNowMs() },
    shown: texts.exchange.followed(symbols.length, origin),
    relay,
  };
}

/** Why OKX's market cannot be had. */
export function relayReason({ texts }: Session, problem: RelayProblem): string {
  switch (problem.code) {
    case 'untradable':
      return `${problem.instId}: ${texts.bots.doctor.untradable(problem.why)}`;
    case 'no-candles':
      return texts.exchange.noCandles(problem.instId);
    case 'no-prices':
      return texts.exchange.noPrices;
    case 'failed':
      return problem.message;
  }
}

function newsLine({ texts, palette }: Session, news: RelayNews): string {
  switch (news.kind) {
    case 'looking-again':
      return palette.warn(`${news.why}; ${texts.bots.lookingAgain(String(news.inMs / 1_000))}`);
    case 'stands-still':
      return palette.warn(texts.exchange.standsStill(lossText(texts, news.loss)));
    case 'goes-on':
      return palette.good(texts.exchange.goesOn(Math.round(news.stoodMs / 1_000)));
    case 'minutes-late':
      return palette.warn(texts.exchange.minutesLate(lossText(texts, news.loss)));
    case 'minutes-in-time':
      return palette.good(texts.exchange.minutesInTime(Math.round(news.lateMs / 1_000)));
    case 'silent':
      return palette.warn(texts.exchange.silent(news.instId, news.channel));
    case 'odd':
      return palette.dim(news.message);
  }
}

/** A day of the file is history where it is long enough, else its first half. @throws {UsageError} */
async function replayed(
  session: Session,
  options: ExchangeOptions,
  file: string,
  saved: SavedExchange | undefined,
): Promise<MadeMarket> {
  refuseOfOtherMarkets(session, options, 'replay');
  const asked = { candles: [file], ...(options.symbol === undefined ? {} : { symbol: [options.symbol] }) };
  const interruption = listenForInterruption();
  const sources = candleSources(session, asked, []);
  const described = instrumentsOf(
    session,
    sources.map(({ symbol }) => symbol),
    [],
  );
  const columns = await readColumns(session, sources, described, false, interruption);
  interruption.release();
  if (interruption.isAsked) throw new Interrupted(session.texts.run.stoppedReading);
  const instruments = columns.map(({ instrument }) => instrument);
  const [first] = columns;
  const symbol = first?.instrument.instId ?? '';
  const candles = first?.candles;
  if (candles === undefined || candles.length < 2) throw new UsageError(session.texts.exchange.tooShort(symbol));
  const historyCandles = Math.min(HISTORY_MINUTES, Math.floor(candles.length / 2));
  const bornAt = (candles.openMinute[historyCandles] ?? 0) * MINUTE_MS;
  const fromMs = saved?.floor.at ?? bornAt;
  return {
    source: new ReplayMarket(
      instruments,
      columns.map((column) => column.candles),
      fromMs,
    ),
    market: { kind: 'replay', seed: 0, bornAt, instIds: instruments.map(({ instId }) => instId) },
    clock: runningClock(fromMs, options.speed),
    shown: session.texts.exchange.replayed(symbol),
  };
}
