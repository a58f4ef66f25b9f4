/** The package, packed and installed into an empty folder, works as the checkout does. Takes a registry and half a minute, so only in test:long. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const isLong = process.env['RUNGWISE_LONG'] === '1';

describe.skipIf(!isLong)(`the installed package${isLong ? '' : ' (npm run test:long)'}`, () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
    run('npm', ['pack', '--pack-destination', folder], root);
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    run('npm', ['install', '--ignore-scripts', join(folder, tarball)], folder);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  it('brings its compiled code, its own Node and no sources', () => {
    const inside = join(folder, 'node_modules', 'rungwise');
    expect(readdirSync(inside).toSorted()).toEqual(['LICENSE', 'README.md', 'bin', 'dist', 'package.json']);
    expect(
      readdirSync(join(inside, 'dist'), { recursive: true }).filter((name) => String(name).includes('.test.')),
    ).toEqual([]);
    expect(run(join(folder, 'node_modules', '.bin', 'rungwise'), ['--version'], folder)).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('runs markets on threads of its own', { timeout: 180_000 }, () => {
    const words = ['plan', '--risk', 'BTC-USDT-SWAP', '--seeds', '2', '--days', '1', '--json'];
    const { seedsDone } = JSON.parse(run(join(folder, 'node_modules', '.bin', 'rungwise'), words, folder));
    expect(seedsDone).toBe(2);
  });

  it.each(['ladder-by-hand', 'own-strategy', 'pre-trade-check'])(
    'is a library: %s prints the same as in the checkout',
    (name) => {
      writeFileSync(join(folder, `${name}.ts`), readFileSync(`${root}examples/${name}.ts`));
      expect(run(process.execPath, [`${name}.ts`], folder)).toBe(readFileSync(`${root}examples/${name}.txt`, 'utf8'));
    },
  );

  it('has types that a stranger’s compiler finds, and refuses what they refuse', { timeout: 180_000 }, () => {
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          strict: true,
          noEmit: true,
          module: 'nodenext',
          target: 'es2024',
          lib: ['es2024', 'dom'],
          types: [],
          exactOptionalPropertyTypes: true,
        },
        files: ['ladder-by-hand.ts', 'own-strategy.ts', 'pre-trade-check.ts', 'wrong.ts'],
      }),
    );
    writeFileSync(
      join(folder, 'wrong.ts'),
      "import { lots, money } from 'rungwise/core';\nexport const nothing = money(1n) * lots(1);\n",
    );
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const done = spawnSync(process.execPath, [tsc, '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
    const errors = done.stdout.split('\n').filter((line) => line.includes('error'));
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^wrong\.ts\(2,/);
  });
});

function run(program: string, args: readonly string[], cwd: string): string {
  const done = spawnSync(program, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${done.status}: ${done.stderr}`);
  return done.stdout;
}
