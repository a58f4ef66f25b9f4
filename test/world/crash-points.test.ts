/** R2: a full ladder (entry, five rungs, partial, exit), killed at every step of it in turn: each life ends where an undisturbed one would be safe. */
import { afterAll, expect, it } from 'vitest';
import { long } from '../long.ts';
import { LADDER_MINUTES } from './ladder.ts';
import { Pool } from './pool.ts';
import { runWorld } from './world.ts';

const SEED = 1;
const pool = new Pool();
afterAll(() => pool.close());

const undisturbed = runWorld({
  seed: SEED,
  minutes: LADDER_MINUTES,
  only: new Set(),
  isLadder: true,
  isRecorded: true,
});

it('is climbed whole where nothing happens: entry, five rungs, a partial, the rest', () => {
  expect(undisturbed.violations).toEqual([]);
  expect([undisturbed.rungs, undisturbed.fills]).toEqual([5, 8]);
});

it(
  'survives a death at every step: no order twice, no fill lost, covered again',
  async () => {
    const steps = undisturbed.places.length;
    const tried = long(300, steps);
    const points = Array.from({ length: tried }, (_, n) => 1 + Math.floor((n * steps) / tried));
    const lives = await Promise.all(
      points.map((dieAt) => pool.run({ seed: SEED, minutes: LADDER_MINUTES, only: [], isLadder: true, dieAt })),
    );
    const places = new Map<string, number>();
    for (const at of points) {
      const place = undisturbed.places[at - 1] ?? '';
      places.set(place, (places.get(place) ?? 0) + 1);
    }
    const failed = lives.flatMap(({ violations }, n) =>
      violations
        .slice(0, 1)
        .map(
          ({ invariant, detail }) =>
            `${points[n]} ${undisturbed.places[(points[n] ?? 1) - 1]}: ${invariant}: ${detail}`,
        ),
    );
    console.log(
      `R2: ${tried} of ${steps} steps died at, ${failed.length} failed; ${[...places].map(([place, times]) => `${place} ${times}`).join(', ')}`,
    );
    expect(failed).toEqual([]);
  },
  long(120_000, 1_200_000),
);
