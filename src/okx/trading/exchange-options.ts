/** What an OKX exchange is made of, and how long it waits for what. */
import type { CoreEvent } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import type { Order } from '../../core/orders/order.ts';
import type { Rest } from '../door/rest.ts';
import type { ApiKey } from '../door/sign.ts';
import type { SocketTiming } from '../door/socket.ts';

export interface OkxExchangeOptions {
  readonly rest: Rest;
  readonly key: ApiKey;
  /** `wss://ws.okx.com:8443/ws/v5`, without the last word. */
  readonly wsUrl: string;
  /** Four letters or digits: which client ids are ours. */
  readonly run: string;
  readonly instruments: readonly Instrument[];
  readonly hear: (event: CoreEvent) => void;
  /** What a person should know and the core need not. */
  readonly warn: (message: string) => void;
  readonly random: () => number;
  /** Whether an instrument is known as it is now: what would enlarge is not sent otherwise, for it may be of another size there. */
  readonly knowsInstrument: (instId: string) => boolean;
  /** Fills and funding before this moment of the exchange's clock are in the journal, or in the balance it began with. */
  readonly fillsSinceMs: number;
  readonly fundingSinceMs: number;
  readonly limits?: Partial<ExchangeLimits>;
  readonly socketTiming?: Partial<SocketTiming>;
}

/** An order as the registry holds it. */
export interface JournaledOrder {
  readonly order: Order;
  readonly state: string;
  readonly sizeLots: number;
  readonly filledLots: number;
  /** Exchange's time when it was first sent. */
  readonly sentAt: number;
}

export interface ExchangeLimits {
  /** Entries that are sent within 2 s at most: each wants a stop at once, and OKX takes twenty stops in that time. */
  readonly entriesMost: number;
  /** From sending an order or an amendment to its expiry at the exchange, at most; the order's own `takenByMs` may be sooner. */
  readonly orderLifeMs: number;
  /** How far our idea of the exchange's clock may be off at least: more where its last reading took longer (rest.ts). */
  readonly clockErrorMs: number;
  /** The exchange cancels every order (stops stay) when it has not heard of us for so long; 10 to 120. */
  readonly cancelAllAfterS: number;
  readonly heartbeatMs: number;
  readonly clockSyncMs: number;
  /** From a login or a channel that was refused to the next try. */
  readonly refusedAgainMs: number;
  /** How long a fill may take to explain a changed position before the account is read. */
  readonly explainWithinMs: number;
  /** How long the first push of an order may follow its answer before the order is asked for, and from then on. */
  readonly pushWithinMs: number;
  /** And before its connection, which stands and says nothing of it, is made anew. */
  readonly deafAfterMs: number;
  /** Least time between the beginnings of two readings: each is ten requests. */
  readonly readEveryMs: number;
  /** Readings in a row while fills come in, until one stands still. */
  readonly readingsMax: number;
}

export const EXCHANGE_LIMITS: ExchangeLimits = {
  entriesMost: 15,
  orderLifeMs: 2_000,
  clockErrorMs: 250,
  cancelAllAfterS: 30,
  heartbeatMs: 10_000,
  clockSyncMs: 60_000,
  refusedAgainMs: 60_000,
  explainWithinMs: 1_000,
  pushWithinMs: 1_000,
  deafAfterMs: 10_000,
  readEveryMs: 500,
  readingsMax: 3,
};
