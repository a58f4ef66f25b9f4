/** Exact decimals: read, written and read again; what is none says what to write instead. */
import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW, long } from '../../../test/long.ts';
import {
  DecimalError,
  decimal,
  decimalOf,
  formatDecimal,
  formatUnits,
  inStepsOf,
  type Rounding,
  wholeAtScale,
} from './decimal.ts';

describe('a decimal', () => {
  // biome-ignore format: a table
  it.each([
    ['0.36',       '0.36'],
    ['-1.50',      '-1.5'],
    ['+7',         '7'],
    ['007.10',     '7.1'],
    ['-0',         '0'],
    ['-0.000',     '0'],
    [' 5 ',        '5'],
    [0,            '0'],
    [-0,           '0'],
    [1e-7,         '0.0000001'],
    [-1.5e-10,     '-0.00000000015'],
    [123456789012345, '123456789012345'],
    [0.000123456789012345, '0.000123456789012345'],
    [58500.1,      '58500.1'],
    ['123456789012345678901234567890.000000001', '123456789012345678901234567890.000000001'],
  ] as const)('%s is %s', (given, text) => {
    expect(formatDecimal(decimal(given))).toBe(text);
  });

  it.each([
    '',
    '.',
    '.5',
    '5.',
    '1,5',
    '1e5',
    '0x10',
    'NaN',
    'Infinity',
    '--1',
    '1.2.3',
    '１',
    '1 000',
    '1'.repeat(61),
  ])('is not "%s"', (text) => {
    expect(() => decimal(text)).toThrow(DecimalError);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e15, 0.1 + 0.2, 1234567890.1234567, 1e300])(
    'is not the number %s',
    (value) => {
      expect(() => decimal(value)).toThrow(/15 digits|finite|not a decimal/);
    },
  );

  it('is written and read again without loss', LAW, () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }),
        fc.integer({ min: 0, max: 30 }),
        (units, scale) => {
          const text = formatUnits(units, scale);
          expect(text).toBe(new Big(`${units}e-${scale}`).toFixed());
          expect(wholeAtScale(decimal(text), scale)).toBe(units);
        },
      ),
      { numRuns: long(1000, 50_000) },
    );
  });

  it('of a JSON number of at most 15 digits is that number', LAW, () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
        fc.integer({ min: 0, max: 15 }),
        (units, places) => {
          const value = Number(`${units}e-${places}`);
          const read = decimal(value);
          expect(formatDecimal(read)).toBe(new Big(`${units}e-${places}`).toFixed());
          expect(Math.abs(read.approx - value)).toBeLessThanOrEqual(Math.abs(value) * 2e-16);
        },
      ),
      { numRuns: long(1000, 50_000) },
    );
  });

  it(
    'is exact on either side of what is read through a double, and beside it stands the nearest double, of more digits at most the next',
    LAW,
    () => {
      fc.assert(
        fc.property(
          fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 17 }),
          fc.nat({ max: 17 }),
          fc.constantFrom('', '-', '+'),
          (digits, places, sign) => {
            const scale = Math.min(places, digits.length - 1);
            const point = digits.length - scale;
            const [whole, part] = [digits.slice(0, point).join(''), digits.slice(point).join('')];
            const text = `${sign}${whole}${part === '' ? '' : `.${part}`}`;
            const read = decimal(text);
            expect(read.scale).toBe(scale);
            expect(read.units).toBe(BigInt(`${sign === '-' ? '-' : ''}${whole}${part}`));
            const nearest = Number(text) + 0;
            if (digits.length <= 15) expect(read.approx).toBe(nearest);
            else expect(Math.abs(read.approx - nearest)).toBeLessThanOrEqual(Math.abs(nearest) * 2 ** -52);
          },
        ),
        { numRuns: long(3000, 50_000) },
      );
    },
  );

  // biome-ignore format: a table
  it.each<[value: string, step: string, steps: Readonly<Record<Rounding, bigint>>]>([
    ['0.25',  '0.1',  { down: 2n,  nearest: 3n,  up: 3n }],
    ['0.24',  '0.1',  { down: 2n,  nearest: 2n,  up: 3n }],
    ['0.3',   '0.1',  { down: 3n,  nearest: 3n,  up: 3n }],
    ['7',     '2.5',  { down: 2n,  nearest: 3n,  up: 3n }],
    ['0.00',  '0.5',  { down: 0n,  nearest: 0n,  up: 0n }],
    ['-0.04', '0.1',  { down: -1n, nearest: 0n,  up: 0n }],
    ['-0.3',  '0.1',  { down: -3n, nearest: -3n, up: -3n }],
  ])('%s in steps of %s', (value, step, steps) => {
    for (const rounding of ['down', 'nearest', 'up'] as const)
      expect(inStepsOf(decimal(value), decimal(step), rounding)).toEqual({
        steps: steps[rounding],
        isBetween: steps.down !== steps.up,
      });
  });

  it('is never rounded to fewer places', () => {
    expect(wholeAtScale(decimal('1.500'), 1)).toBe(15n);
    expect(wholeAtScale(decimalOf(15n, 1), 3)).toBe(1500n);
    expect(() => wholeAtScale(decimal('1.55'), 1)).toThrow(/1.55 has more than 1 decimal places/);
  });
});
