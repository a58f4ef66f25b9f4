/** A terminal that is held still. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { inEmptyFolder } from '../../../test/command-line.ts';

inEmptyFolder();

const hasTerminals = spawnSync('script', ['-qec', 'test -t 1', '/dev/null'], { stdio: 'ignore' }).status === 0;

/** Says more than a terminal and a pipe hold, then goes on counting. */
const CHATTERING = `
import { writeFileSync } from 'node:fs';
import { ownTerminal, writeWithoutWaiting } from ${JSON.stringify(new URL('./terminal.ts', import.meta.url).href)};
const terminal = ownTerminal();
if (terminal.output.isTTY !== true) throw new Error('no terminal');
writeWithoutWaiting(terminal);
let turns = 0;
const counting = setInterval(() => {
  terminal.output.write(\`\${'x'.repeat(50_000)} \${turns}\\n\`);
  writeFileSync('turns', String(++turns));
  if (turns === 20) clearInterval(counting);
}, 10);
`;

it.skipIf(!hasTerminals)('does not hold still who writes to it, and has everything once it goes on', async () => {
  writeFileSync('chattering.mjs', CHATTERING);
  const child = spawn('script', ['-qec', `${process.execPath} chattering.mjs`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await vi.waitUntil(() => existsSync('turns') && readFileSync('turns', 'utf8') === '20', { timeout: 60_000 });
  rmSync('turns');
  const lines: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  await once(child, 'exit');
  const numbers = [...lines.join('').matchAll(/x (\d+)/g)].map(([, number]) => Number(number));
  expect(numbers).toEqual(Array.from({ length: 20 }, (_, number) => number));
});
