/**
 * The REST endpoints that are called: path, who may, how often, and what a row of the reply is. One table for the
 * adapter and the paper exchange. Source: okx-v5.md §1.4 (limits), §1.6–1.8, §3.3.
 */
import type * as z from 'zod';
import { accountConfig, positionModeAck } from './account-config.ts';
import { algoAck, algoAmendAck, algoCancelAck } from './algo-ack.ts';
import { algoOrder } from './algo-order.ts';
import { balance } from './balance.ts';
import { bill } from './bill.ts';
import { book } from './book.ts';
import { candle } from './candle.ts';
import type { Field } from './field.ts';
import { fill } from './fill.ts';
import { fundingRate, fundingRecord } from './funding.ts';
import { instrument, serverTime } from './instrument.ts';
import { leverageAck, leverageEstimate, leverageInfo, marginAck, maxAvailSize, maxSize } from './leverage.ts';
import { markPrice } from './mark-price.ts';
import { order } from './order.ts';
import { amendAck, cancelAck, cancelAllAfterAck, closeAck, orderAck } from './order-ack.ts';
import { position } from './position.ts';
import { positionTier } from './position-tier.ts';
import { positionRecord } from './positions-history.ts';
import { priceLimit } from './price-limit.ts';
import { systemStatus } from './system-status.ts';
import { indexTicker, openInterest, ticker } from './ticker.ts';
import { trade } from './trade.ts';
import { tradeFee } from './trade-fee.ts';

/**
 * At most `count` in any `windowMs`, counted together for everything that shares `name` (and instrument, where
 * `perInstrument`).
 */
export interface Limit {
  readonly name: string;
  readonly count: number;
  readonly windowMs: number;
  readonly perInstrument: boolean;
}

export interface Endpoint<Row = unknown> {
  readonly method: 'GET' | 'POST';
  /** With the prefix `/api/v5`. */
  readonly path: string;
  readonly isPrivate: boolean;
  /** Changes something at the exchange: sent once, never again by itself. */
  readonly writes: boolean;
  /** The rows carry `sCode`: each is judged by itself, whatever the envelope's code. */
  readonly judgedByRow: boolean;
  /** A row of the reply, both faces. */
  readonly row: Field<z.ZodType<Row>>;
  readonly limits: readonly Limit[];
}

/** All new and amended orders of the account together (50061). */
const orderEntry: Limit = { name: 'order-entry', count: 1000, windowMs: 2000, perInstrument: false };

/** Limits of operations on orders: REST and WebSocket share them (§4.5). */
export const orderLimits = {
  place: [perInstrument('order', 60), orderEntry],
  cancel: [perInstrument('cancel-order', 60)],
  amend: [perInstrument('amend-order', 60), orderEntry],
  placeBatch: [perInstrument('batch-orders', 300), orderEntry],
  cancelBatch: [perInstrument('cancel-batch-orders', 300)],
} as const satisfies Record<string, readonly Limit[]>;

/** New sockets from one address (§4.1). */
export const connectLimit: Limit = { name: 'connect', count: 3, windowMs: 1000, perInstrument: false };

export const endpoints = {
  time: publicGet('public/time', serverTime, 10),
  status: publicGet('system/status', systemStatus, 1, 5000),
  instruments: publicGet('public/instruments', instrument, 20),
  positionTiers: publicGet('public/position-tiers', positionTier, 10),
  markPrice: publicGet('public/mark-price', markPrice, 10),
  fundingRate: publicGetPerInstrument('public/funding-rate', fundingRate, 10),
  fundingHistory: publicGetPerInstrument('public/funding-rate-history', fundingRecord, 10),
  priceLimit: publicGet('public/price-limit', priceLimit, 20),
  openInterest: publicGet('public/open-interest', openInterest, 20),
  ticker: publicGet('market/ticker', ticker, 20),
  tickers: publicGet('market/tickers', ticker, 20),
  indexTickers: publicGet('market/index-tickers', indexTicker, 20),
  candles: publicGet('market/candles', candle, 40),
  historyCandles: publicGet('market/history-candles', candle, 20),
  book: publicGet('market/books', book, 40),
  trades: publicGet('market/trades', trade, 100),

  config: privateGet('account/config', accountConfig, 5),
  accountInstruments: privateGet('account/instruments', instrument, 20),
  balance: privateGet('account/balance', balance, 10),
  positions: privateGet('account/positions', position, 10),
  positionsHistory: privateGet('account/positions-history', positionRecord, 10),
  leverageInfo: privateGet('account/leverage-info', leverageInfo, 20),
  leverageEstimate: privateGet('account/adjust-leverage-info', leverageEstimate, 5),
  maxSize: privateGet('account/max-size', maxSize, 20),
  maxAvailSize: privateGet('account/max-avail-size', maxAvailSize, 20),
  tradeFee: privateGet('account/trade-fee', tradeFee, 5),
  bills: privateGet('account/bills', bill, 5, 1000),
  billsArchive: privateGet('account/bills-archive', bill, 5, 2000),
  setPositionMode: post('account/set-position-mode', positionModeAck, [perUser('account/set-position-mode', 5)]),
  setLeverage: post('account/set-leverage', leverageAck, [perUser('account/set-leverage', 20)]),
  marginBalance: post('account/position/margin-balance', marginAck, [perUser('account/position/margin-balance', 20)]),

  order: privateGetPerInstrument('trade/order', order, 60),
  ordersPending: privateGet('trade/orders-pending', order, 60),
  ordersHistory: privateGet('trade/orders-history', order, 40),
  ordersArchive: privateGet('trade/orders-history-archive', order, 20),
  fills: privateGet('trade/fills', fill, 60),
  fillsHistory: privateGet('trade/fills-history', fill, 10),
  algoOrder: privateGet('trade/order-algo', algoOrder, 20),
  algosPending: privateGet('trade/orders-algo-pending', algoOrder, 20),
  algosHistory: privateGet('trade/orders-algo-history', algoOrder, 20),

  placeOrder: judged('trade/order', orderAck, orderLimits.place),
  placeOrders: judged('trade/batch-orders', orderAck, orderLimits.placeBatch),
  cancelOrder: judged('trade/cancel-order', cancelAck, orderLimits.cancel),
  cancelOrders: judged('trade/cancel-batch-orders', cancelAck, orderLimits.cancelBatch),
  amendOrder: judged('trade/amend-order', amendAck, orderLimits.amend),
  placeAlgo: judged('trade/order-algo', algoAck, [perUser('order-algo', 20)]),
  cancelAlgos: judged('trade/cancel-algos', algoCancelAck, [perUser('cancel-algos', 20)]),
  amendAlgo: judged('trade/amend-algos', algoAmendAck, [perUser('amend-algos', 20)]),
  closePosition: post('trade/close-position', closeAck, [perUser('close-position', 20)]),
  cancelAllAfter: post('trade/cancel-all-after', cancelAllAfterAck, [perUser('cancel-all-after', 1, 1000)]),
} as const;

function perUser(name: string, count: number, windowMs = 2000): Limit {
  return { name, count, windowMs, perInstrument: false };
}

function perInstrument(name: string, count: number): Limit {
  return { name, count, windowMs: 2000, perInstrument: true };
}

function get<Row>(isPrivate: boolean, path: string, row: Field<z.ZodType<Row>>, limit: Limit): Endpoint<Row> {
  return { method: 'GET', path: `/api/v5/${path}`, isPrivate, writes: false, judgedByRow: false, row, limits: [limit] };
}

function publicGet<Row>(path: string, row: Field<z.ZodType<Row>>, count: number, windowMs = 2000): Endpoint<Row> {
  return get(false, path, row, perUser(path, count, windowMs));
}

function publicGetPerInstrument<Row>(path: string, row: Field<z.ZodType<Row>>, count: number): Endpoint<Row> {
  return get(false, path, row, perInstrument(path, count));
}

function privateGet<Row>(path: string, row: Field<z.ZodType<Row>>, count: number, windowMs = 2000): Endpoint<Row> {
  return get(true, path, row, perUser(path, count, windowMs));
}

function privateGetPerInstrument<Row>(path: string, row: Field<z.ZodType<Row>>, count: number): Endpoint<Row> {
  return get(true, path, row, perInstrument(path, count));
}

function post<Row>(path: string, row: Field<z.ZodType<Row>>, limits: readonly Limit[]): Endpoint<Row> {
  return { method: 'POST', path: `/api/v5/${path}`, isPrivate: true, writes: true, judgedByRow: false, row, limits };
}

function judged<Row>(path: string, row: Field<z.ZodType<Row>>, limits: readonly Limit[]): Endpoint<Row> {
  return { ...post(path, row, limits), judgedByRow: true };
}
