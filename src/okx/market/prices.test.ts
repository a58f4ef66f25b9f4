import { expect, it } from 'vitest';
import { recordedRows } from '../../../test/okx/fixtures.ts';
import { BTC, FINE } from '../../../test/okx/grids.ts';
import { describeWithShared } from '../../../test/shared.ts';
import type { Ticker } from '../wire/ticker.ts';
import { markOf, touchOf, tradeOf } from './prices.ts';

it.each([
  ['58590.1', 585_901],
  ['58590.14', 585_901],
  ['58590.15', 585_902],
  ['58590.06', 585_901],
])('a mark of %s is computed, and goes to the nearest tick %d', (markPx, ticks) => {
  expect(markOf({ instId: BTC.instId, markPx, ts: '5' } as never, BTC)).toEqual({ markTicks: ticks, at: 5 });
});

it('a touch without a side is no touch', () => {
  const row = { instId: BTC.instId, bidPx: '1.5', askPx: '', ts: '7' } as unknown as Ticker;
  expect(touchOf(row, BTC)).toBeUndefined();
  expect(touchOf({ ...row, bidPx: '', askPx: '1.6' }, BTC)).toBeUndefined();
  expect(touchOf({ ...row, askPx: '1.6' }, BTC)).toEqual({ bidTicks: 15, askTicks: 16, at: 7 });
});

it.each([
  ['58590.14', '0.05', 585_901, 5],
  ['58590.15', '0.059', 585_902, 5],
  ['58590.1', '0.009', 585_901, 0],
])(
  'a trade of somebody at %s of %s is on the nearer tick, and counts its whole lots',
  (px, sz, lastTicks, sizeLots) => {
    expect(tradeOf({ px, sz, ts: '5' } as never, BTC)).toEqual({ lastTicks, sizeLots, at: 5 });
  },
);

it('a touch between two ticks is on the ones around it', () => {
  const row = { instId: BTC.instId, last: '', bidPx: '1.51', bidSz: '1', askPx: '1.52', askSz: '1', ts: '7' };
  expect(touchOf(row as Parameters<typeof touchOf>[0], BTC)).toEqual({ bidTicks: 15, askTicks: 16, at: 7 });
});

describeWithShared('third-party payloads', () => {
  it('recorded tickers have both sides', () => {
    for (const row of recordedRows<Ticker>('ws_tickers.json')) expect(touchOf(row, FINE)).toBeDefined();
  });
});
