/** How a listed order stands, one of ours or of somebody else. Source: okx-v5.md §1.8, §3. */
import type { OrderReading, Standing } from '../../core/event.ts';
import { type Instrument, ticksOf } from '../../core/instrument/instrument.ts';
import { UnitError } from '../../core/numbers/units.ts';
import { partsOfClientId } from '../../core/orders/order.ts';
import { lotsOfText } from '../numbers.ts';
import type { AlgoOrder } from '../wire/algo-order.ts';
import type { Order as OrderRow } from '../wire/order.ts';

/** How an order stands: price in ticks (0 at market), size in lots. */
export function standingOf(row: Pick<OrderRow, 'px' | 'sz'>, of: Instrument) {
  return { ticks: row.px === '' ? 0 : ticksOf(of, row.px), sizeLots: lotsOfText(of, row.sz) };
}

/** How a sleeping stop stands. */
export function stopStandingOf(row: Pick<AlgoOrder, 'slTriggerPx' | 'triggerPx' | 'sz'>, of: Instrument) {
  const trigger = row.slTriggerPx === '' ? row.triggerPx : row.slTriggerPx;
  return { ticks: trigger === '' ? 0 : ticksOf(of, trigger), sizeLots: lotsOfText(of, row.sz) };
}

/** An order that a stop has sent bears the stop's name, and stands where no stop does. */
export function orderReadingOf(
  row: Pick<OrderRow, 'instId' | 'clOrdId' | 'algoClOrdId' | 'reduceOnly' | 'px' | 'sz'>,
  of: Instrument,
): OrderReading {
  const { instId, clOrdId } = row;
  const reduceOnly = row.reduceOnly === 'true';
  if (!isOurs(clOrdId)) {
    const { algoClOrdId = '' } = row;
    return { clientId: isOurs(algoClOrdId) ? algoClOrdId : clOrdId || algoClOrdId, instId, reduceOnly };
  }
  return { clientId: clOrdId, instId, reduceOnly, ...standsOn(() => standingOf(row, of)) };
}

export function algoReadingOf(
  row: Pick<AlgoOrder, 'instId' | 'algoClOrdId' | 'reduceOnly' | 'slTriggerPx' | 'triggerPx' | 'sz'>,
  of: Instrument,
): OrderReading {
  const { instId, algoClOrdId: clientId } = row;
  const reduceOnly = row.reduceOnly === 'true';
  return { clientId, instId, reduceOnly, ...(isOurs(clientId) ? standsOn(() => stopStandingOf(row, of)) : {}) };
}

/** One of ours may be of a journal that is lost, and of a grid that has changed since: it is there, and where it stands cannot be said. */
function standsOn(read: () => Standing): { readonly stands?: Standing } {
  try {
    return { stands: read() };
  } catch (error) {
    if (!(error instanceof UnitError)) throw error;
    return {};
  }
}

/** Where somebody else's order stands is nobody's business here, and may be on no grid of ours. */
function isOurs(clientId: string): boolean {
  return partsOfClientId(clientId) !== undefined;
}
