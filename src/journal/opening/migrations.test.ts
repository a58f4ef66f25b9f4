import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { CONTRACT_OPTIONS, codeThrownBy, plain, thrownBy } from '../journal.contract.ts';
import { readMeta, SCHEMA_VERSION } from '../rows/schema.ts';
import { openJournal, openJournalReader } from '../sqlite-journal.ts';
import { MIGRATIONS, type Migration, migrateJournal } from './migrations.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-migrations-'));
const readers: ChildProcess[] = [];
afterAll(() => {
  for (const reader of readers) reader.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** Two steps that a later release might take, upon a journal of today. */
const LATER: readonly Migration[] = [
  { to: SCHEMA_VERSION + 1, sql: 'CREATE TABLE marks (seq INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT' },
  { to: SCHEMA_VERSION + 2, sql: 'CREATE INDEX rows_at ON rows (at)' },
];
const migrate = (path: string, migrations = LATER): void =>
  migrateJournal(path, SCHEMA_VERSION, migrations, SCHEMA_VERSION + migrations.length);

/** A journal as a killed process leaves it: its last rows are in the log only. */
function killedJournal(): string {
  const source = join(mkdtempSync(join(root, 'x-')), 'journal.db');
  const path = join(mkdtempSync(join(root, 'y-')), 'journal.db');
  const journal = openJournal(source, CONTRACT_OPTIONS);
  for (let seq = 1; seq <= 500; seq += 1) journal.append('event', seq, { seq, feeNano: 1n });
  journal.snapshot(300, 'state');
  journal.commit();
  for (const suffix of ['', '-wal', '-acked']) spawnSync('cp', [`${source}${suffix}`, `${path}${suffix}`]);
  journal.close();
  return path;
}

describe('migration', () => {
  test('a journal of schema 1, as the first release wrote it, opens and reads the same for ever', () => {
    const path = join(mkdtempSync(join(root, 'v1-')), 'journal.db');
    writeFileSync(path, zstdDecompressSync(readFileSync(new URL('fixtures/journal-v1.db.zst', import.meta.url))));
    const journal = openJournal(path, CONTRACT_OPTIONS);
    expect(journal.meta).toMatchObject({ accountUid: 'uid-1', run: 'run-1', createdAtMs: 1_700_000_000_000 });
    expect(journal.latestSnapshot()).toEqual({ seq: 8, atMs: 4_000, state: '{"state":8}' });
    expect(plain(journal.rows())).toEqual([
      ...[1, 2, 3, 4, 5].flatMap((i) => [
        [2 * i - 1, 'event', i * 1_000, { kind: 'filled', seq: i, feeNano: BigInt(-i), text: `#${i}` }],
        [2 * i, 'decision', i * 1_000, { lots: i, zero: -0, none: null, list: [true, 'ёж'] }],
      ]),
      [11, 'note', 6_000, 'the end'],
    ]);
    expect(journal.verify().rows).toBe(11);
    journal.close();
  });

  test('a list of migrations leads without a gap to the schema of this release', () => {
    expect(MIGRATIONS.map(({ to }) => to)).toEqual(Array.from({ length: SCHEMA_VERSION - 1 }, (_, i) => i + 2));
  });

  test('every row, its checksum and the snapshots survive; the older file stays beside', () => {
    const path = killedJournal();
    migrate(path);
    const db = new DatabaseSync(path);
    expect(db.prepare('SELECT count(*) AS count FROM rows').get()).toEqual({ count: 500 });
    expect(
      db.prepare("SELECT name FROM sqlite_schema WHERE name IN ('marks', 'rows_at') ORDER BY 1").all(),
    ).toHaveLength(2);
    expect(() => readMeta(db, path), 'this release calls it newer').toThrow(`schema "${SCHEMA_VERSION + 2}"`);
    db.close();
    const older = openJournalReader(`${path}.bak-v${SCHEMA_VERSION}`);
    expect(older.verify()).toMatchObject({ rows: 500, snapshots: 1 });
    older.close();
    expect(existsSync(`${path}-wal`), 'the older log must not be taken for the newer file').toBe(false);
    expect(existsSync(`${path}.migrating`)).toBe(false);
  });

  test('a migration that fails leaves the older journal byte for byte, log included', () => {
    const path = killedJournal();
    const before = [readFileSync(path), readFileSync(`${path}-wal`)];
    const failing = [LATER[0]!, { to: SCHEMA_VERSION + 2, sql: 'CREATE INDEX broken ON nowhere (x)' }];
    const failure = thrownBy(() => migrate(path, failing));
    expect(failure.message).toContain('migrated');
    expect([readFileSync(path), readFileSync(`${path}-wal`)]).toEqual(before);
    expect(existsSync(`${path}.migrating`)).toBe(false);
    expect(plainOf(path)).toHaveLength(500);
  });

  test('a migration that touches a row is not put in place', () => {
    const path = killedJournal();
    const harmful = [{ to: SCHEMA_VERSION + 1, sql: 'UPDATE rows SET at = 0 WHERE seq = 400' }];
    expect(thrownBy(() => migrate(path, harmful))).toMatchObject({ code: 'corrupt', seq: 400 });
    expect(plainOf(path)).toHaveLength(500);
    const shortening = [{ to: SCHEMA_VERSION + 1, sql: 'DELETE FROM rows WHERE seq = 500' }];
    expect(codeThrownBy(() => migrate(path, shortening))).toBe('corrupt');
    expect(plainOf(path)).toHaveLength(500);
  });

  test('a crash between keeping the older file and putting the copy in place is begun again', () => {
    const path = killedJournal();
    plainOf(path);
    spawnSync('ln', [path, `${path}.bak-v${SCHEMA_VERSION}`]);
    spawnSync('cp', [path, `${path}.migrating`]);
    migrate(path);
    expect(existsSync(`${path}.migrating`)).toBe(false);
  });

  test('a reader that has the journal open stands in the way, and is named as the reason', async () => {
    const path = killedJournal();
    const program = `
      import { openJournalReader } from '${new URL('../sqlite-journal.ts', import.meta.url).href}';
      const reader = openJournalReader(${JSON.stringify(path)});
      process.stdout.write(String(reader.lastSeq));
      setInterval(() => reader.lastSeq, 1_000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    readers.push(child);
    await once(child.stdout, 'data');
    const failure = thrownBy(() => migrate(path));
    expect(failure.code).toBe('busy');
    expect(failure.message).toContain('Close reports');
    child.kill('SIGKILL');
    await once(child, 'exit');
    migrate(path);
  });
});

function plainOf(path: string): unknown[] {
  const journal = openJournal(path, CONTRACT_OPTIONS);
  const rows = plain(journal.rows());
  journal.close();
  return rows;
}
