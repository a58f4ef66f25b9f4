/** A position that the bot did not open: adopted, closed, or left to the person whose it is; told by a fill, or found by two readings. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, SCRIPT_SWAP, Script, type ScriptOptions } from '../../../test/script.ts';
import type { Decision } from '../decision.ts';
import { bookWorstCaseUnits } from '../ladder/worst-case.ts';
import { money, type Side } from '../numbers/units.ts';
import { accountUnits } from '../registry.ts';
import { loadRegistry, saveRegistry } from '../saved-registry.ts';

const { instId, moneyPerTickLot } = SCRIPT_SWAP;
const LOTS = 800;

type What = 'adopt' | 'close' | 'alert';

const scripted = (unknownPosition: What, more: ScriptOptions = {}) =>
  new Script({ ...more, execution: { ...more.execution, unknownPosition } });

/** Somebody trades by hand, and the exchange tells the fill. */
function byHand(script: Script, side: Side, lots = LOTS): Decision[] {
  return script.take(script.fillEvent(side, lots, PRICE));
}

/** Nobody has told a fill: two readings find it. */
function found(script: Script, signedLots: number): Decision[] {
  const decided: Decision[] = [];
  for (let times = 0; times < 2; times += 1) {
    script.wait(2_000);
    script.now += 1;
    script.price(script.symbol.markTicks);
    const orders = [...script.book.values()].map(({ order: { clientId, reduceOnly } }) => ({
      clientId,
      instId,
      reduceOnly,
    }));
    const costUnits = Math.abs(signedLots) * PRICE * moneyPerTickLot;
    const positions = signedLots === 0 ? [] : [{ instId, signedLots, costUnits, leverage: 5 }];
    const { balance } = script.registry;
    decided.push(
      ...script.take({ kind: 'exchange-read', at: script.now, balance, available: balance, positions, orders }),
    );
  }
  return decided;
}

const roles = (script: Script) => [...script.book.values()].map(({ order }) => order.role).toSorted();

describe.each([
  ['told by a fill', 1, byHand],
  ['told by a fill', -1, byHand],
  ['found by two readings', 1, (script: Script, side: Side) => found(script, side * LOTS)],
  ['found by two readings', -1, (script: Script, side: Side) => found(script, side * LOTS)],
] as const)('a position that is %s, side %i,', (_, side, opened) => {
  it('is adopted where the policy says so, as it was before anybody could choose', () => {
    const script = scripted('adopt');
    opened(script, side);
    expect(script.position.holding).toMatchObject({ side, lots: LOTS });
    expect(roles(script)).toContain('stop');
    expect(script.has('close')).toBe(false);
  });

  it('is closed where the policy says so: once, reduce-only, at the market, under a stop until it is flat', () => {
    const script = scripted('close');
    opened(script, side);
    expect(roles(script)).toEqual(['close', 'stop']);
    const { order, sizeLots } = script.live('close');
    expect(order).toMatchObject({ side: -side, reduceOnly: true, terms: { type: 'market' } });
    expect(sizeLots).toBe(LOTS);
    expect(script.placed.filter(({ role }) => role === 'close')).toHaveLength(1);
    const [closed] = script.ofKind('position-closed', script.fill('close'));
    expect(closed).toMatchObject({ reason: 'unknown-position' });
    expect([script.symbol.position, roles(script)]).toEqual([undefined, []]);
  });

  it('is tried to be closed again where the exchange says no, like every other close', () => {
    const script = scripted('close');
    script.answers.set('close', 'reject');
    opened(script, side);
    script.wait(15_750);
    expect(script.placed.filter(({ role }) => role === 'close').length).toBe(8);
    expect(script.ofKind('alert').map(({ code }) => code)).toContain('close-failed');
  });

  it('is left alone where the policy says so: no order, whatever market and time do', () => {
    const script = scripted('alert', { adx: 30 });
    opened(script, side);
    expect(script.position).toMatchObject({ holding: { side, lots: LOTS }, leftAlone: true });
    for (const ticks of [100, -100, 3_000, -3_000]) script.price(PRICE + ticks);
    script.price(PRICE + side * 200);
    script.wait(3_600_000);
    script.signal(side);
    script.signal(-side as Side);
    found(script, side * LOTS);
    expect([script.placed, script.book.size]).toEqual([[], 0]);
  });

  it('that is left alone counts in margin, exposure and, with its whole margin, in the worst case', () => {
    const script = scripted('alert');
    opened(script, side);
    const value = LOTS * PRICE * moneyPerTickLot;
    const { openPositions, exposure, marginUsed } = accountUnits(script.registry);
    expect([openPositions, exposure, marginUsed]).toEqual([1, value, value / 5]);
    const worst = bookWorstCaseUnits(script.registry);
    expect([worst >= value / 5, worst < (value / 5) * 1.000_001], 'rounded up').toEqual([true, true]);
  });

  it('that is left alone is closed where a person flattens', () => {
    const script = scripted('alert');
    opened(script, side);
    script.operator({ do: 'flatten', by: 'a person', instId });
    expect(script.live('close').sizeLots).toBe(LOTS);
    script.fill('close', { lots: 100 });
    expect(script.live('stop').sizeLots, 'what is left of it has a stop').toBe(LOTS - 100);
    script.fill('close');
    expect(script.symbol.position).toBeUndefined();
  });

  it('that is left alone is the bot’s own from the moment a person gives it a base', () => {
    const script = scripted('alert');
    opened(script, side);
    script.wait(7_200_000);
    script.operator({ do: 'base', by: 'a person', instId, baseUnits: 50 * 1e8 });
    expect(script.live('stop').sizeLots).toBe(LOTS);
    expect(script.position.leftAlone).toBeUndefined();
    script.wait(60_000);
    expect(script.position.closing, 'its time begins with it').toBeUndefined();
  });

  it('that is left alone stays so where the base that a person gives is more than it is', () => {
    const script = scripted('alert');
    opened(script, side);
    const baseUnits = LOTS * PRICE * moneyPerTickLot + 1;
    expect(script.operator({ do: 'base', by: 'a person', instId, baseUnits })).toEqual([]);
    expect([script.position.leftAlone, script.position.baseUnits]).toEqual([true, 0]);
  });

  it('that is left alone stays so over a restart', () => {
    const script = scripted('alert');
    opened(script, side);
    const next = scripted('alert');
    loadRegistry(next.registry, saveRegistry(script.registry));
    next.now = script.now;
    next.price(PRICE);
    next.wait(3_600_000);
    found(next, side * LOTS);
    expect([next.position.leftAlone, next.placed]).toEqual([true, []]);
  });

  it.each([
    ['adopt', ['stop'], undefined],
    ['close', ['close', 'stop'], 'unknown-position'],
  ] as const)('that is left alone is what the policy says after a restart that says %s', (what, has, closing) => {
    const script = scripted('alert');
    opened(script, side);
    const next = scripted(what);
    loadRegistry(next.registry, saveRegistry(script.registry));
    next.now = script.now;
    next.price(PRICE);
    found(next, side * LOTS);
    expect(roles(next)).toEqual(expect.arrayContaining(has.slice()));
    expect([next.position.leftAlone, next.position.closing]).toEqual([undefined, closing]);
  });

  it('that is left alone is gone when its person has closed it, and trading goes on', () => {
    const script = scripted('alert');
    opened(script, side);
    byHand(script, -side as Side);
    expect(script.symbol.position).toBeUndefined();
    script.operator({ do: 'resume', by: 'a person' });
    script.wait(600_000);
    expect(script.refusals(script.signal(side))).toEqual([]);
  });
});

it.each([
  ['adopt', undefined],
  ['close', 'close'],
  ['alert', 'alert'],
] as const)('a fill by hand is told with what becomes of it: %s', (what, fate) => {
  const script = scripted(what);
  const alerts = script.ofKind('alert', byHand(script, 1)).map(({ facts }) => facts);
  const told = { code: 'foreign-fill', cause: 'foreign', side: 1, sizeLots: LOTS };
  expect(alerts).toEqual([fate === undefined ? told : { ...told, fate }]);
});

describe('a position that an order of ours may have opened', () => {
  it('is adopted where its fill comes late, not closed', () => {
    const script = scripted('close');
    script.signal(1);
    found(script, LOTS);
    expect([script.position.closing, script.has('stop')]).toEqual([undefined, true]);
  });

  it('is ours by the name of the order that has filled, whatever the policy says', () => {
    const script = scripted('close').enter(1);
    expect([script.position.closing, script.has('close')]).toEqual([undefined, false]);
  });
});

describe('a position that we know', () => {
  it('and that somebody enlarges by hand stays ours', () => {
    const script = scripted('close').enter(1);
    byHand(script, 1, 100);
    expect([script.position.closing, script.position.rungs.length]).toEqual([undefined, 1]);
  });

  it('and that somebody has turned round is another one: it is closed', () => {
    const script = scripted('close').enter(1);
    found(script, -LOTS);
    expect(script.position).toMatchObject({ holding: { side: -1 }, closing: 'unknown-position' });
    expect(script.live('close').order).toMatchObject({ side: 1, reduceOnly: true });
  });
});

it('what is left alone is closed with the book where the emergency stop closes it', () => {
  const script = scripted('alert', { governors: governorsOf({ pause: 'on' }) });
  byHand(script, 1);
  for (const balance of [1_000, 1_000, 880, 880]) {
    script.registry.balance = money(BigInt(balance) * 100_000_000n);
    script.now += 15_000;
    script.price(PRICE);
  }
  expect(script.registry.halt?.by).toBe('emergency-stop');
  expect(script.live('close').sizeLots).toBe(LOTS);
});
