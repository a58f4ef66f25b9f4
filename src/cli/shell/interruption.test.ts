/** Asked to end, a command ends in its own way, also where the wish reaches it twice; asked again, it is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';

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
  hears(word: string, signal: 'SIGINT' | 'SIGTERM', afterMs?: number): void;
}

function started(script: string): Started {
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const due = new Map<string, () => void>();
  let said = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    said += bytes.toString();
    for (const [word, send] of due) {
      if (!said.includes(word)) continue;
      due.delete(word);
      send();
    }
  });
  return {
    end: once(child, 'exit'),
    said: () => said,
    hears: (word, signal, afterMs = 0) => void due.set(word, () => setTimeout(() => child.kill(signal), afterMs)),
  };
}
