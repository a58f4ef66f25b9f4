/** Funding of a generated market: what is told, what is settled, and what a restart shows of it. */
import { describe, expect, it } from 'vitest';
import { BTC, NOW, paper, wellKnown } from '../../../test/paper.ts';
import { GeneratedMarket } from './generated-market.ts';

const HOURS_TO_SETTLEMENT_MS = 6 * 3_600_000;
const source = (fromMs: number) =>
  new GeneratedMarket({ seed: 3, instruments: [wellKnown(BTC)], bornAt: NOW, fromMs, historyMinutes: 900 });

describe('the funding rate', () => {
  it('is pushed every minute, and the open interest with it', () => {
    const test = paper({ source: source(NOW) });
    const heard = test.socket('public');
    const channels = ['funding-rate', 'open-interest'];
    heard.say({ op: 'subscribe', args: channels.map((channel) => ({ channel, instId: BTC })) });
    heard.take();
    for (let seconds = 0; seconds < 300; seconds += 1) test.pass(1_000);
    const pushes = heard.take();
    for (const channel of channels) expect(pushes.filter(({ arg }) => arg?.['channel'] === channel)).toHaveLength(5);
  });

  it('that was told last is the one that is settled', () => {
    const test = paper({ source: source(NOW) });
    test.pass(HOURS_TO_SETTLEMENT_MS - 1);
    const told = test.get('public/funding-rate', { instId: BTC }).data[0];
    test.pass(1);
    const [settled] = test.get('public/funding-rate-history', { instId: BTC }).data;
    expect([settled?.['fundingTime'], settled?.['realizedRate']]).toEqual([
      told?.['fundingTime'],
      told?.['fundingRate'],
    ]);
  });

  it('that was settled is the same after a restart', () => {
    const before = paper({ source: source(NOW) });
    before.pass(HOURS_TO_SETTLEMENT_MS + 30_000);
    const saved = before.exchange.floor.save();
    const after = paper({ source: source(saved.at), saved, at: saved.at });
    const shown = (test: typeof before) => test.get('public/funding-rate-history', { instId: BTC }).data;
    expect(shown(after)).toEqual(shown(before));
  });
});

it('every minute that ended in a pause is told as closed', () => {
  const test = paper();
  const heard = test.socket('business');
  heard.say({ op: 'subscribe', args: [{ channel: 'candle1m', instId: BTC }] });
  heard.take();
  test.pass(5 * 60_000);
  const rows = heard.take().map(({ data }) => data?.[0] as unknown as string[]);
  const closed = rows.filter((row) => row[8] === '1').map(([ts]) => Number(ts));
  expect(closed).toEqual([0, 1, 2, 3, 4].map((minute) => NOW + minute * 60_000));
});
