/**
 * States saved in the journal file: each with its own checksum and the row check it stands on, so that a damaged one,
 * or one of other rows, is passed over and never folded from.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { attempt, CORRUPT_ADVICE, JournalError } from '../errors.ts';
import type { JournalSnapshot } from '../journal.ts';
import type { StoredRows } from './stored-rows.ts';

/** A second one, should the newest be damaged: folding from row 1 may take long. */
const KEPT = 2;

export class Snapshots {
  readonly #db: DatabaseSync;
  readonly #path: string;
  readonly #stored: StoredRows;
  readonly #select: StatementSync;
  /** The list alone: a state may be beyond reading. */
  readonly #selectNewest: StatementSync;

  constructor(db: DatabaseSync, path: string, stored: StoredRows) {
    this.#db = db;
    this.#path = path;
    this.#stored = stored;
    this.#select = db.prepare(
      'SELECT seq, at, chain, state, crc FROM snapshots WHERE seq < ? ORDER BY seq DESC LIMIT 1',
    );
    this.#selectNewest = db.prepare('SELECT max(seq) AS seq FROM snapshots WHERE seq < ?');
  }

  /** The newest undamaged one, and the `seq` of the damaged ones that are newer. */
  latest(): { snapshot: JournalSnapshot | undefined; unreadable: readonly number[] } {
    const unreadable: number[] = [];
    for (const { seq, snapshot } of this.#newestFirst()) {
      if (snapshot !== undefined) {
        return { snapshot: { seq, atMs: snapshot.atMs, state: snapshot.state }, unreadable };
      }
      unreadable.push(seq);
    }
    return { snapshot: undefined, unreadable };
  }

  /** The undamaged ones, newest first, with the row check each stands on, as far as the file can be read: for whoever makes a new one of it. */
  whole(): (JournalSnapshot & { chain: number })[] {
    const found: (JournalSnapshot & { chain: number })[] = [];
    for (let before = Number.MAX_SAFE_INTEGER; ; ) {
      const seq = this.#unlessDamaged(() => this.#selectNewest.get(before)?.['seq']);
      if (typeof seq !== 'number' || seq < 1 || seq >= before) return found;
      before = seq;
      const columns = this.#unlessDamaged(() => this.#select.get(seq + 1));
      const snapshot = columns && snapshotIn(columns);
      if (snapshot !== undefined && this.#unlessDamaged(() => this.#standsOn(seq, snapshot.chain)) !== false)
        found.push(snapshot);
    }
  }

  survey(): { all: number; unreadable: readonly number[] } {
    const found = [...this.#newestFirst()].map(({ seq, snapshot }) => ({ seq, isReadable: snapshot !== undefined }));
    return { all: found.length, unreadable: found.filter(({ isReadable }) => !isReadable).map(({ seq }) => seq) };
  }

  refuseUnlessNext(seq: number): void {
    const newest = this.#newestFirst().next().value?.seq ?? 0;
    if (this.#rowAt(seq) === undefined || seq <= newest) {
      const message = `A snapshot needs a row of the main file after the last snapshot "${newest}", got "${seq}".`;
      throw new JournalError('usage', message, { path: this.#path });
    }
  }

  /** Inside the writer's transaction. */
  add(seq: number, state: string): void {
    const row = this.#rowAt(seq);
    if (row === undefined) throw new JournalError('usage', `There is no row "${seq}" to save a state of.`);
    insertSnapshot(this.#db, { seq, atMs: row.atMs, chain: row.check, state });
    this.#db
      .prepare('DELETE FROM snapshots WHERE seq NOT IN (SELECT seq FROM snapshots ORDER BY seq DESC LIMIT ?)')
      .run(KEPT);
  }

  *#newestFirst(): Generator<{ seq: number; snapshot: (JournalSnapshot & { chain: number }) | undefined }> {
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const columns = this.#reading(() => this.#select.get(before));
      if (columns === undefined) return;
      const { seq } = columns;
      // A damaged table may give the same number for ever.
      if (typeof seq !== 'number' || seq < 1 || seq >= before) throw damagedList(this.#path);
      before = seq;
      const snapshot = snapshotIn(columns);
      yield { seq, snapshot: snapshot && this.#standsOn(seq, snapshot.chain) ? snapshot : undefined };
    }
  }

  /** A row in the middle of an archive has no check at hand; its archive was verified when it was written. */
  #standsOn(seq: number, chain: number): boolean {
    const check = this.#stored.checkAt(seq);
    return check === undefined ? (this.#stored.archives().at(-1)?.lastSeq ?? 0) >= seq : check === chain;
  }

  #unlessDamaged<T>(read: () => T): T | undefined {
    try {
      return this.#reading(read);
    } catch (error) {
      if (error instanceof JournalError && error.code === 'corrupt') return undefined;
      throw error;
    }
  }

  #rowAt(seq: number): { atMs: number; check: number } | undefined {
    const row = this.#reading(() => this.#db.prepare('SELECT at, crc FROM rows WHERE seq = ?').get(seq));
    return row === undefined ? undefined : { atMs: Number(row['at']), check: Number(row['crc']) };
  }

  #reading<T>(read: () => T): T {
    return attempt(this.#path, 'read', read);
  }
}

/** A row of the table, where it is what was written. */
function snapshotIn(columns: Readonly<Record<string, unknown>>): (JournalSnapshot & { chain: number }) | undefined {
  const { seq, at, chain, state, crc } = columns;
  const isWhole =
    typeof seq === 'number' &&
    typeof at === 'number' &&
    typeof chain === 'number' &&
    state instanceof Uint8Array &&
    snapshotCheck(seq, at, chain, state) === crc;
  return isWhole ? { seq, atMs: at, chain, state: Buffer.from(state).toString('utf8') } : undefined;
}

/** Inside a transaction of the caller. `chain` is the check of row `seq`. */
export function insertSnapshot(
  db: DatabaseSync,
  { seq, atMs, chain, state }: { seq: number; atMs: number; chain: number; state: string },
): void {
  const bytes = Buffer.from(state);
  const crc = snapshotCheck(seq, atMs, chain, bytes);
  db.prepare('INSERT INTO snapshots (seq, at, chain, state, crc) VALUES (?, ?, ?, ?, ?)').run(
    seq,
    atMs,
    chain,
    bytes,
    crc,
  );
}

function damagedList(path: string): JournalError {
  return new JournalError('corrupt', `Journal "${path}": its list of snapshots is damaged. ${CORRUPT_ADVICE}`, {
    path,
  });
}

function snapshotCheck(seq: number, atMs: number, chain: number, state: Uint8Array): number {
  return crc32(state, crc32(JSON.stringify([seq, atMs, chain])));
}
