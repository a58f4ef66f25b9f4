/**
 * One writer per journal.
 *
 * Node has no flock, SQLite has: the writer holds an EXCLUSIVE transaction on a small database beside the journal for
 * as long as it lives. The operating system frees it when the process dies, however it dies; nothing has to be cleaned
 * up, and a stale pid can not lock anybody out. Who holds it is told in a text file, because the locked database can
 * not be read. The lock database must never be opened by anything but SQLite in the process that holds it: on POSIX
 * closing any other descriptor of the file would drop the lock.
 * Source: reliability.md "No double orders" (6), R12 (two instances).
 */
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { asJournalError, JournalError } from '../errors.ts';

export interface WriterLock {
  /** Lets the next writer in; a second time does nothing. */
  release(): void;
}

/** A process that writes a journal. */
export interface Writer {
  readonly pid: number;
  /** UTC milliseconds. */
  readonly startedAtMs: number;
}

/** Long enough for a predecessor that is just closing, short enough to refuse within a second. */
const LOCK_WAIT_MS = 250;

/**
 * Takes the writer's lock of a journal.
 *
 * Throws `second-instance` naming the holder's pid and start, `read-only` or `disk-full` when the lock cannot be made.
 */
export function takeWriterLock(journalPath: string, startedAtMs: number): WriterLock {
  const holderPath = `${stemOf(journalPath)}.lock.json`;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(`${stemOf(journalPath)}.lock.db`, { timeout: LOCK_WAIT_MS });
    lock.exec('BEGIN EXCLUSIVE');
    writeFileSync(holderPath, `${JSON.stringify({ pid: process.pid, startedAtMs })}\n`);
    return { release: () => release(lock, holderPath) };
  } catch (error) {
    lock?.close();
    const known = asJournalError(error, journalPath, 'locked');
    if (known instanceof JournalError && known.code === 'busy') throw secondInstance(journalPath, holderPath);
    if (known instanceof JournalError && known.code === 'not-a-journal') throw damagedLock(journalPath, error);
    throw known;
  }
}

/**
 * Whether a process writes the journal at this moment, and which: `unnamed` where it has the lock and not written its note yet. A lock that
 * cannot be looked at is nobody's. Its owner that begins at this very moment waits longer than this takes.
 */
export function writerOf(journalPath: string): Writer | 'unnamed' | undefined {
  const stem = stemOf(existsSync(journalPath) ? realpathSync(journalPath) : journalPath);
  const lockPath = `${stem}.lock.db`;
  if (!existsSync(lockPath)) return undefined;
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockPath, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    return undefined;
  } catch (error) {
    const known = asJournalError(error, journalPath, 'locked');
    const isBusy = known instanceof JournalError && known.code === 'busy';
    return isBusy ? (noteOf(`${stem}.lock.json`) ?? 'unnamed') : undefined;
  } finally {
    lock?.close();
  }
}

/** The path without its `.db`: what the files beside a journal are named after. */
export function stemOf(journalPath: string): string {
  return journalPath.replace(/\.db$/, '');
}

function release(lock: DatabaseSync | undefined, holderPath: string): void {
  if (lock?.isOpen !== true) return;
  // The holder's note first: the next writer's note must not be removed by a slow predecessor.
  rmSync(holderPath, { force: true });
  lock.close();
}

function secondInstance(journalPath: string, holderPath: string): JournalError {
  const writer = noteOf(holderPath);
  const holder =
    writer === undefined
      ? 'it has only just started, its pid is not written yet'
      : `pid ${writer.pid}, started ${new Date(writer.startedAtMs).toISOString()}`;
  const message =
    `Journal "${journalPath}" is being written by another process: ${holder}.` +
    ' One account has one bot: stop the other one, or use another account and RUNGWISE_HOME.';
  return new JournalError('second-instance', message, {
    path: journalPath,
    ...(writer === undefined ? {} : { writer }),
  });
}

/** It holds nothing but the lock, and what can not be locked is held by nobody. */
function damagedLock(journalPath: string, cause: unknown): JournalError {
  const message = `"${stemOf(journalPath)}.lock.db" is damaged and can not be locked. Delete it and start again.`;
  return new JournalError('io', message, { path: journalPath, cause });
}

/** The holder has the lock and has not written its note yet, or the note is damaged: there is none then. */
function noteOf(holderPath: string): Writer | undefined {
  try {
    const holder: unknown = JSON.parse(readFileSync(holderPath, 'utf8'));
    if (typeof holder !== 'object' || holder === null || !('pid' in holder && 'startedAtMs' in holder))
      return undefined;
    const { pid, startedAtMs } = holder;
    const isTime = typeof startedAtMs === 'number' && Math.abs(startedAtMs) <= DATE_MAX_MS;
    return typeof pid === 'number' && isTime ? { pid, startedAtMs } : undefined;
  } catch {
    return undefined;
  }
}

const DATE_MAX_MS = 8_640_000_000_000_000;
