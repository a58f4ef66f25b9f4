import { expect, it } from 'vitest';
import { runningClock } from './clock.ts';

/** A world whose time of day and counter go on by hand. */
function world(speed: number) {
  let wallMs = 1_000_000;
  let steadyMs = 50;
  const clock = runningClock(
    0,
    speed,
    () => wallMs,
    () => steadyMs,
  );
  const pass = (ms: number, ofDayMs = ms) => {
    steadyMs += ms;
    wallMs += ofDayMs;
    return clock.now();
  };
  return { clock, pass };
}

it('the time of the exchange goes on at its speed', () => {
  const { pass } = world(60);
  expect([pass(0), pass(1_000), pass(500)]).toEqual([0, 60_000, 90_000]);
});

it('a time of day that is set back does not stand still until it has come again', () => {
  const { pass } = world(1);
  expect([pass(1_000), pass(1_000, -3_600_000), pass(1_000)]).toEqual([1_000, 2_000, 3_000]);
});

it('time in which the machine slept has passed', () => {
  const { pass } = world(1);
  expect([pass(1_000), pass(1_000, 7_200_000), pass(1_000)]).toEqual([1_000, 7_201_000, 7_202_000]);
});

it('idle sockets and limits do not follow the time of day', () => {
  const { clock, pass } = world(1);
  const before = clock.steady();
  pass(1_000, -3_600_000);
  expect(clock.steady() - before).toBe(1_000);
});
