/**
 * A journal on a disk that exists only in memory: the double of the real one in tests and in the simulated world.
 *
 * Rows go through the same codec and the same chain of checksums as in the file. A {@link MemoryDisk} outlives the
 * journals opened on it: `crash()` loses what was not committed, as a power failure would, and the next
 * `openMemoryJournal` finds the rest. The disk can be made to fail and its bytes to rot, where a simulation wants it.
 */
import { crc32 } from 'node:zlib';
import { CORRUPT_ADVICE, JournalError } from '../src/journal/errors.ts';
import type {
  ArchivedRange,
  JournalIdentity,
  JournalMeta,
  JournalOptions,
  JournalRow,
  JournalSnapshot,
  JournalWriter,
  OpenedJournal,
  RowKind,
  VerifiedJournal,
} from '../src/journal/journal.ts';
import { CODEC_VERSION, decodePayload, type EncodedPayload, encodePayload } from '../src/journal/rows/codec.ts';
import { kindCodeOf, ROW_KINDS, rowCheck } from '../src/journal/rows/row-chain.ts';
import { genesisCheck, SCHEMA_VERSION } from '../src/journal/rows/schema.ts';

/** What a commit that fails does to the rows: `lost`, or `landed` although the caller was told it failed. */
export interface CommitFault {
  readonly code: 'disk-full' | 'io' | 'read-only';
  readonly rows: 'lost' | 'landed';
}

interface MemoryRow extends EncodedPayload {
  readonly kindCode: number;
  readonly atMs: number;
  readonly check: number;
}

interface MemorySnapshot extends JournalSnapshot {
  readonly crc: number;
}

/** What survives a crash. One journal at a time is open on it. */
export class MemoryDisk {
  identity: JournalIdentity | undefined;
  rows: MemoryRow[] = [];
  snapshots: MemorySnapshot[] = [];
  /** The last row that a commit vouched for. */
  acknowledgedSeq = 0;
  /** The next commit that has rows fails so. */
  nextCommitFault: CommitFault | undefined;
  writer: JournalWriter | undefined;

  /** The process is gone: what was not committed is lost, the journal open on it is dead, another may open. */
  crash(): void {
    this.writer = undefined;
  }

  /** Flips one bit of the text of row `seq`. */
  rot(seq: number, charIndex: number, bit: number): void {
    const row = this.rows[seq - 1];
    if (row === undefined) throw new RangeError(`There is no row ${seq} to damage.`);
    const code = row.text.charCodeAt(charIndex) ^ (1 << bit);
    const text = row.text.slice(0, charIndex) + String.fromCharCode(code) + row.text.slice(charIndex + 1);
    this.rows[seq - 1] = { ...row, text };
  }

  /** Cuts off every row after `seq`: what a disk does that lied about a sync. */
  truncate(seq: number): void {
    this.rows.length = Math.min(this.rows.length, seq);
  }
}

/** Throws `second-instance`, `other-account` or `corrupt` as the journal in a file does. */
export function openMemoryJournal(disk: MemoryDisk, options: JournalOptions): JournalWriter {
  if (disk.writer !== undefined) {
    throw new JournalError(
      'second-instance',
      'The journal in memory is being written by another part of this process.',
    );
  }
  const createdAtMs = options.now();
  const created = disk.identity === undefined;
  disk.identity ??= { accountUid: options.accountUid, run: options.run, createdAtMs };
  if (disk.identity.accountUid !== options.accountUid) {
    const message = `The journal in memory belongs to account "${disk.identity.accountUid}", not "${options.accountUid}".`;
    throw new JournalError('other-account', message);
  }
  const writer = new MemoryJournal(disk, disk.identity, created);
  disk.writer = writer;
  return writer;
}

class MemoryJournal implements JournalWriter {
  readonly meta: JournalMeta;
  readonly opened: OpenedJournal;
  readonly #disk: MemoryDisk;
  readonly #genesis: number;
  #waitingRows: MemoryRow[] = [];
  #waitingSnapshots: MemorySnapshot[] = [];
  #poison: JournalError | undefined;

  constructor(disk: MemoryDisk, identity: JournalIdentity, created: boolean) {
    this.#disk = disk;
    this.#genesis = genesisCheck(identity);
    this.meta = {
      ...identity,
      schemaVersion: SCHEMA_VERSION,
      codecVersion: CODEC_VERSION,
      orderRun: identity.run,
      salvagedAfter: [],
    };
    const { snapshot, unreadable } = this.#surveySnapshots();
    const verifiedAfter = snapshot?.seq ?? 0;
    for (let seq = verifiedAfter + 1; seq <= disk.rows.length; seq += 1) this.#goodRow(seq);
    if (disk.rows.length < disk.acknowledgedSeq)
      throw this.#corrupt(disk.rows.length + 1, 'it was acknowledged and is gone');
    this.opened = {
      created,
      predecessorLost: false,
      verifiedAfter,
      unreadableSnapshots: unreadable,
      acknowledged: created ? 'absent' : 'matched',
    };
  }

  append(kind: RowKind, atMs: number, payload: unknown): number {
    this.#refuseIfUnusable();
    const kindCode = kindCodeOf(kind);
    if (!Number.isSafeInteger(atMs)) {
      throw new JournalError('payload', `A journal row's time is in whole milliseconds, got "${atMs}".`);
    }
    const { form, text } = encodePayload(payload);
    const seq = this.lastSeq + 1;
    const check = rowCheck(this.#checkAt(seq - 1), seq, kindCode, form, atMs, text);
    this.#waitingRows.push({ kindCode, form, atMs, text, check });
    return seq;
  }

  commit(): void {
    this.#refuseIfUnusable();
    if (this.#waitingRows.length === 0 && this.#waitingSnapshots.length === 0) return;
    const fault = this.#disk.nextCommitFault;
    this.#disk.nextCommitFault = undefined;
    if (fault?.rows !== 'lost') {
      for (const row of this.#waitingRows) this.#disk.rows.push(row);
      this.#disk.snapshots = [...this.#disk.snapshots, ...this.#waitingSnapshots].slice(-2);
    }
    this.#waitingRows = [];
    this.#waitingSnapshots = [];
    if (fault !== undefined) {
      this.#poison = new JournalError(fault.code, `The journal in memory failed to commit: ${fault.code}.`);
      throw this.#poison;
    }
    this.#disk.acknowledgedSeq = this.#disk.rows.length;
  }

  snapshot(seq: number, state: string): void {
    this.#refuseIfUnusable();
    const newest = (this.#waitingSnapshots.at(-1) ?? this.#disk.snapshots.at(-1))?.seq ?? 0;
    const row = this.#rowAt(seq);
    if (row === undefined || seq <= newest) {
      throw new JournalError('usage', `A snapshot needs a row after the last snapshot "${newest}", got "${seq}".`);
    }
    this.#waitingSnapshots.push({ seq, atMs: row.atMs, state, crc: crc32(state, row.check) });
  }

  /** There is no log to fold. */
  checkpoint(): void {
    this.#refuseIfUnusable();
  }

  /** Memory is not bounded by moving rows to other memory. */
  archive(): ArchivedRange | undefined {
    this.#refuseIfUnusable();
    if (this.#waitingRows.length > 0) {
      throw new JournalError('usage', 'Rows wait for a commit: commit them before archiving.');
    }
    return undefined;
  }

  get lastSeq(): number {
    return this.#disk.rows.length + this.#waitingRows.length;
  }

  get durableSeq(): number {
    return this.#disk.acknowledgedSeq;
  }

  *rows(fromSeq = 1): Generator<JournalRow> {
    this.#refuseIfClosed();
    for (let seq = fromSeq; seq <= this.lastSeq; seq += 1) {
      const { kindCode, form, atMs, text } = this.#goodRow(seq);
      const kind = ROW_KINDS[kindCode];
      if (kind === undefined) throw this.#corrupt(seq, 'its kind is unknown');
      yield { seq, kind, atMs, payload: decodePayload(form, text) };
    }
  }

  lastNote(untilSeq = Number.MAX_SAFE_INTEGER): JournalRow | undefined {
    return [...this.rows()].findLast(({ seq, kind }) => kind === 'note' && seq <= untilSeq);
  }

  latestSnapshot(): JournalSnapshot | undefined {
    this.#refuseIfClosed();
    return this.#surveySnapshots().snapshot;
  }

  verify(): VerifiedJournal {
    this.#refuseIfClosed();
    for (let seq = 1; seq <= this.lastSeq; seq += 1) this.#goodRow(seq);
    const { all, unreadable } = this.#surveySnapshots();
    return { rows: this.lastSeq, archivedRows: 0, snapshots: all, unreadableSnapshots: unreadable };
  }

  close(): void {
    if (this.#disk.writer === this) this.#disk.writer = undefined;
  }

  #rowAt(seq: number): MemoryRow | undefined {
    const durable = this.#disk.rows.length;
    return seq <= durable ? this.#disk.rows[seq - 1] : this.#waitingRows[seq - durable - 1];
  }

  #checkAt(seq: number): number {
    return this.#rowAt(seq)?.check ?? this.#genesis;
  }

  #goodRow(seq: number): MemoryRow {
    const row = this.#rowAt(seq);
    if (row === undefined) throw this.#corrupt(seq, 'the row is missing');
    const check = rowCheck(this.#checkAt(seq - 1), seq, row.kindCode, row.form, row.atMs, row.text);
    if (check !== row.check) throw this.#corrupt(seq, 'its checksum does not fit');
    return row;
  }

  #surveySnapshots(): { snapshot: JournalSnapshot | undefined; all: number; unreadable: number[] } {
    const newestFirst = [...this.#disk.snapshots, ...this.#waitingSnapshots].slice(-2).reverse();
    const isWhole = ({ seq, state, crc }: MemorySnapshot): boolean => crc32(state, this.#checkAt(seq)) === crc;
    const found = newestFirst.find(isWhole);
    const snapshot = found === undefined ? undefined : { seq: found.seq, atMs: found.atMs, state: found.state };
    const unreadable = newestFirst.filter((candidate) => !isWhole(candidate)).map(({ seq }) => seq);
    return { snapshot, all: newestFirst.length, unreadable };
  }

  #refuseIfUnusable(): void {
    this.#refuseIfClosed();
    if (this.#poison !== undefined) throw this.#poison;
  }

  #refuseIfClosed(): void {
    if (this.#disk.writer !== this) throw new JournalError('closed', 'The journal in memory is closed.');
  }

  #corrupt(seq: number, fact: string): JournalError {
    return new JournalError('corrupt', `The journal in memory is damaged at row ${seq}: ${fact}. ${CORRUPT_ADVICE}`, {
      seq,
    });
  }
}
