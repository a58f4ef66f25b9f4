import { expect, it } from 'vitest';
import { BTC } from '../../../test/okx/grids.ts';
import { clientIdOf } from '../../core/orders/order.ts';
import { orderReadingOf } from './order-standing.ts';

it('an order of ours off the grid is there, and where it stands is not said', () => {
  const clientId = clientIdOf({ run: 'lost', position: 1, role: 'target', step: 0, attempt: 1, part: 0 });
  const order = { instId: BTC.instId, reduceOnly: 'true' as const, px: '50000.1', sz: '0.405' as never };
  expect(orderReadingOf({ ...order, clOrdId: clientId, algoClOrdId: '' } as never, BTC)).toEqual({
    clientId,
    instId: BTC.instId,
    reduceOnly: true,
  });
});
