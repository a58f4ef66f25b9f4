/**
 * GET market/candles, market/history-candles; channels `candle{bar}` on /business. Source: okx-v5.md §1.6, §4.3.
 *
 * A row is nine strings: open time, open, high, low, close, volume in contracts, volume in base coin, volume in USDT,
 * `"1"` once closed. REST gives newest first, the first row usually still forming.
 */
import * as z from 'zod';
import { millis, numberNamed, type Read, tuple, type Wire } from './field.ts';

export const candle = tuple(
  millis.read,
  numberNamed('open').read,
  numberNamed('high').read,
  numberNamed('low').read,
  numberNamed('close').read,
  numberNamed('volume').read,
  numberNamed('volume in base coin').read,
  numberNamed('volume in USDT').read,
  z.enum(['0', '1']),
);
export type Candle = Read<typeof candle>;
export type WireCandle = Wire<typeof candle>;
