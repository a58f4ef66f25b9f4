/** `rungwise backup [FOLDER]`: a copy of a bot's journal that was read through, also while the bot trades. */
import { basename, dirname, join, resolve } from 'node:path';
import { type Backup, backUpJournal } from '../../journal/backup.ts';
import { JournalError } from '../../journal/errors.ts';
import type { RowsWatch } from '../../journal/journal.ts';
import { EXIT } from '../shell/failure.ts';
import { Progress } from '../shell/progress.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { journalPathOf, type WhichJournal } from './which-journal.ts';

export interface BackupOptions extends WhichJournal {
  readonly json?: boolean;
}

/**
 * @param folder does not exist yet; default: beside the journal, named by the UTC time
 * @returns 0; 1 where rows before the journal's last snapshot are damaged, in the copy too. @throws {UsageError} @throws {JournalError}
 */
export function backUp(session: Session, folder: string | undefined, options: BackupOptions): number {
  const { operate } = session.texts;
  const path = journalPathOf(session, options);
  const to = folder ?? join(dirname(path), `backup-${nameOf(new Date())}`);
  const progress = new Progress(session);
  const watch: RowsWatch = (seq, lastSeq) => progress.show(seq / Math.max(seq, lastSeq, 1), operate.rows(seq));
  try {
    const copy = backUpJournal(path, to, watch);
    progress.clear();
    if (options.json === true) session.print(JSON.stringify(jsonOf(copy, to), null, 2));
    else {
      session.say(operate.backedUp(path, copy.lastSeq, join(to, basename(copy.journalPath)), copy.archives));
      if (copy.damagedSeq !== undefined) session.say(operate.backedUpDamaged(copy.damagedSeq));
    }
    return copy.damagedSeq === undefined ? EXIT.done : EXIT.no;
  } catch (error) {
    if (error instanceof JournalError && error.code === 'usage') throw new UsageError(operate.backupExists(to || '.'));
    throw error;
  } finally {
    progress.clear();
  }
}

/** Fit for a file's name on every system: `2026-11-30T00-30-12Z`. */
function nameOf(date: Date): string {
  return date.toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
}

function jsonOf({ journalPath, lastSeq, archives, bytes, damagedSeq }: Backup, folder: string): object {
  return { folder: resolve(folder), journal: journalPath, lastSeq, archives, bytes, damagedSeq: damagedSeq ?? null };
}
