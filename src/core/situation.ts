/**
 * The registry's whole numbers as the rules' facts, in whichever arithmetic the rules are being read.
 */

import { exitCost, roundTripCost } from './adding/cost.ts';
import type { GridFacts } from './adding/gates.ts';
import { type Instrument, tierOf } from './instrument/instrument.ts';
import type { AccountFacts } from './ladder/limits.ts';
import { regimeFor } from './market/regime.ts';
import { type Arithmetic, Doubles, type Fraction, roundedUnits } from './numbers/arithmetic.ts';
import { MONEY_PER_USDT, MONEY_PLACES, type Side } from './numbers/units.ts';
import type { Policy, Regime } from './policy.ts';
import type { AccountUnits, Registry, SymbolState } from './registry.ts';

const UNITS_PER_USDT = Number(MONEY_PER_USDT);
/** Funding rates are told in 10⁻⁸ of the value. */
const RATE_PARTS = 100_000_000;
const plain = new Doubles();

/** Whole 10⁻⁸ USDT as USDT. */
export function usdt<N>(m: Arithmetic<N>, units: number | bigint): N {
  return m.ratio(units, UNITS_PER_USDT);
}

/** USDT as whole 10⁻⁸ USDT, floored. */
export function wholeUnits(amount: Fraction): number {
  return Number(roundedUnits(amount, MONEY_PLACES, 'floor'));
}

/** Ticks as USDT per coin. */
export function priceOf<N>(m: Arithmetic<N>, { tickSize }: Pick<Instrument, 'tickSize'>, priceTicks: number): N {
  return m.times(m.whole(priceTicks), m.of(tickSize));
}

export function accountFacts<N>(m: Arithmetic<N>, units: AccountUnits): AccountFacts<N> {
  return {
    balance: usdt(m, units.balance),
    unrealised: usdt(m, units.unrealised),
    marginUsed: usdt(m, units.marginUsed),
    marginReserved: usdt(m, units.marginReserved),
    exchangeAvailable: units.exchangeAvailable === undefined ? undefined : usdt(m, units.exchangeAvailable),
    openPositions: units.openPositions,
    totalExposure: usdt(m, units.exposure),
  };
}

/** The grid as an order meets it that enlarges a position of `heldLots`. */
export function gridFacts<N>(m: Arithmetic<N>, instrument: Instrument, policy: Policy, heldLots: number): GridFacts<N> {
  return {
    coinsPerLot: m.of(instrument.coinsPerLot),
    lotsMin: instrument.lotsMin,
    maintenanceRateAfter: (addedLots) => maintenanceRate(m, instrument, heldLots + addedLots),
    takerFeeRate: m.of(policy.execution.feeRates.taker),
  };
}

/** Of the tier that so many lots fall into; past the last one, of that. */
export function maintenanceRate<N>(m: Arithmetic<N>, instrument: Instrument, sizeLots: number): N {
  return m.of(tierOf(instrument, sizeLots).maintenanceRate);
}

/** Measured spread as a share of the mark; sides that cross are told of two moments, and make no trade cheaper. */
function spreadShare<N>(m: Arithmetic<N>, symbol: SymbolState): N {
  return m.ratio(Math.max(0, symbol.askTicks - symbol.bidTicks), symbol.markTicks);
}

export interface CostShares<N> {
  readonly roundTrip: N;
  readonly exit: N;
}

export function costShares<N>(m: Arithmetic<N>, symbol: SymbolState, policy: Policy): CostShares<N> {
  const facts = { spreadShare: spreadShare(m, symbol) };
  return { roundTrip: roundTripCost(m, policy.execution, facts), exit: exitCost(m, policy.execution, facts) };
}

/** The same where no price may have been seen yet: then around the one that is known, with the spread that is assumed around a candle's close. */
export function costSharesAround(symbol: SymbolState, policy: Policy, priceTicks: number): CostShares<number> {
  const { execution } = policy;
  if (symbol.pricedAt >= 0) return costShares(plain, symbol, policy);
  const facts = { spreadShare: execution.spreadTicks / priceTicks };
  return { roundTrip: roundTripCost(plain, execution, facts), exit: exitCost(plain, execution, facts) };
}

/**
 * Funding that a position of this side pays at settlements from now until `until`, as a share of its value; 0 where none falls due or it receives.
 * Those after the next one count with its rate: nobody tells another.
 */
export function fundingDue<N>(m: Arithmetic<N>, symbol: SymbolState, side: Side, now: number, until: number): N {
  const { funding } = symbol;
  if (funding === undefined || funding.settlesAt > until || funding.settlesAt < now) return m.zero;
  return m.greater(m.zero, m.ratio(side * funding.rateE8 * settlementsUntil(funding, until), RATE_PARTS));
}

/** The next one and those that follow at its distance; the next alone where that, or the end, is not known. */
function settlementsUntil({ settlesAt, nextSettlesAt }: NonNullable<SymbolState['funding']>, until: number): number {
  if (nextSettlesAt === undefined || until === Number.POSITIVE_INFINITY) return 1;
  return 1 + Math.floor((until - settlesAt) / (nextSettlesAt - settlesAt));
}

export interface MetRegime {
  readonly regime: Regime;
  /** A trend against the position, where the policy refuses that. */
  readonly refused: boolean;
}

/** The regime as a position of this side meets it (ladder.md §4, `trend_against`). */
export function regimeMet(registry: Registry, symbol: SymbolState, side: Side): MetRegime {
  const { series } = symbol;
  const met = regimeFor(series.regime, series.trendSide, side, registry.policy.limits.trendAgainst);
  return met === 'refuse' ? { regime: 'choppy', refused: true } : { regime: met, refused: false };
}
