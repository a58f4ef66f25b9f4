import { expect, it } from 'vitest';
import { orderOf } from '../../../test/recording.ts';
import type { CoreEvent, FundingForecast } from '../../core/event.ts';
import { valueUnits } from '../../core/instrument/instrument.ts';
import { MINUTE_MS } from '../../core/market/candle.ts';
import { fractions, roundedUnits } from '../../core/numbers/arithmetic.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import type { Approved } from '../../core/orders/order.ts';
import { fundingReceived } from '../../core/position/margin.ts';
import { offlineInstrument } from '../market/instruments.ts';
import { Market } from '../market/market.ts';
import { DEFAULT_FILL_MODEL } from '../matching/fill-model.ts';
import { LiveVenue } from './live-venue.ts';

const BTC = offlineInstrument('BTC-USDT-SWAP');

const startMinute = Date.UTC(2026, 2, 2, 15, 30) / MINUTE_MS;

/** A generated market with ten minutes of history, one second into its eleventh. */
function started() {
  if (BTC === undefined) throw new Error('BTC is not in the table');
  const symbol = { instId: BTC.instId, startTicks: 600_000, minuteLots: 60_000, volatility: 0.002, spreadTicks: 1 };
  const market = Market.of({ seed: 4, startMinute, correlation: 0.5, symbols: [symbol] });
  const heard: CoreEvent[] = [];
  const account = {
    id: 'a',
    startBalance: 1_000_000_000_000n,
    feeRates: { maker: decimal('0.0002'), taker: decimal('0.0005') },
    leverage: 5,
  };
  const venue = new LiveVenue({ instruments: [BTC], market, account, model: DEFAULT_FILL_MODEL }, (event) =>
    heard.push(event),
  );
  venue.tellHistory(10);
  venue.nextSecond();
  return { venue, heard, instrument: BTC };
}

it('settles funding at the rate that it forecast last', () => {
  const { venue, heard, instrument } = started();
  venue.place(orderOf('a', 1_000, 'market', { instId: instrument.instId }) as Approved);
  while (!heard.some(({ kind }) => kind === 'funding-settled')) venue.nextSecond();
  const settled = heard.find((event) => event.kind === 'funding-settled');
  if (settled === undefined) throw new Error('not heard');
  const before = heard.slice(0, heard.indexOf(settled));
  const told = before.findLast((event): event is FundingForecast => event.kind === 'funding-forecast');
  const price = before.findLast((event) => event.kind === 'price');
  if (told === undefined || price?.kind !== 'price') throw new Error('not heard');
  expect(told.settlesAt).toBe(settled.at);
  const value = fractions.whole(valueUnits(instrument, 1_000, price.markTicks));
  const rate = { over: BigInt(told.rateE8), under: 100_000_000n };
  expect(settled.amount).toBe(roundedUnits(fundingReceived(fractions, 1, value, rate), 0, 'floor'));
});

it('tells everything in the order of its time: no order is filled before it was taken', () => {
  const { venue, heard, instrument } = started();
  for (let n = 0; n < 600; n++) {
    const price = heard.findLast((event) => event.kind === 'price');
    if (price?.kind !== 'price') throw new Error('not heard');
    const terms = { type: 'limit', priceTicks: price.bidTicks, postOnly: false } as const;
    venue.place({ ...orderOf(`a${n}`, 10, 'market', { instId: instrument.instId }), terms } as Approved);
    venue.nextSecond();
  }
  const taken = new Map(heard.flatMap((each) => (each.kind === 'order-accepted' ? [[each.clientId, each.at]] : [])));
  const filled = heard.filter((event) => event.kind === 'filled');
  expect(filled.length).toBeGreaterThan(300);
  for (const { clientId = '', at } of filled) expect(at).toBeGreaterThanOrEqual(taken.get(clientId) ?? Infinity);
  const prices = heard.filter((event) => event.kind === 'price');
  expect(prices.at(-1)?.at).toBe(venue.nowMs);
});
