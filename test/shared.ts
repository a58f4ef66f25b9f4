/**
 * Third-party candles, payloads and worked cases stand beside the checkout in `../shared`, never in it.
 *
 * Who has only the checkout sees the tests that need them skipped, with the reason; CI has them, so there their absence fails.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';

const shared = new URL('../../shared/', import.meta.url);

/**
 * @param name a path inside the folder, as in `data/README.md`
 * @returns the path on this machine
 */
export function sharedPath(name: string): string {
  return fileURLToPath(new URL(name, shared));
}

/**
 * `describe` for tests that read `../shared`.
 *
 * @throws where the folder is absent and `CI=true`
 */
export function describeWithShared(name: string, tests: () => void): void {
  const isAbsent = !existsSync(shared);
  if (isAbsent && process.env['CI'] === 'true')
    throw new Error('"../shared" is absent: CI lays it beside the checkout');
  describe.skipIf(isAbsent)(isAbsent ? `${name} ("../shared" is absent)` : name, tests);
}
