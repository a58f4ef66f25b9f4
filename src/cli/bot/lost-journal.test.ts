/** A journal that is gone: while its bot runs, and before it starts again; of one that never was nothing is said. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import { loadTree } from '../../config/index.ts';
import { lockJournal } from '../../journal/sqlite-journal.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { paperAccess } from './access.ts';
import { startBot } from './bot.ts';

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
  const { RUNGWISE_OKX_KEY: key, RUNGWISE_OKX_SECRET: secret, RUNGWISE_OKX_PASSPHRASE: passphrase } = KEYS;
  let isFailed = false;
  const bot = await startBot({
    access: paperAccess(origin, new ApiKey({ key, secret, passphrase })),
    config: loadTree({
      symbols: [BTC.instId],
      signals: { scalper: { enabled: false } },
      execution: { entry_style: 'maker_only', min_cost_multiple: 0, funding_near_seconds: 0 },
    }),
    journalPath: 'journal.db',
    lock: lockJournal('journal.db', Date.now()),
    alone: () => undefined,
    givenUp: new AbortController().signal,
    found: () => undefined,
    lookingAgain: () => undefined,
    warn: () => undefined,
    thought: () => undefined,
    failed: () => {
      isFailed = true;
    },
  });
  const symbol = bot?.registry.symbols[0];
  const desk = paper.desk(key);
  if (bot === undefined || symbol === undefined || desk === undefined) throw new Error('the bot did not start');
  const growing = () => [...desk.openOrders.values()].filter(({ reduceOnly }) => !reduceOnly).length;
  const long = () => {
    const facts = { side: 1, strength: 1, priceTicks: symbol.markTicks as never, source: 'test', reasons: [] } as const;
    bot.loop.hear({ kind: 'signal', at: bot.nowMs(), instId: BTC.instId, ...facts });
    bot.loop.drain();
    return growing() > 0;
  };
  await vi.waitUntil(long, { timeout: 60_000, interval: 100 });
  rmSync('journal.db');
  await vi.waitUntil(() => isFailed, { timeout: 30_000, interval: 5 });
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
