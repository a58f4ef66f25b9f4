/**
 * A paper exchange for tests: a market that stands where the test puts it, a clock that stands, accounts with simple keys, and calls that go
 * through the real doors without a network. `listening` opens the port for foreign clients.
 */
import { onTestFinished } from 'vitest';
import { type Instrument, ticksOf } from '../src/core/instrument/instrument.ts';
import { decimal } from '../src/core/numbers/decimal.ts';
import { ApiKey } from '../src/okx/door/sign.ts';
import { algoOrder } from '../src/okx/wire/algo-order.ts';
import { balance } from '../src/okx/wire/balance.ts';
import { bookChange, bookTop } from '../src/okx/wire/book.ts';
import { candle } from '../src/okx/wire/candle.ts';
import { endpoints } from '../src/okx/wire/endpoints.ts';
import { reasonOf } from '../src/okx/wire/envelope.ts';
import type { Field } from '../src/okx/wire/field.ts';
import { fundingRate } from '../src/okx/wire/funding.ts';
import { markPrice } from '../src/okx/wire/mark-price.ts';
import { orderPush } from '../src/okx/wire/order.ts';
import { positionPush } from '../src/okx/wire/position.ts';
import { priceLimit } from '../src/okx/wire/price-limit.ts';
import { indexTicker, openInterest, ticker } from '../src/okx/wire/ticker.ts';
import { tradePush } from '../src/okx/wire/trade.ts';
import { ManualClock } from '../src/paper/clock.ts';
import type { AccountOptions } from '../src/paper/desk/desk.ts';
import { type Session, type Wire } from '../src/paper/doors/session.ts';
import { type ExchangeOptions, PaperExchange } from '../src/paper/exchange.ts';
import type { MarketSource } from '../src/paper/market/market-source.ts';
import { offlineInstrument } from '../src/sim/market/instruments.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from '../src/sim/matching/fill-model.ts';
import { StillMarket } from './still-market.ts';

export const NOW = Date.UTC(2026, 2, 2, 10, 0, 0);
export const BTC = 'BTC-USDT-SWAP';
export const ETH = 'ETH-USDT-SWAP';

export interface Body {
  readonly code: string;
  readonly msg: string;
  readonly data: Readonly<Record<string, string>>[];
  readonly inTime?: string;
}

export interface PaperTest {
  readonly exchange: PaperExchange;
  readonly clock: ManualClock;
  get(path: string, query?: Readonly<Record<string, string>>, key?: string): Body;
  post(path: string, body: unknown, key?: string): Body;
  raw(request: Partial<Raw>): { status: number; body: Body };
  /** The price is there at once; enough is traded for any resting order. */
  price(instId: string, last: string, mark?: string): void;
  pass(ms: number): void;
  /** A socket without a network. */
  socket(place?: 'public' | 'private' | 'business'): Heard;
}

export interface Raw {
  readonly method: string;
  readonly target: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface Heard {
  readonly session: Session;
  readonly closed: { readonly code: number }[];
  say(message: unknown): void;
  logIn(key?: string): void;
  /** Everything heard since the last time, parsed. */
  take(): Message[];
}

export interface Message {
  readonly event?: string;
  readonly id?: string;
  readonly op?: string;
  readonly code?: string;
  readonly msg?: string;
  readonly connId?: string;
  readonly action?: string;
  readonly eventType?: string;
  readonly arg?: Readonly<Record<string, string>>;
  readonly data?: Readonly<Record<string, string>>[];
  readonly inTime?: string;
}

export function accountOf(key: string, usdt: number, more: Partial<AccountOptions> = {}): AccountOptions {
  return {
    key,
    secret: `${key}Secret`,
    passphrase: `${key}Pass`,
    balance: BigInt(usdt) * 100_000_000n,
    makerRate: decimal('0.0002'),
    takerRate: decimal('0.0005'),
    leverage: 3,
    uid: `10000${key.charCodeAt(0)}`,
    ...more,
  };
}

export interface PaperTestOptions extends Partial<Omit<ExchangeOptions, 'fillModel'>> {
  readonly instruments?: readonly Instrument[];
  readonly prices?: readonly string[];
  /** Where its clock stands: the exchange's own time. */
  readonly at?: number;
  readonly wall?: () => number;
  readonly fillModel?: Partial<FillModel>;
}

/** BTC at 60,000 and ETH at 3,000, one account `a` with 10,000 USDT, nobody limited. A bug in the exchange fails the test. */
export function paper(options: PaperTestOptions = {}): PaperTest {
  const instruments = options.instruments ?? [wellKnown(BTC), wellKnown(ETH)];
  const prices = options.prices ?? ['60000', '3000'];
  const clock = new ManualClock(options.at ?? NOW, options.wall);
  const ticks = instruments.map((instrument, number) => ticksOf(instrument, prices[number] ?? '1'));
  const source: MarketSource = options.source ?? new StillMarket(instruments, ticks, clock.now());
  const accounts = options.accounts ?? [accountOf('a', 10_000)];
  const exchange = new PaperExchange({
    isRateLimited: false,
    hasAdmin: true,
    onBug: (error) => {
      throw error;
    },
    ...options,
    source,
    clock,
    accounts,
    fillModel: { ...DEFAULT_FILL_MODEL, depthUsdtMin: 1_000_000, ...options.fillModel },
  });
  const keys = new Map(accounts.map((account) => [account.key, new ApiKey(partsOf(account))]));

  const raw: PaperTest['raw'] = ({ method = 'GET', target = '/', body = '', headers = {} }) => {
    const header = (name: string) => headers[name];
    const answered = exchange.answer({ method, target, body, address: 'test', header });
    return { status: answered.status, body: JSON.parse(answered.text) as Body };
  };
  const signed = (method: 'GET' | 'POST', target: string, body: string, key: string) => {
    const own = keys.get(key)?.restHeaders({ method, target, body, nowMs: clock.wall() }) ?? {};
    const headers = Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value]));
    const answered = raw({ method, target, body, headers: { ...headers, 'content-type': 'application/json' } }).body;
    expectDocumented(`${method} ${target.split('?')[0]}`, answered.data ?? []);
    return answered;
  };
  return {
    exchange,
    clock,
    raw,
    get: (path, query = {}, key = 'a') => {
      const search = new URLSearchParams(query).toString();
      return signed('GET', `/api/v5/${path}${search === '' ? '' : `?${search}`}`, '', key);
    },
    post: (path, body, key = 'a') => signed('POST', `/api/v5/${path}`, JSON.stringify(body), key),
    price: (instId, last, mark) => {
      const { floor } = exchange;
      const listing = floor.listingOf(instId);
      const lastTicks = ticksOf(listing.instrument, last);
      floor.setPrice(listing, lastTicks, mark === undefined ? lastTicks : ticksOf(listing.instrument, mark), 1e9);
    },
    pass: (ms) => {
      clock.pass(ms);
      exchange.advance();
    },
    socket: (place) => socketOf(exchange, clock, keys, place),
  };
}

function socketOf(
  exchange: PaperExchange,
  clock: ManualClock,
  keys: ReadonlyMap<string, ApiKey>,
  place: 'public' | 'private' | 'business' | undefined,
): Heard {
  const texts: string[] = [];
  const closed: { code: number }[] = [];
  const wire: Wire = {
    send: (bytes) => texts.push(String(bytes)),
    close: (code) => closed.push({ code }),
    cut: () => closed.push({ code: 1006 }),
  };
  const session = exchange.connect(wire, place);
  const say = (message: unknown) => session.hear(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    session,
    closed,
    say,
    logIn: (key = 'a') => say({ op: 'login', args: [keys.get(key)?.loginArg(clock.wall())] }),
    take: () =>
      texts.splice(0).map((text) => {
        const message = text === 'pong' ? { event: 'pong' } : (JSON.parse(text) as Message);
        if (message.data !== undefined && message.arg !== undefined) expectDocumentedPush(message);
        return message;
      }),
  };
}

/** Serves on a free port until the test ends. */
export async function listening(test: PaperTest): Promise<{ readonly rest: string; readonly ws: string }> {
  const port = await test.exchange.listen(0);
  onTestFinished(() => test.exchange.close());
  return { rest: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/ws/v5` };
}

export function wellKnown(instId: string): Instrument {
  const instrument = offlineInstrument(instId);
  if (instrument === undefined) throw new Error(`${instId} is not in the table`);
  return instrument;
}

const ROWS = new Map(Object.values(endpoints).map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint.row]));

/** Every reply of every test has every documented field, with its type, and no other. */
function expectDocumented(route: string, rows: readonly unknown[]): void {
  const row = ROWS.get(route);
  if (row === undefined) return;
  for (const each of rows) {
    const parsed = row.write.safeParse(each);
    if (!parsed.success) throw new Error(`${route}: ${reasonOf(parsed.error)}`);
  }
}

const PUSHES: Readonly<Record<string, Field>> = {
  tickers: ticker,
  trades: tradePush,
  'trades-all': tradePush,
  books: bookChange,
  books5: bookTop,
  'bbo-tbt': bookTop,
  'mark-price': markPrice,
  'price-limit': priceLimit,
  'funding-rate': fundingRate,
  'index-tickers': indexTicker,
  'open-interest': openInterest,
  account: balance,
  positions: positionPush,
  orders: orderPush,
  'orders-algo': algoOrder,
  'algo-advance': algoOrder,
};

function expectDocumentedPush(message: Message): void {
  const channel = message.arg?.['channel'] ?? '';
  const object = channel.startsWith('candle') ? candle : PUSHES[channel];
  if (object === undefined) return;
  for (const row of message.data ?? []) {
    const parsed = object.write.safeParse(row);
    if (!parsed.success) throw new Error(`${channel}: ${reasonOf(parsed.error)}`);
  }
}

function partsOf({ key, secret, passphrase }: AccountOptions) {
  return { key, secret, passphrase };
}
