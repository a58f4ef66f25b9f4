import { type Figure, perSecond } from './figure.ts';
import { newJournal, recordedEvents, toldLoop } from './recorded.ts';

/** Events a second through the loop, each thought about and durable on the disk before anything is sent, as many in a commit as the loop takes. Wanted: 20,000. */
export const loop: Figure = {
  name: 'loop',
  unit: 'events/s',
  hasFloor: false,
  runs: 5,
  prepare(size) {
    const { events } = recordedEvents(size === 'tiny' ? 600 : 7_200);
    const did = { events: events.length, orders: 0 };
    return {
      sample() {
        const { journal } = newJournal();
        did.orders = 0;
        const told = toldLoop(journal, () => {
          did.orders += 1;
        });
        const rate = perSecond(events.length, () => {
          for (let from = 0; from < events.length; from += AT_ONCE) {
            for (const event of events.slice(from, from + AT_ONCE)) told.hear(event);
            told.drain();
          }
        });
        journal.close();
        return rate;
      },
      did,
    };
  },
};

/** Fewer than the queue holds. */
const AT_ONCE = 5_000;
