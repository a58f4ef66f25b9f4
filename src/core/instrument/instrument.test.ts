/** The grid: whole lots, whole ticks, and one tick on one lot a whole number of 10⁻⁸ USDT. */
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { LAW, long } from '../../../test/long.ts';
import { decimal, formatDecimal } from '../numbers/decimal.ts';
import { lots, type Money, type Ticks, ticks, UnitError } from '../numbers/units.ts';
import {
  coinsPerLot,
  contractsText,
  instrument,
  lotsMaxAt,
  lotsOf,
  moneyText,
  priceText,
  ticksOf,
  tierOf,
  valueMoney,
  valueUnits,
} from './instrument.ts';

const TEXT = {
  instId: 'X-USDT-SWAP',
  baseCoin: 'X',
  ctVal: '0.01',
  lotSz: '0.01',
  minSz: '0.01',
  tickSz: '0.1',
  maxLimitSz: '1000',
  maxMarketSz: '100',
  leverageMax: 50,
  tiers: [
    { maxSz: '10', maintenanceRate: '0.004', leverageMax: 50 },
    { maxSz: '100', maintenanceRate: '0.01', leverageMax: 10 },
  ],
};

describe('an instrument', () => {
  it('reads contracts as lots and prices as ticks, and writes them back', () => {
    expect(lotsOf(BTC_SWAP, '0.36')).toBe(36);
    expect(ticksOf(BTC_SWAP, '58590.1')).toBe(585_901);
    expect(contractsText(BTC_SWAP, 36)).toBe('0.36');
    expect(priceText(BTC_SWAP, 585_901)).toBe('58590.1');
    expect(formatDecimal(coinsPerLot(BTC_SWAP))).toBe('0.0001');
  });

  it('of a coin of a millionth of a cent has whole money too: ten million of them in a contract', () => {
    const small = instrument({ ...TEXT, ctVal: '10000000', lotSz: '0.1', minSz: '0.1', tickSz: '0.000000001' });
    expect(small.moneyPerTickLot, '0.001 USDT').toBe(100_000);
    expect(priceText(small, ticksOf(small, '0.000012345'))).toBe('0.000012345');
  });

  it.each([
    ['a size off the lot grid', () => lotsOf(BTC_SWAP, '0.365'), /size 0.365 is not a multiple of the lot 0.01/],
    [
      'a price off the tick grid',
      () => ticksOf(BTC_SWAP, '58590.15'),
      /price 58590.15 is not a multiple of the tick 0.1/,
    ],
    ['a price of zero', () => ticksOf(BTC_SWAP, '0'), /above 0/],
    ['a negative size', () => lotsOf(BTC_SWAP, '-1'), /0 or more/],
    ['a size past the safe range', () => lotsOf(BTC_SWAP, '100000000000000'), /whole number of lots/],
    [
      'a tick too fine to be money',
      () => instrument({ ...TEXT, tickSz: '0.0000001' }),
      /not a whole number of 0.00000001 USDT/,
    ],
    ['a tick too coarse', () => instrument({ ...TEXT, ctVal: '100000000000', tickSz: '1' }), /past the safe range/],
    ['no tier', () => instrument({ ...TEXT, tiers: [] }), /at least one/],
    ['a contract of nothing', () => instrument({ ...TEXT, ctVal: '0' }), /ctVal must be above 0/],
  ] as const)('refuses %s', (_fact, make, message) => {
    expect(make).toThrow(UnitError);
    expect(make).toThrow(message);
  });

  it('gives value to the last unit, and an error past the safe range', LAW, () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 2_000_000 }), (size, price) => {
        const exact = new Big(size).times('0.0001').times(price).times('0.1');
        expect(moneyText(valueMoney(BTC_SWAP, size, price))).toBe(exact.toFixed());
        expect(BigInt(valueUnits(BTC_SWAP, size, price))).toBe(valueMoney(BTC_SWAP, size, price));
      }),
      { numRuns: long(1000, 20_000) },
    );
    expect(() => valueUnits(BTC_SWAP, 10 ** 9, 10 ** 9)).toThrow(/past the safe range/);
    expect(() => valueUnits(BTC_SWAP, Number.NaN, 1)).toThrow();
  });

  it('knows the tier of a size, and the most lots at a leverage', () => {
    const tiered = instrument(TEXT);
    expect(tierOf(tiered, 1000).leverageMax).toBe(50);
    expect(tierOf(tiered, 1001).leverageMax).toBe(10);
    expect(tierOf(tiered, 10_001).leverageMax).toBe(10);
    expect([lotsMaxAt(tiered, 50), lotsMaxAt(tiered, 10), lotsMaxAt(tiered, 51)]).toEqual([1000, 10_000, 0]);
    expect(formatDecimal(decimal(TEXT.tickSz))).toBe('0.1');
  });
});

describe('a unit', () => {
  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('ticks are not %s', (value) => {
    expect(() => ticks(value)).toThrow(UnitError);
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('lots are not %s', (value) => {
    expect(() => lots(value)).toThrow(UnitError);
  });

  it('lots may be none', () => {
    expect(lots(0)).toBe(0);
  });

  it('is no other unit: sizes, prices and money do not compile in each other’s place', () => {
    const priceOf = (price: Ticks) => price;
    const amountOf = (amount: Money) => amount;
    // @ts-expect-error a size is no price
    expect(priceOf(lots(1))).toBe(1);
    // @ts-expect-error a plain number is no price before it was looked at
    expect(priceOf(1)).toBe(1);
    // @ts-expect-error a size is no money
    expect(amountOf(lots(1))).toBe(1);
  });
});
