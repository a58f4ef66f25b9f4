/**
 * `rungwise exchange`: the paper exchange alone, on this machine only, until Ctrl-C. `--market okx` follows OKX's own market; while that is not heard
 * it stands still and says so.
 *
 * Standard output: where it is and, where it made an account, its keys. With `--state` it goes on where it was; at speed 1 a generated market
 * has meanwhile gone on too, at another speed and in a replay it stood still.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type Instrument, moneyOf, moneyText } from '../../core/instrument/instrument.ts';
import { MINUTE_MS } from '../../core/market/candle.ts';
import { type Decimal, decimal } from '../../core/numbers/decimal.ts';
import { MONEY_PLACES } from '../../core/numbers/units.ts';
import type { WriterLock } from '../../journal/writer-lock.ts';
import { type Clock, runningClock } from '../../paper/clock.ts';
import type { AccountOptions } from '../../paper/desk/desk.ts';
import { PaperExchange } from '../../paper/exchange.ts';
import { GeneratedMarket, type MarketSource, ReplayMarket } from '../../paper/market/market-source.ts';
import {
  followOkx,
  type OkxRelay,
  RelayError,
  type RelayNews,
  type RelayProblem,
} from '../../paper/market/okx-relay.ts';
import {
  gridsOf,
  type ReadExchange,
  readState,
  type SavedExchange,
  type SavedMarket,
  StateFileError,
  StateKeeper,
} from '../../paper/saved/state-file.ts';
import { decimalShown } from '../../report/numbers.ts';
import { OFFLINE_INSTRUMENTS } from '../../sim/instruments.ts';
import { candleSources, readColumns } from '../backtest/backtest-candles.ts';
import { restOf } from '../bot/access.ts';
import { OKX, originOf, socketAddressOf } from '../bot/addresses.ts';
import { EXIT } from '../shell/failure.ts';
import { guarded, systemCode } from '../shell/files.ts';
import { instrumentsOf, knownInstrument } from '../shell/instruments.ts';
import { listenForInterruption } from '../shell/interruption.ts';
import { lossText } from '../shell/loss-text.ts';
import { refuseWithout } from '../shell/no-effect.ts';
import { DEFAULT_SEED } from '../shell/option-values.ts';
import { readDecimal } from '../shell/read-decimal.ts';
import type { Session } from '../shell/session.ts';
import { soleWriter } from '../shell/sole-writer.ts';
import { Interrupted, UsageError } from '../shell/usage-error.ts';

export interface ExchangeOptions {
  readonly port: number;
  /** `generated`, `replay` and a file, or `okx`. */
  readonly market: readonly string[];
  readonly symbol?: string;
  readonly symbols?: readonly string[];
  /** Where OKX is; its public sockets. */
  readonly host?: string;
  readonly ws?: string;
  readonly seed?: number;
  readonly speed: number;
  readonly account?: readonly string[];
  readonly state?: string;
  readonly admin?: boolean;
  /** False: nobody is limited. */
  readonly limits: boolean;
}

type MarketKind = SavedMarket['kind'];

const BALANCE_USDT = decimal('10000');
/** The simulator counts exactly up to 90 million (sim/tally.ts): so an account may double its money, and is right to the last unit. */
const BALANCE_USDT_MAX = 40_000_000;
const MAKER_RATE = decimal('0.0002');
const TAKER_RATE = decimal('0.0005');
/** OKX's own for a fresh account. */
const LEVERAGE = 3;
const HISTORY_MINUTES = 1_440;

/** What counts in some markets only, and in which. */
const OF_MARKETS: readonly (readonly [keyof ExchangeOptions, readonly MarketKind[]])[] = [
  ['symbol', ['replay']],
  ['symbols', ['generated', 'okx']],
  ['seed', ['generated']],
  ['host', ['okx']],
  ['ws', ['okx']],
];

/** @returns 0 once it was told to end; 3 where OKX's market can not be had. @throws {UsageError} (a second instance with one state: exit code 4) @throws {DataError} @throws {Interrupted} while candles are read */
export async function exchange(session: Session, options: ExchangeOptions): Promise<number> {
  const lock = options.state === undefined ? undefined : lockOf(session, options.state);
  try {
    return await served(session, options);
  } finally {
    lock?.release();
  }
}

async function served(session: Session, options: ExchangeOptions): Promise<number> {
  const { texts, palette } = session;
  const saved = options.state === undefined ? undefined : savedState(session, options.state);
  const accounts = accountsOf(session, options, saved?.floor.desks ?? []);
  let made: MadeMarket;
  try {
    made = await marketOf(session, options, saved);
  } catch (error) {
    if (!(error instanceof RelayError)) throw error;
    session.tell(palette.bad(texts.exchange.noMarket(relayReason(session, error.problem))));
    return EXIT.exchange;
  }
  const owner = accounts.length > 0 || (saved?.floor.desks.length ?? 0) > 0 ? undefined : newAccount();
  const running = new PaperExchange({
    source: made.source,
    clock: made.clock,
    accounts: owner === undefined ? accounts : [owner],
    isRateLimited: options.limits,
    hasAdmin: options.admin === true,
    ...(saved === undefined ? {} : { saved: saved.floor }),
  });
  // Since it was saved the market has gone on: what was passed over acts at the price that is there.
  if (saved !== undefined) made.relay?.market.jump();
  const port = await listened(session, running, options.port, made.relay);
  const keeper =
    options.state === undefined
      ? undefined
      : new StateKeeper(options.state, made.market, running.floor, (error) =>
          session.tell(palette.warn(texts.exchange.notSaved(String(options.state), reasonOf(session, error)))),
        );
  if (keeper !== undefined) running.keep(keeper);
  // Whoever reads that it runs may end it from then on.
  const end = told();
  for (const line of greeting(session, made.shown, port)) session.print(line);
  if (saved !== undefined) session.say(texts.exchange.resumed(saved.floor.desks.length, String(options.state)));
  if (saved?.isCutShort === true) session.tell(palette.warn(texts.exchange.cutShort(String(options.state))));
  if (owner !== undefined) for (const line of ownerLines(session, owner)) session.print(line);
  session.tell(palette.dim(texts.exchange.stopHint));
  await end;
  made.relay?.close();
  await running.close();
  keeper?.release();
  session.tell(palette.dim(texts.exchange.ended));
  return EXIT.done;
}

interface MadeMarket {
  readonly source: MarketSource;
  readonly market: SavedMarket;
  readonly clock: Clock;
  readonly shown: string;
  readonly relay?: OkxRelay;
}

async function marketOf(
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

function relayReason({ texts }: Session, problem: RelayProblem): string {
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

/** @throws {UsageError} where another exchange has that file, or nobody can write it */
function lockOf(session: Session, path: string): WriterLock {
  guarded(session, path, () => {
    // A folder is refused before anything is put beside it.
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) readFileSync(path);
  });
  return soleWriter(session, path, session.texts.exchange.inUse(path));
}

type Known = Pick<AccountOptions, 'key' | 'secret' | 'passphrase' | 'uid'>;

/** Never shows what was written: it holds a secret. @throws {UsageError} */
function accountsOf(
  session: Session,
  { account: words = [], state }: ExchangeOptions,
  saved: readonly { readonly options: Known }[],
): AccountOptions[] {
  const { texts } = session;
  const known = new Map(saved.map(({ options }) => [options.key, options]));
  const uids = freeUids(new Set(saved.map(({ options }) => options.uid)));
  const accounts = words.map((word) => {
    const [key = '', secret = '', passphrase = '', usdt, ...more] = word.split(':');
    const balance = usdt === undefined ? BALANCE_USDT : amountOrNone(usdt);
    if (key === '' || secret === '' || passphrase === '' || more.length > 0 || balance === undefined)
      throw new UsageError(texts.exchange.notAccount(`${key}:…`));
    const before = known.get(key);
    if (before !== undefined && (before.secret !== secret || before.passphrase !== passphrase))
      throw new UsageError(texts.exchange.otherKeys(key, String(state)));
    return accountOf({ key, secret, passphrase }, balance, before?.uid ?? String(uids.next().value));
  });
  const twice = accounts.find(({ key }, i) => accounts.findIndex((other) => other.key === key) !== i);
  if (twice !== undefined) throw new UsageError(texts.exchange.accountTwice(twice.key));
  return accounts;
}

const FIRST_UID = 700_000_000_001;

/** Numbers of accounts that nobody has: what an account is told is told by its number. */
function* freeUids(taken: ReadonlySet<string>): Generator<string, never> {
  for (let uid = FIRST_UID; ; uid += 1) if (!taken.has(String(uid))) yield String(uid);
}

function accountOf(keys: Pick<AccountOptions, 'key' | 'secret' | 'passphrase'>, balance: Decimal, uid: string) {
  return {
    ...keys,
    balance: moneyOf(balance),
    makerRate: MAKER_RATE,
    takerRate: TAKER_RATE,
    leverage: LEVERAGE,
    uid,
  };
}

function newAccount(): AccountOptions {
  const [key, secret, passphrase] = [16, 16, 8].map((bytes) => randomBytes(bytes).toString('hex'));
  return accountOf(
    { key: key ?? '', secret: secret ?? '', passphrase: passphrase ?? '' },
    BALANCE_USDT,
    String(FIRST_UID),
  );
}

function amountOrNone(word: string): Decimal | undefined {
  const amount = readDecimal(word);
  if (amount === undefined || amount.units < 0n) return undefined;
  return amount.scale <= MONEY_PLACES && amount.approx <= BALANCE_USDT_MAX ? amount : undefined;
}

/** @throws {UsageError} where the file is not one of ours, or could not be written */
function savedState(session: Session, path: string): ReadExchange | undefined {
  try {
    return guarded(session, path, () => readState(path));
  } catch (error) {
    if (error instanceof StateFileError) {
      const { notState, damagedState } = session.texts.exchange;
      throw new UsageError(error.isDamage ? damagedState(path) : notState(path), { cause: error });
    }
    throw error;
  }
}

/** @throws {UsageError} where somebody else listens there, or only the system's own may */
async function listened(
  { texts }: Session,
  running: PaperExchange,
  wanted: number,
  relay: OkxRelay | undefined,
): Promise<number> {
  try {
    return await running.listen(wanted);
  } catch (error) {
    relay?.close();
    await running.close();
    const code = systemCode(error);
    if (code === 'EADDRINUSE') throw new UsageError(texts.exchange.portTaken(wanted));
    if (code === 'EACCES') throw new UsageError(texts.exchange.portForbidden(wanted));
    throw error;
  }
}

function greeting({ texts, palette }: Session, shown: string, listening: number): string[] {
  const { rest, sockets, allChannels, running } = texts.exchange;
  const ws = `ws://127.0.0.1:${listening}/ws/v5`;
  const column = Math.max(rest.length, sockets.length) + 2;
  const row = (name: string, value: string) => `  ${palette.dim(name.padEnd(column))}${value}`;
  return [
    palette.strong(running(shown)),
    row(rest, `http://127.0.0.1:${listening}`),
    ...['public', 'private', 'business'].map((word, n) => row(n === 0 ? sockets : '', `${ws}/${word}`)),
    row('', `${ws}/any  ${palette.dim(`(${allChannels})`)}`),
  ];
}

function ownerLines({ texts, report }: Session, owner: AccountOptions): string[] {
  return [
    texts.exchange.made(decimalShown(moneyText(owner.balance), report)),
    `  RUNGWISE_OKX_KEY=${owner.key}`,
    `  RUNGWISE_OKX_SECRET=${owner.secret}`,
    `  RUNGWISE_OKX_PASSPHRASE=${owner.passphrase}`,
  ];
}

/** Until Ctrl-C, or a polite kill. */
async function told(): Promise<void> {
  await new Promise<void>((asked) => listenForInterruption(asked));
}

function reasonOf({ texts }: Session, error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return code === undefined ? String(error) : texts.file(code);
}
