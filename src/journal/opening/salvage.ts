/**
 * Makes a journal that refuses to open usable again: every row before the damage, in a new file; the damaged files stay
 * beside it as `journal.db.damaged-<time>`.
 *
 * Rows may be lost that orders were sent on, so the new journal remembers after which row (`meta.salvagedAfter`): who
 * opens it must not add before the account has been compared with the exchange. It names orders by another run: those
 * that the lost rows had named are known by it as orders of a lost journal, and none is named as one of them was.
 * Damage before the newest snapshot gives up the rows up to it and keeps the snapshot and what follows: the state is
 * whole then, only replay stops short. A journal that opens is not touched.
 * Source: reliability.md R4, R12.
 */
import { copyFileSync, existsSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asJournalError, JournalError, refuseNoFile } from '../errors.ts';
import { AcknowledgedFile, acknowledgedPath, readAcknowledged } from '../files/acknowledged.ts';
import { keepAs, removeDatabase, syncFolder } from '../files/folder.ts';
import { takeWriterLock } from '../files/writer-lock.ts';
import type { RowsWatch } from '../journal.ts';
import { newRun } from '../new-run.ts';
import { type ArchiveEntry, archiveFileName } from '../rows/archive.ts';
import {
  createTables,
  forgetNote,
  genesisCheck,
  INSERT_ARCHIVE,
  INSERT_ROW,
  keepNote,
  keptNote,
  readMeta,
  writeMeta,
} from '../rows/schema.ts';
import { insertSnapshot, Snapshots } from '../rows/snapshots.ts';
import { archiveEntryCheck, StoredRows } from '../rows/stored-rows.ts';
import { inspectJournal } from './inspect.ts';

export interface SalvagedJournal {
  /** The last row that was kept. */
  readonly lastSeq: number;
  /** The last row that had been acknowledged, where that is known: the rows between the two are lost. */
  readonly acknowledgedSeq: number | undefined;
  /** Rows that were not kept though what follows them was: those up to the newest snapshot, where the damage begins before it. */
  readonly givenUp: RowRange | undefined;
  /** Why the journal did not open. */
  readonly reason: string;
  readonly damagedPath: string;
}

export type RowRange = Pick<ArchiveEntry, 'firstSeq' | 'lastSeq'>;

/**
 * Salvages the journal; `nowMs` names the damaged files, `watch` hears what is read, of one reading after the other.
 *
 * Throws `usage` when the journal opens as it is, `beyond-repair` when not even its identity or its list of archives can
 * be read (then only a copy helps), `second-instance`, `not-found`, `not-a-journal`, `disk-full`, `read-only`, `io`.
 */
export function salvageJournal(namedPath: string, nowMs: number, watch?: RowsWatch): SalvagedJournal {
  refuseNoFile(namedPath);
  // The writer's lock stands beside the file itself, whatever name leads to it.
  const path = realpathSync(namedPath);
  const lock = takeWriterLock(path, nowMs);
  const copyPath = `${path}.salvaging`;
  try {
    const reason = reasonNotToOpen(path, watch);
    removeDatabase(copyPath);
    const kept = copyRowsBeforeDamage(path, copyPath, watch);
    const damagedPath = `${path}.damaged-${nowMs}`;
    putInPlace(path, copyPath, damagedPath, kept);
    const { lastSeq, acknowledgedSeq, givenUp } = kept;
    return { lastSeq, acknowledgedSeq, givenUp, reason, damagedPath };
  } catch (error) {
    removeDatabase(copyPath);
    throw whyNothingIsKept(asJournalError(error, path, 'salvaged'), path);
  } finally {
    lock.release();
  }
}

interface Kept {
  readonly lastSeq: number;
  readonly lastCheck: number;
  readonly genesis: number;
  readonly acknowledgedSeq: number | undefined;
  readonly givenUp: RowRange | undefined;
}

function reasonNotToOpen(path: string, watch: RowsWatch | undefined): string {
  try {
    inspectJournal(path, undefined, watch);
  } catch (error) {
    if (error instanceof JournalError && error.code === 'corrupt') return error.message;
    throw error;
  }
  throw new JournalError('usage', `Journal "${path}" opens as it is: there is nothing to recover.`, { path });
}

/** Whom nothing can be salvaged for is not sent to salvage again. */
function whyNothingIsKept(error: Error, path: string): Error {
  if (!(error instanceof JournalError) || error.code !== 'corrupt') return error;
  const message =
    `Of journal "${path}" nothing can be kept: it is cut short, or damaged where it says what it is. The files are left` +
    ' untouched. Restore a copy; or move the file and those beside it away and start anew, without adding until the' +
    ' account has been compared with the exchange.';
  return new JournalError('beyond-repair', message, { path, cause: error });
}

function copyRowsBeforeDamage(path: string, copyPath: string, watch: RowsWatch | undefined): Kept {
  const damaged = new DatabaseSync(path, { readOnly: true });
  const copy = new DatabaseSync(copyPath);
  try {
    const meta = readMeta(damaged, path);
    const genesis = genesisCheck(meta);
    const stored = new StoredRows(damaged, path, genesis);
    const archives = stored.archives();
    copy.exec('PRAGMA synchronous = EXTRA; BEGIN');
    createTables(copy, meta);
    for (const archive of archives) insertArchive(copy, archive);
    const note = keptNote(damaged);
    if (note !== undefined) keepNote(copy, note);
    const { lastSeq: archivedSeq, lastCheck: previousCheck } = archives.at(-1) ?? { lastSeq: 0, lastCheck: genesis };
    const firstSeq = archivedSeq + 1;
    const snapshots = new Snapshots(damaged, path, stored).whole();
    copyRows(stored, firstSeq, copy, watch);
    const kept = new StoredRows(copy, copyPath, genesis);
    const newest = snapshots[0];
    let givenUp: RowRange | undefined;
    if (newest !== undefined && kept.lastSeq() < newest.seq) {
      const file = archiveFileName(path, genesis, firstSeq, newest.seq);
      givenUp = { firstSeq, lastSeq: newest.seq };
      startAtSnapshot(stored, { ...givenUp, previousCheck, lastCheck: newest.chain, file }, copy, watch);
    }
    const lastSeq = kept.lastSeq();
    for (const snapshot of snapshots) {
      if (kept.checkAt(snapshot.seq) === snapshot.chain) insertSnapshot(copy, snapshot);
    }
    writeMeta(copy, { ...meta, orderRun: newRun(), salvagedAfter: [...meta.salvagedAfter, lastSeq] });
    copy.exec('COMMIT; PRAGMA journal_mode = WAL');
    const acknowledged = readAcknowledged(path, genesis);
    const acknowledgedSeq = typeof acknowledged === 'string' ? undefined : acknowledged.seq;
    return { lastSeq, lastCheck: kept.checkAt(lastSeq) ?? genesis, genesis, acknowledgedSeq, givenUp };
  } finally {
    damaged.close();
    copy.close();
  }
}

function copyRows(stored: StoredRows, fromSeq: number, copy: DatabaseSync, watch: RowsWatch | undefined): void {
  const insert = copy.prepare(INSERT_ROW);
  try {
    for (const page of stored.verifiedPages(fromSeq, watch)) for (const row of page) insert.run(...row);
  } catch (error) {
    // Here the damage begins: what was yielded before it is whole.
    if (!(error instanceof JournalError) || error.code !== 'corrupt') throw error;
  }
}

/**
 * Where the damage begins before the newest snapshot, the rows up to the snapshot are given up and those after it kept:
 * the state is whole. The new journal says of the rows given up that they are in an archive, which is not there.
 */
function startAtSnapshot(
  stored: StoredRows,
  givenUp: ArchiveEntry,
  copy: DatabaseSync,
  watch: RowsWatch | undefined,
): void {
  copy.exec('DELETE FROM rows');
  keepNoteGivenUp(stored, givenUp.lastSeq, copy);
  insertArchive(copy, givenUp);
  copyRows(stored, givenUp.lastSeq + 1, copy, watch);
}

/** What the last life of those rows began with; an older life's is not kept for it: its instruments may be on another grid than the rows that follow. */
function keepNoteGivenUp(stored: StoredRows, lastSeq: number, copy: DatabaseSync): void {
  try {
    const note = stored.lastOf('note', lastSeq);
    if (note !== undefined) keepNote(copy, note);
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'corrupt') throw error;
    forgetNote(copy);
  }
}

function insertArchive(copy: DatabaseSync, entry: ArchiveEntry): void {
  const { firstSeq, lastSeq, previousCheck, lastCheck, file } = entry;
  copy.prepare(INSERT_ARCHIVE).run(firstSeq, lastSeq, previousCheck, lastCheck, file, archiveEntryCheck(entry));
}

/**
 * The damaged files get a second name first, so nothing is ever without one. Rows that stand in the log alone are folded into the damaged journal
 * before the log is taken away, and what was acknowledged is told anew only when the new journal is there: so a crash on the way leaves a journal
 * that refuses to open, and salvaging it again comes to the same end.
 */
function putInPlace(path: string, copyPath: string, damagedPath: string, kept: Kept): void {
  for (const suffix of ['', '-wal', '-acked']) {
    if (existsSync(`${path}${suffix}`)) keepAs(`${path}${suffix}`, `${damagedPath}${suffix}`);
  }
  if (existsSync(`${path}-wal`)) putFolded(path, `${path}.folding`);
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
  renameSync(copyPath, path);
  const acknowledged = new AcknowledgedFile(copyPath, kept.genesis);
  acknowledged.write(kept.lastSeq, kept.lastCheck);
  acknowledged.sync();
  acknowledged.close();
  // Never written in place: the damaged one's second name shows the same bytes.
  renameSync(acknowledgedPath(copyPath), acknowledgedPath(path));
  syncFolder(dirname(path));
}

/** The journal with its log in it, in place of the journal: the log beside it says nothing new then. */
function putFolded(path: string, foldedPath: string): void {
  removeDatabase(foldedPath);
  for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, `${foldedPath}${suffix}`);
  const folded = new DatabaseSync(foldedPath);
  try {
    folded.exec('PRAGMA synchronous = EXTRA; PRAGMA journal_mode = DELETE');
  } finally {
    folded.close();
  }
  renameSync(foldedPath, path);
  syncFolder(dirname(path));
}
