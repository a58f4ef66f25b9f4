/**
 * The journal in an SQLite file (the runtime's own SQLite).
 *
 * On disk, for `journal.db`: `journal.db-wal` (SQLite's log: not yet folded in, as precious as the file), `-shm`
 * (scratch), `-acked` (see acknowledged.ts), `journal.lock.db` and `.lock.json` (see writer-lock.ts), `archive/`.
 * Durability: WAL with `synchronous = FULL`, so each commit syncs the log before it returns.
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
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { asJournalError, attempt, CORRUPT_ADVICE, type JournalDeed, JournalError, refuseNoFile } from './errors.ts';
import { AcknowledgedFile, acknowledgedPath } from './files/acknowledged.ts';
import { makeFolder, removeDatabase, syncFolder } from './files/folder.ts';
import { OwnFiles } from './files/own-files.ts';
import { takeWriterLock, type WriterLock } from './files/writer-lock.ts';
import type {
  ArchiveBound,
  ArchivedRange,
  JournalOptions,
  JournalReader,
  JournalRow,
  JournalSnapshot,
  JournalWriter,
  OpenedJournal,
  RowKind,
  RowsWatch,
  VerifiedJournal,
} from './journal.ts';
import { newRun } from './new-run.ts';
import { BUSY_MS, inspectJournal, numberOf, openReadOnly, refuseBrokenTree } from './opening/inspect.ts';
import { migrateJournal } from './opening/migrations.ts';
import { archiveFileName, archiveFolder, refuseUnwritable, writeArchive } from './rows/archive.ts';
import { encodePayload } from './rows/codec.ts';
import { kindCodeOf, rowCheck } from './rows/row-chain.ts';
import {
  createTables,
  genesisCheck,
  INSERT_ARCHIVE,
  INSERT_ROW,
  type JournalMeta,
  keepNote,
  keptNote,
  readMeta,
  SCHEMA_VERSION,
  writeMeta,
} from './rows/schema.ts';
import { Snapshots } from './rows/snapshots.ts';
import { archiveEntryCheck, StoredRows } from './rows/stored-rows.ts';

/** So much in the log is due to be folded into the file: as SQLite's own measure, of a thousand pages. */
const LOG_BYTES_DUE = 4 * 1024 * 1024;
/** What a commit writes whatever is in it: the page that was begun, and now and then one above it. */
const LOG_BYTES_OF_COMMIT = 2 * 4096;
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

function lastNoteIn(db: DatabaseSync, stored: StoredRows, untilSeq = Number.MAX_SAFE_INTEGER): JournalRow | undefined {
  const kept = stored.lastOf('note', untilSeq) ?? keptNote(db);
  return kept !== undefined && kept.seq <= untilSeq ? kept : undefined;
}

class SqliteReader implements JournalReader {
  readonly meta: JournalMeta;
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #stored: StoredRows;
  readonly #snapshots: Snapshots;

  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.meta = readMeta(db, path);
    this.#stored = new StoredRows(db, path, genesisCheck(this.meta));
    this.#snapshots = new Snapshots(db, path, this.#stored);
  }

  get lastSeq(): number {
    return this.#stored.lastSeq();
  }

  rows(fromSeq = 1): IterableIterator<JournalRow> {
    return this.#stored.rows(fromSeq);
  }

  lastNote(untilSeq?: number): JournalRow | undefined {
    return lastNoteIn(this.#db, this.#stored, untilSeq);
  }

  latestSnapshot(): JournalSnapshot | undefined {
    return this.#snapshots.latest().snapshot;
  }

  verify(watch?: RowsWatch): VerifiedJournal {
    return verifyAll(this.#db, this.#path, this.#stored, this.#snapshots, watch);
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}

class SqliteWriter implements JournalWriter {
  readonly meta: JournalMeta;
  readonly opened: OpenedJournal;
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #bound: ArchiveBound;
  readonly #lock: WriterLock;
  readonly #genesis: number;
  readonly #stored: StoredRows;
  readonly #snapshots: Snapshots;
  readonly #acknowledged: AcknowledgedFile;
  readonly #files: OwnFiles;
  readonly #begin: StatementSync;
  readonly #insert: StatementSync;
  readonly #commit: StatementSync;
  readonly #checkpoint: StatementSync;
  #last: ChainEnd;
  #durable: ChainEnd;
  #inTransaction = false;
  #hasNewSnapshot = false;
  /** About as many as the log has grown by since it was folded into the file. */
  #logBytes = LOG_BYTES_DUE;
  #poison: Error | undefined;

  constructor(db: DatabaseSync, path: string, bound: ArchiveBound, opened: OpenedJournal, lock: WriterLock) {
    this.#db = db;
    this.#path = path;
    this.#bound = bound;
    this.#lock = lock;
    this.opened = opened;
    this.meta = readMeta(db, path);
    this.#genesis = genesisCheck(this.meta);
    this.#stored = new StoredRows(db, path, this.#genesis);
    this.#snapshots = new Snapshots(db, path, this.#stored);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#insert = db.prepare(INSERT_ROW);
    this.#commit = db.prepare('COMMIT');
    this.#checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    this.#last = this.#durable = endOf(this.#stored, path);
    this.#acknowledged = new AcknowledgedFile(path, this.#genesis);
    this.#files = new OwnFiles(path);
    this.#acknowledged.write(this.#durable.seq, this.#durable.check);
  }

  append(kind: RowKind, atMs: number, payload: unknown): number {
    this.#refuseIfUnusable();
    const kindCode = kindCodeOf(kind);
    if (!Number.isSafeInteger(atMs)) {
      throw new JournalError('payload', `A journal row's time is in whole milliseconds, got "${atMs}".`);
    }
    const { form, text } = encodePayload(payload);
    const seq = this.#last.seq + 1;
    const check = rowCheck(this.#last.check, seq, kindCode, form, atMs, text);
    this.#writing(() => {
      this.#beginIfNeeded();
      this.#insert.run(seq, kindCode, form, atMs, text, check);
    });
    this.#last = { seq, check };
    this.#logBytes += text.length;
    return seq;
  }

  commit(): void {
    this.#refuseIfUnusable();
    if (!this.#inTransaction) return;
    this.#writing(() => {
      this.#files.refuseMoved();
      this.#commit.run();
      this.#inTransaction = false;
      this.#logBytes += LOG_BYTES_OF_COMMIT;
      this.#durable = this.#last;
      this.#acknowledged.write(this.#durable.seq, this.#durable.check);
      if (this.#hasNewSnapshot) this.#acknowledged.sync();
      this.#hasNewSnapshot = false;
    });
  }

  snapshot(seq: number, state: string): void {
    this.#refuseIfUnusable();
    this.#snapshots.refuseUnlessNext(seq);
    this.#writing(() => {
      this.#beginIfNeeded();
      this.#snapshots.add(seq, state);
      this.#hasNewSnapshot = true;
      this.#logBytes += state.length;
    });
  }

  checkpoint(): void {
    this.#refuseIfUnusable();
    if (this.#inTransaction || this.#logBytes < LOG_BYTES_DUE) return;
    this.#writing(() => this.#checkpoint.get());
    this.#logBytes = 0;
  }

  archive(): ArchivedRange | undefined {
    this.#refuseIfUnusable();
    if (this.#inTransaction) throw new JournalError('usage', 'Rows wait for a commit: commit them before archiving.');
    return this.#writing(() => {
      const range = this.#rangeToArchive();
      if (range !== undefined) this.#moveToArchive(range.firstSeq, range.lastSeq, range.file);
      return range;
    }, 'archived');
  }

  get lastSeq(): number {
    return this.#last.seq;
  }

  get durableSeq(): number {
    return this.#durable.seq;
  }

  rows(fromSeq = 1): IterableIterator<JournalRow> {
    this.#refuseIfClosed();
    return this.#stored.rows(fromSeq);
  }

  lastNote(untilSeq?: number): JournalRow | undefined {
    this.#refuseIfClosed();
    return lastNoteIn(this.#db, this.#stored, untilSeq);
  }

  latestSnapshot(): JournalSnapshot | undefined {
    this.#refuseIfClosed();
    return this.#snapshots.latest().snapshot;
  }

  verify(watch?: RowsWatch): VerifiedJournal {
    this.#refuseIfClosed();
    return verifyAll(this.#db, this.#path, this.#stored, this.#snapshots, watch);
  }

  /** Drops what was appended and not committed, folds the log into the file and lets the next writer in. */
  close(): void {
    if (!this.#db.isOpen) return;
    try {
      // Of a journal that has failed its error was told; its disk may refuse this as well.
      if (this.#poison === undefined) attempt(this.#path, 'written', () => this.#acknowledged.sync());
    } finally {
      try {
        this.#acknowledged.close();
        this.#db.close();
      } finally {
        this.#lock.release();
      }
    }
  }

  #rangeToArchive(): ArchivedRange | undefined {
    const firstSeq = this.#stored.firstMainSeq();
    const snapshotSeq = this.#snapshots.latest().snapshot?.seq;
    if (firstSeq === undefined || snapshotSeq === undefined || snapshotSeq < firstSeq) return undefined;
    const excess = snapshotSeq - firstSeq + 1 - this.#bound.rowsMax;
    const isTooBig = usedBytes(this.#db) > this.#bound.bytesMax;
    if (excess <= 0 && !isTooBig) return undefined;
    const wanted = isTooBig ? this.#bound.segmentRows : Math.min(excess, this.#bound.segmentRows);
    const lastSeq = Math.min(firstSeq + wanted - 1, snapshotSeq);
    return { firstSeq, lastSeq, file: archiveFileName(this.#path, this.#genesis, firstSeq, lastSeq) };
  }

  #moveToArchive(firstSeq: number, lastSeq: number, file: string): void {
    const previousCheck = this.#stored.checkAt(firstSeq - 1);
    const lastCheck = this.#stored.checkAt(lastSeq);
    if (previousCheck === undefined || lastCheck === undefined) throw corruptEnds(this.#path);
    writeArchive(archiveFolder(this.#path), file, pagesUpTo(this.#stored.verifiedPages(firstSeq), lastSeq));
    const crc = archiveEntryCheck({ firstSeq, lastSeq, previousCheck, lastCheck, file });
    this.#begin.run();
    this.#inTransaction = true;
    this.#db.prepare(INSERT_ARCHIVE).run(firstSeq, lastSeq, previousCheck, lastCheck, file, crc);
    const note = this.#stored.lastOf('note', lastSeq);
    if (note !== undefined) keepNote(this.#db, note);
    this.#db.prepare('DELETE FROM rows WHERE seq <= ?').run(lastSeq);
    this.#commit.run();
    this.#inTransaction = false;
  }

  #beginIfNeeded(): void {
    if (this.#inTransaction) return;
    this.#begin.run();
    this.#inTransaction = true;
  }

  /** Runs a write; one that fails poisons the journal, and nothing since the last commit stays. */
  #writing<T>(write: () => T, deed: JournalDeed = 'written'): T {
    try {
      return write();
    } catch (error) {
      const known = asJournalError(error, this.#path, deed);
      this.#poison = known;
      this.#inTransaction = false;
      this.#last = this.#durable;
      try {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      } catch (rollbackError) {
        // SQLite rolls back when the connection closes; until then reading may fail too, and says so itself.
        known.cause ??= rollbackError;
      }
      throw known;
    }
  }

  #refuseIfUnusable(): void {
    this.#refuseIfClosed();
    if (this.#poison !== undefined) throw this.#poison;
  }

  #refuseIfClosed(): void {
    if (!this.#db.isOpen) throw new JournalError('closed', `Journal "${this.#path}" is closed.`, { path: this.#path });
  }
}

interface ChainEnd {
  readonly seq: number;
  readonly check: number;
}

function verifyAll(
  db: DatabaseSync,
  path: string,
  stored: StoredRows,
  snapshots: Snapshots,
  watch: RowsWatch | undefined,
): VerifiedJournal {
  return attempt(path, 'read', () => {
    let rows = 0;
    for (const page of stored.verifiedPages(1, watch)) rows += page.length;
    refuseBrokenTree(db, path);
    const { all, unreadable } = snapshots.survey();
    return {
      rows,
      archivedRows: stored.archives().at(-1)?.lastSeq ?? 0,
      snapshots: all,
      unreadableSnapshots: unreadable,
    };
  });
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

function endOf(stored: StoredRows, path: string): ChainEnd {
  const seq = stored.lastSeq();
  const check = stored.checkAt(seq);
  if (check === undefined) throw corruptEnds(path);
  return { seq, check };
}

function corruptEnds(path: string): JournalError {
  return new JournalError('corrupt', `Journal "${path}": the list of archives has no end. ${CORRUPT_ADVICE}`, { path });
}

function* pagesUpTo<Row extends readonly [number, ...unknown[]]>(
  pages: Iterable<readonly Row[]>,
  lastSeq: number,
): Generator<readonly Row[]> {
  for (const page of pages) {
    const isLastPage = (page.at(-1)?.[0] ?? 0) >= lastSeq;
    yield isLastPage ? page.filter((row) => row[0] <= lastSeq) : page;
    if (isLastPage) return;
  }
}

function usedBytes(db: DatabaseSync): number {
  return (numberOf(db, 'page_count') - numberOf(db, 'freelist_count')) * numberOf(db, 'page_size');
}
