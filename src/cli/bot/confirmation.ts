/** What stands between `live --real` and real money: a person who has looked at the account. */
import { createInterface } from 'node:readline/promises';
import { moneyText } from '../../core/instrument/instrument.ts';
import { checkStart } from '../../okx/start.ts';
import { findingLines } from '../shell/findings.ts';
import type { Session } from '../shell/session.ts';
import { Interrupted, UsageError } from '../shell/usage-error.ts';
import { type Access, restOf } from './access.ts';

/**
 * Real money is confirmed by typing the account's number, which has to be looked at for that.
 * @returns `not-ready` where nobody was asked, because exchange or account are not: what is wrong was told
 * @throws {UsageError} without a terminal @throws {Interrupted}
 */
export async function confirmed(
  session: Session,
  access: Access,
  symbols: readonly string[],
): Promise<'yes' | 'no' | 'not-ready'> {
  const { terminal, texts, palette } = session;
  if (terminal.input.isTTY !== true) throw new UsageError(texts.bots.noTerminal);
  const { findings, ready } = await checkStart(restOf(access), access.origin, symbols);
  if (ready === undefined) {
    for (const finding of findings) for (const line of findingLines(session, finding)) session.tell(line);
    return 'not-ready';
  }
  session.tell(palette.bad(texts.bots.confirmReal(ready.uid, moneyText(ready.balance))));
  return (await typed(session)) === ready.uid ? 'yes' : 'no';
}

/** What was typed; nothing where the person has ended the input (Ctrl-D). @throws {Interrupted} at Ctrl-C */
async function typed({ terminal, texts, tell }: Session): Promise<string> {
  const asking = createInterface({ input: terminal.input, output: terminal.errors, terminal: true });
  const interruption = new AbortController();
  asking.once('SIGINT', () => interruption.abort());
  try {
    return (await asking.question('> ', { signal: interruption.signal })).trim();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
    tell('');
    if (!interruption.signal.aborted) return '';
    tell(texts.bots.notConfirmed);
    throw new Interrupted();
  } finally {
    asking.close();
  }
}
