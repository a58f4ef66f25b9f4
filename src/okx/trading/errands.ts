/**
 * What the adapter does while nobody waits for it: counted as long as it is under way, in the order of asking where one thing must follow another,
 * and never left behind by a failure. Timers end with it, and none begins after it.
 */
export class Errands {
  readonly #failed: (error: unknown) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #underWay = 0;
  #isClosed = false;

  /** @param failed tells what the world did; throws on what is our own fault */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  inBackground(act: () => Promise<unknown>): void {
    void this.tried(act, undefined);
  }

  /** After everything that was asked of this order before. */
  inLine(life: { line: Promise<void> } | undefined, act: () => Promise<void>): void {
    if (life === undefined) return this.inBackground(act);
    life.line = life.line.then(() => this.tried(act, undefined));
  }

  /** Its result, or `otherwise` where it failed. */
  async tried<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    this.#underWay += 1;
    try {
      return await act();
    } catch (error) {
      this.#failed(error);
      return otherwise;
    } finally {
      this.#underWay -= 1;
    }
  }

  guarded(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#failed(error);
    }
  }

  after(ms: number, act: () => void): void {
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }

  every(ms: number, act: () => void): void {
    this.#timers.add(setInterval(act, ms));
  }

  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
  }
}
