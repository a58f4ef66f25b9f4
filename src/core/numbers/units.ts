/**
 * The units: prices in ticks, sizes in lots, money in 10⁻⁸ USDT. One door into each; after it the type is the proof.
 *
 * `Ticks` and `Lots` are whole doubles: the hot path multiplies and compares them as they are. `Money` is a bigint: booked, never bent.
 * Products of two units are made only in instrument.ts. A sum goes through the door again: `lots(a + b)`.
 */
export type Ticks = number & { readonly unit: 'ticks' };
/** A size: whole lots. */
export type Lots = number & { readonly unit: 'lots' };
/** 10⁻⁸ USDT. */
export type Money = bigint & { readonly unit: 'money' };

export const MONEY_PLACES = 8;
export const MONEY_PER_USDT = 100_000_000n;

/** A value off the grid or past the safe range. */
export class UnitError extends Error {
  override readonly name = 'UnitError';
}

/**
 * A price.
 *
 * @throws {UnitError} unless a whole number above zero in the safe range.
 */
export function ticks(value: number): Ticks {
  if (!Number.isSafeInteger(value) || value <= 0)
    throw new UnitError(`a price must be a whole number of ticks above 0, not ${value}`);
  return value as Ticks;
}

/**
 * A size.
 *
 * @throws {UnitError} unless a whole number of at least zero in the safe range.
 */
export function lots(value: number): Lots {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new UnitError(`a size must be a whole number of lots, 0 or more, not ${value}`);
  return value as Lots;
}

/** Whole 10⁻⁸ USDT as money. */
export function money(value: bigint): Money {
  return value as Money;
}

/** +1 long, −1 short. A side is the sign of a size, never a text (lessons.md 4). */
export type Side = 1 | -1;

/** The side of an order that reduces a position of this one. */
export function opposite(side: Side): Side {
  return side === 1 ? -1 : 1;
}

/** A side as people write it. */
export type SideName = 'long' | 'short';

/** +1 as `long`, −1 as `short`. */
export function sideName(side: Side): SideName {
  return side === 1 ? 'long' : 'short';
}

/** `long` as +1, `short` as −1. */
export function sideOf(name: SideName): Side {
  return name === 'long' ? 1 : -1;
}
