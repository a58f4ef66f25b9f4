import { describe, expect, it } from 'vitest';
import { accountOf, BTC, type PaperTest, paper } from '../../../test/paper.ts';

const ALGO = { instId: BTC, tdMode: 'isolated', side: 'sell', sz: '1', reduceOnly: true };
const STOP = { ...ALGO, ordType: 'conditional', slTriggerPx: '59000', slOrdPx: '-1' };
const OCO = { ...STOP, ordType: 'oco', tpTriggerPx: '61000', tpOrdPx: '-1' };

function market(test: PaperTest, side: string, sz: string, more: object = {}) {
  const body = { instId: BTC, tdMode: 'isolated', side, ordType: 'market', sz, ...more };
  return test.post('trade/order', body).data[0] ?? {};
}

function placeAlgo(test: PaperTest, body: object) {
  return test.post('trade/order-algo', body).data[0] ?? {};
}

function algo(test: PaperTest, algoId = '') {
  return test.get('trade/order-algo', { algoId }).data[0] ?? {};
}

const pending = (test: PaperTest, ordType = 'conditional,oco,trigger,move_order_stop') =>
  test.get('trade/orders-algo-pending', { ordType }).data;

const pos = (test: PaperTest) => test.get('account/positions').data[0]?.['pos'] ?? '0';

describe('a stop on the exchange', () => {
  it('sleeps, freezes nothing, and closes at market when the last price comes', () => {
    const test = paper();
    market(test, 'buy', '1');
    const before = test.get('account/balance').data[0]?.['details'];
    const { algoId } = placeAlgo(test, { ...STOP, algoClOrdId: 'stop1' });
    expect(test.get('account/balance').data[0]?.['details']).toEqual(before);
    expect(algo(test, algoId)).toMatchObject({
      state: 'live',
      slTriggerPx: '59000',
      slOrdPx: '-1',
      algoClOrdId: 'stop1',
    });
    test.price(BTC, '59000.1');
    expect(algo(test, algoId)['state']).toBe('live');
    test.price(BTC, '59000');
    const done = algo(test, algoId);
    expect(done).toMatchObject({ state: 'effective', actualSide: 'sl', actualSz: '1', failCode: '' });
    expect(pos(test)).toBe('0');
    const [order] = test.get('trade/orders-history', { instType: 'SWAP' }).data;
    expect(order).toMatchObject({
      ordId: done['ordId'],
      algoId,
      algoClOrdId: 'stop1',
      source: '7',
      reduceOnly: 'true',
    });
    expect(pending(test)).toEqual([]);
    expect(test.get('trade/orders-algo-history', { ordType: 'conditional', state: 'effective' }).data).toHaveLength(1);
  });

  it('follows the mark where it is told to, whatever the last price does', () => {
    const test = paper();
    market(test, 'buy', '1');
    placeAlgo(test, { ...STOP, slTriggerPxType: 'mark' });
    test.price(BTC, '58900', '59500');
    expect(pos(test)).toBe('1');
    test.price(BTC, '59400', '58999');
    expect(pos(test)).toBe('0');
  });

  it('sends a limit order where it has an order price', () => {
    const test = paper();
    market(test, 'buy', '1');
    placeAlgo(test, { ...STOP, slOrdPx: '59500' });
    test.price(BTC, '58990');
    expect(test.get('trade/orders-pending').data[0]).toMatchObject({ ordType: 'limit', px: '59500', source: '7' });
  });

  it('closes the whole position, whatever it is by then, with closeFraction 1', () => {
    const test = paper();
    market(test, 'buy', '1');
    const { sz: _, ...all } = { ...STOP, closeFraction: '1' };
    expect(placeAlgo(test, all)['sCode']).toBe('0');
    expect(placeAlgo(test, all)['sCode'], 'one a position').toBe('51088');
    expect(test.get('account/positions').data[0]?.['closeOrderAlgo']).toMatchObject([{ closeFraction: '1' }]);
    market(test, 'buy', '2');
    test.price(BTC, '58000');
    expect(pos(test)).toBe('0');
  });

  it('fails with the code of the order that was not taken', () => {
    const test = paper();
    market(test, 'buy', '1');
    const { algoId } = placeAlgo(test, STOP);
    test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated' });
    test.price(BTC, '58000');
    expect(algo(test, algoId)).toMatchObject({ state: 'order_failed', failCode: '51169' });
    expect(pos(test)).toBe('0');
  });

  it('ends with the position where it was told to', () => {
    const test = paper();
    market(test, 'buy', '1');
    const { algoId } = placeAlgo(test, { ...STOP, cxlOnClosePos: true });
    test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated' });
    expect(algo(test, algoId)['state']).toBe('canceled');
  });
});

describe('one of two', () => {
  it.each([
    ['61000', 'tp'],
    ['59000', 'sl'],
  ])('at %s it is the %s, and the other is gone', (price, actualSide) => {
    const test = paper();
    market(test, 'buy', '1');
    const { algoId } = placeAlgo(test, OCO);
    test.price(BTC, price);
    expect(algo(test, algoId)).toMatchObject({ state: 'effective', actualSide });
    test.price(BTC, price === '61000' ? '58000' : '62000');
    expect(test.get('trade/orders-history', { instType: 'SWAP' }).data).toHaveLength(2);
  });

  it('a buy stop lies above: mirrored for shorts', () => {
    const test = paper();
    market(test, 'sell', '1');
    placeAlgo(test, { ...OCO, side: 'buy', slTriggerPx: '61000', tpTriggerPx: '59000' });
    test.price(BTC, '61000');
    expect(pos(test)).toBe('0');
  });
});

describe('a trigger', () => {
  it('enters when its price is crossed from where the market stood', () => {
    const test = paper();
    const body = { ...ALGO, side: 'buy', ordType: 'trigger', triggerPx: '60500', orderPx: '-1', reduceOnly: false };
    const { algoId } = placeAlgo(test, { ...body, clOrdId: 'byOtherName' });
    expect(algo(test, algoId)).toMatchObject({
      triggerPx: '60500',
      ordPx: '-1',
      algoClOrdId: 'byOtherName',
      clOrdId: 'byOtherName',
    });
    test.price(BTC, '60499');
    expect(pos(test)).toBe('0');
    test.price(BTC, '60501');
    expect(pos(test)).toBe('1');
    expect(test.get('trade/orders-history', { instType: 'SWAP' }).data[0]).toMatchObject({ source: '6' });
  });
});

describe('a trailing stop', () => {
  it('follows the best price and fires when the market turns by its ratio', () => {
    const test = paper();
    market(test, 'buy', '1');
    const { algoId } = placeAlgo(test, { ...ALGO, ordType: 'move_order_stop', callbackRatio: '0.01' });
    for (const last of ['60000', '61000', '60400']) test.price(BTC, last);
    expect(algo(test, algoId)).toMatchObject({ state: 'live', moveTriggerPx: '60390', callbackRatio: '0.01' });
    test.price(BTC, '60390');
    expect(algo(test, algoId)['state']).toBe('effective');
    expect(test.get('trade/orders-history', { instType: 'SWAP' }).data[0]).toMatchObject({ source: '25' });
  });

  it('waits for its activation', () => {
    const test = paper();
    market(test, 'buy', '1');
    placeAlgo(test, { ...ALGO, ordType: 'move_order_stop', callbackSpread: '100', activePx: '60500' });
    for (const last of ['60400', '60200']) test.price(BTC, last);
    expect(pos(test)).toBe('1');
    for (const last of ['60500', '60400']) test.price(BTC, last);
    expect(pos(test)).toBe('0');
  });
});

describe('attached take-profit and stop', () => {
  const attachAlgoOrds = [
    { tpTriggerPx: '61000', tpOrdPx: '-1', slTriggerPx: '58000', slOrdPx: '-1', attachAlgoClOrdId: 'mine' },
  ];

  it('come into being when the order is completely filled, as one of two', () => {
    const test = paper();
    const body = {
      instId: BTC,
      tdMode: 'isolated',
      side: 'buy',
      ordType: 'limit',
      px: '59500',
      sz: '2',
      attachAlgoOrds,
    };
    const { ordId = '' } = test.post('trade/order', body).data[0] ?? {};
    expect(pending(test)).toEqual([]);
    const [shown] = (test.get('trade/order', { instId: BTC, ordId }).data[0]?.['attachAlgoOrds'] ??
      []) as unknown as object[];
    expect(shown).toMatchObject({ attachAlgoClOrdId: 'mine', tpTriggerPx: '61000', slOrdPx: '-1' });
    test.price(BTC, '59499');
    expect(pending(test)).toMatchObject([
      { ordType: 'oco', algoClOrdId: 'mine', side: 'sell', sz: '2', reduceOnly: 'true' },
    ]);
    test.price(BTC, '58000');
    expect(pos(test)).toBe('0');
    expect(pending(test)).toEqual([]);
  });

  it('never come of an order that was cancelled after a partial fill', () => {
    const test = paper({ fillModel: { participation: 1 } });
    const body = {
      instId: BTC,
      tdMode: 'isolated',
      side: 'buy',
      ordType: 'limit',
      px: '59500',
      sz: '2',
      attachAlgoOrds,
    };
    const { ordId = '' } = test.post('trade/order', body).data[0] ?? {};
    const { floor } = test.exchange;
    floor.setPrice(floor.listingOf(BTC), 594_999, 594_999, 100);
    expect(pos(test)).toBe('1');
    test.post('trade/cancel-order', { instId: BTC, ordId });
    expect(pending(test)).toEqual([]);
  });

  it('wake once: the end of the position that they bring is no cancellation of them', () => {
    const test = paper();
    const heard = test.socket('business');
    heard.logIn();
    heard.say({ op: 'subscribe', args: [{ channel: 'orders-algo', instType: 'SWAP' }] });
    heard.take();
    market(test, 'buy', '1', { attachAlgoOrds });
    test.price(BTC, '57999');
    expect(heard.take().map(({ data }) => data?.[0]?.['state'])).toEqual(['live', 'effective']);
    expect(pos(test)).toBe('0');
  });

  it('end with the position that they belong to', () => {
    const test = paper();
    market(test, 'buy', '1', { attachAlgoOrds });
    expect(pending(test)).toHaveLength(1);
    test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated' });
    expect(pending(test)).toEqual([]);
  });

  it('are amended through their order', () => {
    const test = paper();
    const body = {
      instId: BTC,
      tdMode: 'isolated',
      side: 'buy',
      ordType: 'limit',
      px: '59500',
      sz: '2',
      attachAlgoOrds,
    };
    const { ordId = '' } = test.post('trade/order', body).data[0] ?? {};
    const change = { attachAlgoClOrdId: 'mine', newSlTriggerPx: '58500', newSlOrdPx: '-1' };
    expect(test.post('trade/amend-order', { instId: BTC, ordId, attachAlgoOrds: [change] }).data[0]?.['sCode']).toBe(
      '0',
    );
    expect(test.get('trade/order', { instId: BTC, ordId }).data[0]).toMatchObject({
      slTriggerPx: '58500',
      tpTriggerPx: '61000',
    });
    const wrong = { ...change, attachAlgoClOrdId: 'other' };
    expect(test.post('trade/amend-order', { instId: BTC, ordId, attachAlgoOrds: [wrong] }).data[0]?.['sCode']).toBe(
      '51527',
    );
  });
});

describe('an amendment of an order with attached ones', () => {
  const own = { attachAlgoClOrdId: 'mine', slTriggerPx: '58000', slOrdPx: '-1', tpTriggerPx: '61000', tpOrdPx: '-1' };
  const body = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', px: '59500', sz: '2' };
  const amend = (test: PaperTest, ordId: string, change: object) =>
    test.post('trade/amend-order', { instId: BTC, ordId, ...change }).data[0]?.['sCode'];

  it.each([
    ['its size has no margin', { newSz: '60' }, [], '51008'],
    ['its price is out of the limits', { newPx: '90000' }, [], '51006'],
    [
      'another one of them is unknown',
      {},
      [{ attachAlgoClOrdId: 'no', newSlTriggerPx: '1', newSlOrdPx: '-1' }],
      '51527',
    ],
    [
      'another one of them is on the wrong side',
      {},
      [{ attachAlgoClOrdId: 'mine', newSlTriggerPx: '59500', newSlOrdPx: '-1' }],
      '51047',
    ],
    ['they are on the wrong side of its new price', { newPx: '58500' }, [], '51047'],
  ] as const)('changes none of them where %s', (_why, change, others, sCode) => {
    const test = paper();
    const { ordId = '' } = test.post('trade/order', { ...body, attachAlgoOrds: [own] }).data[0] ?? {};
    const attachAlgoOrds = [{ attachAlgoClOrdId: 'mine', newSlTriggerPx: '58500', newSlOrdPx: '-1' }, ...others];
    expect(amend(test, ordId, { ...change, attachAlgoOrds })).toBe(sCode);
    expect(test.get('trade/order', { instId: BTC, ordId }).data[0]).toMatchObject({ sz: '2', slTriggerPx: '58000' });
  });

  it('leaves them as they are where it names none', () => {
    const test = paper();
    const { ordId = '' } = test.post('trade/order', { ...body, attachAlgoOrds: [own] }).data[0] ?? {};
    expect(amend(test, ordId, { newSz: '3', attachAlgoOrds: '' }), 'as python-okx sends it').toBe('0');
    expect(amend(test, ordId, { newSz: '4', attachAlgoOrds: 'mine' })).toBe('51000');
    expect(test.get('trade/order', { instId: BTC, ordId }).data[0]).toMatchObject({ sz: '3', slTriggerPx: '58000' });
    expect(test.post('trade/order', { ...body, attachAlgoOrds: '' }).data[0]?.['sCode']).toBe('0');
  });

  it('whose stop was to follow the first take-profit to the entry is refused: no stop here does', () => {
    const test = paper();
    const attachAlgoOrds = [{ ...own, amendPxOnTriggerType: '1' }];
    expect(test.post('trade/order', { ...body, attachAlgoOrds }).data[0]).toMatchObject({
      sCode: '51000',
      sMsg: 'Parameter amendPxOnTriggerType error',
    });
  });

  it('takes one away with a price of 0', () => {
    const test = paper();
    const { ordId = '' } = test.post('trade/order', { ...body, attachAlgoOrds: [own] }).data[0] ?? {};
    const change = { attachAlgoClOrdId: 'mine', newTpTriggerPx: '0', newTpOrdPx: '0' };
    expect(amend(test, ordId, { attachAlgoOrds: [change] })).toBe('0');
    test.price(BTC, '59499');
    expect(pending(test)).toMatchObject([{ ordType: 'conditional', slTriggerPx: '58000', tpTriggerPx: '' }]);
  });
});

describe('lists of algo orders', () => {
  /** Page by page, one row each. */
  function paged(test: PaperTest, path: string, query: Record<string, string>): string[] {
    const ids: string[] = [];
    for (let after = ''; ; ) {
      const [row] = test.get(path, { ...query, limit: '1', ...(after === '' ? {} : { after }) }).data;
      if (row === undefined) return ids;
      ids.push((after = row['algoId'] ?? ''));
    }
  }

  it('are told whole page by page, whatever came first into being and to its end', () => {
    const test = paper();
    const attachAlgoOrds = [{ slTriggerPx: '57000', slOrdPx: '-1' }];
    const entry = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', px: '59500', sz: '1' };
    test.post('trade/order', { ...entry, attachAlgoOrds });
    const stops = [1, 2, 3].map(() => placeAlgo(test, { ...STOP, slTriggerPx: '58000' })['algoId'] ?? '');
    test.price(BTC, '59499');
    const query = { ordType: 'conditional' };
    expect(paged(test, 'trade/orders-algo-pending', query)).toHaveLength(4);
    for (const algoId of [stops[2], stops[0], stops[1]]) test.post('trade/cancel-algos', [{ instId: BTC, algoId }]);
    const past = paged(test, 'trade/orders-algo-history', { ...query, state: 'canceled' });
    expect(past).toEqual(stops.toReversed());
  });
});

describe('amending and cancelling algo orders', () => {
  it('moves a stop, cancels it, and a second time it is gone', () => {
    const test = paper();
    market(test, 'buy', '1');
    const { algoId } = placeAlgo(test, STOP);
    const amended = test.post('trade/amend-algos', { instId: BTC, algoId, newSlTriggerPx: '59500', reqId: 'r' });
    expect(amended.data[0]).toMatchObject({ algoId, reqId: 'r', sCode: '0' });
    expect(algo(test, algoId)).toMatchObject({ slTriggerPx: '59500', slOrdPx: '-1' });
    const passed = test.post('trade/amend-algos', { instId: BTC, algoId, newSlTriggerPx: '60100' });
    expect(passed.data[0]?.['sCode'], 'a stop moved to where the price is would wake at once').toBe('51280');
    expect(algo(test, algoId)).toMatchObject({ slTriggerPx: '59500', state: 'live' });
    expect(test.post('trade/cancel-algos', [{ instId: BTC, algoId }]).data[0]).toMatchObject({ algoId, sCode: '0' });
    expect(test.post('trade/cancel-algos', [{ instId: BTC, algoId }])).toMatchObject({
      code: '1',
      data: [{ sCode: '51400' }],
    });
    expect(test.post('trade/amend-algos', { instId: BTC, algoId, newSz: '2' }).data[0]?.['sCode']).toBe('51527');
  });

  it.each([
    ['a sell’s stop above the last price', 'sell', 'sl', 'last', '60100', '51280'],
    ['a sell’s stop above the mark', 'sell', 'sl', 'mark', '60100', '51304'],
    ['a sell’s stop above the index', 'sell', 'sl', 'index', '60100', '51308'],
    ['a sell’s target below the mark', 'sell', 'tp', 'mark', '59900', '51303'],
    ['a buy’s stop below the last price', 'buy', 'sl', 'last', '59900', '51278'],
    ['a buy’s stop below the mark', 'buy', 'sl', 'mark', '59900', '51302'],
    ['a buy’s stop below the index', 'buy', 'sl', 'index', '59900', '51306'],
    ['a buy’s target above the mark', 'buy', 'tp', 'mark', '60100', '51300'],
  ] as const)('refuses %s as OKX words it', (_what, side, word, by, px, sCode) => {
    const trigger = { [`${word}TriggerPx`]: px, [`${word}OrdPx`]: '-1', [`${word}TriggerPxType`]: by };
    expect(placeAlgo(paper(), { ...ALGO, side, ordType: 'conditional', ...trigger })['sCode']).toBe(sCode);
  });

  it.each([
    ['a stop without its order price', { ...STOP, slOrdPx: '' }, '50014'],
    ['one of two with one', { ...OCO, tpTriggerPx: '', tpOrdPx: '' }, '50014'],
    ['a trail without a distance', { ...ALGO, ordType: 'move_order_stop' }, '50015'],
    [
      'a trail with two distances',
      { ...ALGO, ordType: 'move_order_stop', callbackRatio: '0.01', callbackSpread: '5' },
      '50024',
    ],
    ['a trail of too little', { ...ALGO, ordType: 'move_order_stop', callbackRatio: '0.0001' }, '51257'],
    ['closing half', { ...STOP, sz: '', closeFraction: '0.5' }, '51000'],
    ['closing all and some', { ...STOP, closeFraction: '1' }, '50024'],
    ['closing all, but not only reducing', { ...STOP, sz: '', closeFraction: '1', reduceOnly: false }, '51328'],
    ['closing all at a price', { ...STOP, sz: '', closeFraction: '1', slOrdPx: '58000' }, '51330'],
    ['a trigger that only reduces', { ...ALGO, ordType: 'trigger', triggerPx: '58000', orderPx: '-1' }, '51205'],
    ['an unknown type', { ...STOP, ordType: 'twap' }, '51000'],
    ['a size off the lot', { ...STOP, sz: '0.001' }, '51121'],
  ] as const)('refuses %s', (_what, body, sCode) => {
    expect(placeAlgo(paper(), body)).toMatchObject({ sCode, algoId: '' });
  });

  it('refuses an id in use, and more than 100 of a kind', () => {
    const test = paper({ accounts: [accountOf('a', 10_000)] });
    placeAlgo(test, { ...STOP, algoClOrdId: 'one' });
    expect(placeAlgo(test, { ...STOP, algoClOrdId: 'one' })['sCode']).toBe('51065');
    for (let i = 1; i < 100; i++) placeAlgo(test, STOP);
    expect(placeAlgo(test, STOP)['sCode']).toBe('51261');
    expect(placeAlgo(test, OCO)['sCode']).toBe('0');
  });
});
