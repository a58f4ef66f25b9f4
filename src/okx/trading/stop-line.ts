/**
 * Stops that are to be placed, or amended, in line for OKX's twenty in 2 s. Source: okx-v5.md §1.4; reliability.md R8.
 *
 * What leaves a position bare goes before what does not, the most of it first; else in the order of asking. A slot is free again a window after its
 * answer: wherever on its way OKX counted a request, no window holds more. Where OKX says that it does all the same, nothing more leaves for a window.
 */
import type { Answer } from '../door/rest.ts';
import type { Endpoint } from '../wire/endpoints.ts';

export interface Asked {
  /** How much has no stop until then; 0: nothing. */
  readonly bare: number;
  /** Longer it does not wait; absent: as long as it takes. */
  readonly waitMsMax?: number;
  readonly isWanted: () => boolean;
}

interface Waiting extends Asked {
  readonly untilMs: number;
  readonly hear: (turn: Turn | undefined) => void;
}

/** Leave to send one request. */
export interface Turn {
  readonly hasWaited: boolean;
  readonly isKept: boolean;
  send<Row>(act: () => Promise<Answer<Row>>): Promise<Answer<Row>>;
  /** Nothing is sent just now: it may be used within this time, then it is another's. */
  keep(ms: number): void;
}

export class StopLine {
  readonly #windowMs: number;
  /** When each slot may be used again; Infinity while it is in use. */
  readonly #freeAtMs: number[];
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor({ limits }: Pick<Endpoint, 'limits'>) {
    this.#windowMs = Math.max(...limits.map(({ windowMs }) => windowMs));
    this.#freeAtMs = Array.from({ length: Math.min(...limits.map(({ count }) => count)) }, () => 0);
  }

  /** @returns undefined where it waited too long, or is not wanted any more */
  turn(asked: Asked): Promise<Turn | undefined> {
    const nowMs = performance.now();
    const slot = this.#waiting.length === 0 ? this.#freeSlot(nowMs) : undefined;
    if (slot !== undefined) return Promise.resolve(this.#turnAt(slot, false));
    return new Promise((hear) => {
      this.#waiting.push({ ...asked, untilMs: nowMs + (asked.waitMsMax ?? Number.POSITIVE_INFINITY), hear });
      this.serve();
    });
  }

  /** Gives turns to whom they are due; who waits too long, or is not wanted any more, leaves. */
  serve(): void {
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    this.#dismiss(({ isWanted }) => !isWanted());
    for (let slot = this.#freeSlot(nowMs); slot !== undefined && this.#waiting.length > 0; slot = this.#freeSlot(nowMs))
      this.#takeBarest().hear(this.#turnAt(slot, true));
    this.#dismiss(({ untilMs }) => untilMs <= nowMs);
    const wakeAtMs = Math.min(...this.#freeAtMs, ...this.#waiting.map(({ untilMs }) => untilMs));
    if (this.#waiting.length > 0 && wakeAtMs < Number.POSITIVE_INFINITY)
      this.#timer = setTimeout(() => this.serve(), Math.ceil(wakeAtMs - nowMs));
  }

  close(): void {
    this.#dismiss(() => true);
    clearTimeout(this.#timer);
  }

  #freeSlot(nowMs: number): number | undefined {
    const slot = this.#freeAtMs.findIndex((atMs) => atMs <= nowMs);
    return slot === -1 ? undefined : slot;
  }

  #turnAt(slot: number, hasWaited: boolean): Turn {
    this.#freeAtMs[slot] = Number.POSITIVE_INFINITY;
    let lapses: NodeJS.Timeout | undefined;
    let isKept = true;
    return {
      hasWaited,
      get isKept() {
        return isKept;
      },
      send: async (act) => {
        isKept = false;
        clearTimeout(lapses);
        let isTooMany = false;
        try {
          const answer = await act();
          isTooMany = answer.kind === 'fault' && answer.fault.class === 'pace';
          return answer;
        } finally {
          this.#free(slot, this.#windowMs);
          if (isTooMany) this.#pause();
        }
      },
      keep: (ms) => {
        lapses = setTimeout(() => {
          isKept = false;
          this.#free(slot, 0);
        }, ms);
      },
    };
  }

  #free(slot: number, inMs: number): void {
    this.#freeAtMs[slot] = performance.now() + inMs;
    this.serve();
  }

  #pause(): void {
    const untilMs = performance.now() + this.#windowMs;
    for (const [slot, atMs] of this.#freeAtMs.entries()) this.#freeAtMs[slot] = Math.max(atMs, untilMs);
  }

  #takeBarest(): Waiting {
    const [first] = this.#waiting as [Waiting];
    const next = this.#waiting.reduce((most, each) => (each.bare > most.bare ? each : most), first);
    this.#waiting.splice(this.#waiting.indexOf(next), 1);
    return next;
  }

  #dismiss(isOver: (waiting: Waiting) => boolean): void {
    const over = this.#waiting.filter(isOver);
    if (over.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => !over.includes(each));
    for (const { hear } of over) hear(undefined);
  }
}
