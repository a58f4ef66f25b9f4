/** GET public/position-tiers: the tier by the position's total size in contracts. Source: okx-v5.md §1.6. */
import { number, numberOrEmpty, object, type Read, text, type Wire } from './field.ts';

export const positionTier = object(
  { tier: number, minSz: number, maxSz: number, mmr: number, maxLever: number },
  { instFamily: text, uly: text, instId: text },
  { imr: number, optMgnFactor: numberOrEmpty, quoteMaxLoan: numberOrEmpty, baseMaxLoan: numberOrEmpty },
);
export type PositionTier = Read<typeof positionTier>;
export type WirePositionTier = Wire<typeof positionTier>;
