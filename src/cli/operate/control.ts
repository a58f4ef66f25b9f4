/**
 * The door through which a person talks to a running bot: a socket file beside its journal (a named pipe on Windows), one JSON object a line.
 *
 * Only this machine and this user reach it. What it is told becomes an operator's event: journaled, then thought about like everything else.
 * `{"do":"status"}`, `{"do":"pause"}`, `{"do":"resume"}`, `{"do":"flatten","instId":"BTC-USDT-SWAP"}`; without `instId` everything is closed and
 * trading halts. `{"do":"base","instId":"BTC-USDT-SWAP","usdt":"50"}` gives an adopted position its base; without `usdt` all that is held.
 * Each is answered by one line: `{"ok":true,…}` or `{"ok":false,"error":"…"}`.
 */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { platform, tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod';
import type { Operator } from '../../core/event.ts';
import { moneyOf } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { operateEn } from '../texts/operate-en.ts';
import type { BookStatus } from '../watch/book-status.ts';
import { type ControlNo, noText } from './control-no.ts';

/** USDT. */
const AMOUNT = /^\d{1,10}(\.\d{1,8})?$/;

const request = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('status') }),
  z.strictObject({ do: z.literal('pause') }),
  z.strictObject({ do: z.literal('resume') }),
  z.strictObject({ do: z.literal('flatten'), instId: z.string().optional() }),
  z.strictObject({ do: z.literal('base'), instId: z.string(), usdt: z.string().regex(AMOUNT).optional() }),
]);
export type ControlRequest = z.output<typeof request>;

export interface BotStatus extends BookStatus {
  readonly account: string;
  readonly isConnected: boolean;
  /** Account read whole since the last (re)connect. */
  readonly isReady: boolean;
  readonly halt: { readonly kind: 'pause' | 'halt'; readonly by: string; readonly at: number } | null;
  readonly orders: number;
  readonly pid: number;
}

/** `error` is English; `no` says the same as values where a person may have caused it. */
export type ControlReply =
  | ({ readonly ok: true } & BotStatus)
  | { readonly ok: false; readonly error: string; readonly no?: ControlNo };

export interface Controlled {
  status(): BotStatus;
  /** Why the command would change nothing; undefined where it is carried out. */
  objection(command: Operator['command']): ControlNo | undefined;
  /** Journaled and thought about when it returns. @throws {Error} where it was not carried out */
  command(command: Operator['command']): void;
  readonly symbols: readonly string[];
}

/** Longer lines are not ours. */
const LINE_MAX = 4_096;
/** A path of a socket holds 108 bytes, on macOS 104. */
const SOCKET_PATH_MAX = 100;
const ANSWER_MS = 5_000;

/** Where the bot of this journal listens. */
export function controlPath(journalPath: string): string {
  const folder = dirname(resolve(journalPath));
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  if (platform() === 'win32') return `\\\\.\\pipe\\rungwise-${name}`;
  const beside = join(folder, 'control.sock');
  if (Buffer.byteLength(beside) <= SOCKET_PATH_MAX) return beside;
  return join(tmpdir(), `rungwise-${userInfo().uid}-${name}.sock`);
}

/** Opens the door; who holds the journal is alone, so a file that is there is left over. @returns how to close it */
export async function openControl(path: string, bot: Controlled): Promise<() => void> {
  if (platform() !== 'win32') rmSync(path, { force: true });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    serve(socket, bot);
  });
  const mask = process.umask(0o177);
  try {
    server.listen(path);
    await once(server, 'listening');
  } finally {
    process.umask(mask);
  }
  return () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
}

function serve(socket: Socket, bot: Controlled): void {
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  let waiting = '';
  socket.on('data', (text) => {
    waiting += String(text);
    const lines = waiting.split('\n');
    waiting = lines.pop() ?? '';
    if (waiting.length > LINE_MAX) socket.destroy();
    for (const line of lines) socket.write(`${JSON.stringify(replyTo(line, bot))}\n`);
  });
}

function replyTo(line: string, bot: Controlled): ControlReply {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, error: 'not JSON: one object a line, like {"do":"status"}' };
  }
  const asked = request.safeParse(json);
  if (!asked.success)
    return {
      ok: false,
      error:
        '"do" is status, pause, resume, flatten or base; flatten may name an "instId", base names one and may say "usdt": "50"',
    };
  const { data } = asked;
  if ('instId' in data && data.instId !== undefined && !bot.symbols.includes(data.instId))
    return refused({ code: 'not-traded', instId: data.instId, symbols: bot.symbols });
  if (data.do !== 'status') {
    const command = commandOf(data);
    const no = bot.objection(command);
    if (no !== undefined) return refused(no);
    try {
      bot.command(command);
    } catch (error) {
      return {
        ok: false,
        error: error instanceof Error ? error.message : String(error),
        no: { code: 'not-carried-out' },
      };
    }
  }
  return { ok: true, ...bot.status() };
}

function refused(no: ControlNo): ControlReply {
  return { ok: false, error: noText(no, operateEn, REPORT_TEXTS.en), no };
}

function commandOf(asked: Exclude<ControlRequest, { do: 'status' }>): Operator['command'] {
  const by = 'operator';
  switch (asked.do) {
    case 'pause':
    case 'resume':
      return { do: asked.do, by };
    case 'flatten':
      return { do: 'flatten', by, ...(asked.instId === undefined ? {} : { instId: asked.instId }) };
    case 'base': {
      const { instId, usdt } = asked;
      return { do: 'base', by, instId, ...(usdt === undefined ? {} : { baseUnits: Number(moneyOf(decimal(usdt))) }) };
    }
  }
}

/** Whoever listens has not answered: a command may be carried out all the same. `untold`: it was not given. `strange`: what it answered is no bot's. */
export class DoorError extends Error {
  override readonly name = 'DoorError';
  readonly code: 'silent' | 'untold' | 'strange';

  constructor(code: DoorError['code'], options?: ErrorOptions) {
    super(code, options);
    this.code = code;
  }
}

/**
 * Asks a running bot. A command is given once it has answered to a question: what waits at the door of one that hangs is carried out when it goes on, and a
 * close that was believed lost would come minutes later.
 * @returns undefined where none listens. @throws {DoorError} @throws what the system refuses, with the `path`
 */
export async function askBot(path: string, asked: ControlRequest): Promise<ControlReply | undefined> {
  const socket = createConnection(path);
  try {
    await once(socket, 'connect');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return undefined;
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  }
  socket.setTimeout(ANSWER_MS, () => socket.destroy(new DoorError('silent')));
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  try {
    if (asked.do === 'status') return await answerTo(asked, socket, lines, 'silent');
    const present = await answerTo({ do: 'status' }, socket, lines, 'untold');
    return present.ok ? await answerTo(asked, socket, lines, 'silent') : present;
  } finally {
    socket.destroy();
  }
}

/** @throws {DoorError} `without` where none comes */
async function answerTo(
  asked: ControlRequest,
  socket: Socket,
  lines: AsyncIterator<string>,
  without: 'silent' | 'untold',
): Promise<ControlReply> {
  socket.write(`${JSON.stringify(asked)}\n`);
  let line: IteratorResult<string>;
  try {
    line = await lines.next();
  } catch (error) {
    throw new DoorError(without, { cause: error });
  }
  if (line.done === true) throw new DoorError(without);
  return replyOf(line.value);
}

function replyOf(line: string): ControlReply {
  let reply: Partial<Record<'ok' | 'symbols' | 'error', unknown>> | null;
  try {
    reply = JSON.parse(line);
  } catch (error) {
    throw new DoorError('strange', { cause: error });
  }
  const isReply = reply?.ok === true ? Array.isArray(reply.symbols) : reply?.ok === false;
  if (!isReply) throw new DoorError('strange');
  return reply as ControlReply;
}
