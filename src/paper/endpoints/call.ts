/** One request as the endpoints see it: who asks, what was sent, on which floor. */
import type { Desk } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import type { Listing } from '../market/listing.ts';
import { listingIn } from '../orders/order-input.ts';
import { type Fields, oneOf, textOf } from '../wire/input.ts';
import { parameterEmpty, type Reply } from '../wire/reply.ts';

export interface PublicCall {
  readonly floor: Floor;
  /** The query of a GET. */
  readonly query: Fields;
}

export interface PrivateCall extends PublicCall {
  readonly desk: Desk;
  /** The parsed body of a POST. */
  readonly body: unknown;
}

export type PublicHandler = (call: PublicCall) => Reply;
export type PrivateHandler = (call: PrivateCall) => Reply;

const INSTRUMENT_TYPES = ['SPOT', 'MARGIN', 'SWAP', 'FUTURES', 'OPTION', 'ANY'] as const;

/** Whether swaps are asked for; without an `instType` they are. @throws {OkxError} 51000 on an unknown type */
export function asksForSwaps(fields: Fields): boolean {
  const type = oneOf(fields, 'instType', INSTRUMENT_TYPES);
  return type === undefined || type === 'SWAP' || type === 'ANY';
}

/** The listings that `instType`, `instFamily` (or the older `uly`) and `instId` leave; all where nothing is said. @throws {OkxError} 51001 */
export function listingsIn(floor: Floor, fields: Fields): readonly Listing[] {
  if (!asksForSwaps(fields)) return [];
  const family = textOf(fields, 'instFamily') ?? textOf(fields, 'uly');
  if (textOf(fields, 'instId') !== undefined) {
    const listing = listingIn(floor, fields);
    return family === undefined || listing.family === family ? [listing] : [];
  }
  return family === undefined ? floor.listings : floor.listingsOfFamily(family);
}

/** Like `listingsIn`, where one of them must be named or all are meant by `ANY`. */
export function namedListings(floor: Floor, fields: Fields): readonly Listing[] {
  if (textOf(fields, 'instId') === 'ANY') return floor.listings;
  if (textOf(fields, 'instId') === undefined) throw parameterEmpty('instId');
  return [listingIn(floor, fields)];
}

export function neededType(fields: Fields): void {
  if (textOf(fields, 'instType') === undefined) throw parameterEmpty('instType');
}
