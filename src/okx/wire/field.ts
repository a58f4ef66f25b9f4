/**
 * The vocabulary of OKX's objects. A field has two faces, made from one description:
 *
 * - `read`: what the adapter takes in. Strings stay strings, numeric shape checked; a value that OKX may add to a set
 *   becomes `UNRECOGNISED`.
 * - `write`: what the paper exchange puts out. Every documented field present, only documented values, nothing else.
 *
 * Source: okx-v5.md §1.2 (every number is a string, "not applicable" is `""`).
 */
import * as z from 'zod';

/** A plain decimal in a string: `"0.01"`, `"-3"`, `"100000000.0000"`. No exponent, no sign `+`, no blanks. */
export type NumberInString = `${number}`;

/** What `read` makes of a value outside a set that OKX may enlarge. The reader decides what not knowing means there. */
export const UNRECOGNISED = 'unrecognised';

/** How a field's values may look, for the test that asks which of them no fixture has ever shown. */
export type Form =
  | {
      readonly kind:
        | 'text'
        | 'number'
        | 'number-or-empty'
        | 'digits'
        | 'digits-or-empty'
        | 'flag'
        | 'boolean'
        | 'integer'
        | 'integer-or-null'
        | 'tuple';
    }
  | { readonly kind: 'closed' | 'open'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Form }
  | { readonly kind: 'object'; readonly required: FormShape; readonly optional: FormShape };
type FormShape = Readonly<Record<string, Form>>;

export interface Field<R extends z.ZodType = z.ZodType, W extends z.ZodType = z.ZodType> {
  readonly form: Form;
  readonly read: R;
  readonly write: W;
}
export type Fields = Readonly<Record<string, Field>>;

function field<S extends z.ZodType>(form: Form, schema: S): Field<S, S> {
  return { form, read: schema, write: schema };
}

/** Any string, `""` included: ids, currencies, messages, and numbers that nobody computes with. */
export const text = field({ kind: 'text' }, z.string());
/** A number in a string, never empty. */
export const number = numberNamed('it');
/** A number in a string, or `""` where it does not apply. */
export const numberOrEmpty = field(
  { kind: 'number-or-empty' },
  z.templateLiteral([z.union([z.literal(''), z.number()])], 'it is no number in a string, nor ""'),
);
/** A time in milliseconds since 1970 as digits in a string; thirteen of them reach to the year 2286. */
export const millis = field(
  { kind: 'digits' },
  z.string().regex(/^\d{1,13}$/, 'a time in milliseconds as digits in a string'),
);
/** A time in milliseconds, or `""` where it does not apply. */
export const millisOrEmpty = field(
  { kind: 'digits-or-empty' },
  z.string().regex(/^\d{0,13}$/, 'a time in milliseconds as digits in a string, or ""'),
);
/** A truth as one of the strings `"true"` and `"false"` (`""` in old records). */
export const flag = field({ kind: 'flag' }, z.enum(['true', 'false', '']));
/** A real JSON boolean: only the few fields named in okx-v5.md §1.2. */
export const boolean = field({ kind: 'boolean' }, z.boolean());
/** A real JSON integer: only `instIdCode`, `seqId`, `prevSeqId`, `checksum`, `curPage`. */
export const integer = field({ kind: 'integer' }, z.int());
export const integerOrNull = field({ kind: 'integer-or-null' }, z.int().nullable());
/** One whose fault has to say which it is: a place in a row has no name. */
export function numberNamed(name: string) {
  return field({ kind: 'number' }, z.templateLiteral([z.number()], `${name} is no number in a string`));
}
/** A list whose elements nobody reads. */
export const anyList = field({ kind: 'tuple' }, z.array(z.unknown()));

/** A set that is complete: another value is a payload fault. */
export function closed<const V extends readonly [string, ...string[]]>(...values: V) {
  return field({ kind: 'closed', values }, z.enum(values));
}

/** A set that OKX may enlarge at any time: another string reads as `UNRECOGNISED` and the stream goes on. */
export function open<const V extends readonly [string, ...string[]]>(...values: V) {
  const known = z.enum(values);
  const read = z.union([known, z.string().transform((): typeof UNRECOGNISED => UNRECOGNISED)]);
  return { form: { kind: 'open', values }, read, write: known } satisfies Field;
}

/** A list of `of`. */
export function list<R extends z.ZodType, W extends z.ZodType>(of: Field<R, W>) {
  return { form: { kind: 'list', of: of.form }, read: z.array(of.read), write: z.array(of.write) } satisfies Field;
}

/** A list of fixed places; OKX may append more, which are left out. */
export function tuple<const T extends readonly [z.ZodType, ...z.ZodType[]]>(...places: T) {
  return {
    form: { kind: 'tuple' },
    read: z.tuple([...places]).rest(z.unknown()),
    write: z.tuple([...places]),
  } satisfies Field;
}

type ReadShape<F extends Fields> = { [K in keyof F]: F[K]['read'] };
type OptionalShape<F extends Fields> = { [K in keyof F]: z.ZodOptional<F[K]['read']> };
type WriteShape<F extends Fields> = { [K in keyof F]: F[K]['write'] };

/**
 * One documented object.
 *
 * `needed`: read, and a payload without it is a fault. `maybe`: read where present (OKX added it later, or sends it
 * only in one of several places). `rest`: documented but not read; known so that the paper exchange writes it. Keys
 * that nobody documented are left out in reading.
 */
export function object<N extends Fields, M extends Fields, D extends Fields>(needed: N, maybe: M, rest: D) {
  const all = { ...needed, ...maybe, ...rest };
  return {
    form: { kind: 'object', required: formsOf(needed), optional: formsOf(maybe) } satisfies Form,
    read: z.object({ ...readShape(needed), ...optionalShape(maybe) }),
    write: z.strictObject(writeShape(all)),
    /** Every documented field: the paper exchange writes all of them, always. */
    documented: all,
  };
}

export type Read<F extends Field> = z.output<F['read']>;
export type Wire<F extends Field> = z.output<F['write']>;

function formsOf(fields: Fields): FormShape {
  return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, of.form]));
}

function readShape<F extends Fields>(fields: F): ReadShape<F> {
  return mapFields(fields, (of) => of.read) as ReadShape<F>;
}

function optionalShape<F extends Fields>(fields: F): OptionalShape<F> {
  return mapFields(fields, (of) => of.read.optional()) as OptionalShape<F>;
}

function writeShape<F extends Fields>(fields: F): WriteShape<F> {
  return mapFields(fields, (of) => of.write) as WriteShape<F>;
}

function mapFields(fields: Fields, to: (of: Field) => z.ZodType): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(fields).map(([name, of]) => [name, to(of)]));
}
