/** Runs a command inside the test's process: a spawn costs 0.3 s, this costs none. Streams are captured, the terminal is described. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, vi } from 'vitest';
import { Pace } from '../src/cli/demo/demo-pace.ts';
import { main } from '../src/cli/main.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on standard input; absent: a terminal at which nobody types. */
  readonly input?: string;
  /** Keys pressed at the terminal, each once standard error has come to rest. */
  readonly keys?: readonly string[];
  /** The person at the terminal ends the input at once (Ctrl-D). */
  readonly endsInput?: boolean;
  readonly columns?: number;
  /** Output and errors are a screen: sentences are broken between words. */
  readonly isTTY?: boolean;
}

/** The words are split at spaces; where a word holds one, give a list. */
export async function rungwise(words: string | readonly string[], around: Surroundings = {}): Promise<Ran> {
  const argv = typeof words === 'string' ? words.split(' ').filter((word) => word !== '') : words;
  const input = Object.assign(new PassThrough(), { isTTY: around.input === undefined, setRawMode: () => undefined });
  if (around.input !== undefined) input.end(around.input);
  if (around.endsInput === true) input.end();
  const output = new Captured(around.columns ?? 100, around.isTTY);
  const errors = new Captured(around.columns ?? 100, around.isTTY);
  const pressing = around.keys === undefined ? undefined : press(input, errors, around.keys);
  const code = await main(argv, { input, output, errors, env: around.env ?? {} });
  clearInterval(pressing);
  return { code, out: output.text, err: errors.text };
}

class Captured extends Writable {
  text = '';
  readonly columns: number;
  readonly isTTY: boolean;

  constructor(columns: number, isTTY = false) {
    super();
    this.columns = columns;
    this.isTTY = isTTY;
  }

  override _write(chunk: unknown, _: BufferEncoding, done: () => void): void {
    this.text += String(chunk);
    done();
  }
}

function press(input: PassThrough, screen: Captured, keys: readonly string[]): NodeJS.Timeout {
  const left = [...keys];
  let seen = 0;
  return setInterval(() => {
    const isAtRest = screen.text.length === seen && seen > 0;
    seen = screen.text.length;
    const key = isAtRest ? left.shift() : undefined;
    if (key !== undefined) {
      seen = 0;
      input.write(key);
    }
  }, 30);
}

/**
 * In every test of the file a demo's clock stands still while its market is behind: it does each second of its length, however busy the machine
 * is. What it does on a machine that cannot keep up is for the tests of `Pace`.
 */
export function unhurriedDemos(): void {
  let restore: () => void;
  beforeEach(() => {
    restore = unhurriedClock();
  });
  afterEach(() => restore());
}

/** The same until what is returned is called. */
export function unhurriedClock(): () => void {
  const { due } = Pace.prototype;
  const asked = new WeakMap<Pace, { readonly nowMs: number; readonly stoodMs: number; readonly due: number }>();
  const spy = vi.spyOn(Pace.prototype, 'due').mockImplementation(function (this: Pace, nowMs, done) {
    const last = asked.get(this) ?? { nowMs, stoodMs: 0, due: 0 };
    const stoodMs = last.stoodMs + (done < last.due ? nowMs - last.nowMs : 0);
    const dueNow = due.call(this, nowMs - stoodMs, done);
    asked.set(this, { nowMs, stoodMs, due: dueNow });
    return dueNow;
  });
  return () => void spy.mockRestore();
}

/** Every test of the file in an empty folder of its own. */
export function inEmptyFolder(): void {
  const before = process.cwd();
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
    process.chdir(folder);
  });
  afterEach(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });
}
