import { describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import { CsvReader } from '../../data/import/csv-reader.ts';
import { importLines } from './import-text.ts';

const START = 1_613_692_800_000;
const row = (i: number, price = '100.05') => `${START + i * 60_000},${price},${price},99,${price},1`;

const reportOf = (...lines: readonly string[]) => {
  const reader = new CsvReader('week.csv', { instrument: BTC_SWAP });
  reader.push(Buffer.from(`${['ts,open,high,low,close,volume', ...lines].join('\n')}\n`));
  return reader.finish().report;
};

describe('an import in words', () => {
  const mended = reportOf(
    row(0),
    row(1),
    row(1),
    row(1, '101'),
    'x',
    row(5),
    row(4),
    ...Array.from({ length: 25 }, (_, i) => row(10 + i * 2)),
  );

  it('says what was read and everything that was mended', () => {
    expect(importLines(mended, 'en').slice(0, 14)).toEqual([
      'week.csv: 29 candles of BTC-USDT-SWAP from 32 lines of data',
      '  from 2021-02-19 00:00 to 2021-02-19 00:58 UTC, prices from 99 to 100.1',
      '  columns: ts, open, high, low, close, volume; time in ms, volume in coins',
      '  mapped onto the grid: prices of 29 and volume of 0 of 29 candles',
      '  bad lines, left out: 1',
      '    line 6 has 1 columns where 6 are expected ("x"): mend or remove the line',
      '  lines said twice, the same: left out: 1',
      '    line 4 says 2021-02-19 00:01 again, the same as line 3',
      '  lines said twice, and otherwise: the earlier stays: 1',
      '    line 5 says 2021-02-19 00:01 again, and otherwise than line 3: the earlier line stays',
      '  lines out of order: sorted: 1',
      '    line 8: 2021-02-19 00:04 comes after 2021-02-19 00:05: sort the file by time',
      '  gaps (30 min missing): 26',
      '    line 8: 2 min missing after 2021-02-19 00:01',
    ]);
    expect(importLines(mended, 'en').at(-1)).toBe('    … and 6 more');
  });

  it('says it in Russian, line for line', () => {
    const russian = importLines(mended, 'ru');
    expect(russian).toHaveLength(importLines(mended, 'en').length);
    for (const line of russian) expect(line).toMatch(/[а-яё]/i);
  });

  it('says where commas were read as decimal ones, and what prices came of it', () => {
    const reader = new CsvReader('week.csv', { instrument: BTC_SWAP });
    const lines = [0, 1, 2].map((i) => `${START + i * 60_000};51,552;51,560;51,500;51,552;1`);
    reader.push(Buffer.from(`${['ts;open;high;low;close;volume', ...lines].join('\n')}\n`));
    const { report } = reader.finish();
    expect(importLines(report, 'en').join('\n')).toMatch(
      /prices from 51\.5 to 51\.6\n.*, numbers with a decimal comma\n/,
    );
    expect(importLines(report, 'ru').join('\n')).toMatch(/цены от 51,5 до 51,6\n.*, дробная часть после запятой\n/);
  });

  it('says of a faultless file that nothing was left out', () => {
    expect(importLines(reportOf(row(0), row(1)), 'en').at(-1)).toBe('  nothing was left out');
    expect(importLines(reportOf(row(0), row(1)), 'ru').at(-1)).toBe('  ничего не отброшено');
  });
});
