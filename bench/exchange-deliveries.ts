import { once } from 'node:events';
import { WebSocket } from 'ws';
import { OFFLINE_INSTRUMENTS } from '../src/sim/market/instruments.ts';
import { ExchangeProcess } from './exchange-process.ts';
import type { Figure } from './figure.ts';

/**
 * Market messages a second that the paper exchange delivers in all over 50 sockets, each of which hears ticker, mark price, trades, five levels of
 * the book and the forming minute of one of ten instruments; the market's seconds follow each other as fast as they can be told. Counted is what
 * the clients have got; the second is one of the exchange's own processor. Wanted: 20,000.
 */
export const exchangeDeliveries: Figure = {
  name: 'exchange-deliveries',
  unit: 'deliveries/s',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const seconds = size === 'tiny' ? 5 : 600;
    const exchange = new ExchangeProcess('stands');
    const did = { deliveries: 0, 'a second of the world': 0, 'bytes each': 0, sockets: SOCKETS };
    const heard = { messages: 0, bytes: 0 };
    let sockets: Promise<readonly WebSocket[]> | undefined;
    return {
      async sample() {
        sockets ??= listeners(await exchange.port, heard);
        await sockets;
        await exchange.tell({ do: 'begin' });
        heard.messages = heard.bytes = 0;
        const startedMs = performance.now();
        await exchange.tell({ do: 'seconds', count: seconds });
        await quiet(heard);
        const tookMs = performance.now() - startedMs - QUIET_MS;
        const { cpuUs = 0 } = await exchange.tell({ do: 'end' });
        did.deliveries = heard.messages;
        did['a second of the world'] = Math.round((heard.messages * 1_000) / tookMs);
        did['bytes each'] = Math.round(heard.bytes / heard.messages);
        return (heard.messages * 1e6) / cpuUs;
      },
      end: () => {
        void sockets?.then((all) => {
          for (const socket of all) socket.terminate();
        });
        exchange.end();
      },
      did,
    };
  },
};

const SOCKETS = 50;
const CHANNELS = ['tickers', 'mark-price', 'trades', 'books5', 'candle1m'] as const;
const QUIET_MS = 100;

async function listeners(port: number, heard: { messages: number; bytes: number }): Promise<readonly WebSocket[]> {
  return Promise.all(
    Array.from({ length: SOCKETS }, async (_, number) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/v5/any`, { perMessageDeflate: false });
      await once(socket, 'open');
      const instId = OFFLINE_INSTRUMENTS[number % OFFLINE_INSTRUMENTS.length]?.instId;
      socket.send(JSON.stringify({ op: 'subscribe', args: CHANNELS.map((channel) => ({ channel, instId })) }));
      await new Promise<void>((resolve) => {
        let answered = 0;
        socket.on('message', (text: Buffer) => {
          if (text.includes('"event":"subscribe"')) answered += 1;
          if (answered === CHANNELS.length) resolve();
        });
      });
      socket.removeAllListeners('message');
      socket.on('message', (bytes: Buffer) => {
        heard.messages += 1;
        heard.bytes += bytes.length;
      });
      return socket;
    }),
  );
}

/** Everything has arrived: nothing more comes. */
async function quiet(heard: { readonly messages: number }): Promise<void> {
  for (let before = -1; before !== heard.messages; ) {
    before = heard.messages;
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
  }
}
