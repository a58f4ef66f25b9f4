/**
 * A scripted life of the core: a tiny exchange that accepts, amends and cancels at once unless told otherwise, and fills only as told.
 *
 * Indicators stand where the script puts them; everything else is the real core. One tick is 0.01 USDT, a lot 0.001 coin, so that at a price
 * of 100 USDT (10,000 ticks) a tick is 0.01 % and a lot 0.1 USDT. Bid, mark and ask are one price unless said otherwise.
 */
import { effectivePolicy, loadTree } from '../src/config/index.ts';
import type { Decision } from '../src/core/decision.ts';
import type { CoreEvent, Filled } from '../src/core/event.ts';
import { instrument } from '../src/core/instrument/instrument.ts';
import { MINUTE_MS } from '../src/core/market/candle.ts';
import { lots, money, type Side, ticks } from '../src/core/numbers/units.ts';
import type { Order, OrderRole } from '../src/core/orders/order.ts';
import type { ExecutionPolicy, ExitsPolicy, LimitsPolicy, Policy, Regime } from '../src/core/policy.ts';
import { newRegistry, nextDeadlineMs, type Registry, type SymbolState } from '../src/core/registry.ts';
import { step } from '../src/core/step.ts';

export const SCRIPT_SWAP = instrument({
  instId: 'SCRIPT-USDT-SWAP',
  baseCoin: 'SCRIPT',
  ctVal: '0.001',
  lotSz: '1',
  minSz: '1',
  tickSz: '0.01',
  maxLimitSz: '1000000',
  maxMarketSz: '100000',
  leverageMax: 50,
  tiers: [{ maxSz: '10000000', maintenanceRate: '0.004', leverageMax: 50 }],
});

export interface ScriptOptions {
  readonly config?: unknown;
  readonly execution?: Partial<ExecutionPolicy>;
  readonly exits?: Partial<ExitsPolicy>;
  readonly limits?: Partial<LimitsPolicy>;
  readonly partial?: Partial<Policy['partial']>;
  readonly signals?: Policy['signals'];
  /** None act unless said so. */
  readonly governors?: Policy['governors'];
  readonly balance?: number;
  readonly regime?: Regime;
  readonly atrTicks?: number;
  readonly adx?: number;
  readonly traced?: boolean;
  readonly instruments?: readonly (typeof SCRIPT_SWAP)[];
  readonly priceTicks?: number;
}

/** What the exchange does with an order of a role. */
export type Answer = 'accept' | 'reject' | 'nothing' | 'unknown';

export interface BookedOrder {
  readonly order: Order;
  sizeLots: number;
  /** Price or trigger; 0 at the market. */
  ticks: number;
  filledLots: number;
}

export const START = 1_700_000_000_000;
export const PRICE = 10_000;

/** Every governor off but those that are named. */
export function governorsOf(named: Readonly<Record<string, unknown>>): Policy['governors'] {
  const off = Object.fromEntries(GOVERNOR_KEYS.map((name) => [name, 'off']));
  return loadTree({ governors: { ...off, ...named } }).policy.governors;
}

export const GOVERNOR_KEYS = [
  'size_by_day',
  'targets_by_volatility',
  'additions_without_signal',
  'mode_by_results',
  'pause',
] as const;

export class Script {
  readonly registry: Registry;
  readonly policy: Policy;
  readonly decisions: Decision[] = [];
  /** Orders that live on the exchange. */
  readonly book = new Map<string, BookedOrder>();
  /** Every order that was ever placed. */
  readonly placed: Order[] = [];
  readonly answers = new Map<OrderRole, Answer>();
  /** What amendments and cancellations are answered with. */
  amendments: 'done' | 'refused' | 'nothing' = 'done';
  cancellations: 'done' | 'nothing' = 'done';
  now = START;
  readonly market: {
    regime: Regime;
    adx: number;
    atrTicks: number | undefined;
    trendSide: Side | undefined;
    rsi: number;
    previousRsi: number;
    /** ATR% now ÷ its mean. */
    turbulence: number | undefined;
  };
  #trades = 0;
  readonly #instId: string;

  constructor(options: ScriptOptions = {}) {
    const base = effectivePolicy(options.config);
    this.policy = {
      ...base,
      execution: { ...base.execution, ...options.execution },
      exits: { ...base.exits, ...options.exits },
      limits: { ...base.limits, ...options.limits },
      partial: { ...base.partial, ...options.partial },
      governors: options.governors ?? base.governors,
      signals: options.signals ?? base.signals,
    };
    const instruments = options.instruments ?? [SCRIPT_SWAP];
    this.#instId = instruments[0]?.instId ?? '';
    this.registry = newRegistry({
      run: 'test',
      policy: this.policy,
      instruments,
      balance: money(BigInt(Math.round((options.balance ?? 1000) * 1e8))),
      traced: options.traced ?? false,
      ready: true,
    });
    this.market = {
      regime: options.regime ?? 'ranging',
      adx: options.adx ?? 20,
      atrTicks: options.atrTicks ?? 50,
      trendSide: undefined,
      rsi: 50,
      previousRsi: 50,
      turbulence: undefined,
    };
    for (const symbol of this.registry.symbols)
      for (const [name, value] of Object.entries(this.#indicators()))
        Object.defineProperty(symbol.series, name, { get: value, configurable: true });
    for (const each of instruments)
      this.take({ kind: 'leverage', at: this.now, instId: each.instId, leverage: this.policy.execution.leverage.max });
    this.price(options.priceTicks ?? PRICE);
  }

  #indicators(): Record<string, () => unknown> {
    const share = () => (this.market.atrTicks === undefined ? undefined : this.market.atrTicks / PRICE);
    return {
      regime: () => this.market.regime,
      adx: () => this.market.adx,
      atrTicks: () => this.market.atrTicks,
      trendSide: () => this.market.trendSide,
      rsi: () => this.market.rsi,
      previousRsi: () => this.market.previousRsi,
      turbulence: () => this.market.turbulence,
      isMoreTurbulentThan: () => (multiple: number) => (this.market.turbulence ?? 0) > multiple,
      atrPercent: () => (share() ?? 0) * 100,
      atrFraction: share,
      meanAtrFraction: share,
    };
  }

  /** From now on a field of the series throws where it is read. */
  throwAt(field: string): void {
    const get = () => {
      throw new Error(`${field} is broken`);
    };
    Object.defineProperty(this.symbol.series, field, { get, configurable: true });
  }

  get symbol(): SymbolState {
    const [symbol] = this.registry.symbols;
    if (symbol === undefined) throw new Error('a script has a symbol');
    return symbol;
  }

  get position(): NonNullable<SymbolState['position']> {
    const { position } = this.symbol;
    if (position === undefined) throw new Error('nothing is open');
    return position;
  }

  get balanceUsdt(): number {
    return Number(this.registry.balance) / 1e8;
  }

  /** The market is as it was before its first price. */
  forgetPrices(): void {
    const { policy, symbol } = this;
    const { balance } = this.registry;
    const fresh = newRegistry({
      run: 'test',
      policy,
      instruments: [symbol.instrument],
      balance,
      traced: false,
      ready: true,
    });
    const [{ markTicks, bidTicks, askTicks, pricedAt, quotedAt }] = fresh.symbols as [SymbolState];
    Object.assign(symbol, { markTicks, bidTicks, askTicks, pricedAt, quotedAt });
  }

  /** Gives the core an event and lets the exchange answer what it decided, until it decides nothing more. */
  take(event: CoreEvent): Decision[] {
    const decided = this.takeAlone(event);
    const all = [...decided];
    for (const decision of decided) for (const answer of this.#answer(decision)) all.push(...this.take(answer));
    return all;
  }

  /** Gives the core an event; the exchange does not answer. */
  takeAlone(event: CoreEvent): Decision[] {
    const decided = [...step(this.registry, event)];
    this.decisions.push(...decided);
    return decided;
  }

  price(
    mark: number,
    around: { readonly bid?: number; readonly ask?: number; readonly instId?: string } = {},
  ): Decision[] {
    return this.take({
      kind: 'price',
      at: this.now,
      instId: around.instId ?? this.#instId,
      markTicks: ticks(mark),
      bidTicks: ticks(around.bid ?? mark),
      askTicks: ticks(around.ask ?? mark),
    });
  }

  /** Time goes on to the end of the minute, and its candle closes at a price; its extremes are open and close unless said otherwise. */
  candle(
    close: number,
    more: { readonly open?: number; readonly high?: number; readonly low?: number } = {},
  ): Decision[] {
    const before = this.endMinute();
    const open = more.open ?? this.symbol.markTicks;
    return [...before, ...this.price(close), ...this.candleAlone(close, { ...more, open })];
  }

  /** Time goes on to the end of the minute. */
  endMinute(): Decision[] {
    return this.wait(MINUTE_MS - (this.now % MINUTE_MS));
  }

  /** The candle of the minute that has just ended closes, and no price comes with it. */
  candleAlone(
    close: number,
    more: { readonly open?: number; readonly high?: number; readonly low?: number } = {},
  ): Decision[] {
    const open = more.open ?? close;
    return this.take({
      kind: 'candle-closed',
      at: this.now,
      instId: this.#instId,
      openMinute: Math.floor(this.now / MINUTE_MS) - 1,
      openTicks: open,
      highTicks: more.high ?? Math.max(open, close),
      lowTicks: more.low ?? Math.min(open, close),
      closeTicks: close,
      volumeLots: 1,
    });
  }

  signal(side: Side, more: { readonly strength?: number; readonly instId?: string } = {}): Decision[] {
    const symbol = this.registry.byInstId.get(more.instId ?? this.#instId) ?? this.symbol;
    return this.take({
      kind: 'signal',
      at: this.now,
      instId: symbol.instrument.instId,
      side,
      strength: more.strength ?? 1,
      priceTicks: ticks(symbol.markTicks === 0 ? PRICE : symbol.markTicks),
      source: 'script',
      reasons: [],
    });
  }

  /** Time passes; the core is woken at each of its deadlines, and the price stays as fresh as it was. */
  wait(ms: number): Decision[] {
    const all: Decision[] = [];
    const end = this.now + ms;
    for (let rounds = 0; nextDeadlineMs(this.registry) <= end; rounds++) {
      if (rounds > 1000) throw new Error('the core asks for the same deadline again and again');
      this.now = Math.max(this.now, nextDeadlineMs(this.registry));
      this.#refreshPrices();
      all.push(...this.take({ kind: 'time', at: this.now }));
    }
    this.now = end;
    this.#refreshPrices();
    return all;
  }

  /** The live order of a role. */
  live(role: OrderRole): BookedOrder {
    const found = [...this.book.values()].filter(({ order }) => order.role === role);
    if (found.length !== 1) throw new Error(`${found.length} live orders are a ${role}, one was meant`);
    return found[0] as BookedOrder;
  }

  has(role: OrderRole): boolean {
    return [...this.book.values()].some(({ order }) => order.role === role);
  }

  /** Fills the live order of a role: all that is left of it, at its own price, unless said otherwise. */
  fill(
    role: OrderRole,
    how: { readonly lots?: number; readonly ticks?: number; readonly fee?: number } = {},
  ): Decision[] {
    return this.fillOrder(this.live(role), how);
  }

  fillOrder(
    booked: BookedOrder,
    how: { readonly lots?: number; readonly ticks?: number; readonly fee?: number } = {},
  ): Decision[] {
    const size = how.lots ?? booked.sizeLots - booked.filledLots;
    booked.filledLots += size;
    if (booked.filledLots >= booked.sizeLots) this.book.delete(booked.order.clientId);
    const { order } = booked;
    const isMaker = order.terms.type === 'limit';
    return this.take(
      this.fillEvent(order.side, size, how.ticks ?? (booked.ticks === 0 ? this.symbol.markTicks : booked.ticks), {
        clientId: order.clientId,
        liquidity: isMaker ? 'maker' : 'taker',
        ...(how.fee === undefined ? {} : { fee: money(BigInt(how.fee)) }),
      }),
    );
  }

  /** A fill; without `clientId` one of no order of ours. Fees at the policy's rates, rounded up. */
  fillEvent(side: Side, size: number, priceTicks: number, more: Partial<Filled> = {}): Filled {
    const { feeRates } = this.policy.execution;
    const rate = more.liquidity === 'maker' ? feeRates.maker : feeRates.taker;
    const value = size * priceTicks * SCRIPT_SWAP.moneyPerTickLot;
    this.#trades += 1;
    return {
      kind: 'filled',
      at: this.now,
      instId: this.#instId,
      tradeId: `t${this.#trades}`,
      side,
      sizeLots: lots(size),
      priceTicks: ticks(priceTicks),
      fee: money(BigInt(Math.ceil(value * rate.approx - 1e-6))),
      liquidity: 'taker',
      cause: more.clientId === undefined ? 'foreign' : 'order',
      ...more,
    };
  }

  /** The exchange ends an order on its own. */
  end(role: OrderRole, cause = 'cancelled by the exchange'): Decision[] {
    const booked = this.live(role);
    this.book.delete(booked.order.clientId);
    return this.take(this.ended(booked, cause));
  }

  ended(booked: BookedOrder, cause = 'cancelled'): CoreEvent {
    const { order, filledLots } = booked;
    return { kind: 'order-ended', at: this.now, clientId: order.clientId, filledLots: lots(filledLots), cause };
  }

  operator(command: Extract<CoreEvent, { kind: 'operator' }>['command']): Decision[] {
    return this.take({ kind: 'operator', at: this.now, command });
  }

  /** An entry filled whole: a position with its exits standing. */
  enter(side: Side = 1): this {
    this.signal(side);
    this.fill('entry');
    return this;
  }

  /** Moves the price against (negative) or for the position, waits the interval out, signals, fills the rung. */
  rung(priceTicks: number): this {
    this.wait(60_000);
    this.price(priceTicks);
    this.signal(this.position.holding.side);
    this.fill('rung');
    return this;
  }

  ofKind<K extends Decision['kind']>(
    kind: K,
    among: readonly Decision[] = this.decisions,
  ): Extract<Decision, { kind: K }>[] {
    return among.filter((decision): decision is Extract<Decision, { kind: K }> => decision.kind === kind);
  }

  /** Codes of what was refused. */
  refusals(among: readonly Decision[] = this.decisions): string[] {
    return this.ofKind('refused', among).map(({ code }) => code);
  }

  #refreshPrices(): void {
    for (const symbol of this.registry.symbols)
      if (symbol.pricedAt >= 0)
        this.price(symbol.markTicks, {
          bid: symbol.bidTicks,
          ask: symbol.askTicks,
          instId: symbol.instrument.instId,
        });
  }

  #answer(decision: Decision): CoreEvent[] {
    const at = this.now;
    switch (decision.kind) {
      case 'place':
        return this.#answerPlace(decision.order);
      case 'amend': {
        const booked = this.book.get(decision.clientId);
        if (this.amendments === 'nothing') return [];
        if (booked === undefined || this.amendments === 'refused')
          return [{ kind: 'order-amended', at, clientId: decision.clientId, done: false }];
        booked.ticks = decision.priceTicks ?? decision.triggerTicks ?? booked.ticks;
        booked.sizeLots = decision.sizeLots ?? booked.sizeLots;
        return [{ kind: 'order-amended', at, clientId: decision.clientId, done: true }];
      }
      case 'cancel': {
        const booked = this.book.get(decision.clientId);
        if (booked === undefined || this.cancellations === 'nothing') return [];
        this.book.delete(decision.clientId);
        return [this.ended(booked)];
      }
      case 'set-leverage':
        return [{ kind: 'leverage', at, instId: decision.instId, leverage: decision.leverage }];
      case 'refused':
      case 'held':
      case 'position-closed':
      case 'governed':
      case 'alert':
        return [];
    }
  }

  #answerPlace(order: Order): CoreEvent[] {
    const { clientId, terms } = order;
    const at = this.now;
    if (this.placed.some((each) => each.clientId === clientId))
      throw new Error(`the client id ${clientId} was used twice`);
    this.placed.push(order);
    const answer = this.answers.get(order.role) ?? 'accept';
    if (answer === 'reject') return [{ kind: 'order-rejected', at, clientId, code: '51000', message: 'no' }];
    const price = terms.type === 'market' ? 0 : terms.type === 'stop' ? terms.triggerTicks : terms.priceTicks;
    this.book.set(clientId, { order, sizeLots: order.sizeLots, ticks: price, filledLots: 0 });
    if (answer === 'nothing') return [];
    if (answer === 'unknown') return [{ kind: 'order-unknown', at, clientId, reason: 'time-out' }];
    return [{ kind: 'order-accepted', at, clientId }];
  }
}

/** An entry that is on its way, its order with the exchange. */
export function entering(options: ScriptOptions = {}): { script: Script; entry: BookedOrder } {
  const script = new Script(options);
  script.signal(1);
  return { script, entry: script.live('entry') };
}
