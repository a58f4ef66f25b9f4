import { expect, it } from 'vitest';
import { BTC } from '../../../test/okx/grids.ts';
import type { FundingRate } from '../wire/funding.ts';
import { fundingForecastOf } from './funding-forecast.ts';

it.each([
  ['0.0001', 10_000],
  ['-0.00003721', -3_721],
  ['0.0000372109', 3_722],
  ['-0.0000372109', -3_722],
])('funding of %s is %d of 10⁻⁸', (rate, rateE8) => {
  const row = { instId: BTC.instId, fundingRate: rate, fundingTime: '9', ts: '3' } as unknown as FundingRate;
  expect(fundingForecastOf(row, 1)).toEqual({
    kind: 'funding-forecast',
    at: 3,
    instId: BTC.instId,
    rateE8,
    settlesAt: 9,
  });
});

it.each([undefined, ''])('a forecast that does not say when it was made (%j) is of when it came', (ts) => {
  const row = { instId: BTC.instId, fundingRate: '0', fundingTime: '9', ts } as unknown as FundingRate;
  expect(fundingForecastOf(row, 1).at).toBe(1);
});

it.each([
  ['', {}],
  ['9', {}],
  ['10', { nextSettlesAt: 10 }],
])('the settlement after the next, told as "%s", is %j', (nextFundingTime, told) => {
  const row = { instId: BTC.instId, fundingRate: '0', fundingTime: '9', nextFundingTime, ts: '3' };
  const { kind: _kind, at: _at, instId: _instId, rateE8: _rateE8, ...times } = fundingForecastOf(row as FundingRate, 1);
  expect(times).toEqual({ settlesAt: 9, ...told });
});
