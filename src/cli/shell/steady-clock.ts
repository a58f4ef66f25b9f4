/** The loop's clock outside of simulations: it counts steadily; what time it is, the exchange's events say (runtime/world-time.ts). */
import type { Clock } from '../../runtime/ports.ts';

/**
 * UTC milliseconds as the computer believed them when this process began, and what it has counted since: set the time of day while a bot runs,
 * and nothing comes of it. How far it is off, the exchange says (`Rest.syncClock`).
 */
export function steadyNowMs(): number {
  return Math.floor(performance.timeOrigin + performance.now());
}

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
