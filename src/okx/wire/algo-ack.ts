/** Replies to order-algo, cancel-algos and amend-algos, judged by `sCode` like every row. Source: okx-v5.md §3.3. */
import { object, type Read, text, type Wire } from './field.ts';

const row = { algoId: text, sCode: text, sMsg: text } as const;

/** `clOrdId` returns what was sent under either name: OKX takes it for `algoClOrdId` too. */
export const algoAck = object(row, { algoClOrdId: text, clOrdId: text }, { tag: text });
export type AlgoAck = Read<typeof algoAck>;
export type WireAlgoAck = Wire<typeof algoAck>;

export const algoCancelAck = object(row, { algoClOrdId: text }, {});
export type AlgoCancelAck = Read<typeof algoCancelAck>;
export type WireAlgoCancelAck = Wire<typeof algoCancelAck>;

export const algoAmendAck = object(row, { algoClOrdId: text, reqId: text }, {});
export type AlgoAmendAck = Read<typeof algoAmendAck>;
export type WireAlgoAmendAck = Wire<typeof algoAmendAck>;
