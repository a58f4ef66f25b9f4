/**
 * When a list is read again of which the socket tells changes alone, or nothing: at once where some may have been missed, now and then all the same, and a while
 * after a push: a list that comes from a slower copy of the exchange's books says what was before it.
 */
export class Due {
  readonly #everyMs: number;
  readonly #againMs: number;
  #atMs = Number.NEGATIVE_INFINITY;
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #pushedAtMs = Number.NEGATIVE_INFINITY;
  #isOvertaken = false;

  /** `againMs`: after a fault, and after a push; and at least from one reading to the next that a doubt asks for. */
  constructor(everyMs: number, againMs: number) {
    this.#everyMs = everyMs;
    this.#againMs = againMs;
  }

  /** Whether it is time; then the next time is a whole while away. */
  take(): boolean {
    const now = performance.now();
    if (now < this.#atMs) return false;
    this.#atMs = now + (now < this.#pushedAtMs + this.#againMs ? this.#againMs : this.#everyMs);
    this.#takenAtMs = now;
    this.#isOvertaken = false;
    return true;
  }

  /** Something may have been missed. */
  now(): void {
    this.#atMs = Number.NEGATIVE_INFINITY;
  }

  /** Something said by others may mean that it has changed. */
  doubted(): void {
    this.#atMs = Math.min(this.#atMs, this.#takenAtMs + this.#againMs);
  }

  /** It could not be read; what was missed meanwhile is due all the same. */
  failed(againMs = this.#againMs): void {
    this.#atMs = Math.min(this.#atMs, performance.now() + againMs);
  }

  /** The socket has told a change. */
  pushed(): void {
    this.#pushedAtMs = performance.now();
    this.#atMs = Math.min(this.#atMs, this.#pushedAtMs + this.#againMs);
    this.#isOvertaken = true;
  }

  /** A change was told since the list was asked for: it may say what was before, and is due again soon. */
  get isOvertaken(): boolean {
    return this.#isOvertaken;
  }
}
