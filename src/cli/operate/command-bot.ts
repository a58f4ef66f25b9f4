/** `rungwise pause`, `resume`, `flatten [SYMBOL]`: a running bot is told, and answers when the command is journaled and thought about. */
import type { FullStatus } from './bot-status.ts';
import { askBot, type ControlReply, type ControlRequest, controlPath } from './control.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import type { Texts } from '../texts/en.ts';
import { journalPathOf, type WhichJournal } from './which-journal.ts';

export interface CommandOptions extends WhichJournal {
  readonly json?: boolean;
}

/** @returns 0; 1 where no bot runs, or it refused */
export async function commandBot(session: Session, asked: ControlRequest, options: CommandOptions): Promise<number> {
  const status = await statusOrNo(session, asked, options);
  if (status === undefined) return EXIT.no;
  const { told } = session.texts.operate;
  if (options.json === true) session.print(JSON.stringify(status));
  else
    session.print(
      asked.do === 'flatten' ? told.flatten(asked.instId) : told[asked.do === 'pause' ? 'pause' : 'resume'],
    );
  return EXIT.done;
}

/** Asks the bot; where none runs, or it refuses, that is told. @returns undefined then */
export async function statusOrNo(
  session: Session,
  asked: ControlRequest,
  which: WhichJournal,
): Promise<(FullStatus & { readonly ok: true }) | undefined> {
  const path = journalPathOf(session, which);
  const reply = await askBot(controlPath(path), asked);
  if (reply === undefined) session.tell(session.texts.operate.notRunning(path));
  else if (reply.ok) return reply as FullStatus & { readonly ok: true };
  else session.tell(`${session.palette.bad('rungwise')}: ${noText(reply, session.texts)}`);
  return undefined;
}

/** In the trader's language where the bot says what it is about. */
function noText({ error, no }: Extract<ControlReply, { ok: false }>, { operate }: Texts): string {
  switch (no?.code) {
    case undefined:
      return error;
    case 'not-traded':
      return operate.notTraded(no.instId, no.symbols.join(', '));
    case 'not-carried-out':
      return operate.notCarriedOut;
  }
}
