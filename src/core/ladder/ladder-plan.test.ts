/** The planned ladder against a plain calculation of its own, and its triggers against the gates they invert. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { long } from '../../../test/long.ts';
import { loadTree } from '../../config/index.ts';
import { judgeAddition } from '../adding/gates.ts';
import { type Fraction, roundedUnits } from '../numbers/arithmetic.ts';
import { decimal } from '../numbers/decimal.ts';
import { lots, type Side, ticks } from '../numbers/units.ts';
import { type Policy, REGIMES } from '../policy.ts';
import { type LadderPlan, type LadderQuestion, planLadder } from './ladder-plan.ts';

const ENTRY = 58_500;
const TICK = 0.1;
const COINS_PER_LOT = 0.0001;

function policyOf(scaling: object): Policy {
  return loadTree({ position_scaling: scaling }).policy;
}

const CONSERVATIVE = policyOf({});

function withLimit(percent: number, lossBasis: 'margin' | 'price', leverageMax: number): Policy {
  const { scaling, execution } = CONSERVATIVE;
  return {
    ...CONSERVATIVE,
    scaling: { ...scaling, lossLimitPercent: decimal(percent), lossBasis },
    execution: { ...execution, leverage: { ...execution.leverage, max: leverageMax } },
  };
}

function plan(policy: Policy, over: Partial<LadderQuestion> = {}): LadderPlan {
  return planLadder(policy, {
    instrument: BTC_SWAP,
    side: 1,
    entryTicks: ticks(ENTRY * 10),
    balance: decimal('1000'),
    regime: 'ranging',
    stopPercent: decimal('1'),
    atrTicks: undefined,
    ...over,
  });
}

function number(value: Fraction | undefined): number {
  return value === undefined ? Number.NaN : Number(roundedUnits(value, 10, 'floor')) / 1e10;
}

const PRESETS = ['conservative', 'aggressive', 'adaptive'] as const;
const BALANCES = { small: 1000, medium: 2000, large: 5000 } as const;
const POLICIES = Object.fromEntries(PRESETS.map((preset) => [preset, policyOf({ preset })]));
const CASES = PRESETS.flatMap((preset) =>
  Object.entries(BALANCES).flatMap(([profile, balance]) =>
    REGIMES.flatMap((regime) => ([1, -1] as const).map((side) => ({ preset, profile, balance, regime, side }))),
  ),
);

/** What ladder.md §2 prints, not what the configuration says. */
const TABLE = {
  conservative: { limit: -2, ladder: [1, 0.7, 0.5, 0.3, 0.2], own: { small: 0.8, medium: 1, large: 1.1 } },
  aggressive: { limit: -3, ladder: [1, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15], own: { small: 0.8, medium: 1, large: 1.1 } },
  adaptive: {
    small: { limit: -1.5, ladder: [1, 0.6, 0.4] },
    medium: { limit: -2, ladder: [1, 0.7, 0.5, 0.3, 0.2] },
    large: { limit: -3, ladder: [1, 0.8, 0.6, 0.4, 0.3, 0.2, 0.15] },
  },
} as const;
const REGIME_MULTIPLIER = { trending: 1.1, ranging: 0.9, choppy: 0.7 };
const ADAPTIVE_LIMIT = { trending: -2.5, ranging: -1.5, choppy: -1 };

function ruleOf({ preset, profile, regime }: (typeof CASES)[number]) {
  const name = profile as keyof typeof BALANCES;
  if (preset !== 'adaptive') {
    const { limit, ladder, own } = TABLE[preset];
    return { limit, steps: ladder.map((step) => step * own[name] * REGIME_MULTIPLIER[regime]) };
  }
  const { limit, ladder } = TABLE.adaptive[name];
  const steps = ladder.map((step) => step * REGIME_MULTIPLIER[regime]);
  return {
    limit: Math.max(limit, ADAPTIVE_LIMIT[regime]),
    steps: regime === 'choppy' ? steps.slice(0, 3) : steps,
  };
}

describe('every rung of 3 presets × 3 profiles × 3 regimes, long and short', () => {
  it.each(CASES)('$preset $profile $regime $side', (of) => {
    const { side, balance, regime } = of;
    const planned = plan(POLICIES[of.preset] ?? CONSERVATIVE, { side, regime, balance: decimal(balance) });
    const { limit, steps } = ruleOf(of);
    const [entry, ...rungs] = planned.rungs;
    expect(planned).toMatchObject({ profile: of.profile, leverage: 5, stopDistanceTicks: ENTRY * 10 * 0.01 });
    expect(entry?.refusal, 'the planned entry passes its gates').toBeNull();

    let coins = (entry?.sizeLots ?? 0) * COINS_PER_LOT;
    let cost = coins * ENTRY;
    const base = cost;
    const filled = rungs.filter((rung) => rung.refusal === null);
    expect(filled.length, 'rungs that pass').toBeGreaterThan(1);
    filled.forEach((rung, index) => {
      const average = cost / coins;
      const trigger = average * (1 + (side * limit) / 100 / 5);
      const price = (side === 1 ? Math.ceil(trigger / TICK - 1e-6) : Math.floor(trigger / TICK + 1e-6)) * TICK;
      expect(rung.triggerTicks * TICK, 'PnL % of margin is the loss limit here').toBeCloseTo(price, 6);
      expect(rung.sizeLots).toBe(Math.floor((base * (steps[index] ?? 0)) / (price * COINS_PER_LOT) + 1e-9));
      coins += rung.sizeLots * COINS_PER_LOT;
      cost += rung.sizeLots * COINS_PER_LOT * price;
      const mean = cost / coins;
      const { position } = rung;
      expect(number(position?.cost)).toBeCloseTo(cost, 6);
      expect(number(position?.margin)).toBeCloseTo(cost / 5, 6);
      expect(number(position?.average)).toBeCloseTo(mean, 6);
      expect(number(position?.breakEven)).toBeCloseTo((mean * (1 + side * 0.0005)) / (1 - side * 0.0005), 6);
      expect(number(position?.liquidation)).toBeCloseTo((mean * (1 - side / 5)) / (1 - side * 0.0045), 6);
      const stop = (position?.stopTicks ?? 0) * TICK;
      expect(Math.abs(stop - (mean - side * ENTRY * 0.01)), 'the stop is 1 % of the entry away').toBeLessThan(TICK);
      const costs = cost * 0.0002 + coins * stop * (0.0005 + 0.0001 + TICK / ENTRY);
      expect(number(position?.lossIfStopped)).toBeCloseTo(side * (cost - coins * stop) + costs, 6);
    });
    if (filled.length < rungs.length) expect(rungs.at(-1)?.refusal).toBe('position-too-large');
    else expect(filled).toHaveLength(steps.length);
    expect(number(planned.worstCase.loss)).toBe(
      number(planned.rungs.findLast((rung) => rung.position)?.position?.lossIfStopped),
    );
  });
});

describe.each<Side>([1, -1])('the planned position of side %i', (side) => {
  const lively = (leverageMax: number, limits: Partial<Policy['limits']> = {}): Policy => {
    const policy = withLimit(-2, 'price', leverageMax);
    return { ...policy, limits: { ...policy.limits, ...limits } };
  };
  const anyLoss = {
    liquidationDistanceMultiple: decimal(0),
    lossPerPositionPercentMax: decimal(100),
    worstCaseLossPercentMax: decimal(900),
  };

  it('loses its whole margin and what it cost to enter, where the liquidation is nearer than the stop', () => {
    const near = plan(lively(50, anyLoss), { side, stopPercent: decimal('5') });
    expect(near.leverage).toBe(50);
    const position = near.rungs[0]?.position;
    expect(side * (number(position?.liquidation) - (position?.stopTicks ?? 0) * TICK)).toBeGreaterThan(0);
    expect(number(position?.lossIfStopped)).toBeCloseTo(number(position?.margin) + number(position?.cost) * 0.0002, 6);
    const far = plan(lively(10, anyLoss), { side, stopPercent: decimal('5') }).rungs[0]?.position;
    expect(number(far?.lossIfStopped)).toBeLessThan(number(far?.margin) * 0.6);
  });

  it('has a price of liquidation where there is one: a long without leverage has none', () => {
    const position = plan(lively(1), { side }).rungs[0]?.position;
    expect(position?.liquidation === undefined).toBe(side === 1);
  });
});

describe.each<Side>([1, -1])('the entry of side %i', (side) => {
  it('is refused where even without leverage its liquidation is too near to the stop', () => {
    const { limits } = CONSERVATIVE;
    const lossPercentsMax = { lossPerPositionPercentMax: decimal(100), worstCaseLossPercentMax: decimal(900) };
    const policy: Policy = { ...CONSERVATIVE, limits: { ...limits, ...lossPercentsMax } };
    const refused = (stopPercent: number) =>
      plan(policy, { side, stopPercent: decimal(stopPercent) }).rungs.map(({ refusal }) => refusal)[0];
    expect([refused(60), refused(70)], '1.5 × 70 % is more than the whole price').toEqual([
      null,
      'liquidation-too-near',
    ]);
  });
});

it.each([
  // ATR, ticks; × regime 0.8 × volatility
  [undefined, 20],
  [0.06 * ENTRY * 10, 10],
  [0.03 * ENTRY * 10, 20],
  [0.005 * ENTRY * 10, 30],
])('a choppy market with an ATR of %s ticks is planned with the leverage of its signal: %i', (atrTicks, leverage) => {
  const { policy } = loadTree({ execution: { leverage: { adaptive: true, max: 50 } } });
  expect(plan(policy, { regime: 'choppy', atrTicks }).leverage).toBe(leverage);
});

describe('the cap that plans the base', () => {
  it.each([
    ['margin', {}],
    ['value', { profiles: { small: { max_position_value: 700 } } }],
    ['free', { limits: { margin_reserve: 0.86 } }],
    ['exposure', { limits: { max_total_exposure: 0.7 } }],
    ['loss', { limits: { max_loss_per_position: 0.7 } }],
  ] as const)('is named: %s', (name, tree) => {
    const planned = plan(loadTree(tree).policy);
    expect(planned.cappedBy).toBe(name);
    const least = Math.min(...Object.values(planned.caps).map(number));
    expect(number(planned.caps[name])).toBe(least);
    expect(number(planned.base), 'Σ of the conservative ladder, small, trending').toBeCloseTo(least / (1 + 2.376), 6);
  });

  it('is that of the tier where no more lots may be held', () => {
    const tiers = [{ lotsMax: lots(100), maintenanceRate: decimal('0.004'), leverageMax: 50 }];
    const planned = plan(CONSERVATIVE, { instrument: { ...BTC_SWAP, tiers } });
    expect([planned.cappedBy, number(planned.caps.tier)]).toEqual(['tier', 100 * COINS_PER_LOT * ENTRY]);
  });
});

describe('the deepest price of a rung', () => {
  it('is where the gates pass and one tick deeper refuse', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, -1) as fc.Arbitrary<Side>,
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.constantFrom('margin' as const, 'price' as const),
        fc.integer({ min: 100_000, max: 900_000 }),
        (side, tenths, leverage, basis, entryTicks) => {
          const policy = withLimit(-tenths / 10, basis, leverage);
          const planned = plan(policy, { side, entryTicks: ticks(entryTicks), stopPercent: decimal('8') });
          const [entry, rung] = planned.rungs;
          fc.pre(rung !== undefined && entry?.position !== undefined && rung.triggerReason === 'loss-limit');
          const lossRefuses = (priceTicks: number) =>
            judged(policy, planned, priceTicks).find((gate) => gate.code === 'loss-too-deep')?.ok === false;
          expect(lossRefuses(rung?.triggerTicks ?? 0)).toBe(false);
          expect(lossRefuses((rung?.triggerTicks ?? 0) - side)).toBe(true);
        },
      ),
      { numRuns: long(1_000, 5_000) },
    );
  });

  it('is one tick before the stop where that is nearer than the loss limit', () => {
    const { rungs } = plan(policyOf({ max_loss_for_addition: -20 }));
    expect(rungs[1]).toMatchObject({ triggerReason: 'stop', triggerTicks: (rungs[0]?.position?.stopTicks ?? 0) + 1 });
  });

  it('lies in profit where a regime asks for profit', () => {
    const policy = policyOf({ by_regime: { trending: { min_profit_for_addition: 1.5 } } });
    const { rungs } = plan(policy, { regime: 'trending' });
    expect(rungs[1]).toMatchObject({ triggerReason: 'least-profit', triggerTicks: Math.ceil(ENTRY * 10 * 1.003) });
  });
});

/** The gates of the first rung at a price, read by themselves. */
function judged(policy: Policy, { rules, leverage, question, rungs }: LadderPlan, priceTicks: number) {
  const lots = rungs[0]?.sizeLots ?? 0;
  return (
    judgeAddition(
      policy,
      (m) => ({
        halted: false,
        stateKnown: true,
        ordersInFlight: 0,
        side: question.side,
        price: m.of(decimal(priceTicks / 10)),
        priceAgeMs: undefined,
        signalPrice: undefined,
        now: 1e9,
        regime: question.regime,
        volatilityFactor: m.one,
        profile: 'small',
        account: {
          balance: m.whole(1000),
          unrealised: m.zero,
          marginUsed: m.zero,
          marginReserved: m.zero,
          exchangeAvailable: undefined,
          openPositions: 1,
          totalExposure: m.zero,
        },
        grid: {
          coinsPerLot: m.of(decimal('0.0001')),
          lotsMin: 1,
          maintenanceRateAfter: () => m.zero,
          takerFeeRate: m.zero,
        },
        running: undefined,
        position: {
          side: question.side,
          coins: m.times(m.whole(lots), m.of(decimal('0.0001'))),
          cost: m.times(m.whole(lots), m.times(m.of(decimal('0.0001')), m.of(decimal(question.entryTicks / 10)))),
          value: m.times(m.whole(lots), m.times(m.of(decimal('0.0001')), m.of(decimal(priceTicks / 10)))),
          leverage,
          additionsMade: 0,
          lastGrownAt: 0,
          base: m.one,
          stopPrice: undefined,
        },
        rules,
        pnlPercent: undefined,
      }),
      true,
    ).gates ?? []
  );
}

describe('the distance of the stop', () => {
  it.each([
    // regime    ATR     stop, ticks
    ['trending', 2_000, 2_400],
    ['ranging', 2_000, 3_000],
    ['choppy', 2_000, 2_000],
    ['choppy', 200, 1_407],
    ['ranging', undefined, 1_407],
  ] as const)('in %s with an ATR of %s ticks is %i ticks', (regime, atrTicks, expected) => {
    const { stopDistanceTicks } = plan(CONSERVATIVE, { regime, atrTicks, stopPercent: undefined });
    expect(stopDistanceTicks, 'never nearer than 3 round trips').toBe(expected);
  });

  it.each([
    // price, USDT; 3 round trips of 0.08 % and a tick, ticks
    [110_000, 2_643],
    [120_000, 2_883],
    [1_200_000, 28_803],
  ])('at %i USDT is 3 round trips to the tick, as the bot reckons it: %i ticks', (price, expected) => {
    const { stopDistanceTicks } = plan(CONSERVATIVE, { entryTicks: ticks(price * 10), stopPercent: undefined });
    expect(stopDistanceTicks).toBe(expected);
  });
});

it('counts a stop of so many per cent as that of the ATR which would put it there', () => {
  const byAtr = plan(CONSERVATIVE, { atrTicks: 3_900, stopPercent: undefined });
  const byPercent = plan(CONSERVATIVE, { atrTicks: undefined, stopPercent: decimal('1') });
  expect(byPercent.stopDistanceTicks, '1.5 ATR').toBe(byAtr.stopDistanceTicks);
  expect(byPercent.exposure).toEqual(byAtr.exposure);
  expect(byPercent.worstCase).toEqual(byAtr.worstCase);
});

describe('a ladder that does not fit', () => {
  it('ends with the rung that a fixed base makes too large, and the gate that says so', () => {
    const { rungs, cappedBy } = plan(policyOf({ base_size: { small: 400, medium: 400, large: 400 } }));
    expect(cappedBy).toBe('fixed');
    expect(rungs.map((rung) => rung.refusal)).toEqual([null, null, 'position-margin-too-large']);
  });

  it('ends with the rung that its own value leaves no room for in the whole book', () => {
    const { policy } = loadTree({
      position_scaling: { base_size: { small: 200, medium: 200, large: 200 } },
      limits: { max_total_exposure: 0.5 },
    });
    const { rungs } = plan(policy);
    expect(rungs.map((rung) => rung.refusal)).toEqual([null, null, null, 'exposure-too-large']);
    const reached = number(rungs[2]?.position?.cost);
    expect([reached < 500, reached + 200 * 0.5 * 0.8 * 0.9 > 500], 'half of 1000 USDT').toEqual([true, true]);
  });

  it.each([
    [0, null],
    [1, 'positions-at-limit'],
  ] as const)(
    'beside %i other positions counts its own where rungs need a free place: %s',
    (openPositions, refusal) => {
      const { policy } = loadTree({ position_scaling: { additions_at_position_limit: 'refuse' } });
      const rest = { openPositions, marginUnits: 0, exposureUnits: 0, worstCaseUnits: 0 };
      expect(plan(policy, { rest }).rungs[1]?.refusal, 'of 2 places').toBe(refusal);
    },
  );

  it('begins smaller than a fixed base where one market order could not end it', () => {
    const { rungs, cappedBy } = plan(policyOf({ base_size: { small: 50, medium: 50, large: 50 } }), {
      instrument: { ...BTC_SWAP, lotsMaxMarketOrder: lots(20) },
    });
    expect(cappedBy).toBe('tier');
    const all = rungs.reduce((sum, { sizeLots }) => sum + sizeLots, 0);
    expect([all > 0, all <= 20]).toEqual([true, true]);
  });

  it('is nothing but a refused entry where the balance is too small for one', () => {
    const { rungs, worstCase } = plan(CONSERVATIVE, { balance: decimal('20') });
    expect(rungs.map((rung) => rung.refusal)).toEqual(['entry-too-small']);
    expect(number(worstCase.loss)).toBe(0);
  });

  it('says that rungs are too small to be sent', () => {
    const { rungs } = plan(CONSERVATIVE, { balance: decimal('120') });
    expect(rungs.at(-1)?.refusal).toBe('rung-too-small');
  });
});

it('cuts the stop to the largest loss of a position', () => {
  const policy = policyOf({ base_size: { small: 300, medium: 300, large: 300 } });
  const [entry] = plan(policy, { stopPercent: decimal('8') }).rungs;
  const { position } = entry ?? {};
  const distance = ENTRY - (position?.stopTicks ?? 0) * TICK;
  expect(distance * (position?.lots ?? 0) * COINS_PER_LOT, '2 % of 1000 USDT').toBeLessThanOrEqual(20);
  expect(distance).toBeLessThan(ENTRY * 0.08);
});

it('keeps the whole ladder inside the cap that planned it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...CASES),
      fc.integer({ min: 300, max: 50_000 }),
      fc.integer({ min: 3, max: 80 }),
      ({ preset, regime, side }, balance, stopTenths) => {
        const planned = plan(POLICIES[preset] ?? CONSERVATIVE, {
          regime,
          side,
          balance: decimal(balance),
          stopPercent: decimal(stopTenths / 10),
        });
        const { caps, rungs, leverage } = planned;
        const last = rungs.findLast((rung) => rung.position !== undefined)?.position;
        fc.pre(last !== undefined);
        expect(number(last?.cost)).toBeLessThanOrEqual(number(caps.margin) + 1e-6);
        expect(number(last?.margin) * leverage).toBeLessThanOrEqual(number(caps.free) + 1e-6);
        expect(number(last?.lossIfStopped), '2 % of the balance').toBeLessThanOrEqual(balance * 0.02 * 1.02);
      },
    ),
    { numRuns: long(1_000, 5_000) },
  );
});

describe('where a rung would come without a signal', () => {
  const { governors } = loadTree({ governors: { additions_without_signal: 'on' } }).policy;
  const ASKED: Policy = { ...CONSERVATIVE, governors };
  const prices = (policy: Policy, over: Partial<LadderQuestion>) =>
    plan(policy, over).rungs.map(({ withoutSignal }) => withoutSignal);

  it('is not told while that governor is off, nor of the entry, nor without an ATR', () => {
    expect(prices(CONSERVATIVE, { atrTicks: 1_000 }).every((each) => each === undefined)).toBe(true);
    const [entry, ...rungs] = prices(ASKED, {});
    expect(entry).toBeUndefined();
    for (const rung of rungs) expect(rung).toEqual({ averageDownTicks: undefined, pyramidTicks: undefined });
  });

  // 5x: half of −2 % of margin is 0.2 % of the price, +1 % is 0.2 % too: 1,170 ticks of 585,000.
  it.each([
    ['ranging', 1_000, -1_170, undefined],
    ['choppy', 1_000, -1_170, undefined],
    ['ranging', 2_400, -1_200, undefined],
    ['ranging', 4_680, -2_340, undefined],
    ['ranging', 4_700, undefined, undefined],
    ['trending', 1_000, undefined, 1_170],
    ['trending', 2_400, undefined, 1_200],
  ] as const)('first rung, %s, an ATR of %i ticks', (regime, atrTicks, down, up) => {
    for (const side of [1, -1] as const) {
      const tick = (favour: number | undefined) => (favour === undefined ? undefined : ENTRY * 10 + side * favour);
      const [, first] = prices(ASKED, { side, regime, atrTicks });
      expect(first).toEqual({ averageDownTicks: tick(down), pyramidTicks: tick(up) });
    }
  });

  it('is half an ATR beyond the rung before, wherever that was', () => {
    for (const side of [1, -1] as const) {
      const { rungs } = plan(ASKED, { side, atrTicks: 1_000 });
      const [, , second, third] = rungs.map(({ withoutSignal }) => withoutSignal?.averageDownTicks);
      const [, first, before] = rungs.map(({ triggerTicks }) => triggerTicks - side * 500);
      expect([second, third]).toEqual([first, before]);
    }
  });
});
