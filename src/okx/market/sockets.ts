/**
 * Sockets of one address, each under the last word of its path, and the two that the public market speaks on. Source: okx-v5.md §4.1, §4.3.
 *
 * The bot's feed and the relay of the paper exchange follow the same market: `public` says prices, `business` closed minutes. What is common to
 * both stands here: connecting, subscribing, and that whatever cannot be used is told and takes nothing else with it.
 */
import type { ConnectionLoss } from '../../core/account/connection-loss.ts';
import type { Rest } from '../door/rest.ts';
import type { ApiKey } from '../door/sign.ts';
import { OkxSocket, type SocketEvent, type SocketTiming } from '../door/socket.ts';
import { told } from '../door/verdict.ts';
import { isPayloadFault } from '../payload-fault.ts';
import { readRows } from '../wire/envelope.ts';
import type { Arg, Push } from '../wire/ws-message.ts';
import type { PriceChannel, PriceHeard } from './old-price.ts';

export interface SocketsOptions {
  readonly rest: Pick<Rest, 'exchangeNowMs' | 'pace'>;
  /** `wss://ws.okx.com:8443/ws/v5`, without the last word. */
  readonly wsUrl: string;
  readonly random: () => number;
  readonly socketTiming?: Partial<SocketTiming>;
}

/** A socket that is not open yet. @param key where it has to log in */
export function socketAt(
  { rest, wsUrl, random, socketTiming }: SocketsOptions,
  name: string,
  onEvent: (event: SocketEvent) => void,
  key?: ApiKey,
): OkxSocket {
  return new OkxSocket({
    url: `${wsUrl}/${name}`,
    nowMs: () => rest.exchangeNowMs(),
    random,
    onEvent,
    pace: rest.pace,
    ...(key === undefined ? {} : { key }),
    ...(socketTiming === undefined ? {} : { timing: socketTiming }),
  });
}

export type MarketSocketName = 'public' | 'business';

/** Who follows the market. */
export interface MarketListener {
  /** A connection stands, for the first time or again. */
  connected?(name: MarketSocketName): void;
  /** A connection is back: what it said meanwhile was missed. */
  reconnected(name: MarketSocketName, atMs: number): void;
  lost(name: MarketSocketName, loss: ConnectionLoss, atMs: number): void;
  /** An instrument's channel of prices, which is asked for anew. */
  silent(channel: PriceChannel, instId: string): void;
  /** @throws {PayloadError} on rows that cannot be used: told as odd */
  pushed(push: Push): void;
  /** What a person should know; nothing else comes of it. */
  odd(message: string): void;
}

/** As many odd rows come as the market moves, for as long as it is followed: those of a channel are told so often. */
const ODD_EVERY_MS = 60_000;
/** A channel that stays silent is asked for again after so long, all in one request: OKX takes 480 an hour (okx-v5.md §4.1). */
const ASK_ANEW_EVERY_MS = 60_000;

/** What follows the market of these instruments: prices on these channels, and closed minutes; `also` what is public and of no one instrument. */
export class MarketSockets {
  readonly #listener: MarketListener;
  readonly #sockets: Readonly<Record<MarketSocketName, OkxSocket>>;
  #askedAnewAtMs = Number.NEGATIVE_INFINITY;
  /** When odd rows of a channel of an instrument were told last. */
  readonly #oddToldAtMs = new Map<string, number>();

  constructor(
    options: SocketsOptions,
    instIds: readonly string[],
    prices: readonly string[],
    listener: MarketListener,
    also: readonly Arg[] = [],
  ) {
    this.#listener = listener;
    const socket = (name: MarketSocketName, channels: readonly string[]) => {
      const made = socketAt(options, name, (event) => this.#onEvent(name, event));
      made.subscribe(instIds.flatMap((instId) => channels.map((channel) => ({ channel, instId }))));
      return made;
    };
    this.#sockets = { public: socket('public', prices), business: socket('business', ['candle1m']) };
    this.#sockets.public.subscribe(also);
  }

  open(): void {
    for (const socket of Object.values(this.#sockets)) socket.open();
  }

  close(): void {
    for (const socket of Object.values(this.#sockets)) socket.close();
  }

  /** Asks channels of prices to begin anew. */
  resubscribe(args: readonly Arg[]): void {
    this.#sockets.public.resubscribe(args);
  }

  /** Asks for prices that have fallen silent on a connection that stands. Where those of all instruments have, it is the connection: another is made. */
  askAnew(heard: readonly (readonly [instId: string, of: PriceHeard])[], nowMs: number): void {
    if (nowMs < this.#askedAnewAtMs + ASK_ANEW_EVERY_MS) return;
    const silent = heard.flatMap(([instId, of]) => {
      const channel = of.silent(nowMs);
      return channel === undefined ? [] : [{ channel, instId }];
    });
    if (silent.length === 0) return;
    this.#askedAnewAtMs = nowMs;
    for (const { channel, instId } of silent) this.#listener.silent(channel, instId);
    if (silent.length < heard.length) return this.resubscribe(silent);
    this.#sockets.public.renew(Math.min(...heard.map(([, of]) => of.silentMs(nowMs))));
  }

  /** The rows of a push that can be read; that there are others is told as odd. */
  eachRow<Row>(schema: Parameters<typeof readRows<Row>>[0], push: Push, take: (row: Row) => void): void {
    const { rows, faults } = readRows(schema, push.data);
    for (const row of rows) take(row);
    const [unread] = faults;
    if (unread !== undefined) this.#oddRow(push.arg, `a pushed row cannot be read: ${unread.reason}`);
  }

  #oddRow({ channel, instId = '' }: Push['arg'], message: string): void {
    const of = `${channel} ${instId}`;
    const nowMs = performance.now();
    if (nowMs < (this.#oddToldAtMs.get(of) ?? Number.NEGATIVE_INFINITY) + ODD_EVERY_MS) return;
    this.#oddToldAtMs.set(of, nowMs);
    this.#listener.odd(message);
  }

  #onEvent(name: MarketSocketName, event: SocketEvent): void {
    const listener = this.#listener;
    switch (event.kind) {
      case 'connected':
        return listener.connected?.(name);
      case 'reconnected':
        listener.connected?.(name);
        return listener.reconnected(name, event.atMs);
      case 'lost':
        return listener.lost(name, event.loss, event.atMs);
      case 'subscription-refused':
        return listener.odd(`channel ${event.arg.channel} ${event.arg.instId ?? ''}: ${told(event.fault)}`);
      case 'stopped':
      case 'fault':
        return listener.odd(`the ${name} connection: ${told(event.fault)}`);
      case 'push':
        try {
          return listener.pushed(event.push);
        } catch (error) {
          if (!isPayloadFault(error)) throw error;
          return this.#oddRow(event.push.arg, `a pushed row cannot be used: ${error.message}`);
        }
    }
  }
}
