/** A figure: what is measured, in which unit, and how one run of it is made. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  /** Measured in turns with the floor and told as a share of it; else the value stands alone. */
  readonly hasFloor: boolean;
  readonly runs: number;
  /** Makes everything that is not to be measured. `tiny` keeps the code from rotting in a test and measures nothing. */
  prepare(size: Size): Sampler;
}

export type Size = 'full' | 'tiny';

export interface Sampler {
  /** One run; its value in the figure's unit. */
  sample(): number | Promise<number>;
  /** Lets go of what it holds: processes, sockets. */
  end?(): void;
  /** What one run did, so that nobody can say it did nothing; read after the last run. */
  readonly did: Readonly<Record<string, number>>;
}

export interface Result {
  readonly name: string;
  /** Median of the runs. */
  readonly value: number;
  readonly unit: string;
  /** Candles per second of the floor, median of as many runs in between ours; null where there is none. */
  readonly floor: number | null;
  /** value / floor. */
  readonly ratio: number | null;
  readonly runs: number;
  readonly did: Readonly<Record<string, number>>;
}

/**
 * Measures one figure: a run of the floor, then one of ours, as often as the figure says. Both warm up first: ours as often as the floor does.
 * @param floor undefined where there is none to measure against
 */
export async function measure(figure: Figure, size: Size, floor: (() => number) | undefined): Promise<Result> {
  const sampler = figure.prepare(size);
  const runs = size === 'tiny' ? 1 : figure.runs;
  for (let run = 0; run < (size === 'tiny' ? 1 : WARM_UPS); run++) await sampler.sample();
  const values: number[] = [];
  const floors: number[] = [];
  for (let run = 0; run < runs; run++) {
    if (figure.hasFloor && floor !== undefined) floors.push(floor());
    values.push(await sampler.sample());
  }
  sampler.end?.();
  const value = rounded(median(values));
  const bare = floors.length === 0 ? null : median(floors);
  return {
    name: figure.name,
    value,
    unit: figure.unit,
    floor: bare,
    ratio: bare === null ? null : Number((value / bare).toPrecision(3)),
    runs,
    did: sampler.did,
  };
}

/** As the floor's. */
const WARM_UPS = 5;

/** Whole where a whole says enough. */
function rounded(value: number): number {
  return value >= 1000 ? Math.round(value) : Number(value.toPrecision(4));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

/** How many of something a second, when `count` of them took what `work` takes. */
export function perSecond(count: number, work: () => void): number {
  const startedAt = process.hrtime.bigint();
  work();
  return count / (Number(process.hrtime.bigint() - startedAt) / 1e9);
}
