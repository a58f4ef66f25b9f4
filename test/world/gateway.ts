/**
 * The middle: the runtime's exchange port over the world's wire, as careful as the translation of a real protocol has to be.
 *
 * It decides nothing about trading. What it knows: an answer that does not come is unknown; a leverage is set before the order that needs it,
 * or the order is never sent; a reading is whole or none, and as old as its oldest part; what is not found is absent only once it can no
 * longer arrive. A real adapter takes its place: the world asks for a {@link Gateway} and nothing else of it.
 */

import { exchangeLost } from '../../src/core/account/lost.ts';
import type { Amend } from '../../src/core/decision.ts';
import type { CoreEvent, Filled } from '../../src/core/event.ts';
import type { Approved } from '../../src/core/orders/order.ts';
import { doubtsInstrument } from '../../src/okx/untradable.ts';
import type { Exchange } from '../../src/runtime/ports.ts';
import type { LifeGrid } from './life-grid.ts';
import type { Connection, Network } from './network.ts';
import type { Scheduler } from './scheduler.ts';
import { Watch } from './watch.ts';
import { type Answer, LAG_MS, type Request, type Yes } from './wire.ts';

export interface GatewaySettings {
  readonly scheduler: Scheduler;
  readonly network: Network;
  readonly hear: (event: CoreEvent) => void;
  /** Exchange's time of the last whole reading that the journal knows, else since when there is one; 0: it is new. */
  readonly readAt: number;
  /** How much later than asked a request departs: the disk was slow. */
  readonly delayMs: () => number;
  /** Says nothing of this silence: the loop has to notice it itself. */
  readonly isMute: () => boolean;
  readonly grid: LifeGrid;
  /** The push connection stands: the feed fills its gaps. */
  readonly connected: () => void;
}

const ANSWER_MS = 1_500;
const SILENCE_MS = 3_000;
/** An amendment that the exchange has not taken by then is not done any more (OKX: expTime). */
const AMEND_MS = 1_500;
/** What happened this long before the last reading is asked for again. */
const OVERLAP_MS = 5_000;

export class Gateway implements Exchange, Connection {
  readonly #settings: GatewaySettings;
  #isConnected = false;
  #isClosed = false;
  #isReading = false;
  #beatAt = 0;
  readonly #bornMs: number;
  #readAt: number;
  /** Newest time that the exchange was heard to name. */
  #exchangeMs: number;
  /** Until when an order's last amendment may still be done: before, nobody can say at what it stands. */
  readonly #amendedBy = new Map<string, number>();
  readonly #toldTrades = new Set<string>();
  /** Orders that wait for the leverage of their instrument. */
  readonly #waiting = new Map<string, Approved[]>();
  readonly #watch: Watch;

  constructor(settings: GatewaySettings) {
    this.#settings = settings;
    this.#bornMs = settings.scheduler.nowMs;
    this.#readAt = settings.readAt;
    this.#exchangeMs = settings.readAt;
    this.#watch = new Watch({
      nowMs: () => settings.scheduler.nowMs,
      ask: () => this.#readNotices(),
      hear: (event) => {
        if (event.kind === 'instrument') settings.grid.hearInstrument(event);
        settings.hear(event);
      },
    });
    settings.network.open(this);
  }

  get grid(): LifeGrid {
    return this.#settings.grid;
  }

  close(): void {
    this.#isClosed = true;
    this.#settings.network.close(this);
  }

  hear(event: CoreEvent): void {
    this.#exchangeMs = Math.max(this.#exchangeMs, event.at);
    if (event.kind === 'instrument' || event.kind === 'maintenance') return this.#watch.hear(event);
    if (event.kind === 'filled') this.#toldTrades.add(tradeOf(event));
    if (doubtsInstrument(event)) this.#watch.missed();
    this.#settings.hear(event);
  }

  beat(): void {
    this.#beatAt = this.#settings.scheduler.nowMs;
  }

  connected(): void {
    this.#isConnected = true;
    this.beat();
    this.#settings.connected();
    this.#watch.missed();
    this.#watchSilence();
  }

  disconnected(): void {
    this.#isConnected = false;
    this.#lost('the connection broke');
  }

  #watchSilence(): void {
    const { scheduler, network } = this.#settings;
    scheduler.after(1_000, () => {
      if (this.#isClosed || !this.#isConnected) return;
      this.#watch.look();
      if (scheduler.nowMs - this.#beatAt <= SILENCE_MS) return this.#watchSilence();
      this.disconnected();
      network.reconnect(this);
    });
  }

  #readNotices(): void {
    let isAnswered = false;
    this.#ask(
      { kind: 'notices' },
      (answer) => {
        if (isAnswered) return;
        isAnswered = true;
        if ('yes' in answer) this.#watch.read(answer.yes.notices ?? []);
        else this.#watch.failed();
      },
      () => {
        if (!isAnswered) this.#watch.failed();
        isAnswered = true;
      },
    );
  }

  #lost(reason: string): void {
    this.#settings.hear({ kind: 'exchange-lost', at: this.#exchangeMs, reason });
  }

  /** Told where it is so: nothing was done, nothing can be asked, and what was sent is unknown until the exchange answers for it. */
  #refusesAccess(answer: Answer): boolean {
    const isRefused = 'no' in answer && answer.no.refusesAccess === true;
    if (isRefused)
      this.#settings.hear(exchangeLost(this.#exchangeMs, { code: 'access-refused', words: answer.no.code }));
    return isRefused;
  }

  place(order: Approved): void {
    const waiting = order.reduceOnly ? undefined : this.#waiting.get(order.instId);
    if (waiting !== undefined) waiting.push(order);
    else this.#send(order);
  }

  #send(order: Approved): void {
    const { clientId, instId } = order;
    if (!order.reduceOnly && !this.grid.mayGrow(instId))
      return this.hear({
        kind: 'order-rejected',
        at: this.#exchangeMs,
        clientId,
        code: 'instrument-not-read',
        message: 'its lot is another one',
      });
    let isAnswered = false;
    this.#ask(
      { kind: 'place', order },
      (answer) => {
        isAnswered = true;
        if (this.#refusesAccess(answer))
          return this.hear({ kind: 'order-unknown', at: answer.at, clientId, reason: 'access refused' });
        if ('yes' in answer || answer.no.code === '51016')
          this.hear({ kind: 'order-accepted', at: answer.at, clientId });
        else if (answer.no.proves && answer.no.isUntimely !== true)
          this.hear({
            kind: 'order-rejected',
            at: answer.at,
            clientId,
            code: answer.no.code,
            message: answer.no.message,
          });
        else this.hear({ kind: 'order-unknown', at: answer.at, clientId, reason: answer.no.code });
      },
      () => {
        if (isAnswered || this.#settings.isMute()) return;
        this.hear({ kind: 'order-unknown', at: this.#exchangeMs, clientId, reason: 'no answer' });
      },
    );
  }

  /** What became of it comes as a push, or is asked for. */
  cancel(instId: string, clientId: string): void {
    this.#ask({ kind: 'cancel', instId, clientId }, () => undefined);
  }

  amend(change: Amend): void {
    const { clientId } = change;
    const takenByMs = this.#exchangeMs + this.#settings.delayMs() + AMEND_MS;
    this.#amendedBy.set(clientId, takenByMs);
    this.#ask({ kind: 'amend', change, takenByMs }, (answer) => {
      const isOfTheLast = this.#amendedBy.get(clientId) === takenByMs;
      if (!this.#refusesAccess(answer) && 'no' in answer && answer.no.proves && isOfTheLast)
        this.hear({ kind: 'order-amended', at: answer.at, clientId, done: false, code: answer.no.code });
    });
  }

  setLeverage(instId: string, leverage: number): void {
    if (!this.#waiting.has(instId)) this.#waiting.set(instId, []);
    let isAnswered = false;
    const release = (isSet: boolean) => {
      const orders = this.#waiting.get(instId) ?? [];
      this.#waiting.delete(instId);
      for (const order of orders) {
        if (isSet) this.#send(order);
        else
          this.hear({
            kind: 'order-rejected',
            at: this.#exchangeMs,
            clientId: order.clientId,
            code: 'leverage-not-set',
            message: `the leverage could not be set to ${leverage}x, so the order was not sent`,
          });
      }
    };
    this.#ask(
      { kind: 'leverage', instId, leverage },
      (answer) => {
        if (isAnswered) return;
        isAnswered = true;
        if ('yes' in answer) {
          const { leverage: set = 0, leverageMost } = answer.yes;
          const most = leverageMost === undefined ? {} : { most: leverageMost };
          this.hear({ kind: 'leverage', at: answer.at, instId, leverage: set, ...most });
        }
        release('yes' in answer && answer.yes.leverage === leverage);
      },
      () => {
        if (isAnswered) return;
        isAnswered = true;
        release(false);
      },
    );
  }

  inquire(order: Approved): void {
    const { clientId } = order;
    this.#ask({ kind: 'order', clientId }, (answer) => {
      const status = 'yes' in answer ? answer.yes.order : undefined;
      if (status === undefined) return;
      const { at } = answer;
      for (const fill of status.fills) this.hear(fill);
      if (status.state === 'living') {
        if (at - LAG_MS <= (this.#amendedBy.get(clientId) ?? 0)) return;
        this.hear({
          kind: 'order-standing',
          at,
          clientId,
          ticks: status.ticks,
          sizeLots: status.sizeLots as Approved['sizeLots'],
        });
      } else if (status.state === 'ended')
        this.hear({
          kind: 'order-ended',
          at,
          clientId,
          filledLots: status.filledLots as Approved['sizeLots'],
          cause: status.cause,
        });
      else if (at - LAG_MS > order.takenByMs) this.hear({ kind: 'order-absent', at, clientId });
    });
  }

  read(): void {
    if (!this.#isConnected) return this.#lost('the connection is down');
    if (this.#isReading) return;
    this.#isReading = true;
    this.#part({ kind: 'account' }, (account) =>
      this.#part({ kind: 'orders' }, (orders) =>
        this.#readFills(account, [], -1, (fills) =>
          this.#part({ kind: 'fundings', sinceMs: this.#sinceMs(account) }, (fundings) =>
            this.#tell(account, orders, fills, fundings),
          ),
        ),
      ),
    );
  }

  /** One part of a reading; one that fails ends it. */
  #part(request: Request, next: (answer: { readonly at: number; readonly yes: Yes }) => void): void {
    let isOver = false;
    const fail = (reason: string) => {
      if (isOver) return;
      isOver = true;
      this.#isReading = false;
      this.#lost(`the account could not be read: ${reason}`);
    };
    this.#ask(
      request,
      (answer) => {
        if (isOver) return;
        this.#refusesAccess(answer);
        if ('no' in answer) return fail(answer.no.code);
        isOver = true;
        next(answer);
      },
      () => fail('no answer'),
    );
  }

  #readFills(
    account: { readonly at: number; readonly yes: Yes },
    before: readonly CoreEvent[],
    afterTrade: number,
    next: (fills: readonly CoreEvent[]) => void,
  ): void {
    this.#part({ kind: 'fills', sinceMs: this.#sinceMs(account), afterTrade }, ({ yes }) => {
      const { page = [], lastTrade = afterTrade, isLast = true } = yes.fills ?? {};
      const all = [...before, ...page];
      if (isLast) next(all);
      else this.#readFills(account, all, lastTrade, next);
    });
  }

  /** Without a reading in the journal: since there is one, as at the command line. What is open is found then. */
  #sinceMs({ at }: { readonly at: number }): number {
    return this.#readAt > 0 ? this.#readAt - OVERLAP_MS : Math.min(at, this.#bornMs);
  }

  #tell(
    accountAnswer: { readonly at: number; readonly yes: Yes },
    ordersAnswer: { readonly at: number; readonly yes: Yes },
    fills: readonly CoreEvent[],
    fundingAnswer: { readonly yes: Yes },
  ): void {
    this.#isReading = false;
    const account = accountAnswer.yes.account;
    if (account === undefined || ordersAnswer.yes.orders === undefined) return this.#lost('an empty answer');
    if (!this.#isConnected) return this.#lost('the connection broke while the account was read');
    if (!account.isNetMode) return this.#lost('the position mode is long/short: set it to net mode');
    const at = accountAnswer.at - LAG_MS;
    // As the adapter: a trade that was told is taken for heard.
    for (const fill of fills) if (fill.kind !== 'filled' || !this.#toldTrades.has(tradeOf(fill))) this.hear(fill);
    for (const funding of fundingAnswer.yes.fundings ?? []) this.hear(funding);
    for (const { instId, leverage } of account.leverages) this.hear({ kind: 'leverage', at, instId, leverage });
    this.hear({
      kind: 'exchange-read',
      at,
      balance: account.balance,
      available: account.available,
      positions: account.positions.map(({ instId, signedLots, costUnits, leverage }) => ({
        instId,
        signedLots,
        costUnits,
        leverage,
      })),
      orders: ordersAnswer.yes.orders,
      ...(account.crossMargin.length === 0 ? {} : { crossMargin: account.crossMargin }),
    });
    this.#readAt = Math.max(this.#readAt, at);
  }

  #ask(request: Request, answered: (answer: Answer) => void, silent?: () => void): void {
    const { network, scheduler } = this.#settings;
    this.#depart(() => {
      network.request(request, this.grid, (answer) => {
        if (this.#isClosed) return;
        this.#exchangeMs = Math.max(this.#exchangeMs, answer.at);
        answered(answer);
      });
      if (silent !== undefined)
        scheduler.after(ANSWER_MS, () => {
          if (!this.#isClosed) silent();
        });
    });
  }

  /** Once the process has time; it may be thawed before it was to have some. */
  #depart(send: () => void): void {
    if (this.#isClosed) return;
    const delayMs = this.#settings.delayMs();
    if (delayMs === 0) send();
    else this.#settings.scheduler.after(Math.min(delayMs, 1_000), () => this.#depart(send));
  }
}

function tradeOf({ instId, tradeId }: Filled): string {
  return `${instId} ${tradeId}`;
}
