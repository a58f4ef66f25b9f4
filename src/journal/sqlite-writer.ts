/**
 * The one writer of a journal's file: rows are appended to a transaction, and `commit` makes them durable. What fails poisons it; reading goes on.
 *
 * Durability: WAL with `synchronous = FULL`, so each commit syncs the log before it returns.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { asJournalError, attempt, CORRUPT_ADVICE, type JournalDeed, JournalError } from './errors.ts';
import { AcknowledgedFile } from './files/acknowledged.ts';
import { OwnFiles } from './files/own-files.ts';
import type { WriterLock } from './files/writer-lock.ts';
import type {
  ArchiveBound,
  ArchivedRange,
  JournalRow,
  JournalSnapshot,
  JournalWriter,
  OpenedJournal,
  RowKind,
  RowsWatch,
  VerifiedJournal,
} from './journal.ts';
import { numberOf } from './opening/inspect.ts';
import { archiveFileName, archiveFolder, writeArchive } from './rows/archive.ts';
import { encodePayload } from './rows/codec.ts';
import { kindCodeOf, rowCheck } from './rows/row-chain.ts';
import { genesisCheck, INSERT_ARCHIVE, INSERT_ROW, type JournalMeta, keepNote } from './rows/schema.ts';
import { archiveEntryCheck } from './rows/stored-rows.ts';
import { SqliteReader } from './sqlite-reader.ts';

/** So much in the log is due to be folded into the file: as SQLite's own measure, of a thousand pages. */
const LOG_BYTES_DUE = 4 * 1024 * 1024;
/** What a commit writes whatever is in it: the page that was begun, and now and then one above it. */
const LOG_BYTES_OF_COMMIT = 2 * 4096;

/** Made by `openJournal` alone: it stands on what was looked at before. */
export class SqliteWriter implements JournalWriter {
  readonly meta: JournalMeta;
  readonly opened: OpenedJournal;
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #bound: ArchiveBound;
  readonly #lock: WriterLock;
  readonly #reader: SqliteReader;
  readonly #genesis: number;
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
    this.#reader = new SqliteReader(db, path);
    this.meta = this.#reader.meta;
    this.#genesis = genesisCheck(this.meta);
    this.#begin = db.prepare('BEGIN IMMEDIATE');
    this.#insert = db.prepare(INSERT_ROW);
    this.#commit = db.prepare('COMMIT');
    this.#checkpoint = db.prepare('PRAGMA wal_checkpoint(PASSIVE)');
    this.#last = this.#durable = endOf(this.#reader, path);
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
    this.#reader.snapshots.refuseUnlessNext(seq);
    this.#writing(() => {
      this.#beginIfNeeded();
      this.#reader.snapshots.add(seq, state);
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
    return this.#reader.rows(fromSeq);
  }

  lastNote(untilSeq?: number): JournalRow | undefined {
    this.#refuseIfClosed();
    return this.#reader.lastNote(untilSeq);
  }

  latestSnapshot(): JournalSnapshot | undefined {
    this.#refuseIfClosed();
    return this.#reader.latestSnapshot();
  }

  verify(watch?: RowsWatch): VerifiedJournal {
    this.#refuseIfClosed();
    return this.#reader.verify(watch);
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
    const firstSeq = this.#reader.stored.firstMainSeq();
    const snapshotSeq = this.#reader.latestSnapshot()?.seq;
    if (firstSeq === undefined || snapshotSeq === undefined || snapshotSeq < firstSeq) return undefined;
    const excess = snapshotSeq - firstSeq + 1 - this.#bound.rowsMax;
    const isTooBig = usedBytes(this.#db) > this.#bound.bytesMax;
    if (excess <= 0 && !isTooBig) return undefined;
    const wanted = isTooBig ? this.#bound.segmentRows : Math.min(excess, this.#bound.segmentRows);
    const lastSeq = Math.min(firstSeq + wanted - 1, snapshotSeq);
    return { firstSeq, lastSeq, file: archiveFileName(this.#path, this.#genesis, firstSeq, lastSeq) };
  }

  #moveToArchive(firstSeq: number, lastSeq: number, file: string): void {
    const { stored } = this.#reader;
    const previousCheck = stored.checkAt(firstSeq - 1);
    const lastCheck = stored.checkAt(lastSeq);
    if (previousCheck === undefined || lastCheck === undefined) throw corruptEnds(this.#path);
    writeArchive(archiveFolder(this.#path), file, pagesUpTo(stored.verifiedPages(firstSeq), lastSeq));
    const crc = archiveEntryCheck({ firstSeq, lastSeq, previousCheck, lastCheck, file });
    this.#begin.run();
    this.#inTransaction = true;
    this.#db.prepare(INSERT_ARCHIVE).run(firstSeq, lastSeq, previousCheck, lastCheck, file, crc);
    const note = stored.lastOf('note', lastSeq);
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

function endOf({ stored }: SqliteReader, path: string): ChainEnd {
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
