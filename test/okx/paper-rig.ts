/**
 * The paper exchange on 127.0.0.1 with one account, and the adapter before it: real sockets, a price that stands unless a test moves it.
 */
import type { CoreEvent } from '../../src/core/event.ts';
import type { Instrument } from '../../src/core/instrument/instrument.ts';
import { decimal } from '../../src/core/numbers/decimal.ts';
import type { Lots } from '../../src/core/numbers/units.ts';
import { type Approved, clientIdOf, type Order, type OrderTerms } from '../../src/core/orders/order.ts';
import { Rest } from '../../src/okx/door/rest.ts';
import { ApiKey } from '../../src/okx/door/sign.ts';
import type { SocketTiming } from '../../src/okx/door/socket.ts';
import { OkxExchange } from '../../src/okx/exchange.ts';
import { OkxFeed } from '../../src/okx/feed.ts';
import type { ExchangeLimits, OkxExchangeOptions } from '../../src/okx/trading/exchange-options.ts';
import { runningClock } from '../../src/paper/clock.ts';
import { PaperExchange } from '../../src/paper/exchange.ts';
import { StillMarket } from '../still-market.ts';
import { BTC } from './grids.ts';

export { BTC };
/** Its row in OKX's list of instruments, and in a push of it. */
export const BTC_ROW = {
  instType: 'SWAP',
  instId: BTC.instId,
  ctVal: '0.01',
  ctMult: '1',
  ctValCcy: 'BTC',
  ctType: 'linear',
  settleCcy: 'USDT',
  tickSz: '0.1',
  lotSz: '0.01',
  minSz: '0.01',
  lever: '100',
  state: 'live',
  maxLmtSz: '100000000',
  maxMktSz: '12000',
};
export const LAST_TICKS = 500_000;
const KEY = { key: 'rig', secret: 'rigSecret', passphrase: 'rigPass' };

export interface RigOptions {
  readonly limits?: Partial<ExchangeLimits>;
  readonly timing?: Partial<SocketTiming>;
  readonly timeoutMs?: number;
  /** How long a request waits for its slot; default 2,000. */
  readonly waitMsMax?: number;
  /** Default: BTC. */
  readonly instruments?: readonly Instrument[];
  /** What REST goes through on its way to the exchange; sockets go straight. */
  readonly through?: (origin: string) => Promise<string>;
  /** USDT; default 20,000. */
  readonly balance?: number;
  /** Default: no limits, so that a test is not slowed down by OKX's. */
  readonly isRateLimited?: boolean;
  /** How far the exchange's clock is ahead of what it began with: a machine that has slept finds it so. */
  readonly exchangeAheadMs?: () => number;
  /** Hears every event, as it is kept in `events`. */
  readonly hear?: (event: CoreEvent) => void;
  /** Default: every one. */
  readonly knowsInstrument?: (instId: string) => boolean;
}

export interface Rig {
  readonly paper: PaperExchange;
  readonly origin: string;
  readonly wsUrl: string;
  readonly key: ApiKey;
  readonly rest: Rest;
  /** The owner's other client: what it does is done by hand, whatever stands in the adapter's way. */
  readonly byHand: Rest;
  readonly exchange: OkxExchange;
  readonly events: CoreEvent[];
  readonly warnings: string[];
  /** Another adapter on the same account, as a later process would have it. The caller starts and closes it. */
  another(
    of: Pick<OkxExchangeOptions, 'hear' | 'fillsSinceMs' | 'fundingSinceMs'> &
      Partial<Pick<OkxExchangeOptions, 'wsUrl'>>,
  ): OkxExchange;
  /** What an operator may do: see src/paper/doors/admin.ts. */
  admin(path: string, body: object): void;
  /** Nothing is under way, and nothing has been heard for a moment. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** An exchange, and an adapter that has read it once. */
export async function startRig(options: RigOptions = {}): Promise<Rig> {
  const nowMs = Date.now();
  const instruments = options.instruments ?? [BTC];
  const paper = new PaperExchange({
    source: new StillMarket(
      instruments,
      instruments.map(() => LAST_TICKS),
      nowMs,
    ),
    clock: runningClock(nowMs, 1, () => Date.now() + (options.exchangeAheadMs?.() ?? 0)),
    accounts: [
      {
        ...KEY,
        balance: BigInt(options.balance ?? 20_000) * 100_000_000n,
        makerRate: decimal('0.0002'),
        takerRate: decimal('0.0005'),
        leverage: 10,
        uid: '1',
      },
    ],
    isRateLimited: options.isRateLimited ?? false,
    hasAdmin: true,
  });
  const port = await paper.listen(0);
  const direct = `http://127.0.0.1:${port}`;
  const origin = options.through === undefined ? direct : await options.through(direct);
  const wsUrl = `ws://127.0.0.1:${port}/ws/v5`;
  const key = new ApiKey(KEY);
  const rest = new Rest({
    origin,
    key,
    isDemo: false,
    nowMs: Date.now,
    timeoutMs: options.timeoutMs ?? 2_000,
    waitMsMax: options.waitMsMax ?? 2_000,
  });
  const byHand = new Rest({
    origin: direct,
    key,
    isDemo: false,
    nowMs: Date.now,
    timeoutMs: 10_000,
    waitMsMax: 2_000,
  });
  await rest.syncClock();
  const events: CoreEvent[] = [];
  const warnings: string[] = [];
  let heardAt = performance.now();
  const another: Rig['another'] = (of) =>
    new OkxExchange({
      rest,
      key,
      wsUrl,
      run: 'test',
      instruments,
      warn: (message) => warnings.push(message),
      random: () => 0.5,
      knowsInstrument: options.knowsInstrument ?? (() => true),
      limits: { readEveryMs: 0, entriesMost: 1_000, ...options.limits },
      ...(options.timing === undefined ? {} : { socketTiming: options.timing }),
      ...of,
    });
  const exchange = another({
    hear: (event) => {
      events.push(event);
      heardAt = performance.now();
      options.hear?.(event);
    },
    fillsSinceMs: nowMs,
    fundingSinceMs: nowMs,
  });
  exchange.start();
  const rig: Rig = {
    paper,
    origin,
    wsUrl,
    key,
    rest,
    byHand,
    exchange,
    events,
    warnings,
    another,
    admin: (path, body) => {
      const request = { method: 'POST', target: `/admin/${path}`, body: JSON.stringify(body), address: '' };
      const answer = paper.answer({ ...request, header: () => undefined });
      if (answer.status !== 200) throw new Error(answer.text);
    },
    settled: async () => {
      await resting(QUIET_MS);
      while (exchange.isBusy || performance.now() - heardAt < QUIET_MS) await resting(5);
    },
    close: async () => {
      exchange.close();
      await paper.close();
    },
  };
  for (let looks = 1; !events.some(({ kind }) => kind === 'exchange-read'); looks += 1) {
    await resting(5);
    if (looks % 200 === 0) exchange.read();
  }
  return rig;
}

const QUIET_MS = 30;

export function resting(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** An order of 20 lots of BTC, long or against a long one; what it is approved for nobody asks. */
export function approvedOrder(role: Order['role'], attempt: number, terms: OrderTerms): Approved {
  const reduceOnly = role !== 'entry' && role !== 'rung';
  const named = { position: 1, role, step: 0, attempt, part: 0 } as const;
  return {
    clientId: clientIdOf({ run: 'test', ...named }),
    instId: BTC.instId,
    ...named,
    side: reduceOnly ? -1 : 1,
    sizeLots: 20 as Lots,
    reduceOnly,
    terms,
    takenByMs: Date.now() + 2_000,
  } satisfies Order as Order as Approved;
}

/** A feed of the rig's market, not yet started, whose connections are back at once. */
export function feedBefore(
  { rest, wsUrl, warnings }: Rig,
  instruments: readonly Instrument[],
  hear: (event: CoreEvent) => void,
): OkxFeed {
  return new OkxFeed({
    rest,
    isDemo: false,
    wsUrl,
    instruments,
    hear,
    warn: (message) => warnings.push(message),
    random: () => 0.5,
    lastMinute: () => undefined,
    historyMinutes: 1,
    isUrgent: () => false,
    socketTiming: { firstPauseMs: 20, lastPauseMs: 20 },
  });
}
