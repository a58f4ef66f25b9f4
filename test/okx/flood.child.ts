/**
 * An exchange that does nothing but talk, in its own process: its list of so many instruments, prices of every symbol asked for, so many messages a second, and
 * their minutes as they close. It waits for who does not read: what stands in its sockets is the listener's backlog. Tells its parent in lines of JSON.
 *
 * @example node flood.child.ts 20000 100
 */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { listingsOf } from '../../src/paper/market/listing.ts';
import { instrumentRow } from '../../src/paper/wire/instrument-rows.ts';
import { manySwaps } from '../many-swaps.ts';

const perSecond = Number(process.argv[2]);
const TICK_MS = 10;
const MINUTE_MS = 60_000;
const SOCKET_BYTES_MAX = 4 * 1024 * 1024;
const PRICE = 60_000;

const LIST = listingsOf(manySwaps(Number(process.argv[3]))).map((listing) =>
  instrumentRow({ priceLimitBps: 5_000, isStill: () => false }, listing),
);

const rest = createServer(({ url = '' }, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ code: '0', msg: '', data: answerTo(url) }));
});

function answerTo(url: string): readonly object[] {
  if (url.includes('public/time')) return [{ ts: String(Date.now()) }];
  return url.includes('public/instruments') ? LIST : [];
}

const sockets = new WebSocketServer({ server: rest });

interface Arg {
  readonly channel: string;
  readonly instId: string;
}

const asked = new Map<Arg, WebSocket>();
/** What carries each connection: all that a tick sends is written at once. */
const carriers = new Set<Socket>();
sockets.on('connection', (socket, { socket: carrier }) => {
  carriers.add(carrier);
  socket.on('message', (data) => {
    const text = String(data);
    if (text === 'ping') return socket.send('pong');
    const { op, args } = JSON.parse(text) as { readonly op: string; readonly args: readonly Arg[] };
    if (op !== 'subscribe') return;
    for (const arg of args) {
      socket.send(JSON.stringify({ event: 'subscribe', arg, connId: 'flood' }));
      if (!SELDOM.has(arg.channel)) asked.set(arg, socket);
    }
  });
  socket.on('close', () => {
    carriers.delete(carrier);
    for (const [arg, each] of asked) if (each === socket) asked.delete(arg);
  });
});

/** Acknowledged, and not flooded: nobody pushes their rows thousands of times a second. */
const SELDOM: ReadonlySet<string> = new Set(['funding-rate', 'instruments', 'status']);

let sent = 0;
let backlogBytes = 0;
let due = 0;
let lookedMs = performance.now();
let next = 0;
let minute = Math.floor(Date.now() / MINUTE_MS);

setInterval(() => {
  const args = [...asked.keys()].filter(({ channel }) => channel !== 'candle1m');
  if (args.length === 0) {
    lookedMs = performance.now();
    return;
  }
  const nowMs = performance.now();
  due += (perSecond * (nowMs - lookedMs)) / 1_000;
  lookedMs = nowMs;
  // What a busy machine kept back is made up for, at twice the pace at most.
  const most = Math.min(due, (2 * perSecond * TICK_MS) / 1_000);
  for (const carrier of carriers) carrier.cork();
  for (let said = 0; said + 1 <= most; said += 1) {
    const arg = args[next % args.length] as Arg;
    const socket = asked.get(arg);
    if (socket === undefined || socket.bufferedAmount > SOCKET_BYTES_MAX) break;
    socket.send(priceOf(arg));
    next += 1;
    due -= 1;
    sent += 1;
    backlogBytes = Math.max(backlogBytes, socket.bufferedAmount);
  }
  for (const carrier of carriers) carrier.uncork();
  const now = Math.floor(Date.now() / MINUTE_MS);
  if (now > minute) for (const [arg, socket] of asked) if (arg.channel === 'candle1m') socket.send(minuteOf(arg));
  minute = now;
}, TICK_MS);

function priceOf({ channel, instId }: Arg): string {
  const price = PRICE + Math.round(Math.sin(sent / 100_000) * 500);
  const ts = String(Date.now());
  const row =
    channel === 'mark-price'
      ? { instId, instType: 'SWAP', markPx: `${price}.1`, ts }
      : {
          instType: 'SWAP',
          instId,
          last: `${price}.1`,
          lastSz: '1',
          askPx: `${price}.2`,
          askSz: '11',
          bidPx: `${price}.1`,
          bidSz: '5',
          open24h: `${PRICE}`,
          high24h: `${PRICE + 500}`,
          low24h: `${PRICE - 500}`,
          volCcy24h: '2222',
          vol24h: '2222',
          sodUtc0: `${PRICE}`,
          sodUtc8: `${PRICE}`,
          ts,
        };
  return JSON.stringify({ arg: { channel, instId }, data: [row] });
}

function minuteOf(arg: Arg): string {
  const row = [String(minute * MINUTE_MS), '60000', '60500', '59500', '60100', '100', '1', '60000', '1'];
  return JSON.stringify({ arg, data: [row] });
}

rest.listen(0, '127.0.0.1', () => say({ port: (rest.address() as AddressInfo).port }));
setInterval(() => say({ sent, backlogBytes }), 200);

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
