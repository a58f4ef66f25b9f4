/** Additions without a signal that are sent at a candle's close, in the life of the core. Source: rules.md §6.3. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { at, opened, placedRungs, SIDES, turn } from '../../../test/without-signal.ts';
import type { Side } from '../numbers/units.ts';
import { fold } from '../step.ts';

describe('averaging down on a trigger', () => {
  it.each([
    ['one tick above the published price', -24, 5, 'ranging', undefined],
    ['at the published price', -25, 5, 'ranging', 'average-down'],
    ['below it', -30, 5, 'ranging', 'average-down'],
    ['at the loss limit', -40, 5, 'ranging', 'average-down'],
    ['a tick below the limit', -41, 5, 'ranging', 'loss-too-deep'],
    ['without a sign', -30, 0.5, 'ranging', undefined],
    ['in a choppy market', -30, 5, 'choppy', 'average-down'],
    ['in a trending market', -30, 5, 'trending', undefined],
  ] as const)('%s', (_, favour, points, regime, expected) => {
    for (const side of SIDES) {
      const script = opened(side, 'on_trigger', { regime });
      script.wait(120_000);
      turn(script, side, points);
      const decisions = script.candle(at(side, favour));
      const rungs = script.ofKind('place', decisions).filter(({ order }) => order.role === 'rung');
      expect(rungs[0]?.because ?? script.refusals(decisions)[0]).toBe(expected);
      for (const { order } of rungs) expect([order.side, order.step]).toEqual([side, 1]);
    }
  });

  it('is a rung like any other: filled, it is the first, its record says who asked, and the stop follows', () => {
    for (const side of SIDES) {
      const script = opened(side, 'on_trigger');
      const lots = script.position.holding.lots;
      script.wait(120_000);
      turn(script, side);
      script.candle(at(side, -25));
      script.fill('rung');
      const [rung] = script.position.rungs;
      expect(rung).toMatchObject({ number: 1, source: 'average-down', coefficient: '0.72', regime: 'ranging' });
      expect(script.live('stop').sizeLots).toBe(lots + (rung?.filledLots ?? 0));
      // The next one: half an ATR behind the new rung, not behind the entry.
      script.wait(120_000);
      expect(script.ofKind('place', script.candle(at(side, -49)))).toEqual([]);
      const again = script.candle(at(side, -50));
      expect(script.ofKind('place', again).map(({ order }) => [order.role, order.step])).toEqual([['rung', 2]]);
    }
  });

  it('keeps the interval, and tells the same no once', () => {
    const script = opened(1, 'on_trigger', { config: { position_scaling: { min_interval_seconds: 600 } } });
    turn(script, 1);
    const codes = Array.from({ length: 4 }, () => script.refusals(script.candle(9_970)));
    expect(codes).toEqual([['interval-too-short'], [], [], []]);
    expect(placedRungs(script)).toEqual([]);
  });

  it.each<[string, number, (script: Script) => void]>([
    [
      'the next rung',
      -50,
      (script) => {
        script.wait(600_000);
        turn(script, 1);
        script.candle(at(1, -25));
        script.fill('rung');
      },
    ],
    [
      'the next position',
      -25,
      (script) => {
        script.fill('stop');
        script.price(PRICE);
        script.wait(600_000);
        script.enter(1);
      },
    ],
  ])('tells the same no anew of %s', (_, favour, goOn) => {
    const script = opened(1, 'on_trigger', { config: { position_scaling: { min_interval_seconds: 600 } } });
    const told = (ticks: number) => {
      turn(script, 1);
      return script.refusals(script.candle(at(1, ticks)));
    };
    const once = [['interval-too-short'], []];
    expect([told(-25), told(-26)]).toEqual(once);
    goOn(script);
    expect([told(favour), told(favour - 1)]).toEqual(once);
  });

  it('is not asked for after the maximum', () => {
    const script = opened(1, 'on_trigger', { config: { position_scaling: { max_additions: 1 } } });
    script.rung(9_995);
    script.wait(120_000);
    turn(script, 1);
    expect(script.candle(9_965).filter(({ kind }) => kind !== 'amend')).toEqual([]);
  });

  it('is worked like any other: post-only at the touch, and sized there', () => {
    for (const side of SIDES) {
      const [asked, signalled] = [0, 1].map(() => {
        const script = opened(side, 'on_trigger');
        script.wait(60_000);
        turn(script, side);
        script.endMinute();
        script.price(at(side, -30), { bid: at(side, -30) - 8, ask: at(side, -30) + 8 });
        return script;
      }) as [Script, Script];
      asked.candleAlone(at(side, -30));
      signalled.signal(side);
      const [first] = placedRungs(asked);
      const touch = at(side, -30) - side * 8;
      expect(first?.terms).toEqual({ type: 'limit', priceTicks: touch, postOnly: true });
      expect(first?.sizeLots).toBe(signalled.live('rung').sizeLots);
    }
  });

  it('asks for nothing while the position is to be closed, though the exchange takes no close', () => {
    for (const side of SIDES) {
      const script = opened(side, 'on_trigger');
      script.answers.set('close', 'reject');
      script.signal(-side as Side);
      expect([script.position.closing, script.symbol.working]).toEqual(['opposite', undefined]);
      script.wait(120_000);
      turn(script, side);
      const decisions = script.candle(at(side, -30));
      expect(script.ofKind('place', decisions).filter(({ order }) => order.role !== 'close')).toEqual([]);
      expect(script.ofKind('refused', decisions)).toEqual([]);
    }
  });

  it('is asked for by no candle of the past: what was decided then is known from its rows', () => {
    for (const placement of ['on_trigger', 'resting'] as const) {
      const script = opened(1, placement);
      script.wait(120_000);
      turn(script, 1);
      script.takeAlone = (event) => {
        fold(script.registry, event);
        return [...script.registry.decisions];
      };
      expect(script.candle(9_970)).toEqual([]);
      expect(script.symbol.working).toBeUndefined();
    }
  });

  it('of a position to which a person has given a leverage that is no whole one is judged like any other', () => {
    for (const side of SIDES)
      for (const traced of [true, false]) {
        const script = new Script({ traced, config: { position_scaling: { max_loss_for_addition: -1 } } }).enter(side);
        script.take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage: 2.5 });
        script.wait(60_000);
        script.price(at(side, -41));
        expect(script.refusals(script.signal(side)), '−1.025 % of the margin').toEqual(['loss-too-deep']);
        script.price(at(side, -40));
        expect(script.refusals(script.signal(side)), '−1 %').toEqual([]);
        expect(script.has('rung')).toBe(true);
      }
  });

  it('of a position whose leverage nobody knows is refused, and the reasoning says that there is none', () => {
    const script = new Script({ traced: true }).enter();
    script.wait(60_000);
    script.position.leverage = undefined;
    const [refused] = script.ofKind('refused', script.signal(1));
    expect(refused).toMatchObject({ code: 'leverage-unknown', reasoning: { leverage: null } });
  });

  it.each(['nothing', 'unknown'] as const)('is refused while its stop was sent and is not confirmed: %s', (answer) => {
    for (const side of SIDES) {
      const script = new Script();
      script.answers.set('stop', answer);
      script.enter(side);
      script.wait(60_000);
      expect(script.refusals(script.signal(side))).toEqual(['liquidation-too-near']);
    }
  });

  it('never adds to a position that was adopted: it has no base', () => {
    const script = new Script({ governors: governorsOf({ additions_without_signal: { placement: 'on_trigger' } }) });
    script.take(script.fillEvent(1, 1_000, 10_000));
    script.wait(120_000);
    turn(script, 1);
    script.candle(9_970);
    expect(placedRungs(script)).toEqual([]);
  });
});

describe('a pyramid', () => {
  const continuing = (script: Script, side: Side, favour: number) => {
    script.market.trendSide = side;
    script.candle(at(side, favour - 10));
    return script.candle(at(side, favour));
  };
  it.each([
    ['one tick before +1 % and half an ATR', 24, 'trending', undefined],
    ['at them', 25, 'trending', 'pyramid'],
    ['in a ranging market', 30, 'ranging', undefined],
  ] as const)('%s', (_, favour, regime, expected) => {
    for (const side of SIDES)
      for (const placement of ['on_trigger', 'resting'] as const) {
        const script = opened(side, placement, { regime });
        script.wait(120_000);
        const decisions = continuing(script, side, favour);
        const rungs = script.ofKind('place', decisions).filter(({ order }) => order.role === 'rung');
        expect(rungs.map(({ because }) => because)).toEqual(expected === undefined ? [] : [expected]);
      }
  });
});
