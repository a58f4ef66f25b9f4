/** Every rung of every ladder: 3 presets × 3 profiles × 3 regimes × long and short, against the tables of ladder.md §2 and big.js. */
import Big from 'big.js';
import { describe, expect, it } from 'vitest';
import { judgedAddition, ROOMY, roomyAddition } from '../../../test/situations.ts';
import { effectivePolicy } from '../../config/index.ts';
import { formatDecimal } from '../numbers/decimal.ts';
import { PROFILES, type Profile, REGIMES, type Regime } from '../policy.ts';
import { coefficientOf, coefficientSum, coefficientsLeft, ladderRules, largestCoefficientSum } from './ladder.ts';

const STANDARD = ['1', '0.7', '0.5', '0.3', '0.2'];
const LONG = ['1', '0.8', '0.6', '0.4', '0.3', '0.2', '0.15'];
const BY_PROFILE = { small: '0.8', medium: '1', large: '1.1' };
const BY_REGIME = { trending: '1.1', ranging: '0.9', choppy: '0.7' };

interface Told {
  readonly ladder: readonly string[];
  readonly multiplier: string;
  readonly additions: number;
  readonly seconds: number;
  readonly loss: string;
}

/** ladder.md §2, read by hand. */
function told(preset: string, profile: Profile, regime: Regime): Told {
  if (preset === 'conservative')
    return { ladder: STANDARD, multiplier: BY_PROFILE[profile], additions: 5, seconds: 60, loss: '-2' };
  if (preset === 'aggressive')
    return { ladder: LONG, multiplier: BY_PROFILE[profile], additions: 7, seconds: 30, loss: '-3' };
  const own = {
    small: { ladder: ['1', '0.6', '0.4'], additions: 3, seconds: 60, loss: -1.5 },
    medium: { ladder: STANDARD, additions: 5, seconds: 45, loss: -2 },
    large: { ladder: LONG, additions: 7, seconds: 30, loss: -3 },
  }[profile];
  const loss = Math.max(own.loss, { trending: -2.5, ranging: -1.5, choppy: -1 }[regime]);
  const additions = regime === 'choppy' ? Math.min(3, own.additions) : own.additions;
  return { ...own, additions, multiplier: '1', loss: String(loss) };
}

function coefficientTold({ ladder, multiplier }: Told, regime: Regime, number: number): Big {
  const step = ladder[Math.min(number, ladder.length) - 1] ?? '0';
  return new Big(step).times(multiplier).times(BY_REGIME[regime]);
}

const rows = ['conservative', 'aggressive', 'adaptive'].flatMap((preset) =>
  PROFILES.flatMap((profile) => REGIMES.map((regime) => [preset, profile, regime] as const)),
);

describe.each(rows)('the ladder of %s, %s, %s', (preset, profile, regime) => {
  const policy = effectivePolicy({ position_scaling: { preset } });
  const rules = ladderRules(policy.scaling, 'BTC-USDT-SWAP', profile, regime);
  const should = told(preset, profile, regime);

  it('has its number of additions, its interval and its loss limit', () => {
    expect(rules.additionsMax).toBe(should.additions);
    expect(rules.intervalMs).toBe(should.seconds * 1000);
    expect(formatDecimal(rules.lossLimitPercent)).toBe(should.loss);
  });

  it('buys at every rung its share of the base, the last step again past its end', () => {
    for (let number = 1; number <= should.additions + 2; number++)
      expect(formatDecimal(coefficientOf(rules, number)), `rung ${number}`).toBe(
        coefficientTold(should, regime, number).toFixed(),
      );
  });

  it.each([
    ['long', 1],
    ['short', -1],
  ] as const)('sizes every rung of a %s in whole lots, floored', (_name, side) => {
    for (let made = 0; made < should.additions; made++) {
      const base = '337.77';
      const roomy = roomyAddition(side);
      const { code, sizeLots } = judgedAddition(policy, {
        ...roomy,
        profile,
        regime,
        balance: '100000',
        position: { ...roomy.position, base, additionsMade: made },
      });
      const lots = coefficientTold(should, regime, made + 1)
        .times(base)
        .div('0.1')
        .round(0, Big.roundDown);
      expect({ code, sizeLots }, `rung ${made + 1}`).toEqual({ code: null, sizeLots: lots.toNumber() });
    }
  });

  it('refuses the one after the last', () => {
    const roomy = roomyAddition(1);
    const text = { ...roomy, profile, regime, position: { ...roomy.position, additionsMade: should.additions } };
    expect(judgedAddition(policy, text).code).toBe('additions-exhausted');
  });
});

describe('what ladder.md says in words', () => {
  const scaling = (position_scaling: object) => effectivePolicy({ position_scaling }).scaling;
  const rules = (position_scaling: object, profile: Profile = 'small', regime: Regime = 'ranging') =>
    ladderRules(scaling(position_scaling), 'BTC-USDT-SWAP', profile, regime);

  it('D1: the entry stands outside the ladder: five additions sum to 270 % of the base', () => {
    const plain = rules({
      profile_multiplier: { small: 1 },
      by_regime: { ranging: { ladder_multiplier: 1 } },
    });
    expect(formatDecimal(coefficientSum(plain, 1, 5))).toBe('2.7');
  });

  it('D2: a rung is a share of the base, never of the position as it stands', () => {
    const roomy = roomyAddition(1);
    const grown = { ...roomy, position: { ...roomy.position, coins: '5', cost: '500', additionsMade: 1 } };
    const { sizeLots } = judgedAddition(effectivePolicy(), { ...grown, balance: '10000' });
    expect(sizeLots, '100 × 0.7 × 0.8 × 0.9').toBe(504);
  });

  it.each([
    ['stricter', '-1.5', { trending: '-1.5', ranging: '-1.5', choppy: '-1' }],
    ['regime', '-1.5', { trending: '-2.5', ranging: '-1.5', choppy: '-1' }],
  ] as const)('D4: of two loss limits the %s one holds', (loss_limit_rule, _own, limits) => {
    for (const regime of REGIMES)
      expect(formatDecimal(rules({ preset: 'adaptive', loss_limit_rule }, 'small', regime).lossLimitPercent)).toBe(
        limits[regime],
      );
  });

  it('D7: the loss limit is of margin, or of price where the policy says so', () => {
    expect(scaling({}).lossBasis).toBe('margin');
    expect(scaling({ loss_basis: 'price' }).lossBasis).toBe('price');
  });

  it('D8: ranging is 0.9; a ladder of the profile’s or of the symbol’s own has profile multiplier 1', () => {
    expect(formatDecimal(coefficientOf(rules({}), 1)), '1 × 0.8 × 0.9').toBe('0.72');
    expect(formatDecimal(coefficientOf(rules({ preset: 'adaptive' }), 1)), '1 × 0.9').toBe('0.9');
    const bySymbol = { by_symbol: { 'BTC-USDT-SWAP': { ladder: [0.5], max_additions: 9 } } };
    expect(formatDecimal(coefficientOf(rules(bySymbol), 1)), '0.5 × 0.9').toBe('0.45');
    expect(formatDecimal(coefficientOf(rules(bySymbol, 'large', 'trending'), 3)), '0.5 × 1.1').toBe('0.55');
  });

  it('a symbol beats its profile, but the smaller number of additions holds', () => {
    const by_symbol = { 'BTC-USDT-SWAP': { max_additions: 9, min_interval_seconds: 5, max_loss_for_addition: -7 } };
    expect(rules({ by_symbol })).toMatchObject({ additionsMax: 5, intervalMs: 5_000 });
    expect(formatDecimal(rules({ by_symbol }).lossLimitPercent)).toBe('-7');
    const fewer = rules({ by_symbol: { 'BTC-USDT-SWAP': { max_additions: 2 } } });
    expect(fewer.additionsMax).toBe(2);
    expect(ladderRules(scaling({ by_symbol }), 'ETH-USDT-SWAP', 'small', 'ranging').intervalMs).toBe(60_000);
  });

  it('its example: standard ladder, large, trending, n = 2 is 0.847', () => {
    expect(formatDecimal(coefficientOf(rules({}, 'large', 'trending'), 2))).toBe('0.847');
  });

  it('the base is planned for the regime in which the ladder is largest', () => {
    const policy = effectivePolicy({ position_scaling: { preset: 'adaptive' } });
    expect(formatDecimal(largestCoefficientSum(policy, 'BTC-USDT-SWAP', 'small')), '2 × 1.1').toBe('2.2');
    const upside = effectivePolicy({ position_scaling: { by_regime: { choppy: { ladder_multiplier: 1.5 } } } });
    expect(formatDecimal(largestCoefficientSum(upside, 'BTC-USDT-SWAP', 'medium')), '2.7 × 1.5').toBe('4.05');
    const by_symbol = { 'BTC-USDT-SWAP': { max_additions: 2 } };
    const shorter = effectivePolicy({ position_scaling: { by_symbol } });
    expect(formatDecimal(largestCoefficientSum(shorter, 'BTC-USDT-SWAP', 'medium')), '1.7 × 1.1').toBe('1.87');
  });

  it('what may still follow is told to the last rung of the longest regime, of each the most that any regime adds', () => {
    const ofRegimes = REGIMES.map((regime) => rules({ preset: 'adaptive' }, 'large', regime));
    const left = coefficientsLeft(ofRegimes);
    // 1.1 × what is left of 1, .8, .6, .4, .3, .2, .15; choppy ends after its third rung.
    for (const [climbed, sum] of [3.795, 2.695, 1.815, 1.155, 0.715, 0.385, 0.165].entries())
      expect(left[climbed], `after ${climbed}`).toBeCloseTo(sum, 12);
    expect(left).toHaveLength(7);
  });

  it('there is no rung before the first', () => {
    expect(() => coefficientOf(rules({}), 0)).toThrow('has no rung 0');
  });

  it('a symbol named like something every object has is a symbol like any other', () => {
    for (const instId of ['constructor', '__proto__', 'toString'])
      expect(ladderRules(scaling({}), instId, 'small', 'ranging')).toEqual(rules({}));
    expect(ROOMY.instId).toBe('SCRIPT-USDT-SWAP');
  });
});
