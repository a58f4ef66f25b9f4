/** PnL in per cent of the position's margin, or of its price: what loss limits and least profits are measured in. Source: ladder.md D7. */
import type { Arithmetic } from '../numbers/arithmetic.ts';
import { HUNDRED } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import type { ScalingPolicy } from '../policy.ts';
import { leverageIn } from './margin.ts';

/** Size, cost and price in units that fit each other: coins, USDT and USDT a coin, or units a tick, units and ticks. */
export interface ProfitFacts<N> {
  readonly side: Side;
  readonly coins: N;
  readonly cost: N;
  readonly leverage: number | undefined;
}

/** PnL % at a price; undefined where it needs a leverage that is not known. */
export function profitPercent<N>(
  m: Arithmetic<N>,
  { side, coins, cost, leverage }: ProfitFacts<N>,
  price: N,
  basis: ScalingPolicy['lossBasis'],
): N | undefined {
  const gain = m.times(m.whole(side), m.minus(m.times(coins, price), cost));
  const percentOfPrice = m.over(m.times(gain, m.of(HUNDRED)), cost);
  if (basis === 'price') return percentOfPrice;
  return leverage === undefined ? undefined : m.times(percentOfPrice, leverageIn(m, leverage));
}
