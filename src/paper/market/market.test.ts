import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BTC, ETH, NOW, paper, wellKnown } from '../../../test/paper.ts';
import { type Candles, emptyCandles } from '../../core/market/candle.ts';
import { barOf, barStart, nextBarStart } from './bars.ts';
import { GeneratedMarket } from './generated-market.ts';
import { ReplayMarket } from './replay-market.ts';

const MINUTE = NOW / 60_000;

function generated(seed = 4, instruments = [wellKnown(BTC), wellKnown(ETH)]) {
  return paper({ instruments, source: new GeneratedMarket({ seed, instruments, bornAt: NOW, fromMs: NOW }) });
}

describe('bars', () => {
  it.each([
    // bar      a moment                  begins                 the next
    ['1m', '2026-03-02T10:17:30Z', '2026-03-02T10:17:00Z', '2026-03-02T10:18:00Z'],
    ['4H', '2026-03-02T10:17:30Z', '2026-03-02T08:00:00Z', '2026-03-02T12:00:00Z'],
    ['6H', '2026-03-02T10:17:30Z', '2026-03-02T10:00:00Z', '2026-03-02T16:00:00Z'],
    ['6Hutc', '2026-03-02T10:17:30Z', '2026-03-02T06:00:00Z', '2026-03-02T12:00:00Z'],
    ['1D', '2026-03-02T10:17:30Z', '2026-03-01T16:00:00Z', '2026-03-02T16:00:00Z'],
    ['1Dutc', '2026-03-02T10:17:30Z', '2026-03-02T00:00:00Z', '2026-03-03T00:00:00Z'],
    ['1Wutc', '2026-03-05T10:17:30Z', '2026-03-02T00:00:00Z', '2026-03-09T00:00:00Z'],
    ['1W', '2026-03-01T17:00:00Z', '2026-03-01T16:00:00Z', '2026-03-08T16:00:00Z'],
    ['1M', '2026-03-31T17:00:00Z', '2026-03-31T16:00:00Z', '2026-04-30T16:00:00Z'],
    ['3Mutc', '2026-03-02T10:17:30Z', '2026-01-01T00:00:00Z', '2026-04-01T00:00:00Z'],
  ])('%s at %s began at %s', (name, at, begins, next) => {
    const bar = barOf(name);
    if (bar === undefined) throw new Error(name);
    const start = barStart(bar, Math.floor(Date.parse(at) / 60_000));
    expect(new Date(start * 60_000).toISOString()).toBe(begins.replace('Z', '.000Z'));
    expect(new Date(nextBarStart(bar, start) * 60_000).toISOString()).toBe(next.replace('Z', '.000Z'));
  });

  it('follow each other without a gap, whatever the bar', () => {
    const names = ['1m', '3m', '30m', '2H', '4H', '6H', '12Hutc', '1D', '2D', '3Dutc', '1W', '1M', '3Mutc'];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.integer({ min: 26_000_000, max: 32_000_000 }), (name, minute) => {
        const bar = barOf(name) as NonNullable<ReturnType<typeof barOf>>;
        const start = barStart(bar, minute);
        const next = nextBarStart(bar, start);
        expect(start).toBeLessThanOrEqual(minute);
        expect(next).toBeGreaterThan(minute);
        expect(barStart(bar, next)).toBe(next);
        expect(barStart(bar, next - 1)).toBe(start);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['2m', '1h', '1Mutcutc', 'constructor', '', '1utc'])('"%s" is none', (name) => {
    expect(barOf(name)).toBeUndefined();
    expect(paper().get('market/candles', { instId: BTC, bar: name === '' ? 'x' : name }).code).toBe('51000');
  });
});

describe('a generated market', () => {
  it('begins with a day of history and goes on from it', () => {
    const test = generated();
    const rows = test.get('market/history-candles', { instId: BTC, limit: '300' }).data as unknown as string[][];
    expect(rows).toHaveLength(300);
    let older = rows;
    let count = 300;
    while (older.length > 0) {
      const after = older.at(-1)?.[0] ?? '';
      older = test.get('market/history-candles', { instId: BTC, limit: '300', after }).data as unknown as string[][];
      count += older.length;
    }
    expect(count, 'a day, and the minute that forms').toBe(1_441);
    expect(test.get('public/funding-rate-history', { instId: BTC }).data).toHaveLength(3);
  });

  it('is the same for the same seed, and another for another', () => {
    const rows = (seed: number) => {
      const test = generated(seed);
      test.pass(30_000);
      return test.get('market/candles', { instId: BTC }).data;
    };
    expect(rows(4)).toEqual(rows(4));
    expect(rows(4)).not.toEqual(rows(5));
  });

  it('higher bars are made of its minutes, ticker and day agree with them', () => {
    const test = generated();
    test.pass(600_000);
    const minutes = test.get('market/candles', { instId: BTC, bar: '1m', limit: '300' }).data as unknown as string[][];
    const [, hour] = test.get('market/candles', { instId: BTC, bar: '1H', limit: '2' }).data as unknown as string[][];
    const start = Number(hour?.[0]);
    const own = minutes.filter(([ts]) => Number(ts) >= start && Number(ts) < start + 3_600_000);
    expect(own).toHaveLength(60);
    expect(hour?.[1]).toBe(own.at(-1)?.[1]);
    expect(hour?.[4]).toBe(own[0]?.[4]);
    expect(Number(hour?.[2])).toBe(Math.max(...own.map((row) => Number(row[2]))));
    expect(Number(hour?.[3])).toBe(Math.min(...own.map((row) => Number(row[3]))));
    expect(Number(hour?.[5])).toBeCloseTo(
      own.reduce((sum, row) => sum + Number(row[5]), 0),
      6,
    );
    const [ticker] = test.get('market/ticker', { instId: BTC }).data;
    expect(ticker?.['last']).toBe(minutes[0]?.[4]);
    expect(Number(ticker?.['high24h'])).toBeGreaterThanOrEqual(Number(hour?.[2]));
    expect(Number(ticker?.['askPx'])).toBeGreaterThan(Number(ticker?.['bidPx']));
  });

  it('pages candles as ccxt and downloads ask for them', () => {
    const test = generated();
    const all = test.get('market/candles', { instId: BTC, limit: '300' }).data as unknown as string[][];
    const ts = (n: number) => Number(all[n]?.[0]);
    const page = (query: Record<string, string>) =>
      (test.get('market/candles', { instId: BTC, ...query }).data as unknown as string[][]).map((row) =>
        Number(row[0]),
      );
    expect(page({ after: String(ts(9)), limit: '3' })).toEqual([ts(10), ts(11), ts(12)]);
    expect(page({ before: String(ts(20) - 1), after: String(ts(20) + 3 * 60_000) })).toEqual([ts(18), ts(19), ts(20)]);
    expect(page({ before: String(ts(10)), limit: '2' }), 'before alone: the newest').toEqual([ts(0), ts(1)]);
    expect(page({ limit: '1000' })).toHaveLength(300);
  });

  it('price limits, open interest, tiers and lists answer in documented shape', () => {
    const test = generated();
    const last = Number(test.get('market/ticker', { instId: BTC }).data[0]?.['last']);
    const [limit] = test.get('public/price-limit', { instId: BTC }).data;
    expect(Number(limit?.['buyLmt']) / last).toBeCloseTo(1.02, 4);
    expect(test.get('public/open-interest', { instType: 'SWAP' }).data).toHaveLength(2);
    expect(test.get('public/funding-rate', { instId: 'ANY' }).data).toHaveLength(2);
    expect(test.get('market/tickers', { instType: 'SWAP', instFamily: 'BTC-USDT' }).data).toHaveLength(1);
    expect(test.get('market/tickers', { instType: 'SPOT' }).data).toEqual([]);
    const tiers = test.get('public/position-tiers', { instType: 'SWAP', tdMode: 'cross', uly: 'BTC-USDT' }).data;
    expect(tiers[0]).toMatchObject({
      tier: '1',
      minSz: '0',
      maxSz: '2500',
      mmr: '0.004',
      maxLever: '100',
      imr: '0.01',
    });
    for (const instType of ['SPOT', 'FUTURES', 'OPTION', 'MARGIN'])
      expect(test.get('public/instruments', { instType, uly: 'BTC-USD' })).toMatchObject({ code: '0', data: [] });
    expect(test.get('public/instruments', { instType: 'SWAP', instId: 'NO-USDT-SWAP' }).code).toBe('51001');
    expect(test.get('market/index-tickers', { quoteCcy: 'USDT' }).data).toHaveLength(2);
    expect(test.get('system/status').data).toEqual([]);
  });
});

describe('a replay', () => {
  it('goes through the candles of its file, minute by minute, and then stands still', () => {
    const rows = [
      [6_000, 6_050, 5_990, 6_010, 600],
      [6_010, 6_020, 5_900, 5_950, 1_200],
      [5_950, 5_960, 5_940, 5_955, 60],
    ];
    const candles: Candles = emptyCandles(BTC, 4);
    [...rows, rows[2] ?? []].forEach(([open = 0, high = 0, low = 0, close = 0, volume = 0], n) => {
      // The third minute is missing in the file.
      candles.openMinute[n] = MINUTE - 1 + n + (n === 3 ? 1 : 0);
      candles.openTicks[n] = open;
      candles.highTicks[n] = high;
      candles.lowTicks[n] = low;
      candles.closeTicks[n] = close;
      candles.volumeLots[n] = volume;
    });
    const instruments = [wellKnown(BTC)];
    const test = paper({ instruments, source: new ReplayMarket(instruments, [candles], NOW) });
    test.pass(4 * 60_000);
    const shown = (test.get('market/candles', { instId: BTC }).data as unknown as string[][]).map((row) =>
      row.slice(1, 6),
    );
    expect(shown.slice(1)).toEqual([
      ['595', '596', '594', '595.5', '0.6'],
      ['595.5', '595.5', '595.5', '595.5', '0'],
      ['595', '596', '594', '595.5', '0.6'],
      ['601', '602', '590', '595', '12'],
      ['600', '605', '599', '601', '6'],
    ]);
    test.pass(3_600_000);
    expect(test.get('market/ticker', { instId: BTC }).data[0]?.['last']).toBe('595.5');
  });
});
