/** `rungwise recover JOURNAL`: a damaged journal made usable again, every row before the damage kept. What opens is not touched. */
import { JournalError } from '../../journal/errors.ts';
import { salvageJournal } from '../../journal/salvage.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';

/** @returns 0, also where there is nothing to do. @throws {JournalError} where nothing can be kept, or its bot runs */
export function recoverJournal(session: Session, path: string, options: { readonly json?: boolean }): number {
  const { operate } = session.texts;
  try {
    const kept = salvageJournal(path, Date.now());
    if (options.json === true) session.print(JSON.stringify({ recovered: true, ...kept }, null, 2));
    else session.say(operate.recovered(kept.lastSeq, kept.acknowledgedSeq, kept.damagedPath));
  } catch (error) {
    if (!(error instanceof JournalError && error.code === 'usage')) throw error;
    session.print(options.json === true ? JSON.stringify({ recovered: false }) : operate.sound(path));
  }
  return EXIT.done;
}
