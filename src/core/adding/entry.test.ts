/** What an entry sets, and what is told of it. Source: rules.md §3–4, ladder.md §4. */
import { describe, expect, it } from 'vitest';
import { PRICE, Script } from '../../../test/script.ts';
import { opened, resting, turn } from '../../../test/without-signal.ts';
import { loadTree } from '../../config/index.ts';
import type { Side } from '../numbers/units.ts';
import { fold } from '../step.ts';

describe('the taker that follows an unfilled maker', () => {
  it.each([
    // 0.6 × regime × 1.3 of a calm market: 0.78 is 20x, 0.624 is 10x
    ['ranging', [20]],
    ['choppy', [20, 10]],
  ] as const)('enters with its own leverage: planned in a %s market, set were %j', (regime, leverages) => {
    const { execution } = loadTree({ execution: { leverage: { adaptive: true, max: 50 } } }).policy;
    const script = new Script({ execution });
    script.signal(1, { strength: 0.6 });
    script.market.regime = regime;
    script.wait(script.policy.execution.makerWindowMs);
    expect(script.live('entry').order.terms.type).toBe('market');
    expect(script.ofKind('set-leverage').map(({ leverage }) => leverage)).toEqual(leverages);
    script.fill('entry');
    expect(script.position.leverage).toBe(leverages.at(-1));
  });
});

describe('the reasoning', () => {
  it('tells the price of the order, and the mark beside it', () => {
    const script = new Script({ traced: true });
    script.price(PRICE, { bid: PRICE - 2, ask: PRICE + 1 });
    const [placed] = script.ofKind('place', script.signal(1));
    expect(placed?.reasoning?.judged).toEqual({ priceTicks: PRICE - 2, markTicks: PRICE });
  });

  it('of a rung that is to rest tells the mark at which it would fill', () => {
    const script = resting(1, { traced: true });
    const told = script.ofKind('place').find(({ order }) => order.role === 'rung')?.reasoning?.judged;
    expect(told).toEqual({ priceTicks: PRICE - 25, markTicks: PRICE - 25 });
  });
});

it('a rung is refused while the market is not known, as after a start', () => {
  const script = new Script().enter(1);
  script.wait(60_000);
  script.market.atrTicks = undefined;
  expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
});

describe('the scalper’s signal', () => {
  /** Its candle of the minute that has just ended. */
  const candle = (script: Script, side: Side, closeTicks = PRICE) => {
    Object.defineProperty(script.symbol.series, 'signalSide', { get: () => side, set: () => {} });
    const openMinute = Math.floor(script.now / 60_000) - 1;
    const at = (openMinute + 1) * 60_000;
    const prices = { openTicks: PRICE, highTicks: PRICE, lowTicks: PRICE, closeTicks };
    return {
      kind: 'candle-closed',
      at,
      instId: script.symbol.instrument.instId,
      openMinute,
      ...prices,
      volumeLots: 1,
    } as const;
  };

  it.each([1, -1] as const)('enters with side %i, though its candle is told some seconds after its minute', (side) => {
    for (const lateMs of [0, 5_000]) {
      const script = new Script();
      script.endMinute();
      script.wait(lateMs);
      script.take(candle(script, side));
      expect(script.live('entry').order.side).toBe(side);
    }
  });

  it('of a candle of the past decides nothing: what it led to is known from its rows', () => {
    const script = new Script();
    script.endMinute();
    fold(script.registry, candle(script, 1));
    expect([script.registry.decisions, script.symbol.working]).toEqual([[], undefined]);
  });

  it('speaks in the stead of the governor that asks for rungs: what is refused is refused once', () => {
    const script = opened(1, 'on_trigger');
    script.wait(120_000);
    turn(script, 1);
    script.endMinute();
    script.price(PRICE - 41);
    expect(script.refusals(script.take(candle(script, 1, PRICE - 41)))).toEqual(['loss-too-deep']);
  });

  it('and the governor ask for no rung by a candle of half an hour ago', () => {
    const script = opened(1, 'on_trigger');
    script.wait(120_000);
    turn(script, 1);
    script.endMinute();
    script.price(PRICE - 30);
    const openMinute = Math.floor(script.now / 60_000) - 31;
    const { instId } = script.symbol.instrument;
    const prices = { openTicks: PRICE, highTicks: PRICE, lowTicks: PRICE - 30, closeTicks: PRICE - 30, volumeLots: 1 };
    script.take({ kind: 'candle-closed', at: (openMinute + 1) * 60_000, instId, openMinute, ...prices });
    expect(script.has('rung')).toBe(false);
  });

  it('gives a position that is being closed no more time, and no target', () => {
    const script = new Script({ adx: 30, exits: { trailing: undefined } as never }).enter(1);
    script.wait(15 * 60_000);
    expect(script.position.closing).toBe('time');
    script.price(PRICE + 60);
    script.signal(1);
    expect([script.position.exits.extensions, script.has('target')]).toEqual([0, false]);
  });
});
