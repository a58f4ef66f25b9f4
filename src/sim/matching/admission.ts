/**
 * The door of the simulated exchange: what an order may be at all, before anybody's position or money is asked.
 *
 * Every no has a reason (order.ts) and a sentence with its numbers. Prices in ticks, sizes in lots.
 */
import { contractsText, type Instrument, priceText } from '../../core/instrument/instrument.ts';
import type { Side } from '../../core/numbers/units.ts';
import type { OrderChange, OrderRequest, Rejection, RejectReason, SimOrder, SimTerms } from './order.ts';

export function isTrigger(terms: SimTerms): terms is Extract<SimTerms, { triggerTicks: number }> {
  return terms.type === 'stop' || terms.type === 'take-profit';
}

export function reject(reason: RejectReason, message: string): Rejection {
  return { reason, message };
}

/** What an order may be at all, before anybody's money is asked. `lastTicks` 0: no price yet. Less than the minimum may only close all. */
export function malformed(
  instrument: Instrument,
  request: OrderRequest,
  lastTicks: number,
  markTicks: number,
  bandBps: number,
  reducibleLots: number,
): Rejection | undefined {
  const { terms, sizeLots } = request;
  const size = () => contractsText(instrument, sizeLots);
  if (!Number.isSafeInteger(sizeLots) || sizeLots <= 0)
    return reject(
      'size-off-lot',
      `${instrument.instId}: the size must be a whole number of lots above 0, not ${sizeLots}`,
    );
  if (lastTicks === 0) return reject('no-price', `${instrument.instId} has no price yet`);
  const price = 'priceTicks' in terms ? terms.priceTicks : 'triggerTicks' in terms ? terms.triggerTicks : undefined;
  if (price !== undefined && (!Number.isSafeInteger(price) || price <= 0))
    return reject(
      'price-off-tick',
      `${instrument.instId}: the price must be a whole number of ticks above 0, not ${price}`,
    );
  const closesAll = request.reduceOnly && reducibleLots > 0 && sizeLots >= reducibleLots;
  if (sizeLots < instrument.lotsMin && !closesAll)
    return reject(
      'size-below-minimum',
      `${instrument.instId}: size ${size()} is below the minimum ${contractsText(instrument, instrument.lotsMin)} contracts`,
    );
  const isPriced = 'priceTicks' in terms;
  if (isPriced && sizeLots > instrument.lotsMaxLimitOrder)
    return reject(
      'size-above-limit-maximum',
      `${instrument.instId}: size ${size()} is above the largest limit order of ${contractsText(instrument, instrument.lotsMaxLimitOrder)} contracts`,
    );
  if (!isPriced && sizeLots > instrument.lotsMaxMarketOrder)
    return reject(
      'size-above-market-maximum',
      `${instrument.instId}: size ${size()} is above the largest market order of ${contractsText(instrument, instrument.lotsMaxMarketOrder)} contracts`,
    );
  if (isPriced && request.side * (terms.priceTicks - lastTicks) * 10_000 > lastTicks * bandBps)
    return reject(
      'price-limit',
      `${instrument.instId}: price ${priceText(instrument, terms.priceTicks)} is more than ${bandBps / 100} % beyond the last price ${priceText(instrument, lastTicks)}`,
    );
  if (isTrigger(terms) && hasPassed(terms, request.side, terms.by === 'mark' ? markTicks : lastTicks))
    return reject(
      'trigger-passed',
      `${instrument.instId}: the price has already passed the trigger ${priceText(instrument, terms.triggerTicks)}`,
    );
  return undefined;
}

/** A selling stop acts at or below its trigger, a selling take-profit at or above; buys mirrored. */
export function actsBelow(type: SimTerms['type'], side: Side): boolean {
  return (type === 'stop') === (side === -1);
}

function hasPassed(terms: Extract<SimTerms, { triggerTicks: number }>, side: Side, priceTicks: number): boolean {
  return actsBelow(terms.type, side) ? priceTicks <= terms.triggerTicks : priceTicks >= terms.triggerTicks;
}

/** The order's terms with the change in them; undefined where they have no such price. Orders on their way to the market stay as they are. */
export function changedTerms(order: SimOrder, change: OrderChange): SimTerms | undefined {
  if (order.type === 'limit' && change.triggerTicks === undefined)
    return { type: 'limit', priceTicks: change.priceTicks ?? order.priceTicks, postOnly: order.postOnly } as SimTerms;
  if (
    (order.type === 'stop' || order.type === 'take-profit') &&
    order.state === 'asleep' &&
    change.priceTicks === undefined
  )
    return { type: order.type, triggerTicks: change.triggerTicks ?? order.triggerTicks, by: order.by } as SimTerms;
  return undefined;
}
