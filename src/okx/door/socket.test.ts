import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as resting } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startWs, until, type WsClient } from '../../../test/okx/local-server.ts';
import type { Arg } from '../wire/ws-message.ts';
import { ApiKey } from './sign.ts';
import { OkxSocket, type SocketEvent, type SocketOptions, type SocketTiming } from './socket.ts';

const ticker: Arg = { channel: 'tickers', instId: 'BTC-USDT-SWAP' };
const orders: Arg = { channel: 'orders', instType: 'SWAP' };
const quick: SocketTiming = {
  pingAfterMs: 80,
  pongWithinMs: 80,
  answerWithinMs: 300,
  firstPauseMs: 20,
  lastPauseMs: 80,
  steadyAfterMs: 300,
  splitAfterMs: 20,
};
const key = new ApiKey({ key: 'key-0123456789', secret: 'secret-0123456789', passphrase: 'Passphrase-9' });

interface Sent {
  readonly id?: string;
  readonly op: string;
  readonly args: readonly Arg[];
}

/** Answers as OKX does; `on` may answer a message first and then returns true. */
function okx(on: (client: WsClient, message: Sent) => boolean | void = () => false) {
  return (client: WsClient, text: string | undefined): void => {
    if (text === undefined) return;
    if (text === 'ping') return client.say('pong');
    const message = JSON.parse(text) as Sent;
    if (on(client, message) === true) return;
    if (message.op === 'login') return client.say({ event: 'login', code: '0', msg: '', connId: 'a4d3ae55' });
    for (const arg of message.args)
      client.say({ id: message.id, event: message.op, arg: reversed(arg), connId: 'a4d3ae55' });
  };
}

/** OKX need not keep the order of keys. */
function reversed(arg: Arg): object {
  return Object.fromEntries(Object.entries(arg).reverse());
}

async function start(
  script: Parameters<typeof startWs>[0],
  args: readonly Arg[],
  options: Partial<SocketOptions> = {},
) {
  const { url, clients } = await startWs(script);
  const events: SocketEvent[] = [];
  const socket = new OkxSocket({
    url,
    nowMs: Date.now,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    timing: quick,
    ...options,
  });
  onTestFinished(() => socket.close());
  socket.subscribe(args);
  socket.open();
  const kinds = () => events.map(({ kind }) => kind);
  return { socket, clients, events, kinds };
}

function subscribed(client: WsClient | undefined): string[] {
  return (client?.sent ?? [])
    .filter((text) => text.includes('"subscribe"'))
    .flatMap((text) => (JSON.parse(text) as Sent).args.map(({ channel }) => channel));
}

describe('OkxSocket', () => {
  test('logs in first, subscribes in one request, and is connected when every argument was acknowledged', async () => {
    const { clients, kinds } = await start(okx(), [orders, { channel: 'account' }], { key });
    await until('connected', () => kinds().includes('connected'));
    const said = (clients[0]?.sent ?? []).filter((text) => text !== 'ping');
    const [login, subscribe] = said.map((text) => JSON.parse(text) as Sent);
    expect(login).toMatchObject({ op: 'login', args: [{ apiKey: 'key-0123456789', passphrase: 'Passphrase-9' }] });
    expect(subscribe).toMatchObject({ op: 'subscribe', args: [orders, { channel: 'account' }] });
    expect(kinds()).toEqual(['connected']);
  });

  test('hands over pushes and leaves pongs to itself', async () => {
    const { clients, events, kinds } = await start(okx(), [ticker]);
    await until('connected', () => kinds().includes('connected'));
    clients[0]?.say({ arg: { ...ticker, uid: '77' }, data: [{ instId: 'BTC-USDT-SWAP' }] });
    await until('a push', () => kinds().includes('push'));
    expect(events.at(-1)).toMatchObject({ push: { arg: ticker, data: [{ instId: 'BTC-USDT-SWAP' }] } });
    await until('a ping', () => clients[0]?.sent.includes('ping') ?? false);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(kinds(), 'an answered ping is no event').toEqual(['connected', 'push']);
  });

  test('after a broken connection it comes back, subscribes the same again and says that something may be missing', async () => {
    const { clients, kinds, events } = await start(okx(), [ticker, orders]);
    await until('connected', () => kinds().includes('connected'));
    clients[0]?.socket.terminate();
    await until('reconnected', () => kinds().includes('reconnected'));
    expect(kinds()).toEqual(['connected', 'lost', 'reconnected']);
    expect(events[1]).toMatchObject({ kind: 'lost', retryInMs: 20 });
    expect(subscribed(clients[1])).toEqual(['tickers', 'orders']);
  });

  test('a connection that HTTP refuses says how: the exchange may be down, or the address be blocked', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'));
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/v5/public`;
    const { events } = await start(okx(), [ticker], { url });
    await until('lost', () => events.length > 0);
    expect(events[0]).toMatchObject({ kind: 'lost', reason: 'Unexpected server response: 503' });
  });

  test('is asked whether it lives though the exchange’s clock is set back an hour', async () => {
    let aheadMs = 0;
    let isDeaf = false;
    const { clients, kinds } = await start((client, text) => (isDeaf ? undefined : okx()(client, text)), [orders], {
      nowMs: () => Date.now() + aheadMs,
    });
    await until('connected', () => kinds().includes('connected'));
    aheadMs = -3_600_000;
    isDeaf = true;
    await until('a ping', () => clients[0]?.sent.includes('ping') ?? false);
    await until('lost', () => kinds().includes('lost'));
  });

  test('a half-open connection that answers no ping is dropped', async () => {
    const { kinds, events, clients } = await start(
      (client, text) => (text === 'ping' ? undefined : okx()(client, text)),
      [ticker],
    );
    await until('reconnected', () => kinds().includes('reconnected'));
    expect(events.find(({ kind }) => kind === 'lost')).toMatchObject({
      reason: expect.stringMatching(/^silent for \d+ ms$/),
    });
    expect(clients.length).toBeGreaterThanOrEqual(2);
  });

  test('notice 64008 is followed by a new connection before the exchange closes the old one', async () => {
    const { clients, kinds, events } = await start(okx(), [ticker]);
    await until('connected', () => kinds().includes('connected'));
    clients[0]?.say({ event: 'notice', code: '64008', msg: 'The connection will soon be closed', connId: 'x' });
    await until('reconnected', () => kinds().includes('reconnected'));
    expect(events[1]).toMatchObject({ kind: 'lost', reason: 'notice 64008: The connection will soon be closed' });
  });

  test.each([
    [
      'too many connections have',
      { event: 'channel-conn-count-error', channel: 'orders', connCount: '30', connId: 'x' },
    ],
    ['the exchange has ended', { event: 'unsubscribe', arg: orders, connId: 'x' }],
  ])('a channel that %s is lost, and asked for again after the longest pause', async (_, taken) => {
    const { clients, kinds, events } = await start(okx(), [orders]);
    await until('connected', () => kinds().includes('connected'));
    clients[0]?.say(taken);
    await until('reconnected', () => kinds().includes('reconnected'));
    expect(kinds()).toEqual(['connected', 'lost', 'reconnected']);
    expect(events[1]).toMatchObject({ reason: expect.stringContaining('orders'), retryInMs: 80 });
  });

  test('a refused login stops for good, and no message shows the key', async () => {
    const wrong = okx(
      (client, { op }) =>
        op === 'login' &&
        (client.say({ event: 'error', code: '60009', msg: 'Login failed for key-0123456789', connId: 'x' }), true),
    );
    const { clients, events } = await start(wrong, [orders], { key });
    await until('stopped', () => events.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(events).toMatchObject([
      { kind: 'stopped', fault: { class: 'auth', code: '60009', message: 'Login failed for [redacted]' } },
    ]);
    expect(clients).toHaveLength(1);
  });

  test('a connection that was logged in, and then is not, is made anew', async () => {
    let asked = 0;
    const forgetful = okx((client, { id, op }) => {
      if (op !== 'subscribe') return false;
      asked += 1;
      if (asked > 1) return false;
      client.say({ id, event: 'error', code: '60011', msg: 'Please log in', connId: 'x' });
      return true;
    });
    const { events } = await start(forgetful, [orders], { key });
    await until('connected', () => events.some(({ kind }) => kind === 'connected'));
    expect(events).toMatchObject([{ kind: 'lost', reason: '60011 Please log in' }, { kind: 'connected' }]);
  });

  test('a login that comes too late by the exchange’s clock is told and tried again', async () => {
    let logins = 0;
    const late = okx((client, { op }) => {
      if (op !== 'login') return false;
      logins += 1;
      if (logins > 1) return false;
      client.say({ event: 'error', code: '60006', msg: 'Timestamp request expired', connId: 'x' });
      return true;
    });
    const { events } = await start(late, [orders], { key });
    await until('connected', () => events.some(({ kind }) => kind === 'connected'));
    expect(events).toMatchObject([
      { kind: 'fault', fault: { class: 'auth', code: '60006' } },
      { kind: 'lost', reason: '60006 Timestamp request expired' },
      { kind: 'connected' },
    ]);
  });

  test.each([
    ['63999', 'maintenance', 'Login failed due to internal error. Please try again later'],
    ['60023', 'pace', 'Bulk login requests too frequent'],
    ['50026', 'unknown', 'System error'],
  ])('a login that %s turned down is told and tried again: nothing is wrong with the key', async (code, is, msg) => {
    let logins = 0;
    const busy = okx((client, { op }) => {
      if (op !== 'login') return false;
      logins += 1;
      if (logins > 1) return false;
      client.say({ event: 'error', code, msg, connId: 'x' });
      return true;
    });
    const { events } = await start(busy, [orders], { key });
    await until('connected', () => events.some(({ kind }) => kind === 'connected'));
    expect(events).toMatchObject([
      { kind: 'fault', fault: { class: is, code } },
      { kind: 'lost', reason: `${code} ${msg}` },
      { kind: 'connected' },
    ]);
  });

  test('a subscription that met an error of the exchange’s own is asked again', async () => {
    let asked = 0;
    const script = okx((client, { id, op }) => {
      if (op !== 'subscribe') return false;
      asked += 1;
      if (asked > 1) return false;
      client.say({ id, event: 'error', code: '50026', msg: 'System error', connId: 'x' });
      return true;
    });
    const { events } = await start(script, [orders]);
    await until('connected', () => events.length > 0);
    expect(events).toMatchObject([{ kind: 'connected' }]);
  });

  test('an acknowledgement without what selects nothing acknowledges', async () => {
    const positions: Arg = { channel: 'positions', instType: 'SWAP', extraParams: '{"updateInterval":"0"}' };
    const script = okx((client, { id, op, args }) => {
      if (op !== 'subscribe') return false;
      for (const { extraParams: _, ...arg } of args)
        client.say({ id, event: op, arg: { ...arg, uid: '7' }, connId: 'x' });
      return true;
    });
    const { events } = await start(script, [orders, positions]);
    await until('an event', () => events.length > 0);
    expect(events).toMatchObject([{ kind: 'connected' }]);
  });

  test('one wrong argument is found and named, the others are served', async () => {
    const wrong: Arg = { channel: 'tickers', instId: 'NO-SUCH-SWAP' };
    const script = okx((client, { id, args }) => {
      for (const arg of args) {
        if (arg.instId === wrong.instId)
          client.say({ id, event: 'error', code: '60018', msg: "channel doesn't exist", connId: 'x' });
        else client.say({ id, event: 'subscribe', arg, connId: 'x' });
      }
      return true;
    });
    const { events, kinds, clients } = await start(script, [ticker, wrong, orders]);
    await until('connected', () => kinds().includes('connected'));
    expect(events).toMatchObject([
      { kind: 'subscription-refused', arg: wrong, fault: { class: 'refused', code: '60018' } },
      { kind: 'connected' },
    ]);
    clients[0]?.socket.terminate();
    await until('reconnected', () => kinds().includes('reconnected'));
    expect(subscribed(clients[1]), 'what was refused may be served by now').toEqual([
      'tickers',
      'tickers',
      'orders',
      'tickers',
    ]);
  });

  test('after however many failures it tries again within 7.5 s', async () => {
    const { events } = await start(
      (client, text) => text === undefined && client.socket.close(4004, 'idle'),
      [ticker],
      { random: () => 0, timing: { firstPauseMs: 4_000 } },
    );
    await until('two failures', () => events.length >= 2);
    expect(events.map((event) => event.kind === 'lost' && event.retryInMs)).toEqual([2_000, 2_500]);
  });

  test.each([
    ['nobody answers the login', 'no answer to the login', 'login'],
    ['an acknowledgement is missing', 'no answer to a subscription', 'subscribe'],
  ])('where %s it tries again', async (_, reason, silentOn) => {
    const { events, kinds } = await start(
      okx((_client, { op }) => op === silentOn),
      [orders],
      { key },
    );
    await until('lost', () => kinds().includes('lost'));
    expect(events[0]).toMatchObject({ kind: 'lost', reason });
  });

  test('pauses grow with every failure up to their bound, spread by chance', async () => {
    const chances = [0, 0.5, 0.999, 0.5, 0.5];
    const { events } = await start(
      (client, text) => text === undefined && client.socket.close(4004, 'idle'),
      [ticker],
      { random: () => chances.shift() ?? 0 },
    );
    await until('five failures', () => events.length >= 5);
    expect(events.slice(0, 5).map((event) => event.kind === 'lost' && event.retryInMs)).toEqual([10, 40, 120, 80, 80]);
    expect(events[0]).toMatchObject({ reason: 'closed with 4004 idle' });
  });

  test.each([
    '{',
    '[]',
    'null',
    '7',
    '{"event":"surprise"}',
    '{"arg":{"channel":"x"}}',
    '{"arg":{},"data":[]}',
    '"ping"',
  ])('a message that cannot be read is a fault, and the stream goes on: %s', async (garbage) => {
    const { clients, kinds, events } = await start(okx(), [ticker]);
    await until('connected', () => kinds().includes('connected'));
    clients[0]?.say(garbage);
    clients[0]?.say({ arg: ticker, data: [] });
    await until('the push after it', () => kinds().includes('push'));
    expect(events[1]).toMatchObject({ kind: 'fault', fault: { class: 'unknown', code: 'payload' } });
  });

  test('whoever sends us away as soon as we are up is not asked again at once for ever; after a while that held it is', async () => {
    const { clients, events } = await start(
      okx((client, { op }) => {
        if (op !== 'subscribe' || clients.length > 3) return;
        setTimeout(() => client.say({ event: 'notice', code: '64008', msg: 'upgrade', connId: 'x' }), 10);
      }),
      [ticker],
    );
    const pauses = () => events.flatMap((event) => (event.kind === 'lost' ? [event.retryInMs] : []));
    await until('it is let in', () => events.length === 7);
    expect(pauses()).toEqual([20, 40, 80]);
    await resting(400);
    clients.at(-1)?.say({ event: 'notice', code: '64008', msg: 'upgrade', connId: 'x' });
    await until('lost once more', () => pauses().length === 4);
    expect(pauses().at(-1)).toBe(20);
  });

  test('one that is up after a long outage and falters is made again soon', async () => {
    const { clients, events, kinds } = await start(
      okx((client) => (clients.length < 6 ? (client.socket.close(4004, 'down'), true) : false)),
      [ticker],
      { timing: { ...quick, lastPauseMs: 320 } },
    );
    await until('connected', () => kinds().includes('connected'));
    clients.at(-1)?.socket.close(4004, 'falters');
    await until('lost once more', () => kinds().filter((kind) => kind === 'lost').length === 6);
    const pauses = events.flatMap((event) => (event.kind === 'lost' ? [event.retryInMs] : []));
    expect(pauses).toEqual([20, 40, 80, 160, 320, 80]);
  });

  test('takes a subscription again for its snapshot', async () => {
    const { socket, clients, kinds } = await start(okx(), [ticker]);
    await until('connected', () => kinds().includes('connected'));
    socket.resubscribe([ticker]);
    await until('both requests', () => (clients[0]?.sent.length ?? 0) >= 3);
    expect(clients[0]?.sent.map((text) => (JSON.parse(text) as Sent).op)).toEqual([
      'subscribe',
      'unsubscribe',
      'subscribe',
    ]);
    expect(kinds(), 'nothing is told twice').toEqual(['connected']);
  });

  test('takes one again that is being taken again: the answers to what it has asked itself take nothing back', async () => {
    const { socket, clients, kinds } = await start(okx(), [ticker]);
    await until('connected', () => kinds().includes('connected'));
    socket.resubscribe([ticker]);
    socket.resubscribe([ticker]);
    clients[0]?.say({ arg: ticker, data: [] });
    await until('all requests', () => subscribed(clients[0]).length >= 3);
    clients[0]?.say({ arg: ticker, data: [] });
    await until('a push after them', () => kinds().filter((kind) => kind === 'push').length === 2);
    expect(kinds()).toEqual(['connected', 'push', 'push']);
  });

  test('asks in requests of at most 50, and holds at most 2,000', async () => {
    const many = Array.from({ length: 120 }, (_, i) => ({ channel: 'tickers', instId: `C${i}-USDT-SWAP` }));
    const { socket, clients, kinds } = await start(okx(), many, { timing: {} });
    await until('connected', () => kinds().includes('connected'));
    expect(clients[0]?.sent.map((text) => (JSON.parse(text) as Sent).args.length)).toEqual([50, 50, 20]);
    const more = Array.from({ length: 1900 }, (_, i) => ({ channel: 'trades', instId: `${i}` }));
    expect(() => socket.subscribe(more)).toThrow('more than 2000 subscriptions on one socket');
  });

  test('says nothing after close', async () => {
    const { socket, clients, kinds } = await start(okx(), [ticker]);
    await until('connected', () => kinds().includes('connected'));
    clients[0]?.say({ arg: ticker, data: [] });
    socket.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(kinds()).toEqual(['connected']);
    expect(clients).toHaveLength(1);
  });
});
