/** Replies to order-algo, cancel-algos and amend-algos, judged by `sCode` like every row. Source: okx-v5.md §3.3. */
import { object, text, type Wire } from './field.ts';

const row = { algoId: text, sCode: text, sMsg: text } as const;

/** `clOrdId` returns what was sent under either name: OKX takes it for `algoClOrdId` too. */
export const algoAck = object(row, { algoClOrdId: text, clOrdId: text }, { tag: text });
export type WireAlgoAck = Wire<typeof algoAck>;

export const algoCancelAck = object(row, { algoClOrdId: text }, {});
export type WireAlgoCancelAck = Wire<typeof algoCancelAck>;

export const algoAmendAck = object(row, { algoClOrdId: text, reqId: text }, {});
export type WireAlgoAmendAck = Wire<typeof algoAmendAck>;
