/** A journal that is gone: while its bot runs, and before it starts again; of one that never was nothing is said. And one that has lost a saved state alone. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, it, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { botWithin } from '../../../test/okx/bot-within.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';

inEmptyFolder();

it.each([
  ['en', 'the journal failed, so the bot has stopped', 'entries and rungs are called back'],
  ['ru', 'журнал отказал, поэтому бот остановлен', 'входы и ступени отзываются'],
])(
  'ends the bot that writes it, and what would grow is said to be called back: %s',
  async (language, failed, orders) => {
    const { origin } = await generatedExchange();
    writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
    const bot = rungwise(`paper --exchange ${origin} --for 60s --lang ${language}`, { env: KEYS });
    await vi.waitUntil(() => existsSync('state/main-exchange/control.sock'), { timeout: 60_000, interval: 20 });
    rmSync('state/main-exchange/journal.db');
    const { code, err } = await bot;
    expect(code).toBe(2);
    for (const said of [failed, orders, 'journal.db']) expect(err).toContain(said);
  },
);

it('under a bot whose entry rests: it is called back, and nothing is filled that has no stop', async () => {
  const { paper, origin } = await generatedExchange();
  let isFailed = false;
  const failed = () => {
    isFailed = true;
  };
  const { bot, symbol, long } = await botWithin({ origin, entryStyle: 'maker_only', failed });
  const desk = paper.desk(KEYS.RUNGWISE_OKX_KEY);
  const growing = () => [...(desk?.orders.open.values() ?? [])].filter(({ reduceOnly }) => !reduceOnly).length;
  const hear = () => {
    long();
    bot.loop.drain();
  };
  // Asked for just after the price has moved, it rests until it moves again.
  let pricedAt = symbol.pricedAt;
  const rests = () => {
    if (symbol.pricedAt > pricedAt) hear();
    pricedAt = symbol.pricedAt;
    return growing() > 0;
  };
  await vi.waitUntil(rests, { timeout: 60_000, interval: 5 });
  rmSync('journal.db');
  hear();
  expect(isFailed).toBe(true);
  await bot.leave();
  expect(growing()).toBe(0);
});

it('is told at the next start in English, in Russian and in JSON, once', async () => {
  const { origin } = await generatedExchange();
  writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
  const run = async (words: string) => {
    const { code, out } = await rungwise(`paper --exchange ${origin} --for 1s ${words}`, { env: KEYS });
    expect(code).toBe(0);
    return out;
  };
  const lose = () => rmSync('state/main-exchange/journal.db');
  expect(await run('')).not.toContain('is gone');
  lose();
  expect(await run('')).toMatch(/the journal that stood at .*journal\.db is gone.* a pause or a halt/);
  expect(await run('')).not.toContain('is gone');
  lose();
  expect(await run('--lang ru')).toMatch(/журнала, который стоял в .*journal\.db, нет/);
  lose();
  expect(JSON.parse((await run('--json')).split('\n')[0] ?? '')).toMatchObject({ kind: 'start', journalLost: true });
});

it('of which a saved state alone is damaged is gone on with, and that is said', async () => {
  const { origin } = await generatedExchange();
  writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
  const run = async (words: string) => {
    const { code, out } = await rungwise(`paper --exchange ${origin} --for 1s ${words}`, { env: KEYS });
    expect(code).toBe(0);
    return out;
  };
  const damage = () => {
    const db = new DatabaseSync('state/main-exchange/journal.db');
    db.exec('UPDATE snapshots SET at = at + 1 WHERE seq = (SELECT max(seq) FROM snapshots)');
    db.close();
  };
  expect(await run('')).not.toContain('is damaged');
  damage();
  expect(await run('')).toMatch(/the state saved after row \d+ of the journal is damaged and passed over/);
  damage();
  expect(await run('--lang ru')).toMatch(/состояни[ея], записанн.+ в журнале после строк.* пропущен/);
  damage();
  const [start = ''] = (await run('--json')).split('\n');
  expect(JSON.parse(start)).toMatchObject({
    kind: 'start',
    damagedStates: expect.arrayContaining([expect.any(Number)]),
  });
});
