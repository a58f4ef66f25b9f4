/** The demo: the same market for the same seed, a rung soon, a view that fits, and a bot that no display can disturb. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { PassThrough, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise, unhurriedDemos } from '../../../test/command-line.ts';
import { knownInstrument } from '../../../test/generated.ts';
import { MemoryDisk, openMemoryJournal } from '../../../test/memory-journal.ts';
import { loadTree } from '../../config/index.ts';
import type { Decision } from '../../core/decision.ts';
import type { CoreEvent } from '../../core/event.ts';
import { money } from '../../core/numbers/units.ts';
import type { Registry } from '../../core/registry.ts';
import { takeWriterLock } from '../../journal/files/writer-lock.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';
import { PLAIN } from '../../report/drawing/palette.ts';
import { widthOf } from '../../report/drawing/width.ts';
import { REPORT_TEXTS } from '../../report/words/texts.ts';
import { encodeState } from '../../runtime/loop.ts';
import { fillModelOf } from '../input/run-options.ts';
import { main } from '../main.ts';
import { en } from '../texts/en.ts';
import { ru } from '../texts/ru.ts';
import { bookStatus } from '../watch/book-status.ts';
import { money as shownMoney } from '../watch/words.ts';
import { DemoMachine } from './demo-machine.ts';
import { demoMarketOf } from './demo-market.ts';
import { demoView } from './demo-view.ts';
import { DemoWatch } from './demo-watch.ts';

inEmptyFolder();
unhurriedDemos();

const program = fileURLToPath(new URL('../../../rungwise', import.meta.url));
const SYMBOLS = ['BTC-USDT-SWAP', 'ETH-USDT-SWAP', 'SOL-USDT-SWAP', 'XRP-USDT-SWAP', 'DOGE-USDT-SWAP'];
const DEFAULT_SEED = 27;
const DEFAULT_SPEED = 300;
const BALANCE = money(1_000_00000000n);

type Thought = (event: CoreEvent, decisions: readonly Decision[], registry: Registry) => void;

function machineOf(seed: number, thought: Thought, warn: (error: unknown) => void = rethrow) {
  const { policy } = loadTree({});
  const archive = { rowsMax: 1e9, bytesMax: 1e9, segmentRows: 1e9 };
  const journal = openMemoryJournal(new MemoryDisk(), { accountUid: 'demo', run: 'demo', now: () => 0, archive });
  const instruments = SYMBOLS.map(knownInstrument);
  const symbols = instruments.map((instrument) => ({ instrument, market: demoMarketOf(instrument) }));
  const machine = new DemoMachine({
    policy,
    symbols,
    balance: BALANCE,
    model: fillModelOf(policy),
    seed,
    journal,
    thought,
    warn,
    failed: rethrow,
  });
  return { machine, journal, instruments };
}

function rethrow(error: unknown): never {
  throw error;
}

function runSeconds(machine: DemoMachine, seconds: number): void {
  for (let second = 0; second < seconds; second++) machine.nextSecond();
}

function jsonLines(out: string): Record<string, unknown>[] {
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

const of = (lines: readonly Record<string, unknown>[], kind: string) => lines.filter((line) => line['kind'] === kind);

describe('with --json', () => {
  it('tells entry, rungs, refusals and trades, and last the summary, exit code 0', async () => {
    const { code, out, err } = await rungwise('demo --for 5s --speed 250 --json');
    expect(code, err).toBe(0);
    const lines = jsonLines(out);
    expect(lines[0]).toMatchObject({
      kind: 'start',
      seed: DEFAULT_SEED,
      speed: 250,
      symbols: SYMBOLS,
      balance: '1000',
    });
    const summary = lines.at(-1) ?? {};
    expect(summary).toMatchObject({ kind: 'summary', ended: 'time', startBalance: '1000' });
    expect(summary['simulatedSeconds']).toBe(1_250);
    const rungs = of(lines, 'rung').filter(({ rung }) => Number(rung) > 0);
    expect(rungs.length, 'the first comes after 300 simulated seconds').toBeGreaterThan(0);
    for (const rung of rungs) expect(rung['average'], 'a rung changes the average').not.toBe(rung['averageBefore']);
    expect(of(lines, 'fill')[0]).toMatchObject({
      role: 'entry',
      contracts: expect.any(String),
      fee: expect.any(String),
    });
    const numbers = { code: expect.any(String), value: expect.any(String), limit: expect.any(String) };
    expect(of(lines, 'refusal')[0]).toMatchObject(numbers);
    expect(of(lines, 'trade').length).toBe(summary['trades']);
    expect(of(lines, 'refusal').length).toBe(summary['refusals']);
  });

  it('ends with the same numbers for the same seed, length and speed', async () => {
    const summary = async (words: string) => {
      const { seconds: _, ...rest } = jsonLines((await rungwise(`demo --json ${words}`)).out).at(-1) ?? {};
      return rest;
    };
    const words = '--for 1s --speed 100 --symbols SOL-USDT-SWAP,XRP-USDT-SWAP --balance 600';
    const first = await summary(`${words} --seed 45`);
    expect(first).toMatchObject({ simulatedSeconds: 100, seed: 45 });
    expect(await summary(`${words} --seed 45`)).toEqual(first);
    expect((await summary(`${words} --seed 46`))['symbols']).not.toEqual(first['symbols']);
    const twice = words.replace('XRP', 'SOL');
    expect((await summary(`${twice} --seed 45`))['symbols'], 'a symbol named twice is traded once').toHaveLength(1);
  });
});

describe('without a terminal', () => {
  it.each([
    ['en', ['entry short', 'average', '✗ ', 'Result', 'of the market in', 'state/demo/journal.db']],
    ['ru', ['вход шорт', 'ср.', '✗ ', 'Капитал, USDT', 'рынка за', 'state/demo/journal.db']],
  ] as const)('tells it in plain lines (%s)', async (language, said) => {
    const { code, out, err } = await rungwise(`demo --for 2s --speed 200 --lang ${language}`);
    expect(code, err).toBe(0);
    for (const words of said) expect(out).toContain(words);
    expect(out).not.toContain('\u001b');
  });
});

describe('the default seed', () => {
  it('has entered within twenty seconds and filled a rung within twenty more', () => {
    const filled: Record<string, number> = {};
    let began = Number.NaN;
    const { machine } = machineOf(DEFAULT_SEED, (event) => {
      if (event.kind !== 'filled' || event.clientId === undefined) return;
      const seconds = (event.at - began) / 1_000 / DEFAULT_SPEED;
      const role = event.clientId[12] ?? '';
      filled[role] ??= seconds;
    });
    machine.warmUp();
    began = machine.nowMs;
    runSeconds(machine, 40 * DEFAULT_SPEED);
    expect(filled['e'], 'an entry').toBeLessThan(20);
    expect((filled['r'] ?? Number.POSITIVE_INFINITY) - (filled['e'] ?? 0), 'a rung').toBeLessThan(20);
  });
});

describe('who looks on', () => {
  it('changes no decision by failing', () => {
    const rowsOf = (thought: Thought, warn?: (error: unknown) => void) => {
      const { machine, journal } = machineOf(DEFAULT_SEED, thought, warn);
      machine.warmUp();
      runSeconds(machine, 1_000);
      machine.stop();
      return [...journal.rows()].map(({ kind, payload }) => `${kind} ${encodeState(payload)}`);
    };
    let warned = 0;
    const disturbed = rowsOf(
      () => {
        throw new Error('the display is broken');
      },
      () => void (warned += 1),
    );
    const calm = rowsOf(() => undefined);
    expect(warned).toBeGreaterThan(1_000);
    expect(calm.filter((row) => row.includes('"kind":"place"')).length).toBeGreaterThan(2);
    expect(disturbed).toEqual(calm);
  });

  it('does not stop the bot either where nothing can be printed: it trades to the end, then the fault is seen', async () => {
    const broken = new Writable({ write: (_chunk, _encoding, done) => done() });
    broken.write = () => {
      throw new Error('no ink');
    };
    const errors: string[] = [];
    const told = new Writable({ write: (chunk, _encoding, done) => (errors.push(String(chunk)), done()) });
    const run = main(['demo', '--for', '2s', '--speed', '200', '--json'], {
      input: new PassThrough(),
      output: Object.assign(broken, { isTTY: false }),
      errors: told,
      env: {},
    });
    await expect(run).rejects.toThrow('no ink');
    const journal = openJournalReader('state/demo/journal.db');
    const placed = [...journal.rows()].filter(({ payload }) => encodeState(payload).includes('"kind":"place"'));
    expect(placed.length, 'it went on trading').toBeGreaterThan(0);
    journal.close();
  });
});

describe('the view', () => {
  const told: string[] = [];
  const { machine, instruments } = machineOf(DEFAULT_SEED, (...thought) => watch.thought(...thought));
  const watch = new DemoWatch(BALANCE, instruments, (happening) => told.push(happening.kind));
  machine.warmUp();
  watch.start(machine.registry);
  const moments = Array.from({ length: 40 }, (_, i) => {
    for (let minute = 0; minute < 2; minute++) {
      runSeconds(machine, 60);
      watch.minuteEnded(machine.registry);
    }
    return {
      book: bookStatus(machine.registry),
      report: watch.report(),
      seed: 27,
      speed: 300,
      reached: i % 3 === 2 ? 87 : undefined,
      isPaused: i % 5 === 4,
      elapsedMs: (i + 1) * 120_000,
      signals: new Map(watch.signals),
      firstPrices: watch.firstPrices,
      refusals: [...watch.refusals],
      happenings: [...watch.happenings],
    };
  });

  it.each([
    [60, 20],
    [80, 24],
    [119, 31],
    [120, 40],
    [200, 60],
    [40, 10],
    [40, 24],
    [20, 5],
    [1, 1],
  ])('fits %d by %d, in both languages, at every moment', (width, height) => {
    for (const [texts, report] of [
      [en, REPORT_TEXTS.en],
      [ru, REPORT_TEXTS.ru],
    ] as const)
      for (const moment of moments) {
        const lines = demoView(moment, { width, height }, { texts, report, palette: PLAIN });
        expect(lines.length).toBeLessThanOrEqual(height);
        for (const line of lines) expect(widthOf(line), line).toBeLessThanOrEqual(width);
      }
  });

  it('shows the speed that was asked for, and what of it a slow machine reaches', () => {
    const [moment] = moments;
    if (moment === undefined) throw new Error('no moment');
    const shownOf = (reached: number | undefined, texts: typeof en, report: (typeof REPORT_TEXTS)['en']) =>
      demoView(
        { ...moment, isPaused: false, speed: 100_000, reached },
        { width: 120, height: 40 },
        { texts, report, palette: PLAIN },
      ).join('\n');
    expect(shownOf(undefined, en, REPORT_TEXTS.en)).toMatch(/ ×100,000(?! of)/);
    expect(shownOf(undefined, en, REPORT_TEXTS.en)).not.toContain(' of ×');
    expect(shownOf(8_500, en, REPORT_TEXTS.en)).toContain('×8,500 of ×100,000');
    expect(shownOf(8_500, ru, REPORT_TEXTS.ru)).toMatch(/×8\s500 из ×100\s000/);
  });

  it('shows position, rungs, stop, target, worst case and the refusals with their numbers', () => {
    const climbed = moments.find(({ book }) => book.symbols.some(({ position }) => (position?.rungs ?? 0) >= 2));
    if (climbed === undefined) throw new Error('nothing was climbed');
    const text = demoView(
      climbed,
      { width: 120, height: 40 },
      { texts: en, report: REPORT_TEXTS.en, palette: PLAIN },
    ).join('\n');
    const position = climbed.book.symbols.find(({ position: held }) => (held?.rungs ?? 0) >= 2)?.position;
    expect(text).toContain(`${'█'.repeat(position?.rungs ?? 0)}`);
    expect(text).toContain(`${position?.rungs}/${position?.rungsMax}`);
    expect(text).toMatch(/worst case −\d+\.\d\d \(\d.*shock of 10 ATR −\d.*nearest liquidation \w+ \d/);
    expect(Number(climbed.book.worst.stopped.loss)).toBeGreaterThan(0);
    expect(text).toMatch(/the edge is below the cost \(0\.\d\d %, limit 0\.16 %\)/);
    expect(position?.stop).not.toBeNull();
    expect(position?.target).not.toBeNull();
  });

  it('of a position in a narrow terminal leaves numbers out rather than cut them', () => {
    for (const moment of moments)
      for (const line of demoView(
        moment,
        { width: 60, height: 24 },
        { texts: ru, report: REPORT_TEXTS.ru, palette: PLAIN },
      ))
        if (line.startsWith('     ')) expect(line).not.toContain('…');
  });

  it.each([
    ['en', en],
    ['ru', ru],
  ] as const)(
    'in 40 columns tells the rungs of every position and what every trade has won (%s)',
    (language, texts) => {
      const words = { texts, report: REPORT_TEXTS[language], palette: PLAIN };
      const trades = new Set<string>();
      for (const moment of moments) {
        const lines = demoView(moment, { width: 40, height: 60 }, words);
        for (const { position, symbol } of moment.book.symbols)
          if (position !== null) {
            const line = lines.find((each) => each.startsWith(symbol.split('-')[0] ?? ''));
            expect(line).toMatch(new RegExp(` ${position.rungs}/${position.rungsMax}$`));
          }
        for (const line of lines.filter((each) => each.includes(` ${texts.demo.closed} `))) trades.add(line);
      }
      expect(trades.size).toBeGreaterThan(3);
      for (const line of trades) expect(line).toMatch(/: [+−]?\d+[.,]\d\d(?: USDT)?$/);
    },
  );

  it('rounds amounts as the summary does, so that balance and net agree', () => {
    const words = { texts: en, report: REPORT_TEXTS.en, palette: PLAIN };
    expect(shownMoney('997.88999', words)).toBe('997.89');
    expect(shownMoney('-0.00499999', words)).toBe('0.00');
    const [moment] = moments;
    if (moment === undefined) throw new Error('no moment');
    const report = { ...moment.report, net: -2_11001000n };
    const book = { ...moment.book, balance: '997.88999' };
    const view = demoView({ ...moment, report, book }, { width: 120, height: 40 }, words);
    expect(view[1]).toMatch(/^balance 997\.89 {2}net −2\.11/);
  });
});

describe('at a terminal', () => {
  class Tty extends Writable {
    readonly isTTY = true;
    columns = 100;
    rows = 30;
    text = '';
    shown: () => void = () => undefined;
    override _write(chunk: unknown, _encoding: string, done: () => void): void {
      this.text += String(chunk);
      this.shown();
      done();
    }
  }

  const frames = (screen: string) => screen.split('\u001b[H').length - 1;

  /** Presses each key once the screen is as it waits for it. */
  async function watched(...keys: readonly (readonly [when: (screen: string) => boolean, key: string])[]) {
    const raw: boolean[] = [];
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
    const output = new Tty();
    const left = [...keys];
    output.shown = () => {
      if (left[0]?.[0](output.text) === true) input.write(left.shift()?.[1]);
    };
    const running = main(['demo', '--lang', 'en'], {
      input,
      output,
      errors: new Tty(),
      env: { NO_COLOR: '1' },
    });
    return { code: await running, screen: output.text, raw };
  }

  it('redraws in place, and gives the screen back with a summary on it', async () => {
    const { code, screen, raw } = await watched([(seen) => frames(seen) > 5, 'q']);
    expect(code).toBe(0);
    expect(raw).toEqual([true, false]);
    const [before = '', after = ''] = screen.split('\u001b[?1049l');
    expect(before.startsWith('\u001b[?1049h\u001b[?25l'), 'the other screen, without a cursor').toBe(true);
    expect(before.endsWith('\u001b[?25h'), 'the cursor comes back').toBe(true);
    expect(before).toContain('market and positions');
    expect(after).toContain('Result');
    expect(after).toContain('every event and decision is in');
  });

  it('is drawn as for 80 by 24 where the terminal says that it is 0 by 0', async () => {
    const output = Object.assign(new Tty(), { columns: 0, rows: 0 });
    const env = { NO_COLOR: '1' };
    const words = ['demo', '--lang', 'en', '--for', '1s', '--speed', '10'];
    expect(await main(words, { input: new PassThrough(), output, errors: new Tty(), env })).toBe(0);
    expect(output.text.split('\u001b[?1049l')[0]).toContain('market and positions');
  });

  it('ends by keys that come at once: one held down, or pressed again while the machine is busy', async () => {
    expect(await watched([(seen) => frames(seen) > 2, '\u0003\u0003'])).toMatchObject({ code: 0 });
    expect(await watched([(seen) => frames(seen) > 2, ' Й'])).toMatchObject({ code: 0 });
  });

  it('pauses by space and ends by Ctrl-C', async () => {
    const paused = 'paused: space goes on, q ends';
    const { code, screen } = await watched(
      [(seen) => frames(seen) > 2, ' '],
      [(seen) => seen.includes(paused), '\u0003'],
    );
    expect(code).toBe(0);
    expect(screen).toContain(paused);
  });
});

describe('its journal', () => {
  it('is that of the last demo, whole, wherever RUNGWISE_HOME says', async () => {
    for (const seed of ['1', '2']) {
      const { code, err } = await rungwise(`demo --for 1s --speed 100 --seed ${seed} --json`, {
        env: { RUNGWISE_HOME: 'home' },
      });
      expect(code, err).toBe(0);
    }
    expect(existsSync('state')).toBe(false);
    const journal = openJournalReader('home/demo/journal.db');
    expect(journal.verify().rows).toBeGreaterThan(1_000);
    expect(journal.latestSnapshot()?.seq, 'the state is saved at the end').toBe(journal.lastSeq);
    journal.close();
  });

  it('replaces one that is damaged', async () => {
    mkdirSync('state/demo', { recursive: true });
    writeFileSync('state/demo/journal.db', 'no journal at all');
    expect(await rungwise('demo --for 1s --json')).toMatchObject({ code: 0 });
  });

  it.each([
    ['en', 'another bot or demo is running'],
    ['ru', 'уже работает другой бот или демо'],
  ])('is not taken from another demo: exit code 4 (%s)', async (language, said) => {
    mkdirSync('state/demo', { recursive: true });
    const lock = takeWriterLock('state/demo/journal.db', 0);
    const { code, err } = await rungwise(`demo --for 1s --lang ${language}`);
    lock.release();
    expect(code).toBe(4);
    expect(err).toContain(said);
  });
});

describe('a clear no, exit code 2', () => {
  it.each([
    ['--for 20', '--for: "20" is not a time; write it like 20s, 5m or 1h'],
    ['--for 0s', '--for: "0s" is not a time'],
    ['--speed 0', '--speed: "0" is not a whole number from 1 to'],
    ['--seed -1', '--seed: "-1" is not a whole number'],
    ['--symbols BTC-USDT-SWP', 'did you mean BTC-USDT-SWAP?'],
    ['--symbols ,', 'nothing is named'],
    ['--balance -1', '--balance: "-1" is not a number above 0'],
    ['--config absent.yaml', 'absent.yaml: there is no such file'],
    ['--preset brave', '--preset: "brave" is not known'],
  ])('to %s', async (words, said) => {
    const { code, out, err } = await rungwise(`demo ${words} --lang en`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(said);
    expect(existsSync('state/demo/journal.db'), 'nothing was begun').toBe(false);
  });

  it('to a configuration that must not be traded with; a good one is used', async () => {
    writeFileSync('rungwise.yaml', 'symbols: [SOL-USDT-SWAP]\naccount: {balance: 700}\n');
    const { out } = await rungwise('demo --for 1s --json');
    expect(jsonLines(out)[0]).toMatchObject({ symbols: ['SOL-USDT-SWAP'], balance: '700' });
    writeFileSync('rungwise.yaml', 'symbol: [SOL-USDT-SWAP]\n');
    expect(await rungwise('demo --for 1s')).toMatchObject({ code: 2, out: '' });
  });
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('ends a real process with a summary, exit code 0', async () => {
    const child = spawn(program, ['demo', '--json']);
    let out = '';
    let err = '';
    let isAsked = false;
    child.stderr.on('data', (bytes) => (err += bytes));
    child.stdout.on('data', (bytes) => {
      out += bytes;
      if (isAsked || !out.includes('"fill"')) return;
      isAsked = child.kill('SIGINT');
      // `timeout` sends it to the program and to its whole group: the wish comes twice.
      setTimeout(() => child.kill('SIGINT'), 20);
    });
    const code = await new Promise((done) => child.on('close', done));
    expect(code, err).toBe(0);
    expect(jsonLines(out).at(-1)).toMatchObject({ kind: 'summary', ended: 'asked' });
  });
});
