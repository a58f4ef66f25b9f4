/**
 * What happens to an account without our doing, as the adapter tells it (reliability.md R5, R8): found by a push, or by a reading where the push
 * was lost; each fill once; a reading that failed in any part is no reading.
 */
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Asked, type Plan, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { startWs, until } from '../../../test/okx/local-server.ts';
import { BTC, LAST_TICKS, type Rig, type RigOptions, resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { CoreEvent } from '../../core/event.ts';
import { valueMoney } from '../../core/instrument/instrument.ts';
import type { Lots, Side, Ticks } from '../../core/numbers/units.ts';
import { type Approved, clientIdOf, type Order, type OrderTerms } from '../../core/orders/order.ts';
import type { Answer } from '../door/rest.ts';
import { doubtsInstrument } from '../untradable.ts';
import { endpoints } from '../wire/endpoints.ts';

type Of<K extends CoreEvent['kind']> = Extract<CoreEvent, { kind: K }>;
let count = 0;

async function rigged(options: RigOptions = {}) {
  const rig = await startRig(options);
  onTestFinished(() => rig.close());
  const heard = <K extends CoreEvent['kind']>(kind: K) =>
    rig.events.filter((event): event is Of<K> => event.kind === kind);
  const place = async (side: Side, sizeLots: number, terms: OrderTerms, more: Partial<Order> = {}) => {
    count += 1;
    const order = {
      clientId: `rwtest${count.toString(36).padStart(6, '0')}e000101`,
      instId: BTC.instId,
      role: terms.type === 'stop' ? 'stop' : 'entry',
      position: 1,
      step: 0,
      attempt: 1,
      part: 0,
      side,
      sizeLots: sizeLots as Lots,
      reduceOnly: false,
      terms,
      takenByMs: Date.now() + 2_000,
      ...more,
    } satisfies Order as Order as Approved;
    rig.exchange.place(order);
    await rig.settled();
    return order;
  };
  const buy = async (sizeLots: number) => {
    const order = await place(1, sizeLots, { type: 'market' });
    move(rig, LAST_TICKS);
    await rig.settled();
    return order;
  };
  const read = async () => {
    const before = heard('exchange-read').length;
    rig.exchange.read();
    await rig.settled();
    const readings = heard('exchange-read');
    return readings.length > before ? readings.at(-1) : undefined;
  };
  return { rig, heard, place, buy, read };
}

/** What REST goes through. */
function proxied(plan: Parameters<typeof startFaultProxy>[1]) {
  return async (origin: string) => {
    const proxy = await startFaultProxy(origin, plan);
    onTestFinished(() => proxy.close());
    return proxy.origin;
  };
}

function rowsOf<Row>(answer: Answer<Row>): readonly Row[] {
  return answer.kind === 'ok' ? answer.rows : [];
}

function move(rig: Rig, ticks: number, volumeLots = 10_000_000): void {
  rig.paper.advance();
  rig.paper.floor.setPrice(rig.paper.floor.listingOf(BTC.instId), ticks, ticks, volumeLots);
}

const limit = (percent: number): OrderTerms => ({
  type: 'limit',
  priceTicks: Math.round(LAST_TICKS * (1 + percent / 100)) as Ticks,
  postOnly: false,
});
const DAY_MS = 86_400_000;
const INST = { key: 'rig', instId: BTC.instId };

describe('what somebody else did', () => {
  it('a trade by hand is a foreign fill, told once by push and reading', async () => {
    const { rig, heard, read } = await rigged();
    rig.admin('trade', { ...INST, side: 'buy', sz: '0.2' });
    move(rig, LAST_TICKS);
    await until('the fill', () => heard('filled').length > 0);
    expect(await read()).toMatchObject({ positions: [{ signedLots: 20 }] });
    expect(heard('filled').map(({ cause, clientId, sizeLots }) => [cause, clientId, sizeLots])).toEqual([
      ['foreign', undefined, 20],
    ]);
  });

  it('a manual close of our position is a foreign fill, and the position is gone from the reading', async () => {
    const { rig, heard, buy, read } = await rigged();
    await buy(20);
    rig.admin('trade', { ...INST, side: 'sell', sz: '0.2' });
    move(rig, LAST_TICKS);
    await until('both fills', () => heard('filled').length === 2);
    expect(heard('filled').map(({ cause, side }) => [cause, side])).toEqual([
      ['order', 1],
      ['foreign', -1],
    ]);
    expect((await read())?.positions).toEqual([]);
  });

  it('a foreign order is in the reading under its own name, or under none', async () => {
    const { rig, read } = await rigged();
    const body = { instId: BTC.instId, tdMode: 'isolated', side: 'buy', ordType: 'limit', px: '49000', sz: '0.1' };
    await rig.byHand.post(endpoints.placeOrder, body);
    await rig.byHand.post(endpoints.placeOrder, { ...body, clOrdId: 'byHand7' });
    expect((await read())?.orders.map(({ clientId }) => clientId).toSorted()).toEqual(['', 'byHand7']);
  });

  it('our orders are in the reading with where they stand: price or trigger, and size', async () => {
    const { buy, place, read } = await rigged();
    await buy(20);
    const named = (role: 'rung' | 'stop') =>
      clientIdOf({ run: 'test', position: 1, role, step: 0, attempt: 1, part: 0 });
    const rests = await place(1, 7, limit(-1), { clientId: named('rung') });
    const triggerTicks = Math.round(LAST_TICKS * 0.97) as Ticks;
    const stop = await place(
      -1,
      20,
      { type: 'stop', triggerTicks, by: 'mark' },
      { reduceOnly: true, clientId: named('stop') },
    );
    const orders = (await read())?.orders ?? [];
    expect(orders.map(({ clientId, stands }) => [clientId, stands])).toEqual([
      [rests.clientId, { ticks: Math.round(LAST_TICKS * 0.99), sizeLots: 7 }],
      [stop.clientId, { ticks: triggerTicks, sizeLots: 20 }],
    ]);
  });

  it('a liquidation is told with its cause, and never as an order of ours', async () => {
    const { rig, heard, buy, read } = await rigged();
    await buy(20);
    rig.admin('liquidation', INST);
    await until('the fill', () => heard('filled').length === 2);
    expect(heard('filled')[1]).toMatchObject({ cause: 'liquidation', side: -1, sizeLots: 20 });
    expect(heard('filled')[1]?.clientId).toBeUndefined();
    expect((await read())?.positions).toEqual([]);
    expect(heard('filled').length, 'the reading tells nothing twice').toBe(2);
  });

  it('auto-deleveraging of a part is told with its cause', async () => {
    const { rig, heard, buy, read } = await rigged();
    await buy(20);
    rig.admin('adl', { ...INST, sz: '0.05' });
    await until('the fill', () => heard('filled').length === 2);
    expect(heard('filled')[1]).toMatchObject({ cause: 'adl', side: -1, sizeLots: 5 });
    expect(await read()).toMatchObject({ positions: [{ signedLots: 15 }] });
  });

  it('funding is told once, and explains the balance to the last unit', async () => {
    const { rig, heard, buy, read } = await rigged();
    await buy(20);
    const before = await read();
    rig.admin('funding', { instId: BTC.instId, rate: '0.0003' });
    const after = await read();
    await read();
    const [paid, another] = heard('funding-settled');
    expect(another).toBeUndefined();
    expect(paid?.amount).toBe(-((valueMoney(BTC, 20, LAST_TICKS) * 3n) / 10_000n));
    expect((after?.balance ?? 0n) - (before?.balance ?? 0n)).toBe(paid?.amount);
  });

  it('leverage that was changed by hand is in the next reading', async () => {
    const { rig, buy, read } = await rigged();
    await buy(20);
    await rig.byHand.post(endpoints.setLeverage, { instId: BTC.instId, lever: '7', mgnMode: 'isolated' });
    expect(await read()).toMatchObject({ positions: [{ leverage: 7 }] });
  });

  it('an order that was cancelled by hand while nobody listened is missed by the reading and its end is told', async () => {
    const { rig, heard, place, read } = await rigged();
    const { clientId } = await place(1, 20, limit(-1));
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    await rig.byHand.post(endpoints.cancelOrder, { instId: BTC.instId, clOrdId: clientId });
    await read();
    await until('its end', () => heard('order-ended').length === 1);
    expect(heard('order-ended')[0]).toMatchObject({ clientId, filledLots: 0 });
  });

  it('a stop that was taken away by hand is told', async () => {
    const { rig, heard, buy, place } = await rigged();
    await buy(20);
    const stop = await place(
      -1,
      20,
      { type: 'stop', triggerTicks: (LAST_TICKS - 5_000) as Ticks, by: 'mark' },
      { reduceOnly: true },
    );
    await rig.byHand.post(endpoints.cancelAlgos, [{ instId: BTC.instId, algoClOrdId: stop.clientId }]);
    await until('its end', () => heard('order-ended').some(({ clientId }) => clientId === stop.clientId));
  });
});

describe('what was missed', () => {
  it('fills and funding of a long absence are told, though nobody but the history lists them any more', {
    timeout: 60_000,
  }, async () => {
    let aheadMs = 0;
    const { rig, buy } = await rigged({ exchangeAheadMs: () => aheadMs });
    const leftAtMs = Date.now() - 1_000;
    const order = await buy(20);
    rig.admin('trade', { ...INST, side: 'sell', sz: '0.05' });
    move(rig, LAST_TICKS);
    rig.exchange.close();
    aheadMs = 10 * DAY_MS;
    rig.paper.advance();
    await rig.rest.syncClock();
    const events: CoreEvent[] = [];
    const later = rig.another({
      hear: (event) => events.push(event),
      fillsSinceMs: leftAtMs,
      fundingSinceMs: leftAtMs,
    });
    onTestFinished(() => later.close());
    later.adopt([{ order, state: 'live', sentAt: Date.now(), sizeLots: 20, filledLots: 0 }], []);
    later.start();
    await until('a reading', () => events.some(({ kind }) => kind === 'exchange-read'));
    const fills = events.filter((event): event is Of<'filled'> => event.kind === 'filled');
    expect(fills.map(({ side, sizeLots, cause }) => [side, sizeLots, cause])).toEqual([
      [1, 20, 'order'],
      [-1, 5, 'foreign'],
    ]);
    const settled = events.filter((event) => event.kind === 'funding-settled');
    expect(new Set(settled.map(({ at }) => at)).size, 'each eight hours').toBe(30);
    expect(settled.map(({ at }) => at)).toEqual(settled.map(({ at }) => at).toSorted((a, b) => a - b));
    // Nothing comes a second time.
    later.read();
    await until('another', () => events.filter(({ kind }) => kind === 'exchange-read').length > 1);
    expect(events.filter(({ kind }) => kind === 'filled' || kind === 'funding-settled')).toHaveLength(32);
  });

  it('the history is asked once, also where there was nothing in it', async () => {
    let asked: readonly Asked[] = [];
    const { rig } = await rigged({
      through: async (origin) => {
        const proxy = await startFaultProxy(origin, () => undefined);
        onTestFinished(() => proxy.close());
        asked = proxy.asked;
        return proxy.origin;
      },
    });
    const longAgoMs = Date.now() - 10 * DAY_MS;
    const events: CoreEvent[] = [];
    const later = rig.another({
      hear: (event) => events.push(event),
      fillsSinceMs: longAgoMs,
      fundingSinceMs: longAgoMs,
    });
    onTestFinished(() => later.close());
    later.start();
    for (let readings = 1; readings <= 3; readings += 1) {
      await until('a reading', () => events.filter(({ kind }) => kind === 'exchange-read').length >= readings);
      later.read();
    }
    for (const slow of ['trade/fills-history', 'account/bills-archive'])
      expect(
        asked.filter(({ path }) => path.endsWith(slow)),
        slow,
      ).toHaveLength(1);
  });

  it('a fill whose push was lost is told by the next reading, before it', async () => {
    const { rig, heard, place, read } = await rigged();
    const { clientId } = await place(1, 20, limit(-0.5));
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    move(rig, LAST_TICKS * 0.99);
    expect(heard('filled')).toEqual([]);
    await read();
    const kinds = rig.events.map(({ kind }) => kind);
    expect(heard('filled').map((fill) => [fill.clientId, fill.sizeLots])).toEqual([[clientId, 20]]);
    expect(kinds.lastIndexOf('exchange-read')).toBeGreaterThan(kinds.lastIndexOf('filled'));
  });

  it('a stop that woke while nobody listened is told by its fill, under its own client id', async () => {
    const { rig, heard, buy, place, read } = await rigged();
    await buy(20);
    const stop = await place(
      -1,
      20,
      { type: 'stop', triggerTicks: (LAST_TICKS - 5_000) as Ticks, by: 'mark' },
      { reduceOnly: true },
    );
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    move(rig, LAST_TICKS - 6_000);
    move(rig, LAST_TICKS - 6_000);
    expect((await read())?.positions).toEqual([]);
    expect(heard('filled').at(-1)).toMatchObject({ clientId: stop.clientId, cause: 'order', sizeLots: 20, side: -1 });
  });

  it('a stop that woke is told under its own client id also where the exchange has named what it sent', async () => {
    const named = (row: object) => ({ ...row, clOrdId: 'O2497956918703120501' });
    const { rig, heard, place, buy, read } = await rigged({
      through: async (origin) => {
        const proxy = await startFaultProxy(origin, ({ path }) =>
          path.endsWith('trade/fills') || path.endsWith('trade/order')
            ? { forward: 'first', change: named }
            : undefined,
        );
        onTestFinished(() => proxy.close());
        return proxy.origin;
      },
    });
    await buy(20);
    const stop = await place(
      -1,
      20,
      { type: 'stop', triggerTicks: (LAST_TICKS - 5_000) as Ticks, by: 'mark' },
      { reduceOnly: true },
    );
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    move(rig, LAST_TICKS - 5_000);
    await read();
    expect(heard('filled').at(-1)).toMatchObject({ clientId: stop.clientId, cause: 'order', sizeLots: 20, side: -1 });
  });

  it('an amendment that is refused names the code, so that one of the instrument has its list read', async () => {
    const suspended = (row: object) => ({ ...row, sCode: '51022', sMsg: 'Instrument is suspended' });
    const { rig, heard, place } = await rigged({
      through: async (origin) => {
        const proxy = await startFaultProxy(origin, ({ path }) =>
          path === endpoints.amendAlgo.path ? { forward: 'first', change: suspended } : undefined,
        );
        onTestFinished(() => proxy.close());
        return proxy.origin;
      },
    });
    const triggerTicks = (LAST_TICKS - 5_000) as Ticks;
    const stop = await place(-1, 20, { type: 'stop', triggerTicks, by: 'mark' }, { reduceOnly: true });
    rig.exchange.amend({ ...stop, triggerTicks: (LAST_TICKS - 4_000) as Ticks });
    await rig.settled();
    const [told] = heard('order-amended');
    expect(told).toMatchObject({ done: false, code: '51022' });
    expect(told !== undefined && doubtsInstrument(told)).toBe(true);
  });

  it.each([
    ['order', 'orders', 'private', endpoints.amendOrder.path],
    ['stop', 'orders-algo', 'business', endpoints.amendAlgo.path],
  ] as const)(
    'an amendment of an %s that is refused by a push alone names the code, too',
    async (kind, channel, where, path) => {
      const { rig, heard, place } = await rigged({
        through: async (origin) => {
          const proxy = await startFaultProxy(origin, (asked) =>
            asked.path === path ? { forward: 'never', answer: { how: 'silence', ms: 200 } } : undefined,
          );
          onTestFinished(() => proxy.close());
          return proxy.origin;
        },
      });
      const ticks = (LAST_TICKS - 5_000) as Ticks;
      const order =
        kind === 'stop'
          ? await place(-1, 20, { type: 'stop', triggerTicks: ticks, by: 'mark' }, { reduceOnly: true })
          : await place(1, 20, { type: 'limit', priceTicks: ticks, postOnly: false });
      const row = await (kind === 'stop'
        ? rig.byHand.get(endpoints.algoOrder, { algoClOrdId: order.clientId })
        : rig.byHand.get(endpoints.order, { instId: BTC.instId, clOrdId: order.clientId }));
      rig.exchange.amend({ ...order, sizeLots: 30 as Lots });
      const data = [{ ...rowsOf<object>(row)[0], amendResult: '-1', reqId: 'a1', code: '51202', msg: 'too large' }];
      const push = Buffer.from(JSON.stringify({ arg: { channel, instType: 'SWAP' }, data }));
      for (const session of rig.paper.sessions) if (session.place === where) session.deliver(push);
      await until('the no', () => heard('order-amended').length > 0);
      const [told] = heard('order-amended');
      expect(told).toMatchObject({ done: false, code: '51202' });
      expect(told !== undefined && doubtsInstrument(told)).toBe(true);
    },
  );

  it('an amendment of a stop that the exchange takes back after its yes is read anew', async () => {
    const { rig, heard, place } = await rigged();
    const stop = await place(
      -1,
      20,
      { type: 'stop', triggerTicks: (LAST_TICKS - 5_000) as Ticks, by: 'mark' },
      { reduceOnly: true },
    );
    const [algo] = rowsOf(await rig.byHand.get(endpoints.algoOrder, { algoClOrdId: stop.clientId }));
    rig.exchange.amend({ ...stop, triggerTicks: (LAST_TICKS - 4_000) as Ticks });
    await rig.settled();
    expect(heard('order-amended')).toMatchObject([{ clientId: stop.clientId, done: true }]);
    const before = heard('exchange-read').length;
    const push = {
      arg: { channel: 'orders-algo', instType: 'SWAP' },
      data: [{ ...algo, amendResult: '-1', reqId: 'a1' }],
    };
    for (const session of rig.paper.sessions)
      if (session.place === 'business') session.deliver(Buffer.from(JSON.stringify(push)));
    await until('a reading', () => heard('exchange-read').length > before);
  });

  it('more fills than a page holds are all told, each once, many in the same millisecond', async () => {
    const { rig, heard, read } = await rigged();
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    const body = { instId: BTC.instId, tdMode: 'isolated', ordType: 'market', sz: '0.01' };
    for (let i = 0; i < 130; i += 1) {
      rig.admin('trade', { ...INST, side: i % 2 === 0 ? 'buy' : 'sell', sz: body.sz });
      rig.paper.floor.setPrice(rig.paper.floor.listingOf(BTC.instId), LAST_TICKS, LAST_TICKS, 1_000_000);
    }
    const rows = [...(rig.paper.desk('rig')?.fills.newest() ?? [])];
    expect(rows.length).toBeGreaterThan(100);
    await read();
    await read();
    const ids = heard('filled').map(({ tradeId }) => tradeId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(rows.map(({ tradeId }) => tradeId).toSorted());
  });

  it('a connection that was lost is told, and read after', async () => {
    const { rig, heard } = await rigged({ timing: { firstPauseMs: 20, lastPauseMs: 20 } });
    const before = heard('exchange-read').length;
    rig.admin('sockets', { how: 'cut', key: 'rig' });
    await until('lost', () => heard('exchange-lost').length > 0);
    await until('read again', () => heard('exchange-read').length > before);
    expect(heard('exchange-lost').map(({ because }) => because?.code)).toContain('disconnected');
    expect(rig.exchange.isConnected).toBe(true);
  });

  it('a reading and a look that hang on answers of before the connection was lost keep nobody waiting once it is back', async () => {
    let [isHanging, hanging] = [false, 0];
    const { rig, heard, buy, place } = await rigged({
      timing: { firstPauseMs: 20, lastPauseMs: 20 },
      timeoutMs: 8_000,
      through: proxied(({ method, path }) => {
        if (!isHanging || method !== 'GET' || !/account\/positions|trade\/order$/.test(path)) return undefined;
        hanging += 1;
        return { forward: 'never', answer: { how: 'silence', ms: 7_000 } };
      }),
    });
    await buy(20);
    const order = await place(1, 20, limit(-1));
    isHanging = true;
    rig.exchange.read();
    rig.exchange.inquire(order);
    await until('both hang', () => hanging === 2);
    isHanging = false;
    const before = heard('exchange-read').length;
    rig.admin('sockets', { how: 'cut', key: 'rig' });
    await until('a reading', () => heard('exchange-read').length > before, 5_000);
    rig.exchange.inquire(order);
    await until('how it stands', () => heard('order-standing').length > 0, 5_000);
    const count = rig.events.length;
    await resting(8_000);
    const since = rig.events.slice(count).map(({ kind }) => kind);
    expect(since, 'what the others met is nobody’s affair').toEqual([]);
  });

  it('a reading that counts no more, for the connection was lost and came back, still tells its fills', async () => {
    const gates: (() => void)[] = [];
    let isGated = false;
    const gated = async ({ path }: Asked) => {
      if (isGated && path.endsWith('account/positions')) await new Promise<void>((open) => gates.push(open));
      return undefined;
    };
    const through = proxied(gated);
    const { rig, heard } = await rigged({ timing: { firstPauseMs: 20, lastPauseMs: 20 }, timeoutMs: 8_000, through });
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    rig.admin('trade', { ...INST, side: 'buy', sz: '0.2' });
    move(rig, LAST_TICKS);
    isGated = true;
    rig.exchange.read();
    await until('the first', () => gates.length === 1);
    rig.admin('sockets', { how: 'cut', key: 'rig' });
    await until('the second', () => gates.length === 2);
    gates[0]?.();
    await until('the fill', () => heard('filled').length === 1);
    isGated = false;
    for (const open of gates) open();
    await rig.settled();
  });

  it('without its private sockets the account is told but does not count as read', async () => {
    const { rig, heard, read } = await rigged({ timing: { firstPauseMs: 60_000 } });
    rig.admin('sockets', { how: 'cut', key: 'rig' });
    await until('lost', () => !rig.exchange.isConnected);
    rig.admin('trade', { ...INST, side: 'buy', sz: '0.2' });
    move(rig, LAST_TICKS);
    expect(await read()).toBeUndefined();
    expect(heard('filled').length, 'what has filled is protected').toBe(1);
    expect(heard('exchange-lost').length).toBeGreaterThan(1);
  });

  it('without one of its channels the account does not count as read either', async () => {
    const { rig } = await rigged();
    const { url } = await startWs((client, text) => {
      const { id, op, args } = JSON.parse(text ?? '{}') as { id?: string; op?: string; args?: { channel: string }[] };
      if (op === 'login') client.say({ event: 'login', code: '0', msg: '' });
      for (const arg of op === 'subscribe' ? (args ?? []) : [])
        if (arg.channel === 'orders-algo') client.say({ id, event: 'error', code: '60018', msg: 'Wrong channel' });
        else client.say({ id, event: 'subscribe', arg });
    });
    const events: CoreEvent[] = [];
    const exchange = rig.another({
      hear: (event) => events.push(event),
      fillsSinceMs: 0,
      fundingSinceMs: 0,
      wsUrl: url.replace('/public', ''),
    });
    onTestFinished(() => exchange.close());
    exchange.start();
    await until('the refusal', () => events.length > 0);
    exchange.read();
    await until('a reading', () => events.length > 1);
    await resting(100);
    expect(exchange.isConnected).toBe(false);
    expect(events).not.toContainEqual(expect.objectContaining({ kind: 'exchange-read' }));
    expect(events.at(-1)).toMatchObject({ because: { code: 'channel-refused', channel: 'orders-algo' } });
  });
});

describe('a reading', () => {
  const PARTS = [
    'account/balance',
    'account/positions',
    'trade/orders-pending',
    'trade/orders-algo-pending',
    'trade/fills',
    'account/bills',
  ];

  async function failing(answerTo: (asked: Asked) => Plan | undefined) {
    const plan: { of: ((asked: Asked) => Plan | undefined) | undefined } = { of: undefined };
    const made = await rigged({
      through: proxied((asked) => plan.of?.(asked)),
    });
    await made.buy(20);
    plan.of = answerTo;
    return made;
  }

  it.each(PARTS)('of which %s fails is none: unknown is not empty', async (part) => {
    const { heard, read } = await failing((asked) =>
      asked.path.endsWith(part) ? { forward: 'never', answer: { how: 'reply', status: 502, body: '' } } : undefined,
    );
    expect(await read()).toBeUndefined();
    const reasons = heard('exchange-lost').map(({ because }) => because);
    expect(reasons.length).toBeGreaterThan(0);
    for (const because of reasons)
      expect(because).toMatchObject({ code: 'not-read', words: expect.stringContaining('502') });
  });

  it.each(PARTS.slice(0, 4))('with a row of %s that cannot be read is none', async (part) => {
    const { read } = await failing((asked) =>
      asked.path.endsWith(part)
        ? { forward: 'never', answer: { how: 'reply', status: 200, body: '{"code":"0","msg":"","data":[{"odd":1}]}' } }
        : undefined,
    );
    expect(await read()).toBeUndefined();
  });

  it('is one although a fill of it is on a grid that has changed: that is told once, and shows as a difference', async () => {
    const { rig, heard, read } = await failing((asked) =>
      asked.path.endsWith('trade/fills')
        ? { forward: 'first', change: (row) => ({ ...row, ...('fillSz' in row && { fillSz: `${row.fillSz}03` }) }) }
        : undefined,
    );
    rig.admin('sockets', { how: 'mute', key: 'rig' });
    rig.admin('trade', { ...INST, side: 'sell', sz: '0.2' });
    move(rig, LAST_TICKS);
    for (let times = 0; times < 3; times += 1) expect((await read())?.positions, `reading ${times}`).toEqual([]);
    expect(heard('filled').map(({ cause }) => cause)).toEqual(['order']);
    expect(rig.warnings.filter((text) => /^fill .* cannot be counted/.test(text))).toHaveLength(1);
  });

  it('is one although a position is no whole number of lots: what is beside them is told once', async () => {
    const { read } = await failing((asked) =>
      asked.path.endsWith('account/positions')
        ? { forward: 'first', change: (row) => ({ ...row, ...('pos' in row && { pos: `${row.pos}05` }) }) }
        : undefined,
    );
    const first = await read();
    expect(first?.positions).toMatchObject([{ signedLots: 20 }]);
    expect(first?.besideGrid).toEqual([{ instId: BTC.instId, contracts: '0.005', lot: '0.01' }]);
    expect((await read())?.besideGrid).toBeUndefined();
  });

  it('says what a position costs in the contract as it is now', async () => {
    const { rig, buy, read } = await rigged();
    await buy(20);
    const costUnits = (await read())?.positions[0]?.costUnits ?? 0;
    const changes = [{ of: 'contract', was: '0.01', is: '0.001' }] as const;
    rig.exchange.hearInstrument({ kind: 'instrument', at: 0, instId: BTC.instId, changes });
    expect((await read())?.positions).toMatchObject([{ costUnits: costUnits / 10 }]);
  });

  it('in another position mode is none', async () => {
    const { heard, read } = await failing((asked) =>
      asked.path.endsWith('account/positions')
        ? { forward: 'first', change: (row) => ({ ...row, posSide: 'long' }) }
        : undefined,
    );
    expect(await read()).toBeUndefined();
    expect(heard('exchange-lost').at(-1)?.reason).toMatch(/net mode/);
  });
});

describe('when the process dies', () => {
  it('orders are gone in less than a minute, and the stop stays (cancel-all-after)', async () => {
    const { rig, buy, place } = await rigged();
    await buy(20);
    await place(1, 20, limit(-1));
    await place(
      -1,
      20,
      { type: 'stop', triggerTicks: (LAST_TICKS - 5_000) as Ticks, by: 'mark' },
      { reduceOnly: true },
    );
    const desk = rig.paper.desk('rig');
    expect([desk?.orders.open.size, desk?.algos.open.size]).toEqual([1, 1]);
    const armedForMs = (desk?.cancelAllAt ?? Number.POSITIVE_INFINITY) - rig.paper.clock.now();
    expect(armedForMs).toBeLessThanOrEqual(30_000);
    rig.exchange.close();
    rig.paper.floor.advanceTo(rig.paper.clock.now() + 31_000);
    expect([desk?.orders.open.size, desk?.algos.open.size]).toEqual([0, 1]);
  });
});

describe('leverage', () => {
  it('that could not be set keeps the order that was planned with it back', async () => {
    const { rig, heard, place } = await rigged();
    await place(1, 20, limit(-1));
    rig.exchange.setLeverage(BTC.instId, 3);
    const entry = await place(1, 20, limit(-1));
    expect(heard('leverage').at(-1)).toMatchObject({ leverage: 10 });
    expect(heard('order-rejected').at(-1)).toMatchObject({ clientId: entry.clientId, code: 'leverage-not-set' });
    expect(rig.paper.desk('rig')?.orders.open.size).toBe(1);
  });

  it('is set before the order that follows it leaves', async () => {
    const { rig, heard, place } = await rigged();
    rig.exchange.setLeverage(BTC.instId, 3);
    const entry = await place(1, 20, limit(-1));
    await resting(10);
    expect(heard('leverage').at(-1)).toMatchObject({ leverage: 3 });
    expect(rig.paper.desk('rig')?.orders.byClientId(entry.clientId)?.leverage).toBe(3);
  });
});
