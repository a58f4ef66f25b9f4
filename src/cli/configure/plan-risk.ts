/**
 * `rungwise plan --risk`: what the configuration can lose by its limits, and beside it what it won and lost on many generated markets.
 *
 * Seeded: the same seeds give the same bytes. Ctrl-C ends with the seeds that are done, exit code 130.
 */

import { availableParallelism } from 'node:os';
import type { Config } from '../../config/index.ts';
import { minutesToWarm } from '../../config/warm-up.ts';
import { coinOf, type Instrument, moneyOf, moneyText } from '../../core/instrument/instrument.ts';
import { DAY_MINUTES } from '../../core/market/candle.ts';
import { formatDecimal, formatUnits } from '../../core/numbers/decimal.ts';
import {
  PERCENTILES,
  type RiskSample,
  type RiskSettings,
  type RiskSpreads,
  riskSpreads,
  type Spread,
} from '../../lab/risk.ts';
import { riskSamples } from '../../lab/risk-threads.ts';
import { histogram } from '../../report/drawing/chart.ts';
import { table } from '../../report/drawing/table.ts';
import { countShown, gainShown, moneyShown, percentShown } from '../../report/words/numbers.ts';
import { demoMarketOf } from '../demo/demo-market.ts';
import { exactFigure } from '../format/figures.ts';
import { configurationOrDefaults } from '../input/configuration.ts';
import { instrumentsOf } from '../input/instruments.ts';
import { commandLineLayer, fillModelOf, USUAL_FUNDING_E8 } from '../input/run-options.ts';
import { EXIT } from '../shell/failure.ts';
import { listenForInterruption } from '../shell/interruption.ts';
import { Progress } from '../shell/progress.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { PlanOptions } from './plan.ts';
import { riskJson, riskSection } from './risk-section.ts';

/** Of one market; ten symbols over a year are 5 M. A candle takes some 50 bytes. */
const CANDLES_MAX = 12_000_000;
/** Of the markets that are traded beside each other, one a thread. */
const CANDLES_AT_ONCE = 48_000_000;

/** @param symbols those meant; none: the configuration's. @returns 0; 130 where it was interrupted. @throws {UsageError} @throws {ConfigError} */
export async function planRisk(session: Session, symbols: readonly string[], options: PlanOptions): Promise<number> {
  for (const flag of ['price', 'side', 'regime', 'stop', 'shock', 'book'] as const)
    if (options[flag] !== undefined) throw new UsageError(session.texts.planRisk.notWith(`--${flag}`));
  const config = configurationOrDefaults(session, options.config, commandLineLayer(options));
  const meant = symbols.length === 0 ? config.symbols : symbols;
  const instruments = instrumentsOf(session, meant, options.instrument ?? []);
  const { seeds = 60, seed = 1, days = 7 } = options;
  const settings = settingsOf(config, instruments, days);
  const candles = candlesOf(settings);
  if (candles > CANDLES_MAX) throw new UsageError(tooManyText(session, settings, candles));
  const interruption = listenForInterruption();
  const progress = new Progress(session);
  try {
    const samples = await riskSamples(settings, {
      seeds: Array.from({ length: seeds }, (_, i) => seed + i),
      threads: Math.min(availableParallelism(), Math.floor(CANDLES_AT_ONCE / candles)),
      progress: (done) => progress.show(done / seeds, session.texts.planRisk.progress(done, seeds)),
      isStopped: () => interruption.isAsked,
    });
    progress.clear();
    const run: Run = { config, instruments, samples, seeds, seed, days };
    if (options.json === true) session.print(JSON.stringify(runJson(run), null, 2));
    else for (const line of runLines(session, run)) session.say(line);
    return samples.length < seeds ? EXIT.interrupted : EXIT.done;
  } finally {
    progress.clear();
    interruption.release();
  }
}

interface Run {
  readonly config: Config;
  readonly instruments: readonly Instrument[];
  readonly samples: readonly RiskSample[];
  /** Asked for. */
  readonly seeds: number;
  readonly seed: number;
  readonly days: number;
}

function settingsOf({ policy, account }: Config, instruments: readonly Instrument[], days: number): RiskSettings {
  return {
    policy,
    instruments,
    markets: instruments.map((instrument) => ({ ...demoMarketOf(instrument), instId: instrument.instId })),
    balance: moneyOf(account.balance),
    model: fillModelOf(policy),
    fundingE8: USUAL_FUNDING_E8,
    warmUpDays: Math.ceil(minutesToWarm(policy.signals.series) / DAY_MINUTES),
    days,
  };
}

function candlesOf({ instruments, warmUpDays, days }: RiskSettings): number {
  return instruments.length * (warmUpDays + days) * DAY_MINUTES;
}

function tooManyText({ texts, report }: Session, { instruments, days, warmUpDays }: RiskSettings, candles: number) {
  const [are, most] = [candles, CANDLES_MAX].map((count) => countShown(count, report)) as [string, string];
  return texts.planRisk.tooMany(are, instruments.length, days, warmUpDays, most);
}

function runLines(session: Session, run: Run): string[] {
  const { texts, report, palette, width } = session;
  const { config, instruments, samples, seeds, seed, days } = run;
  const { planRisk } = texts;
  const spreads = riskSpreads(samples);
  const size = { width: Math.min(width, 100), binsMax: 12 };
  const usdt = (value: number) => moneyShown(BigInt(Math.round(value)), report);
  const counted = (count: number) => countShown(count, report);
  const drawn = (title: string, values: readonly number[]) =>
    values.length === 0 ? [] : ['', palette.strong(title), ...histogram(values, size, usdt, palette, counted)];
  return [
    ...riskSection(session, config, instruments),
    '',
    palette.strong(
      planRisk.title(
        samples.length,
        days,
        instruments.map(({ instId }) => coinOf(instId)).join(', '),
        exactFigure(config.account.balance, report),
      ),
    ),
    ...(samples.length < seeds ? [palette.warn(planRisk.interrupted(samples.length, seeds))] : []),
    ...spreadTable(session, spreads),
    palette.dim(`  ${planRisk.tableNote(seed, seed + seeds - 1, samples.length)}`),
    palette.dim(`  ${planRisk.honest}`),
    ...drawn(
      planRisk.histograms.trade,
      samples.flatMap(({ trades }) => trades),
    ),
    ...drawn(
      planRisk.histograms.day,
      samples.flatMap(({ days: results }) => results),
    ),
  ];
}

function spreadTable({ texts, report, palette, width }: Session, spreads: RiskSpreads): string[] {
  const { planRisk } = texts;
  const gain = (value: number) => {
    const text = gainShown(BigInt(Math.round(value)), report);
    return value < 0 ? palette.bad(text) : palette.good(text);
  };
  const fall = (value: number) => percentShown(BigInt(Math.round(value * 1e6)), report);
  const row = (name: string, spread: Spread | undefined, shown: (value: number) => string) =>
    spread === undefined
      ? [name, '0']
      : [name, countShown(spread.count, report), ...[spread.worst, ...spread.percentiles, spread.mean].map(shown)];
  return table(
    [
      { title: 'USDT', align: 'left' },
      { title: report.count, align: 'right' },
      { title: planRisk.worst, align: 'right' },
      ...PERCENTILES.map((percent) => ({ title: `${percent} ${report.percent}`, align: 'right' }) as const),
      { title: planRisk.mean, align: 'right' },
    ],
    [
      row(planRisk.rows.trade, spreads.trade, gain),
      row(planRisk.rows.day, spreads.day, gain),
      row(planRisk.rows.streak, spreads.streak, gain),
      row(planRisk.rows.drawdown, spreads.drawdown, fall),
    ],
    width,
    palette,
  );
}

function runJson({ config, instruments, samples, seeds, seed, days }: Run) {
  const spreads = riskSpreads(samples);
  const usdt = (value: number) => moneyText(BigInt(Math.round(value)));
  const percent = (value: number) => formatUnits(BigInt(Math.round(value * 1e6)), 4);
  const spread = (of: Spread | undefined, shown: (value: number) => string) =>
    of === undefined
      ? null
      : {
          count: of.count,
          worst: shown(of.worst),
          ...Object.fromEntries(PERCENTILES.map((rank, i) => [`p${rank}`, shown(of.percentiles[i] ?? 0)])),
          mean: shown(of.mean),
        };
  return {
    symbols: instruments.map(({ instId }) => instId),
    balance: formatDecimal(config.account.balance),
    seed,
    seeds,
    seedsDone: samples.length,
    ...(samples.length < seeds ? { interrupted: true } : {}),
    days,
    caps: riskJson(config, instruments),
    trade: spread(spreads.trade, usdt),
    day: spread(spreads.day, usdt),
    tenTrades: spread(spreads.streak, usdt),
    drawdownPercent: spread(spreads.drawdown, percent),
  };
}
