/** A power failure right after rows were moved: the archive is on the disk before the main file gives them up. */

import type * as fileSystem from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, expect, it, vi } from 'vitest';
import { CONTRACT_OPTIONS } from '../journal.contract.ts';
import { openJournal } from '../sqlite-journal.ts';

/** What the disk was told, by name; and how many rows the main file held then. */
const told = vi.hoisted(() => ({ deeds: [] as string[], rowsLeft: [] as number[], look: (): number => 0 }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof fileSystem>();
  const names = new Map<number, string>();
  const note = (deed: string) => {
    told.deeds.push(deed);
    told.rowsLeft.push(told.look());
  };
  const openSync: typeof fs.openSync = (path, ...how) => {
    const fd = fs.openSync(path, ...how);
    names.set(fd, String(path));
    return fd;
  };
  const fsyncSync: typeof fs.fsyncSync = (fd) => {
    fs.fsyncSync(fd);
    note(`sync ${basename(names.get(fd) ?? '')}`);
  };
  const renameSync: typeof fs.renameSync = (from, to) => {
    fs.renameSync(from, to);
    note(`name ${basename(String(to))}`);
  };
  return { ...fs, openSync, fsyncSync, renameSync };
});

const root = mkdtempSync(join(tmpdir(), 'rungwise-synced-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('its bytes, then its name, are on the disk while the main file still holds the rows; so is the folder that is new', () => {
  const path = join(root, 'journal.db');
  const journal = openJournal(path, { ...CONTRACT_OPTIONS, archive: { rowsMax: 10, bytesMax: 1e12, segmentRows: 5 } });
  for (let n = 1; n <= 20; n += 1) journal.append('event', n, n);
  journal.snapshot(20, 'state');
  journal.commit();
  const beside = new DatabaseSync(path, { readOnly: true });
  told.deeds = [];
  told.rowsLeft = [];
  told.look = () => Number(beside.prepare('SELECT count(*) AS rows FROM rows').get()?.['rows']);
  for (const rowsBefore of [20, 15]) {
    const file = journal.archive()?.file ?? '';
    const deeds = [`sync ${file}.unfinished`, `name ${file}`, 'sync archive'];
    expect(told.deeds.splice(0)).toEqual(rowsBefore === 20 ? [`sync ${basename(root)}`, ...deeds] : deeds);
    expect(new Set(told.rowsLeft.splice(0))).toEqual(new Set([rowsBefore]));
  }
  journal.close();
  beside.close();
});
