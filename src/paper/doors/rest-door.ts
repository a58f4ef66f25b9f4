/**
 * One REST request from its raw bytes to the text of its answer. No network here: paper/exchange.ts brings requests, tests may too.
 *
 * In the order in which OKX objects: path (404), method (405), who is asking (401), how often (429), the body (400), then the endpoint.
 * A thrown bug is answered with 50026 and handed to `onBug`: one bad request never takes the exchange down.
 */
import type { Clock } from '../clock.ts';
import type { Desk } from '../desk/desk.ts';
import { accountEndpoints } from '../endpoints/account-endpoints.ts';
import type { PrivateHandler, PublicHandler } from '../endpoints/call.ts';
import { publicEndpoints } from '../endpoints/public-endpoints.ts';
import { tradeEndpoints } from '../endpoints/trade-endpoints.ts';
import type { Floor } from '../floor.ts';
import type { Fields } from '../wire/input.ts';
import { failed, OkxError, type Reply, replyText } from '../wire/reply.ts';
import { deskOf } from './auth.ts';
import type { Asked, Fault, Faults } from './faults.ts';
import type { RateLimits } from './rate-limits.ts';

export interface RestRequest {
  readonly method: string;
  /** Path and query exactly as they came. */
  readonly target: string;
  readonly body: string;
  readonly address: string;
  header(name: string): string | undefined;
}

export interface RestAnswer {
  readonly status: number;
  readonly text: string;
  readonly delayMs: number;
  /** No answer at all: the connection is cut. */
  readonly isDropped: boolean;
}

/** What a door opens on. */
export interface DoorWorld {
  readonly floor: Floor;
  readonly desks: ReadonlyMap<string, Desk>;
  readonly clock: Clock;
  readonly faults: Faults;
  /** Absent: nobody is limited. */
  readonly rateLimits: RateLimits | undefined;
  readonly onBug: (error: unknown) => void;
}

type Route =
  | { readonly isPrivate: false; readonly handle: PublicHandler }
  | { readonly isPrivate: true; readonly handle: PrivateHandler };

const ROUTES = new Map<string, Route>([
  ...Object.entries(publicEndpoints).map(([name, handle]): [string, Route] => [name, { isPrivate: false, handle }]),
  ...[...Object.entries(accountEndpoints), ...Object.entries(tradeEndpoints)].map(([name, handle]): [string, Route] => [
    name,
    { isPrivate: true, handle },
  ]),
]);

/** What OKX says to an address that it does not know, as recorded in 2026-09: the code is a number here. */
const NOT_FOUND = JSON.stringify({
  code: 404,
  data: {},
  detailMsg: '',
  error_code: '404',
  error_message: 'Not Found',
  msg: 'Not Found',
});

/** Who asks for what, as faults are planted for it. */
export function askedBy(request: RestRequest): Asked {
  const [path = ''] = request.target.split('?', 1);
  return { method: request.method, path, key: request.header('ok-access-key') ?? '' };
}

export function answer(world: DoorWorld, request: RestRequest): RestAnswer {
  const inMs = world.clock.now();
  const who = askedBy(request);
  const { path } = who;
  const asked = request.target.indexOf('?');
  const before = world.faults.meet('before', who);
  if (before !== undefined && before.kind !== 'delay') return spoilt(before);
  const reply = replyTo(world, request, path, asked < 0 ? '' : request.target.slice(asked + 1));
  const after = world.faults.meet('after', who);
  if (after !== undefined && after.kind !== 'delay') return spoilt(after);
  return {
    status: reply.status,
    text: reply.status === 404 ? NOT_FOUND : replyText(reply, inMs, world.clock.now()),
    delayMs: (before?.delayMs ?? 0) + (after?.delayMs ?? 0),
    isDropped: false,
  };
}

function replyTo(world: DoorWorld, request: RestRequest, path: string, search: string): Reply {
  try {
    const route = ROUTES.get(`${request.method} ${path}`);
    if (route === undefined) throw noSuchPath(path);
    world.floor.advanceTo(world.clock.now());
    const query: Fields = Object.fromEntries(new URLSearchParams(search));
    if (!route.isPrivate) {
      limit(world, request.address, request.method, path, [textIn(query, 'instId')]);
      return route.handle({ floor: world.floor, query });
    }
    const desk = deskOf(world.desks, request, world.clock);
    const body = request.method === 'POST' ? parsed(request) : undefined;
    limit(
      world,
      desk.options.uid,
      request.method,
      path,
      request.method === 'POST' ? instIdsOf(body) : [textIn(query, 'instId')],
    );
    if (request.method === 'POST') {
      refuseExpired(request.header('exptime'), world.clock);
      world.floor.touch();
    }
    return route.handle({ floor: world.floor, desk, query, body });
  } catch (error) {
    if (error instanceof OkxError) return failed(error);
    world.onBug(error);
    return failed(new OkxError('50026', 'System error. Try again later'));
  }
}

/** A request may say until when it means something, in either time. @throws {OkxError} 50036 */
export function refuseExpired(expTime: string | undefined, clock: Clock): void {
  if (expTime === undefined || expTime === '') return;
  if (!/^\d{1,16}$/.test(expTime)) throw new OkxError('51000', 'Parameter expTime error');
  if (Number(expTime) < Math.min(clock.now(), clock.wall()))
    throw new OkxError('50036', 'The expTime can not be earlier than the current system time.', 400);
}

/** The instrument of each row, for the limits; '' where none is named. */
export function instIdsOf(body: unknown): string[] {
  return (Array.isArray(body) ? (body as unknown[]) : [body]).map((row) =>
    typeof row === 'object' && row !== null ? textIn(row as Fields, 'instId') : '',
  );
}

function textIn(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function limit(world: DoorWorld, who: string, method: string, path: string, instIds: readonly string[]): void {
  world.rateLimits?.count(who, `${method} ${path}`, instIds, world.clock.steady());
}

function parsed(request: RestRequest): unknown {
  if (request.body === '') throw new OkxError('50000', 'Body for POST request cannot be empty.');
  if (!(request.header('content-type') ?? '').toLowerCase().includes('application/json'))
    throw new OkxError('50006', 'Invalid Content-Type. Please use "application/json".');
  try {
    return JSON.parse(request.body);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new OkxError('50002', 'JSON syntax error');
  }
}

function noSuchPath(path: string): OkxError {
  const other = ['GET', 'POST'].some((method) => ROUTES.has(`${method} ${path}`));
  return other
    ? new OkxError('50115', 'Invalid request method', 405)
    : new OkxError('404', `Invalid request URI: ${path.slice(0, 200)}`, 404);
}

function spoilt(fault: Fault): RestAnswer {
  const error = new OkxError(fault.code, 'planted by a test');
  const reply = failed(error);
  return {
    status: fault.status === 0 ? error.status : fault.status,
    text: replyText(reply, 0, 0),
    delayMs: fault.delayMs,
    isDropped: fault.kind === 'drop',
  };
}
