/** What waits to be thought about and can neither be written nor given up. */
import type { CoreEvent } from '../core/event.ts';

/** More fills and settlements of funding wait than can be kept: the loop has failed, so that whoever starts anew is told them by the exchange. */
export class BacklogError extends Error {
  readonly waiting: number;

  constructor(waiting: number) {
    super(
      `${waiting} fills and settlements of funding wait, and nothing is written any more: check disk and machine, and start again; the exchange tells them anew`,
    );
    this.name = 'BacklogError';
    this.waiting = waiting;
  }
}

/** Fills and settlements of funding by what names them: told again, they are the same (reliability.md: fills are a set). */
export function bookingsOnce(events: readonly CoreEvent[]): ReadonlyMap<string, CoreEvent> {
  const bookings = new Map<string, CoreEvent>();
  for (const event of events) {
    if (event.kind === 'filled') bookings.set(`${event.instId} ${event.tradeId}`, event);
    if (event.kind === 'funding-settled') bookings.set(`${event.instId} funding ${event.at}`, event);
  }
  return bookings;
}
