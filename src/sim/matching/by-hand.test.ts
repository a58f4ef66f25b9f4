import { describe, expect, it } from 'vitest';
import { accountOf, orderOf, plain, travel } from '../../../test/recording.ts';
import { DEFAULT_FILL_MODEL } from './fill-model.ts';
import { Matcher } from './matcher.ts';

function holding(lots = 10) {
  const matcher = new Matcher([plain], DEFAULT_FILL_MODEL);
  const { account, heard } = accountOf([plain]);
  travel(matcher, 10_000, 1_000);
  const order = matcher.place(account, orderOf('a', lots, 'market'), 1_000);
  expect('reason' in order ? order.message : '').toBe('');
  return { matcher, account, heard, position: account.positionAt(0) };
}

describe('margin moved by hand', () => {
  it('adds margin from the free money, and the position dies further away', () => {
    const { matcher, account, position } = holding();
    const before = { margin: position.marginUnits, level: position.liquidationTicks, cash: account.cashUnits };
    expect(matcher.moveMargin(account, plain.instId, 1_000_000)).toBeUndefined();
    expect(position.marginUnits).toBe(before.margin + 1_000_000);
    expect(account.cashUnits).toBe(before.cash - 1_000_000);
    expect(position.liquidationTicks).toBeLessThanOrEqual(before.level);
    // 50 USDT more on 1000 USDT are some 5 % of the price.
    expect(matcher.moveMargin(account, plain.instId, 50 * 1e8)).toBeUndefined();
    expect(position.liquidationTicks).toBeLessThan(before.level - 400);
    travel(matcher, before.level, 2_000);
    expect(position.lots).toBe(10);
  });

  it('takes back what was added, and never more: the initial margin stays', () => {
    const { matcher, account, position } = holding();
    const initial = position.marginUnits;
    matcher.moveMargin(account, plain.instId, 1_000_000);
    expect(matcher.moveMargin(account, plain.instId, -1_000_001)?.reason).toBe('margin-insufficient');
    expect(matcher.moveMargin(account, plain.instId, -1_000_000)).toBeUndefined();
    expect(position.marginUnits).toBe(initial);
  });

  it('refuses more than is free, and a position that is not there', () => {
    const { matcher, account } = holding();
    expect(matcher.moveMargin(account, plain.instId, account.availableUnits + 1)?.reason).toBe('margin-insufficient');
    const flat = accountOf([plain]).account;
    expect(matcher.moveMargin(flat, plain.instId, 1)?.reason).toBe('reduce-only-no-position');
  });
});

describe('deleveraging', () => {
  it('takes lots over at the mark without a fee', () => {
    const { matcher, account, heard, position } = holding();
    const feeBefore = account.totals.fees;
    matcher.deleverage(account, plain.instId, 4, 2_000);
    expect(position.lots).toBe(6);
    expect(account.totals.fees).toBe(feeBefore);
    matcher.place(account, orderOf('b', 10, 'market'), 2_000);
    const ids = heard.fills.map(({ tradeId }) => tradeId);
    expect(new Set(ids).size, 'no trade has the number of another').toBe(3);
  });

  it('buys back what a short is to lose', () => {
    const { matcher, account, heard, position } = holding(-10);
    matcher.deleverage(account, plain.instId, 4, 2_000);
    expect([position.side, position.lots]).toEqual([-1, 6]);
    expect(heard.fills.at(-1)).toMatchObject({ side: 1, sizeLots: 4, feeUnits: 0 });
  });

  it('throws on more lots than there are: a bug of the caller', () => {
    const { matcher, account } = holding();
    expect(() => matcher.deleverage(account, plain.instId, 11, 2_000)).toThrow('no 11 lots');
  });
});
