/** What begins anew deletes what the last one of its kind has left, and nothing that an account of an exchange goes on with. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { openJournal, openJournalReader } from '../../journal/sqlite-journal.ts';

inEmptyFolder();

const ARCHIVE = { rowsMax: 1e6, bytesMax: 1e9, segmentRows: 1e4 };

/** As `live --real` leaves it where the account has this name. */
function journalOf(accountUid: string, path: string): void {
  const journal = openJournal(path, { accountUid, run: 'test', now: () => 0, archive: ARCHIVE });
  journal.append('event', 0, { kind: 'time', at: 0 });
  journal.commit();
  journal.close();
}

describe('a journal of an account at an exchange', () => {
  it.each([
    ['demo --for 1s', 'state/demo/journal.db'],
    ['paper --for 1s', 'state/main-paper/journal.db'],
  ])('is not deleted by "%s", whatever the account is called', async (words, path) => {
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    journalOf('4711', path);
    const before = readFileSync(path);
    const en = await rungwise(words);
    expect([en.code, en.err]).toEqual([2, expect.stringContaining(`${path} is the journal of account 4711`)]);
    expect((await rungwise(`${words} --lang ru`)).err).toContain(`${path} — журнал счёта 4711`);
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

describe('a journal of the last demo', () => {
  it.each([
    ['whole', () => journalOf('demo', 'state/demo/journal.db')],
    ['damaged', () => writeFileSync('state/demo/journal.db', 'SQLite format 3\0 and no more')],
    ['of an exchange that is gone', () => journalOf('paper00', 'state/demo/journal.db')],
  ])('is deleted: %s', async (_, leave) => {
    mkdirSync('state/demo', { recursive: true });
    leave();
    expect((await rungwise('demo --for 1s --json')).code).toBe(0);
    expect(existsSync('state/demo/journal.db')).toBe(true);
    const journal = openJournalReader('state/demo/journal.db');
    expect([journal.meta.accountUid, journal.lastSeq > 1]).toEqual(['demo', true]);
    journal.close();
  });
});
