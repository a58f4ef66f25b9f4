/**
 * `npm run bench -- [NAME…] [--json] [--tiny]`: measures the figures named, or all, and tells each as soon as it stands. Each in a process of its own,
 * as the floor is: none runs on code that was compiled for another.
 *
 * `--json` prints one line a figure: `{name, value, unit, floor, ratio, runs, did}`, medians. Exit codes: 0 done, 2 an unknown name.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { adapterDecode } from './adapter-decode.ts';
import { core } from './core.ts';
import { core20 } from './core-20.ts';
import { coreGoverned } from './core-governed.ts';
import { coreGovernors, coreGovernorsIdle } from './core-governors.ts';
import { decide } from './decide.ts';
import { durableIntent } from './durable-intent.ts';
import { exchangeDeliveries } from './exchange-deliveries.ts';
import { exchangeOrders } from './exchange-orders.ts';
import { type Figure, measure, type Result, type Size } from './figure.ts';
import { floorBesideUs } from './floor.ts';
import { loop } from './loop.ts';
import { memory } from './memory.ts';
import { orderLatency } from './order-latency.ts';
import { recovery, recoveryWhole } from './recovery.ts';
import { start } from './start.ts';
import { world } from './world.ts';

const FIGURES: readonly Figure[] = [
  core,
  core20,
  coreGoverned,
  coreGovernors,
  coreGovernorsIdle,
  decide,
  start,
  memory,
  durableIntent,
  loop,
  orderLatency,
  recovery,
  recoveryWhole,
  exchangeOrders,
  exchangeDeliveries,
  adapterDecode,
  world,
];

export async function main(argv: readonly string[]): Promise<number> {
  const names = argv.filter((word) => !word.startsWith('--'));
  const size: Size = argv.includes('--tiny') ? 'tiny' : 'full';
  const unknown =
    names.find((name) => FIGURES.every((figure) => figure.name !== name)) ??
    argv.find((word) => word.startsWith('--') && word !== '--json' && word !== '--tiny');
  if (unknown !== undefined) {
    process.stderr.write(`"${unknown}" is no figure: ${FIGURES.map(({ name }) => name).join(', ')}; --json, --tiny\n`);
    return 2;
  }
  const chosen = names.length === 0 ? FIGURES : FIGURES.filter(({ name }) => names.includes(name));
  if (chosen.length > 1) return eachByItself(chosen, argv);
  const floor = floorBesideUs();
  if (floor === undefined && chosen.some(({ hasFloor }) => hasFloor))
    process.stderr.write('"../shared/bench/floor.mjs" is absent: there is nothing to measure against, so no ratio\n');
  for (const figure of chosen) {
    const result = await measure(figure, size, floor);
    process.stdout.write(`${argv.includes('--json') ? JSON.stringify(result) : told(result)}\n`);
  }
  return 0;
}

/** @returns the first exit code that is not 0 */
function eachByItself(chosen: readonly Figure[], argv: readonly string[]): number {
  const options = argv.filter((word) => word.startsWith('--'));
  for (const { name } of chosen) {
    const { status } = spawnSync(process.execPath, [...process.execArgv, launcher, 'bench/run.ts', name, ...options], {
      stdio: 'inherit',
    });
    if (status !== 0) return status ?? INTERRUPTED;
  }
  return 0;
}

const launcher = fileURLToPath(new URL('../scripts/bootstrap.mjs', import.meta.url));
const INTERRUPTED = 130;

function told({ name, value, unit, floor, ratio, runs, did }: Result): string {
  const share = ratio === null ? '' : ` = 1/${(1 / ratio).toFixed(1)} of the floor's ${grouped(floor ?? 0)}`;
  const deeds = Object.entries(did).map(([what, count]) => `${grouped(count)} ${what}`);
  return `${name.padEnd(14)} ${grouped(value)} ${unit}${share}   (${runs} runs; each: ${deeds.join(', ')})`;
}

function grouped(value: number): string {
  return value.toLocaleString('en-US');
}
