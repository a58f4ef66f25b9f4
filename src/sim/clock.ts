interface Alarm {
  readonly atMs: number;
  readonly sequence: number;
  readonly call: () => void;
}

/** Time that somebody else owns: for the demo and the simulated world. Implements the runtime's Clock port. */
export class SimClock {
  #now: number;
  #alarms: Alarm[] = [];
  #sequence = 0;

  constructor(startMs: number) {
    this.#now = startMs;
  }

  nowMs(): number {
    return this.#now;
  }

  /** Calls once at or after `atMs`, when time is moved there; returns how to call it off. */
  wake(atMs: number, call: () => void): () => void {
    this.#sequence += 1;
    const alarm = { atMs, sequence: this.#sequence, call };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((each) => each !== alarm);
    };
  }

  /** Moves time to `toMs`; every alarm on the way rings at its time, in order, those that others set included. */
  advanceTo(toMs: number): void {
    for (;;) {
      const next = this.#next(toMs);
      if (next === undefined) break;
      this.#alarms = this.#alarms.filter((each) => each !== next);
      this.#now = Math.max(this.#now, next.atMs);
      next.call();
    }
    this.#now = Math.max(this.#now, toMs);
  }

  #next(toMs: number): Alarm | undefined {
    let next: Alarm | undefined;
    for (const alarm of this.#alarms) {
      if (alarm.atMs > toMs) continue;
      if (next === undefined || alarm.atMs < next.atMs || (alarm.atMs === next.atMs && alarm.sequence < next.sequence))
        next = alarm;
    }
    return next;
  }
}
