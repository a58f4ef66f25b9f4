/**
 * Everything that must hold, in one word: formats, lints, compiles (and with it the import directions), tests.
 *
 * `npm test` is this after the installation. `--long` runs the property and fault tests at their full counts; what else is
 * given goes to vitest (`npm test -- src/core`). Stops at the first step that fails, and says which.
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
    args: ['format', '--max-diagnostics=20'],
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
  for (const { name, program, args, mend } of steps) {
    say(name);
    const words = name === 'tests' ? [...args, ...forTests] : args;
    const done = spawnSync(process.execPath, [`${root}node_modules/${program}`, ...words], {
      cwd: root,
      env,
      stdio: 'inherit',
    });
    if (done.status !== 0) {
      say(`${name} failed${mend === undefined ? '' : `; "${mend}" mends it`}`);
      return 1;
    }
  }
  return 0;
}

function say(line: string): void {
  process.stderr.write(`${styleText('bold', `▸ ${line}`)}\n`);
}
