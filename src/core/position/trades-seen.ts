/** Trade ids that a symbol remembers: far more than any exchange delivers twice. */
const REMEMBERED = 4096;

/**
 * The last trade ids of a symbol: a fill that is delivered a second time is known by its own.
 *
 * Exchanges number their trades upwards, so that a higher number than any before is new without looking; whatever else comes is looked for,
 * what has no number (a settlement of funding) among its own.
 */
export class TradesSeen {
  /** In the order of their coming; full, a ring whose oldest stands at `#next`. */
  readonly #ids: string[] = [];
  #next = 0;
  #highest = 0;
  /** Those of `#ids` that are no numbers. */
  readonly #named = new Set<string>();

  /** @returns false where it was seen already */
  add(tradeId: string): boolean {
    const number = Number(tradeId);
    if (number > this.#highest) this.#highest = number;
    else if (Number.isNaN(number) ? this.#named.has(tradeId) : this.#ids.includes(tradeId)) return false;
    const at = this.#next;
    if (this.#named.size > 0) this.#named.delete(this.#ids[at] ?? '');
    if (Number.isNaN(number)) this.#named.add(tradeId);
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
    this.#named.clear();
    this.#next = 0;
    this.#highest = 0;
  }
}
