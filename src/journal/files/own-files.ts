/**
 * The journal's files by name, while they are written: whoever deletes, renames or replaces one under its writer leaves it writing where no next start
 * finds a row. SQLite looks for itself only where it keeps no log. Nothing is opened for that: closing it would drop SQLite's locks (journal/sqlite-journal.ts).
 */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { JournalError } from '../errors.ts';

export class OwnFiles {
  readonly #path: string;
  readonly #found: readonly { readonly file: string; readonly inode: bigint | undefined }[];

  /** @param journalPath of a journal that is open for writing, its log too */
  constructor(journalPath: string) {
    this.#path = journalPath;
    this.#found = ['', '-wal'].map((suffix) => ({
      file: `${journalPath}${suffix}`,
      inode: inodeOf(`${journalPath}${suffix}`),
    }));
  }

  /** Throws `moved`. */
  refuseMoved(): void {
    for (const { file, inode } of this.#found) {
      if (inodeOf(file) === inode) continue;
      const message =
        `Journal "${this.#path}": its file "${basename(file)}" was deleted, renamed or replaced while it is written.` +
        ' Nothing more is written. Put it back if it was moved, and start again.';
      throw new JournalError('moved', message, { path: file });
    }
  }
}

function inodeOf(file: string): bigint | undefined {
  return statSync(file, { bigint: true, throwIfNoEntry: false })?.ino;
}
