/** Two number systems: exact fractions, and doubles that know when they do not know. */
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import { type Arithmetic, Doubles, decided, floorOf, fractions, roundedUnits } from './arithmetic.ts';
import { decimal } from './decimal.ts';

const amounts = fc
  .tuple(fc.integer({ min: -10_000_000, max: 10_000_000 }), fc.integer({ min: 0, max: 8 }))
  .map(([units, places]) => new Big(units).div(new Big(10).pow(places)).toFixed());

describe('fractions', () => {
  const m = fractions;
  const of = (text: string) => m.of(decimal(text));

  it('add, subtract, multiply, divide, compare and floor as big.js does', LAW, () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(m.compare(m.plus(of(a), of(b)), of(new Big(a).plus(b).toFixed()))).toBe(0);
        expect(m.compare(m.minus(of(a), of(b)), of(new Big(a).minus(b).toFixed()))).toBe(0);
        expect(m.compare(m.times(of(a), of(b)), of(new Big(a).times(b).toFixed()))).toBe(0);
        expect(m.compare(of(a), of(b))).toBe(new Big(a).cmp(b));
        const floored = new Big(a).round(0, Big.roundDown);
        expect(m.floor(of(a))).toBe((floored.gt(a) ? floored.minus(1) : floored).toNumber() + 0);
        if (!new Big(b).eq(0)) expect(m.compare(m.times(m.over(of(a), of(b)), of(b)), of(a))).toBe(0);
      }),
      { numRuns: long(1000, 20_000) },
    );
  });

  it('divide by nothing never, and floor nothing past the safe range', () => {
    expect(() => m.over(m.one, m.zero)).toThrow(/division by zero/);
    expect(() => m.floor(of('9007199254740993'))).toThrow(/past the safe range/);
  });

  it('round where the word says, also below zero', () => {
    const third = m.over(m.whole(-1), m.whole(3));
    expect([roundedUnits(third, 2, 'floor'), roundedUnits(third, 2, 'ceil')]).toEqual([-34n, -33n]);
    expect(roundedUnits(m.over(m.whole(1), m.whole(3)), 2, 'ceil')).toBe(34n);
    expect(roundedUnits(of('0.25'), 2, 'ceil')).toBe(25n);
  });
});

describe('doubles', () => {
  it('do not compare what is not a number, and do not floor it: whoever asks refuses', () => {
    const m = new Doubles();
    expect(() => m.compare(Number.NaN, 1)).toThrow(/not a number/);
    expect(() => m.compare(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toThrow(/not a number/);
    expect(() => m.floor(Number.NaN)).toThrow(/not a number/);
    expect(() => m.over(1, 0)).toThrow(/division by zero/);
  });

  it('that do not doubt are right', LAW, () => {
    let sure = 0;
    fc.assert(
      fc.property(amounts, amounts, amounts, (a, b, c) => {
        const rule = <N>(m: Arithmetic<N>): number[] => {
          const [x, y, z] = [m.of(decimal(a)), m.of(decimal(b)), m.of(decimal(c))];
          const sum = m.minus(m.plus(m.times(x, y), z), m.times(z, y));
          return [m.compare(sum, z), m.floor(m.over(sum, m.whole(1_000_000)))];
        };
        let readings = 0;
        const verdict = decided(
          (m) => rule(m),
          (m) => {
            readings += 1;
            return rule(m);
          },
        );
        if (readings === 0) sure += 1;
        expect(verdict.map((value) => value + 0)).toEqual(rule(fractions).map((value) => value + 0));
      }),
      { numRuns: long(2000, 50_000) },
    );
    expect(sure, 'mostly they do not doubt').toBeGreaterThan(1000);
  });
});

describe('a floor within a rule', () => {
  const share = (lots: number, of: string) => {
    let readings = 0;
    const rule = <N>(m: Arithmetic<N>): N => {
      readings += 1;
      return m.times(m.whole(lots), m.of(decimal(of)));
    };
    return { rule, readings: () => readings };
  };

  it('is the exact one, whole or not', LAW, () => {
    let whole = 0;
    const lots = fc.integer({ min: 0, max: 1_000_000 });
    const shares = fc.oneof(amounts, fc.constantFrom('0.25', '0.3', '0.7', '0.1', '0.333333333333', '1'));
    fc.assert(
      fc.property(lots, shares, (size, of) => {
        const { rule, readings } = share(size, of);
        const floored = floorOf(rule);
        expect(floored).toBe(fractions.floor(rule(fractions)));
        if (readings() === 3) whole += 1;
      }),
      { numRuns: long(1000, 20_000) },
    );
    expect(whole, 'read again in fractions').toBeGreaterThan(50);
  });

  it('is read once where doubles can tell, and leaves no doubt to the rule around it', () => {
    const clear = share(7, '0.25');
    expect([floorOf(clear.rule), clear.readings()]).toEqual([1, 1]);
    let outer = 0;
    const around = <N>(m: Arithmetic<N>): number => {
      outer += 1;
      const inner = share(8, '0.25');
      const lots = floorOf(inner.rule);
      expect(inner.readings(), 'the inner rule, in doubles and in fractions').toBe(2);
      return m.compare(m.whole(lots), m.of(decimal('1.5')));
    };
    expect(decided(around, around)).toBe(1);
    expect(outer, 'the outer rule').toBe(1);
  });

  it('keeps the doubt that the rule around it had already', () => {
    let outer = 0;
    const around = <N>(m: Arithmetic<N>): number => {
      outer += 1;
      const order = m.compare(m.times(m.of(decimal('0.1')), m.whole(3)), m.of(decimal('0.3')));
      return order + floorOf(share(8, '0.25').rule);
    };
    expect([decided(around, around), outer]).toEqual([2, 2]);
  });

  it('of what is not a number is refused', () => {
    expect(() => floorOf((m) => m.whole(Number.NaN))).toThrow(/not a number/);
  });
});
