/** Fee rates that OKX changes while the bot runs, over real sockets. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Plan, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until } from '../../../test/okx/local-server.ts';
import { BTC, startRig } from '../../../test/okx/paper-rig.ts';
import { decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import { endpoints } from '../wire/endpoints.ts';
import type { Instrument as InstrumentRow } from '../wire/instrument.ts';
import { type FeeGroup, FeeWatch, feeGroupsOf, feeRatesOf, highestRates } from './fees.ts';

const GROUPS: readonly FeeGroup[] = [
  { instId: BTC.instId, family: 'BTC-USDT', groupId: undefined },
  { instId: 'ETH-USDT-SWAP', family: 'ETH-USDT', groupId: undefined },
];

/** Rates as the wire has them: what is charged is negative. */
const charged = (maker: string, taker: string): Plan => ({
  forward: 'first',
  change: (row) => ({ ...row, feeGroup: [], makerU: maker, takerU: taker, maker, taker }),
});

async function watched() {
  const said: { is: Plan | undefined; ofSecond?: Plan } = { is: undefined };
  let asked = 0;
  const rig = await startRig({
    through: async (origin) => {
      const proxy = await startFaultProxy(origin, ({ path, target }) => {
        if (path !== endpoints.tradeFee.path) return undefined;
        asked += 1;
        return target.includes('ETH') ? (said.ofSecond ?? said.is) : said.is;
      });
      onTestFinished(() => proxy.close());
      return proxy.origin;
    },
  });
  onTestFinished(() => rig.close());
  const heard: string[] = [];
  const watch = new FeeWatch({
    rest: rig.rest,
    groups: GROUPS,
    hear: ({ maker, taker }) => heard.push(`${formatDecimal(maker)}/${formatDecimal(taker)}`),
    warn: (message) => rig.warnings.push(message),
    everyMs: 20,
  });
  onTestFinished(() => watch.close());
  return { rig, said, heard, watch, asked: () => asked };
}

describe('fee rates', () => {
  it('are read again and again, the highest of all groups', async () => {
    const { said, heard, watch } = await watched();
    said.is = charged('-0.0002', '-0.0005');
    watch.start();
    await until('they are heard', () => heard.includes('0.0002/0.0005'));
    said.ofSecond = charged('-0.00015', '-0.0007');
    await until('the second group pays more as taker', () => heard.at(-1) === '0.0002/0.0007');
    said.is = charged('0.00005', '-0.0004');
    await until('a rebate is negative', () => heard.at(-1) === '0.00015/0.0007');
  });

  it.each<[string, Plan]>([
    ['an answer that does not come', { forward: 'never', answer: { how: 'reply', status: 502, body: '' } }],
    ['no rates', { forward: 'never', answer: { how: 'reply', status: 200, body: '{"code":"0","msg":"","data":[]}' } }],
    ['rates that are none', charged('', '')],
    ['a rate that nobody pays', charged('-0.02', '-0.05')],
    ['a rate that nobody receives', charged('0.5', '-0.0005')],
  ])('that cannot be read (%s) change nothing, are told, and are asked for again', async (_, plan) => {
    const { rig, said, heard, watch, asked } = await watched();
    said.is = charged('-0.0002', '-0.0005');
    said.ofSecond = plan;
    watch.start();
    await until('it is told', () => rig.warnings.some((each) => each.startsWith('fee rates of ETH-USDT-SWAP: ')));
    const before = asked();
    await until('it is asked again', () => asked() > before + 4);
    expect(heard).toEqual([]);
    delete said.ofSecond;
    await until('they are heard', () => heard.length > 0);
  });

  it('are asked for no more once the bot has left', async () => {
    const { said, heard, watch, asked } = await watched();
    said.is = charged('-0.0002', '-0.0005');
    watch.start();
    await until('they are heard', () => heard.length > 0);
    watch.close();
    await new Promise((wake) => setTimeout(wake, 100));
    const [askedThen, heardThen] = [asked(), heard.length];
    await new Promise((wake) => setTimeout(wake, 200));
    expect([asked(), heard.length]).toEqual([askedThen, heardThen]);
  });

  it('are asked once for each group of instruments, and for each instrument where there are no groups', () => {
    const row = (instId: string, groupId?: string) =>
      ({ instId, instFamily: instId.replace('-SWAP', ''), groupId }) as InstrumentRow;
    const rows = [row('A-USDT-SWAP', '1'), row('B-USDT-SWAP', '2'), row('C-USDT-SWAP', '1')];
    expect(feeGroupsOf(rows).map(({ family, groupId }) => [family, groupId])).toEqual([
      ['A-USDT', '1'],
      ['B-USDT', '2'],
    ]);
    expect(feeGroupsOf([row('A-USDT-SWAP'), row('B-USDT-SWAP')]).length).toBe(2);
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

  it('of no group are none', () => {
    expect(highestRates([])).toBeUndefined();
    const one = { maker: decimal('-0.0001'), taker: decimal('0.0003') };
    expect(highestRates([one])).toEqual(one);
  });
});
