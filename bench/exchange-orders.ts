import { connect, type Socket } from 'node:net';
import { ApiKey } from '../src/okx/door/sign.ts';
import { BENCH_KEYS, ExchangeProcess } from './exchange-process.ts';
import type { Figure } from './figure.ts';

/**
 * Orders a second that the paper exchange takes on one core over REST keep-alive, each signed, judged and answered by itself: a market order in,
 * one that ends at once, one that rests, a market order out; the resting ones are cancelled by twenties, which is not counted. The second is one
 * of the exchange's own processor, all its threads together: what else the machine does tells less. Wanted: 5,000.
 */
export const exchangeOrders: Figure = {
  name: 'exchange-orders',
  unit: 'orders/s',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const rounds = size === 'tiny' ? 4 : 300;
    const process = new ExchangeProcess('runs');
    const did = { orders: 0, 'a second of the world': 0, fills: 0 };
    let begun = 0;
    return {
      async sample() {
        const port = await process.port;
        begun += 1;
        const px = await restingPrice(port);
        const asked = Array.from({ length: CONNECTIONS }, (_, number) => requests(`${begun}x${number}`, rounds, px));
        await process.tell({ do: 'begin' });
        const startedMs = performance.now();
        await Promise.all(asked.map((each) => askAll(port, each)));
        const tookMs = performance.now() - startedMs;
        const { cpuUs = 0, filled = 0 } = await process.tell({ do: 'end' });
        did.orders = CONNECTIONS * rounds * 4;
        did['a second of the world'] = Math.round((did.orders * 1_000) / tookMs);
        did.fills = filled;
        return (did.orders * 1e6) / cpuUs;
      },
      end: () => process.end(),
      did,
    };
  },
};

const CONNECTIONS = 8;
const BATCH = 20;

/** One percent below the market. */
async function restingPrice(port: number): Promise<string> {
  const reply = await fetch(`http://127.0.0.1:${port}/api/v5/market/ticker?instId=BTC-USDT-SWAP`);
  const { data } = (await reply.json()) as { readonly data: readonly { readonly last: string }[] };
  return (Number(data[0]?.last) * 0.99).toFixed(1);
}

/** Signed before anything is timed; a signature is good for 30 s. */
function requests(name: string, rounds: number, px: string): string[] {
  const key = new ApiKey(BENCH_KEYS);
  const common = { instId: 'BTC-USDT-SWAP', tdMode: 'isolated' };
  const texts: string[] = [];
  const post = (path: string, body: object) => {
    const text = JSON.stringify(body);
    const target = `/api/v5/trade/${path}`;
    const headers = key.restHeaders({ method: 'POST', target, body: text, nowMs: Date.now() });
    const lines = Object.entries({ host: '127.0.0.1', 'content-type': 'application/json', ...headers });
    texts.push(
      `POST ${target} HTTP/1.1\r\n${lines.map(([word, value]) => `${word}: ${value}\r\n`).join('')}content-length: ${text.length}\r\n\r\n${text}`,
    );
  };
  let resting: object[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const clOrdId = `b${name}x${round}`;
    post('order', { ...common, side: 'buy', ordType: 'market', sz: '0.1' });
    post('order', { ...common, side: 'buy', ordType: 'ioc', sz: '0.1', px });
    post('order', { ...common, side: 'buy', ordType: 'post_only', sz: '0.1', px, clOrdId });
    post('order', { ...common, side: 'sell', ordType: 'market', sz: '0.1' });
    resting.push({ instId: common.instId, clOrdId });
    if (resting.length < BATCH && round < rounds) continue;
    post('cancel-batch-orders', resting);
    resting = [];
  }
  return texts;
}

/** One after the other on one connection. @throws on the first no */
async function askAll(port: number, texts: readonly string[]): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    let next = 0;
    let heard = '';
    const ask = () => socket.write(texts[next] ?? '');
    socket.on('error', reject);
    socket.on('connect', ask);
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (!isWhole(heard)) return;
      if (!heard.includes('"sCode":"0"')) return reject(new Error(heard));
      heard = '';
      next += 1;
      if (next === texts.length) resolve();
      else ask();
    });
  }).finally(() => closed(socket));
}

function isWhole(heard: string): boolean {
  const head = heard.indexOf('\r\n\r\n');
  if (head < 0) return false;
  const length = /content-length: (\d+)/i.exec(heard)?.[1];
  return heard.length >= head + 4 + Number(length);
}

function closed(socket: Socket): void {
  socket.destroy();
}
