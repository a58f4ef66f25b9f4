/** What OKX is asked when an order is placed or amended. Source: okx-v5.md §3. */
import type { Amend } from '../../core/decision.ts';
import { contractsText, type Instrument, priceText } from '../../core/instrument/instrument.ts';
import type { Order } from '../../core/orders/order.ts';
import type { NumberInString } from '../wire/field.ts';
import type { AmendAlgo, AmendOrder, PlaceConditional, PlaceOrder } from '../wire/request.ts';

type Placing =
  | { readonly kind: 'order'; readonly body: PlaceOrder }
  /** A stop sleeps as an algo order; the client id names it and the order that it sends. */
  | { readonly kind: 'algo'; readonly body: PlaceConditional };

/** An order as OKX takes it: isolated, net mode. */
export function placingOf(order: Order, of: Instrument): Placing {
  const shared = {
    instId: order.instId,
    tdMode: 'isolated',
    side: order.side === 1 ? 'buy' : 'sell',
    sz: contracts(of, order.sizeLots),
    reduceOnly: order.reduceOnly,
  } as const;
  const { terms, clientId } = order;
  switch (terms.type) {
    case 'market':
      return { kind: 'order', body: { ...shared, clOrdId: clientId, ordType: 'market' } };
    case 'limit':
      return {
        kind: 'order',
        body: {
          ...shared,
          clOrdId: clientId,
          ordType: terms.postOnly ? 'post_only' : 'limit',
          px: price(of, terms.priceTicks),
        },
      };
    case 'ioc':
      return {
        kind: 'order',
        body: { ...shared, clOrdId: clientId, ordType: 'ioc', px: price(of, terms.priceTicks) },
      };
    case 'stop':
      return {
        kind: 'algo',
        body: {
          ...shared,
          algoClOrdId: clientId,
          ordType: 'conditional',
          slTriggerPx: price(of, terms.triggerTicks),
          slOrdPx: '-1',
          slTriggerPxType: terms.by,
        },
      };
  }
}

/** An amendment of an order. `newSz` is the total, what has filled included. */
export function amendOrderOf(
  change: Pick<Amend, 'instId' | 'clientId' | 'priceTicks' | 'sizeLots'>,
  of: Instrument,
  reqId: string,
): AmendOrder {
  return {
    instId: change.instId,
    clOrdId: change.clientId,
    reqId,
    cxlOnFail: false,
    ...(change.sizeLots === undefined ? {} : { newSz: contracts(of, change.sizeLots) }),
    ...(change.priceTicks === undefined ? {} : { newPx: price(of, change.priceTicks) }),
  };
}

export function amendAlgoOf(
  change: Pick<Amend, 'instId' | 'clientId' | 'triggerTicks' | 'sizeLots'>,
  of: Instrument,
  reqId: string,
): AmendAlgo {
  return {
    instId: change.instId,
    algoClOrdId: change.clientId,
    reqId,
    ...(change.sizeLots === undefined ? {} : { newSz: contracts(of, change.sizeLots) }),
    ...(change.triggerTicks === undefined
      ? {}
      : { newSlTriggerPx: price(of, change.triggerTicks), newSlOrdPx: '-1' as const }),
  };
}

function contracts(of: Instrument, sizeLots: number): NumberInString {
  return contractsText(of, sizeLots) as NumberInString;
}

function price(of: Instrument, priceTicks: number): NumberInString {
  return priceText(of, priceTicks) as NumberInString;
}
