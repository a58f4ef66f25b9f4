/**
 * GET public/price-limit; channel `price-limit` (200 ms). Above `buyLmt` a buy, below `sellLmt` a sell is rejected
 * (51006). Source: okx-v5.md §1.6, §2.
 */
import { boolean, millis, numberOrEmpty, object, text, type Wire } from './field.ts';
import { instType } from './instrument.ts';

export const priceLimit = object(
  { instId: text, buyLmt: numberOrEmpty, sellLmt: numberOrEmpty, ts: millis },
  { enabled: boolean },
  { instType },
);
export type WirePriceLimit = Wire<typeof priceLimit>;
