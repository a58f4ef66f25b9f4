/** Runs seeds of the world on every core, adds up what they met, and shrinks the first that fail. */
import type { Violation } from './checks.ts';
import { FAULT_NAMES, type FaultName, type Met } from './faults.ts';
import { Pool, THREADS } from './pool.ts';
import { shrink } from './shrink.ts';
import type { WorkerAnswer } from './worker.ts';

export interface Failure {
  readonly seed: number;
  readonly invariant: string;
  readonly command: string;
}

export interface SimulationSum {
  readonly seeds: number;
  readonly violations: number;
  readonly failures: readonly Failure[];
  /** How often each was met. */
  readonly faults: Partial<Record<Met, number>>;
  readonly simulatedHours: number;
  readonly seconds: number;
  readonly fills: number;
  readonly rungs: number;
  /** The seed after the last that was run: `--from` to go on. */
  readonly next: number;
}

export interface SimulationOptions {
  readonly seeds: number;
  readonly from: number;
  readonly minutes: number;
  readonly only?: readonly FaultName[] | undefined;
  readonly plant?: string | undefined;
  /** Ends after the first seed that fails. */
  readonly untilFailure?: boolean;
  readonly isOver?: () => boolean;
  readonly progress?: (done: number, failed: number) => void;
  /** At once, and not yet shrunk: a long run need not end before somebody looks. */
  readonly failed?: (seed: number, invariant: string) => void;
}

/** Failing seeds that are shrunk; the others are only counted. */
const SHRUNK_MOST = 3;

export async function simulate(options: SimulationOptions): Promise<SimulationSum> {
  const { seeds, from, minutes, only } = options;
  const startedMs = performance.now();
  const pool = new Pool(options.plant);
  const faults: Partial<Record<Met, number>> = {};
  const failed: (WorkerAnswer & { readonly first: Violation })[] = [];
  let fills = 0;
  let rungs = 0;
  let done = 0;
  let next = from;
  const isOver = () => options.isOver?.() === true || (options.untilFailure === true && failed.length > 0);
  const take = (answer: WorkerAnswer) => {
    for (const [name, times] of Object.entries(answer.met)) faults[name as Met] = (faults[name as Met] ?? 0) + times;
    fills += answer.fills;
    rungs += answer.rungs;
    done += 1;
    const [first] = answer.violations;
    if (first !== undefined) {
      failed.push({ ...answer, first });
      options.failed?.(answer.seed, textOf(first));
    }
    options.progress?.(done, failed.length);
  };
  const line = async () => {
    while (next < from + seeds && !isOver()) {
      const seed = next++;
      take(await pool.run({ seed, minutes, only }));
    }
  };
  await Promise.all(Array.from({ length: options.untilFailure === true ? THREADS : 2 * THREADS }, line));
  const failures: Failure[] = [];
  for (const { seed, first, met } of failed.toSorted((a, b) => a.seed - b.seed)) {
    const task = { seed, minutes, only: only ?? FAULT_NAMES.filter((name) => met[name] !== undefined) };
    const isShrunk = failures.length < SHRUNK_MOST && options.isOver?.() !== true && options.plant === undefined;
    const small = isShrunk ? await shrink(pool, task, first.invariant) : { seed, minutes, only };
    failures.push({
      seed,
      invariant: textOf(first),
      command: commandOf({ ...small, from: seed, seeds: 1, plant: options.plant }),
    });
  }
  await pool.close();
  return {
    seeds: done,
    violations: failed.reduce((sum, { violations }) => sum + violations.length, 0),
    failures,
    faults: Object.fromEntries(Object.entries(faults).toSorted(([a], [b]) => a.localeCompare(b))),
    simulatedHours: Math.round((done * minutes * 100) / 60) / 100,
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    fills,
    rungs,
    next,
  };
}

function textOf({ invariant, detail }: Violation): string {
  return `${invariant}: ${detail.slice(0, 300)}`;
}

/** The command that runs these seeds. */
export function commandOf(run: Pick<SimulationOptions, 'from' | 'seeds' | 'minutes' | 'only' | 'plant'>): string {
  const { from, seeds, minutes, only, plant } = run;
  const faults = only === undefined ? '' : ` --faults ${only.length === 0 ? 'none' : only.join(',')}`;
  const planted = plant === undefined ? '' : ` --plant "${plant}"`;
  return `npm run -s simulate -- --from ${from} --seeds ${seeds} --minutes ${minutes}${faults}${planted}`;
}
