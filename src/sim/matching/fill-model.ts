/**
 * Three small models of what a candle does not say: fees, what a taker pays, and when and how much a resting order is filled.
 *
 * Each lies in a known direction; docs/fills.md says which, with its test. Prices in ticks, sizes in lots, fees in whole 10⁻⁸ USDT.
 */

import { type Instrument, valueUnits } from '../../core/instrument/instrument.ts';
import type { Decimal } from '../../core/numbers/decimal.ts';
import { MONEY_PER_USDT, type Side } from '../../core/numbers/units.ts';
import { timesOver } from '../../core/position/position.ts';

/** Whether price must trade through a limit by one tick (`pessimistic`), or touching it is enough (`optimistic`). */
export type Outlook = 'pessimistic' | 'optimistic';

export interface FillModel {
  readonly outlook: Outlook;
  /** Distance between best bid and best ask where nobody quotes it; half of it, rounded up, is on each side of the last price. */
  readonly spreadTicks: number;
  /** What a taker loses beyond the touch, in bps of the price, rounded up to a tick. */
  readonly slippageBps: number;
  /** Share of the traded volume that all resting orders of an instrument get. 0.1: who waits at a price stands behind nine others. */
  readonly participation: number;
  /** Share of the traded volume that a taker finds at his price; what is left of the order goes on with the next move. */
  readonly depth: number;
  /** USDT that always stand at the touch, however little was traded. */
  readonly depthUsdtMin: number;
  /** How far from the last price an order may be priced, in bps: OKX's bands were ±2 % (okx-v5.md §2). */
  readonly priceLimitBps: number;
  /** What happens to the part of a reduce-only order beyond the position: OKX's papers conflict, so it is a choice. */
  readonly reduceOnlyExcess: 'trim' | 'reject';
}

/** The defaults of design.md §6, with this room's own numbers for what the papers leave open. */
export const DEFAULT_FILL_MODEL: FillModel = {
  outlook: 'pessimistic',
  spreadTicks: 1,
  slippageBps: 1,
  participation: 0.1,
  depth: 0.3,
  depthUsdtMin: 10_000,
  priceLimitBps: 200,
  reduceOnlyExcess: 'trim',
};

/** The first last price at which a resting limit order is filled. */
export function fillLevelTicks(outlook: Outlook, side: Side, priceTicks: number): number {
  return outlook === 'pessimistic' ? priceTicks - side : priceTicks;
}

/** What a taker pays or gets when the touch on his side is `touchTicks`. Never below one tick. */
export function takerTicks(model: FillModel, side: Side, touchTicks: number): number {
  const slip = Math.ceil((touchTicks * model.slippageBps) / 10_000);
  return Math.max(1, touchTicks + side * slip);
}

/** Lots that a taker finds when `volumeLots` are traded in a move around `lastTicks`. */
export function depthLots(model: FillModel, instrument: Instrument, volumeLots: number, lastTicks: number): number {
  const always = (model.depthUsdtMin * Number(MONEY_PER_USDT)) / (lastTicks * instrument.moneyPerTickLot);
  return Math.max(instrument.lotsMin, Math.floor(Math.max(always, volumeLots * model.depth)));
}

/** A rate of the value as a ratio of whole numbers: fees are integers times integers. */
export interface FeeRate {
  readonly rate: Decimal;
  readonly over: number;
  readonly under: number;
}

export function feeRate(rate: Decimal): FeeRate {
  return { rate, over: Number(rate.units), under: 10 ** rate.scale };
}

/** The fee of a fill, rounded up against the account: a fee never costs less, a rebate never brings more. */
export function feeUnits(instrument: Instrument, rate: FeeRate, sizeLots: number, priceTicks: number): number {
  return timesOver(valueUnits(instrument, sizeLots, priceTicks), rate.over, rate.under, 'ceil');
}
