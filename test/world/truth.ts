/**
 * The exchange as it really is: matcher, account, the history of every order and fill, and the outsiders who act on the account.
 *
 * It answers requests (wire.ts) at the moment they arrive and pushes what happens. It is never wrong: what the bot hears of it goes through the
 * network. Its books are kept for the checks: every order under every client id, every fill.
 */

import type { Amend } from '../../src/core/decision.ts';
import type { CoreEvent, CrossPosition, Filled, OrderReading } from '../../src/core/event.ts';
import { type GridSteps, type Instrument, onSteps } from '../../src/core/instrument/instrument.ts';
import { lots, money, type Side, ticks } from '../../src/core/numbers/units.ts';
import type { Approved, OrderTerms } from '../../src/core/orders/order.ts';
import type { Policy } from '../../src/core/policy.ts';
import { type AccountSettings, SimAccount } from '../../src/sim/account/account.ts';
import { DEFAULT_FILL_MODEL } from '../../src/sim/matching/fill-model.ts';
import { Matcher } from '../../src/sim/matching/matcher.ts';
import {
  type AccountListener,
  type EndCause,
  type Rejection,
  type SimFill,
  type SimOrder,
  savedOrder,
} from '../../src/sim/matching/order.ts';
import { amendedEvent } from '../../src/sim/venue/telling.ts';
import type { NATURAL } from './faults.ts';
import { Prices, type Second } from './market.ts';
import { Notices } from './notices.ts';
import { Ratio, Regrid } from './other-grid.ts';
import { type Answer, LAG_MS, type No, type OrderStatus, type Request, type Yes } from './wire.ts';

export const BALANCE = 1_000_00000000n;
const FILLS_PAGE = 20;
const PRICES_STREAM = 10;
const FILL_MODEL = { ...DEFAULT_FILL_MODEL, participation: 0.3, depthUsdtMin: 100 };

/** One life of an order under a client id: an id may come back once its order is gone. */
export interface OrderLife {
  order: SimOrder;
  readonly acceptedAt: number;
  endedAt: number | undefined;
  cause: EndCause | undefined;
  /** Where it has stood so far, newest last: price (or trigger) and size as they were asked for. */
  readonly stood: { readonly ticks: number; readonly sizeLots: number }[];
}

/** How the account stood from a moment on: what is read may be a copy that is a little older than the question. */
interface Copy {
  readonly at: number;
  readonly account: Omit<NonNullable<Yes['account']>, 'isNetMode'>;
  readonly orders: readonly OrderStanding[];
}

interface OrderStanding extends OrderReading {
  readonly ticks: number;
  readonly sizeLots: number;
}

export interface TruthListener {
  pushed(event: CoreEvent): void;
  /** Said to everybody, of an instrument or of maintenance. */
  announced(event: CoreEvent): void;
  /** An order of the bot was taken. */
  accepted(life: OrderLife, order: Approved): void;
  met(what: (typeof NATURAL)[number]): void;
}

export class ExchangeTruth {
  /** On the grid of the moment. */
  readonly instruments: readonly Instrument[];
  /** As its list says them: that may be some seconds before or after. */
  readonly listed: readonly Instrument[];
  matcher: Matcher;
  account: SimAccount;
  readonly notices: Notices;
  /** An instrument is another one than it was when the bot first started. */
  hasRegridded = false;
  /** When another contract was last said, or made, of one of which something was open. */
  convertedAt = Number.NEGATIVE_INFINITY;
  readonly prices: readonly Prices[];
  readonly seconds: Second[];
  /** By client id, oldest first. */
  readonly lives = new Map<string, OrderLife[]>();
  /** Each on the grid of its moment. */
  readonly fills: Filled[] = [];
  /** Trades that a life of the bot could not count, so that nobody has been told of them. */
  readonly uncounted = new Set<string>();
  readonly fundings: CoreEvent[] = [];
  isNetMode = true;
  /** What a person has moved in and out of the account altogether, 10⁻⁸ USDT. */
  moved = 0n;
  hasMovedCash = false;
  /** Until then every request is turned away without a word on whether it was taken. */
  maintenanceUntil = Number.NEGATIVE_INFINITY;
  /** By instrument: how long it lets no take-profit rest, and how it says so. */
  readonly targets: ({ readonly refusedUntil: number; readonly how: 'refused' | 'ended' } | undefined)[] = [];
  /** By instrument: what a person holds with cross margin, a position beside the bot's. */
  readonly cross: (Omit<CrossPosition, 'instId'> | undefined)[] = [];
  /** When a person or the exchange itself last acted on the account behind the bot's back. */
  outsiderAt = Number.NEGATIVE_INFINITY;
  readonly #grid: Instrument[];
  readonly #listed: Instrument[];
  readonly #atTheStart: readonly Instrument[];
  /** Of fills on a grid that is no more, by trade. */
  readonly #stepsOfFills = new Map<string, GridSteps>();
  readonly #accountSettings: AccountSettings;
  readonly #accountListener: AccountListener;
  readonly #nowMs: () => number;
  readonly #listener: TruthListener;
  /** Oldest first; nothing older than any answer may be, but for the one that held then. */
  readonly #copies: Copy[] = [];
  /** Something has changed since the newest copy. */
  #isChanged = true;
  #outsiders = 0;

  constructor(
    seed: number,
    policy: Policy,
    instruments: readonly Instrument[],
    startTicks: readonly number[],
    nowMs: () => number,
    listener: TruthListener,
  ) {
    this.#nowMs = nowMs;
    this.#listener = listener;
    this.#grid = [...instruments];
    this.#atTheStart = instruments;
    this.instruments = this.#grid;
    this.#listed = [...instruments];
    this.listed = this.#listed;
    this.notices = new Notices(this.#listed, nowMs, (event) => listener.announced(event));
    this.prices = instruments.map((_, index) => new Prices(seed, PRICES_STREAM + index, startTicks[index] ?? 10_000));
    this.matcher = new Matcher([...instruments], FILL_MODEL);
    this.#accountSettings = {
      id: 'world',
      startBalance: BALANCE,
      feeRates: policy.execution.feeRates,
      leverage: policy.execution.leverage.max,
    };
    this.#accountListener = {
      accepted: (order, at) => this.#accepted(order, at),
      amended: (order, at) => {
        this.#noteStanding(order);
        this.#push(amendedEvent(order, at));
      },
      triggered: () => undefined,
      filled: (fill) => this.#filled(fill),
      ended: (order, cause, at) => this.#ended(order, cause, at),
      funded: (instId, units, at) => {
        const event = { kind: 'funding-settled', at, instId, amount: money(BigInt(units)) } as const;
        this.fundings.push(event);
        this.#push(event);
      },
      leverageSet: (instId, leverage, at) => this.#push({ kind: 'leverage', at, instId, leverage }),
    };
    this.account = new SimAccount(this.#accountSettings, [...instruments], this.#accountListener);
    this.seconds = instruments.map(() => ({ lastTicks: 0, markTicks: 0, bidTicks: 0, askTicks: 0, volumeLots: 0 }));
  }

  /**
   * From now on the instrument is of these steps. What of a position is no whole number of the new lots is settled; of what rests nothing stays, or what
   * the new grid has a size for and `mayStay` lets.
   */
  regrid(index: number, steps: GridSteps, mayStay: (order: SimOrder) => boolean): Regrid {
    const was = this.#grid[index] as Instrument;
    const regrid = new Regrid(was, steps);
    this.hasRegridded = true;
    const { lots: held } = this.account.positionAt(index);
    const odd = held - regrid.lots.mostWhole(held);
    // First: all of it may be odd, and its fill is heard in the new contract.
    this.#noteConversion(index, was, steps);
    if (odd > 0) this.matcher.deleverage(this.account, was.instId, odd, this.#nowMs());
    const stays = (order: SimOrder) => mayStay(order) && regrid.order(savedOrder(order)) !== undefined;
    for (const order of this.livingOf(index).slice()) if (!stays(order)) this.outsiderCancels(order.clientId);
    for (const { instId, tradeId } of this.fills)
      if (instId === was.instId && !this.#stepsOfFills.has(tradeId)) this.#stepsOfFills.set(tradeId, was);
    this.#grid[index] = this.#on(index, steps);
    for (const each of [...this.lives.values()].flat())
      if (each.order.index === index)
        each.stood.forEach(
          (at, n) =>
            (each.stood[n] = { ...at, ticks: regrid.ticks.near(at.ticks), sizeLots: regrid.traded.near(at.sizeLots) }),
        );
    this.seconds[index] = regrid.second(this.seconds[index] as Second);
    this.prices[index]?.regrid(regrid.ticks);
    this.#resume(index, regrid);
    this.outsiderAt = this.#nowMs();
    this.#isChanged = true;
    this.#copies.length = 0;
    this.#copy();
    return regrid;
  }

  /** From now on its list says these steps, and so it is told. */
  listAs(index: number, steps: GridSteps): void {
    this.#noteConversion(index, this.notices.listedAt(index), steps);
    this.#listed[index] = this.#on(index, steps);
    this.notices.list(index, {});
  }

  #noteConversion(index: number, was: GridSteps, is: GridSteps): void {
    const isOfSameContract = new Ratio([was.contractValue], [is.contractValue]).whole(1) === 1;
    if (!isOfSameContract && this.account.positionAt(index).lots > 0) this.convertedAt = this.#nowMs();
  }

  #on(index: number, steps: GridSteps): Instrument {
    const { tickSize, lotSize, contractValue } = steps;
    return onSteps(this.#atTheStart[index] as Instrument, { tickSize, lotSize, contractValue });
  }

  get nowMs(): number {
    return this.#nowMs();
  }

  /** Everything is as it was, of one instrument in other numbers. */
  #resume(index: number, regrid: Regrid): void {
    const { account: before, matcher } = this;
    const orders = before.orders.flat().map(savedOrder);
    const positions = before.positions.map((each) => (each.index === index ? regrid.position(each) : each));
    const instruments = [...this.#grid];
    this.matcher = new Matcher(instruments, FILL_MODEL);
    this.matcher.resume(matcher.save());
    this.seconds.forEach(({ lastTicks, markTicks, bidTicks, askTicks }, n) => {
      const book = this.matcher.bookAt(n);
      book.start(lastTicks, markTicks, this.#nowMs());
      book.quote(lastTicks, bidTicks, askTicks);
    });
    const saved = { totals: before.totals, positions };
    this.account = new SimAccount({ ...this.#accountSettings, saved }, instruments, this.#accountListener);
    const { account } = this;
    const resumed = orders.map((order) => (order.index === index ? regrid.order(order) : order));
    this.matcher.resumeOrders(resumed.flatMap((order) => (order === undefined ? [] : { account, order })));
    this.matcher.resumePositions(account);
    for (const order of account.orders.flat()) {
      account.refreeze(order.index);
      const life = this.lives.get(order.clientId)?.at(-1);
      if (life !== undefined) life.order = order;
      if (order.index === index) this.#noteStanding(order);
    }
  }

  isOfThisGrid({ tradeId }: Filled): boolean {
    return !this.#stepsOfFills.has(tradeId) && !this.uncounted.has(tradeId);
  }

  /** The fill as a list says it now; undefined: who counts on the grid of now cannot. */
  said(fill: Filled): Filled | undefined {
    const was = this.#stepsOfFills.get(fill.tradeId);
    const is = this.#grid[this.matcher.indexOf(fill.instId) ?? 0];
    return was === undefined || is === undefined ? fill : new Regrid(was, is).fill(fill);
  }

  /** One second of the market. */
  nextSecond(): void {
    this.instruments.forEach((_, index) => this.#move(index));
    this.#copy();
  }

  /** Where nothing is traded the market goes on elsewhere, and is met again at another price. */
  #move(index: number): void {
    const second = (this.prices[index] as Prices).next();
    if (!this.notices.isTraded(index)) {
      this.seconds[index] = { ...(this.seconds[index] ?? second), volumeLots: 0 };
      return;
    }
    this.seconds[index] = second;
    const book = this.matcher.bookAt(index);
    const at = this.#nowMs();
    book.legEndMs = at;
    this.matcher.move({ instId: book.instrument.instId, ...second, at });
  }

  /** What the exchange answers to a request that arrives now. A question is answered from a copy as old as `ageMs`. */
  serve(request: Request, ageMs = 0): Answer {
    const answer = this.#serve(request, ageMs === 0 ? undefined : this.#nowMs() - ageMs);
    this.#copy();
    return answer;
  }

  #serve(request: Request, asOf: number | undefined): Answer {
    const at = this.#nowMs();
    if (at < this.maintenanceUntil && request.kind !== 'notices')
      return { at, no: { code: '50001', message: 'Service temporarily unavailable', proves: false } };
    switch (request.kind) {
      case 'place':
        return this.#place(request.order, at);
      case 'cancel':
        return this.matcher.cancel(this.account, request.clientId, at)
          ? { at, yes: {} }
          : { at, no: { code: '51400', message: 'Cancellation failed: filled, canceled or unknown', proves: true } };
      case 'amend': {
        if (at > request.takenByMs) return { at, no: EXPIRED };
        const unchangeable = this.#noChange(request.change);
        if (unchangeable !== undefined) return { at, no: unchangeable };
        const done = this.matcher.amend(this.account, request.change.clientId, request.change, at);
        return 'reason' in done ? { at, no: noOf(done) } : { at, yes: {} };
      }
      case 'leverage': {
        const index = this.matcher.indexOf(request.instId) ?? 0;
        const most = this.notices.leverageMost(index);
        // As the adapter, which reads back what is set, and asks for the most where it was refused as too high.
        if (request.leverage > most)
          return { at, yes: { leverage: this.account.positionAt(index).leverage, leverageMost: most } };
        const no = this.matcher.setLeverage(this.account, request.instId, request.leverage, at);
        return no === undefined
          ? { at, yes: { leverage: this.account.positionAt(index).leverage } }
          : { at, no: noOf(no) };
      }
      case 'notices':
        return { at, yes: { notices: [...this.notices.instruments(asOf), this.notices.maintenance(asOf)] } };
      case 'order':
        return { at, yes: { order: this.#status(request.clientId, asOf) } };
      case 'fills':
        return { at, yes: { fills: this.#page(request, asOf) } };
      case 'fundings':
        return {
          at,
          yes: { fundings: this.fundings.filter((event) => event.at >= request.sinceMs && event.at <= (asOf ?? at)) },
        };
      case 'account':
        return { at, yes: { account: { ...this.#copyAt(asOf).account, isNetMode: this.isNetMode } } };
      case 'orders':
        return {
          at,
          yes: {
            orders: this.#copyAt(asOf).orders.map(({ clientId, instId, reduceOnly, ticks: stands, sizeLots }) => ({
              clientId: saidId(clientId),
              instId,
              reduceOnly,
              ...(isOurs(clientId) ? { stands: { ticks: stands, sizeLots: lots(sizeLots) } } : {}),
            })),
          },
        };
    }
  }

  /** Keeps how everything stands now, if it stands otherwise than before. */
  #copy(): void {
    if (!this.#isChanged) return;
    this.#isChanged = false;
    const at = this.#nowMs();
    const copies = this.#copies;
    if (copies.at(-1)?.at === at) copies.pop();
    copies.push({ at, account: this.#account(), orders: this.account.orders.flat().map(standingOf) });
    while ((copies[1]?.at ?? at) < at - LAG_MS) copies.shift();
  }

  #copyAt(asOf = Number.POSITIVE_INFINITY): Copy {
    this.#copy();
    return (this.#copies.findLast(({ at }) => at <= asOf) ?? this.#copies[0]) as Copy;
  }

  #noteStanding(order: SimOrder): void {
    this.lives.get(order.clientId)?.at(-1)?.stood.push(standingOf(order));
  }

  #place(order: Approved, at: number): Answer {
    if (at > order.takenByMs) return { at, no: EXPIRED };
    if (!this.isNetMode) return { at, no: { code: '51000', message: 'Parameter posSide error', proves: true } };
    const life = this.lives.get(order.clientId)?.at(-1);
    if (life !== undefined && life.endedAt === undefined && this.account.isLiving(life.order)) {
      this.#listener.met('duplicate-id');
      return { at, no: { code: '51016', message: 'Client order ID already exists', proves: false } };
    }
    const index = this.matcher.indexOf(order.instId) ?? 0;
    const no = this.notices.no(index, order.sizeLots, ticksOf(order.terms));
    if (no !== undefined) return { at, no };
    const { refusedUntil = 0, how } = this.targets[index] ?? {};
    const isUnwanted = at < refusedUntil && order.terms.type === 'limit' && isTarget({ ...order, ...order.terms });
    if (isUnwanted && how === 'refused') return { at, no: TARGET_REFUSED };
    this.#asked = order;
    const done = this.matcher.place(this.account, order, at);
    this.#asked = undefined;
    if ('reason' in done) return { at, no: noOf(done) };
    if (isUnwanted) this.outsiderCancels(order.clientId);
    return { at, yes: {} };
  }

  #asked: Approved | undefined;

  #noChange({ clientId, priceTicks, triggerTicks, sizeLots }: Amend): No | undefined {
    const order = this.account.order(clientId);
    if (order === undefined) return undefined;
    return this.notices.no(order.index, sizeLots ?? 0, triggerTicks ?? priceTicks ?? 0);
  }

  #accepted(order: SimOrder, at: number): void {
    const life: OrderLife = { order, acceptedAt: at, endedAt: undefined, cause: undefined, stood: [] };
    const lives = this.lives.get(order.clientId);
    if (lives === undefined) this.lives.set(order.clientId, [life]);
    else lives.push(life);
    this.#noteStanding(order);
    this.#isChanged = true;
    if (!isOurs(order.clientId)) return;
    if (this.#asked !== undefined) this.#listener.accepted(life, this.#asked);
    this.#push({ kind: 'order-accepted', at, clientId: order.clientId });
  }

  #ended(order: SimOrder, cause: EndCause, at: number): void {
    this.#isChanged = true;
    const life = this.lives.get(order.clientId)?.at(-1);
    if (life !== undefined) {
      life.endedAt = at;
      life.cause = cause;
    }
    if (!isOurs(order.clientId)) return;
    this.#push({ kind: 'order-ended', at, clientId: order.clientId, filledLots: lots(order.filledLots), cause });
  }

  #filled(fill: SimFill): void {
    const { at, instId, side, liquidity, order } = fill;
    const id = order?.clientId ?? '';
    if (order !== undefined && order.filledLots < order.sizeLots) this.#listener.met('partial-fill');
    if (order !== undefined && order.filledLots === order.sizeLots && order.sizeLots === order.requestedLots) {
      const life = this.lives.get(id)?.at(-1);
      if (life !== undefined) life.endedAt = at;
    }
    const said = {
      kind: 'filled',
      at,
      instId,
      tradeId: String(fill.tradeId),
      side,
      sizeLots: lots(fill.sizeLots),
      priceTicks: ticks(fill.priceTicks),
      fee: money(BigInt(fill.feeUnits)),
      liquidity,
    } as const;
    const event: Filled = isOurs(id)
      ? { ...said, clientId: id, cause: 'order' }
      : { ...said, cause: order === undefined ? 'liquidation' : id.startsWith('adl') ? 'adl' : 'foreign' };
    if (event.cause !== 'order') this.outsiderAt = at;
    this.fills.push(event);
    this.#push(event);
  }

  #push(event: CoreEvent): void {
    this.#isChanged = true;
    this.#listener.pushed(event);
  }

  #status(clientId: string, asOf = Number.POSITIVE_INFINITY): OrderStatus {
    const life = this.lives.get(clientId)?.findLast(({ acceptedAt }) => acceptedAt <= asOf);
    if (life === undefined)
      return { state: 'none', instId: '', ticks: 0, sizeLots: 0, filledLots: 0, cause: '', fills: [] };
    const standing = this.#copyAt(asOf).orders.find((order) => order.clientId === clientId);
    const fills = this.fills
      .filter((fill) => fill.clientId === clientId && fill.at >= life.acceptedAt && fill.at <= asOf)
      .flatMap((fill) => this.said(fill) ?? []);
    return {
      state: standing === undefined ? 'ended' : 'living',
      ...(standing ?? standingOf(life.order)),
      instId: life.order.instId,
      filledLots: fills.reduce((sum, fill) => sum + fill.sizeLots, 0),
      cause: life.cause ?? 'filled',
      fills,
    };
  }

  #page(
    { sinceMs, afterTrade, untilMs = Number.POSITIVE_INFINITY }: Extract<Request, { kind: 'fills' }>,
    asOf = untilMs,
  ): {
    page: Filled[];
    lastTrade: number;
    isLast: boolean;
  } {
    const found = this.fills.filter(
      (fill) => fill.at >= sinceMs && fill.at <= Math.min(untilMs, asOf) && Number(fill.tradeId) > afterTrade,
    );
    const page = found.slice(0, FILLS_PAGE);
    const said = page.flatMap((fill) => this.said(fill) ?? []);
    return { page: said, lastTrade: Number(page.at(-1)?.tradeId ?? afterTrade), isLast: found.length <= FILLS_PAGE };
  }

  #account() {
    const { account, instruments } = this;
    const instIdOf = (index: number) => (instruments[index] as Instrument).instId;
    return {
      balance: money(this.balance),
      available: money(max(0n, BigInt(account.availableUnits) + this.moved)),
      crossMargin: this.cross.flatMap((held, index) => (held ? [{ instId: instIdOf(index), ...held }] : [])),
      leverages: account.positions.map(({ index, leverage }) => ({ instId: instIdOf(index), leverage })),
      positions: account.positions
        .filter((position) => position.lots > 0)
        .map(({ index, lots: size, side, costUnits, leverage }) => ({
          instId: instIdOf(index),
          signedLots: side * size,
          costUnits,
          leverage,
        })),
    };
  }

  /** On another contract than at the start nobody but the bot would trade: that it would be wrong to is looked at where its orders are taken (checks.ts). */
  #isOpenToHands(index: number): boolean {
    return this.notices.isTraded(index) && this.notices.isOfSameContract(index);
  }

  /** A market order by hand, or by the exchange itself. @returns whether it was taken */
  outsiderTrades(who: 'hand' | 'adl', index: number, side: Side, sizeLots: number, reduceOnly: boolean): boolean {
    if (!this.#isOpenToHands(index)) return false;
    this.#outsiders += 1;
    const { instId } = this.instruments[index] as Instrument;
    const request = { instId, side, sizeLots, reduceOnly, terms: { type: 'market' } as const };
    const done = this.matcher.place(this.account, { ...request, clientId: `${who}${this.#outsiders}` }, this.#nowMs());
    this.#copy();
    return !('reason' in done);
  }

  /** A resting order by hand, far from the market. @returns its name here, if it was taken */
  outsiderRests(index: number, side: Side, away: number, sizeLots: number): string | undefined {
    if (!this.#isOpenToHands(index)) return undefined;
    this.#outsiders += 1;
    const clientId = `hand${this.#outsiders}`;
    const { instId } = this.instruments[index] as Instrument;
    const last = this.seconds[index]?.lastTicks ?? 0;
    const terms = { type: 'limit', priceTicks: ticks(Math.round(last * (1 - side * away))), postOnly: false } as const;
    const done = this.matcher.place(
      this.account,
      { instId, side, sizeLots, reduceOnly: false, terms, clientId },
      this.#nowMs(),
    );
    this.#copy();
    return 'reason' in done ? undefined : clientId;
  }

  /** The exchange cancels whatever rests, and settles what is open at the mark. */
  settleDelisted(index: number): void {
    const { instId } = this.instruments[index] as Instrument;
    for (const order of this.livingOf(index).slice()) this.outsiderCancels(order.clientId);
    const { lots: held } = this.account.positionAt(index);
    if (held > 0) this.matcher.deleverage(this.account, instId, held, this.#nowMs());
    this.outsiderAt = this.#nowMs();
    this.#copy();
  }

  outsiderCancels(clientId: string): boolean {
    const isCancelled = this.matcher.cancel(this.account, clientId, this.#nowMs());
    this.#copy();
    return isCancelled;
  }

  /** @returns whether the exchange let it be set */
  outsiderSetsLeverage(instId: string, leverage: number): boolean {
    const no = this.matcher.setLeverage(this.account, instId, leverage, this.#nowMs());
    this.#copy();
    return no === undefined;
  }

  /** Balance and what is unrealised at the mark, 10⁻⁸ USDT. */
  get equity(): number {
    const open = this.account.positions.filter(({ lots: held }) => held > 0);
    return open.reduce((sum, { index, side, lots: held, costUnits }) => {
      const worth = held * (this.seconds[index]?.markTicks ?? 0) * (this.#grid[index]?.moneyPerTickLot ?? 0);
      return sum + side * (worth - costUnits);
    }, Number(this.balance));
  }

  settleFunding(instId: string, rateE8: number): void {
    this.matcher.settleFunding(this.account, instId, rateE8, this.#nowMs());
    this.#copy();
  }

  /** A deposit, or a withdrawal: told nobody, it is in the next reading. */
  moveCash(units: bigint): void {
    this.moved += units;
    this.hasMovedCash = true;
    this.#isChanged = true;
    this.#copy();
  }

  holdCross(index: number, held: Omit<CrossPosition, 'instId'> | undefined): void {
    this.cross[index] = held;
    this.#isChanged = true;
    this.#copy();
  }

  get balance(): bigint {
    return this.account.balance + this.moved;
  }

  livingOf(index: number): readonly SimOrder[] {
    return this.account.ordersAt(index);
  }
}

const EXPIRED: No = {
  code: '50036',
  message: 'The expTime is earlier than the current time',
  proves: true,
  isUntimely: true,
};

const TARGET_REFUSED: No = { code: '51169', message: 'There is no position to reduce in this direction', proves: true };

function standingOf(order: SimOrder): OrderStanding {
  const { clientId, instId, reduceOnly, priceTicks, triggerTicks, sizeLots } = order;
  return { clientId, instId, reduceOnly, sizeLots, ticks: triggerTicks === 0 ? priceTicks : triggerTicks };
}

/** Orders that no bot placed have no client id for the bot's eyes. */
function saidId(clientId: string): string {
  return isOurs(clientId) ? clientId : '';
}

/** Outsiders name theirs `hand1`, `adl1`. */
export function isOurs(clientId: string): boolean {
  return clientId.startsWith('rw');
}

/** A take-profit as the exchange sees one: it only reduces, and rests, but need not. */
export function isTarget(order: Pick<SimOrder, 'type' | 'reduceOnly' | 'postOnly'>): boolean {
  return order.reduceOnly && order.type === 'limit' && !order.postOnly;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function ticksOf(terms: OrderTerms): number {
  return terms.type === 'market' ? 0 : terms.type === 'stop' ? terms.triggerTicks : terms.priceTicks;
}

function noOf({ reason, message }: Rejection): No {
  return { code: reason, message, proves: reason !== 'duplicate-client-id' };
}
