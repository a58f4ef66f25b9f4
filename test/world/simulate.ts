/**
 * `npm run -s simulate -- --seeds N [--from K] [--minutes M=10] [--faults a,b] [--plant NAME] [--json]`: seeds of the simulated world on every
 * core, a progress line, and the sum at the end; Ctrl-C ends it early with the sum so far and the seed to go on from. A seed that fails shrinks
 * itself and prints the one command that replays it.
 *
 * Exit code: 0 no violation, 1 some, 2 a wrong argument, 130 interrupted.
 */
import { parseArgs } from 'node:util';
import type { Violation } from './checks.ts';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import { Pool } from './pool.ts';
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
  readonly faults: Partial<Record<FaultName, number>>;
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
}

/** Failing seeds that are shrunk; the others are only counted. */
const SHRUNK_MOST = 3;
const WAITING_PER_THREAD = 4;

export async function simulate(options: SimulationOptions): Promise<SimulationSum> {
  const { seeds, from, minutes, only } = options;
  const startedMs = performance.now();
  const pool = new Pool(options.plant);
  const faults: Partial<Record<FaultName, number>> = {};
  const failed: (WorkerAnswer & { readonly first: Violation })[] = [];
  let fills = 0;
  let rungs = 0;
  let done = 0;
  let next = from;
  const isOver = () => options.isOver?.() === true || (options.untilFailure === true && failed.length > 0);
  const take = (answer: WorkerAnswer) => {
    for (const [name, times] of Object.entries(answer.met))
      faults[name as FaultName] = (faults[name as FaultName] ?? 0) + times;
    fills += answer.fills;
    rungs += answer.rungs;
    done += 1;
    const [first] = answer.violations;
    if (first !== undefined) failed.push({ ...answer, first });
    options.progress?.(done, failed.length);
  };
  const line = async () => {
    while (next < from + seeds && !isOver()) {
      const seed = next++;
      take(await pool.run({ seed, minutes, only }));
    }
  };
  await Promise.all(Array.from({ length: WAITING_PER_THREAD * 2 }, line));
  const failures: Failure[] = [];
  for (const { seed, first, met } of failed.toSorted((a, b) => a.seed - b.seed)) {
    const task = { seed, minutes, only: only ?? (Object.keys(met) as FaultName[]) };
    const isShrunk = failures.length < SHRUNK_MOST && options.isOver?.() !== true && options.plant === undefined;
    const small = isShrunk ? await shrink(pool, task, first.invariant) : { seed, minutes, only };
    failures.push({
      seed,
      invariant: `${first.invariant}: ${first.detail.slice(0, 300)}`,
      command: commandOf(small, options.plant),
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

function commandOf(
  { seed, minutes, only }: { seed: number; minutes: number; only?: readonly FaultName[] | undefined },
  plant: string | undefined,
): string {
  const faults = only === undefined ? '' : ` --faults ${only.length === 0 ? 'none' : only.join(',')}`;
  return `npm run -s simulate -- --from ${seed} --seeds 1 --minutes ${minutes}${faults}${plant === undefined ? '' : ` --plant ${plant}`}`;
}

export async function main(argv: readonly string[]): Promise<number> {
  const options = optionsOf(argv);
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  let isInterrupted = false;
  process.once('SIGINT', () => {
    isInterrupted = true;
  });
  const sum = await simulate({
    ...options,
    isOver: () => isInterrupted,
    progress: (done, failed) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${options.seeds} seeds, ${failed} failed `);
    },
  });
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (options.isJson) process.stdout.write(`${JSON.stringify(sum)}\n`);
  else tell(sum);
  return isInterrupted ? 130 : sum.violations === 0 ? 0 : 1;
}

function tell(sum: SimulationSum): void {
  const say = (line: string) => process.stdout.write(`${line}\n`);
  say(
    `${sum.seeds} seeds, ${sum.simulatedHours} simulated hours in ${sum.seconds} s: ${sum.fills} fills, ${sum.rungs} rungs, ${sum.violations} violations`,
  );
  for (const [name, times] of Object.entries(sum.faults)) say(`  ${name.padEnd(20)} ${times}`);
  for (const { seed, invariant, command } of sum.failures) say(`seed ${seed}: ${invariant}\n  ${command}`);
  say(`go on with --from ${sum.next}`);
}

type Options = SimulationOptions & { readonly isJson: boolean };

function optionsOf(argv: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        seeds: { type: 'string', default: '300' },
        from: { type: 'string', default: '1' },
        minutes: { type: 'string', default: '10' },
        faults: { type: 'string' },
        plant: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const only = values.faults === 'none' ? [] : values.faults?.split(',');
    const strange = only?.find((name) => !FAULT_NAMES.some((each) => each === name));
    if (strange !== undefined) return `there is no fault "${strange}"; there are: ${FAULT_NAMES.join(', ')}`;
    return {
      seeds: numberOf('--seeds', values.seeds),
      from: numberOf('--from', values.from),
      minutes: numberOf('--minutes', values.minutes),
      only: only as FaultName[] | undefined,
      plant: values.plant,
      isJson: values.json,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, not "${text}"`);
  return value;
}
