/**
 * What can go wrong with a journal, by what a person has to do about it.
 *
 * Every error names the file, the fact and the next step; `code` is for programs, the message for people.
 * Source: reliability.md (R4, R12), design.md §6 (State, Upgrade).
 */

import { statSync } from 'node:fs';
import type { Writer } from './files/writer-lock.ts';

/**
 * - `second-instance`: another process writes this journal (exit code 4).
 * - `read-only`, `disk-full`, `io`: the file system refused; nothing half-written is visible.
 * - `moved`: a file of the journal was deleted, renamed or replaced while it is written.
 * - `corrupt`: bytes are not what was written, or acknowledged rows are gone. The files are left as they were found.
 * - `beyond-repair`: so much of it is gone that a salvage can keep nothing.
 * - `not-a-journal`, `not-found`: there is no journal to open at this path.
 * - `newer-version`: written by a later release. `other-account`: it belongs to another account uid.
 * - `busy`: a reader stands in the way of a migration.
 * - `payload`: the caller's row is not plain data. `closed`, `usage`: the caller's call is not allowed now.
 */
export type JournalErrorCode =
  | 'second-instance'
  | 'read-only'
  | 'disk-full'
  | 'io'
  | 'moved'
  | 'corrupt'
  | 'beyond-repair'
  | 'not-a-journal'
  | 'not-found'
  | 'newer-version'
  | 'other-account'
  | 'busy'
  | 'payload'
  | 'closed'
  | 'usage';

export interface JournalErrorDetails {
  readonly path?: string;
  /** The first row that cannot be trusted, where one is known. */
  readonly seq?: number;
  /** The process that has it, of `second-instance`, where its note can be read. */
  readonly writer?: Writer;
  readonly cause?: unknown;
}

/** The one error class of this room; see {@link JournalErrorCode} for the codes. */
export class JournalError extends Error {
  readonly code: JournalErrorCode;
  readonly path: string | undefined;
  readonly seq: number | undefined;
  readonly writer: Writer | undefined;

  constructor(code: JournalErrorCode, message: string, details: JournalErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'JournalError';
    this.code = code;
    this.path = details.path;
    this.seq = details.seq;
    this.writer = details.writer;
  }
}

/** What the caller was doing; it becomes the first words of the message. */
export type JournalDeed = 'opened' | 'created' | 'read' | 'written' | 'locked' | 'migrated' | 'archived' | 'salvaged';

/**
 * Turns whatever SQLite or the file system threw into a {@link JournalError}; a JournalError passes unchanged.
 * What is none of theirs (a TypeError of ours) is a bug and is given back as it is.
 */
export function asJournalError(error: unknown, path: string, deed: JournalDeed, seq?: number): Error {
  if (error instanceof JournalError) return error;
  if (!(error instanceof Error)) return new JournalError('io', `Journal "${path}": ${String(error)}`, { path });
  const code = codeOf(error, deed);
  if (code === undefined) return error;
  const at = seq === undefined ? '' : ` at row ${seq}`;
  const message = `Journal "${path}" cannot be ${deed}${at}: ${adviceOn(code)} (${factOf(error)})`;
  return new JournalError(code, message, { path, cause: error, ...(seq === undefined ? {} : { seq }) });
}

/** Throws where no file can be opened at `path`: `not-found`, or `not-a-journal` for a folder. */
export function refuseNoFile(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    const message = `There is no journal at "${path}": start the bot that writes it, or name another.`;
    throw new JournalError('not-found', message, { path });
  }
  if (found.isDirectory()) {
    const message = `"${path}" is a folder, not a journal: name the file in it, like journal.db.`;
    throw new JournalError('not-a-journal', message, { path });
  }
}

/** Runs `act`; what it throws comes out as {@link asJournalError} says. @param seq the row that is read */
export function attempt<T>(path: string, deed: JournalDeed, act: () => T, seq?: number): T {
  try {
    return act();
  } catch (error) {
    throw asJournalError(error, path, deed, seq);
  }
}

/** What to do about a journal whose bytes are wrong; one wording for every place that finds it. */
export const CORRUPT_ADVICE =
  'The files are left untouched. Restore a copy, or run "rungwise recover" to keep every row before the damage;' +
  ' either way start without adding until the account has been compared with the exchange.';

function adviceOn(code: JournalErrorCode): string {
  switch (code) {
    case 'disk-full':
      return 'the disk is full. Nothing half-written was kept; free space and start again';
    case 'read-only':
      return 'the path is read-only. Make the file and its folder writable, or point RUNGWISE_HOME elsewhere';
    case 'corrupt':
      return `its bytes are damaged. ${CORRUPT_ADVICE}`;
    case 'not-a-journal':
      return 'the file is not a journal. Move it aside or name another path';
    case 'not-found':
      return 'there is no such file or folder';
    case 'busy':
      return 'another process has it open. Close reports and replays of this journal and try again';
    default:
      return 'the file system failed. Nothing half-written was kept; check the disk and start again';
  }
}

function factOf(error: Error): string {
  return 'errstr' in error && typeof error.errstr === 'string' && error.errstr !== error.message
    ? `${error.errstr}: ${error.message}`
    : error.message;
}

function codeOf(error: Error, deed: JournalDeed): JournalErrorCode | undefined {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ERR_SQLITE_ERROR') return sqliteCode('errcode' in error ? Number(error.errcode) : 0, deed);
  // A column that no longer fits a JavaScript number: only damage can put it there, rows hold safe integers.
  if (code === 'ERR_OUT_OF_RANGE') return 'corrupt';
  if (typeof code !== 'string' || !/^E[A-Z0-9]+$/.test(code)) return undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'disk-full';
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'read-only';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'not-found';
  return 'io';
}

const IOERR_SHORT_READ = 522;

/** SQLite's primary result codes (the low byte of the extended code): https://sqlite.org/rescode.html */
function sqliteCode(extendedCode: number, deed: JournalDeed): JournalErrorCode {
  // The file ends before a page that is said to be in it.
  if (extendedCode === IOERR_SHORT_READ) return 'corrupt';
  switch (extendedCode & 0xff) {
    case 5: // BUSY
    case 6: // LOCKED
      return 'busy';
    case 3: // PERM
    case 8: // READONLY
    case 14: // CANTOPEN
      return 'read-only';
    case 13: // FULL
      return 'disk-full';
    case 11: // CORRUPT
      return 'corrupt';
    case 26: // NOTADB
      return 'not-a-journal';
    case 1: // ERROR: in a file that was opened and read, a table or column is no longer where it was
      return deed === 'read' || deed === 'opened' ? 'corrupt' : 'io';
    default:
      return 'io';
  }
}
