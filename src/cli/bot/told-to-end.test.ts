/** A bot that is told to end before it stands, or whose door does not open. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { botWithin } from '../../../test/okx/bot-within.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { startHttp } from '../../../test/okx/local-server.ts';
import { hasConfirmedStop } from '../../core/orders/orders.ts';
import { lockJournal } from '../../journal/sqlite-journal.ts';
import { Rest } from '../../okx/door/rest.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { endpoints } from '../../okx/wire/endpoints.ts';

inEmptyFolder();

const program = fileURLToPath(new URL('../../../rungwise', import.meta.url));
const JOURNAL = 'state/main-exchange/journal.db';

/** As okx/start.ts meets them: one that never answers, and one that is busy and is looked at again. */
const EXCHANGES = [
  ['that does not answer', () => undefined],
  ['that is looked at again', (answer: (text: string) => void) => answer('{"code":"50001","msg":"busy","data":[]}')],
] as const;

describe.skipIf(process.platform === 'win32')('Ctrl-C while a bot looks at an exchange', () => {
  it.each(EXCHANGES.flatMap(([what, reply]) => ['en', 'ru'].map((language) => [what, language, reply] as const)))(
    '%s ends it at once in %s: 130, a sentence, and nothing opened',
    async (_, language, reply) => {
      writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
      const { origin, received } = await startHttp((__, response) => reply((body) => void response.end(body)));
      const words = ['paper', '--exchange', origin, '--lang', language];
      const child = spawn(program, words, { env: { ...process.env, ...KEYS, NO_COLOR: '1' } });
      onTestFinished(() => void child.kill('SIGKILL'));
      const said = text(child.stderr);
      await vi.waitUntil(() => received.length > 0, { timeout: 60_000, interval: 10 });
      const end = once(child, 'exit');
      child.kill('SIGINT');
      const askedMs = performance.now();
      expect(await end).toEqual([130, null]);
      expect(performance.now() - askedMs, 'a request may take 4 s, a start many of them').toBeLessThan(3_000);
      expect(await said).toContain(
        language === 'en'
          ? 'stopped before it began: nothing was opened and nothing sent'
          : 'остановлен до начала: ничего не открыто и не послано',
      );
      expect(await said, 'what was given up is no finding').not.toMatch(/✗.*abort|aborted/);
      expect(existsSync(JOURNAL)).toBe(false);
      lockJournal(JOURNAL, Date.now()).release();
    },
  );
});

it('a door that does not open is told, and the bot trades and ends as ever', async () => {
  const { origin } = await generatedExchange();
  writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\n');
  mkdirSync('state/main-exchange/control.sock', { recursive: true });
  const { code, out, err } = await rungwise(`paper --exchange ${origin} --for 2s`, { env: KEYS });
  expect([code, out]).toEqual([0, expect.stringContaining('trading 1 symbol')]);
  expect(err).toContain('"rungwise status" and the like will not reach this bot');
  expect(err, 'it has left').toContain('ending: entries and rungs are called back');
});

it('one that ends while the exchange has not confirmed a stop names what is left so', async () => {
  const { origin, paper } = await generatedExchange();
  const { RUNGWISE_OKX_KEY: key, RUNGWISE_OKX_SECRET: secret, RUNGWISE_OKX_PASSPHRASE: passphrase } = KEYS;
  const byHand = new Rest({
    origin,
    key: new ApiKey({ key, secret, passphrase }),
    isDemo: false,
    nowMs: Date.now,
    timeoutMs: 10_000,
    waitMsMax: 2_000,
  });
  const buy = { instId: 'BTC-USDT-SWAP', tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '0.2' } as const;
  expect((await byHand.post(endpoints.placeOrder, buy)).kind).toBe('ok');
  paper.faults.plant({ kind: 'drop', path: endpoints.placeAlgo.path, times: '1000' });
  writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\nsignals: {scalper: {enabled: off}}\n');
  const run = async (language: string) =>
    (await rungwise(`paper --exchange ${origin} --for 8s --lang ${language}`, { env: KEYS })).err;
  expect(await run('en')).toContain('left without a confirmed stop, all of it or a part: BTC-USDT-SWAP');
  expect(await run('ru')).toContain('целиком или частью без подтверждённого стопа: BTC-USDT-SWAP');
  paper.faults.clear();
  expect(await run('en')).not.toContain('without a confirmed stop');
});

it('one that ends right after it has closed all leaves no stop behind, which would close what a person opens', async () => {
  const { origin, paper } = await generatedExchange();
  const { bot, symbol, long } = await botWithin({ origin, entryStyle: 'taker' });
  const asleep = () => paper.desk(KEYS.RUNGWISE_OKX_KEY)?.algos.open.size ?? 0;
  const enter = () => {
    long();
    return asleep() > 0 && hasConfirmedStop(symbol);
  };
  await vi.waitUntil(enter, { timeout: 60_000, interval: 100 });
  paper.faults.plant({ kind: 'delay', path: endpoints.cancelAlgos.path, delayMs: '700', times: '1000' });
  bot.loop.hear({ kind: 'operator', at: bot.nowMs(), command: { do: 'flatten', by: 'a person' } });
  await vi.waitUntil(() => symbol.position === undefined, { timeout: 30_000, interval: 5 });
  await bot.leave();
  expect(asleep()).toBe(0);
});
