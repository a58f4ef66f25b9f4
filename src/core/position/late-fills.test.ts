/** Fills that are told after two readings have shown what they did (decision 0016). */
import { describe, expect, it } from 'vitest';
import { PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import type { Filled } from '../event.ts';
import { lots, money } from '../numbers/units.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';

const { instId } = SCRIPT_SWAP;

/** Two readings that agree, of an account as it is after `fill`; the first is this much newer than the fill. */
function shown(script: Script, signedLots: number, fill: Filled, newerMs = 500) {
  const costUnits = Math.abs(signedLots) * PRICE * SCRIPT_SWAP.moneyPerTickLot;
  const balance = money(script.registry.balance - fill.fee);
  const positions = signedLots === 0 ? [] : [{ instId, signedLots, costUnits, leverage: 5 }];
  for (const waitMs of [newerMs, 2_000]) {
    script.wait(waitMs);
    const orders = [...script.book.values()].map(({ order: { clientId, reduceOnly }, ticks, sizeLots }) => {
      return { clientId, instId, reduceOnly, stands: { ticks, sizeLots: lots(sizeLots) } };
    });
    script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders });
  }
}

function held(script: Script): [signedLots: number, balance: bigint] {
  const { symbol, registry } = script;
  const holding = symbol.position?.holding;
  return [(holding?.lots ?? 0) * (holding?.side ?? 1), registry.balance];
}

describe('a fill of before the readings from which its position was taken over', () => {
  it.each([1, -1] as const)('is in it: an entry of side %i is booked once, and its order is done', (side) => {
    const script = new Script();
    script.wait(5_000);
    script.signal(side);
    const { order } = script.live('entry');
    const late = script.fillEvent(side, order.sizeLots, PRICE, { clientId: order.clientId });
    script.book.delete(order.clientId);
    shown(script, side * order.sizeLots, late);
    const taken = held(script);
    expect(taken[0]).toBe(side * order.sizeLots);
    script.wait(8_000);
    script.take(late);
    expect(held(script)).toEqual(taken);
    expect([script.registry.orders.has(order.clientId), script.symbol.working]).toEqual([false, undefined]);
    expect(script.live('stop').sizeLots).toBe(order.sizeLots);
  });

  it('is what took it away: a stop opens none of the other side', () => {
    const script = new Script().enter(1);
    script.wait(5_000);
    const { order } = script.live('stop');
    const late = script.fillEvent(-1, order.sizeLots, PRICE, { clientId: order.clientId });
    script.book.delete(order.clientId);
    shown(script, 0, late);
    const taken = held(script);
    script.take(late);
    expect([taken[0], held(script)]).toEqual([0, taken]);
  });

  it('of a person is in it, too, after a restart as well', () => {
    const script = new Script().enter(1);
    script.wait(5_000);
    const before = script.position.holding.lots;
    const late = script.fillEvent(1, 100, PRICE);
    shown(script, before + 100, late);
    const again = new Script();
    loadRegistry(again.registry, saveRegistry(script.registry));
    const taken = held(again);
    expect(taken[0]).toBe(before + 100);
    again.now = script.now;
    again.take(late);
    expect(held(again)).toEqual(taken);
  });

  it('of a partial says that its step has happened', () => {
    const script = new Script().enter(1);
    script.wait(5_000);
    const { order } = script.live('partial');
    const late = script.fillEvent(-1, order.sizeLots, PRICE, { clientId: order.clientId });
    script.book.delete(order.clientId);
    shown(script, script.position.holding.lots - order.sizeLots, late);
    const taken = held(script);
    script.take(late);
    expect(held(script)).toEqual(taken);
    expect(script.position.partials).toMatchObject([{ step: order.step, done: true }]);
  });

  it('of a partial says nothing of another position, nor of none', () => {
    for (const entersAgain of [false, true]) {
      const script = new Script().enter(1);
      script.wait(5_000);
      const { order } = script.live('partial');
      const late = script.fillEvent(-1, order.sizeLots, PRICE, { clientId: order.clientId });
      script.book.delete(order.clientId);
      shown(script, 0, late);
      expect(script.registry.orders.has(order.clientId), 'nobody has told how it ended').toBe(true);
      if (entersAgain) {
        script.operator({ do: 'resume', by: 'test' });
        script.wait(600_000);
        script.enter(1);
      }
      const taken = held(script);
      script.take(late);
      expect(held(script)).toEqual(taken);
      expect(script.symbol.position?.partials ?? []).toEqual([]);
      expect(entersAgain).toBe(script.symbol.position !== undefined);
    }
  });
});

describe('a fill of after the first of these readings', () => {
  it.each([
    [0, 0],
    [1, 100],
  ])('is booked: %i ms after it, %i lots', (afterMs, booked) => {
    const script = new Script().enter(1);
    script.wait(5_000);
    const before = script.position.holding.lots;
    const readAt = script.now + 500;
    shown(script, before - 50, script.fillEvent(-1, 50, PRICE));
    script.take({ ...script.fillEvent(1, 100, PRICE), at: readAt + afterMs });
    expect(held(script)[0]).toBe(before - 50 + booked);
  });
});
