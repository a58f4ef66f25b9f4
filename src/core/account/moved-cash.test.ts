/** Cash that comes and goes without a trade: what is deposited is no profit of the day, what a paused person withdraws no loss (decision 0026). */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, Script } from '../../../test/script.ts';
import type { ExchangeRead } from '../event.ts';
import { EMERGENCY_STOP } from '../governors/door.ts';
import { money } from '../numbers/units.ts';
import { newRegistry, type Registry } from '../registry.ts';
import { loadRegistry, type Plain, saveRegistry } from '../saved-registry.ts';
import { dayPercent } from './day.ts';

const USDT = 100_000_000;
const SECOND = 1_000;

function reading(script: Script, usdt: number, lots?: number): ExchangeRead {
  const { position, instrument } = script.symbol;
  const held = position === undefined ? 0 : position.holding.lots * position.holding.side;
  const signedLots = lots ?? held;
  const balance = money(BigInt(Math.round(usdt * USDT)));
  return {
    kind: 'exchange-read',
    at: script.now,
    balance,
    available: balance,
    positions:
      signedLots === 0
        ? []
        : [
            {
              instId: instrument.instId,
              signedLots,
              costUnits: position?.holding.costUnits ?? 0,
              leverage: position?.leverage ?? 1,
            },
          ],
    orders: [...script.book.values()].map(({ order }) => ({
      clientId: order.clientId,
      instId: order.instId,
      reduceOnly: order.reduceOnly,
    })),
  };
}

/** Two readings that agree, `seconds` apart. */
function read(script: Script, usdt: number, more: { readonly lots?: number; readonly seconds?: number } = {}): void {
  for (let i = 0; i < 2; i++) {
    script.wait((more.seconds ?? 12) * SECOND);
    script.price(script.symbol.markTicks);
    script.take(reading(script, usdt, more.lots));
  }
}

/** Losses of so many USDT that fills have brought. */
function lose(script: Script, usdt: number): void {
  script.take(script.fillEvent(1, 1, PRICE, { fee: money(BigInt(Math.round(usdt * USDT))) }));
  script.take(script.fillEvent(-1, 1, PRICE, { fee: money(0n) }));
}

const dayOfScript = ({ registry }: Script) => dayPercent(registry.day, registry.balance, 0);
const halted = (script: Script) => script.refusals(script.signal(1)).includes('halted');

it('is not found by readings that are older than a settlement of funding', () => {
  const script = new Script();
  read(script, 1_000);
  const old = [1, 2].map(() => {
    script.wait(12 * SECOND);
    return reading(script, 1_000);
  });
  const instId = script.symbol.instrument.instId;
  script.wait(SECOND);
  script.take({ kind: 'funding-settled', at: script.now, instId, amount: money(-3n * BigInt(USDT)) });
  for (const each of old) script.take(each);
  expect(script.balanceUsdt).toBe(997);
});

describe('a deposit', () => {
  it('is no profit of the day: its loss limit goes on to hold, of what there is now', () => {
    const script = new Script();
    read(script, 3_000);
    expect(dayOfScript(script)).toBe('0');
    lose(script, 149);
    expect(halted(script)).toBe(false);
    lose(script, 1);
    expect(dayOfScript(script)).toBe('-5');
    expect(halted(script)).toBe(true);
  });

  it('takes no loss of the day back', () => {
    const script = new Script();
    lose(script, 40);
    read(script, 960 + 40);
    lose(script, 12);
    expect(halted(script)).toBe(true);
  });

  it('does not make a fall from the day’s peak smaller', () => {
    const script = new Script({ governors: governorsOf({ pause: 'on' }), balance: 1_000 });
    for (let i = 0; i < 3; i++) {
      script.wait(10 * SECOND);
      script.price(PRICE);
    }
    lose(script, 95);
    read(script, 905 + 100);
    expect(script.registry.halt).toBeUndefined();
    lose(script, 20);
    for (let i = 0; i < 3; i++) {
      script.wait(10 * SECOND);
      script.price(PRICE);
    }
    expect(script.registry.halt, '115 of 1100').toMatchObject({ by: EMERGENCY_STOP });
  });
});

describe('a withdrawal', () => {
  const paused = (script: Script) => script.operator({ do: 'pause', by: 'a person' });
  const resumed = (script: Script) => script.operator({ do: 'resume', by: 'a person' });

  it('looks like a loss: to the day, and to the emergency stop', () => {
    const script = new Script({ governors: governorsOf({ pause: 'on' }) });
    for (let i = 0; i < 3; i++) {
      script.wait(10 * SECOND);
      script.price(PRICE);
    }
    read(script, 850);
    expect(dayOfScript(script)).toBe('-15');
    expect(script.registry.halt).toMatchObject({ by: EMERGENCY_STOP });
  });

  it('while a person has paused is none: after `resume` the bot trades, and what was lost before is lost still', () => {
    const script = new Script({ governors: governorsOf({ pause: 'on' }) });
    lose(script, 30);
    paused(script);
    read(script, 970 - 370);
    resumed(script);
    expect(script.registry.day.lost).toBe(false);
    expect(dayOfScript(script), '30 of the 630 that the day began with, but for what was withdrawn').toBe('-4.762');
    expect(halted(script)).toBe(false);
  });

  it.each([
    ['in two parts', [1, 0.85, 0.7, 0.7], undefined],
    ['and funding is paid before the second reading', [1, 0.85, 0.85, 0.85], 1],
  ] as const)('while a person has paused closes nothing that is open, %s', (_, shares, funding) => {
    const script = new Script({ governors: governorsOf({ pause: 'on' }) }).enter();
    const { instId } = script.symbol.instrument;
    const began = script.balanceUsdt;
    let paid = 0;
    read(script, began);
    paused(script);
    for (const [i, share] of shares.entries()) {
      script.wait(12 * SECOND);
      if (i === 2 && funding !== undefined) {
        paid = funding;
        script.take({ kind: 'funding-settled', at: script.now, instId, amount: money(BigInt(-paid * USDT)) });
        script.wait(SECOND);
      }
      script.price(PRICE);
      script.take(reading(script, began * share - paid));
    }
    expect(script.registry.halt).toMatchObject({ by: 'a person' });
    expect(script.has('close')).toBe(false);
    expect(script.balanceUsdt).toBeCloseTo(began * (shares.at(-1) ?? 1) - paid, 6);
    resumed(script);
    expect(script.registry.day.lost).toBe(false);
  });

  it('while a person has paused closes nothing that is open', () => {
    const script = new Script({ governors: governorsOf({ pause: 'on' }) }).enter();
    for (let i = 0; i < 3; i++) {
      script.wait(10 * SECOND);
      script.price(PRICE);
    }
    paused(script);
    read(script, Number(script.registry.balance) / USDT - 400);
    read(script, Number(script.registry.balance) / USDT);
    expect(script.registry.halt).toMatchObject({ kind: 'pause' });
    expect(script.has('close')).toBe(false);
  });

  it('is a loss although a person has paused where a position went without a word', () => {
    const script = new Script().enter();
    paused(script);
    read(script, 900, { lots: 0 });
    expect(script.symbol.position).toBeUndefined();
    resumed(script);
    expect(Number(dayOfScript(script))).toBeLessThan(-9.9);
    expect(halted(script)).toBe(true);
  });
});

describe('what no fill explains at first', () => {
  it.each([
    ['loss', 40],
    ['profit', -40],
  ])('and one does in the end, a %s, counts once', (_, loss) => {
    const script = new Script();
    read(script, 1_000 - loss);
    lose(script, loss);
    read(script, 1_000 - loss);
    expect(dayOfScript(script)).toBe(String(-loss / 10));
  });

  it('is known after a restart, and unknown to a journal of before', () => {
    const script = new Script();
    read(script, 1_040);
    const { policy } = script;
    const fresh = (): Registry =>
      newRegistry({
        run: 'test',
        policy,
        instruments: [script.symbol.instrument],
        balance: money(0n),
        traced: false,
        ready: false,
      });
    const saved = saveRegistry(script.registry) as { account: { day: Record<string, Plain> } };
    const again = fresh();
    loadRegistry(again, saved as unknown as Plain);
    expect(again.day).toEqual(script.registry.day);
    const { unexplained: _none, ...day } = saved.account.day;
    const older = fresh();
    loadRegistry(older, { ...saved, account: { ...saved.account, day } } as unknown as Plain);
    expect(older.day.unexplained).toBe(0n);
  });
});

describe('what happened before midnight and is told after it', () => {
  const midnightOf = (script: Script) => {
    const midnight = script.registry.day.endsAt;
    script.now = midnight + 60 * SECOND;
    script.price(PRICE);
    return midnight;
  };

  it('is of the day before: a fill at the last millisecond, but not one at the first', () => {
    const script = new Script();
    const midnight = midnightOf(script);
    script.take(script.fillEvent(1, 1, PRICE, { at: midnight - 1, fee: money(BigInt(40 * USDT)) }));
    expect(dayOfScript(script)).toBe('0');
    script.take(script.fillEvent(-1, 1, PRICE, { at: midnight, fee: money(BigInt(24 * USDT)) }));
    expect(dayOfScript(script)).toBe('-2.5');
  });

  it('is of the day before: funding too', () => {
    const script = new Script();
    const midnight = midnightOf(script);
    const { instId } = script.symbol.instrument;
    script.take({ kind: 'funding-settled', at: midnight - 1, instId, amount: money(BigInt(100 * USDT)) });
    expect([dayOfScript(script), script.balanceUsdt]).toEqual(['0', 1_100]);
    script.take({ kind: 'funding-settled', at: midnight, instId, amount: money(BigInt(-11 * USDT)) });
    expect(dayOfScript(script)).toBe('-1');
  });
});

// 0.05 % of 0.01 contracts of BTC at 60,000.1 is 0.003000005 USDT: booked twice as 0.00300001, the exchange has 10⁻⁸ more than we.
it.each([1, -1, 100, -100])(
  'an exchange that has %i × 10⁻⁸ USDT more counts finer than we: nothing differs',
  (units) => {
    const script = new Script();
    script.wait(12 * SECOND);
    const balance = money(script.registry.balance + BigInt(units));
    const decisions = script.take({ ...reading(script, 0), balance });
    expect([script.ofKind('alert', decisions), script.registry.ready, script.registry.balance]).toEqual([
      [],
      true,
      balance,
    ]);
  },
);
