import { expect, it } from 'vitest';
import { recordedRows } from '../../../test/okx/fixtures.ts';
import { BTC, FINE } from '../../../test/okx/grids.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { PayloadError } from '../payload-fault.ts';
import type { Candle } from '../wire/candle.ts';
import { candleOf } from './candle.ts';

it('a candle of before a tick and a lot grew goes onto the grid that is: its range does not shrink, its volume does not grow', () => {
  const row = ['60000', '50000.04', '50000.16', '49999.95', '50000.15', '1.239', '', '', '1'] as unknown as Candle;
  expect(candleOf(row, BTC)).toMatchObject({
    closed: { openTicks: 500_000, highTicks: 500_002, lowTicks: 499_999, closeTicks: 500_002, volumeLots: 123 },
    isPriceMapped: true,
    isVolumeMapped: true,
  });
});

it('only a closed candle is a candle', () => {
  const row = (confirm: '0' | '1') => ['1700000040000', '1', '1.2', '0.9', '1.1', '3.5', '0', '0', confirm] as Candle;
  expect(candleOf(row('0'), BTC)).toBeUndefined();
  expect(candleOf(row('1'), BTC)).toEqual({
    closed: {
      kind: 'candle-closed',
      at: 1_700_000_100_000,
      instId: BTC.instId,
      openMinute: 28_333_334,
      openTicks: 10,
      highTicks: 12,
      lowTicks: 9,
      closeTicks: 11,
      volumeLots: 350,
    },
    isPriceMapped: false,
    isVolumeMapped: false,
  });
});

it('a candle that begins within a minute is a payload fault', () => {
  const row = ['1700000040001', '1', '1.2', '0.9', '1.1', '3.5', '0', '0', '1'] as Candle;
  expect(() => candleOf(row, BTC)).toThrow(PayloadError);
});

describeWithShared('third-party payloads', () => {
  it('recorded candles lie on their grid', () => {
    for (const row of recordedRows<Candle>('http_get_candlesticks_full.json'))
      expect(candleOf(row, FINE)).toMatchObject({ isPriceMapped: false, isVolumeMapped: false });
  });
});
