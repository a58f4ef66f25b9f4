/**
 * What travels on a WebSocket beside the objects: login, subscribing, events, pushes. Source: okx-v5.md §4.1–4.2.
 *
 * Keep-alive is the bare text `ping`, answered by the bare text `pong`: neither JSON nor a control frame. A push
 * repeats exactly the keys that were subscribed. Every argument of one subscribe request gets its own reply.
 */
import * as z from 'zod';

export const PING = 'ping';
export const PONG = 'pong';

/** A subscription: `channel` and the keys that select. `extraParams` is JSON inside a string. */
export interface Arg {
  readonly channel: string;
  readonly instId?: string;
  readonly instType?: string;
  readonly instFamily?: string;
  readonly ccy?: string;
  readonly algoId?: string;
  readonly extraParams?: string;
}

export interface LoginRequest {
  readonly op: 'login';
  /** `timestamp` in SECONDS, as a string. */
  readonly args: readonly [
    { readonly apiKey: string; readonly passphrase: string; readonly timestamp: string; readonly sign: string },
  ];
}

export interface SubscribeRequest {
  readonly id?: string;
  readonly op: 'subscribe' | 'unsubscribe';
  readonly args: readonly Arg[];
}

const arg = z.looseObject({ channel: z.string(), instId: z.string().optional() });

/** Events by name; `connId` names the connection in a report to OKX's support. */
export const event = z.discriminatedUnion('event', [
  z.object({ event: z.literal('login'), code: z.string(), msg: z.string().optional(), connId: z.string().optional() }),
  z.object({ event: z.literal('subscribe'), id: z.string().optional(), arg, connId: z.string().optional() }),
  z.object({ event: z.literal('unsubscribe'), id: z.string().optional(), arg, connId: z.string().optional() }),
  z.object({
    event: z.literal('error'),
    id: z.string().optional(),
    code: z.string(),
    msg: z.string(),
    arg: arg.optional(),
    connId: z.string().optional(),
  }),
  z.object({ event: z.literal('notice'), code: z.string(), msg: z.string(), connId: z.string().optional() }),
  z.object({
    event: z.literal('channel-conn-count'),
    channel: z.string(),
    connCount: z.string(),
    connId: z.string().optional(),
  }),
  z.object({
    event: z.literal('channel-conn-count-error'),
    channel: z.string(),
    connCount: z.string(),
    connId: z.string().optional(),
  }),
]);
export type WsEvent = z.output<typeof event>;

/** A push. `action` comes with books, `eventType`, `curPage` and `lastPage` with account and positions. */
export const push = z.object({
  arg,
  action: z.enum(['snapshot', 'update']).optional(),
  eventType: z.string().optional(),
  curPage: z.int().optional(),
  lastPage: z.boolean().optional(),
  data: z.array(z.unknown()),
});
export type Push = z.output<typeof push>;
