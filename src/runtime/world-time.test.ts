import { describe, expect, it } from 'vitest';
import { WorldTime } from './world-time.ts';

/** A clock that begins anywhere and is moved by hand. */
function clockAt(startMs: number) {
  let now = startMs;
  const wait = (ms: number) => void (now += ms);
  return { wait, clock: { nowMs: () => now, wake: () => () => undefined } };
}

const EVENT_MS = 1_700_000_000_000;

describe('the time of the world', () => {
  it.each([0, EVENT_MS - 3_600_000, EVENT_MS + 3_600_000])(
    'is the newest event’s and what was counted since, whatever the clock shows (%i)',
    (startMs) => {
      const { clock, wait } = clockAt(startMs);
      const time = new WorldTime(clock, 0);
      time.hear(EVENT_MS);
      wait(250);
      expect(time.nowMs()).toBe(EVENT_MS + 250);
      expect(time.clockMs(EVENT_MS + 1_000)).toBe(startMs + 1_000);
    },
  );

  it('goes on from the journal before the first event', () => {
    const { clock, wait } = clockAt(5);
    const time = new WorldTime(clock, EVENT_MS);
    wait(10);
    expect(time.nowMs()).toBe(EVENT_MS + 10);
  });

  it('does not run back for an event that was late', () => {
    const { clock, wait } = clockAt(0);
    const time = new WorldTime(clock, EVENT_MS);
    wait(1_000);
    time.hear(EVENT_MS + 1_000);
    time.hear(EVENT_MS - 20_000);
    expect(time.nowMs()).toBe(EVENT_MS + 1_000);
  });

  it('forgets within three minutes that the clock ran fast', () => {
    const { clock, wait } = clockAt(0);
    const time = new WorldTime(clock, EVENT_MS);
    for (let second = 1; second <= 180; second++) {
      wait(1_010);
      time.hear(EVENT_MS + second * 1_000);
    }
    expect(time.nowMs() - (EVENT_MS + 180_000)).toBeLessThan(1_300);
  });
});
