/** Prices as OKX says them: the touch, the mark, somebody's trade. Source: okx-v5.md §1.6, §4.3. */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { decimal, inStepsOf } from '../../core/numbers/decimal.ts';
import { type Lots, type Ticks, ticks } from '../../core/numbers/units.ts';
import { wholeLots } from '../numbers.ts';
import type { MarkPrice } from '../wire/mark-price.ts';
import type { Ticker } from '../wire/ticker.ts';
import type { Trade } from '../wire/trade.ts';

export interface Touch {
  readonly bidTicks: Ticks;
  readonly askTicks: Ticks;
  readonly at: number;
}

/** Best bid and ask, on ticks that are no better; undefined where a side of the book is empty. */
export function touchOf(row: Ticker, of: Instrument): Touch | undefined {
  if (row.bidPx === '' || row.askPx === '') return undefined;
  const side = (price: string, rounding: 'down' | 'up') =>
    ticks(Number(inStepsOf(decimal(price), of.tickSize, rounding).steps));
  return { bidTicks: side(row.bidPx, 'down'), askTicks: side(row.askPx, 'up'), at: Number(row.ts) };
}

/** OKX computes the mark; between two ticks it is the nearer one. */
export function markOf(row: MarkPrice, of: Instrument): { readonly markTicks: Ticks; readonly at: number } {
  const { steps } = inStepsOf(decimal(row.markPx), of.tickSize, 'nearest');
  return { markTicks: ticks(Number(steps)), at: Number(row.ts) };
}

/** Somebody's trade: its price on the nearer tick, its size in whole lots. */
export function tradeOf(
  row: Pick<Trade, 'px' | 'sz' | 'ts'>,
  of: Instrument,
): { readonly lastTicks: Ticks; readonly sizeLots: Lots; readonly at: number } {
  const { steps } = inStepsOf(decimal(row.px), of.tickSize, 'nearest');
  return { lastTicks: ticks(Number(steps)), sizeLots: wholeLots(of, row.sz).lots, at: Number(row.ts) };
}
