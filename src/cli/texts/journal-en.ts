/** What is said of a journal that cannot be used, in English; `journal-ru.ts` has the type of this object. */
import type { JournalError } from '../../journal/errors.ts';

/** Of a {@link JournalError}, what a text is made from. */
export type JournalFailure = Pick<JournalError, 'code' | 'message' | 'path' | 'seq' | 'cause'>;

export const journalEn = {
  /** The journal's own words are English. */
  failed: (failure: JournalFailure): string => failure.message,
  secondInstance: (path: string, by: string): string =>
    `another bot or demo is running${by}, it writes ${path}: end that one, or set RUNGWISE_HOME`,
  /** Who has what somebody else wants: behind the words that say so. */
  byProcess: (pid: number, since: string): string => ` (process ${pid}, since ${since})`,
  notRemoved: (path: string, uid: string): string =>
    `${path} is the journal of account ${uid}, and would be deleted: it stands where each demo and paper run begins anew. ` +
    'Set RUNGWISE_HOME to another folder, or give that account another name in its configuration and rename its folder',
};
