import { ATR } from 'trading-signals';
import { describe, expect, it } from 'vitest';
import { mirrored, realWeek, walk } from '../../../test/fixtures/real-week.ts';
import { describeWithShared } from '../../../test/shared.ts';
import { Atr } from './atr.ts';

describe('ATR', () => {
  // StockCharts ChartSchool, "Average True Range (ATR)": high, low, close × 100.
  const ROWS = [
    [4870, 4779, 4816],
    [4872, 4814, 4861],
    [4890, 4839, 4875],
    [4887, 4837, 4863],
    [4882, 4824, 4874],
    [4905, 4864, 4903],
    [4920, 4894, 4907],
    [4935, 4886, 4932],
    [4992, 4950, 4991],
    [5019, 4987, 5013],
    [5012, 4920, 4953],
    [4966, 4890, 4950],
    [4988, 4943, 4975],
    [5019, 4973, 5003],
    [5036, 4926, 5031],
    [5057, 5009, 5052],
    [5065, 5030, 5041],
    [5043, 4921, 4934],
    [4963, 4898, 4937],
    [5033, 4961, 5023],
  ] as const;
  const PUBLISHED = [0.55, 0.59, 0.59, 0.57, 0.61, 0.62, 0.64];

  it('gives the values of the printed table, from the fourteenth candle on', () => {
    const atr = new Atr(14);
    const values = ROWS.flatMap(([high, low, close]) => {
      atr.add(high, low, close);
      return atr.ready ? [Math.round(atr.valueTicks) / 100] : [];
    });
    expect(values).toEqual(PUBLISHED);
  });

  it('is the same for a market upside down', () => {
    const up = new Atr(14);
    const down = new Atr(14);
    const rows = walk(3, 300);
    const turned = mirrored(rows, 500_000);
    rows.forEach((row, at) => {
      up.add(row[2], row[3], row[4]);
      const [, , high = 0, low = 0, close = 0] = turned[at] ?? [];
      down.add(high, low, close);
      expect(down.valueTicks).toBe(up.valueTicks);
    });
  });
});

describeWithShared('ATR over the real week', () => {
  it('gives the values of trading-signals', () => {
    const ours = new Atr(14);
    const oracle = new ATR(14);
    let compared = 0;
    for (const [, , high, low, close] of realWeek()) {
      ours.add(high, low, close);
      const theirs = oracle.update({ high, low, close }, false);
      expect(ours.ready).toBe(theirs !== null);
      if (theirs === null) continue;
      compared += 1;
      if (Math.abs(ours.valueTicks - theirs) > 1e-6) expect(ours.valueTicks).toBe(theirs);
    }
    expect(compared).toBe(10_080 - 13);
  });
});
