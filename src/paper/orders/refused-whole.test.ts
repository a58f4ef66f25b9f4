/** A request that is refused has changed nothing, and what is taken can be carried out. */
import { describe, expect, it } from 'vitest';
import { accountOf, BTC, type PaperTest, paper } from '../../../test/paper.ts';

const MARKET = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '1' };
const LIMIT = { ...MARKET, ordType: 'limit', px: '59000' };
const TARGET = { ...LIMIT, side: 'sell', px: '61000', reduceOnly: true };
const STOP = { ...MARKET, side: 'sell', ordType: 'conditional', slTriggerPx: '59000', slOrdPx: '-1', reduceOnly: true };
const place = (test: PaperTest, body: object) => test.post('trade/order', body).data[0] ?? {};
const placeAlgo = (test: PaperTest, body: object) => test.post('trade/order-algo', body).data[0] ?? {};
const pending = (test: PaperTest) => test.get('trade/orders-pending').data.length;

describe('close-position that is refused leaves the closing orders alone', () => {
  const close = (test: PaperTest, more: object = {}) =>
    test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated', autoCxl: true, ...more }).code;

  it('where the position is larger than a market order may be', () => {
    const test = paper({ accounts: [accountOf('a', 40_000_000)] });
    for (let n = 0; n < 5; n += 1) {
      place(test, { ...MARKET, sz: '3000' });
      for (let moves = 0; moves < 20; moves += 1) test.price(BTC, '60000');
    }
    expect(test.get('account/positions').data[0]?.['pos']).toBe('15000');
    place(test, TARGET);
    expect([close(test), pending(test)]).toEqual(['51108', 1]);
  });

  it('where its client id is in use by another order', () => {
    const test = paper();
    place(test, MARKET);
    place(test, { ...LIMIT, clOrdId: 'used' });
    place(test, { ...TARGET, clOrdId: 'own' });
    expect([close(test, { clOrdId: 'used' }), pending(test)]).toEqual(['51016', 2]);
    expect(close(test, { clOrdId: 'own' }), 'that of an order which gives way is free').toBe('0');
  });
});

it('set-leverage of a crossed listing changes both sides or none', () => {
  const test = paper();
  test.post('account/set-position-mode', { posMode: 'long_short_mode' });
  place(test, { ...LIMIT, tdMode: 'cross', side: 'sell', px: '60500', posSide: 'short' });
  expect(test.post('account/set-leverage', { instId: BTC, mgnMode: 'cross', lever: '7' }).code).toBe('59107');
  const levers = test.get('account/leverage-info', { instId: BTC, mgnMode: 'cross' }).data.map(({ lever }) => lever);
  expect(levers).toEqual(['3', '3']);
});

it('in long/short mode what open orders will close is not available any more', () => {
  const test = paper();
  test.post('account/set-position-mode', { posMode: 'long_short_mode' });
  place(test, { ...MARKET, posSide: 'long', sz: '3' });
  place(test, { ...TARGET, posSide: 'long' });
  expect(test.get('account/positions').data[0]).toMatchObject({ pos: '3', availPos: '2' });
});

describe('a stop that could not be carried out', () => {
  it('is not taken: larger than a market order may be, at once or by its amendment', () => {
    const test = paper({ accounts: [accountOf('a', 40_000_000)] });
    place(test, MARKET);
    expect(placeAlgo(test, { ...STOP, sz: '12001' })['sCode']).toBe('51252');
    expect(placeAlgo(test, { ...STOP, sz: '12001', slOrdPx: '58900' })['sCode'], 'a limit order may be larger').toBe(
      '0',
    );
    const { algoId } = placeAlgo(test, { ...STOP, sz: '12000' });
    const amend = (change: object) => test.post('trade/amend-algos', { instId: BTC, algoId, ...change }).data[0];
    expect(amend({ newSz: '12001', newSlTriggerPx: '58000' })?.['sCode']).toBe('51252');
    expect(test.get('trade/order-algo', { algoId: algoId ?? '' }).data[0]).toMatchObject({
      sz: '12000',
      slTriggerPx: '59000',
    });
  });

  it('bears a name of its own, whether it sleeps already or is only attached', () => {
    const test = paper();
    const attachAlgoOrds = [{ slTriggerPx: '58000', slOrdPx: '-1', attachAlgoClOrdId: 'mine' }];
    place(test, { ...LIMIT, attachAlgoOrds });
    expect(place(test, { ...LIMIT, attachAlgoOrds })['sCode']).toBe('51068');
    expect(placeAlgo(test, { ...STOP, algoClOrdId: 'mine' })['sCode']).toBe('51068');
    test.price(BTC, '58999');
    expect(
      place(test, { ...LIMIT, px: '58000', attachAlgoOrds: [{ ...attachAlgoOrds[0], slTriggerPx: '57000' }] })['sCode'],
    ).toBe('51068');
    expect(test.get('trade/orders-algo-pending', { ordType: 'conditional' }).data).toHaveLength(1);
  });
});
