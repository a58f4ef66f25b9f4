/** A text file that is written line by line, in pieces; what the system refuses is told in the session's language. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { guarded, refuseDash } from './files.ts';
import type { Session } from './session.ts';

const PIECE_CHARS = 1 << 16;

export class LineFile {
  readonly path: string;
  readonly #session: Session;
  readonly #file: number;
  #waiting = '';
  #lines = 0;

  /** Overwrites. @throws {UsageError} */
  constructor(session: Session, path: string) {
    this.path = path;
    this.#session = session;
    refuseDash(session, path);
    this.#file = guarded(session, path, () => openSync(path, 'w'));
  }

  get lines(): number {
    return this.#lines;
  }

  /** @throws {UsageError} on a full disk and the like */
  write(line: string): void {
    this.#waiting += `${line}\n`;
    this.#lines += 1;
    if (this.#waiting.length >= PIECE_CHARS) this.#flush();
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    guarded(this.#session, this.path, () => {
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    });
  }
}
