import { expect, it } from 'vitest';
import { orderOf } from '../../test/recording.ts';
import { MINUTE_MS } from '../core/candle.ts';
import { decimal } from '../core/decimal.ts';
import type { CoreEvent, FundingForecast } from '../core/event.ts';
import { fractions, roundedUnits } from '../core/arithmetic.ts';
import { valueUnits } from '../core/instrument.ts';
import { fundingReceived } from '../core/margin.ts';
import type { Approved } from '../core/order.ts';
import { DEFAULT_FILL_MODEL } from './fill-model.ts';
import { offlineInstrument } from './instruments.ts';
import { LiveVenue } from './live-venue.ts';
import { Market } from './market.ts';

const BTC = offlineInstrument('BTC-USDT-SWAP');

it('settles funding at the rate that it forecast last', () => {
  if (BTC === undefined) throw new Error('BTC is not in the table');
  const startMinute = Date.UTC(2026, 2, 2, 15, 30) / MINUTE_MS;
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
  venue.place(orderOf('a', 1_000, 'market', { instId: BTC.instId }) as Approved);
  while (!heard.some(({ kind }) => kind === 'funding-settled')) venue.nextSecond();
  const settled = heard.find((event) => event.kind === 'funding-settled');
  const told = heard.findLast(
    (event): event is FundingForecast => event.kind === 'funding-forecast' && event.at < (settled?.at ?? 0),
  );
  const price = heard.findLast((event) => event.kind === 'price' && event.at < (settled?.at ?? 0));
  if (settled?.kind !== 'funding-settled' || told === undefined || price?.kind !== 'price')
    throw new Error('not heard');
  expect(told.settlesAt).toBe(settled.at);
  const value = fractions.whole(valueUnits(BTC, 1_000, price.markTicks));
  const rate = { over: BigInt(told.rateE8), under: 100_000_000n };
  expect(settled.amount).toBe(roundedUnits(fundingReceived(fractions, 1, value, rate), 0, 'floor'));
});
