/**
 * What only tests and operators may do, under `/admin/`, where it was switched on: prices, time, trades by hand, liquidation, ADL, faults.
 *
 * Bodies are JSON; prices and sizes as OKX writes them. No keys are asked for: do not serve it beyond the machine.
 */
import { DAY_MS } from '../../core/market/candle.ts';
import { ManualClock } from '../clock.ts';
import type { Desk } from '../desk/desk.ts';
import type { PaperExchange } from '../exchange.ts';
import { type Listing, POS_SIDES, posSideOf, slotOf } from '../market/listing.ts';
import { listingIn, marginModeIn, priceIn, sizeIn, UNWORDED } from '../orders/order-input.ts';
import { ORDER_SIDES } from '../orders/paper-order.ts';
import { BY_CLIENT, place } from '../orders/trading.ts';
import { type Fields, neededOneOf, neededText, numberOf, objectOf, oneOf, textOf, wholeOf } from '../wire/input.ts';
import { orderRow } from '../wire/order-rows.ts';
import { done, failed, OkxError, parameterEmpty, type Reply, replyText } from '../wire/reply.ts';
import type { RestAnswer, RestRequest } from './rest-door.ts';

type AdminHandler = (exchange: PaperExchange, fields: Fields) => Reply;

const HANDLERS: Readonly<Record<string, AdminHandler>> = {
  /** `{kind: delay | drop | error, when, path, method, key, delayMs, code, status, times}` */
  'POST /admin/faults': (exchange, fields) => done([exchange.faults.plant(fields)]),
  'POST /admin/faults/clear': (exchange) => {
    exchange.faults.clear();
    return done([]);
  },
  'GET /admin/faults': (exchange) => done(exchange.faults.list()),

  /** `{instId, last, mark?, sz?}`: the price is there at once; `sz` contracts are traded on the way. */
  'POST /admin/price': (exchange, fields) => {
    const { floor } = exchange;
    const listing = listingIn(floor, fields);
    const last = priceIn(listing, fields, 'last');
    if (last === 0) throw parameterEmpty('last');
    const mark = priceIn(listing, fields, 'mark');
    const volumeLots = numberOf(fields, 'sz') === undefined ? VOLUME_OF_A_JUMP : sizeIn(listing, fields, 'sz');
    floor.setPrice(listing, last, mark === 0 ? last : mark, volumeLots);
    return done([{ instId: listing.instId }]);
  },

  /** `{ms}`: only an exchange whose clock stands still can be told to go on. */
  'POST /admin/time': (exchange, fields) => {
    const ms = wholeOf(fields, 'ms', 0, 366 * DAY_MS, 0);
    if (!(exchange.clock instanceof ManualClock))
      throw new OkxError('51000', 'the clock of this exchange runs by itself');
    exchange.clock.pass(ms);
    exchange.advance();
    return done([{ ts: String(exchange.clock.now()) }]);
  },

  /** `{key, instId, side, sz, mgnMode?, posSide?}`: as if the owner had traded in the app. */
  'POST /admin/trade': (exchange, fields) => {
    const { floor } = exchange;
    const desk = deskIn(exchange, fields);
    const { listing, slot } = positionIn(exchange, desk, fields);
    const side = neededOneOf(fields, 'side', ORDER_SIDES);
    const order = place(
      floor,
      desk,
      {
        ...UNWORDED,
        slot,
        posSide: posSideOf(slot, desk.positionMode),
        side,
        ordType: 'market',
        sizeLots: sizeIn(listing, fields, 'sz'),
        priceTicks: 0,
        reduceOnly: false,
      },
      BY_CLIENT,
    );
    return done([orderRow(order)]);
  },

  /** `{key, instId, mgnMode?, posSide?}`: the mark goes to where the position dies, and comes back. */
  'POST /admin/liquidation': (exchange, fields) => {
    const { floor } = exchange;
    const desk = deskIn(exchange, fields);
    const { listing, slot } = positionIn(exchange, desk, fields);
    const position = desk.position(slot);
    if (position.lots === 0) throw new OkxError('51023', "Position doesn't exist.");
    if (position.liquidationTicks === 0)
      throw new OkxError('51000', 'this position can not be liquidated by its mark price');
    const { lastTicks, markTicks } = floor.bookOf(listing);
    floor.setPrice(listing, lastTicks, position.liquidationTicks - position.side, 0);
    floor.setPrice(listing, lastTicks, markTicks, 0);
    return done([{ instId: listing.instId }]);
  },

  /** `{key, instId, sz?, mgnMode?, posSide?}`: that much of the position (all) is taken at the mark, without a fee. */
  'POST /admin/adl': (exchange, fields) => {
    const { floor } = exchange;
    const desk = deskIn(exchange, fields);
    const { listing, slot } = positionIn(exchange, desk, fields);
    const { lots } = desk.position(slot);
    if (lots === 0) throw new OkxError('51023', "Position doesn't exist.");
    const sizeLots = numberOf(fields, 'sz') === undefined ? lots : Math.min(lots, sizeIn(listing, fields, 'sz'));
    desk.takeover = 'adl';
    floor.matcher.deleverage(desk.account, slot.instrument.instId, sizeLots, floor.at);
    desk.takeover = 'normal';
    floor.settleDesk(desk, floor.at);
    return done([{ instId: listing.instId }]);
  },

  /** `{key, named}`: whether an order that a stop sends bears the stop's name; OKX leaves it out at times. */
  'POST /admin/stops': (exchange, fields) => {
    const desk = deskIn(exchange, fields);
    desk.namesStops = neededText(fields, 'named') === 'true';
    return done([{ named: String(desk.namesStops) }]);
  },

  /** `{instId, rate?}`: settles funding now. */
  'POST /admin/funding': (exchange, fields) => {
    const { floor } = exchange;
    const listing = listingIn(floor, fields);
    const rate = numberOf(fields, 'rate');
    floor.settleFunding(listing, floor.at, rate === undefined ? undefined : Math.round(Number(rate) * 1e8));
    floor.settle(floor.at);
    return done([{ instId: listing.instId }]);
  },

  /** `{how?: cut | close | notice | mute | unmute, key?, place?}` for all sockets, those of an account, those of a path. */
  'POST /admin/sockets': (exchange, fields) => {
    const how = oneOf(fields, 'how', ['cut', 'close', 'notice', 'mute', 'unmute']) ?? 'cut';
    const key = textOf(fields, 'key');
    const where = textOf(fields, 'place');
    let count = 0;
    for (const session of exchange.sessions) {
      if (key !== undefined && session.desk?.options.key !== key) continue;
      if (where !== undefined && session.place !== where) continue;
      count += 1;
      if (how === 'cut') session.cut();
      else if (how === 'close') session.close(1001, 'Service upgrade');
      else if (how === 'notice') session.announceUpgrade();
      else session.isMute = how === 'mute';
    }
    return done([{ count: String(count) }]);
  },
};

/** Lots that are traded at a price that an operator has set: enough for any resting order. */
const VOLUME_OF_A_JUMP = 1_000_000_000;

export function adminAnswer(exchange: PaperExchange, request: RestRequest): RestAnswer {
  const now = exchange.clock.now();
  const reply = replyTo(exchange, request);
  return { status: reply.status, text: replyText(reply, now, now), delayMs: 0, isDropped: false };
}

function replyTo(exchange: PaperExchange, request: RestRequest): Reply {
  try {
    const handler = HANDLERS[`${request.method} ${request.target}`];
    if (handler === undefined) throw new OkxError('404', `Invalid request URI: ${request.target.slice(0, 200)}`, 404);
    exchange.advance();
    if (request.method === 'POST') exchange.floor.touch();
    return handler(exchange, request.body === '' ? {} : objectOf(parsed(request.body)));
  } catch (error) {
    if (error instanceof OkxError)
      return failed(error.status === 200 ? new OkxError(error.code, error.message, 400) : error);
    throw error;
  }
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) throw new OkxError('50002', 'JSON syntax error');
    throw error;
  }
}

function deskIn(exchange: PaperExchange, fields: Fields): Desk {
  const key = neededText(fields, 'key');
  const desk = exchange.desk(key);
  if (desk === undefined) throw new OkxError('50111', `no account has the key "${key}"`, 400);
  return desk;
}

function positionIn(exchange: PaperExchange, desk: Desk, fields: Fields) {
  const listing: Listing = listingIn(exchange.floor, fields);
  const marginMode = textOf(fields, 'mgnMode') === undefined ? 'isolated' : marginModeIn(fields, 'mgnMode');
  const posSide = oneOf(fields, 'posSide', POS_SIDES) ?? (desk.positionMode === 'net_mode' ? 'net' : 'long');
  return { listing, slot: slotOf(listing, marginMode, posSide) };
}
