import { describe, expect, it } from 'vitest';
import { BTC } from '../../../test/okx/grids.ts';
import type { Lots, Ticks } from '../../core/numbers/units.ts';
import type { Order, OrderTerms } from '../../core/orders/order.ts';
import { amendAlgoOf, amendOrderOf, placingOf } from './order-request.ts';

function order(terms: OrderTerms, more: Partial<Order> = {}): Order {
  return {
    clientId: 'rwtest000001e000101',
    instId: BTC.instId,
    role: 'entry',
    position: 1,
    step: 0,
    attempt: 1,
    part: 0,
    side: 1,
    sizeLots: 36 as Lots,
    reduceOnly: false,
    terms,
    takenByMs: 0,
    ...more,
  };
}

describe('orders as OKX takes them', () => {
  const shared = { instId: BTC.instId, tdMode: 'isolated', side: 'buy', sz: '0.36', reduceOnly: false };
  const clOrdId = 'rwtest000001e000101';
  const at = (ticks: number) => ticks as Ticks;

  it.each([
    ['market', order({ type: 'market' }), { ...shared, clOrdId, ordType: 'market' }],
    [
      'limit',
      order({ type: 'limit', priceTicks: at(585_901), postOnly: false }),
      { ...shared, clOrdId, ordType: 'limit', px: '58590.1' },
    ],
    [
      'post-only',
      order({ type: 'limit', priceTicks: at(585_900), postOnly: true }),
      { ...shared, clOrdId, ordType: 'post_only', px: '58590' },
    ],
    ['ioc', order({ type: 'ioc', priceTicks: at(1) }), { ...shared, clOrdId, ordType: 'ioc', px: '0.1' }],
    [
      'reduce-only sell',
      order({ type: 'market' }, { side: -1, reduceOnly: true, sizeLots: 100 as Lots }),
      { ...shared, side: 'sell', sz: '1', reduceOnly: true, clOrdId, ordType: 'market' },
    ],
  ])('%s', (_, given, body) => {
    expect(placingOf(given, BTC)).toEqual({ kind: 'order', body });
  });

  it.each(['mark', 'last'] as const)('a stop by %s sleeps as an algo order under its client id', (by) => {
    const stop = order({ type: 'stop', triggerTicks: at(570_000), by }, { role: 'stop', side: -1, reduceOnly: true });
    const { reduceOnly: _, ...rest } = shared;
    expect(placingOf(stop, BTC)).toEqual({
      kind: 'algo',
      body: {
        ...rest,
        side: 'sell',
        reduceOnly: true,
        algoClOrdId: clOrdId,
        ordType: 'conditional',
        slTriggerPx: '57000',
        slOrdPx: '-1',
        slTriggerPxType: by,
      },
    });
  });

  it('an amendment names only what changes, and the whole size', () => {
    const change = { instId: BTC.instId, clientId: clOrdId };
    expect(amendOrderOf({ ...change, priceTicks: at(10) }, BTC, 'a1')).toEqual({
      instId: BTC.instId,
      clOrdId,
      reqId: 'a1',
      cxlOnFail: false,
      newPx: '1',
    });
    expect(amendOrderOf({ ...change, sizeLots: 5 as Lots }, BTC, 'a2')).toMatchObject({ newSz: '0.05' });
    const algo = { instId: BTC.instId, algoClOrdId: clOrdId };
    const moved = { newSlTriggerPx: '1', newSlOrdPx: '-1' };
    const resized = { newSz: '0.05' };
    expect(amendAlgoOf({ ...change, triggerTicks: at(10), sizeLots: 5 as Lots }, BTC, 'a3')).toEqual({
      ...algo,
      reqId: 'a3',
      ...resized,
      ...moved,
    });
    expect(amendAlgoOf({ ...change, triggerTicks: at(10) }, BTC, 'a4')).toEqual({ ...algo, reqId: 'a4', ...moved });
    expect(amendAlgoOf({ ...change, sizeLots: 5 as Lots }, BTC, 'a5')).toEqual({ ...algo, reqId: 'a5', ...resized });
  });
});
