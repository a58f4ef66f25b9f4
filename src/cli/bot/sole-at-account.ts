/**
 * One bot trades an account. Its journal has a lock, but where the journal lies depends on where and how a bot is started: a second one, in another
 * folder, would take the orders of the first for those of a journal that was lost. So the account itself is locked too, for this user of this machine.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, utimesSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { WriterLock } from '../../journal/files/writer-lock.ts';
import type { Access } from '../input/access.ts';
import { isOkx } from '../input/addresses.ts';
import type { Session } from '../shell/session.ts';
import { soleWriter } from '../shell/sole-writer.ts';

/** Until it is released, or the process ends in whatever way. @throws {UsageError} where another bot is there (exit code 4) */
export function soleAtAccount(session: Session, { origin, isDemo }: Access, uid: string): WriterLock {
  const account = JSON.stringify([isOkx(origin) ? 'okx' : origin, isDemo, uid]);
  const name = createHash('sha256').update(account).digest('hex').slice(0, 16);
  const locks: WriterLock[] = [];
  const release = () => {
    for (const lock of locks) lock.release();
  };
  for (const folder of FOLDERS) {
    try {
      locks.push(lockIn(session, folder(), name, uid));
    } catch (error) {
      // A folder that can not be written shows nobody, and keeps nobody from what is open.
      if (!(error instanceof Error && 'code' in error && error.code === 'second-instance')) continue;
      release();
      throw error;
    }
  }
  return { release };
}

/**
 * Two bots see each other where they share one of these: what a system starts as a service has a folder of temporary files of its own (systemd's
 * `PrivateTmp`) or no home to write in, and who starts one by hand may have set `TMPDIR`.
 */
const FOLDERS: readonly (() => string)[] = [
  tmpdir,
  () => {
    const folder = join(homedir(), '.local', 'state', 'rungwise');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return folder;
  },
];

function lockIn(session: Session, folder: string, name: string, uid: string): WriterLock {
  const path = join(folder, `rungwise-${userInfo().uid}-${name}`);
  const lock = soleWriter(session, path, session.texts.bots.accountInUse(uid));
  const file = `${path}.lock.db`;
  const touching = setInterval(() => touch(file), TOUCHED_EVERY_MS);
  touching.unref();
  return {
    release: () => {
      clearInterval(touching);
      letGo(lock, file);
    },
  };
}

/** Systems clear away temporary files that are old, macOS after three days: whoever came then would see nobody. */
const TOUCHED_EVERY_MS = 3_600_000;

/** By its name: to open and close it would let the lock go (journal/files/writer-lock.ts). */
function touch(file: string): void {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch {
    // It was removed by hand: the lock is that of a file nobody finds, and the bot goes on as where none can be written.
  }
}

/** Nothing is left in a folder that is not ours alone; of two that begin at this very moment one may then not see the other. */
function letGo(lock: WriterLock, file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Windows removes no open file; it is empty.
  }
  lock.release();
}
