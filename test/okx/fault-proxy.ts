/**
 * What stands between a client and an exchange and misbehaves: it can keep a request, bring it late, and answer it with anything or nothing.
 * Real HTTP on 127.0.0.1. Counts what it was asked, so that a test can see that nothing was sent twice.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface Asked {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly target: string;
  readonly body: string;
}

/** How a request is answered in place of the exchange. */
export type Answer =
  | { readonly how: 'reset' }
  /** Nothing for so long, then the connection ends. */
  | { readonly how: 'silence'; readonly ms: number }
  | { readonly how: 'reply'; readonly status: number; readonly body: string };

export interface Plan {
  /** Whether and when the exchange gets it; `late` only after the client has its answer. */
  readonly forward: 'never' | 'first' | 'late';
  /** Absent: what the exchange said. */
  readonly answer?: Answer;
  /** Every row of what the exchange said, as the client gets it. */
  readonly change?: (row: object) => object;
}

export interface FaultProxy {
  readonly origin: string;
  readonly asked: readonly Asked[];
  close(): void;
}

const LATE_MS = 150;

/** @param plan may take its time: so long the request is held */
export async function startFaultProxy(
  exchange: string,
  plan: (asked: Asked) => Plan | undefined | Promise<Plan | undefined>,
): Promise<FaultProxy> {
  const all: Asked[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then(async (body) => {
      const target = request.url ?? '/';
      const asked = { method: request.method ?? 'GET', path: target.split('?')[0] ?? '', target, body };
      all.push(asked);
      await carryOut((await plan(asked)) ?? { forward: 'first' }, exchange, asked, request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: all,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function carryOut(
  { forward, answer, change }: Plan,
  exchange: string,
  asked: Asked,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const said = forward === 'first' ? await passOn(exchange, asked, request) : undefined;
  if (answer !== undefined) await give(answer, request, response);
  else if (said !== undefined) {
    const body = change === undefined ? said.body : changed(said.body, change);
    response.writeHead(said.status, { 'content-type': 'application/json' }).end(body);
  } else request.socket.destroy();
  if (forward !== 'late') return;
  await delay(LATE_MS);
  await passOn(exchange, asked, request);
}

/** Undefined: the exchange is gone, as at the end of a test. */
async function passOn(exchange: string, asked: Asked, request: IncomingMessage) {
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    typeof value === 'string' && !['host', 'connection', 'content-length'].includes(name)
      ? [[name, value] as const]
      : [],
  );
  try {
    const got = await fetch(exchange + asked.target, {
      method: asked.method,
      headers: Object.fromEntries(headers),
      ...(asked.body === '' ? {} : { body: asked.body }),
    });
    return { status: got.status, body: await got.text() };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}

function changed(body: string, change: (row: object) => object): string {
  const reply = JSON.parse(body) as { readonly data: readonly object[] };
  return JSON.stringify({ ...reply, data: reply.data.map(change) });
}

async function give(answer: Answer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (answer.how === 'reply') {
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
    return;
  }
  if (answer.how === 'silence') await delay(answer.ms);
  request.socket.destroy();
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
