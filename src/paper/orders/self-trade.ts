/**
 * Self-trade prevention: an account's own orders do not trade with each other. Source: okx-v5.md §1.8, §3.1; the mode is the taker's.
 *
 * Nobody's orders are matched here, so what would meet is judged by price: a resting order of the other side, in whatever margin mode, that stands
 * at the touch or before it, within the newcomer's limit. At the touch OKX asks who came first; here the own one counts as met.
 */
import type { Desk } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import type { Listing } from '../market/listing.ts';
import { isOpen, type PaperOrder, sideOfOrder } from './paper-order.ts';

/** Own orders that one of this side would meet; `limitTicks` 0: at market. The nearest first. */
export function ownInTheWay(
  floor: Floor,
  desk: Desk,
  listing: Listing,
  taker: { readonly side: PaperOrder['side']; readonly limitTicks: number },
): PaperOrder[] {
  const sign = sideOfOrder(taker.side);
  const touch = floor.bookOf(listing).touchTicks(sign);
  const bound = taker.limitTicks === 0 ? touch : sign * Math.min(sign * touch, sign * taker.limitTicks);
  const met: PaperOrder[] = [];
  for (const { index } of listing.slots)
    for (const { clientId, side, priceTicks } of desk.account.ordersAt(index)) {
      if (side === sign || priceTicks === 0 || sign * (priceTicks - bound) > 0) continue;
      const order = desk.orders.byId(clientId);
      if (order !== undefined && isOpen(order)) met.push(order);
    }
  return met.sort((a, b) => sign * (a.priceTicks - b.priceTicks));
}
