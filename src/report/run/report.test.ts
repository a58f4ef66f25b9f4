import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LAW } from '../../../test/long.ts';
import { EquityCurve } from './equity.ts';
import type { RunRecord, TradeRecord } from './record.ts';
import { type Group, reportJson, reportOf } from './report.ts';

const usdt = (value: number) => BigInt(Math.round(value * 1e8));

const trade = (gross: number, fees: number, more: Partial<TradeRecord> = {}): TradeRecord => ({
  instId: 'BTC-USDT-SWAP',
  side: 'long',
  openedAt: 0,
  closedAt: 60_000,
  reason: 'target',
  regime: 'ranging',
  profile: 'small',
  gross: usdt(gross),
  fees: usdt(fees),
  funding: 0n,
  additions: 0,
  partials: 0,
  steps: [{ step: 0, lots: 1, value: usdt(100), fees: usdt(fees), gross: usdt(gross) }],
  ...more,
});

const recordOf = (trades: readonly TradeRecord[], more: Partial<RunRecord> = {}): RunRecord => ({
  startBalance: usdt(1_000),
  gross: trades.reduce((sum, { gross }) => sum + gross, 0n),
  fees: trades.reduce((sum, { fees }) => sum + fees, 0n),
  funding: trades.reduce((sum, { funding }) => sum + funding, 0n),
  moved: 0n,
  penalties: 0n,
  slippage: undefined,
  candles: 100,
  additions: 0,
  partials: 0,
  makerFills: 0,
  takerFills: 0,
  trades,
  openPositions: [],
  refusals: [],
  held: [],
  governed: [],
  equity: new EquityCurve(1_000e8),
  ...more,
});

describe('fee drag', () => {
  // biome-ignore format: a table
  it.each<[gross: number, fees: number, percent: string | null]>([
    [10,    2,   '20'],      // a fifth of the profit
    [10,    15,  '150'],     // fees ate more than the profit
    [0,     5,   '100'],     // all of the loss is fees
    [-5,    15,  '75'],      // three quarters of the loss are fees
    [-10,   0,   '0'],
    [0,     0,   null],
    [10,    -1,  '-10'],     // rebates
  ])('of gross %d and fees %d is %s %%', (gross, fees, percent) => {
    expect(reportJson(reportOf(recordOf([trade(gross, fees)]))).feeDragPercent).toBe(percent);
  });
});

describe('of trades', () => {
  const record = recordOf([
    trade(10, 1, { closedAt: 30_000 }),
    trade(-4, 1, { regime: 'choppy', reason: 'stop' }),
    trade(1, 1, { instId: 'ETH-USDT-SWAP' }),
    trade(3, 1, { reason: undefined, regime: undefined, profile: undefined }),
  ]);
  const json = reportJson(reportOf(record));

  it('a winner is what is left after fees and funding', () => {
    expect(json).toMatchObject({
      wins: 2,
      winRatePercent: '50',
      profitFactor: '2.2',
      expectancy: '1.5',
      averageWin: '5.5',
      averageLoss: '-5',
      averageHoldSeconds: 53,
    });
  });

  it('what is left is told of the start: net in money and per cent, the final balance', () => {
    expect(json).toMatchObject({ gross: '10', fees: '4', net: '6', finalBalance: '1006', returnPercent: '0.6' });
  });

  it('the drawdown is told as a share of its own peak, and in money', () => {
    const equity = new EquityCurve(1_000e8);
    for (const [at, usdtThen] of [1_100, 990, 2_000, 1_850, 2_100].entries()) equity.add(at, usdtThen * 1e8, false);
    expect(reportJson(reportOf(recordOf([], { equity })))).toMatchObject({
      maxDrawdownPercent: '10',
      maxDrawdown: '110',
    });
  });

  it('groups come by regime, exit and symbol, and miss none', () => {
    expect(json.byRegime.map(({ regime, trades, net }) => [regime, trades, net])).toEqual([
      ['ranging', 2, '9'],
      ['choppy', 1, '-5'],
      ['unknown', 1, '2'],
    ]);
    expect(json.byExit.map(({ reason }) => reason)).toEqual(['target', 'stop', 'unknown']);
    expect(json.bySymbol.map(({ symbol, trades }) => [symbol, trades])).toEqual([
      ['BTC-USDT-SWAP', 3],
      ['ETH-USDT-SWAP', 1],
    ]);
  });

  it('exits come the most frequent first, symbols and exits as frequent by their names', () => {
    const of = (reason: TradeRecord['reason'], instId: string) => trade(1, 0, { reason, instId });
    const told = reportJson(
      reportOf(
        recordOf([
          of('time', 'C'),
          of('stop', 'A'),
          of('target', 'D'),
          of('target', 'B'),
          of('time', 'E'),
          of('time', 'C'),
        ]),
      ),
    );
    expect(told.byExit.map(({ reason }) => reason)).toEqual(['time', 'target', 'stop']);
    expect(told.bySymbol.map(({ symbol }) => symbol)).toEqual(['A', 'B', 'C', 'D', 'E']);
    const alike = reportJson(reportOf(recordOf([of('time', 'A'), of('stop', 'A'), of('target', 'A')])));
    expect(alike.byExit.map(({ reason }) => reason)).toEqual(['stop', 'target', 'time']);
  });

  it('so do the partials that were held', () => {
    const held = [
      { code: 'partial-unprofitable', count: 1 },
      { code: 'position-below-min-value', count: 3 },
      { code: 'partial-below-min-size', count: 1 },
    ] as const;
    expect(reportJson(reportOf(recordOf([], { held }))).heldPartials.map(({ code }) => code)).toEqual([
      'position-below-min-value',
      'partial-below-min-size',
      'partial-unprofitable',
    ]);
  });

  it('every grouping adds up to the whole, net of fees and funding; so do the rungs', LAW, () => {
    const amount = fc.bigInt({ min: -10_000n, max: 10_000n });
    const anyTrade = fc.record({
      instId: fc.constantFrom('A', 'B'),
      reason: fc.constantFrom<TradeRecord['reason']>('stop', 'target', undefined),
      regime: fc.constantFrom<TradeRecord['regime']>('trending', 'choppy', undefined),
      profile: fc.constantFrom<TradeRecord['profile']>('small', 'large', undefined),
      funding: amount,
      steps: fc.array(fc.record({ step: fc.nat(3), lots: fc.constant(1), value: amount, fees: amount, gross: amount })),
    });
    fc.assert(
      fc.property(fc.array(anyTrade), (anyTrades) => {
        const all = anyTrades.map((each) => ({
          ...trade(0, 0),
          ...each,
          gross: each.steps.reduce((sum, { gross }) => sum + gross, 0n),
          fees: each.steps.reduce((sum, { fees }) => sum + fees, 0n),
        }));
        const report = reportOf(recordOf(all));
        const whole = ({ trades, wins, gross, fees, funding, net }: Omit<Group<string>, 'key'>) => [
          trades,
          wins,
          gross,
          fees,
          funding,
          net,
        ];
        for (const groups of [report.byRegime, report.byProfile, report.byExit, report.bySymbol]) {
          const sum = { trades: 0, wins: 0, gross: 0n, fees: 0n, funding: 0n, net: 0n };
          for (const group of groups) {
            sum.trades += group.trades;
            sum.wins += group.wins;
            sum.gross += group.gross;
            sum.fees += group.fees;
            sum.funding += group.funding;
            sum.net += group.net;
          }
          expect(whole(sum)).toEqual(whole(report));
        }
        const { byRung } = report;
        expect(byRung.reduce((sum, { count }) => sum + count, 0)).toBe(all.flatMap(({ steps }) => steps).length);
        expect(byRung.reduce((sum, { gross }) => sum + gross, 0n)).toBe(report.gross);
        expect(byRung.reduce((sum, { fees }) => sum + fees, 0n)).toBe(report.fees);
      }),
    );
  });

  it('without any, what cannot be told is null and nothing throws', () => {
    expect(reportJson(reportOf(recordOf([])))).toMatchObject({
      trades: 0,
      net: '0',
      finalBalance: '1000',
      winRatePercent: null,
      profitFactor: null,
      expectancy: null,
      averageHoldSeconds: null,
      feeDragPercent: null,
      exposurePercent: null,
      maxDrawdownPercent: '0',
      byRung: [],
    });
  });

  it('without losers the profit factor is null, not infinite', () => {
    expect(reportJson(reportOf(recordOf([trade(1, 0)]))).profitFactor).toBeNull();
  });
});

it('JSON has its keys in one order, amounts as decimal strings, and is the same every time', () => {
  const text = JSON.stringify(reportJson(reportOf(recordOf([trade(1, 0.00000001)], { slippage: 5n }))));
  expect(Object.keys(JSON.parse(text)).slice(0, 13)).toEqual([
    'candles',
    'trades',
    'additions',
    'partials',
    'refusals',
    'startBalance',
    'finalBalance',
    'gross',
    'fees',
    'funding',
    'net',
    'slippage',
    'penalties',
  ]);
  expect(JSON.parse(text)).toMatchObject({ finalBalance: '1000.99999999', fees: '0.00000001', slippage: '0.00000005' });
  expect(JSON.stringify(reportJson(reportOf(recordOf([trade(1, 0.00000001)], { slippage: 5n }))))).toBe(text);
});

describe('equity', () => {
  const curveOf = (...points: readonly number[]) => {
    const curve = new EquityCurve(1_000);
    points.forEach((equity, i) => curve.add(i, equity, i % 2 === 0));
    return curve;
  };

  it('begins with its first point and ends with its last', () => {
    const curve = new EquityCurve(1_000);
    for (const at of [7_000, 8_000, 9_000]) curve.add(at, 1_000 + at, false);
    expect([curve.from, curve.stretches().at(-1)?.at, curve.last]).toEqual([7_000, 9_000, 10_000]);
  });

  // biome-ignore format: a table
  it.each<[points: number[], drop: number, peak: number]>([
    [[1_000, 1_100, 990, 1_200, 1_150],   110, 1_100],
    [[900, 800, 1_000],                   200, 1_000],   // from the start balance
    [[1_100, 1_000, 2_000, 1_850],        100, 1_100],   // 9.1 % is deeper than 7.5 %, though fewer dollars
    [[1_001, 1_002],                      0,   1],
    [[],                                  0,   1],
  ])('of %j fell by %d from %d', (points, drop, peak) => {
    expect(curveOf(...points).deepest).toEqual({ drop, peak });
  });

  it('keeps its drawdown and its extremes however long it grows, in bounded memory', () => {
    const curve = new EquityCurve(1_000);
    let state = 7;
    let equity = 1_000;
    let most = 0;
    for (let i = 0; i < 100_000; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      equity = Math.max(1, equity + (state >>> 30) - 1.5 + (i === 31_416 ? 50_000 : i === 31_417 ? -50_000 : 0));
      most = Math.max(most, equity);
      curve.add(i, equity, true);
    }
    const stretches = curve.stretches();
    expect(stretches.length).toBeLessThanOrEqual(1_024);
    expect(Math.max(...stretches.map((stretch) => stretch.most))).toBe(most);
    expect(stretches.at(-1)).toMatchObject({ at: 99_999, last: equity });
    expect(curve.deepest.peak).toBe(most);
  });

  it('is thinned evenly: every stretch tells the least, the most, the last and the end of its own points, and none is left out', () => {
    const equities = Array.from({ length: 5_000 }, (_, i) => 1_000 + ((i * 7_919) % 613));
    for (const length of [1, 2, 1_023, 1_024, 1_025, 2_047, 2_048, 2_049, 3_000, 5_000]) {
      const stretches = curveOf(...equities.slice(0, length)).stretches();
      const of = (stretches[0]?.at ?? 0) + 1;
      expect(stretches, `${length} points, ${of} a stretch`).toEqual(
        Array.from({ length: Math.ceil(length / of) }, (_, at) => {
          const own = equities.slice(at * of, Math.min(length, (at + 1) * of));
          const end = at * of + own.length - 1;
          return { at: end, least: Math.min(...own), most: Math.max(...own), last: equities[end] };
        }),
      );
      expect(stretches.length).toBeLessThanOrEqual(1_024);
      if (length > 1_024) expect(stretches.length, 'and not more than it must').toBeGreaterThan(510);
    }
  });

  it.each([3, 1_024, 1_500])(
    'what the closing of the last position costs is a fall too, and no minute: %i points',
    (points) => {
      const curve = curveOf(...Array.from({ length: points }, () => 1_000));
      const before = curve.stretches().length;
      curve.amendLast(940);
      expect(curve.deepest).toEqual({ drop: 60, peak: 1_000 });
      expect(curve.points).toBe(points);
      expect(curve.stretches()).toHaveLength(before);
      expect(curve.stretches().at(-1)).toEqual({ at: points - 1, least: 940, most: 1_000, last: 940 });
      expect(curve.last).toBe(940);
    },
  );

  it('of a run without a candle has no last point to change', () => {
    const curve = curveOf();
    curve.amendLast(1_000);
    expect(curve.stretches()).toEqual([]);
  });

  it('knows the share of the time in a position', () => {
    expect(reportJson(reportOf(recordOf([], { equity: curveOf(1, 2, 3) }))).exposurePercent).toBe('66.6666');
  });
});
