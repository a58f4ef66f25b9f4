import { describe, expect, it } from 'vitest';
import { readSamples } from '../../test/okx/fixtures.ts';
import { describeWithShared } from '../../test/shared.ts';
import { instrument } from '../core/instrument/instrument.ts';
import { formatDecimal } from '../core/numbers/decimal.ts';
import type { Lots, Ticks } from '../core/numbers/units.ts';
import { clientIdOf, type Order, type OrderTerms } from '../core/orders/order.ts';
import { OFFLINE_INSTRUMENTS } from '../sim/instruments.ts';
import {
  amendAlgoOf,
  amendOrderOf,
  balanceOf,
  candleOf,
  endCause,
  familyOf,
  feePaid,
  feeRatesOf,
  fillOfPush,
  fillOfRow,
  foreignCause,
  fundingForecastOf,
  instrumentOf,
  isPayloadFault,
  lotsOfText,
  markOf,
  orderReadingOf,
  placingOf,
  positionOf,
  tiersOf,
  touchOf,
  untradable,
} from './translate.ts';
import type { Balance } from './wire/balance.ts';
import type { Candle } from './wire/candle.ts';
import type { Fill } from './wire/fill.ts';
import type { FundingRate } from './wire/funding.ts';
import type { Instrument as InstrumentRow } from './wire/instrument.ts';
import type { OrderPush } from './wire/order.ts';
import type { Position } from './wire/position.ts';
import type { PositionTier } from './wire/position-tier.ts';
import type { Ticker } from './wire/ticker.ts';

/** 0.01 BTC a contract, lots of 0.01 contracts, ticks of 0.1 USDT. */
const BTC = OFFLINE_INSTRUMENTS[0] ?? raise();

function raise(): never {
  throw new Error('there is no offline instrument');
}

function order(terms: OrderTerms, more: Partial<Order> = {}): Order {
  return {
    clientId: 'rwtest000001e000101',
    instId: BTC.instId,
    role: 'entry',
    position: 1,
    step: 0,
    attempt: 1,
    part: 0,
    side: 1,
    sizeLots: 36 as Lots,
    reduceOnly: false,
    terms,
    takenByMs: 0,
    ...more,
  };
}

describe('orders as OKX takes them', () => {
  const shared = { instId: BTC.instId, tdMode: 'isolated', side: 'buy', sz: '0.36', reduceOnly: false };
  const clOrdId = 'rwtest000001e000101';
  const at = (ticks: number) => ticks as Ticks;

  it.each([
    ['market', order({ type: 'market' }), { ...shared, clOrdId, ordType: 'market' }],
    [
      'limit',
      order({ type: 'limit', priceTicks: at(585_901), postOnly: false }),
      { ...shared, clOrdId, ordType: 'limit', px: '58590.1' },
    ],
    [
      'post-only',
      order({ type: 'limit', priceTicks: at(585_900), postOnly: true }),
      { ...shared, clOrdId, ordType: 'post_only', px: '58590' },
    ],
    ['ioc', order({ type: 'ioc', priceTicks: at(1) }), { ...shared, clOrdId, ordType: 'ioc', px: '0.1' }],
    [
      'reduce-only sell',
      order({ type: 'market' }, { side: -1, reduceOnly: true, sizeLots: 100 as Lots }),
      { ...shared, side: 'sell', sz: '1', reduceOnly: true, clOrdId, ordType: 'market' },
    ],
  ])('%s', (_, given, body) => {
    expect(placingOf(given, BTC)).toEqual({ kind: 'order', body });
  });

  it.each(['mark', 'last'] as const)('a stop by %s sleeps as an algo order under its client id', (by) => {
    const stop = order({ type: 'stop', triggerTicks: at(570_000), by }, { role: 'stop', side: -1, reduceOnly: true });
    const { reduceOnly: _, ...rest } = shared;
    expect(placingOf(stop, BTC)).toEqual({
      kind: 'algo',
      body: {
        ...rest,
        side: 'sell',
        reduceOnly: true,
        algoClOrdId: clOrdId,
        ordType: 'conditional',
        slTriggerPx: '57000',
        slOrdPx: '-1',
        slTriggerPxType: by,
      },
    });
  });

  it('an amendment names only what changes, and the whole size', () => {
    const change = { instId: BTC.instId, clientId: clOrdId };
    expect(amendOrderOf({ ...change, priceTicks: at(10) }, BTC, 'a1')).toEqual({
      instId: BTC.instId,
      clOrdId,
      reqId: 'a1',
      cxlOnFail: false,
      newPx: '1',
    });
    expect(amendOrderOf({ ...change, sizeLots: 5 as Lots }, BTC, 'a2')).toMatchObject({ newSz: '0.05' });
    expect(amendAlgoOf({ ...change, triggerTicks: at(10), sizeLots: 5 as Lots }, BTC, 'a3')).toEqual({
      instId: BTC.instId,
      algoClOrdId: clOrdId,
      reqId: 'a3',
      newSz: '0.05',
      newSlTriggerPx: '1',
      newSlOrdPx: '-1',
    });
  });
});

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
    ['one without a trade id is incomplete', { tradeId: '0' }, 'incomplete'],
  ])('%s', (_, changes, expected) => {
    expect(fillOfPush({ ...PUSH, ...changes } as OrderPush, BTC)).toBe(expected);
  });

  it('a push with all of it is a fill at its own time', () => {
    expect(fillOfPush(PUSH, BTC)).toMatchObject({ at: 1_700_000_000_001, tradeId: '17', fee: 1_000_000n });
  });

  it.each([
    ['full_liquidation', undefined, 'liquidation'],
    ['partial_liquidation', '100', 'liquidation'],
    ['adl', undefined, 'adl'],
    ['normal', '107', 'liquidation'],
    ['normal', '125', 'adl'],
    ['normal', '128', 'adl'],
    ['normal', '2', 'foreign'],
    ['normal', undefined, 'foreign'],
  ] as const)('of category %s and type %s that are not ours are %s', (category, subType, cause) => {
    expect(foreignCause(category, subType)).toBe(cause);
  });
});

it.each([
  ['', 'cancelled'],
  ['1', 'cancelled'],
  ['3', 'liquidation'],
  ['6', 'adl'],
  ['14', 'ioc'],
  ['20', 'cancel-all-after'],
  ['21', 'position-closed'],
  ['31', 'post-only'],
  ['999', 'cancel-source-999'],
])('cancelSource %s ended an order because: %s', (source, cause) => {
  expect(endCause(source)).toBe(cause);
});

describe('the account', () => {
  const row = (changes: Partial<Position>) =>
    ({
      instId: BTC.instId,
      mgnMode: 'isolated',
      posSide: 'net',
      pos: '-0.4',
      avgPx: '50000.1',
      lever: '10',
      ...changes,
    }) as Position;

  it('a side is the sign of the size; cost is average × size, to 10⁻⁸', () => {
    expect(positionOf(row({}), BTC)?.position).toEqual({
      instId: BTC.instId,
      signedLots: -40,
      costUnits: 20_000_040_000,
      leverage: 10,
    });
    expect(positionOf(row({ pos: '0.03', avgPx: '50000.133333333333' }), BTC)?.position?.costUnits).toBe(1_500_004_000);
  });

  it.each([
    // instrument                ctVal   lotSz  tickSz     pos    avgPx      lever  margin   (okx-v5.md §2, vectors 1 and 2: recorded)
    ['BIGTIME-USDT-SWAP', '10', '1', '0.00001', '613', '0.01305', '8', 9.9995625],
    ['BTC-USDT-SWAP', '0.01', '1', '0.1', '-1', '26598.3', '2', 132.9915],
  ] as const)(
    '%s: cost is the recorded margin times leverage',
    (instId, ctVal, lotSz, tickSz, pos, avgPx, lever, margin) => {
      const of = instrument({
        instId,
        baseCoin: 'X',
        ctVal,
        lotSz,
        minSz: lotSz,
        tickSz,
        maxLimitSz: '1000',
        maxMarketSz: '1000',
        leverageMax: 100,
        tiers: [{ maxSz: '1000', maintenanceRate: '0.02', leverageMax: 100 }],
      });
      expect(positionOf(row({ instId, pos, avgPx, lever }), of)?.position?.costUnits).toBe(
        Math.round(margin * Number(lever) * 1e8),
      );
    },
  );

  it('one with cross margin is none of ours, and says what it is', () => {
    expect(positionOf(row({ mgnMode: 'cross', pos: '-0.4' as never, lever: '' }), BTC)).toEqual({
      crossMargin: { instId: BTC.instId, side: 'short', contracts: '0.4' },
    });
  });

  it('flat is no position', () => {
    expect(positionOf(row({ pos: '0', avgPx: '', lever: '' }), BTC)).toBeUndefined();
  });

  it.each([
    ['-0.405', -40, '0.005'],
    ['0.4000001', 40, '0.0000001'],
    ['0.005', undefined, '0.005'],
    ['-0.4', -40, undefined],
  ])(
    'a position of %s is the whole lots in it, at their share of the cost, and says what is beside them',
    (pos, lots, beside) => {
      const read = positionOf(row({ pos: pos as never }), BTC);
      expect([read?.position?.signedLots, read?.besideGrid?.contracts]).toEqual([lots, beside]);
      if (lots !== undefined) expect(read?.position?.costUnits).toBe(20_000_040_000);
    },
  );

  it('an order of ours off the grid is there, and where it stands is not said', () => {
    const clientId = clientIdOf({ run: 'lost', position: 1, role: 'target', step: 0, attempt: 1, part: 0 });
    const order = { instId: BTC.instId, reduceOnly: 'true' as const, px: '50000.1', sz: '0.405' as never };
    expect(orderReadingOf({ ...order, clOrdId: clientId, algoClOrdId: '' } as never, BTC)).toEqual({
      clientId,
      instId: BTC.instId,
      reduceOnly: true,
    });
  });

  it.each([
    ['long/short mode', { posSide: 'long' }],
    ['no leverage', { lever: '' }],
    ['leverage 0', { lever: '0' }],
    ['no average', { avgPx: '' }],
  ] as const)('%s is a payload fault', (_, changes) => {
    let caught: unknown;
    try {
      positionOf(row(changes), BTC);
    } catch (error) {
      caught = error;
    }
    expect(isPayloadFault(caught), String(caught)).toBe(true);
  });

  it.each([
    [
      'an open position',
      { eq: '99.89469657000001', upl: '-0.0273000000000002', availBal: '94.426129903' },
      9_992_199_657n,
      9_442_612_990n,
    ],
    ['flat', { eq: '100.52768569797846', upl: '0', availBal: '100.52768569797846' }, 10_052_768_570n, 10_052_768_569n],
  ])('equity without what is not realised: %s', (_, detail, balance, available) => {
    const details = [
      { ccy: 'BTC', eq: '1', availBal: '1' },
      { ccy: 'USDT', ...detail },
    ];
    expect(balanceOf({ details } as unknown as Balance)).toEqual({ balance, available });
  });

  it('an account without USDT has none', () => {
    expect(balanceOf({ details: [] } as unknown as Balance)).toEqual({ balance: 0n, available: 0n });
  });

  it.each([
    [
      { feeGroup: [{ groupId: '4', taker: '-0.0003', maker: '0.0001' }], takerU: '-0.9', makerU: '-0.9' },
      '0.0003',
      '-0.0001',
    ],
    [
      { feeGroup: [{ groupId: '1', taker: '-0.9', maker: '-0.9' }], takerU: '-0.0005', makerU: '-0.0002' },
      '0.0005',
      '0.0002',
    ],
    [{ takerU: '', makerU: '', taker: '-0.0007', maker: '-0.0002' }, '0.0007', '0.0002'],
  ])('fee rates %j are paid: taker %s, maker %s', (fees, taker, maker) => {
    const rates = feeRatesOf({ taker: '', maker: '', ...fees } as never, '4');
    expect([formatDecimal(rates.taker), formatDecimal(rates.maker)]).toEqual([taker, maker]);
  });
});

describe('the market', () => {
  it('margin tiers are whole lots of ours, the smallest first in whatever order they are said, and are asked for by family', () => {
    const tier = (maxSz: `${number}`, mmr: `${number}`) =>
      ({ tier: '1', minSz: '0', maxSz, mmr, maxLever: '50' }) as PositionTier;
    expect(tiersOf([tier('20', '0.010'), tier('9.995', '0.004')], BTC)).toEqual([
      { lotsMax: 999, maintenanceRate: '0.004', leverageMax: 50 },
      { lotsMax: 2_000, maintenanceRate: '0.01', leverageMax: 50 },
    ]);
    const { instId } = BTC;
    expect([{ instId }, { instId, uly: 'U' }, { instId, uly: 'U', instFamily: 'F' }].map(familyOf)).toEqual([
      'BTC-USDT',
      'U',
      'F',
    ]);
  });

  it.each([
    ['58590.1', 585_901],
    ['58590.14', 585_901],
    ['58590.15', 585_902],
    ['58590.06', 585_901],
  ])('a mark of %s is computed, and goes to the nearest tick %d', (markPx, ticks) => {
    expect(markOf({ instId: BTC.instId, markPx, ts: '5' } as never, BTC)).toEqual({ markTicks: ticks, at: 5 });
  });

  it('a touch without a side is no touch', () => {
    const row = { instId: BTC.instId, bidPx: '1.5', askPx: '', ts: '7' } as unknown as Ticker;
    expect(touchOf(row, BTC)).toBeUndefined();
    expect(touchOf({ ...row, askPx: '1.6' }, BTC)).toEqual({ bidTicks: 15, askTicks: 16, at: 7 });
  });

  it('a touch between two ticks is on the ones around it', () => {
    const row = { instId: BTC.instId, last: '', bidPx: '1.51', bidSz: '1', askPx: '1.52', askSz: '1', ts: '7' };
    expect(touchOf(row as Parameters<typeof touchOf>[0], BTC)).toEqual({ bidTicks: 15, askTicks: 16, at: 7 });
  });

  it('a candle of before a tick and a lot grew goes onto the grid that is: its range does not shrink, its volume does not grow', () => {
    const row = ['60000', '50000.04', '50000.16', '49999.95', '50000.15', '1.239', '', '', '1'] as unknown as Candle;
    expect(candleOf(row, BTC)).toMatchObject({
      closed: { openTicks: 500_000, highTicks: 500_002, lowTicks: 499_999, closeTicks: 500_002, volumeLots: 123 },
      isPriceMapped: true,
      isVolumeMapped: true,
    });
  });

  it('only a closed candle is a candle', () => {
    const row = (confirm: '0' | '1') => ['1700000040000', '1', '1.2', '0.9', '1.1', '3.5', '0', '0', confirm] as Candle;
    expect(candleOf(row('0'), BTC)).toBeUndefined();
    expect(candleOf(row('1'), BTC)).toEqual({
      closed: {
        kind: 'candle-closed',
        at: 1_700_000_100_000,
        instId: BTC.instId,
        openMinute: 28_333_334,
        openTicks: 10,
        highTicks: 12,
        lowTicks: 9,
        closeTicks: 11,
        volumeLots: 350,
      },
      isPriceMapped: false,
      isVolumeMapped: false,
    });
  });

  it.each([
    ['0.0001', 10_000],
    ['-0.00003721', -3_721],
    ['0.0000372109', 3_722],
    ['-0.0000372109', -3_722],
  ])('funding of %s is %d of 10⁻⁸', (rate, rateE8) => {
    const row = { instId: BTC.instId, fundingRate: rate, fundingTime: '9', ts: '3' } as unknown as FundingRate;
    expect(fundingForecastOf(row, 1)).toEqual({
      kind: 'funding-forecast',
      at: 3,
      instId: BTC.instId,
      rateE8,
      settlesAt: 9,
    });
  });

  it.each([
    ['', {}],
    ['9', {}],
    ['10', { nextSettlesAt: 10 }],
  ])('the settlement after the next, told as "%s", is %j', (nextFundingTime, told) => {
    const row = { instId: BTC.instId, fundingRate: '0', fundingTime: '9', nextFundingTime, ts: '3' };
    const {
      kind: _kind,
      at: _at,
      instId: _instId,
      rateE8: _rateE8,
      ...times
    } = fundingForecastOf(row as FundingRate, 1);
    expect(times).toEqual({ settlesAt: 9, ...told });
  });
});

describeWithShared('third-party payloads', () => {
  const samples = readSamples();
  const rowsOf = <Row>(file: string): Row[] =>
    samples
      .filter((sample) => sample.file === file)
      .flatMap(({ object, rows }) => rows.map((row) => object.read.parse(row) as Row));
  /** A grid as fine as any swap's, so that a recording of another instrument can be read. */
  const FINE = instrument({
    instId: 'FINE',
    baseCoin: 'X',
    ctVal: '1',
    lotSz: '0.01',
    minSz: '0.01',
    tickSz: '0.00001',
    maxLimitSz: '1000000',
    maxMarketSz: '1000000',
    leverageMax: 100,
    tiers: [{ maxSz: '1000000', maintenanceRate: '0.01', leverageMax: 100 }],
  });

  it('every linear swap of the recorded list is an instrument, with the tiers of another recording', () => {
    const tiers = rowsOf<PositionTier>('http_get_position_tiers.json').map((row) => ({
      ...row,
      maxSz: '1000000' as const,
    }));
    const swaps = rowsOf<InstrumentRow>('http_get_instruments_swap.json').filter(
      (row) => untradable(row) === undefined,
    );
    expect(swaps.length).toBeGreaterThan(0);
    for (const row of swaps) {
      const read = instrumentOf(row, tiers);
      expect([read.instId, read.leverageMax]).toEqual([row.instId, Number(row.lever)]);
    }
  });

  it('every recorded order push of a swap is a fill, an absence of one, or incomplete; none is a fault', () => {
    const files = samples.filter(({ file }) => file.startsWith('ws_orders')).map(({ file }) => file);
    const pushes = files
      .flatMap((file) => rowsOf<OrderPush>(file))
      .filter(({ posSide }) => posSide === 'net' || posSide === '');
    for (const row of pushes) {
      const read = fillOfPush(row, FINE);
      if (typeof read === 'object') expect(read.sizeLots).toBe(lotsOfText(FINE, row.fillSz));
    }
    expect(files.length).toBeGreaterThan(3);
  });

  it('every recorded balance has an equity', () => {
    for (const file of ['http_get_account_balance.json', 'ws_account.json'])
      for (const row of rowsOf<Balance>(file)) expect(balanceOf(row).balance).toBeGreaterThan(0n);
  });

  it('recorded candles and tickers lie on their grid', () => {
    for (const row of rowsOf<Candle>('http_get_candlesticks_full.json'))
      expect(candleOf(row, FINE)).toMatchObject({ isPriceMapped: false, isVolumeMapped: false });
    for (const row of rowsOf<Ticker>('ws_tickers.json')) expect(touchOf(row, FINE)).toBeDefined();
  });
});
