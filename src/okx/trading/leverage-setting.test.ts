/** A leverage that the exchange refuses although its list allows it, over real sockets. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Asked, type Plan, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until } from '../../../test/okx/local-server.ts';
import { approvedOrder, BTC, LAST_TICKS, resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import type { Ticks } from '../../core/numbers/units.ts';
import type { OrderTerms } from '../../core/orders/order.ts';
import { endpoints } from '../wire/endpoints.ts';

const tooHigh = (code: string) => JSON.stringify({ code, msg: 'Leverage exceeds the maximum limit', data: [] });

/** Of an order, under a leverage that is set. */
const LEVERAGE_REFUSED: Plan = {
  forward: 'never',
  answer: {
    how: 'reply',
    status: 200,
    body: JSON.stringify({
      code: '1',
      msg: '',
      data: [{ ordId: '', clOrdId: '', tag: '', ts: '1', sCode: '51186', sMsg: 'leverage too high' }],
    }),
  },
};

async function started(plan: Parameters<typeof startFaultProxy>[1]) {
  const rig = await startRig({
    through: async (origin) => {
      const proxy = await startFaultProxy(origin, plan);
      onTestFinished(() => proxy.close());
      return proxy.origin;
    },
  });
  onTestFinished(() => rig.close());
  const heard = <K extends CoreEvent['kind']>(kind: K) =>
    rig.events.filter((event): event is Extract<CoreEvent, { kind: K }> => event.kind === kind);
  const place = (role: 'entry' | 'stop', terms: OrderTerms) => {
    const attempt = heard('order-rejected').length + 1;
    rig.exchange.place(approvedOrder(role, attempt, terms));
  };
  const enter = async (leverage?: number) => {
    if (leverage !== undefined) rig.exchange.setLeverage(BTC.instId, leverage);
    place('entry', { type: 'market' });
    await rig.settled();
  };
  const protect = async () => {
    place('stop', { type: 'stop', triggerTicks: (LAST_TICKS * 0.97) as Ticks, by: 'mark' });
    await until('the stop', () => heard('order-accepted').length > 0, 1_500);
  };
  return { rig, heard, enter, protect };
}

/** Set above `most`, it is refused; `said`: what the exchange names as the most. */
const limitedTo =
  (most: number, said: string | undefined, code = '59102') =>
  ({ path, body }: Asked): Plan | undefined => {
    if (path === endpoints.setLeverage.path && Number(JSON.parse(body).lever) > most)
      return { forward: 'never', answer: { how: 'reply', status: 400, body: tooHigh(code) } };
    if (path !== endpoints.leverageEstimate.path) return undefined;
    return said === undefined
      ? { forward: 'never', answer: { how: 'reply', status: 502, body: '' } }
      : { forward: 'first', change: (row) => ({ ...row, maxLever: said }) };
  };

it('while it is being set keeps no stop waiting: what reduces goes by no leverage', async () => {
  let isSet = () => {};
  const { heard, enter, protect } = await started(async ({ path }) => {
    if (path === endpoints.setLeverage.path) await new Promise<void>((set) => (isSet = set));
    return undefined;
  });
  const entered = enter(5);
  await protect();
  expect(heard('order-accepted')).toMatchObject([{ clientId: expect.stringContaining('s000') }]);
  isSet();
  await entered;
  expect(heard('order-rejected'), 'beside a sleeping stop it is not taken').toMatchObject([
    { code: 'leverage-not-set' },
  ]);
  expect(heard('filled')).toEqual([]);
});

it('is set once the stops of before are called back: beside a sleeping one it is not taken', async () => {
  const { rig, heard, enter, protect } = await started(async ({ path }) => {
    if (path === endpoints.cancelAlgos.path) await resting(300);
    return undefined;
  });
  await protect();
  rig.exchange.cancel(BTC.instId, approvedOrder('stop', 1, { type: 'market' }).clientId);
  await enter(5);
  expect(heard('order-rejected')).toEqual([]);
  expect(new Set(heard('leverage').map(({ leverage }) => leverage))).toEqual(new Set([5]));
  expect(heard('filled').length).toBe(1);
});

it('while it is being set an entry that is called back is not sent any more', async () => {
  let isSet = () => {};
  const { rig, heard, enter } = await started(async ({ path }) => {
    if (path === endpoints.setLeverage.path) await new Promise<void>((set) => (isSet = set));
    return undefined;
  });
  const entered = enter(5);
  rig.exchange.cancel(BTC.instId, approvedOrder('entry', 1, { type: 'market' }).clientId);
  await resting(100);
  isSet();
  await entered;
  expect(heard('order-ended')).toMatchObject([{ filledLots: 0, cause: 'not-sent' }]);
  expect(heard('filled')).toEqual([]);
});

it('is set where it is another one there, by whomever, and not where it is what is asked for', async () => {
  const asked: string[] = [];
  const { rig, heard } = await started(({ path, body }) => {
    if (path === endpoints.setLeverage.path) asked.push(JSON.parse(body).lever);
    return undefined;
  });
  const set = async (leverage: number) => {
    rig.exchange.setLeverage(BTC.instId, leverage);
    await rig.settled();
  };
  await set(10);
  expect(asked).toEqual([]);
  await rig.byHand.post(endpoints.setLeverage, { instId: BTC.instId, lever: '50', mgnMode: 'isolated' });
  await set(10);
  expect(asked).toEqual(['10']);
  expect(heard('leverage').map(({ leverage }) => leverage)).toEqual([10, 10]);
});

it('of what is open is told as it is pushed, once: of a position that somebody opens, and where somebody changes it', async () => {
  const { rig, heard } = await started(() => undefined);
  const told = async (leverages: number[]) => {
    await until('the push', () => heard('leverage').length === leverages.length);
    expect(heard('leverage').map(({ leverage }) => leverage)).toEqual(leverages);
  };
  const trade = (sz: string) => rig.admin('trade', { key: 'rig', instId: BTC.instId, side: 'buy', sz });
  trade('0.2');
  await told([10]);
  trade('0.2');
  await rig.settled();
  await rig.byHand.post(endpoints.setLeverage, { instId: BTC.instId, lever: '7', mgnMode: 'isolated' });
  await told([10, 7]);
});

describe('a leverage that is refused as too high', () => {
  it.each([
    ['the most that the exchange names', '5', 5],
    ['half of it where it names none', '', 10],
    ['half of it where nobody answers', undefined, 10],
    ['half of it where what it names was refused', '20', 10],
    ['the most that the exchange names, also where a tier is why', '5', 5, '59106'],
  ])(
    'is told with %s, beside what is set; what was planned with it is not sent',
    async (_, said, most, code = '59102') => {
      const { heard, enter } = await started(limitedTo(8, said, code));
      await enter(20);
      expect(heard('leverage').at(-1)).toMatchObject({ instId: BTC.instId, leverage: 10, most });
      const message = `not sent: the leverage it was planned with could not be set: ${code} Leverage exceeds the maximum limit`;
      expect(heard('order-rejected')).toMatchObject([{ code: 'leverage-not-set', message }]);
      await enter(5);
      expect(heard('leverage').at(-1)).toMatchObject({ leverage: 5 });
      expect(heard('leverage').at(-1)).not.toHaveProperty('most');
      expect(heard('filled').length).toBe(1);
    },
  );

  it('with an order, though it was set before, is told the same way', async () => {
    const { heard, enter } = await started((asked) =>
      asked.path === endpoints.placeOrder.path ? LEVERAGE_REFUSED : limitedTo(100, '4')(asked),
    );
    await enter();
    expect(heard('order-rejected')).toMatchObject([{ code: '51186' }]);
    expect(heard('leverage').at(-1)).toMatchObject({ leverage: 10, most: 4 });
  });

  it('with an order is told before another one is set, however slowly the exchange says what it takes', async () => {
    let isAsked = false;
    let say = () => {};
    const { heard, enter } = await started(async ({ path }) => {
      if (path === endpoints.leverageEstimate.path) {
        isAsked = true;
        await new Promise<void>((said) => (say = said));
      }
      return path === endpoints.placeOrder.path && !isAsked ? LEVERAGE_REFUSED : undefined;
    });
    const refused = enter();
    await until('it is asked for', () => isAsked);
    const entered = enter(5);
    await resting(300);
    say();
    await Promise.all([refused, entered]);
    expect(
      heard('leverage')
        .slice(0, 2)
        .map(({ leverage }) => leverage),
    ).toEqual([10, 5]);
    expect(heard('filled').length).toBe(1);
  });
});
