import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { long } from '../../../test/long.ts';
import { accountOf, BTC, ETH, type PaperTest, paper, wellKnown } from '../../../test/paper.ts';
import { instrument } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';

function place(test: PaperTest, order: object) {
  const answered = test.post('trade/order', { instId: BTC, tdMode: 'isolated', ordType: 'market', ...order });
  expect(answered.data[0]?.['sCode'], answered.data[0]?.['sMsg']).toBe('0');
}

/** Swaps of the recordings in okx-v5.md §2. */
const bigtime = instrument({
  instId: 'BIGTIME-USDT-SWAP',
  baseCoin: 'BIGTIME',
  ctVal: '10',
  lotSz: '1',
  minSz: '1',
  tickSz: '0.00001',
  maxLimitSz: '100000000',
  maxMarketSz: '100000',
  leverageMax: 50,
  tiers: [{ maxSz: '100000', maintenanceRate: '0.02', leverageMax: 50 }],
});
const sushi = instrument({
  instId: 'SUSHI-USDT-SWAP',
  baseCoin: 'SUSHI',
  ctVal: '1',
  lotSz: '1',
  minSz: '1',
  tickSz: '0.0001',
  maxLimitSz: '100000000',
  maxMarketSz: '100000',
  leverageMax: 50,
  tiers: [{ maxSz: '100000', maintenanceRate: '0.01', leverageMax: 50 }],
});

describe('what OKX recorded comes out of the exchange to the last digit (okx-v5.md §2; vectors 3 and 4 are cross of 2021 and inverse)', () => {
  it('vector 1: BIGTIME long at 8x', () => {
    const test = paper({ instruments: [bigtime], prices: ['0.01304'] });
    const instId = 'BIGTIME-USDT-SWAP';
    test.post('account/set-leverage', { instId, mgnMode: 'isolated', lever: '8' });
    place(test, { instId, side: 'buy', ordType: 'limit', px: '0.01305', sz: '613' });
    expect(test.get('account/positions').data[0]).toMatchObject({
      pos: '613',
      avgPx: '0.01305',
      markPx: '0.01304',
      lever: '8',
      margin: '9.9995625',
      mmr: '1.598704',
      upl: '-0.0613',
      uplRatio: '-0.0061302681992341',
      fee: '-0.03999825',
      bePx: '0.0130630565282641',
      mgnRatio: '6.064828669759086',
      liqPx: '0.0116677335375191',
      notionalUsd: '79.9352',
      availPos: '',
      imr: '',
      posSide: 'net',
      closeOrderAlgo: [],
    });
  });

  it('vector 2: BTC short at 2x', () => {
    const test = paper({ instruments: [wellKnown(BTC)], prices: ['26598.4'] });
    test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever: '2' });
    place(test, { side: 'sell', ordType: 'limit', px: '26598.3', sz: '1' });
    test.price(BTC, '26029.7');
    expect(test.get('account/positions').data[0]).toMatchObject({
      pos: '-1',
      avgPx: '26598.3',
      margin: '132.9915',
      mmr: '1.041188',
      upl: '5.686',
      uplRatio: '0.0427546121368658',
      mgnRatio: '118.3925370719686',
      liqPx: '39718.61577899453',
    });
  });

  it.each([
    // what        swap            side   open       then       last at close  close     size   lever
    ['vector 5', wellKnown(ETH), 'buy', '3226.93', '3226.92', '3224.81', '3224.8', '0.1', '3'],
    ['vector 6', sushi, 'sell', '1.2462', '1.2463', '1.2566', '1.2567', '40', '10'],
  ] as const)('%s: a closed position', (what, swap, side, open, then, lastAtClose, close, sz, lever) => {
    // Vector 5 paid 0.07 % on both legs; vector 6 the usual 0.02 % as maker and 0.05 % as taker.
    const rates = what === 'vector 5' ? { makerRate: decimal('0.0007'), takerRate: decimal('0.0007') } : {};
    const test = paper({ instruments: [swap], prices: [open], accounts: [accountOf('a', 10_000, rates)] });
    const { instId } = swap;
    test.post('account/set-leverage', { instId, mgnMode: 'isolated', lever });
    place(test, { instId, side, ordType: 'post_only', px: open, sz });
    test.price(instId, then);
    test.price(instId, lastAtClose);
    place(test, { instId, side: side === 'buy' ? 'sell' : 'buy', ordType: 'limit', px: close, sz, reduceOnly: true });
    expect(test.get('account/positions-history').data[0]).toMatchObject({
      type: '2',
      openAvgPx: open,
      closeAvgPx: close,
      lever: `${lever}.0`,
      ...RECORDED[what],
    });
  });
});

const RECORDED = {
  'vector 5': { fee: '-0.04516211', pnl: '-0.0213', realizedPnl: '-0.06646211', pnlRatio: '-0.0061788241455501' },
  'vector 6': { fee: '-0.0351036', pnl: '-0.42', realizedPnl: '-0.4551036', pnlRatio: '-0.0912982667308618' },
} as const;

describe('balance', () => {
  it('a fresh account has everything free', () => {
    expect(paper().get('account/balance').data[0]).toMatchObject({
      totalEq: '10000',
      isoEq: '0',
      adjEq: '',
      imr: '',
      details: [{ ccy: 'USDT', eq: '10000', cashBal: '10000', availBal: '10000', availEq: '10000', ordFrozen: '0' }],
    });
  });

  it('an account without money lists no currency', () => {
    const test = paper({ accounts: [accountOf('a', 0)] });
    expect(test.get('account/balance').data[0]).toMatchObject({ details: [] });
  });

  it('identities hold after any sequence of orders, prices and funding, and bills add up to the cash', {
    timeout: long(30_000, 900_000),
  }, () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant('order' as const),
          instId: fc.constantFrom(BTC, ETH),
          side: fc.constantFrom('buy', 'sell'),
          tdMode: fc.constantFrom('isolated', 'isolated', 'cross'),
          ordType: fc.constantFrom('market', 'limit', 'post_only', 'ioc', 'fok'),
          sz: fc.integer({ min: 1, max: 1_500 }).map((n) => String(n / 100)),
          away: fc.integer({ min: -150, max: 150 }),
          reduceOnly: fc.boolean(),
        }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('price' as const),
          instId: fc.constantFrom(BTC, ETH),
          to: fc.integer({ min: 700, max: 1_300 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1_000, 14_400_000) }) },
      {
        weight: 1,
        arbitrary: fc.record({ do: fc.constant('lever' as const), lever: fc.constantFrom('1', '3', '20') }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), (steps) => {
        const test = paper();
        for (const each of steps) {
          act(test, each);
          expectIdentities(test);
        }
      }),
      { numRuns: long(120, 2_000) },
    );
  });
});

function act(test: PaperTest, step: Record<string, unknown> & { do: string }): void {
  const base = (instId: unknown) => (instId === BTC ? 60_000 : 3_000);
  if (step.do === 'order') {
    const { do: _, away, ...order } = step;
    const px = (base(order['instId']) * (1 + Number(away) / 10_000)).toFixed(1);
    test.post('trade/order', { ...order, px });
  } else if (step.do === 'price')
    test.price(String(step['instId']), ((base(step['instId']) * Number(step['to'])) / 1_000).toFixed(1));
  else if (step.do === 'pass') test.pass(Number(step['ms']));
  else if (step.do === 'lever')
    test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever: step['lever'] });
  else {
    const [open] = test.get('trade/orders-pending').data;
    if (open !== undefined) test.post('trade/cancel-order', { instId: open['instId'], ordId: open['ordId'] });
  }
}

function detailOf(test: PaperTest): Record<string, string> {
  const [row] = test.get('account/balance').data as unknown as { details: Record<string, string>[] }[];
  return row?.details[0] ?? {};
}

/** Whole 10⁻⁸ USDT of a text. */
function units(text: string | undefined): bigint {
  const { units: value, scale } = decimal(text === undefined || text === '' ? '0' : text);
  return value * 10n ** BigInt(8 - scale);
}

function expectIdentities(test: PaperTest): void {
  const row = test.get('account/balance').data[0] as unknown as { totalEq: string; details: Record<string, string>[] };
  const detail = row.details[0] ?? {};
  const positions = test.get('account/positions').data;
  const sum = (name: string, mode: string) =>
    positions.filter(({ mgnMode }) => mgnMode === mode).reduce((total, each) => total + units(each[name]), 0n);
  const isoEq = sum('margin', 'isolated') + sum('upl', 'isolated');
  const [eq, cash, avail, frozen] = ['eq', 'cashBal', 'availBal', 'frozenBal'].map((name) => units(detail[name])) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  expect(units(detail['isoEq'])).toBe(isoEq);
  expect(eq, 'eq = cashBal + isoEq + result of crossed positions').toBe(cash + isoEq + sum('upl', 'cross'));
  expect(frozen, 'frozenBal = eq − availBal').toBe(eq - avail);
  expect(units(detail['upl'])).toBe(sum('upl', 'isolated') + sum('upl', 'cross'));
  expect(row.totalEq).toBe(detail['eq'] ?? '0');
  if (!positions.some(({ mgnMode }) => mgnMode === 'cross')) {
    const free = cash - units(detail['ordFrozen']);
    expect(avail, 'availBal = cashBal − ordFrozen').toBe(free < 0n ? 0n : free);
  }
  const desk = test.exchange.desk('a');
  const flows = desk?.bills.list().reduce((total, bill) => total + units(bill.balChg), 0n);
  expect(flows, 'Σ balChg = cashBal').toBe(cash);
}

describe('liquidation', () => {
  it('takes the position, its orders and its margin, and says so everywhere', () => {
    const test = paper();
    test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever: '20' });
    place(test, { side: 'buy', sz: '2' });
    place(test, { side: 'buy', ordType: 'limit', px: '59900', sz: '1' });
    const margin = Number(test.get('account/positions').data[0]?.['margin']);
    const cash = Number(detailOf(test)['cashBal']);
    test.price(BTC, '60000', '57200');
    expect(test.get('account/positions').data).toEqual([]);
    expect(test.get('trade/orders-history', { instType: 'SWAP', category: 'full_liquidation' }).data[0]).toMatchObject({
      side: 'sell',
      sz: '2',
      state: 'filled',
    });
    expect(test.get('trade/orders-history', { instType: 'SWAP', state: 'canceled' }).data[0]?.['cancelSource']).toBe(
      '3',
    );
    const [history] = test.get('account/positions-history').data;
    expect(history?.['type']).toBe('3');
    expect(Number(history?.['liqPenalty'])).toBeLessThan(0);
    expect(Number(test.get('trade/fills').data[0]?.['tradeId'])).toBeLessThan(0);
    const lost = Number(history?.['pnl']) + Number(history?.['liqPenalty']);
    expect(lost).toBeCloseTo(-margin, 8);
    const detail = detailOf(test);
    expect(Number(detail['cashBal'])).toBeCloseTo(cash, 8);
    expect(test.get('account/bills', { type: '5' }).data.map(({ subType }) => subType)).toEqual(['109', '107']);
  });

  it('takes crossed positions when the account no longer covers them', () => {
    const test = paper({ accounts: [accountOf('a', 1_000)] });
    test.post('account/set-leverage', { instId: BTC, mgnMode: 'cross', lever: '20' });
    place(test, { side: 'buy', sz: '15', tdMode: 'cross' });
    const [position] = test.get('account/positions').data;
    expect(Number(position?.['liqPx'])).toBeGreaterThan(53_000);
    test.price(BTC, '60000', '53500');
    expect(test.get('account/positions').data).toEqual([]);
    expect(test.get('account/positions-history').data[0]).toMatchObject({ type: '3', mgnMode: 'cross' });
  });

  it('of several crossed positions comes where each of them says, and they have one margin ratio with the currency', () => {
    const test = paper({ accounts: [accountOf('a', 1_000)] });
    for (const instId of [BTC, ETH]) {
      test.post('account/set-leverage', { instId, mgnMode: 'cross', lever: '20' });
      place(test, { instId, side: 'buy', sz: instId === BTC ? '10' : '15', tdMode: 'cross' });
    }
    const rows = test.get('account/positions').data;
    const detail = detailOf(test);
    expect(rows.map(({ mgnRatio }) => mgnRatio)).toEqual([detail['mgnRatio'], detail['mgnRatio']]);
    expect(Number(detail['mmr'])).toBeCloseTo(
      rows.reduce((sum, { mmr }) => sum + Number(mmr), 0),
      7,
    );
    const shown = Number(rows.find(({ instId }) => instId === BTC)?.['liqPx']);
    // What is shown is one tick before it.
    test.price(BTC, '60000', (Math.ceil(shown) + 1).toFixed(1));
    expect(test.get('account/positions').data).toHaveLength(2);
    test.price(BTC, '60000', (Math.floor(shown) - 1).toFixed(1));
    expect(test.get('account/positions').data).toEqual([]);
  });
});

describe('funding', () => {
  it('is paid at 00, 08 and 16 h, in bills of type 8, and the position remembers it', () => {
    const test = paper();
    place(test, { side: 'buy', sz: '1' });
    const uTime = test.get('account/positions').data[0]?.['uTime'];
    test.pass(6 * 3_600_000);
    expect(test.get('account/positions').data[0]).toMatchObject({ fundingFee: '-0.06', uTime });
    const [bill] = test.get('account/bills-archive', {
      type: '8',
      ctType: 'linear',
      ccy: 'USDT',
      instType: 'SWAP',
    }).data;
    expect(bill).toMatchObject({ subType: '173', pnl: '-0.06', balChg: '-0.06', instId: BTC });
    expect(test.get('public/funding-rate-history', { instId: BTC }).data).toHaveLength(1);
  });
});

describe('margin by hand', () => {
  it('is added and taken back, and refused beyond', () => {
    const test = paper();
    const body = { instId: BTC, posSide: 'net', type: 'add' };
    expect(test.post('account/position/margin-balance', { ...body, amt: 10 }).code).toBe('59300');
    place(test, { side: 'buy', sz: '1' });
    const before = Number(test.get('account/positions').data[0]?.['margin']);
    expect(test.post('account/position/margin-balance', { ...body, amt: 10 }).data[0]).toMatchObject({
      amt: '10',
      type: 'add',
    });
    expect(Number(test.get('account/positions').data[0]?.['margin'])).toBeCloseTo(before + 10, 8);
    expect(test.post('account/position/margin-balance', { ...body, type: 'reduce', amt: '11' }).code).toBe('59301');
    expect(test.post('account/position/margin-balance', { ...body, amt: '1000000' }).code).toBe('59303');
  });
});

describe('what else an account is asked', () => {
  it('tells configuration, fees, sizes and estimates in documented shape', () => {
    const test = paper();
    expect(test.get('account/config').data[0]).toMatchObject({
      acctLv: '2',
      posMode: 'net_mode',
      perm: 'read_only,trade',
    });
    expect(test.get('account/trade-fee', { instType: 'SWAP', uly: 'BTC-USDT' }).data[0]).toMatchObject({
      takerU: '-0.0005',
    });
    const [size] = test.get('account/max-size', { instId: BTC, tdMode: 'isolated' }).data;
    expect(Number(size?.['maxBuy'])).toBeGreaterThan(49);
    expect(Number(size?.['maxBuy'])).toBeLessThan(50);
    expect(test.get('account/max-avail-size', { instId: BTC, tdMode: 'isolated' }).data[0]?.['availBuy']).toBe('10000');
    place(test, { side: 'buy', sz: '1' });
    const [estimate] = test.get('account/adjust-leverage-info', {
      instType: 'SWAP',
      mgnMode: 'isolated',
      lever: '10',
      instId: BTC,
    }).data;
    expect(Number(estimate?.['estMgn'])).toBeCloseTo(60.006, 2);
    expect(estimate).toMatchObject({ maxLever: '100', minLever: '1', existOrd: false });
    expect(test.get('asset/currencies').data).toEqual([]);
  });

  it('the largest size that max-size names is taken, and one lot more is not', () => {
    const test = paper();
    const [size] = test.get('account/max-size', { instId: BTC, tdMode: 'isolated', px: '60000' }).data;
    const most = Number(size?.['maxBuy']);
    const order = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', px: '60000' };
    expect(test.post('trade/order', { ...order, sz: (most + 0.01).toFixed(2) }).data[0]?.['sCode']).toBe('51008');
    expect(test.post('trade/order', { ...order, sz: most.toFixed(2) }).data[0]?.['sCode']).toBe('0');
  });

  it('moves margin by hand to the last unit, of the side that the mode has', () => {
    const test = paper();
    place(test, { side: 'buy', sz: '1' });
    const margin = () => Math.round(Number(test.get('account/positions').data[0]?.['margin']) * 1e8);
    const before = margin();
    const add = (amt: string, posSide = 'net') =>
      test.post('account/position/margin-balance', { instId: BTC, posSide, type: 'add', amt }).code;
    expect([add('0.29'), add('1', 'long'), add('0.000000001')]).toEqual(['0', '51000', '51000']);
    expect(margin() - before).toBe(29_000_000);
  });

  it('pages fills by billId: after is older, before is newer, before alone the nearest', () => {
    const test = paper();
    for (let i = 0; i < 5; i++) place(test, { side: 'buy', sz: '0.01' });
    const ids = test.get('trade/fills').data.map(({ billId = '' }) => billId);
    const page = (query: Record<string, string>) => test.get('trade/fills', query).data.map(({ billId }) => billId);
    expect(page({ after: ids[1] ?? '' })).toEqual(ids.slice(2));
    expect(page({ before: ids[3] ?? '' })).toEqual(ids.slice(0, 3));
    expect(page({ before: ids[3] ?? '', limit: '1' })).toEqual([ids[2]]);
    expect(page({ limit: '2' })).toEqual(ids.slice(0, 2));
  });
});
