/**
 * OKX behind the runtime's exchange port. Source: reliability.md "No double orders", rules.md §3–4, §7; okx-v5.md §1, §3, §4.
 *
 * Every write is sent once. Its outcome is told by whichever speaks first, the answer or a push (order-lives.ts); what is neither yes nor no is
 * `order-unknown`, and ends in evidence (evidence.ts): an order is absent only where its expiry had passed before everything was searched.
 * Orders of one instrument leave in the order of asking; while its leverage is being set they wait, and one that would enlarge is not sent if
 * the leverage did not become what was asked. What is asked of one order comes one after the other; orders do not wait for each other's answers.
 * Without both private sockets the account is read and fills are told, but it does not count as read whole: fills would come too late to
 * protect what is added.
 *
 * Deliberately absent: retries; order operations over the socket (REST's status and expiry are evidence); attached stops (OKX makes them only
 * once the parent is completely filled, okx-v5.md §3.2: a partly filled entry would stand bare).
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Amend } from '../core/decision.ts';
import type { CoreEvent, Filled } from '../core/event.ts';
import type { Instrument } from '../core/instrument.ts';
import type { Approved, Order } from '../core/order.ts';
import type { Exchange } from '../runtime/ports.ts';
import { type Evidence, evidenceOf } from './evidence.ts';
import {
  EXCHANGE_LIMITS,
  type ExchangeLimits,
  type JournaledOrder,
  type OkxExchangeOptions,
} from './exchange-options.ts';
import type { Fault } from './faults.ts';
import { type OrderKind, type OrderLife, OrderLives } from './order-lives.ts';
import { listAll, listNewer } from './pages.ts';
import { readAccount } from './reading.ts';
import type { Rest } from './rest.ts';
import { OkxSocket, type SocketEvent } from './socket.ts';
import {
  amendAlgoOf,
  amendOrderOf,
  endCause,
  fillOfPush,
  fillOfRow,
  type FillFacts,
  foreignCause,
  fundingOf,
  isPayloadFault,
  lotsOfText,
  placingOf,
} from './translate.ts';
import { reversed, told, UnansweredError, type Verdict, verdictOf } from './verdict.ts';
import { algoOrder, type AlgoOrder } from './wire/algo-order.ts';
import { endpoints } from './wire/endpoints.ts';
import { readRows } from './wire/envelope.ts';
import type { Fill } from './wire/fill.ts';
import { orderPush, type OrderPush } from './wire/order.ts';
import { position as positionWire, type Position } from './wire/position.ts';
import type { Push } from './wire/ws-message.ts';

/** Fills may be listed out of order for a moment: so much of the past is asked for again. */
const FILLS_OVERLAP_MS = 30_000;
const PAGES_MAX = 50;
/** The exchange did not act because it was too late: nothing to reject. */
const EXPIRED = new Set(['50036', '50037', 'local-expiry']);

export class OkxExchange implements Exchange {
  readonly #options: OkxExchangeOptions;
  readonly #limits: ExchangeLimits;
  readonly #rest: Rest;
  readonly #instruments: ReadonlyMap<string, Instrument>;
  readonly #lives: OrderLives;
  readonly #sockets: readonly OkxSocket[];
  readonly #up = new Set<string>();
  /** Leverage being set, by instrument: whether it became what was asked. */
  readonly #leverage = new Map<string, Promise<boolean>>();
  /** Client ids that are being looked up. */
  readonly #looking = new Set<string>();
  /** Fundings told, by bill. */
  readonly #billsTold = new Set<string>();
  /** Signed lots by instrument: the last reading and the fills since. */
  readonly #lots = new Map<string, number>();
  readonly #pushedLots = new Map<string, number>();
  readonly #timers = new Set<NodeJS.Timeout>();
  /** The newest fill that can have no older one come after it, and when it happened. */
  #fillsFrom: { readonly billId: string } | undefined;
  #startedAtMs = 0;
  #lastToldAt = 0;
  #tellings = 0;
  #reading = false;
  #readBeganAt = Number.NEGATIVE_INFINITY;
  #readAgain = false;
  #requests = 0;
  #underWay = 0;
  #isClosed = false;

  constructor(options: OkxExchangeOptions) {
    this.#options = options;
    this.#limits = { ...EXCHANGE_LIMITS, ...options.limits };
    this.#rest = options.rest;
    this.#instruments = new Map(options.instruments.map((each) => [each.instId, each]));
    this.#lives = new OrderLives(options.run, (event) => this.#tell(event));
    const socket = (name: string) =>
      new OkxSocket({
        url: `${options.wsUrl}/${name}`,
        key: options.key,
        nowMs: () => this.#rest.exchangeNowMs(),
        random: options.random,
        onEvent: (event) => this.#onSocket(name, event),
        ...(options.socketTiming === undefined ? {} : { timing: options.socketTiming }),
      });
    const [trading, sleeping] = [socket('private'), socket('business')];
    trading.subscribe([
      { channel: 'orders', instType: 'SWAP' },
      { channel: 'positions', instType: 'SWAP', extraParams: '{"updateInterval":"0"}' },
    ]);
    sleeping.subscribe([{ channel: 'orders-algo', instType: 'SWAP' }]);
    this.#sockets = [trading, sleeping];
  }

  /** What an earlier process has sent and been told, as the journal knows it. Before `start`. */
  adopt(
    orders: Iterable<JournaledOrder>,
    trades: Iterable<{ readonly instId: string; readonly tradeId: string }>,
  ): void {
    for (const { order, state, sizeLots, filledLots } of orders) {
      const life = this.#lives.adopt(order, sizeLots, filledLots);
      life.accepted = state === 'live';
    }
    for (const { instId, tradeId } of trades) this.#lives.knowTrade(instId, tradeId);
  }

  /** Connects. The account is read as soon as both private sockets are up, and whenever they have been away. */
  start(): void {
    this.#startedAtMs = this.#rest.exchangeNowMs();
    for (const socket of this.#sockets) socket.open();
    this.#beat();
    this.#every(this.#limits.heartbeatMs, () => this.#beat());
    this.#every(this.#limits.clockSyncMs, () => this.#inBackground(() => this.#rest.syncClock()));
  }

  /**
   * Disconnects. Nothing is cancelled here: without heartbeat the exchange cancels every order after `cancelAllAfterS`; protective stops, which
   * are algo orders, stay.
   */
  close(): void {
    this.#isClosed = true;
    for (const socket of this.#sockets) socket.close();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** True while something asked of the exchange has not been answered. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** Both private sockets are up. */
  get isConnected(): boolean {
    return this.#up.size === this.#sockets.length;
  }

  place(order: Approved): void {
    const of = this.#instruments.get(order.instId);
    if (of === undefined) {
      const message = `${order.instId} is not among the instruments of this run`;
      return this.#lives.rejected(order.clientId, this.#now(), 'no-instrument', message);
    }
    const placing = placingOf(order, of);
    const life = this.#lives.begin(order, placing.kind);
    const leverage = this.#leverage.get(order.instId);
    this.#inLine(life, async () => {
      if (leverage !== undefined && !(await leverage) && !order.reduceOnly)
        return this.#lives.rejected(
          order.clientId,
          this.#now(),
          'leverage-not-set',
          'not sent: the leverage it was planned with could not be set',
        );
      const expiresAtMs = Math.min(order.takenByMs, this.#rest.exchangeNowMs() + this.#limits.orderLifeMs);
      if (life.expiresAtMs === Number.POSITIVE_INFINITY) life.expiresAtMs = expiresAtMs;
      const answer =
        placing.kind === 'algo'
          ? await this.#rest.post(endpoints.placeAlgo, placing.body, expiresAtMs)
          : await this.#rest.post(endpoints.placeOrder, placing.body, expiresAtMs);
      this.#answered(life, verdictOf(answer));
    });
  }

  cancel(instId: string, clientId: string): void {
    const kind = this.#lives.kindOf(clientId);
    this.#inLine(this.#lives.get(clientId), async () => {
      const answer =
        kind === 'algo'
          ? await this.#rest.post(endpoints.cancelAlgos, [{ instId, algoClOrdId: clientId }])
          : await this.#rest.post(endpoints.cancelOrder, { instId, clOrdId: clientId });
      const verdict = verdictOf(answer);
      if (verdict.fault?.class === 'gone') await this.#lookUp(clientId, instId, kind);
    });
  }

  amend(change: Pick<Amend, 'instId' | 'clientId' | 'priceTicks' | 'triggerTicks' | 'sizeLots'>): void {
    const { instId, clientId } = change;
    const of = this.#instruments.get(instId);
    const life = this.#lives.get(clientId);
    if (of === undefined || life === undefined)
      return this.#tell({ kind: 'order-amended', at: this.#now(), clientId, done: false });
    this.#requests += 1;
    const reqId = `a${this.#requests}`;
    this.#inLine(life, async () => {
      const expiresAtMs = this.#rest.exchangeNowMs() + this.#limits.orderLifeMs;
      life.amending = {
        reqId,
        ticks: change.triggerTicks ?? change.priceTicks,
        sizeLots: change.sizeLots,
        expiresAtMs,
      };
      const isAlgo = life.kind === 'algo';
      const answer = isAlgo
        ? await this.#rest.post(endpoints.amendAlgo, amendAlgoOf(change, of, reqId), expiresAtMs)
        : await this.#rest.post(endpoints.amendOrder, amendOrderOf(change, of, reqId), expiresAtMs);
      const { fault, atMs } = verdictOf(answer);
      // Of an order the push says what became of it, a stop's answer is all there is (okx-v5.md §3.1, §3.3).
      if (fault === undefined) {
        if (isAlgo) this.#lives.amended(clientId, reqId, true, atMs ?? this.#now());
      } else if (fault.class === 'refused' || fault.class === 'rejected' || fault.class === 'gone')
        this.#lives.amended(clientId, reqId, false, this.#now());
    });
  }

  setLeverage(instId: string, leverage: number): void {
    const before = this.#leverage.get(instId) ?? Promise.resolve(true);
    const setting = before.then(() => this.#tried(() => this.#setLeverage(instId, leverage), false));
    this.#leverage.set(instId, setting);
    void setting.then(() => {
      if (this.#leverage.get(instId) === setting) this.#leverage.delete(instId);
    });
  }

  /** Sets, then believes only what is read back: also where the answer was no, or none. */
  async #setLeverage(instId: string, leverage: number): Promise<boolean> {
    const answer = await this.#rest.post(endpoints.setLeverage, {
      instId,
      lever: String(leverage),
      mgnMode: 'isolated',
    });
    if (answer.kind === 'fault') this.#options.warn(`set-leverage ${instId} ${leverage}x: ${told(answer.fault)}`);
    const info = await this.#rest.get(endpoints.leverageInfo, { instId, mgnMode: 'isolated' });
    if (info.kind === 'fault') {
      this.#options.warn(`leverage-info ${instId}: ${told(info.fault)}`);
      return false;
    }
    const row = info.rows.find((each) => each.instId === instId && each.mgnMode === 'isolated');
    if (row === undefined) return false;
    this.#tell({ kind: 'leverage', at: this.#now(), instId, leverage: Number(row.lever) });
    return Number(row.lever) === leverage;
  }

  inquire(order: Order): void {
    const kind: OrderKind = order.terms.type === 'stop' ? 'algo' : 'order';
    this.#inBackground(() => this.#lookUp(order.clientId, order.instId, kind, order.takenByMs));
  }

  /** A reading that is asked for while another is under way follows it: it must not be older than the asking. */
  read(): void {
    if (this.#isClosed) return;
    this.#readAgain = this.#reading;
    if (this.#reading) return;
    this.#reading = true;
    this.#inBackground(async () => {
      try {
        await this.#readWhole();
      } finally {
        this.#reading = false;
      }
      if (this.#readAgain) this.read();
    });
  }

  /** The answer to placing, told; what is neither yes nor no is unknown until evidence comes. */
  #answered(life: OrderLife, { fault, atMs }: Verdict): void {
    const { clientId } = life;
    if (fault === undefined) return this.#lives.accepted(clientId, atMs ?? this.#now());
    if (life.accepted || life.ended) return;
    if ((fault.class === 'refused' || fault.class === 'rejected') && !EXPIRED.has(fault.code))
      return this.#lives.rejected(clientId, this.#now(), fault.code, fault.message);
    if (fault.class === 'duplicate')
      return this.#inBackground(() => this.#lookUp(clientId, life.instId, life.kind, life.takenByMs));
    if (fault.class === 'auth' || EXPIRED.has(fault.code)) this.#inBackground(() => this.#rest.syncClock());
    if (fault.class === 'auth') this.#tellLost(told(fault));
    this.#tell({ kind: 'order-unknown', at: this.#now(), clientId, reason: told(fault) });
  }

  /**
   * Asks how an order stands. `takenByMs`: the core asks; it hears whatever was told before, and absence or an amendment not carried out once that
   * can no more come. Absent: only what is new is told.
   */
  async #lookUp(clientId: string, instId: string, kind: OrderKind, takenByMs?: number): Promise<void> {
    const of = this.#instruments.get(instId);
    if (of === undefined || this.#looking.has(clientId)) return;
    this.#looking.add(clientId);
    try {
      // Twice at most: what may still arrive is asked for once more when it no longer may.
      for (const isLast of [false, true]) {
        const askedAtMs = this.#rest.exchangeNowMs();
        const sinceMs = Math.max(0, Math.min(this.#options.fillsSinceMs, this.#startedAtMs - DAY_MS));
        const evidence = await evidenceOf(this.#rest, { clientId, instId, kind, sinceMs }, of);
        const provenAfterMs = this.#provenAfterMs(evidence, clientId, takenByMs);
        if (askedAtMs > provenAfterMs) {
          if (evidence.kind === 'nothing') return this.#foundNothing(clientId, takenByMs !== undefined);
          return await this.#tellEvidence(clientId, instId, evidence, takenByMs !== undefined);
        }
        const waitMs = provenAfterMs - this.#rest.exchangeNowMs() + 1;
        if (takenByMs === undefined || isLast || waitMs > WAIT_FOR_PROOF_MS) return;
        await delay(Math.max(1, waitMs));
      }
    } finally {
      this.#looking.delete(clientId);
    }
  }

  /**
   * What was asked for after this moment of the exchange's clock proves what it says: an order that is nowhere never will be, one that does not
   * show its amendment never will. Any other evidence stands by itself.
   */
  #provenAfterMs(evidence: Evidence, clientId: string, takenByMs: number | undefined): number {
    const life = this.#lives.get(clientId);
    if (evidence.kind === 'nothing') {
      const expiresAtMs = life?.expiresAtMs ?? this.#startedAtMs + this.#limits.orderLifeMs;
      return Math.max(expiresAtMs, takenByMs ?? 0) + this.#limits.clockErrorMs;
    }
    const amending = life?.amending;
    if (evidence.kind !== 'living' || amending === undefined) return Number.NEGATIVE_INFINITY;
    const shows = (now: number, asked: number | undefined) => asked === undefined || now === asked;
    const isAmended = shows(evidence.ticks, amending.ticks) && shows(evidence.sizeLots, amending.sizeLots);
    return isAmended ? Number.NEGATIVE_INFINITY : amending.expiresAtMs + this.#limits.clockErrorMs;
  }

  async #tellEvidence(
    clientId: string,
    instId: string,
    evidence: Exclude<Evidence, { kind: 'nothing' }>,
    isAsked: boolean,
  ): Promise<void> {
    if (evidence.kind === 'unanswered') return this.#afterFault(evidence.fault);
    const { filledLots, ordId } = evidence;
    if (filledLots > (this.#lives.get(clientId)?.filledLots ?? 0)) await this.#tellFillsOf(clientId, instId, ordId);
    const at = this.#now();
    if (evidence.kind === 'living') {
      if (isAsked) this.#lives.standing(clientId, evidence.ticks, evidence.sizeLots, at);
      else this.#lives.accepted(clientId, at);
    } else if (isAsked) this.#lives.endedAsAsked(clientId, filledLots, evidence.cause, at);
    else this.#lives.ended(clientId, filledLots, evidence.cause, at);
  }

  /** Past its expiry an order that is nowhere never lived; one that had lived was cancelled without a fill, and the exchange has forgotten it. */
  #foundNothing(clientId: string, isAsked: boolean): void {
    if (this.#lives.get(clientId)?.accepted === true)
      this.#lives.ended(clientId, 0 as Filled['sizeLots'], 'no longer listed', this.#now());
    else if (isAsked) this.#lives.absent(clientId, this.#now());
  }

  async #readWhole(): Promise<void> {
    for (let readings = 1; !this.#isClosed; readings += 1) {
      await this.#waitForReading();
      const livingBefore = this.#lives.living();
      const tellingsBefore = this.#tellings;
      const reading = await readAccount(this.#rest, this.#instruments);
      if (reading.kind === 'failed')
        return this.#lost(`the account could not be read: ${told(reading.fault)}`, reading.fault);
      const fault = (await this.#readFills()) ?? (await this.#readFunding());
      if (fault !== undefined) return this.#lost(`the fills could not be read: ${told(fault)}`, fault);
      // What was told meanwhile may or may not be in what was read: only a reading that stood still is one moment.
      if (this.#tellings > tellingsBefore && readings < this.#limits.readingsMax) continue;
      const { account } = reading;
      const listed = new Set(account.orders.map(({ clientId }) => clientId));
      for (const life of livingBefore)
        if (!listed.has(life.clientId) && !life.ended)
          this.#inBackground(() => this.#lookUp(life.clientId, life.instId, life.kind));
      if (!this.isConnected) return this.#tellLost('a private connection is down');
      for (const { instId } of this.#instruments.values()) this.#lots.set(instId, 0);
      for (const { instId, signedLots } of account.positions) this.#lots.set(instId, signedLots);
      this.#tell({ kind: 'exchange-read', at: this.#now(), ...account });
      return;
    }
  }

  async #waitForReading(): Promise<void> {
    const waitMs = this.#readBeganAt + this.#limits.readEveryMs - performance.now();
    if (waitMs > 0) await delay(waitMs);
    this.#readBeganAt = performance.now();
  }

  /** Tells the fills since the last time; a fault where not all could be read. */
  async #readFills(): Promise<Fault | undefined> {
    const paging = { idOf: (row: Fill) => row.billId, pagesMax: PAGES_MAX };
    const query = { instType: 'SWAP' };
    const from = this.#fillsFrom;
    const listed =
      from === undefined
        ? reversed(await listAll(this.#rest, endpoints.fills, { ...query, begin: this.#options.fillsSinceMs }, paging))
        : await listNewer(this.#rest, endpoints.fills, query, from.billId, paging);
    if (listed.kind === 'fault') return listed.fault;
    const settledMs = this.#rest.exchangeNowMs() - FILLS_OVERLAP_MS;
    for (const row of listed.rows) {
      await this.#tellFill(row);
      if (Number(row.ts) < settledMs) this.#fillsFrom = { billId: row.billId };
    }
    return undefined;
  }

  async #readFunding(): Promise<Fault | undefined> {
    const query = { type: '8', instType: 'SWAP', begin: this.#options.fundingSinceMs };
    const isOldEnough = ({ billId }: { billId: string }) => this.#billsTold.has(billId);
    const paging = { idOf: (row: { billId: string }) => row.billId, pagesMax: PAGES_MAX, isOldEnough };
    const listed = await listAll(this.#rest, endpoints.bills, query, paging);
    if (listed.kind === 'fault') return listed.fault;
    for (const row of listed.rows.toReversed()) {
      if (this.#billsTold.has(row.billId) || !this.#instruments.has(row.instId)) continue;
      this.#billsTold.add(row.billId);
      this.#tell({ kind: 'funding-settled', at: Number(row.ts), instId: row.instId, amount: fundingOf(row) });
    }
    return undefined;
  }

  /** The fills of one order that the exchange has and we have not. */
  async #tellFillsOf(clientId: string, instId: string, ordId: string): Promise<void> {
    if (ordId === '') return;
    this.#lives.name(ordId, clientId, undefined);
    const listed = await listAll(
      this.#rest,
      endpoints.fills,
      { instType: 'SWAP', instId, ordId },
      { idOf: (row) => row.billId, pagesMax: PAGES_MAX },
    );
    if (listed.kind === 'fault') return this.#afterFault(listed.fault);
    for (const row of listed.rows.toReversed()) await this.#tellFill(row);
  }

  async #tellFill(row: Fill): Promise<void> {
    const of = this.#instruments.get(row.instId);
    if (of === undefined) return;
    const clientId = this.#lives.name(row.ordId, row.clOrdId, undefined) ?? this.#lives.namedBefore(row.ordId);
    const cause = foreignCause('normal', row.subType);
    if (clientId !== undefined || row.clOrdId !== '' || cause !== 'foreign')
      return this.#filled(fillOfRow(row, of), clientId, cause);
    // An order without client id: a person's, or sent by a stop of ours. The order itself says which.
    const answer = await this.#rest.get(endpoints.order, { instId: row.instId, ordId: row.ordId });
    if (answer.kind === 'fault' && answer.fault.class !== 'gone') throw new UnansweredError(answer.fault);
    const order = answer.kind === 'ok' ? answer.rows[0] : undefined;
    const named = order === undefined ? undefined : this.#lives.name(row.ordId, order.clOrdId, order.algoClOrdId);
    this.#filled(fillOfRow(row, of), named, foreignCause(order?.category ?? 'normal', row.subType));
  }

  #filled(facts: FillFacts, clientId: string | undefined, cause: Filled['cause']): void {
    if (this.#lives.filled(facts, clientId, cause))
      this.#lots.set(facts.instId, (this.#lots.get(facts.instId) ?? 0) + facts.side * facts.sizeLots);
  }

  #onSocket(name: string, event: SocketEvent): void {
    switch (event.kind) {
      case 'connected':
      case 'reconnected':
        this.#up.add(name);
        if (this.isConnected) this.read();
        return;
      case 'lost':
        this.#up.delete(name);
        return this.#tellLost(`the ${name} connection was lost: ${event.reason}`);
      case 'stopped':
        this.#up.delete(name);
        this.#options.warn(
          `the ${name} connection was refused: ${told(event.fault)}; "rungwise doctor" says what to do`,
        );
        return this.#tellLost(told(event.fault));
      case 'subscription-refused':
        this.#options.warn(`channel ${event.arg.channel} was refused: ${told(event.fault)}`);
        return this.#tellLost(`channel ${event.arg.channel} was refused`);
      case 'fault':
        return this.#lost(told(event.fault), event.fault);
      case 'push':
        return this.#guarded(() => this.#onPush(event.push));
    }
  }

  #onPush({ arg, data }: Push): void {
    switch (arg.channel) {
      case 'orders':
        return this.#eachRow(orderPush.read, data, (row) => this.#onOrder(row));
      case 'orders-algo':
        return this.#eachRow(algoOrder.read, data, (row) => this.#onAlgo(row));
      case 'positions':
        return this.#eachRow(positionWire.read, data, (row) => this.#onPosition(row));
    }
  }

  #eachRow<Row>(schema: Parameters<typeof readRows<Row>>[0], data: readonly unknown[], take: (row: Row) => void): void {
    const { rows, faults } = readRows(schema, data);
    for (const row of rows) this.#guarded(() => take(row));
    const [unread] = faults;
    if (unread !== undefined) this.#suspect(`a pushed row cannot be read: ${unread.reason}`);
  }

  #onOrder(row: OrderPush): void {
    const of = this.#instruments.get(row.instId);
    if (of === undefined) return;
    const clientId = this.#lives.name(row.ordId, row.clOrdId, row.algoClOrdId);
    const at = Number(row.uTime);
    if (clientId !== undefined && row.amendResult !== undefined && row.amendResult !== '')
      this.#lives.amended(clientId, row.reqId, row.amendResult === '0', at);
    const fill = fillOfPush(row, of);
    if (fill === 'incomplete') this.read();
    else if (fill !== 'none') this.#filled(fill, clientId, foreignCause(row.category ?? 'normal', undefined));
    if (clientId === undefined) return;
    const filledLots = lotsOfText(of, row.accFillSz);
    let isMissingFills = false;
    if (row.state === 'live' || row.state === 'partially_filled') this.#lives.accepted(clientId, at);
    else if (row.state === 'filled') isMissingFills = this.#lives.ended(clientId, filledLots, 'filled', at);
    else if (row.state === 'canceled')
      isMissingFills = this.#lives.ended(clientId, filledLots, endCause(row.cancelSource), at);
    else this.#inBackground(() => this.#lookUp(clientId, row.instId, this.#lives.kindOf(clientId)));
    if (isMissingFills) this.#inBackground(() => this.#tellFillsOf(clientId, row.instId, row.ordId));
  }

  #onAlgo(row: AlgoOrder): void {
    const clientId = row.algoClOrdId;
    if (!this.#instruments.has(row.instId) || !this.#lives.isOurs(clientId)) return;
    const at = Number(row.uTime ?? row.cTime);
    const none = 0 as Filled['sizeLots'];
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
    const size = lotsOfText(of, row.pos.replace('-', ''));
    this.#pushedLots.set(row.instId, row.pos.startsWith('-') ? -size : size);
    this.#after(this.#limits.explainWithinMs, () => {
      if ((this.#lots.get(row.instId) ?? 0) !== this.#pushedLots.get(row.instId)) this.read();
    });
  }

  /** Tells the exchange that we live; without it our orders are cancelled, so that none fills that nobody protects. */
  #beat(): void {
    this.#inBackground(async () => {
      const answer = await this.#rest.post(endpoints.cancelAllAfter, { timeOut: String(this.#limits.cancelAllAfterS) });
      if (answer.kind === 'fault') this.#options.warn(`cancel-all-after was not renewed: ${told(answer.fault)}`);
    });
  }

  #afterFault(fault: Fault): void {
    if (fault.class === 'auth') {
      this.#inBackground(() => this.#rest.syncClock());
      this.#tellLost(told(fault));
    }
  }

  #lost(reason: string, fault: Fault): void {
    if (fault.class === 'auth') this.#inBackground(() => this.#rest.syncClock());
    this.#tellLost(reason);
  }

  /** A payload that does not fit: what it would have said is read anew. */
  #suspect(reason: string): void {
    this.#options.warn(reason);
    this.#tellLost(reason);
    this.#after(this.#limits.explainWithinMs, () => this.read());
  }

  #tellLost(reason: string): void {
    if (!this.#isClosed) this.#tell({ kind: 'exchange-lost', at: this.#now(), reason });
  }

  #tell(event: CoreEvent): void {
    if (this.#isClosed) return;
    if (event.kind !== 'exchange-read' && event.kind !== 'exchange-lost') this.#tellings += 1;
    const at = this.#inOrder(event.at);
    this.#lastToldAt = Math.max(this.#lastToldAt, at);
    this.#options.hear(at === event.at ? event : { ...event, at });
  }

  /**
   * What we date ourselves may be ahead of the exchange by our clock's error: what it dates next does not run back for that. A fill that is found
   * late keeps its time.
   */
  #inOrder(at: number): number {
    const behindMs = this.#lastToldAt - at;
    return behindMs > 0 && behindMs <= this.#limits.clockErrorMs ? this.#lastToldAt : at;
  }

  /** The exchange's time as we know it; never behind what was told. */
  #now(): number {
    return Math.max(this.#lastToldAt, this.#rest.exchangeNowMs());
  }

  /** After everything that was asked of this order before. */
  #inLine(life: OrderLife | undefined, act: () => Promise<void>): void {
    if (life === undefined) return this.#inBackground(act);
    life.line = life.line.then(() => this.#tried(act, undefined));
  }

  #inBackground(act: () => Promise<unknown>): void {
    void this.#tried(act, undefined);
  }

  /** Counts what is under way. A payload that does not fit is a fault; any other error is ours and ends the process. */
  async #tried<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    this.#underWay += 1;
    try {
      return await act();
    } catch (error) {
      if (error instanceof UnansweredError) this.#lost(error.message, error.fault);
      else if (isPayloadFault(error)) this.#suspect(error.message);
      else throw error;
      return otherwise;
    } finally {
      this.#underWay -= 1;
    }
  }

  #guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (!isPayloadFault(error)) throw error;
      this.#suspect(error.message);
    }
  }

  #after(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  #every(ms: number, act: () => void): void {
    this.#timers.add(setInterval(act, ms));
  }
}

const DAY_MS = 86_400_000;
/** Longer than this nobody waits for a proof; the loop asks again. */
const WAIT_FOR_PROOF_MS = 60_000;
