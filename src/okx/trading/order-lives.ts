/**
 * What is known of each order of ours at the exchange, and what was told of it: accepted once, each fill once, its end once, in this order.
 *
 * The answer to a request, a push and a reading tell the same story, in any order and more than once; here it is told to the core once. Fills
 * are known by instrument and trade id. Of an order that has ended the memory fades, oldest first.
 */
import type { CoreEvent, Filled } from '../../core/event.ts';
import { type Lots, lots } from '../../core/numbers/units.ts';
import { type Order, partsOfClientId } from '../../core/orders/order.ts';
import type { FillFacts } from './fill-facts.ts';
import type { Turn } from './stop-line.ts';

/** A stop sleeps as an algo order of OKX's; everything else is an order. */
export type OrderKind = 'order' | 'algo';

/** What the amendment under way asks for. */
export interface Amending {
  /** Names it in the answer. */
  readonly reqId: string;
  /** Price, or trigger of a stop. */
  readonly ticks: number | undefined;
  readonly sizeLots: number | undefined;
  /** After this moment of the exchange's clock it is not acted on; Infinity while it has not been sent. */
  readonly expiresAtMs: number;
}

export interface OrderLife {
  readonly clientId: string;
  readonly instId: string;
  readonly kind: OrderKind;
  /** Price, or trigger of a stop, as it was placed; 0 at the market. */
  readonly startTicks: number;
  /** As placed, then as amended. */
  sizeLots: number;
  /** After this moment of the exchange's clock the exchange does not act on its sending; Infinity while it may still be sent, −Infinity where it was not. */
  expiresAtMs: number;
  /** Nothing of it is older, by the exchange's clock as it was known then. */
  readonly bornAtMs: number;
  /** By when the core wants it taken (order.ts). */
  readonly takenByMs: number;
  accepted: boolean;
  /** The connection has told of it. */
  isPushed: boolean;
  filledLots: number;
  /** A fill of it cannot be counted, and never will: what was told is all that its end can name. */
  isBesideGrid: boolean;
  ended: boolean;
  /** Called back before it was sent: it is not sent any more. */
  isRecalled: boolean;
  amending: Amending | undefined;
  /** Kept for the amendment that the core asks for in the stead of one that waited. */
  turn: Turn | undefined;
  /** Until its sending has an answer, or is given up; undefined: this process has not sent it. */
  placing: Promise<void> | undefined;
  /** What has been asked of the exchange for this order comes one after the other. */
  line: Promise<void>;
}

type Journaled = Pick<OrderLife, 'bornAtMs' | 'sizeLots' | 'filledLots'>;

const ENDED_REMEMBERED = 2_000;
const TRADES_REMEMBERED = 20_000;

export class OrderLives {
  readonly #run: string;
  readonly #hear: (event: CoreEvent) => void;
  readonly #lives = new Map<string, OrderLife>();
  readonly #trades = new Set<string>();
  /** Client ids by the exchange's own: fills of an order that a stop sent name no client id. */
  readonly #clientIds = new Map<string, string>();

  constructor(run: string, hear: (event: CoreEvent) => void) {
    this.#run = run;
    this.#hear = hear;
  }

  /** An order that is about to be sent; known already, it stays what it is: its second sending can only be found a duplicate. */
  begin(order: Order, kind: OrderKind, bornAtMs: number): OrderLife {
    const known = this.#lives.get(order.clientId);
    if (known !== undefined) return known;
    return this.#add(order, kind, { bornAtMs, sizeLots: order.sizeLots, filledLots: 0 }, Number.POSITIVE_INFINITY);
  }

  /** An order that an earlier process has sent, as the journal knows it. */
  adopt(order: Order, asJournaled: Journaled): OrderLife {
    const kind = order.terms.type === 'stop' ? 'algo' : 'order';
    return this.#lives.get(order.clientId) ?? this.#add(order, kind, asJournaled, order.takenByMs);
  }

  #add(order: Order, kind: OrderKind, { bornAtMs, sizeLots, filledLots }: Journaled, expiresAtMs: number): OrderLife {
    const { clientId, instId, takenByMs, terms } = order;
    const begun: OrderLife = {
      clientId,
      instId,
      kind,
      bornAtMs,
      startTicks: terms.type === 'market' ? 0 : terms.type === 'stop' ? terms.triggerTicks : terms.priceTicks,
      sizeLots,
      expiresAtMs,
      takenByMs,
      accepted: false,
      isPushed: false,
      filledLots,
      isBesideGrid: false,
      ended: false,
      isRecalled: false,
      amending: undefined,
      turn: undefined,
      placing: undefined,
      line: Promise.resolve(),
    };
    this.#lives.set(clientId, begun);
    return begun;
  }

  /** A fill that the core knows from its journal. */
  knowTrade(instId: string, tradeId: string): void {
    this.#trades.add(`${instId} ${tradeId}`);
  }

  /** Whether a fill was told, or is known from the journal. */
  knows({ instId, tradeId }: Pick<FillFacts, 'instId' | 'tradeId'>): boolean {
    return this.#trades.has(`${instId} ${tradeId}`);
  }

  get(clientId: string): OrderLife | undefined {
    return this.#lives.get(clientId);
  }

  /** Whether a client id is one of this run's. */
  isOurs(clientId: string): boolean {
    return this.#lives.has(clientId) || partsOfClientId(clientId)?.run === this.#run;
  }

  /** Kind of an order of ours, known or not. */
  kindOf(clientId: string): OrderKind {
    return this.#lives.get(clientId)?.kind ?? (partsOfClientId(clientId)?.role === 'stop' ? 'algo' : 'order');
  }

  /** Orders that the exchange has accepted and whose end was not told. */
  living(): OrderLife[] {
    return [...this.#lives.values()].filter((life) => life.accepted && !life.ended);
  }

  /**
   * The order of ours that an exchange's order belongs to: it is one, or a stop of ours has sent it, under whatever client id OKX gives such an
   * order: none, or one of OKX's own.
   */
  name(ordId: string, clOrdId: string, algoClOrdId: string | undefined): string | undefined {
    const clientId = [clOrdId, algoClOrdId ?? ''].find((named) => named !== '' && this.isOurs(named));
    if (clientId !== undefined && ordId !== '') this.#clientIds.set(ordId, clientId);
    return clientId;
  }

  /** Stops of ours that sleep at an instrument, as far as we know. */
  sleepingStops(instId: string): string[] {
    return [...this.#lives.values()]
      .filter((life) => life.kind === 'algo' && !life.ended && life.instId === instId)
      .map(({ clientId }) => clientId);
  }

  /** Until all that was asked for stops at an instrument has been answered, or is given up. */
  async stopsAnswered(instId: string): Promise<void> {
    await Promise.all(this.sleepingStops(instId).map((clientId) => this.get(clientId)?.line));
  }

  /** The client id of an order that `name` has met. */
  namedBefore(ordId: string): string | undefined {
    return this.#clientIds.get(ordId);
  }

  pushed(clientId: string): void {
    const life = this.#lives.get(clientId);
    if (life !== undefined) life.isPushed = true;
  }

  accepted(clientId: string, at: number): void {
    const life = this.#lives.get(clientId);
    if (life === undefined || life.accepted || life.ended) return;
    life.accepted = true;
    this.#hear({ kind: 'order-accepted', at, clientId });
  }

  rejected(clientId: string, at: number, code: string, message: string): void {
    const life = this.#lives.get(clientId);
    if (life !== undefined) this.#end(life);
    this.#hear({ kind: 'order-rejected', at, clientId, code, message });
  }

  /** Whose order it was is told by `clientId`; without one `cause` says why it happened. @returns whether it was new */
  filled(facts: FillFacts, clientId: string | undefined, cause: Filled['cause']): boolean {
    const trade = `${facts.instId} ${facts.tradeId}`;
    if (this.#trades.has(trade)) return false;
    this.#trades.add(trade);
    if (this.#trades.size > TRADES_REMEMBERED) forgetOldest(this.#trades);
    if (clientId === undefined) {
      this.#hear({ kind: 'filled', ...facts, cause });
      return true;
    }
    this.accepted(clientId, facts.at);
    const life = this.#lives.get(clientId);
    if (life !== undefined) life.filledLots += facts.sizeLots;
    this.#hear({ kind: 'filled', ...facts, clientId, cause: 'order' });
    return true;
  }

  /** A part of a lot was filled, of a lot that has become finer under us: the next reading shows what it did. */
  filledBeside(clientId: string | undefined): void {
    const life = this.#lives.get(clientId ?? '');
    if (life !== undefined) life.isBesideGrid = true;
  }

  /** It lives no more. Told once; filled whole it is told by its fills alone. @returns whether fills of it are still missing here */
  ended(clientId: string, filledLots: Lots, cause: string, at: number): boolean {
    const life = this.#lives.get(clientId);
    if (life?.isBesideGrid === true) {
      if (!life.ended) this.endedAsAsked(clientId, filledLots, cause, at);
      return false;
    }
    if (life?.ended === true) return life.filledLots < filledLots;
    if (life !== undefined) {
      this.accepted(clientId, at);
      this.#end(life);
      if (filledLots >= life.sizeLots) return life.filledLots < filledLots;
    }
    this.#hear({ kind: 'order-ended', at, clientId, filledLots, cause });
    return life !== undefined && life.filledLots < filledLots;
  }

  /** Says it again, to somebody who asks: what was heard once need not have been kept. */
  endedAsAsked(clientId: string, filledLots: Lots, cause: string, at: number): void {
    const life = this.#lives.get(clientId);
    if (life !== undefined) this.#end(life);
    const told = life?.isBesideGrid === true ? lots(life.filledLots) : filledLots;
    this.#hear({ kind: 'order-ended', at, clientId, filledLots: told, cause });
  }

  /** How it stands, to somebody who asks. */
  standing(clientId: string, ticks: number, sizeLots: number, at: number): void {
    const life = this.#lives.get(clientId);
    if (life !== undefined) {
      life.accepted = true;
      life.sizeLots = sizeLots;
      life.amending = undefined;
    }
    this.#hear({ kind: 'order-standing', at, clientId, ticks, sizeLots: lots(sizeLots) });
  }

  absent(clientId: string, at: number): void {
    const life = this.#lives.get(clientId);
    if (life !== undefined) this.#end(life);
    this.#hear({ kind: 'order-absent', at, clientId });
  }

  /** The answer to an amendment; `code`: the exchange's no. One that nobody waits for any more changes nothing. */
  amended(clientId: string, reqId: string | undefined, done: boolean, at: number, code?: string): void {
    const life = this.#lives.get(clientId);
    if (life?.amending === undefined || (reqId !== undefined && life.amending.reqId !== reqId)) return;
    if (done) life.sizeLots = life.amending.sizeLots ?? life.sizeLots;
    life.amending = undefined;
    this.#hear({ kind: 'order-amended', at, clientId, done, ...(code === undefined ? {} : { code }) });
  }

  /** Moved to the end of the map, so that the oldest end is forgotten first. */
  #end(life: OrderLife): void {
    if (life.ended) return;
    life.ended = true;
    this.#lives.delete(life.clientId);
    this.#lives.set(life.clientId, life);
    if (this.#lives.size <= ENDED_REMEMBERED) return;
    for (const [clientId, each] of this.#lives) {
      if (!each.ended) continue;
      this.#lives.delete(clientId);
      break;
    }
    while (this.#clientIds.size > ENDED_REMEMBERED) forgetOldest(this.#clientIds);
  }
}

function forgetOldest(remembered: Set<string> | Map<string, string>): void {
  for (const key of remembered.keys()) {
    remembered.delete(key);
    return;
  }
}
