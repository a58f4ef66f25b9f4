/** What must hold of an account after every deed, as its client adds it up from what REST shows. */
import { expect, it } from 'vitest';
import { LAW, long } from '../../test/long.ts';
import { accountOf, BTC, ETH, type PaperTest, paper } from '../../test/paper.ts';
import { anything } from '../../test/paper-deeds.ts';
import { Random } from '../sim/market/random.ts';

type Row = Readonly<Record<string, string>>;

/** USDT as whole 10⁻⁸. */
const units = (text = '0'): number => Math.round(Number(text === '' ? '0' : text) * 1e8);
const lots = (text = '0'): number => Math.round(Number(text) * 100);
const sum = (rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((all, row) => all + of(row), 0);

/** All rows of a list, page by page. */
function all(test: PaperTest, path: string, query: Record<string, string>, key: string, id: string): Row[] {
  const rows: Row[] = [];
  for (let after = ''; ; ) {
    const page = test.get(path, after === '' ? query : { ...query, after }, key).data;
    rows.push(...page);
    if (page.length < 100) return rows;
    after = page.at(-1)?.[id] ?? '';
  }
}

function check(test: PaperTest, key: string): void {
  const bills = all(test, 'account/bills-archive', {}, key, 'billId');
  const fills = all(test, 'trade/fills-history', { instType: 'SWAP' }, key, 'billId');
  const orders = [
    ...all(test, 'trade/orders-history-archive', { instType: 'SWAP' }, key, 'ordId'),
    ...all(test, 'trade/orders-pending', {}, key, 'ordId'),
  ];
  const positions = test.get('account/positions', { instId: `${BTC},${ETH}` }, key).data;
  const [detail] = (test.get('account/balance', {}, key).data[0]?.['details'] ?? []) as unknown as Row[];
  const cash = units(detail?.['cashBal']);
  expect(
    sum(bills, ({ balChg }) => units(balChg)),
    'Σ balChg is the cash',
  ).toBe(cash);
  expect(units(bills[0]?.['bal']), 'the last bill says what there is').toBe(cash);
  const times = [...bills].reverse().map(({ ts }) => Number(ts));
  expect(times, 'bills in the order of time').toEqual(times.toSorted((a, b) => a - b));
  for (const row of positions) {
    const isOf = (bill: Row) => bill['instId'] === row['instId'] && bill['mgnMode'] === row['mgnMode'];
    if (row['mgnMode'] === 'isolated')
      expect(
        sum(bills.filter(isOf), ({ posBalChg }) => units(posBalChg)),
        'Σ posBalChg is the margin',
      ).toBe(units(row['margin']));
    const signed = ({ side, fillSz }: Row) => (side === 'buy' ? 1 : -1) * lots(fillSz);
    const own = fills.filter(({ ordId }) =>
      orders.some(
        (order) => order['ordId'] === ordId && order['tdMode'] === row['mgnMode'] && order['instId'] === row['instId'],
      ),
    );
    expect(sum(own, signed), `Σ fills of ${row['instId']} ${row['mgnMode']} is the position`).toBe(lots(row['pos']));
  }
  for (const order of orders) {
    const own = fills.filter(({ ordId }) => ordId === order['ordId']);
    expect(
      sum(own, ({ fillSz }) => lots(fillSz)),
      'Σ fillSz is accFillSz',
    ).toBe(lots(order['accFillSz']));
    expect(
      sum(own, ({ fee }) => units(fee)),
      'Σ fee of fills is the order’s',
    ).toBe(units(order['fee']));
    expect(
      sum(own, ({ fillPnl }) => units(fillPnl)),
      'Σ fillPnl is the order’s',
    ).toBe(units(order['pnl']));
    if (order['state'] === 'filled') expect(order['sz']).toBe(order['accFillSz']);
    for (const fill of own) expect(Number(fill['fillTime'])).toBeGreaterThanOrEqual(Number(order['cTime']));
  }
  const tradeIds = fills.map(({ tradeId, instId }) => `${instId} ${tradeId}`);
  expect(new Set(tradeIds).size, 'no trade twice').toBe(tradeIds.length);
  const history = test.get('account/positions-history', {}, key).data;
  const open = positions.filter(
    (row) =>
      row['pos'] !== '0' &&
      !history.some(
        (one) =>
          one['posId'] === row['posId'] && one['cTime'] === row['cTime'] && ['1', '4', '5'].includes(one['type'] ?? ''),
      ),
  );
  const told = sum(history, ({ pnl }) => units(pnl)) + sum(open, ({ pnl }) => units(pnl));
  expect(told, 'Σ pnl of all lives is Σ pnl of trades').toBe(
    sum(
      bills.filter(({ type }) => type !== '8'),
      ({ pnl }) => units(pnl),
    ),
  );
}

it.each(Array.from({ length: long(3, 200) }, (_, n) => n + 1))(
  'what an account shows adds up (seed %i)',
  (seed) => {
    const test = paper({ accounts: [accountOf('a', 3_000), accountOf('b', 20_000)] });
    const random = Random.of(seed, 1);
    for (let deed = 1; deed <= 250; deed += 1) {
      anything(test, random);
      if (deed % 10 === 0) for (const key of ['a', 'b']) check(test, key);
    }
  },
  LAW.timeout,
);

it('a crossed account that could not pay for its end has 0, and its bills say who paid', () => {
  const test = paper({ accounts: [accountOf('a', 1_000)] });
  test.post('account/set-leverage', { instId: BTC, mgnMode: 'cross', lever: '50' });
  const order = { instId: BTC, tdMode: 'cross', side: 'buy', ordType: 'market', sz: '50' };
  expect(test.post('trade/order', order).code).toBe('0');
  const heard = test.socket('private');
  heard.logIn();
  heard.say({ op: 'subscribe', args: [{ channel: 'orders', instType: 'SWAP' }] });
  heard.take();
  test.price(BTC, '50000');
  expect(test.get('account/positions').data).toEqual([]);
  const bills = test.get('account/bills').data;
  expect(sum(bills, ({ balChg }) => units(balChg))).toBe(0);
  expect(bills[0]).toMatchObject({ type: '5', subType: '110', bal: '0' });
  const [fill] = test.get('trade/fills').data;
  const push = heard.take().find(({ data }) => data?.[0]?.['ordId'] === fill?.['ordId'])?.data?.[0];
  expect(push?.['fillFee'], 'the push says of the fill what REST says').toBe(fill?.['fee']);
});
