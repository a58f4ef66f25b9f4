/** A day that has touched its loss limit is over, though it recovers before anything is judged. Source: rules.md §6.1, decision 0029. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { money } from '../numbers/units.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';

const USDT = 100_000_000n;
const { instId } = SCRIPT_SWAP;

/** A position is open on a day that has already lost so much, of 1000 USDT; the limit is 50. */
function onABadDay(side: 1 | -1, lost: bigint, named: Readonly<Record<string, unknown>>): Script {
  const script = new Script({ governors: governorsOf(named) }).enter(side);
  script.wait(60_000);
  script.registry.balance = money(script.registry.day.firstBalance - lost);
  return script;
}

/** So many ticks against the position lose so many USDT, or a little more. */
function ticksOf(script: Script, usdt: number): number {
  return Math.ceil((usdt * Number(USDT)) / (script.position.holding.lots * SCRIPT_SWAP.moneyPerTickLot));
}

/** The mark goes so many ticks against the position, and comes back a while later. */
function dip(script: Script, side: 1 | -1, ticks: number, then: () => void = () => undefined): void {
  script.now += 15_000;
  script.price(PRICE - side * ticks);
  then();
  script.now += 15_000;
  script.price(PRICE);
}

function read(script: Script, balance = script.registry.balance): void {
  const { holding } = script.position;
  const positions = [{ instId, signedLots: holding.side * holding.lots, costUnits: holding.costUnits, leverage: 5 }];
  const orders = [...script.book.values()].map(({ order: { clientId, reduceOnly } }) => ({
    clientId,
    instId,
    reduceOnly,
  }));
  script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders });
}

const halts = (script: Script) =>
  script.ofKind('governed').filter(({ governor, new: now }) => governor === 'size-by-day' && now === 'halted');

describe.each([1, -1] as const)('a day with a position of side %i that is open', (side) => {
  it('is over where a reading of the book has found it at its limit, and a person is told then', () => {
    const script = onABadDay(side, 49n * USDT, { size_by_day: 'on', pause: 'on' });
    dip(script, side, ticksOf(script, 1));
    expect(halts(script), 'once').toHaveLength(1);
    expect(script.registry.day.lost).toBe(true);
    expect(script.refusals(script.signal(side)), 'though it has recovered').toEqual(['halted']);
  });

  it('goes on where the reading falls just short of it', () => {
    const script = onABadDay(side, 49n * USDT, { size_by_day: 'on', pause: 'on' });
    dip(script, side, ticksOf(script, 1) - 1);
    expect([halts(script), script.registry.day.lost]).toEqual([[], false]);
  });

  it('is over where the exchange was read at its limit, whatever governors are on', () => {
    const script = onABadDay(side, 49n * USDT, {});
    dip(script, side, ticksOf(script, 1));
    expect(script.registry.day.lost, 'nobody has looked').toBe(false);
    dip(script, side, ticksOf(script, 1), () => read(script));
    expect(script.registry.day.lost).toBe(true);
  });

  it('is over where the trade ends at its limit, and the next day is not', () => {
    const script = onABadDay(side, 49n * USDT, { size_by_day: 'on' });
    script.price(PRICE - side * ticksOf(script, 1));
    script.operator({ do: 'flatten', by: 'a person', instId });
    script.fill('close');
    expect(halts(script)).toHaveLength(1);
    script.wait(86_400_000);
    expect(script.registry.day.lost).toBe(false);
  });

  it('is not over while an operator has halted: cash may be moved then', () => {
    const script = onABadDay(side, 49n * USDT, { size_by_day: 'on', pause: 'on' });
    script.operator({ do: 'pause', by: 'a person' });
    dip(script, side, ticksOf(script, 1), () => {
      read(script);
      expect(script.refusals(script.signal(side))).toEqual(['halted']);
    });
    expect(script.registry.day.lost).toBe(false);
  });

  it('is not over while what is open of some symbol is being sought: what the book is worth nobody knows', () => {
    const script = onABadDay(side, 51n * USDT, { size_by_day: 'on' });
    script.registry.isSeeking = true;
    script.signal(side);
    script.operator({ do: 'flatten', by: 'a person', instId });
    script.fill('close');
    expect(script.registry.day.lost).toBe(false);
  });

  it('is not over in a life that has read the exchange and seen no price yet', () => {
    const before = onABadDay(side, 30n * USDT, {});
    const script = new Script({ governors: governorsOf({}) });
    loadRegistry(script.registry, saveRegistry(before.registry));
    script.forgetPrices();
    script.now = before.now;
    read(script);
    expect(script.registry.day.lost).toBe(false);
  });

  it('is not over by one odd balance that the exchange says', () => {
    const script = onABadDay(side, 0n, { size_by_day: 'on', pause: 'on' });
    const { balance } = script.registry;
    for (const odd of [balance, balance, money((balance * 9n) / 10n)]) {
      script.now += 15_000;
      script.price(PRICE);
      read(script, odd);
    }
    expect(script.registry.day.lost).toBe(false);
  });
});

describe.each([1, -1] as const)('a trade that ends while another position of side %i is open', (side) => {
  const OTHER = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };

  /** Of 1,000 lots each tick is 0.01 USDT; the trade that ends costs its fees, some 0.15 USDT. */
  function ended(lost: bigint, gainUsdt: number): Script {
    const script = new Script({ instruments: [SCRIPT_SWAP, OTHER], governors: governorsOf({}) }).enter(side);
    script.price(PRICE, { instId: OTHER.instId });
    script.take({ ...script.fillEvent(side, 1_000, PRICE), instId: OTHER.instId });
    script.registry.balance = money(script.registry.day.firstBalance - lost * USDT);
    script.price(PRICE + side * gainUsdt * 100, { instId: OTHER.instId });
    script.operator({ do: 'flatten', by: 'a person', instId });
    script.fill('close');
    return script;
  }

  it('ends the day with what that one has lost by then, though it recovers', () => {
    const script = ended(45n, -6);
    expect(script.registry.day.lost).toBe(true);
    script.price(PRICE, { instId: OTHER.instId });
    script.wait(300_000);
    expect(script.refusals(script.signal(side))).toEqual(['halted']);
  });

  it('does not end it where that one has gained what it lacks', () => {
    expect(ended(51n, 6).registry.day.lost).toBe(false);
  });
});
