/** The look at an account before anything is traded, at the paper exchange and at servers that say what it never would. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { manySwaps } from '../../test/many-swaps.ts';
import { startFaultProxy } from '../../test/okx/fault-proxy.ts';
import { startHttp } from '../../test/okx/local-server.ts';
import { BTC, startRig } from '../../test/okx/paper-rig.ts';
import { formatDecimal } from '../core/numbers/decimal.ts';
import { OFFLINE_INSTRUMENTS } from '../sim/market/instruments.ts';
import type { Fault } from './door/faults.ts';
import { Rest } from './door/rest.ts';
import { ApiKey } from './door/sign.ts';
import { checkStart, type Finding, mayPass } from './start.ts';
import { endpoints } from './wire/endpoints.ts';

const KEY = new ApiKey({ key: 'rig', secret: 'rigSecret', passphrase: 'rigPass' });

async function exchange() {
  const rig = await startRig();
  onTestFinished(() => rig.close());
  return rig;
}

function restTo(origin: string, more: { readonly key?: ApiKey; readonly nowMs?: () => number } = { key: KEY }): Rest {
  return new Rest({ origin, isDemo: false, nowMs: Date.now, timeoutMs: 1_000, waitMsMax: 1_000, ...more });
}

/** The exchange, but one of its answers has other fields. */
async function pretending(origin: string, path: string, changes: object): Promise<string> {
  const proxy = await startFaultProxy(origin, (asked) => {
    if (!asked.path.endsWith(path)) return undefined;
    return { forward: 'first', change: (row) => ({ ...row, ...changes }) };
  });
  onTestFinished(() => proxy.close());
  return proxy.origin;
}

const REFUSED = '{"code":"51000","msg":"Parameter instFamily error","data":[]}';
/** A row of ETH's tiers, of nobody. */
const nameless = (row: object) =>
  'instFamily' in row && row.instFamily === 'ETH-USDT' ? { ...row, instFamily: '' } : row;

const bad = (findings: readonly Finding[]) =>
  findings.filter(({ weight }) => weight === 'bad').map(({ about }) => about);

const balanceWith = (fault: Fault): Finding => ({ about: 'balance', weight: 'bad', fault });

describe('a start', () => {
  it('with everything as it must be knows account, balance, instruments and fees', async () => {
    const rig = await exchange();
    const { findings, ready } = await checkStart(restTo(rig.origin), rig.origin, [BTC.instId]);
    expect(bad(findings)).toEqual([]);
    expect(ready).toMatchObject({ uid: '1', balance: 2_000_000_000_000n });
    expect(ready?.instruments.map(({ instId, tiers }) => [instId, tiers.length > 0])).toEqual([[BTC.instId, true]]);
    expect([ready?.feeRates.maker, ready?.feeRates.taker].map((rate) => rate && formatDecimal(rate))).toEqual([
      '0.0002',
      '0.0005',
    ]);
  });

  it('of more symbols than one window lets ask for waits for the next one', async () => {
    const eleven = [...OFFLINE_INSTRUMENTS, { ...BTC, instId: 'XBT-USDT-SWAP' }];
    const rig = await startRig({ instruments: eleven, isRateLimited: true });
    onTestFinished(() => rig.close());
    const symbols = eleven.map(({ instId }) => instId);
    const { findings, ready } = await checkStart(restTo(rig.origin), rig.origin, symbols);
    expect(bad(findings)).toEqual([]);
    expect(ready?.instruments.map(({ instId }) => instId)).toEqual(symbols);
  });

  it('asks for the leverages of twenty symbols, and the tiers of five, in one question', async () => {
    const swaps = manySwaps(23);
    const rig = await startRig({ instruments: swaps });
    const asked: string[] = [];
    let tiersAsked = 0;
    const proxy = await startFaultProxy(rig.origin, ({ path, target }) => {
      if (path === endpoints.leverageInfo.path) asked.push(target);
      if (path === endpoints.positionTiers.path) tiersAsked += 1;
      return undefined;
    });
    onTestFinished(async () => {
      await proxy.close();
      await rig.close();
    });
    await rig.byHand.post(endpoints.setLeverage, { instId: swaps[22]?.instId, lever: '7', mgnMode: 'isolated' });
    const symbols = swaps.map(({ instId }) => instId);
    const { findings, ready } = await checkStart(restTo(proxy.origin), proxy.origin, symbols);
    expect(ready?.instruments.map(({ instId, tiers }) => [instId, tiers])).toEqual(
      swaps.map(({ instId, tiers }) => [instId, tiers]),
    );
    const said = findings.flatMap((each) => (each.about === 'leverage' ? [[each.instId, each.leverage]] : []));
    expect(said).toEqual(symbols.map((instId, n) => [instId, n === 22 ? 7 : 10]));
    expect([asked.length, tiersAsked]).toEqual([2, 5]);
  });

  it.each([
    ['is refused', () => ({ forward: 'never', answer: { how: 'reply', status: 400, body: REFUSED } }) as const],
    ['says nothing of one', () => ({ forward: 'first', change: nameless }) as const],
  ])('asks for the tiers of one symbol alone where a question of several %s', async (_, plan) => {
    const rig = await startRig({ instruments: OFFLINE_INSTRUMENTS });
    const asked: string[] = [];
    const proxy = await startFaultProxy(rig.origin, ({ path, target }) => {
      if (path !== endpoints.positionTiers.path) return undefined;
      asked.push(target);
      return /%2C/.test(target) ? plan() : undefined;
    });
    onTestFinished(async () => {
      await proxy.close();
      await rig.close();
    });
    const symbols = OFFLINE_INSTRUMENTS.map(({ instId }) => instId);
    const { findings, ready } = await checkStart(restTo(proxy.origin), proxy.origin, symbols);
    expect(bad(findings)).toEqual([]);
    expect(ready?.instruments.map(({ tiers }) => tiers)).toEqual(OFFLINE_INSTRUMENTS.map(({ tiers }) => tiers));
    expect(asked.some((target) => target.endsWith('instFamily=ETH-USDT'))).toBe(true);
  });

  it('asks for a symbol again where the exchange was asked too often', async () => {
    const rig = await exchange();
    const asked = new Set<string>();
    const proxy = await startFaultProxy(rig.origin, ({ path }) => {
      if (!/position-tiers|leverage-info/.test(path) || asked.has(path)) return undefined;
      asked.add(path);
      return {
        forward: 'never',
        answer: { how: 'reply', status: 429, body: '{"code":"50011","msg":"Too Many Requests"}' },
      };
    });
    onTestFinished(() => proxy.close());
    const { findings } = await checkStart(restTo(proxy.origin), proxy.origin, [BTC.instId]);
    expect([bad(findings), asked.size]).toEqual([[], 2]);
  });

  it.each([
    ['a key that may withdraw', 'account/config', { perm: 'read_only,trade,withdraw' }, 'permissions'],
    ['a key that may not trade', 'account/config', { perm: 'read_only' }, 'permissions'],
    ['long/short mode', 'account/config', { posMode: 'long_short_mode' }, 'position-mode'],
    ['a mode nobody knows', 'account/config', { posMode: 'new_mode' }, 'position-mode'],
    ['a spot account', 'account/config', { acctLv: '1' }, 'account-mode'],
    ['multi-currency margin', 'account/config', { acctLv: '3' }, 'account-mode'],
    ['portfolio margin', 'account/config', { acctLv: '4' }, 'account-mode'],
    ['no USDT', 'account/balance', { details: [] }, 'balance'],
    ['an instrument that is not open yet', 'public/instruments', { state: 'preopen' }, 'instrument'],
    ['an instrument whose time is over', 'public/instruments', { state: 'expired' }, 'instrument'],
    ['an instrument of a state nobody knows', 'public/instruments', { state: 'frozen' }, 'instrument'],
    ['an instrument of another margin', 'public/instruments', { settleCcy: 'BTC' }, 'instrument'],
    ['an instrument without a tick', 'public/instruments', { tickSz: '' }, 'instrument'],
    [
      'fees that are not told',
      'account/trade-fee',
      { taker: '', maker: '', takerU: '', makerU: '', feeGroup: [] },
      'fees',
    ],
  ])('is stopped by %s', async (_, path, changes, about) => {
    const rig = await exchange();
    const origin = await pretending(rig.origin, path, changes);
    const { findings, ready } = await checkStart(restTo(origin), origin, [BTC.instId]);
    expect(bad(findings)).toEqual([about]);
    expect(ready).toBeUndefined();
  });

  it.each(['suspend', 'rebase', 'post_only'])(
    'is not stopped by an instrument that stands still for a while (%s): it is told, and what is open has its bot',
    async (state) => {
      const rig = await exchange();
      const origin = await pretending(rig.origin, 'public/instruments', { state });
      const { findings, ready } = await checkStart(restTo(origin), origin, [BTC.instId]);
      expect(bad(findings)).toEqual([]);
      expect(findings).toContainEqual({
        about: 'instrument',
        weight: 'odd',
        instId: BTC.instId,
        problem: { code: 'not-live', state },
      });
      expect(ready?.instruments.map(({ instId }) => instId)).toEqual([BTC.instId]);
    },
  );

  it('is stopped by a symbol that is not listed, and names it', async () => {
    const rig = await exchange();
    const { findings, ready } = await checkStart(restTo(rig.origin), rig.origin, [BTC.instId, 'NOSUCH-USDT-SWAP']);
    expect(findings).toContainEqual({
      about: 'instrument',
      weight: 'bad',
      instId: 'NOSUCH-USDT-SWAP',
      problem: { code: 'not-listed' },
    });
    expect(ready).toBeUndefined();
  });

  it.each([
    ['no key', undefined, 'no-key'],
    ['a wrong secret', new ApiKey({ key: 'rig', secret: 'x', passphrase: 'rigPass' }), '50113'],
    ['a wrong passphrase', new ApiKey({ key: 'rig', secret: 'rigSecret', passphrase: 'x' }), '50105'],
    ['an unknown key', new ApiKey({ key: 'x', secret: 'rigSecret', passphrase: 'rigPass' }), '50111'],
  ])('is stopped by %s, with OKX’s code', async (_, key, code) => {
    const rig = await exchange();
    const { findings } = await checkStart(restTo(rig.origin, key === undefined ? {} : { key }), rig.origin, [
      BTC.instId,
    ]);
    expect(findings.find(({ about }) => about === 'key')).toMatchObject({ weight: 'bad', fault: { code } });
  });

  it.each([
    [0, 'good'],
    [3_000, 'odd'],
    [26_000, 'bad'],
    [-26_000, 'bad'],
  ])('finds a clock that is %d ms off %s', async (offMs, weight) => {
    const rig = await exchange();
    const { findings } = await checkStart(
      restTo(rig.origin, { key: KEY, nowMs: () => Date.now() + offMs }),
      rig.origin,
      [],
    );
    expect(findings.find(({ about }) => about === 'clock')).toMatchObject({ weight });
  });

  it.each([
    ['a day ahead', 86_400_000, 20],
    ['so fast that no two readings agree', 0, 2_000],
  ])('is stopped by a clock that runs at another speed, %s: ours is not wrong', async (_, aheadMs, speed) => {
    const rig = await exchange();
    const begunMs = performance.now();
    const proxy = await startFaultProxy(rig.origin, ({ path }) => {
      if (!path.endsWith('public/time')) return undefined;
      return { forward: 'first', change: () => ({ ts: theirs() }) };
    });
    onTestFinished(() => proxy.close());
    const theirs = () => String(Math.round(Date.now() + aheadMs + (performance.now() - begunMs) * speed));
    const { findings, ready } = await checkStart(restTo(proxy.origin), proxy.origin, []);
    const found = findings.find(({ about }) => about === 'clock-speed');
    expect(found).toMatchObject({ weight: 'bad', speed: expect.closeTo(speed, -Math.log10(speed / 4)) });
    expect(findings.find(({ about }) => about === 'clock')).toBeUndefined();
    expect(ready).toBeUndefined();
    expect(mayPass(findings), 'it runs so whenever it is asked').toBe(false);
  });

  it.each<[what: string, findings: readonly Finding[], may: boolean]>([
    ['nothing bad', [{ about: 'reach', weight: 'good', origin: '' }], false],
    ['an answer that was lost', [balanceWith({ class: 'unknown', code: 'ECONNRESET', message: '' })], true],
    ['a server that is busy', [balanceWith({ class: 'pace', code: '50011', message: '' })], true],
    ['maintenance', [balanceWith({ class: 'maintenance', code: '50001', message: '' })], true],
    [
      'an address at which nobody listens',
      [balanceWith({ class: 'unreached', code: 'ECONNREFUSED', message: '' })],
      false,
    ],
    ['a key that is refused', [balanceWith({ class: 'auth', code: '50111', message: '' })], false],
    ['a page of a gateway', [balanceWith({ class: 'auth', code: 'http-403', message: '' })], true],
    ['a clock that is wrong', [{ about: 'clock', weight: 'bad', offsetMs: 26_000, uncertaintyMs: 1 }], false],
    ['a clock that runs fast', [{ about: 'clock-speed', weight: 'bad', speed: 20 }], false],
    [
      'a lost answer beside what is wrong',
      [
        balanceWith({ class: 'unknown', code: 'ECONNRESET', message: '' }),
        { about: 'account-mode', weight: 'bad', mode: '1' },
      ],
      false,
    ],
  ])('of %s may pass or not', (_, findings, may) => expect(mayPass(findings)).toBe(may));

  it('is stopped where nobody answers', async () => {
    const { origin } = await startHttp((_, response) => response.destroy());
    const { findings } = await checkStart(restTo(origin), origin, [BTC.instId]);
    expect(bad(findings)).toEqual(['reach']);
  });
});
