/** The compiler, not memory, keeps the rooms apart: what core may not know does not compile there. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Each is one line of a planted file of core, with the compiler's number for why not. */
// biome-ignore format: a table
const strangers = [
  ["import { readFileSync } from 'node:fs';", 'TS2591'],
  ["import { later } from '../sim/later.ts';", 'TS6307'],
  ["console.log('hello');",                    'TS2584'],
  ['setTimeout(() => {}, 1);',                 'TS2304'],
  ["void fetch('/');",                         'TS2304'],
  ['process.exit(1);',                         'TS2591'],
  ['performance.mark;',                        'TS2304'],
] as const;

describe('core', () => {
  const errors = compileInCore(strangers.map(([line]) => line));

  it.each(strangers)('cannot say %s', (line, code) => {
    const lineNumber = strangers.findIndex(([other]) => other === line) + 1;
    expect(errors.filter((error) => error.startsWith(`src/core/planted.ts(${lineNumber},`)).join('\n')).toContain(code);
  });
});

/** Compiles a copy of core's project that holds only these lines; sim stands beside it, unreferenced as here. */
function compileInCore(lines: readonly string[]): string[] {
  mkdirSync(`${root}.cache`, { recursive: true });
  const folder = mkdtempSync(`${root}.cache/planted-`);
  try {
    mkdirSync(`${folder}/src/core`, { recursive: true });
    mkdirSync(`${folder}/src/sim`, { recursive: true });
    for (const path of ['package.json', 'tsconfig.base.json', 'src/core/tsconfig.json']) {
      writeFileSync(`${folder}/${path}`, readFileSync(`${root}${path}`));
    }
    writeFileSync(`${folder}/src/core/planted.ts`, lines.join('\n'));
    writeFileSync(`${folder}/src/sim/later.ts`, 'export const later = 1;');
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const done = spawnSync(process.execPath, [tsc, '-b', 'src/core', '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return done.stdout.split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}
