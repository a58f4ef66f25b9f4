/**
 * The demo's journal, `state/demo/journal.db`: of the last demo only. Each demo begins anew, so what is there is removed, unless another
 * demo is writing it.
 */
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { archiveFolder } from '../../journal/archive.ts';
import type { JournalWriter } from '../../journal/journal.ts';
import { lockJournal, openJournal } from '../../journal/sqlite-journal.ts';
import { stateFolder } from '../shell/configuration.ts';
import type { Session } from '../shell/session.ts';

/** Rows that stay in the main file; older ones are packed beside it. */
const ARCHIVE = { rowsMax: 100_000, bytesMax: 64 * 1024 * 1024, segmentRows: 50_000 };

export interface DemoJournal {
  readonly path: string;
  readonly journal: JournalWriter;
}

/** @throws {JournalError} `second-instance` where another demo runs; `read-only` and the like where nothing can be written */
export function newDemoJournal(session: Session): DemoJournal {
  const path = join(stateFolder(session), 'demo', 'journal.db');
  const now = Date.now();
  const lock = lockJournal(path, now);
  try {
    removeJournal(path);
    const journal = openJournal(path, { accountUid: 'demo', run: 'demo', now: () => now, archive: ARCHIVE, lock });
    return { path, journal };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whatever state it is in: a damaged one too. */
export function removeJournal(path: string): void {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) if (name.startsWith('journal.db')) rmSync(join(folder, name));
  rmSync(archiveFolder(path), { recursive: true, force: true });
}
