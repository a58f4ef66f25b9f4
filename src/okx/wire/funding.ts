/**
 * GET public/funding-rate; channel `funding-rate` (every 30–90 s). Source: okx-v5.md §1.6.
 *
 * `fundingRate` is the forecast for `fundingTime`; the interval is `nextFundingTime − fundingTime` and may change.
 * OKX may enlarge: `method`, `formulaType`, `settState`.
 */
import { millis, millisOrEmpty, number, numberOrEmpty, object, open, type Read, text, type Wire } from './field.ts';
import { instType } from './instrument.ts';

const method = open('current_period', 'next_period');
const formulaType = open('noRate', 'withRate', '');

export const fundingRate = object(
  { instId: text, fundingRate: number, fundingTime: millis, nextFundingTime: millisOrEmpty },
  { ts: millisOrEmpty, settState: open('processing', 'settled', '') },
  {
    instType,
    method,
    formulaType,
    nextFundingRate: numberOrEmpty,
    minFundingRate: numberOrEmpty,
    maxFundingRate: numberOrEmpty,
    interestRate: numberOrEmpty,
    impactValue: numberOrEmpty,
    premium: numberOrEmpty,
    settFundingRate: numberOrEmpty,
  },
);
export type FundingRate = Read<typeof fundingRate>;
export type WireFundingRate = Wire<typeof fundingRate>;

/** GET public/funding-rate-history: `fundingRate` was the forecast, `realizedRate` what was paid. */
export const fundingRecord = object(
  { instId: text, fundingRate: number, realizedRate: number, fundingTime: millis },
  {},
  { instType, formulaType, method },
);
export type FundingRecord = Read<typeof fundingRecord>;
export type WireFundingRecord = Wire<typeof fundingRecord>;
