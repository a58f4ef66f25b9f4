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
      time.hear(EVENT_MS, true);
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
    time.hear(EVENT_MS + 1_000, true);
    time.hear(EVENT_MS - 20_000, true);
    expect(time.nowMs()).toBe(EVENT_MS + 1_000);
  });

  it('forgets within three minutes that the clock ran fast', () => {
    const { clock, wait } = clockAt(0);
    const time = new WorldTime(clock, EVENT_MS);
    for (let second = 1; second <= 180; second++) {
      wait(1_010);
      time.hear(EVENT_MS + second * 1_000, true);
    }
    expect(time.nowMs() - (EVENT_MS + 180_000)).toBeLessThan(1_300);
  });

  describe('does not believe at once an event that is an hour ahead of the others', () => {
    const HOUR_MS = 3_600_000;
    function heard() {
      const { clock, wait } = clockAt(0);
      const time = new WorldTime(clock, EVENT_MS - 5 * HOUR_MS);
      expect(time.hear(EVENT_MS, true), 'the first of a life: nobody knows how long we were away').toBe('believed');
      wait(1_000);
      return { time, wait };
    }

    it('and never where nothing else says so', () => {
      const { time, wait } = heard();
      expect(time.hear(EVENT_MS + HOUR_MS, true)).toBe('doubted');
      expect(time.nowMs()).toBe(EVENT_MS + 1_000);
      wait(1_000);
      expect(time.hear(EVENT_MS + 2_000, true)).toBe('believed');
      expect(time.hear(EVENT_MS + HOUR_MS, true), 'the others have gone on: it is doubted anew').toBe('doubted');
      expect(time.hear(EVENT_MS + 3 * HOUR_MS, true), 'another time is no confirmation').toBe('still-doubted');
      expect(time.nowMs()).toBe(EVENT_MS + 2_000);
    });

    it('until a second one says the same: the machine has slept', () => {
      const { time, wait } = heard();
      expect(time.hear(EVENT_MS + HOUR_MS, false)).toBe('doubted');
      wait(400);
      expect(time.hear(EVENT_MS + HOUR_MS + 350, true)).toBe('believed');
      expect(time.nowMs()).toBe(EVENT_MS + HOUR_MS + 350);
    });

    it('where it is more than a minute ahead, and that is not confirmed by one that is less so', () => {
      const { time } = heard();
      expect(time.hear(EVENT_MS + 1_000 + 60_000, false)).toBe('believed');
      const { time: other } = heard();
      expect(other.hear(EVENT_MS + 1_000 + 60_001, false)).toBe('doubted');
      expect(other.hear(EVENT_MS + 3 * HOUR_MS, false)).toBe('still-doubted');
      expect(other.hear(EVENT_MS + HOUR_MS, false)).toBe('still-doubted');
      expect(other.nowMs()).toBe(EVENT_MS + 1_000);
    });

    it('but an hour behind may be history', () => {
      const { time } = heard();
      expect(time.hear(EVENT_MS - HOUR_MS, false)).toBe('believed');
      expect(time.nowMs()).toBe(EVENT_MS + 1_000);
    });

    it('and history of a day, told in one breath before the first price, is believed', () => {
      const time = new WorldTime(clockAt(0).clock, 0);
      for (let minute = 0; minute < 1_440; minute++)
        expect(time.hear(EVENT_MS + minute * 60_000, false)).toBe('believed');
      expect(time.hear(EVENT_MS + 1_440 * 60_000, true)).toBe('believed');
    });
  });
});
