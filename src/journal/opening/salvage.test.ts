/** What is kept of a damaged journal, and what is lost with it. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, test } from 'vitest';
import { keepAs } from '../files/folder.ts';
import { CONTRACT_OPTIONS, codeThrownBy, plain, thrownBy } from '../journal.contract.ts';
import { openJournal, openJournalReader } from '../sqlite-journal.ts';
import { salvageJournal } from './salvage.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-salvage-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const OPTIONS = { ...CONTRACT_OPTIONS, archive: { rowsMax: 100, bytesMax: 1e12, segmentRows: 50 } };

/** 300 rows: 1–150 archived, snapshots at 240 and 250; `work` adds to it before it is closed. */
function newJournal(): string {
  const path = join(mkdtempSync(join(root, 'x-')), 'journal.db');
  const journal = openJournal(path, OPTIONS);
  for (let seq = 1; seq <= 300; seq += 1) journal.append('event', seq, { seq, feeNano: BigInt(seq) });
  journal.snapshot(240, 'state 240');
  journal.snapshot(250, 'state 250');
  journal.commit();
  while (journal.archive() !== undefined);
  journal.close();
  return path;
}

function damageRow(path: string, seq: number): void {
  const db = new DatabaseSync(path);
  db.prepare('UPDATE rows SET at = at + 1 WHERE seq = ?').run(seq);
  db.close();
}

/** Its first page is that of no tree any more. */
function damageRootOf(path: string, table: string): void {
  const db = new DatabaseSync(path);
  const root = Number(db.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get(table)?.['rootpage']);
  const pageBytes = Number(db.prepare('PRAGMA page_size').get()?.['page_size']);
  db.close();
  const bytes = readFileSync(path);
  bytes.fill(0x55, (root - 1) * pageBytes, root * pageBytes);
  writeFileSync(path, bytes);
}

test('what is kept under a name takes nothing else’s place', () => {
  const folder = mkdtempSync(join(root, 'x-'));
  const [path, name] = [join(folder, 'now'), join(folder, 'before')];
  writeFileSync(path, 'now');
  writeFileSync(name, 'before');
  expect(() => keepAs(path, name)).toThrow('EEXIST');
  expect(readFileSync(name, 'utf8')).toBe('before');
});

describe('salvage', () => {
  test('every row before the damage is kept, with archives and snapshots, and the loss is remembered', () => {
    const path = newJournal();
    damageRow(path, 280);
    expect(thrownBy(() => openJournal(path, OPTIONS))).toMatchObject({ code: 'corrupt', seq: 280 });
    const damagedBytes = ['', '-acked'].map((suffix) => readFileSync(`${path}${suffix}`));
    const salvaged = salvageJournal(path, 1_234);
    expect(salvaged).toMatchObject({ lastSeq: 279, acknowledgedSeq: 300, damagedPath: `${path}.damaged-1234` });
    expect(salvaged.reason).toContain('row 280');
    expect(['', '-acked'].map((suffix) => readFileSync(`${salvaged.damagedPath}${suffix}`))).toEqual(damagedBytes);

    const journal = openJournal(path, OPTIONS);
    expect(journal.meta).toMatchObject({ accountUid: 'uid-1', run: 'run-1', salvagedAfter: [279] });
    expect(journal.opened.acknowledged).toBe('matched');
    expect(plain(journal.rows()).map(([seq]) => seq)).toEqual(Array.from({ length: 279 }, (_, i) => i + 1));
    expect(journal.latestSnapshot()?.state).toBe('state 250');
    expect(journal.append('event', 1, 'it goes on')).toBe(280);
    journal.commit();
    expect(journal.verify()).toMatchObject({ rows: 280, archivedRows: 150 });
    journal.close();
  });

  test.each([251, 300])(
    'also where the damage is the first row after the newest snapshot, or the last of all: %i',
    (seq) => {
      const path = newJournal();
      damageRow(path, seq);
      expect(salvageJournal(path, 1)).toMatchObject({ lastSeq: seq - 1 });
      const journal = openJournal(path, OPTIONS);
      expect(plain(journal.rows()).map(([each]) => each)).toEqual(Array.from({ length: seq - 1 }, (_, i) => i + 1));
      expect(journal.verify()).toMatchObject({ archivedRows: 150, snapshots: 2 });
      journal.close();
    },
  );

  test('what one that was killed has left is in no way; how much is lost may not be known', () => {
    const path = newJournal();
    damageRow(path, 280);
    for (const left of ['.salvaging', '.salvaging-wal', '.folding'])
      writeFileSync(`${path}${left}`, readFileSync(path));
    rmSync(`${path}-acked`);
    expect(salvageJournal(path, 1)).toMatchObject({ lastSeq: 279, acknowledgedSeq: undefined });
    openJournal(path, OPTIONS).close();
    expect(existsSync(`${path}.salvaging`)).toBe(false);
  });

  test('every loss is remembered, the oldest first, and orders are named by another run after each', () => {
    const path = newJournal();
    const runs = [OPTIONS.run];
    for (const [at, seq] of [290, 270].entries()) {
      damageRow(path, seq);
      salvageJournal(path, at);
      const reader = openJournalReader(path);
      runs.push(reader.meta.orderRun);
      reader.close();
      expect(runs.at(-1)).toMatch(/^[a-z0-9]{4}$/);
    }
    expect(new Set(runs).size).toBe(3);
    const journal = openJournal(path, OPTIONS);
    expect(journal.meta).toMatchObject({ run: OPTIONS.run, orderRun: runs.at(-1), salvagedAfter: [289, 269] });
    journal.close();
  });

  test('a log that lost acknowledged rows: what is left is kept', () => {
    const source = join(mkdtempSync(join(root, 's-')), 'journal.db');
    const path = join(mkdtempSync(join(root, 'x-')), 'journal.db');
    const journal = openJournal(source, OPTIONS);
    for (let seq = 1; seq <= 10; seq += 1) {
      journal.append('event', seq, seq);
      journal.commit();
    }
    for (const suffix of ['', '-wal', '-acked']) spawnSync('cp', [`${source}${suffix}`, `${path}${suffix}`]);
    journal.close();
    truncateSync(`${path}-wal`, readFileSync(`${path}-wal`).length - 10);
    expect(codeThrownBy(() => openJournal(path, OPTIONS))).toBe('corrupt');
    expect(salvageJournal(path, 5)).toMatchObject({ lastSeq: 9, acknowledgedSeq: 10 });
    expect(existsSync(`${path}.damaged-5-wal`)).toBe(true);
    const again = openJournal(path, OPTIONS);
    expect(again.lastSeq).toBe(9);
    expect(again.meta.salvagedAfter).toEqual([9]);
    again.close();
  });

  test('a file that ends in the middle of a state is called damaged, beside its log too, and not a disk that fails', () => {
    const path = join(mkdtempSync(join(root, 'x-')), 'journal.db');
    const source = join(mkdtempSync(join(root, 'x-')), 'journal.db');
    const journal = openJournal(source, OPTIONS);
    for (let seq = 1; seq <= 20; seq += 1) journal.append('event', seq, seq);
    journal.snapshot(20, 'a long state '.repeat(400_000));
    journal.commit();
    journal.checkpoint();
    journal.append('event', 21, 'in the log');
    journal.commit();
    for (const suffix of ['', '-wal', '-acked']) spawnSync('cp', [`${source}${suffix}`, `${path}${suffix}`]);
    journal.close();
    truncateSync(path, Math.floor(statSync(path).size / 2));
    expect(codeThrownBy(() => openJournal(path, OPTIONS))).toBe('corrupt');
    expect(codeThrownBy(() => salvageJournal(path, 5))).toBe('beyond-repair');
  });

  test('damage before the newest snapshot and after it: the state is kept, and the rows that follow it', () => {
    const path = newJournal();
    damageRow(path, 200);
    damageRow(path, 290);
    const givenUp = { firstSeq: 151, lastSeq: 250 };
    expect(salvageJournal(path, 7)).toMatchObject({ lastSeq: 289, acknowledgedSeq: 300, givenUp });
    const journal = openJournal(path, OPTIONS);
    expect(journal.latestSnapshot()?.seq).toBe(250);
    expect(plain(journal.rows(251)).map(([seq]) => seq)).toEqual(Array.from({ length: 39 }, (_, i) => i + 251));
    expect(
      thrownBy(() => [...journal.rows()]),
      'replay stops at the rows given up',
    ).toMatchObject({ seq: 151 });
    journal.close();
  });

  test.each([
    ['the list of states', 'snapshots', 300, undefined],
    ['the rows', 'rows', 250, 250],
  ])('%s alone is beyond reading: the other is kept', (_, table, lastSeq, snapshotSeq) => {
    const path = newJournal();
    damageRootOf(path, table);
    expect(codeThrownBy(() => openJournal(path, OPTIONS))).toBe('corrupt');
    expect(salvageJournal(path, 1)).toMatchObject({ lastSeq, acknowledgedSeq: 300 });
    const journal = openJournal(path, OPTIONS);
    expect([journal.lastSeq, journal.latestSnapshot()?.seq]).toEqual([lastSeq, snapshotSeq]);
    journal.close();
  });

  test('a journal that opens is left alone, also with damage before its last snapshot', () => {
    const path = newJournal();
    expect(codeThrownBy(() => salvageJournal(path, 1))).toBe('usage');
    damageRow(path, 200);
    expect(codeThrownBy(() => salvageJournal(path, 1))).toBe('usage');
    const journal = openJournal(path, OPTIONS);
    expect(thrownBy(() => journal.verify())).toMatchObject({ code: 'corrupt', seq: 200 });
    journal.close();
  });

  test('what is no journal, is not there, or is being written is refused', () => {
    const path = newJournal();
    expect(codeThrownBy(() => salvageJournal(`${path}x`, 1))).toBe('not-found');
    const text = join(root, 'text.db');
    writeFileSync(text, 'x'.repeat(5_000));
    expect(codeThrownBy(() => salvageJournal(text, 1))).toBe('not-a-journal');
    const journal = openJournal(path, OPTIONS);
    const link = join(root, 'a-name.db');
    symlinkSync(path, link);
    for (const name of [path, link]) expect(codeThrownBy(() => salvageJournal(name, 1))).toBe('second-instance');
    journal.close();
  });
});
