/**
 * Shares of a price, in two types that do not mix: 0.004 of it is a `Fraction`, the same written as 0.4 is a `Percent`.
 * A mix-up of the two once made every market "volatile" (rules.md §1), so neither is assignable to the other.
 */
export type Fraction = number & { readonly unit: 'fraction' };
export type Percent = number & { readonly unit: 'percent' };

/** @throws {RangeError} on what is not a finite number. */
export function fraction(value: number): Fraction {
  if (!Number.isFinite(value)) throw new RangeError(`a fraction must be a finite number, not ${value}`);
  return value as Fraction;
}

export function percentOf(share: Fraction): Percent {
  return (share * 100) as Percent;
}
