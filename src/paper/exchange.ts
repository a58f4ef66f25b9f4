/**
 * The paper exchange: OKX v5 over HTTP and WebSocket outside, the simulator inside, on one port. Source: okx-v5.md.
 *
 * Who makes one gives it a market (market/market-source.ts), accounts and a clock; with a clock that stands still nothing happens by itself, and the
 * same requests give the same answers. Deliberately absent: TLS, demo header (accepted and ignored), portfolio margin, spot, options, order
 * matching between accounts.
 */
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import Fastify, { type FastifyInstance } from 'fastify';
import { type WebSocket, WebSocketServer } from 'ws';
import { DEFAULT_FILL_MODEL, type FillModel } from '../sim/matching/fill-model.ts';
import type { Clock } from './clock.ts';
import type { AccountOptions, Desk } from './desk/desk.ts';
import { adminAnswer } from './doors/admin.ts';
import type { Place } from './doors/channels.ts';
import { Faults } from './doors/faults.ts';
import { Hub } from './doors/hub.ts';
import { CONNECT, RateLimits } from './doors/rate-limits.ts';
import { answer, askedBy, type DoorWorld, type RestAnswer, type RestRequest } from './doors/rest-door.ts';
import { Session, type Wire } from './doors/session.ts';
import { Floor, type SavedFloor } from './floor.ts';
import type { MarketSource } from './market/market-source.ts';
import { aftermath } from './orders/algo-trading.ts';
import { failed, OkxError, replyText } from './wire/reply.ts';

export interface ExchangeOptions {
  readonly source: MarketSource;
  readonly clock: Clock;
  readonly accounts: readonly AccountOptions[];
  readonly fillModel?: FillModel;
  /** False: nobody is limited (50011). */
  readonly isRateLimited?: boolean;
  /** True: `/admin` moves prices, plants faults, closes sockets. */
  readonly hasAdmin?: boolean;
  /** What an exchange of the same market was when it was saved: this one goes on from there; its accounts come with it. */
  readonly saved?: SavedFloor;
  /** Hears what should never happen; the request that met it was answered with 50026. */
  readonly onBug?: (error: unknown) => void;
}

/** How often a listening exchange looks at its clock. */
const LOOK_MS = 50;
const BEAT_MS = 5_000;
const BOOK_ALIVE_MS = 60_000;
/** A frame may hold 64 KB of arguments (okx-v5.md §4.1). */
const FRAME_BYTES = 128 * 1024;
const BODY_BYTES = 256 * 1024;
/** A client that reads so slowly is dropped (4005). */
const BUFFERED_MOST = 32 * 1024 * 1024;

export class PaperExchange {
  readonly floor: Floor;
  readonly hub = new Hub();
  readonly faults = new Faults();
  readonly clock: Clock;
  readonly sessions = new Set<Session>();
  readonly #desks = new Map<string, Desk>();
  readonly #options: ExchangeOptions;
  readonly #world: DoorWorld;
  #http: FastifyInstance | undefined;
  #sockets: WebSocketServer | undefined;
  #timers: NodeJS.Timeout[] = [];
  #connections = 0;
  #keeper: { commit(): void } | undefined;
  /** What is to be sent once what it tells of is durable; undefined outside of any deed. */
  #held: (() => void)[] | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.clock = options.clock;
    this.floor = new Floor({
      source: options.source,
      model: options.fillModel ?? DEFAULT_FILL_MODEL,
      watcher: this.hub,
      aftermath,
      at: options.saved?.at ?? options.clock.now(),
      saved: options.saved,
    });
    this.#world = {
      floor: this.floor,
      desks: this.#desks,
      clock: this.clock,
      faults: this.faults,
      rateLimits: options.isRateLimited === false ? undefined : new RateLimits(),
      onBug: options.onBug ?? rethrowLater,
    };
    this.hub.watch(this.floor);
    for (const desk of this.floor.desks) this.#desks.set(desk.options.key, desk);
    for (const account of options.accounts) if (!this.#desks.has(account.key)) this.open(account);
    this.advance();
  }

  /** Adds an account. @throws {RangeError} where another one has the key */
  open(account: AccountOptions): Desk {
    if (this.#desks.has(account.key)) throw new RangeError(`two accounts have the key "${account.key}"`);
    const desk = this.floor.open(account);
    this.#desks.set(account.key, desk);
    return desk;
  }

  desk(key: string): Desk | undefined {
    return this.#desks.get(key);
  }

  /** Lives through everything until its clock's present. */
  advance(): void {
    const now = this.clock.now();
    // Moment by moment: a night that the machine has slept through is told as it is lived, not held until its end.
    while (this.#held === undefined && this.floor.source.nextAt <= now) {
      const { nextAt } = this.floor.source;
      this.#within(() => this.floor.advanceTo(nextAt));
    }
    this.#within(() => {
      this.floor.advanceTo(now);
      this.hub.tellStill();
    });
  }

  /** Whatever happens from now on is committed before anybody hears of it. */
  keep(keeper: { commit(): void }): void {
    this.#keeper = keeper;
  }

  /** Acts, commits, and only then lets out what sockets are told. */
  #within<T>(act: () => T): T {
    if (this.#held !== undefined || this.#keeper === undefined) return act();
    const held: (() => void)[] = [];
    this.#held = held;
    let done: T;
    try {
      done = act();
    } finally {
      this.#held = undefined;
    }
    // What broke off in the middle is neither written down nor told.
    this.#keeper.commit();
    for (const send of held) send();
    return done;
  }

  #holding({ send, close, cut }: Wire): Wire {
    const later = (deed: () => void) => (this.#held === undefined ? deed() : void this.#held.push(deed));
    return {
      send: (bytes) => later(() => send(bytes)),
      close: (code, reason) => later(() => close(code, reason)),
      cut: () => later(() => cut()),
    };
  }

  /**
   * Serves on `port` (0: any free one) of this machine alone.
   * @returns the port
   * @throws what the system says where the port is taken (`EADDRINUSE`)
   */
  async listen(port: number): Promise<number> {
    const http = Fastify({
      bodyLimit: BODY_BYTES,
      forceCloseConnections: true,
      frameworkErrors: (_error, _request, reply) => {
        reply.hijack();
        reply.raw.writeHead(400, { 'content-type': JSON_TYPE });
        reply.raw.end(refusalText('50026', 400));
      },
    });
    http.removeAllContentTypeParsers();
    http.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    http.setErrorHandler((error: { statusCode?: number }, _request, reply) =>
      reply
        .code(error.statusCode ?? 500)
        .type(JSON_TYPE)
        .send(refusalText('50002', error.statusCode ?? 500)),
    );
    http.all('*', async (request, reply) => {
      const { method, headers, ip } = request;
      const header = (name: string) => {
        const value = headers[name];
        return Array.isArray(value) ? value[0] : value;
      };
      const body = typeof request.body === 'string' ? request.body : '';
      const asked = { method, target: request.raw.url ?? '', body, address: ip, header };
      await passing(this.faults.latenessMs(askedBy(asked)));
      const answered = this.answer(asked);
      await passing(answered.delayMs);
      if (answered.isDropped) {
        request.raw.socket.destroy();
        return reply.hijack();
      }
      return reply.code(answered.status).type(JSON_TYPE).send(answered.text);
    });
    const sockets = new WebSocketServer({ noServer: true, maxPayload: FRAME_BYTES, perMessageDeflate: false });
    http.server.on('upgrade', (request, socket, head) => this.#upgrade(sockets, request, socket, head));
    await http.listen({ port, host: '127.0.0.1' });
    this.#http = http;
    this.#sockets = sockets;
    this.#timers = [
      setInterval(() => this.#look(), LOOK_MS),
      setInterval(() => this.hub.beat(), BEAT_MS),
      setInterval(() => this.hub.keepBooksAlive(), BOOK_ALIVE_MS),
    ];
    return (http.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    for (const session of this.sessions) session.cut();
    this.#sockets?.close();
    await this.#http?.close();
    this.#http = this.#sockets = undefined;
  }

  /** One REST request, without the network. */
  answer(request: RestRequest): RestAnswer {
    this.#liveOn();
    return this.#within(() => this.#answer(request));
  }

  #answer(request: RestRequest): RestAnswer {
    if (this.#options.hasAdmin === true && request.target.startsWith('/admin/')) return adminAnswer(this, request);
    return answer(this.#world, request);
  }

  /** One WebSocket, without the network. `place` undefined: the path on which every channel lives. */
  connect(wire: Wire, place: Place | undefined): Session {
    this.#connections += 1;
    const session = new Session(
      {
        ...this.#world,
        hub: this.hub,
        within: (act) => {
          this.#liveOn();
          this.#within(act);
        },
      },
      this.#holding(wire),
      place,
      this.#connections.toString(16).padStart(8, 'a'),
    );
    this.sessions.add(session);
    return session;
  }

  #look(): void {
    this.#liveOn();
    for (const session of this.sessions) session.beat();
  }

  #liveOn(): void {
    try {
      this.advance();
    } catch (error) {
      this.#world.onBug(error);
    }
  }

  #upgrade(sockets: WebSocketServer, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const path = /^\/ws\/v5\/([a-z-]+)\/?(\?.*)?$/.exec(request.url ?? '')?.[1];
    if (path === undefined) {
      socket.end(bareAnswer('404 Not Found'));
      return;
    }
    try {
      // Sockets are made in real time, however fast the market's runs.
      this.#world.rateLimits?.count(request.socket.remoteAddress ?? '', CONNECT, [], performance.now());
    } catch (error) {
      if (!(error instanceof OkxError)) throw error;
      socket.end(bareAnswer('429 Too Many Requests'));
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) => this.#greet(client, placeOf(path)));
  }

  #greet(client: WebSocket, place: Place | undefined): void {
    const session = this.connect(
      {
        send: (bytes) => {
          if (client.readyState !== client.OPEN) return;
          if (client.bufferedAmount > BUFFERED_MOST) return session.close(4005, 'Slow consumer');
          client.send(bytes, { binary: false });
        },
        close: (code, reason) => client.close(code, reason),
        cut: () => client.terminate(),
      },
      place,
    );
    client.on('message', (data) => session.hear(String(data)));
    client.on('error', () => session.leave());
    client.on('close', () => {
      session.leave();
      this.sessions.delete(session);
    });
  }
}

function bareAnswer(status: string): string {
  return `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
}

async function passing(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

const JSON_TYPE = 'application/json; charset=utf-8';

/** Any other last word of the path is the combined one, where every channel and login lives (okx-v5.md §5.2). */
function placeOf(word: string): Place | undefined {
  return word === 'public' || word === 'private' || word === 'business' ? word : undefined;
}

function refusalText(code: string, status: number): string {
  return replyText(failed(new OkxError(code, 'The request can not be read', status)), 0, 0);
}

/** A bug must not hide: it ends the process, outside of the request that met it. */
function rethrowLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
