/**
 * `npm run -s simulate -- --seeds N [--from K] [--minutes M=10] [--faults a,b] [--plant NAME | --plants] [--json]`: seeds of the simulated world
 * on every core, progress with the time that is left, and the sum at the end. Ctrl-C ends it early, with the sum so far and the command that goes
 * on. A seed that fails shrinks itself and prints the one command that replays it.
 *
 * `--plants`: the report of R7 (plant-report.ts) instead: every planted bug in turn, until a seed finds it or `--seeds` are through.
 *
 * Exit code: 0 no violation (with `--plants`: enough were found), 1 otherwise, 2 a wrong argument, 130 interrupted.
 */
import { parseArgs } from 'node:util';
import { FAULT_NAMES, type FaultName } from './faults.ts';
import { reportPlants } from './plant-report.ts';
import { PLANTS } from './plants.ts';
import { commandOf, type SimulationOptions, type SimulationSum, simulate } from './seeds.ts';

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
  const isOver = () => isInterrupted;
  if (options.isReport) return reportPlants({ ...options, isOver });
  const failed = (seed: number, invariant: string) =>
    void process.stderr.write(`${process.stderr.isTTY ? '\r' : ''}seed ${seed}: ${invariant}\n`);
  const sum = await simulate({ ...options, isOver, progress: progressOf(options.seeds), failed });
  if (process.stderr.isTTY) process.stderr.write('\n');
  if (options.isJson) process.stdout.write(`${JSON.stringify(sum)}\n`);
  else tell(sum);
  const left = options.from + options.seeds - sum.next;
  if (isInterrupted && left > 0)
    process.stderr.write(`go on with: ${commandOf({ ...options, from: sum.next, seeds: left })}\n`);
  return isInterrupted ? 130 : sum.violations === 0 ? 0 : 1;
}

/** A line that is written over in a terminal; elsewhere one for every twentieth. */
function progressOf(seeds: number): (done: number, failed: number) => void {
  const startedMs = performance.now();
  const every = Math.max(1, Math.floor(seeds / 20));
  return (done, failed) => {
    const secondsLeft = Math.round(((performance.now() - startedMs) / 1_000 / done) * (seeds - done));
    const line = `${done} of ${seeds} seeds, ${failed} failed, ${secondsLeft} s left`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line} `);
    else if (done % every === 0) process.stderr.write(`${line}\n`);
  };
}

function tell(sum: SimulationSum): void {
  const lines = [
    `${sum.seeds} seeds, ${sum.simulatedHours} simulated hours in ${sum.seconds} s: ${sum.fills} fills, ${sum.rungs} rungs, ${sum.violations} violations`,
    ...Object.entries(sum.faults).map(([name, times]) => `  ${name.padEnd(20)} ${times}`),
    ...sum.failures.map(({ seed, invariant, command }) => `seed ${seed}: ${invariant}\n  ${command}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

type Options = SimulationOptions & { readonly isJson: boolean; readonly isReport: boolean };

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
        plants: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    const only = values.faults === 'none' ? [] : values.faults?.split(',');
    const strange = only?.find((name) => !FAULT_NAMES.some((each) => each === name));
    if (strange !== undefined) return `there is no fault "${strange}"; there are: ${FAULT_NAMES.join(', ')}`;
    if (values.plant !== undefined && PLANTS.every(({ name }) => name !== values.plant))
      return `there is no planted bug "${values.plant}"; there are:\n${PLANTS.map(({ name }) => `  ${name}`).join('\n')}`;
    return {
      seeds: wholeOf('--seeds', values.seeds),
      from: wholeOf('--from', values.from),
      minutes: numberOf('--minutes', values.minutes),
      only: only as FaultName[] | undefined,
      plant: values.plant,
      isJson: values.json,
      isReport: values.plants,
    };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function wholeOf(name: string, text: string): number {
  const value = numberOf(name, text);
  if (!Number.isSafeInteger(value)) throw new Error(`${name} must be a whole number, not "${text}"`);
  return value;
}

function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${name} must be a number above 0, not "${text}"`);
  return value;
}
