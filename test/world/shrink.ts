/** A failing seed made small: fewer kinds of faults, then less time, while the same invariant is still violated. */
import type { FaultName } from './faults.ts';
import type { Pool } from './pool.ts';
import type { WorkerTask } from './worker.ts';

const MINUTES_TRIED = [1, 2, 3, 4, 5, 6, 8];

export async function shrink(pool: Pool, task: WorkerTask, invariant: string): Promise<WorkerTask> {
  const fails = async (only: readonly FaultName[], minutes: number) => {
    const { violations } = await pool.run({ seed: task.seed, minutes, only });
    return violations.some((violation) => violation.invariant === invariant);
  };
  let only = task.only ?? [];
  if (!(await fails(only, task.minutes))) return task;
  for (const name of only.slice()) {
    const without = only.filter((each) => each !== name);
    if (await fails(without, task.minutes)) only = without;
  }
  for (const minutes of MINUTES_TRIED)
    if (minutes < task.minutes && (await fails(only, minutes))) return { seed: task.seed, minutes, only };
  return { seed: task.seed, minutes: task.minutes, only };
}
