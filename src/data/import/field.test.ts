import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, type Rounding } from '../../core/numbers/decimal.ts';
import { emptyField, inSteps, readNumber, readTime, stepOf } from './field.ts';

const read = (text: string, point = '.') => {
  const field = emptyField();
  const bytes = Buffer.from(text, 'latin1');
  return { verdict: readNumber(field, bytes, 0, bytes.length, point.charCodeAt(0)), field };
};

describe('numbers', () => {
  // biome-ignore format: a table
  it.each([
    ['51552.61',               'number'],
    ['0',                      'number'],
    ['+7',                     'number'],
    ['.5',                     'number'],
    ['5.',                     'number'],
    ['1e-05',                  'number'],
    ['5.1552E+4',              'number'],
    ['51552.610000000001',     'number'],
    ['-0.0',                   'number'],
    ['-1',                     'negative'],
    ['-1e-20',                 'negative'],
    ['',                       'not-a-number'],
    ['-',                      'not-a-number'],
    ['.',                      'not-a-number'],
    ['NaN',                    'not-a-number'],
    ['Infinity',               'not-a-number'],
    ['1e',                     'not-a-number'],
    ['1e999',                  'not-a-number'],
    ['1.2.3',                  'not-a-number'],
    ['0x10',                   'not-a-number'],
    ['1 000',                  'not-a-number'],
    ['1,5',                    'not-a-number'],
  ])('"%s" is %s', (text, verdict) => {
    expect(read(text).verdict).toBe(verdict);
  });

  it('take a comma where the file uses one', () => {
    expect(read('51552,61', ',')).toMatchObject({ verdict: 'number', field: { mantissa: 5_155_261, scale: 2 } });
  });
});

describe('the grid', () => {
  // biome-ignore format: a table
  it.each<[text: string, step: string, rounding: Rounding, steps: number, mapped: boolean]>([
    ['51552.61', '0.1',    'nearest', 515_526,   true],
    ['51552.65', '0.1',    'nearest', 515_527,   true],
    ['51552.64', '0.1',    'nearest', 515_526,   true],
    ['51552.61', '0.1',    'up',      515_527,   true],
    ['51552.69', '0.1',    'down',    515_526,   true],
    ['51552.6',  '0.1',    'up',      515_526,   false],
    ['51552.60', '0.1',    'up',      515_526,   false],
    ['51552.5',  '0.5',    'up',      103_105,   false],
    ['51552.4',  '0.5',    'nearest', 103_105,   true],
    ['1e-05',    '0.0001', 'up',      1,         true],
    ['1e-05',    '0.0001', 'nearest', 0,         true],
    ['0.1',      '0.00000001', 'down', 10_000_000, false],
    ['134.989218', '0.0001', 'down',  1_349_892, true],
    ['0.30000000000000004', '0.1', 'down', 3,    true],
    ['0.30000000000000004', '0.1', 'up', 4,      true],
  ])('%s in steps of %s, %s, is %d', (text, step, rounding, steps, mapped) => {
    const { field } = read(text);
    expect([inSteps(field, stepOf(decimal(step)), rounding), field.mapped]).toEqual([steps, mapped]);
  });

  it('is met exactly: as long division of whole numbers does it', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 20n });
    const scales = fc.integer({ min: 0, max: 18 });
    const steps = fc.constantFrom('0.1', '0.01', '0.0001', '0.5', '0.25', '1', '10', '0.000000001', '0.0003');
    const roundings = fc.constantFrom<Rounding>('nearest', 'up', 'down');
    fc.assert(
      fc.property(digits, scales, steps, roundings, (units, scale, stepText, rounding) => {
        const text = units.toString().padStart(scale + 1, '0');
        const point = text.length - scale;
        const { field, verdict } = read(scale === 0 ? text : `${text.slice(0, point)}.${text.slice(point)}`);
        const step = decimal(stepText);
        const over = units * 10n ** BigInt(step.scale);
        const under = step.units * 10n ** BigInt(scale);
        const up = rounding === 'up' ? under - 1n : rounding === 'nearest' ? under / 2n : 0n;
        // Half of an odd divisor is no whole number, so no rest falls on it: floor(under ÷ 2) below is exact for ties.
        const expected = rounding === 'nearest' ? (2n * over + under) / (2n * under) : (over + up) / under;
        const got = inSteps(field, stepOf(step), rounding);
        expect(verdict).toBe('number');
        expect(field.mapped).toBe(over % under !== 0n);
        expect(got).toBe(expected > BigInt(Number.MAX_SAFE_INTEGER) ? Number.POSITIVE_INFINITY : Number(expected));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('times', () => {
  const MS = 1_613_692_800_000;
  // biome-ignore format: a table
  it.each<[text: string, ms: number | undefined, unit: string | undefined]>([
    ['1613692800',                  MS,             's'],
    ['1613692800.0',                MS,             's'],
    ['1613692800000',               MS,             'ms'],
    ['1613692800000000',            MS,             'µs'],
    ['1613692800000001',            MS + 0.001,     'µs'],
    ['1613692800000000000',         MS,             'ns'],
    ['1613692800000000001',         MS + 0.5,       'ns'],
    ['2021-02-19T00:00:00Z',        MS,             'date'],
    ['2021-02-19 00:00:00',         MS,             'date'],
    ['2021-02-19 00:00',            MS,             'date'],
    ['2021-02-19',                  MS,             'date'],
    ['2021.02.19 00:00',            MS,             'date'],
    ['2021/2/19 0:00',              MS,             'date'],
    ['2021-02-19T00:00:00.000000Z', MS,             'date'],
    ['2021-02-19 00:00:00+00:00',   MS,             'date'],
    ['2021-02-19 00:00:00 UTC',     MS,             'date'],
    ['2021-02-19T03:00:00+03:00',   MS,             'date'],
    ['2021-02-19 03:00:00+03',      MS,             'date'],
    ['2021-02-18 19:00:00-05',      MS,             'date'],
    ['2021-02-18T19:00:00-0500',    MS,             'date'],
    ['2021-02-31 00:00',            undefined,      undefined],
    ['2021-13-01 00:00',            undefined,      undefined],
    ['2021-02-19 25:00',            undefined,      undefined],
    ['02/19/2021 00:00',            undefined,      undefined],
    ['19.02.2021',                  undefined,      undefined],
    ['20210219',                    undefined,      undefined],
    ['0',                           undefined,      undefined],
    ['-1613692800',                 undefined,      undefined],
    ['',                            undefined,      undefined],
    ['now',                         undefined,      undefined],
    ['99999999999999999999',        undefined,      undefined],
  ])('"%s" is %s (%s)', (text, ms, unit) => {
    const bytes = Buffer.from(text, 'latin1');
    const time = readTime(emptyField(), bytes, 0, bytes.length);
    expect([time?.ms, time?.unit]).toEqual([ms, unit]);
  });
});
