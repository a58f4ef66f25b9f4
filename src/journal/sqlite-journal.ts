/**
 * The journal in an SQLite file (the runtime's own SQLite).
 *
 * On disk, for `journal.db`: `journal.db-wal` (SQLite's log: not yet folded in, as precious as the file), `-shm`
 * (scratch), `-acked` (see files/acknowledged.ts), `journal.lock.db` and `.lock.json` (see files/writer-lock.ts), `archive/`.
 *
 * Opening looks before it touches: the file is read by a connection that can not write (nor fold the log in), its
 * identity and everything after the last snapshot is verified, and only then it is opened for writing. A failed
 * opening leaves journal and log byte for byte as they were.
 * The process must never open the journal's files by other means while it writes: on POSIX, closing any descriptor of
 * a file drops SQLite's locks on it.
 *
 * Deliberately absent: asynchronous writing, a second writer, any knowledge of what the payloads mean.
 * Source: design.md §3 (2–4), §6; reliability.md R4, R9, R12.
 */
import { existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { attempt, refuseNoFile } from './errors.ts';
import { acknowledgedPath } from './files/acknowledged.ts';
import { makeFolder, removeDatabase, syncFolder } from './files/folder.ts';
import { takeWriterLock, type WriterLock } from './files/writer-lock.ts';
import type { JournalOptions, JournalReader, JournalWriter } from './journal.ts';
import { newRun } from './new-run.ts';
import { BUSY_MS, inspectJournal, numberOf, openReadOnly } from './opening/inspect.ts';
import { migrateJournal } from './opening/migrations.ts';
import { archiveFolder, refuseUnwritable } from './rows/archive.ts';
import { createTables, readMeta, SCHEMA_VERSION, writeMeta } from './rows/schema.ts';
import { SqliteReader } from './sqlite-reader.ts';
import { SqliteWriter } from './sqlite-writer.ts';

/** Nobody called for a checkpoint: SQLite makes one within a commit when its log has so many pages. */
const LOG_PAGES_MAX = 16_384;

/**
 * Takes the lock of a journal that will be opened later, with `JournalOptions.lock`: whoever looks elsewhere before it opens is its one writer already.
 * Throws `second-instance`, `read-only`, `disk-full` or `io`.
 */
export function lockJournal(path: string, startedAtMs: number): WriterLock {
  return takeWriterLock(preparePath(path), startedAtMs);
}

/**
 * Opens the journal for its one writer, creating it if there is none.
 *
 * Throws `second-instance`, `other-account`, `newer-version`, `corrupt`, `not-a-journal`, `read-only`, `disk-full`,
 * `busy` (a reader stands in the way of a migration) or `io`; see {@link JournalError}.
 */
export function openJournal(path: string, options: JournalOptions): JournalWriter {
  const journalPath = preparePath(path);
  const openedAtMs = options.now();
  const lock = options.lock ?? takeWriterLock(journalPath, openedAtMs);
  try {
    return attempt(journalPath, 'opened', () => openLocked(journalPath, options, openedAtMs, lock));
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Opens a journal for reading, also while its writer runs, also from a read-only folder once its writer has closed it.
 * Throws `not-found`, `not-a-journal`, `newer-version`, `corrupt` or `io`.
 */
export function openJournalReader(path: string): JournalReader {
  return attempt(path, 'read', () => {
    refuseNoFile(path);
    return new SqliteReader(openReadOnly(path), path);
  });
}

function openLocked(path: string, options: JournalOptions, openedAtMs: number, lock: WriterLock): JournalWriter {
  refuseUnwritable(archiveFolder(path));
  const created = !existsSync(path);
  const predecessorLost = created && existsSync(acknowledgedPath(path));
  if (created) createJournal(path, { accountUid: options.accountUid, run: options.run, createdAtMs: openedAtMs });
  const found = inspectJournal(path, options.accountUid);
  if (found.meta.schemaVersion < SCHEMA_VERSION) migrateJournal(path, found.meta.schemaVersion);
  const db = new DatabaseSync(path, { timeout: BUSY_MS });
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864');
    db.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES_MAX}`);
    if (options.sizeBytesMax !== undefined) {
      db.exec(`PRAGMA max_page_count = ${Math.floor(options.sizeBytesMax / numberOf(db, 'page_size'))}`);
    }
    // Proves now, not at the first order, that the file can be written.
    db.exec('BEGIN IMMEDIATE');
    // Put back from a copy, perhaps: what it does not know of has had names.
    if (!created && found.acknowledged !== 'matched') writeMeta(db, { ...readMeta(db, path), orderRun: newRun() });
    db.exec('COMMIT');
    const { verifiedAfter, unreadableSnapshots, acknowledged } = found;
    const opened = { created, predecessorLost, verifiedAfter, unreadableSnapshots, acknowledged };
    return new SqliteWriter(db, path, options.archive, opened, lock);
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Made under another name and renamed when it is whole: there is never half a journal at the path. */
function createJournal(path: string, identity: { accountUid: string; run: string; createdAtMs: number }): void {
  const unfinished = `${path}.unfinished`;
  removeDatabase(unfinished);
  // Belongs to a journal that is gone; next to the new one SQLite would take it for its own.
  if (existsSync(`${path}-wal`)) renameSync(`${path}-wal`, `${path}-wal.orphan-${identity.createdAtMs}`);
  const db = new DatabaseSync(unfinished);
  try {
    attempt(path, 'created', () => {
      db.exec('PRAGMA synchronous = EXTRA; BEGIN');
      createTables(db, identity);
      db.exec('COMMIT; PRAGMA journal_mode = WAL');
    });
  } finally {
    db.close();
  }
  rmSync(acknowledgedPath(path), { force: true });
  renameSync(unfinished, path);
  syncFolder(dirname(path));
}

function preparePath(path: string): string {
  const folder = dirname(resolve(path));
  return attempt(path, 'created', () => {
    makeFolder(folder);
    // Two names of one journal must meet at one lock.
    return existsSync(path) ? realpathSync(path) : join(realpathSync(folder), basename(path));
  });
}
