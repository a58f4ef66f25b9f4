/** `rungwise recover JOURNAL`: a damaged journal made usable again, every row before the damage kept. What opens is not touched. */
import { JournalError } from '../../journal/errors.ts';
import type { RowsWatch } from '../../journal/journal.ts';
import { salvageJournal } from '../../journal/opening/salvage.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';
import { EXIT } from '../shell/failure.ts';
import { Progress } from '../shell/progress.ts';
import type { Session } from '../shell/session.ts';

/** @returns 0, also where there is nothing to do. @throws {JournalError} where nothing can be kept, or its bot runs */
export function recoverJournal(session: Session, path: string, options: { readonly json?: boolean }): number {
  const { operate } = session.texts;
  const progress = new Progress(session);
  const watch: RowsWatch = (seq, lastSeq) => progress.show(seq / Math.max(seq, lastSeq, 1), operate.rows(seq));
  try {
    const kept = salvageJournal(path, Date.now(), watch);
    progress.clear();
    if (options.json === true) session.print(JSON.stringify({ recovered: true, ...kept }, null, 2));
    else {
      session.say(operate.recovered(kept.lastSeq, kept.acknowledgedSeq, kept.damagedPath));
      if (kept.givenUp !== undefined) session.say(operate.givenUp(kept.givenUp.firstSeq, kept.givenUp.lastSeq));
    }
  } catch (error) {
    if (!(error instanceof JournalError && error.code === 'usage')) throw error;
    const { damage, damagedStates } = readThrough(path, watch);
    progress.clear();
    const damagedSeq = damage?.seq === undefined ? {} : { damagedSeq: damage.seq };
    const states = damagedStates.length === 0 ? {} : { damagedStates };
    if (options.json === true) session.print(JSON.stringify({ recovered: false, ...damagedSeq, ...states }));
    else {
      session.say(damage === undefined ? operate.sound(path) : operate.soundAfter(path, damage.seq));
      if (damagedStates.length > 0) session.say(operate.damagedStates(damagedStates));
    }
  } finally {
    progress.clear();
  }
  return EXIT.done;
}

interface ReadThrough {
  readonly damage: JournalError | undefined;
  /** Rows after which a state was saved that is not what was saved. */
  readonly damagedStates: readonly number[];
}

/** A bot reads no row before its last snapshot, and passes over a damaged one; who explains or replays reads every row. */
function readThrough(path: string, watch: RowsWatch): ReadThrough {
  const journal = openJournalReader(path);
  try {
    return { damage: undefined, damagedStates: journal.verify(watch).unreadableSnapshots };
  } catch (error) {
    if (error instanceof JournalError && error.code === 'corrupt') return { damage: error, damagedStates: [] };
    throw error;
  } finally {
    journal.close();
  }
}
