/**
 * What a round trip costs, as a share of the price: the ground under the cost gate, the stop's floor and breakeven (rules.md §2, §5).
 */
import type { Arithmetic } from '../numbers/arithmetic.ts';
import { decimalOf } from '../numbers/decimal.ts';
import type { ExecutionPolicy } from '../policy.ts';

const BPS = decimalOf(10_000n, 0);

export interface CostFacts<N> {
  /** Measured, or assumed where none was seen; share of the price. */
  readonly spreadShare: N;
}

/** Entry fee at the planned order type + exit as taker + spread + slippage. */
export function roundTripCost<N>(m: Arithmetic<N>, execution: ExecutionPolicy, facts: CostFacts<N>): N {
  return m.plus(entryFeeRate(m, execution), exitCost(m, execution, facts));
}

/** Cost of leaving as taker: fee + spread + slippage. */
export function exitCost<N>(m: Arithmetic<N>, execution: ExecutionPolicy, facts: CostFacts<N>): N {
  const slippage = m.over(m.of(execution.slippageBps), m.of(BPS));
  return m.plus(m.of(execution.feeRates.taker), m.plus(facts.spreadShare, slippage));
}

/** The smallest expected move to the target, as a share of the price, that is worth a round trip (rules.md §2, cost gate). */
export function worthwhileMove<N>(m: Arithmetic<N>, execution: ExecutionPolicy, roundTrip: N): N {
  return m.times(m.of(execution.costMultipleMin), roundTrip);
}

/** An entry is planned as maker, unless the style is taker. */
function entryFeeRate<N>(m: Arithmetic<N>, execution: ExecutionPolicy): N {
  return m.of(execution.entryStyle === 'taker' ? execution.feeRates.taker : execution.feeRates.maker);
}
