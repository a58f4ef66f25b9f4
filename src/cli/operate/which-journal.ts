/** Which bot a command is about: its journal, by account or by name. */
import { join } from 'node:path';
import { stateFolder } from '../input/configuration.ts';
import { refuseBeside } from '../input/no-effect.ts';
import type { Session } from '../shell/session.ts';

export interface WhichJournal {
  /** Folder under `state`; default: demo. */
  readonly account?: string;
  /** The journal itself. */
  readonly journal?: string;
}

/** @throws {UsageError} where both are named */
export function journalPathOf(session: Session, { account, journal }: WhichJournal): string {
  if (journal === undefined) return join(stateFolder(session), account ?? 'demo', 'journal.db');
  refuseBeside(session, '--account', account, '--journal');
  return journal;
}
