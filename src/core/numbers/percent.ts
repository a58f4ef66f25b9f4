/**
 * Shares of a price, in two types that do not mix: 0.004 of it is a `Share`, the same written as 0.4 is a `Percent`.
 * A mix-up of the two once made every market "volatile" (rules.md §1), so neither is assignable to the other.
 */
export type Share = number & { readonly unit: 'share' };
export type Percent = number & { readonly unit: 'percent' };

/** @throws {RangeError} on what is not a finite number. */
export function share(value: number): Share {
  if (!Number.isFinite(value)) throw new RangeError(`a share must be a finite number, not ${value}`);
  return value as Share;
}

export function percentOf(value: Share): Percent {
  return (value * 100) as Percent;
}
