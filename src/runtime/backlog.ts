/** What waits to be thought about and can neither be written nor given up. */
import type { CoreEvent, Filled, FundingSettled } from '../core/event.ts';

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

/** What is told once and changes the balance. */
export type Booking = Filled | FundingSettled;

/** What names it: told again, it is the same (reliability.md: fills are a set). */
export function bookingName(event: Booking): string {
  return event.kind === 'filled' ? `${event.instId} ${event.tradeId}` : `${event.instId} funding ${event.at}`;
}

/** The fills and settlements of funding among events, each once, by name. */
export function bookingsOnce(events: readonly CoreEvent[]): ReadonlyMap<string, Booking> {
  const bookings = new Map<string, Booking>();
  for (const event of events)
    if (event.kind === 'filled' || event.kind === 'funding-settled') bookings.set(bookingName(event), event);
  return bookings;
}

/** How an instrument, maintenance or the fees are from then on: told once, and no reading of the exchange tells it again. */
export function isLastWord({ kind }: CoreEvent): boolean {
  return kind === 'instrument' || kind === 'maintenance' || kind === 'fee-rates';
}

/**
 * What no reading of the exchange brings back either and is not booked: the last word on each instrument, on maintenance and on fees, and closed minutes, which
 * indicators would lack from then on. The newest, at most so many.
 */
export function newsToKeep(events: readonly CoreEvent[], most: number): readonly CoreEvent[] {
  const lastWords = new Map<string, CoreEvent>();
  for (const event of events)
    if (isLastWord(event)) lastWords.set('instId' in event ? event.instId : event.kind, event);
  const minutes = events.filter(({ kind }) => kind === 'candle-closed').toReversed();
  return [...lastWords.values(), ...minutes].slice(0, Math.max(0, most));
}
