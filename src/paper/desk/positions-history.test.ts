/** One record for each life of a position, as OKX's page on positions-history describes it. */
import { describe, expect, it } from 'vitest';
import { BTC, ETH, type PaperTest, paper } from '../../../test/paper.ts';

const MARKET = { instId: BTC, tdMode: 'isolated', side: 'buy', ordType: 'market', sz: '1' };
const trade = (test: PaperTest, side: string, sz: string, more: object = {}) =>
  test.post('trade/order', { ...MARKET, side, sz, ...more });
const history = (test: PaperTest, query: Record<string, string> = {}) =>
  test.get('account/positions-history', query).data;

/** Closes a position of 3 in three steps, a second apart. */
function inSteps(test: PaperTest, steps: number): PaperTest {
  trade(test, 'buy', '3');
  for (let step = 0; step < steps; step += 1) {
    test.pass(1_000);
    trade(test, 'sell', '1');
  }
  return test;
}

describe('positions-history', () => {
  it('tells a position that was closed in steps once, as its last close left it', () => {
    const rows = history(inSteps(paper(), 3));
    expect(rows).toMatchObject([{ type: '2', openMaxPos: '3', closeTotalPos: '3' }]);
  });

  it('shows a position that is closed in part with type 1, and sums to what the bills have booked', () => {
    const test = inSteps(paper(), 2);
    trade(test, 'buy', '1', { instId: ETH });
    trade(test, 'sell', '1', { instId: ETH });
    const rows = history(test);
    expect(rows.map(({ instId, type }) => [instId, type])).toEqual([
      [ETH, '2'],
      [BTC, '1'],
    ]);
    const pnl = rows.reduce((sum, row) => sum + Number(row['pnl']), 0);
    const booked = test.get('account/bills').data.reduce((sum, bill) => sum + Number(bill['pnl']), 0);
    expect(pnl).toBeCloseTo(booked, 8);
  });

  it('keeps one record over a restart between two closes', () => {
    const before = inSteps(paper(), 2);
    const after = paper({ saved: before.exchange.floor.save(), at: before.clock.now() });
    trade(after, 'sell', '1');
    expect(history(after)).toMatchObject([{ type: '2', closeTotalPos: '3' }]);
  });

  it('begins a record with each life: turned round, the old one is closed', () => {
    const test = inSteps(paper(), 1);
    trade(test, 'sell', '5');
    trade(test, 'buy', '1');
    expect(history(test).map(({ direction, type, closeTotalPos }) => [direction, type, closeTotalPos])).toEqual([
      ['short', '1', '1'],
      ['long', '2', '3'],
    ]);
  });

  it('pages by the time of the last close: before alone is the newest, and rows of one time stay together', () => {
    const test = paper();
    for (const instId of [BTC, BTC, ETH]) {
      trade(test, 'buy', '1', { instId });
      trade(test, 'sell', '1', { instId });
      test.pass(1_000);
    }
    trade(test, 'buy', '1');
    trade(test, 'sell', '1');
    trade(test, 'buy', '1', { instId: ETH });
    trade(test, 'sell', '1', { instId: ETH });
    const times = history(test).map(({ uTime = '' }) => uTime);
    expect([times.length, times[0]]).toEqual([5, times[1]]);
    const page = (query: Record<string, string>) => history(test, query).map(({ uTime }) => uTime);
    expect(page({ limit: '1' }), 'two of one time').toEqual(times.slice(0, 2));
    expect(page({ after: times[1] ?? '' })).toEqual(times.slice(2));
    expect(page({ before: times[4] ?? '', limit: '2' })).toEqual(times.slice(0, 2));
    expect(page({ before: times[4] ?? '', after: times[0] ?? '', limit: '1' })).toEqual(times.slice(2, 3));
  });
});
