/**
 * Publishes what happens on the floor to whoever subscribed. Source: okx-v5.md §4.3–4.4.
 *
 * A push is made once for each topic and put into bytes once for each way of asking for it; sockets get the same bytes. Account pushes of one
 * moment are one push.
 */
import type { Desk } from '../desk/desk.ts';
import type { Moved, OrderUpdate } from '../desk/desk-watcher.ts';
import type { Floor, FloorWatcher } from '../floor.ts';
import { barOf } from '../market/bars.ts';
import { changesOf, type Depth, LEVELS } from '../market/depth.ts';
import { type Listing, posSideOf, type Slot } from '../market/listing.ts';
import type { TapeTrade } from '../market/tape.ts';
import type { PaperAlgo } from '../orders/algo-order.ts';
import type { PaperOrder } from '../orders/paper-order.ts';
import { balanceRow, positionPushRow, positionRow } from '../wire/account-rows.ts';
import { instrumentRow } from '../wire/instrument-rows.ts';
import {
  bookChangeRow,
  bookRow,
  bookTopRow,
  candleRow,
  fundingRateRow,
  indexTickerRow,
  markPriceRow,
  openInterestRow,
  priceLimitRow,
  tickerRow,
  tradePushRow,
} from '../wire/market-rows.ts';
import { algoRow, orderPushRow } from '../wire/order-rows.ts';
import { barNameOf, type Subscription, topicOf } from './channels.ts';

/** Takes a push; a socket. */
export interface Receiver {
  deliver(bytes: Buffer): void;
}

/** Everybody who subscribed to one topic with the same words. */
interface Group {
  readonly subscription: Subscription;
  /** Begin of the push: the argument, with the account's uid where it is private. */
  readonly head: string;
  readonly receivers: Set<Receiver>;
}

interface Published {
  depth: Depth;
  seqId: number;
}

/** `mgnRatio` from which a position is warned of (okx-v5.md §2). */
const WARNING_RATIO = 3;

export class Hub implements FloorWatcher {
  readonly #topics = new Map<string, Map<string, Group>>();
  /** Candle topics by listing: how far each was told. */
  readonly #candles = new Map<Listing, Map<string, number>>();
  readonly #books = new Map<Listing, Published>();
  /** Told as suspended, or so from the beginning. */
  readonly #still = new Set<Listing>();
  #floor: Floor | undefined;
  #seqId = 0;

  /** The floor is made with its watcher, so the watcher hears of the floor afterwards. */
  watch(floor: Floor): void {
    this.#floor = floor;
  }

  /** How many topics anybody listens to. */
  get topicCount(): number {
    return this.#topics.size;
  }

  /** On how many sockets a topic is told. */
  receiverCount(topic: string): number {
    return new Set([...(this.#topics.get(topic)?.values() ?? [])].flatMap(({ receivers }) => [...receivers])).size;
  }

  subscribe(subscription: Subscription, receiver: Receiver): void {
    let groups = this.#topics.get(subscription.topic);
    if (groups === undefined) this.#topics.set(subscription.topic, (groups = new Map<string, Group>()));
    let group = groups.get(subscription.argText);
    if (group === undefined) {
      const { desk, argText, echo } = subscription;
      const arg = desk === undefined ? echo : { ...echo, uid: desk.options.uid };
      group = { subscription, head: `{"arg":${JSON.stringify(arg)}`, receivers: new Set() };
      groups.set(argText, group);
    }
    group.receivers.add(receiver);
    const bar = barNameOf(subscription.channel);
    if (bar !== undefined && subscription.listing !== undefined)
      this.#followCandles(subscription.listing, subscription.channel, bar);
  }

  unsubscribe(subscription: Subscription, receiver: Receiver): void {
    const groups = this.#topics.get(subscription.topic);
    const group = groups?.get(subscription.argText);
    if (groups === undefined || group === undefined) return;
    group.receivers.delete(receiver);
    if (group.receivers.size > 0) return;
    groups.delete(subscription.argText);
    if (groups.size > 0) return;
    this.#topics.delete(subscription.topic);
    if (subscription.listing === undefined) return;
    this.#candles.get(subscription.listing)?.delete(subscription.channel);
    if (subscription.channel === 'books') this.#books.delete(subscription.listing);
  }

  /** What a fresh subscription gets at once; undefined where it waits for the first event. */
  snapshot(subscription: Subscription): string | undefined {
    const floor = this.#theFloor();
    const { channel, listing, desk } = subscription;
    const group = this.#topics.get(subscription.topic)?.get(subscription.argText);
    if (group === undefined) return undefined;
    if (desk !== undefined) return this.#accountSnapshot(floor, group, desk);
    if (listing === undefined) return undefined;
    const bar = barNameOf(channel);
    if (bar !== undefined) {
      const length = barOf(bar);
      return length === undefined
        ? undefined
        : pushText(group, [JSON.stringify(candleRow(listing, floor.tape(listing).formingBar(length)))]);
    }
    if (channel === 'books') {
      const { depth, seqId } = this.#publishedBook(floor, listing);
      const row = { ...bookRow(listing, depth, LEVELS, floor.at, seqId), checksum: 0, prevSeqId: -1, seqId };
      return pushText(group, [JSON.stringify(row)], ',"action":"snapshot"');
    }
    const row = this.#row(floor, channel, listing);
    return row === undefined ? undefined : pushText(group, [JSON.stringify(row)]);
  }

  ticked(listing: Listing, trade: TapeTrade | undefined, hasMinuteEnded: boolean): void {
    if (this.#topics.size === 0) return;
    const floor = this.#theFloor();
    this.#pushRow(floor, 'tickers', listing);
    if (trade !== undefined) {
      const row = () => tradePushRow(listing, trade, this.#seqId);
      this.#publish(topicOf('trades', listing), row);
      this.#publish(topicOf('trades-all', listing), row);
    }
    this.#pushBooks(floor, listing);
    for (const channel of ['books5', 'bbo-tbt', 'mark-price', 'price-limit', 'index-tickers'])
      this.#pushRow(floor, channel, listing);
    this.#pushCandles(floor, listing);
    if (hasMinuteEnded) for (const channel of ['funding-rate', 'open-interest']) this.#pushRow(floor, channel, listing);
  }

  minuteTold(listing: Listing): void {
    this.#pushCandles(this.#theFloor(), listing);
  }

  settled(listing: Listing): void {
    this.#pushRow(this.#theFloor(), 'funding-rate', listing);
  }

  orderChanged(desk: Desk, order: PaperOrder, update: OrderUpdate): void {
    const topic = topicOf('orders', desk);
    if (!this.#topics.has(topic)) return;
    const floor = this.#theFloor();
    this.#publish(topic, () => orderPushRow(order, update, floor), order.slot.listing);
  }

  algoChanged(desk: Desk, algo: PaperAlgo): void {
    const topic = topicOf(algo.ordType === 'move_order_stop' ? 'algo-advance' : 'orders-algo', desk);
    if (!this.#topics.has(topic)) return;
    const floor = this.#theFloor();
    this.#publish(topic, () => algoRow(algo, floor), algo.slot.listing);
  }

  moved(desk: Desk, moved: Moved): void {
    const floor = this.#theFloor();
    const slots = [...moved.slots];
    for (const group of this.#groups('positions', desk)) {
      const rows = slots
        .filter((slot) => group.subscription.wants(slot.listing))
        .map((slot) => JSON.stringify(positionPushRow(floor, desk, slot)));
      if (rows.length > 0) send(group, pushText(group, rows, EVENT_PAGE));
    }
    for (const group of this.#groups('account', desk))
      send(group, pushText(group, [JSON.stringify(balanceRow(floor, desk))], EVENT_PAGE));
    if (moved.causes.size === 1 && moved.causes.has('orders')) return;
    for (const group of this.#groups('balance_and_position', desk)) {
      const cause = [...moved.causes].find((each) => each !== 'orders') ?? 'filled';
      const row = balanceAndPosition(floor, desk, slots, cause, moved.trades);
      send(group, pushText(group, [JSON.stringify(row)]));
    }
  }

  /** Listings that have begun to stand still, or to go on, for those who follow the list (okx-v5.md §4.3: changes alone). */
  tellStill(): void {
    const floor = this.#theFloor();
    for (const listing of floor.listings) {
      const isStill = floor.isStill(listing);
      if (this.#still.has(listing) === isStill) continue;
      if (isStill) this.#still.add(listing);
      else this.#still.delete(listing);
      this.#publish('instruments', () => instrumentRow(floor, listing), listing);
    }
  }

  /** The regular pushes of account, positions and of marks that stand: every 5 s of the world. */
  beat(): void {
    const floor = this.#theFloor();
    for (const listing of floor.listings) if (!floor.isStill(listing)) this.#pushRow(floor, 'mark-price', listing);
    for (const desk of floor.desks) {
      for (const channel of ['account', 'positions'])
        for (const group of this.#groups(channel, desk)) {
          if (!group.subscription.isRegular) continue;
          const text = this.#accountSnapshot(floor, group, desk);
          if (text !== undefined) send(group, text);
        }
      this.#warn(floor, desk);
    }
  }

  /** Books that nobody changed for a minute say that they are still there (okx-v5.md §4.3). */
  keepBooksAlive(): void {
    const floor = this.#theFloor();
    for (const [listing, { seqId }] of this.#books)
      this.#publishBook(listing, bookChangeRow(listing, { asks: [], bids: [] }, floor.at, seqId, seqId));
  }

  #warn(floor: Floor, desk: Desk): void {
    for (const group of this.#groups('liquidation-warning', desk)) {
      const rows = floor.slots
        .filter((slot) => desk.position(slot).lots > 0 && group.subscription.wants(slot.listing))
        .map((slot) => positionPushRow(floor, desk, slot))
        .filter((row) => row.mgnRatio !== '' && Number(row.mgnRatio) <= WARNING_RATIO)
        .map((row) => JSON.stringify(row));
      if (rows.length > 0) send(group, pushText(group, rows));
    }
  }

  #accountSnapshot(floor: Floor, group: Group, desk: Desk): string | undefined {
    const { channel } = group.subscription;
    if (channel === 'account') return pushText(group, [JSON.stringify(balanceRow(floor, desk))], SNAPSHOT_PAGE);
    const slots = floor.slots.filter((slot) => desk.position(slot).lots > 0 && group.subscription.wants(slot.listing));
    if (channel === 'positions') {
      const rows = slots.map((slot) => JSON.stringify(positionPushRow(floor, desk, slot)));
      return pushText(group, rows, SNAPSHOT_PAGE);
    }
    if (channel === 'balance_and_position')
      return pushText(group, [JSON.stringify(balanceAndPosition(floor, desk, slots, 'snapshot', []))]);
    return undefined;
  }

  #row(floor: Floor, channel: string, listing: Listing): object | undefined {
    switch (channel) {
      case 'tickers':
        return tickerRow(floor, listing);
      case 'mark-price':
        return markPriceRow(floor, listing);
      case 'price-limit':
        return priceLimitRow(floor, listing);
      case 'funding-rate':
        return fundingRateRow(floor, listing);
      case 'open-interest':
        return openInterestRow(floor, listing);
      case 'index-tickers':
        return indexTickerRow(floor, listing);
      case 'books5':
        return bookTopRow(listing, floor.depthOf(listing), 5, floor.at, this.#seqId);
      case 'bbo-tbt':
        return bookTopRow(listing, floor.depthOf(listing), 1, floor.at, this.#seqId);
      default:
        return undefined;
    }
  }

  #pushRow(floor: Floor, channel: string, listing: Listing): void {
    const topic = topicOf(channel, listing);
    if (!this.#topics.has(topic)) return;
    const row = this.#row(floor, channel, listing);
    if (row !== undefined) this.#publish(topic, () => row);
  }

  #publishedBook(floor: Floor, listing: Listing): Published {
    let published = this.#books.get(listing);
    if (published === undefined) {
      this.#seqId += 1;
      published = { depth: floor.depthOf(listing), seqId: this.#seqId };
      this.#books.set(listing, published);
    }
    return published;
  }

  #pushBooks(floor: Floor, listing: Listing): void {
    this.#seqId += 1;
    const published = this.#books.get(listing);
    if (published === undefined) return;
    const depth = floor.depthOf(listing);
    const asks = changesOf(published.depth.asks, depth.asks, 1);
    const bids = changesOf(published.depth.bids, depth.bids, -1);
    const prevSeqId = published.seqId;
    published.depth = depth;
    if (asks.length === 0 && bids.length === 0) return;
    published.seqId = this.#seqId;
    this.#publishBook(listing, bookChangeRow(listing, { asks, bids }, floor.at, this.#seqId, prevSeqId));
  }

  #publishBook(listing: Listing, row: object): void {
    const text = JSON.stringify(row);
    for (const group of this.#topics.get(topicOf('books', listing))?.values() ?? [])
      send(group, pushText(group, [text], ',"action":"update"'));
  }

  #followCandles(listing: Listing, channel: string, barName: string): void {
    const bar = barOf(barName);
    if (bar === undefined) return;
    let followed = this.#candles.get(listing);
    if (followed === undefined) this.#candles.set(listing, (followed = new Map<string, number>()));
    if (!followed.has(channel)) followed.set(channel, this.#theFloor().tape(listing).openFrom(bar));
  }

  /** The bars that have closed since, once more, with their `confirm`, then the one that forms. */
  #pushCandles(floor: Floor, listing: Listing): void {
    const followed = this.#candles.get(listing);
    if (followed === undefined) return;
    const tape = floor.tape(listing);
    for (const [channel, told] of followed) {
      const bar = barOf(barNameOf(channel) ?? '');
      if (bar === undefined) continue;
      const forming = tape.formingBar(bar);
      for (const closed of tape.closedBars(bar, told))
        this.#publish(topicOf(channel, listing), () => candleRow(listing, closed));
      followed.set(channel, tape.openFrom(bar));
      this.#publish(topicOf(channel, listing), () => candleRow(listing, forming));
    }
  }

  #groups(channel: string, desk: Desk): Iterable<Group> {
    return this.#topics.get(topicOf(channel, desk))?.values() ?? [];
  }

  #publish(topic: string, row: () => object, about?: Listing): void {
    const groups = this.#topics.get(topic);
    if (groups === undefined) return;
    const text = JSON.stringify(row());
    for (const group of groups.values())
      if (about === undefined || group.subscription.wants(about)) send(group, pushText(group, [text]));
  }

  #theFloor(): Floor {
    if (this.#floor === undefined) throw new Error('the hub watches no floor yet');
    return this.#floor;
  }
}

const SNAPSHOT_PAGE = ',"eventType":"snapshot","curPage":1,"lastPage":true';
const EVENT_PAGE = ',"eventType":"event_update","curPage":1,"lastPage":true';

function pushText(group: Group, rows: readonly string[], extra = ''): string {
  return `${group.head}${extra},"data":[${rows.join(',')}]}`;
}

function send(group: Group, text: string): void {
  const bytes = Buffer.from(text);
  for (const receiver of group.receivers) receiver.deliver(bytes);
}

function balanceAndPosition(
  floor: Floor,
  desk: Desk,
  slots: readonly Slot[],
  eventType: string,
  trades: readonly { readonly instId: string; readonly tradeId: string }[],
): object {
  return {
    pTime: String(floor.at),
    eventType,
    balData: balanceRow(floor, desk).details.map(({ ccy, cashBal, uTime }) => ({ ccy, cashBal, uTime })),
    posData: slots.map((slot) => {
      const row = positionRow(floor, desk, slot);
      const { posId, tradeId, instId, instType, mgnMode, pos, ccy, posCcy, avgPx, nonSettleAvgPx, settledPnl, uTime } =
        row;
      const posSide = posSideOf(slot, desk.positionMode);
      return {
        posId,
        tradeId,
        instId,
        instType,
        mgnMode,
        posSide,
        pos,
        ccy,
        posCcy,
        avgPx,
        nonSettleAvgPx,
        settledPnl,
        uTime,
      };
    }),
    trades,
  };
}
