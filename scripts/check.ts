/**
 * Everything that must hold, in one word: formats, lints, compiles (and with it the import directions), tests.
 *
 * `npm test` is this after the installation. `--long` runs the property and fault tests at their full counts; what else is
 * given goes to vitest (`npm test -- src/core`). Every step runs, and the last lines say which failed.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { styleText } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Programs of node_modules, by the file that their `bin` names: run by this very Node, so no shell and no PATH is needed. */
const steps = [
  {
    name: 'format',
    program: '@biomejs/biome/bin/biome',
    args: ['check', '--reporter=summary'],
    mend: 'npm run format',
  },
  { name: 'lint', program: 'oxlint/bin/oxlint', args: ['--deny-warnings'], mend: undefined },
  { name: 'types', program: 'typescript/bin/tsc', args: ['-b'], mend: undefined },
  { name: 'tests', program: 'vitest/vitest.mjs', args: ['run'], mend: undefined },
] as const;

/**
 * Runs every step in order.
 *
 * @param argv `--long`, and arguments for vitest
 * @returns 0 if all passed, else 1
 */
export async function main(argv: readonly string[]): Promise<number> {
  const isLong = argv.includes('--long');
  const forTests = argv.filter((word) => word !== '--long');
  const env = { ...process.env, ...(isLong ? { RUNGWISE_LONG: '1' } : {}) };
  const failed = steps.filter(({ name, program, args }) => {
    say(name);
    const done = spawnSync(
      process.execPath,
      [`${root}node_modules/${program}`, ...args, ...(name === 'tests' ? forTests : [])],
      { cwd: root, env, stdio: 'inherit' },
    );
    return done.status !== 0;
  });
  for (const { name, mend } of failed) say(`${name} failed${mend === undefined ? '' : `; "${mend}" mends it`}`);
  return failed.length === 0 ? 0 : 1;
}

function say(line: string): void {
  process.stderr.write(`${styleText('bold', `▸ ${line}`)}\n`);
}
