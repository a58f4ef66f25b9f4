import { expect, it } from 'vitest';
import { counted, countedRu } from './counted.ts';

it.each([
  [0, '0 candles', '0 свечей'],
  [1, '1 candle', '1 свеча'],
  [2, '2 candles', '2 свечи'],
  [5, '5 candles', '5 свечей'],
  [11, '11 candles', '11 свечей'],
  [21, '21 candles', '21 свеча'],
  [104, '104 candles', '104 свечи'],
  [10_080, '10,080 candles', '10\u202f080 свечей'],
])('%i in words', (count, english, russian) => {
  expect(counted(count, 'candle')).toBe(english);
  expect(countedRu(count, 'свеча', 'свечи', 'свечей')).toBe(russian);
});
