/**
 * How many seeds each planted bug survived (reliability.md R7): `npm run -s simulate -- --plants [--seeds N=300] [--json]`.
 *
 * A bug is found by the first seed that violates any check. `--json`: `{bugs, found, share, plants: [{name, survived, seed, invariant}]}`,
 * `seed` null where no seed found it.
 */
import { PLANTS } from './plants.ts';
import { type SimulationOptions, simulate } from './seeds.ts';

export interface PlantFound {
  readonly name: string;
  /** Seeds that passed before it was found, or all of them. */
  readonly survived: number;
  readonly seed: number | null;
  readonly invariant: string | null;
}

/** Share of the bugs that must be found. */
const SHARE_WANTED = 0.95;

export async function findPlant(name: string, options: SimulationOptions): Promise<PlantFound> {
  const { failures, seeds } = await simulate({ ...options, plant: name, untilFailure: true });
  const [first] = failures;
  if (first === undefined) return { name, survived: seeds, seed: null, invariant: null };
  return { name, survived: first.seed - options.from, seed: first.seed, invariant: first.invariant };
}

/** @returns the exit code */
export async function reportPlants(options: SimulationOptions & { readonly isJson: boolean }): Promise<number> {
  const plants: PlantFound[] = [];
  for (const { name } of PLANTS) {
    const found = await findPlant(name, options);
    if (options.isOver?.() === true) break;
    plants.push(found);
    if (!options.isJson) process.stdout.write(`${told(found)}\n`);
  }
  const found = plants.filter(({ seed }) => seed !== null).length;
  const share = Math.round((found / PLANTS.length) * 1_000) / 1_000;
  if (options.isJson) process.stdout.write(`${JSON.stringify({ bugs: PLANTS.length, found, share, plants })}\n`);
  else process.stdout.write(`${found} of ${PLANTS.length} planted bugs found within ${options.seeds} seeds\n`);
  if (options.isOver?.() === true) return 130;
  return share >= SHARE_WANTED ? 0 : 1;
}

function told({ name, survived, seed, invariant }: PlantFound): string {
  const by = seed === null ? 'NOT FOUND' : `seed ${seed}: ${invariant?.split(':')[0]}`;
  return `${String(survived).padStart(6)}  ${name.padEnd(62)} ${by}`;
}
