/**
 * `rungwise live`: the bot at OKX. Demo trading unless `--real` is said, and then only after a person at a terminal has typed the account's
 * number; what was begun so goes on where the number was written beforehand (`--confirm`). The key comes from the environment or a file that nobody else can read, and is never shown.
 *
 * The journal's lock comes first, before the exchange is looked at and before its rooms are loaded: a second instance is told at once.
 */
import { join } from 'node:path';
import { lockJournal } from '../../journal/sqlite-journal.ts';
import type { Access } from '../input/access.ts';
import { OKX, originOf, socketAddressOf } from '../input/addresses.ts';
import { configurationIn, stateFolder } from '../input/configuration.ts';
import { refuseWithout } from '../input/no-effect.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { apiKeyOf } from './keys.ts';

export interface LiveOptions {
  readonly config?: string;
  readonly demo?: boolean;
  readonly real?: boolean;
  /** The account's number. */
  readonly confirm?: string;
  readonly keys?: string;
  readonly host?: string;
  readonly ws?: string;
  readonly for?: number;
  readonly json?: boolean;
}

/** Names that places of practice have: of the demo, and of another account's `live`, `paper`, `paper --exchange`. A file system may not tell cases apart. */
const PRACTICE = /^demo$|-(demo|paper|exchange)$/i;

/** @returns 0; 1 where it was not confirmed; 3 where exchange or account are not ready. @throws {UsageError} @throws {ConfigError} @throws {JournalError} */
export async function live(session: Session, options: LiveOptions): Promise<number> {
  const config = configurationIn(session, options.config);
  if (options.real !== true) refuseWithout(session, '--confirm', options.confirm, '--real');
  const access = okxAccess(session, options);
  if (options.real === true && PRACTICE.test(config.account.name))
    throw new UsageError(session.texts.bots.practiceName(config.account.name));
  const account = options.real === true ? config.account.name : `${config.account.name}-demo`;
  const journalPath = join(stateFolder(session), account, 'journal.db');
  const lock = lockJournal(journalPath, Date.now());
  try {
    if (options.real === true) {
      const { confirmed } = await import('./confirmation.ts');
      const { symbols } = config;
      const answer = await confirmed(session, { access, symbols, journalPath, number: options.confirm });
      if (answer !== 'yes') {
        const { notReady, notConfirmed } = session.texts.bots;
        session.tell(answer === 'no' ? notConfirmed : session.palette.bad(notReady));
        return answer === 'no' ? EXIT.no : EXIT.exchange;
      }
    }
    const { runBot } = await import('./bot-run.ts');
    const isJson = options.json === true;
    return await runBot(session, { access, config, account, journalPath, lock, lengthMs: options.for, isJson });
  } finally {
    lock.release();
  }
}

/** OKX with the trader's key. @throws {UsageError} where there is none */
function okxAccess(session: Session, options: Omit<LiveOptions, 'config' | 'confirm' | 'for' | 'json'>): Access {
  const { texts } = session;
  if (options.demo === true && options.real === true) throw new UsageError(texts.bots.bothLives);
  const isDemo = options.real !== true;
  const key = apiKeyOf(session, options.keys);
  if (key === undefined) throw new UsageError(texts.bots.noKey);
  return {
    origin: options.host === undefined ? OKX.origin : originOf(session, '--host', options.host),
    wsUrl: options.ws === undefined ? (isDemo ? OKX.demo : OKX.real) : socketAddressOf(session, '--ws', options.ws),
    key,
    isDemo,
  };
}
