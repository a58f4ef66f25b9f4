/** The floor: a bare ladder loop that stands beside the checkout, never in it, and runs in a process of its own as the core's rival. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../shared/bench/floor.mjs', import.meta.url));
const CANDLES = 525_600;
/** Of one process; it warms up with five more. */
const RUNS = 5;

/** One run of the floor, candles per second; undefined where the program is not beside the checkout. */
export function floorBesideUs(): (() => number) | undefined {
  return existsSync(program) ? runFloor : undefined;
}

function runFloor(): number {
  const done = spawnSync(process.execPath, [program, String(CANDLES), String(RUNS)], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`the floor ended with ${done.status}: ${done.stderr}`);
  return (JSON.parse(done.stdout) as { candlesPerSecond: number }).candlesPerSecond;
}
