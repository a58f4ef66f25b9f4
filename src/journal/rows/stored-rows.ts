/**
 * Rows as they lie in the file, read page by page from archives and main table as one list, each checked against the
 * chain. Nothing is held open between two pages, so a reader never keeps the writer from reusing its log.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { asJournalError, attempt, CORRUPT_ADVICE, JournalError } from '../errors.ts';
import type { JournalRow, RowsWatch } from '../journal.ts';
import { type ArchiveEntry, archiveFolder, readArchive } from './archive.ts';
import { decodePayload, isPayloadForm, type PayloadForm } from './codec.ts';
import { kindCodeOf, ROW_KINDS, type RowKind, rowCheck } from './row-chain.ts';

/** `[seq, kind code, form, atMs, payload text, check]` */
export type StoredRow = readonly [number, number, PayloadForm, number, string, number];

/** Enough to make the call into SQLite cheap, few enough to hold: rows are bounded by the codec. */
const PAGE_ROWS = 256;

export class StoredRows {
  readonly #path: string;
  readonly #genesis: number;
  readonly #selectPage: StatementSync;
  readonly #selectCheck: StatementSync;
  readonly #selectEnds: StatementSync;
  readonly #selectArchives: StatementSync;
  readonly #selectLastOf: StatementSync;

  constructor(db: DatabaseSync, path: string, genesis: number) {
    this.#path = path;
    this.#genesis = genesis;
    this.#selectPage = db.prepare(
      'SELECT seq, kind, form, at, payload, crc FROM rows WHERE seq >= ? ORDER BY seq LIMIT ?',
    );
    this.#selectCheck = db.prepare('SELECT crc FROM rows WHERE seq = ?');
    this.#selectEnds = db.prepare('SELECT (SELECT min(seq) FROM rows), (SELECT max(seq) FROM rows)');
    this.#selectLastOf = db.prepare('SELECT seq FROM rows WHERE kind = ? AND seq <= ? ORDER BY seq DESC LIMIT 1');
    this.#selectArchives = db.prepare('SELECT first, last, previous, chain, file, crc FROM archives ORDER BY first');
    for (const statement of [this.#selectPage, this.#selectEnds, this.#selectArchives]) statement.setReturnArrays(true);
  }

  /** Decoded rows; see `JournalReader.rows`. */
  *rows(fromSeq: number): Generator<JournalRow> {
    for (const page of this.verifiedPages(fromSeq)) {
      for (const row of page) yield this.#decode(row);
    }
  }

  /** Pages whose every row fits the chain. Throws `corrupt` at the first that does not, after the rows before it. */
  *verifiedPages(fromSeq: number, watch?: RowsWatch): Generator<readonly StoredRow[]> {
    const start = this.#startOf(fromSeq);
    if (start === undefined) return;
    const lastSeq = watch === undefined ? 0 : this.lastSeq();
    let { previousCheck, seq } = start;
    for (const page of this.#pages(seq)) {
      const good = this.#goodRows(page, seq, previousCheck);
      const firstWanted = Math.max(0, fromSeq - seq);
      seq += good;
      previousCheck = good === 0 ? previousCheck : Number(page[good - 1]?.[5]);
      watch?.(seq - 1, lastSeq);
      // The rows in [0, good) were just looked at field by field.
      const wanted = (good === page.length && firstWanted === 0 ? page : page.slice(firstWanted, good)) as StoredRow[];
      if (wanted.length > 0) yield wanted;
      if (good < page.length) throw this.#corrupt(seq, this.#faultOf(page[good], seq));
    }
  }

  /** The last row's `seq`, 0 when there is none. */
  lastSeq(): number {
    return this.#reading(() => {
      const [, last] = this.#ends();
      return last ?? this.archives().at(-1)?.lastSeq ?? 0;
    });
  }

  /** The newest row of a kind in the main file, of those up to `untilSeq`. */
  lastOf(kind: RowKind, untilSeq = Number.MAX_SAFE_INTEGER): JournalRow | undefined {
    const seq = this.#reading(() => this.#selectLastOf.get(kindCodeOf(kind), untilSeq))?.['seq'];
    return typeof seq === 'number' ? this.rows(seq).next().value : undefined;
  }

  /** The first row that is still in the main file. */
  firstMainSeq(): number | undefined {
    return this.#reading(() => this.#ends()[0] ?? undefined);
  }

  /** The check after row `seq` (0: the genesis), or undefined when no row or archive boundary stands there. */
  checkAt(seq: number): number | undefined {
    if (seq === 0) return this.#genesis;
    return this.#reading(() => {
      const check = this.#selectCheck.get(seq)?.['crc'];
      return typeof check === 'number' ? check : this.archives().find((entry) => entry.lastSeq === seq)?.lastCheck;
    });
  }

  /** Throws `corrupt` when an entry is damaged or the archives and the main file do not join without a gap. */
  archives(): readonly ArchiveEntry[] {
    const entries = this.#reading(() => this.#selectArchives.all() as unknown as readonly unknown[][]).map(
      (columns) => {
        const [firstSeq, lastSeq, previousCheck, lastCheck, file, crc] = columns;
        const entry = { firstSeq, lastSeq, previousCheck, lastCheck, file } as ArchiveEntry;
        if (crc !== archiveEntryCheck(entry)) throw this.#corrupt(Number(firstSeq), 'the list of archives is damaged');
        return entry;
      },
    );
    let next = 1;
    for (const entry of entries) {
      if (entry.firstSeq !== next) throw this.#corrupt(next, 'no archive holds it');
      next = entry.lastSeq + 1;
    }
    return entries;
  }

  *#pages(fromSeq: number): Generator<readonly (readonly unknown[])[]> {
    let next = fromSeq;
    let rowsAtOnce = PAGE_ROWS;
    for (;;) {
      const page = this.#page(next, rowsAtOnce);
      if (page === 'damaged') {
        rowsAtOnce = 1;
        continue;
      }
      if (page.length > 0 && page[0]?.[0] === next) {
        yield page;
        next += page.length;
        if (page.length < rowsAtOnce && this.#isPastTheEnd(next)) return;
        continue;
      }
      // Looked up after the page: the writer moves rows in one transaction, so they are in the one or the other.
      const archive = this.archives().find((entry) => entry.firstSeq <= next && next <= entry.lastSeq);
      if (archive === undefined) {
        if (page.length > 0 || !this.#isPastTheEnd(next)) throw this.#corrupt(next, 'the row is missing');
        return;
      }
      yield* this.#archivePages(archive, next);
      next = archive.lastSeq + 1;
    }
  }

  /** SQLite names no row when its tree is damaged: `damaged` asks for the rows one by one, until one can not be had. */
  #page(seq: number, rowsAtOnce: number): readonly (readonly unknown[])[] | 'damaged' {
    try {
      return this.#reading(() => this.#selectPage.all(seq, rowsAtOnce) as unknown as unknown[][], seq);
    } catch (error) {
      if (error instanceof JournalError && error.code === 'corrupt' && rowsAtOnce > 1) return 'damaged';
      throw error;
    }
  }

  *#archivePages(archive: ArchiveEntry, fromSeq: number): Generator<readonly StoredRow[]> {
    let next = archive.firstSeq;
    try {
      for (const page of readArchive(archiveFolder(this.#path), archive.file)) {
        const firstWanted = Math.max(0, fromSeq - next);
        if (firstWanted < page.length) yield firstWanted === 0 ? page : page.slice(firstWanted);
        next += page.length;
      }
    } catch (error) {
      throw archiveError(error, this.#path, archive, next);
    }
    if (next !== archive.lastSeq + 1) throw this.#corrupt(next, `archive "${archive.file}" ends too early`);
  }

  /** Where the chain can be picked up for reading from `fromSeq`: that row, or the start of the archive it is in. */
  #startOf(fromSeq: number): { seq: number; previousCheck: number } | undefined {
    const previousCheck = this.checkAt(fromSeq - 1);
    if (previousCheck !== undefined) return { seq: fromSeq, previousCheck };
    const archive = this.archives().find((entry) => entry.firstSeq <= fromSeq && fromSeq <= entry.lastSeq);
    if (archive !== undefined) return { seq: archive.firstSeq, previousCheck: archive.previousCheck };
    if (this.#isPastTheEnd(fromSeq)) return undefined;
    throw this.#corrupt(fromSeq - 1, 'the row is missing');
  }

  /** How many rows from the start of the page are whole, in their place and fit the chain. */
  #goodRows(page: readonly (readonly unknown[])[], firstSeq: number, previousCheck: number): number {
    let previous = previousCheck;
    for (let i = 0; i < page.length; i += 1) {
      const row = page[i];
      if (row === undefined || !isStoredRow(row) || row[0] !== firstSeq + i) return i;
      const check = rowCheck(previous, row[0], row[1], row[2], row[3], row[4]);
      if (check !== row[5]) return i;
      previous = check;
    }
    return page.length;
  }

  #faultOf(row: readonly unknown[] | undefined, seq: number): string {
    if (row === undefined || !isStoredRow(row)) return 'a column holds what no row can hold';
    return row[0] === seq ? 'its checksum does not fit' : `row ${row[0]} stands in its place`;
  }

  #decode([seq, kindCode, form, atMs, text]: StoredRow): JournalRow {
    const kind = ROW_KINDS[kindCode];
    if (kind === undefined) throw this.#corrupt(seq, `kind "${kindCode}" is unknown`);
    try {
      return { seq, kind, atMs, payload: decodePayload(form, text) };
    } catch (error) {
      throw this.#corrupt(seq, 'its payload does not decode', error);
    }
  }

  #isPastTheEnd(seq: number): boolean {
    return seq > this.lastSeq();
  }

  #ends(): readonly [number | null, number | null] {
    return this.#selectEnds.get() as unknown as readonly [number | null, number | null];
  }

  #reading<T>(read: () => T, seq?: number): T {
    return attempt(this.#path, 'read', read, seq);
  }

  #corrupt(seq: number, fact: string, cause?: unknown): JournalError {
    return corruptRow(this.#path, seq, fact, cause);
  }
}

function corruptRow(path: string, seq: number, fact: string, cause?: unknown): JournalError {
  const message = `Journal "${path}" is damaged at row ${seq}: ${fact}. ${CORRUPT_ADVICE}`;
  return new JournalError('corrupt', message, { path, seq, cause });
}

export function archiveEntryCheck(entry: ArchiveEntry): number {
  return crc32(JSON.stringify([entry.firstSeq, entry.lastSeq, entry.previousCheck, entry.lastCheck, entry.file]));
}

function isStoredRow(row: readonly unknown[]): row is StoredRow {
  return (
    typeof row[0] === 'number' &&
    typeof row[1] === 'number' &&
    row[1] < ROW_KINDS.length &&
    isPayloadForm(row[2]) &&
    typeof row[3] === 'number' &&
    typeof row[4] === 'string' &&
    typeof row[5] === 'number'
  );
}

function archiveError(error: unknown, path: string, archive: ArchiveEntry, seq: number): Error {
  const known = asJournalError(error, path, 'read', seq);
  if (!(known instanceof JournalError) || known.code !== 'not-found') return known;
  const message =
    `Journal "${path}": archive "${archive.file}" with rows ${archive.firstSeq}–${archive.lastSeq} is not in its` +
    ` "archive" folder. Put it back there from a copy; the rows after it are not touched.`;
  return new JournalError('corrupt', message, { path, seq, cause: error });
}
