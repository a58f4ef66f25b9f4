/** The package, packed and installed into an empty folder, works as the checkout does. Takes a registry and half a minute, so only in test:long. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const isLong = process.env['RUNGWISE_LONG'] === '1';

describe.skipIf(!isLong)(`the installed package${isLong ? '' : ' (npm run test:long)'}`, () => {
  it('brings its compiled code, its own Node and no sources', { timeout: 180_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
    try {
      run('npm', ['pack', '--pack-destination', folder], root);
      writeFileSync(join(folder, 'package.json'), '{}');
      const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
      run('npm', ['install', '--ignore-scripts', join(folder, tarball)], folder);

      const inside = join(folder, 'node_modules', 'rungwise');
      expect(readdirSync(inside).toSorted()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
      expect(
        readdirSync(join(inside, 'dist'), { recursive: true }).filter((name) => String(name).includes('.test.')),
      ).toEqual([]);
      expect(run(join(folder, 'node_modules', '.bin', 'rungwise'), ['--version'], folder)).toMatch(/^\d+\.\d+\.\d+\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function run(program: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}
