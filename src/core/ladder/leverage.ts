/**
 * Leverage of a new position. Set on the exchange before an entry only, never on an open position (rules.md §4, lessons.md 12).
 */
import { type Instrument, tierOf } from '../instrument/instrument.ts';
import type { Percent } from '../numbers/percent.ts';
import { MONEY_PER_USDT } from '../numbers/units.ts';
import { type LeveragePolicy, ofRegime, type Policy, type Profile, type Regime } from '../policy.ts';

export interface LeverageFacts {
  /** 0 … 1. */
  readonly strength: number;
  readonly regime: Regime;
  /** Undefined while it is not known: then volatility changes nothing. */
  readonly atrPercent: Percent | undefined;
  /** Distance of the planned stop, as a share of the price. */
  readonly stopShare: number;
  /** Lots that the whole planned ladder may reach, for the tier. */
  readonly lotsMax: number;
  /** Maintenance rate and closing fee together. */
  readonly closingRate: number;
  readonly liquidationDistanceMultiple: number;
}

/**
 * Leverage of a position that would be opened now, whatever its size within the profile: tier and maintenance are those of the largest
 * position that the profile allows.
 */
export function plannedLeverage(
  policy: Policy,
  instrument: Instrument,
  profile: Profile,
  priceTicks: number,
  facts: Pick<LeverageFacts, 'strength' | 'regime' | 'atrPercent' | 'stopShare'>,
): number {
  const valueMax = policy.profiles[profile].positionValueMax.approx * Number(MONEY_PER_USDT);
  const lotsMax = Math.ceil(valueMax / (priceTicks * instrument.moneyPerTickLot));
  const { strength, regime, atrPercent, stopShare } = facts;
  return leverageFor(policy.execution.leverage, instrument, {
    strength,
    regime,
    atrPercent,
    stopShare,
    lotsMax,
    closingRate: tierOf(instrument, lotsMax).maintenanceRate.approx + policy.execution.feeRates.taker.approx,
    liquidationDistanceMultiple: policy.limits.liquidationDistanceMultiple.approx,
  });
}

/**
 * The smallest of: the map of strength, regime and volatility (only where adaptive), `max`, the instrument's and the tier's maximum, and what
 * keeps liquidation far enough behind the stop (gate 17). At least 1.
 */
export function leverageFor(policy: LeveragePolicy, instrument: Instrument, facts: LeverageFacts): number {
  const wanted = policy.adaptive ? Math.min(policy.max, mappedLeverage(policy, facts)) : policy.max;
  const tier = tierOf(instrument, facts.lotsMax);
  const allowed = Math.min(wanted, instrument.leverageMax, tier.leverageMax, leverageBehindStop(facts));
  return Math.max(1, Math.floor(allowed));
}

function mappedLeverage(policy: LeveragePolicy, facts: LeverageFacts): number {
  const atrPercent = facts.atrPercent ?? policy.turbulent.aboveAtrPercent.approx;
  const volatility =
    atrPercent > policy.turbulent.aboveAtrPercent.approx
      ? policy.turbulent.factor.approx
      : atrPercent < policy.calm.belowAtrPercent.approx
        ? policy.calm.factor.approx
        : 1;
  const score = Math.min(1, facts.strength * ofRegime(policy.byRegime, facts.regime).approx * volatility);
  return policy.steps.find((step) => score < step.below.approx)?.leverage ?? policy.top;
}

/**
 * The largest leverage at which the distance to liquidation is `multiple` stop distances. Inverse of gate 17 for the side where it is
 * nearer: a short's liquidation, 1 − (1 + 1/L)/(1 + c), is reached by a smaller move than a long's.
 */
function leverageBehindStop(facts: LeverageFacts): number {
  const distance = facts.liquidationDistanceMultiple * facts.stopShare;
  return 1 / ((1 + distance) * (1 + facts.closingRate) - 1);
}
