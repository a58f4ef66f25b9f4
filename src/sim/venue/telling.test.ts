/** What a trader hears of where his orders stand, and in which order they act where the market jumps. */
import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../../test/recording.ts';
import { candlesOf, orderOf, Scripted, venueOf } from '../../../test/scripted.ts';
import type { Side, Ticks } from '../../core/numbers/units.ts';
import type { OrderTerms } from '../../core/orders/order.ts';
import type { SimVenue } from './venue.ts';

const market: OrderTerms = { type: 'market' };
const limit = (price: number): OrderTerms => ({ type: 'limit', priceTicks: price as Ticks, postOnly: false });
const stop = (trigger: number): OrderTerms => ({ type: 'stop', triggerTicks: trigger as Ticks, by: 'mark' });

/** One candle a price, in which nothing moves; what is asked is asked at its close. */
function lived(prices: readonly number[], asked: (venue: SimVenue, candle: number) => void): Scripted {
  const trader = new Scripted();
  const venue = venueOf(trader);
  const candles = candlesOf(
    PLAIN.instId,
    prices.map((price) => [price, price, price, price]),
  );
  for (let i = 0; i < candles.length; i += 1) {
    venue.runCandle(0, candles, i);
    trader.settle();
    asked(venue, i);
    trader.settle();
  }
  return trader;
}

it('an amendment is told with where the order stands: the price of a limit order, the trigger of a stop', () => {
  const { instId } = PLAIN;
  const { events } = lived([10_000, 10_000, 10_000], (venue, candle) => {
    if (candle === 0) {
      venue.place(orderOf('in', 1, 10, market));
      venue.place(orderOf('rests', 1, 10, limit(9_800)));
    }
    if (candle === 1) {
      venue.place(orderOf('stop', -1, 10, stop(9_700)));
      venue.amend({ instId, clientId: 'rests', priceTicks: 9_810 as Ticks });
      venue.amend({ instId, clientId: 'stop', triggerTicks: 9_690 as Ticks });
    }
  });
  expect(events.filter(({ kind }) => kind === 'order-amended')).toMatchObject([
    { clientId: 'rests', done: true, stands: { ticks: 9_810, sizeLots: 10 } },
    { clientId: 'stop', done: true, stands: { ticks: 9_690, sizeLots: 10 } },
  ]);
});

describe.each<Side>([1, -1])('a gap against a position of side %i', (side) => {
  const at = (favour: number) => 10_000 + side * favour;

  it.each(['the stop is older', 'the rung is older'])(
    'fills the rung before it comes to the stop beyond: %s',
    (which) => {
      const trader = lived([10_000, 10_000, at(-400)], (venue, candle) => {
        if (candle === 0) venue.place(orderOf('in', side, 10, market));
        if (candle !== 1) return;
        const orders = [orderOf('stop', -side as Side, 10, stop(at(-300))), orderOf('rung', side, 10, limit(at(-200)))];
        for (const order of which === 'the stop is older' ? orders : orders.toReversed()) venue.place(order);
      });
      expect(trader.fills().map((fill) => fill.split(' ')[0])).toEqual(['in', 'rung', 'stop']);
    },
  );
});
