/**
 * The demo's journal, `state/demo/journal.db`: of the last demo only. Each demo begins anew, so what is there is removed, unless another
 * demo is writing it, or it is of an account that is not gone: a trader may have named one so.
 */
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JournalError } from '../../journal/errors.ts';
import type { JournalWriter } from '../../journal/journal.ts';
import { archiveFolder } from '../../journal/rows/archive.ts';
import { lockJournal, openJournal, openJournalReader } from '../../journal/sqlite-journal.ts';
import { stateFolder } from '../input/configuration.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

/** Rows that stay in the main file; older ones are packed beside it. */
const ARCHIVE = { rowsMax: 100_000, bytesMax: 64 * 1024 * 1024, segmentRows: 50_000 };

interface DemoJournal {
  readonly path: string;
  readonly journal: JournalWriter;
}

/** @throws {JournalError} `second-instance` where another demo runs; `read-only` and the like where nothing can be written @throws {UsageError} as {@link removeJournal} */
export function newDemoJournal(session: Session): DemoJournal {
  const path = join(stateFolder(session), 'demo', 'journal.db');
  const now = Date.now();
  const lock = lockJournal(path, now);
  try {
    removeJournal(session, path);
    const journal = openJournal(path, { accountUid: 'demo', run: 'demo', now: () => now, archive: ARCHIVE, lock });
    return { path, journal };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whatever state it is in: a damaged one too. @throws {UsageError} where it is of an account that lives on elsewhere */
export function removeJournal(session: Session, path: string): void {
  const uid = accountOf(path);
  if (uid !== undefined && !MADE_UP.test(uid)) throw new UsageError(session.texts.journal.notRemoved(path, uid));
  const folder = dirname(path);
  for (const name of readdirSync(folder)) if (name.startsWith('journal.db')) rmSync(join(folder, name));
  rmSync(archiveFolder(path), { recursive: true, force: true });
}

/** Of the demo, and of an exchange that `paper` had of its own. */
const MADE_UP = /^(demo$|paper)/;

/** Undefined where nothing says whose it is. */
function accountOf(path: string): string | undefined {
  try {
    const journal = openJournalReader(path);
    const { accountUid } = journal.meta;
    journal.close();
    return accountUid;
  } catch (error) {
    if (error instanceof JournalError && NAMELESS.has(error.code)) return undefined;
    throw error;
  }
}

const NAMELESS: ReadonlySet<string> = new Set(['not-found', 'corrupt', 'not-a-journal']);
