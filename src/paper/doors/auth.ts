/**
 * Who is asking. Source: okx-v5.md §1.1, §4.2.
 *
 * The signature is checked over the raw target and the raw body, exactly as they came. A timestamp is good within 30 s of the exchange's time or
 * of the world's (paper/clock.ts).
 */
import { signature } from '../../okx/door/sign.ts';
import type { Clock } from '../clock.ts';
import type { Desk } from '../desk/desk.ts';
import { OkxError } from '../wire/reply.ts';

const WINDOW_MS = 30_000;
const ISO = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/;

export interface SignedRequest {
  readonly method: string;
  readonly target: string;
  readonly body: string;
  header(name: string): string | undefined;
}

/** The account that signed a request. @throws {OkxError} 50102–50113 */
export function deskOf(desks: ReadonlyMap<string, Desk>, request: SignedRequest, clock: Clock): Desk {
  const key = needed(request, 'ok-access-key', '50103', 'OK-ACCESS-KEY');
  const passphrase = needed(request, 'ok-access-passphrase', '50104', 'OK-ACCESS-PASSPHRASE');
  const sign = needed(request, 'ok-access-sign', '50106', 'OK-ACCESS-SIGN');
  const timestamp = needed(request, 'ok-access-timestamp', '50107', 'OK-ACCESS-TIMESTAMP');
  const at = ISO.test(timestamp) ? Date.parse(timestamp) : Number.NaN;
  if (Number.isNaN(at)) throw new OkxError('50112', 'Invalid OK-ACCESS-TIMESTAMP');
  if (!isNear(clock, at)) throw new OkxError('50102', 'Timestamp request expired');
  const desk = desks.get(key);
  if (desk === undefined) throw new OkxError('50111', 'Invalid OK-ACCESS-KEY');
  if (passphrase !== desk.options.passphrase) throw new OkxError('50105', 'OK-ACCESS-PASSPHRASE incorrect');
  if (sign !== signature(desk.options.secret, timestamp + request.method + request.target + request.body))
    throw new OkxError('50113', 'Invalid Sign');
  return desk;
}

export interface LoginArg {
  readonly apiKey: string;
  readonly passphrase: string;
  readonly timestamp: string;
  readonly sign: string;
}

/** The account that logs in to a socket. @throws {OkxError} 60004–60032 */
export function deskOfLogin(desks: ReadonlyMap<string, Desk>, login: LoginArg, clock: Clock): Desk {
  if (!/^\d{1,16}(\.\d{1,6})?$/.test(login.timestamp)) throw new OkxError('60004', 'Invalid timestamp');
  if (!isNear(clock, Number(login.timestamp) * 1_000)) throw new OkxError('60006', 'Timestamp request expired');
  const desk = desks.get(login.apiKey);
  if (desk === undefined) throw new OkxError('60005', 'Invalid apiKey');
  if (login.passphrase !== desk.options.passphrase) throw new OkxError('60024', 'Wrong passphrase');
  if (login.sign !== signature(desk.options.secret, `${login.timestamp}GET/users/self/verify`))
    throw new OkxError('60007', 'Invalid sign');
  return desk;
}

function isNear(clock: Clock, at: number): boolean {
  return Math.abs(clock.now() - at) <= WINDOW_MS || Math.abs(clock.wall() - at) <= WINDOW_MS;
}

function needed(request: SignedRequest, name: string, code: string, shown: string): string {
  const value = request.header(name);
  if (value === undefined || value === '') throw new OkxError(code, `Request header ${shown} can not be empty`);
  return value;
}
