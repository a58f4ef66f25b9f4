/** `rungwise exchange`: what it refuses, and one real process that is stopped and goes on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { rungwise } from '../../../test/command-line.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { runningClock } from '../../paper/clock.ts';
import { PaperExchange } from '../../paper/exchange.ts';
import { GeneratedMarket } from '../../paper/market/generated-market.ts';
import { readState, writeState } from '../../paper/saved/state-file.ts';
import { offlineInstrument } from '../../sim/market/instruments.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const BTC = 'BTC-USDT-SWAP';
const KEY = new ApiKey({ key: 'k', secret: 's', passphrase: 'p' });

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rungwise-exchange-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('rungwise exchange refuses', () => {
  it.each([
    ['--account k:s', 'write KEY:SECRET:PASSPHRASE'],
    ['--account k:verysecret:', 'write KEY:SECRET:PASSPHRASE'],
    ['--account k:s:p:much', 'write KEY:SECRET:PASSPHRASE'],
    ['--account k:s:p:40000001', 'at most 40,000,000 USDT'],
    ['--account k:s:p --account k:t:q', 'named twice'],
    ['--market live', 'write generated, replay FILE, or okx'],
    ['--market replay', 'write generated, replay FILE, or okx'],
    ['--market replay nowhere.csv --symbol BTC-USDT-SWAP', 'no such file'],
    ['--symbols BTC-USDT', 'is not known offline'],
    ['--symbols ,', 'nothing is named'],
    ['--port 70000', '65535'],
    ['--market okx --speed 2', 'runs at its own speed'],
    ['--market okx --host nowhere', '--host'],
    ['--market okx --ws http://x', '--ws'],
  ])('%s', async (words, says) => {
    const { code, out, err } = await rungwise(`exchange ${words}`);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err, 'secrets are never shown').not.toContain('verysecret');
  });

  it('a port where somebody listens', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, err } = await rungwise(`exchange --symbols BTC-USDT-SWAP --port ${port}`);
    expect(code).toBe(2);
    expect(err).toContain(`port ${port} is in use`);
  });
});

describe('rungwise exchange --market okx', () => {
  it('follows a market that speaks OKX, says when it is not heard, and ends with it', async () => {
    const nowMs = Date.now();
    const market = new PaperExchange({
      source: new GeneratedMarket({
        seed: 1,
        instruments: [offlineInstrument(BTC) as Instrument],
        bornAt: nowMs,
        fromMs: nowMs,
      }),
      clock: runningClock(nowMs, 1),
      accounts: [],
    });
    onTestFinished(() => market.close());
    const port = await market.listen(0);
    const words = ['--market', 'okx', '--host', `http://127.0.0.1:${port}`, '--ws', `ws://127.0.0.1:${port}/ws/v5`];
    const running = await started([...words, '--symbols', BTC, '--account', 'k:s:p:5000']);
    expect(running.said()).toContain(`the market of http://127.0.0.1:${port}, 1 swap`);
    const path = `/api/v5/market/history-candles?instId=${BTC}&limit=100&after=${nowMs - 60_000}`;
    const there = await fetch(`http://127.0.0.1:${port}${path}`);
    expect(await get(running.url, path)).toEqual(((await there.json()) as { data: unknown }).data);
    const russian = await started([...words, '--symbols', BTC, '--lang', 'ru']);
    await market.close();
    await vi.waitUntil(() => russian.told().includes('рынка OKX не слышно'), { timeout: 60_000, interval: 50 });
    expect(russian.told()).toMatch(
      /не слышно \((соединение (закрыто: [^)]+|оборвалось(: [A-Z_]+)?)|\d+ с ничего не слышно)\)/,
    );
    await vi.waitUntil(() => running.told().includes('it stands still here'), { timeout: 60_000, interval: 50 });
    expect(running.told()).toContain('new orders are refused with 51022');
    expect((await get(running.url, `/api/v5/public/instruments?instType=SWAP&instId=${BTC}`))[0]?.['state']).toBe(
      'suspend',
    );
    expect(await running.stop('SIGINT')).toBe(0);
  });

  it('does not start where nobody answers', async () => {
    const { code, err } = await rungwise('exchange --market okx --host http://127.0.0.1:1 --ws ws://127.0.0.1:1/ws/v5');
    expect(code).toBe(3);
    expect(err).toContain("OKX's market is not available");
  });

  it('says in the language that was asked for what is not there', async () => {
    const market = new PaperExchange({
      source: new GeneratedMarket({
        seed: 1,
        instruments: [offlineInstrument(BTC) as Instrument],
        bornAt: Date.now(),
        fromMs: Date.now(),
      }),
      clock: runningClock(Date.now(), 1),
      accounts: [],
    });
    onTestFinished(() => market.close());
    const port = await market.listen(0);
    const words = `exchange --lang ru --market okx --symbols ETH-USDT-SWAP --host http://127.0.0.1:${port} --ws ws://127.0.0.1:1/ws/v5`;
    const { code, err } = await rungwise(words);
    expect(code).toBe(3);
    expect(err).toContain('рынок OKX недоступен: ETH-USDT-SWAP: ');
    expect(err).not.toMatch(/it is not|not listed/);
  });
});

describe('rungwise exchange', () => {
  it('runs until Ctrl-C, and goes on from its state', async () => {
    const state = join(folder, 'state.json');
    const words = ['--symbols', 'BTC-USDT-SWAP', '--account', 'k:s:p:5000', '--state', state];
    const first = await started(words);
    const last = Number((await get(first.url, '/api/v5/market/ticker?instId=BTC-USDT-SWAP'))[0]?.['last']);
    const px = String(Math.floor(last * 0.95));
    const body = JSON.stringify({
      instId: 'BTC-USDT-SWAP',
      tdMode: 'isolated',
      side: 'buy',
      ordType: 'limit',
      sz: '1',
      px,
    });
    const placed = await fetch(`${first.url}/api/v5/trade/order`, {
      method: 'POST',
      body,
      headers: {
        ...KEY.restHeaders({ method: 'POST', target: '/api/v5/trade/order', body, nowMs: Date.now() }),
        'content-type': 'application/json',
      },
    });
    expect(await placed.json()).toMatchObject({ code: '0' });
    expect(await first.stop('SIGINT')).toBe(0);

    const second = await started(words);
    expect(second.said()).toContain('1 account resumed');
    expect(await get(second.url, '/api/v5/trade/orders-pending')).toMatchObject([{ px, sz: '1', state: 'live' }]);
    expect(await second.stop('SIGTERM')).toBe(0);

    const other = await rungwise(['exchange', '--symbols', 'ETH-USDT-SWAP', '--state', state]);
    expect(other).toMatchObject({ code: 2, err: expect.stringContaining('another market') as string });
    const text = readFileSync(state, 'utf8').slice(9).replace('"0.1 0.01 0.01"', '"0.01 0.01 0.01"');
    const regrid = join(folder, 'regrid.json');
    writeFileSync(regrid, `${crc32(text.trimEnd()).toString(16).padStart(8, '0')} ${text}`);
    const grid = await rungwise(['exchange', '--symbols', BTC, '--state', regrid]);
    expect(grid).toMatchObject({ code: 2, err: expect.stringContaining('another tick') as string });
    const wrong = await rungwise(['exchange', '--symbols', BTC, '--state', state, '--account', 'k:verysecret:p']);
    expect(wrong).toMatchObject({ code: 2, err: expect.stringContaining('with another secret') as string });
    expect(wrong.err, 'secrets are never shown').not.toContain('verysecret');
  });

  it('goes on at once where the time of day was set back since it was saved', async () => {
    const state = join(folder, 'state.json');
    const words = ['--symbols', BTC, '--account', 'k:s:p:5000', '--state', state];
    const first = await started(words);
    expect(await first.stop('SIGINT')).toBe(0);
    const saved = readState(state);
    if (saved === undefined) throw new Error('nothing was saved');
    const at = saved.floor.at + 3_600_000;
    writeState(state, { market: saved.market, floor: { ...saved.floor, at } }, 1);
    const second = await started(words);
    const stamp = async () => Number((await get(second.url, `/api/v5/market/ticker?instId=${BTC}`))[0]?.['ts']);
    await vi.waitUntil(async () => (await stamp()) > at + 1_000, { timeout: 10_000, interval: 100 });
  });

  it('killed in the moment of an acknowledgement has lost nothing, and gives no number twice', async () => {
    const state = join(folder, 'state.json');
    const words = ['--symbols', BTC, '--account', 'k:s:p:5000', '--state', state];
    const acknowledged: string[] = [];
    const filled: string[] = [];
    for (let life = 0; life < 3; life += 1) {
      const running = await started(words);
      const last = Number((await get(running.url, `/api/v5/market/ticker?instId=${BTC}`))[0]?.['last']);
      const order = { instId: BTC, tdMode: 'isolated', side: 'buy', sz: '0.1' };
      const orders = [
        { ...order, ordType: 'limit', px: String(Math.floor(last * 0.985)), clOrdId: `rests${life}` },
        { ...order, ordType: 'market' },
      ];
      for (const each of orders)
        acknowledged.push((await post(running.url, '/api/v5/trade/order', each))[0]?.['ordId'] ?? '');
      filled.push((await get(running.url, '/api/v5/trade/fills'))[0]?.['tradeId'] ?? '');
      await running.kill();
    }
    expect([new Set(acknowledged).size, new Set(filled).size]).toEqual([6, 3]);
    const running = await started(words);
    const fills = await get(running.url, '/api/v5/trade/fills');
    expect(fills.map(({ tradeId }) => tradeId).toReversed()).toEqual(filled);
    const pending = await get(running.url, '/api/v5/trade/orders-pending');
    expect(pending.map(({ clOrdId }) => clOrdId).toSorted()).toEqual(['rests0', 'rests1', 'rests2']);
    const bills = await get(running.url, '/api/v5/account/bills');
    const booked = bills.reduce((sum, { balChg }) => sum + Math.round(Number(balChg) * 1e8), 0);
    const balance = (await get(running.url, '/api/v5/account/balance'))[0]?.['details'] as unknown as Record<
      string,
      string
    >[];
    expect(booked).toBe(Math.round(Number(balance[0]?.['cashBal']) * 1e8));

    const second = await rungwise(['exchange', '--symbols', BTC, '--state', state, '--port', '0']);
    expect(second).toMatchObject({ code: 4, err: expect.stringContaining('in use by another exchange') as string });
    await post(running.url, '/api/v5/trade/cancel-all-after', { timeOut: '0' });
    await running.kill();
    writeFileSync(`${state}.log`, readFileSync(`${state}.log`, 'utf8').replace('serial', 'serjal'));
    const damaged = await rungwise(['exchange', '--symbols', BTC, '--state', state, '--port', '0']);
    expect(damaged).toMatchObject({ code: 2, err: expect.stringContaining('is damaged') as string });
  });

  it('lives in the time of the day, and takes no order that expired a moment ago', async () => {
    const running = await started(['--account', 'k:s:p:5000']);
    const before = Date.now();
    const [time] = await get(running.url, '/api/v5/public/time');
    expect(Number(time?.['ts'])).toBeGreaterThanOrEqual(before - 20);
    const body = JSON.stringify({ instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '1' });
    const target = '/api/v5/trade/order';
    const own = KEY.restHeaders({ method: 'POST', target, body, nowMs: Date.now() });
    const headers = { ...own, 'content-type': 'application/json', expTime: String(Date.now() - 30) };
    const reply = await fetch(`${running.url}${target}`, { method: 'POST', body, headers });
    expect(await reply.json()).toMatchObject({ code: '50036' });
    await running.stop('SIGINT');
  });

  it('tells an account that joins later nothing of another one', async () => {
    const state = join(folder, 'state.json');
    const made = await started(['--symbols', BTC, '--state', state]);
    await made.stop('SIGINT');
    const running = await started(['--symbols', BTC, '--state', state, '--account', 'k:s:p:5000']);
    await running.stop('SIGINT');
    const uids = readState(state)?.floor.desks.map(({ options }) => options.uid);
    expect(uids).toEqual(['700000000001', '700000000002']);
  });
});

async function get(url: string, target: string): Promise<Record<string, string>[]> {
  const headers = KEY.restHeaders({ method: 'GET', target, body: '', nowMs: Date.now() });
  const reply = (await (await fetch(`${url}${target}`, { headers })).json()) as { data: Record<string, string>[] };
  return reply.data;
}

async function post(url: string, target: string, what: object): Promise<Record<string, string>[]> {
  const body = JSON.stringify(what);
  const own = KEY.restHeaders({ method: 'POST', target, body, nowMs: Date.now() });
  const headers = { ...own, 'content-type': 'application/json' };
  const reply = await fetch(`${url}${target}`, { method: 'POST', body, headers });
  return ((await reply.json()) as { data: Record<string, string>[] }).data;
}

async function started(words: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, 'exchange', '--port', '0', '--lang', 'en', ...words]);
  onTestFinished(() => void child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += String(chunk);
  });
  const hint = once(child.stderr, 'data');
  await Promise.race([hint, once(child, 'exit').then(() => Promise.reject(new Error(said)))]);
  const url = /^ {2}REST +(\S+)/m.exec(said)?.[1];
  if (url === undefined) throw new Error(`no address in: ${said}`);
  return {
    url,
    said: () => said,
    told: () => told,
    kill: async (): Promise<void> => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    stop: async (signal: 'SIGINT' | 'SIGTERM'): Promise<number> => {
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = (await ended) as [number];
      return code;
    },
  };
}

it("a port that is the system's own is told, in either language", async () => {
  // Who may have every port (root) cannot be refused one otherwise.
  const refusal = Object.assign(new Error('listen EACCES'), { code: 'EACCES', syscall: 'listen' });
  const listen = vi.spyOn(PaperExchange.prototype, 'listen').mockRejectedValue(refusal);
  onTestFinished(() => listen.mockRestore());
  const [en, ru] = [await rungwise('exchange --port 80'), await rungwise('exchange --port 80 --lang ru')];
  expect([en.code, en.err]).toEqual([2, expect.stringContaining("port 80 is the system's own: choose one from 1024")]);
  expect([ru.code, ru.err]).toEqual([2, expect.stringContaining('порт 80 доступен только системе')]);
});
