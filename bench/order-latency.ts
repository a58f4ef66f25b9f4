import type { Figure } from './figure.ts';
import { newJournal, percentile, recordedEvents, toldLoop } from './recorded.ts';

/** Milliseconds from an event that leads to an order to the call that sends it: heard, journaled, thought, durable. Wanted: p99 3 at most. */
export const orderLatency: Figure = {
  name: 'order-latency',
  unit: 'ms (p99)',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const { events, ordering } = recordedEvents(size === 'tiny' ? 600 : 43_200);
    const did = { orders: ordering.length, 'µs p50': 0 };
    return {
      sample() {
        const { journal } = newJournal();
        const took: number[] = [];
        let heardMs = 0;
        let isTimed = false;
        const told = toldLoop(journal, () => {
          if (isTimed) took.push(performance.now() - heardMs);
          isTimed = false;
        });
        let next = 0;
        for (const at of ordering) {
          for (; next < at; next++) {
            told.hear(events[next] as (typeof events)[number]);
            if (told.waiting >= AT_ONCE) told.drain();
          }
          told.drain();
          isTimed = true;
          heardMs = performance.now();
          told.hear(events[next++] as (typeof events)[number]);
          told.drain();
        }
        journal.close();
        did['µs p50'] = Math.round(percentile(took, 0.5) * 1_000);
        return percentile(took, 0.99);
      },
      did,
    };
  },
};

const AT_ONCE = 1_000;
