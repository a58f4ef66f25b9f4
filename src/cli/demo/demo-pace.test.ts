/** How far the demo's market should be by now, whatever the clock does in between. */
import { describe, expect, it } from 'vitest';
import { Pace } from './demo-pace.ts';

describe('the pace of a demo', () => {
  it('is so many simulated seconds in a real one, and exactly length times speed in all', () => {
    const pace = new Pace({ speed: 300, lengthMs: 2_000, nowMs: 0 });
    expect(pace.due(100, 0)).toBe(30);
    expect(pace.due(200, 30)).toBe(60);
    for (let now = 300; now <= 2_000; now += 100) pace.due(now, 3 * (now / 10));
    expect(pace.due(2_001, 590)).toBe(600);
    expect(pace.isOver(599)).toBe(false);
    expect(pace.isOver(600)).toBe(true);
  });

  it('tells the speed that a slow machine reaches, until it keeps up again, and no pause is called slow', () => {
    const pace = new Pace({ speed: 100, lengthMs: undefined, nowMs: 0 });
    let [now, done] = [0, 0];
    const go = (seconds: number, perSecond: number) => {
      for (let i = 0; i < seconds * 10; i++) {
        now += 100;
        done += perSecond / 10;
        pace.due(now, done);
      }
    };
    go(2, 40);
    expect(pace.reached, 'not known yet').toBeUndefined();
    go(2, 40);
    expect(pace.reached).toBe(40);
    pace.isPaused = true;
    go(10, 0);
    pace.isPaused = false;
    expect(pace.reached).toBe(40);
    go(6, 95);
    expect(pace.reached).toBeUndefined();
  });

  it('makes up neither for a pause nor for a laptop that slept, and gives up late', () => {
    const pace = new Pace({ speed: 100, lengthMs: undefined, nowMs: 0 });
    pace.isPaused = true;
    expect(pace.due(60_000, 0)).toBe(0);
    pace.isPaused = false;
    expect(pace.due(3_660_000, 0), 'an hour away').toBe(25);
    expect(pace.isOver(1_000_000)).toBe(false);
    const slow = new Pace({ speed: 100, lengthMs: 1_000, nowMs: 0 });
    slow.due(2_900, 40);
    expect(slow.isOver(40)).toBe(false);
    slow.due(3_000, 50);
    expect(slow.isOver(50)).toBe(true);
  });
});
