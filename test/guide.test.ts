/** The guide's commands work as they stand: its blocks of shell are run in an empty folder, in order. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { rungwise } from './command-line.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

it.skipIf(process.platform === 'win32')('runs from beginning to end', { timeout: 120_000 }, () => {
  const script = shellOf('docs/guide.md');
  expect(script.match(/^rungwise /gm)?.length, 'the blocks were found').toBeGreaterThan(12);
  const folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
  try {
    symlinkSync(`${root}rungwise`, join(folder, 'rungwise'));
    const env = { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH'] ?? ''}` };
    const { status, stderr } = spawnSync('sh', ['-e', '-x', '-c', script], { cwd: folder, env, encoding: 'utf8' });
    expect({ status, last: stderr.split('\n').slice(-4) }).toMatchObject({ status: 0 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('has the same commands in both languages', () => {
  const commands = (guide: string) => shellOf(guide).replaceAll(/ --lang (ru|en)/g, '');
  expect(commands('docs/guide.ru.md')).toBe(commands('docs/guide.md'));
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
