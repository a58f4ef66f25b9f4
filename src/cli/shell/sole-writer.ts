/** Two processes that write one file would each write over what the other has said it has kept. */
import { accessSync, constants } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { JournalError } from '../../journal/errors.ts';
import { takeWriterLock, type WriterLock } from '../../journal/files/writer-lock.ts';
import { byProcess } from '../format/by-process.ts';
import { guarded } from './files.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

/**
 * Alone at `path` until it is released, or the process ends in whatever way.
 * @param inUse what is said where another process is there
 * @throws {UsageError} then (exit code 4), and where the folder cannot be written to
 */
export function soleWriter(session: Session, path: string, inUse: string): WriterLock {
  guarded(session, path, () => accessSync(dirname(resolve(path)), constants.W_OK));
  try {
    return takeWriterLock(path, Date.now());
  } catch (error) {
    if (!(error instanceof JournalError)) throw error;
    if (error.code === 'second-instance')
      throw new SecondWriter(inUse + byProcess(error.writer, session.texts), { cause: error });
    if (error.code === 'disk-full') throw new UsageError(`${path}: ${session.texts.file('ENOSPC')}`, { cause: error });
    throw error;
  }
}

class SecondWriter extends UsageError {
  readonly code = 'second-instance';
}
