/** The world's time: calls wait in a heap for their millisecond; those of one millisecond are made in the order of their asking. */

interface Call {
  readonly atMs: number;
  readonly sequence: number;
  call: (() => void) | undefined;
}

/** Of one millisecond. */
const CALLS_MOST = 20_000;

export class Scheduler {
  #calls = 0;
  #now: number;
  #sequence = 0;
  readonly #heap: Call[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  get nowMs(): number {
    return this.#now;
  }

  /** Calls at `atMs`, or now where that is past. Returns how to call it off. */
  at(atMs: number, call: () => void): () => void {
    this.#sequence += 1;
    const waiting: Call = { atMs: Math.max(atMs, this.#now), sequence: this.#sequence, call };
    this.#sift(waiting);
    return () => {
      waiting.call = undefined;
    };
  }

  after(ms: number, call: () => void): () => void {
    return this.at(this.#now + ms, call);
  }

  /** Makes every call up to and including `toMs`. @throws {Error} where calls of one millisecond call for each other without end */
  runTo(toMs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= toMs; next = this.#heap[0]) {
      this.#drop();
      if (next.atMs > this.#now) this.#calls = 0;
      this.#now = Math.max(this.#now, next.atMs);
      this.#calls += 1;
      if (this.#calls > CALLS_MOST) throw new Error(`time stands still at ${this.#now}: ${CALLS_MOST} calls`);
      next.call?.();
    }
    this.#now = Math.max(this.#now, toMs);
  }

  #sift(call: Call): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(call);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Call;
      if (isBefore(parent, call)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = call;
  }

  #drop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Call)) below += 1;
      const child = heap[below] as Call;
      if (isBefore(last, child)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Call, b: Call): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);
}
