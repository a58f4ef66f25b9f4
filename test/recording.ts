/** What an account of the simulator hears, as short lines that a test can read at a glance. */

import { type Instrument, type InstrumentText, instrument } from '../src/core/instrument/instrument.ts';
import { decimal } from '../src/core/numbers/decimal.ts';
import { type AccountSettings, SimAccount } from '../src/sim/account/account.ts';
import type { Matcher } from '../src/sim/matching/matcher.ts';
import type { AccountListener, OrderRequest, SimFill, SimTerms } from '../src/sim/matching/order.ts';

/** One tick on one lot is 0.01 USDT: 100 lots at 10,000 ticks are worth 10,000 USDT. */
export const PLAIN: InstrumentText = {
  instId: 'PLAIN-USDT-SWAP',
  baseCoin: 'PLAIN',
  ctVal: '0.01',
  lotSz: '1',
  minSz: '2',
  tickSz: '1',
  maxLimitSz: '5000',
  maxMarketSz: '4000',
  leverageMax: 50,
  tiers: [
    { maxSz: '1000', maintenanceRate: '0.01', leverageMax: 50 },
    { maxSz: '2000', maintenanceRate: '0.02', leverageMax: 25 },
    { maxSz: '3000', maintenanceRate: '0.03', leverageMax: 20 },
    { maxSz: '4000', maintenanceRate: '0.05', leverageMax: 10 },
  ],
};

const OTHER: InstrumentText = { ...PLAIN, instId: 'OTHER-USDT-SWAP', baseCoin: 'OTHER', ctVal: '0.003' };

export const plain: Instrument = instrument(PLAIN);
export const other: Instrument = instrument(OTHER);

export class Recording implements AccountListener {
  readonly lines: string[] = [];
  readonly fills: SimFill[] = [];
  fundingUnits = 0;

  accepted(order: { clientId: string }): void {
    this.lines.push(`accepted ${order.clientId}`);
  }
  amended(order: { clientId: string }): void {
    this.lines.push(`amended ${order.clientId}`);
  }
  triggered(order: { clientId: string }): void {
    this.lines.push(`triggered ${order.clientId}`);
  }
  filled(fill: SimFill): void {
    this.fills.push(fill);
    const side = fill.side === 1 ? '+' : '-';
    const name = fill.order?.clientId ?? 'liquidation';
    this.lines.push(`filled ${name} ${side}${fill.sizeLots}@${fill.priceTicks} ${fill.liquidity}`);
  }
  ended(order: { clientId: string }, cause: string): void {
    this.lines.push(`ended ${order.clientId} ${cause}`);
  }
  funded(instId: string, units: number): void {
    this.fundingUnits += units;
    this.lines.push(`funded ${instId} ${units}`);
  }
  leverageSet(instId: string, leverage: number): void {
    this.lines.push(`leverage ${instId} ${leverage}`);
  }

  /** The lines since the last call. */
  take(): string[] {
    return this.lines.splice(0);
  }
}

export function accountOf(
  instruments: readonly Instrument[],
  settings: Partial<Omit<AccountSettings, 'startBalance'>> & { readonly usdt?: number } = {},
): { account: SimAccount; heard: Recording } {
  const heard = new Recording();
  const account = new SimAccount(
    {
      id: settings.id ?? 'a',
      startBalance: BigInt(settings.usdt ?? 100_000) * 100_000_000n,
      feeRates: settings.feeRates ?? { maker: decimal('0.0002'), taker: decimal('0.0005') },
      leverage: settings.leverage ?? 10,
    },
    instruments,
    heard,
  );
  return { account, heard };
}

export function orderOf(
  clientId: string,
  sizeLots: number,
  terms: SimTerms | 'market',
  more: Partial<OrderRequest> = {},
): OrderRequest {
  return {
    clientId,
    instId: PLAIN.instId,
    side: sizeLots > 0 ? 1 : -1,
    sizeLots: Math.abs(sizeLots),
    reduceOnly: false,
    terms: terms === 'market' ? { type: 'market' } : terms,
    ...more,
  };
}

/** Travels the last price of PLAIN, mark beside it. */
export function travel(matcher: Matcher, lastTicks: number, at: number, volumeLots = 1_000_000): void {
  matcher.move({ instId: PLAIN.instId, lastTicks, volumeLots, at });
}
