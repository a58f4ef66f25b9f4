import { spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, test } from 'vitest';
import { CONTRACT_OPTIONS, codeThrownBy, describeJournal, plain, thrownBy } from './journal.contract.ts';
import type { JournalOptions, JournalWriter } from './journal.ts';
import { type JournalMeta, writeMeta } from './rows/schema.ts';
import { openJournal, openJournalReader } from './sqlite-journal.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-journal-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const newPath = (): string => join(mkdtempSync(join(root, 'x-')), 'state', 'journal.db');

describeJournal('SQLite', () => {
  let path = newPath();
  let writer: JournalWriter | undefined;
  const open = (options: Partial<JournalOptions> = {}) =>
    (writer = openJournal(path, { ...CONTRACT_OPTIONS, ...options }));
  return {
    open,
    // The files as a killed process leaves them, under another name: the dead writer of this process holds the old ones.
    crash: () => {
      const copy = newPath();
      copyState(path, copy);
      writer?.close();
      path = copy;
    },
    openOnFullDisk: () => open({ sizeBytesMax: 100_000 }),
    dispose: () => writer?.close(),
  };
});

test('a journal keeps a write-ahead log', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.close();
  const db = new DatabaseSync(path);
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  db.close();
});

test('a reader sees what is committed, while the writer writes', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.append('event', 1, 'a');
  journal.commit();
  const reader = openJournalReader(path);
  journal.append('event', 2, 'b');
  expect(reader.lastSeq).toBe(1);
  journal.commit();
  expect(plain(reader.rows())).toEqual([
    [1, 'event', 1, 'a'],
    [2, 'event', 2, 'b'],
  ]);
  reader.close();
  journal.close();
});

test('a reader of rows holds neither the log nor the writer back', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  for (let i = 1; i <= 1_000; i += 1) journal.append('event', i, i);
  journal.commit();
  const reader = openJournalReader(path);
  const rows = reader.rows();
  expect(rows.next().value).toMatchObject({ seq: 1 });
  for (let i = 1; i <= 20_000; i += 1) {
    journal.append('event', i, 'x'.repeat(400));
    if (i % 20 !== 0) continue;
    journal.commit();
    journal.checkpoint();
  }
  expect(statSync(`${path}-wal`).size, 'the log is folded in and used again').toBeLessThan(8_000_000);
  expect([...rows].length).toBe(20_999);
  reader.close();
  journal.close();
});

test('a commit leaves the log as it is, however long: a checkpoint folds it in, where one is due', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.checkpoint();
  const empty = statSync(path).size;
  for (let i = 1; i <= 8_000; i += 1) {
    journal.append('event', i, 'x'.repeat(1_000));
    if (i % 100 === 0) journal.commit();
  }
  expect(statSync(path).size, 'nothing was folded in within a commit').toBe(empty);
  journal.append('event', 8_001, 'not committed');
  journal.checkpoint();
  expect(statSync(path).size, 'rows wait for a commit').toBe(empty);
  journal.commit();
  journal.checkpoint();
  const folded = statSync(path).size;
  expect(folded).toBeGreaterThan(8_000_000);
  journal.append('event', 8_002, 'x'.repeat(10_000));
  journal.commit();
  journal.checkpoint();
  expect(statSync(path).size, 'none is due').toBe(folded);
  journal.close();
});

test('a log that nobody folds in is folded in within a commit at last', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  for (let i = 1; i <= 100; i += 1) {
    journal.append('event', i, 'x'.repeat(1_000_000));
    journal.commit();
  }
  expect(statSync(`${path}-wal`).size).toBeLessThan(80_000_000);
  journal.close();
});

test('a reader of nothing, of something else and of a folder is told so', () => {
  const path = newPath();
  expect(codeThrownBy(() => openJournalReader(path))).toBe('not-found');
  const text = join(root, 'text.db');
  writeFileSync(text, 'not a database at all, but long enough to be looked at by SQLite as one\n'.repeat(20));
  expect(codeThrownBy(() => openJournalReader(text))).toBe('not-a-journal');
  expect(codeThrownBy(() => openJournal(text, CONTRACT_OPTIONS))).toBe('not-a-journal');
  const foreign = join(root, 'foreign.db');
  const db = new DatabaseSync(foreign);
  db.exec('CREATE TABLE t (x)');
  db.close();
  expect(codeThrownBy(() => openJournal(foreign, CONTRACT_OPTIONS))).toBe('not-a-journal');
  expect(codeThrownBy(() => openJournal(mkdtempSync(join(root, 'folder-')), CONTRACT_OPTIONS))).toMatch(
    /read-only|io|not-a-journal/,
  );
});

test('a journal that vanished is told from one that never was', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.append('event', 1, 'a');
  journal.commit();
  journal.close();
  rmSync(path);
  const next = openJournal(path, CONTRACT_OPTIONS);
  expect(next.opened).toMatchObject({ created: true, predecessorLost: true });
  next.close();
});

test.each([
  ['longer', 40],
  ['shorter', 10],
  ['empty', 0],
])('an acknowledgement that became %s vouches again after the next writer', (_, bytes) => {
  const path = newPath();
  const live = () => {
    const journal = openJournal(path, CONTRACT_OPTIONS);
    journal.append('event', 1, 'a');
    journal.commit();
    journal.close();
    return journal.opened.acknowledged;
  };
  live();
  const whole = readFileSync(`${path}-acked`);
  writeFileSync(`${path}-acked`, Buffer.concat([whole, Buffer.alloc(40)]).subarray(0, bytes));
  expect([live(), live()]).toEqual(['unreadable', 'matched']);
});

test('a journal without an acknowledgement, which may be a copy, names orders by another run from then on', () => {
  const path = newPath();
  const runOf = () => {
    const journal = openJournal(path, CONTRACT_OPTIONS);
    journal.append('event', 1, 'a');
    journal.commit();
    journal.close();
    return journal.meta.orderRun;
  };
  expect([runOf(), runOf()]).toEqual([CONTRACT_OPTIONS.run, CONTRACT_OPTIONS.run]);
  rmSync(`${path}-acked`);
  const next = runOf();
  expect(next).not.toBe(CONTRACT_OPTIONS.run);
  expect(runOf()).toBe(next);
  const reader = openJournalReader(path);
  expect(reader.verify()).toMatchObject({ rows: 4 });
  reader.close();
});

test('a log left behind by a journal that vanished is not taken for the new one', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.append('event', 1, 'old');
  journal.commit();
  const copy = newPath();
  copyState(path, copy);
  journal.close();
  rmSync(copy);
  const next = openJournal(copy, CONTRACT_OPTIONS);
  expect(next.lastSeq).toBe(0);
  expect(readdirSync(dirname(copy)).filter((name) => name.includes('orphan'))).toHaveLength(1);
  next.close();
});

test.each([
  ['the journal itself', ''],
  ['its log', '-wal'],
])(
  '%s that is deleted, renamed or replaced under its writer is told at the next commit, and nothing of that stays',
  (_, suffix) => {
    for (const harm of [rmSync, (file: string) => renameSync(file, `${file}.moved`), replace]) {
      const path = newPath();
      const journal = openJournal(path, CONTRACT_OPTIONS);
      journal.append('event', 1, 'before');
      journal.commit();
      harm(`${path}${suffix}`);
      journal.append('event', 2, 'after');
      const failure = thrownBy(() => journal.commit());
      expect([failure.code, failure.path, journal.durableSeq]).toEqual([
        'moved',
        realpathSync(dirname(path)) + `/journal.db${suffix}`,
        1,
      ]);
      expect(codeThrownBy(() => journal.append('event', 3, 'later'))).toBe('moved');
      journal.close();
    }
  },
);

test('a log that is deleted under its writer has lost nothing once the writer is closed', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.append('event', 1, 'before');
  journal.commit();
  rmSync(`${path}-wal`);
  journal.close();
  const next = openJournal(path, CONTRACT_OPTIONS);
  expect([next.lastSeq, next.opened.acknowledged]).toEqual([1, 'matched']);
  next.close();
});

function replace(file: string): void {
  spawnSync('sh', ['-c', 'cp "$0" "$0.copy" && mv "$0.copy" "$0"', file]);
}

test('an opening that fails leaves journal and log byte for byte as they were', () => {
  const path = newPath();
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.append('event', 1, 'in the log');
  journal.commit();
  const copy = newPath();
  copyState(path, copy);
  journal.close();
  const before = [readFileSync(copy), readFileSync(`${copy}-wal`)];
  expect(before[1]?.length).toBeGreaterThan(0);
  expect(codeThrownBy(() => openJournal(copy, { ...CONTRACT_OPTIONS, accountUid: 'uid-2' }))).toBe('other-account');
  expect([readFileSync(copy), readFileSync(`${copy}-wal`)]).toEqual(before);
});

test('a lock file that is damaged is named, and may be deleted', () => {
  const path = newPath();
  openJournal(path, CONTRACT_OPTIONS).close();
  const lockPath = join(dirname(path), 'journal.lock.db');
  writeFileSync(lockPath, 'x'.repeat(5_000));
  expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS)).message).toContain('Delete it and start again');
  rmSync(lockPath);
  openJournal(path, CONTRACT_OPTIONS).close();
});

test('a journal of a newer release is refused by name, and read by nobody', () => {
  const path = newPath();
  openJournal(path, CONTRACT_OPTIONS).close();
  setMeta(path, { schemaVersion: 99 });
  const failure = thrownBy(() => openJournal(path, CONTRACT_OPTIONS));
  expect(failure.code).toBe('newer-version');
  expect(failure.message).toContain('schema "99"');
  expect(codeThrownBy(() => openJournalReader(path))).toBe('newer-version');
});

/** By another process: reading the files in this one would drop SQLite's locks on them. */
export function copyState(from: string, to: string): void {
  spawnSync('mkdir', ['-p', dirname(to)]);
  for (const suffix of ['', '-wal', '-acked']) spawnSync('cp', [`${from}${suffix}`, `${to}${suffix}`]);
}

function setMeta(path: string, change: object): void {
  const db = new DatabaseSync(path);
  const meta = JSON.parse(
    String(db.prepare("SELECT value FROM meta WHERE key = 'journal'").get()?.['value']),
  ) as object;
  writeMeta(db, { ...(meta as JournalMeta), ...change });
  db.close();
}
