/**
 * GET market/ticker, market/tickers; channel `tickers`. For swaps `vol24h` is in contracts, `volCcy24h` in base coin.
 * Source: okx-v5.md §1.6, §4.3.
 */
import { millis, number, numberOrEmpty, object, type Read, text, type Wire } from './field.ts';
import { instType } from './instrument.ts';

export const ticker = object(
  {
    instId: text,
    last: numberOrEmpty,
    askPx: numberOrEmpty,
    askSz: numberOrEmpty,
    bidPx: numberOrEmpty,
    bidSz: numberOrEmpty,
    ts: millis,
  },
  { vol24h: numberOrEmpty, volCcy24h: numberOrEmpty },
  {
    instType,
    lastSz: numberOrEmpty,
    open24h: numberOrEmpty,
    high24h: numberOrEmpty,
    low24h: numberOrEmpty,
    sodUtc0: numberOrEmpty,
    sodUtc8: numberOrEmpty,
  },
);
export type Ticker = Read<typeof ticker>;
export type WireTicker = Wire<typeof ticker>;

/** GET market/index-tickers; channel `index-tickers`. */
export const indexTicker = object(
  { instId: text, idxPx: number, ts: millis },
  {},
  {
    high24h: numberOrEmpty,
    sodUtc0: numberOrEmpty,
    open24h: numberOrEmpty,
    low24h: numberOrEmpty,
    sodUtc8: numberOrEmpty,
  },
);
export type WireIndexTicker = Wire<typeof indexTicker>;

/** GET public/open-interest; channel `open-interest`. */
export const openInterest = object(
  { instId: text, oi: number, ts: millis },
  {},
  { instType, oiCcy: number, oiUsd: number },
);
export type WireOpenInterest = Wire<typeof openInterest>;
