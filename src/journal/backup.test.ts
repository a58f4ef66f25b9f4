/** What a copy holds, of a journal that is being written too; that what has the name of one is whole; and that a bot goes on from it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { backUpJournal } from './backup.ts';
import { CONTRACT_OPTIONS, codeThrownBy, plain, thrownBy } from './journal.contract.ts';
import { salvageJournal } from './opening/salvage.ts';
import { openJournal, openJournalReader } from './sqlite-journal.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-backup-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const OPTIONS = { ...CONTRACT_OPTIONS, archive: { rowsMax: 100, bytesMax: 1e12, segmentRows: 50 } };

/** 300 rows: 1–150 in three archives, a snapshot at 250; the log is folded in. */
function newJournal(): string {
  const path = join(mkdtempSync(join(root, 'x-')), 'journal.db');
  const journal = openJournal(path, OPTIONS);
  append(journal, 300);
  journal.snapshot(250, 'state 250');
  journal.commit();
  while (journal.archive() !== undefined);
  journal.close();
  return path;
}

function append(journal: ReturnType<typeof openJournal>, upTo: number): void {
  for (let seq = journal.lastSeq + 1; seq <= upTo; seq += 1)
    journal.append('event', seq, { seq, feeNano: BigInt(seq) });
  journal.commit();
}

function damageRow(path: string, seq: number): void {
  const db = new DatabaseSync(path);
  db.prepare('UPDATE rows SET at = at + 1 WHERE seq = ?').run(seq);
  db.close();
}

const beside = (path: string, name = 'copy') => join(dirname(path), name);
const read = (path: string) => {
  const journal = openJournalReader(path);
  const found = { meta: journal.meta, rows: plain(journal.rows()), snapshot: journal.latestSnapshot() };
  journal.close();
  return found;
};

describe('a copy', () => {
  test('reads as the journal does, archives and snapshots included, and counts its files', () => {
    const path = newJournal();
    const copy = backUpJournal(path, beside(path));
    expect(copy).toMatchObject({ lastSeq: 300, archives: 3, damagedSeq: undefined });
    expect(read(copy.journalPath)).toEqual(read(path));
    const files = readdirSync(beside(path), { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    expect(files).toHaveLength(4);
    const bytes = files.map((each) => readFileSync(join(each.parentPath, each.name)).length);
    expect(copy.bytes).toBe(bytes.reduce((sum, each) => sum + each, 0));
  });

  test('holds what its writer has committed and not folded in yet, and nothing that it has not', () => {
    const path = newJournal();
    const journal = openJournal(path, OPTIONS);
    append(journal, 320);
    journal.append('event', 321, 'not committed');
    const copy = backUpJournal(path, beside(path));
    expect(copy.lastSeq).toBe(320);
    // The writer goes on as if nobody had looked.
    journal.commit();
    expect(journal.verify().rows).toBe(321);
    journal.close();
    expect(read(copy.journalPath).rows).toEqual(read(path).rows.slice(0, 320));
  });

  test('of a journal that another process writes and archives all the while is one of its states, each time', async () => {
    const path = join(mkdtempSync(join(root, 'x-')), 'journal.db');
    const program = fileURLToPath(new URL('writer.child.ts', import.meta.url));
    const writer = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: writer.stdout });
    let said = 0;
    lines.on('line', (line) => (said = Number(line) || said));
    const copies = [];
    try {
      for (let n = 1; n <= 8; n += 1) {
        while (said < n * 150) await once(lines, 'line');
        const before = said;
        const copy = backUpJournal(path, beside(path, `copy-${n}`));
        expect(copy.lastSeq).toBeGreaterThanOrEqual(before);
        expect(copy.damagedSeq).toBeUndefined();
        copies.push(copy);
      }
    } finally {
      writer.kill('SIGKILL');
      await once(writer, 'exit');
    }
    const whole = read(path).rows;
    for (const copy of copies) expect(read(copy.journalPath).rows).toEqual(whole.slice(0, copy.lastSeq));
    expect(copies.at(-1)?.archives, 'it was archiving').toBeGreaterThan(copies[0]?.archives ?? 0);
  });

  test('is gone on from by its bot, whose orders have other names then', () => {
    const path = newJournal();
    const copy = backUpJournal(path, beside(path));
    const journal = openJournal(copy.journalPath, OPTIONS);
    expect(journal.opened).toMatchObject({ created: false, verifiedAfter: 250, acknowledged: 'absent' });
    expect(journal.meta.orderRun).not.toBe(read(path).meta.orderRun);
    append(journal, 310);
    expect(journal.verify()).toMatchObject({ rows: 310, archivedRows: 150 });
    journal.close();
  });

  test('put back in place of a lost file is known to lack what was acknowledged since, and is recovered', () => {
    const path = newJournal();
    const copy = backUpJournal(path, beside(path));
    const journal = openJournal(path, OPTIONS);
    append(journal, 340);
    journal.close();
    cpSync(copy.journalPath, path);
    expect(thrownBy(() => openJournal(path, OPTIONS))).toMatchObject({ code: 'corrupt', seq: 301 });
    expect(salvageJournal(path, 1)).toMatchObject({ lastSeq: 300, acknowledgedSeq: 340 });
    const again = openJournal(path, OPTIONS);
    expect(again.verify().rows).toBe(300);
    again.close();
  });
});

describe('damage', () => {
  const left = (path: string) => readdirSync(dirname(path)).filter((name) => name.startsWith('copy'));

  test('before the last snapshot is in the copy too, and told: a bot goes on from it as from the journal', () => {
    const path = newJournal();
    damageRow(path, 200);
    const copy = backUpJournal(path, beside(path));
    expect(copy).toMatchObject({ lastSeq: 300, damagedSeq: 200 });
    openJournal(copy.journalPath, OPTIONS).close();
  });

  test('an archive that is gone is such damage', () => {
    const path = newJournal();
    const folder = join(dirname(path), 'archive');
    rmSync(join(folder, readdirSync(folder).sort()[1] ?? ''));
    expect(backUpJournal(path, beside(path))).toMatchObject({ lastSeq: 300, archives: 2, damagedSeq: 51 });
  });

  test('after it leaves nothing to go on from: it is told of the journal, and there is no copy', () => {
    const path = newJournal();
    damageRow(path, 290);
    const error = thrownBy(() => backUpJournal(path, beside(path)));
    expect(error).toMatchObject({ code: 'corrupt', path, seq: 290 });
    expect(left(path)).toEqual([]);
  });

  test('a file that is cut short, or none, or no journal', () => {
    const path = newJournal();
    truncateSync(path, 8_192);
    expect(codeThrownBy(() => backUpJournal(path, beside(path)))).toBe('corrupt');
    writeFileSync(path, 'x'.repeat(9_000));
    expect(codeThrownBy(() => backUpJournal(path, beside(path)))).toBe('not-a-journal');
    expect(codeThrownBy(() => backUpJournal(dirname(path), beside(path)))).toBe('not-a-journal');
    expect(codeThrownBy(() => backUpJournal(beside(path, 'none.db'), beside(path)))).toBe('not-found');
    expect(left(path)).toEqual([]);
  });
});

describe('the folder', () => {
  test('is a new one: what stands there is not touched', () => {
    const path = newJournal();
    mkdirSync(beside(path));
    writeFileSync(join(beside(path), 'mine'), 'mine');
    expect(codeThrownBy(() => backUpJournal(path, beside(path)))).toBe('usage');
    expect(readdirSync(beside(path))).toEqual(['mine']);
  });

  test('has another name until all of it is there; what an interrupted copy has left is taken away by the next', () => {
    const path = newJournal();
    const unfinished = `${beside(path)}.unfinished`;
    mkdirSync(unfinished);
    writeFileSync(join(unfinished, 'journal.db'), 'half a page');
    let wasThere: boolean | undefined;
    backUpJournal(path, beside(path), () => (wasThere ??= existsSync(beside(path)) && !existsSync(unfinished)));
    expect(wasThere).toBe(false);
    expect(existsSync(unfinished)).toBe(false);
    expect(read(join(beside(path), 'journal.db')).rows).toHaveLength(300);
  });

  test('that cannot be made is told of', () => {
    const path = newJournal();
    const error = thrownBy(() => backUpJournal(path, '/proc/nowhere/copy'));
    expect(error.code).toMatch(/read-only|not-found/);
    expect(error.message).toContain('/proc/nowhere/copy');
  });
});
