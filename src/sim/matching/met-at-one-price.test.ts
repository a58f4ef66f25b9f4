import { expect, it } from 'vitest';
import { accountOf, orderOf, plain, travel } from '../../../test/recording.ts';
import type { Side, Ticks } from '../../core/numbers/units.ts';
import { DEFAULT_FILL_MODEL } from './fill-model.ts';
import { Matcher } from './matcher.ts';
import type { SimTerms } from './order.ts';

const PRICE = 10_050 as Ticks;
const RESTS: SimTerms = { type: 'limit', priceTicks: PRICE, postOnly: false };
const WAKES: SimTerms = { type: 'take-profit', triggerTicks: PRICE, by: 'last' };

it.each([
  ['rests', RESTS, WAKES],
  ['wakes', WAKES, RESTS],
] as const)(
  'of two orders at one price the older one acts first, whatever they are: the one that %s',
  (_, older, younger) => {
    const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, outlook: 'optimistic', depthUsdtMin: 1_000_000 });
    const { account, heard } = accountOf([plain]);
    travel(matcher, 10_000, 0);
    matcher.place(account, orderOf('in', 10, 'market'), 0);
    matcher.place(account, orderOf('older', -10, older, { reduceOnly: true }), 1);
    matcher.place(account, orderOf('younger', -10, younger, { reduceOnly: true }), 2);
    heard.take();
    travel(matcher, 10_060, 60_000);
    expect(heard.fills.map(({ order }) => order?.clientId)).toEqual(['in', 'older']);
  },
);

it('what a liquidation of a high tier leaves is liquidated too where a gap has passed its margin, before anybody closes it', () => {
  const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, depthUsdtMin: 10_000_000 });
  const { account, heard } = accountOf([plain], { leverage: 10, usdt: 1_000_000 });
  travel(matcher, 10_000, 0);
  matcher.place(account, orderOf('in', 2_500, 'market'), 0);
  const { marginUnits } = account.positionAt(0);
  const { balance } = account;
  heard.take();
  const book = matcher.bookAt(0);
  book.beginJump(8_000, 8_000, 60_000);
  matcher.advance(book, 1);
  matcher.place(account, orderOf('out', -2_500, 'market', { reduceOnly: true }), 60_000);
  while (matcher.advance(book, 1)) continue;
  expect(heard.take()).toEqual(['filled liquidation -1500@9003 taker', 'filled liquidation -1000@9003 taker']);
  expect(balance - account.balance, 'the margin and no more').toBe(BigInt(marginUnits));
});

it('an entry that a gap has jumped over is liquidated where the gap has passed its margin, before anybody closes it', () => {
  const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, depthUsdtMin: 10_000_000 });
  const { account, heard } = accountOf([plain], { leverage: 10, usdt: 1_000_000 });
  travel(matcher, 10_000, 0);
  const rests: SimTerms = { type: 'limit', priceTicks: 9_900 as Ticks, postOnly: false };
  matcher.place(account, orderOf('in', 100, rests), 0);
  heard.take();
  const { balance } = account;
  const book = matcher.bookAt(0);
  book.offer(1_000_000);
  book.beginJump(8_000, 8_000, 60_000);
  matcher.advance(book, 1);
  matcher.place(account, orderOf('out', -100, 'market', { reduceOnly: true }), 60_000);
  while (matcher.advance(book, 1)) continue;
  expect(heard.take()).toEqual(['filled in +100@9900 maker', 'filled liquidation -100@8910 taker']);
  expect(balance - account.balance, 'the margin and the fee of the entry').toBe(99_000_000_000n + 198_000_000n);
});

it.each<[string, Side, number, number]>([
  ['long', 1, 8_000, 9_003],
  ['short', -1, 12_000, 10_997],
])(
  'a close that waited for the opening comes too late where that has jumped past the margin: a %s',
  (_, side, openTicks, bankruptTicks) => {
    const matcher = new Matcher([plain], { ...DEFAULT_FILL_MODEL, depthUsdtMin: 10_000_000 });
    const { account, heard } = accountOf([plain], { leverage: 10 });
    travel(matcher, 10_000, 0);
    matcher.place(account, orderOf('in', side * 100, 'market'), 0);
    const { marginUnits } = account.positionAt(0);
    const { balance } = account;
    const book = matcher.bookAt(0);
    book.standClosed(10_000, 60_000);
    matcher.place(account, orderOf('out', -side * 100, 'market', { reduceOnly: true }), 60_000);
    heard.take();
    book.beginJump(openTicks, openTicks, 60_000);
    while (matcher.advance(book, 1)) continue;
    const sign = side === 1 ? '-' : '+';
    expect(heard.take()).toEqual(['ended out liquidation', `filled liquidation ${sign}100@${bankruptTicks} taker`]);
    const lost = Number(balance - account.balance);
    expect(lost, 'the margin and no more').toBe(marginUnits);
  },
);
