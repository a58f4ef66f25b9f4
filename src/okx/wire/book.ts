/**
 * GET market/books; channels `books`, `books5`, `bbo-tbt`. Source: okx-v5.md §1.6, §4.3.
 *
 * A level is price, size in contracts, a deprecated `"0"`, number of orders; size `"0"` deletes. `checksum` has been 0
 * since 2026-06-23: a book is validated by `seqId` and `prevSeqId` alone (book.ts).
 */
import { integer, list, millis, number, object, type Read, text, tuple, type Wire } from './field.ts';

const level = tuple(number.read, number.read, text.read, text.read);

/** REST body; older replies lack `seqId`. */
export const book = object({ asks: list(level), bids: list(level), ts: millis }, { seqId: integer }, {});
export type WireBook = Wire<typeof book>;

/** One push of channel `books`; `action` stands beside it in the envelope. */
export const bookChange = object(
  { asks: list(level), bids: list(level), ts: millis, seqId: integer, prevSeqId: integer },
  {},
  { checksum: integer },
);
export type BookChange = Read<typeof bookChange>;
export type WireBookChange = Wire<typeof bookChange>;

/** One push of `books5` or `bbo-tbt`: complete each time. */
export const bookTop = object(
  { asks: list(level), bids: list(level), ts: millis, seqId: integer },
  { instId: text },
  {},
);
export type WireBookTop = Wire<typeof bookTop>;
export type WireBookLevel = Wire<typeof level>;
