/**
 * Ctrl-C, a polite kill, a terminal that is closed or a reader that has gone away, as a fact to look at. The first asks; one within half a second of it is
 * the same wish said twice (a terminal, `timeout` and a launcher in between each send it to the whole group); a later signal kills as it always does.
 *
 * A hang-up is a wish only of the terminal that the process has: what was started without one (`nohup`, a service) goes on. Node takes back what
 * `nohup` has set, so that is looked at here.
 */
import { isatty } from 'node:tty';

export interface Interruption {
  readonly isAsked: boolean;
  /** No longer listens, but to the echo of what was heard. */
  release(): void;
}

const SAME_WISH_MS = 500;

/** Who listens, or has been asked and is on the way out. */
const hearers = new Set<() => void>();

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
  // Looked at now: a terminal that is gone is none.
  const hangUp = STREAMS.some((stream) => isatty(stream)) ? hear : () => undefined;
  const heard = { SIGINT: hear, SIGTERM: hear, SIGHUP: hangUp };
  const leave = () => {
    for (const [signal, listener] of Object.entries(heard)) process.off(signal, listener);
  };
  for (const [signal, listener] of Object.entries(heard)) process.on(signal, listener);
  hearers.add(hear);
  return {
    get isAsked() {
      return isAsked;
    },
    release: () => {
      if (isAsked) return;
      leave();
      hearers.delete(hear);
    },
  };
}

/** Asks as a signal would. @returns whether somebody ends in their own way */
export function interrupt(): boolean {
  for (const hear of hearers) hear();
  return hearers.size > 0;
}

/** Standard input, output and error. */
const STREAMS = [0, 1, 2];
