/**
 * One WebSocket of one client: what it may say and what it is told. Source: okx-v5.md §4.1–4.2, §4.5.
 *
 * No network here: paper/exchange.ts hands texts in and takes texts out, so that tests can speak to it without a socket.
 */
import { wsOps } from '../../okx/wire/ws-op.ts';
import type { Desk } from '../desk/desk.ts';
import { BATCH_MOST, carriedOut, type OrderAction, orderActions } from '../endpoints/trade-endpoints.ts';
import type { Floor } from '../floor.ts';
import { type Fields, textOf } from '../wire/input.ts';
import { OkxError, type Reply } from '../wire/reply.ts';
import { deskOfLogin } from './auth.ts';
import { CONNECTIONS_MAX, COUNTED_CHANNELS, type Place, type Subscription, subscriptionOf } from './channels.ts';
import type { Asked } from './faults.ts';
import type { Hub, Receiver } from './hub.ts';
import { type DoorWorld, instIdsOf, refuseExpired } from './rest-door.ts';

/** The socket under a session. */
export interface Wire {
  send(bytes: Buffer): void;
  close(code: number, reason: string): void;
  /** Without a farewell. */
  cut(): void;
}

interface SessionWorld extends DoorWorld {
  readonly hub: Hub;
  /** Lets out what is told only when what it tells of is durable. */
  readonly within: (act: () => void) => void;
}

/** A socket on which nothing was said in either direction for so long is closed (okx-v5.md §4.1). */
const IDLE_MS = 30_000;

interface Operation {
  readonly action: OrderAction;
  /** The REST route with the same limits. */
  readonly route: string;
  readonly most: number;
}
// biome-ignore format: a table
const OPERATIONS: Readonly<Record<string, Operation>> = {
  order:                 { action: orderActions.placed,   route: 'POST /api/v5/trade/order',               most: 1 },
  'batch-orders':        { action: orderActions.placed,   route: 'POST /api/v5/trade/batch-orders',        most: BATCH_MOST },
  'cancel-order':        { action: orderActions.canceled, route: 'POST /api/v5/trade/cancel-order',        most: 1 },
  'batch-cancel-orders': { action: orderActions.canceled, route: 'POST /api/v5/trade/cancel-batch-orders', most: BATCH_MOST },
  'amend-order':         { action: orderActions.amended,  route: 'POST /api/v5/trade/amend-order',         most: 1 },
  'batch-amend-orders':  { action: orderActions.amended,  route: 'POST /api/v5/trade/amend-batch-orders',  most: BATCH_MOST },
};

/** An operation that somebody who is logged in has asked for. */
interface OperationRequest {
  readonly operation: Operation;
  readonly op: string;
  readonly id: string;
  readonly request: Fields;
  readonly desk: Desk;
  /** As faults are planted for it. */
  readonly asked: Asked;
}

export class Session implements Receiver {
  readonly place: Place | undefined;
  readonly connId: string;
  desk: Desk | undefined;
  /** A partition: nothing reaches the client any more, though the socket stands. */
  isMute = false;
  readonly #world: SessionWorld;
  readonly #wire: Wire;
  readonly #subscriptions = new Map<string, Subscription>();
  #heardAt: number;

  constructor(world: SessionWorld, wire: Wire, place: Place | undefined, connId: string) {
    this.#world = world;
    this.#wire = wire;
    this.place = place;
    this.connId = connId;
    this.#heardAt = world.clock.steady();
  }

  deliver(bytes: Buffer): void {
    this.#heardAt = this.#world.clock.steady();
    if (!this.isMute) this.#wire.send(bytes);
  }

  /** A text frame of the client. */
  hear(text: string): void {
    this.#world.within(() => this.#hear(text));
  }

  #hear(text: string): void {
    this.#heardAt = this.#world.clock.steady();
    if (text === 'ping' || text === '"ping"') return this.deliver(PONG);
    try {
      this.#act(text);
    } catch (error) {
      if (error instanceof OkxError) return this.#refuse(error, undefined);
      this.#world.onBug(error);
      this.#refuse(new OkxError('63999', 'Internal system error'), undefined);
    }
  }

  /** The world's clock went on. */
  beat(): void {
    if (this.#world.clock.steady() - this.#heardAt > IDLE_MS) this.close(4004, 'No data received in 30s.');
  }

  /** The notice before an upgrade (okx-v5.md §4.2): the socket will be closed. */
  announceUpgrade(): void {
    this.#say({
      event: 'notice',
      code: '64008',
      msg: 'The connection will soon be closed for a service upgrade. Please reconnect.',
      connId: this.connId,
    });
  }

  close(code: number, reason: string): void {
    this.leave();
    this.#wire.close(code, reason);
  }

  cut(): void {
    this.leave();
    this.#wire.cut();
  }

  /** The socket is gone. */
  leave(): void {
    for (const subscription of this.#subscriptions.values()) this.#world.hub.unsubscribe(subscription, this);
    this.#subscriptions.clear();
  }

  #act(text: string): void {
    const request = requestIn(text);
    const id = textOf(request, 'id');
    const op = textOf(request, 'op');
    this.#world.floor.advanceTo(this.#world.clock.now());
    if (op === 'login') return this.#logIn(request);
    if (op === 'subscribe' || op === 'unsubscribe') return this.#subscribe(op, id, request);
    if (op !== undefined && (wsOps as readonly string[]).includes(op)) return this.#operate(op, id, request);
    throw new OkxError('60019', `Invalid op: ${String(op).slice(0, 40)}`);
  }

  #logIn(request: Fields): void {
    const [arg] = argsIn(request);
    if (arg === undefined) throw new OkxError('60013', 'Invalid args');
    const login = {
      apiKey: textOf(arg, 'apiKey') ?? '',
      passphrase: textOf(arg, 'passphrase') ?? '',
      timestamp: textOf(arg, 'timestamp') ?? '',
      sign: textOf(arg, 'sign') ?? '',
    };
    try {
      this.#refuseAsPlanted('login', login.apiKey);
      // A second login on the same socket is as good as the first: okx-api logs in twice (okx-v5.md §5.2).
      this.desk = deskOfLogin(this.#world.desks, login, this.#world.clock);
    } catch (error) {
      if (!(error instanceof OkxError)) throw error;
      this.#refuse(error, undefined);
      return this.close(4001, 'Login failed');
    }
    this.#say({ event: 'login', msg: '', code: '0', connId: this.connId });
  }

  #subscribe(op: 'subscribe' | 'unsubscribe', id: string | undefined, request: Fields): void {
    for (const arg of argsIn(request)) {
      try {
        if (op === 'subscribe') this.#refuseAsPlanted(`subscribe ${textOf(arg, 'channel') ?? ''}`);
        const wanted = subscriptionOf(this.#world.floor, arg, this.place, this.desk);
        const key = `${wanted.topic} ${wanted.selection}`;
        const held = this.#subscriptions.get(key);
        this.#say({ ...named(id), event: op, arg: wanted.echo, connId: this.connId });
        // Asked for again in other words it is still told once.
        if (held !== undefined) this.#world.hub.unsubscribe(held, this);
        if (op === 'unsubscribe') {
          this.#subscriptions.delete(key);
          continue;
        }
        this.#subscriptions.set(key, wanted);
        this.#world.hub.subscribe(wanted, this);
        if (COUNTED_CHANNELS.has(wanted.channel) && !this.#isServed(wanted)) {
          this.#world.hub.unsubscribe(wanted, this);
          this.#subscriptions.delete(key);
          continue;
        }
        const snapshot = this.#world.hub.snapshot(wanted);
        if (snapshot !== undefined) this.deliver(Buffer.from(snapshot));
      } catch (error) {
        if (!(error instanceof OkxError)) throw error;
        this.#refuse(error, id, arg);
      }
    }
  }

  /** @throws {OkxError} where a test has planted one */
  #refuseAsPlanted(path: string, key = this.desk?.options.key ?? ''): void {
    const planted = this.#world.faults.meet('before', { method: 'WS', path, key });
    if (planted?.kind === 'error') throw new OkxError(planted.code, 'planted by a test');
  }

  /** Says on how many sockets the channel is told; one too many has its acknowledgement, and is told nothing (OKX's page “Connection count limit”). */
  #isServed({ channel, topic }: Subscription): boolean {
    const count = this.#world.hub.receiverCount(topic);
    const isServed = count <= CONNECTIONS_MAX;
    const event = isServed ? 'channel-conn-count' : 'channel-conn-count-error';
    this.#say({ event, channel, connCount: String(Math.min(count, CONNECTIONS_MAX)), connId: this.connId });
    return isServed;
  }

  #operate(op: string, id: string | undefined, request: Fields): void {
    const operation = OPERATIONS[op];
    if (operation === undefined) throw new OkxError('60019', `Invalid op: ${op} is for market makers of options`);
    if (this.place === 'public' || this.place === 'business')
      throw new OkxError('60028', 'Operation not supported on this URL');
    const { desk } = this;
    if (desk === undefined) return this.#refuse(new OkxError('60011', 'Please log in'), id);
    if (id === undefined || !/^[A-Za-z0-9]{1,32}$/.test(id))
      throw new OkxError('60013', 'Invalid args: id must be 1 to 32 letters and digits');
    const asked = { method: 'WS', path: op, key: desk.options.key };
    const carryOut = () => this.#carryOut({ operation, op, id, request, desk, asked });
    const lateMs = this.#world.faults.latenessMs(asked);
    if (lateMs === 0) carryOut();
    else setTimeout(() => this.#world.within(carryOut), lateMs);
  }

  #carryOut({ operation, op, id, request, desk, asked }: OperationRequest): void {
    const inMs = this.#world.clock.now();
    const before = this.#world.faults.meet('before', asked);
    if (before?.kind === 'drop') return this.cut();
    const reply = before?.kind === 'error' ? refused(before.code) : this.#replyTo(operation, desk, request);
    const after = this.#world.faults.meet('after', asked);
    if (after?.kind === 'drop') return this.cut();
    const { code, data } = after?.kind === 'error' ? refused(after.code) : reply;
    // ccxt reads the row's code only where the message beside it is empty (okx-v5.md §5.1).
    const msg = data.length > 0 ? '' : reply.msg;
    const times = { inTime: `${inMs}000`, outTime: `${this.#world.clock.now()}000` };
    const say = () => this.#say({ id, op, code, msg, data, ...times });
    const delayMs = (before?.delayMs ?? 0) + (after?.delayMs ?? 0);
    if (delayMs > 0) setTimeout(say, delayMs);
    else say();
  }

  #replyTo(operation: Operation, desk: Desk, request: Fields): Reply {
    const { floor, clock, rateLimits } = this.#world;
    try {
      const args = argsIn(request);
      refuseExpired(textOf(request, 'expTime'), clock);
      rateLimits?.count(
        desk.options.uid,
        operation.route,
        instIdsOf(args.map((arg) => codeNamed(floor, arg))),
        clock.steady(),
      );
      // Not every deed moves the account: new prices of what is attached to an order must be durable too.
      floor.touch();
      return carriedOut(operation.action, floor, desk, args, operation.most);
    } catch (error) {
      if (!(error instanceof OkxError)) throw error;
      return { status: 200, code: error.code, msg: error.message, data: [], isTimed: true };
    }
  }

  #refuse(error: OkxError, id: string | undefined, arg?: Fields): void {
    const about = arg === undefined ? {} : { arg };
    this.#say({ ...named(id), event: 'error', code: error.code, msg: error.message, ...about, connId: this.connId });
  }

  #say(message: object): void {
    this.deliver(Buffer.from(JSON.stringify(message)));
  }
}

const PONG = Buffer.from('pong');

function named(id: string | undefined): { id?: string } {
  return id === undefined ? {} : { id };
}

function refused(code: string): Reply {
  return { status: 200, code, msg: 'planted by a test', data: [], isTimed: true };
}

/** An argument with its instrument by name, for the limits. */
function codeNamed(floor: Floor, arg: Fields): Fields {
  const instId = floor.listingByCode(Number(arg['instIdCode']))?.instId;
  return arg['instId'] === undefined && instId !== undefined ? { ...arg, instId } : arg;
}

function requestIn(text: string): Fields {
  let request: unknown;
  try {
    request = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OkxError('60012', `Invalid request: ${text.slice(0, 200)}`);
  }
  if (typeof request !== 'object' || request === null || Array.isArray(request))
    throw new OkxError('60012', `Invalid request: ${text.slice(0, 200)}`);
  return request as Fields;
}

function argsIn(request: Fields): Fields[] {
  const { args } = request as { args?: unknown };
  if (!Array.isArray(args) || args.length === 0) throw new OkxError('60013', 'Invalid args');
  return (args as unknown[]).map((arg) => {
    if (typeof arg !== 'object' || arg === null || Array.isArray(arg)) throw new OkxError('60013', 'Invalid args');
    return arg as Fields;
  });
}
