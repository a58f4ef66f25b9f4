import { describe, expect, it } from 'vitest';
import { accountOf, orderOf, PLAIN, plain, type Recording, travel } from '../../../test/recording.ts';
import { lotsMaxAt } from '../../core/instrument/instrument.ts';
import type { Ticks } from '../../core/numbers/units.ts';
import type { SimAccount } from '../account/account.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from './fill-model.ts';
import { Matcher } from './matcher.ts';
import type { OrderRequest, Rejection, SimOrder, SimTerms } from './order.ts';

const t = (value: number) => value as Ticks;
const limit = (price: number, postOnly = false): SimTerms => ({ type: 'limit', priceTicks: t(price), postOnly });
const stop = (trigger: number, by: 'mark' | 'last' = 'last'): SimTerms => ({
  type: 'stop',
  triggerTicks: t(trigger),
  by,
});
const target = (trigger: number): SimTerms => ({ type: 'take-profit', triggerTicks: trigger, by: 'last' });
const reducing = { reduceOnly: true } as const;

interface Desk {
  matcher: Matcher;
  account: SimAccount;
  heard: Recording;
  place(request: OrderRequest): SimOrder | Rejection;
  go(lastTicks: number, volumeLots?: number): string[];
}

/** A market at 10,000 with a spread of two ticks and 1 bp of slippage: a buyer pays 10,003, a seller gets 9,998. */
function desk(model: Partial<FillModel> = {}, settings: Parameters<typeof accountOf>[1] = {}): Desk {
  const matcher = new Matcher([plain], {
    ...DEFAULT_FILL_MODEL,
    spreadTicks: 2,
    priceLimitBps: 500,
    depthUsdtMin: 1_000_000,
    ...model,
  });
  const { account, heard } = accountOf([plain], settings);
  let now = 0;
  travel(matcher, 10_000, now);
  return {
    matcher,
    account,
    heard,
    place: (request) => matcher.place(account, request, now),
    go(lastTicks, volumeLots) {
      now += 60_000;
      travel(matcher, lastTicks, now, volumeLots);
      return heard.take();
    },
  };
}

function reasonOf(answer: SimOrder | Rejection | undefined): string | undefined {
  return answer !== undefined && 'reason' in answer ? answer.reason : undefined;
}

describe('takers', () => {
  it('a market order pays half the spread and the slippage', () => {
    const { place, heard } = desk();
    place(orderOf('a', 10, 'market'));
    expect(heard.take()).toEqual(['accepted a', 'filled a +10@10003 taker']);
    place(orderOf('b', -10, 'market'));
    expect(heard.take()).toEqual(['accepted b', 'filled b -10@9998 taker']);
  });

  it('quotes a touch as somebody gives it', () => {
    const { matcher, place, heard } = desk();
    matcher.move({ instId: PLAIN.instId, lastTicks: 10_000, bidTicks: 9_990, askTicks: 10_000, volumeLots: 1, at: 1 });
    place(orderOf('a', 10, 'market'));
    place(orderOf('b', -10, 'market'));
    expect(heard.take().filter((line) => line.startsWith('filled'))).toEqual([
      'filled a +10@10001 taker',
      'filled b -10@9989 taker',
    ]);
  });

  it('takes what stands there; the rest goes on with the next move', () => {
    const { place, heard, go } = desk({ depthUsdtMin: 1_000, depth: 0.5 });
    go(10_000, 20);
    place(orderOf('a', 25, 'market'));
    expect(heard.take()).toEqual(['accepted a', 'filled a +10@10003 taker']);
    expect(go(10_010, 20)).toEqual(['filled a +10@10003 taker']);
    expect(go(10_010, 20)).toEqual(['filled a +5@10013 taker']);
  });

  it('an IOC takes up to its price and ends', () => {
    const { place, heard, go } = desk({ depthUsdtMin: 1_000, depth: 0.5 });
    go(10_000, 20);
    place(orderOf('low', 10, { type: 'ioc', priceTicks: t(10_000) }));
    expect(heard.take()).toEqual(['accepted low', 'ended low ioc']);
    place(orderOf('touch', 15, { type: 'ioc', priceTicks: t(10_001) }));
    expect(heard.take()).toEqual(['accepted touch', 'filled touch +10@10001 taker', 'ended touch ioc']);
  });

  it('a FOK fills whole or not at all', () => {
    const { place, heard, go } = desk({ depthUsdtMin: 1_000, depth: 0.5 });
    go(10_000, 20);
    place(orderOf('much', 11, { type: 'fok', priceTicks: 10_010 }));
    place(orderOf('some', 10, { type: 'fok', priceTicks: 10_010 }));
    expect(heard.take()).toEqual(['accepted much', 'ended much fok', 'accepted some', 'filled some +10@10003 taker']);
  });

  it('a marketable limit takes at no worse than its price, and rests with what is left', () => {
    const { place, heard, go } = desk({ depthUsdtMin: 1_000, depth: 0.5 });
    go(10_000, 20);
    place(orderOf('a', 15, limit(10_002)));
    expect(heard.take()).toEqual(['accepted a', 'filled a +10@10002 taker']);
    expect(go(10_000, 1000)).toEqual(['filled a +5@10002 maker']);
  });
});

describe('resting orders', () => {
  it.each([
    ['pessimistic', 10, 9_950, 9_949],
    ['pessimistic', -10, 10_050, 10_051],
    ['optimistic', 10, 9_950, 9_950],
    ['optimistic', -10, 10_050, 10_050],
  ] as const)(
    '%s: an order of %i lots at %i fills at its price when the last price is %i, not before',
    (outlook, lots, price, level) => {
      const { place, go } = desk({ outlook });
      place(orderOf('a', lots, limit(price)));
      expect(go(level + Math.sign(lots)).filter((line) => line.startsWith('filled'))).toEqual([]);
      if (outlook === 'pessimistic') expect(go(price), 'touched').toEqual([]);
      expect(go(outlook === 'optimistic' ? level : level - Math.sign(lots) * 5)).toEqual([
        `filled a ${lots > 0 ? '+' : '-'}10@${price} maker`,
      ]);
    },
  );

  it('gets a share of what is traded beyond it, and the rest with the next moves', () => {
    const { place, go } = desk({ participation: 0.1 });
    place(orderOf('a', 30, limit(9_951)));
    // Met at half of the way from 10,000 to 9,900: half of 200 lots is traded beyond it, a tenth of that is ours.
    expect(go(9_900, 200)).toEqual(['accepted a', 'filled a +10@9951 maker']);
    expect(go(9_910, 150)).toEqual(['filled a +15@9951 maker']);
    expect(
      go(9_990, 150),
      'the price is through the order for half of the way: up to 7 lots, of which 5 are left to fill',
    ).toEqual(['filled a +5@9951 maker']);
  });

  it.each([
    // From 9,900 up: a third of the way to 9,990 lies below 9,930, and of what is traded there a tenth is ours.
    ['pessimistic', 10],
    ['optimistic', 30],
  ] as const)('%s: as the price comes back through it, gets %i of 300 lots', (outlook, lots) => {
    const { place, go } = desk({ participation: 0.1, outlook });
    place(orderOf('a', 1_000, limit(9_930)));
    go(9_900, 0);
    expect(go(9_990, 300)).toEqual([`filled a +${lots}@9930 maker`]);
  });

  it('the same for a seller; who stands a tick from the extreme gets what is traded on that tick', () => {
    const { place, go } = desk({ participation: 0.1 });
    place(orderOf('low', 10, limit(9_901)));
    place(orderOf('high', -1_000, limit(10_080)));
    go(10_110, 0);
    expect(go(10_020, 300)).toEqual(['filled high -10@10080 maker']);
    go(9_900, 0);
    expect(go(10_000, 1_000)).toEqual(['filled low +1@9901 maker']);
  });

  it('shares one volume among all that rest', () => {
    const { place, go } = desk();
    place(orderOf('a', 10, limit(9_990)));
    place(orderOf('b', 10, limit(9_980)));
    expect(go(9_900, 140).slice(2)).toEqual(['filled a +10@9990 maker', 'filled b +1@9980 maker']);
  });

  it('a post-only order that would take is accepted, then ended', () => {
    const { place, heard } = desk();
    place(orderOf('a', 10, limit(10_001, true)));
    place(orderOf('b', 10, limit(10_000, true)));
    expect(heard.take()).toEqual(['accepted a', 'ended a post-only', 'accepted b']);
  });

  it('act in the order in which the price meets them; at one price the older first', () => {
    const { place, go } = desk();
    for (const [name, price] of [
      ['c', 9_970],
      ['a', 9_990],
      ['b1', 9_980],
      ['b2', 9_980],
    ] as const)
      place(orderOf(name, 2, limit(price)));
    expect(
      go(9_900)
        .filter((line) => line.startsWith('filled'))
        .map((line) => line.split(' ')[1]),
    ).toEqual(['a', 'b1', 'b2', 'c']);
  });
});

describe('triggers', () => {
  it('a stop sleeps, wakes at its trigger and takes', () => {
    const { place, heard, go } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('s', -10, stop(9_900), reducing));
    heard.take();
    expect(go(9_901)).toEqual([]);
    expect(go(9_850)).toEqual(['triggered s', 'filled s -10@9898 taker']);
  });

  it('a gap fills at the price behind it, never at the trigger', () => {
    const { matcher, account, place, heard } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('s', -10, stop(9_900), reducing));
    heard.take();
    const book = matcher.bookAt(0);
    book.beginJump(9_700, 9_700, 60_000);
    while (matcher.advance(book, 1)) continue;
    expect(heard.take()).toEqual(['triggered s', 'filled s -10@9698 taker']);
    const slippage = (10_003 - 10_001) * 10 + (9_900 - 9_698) * 10;
    expect(account.totals.slippage, 'against touch and trigger').toBe(BigInt(slippage) * 1_000_000n);
  });

  it('triggers by mark or by last, as asked', () => {
    const { matcher, place, heard } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('m', -5, stop(9_900, 'mark'), reducing));
    place(orderOf('l', -5, stop(9_900, 'last'), reducing));
    heard.take();
    matcher.move({ instId: PLAIN.instId, lastTicks: 9_950, markTicks: 9_800, volumeLots: 1000, at: 1 });
    // Mark goes 200 ticks while last goes 50: half of the mark's way is half of the last's.
    expect(heard.take()).toEqual(['triggered m', 'filled m -5@9973 taker']);
    matcher.move({ instId: PLAIN.instId, lastTicks: 9_850, markTicks: 9_800, volumeLots: 1000, at: 2 });
    expect(heard.take()).toEqual(['triggered l', 'filled l -5@9898 taker']);
  });

  it('a take-profit trigger acts on the winning side', () => {
    const { place, heard, go } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('t', -10, target(10_100), reducing));
    heard.take();
    expect(go(10_150)).toEqual(['triggered t', 'filled t -10@10097 taker']);
  });

  it('works for at most the position: what is too much ends with it', () => {
    const { account, place, heard, go } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('s', -25, stop(9_900), reducing));
    heard.take();
    expect(go(9_850)).toEqual(['triggered s', 'filled s -10@9898 taker', 'ended s position-closed']);
    expect(account.positionAt(0).lots).toBe(0);
  });

  it('a stop that enlarges is asked for its margin when it wakes', () => {
    const { place, go } = desk({}, { usdt: 100 });
    place(orderOf('s', 50, stop(10_100)));
    expect(go(10_150)).toEqual(['accepted s', 'triggered s', 'ended s margin-insufficient']);
  });
});

describe('a stop that enlarges, when it wakes,', () => {
  it('goes to the market where its margin is free', () => {
    const { place, go } = desk({}, { usdt: 100 });
    place(orderOf('s', 5, stop(10_100)));
    expect(go(10_150).slice(0, 3)).toEqual(['accepted s', 'triggered s', 'filled s +5@10103 taker']);
  });

  it('finds margin that others hold frozen taken', () => {
    const { place, go } = desk({}, { usdt: 100 });
    place(orderOf('other', 6, limit(9_900)));
    place(orderOf('s', 5, stop(10_100)));
    expect(go(10_150).slice(2)).toEqual(['triggered s', 'ended s margin-insufficient']);
  });

  it('finds the tier used up', () => {
    const most = lotsMaxAt(plain, 20);
    const { place, go } = desk({}, { leverage: 20, usdt: 1_000_000 });
    place(orderOf('in', most - 10, limit(9_900)));
    place(orderOf('s', 20, stop(10_100)));
    expect(go(10_150).slice(2)).toEqual(['triggered s', 'ended s tier']);
  });
});

describe('reduce-only', () => {
  it('never flips: trimmed to the position', () => {
    const { account, place, heard } = desk();
    place(orderOf('in', 10, 'market'));
    heard.take();
    place(orderOf('out', -25, 'market', reducing));
    expect(heard.take()).toEqual(['accepted out', 'filled out -10@9998 taker', 'ended out reduce-only-trimmed']);
    expect(account.positionAt(0).lots).toBe(0);
  });

  it('or rejected, where the exchange is set so', () => {
    const { place } = desk({ reduceOnlyExcess: 'reject' });
    place(orderOf('in', 10, 'market'));
    expect(reasonOf(place(orderOf('out', -11, 'market', reducing)))).toBe('reduce-only-exceeds');
    expect(reasonOf(place(orderOf('out', -10, 'market', reducing)))).toBeUndefined();
  });

  it('ends with a cause when the position is closed, asleep or resting', () => {
    const { place, heard } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('stop', -10, stop(9_900), reducing));
    place(orderOf('target', -10, limit(10_100), reducing));
    heard.take();
    place(orderOf('out', -10, 'market'));
    expect(heard.take()).toEqual([
      'accepted out',
      'filled out -10@9998 taker',
      'ended stop position-closed',
      'ended target position-closed',
    ]);
  });

  it('a better priced one displaces resting ones; a worse priced one finds the position covered', () => {
    const { place, heard } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('far', -10, limit(10_200), reducing));
    heard.take();
    place(orderOf('near', -10, limit(10_100), reducing));
    expect(heard.take()).toEqual(['accepted near', 'ended far reduce-only-displaced']);
    place(orderOf('late', -5, limit(10_150), reducing));
    expect(heard.take()).toEqual(['accepted late', 'ended late reduce-only-covered']);
  });

  it('shrinks with the position it covers', () => {
    const { account, place, heard, go } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('target', -10, limit(10_100), reducing));
    place(orderOf('part', -4, 'market', reducing));
    heard.take();
    expect(account.order('target')?.sizeLots).toBe(6);
    expect(go(10_200)).toEqual(['filled target -6@10100 maker', 'ended target reduce-only-trimmed']);
  });
});

describe('what is rejected', () => {
  it.each([
    ['size-off-lot', orderOf('x', 1.5, 'market')],
    ['size-below-minimum', orderOf('x', 1, 'market')],
    ['price-off-tick', orderOf('x', 10, limit(9_999.5))],
    ['size-above-limit-maximum', orderOf('x', 5_001, limit(9_000))],
    ['size-above-market-maximum', orderOf('x', 4_001, 'market')],
    ['size-above-market-maximum', orderOf('x', 4_001, stop(10_100))],
    ['price-limit', orderOf('x', 10, limit(10_501))],
    ['price-limit', orderOf('x', -10, limit(9_499))],
    ['trigger-passed', orderOf('x', 10, stop(10_000))],
    ['trigger-passed', orderOf('x', -10, stop(10_000))],
    ['trigger-passed', orderOf('x', -10, target(10_000))],
    ['already-expired', orderOf('x', 10, 'market', { expiresAt: 0 })],
    ['unknown-instrument', orderOf('x', 10, 'market', { instId: 'NONE-USDT-SWAP' })],
    ['reduce-only-no-position', orderOf('x', -10, 'market', reducing)],
    ['tier', orderOf('x', 4_000, limit(9_900))],
    ['margin-insufficient', orderOf('x', 3_900, limit(9_900))],
  ] as const)('%s', (reason, request) => {
    const { account, place } = desk(
      {},
      { leverage: reason === 'tier' ? 20 : 10, usdt: reason === 'margin-insufficient' ? 38_000 : 1_000_000 },
    );
    const answer = place(request);
    expect(reasonOf(answer)).toBe(reason);
    expect(account.orders[0], 'nothing lives after a rejection').toEqual([]);
  });

  it('the edges pass', () => {
    const { place } = desk({}, { usdt: 1_000_000 });
    expect(reasonOf(place(orderOf('a', 10, limit(10_500))))).toBeUndefined();
    expect(reasonOf(place(orderOf('b', 2, 'market')))).toBeUndefined();
    expect(reasonOf(place(orderOf('c', -10, stop(9_999))))).toBeUndefined();
  });

  it('a reduce-only order of the same side, and a client id that lives', () => {
    const { place } = desk();
    place(orderOf('in', 10, 'market'));
    expect(reasonOf(place(orderOf('x', 10, limit(9_900), reducing)))).toBe('reduce-only-same-side');
    place(orderOf('twice', 10, limit(9_900)));
    expect(reasonOf(place(orderOf('twice', 10, limit(9_800))))).toBe('duplicate-client-id');
  });

  it('less than the minimum may close all, and only all', () => {
    const { place } = desk();
    place(orderOf('in', 4, 'market'));
    expect(reasonOf(place(orderOf('x', -1, 'market', reducing)))).toBe('size-below-minimum');
    place(orderOf('part', -3, 'market', reducing));
    expect(reasonOf(place(orderOf('rest', -1, 'market', reducing)))).toBeUndefined();
  });

  it('what rests counts for the tier, once: an amended order does not stand in its own way', () => {
    const most = lotsMaxAt(plain, 20);
    const { matcher, account, place } = desk({}, { leverage: 20, usdt: 1_000_000 });
    place(orderOf('a', most - 10, limit(9_900)));
    expect(reasonOf(place(orderOf('b', 11, limit(9_900))))).toBe('tier');
    expect(reasonOf(place(orderOf('other side', -11, limit(10_100))))).toBeUndefined();
    expect(reasonOf(matcher.amend(account, 'a', { sizeLots: most }, 1))).toBeUndefined();
    expect(reasonOf(matcher.amend(account, 'a', { sizeLots: most + 1 }, 1))).toBe('tier');
  });

  it('orders against a position first use up its lots, in the order of their placing; only the rest freezes', () => {
    const { account, place } = desk({}, { usdt: 1_000_000 });
    place(orderOf('in', 100, 'market'));
    place(orderOf('a', -60, limit(10_100)));
    expect(account.frozenUnits).toBe(0);
    place(orderOf('b', -60, limit(10_000)));
    const ofTwenty = account.frozenUnits;
    expect(ofTwenty, '2,000 / 10 + taker fee of 1, twenty lots past the position').toBe(201 * 1e8);
    place(orderOf('same side', 20, limit(10_000)));
    expect(account.frozenUnits).toBe(2 * ofTwenty);
  });

  it('what is frozen is not free; what ends is', () => {
    const { account, place, matcher } = desk({}, { usdt: 1_100 });
    place(orderOf('a', 100, limit(10_000)));
    expect(account.frozenUnits, '10,000 / 10 + taker fee of 5').toBe(1_005 * 1e8);
    expect(reasonOf(place(orderOf('b', 10, limit(10_000))))).toBe('margin-insufficient');
    expect(reasonOf(place(orderOf('c', 9, limit(10_000))))).toBeUndefined();
    matcher.cancel(account, 'a', 1);
    expect(reasonOf(place(orderOf('d', 90, limit(10_000))))).toBeUndefined();
  });

  it.each([1, -1])(
    'an order against a position of side %i needs no margin for what it closes, one of its side for all',
    (side) => {
      const { account, place } = desk({}, { usdt: 1_100 });
      place(orderOf('in', side * 100, 'market'));
      const away = limit(10_000 - side * 50);
      expect(reasonOf(place(orderOf('more', side * 100, away)))).toBe('margin-insufficient');
      expect(reasonOf(place(orderOf('out', side * -100, limit(10_000 + side * 50))))).toBeUndefined();
      expect(account.frozenUnits).toBe(0);
      expect(reasonOf(place(orderOf('beyond', side * -10, limit(10_000 + side * 50))))).toBe('margin-insufficient');
    },
  );
});

describe('amend, cancel, expiry', () => {
  it('what an order has filled already is the position, and not asked for again', () => {
    const { matcher, account, place, go } = desk({ participation: 1 }, { leverage: 10, usdt: 1_000_000 });
    const most = lotsMaxAt(matcher.bookAt(0).instrument, 10);
    place(orderOf('a', most, limit(9_950)));
    go(9_900, 3_000);
    const { filledLots } = account.order('a') ?? { filledLots: 0 };
    expect(filledLots).toBeGreaterThan(most / 4);
    expect(reasonOf(matcher.amend(account, 'a', { priceTicks: 9_890 }, 1))).toBeUndefined();
    expect(reasonOf(matcher.amend(account, 'a', { sizeLots: most + 1 }, 1))).toBe('tier');
  });

  it('the same of one that reduces, where more than the position is refused', () => {
    const { matcher, account, place, go } = desk({ participation: 1, reduceOnlyExcess: 'reject' });
    place(orderOf('in', 100, 'market'));
    place(orderOf('out', -100, limit(10_050), reducing));
    go(10_100, 100);
    const left = account.positionAt(0).lots;
    expect(left).toBeGreaterThan(10);
    expect(left).toBeLessThan(90);
    expect(reasonOf(matcher.amend(account, 'out', { priceTicks: 10_150 }, 1))).toBeUndefined();
    expect(reasonOf(matcher.amend(account, 'out', { sizeLots: 101 }, 1))).toBe('reduce-only-exceeds');
  });

  it('an amended order stands at its new price with its new size', () => {
    const { matcher, account, place, heard, go } = desk();
    place(orderOf('a', 10, limit(9_900)));
    matcher.amend(account, 'a', { priceTicks: 9_950, sizeLots: 20 }, 1);
    heard.take();
    expect(go(9_920)).toEqual(['filled a +20@9950 maker']);
  });

  it('a moved stop wakes at the new trigger', () => {
    const { matcher, account, place, heard, go } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('s', -10, stop(9_900), reducing));
    expect(reasonOf(matcher.amend(account, 's', { triggerTicks: 10_000 }, 1))).toBe('trigger-passed');
    matcher.amend(account, 's', { triggerTicks: 9_980 }, 1);
    heard.take();
    expect(go(9_970)).toEqual(['triggered s', 'filled s -10@9978 taker']);
  });

  it.each([
    ['unknown-order', 'nobody', { sizeLots: 20 }],
    ['not-amendable', 'a', { triggerTicks: 9_000 }],
    ['post-only-would-take', 'p', { priceTicks: 10_001 }],
    ['size-below-minimum', 'a', { sizeLots: 1 }],
    ['tier', 'a', { sizeLots: 5_000 }],
    ['margin-insufficient', 'a', { sizeLots: 1_100 }],
  ] as const)('%s: the order stands as it was', (reason, clientId, change) => {
    const { matcher, account, place, go } = desk({}, { leverage: 1 });
    place(orderOf('a', 10, limit(9_900)));
    place(orderOf('p', 10, limit(9_890, true)));
    expect(reasonOf(matcher.amend(account, clientId, change, 1))).toBe(reason);
    expect(go(9_880).slice(2)).toEqual(['filled a +10@9900 maker', 'filled p +10@9890 maker']);
  });

  it('no size below what is filled already', () => {
    const { matcher, account, place, go } = desk();
    place(orderOf('a', 30, limit(9_951)));
    go(9_940, 100);
    const { filledLots } = account.order('a') ?? { filledLots: 0 };
    expect(filledLots).toBeGreaterThan(0);
    expect(reasonOf(matcher.amend(account, 'a', { sizeLots: filledLots }, 1))).toBe('size-below-filled');
  });

  it('a reduce-only order that is amended past the position is trimmed to it', () => {
    const { matcher, account, place } = desk();
    place(orderOf('in', 10, 'market'));
    place(orderOf('target', -4, limit(10_100), reducing));
    matcher.amend(account, 'target', { sizeLots: 25 }, 1);
    expect(account.order('target')?.sizeLots).toBe(10);
  });

  it('a cancelled order is gone, a second cancel finds nothing', () => {
    const { matcher, account, place, heard, go } = desk();
    place(orderOf('a', 10, limit(9_950)));
    expect([matcher.cancel(account, 'a', 1), matcher.cancel(account, 'a', 1)]).toEqual([true, false]);
    heard.take();
    expect(go(9_900)).toEqual([]);
  });

  it('ends at its expiry, before what the price meets later', () => {
    const { place, heard, go } = desk();
    place(orderOf('soon', 10, limit(9_950), { expiresAt: 20_000 }));
    place(orderOf('late', 10, limit(9_950), { expiresAt: 40_000 }));
    heard.take();
    // The price is at 9,950 after 30 of the 60 seconds.
    expect(go(9_900)).toEqual(['ended soon expired', 'filled late +10@9950 maker']);
  });
});

describe('leverage and funding', () => {
  it('changes only without open orders, within the tiers, and moves the margin of an open position', () => {
    const { matcher, account, place, heard } = desk();
    const set = (leverage: number) =>
      reasonOf(matcher.setLeverage(account, PLAIN.instId, leverage, 1) as Rejection | undefined);
    place(orderOf('in', 10, 'market'));
    expect(account.positionAt(0).marginUnits).toBe((10_003 * 10 * 1e6) / 10);
    place(orderOf('x', 10, limit(9_900)));
    expect(set(5)).toBe('leverage-orders-open');
    matcher.cancel(account, 'x', 1);
    expect([set(0), set(2.5), set(51)]).toEqual([
      'leverage-out-of-range',
      'leverage-out-of-range',
      'leverage-out-of-range',
    ]);
    heard.take();
    expect(set(5)).toBeUndefined();
    expect(heard.take()).toEqual(['leverage PLAIN-USDT-SWAP 5']);
    expect(account.positionAt(0).marginUnits).toBe((10_003 * 10 * 1e6) / 5);
  });

  it('a tier that does not allow the open position refuses the leverage', () => {
    const { matcher, account, place } = desk({}, { usdt: 1_000_000 });
    place(orderOf('in', 1_500, 'market'));
    expect(reasonOf(matcher.setLeverage(account, PLAIN.instId, 26, 1))).toBe('leverage-tier');
    expect(reasonOf(matcher.setLeverage(account, PLAIN.instId, 25, 1))).toBeUndefined();
  });

  it('longs pay a positive rate on the mark value, shorts receive it', () => {
    const { matcher, account, place, heard } = desk();
    place(orderOf('in', 10, 'market'));
    heard.take();
    matcher.settleFunding(account, PLAIN.instId, 10_000, 1);
    expect(heard.take()).toEqual([`funded PLAIN-USDT-SWAP ${-0.1 * 1e8}`]);
    place(orderOf('turn', -20, 'market'));
    heard.take();
    matcher.settleFunding(account, PLAIN.instId, 10_000, 2);
    expect(heard.take()).toEqual([`funded PLAIN-USDT-SWAP ${0.1 * 1e8}`]);
  });

  it('funding takes cash first, then the margin, and draws the liquidation nearer', () => {
    const { matcher, account, place } = desk({}, { usdt: 101 });
    place(orderOf('in', 10, 'market', {}));
    const before = { ...account.positionAt(0) };
    const cash = account.cashUnits;
    matcher.settleFunding(account, PLAIN.instId, 1_000_000, 1);
    const after = account.positionAt(0);
    expect(account.cashUnits).toBe(0);
    expect(after.marginUnits).toBe(before.marginUnits - (10 * 1e8 - cash));
    expect(after.liquidationTicks).toBeGreaterThan(before.liquidationTicks);
  });
});

describe('liquidation', () => {
  it('takes the whole position of the first tiers when margin and loss only cover maintenance and the closing fee', () => {
    const { account, place, heard, go } = desk();
    place(orderOf('in', 100, 'market'));
    place(orderOf('rung', 100, limit(9_000)));
    const { liquidationTicks, marginUnits } = account.positionAt(0);
    // (10,003 × 0.9) / (1 − 0.0105) = 9,098.2
    expect(liquidationTicks).toBe(9_098);
    const balance = account.balance;
    heard.take();
    expect(go(9_099)).toEqual([]);
    expect(go(9_098)).toEqual(['ended rung liquidation', 'filled liquidation -100@9098 taker']);
    expect(balance - account.balance, 'the whole margin is lost').toBe(BigInt(marginUnits));
    expect(account.totals.penalties).toBe(BigInt(marginUnits) - BigInt((10_003 - 9_098) * 100 * 1e6));
    expect(account.positionAt(0)).toMatchObject({ lots: 0, marginUnits: 0, costUnits: 0, liquidationTicks: 0 });
  });

  it('a short mirrored', () => {
    const { account, place, heard, go } = desk();
    place(orderOf('in', -100, 'market'));
    // 9,998 × 1.1 / 1.0105 = 10,883.5: liquidated at the first tick from there on
    expect(account.positionAt(0).liquidationTicks).toBe(10_884);
    heard.take();
    expect(go(10_884)).toEqual(['filled liquidation +100@10884 taker']);
  });

  it('from the third tier on cuts two tiers down, and judges again', () => {
    const { account, place, heard, go } = desk({ depthUsdtMin: 10_000_000 }, { leverage: 10, usdt: 1_000_000 });
    place(orderOf('in', 2_500, 'market'));
    const level = account.positionAt(0).liquidationTicks;
    heard.take();
    expect(go(level)).toEqual([`filled liquidation -1500@${level} taker`]);
    expect(account.positionAt(0).lots, 'down to the end of the first tier').toBe(1_000);
    expect(account.positionAt(0).liquidationTicks, 'the lower tier asks for less').toBeLessThan(level);
    expect(go(level - 300)).toEqual(['filled liquidation -1000@9098 taker']);
  });

  it('a gap beyond it loses the margin and no more, before the stop that lay on the way', () => {
    const { matcher, account, place, heard } = desk();
    place(orderOf('in', 100, 'market'));
    place(orderOf('s', -100, stop(9_900), reducing));
    const { marginUnits } = account.positionAt(0);
    const balance = account.balance;
    heard.take();
    const book = matcher.bookAt(0);
    book.beginJump(8_000, 8_000, 60_000);
    while (matcher.advance(book, 1)) continue;
    // 9,002.7 is the bankruptcy price: filled at the next tick inside it.
    expect(heard.take()).toEqual(['ended s liquidation', 'filled liquidation -100@9003 taker']);
    expect(balance - account.balance).toBe(BigInt(marginUnits));
  });

  it('a stop above it comes first on a way without a gap', () => {
    const { place, heard, go } = desk();
    place(orderOf('in', 100, 'market'));
    place(orderOf('s', -100, stop(9_200, 'mark'), reducing));
    heard.take();
    expect(go(8_000)).toEqual(['triggered s', 'filled s -100@9198 taker']);
  });
});

describe('several accounts', () => {
  it('keep their own orders, positions and money', () => {
    const { matcher, account, place, heard } = desk();
    const second = accountOf([plain], { id: 'b' });
    place(orderOf('same', 10, 'market'));
    expect(reasonOf(matcher.place(second.account, orderOf('same', -20, limit(10_050)), 1))).toBeUndefined();
    heard.take();
    travel(matcher, 10_100, 2);
    expect(heard.take()).toEqual([]);
    expect(second.heard.take()).toEqual(['accepted same', 'filled same -20@10050 maker']);
    expect([account.positionAt(0).lots, second.account.positionAt(0).lots]).toEqual([10, 20]);
  });
});
