/** Margin tiers that OKX changes while the bot runs, over real sockets. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type Asked, type Plan, startFaultProxy } from '../../../test/okx/fault-proxy.ts';
import { until } from '../../../test/okx/local-server.ts';
import { BTC, feedBefore, resting, startRig } from '../../../test/okx/paper-rig.ts';
import type { InstrumentSaid } from '../../core/event.ts';
import { tierSaid } from '../../core/instrument/instrument.ts';
import { OFFLINE_INSTRUMENTS } from '../../sim/market/instruments.ts';
import { endpoints } from '../wire/endpoints.ts';
import { TierWatch } from './tier-watch.ts';

const ETH = OFFLINE_INSTRUMENTS[1] as typeof BTC;
const reply = (status: number, body: string): Plan => ({ forward: 'never', answer: { how: 'reply', status, body } });
const changed = (change: (row: { readonly mmr: string; readonly tier: string }) => object): Plan => ({
  forward: 'first',
  change: (row) => ({ ...row, ...change(row as Parameters<typeof change>[0]) }),
});

const SAID = {
  'as they are': undefined,
  doubled: changed(({ mmr }) => ({ mmr: String(Number(mmr) * 2) })),
  unreadable: reply(502, ''),
  none: reply(200, '{"code":"0","msg":"","data":[]}'),
  'unreadable in part': changed(({ mmr, tier }) => ({ mmr: tier === '2' ? '' : mmr })),
  'past counting': changed(() => ({ maxSz: '9'.repeat(30) })),
};

async function started() {
  const tiers: { are: keyof typeof SAID; held?: Promise<void> } = { are: 'as they are' };
  let asked: readonly Asked[] = [];
  const rig = await startRig({
    instruments: [BTC, ETH],
    through: async (origin) => {
      const proxy = await startFaultProxy(origin, async ({ path }) => {
        if (path !== endpoints.positionTiers.path) return undefined;
        await tiers.held;
        return SAID[tiers.are];
      });
      onTestFinished(() => proxy.close());
      asked = proxy.asked;
      return proxy.origin;
    },
  });
  onTestFinished(() => rig.close());
  return { rig, tiers, asked: () => asked.filter(({ path }) => path === endpoints.positionTiers.path).length };
}

const doubled = (of: typeof BTC) =>
  of.tiers.map((tier) => ({ ...tierSaid(tier), maintenanceRate: String(tier.maintenanceRate.approx * 2) }));

describe('margin tiers', () => {
  it('that were changed while the connection was away are told with the instrument, once; those that were not are no news', async () => {
    const { rig, tiers, asked } = await started();
    const heard: InstrumentSaid[] = [];
    const feed = feedBefore(rig, [BTC, ETH], (event) => event.kind === 'instrument' && heard.push(event));
    onTestFinished(() => feed.close());
    feed.start();
    await until('the list', () => heard.length === 2);
    expect(asked(), 'the start has read them').toBe(0);
    const cut = async () => {
      const before = asked();
      rig.admin('sockets', { how: 'cut', place: 'public' });
      await until('all are asked for', () => asked() === before + 2);
    };
    await cut();
    await rig.settled();
    expect(heard.map(({ limits }) => limits?.tiers)).toEqual([undefined, undefined]);
    tiers.are = 'doubled';
    await cut();
    await until('both are told', () => heard.length === 4);
    expect(heard.slice(2).map(({ instId, changes, limits }) => [instId, changes, limits?.tiers])).toEqual([
      [BTC.instId, [], doubled(BTC)],
      [ETH.instId, [], doubled(ETH)],
    ]);
    await cut();
    await rig.settled();
    expect(heard.length).toBe(4);
    tiers.are = 'as they are';
    await cut();
    await until('both are told', () => heard.length === 6);
    expect(heard[4]?.limits?.tiers).toEqual(BTC.tiers.map(tierSaid));
  });

  it('that are told after the feed was closed are nobody’s, and no more are asked for', async () => {
    const { rig, tiers, asked } = await started();
    const heard: InstrumentSaid[] = [];
    const feed = feedBefore(rig, [BTC, ETH], (event) => event.kind === 'instrument' && heard.push(event));
    feed.start();
    await until('the list', () => heard.length === 2);
    let tell = () => {};
    tiers.held = new Promise((told) => (tell = told));
    tiers.are = 'doubled';
    rig.admin('sockets', { how: 'cut', place: 'public' });
    await until('the first is asked for', () => asked() === 1);
    feed.close();
    tell();
    await resting(150);
    expect([heard.length, asked()]).toEqual([2, 1]);
  });

  it('are asked for once at a time, and again after it where something was missed meanwhile: an older answer never follows a newer one', async () => {
    const { rig, tiers, asked } = await started();
    const heard: string[] = [];
    const options = { rest: rig.rest, hear: (instId: string) => heard.push(instId), warn: () => undefined };
    const watch = new TierWatch({ ...options, instruments: [BTC, ETH] });
    let tell = () => {};
    tiers.held = new Promise((told) => (tell = told));
    for (let times = 0; times < 2; times += 1) {
      watch.missed();
      watch.look();
      await until('it is asked for', () => asked() > 0);
    }
    await resting(100);
    expect(asked()).toBe(1);
    tell();
    await until('both', () => heard.length === 2);
    await resting(0);
    watch.look();
    await until('both again', () => heard.length === 4);
  });

  it('are read once an hour, a minute after a fault, which is told, and no sooner than a minute after a refusal asked for them', async () => {
    const { rig, tiers, asked } = await started();
    vi.useFakeTimers({ toFake: ['performance'] });
    onTestFinished(() => void vi.useRealTimers());
    const heard: string[] = [];
    const warnings: string[] = [];
    const watch = new TierWatch({
      rest: rig.rest,
      instruments: [BTC, ETH],
      hear: (instId) => heard.push(instId),
      warn: (message) => warnings.push(message),
    });
    /** @param reads how many answers come then */
    const after = async (ms: number, reads: number) => {
      const before = heard.length + warnings.length;
      vi.advanceTimersByTime(ms);
      watch.look();
      await until('the answers', () => heard.length + warnings.length === before + reads);
      await resting(100);
      return heard.length + warnings.length - before;
    };
    expect(await after(3_599_999, 0)).toBe(0);
    expect([await after(1, 2), heard]).toEqual([2, [BTC.instId, ETH.instId]]);
    watch.doubted();
    expect([await after(59_999, 0), await after(1, 2)]).toEqual([0, 2]);
    watch.doubted();
    expect(await after(60_000, 2)).toBe(2);
    tiers.are = 'unreadable';
    expect([await after(3_600_000, 1), warnings.length, asked()], 'one says that the line is dead').toEqual([1, 1, 7]);
    tiers.are = 'as they are';
    expect([await after(59_000, 0), await after(1_000, 2)]).toEqual([0, 2]);
    watch.missed();
    watch.doubted();
    expect(await after(0, 2), 'what was missed does not wait for a doubt').toBe(2);
    for (const are of ['none', 'unreadable in part', 'past counting'] as const) {
      const [told, warned] = [heard.length, warnings.length];
      tiers.are = are;
      watch.missed();
      expect([await after(0, 2), heard.length - told, warnings.length - warned], are).toEqual([2, 0, 2]);
    }
  });
});
