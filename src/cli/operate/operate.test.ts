/** What a person does with a running bot and its journal: over the real door, on the journal of a real demo. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { inEmptyFolder, rungwise, unhurriedClock } from '../../../test/command-line.ts';
import { loadTree } from '../../config/index.ts';
import type { Place } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { onSteps } from '../../core/instrument/instrument.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { newRegistry } from '../../core/registry.ts';
import { step } from '../../core/step.ts';
import { takeWriterLock } from '../../journal/files/writer-lock.ts';
import { CONTRACT_OPTIONS } from '../../journal/journal.contract.ts';
import type { JournalRow } from '../../journal/journal.ts';
import { encodePayload } from '../../journal/rows/codec.ts';
import { openJournal, openJournalReader } from '../../journal/sqlite-journal.ts';
import { widthOf } from '../../report/drawing/width.ts';
import type { DecisionRow } from '../../runtime/loop.ts';
import { type Release, thisRelease } from '../shell/release.ts';
import type { FullStatus } from './bot-status.ts';
import { askBot, controlPath } from './control.ts';
import { type Started, startedIn } from './started-note.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const JOURNAL = join('state', 'demo', 'journal.db');

/** A real demo in a process of its own, in `folder`. */
function demoIn(folder: string, ...words: readonly string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, 'demo', '--json', '--speed', '2000', ...words], {
    cwd: folder,
    stdio: 'ignore',
  });
}

async function statusOnce(journal: string, ready: (status: FullStatus) => boolean): Promise<FullStatus> {
  for (;;) {
    const reply = await askBot(controlPath(journal), { do: 'status' });
    if (reply?.ok === true && ready(reply as FullStatus & { ok: true })) return reply as FullStatus & { ok: true };
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

describe.skipIf(process.platform === 'win32')('a running demo', () => {
  let folder = '';
  let bot: ChildProcess;
  const journal = () => join(folder, JOURNAL);
  const asking = (words: string) => rungwise([...words.split(' '), '--journal', journal()]);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
    mkdirSync(join(folder, 'state', 'demo'), { recursive: true });
    // As a bot leaves it that was killed: a file at which nobody listens.
    writeFileSync(controlPath(journal()), '');
    bot = demoIn(folder);
    await statusOnce(journal(), ({ symbols }) => symbols.some(({ position }) => position !== null));
  });
  afterAll(async () => {
    bot.kill('SIGTERM');
    if (bot.exitCode === null) await once(bot, 'exit');
    rmSync(folder, { recursive: true });
  });

  it('listens where only this user reaches it, in place of a file that a dead bot left', () => {
    expect(statSync(controlPath(journal())).mode & 0o777).toBe(0o600);
  });

  it('tells its book, orders and refusals', async () => {
    const { symbols, openOrders, orders, isReady } = await statusOnce(journal(), ({ symbols: each }) =>
      each.some(({ position }) => position !== null),
    );
    expect(isReady).toBe(true);
    expect(openOrders).toHaveLength(orders);
    for (const { symbol, position } of symbols) {
      if (position === null) continue;
      expect(position.rungs).toBeLessThanOrEqual(position.rungsMax);
      expect(openOrders.some((order) => order.symbol === symbol && order.reduceOnly)).toBe(true);
    }
    const { code, out } = await asking('status');
    expect(code).toBe(0);
    expect(out).toContain('BTC-USDT-SWAP');
    expect(out).toMatch(/demo \(pid \d+\)/);
    expect(JSON.parse((await asking('status --json')).out)).toMatchObject({ ok: true, account: 'demo', pid: bot.pid });
    expect((await asking('status --lang ru')).out).toMatch(/капитал [\d\s]+,\d\d USDT, позиций/);
  });

  it('is paused and goes on, and both stand in its journal', async () => {
    expect(JSON.parse((await asking('pause --json')).out)).toMatchObject({ halt: { kind: 'pause', by: 'operator' } });
    expect((await asking('status')).out).toContain('paused by the operator, until a person resumes; since 2026-01-05');
    expect((await asking('status --lang ru')).out).toContain('пауза: оператор, пока человек не возобновит; с 2026-');
    expect((await asking('resume')).code).toBe(0);
    expect(JSON.parse((await asking('status --json')).out)).toMatchObject({ halt: null });
    const reader = openJournalReader(journal());
    const commands = [...reader.rows()].flatMap(({ kind, payload }) =>
      kind === 'event' && (payload as CoreEvent).kind === 'operator' ? [(payload as { command: object }).command] : [],
    );
    reader.close();
    expect(commands).toEqual([
      { do: 'pause', by: 'operator' },
      { do: 'resume', by: 'operator' },
    ]);
  });

  it('explains an order that stands and its last refusal while it runs', async () => {
    const { openOrders } = await statusOnce(journal(), (status) =>
      status.openOrders.some(({ role }) => role === 'stop'),
    );
    const stop = openOrders.find(({ role }) => role === 'stop');
    const told = JSON.parse((await asking(`explain ${stop?.clientId} --json`)).out);
    expect(told).toMatchObject({ decision: { kind: 'place', role: 'stop', clientId: stop?.clientId } });
    expect(told.event.kind).toBe('filled');
    await statusOnce(journal(), ({ refusals }) => refusals.some(({ symbol }) => symbol === 'BTC-USDT-SWAP'));
    const { code, out } = await asking('explain --last-refusal BTC-USDT-SWAP');
    expect([code, out]).toEqual([0, expect.stringContaining('✗')]);
    expect(bot.exitCode, 'it goes on').toBeNull();
  });

  it('closes everything and halts', async () => {
    const { code, out } = await asking('flatten');
    expect([code, out], 'and says which bot has heard it').toEqual([
      0,
      expect.stringMatching(/^demo: (everything is being closed|nothing is open)/),
    ]);
    const { halt } = await statusOnce(journal(), ({ symbols }) => symbols.every(({ position }) => position === null));
    expect(halt).toMatchObject({ kind: 'halt' });
    await asking('resume');
  });

  it('says no to a symbol that it does not trade', async () => {
    const { code, out, err } = await rungwise(['flatten', 'FOO', '--journal', journal()]);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain('FOO is not traded here: BTC-USDT-SWAP');
  });

  it.each(['{"do":"sell"}', 'hello', '{"do":"pause","by":"me"}', '[]', '{"do":"flatten","instId":7}'])(
    'answers %s with what it understands, and lives on',
    async (line) => {
      const socket = createConnection(controlPath(journal()));
      socket.write(`${line}\n`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(JSON.parse(String(answer))).toMatchObject({ ok: false });
      expect(bot.exitCode).toBeNull();
    },
  );

  it('closes the door to who sends without an end', async () => {
    const socket = createConnection(controlPath(journal()));
    const closed = new Promise((resolve) => socket.on('error', () => undefined).on('close', resolve));
    socket.write('x'.repeat(100_000));
    await closed;
    expect((await asking('status')).code).toBe(0);
  });

  it('is not joined by a second one, which is told within a second', async () => {
    const again = () => rungwise('demo', { env: { RUNGWISE_HOME: join(folder, 'state') } });
    // The first time its code is read; on a busy machine any time may be slow, but not every one.
    await vi.waitFor(
      async () => {
        const begunMs = performance.now();
        const { code, err } = await again();
        expect([code, err]).toEqual([4, expect.stringContaining('another bot or demo is running')]);
        expect(performance.now() - begunMs).toBeLessThan(1_000);
      },
      { timeout: 60_000, interval: 0 },
    );
    expect((await rungwise('demo --lang ru', { env: { RUNGWISE_HOME: join(folder, 'state') } })).err).toContain(
      'уже работает другой бот',
    );
    expect((await asking('status')).code, 'the first goes on').toBe(0);
  });
});

describe('where no bot runs', () => {
  inEmptyFolder();

  it('a folder that can not be made is told, not tried for ever', async () => {
    const env = { RUNGWISE_HOME: '/proc/rungwise' };
    const { code, err } = await rungwise('demo --for 1s', { env });
    expect([code, err.split('\n').length]).toEqual([2, 2]);
    expect(err).toContain('/proc/rungwise');
  });

  it.each(['status', 'pause', 'resume', 'flatten', 'flatten BTC-USDT-SWAP'])(
    '%s says so and ends with 1',
    async (words) => {
      const { code, out, err } = await rungwise(words);
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toBe(`no bot is running on ${JOURNAL}: start one, or name another with --account or --journal\n`);
      expect((await rungwise(`${words} --lang ru`)).err).toContain('бот не работает');
    },
  );

  it('whoever runs in the same folder is named, as it has to be named', async () => {
    const asked = async (words: string) => (await rungwise(words)).err;
    mkdirSync('state/candles', { recursive: true });
    const locks = ['main-paper', 'other'].map((account) => {
      mkdirSync(join('state', account));
      return takeWriterLock(join('state', account, 'journal.db'), 0);
    });
    expect(await asked('status')).toBe(
      `no bot is running on ${JOURNAL}, but here: --account main-paper, --account other\n`,
    );
    locks[1]?.release();
    expect(await asked('flatten --lang ru')).toBe(
      `на ${JOURNAL} бот не работает, зато работает здесь: --account main-paper\n`,
    );
    locks[0]?.release();
    expect(await asked('status')).toContain('start one');
  });

  it('explain and replay name the journal that is not there, and end with 2', async () => {
    expect(await rungwise('replay nowhere.db')).toMatchObject({ code: 2, err: expect.stringContaining('nowhere.db') });
    expect(await rungwise('explain rwdemo000001e00010')).toMatchObject({ code: 2 });
  });

  it('explain wants an order or a symbol, not both and not none', async () => {
    for (const words of ['explain', 'explain x --last-refusal BTC-USDT-SWAP'])
      expect(await rungwise(words)).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--last-refusal') });
  });
});

describe("a demo's journal", () => {
  let folder = '';
  let path = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rungwise-'));
    path = join(folder, 'demo', 'journal.db');
    const restore = unhurriedClock();
    // Two hours and a half of the market.
    const { code, err } = await rungwise('demo --json --for 1500ms --speed 6000', { env: { RUNGWISE_HOME: folder } });
    restore();
    expect(code, err).toBe(0);
  }, 300_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  function rowsOf(): JournalRow[] {
    const reader = openJournalReader(path);
    try {
      return [...reader.rows()];
    } finally {
      reader.close();
    }
  }

  it('replays to the same decisions, byte for byte', async () => {
    const rows = rowsOf();
    const [first] = rows;
    const started = first && startedIn(first);
    if (started === undefined) throw new Error('the first row tells the start');
    const { policy } = loadTree(started.configuration);
    const registry = newRegistry({ ...started, policy, ready: false });
    const recorded = new Map<number, string>();
    for (const { seq, kind, payload } of rows)
      if (kind === 'decision') recorded.set(seq - 1, encodePayload((payload as DecisionRow).decisions).text);
    let decided = 0;
    for (const { seq, kind, payload } of rows) {
      if (kind !== 'event') continue;
      const decisions = step(registry, payload as CoreEvent);
      decided += decisions.length;
      expect(encodePayload([...decisions]).text, `row ${seq}`).toBe(recorded.get(seq) ?? '[]');
    }
    expect(decided, 'something was decided').toBeGreaterThan(50);
    const { code, out } = await rungwise(['replay', path]);
    expect({ code, out: out.replace(/[\d,]+ rows/, 'N rows') }).toEqual({
      code: 0,
      out: 'same: N rows, every decision as recorded\n',
    });
    expect(JSON.parse((await rungwise(['replay', path, '--json'])).out)).toEqual({
      same: true,
      rows: rows.length,
      writtenBy: thisRelease(),
      replayedBy: thisRelease(),
    });
  });

  it('shows by row, field, old and new value what another ladder would have done first', async () => {
    const file = join(folder, 'other.yaml');
    writeFileSync(file, 'symbols: [BTC-USDT-SWAP]\nposition_scaling:\n  ladder: [0.5, 0.4, 0.3, 0.2, 0.1]\n');
    const { code, out } = await rungwise(['replay', path, '--config', file, '--json']);
    expect(code).toBe(1);
    const { same, row, field, was, is } = JSON.parse(out) as Record<string, unknown>;
    expect(same).toBe(false);
    expect(field).toMatch(/^decisions\[\d+\]\./);
    expect(is).not.toEqual(was);
    const recorded = rowsOf().find(({ seq }) => seq === row);
    expect(recorded?.kind).toBe('decision');
    expect(JSON.stringify(valueAt(recorded?.payload, String(field)))).toBe(JSON.stringify(was));
    const text = await rungwise(['replay', path, '--config', file, '--lang', 'ru']);
    expect(text.out).toContain(`строка ${Number(row)}`);
    expect(text.out).toContain(`поле: ${String(field)}`);
    expect(text.out).toContain(`отличается конфигурация, ${file}`);
  });

  it.each<[string, Release | undefined | 'this', string, string]>([
    [
      'an older version that named itself',
      { version: '0.0.9', code: '0badc0de' },
      'Written by 0.0.9 (0badc0de), replayed by',
      'Записано версией 0.0.9 (0badc0de)',
    ],
    [
      'a version that did not',
      undefined,
      'Written by an older version that did not note which',
      'Записано более старой версией',
    ],
    ['this very code', 'this', 'This is a defect: report it with the journal', 'Это дефект: сообщите о нём'],
  ])('that decides otherwise and was written by %s is told with both versions', async (_, by, english, russian) => {
    const rows = rowsOf();
    const other = join(mkdtempSync(join(folder, 'other-')), 'journal.db');
    const writer = openJournal(other, { ...CONTRACT_OPTIONS, accountUid: 'demo' });
    // The first decision is left out: today's code decides it.
    for (const { kind, atMs, payload } of rows.slice(
      0,
      rows.findIndex((row) => row.kind === 'decision'),
    )) {
      if (kind !== 'note') writer.append(kind, atMs, payload);
      else {
        const { release, ...noted } = payload as { readonly release: Release };
        const writtenBy = by === 'this' ? release : by;
        writer.append(kind, atMs, writtenBy === undefined ? noted : { ...noted, release: writtenBy });
      }
    }
    writer.commit();
    writer.close();
    const en = await rungwise(['replay', other]);
    expect([en.code, en.out.replace(/\s+/g, ' ')]).toEqual([1, expect.stringContaining(english)]);
    const ru = await rungwise(['replay', other, '--lang', 'ru']);
    expect(ru.out.replace(/\s+/g, ' ')).toContain(russian);
  });

  it('that was written before instruments noted what a lot holds is decided the same', async () => {
    const other = join(mkdtempSync(join(folder, 'first-')), 'journal.db');
    const writer = openJournal(other, { ...CONTRACT_OPTIONS, accountUid: 'demo' });
    for (const { kind, atMs, payload } of rowsOf()) {
      const { instruments, ...noted } = payload as Partial<Pick<Started, 'instruments'>>;
      const before = instruments?.map(({ coinsPerLot, ...each }) => (coinsPerLot.units > 0n ? each : undefined));
      writer.append(kind, atMs, kind === 'note' ? { ...noted, instruments: before } : payload);
    }
    writer.commit();
    writer.close();
    expect(await rungwise(['replay', other])).toMatchObject({ code: 0, out: expect.stringContaining('same:') });
  });

  it('tells of an order what was weighed and what came of it', async () => {
    const { code, out } = await rungwise(['explain', 'rwdemo000001e00010', '--journal', path]);
    expect(code).toBe(0);
    for (const word of ['role: entry', 'edge-below-cost', 'What came of it:', 'filled']) expect(out).toContain(word);
    expect(out, 'nothing was closed before').toMatch(/reentry-wait +✓ +never/);
    expect(out, 'a value has its unit').toMatch(/exposure-too-large +✓ +[\d.]+ +3000 +USDT/);
    expect(out, 'the share of the price that costs take, in the per cent that demo tells it in').toMatch(
      /edge-below-cost +✓ +0\.[1-9]\d* +0\.[1-9]\d* +%/,
    );
    const told = JSON.parse((await rungwise(['explain', 'rwdemo000001e00010', '--journal', path, '--json'])).out);
    expect(told).toMatchObject({ decision: { kind: 'place', clientId: 'rwdemo000001e00010' } });
    expect(told.reasoning.gates.length).toBeGreaterThan(10);
    const filled = told.life.find(({ event }: { event?: CoreEvent }) => event?.kind === 'filled').event;
    expect(filled, 'amounts and prices are decimal texts').toMatchObject({
      contracts: expect.stringMatching(/^\d+(\.\d+)?$/),
      price: expect.stringMatching(/^\d+(\.\d+)?$/),
      fee: expect.stringMatching(/^0\.\d+$/),
      side: expect.stringMatching(/^(buy|sell)$/),
    });
    expect(out, 'a trader knows no lots and ticks').not.toMatch(/Lots|[tT]icks/);
    expect(out).toContain(`contracts ${filled.contracts}, price ${filled.price}, fee ${filled.fee}`);
  });

  it('tells an order in the ticks of the life that placed it, whatever grid a later one has', async () => {
    const rows = rowsOf();
    const later = join(mkdtempSync(join(folder, 'later-')), 'journal.db');
    const writer = openJournal(later, { ...CONTRACT_OPTIONS, accountUid: 'demo' });
    for (const { kind, atMs, payload } of rows) writer.append(kind, atMs, payload);
    const started = rows[0] && startedIn(rows[0]);
    const instruments = started?.instruments.map((of) => onSteps(of, { ...of, tickSize: decimal('0.5') }));
    writer.append('note', 0, { ...started, kind: 'started', instruments });
    writer.commit();
    writer.close();
    for (const words of [['rwdemo000001e00010'], ['--last-refusal', 'BTC-USDT-SWAP']]) {
      const told = await rungwise(['explain', ...words, '--journal', later]);
      expect(told).toEqual(await rungwise(['explain', ...words, '--journal', path]));
    }
  });

  it('tells of an exit what it stands on, and of a partial its guards', async () => {
    const partial = rowsOf()
      .flatMap(({ kind, payload }) => (kind === 'decision' ? (payload as DecisionRow).decisions : []))
      .find((each) => each.kind === 'place' && each.order.role === 'partial');
    const { clientId } = (partial as Place).order;
    const { out } = await rungwise(['explain', clientId, '--journal', path]);
    expect(out).toMatch(/average: [\d.]+\n {2}mark: [\d.]+\n {2}atr: [\d.]+/);
    expect(out).toMatch(/partial-unprofitable +✓ +[\d.]+ +0/);
    expect(out, 'words, not JSON').not.toMatch(/[{}]/);
  });

  it.each(['en', 'ru'])('tells it in 40 columns too, in %s: numbers below the names', async (lang) => {
    const words = ['explain', 'rwdemo000001e00010', '--journal', path, '--lang', lang];
    const { out } = await rungwise(words, { columns: 40, isTTY: true, env: { NO_COLOR: '1' } });
    for (const line of out.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(40);
    expect(out).toMatch(/✓ exposure-too-large\n {4}[\d.]+, (limit|предел) 3000 USDT\n/);
  });

  it.each([
    ['replay', /^same: .*, every decision as\nrecorded\n$/],
    ['recover', /there is nothing\s+to recover\n$/],
  ])('%s answers in a sentence that is broken between words', async (command, told) => {
    const { out } = await rungwise([command, path], { columns: 40, isTTY: true });
    expect(out).toMatch(told);
    expect(out.split('\n').filter((line) => widthOf(line) > 40 && line.includes(' '))).toEqual([]);
  });

  it('tells why a symbol was last refused', async () => {
    const { code, out } = await rungwise(['explain', '--last-refusal', 'BTC-USDT-SWAP', '--journal', path]);
    expect(code).toBe(0);
    expect(out).toContain('kind: refused');
    expect(out).toContain('✗');
    expect(out, 'words, not JSON').toMatch(/market: ready true, regime \w+, .*scores \(trending [\d.]+, /);
    expect(out).not.toMatch(/[{}]/);
  });

  it('lists what the governors changed, as it is recorded', async () => {
    const recorded = rowsOf().flatMap(({ seq, kind, payload }) =>
      kind === 'decision'
        ? (payload as DecisionRow).decisions.flatMap((each) =>
            each.kind === 'governed' ? [{ row: seq, ...each }] : [],
          )
        : [],
    );
    expect(recorded.length).toBeGreaterThan(0);
    const asked = (...more: string[]) => rungwise(['explain', '--governed', ...more, '--journal', path]);
    const { code, out } = await asked();
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines.length).toBe(recorded.length);
    recorded.forEach(({ row, at }, i) => {
      expect(lines[i]).toMatch(new RegExp(`^${row}  ${new Date(at).toISOString()}  .* → .*: `));
    });
    expect((await rungwise(['explain', '--governed', '--journal', path, '--lang', 'ru'])).out).toMatch(
      / → .*: .*[а-я]/,
    );
    const { changes } = JSON.parse((await rungwise(['explain', '--governed', '--journal', path, '--json'])).out);
    expect(changes).toEqual(JSON.parse(JSON.stringify(recorded)));
    const ofNone = recorded.filter(({ instId }) => instId === undefined);
    expect((await asked('FOO')).code).toBe(ofNone.length > 0 ? 0 : 1);
  });

  it('of a symbol that its bot does not trade names those that it does', async () => {
    const asked = (...words: string[]) => rungwise(['explain', ...words, '--journal', path]);
    const { code, err } = await asked('--last-refusal', 'BTC-USDT');
    expect(code).toBe(1);
    expect(err).toMatch(/^the bot of this journal does not trade BTC-USDT; it trades BTC-USDT-SWAP, ETH-USDT-SWAP, /);
    expect((await asked('--last-refusal', 'BTC', '--lang', 'ru')).err).toContain(
      'не торгует BTC; он торгует: BTC-USDT',
    );
  });

  it('has no order that was never placed, and says so with 1', async () => {
    const { code, err } = await rungwise(['explain', 'rwdemo000999e00010', '--journal', path]);
    expect(code).toBe(1);
    expect(err).toContain('no order "rwdemo000999e00010"');
  });
});

function valueAt(tree: unknown, field: string): unknown {
  return field
    .split(/\.|\[(\d+)\]/)
    .filter((key) => key !== undefined && key !== '')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree);
}
