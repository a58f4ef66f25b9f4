/** The loop's clock in a life at an exchange: the exchange's time as we know it, so that deadlines and events are of one time. */
import type { Clock } from '../runtime/ports.ts';

/** A timer holds no more; a later wake is looked at again then. */
const WAIT_MS_MAX = 2_000_000_000;

export function exchangeClock(nowMs: () => number): Clock {
  return {
    nowMs,
    wake: (atMs, call) => {
      let timer: NodeJS.Timeout;
      const wait = () => {
        const leftMs = atMs - nowMs();
        timer = setTimeout(() => (leftMs > WAIT_MS_MAX ? wait() : call()), Math.min(Math.max(0, leftMs), WAIT_MS_MAX));
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}
