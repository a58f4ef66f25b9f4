import { describe, expect, it } from 'vitest';
import { accountOf, BTC, ETH, NOW, type PaperTest, paper } from '../../../test/paper.ts';

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59000' };
const MARKET = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '1' };

function place(test: PaperTest, order: object, key?: string) {
  const answered = test.post('trade/order', order, key);
  return {
    code: answered.code,
    ...(answered.data[0] as { ordId: string; sCode: string; sMsg: string; subCode: string }),
  };
}

function order(test: PaperTest, ordId: string) {
  return test.get('trade/order', { instId: BTC, ordId }).data[0] ?? {};
}

describe('an order is rejected with the code that OKX gives', () => {
  const long = (test: PaperTest) => test.post('trade/order', { ...MARKET, sz: '2' });
  it.each([
    // what is wrong                      order                                        before     sCode
    ['an unknown instrument', { ...LIMIT, instId: 'NO-USDT-SWAP' }, undefined, '51001'],
    ['no instrument', { ...LIMIT, instId: '' }, undefined, '50014'],
    ['no size', { ...LIMIT, sz: undefined }, undefined, '50014'],
    ['a size of nothing', { ...LIMIT, sz: '0' }, undefined, '51000'],
    ['a negative size', { ...LIMIT, sz: '-1' }, undefined, '51000'],
    ['a size with an exponent', { ...LIMIT, sz: '1e2' }, undefined, '51000'],
    ['a size off the lot', { ...LIMIT, sz: '1.005' }, undefined, '51121'],
    ['a size below the minimum', { ...LIMIT, sz: '0.001' }, undefined, '51121'],
    ['a price off the tick', { ...LIMIT, px: '59000.05' }, undefined, '51150'],
    ['no price', { ...LIMIT, px: '' }, undefined, '51204'],
    ['a buy above the price limit', { ...LIMIT, px: '61200.1' }, undefined, '51006'],
    ['a sell below the price limit', { ...LIMIT, side: 'sell', px: '58799.9' }, undefined, '51006'],
    ['more than the largest market order', { ...MARKET, sz: '12001' }, undefined, '51202'],
    ['more than the largest limit order', { ...LIMIT, sz: '100000001' }, undefined, '51101'],
    ['a value above the largest', { ...LIMIT, sz: '40000' }, undefined, '51005'],
    ['more than the margin pays for', { ...LIMIT, sz: '51' }, undefined, '51008'],
    ['more than the tier holds', { ...LIMIT, sz: '2501' }, (t: PaperTest) => leverage(t, '100'), '51004'],
    ['a size off the minimum where lots are whole', { ...LIMIT, sz: '0' }, undefined, '51000'],
    ['no margin mode', { ...LIMIT, tdMode: '' }, undefined, '50014'],
    ['cash for a swap', { ...LIMIT, tdMode: 'cash' }, undefined, '51000'],
    ['a side that is none', { ...LIMIT, side: 'long' }, undefined, '51000'],
    ['a type that is none', { ...LIMIT, ordType: 'stop' }, undefined, '51000'],
    ['long in net mode', { ...LIMIT, posSide: 'long' }, undefined, '51000'],
    ['a client id with a dash', { ...LIMIT, clOrdId: 'a-1' }, undefined, '51000'],
    ['a client id of 33 letters', { ...LIMIT, clOrdId: 'a'.repeat(33) }, undefined, '51000'],
    ['a tag of 17 letters', { ...LIMIT, tag: 'a'.repeat(17) }, undefined, '51000'],
    [
      'a client id in use',
      { ...LIMIT, clOrdId: 'a1' },
      (t: PaperTest) => place(t, { ...LIMIT, clOrdId: 'a1' }),
      '51016',
    ],
    ['reduce-only without a position', { ...MARKET, reduceOnly: true }, undefined, '51169'],
    ['reduce-only on the side of the position', { ...MARKET, reduceOnly: 'true' }, long, '51170'],
    ['a stop above a buy', { ...LIMIT, slTriggerPx: '59500', slOrdPx: '-1' }, undefined, '51047'],
    [
      'a take-profit below a buy',
      { ...LIMIT, attachAlgoOrds: [{ tpTriggerPx: '58000', tpOrdPx: '-1' }] },
      undefined,
      '51046',
    ],
    ['a trigger without its order price', { ...LIMIT, attachAlgoOrds: [{ slTriggerPx: '58000' }] }, undefined, '50014'],
    [
      'a stop on a reduce-only order',
      { ...LIMIT, side: 'sell', px: '61000', reduceOnly: true, slTriggerPx: '62000', slOrdPx: '-1' },
      long,
      '51100',
    ],
  ] as const)('%s', (_what, body, before, sCode) => {
    const test = paper();
    before?.(test);
    const answered = place(test, body);
    expect([answered.code, answered.sCode, answered.ordId]).toEqual(['1', sCode, '']);
  });

  it('says in which price limits an order must be, with commas', () => {
    expect(place(paper(), { ...LIMIT, px: '70000' }).sMsg).toBe(
      'Order price is not within the price limit (max buy price: 61,200, min sell price: 58,800)',
    );
  });

  it('refines a lack of margin by subCode', () => {
    expect(place(paper(), { ...LIMIT, sz: '51' })).toMatchObject({ sCode: '51008', subCode: '1000' });
  });

  it('puts a price outside the limits on them where the client asks for it', () => {
    const test = paper();
    const { ordId } = place(test, { ...LIMIT, px: '70000', pxAmendType: '1' });
    expect(order(test, ordId)['px']).toBe('61200');
    const resting = place(test, { ...LIMIT, side: 'sell', px: '61000' }).ordId;
    const amend = { instId: BTC, ordId: resting, newPx: '50000' };
    expect(test.post('trade/amend-order', amend).data[0]).toMatchObject({ sCode: '51006' });
    expect(test.post('trade/amend-order', { ...amend, pxAmendType: '1' }).data[0]).toMatchObject({ sCode: '0' });
    expect(Number(order(test, resting)['avgPx']), 'it takes, at the touch').toBeGreaterThanOrEqual(58_800);
  });

  it('never shows a rejected order anywhere', () => {
    const test = paper();
    place(test, { ...LIMIT, sz: '51', clOrdId: 'gone' });
    expect(test.get('trade/orders-pending').data).toEqual([]);
    expect(test.get('trade/orders-history', { instType: 'SWAP' }).data).toEqual([]);
    expect(test.get('trade/order', { instId: BTC, clOrdId: 'gone' }).code).toBe('51603');
  });

  it('allows 500 open orders in one instrument', () => {
    const test = paper({ accounts: [accountOf('a', 10_000_000)] });
    const batch = Array.from({ length: 20 }, () => ({ ...LIMIT, sz: '0.01' }));
    for (let i = 0; i < 25; i++) expect(test.post('trade/batch-orders', batch).code).toBe('0');
    expect(place(test, LIMIT).sCode).toBe('51102');
    expect(place(test, { ...LIMIT, instId: ETH, px: '2990' }).sCode).toBe('0');
  });
});

describe('numbers and truths as clients send them', () => {
  it('takes numbers as numbers and truths as texts', () => {
    const test = paper();
    const { ordId } = place(test, { ...LIMIT, sz: 1, px: 59000.5, reduceOnly: 'false', unknown: { key: 1 } });
    expect(order(test, ordId)).toMatchObject({ sz: '1', px: '59000.5', reduceOnly: 'false' });
  });
});

describe('the life of an order', () => {
  it('rests, is partly filled, filled, with fees and average', () => {
    const test = paper();
    const { ordId } = place(test, { ...LIMIT, clOrdId: 'life1', tag: 'mine' });
    expect(order(test, ordId)).toMatchObject({
      state: 'live',
      avgPx: '',
      fillSz: '0',
      tradeId: '',
      tag: 'mine',
      fee: '0',
    });
    test.price(BTC, '58999.9');
    const filled = order(test, ordId);
    expect(filled).toMatchObject({ state: 'filled', accFillSz: '1', avgPx: '59000', fee: '-0.118', feeCcy: 'USDT' });
    expect(test.get('trade/orders-pending').data).toEqual([]);
    expect(test.get('trade/orders-history', { instType: 'SWAP', state: 'filled' }).data[0]).toEqual(filled);
    const [fill] = test.get('trade/fills').data;
    expect(fill).toMatchObject({
      ordId,
      execType: 'M',
      fillPx: '59000',
      fee: '-0.118',
      feeRate: '-0.0002',
      subType: '1',
    });
    expect(fill?.['tradeId']).toBe(filled['tradeId']);
  });

  it('a post-only order that would take ends with cancelSource 31, an IOC with 14, a FOK with 13', () => {
    const test = paper({ fillModel: { depthUsdtMin: 1_000 } });
    const states = [
      { ...LIMIT, ordType: 'post_only', px: '60001' },
      { ...LIMIT, ordType: 'ioc', px: '59000' },
      { ...LIMIT, ordType: 'fok', px: '60500', sz: '10' },
    ].map((body) => order(test, place(test, body).ordId));
    expect(states.map(({ state, cancelSource }) => [state, cancelSource])).toEqual([
      ['canceled', '31'],
      ['canceled', '14'],
      ['canceled', '13'],
    ]);
  });

  it('a market IOC takes what there is and ends', () => {
    const test = paper({ fillModel: { depthUsdtMin: 1_200 } });
    const { ordId } = place(test, { ...MARKET, ordType: 'optimal_limit_ioc', sz: '10' });
    expect(order(test, ordId)).toMatchObject({ state: 'canceled', cancelSource: '14', accFillSz: '2', px: '' });
  });

  it('the same client id may come again once its order has ended, and names the latest', () => {
    const test = paper();
    const first = place(test, { ...LIMIT, clOrdId: 'again' }).ordId;
    test.post('trade/cancel-order', { instId: BTC, clOrdId: 'again' });
    const second = place(test, { ...LIMIT, clOrdId: 'again' }).ordId;
    expect(second).not.toBe(first);
    expect(test.get('trade/order', { instId: BTC, clOrdId: 'again' }).data[0]?.['ordId']).toBe(second);
  });

  it('cancels once; a second time it is 51400', () => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    expect(test.post('trade/cancel-order', { instId: BTC, ordId }).data[0]).toMatchObject({ ordId, sCode: '0' });
    expect(order(test, ordId)).toMatchObject({ state: 'canceled', cancelSource: '1' });
    expect(test.post('trade/cancel-order', { instId: BTC, ordId }).data[0]).toMatchObject({ sCode: '51400' });
    expect(test.post('trade/cancel-order', { instId: BTC }).data[0]).toMatchObject({ sCode: '51003' });
  });

  it('forgets orders that were cancelled unfilled after two hours', () => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    test.post('trade/cancel-order', { instId: BTC, ordId });
    test.pass(7_200_000);
    expect(test.get('trade/orders-history', { instType: 'SWAP' }).data).toHaveLength(1);
    test.pass(1);
    expect(test.get('trade/orders-history', { instType: 'SWAP' }).data).toHaveLength(0);
    expect(test.get('trade/order', { instId: BTC, ordId }).code).toBe('51603');
  });
});

describe('amending', () => {
  it('changes price and size; the size is the total', () => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    const ack = test.post('trade/amend-order', { instId: BTC, ordId, newSz: '2', newPx: '58900', reqId: 'r1' });
    expect(ack.data[0]).toMatchObject({ ordId, reqId: 'r1', sCode: '0' });
    expect(order(test, ordId)).toMatchObject({ sz: '2', px: '58900', state: 'live' });
  });

  it.each([
    [{}, '51500'],
    [{ newPx: '70000' }, '51006'],
    [{ newSz: '51' }, '51008'],
    [{ newSz: '1.001' }, '51121'],
  ] as const)('refuses %j with %s and leaves the order alone', (change, sCode) => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    expect(test.post('trade/amend-order', { instId: BTC, ordId, ...change }).data[0]?.['sCode']).toBe(sCode);
    expect(order(test, ordId)).toMatchObject({ sz: '1', px: '59000', state: 'live' });
  });

  it('ends an order that can not be amended where cxlOnFail says so', () => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    test.post('trade/amend-order', { instId: BTC, ordId, newSz: '51', cxlOnFail: true });
    expect(order(test, ordId)).toMatchObject({ state: 'canceled' });
  });

  it('an order whose new size it has filled already is filled', () => {
    const test = paper({ fillModel: { participation: 1 } });
    const { ordId } = place(test, { ...LIMIT, sz: '5' });
    const { floor } = test.exchange;
    floor.setPrice(floor.listingOf(BTC), 589_999, 589_999, 200);
    expect(order(test, ordId)).toMatchObject({ state: 'partially_filled', accFillSz: '2' });
    test.post('trade/amend-order', { instId: BTC, ordId, newSz: '1' });
    expect(order(test, ordId)).toMatchObject({ state: 'filled', sz: '2', accFillSz: '2' });
  });
});

describe('batches', () => {
  it('judges each row by itself, in order: code 0, 1 or 2', () => {
    const test = paper();
    const bad = { ...LIMIT, sz: '1.001' };
    const codes = [
      [LIMIT, LIMIT],
      [bad, bad],
      [LIMIT, bad],
    ].map((rows) => {
      const answered = test.post('trade/batch-orders', rows);
      return [answered.code, ...answered.data.map(({ sCode }) => sCode)];
    });
    expect(codes).toEqual([
      ['0', '0', '0'],
      ['1', '51121', '51121'],
      ['2', '0', '51121'],
    ]);
  });

  it('cancels and amends in batches too', () => {
    const test = paper();
    const placed = test.post('trade/batch-orders', [LIMIT, LIMIT]).data.map(({ ordId = '' }) => ordId);
    const amended = placed.map((ordId) => ({ instId: BTC, ordId, newPx: '58000' }));
    expect(test.post('trade/amend-batch-orders', amended).code).toBe('0');
    expect(order(test, placed[1] ?? '')['px']).toBe('58000');
    const names = [...placed, 'none'].map((ordId) => ({ instId: BTC, ordId }));
    expect(test.post('trade/cancel-batch-orders', names).data.map(({ sCode }) => sCode)).toEqual(['0', '0', '51400']);
  });
});

describe('closing', () => {
  it('sends the whole position to the market', () => {
    const test = paper();
    place(test, { ...MARKET, sz: '3' });
    expect(test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated' }).data[0]).toMatchObject({
      posSide: 'net',
    });
    expect(test.get('account/positions').data).toEqual([]);
    const [flat] = test.get('account/positions', { instId: BTC }).data;
    expect(flat, 'asked by name, a closed position is shown flat').toMatchObject({ pos: '0', avgPx: '', liqPx: '' });
    const [closed] = test.get('account/positions-history').data;
    expect(closed).toMatchObject({ type: '2', direction: 'long', openMaxPos: '3', closeTotalPos: '3', lever: '3.0' });
  });

  it('waits for pending closing orders unless it may cancel them', () => {
    const test = paper();
    place(test, { ...MARKET, sz: '3' });
    place(test, { ...LIMIT, side: 'sell', px: '61000', reduceOnly: true });
    expect(test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated' }).code).toBe('51115');
    expect(test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated', autoCxl: 'true' }).code).toBe('0');
    expect(test.get('trade/orders-pending').data).toEqual([]);
    expect(test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated' }).code).toBe('51023');
  });

  it('an order against the position reduces it and then turns it round', () => {
    const test = paper();
    place(test, { ...MARKET, sz: '2' });
    place(test, { ...MARKET, side: 'sell', sz: '3' });
    expect(test.get('account/positions').data.map(({ pos }) => pos)).toEqual(['-1']);
    expect(test.get('account/positions-history').data[0]).toMatchObject({
      closeTotalPos: '2',
      direction: 'long',
      type: '2',
    });
  });

  it('a reduce-only order is cut to the position and never turns it round', () => {
    const test = paper();
    place(test, { ...MARKET, sz: '2' });
    const { ordId } = place(test, { ...MARKET, side: 'sell', sz: '3', reduceOnly: true });
    expect(order(test, ordId)).toMatchObject({ state: 'filled', sz: '2', accFillSz: '2', reduceOnly: 'true' });
    expect(test.get('account/positions').data).toEqual([]);
  });
});

describe('modes', () => {
  it('long and short stand side by side in long/short mode, and closing orders only close', () => {
    const test = paper();
    expect(test.post('account/set-position-mode', { posMode: 'long_short_mode' }).data).toEqual([
      { posMode: 'long_short_mode' },
    ]);
    expect(place(test, MARKET).sCode).toBe('51000');
    expect(place(test, { ...MARKET, posSide: 'net' }).sCode).toBe('51000');
    place(test, { ...MARKET, posSide: 'long', sz: '2' });
    place(test, { ...MARKET, posSide: 'short', side: 'sell' });
    expect(test.get('account/positions').data.map(({ posSide, pos, availPos }) => [posSide, pos, availPos])).toEqual([
      ['long', '2', '2'],
      ['short', '1', '1'],
    ]);
    place(test, { ...MARKET, posSide: 'long', side: 'sell', sz: '5' });
    expect(test.get('account/positions').data.map(({ posSide }) => posSide)).toEqual(['short']);
    expect(test.post('account/set-position-mode', { posMode: 'net_mode' }).code).toBe('59000');
  });

  it('cross margin has one leverage for both sides, also where it was set before the mode', () => {
    const test = paper();
    test.post('account/set-leverage', { instId: BTC, mgnMode: 'cross', lever: '20' });
    test.post('account/set-position-mode', { posMode: 'long_short_mode' });
    const rows = test.get('account/leverage-info', { instId: BTC, mgnMode: 'cross' }).data;
    expect(rows.map(({ posSide, lever }) => [posSide, lever])).toEqual([
      ['long', '20'],
      ['short', '20'],
    ]);
  });

  it('isolated and cross positions of one instrument stand side by side', () => {
    const test = paper();
    place(test, MARKET);
    place(test, { ...MARKET, tdMode: 'cross', side: 'sell' });
    const rows = test.get('account/positions', { instId: BTC }).data;
    expect(rows.map(({ mgnMode, pos, margin, imr }) => [mgnMode, pos, margin === '', imr === ''])).toEqual([
      ['isolated', '1', false, true],
      ['cross', '-1', true, false],
    ]);
  });
});

describe('leverage', () => {
  it('is set, read back, and changes the margin of an open position', () => {
    const test = paper();
    expect(leverage(test, '5').data[0]).toEqual({ lever: '5', mgnMode: 'isolated', instId: BTC, posSide: 'net' });
    place(test, MARKET);
    expect(test.get('account/leverage-info', { instId: BTC, mgnMode: 'isolated' }).data[0]).toMatchObject({
      lever: '5',
    });
    const before = Number(test.get('account/positions').data[0]?.['margin']);
    leverage(test, '10');
    expect(Number(test.get('account/positions').data[0]?.['margin'])).toBeCloseTo(before / 2, 6);
  });

  it.each([
    [{ lever: '101' }, '59102'],
    [{ lever: '0.5' }, '59105'],
    [{ lever: '2.5' }, '51000'],
    [{ lever: '5', posSide: 'short' }, '51000'],
    [{ lever: '5', mgnMode: 'none' }, '51000'],
  ] as const)('refuses %j with %s', (change, code) => {
    expect(paper().post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', ...change }).code).toBe(code);
  });

  it('does not change under open orders (59101), nor cross ones (59107), nor without the money (59103)', () => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    expect(leverage(test, '5').code).toBe('59101');
    test.post('trade/cancel-order', { instId: BTC, ordId });
    place(test, { ...LIMIT, tdMode: 'cross' });
    expect(test.post('account/set-leverage', { instId: BTC, mgnMode: 'cross', lever: '5' }).code).toBe('59107');
    place(test, { ...MARKET, sz: '40' });
    expect(leverage(test, '1').code).toBe('59103');
  });

  it('does not change while a stop sleeps, with a position or without (59000)', () => {
    const test = paper();
    const stop = { instId: BTC, tdMode: 'isolated', side: 'sell', sz: '1', reduceOnly: true };
    const asleep = { ...stop, ordType: 'conditional', slTriggerPx: '58000', slOrdPx: '-1' };
    const [row] = test.post('trade/order-algo', asleep).data;
    expect(leverage(test, '5').code).toBe('59000');
    expect(test.post('account/set-leverage', { instId: BTC, mgnMode: 'cross', lever: '5' }).code).toBe('0');
    test.post('trade/cancel-algos', [{ instId: BTC, algoId: row?.['algoId'] }]);
    expect(leverage(test, '5').code).toBe('0');
  });

  it('is one for each side in long/short mode', () => {
    const test = paper();
    test.post('account/set-position-mode', { posMode: 'long_short_mode' });
    expect(leverage(test, '7').code).toBe('51000');
    test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever: '7', posSide: 'short' });
    const rows = test.get('account/leverage-info', { instId: BTC, mgnMode: 'isolated' }).data;
    expect(rows.map(({ posSide, lever }) => [posSide, lever])).toEqual([
      ['long', '3'],
      ['short', '7'],
    ]);
  });
});

describe('cancel-all-after', () => {
  it('ends every order when nobody speaks up, and none when somebody does', () => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    const armed = test.post('trade/cancel-all-after', { timeOut: 10 }).data[0];
    expect(armed).toMatchObject({ triggerTime: String(NOW + 10_000) });
    test.pass(5_000);
    test.post('trade/cancel-all-after', { timeOut: '10' });
    test.pass(9_999);
    expect(order(test, ordId)['state']).toBe('live');
    test.pass(1);
    expect(order(test, ordId)).toMatchObject({ state: 'canceled', cancelSource: '20' });
  });

  it('is switched off by 0, and takes nothing between 0 and 10 s', () => {
    const test = paper();
    const { ordId } = place(test, LIMIT);
    test.post('trade/cancel-all-after', { timeOut: '10' });
    expect(test.post('trade/cancel-all-after', { timeOut: '0' }).data[0]).toMatchObject({ triggerTime: '0' });
    test.pass(60_000);
    expect(order(test, ordId)['state']).toBe('live');
    expect(test.post('trade/cancel-all-after', { timeOut: '5' }).code).toBe('51000');
  });
});

describe('accounts', () => {
  it('see nothing of each other', () => {
    const test = paper({ accounts: [accountOf('a', 10_000), accountOf('b', 10_000)] });
    const { ordId } = place(test, { ...MARKET, clOrdId: 'same' }, 'a');
    expect(place(test, { ...LIMIT, clOrdId: 'same' }, 'b').sCode).toBe('0');
    expect(test.get('account/positions', {}, 'b').data).toEqual([]);
    expect(test.get('trade/fills', {}, 'b').data).toEqual([]);
    expect(test.get('trade/order', { instId: BTC, ordId }, 'b').code).toBe('51603');
    expect(test.post('trade/cancel-order', { instId: BTC, ordId }, 'b').data[0]?.['sCode']).toBe('51400');
    expect(test.get('account/balance', {}, 'b').data[0]?.['totalEq']).toBe('10000');
  });
});

function leverage(test: PaperTest, lever: string) {
  return test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever });
}
