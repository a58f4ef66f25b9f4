/**
 * Orders: what we want, how it is named, and what is known of it.
 *
 * A client id is a pure function of run, position, role, step and attempt (reliability.md, "No double orders" 2): a restart names the same
 * order the same, the exchange sees a duplicate, and a lost journal can be rebuilt from the exchange's history.
 */
import type { Lots, Side, Ticks } from '../numbers/units.ts';

/** What an order is for. `entry` opens, `rung` enlarges, the others only reduce. */
export type OrderRole = 'entry' | 'rung' | 'stop' | 'target' | 'partial' | 'close';

/** How an order is to be filled. */
export type OrderTerms =
  | { readonly type: 'market' }
  | { readonly type: 'limit'; readonly priceTicks: Ticks; readonly postOnly: boolean }
  | { readonly type: 'ioc'; readonly priceTicks: Ticks }
  /** Sleeps on the exchange until `by` reaches the trigger, then goes to the market. */
  | { readonly type: 'stop'; readonly triggerTicks: Ticks; readonly by: 'mark' | 'last' };

/** An order as the core means it; only `Approved` ones may be sent. */
export interface Order {
  readonly clientId: string;
  readonly instId: string;
  readonly role: OrderRole;
  /** Number of the position in this run, from 1. */
  readonly position: number;
  /** Rung number or partial step, from 1; of a close the thousands of its attempts; 0 for the others. */
  readonly step: number;
  /** Rises only on proof that the attempt before is no more. From 1. */
  readonly attempt: number;
  /** Always 0: no order is split, but a client id has room for the number of a piece (decision 0006). */
  readonly part: number;
  /** +1 buys, −1 sells. */
  readonly side: Side;
  readonly sizeLots: Lots;
  readonly reduceOnly: boolean;
  readonly terms: OrderTerms;
  /** The exchange must have taken the order by then, or it never does (OKX: expTime): only after it can absence be proven. UTC ms. */
  readonly takenByMs: number;
}

declare const approved: unique symbol;
/** An order that passed its gates. Made only by gates.ts; all that an exchange port accepts, the operator's orders included. */
export type Approved<O extends Order = Order> = O & { readonly [approved]: true };

const ROLE_LETTERS = {
  entry: 'e',
  rung: 'r',
  stop: 's',
  target: 't',
  partial: 'p',
  close: 'c',
} as const satisfies Record<OrderRole, string>;
const ROLES = Object.fromEntries(Object.entries(ROLE_LETTERS).map(([role, letter]) => [letter, role])) as Record<
  string,
  OrderRole
>;

const RUN = /^[a-z0-9]{4}$/;
const CLIENT_ID = /^rw([a-z0-9]{4})([a-z0-9]{6})([erstpc])([a-z0-9]{2})([a-z0-9]{2})([a-z0-9])$/;

export interface ClientIdParts {
  /** Four letters or digits, drawn once when the journal was made. */
  readonly run: string;
  readonly position: number;
  readonly role: OrderRole;
  readonly step: number;
  readonly attempt: number;
  readonly part: number;
}

/** 18 letters and digits (OKX allows 32). @throws {RangeError} where a part does not fit: a bug of the caller. */
export function clientIdOf(parts: ClientIdParts): string {
  const { run, position, role, step, attempt, part } = parts;
  if (run !== named.run || position !== named.position) named = { run, position, head: headOf(run, position) };
  return named.head + (ROLE_LETTERS[role] + pair(step) + pair(attempt) + digit(part));
}

/** The orders of a position come in a row: what their names begin with is made once. */
let named = { run: '', position: -1, head: '' };

function headOf(run: string, position: number): string {
  if (run !== named.run && !RUN.test(run)) throw new RangeError(`a run is four letters or digits, not "${run}"`);
  const high = Math.floor(position / (PAIRS * PAIRS));
  const middle = Math.floor(position / PAIRS) % PAIRS;
  return `rw${run}${pair(high)}${pair(middle)}${pair(position % PAIRS)}`;
}

/** The parts of one of our client ids; undefined for a foreign one. */
export function partsOfClientId(clientId: string): ClientIdParts | undefined {
  const match = CLIENT_ID.exec(clientId);
  if (match === null) return undefined;
  const [, run = '', position = '', letter = '', step = '', attempt = '', part = ''] = match;
  const role = ROLES[letter];
  if (role === undefined) return undefined;
  return {
    run,
    role,
    position: Number.parseInt(position, 36),
    step: Number.parseInt(step, 36),
    attempt: Number.parseInt(attempt, 36),
    part: Number.parseInt(part, 36),
  };
}

const BASE = 36;
const PAIRS = BASE * BASE;
const DIGITS = Array.from({ length: BASE }, (_, value) => value.toString(BASE));
const TWO_DIGITS = DIGITS.flatMap((first) => DIGITS.map((second) => first + second));

function pair(value: number): string {
  return TWO_DIGITS[value] ?? refuseNumber(value, 2);
}

function digit(value: number): string {
  return DIGITS[value] ?? refuseNumber(value, 1);
}

function refuseNumber(value: number, width: number): never {
  throw new RangeError(`${value} does not fit into ${width} letters of a client id`);
}

/** How an order ended, or what became of an amendment, that never left. */
export const NOT_SENT = 'not-sent';

/** `sent` until the exchange answers; `unknown` where it did not: counts as filled for exposure and as nothing for reducing. */
export type OrderState = 'sent' | 'live' | 'unknown' | 'ending';
