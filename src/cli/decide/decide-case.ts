/**
 * A case of `rungwise decide`, read at the door (ladder.md §7): exact decimals, nothing unknown, the path of what is wrong.
 *
 * Read by hand-sized readers and not by a schema library: a hundred thousand cases a run, and the library took more time than the verdicts.
 */

import type { Words } from '../../config/keys/words.ts';
import { type Decimal, DecimalError, decimal, powerOfTen } from '../../core/numbers/decimal.ts';
import type { SideName } from '../../core/numbers/units.ts';
import { PROFILES, type Profile, REGIMES, type Regime } from '../../core/policy.ts';
import { CASE_SAID, MalformedCase } from './malformed-case.ts';

/** Gives the value typed. @throws {MalformedCase} with the path from here on. */
type Reader<T> = (value: unknown) => T;

function decimalWhere(isFit: (value: Decimal) => boolean, otherwise: Words): Reader<Decimal> {
  return (value) => {
    if (typeof value !== 'string' && typeof value !== 'number') throw wrongKind(value, CASE_SAID.number);
    const read = decimalOf(value);
    if (!isFit(read)) throw new MalformedCase(CASE_SAID.unfit(otherwise, String(value)));
    return read;
  };
}

function decimalOf(value: string | number): Decimal {
  try {
    return decimal(value);
  } catch (error) {
    if (error instanceof DecimalError) throw new MalformedCase(CASE_SAID.noDecimal(error.message, String(value)));
    throw error;
  }
}

function wrongKind(value: unknown, wanted: Words): MalformedCase {
  return new MalformedCase(
    value === undefined ? CASE_SAID.missing(wanted) : CASE_SAID.wrongKind(wanted, JSON.stringify(value)),
  );
}

const anyDecimal = decimalWhere(() => true, CASE_SAID.number);
const notNegative = decimalWhere((value) => value.units >= 0n, CASE_SAID.notNegative);
const positive = decimalWhere((value) => value.units > 0n, CASE_SAID.positive);
const share = decimalWhere((value) => value.units >= 0n && value.approx <= 1, CASE_SAID.share);
const leverage = decimalWhere(
  (value) => value.units > 0n && value.units % powerOfTen(value.scale) === 0n && value.approx <= 1000,
  CASE_SAID.leverage,
);

const text: Reader<string> = (value) => {
  if (typeof value !== 'string') throw wrongKind(value, CASE_SAID.text);
  return value;
};

const flag: Reader<boolean> = (value) => {
  if (typeof value !== 'boolean') throw wrongKind(value, CASE_SAID.flag);
  return value;
};

/** Milliseconds. */
const time: Reader<number> = (value) => {
  const read = wholeNumber(value);
  if (read === undefined) throw wrongKind(value, CASE_SAID.milliseconds);
  return read;
};

const count: Reader<number> = (value) => {
  const read = wholeNumber(value);
  if (read === undefined || read < 0) throw wrongKind(value, CASE_SAID.count);
  return read;
};

const WHOLE_TEXT = /^-?\d{1,15}(?:\.0+)?$/;

/** As every other number, as a text too (ladder.md §7). */
function wholeNumber(value: unknown): number | undefined {
  const read = typeof value === 'string' && WHOLE_TEXT.test(value) ? Number(value) : value;
  return Number.isSafeInteger(read) ? (read as number) : undefined;
}

function oneOf<T extends string>(words: readonly T[]): Reader<T> {
  return (value) => {
    for (const word of words) if (word === value) return word;
    throw wrongKind(value, CASE_SAID.oneOf(words));
  };
}

const asItIs: Reader<unknown> = (value) => value;

function optional<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : reader(value));
}

/** null is as good as absent. */
function nullish<T>(reader: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined || value === null ? undefined : reader(value));
}

function nullable<T>(reader: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : reader(value));
}

function listOf<T>(reader: Reader<T>): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) throw wrongKind(value, CASE_SAID.list);
    return value.map((item: unknown, index) => within(String(index), reader, item));
  };
}

/** An object with these keys and no other. */
function record<T extends object>(readers: { readonly [K in keyof T]: Reader<T[K]> }): Reader<T> {
  const known = Object.keys(readers) as (keyof T & string)[];
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongKind(value, CASE_SAID.object);
    const given = value as Readonly<Record<string, unknown>>;
    refuseUnknown(known, given);
    const read: Partial<T> = {};
    for (const key of known) read[key] = within(key, readers[key], given[key]);
    return read as T;
  };
}

/** Counts first, and looks for the key only where the counts differ. */
function refuseUnknown(known: readonly string[], given: Readonly<Record<string, unknown>>): void {
  const keys = Object.keys(given);
  let present = 0;
  for (const key of known) if (given[key] !== undefined) present += 1;
  if (present === keys.length) return;
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) throw new MalformedCase(CASE_SAID.unknownKey(known), unknown);
}

function within<T>(key: string, reader: Reader<T>, value: unknown): T {
  try {
    return reader(value);
  } catch (error) {
    if (!(error instanceof MalformedCase)) throw error;
    throw new MalformedCase(error.said, error.path === '' ? key : `${key}.${error.path}`);
  }
}

export interface InstrumentCase {
  readonly instId: string;
  readonly ctVal: Decimal;
  readonly lotSz: Decimal;
  readonly minSz: Decimal;
  readonly tickSz: Decimal;
}

interface AccountCase {
  readonly balance: Decimal;
  readonly marginUsed: Decimal;
  readonly marginReserved: Decimal;
  readonly unrealised: Decimal;
  readonly openPositions: number;
  readonly totalExposure: Decimal;
  readonly exchangeAvailable: Decimal | undefined;
}

export interface PositionCase {
  readonly side: SideName;
  readonly contracts: Decimal;
  readonly entryContracts: Decimal | undefined;
  readonly avgPrice: Decimal;
  readonly leverage: Decimal | undefined;
  readonly baseValue: Decimal;
  readonly baseValueNow: Decimal | undefined;
  readonly openedAt: number;
  readonly lastPartialAt: number | undefined;
  readonly additions: readonly { readonly at: number; readonly value: Decimal | undefined }[];
  readonly ordersInFlight: number | undefined;
  readonly stopPrice: Decimal | undefined;
}

interface MarketCase {
  readonly price: Decimal;
  readonly regime: Regime;
  readonly now: number;
  readonly volatilityFactor: Decimal;
  readonly priceAgeMs: number | undefined;
}

export interface AdditionCase {
  readonly id: string;
  readonly kind: 'addition';
  readonly config: unknown;
  readonly profile: Profile | undefined;
  readonly halted: boolean | undefined;
  readonly stateKnown: boolean | undefined;
  readonly pnlPercent: Decimal | undefined;
  readonly maintenanceRate: Decimal | undefined;
  readonly feeRates: { readonly taker: Decimal | undefined } | undefined;
  readonly instrument: InstrumentCase;
  readonly account: AccountCase;
  readonly position: PositionCase | null;
  readonly market: MarketCase;
  readonly signal: { readonly side: SideName; readonly price: Decimal | undefined };
}

type Maybe<T> = { readonly [K in keyof T]: T[K] | undefined };

export interface PartialCase {
  readonly id: string;
  readonly kind: 'partial';
  readonly config: unknown;
  readonly profile: Profile | undefined;
  readonly instrument: InstrumentCase;
  readonly account: Maybe<AccountCase> & Pick<AccountCase, 'balance'>;
  readonly position: Partial<PositionCase> &
    Pick<PositionCase, 'side' | 'contracts' | 'avgPrice'> & { readonly entryContracts: Decimal };
  readonly market: Maybe<MarketCase> & Pick<MarketCase, 'price' | 'regime'>;
  readonly partial: { readonly fraction: Decimal };
  readonly feeRates: { readonly entry: Decimal | undefined; readonly exit: Decimal | undefined } | undefined;
}

const instrument = record<InstrumentCase>({
  instId: text,
  ctVal: positive,
  lotSz: positive,
  minSz: positive,
  tickSz: positive,
});
/** What is open elsewhere counts against an addition: not told, it is not nothing. */
const account = {
  balance: notNegative,
  marginUsed: notNegative,
  marginReserved: notNegative,
  unrealised: anyDecimal,
  openPositions: count,
  totalExposure: notNegative,
  exchangeAvailable: optional(anyDecimal),
};
const side = oneOf(['long', 'short']);
const position = {
  side,
  contracts: positive,
  entryContracts: optional(positive),
  avgPrice: positive,
  leverage: nullish(leverage),
  baseValue: notNegative,
  baseValueNow: optional(notNegative),
  openedAt: time,
  lastPartialAt: optional(time),
  additions: listOf(record<PositionCase['additions'][number]>({ at: time, value: optional(notNegative) })),
  ordersInFlight: optional(count),
  stopPrice: nullish(positive),
};
const market = {
  price: positive,
  regime: oneOf(REGIMES),
  now: time,
  volatilityFactor: notNegative,
  priceAgeMs: optional(count),
};
const head = { id: text, config: asItIs, profile: optional(oneOf(PROFILES)), instrument };

const addition = record<AdditionCase>({
  ...head,
  kind: oneOf(['addition']),
  account: record<AccountCase>(account),
  halted: optional(flag),
  stateKnown: optional(flag),
  pnlPercent: optional(anyDecimal),
  maintenanceRate: optional(notNegative),
  feeRates: optional(record<NonNullable<AdditionCase['feeRates']>>({ taker: optional(anyDecimal) })),
  position: nullable(record<PositionCase>(position)),
  market: record<AdditionCase['market']>(market),
  signal: record<AdditionCase['signal']>({ side, price: optional(positive) }),
});

/** What an addition needs and a partial does not may be given, as the same bot says both. */
const partial = record<PartialCase>({
  ...head,
  kind: oneOf(['partial']),
  account: record<PartialCase['account']>({
    ...account,
    marginUsed: optional(notNegative),
    marginReserved: optional(notNegative),
    unrealised: optional(anyDecimal),
    openPositions: optional(count),
    totalExposure: optional(notNegative),
  }),
  position: record<PartialCase['position']>({
    ...position,
    entryContracts: positive,
    baseValue: optional(notNegative),
    openedAt: optional(time),
    additions: optional(position.additions),
  }),
  market: record<PartialCase['market']>({
    ...market,
    now: optional(time),
    volatilityFactor: optional(notNegative),
  }),
  partial: record<PartialCase['partial']>({ fraction: share }),
  feeRates: optional(
    record<NonNullable<PartialCase['feeRates']>>({ entry: optional(anyDecimal), exit: optional(anyDecimal) }),
  ),
});

const kindOf = oneOf(['addition', 'partial']);

/** Reads one case. @throws {MalformedCase} */
export function decideCase(given: unknown): AdditionCase | PartialCase {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrongKind(given, CASE_SAID.object);
  const kind = within('kind', kindOf, 'kind' in given ? given.kind : undefined);
  return kind === 'addition' ? addition(given) : partial(given);
}
