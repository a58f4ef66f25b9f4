/**
 * `rungwise demo`, which is `npm start`: the whole bot on a seeded market, at the simulated exchange, on a real journal, while you watch.
 *
 * In a terminal a view that redraws in place; else plain lines; with `--json` one object a line, the last `{"kind":"summary",…}`. The market runs
 * `--speed` simulated seconds in a real one; `--for 20s` is 20 × speed of them exactly, unless this machine cannot keep up. Ctrl-C ends with a
 * summary, exit code 0.
 */

import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Config, loadTree } from '../../config/index.ts';
import { moneyOf } from '../../core/instrument/instrument.ts';
import { CONFIG_FILE, configurationIn } from '../input/configuration.ts';
import { knownInstrument } from '../input/instruments.ts';
import { commandLineLayer, fillModelOf, type RunOptions } from '../input/run-options.ts';
import { controlled } from '../operate/bot-status.ts';
import { openDoor } from '../operate/open-door.ts';
import { noteStarted } from '../operate/started-note.ts';
import { EXIT } from '../shell/failure.ts';
import { listenForInterruption } from '../shell/interruption.ts';
import type { Session } from '../shell/session.ts';
import { newDemoJournal } from './demo-journal.ts';
import { DemoMachine } from './demo-machine.ts';
import { demoMarketOf } from './demo-market.ts';
import { type DemoOutput, type DemoRun, jsonOutput, lineOutput, liveOutput } from './demo-output.ts';
import { Pace } from './demo-pace.ts';
import { DemoWatch } from './demo-watch.ts';

export interface DemoOptions extends Pick<RunOptions, 'config' | 'balance' | 'preset'> {
  /** Real milliseconds. */
  readonly for?: number;
  readonly speed: number;
  readonly seed: number;
  readonly symbols?: readonly string[];
  readonly json?: boolean;
}

const SYMBOLS = ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP', 'XRP-USDT-SWAP', 'DOGE-USDT-SWAP'];
/** Between two looks at keys, signals and the screen; the market runs in between. */
const SLICE_MS = 25;
const REST_MS = 10;

/** @returns 0. @throws {ConfigError} @throws {UsageError} @throws {JournalError} where it cannot be written (any more), or another demo runs */
export async function demo(session: Session, options: DemoOptions): Promise<number> {
  const config = demoConfig(session, options);
  const instruments = (options.symbols ?? config.symbols).map((symbol) => knownInstrument(session, symbol));
  const balance = moneyOf(config.account.balance);
  const { path, journal } = newDemoJournal(session);
  const control = new Control(options);
  const output = outputFor(session, options, control);
  const watch = new DemoWatch(balance, instruments, (happening) => output.happened(happening));
  const interruption = listenForInterruption(() => control.ask());
  let closeDoor: (() => void) | undefined;
  try {
    const machine = new DemoMachine({
      policy: config.policy,
      symbols: instruments.map((instrument) => ({ instrument, market: demoMarketOf(instrument) })),
      balance,
      model: fillModelOf(config.policy),
      seed: options.seed,
      journal,
      thought: (event, decisions, registry) => watch.thought(event, decisions, registry),
      warn: (error) => control.displayFailed(error),
      failed: (error) => control.fail(error),
    });
    noteStarted(journal, machine.registry, config, machine.nowMs);
    if (session.terminal.errors.isTTY === true) session.tell(session.texts.demo.preparing);
    machine.warmUp();
    watch.start(machine.registry);
    closeDoor = await openDoor(session, path, doorOf(machine, watch));
    await run(machine, watch, output, control, path);
  } finally {
    closeDoor?.();
    interruption.release();
    output.close();
    journal.close();
  }
  if (control.trouble !== undefined) session.tell(session.texts.demo.displayFailed(String(control.trouble.error)));
  if (control.failure === undefined) return EXIT.done;
  session.tell(session.texts.demo.journalFailed);
  throw control.failure.error;
}

/** For "rungwise status" and the like. */
function doorOf(machine: DemoMachine, watch: DemoWatch) {
  const { registry, loop } = machine;
  return controlled({
    account: 'demo',
    registry,
    loop,
    nowMs: () => machine.nowMs,
    isConnected: () => true,
    refusals: () => watch.refusals,
  });
}

/** The folder's configuration, or the one named; else the defaults with five symbols. */
function demoConfig(session: Session, options: DemoOptions): Config {
  const layer = commandLineLayer(options);
  return options.config !== undefined || existsSync(CONFIG_FILE)
    ? configurationIn(session, options.config, layer)
    : loadTree({ symbols: SYMBOLS }, { name: 'demo', commandLine: layer });
}

function outputFor(session: Session, { json }: DemoOptions, control: Control): DemoOutput {
  const { output, env } = session.terminal;
  if (json === true) return jsonOutput(session);
  if (output.isTTY !== true || env['TERM'] === 'dumb') return lineOutput(session);
  return liveOutput(session, (key) => control.press(key));
}

/** Runs the market in slices until its time is over, somebody asks for the end, or the journal fails. */
async function run(machine: DemoMachine, watch: DemoWatch, output: DemoOutput, control: Control, journalPath: string) {
  const { seed, speed, for: lengthMs } = control.options;
  const beganMs = performance.now();
  const pace = new Pace({ speed, lengthMs, nowMs: beganMs });
  let done = 0;
  const now = (): DemoRun => ({
    machine,
    watch,
    seed,
    speed,
    journalPath,
    isPaused: control.isPaused,
    done,
    elapsedMs: performance.now() - beganMs,
    reached: pace.reached,
  });
  control.guard(() => output.started(now()));
  while (control.ending === undefined && !pace.isOver(done)) {
    pace.isPaused = control.isPaused;
    const due = pace.due(performance.now(), done);
    for (const until = performance.now() + SLICE_MS; done < due && performance.now() < until; ) {
      machine.nextSecond();
      done += 1;
      if (control.failure !== undefined) break;
      if (done % 60 === 0) control.guard(() => watch.minuteEnded(machine.registry));
    }
    control.guard(() => output.tick(now()));
    await pause(done < due ? 0 : REST_MS);
  }
  machine.stop();
  output.ended(now(), control.ending ?? 'time');
}

/** What the person and the journal want of the run, and what the display could not do. */
class Control {
  readonly options: DemoOptions;
  isPaused = false;
  failure: { readonly error: unknown } | undefined;
  /** The first error of the display: it stops nothing, and is told when the run is over. */
  trouble: { readonly error: unknown } | undefined;
  #isAsked = false;

  constructor(options: DemoOptions) {
    this.options = options;
  }

  get ending(): 'asked' | 'failed' | undefined {
    if (this.failure !== undefined) return 'failed';
    return this.#isAsked ? 'asked' : undefined;
  }

  ask(): void {
    this.#isAsked = true;
  }

  /** @param keys what came at once: of a key that is held down several; one of many characters (an arrow) begins with an escape */
  press(keys: string): void {
    if (!keys.startsWith('\u001b')) for (const key of keys) this.#pressed(key);
  }

  #pressed(key: string): void {
    if (QUIT.has(key.toLowerCase())) this.ask();
    if (key === ' ') this.isPaused = !this.isPaused;
  }

  fail(error: unknown): void {
    this.failure = { error };
  }

  displayFailed(error: unknown): void {
    this.trouble ??= { error };
  }

  /** Showing may fail; trading goes on. */
  guard(show: () => void): void {
    try {
      show();
    } catch (error) {
      this.displayFailed(error);
    }
  }
}

/** Ctrl-C too. */
const QUIT = new Set(['q', 'й', '\u0003']);
