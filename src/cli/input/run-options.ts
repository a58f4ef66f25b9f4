/** Options that backtest and demo have in common, and what they say to the configuration: one layer above the file. */
import { type Decimal, formatDecimal } from '../../core/numbers/decimal.ts';
import type { Policy } from '../../core/policy.ts';
import { DEFAULT_FILL_MODEL, type FillModel } from '../../sim/matching/fill-model.ts';
import type { Fees } from './option-values.ts';

export interface RunOptions {
  readonly config?: string;
  readonly balance?: Decimal;
  readonly preset?: string;
  readonly fees?: Fees;
  /** Ticks. */
  readonly spread?: Decimal;
  /** Bps. */
  readonly slippage?: Decimal;
}

/** The options as keys of `rungwise.yaml`. */
export function commandLineLayer({ balance, preset, fees, spread, slippage }: RunOptions): object {
  return {
    ...(balance === undefined ? {} : { account: { balance: formatDecimal(balance) } }),
    ...(preset === undefined ? {} : { position_scaling: { preset } }),
    execution: {
      ...(fees === undefined
        ? {}
        : { fee_rates: { maker: formatDecimal(fees.maker), taker: formatDecimal(fees.taker) } }),
      ...(spread === undefined ? {} : { spread_ticks: Number(formatDecimal(spread)) }),
      ...(slippage === undefined ? {} : { slippage_bps: formatDecimal(slippage) }),
    },
  };
}

/** 0.01 % of the value, in 10⁻⁸: what funding is taken for at a settlement that nobody knows. */
export const USUAL_FUNDING_E8 = 10_000;

/** What the simulator charges is what the core expects to pay: one configuration says both. */
export function fillModelOf({ execution }: Policy): FillModel {
  return {
    ...DEFAULT_FILL_MODEL,
    spreadTicks: execution.spreadTicks,
    slippageBps: execution.slippageBps.approx,
  };
}
