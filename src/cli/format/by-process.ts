/** Whoever is told to end a process is told which one. */
import { utcText } from '../../core/market/utc.ts';
import type { Writer } from '../../journal/files/writer-lock.ts';
import type { Session } from '../shell/session.ts';

/** ` (process 4711, since 2026-01-05 13:07 UTC)` of who has a journal, nothing where its note is not written yet. */
export function byProcess(writer: Writer | undefined, { journal }: Session['texts']): string {
  return writer === undefined ? '' : journal.byProcess(writer.pid, utcText(writer.startedAtMs));
}
