/** An option that would change nothing is refused: whoever wrote it expects something of it. */
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

/** For what counts only together with `mode`. @param value undefined: it was not given. @throws {UsageError} */
export function refuseWithout({ texts }: Session, flag: string, value: unknown, mode: string): void {
  if (value !== undefined) throw new UsageError(texts.usage.onlyWith(flag, mode));
}

/** For what `other`, which was given, says already. @param value undefined: it was not given. @throws {UsageError} */
export function refuseBeside({ texts }: Session, flag: string, value: unknown, other: string): void {
  if (value !== undefined) throw new UsageError(texts.usage.notBeside(flag, other));
}
