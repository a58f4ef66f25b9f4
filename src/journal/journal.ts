/**
 * What a journal is to those who use it: an append-only list of numbered rows, and states saved along the way.
 *
 * Synchronous and single-threaded on purpose: when `commit` returns, the rows are on the disk, and nothing else has run
 * in between. Payloads are opaque plain data (see rows/codec.ts); this room knows no event of the core.
 *
 * The loop's pattern: append event → think → append decision → (the rest of the batch) → commit → send. Many appends,
 * one commit.
 * Source: design.md §3 (2–4), reliability.md.
 */

import type { WriterLock } from './files/writer-lock.ts';
import type { RowKind } from './rows/row-chain.ts';
import type { JournalMeta } from './rows/schema.ts';

export type { RowKind } from './rows/row-chain.ts';
export type { JournalIdentity, JournalMeta } from './rows/schema.ts';

export interface JournalRow {
  /** 1, 2, 3, … without a gap. */
  readonly seq: number;
  readonly kind: RowKind;
  /** UTC milliseconds, as the caller gave them. */
  readonly atMs: number;
  /** Plain data, as {@link JournalWriter.append} got it; the caller narrows it at its own door. */
  readonly payload: unknown;
}

/** A state that stands for all rows up to and including `seq`. */
export interface JournalSnapshot {
  readonly seq: number;
  /** `atMs` of row `seq`. */
  readonly atMs: number;
  /** Text of the caller's making, as it was given. */
  readonly state: string;
}

export interface VerifiedJournal {
  /** Rows whose checksum and place were verified, archives included. */
  readonly rows: number;
  readonly archivedRows: number;
  readonly snapshots: number;
  /** `seq` of snapshots that are damaged; they are passed over, a state is folded from an older one or from the rows. */
  readonly unreadableSnapshots: readonly number[];
}

/** Hears, page by page, which row was read last and which is the last of all: reading a million takes seconds. */
export type RowsWatch = (seq: number, lastSeq: number) => void;

export interface JournalReader {
  readonly meta: JournalMeta;
  /** 0 when there is no row. Rows appended and not yet committed count for their own writer, for nobody else. */
  readonly lastSeq: number;
  /**
   * Rows from `fromSeq` (default 1) on, archived ones included, in bounded memory. Each is verified as it is read:
   * throws `corrupt` at the first row that is not what was written, after yielding every row before it.
   */
  rows(fromSeq?: number): IterableIterator<JournalRow>;
  /** The newest note, of those up to `untilSeq`; of notes that have left the main file the newest alone. Throws `corrupt` as {@link rows} does. */
  lastNote(untilSeq?: number): JournalRow | undefined;
  /** The newest undamaged snapshot; its rows continue at `seq + 1`. */
  latestSnapshot(): JournalSnapshot | undefined;
  /** Reads every row and snapshot, archives included. Throws `corrupt` naming the first row that cannot be trusted. */
  verify(watch?: RowsWatch): VerifiedJournal;
  close(): void;
}

export interface JournalWriter extends JournalReader {
  /** The last row that {@link commit} vouches for. */
  readonly durableSeq: number;
  readonly opened: OpenedJournal;
  /**
   * Adds a row and returns its `seq`. It is not durable before {@link commit}.
   *
   * Throws `payload` (nothing is added, the journal goes on) when the payload is not plain data or `atMs` is not a whole
   * number; `disk-full`, `read-only`, `io` as {@link commit} does.
   */
  append(kind: RowKind, atMs: number, payload: unknown): number;
  /**
   * Makes every appended row durable: it survives kill −9 and a power failure. Does nothing when nothing was appended.
   *
   * Throws `disk-full`, `read-only`, `io` or `moved`; then none of the rows since the last commit is in the journal, and it is
   * poisoned: every later append, snapshot and commit throws the same error. Reading goes on.
   */
  commit(): void;
  /**
   * Saves the state after row `seq`, durable with the next {@link commit}. The two newest are kept.
   * Throws `usage` when there is no such row or one at or after it is saved already.
   */
  snapshot(seq: number, state: string): void;
  /**
   * Folds the log into the file where it has grown by so much that it is due. It takes some syncs, so the one who has something to send calls
   * it afterwards; who never calls it pays in a {@link commit}, later. Does nothing while rows wait for a commit. Throws as {@link commit} does.
   */
  checkpoint(): void;
  /**
   * Moves the oldest rows before the last snapshot into an archive file, if the journal is over its bound: at most one
   * segment a call, so that the loop can do it in a quiet moment. Crash-safe at any point. Returns what was moved.
   * Throws `usage` while rows wait for a commit.
   */
  archive(): ArchivedRange | undefined;
}

/** What was found on opening. */
export interface OpenedJournal {
  /** There was no journal at this path. */
  readonly created: boolean;
  /** A journal had stood here (its acknowledgement file still did) and is gone: reconcile before adding. */
  readonly predecessorLost: boolean;
  /** Rows verified on opening: those after this one. */
  readonly verifiedAfter: number;
  readonly unreadableSnapshots: readonly number[];
  /** `matched`: every row that was ever acknowledged is here. Otherwise nobody can tell whether the tail is whole. */
  readonly acknowledged: 'matched' | 'absent' | 'unreadable';
}

export interface ArchivedRange {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly file: string;
}

/** When {@link JournalWriter.archive} moves rows, and how many at once. */
export interface ArchiveBound {
  /** Rows before the last snapshot that may stay in the main file. */
  readonly rowsMax: number;
  /** Size of the main file's used pages, in bytes, above which rows move even when there are fewer. */
  readonly bytesMax: number;
  readonly segmentRows: number;
}

export interface JournalOptions {
  /** Recorded when the journal is created; a journal of another account is refused. */
  readonly accountUid: string;
  /** Recorded when the journal is created; an existing journal keeps its own (`meta.orderRun`). */
  readonly run: string;
  /** UTC milliseconds; asked once, on opening. */
  readonly now: () => number;
  readonly archive: ArchiveBound;
  /** The main file does not grow beyond this, in bytes: a commit that needs more fails with `disk-full`. */
  readonly sizeBytesMax?: number;
  /** Of this journal, taken before (`lockJournal`): the writer releases it when it closes or cannot be opened. Absent: taken on opening. */
  readonly lock?: WriterLock;
}
