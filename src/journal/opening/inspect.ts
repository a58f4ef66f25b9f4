/**
 * A look at a journal by a connection that can not write, nor fold the log into the file: what is found wrong is left
 * as it is. Source: reliability.md R4.
 */
import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { asJournalError, CORRUPT_ADVICE, JournalError } from '../errors.ts';
import { readAcknowledged } from '../files/acknowledged.ts';
import type { OpenedJournal, RowsWatch } from '../journal.ts';
import { genesisCheck, type JournalMeta, readMeta } from '../rows/schema.ts';
import { Snapshots } from '../rows/snapshots.ts';
import { StoredRows } from '../rows/stored-rows.ts';

/** What a look at the file with a connection that can not write found. */
export interface InspectedJournal {
  readonly meta: JournalMeta;
  readonly verifiedAfter: number;
  readonly unreadableSnapshots: readonly number[];
  readonly acknowledged: OpenedJournal['acknowledged'];
}

/** A reader may hold a page of the log for as long as one query takes. */
export const BUSY_MS = 1_000;

/** Reading a file through takes seconds where it is large and cold; up to here it is done on every opening. */
const CHECKED_BYTES_MAX = 32 * 1024 * 1024;

/**
 * Reads what opening for writing must know, changing nothing. Throws what {@link openJournal} throws of a journal that
 * does not open; without an account uid any account's will do.
 */
export function inspectJournal(path: string, accountUid?: string, watch?: RowsWatch): InspectedJournal {
  const db = openReadOnly(path);
  try {
    const meta = readMeta(db, path);
    if (accountUid !== undefined && meta.accountUid !== accountUid)
      throw otherAccount(path, meta.accountUid, accountUid);
    refuseWrongSize(db, path);
    const genesis = genesisCheck(meta);
    const stored = new StoredRows(db, path, genesis);
    const { snapshot, unreadable } = new Snapshots(db, path, stored).latest();
    const verifiedAfter = snapshot?.seq ?? 0;
    for (const _page of stored.verifiedPages(verifiedAfter + 1, watch));
    refuseGap(stored, path);
    if (statSync(path).size <= CHECKED_BYTES_MAX) refuseBrokenTree(db, path);
    return {
      meta,
      verifiedAfter,
      unreadableSnapshots: unreadable,
      acknowledged: compareAcknowledged(path, stored, genesis),
    };
  } finally {
    db.close();
  }
}

/** The archives and the main file must join; rows are looked at one by one only after the last snapshot. */
function refuseGap(stored: StoredRows, path: string): void {
  const firstSeq = stored.firstMainSeq();
  const archivedSeq = stored.archives().at(-1)?.lastSeq ?? 0;
  if (firstSeq !== undefined && firstSeq !== archivedSeq + 1) {
    const message = `Journal "${path}": rows ${archivedSeq + 1}–${firstSeq - 1} are missing. ${CORRUPT_ADVICE}`;
    throw new JournalError('corrupt', message, { path, seq: archivedSeq + 1 });
  }
}

function compareAcknowledged(path: string, stored: StoredRows, genesis: number): OpenedJournal['acknowledged'] {
  const acknowledged = readAcknowledged(path, genesis);
  if (typeof acknowledged === 'string') return acknowledged;
  const lastSeq = stored.lastSeq();
  if (lastSeq < acknowledged.seq) {
    const message =
      `Journal "${path}" ends at row ${lastSeq}, and rows up to ${acknowledged.seq} were acknowledged: orders may have` +
      ` been sent on the missing ones. ${CORRUPT_ADVICE}`;
    throw new JournalError('corrupt', message, { path, seq: lastSeq + 1 });
  }
  const check = stored.checkAt(acknowledged.seq);
  // Undefined: the row went into the middle of an archive after it was acknowledged.
  if (check !== undefined && check !== acknowledged.check) {
    const message = `Journal "${path}": row ${acknowledged.seq} is not the one that was acknowledged. ${CORRUPT_ADVICE}`;
    throw new JournalError('corrupt', message, { path, seq: acknowledged.seq });
  }
  return 'matched';
}

/** A damaged tree or list of free pages may show itself only in what is written next, over pages that are in use. */
export function refuseBrokenTree(db: DatabaseSync, path: string): void {
  const fault = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
  if (fault === 'ok') return;
  throw new JournalError('corrupt', `Journal "${path}": ${String(fault)}. ${CORRUPT_ADVICE}`, { path });
}

/** A damaged page count in the header would make SQLite write over live pages. With a log, the log has the count. */
function refuseWrongSize(db: DatabaseSync, path: string): void {
  if (sizeOf(`${path}-wal`) > 0) return;
  const bytes = numberOf(db, 'page_count') * numberOf(db, 'page_size');
  const size = statSync(path).size;
  if (bytes !== size) {
    const message = `Journal "${path}" is "${size}" bytes long, its header says "${bytes}". ${CORRUPT_ADVICE}`;
    throw new JournalError('corrupt', message, { path });
  }
}

/** Opens without any right to write; from a read-only folder, where SQLite can not put its scratch file, as immutable. */
export function openReadOnly(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true, timeout: BUSY_MS });
  try {
    db.prepare('SELECT count(*) FROM sqlite_schema').get();
    return db;
  } catch (error) {
    db.close();
    const known = asJournalError(error, path, 'read');
    if (!(known instanceof JournalError) || known.code !== 'read-only' || sizeOf(`${path}-wal`) > 0) throw known;
    return new DatabaseSync(new URL(`${pathToFileURL(path).href}?immutable=1`), { readOnly: true });
  }
}

/** The value of a pragma that is a number. */
export function numberOf(db: DatabaseSync, pragma: string): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function otherAccount(path: string, recorded: string, given: string): JournalError {
  const message =
    `Journal "${path}" belongs to account "${recorded}", the keys are of account "${given}".` +
    ' One account has one journal: use the other keys, or another RUNGWISE_HOME.';
  return new JournalError('other-account', message, { path });
}
