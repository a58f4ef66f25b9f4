import { ADX } from 'technicalindicators';
import { describe, expect, it } from 'vitest';
import { mirrored, realWeek, walk } from '../../../test/fixtures/real-week.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { Adx } from './adx.ts';

describe('ADX', () => {
  // StockCharts ChartSchool, "Average Directional Index (ADX)", QQQQ: high, low, close × 10,000; DX, +DI, −DI as Highcharts prints them.
  const ROWS = [
    [301983, 294072, 298720],
    [302776, 293182, 302381],
    [304458, 299611, 300996],
    [293478, 287443, 289028],
    [293477, 285566, 289225],
    [292886, 284081, 284775],
    [288334, 280818, 285566],
    [287346, 274289, 275576],
    [286654, 276565, 284675],
    [288532, 278345, 282796],
    [286356, 273992, 274882],
    [276761, 270927, 272310],
    [272112, 261826, 263507],
    [268651, 261332, 263309],
    [274090, 266277, 270333],
    [269441, 261332, 262221],
    [265189, 254307, 260144],
    [265189, 253518, 254605],
    [270927, 258760, 270333],
    [276860, 269640, 274487],
  ] as const;
  const PUBLISHED = [
    [65.537, 6.749, 32.42],
    [68.726, 6.292, 33.946],
    [72.604, 5.782, 36.428],
    [73.009, 5.287, 33.887],
    [55.062, 8.699, 30.016],
    [39.005, 12.491, 28.467],
  ];
  const round = (value: number): number => Math.round(value * 1000) / 1000;

  it('gives DX and ±DI of the printed table, from the fifteenth candle on', () => {
    const adx = new Adx(14);
    const values = ROWS.map(([high, low, close]) => {
      adx.add(high, low, close);
      return [round(adx.dx), round(adx.plusDi), round(adx.minusDi)];
    });
    expect(values.slice(14)).toEqual(PUBLISHED);
  });

  it('is ready with its 28th candle', () => {
    const adx = new Adx(14);
    const readyAt = walk(1, 40).findIndex(([, , high, low, close]) => {
      adx.add(high, low, close);
      return adx.ready;
    });
    expect(readyAt + 1).toBe(28);
  });

  it('swaps +DI and −DI with the market, and keeps ADX', () => {
    const up = new Adx(14);
    const down = new Adx(14);
    const rows = walk(5, 400);
    const turned = mirrored(rows, 500_000);
    rows.forEach((row, at) => {
      up.add(row[2], row[3], row[4]);
      const [, , high = 0, low = 0, close = 0] = turned[at] ?? [];
      down.add(high, low, close);
      expect([down.adx, down.plusDi, down.minusDi]).toEqual([up.adx, up.minusDi, up.plusDi]);
    });
  });

  it('is 0, not a number that is none, where nothing moves', () => {
    const adx = new Adx(14);
    for (let i = 0; i < 40; i++) adx.add(100, 100, 100);
    expect([adx.adx, adx.plusDi, adx.minusDi, adx.ready]).toEqual([0, 0, 0, true]);
  });
});

describeWithShared('ADX over the real week', () => {
  it('gives the values of technicalindicators', () => {
    const rows = realWeek();
    const oracle = ADX.calculate({
      period: 14,
      high: rows.map((row) => row[2]),
      low: rows.map((row) => row[3]),
      close: rows.map((row) => row[4]),
    });
    const adx = new Adx(14);
    const ours = rows.flatMap(([, , high, low, close]) => {
      adx.add(high, low, close);
      return adx.ready ? [{ adx: adx.adx, pdi: adx.plusDi, mdi: adx.minusDi }] : [];
    });
    expect(ours.length).toBe(oracle.length);
    let worst = 0;
    ours.forEach((value, at) => {
      const theirs = oracle[at];
      if (theirs === undefined) throw new Error('the oracle ended early');
      worst = Math.max(worst, Math.abs(value.adx - theirs.adx), Math.abs(value.pdi - theirs.pdi));
      worst = Math.max(worst, Math.abs(value.mdi - theirs.mdi));
    });
    expect(worst).toBeLessThan(1e-8);
  });
});
