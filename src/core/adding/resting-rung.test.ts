/** A rung that rests at its published price, in the life of the core: where, how long, and what calls it back. Source: rules.md §6.3. */
import { describe, expect, it } from 'vitest';
import { brokenCaps } from '../../../test/caps.ts';
import { governorsOf, type Script } from '../../../test/script.ts';
import { at, opened, placedRungs, resting, SIDES, turn } from '../../../test/without-signal.ts';
import { lots, money, type Side } from '../numbers/units.ts';
import type { Regime } from '../policy.ts';
import { newRegistry, nextDeadlineMs, type OpenOrder } from '../registry.ts';
import { loadRegistry, loadTouched, saveRegistry, saveTouched } from '../saved-registry.ts';
import { fold, step } from '../step.ts';

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

  it('waits as a maker also where entries and other rungs go as takers', () => {
    for (const side of SIDES) {
      const script = resting(side, { execution: { entryStyle: 'taker' } });
      expect(script.live('rung').order.terms).toEqual({ type: 'limit', priceTicks: at(side, -25), postOnly: true });
    }
  });

  it('that the mark has passed keeps its caps at the price at which it would still fill', () => {
    for (const side of SIDES) {
      const config = { position_scaling: { on_limit: 'shrink' }, limits: { daily_loss_limit: 100 } };
      const script = resting(side, { config });
      const { sizeLots } = script.live('rung');
      // With so much less of a balance less of the rung fits into the margin of a position.
      script.registry.balance = money((script.registry.balance * 35n) / 100n);
      script.price(at(side, -29));
      const rung = script.live('rung');
      expect(rung.sizeLots, 'less of it').toBeLessThan(sizeLots);
      expect(rung.ticks).toBe(at(side, -25));
      const open = script.registry.orders.get(rung.order.clientId) as OpenOrder;
      expect(brokenCaps(script.registry, open)).toEqual([]);
    }
  });

  it('that the mark has passed is weighed at the higher of its price and the mark: at the cap it stays, a unit above it goes', () => {
    for (const side of SIDES) {
      const passed = (most: number) => {
        const config = {
          position_scaling: { base_size: { small: 100, medium: 100, large: 100 } },
          profiles: { small: { max_position_value: String(most * 2) } },
          limits: { regime_value_factor: { choppy: 0.5 } },
        };
        const script = resting(side, { config });
        script.market.regime = 'choppy';
        script.price(at(side, -29));
        return script;
      };
      const roomy = passed(1_000);
      const higher = Math.max(at(side, -25), at(side, -29));
      const hundredThousandths = (roomy.position.holding.lots + roomy.live('rung').sizeLots) * higher;
      expect(passed(hundredThousandths / 1e5).refusals()).toEqual([]);
      expect(passed((hundredThousandths - 1) / 1e5).refusals()).toEqual(['position-too-large']);
    }
  });

  it('that the mark has passed by more than a price may move is stale', () => {
    for (const side of SIDES) {
      const passedBy = (ticks: number) => {
        const config = { position_scaling: { max_loss_for_addition: -50 }, limits: { daily_loss_limit: 100 } };
        const average_down = { loss_share: 0.02 };
        const governors = governorsOf({ additions_without_signal: { placement: 'resting', average_down } });
        const script = resting(side, { config, governors });
        script.price(at(side, -25 - ticks));
        return script.refusals();
      };
      expect([passedBy(97), passedBy(102)], '1 % of 10,000 ticks').toEqual([[], ['price-stale']]);
    }
  });

  /** A rung that is to rest 25 ticks behind the entry, on a day of so many per cent, and so many 10⁻⁸ USDT more, once it is filled there. */
  function onADayOf(percent: bigint, side: Side, more: bigint): Script {
    const governors = governorsOf({ additions_without_signal: { placement: 'resting' }, size_by_day: 'on' });
    const script = opened(side, 'resting', { governors });
    const { registry, position, symbol } = script;
    const loss = 25 * position.holding.lots * symbol.instrument.moneyPerTickLot;
    const { firstBalance } = registry.day;
    registry.balance = money(firstBalance + (firstBalance * percent) / 100n + BigInt(loss) + more);
    script.wait(60_000);
    script.candle(at(side, 0));
    return script;
  }

  it('whose fill would find the day at its loss limit does not rest, and ends no day that is not there yet', () => {
    for (const side of SIDES) {
      expect(onADayOf(-5n, side, 1n).has('rung')).toBe(true);
      const script = onADayOf(-5n, side, 0n);
      expect(script.has('rung')).toBe(false);
      expect(script.refusals()).toEqual(['halted']);
      expect(script.registry.day.lost).toBe(false);
    }
  });

  it('is as large as the day lets it be where it fills', () => {
    for (const side of SIDES) {
      const [whole, less] = [1n, 0n].map((more) => onADayOf(-1n, side, more).live('rung').sizeLots);
      expect((less ?? 0) / (whole ?? 1)).toBeCloseTo(0.8, 2);
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

  it('comes nearer with a candle that brings a signal as well, and stays in that signal’s way', () => {
    for (const side of SIDES) {
      const script = resting(side);
      script.market.atrTicks = 60;
      script.price(at(side, -1));
      expect(script.live('rung').ticks).toBe(at(side, -30));
      script.market.atrTicks = 50;
      script.wait(60_000);
      Object.defineProperty(script.symbol.series, 'signalSide', { get: () => side, set: () => {} });
      expect(script.refusals(script.candle(at(side, 0)))).toEqual(['order-in-flight']);
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

  it('waits there too where a sign would have asked for it at once: it never follows at the market', () => {
    for (const side of SIDES) {
      const script = opened(side, 'resting');
      script.wait(60_000);
      turn(script, side);
      script.candle(at(side, -30));
      expect(script.symbol.working).toMatchObject({ purpose: 'rung', rests: true, because: 'average-down' });
      script.wait(10_000);
      expect(placedRungs(script)).toMatchObject([
        { terms: { type: 'limit', priceTicks: at(side, -30), postOnly: true } },
      ]);
      expect(script.has('rung')).toBe(true);
    }
  });

  it('does not rest beyond the stop, nor past the loss limit', () => {
    for (const atrTicks of [81, 200]) expect(resting(1, { atrTicks }).has('rung')).toBe(false);
    expect(resting(1, { atrTicks: 80 }).live('rung').ticks).toBe(9_960);
  });

  it('leaves its own order out of every count: what was approved once stays approved', () => {
    for (const side of SIDES) {
      // Entry and rung together all but fill the exposure: counted twice, the rung would not fit.
      const position_scaling = { max_additions: 1, by_regime: { ranging: { ladder_multiplier: 1.09 } } };
      const tight = resting(side, { config: { position_scaling, limits: { max_total_exposure: 0.5 } } });
      const { sizeLots, ticks } = tight.live('rung');
      const exposed = (tight.position.holding.lots * ticks + sizeLots * ticks) / 100_000;
      expect(exposed, 'of 500 USDT').toBeGreaterThan(490);
      for (let minute = 0; minute < 3; minute++) tight.candle(at(side, 0));
      expect(placedRungs(tight)).toHaveLength(1);
      expect(tight.live('rung').sizeLots).toBe(sizeLots);
    }
  });

  it('has its window from its first fill on, then the rest of it lapses', () => {
    for (const side of SIDES) {
      const script = resting(side);
      script.price(at(side, -25));
      script.fill('rung', { lots: 1 });
      expect(script.has('rung')).toBe(true);
      script.wait(9_999);
      expect(script.has('rung')).toBe(true);
      script.wait(1);
      expect(script.has('rung')).toBe(false);
      expect(script.position.rungs.map(({ number, filledLots }) => [number, filledLots])).toEqual([[1, 1]]);
      expect(placedRungs(script)).toHaveLength(1);
    }
  });

  it('is called back by the candle that ends its regime, before any price', () => {
    for (const side of SIDES) {
      const script = resting(side);
      script.endMinute();
      script.market.regime = 'trending';
      script.candleAlone(at(side, 0));
      expect(script.has('rung')).toBe(false);
      expect(script.refusals(), 'nothing threw').toEqual([]);
    }
  });

  it('is left where it stands by a candle, where the touch has gone beyond it: it is about to fill', () => {
    for (const side of SIDES) {
      const script = resting(side);
      script.price(at(side, -35));
      expect(script.ofKind('amend', script.candle(at(side, -35)))).toEqual([]);
      expect(script.live('rung').ticks).toBe(at(side, -25));
    }
  });

  it('keeps its price where less of it is approved, and is not enlarged again until it is priced anew', () => {
    for (const side of SIDES) {
      const script = resting(side);
      const turbulence = (factor: number) =>
        Object.defineProperty(script.symbol.series, 'meanAtrFraction', {
          get: () => 0.005 * factor,
          configurable: true,
        });
      const all = script.live('rung').sizeLots;
      turbulence(0.7);
      script.price(at(side, -1));
      const less = script.live('rung').sizeLots;
      expect(less).toBeLessThan(all);
      expect(script.live('rung').ticks).toBe(at(side, -25));
      turbulence(1);
      script.price(at(side, -2));
      script.candle(at(side, -2));
      expect(script.live('rung').sizeLots, 'at the same price').toBe(less);
      script.market.atrTicks = 60;
      script.price(at(side, -1));
      expect(script.live('rung').sizeLots, 'at another price').toBeGreaterThan(less);
      expect(placedRungs(script)).toHaveLength(1);
    }
  });

  it('that has begun to fill, or that a signal sent, is worked in its window and never moved by a candle', () => {
    for (const side of SIDES) {
      const begun = resting(side);
      begun.wait(55_000);
      begun.price(at(side, -25));
      begun.fill('rung', { lots: 1 });
      begun.price(at(side, -10));
      begun.market.atrTicks = 40;
      begun.candle(at(side, -10));
      expect(begun.live('rung').ticks).toBe(at(side, -25));
      const sent = opened(side, 'resting');
      sent.wait(99_000);
      sent.price(at(side, -30));
      sent.signal(side);
      sent.price(at(side, -5));
      sent.endMinute();
      expect(sent.candleAlone(at(side, -5)), 'not to the published price').toEqual([]);
      expect(sent.live('rung').ticks).toBe(at(side, -30));
    }
  });

  it('that is left as it is leaves nothing to write down', () => {
    const script = resting(1);
    script.price(9_999);
    expect(script.symbol.touched).toBe(false);
  });

  it('is left to its fills where the exchange tells more of them than came: nothing is approved or called back any more', () => {
    for (const side of SIDES) {
      const script = resting(side);
      const { clientId } = script.live('rung').order;
      script.takeAlone({ kind: 'order-ended', at: script.now, clientId, filledLots: lots(10), cause: 'test' });
      expect(script.price(at(side, -45))).toEqual([]);
      script.fill('rung', { lots: 10 });
      expect(script.position.rungs).toMatchObject([{ number: 1, filledLots: 10 }]);
    }
  });

  it('is placed five hundred times at most: more would not fit the client id', () => {
    const script = opened(1, 'resting');
    script.position.attempts.set('rung1', 499);
    script.wait(60_000);
    script.candle(10_000);
    expect(script.live('rung').order.attempt).toBe(500);
    script.end('rung');
    script.candle(10_000);
    script.candle(10_000);
    expect(placedRungs(script)).toHaveLength(1);
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

describe('while a rung rests', () => {
  const forecast = (script: Script, inMs: number): number => {
    const settlesAt = script.now + inMs;
    const { instId } = script.symbol.instrument;
    script.take({ kind: 'funding-forecast', at: script.now, instId, rateE8: 0, settlesAt });
    return settlesAt - 60_000 + 1;
  };

  it('the core is woken where its funding comes near, and for no other reason before', () => {
    const script = resting(1);
    const nearAt = forecast(script, 120_000);
    expect(nextDeadlineMs(script.registry)).toBe(nearAt);
    script.now = nearAt;
    const decisions = script.takeAlone({ kind: 'time', at: nearAt });
    expect(decisions).toMatchObject([{ kind: 'refused', code: 'funding-near' }, { kind: 'cancel' }]);
  });

  it('and was called back, or its funding is behind it, nobody is woken for it', () => {
    const called = resting(1);
    called.cancellations = 'nothing';
    const nearAt = forecast(called, 120_000);
    called.price(9_955);
    expect(called.refusals()).toContain('loss-too-deep');
    expect(nextDeadlineMs(called.registry)).toBeGreaterThan(nearAt);
    const settled = resting(1);
    expect(nextDeadlineMs(settled.registry)).toBe(settled.position.exits.timeLimitAt);
    forecast(settled, -61_000);
    expect(nextDeadlineMs(settled.registry)).toBe(settled.position.exits.timeLimitAt);
  });

  it('and has begun to fill, its window lasts past the moment at which funding is near', () => {
    const script = resting(1);
    forecast(script, 65_000);
    script.price(9_975);
    script.fill('rung', { lots: 1 });
    script.wait(9_999);
    expect(script.has('rung')).toBe(true);
    script.wait(1);
    expect(script.has('rung')).toBe(false);
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
