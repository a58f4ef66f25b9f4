/**
 * The guard of partial take-profits: fraction of the plan → contracts → guards; what is refused is held, never enlarged to a full close.
 * Source: ladder.md §5.
 */
import { type Arithmetic, decided, type Fraction, floorOf, fractions, shownFraction } from '../numbers/arithmetic.ts';
import { type Decimal, decimalOf } from '../numbers/decimal.ts';
import type { Side } from '../numbers/units.ts';
import { ofRegime, type Policy, type Profile, type Regime } from '../policy.ts';
import { type GateReading, PARTIAL_GUARDS, type PartialGuard } from '../refusal.ts';

/** What decides the share of the position that is closed. */
interface PartialShare {
  readonly sizeLots: number;
  /** Size of the entry: the position counts as larger the more it grew past it. */
  readonly entryLots: number;
  /** Share of the position that the plan would close. */
  readonly planned: Decimal;
}

/** What a partial close is judged by. Prices and amounts in USDT. */
export interface PartialSituation<N> extends PartialShare {
  readonly side: Side;
  /** Average entry price. */
  readonly average: N;
  readonly price: N;
  readonly coinsPerLot: N;
  readonly lotsMin: number;
  readonly profile: Profile;
  readonly regime: Regime;
  readonly entryFeeRate: N;
  readonly exitFeeRate: N;
}

export interface PartialVerdict<N> {
  /** The first guard that holds the part back; null: close it. */
  readonly code: PartialGuard | null;
  readonly partLots: number;
  /** USDT, of the part. */
  readonly value: N;
  readonly netProfit: N;
}

/** The verdict in whole lots, exact. `situation` may be called twice, with two arithmetics. */
export function judgePartial(
  policy: Policy,
  situation: <N>(m: Arithmetic<N>) => PartialSituation<N>,
): Pick<PartialVerdict<unknown>, 'code' | 'partLots'> {
  return decided<Pick<PartialVerdict<unknown>, 'code' | 'partLots'>>(
    (m) => partialVerdict(m, policy, situation(m)),
    (m) => partialVerdict(m, policy, situation(m)),
  );
}

/** The verdict with its numbers, in fractions, and the share of the position that it is about. */
export function explainPartial(
  policy: Policy,
  situation: PartialSituation<Fraction>,
): PartialVerdict<Fraction> & { readonly fraction: Fraction } {
  return {
    ...partialVerdict(fractions, policy, situation),
    fraction: partialFraction(fractions, policy, situation),
  };
}

/** Every guard with its value and its limit, sizes in lots, the ones after the first that holds too. */
export function readPartial(policy: Policy, situation: PartialSituation<Fraction>): readonly GateReading[] {
  const part = partOf(fractions, policy, situation);
  return PARTIAL_GUARDS.map((code) => {
    const { ok, value, limit } = weighed(fractions, policy, situation, part, code);
    return { code, ok, value: shownFraction(value), limit: shownFraction(limit) };
  });
}

const TWO = decimalOf(2n, 0);

type Part<N> = Pick<PartialVerdict<N>, 'partLots' | 'value' | 'netProfit'>;

function partOf<N>(m: Arithmetic<N>, policy: Policy, s: PartialSituation<N>): Part<N> {
  const partLots = floorOf((n) => n.times(n.whole(s.sizeLots), partialFraction(n, policy, s)));
  const value = m.times(m.whole(partLots), m.times(s.coinsPerLot, s.price));
  return { partLots, value, netProfit: netProfitOf(m, s, partLots) };
}

function partialVerdict<N>(m: Arithmetic<N>, policy: Policy, s: PartialSituation<N>): PartialVerdict<N> {
  const part = partOf(m, policy, s);
  const { partLots, value, netProfit } = part;
  return { code: firstGuard(m, policy, s, part), partLots, value, netProfit };
}

function firstGuard<N>(m: Arithmetic<N>, policy: Policy, s: PartialSituation<N>, part: Part<N>): PartialGuard | null {
  for (const guard of PARTIAL_GUARDS) if (!weighed(m, policy, s, part, guard).ok) return guard;
  return null;
}

/** What a guard weighs. */
interface Weighed<N> {
  readonly value: N;
  readonly limit: N;
  readonly ok: boolean;
}

function weighed<N>(
  m: Arithmetic<N>,
  policy: Policy,
  s: PartialSituation<N>,
  { partLots, value, netProfit }: Part<N>,
  guard: PartialGuard,
): Weighed<N> {
  switch (guard) {
    case 'position-below-min-value':
      return worthIt(m, policy, s, m.times(m.whole(s.sizeLots), m.times(s.coinsPerLot, s.price)));
    case 'partial-below-min-size':
      return { value: m.whole(partLots), limit: m.whole(s.lotsMin), ok: partLots >= s.lotsMin };
    case 'partial-below-min-value':
      return worthIt(m, policy, s, value);
    case 'remainder-below-min-size': {
      const rest = s.sizeLots - partLots;
      return { value: m.whole(rest), limit: m.whole(s.lotsMin), ok: rest === 0 || rest >= s.lotsMin };
    }
    case 'partial-unprofitable': {
      const limit = m.of(policy.partial.netProfitMin);
      return { value: netProfit, limit, ok: m.compare(netProfit, limit) > 0 };
    }
  }
}

function worthIt<N>(m: Arithmetic<N>, policy: Policy, s: PartialSituation<N>, value: N): Weighed<N> {
  const limit = partialValueMin(m, policy, s.profile, s.regime);
  return { value, limit, ok: m.compare(value, limit) >= 0 };
}

/** Smaller share of larger positions: min(planned, max(least share, planned × 2 / (1 + r))), r = size / size of the entry, at least 1. Never more than all of it. */
function partialFraction<N>(m: Arithmetic<N>, policy: Policy, s: PartialShare): N {
  const growth = m.greater(m.one, m.over(m.whole(s.sizeLots), m.whole(s.entryLots)));
  const planned = m.lesser(m.one, m.of(s.planned));
  const shrunk = m.over(m.times(planned, m.of(TWO)), m.plus(m.one, growth));
  return m.lesser(planned, m.greater(m.of(policy.partial.fractionMin), shrunk));
}

/** Smallest value of a partial close: min(cap, by profile × by regime). */
function partialValueMin<N>(m: Arithmetic<N>, policy: Policy, profile: Profile, regime: Regime): N {
  const { valueMin, valueMinFactor, valueMinCap } = policy.partial;
  return m.lesser(m.of(valueMinCap), m.times(m.of(valueMin[profile]), m.of(ofRegime(valueMinFactor, regime))));
}

/** Profit of the part less entry and exit fees at the rates paid. */
function netProfitOf<N>(m: Arithmetic<N>, s: PartialSituation<N>, partLots: number): N {
  const coins = m.times(m.whole(partLots), s.coinsPerLot);
  const gain = m.times(m.whole(s.side), m.minus(s.price, s.average));
  const fees = m.plus(m.times(s.entryFeeRate, s.average), m.times(s.exitFeeRate, s.price));
  return m.times(coins, m.minus(gain, fees));
}
