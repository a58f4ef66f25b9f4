import { describe, expect, it } from 'vitest';
import { BTC } from '../../../test/okx/grids.ts';
import type { Lots, Ticks } from '../../core/numbers/units.ts';
import { clientIdOf, type OrderRole, type OrderTerms } from '../../core/orders/order.ts';
import { placingOf } from './order-request.ts';
import { algoReadingOf, orderReadingOf } from './order-standing.ts';

const { instId } = BTC;
const ours = (role: OrderRole) => clientIdOf({ run: 'lost', position: 1, role, step: 0, attempt: 1, part: 0 });

/** What OKX lists of an order that it was asked for: what does not apply is empty. */
function listed(role: OrderRole, terms: OrderTerms) {
  const reduceOnly = role !== 'entry' && role !== 'rung';
  const position = { position: 1, step: 0, attempt: 1, part: 0 } as const;
  const order = {
    instId,
    clientId: ours(role),
    role,
    side: -1,
    sizeLots: 36 as Lots,
    reduceOnly,
    terms,
    ...position,
  } as const;
  const { kind, body } = placingOf({ ...order, takenByMs: 0 }, BTC);
  const row = {
    px: '',
    clOrdId: '',
    algoClOrdId: '',
    slTriggerPx: '',
    triggerPx: '',
    ...body,
    reduceOnly: String(reduceOnly),
  };
  return kind === 'order' ? orderReadingOf(row as never, BTC) : algoReadingOf(row as never, BTC);
}

describe('an order of ours', () => {
  const at = 585_901 as Ticks;
  it.each([
    ['entry', { type: 'limit', priceTicks: at, postOnly: true }, at],
    ['rung', { type: 'limit', priceTicks: at, postOnly: true }, at],
    ['target', { type: 'limit', priceTicks: at, postOnly: false }, at],
    ['close', { type: 'market' }, 0],
    ['stop', { type: 'stop', triggerTicks: at, by: 'mark' }, at],
  ] as const)('that is a %s is listed under its name, and stands where it was asked to', (role, terms, ticks) => {
    expect(listed(role, terms)).toEqual({
      clientId: ours(role),
      instId,
      reduceOnly: role !== 'entry' && role !== 'rung',
      stands: { ticks, sizeLots: 36 },
    });
  });

  it('off the grid is there, and where it stands is not said', () => {
    const row = { instId, reduceOnly: 'true', px: '50000.1', slTriggerPx: '50000.1', triggerPx: '', sz: '0.405' };
    for (const read of [
      orderReadingOf({ ...row, clOrdId: ours('target'), algoClOrdId: '' } as never, BTC),
      algoReadingOf({ ...row, algoClOrdId: ours('target') } as never, BTC),
    ])
      expect(read).toEqual({ clientId: ours('target'), instId, reduceOnly: true });
  });

  it('that says no number at all is no order of another grid: the answer cannot be read', () => {
    const row = { instId, reduceOnly: 'true', px: 'dear', sz: '1', clOrdId: ours('target'), algoClOrdId: '' };
    expect(() => orderReadingOf(row as never, BTC)).toThrow();
  });
});

describe('an order', () => {
  it.each([
    ['that a stop of ours has sent bears the stop’s name', 'x1', ours('stop'), ours('stop')],
    ['that a stop of ours has sent without a name of its own, too', '', ours('stop'), ours('stop')],
    ['of somebody else bears its own name', 'theirs', '', 'theirs'],
    ['of somebody else’s stop bears its own name before the stop’s', 'theirs', 'their-stop', 'theirs'],
    ['of somebody else’s stop without a name of its own bears the stop’s', '', 'their-stop', 'their-stop'],
  ])('%s, and where it stands is not asked', (_, clOrdId, algoClOrdId, clientId) => {
    const row = { instId, reduceOnly: 'false', px: '50000.13', sz: '0.405', clOrdId, algoClOrdId };
    expect(orderReadingOf(row as never, BTC)).toEqual({ clientId, instId, reduceOnly: false });
  });

  it('of somebody else that sleeps is there, and where it stands is not asked', () => {
    const row = { instId, reduceOnly: 'false', slTriggerPx: '', triggerPx: '50000.13', sz: '0.405' };
    expect(algoReadingOf({ ...row, algoClOrdId: 'theirs' } as never, BTC)).toEqual({
      clientId: 'theirs',
      instId,
      reduceOnly: false,
    });
  });
});
