/** A planned ladder as data: amounts and prices as plain decimal texts, floored at 8 places. */

import type { NextRungPrices } from '../../core/governors/door.ts';
import { contractsText, type Instrument, priceText } from '../../core/instrument/instrument.ts';
import type { LadderPlan } from '../../core/ladder/ladder-plan.ts';
import { fractions, shownFraction } from '../../core/numbers/arithmetic.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import { sideName } from '../../core/numbers/units.ts';
import type { Policy } from '../../core/policy.ts';
import { percentOf, priceOfTicks } from '../format/figures.ts';

export function planJson(plan: LadderPlan, policy: Policy) {
  const { question, rules, worstCase, rungs } = plan;
  const { instrument, side, regime, balance, entryTicks } = question;
  const stop = percentOf(priceOfTicks(plan.stopDistanceTicks, instrument), priceOfTicks(entryTicks, instrument));
  return {
    symbol: instrument.instId,
    side: sideName(side),
    regime,
    profile: plan.profile,
    balance: formatDecimal(balance),
    leverage: plan.leverage,
    price: priceText(instrument, entryTicks),
    stopPercent: shownFraction(stop),
    lossLimitPercent: formatDecimal(rules.lossLimitPercent),
    lossBasis: policy.scaling.lossBasis,
    additionsMax: rules.additionsMax,
    base: shownFraction(plan.base),
    cappedBy: plan.cappedBy,
    rungs: rungs.map(({ number, coefficient, triggerTicks, triggerReason, sizeLots, value, refusal, ...rung }) => ({
      rung: number,
      coefficient: formatDecimal(coefficient),
      trigger: priceText(instrument, triggerTicks),
      triggerReason,
      contracts: contractsText(instrument, sizeLots),
      value: shownFraction(value),
      refusal,
      ...(rung.withoutSignal === undefined ? {} : { withoutSignal: nextRungJson(instrument, rung.withoutSignal) }),
      position:
        rung.position === undefined
          ? null
          : {
              contracts: contractsText(instrument, rung.position.lots),
              value: shownFraction(rung.position.cost),
              margin: shownFraction(rung.position.margin),
              average: shownFraction(rung.position.average),
              breakEven: shownFraction(rung.position.breakEven),
              liquidation: rung.position.liquidation === undefined ? null : shownFraction(rung.position.liquidation),
              stop: priceText(instrument, rung.position.stopTicks),
              lossIfStopped: shownFraction(rung.position.lossIfStopped),
            },
    })),
    worstCase: {
      loss: shownFraction(worstCase.loss),
      lossPercent: shownFraction(percentOf(worstCase.loss, fractions.of(balance))),
      reckoned: shownFraction(worstCase.reckoned),
      bookAllows: shownFraction(worstCase.allowed),
      positionsMax: worstCase.positionsMax,
    },
  };
}

/** Where a rung would come without a signal; null where it would not. */
export function nextRungJson(instrument: Instrument, prices: NextRungPrices) {
  const text = (at: number | undefined) => (at === undefined ? null : priceText(instrument, at));
  return { averageDown: text(prices.averageDownTicks), pyramid: text(prices.pyramidTicks) };
}
