/** A bot that hangs, ends while it is asked, or is none: told in a sentence, and whether the command may have been heard. */
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { controlPath } from './control.ts';

inEmptyFolder();

const JOURNAL = 'state/demo/journal.db';

/** In the place of a bot. */
async function listening(answer: (socket: Socket, text: string) => void): Promise<void> {
  mkdirSync('state/demo', { recursive: true });
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (text) => answer(socket, String(text)));
  });
  server.listen(controlPath(JOURNAL));
  await once(server, 'listening');
  onTestFinished(() => void server.close());
}

describe.each(['status', 'pause', 'flatten', 'resume --json'])('%s', (words) => {
  it.each<[what: string, answer: (socket: Socket) => void, en: string, ru: string]>([
    [
      'closes the door',
      (socket) => socket.destroy(),
      words === 'status' ? 'whether it has heard is not known' : 'so it was not told',
      words === 'status' ? 'услышал ли он, неизвестно' : 'команда ему не передана',
    ],
    ['ends its words early', (socket) => socket.end('{"ok":'), 'does not answer as a bot does', 'отвечает не как бот'],
    ['greets', (socket) => socket.end('hello\n'), 'does not answer as a bot does', 'отвечает не как бот'],
    ['says null', (socket) => socket.end('null\n'), 'does not answer as a bot does', 'отвечает не как бот'],
    [
      'says too little',
      (socket) => socket.end('{"ok":true}\n'),
      'does not answer as a bot does',
      'отвечает не как бот',
    ],
  ])('to one that %s', async (_, answer, inEnglish, inRussian) => {
    await listening(answer);
    const [en, ru] = [await rungwise(words), await rungwise(`${words} --lang ru`)];
    expect([en.code, en.out, en.err]).toEqual([1, '', expect.stringContaining(inEnglish)]);
    expect([ru.code, ru.out, ru.err]).toEqual([1, '', expect.stringContaining(inRussian)]);
    expect(en.err.trim().split('\n'), 'one line').toHaveLength(1);
  });
});

it('one that hangs is waited for 5 s, and no longer; the command does not wait at its door for it to go on', async () => {
  const heard: string[] = [];
  await listening((socket, text) => {
    heard.push(text);
    socket.on('data', (more) => heard.push(String(more)));
  });
  const { code, out, err } = await rungwise('flatten');
  expect([code, out, err]).toEqual([1, '', expect.stringContaining(`${JOURNAL} does not answer, so it was not told`)]);
  expect(heard).toEqual(['{"do":"status"}\n']);
}, 20_000);

it('one that hangs once it has answered may have heard the command', async () => {
  await listening((socket) => socket.write('{"ok":true,"symbols":[]}\n'));
  const { code, out, err } = await rungwise('flatten');
  expect([code, out, err]).toEqual([
    1,
    '',
    expect.stringContaining(`${JOURNAL} has not answered: whether it has heard`),
  ]);
}, 20_000);

it.skipIf(process.platform === 'win32' || userInfo().uid === 0)('a door of another user is told', async () => {
  await listening(() => undefined);
  chmodSync(controlPath(JOURNAL), 0);
  expect(await rungwise('status')).toMatchObject({ code: 2, err: expect.stringContaining('no permission') });
});
