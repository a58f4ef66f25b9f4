/**
 * Bodies that the adapter sends. What is on the wire is ours to write: no hidden field, no broker tag. Source:
 * okx-v5.md §1.7–1.8, §3.
 *
 * Sizes are contracts, prices USDT, both as strings. `clOrdId`, `algoClOrdId`: 1–32 letters and digits. Booleans are
 * real booleans.
 */
import type { NumberInString } from './field.ts';

interface NewOrder {
  readonly instId: string;
  readonly tdMode: 'isolated';
  readonly side: 'buy' | 'sell';
  readonly sz: NumberInString;
  readonly reduceOnly: boolean;
}
/** A limit order has a price, a market order has none. */
export type PlaceOrder = NewOrder & { readonly clOrdId: string } & (
    | { readonly ordType: 'limit' | 'post_only' | 'ioc'; readonly px: NumberInString }
    | { readonly ordType: 'market' }
  );

/** A stop that stands on the exchange. */
export interface PlaceConditional extends NewOrder {
  readonly algoClOrdId: string;
  readonly ordType: 'conditional';
  readonly slTriggerPx: NumberInString;
  /** At market. */
  readonly slOrdPx: '-1';
  readonly slTriggerPxType: 'last' | 'mark';
}

/** `newSz` is the new TOTAL, the filled part included. */
export interface AmendOrder {
  readonly instId: string;
  readonly clOrdId: string;
  readonly reqId: string;
  readonly cxlOnFail: boolean;
  readonly newSz?: NumberInString;
  readonly newPx?: NumberInString;
}

export interface AmendAlgo {
  readonly instId: string;
  readonly algoClOrdId: string;
  readonly reqId: string;
  readonly newSz?: NumberInString;
  readonly newSlTriggerPx?: NumberInString;
  readonly newSlOrdPx?: '-1';
}

export interface CancelOrder {
  readonly instId: string;
  readonly clOrdId: string;
}

export interface CancelAlgo {
  readonly instId: string;
  readonly algoClOrdId: string;
}

export interface SetLeverage {
  readonly instId: string;
  readonly lever: NumberInString;
  readonly mgnMode: 'isolated';
}

/** `"0"` switches off, else 10 to 120 seconds. */
export interface CancelAllAfter {
  readonly timeOut: NumberInString;
}
