/**
 * A run of the tests has a folder of its own for what is temporary, its processes' too, and fails where something is left in it: a machine on which tests
 * run for months does not fill with what nobody asked for.
 */
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Before any test. @returns what is done after all of them; it throws where anything was left */
export default function setup(): () => void {
  // Short, for a socket's path below it has 100 bytes. The real one, for a test compares paths.
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rw-')));
  for (const name of ['TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
  // Programs that keep what Node has compiled for them do so where the launcher does, and not there.
  process.env['NODE_COMPILE_CACHE'] ??= fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url));
  return () => {
    const left = readdirSync(folder);
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(`tests left ${left.length} things behind in their temporary folder: ${left.join(', ')}`);
  };
}
