/** An account's own orders do not trade with each other: who gives way, and who is told what. */
import { describe, expect, it } from 'vitest';
import { BTC, ETH, type PaperTest, paper } from '../../../test/paper.ts';

const ORDER = { instId: BTC, tdMode: 'isolated', ordType: 'limit', sz: '1' };
/** Touch 59,999.9 and 60,000.1. */
const ASK = '60000.1';

function resting(px = ASK, more: object = {}): { readonly test: PaperTest; readonly ordId: string } {
  const test = paper();
  expect(test.get('market/ticker', { instId: BTC }).data[0]).toMatchObject({ bidPx: '59999.9', askPx: ASK });
  return { test, ordId: placed(test, { side: 'sell', px, ...more }) };
}

const placed = (test: PaperTest, more: object) =>
  test.post('trade/order', { ...ORDER, ...more }).data[0]?.['ordId'] ?? '';
const told = (test: PaperTest, ordId: string, instId = BTC) => {
  const { state, cancelSource, accFillSz } = test.get('trade/order', { instId, ordId }).data[0] ?? {};
  return [state, cancelSource, accFillSz];
};
const CANCELED = ['canceled', '32', '0'];
const LIVE = ['live', '', '0'];

describe('a taker that meets an own resting order', () => {
  it.each([
    ['market', ''],
    ['limit', ASK],
    ['ioc', '60001'],
    ['optimal_limit_ioc', ''],
  ])('%s %s: the resting one is cancelled, the taker is filled by others', (ordType, px) => {
    const { test, ordId } = resting();
    expect(told(test, placed(test, { side: 'buy', ordType, px }))).toEqual(['filled', '', '1']);
    expect(told(test, ordId)).toEqual(CANCELED);
  });

  it('cancel_taker: he is taken and cancelled, the other stands', () => {
    const { test, ordId } = resting();
    const socket = test.socket('private');
    socket.logIn();
    socket.say({ op: 'subscribe', args: [{ channel: 'orders', instType: 'SWAP' }] });
    socket.take();
    const taker = placed(test, { side: 'buy', ordType: 'market', stpMode: 'cancel_taker' });
    expect([told(test, taker), told(test, ordId)]).toEqual([CANCELED, LIVE]);
    const pushes = socket.take().flatMap(({ data = [] }) => data);
    expect(pushes.map(({ ordId: of, state, stpMode }) => [of, state, stpMode])).toEqual([
      [taker, 'live', 'cancel_taker'],
      [taker, 'canceled', 'cancel_taker'],
    ]);
    expect(test.get('account/balance').data[0]?.['details']).toMatchObject([{ cashBal: '10000' }]);
  });

  it('cancel_both: neither stands, nothing is frozen for them', () => {
    const { test, ordId } = resting();
    const taker = placed(test, { side: 'buy', ordType: 'market', stpMode: 'cancel_both' });
    expect([told(test, taker), told(test, ordId)]).toEqual([CANCELED, CANCELED]);
    expect(test.get('account/balance').data[0]?.['details']).toMatchObject([{ cashBal: '10000', ordFrozen: '0' }]);
  });

  it('cancel_both and all or nothing go not together', () => {
    const fok = { ...ORDER, side: 'buy', ordType: 'fok', px: ASK, stpMode: 'cancel_both' };
    expect(paper().post('trade/order', fok).data[0]?.['sCode']).toBe('54036');
  });

  it('post-only is cancelled as one that would take', () => {
    const { test, ordId } = resting('60000', { tdMode: 'cross' });
    const taker = placed(test, { side: 'buy', ordType: 'post_only', px: '60000' });
    expect([told(test, taker), told(test, ordId)]).toEqual([['canceled', '31', '0'], LIVE]);
  });

  it('within the spread is where he goes, once the other one is gone', () => {
    const { test, ordId } = resting('60000');
    const buy = placed(test, { side: 'buy', px: '60000' });
    expect([told(test, buy), told(test, ordId)]).toEqual([LIVE, CANCELED]);
  });

  it('by an amendment: the resting one is cancelled; as post-only it is refused', () => {
    const { test, ordId } = resting();
    const buy = placed(test, { side: 'buy', px: '59000' });
    const shy = placed(test, { side: 'buy', px: '59000', ordType: 'post_only' });
    const moved = (of: string) => test.post('trade/amend-order', { instId: BTC, ordId: of, newPx: ASK }).data[0];
    expect(moved(shy)?.['sCode']).toBe('51511');
    expect(told(test, ordId)).toEqual(LIVE);
    expect(moved(buy)?.['sCode']).toBe('0');
    expect([told(test, buy), told(test, ordId)]).toEqual([['filled', '', '1'], CANCELED]);
  });
});

describe('no order gives way', () => {
  it.each([
    ['behind the touch', { side: 'buy', ordType: 'market' }, '60000.2'],
    ['beyond the limit of the newcomer', { side: 'buy', px: '60000' }, ASK],
    ['on the same side', { side: 'sell', ordType: 'market' }, ASK],
    ['to one of another instrument', { instId: ETH, side: 'buy', ordType: 'market' }, ASK],
    ['to a newcomer that is refused', { side: 'buy', ordType: 'market', sz: '1000' }, ASK],
  ])('%s', (_, newcomer, px) => {
    const { test, ordId } = resting(px);
    placed(test, newcomer);
    expect(told(test, ordId)).toEqual(LIVE);
  });

  it('of another account', () => {
    const { test, ordId } = resting();
    test.exchange.open({
      ...(test.exchange.desk('a') as NonNullable<ReturnType<typeof test.exchange.desk>>).options,
      key: 'b',
      uid: '2',
    });
    test.exchange.answer({
      method: 'POST',
      target: '/admin/trade',
      address: '',
      header: () => undefined,
      body: JSON.stringify({ key: 'b', instId: BTC, side: 'buy', sz: '1' }),
    });
    expect(told(test, ordId)).toEqual(LIVE);
  });
});
