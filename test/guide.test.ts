/** The guide's commands work as they stand: its blocks of shell are run in an empty folder, in order. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { EXIT } from '../src/cli/shell/failure.ts';
import { inEmptyFolder, rungwise } from './command-line.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

describe.skipIf(process.platform === 'win32')('its commands', () => {
  inEmptyFolder();

  it('run from beginning to end', { timeout: 240_000 }, async () => {
    let exchange: number | undefined;
    // Where a line fails, or time is up, nobody comes to the one that ends it.
    onTestFinished(() => ended(exchange));
    const lines = shellOf('docs/guide.md').trim().split('\n');
    expect(lines.filter((line) => line.startsWith('rungwise ')).length, 'the blocks were found').toBeGreaterThan(12);
    for (const line of lines) {
      const { code, err } = IN_PROCESS.test(line) ? await rungwise(line.replace('rungwise ', '')) : inShell(line);
      expect(code, `${line}\n${err}`).toBe(0);
      if (line.endsWith('> exchange.pid')) exchange = Number(readFileSync('exchange.pid', 'utf8'));
      if (line.startsWith('kill ')) exchange = undefined;
    }
  });
});

function ended(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid);
  } catch (error) {
    // It has ended as the guide says.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Commands without redirection need no shell; the demo wants a process of its own. `rungwise` is the checkout's. */
const IN_PROCESS = /^rungwise (?!demo )[^<>|]*$/;

function inShell(line: string): { readonly code: number | null; readonly err: string } {
  const env = { ...process.env, PATH: `${root}${delimiter}${process.env['PATH']}` };
  const { status, stderr, error } = spawnSync('sh', ['-e', '-c', line], { encoding: 'utf8', env, timeout: 90_000 });
  return { code: status, err: error === undefined ? stderr : `${error.message}\n${stderr}` };
}

it('has the same commands in both languages', () => {
  const commands = (guide: string) => shellOf(guide).replaceAll(/ --lang (ru|en)/g, '');
  expect(commands('docs/guide.ru.md')).toBe(commands('docs/guide.md'));
});

it('lets a service start anew but for what no other start mends', () => {
  for (const guide of ['docs/guide.md', 'docs/guide.ru.md'])
    expect(readFileSync(root + guide, 'utf8')).toContain(
      `\nRestartPreventExitStatus=${EXIT.no} ${EXIT.usage} ${EXIT.secondInstance}\n`,
    );
});

it('explains every command that there is, and none that is not', async () => {
  const named = new Set([...shellOf('docs/guide.md').matchAll(/^rungwise ([a-z]+)/gm)].map(([, command]) => command));
  const { out } = await rungwise('--help');
  const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, command]) => command);
  expect([...named].toSorted()).toEqual(commands.filter((command) => command !== 'help').toSorted());
});

function shellOf(guide: string): string {
  const text = readFileSync(root + guide, 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = '']) => block).join('');
}
