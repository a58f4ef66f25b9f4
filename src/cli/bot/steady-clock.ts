/** The loop's clock outside of simulations: it counts steadily; what time it is, the exchange's events say (runtime/world-time.ts). */
import type { Clock } from '../../runtime/ports.ts';

/** A timer holds no more; a later wake is looked at again then. */
const WAIT_MS_MAX = 2_000_000_000;

export function steadyClock(): Clock {
  const nowMs = () => Math.floor(performance.now());
  return {
    nowMs,
    wake: (atMs, call) => {
      let timer: NodeJS.Timeout;
      const wait = () => {
        const leftMs = atMs - performance.now();
        timer = setTimeout(
          () => (leftMs > WAIT_MS_MAX ? wait() : call()),
          Math.min(Math.max(0, Math.ceil(leftMs)), WAIT_MS_MAX),
        );
      };
      wait();
      return () => clearTimeout(timer);
    },
  };
}
