/** Text files, read and written; what the system refuses is told in the session's language. */
import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

/** What some editors put before the text: no part of it. */
export const BYTE_ORDER_MARK = '\u{feff}';

/** Without a byte order mark. @throws {UsageError} */
export function readText(session: Session, path: string): string {
  const text = guarded(session, path, () => readFileSync(path, 'utf8'));
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/**
 * Written aside and renamed: the file is the old one or the new one, whatever the disk does. A device or a pipe is refused: the file would take its
 * place. @throws {UsageError}
 */
export function writeText(session: Session, path: string, text: string): void {
  guarded(session, path, () => {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there !== undefined && !there.isFile() && !there.isDirectory())
      throw new UsageError(`${path}: ${session.texts.file('UNPLAIN')}`);
    const target = existsSync(path) ? realpathSync(path) : path;
    const aside = `${target}.${process.pid}.new`;
    try {
      writeFileSync(aside, text);
      renameSync(aside, target);
    } catch (error) {
      rmSync(aside, { force: true });
      throw error;
    }
  });
}

/** A file called `-` is nobody's wish: elsewhere it means standard output, and it is hard to get rid of. @throws {UsageError} */
export function refuseDash({ texts }: Session, path: string): void {
  if (path === '-') throw new UsageError(texts.file('DASH'));
}

/** Also by another name (a link); what is not there is told by its path. */
export function isSameFile(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const [one, other] = [a, b].map((path) => statSync(path, { throwIfNoEntry: false }));
  if (one === undefined || other === undefined) return resolve(a) === resolve(b);
  return one.dev === other.dev && one.ino === other.ino;
}

/** @throws {UsageError} where the system refuses what `act` asks of `path` */
export function guarded<T>({ texts }: Session, path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') throw error;
    // Of a file that is to be written it is no news that it is not there.
    const isFolderAbsent = error.code === 'ENOENT' && !existsSync(dirname(path));
    throw new UsageError(`${path}: ${texts.file(isFolderAbsent ? 'NOFOLDER' : error.code)}`, { cause: error });
  }
}

/** `ENOENT` and the like, where the system is the cause. */
export function systemCode(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && /^E[A-Z]+$/.test(cause.code)
    ? cause.code
    : undefined;
}
