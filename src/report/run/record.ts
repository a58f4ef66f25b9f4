/**
 * What a run did, as a fold of its events and decisions: the same for backtest, demo, paper and live.
 *
 * `RunRecorder` looks on (its methods are a backtest's witness) and changes nothing. Money is exact: gross comes from folding
 * every fill as the core does, so startBalance + gross − fees + funding + moved is the balance to the last unit, open positions
 * included. A trade is a position from flat to flat; what no fill has told of it (adopted, or corrected by the exchange's word) is its entry, at its cost.
 */
import { type CloseReason, type Decision, GOVERNORS, type GovernorName, type Refused } from '../../core/decision.ts';
import type { CoreEvent, Filled } from '../../core/event.ts';
import { type Instrument, valueUnits } from '../../core/instrument/instrument.ts';
import { type Side, type SideName, sideName } from '../../core/numbers/units.ts';
import { partsOfClientId } from '../../core/orders/order.ts';
import type { Profile, Regime } from '../../core/policy.ts';
import { foldFill, type Holding } from '../../core/position/position.ts';
import type { PartialGuard, RefusalCode } from '../../core/refusal.ts';
import { EquityCurve } from './equity.ts';

/** Everything in 10⁻⁸ USDT unless its name says otherwise. */
export interface RunRecord {
  readonly startBalance: bigint;
  readonly gross: bigint;
  /** Paid; penalties of liquidations included. */
  readonly fees: bigint;
  readonly penalties: bigint;
  /** Received; negative is paid. */
  readonly funding: bigint;
  /** What came to the balance otherwise: paid in or out, or the exchange's word where it differed. None in a backtest. */
  readonly moved: bigint;
  /** What takers lost against touch or trigger; already in gross. Undefined where nobody measured it. */
  readonly slippage: bigint | undefined;
  readonly candles: number;
  /** Rungs and partial steps with any fill. */
  readonly additions: number;
  readonly partials: number;
  readonly makerFills: number;
  readonly takerFills: number;
  readonly trades: readonly TradeRecord[];
  /** Instruments with a position that is still open. */
  readonly openPositions: readonly string[];
  readonly refusals: readonly RefusalCount[];
  readonly held: readonly HeldCount[];
  /** How often each governor changed something, in their order; those that did. */
  readonly governed: readonly GovernedCount[];
  readonly equity: EquityCurve;
}

export interface RefusalCount {
  readonly what: Refused['what'];
  /** The first gate that said no. */
  readonly code: RefusalCode;
  readonly count: number;
}

/** Partial take-profits whose order was held back. */
export interface HeldCount {
  /** The first guard that held it. */
  readonly code: PartialGuard;
  readonly count: number;
}

export interface GovernedCount {
  readonly governor: GovernorName;
  readonly count: number;
}

export interface TradeRecord {
  readonly instId: string;
  readonly side: SideName;
  readonly openedAt: number;
  readonly closedAt: number;
  /** Why, and under which regime and profile it was opened; undefined where nobody decided the close. */
  readonly reason: CloseReason | undefined;
  readonly regime: Regime | undefined;
  readonly profile: Profile | undefined;
  readonly gross: bigint;
  readonly fees: bigint;
  readonly funding: bigint;
  readonly additions: number;
  readonly partials: number;
  /** The entry (0) and the rungs that were filled, by number. */
  readonly steps: readonly StepRecord[];
}

/**
 * One enlargement of a trade. Its gross is what its lots made from their own price to the trade's average exit; its fees are its own and, by its share
 * of the lots, those of the trade's exits.
 */
interface StepRecord {
  readonly step: number;
  readonly lots: number;
  readonly value: bigint;
  readonly fees: bigint;
  readonly gross: bigint;
}

/** What only the one who ran it knows. */
interface RunFacts {
  readonly candles: number;
  readonly slippage?: bigint;
}

interface OpenTrade {
  readonly instId: string;
  readonly side: SideName;
  readonly openedAt: number;
  readonly steps: Map<number, { lots: number; value: bigint; fees: bigint }>;
  readonly partials: Set<number>;
  exitValue: bigint;
  gross: bigint;
  fees: bigint;
  funding: bigint;
}

interface SymbolBook {
  instrument: Instrument;
  readonly holding: Holding;
  trade: OpenTrade | undefined;
}

export class RunRecorder {
  readonly #startBalance: bigint;
  readonly #books: Map<string, SymbolBook>;
  readonly #equity: EquityCurve;
  readonly #trades: TradeRecord[] = [];
  /** Of each symbol the trade that a `position-closed` will explain. */
  readonly #unexplained = new Map<string, number>();
  readonly #refusals = new Map<string, RefusalCount>();
  readonly #held = new Map<PartialGuard, number>();
  readonly #governed = new Map<GovernorName, number>();
  readonly #tradesSeen = new Set<string>();
  #gross = 0n;
  #fees = 0n;
  #penalties = 0n;
  #funding = 0n;
  #moved = 0n;
  #makerFills = 0;
  #takerFills = 0;

  constructor(startBalance: bigint, instruments: readonly Instrument[]) {
    this.#startBalance = startBalance;
    this.#books = new Map(instruments.map((instrument) => [instrument.instId, emptyBook(instrument)]));
    this.#equity = new EquityCurve(Number(startBalance));
  }

  happened(event: CoreEvent): void {
    if (event.kind === 'filled') this.#fill(event);
    else if (event.kind === 'funding-settled') this.#settle(event.instId, event.amount);
  }

  decided(_event: CoreEvent, decisions: readonly Decision[]): void {
    for (const decision of decisions) {
      if (decision.kind === 'refused') this.#refuse(decision.what, decision.code);
      else if (decision.kind === 'held') this.#held.set(decision.code, (this.#held.get(decision.code) ?? 0) + 1);
      else if (decision.kind === 'position-closed') this.#explain(decision);
      else if (decision.kind === 'governed')
        this.#governed.set(decision.governor, (this.#governed.get(decision.governor) ?? 0) + 1);
    }
  }

  /** The balance is this one, whatever was told: the rest was paid in or out. @returns all that was, so far */
  balanceIs(units: bigint): bigint {
    this.#moved = units - (this.#startBalance + this.#gross - this.#fees + this.#funding);
    return this.#moved;
  }

  /**
   * What is held of an instrument, where fills alone do not say so: open before the record began, adopted, or set right by the exchange's word. More is
   * entered at its cost, less leaves at its cost: what it brought came with the balance. On another grid it is another trade.
   */
  holds(instrument: Instrument, held: Readonly<Holding> | undefined, at: number): void {
    const book = this.#books.get(instrument.instId) ?? emptyBook(instrument);
    this.#books.set(instrument.instId, book);
    const { holding } = book;
    const now = held ?? { lots: 0, side: holding.side, costUnits: 0 };
    const isOther = !hasGridOf(book.instrument, instrument) || (now.lots > 0 && now.side !== holding.side);
    book.instrument = instrument;
    if (book.trade !== undefined && (isOther || now.lots === 0)) {
      book.trade.exitValue += BigInt(holding.costUnits);
      this.#finish(book, book.trade, at);
    }
    const before = isOther ? { lots: 0, costUnits: 0 } : { ...holding };
    Object.assign(holding, now);
    const lots = now.lots - before.lots;
    const cost = BigInt(now.costUnits - before.costUnits);
    if (now.lots === 0 || (lots === 0 && cost === 0n)) return;
    const trade = (book.trade ??= newTrade(instrument.instId, now.side, at));
    if (lots < 0) trade.exitValue -= cost;
    else addStep(trade, 0, lots, cost, 0n);
  }

  /** Equity marked to market at the end of a minute. */
  minuteEnded(closeMs: number, equityUnits: number, openPositions: number): void {
    this.#equity.add(closeMs, equityUnits, openPositions > 0);
  }

  /** Equity after what was open at the end of the last minute was closed. */
  closedOut(equityUnits: number): void {
    this.#equity.amendLast(equityUnits);
  }

  /** What was recorded so far; recording may go on. */
  record(facts: RunFacts): RunRecord {
    const steps = this.#trades.flatMap((trade) => trade.steps);
    const open = [...this.#books.values()].flatMap(({ trade }) => (trade === undefined ? [] : [trade]));
    const openRungs = open.reduce((sum, trade) => sum + rungsOf(trade), 0);
    return {
      startBalance: this.#startBalance,
      gross: this.#gross,
      fees: this.#fees,
      penalties: this.#penalties,
      funding: this.#funding,
      moved: this.#moved,
      slippage: facts.slippage,
      candles: facts.candles,
      additions: steps.filter(({ step }) => step > 0).length + openRungs,
      partials: [...this.#trades, ...open.map(({ partials }) => ({ partials: partials.size }))].reduce(
        (sum, { partials }) => sum + partials,
        0,
      ),
      makerFills: this.#makerFills,
      takerFills: this.#takerFills,
      trades: [...this.#trades],
      openPositions: open.map(({ instId }) => instId),
      refusals: [...this.#refusals.values()],
      held: [...this.#held].map(([code, count]) => ({ code, count })),
      governed: GOVERNORS.flatMap((governor) => {
        const count = this.#governed.get(governor);
        return count === undefined ? [] : [{ governor, count }];
      }),
      equity: this.#equity,
    };
  }

  #fill(fill: Filled): void {
    const book = this.#books.get(fill.instId);
    const id = `${fill.instId} ${fill.tradeId}`;
    if (book === undefined || this.#tradesSeen.has(id)) return;
    this.#tradesSeen.add(id);
    this.#fees += fill.fee;
    if (fill.cause === 'liquidation') this.#penalties += fill.fee;
    if (fill.liquidity === 'maker') this.#makerFills++;
    else this.#takerFills++;

    const { holding, instrument } = book;
    const closingLots = holding.lots > 0 && holding.side !== fill.side ? Math.min(holding.lots, fill.sizeLots) : 0;
    if (closingLots > 0) this.#reduce(book, fill, closingLots);
    const openingLots = fill.sizeLots - closingLots;
    if (openingLots > 0) {
      foldFill(holding, instrument, fill.side, openingLots, fill.priceTicks);
      enlarge(book, fill, openingLots, closingLots === 0 ? fill.fee : 0n);
    }
  }

  #reduce(book: SymbolBook, fill: Filled, closingLots: number): void {
    const { holding, instrument, trade } = book;
    const gross = BigInt(foldFill(holding, instrument, fill.side, closingLots, fill.priceTicks));
    this.#gross += gross;
    if (trade === undefined) return;
    trade.gross += gross;
    trade.fees += fill.fee;
    trade.exitValue += BigInt(valueUnits(instrument, closingLots, fill.priceTicks));
    const parts = fill.clientId === undefined ? undefined : partsOfClientId(fill.clientId);
    if (parts?.role === 'partial') trade.partials.add(parts.step);
    if (holding.lots === 0) this.#finish(book, trade, fill.at);
  }

  /** The trade is over; why, a `position-closed` will say. */
  #finish(book: SymbolBook, trade: OpenTrade, at: number): void {
    this.#unexplained.set(trade.instId, this.#trades.length);
    this.#trades.push(finished(trade, at));
    book.trade = undefined;
  }

  #settle(instId: string, amount: bigint): void {
    this.#funding += amount;
    const trade = this.#books.get(instId)?.trade;
    if (trade !== undefined) trade.funding += amount;
  }

  #refuse(what: RefusalCount['what'], code: RefusalCount['code']): void {
    const key = `${what} ${code}`;
    const count = (this.#refusals.get(key)?.count ?? 0) + 1;
    this.#refusals.set(key, { what, code, count });
  }

  #explain(closed: Extract<Decision, { kind: 'position-closed' }>): void {
    const at = this.#unexplained.get(closed.instId);
    const trade = at === undefined ? undefined : this.#trades[at];
    if (at === undefined || trade === undefined) return;
    this.#trades[at] = { ...trade, reason: closed.reason, regime: closed.regime, profile: closed.profile };
    this.#unexplained.delete(closed.instId);
  }
}

function emptyBook(instrument: Instrument): SymbolBook {
  return { instrument, holding: { lots: 0, side: 1, costUnits: 0 }, trade: undefined };
}

function enlarge(book: SymbolBook, fill: Filled, openingLots: number, fee: bigint): void {
  const trade = (book.trade ??= newTrade(fill.instId, fill.side, fill.at));
  const parts = fill.clientId === undefined ? undefined : partsOfClientId(fill.clientId);
  const number = parts?.role === 'rung' ? parts.step : 0;
  addStep(trade, number, openingLots, BigInt(valueUnits(book.instrument, openingLots, fill.priceTicks)), fee);
}

function newTrade(instId: string, side: Side, openedAt: number): OpenTrade {
  return {
    instId,
    side: sideName(side),
    openedAt,
    steps: new Map(),
    partials: new Set(),
    exitValue: 0n,
    gross: 0n,
    fees: 0n,
    funding: 0n,
  };
}

function addStep(trade: OpenTrade, number: number, lots: number, value: bigint, fee: bigint): void {
  const step = trade.steps.get(number) ?? { lots: 0, value: 0n, fees: 0n };
  step.lots += lots;
  step.value += value;
  step.fees += fee;
  trade.fees += fee;
  trade.steps.set(number, step);
}

function hasGridOf(a: Instrument, b: Instrument): boolean {
  return (
    a === b ||
    (a.moneyPerTickLot === b.moneyPerTickLot &&
      a.tickSize.units === b.tickSize.units &&
      a.tickSize.scale === b.tickSize.scale)
  );
}

function rungsOf(trade: OpenTrade): number {
  return [...trade.steps.keys()].filter((step) => step > 0).length;
}

function finished(trade: OpenTrade, closedAt: number): TradeRecord {
  return {
    instId: trade.instId,
    side: trade.side,
    openedAt: trade.openedAt,
    closedAt,
    reason: undefined,
    regime: undefined,
    profile: undefined,
    gross: trade.gross,
    fees: trade.fees,
    funding: trade.funding,
    additions: rungsOf(trade),
    partials: trade.partials.size,
    steps: sharedOut(trade),
  };
}

/** The trade's gross and fees over its steps; the first takes what rounding leaves, so that they sum to them. */
function sharedOut(trade: OpenTrade): StepRecord[] {
  const steps = [...trade.steps].toSorted(([a], [b]) => a - b);
  const lots = steps.reduce((sum, [, step]) => sum + BigInt(step.lots), 0n);
  const exitFees = steps.reduce((left, [, step]) => left - step.fees, trade.fees);
  const sign = trade.side === 'long' ? 1n : -1n;
  let grossLeft = trade.gross;
  let feesLeft = trade.fees;
  const shares = steps.map(([number, own]) => {
    const ownLots = BigInt(own.lots);
    const gross = sign * ((trade.exitValue * ownLots) / lots - own.value);
    const fees = own.fees + (exitFees * ownLots) / lots;
    grossLeft -= gross;
    feesLeft -= fees;
    return { step: number, lots: own.lots, value: own.value, fees, gross };
  });
  return shares.map((share, i) =>
    i === 0 ? { ...share, gross: share.gross + grossLeft, fees: share.fees + feesLeft } : share,
  );
}
