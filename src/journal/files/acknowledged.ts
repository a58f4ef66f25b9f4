/**
 * The last row that `commit` vouched for, kept beside the journal.
 *
 * SQLite drops the tail of its log from the first damaged frame on, and calls it an unfinished transaction. For a torn
 * write that is right; for a bit that rotted inside a commit that was acknowledged (an order may have been sent on it)
 * it would be a silent loss. So after each commit 32 bytes say how far the acknowledged rows reach. The write is not
 * synced: it survives a killed process; after a power failure it may be older than the journal, never newer, because
 * the journal is synced first. A journal that ends before it, or has another check there, has lost acknowledged rows.
 * Source: reliability.md R4.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

export interface Acknowledged {
  readonly seq: number;
  /** The row check at `seq`. */
  readonly check: number;
}

const SIZE = 32;
const MAGIC = 'RWACK-1\n';

export function acknowledgedPath(journalPath: string): string {
  return `${journalPath}-acked`;
}

/** `absent`: a journal copied without it. `unreadable`: damaged itself; then it vouches for nothing. */
export function readAcknowledged(journalPath: string, genesis: number): Acknowledged | 'absent' | 'unreadable' {
  const path = acknowledgedPath(journalPath);
  if (!existsSync(path)) return 'absent';
  const bytes = readFileSync(path);
  if (bytes.length !== SIZE || bytes.toString('latin1', 0, 8) !== MAGIC) return 'unreadable';
  if (bytes.readUInt32LE(28) !== crc32(bytes.subarray(0, 28))) return 'unreadable';
  // Of another journal that stood at this path before.
  if (bytes.readUInt32LE(20) !== genesis) return 'absent';
  return { seq: bytes.readDoubleLE(8), check: bytes.readUInt32LE(16) };
}

/** The open file of the writer. */
export class AcknowledgedFile {
  readonly #fd: number;
  readonly #bytes = Buffer.alloc(SIZE);

  constructor(journalPath: string, genesis: number) {
    const path = acknowledgedPath(journalPath);
    this.#fd = openSync(path, existsSync(path) ? 'r+' : 'w+', 0o600);
    // One that grew would stay unreadable for ever; at its own length this changes nothing.
    ftruncateSync(this.#fd, SIZE);
    this.#bytes.write(MAGIC, 0, 'latin1');
    this.#bytes.writeUInt32LE(genesis, 20);
  }

  write(seq: number, check: number): void {
    this.#bytes.writeDoubleLE(seq, 8);
    this.#bytes.writeUInt32LE(check, 16);
    this.#bytes.writeUInt32LE(crc32(this.#bytes.subarray(0, 28)), 28);
    writeSync(this.#fd, this.#bytes, 0, SIZE, 0);
  }

  /** From here on it survives a power failure too. */
  sync(): void {
    fsyncSync(this.#fd);
  }

  close(): void {
    closeSync(this.#fd);
  }
}
