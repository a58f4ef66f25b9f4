/**
 * Rows, snapshots and identity that SQLite finds in perfect order and that are not what was written: missing, doubled,
 * swapped, taken from another journal. Done with SQL on a journal at rest.
 */
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { CONTRACT_OPTIONS, plain, thrownBy } from '../journal.contract.ts';
import { openJournal } from '../sqlite-journal.ts';

const root = mkdtempSync(join(tmpdir(), 'rungwise-tampering-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let path = '';
beforeEach(() => {
  path = newJournal();
});

/** 20 rows, no snapshot: all are verified on opening. Rows 9 and 11 are alike but for their number. */
function newJournal(run = 'run-1'): string {
  const journalPath = join(mkdtempSync(join(root, 'x-')), 'journal.db');
  const journal = openJournal(journalPath, { ...CONTRACT_OPTIONS, run });
  for (let seq = 1; seq <= 20; seq += 1) {
    journal.append(seq % 2 === 1 ? 'event' : 'decision', 1_000, seq === 9 || seq === 11 ? 'alike' : { seq });
  }
  journal.commit();
  journal.close();
  return journalPath;
}

function sql(text: string): void {
  const db = new DatabaseSync(path);
  db.exec(text);
  db.close();
}

describe('rows', () => {
  test.each([
    ['one is missing', 'DELETE FROM rows WHERE seq = 10', 10],
    ['several are missing', 'DELETE FROM rows WHERE seq IN (10, 11)', 10],
    ['the first is missing', 'DELETE FROM rows WHERE seq = 1', 1],
    ['the last is missing', 'DELETE FROM rows WHERE seq = 20', 20],
    [
      'one is missing and the others moved up',
      'DELETE FROM rows WHERE seq = 10; UPDATE rows SET seq = -(seq - 1) WHERE seq > 10; UPDATE rows SET seq = -seq WHERE seq < 0',
      10,
    ],
    ['the last is doubled', 'INSERT INTO rows SELECT 21, kind, form, at, payload, crc FROM rows WHERE seq = 20', 21],
    [
      'one is another, with its checksum',
      'UPDATE rows SET (kind, form, at, payload, crc) = (SELECT kind, form, at, payload, crc FROM rows WHERE seq = 5) WHERE seq = 10',
      10,
    ],
    [
      'two that are alike are swapped, checksums too',
      'UPDATE rows SET seq = 99 WHERE seq = 9; UPDATE rows SET seq = 9 WHERE seq = 11; UPDATE rows SET seq = 11 WHERE seq = 99',
      9,
    ],
    ['one has another kind', 'UPDATE rows SET kind = 2 WHERE seq = 10', 10],
    ['one has an unknown kind', 'UPDATE rows SET kind = 7 WHERE seq = 10', 10],
    ['one has another form', 'UPDATE rows SET form = 1 WHERE seq = 10', 10],
    ['one has an unknown form', 'UPDATE rows SET form = 9 WHERE seq = 10', 10],
    ['one has another time', 'UPDATE rows SET at = 1001 WHERE seq = 10', 10],
    ['one has a time beyond any number', 'UPDATE rows SET at = 9223372036854775807 WHERE seq = 10', 10],
    ['one has another payload', `UPDATE rows SET payload = '{"seq":11}' WHERE seq = 10`, 10],
    ['one has another checksum', 'UPDATE rows SET crc = crc + 1 WHERE seq = 10', 10],
  ])('%s: refused, naming the row', (_name, tampering, seq) => {
    sql(tampering);
    expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS))).toMatchObject({ code: 'corrupt', seq });
  });

  test('one is of another journal, with its checksum: refused', () => {
    const other = newJournal('run-2');
    sql(
      `ATTACH '${other}' AS other; DELETE FROM rows WHERE seq = 20; INSERT INTO rows SELECT * FROM other.rows WHERE seq = 20`,
    );
    expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS))).toMatchObject({ code: 'corrupt', seq: 20 });
  });

  test('all but the first are of another journal: refused, for each row carries those before it', () => {
    const other = join(mkdtempSync(join(root, 'x-')), 'journal.db');
    const journal = openJournal(other, CONTRACT_OPTIONS);
    journal.append('event', 1_000, { seq: 'another beginning' });
    for (let seq = 2; seq <= 20; seq += 1) {
      journal.append(seq % 2 === 1 ? 'event' : 'decision', 1_000, seq === 9 || seq === 11 ? 'alike' : { seq });
    }
    journal.commit();
    journal.close();
    sql(
      `ATTACH '${other}' AS other; DELETE FROM rows WHERE seq > 1; INSERT INTO rows SELECT * FROM other.rows WHERE seq > 1`,
    );
    expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS))).toMatchObject({ code: 'corrupt', seq: 2 });
  });
});

describe('snapshots', () => {
  function withSnapshots(journalPath: string): void {
    const journal = openJournal(journalPath, CONTRACT_OPTIONS);
    journal.snapshot(10, 'state 10');
    journal.snapshot(15, 'state 15');
    journal.commit();
    journal.close();
  }

  test.each([
    ['its text', `UPDATE snapshots SET state = CAST('state 51' AS BLOB) WHERE seq = 15`],
    ['its time', 'UPDATE snapshots SET at = at + 1 WHERE seq = 15'],
    ['its row', 'UPDATE snapshots SET seq = 16 WHERE seq = 15'],
  ])('one that is damaged in %s is passed over for the older, and named', (_name, tampering) => {
    withSnapshots(path);
    sql(tampering);
    const journal = openJournal(path, CONTRACT_OPTIONS);
    expect(journal.latestSnapshot()).toEqual({ seq: 10, atMs: 1_000, state: 'state 10' });
    expect(journal.opened.unreadableSnapshots).toHaveLength(1);
    expect(journal.verify().unreadableSnapshots).toHaveLength(1);
    expect(plain(journal.rows())).toHaveLength(20);
    journal.close();
  });

  test('one of another journal, whole in itself, does not stand on these rows and is passed over', () => {
    const other = newJournal('run-2');
    withSnapshots(other);
    sql(`ATTACH '${other}' AS other; INSERT INTO snapshots SELECT * FROM other.snapshots`);
    const journal = openJournal(path, CONTRACT_OPTIONS);
    expect(journal.latestSnapshot()).toBeUndefined();
    expect(journal.opened).toMatchObject({ verifiedAfter: 0, unreadableSnapshots: [15, 10] });
    journal.close();
  });

  test('rows missing before it are missed all the same', () => {
    withSnapshots(path);
    sql('DELETE FROM rows WHERE seq < 5');
    expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS))).toMatchObject({ code: 'corrupt', seq: 1 });
  });
});

describe('the rest of the file', () => {
  test('an identity that was edited is refused', () => {
    sql(`UPDATE meta SET value = replace(value, 'run-1', 'run-2') WHERE key = 'journal'`);
    expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS)).message).toContain('its identity is damaged');
  });

  test('a list of archives that was edited is refused', () => {
    sql(`INSERT INTO archives VALUES (1, 3, 0, 0, 'nowhere', 0)`);
    expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS)).code).toBe('corrupt');
  });

  test('a damaged list of free pages, which would be written over pages in use, is refused', () => {
    sql('CREATE TABLE gone (x); INSERT INTO gone VALUES (zeroblob(40000)); DROP TABLE gone');
    const bytes = readFileSync(path);
    expect(bytes.readUInt32BE(36), 'there are free pages').toBeGreaterThan(5);
    bytes.writeUInt32BE(2, 32);
    writeFileSync(path, bytes);
    expect(thrownBy(() => openJournal(path, CONTRACT_OPTIONS)).code).toBe('corrupt');
  });

  test('the acknowledgement of another journal, left beside this one, vouches for nothing here', () => {
    const longer = newJournal('run-2');
    const journal = openJournal(longer, CONTRACT_OPTIONS);
    journal.append('event', 1, 'row 21');
    journal.commit();
    journal.close();
    renameSync(`${longer}-acked`, `${path}-acked`);
    const again = openJournal(path, CONTRACT_OPTIONS);
    expect(again.opened.acknowledged).toBe('absent');
    again.close();
  });
});
