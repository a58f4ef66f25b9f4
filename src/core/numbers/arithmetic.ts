/**
 * One formula, two number systems.
 *
 * The rules (ladder.ts, plan.ts, gates.ts, partial.ts, margin.ts) are written once, over `Arithmetic<N>`. `decide` reads them in exact
 * fractions. The hot path reads the same lines in doubles; where two doubles stand too close to tell, `doubtful` is raised and the caller
 * reads the lines again in fractions (`decided`). So a verdict is always the exact one, and costs a fraction's price only at a tie.
 *
 * The doubles' error: a rule here has at most some forty operations on numbers of relative error 2⁻⁵³, the largest factor by which a rule
 * magnifies it is leverage × 100 (PnL % of margin), so 125 × 100 × 40 × 2⁻⁵³ ≈ 6·10⁻¹¹ in the worst case; doubt begins at 10⁻⁹. What is
 * left of two large amounts (a balance and its margins) carries their error, not its own: doubt grows with the largest that was added up.
 */
import { type Decimal, formatUnits, powerOfTen } from './decimal.ts';

/** The operations of a number system: a rule written over it is read in exact fractions or in doubles. */
export interface Arithmetic<N> {
  readonly zero: N;
  readonly one: N;
  of(value: Decimal): N;
  whole(value: number | bigint): N;
  /** One whole number over another above 0. @throws {RangeError} on a division by zero, as `over`. */
  ratio(over: number | bigint, under: number): N;
  plus(a: N, b: N): N;
  minus(a: N, b: N): N;
  times(a: N, b: N): N;
  /** @throws {RangeError} on a division by zero: a bug of the caller, who had to refuse before. */
  over(a: N, b: N): N;
  /** −1, 0 or 1 as a is below, equal to or above b. @throws {RangeError} on what is not a number. */
  compare(a: N, b: N): number;
  /** The smaller, the larger of two: where they are all but equal either will do, so no doubt is raised. */
  lesser(a: N, b: N): N;
  greater(a: N, b: N): N;
  /** The largest whole number not above a. @throws {RangeError} on what is not a number, in fractions also past the safe range */
  floor(a: N): number;
}

/** A fraction of whole numbers, denominator above zero; not reduced. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

const RELATIVE_DOUBT = 1e-9;
/** Of the largest amount that took part in a sum: 32 roundings of it. */
const CANCELLED_DOUBT = 2 ** -48;

/** Doubles with a conscience: `doubtful` says that some comparison or floor was too close to call. */
export class Doubles implements Arithmetic<number> {
  readonly zero = 0;
  readonly one = 1;
  doubtful = false;
  /** The largest amount added or subtracted since the last reset. */
  largest = 0;

  of(value: Decimal): number {
    return value.approx;
  }
  whole(value: number | bigint): number {
    return typeof value === 'number' ? value : Number(value);
  }
  ratio(over: number | bigint, under: number): number {
    if (under === 0) throw new RangeError('division by zero');
    return (typeof over === 'number' ? over : Number(over)) / under;
  }
  /** Of two that all but cancel each other one is as large as the other: the first is enough to remember. */
  plus(a: number, b: number): number {
    const size = Math.abs(a);
    if (size > this.largest) this.largest = size;
    return a + b;
  }
  minus(a: number, b: number): number {
    const size = Math.abs(a);
    if (size > this.largest) this.largest = size;
    return a - b;
  }
  times(a: number, b: number): number {
    return a * b;
  }
  over(a: number, b: number): number {
    if (b === 0) throw new RangeError('division by zero');
    return a / b;
  }
  compare(a: number, b: number): number {
    const difference = a - b;
    const doubt = RELATIVE_DOUBT * (Math.abs(a) + Math.abs(b) + 1) + CANCELLED_DOUBT * this.largest;
    if (Math.abs(difference) <= doubt) this.doubtful = true;
    if (difference < 0) return -1;
    if (difference > 0) return 1;
    if (difference === 0) return 0;
    throw notANumber();
  }
  lesser(a: number, b: number): number {
    return a <= b ? a : b;
  }
  greater(a: number, b: number): number {
    return a >= b ? a : b;
  }
  floor(a: number): number {
    const nearest = Math.round(a);
    if (Math.abs(a - nearest) <= RELATIVE_DOUBT * (Math.abs(a) + 1)) this.doubtful = true;
    if (!Number.isFinite(a)) throw notANumber();
    return Math.floor(a);
  }
}

/** What is not known is refused (`decision-failed`), never compared as if it were equal. */
function notANumber(): RangeError {
  return new RangeError('a rule was asked about what is not a number');
}

/** Exact fractions over bigint. A class like the other: so the engine knows both, and a rule's operations are no calls of strangers. */
class Fractions implements Arithmetic<Fraction> {
  readonly zero: Fraction = { over: 0n, under: 1n };
  readonly one: Fraction = { over: 1n, under: 1n };

  of(value: Decimal): Fraction {
    return { over: value.units, under: powerOfTen(value.scale) };
  }
  whole(value: number | bigint): Fraction {
    return { over: BigInt(value), under: 1n };
  }
  ratio(over: number | bigint, under: number): Fraction {
    if (under === 0) throw new RangeError('division by zero');
    return { over: BigInt(over), under: BigInt(under) };
  }
  plus(a: Fraction, b: Fraction): Fraction {
    if (a.under === b.under) return { over: a.over + b.over, under: a.under };
    return { over: a.over * b.under + b.over * a.under, under: a.under * b.under };
  }
  minus(a: Fraction, b: Fraction): Fraction {
    if (a.under === b.under) return { over: a.over - b.over, under: a.under };
    return { over: a.over * b.under - b.over * a.under, under: a.under * b.under };
  }
  times(a: Fraction, b: Fraction): Fraction {
    return { over: a.over * b.over, under: a.under * b.under };
  }
  over(a: Fraction, b: Fraction): Fraction {
    if (b.over === 0n) throw new RangeError('division by zero');
    if (b.over < 0n) return { over: -a.over * b.under, under: -a.under * b.over };
    return { over: a.over * b.under, under: a.under * b.over };
  }
  compare(a: Fraction, b: Fraction): number {
    const difference = a.over * b.under - b.over * a.under;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }
  lesser(a: Fraction, b: Fraction): Fraction {
    return a.over * b.under <= b.over * a.under ? a : b;
  }
  greater(a: Fraction, b: Fraction): Fraction {
    return a.over * b.under >= b.over * a.under ? a : b;
  }
  floor(a: Fraction): number {
    const quotient = a.over / a.under;
    const floored = a.over < 0n && quotient * a.under !== a.over ? quotient - 1n : quotient;
    const whole = Number(floored);
    if (!Number.isSafeInteger(whole)) throw new RangeError(`${floored} is past the safe range of whole numbers`);
    return whole;
  }
}

/** Exact: nothing is ever rounded. */
export const fractions: Arithmetic<Fraction> = new Fractions();

const doubles = new Doubles();

/**
 * Reads a rule in doubles and, only where they leave a doubt, again in exact fractions.
 * The rule must be a pure function of its arithmetic: it may be read twice.
 */
export function decided<R>(inDoubles: (m: Doubles) => R, exactly: (m: Arithmetic<Fraction>) => R): R {
  doubles.doubtful = false;
  doubles.largest = 0;
  const verdict = inDoubles(doubles);
  return doubles.doubtful ? exactly(fractions) : verdict;
}

const aside = new Doubles();

/**
 * The largest whole number not above what a rule says: read in doubles and, where they come too near to a whole one to tell, in fractions. For a
 * rule within a rule, which is then exact on its own: a share of whole lots is whole more often than by chance, and the rest need not be read twice.
 * @throws {RangeError} on what is not a number
 */
export function floorOf(rule: <N>(m: Arithmetic<N>) => N): number {
  aside.doubtful = false;
  const floored = aside.floor(rule(aside));
  return aside.doubtful ? fractions.floor(rule(fractions)) : floored;
}

/** a fraction × 10^places, rounded down (`floor`) or up (`ceil`), as whole units of 10^-places. */
export function roundedUnits(value: Fraction, places: number, rounding: 'floor' | 'ceil'): bigint {
  const scaled = value.over * powerOfTen(places);
  const quotient = scaled / value.under;
  const exact = quotient * value.under === scaled;
  if (exact) return quotient;
  if (rounding === 'floor') return scaled < 0n ? quotient - 1n : quotient;
  return scaled < 0n ? quotient : quotient + 1n;
}

/** A fraction as a plain decimal for show: floored at 8 places. */
export function shownFraction(value: Fraction): string {
  return formatUnits(roundedUnits(value, PLACES, 'floor'), PLACES);
}

/** A distance between two prices, likewise; below 0.0001, where coins of 10⁻⁵ USDT and less are at home, floored at its fifth digit. */
export function shownDistance(value: Fraction): string {
  let places = PLACES;
  const size = value.over < 0n ? -value.over : value.over;
  while (places < PLACES_MAX && size !== 0n && size * powerOfTen(places - 4) < value.under) places += 1;
  return formatUnits(roundedUnits(value, places, 'floor'), places);
}

const PLACES = 8;
const PLACES_MAX = 20;
