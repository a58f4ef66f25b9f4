/**
 * May we? Every gate of an addition and of an entry, in order; the first refusal wins. Source: ladder.md §4, rules.md §3.
 *
 * Each gate is one method of `Question`, weighs one value against one limit, and answers true, false or null (could not be evaluated).
 * `Approved` orders are made here and nowhere else (`approve`).
 */

import { coefficientOf, type LadderRules } from '../ladder/ladder.ts';
import {
  type AccountFacts,
  positionMarginMax,
  positionValueMax,
  spendableMargin,
  totalExposureMax,
  worstCaseLossMax,
} from '../ladder/limits.ts';
import {
  type Arithmetic,
  decided,
  type Fraction,
  fractions,
  shownDistance,
  shownFraction,
} from '../numbers/arithmetic.ts';
import { type Decimal, HUNDRED } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import type { Approved, Order } from '../orders/order.ts';
import type { Policy, Profile, Regime } from '../policy.ts';
import { leverageIn, liquidationPrice } from '../position/margin.ts';
import { profitPercent } from '../position/profit.ts';
import {
  ADDITION_GATES,
  type AdditionGate,
  ENTRY_GATES,
  type EntryGate,
  type GateReading,
  RUNNING_ADDITION_GATES,
} from '../refusal.ts';
import { worthwhileMove } from './cost.ts';

/** The instrument's grid as the rules need it. */
export interface GridFacts<N> {
  /** Coins in one lot: ctVal × lotSz. */
  readonly coinsPerLot: N;
  readonly lotsMin: number;
  /** Of the tier that the position is in once so many lots have been added (rules.md §4), a share of the value. */
  readonly maintenanceRateAfter: (addedLots: number) => N;
  readonly takerFeeRate: N;
}

/** The open position as the rules see it. */
export interface PositionFacts<N> {
  readonly side: Side;
  /** Coins: contracts × ctVal. */
  readonly coins: N;
  /** Value at the average entry, USDT. */
  readonly cost: N;
  /** Value at the mark, USDT. */
  readonly value: N;
  /** The exchange's leverage; undefined where it is not known. */
  readonly leverage: number | undefined;
  readonly additionsMade: number;
  /** The latest of: last rung's last fill, the entry's fill, last partial close. */
  readonly lastGrownAt: number;
  /** Filled value of the entry, USDT, or what a new position would get now if that is less. */
  readonly base: N;
  /** Undefined: no stop is confirmed. */
  readonly stopPrice: N | undefined;
}

/** What any order that enlarges is judged by. Prices and amounts in USDT. */
export interface Situation<N> {
  readonly halted: boolean;
  /** Who halted, and until when: what the trace shows. */
  readonly haltedBy?: string | undefined;
  /** Position, balance, leverage and open orders are confirmed. */
  readonly stateKnown: boolean;
  /** Entry and rung orders of the symbol that are live or unanswered. */
  readonly ordersInFlight: number;
  /** Of the signal. */
  readonly side: Side;
  /** The touch that the order will meet, USDT per coin: it sizes a rung. */
  readonly price: N;
  /** Undefined: it has none, and is never too old. */
  readonly priceAgeMs: number | undefined;
  /** Price at which the signal was made; undefined where it has none. */
  readonly signalPrice: N | undefined;
  /** UTC ms. */
  readonly now: number;
  /** As the position meets it: a trend against it counts as the policy says. */
  readonly regime: Regime;
  /** Of the largest margin, 0.5 to 1. */
  readonly volatilityFactor: N;
  readonly profile: Profile;
  readonly account: AccountFacts<N>;
  readonly grid: GridFacts<N>;
  /** Undefined: the gates of the running bot are not asked. */
  readonly running: RunningFacts<N> | undefined;
}

/** What only a running bot knows. */
export interface RunningFacts<N> {
  /** Time to the next funding settlement, or since the last where no next one is known; undefined where none is. */
  readonly fundingInMs: number | undefined;
  /** Share of the value that we pay at a settlement within the time limit; 0 where we pay none. */
  readonly fundingDue: N;
  /** From the average to the target, as a share of the price: of an entry the expected move, of a rung what it adds to. */
  readonly expectedMove: N;
  /** Full, as a share of the price. */
  readonly roundTripCost: N;
  /** A trend against the position, where the policy refuses that. */
  readonly trendAgainst: boolean;
}

export interface AdditionSituation<N> extends Situation<N> {
  readonly position: PositionFacts<N> | undefined;
  readonly rules: LadderRules;
  /** PnL %, of what the policy's `lossBasis` says, if somebody else computed it; else it is computed here, at the price. */
  readonly pnlPercent: N | undefined;
}

export interface EntrySituation<N> extends Situation<N> {
  readonly sizeLots: number;
  /** That it would be opened with, 1 or more. */
  readonly leverage: number;
  /** Of the planned stop, USDT per coin. */
  readonly stopPrice: N;
  readonly reentryWaitMs: number;
  /** Since the last close of the symbol; undefined: none was ever closed. */
  readonly sinceCloseMs: number | undefined;
  /** Worst case of the whole book with this entry's full ladder, USDT. */
  readonly worstCaseLoss: N;
}

/** The answer of the gates. */
export interface Judgement<Code extends string> {
  /** The first refusal; null: approved. */
  readonly code: Code | null;
  /** Size that is approved, in lots; 0 where it is refused. */
  readonly sizeLots: number;
  /** All gates, only where asked for. */
  readonly gates: readonly GateReading[] | undefined;
}

/**
 * Judges an addition. Reads in doubles, at ties in fractions; with `traced` all gates in fractions, each with its value and limit.
 * `situation` must be a pure function: it may be called twice, with two arithmetics.
 * @throws {RangeError} on what is not a number, a leverage of 0, a size past the safe range: take it for a refusal (ladder.md §4)
 */
export function judgeAddition(
  policy: Policy,
  situation: <N>(m: Arithmetic<N>) => AdditionSituation<N>,
  traced: boolean,
): Judgement<AdditionGate> {
  if (traced) return readings(new AdditionQuestion(fractions, policy, situation(fractions), true));
  return decided(
    (m) => firstRefusal(new AdditionQuestion(m, policy, situation(m), false)),
    (m) => firstRefusal(new AdditionQuestion(m, policy, situation(m), false)),
  );
}

/** Judges an entry; as `judgeAddition`. */
export function judgeEntry(
  policy: Policy,
  situation: <N>(m: Arithmetic<N>) => EntrySituation<N>,
  traced: boolean,
): Judgement<EntryGate> {
  if (traced) return readings(new EntryQuestion(fractions, policy, situation(fractions), true));
  return decided(
    (m) => firstRefusal(new EntryQuestion(m, policy, situation(m), false)),
    (m) => firstRefusal(new EntryQuestion(m, policy, situation(m), false)),
  );
}

/** Stamps an order as approved: the last line of whoever judged it. Reducing orders are approved by reducing (rules.md §5). */
export function approve<O extends Order>(order: O, judgement: Judgement<string> | 'reduces'): Approved<O> {
  if (judgement === 'reduces' ? !order.reduceOnly : judgement.code !== null)
    throw new Error(
      `order ${order.clientId} was not approved: ${judgement === 'reduces' ? 'it does not reduce' : judgement.code}`,
    );
  return order as Approved<O>;
}

const ALL_ADDITION_GATES: readonly AdditionGate[] = [...ADDITION_GATES, ...RUNNING_ADDITION_GATES];

type Answer = boolean | null;

/** The walk ends at the first refusal. */
function firstRefusal<N, Code extends AdditionGate | EntryGate>(
  question: Question<N, Situation<N>, Code>,
): Judgement<Code> {
  for (const code of question.codes) if (question.ask(code) === false) return { code, sizeLots: 0, gates: undefined };
  return { code: null, sizeLots: question.sizeLots, gates: undefined };
}

/** Every gate is read to the end, with what it weighed. */
function readings<Code extends AdditionGate | EntryGate>(
  question: Question<Fraction, Situation<Fraction>, Code>,
): Judgement<Code> {
  const gates: GateReading[] = [];
  let first: Code | null = null;
  for (const code of question.codes) {
    question.forget();
    const ok = question.ask(code);
    if (ok === false && first === null) first = code;
    const { unit } = question;
    const textOf = code === 'liquidation-too-near' ? shownDistance : shownFraction;
    const [value, limit] = [shown(question.value, textOf), shown(question.limit, textOf)];
    gates.push(unit === undefined || value === null ? { code, ok, value, limit } : { code, ok, value, limit, unit });
  }
  return { code: first, sizeLots: first === null ? question.sizeLots : 0, gates };
}

function shown(
  value: Fraction | number | boolean | string | undefined,
  textOf: (value: Fraction) => string,
): string | null {
  if (value === undefined) return null;
  return typeof value === 'object' ? textOf(value) : String(value);
}

/** The gates that entry and addition share, and the scales they are weighed on. */
abstract class Question<N, S extends Situation<N>, Code extends AdditionGate | EntryGate> {
  readonly m: Arithmetic<N>;
  readonly policy: Policy;
  readonly situation: S;
  /** The gates in their order. */
  abstract readonly codes: readonly Code[];
  /** Of the order, where no gate refuses it. */
  abstract readonly sizeLots: number;
  /** What the last gate weighed; kept where somebody wants to read it. */
  value: N | number | boolean | string | undefined = undefined;
  limit: N | number | boolean | undefined = undefined;
  /** Of both, where the gate weighs one of two. */
  unit: GateReading['unit'] = undefined;
  readonly #isTraced: boolean;

  constructor(m: Arithmetic<N>, policy: Policy, situation: S, isTraced: boolean) {
    this.m = m;
    this.policy = policy;
    this.situation = situation;
    this.#isTraced = isTraced;
  }

  abstract ask(code: Code): Answer;

  forget(): void {
    this.value = undefined;
    this.limit = undefined;
    this.unit = undefined;
  }

  #weigh(value: N | number | boolean, limit: N | number | boolean): void {
    if (!this.#isTraced) return;
    this.value = value;
    this.limit = limit;
  }

  /** A fact that does not hold has nothing to weigh, and the trace shows neither value nor limit (ladder.md §7's sample). */
  protected isFalse(fact: boolean): boolean {
    if (fact) this.#weigh(true, false);
    return !fact;
  }

  protected countAtMost(value: number, limit: number): boolean {
    this.#weigh(value, limit);
    return value <= limit;
  }

  protected countBelow(value: number, limit: number): boolean {
    this.#weigh(value, limit);
    return value < limit;
  }

  protected countAtLeast(value: number, limit: number): boolean {
    this.#weigh(value, limit);
    return value >= limit;
  }

  protected atMost(value: N, limit: N): boolean {
    this.#weigh(value, limit);
    return this.m.compare(value, limit) <= 0;
  }

  protected atLeast(value: N, limit: N): boolean {
    this.#weigh(value, limit);
    return this.m.compare(value, limit) >= 0;
  }

  protected of(value: Decimal): N {
    return this.m.of(value);
  }

  /** Value of `sizeLots` at the price, USDT. */
  protected valueOf(sizeLots: number): N {
    const { m, situation } = this;
    return m.times(m.times(m.whole(sizeLots), situation.grid.coinsPerLot), situation.price);
  }

  protected haltedGate(): Answer {
    const { halted, haltedBy } = this.situation;
    const ok = this.isFalse(halted);
    if (!ok) this.value = haltedBy ?? true;
    return ok;
  }

  protected stateGate(): Answer {
    return this.isFalse(!this.situation.stateKnown);
  }

  protected inFlightGate(): Answer {
    return this.countAtMost(this.situation.ordersInFlight, 0);
  }

  /** Too old, or moved too far from the price that the signal saw. */
  protected priceGate(): Answer {
    const { m, situation, policy } = this;
    const oldest = policy.limits.priceAgeMaxMs;
    this.unit = 'ms';
    if (situation.priceAgeMs !== undefined && oldest !== undefined && !this.countAtMost(situation.priceAgeMs, oldest))
      return false;
    if (situation.signalPrice === undefined) return true;
    const moved = m.minus(situation.price, situation.signalPrice);
    const distance = m.greater(moved, m.minus(m.zero, moved));
    const percent = m.over(m.times(distance, this.of(HUNDRED)), situation.signalPrice);
    this.unit = 'percent';
    return this.atMost(percent, this.of(policy.limits.priceMovePercentMax));
  }

  protected valueGate(valueNow: N, added: N): Answer {
    const { m, policy, situation } = this;
    return this.atMost(m.plus(valueNow, added), positionValueMax(m, policy, situation.profile, situation.regime));
  }

  protected freeMarginGate(added: N, leverage: number): Answer {
    const { m, policy, situation } = this;
    return this.atMost(m.over(added, leverageIn(m, leverage)), spendableMargin(m, policy, situation.account));
  }

  protected positionMarginGate(cost: N, added: N, leverage: number): Answer {
    const { m } = this;
    return this.atMost(m.over(m.plus(cost, added), leverageIn(m, leverage)), this.marginMax());
  }

  protected marginMax(): N {
    const { m, policy, situation } = this;
    return positionMarginMax(
      m,
      policy,
      situation.profile,
      situation.regime,
      situation.account.balance,
      situation.volatilityFactor,
    );
  }

  /** Distance average → liquidation against a multiple of the distance average → stop, both in USDT of price, after the order. */
  protected liquidationGate(of: Side, coins: N, cost: N, leverage: number, stopPrice: N, addedLots: number): Answer {
    const { m, situation, policy } = this;
    const side = m.whole(of);
    const average = m.over(cost, coins);
    const position = { side: of, quantity: coins, cost, margin: m.over(cost, leverageIn(m, leverage)) };
    const liquidation = liquidationPrice(m, position, {
      maintenance: situation.grid.maintenanceRateAfter(addedLots),
      closingFee: situation.grid.takerFeeRate,
    });
    const toLiquidation = m.times(side, m.minus(average, liquidation));
    const toStop = m.greater(m.zero, m.times(side, m.minus(average, stopPrice)));
    return this.atLeast(toLiquidation, m.times(this.of(policy.limits.liquidationDistanceMultiple), toStop));
  }

  protected exposureGate(added: N): Answer {
    const { m, policy, situation } = this;
    return this.atMost(
      m.plus(situation.account.totalExposure, added),
      totalExposureMax(m, policy, situation.account.balance),
    );
  }

  protected fundingGate(running: RunningFacts<N>): Answer {
    const { m, policy } = this;
    this.unit = 'ms';
    if (running.fundingInMs !== undefined && !this.countAtLeast(running.fundingInMs, policy.execution.fundingNearMs))
      return false;
    this.unit = 'percent';
    return this.atMost(m.times(running.fundingDue, this.of(HUNDRED)), this.of(policy.limits.fundingAgainstPercentMax));
  }

  /**
   * Funding that is due within the time limit is a cost of the trip (rules.md §3); what would be received is not counted.
   * @param move from the order's price to the target, as a share of it
   */
  protected edgeGate(move: N, { roundTripCost, fundingDue }: RunningFacts<N>): Answer {
    const cost = this.m.plus(roundTripCost, fundingDue);
    return this.atLeast(move, worthwhileMove(this.m, this.policy.execution, cost));
  }
}

class AdditionQuestion<N> extends Question<N, AdditionSituation<N>, AdditionGate> {
  readonly codes: readonly AdditionGate[];
  /** Size of the rung in lots, cut by `onLimit: shrink` where the policy says so; 0 where there is no position. */
  readonly sizeLots: number;
  readonly #value: N;

  constructor(m: Arithmetic<N>, policy: Policy, situation: AdditionSituation<N>, isTraced: boolean) {
    super(m, policy, situation, isTraced);
    this.codes = situation.running === undefined ? ADDITION_GATES : ALL_ADDITION_GATES;
    const { position } = situation;
    this.sizeLots = position === undefined ? 0 : this.#size(position);
    this.#value = this.valueOf(this.sizeLots);
  }

  ask(code: AdditionGate): Answer {
    const { situation } = this;
    switch (code) {
      case 'halted':
        return this.haltedGate();
      case 'state-unknown':
        return this.stateGate();
      case 'price-stale':
        return this.priceGate();
      case 'order-in-flight':
        return this.inFlightGate();
      case 'no-position':
        return this.isFalse(situation.position === undefined);
      default:
        return situation.position === undefined ? null : this.#askOpen(code, situation.position);
    }
  }

  #askOpen(code: Exclude<AdditionGate, 'halted'>, position: PositionFacts<N>): Answer {
    const { situation } = this;
    const { rules, running } = situation;
    switch (code) {
      case 'opposite-side':
        return this.isFalse(situation.side !== position.side);
      case 'additions-exhausted':
        return this.countBelow(position.additionsMade, rules.additionsMax);
      case 'interval-too-short':
        return this.countAtLeast(situation.now - position.lastGrownAt, rules.intervalMs);
      case 'loss-too-deep':
        return this.#profitAtLeast(position, rules.lossLimitPercent);
      case 'profit-too-small':
        return rules.profitMinPercent === undefined ? true : this.#profitAtLeast(position, rules.profitMinPercent);
      case 'leverage-unknown':
        return this.isFalse(position.leverage === undefined);
      case 'rung-too-small':
        return this.#rungGate();
      case 'position-too-large':
        return this.valueGate(position.value, this.#value);
      case 'margin-not-free':
        return position.leverage === undefined ? null : this.freeMarginGate(this.#value, position.leverage);
      case 'position-margin-too-large':
        return position.leverage === undefined
          ? null
          : this.positionMarginGate(position.cost, this.#value, position.leverage);
      case 'positions-at-limit':
        return this.#positionsGate();
      case 'liquidation-too-near':
        return this.#liquidationGate(position);
      case 'exposure-too-large':
        return this.exposureGate(this.#value);
      case 'funding-near':
        return running === undefined ? null : this.fundingGate(running);
      case 'edge-below-cost':
        return running === undefined ? null : this.edgeGate(this.#moveToTarget(position, running), running);
      case 'trend-against':
        return running === undefined ? null : this.isFalse(running.trendAgainst);
      case 'state-unknown':
      case 'price-stale':
      case 'order-in-flight':
      case 'no-position':
        return null;
    }
  }

  /** The target goes with the average: a rung below it has farther to go than the position, one added in profit less far. */
  #moveToTarget({ side, coins, cost }: PositionFacts<N>, { expectedMove }: RunningFacts<N>): N {
    const { m, situation } = this;
    const coinsAfter = m.plus(coins, m.times(m.whole(this.sizeLots), situation.grid.coinsPerLot));
    const average = m.over(m.plus(cost, this.#value), coinsAfter);
    const toAverage = m.times(m.whole(side), m.minus(average, situation.price));
    return m.plus(expectedMove, m.over(toAverage, situation.price));
  }

  /** PnL % of margin (`loss_basis: margin`) or of price; null where it needs a leverage that is not known. */
  #profitAtLeast(position: PositionFacts<N>, limit: Decimal): Answer {
    const { m, situation, policy } = this;
    const percent = situation.pnlPercent ?? profitPercent(m, position, situation.price, policy.scaling.lossBasis);
    return percent === undefined ? null : this.atLeast(percent, this.of(limit));
  }

  #rungGate(): Answer {
    this.unit = 'lots';
    if (!this.countAtLeast(this.sizeLots, this.situation.grid.lotsMin)) return false;
    this.unit = 'usdt';
    return this.atLeast(this.#value, this.of(this.policy.scaling.additionValueMin));
  }

  /** An addition opens no position: it is refused only where the book is already above its limit (D5). */
  #positionsGate(): Answer {
    const limit = this.policy.profiles[this.situation.profile].openPositionsMax;
    const open = this.situation.account.openPositions;
    return this.countAtMost(open, this.policy.scaling.additionsAtPositionLimit === 'refuse' ? limit - 1 : limit);
  }

  /** A position without a confirmed stop may not grow. */
  #liquidationGate(position: PositionFacts<N>): Answer {
    const { m, situation } = this;
    if (position.leverage === undefined) return null;
    if (position.stopPrice === undefined) return false;
    const coins = m.plus(position.coins, m.times(m.whole(this.sizeLots), situation.grid.coinsPerLot));
    return this.liquidationGate(
      position.side,
      coins,
      m.plus(position.cost, this.#value),
      position.leverage,
      position.stopPrice,
      this.sizeLots,
    );
  }

  /** ⌊base × coefficient / value of a lot⌋; with `shrink` not more than gates 13, 14, 15 and 18 leave room for. */
  #size(position: PositionFacts<N>): number {
    const { m, policy, situation } = this;
    const perLot = m.times(situation.grid.coinsPerLot, situation.price);
    const coefficient = m.of(coefficientOf(situation.rules, position.additionsMade + 1));
    const planned = m.times(position.base, coefficient);
    if (policy.scaling.onLimit === 'refuse' || position.leverage === undefined) return m.floor(m.over(planned, perLot));
    const leverage = leverageIn(m, position.leverage);
    const rooms = [
      m.minus(positionValueMax(m, policy, situation.profile, situation.regime), position.value),
      m.times(spendableMargin(m, policy, situation.account), leverage),
      m.minus(m.times(this.marginMax(), leverage), position.cost),
      m.minus(totalExposureMax(m, policy, situation.account.balance), situation.account.totalExposure),
    ];
    const cut = rooms.reduce((least, each) => m.lesser(least, each), planned);
    return m.floor(m.over(m.greater(m.zero, cut), perLot));
  }
}

class EntryQuestion<N> extends Question<N, EntrySituation<N>, EntryGate> {
  readonly codes = ENTRY_GATES;
  readonly sizeLots: number;
  readonly #value: N;

  constructor(m: Arithmetic<N>, policy: Policy, situation: EntrySituation<N>, isTraced: boolean) {
    super(m, policy, situation, isTraced);
    this.sizeLots = situation.sizeLots;
    this.#value = this.valueOf(situation.sizeLots);
  }

  ask(code: EntryGate): Answer {
    const { m, situation, policy } = this;
    const { running, leverage } = situation;
    switch (code) {
      case 'halted':
        return this.haltedGate();
      case 'state-unknown':
        return this.stateGate();
      case 'price-stale':
        return this.priceGate();
      case 'order-in-flight':
        return this.inFlightGate();
      case 'reentry-wait':
        return (
          situation.sinceCloseMs === undefined || this.countAtLeast(situation.sinceCloseMs, situation.reentryWaitMs)
        );
      case 'funding-near':
        return running === undefined ? null : this.fundingGate(running);
      case 'edge-below-cost':
        return running === undefined ? null : this.edgeGate(running.expectedMove, running);
      case 'entry-too-small':
        return this.#entryGate();
      case 'position-too-large':
        return this.valueGate(m.zero, this.#value);
      case 'margin-not-free':
        return this.freeMarginGate(this.#value, leverage);
      case 'position-margin-too-large':
        return this.positionMarginGate(m.zero, this.#value, leverage);
      case 'positions-at-limit':
        return this.countAtMost(
          situation.account.openPositions + 1,
          policy.profiles[situation.profile].openPositionsMax,
        );
      case 'liquidation-too-near':
        return this.#liquidationGate();
      case 'exposure-too-large':
        return this.exposureGate(this.#value);
      case 'worst-case-too-large':
        return this.#worstCaseGate();
      case 'trend-against':
        return running === undefined ? null : this.isFalse(running.trendAgainst);
    }
  }

  #entryGate(): Answer {
    const { situation, policy } = this;
    this.unit = 'lots';
    if (!this.countAtLeast(situation.sizeLots, situation.grid.lotsMin)) return false;
    this.unit = 'usdt';
    return this.atLeast(this.#value, this.of(policy.profiles[situation.profile].positionValueMin));
  }

  /** Nothing to liquidate where the size is nothing: `entry-too-small` has said so. */
  #liquidationGate(): Answer {
    const { m, situation } = this;
    if (situation.sizeLots === 0) return null;
    const coins = m.times(m.whole(situation.sizeLots), situation.grid.coinsPerLot);
    const { side, leverage, stopPrice, sizeLots } = situation;
    return this.liquidationGate(side, coins, this.#value, leverage, stopPrice, sizeLots);
  }

  #worstCaseGate(): Answer {
    const { m, situation, policy } = this;
    return this.atMost(situation.worstCaseLoss, worstCaseLossMax(m, policy, situation.account.balance));
  }
}
