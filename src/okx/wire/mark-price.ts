/**
 * GET public/mark-price; channel `mark-price` (200 ms on change, 10 s otherwise). All risk uses this price, never the
 * last. Source: okx-v5.md §1.6, §2.
 */
import { millis, number, object, type Read, text, type Wire } from './field.ts';
import { instType } from './instrument.ts';

export const markPrice = object({ instId: text, markPx: number, ts: millis }, {}, { instType });
export type MarkPrice = Read<typeof markPrice>;
export type WireMarkPrice = Wire<typeof markPrice>;
