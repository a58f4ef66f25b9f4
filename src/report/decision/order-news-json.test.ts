/** What the exchange told of an order is read in contracts and USDT, never in lots, ticks and units of money. */
import { describe, expect, it } from 'vitest';
import { knownInstrument } from '../../../test/generated.ts';
import type { CoreEvent } from '../../core/event.ts';
import { lots, money, ticks } from '../../core/numbers/units.ts';
import { orderNewsJson } from './order-news-json.ts';

const ETH = knownInstrument('ETH-USDT-SWAP');
const head = { at: 5, clientId: 'rwx000001e00010' };
const shown = (event: CoreEvent) => orderNewsJson(event, ETH);

describe('of an order', () => {
  it.each([1, -1] as const)('a fill of side %i has price, contracts, fee and a word for its side', (side) => {
    const event: CoreEvent = {
      kind: 'filled',
      ...head,
      instId: ETH.instId,
      tradeId: '1',
      side,
      sizeLots: lots(51),
      priceTicks: ticks(286_913),
      fee: money(2_926_513n),
      liquidity: 'maker',
      cause: 'order',
    };
    expect(shown(event)).toEqual({
      kind: 'filled',
      ...head,
      instId: ETH.instId,
      tradeId: '1',
      side: side === 1 ? 'buy' : 'sell',
      contracts: '0.51',
      price: '2869.13',
      fee: '0.02926513',
      liquidity: 'maker',
      cause: 'order',
    });
  });

  it('an amendment tells where it stands, an end what was filled', () => {
    const stands = { ticks: 286_913, sizeLots: lots(51) };
    expect(shown({ kind: 'order-amended', ...head, done: true, stands })).toEqual({
      kind: 'order-amended',
      ...head,
      done: true,
      stands: { price: '2869.13', contracts: '0.51' },
    });
    expect(shown({ kind: 'order-amended', ...head, done: false })).toEqual({
      kind: 'order-amended',
      ...head,
      done: false,
    });
    expect(shown({ kind: 'order-ended', ...head, filledLots: lots(20), cause: 'cancelled' })).toEqual({
      kind: 'order-ended',
      ...head,
      filled: '0.2',
      cause: 'cancelled',
    });
  });

  it('what has no unit stays as it is', () => {
    expect(shown({ kind: 'order-accepted', ...head })).toEqual({ kind: 'order-accepted', ...head });
  });
});
