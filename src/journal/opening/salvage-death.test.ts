/** Salvaging dies between two of its deeds: the journal refuses to open, or is the salvaged one; what was lost is never forgotten. */

import type * as fileSystem from 'node:fs';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { CONTRACT_OPTIONS, codeThrownBy } from '../journal.contract.ts';
import type { JournalWriter } from '../journal.ts';
import { openJournal } from '../sqlite-journal.ts';
import { salvageJournal } from './salvage.ts';

const death = vi.hoisted(() => ({ afterDeeds: Number.POSITIVE_INFINITY, hasLinks: true }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof fileSystem>();
  const mortal =
    <Args extends unknown[], Result>(deed: (...args: Args) => Result) =>
    (...args: Args): Result => {
      if (String(args[0]).includes('journal.db') && death.afterDeeds-- === 0) throw new Error('died');
      return deed(...args);
    };
  const copyFileSync = mortal(fs.copyFileSync);
  return {
    ...fs,
    copyFileSync,
    renameSync: mortal(fs.renameSync),
    rmSync: mortal(fs.rmSync),
    linkSync: mortal((path: string, name: string) => {
      if (!death.hasLinks) throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
      fs.linkSync(path, name);
    }),
  };
});

const root = mkdtempSync(join(tmpdir(), 'rungwise-salvage-death-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Ten rows, the last five of them in the log alone, as a killed writer leaves them. */
function killedJournal(): string {
  const path = join(mkdtempSync(join(root, 'k-')), 'journal.db');
  const lived = openJournal(path, CONTRACT_OPTIONS);
  appendFive(lived);
  lived.close();
  const killed = openJournal(path, CONTRACT_OPTIONS);
  appendFive(killed);
  const left = copyOf(path);
  killed.close();
  return left;
}

function appendFive(journal: JournalWriter): void {
  for (let n = 0; n < 5; n += 1) {
    journal.append('event', n, `row ${journal.lastSeq + 1}`);
    journal.commit();
  }
}

function copyOf(path: string): string {
  const copy = join(mkdtempSync(join(root, 'x-')), 'journal.db');
  for (const suffix of ['', '-wal', '-acked'])
    if (existsSync(`${path}${suffix}`)) cpSync(`${path}${suffix}`, `${copy}${suffix}`);
  return copy;
}

describe('salvage that dies', () => {
  it.each<[string, (path: string) => void]>([
    [
      'its log had lost an acknowledged row',
      (path) => truncateSync(`${path}-wal`, readFileSync(`${path}-wal`).length - 10),
    ],
    [
      'a row in its log was changed, and nothing vouched for any',
      (path) => {
        execute(path, 'UPDATE rows SET at = at + 1 WHERE seq = 10');
        rmSync(`${path}-acked`);
      },
    ],
  ])('%s', (_, damage) => {
    const damaged = copyOf(killedJournal());
    damage(damaged);
    expect(codeThrownBy(() => openJournal(damaged, CONTRACT_OPTIONS))).toBe('corrupt');
    let deaths = 0;
    for (let deeds = 0; ; deeds += 1) {
      const path = copyOf(damaged);
      death.afterDeeds = deeds;
      const died = errorOf(() => salvageJournal(path, 1)) !== undefined;
      death.afterDeeds = Number.POSITIVE_INFINITY;
      if (errorOf(() => openJournal(path, CONTRACT_OPTIONS).close()) !== undefined) {
        expect(died).toBe(true);
        salvageJournal(path, 2);
      }
      const journal = openJournal(path, CONTRACT_OPTIONS);
      expect(journal.lastSeq, `after ${deeds} deeds`).toBe(9);
      expect(journal.meta.salvagedAfter, `after ${deeds} deeds`).toContain(9);
      journal.close();
      if (!died) break;
      deaths += 1;
    }
    expect(deaths).toBeGreaterThan(10);
  });
});

it('where files have no second name (exFAT) the damaged ones are kept as copies', () => {
  const path = copyOf(killedJournal());
  truncateSync(`${path}-wal`, readFileSync(`${path}-wal`).length - 10);
  const damaged = ['', '-wal', '-acked'].map((suffix) => readFileSync(`${path}${suffix}`));
  death.hasLinks = false;
  const { lastSeq, damagedPath } = salvageJournal(path, 1);
  death.hasLinks = true;
  expect(lastSeq).toBe(9);
  expect(['', '-wal', '-acked'].map((suffix) => readFileSync(`${damagedPath}${suffix}`))).toEqual(damaged);
  openJournal(path, CONTRACT_OPTIONS).close();
});

/** Leaves what it changes in the log. */
function execute(path: string, sql: string): void {
  const beside = join(mkdtempSync(join(root, 'e-')), 'copy.db');
  for (const suffix of ['', '-wal']) cpSync(`${path}${suffix}`, `${beside}${suffix}`);
  const db = new DatabaseSync(beside);
  db.exec('PRAGMA wal_autocheckpoint = 0');
  db.exec(sql);
  for (const suffix of ['', '-wal']) cpSync(`${beside}${suffix}`, `${path}${suffix}`);
  db.close();
}

function errorOf(deed: () => void): unknown {
  try {
    deed();
    return undefined;
  } catch (error) {
    return error;
  }
}
