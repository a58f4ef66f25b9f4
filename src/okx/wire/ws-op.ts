/**
 * Order operations on the private socket. Source: okx-v5.md §4.5.
 *
 * Since 2026 each argument names its instrument by the integer `instIdCode`. The reply is recognised by `id`; rows and
 * codes mean what they mean in REST. Limits are shared with REST.
 */
import * as z from 'zod';

export const wsOps = [
  'order',
  'batch-orders',
  'cancel-order',
  'batch-cancel-orders',
  'amend-order',
  'batch-amend-orders',
  'mass-cancel',
] as const;
export type WsOpName = (typeof wsOps)[number];

export interface WsOpRequest<Arg> {
  /** Letters and digits, at most 32. */
  readonly id: string;
  readonly op: WsOpName;
  readonly args: readonly Arg[];
  /** Milliseconds; after it the exchange must not act. */
  readonly expTime?: string;
}

/** `op` comes back as it was sent; a reply to an unknown one is an `error` event. */
const wsOpReply = z.object({
  id: z.string(),
  op: z.string(),
  code: z.string(),
  msg: z.string(),
  data: z.array(z.unknown()),
  inTime: z.string().optional(),
  outTime: z.string().optional(),
});
export type WsOpReply = z.output<typeof wsOpReply>;

export interface WireWsOpReply<Row> {
  readonly id: string;
  readonly op: WsOpName;
  readonly code: string;
  readonly msg: string;
  readonly data: readonly Row[];
  readonly inTime: string;
  readonly outTime: string;
}
