/** The core from event to decision, end to end: one position climbs its ladder, is protected, and closes once. */
import { describe, expect, it } from 'vitest';
import { governorsOf, PRICE, SCRIPT_SWAP, Script, START } from '../../test/script.ts';
import { bookWorstCase } from './ladder/worst-case.ts';
import { decimal } from './numbers/decimal.ts';
import { lots, money, type Side, ticks } from './numbers/units.ts';
import type { Order } from './orders/order.ts';
import { averageTicks } from './position/position.ts';
import { accountUnits, nextDeadlineMs } from './registry.ts';
import { saveRegistry } from './saved-registry.ts';
import { fold, step } from './step.ts';

const SIDES = [
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[];

function averageOf(script: Script): number {
  return averageTicks(script.position.holding, SCRIPT_SWAP);
}

describe.each(SIDES)('a %s position', (_name, side) => {
  it('opens by a signal: maker at the touch, leverage set before, base planned so that the ladder fits', () => {
    const script = new Script({ execution: { leverage: { ...new Script().policy.execution.leverage, max: 4 } } });
    script.registry.symbols[0]!.leverage = 5;
    const decided = script.signal(side);
    expect(decided.map(({ kind }) => kind)).toEqual(['set-leverage', 'place']);
    const { order } = script.live('entry');
    expect(order).toMatchObject({
      side,
      reduceOnly: false,
      terms: { type: 'limit', priceTicks: PRICE, postOnly: true },
    });
    // 150 USDT of margin × 4 / (1 + 2.7 × 0.8 × 1.1), a lot is 0.1 USDT
    expect(order.sizeLots).toBe(Math.floor(600 / 3.376 / 0.1));
  });

  it('gets its stop, its partial and its target with the first fill, and they follow every fill', () => {
    const script = new Script();
    script.signal(side);
    script.fill('entry', { lots: 1000 });
    expect(script.live('stop')).toMatchObject({ sizeLots: 1000, ticks: PRICE - side * 75 });
    expect(script.live('stop').order).toMatchObject({ reduceOnly: true, terms: { type: 'stop', by: 'mark' } });
    const whole = script.live('entry').sizeLots;
    script.fill('entry');
    expect(script.position.holding).toMatchObject({ lots: whole, side });
    expect(script.live('stop').sizeLots).toBe(whole);
    const { partial, target } = { partial: script.live('partial'), target: script.live('target') };
    expect(partial.sizeLots + target.sizeLots, 'together they close all of it').toBe(whole);
    // 2 ATR, and a round trip as maker and taker with a basis point of slippage: 0.08 %
    expect(target.ticks).toBe(PRICE + side * 108);
    expect(partial.ticks).toBe(PRICE + side * 68);
  });

  it('is enlarged by the second and the third rung: each changes the average and brings the stop to it', () => {
    const script = new Script().enter(side);
    const seen: { average: number; stop: number; lots: number }[] = [];
    for (const move of [0, 20, 30]) {
      if (move > 0) script.rung(PRICE - side * move);
      seen.push({
        average: averageOf(script),
        stop: script.live('stop').ticks,
        lots: script.live('stop').sizeLots,
      });
    }
    expect(script.position.rungs.map(({ number, coefficient }) => [number, coefficient])).toEqual([
      [1, '0.72'],
      [2, '0.504'],
    ]);
    for (const [index, { average, stop, lots: stopLots }] of seen.entries()) {
      expect(side * (average - stop), `stop ${index} stands 1.5 ATR from the average`).toBeLessThanOrEqual(75);
      expect(side * (average - stop)).toBeGreaterThan(74);
      if (index > 0) expect(side * ((seen[index - 1]?.average ?? 0) - average)).toBeGreaterThan(1);
      if (index > 0) expect(stopLots).toBeGreaterThan(seen[index - 1]?.lots ?? 0);
    }
    expect(script.live('stop').sizeLots, 'the stop covers all of it').toBe(script.position.holding.lots);
  });

  it('never climbs past the planned notional, however far the ladder is climbed', () => {
    const script = new Script({ config: { position_scaling: { max_loss_for_addition: -10 } } }).enter(side);
    for (let rung = 1; rung <= 5; rung++) script.rung(PRICE - side * rung * 5);
    script.wait(60_000);
    expect(script.refusals(script.signal(side))).toEqual(['additions-exhausted']);
    expect(script.position.rungs).toHaveLength(5);
    const cost = script.position.holding.costUnits / 1e8;
    expect(cost).toBeLessThanOrEqual(750);
    expect(cost).toBeGreaterThan(550);
  });

  it('is not enlarged where it loses more than the limit: at −2 % of margin it is, one tick below it is not', () => {
    const script = new Script().enter(side);
    script.wait(60_000);
    script.price(PRICE - side * 41);
    expect(script.refusals(script.signal(side))).toEqual(['loss-too-deep']);
    script.price(PRICE - side * 40);
    expect(script.refusals(script.signal(side))).toEqual([]);
    expect(script.has('rung')).toBe(true);
  });

  it('is enlarged by what a new position would get now, as if it were flat: the margin that the exchange has for it is not missing', () => {
    const sizeOf = (available: (margin: number) => bigint | undefined) => {
      const wide = { lossPerPositionPercentMax: decimal('50'), worstCaseLossPercentMax: decimal('90') };
      const profiles = { small: { max_margin_percent: 95, max_position_value: 100_000 } };
      const config = { profiles, limits: { max_total_exposure: 20 } };
      const script = new Script({ config, limits: wide }).enter(side);
      script.wait(60_000);
      const margin = Math.ceil(script.position.holding.costUnits / 5);
      script.registry.exchangeAvailable = available(margin) as typeof script.registry.exchangeAvailable;
      script.registry.readAt = script.now;
      script.signal(side);
      return script.live('rung').sizeLots;
    };
    const planned = sizeOf(() => undefined);
    const balance = (script = new Script().enter(side)) => script.registry.balance;
    expect(sizeOf((margin) => balance() - BigInt(margin))).toBe(planned);
    expect(
      sizeOf((margin) => balance() - BigInt(margin) * 2n),
      'what others take is',
    ).toBeLessThan(planned);
  });

  it.each(['maker_then_taker', 'taker'] as const)(
    'loses by its mark, wherever the touch is that sizes the rung (%s)',
    (entryStyle) => {
      const script = new Script({ execution: { entryStyle } }).enter(side);
      script.wait(60_000);
      const wide = (mark: number) =>
        script.price(PRICE - side * mark, { bid: PRICE - side * mark - 10, ask: PRICE - side * mark + 10 });
      wide(41);
      expect(script.refusals(script.signal(side))).toEqual(['loss-too-deep']);
      wide(40);
      expect(script.refusals(script.signal(side))).toEqual([]);
    },
  );

  it('closes once, by its stop, and every other order is called back', () => {
    const script = new Script().enter(side);
    script.price(PRICE - side * 75);
    const decided = script.fill('stop');
    expect(script.ofKind('position-closed', decided)).toMatchObject([{ reason: 'stop', additions: 0 }]);
    expect(script.book.size, 'nothing is left on the exchange').toBe(0);
    expect(script.registry.orders.size, 'nothing is left in the table').toBe(0);
    expect(script.symbol.working).toBeUndefined();
  });

  it('closes by its time limit: maker first, then at the market', () => {
    const script = new Script().enter(side);
    script.wait(15 * 60_000);
    expect(script.live('close').order).toMatchObject({ side: -side, terms: { type: 'limit', postOnly: true } });
    script.wait(10_000);
    expect(script.live('close').order).toMatchObject({ attempt: 2, terms: { type: 'market' } });
    expect(script.position.closeFailures, 'a window that is over is no failure').toBe(0);
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ reason: 'time' }]);
    expect(script.registry.orders.size).toBe(0);
  });

  it('closes by an opposite signal', () => {
    const script = new Script().enter(side);
    script.signal(-side as Side);
    expect(script.ofKind('position-closed', script.fill('close'))).toMatchObject([{ reason: 'opposite' }]);
    script.wait(60_000);
    expect(script.has('entry'), 'close is not reverse').toBe(false);
  });

  it('is turned round by an opposite signal where the policy says so, after the wait of the other side, which begins with its close', () => {
    const script = new Script({ execution: { onOpposite: 'reverse' } }).enter(side);
    script.signal(-side as Side);
    script.wait(3_000);
    script.fill('close');
    expect(script.has('entry')).toBe(false);
    script.wait(4_999);
    expect(script.has('entry')).toBe(false);
    script.wait(1);
    expect(script.live('entry').order).toMatchObject({ side: -side, position: 2 });
  });

  it('is not turned round any more once a person flattens the symbol', () => {
    const script = new Script({ execution: { onOpposite: 'reverse' } }).enter(side);
    script.signal(-side as Side);
    script.fill('close');
    script.operator({ do: 'flatten', by: 'a person', instId: SCRIPT_SWAP.instId });
    script.wait(60_000);
    expect(script.has('entry')).toBe(false);
  });

  it('is not turned round by a signal of hours ago, where the bot was not running meanwhile', () => {
    const script = new Script({ execution: { onOpposite: 'reverse' } }).enter(side);
    script.signal(-side as Side);
    script.now += 3 * 3_600_000;
    script.price(PRICE);
    script.fill('close');
    expect(script.refusals(script.wait(5_000))).toEqual(['price-stale']);
    expect([script.has('entry'), script.symbol.reversal]).toEqual([false, undefined]);
  });

  it('is not turned round once another position has been opened meanwhile, nor is that one', () => {
    const script = new Script({ execution: { onOpposite: 'reverse' } }).enter(side);
    script.signal(-side as Side);
    script.fill('close');
    script.take(script.fillEvent(side, 100, PRICE));
    script.wait(60_000);
    script.take(script.fillEvent(-side as Side, 100, PRICE));
    expect(script.symbol.position).toBeUndefined();
    script.wait(60_000);
    expect(script.placed.filter(({ role }) => role === 'entry')).toHaveLength(1);
  });

  it('lets an opposite signal be where the policy says so', () => {
    const script = new Script({ execution: { onOpposite: 'ignore' } }).enter(side);
    expect(script.signal(-side as Side)).toEqual([]);
  });
});

describe('an entry', () => {
  it.each([
    ['a long as maker', 1, 'maker_then_taker', 9_900],
    ['a short as maker', -1, 'maker_then_taker', 10_100],
    ['a long as taker', 1, 'taker', 10_100],
    ['a short as taker', -1, 'taker', 9_900],
  ] as const)('is sized at the touch that it will meet: %s', (_fact, side, entryStyle, priceTicks) => {
    const script = new Script({
      config: { position_scaling: { base_size: { small: 99, medium: 99, large: 99 } } },
      execution: { entryStyle, costMultipleMin: decimal('0') },
      limits: { priceMovePercentMax: decimal('50') },
    });
    script.price(PRICE, { bid: 9_900, ask: 10_100 });
    script.signal(side);
    // A lot is 0.001 coin, a tick 0.01 USDT.
    expect(script.placed[0]?.sizeLots).toBe(Math.floor(99 / (0.001 * priceTicks * 0.01)));
  });

  it.each([
    ['as usual', 1, 1],
    ['half as turbulent as usual: calm enlarges nothing', 2, 1],
    ['by a half more turbulent than usual', 2 / 3, 2 / 3],
    ['four times as turbulent as usual: at least a half', 1 / 4, 1 / 2],
    ['of unknown turbulence', undefined, 1],
  ] as const)('is sized by volatility: %s', (_fact, meanOverNow, factor) => {
    const script = new Script({ config: { position_scaling: { base_size: { small: 90, medium: 90, large: 90 } } } });
    const { atrFraction } = script.symbol.series;
    const mean = () => (meanOverNow === undefined ? undefined : (atrFraction ?? 0) * meanOverNow);
    Object.defineProperty(script.symbol.series, 'meanAtrFraction', { get: mean, configurable: true });
    script.signal(1);
    const lots = (90 * factor) / 0.1;
    expect(Math.abs((script.placed[0]?.sizeLots ?? 0) - lots), `about ${lots} lots`).toBeLessThanOrEqual(1);
  });

  it('that throws once something of it is decided sends nothing of it', () => {
    const script = new Script();
    script.symbol.leverage = 2;
    const broken = () => {
      throw new Error('nextPosition is broken');
    };
    Object.defineProperty(script.registry, 'nextPosition', { get: broken, set: broken });
    expect(script.signal(1)).toMatchObject([{ kind: 'refused', code: 'decision-failed' }]);
    expect([script.symbol.leverage, script.symbol.touched]).toEqual([2, true]);
  });

  it('counts with the margin of the leverage that is set before it, not of the one that the exchange had before', () => {
    const script = new Script();
    const { instId } = SCRIPT_SWAP;
    script.take({ kind: 'leverage', at: script.now, instId, leverage: 50 });
    const signal = { side: 1, strength: 1, priceTicks: ticks(PRICE), source: 'script', reasons: [] } as const;
    script.takeAlone({ kind: 'signal', at: script.now, instId, ...signal });
    const [entry] = script.registry.orders.values();
    const value = (entry?.sizeLots ?? 0) * PRICE * SCRIPT_SWAP.moneyPerTickLot;
    expect(accountUnits(script.registry), 'what another symbol’s entry of the same moment meets').toMatchObject({
      marginReserved: value / 5,
    });
    expect(bookWorstCase(script.registry).marginUnits).toBe(bookWorstCase(script.registry).valueUnits / 5);
  });

  it('that is filled in part is one position, not two', () => {
    const other = { ...SCRIPT_SWAP, instId: 'OTHER-USDT-SWAP' };
    const limit = (most: number) => {
      const script = new Script({
        instruments: [SCRIPT_SWAP, other],
        config: { profiles: { small: { max_open_positions: most } } },
      });
      script.price(PRICE, { instId: other.instId });
      script.signal(1);
      script.fill('entry', { lots: 100 });
      expect(script.has('entry'), 'the rest is on its way').toBe(true);
      return script.refusals(script.signal(1, { instId: other.instId }));
    };
    expect([limit(2), limit(1)]).toEqual([[], ['positions-at-limit']]);
  });

  it('says halted, not state-unknown, where both are so', () => {
    const script = new Script({});
    script.operator({ do: 'halt', by: 'a person' });
    script.market.atrTicks = undefined;
    expect(script.refusals(script.signal(1))).toEqual(['halted']);
  });

  it('waits 60 s for the same side, 180 s after a loss, 5 s for the other side', () => {
    for (const [side, moved, waitMs] of [
      [1, 108, 60_000],
      [1, -75, 180_000],
      [-1, -75, 5_000],
    ] as const) {
      const script = new Script({ exits: {} }).enter(1);
      script.price(PRICE + moved);
      if (moved > 0) {
        script.fill('partial');
        script.fill('target');
      } else script.fill('stop');
      script.wait(waitMs - 1);
      expect(script.refusals(script.signal(side)), `${waitMs - 1} ms`).toEqual(['reentry-wait']);
      script.wait(1);
      expect(script.refusals(script.signal(side)), `${waitMs} ms`).toEqual([]);
    }
  });
});

describe('the same events', () => {
  function play(script: Script): Script {
    script.signal(1);
    script.fill('entry', { lots: 700 });
    script.fill('entry');
    script.rung(PRICE - 20);
    script.signal(1);
    script.price(PRICE - 45);
    script.wait(60_000);
    script.signal(1);
    script.price(PRICE + 80);
    script.fill('partial');
    script.wait(60_000);
    script.signal(-1);
    script.wait(20_000);
    script.fill('close');
    return script;
  }

  it('lead to the same decisions, traced or not, but for the reasoning', () => {
    const plain = play(new Script());
    const traced = play(new Script({ traced: true }));
    const bare = traced.decisions.map((decision) => ({
      ...decision,
      ...('reasoning' in decision ? { reasoning: undefined } : {}),
      ...('exit' in decision ? { exit: undefined } : {}),
    }));
    expect(bare).toEqual(plain.decisions);
    const reasoned = traced.ofKind('place').filter(({ order }) => !order.reduceOnly);
    expect(reasoned.length).toBeGreaterThan(1);
    for (const { reasoning } of reasoned) expect(reasoning?.gates.every(({ ok }) => ok !== false)).toBe(true);
  });

  it('lead to the same state', () => {
    const text = (script: Script) =>
      JSON.stringify(saveRegistry(script.registry), (_key, value: unknown) =>
        typeof value === 'bigint' ? String(value) : value,
      );
    expect(text(play(new Script()))).toBe(text(play(new Script())));
  });

  it('lead to the same decisions where the reasoning throws: a log never changes a decision', () => {
    const silent = play(new Script());
    const broken = new Script({ traced: true });
    broken.throwAt('regimeRecord');
    broken.throwAt('reasons');
    play(broken);
    expect(broken.ofKind('refused').map(({ code }) => code)).toEqual(silent.ofKind('refused').map(({ code }) => code));
    expect(broken.placed).toEqual(silent.placed);
  });

  it('mirrored at the entry price lead to mirrored orders', () => {
    const mirrored = (side: Side) => {
      const script = new Script({ config: { position_scaling: { max_loss_for_addition: -9 } } }).enter(side);
      script.rung(PRICE - side * 20);
      script.rung(PRICE - side * 35);
      script.price(PRICE - side * 10);
      script.wait(60_000);
      script.price(PRICE + side * 90);
      const priceOf = ({ terms }: Order) =>
        terms.type === 'market' ? PRICE : terms.type === 'stop' ? terms.triggerTicks : terms.priceTicks;
      return {
        orders: script.placed.map(({ role, step: number, side: of, terms }) => [role, number, of * side, terms.type]),
        away: script.placed.map((order) => side * (priceOf(order) - PRICE)),
      };
    };
    const long = mirrored(1);
    const short = mirrored(-1);
    expect(short.orders).toEqual(long.orders);
    short.away.forEach((away, index) => {
      expect(Math.abs(away - (long.away[index] ?? 0)), `order ${index} stands as far away`).toBeLessThanOrEqual(1);
    });
  });
});

describe('a closed candle', () => {
  const closed = (script: Script, closeTicks: number, more: { readonly openMinute?: number } = {}) => {
    const openMinute = more.openMinute ?? Math.floor(script.now / 60_000);
    const at = (openMinute + 1) * 60_000;
    const prices = { openTicks: PRICE, highTicks: closeTicks, lowTicks: PRICE, closeTicks };
    return { kind: 'candle-closed', at, instId: SCRIPT_SWAP.instId, openMinute, ...prices, volumeLots: 1 } as const;
  };
  const told = ({ symbol: { markTicks, bidTicks, askTicks, pricedAt } }: Script) => [
    markTicks,
    bidTicks,
    askTicks,
    pricedAt,
  ];

  it('prices a market that nobody has priced since: the mark at its close, the assumed spread around it', () => {
    const script = new Script({ execution: { spreadTicks: 3 } });
    const candle = closed(script, PRICE + 50);
    script.take(candle);
    expect(told(script)).toEqual([PRICE + 50, PRICE + 48, PRICE + 52, candle.at]);
    expect(script.symbol.quotedAt, 'and what adds goes by it').toBe(candle.at);
  });

  it('never quotes a bid below one tick', () => {
    const script = new Script({ execution: { spreadTicks: 10 }, priceTicks: 1 });
    script.take(closed(script, 3));
    expect(script.symbol.bidTicks).toBe(1);
  });

  it('overwrites no price of its last moment, or of a later one', () => {
    const script = new Script();
    const candle = closed(script, PRICE + 50);
    script.now = candle.at;
    script.price(PRICE + 7, { bid: PRICE + 6, ask: PRICE + 9 });
    script.take(candle);
    expect(told(script)).toEqual([PRICE + 7, PRICE + 6, PRICE + 9, candle.at]);
  });

  it('that is told twice, or late, is old news', () => {
    const script = new Script();
    const candle = closed(script, PRICE + 50);
    script.take(candle);
    script.symbol.pricedAt = 0;
    script.take({ ...candle, closeTicks: PRICE + 60, highTicks: PRICE + 60 });
    script.take(closed(script, PRICE + 60, { openMinute: candle.openMinute - 1 }));
    expect([script.symbol.markTicks, script.symbol.series.openMinute]).toEqual([PRICE + 50, candle.openMinute]);
  });

  describe.each([
    ['the last minute', 0],
    ['half an hour ago, read from the past', 30],
  ] as const)('of %s, with a signal', (_name, minutesAgo) => {
    const isNow = minutesAgo === 0;
    /** A position in profit in a strong trend, of an hour ago; then a candle closes, and the scalper says a side. */
    const said = (side: Side, openedMinutesAgo = 60) => {
      const options = {
        execution: { onOpposite: 'reverse' },
        adx: 30,
        exits: { trailing: undefined } as never,
      } as const;
      const script = new Script(options).enter(1);
      Object.assign(script.position, { openedAt: script.now - openedMinutesAgo * 60_000 });
      return tell(script, side);
    };
    const tell = (script: Script, side: Side) => {
      script.wait(60_000);
      script.endMinute();
      script.price(PRICE + 60);
      Object.defineProperty(script.symbol.series, 'signalSide', { get: () => side, set: () => {} });
      script.take(closed(script, PRICE + 60, { openMinute: Math.floor(script.now / 60_000) - 1 - minutesAgo }));
      return script;
    };

    it(`opens ${isNow ? 'a' : 'no'} position, and nothing is refused`, () => {
      const script = tell(new Script(), 1);
      expect([script.has('entry'), script.refusals()]).toEqual([isNow, []]);
    });

    it(`of the position's side ${isNow ? 'gives it more time and a rung' : 'gives it neither more time nor a rung'}`, () => {
      const script = said(1);
      const { exits, closing } = script.position;
      expect([exits.extensions, script.has('rung'), closing]).toEqual([Number(isNow), isNow, undefined]);
      expect(script.refusals()).toEqual([]);
    });

    it(`of the other side closes it, and ${isNow ? 'turns' : 'does not turn'} it round`, () => {
      const script = said(-1);
      expect(script.position.closing).toBe('opposite');
      expect(script.symbol.reversal === undefined).toBe(!isNow);
    });

    it(`of the other side ${isNow ? 'closes it' : 'leaves it alone'} where indicators of other periods had heard that minute`, () => {
      const script = new Script({ exits: { trailing: undefined } as never }).enter(1);
      Object.assign(script.position, { openedAt: script.now - 3_600_000 });
      script.symbol.heardUntil = Math.ceil(script.now / 60_000 + 1 - minutesAgo) * 60_000;
      expect(tell(script, -1).position.closing).toBe(isNow ? 'opposite' : undefined);
    });

    it(`of the other side ${isNow ? 'closes' : 'leaves alone'} a position that was opened since`, () => {
      expect(said(-1, 0).position.closing).toBe(isNow ? 'opposite' : undefined);
    });
  });

  it('of half an hour ago pauses nothing, however turbulent that minute was', () => {
    const pausing = (minutesAgo: number) => {
      const script = new Script({ governors: governorsOf({ pause: {} }) });
      script.endMinute();
      script.market.turbulence = 9;
      script.take(closed(script, PRICE, { openMinute: Math.floor(script.now / 60_000) - 1 - minutesAgo }));
      return script.ofKind('governed').length;
    };
    expect([pausing(0), pausing(30)]).toEqual([1, 0]);
  });

  it('leaves an entry that is on its way on its way', () => {
    const script = new Script();
    script.signal(1);
    script.take(closed(script, PRICE));
    expect(script.ofKind('cancel')).toEqual([]);
    expect(script.has('entry')).toBe(true);
  });
});

describe('a signal from elsewhere that comes half an hour late', () => {
  const late = (script: Script, side: Side) =>
    script.take({
      kind: 'signal',
      at: script.now - 1_800_000,
      instId: script.symbol.instrument.instId,
      side,
      strength: 1,
      priceTicks: ticks(PRICE),
      source: 'webhook',
      reasons: [],
    });

  it('is refused, as an entry and as an addition', () => {
    const script = new Script();
    expect(script.ofKind('refused', late(script, 1))).toMatchObject([{ what: 'entry', code: 'price-stale' }]);
    script.enter(1);
    expect(script.ofKind('refused', late(script, 1))).toMatchObject([{ what: 'addition', code: 'price-stale' }]);
    expect(script.placed.filter(({ reduceOnly }) => !reduceOnly)).toHaveLength(1);
  });

  it('closes a position of the other side that was open then, and no other', () => {
    const script = new Script().enter(1);
    late(script, -1);
    expect(script.position.closing).toBeUndefined();
    Object.assign(script.position, { openedAt: script.now - 3_600_000 });
    late(script, -1);
    expect(script.position.closing).toBe('opposite');
  });
});

describe('the day', () => {
  it('begins with its first millisecond, and with the balance of then', () => {
    const script = new Script();
    const { day } = script.registry;
    script.take(script.fillEvent(1, 100, PRICE));
    script.take({ kind: 'time', at: day.endsAt - 1 });
    expect(script.registry.day).toBe(day);
    script.take({ kind: 'time', at: day.endsAt });
    expect(script.registry.day).toEqual({
      endsAt: day.endsAt + 86_400_000,
      firstBalance: script.registry.balance,
      lost: false,
      unexplained: 0n,
    });
    expect(script.registry.balance).toBeLessThan(day.firstBalance);
  });
});

it('an event of the past that throws leaves nobody folding', () => {
  const { registry } = new Script();
  expect(() => fold(registry, { kind: 'leverage', at: START, instId: 'NOBODY', leverage: 2 })).toThrow(RangeError);
  expect(registry.folding).toBe(false);
});

describe('the world', () => {
  it('gives no price from the past: an older one never overwrites a newer one', () => {
    const script = new Script();
    script.now += 1000;
    script.price(PRICE + 5);
    script.now -= 500;
    script.price(PRICE - 5);
    expect(script.symbol.markTicks).toBe(PRICE + 5);
  });

  it('of which nothing is known allows no entry: no price, no ATR', () => {
    const script = new Script();
    script.market.atrTicks = undefined;
    expect(script.refusals(script.signal(1))).toEqual(['state-unknown']);
  });

  it('that the core does not hold is a bug of the runner', () => {
    const { registry } = new Script();
    const event = { kind: 'funding-settled', at: START, instId: 'OTHER', amount: money(0n) } as const;
    expect(() => step(registry, event)).toThrow(/OTHER, which is not among the symbols/);
  });

  it('settles funding: it is the position’s, and the balance’s', () => {
    const script = new Script().enter(1);
    const before = script.registry.balance;
    script.take({ kind: 'funding-settled', at: script.now, instId: SCRIPT_SWAP.instId, amount: money(-123n) });
    expect(script.registry.balance).toBe(before - 123n);
    expect(script.position.fundingUnits).toBe(-123);
  });

  it('has settled its funding: a forecast that has passed by a minute is not waited for again', () => {
    const script = new Script();
    const settlesAt = script.now + 100_000;
    script.take({ kind: 'funding-forecast', at: script.now, instId: SCRIPT_SWAP.instId, rateE8: 60_000, settlesAt });
    script.wait(100_000 + 59_000);
    expect(script.refusals(script.signal(1)), 'within a minute of a settlement, after it as well').toEqual([
      'funding-near',
    ]);
    script.wait(1_000);
    expect(script.refusals(script.signal(1))).toEqual([]);
  });

  it('says what the leverage of the position is: a person is told where it changed, and gates use it', () => {
    const script = new Script().enter(1);
    const decided = script.take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage: 20 });
    expect(script.ofKind('alert', decided)).toMatchObject([{ code: 'leverage-differs' }]);
    script.wait(60_000);
    script.price(PRICE - 11);
    expect(script.refusals(script.signal(1)), '−2.2 % of the margin at 20x').toEqual(['loss-too-deep']);
  });

  it('may have another leverage after it was lost: it is set anew before the next entry, but not under what is open or on its way', () => {
    const [open, coming, flat] = ['A', 'B', 'C'].map((coin) => ({ ...SCRIPT_SWAP, instId: `${coin}-USDT-SWAP` }));
    if (open === undefined || coming === undefined || flat === undefined) throw new Error('three were made');
    const script = new Script({ instruments: [open, coming, flat] }).enter(1);
    for (const { instId } of [coming, flat]) script.price(PRICE, { instId });
    script.signal(1, { instId: coming.instId });
    script.take({ kind: 'exchange-lost', at: script.now, reason: 'test' });
    expect(script.registry.symbols.map(({ leverage }) => leverage)).toEqual([5, 5, undefined]);
    script.registry.ready = true;
    script.operator({ do: 'flatten', by: 'a person', instId: coming.instId });
    const decided = script.signal(1, { instId: flat.instId });
    expect(script.ofKind('set-leverage', decided)).toMatchObject([{ instId: flat.instId, leverage: 5 }]);
    expect(decided.findIndex(({ kind }) => kind === 'set-leverage')).toBeLessThan(
      decided.findIndex(({ kind }) => kind === 'place'),
    );
  });

  it('wakes the core at a deadline once, not for ever', () => {
    const script = new Script().enter(1);
    script.wait(3 * 3_600_000);
    expect(nextDeadlineMs(script.registry)).toBeGreaterThan(script.now);
  });

  it('fills what it will: sizes of money past the safe range are an error, not a rounding', () => {
    const script = new Script();
    const huge = script.fillEvent(1, 10 ** 9, 10 ** 9);
    expect(() => step(script.registry, { ...huge, sizeLots: lots(10 ** 9), priceTicks: ticks(10 ** 9) })).toThrow(
      /past the safe range/,
    );
  });
});
