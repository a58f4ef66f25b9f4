/**
 * The kinds of values a key may have. Each says in one phrase what it expects; a wrong type and a wrong size are told with the same phrase.
 *
 * A number may be written as a YAML or JSON number of at most 15 digits or as a decimal text, and is exact (core's `Decimal`).
 * `pattern`, `minimum` and `maximum` stand in the JSON Schema for editors; the judge is `parse`.
 */
import { z } from 'zod';
import {
  compareDecimals,
  type Decimal,
  DecimalError,
  decimal,
  decimalOf,
  wholeAtScale,
} from '../../core/numbers/decimal.ts';
import { HINTS } from '../said.ts';
import { phrase, phraseIn } from './phrases.ts';
import type { Words } from './words.ts';

/** Inclusive bounds; `above` and `under` exclude the bound itself. */
interface Bounds {
  readonly min?: number;
  readonly above?: number;
  readonly max?: number;
  readonly under?: number;
}

interface NumberKind {
  /** "a percentage", "a share": what the phrase begins with. */
  readonly noun: Words;
  /** How one is written, for the hint. */
  readonly example: Words;
  /** What `%` at the end of a text divides by; undefined: `%` is refused. */
  readonly percentPlaces?: number;
  /** Most decimal places; undefined: any. */
  readonly places?: number;
}

const like = (examples: string, last: string): Words => ({
  en: `like ${examples} or ${last}`,
  ru: `так: ${examples} или ${last}`,
});

const PERCENT: NumberKind = {
  noun: { en: 'a percentage', ru: 'процент' },
  example: like('1.5, "1.5"', '"1.5%"'),
  percentPlaces: 0,
};
const SHARE: NumberKind = {
  noun: { en: 'a share', ru: 'доля' },
  example: like('0.2, "0.2"', '"20%"'),
  percentPlaces: 2,
};
const PLAIN: NumberKind = { noun: { en: 'a number', ru: 'число' }, example: like('0.5', '"0.5"') };
const USDT: NumberKind = {
  noun: { en: 'an amount in USDT', ru: 'сумма в USDT' },
  example: like('50', '"50.25"'),
  places: 8,
};
const WHOLE: NumberKind = {
  noun: { en: 'a whole number', ru: 'целое число' },
  example: like('3', '"3"'),
  places: 0,
};
const DURATION: NumberKind = { noun: { en: 'a time', ru: 'время' }, example: like('60', '0.5'), places: 3 };

/** Per cent stays per cent: `1.5`, `"1.5"` and `"1.5%"` are the same. */
export const percent = (bounds: Bounds) => exact(PERCENT, bounds, []);
/** A part of one: `0.2`, `"0.2"` and `"20%"` are the same. */
export const share = (bounds: Bounds) => exact(SHARE, bounds, []);
export const number = (bounds: Bounds) => exact(PLAIN, bounds, []);
export const usdt = (bounds: Bounds) => exact(USDT, bounds, []);
export const whole = (bounds: Bounds) => exact(WHOLE, bounds, []);
/** Seconds, minutes or milliseconds, as the key's name says. */
export const duration = (bounds: Bounds) => exact(DURATION, bounds, []);

export const percentOr = <W extends string>(word: W, bounds: Bounds) => exact(PERCENT, bounds, [word]);
export const wholeOr = <W extends string>(word: W, bounds: Bounds) => exact(WHOLE, bounds, [word]);
export const durationOr = <W extends string>(word: W, bounds: Bounds) => exact(DURATION, bounds, [word]);

function exact<W extends string>(kind: NumberKind, bounds: Bounds, words: readonly W[]) {
  const within = boundsPhrase(bounds);
  const expects = phrase(
    `${kind.noun.en}${within.en}${words.map((word) => ` or "${word}"`).join('')}`,
    `${kind.noun.ru}${within.ru}${words.map((word) => ` или "${word}"`).join('')}`,
  );
  const limits = limitsOf(bounds);
  const issue = (why?: Words) => ({
    code: 'custom' as const,
    message: expects,
    params: { hint: HINTS.writeIt(kind.example.en, kind.example.ru), why },
  });
  return z
    .union([z.number(), z.string()], { error: expects })
    .transform((value, context): Decimal | W => {
      const word = words.find((candidate) => candidate === value);
      if (word !== undefined) return word;
      try {
        const parsed = parseDecimal(value, kind);
        if (limits.every((holds) => holds(parsed))) return parsed;
        context.addIssue(issue());
      } catch (error) {
        if (!(error instanceof DecimalError)) throw error;
        context.addIssue(issue(whyNot(error.message, kind)));
      }
      return z.NEVER;
    })
    .meta(numberMeta(kind, bounds, words));
}

/** Of a text that is no number at all, and of a number that is not whole, nothing more is to be said. */
function whyNot(message: string, { places }: NumberKind): Words | undefined {
  if (message.includes('15 digits'))
    return { en: 'it has more than 15 digits; put it in quotes', ru: 'больше 15 цифр: возьмите в кавычки' };
  if (places === 0 || !message.includes('decimal places')) return undefined;
  return { en: `it has more than ${places} decimal places`, ru: `знаков после точки больше ${places}` };
}

/** The same number is the same object, however it was spelled: 2, "2.0" and "200%" of a share. */
function parseDecimal(value: number | string, { percentPlaces, places }: NumberKind): Decimal {
  const isPercent = typeof value === 'string' && percentPlaces !== undefined && value.endsWith('%');
  const parsed = isPercent ? shifted(decimal(value.slice(0, -1)), percentPlaces) : decimal(value);
  if (places !== undefined) wholeAtScale(parsed, places);
  return shortest(parsed);
}

function shifted(value: Decimal, places: number): Decimal {
  return decimalOf(value.units, value.scale + places);
}

function shortest(value: Decimal): Decimal {
  let { units, scale } = value;
  if (scale === 0 || units % 10n !== 0n) return value;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale -= 1;
  }
  return decimalOf(units, scale);
}

function limitsOf({ min, above, max, under }: Bounds): ((value: Decimal) => boolean)[] {
  const against = (bound: number | undefined, holds: (order: number) => boolean) => {
    if (bound === undefined) return [];
    const limit = decimal(bound);
    return [(value: Decimal) => holds(compareDecimals(value, limit))];
  };
  return [
    ...against(min, (order) => order >= 0),
    ...against(above, (order) => order > 0),
    ...against(max, (order) => order <= 0),
    ...against(under, (order) => order < 0),
  ];
}

function boundsPhrase({ min, above, max, under }: Bounds): Words {
  const low = min ?? above;
  const high = max ?? under;
  const isRange = min !== undefined && max !== undefined;
  const parts = {
    en: [
      low === undefined ? '' : ` ${min === undefined ? 'above' : 'from'} ${low}`,
      high === undefined ? '' : ` ${max === undefined ? 'below' : isRange ? 'to' : 'up to'} ${high}`,
    ],
    ru: [
      low === undefined ? '' : ` ${min === undefined ? 'больше' : 'от'} ${low}`,
      high === undefined ? '' : ` ${max === undefined ? 'меньше' : 'до'} ${high}`,
    ],
  };
  const hasTwo = low !== undefined && high !== undefined && !isRange;
  return { en: parts.en.join(hasTwo ? ' and' : ''), ru: parts.ru.join(hasTwo ? ' и' : '') };
}

function numberMeta(kind: NumberKind, { min, above, max, under }: Bounds, words: readonly string[]) {
  const isWhole = kind.places === 0;
  const digits = `\\s*[+-]?[0-9]+(\\.${isWhole ? '0' : '[0-9]'}+)?\\s*`;
  return {
    pattern: `^(${[...words, digits + (kind.percentPlaces === undefined ? '' : '%?')].join('|')})$`,
    ...(isWhole ? { multipleOf: 1 } : {}),
    ...(min === undefined ? {} : { minimum: min }),
    ...(above === undefined ? {} : { exclusiveMinimum: above }),
    ...(max === undefined ? {} : { maximum: max }),
    ...(under === undefined ? {} : { exclusiveMaximum: under }),
  };
}

/** `on` or `off`; true and false mean the same. */
export const flag = () =>
  z
    .union([z.boolean(), z.enum(['on', 'off'])], { error: phrase('"on" or "off"', '"on" или "off"') })
    .transform((value) => value === true || value === 'on');

export const choice = <const V extends readonly [string, ...string[]]>(...values: V) => {
  const quoted = values.map((value) => `"${value}"`).join(', ');
  return z.enum(values, { error: phrase(`one of ${quoted}`, `одно из ${quoted}`) });
};

/** `expects`: made by `phrase`, as in every kind that takes one. */
export const text = (pattern: RegExp, expects: string) =>
  z.string({ error: expects }).regex(pattern, { error: expects });

export const listOf = <E extends z.ZodType>(element: E, most: number, expects: string) =>
  z
    .array(element, { error: expects })
    .min(1, { error: expects })
    .max(most, { error: phrase(`${expects} (${most} at most)`, `${phraseIn(expects, 'ru')} (не больше ${most})`) });
