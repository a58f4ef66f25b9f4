/** Exits: stop, partial, target, breakeven, trail, time, extension, guard. Prices in ticks of 0.01 %. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FoldedScript } from '../../../test/folded.ts';
import { LAW, long } from '../../../test/long.ts';
import { governorsOf, PRICE, SCRIPT_SWAP, Script } from '../../../test/script.ts';
import { decimal } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import { averageTicks } from '../position/position.ts';
import { PARTIAL_GUARDS } from '../refusal.ts';

const LARGE = { small: decimal('1000'), medium: decimal('1000'), large: decimal('1000') };
const SIDES = [
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[];

/** Distance of the stop from the entry's price, in the position's favour. */
function stopGain(script: Script): number {
  return script.position.holding.side * (script.live('stop').ticks - PRICE);
}

function moved(script: Script, gain: number): Script {
  script.price(PRICE + script.position.holding.side * gain);
  return script;
}

/** Somebody takes `lots` of the position away by hand. */
function reduce(script: Script, lots: number): void {
  script.take(script.fillEvent(-script.position.holding.side as Side, lots, PRICE));
}

describe.each(SIDES)('what an exit of a %s stands on', (_name, side) => {
  const entered = (traced: boolean) => new Script({ traced }).enter(side);
  const standing = {
    lots: 2_221,
    averageTicks: PRICE,
    markTicks: PRICE,
    atrTicks: 50,
    stopDistanceTicks: 75,
    targetDistanceTicks: 100,
    roundTripShare: 0.0008,
    timeLimitAt: expect.any(Number),
  };

  it('is told beside every order that reduces, the guards beside a partial', () => {
    const script = entered(true);
    const told = new Map(script.ofKind('place').map(({ order, exit }) => [order.role, exit]));
    expect(told.get('entry')).toBeUndefined();
    expect([told.get('stop'), told.get('target')]).toEqual([standing, standing]);
    const { gates, ...rest } = told.get('partial') ?? {};
    expect(rest).toEqual(standing);
    expect(gates?.map(({ code, ok }) => [code, ok])).toEqual(PARTIAL_GUARDS.map((code) => [code, true]));
    expect(told.get('partial')?.timeLimitAt).toBe(script.position.exits.timeLimitAt);
    script.operator({ do: 'flatten', by: 'test' });
    expect(script.ofKind('place').at(-1)).toMatchObject({ order: { role: 'close' }, exit: standing });
  });

  it('is told beside an amendment: why the stop went where', () => {
    const script = moved(entered(true), 98);
    expect(script.ofKind('amend').at(-1)).toMatchObject({
      because: 'breakeven',
      exit: { ...standing, markTicks: PRICE + side * 98 },
    });
  });

  it('is told with a partial that is held back', () => {
    const script = new Script({ traced: true, partial: { valueMinCap: decimal('1000'), valueMin: LARGE } }).enter(side);
    expect(script.ofKind('held')).toMatchObject([{ code: 'position-below-min-value', exit: standing }]);
    expect(script.ofKind('held')[0]?.exit?.gates?.[0]).toEqual({
      code: 'position-below-min-value',
      ok: false,
      value: side === 1 ? '223.61028' : '220.58972',
      limit: '1000',
    });
  });

  it('is not told without a trace', () => {
    const script = entered(false);
    for (const { exit } of script.ofKind('place')) expect(exit).toBeUndefined();
  });
});

describe.each(SIDES)('the stop of a %s', (_name, side) => {
  // biome-ignore format: a table
  it.each([
    // regime      ATR  distance
    ['trending',   100, 120],
    ['ranging',    100, 150],
    ['choppy',     100, 100],
    ['ranging',     10,  24], // 3 × 0.08 % round trip
  ] as const)('stands by regime and ATR (%s, %i ticks) %i ticks from the average, never nearer than three round trips', (regime, atrTicks, distance) => {
    const script = new Script({ regime, atrTicks, execution: { costMultipleMin: decimal('0') } }).enter(side);
    expect(stopGain(script)).toBe(-distance);
  });

  it('stands nearer where the loss would exceed max_loss_per_position', () => {
    const script = new Script({
      config: { position_scaling: { base_size: { small: 700, medium: 1, large: 1 } } },
      limits: { lossPerPositionPercentMax: decimal('0.2') },
    }).enter(side);
    const loss = (script.position.holding.lots * -stopGain(script) * SCRIPT_SWAP.moneyPerTickLot) / 1e8;
    expect(loss).toBeLessThanOrEqual(2);
    expect(loss).toBeGreaterThan(1.9);
  });

  it('and the target are planned with a spread of nothing where the sides of the touch cross', () => {
    const plannedWith = (bid: number, ask: number) => {
      const script = new Script();
      script.price(PRICE, { bid, ask });
      script.signal(side);
      script.fill('entry');
      return script.position.exits.roundTripShare;
    };
    expect(plannedWith(PRICE + 15, PRICE - 15)).toBe(plannedWith(PRICE, PRICE));
  });

  it('and the target go by the costs that the entry was judged with, whatever the touch is when it fills', () => {
    const filledAt = (half: number) => {
      const script = new Script();
      script.price(PRICE, { bid: PRICE - 2, ask: PRICE + 2 });
      script.signal(side);
      script.price(PRICE, { bid: PRICE - half, ask: PRICE + half });
      script.fill('entry', { ticks: PRICE });
      return script.position.exits;
    };
    expect(filledAt(20)).toEqual(filledAt(2));
  });

  it('goes to the average and the full cost once the profit is 0.9 % net of costs, not a tick before', () => {
    const script = new Script({ exits: { trailing: undefined } as never }).enter(side);
    moved(script, 97);
    expect(stopGain(script)).toBe(-75);
    moved(script, 98);
    expect(stopGain(script)).toBe(8);
    expect(script.position.exits.stopReason).toBe('breakeven');
    moved(script, 20);
    expect(stopGain(script), 'and stays there').toBe(8);
    expect(script.ofKind('position-closed', script.fill('stop'))).toMatchObject([{ reason: 'breakeven' }]);
  });

  it('goes there too where a trail that keeps far behind has moved it already', () => {
    const trailing = { activationPercent: decimal('0.3'), distanceAtr: decimal('3'), stepShare: decimal('0.1') };
    const script = new Script({ exits: { trailing } }).enter(side);
    moved(script, 97);
    expect([stopGain(script), script.position.exits.stopReason]).toEqual([-53, 'trailing']);
    moved(script, 98);
    expect([stopGain(script), script.position.exits.stopReason]).toEqual([8, 'breakeven']);
    moved(script, 180);
    expect([stopGain(script), script.position.exits.stopReason]).toEqual([30, 'trailing']);
  });

  it('goes to where leaving costs nothing, also of an entry that followed its maker as taker', () => {
    const script = new Script({ exits: { trailing: undefined } as never });
    script.signal(side);
    script.wait(10_000);
    expect(script.live('entry').order.terms.type).toBe('market');
    script.fill('entry', { ticks: PRICE });
    moved(script, 100);
    expect(stopGain(script), '0.9 % beyond 0.05 + 0.06 %').toBe(-75);
    moved(script, 101);
    expect(script.position.exits.stopReason).toBe('breakeven');
    expect(stopGain(script), '0.11 %').toBe(11);
    script.fill('stop');
    expect(script.ofKind('position-closed')[0]).toMatchObject({ reason: 'breakeven' });
  });

  it('trails: from 1.2 % net on it follows at one ATR, in steps of a tenth of it, and never goes back', () => {
    const script = new Script({
      exits: { breakevenPercent: { trending: decimal('9'), ranging: decimal('9'), choppy: decimal('9') } },
    }).enter(side);
    moved(script, 127);
    expect(stopGain(script)).toBe(-75);
    moved(script, 128);
    expect(stopGain(script)).toBe(78);
    moved(script, 132);
    expect(stopGain(script), 'less than a step').toBe(78);
    moved(script, 133);
    expect(stopGain(script)).toBe(83);
    moved(script, 90);
    expect(stopGain(script)).toBe(83);
    expect(script.ofKind('position-closed', script.fill('stop'))).toMatchObject([{ reason: 'trailing' }]);
  });

  it('stands a tick behind the mark at least, where breakeven or the trail are finer than a tick', () => {
    const breakevenPercent = { trending: decimal('0'), ranging: decimal('0'), choppy: decimal('0') };
    const script = new Script({ exits: { breakevenPercent, trailing: undefined } as never }).enter(side);
    moved(script, 8);
    expect(stopGain(script), 'the average and the full cost: the mark itself').toBe(-75);
    moved(script, 9);
    expect([stopGain(script), script.position.exits.stopReason]).toEqual([8, 'breakeven']);

    const trailing = { activationPercent: decimal('0.3'), distanceAtr: decimal('0.001'), stepShare: decimal('0.1') };
    const fine = moved(new Script({ exits: { trailing } }).enter(side), 38);
    expect([stopGain(fine), fine.position.exits.stopReason]).toEqual([37, 'trailing']);
  });

  it('that trails is found by a recovery as it was lived, also while the trail is farther than breakeven', () => {
    const { trailing: one } = new Script().policy.exits;
    if (one === undefined) throw new Error('it trails by default');
    const trailing = { ...one, distanceAtr: decimal('3') };
    const script = new FoldedScript({ exits: { trailing } }).enter(side);
    const best = [98, 127, 128, 140, 90, 150, 200].map((gain) => {
      moved(script, gain);
      return [stopGain(script), script.position.exits.bestTicks && side * (script.position.exits.bestTicks - PRICE)];
    });
    expect(best).toEqual([
      [8, 0],
      [8, 0],
      [8, 128],
      [8, 128],
      [8, 128],
      [8, 150],
      [50, 200],
    ]);
  });

  it('goes back to its distance from the new average after a rung, and only then', () => {
    const script = new Script({ config: { position_scaling: { max_loss_for_addition: -9 } } }).enter(side);
    moved(script, 98);
    expect(stopGain(script)).toBe(8);
    script.wait(60_000);
    script.signal(side);
    script.fill('rung');
    expect(script.position.exits.stopReason).toBe('stop');
    const average = averageTicks(script.position.holding, SCRIPT_SWAP);
    expect(side * (average - script.live('stop').ticks)).toBeGreaterThan(74);
  });

  it('that the exchange took away is placed again, under a new name, and a person is told', () => {
    const script = new Script().enter(side);
    expect(script.ofKind('alert', script.end('stop'))).toMatchObject([{ code: 'stop-lost' }]);
    expect(script.live('stop').order).toMatchObject({ attempt: 2, sizeLots: script.position.holding.lots });
  });

  it('that is placed again stands where the old one stood, though its distance has grown since', () => {
    const governors = governorsOf({ targets_by_volatility: {} });
    const script = new Script({ governors, exits: { trailing: undefined } as never });
    script.market.turbulence = 1;
    script.enter(side);
    script.market.turbulence = 1.2;
    for (let minute = 0; minute < 6; minute++) script.candle(PRICE + side * 20);
    expect(script.position.exits.stopDistanceTicks).toBe(90);
    script.end('stop');
    expect(stopGain(script), 'never away from the market').toBe(-75);
    script.amendments = 'refused';
    script.fill('partial');
    expect(stopGain(script), 'nor where it would not be amended').toBe(-75);
    script.amendments = 'done';
    script.wait(60_000);
    script.price(PRICE);
    script.signal(side);
    script.fill('rung');
    expect(stopGain(script), 'right after a rung it goes to its distance').toBe(-90);
  });

  it('that cannot be placed again because the market is past it closes the position', () => {
    const script = new Script().enter(side);
    moved(script, -80);
    script.end('stop');
    expect(script.live('close').order.terms.type).toBe('market');
  });

  it('that fills in pieces is left to it: no piece is asked for twice', () => {
    const script = new Script().enter(side);
    moved(script, -75);
    const stop = script.live('stop');
    const decided = script.fillOrder(stop, { lots: 300, ticks: PRICE - side * 75 });
    expect(script.ofKind('amend', decided).filter(({ clientId }) => clientId === stop.order.clientId)).toEqual([]);
    expect(script.has('close')).toBe(false);
    expect(stop.sizeLots - stop.filledLots).toBe(script.position.holding.lots);
  });
});

describe.each(SIDES)('a partial take-profit of a %s', (_name, side) => {
  it('that the configuration of this life does not name is called back, and the target stands for all of it', () => {
    const script = new Script().enter(side);
    script.registry.policy = { ...script.policy, partial: { ...script.policy.partial, steps: [] } };
    script.end('target');
    expect(script.has('partial')).toBe(false);
    expect(script.live('target').sizeLots).toBe(script.position.holding.lots);
  });

  it('that has begun to fill goes on, whatever the configuration of this life names', () => {
    const script = new Script().enter(side);
    const part = script.live('partial').sizeLots;
    script.fill('partial', { lots: 100 });
    script.registry.policy = { ...script.policy, partial: { ...script.policy.partial, steps: [] } };
    script.end('target');
    const { lots } = script.position.holding;
    expect([script.live('partial').sizeLots, script.live('target').sizeLots]).toEqual([part, lots - (part - 100)]);
  });

  it('happens once, is booked by its fill, and the stop follows', () => {
    const script = new Script().enter(side);
    const { lots } = script.position.holding;
    const part = script.live('partial').sizeLots;
    expect(part).toBe(Math.floor(lots * 0.3));
    moved(script, 70);
    expect(script.position.partials, 'not by the price').toEqual([]);
    script.fill('partial');
    expect(script.position.partials).toEqual([{ step: 1, filledLots: part, done: true }]);
    expect(script.live('stop').sizeLots).toBe(lots - part);
    expect(script.live('target').sizeLots).toBe(lots - part);
    for (let round = 0; round < 5; round++) script.price(PRICE + side * (60 + round));
    expect(script.has('partial')).toBe(false);
  });

  it('that the exchange ends after a part of it has happened: it is not offered again', () => {
    const script = new Script().enter(side);
    script.fill('partial', { lots: 100 });
    script.end('partial');
    expect(script.position.partials).toEqual([{ step: 1, filledLots: 100, done: true }]);
    expect(script.has('partial')).toBe(false);
    expect(script.live('target').sizeLots).toBe(script.position.holding.lots);
  });

  it('that the exchange ends before any of it was filled is offered again', () => {
    const script = new Script().enter(side);
    script.end('partial');
    expect(script.live('partial').order.attempt).toBe(2);
  });

  it('is offered step after step, one at a time', () => {
    const steps = ['0.3', '0.6', '0.9'].map((at) => ({ at: decimal(at), fraction: decimal('0.3') }));
    const script = new Script({ partial: { steps } }).enter(side);
    const prices: number[] = [];
    for (let step = 1; step <= 3; step++) {
      expect([...script.book.values()].filter(({ order }) => order.role === 'partial')).toHaveLength(1);
      prices.push(side * (script.live('partial').ticks - PRICE));
      script.fill('partial');
    }
    expect(prices).toEqual([38, 68, 98]);
    expect(script.has('partial')).toBe(false);
  });

  it('is a smaller share of a larger position', () => {
    const script = new Script().enter(side);
    script.rung(PRICE - side * 20);
    const { holding, entryLots } = script.position;
    const growth = holding.lots / entryLots;
    const share = Math.max(0.2, (0.3 * 2) / (1 + growth));
    expect(script.live('partial').sizeLots).toBe(Math.floor(holding.lots * share));
  });

  it('that is too small is held, said once, and the target takes all of it', () => {
    const script = new Script({
      regime: 'trending',
      config: { position_scaling: { base_size: { small: 12, medium: 20, large: 50 } } },
    });
    script.signal(side);
    script.fill('entry', { lots: 100 });
    script.fill('entry');
    expect(script.ofKind('held')).toMatchObject([{ step: 1, code: 'partial-below-min-value' }]);
    expect(script.live('target').sizeLots).toBe(120);
  });

  it('is held back without a gap: what was called back and may still fill is not offered twice', () => {
    const script = new Script({ config: { position_scaling: { max_loss_for_addition: -9 } } }).enter(side);
    script.cancellations = 'nothing';
    const partial = script.live('partial');
    Object.assign(script.registry, {
      policy: {
        ...script.policy,
        partial: {
          ...script.policy.partial,
          valueMinCap: decimal('1000'),
          valueMin: { small: decimal('900'), medium: decimal('900'), large: decimal('900') },
        },
      },
    });
    script.rung(PRICE - side * 10);
    Object.assign(script.registry, { policy: script.policy });
    script.rung(PRICE - side * 20);
    expect(
      script.placed.filter(({ role }) => role === 'partial'),
      'the first may still fill',
    ).toHaveLength(1);
    script.cancellations = 'done';
    script.book.delete(partial.order.clientId);
    script.take(script.ended(partial));
    expect(script.live('partial').order.attempt).toBe(2);
  });
});

describe.each(SIDES)('a partial of a %s that', (_name, side) => {
  const dear = {
    valueMinCap: decimal('1000'),
    valueMin: { small: decimal('900'), medium: decimal('900'), large: decimal('900') },
  };

  /** From now on no part is worth its fees. */
  function makeDear(script: Script): void {
    const { policy } = script;
    Object.assign(script.registry, { policy: { ...policy, partial: { ...policy.partial, ...dear } } });
  }

  it('its guards refuse later is called back, and the target takes all of the position', () => {
    const script = new Script().enter(side);
    const { clientId } = script.live('partial').order;
    makeDear(script);
    reduce(script, 1);
    expect(script.ofKind('cancel').map((each) => each.clientId)).toEqual([clientId]);
    expect(script.has('partial')).toBe(false);
    expect(script.live('target').sizeLots).toBe(script.position.holding.lots);
  });

  it('was called back and fills in pieces is left what it may still take; the target has the rest', () => {
    const script = new Script().enter(side);
    script.cancellations = 'nothing';
    const partial = script.live('partial');
    makeDear(script);
    reduce(script, 1);
    script.fillOrder(partial, { lots: 100 });
    const { lots } = script.position.holding;
    expect(script.live('target').sizeLots).toBe(lots - (partial.sizeLots - 100));
    const target = script.live('target').order.clientId;
    reduce(script, lots - 50);
    expect(script.ofKind('cancel').at(-1)?.clientId, 'it may take all of the 50 that are left').toBe(target);
    const placed = script.placed.length;
    script.take(script.fillEvent(side, 3_000, PRICE));
    expect(script.placed.length, 'no other target before its end').toBe(placed);
  });

  it('has begun goes on as it stands, but never for more than is left of the position', () => {
    const script = new Script().enter(side);
    const { sizeLots } = script.live('partial');
    script.fill('partial', { lots: 1 });
    expect(script.live('partial').sizeLots, 'it stands as it was').toBe(sizeLots);
    script.fill('partial', { lots: 99 });
    expect(script.live('partial').sizeLots, 'it stands as it was').toBe(sizeLots);
    expect(script.live('target').sizeLots).toBe(script.position.holding.lots - (sizeLots - 100));
    reduce(script, script.position.holding.lots - 50);
    expect(script.live('partial').sizeLots, 'the 100 that are filled and the 50 that are left').toBe(150);
    expect(script.has('target')).toBe(false);
  });
});

describe.each(SIDES)('the exits of a %s in a trend', (_name, side) => {
  // Stop in ATR of 50 ticks, minutes: rules.md §5. A trend against the position counts as choppy (ladder.md §4).
  it.each([
    ['with it', side, 'trending', 60, 45],
    ['against it', -side as Side, 'choppy', 50, 10],
  ] as const)('%s', (_way, trendSide, regime, stop, minutes) => {
    const script = new Script({ regime: 'trending' });
    script.market.trendSide = trendSide;
    script.enter(side);
    const { position } = script;
    expect(position.regime).toBe(regime);
    expect(script.live('stop').ticks).toBe(PRICE - side * stop);
    expect(position.exits.timeLimitAt - position.openedAt).toBe(minutes * 60_000);
  });
});

describe.each(SIDES)('a target of a %s', (_name, side) => {
  it('closes what the partial left', () => {
    const script = new Script().enter(side);
    moved(script, 110);
    script.fill('partial');
    expect(script.ofKind('position-closed', script.fill('target'))).toMatchObject([{ reason: 'target', partials: 1 }]);
    expect(script.book.size).toBe(0);
  });

  it('may take at once, and what it has filled counts when its size follows the position', () => {
    const script = new Script().enter(side);
    expect(script.live('target').order.terms).toMatchObject({ type: 'limit', postOnly: false });
    script.fill('target', { lots: 100 });
    reduce(script, 200);
    const left = script.position.holding.lots - script.live('partial').sizeLots;
    expect(script.live('target')).toMatchObject({ sizeLots: 100 + left, filledLots: 100 });
  });

  it('moves to the new average with every rung', () => {
    const script = new Script().enter(side);
    script.rung(PRICE - side * 30);
    const average = averageTicks(script.position.holding, SCRIPT_SWAP);
    expect(side * (script.live('target').ticks - average)).toBeGreaterThanOrEqual(107.9);
    expect(side * (script.live('target').ticks - average)).toBeLessThan(109);
  });

  it('is extended in a strong trend by a same-side signal: time and target, at most three times', () => {
    const script = new Script({ adx: 26 }).enter(side);
    const opened = script.position.openedAt;
    const minutes = () => (script.position.exits.timeLimitAt - opened) / 60_000;
    moved(script, 48);
    const seen: (readonly [minutes: number, distance: number])[] = [];
    for (let round = 0; round < 5; round++) {
      script.signal(side);
      seen.push([minutes(), script.position.exits.targetDistanceTicks]);
    }
    expect(seen).toEqual([
      [33, 120],
      [51, 144],
      [69, 173],
      [69, 173],
      [69, 173],
    ]);
    expect(side * (script.live('target').ticks - PRICE)).toBe(173 + 8);
  });

  it.each([
    ['a weak trend', 25, 48],
    ['too small a profit', 26, 47],
  ])('is not extended in %s', (_fact, adx, gain) => {
    const script = new Script({ adx }).enter(side);
    moved(script, gain).signal(side);
    expect(script.position.exits.extensions).toBe(0);
  });
});

describe.each(SIDES)('the liquidation guard of a %s', (_name, side) => {
  const lossless = { config: { limits: { liquidation_distance_multiple: 0 } } };

  function guardGain(script: Script): number {
    const { watchBelowTicks, watchAboveTicks } = script.symbol;
    return side * ((side === 1 ? watchBelowTicks : watchAboveTicks) - PRICE);
  }

  it('closes at the market at four fifths of the way to liquidation, not a tick before', () => {
    const script = new Script(lossless).enter(side);
    // 5x: liquidation is about 19.6 % away
    const guard = guardGain(script);
    expect(guard).toBeLessThan(-1500);
    expect(guard).toBeGreaterThan(-1600);
    moved(script, guard + 1);
    expect(script.has('close')).toBe(false);
    moved(script, guard);
    expect(script.live('close').order.terms.type).toBe('market');
    expect(script.position.closing).toBe('liquidation-guard');
  });

  it('watches from the moment on in which the leverage is known, and follows it', () => {
    const script = new Script(lossless);
    script.symbol.leverage = undefined;
    script.take(script.fillEvent(side, 1000, PRICE));
    expect(script.position.leverage).toBeUndefined();
    moved(script, -1600);
    expect(script.position.closing, 'no leverage, no liquidation').toBeUndefined();
    script.take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage: 20 });
    expect(guardGain(script)).toBeGreaterThan(-400);
    moved(script, guardGain(script));
    expect(script.position.closing).toBe('liquidation-guard');
  });

  it('overtakes a close that leaves patiently', () => {
    const script = new Script(lossless).enter(side);
    script.signal(-side as Side);
    expect(script.live('close').order.terms.type).toBe('limit');
    moved(script, -1600);
    expect(script.live('close').order.terms.type).toBe('market');
    expect(script.position.closing).toBe('liquidation-guard');
  });
});

describe('a trigger price is the inverse of its rule', () => {
  it('between the watched prices nothing happens at any tick, and at them something does', LAW, () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Side>(1, -1),
        fc.integer({ min: 5, max: 400 }),
        fc.constantFrom('trending', 'ranging', 'choppy'),
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.integer({ min: -300, max: 400 }), { maxLength: 6 }),
        fc.integer({ min: 3, max: 9 }),
        (side, atrTicks, regime, leverage, path, around) => {
          const script = new Script({
            regime,
            atrTicks,
            execution: { costMultipleMin: decimal('0') },
            config: { limits: { liquidation_distance_multiple: 0, max_worst_case_loss: 1000 } },
          });
          script.take(script.fillEvent(side, 1000, PRICE));
          script.take({ kind: 'leverage', at: script.now, instId: SCRIPT_SWAP.instId, leverage });
          for (const gain of path) if (script.position.closing === undefined) moved(script, gain);
          fc.pre(script.position.closing === undefined);
          const { watchBelowTicks: below, watchAboveTicks: above } = script.symbol;
          const far = { below: Math.max(1, below + 1), above: Math.min(above - 1, 3 * PRICE) };
          const before = JSON.stringify(script.position.exits);
          const quiet = [far.below, far.above];
          for (let tick = 0; tick < around; tick++) quiet.push(far.below + tick, far.above - tick);
          const loud = quiet.filter((tick) => tick >= far.below && tick <= far.above && script.price(tick).length > 0);
          expect(loud, `between ${below} and ${above}`).toEqual([]);
          expect(JSON.stringify(script.position.exits)).toBe(before);
          const edge = side === 1 ? above : below;
          expect(edge > 0 && Number.isFinite(edge), 'a watched price in its favour').toBe(true);
          script.price(edge);
          expect(JSON.stringify(script.position.exits), `something happens at ${edge}`).not.toBe(before);
          const guard = side === 1 ? script.symbol.watchBelowTicks : script.symbol.watchAboveTicks;
          expect(guard > 0 && Number.isFinite(guard), 'a watched price before liquidation').toBe(true);
          script.price(guard);
          expect(script.position.closing).toBe('liquidation-guard');
        },
      ),
      { numRuns: long(1000, 10_000) },
    );
  });

  it(
    'the stop never moves away from the market, but right after a fill that enlarges, and then within max_loss_per_position',
    LAW,
    () => {
      let raised = 0;
      let lowered = 0;
      fc.assert(
        fc.property(
          fc.constantFrom<Side>(1, -1),
          fc.integer({ min: 5, max: 200 }),
          fc.array(fc.integer({ min: -60, max: 400 }), { minLength: 1, maxLength: 15 }),
          fc.integer({ min: 1, max: 999 }),
          fc.integer({ min: 0, max: 15 }),
          (side, atrTicks, path, part, grows) => {
            const script = new Script({ atrTicks });
            script.take(script.fillEvent(side, 1000, PRICE));
            let stop = script.live('stop').ticks;
            path.forEach((gain, index) => {
              if (script.symbol.position === undefined || script.position.closing !== undefined) return;
              moved(script, gain);
              if (index === 3 && script.has('partial'))
                script.fill('partial', { lots: Math.min(part, script.live('partial').sizeLots) });
              let now = script.live('stop').ticks;
              expect(side * (now - stop)).toBeGreaterThanOrEqual(0);
              if (now !== stop) raised += 1;
              if (index === grows) {
                script.take(script.fillEvent(side, 9 * part, script.symbol.markTicks));
                const { lots, costUnits } = script.position.holding;
                const tickUnits = lots * SCRIPT_SWAP.moneyPerTickLot;
                const before = now;
                now = script.live('stop').ticks;
                if (side * (now - before) < 0) lowered += 1;
                const loss = side * (costUnits - tickUnits * now);
                expect(loss, 'to a tick').toBeLessThanOrEqual(Number(script.registry.balance) * 0.02 + tickUnits);
              }
              stop = now;
            });
          },
        ),
        { numRuns: long(2000, 10_000) },
      );
      expect(raised, 'comes nearer often').toBeGreaterThan(1_000);
      expect(lowered, 'and goes away').toBeGreaterThan(50);
    },
  );
});
