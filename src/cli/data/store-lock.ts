/** Whoever stores candles or funding of a symbol is alone there: they put theirs beside what they found, and a second one's would be lost. */
import { dirname, join, resolve } from 'node:path';
import { candlePath } from '../../data/store/store.ts';
import { makeFolder } from '../../journal/files/folder.ts';
import type { WriterLock } from '../../journal/files/writer-lock.ts';
import { candleFolder } from '../input/configuration.ts';
import { guarded } from '../shell/files.ts';
import type { Session } from '../shell/session.ts';
import { soleWriter } from '../shell/sole-writer.ts';

/** Until it is released. @throws {UsageError} where another process stores them (exit code 4), or nobody can */
export function lockStore(session: Session, instId: string): WriterLock {
  const folder = dirname(candlePath(candleFolder(session), instId));
  guarded(session, folder, () => makeFolder(resolve(folder)));
  return soleWriter(session, join(folder, 'store'), session.texts.data.inUse(instId));
}
