/**
 * Brings a journal of an older schema up to this one, on a copy beside it.
 *
 * The copy is made (`VACUUM INTO`, so the log is in it), migrated, every row's checksum compared with what it was, and
 * only then put in place by one rename; the older file stays as `journal.db.bak-v<N>`. A crash or failure anywhere
 * leaves the older journal in place, and the next opening begins again.
 * A migration adds tables, columns or indexes; it never rewrites a row (see rows/schema.ts).
 * Source: design.md §6 (Upgrade).
 */
import { renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { asJournalError, JournalError } from '../errors.ts';
import { keepAs, removeDatabase, syncFolder } from '../files/folder.ts';
import { genesisCheck, readMeta, SCHEMA_VERSION, writeMeta } from '../rows/schema.ts';
import { StoredRows } from '../rows/stored-rows.ts';

export interface Migration {
  /** The schema it makes from the one before. */
  readonly to: number;
  /** SQL that adds to the tables. */
  readonly sql: string;
}

/** In order, without a gap. Schema 1 is the first, so nothing leads to it. */
export const MIGRATIONS: readonly Migration[] = [];

/**
 * Migrates the journal at `path`, whose writer's lock the caller holds.
 * Throws `busy` while a reader has it open, `corrupt` when a row would not survive, `disk-full`, `read-only`, `io`.
 */
export function migrateJournal(
  path: string,
  fromVersion: number,
  migrations: readonly Migration[] = MIGRATIONS,
  toVersion: number = SCHEMA_VERSION,
): void {
  const copyPath = `${path}.migrating`;
  try {
    removeDatabase(copyPath);
    const chain = copyJournal(path, copyPath);
    migrateCopy(copyPath, path, chain, { migrations, fromVersion, toVersion });
    foldLogIn(path);
    const backupPath = `${path}.bak-v${fromVersion}`;
    rmSync(backupPath, { force: true });
    keepAs(path, backupPath);
    renameSync(copyPath, path);
    syncFolder(dirname(path));
  } catch (error) {
    removeDatabase(copyPath);
    throw asJournalError(error, path, 'migrated');
  }
}

/** What must be the same before and after. */
interface Chain {
  readonly genesis: number;
  readonly lastSeq: number;
  readonly lastCheck: number | undefined;
}

function copyJournal(path: string, copyPath: string): Chain {
  const older = new DatabaseSync(path, { readOnly: true });
  try {
    older.prepare('VACUUM INTO ?').run(copyPath);
    return chainOf(older, path, genesisCheck(readMeta(older, path)));
  } finally {
    older.close();
  }
}

/** Which steps lead from one schema to another. */
interface Way {
  readonly migrations: readonly Migration[];
  readonly fromVersion: number;
  readonly toVersion: number;
}

/** @param path of the journal itself, for what is said of it */
function migrateCopy(
  copyPath: string,
  path: string,
  expected: Chain,
  { migrations, fromVersion, toVersion }: Way,
): void {
  const db = new DatabaseSync(copyPath);
  try {
    db.exec('PRAGMA synchronous = EXTRA; BEGIN');
    const meta = readMeta(db, copyPath);
    for (let version = fromVersion + 1; version <= toVersion; version += 1) {
      const migration = migrations.find(({ to }) => to === version);
      if (migration === undefined) throw new Error(`No migration leads to schema "${version}".`);
      db.exec(migration.sql);
    }
    writeMeta(db, { ...meta, schemaVersion: toVersion });
    db.exec('COMMIT');
    // Reading verifies every row of the copy against the chain; the end must be the one the older file had.
    const { lastSeq, lastCheck } = chainOf(db, path, expected.genesis);
    if (lastSeq !== expected.lastSeq || lastCheck !== expected.lastCheck) {
      throw new JournalError('corrupt', `Journal "${path}": its migrated copy differs; it was not put in place.`, {
        path,
      });
    }
    db.exec('PRAGMA journal_mode = WAL');
  } finally {
    db.close();
  }
}

function chainOf(db: DatabaseSync, path: string, genesis: number): Chain {
  const stored = new StoredRows(db, path, genesis);
  const firstSeq = stored.firstMainSeq() ?? 1;
  for (const _page of stored.verifiedPages(firstSeq));
  const lastSeq = stored.lastSeq();
  return { genesis, lastSeq, lastCheck: stored.checkAt(lastSeq) };
}

/** The older file's log would be taken for the newer file's; leaving WAL mode folds it in and needs everyone else gone. */
function foldLogIn(path: string): void {
  const older = new DatabaseSync(path);
  try {
    older.exec('PRAGMA journal_mode = DELETE');
  } finally {
    older.close();
  }
}
