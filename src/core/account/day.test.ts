/** The daily loss limit: rules.md §6.1, lessons.md 19 and 25. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script } from '../../../test/script.ts';
import { decimal } from '../numbers/decimal.ts';
import { money } from '../numbers/units.ts';
import { dayOf, dayPercent, dayPnl, hasDayReached, isDayLost } from './day.ts';

const USDT = 100_000_000;
const DAY = 86_400_000;

describe('the day', () => {
  //  realised  unrealised  limit   lost
  const rows = [
    [-49.99, 0, '5', false],
    [-50, 0, '5', true],
    [-50.01, 0, '5', true],
    [0, -50, '5', true],
    [-30, -20, '5', true],
    [-30, -19.99999999, '5', false],
    [-60, 20, '5', false],
  ] as const;
  it.each(rows)(
    'with %s realised and %s unrealised of 1000 at a limit of %s %%: lost is %s',
    (realised, unrealised, limit, lost) => {
      const day = dayOf(0, BigInt(1000 * USDT));
      const balance = BigInt(Math.round((1000 + realised) * USDT));
      expect(isDayLost(day, balance, Math.round(unrealised * USDT), decimal(limit))).toBe(lost);
    },
  );

  it('is as exact where the amounts are past what a double holds', () => {
    const first = 2n ** 60n;
    const limit = decimal('50');
    for (const [unrealised, most] of [
      [0, -(2n ** 59n)],
      [-(2 ** 53), -(2n ** 59n) + 2n ** 53n],
    ] as const)
      for (const short of [1n, 0n]) {
        const day = dayOf(0, first);
        expect(isDayLost(day, first + most + short, unrealised, limit), `${unrealised} ${short}`).toBe(short === 0n);
      }
  });

  it('stays lost until it ends, even where the loss is won back', () => {
    const day = dayOf(0, BigInt(1000 * USDT));
    expect(isDayLost(day, BigInt(940 * USDT), 0, decimal(5))).toBe(true);
    expect(isDayLost(day, BigInt(1010 * USDT), 0, decimal(5))).toBe(true);
  });

  it('tells its PnL in per cent, rounded down, and none where it began with nothing', () => {
    const day = dayOf(0, 3n);
    expect([dayPercent(day, 2n, 0), dayPercent(day, 4n, 0), dayPercent(day, 4n, -2)]).toEqual([
      '-33.3334',
      '33.3333',
      '-33.3334',
    ]);
    expect(dayPercent(dayOf(0, 0n), 5n, 0)).toBe('0');
  });

  it('that began with nothing has lost and won nothing: what comes to the account is traded with at once', () => {
    const empty = dayOf(0, 0n);
    expect(isDayLost(empty, 0n, 0, decimal(5))).toBe(false);
    expect(['-3', '1'].map((percent) => hasDayReached(dayPnl(empty, 0n, 0), decimal(percent)))).toEqual([false, false]);
    const script = new Script({ balance: 0 });
    for (const usdt of [0n, 0n, 1000n, 1000n]) {
      script.now += 15_000;
      const balance = money(usdt * BigInt(USDT));
      script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions: [], orders: [] });
    }
    script.price(PRICE);
    expect(script.refusals(script.signal(1))).toEqual([]);
  });

  it('ends at midnight UTC', () => {
    expect([dayOf(DAY - 1, 0n).endsAt, dayOf(DAY, 0n).endsAt]).toEqual([DAY, 2 * DAY]);
  });
});

describe.each([
  ['long', 1],
  ['short', -1],
] as const)('a %s position', (_name, side) => {
  it('gets no rung once the open loss of the day has reached the limit, and an exit all the same', () => {
    const script = new Script().enter(side);
    script.registry.balance = money(script.registry.day.firstBalance - BigInt(60 * USDT));
    script.now += 61_000;
    const decided = script.signal(side);
    expect(decided.map((decision) => decision.kind === 'refused' && decision.code)).toEqual(['halted']);
    script.fill('stop', { ticks: PRICE - side * 75 });
    expect(script.registry.symbols[0]?.position).toBeUndefined();
  });
});
