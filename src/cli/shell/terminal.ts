/** What a command sees of the world: three streams and the environment. Tests give their own. */
import { fstatSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { interrupt } from './interruption.ts';

export interface Terminal {
  readonly input: Readable & { readonly isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  /** Results, and nothing else. */
  readonly output: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  /** Everything else that is said. */
  readonly errors: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * This process's own. A reader who goes away (`| head`) ends it quietly, a bot as Ctrl-C does: that is no error of ours. What else cannot be written (a
 * full disk) ends nothing: a bot goes on without its display, and `main` says it.
 */
export function ownTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    if (stream.listenerCount('error') > 0) continue;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' && !interrupt()) process.exit();
    });
  }
  return { input: process.stdin, output: process.stdout, errors: process.stderr, env: process.env };
}

/**
 * Who holds the terminal still (Ctrl-S, a connection that hangs) must not hold a bot still: Node waits there at every write, and nothing else runs
 * meanwhile. From here on what is not taken waits in memory: of a bot a few lines a minute.
 */
export function writeWithoutWaiting({ output, errors }: Terminal): void {
  for (const stream of [output, errors]) if (stream.isTTY === true) (stream as Waiting)._handle?.setBlocking?.(false);
}

/** Node has no public word for what it does itself when it opens a terminal. */
interface Waiting {
  readonly _handle?: { setBlocking?(isWaiting: boolean): unknown };
}

/** Node reads nothing from a folder on standard input, and says nothing of it. */
export function isFolder(input: Terminal['input']): boolean {
  return input === process.stdin && fstatSync(process.stdin.fd).isDirectory();
}
