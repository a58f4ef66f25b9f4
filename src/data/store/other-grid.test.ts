import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { BTC_SWAP } from '../../../test/fixtures/btc-swap.ts';
import type { Instrument } from '../../core/instrument/instrument.ts';
import { CANDLE_COLUMNS, type Candles, emptyCandles } from '../../core/market/candle.ts';
import { decimal } from '../../core/numbers/decimal.ts';
import { loadStored, storeCandles } from './store.ts';

const folder = mkdtempSync(join(tmpdir(), 'rungwise-grid-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Row = readonly [openTicks: number, highTicks: number, lowTicks: number, closeTicks: number, volumeLots: number];

function columns(rows: readonly Row[]): Candles {
  const candles = emptyCandles(BTC_SWAP.instId, rows.length);
  for (const [i, row] of rows.entries())
    for (const [at, value] of [29_000_000 + i, ...row].entries()) candles[CANDLE_COLUMNS[at] as 'openTicks'][i] = value;
  return candles;
}

const rowsOf = (candles: Candles) =>
  Array.from({ length: candles.length }, (_, i) => CANDLE_COLUMNS.map((column) => candles[column][i] as number));

/** Stored on the grid of 0.1 USDT and lots of 0.01 contracts of 0.01 BTC, read on another. */
function readOn(grid: Partial<Instrument>, rows: readonly Row[]) {
  storeCandles(folder, columns(rows), BTC_SWAP, []);
  const { candles, moved } = loadStored(folder, { ...BTC_SWAP, ...grid });
  return { candles, rows: rowsOf(candles).map(([, ...rest]) => rest), moved };
}

const ROWS: readonly Row[] = [
  [600_003, 600_010, 599_999, 600_005, 1_234],
  [600_000, 600_005, 599_995, 600_000, 1_230],
];

describe('stored candles of an instrument', () => {
  it('whose grid is the same are as they were', () => {
    const { rows, moved } = readOn({}, ROWS);
    expect([rows, moved]).toEqual([ROWS, undefined]);
  });

  it('whose tick is finer by now keep every price', () => {
    const { rows, moved } = readOn({ tickSize: decimal('0.02') }, ROWS);
    expect(rows).toEqual(
      ROWS.map(([open, high, low, close, volume]) => [open * 5, high * 5, low * 5, close * 5, volume]),
    );
    const changed = [{ what: 'tickSz', stored: '0.1', expected: '0.02' }];
    expect(moved).toEqual({ changed, mappedPrices: 0, mappedVolumes: 0 });
  });

  it('whose tick and lot are coarser by now keep their range, and are counted', () => {
    const { rows, moved } = readOn({ tickSize: decimal('0.5'), lotSize: decimal('0.1') }, ROWS);
    expect(rows).toEqual([
      [120_001, 120_002, 119_999, 120_001, 123],
      [120_000, 120_001, 119_999, 120_000, 123],
    ]);
    expect(moved).toMatchObject({ mappedPrices: 1, mappedVolumes: 1 });
    expect(moved?.changed.map(({ what }) => what)).toEqual(['tickSz', 'lotSz']);
  });

  it('whose contract is another by now keep their coins', () => {
    const { rows, moved } = readOn({ contractValue: decimal('0.001') }, ROWS);
    expect(rows).toEqual(ROWS.map(([open, high, low, close, volume]) => [open, high, low, close, volume * 10]));
    expect(moved?.changed).toEqual([{ what: 'ctVal', stored: '0.01', expected: '0.001' }]);
  });

  it('keep their minutes', () => {
    const { candles } = readOn({ tickSize: decimal('0.01') }, ROWS);
    expect([...candles.openMinute]).toEqual([29_000_000, 29_000_001]);
  });

  it('stay candles on any grid: the range holds the old one, no price is a tick away, no volume grows', () => {
    const row = fc
      .tuple(fc.tuple(price(), price(), price(), price()), fc.nat({ max: 10_000_000 }))
      .map(([prices, volume]): Row => {
        const [open, , , close] = prices;
        return [open, Math.max(...prices), Math.min(...prices), close, volume];
      });
    const tick = fc.constantFrom(1, 2, 3, 5, 7, 10, 25, 40, 100);
    const lot = fc.constantFrom(1, 2, 3, 10, 64);
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 5 }), tick, lot, (rows, ticks, lots) => {
        // In hundredths of a USDT and of a contract: old steps are 10 and 1, new ones these.
        const grid = { tickSize: decimal((ticks / 100).toFixed(2)), lotSize: decimal((lots / 100).toFixed(2)) };
        const read = readOn(grid, rows);
        for (const [i, [open, high, low, close, volume]] of rows.entries()) {
          const [openNow, highNow, lowNow, closeNow, volumeNow] = read.rows[i] as [
            number,
            number,
            number,
            number,
            number,
          ];
          expect(highNow * ticks - high * 10).toBeGreaterThanOrEqual(0);
          expect(low * 10 - lowNow * ticks).toBeGreaterThanOrEqual(0);
          expect(highNow * ticks - high * 10).toBeLessThan(ticks);
          expect(low * 10 - lowNow * ticks).toBeLessThan(ticks);
          expect(Math.abs(openNow * ticks - open * 10) * 2).toBeLessThanOrEqual(ticks);
          expect(Math.abs(closeNow * ticks - close * 10) * 2).toBeLessThanOrEqual(ticks);
          expect(volumeNow).toBe(Math.floor(volume / lots));
          expect(Math.max(openNow, closeNow)).toBeLessThanOrEqual(highNow);
          expect(Math.min(openNow, closeNow)).toBeGreaterThanOrEqual(lowNow);
        }
        const isBetween = (row: Row) => row.slice(0, 4).some((price) => (price * 10) % ticks !== 0);
        const isSame = ticks === 10 && lots === 1;
        expect(read.moved?.mappedPrices ?? 0).toBe(isSame ? 0 : rows.filter(isBetween).length);
        expect(read.moved?.mappedVolumes ?? 0).toBe(rows.filter(([, , , , volume]) => volume % lots !== 0).length);
      }),
      { numRuns: 1_000 },
    );
  });
});

function price() {
  return fc.integer({ min: 100, max: 40_000_000 });
}
