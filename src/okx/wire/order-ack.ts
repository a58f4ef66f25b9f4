/**
 * Replies to placing, amending, cancelling, closing and cancel-all-after. Source: okx-v5.md §1.2, §1.8.
 *
 * A row is the gateway's acceptance, never execution; it is judged by its own `sCode`. `sMsg` of a success differs
 * between endpoints and years and is never tested. A rejected row has `ordId ""`.
 */
import { millis, millisOrEmpty, numberOrEmpty, object, text, type Wire } from './field.ts';

const row = { sCode: text, sMsg: text } as const;

export const orderAck = object(
  { ordId: text, clOrdId: text, ...row },
  { ts: millisOrEmpty, subCode: text },
  { tag: text },
);
export type WireOrderAck = Wire<typeof orderAck>;

export const cancelAck = object({ ordId: text, clOrdId: text, ...row }, { ts: millisOrEmpty }, {});
export type WireCancelAck = Wire<typeof cancelAck>;

export const amendAck = object(
  { ordId: text, clOrdId: text, ...row },
  { reqId: text, ts: millisOrEmpty, subCode: text },
  {},
);
export type WireAmendAck = Wire<typeof amendAck>;

/** Closing a position gives no order id back: the order is found by `clOrdId`. */
export const closeAck = object({ instId: text, posSide: text }, { clOrdId: text }, { tag: text });
export type WireCloseAck = Wire<typeof closeAck>;

/** The dead-man switch; `triggerTime` is `"0"` once switched off. */
export const cancelAllAfterAck = object({ triggerTime: numberOrEmpty, ts: millis }, {}, { tag: text });
export type WireCancelAllAfterAck = Wire<typeof cancelAllAfterAck>;
