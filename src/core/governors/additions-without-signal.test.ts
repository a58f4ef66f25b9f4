/** When the next rung is wanted without a signal: thresholds at, just below and just above, long and short; the published price is the inverse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import type { Regime } from '../policy.ts';
import {
  type AdditionsWithoutSignalPolicy,
  averageDownTicks,
  continuationSign,
  isDeepEnough,
  isFarEnough,
  isWithinLossLimit,
  type LastCandles,
  type NextRungFacts,
  pullbackSign,
  pyramidTicks,
  signText,
} from './additions-without-signal.ts';

const POLICY: AdditionsWithoutSignalPolicy = {
  placement: 'on_trigger',
  strength: decimal(1),
  averageDown: {
    regimes: { trending: false, ranging: true, choppy: true },
    lossShare: decimal('0.5'),
    distanceAtr: decimal('0.5'),
    rsiTurnMin: decimal(1),
  },
  pyramid: {
    regimes: { trending: true, ranging: false, choppy: false },
    profitPercentMin: decimal(1),
    distanceAtr: decimal('0.5'),
  },
};

/** 10 lots at 100,000 ticks with 5x: −1 % of margin is 200 ticks, +1 % too; 0.5 ATR is 100. */
function facts(side: Side, more: Partial<NextRungFacts> = {}): NextRungFacts {
  return {
    side,
    costUnits: 10 * 100_000,
    unitsPerTick: 10,
    leverage: 5,
    lastTicks: 100_000,
    atrTicks: 200,
    regime: 'ranging',
    lossLimitPercent: decimal(-2),
    lossBasis: 'margin',
    ...more,
  };
}

const SIDES: readonly Side[] = [1, -1];
/** A price so many ticks in the position's favour. */
const at = (side: Side, favour: number): number => 100_000 + side * favour;

describe('averaging down is wanted', () => {
  it.each([
    // favour, atr, last rung's favour, wanted
    ['PnL just above half of the limit', -199, 200, 0, false],
    ['PnL at half of the limit', -200, 200, 0, true],
    ['PnL just below half of the limit', -201, 200, 0, true],
    ['0.5 ATR but one tick', -299, 600, 0, false],
    ['0.5 ATR', -300, 600, 0, true],
    ['0.5 ATR and one tick', -301, 600, 0, true],
    ['one tick less than 0.5 ATR behind a later rung', -349, 200, -250, false],
    ['0.5 ATR behind a later rung', -350, 200, -250, true],
  ] as const)('%s', (_, favour, atrTicks, last, wanted) => {
    for (const side of SIDES)
      expect(isDeepEnough(POLICY, facts(side, { atrTicks, lastTicks: at(side, last) }), at(side, favour))).toBe(wanted);
  });

  it.each([
    ['the limit itself', -400, true],
    ['just below the limit', -401, false],
  ] as const)('the loss limit has room at %s', (_, favour, within) => {
    for (const side of SIDES) expect(isWithinLossLimit(facts(side), at(side, favour))).toBe(within);
  });

  it('in per cent of price where the loss limit is', () => {
    for (const side of SIDES) {
      const ofPrice = facts(side, { lossBasis: 'price', leverage: undefined });
      expect(isDeepEnough(POLICY, ofPrice, at(side, -999))).toBe(false);
      expect(isDeepEnough(POLICY, ofPrice, at(side, -1_000))).toBe(true);
      expect(averageDownTicks(POLICY, ofPrice)).toBe(at(side, -1_000));
    }
  });

  it.each<[Regime, boolean]>([
    ['trending', false],
    ['ranging', true],
    ['choppy', true],
  ])('in a %s market: %s', (regime, wanted) => {
    for (const side of SIDES)
      expect(averageDownTicks(POLICY, facts(side, { regime }))).toBe(wanted ? at(side, -200) : undefined);
  });

  it('never where the leverage is not known', () => {
    expect(isDeepEnough(POLICY, facts(1, { leverage: undefined }), 1)).toBe(false);
    expect(averageDownTicks(POLICY, facts(1, { leverage: undefined }))).toBeUndefined();
  });

  it('never where half an ATR is past the loss limit: gate 9 would refuse it', () => {
    for (const side of SIDES) {
      expect(averageDownTicks(POLICY, facts(side, { atrTicks: 800 }))).toBe(at(side, -400));
      expect(averageDownTicks(POLICY, facts(side, { atrTicks: 802 }))).toBeUndefined();
    }
  });
});

describe('a pyramid is wanted', () => {
  it.each([
    ['profit just below 1 %', 199, 200, 0, false],
    ['profit of 1 %', 200, 200, 0, true],
    ['profit just above 1 %', 201, 200, 0, true],
    ['one tick less than 0.5 ATR', 299, 600, 0, false],
    ['0.5 ATR', 300, 600, 0, true],
    ['0.5 ATR ahead of a later rung but one tick', 399, 200, 300, false],
    ['0.5 ATR ahead of a later rung', 400, 200, 300, true],
  ] as const)('%s', (_, favour, atrTicks, last, wanted) => {
    for (const side of SIDES)
      expect(isFarEnough(POLICY, facts(side, { atrTicks, lastTicks: at(side, last) }), at(side, favour))).toBe(wanted);
  });

  it.each<[Regime, boolean]>([
    ['trending', true],
    ['ranging', false],
    ['choppy', false],
  ])('in a %s market: %s', (regime, wanted) => {
    for (const side of SIDES)
      expect(pyramidTicks(POLICY, facts(side, { regime }))).toBe(wanted ? at(side, 200) : undefined);
  });
});

it.each([
  [199_998, 1],
  [200_000, undefined],
  [200_002, undefined],
])(
  'with an ATR of %i ticks a short has its pyramid at %s: below the first tick there is no price',
  (atrTicks, tick) => {
    const regime = 'trending';
    expect(pyramidTicks(POLICY, facts(-1, { regime, atrTicks }))).toBe(tick);
  },
);

const candles = (more: Partial<LastCandles> = {}): LastCandles => ({
  candles: 100,
  openTicks: 1_000,
  highTicks: 1_010,
  lowTicks: 990,
  closeTicks: 1_000,
  previousHighTicks: 1_010,
  previousLowTicks: 990,
  previousCloseTicks: 1_000,
  rsi: 40,
  previousRsi: 40,
  ...more,
});

/** The same candles seen from the other side of 1,000. */
function mirrored(market: LastCandles): LastCandles {
  const turned = (price: number) => 2_000 - price;
  return {
    candles: market.candles,
    openTicks: turned(market.openTicks),
    highTicks: turned(market.lowTicks),
    lowTicks: turned(market.highTicks),
    closeTicks: turned(market.closeTicks),
    previousHighTicks: turned(market.previousLowTicks),
    previousLowTicks: turned(market.previousHighTicks),
    previousCloseTicks: turned(market.previousCloseTicks),
    rsi: market.rsi === undefined ? undefined : 100 - market.rsi,
    previousRsi: market.previousRsi === undefined ? undefined : 100 - market.previousRsi,
  };
}

const reversal = { openTicks: 995, lowTicks: 989, closeTicks: 1_001 };

describe('a sign that the pullback ends', () => {
  it.each([
    ['RSI came back by less than a point', candles({ rsi: 40.5 }), undefined],
    ['RSI came back by a point', candles({ rsi: 41 }), 'rsi 40.0 → 41.0'],
    ['RSI went on', candles({ rsi: 30 }), undefined],
    ['no RSI yet', candles({ rsi: undefined, previousRsi: undefined }), undefined],
    ['a reversal candle', candles(reversal), 'reversal candle'],
    ['one that stayed within the candle before', candles({ ...reversal, lowTicks: 990 }), undefined],
    ['one with no body', candles({ ...reversal, openTicks: 1_001 }), undefined],
    ['one that closed no better', candles({ ...reversal, closeTicks: 1_000 }), undefined],
    ['the first candle of all', candles({ ...reversal, candles: 1 }), undefined],
    ['the second', candles({ ...reversal, candles: 2 }), 'reversal candle'],
  ] as const)('%s', (_, market, sign) => {
    const found = pullbackSign(POLICY, 1, market);
    expect(found === undefined ? undefined : signText(found, market)).toBe(sign);
    expect(pullbackSign(POLICY, -1, mirrored(market))).toBe(found);
  });
});

describe('a sign that the trend goes on', () => {
  it.each<[string, LastCandles, Side | undefined, boolean]>([
    ['a close at the last high', candles({ closeTicks: 1_010 }), 1, false],
    ['a close beyond the last high', candles({ closeTicks: 1_011 }), 1, true],
    ['a trend that points the other way', candles({ closeTicks: 1_011 }), -1, false],
    ['no trend side', candles({ closeTicks: 1_011 }), undefined, false],
    ['the first candle of all', candles({ closeTicks: 1_011, candles: 1 }), 1, false],
    ['the second', candles({ closeTicks: 1_011, candles: 2 }), 1, true],
  ])('%s', (_, market, trendSide, isSign) => {
    expect(continuationSign(1, market, trendSide) !== undefined).toBe(isSign);
    const turned = trendSide === undefined ? undefined : (-trendSide as Side);
    expect(continuationSign(-1, mirrored(market), turned) !== undefined).toBe(isSign);
  });
});

describe('the published price', () => {
  const lots = fc.integer({ min: 1, max: 5_000 });
  const anyFacts = fc
    .record({
      side: fc.constantFrom<Side>(1, -1),
      lots,
      moneyPerTickLot: fc.constantFrom(1, 10, 1_000, 100_000),
      averageTicks: fc.double({ min: 2_000, max: 900_000, noNaN: true }),
      leverage: fc.constantFrom(1, 2, 3, 5, 10, 20, 50),
      lastAt: fc.double({ min: -0.02, max: 0.02, noNaN: true }),
      atrShare: fc.double({ min: 0.0001, max: 0.02, noNaN: true }),
      limit: fc.integer({ min: 0, max: 500 }),
      lossBasis: fc.constantFrom('margin' as const, 'price' as const),
      regime: fc.constantFrom<Regime>('ranging', 'choppy', 'trending'),
    })
    .map(({ lots: size, moneyPerTickLot, averageTicks, lastAt, atrShare, limit, ...rest }): NextRungFacts => {
      const unitsPerTick = size * moneyPerTickLot;
      return {
        ...rest,
        unitsPerTick,
        costUnits: Math.round(averageTicks * unitsPerTick),
        lastTicks: averageTicks * (1 + lastAt),
        atrTicks: averageTicks * atrShare,
        lossLimitPercent: decimal(`-${limit / 100}`),
      };
    });

  it('is found by a formula: the rule is asked a few times around it, and not at all without a leverage', () => {
    let asked = 0;
    const counted = {
      get distanceAtr() {
        if (++asked > 100) throw new Error('it is searched for tick by tick');
        return decimal('0.5');
      },
    };
    const policy: AdditionsWithoutSignalPolicy = {
      ...POLICY,
      averageDown: Object.defineProperties({ ...POLICY.averageDown }, Object.getOwnPropertyDescriptors(counted)),
      pyramid: Object.defineProperties({ ...POLICY.pyramid }, Object.getOwnPropertyDescriptors(counted)),
    };
    for (const side of SIDES)
      for (const [more, down, up] of [
        [{}, -200, 200],
        [{ atrTicks: 600 }, -300, 300],
        [{ lossBasis: 'price' }, -1_000, 1_000],
        [{ lossBasis: 'price', leverage: undefined }, -1_000, 1_000],
        [{ leverage: undefined }, undefined, undefined],
      ] as const)
        for (const [find, regime, favour] of [
          [averageDownTicks, 'ranging', down],
          [pyramidTicks, 'trending', up],
        ] as const) {
          asked = 0;
          const found = find(policy, facts(side, { ...more, regime }));
          expect(found).toBe(favour === undefined ? undefined : at(side, favour));
          expect(asked).toBeLessThan(8);
        }
  });

  it('and its rule agree on every tick around it', () => {
    const met = { down: 0, never: 0, up: 0 };
    fc.assert(
      fc.property(anyFacts, (each) => {
        const down = averageDownTicks(POLICY, each);
        if (down === undefined) met.never += 1;
        else {
          met.down += 1;
          for (let off = -40; off <= 40; off++)
            expect(isDeepEnough(POLICY, each, down + off), `${off} ticks off`).toBe(each.side * off <= 0);
          expect(isWithinLossLimit(each, down)).toBe(true);
        }
        const up = pyramidTicks(POLICY, each);
        if (up === undefined) return;
        met.up += 1;
        for (let off = -40; off <= 40; off++)
          expect(isFarEnough(POLICY, each, up + off), `${off} ticks off`).toBe(each.side * off >= 0);
      }),
      { numRuns: 4_000 },
    );
    expect(met.down, 'enough are published').toBeGreaterThan(1_000);
    expect(met.up).toBeGreaterThan(1_000);
    expect(met.never).toBeGreaterThan(1_000);
  });
});
