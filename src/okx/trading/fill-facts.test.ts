import { describe, expect, it } from 'vitest';
import { readSamples, recordedRows } from '../../../test/okx/fixtures.ts';
import { BTC, FINE } from '../../../test/okx/grids.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { instrument } from '../../core/instrument/instrument.ts';
import { lotsOfText } from '../numbers.ts';
import { isPayloadFault, TwoSidedError } from '../payload-fault.ts';
import type { Fill } from '../wire/fill.ts';
import type { OrderPush } from '../wire/order.ts';
import { feePaid, fillOfPush, fillOfRow, foreignCause } from './fill-facts.ts';

const FILL: Fill = {
  instId: BTC.instId,
  tradeId: '17',
  ordId: '1',
  clOrdId: 'mine',
  billId: '99',
  fillPx: '50000.1',
  fillSz: '0.05',
  side: 'sell',
  execType: 'M',
  fee: '-0.01',
  feeCcy: 'USDT',
  ts: '1700000000000',
};

describe('fills', () => {
  it('become ticks, lots and a fee that is positive where we paid it', () => {
    expect(fillOfRow(FILL, BTC)).toEqual({
      at: 1_700_000_000_000,
      instId: BTC.instId,
      tradeId: '17',
      side: -1,
      sizeLots: 5,
      priceTicks: 500_001,
      fee: 1_000_000n,
      liquidity: 'maker',
    });
  });

  it.each([
    ['-0.021776769', 'USDT', 2_177_677n],
    ['-0.00000001', 'USDT', 1n],
    ['0.000000019', 'USDT', -1n],
    ['0.5', 'USDT', -50_000_000n],
    ['0', '', 0n],
    ['', '', 0n],
  ])('a fee of %s %s is %s: finer than 10⁻⁸ it is rounded against us', (fee, coin, paid) => {
    expect(feePaid(fee, coin)).toBe(paid);
  });

  it.each([
    ['a size off the lot grid', { fillSz: '0.055' }],
    ['a fee in another coin', { feeCcy: 'OKB' }],
    ['long/short mode', { posSide: 'long' }],
  ] as const)('with %s are payload faults, never rounded', (_, changes) => {
    let caught: unknown;
    try {
      fillOfRow({ ...FILL, ...changes }, BTC);
    } catch (error) {
      caught = error;
    }
    expect(isPayloadFault(caught), String(caught)).toBe(true);
  });

  it.each([
    ['buy', '50000.13', 500_001, 1_001_500n],
    ['sell', '50000.13', 500_001, 998_500n],
    ['buy', '50000.08', 500_001, 999_000n],
    ['buy', '50000.1300000001', 500_001, 1_001_501n],
  ] as const)(
    'a %s at %s, on a finer tick, is at the nearest one, and its cash is exact',
    (side, fillPx, priceTicks, fee) => {
      expect(fillOfRow({ ...FILL, side, fillPx }, BTC)).toMatchObject({ priceTicks, fee });
    },
  );

  it('between the ticks of a grid of halves is booked with what lies beside, for all its coins', () => {
    const halves = { ctVal: '0.03', lotSz: '1', minSz: '1', tickSz: '0.5' };
    const tiers = [{ maxSz: '1000', maintenanceRate: '0.004', leverageMax: 50 }];
    const rest = {
      instId: 'X-USDT-SWAP',
      baseCoin: 'X',
      maxLimitSz: '1000',
      maxMarketSz: '1000',
      leverageMax: 50,
      tiers,
    };
    const of = instrument({ ...halves, ...rest });
    // 2 × 0.03 coins, 0.2 USDT above the tick of 100.5; on a tick of whole digits nothing lies beside.
    const buy = { ...FILL, side: 'buy', fillSz: '2', fee: '-0.01' } as const;
    expect(fillOfRow({ ...buy, fillPx: '100.7' }, of)).toMatchObject({ priceTicks: 201, fee: 1_000_000n + 1_200_000n });
    expect(fillOfRow({ ...buy, fillPx: '100' }, of)).toMatchObject({ priceTicks: 200, fee: 1_000_000n });
  });

  it.each(['', '0'])('without a trade id of their own ("%s") are known by their bill', (tradeId) => {
    expect(fillOfRow({ ...FILL, tradeId }, BTC).tradeId).toBe('bill99');
  });

  const PUSH = {
    ...FILL,
    fillFee: '-0.01',
    fillFeeCcy: 'USDT',
    fillTime: '1700000000001',
    uTime: '1700000000002',
    posSide: 'net',
  } as unknown as OrderPush;

  it.each([
    ['a push without a fill has none', { fillSz: '0', fillPx: '', tradeId: '' }, 'none'],
    ['one without its fee is incomplete', { fillFee: undefined }, 'incomplete'],
    ['one with an empty fee is incomplete', { fillFee: '' }, 'incomplete'],
    ['one without a price is incomplete', { fillPx: '' }, 'incomplete'],
    ['one without a trade id is incomplete', { tradeId: '0' }, 'incomplete'],
  ])('%s', (_, changes, expected) => {
    expect(fillOfPush({ ...PUSH, ...changes } as OrderPush, BTC)).toBe(expected);
  });

  it('a push with all of it is a fill at its own time', () => {
    expect(fillOfPush(PUSH, BTC)).toMatchObject({ at: 1_700_000_000_001, tradeId: '17', fee: 1_000_000n });
  });

  it.each([
    ['at its own time where it has one', { fillTime: '' }, { at: 1_700_000_000_002 }],
    ['at a fee in the coin of the order where the fill names none', { fillFeeCcy: undefined }, { fee: 1_000_000n }],
    ['as taker', { execType: 'T' }, { liquidity: 'taker' }],
    ['as maker', { execType: 'M' }, { liquidity: 'maker' }],
  ])('a push is a fill %s', (_, changes, expected) => {
    expect(fillOfPush({ ...PUSH, ...changes } as unknown as OrderPush, BTC)).toMatchObject(expected);
  });

  it('a row is a fill at its own time, else at that of the row, and a taker’s where it is not said to be a maker’s', () => {
    const at = (fillTime?: string) => fillOfRow({ ...FILL, fillTime } as Fill, BTC).at;
    expect([at('5'), at(''), at()]).toEqual([5, 1_700_000_000_000, 1_700_000_000_000]);
    expect(fillOfRow({ ...FILL, execType: 'T' }, BTC).liquidity).toBe('taker');
  });

  it.each(['long', 'short'])('of side "%s" are refused, pushed or listed: the account has left net mode', (posSide) => {
    expect(() => fillOfPush({ ...PUSH, posSide } as OrderPush, BTC)).toThrow(TwoSidedError);
    expect(() => fillOfRow({ ...FILL, posSide } as Fill, BTC)).toThrow(TwoSidedError);
  });

  it.each([
    ['full_liquidation', undefined, 'liquidation'],
    ['partial_liquidation', undefined, 'liquidation'],
    ['partial_liquidation', '100', 'liquidation'],
    ['adl', undefined, 'adl'],
    ['normal', '99', 'foreign'],
    ['normal', '100', 'liquidation'],
    ['normal', '107', 'liquidation'],
    ['normal', '108', 'foreign'],
    ['normal', '124', 'foreign'],
    ['normal', '125', 'adl'],
    ['normal', '128', 'adl'],
    ['normal', '129', 'foreign'],
    ['normal', '2', 'foreign'],
    ['normal', undefined, 'foreign'],
  ] as const)('of category %s and type %s that are not ours are %s', (category, subType, cause) => {
    expect(foreignCause(category, subType)).toBe(cause);
  });
});

describeWithShared('third-party payloads', () => {
  it('every recorded order push of a swap is a fill, an absence of one, or incomplete; none is a fault', () => {
    const files = readSamples()
      .filter(({ file }) => file.startsWith('ws_orders'))
      .map(({ file }) => file);
    const pushes = files
      .flatMap((file) => recordedRows<OrderPush>(file))
      .filter(({ posSide }) => posSide === 'net' || posSide === '');
    for (const row of pushes) {
      const read = fillOfPush(row, FINE);
      if (typeof read === 'object') expect(read.sizeLots).toBe(lotsOfText(FINE, row.fillSz));
    }
    expect(files.length).toBeGreaterThan(3);
  });
});
