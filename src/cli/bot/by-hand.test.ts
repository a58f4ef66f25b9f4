/** A running bot at an exchange where somebody trades by hand, or which suspends the instrument: told, shown, done as configured. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { BTC, BTC_ROW } from '../../../test/okx/paper-rig.ts';
import { openJournalReader } from '../../journal/sqlite-journal.ts';
import { Rest } from '../../okx/door/rest.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { InstrumentWatch } from '../../okx/watches/instrument-watch.ts';
import { endpoints } from '../../okx/wire/endpoints.ts';
import type { PaperExchange } from '../../paper/exchange.ts';
import type { FullStatus } from '../operate/bot-status.ts';

inEmptyFolder();

const { instId } = BTC;
const ETH = { ...BTC, instId: 'ETH-USDT-SWAP', baseCoin: 'ETH' };
const JOURNAL = 'state/main-exchange/journal.db';

const ask = (words: string) => rungwise(`${words} --account main-exchange`);

async function status(): Promise<FullStatus | undefined> {
  const { code, out } = await ask('status --json');
  return code === 0 ? (JSON.parse(out) as FullStatus) : undefined;
}

/** A person at the same account. */
async function byHand(origin: string): Promise<Rest> {
  const key = new ApiKey({
    key: KEYS.RUNGWISE_OKX_KEY,
    secret: KEYS.RUNGWISE_OKX_SECRET,
    passphrase: KEYS.RUNGWISE_OKX_PASSPHRASE,
  });
  const rest = new Rest({ origin, key, isDemo: false, nowMs: Date.now, timeoutMs: 10_000, waitMsMax: 2_000 });
  await rest.syncClock();
  return rest;
}

const BUY = { instId, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '0.2' } as const;

async function whileRunning(
  config: string,
  act: (origin: string, paper: PaperExchange) => Promise<void>,
): Promise<string> {
  // No signal of the market is to come in between.
  writeFileSync('rungwise.yaml', `symbols: [${instId}]\nsignals: {scalper: {enabled: off}}\n${config}`);
  const { origin, paper } = await generatedExchange([BTC, ETH]);
  const running = rungwise(`paper --exchange ${origin} --for 60s`, { env: KEYS });
  try {
    await expect.poll(async () => (await status())?.isReady, { timeout: 30_000 }).toBe(true);
    await act(origin, paper);
  } finally {
    process.emit('SIGINT');
  }
  return (await running).out;
}

it('a position opened by hand is closed where the configuration says so, reduce-only, and the journal holds why', async () => {
  const out = await whileRunning('execution: {unknown_position: close}\n', async (origin) => {
    const rest = await byHand(origin);
    expect((await rest.post(endpoints.placeOrder, BUY)).kind).toBe('ok');
    const isClosed = () => {
      const journal = openJournalReader(JOURNAL);
      const rows = [...journal.rows()].map(({ payload }) => payload as { readonly decisions?: readonly object[] });
      journal.close();
      return rows.flatMap(({ decisions }) => decisions ?? []);
    };
    await expect
      .poll(isClosed, { timeout: 30_000 })
      .toContainEqual(expect.objectContaining({ kind: 'position-closed', instId, reason: 'unknown-position' }));
    const orders = isClosed().filter((each) => 'order' in each);
    for (const order of orders) expect(order).toMatchObject({ order: { reduceOnly: true } });
    expect((await status())?.symbols[0]?.position).toBeNull();
  });
  expect(out).toContain(
    'a trade that is not ours (foreign-fill): somebody opened long 0.2; it is closed at the market',
  );
});

it('a position opened by hand is left alone where the configuration says so, and shown as such', async () => {
  const out = await whileRunning('execution: {unknown_position: alert}\n', async (origin) => {
    const rest = await byHand(origin);
    expect((await rest.post(endpoints.placeOrder, BUY)).kind).toBe('ok');
    await expect.poll(async () => (await status())?.symbols[0]?.position?.contracts, { timeout: 30_000 }).toBe('0.2');
    const shown = await ask('status');
    expect(shown.out).toContain('left alone: no stop, no exits');
    expect((await status())?.openOrders).toEqual([]);
    await ask('flatten');
    await expect.poll(async () => (await status())?.symbols[0]?.position, { timeout: 30_000 }).toBeNull();
  });
  expect(out).toContain('it is left alone: no stop, no exits');
});

it('a symbol that something is open of is not left out of the configuration: told in both languages, and the journal stays', async () => {
  await whileRunning('', async (origin) => {
    const rest = await byHand(origin);
    expect((await rest.post(endpoints.placeOrder, BUY)).kind).toBe('ok');
    await expect.poll(async () => (await status())?.symbols[0]?.position?.stop, { timeout: 30_000 }).toBeTruthy();
    writeFileSync('origin', origin);
  });
  writeFileSync('rungwise.yaml', `symbols: [${ETH.instId}]\n`);
  const without = (language: string) =>
    rungwise(`paper --exchange ${readFileSync('origin', 'utf8')} --for 2s --lang ${language}`, { env: KEYS });
  const [en, ru] = [await without('en'), await without('ru')];
  expect([en.code, ru.code]).toEqual([2, 2]);
  expect(en.err).toContain(
    `rungwise: ${instId} is not among the configured symbols, but the journal knows of a position or an order: add it back, close it, then leave it out\n`,
  );
  expect(ru.err).toContain(`${instId} нет среди symbols конфигурации, а в журнале есть позиция или ордер: верните его`);
  writeFileSync('rungwise.yaml', `symbols: [${instId}, ${ETH.instId}]\n`);
  expect((await without('en')).code).toBe(0);
});

it('a symbol that the exchange lists no more is given up with what the journal has open of it once it is left out, and a replay says the same', async () => {
  await whileRunning('', async (origin) => {
    const rest = await byHand(origin);
    expect((await rest.post(endpoints.placeOrder, BUY)).kind).toBe('ok');
    await expect.poll(async () => (await status())?.symbols[0]?.position?.stop, { timeout: 30_000 }).toBeTruthy();
  });
  const { origin } = await generatedExchange([ETH]);
  const start = (more: string) => rungwise(`paper --exchange ${origin} ${more}`, { env: KEYS });
  const both = await start('--for 1s');
  expect([both.code, both.err]).toEqual([3, expect.stringContaining('Remove it from "symbols"')]);
  writeFileSync('rungwise.yaml', `symbols: [${ETH.instId}]\n`);
  const { code, out, err } = await start('--for 9s');
  expect([code, out], err).toEqual([
    0,
    expect.stringContaining(`the exchange lists ${instId} no more, and nothing of it`),
  ]);
  expect(out).toContain('the balance is another one at the exchange (balance-differs)');
  const again = await start('--for 1s --lang ru');
  expect([again.code, again.out], 'it is over').toEqual([0, expect.not.stringContaining('больше нет')]);
  const replayed = await rungwise(`replay ${JOURNAL}`);
  expect([replayed.code, replayed.out], replayed.err).toEqual([0, expect.stringContaining('same')]);
});

it('an instrument that the exchange suspends is told, shown and refused, and trades again when it does', async () => {
  const out = await whileRunning('', async (_, paper) => {
    const say = (state: string) => {
      const push = JSON.stringify({ arg: { channel: 'instruments', instType: 'SWAP' }, data: [{ ...BTC_ROW, state }] });
      for (const session of paper.sessions) if (session.place === 'public') session.deliver(Buffer.from(push));
    };
    say('suspend');
    await expect
      .poll(async () => (await status())?.untradable, { timeout: 30_000 })
      .toEqual([{ symbol: instId, why: { code: 'instrument-stopped', state: 'suspend' } }]);
    expect((await ask('status')).out).toContain(`${instId}: the exchange does not trade it ("suspend")`);
    say('live');
    await expect.poll(async () => (await status())?.untradable, { timeout: 30_000 }).toEqual([]);
  });
  expect(out).toContain('the exchange does not trade it: nothing is added (instrument-stopped)');
  expect(out).toContain('the exchange trades it again (instrument-trades)');
});

it('an order that is refused with a code that an instrument may give makes the list be read: its word may have been missed', async () => {
  const missed = vi.spyOn(InstrumentWatch.prototype, 'missed');
  await whileRunning('', async (origin, paper) => {
    const rest = await byHand(origin);
    const before = missed.mock.calls.length;
    paper.faults.plant({ kind: 'error', method: 'POST', path: '/api/v5/trade/order-algo', code: '51022', times: 1 });
    expect((await rest.post(endpoints.placeOrder, BUY)).kind).toBe('ok');
    await expect.poll(() => missed.mock.calls.length, { timeout: 30_000 }).toBeGreaterThan(before);
    await ask('flatten');
  });
  missed.mockRestore();
});
