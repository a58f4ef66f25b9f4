/**
 * `rungwise backtest`: the core over candles at the simulated exchange, once with the pessimistic order of prices within a candle and once with
 * the optimistic one.
 *
 * Standard output: the report, or one JSON object (top level the pessimistic run, `optimistic` beside it). Standard error: what was read, progress.
 * Ctrl-C ends the run where it stands, closes what is open at the last price and reports that much, exit code 130.
 */

import type { SignalGiven } from '../../core/event.ts';
import { type Instrument, moneyOf } from '../../core/instrument/instrument.ts';
import { type Candles, firstCandles, MINUTE_MS } from '../../core/market/candle.ts';
import type { Decimal } from '../../core/numbers/decimal.ts';
import { formatDecimal } from '../../core/numbers/decimal.ts';
import type { Money } from '../../core/numbers/units.ts';
import type { Policy } from '../../core/policy.ts';
import { candlePath } from '../../data/store/store.ts';
import { Backtest, type BacktestSettings } from '../../lab/backtest.ts';
import { bookedJson, decisionJson } from '../../report/decision/decision-json.ts';
import { type RunRecord, RunRecorder } from '../../report/run/record.ts';
import { reportJson, reportOf } from '../../report/run/report.ts';
import { countShown } from '../../report/words/numbers.ts';
import type { Outlook } from '../../sim/matching/fill-model.ts';
import { LEG_MS } from '../../sim/venue/path.ts';
import { exactFigure } from '../format/figures.ts';
import { printReport } from '../format/report-lines.ts';
import { CONFIG_FILE, candleFolder, configurationOrDefaults } from '../input/configuration.ts';
import { instrumentsOf } from '../input/instruments.ts';
import { commandLineLayer, fillModelOf, type RunOptions, USUAL_FUNDING_E8 } from '../input/run-options.ts';
import { EXIT } from '../shell/failure.ts';
import { isSameFile } from '../shell/files.ts';
import { type Interruption, listenForInterruption } from '../shell/interruption.ts';
import { LineFile } from '../shell/line-file.ts';
import { Progress } from '../shell/progress.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import {
  type CandleOptions,
  type CandleSource,
  type Column,
  candleSources,
  readColumns,
  span,
} from './backtest-candles.ts';
import { flatFunding, storedFunding, type UsedFunding } from './backtest-funding.ts';
import { readSignals } from './signal-file.ts';

export interface BacktestOptions extends RunOptions, CandleOptions {
  readonly signals?: string;
  /** % of the value, at every settlement. */
  readonly funding?: Decimal;
  /** File. */
  readonly decisions?: string;
  readonly json?: boolean;
}

/** A look up costs little next to a day of candles. */
const MINUTES_AT_ONCE = 1_440;

/** @returns 0; 130 where it was interrupted. @throws {UsageError} @throws {ConfigError} @throws {DataError} */
export async function backtest(session: Session, options: BacktestOptions): Promise<number> {
  const signalsOnly = options.signals === undefined ? {} : { signals: { scalper: { enabled: 'off' } } };
  const config = configurationOrDefaults(session, options.config, { ...commandLineLayer(options), ...signalsOnly });
  const interruption = listenForInterruption();
  const progress = new Progress(session);
  try {
    const sources = candleSources(session, options, config.symbols);
    const symbols = sources.map(({ symbol }) => symbol);
    const instruments = instrumentsOf(session, symbols, options.instrument ?? []);
    // What is written wrong is told before a year of candles is read.
    const rateE8 = options.funding === undefined ? undefined : fundingE8(session, options.funding);
    const signals = options.signals === undefined ? undefined : readSignals(session, options.signals, instruments);
    const columns = await readColumns(session, sources, instruments, options.mend === true, interruption);
    const test: Test = {
      policy: config.policy,
      columns,
      instruments,
      balance: moneyOf(config.account.balance),
      funding: rateE8 === undefined ? storedFunding(session, sources, columns, USUAL_FUNDING_E8) : flatFunding(rateE8),
      signals,
    };
    const decisions = decisionFile(session, options, sources);
    const pessimistic = await run(session, test, 'pessimistic', { decisions, interruption, progress });
    decisions?.close();
    const optimistic = pessimistic.isWhole
      ? await run(session, test, 'optimistic', { decisions: undefined, interruption, progress })
      : undefined;
    progress.clear();
    const result = { pessimistic, optimistic: optimistic?.isWhole === true ? optimistic : undefined };
    if (options.json === true) printJson(session, test, result);
    else {
      const preset = config.settings.find(({ path }) => path === 'position_scaling.preset')?.value;
      printText(
        session,
        test,
        result,
        `${String(preset)}, ${exactFigure(config.account.balance, session.report)} USDT`,
      );
    }
    tellEnd(session, test, result, decisions);
    return interruption.isAsked ? EXIT.interrupted : EXIT.done;
  } finally {
    progress.clear();
    interruption.release();
  }
}

/** What both runs have in common. */
interface Test {
  readonly policy: Policy;
  readonly columns: readonly Column[];
  readonly instruments: readonly Instrument[];
  readonly balance: Money;
  readonly funding: UsedFunding;
  readonly signals: readonly SignalGiven[] | undefined;
}

interface Path {
  readonly record: RunRecord;
  readonly signals: number;
  readonly seconds: number;
  /** Symbols whose indicators were never warm. */
  readonly cold: readonly string[];
  /** Every candle was run. */
  readonly isWhole: boolean;
}

interface Result {
  readonly pessimistic: Path;
  /** Undefined where the run was interrupted. */
  readonly optimistic: Path | undefined;
}

interface Watchers {
  readonly decisions: LineFile | undefined;
  readonly interruption: Interruption;
  readonly progress: Progress;
}

async function run(session: Session, test: Test, outlook: Outlook, watchers: Watchers): Promise<Path> {
  const { decisions, interruption, progress } = watchers;
  const recorder = new RunRecorder(test.balance, test.instruments);
  const settings: BacktestSettings = {
    policy: test.policy,
    instruments: test.instruments,
    candles: test.columns.map(({ candles }) => candles),
    balance: test.balance,
    model: { ...fillModelOf(test.policy), outlook },
    funding: test.funding.funding,
    traced: decisions !== undefined,
    ...(test.signals === undefined ? {} : { signals: test.signals }),
    witness: decisions === undefined ? recorder : writing(recorder, decisions, test.instruments),
  };
  const candlesInAll = settings.candles.reduce((sum, { length }) => sum + length, 0);
  const begun = performance.now();
  const running = new Backtest(settings);
  while (running.advance(MINUTES_AT_ONCE) && !interruption.isAsked) {
    progress.show(running.candles / candlesInAll, session.report[outlook]);
    await new Promise(setImmediate);
  }
  const done = running.finish();
  return {
    record: recorder.record({ candles: done.candles, slippage: done.venue.account.totals.slippage }),
    signals: done.signals,
    cold: done.registry.symbols.flatMap(({ series, instrument }) => (series.ready ? [] : [instrument.instId])),
    seconds: (performance.now() - begun) / 1_000,
    isWhole: done.candles === candlesInAll,
  };
}

/** The recorder, and beside it every decision into the file as it is made, and what is booked as it happens. */
function writing(
  recorder: RunRecorder,
  file: LineFile,
  instruments: readonly Instrument[],
): NonNullable<BacktestSettings['witness']> {
  const byInstId = new Map(instruments.map((instrument) => [instrument.instId, instrument]));
  const instrumentOf = (instId: string) => byInstId.get(instId) as Instrument;
  return {
    happened: (event) => {
      recorder.happened(event);
      const booked = bookedJson(event, instrumentOf);
      if (booked !== undefined) file.write(JSON.stringify(booked));
    },
    decided: (event, decisions) => {
      recorder.decided(event, decisions);
      for (const decision of decisions) file.write(JSON.stringify(decisionJson(decision, instrumentOf)));
    },
    minuteEnded: (closeMs, equityUnits, open) => recorder.minuteEnded(closeMs, equityUnits, open),
    closedOut: (equityUnits) => recorder.closedOut(equityUnits),
  };
}

/** @throws {UsageError} where it would overwrite what is read */
function decisionFile(
  session: Session,
  { decisions, signals, config = CONFIG_FILE, instrument = [] }: BacktestOptions,
  sources: readonly CandleSource[],
): LineFile | undefined {
  if (decisions === undefined) return undefined;
  const candles = sources.map(({ symbol, file }) => file ?? candlePath(candleFolder(session), symbol));
  if ([...candles, signals, config, ...instrument].some((path) => isSameFile(path, decisions)))
    throw new UsageError(session.texts.backtest.overwrites(decisions));
  return new LineFile(session, decisions);
}

/** Per cent as whole 10⁻⁸. @throws {UsageError} */
function fundingE8({ texts }: Session, percent: Decimal): number {
  const shift = 10n ** BigInt(Math.max(0, percent.scale - 6));
  const units = percent.units * 10n ** BigInt(Math.max(0, 6 - percent.scale));
  const rate = units / shift;
  if (units % shift === 0n && rate > -FUNDING_E8_MAX && rate < FUNDING_E8_MAX) return Number(rate);
  throw new UsageError(texts.backtest.fundingRange(formatDecimal(percent)));
}

/** 10 %: more is a slip of the keyboard. */
const FUNDING_E8_MAX = 10_000_000n;

function printJson(session: Session, { columns, funding }: Test, { pessimistic, optimistic }: Result): void {
  const minutes = columns.flatMap(({ candles }) =>
    [candles.openMinute[0] ?? [], candles.openMinute.at(-1) ?? []].flat(),
  );
  const isoOf = (minute: number) => new Date(minute * MINUTE_MS).toISOString();
  const { record, seconds } = pessimistic;
  const report = reportOf(record);
  const toMinute = Math.min(Math.max(...minutes) + 1, ranUntilMs(pessimistic) / MINUTE_MS);
  session.print(
    JSON.stringify(
      {
        ...reportJson(report),
        symbols: columns.map(({ instrument }) => instrument.instId),
        from: minutes.length === 0 ? null : isoOf(Math.min(...minutes)),
        to: minutes.length === 0 ? null : isoOf(toMinute),
        fundingSettled: funding.bySymbol(ranUntilMs(pessimistic)),
        seconds: Number(seconds.toFixed(3)),
        candlesPerSecond: perSecond(pessimistic),
        ...(optimistic === undefined ? { interrupted: true } : {}),
        optimistic: optimistic === undefined ? null : reportJson(reportOf(optimistic.record)),
      },
      null,
      2,
    ),
  );
}

/** Of a run that was interrupted the end is where it stood; Infinity: every candle was run. */
function ranUntilMs({ record, isWhole }: Path): number {
  return isWhole ? Number.POSITIVE_INFINITY : (record.equity.stretches().at(-1)?.at ?? 0);
}

/** What was run of the candles: all, unless it was interrupted. */
function ranOf(candles: Candles, path: Path): Candles {
  const untilMinute = ranUntilMs(path) / MINUTE_MS;
  const firstLeft = candles.openMinute.findIndex((minute) => minute >= untilMinute);
  return firstLeft === -1 ? candles : firstCandles(candles, firstLeft);
}

function perSecond({ record, seconds }: Path): number {
  return Math.round(record.candles / Math.max(seconds, 1e-6));
}

function printText(session: Session, { columns, instruments }: Test, result: Result, terms: string): void {
  const { palette } = session;
  for (const { instrument, candles } of columns)
    session.say(
      `${palette.strong(instrument.instId)}  ${palette.dim(span(session, ranOf(candles, result.pessimistic)))}`,
    );
  session.say(`${palette.dim(terms)}\n`);
  printReport(session, result.pessimistic.record, instruments, result.optimistic?.record);
}

function tellEnd(session: Session, test: Test, result: Result, decisions: LineFile | undefined): void {
  const { texts, palette, report } = session;
  const count = (value: number) => countShown(value, report);
  const { pessimistic } = result;
  const given = test.signals?.length ?? 0;
  if (given > pessimistic.signals && pessimistic.isWhole)
    session.tell(palette.warn(texts.backtest.signalsLeftOut(count(given - pessimistic.signals), given)));
  const { entryStyle, makerWindowMs } = test.policy.execution;
  if (entryStyle === 'maker_only' && makerWindowMs < LEG_MS)
    session.tell(palette.warn(texts.backtest.makerOnly(makerWindowMs / 1_000)));
  const { cold, isWhole } = pessimistic;
  if (isWhole && test.policy.signals.scalper)
    for (const { instrument, candles } of test.columns)
      if (cold.includes(instrument.instId))
        session.tell(palette.warn(texts.backtest.neverWarm(instrument.instId, candles.length)));
  const fundings = Object.entries(test.funding.bySymbol(ranUntilMs(pessimistic)));
  const unknown = fundings.filter(([, { stored, missing }]) => stored === 0 && missing > 0);
  if (unknown.length > 0) {
    const settlements = unknown.reduce((sum, [, { missing }]) => sum + missing, 0);
    session.tell(texts.backtest.fundingUnknown(unknown.map(([symbol]) => symbol).join(', '), settlements));
  }
  for (const [symbol, { stored, missing }] of fundings) {
    if (stored === 0) continue;
    const line = texts.backtest.fundingStored(symbol, stored, missing === 0 ? undefined : count(missing));
    session.tell(missing === 0 ? palette.dim(line) : palette.warn(line));
  }
  if (decisions !== undefined) session.tell(texts.backtest.wrote(decisions.lines, decisions.path));
  if (!pessimistic.isWhole) session.tell(palette.warn(texts.backtest.interrupted(pessimistic.record.candles)));
  else if (result.optimistic === undefined) session.tell(palette.warn(texts.backtest.interruptedLate));
  const seconds: Decimal = { units: BigInt(Math.round(pessimistic.seconds * 100)), scale: 2, approx: 0 };
  session.tell(
    palette.dim(
      texts.backtest.speed(pessimistic.record.candles, exactFigure(seconds, report), count(perSecond(pessimistic))),
    ),
  );
}
