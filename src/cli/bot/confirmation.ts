/** What stands between `live --real` and real money: a person who has looked at the account (decision 0053). */
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { moneyText } from '../../core/instrument/instrument.ts';
import { checkStart } from '../../okx/start.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import { findingLines } from '../format/findings.ts';
import { type Access, restOf } from '../input/access.ts';
import type { Session } from '../shell/session.ts';
import { Interrupted, UsageError } from '../shell/usage-error.ts';

/** Who says that it may be, and of what. */
export interface Asked {
  readonly access: Access;
  readonly symbols: readonly string[];
  readonly journalPath: string;
  /** The account's number where it was written beforehand: nobody is asked then. */
  readonly number: string | undefined;
}

/**
 * Real money is confirmed by typing the account's number, which has to be looked up for that. A journal that was begun so is gone on with by who has
 * written the number into the command: a service comes back to what is open without waiting for a person.
 * @returns `not-ready` where exchange or account are not: what is wrong was told
 * @throws {UsageError} without a terminal, or where a number was written and there is no journal to go on with @throws {Interrupted}
 */
export async function confirmed(
  session: Session,
  { access, symbols, journalPath, number }: Asked,
): Promise<'yes' | 'no' | 'not-ready'> {
  const { terminal, texts, palette, report } = session;
  if (number !== undefined && !existsSync(journalPath)) throw new UsageError(texts.bots.confirmedBefore(journalPath));
  if (number === undefined && terminal.input.isTTY !== true) throw new UsageError(texts.bots.noTerminal);
  const { findings, ready } = await checkStart(restOf(access), access.origin, symbols);
  if (ready === undefined) {
    for (const finding of findings) for (const line of findingLines(session, finding)) session.tell(line);
    return 'not-ready';
  }
  const { uid } = ready;
  const balance = decimalShown(moneyText(ready.balance), report);
  if (number === undefined) session.tell(palette.bad(texts.bots.confirmReal(uid, balance)));
  else if (number === uid) session.tell(palette.bad(texts.bots.confirmedReal(uid, balance)));
  else session.tell(palette.bad(texts.bots.otherNumber(number, uid)));
  return (number ?? (await typed(session))) === uid ? 'yes' : 'no';
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
