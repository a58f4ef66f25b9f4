/** The door of a bot (control.ts). One that does not open is told, and the bot goes on: what is open has its exits, and Ctrl-C ends it. */
import type { Session } from '../shell/session.ts';
import { type Controlled, controlPath, openControl } from './control.ts';

/** @returns how to close it */
export async function openDoor(session: Session, journalPath: string, bot: Controlled): Promise<() => void> {
  try {
    return await openControl(controlPath(journalPath), bot);
  } catch (error) {
    const { operate } = session.texts;
    session.tell(session.palette.warn(operate.doorClosed(error instanceof Error ? error.message : String(error))));
    return () => undefined;
  }
}
