/** Trade ids that a symbol remembers: far more than any exchange delivers twice. */
const REMEMBERED = 4096;

/**
 * The last trade ids of a symbol: a fill that is delivered a second time is known by its own.
 *
 * Exchanges number their trades upwards, so that a higher number than any before is new without looking; whatever else comes is looked for.
 */
export class TradesSeen {
  /** In the order of their coming; full, a ring whose oldest stands at `#next`. */
  readonly #ids: string[] = [];
  #next = 0;
  #highest = 0;

  /** @returns false where it was seen already */
  add(tradeId: string): boolean {
    const number = Number(tradeId);
    if (number > this.#highest) this.#highest = number;
    else if (this.#ids.includes(tradeId)) return false;
    const at = this.#next;
    this.#ids[at] = tradeId;
    this.#next = at + 1 === REMEMBERED ? 0 : at + 1;
    return true;
  }

  oldestFirst(): readonly string[] {
    if (this.#ids.length < REMEMBERED) return [...this.#ids];
    return [...this.#ids.slice(this.#next), ...this.#ids.slice(0, this.#next)];
  }

  clear(): void {
    this.#ids.length = 0;
    this.#next = 0;
    this.#highest = 0;
  }
}
