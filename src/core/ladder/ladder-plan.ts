/**
 * The ladder before the first order: every rung with its trigger, size, margin, average, liquidation and loss, judged by the bot's own gates.
 *
 * The market is taken at its worst for whoever averages down: each rung is added at the deepest price at which it still can be. Read in exact
 * fractions; prices in ticks, sizes in lots, amounts in USDT. Volatility factor and strength of the signal are 1: the largest base the plan allows.
 * Source: ladder.md §3–4, rules.md §5, §8. Deliberately absent: funding, which depends on how long the ladder takes.
 */

import { exitCost, roundTripCost } from '../adding/cost.ts';
import { judgeAddition, judgeEntry, type Situation } from '../adding/gates.ts';
import { up } from '../exits/exit-prices.ts';
import { firstStopTicks, stopDistanceTicks } from '../exits/stop-place.ts';
import type { NextRungFacts } from '../governors/additions-without-signal.ts';
import { type NextRungPrices, plannedRungPrices } from '../governors/door.ts';
import { type Instrument, valueUnits } from '../instrument/instrument.ts';
import { type Arithmetic, type Fraction, fractions, roundedUnits } from '../numbers/arithmetic.ts';
import { type Decimal, decimalOf } from '../numbers/decimal.ts';
import { percentOf, share } from '../numbers/percent.ts';
import { type Lots, lots, type Side, type Ticks, ticks } from '../numbers/units.ts';
import { ofRegime, type Policy, type Profile, type Regime } from '../policy.ts';
import { breakEvenPrice, initialMargin, leverageIn, liquidationPrice } from '../position/margin.ts';
import { foldFill, type Holding, unrealisedUnits } from '../position/position.ts';
import type { AdditionGate, EntryGate } from '../refusal.ts';
import { gridFacts, maintenanceRate, priceOf, usdt, wholeUnits } from '../situation.ts';
import { coefficientOf, type LadderRules, ladderRules, largestCoefficientSum } from './ladder.ts';
import { plannedLeverage } from './leverage.ts';
import { type AccountFacts, worstCaseLossMax } from './limits.ts';
import { type PlanCaps, type PlanFacts, planCaps, plannedBase, tierValueMax } from './plan.ts';
import { profileOf } from './profile.ts';
import { entryExposure, type LadderExposure, stoppedLossUnits, targetReachTicks } from './worst-case.ts';

/** Which ladder is to be planned: of what, where, and with how much. */
export interface LadderQuestion {
  readonly instrument: Instrument;
  readonly side: Side;
  /** Price of the entry. */
  readonly entryTicks: Ticks;
  /** USDT. */
  readonly balance: Decimal;
  /** What the rest of the book takes of the account, in whole 10⁻⁸ USDT; absent: nothing else is open. */
  readonly rest?: RestOfBook;
  readonly regime: Regime;
  /** Wanted distance average → stop, % of price; undefined: by the ATR. */
  readonly stopPercent: Decimal | undefined;
  /** Undefined where it is not known: then the stop stands as near as the floors of `exits` allow. */
  readonly atrTicks: number | undefined;
}

/** Other positions, each with everything filled that may come. */
export interface RestOfBook {
  readonly openPositions: number;
  readonly marginUnits: number;
  /** Σ value. */
  readonly exposureUnits: number;
  /** Loss if every stop is hit. */
  readonly worstCaseUnits: number;
}

/** What decides the deepest price of a rung: the loss limit (gate 9), the least profit (gate 10), or the stop that would close the position first. */
export type TriggerReason = 'entry' | 'loss-limit' | 'least-profit' | 'stop';

/** The position when a rung has been filled at its trigger. Amounts in USDT, prices in USDT unless they end in `Ticks`. */
export interface PlannedPosition {
  readonly lots: Lots;
  /** Value at the average entry. */
  readonly cost: Fraction;
  readonly margin: Fraction;
  readonly average: Fraction;
  readonly breakEven: Fraction;
  /** Undefined where no fall to zero liquidates it. */
  readonly liquidation: Fraction | undefined;
  readonly stopTicks: Ticks;
  /** Both fees, spread and slippage included; at liquidation, should that be nearer than the stop, the whole margin. */
  readonly lossIfStopped: Fraction;
}

/** One rung of a plan: what it buys, where, and the position it leads to. */
export interface PlannedRung {
  /** 0 is the entry. */
  readonly number: number;
  /** Share of the base; of the entry 1. */
  readonly coefficient: Decimal;
  readonly triggerTicks: Ticks;
  readonly triggerReason: TriggerReason;
  /** 0 where it was refused. */
  readonly sizeLots: Lots;
  readonly value: Fraction;
  /** The first gate that refuses; null: it is filled. A refused rung is the last one of a plan: those after it are never reached. */
  readonly refusal: AdditionGate | EntryGate | null;
  /** Undefined where it was refused. */
  readonly position: PlannedPosition | undefined;
  /** From the position of the row before, where the rung would come without a signal; undefined of the entry, and where that governor is off. */
  readonly withoutSignal: NextRungPrices | undefined;
}

/** A ladder before its first order, judged by the gates. */
export interface LadderPlan {
  readonly question: LadderQuestion;
  readonly profile: Profile;
  readonly rules: LadderRules;
  readonly leverage: number;
  readonly stopDistanceTicks: number;
  /** USDT, before it is floored to lots. */
  readonly base: Fraction;
  readonly caps: PlanCaps<Fraction>;
  /** Which cap plans the base; `fixed`: `base_size` names it; `tier` also where it names more than that allows. */
  readonly cappedBy: keyof PlanCaps<Fraction> | 'fixed';
  readonly rungs: readonly PlannedRung[];
  /** The entry and its whole ladder as the book's worst case counts them (worst-case.ts). */
  readonly exposure: LadderExposure;
  readonly worstCase: {
    /** The largest loss of any row, USDT. */
    readonly loss: Fraction;
    /** What the gate `worst-case-too-large` reckons for such an entry in any regime, and what it allows the whole book, USDT. */
    readonly reckoned: Fraction;
    readonly allowed: Fraction;
    readonly positionsMax: number;
  };
}

const m = fractions;
const HUNDRED = m.whole(100);

/** Plans the ladder of a position that would be opened now. @throws {UnitError} where values leave the safe range. */
export function planLadder(policy: Policy, question: LadderQuestion): LadderPlan {
  const market = marketOf(policy, question);
  const { facts, leverage, profile } = market;
  const base = plannedBase(m, policy, facts);
  const rungs = climbed(policy, market, base);
  const losses = rungs.map(({ position }) => position?.lossIfStopped ?? m.zero);
  const entryUnits = wholeUnits(rungs[0]?.value ?? m.zero);
  const exposure = exposureOf(policy, market, entryUnits);
  const caps = planCaps(m, policy, facts);
  return {
    question,
    profile,
    rules: market.rules,
    leverage,
    stopDistanceTicks: market.stopTicks,
    base,
    caps,
    cappedBy:
      policy.scaling.baseSize === 'auto'
        ? smallest(caps)
        : isCut(policy.scaling.baseSize[profile], base)
          ? 'tier'
          : 'fixed',
    rungs,
    exposure,
    worstCase: {
      loss: losses.reduce((worst, loss) => m.greater(worst, loss)),
      reckoned: usdt(m, stoppedLossUnits(policy, balanceUnits(question), exposure)),
      allowed: worstCaseLossMax(m, policy, m.of(question.balance)),
      positionsMax: policy.profiles[profile].openPositionsMax,
    },
  };
}

/** A fixed size is planned smaller by the tier alone. */
function isCut(fixed: Decimal, base: Fraction): boolean {
  return m.compare(base, m.of(fixed)) < 0;
}

/** The question with everything that does not change from rung to rung. */
interface Market {
  readonly question: LadderQuestion;
  readonly profile: Profile;
  readonly rules: LadderRules;
  readonly leverage: number;
  readonly stopTicks: number;
  readonly roundTrip: Fraction;
  readonly exit: Fraction;
  /** At the entry's price. */
  readonly facts: PlanFacts<Fraction>;
}

/** Distance average → stop that is asked for, before the floors of `exits`; ticks, 0 where nothing asks. */
export function wantedStopTicks(
  { exits }: Policy,
  { entryTicks, regime, stopPercent, atrTicks }: LadderQuestion,
): number {
  return stopPercent === undefined
    ? ofRegime(exits.stopAtr, regime).approx * (atrTicks ?? 0)
    : (stopPercent.approx / 100) * entryTicks;
}

function marketOf(policy: Policy, question: LadderQuestion): Market {
  const { instrument, entryTicks, regime, atrTicks } = question;
  const profile = profileOf(m, policy, m.of(question.balance));
  const spread = { spreadShare: m.over(m.whole(policy.execution.spreadTicks), m.whole(entryTicks)) };
  const roundTrip = roundTripCost(m, policy.execution, spread);
  const exit = exitCost(m, policy.execution, spread);
  const stopTicks = stopDistanceTicks(policy.exits, wantedStopTicks(policy, question), entryTicks, approx(roundTrip));
  const leverage = plannedLeverage(policy, instrument, profile, entryTicks, {
    strength: 1,
    regime,
    atrPercent: atrTicks === undefined ? undefined : percentOf(share(atrTicks / entryTicks)),
    stopShare: stopTicks / entryTicks,
  });
  return {
    question,
    profile,
    rules: ladderRules(policy.scaling, instrument.instId, profile, regime),
    leverage,
    stopTicks,
    roundTrip,
    exit,
    facts: {
      coefficientSum: m.of(largestCoefficientSum(policy, instrument.instId, profile)),
      profile,
      regime,
      volatilityFactor: m.one,
      leverage,
      account: accountFacts(m, question, undefined),
      stopShare: m.over(m.whole(stopTicks), m.whole(entryTicks)),
      exitCostShare: exit,
      tierValueMax: tierValueMax(m, instrument, leverage, entryTicks),
      factor: m.one,
    },
  };
}

function climbed(policy: Policy, market: Market, base: Fraction): PlannedRung[] {
  const { question, rules } = market;
  const holding: Holding = { lots: 0, side: question.side, costUnits: 0 };
  const entry = entryOf(policy, market, base, holding);
  const rungs = [entry];
  let position = entry.position;
  while (position !== undefined && rungs.length <= rules.additionsMax) {
    const last: PlannedRung = rungs.at(-1) ?? entry;
    const rung = rungOf(policy, market, holding, position, rungs.length, entry.value, last.triggerTicks);
    rungs.push(rung);
    position = rung.position;
  }
  return rungs;
}

function entryOf(policy: Policy, market: Market, base: Fraction, holding: Holding): PlannedRung {
  const { question, leverage, stopTicks } = market;
  const { instrument, entryTicks, side } = question;
  const sizeLots = m.floor(m.over(base, m.times(m.of(instrument.coinsPerLot), priceOf(m, instrument, entryTicks))));
  const worstUnits =
    (question.rest?.worstCaseUnits ?? 0) +
    stoppedLossUnits(
      policy,
      balanceUnits(question),
      exposureOf(policy, market, valueUnits(instrument, sizeLots, entryTicks)),
    );
  const { code } = judgeEntry(
    policy,
    (n) => ({
      ...situation(n, policy, market, entryTicks, undefined),
      sizeLots,
      leverage,
      stopPrice: priceOf(n, instrument, Math.max(1, entryTicks - side * stopTicks)),
      reentryWaitMs: 0,
      sinceCloseMs: undefined,
      worstCaseLoss: usdt(n, worstUnits),
    }),
    false,
  );
  return filledOrNot(policy, market, holding, {
    number: 0,
    coefficient: decimalOf(1n, 0),
    triggerTicks: entryTicks,
    triggerReason: 'entry',
    sizeLots: lots(sizeLots),
    refusal: code,
    withoutSignal: undefined,
  });
}

function rungOf(
  policy: Policy,
  market: Market,
  holding: Holding,
  position: PlannedPosition,
  number: number,
  entryValue: Fraction,
  lastTicks: number,
): PlannedRung {
  const { question, rules, leverage, facts } = market;
  const { triggerTicks, triggerReason } = deepestAddition(policy, market, position);
  const now = { ...facts, tierValueMax: tierValueMax(m, question.instrument, leverage, triggerTicks) };
  const base = m.lesser(entryValue, plannedBase(m, policy, now));
  const baseUnits = wholeUnits(base);
  const { code, sizeLots } = judgeAddition(
    policy,
    (n) => ({
      ...situation(n, policy, market, triggerTicks, holding),
      position: {
        side: holding.side,
        coins: n.times(n.whole(holding.lots), n.of(question.instrument.coinsPerLot)),
        cost: usdt(n, holding.costUnits),
        value: usdt(n, valueUnits(question.instrument, holding.lots, triggerTicks)),
        leverage,
        additionsMade: number - 1,
        lastGrownAt: -rules.intervalMs,
        base: usdt(n, baseUnits),
        stopPrice: priceOf(n, question.instrument, position.stopTicks),
      },
      rules,
      pnlPercent: undefined,
    }),
    false,
  );
  return filledOrNot(policy, market, holding, {
    number,
    coefficient: coefficientOf(rules, number),
    triggerTicks,
    triggerReason,
    sizeLots: lots(sizeLots),
    refusal: code,
    withoutSignal: plannedRungPrices(policy, nextRungFacts(policy, market, holding, lastTicks), position.stopTicks),
  });
}

/** Undefined where the ATR is not known. */
function nextRungFacts(
  policy: Policy,
  { question, rules, leverage }: Market,
  { costUnits, lots: size }: Readonly<Holding>,
  lastTicks: number,
): NextRungFacts | undefined {
  const { side, instrument, atrTicks, regime } = question;
  if (atrTicks === undefined) return undefined;
  return {
    side,
    costUnits,
    unitsPerTick: size * instrument.moneyPerTickLot,
    leverage,
    lastTicks,
    atrTicks,
    regime,
    lossLimitPercent: rules.lossLimitPercent,
    lossBasis: policy.scaling.lossBasis,
  };
}

/**
 * The deepest price at which a rung can still be added: the inverse of gates 9 and 10, in whole ticks, and never beyond the position's stop,
 * which would have closed it one tick later.
 */
function deepestAddition(
  policy: Policy,
  { question, rules, leverage }: Market,
  position: PlannedPosition,
): Pick<PlannedRung, 'triggerTicks' | 'triggerReason'> {
  const { side, instrument } = question;
  const lossLimit = m.of(rules.lossLimitPercent);
  const least = rules.profitMinPercent === undefined ? lossLimit : m.of(rules.profitMinPercent);
  const percent = m.greater(lossLimit, least);
  const share = m.over(percent, m.times(HUNDRED, leverageIn(m, policy.scaling.lossBasis === 'margin' ? leverage : 1)));
  const deepest = m.times(position.average, m.plus(m.one, m.times(m.whole(side), share)));
  const inTicks = m.over(deepest, m.of(instrument.tickSize));
  const byGates = Math.max(1, Number(roundedUnits(inTicks, 0, side === 1 ? 'ceil' : 'floor')));
  const beforeStop = position.stopTicks + side;
  if (side * (beforeStop - byGates) > 0) return { triggerTicks: ticks(beforeStop), triggerReason: 'stop' };
  return {
    triggerTicks: ticks(byGates),
    triggerReason: m.compare(percent, lossLimit) > 0 ? 'least-profit' : 'loss-limit',
  };
}

/** Folds the fill into `holding`, if there is one. */
function filledOrNot(
  policy: Policy,
  market: Market,
  holding: Holding,
  rung: Omit<PlannedRung, 'position' | 'value'>,
): PlannedRung {
  const { instrument, side } = market.question;
  const value = usdt(m, valueUnits(instrument, rung.sizeLots, rung.triggerTicks));
  if (rung.refusal !== null) return { ...rung, value, position: undefined };
  foldFill(holding, instrument, side, rung.sizeLots, rung.triggerTicks);
  return { ...rung, value, position: positionOf(policy, market, holding) };
}

function positionOf(policy: Policy, market: Market, holding: Readonly<Holding>): PlannedPosition {
  const { question, leverage, stopTicks: distanceTicks } = market;
  const { instrument, side } = question;
  const cost = usdt(m, holding.costUnits);
  const quantity = m.times(m.whole(holding.lots), m.of(instrument.coinsPerLot));
  const average = m.over(cost, quantity);
  const margin = initialMargin(m, cost, leverageIn(m, leverage));
  const takerFeeRate = m.of(policy.execution.feeRates.taker);
  const liquidation = liquidationPrice(
    m,
    { side, quantity, cost, margin },
    { maintenance: maintenanceRate(m, instrument, holding.lots), closingFee: takerFeeRate },
  );
  const stop = ticks(firstStopTicks(policy, balanceUnits(question), instrument, holding, distanceTicks));
  return {
    lots: lots(holding.lots),
    cost,
    margin,
    average,
    breakEven: breakEvenPrice(m, side, average, takerFeeRate),
    liquidation: m.compare(liquidation, m.zero) > 0 ? liquidation : undefined,
    stopTicks: stop,
    lossIfStopped: lossIfStopped(market, { cost, quantity, margin, liquidation }, stop),
  };
}

function lossIfStopped(
  { question, roundTrip, exit }: Market,
  of: {
    readonly cost: Fraction;
    readonly quantity: Fraction;
    readonly margin: Fraction;
    readonly liquidation: Fraction;
  },
  stopTicks: Ticks,
): Fraction {
  const side = m.whole(question.side);
  const stop = priceOf(m, question.instrument, stopTicks);
  const entryCosts = m.times(of.cost, m.minus(roundTrip, exit));
  if (m.compare(m.times(side, m.minus(of.liquidation, stop)), m.zero) > 0) return m.plus(of.margin, entryCosts);
  const valueAtStop = m.times(of.quantity, stop);
  return m.plus(m.times(side, m.minus(of.cost, valueAtStop)), m.plus(entryCosts, m.times(valueAtStop, exit)));
}

/** The entry and its whole ladder, in the regime where that is most, as the book's worst case counts them. */
function exposureOf(policy: Policy, market: Market, valueUnits: number): LadderExposure {
  const { question, profile, leverage, stopTicks, roundTrip, exit } = market;
  const { instrument, side, entryTicks, regime } = question;
  const { exits } = policy;
  const atrTicks = question.atrTicks ?? stopTicks / ofRegime(exits.stopAtr, regime).approx;
  const targetDistanceTicks = Math.max(1, up(ofRegime(exits.targetAtr, regime).approx * atrTicks));
  return entryExposure({
    instrument,
    side,
    priceTicks: entryTicks,
    markTicks: entryTicks,
    valueUnits,
    coefficients: largestCoefficientSum(policy, instrument.instId, profile),
    stopDistanceTicks: stopTicks,
    targetReachTicks: targetReachTicks(policy, entryTicks, { targetDistanceTicks, roundTripShare: approx(roundTrip) }),
    leverage,
    exitShare: approx(exit),
    atrTicks,
  });
}

function situation<N>(
  n: Arithmetic<N>,
  policy: Policy,
  { question, profile, leverage }: Market,
  priceTicks: number,
  holding: Readonly<Holding> | undefined,
): Situation<N> {
  const { instrument, side, regime } = question;
  return {
    halted: false,
    stateKnown: true,
    ordersInFlight: 0,
    side,
    price: priceOf(n, instrument, priceTicks),
    priceAgeMs: undefined,
    signalPrice: undefined,
    now: 0,
    regime,
    volatilityFactor: n.one,
    profile,
    account: accountFacts(n, question, holding === undefined ? undefined : { holding, priceTicks, leverage }),
    grid: gridFacts(n, instrument, policy, holding?.lots ?? 0),
    running: undefined,
  };
}

/** The account with the rest of the book and this position. */
function accountFacts<N>(
  n: Arithmetic<N>,
  question: LadderQuestion,
  open: { readonly holding: Readonly<Holding>; readonly priceTicks: number; readonly leverage: number } | undefined,
): AccountFacts<N> {
  const { instrument, balance, rest } = question;
  const others = {
    balance: n.of(balance),
    unrealised: n.zero,
    marginUsed: usdt(n, rest?.marginUnits ?? 0),
    marginReserved: n.zero,
    exchangeAvailable: undefined,
    openPositions: rest?.openPositions ?? 0,
    totalExposure: usdt(n, rest?.exposureUnits ?? 0),
  };
  if (open === undefined) return others;
  const margin = initialMargin(n, usdt(n, open.holding.costUnits), leverageIn(n, open.leverage));
  return {
    ...others,
    unrealised: usdt(n, unrealisedUnits(open.holding, instrument, open.priceTicks)),
    marginUsed: n.plus(others.marginUsed, margin),
    openPositions: others.openPositions + 1,
    totalExposure: n.plus(others.totalExposure, usdt(n, valueUnits(instrument, open.holding.lots, open.priceTicks))),
  };
}

function balanceUnits({ balance }: LadderQuestion): number {
  return wholeUnits(m.of(balance));
}

/** A share as a double, rounded against us: by so little that no distance in ticks becomes a tick longer than the bot's. */
function approx(share: Fraction): number {
  return Number(roundedUnits(share, SHARE_PLACES, 'ceil')) / 10 ** SHARE_PLACES;
}

const SHARE_PLACES = 15;

const CAPS = [
  'margin',
  'value',
  'free',
  'exposure',
  'loss',
  'tier',
] as const satisfies readonly (keyof PlanCaps<Fraction>)[];

function smallest(caps: PlanCaps<Fraction>): keyof PlanCaps<Fraction> {
  return CAPS.reduce((least, each) => (m.compare(caps[each], caps[least]) < 0 ? each : least));
}
