/**
 * Everything that waits for a price on one side of the market, nearest last.
 *
 * `below` holds what acts when the price falls to its level, `above` what acts when it rises there. At one level the lower sequence is met
 * first.
 */
export interface Level {
  levelTicks: number;
  readonly sequence: number;
}

export class Levels<T extends Level> {
  readonly #sign: 1 | -1;
  readonly #items: T[] = [];

  constructor(side: 'below' | 'above') {
    this.#sign = side === 'below' ? 1 : -1;
  }

  /** What the price meets first, coming from the other side. */
  get nearest(): T | undefined {
    return this.#items.length === 0 ? undefined : this.#items[this.#items.length - 1];
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.splice(this.#placeOf(item), 0, item);
  }

  /** @throws {RangeError} where it is not here: its level was changed while it waited, a bug. */
  remove(item: T): void {
    const place = this.#placeOf(item);
    if (this.#items[place] !== item)
      throw new RangeError(`nothing waits at level ${item.levelTicks} with sequence ${item.sequence}`);
    this.#items.splice(place, 1);
  }

  /** The first place whose item is not met later than `item`. */
  #placeOf(item: T): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isMetLater(this.#items[middle] as T, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isMetLater(a: T, b: T): boolean {
    const distance = this.#sign * (a.levelTicks - b.levelTicks);
    return distance !== 0 ? distance < 0 : a.sequence > b.sequence;
  }
}
