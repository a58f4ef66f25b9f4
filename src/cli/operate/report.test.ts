/** `rungwise report`: it says of a journal what the bot itself has said, in either language, and of a part of its time. How it counts: journal-record.test.ts. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { loadTree } from '../../config/index.ts';
import { money } from '../../core/numbers/units.ts';
import { newRegistry } from '../../core/registry.ts';
import { CONTRACT_OPTIONS } from '../../journal/journal.contract.ts';
import { openJournal } from '../../journal/sqlite-journal.ts';
import { noteStarted } from './started-note.ts';

type Told = Readonly<Record<string, unknown>>;

const lastLine = (out: string): Told => JSON.parse(out.trim().split('\n').at(-1) ?? '');

describe('of a demo', () => {
  inEmptyFolder();

  it.each([27, 5])('is what its own summary says, to the last digit (seed %i)', async (seed) => {
    const summary = lastLine((await rungwise(`demo --for 5s --speed 3000 --seed ${seed} --json`)).out);
    const { code, out, err } = await rungwise('report --json');
    expect([code, err]).toEqual([0, '']);
    const report = JSON.parse(out) as Told;
    const { from, to, starts, journal, moved, ...same } = report;
    expect(Number(summary['makerFills']) + Number(summary['takerFills']), 'it has traded').toBeGreaterThan(0);
    expect(summary).toMatchObject(same);
    expect({ from, to, starts, journal, moved }).toEqual({
      from: '2026-01-05T00:00:00.000Z',
      to: summary['time'],
      starts: 1,
      journal: 'state/demo/journal.db',
      moved: '0',
    });
    const half = new Date((Date.parse(String(from)) + Date.parse(String(to))) / 2).toISOString().replace(/\.\d+/, '');
    const parts = [`--to ${half}`, `--from ${half}`];
    const [first, second] = await Promise.all(
      parts.map(async (words) => JSON.parse((await rungwise(`report ${words} --json`)).out) as Told),
    );
    expect(first?.['finalBalance']).toBe(second?.['startBalance']);
    expect(second?.['finalBalance']).toBe(report['finalBalance']);
  });

  it('is drawn in both languages, and of another time there is none', async () => {
    await rungwise('demo --for 3s --speed 3000 --seed 27 --json');
    const en = await rungwise('report');
    expect(en.out).toMatch(/^state\/demo\/journal\.db {2}2026-01-05 00:00 … 2026-01-05 \d\d:\d\d UTC, 1 start\n/);
    for (const heading of ['Result, money in USDT', 'Equity, USDT', 'max drawdown']) expect(en.out).toContain(heading);
    const ru = await rungwise('report --lang ru');
    expect(ru.out).toMatch(/UTC, 1 запуск\n/);
    for (const heading of ['Итог', 'Капитал', 'просадка']) expect(ru.out).toContain(heading);

    const later = await rungwise('report --from 2027-01-01');
    expect([later.code, later.out]).toEqual([1, '']);
    const nothing = 'state/demo/journal.db holds nothing of that time';
    expect(later.err).toMatch(new RegExp(`${nothing}; its last row before is of 2026-01-05 \\d\\d:\\d\\d UTC$`, 'm'));
    const earlier = await rungwise('report --to 2020-01-01');
    expect([earlier.code, earlier.out]).toEqual([1, '']);
    expect(earlier.err).toMatch(
      new RegExp(`${nothing}; its first row after is of 2026-01-\\d\\d \\d\\d:\\d\\d UTC$`, 'm'),
    );
    expect((await rungwise('report --from 2027-01-01 --lang ru')).err).toContain(
      '; последняя строка до него — 2026-01-05',
    );
    expect((await rungwise('report --to 2020-01-01 --lang ru')).err).toContain('; первая строка после него — 2026-01-');
  });

  it.each([
    ['report', 'There is no journal at', 'его здесь нет'],
    ['report --from soon', '--from: "soon" is not a time', '--from: «soon» — не время'],
    ['report --from 2026-02-30', 'is not a time', 'не время'],
    ['report --from 2026-01-06 --to 2026-01-05', 'is not before --to', 'не раньше --to'],
  ])('%s is refused with exit code 2', async (words, english, russian) => {
    const en = await rungwise(words);
    expect([en.code, en.err]).toEqual([2, expect.stringContaining(english)]);
    expect((await rungwise(`${words} --lang ru`)).err).toContain(russian);
  });
});

describe('of a bot that has heard nothing yet', () => {
  inEmptyFolder();

  it('is none, and no time is told', async () => {
    const path = 'state/demo/journal.db';
    const journal = openJournal(path, CONTRACT_OPTIONS);
    const config = loadTree({});
    const instruments = [BTC_SWAP];
    const balance = money(100_000_000_000n);
    const registry = newRegistry({
      run: 'test',
      policy: config.policy,
      instruments,
      balance,
      traced: false,
      ready: false,
    });
    noteStarted(journal, registry, config, Date.UTC(2026, 0, 5));
    journal.commit();
    journal.close();
    const { code, err } = await rungwise('report');
    expect([code, err]).toEqual([1, `rungwise: ${path} holds nothing of that time\n`]);
  });
});

describe('of a bot that was started twice', () => {
  inEmptyFolder();

  it('is one, over both lives', async () => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    const run = async () => lastLine((await rungwise(`paper --exchange ${origin} --for 2s --json`, { env: KEYS })).out);
    await run();
    const summary = await run();
    const { code, out } = await rungwise('report --account main-exchange --json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ starts: 2, finalBalance: summary['balance'], moved: '0' });
  });
});
