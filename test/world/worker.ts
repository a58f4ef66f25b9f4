/**
 * Runs seeds in a thread of its own. With a planted bug the sources are changed as they are loaded, in this thread alone: what ships has no
 * hook for it.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { Violation } from './checks.ts';
import type { FaultName, Met } from './faults.ts';
import { PLANTS } from './plants.ts';

export interface WorkerTask {
  readonly seed: number;
  readonly minutes: number;
  readonly only?: readonly FaultName[] | undefined;
  readonly dieAt?: number;
  readonly dieAgainAfter?: number;
  readonly isLadder?: boolean;
  readonly isRecorded?: boolean;
}

export interface WorkerAnswer {
  readonly seed: number;
  readonly violations: readonly Violation[];
  readonly met: Partial<Record<Met, number>>;
  readonly fills: number;
  readonly rungs: number;
  /** Starts of the bot. */
  readonly runs: number;
  readonly hash: string;
}

const { plant } = workerData as { readonly plant: string | undefined };
const bug = plant === undefined ? undefined : plantBug(plant);
const { runWorld } = await import('./world.ts');
if (bug?.isPlanted === false) throw new Error(`"${plant}" is in a file that the world does not load`);

parentPort?.on('message', (task: WorkerTask) => parentPort?.postMessage(answerTo(task)));

function answerTo({ only, ...task }: WorkerTask): WorkerAnswer {
  const { seed } = task;
  try {
    const { violations, met, fills, rungs, runs, hash } = runWorld({
      ...task,
      ...(only === undefined ? {} : { only: new Set(only) }),
    });
    return { seed, violations, met, fills, rungs, runs, hash };
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const violation = { atMs: 0, invariant: 'nothing throws', detail };
    return { seed, violations: [violation], met: {}, fills: 0, rungs: 0, runs: 0, hash: '' };
  }
}

/** @throws {Error} where the source no longer says what the plant changes */
function plantBug(name: string): { isPlanted: boolean } {
  const state = { isPlanted: false };
  const bug = PLANTS.find((each) => each.name === name);
  if (bug === undefined) throw new Error(`there is no planted bug "${name}"`);
  const path = fileURLToPath(new URL(`../../${bug.file}`, import.meta.url));
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.startsWith('file:') || fileURLToPath(url) !== path) return loaded;
      const text = String(loaded.source);
      if (text.split(bug.was).length !== 2) throw new Error(`${bug.file} does not say "${bug.was}" exactly once`);
      state.isPlanted = true;
      return { ...loaded, source: text.replace(bug.was, () => bug.is) };
    },
  });
  return state;
}
