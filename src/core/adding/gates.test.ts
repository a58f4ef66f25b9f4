/** The gates of additions and entries: just inside, at and just past each limit, long and short, in order of precedence. */
import { describe, expect, it } from 'vitest';
import {
  type AdditionText,
  type EntryText,
  judgedAddition,
  judgedEntry,
  RUNNING,
  roomyAddition,
  roomyEntry,
} from '../../../test/situations.ts';
import { effectivePolicy } from '../../config/index.ts';
import type { Side } from '../numbers/units.ts';
import type { Approved, Order } from '../orders/order.ts';
import type { Policy } from '../policy.ts';
import { ADDITION_GATES, type AdditionGate, ENTRY_GATES, type EntryGate, RUNNING_ADDITION_GATES } from '../refusal.ts';
import { approve, type Judgement } from './gates.ts';

const SIDES = [
  ['long', 1],
  ['short', -1],
] as const satisfies readonly (readonly [string, Side])[];

type Bend<T> = Omit<Partial<T>, 'position' | 'running'> & {
  readonly config?: Readonly<Record<string, object>>;
  readonly position?: Partial<NonNullable<AdditionText['position']>> | null;
  readonly running?: Partial<NonNullable<AdditionText['running']>>;
};

/** Gate, what the row shows, and three bends of a situation with room for everything: inside, at and past the limit. */
type Row<T> = readonly [code: string, what: string, inside: Bend<T>, at: Bend<T>, past: Bend<T>];

function additionRows(s: Side): readonly Row<AdditionText>[] {
  const profiles = (small: object) => ({ config: { profiles: { small } } });
  const scaling = (position_scaling: object) => ({ config: { position_scaling } });
  const limits = { regime_value_factor: { ranging: 0.5 } };
  const bounded = (max_position_value: string) => ({ config: { limits, profiles: { small: { max_position_value } } } });
  const noFees = { maintenanceRate: '0', takerFeeRate: '0', config: { limits: { liquidation_distance_multiple: 2 } } };
  const least = { by_regime: { ranging: { min_profit_for_addition: 1.5 } } };
  // biome-ignore format: a table
  return [
    // gate                       weighed                         inside                                             at the limit                                     past it
    ['halted',                    'a halt',                       {},                                                {},                                              { halted: true }],
    ['state-unknown',             'a state',                      {},                                                {},                                              { stateKnown: false }],
    ['price-stale',               'age, ms',                      { priceAgeMs: 1_999 },                             { priceAgeMs: 2_000 },                           { priceAgeMs: 2_001 }],
    ['price-stale',               'a rise, %',                    { price: '100.99999999', position: { cost: '101' } }, { price: '101', position: { cost: '101' } },    { price: '101.00000001' }],
    ['price-stale',               'a fall, %',                    { price: '99.00000001', position: { cost: '99' } }, { price: '99', position: { cost: '99' } },      { price: '98.99999999' }],
    ['order-in-flight',           'orders',                       {},                                                {},                                              { ordersInFlight: 1 }],
    ['no-position',               'a position',                   {},                                                {},                                              { position: null }],
    ['opposite-side',             'a side',                       {},                                                {},                                              { side: -s as Side }],
    ['additions-exhausted',       'rungs made',                   { position: { additionsMade: 3 } },                { position: { additionsMade: 4 } },              { position: { additionsMade: 5 } }],
    ['interval-too-short',        'ms since the last',            { position: { lastGrownAt: 939_999 } },            { position: { lastGrownAt: 940_000 } },          { position: { lastGrownAt: 940_001 } }],
    ['loss-too-deep',             '% of margin',                  { position: { coins: String(1 - s * 0.00399999) } }, { position: { coins: String(1 - s * 0.004) } }, { position: { coins: String(1 - s * 0.00400001) } }],
    ['loss-too-deep',             '% as told',                    { pnlPercent: '-1.99999999' },                     { pnlPercent: '-2' },                            { pnlPercent: '-2.00000001' }],
    ['loss-too-deep',             '% of price',                   { ...scaling({ loss_basis: 'price' }), position: { coins: String(1 - s * 0.0199) } }, { ...scaling({ loss_basis: 'price' }), position: { coins: String(1 - s * 0.02) } }, { ...scaling({ loss_basis: 'price' }), position: { coins: String(1 - s * 0.02000001) } }],
    ['profit-too-small',          '% of margin',                  { ...scaling(least), position: { coins: String(1 + s * 0.00300001) } }, { ...scaling(least), position: { coins: String(1 + s * 0.003) } }, { ...scaling(least), position: { coins: String(1 + s * 0.00299999) } }],
    ['leverage-unknown',          'a leverage',                   {},                                                {},                                              { position: { leverage: undefined } as never }],
    ['rung-too-small',            'lots',                         { lotsMin: 719 },                                  { lotsMin: 720 },                                { lotsMin: 721 }],
    ['rung-too-small',            'USDT',                         scaling({ min_addition_value: 71.9 }),             scaling({ min_addition_value: 72 }),             scaling({ min_addition_value: '72.00000001' })],
    ['position-too-large',        'USDT',                         profiles({ max_position_value: 173 }),             profiles({ max_position_value: 172 }),           profiles({ max_position_value: '171.99999999' })],
    ['position-too-large',        'USDT, by regime',              bounded('346'),                                    bounded('344'),                                  bounded('343.99999998')],
    ['margin-not-free',           'our own reckoning',            { marginUsed: '981.99999999' },                    { marginUsed: '982' },                           { marginUsed: '982.00000001' }],
    ['margin-not-free',           'orders count',                 { marginReserved: '961.9' },                       { marginReserved: '962' },                       { marginReserved: '962.00000001' }],
    ['margin-not-free',           'open losses count',            { unrealised: '-961.9' },                          { unrealised: '-962' },                          { unrealised: '-962.00000001' }],
    ['margin-not-free',           'the exchange’s word',          { exchangeAvailable: '18.1' },                     { exchangeAvailable: '18' },                     { exchangeAvailable: '17.99999999' }],
    ['position-margin-too-large', 'USDT',                         profiles({ max_margin_percent: 3.5 }),             profiles({ max_margin_percent: 3.44 }),          profiles({ max_margin_percent: '3.43999999' })],
    ['position-margin-too-large', 'USDT, turbulent',              { ...profiles({ max_margin_percent: 6.9 }), volatilityFactor: '0.5' }, { ...profiles({ max_margin_percent: 6.88 }), volatilityFactor: '0.5' }, { ...profiles({ max_margin_percent: 6.87 }), volatilityFactor: '0.5' }],
    ['positions-at-limit',        'positions',                    { openPositions: 1 },                              { openPositions: 2 },                            { openPositions: 3 }],
    ['positions-at-limit',        'positions, refused at it (D5)', {},                                               { ...scaling({ additions_at_position_limit: 'refuse' }), openPositions: 1 }, { ...scaling({ additions_at_position_limit: 'refuse' }), openPositions: 2 }],
    ['liquidation-too-near',      'price of the stop',            { ...noFees, position: { stopPrice: String(100 - s * 9.9) } }, { ...noFees, position: { stopPrice: String(100 - s * 10) } }, { ...noFees, position: { stopPrice: String(100 - s * 10.00000001) } }],
    ['liquidation-too-near',      'a stop',                       {},                                                {},                                              { position: { stopPrice: undefined } as never }],
    ['exposure-too-large',        'USDT',                         { totalExposure: '2927.9' },                       { totalExposure: '2928' },                       { totalExposure: '2928.00000001' }],
    ['funding-near',              'ms to the settlement',         { running: { fundingInMs: 60_001 } },              { running: { fundingInMs: 60_000 } },            { running: { fundingInMs: 59_999 } }],
    ['funding-near',              'share due',                    { running: { fundingDue: '0.0004' } },             { running: { fundingDue: '0.0005' } },           { running: { fundingDue: '0.00050001' } }],
    ['edge-below-cost',           'a rung in loss goes 0.2 % to the average', { position: { cost: String(100 + s * 0.344) }, running: { roundTripCost: '0.002', expectedMove: '0.0021' } }, { position: { cost: String(100 + s * 0.344) }, running: { roundTripCost: '0.002', expectedMove: '0.002' } }, { position: { cost: String(100 + s * 0.344) }, running: { roundTripCost: '0.002', expectedMove: '0.00199999' } }],
    ['edge-below-cost',           'one in profit has 0.2 % behind it', { position: { cost: String(100 - s * 0.344) }, running: { expectedMove: '0.0041' } }, { position: { cost: String(100 - s * 0.344) }, running: { expectedMove: '0.004' } }, { position: { cost: String(100 - s * 0.344) }, running: { expectedMove: '0.00399999' } }],
    ['edge-below-cost',           'share to the target',          { running: { expectedMove: '0.0021' } },           { running: { expectedMove: '0.002' } },          { running: { expectedMove: '0.00199999' } }],
    ['edge-below-cost',           'share, with funding due',      { running: { expectedMove: '0.0027', fundingDue: '0.0003' } }, { running: { expectedMove: '0.0026', fundingDue: '0.0003' } }, { running: { expectedMove: '0.0026', fundingDue: '0.00030001' } }],
    ['trend-against',             'a trend',                      { running: {} },                                   { running: {} },                                 { running: { trendAgainst: true } }],
  ];
}

function entryRows(s: Side): readonly Row<EntryText>[] {
  const profiles = (small: object) => ({ config: { profiles: { small } } });
  const noFees = { maintenanceRate: '0', takerFeeRate: '0', config: { limits: { liquidation_distance_multiple: 2 } } };
  // biome-ignore format: a table
  return [
    ['halted',                    'a halt',               {},                                       {},                                       { halted: true }],
    ['state-unknown',             'a state',              {},                                       {},                                       { stateKnown: false }],
    ['price-stale',               'age, ms',              { priceAgeMs: 1_999 },                    { priceAgeMs: 2_000 },                    { priceAgeMs: 2_001 }],
    ['price-stale',               'a move, %',            { price: '100.9' },                       { price: '101' },                         { price: '101.00000001' }],
    ['order-in-flight',           'orders',               {},                                       {},                                       { ordersInFlight: 1 }],
    ['reentry-wait',              'ms since the close',   { reentryWaitMs: 60_000, sinceCloseMs: 60_001 }, { reentryWaitMs: 60_000, sinceCloseMs: 60_000 }, { reentryWaitMs: 60_000, sinceCloseMs: 59_999 }],
    ['reentry-wait',              'a close',              {},                                       { reentryWaitMs: 60_000 },                { reentryWaitMs: 60_000, sinceCloseMs: 0 }],
    ['funding-near',              'ms to the settlement', { running: { fundingInMs: 60_001 } },     { running: { fundingInMs: 60_000 } },     { running: { fundingInMs: 59_999 } }],
    ['funding-near',              'share due',            { running: { fundingDue: '0.0004' } },    { running: { fundingDue: '0.0005' } },    { running: { fundingDue: '0.00050001' } }],
    ['edge-below-cost',           'share to the target',  { running: { expectedMove: '0.0021' } },  { running: { expectedMove: '0.002' } },   { running: { expectedMove: '0.00199999' } }],
    ['edge-below-cost',           'share, with funding due', { running: { expectedMove: '0.0027', fundingDue: '0.0003' } }, { running: { expectedMove: '0.0026', fundingDue: '0.0003' } }, { running: { expectedMove: '0.0026', fundingDue: '0.00030001' } }],
    ['entry-too-small',           'lots',                 { lotsMin: 1_999 },                       { lotsMin: 2_000 },                       { lotsMin: 2_001 }],
    ['entry-too-small',           'USDT',                 profiles({ min_position_value: 199 }),    profiles({ min_position_value: 200 }),    profiles({ min_position_value: '200.00000001' })],
    ['entry-too-small',           'no lots at all',       {},                                       {},                                       { sizeLots: 0 }],
    ['position-too-large',        'USDT',                 profiles({ max_position_value: 201 }),    profiles({ max_position_value: 200 }),    profiles({ max_position_value: '199.99999999' })],
    ['margin-not-free',           'USDT',                 { marginUsed: '949.9' },                  { marginUsed: '950' },                    { marginUsed: '950.00000001' }],
    ['position-margin-too-large', 'USDT',                 profiles({ max_margin_percent: 4.1 }),    profiles({ max_margin_percent: 4 }),      profiles({ max_margin_percent: '3.99999999' })],
    ['positions-at-limit',        'positions after it',   { openPositions: 0 },                     { openPositions: 1 },                     { openPositions: 2 }],
    ['liquidation-too-near',      'price of the stop',    { ...noFees, stopPrice: String(100 - s * 9.9) }, { ...noFees, stopPrice: String(100 - s * 10) }, { ...noFees, stopPrice: String(100 - s * 10.00000001) }],
    ['exposure-too-large',        'USDT',                 { totalExposure: '2799.9' },              { totalExposure: '2800' },                { totalExposure: '2800.00000001' }],
    ['worst-case-too-large',      'USDT',                 { worstCaseLoss: '149.9' },               { worstCaseLoss: '150' },                 { worstCaseLoss: '150.00000001' }],
    ['trend-against',             'a trend',              {},                                       {},                                       { running: { trendAgainst: true } }],
  ];
}

function policyWith(config: object | undefined): Policy {
  return effectivePolicy(config);
}

function addition(side: Side, ...bends: readonly Bend<AdditionText>[]): Judgement<AdditionGate> {
  let text: AdditionText = roomyAddition(side);
  let config: Record<string, object> = {};
  for (const { config: more, position, running, ...plain } of bends) {
    config = mergedConfig(config, more ?? {});
    text = {
      ...text,
      ...plain,
      ...(position === undefined || text.position === undefined ? {} : { position: { ...text.position, ...position } }),
      ...(running === undefined ? {} : { running: { ...RUNNING, ...text.running, ...running } }),
    };
    if (position === null) {
      const { position: _gone, ...without } = text;
      text = without;
    }
  }
  return judgedAddition(policyWith(config), text);
}

function entry(side: Side, ...bends: readonly Bend<EntryText>[]): Judgement<EntryGate> {
  let text: EntryText = roomyEntry(side);
  let config: Record<string, object> = {};
  for (const { config: more, running, position: _none, ...plain } of bends) {
    config = mergedConfig(config, more ?? {});
    text = { ...text, ...plain, running: { ...RUNNING, ...text.running, ...running } };
  }
  return judgedEntry(policyWith(config), text);
}

function mergedConfig(
  a: Readonly<Record<string, object>>,
  b: Readonly<Record<string, object>>,
): Record<string, object> {
  const merged: Record<string, object> = { ...a };
  for (const [section, value] of Object.entries(b)) {
    const before = (merged[section] ?? {}) as Record<string, object>;
    const small = { ...before['small'], ...(value as Record<string, object>)['small'] };
    merged[section] = { ...before, ...value, ...(section === 'profiles' ? { small } : {}) };
  }
  return merged;
}

/** Value, limit and unit of each gate. */
function readOf(gates: Judgement<string>['gates']): Readonly<Record<string, readonly (string | null)[]>> {
  const read = (gates ?? []).map(({ code, value, limit, unit }) => [
    code,
    [value, limit, ...(unit === undefined ? [] : [unit])],
  ]);
  return Object.fromEntries(read);
}

describe.each(SIDES)('an addition to a %s', (_name, side) => {
  const rows = additionRows(side);

  it('with room for everything is approved: 72 USDT in whole lots', () => {
    expect(addition(side)).toMatchObject({ code: null, sizeLots: 720 });
  });

  it.each(rows)('%s: %s', (code, _what, inside, at, past) => {
    expect(addition(side, inside).code, 'inside').toBeNull();
    expect(addition(side, at).code, 'at the limit').toBeNull();
    const refused = addition(side, past);
    expect(refused.code, 'past it').toBe(code);
    expect(refused.sizeLots).toBe(0);
    expect(refused.gates?.filter(({ ok }) => ok === false).map((gate) => gate.code)).toContain(code);
  });

  it('is refused by the first of all gates that refuse, and every gate has a row', () => {
    const codes = [...ADDITION_GATES, ...RUNNING_ADDITION_GATES];
    expect(new Set(rows.map(([code]) => code))).toEqual(new Set(codes));
    const last = new Map(rows.map(([code, , , , past]) => [code, past]));
    // A missing position, side or leverage leaves nothing to weigh for those after it.
    const weighed = codes.filter((code) => code !== 'no-position' && code !== 'leverage-unknown');
    for (const [index, code] of weighed.entries()) {
      const together = weighed
        .slice(index)
        .toReversed()
        .map((each) => last.get(each) ?? {});
      expect(addition(side, ...together).code, `${code} and all after it`).toBe(code);
    }
    expect(
      addition(side, { position: null }, { running: {} })
        .gates?.slice(5)
        .every(({ ok }) => ok === null),
    ).toBe(true);
  });

  it('reads each gate with its value and its limit, the ones after the first refusal too', () => {
    const { gates } = addition(side, { halted: true, running: {} });
    expect(gates?.map(({ code }) => code)).toEqual([...ADDITION_GATES, ...RUNNING_ADDITION_GATES]);
    const nothing = [null, null];
    expect(readOf(gates)).toEqual({
      halted: ['true', 'false'],
      'state-unknown': nothing,
      'price-stale': ['0', '1', 'percent'],
      'order-in-flight': ['0', '0'],
      'no-position': nothing,
      'opposite-side': nothing,
      'additions-exhausted': ['0', '5'],
      'interval-too-short': ['1000000', '60000'],
      'loss-too-deep': ['0', '-2'],
      'profit-too-small': nothing,
      'leverage-unknown': nothing,
      'rung-too-small': ['72', '5', 'usdt'],
      'position-too-large': ['172', '1350'],
      'margin-not-free': ['14.4', '784'],
      'position-margin-too-large': ['34.4', '150'],
      'positions-at-limit': ['1', '2'],
      // 100 × (1 ∓ 0.2) / (1 ∓ 0.0045): 80.36 of a long, 119.46 of a short
      'liquidation-too-near': [side === 1 ? '19.63837267' : '19.46241911', '1.5'],
      'exposure-too-large': ['172', '3000'],
      'funding-near': ['0', '0.05', 'percent'],
      'edge-below-cost': ['0.01', '0.002'],
      'trend-against': nothing,
    });
  });

  it('of two that one gate weighs reads the one that refuses, with its unit', () => {
    const read = (bend: Bend<AdditionText>) => addition(side, bend).gates?.filter(({ unit }) => unit !== undefined);
    expect(read({ priceAgeMs: 2_001 })?.[0]).toMatchObject({ value: '2001', limit: '2000', unit: 'ms' });
    expect(read({ lotsMin: 721 })?.[1]).toMatchObject({ value: '720', limit: '721', unit: 'lots' });
    const near = read({ running: { fundingInMs: 59_999 } });
    expect(near?.[2]).toMatchObject({ value: '59999', limit: '60000', unit: 'ms' });
  });

  it('cannot be weighed on margin without a leverage: those gates are null, and the addition is refused', () => {
    const { code, gates } = addition(side, { position: { leverage: undefined } as never });
    expect(code).toBe('leverage-unknown');
    expect(gates?.filter(({ ok }) => ok === null).map((gate) => gate.code)).toEqual([
      'loss-too-deep',
      'margin-not-free',
      'position-margin-too-large',
      'liquidation-too-near',
    ]);
  });
});

describe.each(SIDES)('an entry of a %s', (_name, side) => {
  const rows = entryRows(side);

  it('with room for everything is approved in its size', () => {
    expect(entry(side)).toMatchObject({ code: null, sizeLots: 2000 });
  });

  it.each(rows)('%s: %s', (code, _what, inside, at, past) => {
    expect(entry(side, inside).code, 'inside').toBeNull();
    expect(entry(side, at).code, 'at the limit').toBeNull();
    expect(entry(side, past).code, 'past it').toBe(code);
  });

  it('is refused by the first of all gates that refuse, and every gate has a row', () => {
    expect(new Set(rows.map(([code]) => code))).toEqual(new Set(ENTRY_GATES));
    const last = new Map(rows.map(([code, , , , past]) => [code, past]));
    for (const [index, code] of ENTRY_GATES.entries()) {
      const { sizeLots: _all, ...first } = last.get(code) ?? {};
      const together = ENTRY_GATES.slice(index + 1)
        .toReversed()
        .map((each) => {
          const { sizeLots: _none, ...bend } = last.get(each) ?? {};
          return bend;
        });
      const small = { config: { profiles: { small: { min_position_value: 201 } } } };
      const own = code === 'entry-too-small' ? small : first;
      expect(
        entry(side, ...together.filter((bend) => code !== 'entry-too-small' || bend !== own), own).code,
        `${code} and all after it`,
      ).toBe(code);
    }
  });
});

describe('what the gates read', () => {
  const off = { config: { limits: { price_age_max_ms: 'off' } } };

  it('has no age of a price where the policy sets none: no price is too old', () => {
    expect(addition(1, off, { priceAgeMs: 86_400_000 }).code).toBeNull();
    expect(addition(1, { priceAgeMs: 86_400_000 }).code).toBe('price-stale');
  });

  it('is a fact by its name, its limit that it must not be', () => {
    const readings = (bend: Bend<AdditionText>) =>
      addition(1, bend).gates?.filter(({ code }) => code === 'halted' || code === 'state-unknown');
    expect(readings({ halted: true, stateKnown: false })).toEqual([
      { code: 'halted', ok: false, value: 'true', limit: 'false' },
      { code: 'state-unknown', ok: false, value: 'true', limit: 'false' },
    ]);
  });

  it('has no unit where nothing was weighed', () => {
    const { signalPrice: _seen, priceAgeMs: _age, ...text } = roomyAddition(1);
    const { gates } = judgedAddition(policyWith({}), text);
    expect(gates?.[2]).toEqual({ code: 'price-stale', ok: true, value: null, limit: null });
  });

  it('is finer for a distance of prices than for money: coins of 10⁻⁵ USDT', () => {
    const text: AdditionText = {
      ...roomyAddition(1),
      price: '0.00002',
      signalPrice: '0.00002',
      coinsPerLot: '5000',
      position: { ...roomyAddition(1).position, coins: '5000000', stopPrice: '0.0000198' },
    };
    const { gates } = judgedAddition(policyWith({}), text);
    expect(gates?.find(({ code }) => code === 'liquidation-too-near')).toMatchObject({
      ok: true,
      // 0.00002 − 0.00002 × (1 − 0.2) / (1 − 0.0045), to its fifth digit; 1.5 × the way to the stop.
      value: '0.0000039276',
      limit: '0.0000003',
    });
  });

  it('is made of an entry, too: every gate with its value and its limit', () => {
    const { gates } = entry(1);
    const nothing = [null, null];
    expect(readOf(gates)).toEqual({
      halted: nothing,
      'state-unknown': nothing,
      'price-stale': ['0', '1', 'percent'],
      'order-in-flight': ['0', '0'],
      'reentry-wait': nothing,
      'funding-near': ['0', '0.05', 'percent'],
      'edge-below-cost': ['0.01', '0.002'],
      'entry-too-small': ['200', '10', 'usdt'],
      'position-too-large': ['200', '1350'],
      'margin-not-free': ['40', '800'],
      'position-margin-too-large': ['40', '150'],
      'positions-at-limit': ['1', '2'],
      'liquidation-too-near': ['19.63837267', '1.5'],
      'exposure-too-large': ['200', '3000'],
      'worst-case-too-large': ['10', '150'],
      'trend-against': nothing,
    });
  });
});

describe('shrink', () => {
  const shrink = { config: { position_scaling: { on_limit: 'shrink' } } };
  const profile = (small: object) => ({ config: { profiles: { small } } });

  // biome-ignore format: a table
  it.each([
    // by                          bend                                           lots   verdict
    ['nothing',                    {},                                            720,   null],
    ['position-too-large',         profile({ max_position_value: '130.05' }),     300,   null],
    ['margin-not-free',            { marginUsed: '990' },                         400,   null],
    ['position-margin-too-large',  profile({ max_margin_percent: 2.5 }),          250,   null],
    ['exposure-too-large',         { totalExposure: '2940' },                     600,   null],
    ['the smallest of them',       { marginUsed: '990', totalExposure: '2980' },  200,   null],
    ['too little left',            { totalExposure: '2995.01' },                  0,     'rung-too-small'],
    ['the position alone',         profile({ max_position_value: 99 }),           0,     'rung-too-small'],
    ['a limit that is no room',    { openPositions: 3 },                          0,     'positions-at-limit'],
    ['no leverage',                { position: { leverage: undefined } as never, totalExposure: '2940' }, 0, 'leverage-unknown'],
  ] as const)('cuts the rung to what %s leaves, in whole lots, and then judges it', (_by, bend, lots, verdict) => {
    for (const side of [1, -1] as const)
      expect(addition(side, shrink, bend)).toMatchObject({ sizeLots: lots, code: verdict });
  });

  it('leaves room for what is held at the mark, however far the touch is from it', () => {
    for (const side of [1, -1] as const)
      expect(
        addition(side, shrink, { ...profile({ max_position_value: 170 }), position: { value: '130' } as never }),
      ).toMatchObject({ sizeLots: 400, code: null });
  });

  it('reads gate 13 false where the position alone exceeds it', () => {
    const { gates } = addition(1, shrink, profile({ max_position_value: 99 }));
    expect(gates?.find(({ code }) => code === 'position-too-large')).toMatchObject({
      ok: false,
      value: '100',
      limit: '99',
    });
  });
});

describe('an order', () => {
  const order = { clientId: 'rwtest000001e00010', reduceOnly: false } as Order;
  const refused: Judgement<string> = { code: 'halted', sizeLots: 0, gates: undefined };

  it('is stamped only where it was approved, or reduces', () => {
    expect(approve(order, { ...refused, code: null })).toBe(order);
    expect(approve({ ...order, reduceOnly: true }, 'reduces')).toMatchObject({ reduceOnly: true });
    expect(() => approve(order, refused)).toThrow(/was not approved: halted/);
    expect(() => approve(order, 'reduces')).toThrow(/does not reduce/);
  });

  it('nobody approved cannot be sent: it does not compile', () => {
    const send = (approved: Approved) => approved.clientId;
    // @ts-expect-error an order nobody approved never reaches the exchange
    expect(send(order)).toBe(order.clientId);
  });
});
