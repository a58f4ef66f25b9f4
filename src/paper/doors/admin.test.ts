import { once } from 'node:events';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { BTC, listening, NOW, type PaperTest, paper } from '../../../test/paper.ts';
import { ApiKey } from '../../okx/door/sign.ts';

const LIMIT = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'limit', sz: '1', px: '59000' };

function admin(test: PaperTest, path: string, body: object = {}) {
  return test.raw({ method: 'POST', target: `/admin/${path}`, body: JSON.stringify(body) });
}

const buy = (test: PaperTest, sz = '1') => test.post('trade/order', { ...LIMIT, ordType: 'market', px: '', sz });

describe('the admin door', () => {
  it('is not there unless it was opened', () => {
    const test = paper({ hasAdmin: false });
    expect(admin(test, 'price', { instId: BTC, last: '1' })).toMatchObject({ status: 404, body: { code: 404 } });
  });

  it.each([
    ['price', { instId: BTC }, '50014'],
    ['price', { instId: 'NO', last: '1' }, '51001'],
    ['trade', { key: 'nobody', instId: BTC, side: 'buy', sz: '1' }, '50111'],
    ['trade', { key: 'a', instId: BTC, side: 'up', sz: '1' }, '51000'],
    ['liquidation', { key: 'a', instId: BTC }, '51023'],
    ['adl', { key: 'a', instId: BTC }, '51023'],
    ['faults', { kind: 'error' }, '50014'],
    ['faults', { kind: 'delay' }, '50014'],
    ['none', {}, '404'],
  ] as const)('says what is wrong with %s %j: %s', (path, body, code) => {
    const answered = admin(paper(), path, body);
    expect(answered.body.code).toBe(code);
    expect(answered.status).toBeGreaterThanOrEqual(400);
  });
});

describe('a test moves the world', () => {
  it('sets prices: resting orders fill, the mark may stand elsewhere', () => {
    const test = paper();
    test.post('trade/order', LIMIT);
    admin(test, 'price', { instId: BTC, last: '58990', mark: '58800' });
    expect(test.get('trade/fills').data[0]).toMatchObject({ fillPx: '59000', fillMarkPx: '58800' });
    expect(test.get('public/mark-price', { instId: BTC }).data[0]?.['markPx']).toBe('58800');
  });

  it('lets time pass', () => {
    const test = paper();
    admin(test, 'time', { ms: 1_500 });
    expect(test.get('public/time').data[0]?.['ts']).toBe(String(NOW + 1_500));
  });

  it('trades by hand on an account', () => {
    const test = paper();
    admin(test, 'trade', { key: 'a', instId: BTC, side: 'sell', sz: '2' });
    expect(test.get('account/positions').data[0]).toMatchObject({ pos: '-2' });
    expect(test.get('trade/orders-history', { instType: 'SWAP' }).data[0]).toMatchObject({ clOrdId: '', source: '' });
  });

  it('liquidates, and the price is where it was', () => {
    const test = paper();
    buy(test);
    admin(test, 'liquidation', { key: 'a', instId: BTC });
    expect(test.get('account/positions').data).toEqual([]);
    expect(test.get('account/positions-history').data[0]?.['type']).toBe('3');
    expect(test.get('public/mark-price', { instId: BTC }).data[0]?.['markPx']).toBe('60000');
  });

  it('deleverages at the mark without a fee, in part or whole', () => {
    const test = paper();
    buy(test, '3');
    admin(test, 'adl', { key: 'a', instId: BTC, sz: '1' });
    expect(test.get('account/positions').data[0]?.['pos']).toBe('2');
    expect(test.get('trade/fills').data[0]).toMatchObject({ fillPx: '60000', fee: '0', subType: '128' });
    expect(test.get('trade/orders-history', { instType: 'SWAP', category: 'adl' }).data[0]).toMatchObject({ sz: '1' });
    expect(test.get('account/positions-history').data).toMatchObject([{ type: '5' }]);
    admin(test, 'adl', { key: 'a', instId: BTC });
    expect(test.get('account/positions-history').data).toMatchObject([{ type: '6' }]);
  });

  it('settles funding at any rate', () => {
    const test = paper();
    buy(test);
    admin(test, 'funding', { instId: BTC, rate: '-0.001' });
    expect(test.get('account/positions').data[0]?.['fundingFee']).toBe('0.6');
  });

  it('cuts, closes, warns and mutes sockets', () => {
    const test = paper();
    const [one, other] = [test.socket('private'), test.socket('public')];
    one.logIn();
    one.take();
    expect(admin(test, 'sockets', { how: 'notice', key: 'a' }).body.data[0]).toEqual({ count: '1' });
    expect(one.take()).toMatchObject([{ event: 'notice', code: '64008' }]);
    expect(other.take()).toEqual([]);
    admin(test, 'sockets', { how: 'mute', place: 'public' });
    other.say('ping');
    expect(other.take()).toEqual([]);
    admin(test, 'sockets', { how: 'unmute', place: 'public' });
    other.say('ping');
    expect(other.take()).toEqual([{ event: 'pong' }]);
    admin(test, 'sockets');
    expect([one.closed, other.closed]).toEqual([[{ code: 1006 }], [{ code: 1006 }]]);
  });
});

describe('planted faults', () => {
  const plant = (test: PaperTest, fault: object) => expect(admin(test, 'faults', fault).body.code).toBe('0');

  it('50004 after acceptance: the client is told it timed out, and the order stands', () => {
    const test = paper();
    plant(test, { kind: 'error', when: 'after', path: '/api/v5/trade/order', method: 'POST', code: '50004' });
    expect(test.post('trade/order', { ...LIMIT, clOrdId: 'x1' })).toMatchObject({ code: '50004', data: [] });
    expect(test.get('trade/order', { instId: BTC, clOrdId: 'x1' }).data[0]?.['state']).toBe('live');
    expect(test.post('trade/order', { ...LIMIT, clOrdId: 'x1' }).data[0]?.['sCode']).toBe('51016');
  });

  it('before: the exchange never acted', () => {
    const test = paper();
    plant(test, { kind: 'error', path: '/api/v5/trade', code: '50011', times: 2 });
    expect([1, 2, 3].map(() => test.post('trade/order', LIMIT).code)).toEqual(['50011', '50011', '0']);
    expect(test.get('trade/orders-pending').data).toHaveLength(1);
  });

  it('drops the answer, before or after', () => {
    const test = paper();
    for (const when of ['before', 'after']) plant(test, { kind: 'drop', when, path: '/api/v5/public/time' });
    const request = { method: 'GET', target: '/api/v5/public/time', body: '', address: 't', header: () => undefined };
    expect([1, 2, 3].map(() => test.exchange.answer(request).isDropped)).toEqual([true, true, false]);
  });

  it('delays', () => {
    const test = paper();
    plant(test, { kind: 'delay', delayMs: 250, path: '/api/v5/public/time' });
    const request = { method: 'GET', target: '/api/v5/public/time', body: '', address: 't', header: () => undefined };
    expect([1, 2].map(() => test.exchange.answer(request).delayMs)).toEqual([250, 0]);
  });

  it('hits one account only, orders over the socket too, and can be cleared', () => {
    const test = paper();
    plant(test, { kind: 'error', key: 'b', code: '50013', times: 9 });
    expect(test.get('account/config').code).toBe('0');
    const heard = test.socket();
    heard.logIn();
    heard.take();
    plant(test, { kind: 'error', when: 'after', path: 'order', method: 'WS', code: '64007' });
    heard.say({ id: 'a1', op: 'order', args: [LIMIT] });
    expect(heard.take()).toMatchObject([{ id: 'a1', op: 'order', code: '64007', data: [] }]);
    expect(test.get('trade/orders-pending').data).toHaveLength(1);
    plant(test, { kind: 'drop', when: 'after', path: 'order', method: 'WS' });
    heard.say({ id: 'a2', op: 'order', args: [LIMIT] });
    expect(heard.closed).toEqual([{ code: 1006 }]);
    admin(test, 'faults/clear');
    expect(test.raw({ method: 'GET', target: '/admin/faults' }).body.data).toEqual([]);
  });

  it('a request that is late is carried out late: by then it may have expired', async () => {
    const test = paper({ wall: Date.now, at: Date.now() + 3_600_000 });
    const { rest, ws } = await listening(test);
    const late = { kind: 'delay', when: 'before', delayMs: 600, times: 1 };
    plant(test, { ...late, path: '/api/v5/trade/order' });
    const target = '/api/v5/trade/order';
    const body = JSON.stringify({ instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '1' });
    const key = new ApiKey({ key: 'a', secret: 'aSecret', passphrase: 'aPass' });
    const headers = {
      ...key.restHeaders({ method: 'POST', target, body, nowMs: Date.now() }),
      'content-type': 'application/json',
    };
    const asked = fetch(`${rest}${target}`, {
      method: 'POST',
      body,
      headers: { ...headers, expTime: String(Date.now() + 300) },
    });
    expect(await (await asked).json()).toMatchObject({ code: '50036' });
    plant(test, { ...late, path: 'order' });
    const socket = new WebSocket(`${ws}/private`);
    const heard: { id?: string; event?: string; code: string }[] = [];
    socket.on('message', (data) => heard.push(JSON.parse(String(data)) as (typeof heard)[0]));
    await once(socket, 'open');
    socket.send(JSON.stringify({ op: 'login', args: [key.loginArg(Date.now())] }));
    await vi.waitUntil(() => heard.some(({ event }) => event === 'login'));
    socket.send(JSON.stringify({ id: '1', op: 'order', args: [JSON.parse(body)], expTime: String(Date.now() + 300) }));
    await vi.waitUntil(() => heard.some(({ id }) => id === '1'));
    socket.close();
    expect(heard.find(({ id }) => id === '1')).toMatchObject({ code: '50036' });
    expect(test.get('trade/fills').data).toEqual([]);
  });
});
