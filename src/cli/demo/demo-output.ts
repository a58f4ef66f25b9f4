/** Three ways to show a demo: a view that redraws in place, plain lines, NDJSON. Only shows: what it throws changes nothing in the bot. */

import { worstParts } from '../../report/book-worst.ts';
import { PLAIN } from '../../report/drawing/palette.ts';
import { reportJson } from '../../report/run/report.ts';
import { reportText } from '../../report/run/terminal.ts';
import { countShown, durationShown } from '../../report/words/numbers.ts';
import { Screen } from '../shell/screen.ts';
import type { Session } from '../shell/session.ts';
import { type BookStatus, bookStatus } from '../watch/book-status.ts';
import { happeningLine } from '../watch/happening-line.ts';
import type { Happening } from '../watch/happenings.ts';
import { money } from '../watch/words.ts';
import type { DemoMachine } from './demo-machine.ts';
import { demoView } from './demo-view.ts';
import type { DemoWatch } from './demo-watch.ts';

/** What is known of a run from outside. */
export interface DemoRun {
  readonly machine: DemoMachine;
  readonly watch: DemoWatch;
  readonly seed: number;
  readonly speed: number;
  /** Simulated seconds in a real one, where they are fewer than asked for. */
  readonly reached: number | undefined;
  readonly journalPath: string;
  readonly isPaused: boolean;
  /** Simulated seconds done. */
  readonly done: number;
  /** Real milliseconds since the start. */
  readonly elapsedMs: number;
}

type Ending = 'time' | 'asked' | 'failed';

export interface DemoOutput {
  started(run: DemoRun): void;
  happened(happening: Happening): void;
  /** Called many times a second. */
  tick(run: DemoRun): void;
  /** Why the bot has stopped where nobody asked it to. */
  ended(run: DemoRun, ending: Ending): void;
  /** The terminal as it was, whatever has happened. Twice is once. */
  close(): void;
}

const STATUS_EVERY_MS = 5_000;
const DRAW_EVERY_MS = 100;

export function jsonOutput(session: Session): DemoOutput {
  let statusMs = 0;
  const line = (value: object) => session.print(JSON.stringify(value));
  return {
    started: ({ machine, seed, speed, journalPath }) => {
      const { at, balance, symbols } = bookStatus(machine.registry);
      const names = symbols.map(({ symbol }) => symbol);
      line({ kind: 'start', at, time: isoOf(at), seed, speed, balance, symbols: names, journal: journalPath });
    },
    happened: (happening) => line(happening.kind === 'trade' ? { ...happening.trade, kind: 'trade' } : happening),
    tick: (run) => {
      if (run.elapsedMs < statusMs + STATUS_EVERY_MS) return;
      statusMs = run.elapsedMs;
      line(statusJson(run, bookStatus(run.machine.registry)));
    },
    ended: (run, ending) => line(summaryJson(run, ending)),
    close: () => undefined,
  };
}

function statusJson({ done, watch }: DemoRun, book: BookStatus): object {
  const { net, fees, trades, additions, refusals } = reportJson(watch.report());
  const { at, ...rest } = book;
  return {
    kind: 'status',
    at,
    time: isoOf(at),
    simulatedSeconds: done,
    net,
    fees,
    trades,
    additions,
    refusals,
    ...rest,
  };
}

function summaryJson({ machine, watch, seed, speed, done, elapsedMs }: DemoRun, ending: string): object {
  const { at, equity, symbols } = bookStatus(machine.registry);
  return {
    kind: 'summary',
    at,
    time: isoOf(at),
    ended: ending,
    seed,
    speed,
    simulatedSeconds: done,
    seconds: Number((elapsedMs / 1_000).toFixed(3)),
    ...reportJson(watch.report()),
    equity,
    symbols,
  };
}

export function lineOutput(session: Session): DemoOutput {
  let statusMs = 0;
  return {
    started: ({ machine, journalPath }) =>
      session.say(session.texts.demo.starting(machine.registry.symbols.length, journalPath)),
    happened: (happening) => {
      const line = happeningLine(happening, session);
      if (line !== undefined) session.say(line);
    },
    tick: (run) => {
      if (run.elapsedMs < statusMs + STATUS_EVERY_MS) return;
      statusMs = run.elapsedMs;
      const { balance, equity, symbols, worst, at } = bookStatus(run.machine.registry);
      const open = symbols.filter(({ position }) => position !== null).length;
      const text = session.texts.demo.status(money(balance, session), money(equity, session), open);
      const [worstCase, shock] = worstParts(worst, session.report, PLAIN);
      session.say(session.palette.dim(`${isoOf(at).slice(11, 19)}  ${text}, ${worstCase}, ${shock}`));
    },
    ended: (run, ending) => printSummary(session, run, ending),
    close: () => undefined,
  };
}

/** @param pressed hears keys */
export function liveOutput(session: Session, pressed: (key: string) => void): DemoOutput {
  const screen = new Screen(session.terminal, pressed);
  let drawnMs = Number.NEGATIVE_INFINITY;
  const draw = (run: DemoRun) => {
    const { machine, watch, seed, speed, reached, isPaused } = run;
    const moment = {
      book: bookStatus(machine.registry),
      report: watch.report(),
      seed,
      speed,
      reached,
      isPaused,
      elapsedMs: run.done * 1_000,
      signals: watch.signals,
      firstPrices: watch.firstPrices,
      refusals: watch.refusals,
      happenings: watch.happenings,
    };
    screen.draw(demoView(moment, { width: screen.columns, height: screen.rows }, session));
  };
  return {
    started: () => screen.enter(),
    happened: () => undefined,
    tick: (run) => {
      if (run.elapsedMs < drawnMs + DRAW_EVERY_MS) return;
      drawnMs = run.elapsedMs;
      draw(run);
    },
    ended: (run, ending) => {
      screen.leave();
      printSummary(session, run, ending);
    },
    close: () => screen.leave(),
  };
}

function printSummary(session: Session, run: DemoRun, ending: Ending): void {
  const { texts, palette, report, width } = session;
  session.print(reportText(run.watch.report(), { texts: report, width, palette }));
  const simulated = durationShown(run.done * 1_000, report);
  const seconds = (run.elapsedMs / 1_000).toFixed(1).replace('.', report.point);
  session.say(texts.demo.ended(simulated, seconds, countShown(Math.round(run.done / (run.elapsedMs / 1_000)), report)));
  // Where the journal failed, what it holds is told with why.
  if (ending !== 'failed') session.say(palette.dim(texts.demo.journal(run.journalPath)));
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
