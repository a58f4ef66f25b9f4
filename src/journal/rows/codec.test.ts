import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeThrownBy } from '../journal.contract.ts';
import { decodePayload, encodePayload, FORM_JSON, FORM_JSON_BIGINT } from './codec.ts';

const scalar = fc.oneof(
  fc.bigInt(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('#', '##', '#1', '##1', '#x', '1n', '__proto__', -0),
);
const { payload } = fc.letrec((tie) => ({
  payload: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalar,
    fc.array(tie('payload'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', '#', 'constructor', '7')), tie('payload'), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
  ),
}));

const roundTrip = (value: unknown): unknown => {
  const { form, text } = encodePayload(value);
  return decodePayload(form, text);
};

describe('payload codec', () => {
  test('what is decoded is what was encoded, to the sign of zero and the order of keys', () => {
    fc.assert(
      fc.property(payload, (value) => {
        const decoded = roundTrip(value);
        expect(isDeepStrictEqual(decoded, value), 'decoded = encoded').toBe(true);
        expect(keysInOrder(decoded)).toEqual(keysInOrder(value));
      }),
      { numRuns: 1_500 },
    );
  });

  test('the same payload gives the same text, also after a round trip', () => {
    fc.assert(
      fc.property(payload, (value) => {
        expect(encodePayload(roundTrip(value))).toEqual(encodePayload(value));
      }),
      { numRuns: 1_000 },
    );
  });

  test('a text is one line: archives hold a row a line', () => {
    fc.assert(
      fc.property(payload, (value) => !/[\n\r]/.test(encodePayload(value).text)),
      { numRuns: 1_000 },
    );
  });

  test.each([
    [{ a: 1, b: 'x' }, FORM_JSON, '{"a":1,"b":"x"}'],
    [{ a: '#1' }, FORM_JSON, '{"a":"#1"}'],
    [{ a: '#1', b: -0 }, FORM_JSON, '{"a":"#1","b":-0}'],
    [{ a: '#1', b: 1n }, FORM_JSON_BIGINT, '{"a":"##1","b":"#1"}'],
    [{ b: -5n, a: [0n, -0, 1.5, null, true] }, FORM_JSON_BIGINT, '{"b":"#-5","a":["#0",-0,1.5,null,true]}'],
    [{ gone: undefined, kept: 0 }, FORM_JSON, '{"kept":0}'],
    [{ gone: undefined, kept: 1n }, FORM_JSON_BIGINT, '{"kept":"#1"}'],
    [-0, FORM_JSON, '-0'],
  ])('%o is written in form %i as %s, for ever', (value, form, text) => {
    expect(encodePayload(value)).toEqual({ form, text });
  });

  test.each([
    ['NaN', NaN],
    ['an infinity', { a: [-Infinity] }],
    ['nothing at all', undefined],
    ['a hole in a list', Array.of(1, undefined)],
    ['a date', { at: new Date(0) }],
    ['bytes', Uint8Array.of(1)],
    ['a method', { toJSON: () => 1 }],
    ['a class', new (class Rung {})()],
    ['a symbol', Symbol('s')],
    ['a boxed number', Object(1)],
    ['a giant', 'x'.repeat(5_000_000)],
  ])('%s is refused', (_name, value) => {
    expect(codeThrownBy(() => encodePayload(value))).toBe('payload');
  });
});

function keysInOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).map(([key, field]) => [key, keysInOrder(field)]);
}
