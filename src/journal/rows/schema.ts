/**
 * The tables of a journal file, and its identity.
 *
 * What is promised for ever: `rows`, `snapshots`, `archives` and `meta` keep these columns with this meaning; a later
 * schema adds tables, columns or indexes and never rewrites a row. So the checksum chain survives every upgrade, and
 * reading (report, replay) needs no migration.
 */

import type { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { CORRUPT_ADVICE, JournalError } from '../errors.ts';
import type { JournalRow } from '../journal.ts';
import { CODEC_VERSION, decodePayload, encodePayload, type PayloadForm } from './codec.ts';

export const SCHEMA_VERSION = 1;

/** Says `Rung` in the file's header: https://sqlite.org/pragma.html#pragma_application_id */
const APPLICATION_ID = 0x52_75_6e_67;

const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE rows (
    seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, form INTEGER NOT NULL, at INTEGER NOT NULL,
    payload TEXT NOT NULL, crc INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE snapshots (
    seq INTEGER PRIMARY KEY, at INTEGER NOT NULL, chain INTEGER NOT NULL, state BLOB NOT NULL, crc INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE archives (
    first INTEGER PRIMARY KEY, last INTEGER NOT NULL, previous INTEGER NOT NULL, chain INTEGER NOT NULL,
    file TEXT NOT NULL, crc INTEGER NOT NULL
  ) STRICT;
`;

export const INSERT_ROW = 'INSERT INTO rows (seq, kind, form, at, payload, crc) VALUES (?, ?, ?, ?, ?, ?)';
export const INSERT_ARCHIVE =
  'INSERT INTO archives (first, last, previous, chain, file, crc) VALUES (?, ?, ?, ?, ?, ?)';

/** Who a journal belongs to; fixed when it is created. */
export interface JournalIdentity {
  readonly accountUid: string;
  /** Part of what the chain of rows begins with, and the first {@link JournalMeta.orderRun}. */
  readonly run: string;
  readonly createdAtMs: number;
}

export interface JournalMeta extends JournalIdentity {
  readonly schemaVersion: number;
  readonly codecVersion: number;
  /**
   * The run that client order ids are made from. It outlives restarts: the same rung gets the same id again. After a salvage, and where nothing says that no
   * row is missing, it is another: rows that were lost may have named orders by the one before.
   */
  readonly orderRun: string;
  /** `seq` after which rows were lost and cut off by a salvage, oldest first; empty in a journal that is whole. */
  readonly salvagedAfter: readonly number[];
}

/** The check that stands before row 1. */
export function genesisCheck(identity: JournalIdentity): number {
  return crc32(JSON.stringify([identity.accountUid, identity.run, identity.createdAtMs]));
}

export function createTables(db: DatabaseSync, identity: JournalIdentity): void {
  db.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
  db.exec(TABLES);
  writeMeta(db, {
    accountUid: identity.accountUid,
    run: identity.run,
    createdAtMs: identity.createdAtMs,
    schemaVersion: SCHEMA_VERSION,
    codecVersion: CODEC_VERSION,
    orderRun: identity.run,
    salvagedAfter: [],
  });
}

const PUT_META = 'INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value';

export function writeMeta(db: DatabaseSync, meta: JournalMeta): void {
  const value = JSON.stringify(meta);
  const put = db.prepare(PUT_META);
  put.run('journal', value);
  put.run('check', String(crc32(value)));
}

/** The newest note of those that leave the main file stays at hand: the next start asks what the last one began with. */
export function keepNote(db: DatabaseSync, { seq, atMs, payload }: JournalRow): void {
  const { form, text } = encodePayload({ seq, atMs, payload });
  const value = JSON.stringify([form, text, crc32(text)]);
  db.prepare(PUT_META).run('note', value);
}

export function forgetNote(db: DatabaseSync): void {
  db.exec("DELETE FROM meta WHERE key = 'note'");
}

/** Undefined where none has left, or what was kept of it is damaged: nothing is folded from it. */
export function keptNote(db: DatabaseSync): JournalRow | undefined {
  const value = db.prepare("SELECT value FROM meta WHERE key = 'note'").get()?.['value'];
  if (typeof value !== 'string') return undefined;
  try {
    const [form, text, check] = JSON.parse(value) as [PayloadForm, string, number];
    if (crc32(text) !== check) return undefined;
    return { kind: 'note', ...(decodePayload(form, text) as Omit<JournalRow, 'kind'>) };
  } catch {
    return undefined;
  }
}

/** Reads the identity. Throws `not-a-journal`, `corrupt`, or `newer-version` (before anything else is looked at). */
export function readMeta(db: DatabaseSync, path: string): JournalMeta {
  const found = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'meta'").get();
  if (found === undefined) {
    throw new JournalError('not-a-journal', `"${path}" is a database and not a journal. Name another path.`, { path });
  }
  const values = new Map(
    db
      .prepare('SELECT key, value FROM meta')
      .all()
      .map((row) => [row['key'], row['value']]),
  );
  const text = values.get('journal');
  if (typeof text !== 'string' || String(crc32(text)) !== values.get('check')) throw corruptMeta(path);
  const meta: unknown = JSON.parse(text);
  if (!isMeta(meta)) throw corruptMeta(path);
  if (meta.schemaVersion > SCHEMA_VERSION || meta.codecVersion > CODEC_VERSION) {
    const message =
      `Journal "${path}" was written by a newer release: schema "${meta.schemaVersion}", codec "${meta.codecVersion}";` +
      ` this one knows schema "${SCHEMA_VERSION}", codec "${CODEC_VERSION}". Upgrade; nothing was changed.`;
    throw new JournalError('newer-version', message, { path });
  }
  // Older releases wrote none.
  return { ...meta, orderRun: meta.orderRun ?? meta.run };
}

function isMeta(meta: unknown): meta is Omit<JournalMeta, 'orderRun'> & { readonly orderRun?: string } {
  if (typeof meta !== 'object' || meta === null) return false;
  const fields = meta as Partial<Record<keyof JournalMeta, unknown>>;
  return (
    typeof fields.accountUid === 'string' &&
    typeof fields.run === 'string' &&
    ['string', 'undefined'].includes(typeof fields.orderRun) &&
    Number.isSafeInteger(fields.createdAtMs) &&
    Number.isSafeInteger(fields.schemaVersion) &&
    Number.isSafeInteger(fields.codecVersion) &&
    Array.isArray(fields.salvagedAfter) &&
    fields.salvagedAfter.every(Number.isSafeInteger)
  );
}

function corruptMeta(path: string): JournalError {
  return new JournalError('corrupt', `Journal "${path}": its identity is damaged. ${CORRUPT_ADVICE}`, { path });
}
