/** What stands between `live --real` and real money: a person who has looked at the account. */
import { createInterface } from 'node:readline/promises';
import { moneyText } from '../../core/instrument.ts';
import { checkStart } from '../../okx/start.ts';
import { findingLines } from '../shell/findings.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';
import { type Access, restOf } from './bot.ts';

/** Real money is confirmed by typing the account's number, which has to be looked at for that. @throws {UsageError} without a terminal */
export async function isConfirmed(session: Session, access: Access, symbols: readonly string[]): Promise<boolean> {
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
