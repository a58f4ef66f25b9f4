/** `paper`, `live` and `doctor` as a trader meets them. */
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import { onSteps } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { openJournal, openJournalReader } from '../../journal/sqlite-journal.ts';
import type { FullStatus } from '../operate/bot-status.ts';
import { startedIn } from '../operate/started-note.ts';

inEmptyFolder();

const CONFIG = 'symbols: [BTC-USDT-SWAP]\n';
const secrets = Object.values(KEYS);
/** Of the exchange of these tests. */
const ONLY_ACCOUNT = '4711';
const ARCHIVE = { rowsMax: 1e6, bytesMax: 1e9, segmentRows: 1e4 };

function keyFile(mode: number): void {
  writeFileSync(
    'keys',
    Object.entries(KEYS)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
  );
  chmodSync('keys', mode);
}

/** However long a busy machine takes. */
const isThere = (path: string) => vi.waitUntil(() => existsSync(path), { timeout: 60_000, interval: 20 });

/** Every byte that a command has left behind. */
function everythingWritten(folder = '.'): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return everythingWritten(path);
      return entry.isFile() && entry.name !== 'keys' ? readFileSync(path, 'latin1') : '';
    })
    .join('\n');
}

describe('doctor', () => {
  it('does not call a paper exchange fit for real money', async () => {
    const { code, err } = await rungwise('doctor --real --exchange http://127.0.0.1:9', { env: KEYS });
    expect(code).toBe(2);
    expect(err).toContain('a paper exchange has no real money');
  });

  it('finds everything as it must be', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const { code, out } = await rungwise(`doctor --exchange ${origin}`, { env: KEYS });
    expect([code, out]).toEqual([0, expect.stringContaining('everything is as it must be')]);
    expect(out).toContain('account 4711');
  });

  it('says in both languages what to do about a wrong secret, and never shows the key', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const env = { ...KEYS, RUNGWISE_OKX_SECRET: 'anotherSecret' };
    const en = await rungwise(`doctor --exchange ${origin}`, { env });
    const ru = await rungwise(`doctor --exchange ${origin} --lang ru`, { env });
    expect([en.code, en.out]).toEqual([3, expect.stringContaining('copy both again')]);
    expect([ru.code, ru.out]).toEqual([3, expect.stringContaining('скопируйте оба заново')]);
    for (const secret of [...secrets, 'anotherSecret']) expect(en.out + en.err + ru.out + ru.err).not.toContain(secret);
  });

  it('says of a page of a gateway in front of the exchange that it was one, and nothing against the key', async () => {
    const { origin } = await generatedExchange();
    const page = { how: 'reply', status: 403, body: '<html>Just a moment...</html>' } as const;
    const proxy = await startFaultProxy(origin, ({ path }) =>
      path.endsWith('account/config') ? { forward: 'never', answer: page } : undefined,
    );
    onTestFinished(() => proxy.close());
    writeFileSync('rungwise.yaml', CONFIG);
    const en = await rungwise(`doctor --exchange ${proxy.origin}`, { env: KEYS });
    expect([en.code, en.out]).toEqual([3, expect.stringContaining('the key could not be tried: http-403')]);
    expect(en.out).toContain('Check the network and the address');
    const ru = await rungwise(`doctor --exchange ${proxy.origin} --lang ru`, { env: KEYS });
    expect(ru.out).toContain('ключ не удалось проверить: http-403');
  });

  it('says of an exchange in maintenance that it is, and nothing against the network', async () => {
    const { origin } = await generatedExchange();
    const body = JSON.stringify({
      code: '50001',
      msg: 'Service temporarily unavailable. Please try again later.',
      data: [],
    });
    const proxy = await startFaultProxy(origin, ({ path }) =>
      path.endsWith('account/config') ? { forward: 'never', answer: { how: 'reply', status: 503, body } } : undefined,
    );
    onTestFinished(() => proxy.close());
    writeFileSync('rungwise.yaml', CONFIG);
    const en = await rungwise(`doctor --exchange ${proxy.origin}`, { env: KEYS });
    expect([en.code, en.out]).toEqual([3, expect.stringContaining('The exchange is in maintenance: start again when')]);
    expect(en.out).not.toContain('Check the network');
    const ru = await rungwise(`doctor --exchange ${proxy.origin} --lang ru`, { env: KEYS });
    expect(ru.out).toContain('На бирже техработы: запустите снова');
  });

  it('advises by what is asked: OKX may need a regional host, a paper exchange must be running', async () => {
    writeFileSync('rungwise.yaml', CONFIG);
    const en = await rungwise('doctor --exchange http://127.0.0.1:9');
    const ru = await rungwise('doctor --exchange http://127.0.0.1:9 --lang ru');
    expect([en.code, ru.code]).toEqual([3, 3]);
    expect(en.out).toContain('a paper exchange must be running: "rungwise exchange" starts one');
    expect(en.out).not.toContain('regional');
    expect(ru.out).toContain('бумажная биржа должна быть запущена: это делает «rungwise exchange»');
  });

  it('without a key looks at what is public, and says how to give one', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const { code, out } = await rungwise(`doctor --exchange ${origin}`);
    expect([code, out]).toEqual([3, expect.stringContaining('Set RUNGWISE_OKX_KEY')]);
    expect(out).toContain('BTC-USDT-SWAP can be traded');
  });

  it('as JSON is one object', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const { out } = await rungwise(`doctor --exchange ${origin} --json`, { env: KEYS });
    expect(JSON.parse(out)).toMatchObject({
      ready: true,
      findings: expect.arrayContaining([expect.objectContaining({ about: 'clock' })]),
    });
  });
});

describe('keys', () => {
  it.each([0o600, 0o400])('are read from a file of mode %o', async (mode) => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    keyFile(mode);
    expect((await rungwise(`doctor --exchange ${origin} --keys keys`)).code).toBe(0);
  });

  it.each([0o644, 0o640, 0o606])('are not read from a file of mode %o, which others can read', async (mode) => {
    writeFileSync('rungwise.yaml', CONFIG);
    keyFile(mode);
    const { code, err } = await rungwise('doctor --exchange http://127.0.0.1:9 --keys keys');
    expect([code, err]).toEqual([2, expect.stringContaining('chmod 600 keys')]);
  });

  it.each([
    [{ RUNGWISE_OKX_KEY: 'a' }, 'RUNGWISE_OKX_SECRET, RUNGWISE_OKX_PASSPHRASE'],
    [{ ...KEYS, RUNGWISE_OKX_SECRET: 'a b' }, 'copy it again'],
  ])('that cannot be right are refused: %j', async (env, why) => {
    writeFileSync('rungwise.yaml', CONFIG);
    const { code, err } = await rungwise('live', { env });
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });
});

describe('live', () => {
  it.each([
    ['live', {}, 'no API key'],
    ['live --demo --real', KEYS, 'choose one'],
    ['live --host nowhere', KEYS, '--host'],
    ['live --ws http://x', KEYS, '--ws'],
  ])('%s is refused', async (words, env, why) => {
    writeFileSync('rungwise.yaml', CONFIG);
    const { code, err } = await rungwise(words, { env });
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  it.each(['demo', 'x-demo', 'Main-Paper', 'x-exchange'])(
    'with real money is refused to an account called %s: another one practises in its place',
    async (name) => {
      writeFileSync('rungwise.yaml', `account: {name: ${name}}\n${CONFIG}`);
      const { code, err } = await rungwise('live --real', { env: KEYS });
      expect([code, err]).toEqual([2, expect.stringContaining(`account.name "${name}" is kept for practice`)]);
      expect(existsSync('state')).toBe(false);
      expect((await rungwise('live --real --lang ru', { env: KEYS })).err).toContain(`account.name «${name}» занято`);
    },
  );

  it('of demo trading has a journal of its own, in which no key stands', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const ws = `${origin.replace('http', 'ws')}/ws/v5`;
    const { code, out, err } = await rungwise(`live --host ${origin} --ws ${ws} --for 2s --json`, { env: KEYS });
    expect(code).toBe(0);
    const journal = openJournalReader('state/main-demo/journal.db');
    expect(journal.meta.accountUid).toBe('4711');
    journal.close();
    expect(statSync('state/main-demo').mode & 0o077).toBe(0);
    for (const secret of secrets) expect(out + err + everythingWritten()).not.toContain(secret);
  });

  it('does not start where the account is not ready', async () => {
    const { paper, origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const desk = paper.desk(KEYS.RUNGWISE_OKX_KEY);
    if (desk !== undefined) desk.positionMode = 'long_short_mode';
    const { code, err } = await rungwise(`live --host ${origin} --for 1s`, { env: KEYS });
    expect([code, err]).toEqual([3, expect.stringContaining('Position mode')]);
    expect(existsSync('state/main-demo/journal.db')).toBe(false);
  });
});

describe('a clock', () => {
  const HOUR_MS = 3_600_000;

  it('that is an hour off at the start is told in both languages, and nothing begins', async () => {
    const rightNow = Date.now;
    // The exchange’s and everybody else’s: the bot has asked for the time of day when this process began.
    vi.spyOn(Date, 'now').mockImplementation(() => rightNow() + HOUR_MS);
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const run = (more: string) => rungwise(`paper --exchange ${origin} --for 1s ${more}`, { env: KEYS });
    const [en, ru] = [await run(''), await run('--lang ru')];
    vi.restoreAllMocks();
    expect([en.code, ru.code]).toEqual([3, 3]);
    expect(en.err).toMatch(/the clock is 3,[56]\d\d,\d{3} ms off/);
    expect(en.err).toContain('Set the system clock by the network (NTP)');
    expect(ru.err).toMatch(/часы расходятся на 3\s[56]\d\d\s\d{3} мс/);
    expect(existsSync('state/main-exchange/journal.db'), 'not even a journal').toBe(false);
  });

  it('that is set an hour on while a bot runs changes nothing', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const rightNow = Date.now;
    let offMs = 0;
    vi.spyOn(Date, 'now').mockImplementation(() => rightNow() + offMs);
    const running = rungwise(`paper --exchange ${origin} --for 6s --json`, { env: KEYS });
    await isThere('state/main-exchange/control.sock');
    offMs = HOUR_MS;
    const { code, out } = await running.finally(() => vi.restoreAllMocks());
    expect(code).toBe(0);
    expect(out.split('"exchange-read"')[1], 'once it had begun').not.toContain('exchange-lost');
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({ isReady: true, isConnected: true });
    const journal = openJournalReader('state/main-exchange/journal.db');
    const times = [...journal.rows()].map(({ atMs }) => atMs);
    journal.close();
    expect(times.length).toBeGreaterThan(20);
    expect(Math.max(...times)).toBeLessThan(rightNow() + 60_000);
  });

  it('that is an hour behind the journal is told in both languages, and nothing is added', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const path = 'state/main-exchange/journal.db';
    const aheadMs = Date.now() + HOUR_MS;
    const journal = openJournal(path, { accountUid: ONLY_ACCOUNT, run: 'test', now: () => aheadMs, archive: ARCHIVE });
    const price = { kind: 'price', at: aheadMs, instId: 'BTC-USDT-SWAP', markTicks: 1, bidTicks: 1, askTicks: 2 };
    journal.append('event', aheadMs, price);
    journal.commit();
    journal.close();
    const run = (more: string) => rungwise(`paper --exchange ${origin} --for 3s ${more}`, { env: KEYS });
    const en = await run('');
    expect(en.code).toBe(0);
    expect(en.out).toContain('the time is another one at the exchange: nothing is added (clock-differs)');
    expect(en.out).not.toContain('the exchange was read: trading');
    expect((await run('--lang ru')).out).toContain('на бирже другое время: ничего не добавляется');
    const { out } = await run('--json');
    expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      kind: 'summary',
      isReady: false,
      isTimeBehind: true,
      lost: null,
    });
  });
});

describe('status of a bot whose account can not be read', () => {
  it('says why and since when, also while it is paused', async () => {
    const { origin } = await generatedExchange();
    const page = { how: 'reply', status: 503, body: '<html>Unavailable</html>' } as const;
    const proxy = await startFaultProxy(origin, ({ path }) =>
      path.endsWith('account/positions') ? { forward: 'never', answer: page } : undefined,
    );
    onTestFinished(() => proxy.close());
    writeFileSync('rungwise.yaml', CONFIG);
    const ask = (words: string) => rungwise(`${words} --account main-exchange`);
    const found = async () => {
      const { code, out } = await ask('status --json');
      return code === 0 ? (JSON.parse(out) as FullStatus) : undefined;
    };
    const running = rungwise(`paper --exchange ${proxy.origin} --for 120s --json`, { env: KEYS });
    try {
      await expect.poll(async () => (await found())?.lost?.because?.code, { timeout: 30_000 }).toBe('not-read');
      const since = (await found())?.lost?.since ?? 0;
      expect(Math.abs(Date.now() - since)).toBeLessThan(60_000);
      expect((await ask('pause')).code).toBe(0);
      const [head = '', ...lines] = (await ask('status')).out.split('\n');
      expect(head).toContain('paused by the operator');
      expect(lines.join('\n')).toMatch(
        /^nothing is added until the exchange was read: the account could not be read: http-503 .*; since 20.* UTC$/m,
      );
      expect((await ask('status --lang ru')).out).toMatch(/^ничего не добавляется, пока биржа не прочитана: .*503/m);
    } finally {
      process.emit('SIGINT');
      await running;
    }
  });
});

describe('paper', () => {
  it('trades at an exchange of its own, and ends in order', async () => {
    writeFileSync('rungwise.yaml', CONFIG);
    const { code, out } = await rungwise('paper --for 3s --json');
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly kind: string });
    expect(lines[0]?.kind).toBe('start');
    expect(lines.some(({ kind }) => kind === 'exchange-read')).toBe(true);
    expect(lines.at(-1)).toMatchObject({ kind: 'summary', account: 'main-paper', isReady: true, lost: null });
    const journal = openJournalReader('state/main-paper/journal.db');
    const commands = [...journal.rows()].flatMap(({ payload }) => (payload as { command?: object }).command ?? []);
    journal.close();
    expect(commands, 'what would still grow is called back').toEqual([{ do: 'leave', by: 'operator' }]);
  });

  it.each(['https://www.okx.com', 'https://EEA.okx.com:443/', 'https://okx.com.'])(
    'never trades at %s, where the key may be one of real money',
    async (address) => {
      writeFileSync('rungwise.yaml', CONFIG);
      const run = (more: string) => rungwise(`paper --exchange ${address} --for 1s ${more}`, { env: KEYS });
      const en = await run('');
      expect([en.code, en.err]).toEqual([2, expect.stringContaining('is OKX itself, no paper exchange')]);
      expect((await run('--lang ru')).err).toContain('сама OKX, а не бумажная биржа');
      expect(existsSync('state')).toBe(false);
    },
  );

  it('is asked, paused and flattened through its door', async () => {
    writeFileSync('rungwise.yaml', CONFIG);
    const running = rungwise('paper --for 6s --json');
    const ask = (words: string) => rungwise(`${words} --account main-paper --json`);
    await isThere('state/main-paper/control.sock');
    expect(JSON.parse((await ask('status')).out)).toMatchObject({ account: 'main-paper', halt: null });
    expect(JSON.parse((await ask('pause')).out)).toMatchObject({ halt: { kind: 'pause' } });
    expect(JSON.parse((await ask('resume')).out)).toMatchObject({ halt: null });
    expect(JSON.parse((await ask('flatten')).out)).toMatchObject({ halt: { kind: 'halt' } });
    expect((await running).code).toBe(0);
  });

  it('goes on at the same account where it was', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const run = () => rungwise(`paper --exchange ${origin} --for 2s --json`, { env: KEYS });
    await run();
    const { out } = await run();
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({ kind: 'start', recoveredRows: expect.any(Number) });
    expect((JSON.parse(out.split('\n')[0] ?? '') as { recoveredRows: number }).recoveredRows).toBeGreaterThan(0);
  });

  it('goes on with a journal of another tick and says so in both languages, each life counts in its own, and so does a replay', async () => {
    const coarser = onSteps(BTC, { ...BTC, tickSize: decimal('0.5') });
    const [first, second] = [await generatedExchange(), await generatedExchange([coarser])];
    writeFileSync('rungwise.yaml', CONFIG);
    const run = (origin: string, more = '') => rungwise(`paper --exchange ${origin} --for 2s ${more}`, { env: KEYS });
    await run(first.origin);
    const en = await run(second.origin);
    expect([en.code, en.out]).toEqual([
      0,
      expect.stringContaining(
        'the exchange has changed BTC-USDT-SWAP since the journal was written: tick 0.5, it was 0.1; its indicators begin anew',
      ),
    ]);
    expect(en.out).toContain('the exchange was read: trading');
    expect((await run(first.origin, '--lang ru')).out).toContain(
      'биржа изменила BTC-USDT-SWAP: шаг цены 0,1, было 0,5',
    );
    const { out } = await run(second.origin, '--json');
    expect(JSON.parse(out.split('\n')[0] ?? '')).toMatchObject({
      gridsTaken: [{ instId: 'BTC-USDT-SWAP', changes: [{ of: 'tick', was: '0.1', is: '0.5' }], wasOpen: false }],
    });
    const replayed = await rungwise('replay state/main-exchange/journal.db');
    expect([replayed.code, replayed.out]).toEqual([0, expect.stringContaining('same')]);
  });

  it('names its orders anew once rows were lost: one that they had named is never sent under its name again', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const path = 'state/main-exchange/journal.db';
    const run = () => rungwise(`paper --exchange ${origin} --for 2s`, { env: KEYS });
    await run();
    await run();
    const db = new DatabaseSync(path);
    db.exec('UPDATE rows SET at = at + 1 WHERE seq = (SELECT max(seq) FROM rows)');
    db.exec('DELETE FROM snapshots WHERE seq = (SELECT max(seq) FROM rows)');
    db.close();
    expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('rungwise recover') });
    expect((await rungwise(['recover', path])).code).toBe(0);
    expect((await run()).code).toBe(0);
    const journal = openJournalReader(path);
    const runs = [...journal.rows()].flatMap((row) => startedIn(row)?.run ?? []);
    journal.close();
    expect([runs.length, runs[1] === runs[0], runs[2] === runs[0]]).toEqual([3, true, false]);
    expect((await rungwise(['replay', path])).out).toContain('same');
  });

  it('tells and journals what the configuration says otherwise than before', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const run = (more: string) => rungwise(`paper --exchange ${origin} --for 1s ${more}`, { env: KEYS });
    await run('');
    writeFileSync('rungwise.yaml', `${CONFIG}position_scaling:\n  ladder: [0.5, 0.1]\n`);
    const { out } = await run('--lang ru');
    expect(out).toContain('открытые позиции сохраняют лестницу');
    expect(out).toMatch(/position_scaling\.ladder: \[.*\] → \["0\.5","0\.1"\]/);
    const journal = openJournalReader('state/main-exchange/journal.db');
    const notes = [...journal.rows()].filter(({ kind }) => kind === 'note');
    expect(journal.lastNote()).toEqual(notes[1]);
    journal.close();
    expect(notes.map(({ payload }) => (payload as { changed?: unknown }).changed)).toEqual([
      undefined,
      [{ key: 'position_scaling.ladder', was: expect.any(Array), is: ['0.5', '0.1'] }],
    ]);
    expect(JSON.parse((await run('--json')).out.split('\n')[0] ?? '')).toMatchObject({ changed: [] });
    const replayed = await rungwise('replay state/main-exchange/journal.db');
    expect([replayed.code, replayed.out], 'each life by its own configuration').toEqual([
      0,
      expect.stringContaining('same'),
    ]);
  });

  it('does not start twice on one journal', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', CONFIG);
    const run = (time: string) => rungwise(`paper --exchange ${origin} --for ${time} --json`, { env: KEYS });
    const first = run('4s');
    await isThere('state/main-exchange/control.sock');
    expect((await run('1s')).code).toBe(4);
    expect((await first).code).toBe(0);
  });
});
