/**
 * The channels, the socket they live on and what selects in them. Source: okx-v5.md §4.3–4.4.
 *
 * A subscription belongs to a topic (what is published once) and echoes its argument as it was sent, but for `extraParams`, which OKX does not
 * give back (its page on channel `positions`, 2026-06).
 */
import type { Desk } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import { barOf } from '../market/bars.ts';
import type { Listing } from '../market/listing.ts';
import { type Fields, textOf } from '../wire/input.ts';
import { OkxError } from '../wire/reply.ts';

export type Place = 'public' | 'private' | 'business';

interface Channel {
  readonly place: Place;
  /** What one subscription is about. `account`: one's own account, filtered by what the argument says. */
  readonly about: 'instrument' | 'index' | 'type' | 'account';
}

const CHANNELS: Readonly<Record<string, Channel>> = {
  tickers: { place: 'public', about: 'instrument' },
  trades: { place: 'public', about: 'instrument' },
  'trades-all': { place: 'business', about: 'instrument' },
  books: { place: 'public', about: 'instrument' },
  books5: { place: 'public', about: 'instrument' },
  'bbo-tbt': { place: 'public', about: 'instrument' },
  'mark-price': { place: 'public', about: 'instrument' },
  'price-limit': { place: 'public', about: 'instrument' },
  'funding-rate': { place: 'public', about: 'instrument' },
  'open-interest': { place: 'public', about: 'instrument' },
  'index-tickers': { place: 'public', about: 'index' },
  instruments: { place: 'public', about: 'type' },
  status: { place: 'public', about: 'type' },
  account: { place: 'private', about: 'account' },
  positions: { place: 'private', about: 'account' },
  balance_and_position: { place: 'private', about: 'account' },
  orders: { place: 'private', about: 'account' },
  'liquidation-warning': { place: 'private', about: 'account' },
  'orders-algo': { place: 'business', about: 'account' },
  'algo-advance': { place: 'business', about: 'account' },
};

/** On so many sockets of one account each of these may be served (okx-v5.md §4.1). */
export const CONNECTIONS_MAX = 30;
export const COUNTED_CHANNELS: ReadonlySet<string> = new Set([
  'account',
  'positions',
  'balance_and_position',
  'orders',
  'liquidation-warning',
]);

/** A subscription as one socket asked for it. */
export interface Subscription {
  readonly channel: string;
  readonly topic: string;
  /** The argument exactly as it was sent, as text. */
  readonly argText: string;
  /** What it selects, in whatever order and with whatever `extraParams` it was said: who unsubscribes means this. */
  readonly selection: string;
  /** The argument as it is given back. */
  readonly echo: Fields;
  readonly listing: Listing | undefined;
  readonly desk: Desk | undefined;
  /** Which listings of an account's channel are wanted. */
  wants(listing: Listing): boolean;
  /** Regular pushes beside those of events. */
  readonly isRegular: boolean;
}

/**
 * What an argument subscribes to. `place` undefined: the combined path, where every channel lives.
 * @throws {OkxError} 60011, 60018
 */
export function subscriptionOf(
  floor: Floor,
  arg: Fields,
  place: Place | undefined,
  desk: Desk | undefined,
): Subscription {
  const name = textOf(arg, 'channel') ?? '';
  const channel = channelNamed(name);
  if (channel === undefined || (place !== undefined && place !== channel.place)) throw noSuchChannel(arg);
  const argText = JSON.stringify(arg);
  const { extraParams: _, ...echo } = arg;
  const selection = JSON.stringify(Object.entries(echo).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (channel.about === 'account') {
    if (desk === undefined) throw new OkxError('60011', 'Please log in');
    return { ...privateSubscription(floor, arg, name, desk), argText, selection, echo };
  }
  if (channel.about === 'type') {
    const common = { channel: name, topic: name, argText, selection, echo, listing: undefined, desk: undefined };
    return { ...common, wants: isOfSwaps(textOf(arg, 'instType')) ? () => true : () => false, isRegular: false };
  }
  const instId = textOf(arg, 'instId') ?? '';
  const listing = channel.about === 'index' ? floor.listingsOfFamily(instId)[0] : floor.listing(instId);
  if (listing === undefined) throw noSuchChannel(arg);
  return {
    channel: name,
    topic: topicOf(name, listing),
    argText,
    selection,
    echo,
    listing,
    desk: undefined,
    wants: () => true,
    isRegular: false,
  };
}

export function topicOf(channel: string, about: Listing | Desk): string {
  return 'instId' in about ? `${channel}:${about.instId}` : `${channel}@${about.options.uid}`;
}

/** The bar that a candle channel is of; undefined for other channels. */
export function barNameOf(channel: string): string | undefined {
  return channel.startsWith('candle') ? channel.slice('candle'.length) : undefined;
}

function channelNamed(name: string): Channel | undefined {
  const bar = barNameOf(name);
  if (bar !== undefined) return barOf(bar) === undefined ? undefined : { place: 'business', about: 'instrument' };
  return Object.hasOwn(CHANNELS, name) ? CHANNELS[name] : undefined;
}

function privateSubscription(
  floor: Floor,
  arg: Fields,
  channel: string,
  desk: Desk,
): Omit<Subscription, 'argText' | 'selection' | 'echo'> {
  const instId = textOf(arg, 'instId');
  const family = textOf(arg, 'instFamily') ?? textOf(arg, 'uly');
  const type = textOf(arg, 'instType');
  const isTyped = channel !== 'account' && channel !== 'balance_and_position';
  if (isTyped && type === undefined) throw new OkxError('60013', 'Invalid args: instType is needed');
  if (instId !== undefined && floor.listing(instId) === undefined) throw noSuchChannel(arg);
  return {
    channel,
    topic: topicOf(channel, desk),
    listing: undefined,
    desk,
    wants: (listing) =>
      (!isTyped || isOfSwaps(type)) &&
      (instId === undefined || listing.instId === instId) &&
      (family === undefined || listing.family === family),
    isRegular: !textOf(arg, 'extraParams')?.replaceAll(/\s/g, '').includes('"updateInterval":"0"'),
  };
}

/** Of what is listed here. */
function isOfSwaps(type: string | undefined): boolean {
  return type === 'SWAP' || type === 'ANY';
}

function noSuchChannel(arg: Fields): OkxError {
  const named = ['channel', 'instType', 'instFamily', 'instId']
    .filter((name) => typeof arg[name] === 'string')
    .map((name) => `${name}:${(arg[name] as string).slice(0, 100)}`)
    .join(',');
  return new OkxError(
    '60018',
    `Wrong URL or ${named} doesn't exist. Please use the correct URL, channel and parameters referring to API document.`,
  );
}
