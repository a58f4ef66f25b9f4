/**
 * GET market/trades; channels `trades` (several matches of one taker in one row, `tradeId` the last) and `trades-all`.
 * `side` is the taker's. Source: okx-v5.md §4.3.
 */
import { integer, millis, number, object, type Read, text, type Wire } from './field.ts';
import { side } from './order.ts';

const needed = { instId: text, tradeId: text, px: number, sz: number, side, ts: millis } as const;

/** REST row. */
export const trade = object(needed, {}, { source: text });
export type Trade = Read<typeof trade>;
export type WireTrade = Wire<typeof trade>;

/** Push; `seqId` ties it to the book, `count` is how many matches it sums. */
export const tradePush = object(needed, { count: number, seqId: integer }, { source: text });
export type WireTradePush = Wire<typeof tradePush>;
