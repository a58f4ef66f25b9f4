/** The third-party payloads of `../shared/fixtures/okx`, each with the wire object it is a sample of. */
import { readdirSync, readFileSync } from 'node:fs';
import { algoAck, algoCancelAck } from '../../src/okx/wire/algo-ack.ts';
import { balance } from '../../src/okx/wire/balance.ts';
import { bookChange, bookTop } from '../../src/okx/wire/book.ts';
import { candle } from '../../src/okx/wire/candle.ts';
import { endpoints } from '../../src/okx/wire/endpoints.ts';
import { envelope } from '../../src/okx/wire/envelope.ts';
import type { Field, Fields } from '../../src/okx/wire/field.ts';
import { fill } from '../../src/okx/wire/fill.ts';
import { fundingRate } from '../../src/okx/wire/funding.ts';
import { instrument } from '../../src/okx/wire/instrument.ts';
import { order, orderPush } from '../../src/okx/wire/order.ts';
import { position } from '../../src/okx/wire/position.ts';
import { positionTier } from '../../src/okx/wire/position-tier.ts';
import { positionRecord } from '../../src/okx/wire/positions-history.ts';
import { ticker } from '../../src/okx/wire/ticker.ts';
import { tradePush } from '../../src/okx/wire/trade.ts';
import { push } from '../../src/okx/wire/ws-message.ts';
import { sharedPath } from '../shared.ts';

export type Described = Field & { readonly documented?: Fields };

export interface Sample {
  readonly file: string;
  readonly object: Described;
  readonly rows: readonly unknown[];
}

const nautilus: Readonly<Record<string, Described>> = {
  http_cancel_algo_order_response: algoCancelAck,
  http_get_account_balance: balance,
  'http_get_account_positions-history': positionRecord,
  http_get_candlesticks_full: candle,
  http_get_instruments_swap: instrument,
  http_get_orders_history: order,
  http_get_orders_pending: order,
  http_get_orders_pending_with_attached_tp_sl: order,
  http_get_position_tiers: positionTier,
  http_get_positions: position,
  http_place_algo_order_response: algoAck,
  http_transaction_detail: fill,
  ws_account: balance,
  ws_account_empty: balance,
  ws_bbo_tbt: bookTop,
  ws_books_snapshot: bookChange,
  ws_books_update: bookChange,
  ws_candle: candle,
  ws_funding_rate: fundingRate,
  ws_orders: orderPush,
  ws_orders_fok: orderPush,
  ws_orders_ioc: orderPush,
  ws_orders_optimal_limit_ioc: orderPush,
  ws_orders_trigger: orderPush,
  ws_tickers: ticker,
  ws_trades: tradePush,
};

/** @throws on a file whose object nobody named, and on an envelope that does not parse. */
export function readSamples(): Sample[] {
  return [...readNautilus(), ...readOkxNet()];
}

/** The rows of one recording, as they are read. */
export function recordedRows<Row>(file: string): Row[] {
  return readSamples()
    .filter((sample) => sample.file === file)
    .flatMap(({ object, rows }) => rows.map((row) => object.read.parse(row) as Row));
}

function readNautilus(): Sample[] {
  return filesOf('nautilus').map(({ file, text }) => {
    const object = nautilus[file.replace('.json', '')];
    if (object === undefined) throw new Error(`${file}: which object is it?`);
    const json: unknown = JSON.parse(text);
    if (file === 'http_transaction_detail.json') return { file, object, rows: [json] }; // the one file without an envelope
    return { file, object, rows: file.startsWith('ws_') ? push.parse(json).data : envelope.parse(json).data };
  });
}

function readOkxNet(): Sample[] {
  return filesOf('okx-net').map(({ file, text }) => {
    const [method = '', path = '', , ...rest] = text.split(/\r?\n/);
    const endpoint = Object.values(endpoints).find(
      (known) => known.method === method.replace('﻿', '').trim() && known.path === path.trim(),
    );
    if (endpoint === undefined) throw new Error(`${file}: no endpoint ${method} ${path}`);
    return { file, object: endpoint.row, rows: envelope.parse(JSON.parse(rest.join('\n'))).data };
  });
}

function filesOf(folder: string): { file: string; text: string }[] {
  const path = sharedPath(`fixtures/okx/${folder}`);
  return readdirSync(path)
    .sort()
    .map((file) => ({ file, text: readFileSync(`${path}/${file}`, 'utf8') }));
}
