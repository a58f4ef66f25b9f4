/** `rungwise pause`, `resume`, `flatten [SYMBOL]`, `base SYMBOL [USDT]`: a running bot is told, and answers when the command is journaled and thought about. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { writerOf } from '../../journal/files/writer-lock.ts';
import { decimalShown } from '../../report/words/numbers.ts';
import { byProcess } from '../format/by-process.ts';
import { stateFolder } from '../input/configuration.ts';
import { EXIT } from '../shell/failure.ts';
import type { Session } from '../shell/session.ts';
import type { FullStatus } from './bot-status.ts';
import { askBot, type ControlReply, type ControlRequest, controlPath, DoorError } from './control.ts';
import { noText } from './control-no.ts';
import { journalPathOf, type WhichJournal } from './which-journal.ts';

export interface CommandOptions extends WhichJournal {
  readonly json?: boolean;
}

/** What a bot is told; to ask how it stands is none. */
export type BotCommand = Exclude<ControlRequest, { do: 'status' }>;

/** @returns 0; 1 where no bot runs, it refused, or did not answer */
export async function commandBot(session: Session, asked: BotCommand, options: CommandOptions): Promise<number> {
  const status = await statusOrNo(session, asked, options);
  if (status === undefined) return EXIT.no;
  // By name: several bots may run, and the one that heard it may not be the one that was meant.
  const told = `${status.account}: ${toldText(session, asked, status)}`;
  if (options.json === true) session.print(JSON.stringify(status));
  else session.say(told);
  return EXIT.done;
}

function toldText({ texts, report }: Session, asked: BotCommand, { symbols, unexplained }: FullStatus): string {
  const { told } = texts.operate;
  switch (asked.do) {
    case 'pause':
    case 'resume':
      return told[asked.do];
    case 'flatten': {
      const isOpen = symbols.some(({ symbol, position }) => position !== null && symbol === (asked.instId ?? symbol));
      return isOpen ? told.flatten(asked.instId) : told.flattenNothing(asked.instId);
    }
    case 'base': {
      const base = symbols.find(({ symbol }) => symbol === asked.instId)?.position?.base ?? '';
      const waits = unexplained.some(({ symbol }) => symbol === asked.instId);
      return told.base(asked.instId, decimalShown(base, report)) + (waits ? told.baseWaits : '');
    }
  }
}

/** Asks the bot; where none runs, or it refuses or does not answer, that is told. @returns undefined then */
export async function statusOrNo(
  session: Session,
  asked: ControlRequest,
  which: WhichJournal,
): Promise<(FullStatus & { readonly ok: true }) | undefined> {
  const path = journalPathOf(session, which);
  let reply: ControlReply | undefined;
  try {
    reply = await askBot(controlPath(path), asked);
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    session.complain(session.texts.operate.noAnswer[error.code](path));
    return undefined;
  }
  if (reply === undefined) session.tell(closedDoorText(session, path));
  else if (reply.ok) return { ...UNSAID, ...(reply as FullStatus & { readonly ok: true }) };
  else session.complain(reply.no === undefined ? reply.error : noText(reply.no, session.texts, session.report));
  return undefined;
}

/** A bot that starts or leaves has its journal and no door. */
function closedDoorText(session: Session, path: string): string {
  const { operate } = session.texts;
  const writer = writerOf(path);
  if (writer === undefined) return operate.notRunning(path, runningAccounts(session));
  return operate.busy(path, byProcess(writer === 'unnamed' ? undefined : writer, session.texts));
}

/** Accounts of the state folder whose bots run: one of them was meant, most likely. */
function runningAccounts(session: Session): readonly string[] {
  const folder = stateFolder(session);
  return namesIn(folder)
    .filter((account) => writerOf(join(folder, account, 'journal.db')) !== undefined)
    .toSorted();
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    // One that is not there, or cannot be read, shows nobody.
    return [];
  }
}

/** What a bot that still runs an older release does not say. */
const UNSAID = {
  lost: null,
  isTimeBehind: false,
  isUnsettled: false,
  isDayLost: false,
  unexplained: [],
  untradable: [],
  maintenance: [],
} as const satisfies Partial<FullStatus>;
