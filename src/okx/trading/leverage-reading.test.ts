/** Leverages of many instruments within OKX's limits, over real sockets. */
import { expect, it, onTestFinished } from 'vitest';
import { manySwaps } from '../../../test/many-swaps.ts';
import { type Plan, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until } from '../../../test/okx/local-server.ts';
import { startRig } from '../../../test/okx/paper-rig.ts';
import { endpoints } from '../wire/endpoints.ts';

async function allSet(count: number, plan: (target: string) => Plan | undefined) {
  const asked: string[] = [];
  const rig = await startRig({
    instruments: manySwaps(count),
    isRateLimited: true,
    through: async (origin) => {
      const proxy = await startFaultProxy(origin, ({ path, target }) => {
        if (path !== endpoints.leverageInfo.path) return undefined;
        asked.push(target);
        return plan(target);
      });
      onTestFinished(() => proxy.close());
      return proxy.origin;
    },
  });
  onTestFinished(() => rig.close());
  for (const { instId } of manySwaps(count)) rig.exchange.setLeverage(instId, 7);
  const told = () => rig.events.filter((event) => event.kind === 'leverage' && event.leverage === 7).length;
  await until('every one is told', () => told() === count, 20_000);
  return { asked, warnings: rig.warnings };
}

it('of eighteen symbols that want to enter at once is read, set and read back in one window of twenty questions', async () => {
  const { asked, warnings } = await allSet(18, () => undefined);
  expect(warnings).toEqual([]);
  expect(asked.length, 'each by itself would be 36').toBeLessThanOrEqual(20);
});

it('is asked for alone where a question of several is refused', async () => {
  const body = JSON.stringify({ code: '51001', msg: 'Instrument ID does not exist', data: [] });
  let refused = 0;
  const { warnings } = await allSet(8, (target) => {
    if (!/%2C|,/.test(target) || refused > 0) return undefined;
    refused += 1;
    return { forward: 'never', answer: { how: 'reply', status: 200, body } };
  });
  expect([refused, warnings]).toEqual([1, []]);
});
