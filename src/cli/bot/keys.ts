/**
 * The API key of a trader: from the environment, or from a file that nobody else can read. Never from the command line, which others see.
 *
 * The file holds the same three lines `RUNGWISE_OKX_KEY=…`, `RUNGWISE_OKX_SECRET=…`, `RUNGWISE_OKX_PASSPHRASE=…`.
 */
import { statSync } from 'node:fs';
import { platform } from 'node:os';
import { ApiKey, ApiKeyError } from '../../okx/door/sign.ts';
import { readText } from '../shell/files.ts';
import type { Session } from '../shell/session.ts';
import { UsageError } from '../shell/usage-error.ts';

const NAMES = {
  key: 'RUNGWISE_OKX_KEY',
  secret: 'RUNGWISE_OKX_SECRET',
  passphrase: 'RUNGWISE_OKX_PASSPHRASE',
} as const;

/** @returns undefined where neither names a key. @throws {UsageError} on half a key, or a file that others can read. */
export function apiKeyOf(session: Session, file: string | undefined): ApiKey | undefined {
  const { env } = session.terminal;
  const said: Readonly<Record<string, string | undefined>> = file === undefined ? env : linesOf(session, file);
  const missing = Object.values(NAMES).filter((name) => !said[name]);
  if (missing.length === 3 && file === undefined) return undefined;
  if (missing.length > 0) throw new UsageError(session.texts.bots.halfAKey(missing.join(', '), file));
  try {
    return new ApiKey({
      key: said[NAMES.key] ?? '',
      secret: said[NAMES.secret] ?? '',
      passphrase: said[NAMES.passphrase] ?? '',
    });
  } catch (error) {
    if (error instanceof ApiKeyError) throw new UsageError(session.texts.bots.strangeKey, { cause: error });
    throw error;
  }
}

function linesOf(session: Session, file: string): Record<string, string> {
  const text = readText(session, file);
  if (platform() !== 'win32' && (statSync(file).mode & 0o077) !== 0)
    throw new UsageError(session.texts.bots.openKeys(file));
  const said: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*(?:export\s+)?([A-Z_]+)\s*=\s*"?([^"]*?)"?\s*$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) said[match[1]] = match[2];
  }
  return said;
}
