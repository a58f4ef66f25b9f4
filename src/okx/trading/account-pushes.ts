/**
 * What the private sockets push: orders, stops, positions. A row that cannot be read is read anew with the whole account. Source: okx-v5.md §4.4.
 */
import type { Instrument } from '../../core/instrument/instrument.ts';
import { lots } from '../../core/numbers/units.ts';
import { wholeLots } from '../numbers.ts';
import { type AlgoPush, algoPush } from '../wire/algo-order.ts';
import { readRows } from '../wire/envelope.ts';
import { type OrderPush, orderPush } from '../wire/order.ts';
import { type Position, position as positionWire } from '../wire/position.ts';
import type { Push } from '../wire/ws-message.ts';
import { endCause } from './end-cause.ts';
import type { Errands } from './errands.ts';
import { type FillFacts, fillOfPush, foreignCause } from './fill-facts.ts';
import type { Fills } from './fills.ts';
import type { LookUps } from './look-ups.ts';
import type { OrderLives } from './order-lives.ts';
import type { Telling } from './telling.ts';

export interface AccountPushesOptions {
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly lives: OrderLives;
  readonly errands: Errands;
  readonly telling: Telling;
  readonly fills: Fills;
  readonly lookUps: LookUps;
  /** How long a fill may take to explain a changed position before the account is read. */
  readonly explainWithinMs: number;
  /** Reads the account. */
  readonly read: () => void;
}

export class AccountPushes {
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #lives: OrderLives;
  readonly #errands: Errands;
  readonly #telling: Telling;
  readonly #fills: Fills;
  readonly #lookUps: LookUps;
  readonly #explainWithinMs: number;
  readonly #read: () => void;
  readonly #pushedLots = new Map<string, number>();
  readonly #pushedLeverage = new Map<string, number>();

  constructor(options: AccountPushesOptions) {
    this.#instruments = options.instruments;
    this.#lives = options.lives;
    this.#errands = options.errands;
    this.#telling = options.telling;
    this.#fills = options.fills;
    this.#lookUps = options.lookUps;
    this.#explainWithinMs = options.explainWithinMs;
    this.#read = options.read;
  }

  hear({ arg, data }: Push): void {
    switch (arg.channel) {
      case 'orders':
        return this.#eachRow(orderPush.read, data, (row) => this.#onOrder(row));
      case 'orders-algo':
        return this.#eachRow(algoPush.read, data, (row) => this.#onAlgo(row));
      case 'positions':
        return this.#eachRow(positionWire.read, data, (row) => this.#onPosition(row));
    }
  }

  #eachRow<Row>(schema: Parameters<typeof readRows<Row>>[0], data: readonly unknown[], take: (row: Row) => void): void {
    const { rows, faults } = readRows(schema, data);
    for (const row of rows) this.#errands.guarded(() => take(row));
    const [unread] = faults;
    if (unread !== undefined) this.#telling.suspect(`a pushed row cannot be read: ${unread.reason}`);
  }

  #onOrder(row: OrderPush): void {
    const of = this.#instruments.get(row.instId);
    if (of === undefined) return;
    const clientId = this.#lives.name(row.ordId, row.clOrdId, row.algoClOrdId) ?? this.#lives.namedBefore(row.ordId);
    if (clientId === undefined && row.tdMode === 'cross') return this.#fills.leaveOut(row.instId, row.ordId);
    const at = Number(row.uTime);
    if (clientId !== undefined) this.#lives.pushed(clientId);
    if (clientId !== undefined && row.amendResult !== undefined && row.amendResult !== '')
      this.#lives.amended(clientId, row.reqId, row.amendResult === '0', at, codeOf(row));
    const fill = fillOfPush(row, of);
    if (fill === 'incomplete') this.#read();
    else if (fill !== 'none') this.#onFill(fill, clientId, row);
    if (clientId === undefined) return;
    const { lots: filledLots } = wholeLots(of, row.accFillSz);
    let isMissingFills = false;
    if (row.state === 'live' || row.state === 'partially_filled') this.#lives.accepted(clientId, at);
    else if (row.state === 'filled') isMissingFills = this.#lives.ended(clientId, filledLots, 'filled', at);
    else if (row.state === 'canceled')
      isMissingFills = this.#lives.ended(clientId, filledLots, endCause(row.cancelSource), at);
    else this.#errands.inBackground(() => this.#lookUps.lookUp(clientId, row.instId, this.#lives.kindOf(clientId)));
    if (isMissingFills) this.#errands.inBackground(() => this.#fills.tellOf(clientId, row.instId, row.ordId));
  }

  /** One that names nobody may be of a stop of ours that has woken: that is asked first. */
  #onFill(fill: FillFacts, clientId: string | undefined, { ordId, category }: OrderPush): void {
    const cause = foreignCause(category ?? 'normal', undefined);
    if (clientId !== undefined || cause !== 'foreign' || this.#lives.sleepingStops(fill.instId).length === 0)
      return this.#fills.filled(fill, clientId, cause);
    this.#errands.inBackground(() => this.#fills.tellUnnamed(fill, ordId));
  }

  #onAlgo(row: AlgoPush): void {
    const clientId = row.algoClOrdId;
    if (!this.#instruments.has(row.instId) || !this.#lives.isOurs(clientId)) return;
    const at = Number(row.uTime ?? row.cTime);
    if (row.amendResult !== undefined && row.amendResult !== '') {
      const isDone = row.amendResult === '0';
      this.#lives.amended(clientId, row.reqId, isDone, at, codeOf(row));
      // The answer may have said yes before it: then only a reading shows where the stop stands.
      if (!isDone) this.#read();
    }
    const none = lots(0);
    switch (row.state) {
      case 'live':
      case 'pause':
        return this.#lives.accepted(clientId, at);
      case 'canceled':
        return void this.#lives.ended(clientId, none, 'cancelled', at);
      case 'order_failed':
        return void this.#lives.ended(clientId, none, `failed ${row.failCode ?? ''}`.trim(), at);
      default:
        for (const ordId of row.ordIdList ?? [row.ordId ?? '']) this.#lives.name(ordId, '', clientId);
    }
  }

  /** A position that fills do not explain: somebody else's hand, or pushes that were lost. */
  #onPosition(row: Position): void {
    const of = this.#instruments.get(row.instId);
    if (of === undefined) return;
    if (row.mgnMode === 'cross') return void this.#errands.after(this.#explainWithinMs, this.#read);
    const { lots: size } = wholeLots(of, row.pos.replace('-', ''));
    this.#pushedLots.set(row.instId, row.pos.startsWith('-') ? -size : size);
    if (size > 0) this.#onLeverage(row.instId, Number(row.lever));
    this.#errands.after(this.#explainWithinMs, () => {
      if (this.#fills.signedLots(row.instId) !== this.#pushedLots.get(row.instId)) this.#read();
    });
  }

  /** Of a position that somebody else has opened, or whose leverage somebody has changed: not first by the next reading. */
  #onLeverage(instId: string, leverage: number): void {
    if (!(leverage > 0) || this.#pushedLeverage.get(instId) === leverage) return;
    this.#pushedLeverage.set(instId, leverage);
    this.#telling.tell({ kind: 'leverage', at: this.#telling.now(), instId, leverage });
  }
}

/** The exchange's no in a push; undefined where it says yes. */
function codeOf({ code = '' }: { readonly code?: string | undefined }): string | undefined {
  return code === '' || code === '0' ? undefined : code;
}
