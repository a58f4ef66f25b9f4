/** Whoever starts Rungwise gets the bot's own exit code and signals, from a checkout and through the re-execution under Node 24. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string };

describe.skipIf(process.platform === 'win32')('./rungwise', () => {
  it('starts from another folder and through a link', () => {
    const folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
    try {
      symlinkSync(`${root}rungwise`, join(folder, 'bot'));
      const done = spawnSync(join(folder, 'bot'), ['--version'], { cwd: folder, encoding: 'utf8' });
      expect(done).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('says what it does not know on standard error and ends with 2', () => {
    const done = spawnSync(`${root}rungwise`, ['fly'], { encoding: 'utf8' });
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr).toContain('fly');
  });
});

describe.skipIf(process.platform === 'win32')('a start', () => {
  it.each([
    ['./rungwise', `${root}rungwise`, []],
    ['npm', process.execPath, [`${root}scripts/bootstrap.mjs`, 'src/cli/main.ts']],
  ])('finds what the one before it compiled (%s)', (_door, program, words) => {
    const { NODE_COMPILE_CACHE: _elsewhere, ...env } = process.env;
    const start = () =>
      spawnSync(program, [...words, '--version'], {
        encoding: 'utf8',
        env: { ...env, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' },
      });
    start();
    const { stderr, stdout } = start();
    expect(stdout).toContain(version);
    expect(stderr).toContain(`reading cache from ${root}node_modules/.cache/compiled/`);
    expect(stderr).toMatch(/src\/cli\/main\.ts was accepted/);
  });

  it('is the same where nothing can be kept', () => {
    const env = { ...process.env, NODE_COMPILE_CACHE: `${root}package.json` };
    const done = spawnSync(`${root}rungwise`, ['--version'], { encoding: 'utf8', env });
    expect(done).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });
});

describe('become', () => {
  it('ends with the exit code of the program', async () => {
    expect(await ending(becoming('process.exit(7)'))).toEqual([7, null]);
  });

  it('says which program does not start', async () => {
    const child = becomingProgram('no-such-program', []);
    const said = once(child.stderr as NodeJS.ReadableStream, 'data');
    expect(await ending(child)).toEqual([1, null]);
    expect(String(await said)).toContain('no-such-program');
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'hands %s to the program, which ends in its own way',
    async (signal) => {
      const child = becoming(
        `process.on('${signal}', () => process.exit(40)); console.log('up'); setInterval(() => {}, 1000);`,
      );
      await once(child.stdout as NodeJS.ReadableStream, 'data');
      child.kill(signal);
      expect(await ending(child)).toEqual([40, null]);
    },
  );

  it('dies of the signal that the program died of', async () => {
    expect(await ending(becoming("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000);"))).toEqual([
      null,
      'SIGKILL',
    ]);
  });
});

/** A process that becomes Node running this script. */
function becoming(script: string): ChildProcess {
  return becomingProgram(process.execPath, ['-e', script]);
}

function becomingProgram(program: string, args: readonly string[]): ChildProcess {
  const door = JSON.stringify(new URL('../bin/node24.mjs', import.meta.url).href);
  const script = `import { become } from ${door}; become(${JSON.stringify(program)}, ${JSON.stringify(args)});`;
  return spawn(process.execPath, ['--input-type=module', '-e', script]);
}

function ending(child: ChildProcess): Promise<unknown[]> {
  return once(child, 'exit');
}
