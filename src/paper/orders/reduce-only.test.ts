/** Reduce-only orders that are more than the position: what is shown and pushed of the size that they are cut to. */
import { describe, expect, it } from 'vitest';
import { BTC, type PaperTest, paper } from '../../../test/paper.ts';

const MARKET = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '3' };
const TARGET = { ...MARKET, side: 'sell', ordType: 'limit', px: '61000', reduceOnly: true };

function rigged() {
  const test = paper();
  test.post('trade/order', MARKET);
  const heard = test.socket('private');
  heard.logIn();
  heard.say({ op: 'subscribe', args: [{ channel: 'orders', instType: 'SWAP' }] });
  heard.take();
  const pushes = (ordId: string) =>
    heard
      .take()
      .map(({ data }) => data?.[0] ?? {})
      .filter((row) => row['ordId'] === ordId)
      .map((row) => [row['state'], row['sz'], row['amendSource']]);
  return { test, pushes };
}

const place = (test: PaperTest, body: object) => test.post('trade/order', body).data[0]?.['ordId'] ?? '';
const order = (test: PaperTest, ordId: string) => test.get('trade/order', { instId: BTC, ordId }).data[0];

describe('a resting reduce-only order', () => {
  it('is cut with its position, and shown and pushed so', () => {
    const { test, pushes } = rigged();
    const ordId = place(test, TARGET);
    pushes(ordId);
    place(test, { ...MARKET, side: 'sell', sz: '1' });
    expect(order(test, ordId)).toMatchObject({ state: 'live', sz: '2' });
    expect(pushes(ordId)).toEqual([['live', '2', '4']]);
    test.price(BTC, '61001');
    expect(order(test, ordId)).toMatchObject({ state: 'filled', sz: '2', accFillSz: '2' });
    expect(test.get('account/positions').data).toEqual([]);
  });

  it('that is placed too large rests with what can be reduced', () => {
    const { test, pushes } = rigged();
    const ordId = place(test, { ...TARGET, sz: '5' });
    expect(order(test, ordId)).toMatchObject({ state: 'live', sz: '3' });
    expect(pushes(ordId)).toEqual([
      ['live', '5', ''],
      ['live', '3', '3'],
    ]);
  });

  it('that is amended beyond the position is cut again', () => {
    const { test, pushes } = rigged();
    const ordId = place(test, { ...TARGET, sz: '1' });
    pushes(ordId);
    test.post('trade/amend-order', { instId: BTC, ordId, newSz: '9' });
    expect(order(test, ordId)).toMatchObject({ state: 'live', sz: '3' });
    expect(pushes(ordId).at(-1)).toEqual(['live', '3', '2']);
  });

  it('gives way to a better priced one, and says to what size', () => {
    const { test, pushes } = rigged();
    const ordId = place(test, TARGET);
    pushes(ordId);
    place(test, { ...TARGET, px: '60500', sz: '1' });
    expect(pushes(ordId)).toEqual([['live', '2', '4']]);
  });

  it('of hedge mode gives way as in the example of OKX’s help page (2023-06-19)', () => {
    const test = paper();
    test.post('account/set-position-mode', { posMode: 'long_short_mode' });
    place(test, { ...MARKET, posSide: 'long', sz: '1' });
    const close = (px: string, sz: string) => place(test, { ...TARGET, posSide: 'long', px, sz });
    const [first, second, better] = [close('60500', '0.8'), close('60900', '0.2'), close('60100', '0.5')];
    const shown = [better, first, second].map((ordId) => order(test, ordId ?? ''));
    expect(shown.map((row) => [row?.['state'], row?.['sz']])).toEqual([
      ['live', '0.5'],
      ['live', '0.5'],
      ['canceled', '0.2'],
    ]);
  });

  it('ends with its position at the size that it was cut to', () => {
    const { test } = rigged();
    const ordId = place(test, TARGET);
    place(test, { ...MARKET, side: 'sell', sz: '1' });
    test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated', autoCxl: true });
    expect(order(test, ordId)).toMatchObject({ state: 'canceled', sz: '2', accFillSz: '0' });
  });
});
