/** What funding OKX expects. Source: okx-v5.md §1.6. */
import type { FundingForecast } from '../../core/event.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { inE8 } from '../numbers.ts';
import type { FundingRate } from '../wire/funding.ts';

/** `fundingRate` is the forecast for `fundingTime`. Finer than 10⁻⁸ it is rounded away from zero. */
export function fundingForecastOf(row: FundingRate, atMs: number): FundingForecast {
  const rate = decimal(row.fundingRate);
  const rateE8 = Number(inE8(rate, rate.units < 0n ? 'down' : 'up'));
  const at = row.ts === undefined || row.ts === '' ? atMs : Number(row.ts);
  const settlesAt = Number(row.fundingTime);
  const nextSettlesAt = Number(row.nextFundingTime);
  const next = nextSettlesAt > settlesAt ? { nextSettlesAt } : {};
  return { kind: 'funding-forecast', at, instId: row.instId, rateE8, settlesAt, ...next };
}
