/** A position that somebody opened by hand while the bot runs: adopted, and given its base over the bot's own door. */
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inEmptyFolder, rungwise } from '../../../test/command-line.ts';
import { generatedExchange, KEYS } from '../../../test/okx/generated-exchange.ts';
import { BTC } from '../../../test/okx/paper-rig.ts';
import { Rest } from '../../okx/door/rest.ts';
import { ApiKey } from '../../okx/door/sign.ts';
import { endpoints } from '../../okx/wire/endpoints.ts';
import type { FullStatus } from '../operate/bot-status.ts';

inEmptyFolder();

it('a position opened by hand gets no rungs until "rungwise base", which says no where it has to, in both languages', async () => {
  // No signal of the market is to close it meanwhile.
  writeFileSync('rungwise.yaml', 'symbols: [BTC-USDT-SWAP]\nexecution: {on_opposite: ignore}\n');
  const { origin } = await generatedExchange();
  const ask = (words: string) => rungwise(`${words} --account main-exchange`);
  const position = async () => {
    const { code, out } = await ask('status --json');
    return code === 0 ? (JSON.parse(out) as FullStatus).symbols[0]?.position : undefined;
  };
  expect((await ask('base BTC-USDT-SWAP')).code, 'no bot runs').toBe(1);
  const running = rungwise(`paper --exchange ${origin} --for 60s --json`, { env: KEYS });
  try {
    await expect.poll(position, { timeout: 30_000 }).toBeNull();
    expect((await ask('base BTC-USDT-SWAP')).err).toContain('nothing is open on BTC-USDT-SWAP');

    const key = new ApiKey({
      key: KEYS.RUNGWISE_OKX_KEY,
      secret: KEYS.RUNGWISE_OKX_SECRET,
      passphrase: KEYS.RUNGWISE_OKX_PASSPHRASE,
    });
    const byHand = new Rest({ origin, key, isDemo: false, nowMs: Date.now, timeoutMs: 10_000, waitMsMax: 2_000 });
    await byHand.syncClock();
    const { instId } = BTC;
    const bought = await byHand.post(endpoints.placeOrder, {
      instId,
      tdMode: 'isolated',
      side: 'buy',
      ordType: 'market',
      sz: '0.2',
    });
    expect(bought.kind).toBe('ok');
    await expect.poll(async () => (await position())?.contracts, { timeout: 30_000 }).toBe('0.2');
    expect((await position())?.base).toBeNull();
    expect((await ask('status')).out).toContain(
      'adopted, no rungs: "rungwise base BTC-USDT-SWAP" gives its ladder a base',
    );
    expect((await ask('status --lang ru')).out).toContain('ступеней не будет');

    const tooMuch = await ask('base BTC-USDT-SWAP 5000');
    expect([tooMuch.code, tooMuch.err]).toEqual([
      1,
      expect.stringMatching(/BTC-USDT-SWAP holds 1?\d\d[\d.]* USDT: not more/),
    ]);
    expect((await ask('base BTC-USDT-SWAP 0.01 --lang ru')).err).toMatch(
      /это меньше лота BTC-USDT-SWAP: не меньше \d+,\d+ USDT/,
    );
    for (const wrong of ['50%', '0', '1.123456789', 'much'])
      expect(await ask(`base BTC-USDT-SWAP ${wrong}`)).toMatchObject({
        code: 2,
        err: expect.stringContaining(`USDT: "${wrong}"`),
      });
    expect((await ask('base ETH-USDT-SWAP')).err).toContain('ETH-USDT-SWAP is not traded here');

    const given = await ask('base BTC-USDT-SWAP 60');
    expect([given.code, given.out], given.err).toEqual([
      0,
      expect.stringMatching(/^main-exchange: BTC-USDT-SWAP has a base of 5\d[\d.]* USDT: rungs come/),
    ]);
    const base = (await position())?.base;
    expect(Number(base)).toBeGreaterThan(50);
    expect(Number(base)).toBeLessThanOrEqual(60);
    const again = await ask('base BTC-USDT-SWAP');
    expect([again.code, again.err]).toEqual([1, expect.stringContaining(`BTC-USDT-SWAP has a base of ${base} USDT`)]);
  } finally {
    await ask('flatten');
    process.emit('SIGINT');
    await running;
  }
});
