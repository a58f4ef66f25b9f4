/**
 * Which Rungwise this is: the release, and a mark of the code that decides. Between two releases rules are mended, and a journal may be older
 * than the code that reads it.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Release {
  /** `0.1.0` */
  readonly version: string;
  /**
   * Eight hexadecimal digits of a SHA-256 over the files of core and config as they run. The same digits: the same decisions. Others: perhaps
   * other ones; compiled files have other digits than their sources.
   */
  readonly code: string;
}

export function thisRelease(): Release {
  return { version: version(), code: codeMark() };
}

export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json has no version');
}

const DECIDING = ['core', 'config'];

function codeMark(): string {
  const hash = createHash('sha256');
  for (const room of DECIDING) {
    const folder = fileURLToPath(new URL(`../../${room}/`, import.meta.url));
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
    for (const name of names.filter(isCode).toSorted())
      hash.update(`${room}/${name}\0`).update(readFileSync(folder + name));
  }
  return hash.digest('hex').slice(0, 8);
}

function isCode(name: string): boolean {
  return /\.[jt]s$/.test(name) && !/\.(test|d)\.[jt]s$/.test(name);
}
