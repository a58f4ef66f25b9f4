/**
 * A sum of whole 10⁻⁸ USDT without a bound: exact as a bigint, added to at the price of a double.
 *
 * Small flows gather in a double and go over into the bigint before they could leave the safe range.
 */
const FULL = 2 ** 51;

export class Tally {
  #booked: bigint;
  #bookedNumber: number;
  #pending = 0;

  constructor(start = 0n) {
    this.#booked = start;
    this.#bookedNumber = Number(start);
  }

  /** @param units a whole number below 2⁵¹ in size; one that is not makes the sum throw when it is read. */
  add(units: number): void {
    this.#pending += units;
    if (this.#pending > FULL || this.#pending < -FULL) this.#book();
  }

  get exact(): bigint {
    if (this.#pending !== 0) this.#book();
    return this.#booked;
  }

  /** The sum as a double: exact below 90 million USDT. */
  get number(): number {
    return this.#bookedNumber + this.#pending;
  }

  #book(): void {
    this.#booked += BigInt(this.#pending);
    this.#bookedNumber = Number(this.#booked);
    this.#pending = 0;
  }
}
