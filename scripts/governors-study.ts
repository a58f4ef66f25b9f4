/**
 * `npm run -s governors-study -- [--seeds N=200] [--from K=1] [--days D=10] [--preset conservative|aggressive|adaptive] [--ruin PERCENT=10] [--json]`:
 * what the governors do to the result. The same generated markets, seed by seed, are traded with every governor off, with each alone, with the
 * defaults and with all; differences are taken within a seed. On every core, with progress; the same seeds give the same table, which docs/governors.md holds.
 *
 * Ruin is a fall of the equity from a peak by so many per cent. Intervals are of 95 %: of means by the normal law, of frequencies by Wilson's.
 * Exit code: 0 done, 2 a wrong argument, 130 interrupted, with the seeds that every variant has.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { demoMarketOf } from '../src/cli/demo/demo-market.ts';
import { loadTree } from '../src/config/index.ts';
import { money } from '../src/core/numbers/units.ts';
import type { RiskSample, RiskSettings } from '../src/lab/risk.ts';
import { riskSamples } from '../src/lab/risk-threads.ts';
import { offlineInstrument } from '../src/sim/market/instruments.ts';
import { DEFAULT_FILL_MODEL } from '../src/sim/matching/fill-model.ts';

const NAMES = ['size_by_day', 'targets_by_volatility', 'additions_without_signal', 'mode_by_results', 'pause'] as const;
type Name = (typeof NAMES)[number];

/** Who is on; the first is what the others are compared with. */
export const VARIANTS: readonly { readonly name: string; readonly on: readonly Name[] }[] = [
  { name: 'off', on: [] },
  ...NAMES.map((name) => ({ name, on: [name] })),
  { name: 'defaults', on: ['size_by_day', 'targets_by_volatility', 'pause'] },
  { name: 'all', on: NAMES },
];

export interface StudyOptions {
  readonly seeds: readonly number[];
  readonly days: number;
  readonly preset: string;
  /** A fall by this share is ruin. */
  readonly ruin: number;
  readonly threads: number;
  readonly progress: (done: number, of: number) => void;
  readonly isStopped: () => boolean;
}

/** A value with the interval that holds it with 95 %. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Amounts in USDT, the drawdown and the frequency of ruin in per cent. */
export interface StudyRow {
  readonly name: string;
  readonly seeds: number;
  readonly net: Estimate;
  /** Net less that of `off`, seed by seed. */
  readonly netGained: Estimate;
  readonly drawdown: Estimate;
  readonly drawdownGained: Estimate;
  readonly ruin: Estimate;
  readonly trades: number;
}

const BALANCE = money(1_000_00000000n);
const SYMBOLS = ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP'];

export async function governorsStudy(options: StudyOptions): Promise<StudyRow[]> {
  const { seeds, threads, progress, isStopped } = options;
  const whole = seeds.length * VARIANTS.length;
  const runs: RiskSample[][] = [];
  for (const [index, { on }] of VARIANTS.entries()) {
    const before = index * seeds.length;
    const run = { seeds, threads, isStopped, progress: (done: number) => progress(before + done, whole) };
    runs.push(await riskSamples(settingsOf(options, on), run));
  }
  const common = Math.min(...runs.map((run) => run.length));
  const [off] = runs;
  return VARIANTS.map(({ name }, index) => rowOf(name, (runs[index] ?? []).slice(0, common), off ?? [], options.ruin));
}

function settingsOf({ preset, days }: StudyOptions, on: readonly Name[]): RiskSettings {
  const governors = Object.fromEntries(NAMES.map((name) => [name, on.includes(name)]));
  const instruments = SYMBOLS.flatMap((symbol) => offlineInstrument(symbol) ?? []);
  return {
    policy: loadTree({ position_scaling: { preset }, governors }).policy,
    instruments,
    markets: instruments.map((instrument) => ({ ...demoMarketOf(instrument), instId: instrument.instId })),
    balance: BALANCE,
    model: DEFAULT_FILL_MODEL,
    fundingE8: 10_000,
    warmUpDays: 1,
    days,
  };
}

function rowOf(name: string, samples: readonly RiskSample[], off: readonly RiskSample[], ruin: number): StudyRow {
  const nets = samples.map(netOf);
  const drawdowns = samples.map(({ drawdown }) => drawdown * 100);
  const less = (values: readonly number[], of: (sample: RiskSample) => number) =>
    values.map((value, i) => value - of(off[i] ?? (samples[i] as RiskSample)));
  return {
    name,
    seeds: samples.length,
    net: meanOf(nets),
    netGained: meanOf(less(nets, netOf)),
    drawdown: meanOf(drawdowns),
    drawdownGained: meanOf(less(drawdowns, ({ drawdown }) => drawdown * 100)),
    ruin: frequencyOf(samples.filter(({ drawdown }) => drawdown >= ruin).length, samples.length),
    trades: samples.reduce((sum, { trades }) => sum + trades.length, 0) / Math.max(1, samples.length),
  };
}

function netOf({ days }: RiskSample): number {
  return days.reduce((sum, day) => sum + day, 0) / 1e8;
}

const Z = 1.959964;

/** Mean and its interval by the normal law. */
export function meanOf(values: readonly number[]): Estimate {
  const { length } = values;
  const mean = values.reduce((sum, value) => sum + value, 0) / length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, length - 1);
  const half = Z * Math.sqrt(variance / length);
  return { value: mean, low: mean - half, high: mean + half };
}

/** Per cent, with Wilson's interval: it stays within 0 and 100, also where nothing happened. */
export function frequencyOf(count: number, of: number): Estimate {
  const share = count / of;
  const under = 1 + Z ** 2 / of;
  const middle = (share + Z ** 2 / (2 * of)) / under;
  const half = (Z / under) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return { value: share * 100, low: Math.max(0, middle - half) * 100, high: Math.min(1, middle + half) * 100 };
}

/** As a table of Markdown: how docs/governors.md shows it. */
export function studyTable(rows: readonly StudyRow[], ruin: number): string[] {
  const cell = ({ value, low, high }: Estimate, places: number) =>
    `${value.toFixed(places)} (${low.toFixed(places)} … ${high.toFixed(places)})`;
  return [
    `| governors | net, USDT | net against off | deepest fall, % | against off | ruin (${ruin * 100} %), % of seeds | trades |`,
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ name, net, netGained, drawdown, drawdownGained, ruin: ruined, trades }) =>
        `| ${name} | ${cell(net, 2)} | ${name === 'off' ? '' : cell(netGained, 2)} | ${cell(drawdown, 2)} | ${
          name === 'off' ? '' : cell(drawdownGained, 2)
        } | ${cell(ruined, 1)} | ${trades.toFixed(1)} |`,
    ),
  ];
}

export async function main(argv: readonly string[]): Promise<number> {
  let values: { seeds?: string; from?: string; days?: string; preset?: string; ruin?: string; json?: boolean };
  try {
    const string = { type: 'string' } as const;
    const options = { seeds: string, from: string, days: string, preset: string, ruin: string };
    ({ values } = parseArgs({ args: [...argv], options: { ...options, json: { type: 'boolean' } } }));
  } catch (error) {
    return wrong(String(error));
  }
  const [seeds, from, days, ruin] = [
    values.seeds ?? '200',
    values.from ?? '1',
    values.days ?? '10',
    values.ruin ?? '10',
  ].map(Number);
  const preset = values.preset ?? 'conservative';
  const isWhole = [seeds, from, days].every((each) => Number.isSafeInteger(each) && Number(each) > 0);
  if (!isWhole || !(Number(ruin) > 0) || !['conservative', 'aggressive', 'adaptive'].includes(preset))
    return wrong(
      '--seeds, --from and --days are whole numbers above 0, --ruin a percentage, --preset one of the three',
    );
  let isInterrupted = false;
  process.once('SIGINT', () => {
    isInterrupted = true;
  });
  const share = Number(ruin) / 100;
  const rows = await governorsStudy({
    seeds: Array.from({ length: Number(seeds) }, (_, i) => Number(from) + i),
    days: Number(days),
    preset,
    ruin: share,
    threads: availableParallelism(),
    progress: progressLine(),
    isStopped: () => isInterrupted,
  });
  process.stdout.write(`${values.json === true ? JSON.stringify(rows) : studyTable(rows, share).join('\n')}\n`);
  return isInterrupted ? 130 : 0;
}

function wrong(why: string): number {
  process.stderr.write(`${why}\n`);
  return 2;
}

/** A line that is written over in a terminal; elsewhere one for every twentieth. */
function progressLine(): StudyOptions['progress'] {
  const startedMs = performance.now();
  return (done, of) => {
    const left = Math.round(((performance.now() - startedMs) / 1_000 / done) * (of - done));
    const line = `${done} of ${of} markets, ${left} s left`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}   ${done === of ? '\n' : ''}`);
    else if (done % Math.ceil(of / 20) === 0) process.stderr.write(`${line}\n`);
  };
}
