/** The last so many things, oldest first; older ones are forgotten, so that an exchange that runs for months stays as large as it is. */
export class Recent<T> {
  readonly #most: number;
  readonly #forgotten: (item: T) => void;
  #items: T[] = [];

  constructor(most: number, forgotten: (item: T) => void = () => undefined) {
    this.#most = most;
    this.#forgotten = forgotten;
  }

  add(item: T): void {
    this.#items.push(item);
    if (this.#items.length < this.#most + Math.ceil(this.#most / 4)) return;
    for (const old of this.#items.splice(0, this.#items.length - this.#most)) this.#forgotten(old);
  }

  remove(item: T): void {
    const at = this.#items.lastIndexOf(item);
    if (at >= 0) this.#items.splice(at, 1);
  }

  /** Newest first. */
  *newest(): Generator<T> {
    for (let i = this.#items.length - 1; i >= 0; i--) yield this.#items[i] as T;
  }

  list(): readonly T[] {
    return this.#items;
  }
}
