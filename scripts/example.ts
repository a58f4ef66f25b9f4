/**
 * Runs an example of examples/ as it stands, with the sources of this checkout behind `rungwise/core`: `npm run -s example ladder-by-hand`.
 *
 * The condition `rungwise-source` of package.json's exports names the sources; without it, and so everywhere the package is installed, the
 * same import is what was built of them.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../examples/', import.meta.url));

/** @param argv the name of the example @returns its exit code; 2 where there is none of that name */
export async function main(argv: readonly string[]): Promise<number> {
  const names = globSync('*.ts', { cwd: folder }).map((file) => basename(file, '.ts'));
  const [name = ''] = argv;
  if (!names.includes(name)) {
    process.stderr.write(`name an example: ${names.toSorted().join(', ')}\n`);
    return 2;
  }
  const done = spawnSync(process.execPath, ['--conditions=rungwise-source', `${folder}${name}.ts`], {
    stdio: 'inherit',
  });
  return done.status ?? 1;
}
