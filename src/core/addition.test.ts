/** Additions without a signal, in the life of the core: when they come, where they rest, and what calls them back. Source: rules.md §6.3. */
import { describe, expect, it } from 'vitest';
import { Script, type ScriptOptions } from '../../test/script.ts';
import { loadTree } from '../config/index.ts';
import type { Policy, Regime } from './policy.ts';
import { newRegistry } from './registry.ts';
import { loadRegistry, loadTouched, saveRegistry, saveTouched } from './saved-registry.ts';
import { fold, step } from './step.ts';
import type { Side } from './units.ts';

const SIDES: readonly Side[] = [1, -1];

function governor(placement: 'on_trigger' | 'resting'): Policy['governors'] {
  const { additionsWithoutSignal } = loadTree({
    governors: {
      size_by_day: 'off',
      targets_by_volatility: 'off',
      pause: 'off',
      additions_without_signal: { placement },
    },
  }).policy.governors;
  if (additionsWithoutSignal === undefined) throw new Error('the governor is on');
  return { additionsWithoutSignal };
}

/** At 10,000 ticks and 5x: half of the limit of −2 % is 20 ticks, the limit 40, half of the ATR of 50 is 25, the stop 75. */
function opened(side: Side, placement: 'on_trigger' | 'resting', more: ScriptOptions = {}): Script {
  return new Script({ governors: governor(placement), ...more }).enter(side);
}

const at = (side: Side, favour: number): number => 10_000 + side * favour;

/** RSI turns in the position's favour with the next candle. */
function turn(script: Script, side: Side, points = 5): void {
  script.market.previousRsi = 50 - side * 20;
  script.market.rsi = script.market.previousRsi + side * points;
}

const placedRungs = (script: Script) => script.placed.filter(({ role }) => role === 'rung');

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

  it('is not asked for after the maximum', () => {
    const script = opened(1, 'on_trigger', { config: { position_scaling: { max_additions: 1 } } });
    script.rung(9_995);
    script.wait(120_000);
    turn(script, 1);
    expect(script.candle(9_965).filter(({ kind }) => kind !== 'amend')).toEqual([]);
  });

  it('never adds to a position that was adopted: it has no base', () => {
    const script = new Script({ governors: governor('on_trigger') });
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

/** A rung that rests at its published price, 25 ticks behind the entry. */
function resting(side: Side, more: ScriptOptions = {}): Script {
  const script = opened(side, 'resting', more);
  script.wait(60_000);
  script.candle(at(side, 0));
  return script;
}

describe('a resting rung', () => {
  it('stands as a post-only order at its published price, without a sign, and is left alone while its gates pass', () => {
    for (const side of SIDES) {
      const script = resting(side);
      const { order } = script.live('rung');
      expect(order.terms).toEqual({ type: 'limit', priceTicks: at(side, -25), postOnly: true });
      expect(order.side).toBe(side);
      for (const favour of [-1, -10, -24, -3, 10, 0]) script.candle(at(side, favour));
      expect(placedRungs(script)).toHaveLength(1);
      expect(script.live('rung').ticks).toBe(at(side, -25));
    }
  });

  it('does not come before the interval is over', () => {
    const script = opened(1, 'resting', { config: { position_scaling: { min_interval_seconds: 300 } } });
    for (let minute = 0; minute < 4; minute++) script.candle(10_000);
    expect(script.has('rung')).toBe(false);
    script.candle(10_000);
    script.candle(10_000);
    expect(script.has('rung')).toBe(true);
  });

  it('filled, is booked as the rung it was, at maker fees, and the stop stands for all of it', () => {
    for (const side of SIDES) {
      const script = resting(side);
      const before = script.position.holding.lots;
      script.price(at(side, -25));
      script.fill('rung');
      const [rung] = script.position.rungs;
      expect(rung).toMatchObject({ number: 1, source: 'average-down', coefficient: '0.72' });
      expect(script.live('stop').sizeLots).toBe(before + (rung?.filledLots ?? 0));
      expect(script.symbol.working).toBeUndefined();
      // Then the next one, after its interval, half an ATR behind this one.
      script.wait(60_000);
      script.candle(at(side, -26));
      expect(script.live('rung').order).toMatchObject({ step: 2, attempt: 1 });
      expect(script.live('rung').ticks).toBe(at(side, -50));
    }
  });

  it.each<[string, (script: Script, side: Side) => void, string | undefined]>([
    [
      'the regime flips',
      (script, side) => ((script.market.regime = 'trending'), script.price(at(side, -5))),
      undefined,
    ],
    ['a person pauses', (script) => script.operator({ do: 'pause', by: 'a person' }), undefined],
    ['a person halts', (script) => script.operator({ do: 'halt', by: 'a person' }), undefined],
    ['the loss limit is passed', (script, side) => script.price(at(side, -41)), 'loss-too-deep'],
    [
      'the exchange is lost',
      (script) => script.take({ kind: 'exchange-lost', at: script.now, reason: 'test' }),
      'state-unknown',
    ],
    [
      'the leverage is raised past what gate 17 allows',
      (script) =>
        script.take({ kind: 'leverage', at: script.now, instId: script.symbol.instrument.instId, leverage: 50 }),
      undefined,
    ],
    [
      'funding comes near',
      (script) => {
        const settlesAt = script.now + 120_000;
        const { instId } = script.symbol.instrument;
        script.take({ kind: 'funding-forecast', at: script.now, instId, rateE8: 0, settlesAt });
        expect(script.has('rung')).toBe(true);
        script.wait(60_000);
        expect(script.has('rung'), 'sixty seconds before pass').toBe(true);
        script.wait(1);
      },
      'funding-near',
    ],
    ['an opposite signal closes the position', (script, side) => script.signal(-side as Side), undefined],
    ['a partial take-profit restarts the interval', (script) => script.fill('partial'), 'interval-too-short'],
    ['the time limit comes', (script) => script.wait(15 * 60_000), undefined],
  ])('is called back as soon as %s', (_, happens, code) => {
    for (const side of SIDES) {
      const script = resting(side);
      expect(script.has('rung')).toBe(true);
      const seen = script.decisions.length;
      happens(script, side);
      expect(script.has('rung')).toBe(false);
      if (code !== undefined) expect(script.refusals(script.decisions.slice(seen))).toContain(code);
      expect(placedRungs(script)).toHaveLength(1);
    }
  });

  it('comes back with a candle once the gates pass again, under its next number', () => {
    const script = resting(1);
    script.operator({ do: 'pause', by: 'a person' });
    script.candle(10_000);
    expect(script.has('rung')).toBe(false);
    script.operator({ do: 'resume', by: 'a person' });
    expect(script.has('rung'), 'not before a candle').toBe(false);
    script.candle(10_000);
    expect(script.live('rung').order).toMatchObject({ step: 1, attempt: 2 });
  });

  it('is in the way of every other rung, so none is doubled', () => {
    const script = resting(1);
    script.wait(60_000);
    script.price(9_990);
    expect(script.refusals(script.signal(1))).toEqual(['order-in-flight']);
    expect(placedRungs(script)).toHaveLength(1);
  });

  it('never follows up at the market where the exchange ends it', () => {
    const script = resting(1, { execution: { entryStyle: 'maker_then_taker' } });
    script.end('rung');
    expect(placedRungs(script).map(({ terms }) => terms.type)).toEqual(['limit']);
  });

  it('goes away from the market at once where its price does, and nearer only with a candle', () => {
    for (const side of SIDES) {
      const script = resting(side);
      script.market.atrTicks = 60;
      script.price(at(side, -1));
      expect(script.live('rung').ticks).toBe(at(side, -30));
      script.market.atrTicks = 50;
      script.price(at(side, 0));
      expect(script.live('rung').ticks).toBe(at(side, -30));
      script.candle(at(side, 0));
      expect(script.live('rung').ticks).toBe(at(side, -25));
      expect(placedRungs(script)).toHaveLength(1);
    }
  });

  it('is called back where the exchange would not amend it, and comes back with a candle', () => {
    for (const side of SIDES) {
      const script = resting(side);
      script.amendments = 'refused';
      script.market.atrTicks = 60;
      script.price(at(side, -1));
      expect(script.has('rung')).toBe(false);
      script.candle(at(side, -1));
      expect(script.live('rung').ticks).toBe(at(side, -30));
      expect(placedRungs(script)).toHaveLength(2);
    }
  });

  it('rests at the touch where the market is beyond its price already', () => {
    for (const side of SIDES) {
      const script = opened(side, 'resting');
      script.price(at(side, -30));
      script.wait(60_000);
      script.candle(at(side, -30));
      expect(script.live('rung').ticks).toBe(at(side, -30));
    }
  });

  it('does not rest beyond the stop, nor past the loss limit', () => {
    for (const atrTicks of [81, 200]) expect(resting(1, { atrTicks }).has('rung')).toBe(false);
    expect(resting(1, { atrTicks: 80 }).live('rung').ticks).toBe(9_960);
  });

  it('leaves its own order out of every count: what was approved once stays approved', () => {
    for (const side of SIDES) {
      const first = resting(side);
      const rung = first.live('rung');
      const exposed = (first.position.holding.lots * 10_000 + rung.sizeLots * rung.ticks) / 100_000;
      const tight = resting(side, { config: { limits: { max_total_exposure: Math.ceil(exposed * 100) / 100_000 } } });
      const { sizeLots } = tight.live('rung');
      for (let minute = 0; minute < 3; minute++) tight.candle(at(side, 0));
      expect(placedRungs(tight)).toHaveLength(1);
      expect(tight.live('rung').sizeLots).toBe(sizeLots);
    }
  });

  it('has its window from its first fill on, then the rest of it lapses', () => {
    for (const side of SIDES) {
      const script = resting(side);
      script.price(at(side, -25));
      script.fill('rung', { lots: 10 });
      expect(script.has('rung')).toBe(true);
      script.wait(9_999);
      expect(script.has('rung')).toBe(true);
      script.wait(1);
      expect(script.has('rung')).toBe(false);
      expect(script.position.rungs.map(({ number, filledLots }) => [number, filledLots])).toEqual([[1, 10]]);
      expect(placedRungs(script)).toHaveLength(1);
    }
  });

  it('stays in the way while nobody knows whether it was taken, and while its end is not told', () => {
    const unknown = opened(1, 'resting');
    unknown.answers.set('rung', 'unknown');
    unknown.wait(60_000);
    unknown.candle(10_000);
    unknown.candle(10_000);
    expect(placedRungs(unknown)).toHaveLength(1);
    const ending = resting(1);
    ending.cancellations = 'nothing';
    ending.operator({ do: 'pause', by: 'a person' });
    ending.operator({ do: 'resume', by: 'a person' });
    ending.candle(10_000);
    expect(placedRungs(ending)).toHaveLength(1);
  });

  it('refuses and is called back where deciding throws', () => {
    const script = resting(1);
    script.throwAt('meanAtrFraction');
    script.price(9_999);
    expect(script.has('rung')).toBe(false);
    expect(script.refusals()).toContain('decision-failed');
  });
});

describe('a restart', () => {
  const reborn = (script: Script) => {
    const { run, policy, traced } = script.registry;
    const instruments = script.registry.symbols.map(({ instrument }) => instrument);
    const registry = newRegistry({ run, policy, instruments, balance: script.registry.balance, traced, ready: false });
    loadRegistry(registry, saveRegistry(script.registry));
    return registry;
  };

  it('knows the resting rung for its own, books a fill that came meanwhile, and does not double it', () => {
    for (const side of SIDES) {
      const script = resting(side);
      const { order } = script.live('rung');
      const again = reborn(script);
      expect(saveRegistry(again)).toEqual(saveRegistry(script.registry));
      expect(again.symbols[0]?.working).toMatchObject({ rests: true, clientId: order.clientId });
      const fill = script.fillEvent(side, order.sizeLots, at(side, -25), {
        clientId: order.clientId,
        liquidity: 'maker',
      });
      const decisions = [...step(again, fill)];
      expect(again.symbols[0]?.position?.rungs).toMatchObject([{ number: 1, source: 'average-down' }]);
      expect(decisions.filter(({ kind }) => kind === 'place')).toEqual([]);
      expect(
        decisions.some(({ kind }) => kind === 'amend'),
        'the stop follows',
      ).toBe(true);
    }
  });

  it('in the middle of a ladder goes on as if nothing had happened, event for event', () => {
    for (const side of SIDES) {
      const script = resting(side);
      const twin = reborn(script);
      twin.ready = true;
      for (const [name, field] of Object.entries(Object.getOwnPropertyDescriptors(script.symbol.series)))
        if (field.get !== undefined) Object.defineProperty(twin.symbols[0]?.series, name, field);
      let events = 0;
      const take = script.takeAlone.bind(script);
      script.takeAlone = (event) => {
        const decisions = take(event);
        events += 1;
        expect(step(twin, event)).toEqual(decisions);
        return decisions;
      };
      script.price(at(side, -12));
      script.market.atrTicks = 52;
      script.candle(at(side, -13));
      script.price(at(side, -26));
      script.fill('rung');
      script.market.atrTicks = 44;
      script.wait(60_000);
      script.candle(at(side, -27));
      expect(script.live('rung').order.step).toBe(2);
      script.operator({ do: 'pause', by: 'a person' });
      expect(events).toBeGreaterThan(10);
      expect(saveRegistry(twin)).toEqual(saveRegistry(script.registry));
    }
  });

  it('from the journal’s rows knows it too: events are folded, what was decided is loaded', () => {
    const script = opened(1, 'resting');
    const { run, policy, traced } = script.registry;
    const instruments = script.registry.symbols.map(({ instrument }) => instrument);
    const registry = newRegistry({ run, policy, instruments, balance: script.registry.balance, traced, ready: true });
    loadRegistry(registry, saveRegistry(script.registry));
    const take = script.takeAlone.bind(script);
    script.takeAlone = (event) => {
      const decisions = take(event);
      fold(registry, event);
      if (decisions.length > 0 || script.symbol.touched) loadTouched(registry, saveTouched(script.registry));
      return decisions;
    };
    script.wait(60_000);
    script.candle(10_000);
    expect(script.has('rung')).toBe(true);
    expect(registry.symbols[0]?.working).toEqual(script.symbol.working);
    expect([...registry.orders.keys()]).toEqual([...script.registry.orders.keys()]);
  });
});

it('a regime that flips to one without averaging publishes no price', () => {
  const regimes: readonly Regime[] = ['ranging', 'choppy', 'trending'];
  expect(regimes.map((regime) => resting(1, { regime }).has('rung'))).toEqual([true, true, false]);
});
