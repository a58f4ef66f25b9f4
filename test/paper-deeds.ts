/** Whatever clients, the market and an operator may do to a paper exchange, one deed after the other: for laws that must hold after each. */
import type { Random } from '../src/sim/market/random.ts';
import { BTC, ETH, type PaperTest } from './paper.ts';

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59000' };
const MARKET = { ...LIMIT, ordType: 'market', px: '' };

/** Something that a client, the market or an operator may do. */
export function anything(test: PaperTest, random: Random): void {
  const key = random.uniform() < 0.7 ? 'a' : 'b';
  const upTo = (most: number) => Math.floor(random.uniform() * most);
  const side = random.uniform() < 0.5 ? 'buy' : 'sell';
  const order = { ...LIMIT, side, sz: String(1 + upTo(4)), px: String(58_900 + upTo(2_200)) };
  const latest = test.get('trade/orders-pending', {}, key).data[0]?.['ordId'];
  const algoId = test.get('trade/orders-algo-pending', { ordType: 'conditional,oco,move_order_stop' }, key).data[0]?.[
    'algoId'
  ];
  const admin = (path: string, what: object) =>
    test.raw({ method: 'POST', target: `/admin/${path}`, body: JSON.stringify(what) });
  const deeds = [
    () => test.post('trade/order', order, key),
    () => test.post('trade/order', { ...order, ordType: 'post_only', tdMode: 'cross' }, key),
    () => test.post('trade/order', { ...order, ordType: 'market', px: '' }, key),
    () => test.post('trade/order', { ...order, reduceOnly: true }, key),
    () => test.post('trade/order', { ...order, attachAlgoOrds: [{ slTriggerPx: '58500', slOrdPx: '-1' }] }, key),
    () => test.post('trade/batch-orders', [order, { ...order, sz: '0.001' }, { ...order, clOrdId: 'twice' }], key),
    () => test.post('trade/amend-order', { instId: BTC, ordId: latest, newSz: String(1 + upTo(5)) }, key),
    () => test.post('trade/cancel-order', { instId: BTC, ordId: latest }, key),
    () =>
      test.post(
        'trade/order-algo',
        { ...MARKET, side: 'sell', ordType: 'conditional', slTriggerPx: '59200', slOrdPx: '-1' },
        key,
      ),
    () =>
      test.post(
        'trade/order-algo',
        { ...MARKET, side: 'sell', ordType: 'move_order_stop', callbackRatio: '0.01' },
        key,
      ),
    () => test.post('trade/cancel-algos', [{ instId: BTC, algoId }], key),
    () => test.post('trade/close-position', { instId: BTC, mgnMode: 'isolated', autoCxl: true }, key),
    () => test.post('account/set-leverage', { instId: ETH, mgnMode: 'isolated', lever: String(1 + upTo(9)) }, key),
    () => test.post('trade/cancel-all-after', { timeOut: '10' }, key),
    () =>
      test.raw({
        method: 'POST',
        target: '/admin/price',
        body: JSON.stringify({ instId: BTC, last: String(58_800 + upTo(2_400)) }),
      }),
    () => admin('funding', { instId: BTC, rate: '0.0003' }),
    () => admin('funding', { instId: BTC, rate: '-0.0004' }),
    () => admin('adl', { key, instId: BTC, sz: '1' }),
    () => admin('liquidation', { key, instId: BTC }),
    () =>
      test.post(
        'account/position/margin-balance',
        { instId: BTC, posSide: 'net', type: random.uniform() < 0.5 ? 'add' : 'reduce', amt: '12.34567891' },
        key,
      ),
    () => test.post('account/set-leverage', { instId: BTC, mgnMode: 'isolated', lever: String(1 + upTo(40)) }, key),
    () => test.post('account/set-leverage', { instId: BTC, mgnMode: 'cross', lever: String(1 + upTo(40)) }, key),
    () => test.pass(upTo(40_000)),
    () => test.pass(upTo(7_200_000)),
  ];
  deeds[upTo(deeds.length)]?.();
}
