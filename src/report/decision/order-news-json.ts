/** What the exchange told of an order, as people and scripts read it: prices in USDT, sizes in contracts, money as decimal strings. */
import type { CoreEvent } from '../../core/event.ts';
import { contractsText, type Instrument, moneyText, priceText } from '../../core/instrument/instrument.ts';
import { ticks } from '../../core/numbers/units.ts';

/** Keys as in the journal, but for those of a unit: `contracts`, `price`, `fee` in USDT, `side` in words. Other events stay as they are. */
export function orderNewsJson(event: CoreEvent, instrument: Instrument): Readonly<Record<string, unknown>> {
  switch (event.kind) {
    case 'filled': {
      const { side, sizeLots, priceTicks, fee, ...rest } = event;
      return {
        ...rest,
        side: side === 1 ? 'buy' : 'sell',
        contracts: contractsText(instrument, sizeLots),
        price: priceText(instrument, priceTicks),
        fee: moneyText(fee),
      };
    }
    case 'order-amended': {
      const { stands, ...rest } = event;
      if (stands === undefined) return rest;
      const price = priceText(instrument, ticks(stands.ticks));
      return { ...rest, stands: { price, contracts: contractsText(instrument, stands.sizeLots) } };
    }
    case 'order-ended': {
      const { filledLots, ...rest } = event;
      return { ...rest, filled: contractsText(instrument, filledLots) };
    }
    default:
      return { ...event };
  }
}
