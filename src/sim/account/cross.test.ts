import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderOf, other, plain, Recording } from '../../../test/recording.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { unrealisedUnits } from '../../core/position/position.ts';
import { DEFAULT_FILL_MODEL } from '../matching/fill-model.ts';
import { Matcher } from '../matching/matcher.ts';
import { SimAccount } from './account.ts';
import { CrossMargin } from './cross.ts';

const instruments = [plain, other];

function crossed(usdt: number, indexes: readonly number[] = [0, 1]) {
  const matcher = new Matcher(instruments, { ...DEFAULT_FILL_MODEL, depthUsdtMin: 1_000_000 });
  const heard = new Recording();
  const cross = new CrossMargin(indexes, instruments, (index) => matcher.bookAt(index).markTicks);
  const feeRates = { maker: decimal('0.0002'), taker: decimal('0.0005') };
  const account = new SimAccount(
    { id: 'x', startBalance: BigInt(usdt) * 100_000_000n, feeRates, leverage: 10, cross },
    instruments,
    heard,
  );
  let at = 0;
  const go = (index: number, lastTicks: number, markTicks = lastTicks) => {
    at += 1_000;
    matcher.move({
      instId: (instruments[index] as typeof plain).instId,
      lastTicks,
      markTicks,
      volumeLots: 1_000_000,
      at,
    });
    matcher.judgeCross(account, at);
  };
  const buy = (index: number, lots: number) =>
    matcher.place(
      account,
      orderOf(`o${at}${lots}`, lots, 'market', { instId: (instruments[index] as typeof plain).instId }),
      at,
    );
  go(0, 10_000);
  go(1, 10_000);
  return { matcher, account, heard, go, buy };
}

describe('crossed positions', () => {
  it('keep their margin in the cash, and hold their value at mark over leverage of it', () => {
    const { account, matcher, buy, go } = crossed(1_000);
    buy(0, 20);
    const cash = account.cashUnits;
    expect(account.positionAt(0).marginUnits).toBe(0);
    expect(account.availableUnits).toBe(account.crossEquityUnits - account.crossWeights.initialUnits);
    go(0, 10_100);
    expect(account.cashUnits).toBe(cash);
    expect(account.crossWeights.initialUnits).toBe((20 * 10_100 * plain.moneyPerTickLot) / 10);
    expect(account.crossEquityUnits - cash).toBe(unrealisedUnits(account.positionAt(0), plain, 10_100));
    matcher.setLeverage(account, plain.instId, 7, 5_000);
    expect(account.crossWeights.initialUnits, 'rounded up').toBe(
      Math.floor((20 * 10_100 * plain.moneyPerTickLot) / 7) + 1,
    );
  });

  it('stand for each other: a gain on one lets the other lose more than its own margin', () => {
    const { account, buy, go } = crossed(300);
    buy(0, 10);
    buy(1, -10);
    go(1, 5_000);
    go(0, 8_000);
    expect(account.positionAt(0).lots, 'a fifth is lost at 10x').toBe(10);
  });

  it('are liquidated together when the equity no longer covers maintenance and closing fee, and orders with them', () => {
    const { account, matcher, buy, go, heard } = crossed(300);
    buy(0, 25);
    matcher.place(account, orderOf('rest', 2, { type: 'limit', priceTicks: 9_900 as never, postOnly: false }), 3_000);
    go(0, 9_950);
    expect(account.positionAt(0).lots).toBeGreaterThan(0);
    heard.take();
    go(0, 8_850);
    expect(account.positionAt(0).lots).toBe(0);
    expect(heard.take().join()).toContain('filled liquidation -');
    expect(account.balance).toBeGreaterThanOrEqual(0n);
  });

  it('are told as sold where they were long, as bought back where they were short', () => {
    const { buy, go, heard } = crossed(300);
    buy(0, 10);
    buy(1, -60);
    heard.take();
    go(1, 12_000);
    const sides = heard.fills.filter(({ order }) => order === undefined).map(({ instId, side }) => [instId, side]);
    expect(sides).toEqual([
      [plain.instId, -1],
      [other.instId, 1],
    ]);
  });

  it('never leave a debt: what a gap takes beyond the equity is paid for the account', () => {
    const { account, buy, go } = crossed(300);
    buy(0, 25);
    go(0, 5_000);
    expect(account.balance).toBe(0n);
    expect(account.totals.penalties).toBeLessThan(0n);
  });

  it('change their leverage only where the free money covers the difference, and never by hand', () => {
    const { account, matcher, buy } = crossed(300);
    buy(0, 20);
    expect(matcher.setLeverage(account, plain.instId, 2, 5_000)?.reason).toBe('margin-insufficient');
    expect(matcher.setLeverage(account, plain.instId, 20, 5_000)).toBeUndefined();
    expect(account.positionAt(0).marginUnits).toBe(0);
    expect(matcher.moveMargin(account, plain.instId, 1)?.reason).toBe('reduce-only-no-position');
  });

  it('balance = start + gross − fees + funding after any sequence, beside an isolated position', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('buy' as const), index: fc.nat(1), lots: fc.integer({ min: -40, max: 40 }) }),
      fc.record({ do: fc.constant('go' as const), index: fc.nat(1), to: fc.integer({ min: 8_500, max: 11_500 }) }),
      fc.record({
        do: fc.constant('fund' as const),
        index: fc.nat(1),
        rate: fc.integer({ min: -500_000, max: 500_000 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 30 }), (steps) => {
        const { account, matcher, buy, go } = crossed(500, [0]);
        let at = 1_000_000;
        for (const each of steps) {
          at += 1;
          if (each.do === 'buy') buy(each.index, each.lots);
          else if (each.do === 'go') go(each.index, each.to);
          else matcher.settleFunding(account, (instruments[each.index] as typeof plain).instId, each.rate, at);
          const { gross, fees, funding } = account.totals;
          expect(account.balance).toBe(account.startBalance + gross - fees + funding);
          expect(account.positionAt(0).marginUnits, 'a crossed position has no margin of its own').toBe(0);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
