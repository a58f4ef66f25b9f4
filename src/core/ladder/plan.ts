/**
 * The base: planned so that a fully climbed ladder fits its own limits, before the first order. Source: ladder.md §3, rules.md §8.
 */

import { type Instrument, lotsMaxAt } from '../instrument/instrument.ts';
import { type Arithmetic } from '../numbers/arithmetic.ts';
import { type Decimal, decimalOf } from '../numbers/decimal.ts';
import type { Policy, Profile, Regime } from '../policy.ts';
import { leverageIn } from '../position/margin.ts';
import { priceOf } from '../situation.ts';
import {
  type AccountFacts,
  positionLossMax,
  positionMarginMax,
  positionValueMax,
  spendableMargin,
  totalExposureMax,
} from './limits.ts';

/** What a new position would meet. Amounts in USDT, shares of the price plain. */
export interface PlanFacts<N> {
  /** Σ of the ladder's coefficients in the regime where it is largest (ladder.ts, `largestCoefficientSum`). */
  readonly coefficientSum: N;
  readonly profile: Profile;
  readonly regime: Regime;
  /** 0.5 … 1. */
  readonly volatilityFactor: N;
  readonly leverage: number;
  readonly account: AccountFacts<N>;
  /** Distance of the planned stop from the average, as a share of the price. */
  readonly stopShare: N;
  /** Cost of getting out at the stop, as a share of the value. */
  readonly exitCostShare: N;
  /** Largest value that the tier allows at this leverage. */
  readonly tierValueMax: N;
  /** Every factor that scales the base down (strength, the day); above 1 it changes nothing. */
  readonly factor: N;
}

/** The caps by name; the smallest plans the base. */
export interface PlanCaps<N> {
  readonly margin: N;
  readonly value: N;
  readonly free: N;
  readonly exposure: N;
  readonly loss: N;
  readonly tier: N;
}

/** Notional that the entry and every rung together may reach, cap by cap. */
export function planCaps<N>(m: Arithmetic<N>, policy: Policy, facts: PlanFacts<N>): PlanCaps<N> {
  const leverage = leverageIn(m, facts.leverage);
  const { account, profile, regime } = facts;
  return {
    margin: m.times(positionMarginMax(m, policy, profile, regime, account.balance, facts.volatilityFactor), leverage),
    value: positionValueMax(m, policy, profile, regime),
    free: m.times(spendableMargin(m, policy, account), leverage),
    exposure: m.minus(totalExposureMax(m, policy, account.balance), account.totalExposure),
    loss: m.over(positionLossMax(m, policy, account.balance), m.plus(facts.stopShare, facts.exitCostShare)),
    tier: facts.tierValueMax,
  };
}

/**
 * The base of a new position in USDT: the smallest cap divided by (1 + Σ coefficients at the largest regime multiplier), or the fixed size
 * of the profile times the volatility factor, cut to what the tier leaves for it in the same way; scaled down by the factor, never up past the plan; never below 0.
 */
export function plannedBase<N>(m: Arithmetic<N>, policy: Policy, facts: PlanFacts<N>): N {
  const planned =
    policy.scaling.baseSize === 'auto'
      ? autoBase(m, policy, facts)
      : fixedBase(m, policy.scaling.baseSize[facts.profile], facts);
  return m.greater(m.zero, m.times(planned, m.lesser(m.one, facts.factor)));
}

function autoBase<N>(m: Arithmetic<N>, policy: Policy, facts: PlanFacts<N>): N {
  const caps = planCaps(m, policy, facts);
  const byBook = m.lesser(m.lesser(caps.margin, caps.value), m.lesser(caps.free, caps.exposure));
  const cap = m.lesser(byBook, m.lesser(caps.loss, caps.tier));
  return m.over(cap, m.plus(m.one, facts.coefficientSum));
}

/** No gate weighs what the tiers and one market order allow: the stop for all of a larger position would be refused (decision 0006). */
function fixedBase<N>(m: Arithmetic<N>, size: Decimal, facts: PlanFacts<N>): N {
  const most = m.over(facts.tierValueMax, m.plus(m.one, facts.coefficientSum));
  return m.lesser(m.times(m.of(size), facts.volatilityFactor), most);
}

/** The most that the tiers, and one market order to get out, allow at this leverage: value at `priceTicks`, USDT. */
export function tierValueMax<N>(m: Arithmetic<N>, instrument: Instrument, leverage: number, priceTicks: number): N {
  const lotsMost = Math.min(lotsMaxAt(instrument, leverage), instrument.lotsMaxMarketOrder);
  const coins = m.times(m.whole(lotsMost), m.of(instrument.coinsPerLot));
  return m.times(coins, priceOf(m, instrument, priceTicks));
}

/** Factor of the base for a signal of this strength (0 … 1): from `strengthFloor` linearly up to 1. */
export function strengthFactor<N>(m: Arithmetic<N>, policy: Policy, strength: N): N {
  const floor = m.of(policy.scaling.strengthFloor);
  return m.plus(floor, m.times(m.minus(m.one, floor), strength));
}

/** clamp(mean ATR % / ATR % now, 0.5, 1): turbulence lowers the cap, calm never raises it (ladder.md §2). */
export function volatilityFactor<N>(m: Arithmetic<N>, meanAtr: N, atrNow: N): N {
  if (m.compare(atrNow, m.zero) <= 0) return m.one;
  return m.greater(m.of(HALF), m.lesser(m.one, m.over(meanAtr, atrNow)));
}

const HALF = decimalOf(5n, 1);
