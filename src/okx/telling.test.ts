/** When what the adapter tells has happened: never back by our clock's error, and no one stamp dates what comes after it. */
import { describe, expect, it } from 'vitest';
import type { CoreEvent } from '../core/event.ts';
import { EXCHANGE_LIMITS } from './exchange-options.ts';
import { Telling } from './telling.ts';

const NOW = 1_700_000_000_000;
const YEAR_MS = 365 * 86_400_000;

/** A clock that stands until it is set on. */
function telling() {
  const clock = { nowMs: NOW };
  const heard: CoreEvent[] = [];
  const it = new Telling({
    rest: { exchangeNowMs: () => clock.nowMs, syncClock: () => Promise.reject(new Error('nobody asked for it')) },
    limits: EXCHANGE_LIMITS,
    errands: { inBackground: () => undefined, after: () => undefined },
    hear: (event) => heard.push(event),
    warn: () => undefined,
    read: () => undefined,
  });
  const accepted = (at: number) => it.tell({ kind: 'order-accepted', at, clientId: 'a' });
  return { it, clock, accepted, times: () => heard.map(({ at }) => at - NOW) };
}

describe('the time of an event', () => {
  it.each([
    ['is its own where it comes later', 100, 100],
    ['does not run back for our clock’s error', -EXCHANGE_LIMITS.clockErrorMs, 0],
    ['is its own where it is found late', -EXCHANGE_LIMITS.clockErrorMs - 1, -EXCHANGE_LIMITS.clockErrorMs - 1],
  ])('%s', (_, after, told) => {
    const { accepted, times } = telling();
    accepted(NOW);
    accepted(NOW + after);
    expect(times()).toEqual([0, told]);
  });

  it('that is stamped a little ahead of our clock dates what we tell next', () => {
    const { it: told, accepted, times } = telling();
    accepted(NOW + 200);
    told.lost({ code: 'said', words: 'why' });
    expect(times()).toEqual([200, 200]);
  });

  it('that is stamped far ahead is told as it is, and dates nothing after it', () => {
    const { it: told, clock, accepted, times } = telling();
    accepted(NOW + 10 * YEAR_MS);
    expect(told.now()).toBe(NOW);
    clock.nowMs += 5;
    told.lost({ code: 'said', words: 'why' });
    accepted(NOW + 7);
    expect(times()).toEqual([10 * YEAR_MS, 5, 7]);
  });
});
