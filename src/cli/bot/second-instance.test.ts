/** reliability.md "No double orders" (6), R12: one bot per journal and account, whatever the exchange does while it starts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { startHttp } from '../../../test/okx/local-server.ts';
import { lockJournal } from '../../journal/sqlite-journal.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { paperAccess } from '../input/access.ts';
import { sessionOf } from '../shell/session.ts';
import { soleAtAccount } from './sole-at-account.ts';

inEmptyFolder();

const program = fileURLToPath(new URL('../../../rungwise', import.meta.url));
const SECRETS = { key: 'k', secret: 's', passphrase: 'p' };
const JOURNAL = 'state/main-exchange/journal.db';

/** Answers everything after so long, and then with a no. */
function slowExchange(afterMs: number) {
  return startHttp((_, response) => {
    const answer = () =>
      response.end(JSON.stringify({ code: '50001', msg: 'Service temporarily unavailable', data: [] }));
    setTimeout(answer, afterMs).unref();
  });
}

function started(words: string): ChildProcess {
  const env = { ...process.env, ...KEYS, LC_ALL: 'C', NO_COLOR: '1' };
  const child = spawn(program, words.split(' '), { env, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe.skipIf(process.platform === 'win32')('a second process on the same journal', () => {
  it('is refused with exit code 4 before anybody asks an exchange that does not answer', async () => {
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    const [slow, another] = [await slowExchange(30_000), await slowExchange(30_000)];
    const first = started(`paper --exchange ${slow.origin}`);
    await vi.waitUntil(() => slow.received.length > 0, { timeout: 60_000, interval: 10 });
    // So that it waits for its exchange as long as the second one takes to come.
    first.kill('SIGSTOP');
    const second = started(`paper --exchange ${another.origin}`);
    const [said, [code]] = await Promise.all([text(second.stderr as NodeJS.ReadableStream), once(second, 'exit')]);
    expect([code, said]).toEqual([
      4,
      expect.stringMatching(
        new RegExp(
          `another bot or demo is running \\(process ${first.pid}, since 20.+ UTC\\), it writes ${process.cwd()}/${JOURNAL}`,
        ),
      ),
    ]);
    const { code: no, err } = await rungwise('status --journal state/main-exchange/journal.db');
    expect([no, err], 'it has a journal and no door yet').toEqual([
      1,
      expect.stringContaining(`takes no commands (process ${first.pid}, since `),
    ]);
    expect(err, 'a door that is gone does not come back').toContain('control.sock is gone: end that process');
    expect(another.received, 'the exchange was not asked').toEqual([]);
    const holder = JSON.parse(readFileSync('state/main-exchange/journal.lock.json', 'utf8')) as { pid: number };
    expect(holder.pid, 'the first one still has it').toBe(first.pid);
  });
});

describe('a second bot at the same account, with another journal', () => {
  it.each([
    ['en', 'another bot on this machine trades account 4711, with another journal'],
    ['ru', 'счётом 4711 на этой машине уже торгует другой бот'],
  ])('is refused with exit code 4 for as long as the first is there: %s', async (language, sentence) => {
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    const { origin } = await generatedExchange();
    const at = (home: string, length: string) =>
      rungwise(`paper --exchange ${origin} --for ${length} --lang ${language}`, {
        env: { ...KEYS, RUNGWISE_HOME: home },
      });
    const first = at('here', '5s');
    await vi.waitUntil(() => existsSync('here/main-exchange/control.sock'), { timeout: 60_000, interval: 20 });
    const { code, err } = await at('there', '1s');
    expect([code, err]).toEqual([4, expect.stringContaining(sentence)]);
    expect(existsSync('there/main-exchange/journal.db')).toBe(false);
    expect((await first).code).toBe(0);
    expect((await at('there', '1s')).code).toBe(0);
  });
});

describe('the account’s lock', () => {
  const bot = async (tmp: string, home: string) => {
    for (const folder of [tmp, home]) mkdirSync(folder, { recursive: true });
    const { stdin: input, stdout: output, stderr: errors } = process;
    const session = await sessionOf([], { input, output, errors, env: {} });
    vi.stubEnv('TMPDIR', resolve(tmp));
    vi.stubEnv('HOME', resolve(home));
    onTestFinished(() => void vi.unstubAllEnvs());
    return soleAtAccount(session, paperAccess('http://127.0.0.1:1', new ApiKey(SECRETS)), '4711');
  };

  it.skipIf(process.platform === 'win32')(
    'is seen from the other’s folder of temporary files and from the other’s home; nothing stays locked by who is refused',
    async () => {
      const service = await bot('private-tmp', 'home');
      await expect(bot('tmp', 'home'), 'a shell beside a service with PrivateTmp').rejects.toThrow('4711');
      await expect(bot('private-tmp', 'another-home')).rejects.toThrow('4711');
      service.release();
      const byHand = await bot('tmp', 'home');
      (await bot('private-tmp', 'another-home')).release();
      byHand.release();
      expect(readdirSync('.', { recursive: true }).filter((name) => String(name).includes('.lock'))).toEqual([]);
    },
  );

  it('keeps nobody from what is open where one of its folders can not be written', async () => {
    mkdirSync('home');
    writeFileSync('home/.local', 'a file\n');
    const lock = await bot('tmp', 'home');
    await expect(bot('tmp', 'another-home')).rejects.toThrow('4711');
    lock.release();
  });

  it('is never so old that the system clears it away as a temporary file that was forgotten', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    onTestFinished(() => void vi.useRealTimers());
    const lock = await bot('tmp', 'home');
    const files = ['tmp', 'home/.local/state/rungwise'].map((folder) => {
      const names = readdirSync(folder).filter((name) => name.endsWith('.lock.db'));
      expect(names, folder).toHaveLength(1);
      return join(folder, names[0] ?? '');
    });
    for (const file of files) utimesSync(file, 0, 0);
    vi.advanceTimersByTime(6 * 3_600_000);
    for (const file of files) expect(Date.now() - statSync(file).mtimeMs).toBeLessThan(60_000);
    await expect(bot('tmp', 'home')).rejects.toThrow('4711');
    lock.release();
    expect([...readdirSync('tmp'), ...readdirSync('home/.local/state/rungwise')]).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the journal’s lock', () => {
  it.each([
    ['paper --exchange ORIGIN', JOURNAL],
    ['paper', 'state/main-paper/journal.db'],
    ['live --host ORIGIN', 'state/main-demo/journal.db'],
    ['live --real --host ORIGIN', 'state/main/journal.db'],
  ])('is taken by "%s" before it looks at the exchange', async (words, journal) => {
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    const { origin, received } = await slowExchange(0);
    const lock = lockJournal(journal, Date.now());
    const { code, err } = await rungwise(words.replace('ORIGIN', origin), { env: KEYS });
    lock.release();
    expect([code, err]).toEqual([4, expect.stringContaining('another bot')]);
    expect(received).toEqual([]);
  });

  it.each([
    ['paper --exchange ORIGIN', JOURNAL],
    ['live --host ORIGIN', 'state/main-demo/journal.db'],
    ['live --real --host ORIGIN', 'state/main/journal.db'],
  ])('is let go by "%s" where the exchange is not ready', async (words, journal) => {
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    const { origin, received } = await slowExchange(0);
    const { code } = await rungwise(words.replace('ORIGIN', origin), { env: KEYS });
    expect([code, received.length > 0]).toEqual([3, true]);
    expect(() => lockJournal(journal, Date.now()).release()).not.toThrow();
  });
});
