/** A journal's file as it is read, by a connection that only reads or by the writer's own. */
import type { DatabaseSync } from 'node:sqlite';
import { attempt } from './errors.ts';
import type { JournalReader, JournalRow, JournalSnapshot, RowsWatch, VerifiedJournal } from './journal.ts';
import { refuseBrokenTree } from './opening/inspect.ts';
import { genesisCheck, type JournalMeta, keptNote, readMeta } from './rows/schema.ts';
import { Snapshots } from './rows/snapshots.ts';
import { StoredRows } from './rows/stored-rows.ts';

export class SqliteReader implements JournalReader {
  readonly meta: JournalMeta;
  readonly stored: StoredRows;
  readonly snapshots: Snapshots;
  readonly #db: DatabaseSync;
  readonly #path: string;

  /** @throws {JournalError} `not-a-journal`, `corrupt`, `newer-version` */
  constructor(db: DatabaseSync, path: string) {
    this.#db = db;
    this.#path = path;
    this.meta = readMeta(db, path);
    this.stored = new StoredRows(db, path, genesisCheck(this.meta));
    this.snapshots = new Snapshots(db, path, this.stored);
  }

  get lastSeq(): number {
    return this.stored.lastSeq();
  }

  rows(fromSeq = 1): IterableIterator<JournalRow> {
    return this.stored.rows(fromSeq);
  }

  lastNote(untilSeq = Number.MAX_SAFE_INTEGER): JournalRow | undefined {
    const kept = this.stored.lastOf('note', untilSeq) ?? keptNote(this.#db);
    return kept !== undefined && kept.seq <= untilSeq ? kept : undefined;
  }

  latestSnapshot(): JournalSnapshot | undefined {
    return this.snapshots.latest().snapshot;
  }

  verify(watch?: RowsWatch): VerifiedJournal {
    return attempt(this.#path, 'read', () => {
      let rows = 0;
      for (const page of this.stored.verifiedPages(1, watch)) rows += page.length;
      refuseBrokenTree(this.#db, this.#path);
      const { all, unreadable } = this.snapshots.survey();
      return {
        rows,
        archivedRows: this.stored.archives().at(-1)?.lastSeq ?? 0,
        snapshots: all,
        unreadableSnapshots: unreadable,
      };
    });
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }
}
