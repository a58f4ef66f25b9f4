/**
 * The caps that planner, gates, exits and display share: margin, value and loss of one position, free margin, exposure and worst case of the
 * book. Source: ladder.md §2–4, rules.md §5, §8.
 */
import type { Arithmetic } from '../numbers/arithmetic.ts';
import { HUNDRED } from '../numbers/decimal.ts';
import { ofRegime, type Policy, type Profile, type Regime } from '../policy.ts';

/** What of the account the rules look at; all in USDT. */
export interface AccountFacts<N> {
  /** Equity without unrealised PnL, position margin included. */
  readonly balance: N;
  /** Σ over positions. */
  readonly unrealised: N;
  readonly marginUsed: N;
  /** Margin of live and unanswered orders. */
  readonly marginReserved: N;
  /** What the exchange says is free; undefined where it says nothing. */
  readonly exchangeAvailable: N | undefined;
  readonly openPositions: number;
  /** Σ value of positions and of live entry orders. */
  readonly totalExposure: N;
}

/** balance + min(0, Σ unrealised) − position margin − margin of live and unanswered orders; live, not more than the exchange reports. */
function freeMargin<N>(m: Arithmetic<N>, account: AccountFacts<N>): N {
  const losses = m.lesser(m.zero, account.unrealised);
  const free = m.minus(m.minus(m.plus(account.balance, losses), account.marginUsed), account.marginReserved);
  return account.exchangeAvailable === undefined ? free : m.lesser(free, account.exchangeAvailable);
}

/** Free margin less the reserve: what a new order's margin may reach. */
export function spendableMargin<N>(m: Arithmetic<N>, policy: Policy, account: AccountFacts<N>): N {
  return m.times(m.minus(m.one, m.of(policy.limits.marginReserve)), freeMargin(m, account));
}

/** balance × (per cent of the profile + points of the regime) × volatility factor. */
export function positionMarginMax<N>(
  m: Arithmetic<N>,
  policy: Policy,
  profile: Profile,
  regime: Regime,
  balance: N,
  volatilityFactor: N,
): N {
  const percent = m.plus(
    m.of(policy.profiles[profile].marginPercentMax),
    m.of(ofRegime(policy.limits.regimeMarginPoints, regime)),
  );
  return m.times(percentOf(m, balance, percent), volatilityFactor);
}

/** What a position may lose at its stop, costs apart (rules.md §5, `max_loss_per_position`). */
export function positionLossMax<N>(m: Arithmetic<N>, { limits }: Policy, balance: N): N {
  return percentOf(m, balance, m.of(limits.lossPerPositionPercentMax));
}

/** What the whole book may lose if every stop is hit (rules.md §8, `max_worst_case_loss`). */
export function worstCaseLossMax<N>(m: Arithmetic<N>, { limits }: Policy, balance: N): N {
  return percentOf(m, balance, m.of(limits.worstCaseLossPercentMax));
}

export function positionValueMax<N>(m: Arithmetic<N>, policy: Policy, profile: Profile, regime: Regime): N {
  return m.times(
    m.of(policy.profiles[profile].positionValueMax),
    m.of(ofRegime(policy.limits.regimeValueFactor, regime)),
  );
}

export function totalExposureMax<N>(m: Arithmetic<N>, policy: Policy, balance: N): N {
  return m.times(m.of(policy.limits.totalExposureMax), balance);
}

function percentOf<N>(m: Arithmetic<N>, amount: N, percent: N): N {
  return m.over(m.times(amount, percent), m.of(HUNDRED));
}
