/** When a list is read again of which the socket tells changes alone: at once where some may have been missed, and now and then all the same. */
export class Due {
  readonly #everyMs: number;
  readonly #afterFaultMs: number;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(everyMs: number, afterFaultMs: number) {
    this.#everyMs = everyMs;
    this.#afterFaultMs = afterFaultMs;
  }

  /** Whether it is time; then the next time is a whole while away. */
  take(): boolean {
    const now = performance.now();
    if (now < this.#atMs) return false;
    this.#atMs = now + this.#everyMs;
    return true;
  }

  /** Something may have been missed. */
  now(): void {
    this.#atMs = Number.NEGATIVE_INFINITY;
  }

  /** It could not be read. */
  failed(): void {
    this.#atMs = performance.now() + this.#afterFaultMs;
  }
}
