/** The adapter before the paper exchange, over real sockets: the same cards that the simulator passes. */
import { expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../../test/okx/fault-proxy.ts';
import { until } from '../../test/okx/local-server.ts';
import { approvedOrder, BTC, LAST_TICKS, resting, startRig } from '../../test/okx/paper-rig.ts';
import { describeExchange } from '../sim/exchange.contract.ts';
import { endpoints } from './wire/endpoints.ts';

describeExchange('okx adapter, paper exchange', async () => {
  const rig = await startRig();
  const { paper } = rig;
  return {
    instrument: BTC,
    exchange: rig.exchange,
    events: rig.events,
    lastTicks: LAST_TICKS,
    move: async (toTicks, volumeLots) => {
      paper.advance();
      paper.floor.setPrice(paper.floor.listingOf(BTC.instId), toTicks, toTicks, volumeLots);
      await rig.settled();
    },
    settled: rig.settled,
    dispose: rig.close,
  };
});

it('a question of a reading that counts no more loses nothing where it has no answer', async () => {
  let isHanging = false;
  let asked = 0;
  const rig = await startRig({
    timing: { firstPauseMs: 20, lastPauseMs: 20 },
    through: async (exchange) => {
      const { origin, close } = await startFaultProxy(exchange, ({ path }) => {
        if (!isHanging || path !== endpoints.order.path) return undefined;
        asked += 1;
        return { forward: 'never', answer: { how: 'silence', ms: 700 } };
      });
      onTestFinished(close);
      return origin;
    },
  });
  onTestFinished(() => rig.close());
  rig.admin('sockets', { how: 'mute', key: 'rig' });
  rig.admin('trade', { key: 'rig', instId: BTC.instId, side: 'buy', sz: '0.2' });
  rig.paper.floor.setPrice(rig.paper.floor.listingOf(BTC.instId), LAST_TICKS, LAST_TICKS, 10_000_000);
  isHanging = true;
  rig.exchange.read();
  await until('whose it was', () => asked === 1);
  isHanging = false;
  const kinds = () => rig.events.map(({ kind }) => kind);
  const before = rig.events.length;
  rig.admin('sockets', { how: 'cut', key: 'rig' });
  await until('the next reading', () => kinds().lastIndexOf('exchange-read') >= before);
  await resting(1_000);
  expect(kinds().at(-1)).toBe('exchange-read');
});

it('an order of which a connection that stands says nothing is asked for, and the connection made anew', async () => {
  const rig = await startRig({
    limits: { pushWithinMs: 100, deafAfterMs: 600 },
    timing: { firstPauseMs: 20, lastPauseMs: 20 },
  });
  onTestFinished(() => rig.close());
  const kinds = () => rig.events.map(({ kind }) => kind);
  const [deaf] = [...rig.paper.sessions].filter(({ place }) => place === 'private');
  if (deaf !== undefined) deaf.deliver = () => undefined;
  rig.exchange.place(approvedOrder('entry', 1, { type: 'market' }));
  await until('taken', () => kinds().includes('order-accepted'));
  rig.paper.floor.setPrice(rig.paper.floor.listingOf(BTC.instId), LAST_TICKS, LAST_TICKS, 10_000_000);
  await until('its fill', () => kinds().includes('filled'));
  expect(kinds()).not.toContain('exchange-lost');
  await until('another connection', () => kinds().includes('exchange-lost'));
  expect(rig.events.find(({ kind }) => kind === 'exchange-lost')).toMatchObject({
    because: { code: 'disconnected', connection: 'private', loss: { code: 'silent', ms: 600 } },
  });
  const readings = () => kinds().filter((kind) => kind === 'exchange-read').length;
  await until('read anew', () => readings() === 2);
  rig.exchange.place(approvedOrder('entry', 2, { type: 'market' }));
  rig.paper.floor.setPrice(rig.paper.floor.listingOf(BTC.instId), LAST_TICKS, LAST_TICKS, 10_000_000);
  await until('the next fill', () => kinds().filter((kind) => kind === 'filled').length === 2);
  await resting(1_000);
  expect(
    kinds().filter((kind) => kind === 'exchange-lost'),
    'one that is told of is left',
  ).toHaveLength(1);
});

it('asks for nothing once it is closed, though an answer was under way', async () => {
  const asked: string[] = [];
  const rig = await startRig({
    limits: { pushWithinMs: 100, deafAfterMs: 1_000 },
    through: async (exchange) => {
      const proxy = await startFaultProxy(exchange, async ({ path }) => {
        asked.push(path);
        if (path === endpoints.placeOrder.path) await resting(200);
        return undefined;
      });
      onTestFinished(proxy.close);
      return proxy.origin;
    },
  });
  onTestFinished(() => rig.close());
  rig.exchange.place(approvedOrder('entry', 1, { type: 'market' }));
  await until('it is sent', () => asked.at(-1) === endpoints.placeOrder.path);
  rig.exchange.close();
  await resting(800);
  expect(asked.slice(asked.indexOf(endpoints.placeOrder.path) + 1)).toEqual([]);
});
