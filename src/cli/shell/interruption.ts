/**
 * Ctrl-C, or a polite kill, as a fact to look at. The first asks; one within half a second of it is the same wish said twice (a terminal, `timeout`
 * and a launcher in between each send it to the whole group); a later one kills as it always does.
 */
export interface Interruption {
  readonly isAsked: boolean;
  /** No longer listens, but to the echo of what was heard. */
  release(): void;
}

const SAME_WISH_MS = 500;

/** @param asked called once, at the first */
export function listenForInterruption(asked: () => void = () => undefined): Interruption {
  let isAsked = false;
  const hear = () => {
    if (isAsked) return;
    isAsked = true;
    // The process stays for the echo: while it comes down nobody listens any more, and its exit code would be that of a kill.
    setTimeout(leave, SAME_WISH_MS);
    asked();
  };
  const leave = () => {
    for (const signal of SIGNALS) process.off(signal, hear);
  };
  for (const signal of SIGNALS) process.on(signal, hear);
  return {
    get isAsked() {
      return isAsked;
    },
    release: () => {
      if (!isAsked) leave();
    },
  };
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
