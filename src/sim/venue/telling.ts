/** The simulated account in the core's words: what happens to it, and how it stands. */
import type { CoreEvent, OrderAmended, OrderStanding } from '../../core/event.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { lots, money, ticks } from '../../core/numbers/units.ts';
import type { SimAccount } from '../account/account.ts';
import type { AccountListener, EndCause, Rejection, SimFill, SimOrder } from '../matching/order.ts';

type Hear = (event: CoreEvent) => void;

/** Tells every happening of an account as an event. */
export function eventsFor(hear: Hear): AccountListener {
  return {
    accepted: (order: SimOrder, at: number) => hear({ kind: 'order-accepted', at, clientId: order.clientId }),
    amended: (order: SimOrder, at: number) => hear(amendedEvent(order, at)),
    triggered: () => undefined,
    filled: (fill: SimFill) => hear(filledEvent(fill)),
    ended: (order: SimOrder, cause: EndCause, at: number) =>
      hear({ kind: 'order-ended', at, clientId: order.clientId, filledLots: lots(order.filledLots), cause }),
    funded: (instId: string, units: number, at: number) =>
      hear({ kind: 'funding-settled', at, instId, amount: money(BigInt(units)) }),
    leverageSet: (instId: string, leverage: number, at: number) => hear({ kind: 'leverage', at, instId, leverage }),
  };
}

function filledEvent(fill: SimFill): CoreEvent {
  const { at, instId, side, liquidity, order } = fill;
  return {
    kind: 'filled',
    at,
    instId,
    tradeId: String(fill.tradeId),
    side,
    sizeLots: lots(fill.sizeLots),
    priceTicks: ticks(fill.priceTicks),
    fee: money(BigInt(fill.feeUnits)),
    liquidity,
    clientId: order?.clientId,
    cause: order === undefined ? 'liquidation' : 'order',
  };
}

/** Tells the no to an order. A client id that lives already is proof of its order, never the rejection of it (reliability.md). */
export function tellRejection(account: SimAccount, clientId: string, no: Rejection, at: number, hear: Hear): void {
  const living = no.reason === 'duplicate-client-id' ? account.order(clientId) : undefined;
  if (living !== undefined) tellStanding(living, at, hear);
  else hear({ kind: 'order-rejected', at, clientId, code: no.reason, message: no.message });
}

/** An amendment that took hold, and where the order stands with it. */
export function amendedEvent(order: SimOrder, at: number): OrderAmended {
  return { kind: 'order-amended', at, clientId: order.clientId, done: true, stands: standingOf(order) };
}

/** Tells how a living order stands. */
export function tellStanding(order: SimOrder, at: number, hear: Hear): void {
  hear({ kind: 'order-standing', at, clientId: order.clientId, ...standingOf(order) });
}

function standingOf({ priceTicks, triggerTicks, sizeLots }: SimOrder): Pick<OrderStanding, 'ticks' | 'sizeLots'> {
  return { ticks: triggerTicks === 0 ? priceTicks : triggerTicks, sizeLots: lots(sizeLots) };
}

/** Tells how the whole account stands: leverages, then one reading of balance, positions and orders. */
export function tellAccount(
  account: SimAccount,
  instruments: readonly Instrument[],
  at: number,
  hear: Hear,
  saysAvailable = true,
): void {
  const instIdOf = (index: number) => (instruments[index] as Instrument).instId;
  for (const { index, leverage } of account.positions)
    hear({ kind: 'leverage', at, instId: instIdOf(index), leverage });
  hear({
    kind: 'exchange-read',
    at,
    balance: money(account.balance),
    ...(saysAvailable ? { available: money(BigInt(account.availableUnits)) } : {}),
    positions: account.positions
      .filter((position) => position.lots > 0)
      .map(({ index, lots: size, side, costUnits, leverage }) => ({
        instId: instIdOf(index),
        signedLots: side * size,
        costUnits,
        leverage,
      })),
    orders: account.orders.flat().map((order) => {
      const { clientId, instId, reduceOnly } = order;
      return { clientId, instId, reduceOnly, stands: standingOf(order) };
    }),
  });
}
