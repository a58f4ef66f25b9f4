/**
 * Real servers on 127.0.0.1 for the tests of the OKX room: HTTP that records what it was sent, and WebSocket with a
 * script. Each closes itself at the end of the test that started it.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';

export interface Received {
  readonly method: string;
  /** Path and query exactly as sent. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

type Reply = (request: Received, response: ServerResponse, raw: IncomingMessage) => void;

/** An HTTP server that answers by `reply` and remembers every request. */
export async function startHttp(reply: Reply): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((raw, response) => {
    const chunks: Buffer[] = [];
    raw.on('data', (chunk: Buffer) => chunks.push(chunk));
    raw.on('end', () => {
      const request = {
        method: raw.method ?? '',
        target: raw.url ?? '',
        headers: raw.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      received.push(request);
      reply(request, response, raw);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

/** OKX's reply to a request that went well. */
export function okReply(data: readonly unknown[]): { code: string; msg: string; data: readonly unknown[] } {
  return { code: '0', msg: '', data };
}

/** One client's connection, with everything it sent. */
export interface WsClient {
  readonly socket: WebSocket;
  readonly sent: string[];
  say(message: unknown): void;
}

/** A WebSocket server; `script` is called for each message of each client (with `undefined` when it connects). */
export async function startWs(
  script: (client: WsClient, message: string | undefined) => void,
): Promise<{ url: string; clients: WsClient[] }> {
  const clients: WsClient[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (socket) => {
    const client: WsClient = {
      socket,
      sent: [],
      say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    };
    clients.push(client);
    socket.on('message', (data) => {
      const text = String(data);
      client.sent.push(text);
      script(client, text);
    });
    script(client, undefined);
  });
  onTestFinished(() => {
    for (const { socket } of clients) socket.terminate();
    server.close();
  });
  return { url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws/v5/public`, clients };
}

/** Waits until `fact` holds, in real time. @throws after `withinMs`, saying what was waited for. */
export async function until(what: string, fact: () => boolean, withinMs = 3000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!fact()) {
    if (performance.now() > untilMs) throw new Error(`after ${withinMs} ms still not: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
