/** What the account pays may change while the bot runs: OKX looks at volumes and balances every day. Source: okx-v5.md §1.7; lessons.md 1. */
import { alert } from '../alert.ts';
import type { FeeRatesSaid } from '../event.ts';
import { compareDecimals, type Decimal, decimal, percentText } from '../numbers/decimal.ts';
import type { Registry } from '../registry.ts';

/**
 * Costs are reckoned with these from now on; what is open keeps those of its entry. A person is told. A fold leaves them alone: what this life was started
 * with is newer than its rows.
 */
export function takeFeeRates(registry: Registry, said: FeeRatesSaid): void {
  const { policy } = registry;
  const { maker, taker } = policy.execution.feeRates;
  const is = { maker: decimal(said.maker), taker: decimal(said.taker) };
  if (registry.folding || (isSame(maker, is.maker) && isSame(taker, is.taker))) return;
  registry.policy = { ...policy, execution: { ...policy.execution, feeRates: is } };
  alert(registry, undefined, {
    code: 'fees-changed',
    makerPercent: percentText(is.maker),
    makerPercentWas: percentText(maker),
    takerPercent: percentText(is.taker),
    takerPercentWas: percentText(taker),
  });
}

function isSame(a: Decimal, b: Decimal): boolean {
  return compareDecimals(a, b) === 0;
}
