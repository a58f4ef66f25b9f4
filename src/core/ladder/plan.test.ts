/** The base: the whole ladder fits before the first order. Caps against big.js; the worked example of ladder.md §3. */
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { SCRIPT_SWAP } from '../../../test/script.ts';
import { effectivePolicy } from '../../config/index.ts';
import { type Arithmetic, Doubles, type Fraction, fractions, roundedUnits } from '../numbers/arithmetic.ts';
import { decimal, formatUnits } from '../numbers/decimal.ts';
import { lots } from '../numbers/units.ts';
import { type Policy, PROFILES, type Profile, REGIMES, type Regime } from '../policy.ts';
import { coefficientOf, ladderRules, largestCoefficientSum } from './ladder.ts';
import { type PlanFacts, planCaps, plannedBase, strengthFactor, tierValueMax, volatilityFactor } from './plan.ts';

interface PlanText {
  readonly profile: Profile;
  readonly regime: Regime;
  readonly volatilityFactor: string;
  readonly leverage: number;
  readonly balance: string;
  readonly marginUsed: string;
  readonly totalExposure: string;
  readonly stopShare: string;
  readonly exitCostShare: string;
  readonly tierValueMax: string;
  readonly factor: string;
}

const CALM: PlanText = {
  profile: 'small',
  regime: 'ranging',
  volatilityFactor: '1',
  leverage: 5,
  balance: '1000',
  marginUsed: '0',
  totalExposure: '0',
  stopShare: '0.005',
  exitCostShare: '0.0006',
  tierValueMax: '1000000',
  factor: '1',
};

function factsOf<N>(m: Arithmetic<N>, policy: Policy, text: PlanText): PlanFacts<N> {
  const of = (value: string) => m.of(decimal(value));
  return {
    coefficientSum: m.of(largestCoefficientSum(policy, 'BTC-USDT-SWAP', text.profile)),
    profile: text.profile,
    regime: text.regime,
    volatilityFactor: of(text.volatilityFactor),
    leverage: text.leverage,
    account: {
      balance: of(text.balance),
      unrealised: m.zero,
      marginUsed: of(text.marginUsed),
      marginReserved: m.zero,
      exchangeAvailable: undefined,
      openPositions: 0,
      totalExposure: of(text.totalExposure),
    },
    stopShare: of(text.stopShare),
    exitCostShare: of(text.exitCostShare),
    tierValueMax: of(text.tierValueMax),
    factor: of(text.factor),
  };
}

function baseOf(policy: Policy, bend: Partial<PlanText> = {}): Fraction {
  return plannedBase(fractions, policy, factsOf(fractions, policy, { ...CALM, ...bend }));
}

function text(value: Fraction): string {
  return formatUnits(roundedUnits(value, 8, 'floor'), 8);
}

const ADAPTIVE = effectivePolicy({ position_scaling: { preset: 'adaptive' } });

describe('the planned base', () => {
  it('is 234.375 USDT in the worked example: 1000 USDT, 5x, adaptive, ranging, calm', () => {
    expect(text(baseOf(ADAPTIVE))).toBe('234.375');
  });

  // biome-ignore format: a table
  it.each([
    // smallest cap                 bend                                                cap, USDT
    ['margin of a position',        {},                                                 '750'],
    ['margin, trending',            { regime: 'trending' },                             '1000'],
    ['margin, choppy',              { regime: 'choppy' },                               '500'],
    ['margin, turbulent',           { volatilityFactor: '0.5' },                        '375'],
    ['value of a position',         { leverage: 20 },                                   '1350'],
    ['free margin',                 { marginUsed: '900' },                              '400'],
    ['exposure of the account',     { totalExposure: '2900' },                          '100'],
    ['loss at the stop',            { stopShare: '0.04', exitCostShare: '0.01' },       '400'],
    ['the tier',                    { tierValueMax: '96' },                             '96'],
    ['nothing is left',             { totalExposure: '3100' },                          '0'],
  ] as const)('is planned by the smallest cap: %s', (_cap, bend, cap) => {
    expect(text(baseOf(ADAPTIVE, bend))).toBe(text(fractions.over(fractions.of(decimal(cap)), fractions.of(decimal('3.2')))));
  });

  it('is scaled down by strength and the day, never up past the plan', () => {
    expect(text(baseOf(ADAPTIVE, { factor: '0.5' }))).toBe('117.1875');
    expect(text(baseOf(ADAPTIVE, { factor: '1.1' }))).toBe('234.375');
    expect(text(baseOf(ADAPTIVE, { factor: '-1' }))).toBe('0');
  });

  it('is the fixed size by profile where the policy says so, times the volatility factor', () => {
    const fixed = effectivePolicy({ position_scaling: { base_size: { small: 50, medium: 100, large: 200 } } });
    expect(PROFILES.map((profile) => text(baseOf(fixed, { profile })))).toEqual(['50', '100', '200']);
    expect(text(baseOf(fixed, { volatilityFactor: '0.7', factor: '0.5' }))).toBe('17.5');
  });

  it('is never so large, fixed or not, that its ladder passes the tier or one market order', () => {
    const fixed = effectivePolicy({
      position_scaling: { preset: 'adaptive', base_size: { small: 50, medium: 100, large: 200 } },
    });
    expect(text(baseOf(fixed, { tierValueMax: '160' }))).toBe('50');
    expect(text(baseOf(fixed, { tierValueMax: '159.9' })), '1 + Σ is 3.2').toBe('49.96875');
  });

  // A lot is 0.1 USDT at 10,000 ticks of 0.01, and twice that at twice the price.
  it.each([
    ['of the tier at this leverage', 50, 10_000, '100'],
    ['of the largest tier that still allows it', 20, 10_000, '250'],
    ['of one market order, where the tier allows more', 5, 10_000, '300'],
    ['at the price that is', 50, 20_000, '200'],
    ['nothing, where no tier allows the leverage', 51, 10_000, '0'],
  ])('the most that is allowed is the value %s', (_what, leverage, priceTicks, most) => {
    const rate = decimal('0.004');
    const tiers = [
      { lotsMax: lots(1_000), maintenanceRate: rate, leverageMax: 50 },
      { lotsMax: lots(2_500), maintenanceRate: rate, leverageMax: 20 },
      { lotsMax: lots(9_000), maintenanceRate: rate, leverageMax: 10 },
    ];
    const swap = { ...SCRIPT_SWAP, tiers, lotsMaxMarketOrder: lots(3_000) };
    expect(text(tierValueMax(fractions, swap, leverage, priceTicks))).toBe(most);
  });

  it('times one and the whole ladder never exceeds any cap, whatever the market does to the regime', LAW, () => {
    let planned = 0;
    fc.assert(
      fc.property(
        fc.constantFrom('conservative', 'aggressive', 'adaptive'),
        fc.constantFrom(...PROFILES),
        fc.constantFrom(...REGIMES),
        fc.array(fc.constantFrom(...REGIMES), { minLength: 7, maxLength: 7 }),
        fc.record({
          leverage: fc.integer({ min: 1, max: 50 }),
          balance: fc.integer({ min: 100, max: 2_000_000 }).map((cents) => String(cents / 100)),
          marginUsed: fc.integer({ min: 0, max: 100_000 }).map((cents) => String(cents / 100)),
          totalExposure: fc.integer({ min: 0, max: 500_000 }).map((cents) => String(cents / 100)),
          stopShare: fc.constantFrom('0.002', '0.0075', '0.03'),
          volatilityFactor: fc.constantFrom('1', '0.5', '0.77'),
          tierValueMax: fc.constantFrom('1000000', '500', '77.7'),
          factor: fc.constantFrom('1', '0.5', '1.1', '0.83'),
        }),
        (preset, profile, regime, met, bend) => {
          const policy = effectivePolicy({ position_scaling: { preset } });
          const facts = factsOf(fractions, policy, { ...CALM, ...bend, profile, regime });
          const base = plannedBase(fractions, policy, facts);
          let climbed = base;
          met.forEach((regimeMet, index) => {
            const rules = ladderRules(policy.scaling, 'BTC-USDT-SWAP', profile, regimeMet);
            if (index >= rules.additionsMax) return;
            climbed = fractions.plus(climbed, fractions.times(base, fractions.of(coefficientOf(rules, index + 1))));
          });
          if (fractions.compare(base, fractions.zero) > 0) planned += 1;
          const caps = planCaps(fractions, policy, facts);
          for (const [name, cap] of Object.entries(caps))
            if (fractions.compare(cap, fractions.zero) > 0)
              expect(fractions.compare(climbed, cap) <= 0, `${text(climbed)} against ${name} ${text(cap)}`).toBe(true);
            else expect(fractions.compare(base, fractions.zero)).toBe(0);
        },
      ),
      { numRuns: long(1500, 20_000) },
    );
    expect(planned, 'bases that are not nothing').toBeGreaterThanOrEqual(1000);
  });
});

describe('factors', () => {
  it('volatility lowers, calm never raises: mean ATR over ATR now, from 0.5 to 1', () => {
    const doubles = new Doubles();
    expect([0.5, 1, 1.25, 2, 4, 0].map((now) => volatilityFactor(doubles, 1, now))).toEqual([1, 1, 0.8, 0.5, 0.5, 1]);
  });

  it('strength scales from the floor up to the whole', () => {
    const doubles = new Doubles();
    expect([0, 0.5, 1].map((strength) => strengthFactor(doubles, ADAPTIVE, strength))).toEqual([0.5, 0.75, 1]);
  });

  it('caps are what big.js makes of ladder.md §3', () => {
    const caps = planCaps(
      fractions,
      ADAPTIVE,
      factsOf(fractions, ADAPTIVE, { ...CALM, balance: '1234.56', regime: 'choppy' }),
    );
    expect(text(caps.margin)).toBe(new Big('1234.56').times(10).div(100).times(5).toFixed());
    expect(text(caps.free)).toBe(new Big('1234.56').times('0.8').times(5).toFixed());
    expect(text(caps.exposure)).toBe(new Big('1234.56').times(3).toFixed());
    expect(text(caps.loss)).toBe(new Big('1234.56').times('0.02').div('0.0056').round(8, Big.roundDown).toFixed());
  });
});
