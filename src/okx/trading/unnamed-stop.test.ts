/** An order that a stop of ours has sent and that does not say so: neither `clOrdId` nor `algoClOrdId` is one of ours (U28). */
import { expect, it, onTestFinished } from 'vitest';
import { until } from '../../../test/okx/local-server.ts';
import { BTC, LAST_TICKS, type Rig, startRig } from '../../../test/okx/paper-rig.ts';
import type { Filled } from '../../core/event.ts';
import type { Lots, Side, Ticks } from '../../core/numbers/units.ts';
import type { Approved, Order, OrderTerms } from '../../core/orders/order.ts';

const INST = { key: 'rig', instId: BTC.instId };
const STOP_TICKS = LAST_TICKS * 0.99;

/** Twenty lots are held, and a stop of ours sleeps below. */
async function held() {
  const rig = await startRig();
  onTestFinished(() => rig.close());
  await place(rig, 'rwtest000001e000101', 1, { type: 'market' });
  move(rig, LAST_TICKS);
  await rig.settled();
  const stop = await place(rig, 'rwtest000001s000101', -1, {
    type: 'stop',
    triggerTicks: STOP_TICKS as Ticks,
    by: 'mark',
  });
  const fills = () => rig.events.filter((event): event is Filled => event.kind === 'filled').slice(1);
  await until('the entry is told', () => rig.events.some(({ kind }) => kind === 'filled'));
  return { rig, stop, fills };
}

async function place(rig: Rig, clientId: string, side: Side, terms: OrderTerms): Promise<Order> {
  const isStop = terms.type === 'stop';
  const order: Order = {
    clientId,
    instId: BTC.instId,
    role: isStop ? 'stop' : 'entry',
    position: 1,
    step: 0,
    attempt: 1,
    part: 0,
    side,
    sizeLots: 20 as Lots,
    reduceOnly: isStop,
    terms,
    takenByMs: Date.now() + 2_000,
  };
  rig.exchange.place(order as Approved);
  await rig.settled();
  return order;
}

function move(rig: Rig, ticks: number): void {
  rig.paper.advance();
  rig.paper.floor.setPrice(rig.paper.floor.listingOf(BTC.instId), ticks, ticks, 10_000_000);
}

it.each(['heard', 'not heard'])(
  'is the stop’s, by what the stop says it has sent, where its waking was %s',
  async (waking) => {
    const { rig, stop, fills } = await held();
    rig.admin('stops', { key: 'rig', named: 'false' });
    if (waking === 'not heard') rig.admin('sockets', { how: 'mute', place: 'business' });
    move(rig, STOP_TICKS - 100);
    move(rig, STOP_TICKS - 100);
    await until('it is told', () => fills().length > 0);
    await rig.settled();
    rig.exchange.read();
    await rig.settled();
    expect(fills().map(({ cause, clientId }) => [cause, clientId])).toEqual(
      fills().map(() => ['order', stop.clientId]),
    );
    expect(fills().reduce((sum, { sizeLots }) => sum + sizeLots, 0)).toBe(20);
  },
);

it('is somebody else’s where no stop of ours says so', async () => {
  const { rig, fills } = await held();
  rig.admin('trade', { ...INST, side: 'sell', sz: '0.1' });
  move(rig, LAST_TICKS);
  await until('it is told', () => fills().length > 0);
  expect(fills().map(({ cause, clientId }) => [cause, clientId])).toEqual([['foreign', undefined]]);
});
