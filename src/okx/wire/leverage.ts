/**
 * GET account/leverage-info and what surrounds it: set-leverage, adjust-leverage-info, max-size, max-avail-size,
 * margin-balance. Source: okx-v5.md §1.7.
 */
import { boolean, closed, number, numberOrEmpty, object, type Read, text, type Wire } from './field.ts';
import { mgnMode } from './position.ts';

/** In net mode one row, in long/short mode two. */
export const leverageInfo = object(
  { instId: text, mgnMode, posSide: closed('net', 'long', 'short', ''), lever: number },
  {},
  { ccy: text },
);
export type LeverageInfo = Read<typeof leverageInfo>;
export type WireLeverageInfo = Wire<typeof leverageInfo>;

/** Echo of what was set; `posSide` is `""` for cross. The truth is read back from leverage-info. */
export const leverageAck = object(
  { lever: number, mgnMode, instId: text, posSide: closed('net', 'long', 'short', '') },
  {},
  {},
);
export type WireLeverageAck = Wire<typeof leverageAck>;

export const leverageEstimate = object(
  {},
  {
    estLiqPx: numberOrEmpty,
    estMgn: numberOrEmpty,
    maxLever: numberOrEmpty,
    minLever: numberOrEmpty,
    existOrd: boolean,
  },
  { estAvailTrans: numberOrEmpty, estMaxAmt: numberOrEmpty },
);
export type WireLeverageEstimate = Wire<typeof leverageEstimate>;

export const maxSize = object({ instId: text, maxBuy: numberOrEmpty, maxSell: numberOrEmpty }, {}, { ccy: text });
export type WireMaxSize = Wire<typeof maxSize>;

export const maxAvailSize = object({ instId: text, availBuy: numberOrEmpty, availSell: numberOrEmpty }, {}, {});
export type WireMaxAvailSize = Wire<typeof maxAvailSize>;

export const marginAck = object(
  { instId: text, posSide: text, amt: number, type: closed('add', 'reduce') },
  { leverage: numberOrEmpty },
  { ccy: text },
);
export type WireMarginAck = Wire<typeof marginAck>;
