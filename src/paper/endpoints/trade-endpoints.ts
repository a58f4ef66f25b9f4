/**
 * Endpoints that trade and that tell of trades. Source: okx-v5.md §1.8, §3. Each row is judged by itself: a bad one never takes the others
 * with it.
 */

import { DAY_MS } from '../../core/market/candle.ts';
import type { WireAlgoAck, WireAlgoAmendAck, WireAlgoCancelAck } from '../../okx/wire/algo-ack.ts';
import type {
  WireAmendAck,
  WireCancelAck,
  WireCancelAllAfterAck,
  WireCloseAck,
  WireOrderAck,
} from '../../okx/wire/order-ack.ts';
import type { Desk } from '../desk/desk.ts';
import type { Floor } from '../floor.ts';
import { posSideOf } from '../market/listing.ts';
import { ALGO_TYPES } from '../orders/algo-order.ts';
import { amendAlgo, cancelAlgo, placeAlgo } from '../orders/algo-trading.ts';
import { listingIn } from '../orders/order-input.ts';
import type { PaperOrder } from '../orders/paper-order.ts';
import { amendOrder, cancelOrder, closePosition, placeOrder } from '../orders/trading.ts';
import { type Fields, listOf, neededText, objectOf, oneOf, tagOf, textOf } from '../wire/input.ts';
import { whole } from '../wire/numbers.ts';
import { algoRow, orderRow } from '../wire/order-rows.ts';
import { paged, pageIn } from '../wire/paging.ts';
import { done, judged, OkxError, parameterEmpty, parameterError, type Reply } from '../wire/reply.ts';
import { asksForSwaps, neededType, type PrivateHandler } from './call.ts';

/** The most rows of one batch (okx-v5.md §1.8, §3.3). */
export const BATCH_MOST = 20;
const ALGO_BATCH_MOST = 10;
/** Orders that were cancelled without a fill are shown so long (okx-v5.md §1.8). */
const CANCELED_SHOWN_MS = 7_200_000;

export type OrderAction = (floor: Floor, desk: Desk, fields: Fields) => WireOrderAck | WireCancelAck | WireAmendAck;

const placed: OrderAction = (floor, desk, fields) =>
  acknowledged(fields, floor, 'Order placed', () => placeOrder(floor, desk, fields));
const canceled: OrderAction = (floor, desk, fields) => {
  const { ordId, clOrdId, ts, sCode, sMsg } = acknowledged(fields, floor, '', () => cancelOrder(floor, desk, fields));
  return { ordId, clOrdId, ts, sCode, sMsg };
};
const amended: OrderAction = (floor, desk, fields) => {
  const { ordId, clOrdId, ts, sCode, sMsg, subCode } = acknowledged(fields, floor, '', () =>
    amendOrder(floor, desk, fields),
  );
  return { ordId, clOrdId, reqId: plainText(fields, 'reqId'), ts, sCode, sMsg, subCode };
};

/** What order requests do, for REST and WebSocket alike. */
export const orderActions = { placed, canceled, amended } as const;

/** Carries a list of order requests out, one after the other. @throws {OkxError} 51111 */
export function carriedOut(action: OrderAction, floor: Floor, desk: Desk, body: unknown, most = BATCH_MOST): Reply {
  return judged(listOf(body, most).map((fields) => action(floor, desk, fields)));
}

export const tradeEndpoints: Readonly<Record<string, PrivateHandler>> = {
  'POST /api/v5/trade/order': ({ floor, desk, body }) => carriedOut(placed, floor, desk, objectOf(body)),
  'POST /api/v5/trade/batch-orders': ({ floor, desk, body }) => carriedOut(placed, floor, desk, body),
  'POST /api/v5/trade/cancel-order': ({ floor, desk, body }) => carriedOut(canceled, floor, desk, objectOf(body)),
  'POST /api/v5/trade/cancel-batch-orders': ({ floor, desk, body }) => carriedOut(canceled, floor, desk, body),
  'POST /api/v5/trade/amend-order': ({ floor, desk, body }) => carriedOut(amended, floor, desk, objectOf(body)),
  'POST /api/v5/trade/amend-batch-orders': ({ floor, desk, body }) => carriedOut(amended, floor, desk, body),

  'POST /api/v5/trade/close-position': ({ floor, desk, body }) => {
    const { slot, order } = closePosition(floor, desk, objectOf(body));
    const posSide = posSideOf(slot, desk.positionMode);
    const { clOrdId, tag } = order;
    return done([{ instId: slot.listing.instId, posSide, clOrdId, tag } satisfies WireCloseAck]);
  },

  'POST /api/v5/trade/cancel-all-after': ({ floor, desk, body }) => {
    const fields = objectOf(body);
    const seconds = Number(neededText(fields, 'timeOut'));
    if (seconds !== 0 && !(seconds >= 10 && seconds <= 120 && Number.isSafeInteger(seconds)))
      throw parameterError('timeOut');
    desk.cancelAllAt = seconds === 0 ? Number.POSITIVE_INFINITY : floor.at + seconds * 1_000;
    const triggerTime = whole(seconds === 0 ? 0 : desk.cancelAllAt);
    return done([{ triggerTime, tag: tagOf(fields), ts: String(floor.at) } satisfies WireCancelAllAfterAck]);
  },

  'GET /api/v5/trade/order': ({ floor, desk, query }) => {
    const listing = listingIn(floor, query);
    const [ordId, clOrdId] = [textOf(query, 'ordId'), textOf(query, 'clOrdId')];
    if (ordId === undefined && clOrdId === undefined)
      throw new OkxError('51003', 'Either client order ID or order ID is required.');
    const order = desk.orders.named({ ordId, clOrdId });
    if (order === undefined || order.slot.listing !== listing || isPurged(order, floor.at))
      throw new OkxError('51603', 'Order does not exist');
    return done([orderRow(order)]);
  },

  'GET /api/v5/trade/orders-pending': ({ desk, query }) => {
    const newest = [...desk.orders.open.values()].reverse();
    return orders(newest, query, (order) => fitsState(order, query, ['live', 'partially_filled']));
  },

  'GET /api/v5/trade/orders-history': ({ floor, desk, query }) => history(floor, desk, query, 7),
  'GET /api/v5/trade/orders-history-archive': ({ floor, desk, query }) => history(floor, desk, query, 92),

  'GET /api/v5/trade/fills': ({ floor, desk, query }) => fills(floor, desk, query, 3),
  'GET /api/v5/trade/fills-history': ({ floor, desk, query }) => {
    neededType(query);
    return fills(floor, desk, query, 92);
  },

  'POST /api/v5/trade/order-algo': ({ floor, desk, body }) => {
    const fields = objectOf(body);
    const named = plainText(fields, 'algoClOrdId') || plainText(fields, 'clOrdId');
    const ack = judgedRow(() => placeAlgo(floor, desk, fields).algoId);
    return judged([
      {
        algoId: ack.value ?? '',
        algoClOrdId: named,
        clOrdId: named,
        sCode: ack.sCode,
        sMsg: ack.sMsg,
        tag: plainText(fields, 'tag'),
      } satisfies WireAlgoAck,
    ]);
  },

  'POST /api/v5/trade/cancel-algos': ({ floor, desk, body }) => {
    const rows = listOf(body, ALGO_BATCH_MOST).map((fields): WireAlgoCancelAck => {
      const ack = judgedRow(() => cancelAlgo(floor, desk, fields));
      return {
        algoId: ack.value?.algoId ?? plainText(fields, 'algoId'),
        algoClOrdId: ack.value?.algoClOrdId ?? plainText(fields, 'algoClOrdId'),
        sCode: ack.sCode,
        sMsg: ack.sMsg,
      };
    });
    return judged(rows);
  },

  'POST /api/v5/trade/amend-algos': ({ floor, desk, body }) => {
    const fields = objectOf(body);
    const ack = judgedRow(() => amendAlgo(floor, desk, fields));
    return judged([
      {
        algoId: ack.value?.algoId ?? plainText(fields, 'algoId'),
        algoClOrdId: ack.value?.algoClOrdId ?? plainText(fields, 'algoClOrdId'),
        reqId: plainText(fields, 'reqId'),
        sCode: ack.sCode,
        sMsg: ack.sMsg,
      } satisfies WireAlgoAmendAck,
    ]);
  },

  'GET /api/v5/trade/order-algo': ({ floor, desk, query }) => {
    const [algoId, algoClOrdId] = [textOf(query, 'algoId'), textOf(query, 'algoClOrdId')];
    if (algoId === undefined && algoClOrdId === undefined)
      throw new OkxError('50015', 'Either parameter algoId or algoClOrdId is required');
    const algo = desk.algos.named(algoId, algoClOrdId);
    if (algo === undefined) throw new OkxError('51603', 'Order does not exist');
    return done([algoRow(algo, floor)]);
  },

  'GET /api/v5/trade/orders-algo-pending': ({ floor, desk, query }) => {
    const types = algoTypesIn(query);
    return algos(floor, [...desk.algos.open.values()], query, types);
  },

  'GET /api/v5/trade/orders-algo-history': ({ floor, desk, query }) => {
    const types = algoTypesIn(query);
    const state = oneOf(query, 'state', ['effective', 'canceled', 'order_failed']);
    if (state === undefined && textOf(query, 'algoId') === undefined)
      throw new OkxError('50015', 'Either parameter state or algoId is required');
    const finished = [...desk.algos.finished.newest()].filter((algo) => state === undefined || algo.state === state);
    return algos(floor, finished, query, types);
  },

  'GET /api/v5/trade/account-rate-limit': ({ floor }) =>
    done([{ accRateLimit: '1000', fillRatio: '', mainFillRatio: '', nextAccRateLimit: '', ts: String(floor.at) }]),
};

/** One row's acknowledgement: what came of `act`, or the no's code in its place. */
function acknowledged(fields: Fields, floor: Floor, message: string, act: () => PaperOrder): WireOrderAck {
  const ts = whole(floor.at);
  const ack = judgedRow(act);
  const order = ack.value;
  if (order !== undefined)
    return { ordId: order.ordId, clOrdId: order.clOrdId, tag: order.tag, ts, sCode: '0', sMsg: message, subCode: '' };
  return {
    ordId: plainText(fields, 'ordId'),
    clOrdId: plainText(fields, 'clOrdId'),
    tag: plainText(fields, 'tag'),
    ts,
    sCode: ack.sCode,
    sMsg: ack.sMsg,
    subCode: ack.subCode,
  };
}

interface Judged<T> {
  readonly value: T | undefined;
  readonly sCode: string;
  readonly sMsg: string;
  readonly subCode: string;
}

function judgedRow<T>(act: () => T): Judged<T> {
  try {
    return { value: act(), sCode: '0', sMsg: '', subCode: '' };
  } catch (error) {
    if (!(error instanceof OkxError)) throw error;
    return { value: undefined, sCode: error.code, sMsg: error.message, subCode: error.subCode };
  }
}

/** What was sent, to be sent back, however strange it was. */
function plainText(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value : '';
}

function history(floor: Floor, desk: Desk, query: Fields, days: number): Reply {
  neededType(query);
  const since = floor.at - days * DAY_MS;
  const newest = [...desk.orders.finished.newest()].sort((a, b) => (a.ordId < b.ordId ? 1 : -1));
  const category = oneOf(query, 'category', [
    'normal',
    'twap',
    'adl',
    'full_liquidation',
    'partial_liquidation',
    'delivery',
    'ddh',
  ]);
  return orders(
    newest,
    query,
    (order) =>
      order.updatedAt >= since &&
      !isPurged(order, floor.at) &&
      (category === undefined || order.category === category) &&
      fitsState(order, query, ['canceled', 'filled', 'mmp_canceled']),
  );
}

function isPurged(order: PaperOrder, at: number): boolean {
  return order.state === 'canceled' && order.filledLots === 0 && at - order.updatedAt > CANCELED_SHOWN_MS;
}

function fitsState(order: PaperOrder, query: Fields, states: readonly string[]): boolean {
  const state = oneOf(query, 'state', states);
  return state === undefined || order.state === state;
}

function orders(newest: readonly PaperOrder[], query: Fields, fits: (order: PaperOrder) => boolean): Reply {
  if (!asksForSwaps(query)) return done([]);
  const instId = textOf(query, 'instId');
  const family = textOf(query, 'instFamily') ?? textOf(query, 'uly');
  const types = textOf(query, 'ordType')?.split(',');
  const page = paged(
    newest.filter(
      (order) =>
        (instId === undefined || order.slot.listing.instId === instId) &&
        (family === undefined || order.slot.listing.family === family) &&
        (types === undefined || types.includes(order.ordType)) &&
        fits(order),
    ),
    pageIn(query),
    (order) => order.ordId,
    (order) => order.createdAt,
  );
  return done(page.map(orderRow));
}

function fills(floor: Floor, desk: Desk, query: Fields, days: number): Reply {
  if (!asksForSwaps(query)) return done([]);
  const since = floor.at - days * DAY_MS;
  const [instId, ordId, subType] = [textOf(query, 'instId'), textOf(query, 'ordId'), textOf(query, 'subType')];
  const rows = [...desk.fills.newest()].filter(
    (fill) =>
      Number(fill.ts) >= since &&
      (instId === undefined || fill.instId === instId) &&
      (ordId === undefined || fill.ordId === ordId) &&
      (subType === undefined || fill.subType === subType),
  );
  return done(
    paged(
      rows,
      pageIn(query),
      (fill) => fill.billId,
      (fill) => Number(fill.ts),
    ),
  );
}

function algoTypesIn(query: Fields): string[] {
  const text = textOf(query, 'ordType');
  if (text === undefined) throw parameterEmpty('ordType');
  const types = text.split(',');
  const known = [...ALGO_TYPES, 'chase', 'twap', 'iceberg'] as readonly string[];
  if (types.some((type) => !known.includes(type))) throw parameterError('ordType');
  return types;
}

function algos(
  floor: Floor,
  found: readonly Parameters<typeof algoRow>[0][],
  query: Fields,
  types: readonly string[],
): Reply {
  if (!asksForSwaps(query)) return done([]);
  const [instId, algoId, algoClOrdId] = [
    textOf(query, 'instId'),
    textOf(query, 'algoId'),
    textOf(query, 'algoClOrdId'),
  ];
  // Pages go by id: neither the order of waking nor that of ending is theirs, and an attached one had its id before it slept.
  const sorted = found.toSorted((a, b) => (a.algoId < b.algoId ? 1 : -1));
  const page = paged(
    sorted.filter(
      (algo) =>
        types.includes(algo.ordType) &&
        (instId === undefined || algo.slot.listing.instId === instId) &&
        (algoId === undefined || algo.algoId === algoId) &&
        (algoClOrdId === undefined || algo.algoClOrdId === algoClOrdId),
    ),
    pageIn(query),
    (algo) => algo.algoId,
    (algo) => algo.createdAt,
  );
  return done(page.map((algo) => algoRow(algo, floor)));
}
