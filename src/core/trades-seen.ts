/** Trade ids that a symbol remembers: far more than any exchange delivers twice. */
const REMEMBERED = 4096;

/** The last trade ids of a symbol: a fill that is delivered a second time is known by its own. */
export class TradesSeen {
  readonly #ids = new Set<string>();
  /** The same in the order of their coming; full, a ring whose oldest stands at `#next`. */
  #ring: string[] = [];
  #next = 0;

  /** @returns false where it was seen already */
  add(tradeId: string): boolean {
    const ids = this.#ids;
    const before = ids.size;
    ids.add(tradeId);
    if (ids.size === before) return false;
    const at = this.#next;
    // The oldest is named, not looked for: a set that lost thousands at its front takes long to find its first.
    if (this.#ring.length === REMEMBERED) ids.delete(this.#ring[at] as string);
    this.#ring[at] = tradeId;
    this.#next = at + 1 === REMEMBERED ? 0 : at + 1;
    return true;
  }

  oldestFirst(): readonly string[] {
    return this.#ring.length < REMEMBERED
      ? [...this.#ring]
      : [...this.#ring.slice(this.#next), ...this.#ring.slice(0, this.#next)];
  }

  clear(): void {
    this.#ids.clear();
    this.#ring = [];
    this.#next = 0;
  }
}
