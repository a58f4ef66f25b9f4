/**
 * Rows that left the main file: `archive/journal-<identity>-<first>-<last>.ndjson.zst`.
 *
 * One JSON line a row (`zstdcat FILE | head` shows them), the payload's text last and exact, so that the row's checksum
 * still fits. The lines are compressed in blocks; before each block stands a zstd "skippable frame" with its length,
 * which zstd tools pass over and which lets a reader hold one block at a time.
 * The file is complete and synced before the rows leave the main file; its name is decided by its content, so doing it
 * again after a crash writes the same file again.
 */

import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { attempt, JournalError } from '../errors.ts';
import { syncFolder } from '../files/folder.ts';
import { stemOf } from '../files/writer-lock.ts';
import { isPayloadForm } from './codec.ts';
import { ROW_KINDS } from './row-chain.ts';
import type { StoredRow } from './stored-rows.ts';

/** One line of the table `archives`. */
export interface ArchiveEntry {
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** The row check before the first row. */
  readonly previousCheck: number;
  /** The row check of the last row. */
  readonly lastCheck: number;
  readonly file: string;
}

/** https://github.com/facebook/zstd/blob/dev/doc/zstd_compression_format.md#skippable-frames */
const SKIPPABLE_MAGIC = 0x18_4d_2a_52;
const SKIPPABLE_HEAD = 12;
/** A block of lines is at most this long, but for a single long row. */
const BLOCK_CHARS = 256 * 1024;
/** A block length beyond this is damage, not data: rows are bounded by the codec. */
const BLOCK_BYTES_MAX = 64 * 1024 * 1024;

export function archiveFolder(journalPath: string): string {
  return join(dirname(journalPath), 'archive');
}

export function archiveFileName(journalPath: string, genesis: number, firstSeq: number, lastSeq: number): string {
  const [first, last] = [firstSeq, lastSeq].map((seq) => String(seq).padStart(9, '0'));
  return `${basename(stemOf(journalPath))}-${genesis.toString(16).padStart(8, '0')}-${first}-${last}.ndjson.zst`;
}

/**
 * Where no archive is yet its folder is made beside the journal, which is written to anyway.
 * @throws {JournalError} `read-only` where none can ever be written: better told at the start than in the middle of a night
 */
export function refuseUnwritable(folder: string): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    const message = `Older rows of the journal go to the folder "${folder}", and what stands there is none: move it aside.`;
    throw new JournalError('read-only', message, { path: folder });
  }
  attempt(folder, 'written', () => accessSync(folder, constants.W_OK | constants.X_OK));
}

/** Writes the rows, syncs file and folder. A file of the same name is replaced by the same bytes. */
export function writeArchive(folder: string, file: string, pages: Iterable<readonly StoredRow[]>): void {
  if (mkdirSync(folder, { recursive: true }) !== undefined) syncFolder(dirname(folder));
  const path = join(folder, file);
  const unfinished = `${path}.unfinished`;
  const fd = openSync(unfinished, 'w', 0o600);
  try {
    let lines = '';
    for (const page of pages) {
      for (const row of page) {
        lines += lineOf(row);
        if (lines.length >= BLOCK_CHARS) {
          writeBlock(fd, lines);
          lines = '';
        }
      }
    }
    if (lines !== '') writeBlock(fd, lines);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, path);
  syncFolder(folder);
}

/** The rows of an archive, a block at a time, unverified: the caller knows the chain they must fit. */
export function* readArchive(folder: string, file: string): Generator<StoredRow[]> {
  const path = join(folder, file);
  const fd = openSync(path, 'r');
  try {
    for (let block = readBlock(fd, path); block !== undefined; block = readBlock(fd, path)) {
      yield block
        .split('\n')
        .slice(0, -1)
        .map((line) => rowOf(line, path));
    }
  } finally {
    closeSync(fd);
  }
}

function lineOf([seq, kindCode, form, atMs, text, check]: StoredRow): string {
  return `{"seq":${seq},"kind":"${ROW_KINDS[kindCode]}","form":${form},"at":${atMs},"crc":${check},"payload":${text}}\n`;
}

const LINE = /^\{"seq":(\d+),"kind":"(\w+)","form":(\d),"at":(-?\d+),"crc":(\d+),"payload":/;

function rowOf(line: string, path: string): StoredRow {
  const found = LINE.exec(line);
  const kindCode = ROW_KINDS.findIndex((kind) => kind === found?.[2]);
  const form = Number(found?.[3]);
  if (found === null || kindCode < 0 || !isPayloadForm(form)) throw damaged(path, 'a line is not a row');
  const text = line.slice(found[0].length, -1);
  return [Number(found[1]), kindCode, form, Number(found[4]), text, Number(found[5])];
}

function writeBlock(fd: number, lines: string): void {
  const packed = zstdCompressSync(lines);
  const head = Buffer.alloc(SKIPPABLE_HEAD);
  head.writeUInt32LE(SKIPPABLE_MAGIC, 0);
  head.writeUInt32LE(4, 4);
  head.writeUInt32LE(packed.length, 8);
  writeAll(fd, Buffer.concat([head, packed]));
}

function writeAll(fd: number, bytes: Buffer): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

function readBlock(fd: number, path: string): string | undefined {
  const head = Buffer.alloc(SKIPPABLE_HEAD);
  const length = readUpTo(fd, head);
  if (length === 0) return undefined;
  const packedBytes = head.readUInt32LE(8);
  if (length < SKIPPABLE_HEAD || head.readUInt32LE(0) !== SKIPPABLE_MAGIC || packedBytes > BLOCK_BYTES_MAX) {
    throw damaged(path, 'a block has no proper head');
  }
  const packed = Buffer.alloc(packedBytes);
  if (readUpTo(fd, packed) < packedBytes) throw damaged(path, 'it ends in the middle of a block');
  try {
    return zstdDecompressSync(packed, { maxOutputLength: BLOCK_BYTES_MAX }).toString('utf8');
  } catch (error) {
    throw damaged(path, 'a block does not unpack', error);
  }
}

function readUpTo(fd: number, into: Buffer): number {
  let length = 0;
  for (let read = -1; length < into.length && read !== 0; length += read) read = readSync(fd, into, { offset: length });
  return length;
}

function damaged(path: string, fact: string, cause?: unknown): JournalError {
  const message = `Archive "${path}" is damaged: ${fact}. Restore it from a copy; the rows of the main file are not touched.`;
  return new JournalError('corrupt', message, { path, cause });
}
