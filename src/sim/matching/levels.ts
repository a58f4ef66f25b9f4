/**
 * Everything that waits for a price on one side of the market, nearest last.
 *
 * `below` holds what acts when the price falls to its level, `above` what acts when it rises there. At one level the lower sequence is met
 * first.
 */
import { takeOut } from '../../core/orders/take-out.ts';

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

  /** Its level; `otherwise` where nothing waits. */
  nearestTicks(otherwise: number): number {
    const items = this.#items;
    return items.length === 0 ? otherwise : (items[items.length - 1] as T).levelTicks;
  }

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    const items = this.#items;
    const place = this.#placeOf(item);
    items.push(item);
    for (let i = items.length - 1; i > place; i--) items[i] = items[i - 1] as T;
    items[place] = item;
  }

  /** @throws {RangeError} where it is not here: its level was changed while it waited, a bug. */
  remove(item: T): void {
    const place = this.#placeOf(item);
    if (this.#items[place] !== item)
      throw new RangeError(`nothing waits at level ${item.levelTicks} with sequence ${item.sequence}`);
    takeOut(this.#items, place);
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
