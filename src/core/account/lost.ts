/** That the exchange was lost, with why as values, and the English reason that is made of them (decision 0018). */
import type { ExchangeLost, LostBecause } from '../event.ts';
import { utcText } from '../market/utc.ts';

/** `at` in UTC ms of the world. */
export function exchangeLost(at: number, because: LostBecause): ExchangeLost {
  return { kind: 'exchange-lost', at, reason: reasonOf(because), because };
}

function reasonOf(because: LostBecause): string {
  switch (because.code) {
    case 'not-running':
      return 'the bot was not running';
    case 'time-ahead':
      return (
        `an event (${because.event}) says it is ${utcText(because.saidAt)}, ${Math.round(because.aheadMs / 1_000)} s ahead of all others:` +
        ' the machine has slept, or its stamp is wrong; it counts once a second one says the same'
      );
    case 'events-dropped':
      return `${because.events} events waited, more than can be thought about`;
    case 'past-told':
      return `minutes of ${because.instId} are read from the past`;
    case 'not-read':
      return `the ${because.what} could not be read: ${because.words}`;
    case 'disconnected':
      return `the ${because.connection} connection was lost: ${because.words}`;
    case 'not-connected':
      return 'a private connection is down';
    case 'access-refused':
      return `the exchange refuses our requests: ${because.words}`;
    case 'channel-refused':
      return `channel ${because.channel} was refused`;
    case 'unreadable':
    case 'said':
      return because.words;
  }
}
