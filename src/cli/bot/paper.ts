/**
 * `rungwise paper`: the whole bot over the real adapter, at a paper exchange. Without `--exchange` it starts one of its own on a free port of this
 * machine, with a made-up market and a fresh account; then its journal begins anew as well.
 *
 * The journal's lock comes first, before the exchange is looked at and before its rooms are loaded: a second instance is told at once.
 */
import { join } from 'node:path';
import { lockJournal } from '../../journal/sqlite-journal.ts';
import { removeJournal } from '../demo/demo-journal.ts';
import { type Access, paperAccess } from '../input/access.ts';
import { isOkx, originOf } from '../input/addresses.ts';
import { configurationOrDefaults, stateFolder } from '../input/configuration.ts';
import { refuseBeside, refuseWithout } from '../input/no-effect.ts';
import { DEFAULT_SEED } from '../input/option-values.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { apiKeyOf } from './keys.ts';

export interface PaperOptions {
  readonly config?: string;
  readonly exchange?: string;
  readonly keys?: string;
  /** Of an exchange of its own. */
  readonly seed?: number;
  readonly for?: number;
  readonly json?: boolean;
}

/** @returns 0; 3 where the exchange is not ready. @throws {UsageError} @throws {ConfigError} @throws {JournalError} */
export async function paper(session: Session, options: PaperOptions): Promise<number> {
  if (options.exchange === undefined) refuseWithout(session, '--keys', options.keys, '--exchange');
  else refuseBeside(session, '--seed', options.seed, '--exchange');
  const config = configurationOrDefaults(session, options.config);
  const there = options.exchange === undefined ? undefined : exchangeElsewhere(session, options.exchange, options.keys);
  // Another exchange is another account, and one account has one journal.
  const account = `${config.account.name}-${there === undefined ? 'paper' : 'exchange'}`;
  const journalPath = join(stateFolder(session), account, 'journal.db');
  const lock = lockJournal(journalPath, Date.now());
  const run = { config, account, journalPath, lock, lengthMs: options.for, isJson: options.json === true };
  try {
    if (there !== undefined) {
      const { runBot } = await import('./bot-run.ts');
      return await runBot(session, { ...run, access: there });
    }
    // The account of an exchange of our own is gone with it: its journal says nothing about the next.
    removeJournal(session, journalPath);
    const { runAtOwnExchange } = await import('./own-exchange.ts');
    return await runAtOwnExchange(session, options.seed ?? DEFAULT_SEED, run);
  } finally {
    lock.release();
  }
}

/** @throws {UsageError} where the address is none or OKX's own, where the key may be one of real money; where there is no key */
function exchangeElsewhere(session: Session, address: string, keys: string | undefined): Access {
  const origin = originOf(session, '--exchange', address);
  if (isOkx(origin)) throw new UsageError(session.texts.bots.notPaper(origin));
  const key = apiKeyOf(session, keys);
  if (key === undefined) throw new UsageError(session.texts.bots.noPaperKey);
  return paperAccess(origin, key);
}
