/** Which bot a command is about: its journal, by account or by name. */
import { join } from 'node:path';
import { stateFolder } from '../shell/configuration.ts';
import type { Session } from '../shell/session.ts';

export interface WhichJournal {
  /** Folder under `state`; default: demo. */
  readonly account?: string;
  /** The journal itself. */
  readonly journal?: string;
}

export function journalPathOf(session: Session, { account = 'demo', journal }: WhichJournal): string {
  return journal ?? join(stateFolder(session), account, 'journal.db');
}
