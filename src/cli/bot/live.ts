/**
 * `rungwise live`: the bot at OKX. Demo trading unless `--real` is said, and then only after a person at a terminal has typed the account's
 * number. The key comes from the environment or a file that nobody else can read, and is never shown.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { moneyText } from '../../core/instrument.ts';
import { checkStart } from '../../okx/start.ts';
import { OKX, originOf, socketAddressOf } from './addresses.ts';
import { type Access, restOf } from './bot.ts';
import { runBot } from './bot-run.ts';
import { configurationIn, stateFolder } from '../shell/configuration.ts';
import { EXIT } from '../shell/failure.ts';
import { findingLines } from '../shell/findings.ts';
import { apiKeyOf } from './keys.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

export interface LiveOptions {
  readonly config?: string;
  readonly demo?: boolean;
  readonly real?: boolean;
  readonly keys?: string;
  readonly host?: string;
  readonly ws?: string;
  readonly for?: number;
  readonly json?: boolean;
}

/** @returns 0; 1 where it was not confirmed; 3 where exchange or account are not ready. @throws {UsageError} @throws {ConfigError} */
export async function live(session: Session, options: LiveOptions): Promise<number> {
  const config = configurationIn(session, options.config);
  const access = okxAccess(session, options);
  if (options.real === true && !(await isConfirmed(session, access, config.symbols))) {
    session.tell(session.texts.bots.notConfirmed);
    return EXIT.no;
  }
  const account = options.real === true ? config.account.name : `${config.account.name}-demo`;
  return runBot(session, {
    access,
    config,
    account,
    journalPath: join(stateFolder(session), account, 'journal.db'),
    lengthMs: options.for,
    isJson: options.json === true,
  });
}

/** OKX with the trader's key. @throws {UsageError} where there is none */
export function okxAccess(session: Session, options: Omit<LiveOptions, 'config' | 'for' | 'json'>): Access {
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

/** Real money is confirmed by typing the account's number, which has to be looked at for that. @throws {UsageError} without a terminal */
async function isConfirmed(session: Session, access: Access, symbols: readonly string[]): Promise<boolean> {
  const { terminal, texts, palette } = session;
  if (terminal.input.isTTY !== true) throw new UsageError(texts.bots.noTerminal);
  const { findings, ready } = await checkStart(restOf(access), access.origin, symbols);
  if (ready === undefined) {
    for (const finding of findings) for (const line of findingLines(session, finding)) session.tell(line);
    return false;
  }
  session.tell(palette.bad(texts.bots.confirmReal(ready.uid, moneyText(ready.balance))));
  const asking = createInterface({ input: terminal.input, output: terminal.errors });
  try {
    return (await asking.question('> ')).trim() === ready.uid;
  } finally {
    asking.close();
  }
}
