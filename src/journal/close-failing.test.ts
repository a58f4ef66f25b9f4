/** A disk that refuses to sync when a journal is closed: the lock is let go, and what is said is a journal's error, or the first one stays. */

import type * as fileSystem from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { CONTRACT_OPTIONS, codeThrownBy } from './journal.contract.ts';
import { openJournal } from './sqlite-journal.ts';

const disk = vi.hoisted(() => ({ fails: false }));
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof fileSystem>();
  const fsyncSync: typeof fs.fsyncSync = (fd) => {
    if (disk.fails)
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO', errno: -5, syscall: 'fsync' });
    fs.fsyncSync(fd);
  };
  return { ...fs, fsyncSync };
});

const root = mkdtempSync(join(tmpdir(), 'rungwise-closing-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  disk.fails = false;
});

it.each([
  ['is told as the journal’s', false, 'io'],
  ['does not stand before the error that the journal has failed with', true, 'nothing'],
])('%s, and the next writer is let in', (_, isFailed, told) => {
  const path = join(mkdtempSync(join(root, 'x-')), 'journal.db');
  const journal = openJournal(path, CONTRACT_OPTIONS);
  journal.append('event', 1, 'kept');
  journal.commit();
  if (isFailed) {
    rmSync(`${path}-wal`);
    journal.append('event', 2, 'not kept');
    expect(codeThrownBy(() => journal.commit())).toBe('moved');
  }
  disk.fails = true;
  if (told === 'nothing') expect(() => journal.close()).not.toThrow();
  else expect(codeThrownBy(() => journal.close())).toBe(told);
  disk.fails = false;
  const next = openJournal(path, CONTRACT_OPTIONS);
  expect([next.lastSeq, next.opened.acknowledged]).toEqual([1, 'matched']);
  next.close();
});
