import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { type MarketStatistics, marketStatistics } from '../../../test/market-statistics.ts';
import { describeWithShared, sharedPath } from '../../../test/shared.ts';
import type { Candles } from '../../core/market/candle.ts';
import { importCsvFile } from '../../data/import/csv.ts';
import { Market } from './market.ts';

const SEEDS = 20;
const WEEK_MINUTES = 10_080;

// biome-ignore format: a table
const ROWS: readonly (readonly [fact: string, of: (s: MarketStatistics) => number, places: number])[] = [
  ['deviation of a minute, %',                          (s) => s.deviationPercent,  3],
  ['kurtosis of returns (normal: 3)',                   (s) => s.kurtosis,          1],
  ['largest move of a minute, deviations',              (s) => s.largestMove,       1],
  ['autocorrelation of returns, lag 1',                 (s) => s.returnsMemory[1],  3],
  ['… lag 5',                                           (s) => s.returnsMemory[5],  3],
  ['… lag 30',                                          (s) => s.returnsMemory[30], 3],
  ['autocorrelation of absolute returns, lag 1',        (s) => s.movesMemory[1],    2],
  ['… lag 15',                                          (s) => s.movesMemory[15],   2],
  ['… lag 60',                                          (s) => s.movesMemory[60],   2],
  ['… least of lags 1 to 60',                           (s) => s.movesMemoryLeast,  2],
  ['correlation of volume and absolute return',         (s) => s.volumeWithMove,    2],
  ['correlation of volume and range',                   (s) => s.volumeWithRange,   2],
  ['mean range ÷ mean absolute return',                 (s) => s.rangeOverMove,     2],
  ['deepest drawdown, %',                               (s) => s.drawdownPercent,   1],
];

describeWithShared('docs/market.md', () => {
  it('shows what the generator and the real week really are', async () => {
    const { candles: week } = await importCsvFile(sharedPath('data/btc-usdt-1m-2021-02-19-week.csv'), {
      instrument: BTC_SWAP,
    });
    const real = marketStatistics(week);
    const made = Array.from({ length: SEEDS }, (_, i) => marketStatistics(generatedWeek(i + 1)));
    const lines = ROWS.map(([fact, of, places]) => {
      const values = made.map(of).toSorted((a, b) => a - b);
      const mean = values.reduce((a, b) => a + b) / values.length;
      const cells = [values[0] as number, mean, values.at(-1) as number, of(real)].map((value) =>
        value.toFixed(places),
      );
      return `| ${fact} | ${cells.join(' | ')} |`;
    });
    const document = readFileSync(new URL('../../../docs/market.md', import.meta.url), 'utf8');
    expect(document).toContain(lines.join('\n'));
  });
});

/** A week as wild as the real one. */
function generatedWeek(seed: number): Candles {
  const symbols = [
    { instId: 'BTC-USDT-SWAP', startTicks: 515_000, minuteLots: 690_000, volatility: 0.002, spreadTicks: 1 },
  ];
  return Market.of({ seed, startMinute: 26_894_880, correlation: 0.6, symbols }).candles(WEEK_MINUTES)[0] as Candles;
}
