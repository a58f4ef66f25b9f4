/**
 * One bot trades an account. Its journal has a lock, but where the journal lies depends on where and how a bot is started: a second one, in another
 * folder, would take the orders of the first for those of a journal that was lost. So the account itself is locked too, for this user of this machine.
 */
import { createHash } from 'node:crypto';
import { rmSync, utimesSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { WriterLock } from '../../journal/writer-lock.ts';
import type { Session } from '../shell/session.ts';
import { soleWriter } from '../shell/sole-writer.ts';
import { isOkx } from './addresses.ts';
import type { Access } from './bot.ts';

/** Until it is released, or the process ends in whatever way. @throws {UsageError} where another bot is there (exit code 4) */
export function soleAtAccount(session: Session, { origin, isDemo }: Access, uid: string): WriterLock {
  const account = JSON.stringify([isOkx(origin) ? 'okx' : origin, isDemo, uid]);
  const name = createHash('sha256').update(account).digest('hex').slice(0, 16);
  const path = join(tmpdir(), `rungwise-${userInfo().uid}-${name}`);
  try {
    const lock = soleWriter(session, path, session.texts.bots.accountInUse(uid));
    const file = `${path}.lock.db`;
    const touching = setInterval(() => touch(file), TOUCHED_EVERY_MS);
    touching.unref();
    const release = () => {
      clearInterval(touching);
      letGo(lock, file);
    };
    return { release };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'second-instance') throw error;
    // Where temporary files can not be written nobody is seen, and nobody is kept from what is open.
    return { release: () => undefined };
  }
}

/** Systems clear away temporary files that are old, macOS after three days: whoever came then would see nobody. */
const TOUCHED_EVERY_MS = 3_600_000;

/** By its name: to open and close it would let the lock go (writer-lock.ts). */
function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // It was removed by hand: the lock is that of a file nobody finds, and the bot goes on as where none can be written.
  }
}

/** Nothing is left in a folder that is everybody's; of two that begin at this very moment one may then not see the other. */
function letGo(lock: WriterLock, file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Windows removes no open file; it is empty.
  }
  lock.release();
}
