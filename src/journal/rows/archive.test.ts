import { execFileSync, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { long } from '../../../test/long.ts';
import { JournalError } from '../errors.ts';
import { CONTRACT_OPTIONS, codeThrownBy, plain, thrownBy } from '../journal.contract.ts';
import type { JournalWriter } from '../journal.ts';
import { openJournal, openJournalReader } from '../sqlite-journal.ts';
import { readArchive } from './archive.ts';

vi.setConfig({ testTimeout: long(60_000, 600_000) });

const root = mkdtempSync(join(tmpdir(), 'rungwise-archive-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const newPath = (): string => join(mkdtempSync(join(root, 'x-')), 'journal.db');

const OPTIONS = { ...CONTRACT_OPTIONS, archive: { rowsMax: 100, bytesMax: 1e12, segmentRows: 30 } };
const payloadOf = (seq: number): unknown => ({ seq, feeNano: BigInt(seq) * 10n ** 12n, text: `#${seq} – ёж` });

function write(journal: JournalWriter, count: number): void {
  for (let i = 0; i < count; i += 1) {
    const seq = journal.lastSeq + 1;
    journal.append(seq % 2 === 0 ? 'decision' : 'event', seq * 10, payloadOf(seq));
  }
  journal.commit();
}

/** 300 rows, a snapshot at 280, everything archived that the bound allows: rows 1–180 in six segments. */
function archivedJournal(): { path: string; journal: JournalWriter } {
  const path = newPath();
  const journal = openJournal(path, OPTIONS);
  write(journal, 300);
  journal.snapshot(280, 'state 280');
  journal.commit();
  while (journal.archive() !== undefined);
  return { path, journal };
}

const archiveFiles = (path: string): string[] => readdirSync(join(dirname(path), 'archive')).toSorted();

const IN_THE_WAY: (readonly [string, (folder: string) => void])[] = [
  ['a file stands', (folder) => writeFileSync(folder, 'mine')],
  ['a link to a disk that is not there stands', (folder) => symlinkSync(join(root, 'unplugged'), folder)],
];
/** Nothing is forbidden to root. */
if (process.getuid?.() !== 0)
  IN_THE_WAY.push(['a folder without permission stands', (folder) => mkdirSync(folder, { mode: 0o500 })]);

describe('archive', () => {
  test.each(IN_THE_WAY)(
    'where its folder should be %s: the journal is not even opened, and nothing is made',
    (_, stand) => {
      const path = newPath();
      const folder = join(dirname(path), 'archive');
      stand(folder);
      const error = thrownBy(() => openJournal(path, OPTIONS)) as JournalError;
      expect([error.code, error.path, error.message]).toEqual(['read-only', folder, expect.stringContaining(folder)]);
      expect(existsSync(path)).toBe(false);
      rmSync(folder, { recursive: true });
      openJournal(path, OPTIONS).close();
    },
  );

  test('nothing moves below the bound, nor without a snapshot', () => {
    const journal = openJournal(newPath(), OPTIONS);
    write(journal, 150);
    expect(journal.archive()).toBeUndefined();
    journal.snapshot(90, 's');
    journal.commit();
    expect(journal.archive()).toBeUndefined();
    journal.append('event', 1, 'waiting');
    expect(codeThrownBy(() => journal.archive())).toBe('usage');
    journal.close();
  });

  test('the newest note stays at hand, whether it is archived or not', () => {
    const path = newPath();
    const journal = openJournal(path, OPTIONS);
    const note = (payload: unknown) => ({ seq: journal.append('note', 7, payload), kind: 'note', atMs: 7, payload });
    note('older');
    const newest = note(payloadOf(2));
    write(journal, 300);
    journal.snapshot(290, 's');
    journal.commit();
    while (journal.archive() !== undefined);
    expect(journal.rows(2).next().value).toEqual(newest);
    journal.close();
    const reader = openJournalReader(path);
    expect(reader.lastNote()).toEqual(newest);
    reader.close();
    const again = openJournal(path, OPTIONS);
    expect(again.lastNote()).toEqual(newest);
    again.append('note', 8, 'younger');
    expect(again.lastNote()?.payload).toBe('younger');
    again.close();
  });

  test('moves one segment a call, the oldest first, until the bound is met', () => {
    const journal = openJournal(newPath(), OPTIONS);
    write(journal, 300);
    journal.snapshot(170, 's');
    journal.commit();
    const moved = [journal.archive(), journal.archive(), journal.archive(), journal.archive()];
    expect(moved.map((range) => range && [range.firstSeq, range.lastSeq])).toEqual([
      [1, 30],
      [31, 60],
      [61, 70],
      undefined,
    ]);
    journal.close();
  });

  test('the size of the file moves rows too', () => {
    const journal = openJournal(newPath(), {
      ...OPTIONS,
      archive: { rowsMax: 1e9, bytesMax: 50_000, segmentRows: 50 },
    });
    write(journal, 400);
    journal.snapshot(390, 's');
    journal.commit();
    expect(journal.archive()).toMatchObject({ firstSeq: 1, lastSeq: 50 });
    journal.close();
  });

  test('rows are read, verified and continued as if they had never moved', () => {
    const { path, journal } = archivedJournal();
    const all = Array.from({ length: 300 }, (_, i) => [
      i + 1,
      i % 2 === 1 ? 'decision' : 'event',
      (i + 1) * 10,
      payloadOf(i + 1),
    ]);
    expect(plain(journal.rows())).toEqual(all);
    for (const from of [1, 2, 30, 31, 95, 180, 181, 182, 300, 301]) {
      expect(plain(journal.rows(from)), `from row ${from}`).toEqual(all.slice(from - 1));
    }
    expect(journal.verify()).toMatchObject({ rows: 300, archivedRows: 180, snapshots: 1 });
    write(journal, 1);
    journal.close();
    const reader = openJournalReader(path);
    expect(reader.verify().rows).toBe(301);
    expect(reader.latestSnapshot()?.seq).toBe(280);
    reader.close();
    const again = openJournal(path, OPTIONS);
    expect(again.opened).toMatchObject({ verifiedAfter: 280, acknowledged: 'matched' });
    again.close();
  });

  test('a reader in the middle of the main file goes on in the archive when the rows move under it', () => {
    const journal = openJournal(newPath(), { ...OPTIONS, archive: { rowsMax: 10, bytesMax: 1e12, segmentRows: 700 } });
    write(journal, 2_000);
    journal.snapshot(1_990, 's');
    journal.commit();
    const rows = journal.rows();
    expect(rows.next().value?.seq).toBe(1);
    while (journal.archive() !== undefined);
    expect(plain(rows).map(([seq]) => seq)).toEqual(Array.from({ length: 1_999 }, (_, i) => i + 2));
    journal.close();
  });

  test('the file stays bounded while rows come and go', () => {
    const path = newPath();
    const journal = openJournal(path, { ...OPTIONS, archive: { rowsMax: 500, bytesMax: 1e12, segmentRows: 500 } });
    const sizes: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      write(journal, 1_000);
      journal.snapshot(journal.lastSeq, 'x'.repeat(10_000));
      journal.commit();
      while (journal.archive() !== undefined);
      sizes.push(statSync(path).size);
    }
    expect(Math.max(...sizes.slice(-4))).toBeLessThanOrEqual(Math.max(...sizes.slice(0, 6)) * 1.1);
    expect(journal.verify().rows).toBe(12_000);
    journal.close();
  });

  test('a line of an archive is a row that zstd and any JSON reader understand', () => {
    const { path, journal } = archivedJournal();
    journal.close();
    const [file = ''] = archiveFiles(path);
    expect(file).toMatch(/^journal-[0-9a-f]{8}-000000001-000000030\.ndjson\.zst$/);
    const [page = []] = readArchive(join(dirname(path), 'archive'), file);
    expect(page[1]?.slice(0, 4)).toEqual([2, 1, 1, 20]);
    const zstd = spawnSync('zstd', ['-dc', join(dirname(path), 'archive', file)], { encoding: 'utf8' });
    if (zstd.error === undefined) {
      const rows = zstd.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(rows[1]).toMatchObject({
        seq: 2,
        kind: 'decision',
        form: 1,
        at: 20,
        payload: { seq: 2, text: '##2 – ёж' },
      });
    }
  });

  test('an archive is held in memory a quarter of a MiB at a time, however large it is', () => {
    const path = newPath();
    const journal = openJournal(path, { ...OPTIONS, archive: { rowsMax: 10, bytesMax: 1e12, segmentRows: 1e9 } });
    for (let n = 1; n <= 1_000; n += 1) journal.append('event', n, 'x'.repeat(n));
    journal.snapshot(1_000, 's');
    journal.commit();
    const moved = journal.archive()?.lastSeq;
    journal.close();
    const [file = ''] = archiveFiles(path);
    const pages = [...readArchive(join(dirname(path), 'archive'), file)];
    expect(pages.flat()).toHaveLength(moved ?? 0);
    const sizes = pages.map((page) => page.reduce((sum, [, , , , text]) => sum + text.length, 0));
    expect(Math.max(...sizes)).toBeLessThan(256 * 1024 + 1_002);
  });

  test.runIf(existsSync('/proc/self/fd'))('an archive that was read, to its end or not, is not left open', () => {
    const { path, journal } = archivedJournal();
    const open = () => readdirSync('/proc/self/fd').length;
    const before = open();
    expect([...journal.rows()]).toHaveLength(300);
    for (const row of journal.rows()) if (row.seq === 40) break;
    expect(open()).toBe(before);
    journal.close();
    expect(archiveFiles(path)).toHaveLength(6);
  });

  test('a missing archive is named; the rows after it, and the bot, do not need it', () => {
    const { path, journal } = archivedJournal();
    journal.close();
    const [, second = ''] = archiveFiles(path);
    renameSync(join(dirname(path), 'archive', second), join(root, second));
    const again = openJournal(path, OPTIONS);
    const failure = thrownBy(() => [...again.rows()]);
    expect(failure).toMatchObject({ code: 'corrupt', seq: 31 });
    expect(failure.message).toContain(second);
    expect(plain(again.rows(61))).toHaveLength(240);
    again.close();
  });

  test('an archive damaged at any byte: refused, or of no consequence; never other rows', () => {
    const { path, journal } = archivedJournal();
    journal.close();
    const [first = ''] = archiveFiles(path);
    const file = join(dirname(path), 'archive', first);
    const whole = readFileSync(file);
    const reader = openJournalReader(path);
    const expected = plain(reader.rows());
    let refused = 0;
    for (let index = 0; index < whole.length; index += long(3, 1)) {
      const damaged = Buffer.from(whole);
      damaged[index] = (damaged[index] ?? 0) ^ (1 << (index % 8));
      for (const bytes of [damaged, whole.subarray(0, index)]) {
        writeFileSync(file, bytes);
        const outcome = rowsOrError(() => plain(reader.rows()));
        if (outcome instanceof JournalError) refused += 1;
        else expect(outcome, `byte ${index}`).toEqual(expected);
      }
    }
    expect(refused).toBeGreaterThan(whole.length / long(3, 1));
    reader.close();
  });

  test('a crash at any point of moving loses nothing, and moving again ends well', () => {
    const path = newPath();
    const journal = openJournal(path, OPTIONS);
    write(journal, 300);
    journal.snapshot(280, 's');
    journal.commit();
    journal.close();
    const folder = join(dirname(path), 'archive');
    const after = mkdtempSync(join(root, 'done-'));
    copyTree(dirname(path), after);
    const done = openJournal(join(after, 'journal.db'), OPTIONS);
    const file = done.archive()?.file ?? '';
    done.close();
    // What each crash leaves: half an unfinished file, a finished one that the journal does not know yet.
    const bytes = readFileSync(join(after, 'archive', file));
    const leftovers: [string, Buffer][] = [
      [`${file}.unfinished`, bytes.subarray(0, bytes.length / 2)],
      [`${file}.unfinished`, bytes],
      [file, bytes],
      [file, bytes.subarray(0, 10)],
    ];
    for (const [name, content] of leftovers) {
      const place = mkdtempSync(join(root, 'crash-'));
      copyTree(dirname(path), place);
      execFileSync('mkdir', ['-p', join(place, 'archive')]);
      writeFileSync(join(place, 'archive', name), content);
      const again = openJournal(join(place, 'journal.db'), OPTIONS);
      expect(again.verify()).toMatchObject({ rows: 300, archivedRows: 0 });
      while (again.archive() !== undefined);
      expect(again.verify()).toMatchObject({ rows: 300, archivedRows: 180 });
      expect(readFileSync(join(place, 'archive', file)), 'the same rows give the same file').toEqual(bytes);
      again.close();
    }
    expect(existsSync(folder)).toBe(false);
  });
});

function rowsOrError<T>(read: () => T): T | JournalError {
  try {
    return read();
  } catch (error) {
    if (error instanceof JournalError) return error;
    throw error;
  }
}

function copyTree(from: string, to: string): void {
  execFileSync('cp', ['-r', `${from}/.`, to]);
}
