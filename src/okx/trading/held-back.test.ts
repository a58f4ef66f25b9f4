/** What would enlarge a position while nobody knows whether its instrument is still what it was: adapter and feed before the paper exchange. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until } from '../../../test/okx/local-server.ts';
import { approvedOrder, BTC, BTC_ROW, feedBefore, LAST_TICKS, resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import type { Ticks } from '../../core/numbers/units.ts';
import type { Order, OrderTerms } from '../../core/orders/order.ts';
import type { OkxFeed } from '../feed.ts';
import { endpoints } from '../wire/endpoints.ts';

const MARKET: OrderTerms = { type: 'market' };
const STOP_TICKS = Math.round(LAST_TICKS * 0.97) as Ticks;
const UNREADABLE = { forward: 'never', answer: { how: 'reply', status: 502, body: '' } } as const;

/** @param list what is said of instruments, once it is set; undefined: as they are */
async function started() {
  const list: { of: 'as it is' | 'unreadable' | 'changed'; hasFinerLots?: boolean } = { of: 'as it is' };
  const leverage: { isSet: Promise<void> | undefined } = { isSet: undefined };
  const said: Extract<CoreEvent, { kind: 'instrument' }>[] = [];
  const rig = await startRig({
    knowsInstrument: (instId) => feed.knowsInstrument(instId),
    through: async (origin) => {
      const proxy = await startFaultProxy(origin, async ({ path }) => {
        if (path === endpoints.setLeverage.path) await leverage.isSet;
        if (path === endpoints.fills.path && list.hasFinerLots === true)
          return {
            forward: 'first',
            change: (row) => ({ ...row, ...('fillSz' in row && { fillSz: `${row.fillSz}03` }) }),
          };
        if (path !== endpoints.instruments.path || list.of === 'as it is') return undefined;
        if (list.of === 'unreadable') return UNREADABLE;
        return { forward: 'first', change: () => ({ ...BTC_ROW, ctVal: '0.1' }) };
      });
      onTestFinished(() => proxy.close());
      return proxy.origin;
    },
  });
  const feed: OkxFeed = feedBefore(rig, [BTC], (event) => {
    if (event.kind !== 'instrument') return;
    rig.exchange.hearInstrument(event);
    said.push(event);
  });
  onTestFinished(async () => {
    feed.close();
    await rig.close();
  });
  feed.start();
  const knows = () => feed.knowsInstrument(BTC.instId);
  await until('the list', knows);
  const cut = async () => {
    rig.admin('sockets', { how: 'cut', place: 'public' });
    await until('it is noticed', () => !knows());
  };
  let attempt = 0;
  const place = (role: Order['role']) => {
    attempt += 1;
    const terms: OrderTerms =
      role === 'stop' ? { type: 'stop', triggerTicks: STOP_TICKS, by: 'mark' } : { type: 'market' };
    const order = approvedOrder(role, attempt, terms);
    rig.exchange.place(order);
    return order;
  };
  const told = ({ clientId }: Order) =>
    rig.events.flatMap((event) =>
      'clientId' in event && event.clientId === clientId ? ('code' in event ? event.code : event.kind) : [],
    );
  const sizes = async () => {
    const answer = await rig.byHand.get(endpoints.positions, { instType: 'SWAP' });
    return answer.kind === 'ok' ? answer.rows.map(({ pos }) => pos) : answer;
  };
  return { rig, list, leverage, said, knows, cut, place, told, sizes };
}

describe('while the instrument was not read since the connection was away', () => {
  it('an entry and a rung are not sent and come back as such, a stop and a close are sent; once it is read all are', async () => {
    const { rig, list, knows, cut, place, told, sizes } = await started();
    const bought = place('entry');
    await until('it is open', () => told(bought).includes('filled'));
    list.of = 'unreadable';
    await cut();
    const [entry, rung, stop, close] = [place('entry'), place('rung'), place('stop'), place('close')];
    await until('the close', () => told(close).includes('filled'));
    expect([told(entry), told(rung)]).toEqual([['instrument-not-read'], ['instrument-not-read']]);
    expect(told(stop)).toContain('order-accepted');
    expect(await sizes()).toEqual([]);
    await until('a person could know', () => rig.warnings.some((text) => text.startsWith('instruments: ')));
    list.of = 'as it is';
    await until('it is read', knows, 10_000);
    const next = place('entry');
    await until('it is taken', () => told(next).includes('filled'));
  });

  it('an entry that was not sent is absent where what was told of it was lost: who asks is told', {
    timeout: 30_000,
  }, async () => {
    const { rig, list, cut, place, told } = await started();
    list.of = 'unreadable';
    await cut();
    const entry = place('entry');
    await until('it comes back', () => told(entry).length > 0);
    rig.exchange.inquire(entry);
    await until('it is nowhere', () => told(entry).includes('order-absent'), 20_000);
    expect(told(entry)).toEqual(['instrument-not-read', 'order-absent']);
  });

  it('nor what would enlarge once a part of a lot was filled, whatever the list says; the order ends with what could be told', {
    timeout: 30_000,
  }, async () => {
    const { rig, list, knows, place, told } = await started();
    list.hasFinerLots = true;
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    const entry = place('entry');
    await rig.settled();
    rig.exchange.read();
    await until('it cannot be counted', () => rig.warnings.some((text) => /^fill .* cannot be counted/.test(text)));
    rig.exchange.inquire(entry);
    await until('its end', () => told(entry).includes('order-ended'), 20_000);
    expect(rig.events.find((event) => event.kind === 'order-ended')).toMatchObject({ filledLots: 0 });
    expect(knows()).toBe(true);
    const [next, close] = [place('entry'), place('close')];
    await until('they are answered', () => told(next).length > 0 && told(close).length > 0);
    expect([told(next), told(close)]).toEqual([['instrument-not-read'], ['order-accepted']]);
  });

  it('one that waits for its leverage, planned by a contract that has changed meanwhile, is not sent', async () => {
    const { rig, list, leverage, said, cut, knows, place, told, sizes } = await started();
    let set = () => {};
    leverage.isSet = new Promise((resolve) => (set = resolve));
    rig.exchange.setLeverage(BTC.instId, 5);
    list.of = 'changed';
    const entry = place('entry');
    await cut();
    await until('it is read', knows);
    expect(said.at(-1)?.changes).toMatchObject([{ of: 'contract' }]);
    set();
    await rig.settled();
    expect([told(entry), await sizes()]).toEqual([['instrument-not-read'], []]);
  });
});

it('more entries than stops can follow are not sent; a rung, a stop and a close are, and so is an entry two seconds later', async () => {
  const rig = await startRig({ limits: { entriesMost: 3 } });
  onTestFinished(() => rig.close());
  const ofRole = (role: Order['role'], attempt: number) =>
    approvedOrder(role, attempt, role === 'stop' ? { type: 'stop', triggerTicks: STOP_TICKS, by: 'mark' } : MARKET);
  const taken = (order: Order) =>
    rig.events.some((event) => event.kind === 'order-accepted' && event.clientId === order.clientId);
  const noes = () => rig.events.flatMap((event) => (event.kind === 'order-rejected' ? [event.code] : []));
  const orders = [1, 2, 3, 4, 5].map((attempt) => ofRole('entry', attempt));
  for (const order of orders) rig.exchange.place(order);
  await rig.settled();
  expect([orders.map(taken), noes()]).toEqual([
    [true, true, true, false, false],
    ['too-many-entries', 'too-many-entries'],
  ]);
  const others = (['rung', 'stop', 'close'] as const).map((role) => ofRole(role, 1));
  for (const order of others) rig.exchange.place(order);
  await rig.settled();
  expect(others.map(taken)).toEqual([true, true, true]);
  await resting(2_100);
  const next = ofRole('entry', 6);
  rig.exchange.place(next);
  await rig.settled();
  expect(taken(next)).toBe(true);
});
