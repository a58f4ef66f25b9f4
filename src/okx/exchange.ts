/**
 * OKX behind the runtime's exchange port. Source: reliability.md "No double orders", rules.md §3–4, §7; okx-v5.md §1, §3, §4.
 *
 * Every write is sent once. Its outcome is told by whichever speaks first, the answer or a push (order-lives.ts); what is neither yes nor no is
 * `order-unknown`, and ends in evidence (evidence.ts): an order is absent only where its expiry had passed before everything was searched.
 * Orders of one instrument leave in the order of asking; while its leverage is being set those wait that would enlarge, and are not sent if
 * the leverage did not become what was asked, or their instrument was not read since changes of it are heard. No more entries are sent than stops
 * can follow, and stops stand in line for their slots (stop-line.ts). What is asked of one order comes one after the other; orders do not wait for
 * each other's answers.
 * Without both private sockets and every channel on them the account is read and fills are told, but it does not count as read whole: fills
 * would come too late to protect what is added.
 *
 * Its parts: what the core is told (telling.ts), each order's life (order-lives.ts), how an order stands (look-ups.ts), fills and funding (fills.ts),
 * leverage (leverage-setting.ts), what the private sockets push (account-pushes.ts), when the account is read and which reading counts (account-reader.ts),
 * what goes on in the background (errands.ts).
 *
 * Deliberately absent: retries; order operations over the socket (REST's status and expiry are evidence); attached stops (OKX makes them only
 * once the parent is completely filled, okx-v5.md §3.2: a partly filled entry would stand bare).
 */

import type { Amend } from '../core/decision.ts';
import type { InstrumentSaid, LostBecause } from '../core/event.ts';
import { type Instrument, withContract } from '../core/instrument/instrument.ts';
import { decimal } from '../core/numbers/decimal.ts';
import { lots } from '../core/numbers/units.ts';
import { type Approved, NOT_SENT, type Order } from '../core/orders/order.ts';
import type { Exchange } from '../runtime/ports.ts';
import type { Fault } from './door/faults.ts';
import { EXPIRED_CODES } from './door/faults.ts';
import { Pace } from './door/pace.ts';
import type { Answer, Rest } from './door/rest.ts';
import type { OkxSocket, SocketEvent } from './door/socket.ts';
import { told, type Verdict, verdictOf } from './door/verdict.ts';
import { socketAt } from './market/sockets.ts';
import { AccountPushes } from './trading/account-pushes.ts';
import { AccountReader } from './trading/account-reader.ts';
import { Errands } from './trading/errands.ts';
import {
  EXCHANGE_LIMITS,
  type ExchangeLimits,
  type JournaledOrder,
  type OkxExchangeOptions,
} from './trading/exchange-options.ts';
import { Fills } from './trading/fills.ts';
import { isLeverageTooHigh, LeverageSetting } from './trading/leverage-setting.ts';
import { LookUps } from './trading/look-ups.ts';
import { type Amending, type OrderKind, type OrderLife, OrderLives } from './trading/order-lives.ts';
import { amendAlgoOf, amendOrderOf, placingOf } from './trading/order-request.ts';
import { StopLine } from './trading/stop-line.ts';
import { Telling } from './trading/telling.ts';
import { endpoints } from './wire/endpoints.ts';
import type { CancelAlgo, CancelAllAfter, CancelOrder, PlaceConditional } from './wire/request.ts';

/** In which OKX takes twenty stops. */
const STOPS_WINDOW_MS = 2_000;
/** How long before the core's `takenByMs` a stop leaves at the latest: until then it may wait for its turn. */
const STOP_ON_WAY_MS = 500;
/** In which the core has answered that an amendment was not sent, unless its disk is slow. */
const TURN_KEPT_MS = 250;
/** The exchange did not act because it was too late: nothing to reject. */
const EXPIRED = new Set([...EXPIRED_CODES, 'local-expiry']);

/** How much money a size is at a price. */
function worthOf(of: Instrument, sizeLots: number, priceTicks: number): number {
  return sizeLots * priceTicks * of.moneyPerTickLot;
}

export class OkxExchange implements Exchange {
  readonly #options: OkxExchangeOptions;
  readonly #limits: ExchangeLimits;
  readonly #rest: Rest;
  readonly #instruments: Map<string, Instrument>;
  readonly #errands: Errands;
  readonly #telling: Telling;
  readonly #lives: OrderLives;
  readonly #fills: Fills;
  readonly #lookUps: LookUps;
  readonly #reader: AccountReader;
  readonly #pushes: AccountPushes;
  readonly #sockets: ReadonlyMap<string, OkxSocket>;
  readonly #up = new Set<string>();
  /** Channels that the exchange does not serve, by connection. */
  readonly #refusedChannels = new Map<string, string>();
  readonly #leverage: LeverageSetting;
  readonly #entries = new Pace();
  readonly #stopsPlaced = new StopLine(endpoints.placeAlgo);
  readonly #stopsAmended = new StopLine(endpoints.amendAlgo);
  #requests = 0;
  /** How often connections have come to stand. */
  #timesUp = 0;

  constructor(options: OkxExchangeOptions) {
    this.#options = options;
    this.#limits = { ...EXCHANGE_LIMITS, ...options.limits };
    this.#rest = options.rest;
    this.#instruments = new Map(options.instruments.map((each) => [each.instId, each]));
    const [rest, instruments, limits] = [this.#rest, this.#instruments, this.#limits];
    const read = () => this.#reader.read();
    const errands = new Errands((error) => telling.failed(error));
    const telling = new Telling({ rest, limits, errands, hear: options.hear, warn: options.warn, read });
    const lives = new OrderLives(options.run, (event) => telling.tell(event));
    const { fillsSinceMs, fundingSinceMs } = options;
    const { explainWithinMs } = limits;
    const fills = new Fills({ rest, instruments, lives, telling, fillsSinceMs, fundingSinceMs });
    const lookUps = new LookUps({ rest, instruments, limits, lives, telling, fills, fillsSinceMs });
    const notWhole = () => this.#notWhole();
    this.#reader = new AccountReader({ rest, instruments, limits, lives, errands, telling, fills, lookUps, notWhole });
    this.#pushes = new AccountPushes({ instruments, lives, errands, telling, fills, lookUps, explainWithinMs, read });
    this.#errands = errands;
    this.#telling = telling;
    this.#lives = lives;
    this.#fills = fills;
    this.#lookUps = lookUps;
    this.#leverage = new LeverageSetting({ rest, errands, telling });
    const socket = (name: string) => socketAt(options, name, (event) => this.#onSocket(name, event), options.key);
    const [trading, sleeping] = [socket('private'), socket('business')];
    trading.subscribe([
      { channel: 'orders', instType: 'SWAP' },
      { channel: 'positions', instType: 'SWAP', extraParams: '{"updateInterval":"0"}' },
    ]);
    sleeping.subscribe([{ channel: 'orders-algo', instType: 'SWAP' }]);
    this.#sockets = new Map([
      ['private', trading],
      ['business', sleeping],
    ]);
  }

  /** What an earlier process has sent and been told, as the journal knows it. Before `start`. */
  adopt(
    orders: Iterable<JournaledOrder>,
    trades: Iterable<{ readonly instId: string; readonly tradeId: string }>,
  ): void {
    for (const { order, state, sentAt, sizeLots, filledLots } of orders) {
      const life = this.#lives.adopt(order, { bornAtMs: sentAt, sizeLots, filledLots });
      life.accepted = state === 'live';
    }
    for (const { instId, tradeId } of trades) this.#lives.knowTrade(instId, tradeId);
  }

  /** What the exchange says of an instrument: what a position costs is counted in the contract as it is now. */
  hearInstrument({ instId, changes }: InstrumentSaid): void {
    const of = this.#instruments.get(instId);
    const change = changes.find((each) => each.of === 'contract');
    const changed = of && change && withContract(of, decimal(change.is));
    if (changed === undefined) return;
    this.#instruments.set(instId, changed);
    this.#reader.contractHeard();
  }

  /** Connects. The account is read as soon as both private sockets are up, and whenever they have been away. */
  start(): void {
    this.#lookUps.start(this.#rest.exchangeNowMs());
    for (const socket of this.#sockets.values()) socket.open();
    this.#beat();
    this.#errands.every(this.#limits.heartbeatMs, () => this.#beat());
    this.#errands.every(this.#limits.clockSyncMs, () => this.#telling.syncClock());
  }

  /**
   * Disconnects. Nothing is cancelled here: without heartbeat the exchange cancels every order after `cancelAllAfterS`; protective stops, which
   * are algo orders, stay.
   */
  close(): void {
    this.#reader.close();
    this.#telling.close();
    for (const socket of this.#sockets.values()) socket.close();
    this.#stopsPlaced.close();
    this.#stopsAmended.close();
    this.#errands.close();
  }

  /** True while something asked of the exchange has not been answered. */
  get isBusy(): boolean {
    return this.#errands.isBusy;
  }

  /** Both private sockets are up, with every channel. */
  get isConnected(): boolean {
    return this.#up.size === this.#sockets.size && this.#refusedChannels.size === 0;
  }

  place(order: Approved): void {
    const of = this.#instruments.get(order.instId);
    if (of === undefined) {
      const message = `${order.instId} is not among the instruments of this run`;
      return this.#lives.rejected(order.clientId, this.#telling.now(), 'no-instrument', message);
    }
    const placing = placingOf(order, of);
    const life = this.#lives.begin(order, placing.kind, this.#rest.exchangeNowMs());
    if (placing.kind === 'algo') return this.#placeStop(order, placing.body, life, of);
    const leverage = order.reduceOnly ? undefined : this.#leverage.turnOf(order.instId);
    this.#errands.inLine(life, async () => {
      const notSet = await leverage;
      const mayBeSent = notSet === undefined && !life.isRecalled && this.#mayBeSent(order, of);
      const expiresAtMs = Math.min(order.takenByMs, this.#rest.exchangeNowMs() + this.#limits.orderLifeMs);
      if (life.expiresAtMs === Number.POSITIVE_INFINITY)
        life.expiresAtMs = mayBeSent ? expiresAtMs : Number.NEGATIVE_INFINITY;
      if (notSet !== undefined)
        return this.#lives.rejected(
          order.clientId,
          this.#telling.now(),
          'leverage-not-set',
          `not sent: the leverage it was planned with could not be set: ${notSet}`,
        );
      if (life.isRecalled) return this.#lives.endedAsAsked(order.clientId, lots(0), NOT_SENT, this.#telling.now());
      if (!mayBeSent) return this.#holdBack(order);
      if (order.role === 'entry' && !this.#isTurnOfEntry()) return this.#holdEntryBack(order, life);
      this.#answered(life, verdictOf(await this.#rest.post(endpoints.placeOrder, placing.body, expiresAtMs)));
    });
    life.placing = life.line;
  }

  /** Where its turn would come too late for the core it is not sent: the core asks anew, for what is open by then. */
  #placeStop(order: Approved, body: PlaceConditional, life: OrderLife, of: Instrument): void {
    this.#errands.inLine(life, async () => {
      const turn = await this.#stopsPlaced.turn({
        bare: worthOf(of, life.sizeLots, life.startTicks),
        waitMsMax: order.takenByMs - this.#rest.exchangeNowMs() - STOP_ON_WAY_MS,
        isWanted: () => !life.isRecalled,
      });
      if (turn === undefined || life.isRecalled) {
        turn?.keep(0);
        life.expiresAtMs = Number.NEGATIVE_INFINITY;
        return this.#lives.endedAsAsked(order.clientId, lots(0), NOT_SENT, this.#telling.now());
      }
      const expiresAtMs = Math.min(order.takenByMs, this.#rest.exchangeNowMs() + this.#limits.orderLifeMs);
      if (life.expiresAtMs === Number.POSITIVE_INFINITY) life.expiresAtMs = expiresAtMs;
      this.#answered(life, verdictOf(await turn.send(() => this.#rest.post(endpoints.placeAlgo, body, expiresAtMs))));
    });
    life.placing = life.line;
  }

  /** What enlarges was planned by an instrument `of` that is the exchange's still, as far as that is told; what reduces is always sent. */
  #mayBeSent({ instId, reduceOnly }: Approved, of: Instrument): boolean {
    if (reduceOnly) return true;
    const isKnown = this.#options.knowsInstrument(instId) && !this.#fills.isBesideGrid(instId);
    return isKnown && this.#instruments.get(instId) === of;
  }

  /** Whether its stop could follow at once. */
  #isTurnOfEntry(): boolean {
    const limit = { name: 'entries', count: this.#limits.entriesMost, windowMs: STOPS_WINDOW_MS, perInstrument: false };
    return this.#entries.book({ limits: [limit], nowMs: performance.now(), waitMsMax: 0 }).kind === 'granted';
  }

  /** It would have expired by its turn. */
  #holdEntryBack({ clientId }: Approved, life: OrderLife): void {
    life.expiresAtMs = Number.NEGATIVE_INFINITY;
    const message = `not sent: ${this.#limits.entriesMost} entries were sent within 2 s, and its stop would come too late`;
    this.#lives.rejected(clientId, this.#telling.now(), 'too-many-entries', message);
  }

  #holdBack({ clientId }: Approved): void {
    const message = 'not sent: the instrument may be another one than was planned for, and was not read since';
    this.#lives.rejected(clientId, this.#telling.now(), 'instrument-not-read', message);
  }

  cancel(instId: string, clientId: string): void {
    const kind = this.#lives.kindOf(clientId);
    const life = this.#lives.get(clientId);
    if (life?.expiresAtMs === Number.POSITIVE_INFINITY) life.isRecalled = true;
    if (life?.amending?.expiresAtMs === Number.POSITIVE_INFINITY) life.amending = undefined;
    this.#stopsPlaced.serve();
    this.#stopsAmended.serve();
    this.#errands.inLine(life, async () => {
      if (life?.isRecalled === true) return;
      const answer =
        kind === 'algo'
          ? await this.#rest.post(endpoints.cancelAlgos, [{ instId, algoClOrdId: clientId } satisfies CancelAlgo])
          : await this.#rest.post(endpoints.cancelOrder, { instId, clOrdId: clientId } satisfies CancelOrder);
      const verdict = verdictOf(answer);
      if (verdict.fault?.class === 'gone') await this.#lookUps.lookUp(clientId, instId, kind);
    });
  }

  amend(change: Pick<Amend, 'instId' | 'clientId' | 'priceTicks' | 'triggerTicks' | 'sizeLots'>): void {
    const { instId, clientId } = change;
    const of = this.#instruments.get(instId);
    const life = this.#lives.get(clientId);
    if (of === undefined || life === undefined)
      return this.#telling.tell({ kind: 'order-amended', at: this.#telling.now(), clientId, done: false });
    this.#requests += 1;
    const asked = {
      reqId: `a${this.#requests}`,
      ticks: change.triggerTicks ?? change.priceTicks,
      sizeLots: change.sizeLots,
    };
    const expiry = () => {
      const expiresAtMs = this.#rest.exchangeNowMs() + this.#limits.orderLifeMs;
      life.amending = { ...asked, expiresAtMs };
      return expiresAtMs;
    };
    this.#errands.inLine(life, async () => {
      if (life.kind === 'algo')
        return this.#amendStop(life, asked, of, () =>
          this.#rest.post(endpoints.amendAlgo, amendAlgoOf(change, of, asked.reqId), expiry()),
        );
      const { fault } = verdictOf(
        await this.#rest.post(endpoints.amendOrder, amendOrderOf(change, of, asked.reqId), expiry()),
      );
      // Of an order the push says what became of it (okx-v5.md §3.1).
      if (fault !== undefined) this.#notAmended(life, asked.reqId, fault);
    });
  }

  /**
   * Of one that has waited for its turn the core hears that nothing was sent: more may have been filled meanwhile. What it asks for then is sent in that turn,
   * or, where it is late, in its next, in any case. A stop's answer is believed, and a push that takes it back read anew.
   */
  async #amendStop(
    life: OrderLife,
    asked: Omit<Amending, 'expiresAtMs'>,
    of: Instrument,
    send: () => Promise<Answer<{ sCode: string; sMsg: string }>>,
  ): Promise<void> {
    const { reqId, ticks = life.startTicks, sizeLots = 0 } = asked;
    const before = life.turn;
    life.turn = undefined;
    life.amending = { ...asked, expiresAtMs: Number.POSITIVE_INFINITY };
    const turn =
      before?.isKept === true
        ? before
        : await this.#stopsAmended.turn({
            bare: worthOf(of, Math.max(0, sizeLots - life.sizeLots), ticks),
            isWanted: () => life.amending?.reqId === reqId && !life.ended,
          });
    if (turn === undefined) return;
    if (turn.hasWaited && before === undefined) {
      turn.keep(TURN_KEPT_MS);
      life.turn = turn;
      return this.#lives.amended(life.clientId, reqId, false, this.#telling.now(), NOT_SENT);
    }
    const { fault, atMs } = verdictOf(await turn.send(send));
    if (fault === undefined) this.#lives.amended(life.clientId, reqId, true, atMs ?? this.#telling.now());
    else this.#notAmended(life, reqId, fault);
  }

  #notAmended({ clientId }: OrderLife, reqId: string, { class: said, code }: Fault): void {
    if (said === 'refused' || said === 'rejected' || said === 'gone')
      this.#lives.amended(clientId, reqId, false, this.#telling.now(), code);
  }

  /** Beside a stop that sleeps OKX takes none (U20): one that is called back goes first. */
  setLeverage(instId: string, leverage: number): void {
    this.#leverage.set(instId, leverage, this.#lives.stopsAnswered(instId));
  }

  inquire(order: Order): void {
    const kind: OrderKind = order.terms.type === 'stop' ? 'algo' : 'order';
    this.#errands.inBackground(() => this.#lookUps.lookUp(order.clientId, order.instId, kind, order.takenByMs));
  }

  read(): void {
    this.#reader.read();
  }

  /** The answer to placing, told; what is neither yes nor no is unknown until evidence comes. */
  #answered(life: OrderLife, { fault, atMs }: Verdict): void {
    const { clientId } = life;
    if (fault === undefined) {
      this.#expectPush(life);
      return this.#lives.accepted(clientId, atMs ?? this.#telling.now());
    }
    if (life.accepted || life.ended) return;
    if (isLeverageTooHigh(fault.code)) this.#leverage.readAfterNo(life.instId);
    if ((fault.class === 'refused' || fault.class === 'rejected') && !EXPIRED.has(fault.code))
      return this.#lives.rejected(clientId, this.#telling.now(), fault.code, fault.message);
    if (fault.class === 'duplicate')
      return this.#errands.inBackground(() => this.#lookUps.lookUp(clientId, life.instId, life.kind, life.takenByMs));
    if (EXPIRED.has(fault.code)) this.#telling.syncClock();
    this.#telling.unanswered(fault);
    this.#telling.tell({ kind: 'order-unknown', at: this.#telling.now(), clientId, reason: told(fault) });
  }

  /**
   * Every order that is taken is pushed (okx-v5.md §3.1), and so is each fill of it. Where a connection that stands says nothing of it the order is asked for,
   * again and again: what it has filled needs a stop.
   */
  #expectPush(life: OrderLife): void {
    const { pushWithinMs, deafAfterMs } = this.#limits;
    const times = this.#timesUp;
    const look = (unheardMs: number) =>
      this.#errands.after(pushWithinMs, () => {
        if (life.isPushed || !this.isConnected || this.#timesUp !== times) return;
        if (unheardMs >= deafAfterMs) return this.#sockets.get('private')?.renew(unheardMs);
        if (!life.ended) this.#errands.inBackground(() => this.#lookUps.lookUp(life.clientId, life.instId, life.kind));
        look(unheardMs + pushWithinMs);
      });
    if (life.kind === 'order' && !life.isPushed) look(pushWithinMs);
  }

  /** Why what is read now would not be the whole: fills would come too late. Undefined where nothing is in its way. */
  #notWhole(): LostBecause | undefined {
    const [channel] = this.#refusedChannels.values();
    if (channel !== undefined) return { code: 'channel-refused', channel };
    return this.isConnected ? undefined : { code: 'not-connected' };
  }

  #onSocket(name: string, event: SocketEvent): void {
    switch (event.kind) {
      case 'connected':
      case 'reconnected':
        this.#up.add(name);
        this.#timesUp += 1;
        if (!this.isConnected) return;
        this.#lookUps.giveUp();
        return this.#reader.readAnew();
      case 'lost':
        this.#up.delete(name);
        this.#refusedChannels.delete(name);
        return this.#telling.lost({ code: 'disconnected', connection: name, words: event.reason, loss: event.loss });
      case 'stopped':
        this.#up.delete(name);
        this.#options.warn(
          `the ${name} connection was refused: ${told(event.fault)}; "rungwise doctor" says what to do`,
        );
        this.#tryAgain(name);
        return this.#telling.lost({ code: 'access-refused', words: told(event.fault) });
      case 'subscription-refused':
        if (!this.#refusedChannels.has(name)) this.#tryAgain(name);
        this.#refusedChannels.set(name, event.arg.channel);
        this.#options.warn(`channel ${event.arg.channel} was refused: ${told(event.fault)}`);
        return this.#telling.lost({ code: 'channel-refused', channel: event.arg.channel });
      case 'fault':
        return this.#telling.lost({ code: 'said', words: told(event.fault) }, event.fault);
      case 'push':
        return this.#errands.guarded(() => this.#pushes.hear(event.push));
    }
  }

  /** Nothing is refused for good: an address is listed again, a permission given back, a service is there again. */
  #tryAgain(name: string): void {
    this.#errands.after(this.#limits.refusedAgainMs, () => {
      const socket = this.#sockets.get(name);
      if (this.#refusedChannels.delete(name)) {
        this.#up.delete(name);
        socket?.close();
      }
      socket?.open();
    });
  }

  /** Tells the exchange that we live; without it our orders are cancelled, so that none fills that nobody protects. */
  #beat(): void {
    this.#errands.inBackground(async () => {
      const switched: CancelAllAfter = { timeOut: `${this.#limits.cancelAllAfterS}` };
      const answer = await this.#rest.post(endpoints.cancelAllAfter, switched);
      if (answer.kind === 'fault') this.#options.warn(`cancel-all-after was not renewed: ${told(answer.fault)}`);
    });
  }
}
