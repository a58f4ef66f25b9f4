/**
 * R2: a full ladder (entry, five rungs, partial, exit), killed at every step of it in turn: each life ends where an undisturbed one would be safe.
 * A step is one row, commit, snapshot or call of the exchange, before and after.
 */
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
const steps = undisturbed.places.length;
/** After these too little happens for a second death. */
const LAST_STEPS = 60;
const everyStep = Array.from({ length: steps }, (_, n) => n + 1);

interface Death {
  readonly dieAt: number;
  readonly dieAgainAfter?: number;
}

/** Runs a life for each death. @returns the first violation of each that had one, and of those that did not die as often as they should */
async function live(deaths: readonly Death[], diesMost: number): Promise<string[]> {
  const lives = await Promise.all(
    deaths.map((death) => pool.run({ seed: SEED, minutes: LADDER_MINUTES, only: [], isLadder: true, ...death })),
  );
  return lives.flatMap(({ violations, runs }, n) => {
    const { dieAt, dieAgainAfter } = deaths[n] ?? { dieAt: 0 };
    const where = `step ${dieAt}, ${undisturbed.places[dieAt - 1]}${dieAgainAfter === undefined ? '' : `, and ${dieAgainAfter} steps later`}`;
    const [first] = violations;
    if (first !== undefined) return [`${where}: ${first.invariant}: ${first.detail}`];
    return runs === diesMost + 1 ? [] : [`${where}: it ran ${runs} times, not ${diesMost + 1}`];
  });
}

it('is climbed whole where nothing happens: entry, five rungs, a partial, the rest', () => {
  expect(undisturbed.violations).toEqual([]);
  expect([undisturbed.rungs, undisturbed.fills, undisturbed.runs]).toEqual([5, 9, 1]);
});

it('has every kind of step: rows of every kind that a ladder leads to, commits, snapshots, and each call before and after', () => {
  const kinds = new Set(undisturbed.places);
  const rows = ['price', 'candle-closed', 'signal', 'decision', 'order-accepted', 'filled', 'order-amended']
    .concat(['order-ended', 'leverage', 'exchange-read', 'time'])
    .flatMap((row) => [`append ${row}`, `appended ${row}`]);
  const placed = ['entry', 'rung', 'stop', 'partial', 'target'].flatMap((role) => [`place ${role}`, `placed ${role}`]);
  const calls = ['commit', 'committed', 'snapshot', 'snapshotted', 'cancel', 'cancelled', 'amend', 'amended', 'read'];
  expect(
    [...rows, ...placed, ...calls].filter((kind) => !kinds.has(kind as (typeof undisturbed.places)[number])),
  ).toEqual([]);
  expect(steps).toBeGreaterThanOrEqual(300);
});

it(
  'R2: survives a death at every step: no order twice, no fill lost, covered again',
  async () => {
    const failed = await live(
      everyStep.map((dieAt) => ({ dieAt })),
      1,
    );
    console.log(
      `R2: died at each of ${steps} steps of ${new Set(undisturbed.places).size} kinds, ${failed.length} failed`,
    );
    expect(failed).toEqual([]);
  },
  long(240_000, 1_200_000),
);

it(
  'R2: survives a second death while it recovers from the first',
  async () => {
    const apart = long(5, 1);
    const deaths = everyStep
      .filter((step) => step % apart === 0 && step <= steps - LAST_STEPS)
      .flatMap((dieAt) =>
        Array.from({ length: long(1, 5) }, (_, n) => ({ dieAt, dieAgainAfter: 1 + ((dieAt * 7 + n * 9) % 40) })),
      );
    const failed = await live(deaths, 2);
    console.log(
      `R2: died twice in ${deaths.length} lives, the second time within 40 steps of the first, ${failed.length} failed`,
    );
    expect(failed).toEqual([]);
  },
  long(240_000, 2_400_000),
);
