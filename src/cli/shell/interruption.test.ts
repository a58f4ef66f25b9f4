/** Asked to end, a command ends in its own way, also where the wish reaches it twice; asked again, it is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'rungwise-words-'));
afterAll(() => rmSync(folder, { recursive: true }));

const door = JSON.stringify(new URL('interruption.ts', import.meta.url).href);

/** Takes its time to end, says when it was asked, and when what comes is no echo any more. */
const SLOW = `
  import { listenForInterruption } from ${door};
  const alive = setInterval(() => {}, 1000);
  listenForInterruption(() => {
    console.log('asked');
    setTimeout(() => console.log('later'), 800);
  });
  console.log('up');`;

/** Has nothing left to do as soon as it is asked. */
const QUICK = `
  import { listenForInterruption } from ${door};
  const alive = setInterval(() => {}, 1000);
  const interruption = listenForInterruption(() => {
    interruption.release();
    clearInterval(alive);
    console.log('asked');
  });
  console.log('up');`;

/** Ends in its own way as soon as it is asked, and says so where somebody still reads. */
const POLITE = `
  import { appendFileSync } from 'node:fs';
  import { listenForInterruption } from ${door};
  import { ownTerminal } from ${JSON.stringify(new URL('terminal.ts', import.meta.url).href)};
  const { output } = ownTerminal();
  const said = setInterval(() => output.write('up\\n'), 20);
  listenForInterruption(() => {
    output.write('one more line\\n');
    setTimeout(() => {
      appendFileSync(process.env.WORDS, 'called back\\n');
      clearInterval(said);
    }, 200);
  });`;

describe('without a signal', () => {
  it('a reader who goes away asks too, and what is still said to nobody kills nothing', async () => {
    const words = join(folder, 'of-a-reader');
    const child = spawn(process.execPath, ['--input-type=module', '-e', POLITE], { env: { WORDS: words } });
    const end = once(child, 'exit');
    await once(child.stdout, 'data');
    child.stdout.destroy();
    expect(await end).toEqual([0, null]);
    expect(readFileSync(words, 'utf8')).toBe('called back\n');
  });
});

describe('a hang-up', () => {
  it('of no terminal is no wish: what runs under nohup or as a service goes on', async () => {
    const child = started(SLOW);
    child.hears('up', 'SIGHUP');
    child.hears('up', 'SIGINT', 200);
    child.hears('later', 'SIGTERM');
    expect(await child.end).toEqual([null, 'SIGTERM']);
    expect(child.said()).toBe('up\nasked\nlater\n');
  });

  const script = '/usr/bin/script';
  it.skipIf(!existsSync(script))('of the terminal that is closed asks', async () => {
    const words = join(folder, 'of-a-terminal');
    const command = `exec "$NODE" --input-type=module -e "$POLITE"`;
    const env = { NODE: process.execPath, POLITE, WORDS: words, SHELL: '/bin/sh' };
    const terminal = spawn(script, ['-qec', command, '/dev/null'], { env });
    await once(terminal.stdout, 'data');
    terminal.kill('SIGKILL');
    await vi.waitUntil(() => existsSync(words), { timeout: 20_000, interval: 20 });
    expect(readFileSync(words, 'utf8')).toBe('called back\n');
  });
});

describe('a second signal', () => {
  it.each([0, 30, 100])(
    '%i ms after the first is the same wish, also where the command has ended by then',
    async (ms) => {
      const child = started(QUICK);
      child.hears('up', 'SIGINT');
      child.hears('asked', 'SIGINT', ms);
      expect(await child.end).toEqual([0, null]);
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('later than half a second kills (%s)', async (signal) => {
    const child = started(SLOW);
    child.hears('up', 'SIGINT');
    child.hears('asked', signal);
    child.hears('later', signal);
    expect(await child.end).toEqual([null, signal]);
    expect(child.said(), 'the echo did not kill').toContain('later');
  });
});

interface Started {
  readonly end: Promise<unknown[]>;
  said(): string;
  /** Sends the signal as soon as the word was said. */
  hears(word: string, signal: NodeJS.Signals, afterMs?: number): void;
}

function started(script: string): Started {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const due = new Set<{ readonly word: string; send(): void }>();
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    for (const each of due) {
      if (!said.includes(each.word)) continue;
      due.delete(each);
      each.send();
    }
  });
  return {
    end: once(child, 'exit'),
    said: () => said,
    hears: (word, signal, afterMs = 0) =>
      void due.add({ word, send: () => setTimeout(() => child.kill(signal), afterMs) }),
  };
}
