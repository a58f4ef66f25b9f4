import { describe, expect, test } from 'vitest';
import { isRecord, jsonTypeOf, pointsOf, pointsSeen, typeOfJson } from '../../../test/okx/coverage.ts';
import { type Described, readSamples } from '../../../test/okx/fixtures.ts';
import { neverSeen } from '../../../test/okx/never-seen.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { book, bookChange, bookTop } from './book.ts';
import { endpoints } from './endpoints.ts';
import { readRows } from './envelope.ts';
import { UNRECOGNISED } from './field.ts';
import { fundingRate } from './funding.ts';
import { order, orderPush } from './order.ts';
import { orderAck } from './order-ack.ts';
import { position, positionPush } from './position.ts';
import { trade, tradePush } from './trade.ts';

/** Every object that is read, once, under the name it is known by. */
const objects = new Map<Described, string>();
for (const [name, row] of Object.entries({ order, position, book, trade })) objects.set(row, name);
// The same object as a push: what either showed has been seen.
for (const [name, row] of Object.entries({
  order: orderPush,
  position: positionPush,
  book: bookChange,
  trade: tradePush,
  bookTop,
}))
  objects.set(row, name);
for (const [name, { row }] of Object.entries(endpoints)) if (!objects.has(row)) objects.set(row, name);

/**
 * Keys that samples hold and okx-v5.md does not name for that object: of older documentation, of other products, or of
 * the push only.
 */
const UNDOCUMENTED = new Set(['coinUsdPrice', 'estMaxWd', 'pTime']);

describeWithShared('every third-party payload', () => {
  const samples = readSamples();

  test.each(samples)('reads: $file', ({ object, rows }) => {
    expect(rows.length).toBeGreaterThan(0);
    expect(readRows(object.read, rows).faults).toEqual([]);
  });

  test.each(samples.filter(({ object }) => object.documented !== undefined))(
    'has documented keys of the documented JSON type only: $file',
    (sample) => {
      for (const row of sample.rows) {
        for (const [name, value] of Object.entries(isRecord(row) ? row : {})) {
          if (UNDOCUMENTED.has(name)) continue;
          const form = sample.object.documented?.[name]?.form;
          expect(form, `${name} is known`).toBeDefined();
          if (form !== undefined)
            expect(jsonTypeOf(form), `${name} = ${JSON.stringify(value)}`).toContain(typeOfJson(value));
        }
      }
    },
  );

  test('what the schemas promise has been seen, or stands in never-seen.ts with its reason', () => {
    const promised = new Set([...objects].flatMap(([object, name]) => pointsOf(object.form, name)));
    const seen = new Set(
      samples.flatMap(({ object, rows }) =>
        rows.flatMap((row) => pointsSeen(object.form, row, objects.get(object) ?? '?')),
      ),
    );
    const excused = new Set(Object.values(neverSeen).flat());
    expect(
      [...promised].filter((point) => !seen.has(point) && !excused.has(point)),
      'promised and never seen',
    ).toEqual([]);
    expect(
      [...excused].filter((point) => seen.has(point) || !promised.has(point)),
      'excused without need',
    ).toEqual([]);
  });
});

describe('a reading schema', () => {
  const push = { instId: 'BTC-USDT-SWAP', fundingRate: '0.0001', fundingTime: '1744590349506', nextFundingTime: '' };

  test('keeps unknown keys out', () => {
    expect(fundingRate.read.parse({ ...push, brandNew: { deep: true } })).toEqual(push);
  });

  test.each(['', '1e-8', '+1', '.5', '1.', ' 1', '0x10', 'NaN', '1,000', null, 1])(
    'takes no %j for a number',
    (value) => {
      expect(fundingRate.read.safeParse({ ...push, fundingRate: value }).success).toBe(false);
    },
  );

  test.each(['0', '-0.5', '100000000.0000000000000000', '00.10'])(
    'takes "%s" for a number and leaves it as it is',
    (value) => {
      expect(fundingRate.read.parse({ ...push, fundingRate: value }).fundingRate).toBe(value);
    },
  );

  test.each(['9'.repeat(400), '1744590349506000', '-1', '1744590349506.5'])('takes no "%s" for a time', (value) => {
    const ack = { ordId: '1', clOrdId: 'a', sCode: '0', sMsg: '', ts: value };
    expect(orderAck.read.safeParse(ack).success).toBe(false);
    expect(orderAck.read.safeParse({ ...ack, ts: '' }).success).toBe(true);
    expect(fundingRate.read.safeParse({ ...push, fundingTime: value }).success).toBe(false);
  });

  test('reads a new value of an open set as unrecognised, and refuses one of a closed set', () => {
    const order = {
      instType: 'SWAP',
      instId: 'BTC-USDT-SWAP',
      ordId: '1',
      clOrdId: '',
      px: '',
      sz: '1',
      ordType: 'market',
      side: 'buy',
      posSide: 'net',
      tdMode: 'isolated',
      accFillSz: '0',
      avgPx: '',
      fillPx: '',
      fillSz: '0',
      fillTime: '',
      tradeId: '',
      state: 'live',
      fee: '0',
      feeCcy: '',
      cTime: '1',
      uTime: '1',
    };
    expect(orderPush.read.parse({ ...order, ordType: 'elp', state: 'parked', category: 'gift' })).toMatchObject({
      ordType: UNRECOGNISED,
      state: UNRECOGNISED,
      category: UNRECOGNISED,
    });
    for (const broken of [{ side: 'both' }, { posSide: 'up' }, { execType: 'X' }, { ordType: 7 }])
      expect(orderPush.read.safeParse({ ...order, ...broken }).success, JSON.stringify(broken)).toBe(false);
  });

  test('names the bad row and keeps the good ones', () => {
    const { rows, faults } = readRows(fundingRate.read, [push, { ...push, fundingRate: 'soon' }, 7, push]);
    expect(rows).toHaveLength(2);
    expect(faults.map(({ index, reason }) => [index, reason.split(':')[0]])).toEqual([
      [1, 'fundingRate'],
      [2, 'payload'],
    ]);
  });
});

describe('a writing schema', () => {
  test('wants every documented field, documented values, and nothing else', () => {
    const rate = {
      instId: 'BTC-USDT-SWAP',
      fundingRate: '0.0001',
      fundingTime: '1',
      nextFundingTime: '2',
      ts: '1',
      settState: 'settled',
      instType: 'SWAP',
      method: 'current_period',
      formulaType: 'noRate',
      nextFundingRate: '',
      minFundingRate: '-0.0075',
      maxFundingRate: '0.0075',
      interestRate: '0.0001',
      impactValue: '10000',
      premium: '0',
      settFundingRate: '0.0001',
    };
    const { premium: _, ...incomplete } = rate;
    expect(fundingRate.write.safeParse(rate).success).toBe(true);
    expect(fundingRate.write.safeParse(incomplete).success).toBe(false);
    expect(fundingRate.write.safeParse({ ...rate, more: '' }).success).toBe(false);
    expect(fundingRate.write.safeParse({ ...rate, method: 'some_period' }).success).toBe(false);
  });
});

test('an order is read whatever is attached to it: a trailing stop has no prices, and nobody reads them here', () => {
  const row = {
    instType: 'SWAP',
    instId: 'BTC-USDT-SWAP',
    ordId: '1',
    clOrdId: '',
    px: '60000',
    sz: '1',
    ordType: 'limit',
    side: 'buy',
    posSide: 'net',
    tdMode: 'isolated',
    accFillSz: '0',
    avgPx: '',
    fillPx: '',
    fillSz: '0',
    fillTime: '',
    tradeId: '',
    state: 'live',
    fee: '0',
    feeCcy: 'USDT',
    cTime: '1700000000000',
    uTime: '1700000000000',
    attachAlgoOrds: [{ attachAlgoId: '2', callbackRatio: '0.05', activePx: '' }],
  };
  for (const object of [order, orderPush]) expect(readRows(object.read, [row]).faults).toEqual([]);
});
