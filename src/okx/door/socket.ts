/**
 * One WebSocket of OKX, kept up: login, subscriptions, keep-alive, reconnecting. Source: okx-v5.md §4.1–4.2, §4.6.
 *
 * The caller names what it wants to hear; this file sees to it that after every reconnect the same is subscribed again,
 * and says so (`reconnected`), because orders have no snapshot: what happened in between has to be asked for by REST.
 * Messages are handed over one by one as they come, nothing is kept here; what leaves waits in no queue but the
 * kernel's, which is bounded.
 *
 * Deliberately absent: order operations over the socket (orders go by REST, whose `expTime` and status are evidence),
 * reading of rows.
 */
import { WebSocket } from 'ws';
import { type ConnectionLoss, lossInEnglish } from '../../core/account/connection-loss.ts';
import { connectLimit } from '../wire/endpoints.ts';
import { reasonOf } from '../wire/envelope.ts';
import {
  type Arg,
  event as eventSchema,
  type LoginRequest,
  PING,
  PONG,
  type Push,
  push as pushSchema,
  type SubscribeRequest,
  type WsEvent,
} from '../wire/ws-message.ts';
import { type Fault, faultOfCode, faultOfError, faultOfPayload } from './faults.ts';
import { Pace } from './pace.ts';
import type { ApiKey } from './sign.ts';

export type SocketEvent =
  /**
   * Logged in where a key was given, and every subscription answered. `reconnected`: something may have been missed.
   */
  | { readonly kind: 'connected' | 'reconnected'; readonly atMs: number }
  | { readonly kind: 'push'; readonly push: Push }
  /** The connection is gone; it is being made again after `retryInMs`. */
  | {
      readonly kind: 'lost';
      readonly loss: ConnectionLoss;
      /** The loss in English. */
      readonly reason: string;
      readonly retryInMs: number;
      readonly atMs: number;
    }
  /** The exchange does not serve this subscription on this connection. The next one asks for it again. */
  | { readonly kind: 'subscription-refused'; readonly arg: Arg; readonly fault: Fault }
  /** Given up: login was refused. Only `open` begins anew. */
  | { readonly kind: 'stopped'; readonly fault: Fault }
  /** A message that cannot be read, or an error that no request of ours explains. */
  | { readonly kind: 'fault'; readonly fault: Fault };

export interface SocketOptions {
  /** `wss://ws.okx.com:8443/ws/v5/private` and the like. */
  readonly url: string;
  /** Where given, logs in before subscribing. */
  readonly key?: ApiKey;
  /** The exchange's clock: signs the login, dates the events. */
  readonly nowMs: () => number;
  /** Uniform in [0, 1): spreads reconnecting. */
  readonly random: () => number;
  readonly onEvent: (event: SocketEvent) => void;
  /** Of everything that goes out from this address; absent: this socket alone. */
  readonly pace?: Pace;
  readonly timing?: Partial<SocketTiming>;
}

export interface SocketTiming {
  /** After so long without a message `ping` is sent; OKX closes after 30 s of silence. */
  readonly pingAfterMs: number;
  /** A half-open connection never answers: without a message so long after `ping`, it is dropped. */
  readonly pongWithinMs: number;
  /** For connecting, logging in and answering subscriptions, each. */
  readonly answerWithinMs: number;
  /**
   * First pause before reconnecting; doubles up to the last; each is spread by half of itself. However long the line was
   * dead, the last is soon over: while it lasts no stop follows the price.
   */
  readonly firstPauseMs: number;
  readonly lastPauseMs: number;
  /** One that is lost sooner than this after it was up is another failure: each costs logins, subscriptions and readings. */
  readonly steadyAfterMs: number;
  /** What an error to one request leaves unanswered is asked again one by one after this. */
  readonly splitAfterMs: number;
}

const TIMING: SocketTiming = {
  pingAfterMs: 15_000,
  pongWithinMs: 5_000,
  answerWithinMs: 10_000,
  firstPauseMs: 500,
  lastPauseMs: 5_000,
  steadyAfterMs: 30_000,
  splitAfterMs: 1_000,
};
/** More are not counted: the pause is the last one long before. */
const FAILURES_MAX = 20;
/** More are not held against one that is up again after an outage: a line that comes back may falter. */
const FAILURES_BEFORE_STEADY = 2;
/** Of a login: our clock is more than 30 s off (okx-v5.md §4.2). */
const TIMESTAMP_EXPIRED = '60006';
const NOT_LOGGED_IN = '60011';
/** Bounds: OKX takes 64 KB of arguments a request and 480 requests an hour; no message of OKX's is near 4 MiB. */
const ARGS_A_REQUEST_MAX = 50;
const SUBSCRIPTIONS_MAX = 2_000;
const MESSAGE_BYTES_MAX = 4 * 1024 * 1024;

interface Subscription {
  readonly arg: Arg;
  state: 'wanted' | 'asked' | 'active' | 'refused';
}

interface Connection {
  readonly socket: WebSocket;
  /** Subscribe requests of this connection by id. */
  readonly requests: Map<string, readonly Arg[]>;
  stage: 'connecting' | 'logging-in' | 'subscribing' | 'up';
  /** By a clock that only counts: the exchange's may be set back. */
  heardAtMs: number;
  pingedAtMs: number | undefined;
  timers: Set<NodeJS.Timeout>;
}

export class OkxSocket {
  readonly #options: SocketOptions;
  readonly #timing: SocketTiming;
  readonly #pace: Pace;
  readonly #subscriptions = new Map<string, Subscription>();
  #connection: Connection | undefined;
  #retry: NodeJS.Timeout | undefined;
  #isOpen = false;
  #wasUp = false;
  #failures = 0;
  #lastRequestId = 0;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
    this.#pace = options.pace ?? new Pace();
  }

  /** Connects, and from now on stays connected. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#connectInTurn();
  }

  /** Disconnects for good. Subscriptions stay known; nothing more is reported. */
  close(): void {
    this.#isOpen = false;
    clearTimeout(this.#retry);
    this.#drop();
  }

  /** Wants these from now on, through every reconnect. @throws {RangeError} past 2,000 subscriptions on one socket. */
  subscribe(args: readonly Arg[]): void {
    for (const arg of args) {
      const key = keyOf(arg);
      if (this.#subscriptions.has(key)) continue;
      if (this.#subscriptions.size >= SUBSCRIPTIONS_MAX)
        throw new RangeError(`more than ${SUBSCRIPTIONS_MAX} subscriptions on one socket`);
      this.#subscriptions.set(key, { arg, state: 'wanted' });
    }
    this.#ask();
  }

  unsubscribe(args: readonly Arg[]): void {
    const known = args.filter((arg) => this.#subscriptions.delete(keyOf(arg)));
    if (known.length > 0) this.#request('unsubscribe', known);
  }

  /** Drops subscriptions and takes them again, for the fresh snapshot that comes with each (a gap in a book, a channel that fell silent). */
  resubscribe(args: readonly Arg[]): void {
    this.unsubscribe(args);
    this.subscribe(args);
  }

  /** It stands, and what was subscribed is told no more: another is made. */
  renew(silentMs: number): void {
    if (this.#connection?.stage === 'up') this.#lost(this.#connection, { code: 'silent', ms: Math.round(silentMs) });
  }

  /** As soon as OKX lets one more be made from this address. */
  #connectInTurn(): void {
    const nowMs = performance.now();
    const slot = this.#pace.book({ limits: [connectLimit], nowMs, waitMsMax: Number.POSITIVE_INFINITY });
    const waitMs = slot.kind === 'granted' ? slot.atMs - nowMs : slot.waitMs;
    if (waitMs <= 0) return this.#connect();
    this.#retry = setTimeout(() => this.#connect(), waitMs);
  }

  #connect(): void {
    const socket = new WebSocket(this.#options.url, {
      handshakeTimeout: this.#timing.answerWithinMs,
      maxPayload: MESSAGE_BYTES_MAX,
    });
    const connection: Connection = {
      socket,
      requests: new Map(),
      stage: 'connecting',
      heardAtMs: performance.now(),
      pingedAtMs: undefined,
      timers: new Set(),
    };
    this.#connection = connection;
    let said = '';
    socket.on('open', () => this.#opened(connection));
    socket.on('message', (data, isBinary) => this.#heard(connection, isBinary ? '' : String(data)));
    socket.on('error', (error) => (said = nameOf(faultOfError(error))));
    socket.on('close', (code, text) =>
      this.#lost(
        connection,
        code === 1006 ? { code: 'failed', said } : { code: 'closed', status: code, words: text.toString('utf8') },
      ),
    );
  }

  #opened(connection: Connection): void {
    this.#keepAlive(connection);
    const { key } = this.#options;
    if (key === undefined) return this.#subscribeAll(connection);
    connection.stage = 'logging-in';
    this.#expectWithin(connection, 'logging-in', 'login');
    this.#send(connection, { op: 'login', args: [key.loginArg(this.#options.nowMs())] });
  }

  #subscribeAll(connection: Connection): void {
    connection.stage = 'subscribing';
    for (const subscription of this.#subscriptions.values()) subscription.state = 'wanted';
    this.#expectWithin(connection, 'subscribing', 'subscription');
    this.#ask();
    this.#upIfAnswered(connection);
  }

  /** Asks for what is wanted, many in a request. */
  #ask(): void {
    const connection = this.#connection;
    if (connection === undefined || connection.stage === 'connecting' || connection.stage === 'logging-in') return;
    const wanted = [...this.#subscriptions.values()].filter(({ state }) => state === 'wanted');
    for (let i = 0; i < wanted.length; i += ARGS_A_REQUEST_MAX) {
      const chunk = wanted.slice(i, i + ARGS_A_REQUEST_MAX);
      for (const subscription of chunk) subscription.state = 'asked';
      this.#request(
        'subscribe',
        chunk.map(({ arg }) => arg),
      );
    }
  }

  #request(op: SubscribeRequest['op'], args: readonly Arg[]): void {
    const connection = this.#connection;
    if (connection === undefined || connection.stage === 'connecting' || connection.stage === 'logging-in') return;
    const id = `s${(this.#lastRequestId += 1)}`;
    if (op === 'subscribe') connection.requests.set(id, args);
    this.#send(connection, { id, op, args });
  }

  #heard(connection: Connection, text: string): void {
    connection.heardAtMs = performance.now();
    connection.pingedAtMs = undefined;
    if (text === PONG) return;
    const message = parseJson(text);
    if (typeof message !== 'object' || message === null)
      return this.#unreadable('neither JSON object nor "pong"', text);
    if ('event' in message) {
      const parsed = eventSchema.safeParse(message);
      if (!parsed.success) return this.#unreadable(reasonOf(parsed.error), text);
      return this.#happened(connection, parsed.data);
    }
    const parsed = pushSchema.safeParse(message);
    if (!parsed.success) return this.#unreadable(reasonOf(parsed.error), text);
    this.#tell({ kind: 'push', push: parsed.data });
  }

  #happened(connection: Connection, event: WsEvent): void {
    switch (event.event) {
      case 'login':
        if (event.code !== '0') return this.#loginRefused(connection, faultOfCode(event.code, event.msg ?? ''));
        if (connection.stage === 'logging-in') this.#subscribeAll(connection);
        return;
      case 'subscribe':
        return this.#acknowledged(connection, event.arg);
      case 'unsubscribe':
        // With an id it answers a request of ours.
        if (event.id !== undefined || this.#subscriptions.get(keyOf(event.arg))?.state !== 'active') return;
        return this.#takenBack(connection, event.event, event.arg.channel);
      case 'notice':
        // 64008: the socket will be closed for an upgrade within 60 s. Now is as good as then.
        this.#lost(connection, { code: 'notice', said: event.code, words: event.msg });
        return;
      case 'error':
        return this.#erred(connection, event.id, faultOfCode(event.code, event.msg));
      case 'channel-conn-count':
        return;
      case 'channel-conn-count-error':
        return this.#takenBack(connection, event.event, `${event.channel}: ${event.connCount} connections`);
    }
  }

  #acknowledged(connection: Connection, arg: { channel: string }): void {
    const subscription = this.#subscriptions.get(keyOf(arg));
    if (subscription !== undefined) subscription.state = 'active';
    for (const [id, args] of connection.requests)
      if (args.every((asked) => this.#isAnswered(asked))) connection.requests.delete(id);
    this.#upIfAnswered(connection);
  }

  /**
   * An error names its request, not its argument: what stays unanswered is asked again one by one, until the guilty one
   * is alone.
   */
  #erred(connection: Connection, id: string | undefined, fault: Fault): void {
    if (connection.stage === 'logging-in') return this.#loginRefused(connection, fault);
    // It was acknowledged: another one may hold.
    if (fault.code === NOT_LOGGED_IN)
      return this.#lost(connection, { code: 'refused', said: fault.code, words: fault.message });
    const args = id === undefined ? undefined : connection.requests.get(id);
    if (id === undefined || args === undefined) return this.#faulty(fault);
    const [only] = args;
    if (args.length === 1 && only !== undefined) {
      connection.requests.delete(id);
      if (!isLasting(fault))
        return this.#after(connection, this.#timing.splitAfterMs, () => this.#request('subscribe', [only]));
      const subscription = this.#subscriptions.get(keyOf(only));
      if (subscription !== undefined) subscription.state = 'refused';
      this.#tell({
        kind: 'subscription-refused',
        arg: only,
        fault: this.#redacted(fault),
      });
      return this.#upIfAnswered(connection);
    }
    this.#after(connection, this.#timing.splitAfterMs, () => {
      connection.requests.delete(id);
      for (const arg of args)
        if (this.#subscriptions.get(keyOf(arg))?.state === 'asked') this.#request('subscribe', [arg]);
    });
  }

  /**
   * A channel that was acknowledged is told no more: too many connections of the account have it, or OKX has ended it (its page “Connection count
   * limit”). Others have to go first, so there is time.
   */
  #takenBack(connection: Connection, said: string, words: string): void {
    this.#failures = FAILURES_MAX;
    this.#lost(connection, { code: 'refused', said, words });
  }

  /** Served, refused, or not wanted any more. */
  #isAnswered(arg: Arg): boolean {
    const { state } = this.#subscriptions.get(keyOf(arg)) ?? { state: 'active' };
    return state === 'active' || state === 'refused';
  }

  #upIfAnswered(connection: Connection): void {
    if (connection.stage !== 'subscribing') return;
    for (const { arg } of this.#subscriptions.values()) if (!this.#isAnswered(arg)) return;
    connection.stage = 'up';
    this.#failures = Math.min(this.#failures, FAILURES_BEFORE_STEADY);
    this.#after(connection, this.#timing.steadyAfterMs, () => (this.#failures = 0));
    this.#tell({ kind: this.#wasUp ? 'reconnected' : 'connected', atMs: this.#options.nowMs() });
    this.#wasUp = true;
  }

  #keepAlive(connection: Connection): void {
    const { pingAfterMs, pongWithinMs } = this.#timing;
    const timer = setInterval(() => {
      const nowMs = performance.now();
      if (connection.pingedAtMs !== undefined) {
        if (nowMs - connection.pingedAtMs >= pongWithinMs)
          this.#lost(connection, { code: 'silent', ms: Math.round(nowMs - connection.heardAtMs) });
      } else if (nowMs - connection.heardAtMs >= pingAfterMs) {
        connection.pingedAtMs = nowMs;
        connection.socket.send(PING);
      }
    }, Math.min(pingAfterMs, pongWithinMs) / 4);
    connection.timers.add(timer);
  }

  #expectWithin(connection: Connection, stage: Connection['stage'], to: 'login' | 'subscription'): void {
    this.#after(connection, this.#timing.answerWithinMs, () => {
      if (connection.stage === stage) this.#lost(connection, { code: 'no-answer', to });
    });
  }

  #after(connection: Connection, ms: number, then: () => void): void {
    const timer = setTimeout(() => {
      connection.timers.delete(timer);
      if (connection === this.#connection) then();
    }, ms);
    connection.timers.add(timer);
  }

  /** Says so and tries again after a pause. */
  #lost(connection: Connection, loss: ConnectionLoss): void {
    if (connection !== this.#connection) return;
    this.#drop();
    if (!this.#isOpen) return;
    const { firstPauseMs, lastPauseMs } = this.#timing;
    const pauseMs = Math.min(firstPauseMs * 2 ** this.#failures, lastPauseMs);
    this.#failures = Math.min(this.#failures + 1, FAILURES_MAX);
    const retryInMs = Math.round(pauseMs * (0.5 + this.#options.random()));
    this.#retry = setTimeout(() => this.#connectInTurn(), retryInMs);
    const told = 'words' in loss ? { ...loss, words: this.#redactedText(loss.words) } : loss;
    this.#tell({ kind: 'lost', loss: told, reason: lossInEnglish(told), retryInMs, atMs: this.#options.nowMs() });
  }

  /**
   * A key that is wrong is given up here. An exchange that is busy or has an error within is asked again; a clock that is wrong, after a machine has
   * slept, is read anew by whoever hears of it.
   */
  #loginRefused(connection: Connection, fault: Fault): void {
    if (isLasting(fault) && fault.code !== TIMESTAMP_EXPIRED) return this.#stop(fault);
    this.#faulty(fault);
    this.#lost(connection, { code: 'refused', said: fault.code, words: fault.message });
  }

  #stop(fault: Fault): void {
    this.close();
    this.#options.onEvent({ kind: 'stopped', fault: this.#redacted(fault) });
  }

  #drop(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    for (const timer of connection.timers) clearInterval(timer);
    connection.socket.removeAllListeners();
    connection.socket.on('error', () => undefined); // ws reports an aborted handshake after terminate()
    connection.socket.terminate();
  }

  #send(connection: Connection, message: LoginRequest | SubscribeRequest): void {
    connection.socket.send(JSON.stringify(message));
  }

  #unreadable(reason: string, text: string): void {
    this.#faulty(faultOfPayload(`message of ${text.length} characters: ${reason}`));
  }

  #faulty(fault: Fault): void {
    this.#tell({ kind: 'fault', fault: this.#redacted(fault) });
  }

  #tell(event: SocketEvent): void {
    if (this.#isOpen) this.#options.onEvent(event);
  }

  #redacted(fault: Fault): Fault {
    return { ...fault, message: this.#redactedText(fault.message) };
  }

  #redactedText(text: string): string {
    return this.#options.key?.redact(text) ?? text;
  }
}

/** What selects a channel: OKX documents these in its acknowledgement, and `extraParams` not. */
const SELECTORS = ['channel', 'instType', 'instFamily', 'instId', 'ccy', 'algoId'] as const;

/** The same for the same channel, in whatever order OKX echoes its keys and with or without those that select nothing. */
function keyOf(arg: Readonly<Record<string, unknown>> | Arg): string {
  return JSON.stringify(SELECTORS.map((name) => (arg as Readonly<Record<string, unknown>>)[name] ?? ''));
}

/** An answer of HTTP, or none in time, has no code of the network: its words say what it was. */
function nameOf({ code, message }: Fault): string {
  return code === 'Error' ? message : code;
}

/** A no that will be one the next time too; after any other the same is asked again. */
function isLasting(fault: Fault): boolean {
  return fault.class === 'refused' || fault.class === 'auth';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
