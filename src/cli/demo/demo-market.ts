/** What the demo's ten markets are like: where they begin, how much they move and how much is traded. Made up, of the right size. */

import { type Instrument, ticksOf } from '../../core/instrument/instrument.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import type { MarketSymbol } from '../../sim/market/market.ts';
import { examplePrice } from '../input/instruments.ts';

/** Deviation of a minute's return, and USDT traded in a usual minute. */
const CHARACTERS: Readonly<Record<string, readonly [volatility: number, minuteUsdt: number]>> = {
  BTC: [0.0006, 6_000_000],
  ETH: [0.0008, 4_000_000],
  SOL: [0.0011, 1_500_000],
  XRP: [0.001, 1_000_000],
  DOGE: [0.0012, 800_000],
  BNB: [0.0008, 400_000],
  ADA: [0.0011, 300_000],
  LINK: [0.0011, 300_000],
  LTC: [0.001, 300_000],
  AVAX: [0.0012, 300_000],
};
const ANY = [0.001, 300_000] as const;

export function demoMarketOf(instrument: Instrument): Omit<MarketSymbol, 'instId'> {
  const [volatility, minuteUsdt] = CHARACTERS[instrument.baseCoin] ?? ANY;
  const price = examplePrice(instrument);
  const lotUsdt = Number(price) * Number(formatDecimal(instrument.coinsPerLot));
  return {
    startTicks: ticksOf(instrument, price),
    minuteLots: Math.max(1, Math.round(minuteUsdt / lotUsdt)),
    volatility,
    spreadTicks: 1,
  };
}
