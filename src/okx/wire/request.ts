/**
 * Bodies that the adapter sends. What is on the wire is ours to write: no hidden field, no broker tag. Source:
 * okx-v5.md §1.7–1.8, §3.
 *
 * Sizes are contracts, prices USDT, both as strings. `clOrdId`, `algoClOrdId`: 1–32 letters and digits. Booleans are
 * real booleans.
 */
import type { NumberInString } from './field.ts';

type MarginMode = 'isolated' | 'cross';
type OrderName = { readonly ordId: string } | { readonly clOrdId: string };
type AlgoName = { readonly algoId: string } | { readonly algoClOrdId: string };

interface AttachedStop {
  readonly attachAlgoClOrdId: string;
  readonly slTriggerPx: NumberInString;
  /** `"-1"` = at market. */
  readonly slOrdPx: NumberInString;
  readonly slTriggerPxType: 'last' | 'mark';
}

interface NewOrder {
  readonly instId: string;
  readonly tdMode: MarginMode;
  readonly side: 'buy' | 'sell';
  readonly sz: NumberInString;
  readonly clOrdId: string;
  readonly reduceOnly?: boolean;
  readonly attachAlgoOrds?: readonly AttachedStop[];
}
/** A limit order has a price, a market order has none. */
export type PlaceOrder = NewOrder &
  (
    | { readonly ordType: 'limit' | 'post_only' | 'ioc' | 'fok'; readonly px: NumberInString }
    | { readonly ordType: 'market' | 'optimal_limit_ioc' }
  );

export type CancelOrder = { readonly instId: string } & OrderName;

/** `newSz` is the new TOTAL, the filled part included. */
export type AmendOrder = {
  readonly instId: string;
  readonly reqId: string;
  readonly cxlOnFail: boolean;
  readonly newSz?: NumberInString;
  readonly newPx?: NumberInString;
} & OrderName;

export interface ClosePosition {
  readonly instId: string;
  readonly mgnMode: MarginMode;
  readonly autoCxl: boolean;
  readonly clOrdId: string;
}

/** A stop or take-profit that stands on the exchange. */
export interface PlaceConditional {
  readonly instId: string;
  readonly tdMode: MarginMode;
  readonly side: 'buy' | 'sell';
  readonly ordType: 'conditional';
  readonly sz: NumberInString;
  readonly algoClOrdId: string;
  readonly reduceOnly: boolean;
  readonly slTriggerPx?: NumberInString;
  readonly slOrdPx?: NumberInString;
  readonly slTriggerPxType?: 'last' | 'mark';
  readonly tpTriggerPx?: NumberInString;
  readonly tpOrdPx?: NumberInString;
  readonly tpTriggerPxType?: 'last' | 'mark';
}

export type CancelAlgo = { readonly instId: string } & AlgoName;

export type AmendAlgo = {
  readonly instId: string;
  readonly reqId: string;
  readonly newSz?: NumberInString;
  readonly newSlTriggerPx?: NumberInString;
  readonly newSlOrdPx?: NumberInString;
} & AlgoName;

export interface SetLeverage {
  readonly instId: string;
  readonly lever: NumberInString;
  readonly mgnMode: MarginMode;
}

/** `"0"` switches off, else 10 to 120 seconds. */
export interface CancelAllAfter {
  readonly timeOut: NumberInString;
}
